/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include <glib/gstdio.h>

#include "../libfee/base/fee-reference.h"
#include "../libfee/store/fee-accounts-private.h"
#include "../libfee/store/fee-bill-finder-private.h"
#include "../libfee/store/fee-book-private.h"
#include "../libfee/store/fee-import.h"
#include "../libfee/store/fee-sorter-private.h"

/* ---- A folder with a book in it */

typedef struct {
  char *folder, *path;
  FeeBook *book;
} Desk;

static void
desk_clear (Desk *desk)
{
  fee_book_free (desk->book);
  g_unlink (desk->path);
  g_rmdir (desk->folder);
  g_free (desk->folder);
  g_free (desk->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static void
change (Desk *desk, const char *sql)
{
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_execute (desk->book, sql, &error), error);
}

static Desk
desk_new (void)
{
  Desk desk = { g_dir_make_tmp ("fee-accounts-XXXXXX", NULL), NULL, NULL };
  g_autoptr (GBytes) policy = g_bytes_new (TEST_REQUIRED, strlen (TEST_REQUIRED));
  g_autoptr (GError) error = NULL;
  assert_non_null (desk.folder);
  desk.path = g_build_filename (desk.folder, "book.db", NULL);
  assert_ok (fee_book_create (desk.path, &desk.book, &error), error);
  assert_ok (fee_import_first_policy (desk.book, "p.ini", policy, "", "me", &error), error);
  assert_ok (fee_book_finish (desk.book, &error), error);
  fee_book_free (g_steal_pointer (&desk.book));
  assert_ok (fee_book_open (desk.path, 0, &desk.book, &error), error);
  change (&desk, "PRAGMA synchronous = OFF"); /* the disk need not be waited for */
  return desk;
}

/* One file, committed; its batch. What is known may change. */
static guint32
take (Desk *desk, FeeKindId kind, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (FeeImported) imported = NULL;
  g_autoptr (GError) error = NULL;
  FeeImportOptions options = { .format = { '.', FEE_DATE_FORMAT_PLAIN }, .amend = TRUE, .through = FEE_DATE_NONE, .made_at = "", .made_by = "me" };
  assert_ok (fee_book_begin (desk->book, TRUE, &error), error);
  assert_ok (fee_import_file (desk->book, kind, "f.csv", bytes, &options, &imported, &error), error);
  assert_ok (fee_book_commit (desk->book, &error), error);
  return imported->batch;
}

static void
take_back (Desk *desk, guint32 batch)
{
  g_autoptr (GError) error = NULL;
  guint32 number = 0;
  assert_ok (fee_book_begin (desk->book, TRUE, &error), error);
  assert_ok (fee_import_retract (desk->book, batch, "wrong", "", "me", &number, &error), error);
  assert_ok (fee_book_commit (desk->book, &error), error);
}

/* Bills "unit/party unit/party ..." of n fen, n from 100 on, issued on the first of the month after; "|" begins a page. */
static void
bill (Desk *desk, const char *period, const char *bills)
{
  g_autoptr (FeeRun) run = fee_run_new ();
  g_autoptr (FeeRunHead) head = fee_run_head_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = g_strsplit (bills, " ", -1);
  g_autofree char *before = NULL;
  FeePage *page = NULL;
  guint32 n = 0;
  run->strings = fee_strings_new ();
  run->own_strings = TRUE;
  run->currency = g_strdup ("CNY");
  run->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_page_free);
  for (char **word = words; *word != NULL; word++) {
    g_auto (GStrv) parts = g_strsplit (*word, "/", 2);
    FeeLine line = { .days = 31, .unit_days = 31, .weight = 1 };
    if (page == NULL || strcmp (*word, "|") == 0) {
      g_clear_pointer (&before, g_free);
      page = NULL;
    }
    if (strcmp (*word, "|") == 0)
      continue;
    if (page == NULL)
      g_ptr_array_add (run->pages, page = fee_page_new (n + 1, parts[0]));
    fee_page_add_bill (page, before == NULL ? "" : before, parts[0], parts[1], 100 + n++, &line, 1);
    g_free (before);
    before = g_strdup (parts[0]);
  }
  FeeDate issue = fee_period_last_day (month (period)) + 1;
  gint64 last_batch;
  assert_ok (fee_book_number (desk->book, "SELECT max (batch) FROM batch", &last_batch, &error), error);
  *head = (FeeRunHead) { .period = month (period), .issue = issue, .due = issue + 20, .currency = g_strdup ("CNY"), .arguments = g_strdup (""),
                         .last_batch = (guint32) last_batch, .rules = 1, .n_bills = n, .n_lines = n, .digest = g_strnfill (64, 'a'), .made_at = g_strdup (""),
                         .made_by = g_strdup ("") };
  assert_ok (fee_book_begin (desk->book, TRUE, &error), error);
  assert_ok (fee_book_add_run (desk->book, run, head, &error), error);
  assert_ok (fee_book_commit (desk->book, &error), error);
}

