/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-words.h"

#include <string.h>

#include "../base/fee-text.h"

static const char *const capital_digits[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" };

/* Largest first. 万 and 亿 count what stands before them, so 10^12 is 壹万亿 and 10^16 壹亿亿. */
static const struct {
  guint64 value;
  const char *sign;
} capital_ranks[] = {
  { 100000000, "亿" }, { 10000, "万" }, { 1000, "仟" }, { 100, "佰" }, { 10, "拾" }, { 1, "" },
};

/* number > 0. A skipped rank inside is one 零 however many are skipped, a 0 at the end of a group of four is none. */
static void
append_capitals (GString *out, guint64 number)
{
  guint64 above = 0;
  for (gsize i = 0; number > 0; i++) {
    guint64 rank = capital_ranks[i].value;
    guint64 count = number / rank;
    if (count == 0)
      continue;
    if (above > 0 && number < above / 10)
      g_string_append (out, capital_digits[0]);
    if (count < 10)
      g_string_append (out, capital_digits[count]);
    else
      append_capitals (out, count);
    g_string_append (out, capital_ranks[i].sign);
    number %= rank;
    above = rank;
  }
}

char *
fee_words_money (FeeMoney amount, gint decimals)
{
  if (decimals != 2)
    return g_strdup ("");
  g_autoptr (GString) out = g_string_new (amount < 0 ? "负" : NULL);
  guint64 fen = fee_money_magnitude (amount);
  guint64 yuan = fen / 100, tenths = fen / 10 % 10, hundredths = fen % 10;
  if (yuan > 0)
    append_capitals (out, yuan);
  if (yuan > 0 || fen == 0)
    g_string_append (out, yuan > 0 ? "元" : "零元");
  /* 1,680.32 and 325.04: one 零 between 元 and what follows, where either side of the dot is 0 */
  if (yuan > 0 && fen % 100 > 0 && (tenths == 0 || yuan % 10 == 0))
    g_string_append (out, capital_digits[0]);
  if (tenths > 0)
    g_string_append_printf (out, "%s角", capital_digits[tenths]);
  if (hundredths > 0)
    g_string_append_printf (out, "%s分", capital_digits[hundredths]);
  if (fen % 100 == 0)
    g_string_append (out, "整");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The sign at text and its length in bytes; FALSE for a byte that is no UTF-8 (length 1). */
static gboolean
next_sign (const char *text, gunichar *sign, gsize *length)
{
  *sign = g_utf8_get_char_validated (text, -1);
  if (*sign == (gunichar) -1 || *sign == (gunichar) -2) {
    *length = 1;
    return FALSE;
  }
  *length = (gsize) (g_utf8_next_char (text) - text);
  return TRUE;
}

gint
fee_words_width (const char *text)
{
  gint width = 0;
  gunichar sign;
  for (gsize length; *text != '\0'; text += length) {
    if ((guchar) *text < 0x80) {
      length = 1;
      width++;
    } else if (!next_sign (text, &sign, &length)) {
      width++;
    } else if (!g_unichar_iszerowidth (sign)) {
      width += g_unichar_iswide (sign) ? 2 : 1;
    }
  }
  return width;
}

static void
append_escape (GString *out, gunichar sign)
{
  if (sign == '\n')
    g_string_append (out, "\\n");
  else if (sign == '\r')
    g_string_append (out, "\\r");
  else if (sign == '\t')
    g_string_append (out, "\\t");
  else
    g_string_append_printf (out, sign < 0x80 ? "\\x%02x" : "\\u%04x", sign);
}

char *
fee_words_escape (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gunichar sign;
  for (gsize length; *text != '\0'; text += length) {
    if (!next_sign (text, &sign, &length))
      g_string_append_printf (out, "\\x%02x", (guint) (guchar) *text);
    else if (fee_text_is_control (sign))
      append_escape (out, sign);
    else
      g_string_append_len (out, text, (gssize) length);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
fee_words_mask (const char *name)
{
  if (*name == '\0')
    return g_strdup ("");
  gunichar sign;
  gsize length, shown = 0;
  /* the first sign with the marks that stand on it */
  while (name[shown] != '\0' && next_sign (name + shown, &sign, &length)
         && (shown == 0 || g_unichar_iszerowidth (sign)))
    shown += length;
  return g_strdup_printf ("%.*s*", (gint) shown, name);
}
