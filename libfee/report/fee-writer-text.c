/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-writer-cells-private.h"

#include <string.h>

#include "fee-words.h"

#define GAP 2
#define LEAST_WIDTH 8 /* below which no column is cut to fit a page */
#define CUT_SIGN "…"

/* Widths in terminal cells, measured when all is there. */
typedef struct {
  guint32 *cells;
  gint *columns;
} TextWidths;

static TextWidths
measure (const FeeWriter *writer)
{
  const FeeWriterCells *cells = writer->state;
  TextWidths widths = { g_new (guint32, cells->n), g_new0 (gint, writer->n_columns) };
  const char *cell = cells->text->str;
  for (guint i = 0; i < cells->n; i++, cell = fee_writer_cells_next (cell)) {
    gint *column = &widths.columns[i % writer->n_columns];
    widths.cells[i] = (guint32) fee_words_width (cell);
    *column = MAX (*column, (gint) widths.cells[i]);
  }
  return widths;
}

/* The widest text column that may still be cut, or -1. */
static gint
column_to_cut (const FeeWriter *writer, const gint *widths)
{
  gint widest = -1;
  for (guint i = 0; i < writer->n_columns; i++)
    if (writer->columns[i].kind == FEE_COLUMN_TEXT && widths[i] > LEAST_WIDTH
        && (widest < 0 || widths[i] > widths[widest]))
      widest = (gint) i;
  return widest;
}

/* Takes cells from the widest texts until the table fits; numbers are never cut. FALSE: it does not. */
static gboolean
fit_width (const FeeWriter *writer, gint *widths)
{
  gint total = GAP * ((gint) writer->n_columns - 1);
  for (guint i = 0; i < writer->n_columns; i++)
    total += widths[i];
  for (; writer->options.width > 0 && total > writer->options.width; total--) {
    gint column = column_to_cut (writer, widths);
    if (column < 0)
      return FALSE;
    widths[column]--;
  }
  return TRUE;
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

/* ---- Row by row, across */

/* What a row or cell begins with: headings and sums are bold, what is negative red. */
static const char *
colour_of (const FeeWriter *writer, guint row, const char *cell)
{
  const FeeWriterCells *cells = writer->state;
  if (!writer->options.colour || *cell == '\0')
    return "";
  if (row == 0 || g_array_index (cells->sums, gboolean, row))
    return FEE_TERMINAL_BOLD;
  return *cell == '-' && g_ascii_isdigit (cell[1]) ? FEE_TERMINAL_RED : "";
}

static void
end_colour (GString *out, const char *colour)
{
  g_string_append (out, *colour != '\0' ? FEE_TERMINAL_PLAIN : "");
}

static void
end_line (GString *out, gsize start)
{
  while (out->len > start && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

static void
write_across (FeeWriter *writer, const TextWidths *widths)
{
  const FeeWriterCells *cells = writer->state;
  GString *out = writer->buffer;
  const char *cell = cells->text->str;
  gsize start = 0;
  for (guint i = 0; i < cells->n; i++, cell = fee_writer_cells_next (cell)) {
    guint column = i % writer->n_columns;
    const char *colour = colour_of (writer, i / writer->n_columns, cell);
    if (column == 0)
      start = out->len;
    else
      append_blanks (out, GAP);
    g_string_append (out, colour);
    append_cell (out, cell, (gint) widths->cells[i], widths->columns[column], writer->columns[column].kind != FEE_COLUMN_TEXT);
    end_colour (out, colour);
    if (column + 1 == writer->n_columns) {
      end_line (out, start);
      fee_writer_flush (writer, FALSE);
    }
  }
}

/* ---- A cell a line, for a table that is too wide whatever is cut */

static void
write_down (FeeWriter *writer, const TextWidths *widths)
{
  const FeeWriterCells *cells = writer->state;
  GString *out = writer->buffer;
  g_autofree const char **headings = g_new (const char *, writer->n_columns);
  const char *cell = cells->text->str;
  gint heading_width = 0;
  for (guint i = 0; i < writer->n_columns; i++, cell = fee_writer_cells_next (cell)) {
    headings[i] = cell;
    heading_width = MAX (heading_width, (gint) widths->cells[i]);
  }
  for (guint i = writer->n_columns; i < cells->n; i++, cell = fee_writer_cells_next (cell)) {
    guint column = i % writer->n_columns;
    if (column == 0 && i > writer->n_columns)
      g_string_append_c (out, '\n');
    if (*cell == '\0')
      continue;
    const char *bold = colour_of (writer, 0, headings[column]), *colour = colour_of (writer, i / writer->n_columns, cell);
    g_string_append (out, bold);
    append_cell (out, headings[column], (gint) widths->cells[column], heading_width, FALSE);
    end_colour (out, bold);
    append_blanks (out, GAP);
    g_string_append_printf (out, "%s%s", colour, cell);
    end_colour (out, colour);
    g_string_append_c (out, '\n');
    fee_writer_flush (writer, FALSE);
  }
}

static void
text_finish (FeeWriter *writer)
{
  TextWidths widths = measure (writer);
  if (fit_width (writer, widths.columns))
    write_across (writer, &widths);
  else
    write_down (writer, &widths);
  g_free (widths.cells);
  g_free (widths.columns);
}

const FeeWriterForm fee_writer_form_text = {
  .grouped = TRUE,
  .begin = fee_writer_cells_begin,
  .text = fee_writer_cells_text,
  .number = fee_writer_cells_number,
  .count = fee_writer_cells_count,
  .empty = fee_writer_cells_empty,
  .end_row = fee_writer_cells_end_row,
  .finish = text_finish,
  .clear = fee_writer_cells_clear,
};
