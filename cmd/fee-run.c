/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/engine/fee-run-period.h"
#include "run-show.h"

static struct {
  char *period, *against, *expect, *issue_date, *reason;
  char **restate;
  gboolean dry_run, early, catch_up, list, withdraw;
} options;

static const GOptionEntry entries[] = {
  { "period", 0, 0, G_OPTION_ARG_FILENAME, &options.period, N_("the month to bill (else every month that has ended and is not posted)"), N_("P") },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run, N_("compute and show, post nothing"), NULL },
  { "against", 0, 0, G_OPTION_ARG_FILENAME, &options.against, N_("show each unit and party beside that posted month"), N_("Q") },
  { "expect", 0, 0, G_OPTION_ARG_FILENAME, &options.expect, N_("post only what a dry run showed"), N_("DIGEST") },
  { "early", 0, 0, G_OPTION_ARG_NONE, &options.early, N_("bill a month that is not over"), NULL },
  { "catch-up", 0, 0, G_OPTION_ARG_NONE, &options.catch_up, N_("bill every month that is missing up to P"), NULL },
  { "issue-date", 0, 0, G_OPTION_ARG_FILENAME, &options.issue_date, N_("issue day of a late run"), N_("D") },
  { "restate", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.restate, N_("also post the differences of that earlier month; repeatable"), N_("O") },
  { "withdraw", 0, 0, G_OPTION_ARG_NONE, &options.withdraw, N_("take the last run back; with --period and --reason"), NULL },
  { "reason", 0, 0, G_OPTION_ARG_FILENAME, &options.reason, N_("why"), N_("TEXT") },
  { "list", 0, 0, G_OPTION_ARG_NONE, &options.list, N_("show the runs"), NULL },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

static void
say_run (FeeTool *tool, const FeePosted *posted)
{
  char month[FEE_DATE_SIZE];
  g_autoptr (GString) months = g_string_new (NULL);
  fee_period_format (posted->head->period, month);
  if (posted->state == FEE_ALREADY_POSTED)
    fee_tool_say (tool, _("%s: already posted"), month);
  if (posted->state == FEE_ALREADY_WITHDRAWN)
    fee_tool_say (tool, _("%s: already withdrawn"), month);
  for (guint i = 0; posted->run != NULL && i < posted->run->remarks->len; i++)
    fee_tool_say (tool, "%s", (const char *) g_ptr_array_index (posted->run->remarks, i));
  for (guint i = 0; i < posted->differences->len; i++) {
    fee_period_format (g_array_index (posted->differences, FeePeriod, i), month);
    g_string_append_printf (months, "%s%s", i > 0 ? ", " : "", month);
  }
  if (months->len > 0)
    fee_tool_say (tool, _("files imported since may have changed posted months: %s"), months->str);
}

/* ---- Months */

static gboolean
check_over (FeeTool *tool, FeePeriod period, GError **error)
{
  FeeBookState state;
  char month[FEE_DATE_SIZE];
  if (options.early || period <= fee_period_ended_by (fee_tool_today ()))
    return TRUE;
  if (!fee_book_state (tool->book, period, &state, error))
    return FALSE;
  if (state.issue_before || period < state.next)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s is not over; --early bills it all the same"), fee_period_format (period, month));
  return FALSE;
}

static gint
compare_periods (gconstpointer a, gconstpointer b)
{
  FeePeriod x = *(const FeePeriod *) a, y = *(const FeePeriod *) b;
  return x < y ? -1 : x > y;
}

/* *out: the months to restate, ascending, each once. */
static gboolean
parse_restate (GArray **out, GError **error)
{
  g_autoptr (GArray) months = g_array_new (FALSE, FALSE, sizeof (FeePeriod));
  for (char **text = options.restate; text != NULL && *text != NULL; text++) {
    FeePeriod period;
    if (!fee_tool_parse_period ("--restate", *text, &period, error))
      return FALSE;
    g_array_append_val (months, period);
  }
  g_array_sort (months, compare_periods);
  for (guint i = months->len; i > 1; i--)
    if (g_array_index (months, FeePeriod, i - 1) == g_array_index (months, FeePeriod, i - 2))
      g_array_remove_index (months, i - 1);
  *out = g_steal_pointer (&months);
  return TRUE;
}

