/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-document-pdf-private.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>

#include "../base/fee-error.h"
#include "fee-words.h"

#define AFTER_SMALL (3 * FEE_PDF_POINT)
#define FACT_GAP (16 * FEE_PDF_POINT)
#define LABEL_GAP (4 * FEE_PDF_POINT)
#define AMOUNTS_WIDTH (230 * FEE_PDF_POINT)
#define RULE (FEE_PDF_POINT / 2)

static const FeePdfFont over_font = { 10 * FEE_PDF_POINT, FALSE }, title_font = { 16 * FEE_PDF_POINT, TRUE },
                        part_font = { 12 * FEE_PDF_POINT, TRUE }, strong_font = { 11 * FEE_PDF_POINT, TRUE };

static cairo_status_t
take_bytes (void *data, const unsigned char *bytes, unsigned length)
{
  FeePdf *pdf = data;
  if (pdf->closing || pdf->document->error != NULL)
    return CAIRO_STATUS_WRITE_ERROR;
  g_string_append_len (pdf->document->buffer, (const char *) bytes, (gssize) length);
  fee_document_flush (pdf->document, FALSE);
  return pdf->document->error == NULL ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void
clear_heading (gpointer data)
{
  g_free (((FeePdfHeading *) data)->text);
}

static void
pdf_begin (FeeDocument *document)
{
  FeePdf *pdf = g_new0 (FeePdf, 1);
  document->state = pdf;
  pdf->document = document;
  pdf->surface = cairo_pdf_surface_create_for_stream (take_bytes, pdf, 595.276, 841.89); /* A4 */
  pdf->cairo = cairo_create (pdf->surface);
  pdf->marks = g_array_new (FALSE, FALSE, sizeof (FeePdfMark));
  pdf->pages = g_array_new (FALSE, FALSE, sizeof (guint));
  pdf->headings = g_array_new (FALSE, FALSE, sizeof (FeePdfHeading));
  g_array_set_clear_func (pdf->headings, clear_heading);
  pdf->figures = g_string_new (NULL);
  g_autofree char *title = fee_words_escape (document->options.title != NULL ? document->options.title : "");
  cairo_pdf_surface_set_metadata (pdf->surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, ""); /* else the clock's */
  if (!fee_pdf_begin_texts (pdf))
    g_set_error (&document->error, FEE_ERROR, FEE_ERROR_IO,
                 _("a PDF needs the font WenQuanYi Micro Hei (Debian: fonts-wqy-microhei) or Noto Sans CJK SC, which this machine has not"));
  fee_pdf_check (pdf);
}

static void
pdf_clear (FeeDocument *document)
{
  FeePdf *pdf = document->state;
  pdf->closing = TRUE;
  cairo_destroy (pdf->cairo);
  cairo_surface_finish (pdf->surface);
  cairo_surface_destroy (pdf->surface);
  g_array_unref (pdf->marks);
  g_array_unref (pdf->pages);
  g_array_unref (pdf->headings);
  g_string_free (pdf->figures, TRUE);
  g_free (pdf->over);
  g_free (pdf->title);
  g_free (pdf->name);
  fee_pdf_clear_texts (pdf);
  g_free (pdf);
}

/* ---- Blocks */

static void
put_block (FeePdf *pdf, FeePdfFont font, FeePdfColour colour, const char *text)
{
  g_autofree char *escaped = fee_document_escape_lines (text);
  FeePdfText set = fee_pdf_text (pdf, font, escaped, FEE_PDF_WIDTH);
  fee_pdf_put_lines (pdf, colour, &set);
}

static void
pdf_sheet (FeeDocument *document, const char *over, const char *title)
{
  FeePdf *pdf = document->state;
  g_autofree char *over_escaped = fee_words_escape (over);
  g_autofree char *title_escaped = fee_words_escape (title);
  fee_pdf_begin_sheet (pdf, over_escaped, title_escaped);
  put_block (pdf, over_font, FEE_PDF_GREY, over);
  put_block (pdf, title_font, FEE_PDF_BLACK, title);
  pdf->y += 8 * FEE_PDF_POINT;
}

/* Never at the foot of a page, away from what it is of. */
static void
pdf_heading (FeeDocument *document, gint level, const char *text)
{
  FeePdf *pdf = document->state;
  FeePdfFont font = level <= 2 ? part_font : FEE_PDF_STRONG;
  fee_pdf_need (pdf, fee_pdf_line_height (font) + 5 * fee_pdf_line_height (FEE_PDF_BODY));
  if (pdf->y > FEE_PDF_TOP)
    pdf->y += level <= 2 ? 8 * FEE_PDF_POINT : AFTER_SMALL;
  if (level <= 2) {
    FeePdfHeading heading = { fee_words_escape (text), document->n_pages, pdf->y };
    g_array_append_val (pdf->headings, heading);
  }
  put_block (pdf, font, FEE_PDF_BLACK, text);
  pdf->y += AFTER_SMALL;
}

static void
pdf_paragraph (FeeDocument *document, const char *text, gboolean small)
{
  FeePdf *pdf = document->state;
  put_block (pdf, small ? FEE_PDF_SMALL : FEE_PDF_BODY, small ? FEE_PDF_GREY : FEE_PDF_BLACK, text);
  pdf->y += FEE_PDF_POINT * 3 / 2;
}

static void
pdf_gap (FeeDocument *document)
{
  FeePdf *pdf = document->state;
  if (pdf->begun && pdf->y > FEE_PDF_TOP)
    pdf->y += fee_pdf_line_height (FEE_PDF_BODY) * 2 / 3;
}

/* The first fact of the first two groups names the sheet in the outline. */
static void
add_name (FeePdf *pdf, const char *value)
{
  if (pdf->name == NULL) {
    pdf->name = fee_words_escape (value);
  } else if (strchr (pdf->name, ' ') == NULL) {
    g_autofree char *before = pdf->name;
    g_autofree char *escaped = fee_words_escape (value);
    pdf->name = g_strconcat (before, "  ", escaped, NULL);
  }
}

static gint
next_line (FeePdf *pdf)
{
  pdf->y += fee_pdf_line_height (FEE_PDF_BODY);
  fee_pdf_need (pdf, fee_pdf_line_height (FEE_PDF_BODY));
  return 0;
}

/* At x of the line that is begun, or on a new one; returns where the next one may stand. */
static gint
put_fact (FeePdf *pdf, const char *label, const char *value, gint x)
{
  FeePdfText label_set = fee_pdf_text (pdf, FEE_PDF_BODY, label, FEE_PDF_WIDTH / 2);
  gint indent = label_set.width + LABEL_GAP;
  FeePdfText value_set = fee_pdf_text (pdf, FEE_PDF_BODY, value, FEE_PDF_WIDTH - indent);
  if (x > 0 && x + indent + value_set.width > FEE_PDF_WIDTH)
    x = next_line (pdf);
  for (guint i = 0; i < MAX (label_set.n_lines, value_set.n_lines); i++) {
    if (i > 0)
      next_line (pdf);
    if (i < label_set.n_lines)
      fee_pdf_put_text (pdf, FEE_PDF_GREY, &label_set, i, FEE_PDF_LEFT + x, pdf->y);
    if (i < value_set.n_lines)
      fee_pdf_put_text (pdf, FEE_PDF_BLACK, &value_set, i, FEE_PDF_LEFT + x + indent, pdf->y);
  }
  return x + indent + value_set.width + FACT_GAP;
}

static void
pdf_facts (FeeDocument *document, const FeeDocumentFact *facts, guint n_facts)
{
  FeePdf *pdf = document->state;
  gint x = 0;
  if (n_facts == 0)
    return;
  fee_pdf_need (pdf, fee_pdf_line_height (FEE_PDF_BODY));
  for (guint i = 0; i < n_facts; i++) {
    g_autofree char *label = fee_words_escape (facts[i].label);
    g_autofree char *value = fee_words_escape (facts[i].value);
    x = put_fact (pdf, label, value, x);
  }
  pdf->y += fee_pdf_line_height (FEE_PDF_BODY);
  add_name (pdf, facts[0].value);
}

/* A sum right under a table ends where its amounts do. */
static void
pdf_amount (FeeDocument *document, const char *label, const char *grouped, gboolean strong)
{
  FeePdf *pdf = document->state;
  FeePdfFont font = strong ? strong_font : FEE_PDF_BODY;
  gint height = fee_pdf_line_height (font);
  g_autofree char *escaped = fee_words_escape (label);
  FeePdfText figure = fee_pdf_text (pdf, font, grouped, -1);
  FeePdfText words = fee_pdf_text (pdf, font, escaped, FEE_PDF_WIDTH - figure.width - LABEL_GAP);
  gint right = MAX (pdf->y == pdf->table_end ? pdf->sum_right : AMOUNTS_WIDTH, words.width + LABEL_GAP + figure.width);
  fee_pdf_need (pdf, height * (gint) words.n_lines);
  if (strong) {
    fee_pdf_put_box (pdf, FEE_PDF_BLACK, FEE_PDF_LEFT, pdf->y, right, RULE);
    pdf->y += RULE + FEE_PDF_POINT;
  }
  fee_pdf_put_text (pdf, FEE_PDF_BLACK, &figure, 0, FEE_PDF_LEFT + right - figure.width, pdf->y);
  fee_pdf_put_lines (pdf, FEE_PDF_BLACK, &words);
}

static void
pdf_finish (FeeDocument *document)
{
  FeePdf *pdf = document->state;
  if (document->n_pages == 0) /* a file without pages is no PDF */
    fee_pdf_need (pdf, 0);
  fee_pdf_end_sheet (pdf);
  cairo_surface_finish (pdf->surface);
  fee_pdf_check (pdf);
}

const FeeDocumentMaker fee_document_maker_pdf = {
  .begin = pdf_begin,
  .sheet = pdf_sheet,
  .heading = pdf_heading,
  .paragraph = pdf_paragraph,
  .gap = pdf_gap,
  .facts = pdf_facts,
  .amount = pdf_amount,
  .table = &fee_pdf_table_form,
  .chart = fee_pdf_chart,
  .finish = pdf_finish,
  .clear = pdf_clear,
};