/* ---- What stands in accounts, as text */

static void
write_entry (const FeeAccounts *accounts, const FeeEntry *entry, GString *out)
{
  const FeeStrings *strings = accounts->input.strings;
  g_string_append_printf (out, "%s %d %s party %s bill %s reverses %s period %d on %d due %d: %" G_GINT64_FORMAT "\n",
                          fee_strings_get (strings, entry->unit), entry->kind, fee_strings_get (strings, entry->number),
                          fee_strings_get (strings, entry->party), fee_strings_get (strings, entry->bill),
                          fee_strings_get (strings, entry->reverses), entry->period, entry->date, entry->due, entry->amount);
}

typedef struct {
  GPtrArray *entries; /* of char *, each a line */
  GString *balances;
  GPtrArray *units;   /* of char *: the first and the last of each stretch */
  guint n;
} Seen;

static Seen
seen_new (void)
{
  return (Seen) { g_ptr_array_new_with_free_func (g_free), g_string_new (NULL), g_ptr_array_new_with_free_func (g_free), 0 };
}

static void
seen_clear (Seen *seen)
{
  g_ptr_array_unref (seen->entries);
  g_string_free (seen->balances, TRUE);
  g_ptr_array_unref (seen->units);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Seen, seen_clear)

static gboolean
see (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Seen *seen = data;
  const FeeStrings *strings = accounts->input.strings;
  g_autoptr (GArray) balances = NULL;
  seen->n++;
  assert_is (accounts->through, 20600);
  for (gsize i = 0; i < accounts->input.n_entries; i++) {
    GString *line = g_string_new (NULL);
    write_entry (accounts, &accounts->input.entries[i], line);
    g_ptr_array_add (seen->entries, g_string_free (line, FALSE));
  }
  if (!fee_ledger_balances (&accounts->input, FEE_DATE_FOREVER, &balances, error))
    return FALSE;
  for (guint i = 0; i < balances->len; i++) {
    const FeeBalance *balance = &g_array_index (balances, FeeBalance, i);
    const char *unit = fee_strings_get (strings, balance->unit);
    g_string_append_printf (seen->balances, "%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", unit, fee_strings_get (strings, balance->party),
                            balance->balance, balance->credit);
    if (i == 0 || i + 1 == balances->len)
      g_ptr_array_add (seen->units, g_strdup (unit));
  }
  return TRUE;
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
join (GPtrArray *lines)
{
  GString *all = g_string_new (NULL);
  g_ptr_array_sort (lines, compare_lines);
  for (guint i = 0; i < lines->len; i++)
    g_string_append (all, g_ptr_array_index (lines, i));
  return g_string_free (all, FALSE);
}

/* The stretches hold what the whole holds, and no unit is in two. Returns how many there were. */
static guint
assert_as_whole (Desk *desk, FeeStretchOptions options)
{
  g_autoptr (FeeAccounts) accounts = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Seen) whole = seen_new (), seen = seen_new ();
  assert_ok (fee_book_accounts (desk->book, NULL, &accounts, &error), error);
  assert_ok (see (accounts, &whole, &error), error);
  assert_ok (fee_book_each_stretch (desk->book, &options, see, &seen, &error), error);
  g_autofree char *wanted = join (whole.entries), *got = join (seen.entries);
  assert_text (got, wanted);
  assert_text (seen.balances->str, whole.balances->str);
  for (guint i = 2; i < seen.units->len; i += 2)
    assert_true (strcmp (g_ptr_array_index (seen.units, i - 1), g_ptr_array_index (seen.units, i)) < 0);
  return seen.n;
}

