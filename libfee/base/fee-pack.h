/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers and texts packed into bytes: seven bits a byte, the least first; signed numbers zigzag. What is posted is stored in
 * this form (HACKING.md "The store"). */

/* A number takes at most these bytes. */
#define FEE_PACKED_MAX 10

/* Puts a number at `at`; returns the place after it. */
static inline guint8 *
fee_pack_put_unsigned (guint8 *at, guint64 value)
{
  for (; value >= 0x80; value >>= 7)
    *at++ = (guint8) (value | 0x80);
  *at++ = (guint8) value;
  return at;
}

static inline guint8 *
fee_pack_put_signed (guint8 *at, gint64 value)
{
  return fee_pack_put_unsigned (at, ((guint64) value << 1) ^ (guint64) (value >> 63));
}

static inline void
fee_pack_unsigned (GByteArray *out, guint64 value)
{
  guint8 bytes[FEE_PACKED_MAX];
  g_byte_array_append (out, bytes, (guint) (fee_pack_put_unsigned (bytes, value) - bytes));
}

static inline void
fee_pack_signed (GByteArray *out, gint64 value)
{
  guint8 bytes[FEE_PACKED_MAX];
  g_byte_array_append (out, bytes, (guint) (fee_pack_put_signed (bytes, value) - bytes));
}

void fee_pack_text (GByteArray *out, const char *text);
/* A text after another of the same list: the length of the common beginning, and the rest. */
void fee_pack_text_after (GByteArray *out, const char *before, const char *text);

/* Reading. A short or wrong byte makes `damaged` TRUE for good, and everything read from then on 0 or "". */
typedef struct {
  const guint8 *at, *end;
  gboolean damaged;
} FeeUnpacker;

/* Over so many bytes, which may be nowhere (NULL) where there are none. */
static inline FeeUnpacker
fee_unpacker (const guint8 *bytes, gsize length)
{
  static const guint8 nowhere = 0;
  const guint8 *at = bytes != NULL ? bytes : &nowhere;
  return (FeeUnpacker) { at, at + length, FALSE };
}

static inline guint64
fee_unpack_unsigned (FeeUnpacker *in)
{
  guint64 value = 0;
  for (guint shift = 0; shift < 64 && in->at < in->end; shift += 7) {
    guint8 byte = *in->at++;
    value |= (guint64) (byte & 0x7f) << shift;
    if (byte < 0x80)
      return value;
  }
  in->damaged = TRUE;
  in->at = in->end;
  return 0;
}

static inline gint64
fee_unpack_signed (FeeUnpacker *in)
{
  guint64 value = fee_unpack_unsigned (in);
  return (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

/* A text as it was packed, or bytes behind their length. Borrowed from the bytes; no NUL follows. */
static inline const guint8 *
fee_unpack_bytes (FeeUnpacker *in, gsize *length)
{
  const guint8 *at;
  *length = fee_unpack_unsigned (in);
  if (*length > (gsize) (in->end - in->at)) {
    in->damaged = TRUE;
    in->at = in->end;
    *length = 0;
  }
  at = in->at;
  in->at += *length;
  return at;
}

/* Into text, which it replaces. */
void fee_unpack_text (FeeUnpacker *in, GString *text);
/* text holds the one before, and is replaced. */
void fee_unpack_text_after (FeeUnpacker *in, GString *text);
/* Of bytes that are read back from a store: what was unpacked is damage where it is not UTF-8, or holds a NUL. */
void fee_unpack_expect_utf8 (FeeUnpacker *in, GString *text);

G_END_DECLS
