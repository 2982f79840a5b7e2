/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../libfee/input/fee-cell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const FeeCellFormat plain = { '.', FEE_DATE_FORMAT_PLAIN };

/* What a cell reads as, or the reason; a refused cell leaves the value alone. */
typedef char *(*ShowFunc) (const char *setting, const char *text, gsize length);

static char *
show_money (const char *setting, const char *text, gsize length)
{
  FeeCellFormat format = { setting[1], FEE_DATE_FORMAT_PLAIN };
  char buffer[FEE_NUMBER_SIZE];
  FeeMoney amount = 77;
  const char *reason = fee_cell_read_money (text, length, &format, setting[0] - '0', &amount);
  if (reason != NULL)
    return amount == 77 ? g_strdup (reason) : g_strdup_printf ("%s, but the value was touched", reason);
  return g_strdup (fee_money_format (amount, setting[0] - '0', buffer));
}

static char *
show_quantity (const char *setting, const char *text, gsize length)
{
  FeeCellFormat format = { setting[0], FEE_DATE_FORMAT_PLAIN };
  char buffer[FEE_NUMBER_SIZE];
  FeeQuantity quantity = 77;
  const char *reason = fee_cell_read_quantity (text, length, &format, &quantity);
  if (reason != NULL)
    return quantity == 77 ? g_strdup (reason) : g_strdup_printf ("%s, but the value was touched", reason);
  return g_strdup (fee_quantity_format (quantity, buffer));
}

static char *
show_date (const char *setting, const char *text, gsize length)
{
  static const char *const names[] = { "plain", "dmy", "mdy", "excel" };
  FeeCellFormat format = { '.', FEE_DATE_FORMAT_PLAIN };
  while (strcmp (names[format.date_format], setting) != 0)
    format.date_format++;
  char buffer[FEE_DATE_SIZE];
  FeeDate date = 77;
  const char *reason = fee_cell_read_date (text, length, &format, &date);
  if (reason != NULL)
    return date == 77 ? g_strdup (reason) : g_strdup_printf ("%s, but the value was touched", reason);
  return g_strdup (fee_date_format (date, buffer));
}

/* The cell in an allocation of its own, without NUL, so that a sanitizer sees reads beyond it. */
static char *
show_exact (ShowFunc show, const char *setting, const char *cell)
{
  gsize length = strlen (cell);
  g_autofree char *copy = g_malloc (MAX (length, 1));
  memcpy (copy, cell, length);
  return show (setting, copy, length);
}

static void
check_file (const char *name, guint least, ShowFunc show)
{
  const char *folder = g_getenv ("FEE_TEST_DATA");
  assert_non_null (folder);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint cases = 0, wrong = 0;
  for (guint i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] == '#' || lines[i][0] == '\0')
      continue;
    g_auto (GStrv) parts = g_strsplit (lines[i], "\t", -1);
    assert_true (g_strv_length (parts) == 3);
    g_autofree char *got = show_exact (show, parts[0], parts[1]);
    cases++;
    if (strcmp (got, parts[2]) == 0)
      continue;
    print_error ("%s:%u: \"%s\" gives \"%s\", not \"%s\"\n", name, i + 1, parts[1], got, parts[2]);
    wrong++;
  }
  assert_int_equal (wrong, 0);
  assert_true (cases >= least);
}

static void
amounts_read_as_the_file_of_cases_says (void **state)
{
  (void) state;
  check_file ("amounts.txt", 140, show_money);
}

static void
quantities_read_as_the_file_of_cases_says (void **state)
{
  (void) state;
  check_file ("quantities.txt", 45, show_quantity);
}

static void
dates_read_as_the_file_of_cases_says (void **state)
{
  (void) state;
  check_file ("dates.txt", 110, show_date);
}

static void
assert_shows (ShowFunc show, const char *setting, const char *cell, const char *expected)
{
  g_autofree char *got = show_exact (show, setting, cell);
  assert_string_equal (got, expected);
}

static void
any_number_of_outer_blanks_is_taken_off (void **state)
{
  (void) state;
  g_autoptr (GString) cell = g_string_new (NULL);
  for (gint i = 0; i < 100; i++)
    g_string_append (cell, " \t\r\n\xC2\xA0\xE3\x80\x80");
  g_autofree char *blanks = g_strdup (cell->str);
  assert_shows (show_money, "2.", cell->str, "is not a number");
  g_string_append (cell, "45.00");
  g_string_append (cell, blanks);
  assert_shows (show_money, "2.", cell->str, "45.00");
  g_string_prepend (cell, "4");
  assert_shows (show_money, "2.", cell->str, "is not a number");
  g_autofree char *date = g_strconcat (blanks, "2026/3/1", blanks, NULL);
  assert_shows (show_date, "plain", date, "2026-03-01");
}