/* The ledger's rows of a unit: "date kind number amount balance" */
static char *
rows_of (Desk *desk, const char *only, const char *shown)
{
  g_autoptr (FeeAccounts) accounts = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);
  assert_ok (fee_book_accounts (desk->book, only, &accounts, &error) && fee_book_add_withdrawn (desk->book, accounts, &error)
             && fee_ledger_rows (&accounts->input, FEE_DATE_FOREVER, &rows, &error), error);
  const FeeStrings *texts = accounts->input.strings;
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    const FeeEntry *entry = &accounts->input.entries[row->entry];
    if (strcmp (fee_strings_get (texts, entry->unit), shown) == 0)
      g_string_append_printf (out, "%d %s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n", entry->date, fee_row_kind_text (row->kind),
                              fee_strings_get (texts, entry->number), fee_strings_get (texts, row->party), row->amount, row->balance,
                              fee_strings_get (accounts->memos, entry->memo));
    else
      assert_null (only); /* of no other unit */
  }
  return g_string_free (out, FALSE);
}

static const guint sizes[] = { 1, 2, 3, 5, 8, 100 };
static const gsize rooms[] = { 1, 300, 1000000 };

static void
assert_as_whole_in_any_size (Desk *desk)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (rooms); j++)
      for (FeeLoadFields fields = FEE_FIELDS_RUN; fields <= FEE_FIELDS_NONE; fields++)
        assert_as_whole (desk, (FeeStretchOptions) { fields, sizes[i], rooms[j] });
}

#define UNITS "unit\n1\n10\n101\n102\n103\n104\nA\n"
#define PARTIES "unit,role,party,name,from\n1,owner,P1,A,\n10,owner,P10,B,\n101,owner,P101,C,\n102,owner,,D,\n103,owner,P103,E,\nA,owner,PA,F,\n"
/* through day 20600 */
#define LAST "receipt,date,unit,amount\nlast,2026-05-27,?,1.00\n"

/* Two months whose pages cut the bills of a unit in two, receipts of all sorts, a unit with receipts only, one with adjustments only. */
static Desk
desk_with_entries (void)
{
  Desk desk = desk_new ();
  take (&desk, FEE_KIND_UNITS, UNITS);
  take (&desk, FEE_KIND_PARTIES, PARTIES);
  bill (&desk, "2026-01", "1/P1 10/P10 101/P101 | 101/Q101 102/developer | 103/P103");
  bill (&desk, "2026-02", "10/P10 | 101/P101 101/Q101 | 101/R101 A/PA");
  take (&desk, FEE_KIND_RECEIPTS,
        "receipt,date,unit,amount,party,bill,reverses\nR1,2026-02-03,101,0.50,,202601-0000003,\nR2,2026-02-03,?,9.00,,,\n"
        "R3,2026-02-04,A,5.00,,,\nR4,2026-02-05,103,1.05,P103,,\nR5,2026-02-06,103,-1.05,,,R4\nR6,2026-03-02,101,7.00,Q101,,\n");
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount\nS1,2026-03-03,104,2.00\nS2,2026-03-03,1,1.00\nS3,2026-03-03,10,-0.30\n");
  take (&desk, FEE_KIND_ADJUSTMENTS,
        "adjustment,date,unit,party,kind,amount,due,bill,reason,approved_by\nJ1,2026-01-05,102,developer,opening,3.00,2026-01-25,,old,\n"
        "J2,2026-03-04,101,P101,waiver,-0.20,,202602-0000002,kind,me\n");
  take (&desk, FEE_KIND_RECEIPTS, LAST);
  return desk;
}

/* ---- Tests */

static gboolean
see_nothing (const FeeAccounts *accounts, gpointer data, GError **error)
{
  (void) error;
  ++*(guint *) data;
  assert_true (accounts->input.n_entries == 0);
  assert_text (accounts->from, "");
  assert_null (accounts->before);
  return TRUE;
}

