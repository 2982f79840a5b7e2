/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include <stdlib.h>

#include "../libfee/engine/fee-apportion.h"

/* One pool shared among units by counts, which it moves on, as fee-share.c does. counts may be NULL. */
static void
share (FeeMoney amount, const gint64 *weights, gsize n, gint32 *counts, FeeMoney *parts)
{
  gint64 total = 0;
  assert_true (fee_apportion_total (weights, n, &total));
  gint64 *scratch = g_new (gint64, 2 * n);
  guint8 *odd = g_malloc (n);
  memset (odd, 7, n);
  gsize left = fee_apportion_odd (amount, weights, n, total, counts, scratch, odd), found = 0;
  for (gsize i = 0; i < n; i++) {
    assert_true (odd[i] <= 1);
    parts[i] = fee_apportion_part (amount, weights[i], total, odd[i]);
    found += odd[i];
    if (counts != NULL && odd[i])
      counts[i] += amount < 0 ? -1 : 1;
  }
  assert_true (found == left);
  g_free (scratch);
  g_free (odd);
}

static void
assert_parts (FeeMoney amount, const gint64 *weights, gsize n, gint32 *counts, const char *wanted)
{
  FeeMoney parts[16];
  share (amount, weights, n, counts, parts);
  g_autofree char *got = test_show (parts, n);
  assert_text (got, wanted);
}

static void
the_examples_of_the_rules_hold (void **state)
{
  (void) state;
  static const gint64 equal[] = { 1, 1, 1 }, unequal[] = { 3, 3, 1 }, areas[] = { 33300000, 33300000, 33300000 };
  gint32 counts[3] = { 0 };
  assert_parts (10000, equal, 3, counts, "33.34 33.33 33.33");
  assert_parts (-10000, equal, 3, counts, "-33.34 -33.33 -33.33"); /* right after it */
  for (guint i = 0; i < 3; i++)
    assert_is (counts[i], 0);
  assert_parts (5, unequal, 3, NULL, "0.02 0.02 0.01");
  assert_parts (100000, areas, 3, NULL, "333.34 333.33 333.33");
}

static void
twelve_months_of_100_00_come_to_400_00_each (void **state)
{
  (void) state;
  static const gint64 equal[] = { 1, 1, 1 };
  static const char *const rounds[] = { "33.34 33.33 33.33", "33.33 33.34 33.33", "33.33 33.33 33.34" };
  gint32 counts[3] = { 0 };
  FeeMoney sums[3] = { 0 };
  for (guint i = 0; i < 12; i++) {
    FeeMoney parts[3];
    share (10000, equal, 3, counts, parts);
    g_autofree char *got = test_show (parts, 3);
    assert_text (got, rounds[i % 3]);
    for (guint n = 0; n < 3; n++)
      sums[n] += parts[n];
  }
  g_autofree char *got = test_show (sums, 3);
  assert_text (got, "400.00 400.00 400.00");
}

static void
without_counts_ties_go_to_the_smaller_index_for_both_signs (void **state)
{
  (void) state;
  static const gint64 equal[] = { 1, 1, 1, 1, 1, 1 };
  assert_parts (2, equal, 6, NULL, "0.01 0.01 0.00 0.00 0.00 0.00");
  assert_parts (-2, equal, 6, NULL, "-0.01 -0.01 0.00 0.00 0.00 0.00");
  assert_parts (5, equal, 6, NULL, "0.01 0.01 0.01 0.01 0.01 0.00");
  FeeMoney parts[6];
  fee_apportion (-2, equal, 6, 6, parts);
  g_autofree char *got = test_show (parts, 6);
  assert_text (got, "-0.01 -0.01 0.00 0.00 0.00 0.00");
}

static void
a_positive_amounts_odd_fen_go_to_the_lowest_count_then_the_smaller_id (void **state)
{
  (void) state;
  static const gint64 equal[] = { 1, 1, 1, 1, 1 };
  gint32 counts[] = { 2, 1, 0, 1, 0 };
  assert_parts (1, equal, 5, counts, "0.00 0.00 0.01 0.00 0.00");
  assert_parts (3, equal, 5, counts, "0.00 0.01 0.01 0.00 0.01"); /* counts 2 1 1 1 0 */
  gint32 low[] = { G_MAXINT32 - 1, G_MININT32 + 1, 0 };
  assert_parts (1, equal, 3, low, "0.00 0.01 0.00");
}

