/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <jansson.h>

#include "../../libfee/base/fee-text.h"
#include "../../libfee/input/fee-csv.h"
#include "../../libfee/report/fee-document.h"
#include "../../libfee/report/fee-words.h"

/* Texts of any bytes into every form of tables and documents. CSV and JSON are read back as they were given; nothing that a terminal would obey
 * comes out in text, and in HTML the markup is the same whatever the texts are. */

#define MOST_COLUMNS 5

static const char *const names[] = { "one", "two", "three", "four", "five" };

/* ---- What comes out */

/* Valid UTF-8, no control but line breaks, in documents tabs of paragraphs and the ends of sheets, and in colour the program's own. */
static void
require_quiet (const GString *out, gboolean colour, gboolean document)
{
  fuzz_require (g_utf8_validate_len (out->str, out->len, NULL));
  for (const char *at = out->str; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar sign = g_utf8_get_char (at);
    if (sign == '\n' || (document && (sign == '\f' || sign == '\t')))
      continue;
    if (sign == '\033' && colour)
      fuzz_require (g_str_has_prefix (at, "\033[1m") || g_str_has_prefix (at, "\033[31m") || g_str_has_prefix (at, "\033[0m"));
    else
      fuzz_require (!fee_text_is_control (sign));
  }
}

/* Tags, comments and what stands in them; quotes within tags are balanced and no text can end one. */
static GString *
markup_of (const GString *html)
{
  GString *tags = g_string_new (NULL);
  gboolean inside = FALSE;
  for (const char *at = html->str; *at != '\0'; at++) {
    fuzz_require (!inside || *at != '<');
    fuzz_require (inside || *at != '>');
    inside = inside || *at == '<';
    if (inside)
      g_string_append_c (tags, *at);
    inside = inside && *at != '>';
  }
  fuzz_require (!inside);
  return tags;
}

/* Outside of tags, & begins one of the entities. */
static void
require_entities (const GString *html)
{
  static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
  for (const char *at = strchr (html->str, '&'); at != NULL; at = strchr (at + 1, '&')) {
    gboolean known = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
      known = known || g_str_has_prefix (at, entities[i]);
    fuzz_require (known);
  }
}

/* ---- Tables */

typedef struct {
  guint n_columns;
  FeeOutputColumn columns[MOST_COLUMNS];
  GPtrArray *cells; /* of char *, row by row */
} Table;

static void
table_init (Table *table, FuzzInput *in)
{
  table->n_columns = 1 + fuzz_choice (in, MOST_COLUMNS);
  for (guint i = 0; i < table->n_columns; i++)
    table->columns[i] = (FeeOutputColumn) { names[i], names[i], "列", FEE_COLUMN_TEXT };
  table->cells = g_ptr_array_new_with_free_func (g_free);
  for (guint rows = fuzz_choice (in, 6); rows > 0; rows--)
    for (guint i = 0; i < table->n_columns; i++)
      g_ptr_array_add (table->cells, fuzz_text (in, 200));
}

static gboolean
write_table (const Table *table, const FeeWriterOptions *options, GString *out)
{
  FeeWriter *writer = fee_writer_new (options, table->columns, table->n_columns, fuzz_keep, out);
  GError *error = NULL;
  for (guint i = 0; i < table->cells->len; i++)
    fee_writer_text (writer, g_ptr_array_index (table->cells, i));
  gboolean ok = fee_writer_finish (writer, &error);
  fuzz_require (ok == (error == NULL));
  g_clear_error (&error);
  fee_writer_free (writer);
  return ok;
}

typedef struct {
  const Table *table;
  guint next;
  gboolean header, raw;
} Reading;

/* As a spreadsheet or an import reads it: what has a guard loses it. */
static gboolean
compare_row (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  (void) line;
  (void) error;
  Reading *reading = data;
  fuzz_require (n_fields == reading->table->n_columns);
  for (guint i = 0; i < n_fields && !reading->header; i++) {
    const char *wanted = g_ptr_array_index (reading->table->cells, reading->next++), *got = fields[i].text;
    gboolean risky = *wanted != '\0' && strchr ("=+-@\t\r", *wanted) != NULL;
    fuzz_require (reading->raw || *got == '\0' || strchr ("=+-@\t\r", *got) == NULL);
    fuzz_require (strcmp (risky && !reading->raw ? got + 1 : got, wanted) == 0);
  }
  reading->header = FALSE;
  return TRUE;
}