static void
a_book_without_entries_is_one_stretch_of_all_units (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  guint n = 0;
  assert_ok (fee_book_each_accounts (desk.book, FEE_FIELDS_ALL, see_nothing, &n, &error), error);
  take (&desk, FEE_KIND_UNITS, UNITS);
  bill (&desk, "2026-01", "");
  assert_ok (fee_book_each_accounts (desk.book, FEE_FIELDS_NONE, see_nothing, &n, &error), error);
  assert_is (n, 2);
}

static void
stretches_hold_whole_units_and_together_all (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_with_entries ();
  assert_as_whole_in_any_size (&desk);
  /* with a block for each receipt a stretch may begin with any unit */
  assert_is (assert_as_whole (&desk, (FeeStretchOptions) { FEE_FIELDS_NONE, 1, 1 }), 8);
  assert_is (assert_as_whole (&desk, (FeeStretchOptions) { FEE_FIELDS_NONE, 100, 1000000 }), 1);
}

static void
the_ledger_of_a_unit_is_that_of_all_for_it (void **state)
{
  (void) state;
  static const char *const units[] = { "1", "10", "101", "102", "103", "104", "A", "?", "B" };
  g_auto (Desk) desk = desk_with_entries ();
  g_autoptr (GError) error = NULL;
  for (guint withdrawn = 0; withdrawn < 2; withdrawn++) {
    gsize shown = 0;
    for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
      g_autofree char *got = rows_of (&desk, units[i], units[i]), *wanted = rows_of (&desk, NULL, units[i]);
      assert_text (got, wanted);
      shown += strlen (got);
    }
    assert_true (shown > 500);
    FeeWithdrawal withdrawal = { .run = 2, .last_run = 2, .last_batch = 8, .reason = (char *) "wrong", .made_at = (char *) "", .made_by = (char *) "me" };
    if (withdrawn == 0)
      take_back (&desk, 6); /* adjustments, which name a bill of that run */
    assert_ok (withdrawn == 1 || (fee_book_begin (desk.book, TRUE, &error) && fee_book_add_withdrawal (desk.book, &withdrawal, &error)
                                  && fee_book_commit (desk.book, &error)), error);
  }
}

static void
a_book_without_bills_is_cut_by_its_receipts (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  take (&desk, FEE_KIND_UNITS, UNITS);
  take (&desk, FEE_KIND_PARTIES, PARTIES);
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount\nR1,2026-02-03,A,1.00\nR2,2026-02-03,1,1.00\nR3,2026-02-03,101,1.00\nR4,2026-02-03,A,1.00\n");
  take (&desk, FEE_KIND_RECEIPTS, LAST);
  assert_as_whole_in_any_size (&desk);
  assert_is (assert_as_whole (&desk, (FeeStretchOptions) { FEE_FIELDS_NONE, 1, 1 }), 4);
}

static void
units_that_only_a_bill_knows_come_in_their_order (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  take (&desk, FEE_KIND_UNITS, "unit\n101\n");
  take (&desk, FEE_KIND_PARTIES, "unit,role,party,name,from\n101,owner,P,A,\n");
  bill (&desk, "2026-01", "0/Z 101/P | 2/Z");
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount\nR1,2026-01-03,101,1.00\nlast,2026-05-27,?,1.00\n");
  assert_as_whole_in_any_size (&desk);
}

static void
receipts_stand_as_they_were_amended_and_taken_back (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_with_entries ();
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount\nR2,2026-02-03,101,9.00\nT1,2026-03-05,1,0.10\n"); /* found out whose it is */
  assert_as_whole_in_any_size (&desk);
  guint32 wrong = take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount\nR2,2026-02-03,102,9.00\nT2,2026-03-05,1,0.10\n");
  assert_as_whole_in_any_size (&desk);
  /* what it kept of the version before stays, though the file is gone that it came with */
  guint32 memo = take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount,memo\nR2,2026-02-03,102,9.00,sorted out\nS2,2026-03-03,1,1.00,ok\n");
  take_back (&desk, wrong);
  assert_as_whole_in_any_size (&desk);
  take_back (&desk, memo);
  assert_as_whole_in_any_size (&desk);
  take (&desk, FEE_KIND_ADJUSTMENTS, "adjustment,date,unit,party,kind,amount,reason,approved_by\nJ2,2026-03-04,101,P101,waiver,-0.21,kind,me\n");
  assert_as_whole_in_any_size (&desk);
}

