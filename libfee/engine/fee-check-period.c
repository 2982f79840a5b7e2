/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-run-period.h"

/* [billing] expect: a month without such a cost is not billed. */
static gboolean
has_cost (const FeeRecords *records, const char *category, FeePeriod period)
{
  const FeeTable *costs = records->tables[FEE_KIND_COSTS];
  for (guint32 row = 0; row < costs->n_rows; row++) {
    if (!fee_table_alive (costs, row) || strcmp (fee_table_text (costs, FEE_COSTS_CATEGORY, row), category) != 0)
      continue;
    FeeServiceSpan span = fee_cost_span (costs, row);
    if (fee_period_of (span.from) <= period && period <= fee_period_of (span.to))
      return TRUE;
  }
  return FALSE;
}

static void
check_expected (const FeeRecords *records, const FeePolicy *policy, FeePeriod period, FeeProblems *problems)
{
  char month[FEE_DATE_SIZE];
  for (guint i = 0; i < policy->expect->len; i++) {
    const char *category = fee_policy_category (policy, g_array_index (policy->expect, gint, i))->id;
    if (!has_cost (records, category, period))
      fee_problems_add (problems, _("%s: there is no cost of category %s yet, which the policy expects every month"),
                        fee_period_format (period, month), category);
  }
}

/* [driver x] total: its levels add up to that on every day. The first day on which they do not is named. */
static void
check_total (const FeeRecords *records, const FeeDriver *driver, FeePeriod origin, FeeProblems *problems)
{
  __int128 change[33] = { 0 };
  FeeDate first = fee_period_first_day (origin);
  gint days = fee_period_days (origin);
  guint32 begin, end;
  fee_measures_of_driver (records->measures, driver->id, &begin, &end);
  for (guint32 i = begin; i < end; i++) {
    FeeDate from = MAX (records->measures->spans.from[i], first);
    FeeDate to = MIN (records->measures->spans.to[i], first + days - 1);
    if (from > to)
      continue;
    change[from - first] += fee_measures_quantity (records->measures, i);
    change[to - first + 1] -= fee_measures_quantity (records->measures, i);
  }
  __int128 sum = 0;
  for (gint day = 0; day < days; day++) {
    char date[FEE_DATE_SIZE], is[FEE_NUMBER_SIZE], total[FEE_NUMBER_SIZE];
    sum += change[day];
    if (sum == driver->total)
      continue;
    gint64 shown = (gint64) CLAMP (sum, -G_MAXINT64, G_MAXINT64);
    fee_problems_add (problems, _("driver %s: its quantities add up to %s on %s, not to %s"), driver->id,
                      fee_quantity_format (shown, is), fee_date_format (first + day, date),
                      fee_quantity_format (driver->total, total));
    return;
  }
}

/* [driver x] complete: every target with a row in the month before has one. Spans of a target stand together. */
static void
check_complete (const FeeRecords *records, const FeeDriver *driver, FeePeriod origin, FeeProblems *problems)
{
  const FeeMeasures *measures = records->measures;
  guint32 begin, end;
  fee_measures_of_driver (measures, driver->id, &begin, &end);
  for (guint32 i = begin; i < end;) {
    FeeText target = fee_measures_target (measures, i);
    gboolean before = FALSE, now = FALSE;
    char month[FEE_DATE_SIZE];
    for (; i < end && fee_measures_target (measures, i) == target; i++) {
      FeeDate from = measures->spans.from[i], to = measures->spans.to[i];
      before = before || fee_period_days_between (origin - 1, from, to) != 0;
      now = now || fee_period_days_between (origin, from, to) != 0;
    }
    if (before && !now)
      fee_problems_add (problems, _("%s: driver %s has no quantity for %s, which had one in the month before"),
                        fee_period_format (origin, month), driver->id, fee_strings_get (records->ids, target));
  }
}

static void
check_drivers (const FeeRecords *records, FeePeriod origin, FeeProblems *problems)
{
  const FeePolicy *policy = fee_records_policy (records, origin);
  for (guint i = 0; i < policy->drivers->len; i++) {
    const FeeDriver *driver = fee_policy_driver (policy, (gint) i);
    if (driver->declared && driver->total != FEE_QUANTITY_NONE)
      check_total (records, driver, origin, problems);
    if (driver->declared && driver->complete)
      check_complete (records, driver, origin, problems);
  }
}

gboolean
fee_check_period (const FeeRecords *records, const FeeAccruals *accruals, FeePeriod period, GError **error)
{
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  FeePeriod done = FEE_PERIOD_NONE;
  check_expected (records, fee_records_policy (records, period), period, problems);
  for (guint i = 0; i < accruals->rows->len; i++) {
    FeePeriod origin = g_array_index (accruals->rows, FeeStageRow, i).origin;
    if (origin != done && origin != period)
      check_drivers (records, origin, problems);
    done = origin;
  }
  check_drivers (records, period, problems);
  return fee_problems_settle (problems, FEE_ERROR_RECORDS, error);
}
