/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

/* ---- Merging */

static void
append_merge (const FeeTable *table, guint32 row, FeeMerge merge, guint32 before, gpointer data)
{
  static const char *const texts[] = { "new", "unchanged", "changed", "twice" };
  GString *out = data;
  g_autofree char *key = fee_table_show_key (table, row);
  g_string_append_printf (out, "%s%u %s: %s", out->len > 0 ? "; " : "", row, key, texts[merge]);
  if (merge != FEE_MERGE_NEW)
    g_string_append_printf (out, " of %u", before);
}

/* A table of a kind into which batches are read one by one. */
typedef struct {
  FeeRecords *records;
  FeeKindId kind;
} Desk;

static Desk
desk_new (FeeKindId kind)
{
  return (Desk) { test_records (TEST_REQUIRED), kind };
}

static void
desk_clear (Desk *desk)
{
  fee_records_free (desk->records);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static FeeTable *
table_of (const Desk *desk)
{
  return desk->records->tables[desk->kind];
}

static void
add (Desk *desk, guint32 batch, const char *rows)
{
  test_add (desk->records, desk->kind, batch, rows);
}

static void
assert_merged (Desk *desk, guint first_segment, const char *wanted)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  fee_table_merge (table_of (desk), first_segment, append_merge, heard);
  assert_text (heard->str, wanted);
}

/* The rows that stand: "row: cell,cell,...". */
static char *
standing (const FeeTable *table)
{
  GString *out = g_string_new (NULL);
  for (guint32 row = 0; row < table->n_rows; row++) {
    if (!fee_table_alive (table, row))
      continue;
    g_string_append_printf (out, "%s%u: ", out->len > 0 ? "; " : "", row);
    for (guint n = 0; n < table->columns->len; n++) {
      g_autofree char *cell = fee_table_show (table, n, row, 2);
      g_string_append_printf (out, "%s%s", n > 0 ? "," : "", cell);
    }
  }
  return g_string_free (out, FALSE);
}

static void
assert_standing (const Desk *desk, const char *wanted)
{
  g_autofree char *got = standing (table_of (desk));
  assert_text (got, wanted);
}

static void
rows_are_new_unchanged_or_changed (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_QUANTITIES);
  add (&desk, 2, "driver,target,quantity,from\nwater,101,1,2026-01-01\nwater,102,2,2026-01-01\n");
  add (&desk, 3,
       "driver,target,quantity,from\nwater,101,1,2026-01-01\nwater,102,3,2026-01-01\nwater,103,4,2026-01-01\nwater,101,5,"
       "2026-02-01\n");
  assert_merged (&desk, 1,
                 "2 driver water target 101 from 2026-01-01: unchanged of 0; 3 driver water target 102 from 2026-01-01: "
                 "changed of 1; "
                 "4 driver water target 103 from 2026-01-01: new; 5 driver water target 101 from 2026-02-01: new");
  assert_standing (&desk, "0: water,101,1,2026-01-01,; 3: water,102,3,2026-01-01,; 4: water,103,4,2026-01-01,; 5: "
                          "water,101,5,2026-02-01,");
}

static void
all_segments_are_heard_of_from_the_first_asked_for (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit\n101\n");
  add (&desk, 3, "unit\n101\n102\n");
  add (&desk, 4, "unit\n102\n");
  assert_merged (&desk, 0, "0 unit 101: new; 1 unit 101: unchanged of 0; 2 unit 102: new; 3 unit 102: unchanged of 2");
}

static void
one_key_twice_in_a_file_is_told (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area\n101,1\n");
  add (&desk, 3, "unit,area\n102,1\n102,1\n101,2\n101,3\n");
  assert_merged (&desk, 1, "1 unit 102: new; 2 unit 102: twice of 1; 3 unit 101: changed of 0; 4 unit 101: twice of 3");
}

/* interface.md section 3: a column that the file lacks keeps its value, an empty cell clears it. */
static void
a_lacking_column_keeps_its_value_and_an_empty_cell_clears_it (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_COSTS);
  add (&desk, 2,
       "doc,date,category,amount,from,to,centre,supplier,memo\nD1,2026-01-05,other,1.00,2026-01-01,2026-03-31,lifts,Acme,a "
       "memo\n");
  add (&desk, 3, "doc,date,category,amount,centre\nD1,2026-01-05,other,2.00,\n");
  add (&desk, 4, "doc,date,category,amount,memo\nD1,2026-01-05,other,2.00,\n");
  assert_merged (&desk, 0, "0 doc D1: new; 1 doc D1: changed of 0; 2 doc D1: changed of 1");
  assert_standing (&desk, "2: D1,,2026-01-05,other,2.00,2026-01-01,2026-03-31,,,Acme,");
}