typedef struct {
  guint n;
  gboolean before, after; /* the records have units, before and after an owner was asked for */
} Register;

static gboolean
look_at_register (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Register *found = data;
  FeeText unit;
  (void) error;
  found->n++;
  found->before |= accounts->records->reg != NULL;
  assert_true (fee_strings_find (accounts->input.strings, "1", &unit) == (found->n == 1)); /* of the stretch before: gone */
  assert_true (fee_strings_find (accounts->input.strings, "102", &unit) == (found->n == 2));
  if (found->n > 1)
    assert_text (fee_strings_get (accounts->input.strings, accounts->input.owner (unit, 20500, accounts->input.owner_data)), "102:owner:");
  found->after |= accounts->records->reg != NULL;
  return TRUE;
}

static void
units_and_parties_are_read_when_an_owner_is_asked_for (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  Register found = { 0 };
  FeeStretchOptions options = { FEE_FIELDS_NONE, 1, 1 };
  take (&desk, FEE_KIND_UNITS, UNITS);
  take (&desk, FEE_KIND_PARTIES, PARTIES);
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount\nR1,2026-02-03,1,1.00\nR2,2026-02-03,102,1.00\n");
  assert_ok (fee_book_each_stretch (desk.book, &options, look_at_register, &found, &error), error);
  assert_is (found.n, 2);
  assert_false (found.before);
  assert_true (found.after);
}

static gboolean
look_at_names (const FeeAccounts *accounts, gpointer data, GError **error)
{
  const FeeRecords *records = accounts->records;
  (void) error;
  for (gsize i = 0; i < accounts->input.n_entries; i++) {
    guint32 unit = fee_register_find (records->reg, accounts->input.entries[i].unit, 0);
    if (unit == FEE_UNIT_NONE)
      continue;
    guint32 span = records->tenures->first[unit];
    g_string_append_printf (data, " %s %s", fee_register_unit (records->reg, unit),
                            fee_table_text (records->tables[FEE_KIND_PARTIES], FEE_PARTIES_NAME, records->tenures->spans.row[span]));
  }
  return TRUE;
}

static void
names_are_there_where_they_are_wanted (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  FeeStretchOptions options = { FEE_FIELDS_ALL, 1, 1 };
  take (&desk, FEE_KIND_UNITS, UNITS);
  take (&desk, FEE_KIND_PARTIES, PARTIES);
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,unit,amount\nR1,2026-02-03,A,1.00\nR2,2026-02-03,102,1.00\nR3,2026-02-03,?,1.00\nR4,2026-02-03,1,1.00\n");
  assert_ok (fee_book_each_stretch (desk.book, &options, look_at_names, names, &error), error);
  assert_text (names->str, " 1 A 102 D A F");
}

static gboolean
refuse_second (const FeeAccounts *accounts, gpointer data, GError **error)
{
  guint *n = data;
  (void) accounts;
  if (++*n < 2)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, "enough");
  return FALSE;
}

static void
a_function_that_refuses_ends_it (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_with_entries ();
  g_autoptr (GError) error = NULL;
  FeeStretchOptions options = { FEE_FIELDS_NONE, 1, 1 };
  guint n = 0;
  assert_fails (fee_book_each_stretch (desk.book, &options, refuse_second, &n, &error), error, FEE_ERROR_USAGE, "enough");
  assert_is (n, 2);
}

static void
damage_is_an_error (void **state)
{
  (void) state;
  static const struct {
    const char *sql, *part;
  } cases[] = {
    { "UPDATE page SET n_bills = 1 WHERE run = 1 AND page = 0", "the bills of a run" },
    { "UPDATE page SET heads = zeroblob (40) WHERE run = 2 AND page = 1", "damaged" },
    /* pages out of their order: a unit would come too late */
    { "UPDATE page SET page = 9 WHERE run = 2 AND page = 0", "the bills of a run" },
    { "DELETE FROM piece WHERE batch = 4", "cut off" },
    { "DELETE FROM piece WHERE batch = 2", "cut off" }, /* units, which an owner needs */
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Desk) desk = desk_with_entries ();
    g_auto (Seen) seen = seen_new ();
    g_autoptr (GError) error = NULL;
    FeeStretchOptions options = { FEE_FIELDS_NONE, 1, 1 };
    change (&desk, cases[i].sql);
    assert_fails (fee_book_each_stretch (desk.book, &options, see, &seen, &error), error, FEE_ERROR_IO, cases[i].part);
  }
}

