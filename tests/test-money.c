/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/base/fee-money.h"

#define UNTOUCHED 77777

static void
check_ratio (char **cells, const char *place)
{
  gint64 got = UNTOUCHED;
  gboolean fits = fee_round_ratio (test_int (cells[0]), test_int (cells[1]), test_int (cells[2]), &got);
  g_autofree char *text = fits ? g_strdup_printf ("%" G_GINT64_FORMAT, got) : g_strdup ("overflow");
  if (strcmp (text, cells[3]) != 0)
    fail_msg ("%s: %s x %s / %s gives %s, not %s", place, cells[0], cells[1], cells[2], text, cells[3]);
  if (!fits)
    assert_is (got, UNTOUCHED);
}

static void
a_ratio_is_rounded_half_away_from_zero (void **state)
{
  (void) state;
  assert_true (test_each_line ("rounding.txt", 4, check_ratio) >= 60);
}

/* By the definition: |n - q d| is at most half of |d|, and where it is exactly half, |q| is the larger. */
static void
random_quotients_are_the_nearest_whole_number (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (1);
  for (guint i = 0; i < 200000; i++) {
    gint64 d = test_rand_size (rand) + 1, q = 0;
    __int128 n = (__int128) (g_rand_boolean (rand) ? 1 : -1) * test_rand_size (rand) * g_rand_int_range (rand, 1, 1000);
    if (n / d > G_MAXINT64 - 1 || n / d < -(G_MAXINT64 - 1))
      continue;
    if (g_rand_boolean (rand))
      d = -d;
    assert_true (fee_round_quotient (n, d, &q));
    __int128 rest = n - (__int128) q * d;
    __int128 twice = 2 * (rest < 0 ? -rest : rest), size = d < 0 ? -d : d;
    assert_true (twice <= size);
    if (twice == size) /* away from zero: the product lies beyond */
      assert_true (((__int128) q * d < 0 ? -(__int128) q * d : (__int128) q * d) > (n < 0 ? -n : n));
  }
}

static void
a_quotient_of_128_bits_is_rounded_without_overflow (void **state)
{
  (void) state;
  __int128 most = (__int128) (((unsigned __int128) 1 << 127) - 1), least = -most - 1;
  gint64 q = UNTOUCHED;
  assert_true (fee_round_quotient (most, most, &q));
  assert_is (q, 1);
  assert_true (fee_round_quotient (least, least, &q));
  assert_is (q, 1);
  assert_true (fee_round_quotient (least, most, &q));
  assert_is (q, -1);
  assert_true (fee_round_quotient (most / 2 + 1, most, &q)); /* just over a half */
  assert_is (q, 1);
  assert_true (fee_round_quotient (most / 2, most, &q));
  assert_is (q, 0);
  assert_true (fee_round_quotient (-(most / 2) - 1, most, &q));
  assert_is (q, -1);
  assert_true (fee_round_quotient (1, least, &q));
  assert_is (q, 0);
  assert_true (fee_round_quotient (least / 2, least, &q)); /* exactly a half */
  assert_is (q, 1);
  q = UNTOUCHED;
  assert_false (fee_round_quotient (most, 1, &q));
  assert_false (fee_round_quotient (least, 1, &q));
  assert_false (fee_round_quotient (least, -1, &q));
  assert_false (fee_round_quotient ((__int128) G_MAXINT64 * 2 + 1, 2, &q)); /* 2^63 - 1/2 */
  assert_is (q, UNTOUCHED);
  assert_true (fee_round_quotient ((__int128) G_MININT64 * 2, 2, &q));
  assert_is (q, G_MININT64);
  q = UNTOUCHED;
  assert_false (fee_round_quotient ((__int128) G_MININT64 * 2 - 1, 2, &q)); /* -2^63 - 1/2 */
  assert_is (q, UNTOUCHED);
}

