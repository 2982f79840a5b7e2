/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-document-pdf-private.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>

#include "../base/fee-error.h"

#define RUNNING_TOP (22 * FEE_PDF_POINT) /* what says on later pages whose they are */
#define FOOT_TOP (802 * FEE_PDF_POINT)

static const guint32 colours[FEE_PDF_SERIES + FEE_PDF_N_SERIES] = {
  [FEE_PDF_BLACK] = 0x000000, [FEE_PDF_GREY] = 0x555555, [FEE_PDF_RULE] = 0xb0b0b0, [FEE_PDF_TINT] = 0xf0f0f0,
  [FEE_PDF_SERIES] = 0x1f5fa8, 0xb45309, 0x2d7a46, 0x7a4fa3, 0xb3261e, 0x5b6570,
  0x0f7c85, 0x8a6d1a, 0xa83a78, 0x4b5cc4, 0x6b8e23, 0x8c564b,
};

void
fee_pdf_check (FeePdf *pdf)
{
  cairo_status_t status = cairo_status (pdf->cairo);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (pdf->surface);
  if (status != CAIRO_STATUS_SUCCESS && pdf->document->error == NULL)
    g_set_error (&pdf->document->error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the PDF cannot be made: %s"), cairo_status_to_string (status));
}

/* ---- What stands on the pages of the sheet */

static void
begin_page (FeePdf *pdf)
{
  g_array_append_val (pdf->pages, pdf->marks->len);
  pdf->document->n_pages++;
  pdf->y = FEE_PDF_TOP;
  pdf->table_end = 0;
  pdf->begun = TRUE;
}

gboolean
fee_pdf_need (FeePdf *pdf, gint height)
{
  if (pdf->begun && pdf->y + height <= FEE_PDF_BOTTOM)
    return FALSE;
  if (pdf->begun && pdf->y == FEE_PDF_TOP) /* it is larger than a page */
    return FALSE;
  begin_page (pdf);
  return TRUE;
}

void
fee_pdf_put_box (FeePdf *pdf, FeePdfColour colour, gint x, gint y, gint width, gint height)
{
  FeePdfMark mark = { .colour = colour, .x = x, .y = y, .width = width, .height = height };
  g_array_append_val (pdf->marks, mark);
}

static FeePdfMark
mark_of (FeePdf *pdf, FeePdfColour colour, const FeePdfText *text, guint line)
{
  FeePdfMark mark = { .colour = colour, .font = text->font, .figure = pdf->figures->len };
  if (text->figure != NULL)
    g_string_append_len (pdf->figures, text->figure, (gssize) strlen (text->figure) + 1);
  else
    mark.line = pango_layout_get_line_readonly (text->layout, (int) line);
  return mark;
}

void
fee_pdf_put_text (FeePdf *pdf, FeePdfColour colour, const FeePdfText *text, guint line, gint x, gint y)
{
  FeePdfMark mark = mark_of (pdf, colour, text, line);
  mark.x = x;
  mark.y = y + fee_pdf_baseline (text->font);
  g_array_append_val (pdf->marks, mark);
}

void
fee_pdf_put_lines (FeePdf *pdf, FeePdfColour colour, const FeePdfText *text)
{
  gint height = fee_pdf_line_height (text->font);
  for (guint i = 0; i < text->n_lines; i++) {
    fee_pdf_need (pdf, height);
    fee_pdf_put_text (pdf, colour, text, i, FEE_PDF_LEFT, pdf->y);
    pdf->y += height;
  }
}

void
fee_pdf_begin_sheet (FeePdf *pdf, const char *over, const char *title)
{
  fee_pdf_end_sheet (pdf);
  pdf->over = g_strdup (over);
  pdf->title = g_strdup (title);
  begin_page (pdf);
  pdf->first_page = pdf->document->n_pages;
}

/* ---- The sheet as pages of the file */

static void
show_mark (FeePdf *pdf, const FeePdfMark *mark, FeePdfColour *colour)
{
  if (*colour != mark->colour) {
    guint32 rgb = colours[mark->colour];
    cairo_set_source_rgb (pdf->cairo, (rgb >> 16) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
    *colour = mark->colour;
  }
  if (mark->height == 0) {
    fee_pdf_show (pdf, mark);
    return;
  }
  cairo_rectangle (pdf->cairo, mark->x / (1.0 * PANGO_SCALE), mark->y / (1.0 * PANGO_SCALE), mark->width / (1.0 * PANGO_SCALE),
                   mark->height / (1.0 * PANGO_SCALE));
  cairo_fill (pdf->cairo);
}

/* Behind the marks of the sheet, which they do not touch. Of long names the first line: all of it is on the first page. */
static void
put_margins (FeePdf *pdf, guint page)
{
  g_autofree char *number = g_strdup_printf ("%u/%u", page + 1, pdf->pages->len);
  FeePdfText foot = fee_pdf_text (pdf, FEE_PDF_SMALL, number, -1);
  fee_pdf_put_text (pdf, FEE_PDF_GREY, &foot, 0, FEE_PDF_LEFT + (FEE_PDF_WIDTH - foot.width) / 2, FOOT_TOP);
  if (page == 0 || pdf->title == NULL)
    return;
  g_autofree char *whose = g_strdup_printf ("%s  %s", pdf->over, pdf->title);
  FeePdfText head = fee_pdf_text (pdf, FEE_PDF_SMALL, whose, FEE_PDF_WIDTH * 3 / 5);
  fee_pdf_put_text (pdf, FEE_PDF_GREY, &head, 0, FEE_PDF_LEFT, RUNNING_TOP);
  if (pdf->name == NULL)
    return;
  FeePdfText name = fee_pdf_text (pdf, FEE_PDF_SMALL, pdf->name, FEE_PDF_WIDTH / 3);
  fee_pdf_put_text (pdf, FEE_PDF_GREY, &name, 0, FEE_PDF_LEFT + FEE_PDF_WIDTH - fee_pdf_line_width (&name, 0), RUNNING_TOP);
}

static void
show_page (FeePdf *pdf, guint page, guint last)
{
  FeePdfColour colour = FEE_PDF_SERIES + FEE_PDF_N_SERIES;
  guint end = pdf->marks->len;
  put_margins (pdf, page);
  for (guint i = g_array_index (pdf->pages, guint, page); i < last; i++)
    show_mark (pdf, &g_array_index (pdf->marks, FeePdfMark, i), &colour);
  for (guint i = end; i < pdf->marks->len; i++)
    show_mark (pdf, &g_array_index (pdf->marks, FeePdfMark, i), &colour);
  g_array_set_size (pdf->marks, end);
  cairo_show_page (pdf->cairo);
  fee_pdf_check (pdf);
  fee_document_flush (pdf->document, FALSE);
}

static int
add_outline (FeePdf *pdf, int parent, const char *text, guint page, gint y)
{
  g_autofree char *place = g_strdup_printf ("page=%u pos=[0 %d]", page, y / PANGO_SCALE);
  return cairo_pdf_surface_add_outline (pdf->surface, parent, text, place, parent == CAIRO_PDF_OUTLINE_ROOT ? 0 : CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

/* After its pages, as cairo wants it. */
static void
show_outline (FeePdf *pdf)
{
  if (pdf->title == NULL)
    return;
  g_autofree char *name = g_strdup_printf ("%s%s%s", pdf->title, pdf->name != NULL ? " " : "", pdf->name != NULL ? pdf->name : "");
  int sheet = add_outline (pdf, CAIRO_PDF_OUTLINE_ROOT, name, pdf->first_page, 0);
  for (guint i = 0; i < pdf->headings->len; i++) {
    const FeePdfHeading *heading = &g_array_index (pdf->headings, FeePdfHeading, i);
    add_outline (pdf, sheet, heading->text, heading->page, heading->y);
  }
}

void
fee_pdf_end_sheet (FeePdf *pdf)
{
  guint n_marks = pdf->marks->len;
  for (guint i = 0; i < pdf->pages->len && pdf->document->error == NULL; i++)
    show_page (pdf, i, i + 1 < pdf->pages->len ? g_array_index (pdf->pages, guint, i + 1) : n_marks);
  show_outline (pdf);
  g_array_set_size (pdf->marks, 0);
  g_array_set_size (pdf->pages, 0);
  g_array_set_size (pdf->headings, 0);
  g_string_truncate (pdf->figures, 0);
  g_clear_pointer (&pdf->over, g_free);
  g_clear_pointer (&pdf->title, g_free);
  g_clear_pointer (&pdf->name, g_free);
  pdf->begun = FALSE;
  fee_pdf_trim_texts (pdf);
}
