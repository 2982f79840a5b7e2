/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-totals.h"

#include <glib/gi18n-lib.h>

#include "../base/fee-error.h"
#include "fee-ledger-private.h"

FeeTotals *
fee_totals_new (void)
{
  FeeTotals *totals = g_new0 (FeeTotals, 1);
  totals->periods = g_array_new (FALSE, FALSE, sizeof (FeePeriodTotal));
  totals->other.period = FEE_PERIOD_NONE;
  return totals;
}

void
fee_totals_free (FeeTotals *totals)
{
  if (totals == NULL)
    return;
  g_array_unref (totals->periods);
  g_free (totals);
}

/* Months are few, and most bills are of the last. */
static FeePeriodTotal *
total_of (FeeTotals *totals, const FeeEntry *entry)
{
  if (entry->kind != FEE_ENTRY_BILL)
    return &totals->other;
  guint at = totals->periods->len;
  while (at > 0 && g_array_index (totals->periods, FeePeriodTotal, at - 1).period > entry->period)
    at--;
  if (at > 0 && g_array_index (totals->periods, FeePeriodTotal, at - 1).period == entry->period)
    return &g_array_index (totals->periods, FeePeriodTotal, at - 1);
  FeePeriodTotal total = { .period = entry->period };
  g_array_insert_val (totals->periods, at, total);
  return &g_array_index (totals->periods, FeePeriodTotal, at);
}

/* A receipt's own amount is nothing billed; a refund is, until its reversal takes it back. */
static gboolean
add_billed (FeeTotals *totals, const FeeEntry *entry)
{
  gboolean reversal = entry->kind == FEE_ENTRY_RECEIPT && entry->reverses != FEE_TEXT_EMPTY;
  FeePeriodTotal *total = total_of (totals, entry);
  if (entry->kind == FEE_ENTRY_BILL)
    return fee_money_add (total->billed, entry->amount, &total->billed);
  if (entry->kind != FEE_ENTRY_RECEIPT)
    return entry->amount <= 0 || fee_money_add (total->billed, entry->amount, &total->billed);
  if (reversal ? entry->amount > 0 : entry->amount < 0)
    return fee_money_subtract (total->billed, entry->amount, &total->billed);
  return TRUE;
}

typedef struct {
  FeeTotals *totals;
  gboolean fits;
} Adding;

static gboolean
add_open (FeeUnitLedger *unit, gpointer data, GError **error)
{
  Adding *adding = data;
  if (!fee_unit_run (unit, error))
    return FALSE;
  for (guint i = 0; i < unit->open->len; i++) {
    const FeeEvent *item = fee_unit_event (unit, g_array_index (unit->open, guint32, i));
    FeePeriodTotal *total = total_of (adding->totals, item->entry);
    adding->fits &= fee_money_add (total->outstanding, item->open, &total->outstanding);
  }
  for (guint i = 0; i < unit->credits->len; i++)
    adding->fits &= fee_money_add (adding->totals->credit, g_array_index (unit->credits, FeeCredit, i).left, &adding->totals->credit);
  return TRUE;
}

gboolean
fee_totals_add (FeeTotals *totals, const FeeLedgerInput *input, FeeDate as_of, GError **error)
{
  Adding adding = { totals, TRUE };
  g_auto (FeeUnitLedger) unit;
  fee_unit_init (&unit, input, as_of);
  for (gsize i = 0; i < input->n_entries; i++)
    if (input->entries[i].date <= as_of)
      adding.fits &= input->entries[i].kind == FEE_ENTRY_WITHDRAWN || add_billed (totals, &input->entries[i]);
  if (!fee_unit_each (&unit, add_open, &adding, error))
    return FALSE;
  if (adding.fits)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the totals of the ledger leave 64 bits"));
  return FALSE;
}
