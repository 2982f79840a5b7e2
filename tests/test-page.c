/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/model/fee-run.h"

#define BILLS 60

typedef struct {
  char unit[40], party[40];
  FeeMoney total;
  guint n;
  FeeLine lines[12];
} Bill;

/* By unit and party, as the engine hands them over; the dice fill the rest. */
static void
random_bill (GRand *rand, guint i, Bill *bill)
{
  guint32 activity = 0;
  g_snprintf (bill->unit, sizeof bill->unit, "%u栋-%03u", i / 20, i / 2);
  g_snprintf (bill->party, sizeof bill->party, "%s%u", i % 5 == 0 ? "developer" : "业主", i);
  bill->total = test_rand_int64 (rand);
  bill->n = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (bill->lines));
  for (guint n = 0; n < bill->n; n++) {
    FeeLine *line = &bill->lines[n];
    *line = (FeeLine){ .activity = activity += (guint32)g_rand_int_range (rand, 0, 100000),
                       .role = (FeeRole)g_rand_int_range (rand, 0, 3),
                       .weight = test_rand_size (rand),
                       .days = g_rand_int_range (rand, 1, 32),
                       .amount = test_rand_int64 (rand) };
    gboolean whole = g_rand_boolean (rand);
    line->unit_days = whole ? line->days : g_rand_int_range (rand, 1, 32);
    line->unit_amount = whole ? line->amount : test_rand_int64 (rand);
  }
}

static FeePage *
random_page (GRand *rand, Bill *bills)
{
  FeePage *page = fee_page_new (101, "0栋-000");
  for (guint i = 0; i < BILLS; i++) {
    random_bill (rand, i, &bills[i]);
    fee_page_add_bill (page, i == 0 ? "" : bills[i - 1].unit, bills[i].unit, bills[i].party, bills[i].total, bills[i].lines,
                       bills[i].n);
  }
  return page;
}

static void
assert_line (const FeeLine *a, const FeeLine *b)
{
  assert_is (a->activity, b->activity);
  assert_is (a->role, b->role);
  assert_is (a->weight, b->weight);
  assert_is (a->days, b->days);
  assert_is (a->amount, b->amount);
  assert_is (a->unit_days, b->unit_days);
  assert_is (a->unit_amount, b->unit_amount);
}

static void
assert_bills (FeePageReader *reader, const Bill *bills, gboolean with_lines)
{
  for (guint i = 0; i < BILLS; i++) {
    assert_true (fee_page_reader_next (reader));
    assert_is (reader->bill, 101 + i);
    assert_text (reader->unit->str, bills[i].unit);
    assert_text (reader->party->str, bills[i].party);
    assert_is (reader->total, bills[i].total);
    assert_is (reader->n_lines, bills[i].n);
    assert_is (reader->line->len, with_lines ? bills[i].n : 0);
    for (guint n = 0; n < reader->line->len; n++)
      assert_line (&g_array_index (reader->line, FeeLine, n), &bills[i].lines[n]);
  }
  assert_false (fee_page_reader_next (reader));
  assert_false (fee_page_reader_damaged (reader));
}

static void
random_bills_come_back_from_their_page (void **state)
{
  (void) state;
  for (guint seed = 0; seed < 30; seed++) {
    g_autoptr (GRand) rand = test_rand (seed);
    Bill bills[BILLS];
    g_autoptr (FeePage) page = random_page (rand, bills);
    FeePageReader reader;
    assert_is (page->n_bills, BILLS);
    fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len, page->lines->data,
                          page->lines->len);
    assert_bills (&reader, bills, TRUE);
    fee_page_reader_clear (&reader);
    fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len, NULL, 0);
    assert_bills (&reader, bills, FALSE);
    fee_page_reader_clear (&reader);
  }
}

