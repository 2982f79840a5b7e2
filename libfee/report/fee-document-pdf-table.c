/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-document-pdf-private.h"
#include "fee-writer-cells-private.h"

#include <string.h>

#define GAP (10 * FEE_PDF_POINT)
#define PAD (2 * FEE_PDF_POINT) /* over and under the lines of a row */
#define LEAST_TEXT (48 * FEE_PDF_POINT) /* of a column of texts, which wrap */
#define LONG_TEXT 1000 /* bytes: as wide as the page or more, unmeasured */
#define LEAST_SIZE FEE_PDF_POINT
#define THIN (FEE_PDF_POINT / 4)
#define THICK (FEE_PDF_POINT / 2)

typedef struct {
  FeePdf *pdf;
  const FeeWriter *writer;
  const FeeWriterCells *cells;
  const char **texts; /* of all cells */
  guint n_rows;       /* with that of the headings, which is the first */
  gint size;          /* of the letters */
  gint *widths, *least; /* of columns */
  FeePdfText *row;    /* of the one that is put */
} Table;

static gboolean
is_sum (const Table *table, guint row)
{
  return row < table->n_rows && g_array_index (table->cells->sums, gboolean, row);
}

static FeePdfFont
font_of (const Table *table, guint row)
{
  return (FeePdfFont) { table->size, row == 0 || is_sum (table, row) };
}

static gboolean
is_text (const Table *table, guint column)
{
  return table->writer->columns[column].kind == FEE_COLUMN_TEXT;
}

/* ---- Widths */

static gint
width_of (const Table *table, guint cell)
{
  guint n = table->writer->n_columns;
  const char *text = table->texts[cell];
  if (is_text (table, cell % n) && strlen (text) > LONG_TEXT)
    return FEE_PDF_WIDTH;
  return fee_pdf_text (table->pdf, font_of (table, cell / n), text, -1).width;
}

/* Headings and texts may wrap, amounts and numbers never. */
static void
measure (Table *table)
{
  guint n = table->writer->n_columns;
  memset (table->widths, 0, n * sizeof (gint));
  memset (table->least, 0, n * sizeof (gint));
  for (guint i = 0; i < table->cells->n; i++) {
    guint column = i % n;
    gint width = width_of (table, i);
    gint least = i < n || is_text (table, column) ? MIN (width, LEAST_TEXT * table->size / FEE_PDF_BODY.size) : width;
    table->widths[column] = MAX (table->widths[column], width);
    table->least[column] = MAX (table->least[column], least);
  }
}

static gint
gap_of (const Table *table)
{
  return GAP * table->size / FEE_PDF_BODY.size;
}

static gint
sum_of (const Table *table, const gint *widths)
{
  gint sum = gap_of (table) * ((gint) table->writer->n_columns - 1);
  for (guint i = 0; i < table->writer->n_columns; i++)
    sum = (gint) MIN ((gint64) sum + widths[i], G_MAXINT / 2);
  return sum;
}

/* What is left of the page's width goes to the texts, else to all. */
static void
widen (Table *table, gint left)
{
  gint n = (gint) table->writer->n_columns, n_texts = 0;
  for (gint i = 0; i < n; i++)
    n_texts += is_text (table, (guint) i) ? 1 : 0;
  for (gint i = 0; i < n; i++)
    if (n_texts == 0 || is_text (table, (guint) i))
      table->widths[i] += left / (n_texts == 0 ? n : n_texts);
}

/* The widest that may be narrower gives way first. */
static void
narrow (Table *table, gint over)
{
  for (; over > 0; over -= FEE_PDF_POINT) {
    gint widest = -1;
    for (gint i = 0; i < (gint) table->writer->n_columns; i++)
      if (table->widths[i] > table->least[i] && (widest < 0 || table->widths[i] > table->widths[widest]))
        widest = i;
    if (widest < 0)
      return;
    table->widths[widest] = MAX (table->widths[widest] - FEE_PDF_POINT, table->least[widest]);
  }
}

/* Smaller letters where even the least widths are too wide. */
static void
fit (Table *table)
{
  measure (table);
  for (gint least = sum_of (table, table->least); least > FEE_PDF_WIDTH && table->size > LEAST_SIZE; least = sum_of (table, table->least)) {
    gint size = (gint) ((gint64) table->size * FEE_PDF_WIDTH / least);
    size -= size % (FEE_PDF_POINT / 4);
    table->size = CLAMP (size, LEAST_SIZE, table->size - FEE_PDF_POINT / 4);
    measure (table);
  }
  gint sum = sum_of (table, table->widths);
  if (sum <= FEE_PDF_WIDTH)
    widen (table, FEE_PDF_WIDTH - sum);
  else
    narrow (table, sum - FEE_PDF_WIDTH);
}

/* ---- Rows */

static gint
line_height (const Table *table)
{
  return fee_pdf_line_height (font_of (table, 0));
}

