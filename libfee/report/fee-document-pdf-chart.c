/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-document-pdf-private.h"

#include "fee-words.h"

#define GAP (8 * FEE_PDF_POINT)
#define BAR (8 * FEE_PDF_POINT) /* high */
#define KEY_GAP (14 * FEE_PDF_POINT)

static FeePdfText
text_of (FeePdf *pdf, const char *text, gint width)
{
  g_autofree char *escaped = fee_words_escape (text);
  FeePdfText set = fee_pdf_text (pdf, FEE_PDF_BODY, escaped, width);
  if (set.figure != NULL)
    set.figure = text; /* has nothing to escape */
  return set;
}

static FeePdfColour
colour_of (guint series)
{
  return FEE_PDF_SERIES + series % FEE_PDF_N_SERIES;
}

/* What each colour is; stacked bars have them in this order. */
static void
put_series (FeePdf *pdf, const FeeDocumentChart *chart)
{
  gint height = fee_pdf_line_height (FEE_PDF_BODY), x = 0;
  for (guint i = 0; chart->series != NULL && i < chart->n_series; i++) {
    FeePdfText name = text_of (pdf, chart->series[i], FEE_PDF_WIDTH - BAR - 3 * FEE_PDF_POINT);
    gint width = BAR + FEE_PDF_POINT * 3 + name.width;
    if (x > 0 && x + width > FEE_PDF_WIDTH) {
      pdf->y += height;
      x = 0;
    }
    fee_pdf_need (pdf, height);
    fee_pdf_put_box (pdf, colour_of (i), FEE_PDF_LEFT + x, pdf->y + (height - BAR) / 2, BAR, BAR);
    for (guint line = 0; line < name.n_lines; line++) {
      pdf->y += line > 0 ? height : 0;
      fee_pdf_put_text (pdf, FEE_PDF_BLACK, &name, line, FEE_PDF_LEFT + x + width - name.width, pdf->y);
    }
    x += width + KEY_GAP;
  }
  pdf->y += x > 0 ? height : 0;
}

typedef struct {
  gint labels, texts; /* widths of what stands left and right of the bars */
  gint64 full;
} Widths;

static Widths
measure (FeePdf *pdf, const FeeDocumentChart *chart)
{
  Widths widths = { .full = fee_document_chart_full (chart) };
  for (guint i = 0; i < chart->n_bars; i++) {
    widths.labels = MAX (widths.labels, text_of (pdf, chart->labels[i], -1).width);
    widths.texts = MAX (widths.texts, text_of (pdf, chart->texts[i], -1).width);
  }
  widths.labels = MIN (widths.labels, FEE_PDF_WIDTH * 2 / 5);
  widths.texts = MIN (widths.texts, FEE_PDF_WIDTH * 2 / 5);
  return widths;
}

static void
put_bar (FeePdf *pdf, const FeeDocumentChart *chart, guint bar, const Widths *widths)
{
  gint height = fee_pdf_line_height (FEE_PDF_BODY);
  FeePdfText label = text_of (pdf, chart->labels[bar], widths->labels), text = text_of (pdf, chart->texts[bar], widths->texts);
  guint n_lines = MAX (label.n_lines, text.n_lines);
  gint left = FEE_PDF_LEFT + widths->labels + GAP, room = FEE_PDF_WIDTH - widths->labels - widths->texts - 2 * GAP, x = 0;
  __int128 sum = 0;
  fee_pdf_need (pdf, height * (gint) n_lines);
  for (guint i = 0; i < label.n_lines; i++)
    fee_pdf_put_text (pdf, FEE_PDF_BLACK, &label, i, FEE_PDF_LEFT, pdf->y + (gint) i * height);
  for (guint i = 0; i < text.n_lines; i++)
    fee_pdf_put_text (pdf, FEE_PDF_BLACK, &text, i, FEE_PDF_LEFT + FEE_PDF_WIDTH - fee_pdf_line_width (&text, i), pdf->y + (gint) i * height);
  for (guint i = 0; i < chart->n_series; i++) {
    sum += chart->values[bar * chart->n_series + i];
    gint end = (gint) MIN (sum * room / widths->full, room);
    if (end > x)
      fee_pdf_put_box (pdf, colour_of (i), left + x, pdf->y + (height - BAR) / 2, end - x, BAR);
    x = end;
  }
  pdf->y += height * (gint) n_lines;
}

void
fee_pdf_chart (FeeDocument *document, const FeeDocumentChart *chart)
{
  FeePdf *pdf = document->state;
  Widths widths = measure (pdf, chart);
  document->maker->heading (document, 3, chart->title);
  if (chart->n_series > 1)
    put_series (pdf, chart);
  for (guint i = 0; i < chart->n_bars; i++)
    put_bar (pdf, chart, i, &widths);
  pdf->y += 4 * FEE_PDF_POINT;
}