static void
bytes_that_are_no_text_are_refused (void **state)
{
  (void) state;
  static const char *const cells[] = { "\xFF", "5\xE5", "5\xE5\x85", "\xC0\xB5", "5\x80", "\xEF\xBC", "5\x01", "5\x7F" };
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++) {
    assert_shows (show_money, "2.", cells[i], "is not a number");
    assert_shows (show_date, "plain", cells[i], "is not a date");
  }
  FeeMoney amount;
  assert_string_equal (fee_cell_read_money ("5\0" "5", 3, &plain, 2, &amount), "is not a number");
  assert_string_equal (fee_cell_read_money ("", 0, &plain, 2, &amount), "is not a number");
}

/* A very long cell ends in a refusal, not beyond a buffer. */
static void
a_cell_of_any_length_is_read_or_refused (void **state)
{
  (void) state;
  for (gsize length = 1; length < 300; length++) {
    g_autofree char *zeros = g_strnfill (length, '0');
    assert_shows (show_quantity, ".", zeros, length <= 62 ? "0" : "is not a number");
    g_autofree char *nines = g_strnfill (length, '9');
    if (length > 8)
      assert_shows (show_date, "plain", nines, "is not a date");
    if (length > 16)
      assert_shows (show_money, "2.", nines, length <= 62 ? "is too large" : "is not a number");
  }
}

/* The grammar of an amount once more, as a regular expression. */
#define CURRENCY "(?:¥ *)?"
#define DIGITS "(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]{1,2})?"
#define AMOUNT \
  "^ *(?!.*¥.*¥)(?!.*元.*元)" CURRENCY "(?:-?" CURRENCY DIGITS "(?: *元)?|\\(" CURRENCY DIGITS "(?: *元)?\\))(?: *元)? *$"

static char *
random_cell (GRand *random)
{
  static const char *const signs[] = { ",", ".", "-", "(", ")", "¥", "元", " ", "0", "00" };
  g_autoptr (GString) cell = g_string_new (NULL);
  for (gint n = g_rand_int_range (random, 1, 7); n > 0; n--) {
    switch (g_rand_int_range (random, 0, 5)) {
    case 0: g_string_append (cell, signs[g_rand_int_range (random, 0, G_N_ELEMENTS (signs))]); break;
    case 1: g_string_append_printf (cell, ",%03d", g_rand_int_range (random, 0, 1000)); break;
    case 2: g_string_append_printf (cell, ".%02d", g_rand_int_range (random, 0, 100)); break;
    default: g_string_append_printf (cell, "%d", g_rand_int_range (random, 0, 1000)); break;
    }
  }
  if (g_rand_int_range (random, 0, 4) == 0) {
    g_string_prepend_c (cell, '(');
    g_string_append_c (cell, ')');
  }
  if (g_rand_int_range (random, 0, 4) == 0)
    g_string_prepend (cell, "¥");
  if (g_rand_int_range (random, 0, 4) == 0)
    g_string_append (cell, "元");
  return g_string_free (g_steal_pointer (&cell), FALSE);
}

/* The value of a cell that the grammar takes: its digits, with two decimals. */
static char *
value_of (const char *cell)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  const char *point = strchr (cell, '.');
  for (const char *at = cell; *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      g_string_append_c (digits, *at);
  gint decimals = point == NULL ? 0 : 1 + (g_ascii_isdigit (point[1]) && g_ascii_isdigit (point[2]));
  for (; decimals < 2; decimals++)
    g_string_append_c (digits, '0');
  while (digits->len > 3 && digits->str[0] == '0')
    g_string_erase (digits, 0, 1);
  g_string_insert_c (digits, (gssize) digits->len - 2, '.');
  gboolean negative = strpbrk (cell, "-(") != NULL && strcmp (digits->str, "0.00") != 0;
  return g_strconcat (negative ? "-" : "", digits->str, NULL);
}

static void
what_reads_as_an_amount_is_what_the_grammar_says (void **state)
{
  (void) state;
  g_autoptr (GRegex) grammar = g_regex_new (AMOUNT, 0, 0, NULL);
  assert_non_null (grammar);
  g_autoptr (GRand) random = g_rand_new_with_seed (20260301);
  guint taken = 0, refused = 0;
  for (guint i = 0; i < 200000; i++) {
    g_autofree char *cell = random_cell (random);
    g_autofree char *got = show_exact (show_money, "2.", cell);
    if (g_regex_match (grammar, cell, 0, NULL)) {
      taken++;
      g_autofree char *value = value_of (cell);
      if (strlen (value) < 19)
        assert_string_equal (got, value);
      continue;
    }
    refused++;
    if (g_ascii_isdigit (*got) || *got == '-')
      fail_msg ("\"%s\" reads as %s", cell, got);
  }
  assert_true (taken > 20000 && refused > 20000);
}

static void
swap_signs (char *text)
{
  for (; *text != '\0'; text++)
    *text = *text == '.' ? ',' : *text == ',' ? '.' : *text;
}

