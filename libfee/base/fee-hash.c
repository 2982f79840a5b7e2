/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-hash.h"

#include <nettle/sha2.h>
#include <string.h>

struct _FeeHash {
  struct sha256_ctx context;
  guint8 buffer[4096]; /* small pieces are gathered */
  gsize used;
};

FeeHash *
fee_hash_new (void)
{
  FeeHash *hash = g_new0 (FeeHash, 1);
  sha256_init (&hash->context);
  return hash;
}

void
fee_hash_free (FeeHash *hash)
{
  g_free (hash);
}

static void
flush_buffer (FeeHash *hash)
{
  sha256_update (&hash->context, hash->used, hash->buffer);
  hash->used = 0;
}

void
fee_hash_bytes (FeeHash *hash, gconstpointer bytes, gsize length)
{
  if (hash->used + length > sizeof hash->buffer)
    flush_buffer (hash);
  if (length > sizeof hash->buffer) {
    sha256_update (&hash->context, length, bytes);
    return;
  }
  if (length > 0)
    memcpy (hash->buffer + hash->used, bytes, length);
  hash->used += length;
}

void
fee_hash_number (FeeHash *hash, gint64 number)
{
  guint64 big = GUINT64_TO_BE ((guint64) number);
  if (hash->used + sizeof big > sizeof hash->buffer)
    flush_buffer (hash);
  memcpy (hash->buffer + hash->used, &big, sizeof big);
  hash->used += sizeof big;
}

void
fee_hash_text (FeeHash *hash, const char *text)
{
  gsize length = strlen (text);
  fee_hash_number (hash, (gint64) length);
  fee_hash_bytes (hash, text, length);
}

char *
fee_hash_finish (FeeHash *hash, char hex[FEE_HASH_HEX])
{
  guint8 digest[SHA256_DIGEST_SIZE];
  flush_buffer (hash);
  sha256_digest (&hash->context, sizeof digest, digest);
  for (gsize i = 0; i < sizeof digest; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", digest[i]);
  return hex;
}

char *
fee_hash_of (gconstpointer bytes, gsize length, char hex[FEE_HASH_HEX])
{
  g_autoptr (FeeHash) hash = fee_hash_new ();
  fee_hash_bytes (hash, bytes, length);
  return fee_hash_finish (hash, hex);
}
