/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/report/fee-change.h"

static FeeQuantity
quantity (const char *text)
{
  FeeQuantity value = 0;
  if (!fee_quantity_parse (text, &value))
    fail_msg ("no quantity: %s", text);
  return value;
}

/* "550.00 80 400 31 110.00" */
static FeeChangeSide
side_of (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  assert_is (g_strv_length (words), 5);
  return (FeeChangeSide){ fen (words[0]), quantity (words[1]), quantity (words[2]), (gint) test_int (words[3]),
                          fen (words[4]) };
}

static void
check_line (char **cells, const char *place)
{
  FeeChangeSide before = side_of (cells[0]), now = side_of (cells[1]);
  FeeMoney parts[FEE_N_CHANGES], sum = 0;
  if (!fee_change_split (&before, &now, parts))
    fail_msg ("%s: too large", place);
  FeeMoney shown[] = { parts[FEE_CHANGE_COST], parts[FEE_CHANGE_OWN], parts[FEE_CHANGE_DENOMINATOR],
                       parts[FEE_CHANGE_ROUNDING] };
  g_autofree char *got = test_show (shown, G_N_ELEMENTS (shown));
  if (strcmp (got, cells[2]) != 0)
    fail_msg ("%s: %s, not %s", place, got, cells[2]);
  for (guint i = 0; i < FEE_N_CHANGES; i++)
    sum += parts[i];
  assert_is (sum, now.amount - before.amount);
}

static void
a_difference_is_split_into_cost_own_quantity_denominator_and_rounding (void **state)
{
  (void) state;
  assert_is (test_each_line ("change.txt", 3, check_line), 17);
}

/* 90,000,000,000,000,000.00 x a million / a millionth */
static void
what_leaves_64_bits_is_not_split (void **state)
{
  (void) state;
  FeeChangeSide before = { 100, 0, 1, 1, 0 },
                now = { G_GINT64_CONSTANT (9000000000000000000), 1000000000000, 1000000000000, 1, 5 };
  FeeMoney parts[FEE_N_CHANGES];
  assert_false (fee_change_split (&before, &now, parts));
}

static void
the_parts_add_up_for_random_months (void **state)
{
  (void) state;
  guint split = 0;
  for (guint32 seed = 0; seed < 4000; seed++) {
    g_autoptr (GRand) rand = test_rand (seed);
    FeeChangeSide side[2];
    FeeMoney parts[FEE_N_CHANGES];
    for (guint i = 0; i < 2; i++) {
      FeeQuantity total = test_rand_size (rand);
      side[i] = (FeeChangeSide){ test_rand_size (rand) / 4 * (g_rand_boolean (rand) ? 1 : -1),
                                 total == 0 ? 0 : test_rand_size (rand) % total, total,
                                 g_rand_boolean (rand) ? 1 : g_rand_int_range (rand, 28, 32), 0 };
      if (total != 0)
        side[i].amount = (FeeMoney) ((__int128) side[i].pool * side[i].weight / total);
    }
    if (!fee_change_split (&side[0], &side[1], parts))
      continue;
    split++;
    FeeMoney sum = 0;
    for (guint i = 0; i < FEE_N_CHANGES; i++)
      assert_true (fee_money_add (sum, parts[i], &sum));
    assert_is (sum, side[1].amount - side[0].amount);
    /* one month's amount is cut off by less than a fen, each of three parts by half a fen at most */
    if (side[0].total != 0 && side[1].total != 0)
      assert_in_range (parts[FEE_CHANGE_ROUNDING] + 3, 0, 6);
  }
  assert_true (split > 1000);
}

/* ---- Policies */

#define CENTRE(text) TEST_REQUIRED "[driver water]\nkind=flow\n[centre c]\n" text

static void
assert_same (const char *before, const char *now, gboolean wanted)
{
  g_autoptr (FeePolicy) a = test_policy (before);
  g_autoptr (FeePolicy) b = test_policy (now);
  if (fee_change_same_rule (a, b, "c") != wanted || fee_change_same_rule (b, a, "c") != wanted)
    fail_msg ("%s\nand\n%s\nare %s", before, now, wanted ? "not the same" : "the same");
}

static void
a_centre_shares_alike_with_the_same_driver_and_scope (void **state)
{
  (void) state;
  assert_same (CENTRE ("driver=area\n"), CENTRE ("driver=area\npayer=occupant\nname=C\n"), TRUE);
  assert_same (CENTRE ("driver=area\nscope=kind=flat;floor>=2\n"), CENTRE ("driver=area\nscope=Kind=flat;floor>=2.0\n"),
               TRUE);
  assert_same (CENTRE ("driver=area\n"), CENTRE ("driver=one\n"), FALSE);
  assert_same (CENTRE ("driver=area\n"), CENTRE ("driver=area*lift\n"), FALSE);
  assert_same (CENTRE ("driver=area\n"), CENTRE ("driver=area\nscope=kind=flat\n"), FALSE);
  assert_same (CENTRE ("driver=area\nscope=kind=shop\n"), CENTRE ("driver=area\nscope=kind=flat\n"), FALSE);
  assert_same (CENTRE ("driver=area\nscope=floor>1\n"), CENTRE ("driver=area\nscope=floor>2\n"), FALSE);
  assert_same (CENTRE ("driver=area\nscope=floor=1\n"), CENTRE ("driver=area\nscope=floor!=1\n"), FALSE);
  assert_same (CENTRE ("driver=water\n"), TEST_REQUIRED "[driver water]\n[centre c]\ndriver=water\n", FALSE);
  assert_same (CENTRE ("driver=water\n"), TEST_REQUIRED "[centre c]\ndriver=water\n", FALSE);
  assert_same (CENTRE ("driver=area\n"), TEST_REQUIRED, FALSE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_difference_is_split_into_cost_own_quantity_denominator_and_rounding),
    cmocka_unit_test (what_leaves_64_bits_is_not_split),
    cmocka_unit_test (the_parts_add_up_for_random_months),
    cmocka_unit_test (a_centre_shares_alike_with_the_same_driver_and_scope),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
