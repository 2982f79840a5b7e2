/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "statement.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "../libfee/base/fee-reference.h"
#include "late.h"

void
fee_statements_free (FeeStatements *statements)
{
  if (statements == NULL)
    return;
  g_clear_pointer (&statements->late, g_hash_table_unref);
  g_clear_pointer (&statements->names, g_ptr_array_unref);
  g_clear_pointer (&statements->before.names, g_ptr_array_unref);
  g_clear_pointer (&statements->before.now, g_array_unref);
  fee_run_free (statements->before.run);
  fee_run_free (statements->run);
  fee_records_free (statements->records);
  g_clear_pointer (&statements->runs, g_ptr_array_unref);
  g_free (statements);
}

/* ---- Loading */

static gboolean
load_records (FeeStatements *statements, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  FeeLoad load = { .kinds = 1u << FEE_KIND_UNITS, .as_of = statements->head->last_batch, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER,
                   .fields = FEE_FIELDS_ALL };
  if (statements->full)
    load.kinds |= 1u << FEE_KIND_PARTIES;
  if (statements->full && fee_late_has (statements->run))
    load.kinds |= 1u << FEE_KIND_COSTS;
  if (!fee_book_batches (statements->tool->book, &batches, error)
      || !fee_book_load (statements->tool->book, batches, &load, &statements->records, error))
    return FALSE;
  fee_records_index (statements->records, NULL, NULL);
  return TRUE;
}

static gboolean
load_before (FeeStatements *statements, GError **error)
{
  for (guint i = 0; i < statements->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (statements->runs, i);
    statements->before.number = head->number;
    if (head->period == statements->run->period - 1)
      return fee_book_read_run (statements->tool->book, head, &statements->before.run, error);
  }
  return TRUE;
}

/* The centres of the pools of a run's own month, in the words of this one. */
static GPtrArray *
names_of_pools (const FeeStatements *statements, const FeeRun *run)
{
  const FeePolicy *policy = fee_records_policy (statements->records, statements->run->period);
  GPtrArray *names = g_ptr_array_new ();
  guint begin, end;
  fee_run_pools (run, &begin, &end);
  for (guint i = begin; i < end; i++) {
    const FeeStageRow *pool = fee_run_row (run, i);
    const char *id = fee_strings_get (run->strings, pool->source);
    gint n = fee_policy_find_centre (policy, id);
    const char *name = n < 0 ? id : fee_name_text (&fee_policy_centre (policy, n)->name, statements->tool->lang, id);
    g_ptr_array_add (names, pool->origin == run->period ? (gpointer) name : NULL);
  }
  return names;
}

static guint32
pool_of_centre (const FeeRun *run, const char *centre)
{
  guint begin, end;
  fee_run_pools (run, &begin, &end);
  for (guint i = begin; i < end; i++) {
    const FeeStageRow *pool = fee_run_row (run, i);
    if (pool->origin == run->period && strcmp (fee_strings_get (run->strings, pool->source), centre) == 0)
      return i - begin;
  }
  return G_MAXUINT32;
}

static void
match_pools (FeeStatements *statements)
{
  FeeMonthBefore *before = &statements->before;
  guint begin, end;
  statements->names = names_of_pools (statements, statements->run);
  if (before->run == NULL)
    return;
  before->names = names_of_pools (statements, before->run);
  before->now = g_array_new (FALSE, FALSE, sizeof (guint32));
  fee_run_pools (before->run, &begin, &end);
  for (guint i = begin; i < end; i++) {
    guint32 now = pool_of_centre (statements->run, fee_strings_get (before->run->strings, fee_run_row (before->run, i)->source));
    g_array_append_val (before->now, now);
  }
}

gboolean
fee_statements_load (FeeTool *tool, FeePeriod period, FeeDate as_of, gboolean full, gboolean units, FeeStatements **out, GError **error)
{
  g_autoptr (FeeStatements) statements = g_new0 (FeeStatements, 1);
  const FeeRunHead *head;
  statements->tool = tool;
  statements->full = full;
  if (!fee_book_runs (tool->book, &statements->runs, error) || !fee_tool_find_run (tool, period, statements->runs, &head, error)
      || !fee_book_read_run (tool->book, head, &statements->run, error))
    return FALSE;
  statements->head = (FeeRunHead *) head;
  statements->as_of = as_of != FEE_DATE_NONE ? as_of : head->issue;
  if ((full || units) && !load_records (statements, error))
    return FALSE;
  if (full) {
    statements->late = fee_late_words (statements->records, statements->run, tool->lang);
    if (!load_before (statements, error))
      return FALSE;
    match_pools (statements);
  }
  *out = g_steal_pointer (&statements);
  return TRUE;
}

/* ---- One bill */

static guint32
register_of (const FeeStatements *statements, const FeePageReader *bill)
{
  FeeText unit;
  return fee_strings_find (statements->records->ids, bill->unit->str, &unit) ? fee_register_find (statements->records->reg, unit, 0)
                                                                            : FEE_UNIT_NONE;
}

