/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-document-private.h"

#include <string.h>

#include "fee-words.h"

#define BAR_CELLS 30

static void
append_escaped (GString *out, const char *text)
{
  g_autofree char *escaped = fee_words_escape (text);
  g_string_append (out, escaped);
}

static void
append_bold (FeeDocument *document, const char *text)
{
  g_string_append (document->buffer, document->options.colour ? FEE_TERMINAL_BOLD : "");
  append_escaped (document->buffer, text);
  g_string_append (document->buffer, document->options.colour ? FEE_TERMINAL_PLAIN : "");
}

static void
append_lines (GString *out, const char *text)
{
  g_autofree char *escaped = fee_document_escape_lines (text);
  g_string_append (out, escaped);
  g_string_append_c (out, '\n');
}

static void
text_gap (FeeDocument *document)
{
  g_string_append_c (document->buffer, '\n');
}

static void
text_begin (G_GNUC_UNUSED FeeDocument *document)
{
}

static void
text_sheet (FeeDocument *document, const char *over, const char *title)
{
  g_string_append (document->buffer, document->n_sheets > 1 ? "\f\n" : "");
  append_escaped (document->buffer, over);
  g_string_append (document->buffer, *over != '\0' ? "  " : "");
  append_bold (document, title);
  g_string_append (document->buffer, "\n\n");
}

static void
text_heading (FeeDocument *document, G_GNUC_UNUSED gint level, const char *text)
{
  append_bold (document, text);
  g_string_append_c (document->buffer, '\n');
}

static void
text_paragraph (FeeDocument *document, const char *text, G_GNUC_UNUSED gboolean small)
{
  append_lines (document->buffer, text);
}

static void
text_facts (FeeDocument *document, const FeeDocumentFact *facts, guint n_facts)
{
  for (guint i = 0; i < n_facts; i++) {
    g_string_append (document->buffer, i == 0 ? "" : "   ");
    append_escaped (document->buffer, facts[i].label);
    g_string_append_c (document->buffer, ' ');
    append_escaped (document->buffer, facts[i].value);
  }
  g_string_append_c (document->buffer, '\n');
}

static void
text_amount (FeeDocument *document, const char *label, const char *grouped, G_GNUC_UNUSED gboolean strong)
{
  append_escaped (document->buffer, label);
  g_string_append_printf (document->buffer, " %s\n", grouped);
}

static void
append_padded (GString *out, const char *text, gint width)
{
  g_autofree char *escaped = fee_words_escape (text);
  g_string_append (out, escaped);
  for (gint i = fee_words_width (escaped); i < width; i++)
    g_string_append_c (out, ' ');
}

/* The series stand in the tables: here a bar is its sum. */
static void
text_chart (FeeDocument *document, const FeeDocumentChart *chart)
{
  gint64 full = fee_document_chart_full (chart);
  gint labels = 0, texts = 0;
  for (guint i = 0; i < chart->n_bars; i++) {
    labels = MAX (labels, fee_words_width (chart->labels[i]));
    texts = MAX (texts, fee_words_width (chart->texts[i]));
  }
  text_heading (document, 3, chart->title);
  for (guint i = 0; i < chart->n_bars; i++) {
    gint cells = (gint) ((__int128) fee_document_chart_sum (chart, i) * BAR_CELLS / full);
    append_padded (document->buffer, chart->labels[i], labels + 2);
    for (gint gap = fee_words_width (chart->texts[i]); gap < texts; gap++)
      g_string_append_c (document->buffer, ' ');
    append_padded (document->buffer, chart->texts[i], 0);
    g_string_append (document->buffer, cells > 0 ? "  " : "");
    for (gint cell = 0; cell < cells; cell++)
      g_string_append_c (document->buffer, '#');
    g_string_append_c (document->buffer, '\n');
  }
}

static void
text_finish (G_GNUC_UNUSED FeeDocument *document)
{
}

const FeeDocumentMaker fee_document_maker_text = {
  .begin = text_begin,
  .sheet = text_sheet,
  .heading = text_heading,
  .paragraph = text_paragraph,
  .gap = text_gap,
  .facts = text_facts,
  .amount = text_amount,
  .table = &fee_writer_form_text,
  .chart = text_chart,
  .finish = text_finish,
  .clear = text_finish,
};
