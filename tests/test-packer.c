/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/store/fee-packer.h"

/* Of so many bills, a unit each. first: the number of the first. */
static FeePage *
make_page (guint32 first, guint bills)
{
  char unit[20] = "", before[20] = "";
  g_snprintf (unit, sizeof unit, "%09u", first);
  FeePage *page = fee_page_new (first, unit);
  for (guint32 n = first; n < first + bills; n++) {
    FeeLine line = { .days = 31, .unit_days = 31, .amount = n, .unit_amount = n, .weight = (FeeQuantity) n * 12347 };
    g_snprintf (unit, sizeof unit, "%09u", n);
    fee_page_add_bill (page, before, unit, "业主", n, &line, 1);
    g_strlcpy (before, unit, sizeof before);
  }
  return page;
}

static FeeRun *
make_run (void)
{
  FeeRun *run = fee_run_new ();
  run->strings = fee_strings_new ();
  run->own_strings = TRUE;
  run->period = month ("2026-01");
  run->currency = g_strdup ("CNY");
  return run;
}

static gboolean
sum_heads (const FeePageReader *reader, gpointer data, GError **error)
{
  (void) error;
  *(guint64 *) data += (guint64) reader->total * reader->bill;
  return TRUE;
}

/* Pages of these many bills each, handed over as fast as they come: whoever compresses them, what comes is what one thread would make. */
static void
assert_packs (const guint *sizes, guint n)
{
  g_autoptr (FeeRun) run = make_run ();
  g_autoptr (FeePacker) packer = fee_packer_new ();
  g_autoptr (GPtrArray) pages = NULL;
  g_autoptr (GError) error = NULL;
  char digest[65];
  guint64 sum = 0, wanted = 0;
  guint32 next = 1;
  run->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_page_free);
  assert_ok (fee_packer_begin (run, packer, &error), error);
  for (guint i = 0; i < n; next += sizes[i++]) {
    g_ptr_array_add (run->pages, make_page (next, sizes[i]));
    assert_ok (fee_packer_take (make_page (next, sizes[i]), packer, &error), error);
  }
  assert_ok (fee_packer_finish (packer, &pages, digest, &error), error);
  assert_true (fee_run_digest (run, run->digest));
  assert_text (digest, run->digest);
  assert_is (pages->len, n);
  for (guint i = 0, first = 1; i < n; first += sizes[i++]) {
    const FeePackedPage *page = g_ptr_array_index (pages, i);
    assert_is (page->first_bill, first);
    assert_is (page->n_bills, sizes[i]);
  }
  for (guint64 bill = 1; bill < next; bill++)
    wanted += bill * bill;
  assert_ok (fee_packed_bills (pages, sum_heads, &sum, &error), error);
  assert_is (sum, wanted);
}

static void
pages_come_out_in_their_order_whoever_packs_them (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261130);
  guint sizes[60] = { 0 };
  assert_packs (sizes, 0);
  for (guint round = 0; round < 40; round++) {
    guint n = (guint) g_rand_int_range (rand, 1, round < 20 ? 6 : (gint) G_N_ELEMENTS (sizes));
    for (guint i = 0; i < n; i++)
      sizes[i] = (guint) g_rand_int_range (rand, 1, g_rand_int_range (rand, 0, 4) == 0 ? 3000 : 30);
    assert_packs (sizes, n);
  }
}

/* A page whose bytes end too early can't be digested; the run is told at the end, and never left waiting. */
static void
a_damaged_page_is_told_at_the_end (void **state)
{
  (void) state;
  for (guint bad = 0; bad < 30; bad += 7) {
    g_autoptr (FeeRun) run = make_run ();
    g_autoptr (FeePacker) packer = fee_packer_new ();
    g_autoptr (GPtrArray) pages = NULL;
    g_autoptr (GError) error = NULL;
    char digest[65];
    assert_ok (fee_packer_begin (run, packer, &error), error);
    for (guint i = 0; i < 30; i++) {
      FeePage *page = make_page (1 + i * 500, 500);
      if (i == bad)
        g_byte_array_set_size (page->lines, page->lines->len - 1);
      assert_ok (fee_packer_take (page, packer, &error), error);
    }
    assert_fails (fee_packer_finish (packer, &pages, digest, &error), error, FEE_ERROR_INTERNAL, "can't be read back");
    assert_null (pages);
  }
}

static void
what_is_given_up_is_freed (void **state)
{
  (void) state;
  for (guint n = 0; n < 20; n++) {
    g_autoptr (FeeRun) run = make_run ();
    g_autoptr (FeePacker) packer = fee_packer_new ();
    g_autoptr (GError) error = NULL;
    assert_ok (fee_packer_begin (run, packer, &error), error);
    for (guint i = 0; i < n; i++)
      assert_ok (fee_packer_take (make_page (1 + i * 500, 500), packer, &error), error);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (pages_come_out_in_their_order_whoever_packs_them),
    cmocka_unit_test (a_damaged_page_is_told_at_the_end),
    cmocka_unit_test (what_is_given_up_is_freed),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
