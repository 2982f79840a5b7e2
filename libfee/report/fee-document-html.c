/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-html-private.h"

#include <string.h>

#include "fee-words.h"

#define N_COLOURS 12
#define BAR_WIDTH 1000
/* More columns than these are set smaller on paper. */
#define MANY_COLUMNS 8

typedef struct {
  char *lang;           /* of the whole */
  gboolean open, parts; /* a sheet is begun; it has headings of level 2 */
  gboolean gap;         /* before the next block */
  char *caption;        /* of the table that begins */
  gsize contents_at;    /* in the buffer: where the contents go */
  guint n_parts;
  GString *contents;    /* their entries */
} HtmlState;

/* ---- Texts */

static const char *
entity_of (char c)
{
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

void
fee_html_append (GString *out, const char *text)
{
  g_autofree char *escaped = fee_words_escape (text);
  const char *from = escaped;
  for (const char *at = from; *at != '\0'; at++) {
    const char *entity = entity_of (*at);
    if (entity == NULL)
      continue;
    g_string_append_len (out, from, at - from);
    g_string_append (out, entity);
    from = at + 1;
  }
  g_string_append (out, from);
}

/* Line breaks stay. */
static void
append_lines (GString *out, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_string_append (out, line == lines ? "" : "<br>");
    fee_html_append (out, *line);
  }
}

static void
append_element (GString *out, const char *before, const char *text, const char *after)
{
  g_string_append (out, before);
  fee_html_append (out, text);
  g_string_append (out, after);
}

/* As HTML and BCP 47 have it. */
static const char *
tag_of (const char *lang)
{
  return g_strcmp0 (lang, "zh_CN") == 0 ? "zh-CN" : "en";
}

/* <name class="class gap">, as there is a class and a gap before. */
static void
open_block (FeeDocument *document, const char *name, const char *class)
{
  HtmlState *state = document->state;
  GString *out = document->buffer;
  const char *gap = !state->gap ? "" : class != NULL ? " gap" : "gap";
  g_string_append_printf (out, "<%s", name);
  if (class != NULL || state->gap)
    g_string_append_printf (out, " class=\"%s%s\"", class != NULL ? class : "", gap);
  g_string_append_c (out, '>');
  state->gap = FALSE;
}

/* ---- The whole */

