/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ledger-book.h"

/* ---- cases from data */

static void
append_money (GString *out, const char *name, FeeMoney amount)
{
  char buffer[FEE_NUMBER_SIZE];
  g_string_append_printf (out, " %s%s", name, fee_money_format (amount, 2, buffer));
}

static char *
show_balances (const Book *book, const GArray *balances)
{
  static const char *const names[] = { "not_due=", "d1_30=", "d31_60=", "d61_90=", "d91_180=", "d181_365=", "d366=" };
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < balances->len; i++) {
    const FeeBalance *b = &g_array_index (balances, FeeBalance, i);
    g_string_append_printf (out, "%s%s/%s", i > 0 ? "; " : "", text_of (book, b->unit), text_of (book, b->party));
    append_money (out, "", b->balance);
    for (guint n = 0; n < FEE_BUCKETS; n++)
      if (b->buckets[n] != 0)
        append_money (out, names[n], b->buckets[n]);
    if (b->credit != 0)
      append_money (out, "credit=", b->credit);
  }
  return g_string_free (out, FALSE);
}

static void
append_date (GString *out, FeeDate date)
{
  char buffer[FEE_DATE_SIZE];
  if (date != FEE_DATE_NONE)
    g_string_append_printf (out, " %s", fee_date_format (date, buffer));
}

static char *
show_rows (const Book *book, const GArray *rows)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    const FeeEntry *entry = &g_array_index (book->entries, FeeEntry, row->entry);
    g_string_append_printf (out, "%s%s %s %s", i > 0 ? "; " : "", fee_row_kind_text (row->kind),
                            text_of (book, entry->number), text_of (book, row->party));
    append_money (out, "", row->amount);
    append_money (out, "", row->balance);
    append_date (out, row->due);
  }
  return g_string_free (out, FALSE);
}

static char *
show_items (const Book *book, const GArray *items)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < items->len; i++) {
    const FeeOpenItem *item = &g_array_index (items, FeeOpenItem, i);
    const FeeEntry *entry = &g_array_index (book->entries, FeeEntry, item->entry);
    g_string_append_printf (out, "%s%s %s", i > 0 ? "; " : "", text_of (book, entry->number),
                            text_of (book, item->party));
    append_money (out, "", item->open);
    append_date (out, item->due);
  }
  return g_string_free (out, FALSE);
}

typedef gboolean (*LedgerFunc) (const FeeLedgerInput *input, FeeDate as_of, GArray **out, GError **error);
typedef char *(*ShowFunc) (const Book *book, const GArray *array);

static char *
compute (const Book *book, FeeDate as_of, LedgerFunc func, ShowFunc show)
{
  FeeLedgerInput input = input_of (book);
  g_autoptr (GArray) out = NULL;
  g_autoptr (GError) error = NULL;
  if (func (&input, as_of, &out, &error))
    return show (book, out);
  assert_null (out);
  return g_strdup_printf ("%s: %s", error->code == FEE_ERROR_RECORDS ? "records" : "internal", error->message);
}

static void
assert_case (const char *what, const char *name, const Book *book, FeeDate as_of, const char *expected)
{
  g_autofree char *got = NULL;
  if (strcmp (what, "rows") == 0)
    got = compute (book, as_of, fee_ledger_rows, show_rows);
  else if (strcmp (what, "items") == 0)
    got = compute (book, as_of, fee_ledger_open_items, show_items);
  else
    got = compute (book, as_of, fee_ledger_balances, show_balances);
  if (strcmp (got, expected) != 0)
    fail_msg ("%s\n expected %s\n got      %s", name, expected, got);
}

static void
assert_ledger (char **cells, const char *place)
{
  (void) place;
  g_auto (Book) book = book_new ();
  book_take (&book, cells[3]);
  assert_case (cells[0], cells[1], &book, day (cells[2]), cells[4]);
  reverse_entries (&book);
  assert_case (cells[0], cells[1], &book, day (cells[2]), cells[4]);
}

static void
ledgers_are_as_the_data_says_in_any_order_of_entries (G_GNUC_UNUSED void **state)
{
  assert_true (test_each_line ("ledger-cases.txt", 5, assert_ledger) > 60);
}

/* ---- random books */

#define BOOKS 400
#define FIRST_DAY 20000
#define DAYS 60

static FeeText
random_text (Book *book, GRand *rand, const char *prefix, gint n)
{
  g_autofree char *text = g_strdup_printf ("%s%d", prefix, g_rand_int_range (rand, 0, n));
  return fee_strings_intern_text (book->strings, text);
}

