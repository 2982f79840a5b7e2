/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-money.h"

#include <string.h>

gboolean
fee_round_quotient (__int128 n, __int128 d, gint64 *out)
{
  gboolean negative = (n < 0) != (d < 0);
  unsigned __int128 a = n < 0 ? -(unsigned __int128) n : (unsigned __int128) n;
  unsigned __int128 b = d < 0 ? -(unsigned __int128) d : (unsigned __int128) d;
  unsigned __int128 quotient = a / b;
  /* 2r >= b without overflow */
  if (a % b >= b - a % b)
    quotient++;
  if (quotient > (guint64) G_MAXINT64 + (negative ? 1 : 0))
    return FALSE;
  *out = negative ? (gint64) - (guint64) quotient : (gint64) quotient;
  return TRUE;
}

gboolean
fee_round_ratio (gint64 a, gint64 n, gint64 d, gint64 *out)
{
  return fee_round_quotient ((__int128) a * n, d, out);
}

/* ISO 4217: currencies whose minor unit is not two decimals. */
static const struct {
  char code[4];
  gint decimals;
} currency_exceptions[] = {
  { "BHD", 3 }, { "BIF", 0 }, { "CLF", 4 }, { "CLP", 0 }, { "DJF", 0 }, { "GNF", 0 }, { "IQD", 3 }, { "ISK", 0 },
  { "JOD", 3 }, { "JPY", 0 }, { "KMF", 0 }, { "KRW", 0 }, { "KWD", 3 }, { "LYD", 3 }, { "OMR", 3 }, { "PYG", 0 },
  { "RWF", 0 }, { "TND", 3 }, { "UGX", 0 }, { "UYI", 0 }, { "UYW", 4 }, { "VND", 0 }, { "VUV", 0 }, { "XAF", 0 },
  { "XOF", 0 }, { "XPF", 0 },
};

gint
fee_currency_decimals (const char *code)
{
  for (gint i = 0; i < 3; i++)
    if (!g_ascii_isupper (code[i]))
      return -1;
  if (code[3] != '\0')
    return -1;
  for (gsize i = 0; i < G_N_ELEMENTS (currency_exceptions); i++)
    if (strcmp (code, currency_exceptions[i].code) == 0)
      return currency_exceptions[i].decimals;
  return 2;
}

/* Writes the digits from the end of the buffer backwards, at least decimals + 1 of them. */
static char *
format_backwards (FeeMoney amount, gint decimals, gboolean grouped, char *end)
{
  guint64 rest = fee_money_magnitude (amount);
  *--end = '\0';
  for (gint digits = 0; rest > 0 || digits <= decimals; digits++) {
    if (digits == decimals && decimals > 0)
      *--end = '.';
    if (grouped && digits > decimals && (digits - decimals) % 3 == 0)
      *--end = ',';
    *--end = (char) ('0' + rest % 10);
    rest /= 10;
  }
  if (amount < 0)
    *--end = '-';
  return end;
}

static gsize
format (FeeMoney amount, gint decimals, gboolean grouped, char *buffer)
{
  char text[FEE_GROUPED_SIZE], *end = text + sizeof text;
  const char *begin = format_backwards (amount, decimals, grouped, end);
  memcpy (buffer, begin, (gsize) (end - begin));
  return (gsize) (end - begin) - 1;
}

gsize
fee_money_put (FeeMoney amount, gint decimals, char *buffer)
{
  return format (amount, decimals, FALSE, buffer);
}

char *
fee_money_format (FeeMoney amount, gint decimals, char *buffer)
{
  format (amount, decimals, FALSE, buffer);
  return buffer;
}

char *
fee_money_format_grouped (FeeMoney amount, gint decimals, char *buffer)
{
  format (amount, decimals, TRUE, buffer);
  return buffer;
}
