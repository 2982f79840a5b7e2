/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fee-now-private.h"

/* Records that are named; the others are counted. */
#define NAMED 5

typedef struct {
  const FeeBatch *batch;
  FeePeriod origin;
  const FeeTable *before, *after;
  GHashTable *names; /* of char * */
} Describing;

static void
name (Describing *describing, char *words)
{
  g_hash_table_add (describing->names, words);
}

/* Bytewise, whatever the order of rows in the file. */
static char *
list_names (const Describing *describing)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (describing->names), (GCompareFunc) strcmp);
  guint n = 0;
  for (GList *at = names; at != NULL; at = at->next)
    if (n++ < NAMED)
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", (const char *) at->data);
  if (n > NAMED)
    g_string_append_printf (list, " and %u more", n - NAMED);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* ---- Rows */

static char *
key_of (const FeeTable *table, guint32 row)
{
  g_autoptr (GString) key = g_string_new (NULL);
  for (guint i = 0; i < table->kind->n_keys; i++) {
    g_autofree char *cell = fee_table_show (table, table->kind->keys[i], row, 0);
    g_string_append_printf (key, "%s\n", cell);
  }
  return g_string_free (g_steal_pointer (&key), FALSE);
}

/* Those that stand, by key. */
static GHashTable *
index_rows (const FeeTable *table)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint32 row = 0; row < table->n_rows; row++)
    if (fee_table_alive (table, row))
      g_hash_table_insert (rows, key_of (table, row), GUINT_TO_POINTER (row + 1));
  return rows;
}

static gboolean
row_meets (const Describing *describing, const FeeTable *table, guint32 row)
{
  FeeDate from = FEE_DATE_NONE, to = FEE_DATE_FOREVER;
  if (table->kind->id == FEE_KIND_COSTS) {
    FeeServiceSpan span = fee_cost_span (table, row);
    from = span.from;
    to = span.to;
  } else if (table->kind->id != FEE_KIND_ASSETS) {
    gint first = fee_table_find_column (table, "from"), last = fee_table_find_column (table, "to");
    from =
      fee_table_is_empty (table, (guint) first, row) ? FEE_DATE_NONE : fee_table_column (table, (guint) first)->small[row];
    to =
      fee_table_is_empty (table, (guint) last, row) ? FEE_DATE_FOREVER : fee_table_column (table, (guint) last)->small[row];
  }
  return from <= fee_period_last_day (describing->origin) && to >= fee_period_first_day (describing->origin);
}

/* Columns in which two versions differ: "area, lift". Owned by the caller; free with g_free(). "" for none. */
static char *
changed_columns (const Describing *describing, guint32 before, guint32 after)
{
  const FeeTable *a = describing->before, *b = describing->after;
  g_autoptr (GString) columns = g_string_new (NULL);
  for (guint n = 0; n < b->columns->len; n++) {
    const FeeColumn *column = fee_table_column (b, n);
    gint other = fee_table_find_column (a, column->name);
    if (!column->wanted || other < 0 || !fee_table_column (a, (guint) other)->wanted)
      continue;
    g_autofree char *was = fee_table_show (a, (guint) other, before, 6), *is = fee_table_show (b, n, after, 6);
    if (strcmp (was, is) != 0)
      g_string_append_printf (columns, "%s%s", columns->len > 0 ? ", " : "", column->name);
  }
  return g_string_free (g_steal_pointer (&columns), FALSE);
}

/* ---- Words */

static char *
words_for (const FeeTable *table, guint32 row, const char *what, const char *columns)
{
  switch (table->kind->id) {
  case FEE_KIND_UNITS:
    if (columns != NULL)
      return g_strdup_printf ("changed %s of unit %s", columns, fee_table_text (table, FEE_UNITS_UNIT, row));
    return g_strdup_printf ("%s unit %s", what, fee_table_text (table, FEE_UNITS_UNIT, row));
  case FEE_KIND_PARTIES:
    return g_strdup_printf ("changed %s of unit %s", fee_table_text (table, FEE_PARTIES_ROLE, row),
                            fee_table_text (table, FEE_PARTIES_UNIT, row));
  case FEE_KIND_COSTS: {
    const char *line = fee_table_text (table, FEE_COSTS_LINE, row);
    return g_strdup_printf ("%s cost %s%s%s", what, fee_table_text (table, FEE_COSTS_DOC, row), *line != '\0' ? "#" : "",
                            line);
  }
  case FEE_KIND_ASSETS:
    return g_strdup_printf ("%s asset %s", what, fee_table_text (table, FEE_ASSETS_ASSET, row));
  default:
    return g_strdup_printf ("%s quantity %s of %s", what, fee_table_text (table, FEE_QUANTITIES_DRIVER, row),
                            fee_table_text (table, FEE_QUANTITIES_TARGET, row));
  }
}

static const char *
word_for_new (FeeKindId kind)
{
  return kind == FEE_KIND_UNITS ? "new" : "late";
}

static const char *
word_for_changed (FeeKindId kind)
{
  return kind == FEE_KIND_QUANTITIES ? "changed" : "amended";
}

/* Rows that the batch brought. */
static void
describe_brought (Describing *describing)
{
  const FeeTable *table = describing->after;
  g_autoptr (GHashTable) before = index_rows (describing->before);
  for (guint32 row = 0; row < table->n_rows; row++) {
    if (!fee_table_alive (table, row) || fee_table_segment_of (table, row)->batch != describing->batch->number)
      continue;
    g_autofree char *key = key_of (table, row);
    guint old = GPOINTER_TO_UINT (g_hash_table_lookup (before, key));
    if (!row_meets (describing, table, row) && (old == 0 || !row_meets (describing, describing->before, old - 1)))
      continue;
    if (old == 0) {
      name (describing, words_for (table, row, word_for_new (table->kind->id), NULL));
      continue;
    }
    g_autofree char *columns = changed_columns (describing, old - 1, row);
    if (*columns != '\0')
      name (describing, words_for (table, row, word_for_changed (table->kind->id), columns));
  }
}

/* Rows of the batch that it took back. */
static void
describe_retracted (Describing *describing)
{
  const FeeTable *table = describing->before;
  for (guint32 row = 0; row < table->n_rows; row++)
    if (fee_table_alive (table, row) && fee_table_segment_of (table, row)->batch == describing->batch->retracts
        && row_meets (describing, table, row))
      name (describing, words_for (table, row, "retracted", NULL));
}

char *
fee_now_describe (const FeeBatch *batch, FeePeriod origin, const FeeRecords *before, const FeeRecords *after)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Describing describing = { batch, origin, before->tables[batch->kind], after->tables[batch->kind], names };
  if (batch->kind == FEE_KIND_POLICY)
    name (&describing, g_strdup (batch->retracts != 0 ? "retracted policy" : "changed policy"));
  else if (batch->retracts != 0)
    describe_retracted (&describing);
  else
    describe_brought (&describing);
  return list_names (&describing);
}
