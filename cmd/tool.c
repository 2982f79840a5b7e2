/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../libfee/base/fee-text.h"
#include "../libfee/store/fee-post.h"
#include "config.h"

enum { STATUS_DONE = 0, STATUS_LOOK = 1, STATUS_USAGE = 64, STATUS_RECORDS = 65, STATUS_INTERNAL = 70, STATUS_IO = 74, STATUS_BUSY = 75,
       STATUS_POLICY = 78 };

static int
status_of (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return STATUS_USAGE;
  if (error->domain != FEE_ERROR)
    return STATUS_IO;
  switch ((FeeError) error->code) {
  case FEE_ERROR_USAGE:
    return STATUS_USAGE;
  case FEE_ERROR_RECORDS:
    return STATUS_RECORDS;
  case FEE_ERROR_IO:
    return STATUS_IO;
  case FEE_ERROR_BUSY:
    return STATUS_BUSY;
  case FEE_ERROR_POLICY:
    return STATUS_POLICY;
  default:
    return STATUS_INTERNAL;
  }
}

/* ---- Messages */

/* Each line under the tool's name; control characters escaped, whatever the file that they come from holds. */
static void
print_lines (const FeeTool *tool, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_autofree char *valid = g_utf8_make_valid (*line, -1);
    g_autofree char *shown = fee_text_escape (valid);
    fprintf (stderr, "%s: %s\n", tool->info->name, shown);
  }
}

static gboolean
on_terminal (const FeeTool *tool)
{
  return !tool->quiet && isatty (STDERR_FILENO);
}

void
fee_tool_progress (FeeTool *tool, const char *format, ...)
{
  if (!on_terminal (tool) || (format == NULL && !tool->progressing))
    return;
  tool->progressing = format != NULL;
  fputs ("\r\033[K", stderr);
  if (format != NULL) {
    va_list arguments;
    va_start (arguments, format);
    vfprintf (stderr, format, arguments);
    va_end (arguments);
  }
  fflush (stderr);
}

void
fee_tool_say (FeeTool *tool, const char *format, ...)
{
  if (tool->quiet)
    return;
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fee_tool_progress (tool, NULL);
  print_lines (tool, text);
}

void
fee_tool_warn (FeeTool *tool, const char *text)
{
  fee_tool_progress (tool, NULL);
  print_lines (tool, text);
  tool->look = TRUE;
}

gboolean
fee_tool_usage (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (FEE_ERROR, FEE_ERROR_USAGE, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* ---- Values */

gboolean
fee_tool_parse_period (const char *option, const char *text, FeePeriod *out, GError **error)
{
  g_autofree char *shown = fee_text_quote (text, strlen (text));
  return fee_period_parse (text, out) || fee_tool_usage (error, _("%s %s is not a month (YYYY-MM)"), option, shown);
}

gboolean
fee_tool_parse_date (const char *option, const char *text, FeeDate *out, GError **error)
{
  g_autofree char *shown = fee_text_quote (text, strlen (text));
  return fee_date_parse (text, out) || fee_tool_usage (error, _("%s %s is not a day (YYYY-MM-DD)"), option, shown);
}

const char *
fee_tool_by (FeeTool *tool)
{
  if (tool->by == NULL) {
    const char *user = g_getenv ("FEE_USER");
    tool->by = g_strdup (user != NULL && *user != '\0' ? user : g_get_user_name ());
  }
  return tool->by;
}

FeeDate
fee_tool_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  FeeDate today = 0;
  /* a clock outside the years of a book bills nothing */
  fee_date_make (g_date_time_get_year (now), g_date_time_get_month (now), g_date_time_get_day_of_month (now), &today);
  return today;
}

static char *
time_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year (now), g_date_time_get_month (now),
                          g_date_time_get_day_of_month (now), g_date_time_get_hour (now), g_date_time_get_minute (now),
                          g_date_time_get_second (now));
}

/* ---- The book */

static gboolean
check_estate (FeeTool *tool, const FeePolicy *policy, GError **error)
{
  if (tool->expect_book == NULL || strcmp (policy->code, tool->expect_book) == 0)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: the book is \"%s\", not \"%s\""), tool->book_path, policy->code, tool->expect_book);
  return FALSE;
}

/* Begins the transaction, and reads what every tool needs. */
static gboolean
begin (FeeTool *tool, gboolean write, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeRecords) records = NULL;
  FeeLoad load = { .as_of = G_MAXUINT32 };
  if (!fee_book_begin (tool->book, write, error)
      || !fee_book_batches (tool->book, &batches, error) || !fee_book_load (tool->book, batches, &load, &records, error))
    return FALSE;
  const FeePolicy *policy = g_ptr_array_index (records->policies, records->policies->len - 1);
  tool->decimals = policy->decimals;
  if (tool->lang == NULL)
    tool->lang = g_strdup (tool->lang_option != NULL ? tool->lang_option : policy->lang);
  return check_estate (tool, policy, error);
}

