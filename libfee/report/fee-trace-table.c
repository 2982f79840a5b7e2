/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-trace-private.h"

FeeExactTable *
fee_exact_table_new (guint n_rows, guint n_columns)
{
  FeeExactTable *table = g_new0 (FeeExactTable, 1);
  *table = (FeeExactTable){ n_rows, n_columns, g_new (mpq_t, (gsize) n_rows * n_columns + 1) };
  for (gsize i = 0; i < (gsize) n_rows * n_columns; i++)
    mpq_init (table->cells[i]);
  return table;
}

void
fee_exact_table_free (FeeExactTable *table)
{
  if (table == NULL)
    return;
  for (gsize i = 0; i < (gsize) table->n_rows * table->n_columns; i++)
    mpq_clear (table->cells[i]);
  g_free (table->cells);
  g_free (table);
}

/* Rounding in progress: cells hold their fractions, whole what is below them; up tells which go to the next higher. */
typedef struct {
  FeeExactTable *table;
  FeeMoney *whole;
  guint8 *up;
  guint *row_left, *column_left; /* fen that a row or column still lacks */
} Rounding;

/* Leaves the fraction in the cell. */
static gboolean
take_floor (mpq_t cell, FeeMoney *whole)
{
  mpz_t floor;
  mpq_t value;
  mpz_init (floor);
  mpq_init (value);
  mpz_fdiv_q (floor, mpq_numref (cell), mpq_denref (cell));
  gboolean fits = mpz_fits_slong_p (floor);
  *whole = fits ? mpz_get_si (floor) : 0;
  mpq_set_z (value, floor);
  mpq_sub (cell, cell, value);
  mpq_clear (value);
  mpz_clear (floor);
  return fits;
}

/* The sum of fractions, each step apart from the next: whole, or the table does not add up. */
static gboolean
count_left (mpq_t *cells, guint n, gsize step, guint *left)
{
  mpq_t sum;
  mpq_init (sum);
  for (guint i = 0; i < n; i++)
    mpq_add (sum, sum, cells[i * step]);
  gboolean whole = mpz_cmp_ui (mpq_denref (sum), 1) == 0;
  *left = whole ? (guint) mpz_get_ui (mpq_numref (sum)) : 0;
  mpq_clear (sum);
  return whole;
}

static gint
compare_fractions (gconstpointer a, gconstpointer b, gpointer data)
{
  guint x = *(const guint *) a, y = *(const guint *) b;
  mpq_t *cells = ((FeeExactTable *) data)->cells;
  gint order = mpq_cmp (cells[y], cells[x]);
  return order != 0 ? order : x < y ? -1 : x > y;
}

/* The largest fractions go up while their row and column lack a fen. */
static void
raise_largest (Rounding *rounding)
{
  FeeExactTable *table = rounding->table;
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < table->n_rows * table->n_columns; i++)
    if (mpq_sgn (table->cells[i]) != 0)
      g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_fractions, table);
  for (guint n = 0; n < order->len; n++) {
    guint i = g_array_index (order, guint, n), row = i / table->n_columns, column = i % table->n_columns;
    if (rounding->row_left[row] == 0 || rounding->column_left[column] == 0)
      continue;
    rounding->up[i] = TRUE;
    rounding->row_left[row]--;
    rounding->column_left[column]--;
  }
}

/* A way from a row to a column that lacks a fen: through a cell that can go up, then through one that went up to another
 * row, and so on. Lines are rows, then columns; from[line]: the line before it. FALSE where there is none. */
static gboolean
find_way (const Rounding *rounding, guint start, guint *from, guint *end)
{
  const FeeExactTable *table = rounding->table;
  guint n = table->n_rows + table->n_columns;
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    from[i] = G_MAXUINT;
  from[start] = start;
  g_array_append_val (queue, start);
  for (guint head = 0; head < queue->len; head++) {
    guint line = g_array_index (queue, guint, head);
    gboolean is_row = line < table->n_rows;
    if (!is_row && rounding->column_left[line - table->n_rows] > 0) {
      *end = line;
      return TRUE;
    }
    for (guint other = is_row ? table->n_rows : 0; other < (is_row ? n : table->n_rows); other++) {
      guint row = is_row ? line : other, column = (is_row ? other : line) - table->n_rows;
      gsize cell = (gsize) row * table->n_columns + column;
      gboolean open = is_row ? !rounding->up[cell] && mpq_sgn (table->cells[cell]) != 0 : rounding->up[cell];
      if (!open || from[other] != G_MAXUINT)
        continue;
      from[other] = line;
      g_array_append_val (queue, other);
    }
  }
  return FALSE;
}

/* Where rows and columns with a fen left have no cell in common, others make room. There is always a way: the fractions
 * themselves are one. */
static gboolean
raise_rest (Rounding *rounding)
{
  const FeeExactTable *table = rounding->table;
  g_autofree guint *from = g_new (guint, table->n_rows + table->n_columns + 1);
  for (guint row = 0; row < table->n_rows; row++)
    for (; rounding->row_left[row] > 0; rounding->row_left[row]--) {
      guint line;
      if (!find_way (rounding, row, from, &line))
        return FALSE;
      rounding->column_left[line - table->n_rows]--;
      for (; line != row; line = from[line]) {
        guint r = MIN (line, from[line]), column = MAX (line, from[line]) - table->n_rows;
        rounding->up[(gsize) r * table->n_columns + column] ^= TRUE;
      }
    }
  return TRUE;
}

gboolean
fee_exact_table_round (FeeExactTable *table, FeeMoney **out)
{
  gsize n = (gsize) table->n_rows * table->n_columns;
  g_autofree FeeMoney *whole = g_new0 (FeeMoney, n + 1);
  g_autofree guint8 *up = g_new0 (guint8, n + 1);
  g_autofree guint *row_left = g_new0 (guint, table->n_rows + 1);
  g_autofree guint *column_left = g_new0 (guint, table->n_columns + 1);
  Rounding rounding = { table, whole, up, row_left, column_left };
  gboolean ok = TRUE;
  for (gsize i = 0; i < n; i++)
    ok = take_floor (table->cells[i], &whole[i]) && ok;
  for (guint row = 0; row < table->n_rows; row++)
    ok = count_left (fee_exact_table_row (table, row), table->n_columns, 1, &row_left[row]) && ok;
  for (guint column = 0; column < table->n_columns; column++)
    ok = count_left (table->cells + column, table->n_rows, table->n_columns, &column_left[column]) && ok;
  if (!ok)
    return FALSE;
  raise_largest (&rounding);
  if (!raise_rest (&rounding))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    ok = fee_money_add (whole[i], up[i], &whole[i]) && ok;
  *out = g_steal_pointer (&whole);
  return ok;
}
