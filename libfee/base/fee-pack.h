/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers and texts packed into bytes: seven bits a byte, the least first; signed numbers zigzag. What is posted is stored in
 * this form (HACKING.md "The store"). */

static inline void
fee_pack_unsigned (GByteArray *out, guint64 value)
{
  guint8 bytes[10];
  guint n = 0;
  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (guint8) (value | 0x80);
  bytes[n++] = (guint8) value;
  g_byte_array_append (out, bytes, n);
}

static inline void
fee_pack_signed (GByteArray *out, gint64 value)
{
  fee_pack_unsigned (out, ((guint64) value << 1) ^ (guint64) (value >> 63));
}

void fee_pack_text (GByteArray *out, const char *text);
/* A text after another of the same list: the length of the common beginning, and the rest. */
void fee_pack_text_after (GByteArray *out, const char *before, const char *text);

/* Reading. A short or wrong byte makes `damaged` TRUE for good, and everything read from then on 0 or "". */
typedef struct {
  const guint8 *at, *end;
  gboolean damaged;
} FeeUnpacker;

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

/* Into text, which it replaces. */
void fee_unpack_text (FeeUnpacker *in, GString *text);
/* text holds the one before, and is replaced. */
void fee_unpack_text_after (FeeUnpacker *in, GString *text);

G_END_DECLS
