/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-accounts-private.h"

#include <string.h>

#define KIND(kind) (1u << (kind))

void
fee_accounts_free (FeeAccounts *accounts)
{
  if (accounts == NULL)
    return;
  g_array_unref (accounts->entries);
  fee_strings_free (accounts->memos);
  fee_records_free (accounts->records);
  g_free (accounts->unit);
  g_free (accounts);
}

FeeText
fee_records_owner_on (const FeeRecords *records, FeeText unit, FeeDate day)
{
  guint32 index = fee_register_find (records->reg, unit, 0);
  FeeText owner = index == FEE_UNIT_NONE ? FEE_TEXT_EMPTY : fee_tenures_owner (records->tenures, index, day);
  if (owner != FEE_TEXT_EMPTY || index == FEE_UNIT_NONE)
    return owner;
  const FeePolicy *policy = fee_records_policy (records, MAX (fee_period_of (day), fee_records_start (records)));
  return policy->unsold == NULL ? FEE_TEXT_EMPTY : fee_strings_intern_text (records->ids, policy->unsold);
}

/* FeeOwnerFunc */
static FeeText
owner_on (FeeText unit, FeeDate day, gconstpointer data)
{
  return fee_records_owner_on (((const FeeAccounts *) data)->records, unit, day);
}

static FeeEntry
entry_of_receipt (const FeeTable *table, guint32 row)
{
  return (FeeEntry) {
    .kind = FEE_ENTRY_RECEIPT, .due = FEE_DATE_NONE,
    .number = fee_table_column (table, FEE_RECEIPTS_RECEIPT)->text[row],
    .unit = fee_table_column (table, FEE_RECEIPTS_UNIT)->text[row],
    .party = fee_table_column (table, FEE_RECEIPTS_PARTY)->text[row],
    .bill = fee_table_column (table, FEE_RECEIPTS_BILL)->text[row],
    .reverses = fee_table_column (table, FEE_RECEIPTS_REVERSES)->text[row],
    .date = fee_table_column (table, FEE_RECEIPTS_DATE)->small[row],
    .amount = fee_table_column (table, FEE_RECEIPTS_AMOUNT)->number[row],
  };
}

static FeeEntryKind
adjustment_kind (const char *word)
{
  static const char *const words[] = { "opening", "charge", "waiver", "correction", "transfer", "write-off" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0)
      return (FeeEntryKind) (FEE_ENTRY_OPENING + i);
  return FEE_ENTRY_CORRECTION; /* import takes no other word */
}

static FeeEntry
entry_of_adjustment (const FeeTable *table, guint32 row)
{
  return (FeeEntry) {
    .kind = adjustment_kind (fee_table_text (table, FEE_ADJUSTMENTS_KIND, row)),
    .number = fee_table_column (table, FEE_ADJUSTMENTS_ADJUSTMENT)->text[row],
    .unit = fee_table_column (table, FEE_ADJUSTMENTS_UNIT)->text[row],
    .party = fee_table_column (table, FEE_ADJUSTMENTS_PARTY)->text[row],
    .bill = fee_table_column (table, FEE_ADJUSTMENTS_BILL)->text[row],
    .date = fee_table_column (table, FEE_ADJUSTMENTS_DATE)->small[row],
    .due = fee_table_column (table, FEE_ADJUSTMENTS_DUE)->small[row],
    .amount = fee_table_column (table, FEE_ADJUSTMENTS_AMOUNT)->number[row],
  };
}

FeeEntry
fee_entry_of_row (const FeeTable *table, guint32 row)
{
  return table->kind->id == FEE_KIND_RECEIPTS ? entry_of_receipt (table, row) : entry_of_adjustment (table, row);
}

static void
add_rows (FeeAccounts *accounts, FeeKindId kind, guint memo_column)
{
  const FeeTable *table = accounts->records->tables[kind];
  FeeText unit = FEE_TEXT_EMPTY; /* of all */
  if (accounts->unit != NULL && !fee_strings_find (accounts->records->ids, accounts->unit, &unit))
    return;
  for (guint32 row = 0; row < table->n_rows; row++) {
    if (!fee_table_alive (table, row))
      continue;
    FeeEntry entry = fee_entry_of_row (table, row);
    if (unit != FEE_TEXT_EMPTY && entry.unit != unit)
      continue;
    const char *memo = fee_table_text (table, memo_column, row);
    entry.memo = fee_strings_append (accounts->memos, memo, strlen (memo));
    g_array_append_val (accounts->entries, entry);
  }
}

