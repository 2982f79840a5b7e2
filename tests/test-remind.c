/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../libfee/ledger/fee-remind.h"
#include "ledger-book.h"

/* ---- Cases from data */

typedef struct {
  Book book;
  FeePolicy *policy;
  FeeDate day, through;
  gboolean approved;
  GArray *holds, *instalments, *notices;
} Desk;

static void
desk_clear (Desk *desk)
{
  book_clear (&desk->book);
  fee_policy_unref (desk->policy);
  g_array_unref (desk->holds);
  g_array_unref (desk->instalments);
  g_array_unref (desk->notices);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static Desk
desk_new (const char *policy, FeeDate on)
{
  g_autofree char *text = g_strconcat (TEST_REQUIRED, policy, NULL);
  Desk desk = { book_new (), test_policy (text), on, on, FALSE };
  desk.holds = g_array_new (FALSE, FALSE, sizeof (FeeHold));
  desk.instalments = g_array_new (FALSE, FALSE, sizeof (FeeInstalment));
  desk.notices = g_array_new (FALSE, FALSE, sizeof (FeeNotice));
  return desk;
}

/* -1: a step that the policy does not have. */
static gint
step_of (const Desk *desk, const char *id)
{
  for (guint i = 0; i < desk->policy->steps->len; i++)
    if (strcmp (g_array_index (desk->policy->steps, FeeStep, i).id, id) == 0)
      return (gint) i;
  return -1;
}

/* hold KIND UNIT PARTY FROM [to=DAY] [bill=BILL] [plan=PLAN] */
static void
take_hold (Desk *desk, char **words)
{
  FeeHold hold = { .unit = intern (&desk->book, words[2]), .party = intern (&desk->book, words[3]), .from = day (words[4]), .to = FEE_DATE_FOREVER };
  assert_true (fee_hold_kind_parse (words[1], &hold.kind));
  for (char **word = words + 5; *word != NULL; word++) {
    if (g_str_has_prefix (*word, "to="))
      hold.to = day (*word + 3);
    else if (g_str_has_prefix (*word, "bill="))
      hold.bill = intern (&desk->book, *word + 5);
    else if (g_str_has_prefix (*word, "plan="))
      hold.plan = intern (&desk->book, *word + 5);
    else
      fail_msg ("no option of a hold: %s", *word);
  }
  g_array_append_val (desk->holds, hold);
}

/* notice UNIT PARTY DAY STEP [proven] */
static void
take_notice (Desk *desk, char **words)
{
  FeeNotice notice = { intern (&desk->book, words[1]), intern (&desk->book, words[2]), day (words[3]), step_of (desk, words[4]), words[5] != NULL };
  g_array_append_val (desk->notices, notice);
}

/* plan PLAN DUE AMOUNT */
static void
take_instalment (Desk *desk, char **words)
{
  FeeInstalment instalment = { intern (&desk->book, words[1]), day (words[2]), fen (words[3]) };
  g_array_append_val (desk->instalments, instalment);
}

static void
take_word (Desk *desk, char **words)
{
  if (strcmp (words[0], "hold") == 0)
    take_hold (desk, words);
  else if (strcmp (words[0], "notice") == 0)
    take_notice (desk, words);
  else if (strcmp (words[0], "plan") == 0)
    take_instalment (desk, words);
  else if (strcmp (words[0], "through") == 0)
    desk->through = words[1] != NULL ? day (words[1]) : FEE_DATE_NONE;
  else if (strcmp (words[0], "approved") == 0)
    desk->approved = TRUE;
  else
    fail_msg ("no word: %s", words[0]);
}

static void
take_words (Desk *desk, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  for (guint i = 0; parts[i] != NULL && *g_strstrip (parts[i]) != '\0'; i++) {
    g_auto (GStrv) words = g_strsplit (parts[i], " ", -1);
    take_word (desk, words);
  }
  fee_instalments_sort (desk->instalments);
}

static void
append_amount (GString *out, const char *name, FeeMoney amount)
{
  char buffer[FEE_NUMBER_SIZE];
  g_string_append_printf (out, " %s=%s", name, fee_money_format (amount, 2, buffer));
}

static void
append_day (GString *out, const char *name, FeeDate date)
{
  char buffer[FEE_DATE_SIZE];
  g_string_append_printf (out, " %s=%s", name, date == FEE_DATE_NONE ? "-" : fee_date_format (date, buffer));
}

static const char *
step_id (const Desk *desk, gint step)
{
  return step < 0 ? "-" : g_array_index (desk->policy->steps, FeeStep, step).id;
}

static char *
show_row (const Desk *desk, const FeeReminder *row)
{
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "%s/%s %s %s step=%s", text_of (&desk->book, row->unit), text_of (&desk->book, row->party),
                          fee_remind_action_text (row->action), fee_remind_reason_text ((FeeRemindReason) row->reason), step_id (desk, row->step));
  append_day (out, "due", row->oldest_due);
  append_amount (out, "overdue", row->overdue);
  append_amount (out, "held", row->held);
  append_amount (out, "balance", row->balance);
  g_string_append_printf (out, " last=%s", step_id (desk, row->last_step));
  append_day (out, "on", row->last_date);
  append_day (out, "next", row->next_on);
  append_day (out, "limit", row->limitation);
  return g_string_free (out, FALSE);
}

