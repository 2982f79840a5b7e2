/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "statement.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "../libfee/base/fee-reference.h"
#include "../libfee/report/fee-bill.h"
#include "late.h"

/* What a unit and party owes and has paid, up to a day. */
typedef struct {
  FeeMoney balance;  /* without bills of later months */
  FeeMoney received; /* since the bill before */
  gboolean billed;   /* this month's bill is in the balance */
  FeeMoney overdue;
  FeeDate oldest_due; /* of what is overdue */
} Account;

/* A bill of the month before, by its items. */
typedef struct {
  FeeMoney total, late;
  GHashTable *items; /* centre -> FeeMoney * of its own month */
} BillBefore;

static void
bill_before_free (gpointer data)
{
  BillBefore *bill = data;
  g_hash_table_unref (bill->items);
  g_free (bill);
}

void
fee_statements_free (FeeStatements *statements)
{
  if (statements == NULL)
    return;
  g_clear_pointer (&statements->accounts_of, g_hash_table_unref);
  g_clear_pointer (&statements->names, g_hash_table_unref);
  g_clear_pointer (&statements->before, g_hash_table_unref);
  g_clear_pointer (&statements->late, g_hash_table_unref);
  fee_run_free (statements->run_before);
  fee_run_free (statements->run);
  fee_accounts_free (statements->accounts);
  fee_records_free (statements->records);
  g_clear_pointer (&statements->runs, g_ptr_array_unref);
  g_free (statements);
}

static char *
key_of (const char *unit, const char *party)
{
  return g_strdup_printf ("%s\n%s", unit, party);
}

/* ---- Loading */

static gboolean
load_records (FeeStatements *statements, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  FeeLoad load = { .kinds = 1u << FEE_KIND_UNITS | 1u << FEE_KIND_PARTIES | 1u << FEE_KIND_COSTS | 1u << FEE_KIND_ASSETS,
                   .as_of = statements->head->last_batch, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_ALL };
  if (!fee_book_batches (statements->tool->book, &batches, error)
      || !fee_book_load (statements->tool->book, batches, &load, &statements->records, error))
    return FALSE;
  fee_records_index (statements->records, NULL, NULL);
  return TRUE;
}

/* The latest row of a party in a unit has the name that the bill shows. */
static void
index_names (FeeStatements *statements)
{
  const FeeTenures *tenures = statements->records->tenures;
  const FeeTable *parties = statements->records->tables[FEE_KIND_PARTIES];
  statements->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint32 i = 0; i < tenures->n; i++) {
    guint32 row = tenures->spans.row[i];
    if (tenures->spans.from[i] > fee_period_last_day (statements->run->period))
      continue;
    g_hash_table_insert (statements->names, key_of (fee_table_text (parties, FEE_PARTIES_UNIT, row),
                                                    fee_strings_get (statements->records->ids, tenures->party[i])),
                         GUINT_TO_POINTER (row + 1));
  }
}

static gboolean
too_large (const char *unit, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("unit %s: the account is too large"), unit);
  return FALSE;
}

/* Receipts since the bill before was issued: its issue day is over by then. */
static FeeDate
issue_before (const FeeStatements *statements)
{
  FeeDate issue = FEE_DATE_NONE;
  for (guint i = 0; i < statements->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (statements->runs, i);
    if (head->period < statements->run->period)
      issue = MAX (issue, head->issue);
  }
  return issue;
}

static Account *
account_of (FeeStatements *statements, FeeText unit, FeeText party)
{
  const FeeStrings *ids = statements->accounts->input.strings;
  g_autofree char *key = key_of (fee_strings_get (ids, unit), fee_strings_get (ids, party));
  Account *account = g_hash_table_lookup (statements->accounts_of, key);
  if (account == NULL) {
    account = g_new0 (Account, 1);
    g_hash_table_insert (statements->accounts_of, g_steal_pointer (&key), account);
  }
  return account;
}