static void
a_negative_amounts_odd_fen_go_to_the_highest_count_then_the_larger_id (void **state)
{
  (void) state;
  static const gint64 equal[] = { 1, 1, 1, 1, 1 };
  gint32 counts[] = { 2, 1, 0, 1, 0 };
  assert_parts (-1, equal, 5, counts, "-0.01 0.00 0.00 0.00 0.00");
  assert_parts (-1, equal, 5, counts, "0.00 0.00 0.00 -0.01 0.00"); /* 1 1 0 1 0: the larger of three */
  assert_parts (-3, equal, 5, counts, "-0.01 -0.01 0.00 0.00 -0.01"); /* 1 1 0 0 0 */
}

/* A larger remainder wins over any count. */
static void
counts_decide_only_among_equal_remainders (void **state)
{
  (void) state;
  static const gint64 weights[] = { 4, 3, 3 };
  gint32 counts[] = { 100, 0, 0 };
  assert_parts (9, weights, 3, counts, "0.03 0.03 0.03"); /* 3.6, 2.7, 2.7: two fen to the two 0.7 */
  assert_parts (2, weights, 3, counts, "0.01 0.01 0.00"); /* 0.8, 0.6, 0.6 */
}

static void
a_single_weight_gets_all (void **state)
{
  (void) state;
  static const gint64 weights[] = { 0, 7, 0 };
  assert_parts (12345, weights, 3, NULL, "0.00 123.45 0.00");
  assert_parts (-1, weights, 3, NULL, "0.00 -0.01 0.00");
  assert_parts (0, weights, 3, NULL, "0.00 0.00 0.00");
}

/* Amounts and weights of any size; every fourth weight is 0, many are equal. */
static gsize
random_case (GRand *rand, FeeMoney *amount, gint64 *weights, gsize room)
{
  gsize n = (gsize) g_rand_int_range (rand, 1, (gint32) room);
  gint64 total = 0, usual = test_rand_size (rand) / (gint64) (2 * room) + 1;
  *amount = g_rand_boolean (rand) ? test_rand_size (rand) : -test_rand_size (rand);
  for (gsize i = 0; i < n; i++) {
    gint kind = g_rand_int_range (rand, 0, 4);
    weights[i] = kind == 0 ? 0 : kind == 1 ? usual : test_rand_size (rand) / (gint64) (2 * room);
  }
  if (!fee_apportion_total (weights, n, &total) || total == 0)
    weights[0] = 1;
  return n;
}

/* |part - amount w / W| is below one fen, with the part on the side of the amount. */
static void
assert_within_one_fen (FeeMoney amount, gint64 weight, gint64 total, FeeMoney part)
{
  __int128 exact = (__int128) amount * weight, scaled = (__int128) part * total;
  __int128 off = scaled > exact ? scaled - exact : exact - scaled;
  assert_true (off < total);
  assert_true (weight != 0 || part == 0);
  assert_true (amount >= 0 ? part >= 0 : part <= 0);
}

static void
random_parts_add_up_within_one_fen_of_their_share_and_weight_0_gets_nothing (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (6);
  for (guint i = 0; i < 3000; i++) {
    gint64 weights[60], total = 0;
    gint32 counts[60];
    FeeMoney amount, parts[60], sum = 0;
    gsize n = random_case (rand, &amount, weights, 60);
    for (gsize k = 0; k < n; k++)
      counts[k] = g_rand_int_range (rand, -2, 3);
    share (amount, weights, n, g_rand_boolean (rand) ? counts : NULL, parts);
    assert_true (fee_apportion_total (weights, n, &total));
    for (gsize k = 0; k < n; k++) {
      assert_within_one_fen (amount, weights[k], total, parts[k]);
      sum += parts[k];
    }
    assert_is (sum, amount);
  }
}

/* The rule by the letter: sort by remainder, count and id, and take the first. */
typedef struct {
  guint64 remainder;
  gint32 count;
  gsize index;
} Claim;

static gint
compare_claims (gconstpointer x, gconstpointer y, gpointer negative)
{
  const Claim *a = x, *b = y;
  gint sign = negative != NULL ? -1 : 1;
  if (a->remainder != b->remainder)
    return a->remainder > b->remainder ? -1 : 1;
  if (a->count != b->count)
    return a->count < b->count ? -sign : sign;
  return a->index < b->index ? -sign : sign;
}

