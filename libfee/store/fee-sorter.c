/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-sorter-private.h"

#include <glib/gi18n-lib.h>
#include <sqlite3.h>
#include <string.h>

#include "../base/fee-error.h"
#include "../base/fee-order.h"
#include "../base/fee-pack.h"

/* A power of two, as byte arrays grow, and less than what malloc maps apart. */
#define BLOCK_BYTES (64 * 1024)
#define AHEAD 8

/* Records by unit: the unit after the one before, then the bytes. */
typedef struct {
  FeeText first_unit;
  guint32 n;
  GByteArray *bytes; /* NULL: in the file, by the number of the block */
} Block;

/* What was sorted at once: blocks that follow each other. */
typedef struct {
  guint next, end;   /* blocks to be read */
  GByteArray *bytes; /* of the open block */
  FeeUnpacker in;
  guint32 left;      /* records of the open block, without the one at hand */
  gboolean at_hand;
  GString *unit;     /* of the record at hand */
  const guint8 *record;
  gsize length;
} Run;

struct _FeeSorter {
  gsize room;
  FeeStrings *records; /* unit, NUL, length, bytes: one place in memory for each */
  GArray *keys;        /* of FeeSortKey: their places */
  GByteArray *packed;  /* the record at work */
  FeeStrings *first_units;
  GArray *blocks, *runs; /* of Block, Run */
  sqlite3 *file;         /* NULL: all fits in memory */
  sqlite3_stmt *put, *get;
};

static void
clear_block (gpointer data)
{
  Block *block = data;
  g_clear_pointer (&block->bytes, g_byte_array_unref);
}

static void
clear_run (gpointer data)
{
  Run *run = data;
  g_byte_array_unref (run->bytes);
  g_string_free (run->unit, TRUE);
}

FeeSorter *
fee_sorter_new (gsize room)
{
  FeeSorter *sorter = g_new0 (FeeSorter, 1);
  sorter->room = room;
  sorter->records = fee_strings_new ();
  sorter->keys = g_array_new (FALSE, FALSE, sizeof (FeeSortKey));
  sorter->packed = g_byte_array_new ();
  sorter->first_units = fee_strings_new ();
  sorter->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  g_array_set_clear_func (sorter->blocks, clear_block);
  sorter->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_array_set_clear_func (sorter->runs, clear_run);
  return sorter;
}

static void
free_records (FeeSorter *sorter)
{
  g_clear_pointer (&sorter->records, fee_strings_free);
  g_clear_pointer (&sorter->keys, g_array_unref);
  g_clear_pointer (&sorter->packed, g_byte_array_unref);
}

void
fee_sorter_free (FeeSorter *sorter)
{
  if (sorter == NULL)
    return;
  free_records (sorter);
  g_array_unref (sorter->runs);
  g_array_unref (sorter->blocks);
  fee_strings_free (sorter->first_units);
  sqlite3_finalize (sorter->put);
  sqlite3_finalize (sorter->get);
  sqlite3_close (sorter->file);
  g_free (sorter);
}

/* ---- The file: a database without a name, which SQLite keeps where TMPDIR says */

static gboolean
file_failed (const FeeSorter *sorter, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("a temporary file: %s"), sqlite3_errmsg (sorter->file));
  return FALSE;
}