static FeeText
number_of (Book *book, const char *prefix, guint i)
{
  g_autofree char *text = g_strdup_printf ("%s%03u", prefix, i);
  return fee_strings_intern_text (book->strings, text);
}

static void
add_charge (Book *book, GRand *rand, guint i)
{
  gboolean bill = g_rand_int_range (rand, 0, 3) > 0;
  FeeEntry entry = { .kind = bill ? FEE_ENTRY_BILL : (FeeEntryKind) g_rand_int_range (rand, 1, 7),
                     .number = number_of (book, bill ? "B" : "A", i),
                     .unit = random_text (book, rand, "U", 3), .party = random_text (book, rand, "P", 2),
                     .date = FIRST_DAY + g_rand_int_range (rand, 0, DAYS), .due = FEE_DATE_NONE,
                     .amount = g_rand_int_range (rand, -3, 10) };
  if (bill || g_rand_boolean (rand))
    entry.due = entry.date + g_rand_int_range (rand, -400, 30);
  g_array_append_val (book->entries, entry);
}

/* Names a bill of its unit now and then. */
static void
add_receipt (Book *book, GRand *rand, guint i)
{
  FeeEntry entry = { .kind = FEE_ENTRY_RECEIPT, .number = number_of (book, "R", i),
                     .unit = random_text (book, rand, "U", 3),
                     .date = FIRST_DAY + g_rand_int_range (rand, 0, DAYS), .due = FEE_DATE_NONE,
                     .amount = g_rand_int_range (rand, -4, 20) };
  const FeeEntry *other = &g_array_index (book->entries, FeeEntry, g_rand_int_range (rand, 0, (gint) book->entries->len));
  if (g_rand_boolean (rand))
    entry.party = random_text (book, rand, "P", 2);
  if (other->kind == FEE_ENTRY_BILL && other->unit == entry.unit
      && (entry.party == FEE_TEXT_EMPTY || entry.party == other->party))
    entry.bill = other->number;
  g_array_append_val (book->entries, entry);
}

static gboolean
may_be_reversed (const Book *book, const FeeEntry *entry)
{
  if (entry->kind != FEE_ENTRY_RECEIPT || entry->reverses != FEE_TEXT_EMPTY)
    return FALSE;
  for (guint i = 0; i < book->entries->len; i++)
    if (g_array_index (book->entries, FeeEntry, i).reverses == entry->number)
      return FALSE;
  return TRUE;
}

static void
add_reversal (Book *book, GRand *rand, guint i)
{
  FeeEntry other = g_array_index (book->entries, FeeEntry, g_rand_int_range (rand, 0, (gint) book->entries->len));
  if (!may_be_reversed (book, &other))
    return;
  FeeEntry entry = { .kind = FEE_ENTRY_RECEIPT, .number = number_of (book, "V", i), .unit = other.unit,
                     .reverses = other.number, .date = other.date + g_rand_int_range (rand, 0, 20),
                     .due = FEE_DATE_NONE, .amount = -other.amount };
  g_array_append_val (book->entries, entry);
}

static Book
random_book (GRand *rand)
{
  Book book = book_new ();
  guint n = (guint) g_rand_int_range (rand, 1, 60);
  for (guint i = 0; i < n; i++)
    add_charge (&book, rand, i);
  for (guint i = 0; i < n; i++)
    add_receipt (&book, rand, i);
  for (guint i = 0; i < n; i++)
    add_reversal (&book, rand, i);
  return book;
}

static GArray *
result_of (const Book *book, FeeDate as_of, LedgerFunc func)
{
  FeeLedgerInput input = input_of (book);
  GArray *out = NULL;
  g_autoptr (GError) error = NULL;
  if (!func (&input, as_of, &out, &error))
    fail_msg ("%s", error->message);
  return out;
}

/* The last row's balance, and the sum of the amounts, of a unit and party. */
static void
sum_rows (const Book *book, const GArray *rows, const FeeBalance *of, FeeMoney *sum, FeeMoney *last)
{
  *sum = *last = 0;
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    if (g_array_index (book->entries, FeeEntry, row->entry).unit != of->unit || row->party != of->party)
      continue;
    *sum += row->amount;
    *last = row->balance;
  }
}

