/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-reference.h"

/* The number, then RF00 with letters as two digits (R 27, F 15), modulo 97. */
static guint
check_digits (const char *digits)
{
  guint remainder = 0;
  for (const char *at = digits; *at != '\0'; at++)
    remainder = (remainder * 10 + (guint) (*at - '0')) % 97;
  for (const char *at = "271500"; *at != '\0'; at++)
    remainder = (remainder * 10 + (guint) (*at - '0')) % 97;
  return 98 - remainder;
}

char *
fee_reference_of_bill (const char *number)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  for (const char *at = number; *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      g_string_append_c (digits, *at);
  return g_strdup_printf ("RF%02u%s", check_digits (digits->str), digits->str);
}
