/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-ledger-private.h"

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

#define DIGIT_BITS 11
#define DIGITS (1 << DIGIT_BITS)

/* One stable pass of a radix sort. */
static void
order_by_digit (const guint64 *from, guint64 *to, gsize n, gint shift)
{
  gsize starts[DIGITS + 1] = { 0 };
  for (gsize i = 0; i < n; i++)
    starts[(from[i] >> shift) % DIGITS + 1]++;
  for (gsize digit = 1; digit < DIGITS; digit++)
    starts[digit] += starts[digit - 1];
  for (gsize i = 0; i < n; i++)
    to[starts[(from[i] >> shift) % DIGITS]++] = from[i];
}

guint64 *
fee_order_by_unit (const FeeLedgerInput *input)
{
  gsize n = input->n_entries;
  g_autofree guint64 *places = g_new (guint64, n), *other = NULL;
  gboolean sorted = TRUE;
  for (gsize i = 0; i < n; i++) {
    places[i] = (guint64) input->entries[i].unit << 32 | i;
    sorted = sorted && (i == 0 || places[i - 1] < places[i]);
  }
  if (sorted)
    return g_steal_pointer (&places);
  other = g_new (guint64, n);
  /* three digits hold the 32 bits of a unit; the entries of one are in order already */
  for (gint shift = 32; shift < 64; shift += DIGIT_BITS) {
    order_by_digit (places, other, n, shift);
    guint64 *swap = places;
    places = other;
    other = swap;
  }
  return g_steal_pointer (&places);
}

FeeSortKey *
fee_order_units (const FeeLedgerInput *input, const guint64 *places, gsize *n)
{
  gsize units = 0;
  for (gsize i = 0; i < input->n_entries; i++)
    units += i == 0 || places[i] >> 32 != places[i - 1] >> 32;
  g_autofree FeeSortKey *keys = g_new (FeeSortKey, units);
  gsize filled = 0;
  for (gsize i = 0; i < input->n_entries; i++) {
    if (i > 0 && places[i] >> 32 == places[i - 1] >> 32)
      continue;
    FeeText unit = (FeeText) (places[i] >> 32);
    keys[filled++] = (FeeSortKey) { fee_order_chunk (fee_strings_get (input->strings, unit)), unit, (guint32) i };
  }
  fee_order_keys (input->strings, keys, units, 8);
  *n = units;
  return g_steal_pointer (&keys);
}
