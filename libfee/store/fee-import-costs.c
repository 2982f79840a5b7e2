/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-import-private.h"

/* How long after the last posted month a cost may begin before a person should look at it. */
#define MONTHS_AHEAD 12

/* A supplier's amount on a day: two documents with the same are named. Documents without a supplier are not compared. */
static char *
likeness (const FeeTable *costs, guint32 row)
{
  const char *supplier = fee_table_text (costs, FEE_COSTS_SUPPLIER, row);
  if (*supplier == '\0')
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT " %d %s", fee_table_column (costs, FEE_COSTS_AMOUNT)->number[row],
                          fee_table_column (costs, FEE_COSTS_DATE)->small[row], supplier);
}

static void
find_alike (FeeImport *import, const FeeTable *costs, guint32 first_row)
{
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const FeeText *doc = fee_table_column (costs, FEE_COSTS_DOC)->text;
  for (guint32 row = 0; row < costs->n_rows; row++) {
    char *key = fee_table_alive (costs, row) ? likeness (costs, row) : NULL;
    gpointer found;
    if (key == NULL)
      continue;
    if (!g_hash_table_lookup_extended (rows, key, NULL, &found)) {
      g_hash_table_insert (rows, key, GUINT_TO_POINTER (row));
      continue;
    }
    guint32 other = GPOINTER_TO_UINT (found);
    if (row >= first_row && doc[other] != doc[row])
      g_ptr_array_add (import->imported->findings,
                       g_strdup_printf (_("%s:%u: %s has the supplier, amount and date of %s"), import->name, costs->line[row],
                                        fee_table_text (costs, FEE_COSTS_DOC, row), fee_table_text (costs, FEE_COSTS_DOC, other)));
    g_free (key);
  }
}

static void
look_at_days (FeeImport *import, const FeeTable *costs, guint32 row, FeePeriod start, FeePeriod last)
{
  FeeServiceSpan span = fee_cost_span (costs, row);
  char first_day[FEE_DATE_SIZE], last_day[FEE_DATE_SIZE];
  const char *doc = fee_table_text (costs, FEE_COSTS_DOC, row);
  fee_date_format (span.from, first_day);
  fee_date_format (span.to, last_day);
  if (fee_period_of (span.to) < start)
    g_ptr_array_add (import->imported->findings,
                     g_strdup_printf (_("%s:%u: %s serves %s..%s, before this book"), import->name, costs->line[row], doc, first_day, last_day));
  else if (fee_period_of (span.from) > last + MONTHS_AHEAD)
    g_ptr_array_add (import->imported->findings,
                     g_strdup_printf (_("%s:%u: %s serves %s..%s, more than 12 months after the last posted month"), import->name,
                                      costs->line[row], doc, first_day, last_day));
}

gboolean
fee_import_look_at_costs (FeeImport *import, guint32 first_row, GError **error)
{
  const FeeTable *costs = import->records->tables[FEE_KIND_COSTS];
  g_autoptr (GPtrArray) runs = NULL;
  if (!fee_book_runs (import->book, &runs, error))
    return FALSE;
  FeePeriod start = fee_records_start (import->records);
  FeePeriod last = runs->len > 0 ? ((const FeeRunHead *) g_ptr_array_index (runs, runs->len - 1))->period : start - 1;
  for (guint32 row = first_row; row < costs->n_rows; row++)
    if (fee_table_alive (costs, row))
      look_at_days (import, costs, row, start, last);
  find_alike (import, costs, first_row);
  return TRUE;
}
