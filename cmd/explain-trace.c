/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain.h"

#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "../libfee/report/fee-trace.h"
#include "place.h"

/* ---- Where documents came from, as the run knew them */

typedef struct {
  GPtrArray *batches;
  FeeRecords *records;
  FeeSources *sources;
} Origins;

static void
origins_clear (Origins *origins)
{
  g_clear_pointer (&origins->batches, g_ptr_array_unref);
  g_clear_pointer (&origins->sources, fee_sources_free);
  g_clear_pointer (&origins->records, fee_records_free);
}

static gboolean
origins_load (const FeeExplain *explain, Origins *origins, GError **error)
{
  FeeBook *book = explain->tool->book;
  FeeLoad load = { .kinds = 1u << FEE_KIND_COSTS | 1u << FEE_KIND_ASSETS,
                   .as_of = explain->head->last_batch,
                   .from = FEE_DATE_NONE,
                   .to = FEE_DATE_FOREVER };
  if (!fee_book_batches (book, &origins->batches, error)
      || !fee_book_load (book, origins->batches, &load, &origins->records, error))
    return FALSE;
  origins->sources = fee_sources_new (origins->records);
  return TRUE;
}

static const FeeOutputColumn trace_columns[] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT }, { "item", "Item", "项目", FEE_COLUMN_TEXT },
  { "origin", "Origin", "所属期", FEE_COLUMN_TEXT }, { "doc", "Document", "凭证号", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },  FEE_PLACE_COLUMNS,
};

/* ---- --trace */

typedef struct {
  const FeeExplain *explain;
  FeeWriter *writer;
  FeeTrace *trace;
  guint first, n; /* rows of stage activity */
  guint8 *wanted; /* by activity: the unit has a line of it */
  GArray *parts;  /* of FeeTracePart */
  GString *doc;
  Origins origins;
  guint n_bills;
} View;

static gboolean
want_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  View *view = data;
  for (guint i = 0; i < bill->line->len; i++) {
    guint activity = g_array_index (bill->line, FeeLine, i).activity;
    if (activity < view->n)
      view->wanted[activity] = TRUE;
  }
  view->n_bills++;
  return TRUE;
}

static gboolean
count_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  View *view = data;
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity < view->n && view->wanted[line->activity])
      fee_trace_count (view->trace, line->activity, line->amount);
  }
  return TRUE;
}

static void
write_part (View *view, const FeePageReader *bill, const FeeStageRow *activity, const FeeTracePart *part)
{
  const FeeRun *run = view->explain->run;
  const FeeStageRow *accrual = fee_run_row (run, part->accrual);
  g_string_truncate (view->doc, 0);
  fee_show_source (view->doc, run->strings, accrual);
  fee_writer_period (view->writer, run->period);
  fee_writer_text (view->writer, bill->unit->str);
  fee_writer_text (view->writer, bill->party->str);
  fee_writer_text (view->writer, fee_strings_get (run->strings, activity->source));
  fee_writer_period (view->writer, activity->origin);
  fee_writer_text (view->writer, view->doc->str);
  fee_writer_money (view->writer, part->amount);
  fee_place_write (view->writer, view->origins.sources, view->origins.batches, run, accrual);
}

/* Lines of all units up to this one, in their order: what each takes depends on those before. */
static gboolean
trace_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  View *view = data;
  gint order = strcmp (bill->unit->str, view->explain->unit);
  for (guint i = 0; order <= 0 && i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity >= view->n || !view->wanted[line->activity])
      continue;
    fee_trace_line (view->trace, line->activity, line->amount, view->parts);
    for (guint n = 0; order == 0 && n < view->parts->len; n++)
      write_part (view, bill, fee_run_row (view->explain->run, view->first + line->activity),
                  &g_array_index (view->parts, FeeTracePart, n));
  }
  return TRUE;
}

static gboolean
trace_unit (View *view, GError **error)
{
  const FeeExplain *explain = view->explain;
  FeeBook *book = explain->tool->book;
  FeeTableOutput table;
  if (!fee_book_read_bills (book, explain->head->number, explain->unit, explain->run, want_bill, view, error))
    return FALSE;
  if (view->n_bills == 0)
    return fee_explain_no_bill (explain, error);
  if (!origins_load (explain, &view->origins, error) || !fee_trace_new (explain->run, &view->trace, error)
      || !fee_book_read_bills (book, explain->head->number, NULL, explain->run, count_bill, view, error)
      || !fee_tool_begin_table (explain->tool, trace_columns, G_N_ELEMENTS (trace_columns), &table, error))
    return FALSE;
  view->writer = table.writer;
  gboolean ok = fee_book_read_bills (book, explain->head->number, NULL, explain->run, trace_bill, view, error);
  return fee_tool_end_table (&table, ok, error);
}

gboolean
fee_explain_trace (const FeeExplain *explain, GError **error)
{
  View view = { .explain = explain, .parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart)), .doc = g_string_new (NULL) };
  guint end;
  fee_run_stage (explain->run, FEE_STAGE_ACTIVITY, &view.first, &end);
  view.n = end - view.first;
  view.wanted = g_new0 (guint8, view.n + 1);
  gboolean ok = trace_unit (&view, error);
  fee_trace_free (view.trace);
  origins_clear (&view.origins);
  g_array_unref (view.parts);
  g_string_free (view.doc, TRUE);
  g_free (view.wanted);
  return ok;
}
