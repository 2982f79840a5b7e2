/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "../libfee/store/fee-import.h"
#include "tool.h"

static struct {
  char *period, *unit;
  gboolean trace;
} options;

static const GOptionEntry entries[] = {
  { "period", 0, 0, G_OPTION_ARG_FILENAME, &options.period, N_("the posted month"), N_("P") },
  { "unit", 0, 0, G_OPTION_ARG_FILENAME, &options.unit, N_("the lines of this unit, not the stages"), N_("U") },
  { "trace", 0, 0, G_OPTION_ARG_NONE, &options.trace, N_("with --unit: back to documents, files and rows"), NULL },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

static gboolean
show_stages (FeeTool *tool, const FeeRun *run, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, fee_stage_columns, FEE_N_STAGE_COLUMNS, &table, error))
    return FALSE;
  fee_show_stages (table.writer, run);
  return fee_tool_end_table (&table, TRUE, error);
}

/* ---- One unit */

typedef struct {
  const FeeRun *run;
  FeeWriter *writer;
  guint n_bills;
  struct _Origins *origins; /* of documents; --trace */
} UnitView;

static gboolean
show_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  UnitView *view = data;
  fee_show_lines (view->writer, view->run, bill);
  view->n_bills++;
  return TRUE;
}

/* ---- --trace: where documents came from, as the run knew them */

typedef struct _Origins {
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
      g_hash_table_insert (rows, g_strdup_printf ("%s\n%s", fee_table_text (table, number, row),
                                                  line < 0 ? "" : fee_table_text (table, (guint) line, row)),
                           GUINT_TO_POINTER (row + 1));
  return rows;
}

static gboolean
origins_load (FeeTool *tool, guint32 as_of, Origins *origins, GError **error)
{
  FeeLoad load = { .kinds = 1u << FEE_KIND_COSTS | 1u << FEE_KIND_ASSETS, .as_of = as_of, .from = FEE_DATE_NONE,
                   .to = FEE_DATE_FOREVER };
  if (!fee_book_batches (tool->book, &origins->batches, error)
      || !fee_book_load (tool->book, origins->batches, &load, &origins->records, error))
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

static void
trace_line (UnitView *view, const FeePageReader *bill, const FeeLine *line, const FeeStageRow *activity)
{
  g_autoptr (GArray) parts = NULL;
  g_autoptr (GString) doc = g_string_new (NULL);
  if (line->restated) /* a difference between two ways to share the same documents comes of none of them */
    return;
  fee_trace (view->run, line->activity, line->amount, &parts);
  for (guint i = 0; i < parts->len; i++) {
    const FeeTracePart *part = &g_array_index (parts, FeeTracePart, i);
    const FeeStageRow *accrual = fee_run_row (view->run, part->accrual);
    g_string_truncate (doc, 0);
    fee_show_source (doc, view->run->strings, accrual);
    fee_writer_period (view->writer, view->run->period);
    fee_writer_text (view->writer, bill->unit->str);
    fee_writer_text (view->writer, bill->party->str);
    fee_writer_text (view->writer, fee_strings_get (view->run->strings, activity->source));
    fee_writer_period (view->writer, activity->origin);
    fee_writer_text (view->writer, doc->str);
    fee_writer_money (view->writer, part->amount);
    write_origin (view->writer, view->origins, view->run, accrual);
  }
}

static gboolean
trace_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  UnitView *view = data;
  guint begin, end;
  fee_run_pools (view->run, &begin, &end);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity < end - begin)
      trace_line (view, bill, line, fee_run_row (view->run, begin + line->activity));
  }
  view->n_bills++;
  return TRUE;
}

static gboolean
unknown_unit (FeeTool *tool, GError **error)
{
  char month[FEE_DATE_SIZE] = "";
  g_strlcpy (month, options.period, sizeof month);
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: unit \"%s\" has no bill in %s"), tool->book_path, options.unit, month);
  return FALSE;
}

static gboolean
show_unit (FeeTool *tool, const FeeRunHead *head, const FeeRun *run, GError **error)
{
  Origins origins = { 0 };
  UnitView view = { run, NULL, 0, &origins };
  FeeTableOutput table;
  if (!g_utf8_validate (options.unit, -1, NULL))
    return fee_tool_usage (error, _("an option is not valid UTF-8"));
  gboolean ok = !options.trace || origins_load (tool, head->last_batch, &origins, error);
  ok = ok && fee_tool_begin_table (tool, options.trace ? trace_columns : fee_line_columns,
                                   options.trace ? G_N_ELEMENTS (trace_columns) : FEE_N_LINE_COLUMNS, &table, error);
  if (ok) {
    view.writer = table.writer;
    ok = fee_book_read_bills (tool->book, head->number, options.unit, TRUE, options.trace ? trace_bill : show_bill, &view, error);
    ok = fee_tool_end_table (&table, ok && (view.n_bills > 0 || unknown_unit (tool, error)), error);
  }
  origins_clear (&origins);
  return ok;
}

static gboolean
explain (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (FeeRun) run = NULL;
  const FeeRunHead *head;
  FeePeriod period;
  if (options.period == NULL)
    return fee_tool_usage (error, _("--period P is needed"));
  if (options.trace && options.unit == NULL)
    return fee_tool_usage (error, _("--trace goes with --unit"));
  if (!fee_tool_parse_period ("--period", options.period, &period, error) || !fee_tool_open_book (tool, FALSE, error)
      || !fee_book_runs (tool->book, &runs, error) || !fee_tool_find_run (tool, period, runs, &head, error)
      || !fee_book_read_run (tool->book, head, &run, error))
    return FALSE;
  return options.unit != NULL ? show_unit (tool, head, run, error) : show_stages (tool, run, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-explain", "", N_("Explain how the amounts of a posted month came about."), entries, 0, 0, explain };
  return fee_tool_main (&info, argc, argv);
}
