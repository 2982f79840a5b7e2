/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../libfee/base/fee-error.h"
#include "../libfee/input/fee-csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A row as "LINE:[field][field]\n". */
static gboolean
show_row (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  (void) error;
  GString *shown = data;
  g_string_append_printf (shown, "%u:", line);
  for (guint i = 0; i < n_fields; i++) {
    assert_true (strlen (fields[i].text) == fields[i].length);
    g_string_append_printf (shown, "[%s]", fields[i].text);
  }
  g_string_append_c (shown, '\n');
  return TRUE;
}

/* Feeds a piece in an allocation of its own, so that a sanitizer sees reads beyond it. */
static gboolean
feed_piece (FeeCsv *csv, const char *text, gsize length, GError **error)
{
  g_autofree char *copy = g_memdup2 (text, length);
  return fee_csv_feed (csv, copy, length, error);
}

/* The rows, and at last the error if there is one. cuts: ascending, ends with length. */
static char *
read_cut (const char *text, const gsize *cuts, char delimiter)
{
  GString *shown = g_string_new (NULL);
  g_autoptr (FeeCsv) csv = fee_csv_new (delimiter, show_row, shown);
  g_autoptr (GError) error = NULL;
  gboolean going = TRUE;
  gsize at = 0;
  for (gsize i = 0; going && (i == 0 || cuts[i] > cuts[i - 1]); i++) {
    going = feed_piece (csv, text + at, cuts[i] - at, &error);
    at = cuts[i];
  }
  if (!going || !fee_csv_finish (csv, &error)) {
    assert_true (g_error_matches (error, FEE_ERROR, FEE_ERROR_RECORDS));
    g_string_append_printf (shown, "! %s\n", error->message);
  }
  return g_string_free (shown, FALSE);
}

static char *
read_whole (const char *text, gsize length, char delimiter)
{
  const gsize cuts[] = { length, 0 };
  return read_cut (text, cuts, delimiter);
}

static void
assert_reads_by (char delimiter, const char *text, const char *expected)
{
  g_autofree char *got = read_whole (text, strlen (text), delimiter);
  assert_string_equal (got, expected);
}

static void
assert_reads (const char *text, const char *expected)
{
  assert_reads_by (',', text, expected);
}

static void
rows_know_the_line_where_they_begin (void **state)
{
  (void) state;
  assert_reads ("a,b\n1,2\n", "1:[a][b]\n2:[1][2]\n");
  assert_reads ("a,b\r\n1,2\r\n3,4", "1:[a][b]\n2:[1][2]\n3:[3][4]\n");
  assert_reads ("\n\na\n\r\n  \t \n b \n", "3:[a]\n6:[b]\n");
  assert_reads ("a,\"x\ny\r\nz\",b\nc\n", "1:[a][x\ny\r\nz][b]\n4:[c]\n");
  assert_reads ("\"\n\n\"\n\"\n\"\n\nc", "1:[\n\n]\n4:[\n]\n7:[c]\n");
}

/* A CR alone ends a row too, in the line where it stands. */
static void
a_lone_cr_ends_a_row_but_no_line (void **state)
{
  (void) state;
  assert_reads ("a\rb\r\nc\n", "1:[a]\n1:[b]\n2:[c]\n");
  assert_reads ("\"a\n\"\rb\nc\n", "1:[a\n]\n2:[b]\n3:[c]\n");
}

static void
an_empty_text_has_no_rows (void **state)
{
  (void) state;
  assert_reads ("", "");
  assert_reads ("\n", "");
  assert_reads (" \r\n\r\n\n\t ", "");
}

static void
empty_fields_make_a_row (void **state)
{
  (void) state;
  assert_reads (",,,\n", "1:[][][][]\n");
  assert_reads ("\"\"\n", "1:[]\n");
  assert_reads ("\"\"", "1:[]\n");
  assert_reads ("a,\n", "1:[a][]\n");
  assert_reads ("a,", "1:[a][]\n");
  assert_reads (" , \"\" ,\n", "1:[][][]\n");
  assert_reads_by ('\t', "\t\n\t\t", "1:[][]\n2:[][][]\n");
}