/* ---- What imports ask of bills */

/* Of a file that names more bills than are looked for one by one, the last row; NULL or what is wrong with it. */
static void
assert_named (const char *row, const char *wrong)
{
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GString) bills = g_string_new ("1/P1"), text = g_string_new ("receipt,date,unit,amount,bill\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (FeeImported) imported = NULL;
  take (&desk, FEE_KIND_UNITS, UNITS);
  take (&desk, FEE_KIND_PARTIES, PARTIES);
  for (guint i = 1; i < 100; i++)
    g_string_append_printf (bills, "%s10/P%u", i % 7 == 0 ? " | " : " ", i);
  bill (&desk, "2026-01", bills->str);
  bill (&desk, "2026-02", "1/P1 10/P10");
  for (guint i = 0; i < 60; i++)
    g_string_append_printf (text, "R%u,2026-02-03,10,1.00,202601-%07u\n", i, i + 2);
  g_string_append_printf (text, "last,2026-02-03,%s\n", row);
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  FeeImportOptions options = { .format = { '.', FEE_DATE_FORMAT_PLAIN }, .through = FEE_DATE_NONE, .made_at = "", .made_by = "me" };
  assert_ok (fee_book_begin (desk.book, TRUE, &error), error);
  gboolean ok = fee_import_file (desk.book, FEE_KIND_RECEIPTS, "f.csv", bytes, &options, &imported, &error);
  if (wrong == NULL)
    assert_ok (ok, error);
  else
    assert_fails (ok, error, FEE_ERROR_RECORDS, wrong);
}

static void
many_named_bills_are_looked_for_as_one_is (void **state)
{
  (void) state;
  assert_named ("10,1.00,202601-0000100", NULL);
  assert_named ("1,1.00,202601-0000001", NULL);
  assert_named ("1,1.00,202602-0000001", NULL);
  assert_named ("1,1.00,202601-0000002", "f.csv:62: bill \"202601-0000002\" is a bill of another unit");
  assert_named ("1,1.00,202601-0000101", "f.csv:62: bill \"202601-0000101\" is not a bill of the book");
  assert_named ("1,1.00,202601-0000000", "is not a bill of the book");
  assert_named ("1,1.00,202603-0000001", "is not a bill of the book");
  assert_named ("1,1.00,number one", "is not a bill of the book");
}

/* ---- The sorter */

static gboolean
take_record (const char *unit, gsize unit_length, const guint8 *bytes, gsize length, gpointer data)
{
  guint *n = data;
  assert_is (unit_length, strlen (unit));
  assert_is (length, 5 + strlen (unit) * 1000);
  assert_memory_equal (bytes, "bytes", 5);
  ++*n;
  return TRUE;
}

static void
records_of_any_number_come_back_by_unit (void **state)
{
  (void) state;
  static const gsize all_rooms[] = { 1, 5000, 100000, 100000000 };
  for (guint i = 0; i < G_N_ELEMENTS (all_rooms); i++) {
    g_autoptr (FeeSorter) sorter = fee_sorter_new (all_rooms[i]);
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    guint read = 0;
    for (guint n = 0; n < 500; n++) {
      g_autofree char *unit = g_strdup_printf ("%u", n * 7919 % 500);
      g_byte_array_set_size (bytes, 5 + (guint) strlen (unit) * 1000);
      memset (bytes->data, 0, bytes->len);
      memcpy (bytes->data, "bytes", 5);
      assert_ok (fee_sorter_add (sorter, unit, bytes, &error), error);
    }
    assert_ok (fee_sorter_finish (sorter, &error), error);
    assert_ok (fee_sorter_read (sorter, "2", take_record, &read, &error), error);
    assert_is (read, 1 + 1 + 10 + 100); /* 0, 1, 10..19, 100..199 */
    assert_ok (fee_sorter_read (sorter, "2", take_record, &read, &error), error);
    assert_is (read, 112);
    assert_ok (fee_sorter_read (sorter, "21", take_record, &read, &error), error);
    assert_is (read, 112 + 1 + 1 + 10); /* 2, 20, 200..209 */
    assert_ok (fee_sorter_read (sorter, NULL, take_record, &read, &error), error);
    assert_is (read, 500);
  }
}

