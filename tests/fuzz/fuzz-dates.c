/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/base/fee-reference.h"
#include "../../libfee/input/fee-cell.h"
#include "../../libfee/model/fee-run.h"

/* Cells with days, months, bill numbers and payment references. */

static void
show_date (FeeDate date)
{
  g_autofree char *text = g_malloc (FEE_DATE_SIZE);
  FeeDate again = 7;
  FeePeriod period = fee_period_of (date);
  gint year, month, day;
  fuzz_require (fee_date_parse (fee_date_format (date, text), &again) && again == date);
  fee_date_split (date, &year, &month, &day);
  fuzz_require (fee_date_make (year, month, day, &again) && again == date && year == fee_period_year (period) && month == fee_period_month (period));
  fuzz_require (fee_period_first_day (period) + day - 1 == date && fee_period_last_day (period) - fee_period_first_day (period) + 1 == fee_period_days (period));
  fuzz_require (fee_period_days_between (period, date, date) == (FeeDays) 1 << (day - 1));
  for (gint months = 0; months < 30; months += 7)
    fuzz_require (fee_period_of (fee_date_add_months (date, months)) == period + months);
}

static void
read_date (const char *text, gsize length, FeeDateFormat form)
{
  FeeCellFormat format = { '.', form };
  FeeDate date = 7, plain = 7;
  FeePeriod period = 7, again = 7;
  g_autofree char *shown = g_malloc (FEE_DATE_SIZE);
  gboolean read = fee_cell_read_date (text, length, &format, &date) == NULL;
  if (read)
    show_date (date);
  else
    fuzz_require (date == 7);
  if (fee_date_parse (text, &plain))
    fuzz_require (read && plain == date);
  if (fee_period_parse (text, &period))
    fuzz_require (fee_period_parse (fee_period_format (period, shown), &again) && again == period);
}

static void
show_number (const char *number)
{
  char *text = g_malloc (FEE_BILL_NUMBER_SIZE);
  FeePeriod period;
  guint32 bill;
  if (fee_bill_number_parse (number, &period, &bill))
    fuzz_require (strcmp (fee_bill_number_format (period, bill, text), number) == 0);
  g_free (text);
}

static void
read_reference (const char *text, gsize length)
{
  g_autofree char *number = g_malloc0 (FEE_REFERENCE_NUMBER_SIZE), *again = g_malloc0 (FEE_REFERENCE_NUMBER_SIZE);
  if (fee_reference_parse (text, length, number) != FEE_REFERENCE_GOOD)
    return;
  g_autofree char *reference = fee_reference_of_bill (number);
  fuzz_require (fee_reference_parse (reference, strlen (reference), again) == FEE_REFERENCE_GOOD && strcmp (number, again) == 0);
  show_number (number);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  guint form = fuzz_choice (&in, 4);
  g_autofree char *text = fuzz_text (&in, G_MAXSIZE);
  read_date (text, strlen (text), (FeeDateFormat) form);
  read_reference (text, strlen (text));
  show_number (text);
  return 0;
}
