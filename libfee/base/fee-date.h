/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Date: days since 1970-01-01 of the proleptic Gregorian calendar. Input holds years 1990..2100. */
typedef gint32 FeeDate;
/* Period: a calendar month, year * 12 + month - 1. */
typedef gint32 FeePeriod;

/* An empty cell; less than every date. As the end of a span it is replaced by FEE_DATE_FOREVER. */
#define FEE_DATE_NONE G_MININT32
#define FEE_DATE_FOREVER G_MAXINT32
#define FEE_PERIOD_NONE G_MININT32

#define FEE_YEAR_FIRST 1990
#define FEE_YEAR_LAST 2100

/* FALSE where there is no such day, or the year is outside 1990..2100. month 1..12. */
gboolean fee_date_make (gint year, gint month, gint day, FeeDate *out);
void fee_date_split (FeeDate date, gint *year, gint *month, gint *day);
/* The day so many months on, or the last day of that month where it is shorter. */
FeeDate fee_date_add_months (FeeDate date, gint months);

FeePeriod fee_period_of (FeeDate date);
FeeDate fee_period_first_day (FeePeriod period);
FeeDate fee_period_last_day (FeePeriod period);
gint fee_period_days (FeePeriod period);
static inline gint
fee_period_year (FeePeriod period)
{
  return period / 12;
}
static inline gint
fee_period_month (FeePeriod period)
{
  return period % 12 + 1;
}

/* "2026-03-01" and "2026-03", nothing else; FALSE otherwise. */
gboolean fee_date_parse (const char *text, FeeDate *out);
gboolean fee_period_parse (const char *text, FeePeriod *out);

#define FEE_DATE_SIZE 16
/* Return buffer, of FEE_DATE_SIZE bytes; "" for FEE_DATE_NONE and FEE_DATE_FOREVER. */
char *fee_date_format (FeeDate date, char *buffer);
char *fee_period_format (FeePeriod period, char *buffer);

/* The last full month of which is over on that day. */
static inline FeePeriod
fee_period_ended_by (FeeDate today)
{
  return fee_period_of (today) - 1;
}

/* Days of a month as bits, bit 0 the first: the days of from..to that fall in it. */
typedef guint32 FeeDays;
FeeDays fee_period_days_between (FeePeriod period, FeeDate from, FeeDate to);
/* How many. Asked for each line; without it the compiler calls a function of its own, as old processors can't count bits. */
static inline gint
fee_days_count (FeeDays days)
{
  days -= days >> 1 & 0x55555555u;
  days = (days & 0x33333333u) + (days >> 2 & 0x33333333u);
  return (gint) (((days + (days >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24);
}

G_END_DECLS
