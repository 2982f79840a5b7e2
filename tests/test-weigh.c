/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/engine/fee-weigh.h"

/* A book whose one centre C has that driver and scope; units and quantities as CSV. */
static FeeRecords *
book_of (const char *centre, const char *units, const char *quantities)
{
  g_autofree char *policy =
      g_strdup_printf ("%s[driver water]\nkind=flow\n[driver heads]\n[centre C]\n%s\n", TEST_REQUIRED, centre);
  FeeRecords *records = test_records (policy);
  test_add (records, FEE_KIND_UNITS, 2, units);
  if (quantities != NULL)
    test_add (records, FEE_KIND_QUANTITIES, 3, quantities);
  test_index (records);
  return records;
}

/* "101 2774.5/31; ...": each unit with its weight (or what is wrong) and the days on which it counts. */
static char *
weigh (const FeeRecords *records, const char *period)
{
  const FeePolicy *policy = g_ptr_array_index (records->policies, 0);
  g_autoptr (FeeScales) scales = fee_scales_new (records);
  g_autoptr (FeeWeigher) weigher = fee_weigher_new (scales, policy, 0, month (period));
  GString *out = g_string_new (NULL);
  char buffer[FEE_NUMBER_SIZE];
  for (guint32 unit = 0; unit < records->reg->n_units; unit++) {
    FeeDays days;
    gint64 weight = fee_weigher_unit (weigher, unit, &days);
    const char *text = weight == FEE_WEIGHT_MISSING ? "missing" : weight == FEE_WEIGHT_NEGATIVE ? "negative"
                       : weight == FEE_WEIGHT_TOO_LARGE ? "too large" : fee_quantity_format (weight, buffer);
    g_string_append_printf (out, "%s%s %s/%d", unit > 0 ? "; " : "", fee_register_unit (records->reg, unit), text,
                            __builtin_popcount (days));
  }
  return g_string_free (out, FALSE);
}

static void
assert_weights (const char *centre, const char *units, const char *quantities, const char *period, const char *wanted)
{
  g_autoptr (FeeRecords) records = book_of (centre, units, quantities);
  g_autofree char *got = weigh (records, period);
  assert_text (got, wanted);
}

static void
a_level_is_the_sum_of_its_values_over_the_days (void **state)
{
  (void) state;
  assert_weights ("driver=area", "unit,area\n101,89.5\n102,100\n", NULL, "2026-01", "101 2774.5/31; 102 3100/31");
  assert_weights ("driver=area", "unit,area\n101,89.5\n102,100\n", NULL, "2026-02", "101 2506/28; 102 2800/28");
}

static void
an_area_that_changes_on_the_16th_weighs_by_its_days (void **state)
{
  (void) state;
  assert_weights ("driver=area", "unit,area,from,to\n101,100,2026-01-01,\n101,120,2026-01-16,\n", NULL, "2026-01",
                  "101 3420/31");
  assert_weights ("driver=area", "unit,area,from,to\n101,100,2026-01-01,\n101,120,2026-01-16,\n", NULL, "2026-02",
                  "101 3360/28");
}

static void
a_unit_counts_on_the_days_on_which_it_is_in_the_register (void **state)
{
  (void) state;
  static const char units[] = "unit,area,from,to\n101,100,2026-01-20,\n102,100,,2026-01-10\n103,100,2026-01-31,2026-01-"
                              "31\n104,100,2026-02-01,\n"
                              "105,100,2026-01-01,2026-01-05\n105,100,2026-01-10,2026-01-12\n";
  assert_weights ("driver=area", units, NULL, "2026-01", "101 1200/12; 102 1000/10; 103 100/1; 104 0/0; 105 800/8");
  assert_weights ("driver=one", units, NULL, "2026-01", "101 12/12; 102 10/10; 103 1/1; 104 0/0; 105 8/8");
}

static void
a_product_of_two_attributes_is_rounded_to_micro_units_each_day (void **state)
{
  (void) state;
  assert_weights ("driver=area*lift", "unit,area,Lift\n101,100,1.15\n102,0.0005,0.001\n103,89.5,0\n", NULL, "2026-01",
                  "101 3565/31; 102 0.000031/31; 103 0/31");
}

