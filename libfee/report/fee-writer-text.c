/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-writer-private.h"
#include "fee-words.h"

#include <string.h>

#define GAP 2
#define LEAST_WIDTH 8 /* below which no column is cut to fit a page */
#define CUT_SIGN "…"

/* All cells, one after the other with a NUL each, the line of headings first. */
typedef struct {
  GString *cells;
  GArray *cell_widths; /* guint32 */
  gint *widths;        /* of columns */
} TextTable;

static void
keep_cell (FeeWriter *writer, guint column, const char *text)
{
  TextTable *table = writer->state;
  guint32 width = (guint32) fee_words_width (text);
  g_array_append_val (table->cell_widths, width);
  g_string_append_len (table->cells, text, (gssize) strlen (text) + 1);
  table->widths[column] = MAX (table->widths[column], (gint) width);
}

static void
text_begin (FeeWriter *writer)
{
  TextTable *table = g_new0 (TextTable, 1);
  table->cells = g_string_new (NULL);
  table->cell_widths = g_array_new (FALSE, FALSE, sizeof (guint32));
  table->widths = g_new0 (gint, writer->n_columns);
  writer->state = table;
  for (guint i = 0; i < writer->n_columns; i++)
    keep_cell (writer, i, fee_writer_heading (writer, i));
}

static void
text_clear (FeeWriter *writer)
{
  TextTable *table = writer->state;
  g_string_free (table->cells, TRUE);
  g_array_unref (table->cell_widths);
  g_free (table->widths);
  g_free (table);
}

static void
text_text (FeeWriter *writer, const char *text)
{
  g_autofree char *escaped = fee_words_escape (text);
  keep_cell (writer, writer->column, escaped);
}

static void
text_number (FeeWriter *writer, const char *text, G_GNUC_UNUSED gsize length)
{
  keep_cell (writer, writer->column, text);
}

static void
text_count (FeeWriter *writer, gint64 count)
{
  char buffer[FEE_NUMBER_SIZE];
  keep_cell (writer, writer->column, fee_money_format (count, 0, buffer));
}

static void
text_empty (FeeWriter *writer)
{
  keep_cell (writer, writer->column, "");
}

static void
text_end_row (G_GNUC_UNUSED FeeWriter *writer)
{
}

/* The widest text column that may still be cut, or -1. */
static gint
column_to_cut (const FeeWriter *writer, const TextTable *table)
{
  gint widest = -1;
  for (guint i = 0; i < writer->n_columns; i++)
    if (writer->columns[i].kind == FEE_COLUMN_TEXT && table->widths[i] > LEAST_WIDTH
        && (widest < 0 || table->widths[i] > table->widths[widest]))
      widest = (gint) i;
  return widest;
}

/* Takes cells from the widest texts until the table fits; numbers are never cut. */
static void
fit_width (const FeeWriter *writer, TextTable *table)
{
  if (writer->options.width <= 0)
    return;
  gint total = GAP * ((gint) writer->n_columns - 1);
  for (guint i = 0; i < writer->n_columns; i++)
    total += table->widths[i];
  for (; total > writer->options.width; total--) {
    gint column = column_to_cut (writer, table);
    if (column < 0)
      return;
    table->widths[column]--;
  }
}

static void
append_blanks (GString *out, gint n)
{
  for (gint i = 0; i < n; i++)
    g_string_append_c (out, ' ');
}

/* As many signs as leave a cell for the sign of the cut; returns the cells used. */
static gint
append_cut (GString *out, const char *text, gint width)
{
  gint used = 0;
  for (gsize length; *text != '\0'; text += length) {
    char sign[8] = "";
    length = (gsize) (g_utf8_next_char (text) - text);
    memcpy (sign, text, length);
    gint cells = fee_words_width (sign);
    if (used + cells > width - 1)
      break;
    g_string_append (out, sign);
    used += cells;
  }
  g_string_append (out, CUT_SIGN);
  return used + 1;
}

static void
append_cell (GString *out, const char *text, gint text_width, gint width, gboolean right)
{
  if (text_width > width) {
    append_blanks (out, width - append_cut (out, text, width));
    return;
  }
  if (right)
    append_blanks (out, width - text_width);
  g_string_append (out, text);
  if (!right)
    append_blanks (out, width - text_width);
}

static void
end_line (GString *out, gsize start)
{
  while (out->len > start && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

static void
text_finish (FeeWriter *writer)
{
  TextTable *table = writer->state;
  GString *out = writer->buffer;
  fit_width (writer, table);
  const char *cell = table->cells->str;
  gsize start = 0;
  for (guint i = 0; i < table->cell_widths->len; i++) {
    guint column = i % writer->n_columns;
    if (column == 0)
      start = out->len;
    else
      append_blanks (out, GAP);
    append_cell (out, cell, (gint) g_array_index (table->cell_widths, guint32, i), table->widths[column],
                 writer->columns[column].kind != FEE_COLUMN_TEXT);
    cell += strlen (cell) + 1;
    if (column + 1 == writer->n_columns) {
      end_line (out, start);
      fee_writer_flush (writer, FALSE);
    }
  }
}

const FeeWriterForm fee_writer_form_text = {
  .grouped = TRUE,
  .begin = text_begin,
  .text = text_text,
  .number = text_number,
  .count = text_count,
  .empty = text_empty,
  .end_row = text_end_row,
  .finish = text_finish,
  .clear = text_clear,
};
