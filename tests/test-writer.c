/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "../libfee/base/fee-error.h"
#include "../libfee/report/fee-writer.h"

static const FeeOutputColumn columns[] = {
  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "name", "Name", "姓名", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
  { "days", "Days", "天数", FEE_COLUMN_COUNT },
};

static gboolean
keep (const char *bytes, gsize length, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_string_append_len (data, bytes, (gssize) length);
  return TRUE;
}

static void
write_row (FeeWriter *writer, const char *unit, const char *name, FeeMoney amount, gint64 days)
{
  fee_writer_text (writer, unit);
  fee_writer_text (writer, name);
  fee_writer_money (writer, amount);
  fee_writer_count (writer, days);
}

/* One text in a column of its own, after the header. */
static void
assert_cell (const FeeWriterOptions *options, const char *text, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (options, columns, 1, keep, out);
  fee_writer_text (writer, text);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, expected);
}

static void
csv_has_a_header_and_lines_that_end_in_lf (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = 2, .lang = "zh_CN" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  write_row (writer, "007", "张三", -123450, 31);
  fee_writer_text (writer, "");
  for (guint i = 1; i < 4; i++)
    fee_writer_empty (writer);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "unit,name,amount,days\n007,张三,-1234.50,31\n,,,\n");
}

static void
csv_quotes_only_where_needed (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = 2, .lang = "en" };
  assert_cell (&options, "a b;c'd", "unit\na b;c'd\n");
  assert_cell (&options, "a,b", "unit\n\"a,b\"\n");
  assert_cell (&options, "a\"b", "unit\n\"a\"\"b\"\n");
  assert_cell (&options, "a\nb", "unit\n\"a\nb\"\n");
  assert_cell (&options, "a\rb", "unit\n\"a\rb\"\n");
  assert_cell (&options, " a", "unit\n\" a\"\n");
  assert_cell (&options, "a\t", "unit\n\"a\t\"\n");
  assert_cell (&options, "", "unit\n\"\"\n");
}

static void
csv_guards_text_that_a_spreadsheet_would_compute (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = 2, .lang = "en" };
  assert_cell (&options, "=1+1", "unit\n'=1+1\n");
  assert_cell (&options, "+86", "unit\n'+86\n");
  assert_cell (&options, "-B1", "unit\n'-B1\n");
  assert_cell (&options, "@x", "unit\n'@x\n");
  assert_cell (&options, "\tx", "unit\n'\tx\n");
  assert_cell (&options, "\rx", "unit\n\"'\rx\"\n");
  assert_cell (&options, "=a,b", "unit\n\"'=a,b\"\n");
  assert_cell (&options, "a=b", "unit\na=b\n");
  options.raw = TRUE;
  assert_cell (&options, "=1+1", "unit\n=1+1\n");
}

static void
csv_for_excel_has_bom_crlf_and_headings (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = 2, .lang = "zh_CN", .excel = TRUE };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  write_row (writer, "=7", "", 5, -1);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "\xef\xbb\xbf" "房号,姓名,金额,天数\r\n'=7,,0.05,-1\r\n");
}

static void
json_is_one_array_with_an_object_a_row (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_JSON, .decimals = 2, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  write_row (writer, "=7", "张\"三\n", G_MAXINT64, G_MAXINT64);
  write_row (writer, "007", "", -5, 0);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "[\n"
                                 "{\"unit\":\"=7\",\"name\":\"张\\\"三\\n\",\"amount\":\"92233720368547758.07\","
                                 "\"days\":9223372036854775807},\n"
                                 "{\"unit\":\"007\",\"name\":null,\"amount\":\"-0.05\",\"days\":0}\n]\n");
}

static void
json_of_no_rows_is_an_empty_array (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_JSON, .decimals = 2, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "[\n]\n");
}

static void
json_refuses_text_that_is_not_utf8 (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_JSON, .decimals = 2, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  write_row (writer, "7", "\xff", 1, 1);
  g_autoptr (GError) error = NULL;
  assert_false (fee_writer_finish (writer, &error));
  assert_true (g_error_matches (error, FEE_ERROR, FEE_ERROR_INTERNAL));
  assert_string_equal (error->message, "a text of column \"name\" is not UTF-8");
}

static void
text_is_aligned_by_cells_without_trailing_blanks (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "zh_CN" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  write_row (writer, "1-2-0701", "张三", 123456, 31);
  write_row (writer, "=7\n", "A", -5, 100);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "房号      姓名      金额  天数\n"
                                 "1-2-0701  张三  1,234.56    31\n"
                                 "=7\\n      A        -0.05   100\n");
}

static void
text_that_ends_in_an_empty_cell_has_no_trailing_blanks (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 2, keep, out);
  fee_writer_text (writer, "7");
  fee_writer_empty (writer);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "Unit  Name\n7\n");
}

static void
text_of_no_rows_is_its_headings (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "Unit  Name  Amount  Days\n");
}

static void
text_too_wide_is_cut_in_its_widest_text_only (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "en", .width = 29 };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  write_row (writer, "101", "和苑小区物业", 100, 1);
  write_row (writer, "102", "abcdefghij", 100, 1);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "Unit  Name       Amount  Days\n"
                                 "101   和苑小区…    1.00     1\n"
                                 "102   abcdefgh…    1.00     1\n");
}

static void
a_table_that_fits_in_no_way_is_shown_a_cell_a_line (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "zh_CN", .width = 20 };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  write_row (writer, "101", "和苑小区物业", 123456, 1);
  write_row (writer, "102", "", -100, 12);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "房号  101\n姓名  和苑小区物业\n金额  1,234.56\n天数  1\n"
                                 "\n房号  102\n金额  -1.00\n天数  12\n");
}

