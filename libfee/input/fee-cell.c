/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-cell.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NOT_A_NUMBER N_("is not a number")
#define TOO_LARGE N_("is too large")
#define NOT_A_DATE N_("is not a date")

/* Signs that are not ASCII, as they stand in a folded cell; no letter of the cell itself can get there. */
enum { SIGN_YEN = 'Y', SIGN_YUAN = 'R', SIGN_YEAR = 'y', SIGN_MONTH = 'm', SIGN_DAY = 'd' };

/* 0 for what stands in no number and no date. */
static char
fold_sign (gunichar c)
{
  if (c >= 0xFF01 && c <= 0xFF5E) /* full-width forms of ASCII */
    c -= 0xFF01 - '!';
  switch (c) {
  case '0' ... '9': case '.': case ',': case '-': case '/': case '(': case ')':
    return (char) c;
  case ' ': case '\t': case '\n': case '\v': case '\f': case '\r': case 0x00A0: case 0x3000:
    return ' ';
  case 0x2212: return '-';
  case 0x00A5: case 0xFFE5: return SIGN_YEN;
  case 0x5143: return SIGN_YUAN;
  case 0x5E74: return SIGN_YEAR;
  case 0x6708: return SIGN_MONTH;
  case 0x65E5: return SIGN_DAY;
  default: return '\0';
  }
}

#define FOLDED_MAX 64

/* The cell in ASCII signs with NUL, outer blanks off, inner runs of blanks as one; its length, or -1. */
static gssize
fold (const char *text, gsize length, char *out)
{
  gssize n = 0;
  gboolean blank = FALSE;
  for (const char *end = text + length; text < end;) {
    gunichar c = (guchar) *text < 0x80 ? (gunichar) *text : g_utf8_get_char_validated (text, end - text);
    char sign = fold_sign (c);
    if (sign == '\0' || n > FOLDED_MAX - 3)
      return -1;
    if (sign != ' ') {
      if (blank && n > 0)
        out[n++] = ' ';
      out[n++] = sign;
    }
    blank = sign == ' ';
    text = g_utf8_next_char (text);
  }
  out[n] = '\0';
  return n;
}

typedef struct {
  const char *at, *end;
} Span;

/* How a number is read. */
typedef struct {
  char point, group; /* '.' and ',', or the other way round */
  gint decimals;
  gboolean money;
} Reading;

static gboolean
take_first (Span *span, char sign)
{
  gboolean found = span->at < span->end && *span->at == sign;
  span->at += found;
  return found;
}

static gboolean
take_last (Span *span, char sign)
{
  gboolean found = span->at < span->end && span->end[-1] == sign;
  span->end -= found;
  return found;
}

/* Takes ¥ from before and 元 from behind, with a blank between it and the number. */
static void
take_currency (Span *span, gboolean *yen, gboolean *yuan)
{
  if (!*yen && (*yen = take_first (span, SIGN_YEN)))
    take_first (span, ' ');
  if (!*yuan && (*yuan = take_last (span, SIGN_YUAN)))
    take_last (span, ' ');
}

/* Leaves the digits; returns whether they are negative: a minus, or brackets around. */
static gboolean
take_sign (Span *span, gboolean money)
{
  gboolean yen = !money, yuan = !money;
  take_currency (span, &yen, &yuan);
  gboolean negative = take_first (span, '-');
  if (!negative && *span->at == '(' && take_last (span, ')'))
    negative = take_first (span, '(');
  take_currency (span, &yen, &yuan);
  return negative;
}

static const char *
group_reason (char group)
{
  return group == ',' ? N_("has a comma that does not group by three digits")
                      : N_("has a point that does not group by three digits");
}

static const char *
zero_reason (char group)
{
  return group == ',' ? N_("has a comma after a leading zero; if commas mark its decimals, use --decimal ,")
                      : N_("has a point after a leading zero; if points mark its decimals, use --decimal .");
}

static const char *
swapped_reason (char group)
{
  return group == ',' ? N_("has a comma after a point; if commas mark its decimals, use --decimal ,")
                      : N_("has a point after a comma; if points mark its decimals, use --decimal .");
}

/* Digits, plain or all grouped by three; 0,123 is more likely a decimal comma. Returns the reason, or NULL. */
static const char *
check_whole (Span span, char group)
{
  gint run = 0;
  gboolean grouped = FALSE;
  for (const char *at = span.at; at < span.end; at++) {
    if (*at == group) {
      if (grouped ? run != 3 : run < 1 || run > 3)
        return group_reason (group);
      grouped = TRUE;
      run = 0;
    } else if (g_ascii_isdigit (*at))
      run++;
    else
      return NOT_A_NUMBER;
  }
  if (grouped && run != 3)
    return group_reason (group);
  if (grouped && *span.at == '0')
    return zero_reason (group);
  return run == 0 ? NOT_A_NUMBER : NULL;
}

