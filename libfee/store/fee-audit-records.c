/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../engine/fee-stages.h"
#include "../model/fee-check.h"
#include "fee-accounts.h"
#include "fee-audit-private.h"

/* ---- References: every row that stands, as if it came new */

static const char *
file_of_batch (guint32 batch, gpointer data)
{
  const FeeAuditing *auditing = data;
  return ((const FeeBatch *) g_ptr_array_index (auditing->batches, batch - 1))->file;
}

static gboolean
find_bill (const char *number, gboolean *found, char **unit, char **party, gpointer data, GError **error)
{
  (void) error;
  const FeeAuditing *auditing = data;
  FeePeriod period;
  guint32 bill;
  *found = FALSE;
  if (!fee_bill_number_parse (number, &period, &bill))
    return TRUE;
  for (guint i = 0; i < auditing->runs->len; i++) {
    const GArray *bills = g_ptr_array_index (auditing->bills, i);
    const FeeRunHead *head = g_ptr_array_index (auditing->runs, i);
    if (head->period != period || head->withdrawn_after != 0 || bill > bills->len)
      continue;
    const FeeAuditBill *whose = &g_array_index (bills, FeeAuditBill, bill - 1);
    *found = TRUE;
    *unit = g_strdup (fee_strings_get (auditing->billed, whose->unit));
    *party = g_strdup (fee_strings_get (auditing->billed, whose->party));
    return TRUE;
  }
  return TRUE;
}

/* A party that no row names any more, but a bill. */
static gboolean
find_billed (const char *party, gboolean *found, gpointer data, GError **error)
{
  (void) error;
  FeeText text;
  *found = fee_strings_find (((const FeeAuditing *) data)->billed, party, &text);
  return TRUE;
}

void
fee_audit_records (FeeAuditing *auditing)
{
  g_autoptr (FeeRecords) records = NULL;
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  FeeLoad load = { .kinds = ~0u, .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_ALL };
  GError *error = NULL;
  if (!auditing->readable || !auditing->posted)
    return;
  if (!fee_book_load (auditing->book, auditing->batches, &load, &records, &error)) {
    auditing->readable = FALSE;
    fee_audit_fault (auditing, "records", error);
    return;
  }
  FeeCheck check = { .records = records, .file_of = file_of_batch, .find_bill = find_bill, .find_billed = find_billed,
                     .own_depreciation = fee_asset_own_depreciation, .data = auditing, .problems = problems, .kept = TRUE };
  fee_records_index (records, fee_check_overlap, &check);
  for (guint kind = FEE_KIND_UNITS; kind < FEE_N_KINDS; kind++)
    fee_check_rows (&check, (FeeKindId) kind, 0, NULL);
  fee_check_clear (&check);
  if (!fee_problems_settle (problems, FEE_ERROR_RECORDS, &error))
    fee_audit_fault (auditing, "records", error);
}

/* ---- The ledger */

typedef struct {
  FeeText unit, party;
} Account;

static guint
hash_account (gconstpointer key)
{
  const Account *account = key;
  return account->unit * 31 + account->party * 2654435761u;
}

static gboolean
same_account (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Account)) == 0;
}

/* Bills and adjustments less receipts: what all balances must come to. */
static __int128
sum_entries (const FeeAccounts *accounts, FeeDate *last)
{
  __int128 sum = 0;
  for (gsize i = 0; i < accounts->input.n_entries; i++) {
    const FeeEntry *entry = &accounts->input.entries[i];
    if (entry->kind != FEE_ENTRY_WITHDRAWN)
      sum += entry->kind == FEE_ENTRY_RECEIPT ? -(__int128) entry->amount : entry->amount;
    *last = MAX (*last, entry->date);
  }
  return sum;
}

/* By account, what its rows in the ledger come to. */
static GHashTable *
sum_rows (const FeeAccounts *accounts, const GArray *rows, __int128 *bills)
{
  GHashTable *sums = g_hash_table_new_full (hash_account, same_account, g_free, g_free);
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    Account account = { accounts->input.entries[row->entry].unit, row->party };
    __int128 *sum = g_hash_table_lookup (sums, &account);
    if (sum == NULL) {
      sum = g_new0 (__int128, 1);
      g_hash_table_insert (sums, g_memdup2 (&account, sizeof account), sum);
    }
    *sum += row->amount;
    *bills += row->kind == FEE_ROW_BILL || row->kind == FEE_ROW_WITHDRAWAL ? row->amount : 0;
  }
  return sums;
}

static void
check_balance (FeeAuditing *auditing, const FeeAccounts *accounts, const FeeBalance *balance, GHashTable *sums)
{
  Account account = { balance->unit, balance->party };
  const __int128 *rows = g_hash_table_lookup (sums, &account);
  __int128 aged = -(__int128) balance->credit;
  g_autofree char *place = g_strdup_printf ("ledger unit %s party %s", fee_strings_get (accounts->input.strings, balance->unit),
                                            fee_strings_get (accounts->input.strings, balance->party));
  for (guint i = 0; i < FEE_BUCKETS; i++)
    aged += balance->buckets[i];
  fee_audit_money (auditing, place, "balance", balance->balance, rows == NULL ? 0 : *rows);
  fee_audit_money (auditing, place, "balance", balance->balance, aged);
}

/* ledger = statements = balances: the bills of the ledger are those of the runs, its rows add up to the balances, these to all entries. */
static void
compare_ledger (FeeAuditing *auditing, const FeeAccounts *accounts, const GArray *rows, const GArray *balances, __int128 entries)
{
  __int128 bills = 0, posted = 0, total = 0;
  char is[FEE_AMOUNT_SIZE], wanted[FEE_AMOUNT_SIZE];
  g_autoptr (GHashTable) sums = sum_rows (accounts, rows, &bills);
  for (guint i = 0; i < auditing->runs->len; i++)
    if (((const FeeRunHead *) g_ptr_array_index (auditing->runs, i))->withdrawn_after == 0)
      posted += ((const FeeRunHead *) g_ptr_array_index (auditing->runs, i))->total;
  for (guint i = 0; i < balances->len; i++) {
    const FeeBalance *balance = &g_array_index (balances, FeeBalance, i);
    check_balance (auditing, accounts, balance, sums);
    total += balance->balance;
  }
  if (bills != posted)
    fee_audit_find (auditing, "ledger", _("its bills add up to %s, those of the runs to %s"), fee_audit_amount (auditing, bills, is),
                    fee_audit_amount (auditing, posted, wanted));
  if (total != entries)
    fee_audit_find (auditing, "ledger", _("the balances add up to %s, bills, adjustments and receipts to %s"),
                    fee_audit_amount (auditing, total, is), fee_audit_amount (auditing, entries, wanted));
}

void
fee_audit_ledger (FeeAuditing *auditing)
{
  g_autoptr (FeeAccounts) accounts = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GArray) balances = NULL;
  FeeDate last = FEE_DATE_NONE;
  GError *error = NULL;
  if (!auditing->readable || !auditing->posted)
    return;
  gboolean ok = fee_book_accounts (auditing->book, FEE_FIELDS_RUN, &accounts, &error)
                && fee_book_add_withdrawn (auditing->book, accounts, &error);
  __int128 entries = ok ? sum_entries (accounts, &last) : 0;
  if (!ok || !fee_ledger_rows (&accounts->input, last, &rows, &error) || !fee_ledger_balances (&accounts->input, last, &balances, &error)) {
    fee_audit_fault (auditing, "ledger", error);
    return;
  }
  compare_ledger (auditing, accounts, rows, balances, entries);
}
