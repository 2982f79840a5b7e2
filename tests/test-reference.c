/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/base/fee-reference.h"
#include "../libfee/model/fee-run.h"

static const char *const states[] = { "other", "good", "malformed", "wrong" };

/* \uXXXX by its character. */
static char *
written (const char *cell)
{
  GString *out = g_string_new (NULL);
  while (*cell != '\0') {
    if (cell[0] != '\\') {
      g_string_append_c (out, *cell++);
      continue;
    }
    g_autofree char *digits = g_strndup (cell + 2, 4);
    g_string_append_unichar (out, (gunichar) g_ascii_strtoull (digits, NULL, 16));
    cell += 6;
  }
  return g_string_free (out, FALSE);
}

static void
check_reference (char **cells, const char *place)
{
  g_autofree char *text = written (cells[0]);
  char number[FEE_REFERENCE_NUMBER_SIZE] = "";
  const char *state = states[fee_reference_parse (text, strlen (text), number)];
  if (strcmp (state, cells[1]) != 0 || strcmp (number, cells[2]) != 0)
    fail_msg ("%s: %s is %s \"%s\"", place, cells[0], state, number);
}

static void
references_read_as_the_file_of_cases_says (void **state)
{
  (void) state;
  assert_is (test_each_line ("references.txt", 3, check_reference), 44);
}

/* Of thousands of bills all 97 check digits come, and each reads back to its bill; no other check digits do. */
static void
what_is_made_reads_back (void **state)
{
  (void) state;
  gboolean seen[100] = { FALSE };
  guint n = 0;
  for (guint32 bill = 1; bill < 2000; bill++) {
    char number[FEE_BILL_NUMBER_SIZE], back[FEE_REFERENCE_NUMBER_SIZE] = "";
    g_autofree char *reference = fee_reference_of_bill (fee_bill_number_format (month ("2026-01"), bill, number));
    assert_is (fee_reference_parse (reference, strlen (reference), back), FEE_REFERENCE_GOOD);
    assert_text (back, number);
    guint check = (guint) (reference[2] - '0') * 10 + (guint) (reference[3] - '0');
    n += !seen[check];
    seen[check] = TRUE;
    for (guint other = 0; bill % 97 == 1 && other < 100; other++) {
      g_autofree char *wrong = g_strdup_printf ("RF%02u%s", other, reference + 4);
      assert_is (fee_reference_parse (wrong, strlen (wrong), back), other == check ? FEE_REFERENCE_GOOD : FEE_REFERENCE_WRONG_CHECK);
    }
  }
  assert_is (n, 97);
  assert_true (seen[2] && seen[98]);
}

/* Any wrong digit, and any two neighbours in each other's place: ISO 7064 finds them all. */
static void
every_slip_of_one_digit_or_of_two_neighbours_is_found (void **state)
{
  (void) state;
  const char *reference = "RF472024020000001";
  char number[FEE_REFERENCE_NUMBER_SIZE];
  for (gsize at = 2; at < strlen (reference); at++) {
    g_autofree char *text = g_strdup (reference);
    for (char digit = '0'; digit <= '9'; digit++) {
      text[at] = digit;
      assert_is (fee_reference_parse (text, strlen (text), number), digit == reference[at] ? FEE_REFERENCE_GOOD : FEE_REFERENCE_WRONG_CHECK);
    }
    if (at + 1 == strlen (reference) || reference[at] == reference[at + 1])
      continue;
    text[at] = reference[at + 1];
    text[at + 1] = reference[at];
    assert_is (fee_reference_parse (text, strlen (text), number), FEE_REFERENCE_WRONG_CHECK);
  }
}

static void
any_bytes_of_any_length_are_read_without_harm (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (97);
  static const char signs[] = "RrFf0123456789 \t\xEF\xBC\x92\xE3\x80\x80\xC2\xA0\xFF\xC3";
  char number[FEE_REFERENCE_NUMBER_SIZE];
  for (guint i = 0; i < 20000; i++) {
    gsize length = (gsize) g_rand_int_range (rand, 0, 60);
    char *text = g_malloc (MAX (length, 1)); /* no NUL after it: AddressSanitizer sees a byte too far */
    for (gsize n = 0; n < length; n++)
      text[n] = n < 2 ? "RF"[n] : signs[g_rand_int_range (rand, 0, sizeof signs)];
    fee_reference_parse (text, length, number);
    g_free (text);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (references_read_as_the_file_of_cases_says),
    cmocka_unit_test (what_is_made_reads_back),
    cmocka_unit_test (every_slip_of_one_digit_or_of_two_neighbours_is_found),
    cmocka_unit_test (any_bytes_of_any_length_are_read_without_harm),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
