/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-ledger.h"

G_BEGIN_DECLS

/* What is to be received at the end of a day, by age: the sums of fee_ledger_balances(), without its rows. Buckets less
 * credit are the balance. */
typedef struct {
  FeeMoney buckets[FEE_BUCKETS], credit, balance;
} FeeReceivables;

/* An item of the ledger with something open. */
typedef void (*FeeOpenFunc) (const FeeEntry *entry, FeeMoney open, gpointer data);

/* Adds the entries of units that were not added yet, as they stand at the end of that day; func, where not NULL, hears of
 * each item that is open. Errors: those of the ledger; FEE_ERROR_INTERNAL where a sum leaves 64 bits or the buckets do not
 * add up. */
gboolean fee_receivables_add (FeeReceivables *receivables, const FeeLedgerInput *input, FeeDate as_of, FeeOpenFunc func,
                              gpointer data, GError **error);

G_END_DECLS
