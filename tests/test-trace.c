/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/engine/fee-run-period.h"
#include "../libfee/report/fee-show.h"
#include "../libfee/report/fee-trace.h"

#define POLICY(support)                                                                                                   \
  "[book]\nstart=2026-01\nunsold=developer\nsupport=" support "\n[billing]\ndue_days=20\n[category "                      \
  "personnel]\ndriver=staff\n"                                                                                            \
  "[category greening]\ncentre=P2\n[category other]\ncentre=P1\n[driver staff]\n[driver hours]\n[driver floor]\n[centre " \
  "S1]\nkind=support\ndriver=hours\n"                                                                                     \
  "[centre S2]\nkind=support\ndriver=floor\n[centre P1]\ndriver=one\n[centre P2]\ndriver=area\n"
#define COSTS "doc,line,date,category,centre,amount\n"
#define QUANTITIES "driver,target,quantity\n"
#define SERVICES "hours,S2,20\nhours,P1,50\nhours,P2,30\nfloor,S1,10\nfloor,P1,60\nfloor,P2,30\n"
#define EXAMPLE                                                                                                            \
  COSTS "D1,,2026-01-31,other,S1,400.00\nD2,,2026-01-31,other,S2,300.00\nD3,,2026-01-31,other,P1,1000.00\nD4,,2026-01-31," \
        "other,P2,2000.00\n"

typedef struct {
  FeeRecords *records;
  FeeHistory *history;
  FeeRun *run;
} Desk;

static void
desk_clear (Desk *desk)
{
  fee_run_free (desk->run);
  fee_history_free (desk->history);
  fee_records_free (desk->records);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static Desk
desk_of (const char *policy, const char *costs, const char *quantities, const char *period)
{
  Desk desk = { test_records (policy), fee_history_new (), NULL };
  g_autoptr (GError) error = NULL;
  FeeRunArguments arguments = { month (period), FEE_DATE_NONE };
  test_add (desk.records, FEE_KIND_UNITS, 2, "unit,area\n101,50\n102,70.5\n103,90\n");
  test_add (desk.records, FEE_KIND_QUANTITIES, 3, quantities);
  test_add (desk.records, FEE_KIND_COSTS, 4, costs);
  test_index (desk.records);
  assert_ok (fee_run_period (desk.records, desk.history, &arguments, &desk.run, &error), error);
  return desk;
}

static const FeeStageRow *
activity_row (const Desk *desk, guint activity)
{
  guint begin, end;
  fee_run_stage (desk->run, FEE_STAGE_ACTIVITY, &begin, &end);
  assert_true (activity < end - begin);
  return fee_run_row (desk->run, begin + activity);
}

/* Of a line of that amount beside one that has the rest of the pool. Owned by the caller; free with g_array_unref(). */
static GArray *
parts_of (const Desk *desk, guint activity, FeeMoney amount)
{
  g_autoptr (FeeTrace) trace = NULL;
  g_autoptr (GError) error = NULL;
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart));
  assert_ok (fee_trace_new (desk->run, &trace, &error), error);
  fee_trace_count (trace, activity, amount);
  fee_trace_count (trace, activity, activity_row (desk, activity)->amount - amount);
  fee_trace_line (trace, activity, amount, parts);
  return parts;
}

/* "D1 250.00 D2#1 -3.00": in the order of the accruals, those of 0.00 too. */
static char *
trace (const Desk *desk, guint activity, FeeMoney amount)
{
  g_autoptr (GArray) parts = parts_of (desk, activity, amount);
  GString *out = g_string_new (NULL);
  char buffer[FEE_NUMBER_SIZE];
  for (guint i = 0; i < parts->len; i++) {
    const FeeTracePart *part = &g_array_index (parts, FeeTracePart, i);
    if (i > 0)
      g_string_append_c (out, ' ');
    fee_show_source (out, desk->run->strings, fee_run_row (desk->run, part->accrual));
    g_string_append_printf (out, " %s", fee_money_format (part->amount, 2, buffer));
  }
  return g_string_free (out, FALSE);
}

/* Of the whole pool, or of a part of it. */
static void
assert_trace (const Desk *desk, guint activity, const char *amount, const char *wanted)
{
  g_autofree char *got = trace (desk, activity, amount != NULL ? fen (amount) : activity_row (desk, activity)->amount);
  assert_text (got, wanted);
}

static void
a_direct_cost_is_traced_to_its_document (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("direct"), COSTS "D1,7,2026-01-31,other,P1,400.00\nD2,,2026-01-31,greening,,5.00\n",
                                QUANTITIES "staff,P1,1\n", "2026-01");
  assert_trace (&desk, 0, NULL, "D1#7 400.00");
  assert_trace (&desk, 0, "33.33", "D1#7 33.33");
  assert_trace (&desk, 1, "0.00", "");
}

