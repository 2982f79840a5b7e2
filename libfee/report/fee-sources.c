/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-sources.h"

struct _FeeSources {
  const FeeRecords *records;
  GHashTable *costs, *assets; /* "doc\nline", "asset\n" -> row + 1 */
};

/* line: -1 for none. */
static GHashTable *
index_rows (const FeeTable *table, guint number, gint line)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint32 row = 0; table != NULL && row < table->n_rows; row++)
    if (fee_table_alive (table, row))
      g_hash_table_insert (rows,
                           g_strdup_printf ("%s\n%s", fee_table_text (table, number, row),
                                            line < 0 ? "" : fee_table_text (table, (guint) line, row)),
                           GUINT_TO_POINTER (row + 1));
  return rows;
}

FeeSources *
fee_sources_new (const FeeRecords *records)
{
  FeeSources *sources = g_new0 (FeeSources, 1);
  sources->records = records;
  sources->costs = index_rows (records->tables[FEE_KIND_COSTS], FEE_COSTS_DOC, FEE_COSTS_LINE);
  sources->assets = index_rows (records->tables[FEE_KIND_ASSETS], FEE_ASSETS_ASSET, -1);
  return sources;
}

void
fee_sources_free (FeeSources *sources)
{
  if (sources == NULL)
    return;
  g_hash_table_unref (sources->costs);
  g_hash_table_unref (sources->assets);
  g_free (sources);
}

gboolean
fee_sources_find (const FeeSources *sources, const FeeRun *run, const FeeStageRow *accrual, const FeeTable **table, guint32 *row)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", fee_strings_get (run->strings, accrual->source),
                                          fee_strings_get (run->strings, accrual->line));
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (accrual->asset ? sources->assets : sources->costs, key));
  *table = sources->records->tables[accrual->asset ? FEE_KIND_ASSETS : FEE_KIND_COSTS];
  *row = found - 1;
  return found > 0;
}