static void
html_begin (FeeDocument *document)
{
  HtmlState *state = g_new0 (HtmlState, 1);
  GString *out = document->buffer;
  document->state = state;
  document->held = document->options.contents;
  state->lang = g_strdup (document->options.lang);
  state->contents = g_string_new (NULL);
  g_string_append_printf (out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", tag_of (state->lang));
  g_string_append_printf (out, "<meta http-equiv=\"Content-Security-Policy\" "
                               "content=\"default-src 'none'; style-src '%s'; base-uri 'none'; form-action 'none'\">\n",
                          fee_html_style_hash);
  g_string_append (out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=\"referrer\" content=\"no-referrer\">\n"
                        "<meta name=\"format-detection\" content=\"telephone=no\">\n");
  append_element (out, "<title>", document->options.title != NULL ? document->options.title : "", "</title>\n");
  g_string_append_printf (out, "<style>%s</style>\n</head>\n<body>\n<main>\n", fee_html_style);
  state->contents_at = out->len;
}

static void
close_sheet (FeeDocument *document)
{
  HtmlState *state = document->state;
  g_string_append (document->buffer, state->open ? "</article>\n" : "");
  state->open = FALSE;
}

/* The contents stand under the head of the first sheet. */
static void
html_sheet (FeeDocument *document, const char *over, const char *title)
{
  HtmlState *state = document->state;
  GString *out = document->buffer;
  const char *lang = document->options.lang;
  close_sheet (document);
  g_string_append (out, document->options.contents ? "<article class=\"sheet long\"" : "<article class=\"sheet\"");
  if (g_strcmp0 (lang, state->lang) != 0)
    g_string_append_printf (out, " lang=\"%s\"", tag_of (lang));
  g_string_append (out, ">\n<header>");
  if (*over != '\0')
    append_element (out, "<p class=\"over\">", over, "</p>");
  append_element (out, "<h1>", title, "</h1></header>\n");
  state->open = TRUE;
  state->parts = state->gap = FALSE;
  if (document->n_sheets == 1)
    state->contents_at = out->len;
}

static void
insert_contents (FeeDocument *document)
{
  HtmlState *state = document->state;
  g_autoptr (GString) nav = g_string_new ("<nav class=\"contents\" aria-labelledby=\"contents\"><h2 id=\"contents\">");
  g_string_append (nav, g_strcmp0 (state->lang, "zh_CN") == 0 ? "目录" : "Contents");
  g_string_append_printf (nav, "</h2>\n<ol>\n%s</ol></nav>\n", state->contents->str);
  g_string_insert_len (document->buffer, (gssize) state->contents_at, nav->str, (gssize) nav->len);
}

static void
html_finish (FeeDocument *document)
{
  const HtmlState *state = document->state;
  close_sheet (document);
  if (document->options.contents && state->n_parts > 0)
    insert_contents (document);
  g_string_append (document->buffer, "</main>\n</body>\n</html>\n");
}

static void
html_clear (FeeDocument *document)
{
  HtmlState *state = document->state;
  g_string_free (state->contents, TRUE);
  g_free (state->lang);
  g_free (state->caption);
  g_free (state);
}

/* ---- Blocks */

/* No level is left out: what begins within a sheet that has no parts is one. */
static void
html_heading (FeeDocument *document, gint level, const char *text)
{
  HtmlState *state = document->state;
  GString *out = document->buffer;
  if (level > 2) {
    open_block (document, state->parts ? "h3" : "h2", state->parts ? NULL : "minor");
    append_element (out, "", text, state->parts ? "</h3>\n" : "</h2>\n");
    return;
  }
  state->parts = TRUE;
  state->gap = FALSE; /* it has its own */
  state->n_parts++;
  g_string_append_printf (out, "<h2 id=\"part-%u\">", state->n_parts);
  append_element (out, "", text, "</h2>\n");
  if (!document->options.contents)
    return;
  g_string_append_printf (state->contents, "<li><a href=\"#part-%u\">", state->n_parts);
  append_element (state->contents, "", text, "</a></li>\n");
}

static void
html_paragraph (FeeDocument *document, const char *text, gboolean small)
{
  open_block (document, "p", small ? "note" : NULL);
  append_lines (document->buffer, text);
  g_string_append (document->buffer, "</p>\n");
}

static void
html_gap (FeeDocument *document)
{
  ((HtmlState *) document->state)->gap = TRUE;
}

static void
html_facts (FeeDocument *document, const FeeDocumentFact *facts, guint n_facts)
{
  open_block (document, "dl", "facts");
  for (guint i = 0; i < n_facts; i++) {
    append_element (document->buffer, "<div><dt>", facts[i].label, "</dt> ");
    append_element (document->buffer, "<dd>", facts[i].value, "</dd></div>\n");
  }
  g_string_append (document->buffer, "</dl>\n");
}

static void
html_amount (FeeDocument *document, const char *label, const char *grouped, gboolean strong)
{
  open_block (document, "p", strong ? "amount strong" : "amount");
  append_element (document->buffer, "<span>", label, "</span> ");
  append_element (document->buffer, "<span class=\"n\">", grouped, "</span></p>\n");
}

static void
html_begin_table (FeeDocument *document, const char *caption)
{
  HtmlState *state = document->state;
  g_free (state->caption);
  state->caption = g_strdup (caption);
}

void
fee_html_open_table (FeeDocument *document, guint n_columns, gboolean wide)
{
  HtmlState *state = document->state;
  const char *class = n_columns > MANY_COLUMNS ? "wide many" : wide ? "wide" : NULL;
  open_block (document, wide ? "table role=\"table\"" : "table", class);
  g_string_append_c (document->buffer, '\n');
  if (state->caption != NULL)
    append_element (document->buffer, "<caption><span class=\"unseen\">", state->caption, "</span></caption>\n");
}

/* ---- Charts */

static void
append_legend (GString *out, const FeeDocumentChart *chart)
{
  g_string_append (out, "<ul class=\"legend\">\n");
  for (guint i = 0; i < chart->n_series; i++) {
    g_string_append (out, "<li><svg class=\"key\" viewBox=\"0 0 1 1\" aria-hidden=\"true\">");
    g_string_append_printf (out, "<rect class=\"s%u\" width=\"1\" height=\"1\"/></svg>", i % N_COLOURS);
    append_element (out, "", chart->series[i], "</li>\n");
  }
  g_string_append (out, "</ul>\n");
}

/* part of whole, times scale, to the nearest. */
static gint64
share_of (gint64 part, gint64 whole, gint64 scale)
{
  return whole <= 0 ? 0 : (gint64) (((__int128) part * scale * 2 + whole) / ((__int128) whole * 2));
}

/* What the parts of a bar are, for who can't see them: "Paid 80 %, Open 20 %". */
static void
append_parts (GString *out, const FeeDocumentChart *chart, guint bar)
{
  gint64 sum = fee_document_chart_sum (chart, bar);
  g_string_append (out, "<desc>");
  for (guint i = 0; i < chart->n_series; i++) {
    append_element (out, i > 0 ? ", " : "", chart->series[i], " ");
    g_string_append_printf (out, "%" G_GINT64_FORMAT " %%", share_of (chart->values[bar * chart->n_series + i], sum, 100));
  }
  g_string_append (out, "</desc>");
}

/* Ends of parts are rounded, not their lengths, so that parts make up their bar. What is there is seen, be it little. */
static void
append_rectangles (GString *out, const FeeDocumentChart *chart, guint bar)
{
  gint64 full = fee_document_chart_full (chart), sum = 0, from = 0;
  g_string_append_printf (out, "<rect class=\"track\" width=\"%d\" height=\"1\"/>", BAR_WIDTH);
  for (guint i = 0; i < chart->n_series; i++) {
    gint64 value = chart->values[bar * chart->n_series + i];
    if (__builtin_add_overflow (sum, value, &sum))
      sum = G_MAXINT64;
    gint64 to = MAX (share_of (sum, full, BAR_WIDTH), from + (value > 0));
    if (to > from)
      g_string_append_printf (out, "<rect class=\"s%u\" x=\"%" G_GINT64_FORMAT "\" width=\"%" G_GINT64_FORMAT "\" height=\"1\"/>",
                              i % N_COLOURS, from, to - from);
    from = to;
  }
}

static void
append_bar (GString *out, const FeeDocumentChart *chart, guint bar)
{
  append_element (out, "<li><span>", chart->labels[bar], "</span> ");
  append_element (out, "<span class=\"n\">", chart->texts[bar], "</span>\n");
  g_string_append_printf (out, "<svg role=\"img\" viewBox=\"0 0 %d 1\" preserveAspectRatio=\"none\">", BAR_WIDTH);
  append_element (out, "<title>", chart->labels[bar], ": ");
  append_element (out, "", chart->texts[bar], "</title>");
  if (chart->series != NULL)
    append_parts (out, chart, bar);
  append_rectangles (out, chart, bar);
  g_string_append (out, "</svg></li>\n");
}

/* A drawing a bar: labels and figures are text of the page, which wraps and grows with it. */
static void
html_chart (FeeDocument *document, const FeeDocumentChart *chart)
{
  GString *out = document->buffer;
  open_block (document, "figure", "chart");
  append_element (out, "<figcaption>", chart->title, "</figcaption>\n");
  if (chart->series != NULL)
    append_legend (out, chart);
  g_string_append (out, "<ul class=\"bars\">\n");
  for (guint i = 0; i < chart->n_bars; i++)
    append_bar (out, chart, i);
  g_string_append (out, "</ul></figure>\n");
}

const FeeDocumentMaker fee_document_maker_html = {
  .begin = html_begin,
  .sheet = html_sheet,
  .heading = html_heading,
  .paragraph = html_paragraph,
  .gap = html_gap,
  .facts = html_facts,
  .amount = html_amount,
  .table = &fee_writer_form_html,
  .begin_table = html_begin_table,
  .chart = html_chart,
  .finish = html_finish,
  .clear = html_clear,
};
