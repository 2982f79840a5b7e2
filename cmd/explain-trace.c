/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain.h"

#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "../libfee/report/fee-trace.h"

/* ---- Where documents came from, as the run knew them */

typedef struct {
  GPtrArray *batches;
  FeeRecords *records;
  GHashTable *costs, *assets; /* doc and line, or asset -> row + 1 */
} Origins;

static void
origins_clear (Origins *origins)
{
  g_clear_pointer (&origins->batches, g_ptr_array_unref);
  g_clear_pointer (&origins->records, fee_records_free);
  g_clear_pointer (&origins->costs, g_hash_table_unref);
  g_clear_pointer (&origins->assets, g_hash_table_unref);
}

static GHashTable *
index_rows (const FeeTable *table, guint number, gint line)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint32 row = 0; row < table->n_rows; row++)
    if (fee_table_alive (table, row))
      g_hash_table_insert (rows,
                           g_strdup_printf ("%s\n%s", fee_table_text (table, number, row),
                                            line < 0 ? "" : fee_table_text (table, (guint) line, row)),
                           GUINT_TO_POINTER (row + 1));
  return rows;
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
  origins->costs = index_rows (origins->records->tables[FEE_KIND_COSTS], FEE_COSTS_DOC, FEE_COSTS_LINE);
  origins->assets = index_rows (origins->records->tables[FEE_KIND_ASSETS], FEE_ASSETS_ASSET, -1);
  return TRUE;
}

static const FeeOutputColumn trace_columns[] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT }, { "item", "Item", "项目", FEE_COLUMN_TEXT },
  { "origin", "Origin", "所属期", FEE_COLUMN_TEXT }, { "doc", "Document", "凭证号", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },  { "file", "File", "文件", FEE_COLUMN_TEXT },
  { "row", "Row", "行", FEE_COLUMN_COUNT },          { "batch", "Batch", "批次", FEE_COLUMN_COUNT },
  { "sha256", "SHA-256", "SHA-256", FEE_COLUMN_TEXT },
};

/* A document that was retracted before the run has no row any more: the columns of its file stay empty. */
static void
write_origin (FeeWriter *writer, const Origins *origins, const FeeRun *run, const FeeStageRow *accrual)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", fee_strings_get (run->strings, accrual->source),
                                          fee_strings_get (run->strings, accrual->line));
  const FeeTable *table = origins->records->tables[accrual->asset ? FEE_KIND_ASSETS : FEE_KIND_COSTS];
  guint32 row = GPOINTER_TO_UINT (g_hash_table_lookup (accrual->asset ? origins->assets : origins->costs, key));
  if (row == 0) {
    for (guint i = 0; i < 4; i++)
      fee_writer_empty (writer);
    return;
  }
  guint32 batch = fee_table_segment_of (table, row - 1)->batch;
  const FeeBatch *found = g_ptr_array_index (origins->batches, batch - 1);
  fee_writer_text (writer, found->file);
  fee_writer_count (writer, table->line[row - 1]);
  fee_writer_count (writer, batch);
  fee_writer_text (writer, found->sha256);
}

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
  write_origin (view->writer, &view->origins, run, accrual);
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
  if (!fee_book_read_bills (book, explain->head->number, explain->unit, TRUE, want_bill, view, error))
    return FALSE;
  if (view->n_bills == 0)
    return fee_explain_no_bill (explain, error);
  if (!origins_load (explain, &view->origins, error) || !fee_trace_new (explain->run, &view->trace, error)
      || !fee_book_read_bills (book, explain->head->number, NULL, TRUE, count_bill, view, error)
      || !fee_tool_begin_table (explain->tool, trace_columns, G_N_ELEMENTS (trace_columns), &table, error))
    return FALSE;
  view->writer = table.writer;
  gboolean ok = fee_book_read_bills (book, explain->head->number, NULL, TRUE, trace_bill, view, error);
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
