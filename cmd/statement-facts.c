/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "statement.h"

/* The facts of bills, a stretch of units at a time: their accounts, and their bills of the month before. Texts of a stretch are interned, so
 * a unit and party is one number. */

/* What a unit and party owes and has paid, up to a day. */
typedef struct {
  guint64 key;
  FeeMoney balance;  /* without bills of later months */
  FeeMoney received; /* since the bill before */
  gboolean billed;   /* this month's bill is in the balance */
  FeeMoney overdue;
  FeeDate oldest_due; /* of what is overdue */
} Account;

/* A bill of the month before, by its items. */
typedef struct {
  guint64 key;
  FeeMoney total, late;
  guint first, n; /* its items, in the list of all */
} BillBefore;

/* An item of a bill or of the one before. pool: of this month, or of the month before where this has none. */
typedef struct {
  guint32 pool;
  gboolean gone; /* no pool of this month */
  FeeMoney now, was;
} Item;

typedef struct {
  FeeStatements *statements;
  const char *unit;
  FeeBillFunc func;
  gpointer data;
  /* of the stretch */
  const FeeLedgerInput *input;
  GHashTable *accounts; /* of Account, by its key */
  GHashTable *before;   /* of BillBefore, by its key */
  GArray *items;        /* of Item: those of before */
  GArray *compared;     /* of Item: those of the bill at hand */
} Facts;

static gboolean
too_large (const char *unit, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("unit %s: the account is too large"), unit);
  return FALSE;
}

static guint64
key_of (FeeText unit, FeeText party)
{
  return (guint64) unit << 32 | party;
}

/* FALSE where nothing of the stretch has that unit and party. */
static gboolean
find_key (const Facts *facts, const FeePageReader *bill, guint64 *key)
{
  FeeText unit, party;
  if (!fee_strings_find (facts->input->strings, bill->unit->str, &unit) || !fee_strings_find (facts->input->strings, bill->party->str, &party))
    return FALSE;
  *key = key_of (unit, party);
  return TRUE;
}

/* ---- Accounts */

static Account *
account_of (Facts *facts, FeeText unit, FeeText party)
{
  guint64 key = key_of (unit, party);
  Account *account = g_hash_table_lookup (facts->accounts, &key);
  if (account == NULL) {
    account = g_new0 (Account, 1);
    account->key = key;
    g_hash_table_add (facts->accounts, account);
  }
  return account;
}

