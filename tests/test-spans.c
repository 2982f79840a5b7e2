/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

static void
append_overlap (const FeeTable *table, guint32 row, guint32 other, gpointer data)
{
  GString *out = data;
  g_autofree char *a = fee_table_show_key (table, row), *b = fee_table_show_key (table, other);
  g_string_append_printf (out, "%s%s / %s", out->len > 0 ? "; " : "", a, b);
}

/* Indexes; overlaps are told as texts. */
static char *
index_records (FeeRecords *records)
{
  GString *overlaps = g_string_new (NULL);
  for (guint i = 0; i < FEE_N_KINDS; i++)
    if (records->tables[i] != NULL)
      fee_table_merge (records->tables[i], 0, NULL, NULL);
  fee_records_index (records, append_overlap, overlaps);
  return g_string_free (overlaps, FALSE);
}

static void
append_days (GString *out, FeeDate from, FeeDate to)
{
  char a[FEE_DATE_SIZE], b[FEE_DATE_SIZE];
  g_string_append_printf (out, " %s..%s", fee_date_format (from, a), fee_date_format (to, b));
}

static char *
show_register (const FeeRegister *reg)
{
  GString *out = g_string_new (NULL);
  for (guint32 unit = 0; unit < reg->n_units; unit++) {
    g_string_append_printf (out, "%s%s", unit > 0 ? "; " : "", fee_register_unit (reg, unit));
    for (guint32 i = reg->first[unit]; i < reg->first[unit + 1]; i++)
      append_days (out, reg->spans.from[i], reg->spans.to[i]);
  }
  return g_string_free (out, FALSE);
}

static void
assert_register (const char *units, const char *wanted, const char *overlaps)
{
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  test_add (records, FEE_KIND_UNITS, 2, units);
  g_autofree char *told = index_records (records);
  g_autofree char *got = show_register (records->reg);
  assert_text (got, wanted);
  assert_text (told, overlaps);
}

static void
an_empty_end_is_the_day_before_the_next_row (void **state)
{
  (void) state;
  assert_register ("unit,from,to\n102,2026-03-01,\n101,2026-02-01,\n101,,\n102,2026-01-01,2026-01-31\n",
                   "101 ..2026-01-31 2026-02-01..; 102 2026-01-01..2026-01-31 2026-03-01..", "");
}

static void
units_are_by_their_bytes (void **state)
{
  (void) state;
  assert_register ("unit\na\nB\n10\n9\n1栋-2\n1栋-10\n", "10 ..; 1栋-10 ..; 1栋-2 ..; 9 ..; B ..; a ..", "");
}

static void
rows_of_a_unit_that_overlap_are_told (void **state)
{
  (void) state;
  assert_register ("unit,from,to\n101,2026-01-01,2026-03-15\n101,2026-03-15,\n102,2026-01-01,2026-03-14\n102,2026-03-15,\n",
                   "101 2026-01-01..2026-03-15 2026-03-15..; 102 2026-01-01..2026-03-14 2026-03-15..",
                   "unit 101 from 2026-01-01 / unit 101 from 2026-03-15");
  assert_register ("unit,from,to\n101,,2026-03-15\n101,2026-03-15,2026-04-01\n101,2026-04-01,\n",
                   "101 ..2026-03-15 2026-03-15..2026-04-01 2026-04-01..",
                   "unit 101 / unit 101 from 2026-03-15; unit 101 from 2026-03-15 / unit 101 from 2026-04-01");
}

static void
rows_that_do_not_stand_are_not_indexed (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  test_add (records, FEE_KIND_UNITS, 2, "unit,from,to\n101,,2026-12-31\n102,,\n");
  test_add (records, FEE_KIND_UNITS, 3, "unit,from,to\n101,,2026-05-31\n101,2026-06-01,\n103,,\n");
  test_add (records, FEE_KIND_UNITS, 4, "unit,from,to\n104,,\n");
  test_retract (records, FEE_KIND_UNITS, 4, 5);
  g_autofree char *told = index_records (records);
  g_autofree char *got = show_register (records->reg);
  assert_text (got, "101 ..2026-05-31 2026-06-01..; 102 ..; 103 ..");
  assert_text (told, "");
}

static void
a_register_without_units_is_empty (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  g_autofree char *told = index_records (records);
  assert_text (told, "");
  assert_is (records->reg->n_units, 0);
  assert_is (fee_register_find (records->reg, fee_strings_intern_text (records->ids, "101"), 0), FEE_UNIT_NONE);
  assert_is (records->tenures->n, 0);
}

