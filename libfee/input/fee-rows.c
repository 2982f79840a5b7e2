/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-rows.h"

#include <string.h>

/* Long enough that handing over costs little, short enough for the processor's cache: its fields take three times as much, and new memory is
 * dear (HACKING.md "Speed"). */
#define BLOCK_TEXT (16 * 1024)
#define BLOCKS 8

typedef struct {
  guint line, n_fields;
} Row;

typedef struct {
  char *text;
  gsize size, room;
  GArray *rows;     /* of Row */
  FeeField *fields; /* of the rows, one after another */
  gsize n_fields, fields_room;
} Block;

struct _FeeRows {
  FeeRowFunc func;
  gpointer data;
  Block blocks[BLOCKS], *open;
  GThread *thread;          /* NULL: all rows so far are in the open block */
  GAsyncQueue *full, *free; /* of Block */
  gint failed;              /* atomic: func will hear no more */
  GError *error;
};

FeeRows *
fee_rows_new (FeeRowFunc func, gpointer data)
{
  FeeRows *rows = g_new0 (FeeRows, 1);
  rows->func = func;
  rows->data = data;
  rows->full = g_async_queue_new ();
  rows->free = g_async_queue_new ();
  for (guint i = 0; i < BLOCKS; i++) {
    rows->blocks[i].rows = g_array_new (FALSE, FALSE, sizeof (Row));
    g_async_queue_push (rows->free, &rows->blocks[i]);
  }
  rows->open = g_async_queue_pop (rows->free);
  return rows;
}

static void
deliver (FeeRows *rows, const Block *block)
{
  const FeeField *fields = block->fields;
  for (guint i = 0; i < block->rows->len && !g_atomic_int_get (&rows->failed); i++) {
    const Row *row = &g_array_index (block->rows, Row, i);
    if (!rows->func (row->line, fields, row->n_fields, rows->data, &rows->error))
      g_atomic_int_set (&rows->failed, TRUE);
    fields += row->n_fields;
  }
}

/* A block without rows is the last. */
static gpointer
deliver_all (gpointer data)
{
  FeeRows *rows = data;
  for (Block *block; (block = g_async_queue_pop (rows->full))->rows->len > 0;) {
    deliver (rows, block);
    g_async_queue_push_front (rows->free, block); /* the next to be filled: it is in the cache, and others need never exist */
  }
  return NULL;
}

static void
empty (Block *block)
{
  g_array_set_size (block->rows, 0);
  block->n_fields = 0;
  block->size = 0;
}

/* The open block goes to the thread, and a free one takes its place. */
static void
hand_over (FeeRows *rows)
{
  if (rows->thread == NULL)
    rows->thread = g_thread_new ("rows", deliver_all, rows);
  g_async_queue_push (rows->full, rows->open);
  rows->open = g_async_queue_pop (rows->free);
  empty (rows->open);
}

static void
add_row (Block *block, Row row, const FeeField *fields, gsize length)
{
  if (block->n_fields + row.n_fields > block->fields_room) {
    block->fields_room = MAX (block->fields_room * 2, block->n_fields + row.n_fields);
    block->fields = g_renew (FeeField, block->fields, block->fields_room);
  }
  char *copy = memcpy (block->text + block->size, fields[0].text, length);
  for (guint i = 0; i < row.n_fields; i++)
    block->fields[block->n_fields++] = (FeeField) { copy + (fields[i].text - fields[0].text), fields[i].length };
  block->size += length;
  g_array_append_val (block->rows, row);
}

gboolean
fee_rows_take (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  (void) error;
  FeeRows *rows = data;
  const FeeField *end = &fields[n_fields - 1];
  gsize length = (gsize) (end->text - fields[0].text) + end->length + 1;
  if (rows->open->size > 0 && rows->open->size + length > BLOCK_TEXT)
    hand_over (rows);
  Block *block = rows->open;
  if (block->size + length > block->room) { /* only where it holds no row: fields point into it */
    block->room = MAX (length, BLOCK_TEXT);
    g_free (block->text);
    block->text = g_malloc (block->room);
  }
  add_row (block, (Row) { line, n_fields }, fields, length);
  return !g_atomic_int_get (&rows->failed);
}

gboolean
fee_rows_finish (FeeRows *rows, GError **error)
{
  if (rows->thread == NULL) {
    deliver (rows, rows->open);
  } else {
    hand_over (rows);
    g_async_queue_push (rows->full, rows->open);
    g_thread_join (g_steal_pointer (&rows->thread));
  }
  empty (rows->open);
  if (rows->error == NULL)
    return !rows->failed;
  g_propagate_error (error, g_steal_pointer (&rows->error));
  return FALSE;
}

void
fee_rows_free (FeeRows *rows)
{
  if (rows == NULL)
    return;
  g_atomic_int_set (&rows->failed, TRUE);
  fee_rows_finish (rows, NULL);
  for (guint i = 0; i < BLOCKS; i++) {
    g_free (rows->blocks[i].text);
    g_array_unref (rows->blocks[i].rows);
    g_free (rows->blocks[i].fields);
  }
  g_async_queue_unref (rows->full);
  g_async_queue_unref (rows->free);
  g_free (rows);
}
