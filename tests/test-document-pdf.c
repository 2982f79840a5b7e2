/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is on the pages is read back by pdftotext, whose output has a form feed after each page. */
#include "fee-test.h"

#include <glib/gstdio.h>

#include "../libfee/report/fee-document.h"

static const FeeOutputColumn columns[] = {
  { "item", "Service", "服务项目", FEE_COLUMN_TEXT },
  { "words", "Shared by", "按什么分", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
};

static const FeeDocumentOptions english = { .format = FEE_FORMAT_PDF, .decimals = 2, .lang = "en", .title = "Fee notice 田" },
                                chinese = { .format = FEE_FORMAT_PDF, .decimals = 2, .lang = "zh_CN", .title = "缴费通知单" };

static gboolean
keep (const char *bytes, gsize length, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_string_append_len (data, bytes, (gssize) length);
  return TRUE;
}

/* A disk that is full after so many bytes */
static gboolean
keep_some (G_GNUC_UNUSED const char *bytes, gsize length, gpointer data, GError **error)
{
  gsize *left = data;
  if (length <= *left) {
    *left -= length;
    return TRUE;
  }
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "the disk is full");
  return FALSE;
}

static void
write_table (FeeDocument *document, guint n_rows, gboolean sum)
{
  FeeWriter *table = fee_document_begin_table (document, columns, G_N_ELEMENTS (columns), NULL);
  for (guint i = 1; i <= n_rows; i++) {
    g_autofree char *item = g_strdup_printf ("row %u", i);
    fee_writer_text (table, item);
    fee_writer_text (table, "建筑面积 × 楼层系数");
    fee_writer_money (table, 123456 + i);
  }
  if (sum) {
    fee_writer_sum (table);
    fee_writer_text (table, "Sum");
    fee_writer_empty (table);
    fee_writer_money (table, 98765432100);
  }
  fee_document_end_table (document);
}

/* All kinds of blocks */
static void
write_sheet (FeeDocument *document)
{
  const FeeDocumentFact facts[] = { { "Number", "202602-0000001" }, { "Payer", "张* (owner)" } };
  const char *const labels[] = { "1月", "2月" }, *const texts[] = { "1,000.00", "3,000.00" }, *const series[] = { "lifts", "other" };
  const gint64 values[] = { 40000, 60000, 100000, 200000 };
  FeeDocumentChart chart = { .title = "By month", .series = series, .n_series = 2, .labels = labels, .texts = texts, .n_bars = 2, .values = values };
  fee_document_sheet (document, "和苑小区", "Fee notice");
  fee_document_facts (document, facts, G_N_ELEMENTS (facts));
  fee_document_heading (document, 2, "What it is made of");
  write_table (document, 3, TRUE);
  fee_document_gap (document);
  fee_document_amount (document, "应交合计", 432174, TRUE);
  fee_document_paragraph (document, "first line\nsecond\x1b line \xe2\x80\xae!");
  fee_document_chart (document, &chart);
  fee_document_note (document, "small print");
}

static GString *
make (const FeeDocumentOptions *options, void (*write) (FeeDocument *document))
{
  GString *out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FeeDocument) document = fee_document_new (options, keep, out);
  write (document);
  assert_ok (fee_document_finish (document, &error), error);
  assert_true (g_str_has_prefix (out->str, "%PDF-") && strcmp (out->str + out->len - 6, "%%EOF\n") == 0);
  return out;
}

/* Texts of its pages; the last one is empty. Owned by the caller; free with g_strfreev(). */
static char **
pages_of (const GString *pdf)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gint fd = g_file_open_tmp ("fee-XXXXXX.pdf", &path, &error), status = 0;
  assert_ok (fd >= 0 && g_close (fd, &error) && g_file_set_contents (path, pdf->str, (gssize) pdf->len, &error), error);
  const char *const command[] = { "pdftotext", "-layout", path, "-", NULL };
  assert_ok (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, &status, &error), error);
  g_unlink (path);
  assert_is (status, 0);
  return g_strsplit (text, "\f", -1);
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    fail_msg ("no \"%s\" in\n%s", part, text);
}

static void
all_blocks_can_be_read_back (G_GNUC_UNUSED void **state)
{
  static const char *const parts[] = {
    "和苑小区", "Fee notice", "Number 202602-0000001", "张* (owner)", "What it is made of", "Service", "row 3", "建筑面积 × 楼层系数", "1,234.59",
    "987,654,321.00", "应交合计", "4,321.74", "first line\n", "second\\x1b line \\u202e!", "By month", "lifts", "1月", "3,000.00", "small print", "1/1",
  };
  GString *pdf = make (&english, write_sheet);
  g_auto (GStrv) pages = pages_of (pdf);
  assert_is (g_strv_length (pages), 2);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    assert_has (pages[0], parts[i]);
  g_string_free (pdf, TRUE);
}

static void
write_long (FeeDocument *document)
{
  fee_document_sheet (document, "Heyuan Court", "Long");
  write_table (document, 100, TRUE);
  assert_is (fee_document_pages (document), 3);
  fee_document_sheet (document, "Heyuan Court", "Short");
  assert_is (fee_document_pages (document), 4);
}