static void
a_sum_that_leaves_64_bits_is_refused_and_touches_nothing (void **state)
{
  (void) state;
  FeeMoney out = UNTOUCHED;
  assert_false (fee_money_add (FEE_MONEY_MAX, 1, &out));
  assert_false (fee_money_add (G_MININT64, -1, &out));
  assert_false (fee_money_subtract (G_MININT64, 1, &out));
  assert_false (fee_money_subtract (0, G_MININT64, &out));
  assert_false (fee_money_subtract (FEE_MONEY_MAX, -1, &out));
  assert_false (fee_money_negate (G_MININT64, &out));
  assert_is (out, UNTOUCHED);
  assert_true (fee_money_add (FEE_MONEY_MAX, G_MININT64, &out));
  assert_is (out, -1);
  assert_true (fee_money_add (FEE_MONEY_MAX - 1, 1, &out));
  assert_is (out, FEE_MONEY_MAX);
  assert_true (fee_money_subtract (-1, G_MININT64, &out));
  assert_is (out, FEE_MONEY_MAX);
  assert_true (fee_money_subtract (G_MININT64, G_MININT64, &out));
  assert_is (out, 0);
  assert_true (fee_money_negate (FEE_MONEY_MAX, &out));
  assert_is (out, -FEE_MONEY_MAX);
}

static void
the_magnitude_is_exact_for_every_amount (void **state)
{
  (void) state;
  assert_true (fee_money_magnitude (0) == 0);
  assert_true (fee_money_magnitude (5) == 5);
  assert_true (fee_money_magnitude (-5) == 5);
  assert_true (fee_money_magnitude (FEE_MONEY_MAX) == (guint64) G_MAXINT64);
  assert_true (fee_money_magnitude (G_MININT64) == (guint64) G_MAXINT64 + 1);
}

static void
check_format (char **cells, const char *place)
{
  char plain[FEE_NUMBER_SIZE], grouped[FEE_GROUPED_SIZE];
  memset (plain, '#', sizeof plain);
  memset (grouped, '#', sizeof grouped);
  gint decimals = (gint) test_int (cells[1]);
  assert_ptr_equal (fee_money_format (test_int (cells[0]), decimals, plain), plain);
  assert_is (fee_money_put (test_int (cells[0]), decimals, grouped), strlen (plain));
  assert_text (grouped, plain);
  assert_ptr_equal (fee_money_format_grouped (test_int (cells[0]), decimals, grouped), grouped);
  if (strcmp (plain, cells[2]) != 0 || strcmp (grouped, cells[3]) != 0)
    fail_msg ("%s: %s and %s, not %s and %s", place, plain, grouped, cells[2], cells[3]);
}

static void
amounts_are_written_as_the_file_of_cases_says (void **state)
{
  (void) state;
  assert_true (test_each_line ("money-formats.txt", 4, check_format) >= 30);
}

static void
currencies_have_their_decimals_by_iso_4217 (void **state)
{
  (void) state;
  static const struct {
    const char *code;
    gint decimals;
  } cases[] = {
    { "CNY", 2 },  { "EUR", 2 },  { "USD", 2 },  { "HKD", 2 }, { "MOP", 2 },   { "TWD", 2 }, { "JPY", 0 }, { "KRW", 0 },
    { "VND", 0 },  { "CLP", 0 },  { "ISK", 0 },  { "XAF", 0 }, { "XOF", 0 },   { "XPF", 0 }, { "KWD", 3 }, { "BHD", 3 },
    { "TND", 3 },  { "OMR", 3 },  { "JOD", 3 },  { "IQD", 3 }, { "LYD", 3 },   { "CLF", 4 }, { "UYW", 4 }, { "UYI", 0 },
    { "BIF", 0 },  { "DJF", 0 },  { "GNF", 0 },  { "KMF", 0 }, { "PYG", 0 },   { "RWF", 0 }, { "UGX", 0 }, { "VUV", 0 },
    { "MGA", 2 },  { "HUF", 2 },  { "cny", -1 }, { "CN", -1 }, { "CNYX", -1 }, { "", -1 },   { "C", -1 },  { "¥", -1 },
    { "12Y", -1 }, { "CNy", -1 }, { "CN ", -1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (fee_currency_decimals (cases[i].code) != cases[i].decimals)
      fail_msg ("%s has %d decimals, not %d", cases[i].code, fee_currency_decimals (cases[i].code), cases[i].decimals);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_ratio_is_rounded_half_away_from_zero),
    cmocka_unit_test (random_quotients_are_the_nearest_whole_number),
    cmocka_unit_test (a_quotient_of_128_bits_is_rounded_without_overflow),
    cmocka_unit_test (a_sum_that_leaves_64_bits_is_refused_and_touches_nothing),
    cmocka_unit_test (the_magnitude_is_exact_for_every_amount),
    cmocka_unit_test (amounts_are_written_as_the_file_of_cases_says),
    cmocka_unit_test (currencies_have_their_decimals_by_iso_4217),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
