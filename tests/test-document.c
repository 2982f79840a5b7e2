/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/base/fee-hash.h"
#include "../libfee/report/fee-document.h"

/* ---- Where it goes */

typedef struct {
  GString *out;
  guint pieces, fails_at; /* 0: never */
} Sink;

static gboolean
keep (const char *bytes, gsize length, gpointer data, GError **error)
{
  Sink *sink = data;
  if (++sink->pieces == sink->fails_at) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "the disk is full");
    return FALSE;
  }
  g_string_append_len (sink->out, bytes, (gssize) length);
  return TRUE;
}

typedef void (*Say) (FeeDocument *document, gconstpointer data);

static char *
made (FeeFormat format, gboolean contents, Say say, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Sink sink = { g_string_new (NULL), 0, 0 };
  FeeDocumentOptions options = { .format = format, .decimals = 2, .lang = "en", .title = data != NULL ? data : "Costs & shares", .contents = contents };
  g_autoptr (FeeDocument) document = fee_document_new (&options, keep, &sink);
  say (document, data);
  assert_ok (fee_document_finish (document, &error), error);
  return g_string_free (sink.out, FALSE);
}

/* ---- What it says */

static const FeeOutputColumn wide[] = {
  { "item", "Item", "项目", FEE_COLUMN_TEXT },     { "day", "Day", "日期", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY }, { "n", "Days \"late\"", "天数", FEE_COLUMN_COUNT },
};
static const FeeOutputColumn narrow[] = { { "n", "No.", "序号", FEE_COLUMN_COUNT }, { "name", "Name", "名称", FEE_COLUMN_TEXT } };

static void
write_row (FeeWriter *table, const char *item, const char *date, FeeMoney amount, gint64 n)
{
  fee_writer_text (table, item);
  fee_writer_date (table, date == NULL ? FEE_DATE_NONE : day (date));
  fee_writer_money (table, amount);
  fee_writer_count (table, n);
}

static void
say_tables (FeeDocument *document)
{
  FeeWriter *table = fee_document_begin_table (document, wide, G_N_ELEMENTS (wide), "What is <open>");
  write_row (table, "<b>Lift</b> & \xe7\x94\xb5\xe6\xa2\xaf", "2026-03-21", 123456789, 30);
  write_row (table, "", NULL, -1250, 0);
  fee_writer_sum (table);
  write_row (table, "total", NULL, 123455539, 30);
  fee_document_end_table (document);
  fee_document_gap (document);
  table = fee_document_begin_table (document, narrow, G_N_ELEMENTS (narrow), NULL);
  fee_writer_count (table, 1);
  fee_writer_text (table, "one\ttwo\nthree");
  fee_writer_count (table, 2);
  fee_writer_sum (table); /* also of a row that has begun */
  fee_writer_empty (table);
  fee_document_end_table (document);
}

static void
say_charts (FeeDocument *document)
{
  static const char *const labels[] = { "Building 1", "楼 <2>", "none" }, *const texts[] = { "1,000.00", "250.00", "0.00" };
  static const char *const series[] = { "Paid", "Open & due" };
  static const gint64 single[] = { 100000, 25000, 0 }, stacked[] = { 80000, 20000, 25000, 0, 0, 0 };
  FeeDocumentChart one = { .title = "Costs", .n_series = 1, .labels = labels, .texts = texts, .n_bars = 3, .values = single };
  FeeDocumentChart two = { .title = "Collection", .series = series, .n_series = 2, .labels = labels, .texts = texts, .n_bars = 3, .values = stacked, .full = 200000 };
  fee_document_chart (document, &one);
  fee_document_chart (document, &two);
}

