/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-document-pdf-private.h"

#include <string.h>

/* Either has Chinese and Latin. */
#define FIRST_FAMILY "WenQuanYi Micro Hei"
#define OTHER_FAMILY "Noto Sans CJK SC"
#define FIGURE_SIGNS "0123456789.,+-/%: "
#define FIGURE_LENGTH 40 /* longer ones are texts */
#define MANY_TEXTS 2048  /* some MB */

/* A text with the font and width it was set in: key and value of the table. */
typedef struct {
  FeePdfFont font;
  gint width;
  char *text;
  PangoLayout *layout;
  gint extent; /* the width that it takes */
} CachedText;

/* Glyphs and widths of the signs of figures in a font. */
typedef struct {
  FeePdfFont font;
  cairo_scaled_font_t *scaled; /* NULL: the signs come from several fonts, and figures are set like other texts */
  gulong glyphs[128];
  gint widths[128];
} Face;

static guint
hash_text (gconstpointer key)
{
  const CachedText *text = key;
  return g_str_hash (text->text) ^ (guint) text->font.size * 31u ^ (guint) text->width * 7u ^ (text->font.bold ? 1u : 0u);
}

static gboolean
equal_texts (gconstpointer x, gconstpointer y)
{
  const CachedText *a = x, *b = y;
  return a->font.size == b->font.size && a->font.bold == b->font.bold && a->width == b->width && strcmp (a->text, b->text) == 0;
}

static void
free_text (gpointer data)
{
  CachedText *text = data;
  g_object_unref (text->layout);
  g_free (text->text);
  g_free (text);
}

static void
clear_face (gpointer data)
{
  Face *face = data;
  g_clear_pointer (&face->scaled, cairo_scaled_font_destroy);
}

/* ---- Begin and end */

static gboolean
has_font (FeePdf *pdf)
{
  g_autoptr (PangoFont) font = pango_context_load_font (pdf->context, pdf->description);
  if (font == NULL)
    return FALSE;
  g_autoptr (PangoFontDescription) found = pango_font_describe (font);
  const char *family = pango_font_description_get_family (found);
  return family != NULL && (strcmp (family, FIRST_FAMILY) == 0 || strcmp (family, OTHER_FAMILY) == 0);
}