/* Sets its cells in their columns; returns how many lines it has. */
static guint
set_row (Table *table, guint row)
{
  guint n = table->writer->n_columns, n_lines = 1;
  for (guint i = 0; i < n; i++) {
    gint width = row == 0 || is_text (table, i) ? table->widths[i] : -1;
    table->row[i] = fee_pdf_text (table->pdf, font_of (table, row), table->texts[row * n + i], width);
    n_lines = MAX (n_lines, table->row[i].n_lines);
  }
  return n_lines;
}

/* Some lines of the row that is set. */
static void
put_lines (Table *table, guint row, guint from, guint to)
{
  FeePdf *pdf = table->pdf;
  gint height = line_height (table) * (gint) (to - from) + 2 * PAD, x = FEE_PDF_LEFT;
  if (row == 0)
    fee_pdf_put_box (pdf, FEE_PDF_TINT, FEE_PDF_LEFT, pdf->y, FEE_PDF_WIDTH, height);
  if (is_sum (table, row) && from == 0)
    fee_pdf_put_box (pdf, FEE_PDF_BLACK, FEE_PDF_LEFT, pdf->y, FEE_PDF_WIDTH, THICK);
  for (guint i = 0; i < table->writer->n_columns; x += table->widths[i] + gap_of (table), i++)
    for (guint line = from; line < MIN (to, table->row[i].n_lines); line++) {
      gint indent = is_text (table, i) ? 0 : table->widths[i] - fee_pdf_line_width (&table->row[i], line);
      fee_pdf_put_text (pdf, FEE_PDF_BLACK, &table->row[i], line, x + indent, pdf->y + PAD + (gint) (line - from) * line_height (table));
    }
  pdf->y += height;
  fee_pdf_put_box (pdf, FEE_PDF_RULE, FEE_PDF_LEFT, pdf->y, FEE_PDF_WIDTH, THIN);
}

static void
put_headings (Table *table)
{
  put_lines (table, 0, 0, set_row (table, 0));
}

/* As a whole where a page holds it, else line by line. A sum stands with the row before it. */
static void
put_row (Table *table, guint row)
{
  FeePdf *pdf = table->pdf;
  gint height = line_height (table);
  gint after = is_sum (table, row + 1) ? height + 2 * PAD : 0;
  guint n_lines = set_row (table, row);
  for (guint line = 0; line < n_lines;) {
    if (fee_pdf_need (pdf, height * (gint) (n_lines - line) + 2 * PAD + after)) {
      put_headings (table);
      set_row (table, row);
    }
    guint fitting = (guint) MAX (1, (FEE_PDF_BOTTOM - pdf->y - 2 * PAD) / height);
    guint end = MIN (n_lines, line + fitting);
    put_lines (table, row, line, end);
    line = end;
  }
}

/* Where its last amounts end, from the left margin: a sum under the table ends there too. */
static gint
amounts_right (const Table *table)
{
  gint right = 0, x = 0;
  for (guint i = 0; i < table->writer->n_columns; i++) {
    x += table->widths[i];
    if (table->writer->columns[i].kind == FEE_COLUMN_MONEY)
      right = x;
    x += gap_of (table);
  }
  return right;
}

static void
put_table (Table *table)
{
  FeePdf *pdf = table->pdf;
  gint height = line_height (table);
  guint first = table->n_rows > 1 ? set_row (table, 1) : 0;
  fee_pdf_need (pdf, (gint) (first + set_row (table, 0)) * height + 4 * PAD);
  put_headings (table);
  for (guint row = 1; row < table->n_rows; row++)
    put_row (table, row);
  pdf->y += 3 * FEE_PDF_POINT;
  pdf->table_end = pdf->y;
  pdf->sum_right = amounts_right (table);
}

static void
table_finish (FeeWriter *writer)
{
  const FeeWriterCells *cells = writer->state;
  guint n = writer->n_columns;
  g_autofree const char **texts = g_new (const char *, cells->n);
  g_autofree gint *widths = g_new (gint, n);
  g_autofree gint *least = g_new (gint, n);
  g_autofree FeePdfText *row = g_new (FeePdfText, n);
  Table table = { ((FeeDocument *) writer->data)->state, writer, cells, texts, cells->n / n, FEE_PDF_BODY.size, widths, least, row };
  texts[0] = cells->text->str;
  for (guint i = 1; i < cells->n; i++)
    texts[i] = fee_writer_cells_next (texts[i - 1]);
  fit (&table);
  put_table (&table);
}

const FeeWriterForm fee_pdf_table_form = {
  .grouped = TRUE,
  .begin = fee_writer_cells_begin,
  .text = fee_writer_cells_text,
  .number = fee_writer_cells_number,
  .count = fee_writer_cells_count,
  .empty = fee_writer_cells_empty,
  .end_row = fee_writer_cells_end_row,
  .finish = table_finish,
  .clear = fee_writer_cells_clear,
};