static void
say_everything (FeeDocument *document, G_GNUC_UNUSED gconstpointer data)
{
  const FeeDocumentFact facts[] = { { "Number", "R-1" }, { "Payer", "<script>alert(1)</script>" } };
  fee_document_sheet (document, "Heyuan <Court>", "Costs & shares");
  fee_document_facts (document, facts, G_N_ELEMENTS (facts));
  fee_document_paragraph (document, "First line\nsecond \"line\"");
  fee_document_gap (document);
  fee_document_heading (document, 3, "Within no part");
  fee_document_printf (document, "%d%%", 50);
  fee_document_heading (document, 2, "Tables <1>");
  say_tables (document);
  fee_document_gap (document);
  fee_document_gap (document);
  fee_document_amount (document, "Sum", 123456, FALSE);
  fee_document_amount (document, "To pay", -5, TRUE);
  fee_document_heading (document, 2, "Charts");
  fee_document_heading (document, 3, "Within a part");
  say_charts (document);
  fee_document_note (document, "\xe2\x80\xae small \x1b[31m print");
  fee_document_gap (document);
  fee_document_set_lang (document, "zh_CN");
  fee_document_sheet (document, "", "和苑小区");
  fee_document_end_table ((fee_document_begin_table (document, narrow, G_N_ELEMENTS (narrow), "空表"), document));
  fee_document_gap (document);
}

/* Without the style, of which another test is about. */
static char *
without_style (const char *html)
{
  const char *begin = strstr (html, "<style>"), *end = strstr (html, "</style>");
  const char *hash = strstr (html, "'sha256-");
  assert_true (begin != NULL && end > begin && hash != NULL && hash < begin);
  const char *after = strchr (hash + 1, '\'');
  return g_strdup_printf ("%.*s'sha256-'%.*s<style>%s", (int) (hash - html), html, (int) (begin - after - 1), after + 1, end);
}

static void
a_document_reads_as_it_should_in_text (void **state)
{
  (void) state;
  g_autofree char *got = made (FEE_FORMAT_TEXT, FALSE, say_everything, NULL);
  test_golden ("document.txt", got);
}

static void
a_document_reads_as_it_should_in_html_and_the_same_each_time (void **state)
{
  (void) state;
  g_autofree char *html = made (FEE_FORMAT_HTML, TRUE, say_everything, NULL), *again = made (FEE_FORMAT_HTML, TRUE, say_everything, NULL);
  g_autofree char *got = without_style (html);
  assert_text (again, html);
  test_golden ("document.html", got);
}

/* ---- Nothing of a record is ever markup */

static void
say_hostile (FeeDocument *document, gconstpointer data)
{
  const char *text = data;
  const char *const texts[] = { text, text };
  const gint64 values[] = { 1, 2, 3, 4 };
  const FeeDocumentFact fact = { text, text };
  static const FeeOutputColumn columns[] = { { "a", "A", "A", FEE_COLUMN_TEXT }, { "b", "B", "B", FEE_COLUMN_NUMBER },
                                             { "c", "C", "C", FEE_COLUMN_TEXT }, { "d", "D", "D", FEE_COLUMN_TEXT } };
  FeeDocumentChart chart = { .title = text, .series = texts, .n_series = 2, .labels = texts, .texts = texts, .n_bars = 2, .values = values };
  fee_document_sheet (document, text, text);
  fee_document_heading (document, 2, text);
  fee_document_heading (document, 3, text);
  fee_document_paragraph (document, text);
  fee_document_note (document, text);
  fee_document_facts (document, &fact, 1);
  fee_document_amount (document, text, 1, FALSE);
  fee_document_chart (document, &chart);
  FeeWriter *table = fee_document_begin_table (document, columns, G_N_ELEMENTS (columns), text);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    fee_writer_text (table, text);
  fee_document_end_table (document);
}

static guint
count_of (const char *text, char sign)
{
  guint n = 0;
  for (; *text != '\0'; text++)
    n += *text == sign;
  return n;
}

/* As much markup as with a harmless text, and nothing that a reader's browser or terminal would obey. */
static void
assert_harmless (const char *text, const char *with_harmless)
{
  g_autofree char *html = made (FEE_FORMAT_HTML, TRUE, say_hostile, text), *plain = made (FEE_FORMAT_TEXT, FALSE, say_hostile, text);
  const char *const both[] = { html, plain };
  for (const char *sign = "<>\"'"; *sign != '\0'; sign++)
    assert_is (count_of (html, *sign), count_of (with_harmless, *sign));
  for (guint i = 0; i < G_N_ELEMENTS (both); i++) {
    assert_true (g_utf8_validate (both[i], -1, NULL));
    for (const char *at = both[i]; *at != '\0'; at = g_utf8_next_char (at)) {
      gunichar c = g_utf8_get_char (at);
      gboolean kept = c == '\n' || (i == 1 && c == '\t');
      assert_true ((c >= 0x20 || kept) && (c < 0x7f || c >= 0xa0) && (c < 0x202a || c > 0x202e) && (c < 0x2066 || c > 0x2069));
    }
  }
}

