/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/engine/fee-stages.h"

#define POLICY(start, first) "[book]\nstart=" start "\ndepreciation_start=" first "\n[billing]\ndue_days=20\n"
#define ASSETS "asset,name,cost,residual,life,in_service,disposed,method,opening,units\n"

/* A book of that policy with one asset A, and quantities. */
static FeeRecords *
asset_of (const char *policy, const char *asset, const char *quantities)
{
  FeeRecords *records = test_records (policy);
  g_autofree char *rows = g_strdup_printf (ASSETS "A,thing,%s\n", asset);
  test_add (records, FEE_KIND_ASSETS, 2, rows);
  if (quantities != NULL)
    test_add (records, FEE_KIND_QUANTITIES, 3, quantities);
  test_index (records);
  return records;
}

static void
assert_taken (const FeeRecords *records, const char *period, const char *wanted)
{
  char buffer[FEE_NUMBER_SIZE];
  fee_money_format (fee_asset_depreciation (records, 0, month (period)), 2, buffer);
  if (strcmp (buffer, wanted) != 0)
    fail_msg ("through %s %s is taken, not %s", period, buffer, wanted);
}

/* What each month takes from first on, "263.89 263.89 ...". */
static void
assert_months (const FeeRecords *records, const char *first, guint n, const char *wanted)
{
  FeeMoney parts[64];
  for (guint i = 0; i < n; i++)
    parts[i] = fee_asset_depreciation (records, 0, month (first) + (FeePeriod) i)
               - fee_asset_depreciation (records, 0, month (first) + (FeePeriod) i - 1);
  g_autofree char *got = test_show (parts, n);
  assert_text (got, wanted);
}

static void
straight_line_is_rounded_once_a_month_from_the_exact_sum (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a = asset_of (POLICY ("2026-01", "next-month"), "10000.00,500.00,36,2025-12-10,,,,", NULL);
  assert_months (a, "2026-01", 5, "263.89 263.89 263.89 263.89 263.88");
  assert_taken (a, "2027-05", "4486.11"); /* 17 months */
  assert_taken (a, "2028-12", "9500.00");
  assert_taken (a, "2029-01", "9500.00");
  g_autoptr (FeeRecords) b =
      asset_of (POLICY ("2025-10", "next-month"), "60000.00,3000.00,60,2025-09-01,,straight-line,,", NULL);
  assert_months (b, "2025-09", 3, "0.00 950.00 950.00");
}

/* The sums of each year. */
static void
assert_years (const char *method, const char *wanted)
{
  g_autofree char *asset = g_strdup_printf ("100000.00,4000.00,60,2025-12-31,,%s,,", method);
  g_autoptr (FeeRecords) a = asset_of (POLICY ("2026-01", "next-month"), asset, NULL);
  FeeMoney years[5];
  for (guint i = 0; i < 5; i++)
    years[i] = fee_asset_depreciation (a, 0, month ("2026-12") + 12 * (FeePeriod) i)
               - fee_asset_depreciation (a, 0, month ("2025-12") + 12 * (FeePeriod) i);
  g_autofree char *got = test_show (years, 5);
  assert_text (got, wanted);
}

static void
the_methods_by_year_take_what_the_rules_say (void **state)
{
  (void) state;
  assert_years ("sum-of-years", "32000.00 25600.00 19200.00 12800.00 6400.00");
  assert_years ("double-declining", "40000.00 24000.00 14400.00 8800.00 8800.00");
  assert_years ("straight-line", "19200.00 19200.00 19200.00 19200.00 19200.00");
}

static void
the_chinese_name_of_a_method_is_the_method (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a =
      asset_of (POLICY ("2026-01", "next-month"), "100000.00,4000.00,60,2025-12-31,,双倍余额递减法,,", NULL);
  assert_taken (a, "2026-12", "40000.00");
}

static void
a_life_of_one_or_two_years_is_shared_evenly_by_double_declining (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) one =
      asset_of (POLICY ("2026-01", "next-month"), "1300.00,100.00,12,2025-12-31,,double-declining,,", NULL);
  assert_taken (one, "2026-01", "100.00");
  assert_taken (one, "2026-12", "1200.00");
  g_autoptr (FeeRecords) two =
      asset_of (POLICY ("2026-01", "next-month"), "2500.00,100.00,24,2025-12-31,,double-declining,,", NULL);
  assert_taken (two, "2026-12", "1200.00");
  assert_taken (two, "2027-12", "2400.00");
}

/* A residual above what the method would leave: the years after take nothing. */
static void
double_declining_stops_at_the_residual_value (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a =
      asset_of (POLICY ("2026-01", "next-month"), "100000.00,50000.00,60,2025-12-31,,double-declining,,", NULL);
  assert_taken (a, "2026-12", "40000.00");
  assert_taken (a, "2027-12", "50000.00");
  assert_taken (a, "2028-12", "50000.00");
  assert_taken (a, "2030-12", "50000.00");
}