static void
documents_of_one_pool_bear_in_proportion (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("direct"),
                                COSTS "D1,,2026-01-31,other,,300.00\nD2,,2026-01-31,other,,100.00\nD3,1,2026-01-31,other,P1,"
                                      "200.00\nD4,,2026-01-31,greening,,9.00\n",
                                QUANTITIES "staff,P1,1\n", "2026-01");
  assert_trace (&desk, 0, "60.00", "D1 30.00 D2 10.00 D3#1 20.00");
  assert_trace (&desk, 0, "0.01", "D1 0.01 D2 0.00 D3#1 0.00");
  assert_trace (&desk, 0, "0.10", "D1 0.05 D2 0.02 D3#1 0.03");
}

static void
a_category_is_traced_through_its_driver (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("direct"),
                                COSTS "D1,,2026-01-31,personnel,,90.00\nD2,,2026-01-31,personnel,,10.00\nD3,,2026-01-31,"
                                      "other,,50.00\n",
                                QUANTITIES "staff,P1,3\nstaff,P2,1\n", "2026-01");
  assert_trace (&desk, 0, NULL, "D1 67.50 D2 7.50 D3 50.00");
  assert_trace (&desk, 1, NULL, "D1 22.50 D2 2.50");
}

static void
direct_support_is_traced_back (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("direct"), EXAMPLE, QUANTITIES SERVICES, "2026-01");
  assert_trace (&desk, 0, NULL, "D1 250.00 D2 200.00 D3 1000.00");
  assert_trace (&desk, 1, NULL, "D1 150.00 D2 100.00 D4 2000.00");
}

/* Of the 380.00 of S2 80.00 came from S1: 253.33 x 80/380 = 53.33 for D1. */
static void
step_support_is_traced_back_through_both_centres (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("step"), EXAMPLE, QUANTITIES SERVICES, "2026-01");
  assert_trace (&desk, 0, NULL, "D1 253.33 D2 200.00 D3 1000.00");
  assert_trace (&desk, 1, NULL, "D1 146.67 D2 100.00 D4 2000.00");
}

/* Each support centre gives in proportion to its own: 452.04 x 400/700. */
static void
reciprocal_support_is_traced_in_proportion_to_what_the_centres_had (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("reciprocal"), EXAMPLE, QUANTITIES SERVICES, "2026-01");
  assert_trace (&desk, 0, NULL, "D1 258.31 D2 193.73 D3 1000.00");
  assert_trace (&desk, 1, NULL, "D1 141.69 D2 106.27 D4 2000.00");
}

static void
a_negative_document_is_traced_with_its_sign (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("direct"), COSTS "D1,,2026-01-31,other,,300.00\nD2,,2026-01-31,other,,-100.00\n",
                                QUANTITIES "staff,P1,1\n", "2026-01");
  assert_trace (&desk, 0, NULL, "D1 300.00 D2 -100.00");
  assert_trace (&desk, 0, "50.00", "D1 75.00 D2 -25.00");
  assert_trace (&desk, 0, "0.01", "D1 0.02 D2 -0.01");
  assert_trace (&desk, 0, "-2.00", "D1 -3.00 D2 1.00");
}

/* rules.md section 2: parts of a negative amount are those of its absolute value, negated. */
static void
parts_of_a_negative_amount_are_those_of_its_absolute_value_negated (void **state)
{
  (void) state;
  g_auto (Desk) up =
    desk_of (POLICY ("direct"), COSTS "D1,,2026-01-31,other,,5.00\nD2,,2026-01-31,other,,5.00\nD3,,2026-01-31,other,,5.00\n",
             QUANTITIES "staff,P1,1\n", "2026-01");
  assert_trace (&up, 0, "1.00", "D1 0.34 D2 0.33 D3 0.33");
  g_auto (Desk) down = desk_of (POLICY ("direct"),
                                COSTS "D1,,2026-01-31,other,,-5.00\nD2,,2026-01-31,other,,-5.00\nD3,,2026-01-31,other,,-5."
                                      "00\n",
                                QUANTITIES "staff,P1,1\n", "2026-01");
  assert_trace (&down, 0, "-1.00", "D1 -0.34 D2 -0.33 D3 -0.33");
}

static void
each_origin_is_traced_to_its_own_documents (void **state)
{
  (void) state;
  g_auto (Desk) desk =
    desk_of (POLICY ("direct"), COSTS "D1,,2026-01-31,other,,5.00\nD2,,2026-02-28,other,,7.00\nD3,,2026-01-31,other,,1.00\n",
             QUANTITIES "staff,P1,1\n", "2026-02");
  assert_trace (&desk, 0, NULL, "D1 5.00 D3 1.00");
  assert_trace (&desk, 1, NULL, "D2 7.00");
}

