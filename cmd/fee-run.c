/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/engine/fee-run-period.h"
#include "../libfee/store/fee-post.h"
#include "tool.h"

static struct {
  char *period, *against, *expect, *issue_date;
  gboolean dry_run, early, catch_up, list;
} options;

static const GOptionEntry entries[] = {
  { "period", 0, 0, G_OPTION_ARG_FILENAME, &options.period, N_("the month to bill (else every month that has ended and is not posted)"), N_("P") },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run, N_("compute and show, post nothing"), NULL },
  { "against", 0, 0, G_OPTION_ARG_FILENAME, &options.against, N_("show each unit and party beside that posted month"), N_("Q") },
  { "expect", 0, 0, G_OPTION_ARG_FILENAME, &options.expect, N_("post only what a dry run showed"), N_("DIGEST") },
  { "early", 0, 0, G_OPTION_ARG_NONE, &options.early, N_("bill a month that is not over"), NULL },
  { "catch-up", 0, 0, G_OPTION_ARG_NONE, &options.catch_up, N_("bill every month that is missing up to P"), NULL },
  { "issue-date", 0, 0, G_OPTION_ARG_FILENAME, &options.issue_date, N_("issue day of a late run"), N_("D") },
  { "list", 0, 0, G_OPTION_ARG_NONE, &options.list, N_("show the runs"), NULL },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

/* ---- --list */

static const FeeOutputColumn list_columns[] = {
  { "run", "Run", "序号", FEE_COLUMN_COUNT },         { "period", "Period", "期间", FEE_COLUMN_TEXT },
  { "kind", "Kind", "种类", FEE_COLUMN_TEXT },        { "recognised", "Recognised", "确认金额", FEE_COLUMN_MONEY },
  { "total", "Billed", "账单合计", FEE_COLUMN_MONEY }, { "bills", "Bills", "账单数", FEE_COLUMN_COUNT },
  { "batches", "Batches", "批次", FEE_COLUMN_COUNT },  { "made_at", "Made at", "时间", FEE_COLUMN_TEXT },
  { "made_by", "Made by", "经手", FEE_COLUMN_TEXT },   { "digest", "Digest", "校验码", FEE_COLUMN_TEXT },
};

static gboolean
list (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  FeeTableOutput table;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_runs (tool->book, &runs, error)
      || !fee_tool_begin_table (tool, list_columns, G_N_ELEMENTS (list_columns), &table, error))
    return FALSE;
  for (guint i = 0; i < runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (runs, i);
    fee_writer_count (table.writer, head->number);
    fee_writer_period (table.writer, head->period);
    fee_writer_text (table.writer, "run");
    fee_writer_money (table.writer, head->recognised);
    fee_writer_money (table.writer, head->total);
    fee_writer_count (table.writer, (gint64) head->n_bills);
    fee_writer_count (table.writer, head->last_batch);
    fee_writer_text (table.writer, head->made_at);
    fee_writer_text (table.writer, head->made_by);
    fee_writer_text (table.writer, head->digest);
  }
  return fee_tool_end_table (&table, TRUE, error);
}

/* ---- The row of a run */

static const FeeOutputColumn run_columns[] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },       { "run", "Run", "序号", FEE_COLUMN_COUNT },
  { "state", "State", "状态", FEE_COLUMN_TEXT },         { "recognised", "Recognised", "确认金额", FEE_COLUMN_MONEY },
  { "prior", "Of earlier months", "其中以前月份", FEE_COLUMN_MONEY }, { "lines", "Lines", "明细数", FEE_COLUMN_COUNT },
  { "bills", "Bills", "账单数", FEE_COLUMN_COUNT },      { "total", "Billed", "账单合计", FEE_COLUMN_MONEY },
  { "differences", "Differences", "待查月份", FEE_COLUMN_COUNT }, { "runs", "Runs", "已计费", FEE_COLUMN_COUNT },
  { "digest", "Digest", "校验码", FEE_COLUMN_TEXT },
};