static void
same_month_moves_only_the_first_charge (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a = asset_of (POLICY ("2026-01", "same-month"), "1200.00,0.00,12,2026-03-31,,,,", NULL);
  assert_months (a, "2026-02", 3, "0.00 100.00 100.00");
  assert_taken (a, "2027-02", "1200.00");
  assert_taken (a, "2027-01", "1100.00");
}

static void
the_last_charge_is_in_the_month_of_disposal (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a = asset_of (POLICY ("2026-01", "next-month"), "1200.00,0.00,12,2025-12-01,2026-03-01,,,", NULL);
  assert_months (a, "2026-02", 4, "100.00 100.00 0.00 0.00");
  assert_taken (a, "2030-01", "300.00");
  g_autoptr (FeeRecords) by_year =
      asset_of (POLICY ("2026-01", "next-month"), "7800.00,0.00,24,2025-12-01,2026-02-28,sum-of-years,,", NULL);
  assert_taken (by_year, "2030-01", "866.67");
}

static void
what_is_disposed_of_before_the_first_charge_is_never_charged (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a = asset_of (POLICY ("2026-01", "next-month"), "1200.00,0.00,12,2026-03-01,2026-03-31,,,", NULL);
  assert_taken (a, "2026-03", "0.00");
  assert_taken (a, "2028-01", "0.00");
  g_autoptr (FeeRecords) b = asset_of (POLICY ("2026-01", "same-month"), "1200.00,0.00,12,2026-03-01,2026-03-31,,,", NULL);
  assert_taken (b, "2028-01", "100.00");
  g_autoptr (FeeRecords) c =
      asset_of (POLICY ("2026-01", "next-month"), "1200.00,0.00,,2026-03-01,2026-03-31,units-of-output,,100",
                "driver,target,quantity,from,to\nunits-of-output,A,50,2026-03-01,2026-03-31\n");
  assert_taken (c, "2028-01", "0.00");
}

/* rules.md section 4: cum = opening + round ((base - opening) (n - n0) / (life - n0)) */
static void
straight_line_goes_on_from_another_opening (void **state)
{
  (void) state;
  /* in service 2024-12: 12 of 36 months by the book's first month; the method itself would have 400.00 */
  g_autoptr (FeeRecords) a = asset_of (POLICY ("2026-01", "next-month"), "1200.00,0.00,36,2024-12-15,,,720.00,", NULL);
  assert_taken (a, "2025-12", "720.00");
  assert_taken (a, "2026-01", "740.00");
  assert_taken (a, "2027-12", "1200.00");
  assert_taken (a, "2028-01", "1200.00");
  g_autoptr (FeeRecords) none = asset_of (POLICY ("2026-01", "next-month"), "1200.00,0.00,36,2024-12-15,,,0.00,", NULL);
  assert_taken (none, "2025-12", "0.00");
  assert_taken (none, "2026-01", "50.00");
  assert_taken (none, "2027-12", "1200.00");
}

static void
an_opening_equal_to_the_methods_own_sum_changes_nothing (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) with =
      asset_of (POLICY ("2026-01", "next-month"), "10000.00,500.00,36,2024-08-10,,,4222.22,", NULL);
  g_autoptr (FeeRecords) without = asset_of (POLICY ("2026-01", "next-month"), "10000.00,500.00,36,2024-08-10,,,,", NULL);
  assert_taken (with, "2025-12", "4222.22");
  for (FeePeriod p = month ("2025-12"); p < month ("2029-01"); p++)
    assert_is (fee_asset_depreciation (with, 0, p), fee_asset_depreciation (without, 0, p));
}

static void
after_a_life_that_is_over_an_opening_stands (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a = asset_of (POLICY ("2026-01", "next-month"), "1200.00,0.00,12,2020-12-15,,,720.00,", NULL);
  assert_taken (a, "2025-12", "720.00");
  assert_taken (a, "2026-01", "720.00");
  assert_taken (a, "2030-01", "720.00");
  /* disposed of before the book */
  g_autoptr (FeeRecords) b =
      asset_of (POLICY ("2026-01", "next-month"), "1200.00,0.00,36,2024-12-15,2025-06-30,,720.00,", NULL);
  assert_taken (b, "2026-01", "720.00");
}

#define OUTPUT "driver,target,quantity,from,to\n"

static void
units_of_output_follow_what_was_made (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a =
      asset_of (POLICY ("2026-01", "next-month"), "10000.00,1000.00,,2025-12-01,,units-of-output,,90000",
                OUTPUT "units-of-output,A,1000,2026-01-01,2026-01-31\nunits-of-output,A,3000,2026-02-01,2026-03-31\n"
                       "units-of-output,B,5000,2026-01-01,2026-01-31\nother,A,5000,2026-01-01,2026-01-31\n"
                       "units-of-output,A,100000,2026-05-01,2026-05-31\n");
  assert_taken (a, "2025-12", "0.00");
  assert_taken (a, "2026-01", "100.00");
  assert_taken (a, "2026-02", "242.37"); /* 1000 + 3000 x 28/59 = 2423.728814 of 90000 */
  assert_taken (a, "2026-03", "400.00");
  assert_taken (a, "2026-04", "400.00");
  assert_taken (a, "2026-05", "9000.00"); /* at most the total */
  assert_taken (a, "2030-01", "9000.00");
}

