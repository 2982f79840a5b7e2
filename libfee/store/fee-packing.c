/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../base/fee-hash.h"
#include "fee-import-private.h"

/* Smaller files are packed sooner than a thread of their own would begin: up to a millisecond, where the other processor sleeps. */
#define SMALL (64 * 1024)

static gpointer
pack_bytes (gpointer data)
{
  FeePacking *packing = data;
  gsize size;
  const guint8 *at = g_bytes_get_data (packing->bytes, &size);
  fee_hash_of (at, size, packing->sha256);
  fee_pack_file (packing->bytes, &packing->packed, &packing->error);
  return NULL;
}

void
fee_packing_start (FeePacking *packing, GBytes *bytes)
{
  *packing = (FeePacking) { .bytes = g_bytes_ref (bytes) };
  if (g_bytes_get_size (bytes) < SMALL)
    pack_bytes (packing);
  else
    packing->thread = g_thread_new ("packing", pack_bytes, packing);
}

void
fee_packing_join (FeePacking *packing)
{
  if (packing->thread != NULL)
    g_thread_join (g_steal_pointer (&packing->thread));
}

void
fee_packing_clear (FeePacking *packing)
{
  fee_packing_join (packing);
  g_clear_pointer (&packing->bytes, g_bytes_unref);
  g_clear_pointer (&packing->packed, g_bytes_unref);
  g_clear_error (&packing->error);
}
