/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-document-private.h"

#include <string.h>

#include "fee-words.h"

#define FLUSH_SIZE (64 * 1024)

static const FeeDocumentMaker *const makers[] = {
  [FEE_FORMAT_TEXT] = &fee_document_maker_text,
  [FEE_FORMAT_HTML] = &fee_document_maker_html,
  [FEE_FORMAT_PDF] = &fee_document_maker_pdf,
};

FeeDocument *
fee_document_new (const FeeDocumentOptions *options, FeeWriteFunc func, gpointer data)
{
  FeeDocument *document = g_new0 (FeeDocument, 1);
  document->options = *options;
  document->options.lang = g_strdup (options->lang);
  document->options.title = g_strdup (options->title);
  document->maker = makers[options->format];
  document->buffer = g_string_sized_new (FLUSH_SIZE + 4096);
  document->func = func;
  document->data = data;
  document->maker->begin (document);
  return document;
}

void
fee_document_free (FeeDocument *document)
{
  if (document == NULL)
    return;
  fee_writer_free (document->table);
  document->maker->clear (document);
  g_string_free (document->buffer, TRUE);
  g_free ((char *) document->options.lang);
  g_free ((char *) document->options.title);
  g_clear_error (&document->error);
  g_free (document);
}

void
fee_document_flush (FeeDocument *document, gboolean all)
{
  gsize length = document->buffer->len;
  if (document->error != NULL || length == 0 || ((length < FLUSH_SIZE || document->held) && !all))
    return;
  document->func (document->buffer->str, length, document->data, &document->error);
  g_string_truncate (document->buffer, 0);
}

void
fee_document_set_lang (FeeDocument *document, const char *lang)
{
  if (g_strcmp0 (lang, document->options.lang) == 0)
    return;
  g_free ((char *) document->options.lang);
  document->options.lang = g_strdup (lang);
}

gboolean
fee_document_is_text (const FeeDocument *document)
{
  return document->options.format == FEE_FORMAT_TEXT;
}

void
fee_document_fail (FeeDocument *document, GError *error)
{
  if (document->error == NULL)
    document->error = error;
  else
    g_error_free (error);
}

char *
fee_document_escape_lines (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *at = text;; at++) {
    gsize length = strcspn (at, "\t\n");
    g_autofree char *part = g_strndup (at, length);
    g_autofree char *escaped = fee_words_escape (part);
    g_string_append (out, escaped);
    at += length;
    if (*at == '\0')
      return g_string_free (g_steal_pointer (&out), FALSE);
    g_string_append_c (out, *at);
  }
}

gboolean
fee_document_is_chinese (const FeeDocument *document)
{
  return g_strcmp0 (document->options.lang, "zh_CN") == 0;
}

/* ---- Blocks */

void
fee_document_sheet (FeeDocument *document, const char *over, const char *title)
{
  fee_document_flush (document, FALSE);
  document->n_sheets++;
  document->gap = FALSE;
  if (document->error == NULL)
    document->maker->sheet (document, over, title);
}

/* Before each block of a sheet; FALSE after an error. */
static gboolean
begin_block (FeeDocument *document)
{
  if (document->error != NULL)
    return FALSE;
  if (document->gap)
    document->maker->gap (document);
  document->gap = FALSE;
  return TRUE;
}

void
fee_document_heading (FeeDocument *document, gint level, const char *text)
{
  if (begin_block (document))
    document->maker->heading (document, level, text);
}

void
fee_document_paragraph (FeeDocument *document, const char *text)
{
  if (begin_block (document))
    document->maker->paragraph (document, text, FALSE);
}

void
fee_document_printf (FeeDocument *document, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fee_document_paragraph (document, text);
}

void
fee_document_note (FeeDocument *document, const char *text)
{
  if (begin_block (document))
    document->maker->paragraph (document, text, TRUE);
}

void
fee_document_gap (FeeDocument *document)
{
  document->gap = TRUE;
}

void
fee_document_facts (FeeDocument *document, const FeeDocumentFact *facts, guint n_facts)
{
  if (begin_block (document))
    document->maker->facts (document, facts, n_facts);
}

void
fee_document_amount (FeeDocument *document, const char *label, FeeMoney amount, gboolean strong)
{
  char grouped[FEE_GROUPED_SIZE];
  fee_money_format_grouped (amount, document->options.decimals, grouped);
  if (begin_block (document))
    document->maker->amount (document, label, grouped, strong);
}

/* ---- Tables */

static gboolean
append_table (const char *bytes, gsize length, gpointer data, GError **error)
{
  FeeDocument *document = data;
  (void) error;
  if (document->error != NULL)
    return TRUE;
  g_string_append_len (document->buffer, bytes, (gssize) length);
  return TRUE;
}

FeeWriter *
fee_document_begin_table (FeeDocument *document, const FeeOutputColumn *columns, guint n_columns, const char *caption)
{
  const FeeDocumentOptions *options = &document->options;
  FeeWriter *table = g_new0 (FeeWriter, 1);
  table->options = (FeeWriterOptions) { .format = options->format, .decimals = options->decimals, .lang = options->lang,
                                         .width = options->width, .colour = options->colour };
  table->func = append_table;
  table->data = document;
  if (begin_block (document) && document->maker->begin_table != NULL)
    document->maker->begin_table (document, caption);
  fee_writer_begin (table, document->maker->table, columns, n_columns);
  fee_writer_free (document->table);
  document->table = table;
  return document->table;
}

void
fee_document_end_table (FeeDocument *document)
{
  g_autoptr (FeeWriter) table = g_steal_pointer (&document->table);
  if (document->error == NULL)
    fee_writer_finish (table, &document->error);
  fee_document_flush (document, FALSE);
}

/* ---- Charts */

gint64
fee_document_chart_sum (const FeeDocumentChart *chart, guint bar)
{
  gint64 sum = 0;
  for (guint i = 0; i < chart->n_series; i++)
    if (__builtin_add_overflow (sum, chart->values[bar * chart->n_series + i], &sum))
      return G_MAXINT64;
  return sum;
}

gint64
fee_document_chart_full (const FeeDocumentChart *chart)
{
  gint64 full = MAX (1, chart->full);
  for (guint i = 0; i < chart->n_bars; i++)
    full = MAX (full, fee_document_chart_sum (chart, i));
  return full;
}

void
fee_document_chart (FeeDocument *document, const FeeDocumentChart *chart)
{
  if (begin_block (document))
    document->maker->chart (document, chart);
}

guint
fee_document_pages (const FeeDocument *document)
{
  return document->n_pages;
}

gboolean
fee_document_finish (FeeDocument *document, GError **error)
{
  if (document->error == NULL)
    document->maker->finish (document);
  fee_document_flush (document, TRUE);
  if (document->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (document->error));
  return FALSE;
}
