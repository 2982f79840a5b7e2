/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#define UNTOUCHED 77777

/* Text, micro-units or "no", and how it is written. */
static void
check_text (char **cells, const char *place)
{
  FeeQuantity got = UNTOUCHED;
  char buffer[FEE_NUMBER_SIZE];
  gboolean read = fee_quantity_parse (strcmp (cells[0], "(empty)") == 0 ? "" : cells[0], &got);
  if (!read) {
    if (strcmp (cells[1], "no") != 0)
      fail_msg ("%s: \"%s\" is refused", place, cells[0]);
    return;
  }
  if (strcmp (cells[1], "no") == 0)
    fail_msg ("%s: \"%s\" is read", place, cells[0]);
  assert_is (got, test_int (cells[1]));
  assert_text (fee_quantity_format (got, buffer), cells[2]);
}

static void
quantities_are_read_and_written_as_the_file_of_cases_says (void **state)
{
  (void) state;
  assert_true (test_each_line ("quantity-texts.txt", 3, check_text) >= 50);
}

static void
a_text_with_blanks_is_refused (void **state)
{
  (void) state;
  static const char *const texts[] = { " 1", "1 ", "1 000", "\t1", "1\n", "", " " };
  FeeQuantity got = UNTOUCHED;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (fee_quantity_parse (texts[i], &got))
      fail_msg ("\"%s\" is read", texts[i]);
}

static void
every_quantity_comes_back_from_its_text (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (2);
  for (guint i = 0; i < 100000; i++) {
    FeeQuantity quantity = test_rand_size (rand) * (g_rand_boolean (rand) ? 1 : -1), back = UNTOUCHED;
    char text[FEE_NUMBER_SIZE];
    fee_quantity_format (quantity, text);
    if (!fee_quantity_parse (text, &back) || back != quantity)
      fail_msg ("%s does not come back", text);
    /* with as many decimals as it needs */
    gsize length = strlen (text);
    assert_true (strchr (text, '.') == NULL || (text[length - 1] != '0' && text[length - 1] != '.'));
  }
}

static void
no_text_reads_as_the_missing_quantity (void **state)
{
  (void) state;
  FeeQuantity got = UNTOUCHED;
  assert_false (fee_quantity_parse ("-9223372036854.775808", &got));
  assert_true (fee_quantity_parse ("-9223372036854.775807", &got));
  assert_is (got, -G_MAXINT64);
}

static void
check_product (char **cells, const char *place)
{
  FeeQuantity a = 0, b = 0, got = UNTOUCHED;
  char buffer[FEE_NUMBER_SIZE];
  if (!fee_quantity_parse (cells[0], &a) || !fee_quantity_parse (cells[1], &b))
    fail_msg ("%s: no quantities", place);
  const char *text = fee_quantity_multiply (a, b, &got) ? fee_quantity_format (got, buffer) : "overflow";
  if (strcmp (text, cells[2]) != 0)
    fail_msg ("%s: %s x %s is %s, not %s", place, cells[0], cells[1], text, cells[2]);
  FeeQuantity swapped = UNTOUCHED;
  assert_true (fee_quantity_multiply (b, a, &swapped) == (strcmp (text, "overflow") != 0));
  assert_is (swapped, got);
}

static void
a_product_is_rounded_to_micro_units_half_away_from_zero (void **state)
{
  (void) state;
  assert_true (test_each_line ("products.txt", 3, check_product) >= 25);
}

/* The quick way in 64 bits against the definition in 128. */
static void
random_products_are_those_of_128_bits (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (3);
  for (guint i = 0; i < 200000; i++) {
    FeeQuantity a = test_rand_size (rand), b = test_rand_size (rand), got = UNTOUCHED;
    if (g_rand_int_range (rand, 0, 4) == 0)
      a = -a;
    __int128 product = (__int128) a * b;
    __int128 wanted = (product + (product < 0 ? -500000 : 500000)) / 1000000;
    gboolean fits = wanted >= G_MININT64 && wanted <= G_MAXINT64;
    assert_true (fee_quantity_multiply (a, b, &got) == fits);
    assert_is (got, fits ? (gint64) wanted : UNTOUCHED);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (quantities_are_read_and_written_as_the_file_of_cases_says),
    cmocka_unit_test (a_text_with_blanks_is_refused),
    cmocka_unit_test (every_quantity_comes_back_from_its_text),
    cmocka_unit_test (no_text_reads_as_the_missing_quantity),
    cmocka_unit_test (a_product_is_rounded_to_micro_units_half_away_from_zero),
    cmocka_unit_test (random_products_are_those_of_128_bits),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