/* ---- Receipts that take their unit from their bill */

/* What the book holds of receipts: "R1=101 ...", by number, read anew. */
static char *
units_of_receipts (Desk *desk)
{
  g_autoptr (FeeAccounts) accounts = NULL;
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);
  assert_ok (fee_book_accounts (desk->book, NULL, &accounts, &error), error);
  for (gsize i = 0; i < accounts->input.n_entries; i++) {
    const FeeEntry *entry = &accounts->input.entries[i];
    if (entry->kind == FEE_ENTRY_RECEIPT)
      g_string_append_printf (out, "%s%s=%s/%s", out->len > 0 ? " " : "", fee_strings_get (accounts->input.strings, entry->number),
                              fee_strings_get (accounts->input.strings, entry->unit), fee_strings_get (accounts->input.strings, entry->bill));
  }
  return g_string_free (out, FALSE);
}

static void
receipts_take_the_unit_of_their_bill (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_with_entries ();
  g_autofree char *reference = fee_reference_of_bill ("202601-0000002");
  g_autofree char *text = g_strdup_printf ("receipt,date,unit,amount,bill\nU1,2026-03-03,,2.00,%s\nU2,2026-03-03,101,1.00,\n"
                                           "U3,2026-03-04,,0.30,202601-0000006\n", reference);
  take (&desk, FEE_KIND_RECEIPTS, text);
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,amount,bill\nV1,2026-03-05,0.10,202602-0000005\nU1,2026-03-03,2.00,202601-0000001\n");
  g_autofree char *units = units_of_receipts (&desk);
  assert_text (strstr (units, "last="), "last=?/ U2=101/ U3=103/202601-0000006 V1=A/202602-0000005 U1=1/202601-0000001");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    assert_as_whole (&desk, (FeeStretchOptions) { FEE_FIELDS_NONE, sizes[i], 300 });
}

/* So many that rows are read in a thread of their own, in more than one go, and bills are looked up by whole months. */
static void
many_receipts_take_the_units_of_their_bills (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GString) bills = g_string_new (NULL), text = g_string_new ("receipt,date,amount,bill\n");
  g_autoptr (GString) wanted = g_string_new (NULL);
  take (&desk, FEE_KIND_UNITS, UNITS);
  take (&desk, FEE_KIND_PARTIES, PARTIES);
  for (guint i = 0; i < 40; i++)
    g_string_append_printf (bills, "%s101/P%02u", i == 0 ? "" : i % 7 == 0 ? " | " : " ", i);
  g_string_append (bills, " | 103/P103");
  bill (&desk, "2026-01", bills->str);
  bill (&desk, "2026-02", "10/P10 101/P101");
  for (guint i = 0; i < 9000; i++) {
    guint month = i % 2 + 1, number = month == 2 ? i % 4 / 2 + 1 : i % 82 / 2 + 1;
    g_string_append_printf (text, "R%04u,2026-03-03,0.01,20260%u-%07u\n", i, month, number);
    g_string_append_printf (wanted, "%sR%04u=%s/20260%u-%07u", i > 0 ? " " : "", i, month == 2 ? (number == 1 ? "10" : "101") : number == 41 ? "103" : "101",
                            month, number);
  }
  g_string_append (text, "last,2026-05-27,0.01,202601-0000001\n");
  g_string_append (wanted, " last=101/202601-0000001");
  take (&desk, FEE_KIND_RECEIPTS, text->str);
  g_autofree char *units = units_of_receipts (&desk);
  assert_text (units, wanted->str);
  assert_as_whole (&desk, (FeeStretchOptions) { FEE_FIELDS_NONE, 1000000, 1000000 });
}

static void
assert_unit (Desk *desk, const char *number, guint32 batch, const char *wanted)
{
  g_autoptr (FeeBillFinder) finder = fee_bill_finder_new (desk->book);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 40; i++) { /* one by one at first, then by months */
    g_autofree char *unit = NULL;
    assert_ok (fee_bill_finder_unit (finder, number, batch, &unit, &error), error);
    assert_text (unit, wanted);
  }
}