static const char *
check_fraction (Span whole, Span fraction, const Reading *reading)
{
  gsize length = (gsize) (fraction.end - fraction.at);
  if (length == 0)
    return NOT_A_NUMBER;
  if (memchr (fraction.at, reading->group, length) != NULL
      && memchr (whole.at, reading->group, (gsize) (whole.end - whole.at)) == NULL)
    return swapped_reason (reading->group);
  for (const char *at = fraction.at; at < fraction.end; at++)
    if (!g_ascii_isdigit (*at))
      return NOT_A_NUMBER;
  if (length <= (gsize) reading->decimals)
    return NULL;
  return reading->money ? N_("has more decimals than the currency") : N_("has more than six decimals");
}

/* Appends the digits, leaving out what is none. FALSE on overflow. */
static gboolean
append_digits (Span span, guint64 *value)
{
  for (const char *at = span.at; at < span.end; at++)
    if (g_ascii_isdigit (*at)
        && (__builtin_mul_overflow (*value, 10, value) || __builtin_add_overflow (*value, (guint64) (*at - '0'), value)))
      return FALSE;
  return TRUE;
}

static gboolean
append_zeros (gint n, guint64 *value)
{
  for (; n > 0; n--)
    if (__builtin_mul_overflow (*value, 10, value))
      return FALSE;
  return TRUE;
}

static const char *
read_magnitude (Span span, const Reading *reading, guint64 *out)
{
  const char *point = memchr (span.at, reading->point, (gsize) (span.end - span.at));
  Span whole = { span.at, point != NULL ? point : span.end };
  Span fraction = { point != NULL ? point + 1 : span.end, span.end };
  const char *reason = point != NULL ? check_fraction (whole, fraction, reading) : NULL;
  if (reason == NULL)
    reason = check_whole (whole, reading->group);
  if (reason != NULL)
    return reason;
  *out = 0;
  gint missing = reading->decimals - (gint) (fraction.end - fraction.at);
  return append_digits (whole, out) && append_digits (fraction, out) && append_zeros (missing, out) ? NULL : TOO_LARGE;
}

/* "-1234.5", which nearly every cell is: twelve signs, so that with six zeros more nothing can overflow. FALSE for whatever
 * needs a closer look. */
static gboolean
read_plain (const char *text, gsize length, const Reading *reading, gint64 *out)
{
  gsize first = length > 0 && *text == '-';
  if (length == first || length > 12 || reading->decimals > 6)
    return FALSE;
  gint64 value = 0;
  gint decimals = -1;
  for (gsize i = first; i < length; i++) {
    if (g_ascii_isdigit (text[i])) {
      value = value * 10 + text[i] - '0';
      decimals += decimals >= 0;
    } else if (text[i] == reading->point && decimals < 0 && i > first)
      decimals = 0;
    else
      return FALSE;
  }
  if (decimals == 0 || decimals > reading->decimals)
    return FALSE;
  for (decimals = MAX (decimals, 0); decimals < reading->decimals; decimals++)
    value *= 10;
  *out = first > 0 ? -value : value;
  return TRUE;
}

static const char *
read_number (const char *text, gsize length, const Reading *reading, gint64 *out)
{
  if (read_plain (text, length, reading, out))
    return NULL;
  char folded[FOLDED_MAX];
  gssize n = fold (text, length, folded);
  if (n <= 0)
    return NOT_A_NUMBER;
  Span span = { folded, folded + n };
  gboolean negative = take_sign (&span, reading->money);
  guint64 magnitude;
  const char *reason = read_magnitude (span, reading, &magnitude);
  if (reason != NULL)
    return reason;
  if (magnitude > (guint64) G_MAXINT64 + (negative ? 1 : 0))
    return TOO_LARGE;
  *out = negative ? (gint64) (0 - magnitude) : (gint64) magnitude;
  return NULL;
}

const char *
fee_cell_read_money (const char *text, gsize length, const FeeCellFormat *format, gint decimals, FeeMoney *out)
{
  Reading reading = { format->decimal, format->decimal == '.' ? ',' : '.', decimals, TRUE };
  return read_number (text, length, &reading, out);
}

const char *
fee_cell_read_quantity (const char *text, gsize length, const FeeCellFormat *format, FeeQuantity *out)
{
  Reading reading = { format->decimal, format->decimal == '.' ? ',' : '.', 6, FALSE };
  FeeQuantity quantity;
  const char *reason = read_number (text, length, &reading, &quantity);
  if (reason != NULL)
    return reason;
  if (quantity == FEE_QUANTITY_NONE)
    return TOO_LARGE;
  *out = quantity;
  return NULL;
}