static gboolean
has_word (const char *text, const char *word)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  return g_strv_contains ((const char *const *) words, word);
}

static void
assert_rows (const Desk *desk, const char *wanted, const char *place)
{
  FeeLedgerInput ledger = input_of (&desk->book);
  FeeRemindInput input = { &ledger, desk->policy, desk->day, desk->through, desk->approved, desk->holds, desk->instalments, desk->notices };
  g_auto (GStrv) rows = g_strsplit (wanted, ";", -1);
  g_autoptr (GArray) got = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;
  assert_ok (fee_remind (&input, &got, &error), error);
  for (; rows[n] != NULL && *g_strstrip (rows[n]) != '\0'; n++) {
    if (n >= got->len)
      fail_msg ("%s: %u rows only, not \"%s\"", place, n, rows[n]);
    g_autofree char *row = show_row (desk, &g_array_index (got, FeeReminder, n));
    g_auto (GStrv) words = g_strsplit (rows[n], " ", -1);
    for (char **word = words; *word != NULL; word++)
      if (!has_word (row, *word))
        fail_msg ("%s: \"%s\" is not in\n%s", place, *word, row);
  }
  if (n != got->len)
    fail_msg ("%s: %u rows, not %u", place, got->len, n);
}

/* title | policy | entries | words | day | rows */
static void
assert_case (char **cells, const char *place)
{
  g_auto (GStrv) lines = g_strsplit (cells[1], ";", -1);
  g_autofree char *policy = g_strjoinv ("\n", lines);
  g_auto (Desk) desk = desk_new (policy, day (cells[4]));
  g_autofree char *where = g_strdup_printf ("%s: %s", place, cells[0]);
  book_take (&desk.book, cells[2]);
  take_words (&desk, cells[3]);
  assert_rows (&desk, cells[5], where);
  reverse_entries (&desk.book);
  assert_rows (&desk, cells[5], where);
}

static void
reminders_are_as_the_data_says_in_any_order_of_entries (void **state)
{
  (void) state;
  assert_true (test_each_line ("remind-cases.txt", 6, assert_case) > 100);
}

static void
a_claim_lapses_on_the_same_day_three_years_on (void **state)
{
  (void) state;
  static const char *const days[][2] = {
    { "2023-02-28", "2026-02-28" }, { "2024-02-28", "2027-02-28" }, { "2024-02-29", "2027-02-28" }, { "2024-03-01", "2027-03-01" },
    { "2021-02-28", "2024-02-28" }, { "2025-12-31", "2028-12-31" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    assert_is (fee_limitation_day (day (days[i][0])), day (days[i][1]));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (reminders_are_as_the_data_says_in_any_order_of_entries),
    cmocka_unit_test (a_claim_lapses_on_the_same_day_three_years_on),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