gboolean
fee_pdf_begin_texts (FeePdf *pdf)
{
  cairo_font_options_t *options = cairo_font_options_create ();
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  pdf->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  pango_cairo_context_set_font_options (pdf->context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (pdf->context, 72); /* a point is a point */
  pango_context_set_round_glyph_positions (pdf->context, FALSE);
  pango_context_set_base_dir (pdf->context, PANGO_DIRECTION_LTR);
  /* else it is the user's */
  pango_context_set_language (pdf->context, pango_language_from_string (fee_document_is_chinese (pdf->document) ? "zh-cn" : "en"));
  pdf->description = pango_font_description_new ();
  pango_font_description_set_family_static (pdf->description, FIRST_FAMILY "," OTHER_FAMILY);
  pango_font_description_set_absolute_size (pdf->description, FEE_PDF_BODY.size);
  pdf->texts = g_hash_table_new_full (hash_text, equal_texts, free_text, NULL);
  pdf->faces = g_array_new (FALSE, FALSE, sizeof (Face));
  g_array_set_clear_func (pdf->faces, clear_face);
  return has_font (pdf);
}

void
fee_pdf_clear_texts (FeePdf *pdf)
{
  g_hash_table_unref (pdf->texts);
  g_array_unref (pdf->faces);
  pango_font_description_free (pdf->description);
  g_object_unref (pdf->context);
}

void
fee_pdf_trim_texts (FeePdf *pdf)
{
  if (g_hash_table_size (pdf->texts) > MANY_TEXTS)
    g_hash_table_remove_all (pdf->texts);
}

/* ---- Texts set by Pango */

static PangoLayout *
set_text (FeePdf *pdf, FeePdfFont font, const char *text, gint width)
{
  PangoLayout *layout = pango_layout_new (pdf->context);
  pango_font_description_set_absolute_size (pdf->description, font.size);
  pango_font_description_set_weight (pdf->description, font.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, pdf->description);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width (layout, width);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static const CachedText *
cached_text (FeePdf *pdf, FeePdfFont font, const char *text, gint width)
{
  const CachedText key = { .font = font, .width = width, .text = (char *) text };
  CachedText *found = g_hash_table_lookup (pdf->texts, &key);
  if (found != NULL)
    return found;
  found = g_memdup2 (&key, sizeof key);
  found->text = g_strdup (text);
  found->layout = set_text (pdf, font, text, width);
  pango_layout_get_size (found->layout, &found->extent, NULL);
  g_hash_table_add (pdf->texts, found);
  return found;
}

/* ---- Figures, set by ourselves: most are seen once, and there are many */

static gboolean
is_figure (const char *text)
{
  gsize length = strspn (text, FIGURE_SIGNS);
  return length > 0 && length <= FIGURE_LENGTH && text[length] == '\0';
}

static void
add_sign (FeePdf *pdf, Face *face, char sign)
{
  char text[2] = { sign, '\0' };
  g_autoptr (PangoLayout) layout = set_text (pdf, face->font, text, -1);
  const PangoLayoutLine *line = pango_layout_get_line_readonly (layout, 0);
  const PangoLayoutRun *run = line->runs->data;
  cairo_scaled_font_t *scaled = pango_cairo_font_get_scaled_font (PANGO_CAIRO_FONT (run->item->analysis.font));
  if (face->scaled == NULL)
    face->scaled = cairo_scaled_font_reference (scaled);
  if (scaled != face->scaled || run->glyphs->num_glyphs != 1)
    g_clear_pointer (&face->scaled, cairo_scaled_font_destroy);
  face->glyphs[(guint) sign] = run->glyphs->glyphs[0].glyph;
  face->widths[(guint) sign] = run->glyphs->glyphs[0].geometry.width;
}

static const Face *
face_of (FeePdf *pdf, FeePdfFont font)
{
  for (guint i = 0; i < pdf->faces->len; i++) {
    const Face *face = &g_array_index (pdf->faces, Face, i);
    if (face->font.size == font.size && face->font.bold == font.bold)
      return face;
  }
  Face face = { .font = font };
  add_sign (pdf, &face, '0');
  for (const char *sign = FIGURE_SIGNS; *sign != '\0' && face.scaled != NULL; sign++)
    add_sign (pdf, &face, *sign);
  g_array_append_val (pdf->faces, face);
  return &g_array_index (pdf->faces, Face, pdf->faces->len - 1);
}

FeePdfText
fee_pdf_text (FeePdf *pdf, FeePdfFont font, const char *text, gint width)
{
  FeePdfText set = { .font = font, .n_lines = 1 };
  const Face *face = is_figure (text) ? face_of (pdf, font) : NULL;
  if (face != NULL && face->scaled != NULL) {
    set.figure = text;
    for (const char *sign = text; *sign != '\0'; sign++)
      set.width += face->widths[(guint) *sign];
    if (width < 0 || set.width <= width)
      return set;
  }
  const CachedText *cached = cached_text (pdf, font, text, width);
  return (FeePdfText) { .font = font, .layout = cached->layout, .n_lines = (guint) pango_layout_get_line_count (cached->layout),
                        .width = cached->extent };
}

gint
fee_pdf_line_width (const FeePdfText *text, guint line)
{
  PangoRectangle extents;
  if (text->layout == NULL || text->n_lines == 1)
    return text->width;
  pango_layout_line_get_extents (pango_layout_get_line_readonly (text->layout, (int) line), NULL, &extents);
  return extents.width;
}

gint
fee_pdf_line_height (FeePdfFont font)
{
  return font.size * 14 / 10;
}

gint
fee_pdf_baseline (FeePdfFont font)
{
  return font.size * 108 / 100;
}

/* ---- Onto the page */

static void
show_figure (FeePdf *pdf, const FeePdfMark *mark)
{
  const Face *face = face_of (pdf, mark->font);
  const char *text = pdf->figures->str + mark->figure;
  cairo_glyph_t glyphs[FIGURE_LENGTH];
  cairo_text_cluster_t clusters[FIGURE_LENGTH];
  gint n = 0, x = mark->x;
  for (const char *sign = text; *sign != '\0'; sign++, n++) {
    glyphs[n] = (cairo_glyph_t) { face->glyphs[(guint) *sign], x / (1.0 * PANGO_SCALE), mark->y / (1.0 * PANGO_SCALE) };
    clusters[n] = (cairo_text_cluster_t) { 1, 1 };
    x += face->widths[(guint) *sign];
  }
  cairo_set_scaled_font (pdf->cairo, face->scaled);
  cairo_show_text_glyphs (pdf->cairo, text, n, glyphs, n, clusters, n, 0);
}

void
fee_pdf_show (FeePdf *pdf, const FeePdfMark *mark)
{
  if (mark->line == NULL) {
    show_figure (pdf, mark);
    return;
  }
  cairo_move_to (pdf->cairo, mark->x / (1.0 * PANGO_SCALE), mark->y / (1.0 * PANGO_SCALE));
  pango_cairo_show_layout_line (pdf->cairo, mark->line);
}