static gboolean
load_overdue (Facts *facts, GError **error)
{
  const FeeStatements *statements = facts->statements;
  g_autoptr (GArray) items = NULL;
  if (!fee_ledger_open_items (facts->input, statements->as_of, &items, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++) { /* by unit, oldest due first */
    const FeeOpenItem *item = &g_array_index (items, FeeOpenItem, i);
    const FeeEntry *entry = &facts->input->entries[item->entry];
    if (item->due >= statements->as_of || (entry->kind == FEE_ENTRY_BILL && entry->date > statements->run->issue))
      continue;
    Account *account = account_of (facts, entry->unit, item->party);
    if (account->overdue == 0)
      account->oldest_due = item->due;
    fee_money_add (account->overdue, item->open, &account->overdue); /* a part of the balance, which fits */
  }
  return TRUE;
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

static gboolean
load_accounts (Facts *facts, GError **error)
{
  const FeeStatements *statements = facts->statements;
  g_autoptr (GArray) rows = NULL;
  FeeDate since = issue_before (statements);
  if (!fee_ledger_rows (facts->input, statements->as_of, &rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    const FeeEntry *entry = &facts->input->entries[row->entry];
    Account *account = account_of (facts, entry->unit, row->party);
    /* what came after this bill is no concern of it */
    if (row->kind == FEE_ROW_BILL && entry->date > statements->run->issue)
      continue;
    gboolean fits = fee_money_add (account->balance, row->amount, &account->balance);
    account->billed = account->billed || (row->kind == FEE_ROW_BILL && entry->date == statements->run->issue);
    if (!fits || (row->kind >= FEE_ROW_RECEIPT && entry->date > since && !fee_money_subtract (account->received, row->amount, &account->received)))
      return too_large (fee_strings_get (facts->input->strings, entry->unit), error);
  }
  return load_overdue (facts, error);
}

/* What stands before this bill and what is to be paid: brought_forward or credit, less what was received, plus the bill. */
static void
fill_account (const Account *account, FeeMoney total, FeeStatementFacts *out)
{
  FeeMoney opening = account != NULL ? account->balance : 0, payable = 0;
  out->received = account != NULL ? account->received : 0;
  /* sums of the ledger, which fit; up to the issue day the bill is not among them */
  if (account != NULL && account->billed)
    fee_money_subtract (opening, total, &opening);
  fee_money_add (opening, total, &payable);
  fee_money_add (opening, out->received, &opening);
  out->payable = MAX (payable, 0);
  out->brought_forward = MAX (opening, 0);
  out->credit = opening < 0 ? -opening : 0;
  out->overdue = account != NULL ? account->overdue : 0;
  out->oldest_due = account != NULL ? account->oldest_due : FEE_DATE_NONE;
}

/* ---- The month before */

static Item *
item_of (GArray *items, guint from, guint32 pool, gboolean gone)
{
  for (guint i = from; i < items->len; i++) {
    Item *item = &g_array_index (items, Item, i);
    if (item->pool == pool && item->gone == gone)
      return item;
  }
  Item item = { .pool = pool, .gone = gone };
  g_array_append_val (items, item);
  return &g_array_index (items, Item, items->len - 1);
}

/* FeeBillFunc */
static gboolean
take_before (const FeePageReader *bill, gpointer data, GError **error)
{
  Facts *facts = data;
  const FeeMonthBefore *month = &facts->statements->before;
  guint64 key;
  if (!find_key (facts, bill, &key)) /* every bill is an entry of its stretch */
    return TRUE;
  BillBefore *before = g_new0 (BillBefore, 1);
  *before = (BillBefore) { .key = key, .total = bill->total, .first = facts->items->len };
  g_hash_table_add (facts->before, before);
  gboolean fits = TRUE;
  for (guint i = 0; i < bill->line->len && fits; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (g_ptr_array_index (month->names, line->activity) == NULL) {
      fits = fee_money_add (before->late, line->amount, &before->late);
      continue;
    }
    guint32 now = g_array_index (month->now, guint32, line->activity);
    Item *item = item_of (facts->items, before->first, now != G_MAXUINT32 ? now : line->activity, now == G_MAXUINT32);
    fits = fee_money_add (item->was, line->amount, &item->was);
  }
  before->n = facts->items->len - before->first;
  return fits || too_large (bill->unit->str, error);
}

/* The two largest, the first of equal ones. */
static void
add_cause (FeeStatementFacts *out, const char *name, FeeMoney now, FeeMoney was)
{
  FeeBillCause cause = { name, 0 };
  if (!fee_money_subtract (now, was, &cause.amount) || cause.amount == 0)
    return;
  guint at = out->n_causes;
  while (at > 0 && fee_money_magnitude (out->causes[at - 1].amount) < fee_money_magnitude (cause.amount))
    at--;
  if (at == G_N_ELEMENTS (out->causes))
    return;
  out->n_causes = MIN (out->n_causes + 1, G_N_ELEMENTS (out->causes));
  for (guint i = out->n_causes - 1; i > at; i--)
    out->causes[i] = out->causes[i - 1];
  out->causes[at] = cause;
}

/* Item by item, how the bill differs from the month before; late costs are one item. */
static void
find_causes (Facts *facts, const FeePageReader *bill, const BillBefore *before, FeeStatementFacts *out)
{
  const FeeStatements *statements = facts->statements;
  GArray *items = facts->compared;
  FeeMoney late = 0;
  gboolean late_fits = TRUE;
  g_array_set_size (items, 0);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    gboolean is_late = g_ptr_array_index (statements->names, line->activity) == NULL;
    FeeMoney *sum = is_late ? &late : &item_of (items, 0, line->activity, FALSE)->now;
    late_fits = fee_money_add (*sum, line->amount, sum) && late_fits;
  }
  for (guint i = 0; i < before->n; i++) {
    const Item *was = &g_array_index (facts->items, Item, before->first + i);
    item_of (items, 0, was->pool, was->gone)->was = was->was;
  }
  for (guint i = 0; i < items->len; i++) {
    const Item *item = &g_array_index (items, Item, i);
    add_cause (out, g_ptr_array_index (item->gone ? statements->before.names : statements->names, item->pool), item->now, item->was);
  }
  if (late_fits)
    add_cause (out, NULL, late, before->late);
}

/* ---- The whole */

/* FeeBillFunc */
static gboolean
give (const FeePageReader *bill, gpointer data, GError **error)
{
  Facts *facts = data;
  FeeStatementFacts found = { 0 };
  guint64 key;
  gboolean known = find_key (facts, bill, &key);
  const BillBefore *before = known ? g_hash_table_lookup (facts->before, &key) : NULL;
  fill_account (known ? g_hash_table_lookup (facts->accounts, &key) : NULL, bill->total, &found);
  if (before != NULL) {
    found.has_before = TRUE;
    found.before = before->total;
    find_causes (facts, bill, before, &found);
  }
  facts->statements->facts = &found;
  gboolean ok = facts->func (bill, facts->data, error);
  facts->statements->facts = NULL;
  return ok;
}

static gboolean
read_bills (const Facts *facts, const FeeAccounts *accounts, guint32 number, const FeeRun *run, FeeBillFunc func, gpointer data, GError **error)
{
  FeeBook *book = facts->statements->tool->book;
  return facts->unit != NULL ? fee_book_read_bills (book, number, facts->unit, run, func, data, error)
                             : fee_book_read_bills_between (book, number, accounts->from, accounts->before, run, func, data, error);
}

/* FeeAccountsFunc */
static gboolean
go_on (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Facts *facts = data;
  const FeeStatements *statements = facts->statements;
  if (facts->unit != NULL
      && (strcmp (facts->unit, accounts->from) < 0 || (accounts->before != NULL && strcmp (facts->unit, accounts->before) >= 0)))
    return TRUE;
  facts->input = &accounts->input;
  g_hash_table_remove_all (facts->accounts);
  g_hash_table_remove_all (facts->before);
  g_array_set_size (facts->items, 0);
  return load_accounts (facts, error)
         && (statements->before.run == NULL
             || read_bills (facts, accounts, statements->before.number, statements->before.run, take_before, facts, error))
         && read_bills (facts, accounts, statements->head->number, statements->run, give, facts, error);
}

gboolean
fee_statements_each (FeeStatements *statements, const char *unit, FeeBillFunc func, gpointer data, GError **error)
{
  if (!statements->full)
    return fee_book_read_bills (statements->tool->book, statements->head->number, unit, statements->run, func, data, error);
  Facts facts = { .statements = statements, .unit = unit, .func = func, .data = data };
  /* each begins with its key */
  facts.accounts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  facts.before = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  facts.items = g_array_new (FALSE, FALSE, sizeof (Item));
  facts.compared = g_array_new (FALSE, FALSE, sizeof (Item));
  gboolean ok = fee_book_each_accounts (statements->tool->book, FEE_FIELDS_NONE, go_on, &facts, error);
  g_hash_table_unref (facts.accounts);
  g_hash_table_unref (facts.before);
  g_array_unref (facts.items);
  g_array_unref (facts.compared);
  return ok;
}
