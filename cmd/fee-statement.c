/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "statement.h"

static struct {
  char *period, *unit, *as_of, *order;
  gboolean bills;
} options;

static const GOptionEntry entries[] = {
  { "period", 0, 0, G_OPTION_ARG_FILENAME, &options.period, N_("the posted month"), N_("P") },
  { "unit", 0, 0, G_OPTION_ARG_FILENAME, &options.unit, N_("of this unit only"), N_("U") },
  { "bills", 0, 0, G_OPTION_ARG_NONE, &options.bills, N_("one row a bill"), NULL },
  { "as-of", 0, 0, G_OPTION_ARG_FILENAME, &options.as_of, N_("account up to that day (else the issue day)"), N_("D") },
  { "order", 0, 0, G_OPTION_ARG_FILENAME, &options.order, N_("by these columns of the units, e.g. building,entrance,floor,unit"), N_("COLUMNS") },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

/* By FeeFormat */
static const char *const endings[] = { ".txt", ".csv", ".json", ".html", ".pdf" };

static gboolean
is_document (FeeFormat format)
{
  return format == FEE_FORMAT_TEXT || format == FEE_FORMAT_HTML || format == FEE_FORMAT_PDF;
}

/* ---- What is done with each bill */

typedef struct {
  FeeTool *tool;
  FeeStatements *statements;
  FeeWriter *writer;   /* CSV and JSON */
  FeeDocument *document;
  const char *folder;  /* one file a bill, or NULL */
  FeeTableOutput index; /* of PDF */
  guint n;             /* bills done */
} Printing;

static void
count_bill (Printing *printing)
{
  if (++printing->n % 100 == 0 && options.unit == NULL)
    fee_tool_progress (printing->tool, _("bill %u of %lu ..."), printing->n, (gulong) printing->statements->run->n_bills);
}

static gboolean
show_lines (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Printing *printing = data;
  fee_show_lines (printing->writer, printing->statements->run, bill);
  printing->n++;
  return TRUE;
}

static gboolean
show_summary (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Printing *printing = data;
  fee_statements_summary (printing->statements, bill, printing->writer);
  printing->n++;
  return TRUE;
}

static gboolean
show_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error; /* the document keeps it */
  Printing *printing = data;
  guint before = fee_document_pages (printing->document);
  fee_statements_write (printing->statements, bill, printing->document);
  const FeeBillPlace place = { printing->tool->output, before + 1, fee_document_pages (printing->document) - before };
  fee_statement_index_add (&printing->index, printing->statements, bill, &place);
  if (printing->tool->format == FEE_FORMAT_PDF)
    count_bill (printing);
  else
    printing->n++; /* at once */
  return TRUE;
}

/* The file's name is the bill's number, which has digits only: an id never becomes a path. */
static char *
file_of_bill (const Printing *printing, const FeePageReader *bill)
{
  char number[FEE_BILL_NUMBER_SIZE];
  fee_bill_number_format (printing->statements->run->period, bill->bill, number);
  g_autofree char *name = g_strconcat (number, endings[printing->tool->format], NULL);
  return g_build_filename (printing->folder, name, NULL);
}

static gboolean
begin_document (const Printing *printing, const char *path, const char *number, FeeDocumentOutput *out, GError **error)
{
  FeeTool *tool = printing->tool;
  g_autofree char *title = g_strdup_printf ("%s %s", g_strcmp0 (tool->lang, "zh_CN") == 0 ? "缴费通知单" : "Fee notice",
                                            number != NULL ? number : options.period);
  return fee_tool_begin_document (tool, path, title, out, error);
}

static gboolean
write_document (Printing *printing, const FeePageReader *bill, const char *path, GError **error)
{
  FeeDocumentOutput out;
  char number[FEE_BILL_NUMBER_SIZE];
  fee_bill_number_format (printing->statements->run->period, bill->bill, number);
  if (!begin_document (printing, path, number, &out, error))
    return FALSE;
  fee_statements_write (printing->statements, bill, out.document);
  const FeeBillPlace place = { path, 1, fee_document_pages (out.document) };
  fee_statement_index_add (&printing->index, printing->statements, bill, &place);
  return fee_tool_end_document (&out, TRUE, error);
}

static gboolean
write_table (const Printing *printing, const FeePageReader *bill, const char *path, GError **error)
{
  FeeTool *tool = printing->tool;
  FeeTableOutput table;
  g_autofree char *folder = g_steal_pointer (&tool->output);
  tool->output = g_strdup (path);
  gboolean ok = fee_tool_begin_table (tool, fee_line_columns, FEE_N_LINE_COLUMNS, &table, error);
  if (ok) {
    fee_show_lines (table.writer, printing->statements->run, bill);
    ok = fee_tool_end_table (&table, TRUE, error);
  }
  g_free (tool->output);
  tool->output = g_steal_pointer (&folder);
  return ok;
}

static gboolean
write_file (const FeePageReader *bill, gpointer data, GError **error)
{
  Printing *printing = data;
  g_autofree char *path = file_of_bill (printing, bill);
  count_bill (printing);
  if (is_document (printing->tool->format))
    return write_document (printing, bill, path, error);
  return write_table (printing, bill, path, error);
}

/* ---- The whole */

/* The form whose ending a name has, or -1. */
static gint
form_of_name (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (path != NULL && g_str_has_suffix (path, endings[i]))
      return (gint) i;
  return -1;
}

