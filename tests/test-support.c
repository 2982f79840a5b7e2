/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/engine/fee-stages.h"

/* ---- fee_reciprocal() */

typedef struct {
  guint n_support, n_primary;
  const gint64 *weights;
  const FeeMoney *own;
  const guint *order;
} System;

/* What reaches the primary centres; an unsolved system is shown by who is stuck. "-" behind a part: nothing reaches that
 * centre. */
static char *
solve (const System *s)
{
  FeeMoney out[16];
  gboolean has_share[16], stuck[16] = { 0 };
  GString *text = g_string_new (NULL);
  char buffer[FEE_NUMBER_SIZE];
  if (!fee_reciprocal (s->n_support, s->n_primary, s->weights, s->own, s->order, out, has_share, stuck)) {
    g_string_append (text, "stuck:");
    for (guint i = 0; i < s->n_support; i++)
      if (stuck[i])
        g_string_append_printf (text, " %u", i);
    return g_string_free (text, FALSE);
  }
  for (guint p = 0; p < s->n_primary; p++)
    g_string_append_printf (text, "%s%s%s", p > 0 ? " " : "", fee_money_format (out[p], 2, buffer), has_share[p] ? "" : "-");
  return g_string_free (text, FALSE);
}

static const guint by_place[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

static void
assert_solved (guint n_support, guint n_primary, const gint64 *weights, const FeeMoney *own, const char *wanted)
{
  System s = { n_support, n_primary, weights, own, by_place };
  g_autofree char *got = solve (&s);
  assert_text (got, wanted);
}

static void
the_example_of_the_rules_is_solved_exactly (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 20, 50, 30, 10, 0, 60, 30 };
  static const FeeMoney own[] = { 40000, 30000 };
  assert_solved (2, 2, weights, own, "452.04 247.96"); /* with 1,000.00 and 2,000.00 of their own: 1,452.04 and 2,247.96 */
}

static void
the_textbook_answers_hold (void **state)
{
  (void) state;
  static const gint64 factory[] = { 0, 2000, 9000, 9000, 2500, 0, 5000, 8500 };
  static const FeeMoney factory_own[] = { 10000000, 27000000 };
  assert_solved (2, 2, factory, factory_own, "153888.89 216111.11"); /* 56,400 and 75,000 of their own */
  static const gint64 services[] = { 0, 20, 30, 50, 10, 0, 80, 10 };
  static const FeeMoney services_own[] = { 630000000, 145215000 };
  assert_solved (2, 2, services, services_own, "4187025.00 3565125.00"); /* 4,000,000 and 2,000,000 */
}

static void
what_a_centre_serves_itself_is_ignored (void **state)
{
  (void) state;
  static const gint64 weights[] = { 1000, 20, 50, 30, 10, 7, 60, 30 };
  static const FeeMoney own[] = { 40000, 30000 };
  assert_solved (2, 2, weights, own, "452.04 247.96");
}

static void
a_negative_total_gives_the_same_parts_negated (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 20, 50, 30, 10, 0, 60, 30 };
  static const FeeMoney own[] = { -40000, -30000 };
  assert_solved (2, 2, weights, own, "-452.04 -247.96");
  static const gint64 thirds[] = { 0, 1, 1, 1 };
  static const FeeMoney one[] = { 100 }, minus_one[] = { -100 };
  assert_solved (1, 3, thirds, one, "0.34 0.33 0.33");
  assert_solved (1, 3, thirds, minus_one, "-0.34 -0.33 -0.33");
}

/* 10.00 and -9.99: 3.33 2/3 and -3.32 2/3. */
static void
parts_of_both_signs_add_up_to_the_total (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 0, 2, 1, 0, 0, 1, 2 };
  static const FeeMoney own[] = { 1000, -999 };
  static const gint64 apart[] = { 0, 0, 1, 0, 0, 0, 0, 1 };
  static const FeeMoney opposite[] = { 1000, -1000 };
  assert_solved (2, 2, weights, own, "3.34 -3.33");
  assert_solved (2, 2, apart, opposite, "10.00 -10.00");
}