static void
odd_fen_go_as_the_rule_says_by_the_letter (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (7);
  for (guint i = 0; i < 3000; i++) {
    gint64 weights[60], total = 0;
    gint32 counts[60];
    FeeMoney amount, parts[60];
    Claim claims[60];
    gsize n = random_case (rand, &amount, weights, 60);
    assert_true (fee_apportion_total (weights, n, &total));
    unsigned __int128 given = 0, size = fee_money_magnitude (amount);
    for (gsize k = 0; k < n; k++) {
      counts[k] = g_rand_int_range (rand, -2, 3);
      claims[k] = (Claim) { (guint64) (size * (guint64) weights[k] % (guint64) total), counts[k], k };
      given += size * (guint64) weights[k] / (guint64) total;
    }
    gint32 before[60];
    memcpy (before, counts, sizeof counts);
    share (amount, weights, n, counts, parts);
    g_qsort_with_data (claims, (gint) n, sizeof *claims, compare_claims, amount < 0 ? &rand : NULL);
    for (gsize k = 0; k < n; k++) {
      gint wanted = k < (gsize) (size - given) ? (amount < 0 ? -1 : 1) : 0;
      assert_is (counts[claims[k].index] - before[claims[k].index], wanted);
    }
  }
}

/* Who gets an odd fen does not depend on where the others stand, as long as ids keep their order. */
static void
shares_of_distinct_remainders_do_not_depend_on_the_order (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (8);
  for (guint i = 0; i < 500; i++) {
    gint64 weights[40], shuffled[40];
    FeeMoney parts[40], again[40];
    gsize place[40], n = 40;
    FeeMoney amount = test_rand_size (rand) * (g_rand_boolean (rand) ? 1 : -1);
    for (gsize k = 0; k < n; k++) {
      weights[k] = g_rand_int_range (rand, 1, 1000000000);
      place[k] = k;
    }
    for (gsize k = n - 1; k > 0; k--) {
      gsize other = (gsize) g_rand_int_range (rand, 0, (gint32) k + 1), swap = place[k];
      place[k] = place[other];
      place[other] = swap;
    }
    for (gsize k = 0; k < n; k++)
      shuffled[place[k]] = weights[k];
    share (amount, weights, n, NULL, parts);
    share (amount, shuffled, n, NULL, again);
    for (gsize k = 0; k < n; k++)
      assert_is (again[place[k]], parts[k]);
  }
}

/* rules.md section 2: two flats with equal weights in every pool never differ by more than one fen in all their bills
 * together. */
static void
equal_units_never_differ_by_more_than_one_fen_in_all_pools_together (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (9);
  gint32 counts[12] = { 0 };
  FeeMoney sums[12] = { 0 };
  for (guint i = 0; i < 2000; i++) {
    gint64 weights[12];
    FeeMoney parts[12];
    gint64 flat = g_rand_int_range (rand, 1, 200000000), shop = g_rand_int_range (rand, 0, 200000000);
    for (guint n = 0; n < 12; n++)
      weights[n] = n < 8 ? flat : shop; /* 0..7 are equal in every pool, and so are 8..11 */
    share (g_rand_int_range (rand, -100000, 300000), weights, 12, counts, parts);
    for (guint n = 0; n < 12; n++)
      sums[n] += parts[n];
    for (guint n = 1; n < 12; n++)
      if (n != 8)
        assert_true (ABS (sums[n] - sums[n < 8 ? 0 : 8]) <= 1);
  }
}

static void
amounts_and_weights_of_64_bits_are_shared_exactly (void **state)
{
  (void) state;
  static const gint64 big[] = { G_MAXINT64 / 2, G_MAXINT64 / 2, 1 }, one[] = { G_MAXINT64 },
                      thirds[] = { 3074457345618258602, 3074457345618258602, 3074457345618258603 };
  FeeMoney parts[3];
  share (G_MAXINT64, big, 3, NULL, parts);
  assert_is (parts[0], G_MAXINT64 / 2);
  assert_is (parts[1], G_MAXINT64 / 2);
  assert_is (parts[2], 1);
  share (G_MININT64, one, 1, NULL, parts);
  assert_is (parts[0], G_MININT64);
  share (G_MAXINT64, one, 1, NULL, parts);
  assert_is (parts[0], G_MAXINT64);
  share (G_MININT64, thirds, 3, NULL, parts);
  assert_is (parts[0] + parts[1] + parts[2], G_MININT64);
  assert_true (parts[2] < parts[0] && parts[0] < 0);
  share (1, thirds, 3, NULL, parts);
  assert_is (parts[2], 1);
  static const gint64 equal[] = { G_MAXINT64 / 3, G_MAXINT64 / 3, G_MAXINT64 / 3 };
  share (G_MININT64, equal, 3, NULL, parts);
  assert_is (parts[0], -3074457345618258603);
  assert_is (parts[1], -3074457345618258603);
  assert_is (parts[2], -3074457345618258602);
}

