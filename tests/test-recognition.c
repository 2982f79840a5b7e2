/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/engine/fee-stages.h"

/* ---- rules.md section 3: what was served */

static FeeServiceSpan
span_of (const char *from, const char *to, const char *spread)
{
  g_autoptr (FeeRecords) records = test_records (TEST_REQUIRED);
  g_autofree char *rows =
      g_strdup_printf ("doc,date,category,amount,from,to,spread\nD,2026-02-10,other,1.00,%s,%s,%s\n", from, to, spread);
  test_add (records, FEE_KIND_COSTS, 2, rows);
  return fee_cost_span (records->tables[FEE_KIND_COSTS], 0);
}

static void
check_portions (char **cells, const char *place)
{
  FeeMoney amount = fen (cells[0]), before = 0;
  FeeServiceSpan span = span_of (cells[1], cells[2], cells[3]);
  FeePeriod first = fee_period_of (span.from), last = fee_period_of (span.to);
  FeeMoney portions[32];
  assert_true (fee_served (amount, &span, first - 1) == 0 && fee_served (amount, &span, first - 100) == 0);
  for (FeePeriod p = first; p <= last; p++) {
    FeeMoney served = fee_served (amount, &span, p);
    portions[p - first] = served - before;
    before = served;
  }
  assert_is (before, amount);
  assert_is (fee_served (amount, &span, last + 50), amount);
  g_autofree char *got = test_show (portions, (gsize) (last - first + 1));
  if (strcmp (got, cells[4]) != 0)
    fail_msg ("%s: portions %s, not %s", place, got, cells[4]);
}

static void
costs_are_served_by_month_or_day_as_the_file_of_cases_says (void **state)
{
  (void) state;
  assert_true (test_each_line ("served.txt", 5, check_portions) >= 19);
}

static void
a_blank_day_is_the_first_or_last_of_the_month_of_the_date (void **state)
{
  (void) state;
  FeeServiceSpan span = span_of ("", "", "");
  assert_is (span.from, day ("2026-02-01"));
  assert_is (span.to, day ("2026-02-28"));
  assert_false (span.by_days);
  span = span_of ("2026-01-15", "", "");
  assert_true (span.from == day ("2026-01-15") && span.to == day ("2026-02-28") && span.by_days);
  span = span_of ("", "2026-03-31", "");
  assert_true (span.from == day ("2026-02-01") && span.to == day ("2026-03-31") && !span.by_days);
  span = span_of ("", "2026-03-30", "");
  assert_true (span.by_days);
  span = span_of ("", "", "days");
  assert_true (span.by_days);
  span = span_of ("2026-01-15", "2026-03-02", "months");
  assert_false (span.by_days);
}

static void
the_largest_amounts_are_served_without_overflow (void **state)
{
  (void) state;
  FeeServiceSpan span = { day ("1990-01-02"), day ("2100-12-31"), TRUE };
  FeeMoney served = fee_served (G_MAXINT64, &span, month ("2045-06")),
           before = fee_served (G_MAXINT64, &span, month ("2045-05"));
  assert_true (served > before && served < G_MAXINT64);
  assert_is (fee_served (G_MININT64, &span, month ("2100-12")), G_MININT64);
  assert_true (fee_served (G_MININT64, &span, month ("2100-11")) > G_MININT64);
}

/* ---- A book while it is written: batches come, months are run */

typedef struct {
  FeeRecords *records;
  FeeHistory *history;
  GPtrArray *texts; /* by batch: rows; "" for a retraction */
  GArray *kinds;    /* of FeeKindId */
  GArray *retracted_by; /* of guint32 */
} Desk;

static Desk
desk_new (void)
{
  return (Desk){ test_records (TEST_REQUIRED "[centre lifts]\ndriver=one\n[centre pumps]\ndriver=one\n"), fee_history_new (),
                 g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, TRUE, sizeof (FeeKindId)),
                 g_array_new (FALSE, TRUE, sizeof (guint32)) };
}

