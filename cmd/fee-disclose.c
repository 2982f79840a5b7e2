/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "../libfee/base/fee-text.h"
#include "disclose.h"

static struct {
  char *period, *as_of, *posted, *extract;
  gboolean record, list;
} options;

static const GOptionEntry entries[] = {
  { "period", 0, 0, G_OPTION_ARG_FILENAME, &options.period,
    N_("a month (2026-03), quarter (2026-Q1) or year (2026)"), N_("P") },
    { "as-of", 0, 0, G_OPTION_ARG_FILENAME, &options.as_of,
      N_("receipts and receivables at the end of that day (default: the day up to which receipts are complete)"),
          N_("D") },
      { "posted", 0, 0, G_OPTION_ARG_FILENAME, &options.posted, N_("the days on which it is put up"), N_("FROM..TO") },
        { "record", 0, 0, G_OPTION_ARG_NONE, &options.record, N_("keep what is printed in the book, with --posted"), NULL },
          { "list", 0, 0, G_OPTION_ARG_NONE, &options.list, N_("list what is kept"), NULL },
            { "extract", 0, 0, G_OPTION_ARG_FILENAME, &options.extract,
              N_("give what is kept back, byte for byte"), N_("N") }, { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
            };

/* ---- Options */

/* "2026-Q1" */
static gboolean
parse_quarter (const char *text, FeePeriod *first)
{
  if (strlen (text) != 7 || text[4] != '-' || text[5] != 'Q' || text[6] < '1' || text[6] > '4')
    return FALSE;
  g_autofree char *month = g_strdup_printf ("%.4s-%02d", text, (text[6] - '1') * 3 + 1);
  return fee_period_parse (month, first);
}

static gboolean
parse_year (const char *text, FeePeriod *first)
{
  g_autofree char *month = g_strdup_printf ("%s-01", text);
  return strlen (text) == 4 && fee_period_parse (month, first);
}

static gboolean
parse_period (FeeDisclosureRequest *request, GError **error)
{
  gint months = 1;
  if (parse_quarter (options.period, &request->first))
    months = 3;
  else if (parse_year (options.period, &request->first))
    months = 12;
  else if (!fee_period_parse (options.period, &request->first)) {
    g_autofree char *shown = fee_text_quote (options.period, strlen (options.period));
    return fee_tool_usage (error, _("--period %s is no month (2026-03), quarter (2026-Q1) or year (2026)"), shown);
  }
  request->last = request->first + months - 1;
  return TRUE;
}

static gboolean
parse_posted (FeeDisclosureRequest *request, GError **error)
{
  request->posted_from = request->posted_to = FEE_DATE_NONE;
  if (options.posted == NULL)
    return TRUE;
  g_auto (GStrv) days = g_strsplit (options.posted, "..", 2);
  if (g_strv_length (days) == 2 && fee_date_parse (days[0], &request->posted_from)
      && fee_date_parse (days[1], &request->posted_to) && request->posted_from <= request->posted_to)
    return TRUE;
  g_autofree char *shown = fee_text_quote (options.posted, strlen (options.posted));
  return fee_tool_usage (error, _("--posted %s is not YYYY-MM-DD..YYYY-MM-DD, the first day and the last"), shown);
}

static gboolean
check_options (FeeDisclosureRequest *request, GError **error)
{
  guint views = (options.period != NULL) + options.list + (options.extract != NULL);
  if (views == 0)
    return fee_tool_usage (error, _("--period P is needed"));
  if (views > 1 || (options.period == NULL && (options.as_of != NULL || options.posted != NULL || options.record)))
    return fee_tool_usage (error,
                           _("--period with --as-of, --posted and --record; --list; --extract: one of them at a time"));
  if (options.list && request->tool->format > FEE_FORMAT_JSON)
    return fee_tool_usage (error, _("--list goes with --format text, csv or json"));
  if (options.record && options.posted == NULL)
    return fee_tool_usage (error, _("--record goes with --posted FROM..TO"));
  request->as_of = FEE_DATE_NONE;
  return options.period == NULL
         || (parse_period (request, error) && parse_posted (request, error)
             && (options.as_of == NULL || fee_tool_parse_date ("--as-of", options.as_of, &request->as_of, error)));
}

/* FILE.html is HTML, and nothing else; the same of PDF. */
static gboolean
check_ending (FeeTool *tool, GError **error)
{
  static const char *const endings[] = { [FEE_FORMAT_HTML] = ".html", [FEE_FORMAT_PDF] = ".pdf" };
  for (guint i = FEE_FORMAT_HTML; i < G_N_ELEMENTS (endings) && tool->output != NULL; i++) {
    if (!g_str_has_suffix (tool->output, endings[i]) || tool->format == (FeeFormat) i)
      continue;
    if (tool->format_name != NULL || tool->excel)
      return fee_tool_usage (error, _("--output %s: its ending is not that of --format %s"), tool->output,
                             tool->format_name != NULL ? tool->format_name : "csv");
    tool->format = (FeeFormat) i;
  }
  if (tool->output == NULL && tool->format == FEE_FORMAT_PDF && isatty (STDOUT_FILENO))
    return fee_tool_usage (error, _("a PDF is nothing for a terminal: --output FILE.pdf"));
  return TRUE;
}

/* ---- The months that are there */

static gboolean
none_posted (const FeeDisclosureRequest *request, GError **error)
{
  char period[FEE_DATE_SIZE];
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
               _("%s: no month of %s is posted"), request->tool->book_path,
                  fee_disclosure_period (request->first, request->last, period));
  return FALSE;
}