static void
the_sum_of_weights_is_checked (void **state)
{
  (void) state;
  static const gint64 fits[] = { G_MAXINT64 - 1, 1, 0 }, over[] = { G_MAXINT64, 1 };
  gint64 total = 77;
  assert_false (fee_apportion_total (over, 2, &total));
  assert_is (total, 77);
  assert_true (fee_apportion_total (fits, 3, &total));
  assert_is (total, G_MAXINT64);
  assert_true (fee_apportion_total (fits, 0, &total));
  assert_is (total, 0);
}

static int
compare_numbers (const void *x, const void *y)
{
  gint64 a = *(const gint64 *) x, b = *(const gint64 *) y;
  return a < b ? -1 : a > b;
}

static void
the_k_th_smallest_is_that_of_a_sort (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (10);
  for (guint i = 0; i < 3000; i++) {
    gsize n = (gsize) g_rand_int_range (rand, 1, 120), k = (gsize) g_rand_int_range (rand, 0, (gint32) n);
    gint kind = g_rand_int_range (rand, 0, 5);
    gint64 *values = g_new (gint64, n), *sorted = g_new (gint64, n);
    for (gsize j = 0; j < n; j++)
      values[j] = kind == 0 ? test_rand_int64 (rand) : kind == 1 ? g_rand_int_range (rand, 0, 3) : kind == 2 ? (gint64) j
                  : kind == 3 ? -(gint64) j : 5;
    memcpy (sorted, values, n * sizeof *values);
    qsort (sorted, n, sizeof *sorted, compare_numbers);
    assert_is (fee_select (values, n, k), sorted[k]);
    qsort (values, n, sizeof *values, compare_numbers); /* reordered only */
    assert_memory_equal (values, sorted, n * sizeof *values);
    g_free (values);
    g_free (sorted);
  }
}

static void
selecting_among_a_million_equal_or_sorted_numbers_is_quick (void **state)
{
  (void) state;
  gsize n = 1000000;
  g_autofree gint64 *values = g_new (gint64, n);
  for (gsize i = 0; i < n; i++)
    values[i] = 3;
  assert_is (fee_select (values, n, n / 3), 3);
  for (gsize i = 0; i < n; i++)
    values[i] = (gint64) i;
  assert_is (fee_select (values, n, 700000), 700000);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_examples_of_the_rules_hold),
    cmocka_unit_test (twelve_months_of_100_00_come_to_400_00_each),
    cmocka_unit_test (without_counts_ties_go_to_the_smaller_index_for_both_signs),
    cmocka_unit_test (a_positive_amounts_odd_fen_go_to_the_lowest_count_then_the_smaller_id),
    cmocka_unit_test (a_negative_amounts_odd_fen_go_to_the_highest_count_then_the_larger_id),
    cmocka_unit_test (counts_decide_only_among_equal_remainders),
    cmocka_unit_test (a_single_weight_gets_all),
    cmocka_unit_test (random_parts_add_up_within_one_fen_of_their_share_and_weight_0_gets_nothing),
    cmocka_unit_test (odd_fen_go_as_the_rule_says_by_the_letter),
    cmocka_unit_test (shares_of_distinct_remainders_do_not_depend_on_the_order),
    cmocka_unit_test (equal_units_never_differ_by_more_than_one_fen_in_all_pools_together),
    cmocka_unit_test (amounts_and_weights_of_64_bits_are_shared_exactly),
    cmocka_unit_test (the_sum_of_weights_is_checked),
    cmocka_unit_test (the_k_th_smallest_is_that_of_a_sort),
    cmocka_unit_test (selecting_among_a_million_equal_or_sorted_numbers_is_quick),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