static void
ties_go_to_the_smaller_id_whatever_the_order_of_the_policy (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 1, 1, 1 };
  static const FeeMoney own[] = { 200 }, minus[] = { -100 };
  static const guint order[] = { 2, 0, 1 };
  System s = { 1, 3, weights, own, order };
  g_autofree char *got = solve (&s);
  assert_text (got, "0.66 0.67 0.67");
  s.own = minus;
  g_autofree char *negative = solve (&s);
  assert_text (negative, "-0.33 -0.34 -0.33");
}

static void
a_centre_that_nothing_reaches_has_no_share (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 0, 1, 0, 0, 0, 0, 1 };
  static const FeeMoney own[] = { 500, 0 }, none[] = { 0, 0 };
  assert_solved (2, 2, weights, own, "5.00 0.00-");
  assert_solved (2, 2, weights, none, "0.00- 0.00-");
  static const gint64 tiny[] = { 0, 1000000, 1 };
  static const FeeMoney fen_only[] = { 1 };
  assert_solved (1, 2, tiny, fen_only, "0.01 0.00"); /* a share that rounds to nothing is one */
}

static void
centres_that_serve_only_each_other_are_stuck_when_money_reaches_them (void **state)
{
  (void) state;
  /* 0 and 1 serve each other; 2 serves 0 and the primary centre */
  static const gint64 weights[] = { 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1 };
  static const FeeMoney at_0[] = { 100, 0, 0 }, at_2[] = { 0, 0, 100 }, none[] = { 0, 0, 0 };
  assert_solved (3, 1, weights, at_0, "stuck: 0 1");
  assert_solved (3, 1, weights, at_2, "stuck: 0 1");
  assert_solved (3, 1, weights, none, "0.00-");
  /* 0 serves nobody */
  static const gint64 nobody[] = { 0, 0, 0, 0, 0, 1 };
  static const FeeMoney first[] = { 1, 0 }, second[] = { 0, 100 };
  assert_solved (2, 1, nobody, first, "stuck: 0");
  assert_solved (2, 1, nobody, second, "1.00");
}

static void
pools_that_cancel_out_in_a_ring_are_stuck_all_the_same (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 1, 0, 1, 0, 0 };
  static const FeeMoney own[] = { 100, -100 };
  assert_solved (2, 1, weights, own, "stuck: 0 1");
}

static void
a_part_that_leaves_64_bits_is_an_error_that_no_centre_is_blamed_for (void **state)
{
  (void) state;
  static const gint64 one[] = { 0, 0, 1, 0, 0, 1 };
  static const FeeMoney over[] = { G_MAXINT64, 1 }, under[] = { G_MININT64, -2 }, most[] = { G_MAXINT64 - 1, 0 };
  assert_solved (2, 1, one, over, "stuck:");
  assert_solved (2, 1, one, under, "stuck:");
  assert_solved (2, 1, one, most, "92233720368547758.06");
}

/* 2^63 fen reach the first primary centre, while the total is negative. */
static void
a_part_of_2_to_the_63_beside_a_negative_total_is_an_error_too (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1 };
  static const FeeMoney own[] = { G_MAXINT64, 1, -G_MAXINT64 + 1, -3 };
  assert_solved (4, 3, weights, own, "stuck:");
}

/* ---- Against exact fractions */

static guint
parse_numbers (const char *text, gint64 *out)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ;", -1);
  guint n = 0;
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      out[n++] = test_int (*word);
  return n;
}

static void
check_system (char **cells, const char *place)
{
  gint64 weights[256], own[16], ranks[16];
  guint order[16];
  guint n_weights = parse_numbers (cells[0], weights), n_support = parse_numbers (cells[1], own),
        n_primary = parse_numbers (cells[2], ranks);
  assert_is (n_weights, n_support * (n_support + n_primary));
  for (guint p = 0; p < n_primary; p++)
    order[p] = (guint) ranks[p];
  FeeMoney out[16];
  gboolean has_share[16], stuck[16];
  if (!fee_reciprocal (n_support, n_primary, weights, own, order, out, has_share, stuck))
    fail_msg ("%s: not solved", place);
  g_autoptr (GString) got = g_string_new (NULL);
  for (guint p = 0; p < n_primary; p++)
    g_string_append_printf (got, "%s%" G_GINT64_FORMAT "%s", p > 0 ? " " : "", out[p], has_share[p] ? "" : "-");
  if (strcmp (got->str, cells[3]) != 0)
    fail_msg ("%s: %s, not %s", place, got->str, cells[3]);
}

