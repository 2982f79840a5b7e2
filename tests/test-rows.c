/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/input/fee-rows.h"

/* What was heard: rows, their fields and bytes, and whether all came as they should. */
typedef struct {
  guint rows, refuse; /* refuse: that row, from 1; 0: none */
  GThread *by;
} Heard;

/* Row n stands in line 2 n and has n % 7 + 1 fields: "n:0", "n:1", ... */
static gboolean
hear (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  Heard *heard = data;
  guint n = ++heard->rows;
  heard->by = g_thread_self ();
  gboolean right = line == 2 * n && n_fields == n % 7 + 1;
  for (guint i = 0; i < n_fields && right; i++) {
    g_autofree char *wanted = g_strdup_printf ("%u:%u", n, i);
    right = strcmp (fields[i].text, wanted) == 0 && fields[i].length == strlen (wanted);
  }
  if (right && n != heard->refuse)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, "%s row %u", right ? "refused" : "wrong", n);
  return FALSE;
}

/* Offers rows 1..n; TRUE where all were taken. */
static gboolean
offer (FeeRows *rows, guint n)
{
  for (guint row = 1; row <= n; row++) {
    FeeField fields[7];
    char text[200], *at = text;
    for (guint i = 0; i < row % 7 + 1; i++) {
      fields[i] = (FeeField) { at, (gsize) g_snprintf (at, 20, "%u:%u", row, i) };
      at += fields[i].length + 1;
    }
    if (!fee_rows_take (2 * row, fields, row % 7 + 1, rows, NULL))
      return FALSE;
  }
  return TRUE;
}

static void
few_rows_are_heard_at_the_end_by_the_caller (void **state)
{
  (void) state;
  Heard heard = { 0 };
  g_autoptr (FeeRows) rows = fee_rows_new (hear, &heard);
  g_autoptr (GError) error = NULL;
  assert_true (offer (rows, 100));
  assert_is (heard.rows, 0);
  assert_ok (fee_rows_finish (rows, &error), error);
  assert_is (heard.rows, 100);
  assert_true (heard.by == g_thread_self ());
  assert_ok (fee_rows_finish (rows, &error), error);
  assert_is (heard.rows, 100);
}

static void
many_rows_are_heard_in_their_order_by_another_thread (void **state)
{
  (void) state;
  Heard heard = { 0 };
  g_autoptr (FeeRows) rows = fee_rows_new (hear, &heard);
  g_autoptr (GError) error = NULL;
  assert_true (offer (rows, 200000));
  assert_ok (fee_rows_finish (rows, &error), error);
  assert_is (heard.rows, 200000);
  assert_true (heard.by != g_thread_self ());
}

static void
no_rows_are_none (void **state)
{
  (void) state;
  Heard heard = { 0 };
  g_autoptr (FeeRows) rows = fee_rows_new (hear, &heard);
  g_autoptr (GError) error = NULL;
  assert_ok (fee_rows_finish (rows, &error), error);
  assert_is (heard.rows, 0);
}

static void
a_refusal_ends_it_whichever_row_it_is (void **state)
{
  (void) state;
  static const guint refused[] = { 1, 99, 100, 4000, 50000, 199999, 200000 };
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    Heard heard = { .refuse = refused[i] };
    g_autoptr (FeeRows) rows = fee_rows_new (hear, &heard);
    g_autoptr (GError) error = NULL;
    g_autofree char *wanted = g_strdup_printf ("refused row %u", refused[i]);
    offer (rows, refused[i] <= 100 ? 100 : 200000);
    assert_fails (fee_rows_finish (rows, &error), error, FEE_ERROR_RECORDS, wanted);
    assert_is (heard.rows, refused[i]);
    assert_false (fee_rows_finish (rows, &error));
    assert_null (error);
  }
}

static void
after_a_refusal_no_more_is_taken (void **state)
{
  (void) state;
  Heard heard = { .refuse = 1 };
  g_autoptr (FeeRows) rows = fee_rows_new (hear, &heard);
  guint n = 0;
  while (offer (rows, 100000) && n < 1000)
    n++;
  assert_true (n < 1000);
}

static gboolean
hear_large (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  (void) line;
  (void) error;
  gsize *bytes = data;
  for (guint i = 0; i < n_fields; i++) {
    if (fields[i].length != strlen (fields[i].text))
      return FALSE;
    *bytes += fields[i].length;
  }
  return TRUE;
}

static void
a_row_may_be_larger_than_a_block (void **state)
{
  (void) state;
  gsize bytes = 0;
  g_autoptr (FeeRows) rows = fee_rows_new (hear_large, &bytes);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (3000000, 'x');
  for (guint i = 0; i < 30; i++) {
    gsize half = 100000 * i + 10;
    text[half] = '\0';
    FeeField fields[] = { { text, half }, { text + half + 1, 3000000 - half - 1 } };
    assert_true (fee_rows_take (i, fields, 2, rows, NULL));
    text[half] = 'x';
  }
  assert_ok (fee_rows_finish (rows, &error), error);
  assert_is (bytes, 30 * 2999999);
}

static void
rows_are_freed_without_being_heard (void **state)
{
  (void) state;
  Heard heard = { 0 };
  FeeRows *rows = fee_rows_new (hear, &heard);
  assert_true (offer (rows, 1000));
  fee_rows_free (rows);
  assert_is (heard.rows, 0);
  rows = fee_rows_new (hear, &heard);
  offer (rows, 200000);
  fee_rows_free (rows);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (few_rows_are_heard_at_the_end_by_the_caller),
    cmocka_unit_test (many_rows_are_heard_in_their_order_by_another_thread),
    cmocka_unit_test (no_rows_are_none),
    cmocka_unit_test (a_refusal_ends_it_whichever_row_it_is),
    cmocka_unit_test (after_a_refusal_no_more_is_taken),
    cmocka_unit_test (a_row_may_be_larger_than_a_block),
    cmocka_unit_test (rows_are_freed_without_being_heard),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
