/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain.h"

#include <glib/gi18n.h>

#include "../libfee/report/fee-open.h"

static const FeeOutputColumn open_columns[] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },        { "kind", "Kind", "种类", FEE_COLUMN_TEXT },
  { "source", "Source", "来源", FEE_COLUMN_TEXT },        { "target", "Target", "去向", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },       { "before", "Before the book", "建账前", FEE_COLUMN_MONEY },
  { "recognised", "Recognised", "已确认", FEE_COLUMN_MONEY }, { "open", "Open", "余额", FEE_COLUMN_MONEY },
};

/* Costs, assets and what units-of-output counts, as the run knew them. */
static gboolean
load_records (const FeeExplain *explain, FeeRecords **out, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  FeeLoad load = { .kinds = 1u << FEE_KIND_COSTS | 1u << FEE_KIND_ASSETS | 1u << FEE_KIND_QUANTITIES,
                   .as_of = explain->head->last_batch,
                   .from = FEE_DATE_NONE,
                   .to = FEE_DATE_FOREVER };
  if (!fee_book_batches (explain->tool->book, &batches, error)
      || !fee_book_load (explain->tool->book, batches, &load, out, error))
    return FALSE;
  fee_records_index (*out, NULL, NULL);
  return TRUE;
}

/* Of all runs up to the one asked for. */
static gboolean
load_recognised (const FeeExplain *explain, FeeRecords *records, FeeRecognised *recognised, GError **error)
{
  for (guint i = 0; i < explain->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (explain->runs, i);
    g_autoptr (FeeRun) run = NULL;
    if (head->number > explain->head->number)
      continue;
    if (!fee_book_read_run (explain->tool->book, head, &run, error))
      return FALSE;
    if (!fee_recognised_add (recognised, run, records->ids)) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("an open amount is too large"));
      return FALSE;
    }
  }
  return TRUE;
}

static void
write_row (FeeWriter *writer, const FeeExplain *explain, const FeeOpenAmount *item, const char *source)
{
  fee_writer_period (writer, explain->run->period);
  fee_writer_text (writer, fee_open_kind_text (item->kind));
  fee_writer_text (writer, source);
  fee_writer_text (writer, item->target);
  fee_writer_money (writer, item->amount);
  fee_writer_money (writer, item->before);
  fee_writer_money (writer, item->recognised);
  fee_writer_money (writer, item->open);
}

static gboolean
add_to_total (FeeOpenAmount *total, const FeeOpenAmount *item)
{
  return fee_money_add (total->amount, item->amount, &total->amount)
         && fee_money_add (total->before, item->before, &total->before)
         && fee_money_add (total->recognised, item->recognised, &total->recognised)
         && fee_money_add (total->open, item->open, &total->open);
}

/* Each kind ends with its total, also where it has no other row. */
static gboolean
write_items (FeeWriter *writer, const FeeExplain *explain, const FeeStrings *ids, const GArray *items, GError **error)
{
  guint next = 0;
  for (guint kind = 0; kind < FEE_N_OPEN_KINDS; kind++) {
    FeeOpenAmount total = { .kind = kind, .target = "" };
    for (; next < items->len && g_array_index (items, FeeOpenAmount, next).kind == kind; next++) {
      const FeeOpenAmount *item = &g_array_index (items, FeeOpenAmount, next);
      const char *line = fee_strings_get (ids, item->line);
      g_autofree char *source = g_strconcat (fee_strings_get (ids, item->source), *line != '\0' ? "#" : "", line, NULL);
      write_row (writer, explain, item, source);
      if (!add_to_total (&total, item)) {
        g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("an open amount is too large"));
        return FALSE;
      }
    }
    write_row (writer, explain, &total, "total");
  }
  return TRUE;
}

gboolean
fee_explain_open (const FeeExplain *explain, GError **error)
{
  g_autoptr (FeeRecords) records = NULL;
  g_autoptr (FeeRecognised) recognised = fee_recognised_new ();
  g_autoptr (GArray) items = NULL;
  FeeTableOutput table;
  if (!load_records (explain, &records, error) || !load_recognised (explain, records, recognised, error)
      || !fee_open_amounts (records, recognised, explain->run->period, &items, error)
      || !fee_tool_begin_table (explain->tool, open_columns, G_N_ELEMENTS (open_columns), &table, error))
    return FALSE;
  fee_output_hold (table.output);
  return fee_tool_end_table (&table, write_items (table.writer, explain, records->ids, items, error), error);
}