static void
random_systems_are_solved_as_exact_fractions_say (void **state)
{
  (void) state;
  assert_true (test_each_line ("reciprocal.txt", 4, check_system) >= 60);
}

static void
a_hundred_support_centres_are_solved_exactly (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (11);
  enum { N = 100, P = 5 };
  g_autofree gint64 *weights = g_new (gint64, N * (N + P));
  FeeMoney own[N], out[P], sum = 0;
  gboolean has_share[P], stuck[N];
  for (guint i = 0; i < N * (N + P); i++)
    weights[i] = g_rand_int_range (rand, 0, 1000);
  for (guint i = 0; i < N; i++) {
    own[i] = g_rand_int_range (rand, 1, 1000000);
    sum += own[i];
  }
  assert_true (fee_reciprocal (N, P, weights, own, by_place, out, has_share, stuck));
  for (guint p = 0; p < P; p++)
    sum -= out[p];
  assert_is (sum, 0);
}

/* ---- fee_allocate() with a policy and quantities */

#define POLICY(support) \
  "[book]\nstart=2026-01\nunsold=developer\nsupport=" support "\n[billing]\ndue_days=20\n[category " \
                                                              "personnel]\ndriver=staff\n" \
  "[category greening]\ncentre=P2\n[driver staff]\n[driver hours]\n[driver floor]\n[centre " \
  "S1]\nkind=support\ndriver=hours\n" \
  "[centre P2]\ndriver=one\n[centre S2]\nkind=support\ndriver=floor\n[centre P1]\ndriver=one\n"
#define COSTS "doc,date,category,centre,amount\n"
#define QUANTITIES "driver,target,quantity\n"
#define SERVICES "hours,S2,20\nhours,P1,50\nhours,P2,30\nfloor,S1,10\nfloor,P1,60\nfloor,P2,30\n"

static void
append_row (GString *out, const FeeRecords *records, const FeeStageRow *row)
{
  char amount[FEE_NUMBER_SIZE], weight[FEE_NUMBER_SIZE], total[FEE_NUMBER_SIZE];
  g_string_append_printf (out, "%s %s>%s", fee_stage_text (row->stage), fee_strings_get (records->ids, row->source),
                          fee_strings_get (records->ids, row->target));
  if (row->driver != FEE_TEXT_EMPTY)
    g_string_append_printf (out, " %s %s/%s", fee_strings_get (records->ids, row->driver),
                            fee_quantity_format (row->weight, weight), fee_quantity_format (row->total_weight, total));
  else
    assert_true (row->weight == FEE_QUANTITY_NONE && row->total_weight == FEE_QUANTITY_NONE);
  g_string_append_printf (out, " %s\n", fee_money_format (row->amount, 2, amount));
}

