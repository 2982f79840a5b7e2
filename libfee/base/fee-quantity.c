/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-quantity.h"

#include <string.h>

char *
fee_quantity_format (FeeQuantity quantity, char *buffer)
{
  fee_money_format (quantity, 6, buffer);
  char *end = buffer + strlen (buffer);
  while (end[-1] == '0')
    *--end = '\0';
  if (end[-1] == '.')
    end[-1] = '\0';
  return buffer;
}

gboolean
fee_quantity_parse (const char *text, FeeQuantity *out)
{
  gboolean negative = *text == '-';
  text += negative;
  gint64 value = 0;
  gint decimals = -1, digits = 0;
  for (; *text != '\0'; text++) {
    if (*text == '.' && decimals < 0 && digits > 0) {
      decimals = 0;
      continue;
    }
    if (!g_ascii_isdigit (*text) || decimals == 6)
      return FALSE;
    if (__builtin_mul_overflow (value, 10, &value) || __builtin_add_overflow (value, *text - '0', &value))
      return FALSE;
    digits++;
    decimals += decimals >= 0;
  }
  if (digits == 0 || decimals == 0)
    return FALSE;
  for (gint i = MAX (decimals, 0); i < 6; i++)
    if (__builtin_mul_overflow (value, 10, &value))
      return FALSE;
  *out = negative ? -value : value;
  return TRUE;
}

gboolean
fee_quantity_multiply (FeeQuantity a, FeeQuantity b, FeeQuantity *out)
{
  gint64 product;
  /* the usual case stays in 64 bits, where division by a constant is a multiplication */
  if (a >= 0 && b >= 0 && !__builtin_mul_overflow (a, b, &product) && product <= G_MAXINT64 - FEE_QUANTITY_ONE) {
    *out = (product + FEE_QUANTITY_ONE / 2) / FEE_QUANTITY_ONE;
    return TRUE;
  }
  return fee_round_quotient ((__int128) a * b, FEE_QUANTITY_ONE, out);
}
