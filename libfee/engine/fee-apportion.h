/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../base/fee-money.h"

G_BEGIN_DECLS

/* allocate (amount, weights) by the largest remainder: rules.md section 2, the one division in the engine.
 * Weights are not negative and add up to total > 0. */

/* floor (magnitude x weight / total), with the remainder. */
static inline guint64
fee_apportion_floor (guint64 magnitude, guint64 weight, guint64 total, guint64 *remainder)
{
  guint64 product;
  if (!__builtin_mul_overflow (magnitude, weight, &product)) {
    *remainder = product % total;
    return product / total;
  }
  unsigned __int128 wide = (unsigned __int128) magnitude * weight;
  *remainder = (guint64) (wide % total);
  return (guint64) (wide / total);
}

/* The part of one: sign and odd fen included. */
static inline FeeMoney
fee_apportion_part (FeeMoney amount, gint64 weight, gint64 total, gboolean odd)
{
  guint64 remainder;
  guint64 part = fee_apportion_floor (fee_money_magnitude (amount), (guint64) weight, (guint64) total, &remainder) + odd;
  return amount < 0 ? (FeeMoney) -part : (FeeMoney) part;
}

/* Who gets the odd fen: odd[i] becomes TRUE for the largest remainders. Ties go to the smaller index; with counts: of a positive
 * amount to the lowest count, then the smaller index; of a negative one to the highest count, then the larger index.
 * scratch: room for 2 n numbers, left without meaning. Returns how many there are. */
gsize fee_apportion_odd (FeeMoney amount, const gint64 *weights, gsize n, gint64 total, const gint32 *counts, gint64 *scratch,
                         guint8 *odd);

/* Parts for a short list, in tie order. */
void fee_apportion (FeeMoney amount, const gint64 *weights, gsize n, gint64 total, FeeMoney *parts);

/* The sum of weights; FALSE on overflow. */
gboolean fee_apportion_total (const gint64 *weights, gsize n, gint64 *total);

/* The k-th smallest (from 0) of n > k numbers, which it reorders. */
gint64 fee_select (gint64 *values, gsize n, gsize k);

G_END_DECLS
