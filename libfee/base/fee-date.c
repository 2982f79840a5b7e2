/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-date.h"

#include <string.h>

static const guint8 month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static gboolean
is_leap (gint year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static gint
days_in_month (gint year, gint month)
{
  return month_days[month - 1] + (month == 2 && is_leap (year));
}

/* Years of 400 begin in March, so that the leap day is the last of a year. */
static FeeDate
day_number (gint year, gint month, gint day)
{
  gint shifted = month > 2 ? month - 3 : month + 9;
  gint y = month > 2 ? year : year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + (shifted * 153 + 2) / 5 + day - 719469;
}

gboolean
fee_date_make (gint year, gint month, gint day, FeeDate *out)
{
  if (year < FEE_YEAR_FIRST || year > FEE_YEAR_LAST || month < 1 || month > 12)
    return FALSE;
  if (day < 1 || day > days_in_month (year, month))
    return FALSE;
  *out = day_number (year, month, day);
  return TRUE;
}

void
fee_date_split (FeeDate date, gint *year, gint *month, gint *day)
{
  gint n = date + 719468;
  gint era = (n >= 0 ? n : n - 146096) / 146097;
  gint of_era = n - era * 146097;
  gint year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  gint of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint shifted = (5 * of_year + 2) / 153;
  *day = of_year - (153 * shifted + 2) / 5 + 1;
  *month = shifted < 10 ? shifted + 3 : shifted - 9;
  *year = year_of_era + era * 400 + (*month <= 2);
}

FeeDate
fee_date_add_months (FeeDate date, gint months)
{
  gint year, month, day;
  fee_date_split (date, &year, &month, &day);
  FeePeriod period = year * 12 + month - 1 + months;
  return fee_period_first_day (period) + MIN (day, fee_period_days (period)) - 1;
}

FeePeriod
fee_period_of (FeeDate date)
{
  gint year, month, day;
  fee_date_split (date, &year, &month, &day);
  return year * 12 + month - 1;
}

FeeDate
fee_period_first_day (FeePeriod period)
{
  return day_number (fee_period_year (period), fee_period_month (period), 1);
}

FeeDate
fee_period_last_day (FeePeriod period)
{
  return fee_period_first_day (period) + fee_period_days (period) - 1;
}

gint
fee_period_days (FeePeriod period)
{
  return days_in_month (fee_period_year (period), fee_period_month (period));
}

/* Exactly n digits. */
static gboolean
parse_digits (const char *text, gint n, gint *out)
{
  gint value = 0;
  for (gint i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
    value = value * 10 + text[i] - '0';
  }
  *out = value;
  return TRUE;
}

gboolean
fee_date_parse (const char *text, FeeDate *out)
{
  gint year, month, day;
  return strlen (text) == 10 && text[4] == '-' && text[7] == '-' && parse_digits (text, 4, &year)
         && parse_digits (text + 5, 2, &month) && parse_digits (text + 8, 2, &day)
         && fee_date_make (year, month, day, out);
}

gboolean
fee_period_parse (const char *text, FeePeriod *out)
{
  gint year, month;
  if (strlen (text) != 7 || text[4] != '-' || !parse_digits (text, 4, &year) || !parse_digits (text + 5, 2, &month))
    return FALSE;
  if (year < FEE_YEAR_FIRST || year > FEE_YEAR_LAST || month < 1 || month > 12)
    return FALSE;
  *out = year * 12 + month - 1;
  return TRUE;
}

char *
fee_date_format (FeeDate date, char *buffer)
{
  *buffer = '\0';
  if (date == FEE_DATE_NONE || date == FEE_DATE_FOREVER)
    return buffer;
  gint year, month, day;
  fee_date_split (date, &year, &month, &day);
  g_snprintf (buffer, FEE_DATE_SIZE, "%04d-%02d-%02d", year, month, day);
  return buffer;
}

char *
fee_period_format (FeePeriod period, char *buffer)
{
  g_snprintf (buffer, FEE_DATE_SIZE, "%04d-%02d", fee_period_year (period), fee_period_month (period));
  return buffer;
}

FeeDays
fee_period_days_between (FeePeriod period, FeeDate from, FeeDate to)
{
  FeeDate first = fee_period_first_day (period);
  gint days = fee_period_days (period);
  gint a = MAX (from, first) - first;
  gint b = MIN (to, first + days - 1) - first;
  if (a > b)
    return 0;
  return (FeeDays) ((G_GUINT64_CONSTANT (2) << b) - (G_GUINT64_CONSTANT (1) << a));
}
