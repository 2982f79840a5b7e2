/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "fee-book-private.h"

/* A file's compressed bytes are stored in pieces, so that reading one never needs it whole. */
#define PIECE_BYTES (1024 * 1024)

FeeBatch *
fee_batch_new (void)
{
  FeeBatch *batch = g_new0 (FeeBatch, 1);
  batch->through = FEE_DATE_NONE;
  batch->from = FEE_DATE_NONE;
  batch->to = FEE_DATE_FOREVER;
  return batch;
}

void
fee_batch_free (FeeBatch *batch)
{
  if (batch == NULL)
    return;
  g_free (batch->file);
  g_free (batch->sha256);
  g_free (batch->reading);
  g_free (batch->amends);
  g_free (batch->reason);
  g_free (batch->made_at);
  g_free (batch->made_by);
  g_free (batch);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

char *
fee_batch_record (const FeeBatch *batch)
{
  return g_strdup_printf ("batch\n%u\n%s\n%u\n%s\n%s\n%" G_GUINT64_FORMAT "\n%s\n%d\n%" G_GUINT64_FORMAT "\n%" G_GUINT64_FORMAT
                          "\n%" G_GUINT64_FORMAT "\n%d\n%d\n%s\n%s\n%s\n%s",
                          batch->number, fee_kind_get (batch->kind)->name, batch->retracts, or_empty (batch->file),
                          or_empty (batch->sha256), batch->size, or_empty (batch->reading), batch->through, batch->n_rows,
                          batch->n_new, batch->n_changed, batch->from, batch->to, or_empty (batch->amends), or_empty (batch->reason),
                          or_empty (batch->made_at), or_empty (batch->made_by));
}

static void
fill_batch (FeeBatch *batch, FeeRowReader *row)
{
  batch->file = fee_row_text (row, 3);
  batch->sha256 = fee_row_text (row, 4);
  batch->size = (guint64) fee_row_number (row, 5, 0, G_MAXINT64);
  batch->reading = fee_row_text (row, 6);
  batch->through = (FeeDate) fee_row_number (row, 7, FEE_DATE_NONE, FEE_DATE_FOREVER);
  batch->n_rows = (guint64) fee_row_number (row, 8, 0, G_MAXINT64);
  batch->n_new = (guint64) fee_row_number (row, 9, 0, G_MAXINT64);
  batch->n_changed = (guint64) fee_row_number (row, 10, 0, G_MAXINT64);
  batch->from = (FeeDate) fee_row_number (row, 11, FEE_DATE_NONE, FEE_DATE_FOREVER);
  batch->to = (FeeDate) fee_row_number (row, 12, FEE_DATE_NONE, FEE_DATE_FOREVER);
  batch->amends = fee_row_text (row, 13);
  batch->reason = fee_row_text (row, 14);
  batch->made_at = fee_row_text (row, 15);
  batch->made_by = fee_row_text (row, 16);
}

static gboolean
read_batch (FeeBook *book, FeeStatement *statement, GPtrArray *batches, GError **error)
{
  g_autoptr (FeeBatch) batch = fee_batch_new ();
  FeeRowReader row = { statement, NULL };
  guint32 next = batches->len + 1;
  batch->number = (guint32) fee_row_number (&row, 0, next, next);
  g_autofree char *kind = fee_row_text (&row, 1);
  const FeeKind *found = fee_kind_find (kind);
  if (found == NULL && row.fault == NULL)
    row.fault = "kind";
  batch->retracts = (guint32) fee_row_number (&row, 2, 0, next - 1);
  fill_batch (batch, &row);
  if (row.fault != NULL) {
    g_autofree char *what = g_strdup_printf (_("its list of batches: batch %u, column %s"), next, row.fault);
    return fee_book_damaged (book, what, error);
  }
  batch->kind = found->id;
  if (batch->retracts > 0)
    ((FeeBatch *) g_ptr_array_index (batches, batch->retracts - 1))->retracted_by = batch->number;
  g_ptr_array_add (batches, g_steal_pointer (&batch));
  return TRUE;
}

gboolean
fee_book_batches (FeeBook *book, GPtrArray **out, GError **error)
{
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_batch_free);
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (book, "SELECT * FROM batch ORDER BY batch", &statement, error))
    return FALSE;
  while (fee_book_step (book, statement, &problem))
    if (!read_batch (book, statement, batches, error))
      return FALSE;
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  *out = g_steal_pointer (&batches);
  return TRUE;
}

static void
bind_text (FeeStatement *statement, gint n, const char *text)
{
  sqlite3_bind_text (statement, n, or_empty (text), -1, SQLITE_STATIC);
}

