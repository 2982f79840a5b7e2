/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-show.h"

#include <glib/gi18n-lib.h>

#include "../base/fee-error.h"

const FeeOutputColumn fee_stage_columns[FEE_N_STAGE_COLUMNS] = {
  { "stage", "Stage", "阶段", FEE_COLUMN_TEXT },          { "origin", "Origin", "所属期", FEE_COLUMN_TEXT },
  { "source", "Source", "来源", FEE_COLUMN_TEXT },        { "target", "Target", "去向", FEE_COLUMN_TEXT },
  { "driver", "Driver", "动因", FEE_COLUMN_TEXT },        { "weight", "Weight", "权重", FEE_COLUMN_NUMBER },
  { "total_weight", "Total weight", "总权重", FEE_COLUMN_NUMBER }, { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
};

const FeeOutputColumn fee_line_columns[FEE_N_LINE_COLUMNS] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },        { "bill", "Bill", "账单号", FEE_COLUMN_TEXT },
  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },            { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT },
  { "role", "Role", "角色", FEE_COLUMN_TEXT },            { "item", "Item", "项目", FEE_COLUMN_TEXT },
  { "origin", "Origin", "所属期", FEE_COLUMN_TEXT },      { "driver", "Driver", "动因", FEE_COLUMN_TEXT },
  { "weight", "Weight", "权重", FEE_COLUMN_NUMBER },      { "total_weight", "Total weight", "总权重", FEE_COLUMN_NUMBER },
  { "pool", "Pool", "作业中心成本", FEE_COLUMN_MONEY },   { "days", "Days", "天数", FEE_COLUMN_COUNT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },       { "unit_amount", "Of the unit", "本户金额", FEE_COLUMN_MONEY },
  { "unit_days", "Its days", "本户天数", FEE_COLUMN_COUNT }, { "posted", "Posted", "原已入账", FEE_COLUMN_MONEY },
};

const FeeOutputColumn fee_ledger_columns[FEE_N_LEDGER_COLUMNS] = {
  { "date", "Date", "日期", FEE_COLUMN_TEXT },     { "kind", "Kind", "种类", FEE_COLUMN_TEXT },
  { "ref", "Number", "单号", FEE_COLUMN_TEXT },    { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT }, { "due", "Due", "到期日", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY }, { "balance", "Balance", "余额", FEE_COLUMN_MONEY },
  { "memo", "Memo", "备注", FEE_COLUMN_TEXT },
};

const FeeOutputColumn fee_balance_columns[FEE_N_BALANCE_COLUMNS] = {
  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },           { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT },
  { "balance", "Balance", "余额", FEE_COLUMN_MONEY },    { "not_due", "Not due", "未到期", FEE_COLUMN_MONEY },
  { "d1_30", "1-30 days", "1-30天", FEE_COLUMN_MONEY },  { "d31_60", "31-60", "31-60天", FEE_COLUMN_MONEY },
  { "d61_90", "61-90", "61-90天", FEE_COLUMN_MONEY },    { "d91_180", "91-180", "91-180天", FEE_COLUMN_MONEY },
  { "d181_365", "181-365", "181-365天", FEE_COLUMN_MONEY }, { "d366", "Over 365", "365天以上", FEE_COLUMN_MONEY },
  { "credit", "Credit", "预存", FEE_COLUMN_MONEY },
};

const FeeOutputColumn fee_total_columns[FEE_N_TOTAL_COLUMNS] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },      { "billed", "Billed", "应收", FEE_COLUMN_MONEY },
  { "received", "Received", "已收", FEE_COLUMN_MONEY }, { "outstanding", "Outstanding", "未收", FEE_COLUMN_MONEY },
  { "rate", "Rate %", "收缴率%", FEE_COLUMN_NUMBER },
};

