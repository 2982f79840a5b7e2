/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-import-private.h"

void
fee_counting_init (FeeCounting *counting, FeeBatch *batch, const FeeKind *kind)
{
  *counting = (FeeCounting) {
    .batch = batch,
    .amended = g_hash_table_new (NULL, NULL),
    .linked = g_hash_table_new (NULL, NULL),
    .days = fee_day_columns (kind),
  };
}

static void
widen_days (FeeCounting *counting, const FeeTable *table, guint32 row)
{
  FeeBatch *batch = counting->batch;
  FeeDate from, to;
  fee_row_days (table, &counting->days, row, &from, &to);
  batch->from = counting->has_days ? MIN (batch->from, from) : from;
  batch->to = counting->has_days ? MAX (batch->to, to) : to;
  counting->has_days = TRUE;
}

void
fee_counting_row (FeeCounting *counting, const FeeTable *table, guint32 row, FeeMerge merge, guint32 before)
{
  FeeBatch *batch = counting->batch;
  batch->n_rows++;
  if (merge == FEE_MERGE_UNCHANGED || merge == FEE_MERGE_CHANGED)
    g_hash_table_add (counting->amended, GUINT_TO_POINTER (fee_table_segment_of (table, before)->batch));
  batch->n_new += merge == FEE_MERGE_NEW;
  batch->n_changed += merge == FEE_MERGE_CHANGED;
  if (merge == FEE_MERGE_CHANGED)
    widen_days (counting, table, before);
  if (merge == FEE_MERGE_CHANGED || merge == FEE_MERGE_NEW)
    widen_days (counting, table, row);
}

void
fee_counting_meet (FeeCounting *counting, guint32 earlier, gboolean ends)
{
  g_hash_table_add (counting->linked, GUINT_TO_POINTER (earlier));
  counting->ends = counting->ends || ends;
}

static gint
compare_numbers (gconstpointer a, gconstpointer b)
{
  return GPOINTER_TO_UINT (a) < GPOINTER_TO_UINT (b) ? -1 : 1;
}

static void
add_numbers (GHashTable *all, GHashTable *numbers)
{
  GHashTableIter iter;
  gpointer number;
  g_hash_table_iter_init (&iter, numbers);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    g_hash_table_add (all, number);
}

void
fee_counting_finish (FeeCounting *counting, gboolean narrow)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GHashTable) all = g_hash_table_new (NULL, NULL);
  add_numbers (all, counting->amended);
  if (!narrow)
    add_numbers (all, counting->linked);
  g_autoptr (GList) numbers = g_list_sort (g_hash_table_get_keys (all), compare_numbers);
  for (GList *at = numbers; at != NULL; at = at->next)
    g_string_append_printf (text, "%s%u", text->len > 0 ? "," : "", GPOINTER_TO_UINT (at->data));
  g_free (counting->batch->amends);
  counting->batch->amends = g_string_free (g_steal_pointer (&text), FALSE);
  if (counting->ends && !narrow)
    counting->batch->to = FEE_DATE_FOREVER;
}

void
fee_counting_clear (FeeCounting *counting)
{
  g_clear_pointer (&counting->amended, g_hash_table_unref);
  g_clear_pointer (&counting->linked, g_hash_table_unref);
}