static void
a_file_that_lacks_columns_changes_nothing_by_it (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_COSTS);
  add (&desk, 2, "doc,date,category,amount,supplier\nD1,2026-01-05,other,1.00,Acme\n");
  add (&desk, 3, "doc,date,category,amount\nD1,2026-01-05,other,1.00\n");
  assert_merged (&desk, 1, "1 doc D1: unchanged of 0");
  assert_standing (&desk, "0: D1,,2026-01-05,other,1.00,,,,,Acme,");
}

static void
attributes_of_units_are_kept_and_cleared_likewise (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area,lift\n101,50,1.0\n102,60,1.5\n");
  add (&desk, 3, "unit,Parking\n101,P7\n");
  add (&desk, 4, "unit,LIFT,parking\n102,,\n");
  assert_merged (&desk, 1, "2 unit 101: changed of 0; 3 unit 102: changed of 1");
  assert_standing (&desk, "2: 101,,,,,50,,,1.0,P7; 3: 102,,,,,60,,,,");
}

/* The blank line of a document is a line of its own; so is the blank first day. */
static void
an_empty_cell_of_a_key_is_a_value (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_COSTS);
  add (&desk, 2, "doc,line,date,category,amount\nD1,,2026-01-05,other,1.00\nD1,1,2026-01-05,other,2.00\n");
  add (&desk, 3, "doc,date,category,amount\nD1,2026-01-05,other,3.00\n");
  assert_merged (&desk, 0, "0 doc D1: new; 1 doc D1#1: new; 2 doc D1: changed of 0");
  g_auto (Desk) units = desk_new (FEE_KIND_UNITS);
  add (&units, 2, "unit,from\n101,\n101,2026-03-01\n");
  assert_merged (&units, 0, "0 unit 101: new; 1 unit 101 from 2026-03-01: new");
}

static void
ids_are_texts (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit\n007\n7\n219E01\n7.0\n");
  assert_merged (&desk, 0, "0 unit 007: new; 1 unit 7: new; 2 unit 219E01: new; 3 unit 7.0: new");
}

/* ---- Retracted versions */

static void
a_retracted_version_leaves_the_one_before (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area\n101,50\n102,60\n");
  add (&desk, 3, "unit,area\n101,55\n103,70\n");
  test_retract (desk.records, FEE_KIND_UNITS, 3, 4);
  assert_merged (&desk, 0, "0 unit 101: new; 1 unit 102: new; 2 unit 101: changed of 0; 3 unit 103: new");
  assert_standing (&desk, "0: 101,,,,,50,,; 1: 102,,,,,60,,");
}

static void
a_retracted_first_version_leaves_nothing (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area\n101,50\n");
  add (&desk, 5, "unit,area\n102,60\n");
  test_retract (desk.records, FEE_KIND_UNITS, 2, 3);
  assert_merged (&desk, 0, "0 unit 101: new; 1 unit 102: new");
  assert_standing (&desk, "1: 102,,,,,60,,");
}

/* The amendment came while the first stood and keeps its cells, though the first is retracted later. */
static void
a_later_version_keeps_cells_of_what_is_retracted_after_it (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area,floor\n101,50,3\n");
  add (&desk, 3, "unit,area\n101,55\n");
  test_retract (desk.records, FEE_KIND_UNITS, 2, 4);
  assert_merged (&desk, 0, "0 unit 101: new; 1 unit 101: changed of 0");
  assert_standing (&desk, "1: 101,,,3,,55,,");
}

/* What was retracted before it came is no base. */
static void
a_key_that_comes_again_after_its_retraction_is_new (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area,floor\n101,50,3\n");
  test_retract (desk.records, FEE_KIND_UNITS, 2, 3);
  add (&desk, 4, "unit,area\n101,50\n");
  assert_merged (&desk, 0, "0 unit 101: new; 1 unit 101: new");
  assert_standing (&desk, "1: 101,,,,,50,,");
}

