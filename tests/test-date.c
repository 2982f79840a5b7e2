/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#define UNTOUCHED 77777

/* Day by day, counted without any arithmetic of the library. */
static void
every_day_of_1990_to_2100_comes_back_from_its_number_and_its_text (void **state)
{
  (void) state;
  static const gint days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  FeeDate number = 7305; /* 1990-01-01: 20 years, 5 of them leap */
  for (gint year = 1990; year <= 2100; year++)
    for (gint m = 1; m <= 12; m++) {
      gint last = days[m - 1] + (m == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0));
      for (gint d = 1; d <= last; d++, number++) {
        gint y2, m2, d2;
        FeeDate made = UNTOUCHED, parsed = UNTOUCHED;
        char text[FEE_DATE_SIZE], wanted[32];
        assert_true (fee_date_make (year, m, d, &made));
        assert_is (made, number);
        fee_date_split (number, &y2, &m2, &d2);
        assert_true (y2 == year && m2 == m && d2 == d);
        g_snprintf (wanted, sizeof wanted, "%04d-%02d-%02d", year, m, d);
        assert_string_equal (fee_date_format (number, text), wanted);
        assert_true (fee_date_parse (text, &parsed) && parsed == number);
        assert_is (fee_period_of (number), year * 12 + m - 1);
      }
      assert_false (fee_date_make (year, m, last + 1, &number));
      assert_false (fee_date_make (year, m, 0, &number));
      assert_is (fee_period_days (year * 12 + m - 1), last);
    }
  assert_is (number, 7305 + 40542);
}

static void
known_days_have_their_numbers (void **state)
{
  (void) state;
  assert_is (day ("2000-01-01"), 10957);
  assert_is (day ("2000-02-29"), 11016);
  assert_is (day ("2026-03-01"), 20513);
  assert_is (day ("2038-01-19"), 24855);
  assert_is (day ("2100-12-31"), 47846);
}

/* Issue and due days may lie behind the years that input may hold. */
static void
days_outside_the_years_of_input_are_still_counted (void **state)
{
  (void) state;
  gint year, m, d;
  fee_date_split (47847, &year, &m, &d);
  assert_true (year == 2101 && m == 1 && d == 1);
  fee_date_split (0, &year, &m, &d);
  assert_true (year == 1970 && m == 1 && d == 1);
  fee_date_split (-1, &year, &m, &d);
  assert_true (year == 1969 && m == 12 && d == 31);
  assert_is (fee_period_first_day (month ("2100-12") + 1), 47847);
  assert_is (fee_date_add_months (day ("2100-12-31"), 2), 47847 + 31 + 27);
  assert_is (fee_period_last_day (month ("1990-01") - 1), 7304);
}

static void
texts_that_are_no_day_are_refused (void **state)
{
  (void) state;
  static const char *const texts[] = {
    "",           "2026",        "2026-03",     "2026-3-1",    "2026-03-1",      "2026-3-01",  "26-03-01",   "2026/03/01",
    "20260301",   "2026-03-01 ", " 2026-03-01", "2026-03-01x", "2026-02-29",     "2025-02-29", "2100-02-29", "2026-02-30",
    "2026-04-31", "2026-13-01",  "2026-00-01",  "2026-01-00",  "2026-01-32",     "1989-12-31", "2101-01-01", "0000-00-00",
    "+026-01-01", "-026-01-01",  "2026--1-01",  "2026-01--1",  "２０２６-01-01", "2026-0a-01", "9999-99-99",
    "2026/01-01", "2026-01/01",  "2x26-01-01",  "2026-01-0x",  "2026-01-0\xff",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    FeeDate date = UNTOUCHED;
    if (fee_date_parse (texts[i], &date))
      fail_msg ("\"%s\" is read as %d", texts[i], date);
    assert_is (date, UNTOUCHED);
  }
}

static void
periods_are_read_and_written_and_nothing_else_is (void **state)
{
  (void) state;
  static const char *const texts[] = { "",       "2026",    "2026-1",  "2026-00",  "2026-13",  "2026-01-01", "2026/01",
                                       "202601", "1989-12", "2101-01", " 2026-01", "2026-01 ", "2026-0a",    "２026-01" };
  FeePeriod period = UNTOUCHED;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (fee_period_parse (texts[i], &period))
      fail_msg ("\"%s\" is read", texts[i]);
  assert_is (period, UNTOUCHED);
  for (FeePeriod p = 1990 * 12; p < 2101 * 12; p++) {
    char text[FEE_DATE_SIZE], wanted[32];
    g_snprintf (wanted, sizeof wanted, "%04d-%02d", fee_period_year (p), fee_period_month (p));
    assert_string_equal (fee_period_format (p, text), wanted);
    assert_true (fee_period_parse (text, &period) && period == p);
  }
}

static void
months_follow_each_other_without_gap (void **state)
{
  (void) state;
  for (FeePeriod p = 1990 * 12; p < 2101 * 12; p++) {
    assert_is (fee_period_of (fee_period_first_day (p)), p);
    assert_is (fee_period_of (fee_period_last_day (p)), p);
    assert_is (fee_period_last_day (p) + 1, fee_period_first_day (p + 1));
    assert_is (fee_period_last_day (p) - fee_period_first_day (p) + 1, fee_period_days (p));
  }
  assert_is (month ("2026-01") - 1, month ("2025-12"));
  assert_is (month ("2027-01") - month ("2026-01"), 12);
}