static void
assert_sums (const Book *book, const GArray *rows, const GArray *balances)
{
  for (guint i = 0; i < balances->len; i++) {
    const FeeBalance *b = &g_array_index (balances, FeeBalance, i);
    FeeMoney sum, last, open = 0;
    sum_rows (book, rows, b, &sum, &last);
    for (guint n = 0; n < FEE_BUCKETS; n++) {
      assert_true (b->buckets[n] >= 0);
      open += b->buckets[n];
    }
    assert_true (open - b->credit == b->balance);
    /* a credit pays as soon as something is open */
    assert_true (open == 0 || b->credit == 0);
    assert_true (b->balance == sum && b->balance == last);
  }
}

static void
buckets_less_credits_are_the_balance_and_the_rows_add_up_to_it (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260701);
  guint balances_seen = 0;
  for (guint i = 0; i < BOOKS; i++) {
    g_auto (Book) book = random_book (rand);
    FeeDate as_of = FIRST_DAY + g_rand_int_range (rand, 0, DAYS + 25);
    g_autoptr (GArray) rows = result_of (&book, as_of, fee_ledger_rows);
    g_autoptr (GArray) balances = result_of (&book, as_of, fee_ledger_balances);
    assert_sums (&book, rows, balances);
    balances_seen += balances->len;
  }
  assert_true (balances_seen > BOOKS);
}

static void
nothing_dated_later_changes_an_earlier_day (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260702);
  for (guint i = 0; i < BOOKS; i++) {
    g_auto (Book) book = random_book (rand);
    FeeDate as_of = FIRST_DAY + g_rand_int_range (rand, 0, DAYS);
    g_autofree char *early = compute (&book, as_of, fee_ledger_rows, show_rows);
    g_autofree char *late = compute (&book, FIRST_DAY + 2 * DAYS, fee_ledger_rows, show_rows);
    assert_true (g_str_has_prefix (late, early));
  }
}

static void
the_order_of_entries_changes_nothing (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260703);
  for (guint i = 0; i < BOOKS; i++) {
    g_auto (Book) book = random_book (rand);
    FeeDate as_of = FIRST_DAY + g_rand_int_range (rand, 0, 2 * DAYS);
    g_autofree char *rows = compute (&book, as_of, fee_ledger_rows, show_rows);
    g_autofree char *balances = compute (&book, as_of, fee_ledger_balances, show_balances);
    reverse_entries (&book);
    g_autofree char *rows_again = compute (&book, as_of, fee_ledger_rows, show_rows);
    g_autofree char *balances_again = compute (&book, as_of, fee_ledger_balances, show_balances);
    assert_string_equal (rows, rows_again);
    assert_string_equal (balances, balances_again);
  }
}

/* Charges and one receipt for nobody in particular: with it reversed, everything is open as if it had never been. */
static void
a_reversed_receipt_leaves_items_open_with_their_own_due_days (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260704);
  guint open_seen = 0;
  for (guint i = 0; i < BOOKS; i++) {
    g_auto (Book) book = book_new ();
    for (guint n = 0; n < 20; n++)
      add_charge (&book, rand, n);
    FeeDate as_of = FIRST_DAY + 2 * DAYS;
    g_autoptr (GArray) before = result_of (&book, as_of, fee_ledger_open_items);
    FeeEntry receipt = { .kind = FEE_ENTRY_RECEIPT, .number = number_of (&book, "R", i),
                         .unit = random_text (&book, rand, "U", 3), .due = FEE_DATE_NONE,
                         .date = FIRST_DAY + DAYS, .amount = g_rand_int_range (rand, 1, 200) };
    FeeEntry reversal = receipt;
    reversal.number = number_of (&book, "V", i);
    reversal.reverses = receipt.number;
    reversal.date += g_rand_int_range (rand, 0, 30);
    reversal.amount = -receipt.amount;
    g_array_append_val (book.entries, receipt);
    g_array_append_val (book.entries, reversal);
    g_autoptr (GArray) after = result_of (&book, as_of, fee_ledger_open_items);
    assert_true (before->len == after->len);
    for (guint n = 0; n < before->len; n++) {
      const FeeOpenItem *a = &g_array_index (before, FeeOpenItem, n), *b = &g_array_index (after, FeeOpenItem, n);
      assert_true (a->entry == b->entry && a->party == b->party && a->due == b->due && a->open == b->open);
    }
    open_seen += before->len;
  }
  assert_true (open_seen > BOOKS);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (ledgers_are_as_the_data_says_in_any_order_of_entries),
    cmocka_unit_test (buckets_less_credits_are_the_balance_and_the_rows_add_up_to_it),
    cmocka_unit_test (nothing_dated_later_changes_an_earlier_day),
    cmocka_unit_test (the_order_of_entries_changes_nothing),
    cmocka_unit_test (a_reversed_receipt_leaves_items_open_with_their_own_due_days),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