static gboolean
post_month (FeeTool *tool, FeePeriod period, FeeDate issue, FeePosted **out, GError **error)
{
  char month[FEE_DATE_SIZE];
  g_autoptr (GArray) restate = NULL;
  if (!parse_restate (&restate, error))
    return FALSE;
  FeePosting posting = { .period = period, .issue = issue, .restate = restate, .dry_run = options.dry_run, .expect = options.expect,
                         .made_at = tool->now, .made_by = fee_tool_by (tool) };
  fee_tool_progress (tool, _("billing %s ..."), fee_period_format (period, month));
  return check_over (tool, period, error) && fee_book_post (tool->book, &posting, out, error);
}

/* Each month is a transaction of its own: what is posted stays posted when a later month can't be. */
static gboolean
post_and_commit (FeeTool *tool, FeePeriod period, FeeDate issue, FeePosted **out, GError **error)
{
  g_autoptr (FeePosted) posted = NULL;
  g_autofree char *seal = NULL;
  if (!post_month (tool, period, issue, &posted, error))
    return FALSE;
  if (!options.dry_run && (!fee_book_commit (tool->book, error) || !fee_book_begin (tool->book, TRUE, error)))
    return FALSE;
  if (!fee_book_seal (tool->book, &seal, error))
    return FALSE;
  say_run (tool, posted);
  if (posted->state == FEE_POSTED)
    fee_tool_say (tool, _("head %u:%s, seal %s"), posted->n_runs, posted->head->digest, seal);
  *out = g_steal_pointer (&posted);
  return TRUE;
}

/* The months to bill: first..last. */
static gboolean
choose_months (FeeTool *tool, FeePeriod *first, FeePeriod *last, GError **error)
{
  FeeBookState state;
  if (options.period != NULL && !fee_tool_parse_period ("--period", options.period, last, error))
    return FALSE;
  if (options.period == NULL)
    *last = fee_period_ended_by (fee_tool_today ());
  if (!fee_book_state (tool->book, *last, &state, error))
    return FALSE;
  *first = options.period == NULL || (options.catch_up && *last >= state.next) ? state.next : *last;
  return TRUE;
}

static gboolean
run_months (FeeTool *tool, FeePeriod first, FeePeriod last, FeeDate issue, GPtrArray *done, GError **error)
{
  for (FeePeriod period = first; period <= last; period++) {
    FeePosted *posted;
    if (!post_and_commit (tool, period, issue, &posted, error))
      return FALSE;
    /* only the row is wanted from here on, not the records and bills of a million units */
    if (options.against == NULL) {
      g_clear_pointer (&posted->pages, g_ptr_array_unref);
      g_clear_pointer (&posted->run, fee_run_free);
      g_clear_pointer (&posted->records, fee_records_free);
    }
    g_ptr_array_add (done, posted);
    if (options.dry_run && period < last) {
      fee_tool_say (tool, _("a dry run shows the first month only: the next ones need it posted"));
      break;
    }
  }
  return TRUE;
}

/* Before anything is posted: there is such a month to stand beside. */
static gboolean
check_against (FeeTool *tool, FeePeriod against, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  const FeeRunHead *head;
  return fee_book_runs (tool->book, &runs, error) && fee_tool_find_run (tool, against, runs, &head, error);
}

/* ---- --withdraw */

