/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-pack.h"

#include <string.h>

void
fee_pack_text (GByteArray *out, const char *text)
{
  gsize length = strlen (text);
  fee_pack_unsigned (out, length);
  g_byte_array_append (out, (const guint8 *) text, (guint) length);
}

void
fee_pack_text_after (GByteArray *out, const char *before, const char *text)
{
  gsize common = 0;
  while (before[common] != '\0' && before[common] == text[common])
    common++;
  fee_pack_unsigned (out, common);
  fee_pack_text (out, text + common);
}

/* Puts what follows behind the first `keep` bytes of text. */
static void
unpack_behind (FeeUnpacker *in, GString *text, gsize keep)
{
  gsize length = fee_unpack_unsigned (in);
  if (length > (gsize) (in->end - in->at) || keep > text->len) {
    in->damaged = TRUE;
    in->at = in->end;
    g_string_truncate (text, 0);
    return;
  }
  g_string_truncate (text, keep);
  g_string_append_len (text, (const char *) in->at, (gssize) length);
  in->at += length;
}

void
fee_unpack_text (FeeUnpacker *in, GString *text)
{
  unpack_behind (in, text, 0);
}

void
fee_unpack_text_after (FeeUnpacker *in, GString *text)
{
  gsize keep = fee_unpack_unsigned (in);
  unpack_behind (in, text, keep);
}

void
fee_unpack_expect_utf8 (FeeUnpacker *in, GString *text)
{
  if (g_utf8_validate_len (text->str, text->len, NULL))
    return;
  in->damaged = TRUE;
  in->at = in->end;
  g_string_truncate (text, 0);
}
