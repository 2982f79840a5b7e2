/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-order.h"

#include <stdlib.h>

guint64
fee_order_chunk (const char *text)
{
  guint64 chunk = 0;
  for (gint shift = 56; shift >= 0 && *text != '\0'; shift -= 8)
    chunk |= (guint64) (guchar) *text++ << shift;
  return chunk;
}

static int
compare_keys (const void *a, const void *b)
{
  const FeeSortKey *x = a, *y = b;
  if (x->chunk != y->chunk)
    return x->chunk < y->chunk ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

static gboolean
keys_are_sorted (const FeeSortKey *keys, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (compare_keys (&keys[i - 1], &keys[i]) > 0)
      return FALSE;
  return TRUE;
}

/* Eight bytes at a time: a key's bytes are read once a level, not once a comparison. */
void
fee_order_keys (const FeeStrings *strings, FeeSortKey *keys, gsize n, gsize offset)
{
  if (!keys_are_sorted (keys, n))
    qsort (keys, n, sizeof *keys, compare_keys);
  for (gsize start = 0, end; start < n; start = end) {
    for (end = start + 1; end < n && keys[end].chunk == keys[start].chunk;)
      end++;
    /* a last byte of 0: the texts end here and are equal */
    if (end - start == 1 || (keys[start].chunk & 0xff) == 0)
      continue;
    for (gsize i = start; i < end; i++)
      keys[i].chunk = fee_order_chunk (fee_strings_get (strings, keys[i].text) + offset);
    fee_order_keys (strings, keys + start, end - start, offset + 8);
  }
}
