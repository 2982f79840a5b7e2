/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-show.h"

#include <glib/gi18n.h>
#include <string.h>

/* ---- --list */

static const FeeOutputColumn list_columns[] = {
  { "run", "Run", "序号", FEE_COLUMN_COUNT },         { "period", "Period", "期间", FEE_COLUMN_TEXT },
  { "kind", "Kind", "种类", FEE_COLUMN_TEXT },        { "recognised", "Recognised", "确认金额", FEE_COLUMN_MONEY },
  { "total", "Billed", "账单合计", FEE_COLUMN_MONEY }, { "bills", "Bills", "账单数", FEE_COLUMN_COUNT },
  { "batches", "Batches", "批次", FEE_COLUMN_COUNT },  { "made_at", "Made at", "时间", FEE_COLUMN_TEXT },
  { "made_by", "Made by", "经手", FEE_COLUMN_TEXT },   { "digest", "Digest", "校验码", FEE_COLUMN_TEXT },
};

static void
list_run (FeeWriter *writer, const FeeRunHead *head)
{
  fee_writer_count (writer, head->number);
  fee_writer_period (writer, head->period);
  fee_writer_text (writer, "run");
  fee_writer_money (writer, head->recognised);
  fee_writer_money (writer, head->total);
  fee_writer_count (writer, (gint64) head->n_bills);
  fee_writer_count (writer, head->last_batch);
  fee_writer_text (writer, head->made_at);
  fee_writer_text (writer, head->made_by);
  fee_writer_text (writer, head->digest);
}

/* Minus what it took back, so that the columns add up; the digest is the one that stood from then on. */
static gboolean
list_withdrawal (FeeWriter *writer, const GPtrArray *runs, const FeeWithdrawal *withdrawal, GError **error)
{
  const FeeRunHead *head = g_ptr_array_index (runs, withdrawal->run - 1);
  g_autoptr (GPtrArray) before = fee_runs_standing (runs, withdrawal->run);
  g_autofree char *zeros = g_strnfill (64, '0');
  FeeMoney recognised, total;
  if (!fee_money_negate (head->recognised, &recognised) || !fee_money_negate (head->total, &total)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the amounts of run %u are too large"), head->number);
    return FALSE;
  }
  fee_writer_count (writer, head->number);
  fee_writer_period (writer, head->period);
  fee_writer_text (writer, "withdrawal");
  fee_writer_money (writer, recognised);
  fee_writer_money (writer, total);
  fee_writer_count (writer, -(gint64) head->n_bills);
  fee_writer_count (writer, withdrawal->last_batch);
  fee_writer_text (writer, withdrawal->made_at);
  fee_writer_text (writer, withdrawal->made_by);
  fee_writer_text (writer, before->len == 0 ? zeros : ((const FeeRunHead *) g_ptr_array_index (before, before->len - 1))->digest);
  return TRUE;
}

gboolean
fee_run_list (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) withdrawals = NULL;
  FeeTableOutput table;
  gboolean ok = TRUE;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_all_runs (tool->book, &runs, &withdrawals, error)
      || !fee_tool_begin_table (tool, list_columns, G_N_ELEMENTS (list_columns), &table, error))
    return FALSE;
  for (guint i = 0, w = 0; i < runs->len && ok; i++) {
    list_run (table.writer, g_ptr_array_index (runs, i));
    for (; ok && w < withdrawals->len && ((const FeeWithdrawal *) g_ptr_array_index (withdrawals, w))->last_run == i + 1; w++)
      ok = list_withdrawal (table.writer, runs, g_ptr_array_index (withdrawals, w), error);
  }
  return fee_tool_end_table (&table, ok, error);
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

gboolean
fee_run_show (FeeTool *tool, const GPtrArray *done, GError **error)
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

gboolean
fee_run_show_against (FeeTool *tool, const FeePosted *posted, FeePeriod against, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GArray) before = totals_new ();
  g_autoptr (GArray) now = totals_new ();
  const FeeRunHead *head;
  FeeTableOutput table;
  if (!fee_book_runs (tool->book, &runs, error) || !fee_tool_find_run (tool, against, runs, &head, error)
      || !fee_book_read_bills (tool->book, head->number, NULL, NULL, add_total, before, error))
    return FALSE;
  if (!fee_posted_bills (tool->book, posted, add_total, now, error)
      || !fee_tool_begin_table (tool, against_columns, G_N_ELEMENTS (against_columns), &table, error))
    return FALSE;
  return fee_tool_end_table (&table, merge_totals (table.writer, before, now, error), error);
}