const FeeOutputColumn fee_reminder_columns[FEE_N_REMINDER_COLUMNS] = {
  { "action", "Action", "处理", FEE_COLUMN_TEXT },          { "reason", "Reason", "原因", FEE_COLUMN_TEXT },
  { "step", "Step", "步骤", FEE_COLUMN_TEXT },              { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT },     { "name", "Name", "姓名", FEE_COLUMN_TEXT },
  { "contact", "Contact", "联系方式", FEE_COLUMN_TEXT },    { "oldest_due", "Oldest due", "最早到期日", FEE_COLUMN_TEXT },
  { "days_overdue", "Days", "逾期天数", FEE_COLUMN_COUNT }, { "overdue", "Overdue", "逾期金额", FEE_COLUMN_MONEY },
  { "held", "Held", "暂缓金额", FEE_COLUMN_MONEY },         { "balance", "Balance", "余额", FEE_COLUMN_MONEY },
  { "last_step", "Last step", "上一步骤", FEE_COLUMN_TEXT }, { "last_date", "On", "日期", FEE_COLUMN_TEXT },
  { "next_on", "Next on", "下次日期", FEE_COLUMN_TEXT },    { "limitation", "Limitation", "时效届满日", FEE_COLUMN_TEXT },
  { "days_left", "Days left", "剩余天数", FEE_COLUMN_COUNT },
};

void
fee_show_source (GString *out, const FeeStrings *strings, const FeeStageRow *row)
{
  g_string_append (out, fee_strings_get (strings, row->source));
  if (row->line != FEE_TEXT_EMPTY)
    g_string_append_printf (out, "#%s", fee_strings_get (strings, row->line));
}

void
fee_show_stages (FeeWriter *writer, const FeeRun *run)
{
  g_autoptr (GString) source = g_string_new (NULL);
  for (guint i = 0; i < run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (run, i);
    g_string_truncate (source, 0);
    fee_show_source (source, run->strings, row);
    fee_writer_text (writer, fee_stage_text (row->stage));
    fee_writer_period (writer, row->origin);
    fee_writer_text (writer, source->str);
    fee_writer_text (writer, fee_strings_get (run->strings, row->target));
    fee_writer_text (writer, fee_strings_get (run->strings, row->driver));
    fee_writer_quantity (writer, row->weight);
    fee_writer_quantity (writer, row->total_weight);
    fee_writer_money (writer, row->amount);
  }
}

const char *
fee_role_text (FeeRole role)
{
  static const char *const texts[] = { "owner", "occupant", "unsold" };
  return texts[role];
}

void
fee_show_lines (FeeWriter *writer, const FeeRun *run, const FeePageReader *bill)
{
  char number[FEE_BILL_NUMBER_SIZE];
  guint begin, end;
  fee_bill_number_format (run->period, bill->bill, number);
  fee_run_pools (run, &begin, &end);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity >= end - begin)
      continue; /* the store has checked it */
    const FeeStageRow *activity = fee_run_row (run, begin + line->activity);
    fee_writer_period (writer, run->period);
    fee_writer_text (writer, number);
    fee_writer_text (writer, bill->unit->str);
    fee_writer_text (writer, bill->party->str);
    fee_writer_text (writer, fee_role_text (line->role));
    fee_writer_text (writer, fee_strings_get (run->strings, activity->source));
    fee_writer_period (writer, activity->origin);
    fee_writer_text (writer, fee_strings_get (run->strings, activity->driver));
    fee_writer_quantity (writer, line->weight);
    fee_writer_quantity (writer, activity->total_weight == FEE_QUANTITY_NONE ? 0 : activity->total_weight); /* none: a pool that is gone */
    fee_writer_money (writer, activity->amount);
    fee_writer_count (writer, line->days);
    fee_writer_money (writer, line->amount);
    fee_writer_money (writer, line->unit_amount);
    fee_writer_count (writer, line->unit_days);
    if (line->restated)
      fee_writer_money (writer, line->posted);
    else
      fee_writer_empty (writer);
  }
}

void
fee_show_ledger_row (FeeWriter *writer, const FeeLedgerInput *input, const FeeStrings *memos, const FeeLedgerRow *row)
{
  const FeeEntry *entry = &input->entries[row->entry];
  fee_writer_date (writer, entry->date);
  fee_writer_text (writer, fee_row_kind_text (row->kind));
  fee_writer_text (writer, fee_strings_get (input->strings, entry->number));
  fee_writer_text (writer, fee_strings_get (input->strings, entry->unit));
  fee_writer_text (writer, fee_strings_get (input->strings, row->party));
  fee_writer_date (writer, row->due);
  fee_writer_money (writer, row->amount);
  fee_writer_money (writer, row->balance);
  /* why a bill was taken back stands where it is taken back */
  gboolean withdrawn = entry->kind == FEE_ENTRY_WITHDRAWN && row->kind == FEE_ROW_BILL;
  fee_writer_text (writer, withdrawn ? "" : fee_strings_get (memos, entry->memo));
}