static void
check_csv (const Table *table, guint how)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = 2, .lang = "zh_CN", .excel = how & 1, .raw = how & 2 };
  g_autoptr (GString) out = g_string_new (NULL);
  fuzz_require (write_table (table, &options, out));
  Reading reading = { table, 0, TRUE, options.raw };
  gsize mark = options.excel ? 3 : 0;
  g_autoptr (FeeCsv) csv = fee_csv_new (',', compare_row, &reading);
  GError *error = NULL;
  fuzz_require (fuzz_outcome (fee_csv_feed (csv, out->str + mark, out->len - mark, &error) && fee_csv_finish (csv, &error), &error));
  fuzz_require (reading.next == table->cells->len);
}

static void
check_json (const Table *table)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_JSON, .decimals = 2, .lang = "en" };
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean valid = TRUE;
  for (guint i = 0; i < table->cells->len; i++)
    valid = valid && g_utf8_validate (g_ptr_array_index (table->cells, i), -1, NULL);
  fuzz_require (write_table (table, &options, out) == valid);
  if (!valid)
    return;
  for (gsize i = 0; i < out->len; i++)
    fuzz_require ((guchar) out->str[i] >= ' ' || out->str[i] == '\n');
  json_t *rows = json_loadb (out->str, out->len, JSON_REJECT_DUPLICATES, NULL);
  fuzz_require (json_is_array (rows) && json_array_size (rows) * table->n_columns == table->cells->len);
  for (guint i = 0; i < table->cells->len; i++) {
    const json_t *cell = json_object_get (json_array_get (rows, i / table->n_columns), names[i % table->n_columns]);
    const char *wanted = g_ptr_array_index (table->cells, i);
    fuzz_require (*wanted == '\0' ? json_is_null (cell) : strcmp (json_string_value (cell), wanted) == 0);
  }
  json_decref (rows);
}

static void
check_text (const Table *table, guint how)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "en", .width = (gint) (how >> 2), .colour = how & 1 };
  g_autoptr (GString) out = g_string_new (NULL);
  fuzz_require (write_table (table, &options, out));
  require_quiet (out, options.colour, FALSE);
}

static void
check_words (const Table *table)
{
  for (guint i = 0; i < table->cells->len; i++) {
    const char *text = g_ptr_array_index (table->cells, i);
    g_autofree char *escaped = fee_words_escape (text), *quoted = fee_text_quote (text, strlen (text)), *masked = fee_words_mask (text);
    g_autoptr (GString) shown = g_string_new (escaped);
    g_string_append (shown, quoted);
    fuzz_require (fee_words_width (escaped) >= 0);
    for (const char *at = shown->str; *at != '\0'; at++)
      fuzz_require ((guchar) *at >= ' ');
    require_quiet (shown, FALSE, FALSE);
    fuzz_require (*text == '\0' || g_str_has_suffix (masked, "*"));
  }
}

/* ---- Documents */

/* The texts of a document: the input's, or harmless ones in their places: as long in lines, and empty where they are. */
typedef struct {
  FuzzInput in;
  gboolean harmless;
  GPtrArray *texts;
} Texts;

static const char *
next_text (Texts *texts)
{
  g_autofree char *text = fuzz_text (&texts->in, 60);
  GString *given = g_string_new (texts->harmless && *text != '\0' && *text != '\n' ? "x" : "");
  for (const char *at = text; *at != '\0' && texts->harmless; at++)
    if (*at == '\n')
      g_string_append (given, "\n");
  if (!texts->harmless)
    g_string_assign (given, text);
  g_ptr_array_add (texts->texts, g_string_free (given, FALSE));
  return g_ptr_array_index (texts->texts, texts->texts->len - 1);
}

static void
say_table (FeeDocument *document, Texts *texts)
{
  static const FeeOutputColumn columns[] = { { "a", "A", "甲", FEE_COLUMN_TEXT }, { "b", "B", "乙", FEE_COLUMN_MONEY } };
  FeeWriter *table = fee_document_begin_table (document, columns, G_N_ELEMENTS (columns), next_text (texts));
  for (guint n = fuzz_choice (&texts->in, 4); n > 0; n--) {
    if (n == 1)
      fee_writer_sum (table);
    fee_writer_text (table, next_text (texts));
    fee_writer_money (table, fuzz_number (&texts->in));
  }
  fee_document_end_table (document);
}