static void
attribute_names_are_compared_without_case (void **state)
{
  (void) state;
  assert_weights ("driver=AREA*Lift", "unit,Area,LIFT\n101,2,3\n", NULL, "2026-02", "101 168/28");
  assert_weights ("driver=one\nscope=Zone=a", "unit,ZONE\n101,a\n102,b\n", NULL, "2026-02", "101 28/28; 102 0/0");
}

static void
missing_and_negative_attributes_of_units_in_the_scope_are_told (void **state)
{
  (void) state;
  assert_weights ("driver=lift", "unit,lift\n101,\n102,-1\n103,x\n104,0\n105,-0.000001\n", NULL, "2026-01",
                  "101 missing/31; 102 negative/31; 103 missing/31; 104 0/31; 105 negative/31");
  assert_weights ("driver=lift", "unit,area\n101,5\n", NULL, "2026-01", "101 missing/31");
  assert_weights ("driver=area*lift", "unit,area,lift\n101,5,\n102,-2,-3\n103,,-1\n", NULL, "2026-01",
                  "101 missing/31; 102 negative/31; 103 missing/31");
}

/* Who is not in the scope, or not on any day of the month, needs no number. */
static void
missing_attributes_outside_the_scope_do_not_matter (void **state)
{
  (void) state;
  assert_weights ("driver=lift\nscope=kind=flat",
                  "unit,kind,lift,from\n101,flat,1,\n102,shop,,\n103,flat,,2026-02-01\n104,shop,-1,\n", NULL, "2026-01",
                  "101 31/31; 102 0/0; 103 0/0; 104 0/0");
}

static void
a_weight_beyond_64_bits_is_told (void **state)
{
  (void) state;
  assert_weights ("driver=area", "unit,area\n101,9000000000000\n102,200000000000\n", NULL, "2026-01",
                  "101 too large/31; 102 6200000000000/31");
  assert_weights ("driver=area*lift", "unit,area,lift\n101,9000000000,9000000000\n", NULL, "2026-01", "101 too large/31");
}

/* ---- Scopes */

static void
check_scope (char **cells, const char *place)
{
  g_autofree char *centre = g_strdup_printf ("driver=one\nscope=%s", cells[0]);
  g_autoptr (FeeRecords) records = book_of (
      centre, "unit,kind,building,floor,lift\nA,flat,1,1,1.5\nB,flat,2,2,2\nC,shop,1,-1,\nD,shop,3,10,x\nE,,,,1.50\n", NULL);
  g_autofree char *text = weigh (records, "2026-01");
  g_auto (GStrv) units = g_strsplit (text, "; ", -1);
  g_autoptr (GString) in = g_string_new (NULL);
  for (char **unit = units; *unit != NULL; unit++)
    if (g_str_has_suffix (*unit, " 31/31"))
      g_string_append_c (in, (*unit)[0]);
    else
      assert_true (g_str_has_suffix (*unit, " 0/0"));
  if (strcmp (in->str, cells[1]) != 0)
    fail_msg ("%s: %s holds for \"%s\", not \"%s\"", place, cells[0], in->str, cells[1]);
}

static void
scopes_hold_as_the_file_of_cases_says (void **state)
{
  (void) state;
  assert_true (test_each_line ("scopes.txt", 2, check_scope) >= 25);
}

static void
a_unit_counts_on_the_days_on_which_it_is_in_the_scope (void **state)
{
  (void) state;
  assert_weights ("driver=area\nscope=kind=flat", "unit,kind,area,from,to\n101,flat,100,,\n101,shop,100,2026-01-11,\n", NULL,
                  "2026-01", "101 1000/10");
}

/* ---- Imported quantities */

#define UNITS "unit,area,kind\n101,50,flat\n102,60,flat\n103,70,shop\n"
#define QUANTITIES "driver,target,quantity,from,to\n"

static void
an_imported_level_holds_until_its_end_or_the_next_row (void **state)
{
  (void) state;
  static const char quantities[] = QUANTITIES "heads,101,3,,\nheads,102,2,2026-01-01,2026-01-10\nheads,102,4,2026-01-20,"
                                              "\nheads,103,1,2026-01-11,\n"
                                              "heads,103,5,2026-02-01,\n";
  assert_weights ("driver=heads", UNITS, quantities, "2026-01", "101 93/31; 102 68/31; 103 21/31");
  assert_weights ("driver=heads", UNITS, quantities, "2026-02", "101 84/28; 102 112/28; 103 140/28");
  assert_weights ("driver=heads", UNITS, quantities, "2025-12", "101 93/31; 102 0/31; 103 0/31");
}