static void
what_was_made_before_the_first_charge_enters_with_it (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) a =
      asset_of (POLICY ("2026-01", "next-month"), "9000.00,0.00,,2026-02-01,2026-04-10,units-of-output,,90000",
                OUTPUT "units-of-output,A,1000,2026-01-01,2026-01-31\nunits-of-output,A,2000,2026-02-01,2026-02-28\n"
                       "units-of-output,A,500,2026-03-01,2026-03-31\nunits-of-output,A,9000,2026-04-01,2026-06-30\n");
  assert_taken (a, "2026-01", "0.00");
  assert_taken (a, "2026-02", "0.00");
  assert_taken (a, "2026-03", "350.00");
  assert_taken (a, "2026-04", "646.70"); /* 3500 + 9000 x 30/91 */
  assert_taken (a, "2026-05", "646.70"); /* it stands still after the month of disposal */
}

/* ---- Against exact fractions */

static void
check_case (char **cells, const char *place)
{
  g_autofree char *policy = g_strdup_printf (POLICY ("2026-01", "%s"), cells[6]);
  g_autofree char *asset =
      g_strdup_printf ("%s,%s,%s,%s,%s,%s,,", cells[1], cells[2], cells[3], cells[4], cells[5], cells[0]);
  g_autoptr (FeeRecords) records = asset_of (policy, asset, NULL);
  g_auto (GStrv) points = g_strsplit (cells[7], ", ", -1);
  for (char **point = points; *point != NULL; point++) {
    g_auto (GStrv) words = g_strsplit (*point, " ", 2);
    char buffer[FEE_NUMBER_SIZE];
    fee_money_format (fee_asset_depreciation (records, 0, month (words[0])), 2, buffer);
    if (strcmp (buffer, words[1]) != 0)
      fail_msg ("%s: through %s %s is taken, not %s", place, words[0], buffer, words[1]);
  }
}

static void
all_methods_take_what_exact_fractions_say (void **state)
{
  (void) state;
  assert_true (test_each_line ("depreciation.txt", 8, check_case) >= 240);
}

static void
check_whole_life (char **cells, const char *place)
{
  g_autofree char *policy = g_strdup_printf (POLICY ("2026-01", "%s"), cells[6]);
  g_autofree char *asset = g_strdup_printf ("%s,%s,%s,%s,,%s,,", cells[1], cells[2], cells[3], cells[4], cells[0]);
  g_autoptr (FeeRecords) records = asset_of (policy, asset, NULL);
  FeeMoney base = fen (cells[1]) - fen (cells[2]), before = 0;
  FeePeriod service = fee_period_of (day (cells[4]));
  for (FeePeriod p = service - 1; p <= service + (FeePeriod) test_int (cells[3]) + 1; p++) {
    FeeMoney taken = fee_asset_depreciation (records, 0, p);
    if (taken < before || taken > base)
      fail_msg ("%s: a month gives back, or the book value falls below the residual value", place);
    before = taken;
  }
  assert_is (before, base);
}

static void
over_its_life_an_asset_takes_its_base_and_never_gives_back (void **state)
{
  (void) state;
  test_each_line ("depreciation.txt", 8, check_whole_life);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (straight_line_is_rounded_once_a_month_from_the_exact_sum),
    cmocka_unit_test (the_methods_by_year_take_what_the_rules_say),
    cmocka_unit_test (the_chinese_name_of_a_method_is_the_method),
    cmocka_unit_test (a_life_of_one_or_two_years_is_shared_evenly_by_double_declining),
    cmocka_unit_test (double_declining_stops_at_the_residual_value),
    cmocka_unit_test (same_month_moves_only_the_first_charge),
    cmocka_unit_test (the_last_charge_is_in_the_month_of_disposal),
    cmocka_unit_test (what_is_disposed_of_before_the_first_charge_is_never_charged),
    cmocka_unit_test (straight_line_goes_on_from_another_opening),
    cmocka_unit_test (an_opening_equal_to_the_methods_own_sum_changes_nothing),
    cmocka_unit_test (after_a_life_that_is_over_an_opening_stands),
    cmocka_unit_test (units_of_output_follow_what_was_made),
    cmocka_unit_test (what_was_made_before_the_first_charge_enters_with_it),
    cmocka_unit_test (all_methods_take_what_exact_fractions_say),
    cmocka_unit_test (over_its_life_an_asset_takes_its_base_and_never_gives_back),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