static void
outer_blanks_go_unless_they_are_quoted (void **state)
{
  (void) state;
  assert_reads (" a b , \" c \" \n", "1:[a b][ c ]\n");
  assert_reads ("\" a \"  ", "1:[ a ]\n");
  assert_reads (" a ", "1:[a]\n");
  assert_reads ("\xE3\x80\x80" "a\xC2\xA0\n", "1:[\xE3\x80\x80" "a\xC2\xA0]\n");
}

static void
quotes_are_written_twice (void **state)
{
  (void) state;
  assert_reads ("\"a\"\"b\",\"\"\"\",\"x,y\"\n", "1:[a\"b][\"][x,y]\n");
  assert_reads_by (';', "a,b;\"c;d\"\n", "1:[a,b][c;d]\n");
}

static void
an_open_quote_is_named_by_its_line (void **state)
{
  (void) state;
  assert_reads ("a,b\nc,\"d\ne,f\ng\n", "1:[a][b]\n! 2: a quote opens here and is never closed\n");
  assert_reads ("a,b\n\"c\nd\",\"", "1:[a][b]\n! 3: a quote opens here and is never closed\n");
  assert_reads ("\"", "! 1: a quote opens here and is never closed\n");
  assert_reads ("\n\"a\"\"\n", "! 2: a quote opens here and is never closed\n");
  assert_reads ("a,\"b\nc,\"d\"\n", "! 1: a quote opens here, and text follows where it closes in line 2\n");
}

static void
a_stray_quote_is_refused_with_its_line (void **state)
{
  (void) state;
  assert_reads ("a\n1,5\" pipe\n", "1:[a]\n! 2: a quote inside a field that does not begin with one\n");
  assert_reads ("a\r\n\"b\"c\r\n", "1:[a]\n! 2: text after the closing quote of a field\n");
  assert_reads ("\"b\" \"c\"", "! 1: text after the closing quote of a field\n");
  assert_reads ("\"a\nb\",c\"\n", "! 2: a quote inside a field that does not begin with one\n");
}

static void
nul_is_refused_with_its_line (void **state)
{
  (void) state;
  static const char text[] = "a,b\n1,2\n3,\0,4\n5";
  g_autofree char *got = read_whole (text, sizeof text - 1, ',');
  assert_string_equal (got, "1:[a][b]\n2:[1][2]\n! 3: a NUL byte\n");
  static const char later[] = "a\nb\"\n\0";
  g_autofree char *first = read_whole (later, sizeof later - 1, ',');
  assert_string_equal (first, "1:[a]\n! 2: a quote inside a field that does not begin with one\n");
}

static char *
read_field_of (gsize length, gboolean quoted, const char *after)
{
  g_autofree char *field = g_strnfill (length, 'x');
  const char *quote = quoted ? "\"" : "";
  g_autofree char *text = g_strconcat ("a\n", quoted ? "b,\"\n" : "b,", field, quote, after, NULL);
  return read_whole (text, strlen (text), ',');
}

static void
assert_too_large (char *got, const char *expected)
{
  g_autofree char *owned = got;
  assert_string_equal (owned, expected);
}