static const char *
make_date (gint year, gint month, gint day, FeeDate *out)
{
  if (year < FEE_YEAR_FIRST || year > FEE_YEAR_LAST)
    return N_("is outside the years 1990 to 2100");
  return fee_date_make (year, month, day, out) ? NULL : N_("is not a day of the calendar");
}

/* Up to three runs of digits, each with the sign that follows it ('\0' at the end). */
typedef struct {
  gint value[3], digits[3];
  char signs[4];
  gint count;
} DateParts;

static gboolean
split_date (const char *text, DateParts *out)
{
  memset (out, 0, sizeof *out);
  while (*text != '\0') {
    if (out->count == 3)
      return FALSE;
    gint n = out->count++;
    for (; g_ascii_isdigit (*text); text++) {
      if (++out->digits[n] > 8)
        return FALSE;
      out->value[n] = out->value[n] * 10 + *text - '0';
    }
    if (out->digits[n] == 0)
      return FALSE;
    out->signs[n] = *text;
    text += *text != '\0';
  }
  return TRUE;
}

/* Excel counts days so that 1970-01-01 is 25569; its 29 February 1900 lies before our years. */
static const char *
read_serial (gint serial, FeeDate *out)
{
  gint year, month, day;
  fee_date_split (serial - 25569, &year, &month, &day);
  return make_date (year, month, day, out);
}

static const char *
read_bare (const DateParts *parts, FeeDateFormat format, FeeDate *out)
{
  gint n = parts->value[0];
  if (parts->digits[0] == 8)
    return make_date (n / 10000, n / 100 % 100, n % 100, out);
  if (parts->digits[0] != 5)
    return NOT_A_DATE;
  return format == FEE_DATE_FORMAT_EXCEL ? read_serial (n, out)
                                         : N_("is a bare number; if it counts days as Excel does, use --date-format excel");
}

static const char *
read_year_last (const DateParts *parts, FeeDateFormat format, FeeDate *out)
{
  const gint *value = parts->value;
  if (format == FEE_DATE_FORMAT_DMY)
    return make_date (value[2], value[1], value[0], out);
  if (format == FEE_DATE_FORMAT_MDY)
    return make_date (value[2], value[0], value[1], out);
  return N_("has the year last; say in which order with --date-format dmy or mdy");
}

static const char *
read_parts (const DateParts *parts, FeeDateFormat format, FeeDate *out)
{
  static const char forms[][4] = { { SIGN_YEAR, SIGN_MONTH, SIGN_DAY }, "--", "//", ".." };
  gsize form = 0;
  while (form < G_N_ELEMENTS (forms) && strcmp (parts->signs, forms[form]) != 0)
    form++;
  const gint *digits = parts->digits;
  if (form == G_N_ELEMENTS (forms) || parts->count != 3 || digits[1] > 2)
    return NOT_A_DATE;
  if (digits[0] == 4 && digits[2] <= 2)
    return make_date (parts->value[0], parts->value[1], parts->value[2], out);
  if (form > 0 && digits[0] <= 2 && digits[2] == 4)
    return read_year_last (parts, format, out);
  return NOT_A_DATE;
}

/* "2026-03-01", which nearly every cell is. */
static gboolean
read_iso (const char *text, gsize length, FeeDate *out)
{
  if (length != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  gint value[3] = { 0, 0, 0 };
  for (gint i = 0, part = 0; i < 10; i++) {
    if (i == 4 || i == 7)
      part++;
    else if (g_ascii_isdigit (text[i]))
      value[part] = value[part] * 10 + text[i] - '0';
    else
      return FALSE;
  }
  return fee_date_make (value[0], value[1], value[2], out);
}

const char *
fee_cell_read_date (const char *text, gsize length, const FeeCellFormat *format, FeeDate *out)
{
  if (read_iso (text, length, out))
    return NULL;
  char folded[FOLDED_MAX];
  DateParts parts;
  if (fold (text, length, folded) <= 0)
    return length > 0 && memchr (text, ':', length) != NULL ? N_("has a time; only a day may stand there") : NOT_A_DATE;
  if (!split_date (folded, &parts))
    return NOT_A_DATE;
  return parts.count == 1 && parts.signs[0] == '\0' ? read_bare (&parts, format->date_format, out)
                                                    : read_parts (&parts, format->date_format, out);
}

const char *
fee_cell_read_count (const char *text, gsize length, gint32 *out)
{
  char folded[FOLDED_MAX];
  gssize n = fold (text, length, folded);
  gint32 value = 0;
  if (n <= 0)
    return N_("is not a whole number");
  for (gssize i = 0; i < n; i++) {
    if (!g_ascii_isdigit (folded[i]))
      return N_("is not a whole number");
    value = MIN (value * 10 + folded[i] - '0', 1000001);
  }
  if (value > 1000000)
    return N_("is over 1,000,000");
  *out = value;
  return NULL;
}