static void
desk_clear (Desk *desk)
{
  fee_records_free (desk->records);
  fee_history_free (desk->history);
  g_ptr_array_unref (desk->texts);
  g_array_unref (desk->kinds);
  g_array_unref (desk->retracted_by);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static guint32
desk_take (Desk *desk, FeeKindId kind, const char *rows)
{
  g_ptr_array_add (desk->texts, g_strdup (rows));
  g_array_append_val (desk->kinds, kind);
  g_array_set_size (desk->retracted_by, desk->texts->len);
  return desk->texts->len;
}

static void
desk_retract (Desk *desk, guint32 batch)
{
  guint32 by = desk_take (desk, FEE_KIND_COSTS, "");
  g_array_index (desk->retracted_by, guint32, batch - 1) = by;
  desk->history->all = TRUE;
}

/* Reads all batches again, with the ids of before: history refers to them. */
static void
desk_load (Desk *desk)
{
  static const FeeKindId kinds[] = { FEE_KIND_COSTS, FEE_KIND_ASSETS };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    fee_table_free (desk->records->tables[kinds[i]]);
    desk->records->tables[kinds[i]] = fee_table_new (kinds[i], desk->records->ids);
  }
  for (guint i = 0; i < desk->texts->len; i++) {
    const char *rows = g_ptr_array_index (desk->texts, i);
    if (*rows == '\0')
      continue;
    test_add (desk->records, g_array_index (desk->kinds, FeeKindId, i), i + 1, rows);
    test_retract (desk->records, g_array_index (desk->kinds, FeeKindId, i), i + 1,
                  g_array_index (desk->retracted_by, guint32, i));
  }
  test_index (desk->records);
}

static char *
show_accruals (const FeeRecords *records, const GArray *rows)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    const FeeStageRow *row = &g_array_index (rows, FeeStageRow, i);
    char period[FEE_DATE_SIZE], amount[FEE_NUMBER_SIZE];
    assert_is (row->stage, FEE_STAGE_ACCRUE);
    g_string_append_printf (out, "%s%s %s%s%s %s%s %s", i > 0 ? "; " : "", fee_period_format (row->origin, period),
                            fee_strings_get (records->ids, row->source), row->line != FEE_TEXT_EMPTY ? "#" : "",
                            fee_strings_get (records->ids, row->line), row->to_centre ? "@" : "",
                            fee_strings_get (records->ids, row->target), fee_money_format (row->amount, 2, amount));
  }
  return g_string_free (out, FALSE);
}

/* Runs a month on all batches so far; what it recognised is posted. */
static char *
desk_run (Desk *desk, FeePeriod period)
{
  g_autoptr (FeeAccruals) accruals = NULL;
  g_autoptr (GError) error = NULL;
  desk_load (desk);
  assert_ok (fee_accrue (desk->records, desk->history, period, &accruals, &error), error);
  char *text = show_accruals (desk->records, accruals->rows);
  g_array_append_vals (desk->history->accruals, accruals->rows->data, accruals->rows->len);
  desk->history->since = desk->texts->len;
  desk->history->all = FALSE;
  return text;
}

static void
assert_run (Desk *desk, const char *period, const char *wanted)
{
  g_autofree char *got = desk_run (desk, month (period));
  assert_text (got, wanted);
}

#define COSTS "doc,line,date,category,centre,amount,from,to\n"

static void
a_month_recognises_its_own_part_of_each_cost (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS,
             COSTS "D2,,2026-01-05,other,,12.00,2026-01-01,2026-12-31\nD1,2,2026-01-31,office,lifts,5.00,,\n"
                   "D1,1,2026-01-31,office,,7.00,,\nD9,,2026-02-01,other,,1.00,,\n");
  assert_run (&desk, "2026-01", "2026-01 D1#1 office 7.00; 2026-01 D1#2 @lifts 5.00; 2026-01 D2 other 1.00");
  assert_run (&desk, "2026-02", "2026-02 D2 other 1.00; 2026-02 D9 other 1.00");
  assert_run (&desk, "2026-03", "2026-03 D2 other 1.00");
  assert_run (&desk, "2027-01", "");
}

static void
what_was_served_before_the_book_is_not_recognised (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS,
             COSTS "D1,,2025-11-05,other,,4.00,2025-11-01,2026-02-28\nD2,,2025-12-05,other,,9.00,,\n");
  assert_run (&desk, "2026-01", "2026-01 D1 other 1.00");
  assert_run (&desk, "2026-02", "2026-02 D1 other 1.00");
}

