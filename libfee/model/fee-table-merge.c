/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-table.h"

#include <string.h>

#include "../base/fee-memory.h"

/* Key columns hold places or dates: 32 bits each. */
static guint32
key_cell (const FeeTable *table, guint i, guint32 row)
{
  return fee_table_column (table, table->kind->keys[i])->text[row];
}

static guint32
hash_key (const FeeTable *table, guint32 row)
{
  guint64 hash = 0;
  for (guint i = 0; i < table->kind->n_keys; i++) {
    hash = (hash ^ key_cell (table, i, row)) * G_GUINT64_CONSTANT (0xD6E8FEB86659FD93);
    hash ^= hash >> 32;
  }
  return (guint32) hash;
}

static gboolean
same_key (const FeeTable *table, guint32 a, guint32 b)
{
  for (guint i = 0; i < table->kind->n_keys; i++)
    if (key_cell (table, i, a) != key_cell (table, i, b))
      return FALSE;
  return TRUE;
}

static gboolean
same_cell (const FeeTable *table, guint n, guint32 a, guint32 b)
{
  const FeeColumn *column = fee_table_column (table, n);
  if (column->type == FEE_CELL_TEXT) /* the only cells that are not interned */
    return strcmp (fee_table_text (table, n, a), fee_table_text (table, n, b)) == 0;
  return fee_cell_size (column->type) == sizeof (gint64) ? column->number[a] == column->number[b]
                                                     : column->text[a] == column->text[b];
}

static void
copy_cell (const FeeTable *table, guint n, guint32 from, guint32 to)
{
  FeeColumn *column = fee_table_column (table, n);
  if (fee_cell_size (column->type) == sizeof (gint64))
    column->number[to] = column->number[from];
  else
    column->text[to] = column->text[from];
}

/* Gives row the cells of `before` that its file lacks; TRUE where the two are then the same. */
static gboolean
inherit (const FeeTable *table, const FeeSegment *segment, guint32 before, guint32 row)
{
  gboolean same = TRUE;
  for (guint n = 0; n < table->columns->len; n++) {
    if (!fee_table_column (table, n)->wanted)
      continue;
    if (!segment->present->data[n])
      copy_cell (table, n, before, row);
    else if (!same_cell (table, n, before, row))
      same = FALSE;
  }
  return same;
}

/* Versions of a key, while the rows of a table are merged. */
typedef struct {
  FeeTable *table;
  guint32 *slots, mask; /* the latest version of each key: row + 1 */
  guint32 *before;      /* by row: the version that it follows + 1; NULL while no key has two */
  guint8 *same;         /* by row: it says what the version says that stood when it came */
} Versions;

static guint32
retracted_by (const FeeTable *table, guint32 row)
{
  guint32 by = fee_table_segment_of (table, row)->retracted_by;
  return by == 0 ? G_MAXUINT32 : by;
}

/* The version that stood when that batch came, from `version` (row + 1) back; 0 for none. */
static guint32
standing_at (const Versions *versions, guint32 version, guint32 batch)
{
  while (version != 0 && retracted_by (versions->table, version - 1) <= batch)
    version = versions->before[version - 1];
  return version;
}

/* Of a version that stood when that batch came, the first that said the same and still stood: where it came from. */
static guint32
first_of_same (const Versions *versions, guint32 version, guint32 at)
{
  while (version != 0 && versions->same[version - 1]) {
    guint32 batch = fee_table_segment_of (versions->table, version - 1)->batch;
    guint32 base = standing_at (versions, versions->before[version - 1], batch);
    if (base == 0 || retracted_by (versions->table, base - 1) <= at)
      break;
    version = base;
  }
  return version;
}

static void
allow_versions (Versions *versions)
{
  if (versions->before != NULL)
    return;
  versions->before = g_new0 (guint32, versions->table->n_rows);
  versions->same = g_new0 (guint8, versions->table->n_rows);
  g_free (versions->table->dead); /* of an earlier merge */
  versions->table->dead = g_new0 (guint8, versions->table->n_rows);
}

/* A row whose key is known. */
static FeeMerge
merge_row (Versions *versions, const FeeSegment *segment, guint32 slot, guint32 row, guint32 *base)
{
  guint32 latest = versions->slots[slot];
  *base = latest - 1;
  if (*base >= segment->first)
    return FEE_MERGE_TWICE;
  allow_versions (versions);
  versions->before[row] = latest;
  versions->slots[slot] = row + 1;
  guint32 standing = standing_at (versions, latest, segment->batch);
  if (standing == 0)
    return FEE_MERGE_NEW;
  *base = standing - 1;
  versions->same[row] = inherit (versions->table, segment, *base, row);
  *base = first_of_same (versions, standing, segment->batch) - 1;
  return versions->same[row] ? FEE_MERGE_UNCHANGED : FEE_MERGE_CHANGED;
}

/* Of each key the version that stands now; the first of those that say the same, so that a trace leads to where it came from. */
static void
bury_versions (Versions *versions)
{
  FeeTable *table = versions->table;
  for (guint32 slot = 0; slot <= versions->mask; slot++) {
    guint32 latest = versions->slots[slot], stands = latest == 0 ? 0 : standing_at (versions, latest, G_MAXUINT32 - 1);
    stands = first_of_same (versions, stands, G_MAXUINT32 - 1);
    for (guint32 version = latest; version != 0; version = versions->before[version - 1])
      table->dead[version - 1] = version != stands;
  }
}

