/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-apportion.h"

#include <string.h>

static gint64
median_of_three (gint64 a, gint64 b, gint64 c)
{
  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

/* Quickselect in three parts, so that many equal numbers (equal flats) cost nothing. */
gint64
fee_select (gint64 *values, gsize n, gsize k)
{
  gsize low = 0, high = n; /* the k-th is in low..high-1 */
  for (;;) {
    gint64 pivot = median_of_three (values[low], values[low + (high - low) / 2], values[high - 1]);
    gsize less = low, at = low, greater = high;
    while (at < greater) {
      gint64 value = values[at];
      if (value < pivot) {
        values[at++] = values[less];
        values[less++] = value;
      } else if (value > pivot) {
        values[at] = values[--greater];
        values[greater] = value;
      } else {
        at++;
      }
    }
    if (k < less)
      high = less;
    else if (k >= greater)
      low = greater;
    else
      return pivot;
  }
}

gboolean
fee_apportion_total (const gint64 *weights, gsize n, gint64 *total)
{
  gint64 sum = 0;
  for (gsize i = 0; i < n; i++)
    if (__builtin_add_overflow (sum, weights[i], &sum))
      return FALSE;
  *total = sum;
  return TRUE;
}

/* Among those that tie (odd[i] == 2), `wanted` keep their fen: by count, then by index. */
static void
settle_ties (FeeMoney amount, const gint32 *counts, gsize n, gsize wanted, gint64 *scratch, guint8 *odd)
{
  gint sign = amount < 0 ? -1 : 1; /* a negative amount's fen go by the highest count, then the larger index */
  gsize ties = 0;
  for (gsize i = 0; i < n; i++)
    if (odd[i] == 2)
      scratch[ties++] = counts == NULL ? 0 : (gint64) sign * counts[i];
  gint64 limit = fee_select (scratch, ties, wanted - 1);
  gsize at_limit = wanted;
  for (gsize i = 0; i < ties; i++)
    at_limit -= scratch[i] < limit;
  for (gsize j = 0; j < n; j++) {
    gsize i = counts != NULL && amount < 0 ? n - 1 - j : j;
    if (odd[i] != 2)
      continue;
    gint64 rank = counts == NULL ? 0 : (gint64) sign * counts[i];
    odd[i] = rank < limit || (rank == limit && at_limit > 0);
    at_limit -= rank == limit && at_limit > 0;
  }
}

gsize
fee_apportion_odd (FeeMoney amount, const gint64 *weights, gsize n, gint64 total, const gint32 *counts, gint64 *scratch, guint8 *odd)
{
  guint64 magnitude = fee_money_magnitude (amount);
  guint64 left = magnitude;
  gint64 *remainders = scratch, *nonzero = scratch + n; /* below total < 2^63 */
  gsize n_nonzero = 0;
  for (gsize i = 0; i < n; i++) {
    guint64 remainder;
    left -= fee_apportion_floor (magnitude, (guint64) weights[i], (guint64) total, &remainder);
    remainders[i] = (gint64) remainder;
    nonzero[n_nonzero] = (gint64) remainder;
    n_nonzero += remainder > 0;
  }
  memset (odd, 0, n);
  if (left == 0)
    return 0;
  /* at least one more than `left` have a remainder: they add up to left x total, and each is below total */
  gint64 limit = fee_select (nonzero, n_nonzero, n_nonzero - left);
  gsize above = 0, ties = 0;
  for (gsize i = 0; i < n; i++) {
    odd[i] = remainders[i] > limit ? 1 : remainders[i] == limit ? 2 : 0;
    above += odd[i] == 1;
    ties += odd[i] == 2;
  }
  if (ties > 0)
    settle_ties (amount, counts, n, left - above, scratch, odd);
  return left;
}

void
fee_apportion (FeeMoney amount, const gint64 *weights, gsize n, gint64 total, FeeMoney *parts)
{
  g_autofree gint64 *scratch = g_new (gint64, MAX (2 * n, 1));
  g_autofree guint8 *odd = g_new (guint8, MAX (n, 1));
  fee_apportion_odd (amount, weights, n, total, NULL, scratch, odd);
  for (gsize i = 0; i < n; i++)
    parts[i] = fee_apportion_part (amount, weights[i], total, odd[i]);
}