static void
a_late_cost_is_caught_up_by_the_month_it_was_served_in (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-01", "2026-01 D1 other 1.00");
  assert_run (&desk, "2026-02", "2026-02 D1 other 1.00");
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D2,,2026-03-05,other,,9.00,2026-01-01,2026-03-31\n");
  assert_run (&desk, "2026-03",
              "2026-01 D2 other 3.00; 2026-02 D2 other 3.00; 2026-03 D1 other 1.00; 2026-03 D2 other 3.00");
  assert_run (&desk, "2026-04", "2026-04 D1 other 1.00");
}

static void
an_amended_cost_gives_the_difference_to_each_month (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS,
             COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\nD2,,2026-01-05,other,,3.00,,\n");
  assert_run (&desk, "2026-01", "2026-01 D1 other 1.00; 2026-01 D2 other 3.00");
  assert_run (&desk, "2026-02", "2026-02 D1 other 1.00");
  desk_take (&desk, FEE_KIND_COSTS, "doc,date,category,amount\nD1,2026-01-05,other,12.00\n"); /* the span stays as it was */
  assert_run (&desk, "2026-03", "2026-01 D1 other 1.00; 2026-02 D1 other 1.00; 2026-03 D1 other 2.00");
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,4.00,2026-01-01,2026-02-28\n"); /* over already */
  assert_run (&desk, "2026-04", "2026-03 D1 other -2.00");
  assert_run (&desk, "2026-05", "");
}

static void
an_amended_target_takes_its_parts_along (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-01", "2026-01 D1 other 1.00");
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,cleaning,,6.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-02", "2026-01 D1 cleaning 1.00; 2026-01 D1 other -1.00; 2026-02 D1 cleaning 1.00");
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,cleaning,pumps,6.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-03",
              "2026-01 D1 cleaning -1.00; 2026-01 D1 @pumps 1.00; 2026-02 D1 cleaning -1.00; 2026-02 D1 @pumps 1.00; "
              "2026-03 D1 @pumps 1.00");
  /* back again, in the same month as nothing else changes */
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-04",
              "2026-01 D1 other 1.00; 2026-01 D1 @pumps -1.00; 2026-02 D1 other 1.00; 2026-02 D1 @pumps -1.00; "
              "2026-03 D1 other 1.00; 2026-03 D1 @pumps -1.00; 2026-04 D1 other 1.00");
}

static void
a_retracted_cost_is_taken_back_in_every_month (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\n");
  guint32 wrong = desk_take (&desk, FEE_KIND_COSTS,
                             COSTS "D2,,2026-01-05,other,,3.00,2026-01-01,2026-03-31\nD3,,2026-01-05,other,lifts,5.00,,\n");
  assert_run (&desk, "2026-01", "2026-01 D1 other 1.00; 2026-01 D2 other 1.00; 2026-01 D3 @lifts 5.00");
  assert_run (&desk, "2026-02", "2026-02 D1 other 1.00; 2026-02 D2 other 1.00");
  desk_retract (&desk, wrong);
  assert_run (&desk, "2026-03",
              "2026-01 D2 other -1.00; 2026-01 D3 @lifts -5.00; 2026-02 D2 other -1.00; 2026-03 D1 other 1.00");
  assert_run (&desk, "2026-04", "2026-04 D1 other 1.00");
}

static void
a_retracted_amendment_leaves_what_the_batch_before_says (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\n");
  guint32 wrong = desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,office,,60.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-01", "2026-01 D1 office 10.00");
  desk_retract (&desk, wrong);
  assert_run (&desk, "2026-02", "2026-01 D1 office -10.00; 2026-01 D1 other 1.00; 2026-02 D1 other 1.00");
}

/* A file that says of a known cost what is known already touches nothing. */
static void
the_same_cost_again_changes_nothing (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-01", "2026-01 D1 other 1.00");
  desk_take (&desk, FEE_KIND_COSTS, COSTS "D1,,2026-01-05,other,,6.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-02", "2026-02 D1 other 1.00");
}

