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
  return fee_bill_finder_find (((const FeeAuditing *) data)->finder, number, found, unit, party, error);
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

/* A table that others refer to is loaded with each of them: its rows overlap once. FeeOverlapFunc. */
static void
overlap_in_kind (const FeeTable *table, guint32 row, guint32 other, gpointer data)
{
  FeeCheck *check = data;
  const FeeAuditing *auditing = check->data;
  if (table->kind->id == auditing->kind)
    fee_check_overlap (table, row, other, check);
}

/* The rows of one kind, beside those that they refer to: never all kinds at once. */
static gboolean
check_kind (FeeAuditing *auditing, FeeProblems *problems, GError **error)
{
  g_autoptr (FeeRecords) records = NULL;
  FeeLoad load = { .kinds = fee_import_needs (auditing->kind), .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER,
                   .fields = FEE_FIELDS_ALL };
  if (!fee_book_load (auditing->book, auditing->batches, &load, &records, error))
    return FALSE;
  FeeCheck check = { .records = records, .file_of = file_of_batch, .find_bill = find_bill, .find_billed = find_billed,
                     .own_depreciation = fee_asset_own_depreciation, .data = auditing, .problems = problems, .kept = TRUE };
  fee_records_index (records, overlap_in_kind, &check);
  gboolean ok = fee_check_rows (&check, auditing->kind, 0, error);
  fee_check_clear (&check);
  return ok;
}

static gboolean
has_kind (const FeeAuditing *auditing, FeeKindId kind)
{
  for (guint i = 0; i < auditing->batches->len; i++)
    if (((const FeeBatch *) g_ptr_array_index (auditing->batches, i))->kind == kind)
      return TRUE;
  return FALSE;
}

void
fee_audit_records (FeeAuditing *auditing)
{
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  GError *error = NULL;
  gboolean ok = auditing->readable && auditing->posted;
  for (guint kind = FEE_KIND_UNITS; kind < FEE_N_KINDS && ok; kind++) {
    auditing->kind = (FeeKindId) kind;
    ok = !has_kind (auditing, auditing->kind) || check_kind (auditing, problems, &error);
  }
  if (error != NULL) {
    auditing->readable = FALSE;
    fee_audit_fault (auditing, "records", error);
  } else if (!fee_problems_settle (problems, FEE_ERROR_RECORDS, &error)) {
    fee_audit_fault (auditing, "records", error);
  }
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

/* What the stretches of units come to so far. */
typedef struct {
  FeeAuditing *auditing;
  __int128 bills, entries, balances;
} Ledger;

/* A stretch of units: the rows of each account add up to its balance. FeeAccountsFunc. */
static gboolean
check_accounts (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Ledger *ledger = data;
  FeeDate last = FEE_DATE_NONE;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GArray) balances = NULL;
  ledger->entries += sum_entries (accounts, &last);
  if (!fee_ledger_rows (&accounts->input, last, &rows, error) || !fee_ledger_balances (&accounts->input, last, &balances, error))
    return FALSE;
  g_autoptr (GHashTable) sums = sum_rows (accounts, rows, &ledger->bills);
  for (guint i = 0; i < balances->len; i++) {
    const FeeBalance *balance = &g_array_index (balances, FeeBalance, i);
    check_balance (ledger->auditing, accounts, balance, sums);
    ledger->balances += balance->balance;
  }
  return TRUE;
}

/* ledger = statements = balances: the bills of the ledger are those of the runs, its rows add up to the balances, these to all entries. */
static void
compare_ledger (const Ledger *ledger)
{
  FeeAuditing *auditing = ledger->auditing;
  __int128 posted = 0;
  char is[FEE_AMOUNT_SIZE], wanted[FEE_AMOUNT_SIZE];
  for (guint i = 0; i < auditing->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (auditing->runs, i);
    posted += head->withdrawn_after == 0 ? head->total : 0;
  }
  if (ledger->bills != posted)
    fee_audit_find (auditing, "ledger", _("its bills add up to %s, those of the runs to %s"), fee_audit_amount (auditing, ledger->bills, is),
                    fee_audit_amount (auditing, posted, wanted));
  if (ledger->balances != ledger->entries)
    fee_audit_find (auditing, "ledger", _("the balances add up to %s, bills, adjustments and receipts to %s"),
                    fee_audit_amount (auditing, ledger->balances, is), fee_audit_amount (auditing, ledger->entries, wanted));
}

void
fee_audit_ledger (FeeAuditing *auditing)
{
  Ledger ledger = { auditing, 0, 0, 0 };
  GError *error = NULL;
  if (!auditing->readable || !auditing->posted)
    return;
  if (fee_book_each_accounts (auditing->book, FEE_FIELDS_NONE, check_accounts, &ledger, &error))
    compare_ledger (&ledger);
  else
    fee_audit_fault (auditing, "ledger", error);
}
