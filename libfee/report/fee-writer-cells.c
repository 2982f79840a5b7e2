/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-writer-cells-private.h"

#include <string.h>

#include "fee-words.h"

static void
keep_cell (FeeWriter *writer, const char *text)
{
  FeeWriterCells *cells = writer->state;
  g_string_append_len (cells->text, text, (gssize) strlen (text) + 1);
  cells->n++;
}

void
fee_writer_cells_begin (FeeWriter *writer)
{
  FeeWriterCells *cells = g_new0 (FeeWriterCells, 1);
  cells->text = g_string_new (NULL);
  cells->sums = g_array_new (FALSE, FALSE, sizeof (gboolean));
  writer->state = cells;
  for (guint i = 0; i < writer->n_columns; i++)
    keep_cell (writer, fee_writer_heading (writer, i));
  fee_writer_cells_end_row (writer);
}

void
fee_writer_cells_clear (FeeWriter *writer)
{
  FeeWriterCells *cells = writer->state;
  g_string_free (cells->text, TRUE);
  g_array_unref (cells->sums);
  g_free (cells);
}

void
fee_writer_cells_text (FeeWriter *writer, const char *text)
{
  g_autofree char *escaped = fee_words_escape (text);
  keep_cell (writer, escaped);
}

void
fee_writer_cells_number (FeeWriter *writer, const char *text, G_GNUC_UNUSED gsize length)
{
  keep_cell (writer, text);
}

void
fee_writer_cells_count (FeeWriter *writer, gint64 count)
{
  char buffer[FEE_NUMBER_SIZE];
  keep_cell (writer, fee_money_format (count, 0, buffer));
}

void
fee_writer_cells_empty (FeeWriter *writer)
{
  keep_cell (writer, "");
}

void
fee_writer_cells_end_row (FeeWriter *writer)
{
  FeeWriterCells *cells = writer->state;
  g_array_append_val (cells->sums, writer->sum);
}

const char *
fee_writer_cells_next (const char *cell)
{
  return cell + strlen (cell) + 1;
}