/* The month runs again after a withdrawal, with the bills the other way round: a file keeps the units that it had. */
static void
a_bill_is_of_the_run_that_stood_when_the_batch_came (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  take (&desk, FEE_KIND_UNITS, UNITS);
  guint32 before = take (&desk, FEE_KIND_PARTIES, PARTIES);
  bill (&desk, "2026-01", "1/P1 10/P10");
  guint32 first = take (&desk, FEE_KIND_RECEIPTS, "receipt,date,amount,bill\nR1,2026-02-03,1.00,202601-0000002\n");
  take_back (&desk, first);
  FeeWithdrawal withdrawal = { .run = 1, .last_run = 1, .last_batch = first + 1, .reason = (char *) "r", .made_at = (char *) "", .made_by = (char *) "me" };
  assert_ok (fee_book_add_withdrawal (desk.book, &withdrawal, &error), error);
  guint32 between = take (&desk, FEE_KIND_UNITS, "unit\n105\n");
  bill (&desk, "2026-01", "10/P10 1/P1 1/P1");
  guint32 second = take (&desk, FEE_KIND_RECEIPTS, "receipt,date,amount,bill\nR1,2026-02-03,1.00,202601-0000002\n");
  assert_unit (&desk, "202601-0000002", before, NULL);
  assert_unit (&desk, "202601-0000002", first, "10");
  assert_unit (&desk, "202601-0000003", first, NULL);
  assert_unit (&desk, "202601-0000002", first + 1, "10");
  assert_unit (&desk, "202601-0000002", between, NULL);
  assert_unit (&desk, "202601-0000002", second, "1");
  assert_unit (&desk, "202601-0000004", second, NULL);
  assert_unit (&desk, "202602-0000002", second, NULL);
  assert_unit (&desk, "R1", second, NULL);
  g_autofree char *units = units_of_receipts (&desk);
  assert_text (units, "R1=1/202601-0000002");
}

/* A bill that was there when the file came, and is not now. */
static void
a_kept_receipt_without_its_bill_is_damage (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_with_entries ();
  g_autoptr (FeeAccounts) accounts = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;
  take (&desk, FEE_KIND_RECEIPTS, "receipt,date,amount,bill\nV1,2026-03-05,0.10,202602-0000005\n");
  change (&desk, "DELETE FROM page WHERE run = 2 AND page = 2");
  assert_fails (fee_book_accounts (desk.book, NULL, &accounts, &error), error, FEE_ERROR_IO,
                "batch 8 (f.csv): line 2 takes its unit from bill \"202602-0000005\", which is not in the book");
  assert_fails (fee_book_each_accounts (desk.book, FEE_FIELDS_NONE, refuse_second, &n, &error), error, FEE_ERROR_IO,
                "batch 8 (f.csv): line 2 takes its unit from bill \"202602-0000005\", which is not in the book");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_book_without_entries_is_one_stretch_of_all_units),
    cmocka_unit_test (stretches_hold_whole_units_and_together_all),
    cmocka_unit_test (the_ledger_of_a_unit_is_that_of_all_for_it),
    cmocka_unit_test (a_book_without_bills_is_cut_by_its_receipts),
    cmocka_unit_test (units_that_only_a_bill_knows_come_in_their_order),
    cmocka_unit_test (receipts_stand_as_they_were_amended_and_taken_back),
    cmocka_unit_test (units_and_parties_are_read_when_an_owner_is_asked_for),
    cmocka_unit_test (names_are_there_where_they_are_wanted),
    cmocka_unit_test (a_function_that_refuses_ends_it),
    cmocka_unit_test (damage_is_an_error),
    cmocka_unit_test (many_named_bills_are_looked_for_as_one_is),
    cmocka_unit_test (records_of_any_number_come_back_by_unit),
    cmocka_unit_test (receipts_take_the_unit_of_their_bill),
    cmocka_unit_test (many_receipts_take_the_units_of_their_bills),
    cmocka_unit_test (a_bill_is_of_the_run_that_stood_when_the_batch_came),
    cmocka_unit_test (a_kept_receipt_without_its_bill_is_damage),
  };
  return cmocka_run_group_tests_name ("accounts", tests, NULL, NULL);
}