static void
no_byte_of_a_text_is_ever_markup (void **state)
{
  (void) state;
  static const char *const hostile[] = {
    "</title><script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' x='", "<!--", "]]>", "&lt;b&gt;", "<", "\xff<\xfe>", "\xe2\x80\xae<\xe2\x81\xa6",
    "\x1b]0;x\x07", "\xc2\x85\xc2\x9b", "javascript:alert(1)", "\xed\xa0\x80", "a\tb\rc",
  };
  g_autofree char *harmless = made (FEE_FORMAT_HTML, TRUE, say_hostile, "x");
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    assert_harmless (hostile[i], harmless);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint i = 0; i < 100; i++) {
    char text[24] = "";
    for (gint at = 0, n = g_rand_int_range (rand, 1, sizeof text - 1); at < n; at++)
      do
        text[at] = (char) g_rand_int_range (rand, 1, 256);
      while (text[at] == '\n'); /* a paragraph keeps it */
    assert_harmless (text, harmless);
  }
}

static void
entities_of_a_text_are_shown_as_they_were_written (void **state)
{
  (void) state;
  g_autofree char *html = made (FEE_FORMAT_HTML, FALSE, say_hostile, "&lt; 'a' \"b\"");
  assert_non_null (strstr (html, "<h1>&amp;lt; &#39;a&#39; &quot;b&quot;</h1>"));
}

/* ---- Whole by itself */

static void
the_style_is_the_one_that_the_policy_allows_and_nothing_else_is_loaded (void **state)
{
  (void) state;
  g_autofree char *html = made (FEE_FORMAT_HTML, FALSE, say_everything, NULL);
  static const char *const foreign[] = { "<script", "http:", "https:", "url(", "@import", " src=", "<link", " style=", "javascript:" };
  const char *begin = strstr (html, "<style>") + strlen ("<style>"), *end = strstr (html, "</style>");
  char hex[FEE_HASH_HEX];
  guchar digest[32];
  fee_hash_of (begin, (gsize) (end - begin), hex);
  for (guint i = 0; i < sizeof digest; i++)
    digest[i] = (guchar) (g_ascii_xdigit_value (hex[i * 2]) * 16 + g_ascii_xdigit_value (hex[i * 2 + 1]));
  g_autofree char *base64 = g_base64_encode (digest, sizeof digest);
  g_autofree char *policy = g_strdup_printf ("content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">", base64);
  assert_non_null (strstr (html, policy));
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    if (strstr (html, foreign[i]) != NULL)
      fail_msg ("the document has %s", foreign[i]);
}

static void
say_much (FeeDocument *document, G_GNUC_UNUSED gconstpointer data)
{
  fee_document_sheet (document, "", "Much");
  for (guint i = 0; i < 40; i++) {
    FeeWriter *table = fee_document_begin_table (document, wide, G_N_ELEMENTS (wide), NULL);
    for (guint row = 0; row < 20; row++)
      write_row (table, "x", "2026-01-01", 1, 1);
    fee_document_end_table (document);
    fee_document_heading (document, 2, "Part");
  }
}

static void
pieces_are_handed_on_as_they_come_but_contents_stand_first (void **state)
{
  (void) state;
  for (gboolean contents = FALSE; contents <= TRUE; contents++) {
    Sink sink = { g_string_new (NULL), 0, 0 };
    FeeDocumentOptions options = { .format = FEE_FORMAT_HTML, .decimals = 2, .lang = "en", .title = "x", .contents = contents };
    g_autoptr (FeeDocument) document = fee_document_new (&options, keep, &sink);
    say_much (document, NULL);
    assert_true (contents ? sink.pieces == 0 : sink.pieces > 0);
    assert_true (fee_document_finish (document, NULL));
    const char *nav = strstr (sink.out->str, "<nav");
    assert_is (nav != NULL && nav < strstr (sink.out->str, "<table"), contents);
    assert_is (strstr (sink.out->str, "<a href=\"#part-40\">Part</a>") != NULL, contents);
    assert_non_null (strstr (sink.out->str, "<h2 id=\"part-40\">"));
    g_string_free (sink.out, TRUE);
  }
}

static void
the_first_error_stays_and_nothing_is_written_after_it (void **state)
{
  (void) state;
  static const FeeFormat formats[] = { FEE_FORMAT_TEXT, FEE_FORMAT_HTML };
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (GError) error = NULL;
    Sink sink = { g_string_new (NULL), 0, 1 };
    FeeDocumentOptions options = { .format = formats[i], .decimals = 2, .lang = "en", .title = "x" };
    g_autoptr (FeeDocument) document = fee_document_new (&options, keep, &sink);
    for (guint n = 0; n < 4; n++)
      say_much (document, NULL);
    say_everything (document, NULL);
    assert_fails (fee_document_finish (document, &error), error, FEE_ERROR_IO, "the disk is full");
    assert_is (sink.pieces, 1);
    g_string_free (sink.out, TRUE);
  }
}