/* FILE.html is HTML, and nothing else; the same of PDF. */
static gboolean
check_ending (FeeTool *tool, GError **error)
{
  gint form = form_of_name (tool->output);
  if (form < FEE_FORMAT_HTML || form == (gint) tool->format || g_file_test (tool->output, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (tool->format_name != NULL || tool->excel)
    return fee_tool_usage (error, _("--output %s: its ending is not that of --format %s"), tool->output,
                           tool->format_name != NULL ? tool->format_name : "csv");
  tool->format = (FeeFormat) form;
  return TRUE;
}

/* A folder that is there, or a name without an ending of ours: one file a bill. */
static gboolean
is_folder (const char *path)
{
  if (path == NULL || (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_DIR)))
    return FALSE;
  return g_file_test (path, G_FILE_TEST_IS_DIR) || g_str_has_suffix (path, "/") || form_of_name (path) < 0;
}

static gboolean
print_each (Printing *printing, FeeBillFunc func, GError **error)
{
  return options.order == NULL ? fee_statements_each (printing->statements, options.unit, func, printing, error)
                               : fee_statements_each_ordered (printing->statements, options.unit, options.order, func, printing, error);
}

static gboolean
no_bill (FeeTool *tool, GError **error)
{
  if (options.unit == NULL)
    return TRUE; /* a month without bills is an empty document */
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: unit \"%s\" has no bill in %s"), tool->book_path, options.unit, options.period);
  return FALSE;
}

static gboolean
print_table (Printing *printing, GError **error)
{
  FeeTool *tool = printing->tool;
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, options.bills ? fee_summary_columns : fee_line_columns,
                             options.bills ? FEE_N_SUMMARY_COLUMNS : FEE_N_LINE_COLUMNS, &table, error))
    return FALSE;
  printing->writer = table.writer;
  gboolean ok = print_each (printing, options.bills ? show_summary : show_lines, error) && (printing->n > 0 || no_bill (tool, error));
  return fee_tool_end_table (&table, ok, error);
}

/* All bills of a month in PDF have one; path is taken. */
static gboolean
begin_index (Printing *printing, char *path, GError **error)
{
  g_autofree char *taken = path;
  return options.unit != NULL || printing->tool->format != FEE_FORMAT_PDF
         || fee_statement_index_begin (printing->tool, taken, &printing->index, error);
}

static gboolean
end_index (Printing *printing, gboolean ok, GError **error)
{
  return printing->index.output == NULL ? ok : fee_tool_end_table (&printing->index, ok, error);
}

static char *
index_of_file (const char *path)
{
  gsize stem = strlen (path) - strlen (endings[FEE_FORMAT_PDF]);
  return g_strdup_printf ("%.*s.index.csv", (int) stem, path);
}

static gboolean
print_document (Printing *printing, GError **error)
{
  FeeDocumentOutput out;
  const char *path = printing->tool->output;
  if (!begin_document (printing, path, NULL, &out, error))
    return FALSE;
  printing->document = out.document;
  gboolean ok = form_of_name (path) != FEE_FORMAT_PDF || begin_index (printing, index_of_file (path), error);
  ok = ok && print_each (printing, show_bill, error) && (printing->n > 0 || no_bill (printing->tool, error));
  ok = fee_tool_end_document (&out, ok, error);
  return end_index (printing, ok, error);
}

static gboolean
print_folder (Printing *printing, GError **error)
{
  FeeTool *tool = printing->tool;
  if (!fee_output_make_folder (tool->output, error))
    return FALSE;
  printing->folder = tool->output;
  gboolean ok = begin_index (printing, g_build_filename (tool->output, "index.csv", NULL), error)
                && print_each (printing, write_file, error) && (printing->n > 0 || no_bill (tool, error));
  return end_index (printing, ok, error);
}

static gboolean
check_options (GError **error)
{
  const char *texts[] = { options.unit, options.order };
  if (options.period == NULL)
    return fee_tool_usage (error, _("--period P is needed"));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && !g_utf8_validate (texts[i], -1, NULL))
      return fee_tool_usage (error, _("an option is not valid UTF-8"));
  return TRUE;
}

/* --bills is a table for the office. */
static gboolean
check_bills (const FeeTool *tool, gboolean folder, GError **error)
{
  if (options.bills && folder)
    return fee_tool_usage (error, _("--bills writes one table: --output names a file"));
  if (options.bills && tool->format >= FEE_FORMAT_HTML)
    return fee_tool_usage (error, _("--bills goes with --format text, csv or json"));
  return TRUE;
}

static gboolean
statement (FeeTool *tool, GError **error)
{
  g_autoptr (FeeStatements) statements = NULL;
  FeePeriod period;
  FeeDate as_of = FEE_DATE_NONE;
  if (!check_options (error) || !check_ending (tool, error) || !fee_tool_parse_period ("--period", options.period, &period, error)
      || (options.as_of != NULL && !fee_tool_parse_date ("--as-of", options.as_of, &as_of, error)))
    return FALSE;
  gboolean document = is_document (tool->format) && !options.bills;
  gboolean folder = is_folder (tool->output);
  if (!check_bills (tool, folder, error) || !fee_tool_open_book (tool, FALSE, error)
      || !fee_statements_load (tool, period, as_of, document || options.bills, options.order != NULL, &statements, error))
    return FALSE;
  Printing printing = { .tool = tool, .statements = statements };
  if (folder)
    return print_folder (&printing, error);
  return document ? print_document (&printing, error) : print_table (&printing, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-statement", "", N_("Print the bills of a posted month with their lines and the reason for each."),
                                    entries, 0, 0, statement, TRUE };
  return fee_tool_main (&info, argc, argv);
}
