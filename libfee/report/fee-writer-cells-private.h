/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-writer-private.h"

G_BEGIN_DECLS

/* All cells of a table, kept until its end by the forms that must measure before they write: one after the other with a NUL each, row by
 * row, the line of headings first. It is the writer's state; these are its functions but for finish(). */
typedef struct {
  GString *text;
  guint n;      /* cells */
  GArray *sums; /* gboolean a row: the row is a sum */
} FeeWriterCells;

void fee_writer_cells_begin (FeeWriter *writer);
void fee_writer_cells_text (FeeWriter *writer, const char *text);
void fee_writer_cells_number (FeeWriter *writer, const char *text, gsize length);
void fee_writer_cells_count (FeeWriter *writer, gint64 count);
void fee_writer_cells_empty (FeeWriter *writer);
void fee_writer_cells_end_row (FeeWriter *writer);
void fee_writer_cells_clear (FeeWriter *writer);

/* The cell after one that is not the last. */
const char *fee_writer_cells_next (const char *cell);

G_END_DECLS
