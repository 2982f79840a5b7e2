/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-table.h"

#include <string.h>

#include "../base/fee-memory.h"

static gsize
cell_size (FeeCellType type)
{
  return type == FEE_CELL_MONEY || type == FEE_CELL_QUANTITY ? sizeof (gint64) : sizeof (gint32);
}

static void
column_clear (gpointer data)
{
  FeeColumn *column = data;
  g_free (column->name);
  g_free (column->cells);
  fee_strings_free (column->words);
}

static void
segment_clear (gpointer data)
{
  g_byte_array_unref (((FeeSegment *) data)->present);
}

/* Makes the cells of rows from..to-1 empty. */
static void
clear_cells (FeeColumn *column, guint32 from, guint32 to)
{
  switch (column->type) {
  case FEE_CELL_MONEY:
  case FEE_CELL_QUANTITY:
    for (guint32 row = from; row < to; row++)
      column->number[row] = FEE_CELL_NO_NUMBER;
    break;
  case FEE_CELL_DATE:
  case FEE_CELL_COUNT:
    for (guint32 row = from; row < to; row++)
      column->small[row] = FEE_CELL_NO_COUNT;
    break;
  default:
    memset (column->text + from, 0, (gsize) (to - from) * sizeof (FeeText));
  }
}

static FeeColumn *
add_column (FeeTable *table, const char *name, FeeCellType type)
{
  FeeColumn column = { .name = g_strdup (name), .type = type, .wanted = TRUE };
  if (type == FEE_CELL_WORD)
    column.words = fee_strings_new ();
  column.cells = g_malloc (MAX (table->room, 1) * cell_size (type));
  clear_cells (&column, 0, table->cleared);
  g_array_append_val (table->columns, column);
  return fee_table_column (table, table->columns->len - 1);
}

FeeTable *
fee_table_new (FeeKindId kind, FeeStrings *ids)
{
  FeeTable *table = g_new0 (FeeTable, 1);
  table->kind = fee_kind_get (kind);
  table->ids = ids;
  table->texts = fee_strings_new ();
  table->columns = g_array_new (FALSE, FALSE, sizeof (FeeColumn));
  g_array_set_clear_func (table->columns, column_clear);
  table->segments = g_array_new (FALSE, FALSE, sizeof (FeeSegment));
  g_array_set_clear_func (table->segments, segment_clear);
  for (guint i = 0; i < table->kind->n_fields; i++)
    add_column (table, table->kind->fields[i].name, table->kind->fields[i].type);
  return table;
}

void
fee_table_free (FeeTable *table)
{
  if (table == NULL)
    return;
  g_array_unref (table->columns);
  g_array_unref (table->segments);
  fee_strings_free (table->texts);
  g_free (table->line);
  g_free (table->dead);
  g_free (table);
}

void
fee_table_want (FeeTable *table, guint32 fields)
{
  for (guint i = 0; i < table->kind->n_fields; i++) {
    FeeColumn *column = fee_table_column (table, i);
    column->wanted = (fields >> i & 1) != 0;
    if (!column->wanted)
      g_clear_pointer (&column->cells, g_free);
  }
}

gint
fee_table_find_column (const FeeTable *table, const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  for (guint i = 0; i < table->columns->len; i++) {
    g_autofree char *other = g_utf8_casefold (fee_table_column (table, i)->name, -1);
    if (strcmp (folded, other) == 0)
      return (gint) i;
  }
  return -1;
}

guint
fee_table_add_attribute (FeeTable *table, const char *name)
{
  gint found = fee_table_find_column (table, name);
  if (found >= 0)
    return (guint) found;
  add_column (table, name, FEE_CELL_WORD);
  for (guint i = 0; i < table->segments->len; i++)
    g_byte_array_append (g_array_index (table->segments, FeeSegment, i).present, (const guint8 *) "", 1);
  return table->columns->len - 1;
}

FeeSegment *
fee_table_begin_segment (FeeTable *table, guint32 batch)
{
  FeeSegment segment = { .batch = batch, .first = table->n_rows, .present = g_byte_array_new () };
  g_byte_array_set_size (segment.present, table->columns->len);
  memset (segment.present->data, 0, segment.present->len);
  g_array_append_val (table->segments, segment);
  return &g_array_index (table->segments, FeeSegment, table->segments->len - 1);
}

static void
grow_rows (FeeTable *table)
{
  table->room = MAX (table->room + table->room / 2, 64);
  table->line = fee_memory_resize (table->line, table->room * sizeof (guint32));
  for (guint i = 0; i < table->columns->len; i++) {
    FeeColumn *column = fee_table_column (table, i);
    if (column->wanted)
      column->cells = fee_memory_resize (column->cells, table->room * cell_size (column->type));
  }
}

/* Rows are made empty some thousands at a time. */
static void
clear_rows (FeeTable *table)
{
  guint32 end = MIN (table->cleared + 4096, table->room);
  for (guint i = 0; i < table->columns->len; i++) {
    FeeColumn *column = fee_table_column (table, i);
    if (column->wanted)
      clear_cells (column, table->cleared, end);
  }
  table->cleared = end;
}

gboolean
fee_table_add_row (FeeTable *table, guint32 line, guint32 *row)
{
  if (table->n_rows == G_MAXINT32)
    return FALSE;
  if (table->n_rows == table->room)
    grow_rows (table);
  if (table->n_rows == table->cleared)
    clear_rows (table);
  *row = table->n_rows++;
  table->line[*row] = line;
  g_array_index (table->segments, FeeSegment, table->segments->len - 1).n_rows++;
  return TRUE;
}