/* The rows of January, then the pools of the primary centres; or the error. */
static char *
allocate (const char *policy, const char *costs, const char *quantities)
{
  g_autoptr (FeeRecords) records = test_records (policy);
  g_autoptr (FeeHistory) history = fee_history_new ();
  g_autoptr (FeeAccruals) accruals = NULL;
  g_autoptr (FeePools) pools = NULL;
  g_autoptr (FeeAllocation) allocation = NULL;
  g_autoptr (GError) error = NULL;
  char amount[FEE_NUMBER_SIZE];
  test_add (records, FEE_KIND_COSTS, 2, costs);
  test_add (records, FEE_KIND_QUANTITIES, 3, quantities);
  test_index (records);
  assert_ok (fee_accrue (records, history, month ("2026-01"), &accruals, &error), error);
  assert_ok (fee_collect (records, accruals, &pools, &error), error);
  if (!fee_allocate (records, pools, &allocation, &error))
    return g_strdup_printf ("%s: %s",
                            error->code == FEE_ERROR_POLICY    ? "policy"
                            : error->code == FEE_ERROR_RECORDS ? "records"
                                                               : "internal",
                            error->message);
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < allocation->rows->len; i++)
    append_row (out, records, &g_array_index (allocation->rows, FeeStageRow, i));
  for (guint i = 0; i < allocation->centres->len; i++) {
    const FeeCentrePool *pool = &g_array_index (allocation->centres, FeeCentrePool, i);
    g_string_append_printf (out, "%s %s\n", fee_policy_centre (pool->policy, pool->centre)->id,
                            fee_money_format (pool->pool, 2, amount));
  }
  return g_string_free (out, FALSE);
}

static void
assert_allocated (const char *policy, const char *costs, const char *quantities, const char *wanted)
{
  g_autofree char *got = allocate (policy, costs, quantities);
  assert_text (got, wanted);
}

#define EXAMPLE \
  COSTS "D1,2026-01-31,other,S1,400.00\nD2,2026-01-31,other,S2,300.00\nD3,2026-01-31,other,P1,1000.00\nD4,2026-01-31," \
        "other,P2,2000.00\n"

/* Weights of a level are quantity-days: 31 of them in January. */
static void
direct_support_goes_to_primary_centres_only (void **state)
{
  (void) state;
  assert_allocated (POLICY ("direct"), EXAMPLE, QUANTITIES SERVICES,
                    "support S1>P2 hours 930/2480 150.00\nsupport S1>P1 hours 1550/2480 250.00\n"
                    "support S2>P2 floor 930/2790 100.00\nsupport S2>P1 floor 1860/2790 200.00\nP2 2250.00\nP1 1450.00\n");
}

static void
step_support_goes_to_the_support_centres_after_it_too (void **state)
{
  (void) state;
  assert_allocated (POLICY ("step"), EXAMPLE, QUANTITIES SERVICES,
                    "support S1>P2 hours 930/3100 120.00\nsupport S1>S2 hours 620/3100 80.00\nsupport S1>P1 hours 1550/3100 "
                    "200.00\n"
                    "support S2>P2 floor 930/2790 126.67\nsupport S2>P1 floor 1860/2790 253.33\nP2 2246.67\nP1 1453.33\n");
}

static void
reciprocal_support_has_a_row_for_each_primary_centre (void **state)
{
  (void) state;
  assert_allocated (POLICY ("reciprocal"), EXAMPLE, QUANTITIES SERVICES,
                    "support *>P2 247.96\nsupport *>P1 452.04\nP2 2247.96\nP1 1452.04\n");
}

/* The textbook's PM and IS, in that order. */
static void
the_textbook_answers_hold_by_every_method (void **state)
{
  (void) state;
  static const char *const methods[] = { "direct", "step", "reciprocal" };
  static const char *const pools[] = { "Mach 7653300.00\nAss 6098850.00\n", "Mach 8300800.00\nAss 5451350.00\n",
                                       "Mach 8187025.00\nAss 5565125.00\n" };
  for (guint i = 0; i < 3; i++) {
    g_autofree char *policy = g_strdup_printf ("[book]\nstart=2026-01\nsupport=%s\n[billing]\ndue_days=20\n[driver "
                                               "pm]\n[driver is]\n"
                                               "[centre PM]\nkind=support\ndriver=pm\n[centre IS]\nkind=support\ndriver=is\n"
                                               "[centre Mach]\ndriver=one\n[centre Ass]\ndriver=one\n",
                                               methods[i]);
    g_autofree char *got = allocate (policy,
                                     COSTS "D1,2026-01-31,other,PM,6300000.00\nD2,2026-01-31,other,IS,1452150.00\n"
                                           "D3,2026-01-31,other,Mach,4000000.00\nD4,2026-01-31,other,Ass,2000000.00\n",
                                     QUANTITIES "pm,IS,20\npm,Mach,30\npm,Ass,50\nis,PM,10\nis,Mach,80\nis,Ass,10\n");
    if (!g_str_has_suffix (got, pools[i]))
      fail_msg ("%s: %s", methods[i], got);
  }
}

