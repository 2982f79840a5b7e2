/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../model/fee-run.h"

G_BEGIN_DECLS

/* Which part of a line pays for which document, for all lines of a run at once: the parts of a line add up to it, and
 * those of a document to what the run recognised of it, to the fen. Every part is in proportion to the pools on the way,
 * exactly, rounded down or up.
 *
 * In two steps: what of each accrual came to each primary centre becomes whole fen; then the fen of a line. A line's parts
 * are rounded down, and the fen left go to the documents that have most fen left for the lines from here on, of equal ones
 * to the largest fraction, then to the earlier row; parts of a negative pool are those of its absolute value, negated. So
 * a line must be seen twice, in the same order both times. */
typedef struct _FeeTrace FeeTrace;

/* run is borrowed. FEE_ERROR_INTERNAL where its stages do not add up. Owned by the caller; free with fee_trace_free(). */
gboolean fee_trace_new (const FeeRun *run, FeeTrace **out, GError **error);
void fee_trace_free (FeeTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeTrace, fee_trace_free)

/* Only activities that matter need to be counted and traced; of those every line. activity: row of that stage, as lines
 * count it. */
void fee_trace_count (FeeTrace *trace, guint activity, FeeMoney amount);

typedef struct {
  guint accrual; /* row of the run */
  FeeMoney amount;
} FeeTracePart;
/* parts: of FeeTracePart, in the order of the accruals; those of 0.00 too, but none of a line of 0.00. It is emptied
 * first. */
void fee_trace_line (FeeTrace *trace, guint activity, FeeMoney amount, GArray *parts);

/* Whether what of that accrual came to a centre is something. */
gboolean fee_trace_reaches (const FeeTrace *trace, guint activity, guint accrual);
/* What nobody bears: it met amounts of the other sign in a pool that came to nothing. By accrual; most often 0. */
FeeMoney fee_trace_offset (const FeeTrace *trace, guint accrual);

G_END_DECLS