static gboolean
check_withdraw (GError **error)
{
  if (options.reason != NULL && !options.withdraw)
    return fee_tool_usage (error, _("--reason goes with --withdraw"));
  if (!options.withdraw)
    return TRUE;
  if (options.period == NULL || options.reason == NULL || *options.reason == '\0')
    return fee_tool_usage (error, _("--withdraw needs --period P and --reason TEXT"));
  if (options.dry_run || options.early || options.restate != NULL || options.catch_up || options.against != NULL || options.expect != NULL || options.issue_date != NULL)
    return fee_tool_usage (error, _("--withdraw goes with --period and --reason only"));
  return g_utf8_validate (options.reason, -1, NULL) || fee_tool_usage (error, _("an option is not valid UTF-8"));
}

static gboolean
withdraw (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) done = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_posted_free);
  g_autofree char *seal = NULL;
  FeePosted *posted;
  FeeWithdrawing withdrawing = { .reason = options.reason };
  if (!fee_tool_parse_period ("--period", options.period, &withdrawing.period, error) || !fee_tool_open_book (tool, TRUE, error))
    return FALSE;
  withdrawing.made_at = tool->now;
  withdrawing.made_by = fee_tool_by (tool);
  if (!fee_book_withdraw (tool->book, &withdrawing, &posted, error))
    return FALSE;
  g_ptr_array_add (done, posted);
  if (!fee_book_seal (tool->book, &seal, error) || !fee_book_commit (tool->book, error))
    return FALSE;
  say_run (tool, posted);
  if (posted->state == FEE_WITHDRAWN)
    fee_tool_say (tool, _("head %u:%s, seal %s"), posted->n_runs, posted->head->digest, seal);
  return fee_run_show (tool, done, error);
}

static gboolean
run (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) done = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_posted_free);
  FeePeriod first, last, against = FEE_PERIOD_NONE;
  FeeDate issue = FEE_DATE_NONE;
  if (options.against != NULL && (options.period == NULL || options.catch_up))
    return fee_tool_usage (error, _("--against goes with --period, for one month"));
  if (options.expect != NULL && (options.period == NULL || options.catch_up))
    return fee_tool_usage (error, _("--expect goes with --period, for one month"));
  if (options.restate != NULL && (options.period == NULL || options.catch_up))
    return fee_tool_usage (error, _("--restate goes with --period, for one month"));
  if (options.catch_up && options.period == NULL)
    return fee_tool_usage (error, _("--catch-up goes with --period"));
  if (options.against != NULL && !fee_tool_parse_period ("--against", options.against, &against, error))
    return FALSE;
  if (options.issue_date != NULL && !fee_tool_parse_date ("--issue-date", options.issue_date, &issue, error))
    return FALSE;
  FeePeriod checked;
  g_autoptr (GArray) restate = NULL;
  if (!parse_restate (&restate, error))
    return FALSE;
  if (options.period != NULL && !fee_tool_parse_period ("--period", options.period, &checked, error))
    return FALSE;
  if (!fee_tool_open_book (tool, TRUE, error) || !choose_months (tool, &first, &last, error))
    return FALSE;
  if (!check_over (tool, last, error) || (options.against != NULL && !check_against (tool, against, error)))
    return FALSE;
  gboolean ok = run_months (tool, first, last, issue, done, error);
  if (ok && done->len == 0)
    fee_tool_say (tool, _("every month that has ended is posted"));
  if (ok && options.against != NULL)
    return fee_run_show_against (tool, g_ptr_array_index (done, 0), against, error);
  /* the months before one that failed are posted, and are shown */
  GError **unused = NULL;
  return (ok || done->len > 0) && fee_run_show (tool, done, ok ? error : unused) && ok;
}

static gboolean
work (FeeTool *tool, GError **error)
{
  tool->trial = options.dry_run;
  if (!check_withdraw (error))
    return FALSE;
  if (options.withdraw)
    return withdraw (tool, error);
  return options.list ? fee_run_list (tool, error) : run (tool, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-run", "", N_("Bill a month: recognise, allocate, charge, post."), entries, 0, 0, work };
  return fee_tool_main (&info, argc, argv);
}