static void
categories_go_by_their_driver_or_to_their_centre (void **state)
{
  (void) state;
  assert_allocated (POLICY ("direct"), COSTS "D1,2026-01-31,personnel,,100.00\nD2,2026-01-31,greening,,7.00\n",
                    QUANTITIES "staff,P1,1\nstaff,P2,1\nstaff,S1,1\nhours,P1,1\n",
                    "resource personnel>S1 staff 31/93 33.33\nresource personnel>P2 staff 31/93 33.33\nresource "
                    "personnel>P1 staff 31/93 33.34\n"
                    "resource greening>P2 7.00\nsupport S1>P1 hours 31/31 33.33\nP2 40.33\nP1 66.67\n");
}

/* P1 is before P2 and S1 by bytes, though the policy lists it last; a negative pool's odd fen goes to it too. */
static void
ties_among_centres_go_to_the_smaller_id_for_both_signs (void **state)
{
  (void) state;
  assert_allocated (POLICY ("direct"), COSTS "D1,2026-01-31,personnel,,-0.04\n",
                    QUANTITIES "staff,P1,1\nstaff,P2,1\nstaff,S1,1\nhours,P2,1\n",
                    "resource personnel>S1 staff 31/93 -0.01\nresource personnel>P2 staff 31/93 -0.01\nresource "
                    "personnel>P1 staff 31/93 -0.02\n"
                    "support S1>P2 hours 31/31 -0.01\nP2 -0.02\nP1 -0.02\n");
}

static void
a_quantity_of_a_centre_for_itself_is_ignored (void **state)
{
  (void) state;
  static const char *const methods[] = { POLICY ("direct"), POLICY ("step"), POLICY ("reciprocal") };
  for (guint i = 0; i < 3; i++) {
    g_autofree char *with = allocate (methods[i], EXAMPLE, QUANTITIES SERVICES "hours,S1,5000\nfloor,S2,9\n");
    g_autofree char *without = allocate (methods[i], EXAMPLE, QUANTITIES SERVICES);
    assert_text (with, without);
  }
}

static void
a_support_centre_without_money_needs_no_quantities (void **state)
{
  (void) state;
  static const char *const methods[] = { POLICY ("direct"), POLICY ("step"), POLICY ("reciprocal") };
  for (guint i = 0; i < 3; i++)
    assert_allocated (methods[i], COSTS "D1,2026-01-31,other,P1,5.00\n", QUANTITIES "staff,P1,1\n", "P1 5.00\n");
}

/* rules.md section 8: no stage row for a pool of 0.00 */
static void
a_pool_that_comes_to_nothing_has_no_row (void **state)
{
  (void) state;
  assert_allocated (POLICY ("step"),
                    COSTS "D1,2026-01-31,other,S1,5.00\nD2,2026-01-31,other,S1,-5.00\nD3,2026-01-31,greening,,2.00\n"
                          "D4,2026-01-31,greening,,-2.00\nD5,2026-01-31,other,P1,1.00\n",
                    QUANTITIES "staff,P1,1\n", "P1 1.00\n");
}

static void
a_weighed_centre_has_its_row_even_where_it_rounds_to_nothing (void **state)
{
  (void) state;
  assert_allocated (POLICY ("direct"), COSTS "D1,2026-01-31,personnel,,0.01\n", QUANTITIES "staff,P1,5\nstaff,P2,1\n",
                    "resource personnel>P2 staff 31/186 0.00\nresource personnel>P1 staff 155/186 0.01\nP1 0.01\n");
}