static void
every_unit_is_found_with_any_hint (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (14);
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  g_autoptr (GString) units = g_string_new ("unit,from\n");
  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (units, "%u-%u,\n%u-%u,2026-02-01\n", i * 7919 % 3000, i, i * 7919 % 3000, i);
  test_add (records, FEE_KIND_UNITS, 2, units->str);
  g_autofree char *told = index_records (records);
  assert_text (told, "");
  const FeeRegister *reg = records->reg;
  assert_is (reg->n_units, 3000);
  for (guint32 unit = 0; unit < reg->n_units; unit++) {
    assert_is (fee_register_find (reg, reg->unit[unit], 0), unit);
    assert_is (fee_register_find (reg, reg->unit[unit], unit), unit);
    assert_is (fee_register_find (reg, reg->unit[unit], unit > 0 ? unit - 1 : 0), unit);
    assert_is (fee_register_find (reg, reg->unit[unit], (guint32) g_rand_int_range (rand, 0, 4000)), unit);
    assert_is (reg->first[unit + 1] - reg->first[unit], 2);
  }
  FeeText other = fee_strings_intern_text (records->ids, "none");
  assert_is (fee_register_find (reg, other, 0), FEE_UNIT_NONE);
  assert_is (fee_register_find (reg, other, 2999), FEE_UNIT_NONE);
  assert_is (fee_register_find (reg, FEE_TEXT_EMPTY, 0), FEE_UNIT_NONE);
}

/* ---- Parties */

static char *
show_tenures (const FeeRecords *records)
{
  static const char *const roles[] = { "owner", "occupant" };
  GString *out = g_string_new (NULL);
  const FeeTenures *tenures = records->tenures;
  for (guint32 unit = 0; unit < records->reg->n_units; unit++) {
    g_string_append_printf (out, "%s%s:", unit > 0 ? "; " : "", fee_register_unit (records->reg, unit));
    for (guint32 i = tenures->first[unit]; i < tenures->first[unit + 1]; i++) {
      g_string_append_printf (out, " %s %s", roles[tenures->role[i]], fee_strings_get (records->ids, tenures->party[i]));
      append_days (out, tenures->spans.from[i], tenures->spans.to[i]);
    }
  }
  return g_string_free (out, FALSE);
}

static void
assert_tenures (const char *units, const char *parties, const char *wanted, const char *overlaps)
{
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  test_add (records, FEE_KIND_UNITS, 2, units);
  test_add (records, FEE_KIND_PARTIES, 3, parties);
  g_autofree char *told = index_records (records);
  g_autofree char *got = show_tenures (records);
  assert_text (got, wanted);
  assert_text (told, overlaps);
}

#define PARTIES "unit,role,party,name,from,to\n"

static void
tenures_are_by_unit_role_and_first_day (void **state)
{
  (void) state;
  assert_tenures ("unit\n101\n102\n103\n",
                  PARTIES "103,occupant,D,Du,,\n101,occupant,C,Cao,2026-02-01,2026-02-10\n101,owner,B,Bai,2026-03-01,\n101,"
                          "owner,A,An,,\n103,业主,E,Er,,\n",
                  "101: owner A ..2026-02-28 owner B 2026-03-01.. occupant C 2026-02-01..2026-02-10; 102:; 103: owner E .. "
                  "occupant D ..",
                  "");
}

static void
two_parties_in_one_role_on_one_day_are_told (void **state)
{
  (void) state;
  assert_tenures ("unit\n101\n",
                  PARTIES "101,owner,A,An,,2026-03-01\n101,owner,B,Bai,2026-03-01,\n101,occupant,A,An,,2026-03-01\n101,"
                          "occupant,B,Bai,2026-03-02,\n",
                  "101: owner A ..2026-03-01 owner B 2026-03-01.. occupant A ..2026-03-01 occupant B 2026-03-02..",
                  "unit 101 role owner / unit 101 role owner from 2026-03-01");
}

static void
a_party_without_a_number_is_named_by_unit_role_and_first_day (void **state)
{
  (void) state;
  assert_tenures ("unit\n101\n", PARTIES "101,owner,,An,,2026-03-01\n101,owner,,Bai,2026-03-02,\n",
                  "101: owner 101:owner: ..2026-03-01 owner 101:owner:2026-03-02 2026-03-02..", "");
}

