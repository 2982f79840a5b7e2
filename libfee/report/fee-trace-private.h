/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gmp.h>

#include "fee-trace.h"

G_BEGIN_DECLS

/* What came to the pool of a row of stage activity, exactly: added to shares, by accrual, in minor units. */
void fee_trace_back (const FeeRun *run, guint activity, mpq_t *shares);

/* Numbers of a table, by row and column. */
typedef struct {
  guint n_rows, n_columns;
  mpq_t *cells;
} FeeExactTable;
FeeExactTable *fee_exact_table_new (guint n_rows, guint n_columns);
void fee_exact_table_free (FeeExactTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeExactTable, fee_exact_table_free)
/* A row: n_columns numbers. */
static inline mpq_t *
fee_exact_table_row (const FeeExactTable *table, guint row)
{
  return table->cells + (gsize) row * table->n_columns;
}

/* Whole numbers in place of exact ones, each the next lower or higher, those that are whole unchanged, so that rows and
 * columns add up to what they did: whole numbers. The largest fractions go up first. Changes the table. FALSE where a
 * number leaves 64 bits, or a row or column is not whole. *out: by row and column. Owned by the caller; free with
 * g_free(). */
gboolean fee_exact_table_round (FeeExactTable *table, FeeMoney **out);

G_END_DECLS