static void
the_base_is_the_version_that_stood_when_a_batch_came (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area,floor\n101,50,3\n");
  add (&desk, 3, "unit,area,floor\n101,60,4\n");
  test_retract (desk.records, FEE_KIND_UNITS, 3, 4);
  add (&desk, 5, "unit,area\n101,70\n"); /* floor 3: batch 3 was retracted by then */
  assert_merged (&desk, 2, "2 unit 101: changed of 0");
  assert_standing (&desk, "2: 101,,,3,,70,,");
  g_auto (Desk) later = desk_new (FEE_KIND_UNITS);
  add (&later, 2, "unit,area,floor\n101,50,3\n");
  add (&later, 3, "unit,area,floor\n101,60,4\n");
  add (&later, 4, "unit,area\n101,70\n"); /* floor 4: batch 3 still stood */
  test_retract (later.records, FEE_KIND_UNITS, 3, 5);
  assert_merged (&later, 2, "2 unit 101: changed of 1");
  assert_standing (&later, "2: 101,,,4,,70,,");
}

/* A row that said nothing new, of a batch whose predecessor goes: it says it now by itself. */
static void
an_unchanged_row_stands_when_what_it_repeated_is_retracted (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area\n101,50\n");
  add (&desk, 3, "unit,area\n101,50\n");
  add (&desk, 4, "unit,area\n101,50\n");
  test_retract (desk.records, FEE_KIND_UNITS, 2, 5);
  /* as its import heard it: batch 2 still stood when 4 came, and the audit counts again what was counted then */
  assert_merged (&desk, 1, "1 unit 101: unchanged of 0; 2 unit 101: unchanged of 0");
  assert_standing (&desk, "1: 101,,,,,50,,");
}

static void
a_file_that_repeats_after_a_change_back_and_forth_leads_to_the_right_version (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit,area\n101,50\n");
  add (&desk, 3, "unit,area\n101,60\n");
  add (&desk, 4, "unit,area\n101,50\n");
  add (&desk, 5, "unit,area\n101,50\n");
  assert_merged (&desk, 1, "1 unit 101: changed of 0; 2 unit 101: changed of 1; 3 unit 101: unchanged of 2");
  assert_standing (&desk, "2: 101,,,,,50,,");
}

/* ---- Rows and columns */

static void
a_row_knows_its_segment_and_line (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  add (&desk, 2, "unit\n101\n\n102\n");
  add (&desk, 3, "unit\n"); /* no rows */
  add (&desk, 7, "unit\n103\n");
  const FeeTable *table = table_of (&desk);
  assert_is (fee_table_segment_of (table, 0)->batch, 2);
  assert_is (fee_table_segment_of (table, 1)->batch, 2);
  assert_is (fee_table_segment_of (table, 2)->batch, 7);
  assert_is (table->line[0], 2);
  assert_is (table->line[1], 4);
  assert_is (table->line[2], 2);
}

static void
a_new_attribute_is_empty_in_the_rows_before (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_UNITS);
  FeeTable *table = table_of (&desk);
  add (&desk, 2, "unit\n101\n");
  guint lift = fee_table_add_attribute (table, "lift");
  assert_is (fee_table_add_attribute (table, "LIFT"), lift);
  assert_is (fee_table_find_column (table, "Lift"), lift);
  assert_is (fee_table_add_attribute (table, "AREA"), FEE_UNITS_AREA);
  assert_is (fee_table_find_column (table, "lifts"), -1);
  assert_true (fee_table_is_empty (table, lift, 0));
  add (&desk, 3, "unit,lift\n102,1.5\n");
  assert_text (fee_table_text (table, lift, 1), "1.5");
  assert_is (g_array_index (table->segments, FeeSegment, 0).present->data[lift], FALSE);
  assert_is (g_array_index (table->segments, FeeSegment, 1).present->data[lift], TRUE);
}

static void
columns_that_nobody_wants_are_not_held (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) ids = fee_strings_new ();
  g_autoptr (FeeTable) table = fee_table_new (FEE_KIND_COSTS, ids);
  g_autoptr (FeePolicy) policy = test_policy (TEST_REQUIRED);
  fee_table_want (table, ~(1u << FEE_COSTS_MEMO | 1u << FEE_COSTS_SUPPLIER));
  fee_table_begin_segment (table, 2);
  fee_reading_free (test_read_rows (table, policy, "doc,date,category,amount,memo\nD1,2026-01-05,other,1.00,x\n"));
  fee_table_begin_segment (table, 3);
  fee_reading_free (test_read_rows (
      table, policy, "doc,date,category,amount,memo\nD1,2026-01-05,other,1.00,y\nD2,2026-01-05,other,1.00,y\n"));
  assert_null (fee_table_column (table, FEE_COSTS_MEMO)->cells);
  g_autoptr (GString) heard = g_string_new (NULL);
  fee_table_merge (table, 0, append_merge, heard);
  assert_text (heard->str, "0 doc D1: new; 1 doc D1: unchanged of 0; 2 doc D2: new");
}