static guint32
find_key (const Versions *versions, guint32 row)
{
  guint32 slot = hash_key (versions->table, row) & versions->mask;
  while (versions->slots[slot] != 0 && !same_key (versions->table, versions->slots[slot] - 1, row))
    slot = (slot + 1) & versions->mask;
  return slot;
}

#define AHEAD 16

static gint
compare_keys (const FeeTable *table, guint32 a, guint32 b)
{
  for (guint i = 0; i < table->kind->n_keys; i++) {
    guint n = table->kind->keys[i];
    const FeeColumn *column = fee_table_column (table, n);
    if (column->text[a] == column->text[b])
      continue;
    if (column->type == FEE_CELL_DATE)
      return column->small[a] < column->small[b] ? -1 : 1;
    return strcmp (fee_table_text (table, n, a), fee_table_text (table, n, b));
  }
  return 0;
}

/* One file in the order of its keys, as files mostly are: no key is there twice, and nothing needs to be looked up. */
static gboolean
is_ascending (const FeeTable *table)
{
  if (table->segments->len != 1 || g_array_index (table->segments, FeeSegment, 0).retracted_by != 0)
    return FALSE;
  for (guint32 row = 1; row < table->n_rows; row++)
    if (compare_keys (table, row - 1, row) >= 0)
      return FALSE;
  return TRUE;
}

void
fee_table_merge (FeeTable *table, guint first_segment, FeeMergeFunc func, gpointer data)
{
  if (is_ascending (table)) {
    for (guint32 row = 0; row < table->n_rows && func != NULL && first_segment == 0; row++)
      func (table, row, FEE_MERGE_NEW, 0, data);
    return;
  }
  Versions versions = { .table = table, .mask = 63 };
  while (versions.mask < table->n_rows + table->n_rows / 2)
    versions.mask = versions.mask * 2 + 1;
  versions.slots = fee_memory_array0 (guint32, (gsize) versions.mask + 1);
  for (guint s = 0; s < table->segments->len; s++) {
    const FeeSegment *segment = &g_array_index (table->segments, FeeSegment, s);
    for (guint32 row = segment->first; row < segment->first + segment->n_rows; row++) {
      /* the slots of rows to come are fetched meanwhile: each lies somewhere else */
      if (row + AHEAD < table->n_rows)
        __builtin_prefetch (&versions.slots[hash_key (table, row + AHEAD) & versions.mask]);
      guint32 slot = find_key (&versions, row), base = 0;
      FeeMerge merge = FEE_MERGE_NEW;
      if (versions.slots[slot] == 0)
        versions.slots[slot] = row + 1;
      else
        merge = merge_row (&versions, segment, slot, row, &base);
      if (func != NULL && s >= first_segment)
        func (table, row, merge, base, data);
    }
  }
  for (guint s = 0; s < table->segments->len && versions.before == NULL; s++)
    if (g_array_index (table->segments, FeeSegment, s).retracted_by != 0)
      allow_versions (&versions);
  if (versions.before != NULL)
    bury_versions (&versions);
  g_free (versions.slots);
  g_free (versions.before);
  g_free (versions.same);
}

/* Merges rows low..middle-1 and middle..high-1, each sorted. Where they are in order already, as in a file sorted by building, that costs one
 * comparison. */
static void
merge_stretches (const FeeTable *table, FeeRowCompare compare, gconstpointer data, guint32 *rows, guint32 *scratch, guint32 low, guint32 middle,
                 guint32 high)
{
  guint32 i = low, j = middle, n = 0;
  if (compare (table, rows[middle - 1], rows[middle], data) <= 0)
    return;
  while (i < middle && j < high)
    scratch[n++] = compare (table, rows[i], rows[j], data) <= 0 ? rows[i++] : rows[j++];
  memmove (rows + low + n, rows + i, (middle - i) * sizeof *rows);
  memcpy (rows + low, scratch, n * sizeof *rows);
}

static void
sort_rows (const FeeTable *table, FeeRowCompare compare, gconstpointer data, guint32 *rows, guint32 n)
{
  g_autofree guint32 *scratch = fee_memory_array (guint32, n);
  for (guint64 width = 1; width < n; width *= 2)
    for (guint64 low = 0; low + width < n; low += 2 * width)
      merge_stretches (table, compare, data, rows, scratch, (guint32) low, (guint32) (low + width), (guint32) MIN (low + 2 * width, n));
}

guint32 *
fee_table_sorted (const FeeTable *table, FeeRowCompare compare, gconstpointer data, guint32 *n_rows)
{
  guint32 *rows = fee_memory_array (guint32, table->n_rows);
  guint32 n = 0;
  for (guint32 row = 0; row < table->n_rows; row++)
    if (fee_table_alive (table, row))
      rows[n++] = row;
  sort_rows (table, compare, data, rows, n);
  *n_rows = n;
  return rows;
}
