/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/report/fee-trace-private.h"

#define SIDE 7
#define LAYERS 4

/* The mean of permutations: rows and columns add up to whole numbers, and most cells are whole, so that the largest
 * fractions alone do not always fit. */
static FeeExactTable *
mean_of_permutations (GRand *rand, gint64 *quarters)
{
  FeeExactTable *table = fee_exact_table_new (SIDE, SIDE);
  for (guint i = 0; i < SIDE * SIDE; i++)
    quarters[i] = LAYERS * g_rand_int_range (rand, -2, 3);
  for (guint layer = 0; layer < LAYERS; layer++) {
    guint column[SIDE];
    for (guint row = 0; row < SIDE; row++) {
      guint other = (guint) g_rand_int_range (rand, 0, (gint32) row + 1);
      column[row] = column[other]; /* a shuffle from the inside out */
      column[other] = row;
    }
    for (guint row = 0; row < SIDE; row++)
      quarters[row * SIDE + column[row]]++;
  }
  for (guint i = 0; i < SIDE * SIDE; i++) {
    mpq_set_si (table->cells[i], quarters[i], LAYERS);
    mpq_canonicalize (table->cells[i]);
  }
  return table;
}

static void
a_table_becomes_whole_and_its_rows_and_columns_stay (void **state)
{
  (void) state;
  for (guint32 seed = 0; seed < 2000; seed++) {
    g_autoptr (GRand) rand = test_rand (seed);
    gint64 quarters[SIDE * SIDE];
    g_autoptr (FeeExactTable) table = mean_of_permutations (rand, quarters);
    g_autofree FeeMoney *whole = NULL;
    assert_true (fee_exact_table_round (table, &whole));
    for (guint i = 0; i < SIDE; i++) {
      gint64 row = 0, column = 0;
      for (guint j = 0; j < SIDE; j++) {
        gint64 off = whole[i * SIDE + j] * LAYERS - quarters[i * SIDE + j];
        assert_true (off > -LAYERS && off < LAYERS);
        row += off;
        column += whole[j * SIDE + i] * LAYERS - quarters[j * SIDE + i];
      }
      assert_is (row, 0);
      assert_is (column, 0);
    }
  }
}

static void
a_table_whose_rows_are_not_whole_is_refused (void **state)
{
  (void) state;
  g_autoptr (FeeExactTable) table = fee_exact_table_new (1, 2);
  FeeMoney *whole = NULL;
  mpq_set_si (table->cells[0], 1, 2);
  assert_false (fee_exact_table_round (table, &whole));
  assert_null (whole);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_table_becomes_whole_and_its_rows_and_columns_stay),
    cmocka_unit_test (a_table_whose_rows_are_not_whole_is_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
