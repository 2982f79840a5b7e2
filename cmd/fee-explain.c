/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "../libfee/report/fee-show.h"
#include "explain.h"

static struct {
  char *period, *unit, *doc, *change;
  gboolean trace, open;
} options;

static const GOptionEntry entries[] = {
  { "period", 0, 0, G_OPTION_ARG_FILENAME, &options.period, N_("the posted month"), N_("P") },
  { "unit", 0, 0, G_OPTION_ARG_FILENAME, &options.unit, N_("the lines of this unit, not the stages"), N_("U") },
  { "trace", 0, 0, G_OPTION_ARG_NONE, &options.trace, N_("with --unit: back to documents, files and rows"), NULL },
  { "doc", 0, 0, G_OPTION_ARG_FILENAME, &options.doc, N_("who bore this document"), N_("DOC") },
  { "change", 0, 0, G_OPTION_ARG_FILENAME, &options.change,
    N_("with --unit: why its total is not that of the posted month Q"), N_("Q") },
  { "open", 0, 0, G_OPTION_ARG_NONE, &options.open,
    N_("what is prepaid, accrued and not yet depreciated at the end of the month"), NULL },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

static gboolean
show_stages (const FeeExplain *explain, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (explain->tool, fee_stage_columns, FEE_N_STAGE_COLUMNS, &table, error))
    return FALSE;
  fee_show_stages (table.writer, explain->run);
  return fee_tool_end_table (&table, TRUE, error);
}

/* ---- One unit */

gboolean
fee_explain_no_bill (const FeeExplain *explain, GError **error)
{
  char month[FEE_DATE_SIZE];
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
               _("%s: unit \"%s\" has no bill in %s"), explain->tool->book_path, explain->unit,
               fee_period_format (explain->run->period, month));
  return FALSE;
}

typedef struct {
  const FeeRun *run;
  FeeWriter *writer;
  guint n_bills;
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

static gboolean
show_unit (const FeeExplain *explain, GError **error)
{
  UnitView view = { explain->run, NULL, 0 };
  FeeTableOutput table;
  if (!fee_tool_begin_table (explain->tool, fee_line_columns, FEE_N_LINE_COLUMNS, &table, error))
    return FALSE;
  view.writer = table.writer;
  gboolean ok =
    fee_book_read_bills (explain->tool->book, explain->head->number, explain->unit, explain->run, show_bill, &view, error);
  return fee_tool_end_table (&table, ok && (view.n_bills > 0 || fee_explain_no_bill (explain, error)), error);
}

/* ---- What is asked for */

static gboolean
check_options (GError **error)
{
  guint views =
    (options.trace ? 1 : 0) + (options.change != NULL ? 1 : 0) + (options.doc != NULL ? 1 : 0) + (options.open ? 1 : 0);
  if (options.period == NULL)
    return fee_tool_usage (error, _("--period P is needed"));
  if (options.trace && options.unit == NULL)
    return fee_tool_usage (error, _("--trace goes with --unit"));
  if (options.change != NULL && options.unit == NULL)
    return fee_tool_usage (error, _("--change goes with --unit"));
  if (views > 1 || (options.unit != NULL && (options.doc != NULL || options.open)))
    return fee_tool_usage (error, _("--unit with --trace or --change, --doc, --open: one of them at a time"));
  if ((options.unit != NULL && !g_utf8_validate (options.unit, -1, NULL))
      || (options.doc != NULL && !g_utf8_validate (options.doc, -1, NULL)))
    return fee_tool_usage (error, _("an option is not valid UTF-8"));
  return TRUE;
}

static gboolean
show (const FeeExplain *explain, FeePeriod change, GError **error)
{
  const FeeRunHead *before;
  if (options.change != NULL)
    return fee_tool_find_run (explain->tool, change, explain->runs, &before, error)
           && fee_explain_change (explain, before, error);
  if (options.doc != NULL)
    return fee_explain_doc (explain, error);
  if (options.open)
    return fee_explain_open (explain, error);
  if (options.trace)
    return fee_explain_trace (explain, error);
  return options.unit != NULL ? show_unit (explain, error) : show_stages (explain, error);
}

static gboolean
explain (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (FeeRun) run = NULL;
  const FeeRunHead *head;
  FeePeriod period, change = FEE_PERIOD_NONE;
  if (!check_options (error) || !fee_tool_parse_period ("--period", options.period, &period, error)
      || (options.change != NULL && !fee_tool_parse_period ("--change", options.change, &change, error)))
    return FALSE;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_runs (tool->book, &runs, error)
      || !fee_tool_find_run (tool, period, runs, &head, error) || !fee_book_read_run (tool->book, head, &run, error))
    return FALSE;
  FeeExplain view = { tool, runs, head, run, options.unit, options.doc };
  return show (&view, change, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = {
    "fee-explain", "", N_("Explain how the amounts of a posted month came about."), entries, 0, 0, explain
  };
  return fee_tool_main (&info, argc, argv);
}
