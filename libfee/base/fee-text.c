/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-text.h"

#define SHOWN 40

gboolean
fee_text_is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069);
}

static void
append_escaped (GString *out, gunichar c)
{
  if (!fee_text_is_control (c))
    g_string_append_unichar (out, c);
  else if (c < 0x100)
    g_string_append_printf (out, "\\x%02x", c);
  else
    g_string_append_printf (out, "\\u%04x", c);
}

char *
fee_text_escape (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    append_escaped (out, g_utf8_get_char (at));
  return g_string_free (out, FALSE);
}

char *
fee_text_quote (const char *text, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) MIN (length, 4 * SHOWN + 4));
  GString *out = g_string_new ("\"");
  gint n = 0;
  const char *at = valid;
  for (; *at != '\0' && n < SHOWN; at = g_utf8_next_char (at), n++)
    append_escaped (out, g_utf8_get_char (at));
  g_string_append (out, *at != '\0' ? "...\"" : "\"");
  return g_string_free (out, FALSE);
}