/* A level by the days on which the unit counts; a flow whole where it counts on one day at least. */
static void
a_level_is_cut_to_the_days_of_the_unit_and_a_flow_is_not (void **state)
{
  (void) state;
  static const char units[] = "unit,from,to\n101,2026-01-22,\n102,2026-02-01,\n";
  static const char quantities[] = QUANTITIES "heads,101,3,,\nheads,102,3,,\nwater,101,12.5,2026-01-01,2026-01-31\nwater,"
                                              "102,7,2026-01-01,2026-01-31\n";
  assert_weights ("driver=heads", units, quantities, "2026-01", "101 30/10; 102 0/0");
  assert_weights ("driver=water", units, quantities, "2026-01", "101 12.5/10; 102 0/0");
}

static void
a_target_without_an_imported_row_has_0 (void **state)
{
  (void) state;
  assert_weights ("driver=water", UNITS, QUANTITIES "water,102,5,2026-01-01,2026-01-31\n", "2026-01",
                  "101 0/31; 102 5/31; 103 0/31");
  assert_weights ("driver=heads", UNITS, NULL, "2026-01", "101 0/31; 102 0/31; 103 0/31");
}

/* Over January to March by days: 31, 28 and 31 of 90. */
static void
a_flow_over_months_is_split_by_days_and_adds_up (void **state)
{
  (void) state;
  static const char quantities[] = QUANTITIES "water,101,100,2026-01-01,2026-03-31\nwater,102,0.000002,2026-01-31,2026-03-"
                                              "31\n"
                                              "water,103,-1,2026-01-01,2026-01-31\nwater,103,5,2026-02-01,2026-02-28\n";
  assert_weights ("driver=water", UNITS, quantities, "2026-01", "101 34.444444/31; 102 0/31; 103 negative/31");
  assert_weights ("driver=water", UNITS, quantities, "2026-02", "101 31.111112/28; 102 0.000001/28; 103 5/28");
  assert_weights ("driver=water", UNITS, quantities, "2026-03", "101 34.444444/31; 102 0.000001/31; 103 0/31");
}

static void
rows_of_a_flow_in_one_month_are_added (void **state)
{
  (void) state;
  assert_weights ("driver=water", UNITS,
                  QUANTITIES "water,101,7,2026-01-01,2026-01-10\nwater,101,-2,2026-01-11,2026-01-31\n", "2026-01",
                  "101 5/31; 102 0/31; 103 0/31");
}

static void
random_flows_add_up_over_their_months (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (12);
  for (guint i = 0; i < 3000; i++) {
    FeeQuantity quantity = test_rand_size (rand) * (g_rand_boolean (rand) ? 1 : -1), sum = 0;
    FeeDate from = day ("2025-01-01") + g_rand_int_range (rand, 0, 400), to = from + g_rand_int_range (rand, 0, 700);
    for (FeePeriod p = fee_period_of (from) - 1; p <= fee_period_of (to) + 1; p++) {
      FeeQuantity part = fee_flow_part (quantity, from, to, fee_period_first_day (p), fee_period_last_day (p));
      sum += part;
      assert_is (fee_flow_through (quantity, from, to, fee_period_last_day (p)), sum);
    }
    assert_is (sum, quantity);
    assert_is (fee_flow_through (quantity, from, to, from - 1), 0);
  }
}

static void
what_the_scope_leaves_out_is_not_used_but_told (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records =
      book_of ("driver=water\nscope=kind=flat", UNITS "104,1,shop\n",
               QUANTITIES "water,101,5,2026-01-01,2026-01-31\nwater,103,7.25,2026-01-01,2026-02-28\n"
                          "water,104,1,2026-01-01,2026-01-31\nwater,C,100,2026-01-01,2026-01-31\n");
  g_autofree char *got = weigh (records, "2026-01");
  assert_text (got, "101 5/31; 102 0/31; 103 0/0; 104 0/0");
  g_autoptr (FeeScales) scales = fee_scales_new (records);
  g_autoptr (FeeWeigher) january = fee_weigher_new (scales, g_ptr_array_index (records->policies, 0), 0, month ("2026-01"));
  g_autoptr (FeeWeigher) february = fee_weigher_new (scales, g_ptr_array_index (records->policies, 0), 0, month ("2026-02"));
  char text[FEE_NUMBER_SIZE];
  assert_text (fee_quantity_format (fee_weigher_left_out (january), text), "4.809322"); /* 7.25 x 31/59 and 1 */
  assert_text (fee_quantity_format (fee_weigher_left_out (february), text), "3.440678");
}

