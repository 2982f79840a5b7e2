/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/report/fee-disclosure.h"

/* ---- Buildings */

/* "A=1,2 B=3" */
static void
add_month (FeeBuildings *buildings, guint month, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  for (char **word = words; *word != NULL; word++) {
    g_auto (GStrv) sides = g_strsplit (*word, "=", 2);
    if (**word == '\0')
      continue;
    assert_is (g_strv_length (sides), 2);
    g_auto (GStrv) parties = g_strsplit (sides[1], ",", -1);
    guint building = fee_buildings_find (buildings, sides[0]);
    for (char **party = parties; *party != NULL; party++)
      fee_buildings_add_payer (buildings, month, building, *party);
  }
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* "A+S B" */
static char *
show_groups (FeeBuildings *buildings)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < fee_buildings_count (buildings); i++)
    g_ptr_array_add (names, (gpointer) fee_buildings_name (buildings, i));
  g_ptr_array_sort (names, compare_texts);
  for (guint i = 0; i < names->len; i++) {
    guint group = fee_buildings_find (buildings, g_ptr_array_index (names, i));
    if (fee_buildings_group (buildings, group) != group)
      continue;
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", (const char *) g_ptr_array_index (names, i));
    for (guint k = i + 1; k < names->len; k++)
      if (fee_buildings_group (buildings, fee_buildings_find (buildings, g_ptr_array_index (names, k))) == group)
        g_string_append_printf (text, "+%s", (const char *) g_ptr_array_index (names, k));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
check_buildings (char **cells, const char *place)
{
  g_auto (GStrv) months = g_strsplit (cells[0], ";", -1);
  g_autoptr (FeeBuildings) buildings = fee_buildings_new (g_strv_length (months));
  for (guint i = 0; months[i] != NULL; i++)
    add_month (buildings, i, months[i]);
  fee_buildings_merge (buildings);
  g_autofree char *got = show_groups (buildings);
  if (strcmp (got, cells[1]) != 0)
    fail_msg ("%s: %s, not %s", place, got, cells[1]);
}

static void
buildings_with_fewer_than_five_payers_join_the_smallest_other (void **state)
{
  (void) state;
  assert_is (test_each_line ("buildings.txt", 2, check_buildings), 19);
}

/* Whatever the buildings: each group has five payers in each month in which it has any, unless all are one. */
static void
no_group_of_random_estates_has_fewer_than_five_payers (void **state)
{
  (void) state;
  for (guint32 seed = 0; seed < 500; seed++) {
    g_autoptr (GRand) rand = test_rand (seed);
    guint n_months = (guint) g_rand_int_range (rand, 1, 5), n = (guint) g_rand_int_range (rand, 1, 9);
    g_autoptr (FeeBuildings) buildings = fee_buildings_new (n_months);
    g_autofree guint64 *payers = g_new0 (guint64, n_months * n); /* a bit each */
    for (guint b = 0; b < n; b++) {
      char name[2] = { (char) ('A' + b), '\0' };
      assert_is (fee_buildings_find (buildings, name), b);
      for (guint m = 0; m < n_months; m++)
        for (gint i = g_rand_int_range (rand, 0, 9); i > 0; i--) {
          guint party = (guint) g_rand_int_range (rand, 0, 60);
          g_autofree char *id = g_strdup_printf ("%u", party);
          payers[m * n + b] |= G_GUINT64_CONSTANT (1) << party;
          fee_buildings_add_payer (buildings, m, b, id);
        }
    }
    fee_buildings_merge (buildings);
    for (guint m = 0; m < n_months; m++)
      for (guint b = 0; b < n; b++) {
        guint64 group = 0, all = 0;
        for (guint k = 0; k < n; k++) {
          all |= payers[m * n + k];
          group |= fee_buildings_group (buildings, k) == fee_buildings_group (buildings, b) ? payers[m * n + k] : 0;
        }
        if (group != 0 && __builtin_popcountll (group) < FEE_LEAST_PAYERS && group != all)
          fail_msg ("seed %u, month %u: the group of building %u has %d payers", seed, m, b, __builtin_popcountll (group));
      }
  }
}

/* ---- Prices */

static void
check_price (char **cells, const char *place)
{
  g_auto (GStrv) words = g_strsplit (cells[0], " ", -1);
  FeeQuantity cost, weight;
  gint64 price;
  char text[FEE_NUMBER_SIZE] = "none";
  assert_is (g_strv_length (words), 4);
  gint decimals = (gint) test_int (words[1]);
  assert_true (fee_quantity_parse (words[2], &weight));
  g_auto (GStrv) parts = g_strsplit (words[0], ".", 2);
  g_autofree char *digits = g_strconcat (parts[0], parts[1], NULL);
  cost = test_int (digits);
  if (fee_disclosure_price (cost, decimals, weight, (gint) test_int (words[3]), &price))
    fee_money_format (price, 4, text);
  if (strcmp (text, cells[1]) != 0)
    fail_msg ("%s: %s, not %s", place, text, cells[1]);
}

static void
what_a_unit_of_a_driver_costs_is_rounded_once (void **state)
{
  (void) state;
  assert_is (test_each_line ("unit-costs.txt", 2, check_price), 14);
}

static void
periods_are_written_as_they_are_asked_for (void **state)
{
  (void) state;
  char text[FEE_DATE_SIZE];
  FeePeriod january = 2026 * 12;
  assert_text (fee_disclosure_period (january + 2, january + 2, text), "2026-03");
  assert_text (fee_disclosure_period (january, january + 2, text), "2026-Q1");
  assert_text (fee_disclosure_period (january + 9, january + 11, text), "2026-Q4");
  assert_text (fee_disclosure_period (january, january + 11, text), "2026");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (buildings_with_fewer_than_five_payers_join_the_smallest_other),
    cmocka_unit_test (no_group_of_random_estates_has_fewer_than_five_payers),
    cmocka_unit_test (what_a_unit_of_a_driver_costs_is_rounded_once),
    cmocka_unit_test (periods_are_written_as_they_are_asked_for),
  };
  return cmocka_run_group_tests_name ("disclosure", tests, NULL, NULL);
}