static void
a_driver_whose_quantities_add_up_to_0_is_named_with_pool_and_month (void **state)
{
  (void) state;
  assert_allocated (POLICY ("direct"), COSTS "D1,2026-01-31,personnel,,1.00\n", QUANTITIES "hours,P1,5\n",
                    "records: 2026-01: pool personnel cannot be shared: the quantities of driver staff add up to 0");
  assert_allocated (POLICY ("direct"), EXAMPLE, QUANTITIES "hours,S2,20\nfloor,P1,60\n",
                    "records: 2026-01: pool S1 cannot be shared: the quantities of driver hours add up to 0");
  assert_allocated (POLICY ("reciprocal"), EXAMPLE, QUANTITIES "floor,P1,60\n",
                    "records: 2026-01: pool S1 cannot be shared: the quantities of driver hours add up to 0");
}

static void
support_centres_that_serve_only_each_other_are_named (void **state)
{
  (void) state;
  assert_allocated (POLICY ("reciprocal"), EXAMPLE, QUANTITIES "hours,S2,20\nfloor,S1,60\n",
                    "records: 2026-01: these support centres serve only each other: S1, S2");
}

static void
a_category_with_money_and_neither_driver_nor_centre_stops_the_run (void **state)
{
  (void) state;
  assert_allocated (POLICY ("direct"), COSTS "D1,2026-01-31,office,,1.00\n", QUANTITIES "staff,P1,1\n",
                    "policy: 2026-01: category office has money, but the policy gives it neither a driver nor a centre");
}

static void
a_negative_quantity_of_a_centre_is_a_problem (void **state)
{
  (void) state;
  assert_allocated (POLICY ("direct"), COSTS "D1,2026-01-31,personnel,,1.00\n", QUANTITIES "staff,P1,1\nstaff,P2,-1\n",
                    "records: 2026-01: the quantity of driver staff for centre P2 is negative");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_example_of_the_rules_is_solved_exactly),
    cmocka_unit_test (the_textbook_answers_hold),
    cmocka_unit_test (what_a_centre_serves_itself_is_ignored),
    cmocka_unit_test (a_negative_total_gives_the_same_parts_negated),
    cmocka_unit_test (parts_of_both_signs_add_up_to_the_total),
    cmocka_unit_test (ties_go_to_the_smaller_id_whatever_the_order_of_the_policy),
    cmocka_unit_test (a_centre_that_nothing_reaches_has_no_share),
    cmocka_unit_test (centres_that_serve_only_each_other_are_stuck_when_money_reaches_them),
    cmocka_unit_test (pools_that_cancel_out_in_a_ring_are_stuck_all_the_same),
    cmocka_unit_test (a_part_that_leaves_64_bits_is_an_error_that_no_centre_is_blamed_for),
    cmocka_unit_test (a_part_of_2_to_the_63_beside_a_negative_total_is_an_error_too),
    cmocka_unit_test (random_systems_are_solved_as_exact_fractions_say),
    cmocka_unit_test (a_hundred_support_centres_are_solved_exactly),
    cmocka_unit_test (direct_support_goes_to_primary_centres_only),
    cmocka_unit_test (step_support_goes_to_the_support_centres_after_it_too),
    cmocka_unit_test (reciprocal_support_has_a_row_for_each_primary_centre),
    cmocka_unit_test (the_textbook_answers_hold_by_every_method),
    cmocka_unit_test (categories_go_by_their_driver_or_to_their_centre),
    cmocka_unit_test (ties_among_centres_go_to_the_smaller_id_for_both_signs),
    cmocka_unit_test (a_quantity_of_a_centre_for_itself_is_ignored),
    cmocka_unit_test (a_support_centre_without_money_needs_no_quantities),
    cmocka_unit_test (a_pool_that_comes_to_nothing_has_no_row),
    cmocka_unit_test (a_weighed_centre_has_its_row_even_where_it_rounds_to_nothing),
    cmocka_unit_test (a_driver_whose_quantities_add_up_to_0_is_named_with_pool_and_month),
    cmocka_unit_test (support_centres_that_serve_only_each_other_are_named),
    cmocka_unit_test (a_category_with_money_and_neither_driver_nor_centre_stops_the_run),
    cmocka_unit_test (a_negative_quantity_of_a_centre_is_a_problem),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
