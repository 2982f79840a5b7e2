/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/engine/fee-run-period.h"

#define POLICY(unsold) \
  "[book]\nstart=2025-01\n" unsold "[billing]\ndue_days=20\n[driver water]\nkind=flow\n[centre own]\ndriver=one\n" \
  "[centre use]\ndriver=one\npayer=occupant\n[centre flats]\ndriver=area\nscope=kind=flat\n"
#define DEVELOPER "unsold=developer\n"
#define PARTIES "unit,role,party,name,from,to\n"
#define COSTS "doc,date,category,centre,amount\n"

static const char *const role_texts[] = { "owner", "occupant", "unsold" };

/* "1 101/A 451.61: own owner 14/31 451.61": a bill a line, with its lines. */
static void
append_bill (GString *out, const FeeRun *run, const FeePageReader *bill)
{
  char amount[FEE_NUMBER_SIZE];
  guint begin, end;
  FeeMoney sum = 0;
  fee_run_stage (run, FEE_STAGE_ACTIVITY, &begin, &end);
  g_string_append_printf (out, "%u %s/%s %s:", bill->bill, bill->unit->str, bill->party->str,
                          fee_money_format (bill->total, 2, amount));
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    const FeeStageRow *activity = fee_run_row (run, begin + line->activity);
    char month_text[FEE_DATE_SIZE];
    fee_money_format (line->amount, 2, amount);
    g_string_append_printf (out, "%s ", i > 0 ? ";" : "");
    if (activity->origin != run->period)
      g_string_append_printf (out, "%s ", fee_period_format (activity->origin, month_text));
    g_string_append_printf (out, "%s %s %d/%d %s", fee_strings_get (run->strings, activity->source), role_texts[line->role],
                            line->days, line->unit_days, amount);
    assert_true (line->activity < end - begin);
    sum += line->amount;
  }
  assert_is (sum, bill->total);
  g_string_append_c (out, '\n');
}

static char *
show_bills (const FeeRun *run)
{
  GString *out = g_string_new (NULL);
  FeeMoney total = 0;
  guint64 n_bills = 0, n_lines = 0;
  for (guint i = 0; i < run->pages->len; i++) {
    const FeePage *page = g_ptr_array_index (run->pages, i);
    FeePageReader reader;
    fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len, page->lines->data,
                          page->lines->len);
    while (fee_page_reader_next (&reader)) {
      append_bill (out, run, &reader);
      total += reader.total;
      n_bills++;
      n_lines += reader.n_lines;
    }
    assert_false (fee_page_reader_damaged (&reader));
    fee_page_reader_clear (&reader);
  }
  assert_is (total, run->total);
  assert_is (n_bills, run->n_bills);
  assert_is (n_lines, run->n_lines);
  return g_string_free (out, FALSE);
}

/* The bills of a month, or its error. */
static char *
bill (const char *policy, const char *units, const char *parties, const char *costs, const char *period)
{
  g_autoptr (FeeRecords) records = test_records (policy);
  g_autoptr (FeeHistory) history = fee_history_new ();
  g_autoptr (FeeRun) run = NULL;
  g_autoptr (GError) error = NULL;
  FeeRunArguments arguments = { month (period), FEE_DATE_NONE };
  test_add (records, FEE_KIND_UNITS, 2, units);
  test_add (records, FEE_KIND_PARTIES, 3, parties);
  test_add (records, FEE_KIND_COSTS, 4, costs);
  test_index (records);
  if (!fee_run_period (records, history, &arguments, &run, &error)) {
    assert_null (run);
    return g_strdup_printf ("%s: %s", error->code == FEE_ERROR_RECORDS ? "records" : "other", error->message);
  }
  return show_bills (run);
}

static void
assert_bills (const char *units, const char *parties, const char *costs, const char *period, const char *wanted)
{
  g_autofree char *got = bill (POLICY (DEVELOPER), units, parties, costs, period);
  assert_text (got, wanted);
}

/* rules.md section 7: March 2025, 1,000.00: A 14 days, B 14 days, nobody 3 days. */
static void
the_example_of_the_rules_holds (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n",
                PARTIES "101,owner,O,Wang,,\n101,occupant,A,An,2025-03-01,2025-03-14\n101,occupant,B,Bai,2025-03-18,2025-03-"
                        "31\n",
                COSTS "D1,2025-03-31,other,use,1000.00\n", "2025-03",
                "1 101/A 451.61: use occupant 14/31 451.61\n2 101/B 451.61: use occupant 14/31 451.61\n3 101/O 96.78: use "
                "owner 3/31 96.78\n");
}

