/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-table.h"

#include <string.h>

#include "../base/fee-memory.h"

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
  column.cells = g_malloc (MAX (table->room, 1) * fee_cell_size (type));
  clear_cells (&column, 0, table->cleared);
  char *folded = g_utf8_casefold (name, -1);
  if (g_hash_table_contains (table->by_name, folded))
    g_free (folded); /* the first of a name is found */
  else
    g_hash_table_insert (table->by_name, folded, GINT_TO_POINTER ((gint) table->columns->len));
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
  table->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
  g_hash_table_unref (table->by_name);
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
  gpointer found;
  return g_hash_table_lookup_extended (table->by_name, folded, NULL, &found) ? GPOINTER_TO_INT (found) : -1;
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
      column->cells = fee_memory_resize (column->cells, table->room * fee_cell_size (column->type));
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

void
fee_table_empty (FeeTable *table)
{
  table->n_rows = table->cleared = 0;
  g_array_index (table->segments, FeeSegment, 0).n_rows = 0;
  fee_strings_rewind (table->texts);
  if (table->passing)
    fee_strings_rewind (table->ids);
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
  if (column->type == FEE_CELL_ID && table->passing) {
    column->text[row] = fee_strings_append (table->ids, text, length);
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