/* Reads everything that the bytes hold; they stand in allocations of just their size. TRUE where no damage was found. */
static gboolean
read_all (const FeePage *page, guint32 n_bills, const guint8 *heads, gsize n_heads, const guint8 *lines, gsize n_lines)
{
  g_autofree guint8 *own_heads = g_memdup2 (heads, n_heads), *own_lines = g_memdup2 (lines, n_lines);
  static const guint8 none = 0;
  FeePageReader reader;
  guint n = 0;
  fee_page_reader_init (&reader, page->first_bill, n_bills, own_heads, n_heads, own_lines != NULL ? own_lines : &none,
                        n_lines);
  while (fee_page_reader_next (&reader))
    assert_true (++n <= n_bills && reader.line->len == reader.n_lines);
  gboolean whole = !fee_page_reader_damaged (&reader);
  assert_true (!whole || n == n_bills);
  fee_page_reader_clear (&reader);
  return whole;
}

static void
bytes_that_are_cut_off_or_too_many_are_damage (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (1);
  Bill bills[BILLS];
  g_autoptr (FeePage) page = random_page (rand, bills);
  const GByteArray *heads = page->heads, *lines = page->lines;
  assert_true (read_all (page, BILLS, heads->data, heads->len, lines->data, lines->len));
  for (gsize n = 0; n < heads->len; n += 7)
    assert_false (read_all (page, BILLS, heads->data, n, lines->data, lines->len));
  for (gsize n = 0; n < lines->len; n += 13)
    assert_false (read_all (page, BILLS, heads->data, heads->len, lines->data, n));
  assert_false (read_all (page, BILLS - 1, heads->data, heads->len, lines->data, lines->len));
  assert_false (read_all (page, BILLS + 1, heads->data, heads->len, lines->data, lines->len));
  assert_false (read_all (page, G_MAXUINT32, heads->data, heads->len, lines->data, lines->len));
  g_autofree guint8 *longer = g_malloc0 (lines->len + 1);
  memcpy (longer, lines->data, lines->len);
  assert_false (read_all (page, BILLS, heads->data, heads->len, longer, lines->len + 1));
}

/* Any byte changed: other values may come out, but nothing is read past the end, and the number of bills stays. */
static void
damaged_pages_are_never_read_past_their_end (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (2);
  Bill bills[BILLS];
  g_autoptr (FeePage) page = random_page (rand, bills);
  for (guint i = 0; i < 1500; i++) {
    g_autofree guint8 *heads = g_memdup2 (page->heads->data, page->heads->len);
    g_autofree guint8 *lines = g_memdup2 (page->lines->data, page->lines->len);
    for (gint n = g_rand_int_range (rand, 1, 4); n > 0; n--) {
      heads[g_rand_int_range (rand, 0, (gint32) page->heads->len)] = (guint8) g_rand_int (rand);
      lines[g_rand_int_range (rand, 0, (gint32) page->lines->len)] = (guint8) g_rand_int (rand);
    }
    read_all (page, BILLS, heads, page->heads->len, lines, page->lines->len);
  }
  for (guint i = 0; i < 500; i++) {
    guint8 heads[64], lines[64];
    for (guint n = 0; n < sizeof heads; n++) {
      heads[n] = (guint8) g_rand_int (rand);
      lines[n] = (guint8) g_rand_int (rand);
    }
    read_all (page, G_MAXUINT32, heads, (gsize)g_rand_int_range (rand, 0, 65), lines, (gsize)g_rand_int_range (rand, 0, 65));
  }
}

static void
a_role_that_is_none_is_damage (void **state)
{
  (void) state;
  g_autoptr (FeePage) page = fee_page_new (1, "101");
  FeeLine line = {
    .activity = 0, .role = FEE_ROLE_OWNER, .weight = 1, .days = 31, .amount = 5, .unit_days = 31, .unit_amount = 5
  };
  fee_page_add_bill (page, "", "101", "A", 5, &line, 1);
  assert_true (read_all (page, 1, page->heads->data, page->heads->len, page->lines->data, page->lines->len));
  page->lines->data[1] |= 3;
  assert_false (read_all (page, 1, page->heads->data, page->heads->len, page->lines->data, page->lines->len));
}