static void
cells_are_shown_as_people_read_them (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_ASSETS);
  add (&desk, 2,
       "asset,name,cost,residual,life,in_service,units\nA1,pump,1000.5,0.00,36,2026-01-05,12.50\nA2,x,1.00,0.00,,2026-01-05,"
       "\n");
  assert_standing (&desk, "0: A1,pump,1000.50,0.00,36,2026-01-05,,,,,12.5; 1: A2,x,1.00,0.00,,2026-01-05,,,,,");
  const FeeTable *table = table_of (&desk);
  assert_true (fee_table_is_empty (table, FEE_ASSETS_LIFE, 1) && fee_table_is_empty (table, FEE_ASSETS_UNITS, 1));
  assert_false (fee_table_is_empty (table, FEE_ASSETS_RESIDUAL, 0));
  assert_is (fee_table_column (table, FEE_ASSETS_OPENING)->number[0], FEE_CELL_NO_NUMBER);
}

static gint
by_amount (const FeeTable *table, guint32 a, guint32 b, gconstpointer data)
{
  const gint64 *amount = fee_table_column (table, FEE_COSTS_AMOUNT)->number;
  assert_ptr_equal (data, table);
  if (amount[a] != amount[b])
    return amount[a] < amount[b] ? -1 : 1;
  return a < b ? -1 : a > b;
}

static void
sorted_rows_are_those_that_stand_in_order (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (13);
  g_auto (Desk) desk = desk_new (FEE_KIND_COSTS);
  for (guint32 batch = 2; batch < 6; batch++) {
    g_autoptr (GString) rows = g_string_new ("doc,date,category,amount\n");
    for (guint i = 0; i < 500; i++)
      if (batch == 2 || g_rand_boolean (rand))
        g_string_append_printf (rows, "D%u,2026-01-05,other,%d.00\n", i, g_rand_int_range (rand, 0, 40));
    add (&desk, batch, rows->str);
  }
  FeeTable *table = table_of (&desk);
  fee_table_merge (table, 0, NULL, NULL);
  guint32 n = 0;
  g_autofree guint32 *rows = fee_table_sorted (table, by_amount, table, &n);
  assert_is (n, 500);
  for (guint32 i = 0; i < n; i++) {
    assert_true (fee_table_alive (table, rows[i]));
    assert_true (i == 0 || by_amount (table, rows[i - 1], rows[i], table) < 0);
  }
}

static void
an_empty_table_has_no_rows_to_sort (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new (FEE_KIND_COSTS);
  guint32 n = 7;
  fee_table_merge (table_of (&desk), 0, NULL, NULL);
  g_autofree guint32 *rows = fee_table_sorted (table_of (&desk), by_amount, table_of (&desk), &n);
  assert_non_null (rows);
  assert_is (n, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rows_are_new_unchanged_or_changed),
    cmocka_unit_test (all_segments_are_heard_of_from_the_first_asked_for),
    cmocka_unit_test (one_key_twice_in_a_file_is_told),
    cmocka_unit_test (a_lacking_column_keeps_its_value_and_an_empty_cell_clears_it),
    cmocka_unit_test (a_file_that_lacks_columns_changes_nothing_by_it),
    cmocka_unit_test (attributes_of_units_are_kept_and_cleared_likewise),
    cmocka_unit_test (an_empty_cell_of_a_key_is_a_value),
    cmocka_unit_test (ids_are_texts),
    cmocka_unit_test (a_retracted_version_leaves_the_one_before),
    cmocka_unit_test (a_retracted_first_version_leaves_nothing),
    cmocka_unit_test (a_later_version_keeps_cells_of_what_is_retracted_after_it),
    cmocka_unit_test (a_key_that_comes_again_after_its_retraction_is_new),
    cmocka_unit_test (the_base_is_the_version_that_stood_when_a_batch_came),
    cmocka_unit_test (an_unchanged_row_stands_when_what_it_repeated_is_retracted),
    cmocka_unit_test (a_file_that_repeats_after_a_change_back_and_forth_leads_to_the_right_version),
    cmocka_unit_test (a_row_knows_its_segment_and_line),
    cmocka_unit_test (a_new_attribute_is_empty_in_the_rows_before),
    cmocka_unit_test (columns_that_nobody_wants_are_not_held),
    cmocka_unit_test (cells_are_shown_as_people_read_them),
    cmocka_unit_test (sorted_rows_are_those_that_stand_in_order),
    cmocka_unit_test (an_empty_table_has_no_rows_to_sort),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