/* A period that is not over in the book may be looked at too early; months before the book were never to be in it. */
static void
warn_of_missing (const FeeDisclosureRequest *request)
{
  char period[FEE_DATE_SIZE], from[FEE_DATE_SIZE], to[FEE_DATE_SIZE];
  if (request->from != request->first)
    fee_tool_say (request->tool, _("the book begins with %s"), fee_period_format (request->from, from));
  if (request->to == request->last)
    return;
  g_autofree char *text = g_strdup_printf (_("%s is disclosed in part: only %s to %s are posted"),
                                           fee_disclosure_period (request->first, request->last, period),
                                           fee_period_format (request->from, from), fee_period_format (request->to, to));
  fee_tool_warn (request->tool, text);
}

/* Runs stand one a month, from the first month of the book on. */
static gboolean
find_months (FeeDisclosureRequest *request, GError **error)
{
  if (!fee_book_runs (request->tool->book, &request->runs, error))
    return FALSE;
  if (request->runs->len == 0)
    return none_posted (request, error);
  request->from = MAX (request->first, ((const FeeRunHead *) g_ptr_array_index (request->runs, 0))->period);
  request->to =
    MIN (request->last, ((const FeeRunHead *) g_ptr_array_index (request->runs, request->runs->len - 1))->period);
  if (request->from > request->to)
    return request->first == request->last
             ? fee_tool_find_run (request->tool, request->first, request->runs, &(const FeeRunHead *){ NULL }, error)
             : none_posted (request, error);
  return TRUE;
}

/* ---- Making it */

static gboolean
append_bytes (const char *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  g_byte_array_append (data, (const guint8 *) bytes, (guint) length);
  return TRUE;
}

static gboolean
make_table (const FeeTool *tool, const FeeDisclosure *disclosure, GByteArray *bytes, GError **error)
{
  FeeWriterOptions how = {
    .format = tool->format, .decimals = tool->decimals, .lang = tool->lang, .excel = tool->excel, .raw = tool->raw
  };
  g_autoptr (FeeWriter) writer =
    fee_writer_new (&how, fee_disclosure_columns, FEE_N_DISCLOSURE_COLUMNS, append_bytes, bytes);
  fee_disclosure_rows (writer, disclosure);
  return fee_writer_finish (writer, error);
}

/* What is kept is whole, whatever terminal it is made on. */
static gboolean
make_document (const FeeTool *tool, const FeeDisclosure *disclosure, GByteArray *bytes, GError **error)
{
  g_autofree char *title = fee_disclosure_title (disclosure);
  FeeDocumentOptions how = { .format = tool->format,
                             .decimals = tool->decimals,
                             .lang = tool->lang,
                             .title = title,
                             .contents = TRUE,
                             .width = options.record ? 0 : fee_terminal_width (tool->output),
                             .colour = !options.record && fee_terminal_colour (tool->output) };
  g_autoptr (FeeDocument) document = fee_document_new (&how, append_bytes, bytes);
  fee_disclosure_show (document, disclosure);
  return fee_document_finish (document, error);
}

gboolean
fee_disclose_make (const FeeDisclosureRequest *request, const FeeDisclosure *disclosure, GBytes **out, GError **error)
{
  const FeeTool *tool = request->tool;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gboolean table = tool->format == FEE_FORMAT_CSV || tool->format == FEE_FORMAT_JSON;
  if (!(table ? make_table (tool, disclosure, bytes, error) : make_document (tool, disclosure, bytes, error)))
    return FALSE;
  *out = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return TRUE;
}

gboolean
fee_disclose_write (FeeTool *tool, GBytes *bytes, GError **error)
{
  g_autoptr (FeeOutput) output = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  return fee_output_open (tool->output, &output, error) && fee_output_write (data, length, output, error)
         && fee_tool_finish_output (tool, output, error);
}

/* What is published is kept before it is given away. */
static gboolean
publish (FeeDisclosureRequest *request, GError **error)
{
  g_autoptr (FeeDisclosure) disclosure = NULL;
  g_autoptr (GBytes) bytes = NULL;
  if (!find_months (request, error) || !fee_disclose_load (request, &disclosure, error)
      || !fee_disclose_make (request, disclosure, &bytes, error)
      || (options.record && !fee_disclose_record (request, bytes, error))
      || !fee_disclose_write (request->tool, bytes, error))
    return FALSE;
  warn_of_missing (request);
  return TRUE;
}

static gboolean
disclose (FeeTool *tool, GError **error)
{
  FeeDisclosureRequest request = { .tool = tool };
  if ((options.extract == NULL && !check_ending (tool, error)) || !check_options (&request, error) || !fee_tool_open_book (tool, options.record, error))
    return FALSE;
  if (options.list)
    return fee_disclose_list (tool, error);
  if (options.extract != NULL)
    return fee_disclose_extract (tool, options.extract, error);
  gboolean ok = publish (&request, error);
  g_clear_pointer (&request.runs, g_ptr_array_unref);
  return ok;
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-disclose",
                                    "",
                                    N_("Print the public disclosure of a month, quarter or year: no names, no units."),
                                        entries, 0, 0, disclose, .documents = TRUE };
  return fee_tool_main (&info, argc, argv);
}