static gboolean
open_file (FeeSorter *sorter, GError **error)
{
  static const char *const set_up = "PRAGMA page_size = 16384; PRAGMA cache_size = -2048; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                                    "CREATE TABLE block (block INTEGER PRIMARY KEY, bytes BLOB)";
  if (sorter->file != NULL)
    return TRUE;
  return (sqlite3_open_v2 ("", &sorter->file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK
          && sqlite3_exec (sorter->file, set_up, NULL, NULL, NULL) == SQLITE_OK
          && sqlite3_prepare_v2 (sorter->file, "INSERT INTO block VALUES (?, ?)", -1, &sorter->put, NULL) == SQLITE_OK
          && sqlite3_prepare_v2 (sorter->file, "SELECT bytes FROM block WHERE block = ?", -1, &sorter->get, NULL) == SQLITE_OK)
         || file_failed (sorter, error);
}

static gboolean
put_block (FeeSorter *sorter, guint n, const GByteArray *bytes, GError **error)
{
  sqlite3_bind_int64 (sorter->put, 1, n);
  sqlite3_bind_blob (sorter->put, 2, bytes->data, (gint) bytes->len, SQLITE_STATIC);
  gboolean ok = sqlite3_step (sorter->put) == SQLITE_DONE || file_failed (sorter, error);
  sqlite3_reset (sorter->put);
  return ok;
}

static gboolean
get_block (FeeSorter *sorter, guint n, GByteArray *bytes, GError **error)
{
  sqlite3_bind_int64 (sorter->get, 1, n);
  gboolean ok = sqlite3_step (sorter->get) == SQLITE_ROW || file_failed (sorter, error);
  g_byte_array_set_size (bytes, 0);
  if (ok)
    g_byte_array_append (bytes, sqlite3_column_blob (sorter->get, 0), (guint) sqlite3_column_bytes (sorter->get, 0));
  sqlite3_reset (sorter->get);
  return ok;
}

/* ---- Adding */

/* A block in memory, or, from `bytes` which are used again, in the file. */
static gboolean
end_block (FeeSorter *sorter, Block *block, GByteArray **bytes, GError **error)
{
  guint n = sorter->blocks->len;
  if (block->n == 0)
    return TRUE;
  if (sorter->file == NULL)
    block->bytes = g_steal_pointer (bytes);
  g_array_append_val (sorter->blocks, *block);
  *block = (Block) { 0 };
  if (sorter->file == NULL)
    *bytes = g_byte_array_sized_new (BLOCK_BYTES);
  else if (!put_block (sorter, n, *bytes, error))
    return FALSE;
  g_byte_array_set_size (*bytes, 0);
  return TRUE;
}

static const char *
nth_record (const FeeSorter *sorter, guint n)
{
  return fee_strings_get (sorter->records, g_array_index (sorter->keys, FeeSortKey, n).text);
}

/* The records so far, sorted by their units, become blocks. */
static gboolean
make_blocks (FeeSorter *sorter, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (BLOCK_BYTES);
  const char *before = "";
  Block block = { 0 };
  guint n = sorter->keys->len;
  fee_order_keys (sorter->records, (FeeSortKey *) (void *) sorter->keys->data, n, 8);
  for (guint i = 0; i < n; i++) {
    const char *unit = nth_record (sorter, i);
    gsize unit_length = strlen (unit), length;
    if (i + AHEAD < n)
      __builtin_prefetch (nth_record (sorter, i + AHEAD));
    FeeUnpacker in = { (const guint8 *) unit + unit_length + 1, (const guint8 *) unit + unit_length + 1 + FEE_PACKED_MAX, FALSE };
    length = fee_unpack_unsigned (&in);
    if (bytes->len + unit_length + length + 3 * FEE_PACKED_MAX > BLOCK_BYTES) {
      if (!end_block (sorter, &block, &bytes, error))
        return FALSE;
      before = "";
    }
    if (block.n++ == 0)
      block.first_unit = fee_strings_append (sorter->first_units, unit, unit_length);
    fee_pack_text_after (bytes, before, unit);
    fee_pack_unsigned (bytes, length);
    g_byte_array_append (bytes, in.at, (guint) length);
    before = unit;
  }
  return end_block (sorter, &block, &bytes, error);
}

static gboolean
end_run (FeeSorter *sorter, GError **error)
{
  Run run = { .next = sorter->blocks->len };
  if (!make_blocks (sorter, error))
    return FALSE;
  run.end = sorter->blocks->len;
  run.bytes = g_byte_array_new ();
  run.unit = g_string_new (NULL);
  g_array_append_val (sorter->runs, run);
  g_array_set_size (sorter->keys, 0);
  fee_strings_rewind (sorter->records);
  return TRUE;
}

gboolean
fee_sorter_add (FeeSorter *sorter, const char *unit, const GByteArray *bytes, GError **error)
{
  gsize size = fee_strings_size (sorter->records) + sorter->keys->len * sizeof (FeeSortKey);
  if (size > sorter->room && (!open_file (sorter, error) || !end_run (sorter, error)))
    return FALSE;
  gsize unit_length = strlen (unit);
  g_byte_array_set_size (sorter->packed, 0);
  g_byte_array_append (sorter->packed, (const guint8 *) unit, (guint) unit_length + 1);
  fee_pack_unsigned (sorter->packed, bytes->len);
  g_byte_array_append (sorter->packed, bytes->data, bytes->len);
  FeeText record = fee_strings_append (sorter->records, (const char *) sorter->packed->data, sorter->packed->len);
  FeeSortKey key = { fee_order_chunk (unit), record, sorter->keys->len };
  g_array_append_val (sorter->keys, key);
  return TRUE;
}

gboolean
fee_sorter_finish (FeeSorter *sorter, GError **error)
{
  gboolean ok = end_run (sorter, error);
  free_records (sorter);
  return ok;
}

void
fee_sorter_stretches (const FeeSorter *sorter, FeeStretchFunc func, gpointer data)
{
  for (guint i = 0; i < sorter->blocks->len; i++) {
    const Block *block = &g_array_index (sorter->blocks, Block, i);
    func (fee_strings_get (sorter->first_units, block->first_unit), block->n, data);
  }
}

/* ---- Reading */

static gboolean
open_block (FeeSorter *sorter, Run *run, GError **error)
{
  Block *block = &g_array_index (sorter->blocks, Block, run->next);
  if (block->bytes == NULL) {
    if (!get_block (sorter, run->next, run->bytes, error))
      return FALSE;
  } else {
    g_byte_array_unref (run->bytes);
    run->bytes = g_steal_pointer (&block->bytes);
  }
  run->in = fee_unpacker (run->bytes->data, run->bytes->len);
  run->left = block->n;
  run->next++;
  g_string_truncate (run->unit, 0);
  return TRUE;
}

static gboolean
damaged (GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("a temporary file: it does not hold what was written"));
  return FALSE;
}

/* Takes the next record at hand; none, where the run is over. */
static gboolean
advance (FeeSorter *sorter, Run *run, GError **error)
{
  run->at_hand = FALSE;
  if (run->left == 0 && run->next == run->end)
    return TRUE;
  if (run->left == 0 && !open_block (sorter, run, error))
    return FALSE;
  run->left--;
  run->at_hand = TRUE;
  fee_unpack_text_after (&run->in, run->unit);
  run->record = fee_unpack_bytes (&run->in, &run->length);
  return !run->in.damaged || damaged (error);
}

gboolean
fee_sorter_read (FeeSorter *sorter, const char *before, FeeRecordFunc func, gpointer data, GError **error)
{
  for (guint i = 0; i < sorter->runs->len; i++) {
    Run *run = &g_array_index (sorter->runs, Run, i);
    if (!run->at_hand && !advance (sorter, run, error))
      return FALSE;
    while (run->at_hand && (before == NULL || strcmp (run->unit->str, before) < 0)) {
      if (!func (run->unit->str, run->unit->len, run->record, run->length, data))
        return damaged (error);
      if (!advance (sorter, run, error))
        return FALSE;
    }
  }
  return TRUE;
}