static void
a_month_is_over_on_the_first_day_after_it (void **state)
{
  (void) state;
  assert_is (fee_period_ended_by (day ("2026-03-01")), month ("2026-02"));
  assert_is (fee_period_ended_by (day ("2026-03-31")), month ("2026-02"));
  assert_is (fee_period_ended_by (day ("2026-01-31")), month ("2025-12"));
}

static void
no_day_is_written_for_an_empty_cell_or_an_open_end (void **state)
{
  (void) state;
  char text[FEE_DATE_SIZE] = "x";
  assert_string_equal (fee_date_format (FEE_DATE_NONE, text), "");
  strcpy (text, "x");
  assert_string_equal (fee_date_format (FEE_DATE_FOREVER, text), "");
}

static void
months_are_added_to_the_same_day_or_the_last_of_the_month (void **state)
{
  (void) state;
  static const struct {
    const char *from;
    gint months;
    const char *to;
  } cases[] = {
    { "2024-02-29", 12, "2025-02-28" }, { "2024-02-29", 36, "2027-02-28" }, { "2024-02-29", 48, "2028-02-29" },
    { "2024-02-29", -12, "2023-02-28" }, { "2024-02-29", 1, "2024-03-29" }, { "2024-02-29", 0, "2024-02-29" },
    { "2026-01-31", 1, "2026-02-28" }, { "2024-01-31", 1, "2024-02-29" }, { "2026-01-31", 2, "2026-03-31" },
    { "2026-01-31", 3, "2026-04-30" }, { "2026-03-31", -1, "2026-02-28" }, { "2026-12-15", 1, "2027-01-15" },
    { "2026-01-15", -1, "2025-12-15" }, { "2026-05-30", 9, "2027-02-28" }, { "2023-02-28", 12, "2024-02-28" },
    { "2026-03-01", 36, "2029-03-01" }, { "2096-02-29", 48, "2100-02-28" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    char text[FEE_DATE_SIZE];
    fee_date_format (fee_date_add_months (day (cases[i].from), cases[i].months), text);
    if (strcmp (text, cases[i].to) != 0)
      fail_msg ("%s and %d months is %s, not %s", cases[i].from, cases[i].months, text, cases[i].to);
  }
}

static FeeDays
bits_one_by_one (FeePeriod period, FeeDate from, FeeDate to)
{
  FeeDays days = 0;
  for (gint i = 0; i < fee_period_days (period); i++)
    if (fee_period_first_day (period) + i >= from && fee_period_first_day (period) + i <= to)
      days |= (FeeDays) 1 << i;
  return days;
}

static void
days_between_are_bits_of_the_month (void **state)
{
  (void) state;
  static const char *const months[] = { "2026-01", "2026-02", "2024-02", "2026-04", "1990-01", "2100-12" };
  for (guint i = 0; i < G_N_ELEMENTS (months); i++) {
    FeePeriod p = month (months[i]);
    FeeDate first = fee_period_first_day (p), last = fee_period_last_day (p);
    for (FeeDate from = first - 3; from <= last + 3; from++)
      for (FeeDate to = from - 2; to <= last + 3; to++)
        if (fee_period_days_between (p, from, to) != bits_one_by_one (p, from, to))
          fail_msg ("%s: %d..%d", months[i], from - first, to - first);
    assert_is (fee_period_days_between (p, FEE_DATE_NONE, FEE_DATE_FOREVER), bits_one_by_one (p, first, last));
    assert_is (fee_period_days_between (p, FEE_DATE_NONE, first - 1), 0);
    assert_is (fee_period_days_between (p, last + 1, FEE_DATE_FOREVER), 0);
    assert_is (fee_period_days_between (p, first + 1, FEE_DATE_FOREVER), bits_one_by_one (p, first + 1, last));
  }
  assert_is (fee_period_days_between (month ("2026-01"), day ("2026-01-01"), day ("2026-01-31")), 0x7fffffff);
  assert_is (fee_period_days_between (month ("2026-01"), day ("2026-01-20"), day ("2026-01-20")), 1 << 19);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_day_of_1990_to_2100_comes_back_from_its_number_and_its_text),
    cmocka_unit_test (known_days_have_their_numbers),
    cmocka_unit_test (days_outside_the_years_of_input_are_still_counted),
    cmocka_unit_test (texts_that_are_no_day_are_refused),
    cmocka_unit_test (periods_are_read_and_written_and_nothing_else_is),
    cmocka_unit_test (months_follow_each_other_without_gap),
    cmocka_unit_test (a_month_is_over_on_the_first_day_after_it),
    cmocka_unit_test (no_day_is_written_for_an_empty_cell_or_an_open_end),
    cmocka_unit_test (months_are_added_to_the_same_day_or_the_last_of_the_month),
    cmocka_unit_test (days_between_are_bits_of_the_month),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