/* A book of another estate stays as it is: that is looked at before. */
static gboolean
upgrade (FeeTool *tool, GError **error)
{
  g_autofree char *kept = NULL;
  if (!begin (tool, FALSE, error) || !fee_book_commit (tool->book, error) || !fee_book_upgrade (tool->book, &kept, error))
    return FALSE;
  if (kept != NULL)
    fee_tool_say (tool, _("%s: the book is upgraded to the form of this program; as it was before, it is kept in %s"), tool->book_path, kept);
  return TRUE;
}

/* What SQLite and reports put aside, without a name, is as private as the book: where it may be, it is beside it and not in a folder of all. */
static void
put_aside_beside (const char *book)
{
  g_autofree char *folder = g_path_get_dirname (book);
  if (g_access (folder, W_OK) != 0)
    return;
  g_setenv ("TMPDIR", folder, TRUE);
  g_setenv ("SQLITE_TMPDIR", folder, TRUE);
}

gboolean
fee_tool_open_book (FeeTool *tool, gboolean write, GError **error)
{
  put_aside_beside (tool->book_path);
  return fee_book_open (tool->book_path, tool->wait, &tool->book, error)
         && (!write || tool->trial || fee_book_is_current (tool->book) || upgrade (tool, error)) && begin (tool, write, error);
}

gboolean
fee_tool_find_run (FeeTool *tool, FeePeriod period, const GPtrArray *runs, const FeeRunHead **out, GError **error)
{
  char month[FEE_DATE_SIZE];
  const FeeRunHead *head = fee_runs_find (runs, period);
  if (head != NULL) {
    *out = head;
    return TRUE;
  }
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) withdrawals = NULL;
  if (!fee_book_all_runs (tool->book, &all, &withdrawals, error))
    return FALSE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
               fee_runs_find_withdrawn (all, period) != NULL ? _("%s: %s is withdrawn, and has not run again") : _("%s: %s is not posted"),
               tool->book_path, fee_period_format (period, month));
  return FALSE;
}

/* ---- The command line */

static gboolean
check_utf8 (const FeeTool *tool, GError **error)
{
  const char *texts[] = { tool->by, tool->expect_book, tool->format_name, tool->lang_option };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && !g_utf8_validate (texts[i], -1, NULL))
      return fee_tool_usage (error, _("an option is not valid UTF-8"));
  for (gint i = 0; i < tool->n_arguments; i++)
    if (!g_utf8_validate (tool->arguments[i], -1, NULL))
      return fee_tool_usage (error, _("an argument is not valid UTF-8"));
  return TRUE;
}

