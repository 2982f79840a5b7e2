/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Money: minor units of the book's currency (CNY: fen), signed. rules.md section 1.
 * Nothing outside this file adds, negates or multiplies money: every operation is checked. */
typedef gint64 FeeMoney;

#define FEE_MONEY_MAX G_MAXINT64

/* FALSE on overflow, *out untouched. */
static inline gboolean
fee_money_add (FeeMoney a, FeeMoney b, FeeMoney *out)
{
  FeeMoney sum;
  if (__builtin_add_overflow (a, b, &sum))
    return FALSE;
  *out = sum;
  return TRUE;
}

static inline gboolean
fee_money_subtract (FeeMoney a, FeeMoney b, FeeMoney *out)
{
  FeeMoney difference;
  if (__builtin_sub_overflow (a, b, &difference))
    return FALSE;
  *out = difference;
  return TRUE;
}

static inline gboolean
fee_money_negate (FeeMoney a, FeeMoney *out)
{
  return fee_money_subtract (0, a, out);
}

/* |a|, exact for every value. */
static inline guint64
fee_money_magnitude (FeeMoney a)
{
  return a < 0 ? -(guint64) a : (guint64) a;
}

/* round (a * n / d), half away from zero; d <> 0. FALSE where the result leaves 64 bits. rules.md section 1. */
gboolean fee_round_ratio (gint64 a, gint64 n, gint64 d, gint64 *out);

/* round (n / d) of 128-bit numbers, half away from zero; d <> 0. */
gboolean fee_round_quotient (__int128 n, __int128 d, gint64 *out);

/* Decimals of a currency by ISO 4217; -1 for what is no currency code. */
gint fee_currency_decimals (const char *code);

/* Room for any amount with any currency's decimals, or any quantity, and the NUL. */
#define FEE_NUMBER_SIZE 28

/* "-12.50"; returns buffer, which holds FEE_NUMBER_SIZE bytes. */
char *fee_money_format (FeeMoney amount, gint decimals, char *buffer);
/* The same; returns its length. */
gsize fee_money_put (FeeMoney amount, gint decimals, char *buffer);
/* "-1,234.50", for people. */
#define FEE_GROUPED_SIZE 36
char *fee_money_format_grouped (FeeMoney amount, gint decimals, char *buffer);

G_END_DECLS