static void
the_owner_bears_an_owners_centre_whoever_lives_there (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n", PARTIES "101,owner,O,Wang,,\n101,occupant,A,An,,\n",
                COSTS "D1,2025-01-31,other,own,31.00\nD2,2025-01-31,other,use,62.00\n", "2025-01",
                "1 101/A 62.00: use occupant 31/31 62.00\n2 101/O 31.00: own owner 31/31 31.00\n");
}

static void
a_hand_over_counts_both_days_in_full (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n", PARTIES "101,owner,A,An,,2025-01-10\n101,owner,B,Bai,2025-01-11,\n",
                COSTS "D1,2025-01-31,other,own,31.00\n", "2025-01",
                "1 101/A 10.00: own owner 10/31 10.00\n2 101/B 21.00: own owner 21/31 21.00\n");
  /* the same without the last day of the first */
  assert_bills ("unit\n101\n", PARTIES "101,owner,A,An,,\n101,owner,B,Bai,2025-01-11,\n",
                COSTS "D1,2025-01-31,other,own,31.00\n", "2025-01",
                "1 101/A 10.00: own owner 10/31 10.00\n2 101/B 21.00: own owner 21/31 21.00\n");
}

static void
days_without_an_owner_fall_to_the_developer (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n102\n", PARTIES "101,owner,A,An,2025-01-22,\n",
                COSTS "D1,2025-01-31,other,own,62.00\nD2,2025-01-31,other,use,62.00\n", "2025-01",
                "1 101/A 20.00: own owner 10/31 10.00; use owner 10/31 10.00\n"
                "2 101/developer 42.00: own unsold 21/31 21.00; use unsold 21/31 21.00\n"
                "3 102/developer 62.00: own unsold 31/31 31.00; use unsold 31/31 31.00\n");
}

static void
without_a_developer_units_and_days_are_listed (void **state)
{
  (void) state;
  g_autofree char *got = bill (POLICY (""), "unit,from\n101,\n102,\n103,\n104,2025-01-31\n",
                               PARTIES "101,owner,A,An,2025-01-02,2025-01-10\n101,owner,B,Bai,2025-01-12,2025-01-29\n102,"
                                       "occupant,C,Cao,,\n103,owner,D,Du,,\n",
                               COSTS "D1,2025-01-31,other,own,0.01\n", "2025-01");
  assert_text (got, "records: unit 101 has no owner on 2025-01-01, 2025-01-11, 2025-01-30..2025-01-31, and the policy names "
                    "no unsold party\n"
                    "unit 102 has no owner on 2025-01-01..2025-01-31, and the policy names no unsold party\n"
                    "unit 104 has no owner on 2025-01-31, and the policy names no unsold party");
  /* an occupant's centre asks for an owner only on the other days */
  g_autofree char *use = bill (POLICY (""), "unit\n101\n", PARTIES "101,occupant,C,Cao,,2025-01-30\n",
                               COSTS "D1,2025-01-31,other,use,0.01\n", "2025-01");
  assert_text (use, "records: unit 101 has no owner on 2025-01-31, and the policy names no unsold party");
}

/* Days of both roles are one line; its role is that of the first day. */
static void
an_owner_who_is_occupant_too_has_one_line (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n", PARTIES "101,owner,A,An,,\n101,occupant,A,An,2025-01-01,2025-01-10\n",
                COSTS "D1,2025-01-31,other,use,31.00\n", "2025-01", "1 101/A 31.00: use occupant 31/31 31.00\n");
  assert_bills ("unit\n101\n",
                PARTIES "101,owner,A,An,,\n101,occupant,A,An,2025-01-11,\n101,occupant,B,Bai,2025-01-05,2025-01-08\n",
                COSTS "D1,2025-01-31,other,use,31.00\n", "2025-01",
                "1 101/A 27.00: use owner 27/31 27.00\n2 101/B 4.00: use occupant 4/31 4.00\n");
}

/* An occupant who is there twice: his days are added up. */
static void
days_of_a_party_are_added_up (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n",
                PARTIES "101,owner,O,Wang,,\n101,occupant,A,An,2025-01-01,2025-01-05\n101,occupant,A,An,2025-01-21,2025-01-"
                        "25\n",
                COSTS "D1,2025-01-31,other,use,31.00\n", "2025-01",
                "1 101/A 10.00: use occupant 10/31 10.00\n2 101/O 21.00: use owner 21/31 21.00\n");
}

