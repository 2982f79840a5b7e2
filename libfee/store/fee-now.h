/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-rerun.h"

G_BEGIN_DECLS

/* A posted month as the records known now give it, beside all that runs posted with its origin: rules.md section 10. */

/* Within the transaction at hand. A difference a unit, party and centre; its cause has the parts: batches and later postings in their order, then
 * rounding, which add up to it. A month that can't be computed from what is known now is a difference of its own. Errors: FEE_ERROR_RECORDS where
 * the month is not posted; FEE_ERROR_IO. *out: Owned by the caller; free with fee_rerun_free(). */
gboolean fee_book_compare_now (FeeBook *book, FeePeriod origin, FeeRerun **out, GError **error);

/* What a run of the next month would post for each earlier month if it restated it: a difference an origin and centre, after what it catches up
 * by itself. */
gboolean fee_book_pending (FeeBook *book, FeeRerun **out, GError **error);

G_END_DECLS