/* ---- Bars */

static void
say_bars (FeeDocument *document, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const labels[] = { "a", "b", "c", "d" };
  static const char *const series[] = { "x", "y", "z" };
  static const gint64 values[] = { 1, 1, 1, 1, 0, 999999, G_MAXINT64, G_MAXINT64, 0, 0, 0, 0 };
  FeeDocumentChart chart = { .title = "t", .series = series, .n_series = 3, .labels = labels, .texts = labels, .n_bars = 2, .values = values };
  fee_document_chart (document, &chart);
  chart.n_bars = 4;
  fee_document_chart (document, &chart);
}

/* Thirds of a bar that fills 1000 of 333333: what is there is seen; a sum over 64 bits is a full bar, not a crash. */
static void
parts_make_up_their_bar_and_the_least_is_seen (void **state)
{
  (void) state;
  g_autofree char *html = made (FEE_FORMAT_HTML, FALSE, say_bars, NULL);
  assert_non_null (strstr (html, "<title>a: a</title><desc>x 33 %, y 33 %, z 33 %</desc><rect class=\"track\" width=\"1000\" height=\"1\"/>"
                                 "<rect class=\"s0\" x=\"0\" width=\"1\" height=\"1\"/><rect class=\"s1\" x=\"1\" width=\"1\" height=\"1\"/>"
                                 "<rect class=\"s2\" x=\"2\" width=\"1\" height=\"1\"/></svg>"));
  assert_non_null (strstr (html, "<desc>x 0 %, y 0 %, z 100 %</desc><rect class=\"track\" width=\"1000\" height=\"1\"/>"
                                 "<rect class=\"s0\" x=\"0\" width=\"1\" height=\"1\"/><rect class=\"s2\" x=\"1\" width=\"999\" height=\"1\"/></svg>"));
  assert_non_null (strstr (html, "<title>d: d</title><desc>x 0 %, y 0 %, z 0 %</desc><rect class=\"track\" width=\"1000\" height=\"1\"/></svg>"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_document_reads_as_it_should_in_text),
    cmocka_unit_test (a_document_reads_as_it_should_in_html_and_the_same_each_time),
    cmocka_unit_test (no_byte_of_a_text_is_ever_markup),
    cmocka_unit_test (entities_of_a_text_are_shown_as_they_were_written),
    cmocka_unit_test (the_style_is_the_one_that_the_policy_allows_and_nothing_else_is_loaded),
    cmocka_unit_test (pieces_are_handed_on_as_they_come_but_contents_stand_first),
    cmocka_unit_test (the_first_error_stays_and_nothing_is_written_after_it),
    cmocka_unit_test (parts_make_up_their_bar_and_the_least_is_seen),
  };
  return cmocka_run_group_tests_name ("document", tests, NULL, NULL);
}