static void
an_asset_that_comes_late_is_caught_up (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_ASSETS, "asset,name,cost,residual,life,in_service,centre\nA1,pump,12.00,0.00,12,2025-12-31,\n");
  assert_run (&desk, "2026-01", "2026-01 A1 depreciation 1.00");
  desk_take (&desk, FEE_KIND_ASSETS,
             "asset,name,cost,residual,life,in_service,centre\nA2,lift,24.00,0.00,12,2025-12-01,lifts\n");
  assert_run (&desk, "2026-02", "2026-01 A2 @lifts 2.00; 2026-02 A1 depreciation 1.00; 2026-02 A2 @lifts 2.00");
}

static void
an_amended_asset_gives_the_difference_to_each_month (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_ASSETS, "asset,name,cost,residual,life,in_service,centre\nA1,pump,12.00,0.00,12,2025-12-31,\n");
  assert_run (&desk, "2026-01", "2026-01 A1 depreciation 1.00");
  guint32 wrong = desk_take (&desk, FEE_KIND_ASSETS,
                             "asset,name,cost,residual,in_service,centre\nA1,pump,24.00,0.00,2025-12-31,pumps\n");
  assert_run (&desk, "2026-02", "2026-01 A1 depreciation -1.00; 2026-01 A1 @pumps 2.00; 2026-02 A1 @pumps 2.00");
  desk_retract (&desk, wrong);
  assert_run (&desk, "2026-03",
              "2026-01 A1 depreciation 1.00; 2026-01 A1 @pumps -2.00; 2026-02 A1 depreciation 1.00; 2026-02 A1 @pumps "
              "-2.00; "
              "2026-03 A1 depreciation 1.00");
}

static void
a_cost_and_an_asset_of_one_name_are_two_records (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  desk_take (&desk, FEE_KIND_COSTS, COSTS "X1,,2026-01-05,depreciation,,6.00,2026-01-01,2026-06-30\n");
  desk_take (&desk, FEE_KIND_ASSETS, "asset,name,cost,residual,life,in_service\nX1,pump,24.00,0.00,12,2025-12-31\n");
  assert_run (&desk, "2026-01", "2026-01 X1 depreciation 1.00; 2026-01 X1 depreciation 2.00");
  desk_take (&desk, FEE_KIND_COSTS, COSTS "X1,,2026-01-05,depreciation,,18.00,2026-01-01,2026-06-30\n");
  assert_run (&desk, "2026-02", "2026-01 X1 depreciation 2.00; 2026-02 X1 depreciation 3.00; 2026-02 X1 depreciation 2.00");
}

static void
an_amount_that_leaves_64_bits_is_an_error_that_names_the_record (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (FeeAccruals) accruals = NULL;
  g_autoptr (GError) error = NULL;
  desk_take (&desk, FEE_KIND_COSTS, COSTS "BIG,,2026-01-05,other,,92233720368547758.07,,\n");
  g_free (desk_run (&desk, month ("2026-01")));
  desk_take (&desk, FEE_KIND_COSTS, COSTS "BIG,,2026-01-05,other,,-92233720368547758.07,,\n");
  desk_load (&desk);
  assert_fails (fee_accrue (desk.records, desk.history, month ("2026-02"), &accruals, &error), error, FEE_ERROR_RECORDS,
                "BIG");
  assert_null (accruals);
}

/* ---- Any order of arrival */

static char *
random_cost (GRand *rand)
{
  static const char *const targets[] = { "other,", "office,", "cleaning,lifts", "other,lifts", "other,pumps" };
  FeeDate from = day ("2025-11-01") + g_rand_int_range (rand, 0, 330), to = from + g_rand_int_range (rand, 0, 200);
  char a[FEE_DATE_SIZE], b[FEE_DATE_SIZE];
  static const char *const spreads[] = { "", "days", "months" };
  return g_strdup_printf ("D%d,2026-01-01,%s,%d.%02d,%s,%s,%s\n", g_rand_int_range (rand, 0, 12),
                          targets[g_rand_int_range (rand, 0, G_N_ELEMENTS (targets))], g_rand_int_range (rand, -20, 300),
                          g_rand_int_range (rand, 0, 100), fee_date_format (from, a), fee_date_format (to, b),
                          spreads[g_rand_int_range (rand, 0, 3)]);
}