/* FeeFormat: the last two are of documents. */
static gboolean
find_format (FeeTool *tool)
{
  static const char *const names[] = { "text", "csv", "json", "html", "pdf" };
  for (guint i = 0; i < (tool->info->documents ? G_N_ELEMENTS (names) : FEE_FORMAT_HTML); i++)
    if (strcmp (tool->format_name, names[i]) == 0) {
      tool->format = (FeeFormat) i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
check_format (FeeTool *tool, GError **error)
{
  if (tool->excel && tool->format_name == NULL)
    tool->format = FEE_FORMAT_CSV;
  if (tool->format_name != NULL && !find_format (tool))
    return fee_tool_usage (error, tool->info->documents ? _("--format %s: text, csv, json, html or pdf") : _("--format %s: text, csv or json"),
                           tool->format_name);
  if (tool->excel && tool->format != FEE_FORMAT_CSV)
    return fee_tool_usage (error, _("--excel goes with --format csv"));
  if (tool->lang_option != NULL && strcmp (tool->lang_option, "en") != 0 && strcmp (tool->lang_option, "zh_CN") != 0)
    return fee_tool_usage (error, _("--lang %s: en or zh_CN"), tool->lang_option);
  if (tool->wait < 0 || tool->wait > 86400)
    return fee_tool_usage (error, _("--wait %d: seconds, 0 to 86400"), tool->wait);
  return TRUE;
}

static gboolean
parse_options (FeeTool *tool, int argc, char **argv, GError **error)
{
  const GOptionEntry common[] = {
    { "book", 0, 0, G_OPTION_ARG_FILENAME, &tool->book_path, N_("the book (else $FEE_BOOK, else book.db)"), N_("FILE") },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &tool->format_name, tool->info->documents ? N_("text, csv, json, html or pdf") : N_("text, csv or json"), N_("FORMAT") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &tool->output, N_("write here instead of standard output"), N_("PATH") },
    { "lang", 0, 0, G_OPTION_ARG_FILENAME, &tool->lang_option, N_("language of documents: en or zh_CN"), N_("LANG") },
    { "excel", 0, 0, G_OPTION_ARG_NONE, &tool->excel, N_("CSV as Excel likes it"), NULL },
    { "raw", 0, 0, G_OPTION_ARG_NONE, &tool->raw, N_("CSV without ' before = + - @"), NULL },
    { "expect-book", 0, 0, G_OPTION_ARG_FILENAME, &tool->expect_book, N_("refuse a book with another code"), N_("CODE") },
    { "by", 0, 0, G_OPTION_ARG_FILENAME, &tool->by, N_("who acts (else $FEE_USER, else the login name)"), N_("NAME") },
    { "wait", 0, 0, G_OPTION_ARG_INT, &tool->wait, N_("seconds to wait for a busy book (30)"), N_("S") },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &tool->quiet, N_("say nothing when all is well"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &tool->help, N_("print this help"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &tool->version, N_("print the version"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &tool->arguments, NULL, NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (tool->info->arguments);
  g_option_context_set_summary (context, _(tool->info->summary));
  g_option_context_set_description (context, _("Exit status: 0 done, 1 done but look, 64 usage, 65 records, 70 internal, 74 input/output, 75 busy, 78 policy."));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_help_enabled (context, FALSE); /* GLib's own exits 0 on a full disk */
  if (tool->info->entries != NULL)
    g_option_context_add_main_entries (context, tool->info->entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (tool->help) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
    fputs (help, stdout);
    return TRUE;
  }
  if (tool->arguments == NULL)
    tool->arguments = g_new0 (char *, 1);
  tool->n_arguments = (gint) g_strv_length (tool->arguments);
  return check_utf8 (tool, error) && check_format (tool, error);
}

static gboolean
check_arguments (const FeeTool *tool, GError **error)
{
  const FeeToolInfo *info = tool->info;
  if (tool->n_arguments < info->min_arguments)
    return fee_tool_usage (error, _("too few arguments: %s %s; --help says more"), info->name, info->arguments);
  if (info->max_arguments >= 0 && tool->n_arguments > info->max_arguments) {
    g_autofree char *shown = fee_text_quote (tool->arguments[info->max_arguments], strlen (tool->arguments[info->max_arguments]));
    return fee_tool_usage (error, _("too many arguments: %s; --help says more"), shown);
  }
  return TRUE;
}

static void
tool_clear (FeeTool *tool)
{
  fee_book_free (tool->book);
  g_free (tool->book_path);
  g_free (tool->format_name);
  g_free (tool->output);
  g_free (tool->lang_option);
  g_free (tool->expect_book);
  g_free (tool->by);
  g_strfreev (tool->arguments);
  g_free (tool->now);
  g_free (tool->lang);
}

static void
start (void)
{
  fee_tool_settle_memory ();
  setlocale (LC_CTYPE, ""); /* the others are not used: amounts and dates are written one way everywhere */
  setlocale (LC_MESSAGES, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  umask (0077);
  signal (SIGPIPE, SIG_IGN); /* a closed pipe is an error of writing */
  signal (SIGXFSZ, SIG_IGN); /* so is a file that may not grow: ulimit -f */
}

int
fee_tool_main (const FeeToolInfo *info, int argc, char **argv)
{
  FeeTool tool = { .info = info, .wait = 30 };
  g_autoptr (GError) error = NULL;
  start ();
  gboolean ok = parse_options (&tool, argc, argv, &error);
  if (ok && tool.version && !tool.help)
    printf ("%s %s\n", info->name, FEE_VERSION);
  if (ok && (tool.version || tool.help)) {
    tool_clear (&tool);
    return fflush (stdout) == 0 ? STATUS_DONE : STATUS_IO;
  }
  if (tool.book_path == NULL) {
    const char *book = g_getenv ("FEE_BOOK");
    tool.book_path = g_strdup (book != NULL && *book != '\0' ? book : "book.db");
  }
  tool.now = time_now ();
  ok = ok && check_arguments (&tool, &error) && info->work (&tool, &error);
  fee_tool_progress (&tool, NULL);
  if (!ok)
    print_lines (&tool, error->message);
  int status = !ok ? status_of (error) : tool.look ? STATUS_LOOK : STATUS_DONE;
  tool_clear (&tool);
  return status;
}

static gboolean
load_units (FeeTool *tool, FeeRecords **records, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  FeeLoad load = { .kinds = 1u << FEE_KIND_UNITS, .as_of = G_MAXUINT32, .fields = FEE_FIELDS_REFERENCE };
  if (!fee_book_batches (tool->book, &batches, error) || !fee_book_load (tool->book, batches, &load, records, error))
    return FALSE;
  fee_records_index (*records, NULL, NULL);
  return TRUE;
}

gboolean
fee_tool_check_units (FeeTool *tool, char **units, GError **error)
{
  g_autoptr (FeeRecords) records = NULL;
  if (units == NULL || *units == NULL)
    return TRUE;
  if (!load_units (tool, &records, error))
    return FALSE;
  for (; *units != NULL; units++) {
    FeeText unit;
    if (fee_strings_find (records->ids, *units, &unit) && unit != FEE_TEXT_EMPTY
        && fee_register_find (records->reg, unit, 0) != FEE_UNIT_NONE)
      continue;
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: unit \"%s\" is not in the book"), tool->book_path, *units);
    return FALSE;
  }
  return TRUE;
}