static gboolean
insert_batch (FeeBook *book, const FeeBatch *batch, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_prepare (book, "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, batch->number);
  bind_text (statement, 2, fee_kind_get (batch->kind)->name);
  sqlite3_bind_int64 (statement, 3, batch->retracts);
  bind_text (statement, 4, batch->file);
  bind_text (statement, 5, batch->sha256);
  sqlite3_bind_int64 (statement, 6, (gint64) batch->size);
  bind_text (statement, 7, batch->reading);
  sqlite3_bind_int (statement, 8, batch->through);
  sqlite3_bind_int64 (statement, 9, (gint64) batch->n_rows);
  sqlite3_bind_int64 (statement, 10, (gint64) batch->n_new);
  sqlite3_bind_int64 (statement, 11, (gint64) batch->n_changed);
  sqlite3_bind_int (statement, 12, batch->from);
  sqlite3_bind_int (statement, 13, batch->to);
  bind_text (statement, 14, batch->amends);
  bind_text (statement, 15, batch->reason);
  bind_text (statement, 16, batch->made_at);
  bind_text (statement, 17, batch->made_by);
  return fee_book_run_once (book, statement, error);
}

static gboolean
insert_pieces (FeeBook *book, guint32 batch, GBytes *packed, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  gsize length;
  const guint8 *at = g_bytes_get_data (packed, &length);
  if (!fee_book_prepare (book, "INSERT INTO piece VALUES (?, ?, ?)", &statement, error))
    return FALSE;
  for (gint64 piece = 0; length > 0; piece++) {
    gsize n = MIN (length, PIECE_BYTES);
    sqlite3_bind_int64 (statement, 1, batch);
    sqlite3_bind_int64 (statement, 2, piece);
    sqlite3_bind_blob (statement, 3, at, (gint) n, SQLITE_STATIC);
    if (!fee_book_run_once (book, statement, error))
      return FALSE;
    sqlite3_reset (statement);
    at += n;
    length -= n;
  }
  return TRUE;
}

typedef gboolean (*PieceFunc) (FeeBook *book, const guint8 *bytes, gsize length, gpointer data, GError **error);

static gboolean
each_piece (FeeBook *book, guint32 batch, PieceFunc func, gpointer data, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (book, "SELECT bytes FROM piece WHERE batch = ? ORDER BY piece", &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, batch);
  while (fee_book_step (book, statement, &problem))
    if (!func (book, sqlite3_column_blob (statement, 0), (gsize) sqlite3_column_bytes (statement, 0), data, error))
      return FALSE;
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

typedef struct {
  const guint8 *at;
  gsize left;
} Expected;

static gboolean
compare_piece (FeeBook *book, const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Expected *expected = data;
  if (length > expected->left || (length > 0 && memcmp (bytes, expected->at, length) != 0))
    return fee_book_damaged (book, _("it does not hold what was just written"), error);
  expected->at += length;
  expected->left -= length;
  return TRUE;
}

/* What was written is read back before it is committed. */
static gboolean
verify_pieces (FeeBook *book, guint32 batch, GBytes *packed, GError **error)
{
  Expected expected;
  expected.at = g_bytes_get_data (packed, &expected.left);
  return each_piece (book, batch, compare_piece, &expected, error)
         && (expected.left == 0 || fee_book_damaged (book, _("it does not hold what was just written"), error));
}

static gboolean
next_batch (FeeBook *book, guint32 *out, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_prepare (book, "SELECT coalesce (max (batch), 0) + 1 FROM batch", &statement, error))
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fee_book_fail (book, error);
  *out = (guint32) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

gboolean
fee_book_add_batch (FeeBook *book, FeeBatch *batch, GBytes *packed, GError **error)
{
  if (!next_batch (book, &batch->number, error) || !insert_batch (book, batch, error))
    return FALSE;
  if (packed != NULL && (!insert_pieces (book, batch->number, packed, error) || !verify_pieces (book, batch->number, packed, error)))
    return FALSE;
  g_autofree char *record = fee_batch_record (batch);
  return fee_book_add_entry (book, record, error);
}

/* ---- Reading a file again */

typedef struct {
  ZSTD_DCtx *context;
  guint8 *room;
  size_t state; /* 0: the frame is whole, and nothing may follow */
  FeeBytesFunc func;
  gpointer data;
} Unpacking;

static gboolean
unpack_piece (FeeBook *book, const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Unpacking *unpacking = data;
  ZSTD_inBuffer in = { bytes, length, 0 };
  ZSTD_outBuffer piece = { unpacking->room, ZSTD_DStreamOutSize (), 0 };
  do {
    if (unpacking->state == 0)
      return length == 0 || fee_book_damaged (book, _("there are bytes after a file"), error);
    piece.pos = 0;
    unpacking->state = ZSTD_decompressStream (unpacking->context, &piece, &in);
    if (ZSTD_isError (unpacking->state))
      return fee_book_damaged (book, ZSTD_getErrorName (unpacking->state), error);
    if (piece.pos > 0 && !unpacking->func (unpacking->room, piece.pos, unpacking->data, error))
      return FALSE;
  } while (in.pos < in.size || (piece.pos == piece.size && unpacking->state != 0));
  return TRUE;
}

gboolean
fee_book_read_file (FeeBook *book, guint32 batch, FeeBytesFunc func, gpointer data, GError **error)
{
  g_autofree guint8 *room = g_malloc (ZSTD_DStreamOutSize ());
  Unpacking unpacking = { ZSTD_createDCtx (), room, 1, func, data };
  gboolean ok = each_piece (book, batch, unpack_piece, &unpacking, error);
  ZSTD_freeDCtx (unpacking.context);
  if (ok && unpacking.state != 0)
    return fee_book_damaged (book, _("the bytes of a file are cut off"), error);
  return ok;
}