static void
write_run (FeeWriter *writer, const FeePosted *posted)
{
  const FeeRunHead *head = posted->head;
  fee_writer_period (writer, head->period);
  if (head->number != 0)
    fee_writer_count (writer, head->number);
  else
    fee_writer_empty (writer);
  fee_writer_text (writer, fee_post_state_text (posted->state));
  fee_writer_money (writer, head->recognised);
  fee_writer_money (writer, head->prior);
  fee_writer_count (writer, (gint64) head->n_lines);
  fee_writer_count (writer, (gint64) head->n_bills);
  fee_writer_money (writer, head->total);
  fee_writer_count (writer, posted->differences->len);
  fee_writer_count (writer, posted->n_runs);
  fee_writer_text (writer, head->digest);
}

static void
say_run (FeeTool *tool, const FeePosted *posted)
{
  char month[FEE_DATE_SIZE];
  g_autoptr (GString) months = g_string_new (NULL);
  fee_period_format (posted->head->period, month);
  if (posted->state == FEE_ALREADY_POSTED)
    fee_tool_say (tool, _("%s: already posted"), month);
  for (guint i = 0; posted->run != NULL && i < posted->run->remarks->len; i++)
    fee_tool_say (tool, "%s", (const char *) g_ptr_array_index (posted->run->remarks, i));
  for (guint i = 0; i < posted->differences->len; i++) {
    fee_period_format (g_array_index (posted->differences, FeePeriod, i), month);
    g_string_append_printf (months, "%s%s", i > 0 ? ", " : "", month);
  }
  if (months->len > 0)
    fee_tool_say (tool, _("files imported since may have changed posted months: %s"), months->str);
}

/* ---- --against */

static const FeeOutputColumn against_columns[] = {
  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },       { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT },
  { "before", "Before", "上期", FEE_COLUMN_MONEY },  { "now", "Now", "本期", FEE_COLUMN_MONEY },
  { "difference", "Difference", "差额", FEE_COLUMN_MONEY }, { "percent", "Percent", "百分比", FEE_COLUMN_NUMBER },
};

typedef struct {
  char *unit, *party;
  FeeMoney total;
} BillTotal;

static void
bill_total_clear (gpointer data)
{
  g_free (((BillTotal *) data)->unit);
  g_free (((BillTotal *) data)->party);
}

static gboolean
add_total (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  BillTotal total = { g_strdup (bill->unit->str), g_strdup (bill->party->str), bill->total };
  g_array_append_val ((GArray *) data, total);
  return TRUE;
}

static GArray *
totals_new (void)
{
  GArray *totals = g_array_new (FALSE, FALSE, sizeof (BillTotal));
  g_array_set_clear_func (totals, bill_total_clear);
  return totals;
}

static gint
compare_totals (const BillTotal *a, const BillTotal *b)
{
  gint order = strcmp (a->unit, b->unit);
  return order != 0 ? order : strcmp (a->party, b->party);
}

static gboolean
write_against (FeeWriter *writer, const BillTotal *before, const BillTotal *now, GError **error)
{
  const BillTotal *either = now != NULL ? now : before;
  FeeMoney was = before != NULL ? before->total : 0, is = now != NULL ? now->total : 0, difference;
  gint64 percent;
  if (!fee_money_subtract (is, was, &difference)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("unit %s: the difference is too large"), either->unit);
    return FALSE;
  }
  fee_writer_text (writer, either->unit);
  fee_writer_text (writer, either->party);
  fee_writer_money (writer, was);
  fee_writer_money (writer, is);
  fee_writer_money (writer, difference);
  /* two decimals, of the amount before without its sign; empty where there was none */
  if (was != 0 && fee_round_ratio (difference, 10000, was < 0 ? -was : was, &percent) && ABS (percent) < G_MAXINT64 / 10000)
    fee_writer_quantity (writer, percent * (FEE_QUANTITY_ONE / 100));
  else
    fee_writer_empty (writer);
  return TRUE;
}

