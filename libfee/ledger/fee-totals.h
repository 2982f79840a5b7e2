/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-ledger.h"

G_BEGIN_DECLS

/* What was billed, what of it is paid, and what is open: interface.md section 5, `fee-ledger --totals`. */
typedef struct {
  FeePeriod period;
  FeeMoney billed, outstanding; /* paid: the difference */
} FeePeriodTotal;

typedef struct {
  GArray *periods;      /* of FeePeriodTotal, in their order: months with a bill */
  FeePeriodTotal other; /* adjustments above 0.00 and refunds that stand */
  FeeMoney credit;      /* left of receipts, adjustments and bills below 0.00 */
} FeeTotals;

/* Owned by the caller; free with fee_totals_free(). */
FeeTotals *fee_totals_new (void);
void fee_totals_free (FeeTotals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeTotals, fee_totals_free)

/* Adds the entries of units that were not added yet, as they stand at the end of that day. Errors: those of the ledger; FEE_ERROR_INTERNAL where a sum
 * leaves 64 bits. */
gboolean fee_totals_add (FeeTotals *totals, const FeeLedgerInput *input, FeeDate as_of, GError **error);

G_END_DECLS