static void
say_chart (FeeDocument *document, Texts *texts)
{
  enum { SERIES = 2, BARS = 3 };
  const char *series[SERIES], *labels[BARS], *figures[BARS];
  gint64 values[SERIES * BARS];
  FeeDocumentChart chart = { .title = next_text (texts), .labels = labels, .texts = figures, .values = values, .full = fuzz_number (&texts->in) & G_MAXINT64 };
  chart.n_bars = fuzz_choice (&texts->in, BARS + 1);
  chart.n_series = 1 + fuzz_choice (&texts->in, SERIES);
  chart.series = chart.n_series > 1 ? series : NULL;
  for (guint i = 0; i < SERIES; i++)
    series[i] = next_text (texts);
  for (guint i = 0; i < BARS; i++) {
    labels[i] = next_text (texts);
    figures[i] = next_text (texts);
  }
  for (guint i = 0; i < SERIES * BARS; i++)
    values[i] = fuzz_number (&texts->in) & G_MAXINT64;
  fee_document_chart (document, &chart);
}

static void
say_block (FeeDocument *document, Texts *texts)
{
  FeeDocumentFact facts[2];
  const char *text;
  switch (fuzz_choice (&texts->in, 9)) {
  case 0:
    text = next_text (texts);
    fee_document_sheet (document, text, next_text (texts));
    return;
  case 1:
    fee_document_heading (document, 2, next_text (texts));
    return;
  case 2:
    fee_document_heading (document, 3, next_text (texts));
    return;
  case 3:
    fee_document_note (document, next_text (texts));
    return;
  case 4:
    fee_document_gap (document);
    return;
  case 5:
    for (guint i = 0; i < 2; i++) {
      facts[i].label = next_text (texts);
      facts[i].value = next_text (texts);
    }
    fee_document_facts (document, facts, 2);
    return;
  case 6:
    text = next_text (texts);
    fee_document_amount (document, text, fuzz_number (&texts->in), fuzz_byte (&texts->in) & 1);
    return;
  case 7:
    say_table (document, texts);
    return;
  default:
    say_chart (document, texts);
  }
}

static GString *
make_document (FuzzInput in, FeeFormat format, guint how, gboolean harmless)
{
  Texts texts = { in, harmless, g_ptr_array_new_with_free_func (g_free) };
  GString *out = g_string_new (NULL);
  FeeDocumentOptions options = { .format = format, .decimals = 2, .lang = how & 1 ? "zh_CN" : "en", .width = how & 2 ? 40 : 0, .colour = how & 4, .contents = how & 8 };
  options.title = next_text (&texts);
  FeeDocument *document = fee_document_new (&options, fuzz_keep, out);
  fee_document_sheet (document, "Court", next_text (&texts));
  for (guint i = 0; i < 12 && fuzz_left (&texts.in) > 0; i++)
    say_block (document, &texts);
  GError *error = NULL;
  fuzz_require (fuzz_outcome (fee_document_finish (document, &error), &error));
  fee_document_free (document);
  g_ptr_array_unref (texts.texts);
  return out;
}

static void
check_document (FuzzInput in)
{
  guint how = fuzz_byte (&in);
  g_autoptr (GString) text = make_document (in, FEE_FORMAT_TEXT, how, FALSE);
  require_quiet (text, how & 4, TRUE);
  if (how & 128) { /* it takes long */
    g_autoptr (GString) pdf = make_document (in, FEE_FORMAT_PDF, how, FALSE);
    fuzz_require (pdf->len > 100 && memcmp (pdf->str, "%PDF-", 5) == 0 && memcmp (pdf->str + pdf->len - 6, "%%EOF\n", 6) == 0);
    return;
  }
  g_autoptr (GString) html = make_document (in, FEE_FORMAT_HTML, how, FALSE);
  g_autoptr (GString) harmless = make_document (in, FEE_FORMAT_HTML, how, TRUE);
  require_quiet (html, FALSE, TRUE);
  const char *style = strstr (html->str, "</style>"), *other = strstr (harmless->str, "</style>");
  fuzz_require (style != NULL && other != NULL);
  g_string_erase (html, 0, style - html->str);
  g_string_erase (harmless, 0, other - harmless->str);
  require_entities (html);
  g_autoptr (GString) tags = markup_of (html);
  g_autoptr (GString) others = markup_of (harmless);
  fuzz_require (g_string_equal (tags, others));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  guint how = fuzz_byte (&in);
  if (how & 1) {
    check_document (in);
    return 0;
  }
  Table table;
  how = fuzz_byte (&in);
  table_init (&table, &in);
  check_csv (&table, how);
  check_json (&table);
  check_text (&table, how);
  check_words (&table);
  g_ptr_array_unref (table.cells);
  return 0;
}