gboolean
fee_accounts_add_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  FeeRunBills *bills = data;
  FeeStrings *ids = bills->accounts->records->ids;
  char number[FEE_BILL_NUMBER_SIZE];
  fee_bill_number_format (bills->head->period, bill->bill, number);
  FeeEntry entry = {
    .kind = FEE_ENTRY_BILL, .number = fee_strings_intern_text (ids, number),
    .unit = fee_strings_intern (ids, bill->unit->str, bill->unit->len),
    .party = fee_strings_intern (ids, bill->party->str, bill->party->len),
    .period = bills->head->period, .date = bills->head->issue, .due = bills->head->due, .amount = bill->total,
  };
  if (bills->withdrawn != NULL) {
    entry.kind = FEE_ENTRY_WITHDRAWN;
    entry.memo = fee_strings_append (bills->accounts->memos, bills->withdrawn, strlen (bills->withdrawn));
  }
  g_array_append_val (bills->accounts->entries, entry);
  return TRUE;
}

static gboolean
add_bills (FeeBook *book, FeeAccounts *accounts, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  if (!fee_book_runs (book, &runs, error))
    return FALSE;
  for (guint i = 0; i < runs->len; i++) {
    FeeRunBills bills = { accounts, g_ptr_array_index (runs, i), NULL };
    if (!fee_book_read_bills (book, bills.head->number, accounts->unit, NULL, fee_accounts_add_bill, &bills, error))
      return FALSE;
  }
  return TRUE;
}

static void
set_input (FeeAccounts *accounts)
{
  accounts->input = (FeeLedgerInput) { accounts->records->ids, (const FeeEntry *) (void *) accounts->entries->data,
                                       accounts->entries->len, owner_on, accounts };
}

gboolean
fee_book_add_withdrawn (FeeBook *book, FeeAccounts *accounts, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) withdrawals = NULL;
  if (!fee_book_all_runs (book, &all, &withdrawals, error))
    return FALSE;
  for (guint i = 0; i < withdrawals->len; i++) {
    const FeeWithdrawal *withdrawal = g_ptr_array_index (withdrawals, i);
    FeeRunBills bills = { accounts, g_ptr_array_index (all, withdrawal->run - 1), withdrawal->reason };
    if (!fee_book_read_bills (book, withdrawal->run, accounts->unit, NULL, fee_accounts_add_bill, &bills, error))
      return FALSE;
  }
  set_input (accounts);
  return TRUE;
}

void
fee_accounts_find_through (FeeAccounts *accounts, const GPtrArray *batches)
{
  accounts->through = FEE_DATE_NONE;
  for (guint i = 0; i < batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (batches, i);
    if (batch->kind == FEE_KIND_RECEIPTS && batch->retracts == 0 && batch->retracted_by == 0)
      accounts->through = MAX (accounts->through, batch->through);
  }
}

gboolean
fee_book_accounts (FeeBook *book, const char *unit, FeeAccounts **out, GError **error)
{
  g_autoptr (FeeAccounts) accounts = g_new0 (FeeAccounts, 1);
  g_autoptr (GPtrArray) batches = NULL;
  FeeLoad load = { .kinds = KIND (FEE_KIND_UNITS) | KIND (FEE_KIND_PARTIES) | KIND (FEE_KIND_RECEIPTS) | KIND (FEE_KIND_ADJUSTMENTS),
                   .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_RUN };
  accounts->unit = g_strdup (unit);
  accounts->entries = g_array_new (FALSE, FALSE, sizeof (FeeEntry));
  accounts->memos = fee_strings_new ();
  if (!fee_book_batches (book, &batches, error) || !fee_book_load (book, batches, &load, &accounts->records, error))
    return FALSE;
  fee_records_index (accounts->records, NULL, NULL);
  if (!add_bills (book, accounts, error))
    return FALSE;
  add_rows (accounts, FEE_KIND_ADJUSTMENTS, FEE_ADJUSTMENTS_REASON);
  add_rows (accounts, FEE_KIND_RECEIPTS, FEE_RECEIPTS_MEMO);
  fee_accounts_find_through (accounts, batches);
  set_input (accounts);
  *out = g_steal_pointer (&accounts);
  return TRUE;
}