/* Their days must not fall to a neighbour. */
static void
tenures_of_units_that_the_register_lacks_are_left_out (void **state)
{
  (void) state;
  assert_tenures ("unit\n101\n103\n",
                  PARTIES "100,owner,Z,Zhu,,\n101,owner,A,An,,\n102,owner,X,Xu,,\n102,occupant,X,Xu,,\n103,owner,B,Bai,,"
                          "\n104,owner,Y,Yu,,\n",
                  "101: owner A ..; 103: owner B ..", "");
}

static void
the_owner_of_a_day_is_found (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  test_add (records, FEE_KIND_UNITS, 2, "unit\n101\n102\n");
  test_add (records, FEE_KIND_PARTIES, 3,
            PARTIES "101,owner,A,An,2026-01-05,2026-01-10\n101,owner,B,Bai,2026-01-12,\n101,occupant,C,Cao,,\n");
  g_autofree char *told = index_records (records);
  assert_text (told, "");
  static const struct {
    const char *day, *owner;
  } cases[] = { { "2026-01-04", "" }, { "2026-01-05", "A" }, { "2026-01-10", "A" },
                { "2026-01-11", "" }, { "2026-01-12", "B" }, { "2099-01-01", "B" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_text (fee_strings_get (records->ids, fee_tenures_owner (records->tenures, 0, day (cases[i].day))),
                 cases[i].owner);
  assert_is (fee_tenures_owner (records->tenures, 1, day ("2026-01-05")), FEE_TEXT_EMPTY);
}

/* ---- Quantities */

static void
quantities_are_by_driver_target_and_first_day (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  g_autoptr (GString) got = g_string_new (NULL);
  static const char *const drivers[] = { "heads", "trips", "water", "none" };
  test_add (records, FEE_KIND_QUANTITIES, 2,
            "driver,target,quantity,from,to\nwater,9,1,2026-01-01,2026-01-31\nheads,10,2,2026-02-01,\nheads,9,3,,\nheads,10,"
            "4,,\n"
            "water,10,5,2026-02-01,2026-02-28\ntrips,9,6,,\nwater,10,7,2026-01-01,2026-02-01\n");
  g_autofree char *told = index_records (records);
  for (guint i = 0; i < G_N_ELEMENTS (drivers); i++) {
    guint32 begin = 7, end = 8;
    char quantity[FEE_NUMBER_SIZE];
    fee_measures_of_driver (records->measures, drivers[i], &begin, &end);
    g_string_append_printf (got, "%s:", drivers[i]);
    for (guint32 n = begin; n < end; n++) {
      g_string_append_printf (got, " %s=%s", fee_strings_get (records->ids, fee_measures_target (records->measures, n)),
                              fee_quantity_format (fee_measures_quantity (records->measures, n), quantity));
      append_days (got, records->measures->spans.from[n], records->measures->spans.to[n]);
    }
    g_string_append_c (got, '\n');
  }
  assert_text (got->str, "heads: 10=4 ..2026-01-31 10=2 2026-02-01.. 9=3 ..\ntrips: 9=6 ..\n"
                         "water: 10=7 2026-01-01..2026-02-01 10=5 2026-02-01..2026-02-28 9=1 "
                         "2026-01-01..2026-01-31\nnone:\n");
  assert_text (told, "driver water target 10 from 2026-01-01 / driver water target 10 from 2026-02-01");
}

static void
records_may_be_indexed_again (void **state)
{
  (void) state;
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  test_add (records, FEE_KIND_UNITS, 2, "unit\n101\n");
  g_autofree char *told = index_records (records);
  assert_text (told, "");
  fee_records_index (records, NULL, NULL);
  assert_is (records->reg->n_units, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (an_empty_end_is_the_day_before_the_next_row),
    cmocka_unit_test (units_are_by_their_bytes),
    cmocka_unit_test (rows_of_a_unit_that_overlap_are_told),
    cmocka_unit_test (rows_that_do_not_stand_are_not_indexed),
    cmocka_unit_test (a_register_without_units_is_empty),
    cmocka_unit_test (every_unit_is_found_with_any_hint),
    cmocka_unit_test (tenures_are_by_unit_role_and_first_day),
    cmocka_unit_test (two_parties_in_one_role_on_one_day_are_told),
    cmocka_unit_test (a_party_without_a_number_is_named_by_unit_role_and_first_day),
    cmocka_unit_test (tenures_of_units_that_the_register_lacks_are_left_out),
    cmocka_unit_test (the_owner_of_a_day_is_found),
    cmocka_unit_test (quantities_are_by_driver_target_and_first_day),
    cmocka_unit_test (records_may_be_indexed_again),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