/* A batch of a few costs, each named once. */
static void
take_random (Desk *desk, GRand *rand)
{
  g_autoptr (GString) rows = g_string_new ("doc,date,category,centre,amount,from,to,spread\n");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gint n = g_rand_int_range (rand, 0, 5); n > 0; n--) {
    g_autofree char *row = random_cost (rand);
    char *doc = g_strndup (row, strcspn (row, ","));
    if (g_hash_table_add (seen, doc))
      g_string_append (rows, row);
  }
  desk_take (desk, FEE_KIND_COSTS, rows->str);
}

static void
retract_random (Desk *desk, GRand *rand)
{
  guint32 batch = (guint32) g_rand_int_range (rand, 1, (gint32) desk->texts->len + 1);
  if (g_array_index (desk->retracted_by, guint32, batch - 1) == 0
      && *(const char *)g_ptr_array_index (desk->texts, batch - 1) != '\0')
    desk_retract (desk, batch);
}

/* The sums of what was posted, by origin, record and target. */
static char *
sums_of (const Desk *desk)
{
  g_autoptr (GHashTable) sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < desk->history->accruals->len; i++) {
    const FeeStageRow *row = &g_array_index (desk->history->accruals, FeeStageRow, i);
    char *key = g_strdup_printf ("%d %s %d %s", row->origin, fee_strings_get (desk->records->ids, row->source),
                                 row->to_centre, fee_strings_get (desk->records->ids, row->target));
    gint64 *sum = g_hash_table_lookup (sums, key);
    if (sum == NULL)
      g_hash_table_insert (sums, g_strdup (key), sum = g_new0 (gint64, 1));
    g_free (key);
    *sum += row->amount;
  }
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (sums), (GCompareFunc) strcmp);
  GString *out = g_string_new (NULL);
  for (GList *at = keys; at != NULL; at = at->next) {
    gint64 sum = *(gint64 *) g_hash_table_lookup (sums, at->data);
    if (sum != 0)
      g_string_append_printf (out, "%s %" G_GINT64_FORMAT "\n", (const char *) at->data, sum);
  }
  return g_string_free (out, FALSE);
}

static void
after_any_history_the_runs_add_up_to_what_a_single_run_would_recognise (void **state)
{
  (void) state;
  for (guint seed = 0; seed < 20; seed++) {
    g_autoptr (GRand) rand = test_rand (seed);
    g_auto (Desk) desk = desk_new ();
    for (FeePeriod period = month ("2026-01"); period <= month ("2026-12"); period++) {
      take_random (&desk, rand);
      if (g_rand_int_range (rand, 0, 4) == 0)
        retract_random (&desk, rand);
      g_free (desk_run (&desk, period));
    }
    g_autofree char *step_by_step = sums_of (&desk);
    fee_history_free (desk.history);
    desk.history = fee_history_new ();
    /* a single run of the last month on all that is known: every origin at once */
    g_free (desk_run (&desk, month ("2026-12")));
    g_autofree char *at_once = sums_of (&desk);
    assert_text (step_by_step, at_once);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (costs_are_served_by_month_or_day_as_the_file_of_cases_says),
    cmocka_unit_test (a_blank_day_is_the_first_or_last_of_the_month_of_the_date),
    cmocka_unit_test (the_largest_amounts_are_served_without_overflow),
    cmocka_unit_test (a_month_recognises_its_own_part_of_each_cost),
    cmocka_unit_test (what_was_served_before_the_book_is_not_recognised),
    cmocka_unit_test (a_late_cost_is_caught_up_by_the_month_it_was_served_in),
    cmocka_unit_test (an_amended_cost_gives_the_difference_to_each_month),
    cmocka_unit_test (an_amended_target_takes_its_parts_along),
    cmocka_unit_test (a_retracted_cost_is_taken_back_in_every_month),
    cmocka_unit_test (a_retracted_amendment_leaves_what_the_batch_before_says),
    cmocka_unit_test (the_same_cost_again_changes_nothing),
    cmocka_unit_test (an_asset_that_comes_late_is_caught_up),
    cmocka_unit_test (an_amended_asset_gives_the_difference_to_each_month),
    cmocka_unit_test (a_cost_and_an_asset_of_one_name_are_two_records),
    cmocka_unit_test (an_amount_that_leaves_64_bits_is_an_error_that_names_the_record),
    cmocka_unit_test (after_any_history_the_runs_add_up_to_what_a_single_run_would_recognise),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
