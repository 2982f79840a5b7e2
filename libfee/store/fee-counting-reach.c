/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-import-private.h"

/* A row without an end holds until its key's next row. So one that comes after it and ends stops it for all days to come,
 * long after its own. */

typedef struct {
  gint64 group; /* the key without its `from` */
  FeeDate from;
  guint32 row;
  gboolean open;
} Row;

/* A batch that has a row of the group without an end. */
typedef struct {
  guint32 batch;
  gboolean brings;
} Opener;

typedef struct {
  const FeeTable *table;
  const guint8 *brings; /* by row */
  FeeReachFunc func;
  gpointer data;
  GArray *openers; /* of the group, up to a day */
} Reach;

static gint64
group_of (const FeeTable *table, guint32 row)
{
  gint64 group = 0;
  for (guint i = 0; i + 1 < table->kind->n_keys; i++)
    group = group << 32 | fee_table_column (table, table->kind->keys[i])->text[row];
  return group;
}

static void
add_opener (Reach *reach, const Row *row)
{
  Opener opener = { fee_table_segment_of (reach->table, row->row)->batch, reach->brings[row->row] };
  for (guint i = 0; i < reach->openers->len; i++) {
    Opener *other = &g_array_index (reach->openers, Opener, i);
    if (other->batch != opener.batch)
      continue;
    other->brings = other->brings || opener.brings;
    return;
  }
  g_array_append_val (reach->openers, opener);
}

static gboolean
stood (const Reach *reach, guint32 batch, guint32 at)
{
  for (guint i = 0; i < reach->table->segments->len; i++) {
    const FeeSegment *segment = &g_array_index (reach->table->segments, FeeSegment, i);
    if (segment->batch == batch)
      return segment->retracted_by == 0 || segment->retracted_by > at;
  }
  return FALSE;
}

/* The later of the two batches made it so, if the earlier one stood by then. */
static void
end_openers (const Reach *reach, const Row *row)
{
  guint32 batch = fee_table_segment_of (reach->table, row->row)->batch;
  for (guint i = 0; i < reach->openers->len; i++) {
    const Opener *opener = &g_array_index (reach->openers, Opener, i);
    guint32 later = MAX (batch, opener->batch), earlier = MIN (batch, opener->batch);
    gboolean ends = batch == later;
    if (later != earlier && (ends ? reach->brings[row->row] : opener->brings) && stood (reach, earlier, later))
      reach->func (later, earlier, ends, reach->data);
  }
}

static gint
compare_rows (gconstpointer x, gconstpointer y)
{
  const Row *a = x, *b = y;
  if (a->group != b->group)
    return a->group < b->group ? -1 : 1;
  return a->from < b->from ? -1 : a->from > b->from;
}

/* Groups that may have both, rows that end and rows that do not: those of what there is less of. */
static GHashTable *
find_groups (const FeeTable *table, guint to)
{
  GHashTable *groups = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint32 n_open = 0;
  for (guint32 row = 0; row < table->n_rows; row++)
    n_open += fee_table_is_empty (table, to, row) ? 1 : 0;
  gboolean open = n_open < table->n_rows - n_open;
  for (guint32 row = 0; row < table->n_rows && n_open > 0; row++) {
    if (fee_table_is_empty (table, to, row) != open)
      continue;
    gint64 group = group_of (table, row);
    if (!g_hash_table_contains (groups, &group))
      g_hash_table_add (groups, g_memdup2 (&group, sizeof group));
  }
  return groups;
}

/* Their rows that may matter, by group and day. */
static GArray *
list_rows (const FeeTable *table, const FeeDayColumns *days)
{
  g_autoptr (GHashTable) groups = find_groups (table, (guint) days->to);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));
  for (guint32 row = 0; row < table->n_rows && g_hash_table_size (groups) > 0; row++) {
    Row it = { group_of (table, row), fee_table_column (table, (guint) days->from)->small[row], row,
               fee_table_is_empty (table, (guint) days->to, row) };
    if (g_hash_table_contains (groups, &it.group))
      g_array_append_val (rows, it);
  }
  g_array_sort (rows, compare_rows);
  return rows;
}

void
fee_counting_reach (const FeeTable *table, const guint8 *brings, FeeReachFunc func, gpointer data)
{
  FeeDayColumns days = fee_day_columns (table->kind);
  FeeKindId kind = table->kind->id;
  if (kind != FEE_KIND_UNITS && kind != FEE_KIND_PARTIES && kind != FEE_KIND_QUANTITIES)
    return;
  g_autoptr (GArray) rows = list_rows (table, &days);
  g_autoptr (GArray) openers = g_array_new (FALSE, FALSE, sizeof (Opener));
  Reach reach = { table, brings, func, data, openers };
  for (guint i = 0, passed = 0; i < rows->len; i++) {
    const Row *row = &g_array_index (rows, Row, i);
    if (i > 0 && g_array_index (rows, Row, i - 1).group != row->group) {
      g_array_set_size (openers, 0);
      passed = i;
    }
    for (; g_array_index (rows, Row, passed).from < row->from; passed++)
      if (g_array_index (rows, Row, passed).open)
        add_opener (&reach, &g_array_index (rows, Row, passed));
    if (!row->open)
      end_openers (&reach, row);
  }
}