/* Of a run with one pool of 5 fen. TRUE where its one line can be. */
static gboolean
line_fits (FeeLine line)
{
  g_autoptr (FeeRun) run = fee_run_new ();
  g_autoptr (FeePage) page = fee_page_new (1, "101");
  const FeeStageRow pool = { .stage = FEE_STAGE_ACTIVITY, .origin = month ("2026-01"), .amount = -5, .weight = 9, .total_weight = 9 };
  FeePageReader reader;
  g_array_append_val (run->rows, pool);
  fee_page_add_bill (page, "", "101", "A", line.amount, &line, 1);
  fee_page_reader_init (&reader, 1, 1, page->heads->data, page->heads->len, page->lines->data, page->lines->len);
  fee_page_reader_expect (&reader, run);
  gboolean fits = fee_page_reader_next (&reader);
  fee_page_reader_clear (&reader);
  return fits;
}

static void
a_line_that_its_pool_cannot_have_is_damage (void **state)
{
  (void) state;
  const FeeLine whole = { .weight = 9, .days = 31, .amount = -5, .unit_days = 31, .unit_amount = -5 };
  FeeLine lines[] = { whole, whole, whole, whole, whole, whole };
  assert_true (line_fits (whole));
  lines[0].activity = 1; /* there is no such pool */
  lines[1].amount = lines[1].unit_amount = -6;
  lines[2].unit_amount = G_MININT64;
  lines[3].days = lines[3].unit_days = 32;
  lines[4].days = -1;
  lines[5].weight = -1;
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_false (line_fits (lines[i]));
  FeeLine restated = { .weight = 9, .days = 31, .amount = 600, .unit_days = 31, .unit_amount = 3, .restated = TRUE, .posted = -597 };
  assert_true (line_fits (restated)); /* a difference to what was posted may be more than the pool now */
}

/* A row of stages, packed and read back. TRUE where it can be. */
static gboolean
row_fits (gint32 origin, const char *source)
{
  g_autoptr (FeeRun) run = fee_run_new (), back = fee_run_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  run->strings = fee_strings_new ();
  back->strings = fee_strings_new ();
  run->own_strings = back->own_strings = TRUE;
  const FeeStageRow row = { .origin = origin, .source = fee_strings_intern_text (run->strings, source), .weight = FEE_QUANTITY_NONE, .total_weight = FEE_QUANTITY_NONE };
  g_array_append_val (run->rows, row);
  fee_run_pack_stages (run, bytes);
  return fee_run_unpack_stages (back, bytes->data, bytes->len);
}

static void
stages_stand_in_their_order_and_are_found_there (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261130);
  for (guint round = 0; round < 200; round++) {
    g_autoptr (FeeRun) run = fee_run_new (), back = fee_run_new ();
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    guint ends[FEE_STAGE_RESTATE + 1], begin, end;
    run->strings = fee_strings_new ();
    back->strings = fee_strings_new ();
    run->own_strings = back->own_strings = TRUE;
    for (guint stage = 0; stage <= FEE_STAGE_RESTATE; stage++) {
      FeeStageRow row = { .stage = (FeeStage) stage, .origin = month ("2026-01"), .weight = FEE_QUANTITY_NONE, .total_weight = FEE_QUANTITY_NONE };
      for (gint n = g_rand_int_range (rand, 0, 5); n > 0; n--)
        g_array_append_val (run->rows, row);
      ends[stage] = run->rows->len;
    }
    for (guint stage = 0; stage <= FEE_STAGE_RESTATE; stage++) {
      fee_run_stage (run, (FeeStage) stage, &begin, &end);
      assert_is (begin, stage == 0 ? 0 : ends[stage - 1]);
      assert_is (end, ends[stage]);
    }
    fee_run_pools (run, &begin, &end);
    assert_is (begin, ends[FEE_STAGE_SUPPORT]);
    assert_is (end, run->rows->len);
    fee_run_pack_stages (run, bytes);
    assert_true (fee_run_unpack_stages (back, bytes->data, bytes->len));
    assert_is (back->rows->len, run->rows->len);
  }
}