static void
a_field_over_64_kib_is_refused_by_the_line_where_it_begins (void **state)
{
  (void) state;
  static const char *const afters[] = { "\n", "", ",c\n", "  \r\n" };
  for (gsize i = 0; i < G_N_ELEMENTS (afters); i++) {
    g_autofree char *most = read_field_of (FEE_FIELD_MAX, FALSE, afters[i]);
    assert_true (strlen (most) > FEE_FIELD_MAX && strchr (most, '!') == NULL);
    g_autofree char *quoted = read_field_of (FEE_FIELD_MAX - 1, TRUE, afters[i]);
    assert_true (strlen (quoted) > FEE_FIELD_MAX && strchr (quoted, '!') == NULL);
    assert_too_large (read_field_of (FEE_FIELD_MAX + 1, FALSE, afters[i]), "1:[a]\n! 2: a field is over 64 KiB\n");
    assert_too_large (read_field_of (FEE_FIELD_MAX, TRUE, afters[i]), "1:[a]\n! 2: a field is over 64 KiB\n");
    assert_too_large (read_field_of (200000, FALSE, afters[i]), "1:[a]\n! 2: a field is over 64 KiB\n");
    assert_too_large (read_field_of (200000, TRUE, afters[i]),
                      "1:[a]\n! 2: a quoted field is over 64 KiB; is its quote closed?\n");
  }
}

static gboolean
count_fields (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  (void) line;
  (void) error;
  gsize *count = data;
  for (guint i = 0; i < n_fields; i++)
    *count += fields[i].length + 1;
  return TRUE;
}

static void
a_row_of_too_many_fields_is_refused (void **state)
{
  (void) state;
  gsize count = 0;
  g_autofree char *commas = g_strnfill (FEE_FIELDS_MAX, ',');
  g_autoptr (FeeCsv) csv = fee_csv_new (',', count_fields, &count);
  g_autoptr (GError) error = NULL;
  assert_true (fee_csv_feed (csv, commas, FEE_FIELDS_MAX - 1, &error));
  assert_true (fee_csv_feed (csv, "\n\n", 2, &error));
  assert_true (count == FEE_FIELDS_MAX);
  assert_true (fee_csv_feed (csv, commas, FEE_FIELDS_MAX, &error));
  assert_false (fee_csv_feed (csv, "\n", 1, &error));
  assert_string_equal (error->message, "3: a row of more than 16384 fields");
  assert_true (count == FEE_FIELDS_MAX);
}

/* Large fields side by side: the row is kept while the block under it grows. */
static void
a_row_may_be_larger_than_a_field (void **state)
{
  (void) state;
  g_autoptr (GString) text = g_string_new (NULL), expected = g_string_new ("1:");
  for (gint i = 0; i < 40; i++) {
    g_autofree char *field = g_strnfill ((gsize) i * 1000, (char) ('a' + i % 26));
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", field);
    g_string_append_printf (expected, "[%s]", field);
  }
  g_string_append_c (expected, '\n');
  g_autofree char *got = read_whole (text->str, text->len, ',');
  assert_string_equal (got, expected->str);
}

static gboolean
refuse_second (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  (void) n_fields;
  guint *rows = data;
  if (++*rows < 2)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, "%u %s", line, fields[0].text);
  return FALSE;
}

/* Three rows in one line, the third not even well quoted: nothing is read after the refusal. */
static void
what_the_row_function_refuses_stops_the_reading (void **state)
{
  (void) state;
  guint rows = 0;
  g_autoptr (FeeCsv) csv = fee_csv_new (',', refuse_second, &rows);
  g_autoptr (GError) error = NULL;
  assert_false (fee_csv_feed (csv, "a\rb\rc\rd\"", 8, &error));
  assert_true (g_error_matches (error, FEE_ERROR, FEE_ERROR_POLICY));
  assert_string_equal (error->message, "1 b");
  assert_true (rows == 2);
}

static void
the_row_function_may_refuse_the_last_row (void **state)
{
  (void) state;
  guint rows = 0;
  g_autoptr (FeeCsv) csv = fee_csv_new (',', refuse_second, &rows);
  g_autoptr (GError) error = NULL;
  assert_true (fee_csv_feed (csv, "a\nb", 3, &error));
  assert_false (fee_csv_finish (csv, &error));
  assert_string_equal (error->message, "2 b");
}

static void
a_reader_is_freed_in_the_middle_of_a_row (void **state)
{
  (void) state;
  gsize count = 0;
  g_autoptr (FeeCsv) csv = fee_csv_new (',', count_fields, &count);
  g_autoptr (GError) error = NULL;
  assert_true (fee_csv_feed (csv, "a,\"b", 4, &error));
  assert_true (fee_csv_feed (csv, NULL, 0, &error));
  assert_true (count == 0);
}

