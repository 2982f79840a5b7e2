/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "../libfee/report/fee-words.h"

static void
assert_words (const char *amount, const char *expected)
{
  /* digits without the dot are the fen */
  g_auto (GStrv) parts = g_strsplit (amount, ".", 2);
  g_autofree char *digits = g_strconcat (parts[0], parts[1], NULL);
  gint64 fen;
  assert_true (g_ascii_string_to_signed (digits, 10, G_MININT64, G_MAXINT64, &fen, NULL));
  g_autofree char *words = fee_words_money (fen, 2);
  assert_string_equal (words, expected);
}

static void
amounts_are_written_as_the_data_says (G_GNUC_UNUSED void **state)
{
  g_autofree char *path = g_build_filename (g_getenv ("FEE_TEST_DATA"), "words.txt", NULL);
  g_autofree char *text = NULL;
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint cases = 0;
  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) cells = g_strsplit (lines[i], " | ", 2);
    if (lines[i][0] == '#' || lines[i][0] == '\0')
      continue;
    assert_words (cells[0], cells[1]);
    cases++;
  }
  assert_true (cases > 40);
}

static void
an_amount_of_another_currency_has_no_capital_figures (G_GNUC_UNUSED void **state)
{
  g_autofree char *none = fee_words_money (100, 0);
  g_autofree char *three = fee_words_money (100, 3);
  assert_string_equal (none, "");
  assert_string_equal (three, "");
}

static void
a_chinese_sign_is_two_cells_and_a_combining_mark_none (G_GNUC_UNUSED void **state)
{
  assert_int_equal (fee_words_width (""), 0);
  assert_int_equal (fee_words_width ("abc"), 3);
  assert_int_equal (fee_words_width ("电梯A"), 5);
  assert_int_equal (fee_words_width ("（１）"), 6);
  assert_int_equal (fee_words_width ("e\xcc\x81"), 1);
  assert_int_equal (fee_words_width ("𬱖"), 2);
  assert_int_equal (fee_words_width ("\xff"), 1);
}

static void
assert_escaped (const char *text, const char *expected)
{
  g_autofree char *escaped = fee_words_escape (text);
  assert_string_equal (escaped, expected);
}

static void
what_could_steer_a_terminal_is_escaped (G_GNUC_UNUSED void **state)
{
  assert_escaped ("", "");
  assert_escaped ("张三 1-2-0701", "张三 1-2-0701");
  assert_escaped ("\x1b[31m", "\\x1b[31m");
  assert_escaped ("a\nb\rc\td", "a\\nb\\rc\\td");
  assert_escaped ("\x7f", "\\x7f");
  assert_escaped ("\xc2\x85", "\\u0085");
  assert_escaped ("a\u202eb", "a\\u202eb");
  assert_escaped ("\u061c\u200e\u200f\u202a\u2066\u2069", "\\u061c\\u200e\\u200f\\u202a\\u2066\\u2069");
  assert_escaped ("\u2028", "\\u2028");
  assert_escaped ("\u2027\u202f\u2065\u206a", "\u2027\u202f\u2065\u206a");
  assert_escaped ("a\xff\xe4\xbd", "a\\xff\\xe4\\xbd");
}

static void
assert_masked (const char *name, const char *expected)
{
  g_autofree char *masked = fee_words_mask (name);
  assert_string_equal (masked, expected);
}

static void
a_masked_name_shows_one_sign_and_not_its_length (G_GNUC_UNUSED void **state)
{
  assert_masked ("张三", "张*");
  assert_masked ("欧阳修远", "欧*");
  assert_masked ("张", "张*");
  assert_masked ("Wang Li", "W*");
  assert_masked ("e\xcc\x81ric", "e\xcc\x81*");
  assert_masked ("", "");
  assert_masked ("\xff", "*");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (amounts_are_written_as_the_data_says),
    cmocka_unit_test (an_amount_of_another_currency_has_no_capital_figures),
    cmocka_unit_test (a_chinese_sign_is_two_cells_and_a_combining_mark_none),
    cmocka_unit_test (what_could_steer_a_terminal_is_escaped),
    cmocka_unit_test (a_masked_name_shows_one_sign_and_not_its_length),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