/* rules.md section 2: among the parties of a unit the earlier first day. */
static void
an_odd_fen_goes_to_the_party_that_bears_first (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n", PARTIES "101,owner,Z,Zhu,,2025-04-15\n101,owner,A,An,2025-04-16,\n",
                COSTS "D1,2025-04-30,other,own,0.01\nD2,2025-04-30,other,own,0.02\n", "2025-04",
                "1 101/A 0.01: own owner 15/30 0.01\n2 101/Z 0.02: own owner 15/30 0.02\n");
  assert_bills ("unit\n101\n", PARTIES "101,owner,Z,Zhu,,2025-04-15\n101,owner,A,An,2025-04-16,\n",
                COSTS "D1,2025-04-30,other,own,-0.01\n", "2025-04",
                "1 101/A 0.00: own owner 15/30 0.00\n2 101/Z -0.01: own owner 15/30 -0.01\n");
}

static void
only_the_days_on_which_the_unit_counts_are_borne (void **state)
{
  (void) state;
  assert_bills ("unit,from\n101,2025-01-22\n102,\n",
                PARTIES "101,owner,A,An,,2025-01-25\n101,owner,B,Bai,2025-01-26,\n102,owner,C,Cao,,\n",
                COSTS "D1,2025-01-31,other,own,41.00\n", "2025-01",
                "1 101/A 4.00: own owner 4/10 4.00\n2 101/B 6.00: own owner 6/10 6.00\n3 102/C 31.00: own owner 31/31 "
                "31.00\n");
}

/* Whom the pool before fell to is not asked again where nothing differs; here the days do. */
static void
each_pool_is_borne_by_its_own_days (void **state)
{
  (void) state;
  assert_bills ("unit,kind,area,from,to\n101,flat,10,,2025-03-10\n101,shop,10,2025-03-11,\n102,flat,10,,\n",
                PARTIES "101,owner,A,An,,2025-03-15\n101,owner,B,Bai,2025-03-16,\n102,owner,C,Cui,,\n",
                COSTS "D1,2025-03-31,other,own,62.00\nD2,2025-03-31,other,flats,41.00\n", "2025-03",
                "1 101/A 25.00: own owner 15/31 15.00; flats owner 10/10 10.00\n2 101/B 16.00: own owner 16/31 16.00\n"
                "3 102/C 62.00: own owner 31/31 31.00; flats owner 31/31 31.00\n");
}

static void
a_part_of_0_00_has_its_line_and_weight_0_has_none (void **state)
{
  (void) state;
  assert_bills ("unit,area,kind\n101,0,flat\n102,1,flat\n103,1000,flat\n104,5,shop\n",
                PARTIES "101,owner,A,An,,\n102,owner,B,Bai,,\n103,owner,C,Cao,,\n104,owner,D,Du,,\n",
                COSTS "D1,2025-01-31,other,flats,1.00\n", "2025-01",
                "1 102/B 0.00: flats owner 31/31 0.00\n2 103/C 1.00: flats owner 31/31 1.00\n");
}

static void
bills_are_by_unit_then_party_by_their_bytes (void **state)
{
  (void) state;
  assert_bills ("unit\nB\na\n9\n10\n",
                PARTIES "9,owner,Z,Zhu,,2025-01-15\n9,owner,a,An,2025-01-16,2025-01-20\n9,owner,B,Bai,2025-01-21,\nB,owner,"
                        "X,Xu,,\n",
                COSTS "D1,2025-01-31,other,own,124.00\n", "2025-01",
                "1 10/developer 31.00: own unsold 31/31 31.00\n2 9/B 11.00: own owner 11/31 11.00\n3 9/Z 15.00: own owner "
                "15/31 15.00\n"
                "4 9/a 5.00: own owner 5/31 5.00\n5 B/X 31.00: own owner 31/31 31.00\n6 a/developer 31.00: own unsold 31/31 "
                "31.00\n");
}

