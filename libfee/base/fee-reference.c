/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-reference.h"

#include <string.h>

#define MONTH_DIGITS 6
#define NUMBER_DIGITS_LEAST 7
#define NUMBER_DIGITS_MOST 10
#define BEFORE 4 /* RF and check digits */
#define FOLDED_SIZE (BEFORE + MONTH_DIGITS + NUMBER_DIGITS_MOST + 1)

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

/* '?' for what stands in no reference. */
static char
fold_sign (gunichar c)
{
  if (c >= 0xFF01 && c <= 0xFF5E) /* full-width forms of ASCII */
    c -= 0xFF01 - '!';
  return c > ' ' && c < 0x7F ? g_ascii_toupper ((char) c) : '?';
}

/* The signs without blanks, with NUL; of a longer text one more than a reference can have. */
static gsize
fold (const char *text, gsize length, char *out)
{
  gsize n = 0;
  for (const char *end = text + length; text < end && n < FOLDED_SIZE;) {
    gunichar c = g_utf8_get_char_validated (text, end - text);
    gboolean valid = c < (gunichar) -2;
    if (!valid || !g_unichar_isspace (c))
      out[n++] = valid ? fold_sign (c) : '?';
    text = valid ? g_utf8_next_char (text) : text + 1;
  }
  out[n] = '\0';
  return n;
}

FeeReferenceState
fee_reference_parse (const char *text, gsize length, char *number)
{
  char folded[FOLDED_SIZE + 1];
  gsize n = fold (text, length, folded);
  if (!g_str_has_prefix (folded, "RF"))
    return FEE_REFERENCE_OTHER;
  if (n == FOLDED_SIZE || n < BEFORE + MONTH_DIGITS + NUMBER_DIGITS_LEAST || strspn (folded + 2, "0123456789") != n - 2)
    return FEE_REFERENCE_MALFORMED;
  const char *digits = folded + BEFORE;
  if ((guint) (folded[2] - '0') * 10 + (guint) (folded[3] - '0') != check_digits (digits))
    return FEE_REFERENCE_WRONG_CHECK;
  g_snprintf (number, FEE_REFERENCE_NUMBER_SIZE, "%.*s-%s", MONTH_DIGITS, digits, digits + MONTH_DIGITS);
  return FEE_REFERENCE_GOOD;
}