static void
a_long_table_repeats_its_headings_on_each_page_and_sheets_count_their_own_pages (G_GNUC_UNUSED void **state)
{
  GString *pdf = make (&english, write_long);
  g_auto (GStrv) pages = pages_of (pdf);
  g_autofree char *all = g_strjoinv ("", pages);
  assert_is (g_strv_length (pages), 5);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *number = g_strdup_printf ("%u/3\n", i + 1);
    assert_has (pages[i], number);
    assert_has (pages[i], "Shared by");
  }
  assert_has (pages[1], "Heyuan Court Long");
  assert_has (pages[2], "row 100");
  assert_has (pages[2], "Sum");
  assert_has (pages[3], "1/1\n");
  for (guint i = 1; i <= 100; i++) {
    g_autofree char *row = g_strdup_printf ("row %u ", i);
    assert_has (all, row);
  }
  g_string_free (pdf, TRUE);
}

/* Fifteen columns of amounts and a text do not fit at 9 points. */
static void
write_wide (FeeDocument *document)
{
  FeeOutputColumn wide[16];
  fee_document_sheet (document, "Heyuan Court", "Wide");
  for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
    wide[i] = (FeeOutputColumn) { "amount", "Amount", "金额", FEE_COLUMN_MONEY };
  wide[0] = (FeeOutputColumn) { "text", "Text", "文字", FEE_COLUMN_TEXT };
  FeeWriter *table = fee_document_begin_table (document, wide, G_N_ELEMENTS (wide), NULL);
  fee_writer_text (table, "a text that must be wrapped in a narrow column, and is all there");
  for (guint i = 1; i < G_N_ELEMENTS (wide); i++)
    fee_writer_money (table, -123456789012345 - i);
  fee_document_end_table (document);
}

static void
amounts_are_never_shortened_or_wrapped_but_made_smaller (G_GNUC_UNUSED void **state)
{
  GString *pdf = make (&chinese, write_wide);
  g_auto (GStrv) pages = pages_of (pdf);
  assert_is (g_strv_length (pages), 2);
  for (guint i = 1; i < 16; i++) {
    g_autofree char *amount = g_strdup_printf ("-1,234,567,890,123.%02u", 45 + i);
    assert_has (pages[0], amount);
  }
  assert_has (pages[0], "narrow");
  assert_has (pages[0], "there");
  g_string_free (pdf, TRUE);
}

/* A cell and a paragraph that are longer than a page each, of words by number */
static void
write_endless (FeeDocument *document)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < 2500; i++)
    g_string_append_printf (text, "%sw%u", i == 0 ? "" : " ", i);
  FeeWriter *table = fee_document_begin_table (document, columns, G_N_ELEMENTS (columns), NULL);
  fee_writer_text (table, "x");
  fee_writer_text (table, text->str);
  fee_writer_money (table, 1);
  fee_document_end_table (document);
  fee_document_paragraph (document, text->str);
}

static void
what_is_longer_than_a_page_goes_on_on_the_next (G_GNUC_UNUSED void **state)
{
  GString *pdf = make (&english, write_endless);
  g_auto (GStrv) pages = pages_of (pdf);
  g_autofree char *all = g_strjoinv (" ", pages);
  g_auto (GStrv) words = g_strsplit_set (all, " \n", -1);
  guint n = 0;
  for (char **word = words; *word != NULL; word++)
    n += **word == 'w' ? 1 : 0;
  assert_is (n, 5000);
  assert_true (g_strv_length (pages) > 3);
  g_string_free (pdf, TRUE);
}

static void
write_nothing (G_GNUC_UNUSED FeeDocument *document)
{
}

static void
a_document_of_nothing_is_a_page (G_GNUC_UNUSED void **state)
{
  GString *pdf = make (&english, write_nothing);
  g_auto (GStrv) pages = pages_of (pdf);
  assert_is (g_strv_length (pages), 2);
  g_string_free (pdf, TRUE);
}

/* cairo writes the second in which a file was made where it is not told otherwise. */
static void
the_same_blocks_give_the_same_bytes_at_another_time (G_GNUC_UNUSED void **state)
{
  GString *first = make (&chinese, write_sheet);
  g_usleep (1100 * 1000);
  GString *second = make (&chinese, write_sheet);
  assert_true (g_string_equal (first, second));
  assert_null (memmem (first->str, first->len, "CreationDate", strlen ("CreationDate")));
  g_string_free (first, TRUE);
  g_string_free (second, TRUE);
}

static void
an_error_of_writing_comes_back_and_nothing_is_written_after_it (G_GNUC_UNUSED void **state)
{
  for (gsize room = 0; room <= 128 * 1024; room += 64 * 1024) {
    gsize left = room;
    g_autoptr (GError) error = NULL;
    g_autoptr (FeeDocument) document = fee_document_new (&english, keep_some, &left);
    for (guint i = 0; i < 300; i++)
      write_sheet (document);
    assert_fails (fee_document_finish (document, &error), error, FEE_ERROR_IO, "the disk is full");
  }
}

static void
a_document_that_is_given_up_hands_nothing_on (G_GNUC_UNUSED void **state)
{
  GString *out = g_string_new (NULL);
  FeeDocument *document = fee_document_new (&english, keep, out);
  write_sheet (document);
  fee_document_free (document);
  assert_is (out->len, 0);
  g_string_free (out, TRUE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (all_blocks_can_be_read_back),
    cmocka_unit_test (a_long_table_repeats_its_headings_on_each_page_and_sheets_count_their_own_pages),
    cmocka_unit_test (amounts_are_never_shortened_or_wrapped_but_made_smaller),
    cmocka_unit_test (what_is_longer_than_a_page_goes_on_on_the_next),
    cmocka_unit_test (a_document_of_nothing_is_a_page),
    cmocka_unit_test (the_same_blocks_give_the_same_bytes_at_another_time),
    cmocka_unit_test (an_error_of_writing_comes_back_and_nothing_is_written_after_it),
    cmocka_unit_test (a_document_that_is_given_up_hands_nothing_on),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