static gboolean
load_overdue (FeeStatements *statements, GError **error)
{
  g_autoptr (GArray) items = NULL;
  if (!fee_ledger_open_items (&statements->accounts->input, statements->as_of, &items, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++) { /* by unit, oldest due first */
    const FeeOpenItem *item = &g_array_index (items, FeeOpenItem, i);
    const FeeEntry *entry = &statements->accounts->input.entries[item->entry];
    if (item->due >= statements->as_of || (entry->kind == FEE_ENTRY_BILL && entry->date > statements->run->issue))
      continue;
    Account *account = account_of (statements, entry->unit, item->party);
    if (account->overdue == 0)
      account->oldest_due = item->due;
    fee_money_add (account->overdue, item->open, &account->overdue); /* a part of the balance, which fits */
  }
  return TRUE;
}

static gboolean
load_accounts (FeeStatements *statements, GError **error)
{
  g_autoptr (GArray) rows = NULL;
  FeeDate since = issue_before (statements);
  if (!fee_book_accounts (statements->tool->book, FEE_FIELDS_RUN, &statements->accounts, error)
      || !fee_ledger_rows (&statements->accounts->input, statements->as_of, &rows, error))
    return FALSE;
  const FeeStrings *ids = statements->accounts->input.strings;
  statements->accounts_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    const FeeEntry *entry = &statements->accounts->input.entries[row->entry];
    Account *account = account_of (statements, entry->unit, row->party);
    /* what came after this bill is no concern of it */
    if (row->kind == FEE_ROW_BILL && entry->date > statements->run->issue)
      continue;
    gboolean fits = fee_money_add (account->balance, row->amount, &account->balance);
    account->billed = account->billed || (row->kind == FEE_ROW_BILL && entry->date == statements->run->issue);
    if (!fits || (row->kind >= FEE_ROW_RECEIPT && entry->date > since && !fee_money_subtract (account->received, row->amount, &account->received))) {
      return too_large (fee_strings_get (ids, entry->unit), error);
    }
  }
  return load_overdue (statements, error);
}

static gboolean
take_before (const FeePageReader *bill, gpointer data, GError **error)
{
  gboolean fits = TRUE;
  FeeStatements *statements = data;
  const FeeRun *run = statements->run_before;
  BillBefore *before = g_new0 (BillBefore, 1);
  guint begin, end;
  fee_run_pools (run, &begin, &end);
  before->total = bill->total;
  before->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    const FeeStageRow *activity = fee_run_row (run, begin + line->activity);
    if (activity->origin != run->period)
      fits = fits && fee_money_add (before->late, line->amount, &before->late);
    else
      g_hash_table_insert (before->items, g_strdup (fee_strings_get (run->strings, activity->source)), g_memdup2 (&line->amount, sizeof (FeeMoney)));
  }
  g_hash_table_insert (statements->before, key_of (bill->unit->str, bill->party->str), before);
  return fits || too_large (bill->unit->str, error);
}

static gboolean
load_before (FeeStatements *statements, GError **error)
{
  statements->before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, bill_before_free);
  for (guint i = 0; i < statements->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (statements->runs, i);
    if (head->period != statements->run->period - 1)
      continue;
    return fee_book_read_run (statements->tool->book, head, &statements->run_before, error)
           && fee_book_read_bills (statements->tool->book, head->number, NULL, statements->run_before, take_before, statements, error);
  }
  return TRUE;
}

/* ---- The whole month */

gboolean
fee_statements_load (FeeTool *tool, FeePeriod period, FeeDate as_of, gboolean full, gboolean units, FeeStatements **out, GError **error)
{
  g_autoptr (FeeStatements) statements = g_new0 (FeeStatements, 1);
  const FeeRunHead *head;
  statements->tool = tool;
  if (!fee_book_runs (tool->book, &statements->runs, error) || !fee_tool_find_run (tool, period, statements->runs, &head, error)
      || !fee_book_read_run (tool->book, head, &statements->run, error))
    return FALSE;
  statements->head = (FeeRunHead *) head;
  statements->as_of = as_of != FEE_DATE_NONE ? as_of : head->issue;
  if ((full || units) && !load_records (statements, error))
    return FALSE;
  if (full) {
    index_names (statements);
    statements->late = fee_late_words (statements->records, statements->run, tool->lang);
    if (!load_accounts (statements, error) || !load_before (statements, error))
      return FALSE;
  }
  *out = g_steal_pointer (&statements);
  return TRUE;
}