void
fee_show_balance (FeeWriter *writer, const FeeStrings *strings, const FeeBalance *balance)
{
  fee_writer_text (writer, fee_strings_get (strings, balance->unit));
  fee_writer_text (writer, fee_strings_get (strings, balance->party));
  fee_writer_money (writer, balance->balance);
  for (guint i = 0; i < FEE_BUCKETS; i++)
    fee_writer_money (writer, balance->buckets[i]);
  fee_writer_money (writer, balance->credit);
}

/* In percent, two decimals; empty where nothing, or less than nothing, was billed. */
static void
show_rate (FeeWriter *writer, FeeMoney received, FeeMoney billed)
{
  gint64 rate;
  if (billed > 0 && fee_round_ratio (received, 10000, billed, &rate))
    fee_writer_percent (writer, rate);
  else
    fee_writer_empty (writer);
}

static gboolean
show_total (FeeWriter *writer, const FeePeriodTotal *total)
{
  FeeMoney received;
  gboolean other = total->period == FEE_PERIOD_NONE;
  if (!fee_money_subtract (total->billed, total->outstanding, &received))
    return FALSE;
  if (other)
    fee_writer_text (writer, "other");
  else
    fee_writer_period (writer, total->period);
  fee_writer_money (writer, total->billed);
  fee_writer_money (writer, received);
  fee_writer_money (writer, total->outstanding);
  show_rate (writer, received, other ? 0 : total->billed);
  return TRUE;
}

gboolean
fee_show_totals (FeeWriter *writer, const FeeTotals *totals, GError **error)
{
  FeeMoney credit = 0;
  gboolean fits = fee_money_negate (totals->credit, &credit);
  for (guint i = 0; i < totals->periods->len && fits; i++)
    fits = show_total (writer, &g_array_index (totals->periods, FeePeriodTotal, i));
  if (!fits || !show_total (writer, &totals->other)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the totals of the ledger leave 64 bits"));
    return FALSE;
  }
  fee_writer_text (writer, "credit");
  fee_writer_empty (writer);
  fee_writer_empty (writer);
  fee_writer_money (writer, credit);
  fee_writer_empty (writer);
  return TRUE;
}

static void
show_step (FeeWriter *writer, const FeePolicy *policy, gint step)
{
  if (step < 0)
    fee_writer_empty (writer);
  else
    fee_writer_text (writer, g_array_index (policy->steps, FeeStep, step).id);
}

void
fee_show_reminder (FeeWriter *writer, const FeeRemindInput *input, const FeeReminder *row, const char *name, const char *contact)
{
  const FeeStrings *strings = input->ledger->strings;
  gboolean open = row->oldest_due != FEE_DATE_NONE;
  fee_writer_text (writer, fee_remind_action_text (row->action));
  fee_writer_text (writer, fee_remind_reason_text ((FeeRemindReason) row->reason));
  show_step (writer, input->policy, row->step);
  fee_writer_text (writer, fee_strings_get (strings, row->unit));
  fee_writer_text (writer, fee_strings_get (strings, row->party));
  fee_writer_text (writer, name);
  fee_writer_text (writer, contact);
  fee_writer_date (writer, row->oldest_due);
  if (open)
    fee_writer_count (writer, MAX (input->day - row->oldest_due, 0));
  else
    fee_writer_empty (writer);
  fee_writer_money (writer, row->overdue);
  fee_writer_money (writer, row->held);
  fee_writer_money (writer, row->balance);
  show_step (writer, input->policy, row->last_step);
  fee_writer_date (writer, row->last_date);
  fee_writer_date (writer, row->next_on);
  fee_writer_date (writer, row->limitation);
  if (open)
    fee_writer_count (writer, row->limitation - input->day);
  else
    fee_writer_empty (writer);
}
