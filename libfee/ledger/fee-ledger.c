/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-ledger-private.h"

static const char *const row_kinds[] = {
  "bill", "opening", "charge", "waiver", "correction", "transfer", "write-off", "receipt", "refund", "reversal", "withdrawal",
};

const char *
fee_row_kind_text (FeeRowKind kind)
{
  return row_kinds[kind];
}

void
fee_unit_clear (FeeUnitLedger *unit)
{
  g_array_unref (unit->events);
  g_array_unref (unit->open);
  g_array_unref (unit->credits);
  g_array_unref (unit->payments);
  g_array_unref (unit->moves);
  g_array_unref (unit->parties);
}

void
fee_unit_init (FeeUnitLedger *unit, const FeeLedgerInput *input, FeeDate as_of)
{
  *unit = (FeeUnitLedger) { .input = input, .as_of = as_of };
  unit->events = g_array_new (FALSE, FALSE, sizeof (FeeEvent));
  unit->open = g_array_new (FALSE, FALSE, sizeof (guint32));
  unit->credits = g_array_new (FALSE, FALSE, sizeof (FeeCredit));
  unit->payments = g_array_new (FALSE, FALSE, sizeof (FeePayment));
  unit->moves = g_array_new (FALSE, FALSE, sizeof (FeeShare));
  unit->parties = g_array_new (FALSE, FALSE, sizeof (FeeShare));
}

gboolean
fee_unit_each (FeeUnitLedger *unit, FeeUnitFunc func, gpointer data, GError **error)
{
  const FeeLedgerInput *input = unit->input;
  g_autofree guint64 *places = fee_order_by_unit (input);
  FeeText suspense;
  gboolean any_suspense = fee_strings_find (input->strings, "?", &suspense);
  gsize n;
  g_autofree FeeSortKey *units = fee_order_units (input, places, &n);
  for (gsize i = 0; i < n; i++) {
    gsize start = units[i].index, end = start + 1;
    while (end < input->n_entries && places[end] >> 32 == places[start] >> 32)
      end++;
    unit->unit = units[i].text;
    unit->suspense = any_suspense && unit->unit == suspense;
    if (!fee_unit_link (unit, places + start, end - start, error) || !func (unit, data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_unit (FeeUnitLedger *unit, gpointer data, GError **error)
{
  (void) data;
  return fee_unit_run (unit, error);
}

/* In front of the number: the day, then withdrawn bills, bills, adjustments, receipts, reversals. The last byte is not 0: numbers follow. */
static guint64
day_chunk (const FeeEntry *entry, FeeRowKind kind)
{
  guint64 class = entry->kind == FEE_ENTRY_WITHDRAWN ? 0 : kind == FEE_ROW_BILL ? 1 : kind < FEE_ROW_RECEIPT ? 2 : kind == FEE_ROW_REVERSAL ? 4 : 3;
  return (guint64) ((guint32) entry->date ^ 0x80000000u) << 16 | class << 8 | 1;
}

static GArray *
order_rows (const FeeLedgerInput *input, const GArray *rows)
{
  g_autofree FeeSortKey *keys = g_new (FeeSortKey, rows->len);
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    const FeeEntry *entry = &input->entries[row->entry];
    keys[i] = (FeeSortKey) { day_chunk (entry, row->kind), entry->number, i };
  }
  fee_order_keys (input->strings, keys, rows->len, 0);
  GArray *ordered = g_array_sized_new (FALSE, FALSE, sizeof (FeeLedgerRow), rows->len);
  for (guint i = 0; i < rows->len; i++)
    g_array_append_val (ordered, g_array_index (rows, FeeLedgerRow, keys[i].index));
  return ordered;
}

gboolean
fee_ledger_rows (const FeeLedgerInput *input, FeeDate as_of, GArray **rows, GError **error)
{
  g_autoptr (GArray) by_unit = g_array_new (FALSE, FALSE, sizeof (FeeLedgerRow));
  g_auto (FeeUnitLedger) unit;
  fee_unit_init (&unit, input, as_of);
  unit.rows = by_unit;
  if (!fee_unit_each (&unit, run_unit, NULL, error))
    return FALSE;
  *rows = order_rows (input, by_unit);
  return TRUE;
}

gboolean
fee_ledger_balances (const FeeLedgerInput *input, FeeDate as_of, GArray **balances, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (FeeBalance));
  g_auto (FeeUnitLedger) unit;
  fee_unit_init (&unit, input, as_of);
  unit.balances = found;
  if (!fee_unit_each (&unit, run_unit, NULL, error))
    return FALSE;
  *balances = g_steal_pointer (&found);
  return TRUE;
}

gboolean
fee_ledger_open_items (const FeeLedgerInput *input, FeeDate as_of, GArray **items, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (FeeOpenItem));
  g_auto (FeeUnitLedger) unit;
  fee_unit_init (&unit, input, as_of);
  unit.items = found;
  if (!fee_unit_each (&unit, run_unit, NULL, error))
    return FALSE;
  *items = g_steal_pointer (&found);
  return TRUE;
}