/* ---- One bill */

static guint32
party_row (const FeeStatements *statements, const FeePageReader *bill)
{
  g_autofree char *key = key_of (bill->unit->str, bill->party->str);
  return GPOINTER_TO_UINT (g_hash_table_lookup (statements->names, key));
}

/* What stands before this bill and what is to be paid: brought_forward or credit, less what was received, plus the bill. */
static void
fill_account (const FeeStatements *statements, const FeePageReader *bill, FeeBillView *view)
{
  g_autofree char *key = key_of (bill->unit->str, bill->party->str);
  const Account *account = g_hash_table_lookup (statements->accounts_of, key);
  FeeMoney opening = account != NULL ? account->balance : 0, payable = 0;
  view->received = account != NULL ? account->received : 0;
  /* sums of the ledger, which fit; up to the issue day the bill is not among them */
  if (account != NULL && account->billed)
    fee_money_subtract (opening, bill->total, &opening);
  fee_money_add (opening, bill->total, &payable);
  fee_money_add (opening, view->received, &opening);
  view->payable = MAX (payable, 0);
  view->brought_forward = MAX (opening, 0);
  view->credit = opening < 0 ? -opening : 0;
  view->overdue = account != NULL ? account->overdue : 0;
  view->oldest_due = account != NULL ? account->oldest_due : FEE_DATE_NONE;
}

const FeeOutputColumn fee_summary_columns[FEE_N_SUMMARY_COLUMNS] = {
  { "bill", "Bill", "账单号", FEE_COLUMN_TEXT },            { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT },     { "name", "Name", "姓名", FEE_COLUMN_TEXT },
  { "contact", "Contact", "联系方式", FEE_COLUMN_TEXT },    { "issue", "Issued", "出账日", FEE_COLUMN_TEXT },
  { "due", "Due", "应交日", FEE_COLUMN_TEXT },              { "brought_forward", "Brought forward", "上期未交", FEE_COLUMN_MONEY },
  { "received", "Received", "其间已收", FEE_COLUMN_MONEY }, { "credit", "Credit", "预存", FEE_COLUMN_MONEY },
  { "total", "This bill", "本期账单", FEE_COLUMN_MONEY },   { "payable", "To pay", "应交合计", FEE_COLUMN_MONEY },
  { "reference", "Reference", "缴费参考号", FEE_COLUMN_TEXT },
};

void
fee_statements_summary (FeeStatements *statements, const FeePageReader *bill, FeeWriter *writer)
{
  const FeeTable *parties = statements->records->tables[FEE_KIND_PARTIES];
  guint32 row = party_row (statements, bill);
  FeeBillView view = { 0 };
  char number[FEE_BILL_NUMBER_SIZE];
  fill_account (statements, bill, &view);
  fee_bill_number_format (statements->run->period, bill->bill, number);
  g_autofree char *reference = fee_reference_of_bill (number);
  fee_writer_text (writer, number);
  fee_writer_text (writer, bill->unit->str);
  fee_writer_text (writer, bill->party->str);
  fee_writer_text (writer, row == 0 ? "" : fee_table_text (parties, FEE_PARTIES_NAME, row - 1));
  fee_writer_text (writer, row == 0 ? "" : fee_table_text (parties, FEE_PARTIES_CONTACT, row - 1));
  fee_writer_date (writer, statements->run->issue);
  fee_writer_date (writer, statements->run->due);
  fee_writer_money (writer, view.brought_forward);
  fee_writer_money (writer, view.received);
  fee_writer_money (writer, view.credit);
  fee_writer_money (writer, bill->total);
  fee_writer_money (writer, view.payable);
  fee_writer_text (writer, reference);
}