static char *
random_text (GRand *random, guint most)
{
  static const char *const bits[] = { "\"", "\"", "\"\"", ",", ",", "\n", "\n", "\r\n", "\r", " ", "\t", "a", "费", "𬱖",
                                      ",\"", "\",", "\n\"", "\"\n" };
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint n = (guint) g_rand_int_range (random, 0, (gint32) most); n > 0; n--)
    g_string_append (text, bits[g_rand_int_range (random, 0, G_N_ELEMENTS (bits))]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_cut_reads (const char *text, const gsize *cuts, const char *expected)
{
  g_autofree char *got = read_cut (text, cuts, ',');
  assert_string_equal (got, expected);
}

static void
the_reading_does_not_depend_on_the_cutting (void **state)
{
  (void) state;
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint refused = 0, taken = 0;
  for (guint i = 0; i < 1500; i++) {
    g_autofree char *text = random_text (random, 20);
    gsize length = strlen (text);
    g_autofree char *whole = read_whole (text, length, ',');
    *(strchr (whole, '!') != NULL ? &refused : &taken) += 1;
    g_autofree gsize *cuts = g_new0 (gsize, length + 2);
    for (gsize at = 1; at < length; at++) {
      const gsize two[] = { at, length, 0 };
      assert_cut_reads (text, two, whole);
    }
    for (gsize at = 0; at < length; at++)
      cuts[at] = at + 1;
    assert_cut_reads (text, cuts, whole);
  }
  assert_true (refused > 200 && taken > 200);
}

/* A huge field and NUL, too, are refused in the same words. */
static void
errors_do_not_depend_on_the_cutting (void **state)
{
  (void) state;
  g_autofree char *field = g_strnfill (FEE_FIELD_MAX + 200, 'x');
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  for (guint i = 0; i < 200; i++) {
    g_autoptr (GString) text = g_string_new ("a\n\"b\n\"");
    g_string_append_printf (text, ",%s%.*s\n", i % 2 ? "\"" : "", FEE_FIELD_MAX + g_rand_int_range (random, -2, 100), field);
    if (i % 4 == 0)
      g_string_append_len (text, "\0", 1);
    g_autofree char *whole = read_whole (text->str, text->len, ',');
    gsize from = i % 2 ? 1 : FEE_FIELD_MAX;
    gsize one = (gsize) g_rand_int_range (random, (gint32) from, (gint32) text->len);
    const gsize cuts[] = { one, text->len, 0 };
    assert_cut_reads (text->str, cuts, whole);
  }
}

/* Writes a random field, perhaps quoted; what it says goes to shown. Returns the line breaks in it. */
static guint
write_field (GRand *random, GString *text, GString *shown)
{
  static const char *const bits[] = { "a", "费", "0", ",", "\n", "\"", " ", "\r\n", "\t", "𬱖" };
  gboolean quoted = g_rand_boolean (random);
  guint breaks = 0;
  g_autoptr (GString) field = g_string_new (NULL);
  for (gint n = g_rand_int_range (random, quoted ? 0 : 1, 5); n > 0; n--) {
    const char *bit = bits[g_rand_int_range (random, 0, quoted ? G_N_ELEMENTS (bits) : 3)];
    g_string_append (field, bit);
    breaks += strchr (bit, '\n') != NULL;
  }
  g_string_append_printf (shown, "[%s]", field->str);
  g_string_replace (field, "\"", "\"\"", 0);
  const char *quote = quoted ? "\"" : "", *blank = g_rand_int_range (random, 0, 4) == 0 ? " " : "";
  g_string_append_printf (text, "%s%s%s%s%s", blank, quote, field->str, quote, blank);
  return breaks;
}

static guint
write_row (GRand *random, GString *text, GString *shown, guint line)
{
  g_string_append_printf (shown, "%u:", line);
  for (gint n = g_rand_int_range (random, 1, 6); n > 0; n--) {
    line += write_field (random, text, shown);
    g_string_append_c (text, n > 1 ? ',' : '\n');
  }
  g_string_append_c (shown, '\n');
  for (line++; g_rand_int_range (random, 0, 5) == 0; line++)
    g_string_append (text, g_rand_boolean (random) ? "\r\n" : " \n");
  return line;
}

static void
what_was_written_reads_back_with_its_lines (void **state)
{
  (void) state;
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  for (guint i = 0; i < 2000; i++) {
    g_autoptr (GString) text = g_string_new (NULL), shown = g_string_new (NULL);
    guint line = 1;
    for (gint rows = g_rand_int_range (random, 0, 30); rows > 0; rows--)
      line = write_row (random, text, shown, line);
    g_autofree char *got = read_whole (text->str, text->len, ',');
    assert_string_equal (got, shown->str);
  }
}

static void
assert_delimiter (const char *text, char expected)
{
  char found = fee_csv_find_delimiter (text, strlen (text));
  if (found != expected)
    fail_msg ("\"%s\" has the delimiter '%c'", text, found);
}

static void
the_delimiter_is_what_the_first_line_has_most_of (void **state)
{
  (void) state;
  assert_delimiter ("a,b,c\n", ',');
  assert_delimiter ("a;b;c\n", ';');
  assert_delimiter ("a\tb\tc\n", '\t');
  assert_delimiter ("a;b;c,d\n", ';');
  assert_delimiter ("a,b,c;d\n", ',');
  assert_delimiter ("a\tb\tc;d\n", '\t');
  assert_delimiter ("a,b;c", ',');
  assert_delimiter ("a;b\tc", ';');
  assert_delimiter ("a;b\n1,2,3,4,5\n", ';');
  assert_delimiter ("a;b\r1,2,3,4,5\r", ';');
  assert_delimiter ("\r\n \n,\t\t\n;", '\t');
  assert_delimiter ("\t\t\t\n\na;b\n", ';');
  assert_delimiter ("\"a,b,c\";\"d\"\n", ';');
  assert_delimiter ("\"a\nb,,,\"\t\"\"\"c;;\"\n", '\t');
  assert_delimiter ("amount\n1,2\n", ',');
  assert_delimiter ("amount\n1;2\n", ',');
  assert_delimiter ("", ',');
  assert_delimiter ("\n\n", ',');
  assert_delimiter ("\"a;b", ',');
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rows_know_the_line_where_they_begin),
    cmocka_unit_test (a_lone_cr_ends_a_row_but_no_line),
    cmocka_unit_test (an_empty_text_has_no_rows),
    cmocka_unit_test (empty_fields_make_a_row),
    cmocka_unit_test (outer_blanks_go_unless_they_are_quoted),
    cmocka_unit_test (quotes_are_written_twice),
    cmocka_unit_test (an_open_quote_is_named_by_its_line),
    cmocka_unit_test (a_stray_quote_is_refused_with_its_line),
    cmocka_unit_test (nul_is_refused_with_its_line),
    cmocka_unit_test (a_field_over_64_kib_is_refused_by_the_line_where_it_begins),
    cmocka_unit_test (a_row_of_too_many_fields_is_refused),
    cmocka_unit_test (a_row_may_be_larger_than_a_field),
    cmocka_unit_test (what_the_row_function_refuses_stops_the_reading),
    cmocka_unit_test (the_row_function_may_refuse_the_last_row),
    cmocka_unit_test (a_reader_is_freed_in_the_middle_of_a_row),
    cmocka_unit_test (the_reading_does_not_depend_on_the_cutting),
    cmocka_unit_test (errors_do_not_depend_on_the_cutting),
    cmocka_unit_test (what_was_written_reads_back_with_its_lines),
    cmocka_unit_test (the_delimiter_is_what_the_first_line_has_most_of),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