static void
stages_out_of_order_are_damage (void **state)
{
  (void) state;
  g_autoptr (FeeRun) run = fee_run_new (), back = fee_run_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  run->strings = fee_strings_new ();
  back->strings = fee_strings_new ();
  run->own_strings = back->own_strings = TRUE;
  FeeStageRow row = { .stage = FEE_STAGE_SUPPORT, .origin = month ("2026-01"), .weight = FEE_QUANTITY_NONE, .total_weight = FEE_QUANTITY_NONE };
  g_array_append_val (run->rows, row);
  row.stage = FEE_STAGE_RESOURCE;
  g_array_append_val (run->rows, row);
  fee_run_pack_stages (run, bytes);
  assert_false (fee_run_unpack_stages (back, bytes->data, bytes->len));
}

static void
stages_of_no_month_and_texts_that_are_no_utf_8_are_damage (void **state)
{
  (void) state;
  assert_true (row_fits (month ("1990-01"), "王") && row_fits (month ("2100-12"), ""));
  assert_false (row_fits (month ("1990-01") - 1, "王"));
  assert_false (row_fits (month ("2100-12") + 1, "王"));
  assert_false (row_fits (-1, "王") || row_fits (G_MAXINT32, "王") || row_fits (G_MININT32, "王"));
  assert_false (row_fits (month ("2026-01"), "\xe7\x8e"));
  g_autoptr (FeePage) page = fee_page_new (1, "101");
  fee_page_add_bill (page, "", "101", "\xff", 0, NULL, 0);
  assert_false (read_all (page, 1, page->heads->data, page->heads->len, NULL, 0));
}

static void
bill_numbers_are_the_month_and_seven_digits (void **state)
{
  (void) state;
  char text[FEE_BILL_NUMBER_SIZE];
  FeePeriod period = 0;
  guint32 bill = 0;
  assert_text (fee_bill_number_format (month ("2026-01"), 1, text), "202601-0000001");
  assert_text (fee_bill_number_format (month ("2099-12"), 9999999, text), "209912-9999999");
  assert_text (fee_bill_number_format (month ("2026-10"), 10000000, text), "202610-10000000");
  assert_text (fee_bill_number_format (month ("2099-12"), G_MAXUINT32, text), "209912-4294967295");
  assert_true (fee_bill_number_parse ("202601-0000001", &period, &bill));
  assert_is (period, month ("2026-01"));
  assert_is (bill, 1);
  for (guint32 n = 1; n < 4000000000u; n = n * 3 + 1) {
    fee_bill_number_format (month ("2026-11"), n, text);
    assert_true (fee_bill_number_parse (text, &period, &bill) && bill == n && period == month ("2026-11"));
  }
}

static void
texts_that_are_no_bill_number_are_refused (void **state)
{
  (void) state;
  static const char *const texts[] = { "",
                                       "202601",
                                       "202601-",
                                       "202601-1",
                                       "202601-000001",
                                       "202601-00000001",
                                       "202601-0000000",
                                       "202613-0000001",
                                       "202600-0000001",
                                       "198912-0000001",
                                       "2026-01-0000001",
                                       "202601-000000a",
                                       "202601-000000１",
                                       "x02601-0000001",
                                       "202601_0000001",
                                       "202601-0000001 ",
                                       " 202601-0000001",
                                       "202601-4294967296",
                                       "202601--000001",
                                       "202601-+000001",
                                       "A000000000001" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    FeePeriod period;
    guint32 bill;
    if (fee_bill_number_parse (texts[i], &period, &bill))
      fail_msg ("\"%s\" is read", texts[i]);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (random_bills_come_back_from_their_page),
    cmocka_unit_test (bytes_that_are_cut_off_or_too_many_are_damage),
    cmocka_unit_test (damaged_pages_are_never_read_past_their_end),
    cmocka_unit_test (a_role_that_is_none_is_damage),
    cmocka_unit_test (a_line_that_its_pool_cannot_have_is_damage),
    cmocka_unit_test (stages_stand_in_their_order_and_are_found_there),
    cmocka_unit_test (stages_out_of_order_are_damage),
    cmocka_unit_test (stages_of_no_month_and_texts_that_are_no_utf_8_are_damage),
    cmocka_unit_test (bill_numbers_are_the_month_and_seven_digits),
    cmocka_unit_test (texts_that_are_no_bill_number_are_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
