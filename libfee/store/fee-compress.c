/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>
#include <zstd.h>

#include "../base/fee-hash.h"
#include "fee-book-private.h"

/* Level 1: the speed of the disk; higher ones save a fifth of the room for four times the time. */
#define LEVEL 1
/* What the packed stages, counts or bills of a run can be at most; a damaged length must not take all memory. */
#define UNPACKED_MAX (1024 * 1024 * 1024)

static gboolean
failed (size_t code, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("kept bytes are damaged: %s"), ZSTD_getErrorName (code));
  return FALSE;
}

gboolean
fee_compress (const guint8 *bytes, gsize length, GByteArray *out, GError **error)
{
  ZSTD_CCtx *context = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (context, ZSTD_c_compressionLevel, LEVEL);
  ZSTD_CCtx_setParameter (context, ZSTD_c_checksumFlag, 1);
  g_byte_array_set_size (out, (guint) ZSTD_compressBound (length));
  size_t size = ZSTD_compress2 (context, out->data, out->len, bytes, length);
  ZSTD_freeCCtx (context);
  if (ZSTD_isError (size))
    return failed (size, error);
  g_byte_array_set_size (out, (guint) size);
  return TRUE;
}

gboolean
fee_decompress (const guint8 *bytes, gsize length, GByteArray *out, GError **error)
{
  unsigned long long size = ZSTD_getFrameContentSize (bytes, length);
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > UNPACKED_MAX) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("kept bytes are damaged"));
    return FALSE;
  }
  if (ZSTD_findFrameCompressedSize (bytes, length) != length) { /* one frame, to its end */
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("kept bytes are damaged"));
    return FALSE;
  }
  g_byte_array_set_size (out, (guint) size);
  size_t got = ZSTD_decompress (out->data, out->len, bytes, length);
  if (ZSTD_isError (got))
    return failed (got, error);
  return TRUE;
}

/* ---- Whole files, in pieces */

static gboolean
check_packed (GBytes *bytes, const GByteArray *packed, GError **error)
{
  gsize length;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  ZSTD_DCtx *context = ZSTD_createDCtx ();
  g_autofree guint8 *room = g_malloc (ZSTD_DStreamOutSize ());
  ZSTD_inBuffer in = { packed->data, packed->len, 0 };
  gsize done = 0;
  gboolean same = TRUE;
  size_t code = 1;
  while (same && code != 0) {
    ZSTD_outBuffer piece = { room, ZSTD_DStreamOutSize (), 0 };
    code = ZSTD_decompressStream (context, &piece, &in);
    same = !ZSTD_isError (code) && done + piece.pos <= length && (piece.pos == 0 || memcmp (at + done, room, piece.pos) == 0)
           && (piece.pos > 0 || in.pos < in.size || code == 0);
    done += piece.pos;
  }
  ZSTD_freeDCtx (context);
  if (same && done == length)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("a file does not come back the same from its compressed form"));
  return FALSE;
}

gboolean
fee_pack_file (GBytes *bytes, GBytes **packed, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize length;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  if (length > G_MAXINT32) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("the file is larger than 2 GiB"));
    return FALSE;
  }
  if (!fee_compress (at, length, out, error) || !check_packed (bytes, out, error))
    return FALSE;
  *packed = g_byte_array_free_to_bytes (g_steal_pointer (&out));
  return TRUE;
}