/* Files are often sorted, and their columns repeat: the cell above, or the id that follows the one above in the block. */
static FeeText
intern_near (FeeStrings *strings, FeeText above, const char *text, gsize length)
{
  const char *near = fee_strings_get (strings, above);
  gsize size = fee_strings_size (strings);
  if (above + length < size && memcmp (near, text, length) == 0 && near[length] == '\0')
    return above;
  gsize next = above + strlen (near) + 1;
  const char *following = near + (next - above);
  if (next + length < size && length > 0 && memcmp (following, text, length) == 0 && following[length] == '\0')
    return (FeeText) next;
  return fee_strings_intern (strings, text, length);
}

void
fee_table_set_text (FeeTable *table, guint n, guint32 row, const char *text, gsize length)
{
  FeeColumn *column = fee_table_column (table, n);
  if (column->type == FEE_CELL_TEXT) {
    column->text[row] = fee_strings_append (table->texts, text, length);
    return;
  }
  FeeStrings *strings = column->type == FEE_CELL_ID ? table->ids : column->words;
  FeeText above = row > 0 ? column->text[row - 1] : FEE_TEXT_EMPTY;
  column->text[row] = intern_near (strings, above, text, length);
}

const FeeSegment *
fee_table_segment_of (const FeeTable *table, guint32 row)
{
  guint low = 0, high = table->segments->len;
  while (high - low > 1) {
    guint middle = (low + high) / 2;
    if (g_array_index (table->segments, FeeSegment, middle).first <= row)
      low = middle;
    else
      high = middle;
  }
  return &g_array_index (table->segments, FeeSegment, low);
}

const char *
fee_table_text (const FeeTable *table, guint n, guint32 row)
{
  const FeeColumn *column = fee_table_column (table, n);
  const FeeStrings *strings = column->type == FEE_CELL_ID ? table->ids
                              : column->type == FEE_CELL_WORD ? column->words : table->texts;
  return fee_strings_get (strings, column->text[row]);
}

gboolean
fee_table_is_empty (const FeeTable *table, guint n, guint32 row)
{
  const FeeColumn *column = fee_table_column (table, n);
  switch (column->type) {
  case FEE_CELL_MONEY:
  case FEE_CELL_QUANTITY:
    return column->number[row] == FEE_CELL_NO_NUMBER;
  case FEE_CELL_DATE:
  case FEE_CELL_COUNT:
    return column->small[row] == FEE_CELL_NO_COUNT;
  default:
    return column->text[row] == FEE_TEXT_EMPTY;
  }
}

char *
fee_table_show (const FeeTable *table, guint n, guint32 row, gint decimals)
{
  const FeeColumn *column = fee_table_column (table, n);
  char buffer[FEE_NUMBER_SIZE];
  if (fee_table_is_empty (table, n, row))
    return g_strdup ("");
  switch (column->type) {
  case FEE_CELL_MONEY:
    return g_strdup (fee_money_format (column->number[row], decimals, buffer));
  case FEE_CELL_QUANTITY:
    return g_strdup (fee_quantity_format (column->number[row], buffer));
  case FEE_CELL_DATE:
    return g_strdup (fee_date_format (column->small[row], buffer));
  case FEE_CELL_COUNT:
    return g_strdup_printf ("%d", column->small[row]);
  default:
    return g_strdup (fee_table_text (table, n, row));
  }
}

char *
fee_table_show_key (const FeeTable *table, guint32 row)
{
  g_autoptr (GString) key = g_string_new (NULL);
  for (guint i = 0; i < table->kind->n_keys; i++) {
    guint n = table->kind->keys[i];
    if (fee_table_is_empty (table, n, row))
      continue;
    g_autofree char *cell = fee_table_show (table, n, row, 0);
    if (table->kind->id == FEE_KIND_COSTS && n == FEE_COSTS_LINE)
      g_string_append_printf (key, "#%s", cell); /* interface.md section 3 */
    else
      g_string_append_printf (key, "%s%s %s", key->len > 0 ? " " : "", table->kind->fields[n].name, cell);
  }
  return g_string_free (g_steal_pointer (&key), FALSE);
}

/* ---- Merging by key */

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
  return cell_size (column->type) == sizeof (gint64) ? column->number[a] == column->number[b]
                                                     : column->text[a] == column->text[b];
}

static void
copy_cell (const FeeTable *table, guint n, guint32 from, guint32 to)
{
  FeeColumn *column = fee_table_column (table, n);
  if (cell_size (column->type) == sizeof (gint64))
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

/* Of a version that stands, the first that says the same and still stands: where it came from. */
static guint32
first_of_same (const Versions *versions, guint32 version)
{
  while (version != 0 && versions->same[version - 1]) {
    guint32 batch = fee_table_segment_of (versions->table, version - 1)->batch;
    guint32 base = standing_at (versions, versions->before[version - 1], batch);
    if (base == 0 || retracted_by (versions->table, base - 1) != G_MAXUINT32)
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
  *base = first_of_same (versions, standing) - 1;
  return versions->same[row] ? FEE_MERGE_UNCHANGED : FEE_MERGE_CHANGED;
}

/* Of each key the version that stands now; the first of those that say the same, so that a trace leads to where it came from. */
static void
bury_versions (Versions *versions)
{
  FeeTable *table = versions->table;
  for (guint32 slot = 0; slot <= versions->mask; slot++) {
    guint32 latest = versions->slots[slot], stands = latest == 0 ? 0 : standing_at (versions, latest, G_MAXUINT32 - 1);
    stands = first_of_same (versions, stands);
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