static void
targets_between_the_units_by_their_bytes_are_passed_over (void **state)
{
  (void) state;
  assert_weights ("driver=heads", "unit\n10\n101\n102\nB\n",
                  QUANTITIES "heads,0,9,,\nheads,10,1,,\nheads,100,9,,\nheads,101,2,,\nheads,1011,9,,\n"
                             "heads,102,3,,\nheads,AA,9,,\nheads,B,4,,\nheads,C,9,,\n",
                  "2026-02", "10 28/28; 101 56/28; 102 84/28; B 112/28");
}

/* ---- Centres */

static void
centres_are_weighed_by_imported_levels_and_flows (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED "[driver water]\nkind=flow\n[driver heads]\n[centre "
                                                               "B]\ndriver=one\n[centre A]\ndriver=one\n"
                                                               "[centre D]\ndriver=one\n");
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  const FeePolicy *policy = g_ptr_array_index (records->policies, 0);
  gint64 weights[3];
  test_add (records, FEE_KIND_QUANTITIES, 2,
            QUANTITIES "heads,A,3,,\nheads,B,2,,2026-01-10\nheads,B,1,2026-01-11,\nwater,A,10,2026-01-01,2026-01-31\n"
                       "water,D,-1,2026-01-01,2026-01-31\nheads,AB,7,,\n");
  test_index (records);
  fee_weigh_centres (records, policy, fee_policy_find_driver (policy, "heads"), month ("2026-01"), weights, problems);
  assert_is (weights[0], 41 * FEE_QUANTITY_ONE);
  assert_is (weights[1], 93 * FEE_QUANTITY_ONE);
  assert_is (weights[2], 0);
  assert_is (fee_problems_count (problems), 0);
  fee_weigh_centres (records, policy, fee_policy_find_driver (policy, "water"), month ("2026-01"), weights, problems);
  assert_is (weights[1], 10 * FEE_QUANTITY_ONE);
  assert_is (weights[2], 0);
  assert_is (fee_problems_count (problems), 1);
  assert_text (fee_problems_nth (problems, 0), "2026-01: the quantity of driver water for centre D is negative");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_level_is_the_sum_of_its_values_over_the_days),
    cmocka_unit_test (an_area_that_changes_on_the_16th_weighs_by_its_days),
    cmocka_unit_test (a_unit_counts_on_the_days_on_which_it_is_in_the_register),
    cmocka_unit_test (a_product_of_two_attributes_is_rounded_to_micro_units_each_day),
    cmocka_unit_test (attribute_names_are_compared_without_case),
    cmocka_unit_test (missing_and_negative_attributes_of_units_in_the_scope_are_told),
    cmocka_unit_test (missing_attributes_outside_the_scope_do_not_matter),
    cmocka_unit_test (a_weight_beyond_64_bits_is_told),
    cmocka_unit_test (scopes_hold_as_the_file_of_cases_says),
    cmocka_unit_test (a_unit_counts_on_the_days_on_which_it_is_in_the_scope),
    cmocka_unit_test (an_imported_level_holds_until_its_end_or_the_next_row),
    cmocka_unit_test (a_level_is_cut_to_the_days_of_the_unit_and_a_flow_is_not),
    cmocka_unit_test (a_target_without_an_imported_row_has_0),
    cmocka_unit_test (a_flow_over_months_is_split_by_days_and_adds_up),
    cmocka_unit_test (rows_of_a_flow_in_one_month_are_added),
    cmocka_unit_test (random_flows_add_up_over_their_months),
    cmocka_unit_test (what_the_scope_leaves_out_is_not_used_but_told),
    cmocka_unit_test (targets_between_the_units_by_their_bytes_are_passed_over),
    cmocka_unit_test (centres_are_weighed_by_imported_levels_and_flows),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