/* Both lists are by unit, then party. */
static gboolean
merge_totals (FeeWriter *writer, const GArray *before, const GArray *now, GError **error)
{
  for (guint i = 0, j = 0; i < before->len || j < now->len;) {
    const BillTotal *a = i < before->len ? &g_array_index (before, BillTotal, i) : NULL;
    const BillTotal *b = j < now->len ? &g_array_index (now, BillTotal, j) : NULL;
    gint order = a == NULL ? 1 : b == NULL ? -1 : compare_totals (a, b);
    if (!write_against (writer, order <= 0 ? a : NULL, order >= 0 ? b : NULL, error))
      return FALSE;
    i += order <= 0;
    j += order >= 0;
  }
  return TRUE;
}

static gboolean
show_against (FeeTool *tool, const FeePosted *posted, FeePeriod against, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GArray) before = totals_new ();
  g_autoptr (GArray) now = totals_new ();
  const FeeRunHead *head;
  FeeTableOutput table;
  if (!fee_book_runs (tool->book, &runs, error) || !fee_tool_find_run (tool, against, runs, &head, error)
      || !fee_book_read_bills (tool->book, head->number, NULL, FALSE, add_total, before, error))
    return FALSE;
  if (!fee_posted_bills (tool->book, posted, add_total, now, error)
      || !fee_tool_begin_table (tool, against_columns, G_N_ELEMENTS (against_columns), &table, error))
    return FALSE;
  return fee_tool_end_table (&table, merge_totals (table.writer, before, now, error), error);
}

/* ---- Months */

static gboolean
check_over (FeeTool *tool, FeePeriod period, GError **error)
{
  FeeBookState state;
  char month[FEE_DATE_SIZE];
  if (!fee_book_state (tool->book, period, &state, error))
    return FALSE;
  if (options.early || state.issue_before || period < state.next || period <= fee_period_ended_by (fee_tool_today ()))
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s is not over; --early bills it all the same"), fee_period_format (period, month));
  return FALSE;
}

static gboolean
post_month (FeeTool *tool, FeePeriod period, FeeDate issue, FeePosted **out, GError **error)
{
  char month[FEE_DATE_SIZE];
  FeePosting posting = { .period = period, .issue = issue, .dry_run = options.dry_run, .expect = options.expect,
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

static gboolean
show_runs (FeeTool *tool, const GPtrArray *done, GError **error)
{
  FeeTableOutput table;
  /* for cron: nothing to say when all is well, unless a form is asked for */
  if (done->len == 0 && tool->format_name == NULL && tool->output == NULL)
    return TRUE;
  if (tool->quiet && tool->format_name == NULL && tool->output == NULL)
    return TRUE;
  if (!fee_tool_begin_table (tool, run_columns, G_N_ELEMENTS (run_columns), &table, error))
    return FALSE;
  for (guint i = 0; i < done->len; i++)
    write_run (table.writer, g_ptr_array_index (done, i));
  return fee_tool_end_table (&table, TRUE, error);
}

/* Before anything is posted: there is such a month to stand beside. */
static gboolean
check_against (FeeTool *tool, FeePeriod against, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  const FeeRunHead *head;
  return fee_book_runs (tool->book, &runs, error) && fee_tool_find_run (tool, against, runs, &head, error);
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
  if (options.catch_up && options.period == NULL)
    return fee_tool_usage (error, _("--catch-up goes with --period"));
  if (options.against != NULL && !fee_tool_parse_period ("--against", options.against, &against, error))
    return FALSE;
  if (options.issue_date != NULL && !fee_tool_parse_date ("--issue-date", options.issue_date, &issue, error))
    return FALSE;
  FeePeriod checked;
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
    return show_against (tool, g_ptr_array_index (done, 0), against, error);
  /* the months before one that failed are posted, and are shown */
  GError **unused = NULL;
  return (ok || done->len > 0) && show_runs (tool, done, ok ? error : unused) && ok;
}

static gboolean
work (FeeTool *tool, GError **error)
{
  return options.list ? list (tool, error) : run (tool, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-run", "", N_("Bill a month: recognise, allocate, charge, post."), entries, 0, 0, work };
  return fee_tool_main (&info, argc, argv);
}