static void
colour_is_for_headings_sums_and_what_is_negative (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "en", .colour = TRUE };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 3, keep, out);
  fee_writer_text (writer, "101");
  fee_writer_text (writer, "-X");
  fee_writer_money (writer, -100);
  fee_writer_sum (writer);
  fee_writer_text (writer, "all");
  fee_writer_empty (writer);
  fee_writer_money (writer, 100);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "\033[1mUnit\033[0m  \033[1mName\033[0m  \033[1mAmount\033[0m\n"
                                 "101   -X    \033[31m -1.00\033[0m\n"
                                 "\033[1mall \033[0m        \033[1m  1.00\033[0m\n");
}

static void
quantities_dates_and_periods_show_as_interface_says (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = 0, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 2, keep, out);
  FeeDate day;
  assert_true (fee_date_make (2026, 3, 1, &day));
  fee_writer_quantity (writer, 2774500000);
  fee_writer_quantity (writer, FEE_QUANTITY_NONE);
  fee_writer_date (writer, day);
  fee_writer_period (writer, fee_period_of (day));
  fee_writer_date (writer, FEE_DATE_NONE);
  fee_writer_period (writer, FEE_PERIOD_NONE);
  fee_writer_date (writer, FEE_DATE_FOREVER);
  fee_writer_money (writer, 12);
  /* the same number is another text as a period */
  fee_writer_date (writer, 24315);
  fee_writer_date (writer, 24315);
  fee_writer_period (writer, 24315);
  fee_writer_period (writer, 24315);
  assert_true (fee_writer_finish (writer, NULL));
  assert_string_equal (out->str, "unit,name\n2774.5,\n2026-03-01,2026-03\n,\n,12\n2036-07-28,2036-07-28\n2026-04,2026-04\n");
}

typedef struct {
  guint calls, fail_at;
  gsize least, bytes;
} Sink;

static gboolean
count_bytes (G_GNUC_UNUSED const char *bytes, gsize length, gpointer data, GError **error)
{
  Sink *sink = data;
  sink->calls++;
  sink->bytes += length;
  if (sink->calls == 1)
    sink->least = length;
  if (sink->calls != sink->fail_at)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "disk full at call %u", sink->calls);
  return FALSE;
}

static void
fill (FeeWriter *writer, guint rows)
{
  for (guint i = 0; i < rows; i++)
    write_row (writer, "1-2-0701", "abcdef", 100, 31);
}

static void
rows_are_handed_on_in_pieces_of_64_kib (G_GNUC_UNUSED void **state)
{
  for (FeeFormat format = FEE_FORMAT_TEXT; format <= FEE_FORMAT_JSON; format++) {
    FeeWriterOptions options = { .format = format, .decimals = 2, .lang = "en" };
    Sink sink = { 0 };
    g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, count_bytes, &sink);
    fill (writer, 10000);
    assert_true (fee_writer_finish (writer, NULL));
    assert_true (sink.calls > 3);
    assert_true (sink.least >= 64 * 1024 && sink.least < 65 * 1024);
  }
}

static void
the_first_error_sticks_and_ends_the_document (G_GNUC_UNUSED void **state)
{
  for (FeeFormat format = FEE_FORMAT_TEXT; format <= FEE_FORMAT_JSON; format++) {
    FeeWriterOptions options = { .format = format, .decimals = 2, .lang = "en" };
    Sink sink = { .fail_at = 2 };
    g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, count_bytes, &sink);
    fill (writer, 10000);
    g_autoptr (GError) error = NULL;
    assert_false (fee_writer_finish (writer, &error));
    assert_true (g_error_matches (error, FEE_ERROR, FEE_ERROR_IO));
    assert_string_equal (error->message, "disk full at call 2");
    assert_int_equal (sink.calls, 2);
  }
}

static void
a_row_that_is_cut_short_is_an_internal_error (G_GNUC_UNUSED void **state)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = 2, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, 4, keep, out);
  fee_writer_text (writer, "7");
  g_autoptr (GError) error = NULL;
  assert_false (fee_writer_finish (writer, &error));
  assert_true (g_error_matches (error, FEE_ERROR, FEE_ERROR_INTERNAL));
  assert_string_equal (error->message, "a row of a table ends before column \"name\"");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (csv_has_a_header_and_lines_that_end_in_lf),
    cmocka_unit_test (csv_quotes_only_where_needed),
    cmocka_unit_test (csv_guards_text_that_a_spreadsheet_would_compute),
    cmocka_unit_test (csv_for_excel_has_bom_crlf_and_headings),
    cmocka_unit_test (json_is_one_array_with_an_object_a_row),
    cmocka_unit_test (json_of_no_rows_is_an_empty_array),
    cmocka_unit_test (json_refuses_text_that_is_not_utf8),
    cmocka_unit_test (text_is_aligned_by_cells_without_trailing_blanks),
    cmocka_unit_test (text_that_ends_in_an_empty_cell_has_no_trailing_blanks),
    cmocka_unit_test (text_of_no_rows_is_its_headings),
    cmocka_unit_test (text_too_wide_is_cut_in_its_widest_text_only),
    cmocka_unit_test (a_table_that_fits_in_no_way_is_shown_a_cell_a_line),
    cmocka_unit_test (colour_is_for_headings_sums_and_what_is_negative),
    cmocka_unit_test (quantities_dates_and_periods_show_as_interface_says),
    cmocka_unit_test (rows_are_handed_on_in_pieces_of_64_kib),
    cmocka_unit_test (the_first_error_sticks_and_ends_the_document),
    cmocka_unit_test (a_row_that_is_cut_short_is_an_internal_error),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