/* A late cost of January in the run of February is borne by January's parties. */
static void
lines_are_by_origin_then_centre_and_a_late_cost_is_borne_by_those_of_then (void **state)
{
  (void) state;
  assert_bills ("unit,kind,area\n101,flat,10\n", PARTIES "101,owner,A,An,,2025-01-31\n101,owner,B,Bai,2025-02-01,\n",
                COSTS "D1,2025-02-28,other,flats,5.00\nD2,2025-02-28,other,own,6.00\nD3,2025-01-31,other,use,7.00\nD4,2025-"
                      "01-31,other,own,8.00\n",
                "2025-02",
                "1 101/A 15.00: 2025-01 own owner 31/31 8.00; 2025-01 use owner 31/31 7.00\n"
                "2 101/B 11.00: own owner 28/28 6.00; flats owner 28/28 5.00\n");
}

static void
a_party_without_a_number_is_unit_role_and_first_day (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n", PARTIES "101,owner,,An,2024-05-01,2025-01-10\n101,owner,,Bai,2025-01-11,\n",
                COSTS "D1,2025-01-31,other,own,31.00\n", "2025-01",
                "1 101/101:owner:2024-05-01 10.00: own owner 10/31 10.00\n2 101/101:owner:2025-01-11 21.00: own owner 21/31 "
                "21.00\n");
}

static void
a_month_with_nothing_to_recognise_has_no_bills (void **state)
{
  (void) state;
  assert_bills ("unit\n101\n", PARTIES "101,owner,A,An,,\n", COSTS "D1,2025-01-31,other,own,31.00\n", "2025-03",
                "1 101/A 31.00: 2025-01 own owner 31/31 31.00\n");
  assert_bills ("unit\n101\n", PARTIES "101,owner,A,An,,\n", COSTS "D1,2025-04-30,other,own,31.00\n", "2025-03", "");
}

/* More than a page of bills: the numbers run on, and everything adds up (show_bills checks it). */
static void
a_large_month_fills_several_pages (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records = test_records (POLICY (DEVELOPER));
  g_autoptr (FeeHistory) history = fee_history_new ();
  g_autoptr (GString) units = g_string_new ("unit,area,kind\n");
  g_autoptr (FeeRun) run = NULL;
  g_autoptr (GError) error = NULL;
  FeeRunArguments arguments = { month ("2025-01"), FEE_DATE_NONE };
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (units, "%05u,%u.%02u,flat\n", i, 50 + i % 90, i % 100);
  test_add (records, FEE_KIND_UNITS, 2, units->str);
  test_add (records, FEE_KIND_PARTIES, 3, PARTIES "00007,owner,A,An,,2025-01-07\n");
  test_add (records, FEE_KIND_COSTS, 4,
            COSTS "D1,2025-01-31,other,own,1234567.89\nD2,2025-01-31,other,use,-234567.01\nD3,2025-01-31,other,flats,"
                  "7654321.99\n");
  test_index (records);
  assert_ok (fee_run_period (records, history, &arguments, &run, &error), error);
  assert_true (run->pages->len >= 3);
  assert_is (run->n_bills, 20001);
  assert_is (run->n_lines, 60003);
  g_autofree char *bills = show_bills (run);
  assert_non_null (strstr (bills, "\n20001 19999/developer "));
  guint32 next = 1;
  for (guint i = 0; i < run->pages->len; i++) {
    const FeePage *page = g_ptr_array_index (run->pages, i);
    assert_is (page->first_bill, next);
    next += page->n_bills;
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_example_of_the_rules_holds),
    cmocka_unit_test (the_owner_bears_an_owners_centre_whoever_lives_there),
    cmocka_unit_test (a_hand_over_counts_both_days_in_full),
    cmocka_unit_test (days_without_an_owner_fall_to_the_developer),
    cmocka_unit_test (without_a_developer_units_and_days_are_listed),
    cmocka_unit_test (an_owner_who_is_occupant_too_has_one_line),
    cmocka_unit_test (days_of_a_party_are_added_up),
    cmocka_unit_test (an_odd_fen_goes_to_the_party_that_bears_first),
    cmocka_unit_test (only_the_days_on_which_the_unit_counts_are_borne),
    cmocka_unit_test (each_pool_is_borne_by_its_own_days),
    cmocka_unit_test (a_part_of_0_00_has_its_line_and_weight_0_has_none),
    cmocka_unit_test (bills_are_by_unit_then_party_by_their_bytes),
    cmocka_unit_test (lines_are_by_origin_then_centre_and_a_late_cost_is_borne_by_those_of_then),
    cmocka_unit_test (a_party_without_a_number_is_unit_role_and_first_day),
    cmocka_unit_test (a_month_with_nothing_to_recognise_has_no_bills),
    cmocka_unit_test (a_large_month_fills_several_pages),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