/* The area on the last day of the month on which the unit was in the register. */
static const char *
area_of (const FeeStatements *statements, const FeePageReader *bill)
{
  const FeeRegister *reg = statements->records->reg;
  FeeText unit;
  if (!fee_strings_find (statements->records->ids, bill->unit->str, &unit))
    return "";
  guint32 index = fee_register_find (reg, unit, 0);
  const char *area = "";
  for (guint32 i = index == FEE_UNIT_NONE ? 0 : reg->first[index]; index != FEE_UNIT_NONE && i < reg->first[index + 1]; i++)
    if (reg->spans.from[i] <= fee_period_last_day (statements->run->period))
      area = fee_table_text (reg->table, FEE_UNITS_AREA, reg->spans.row[i]);
  return area;
}

static gint
compare_causes (gconstpointer a, gconstpointer b)
{
  guint64 x = fee_money_magnitude (((const FeeBillCause *) a)->amount), y = fee_money_magnitude (((const FeeBillCause *) b)->amount);
  return x < y ? 1 : x > y ? -1 : 0;
}

static void
add_cause (GArray *causes, const char *item, FeeMoney now, FeeMoney before)
{
  FeeBillCause cause = { item, 0 };
  if (fee_money_subtract (now, before, &cause.amount) && cause.amount != 0)
    g_array_append_val (causes, cause);
}

/* Item by item, how the bill differs from the month before; late costs are one item. */
static void
find_causes (const FeeStatements *statements, const FeePageReader *bill, const BillBefore *before, GArray *causes)
{
  const FeeRun *run = statements->run;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const FeePolicy *policy = fee_records_policy (statements->records, run->period);
  FeeMoney late = 0;
  gboolean late_fits = TRUE;
  guint begin, end;
  fee_run_pools (run, &begin, &end);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    const FeeStageRow *activity = fee_run_row (run, begin + line->activity);
    const char *id = fee_strings_get (run->strings, activity->source);
    if (activity->origin != run->period) {
      late_fits = late_fits && fee_money_add (late, line->amount, &late);
      continue;
    }
    const FeeMoney *was = g_hash_table_lookup (before->items, id);
    gint n = fee_policy_find_centre (policy, id);
    g_hash_table_add (seen, (gpointer) id);
    add_cause (causes, n < 0 ? id : fee_name_text (&fee_policy_centre (policy, n)->name, statements->tool->lang, id), line->amount,
               was != NULL ? *was : 0);
  }
  GHashTableIter iter;
  gpointer id, was;
  g_hash_table_iter_init (&iter, before->items);
  while (g_hash_table_iter_next (&iter, &id, &was))
    if (!g_hash_table_contains (seen, id)) {
      gint n = fee_policy_find_centre (policy, id);
      add_cause (causes, n < 0 ? id : fee_name_text (&fee_policy_centre (policy, n)->name, statements->tool->lang, id), 0, *(FeeMoney *) was);
    }
  if (late_fits)
    add_cause (causes, NULL, late, before->late);
  g_array_sort (causes, compare_causes);
}

void
fee_statements_write (FeeStatements *statements, const FeePageReader *bill, FeeDocument *out)
{
  const FeeTable *parties = statements->records->tables[FEE_KIND_PARTIES];
  guint32 row = party_row (statements, bill);
  g_autoptr (GArray) causes = g_array_new (FALSE, FALSE, sizeof (FeeBillCause));
  g_autofree char *key = key_of (bill->unit->str, bill->party->str);
  const BillBefore *before = g_hash_table_lookup (statements->before, key);
  char number[FEE_BILL_NUMBER_SIZE];
  g_autofree char *reference = fee_reference_of_bill (fee_bill_number_format (statements->run->period, bill->bill, number));
  FeeBillView view = {
    .policies = statements->records->policies, .lang = statements->tool->lang, .run = statements->run, .bill = bill,
    .name = row == 0 ? NULL : fee_table_text (parties, FEE_PARTIES_NAME, row - 1), .area = area_of (statements, bill),
    .reference = reference, .late = statements->late, .as_of = statements->as_of,
  };
  fill_account (statements, bill, &view);
  if (before != NULL) {
    find_causes (statements, bill, before, causes);
    view.has_before = TRUE;
    view.before = before->total;
    view.causes = (const FeeBillCause *) (void *) causes->data;
    view.n_causes = MIN (causes->len, 2);
  }
  fee_bill_write (out, &view);
}