/* 100.00 reach P1 and -100.00 P2: together the support centres had nothing, and yet each line has its document. */
static void
parts_add_up_where_the_support_pools_cancel_out (void **state)
{
  (void) state;
  g_auto (Desk) desk =
    desk_of (POLICY ("reciprocal"), COSTS "D1,,2026-01-31,other,S1,100.00\nD2,,2026-01-31,other,S2,-100.00\n",
             QUANTITIES "hours,P1,1\nfloor,P2,1\n", "2026-01");
  g_autoptr (GArray) parts = parts_of (&desk, 0, 10000);
  FeeMoney sum = 0;
  for (guint i = 0; i < parts->len; i++)
    sum += g_array_index (parts, FeeTracePart, i).amount;
  assert_is (sum, 10000);
}

/* P2 has 50.00 and -50.00 of its own, and nothing else comes to it: none of P1's lines leads there. */
static void
documents_of_a_primary_centre_that_came_to_nothing_are_in_no_trace (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("reciprocal"),
                                COSTS "D1,,2026-01-31,other,S1,100.00\nD2,,2026-01-31,other,P2,50.00\nD3,,2026-01-31,other,"
                                      "P2,-50.00\n",
                                QUANTITIES "hours,P1,1\n", "2026-01");
  assert_trace (&desk, 0, NULL, "D1 100.00");
}

/* Nobody pays for them, and nobody is paid: 30.00 of D1 met as much of the other sign in each pool. */
static void
what_came_to_nothing_in_a_pool_is_borne_by_nobody (void **state)
{
  (void) state;
  g_auto (Desk) desk =
    desk_of (POLICY ("direct"),
             COSTS "D1,,2026-01-31,other,,30.00\nD2,,2026-01-31,other,,-30.00\nD3,,2026-01-31,other,S1,0.01\n"
                   "D4,,2026-01-31,other,S2,-0.01\nD5,,2026-01-31,greening,,7.00\n",
             QUANTITIES SERVICES, "2026-01");
  g_autoptr (FeeTrace) trace = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_trace_new (desk.run, &trace, &error), error);
  static const FeeMoney offsets[] = { 3000, -3000, 1, -1, 0 };
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    assert_is (fee_trace_offset (trace, i), offsets[i]);
}

/* ---- Any costs, by every method */

/* Every line of the run in its order. */
static void
each_line (const Desk *desk, void (*func) (guint activity, FeeMoney amount, gpointer data), gpointer data)
{
  for (guint p = 0; p < desk->run->pages->len; p++) {
    const FeePage *page = g_ptr_array_index (desk->run->pages, p);
    FeePageReader reader;
    fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len, page->lines->data,
                          page->lines->len);
    while (fee_page_reader_next (&reader))
      for (guint i = 0; i < reader.line->len; i++)
        func (g_array_index (reader.line, FeeLine, i).activity, g_array_index (reader.line, FeeLine, i).amount, data);
    fee_page_reader_clear (&reader);
  }
}

typedef struct {
  const Desk *desk;
  FeeTrace *trace;
  GArray *parts;
  guint n_accruals;
  FeeMoney *whole;  /* by activity and accrual: the parts of lines so far */
  FeeMoney *wanted; /* the same after a first pass; NULL in it */
} Sums;

static void
count_line (guint activity, FeeMoney amount, gpointer data)
{
  fee_trace_count (((Sums *) data)->trace, activity, amount);
}

/* The parts of a line add up to it, go to documents of its origin, and are less than two fen from their proportion. */
static void
sum_line (guint activity, FeeMoney amount, gpointer data)
{
  Sums *sums = data;
  const FeeStageRow *row = activity_row (sums->desk, activity);
  FeeMoney sum = 0;
  fee_trace_line (sums->trace, activity, amount, sums->parts);
  for (guint i = 0; i < sums->parts->len; i++) {
    const FeeTracePart *part = &g_array_index (sums->parts, FeeTracePart, i);
    assert_is (fee_run_row (sums->desk->run, part->accrual)->stage, FEE_STAGE_ACCRUE);
    assert_is (fee_run_row (sums->desk->run, part->accrual)->origin, row->origin);
    assert_true (i == 0 || part->accrual > g_array_index (sums->parts, FeeTracePart, i - 1).accrual);
    gsize cell = (gsize) activity * sums->n_accruals + part->accrual;
    sums->whole[cell] += part->amount;
    sum += part->amount;
    if (sums->wanted == NULL)
      continue;
    __int128 off = (__int128) part->amount * row->amount - (__int128) amount * sums->wanted[cell];
    assert_true ((off < 0 ? -off : off) <= (__int128) ABS (row->amount));
  }
  assert_is (sum, amount);
}

