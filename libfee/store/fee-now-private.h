/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book-private.h"
#include "fee-known-private.h"
#include "fee-now.h"

G_BEGIN_DECLS

/* All that the stages of a month read, as known at a batch. Owned by the caller; free with fee_records_free(). */
gboolean fee_now_load (FeeBook *book, const GPtrArray *batches, guint32 as_of, FeePeriod first, FeePeriod last, FeeRecords **out, GError **error);

/* By batch: it may touch the month. Owned by the caller; free with g_free(). */
guint8 *fee_now_touching (const GPtrArray *batches, FeePeriod origin);

/* What a batch changed of a month, from the records before to those after it: "late cost V9, changed area of unit 101 and 3 more". Owned by the
 * caller; free with g_free(). */
char *fee_now_describe (const FeeBatch *batch, FeePeriod origin, const FeeRecords *before, const FeeRecords *after);

/* Completes the differences of a month, which fee_book_compare_now() found, by their causes. */
gboolean fee_now_explain (FeeKnown *known, const FeePostedOrigin *posted, FeeRerun *rerun, GError **error);

/* An error of the records or the policy becomes a difference; FALSE for another. Takes problem. */
gboolean fee_rerun_take_problem (FeeRerun *rerun, GError *problem, GError **error);
FeeRerun *fee_rerun_new (void);

G_END_DECLS