static void
every_amount_reads_back_as_it_was_printed (void **state)
{
  (void) state;
  g_autoptr (GRand) random = g_rand_new_with_seed (41);
  for (guint i = 0; i < 100000; i++) {
    guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
    FeeMoney amount = (FeeMoney) bits >> g_rand_int_range (random, 0, 64), read = 0;
    gint decimals = g_rand_int_range (random, 0, 5);
    char text[FEE_GROUPED_SIZE];
    FeeCellFormat format = plain;
    fee_money_format (amount, decimals, text);
    assert_null (fee_cell_read_money (text, strlen (text), &format, decimals, &read));
    assert_true (read == amount);
    fee_money_format_grouped (amount, decimals, text);
    swap_signs (text);
    format.decimal = ',';
    assert_null (fee_cell_read_money (text, strlen (text), &format, decimals, &read));
    assert_true (read == amount);
  }
}

/* Every day of 1990..2100, in every form, and no other day of those months. */
static void
every_day_reads_in_every_form (void **state)
{
  (void) state;
  static const struct {
    const char *form;
    FeeDateFormat format;
  } forms[] = {
    { "%1$04d-%2$02d-%3$02d", FEE_DATE_FORMAT_PLAIN }, { "%1$d/%2$d/%3$d", FEE_DATE_FORMAT_PLAIN },
    { "%1$d.%2$d.%3$d", FEE_DATE_FORMAT_PLAIN },       { "%1$04d%2$02d%3$02d", FEE_DATE_FORMAT_PLAIN },
    { "%1$d年%2$d月%3$d日", FEE_DATE_FORMAT_PLAIN },   { "%3$d/%2$d/%1$d", FEE_DATE_FORMAT_DMY },
    { "%2$d/%3$d/%1$d", FEE_DATE_FORMAT_MDY },
  };
  FeeDate expected = 7305; /* 1990-01-01 */
  for (gint n = 0; n < 111 * 12 * 31; n++) {
    gint year = 1990 + n / 372, month = n / 31 % 12 + 1, day = n % 31 + 1;
    gboolean exists = g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
    for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
      char text[32];
      FeeDate date = 0;
      FeeCellFormat format = { '.', forms[i].format };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_snprintf (text, sizeof text, forms[i].form, year, month, day);
#pragma GCC diagnostic pop
      const char *reason = fee_cell_read_date (text, strlen (text), &format, &date);
      if ((reason == NULL) != exists || date != (exists ? expected : 0))
        fail_msg ("%s: %s, %d, not %d", text, reason, date, expected);
    }
    expected += exists;
  }
}

static void
excel_counts_every_day_once (void **state)
{
  (void) state;
  FeeCellFormat format = { '.', FEE_DATE_FORMAT_EXCEL };
  for (gint serial = 32874; serial <= 73415; serial++) {
    char text[16];
    FeeDate date = 0;
    g_snprintf (text, sizeof text, "%d", serial);
    assert_null (fee_cell_read_date (text, strlen (text), &format, &date));
    assert_true (date == serial - 32874 + 7305);
  }
}

static char *
show_count (const char *setting, const char *text, gsize length)
{
  (void) setting;
  gint32 count = 77;
  const char *reason = fee_cell_read_count (text, length, &count);
  return reason != NULL && count == 77 ? g_strdup (reason) : g_strdup_printf ("%d", count);
}

static void
a_count_is_a_whole_number_up_to_a_million (void **state)
{
  (void) state;
  static const char *const cells[][2] = {
    { "0", "0" },
    { "36", "36" },
    { "036", "36" },
    { " ３６　", "36" },
    { "1000000", "1000000" },
    { "1000001", "is over 1,000,000" },
    { "99999999999999999999", "is over 1,000,000" },
    { "-1", "is not a whole number" },
    { "1.0", "is not a whole number" },
    { "1,000", "is not a whole number" },
    { "1 0", "is not a whole number" },
    { "12个月", "is not a whole number" },
    { "", "is not a whole number" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    assert_shows (show_count, "", cells[i][0], cells[i][1]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (amounts_read_as_the_file_of_cases_says),
    cmocka_unit_test (quantities_read_as_the_file_of_cases_says),
    cmocka_unit_test (dates_read_as_the_file_of_cases_says),
    cmocka_unit_test (any_number_of_outer_blanks_is_taken_off),
    cmocka_unit_test (bytes_that_are_no_text_are_refused),
    cmocka_unit_test (a_cell_of_any_length_is_read_or_refused),
    cmocka_unit_test (what_reads_as_an_amount_is_what_the_grammar_says),
    cmocka_unit_test (every_amount_reads_back_as_it_was_printed),
    cmocka_unit_test (every_day_reads_in_every_form),
    cmocka_unit_test (excel_counts_every_day_once),
    cmocka_unit_test (a_count_is_a_whole_number_up_to_a_million),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
