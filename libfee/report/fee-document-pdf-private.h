/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "fee-document-private.h"

G_BEGIN_DECLS

/* Lengths are in units of Pango, 1024 a point: whole numbers, so that the same blocks give the same bytes. */
#define FEE_PDF_POINT PANGO_SCALE
#define FEE_PDF_LEFT (45 * FEE_PDF_POINT)
#define FEE_PDF_WIDTH (505 * FEE_PDF_POINT) /* of an A4 page less its margins */
#define FEE_PDF_TOP (45 * FEE_PDF_POINT)
#define FEE_PDF_BOTTOM (790 * FEE_PDF_POINT) /* below it stands the number of the page */

/* Size in units of Pango, and weight. */
typedef struct {
  gint size;
  gboolean bold;
} FeePdfFont;

#define FEE_PDF_BODY ((FeePdfFont) { 9 * FEE_PDF_POINT, FALSE })
#define FEE_PDF_STRONG ((FeePdfFont) { 9 * FEE_PDF_POINT, TRUE })
#define FEE_PDF_SMALL ((FeePdfFont) { 7 * FEE_PDF_POINT, FALSE })

typedef enum { FEE_PDF_BLACK, FEE_PDF_GREY, FEE_PDF_RULE, FEE_PDF_TINT, FEE_PDF_SERIES } FeePdfColour;
#define FEE_PDF_N_SERIES 12 /* colours from FEE_PDF_SERIES on */

/* A text as it is set. Figures (ASCII digits and what stands among them) are set by the widths of their signs; anything else by Pango, once for
 * the same text, font and width. Valid until the sheet ends. */
typedef struct {
  FeePdfFont font;
  const char *figure;  /* the text, or NULL */
  PangoLayout *layout; /* or NULL */
  guint n_lines;
  gint width; /* of the widest line */
} FeePdfText;

/* What stands on a page: a filled box, or a line of a text with its baseline at y. */
typedef struct {
  FeePdfColour colour;
  gint x, y, width, height; /* a text has no height */
  PangoLayoutLine *line;    /* or NULL */
  FeePdfFont font;          /* of a figure */
  gsize figure;             /* its place in figures */
} FeePdfMark;

typedef struct {
  FeeDocument *document;
  cairo_surface_t *surface;
  cairo_t *cairo;
  gboolean closing; /* nothing more is handed on */
  PangoContext *context;
  PangoFontDescription *description;
  GHashTable *texts;       /* CachedText of itself */
  GArray *faces;           /* Face, one a font that figures were set in */
  /* the sheet that is being said: its pages wait for the number of the last one */
  gboolean begun;
  char *over, *title, *name; /* name: in the outline, what its first facts say */
  gint outline;            /* of the sheet */
  guint first_page;        /* of the sheet in the document, from 1 */
  GArray *marks;           /* FeePdfMark */
  GArray *pages;           /* of guint: the first mark of each page */
  GString *figures;        /* with a NUL each */
  GArray *headings;        /* FeePdfHeading, for the outline */
  gint y;                  /* where the next block begins */
  gint table_end;          /* the same after a table */
  gint sum_right;          /* where its amounts end, from the left margin */
} FeePdf;

typedef struct {
  char *text;
  guint page; /* in the document, from 1 */
  gint y;
} FeePdfHeading;

/* ---- Texts: fee-document-pdf-text.c */

/* FALSE: the machine has none of the fonts. */
gboolean fee_pdf_begin_texts (FeePdf *pdf);
void fee_pdf_clear_texts (FeePdf *pdf);
/* Drops what is kept where it is much; the texts of the sheet must be done with. */
void fee_pdf_trim_texts (FeePdf *pdf);
/* text is borrowed until the call after, if it is a figure. width: where lines end, or -1. */
FeePdfText fee_pdf_text (FeePdf *pdf, FeePdfFont font, const char *text, gint width);
gint fee_pdf_line_width (const FeePdfText *text, guint line);
/* From the top of a line to that of the next, and to its baseline; the same whatever fonts a sign comes from. */
gint fee_pdf_line_height (FeePdfFont font);
gint fee_pdf_baseline (FeePdfFont font);
/* Draws the text of a mark. */
void fee_pdf_show (FeePdf *pdf, const FeePdfMark *mark);

/* ---- Pages: fee-document-pdf-page.c */

/* The next block of that height: on a new page where this one ends before. Returns TRUE where a page began. */
gboolean fee_pdf_need (FeePdf *pdf, gint height);
void fee_pdf_put_box (FeePdf *pdf, FeePdfColour colour, gint x, gint y, gint width, gint height);
/* A line of a text (from 0), y: the top of the line. */
void fee_pdf_put_text (FeePdf *pdf, FeePdfColour colour, const FeePdfText *text, guint line, gint x, gint y);
/* All lines of a text at the place of the next block, over pages. */
void fee_pdf_put_lines (FeePdf *pdf, FeePdfColour colour, const FeePdfText *text);
void fee_pdf_begin_sheet (FeePdf *pdf, const char *over, const char *title);
void fee_pdf_end_sheet (FeePdf *pdf);
/* cairo's own errors become the document's. */
void fee_pdf_check (FeePdf *pdf);

/* ---- Blocks of their own files */

extern const FeeWriterForm fee_pdf_table_form;
void fee_pdf_chart (FeeDocument *document, const FeeDocumentChart *chart);

G_END_DECLS