/* The latest row of a party in a unit has the name that the bill shows. Of the table of parties, + 1; 0: it has none. */
static guint32
party_row (const FeeStatements *statements, const FeePageReader *bill)
{
  const FeeTenures *tenures = statements->records->tenures;
  guint32 unit = register_of (statements, bill), row = 0;
  for (guint32 i = unit == FEE_UNIT_NONE ? 0 : tenures->first[unit]; unit != FEE_UNIT_NONE && i < tenures->first[unit + 1]; i++)
    if (tenures->spans.from[i] <= fee_period_last_day (statements->run->period)
        && strcmp (fee_strings_get (statements->records->ids, tenures->party[i]), bill->party->str) == 0)
      row = tenures->spans.row[i] + 1;
  return row;
}

const FeeOutputColumn fee_summary_columns[FEE_N_SUMMARY_COLUMNS] = {
  { "bill", "Bill", "账单号", FEE_COLUMN_TEXT },            { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT },     { "name", "Name", "姓名", FEE_COLUMN_TEXT },
  { "contact", "Contact", "联系方式", FEE_COLUMN_TEXT },    { "issue", "Issued", "出账日", FEE_COLUMN_TEXT },
  { "due", "Due", "应交日", FEE_COLUMN_TEXT },              { "brought_forward", "Brought forward", "上期未交", FEE_COLUMN_MONEY },
  { "received", "Received", "其间已收", FEE_COLUMN_MONEY }, { "credit", "Credit", "预存", FEE_COLUMN_MONEY },
  { "total", "This bill", "本期账单", FEE_COLUMN_MONEY },   { "payable", "To pay", "应交合计", FEE_COLUMN_MONEY },
  { "reference", "Reference", "缴费参考号", FEE_COLUMN_TEXT },
};

void
fee_statements_summary (FeeStatements *statements, const FeePageReader *bill, FeeWriter *writer)
{
  const FeeStatementFacts *facts = statements->facts;
  const FeeTable *parties = statements->records->tables[FEE_KIND_PARTIES];
  guint32 row = party_row (statements, bill);
  char number[FEE_BILL_NUMBER_SIZE];
  fee_bill_number_format (statements->run->period, bill->bill, number);
  g_autofree char *reference = fee_reference_of_bill (number);
  fee_writer_text (writer, number);
  fee_writer_text (writer, bill->unit->str);
  fee_writer_text (writer, bill->party->str);
  fee_writer_text (writer, row == 0 ? "" : fee_table_text (parties, FEE_PARTIES_NAME, row - 1));
  fee_writer_text (writer, row == 0 ? "" : fee_table_text (parties, FEE_PARTIES_CONTACT, row - 1));
  fee_writer_date (writer, statements->run->issue);
  fee_writer_date (writer, statements->run->due);
  fee_writer_money (writer, facts->brought_forward);
  fee_writer_money (writer, facts->received);
  fee_writer_money (writer, facts->credit);
  fee_writer_money (writer, bill->total);
  fee_writer_money (writer, facts->payable);
  fee_writer_text (writer, reference);
}

/* The area on the last day of the month on which the unit was in the register. */
static const char *
area_of (const FeeStatements *statements, const FeePageReader *bill)
{
  const FeeRegister *reg = statements->records->reg;
  guint32 index = register_of (statements, bill);
  const char *area = "";
  for (guint32 i = index == FEE_UNIT_NONE ? 0 : reg->first[index]; index != FEE_UNIT_NONE && i < reg->first[index + 1]; i++)
    if (reg->spans.from[i] <= fee_period_last_day (statements->run->period))
      area = fee_table_text (reg->table, FEE_UNITS_AREA, reg->spans.row[i]);
  return area;
}

void
fee_statements_write (FeeStatements *statements, const FeePageReader *bill, FeeDocument *out)
{
  const FeeStatementFacts *facts = statements->facts;
  guint32 row = party_row (statements, bill);
  char number[FEE_BILL_NUMBER_SIZE];
  g_autofree char *reference = fee_reference_of_bill (fee_bill_number_format (statements->run->period, bill->bill, number));
  FeeBillView view = {
    .policies = statements->records->policies, .lang = statements->tool->lang, .run = statements->run, .bill = bill,
    .name = row == 0 ? NULL : fee_table_text (statements->records->tables[FEE_KIND_PARTIES], FEE_PARTIES_NAME, row - 1), .area = area_of (statements, bill), .reference = reference,
    .late = statements->late, .as_of = statements->as_of,
    .brought_forward = facts->brought_forward, .received = facts->received, .credit = facts->credit, .payable = facts->payable,
    .overdue = facts->overdue, .oldest_due = facts->oldest_due,
    .has_before = facts->has_before, .before = facts->before, .causes = facts->causes, .n_causes = facts->n_causes,
  };
  fee_bill_write (out, &view);
}