static void
sum_lines (const Desk *desk, FeeMoney *whole, FeeMoney *wanted)
{
  g_autoptr (FeeTrace) trace = NULL;
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart));
  g_autoptr (GError) error = NULL;
  guint begin, n_accruals, first, end;
  fee_run_stage (desk->run, FEE_STAGE_ACCRUE, &begin, &n_accruals);
  fee_run_stage (desk->run, FEE_STAGE_ACTIVITY, &first, &end);
  assert_ok (fee_trace_new (desk->run, &trace, &error), error);
  Sums sums = { desk, trace, parts, n_accruals, whole, wanted };
  each_line (desk, count_line, &sums);
  each_line (desk, sum_line, &sums);
  for (guint a = 0; a < n_accruals; a++) {
    FeeMoney sum = fee_trace_offset (trace, a);
    for (guint c = 0; c < end - first; c++) {
      sum += whole[(gsize) c * n_accruals + a];
      assert_true (fee_trace_reaches (trace, c, a) || whole[(gsize) c * n_accruals + a] == 0);
    }
    assert_is (sum, fee_run_row (desk->run, a)->amount);
  }
}

static void
assert_lines_add_up (const Desk *desk)
{
  gsize n = (gsize) desk->run->rows->len * desk->run->rows->len;
  g_autofree FeeMoney *whole = g_new0 (FeeMoney, n + 1);
  g_autofree FeeMoney *again = g_new0 (FeeMoney, n + 1);
  sum_lines (desk, whole, NULL);
  sum_lines (desk, again, whole);
}

static void
parts_add_up_by_line_and_by_document_for_random_costs_by_every_method (void **state)
{
  (void) state;
  static const char *const policies[] = { POLICY ("direct"), POLICY ("step"), POLICY ("reciprocal") };
  static const char *const targets[] = {
    "personnel,", "greening,", "other,", "other,S1", "other,S2", "other,P1", "other,P2"
  };
  for (guint seed = 0; seed < 60; seed++) {
    g_autoptr (GRand) rand = test_rand (seed);
    g_autoptr (GString) costs = g_string_new (COSTS);
    for (gint i = g_rand_int_range (rand, 1, 30); i >= 0; i--)
      g_string_append_printf (costs, "D%d,,2026-0%d-10,%s,%s%d.%02d\n", i, g_rand_int_range (rand, 1, 3),
                              targets[g_rand_int_range (rand, 0, 7)], g_rand_int_range (rand, 0, 4) == 0 ? "-" : "",
                              g_rand_int_range (rand, 0, 5000), g_rand_int_range (rand, 1, 100));
    g_auto (Desk) desk = desk_of (policies[seed % 3], costs->str,
                                  QUANTITIES SERVICES "staff,S1,5\nstaff,S2,3\nstaff,P1,11\nstaff,P2,2\n", "2026-02");
    assert_lines_add_up (&desk);
  }
}

/* Lines are not asked then: their parts could be anything. */
static void
a_run_whose_pools_are_not_what_came_to_them_is_not_traced (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_of (POLICY ("direct"), EXAMPLE, QUANTITIES SERVICES, "2026-01");
  const FeeMoney amounts[] = { 0, 1, G_MAXINT64, G_MININT64 };
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++) {
    g_autoptr (FeeTrace) trace = NULL;
    g_autoptr (GError) error = NULL;
    ((FeeStageRow *) activity_row (&desk, 0))->amount = amounts[i];
    assert_fails (fee_trace_new (desk.run, &trace, &error), error, FEE_ERROR_INTERNAL, "2026-01: the stages of the run do not add up");
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_direct_cost_is_traced_to_its_document),
    cmocka_unit_test (documents_of_one_pool_bear_in_proportion),
    cmocka_unit_test (a_category_is_traced_through_its_driver),
    cmocka_unit_test (direct_support_is_traced_back),
    cmocka_unit_test (step_support_is_traced_back_through_both_centres),
    cmocka_unit_test (reciprocal_support_is_traced_in_proportion_to_what_the_centres_had),
    cmocka_unit_test (a_negative_document_is_traced_with_its_sign),
    cmocka_unit_test (parts_of_a_negative_amount_are_those_of_its_absolute_value_negated),
    cmocka_unit_test (each_origin_is_traced_to_its_own_documents),
    cmocka_unit_test (parts_add_up_where_the_support_pools_cancel_out),
    cmocka_unit_test (documents_of_a_primary_centre_that_came_to_nothing_are_in_no_trace),
    cmocka_unit_test (what_came_to_nothing_in_a_pool_is_borne_by_nobody),
    cmocka_unit_test (parts_add_up_by_line_and_by_document_for_random_costs_by_every_method),
    cmocka_unit_test (a_run_whose_pools_are_not_what_came_to_them_is_not_traced),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
