/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-ledger-private.h"

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
