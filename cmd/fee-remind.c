/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "../libfee/store/fee-import.h"
#include "remind.h"

static struct {
  char *as_of, *channel, *proof, *approved_by, *letters, *letter_format, *forms;
  char **units;
  gboolean record;
} options;

static const GOptionEntry entries[] = {
  { "as-of", 0, 0, G_OPTION_ARG_FILENAME, &options.as_of, N_("the list of that day (else today)"), N_("D") },
  { "unit", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.units, N_("of this unit only; may be repeated"), N_("U") },
  { "approved-by", 0, 0, G_OPTION_ARG_FILENAME, &options.approved_by, N_("who approved the steps that need it"), N_("NAME") },
  { "record", 0, 0, G_OPTION_ARG_NONE, &options.record, N_("note the steps of the list as taken"), NULL },
  { "channel", 0, 0, G_OPTION_ARG_FILENAME, &options.channel, N_("how they reached their parties"), N_("TEXT") },
  { "proof", 0, 0, G_OPTION_ARG_FILENAME, &options.proof, N_("what proves it: number of the registered letter"), N_("TEXT") },
  { "letters", 0, 0, G_OPTION_ARG_FILENAME, &options.letters, N_("write a letter for each row to remind or to assist"), N_("FOLDER") },
  { "letter-format", 0, 0, G_OPTION_ARG_FILENAME, &options.letter_format, N_("text, html or pdf"), N_("FORMAT") },
  { "forms", 0, 0, G_OPTION_ARG_FILENAME, &options.forms, N_("letter forms of your own"), N_("FOLDER") },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

/* ---- The rows asked for */

static gboolean
is_wanted (const FeeReminders *reminders, const FeeReminder *row)
{
  if (options.units == NULL)
    return TRUE;
  return g_strv_contains ((const char *const *) options.units, fee_strings_get (reminders->input.ledger->strings, row->unit));
}

static const char *
cell_of_party (const FeeReminders *reminders, const FeeReminder *row, guint column)
{
  guint32 found = fee_reminders_party_row (reminders, row->unit, row->party);
  return found == G_MAXUINT32 ? "" : fee_table_text (reminders->accounts->records->tables[FEE_KIND_PARTIES], column, found);
}

static void
show (FeeWriter *writer, const FeeReminders *reminders)
{
  for (guint i = 0; i < reminders->rows->len; i++) {
    const FeeReminder *row = &g_array_index (reminders->rows, FeeReminder, i);
    if (is_wanted (reminders, row))
      fee_show_reminder (writer, &reminders->input, row, cell_of_party (reminders, row, FEE_PARTIES_NAME),
                         cell_of_party (reminders, row, FEE_PARTIES_CONTACT));
  }
}

/* ---- Steps as taken: a batch of kind notices, as if the office had written the file */

static const FeeOutputColumn notice_columns[] = {
  { "notice", NULL, NULL, FEE_COLUMN_TEXT }, { "date", NULL, NULL, FEE_COLUMN_TEXT },    { "unit", NULL, NULL, FEE_COLUMN_TEXT },
  { "party", NULL, NULL, FEE_COLUMN_TEXT },  { "step", NULL, NULL, FEE_COLUMN_TEXT },    { "channel", NULL, NULL, FEE_COLUMN_TEXT },
  { "result", NULL, NULL, FEE_COLUMN_TEXT }, { "proof", NULL, NULL, FEE_COLUMN_TEXT },   { "approved_by", NULL, NULL, FEE_COLUMN_TEXT },
};

static gboolean
keep_bytes (const char *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  g_byte_array_append (data, (const guint8 *) bytes, (guint) length);
  return TRUE;
}

static void
write_notice (FeeWriter *writer, const FeeReminders *reminders, const FeeReminder *row)
{
  const FeeStrings *strings = reminders->input.ledger->strings;
  const FeeStep *step = &g_array_index (reminders->policy->steps, FeeStep, row->step);
  const char *unit = fee_strings_get (strings, row->unit), *party = fee_strings_get (strings, row->party);
  char date[FEE_DATE_SIZE];
  g_autofree char *notice = g_strdup_printf ("%s:%s:%s:%s", fee_date_format (reminders->input.day, date), step->id, unit, party);
  fee_writer_text (writer, notice);
  fee_writer_date (writer, reminders->input.day);
  fee_writer_text (writer, unit);
  fee_writer_text (writer, party);
  fee_writer_text (writer, step->id);
  fee_writer_text (writer, options.channel != NULL ? options.channel : "");
  fee_writer_text (writer, "delivered");
  fee_writer_text (writer, options.proof != NULL ? options.proof : "");
  fee_writer_text (writer, step->approval ? options.approved_by : "");
}

/* The file of the steps taken, in the making. */
typedef struct {
  GByteArray *bytes;
  FeeWriter *writer;
  guint n;
} Notices;

static void
notices_init (Notices *notices)
{
  FeeWriterOptions form = { .format = FEE_FORMAT_CSV };
  *notices = (Notices) { .bytes = g_byte_array_new () };
  notices->writer = fee_writer_new (&form, notice_columns, G_N_ELEMENTS (notice_columns), keep_bytes, notices->bytes);
}

static void
notices_clear (Notices *notices)
{
  g_clear_pointer (&notices->writer, fee_writer_free);
  g_clear_pointer (&notices->bytes, g_byte_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Notices, notices_clear)

static void
write_notices (Notices *notices, const FeeReminders *reminders)
{
  for (guint i = 0; i < reminders->rows->len; i++) {
    const FeeReminder *row = &g_array_index (reminders->rows, FeeReminder, i);
    if (row->action != FEE_ACTION_REMIND || !is_wanted (reminders, row))
      continue;
    write_notice (notices->writer, reminders, row);
    notices->n++;
  }
}

static gboolean
record (FeeTool *tool, Notices *notices, FeeDate day, GError **error)
{
  g_autoptr (FeeImported) imported = NULL;
  FeeImportOptions import = { .encoding = "UTF-8", .delimiter = ',', .format = { .decimal = '.' }, .through = FEE_DATE_NONE,
                              .made_at = tool->now, .made_by = fee_tool_by (tool) };
  char date[FEE_DATE_SIZE];
  if (!fee_writer_finish (notices->writer, error))
    return FALSE;
  if (notices->n == 0) {
    fee_tool_say (tool, _("no step is due: nothing to record"));
    return TRUE;
  }
  g_autofree char *name = g_strdup_printf ("notices-%s.csv", fee_date_format (day, date));
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&notices->bytes));
  if (!fee_import_file (tool->book, FEE_KIND_NOTICES, name, bytes, &import, &imported, error) || !fee_book_commit (tool->book, error))
    return FALSE;
  fee_tool_say (tool, ngettext ("%u step recorded as taken on %s (batch %u)", "%u steps recorded as taken on %s (batch %u)", notices->n),
                notices->n, date, imported->batch);
  return TRUE;
}

/* ---- The whole */

static void
warn_of_old_receipts (FeeTool *tool, const FeeRemindInput *input)
{
  char through[FEE_DATE_SIZE];
  g_autofree char *text = NULL;
  if (!fee_receipts_are_old (input))
    return;
  if (input->through == FEE_DATE_NONE)
    text = g_strdup (_("no receipts are imported: nobody is reminded by this list"));
  else
    text = g_strdup_printf (_("receipts are complete up to %s only, %d days ago (at most %d): nobody is reminded by this list"),
                            fee_date_format (input->through, through), input->day - input->through, input->policy->receipts_max_age);
  fee_tool_warn (tool, text);
}

static gboolean
find_letter_format (FeeFormat *format, GError **error)
{
  static const struct {
    const char *name;
    FeeFormat format;
  } formats[] = { { "text", FEE_FORMAT_TEXT }, { "html", FEE_FORMAT_HTML }, { "pdf", FEE_FORMAT_PDF } };
  const char *name = options.letter_format != NULL ? options.letter_format : "text";
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (name, formats[i].name) == 0) {
      *format = formats[i].format;
      return TRUE;
    }
  return fee_tool_usage (error, _("--letter-format %s: text, html or pdf"), name);
}

static gboolean
check_options (GError **error)
{
  const char *texts[] = { options.channel, options.proof, options.approved_by, options.letter_format };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && !g_utf8_validate (texts[i], -1, NULL))
      return fee_tool_usage (error, _("an option is not valid UTF-8"));
  for (char **unit = options.units; unit != NULL && *unit != NULL; unit++)
    if (!g_utf8_validate (*unit, -1, NULL))
      return fee_tool_usage (error, _("an option is not valid UTF-8"));
  if (!options.record && (options.channel != NULL || options.proof != NULL))
    return fee_tool_usage (error, _("--channel and --proof go with --record"));
  if (options.letters == NULL && options.forms != NULL)
    return fee_tool_usage (error, _("--forms goes with --letters"));
  if (options.letters == NULL && options.letter_format != NULL)
    return fee_tool_usage (error, _("--letter-format goes with --letters"));
  return TRUE;
}

typedef struct {
  FeeTool *tool;
  FeeWriter *writer; /* of the list */
  Notices *notices;
  FeeLetters *letters; /* NULL: none are written */
  gboolean warned;
} Going;

static gboolean
go_on (const FeeReminders *reminders, gpointer data, GError **error)
{
  Going *going = data;
  if (!going->warned)
    warn_of_old_receipts (going->tool, &reminders->input);
  going->warned = TRUE;
  show (going->writer, reminders);
  if (options.record)
    write_notices (going->notices, reminders);
  return going->letters == NULL || fee_letters_go_on (going->letters, reminders, error);
}

/* Steps are recorded when their letters and the list are written; a reader of a pipe has the list when its steps are recorded. */
static gboolean
list (FeeTool *tool, const FeeReminding *reminding, FeeFormat letter_format, GError **error)
{
  g_auto (Notices) notices;
  FeeLetterOptions form = { tool, letter_format, is_wanted, options.letters, options.forms, options.approved_by };
  g_autoptr (FeeLetters) letters = options.letters != NULL ? fee_letters_new (&form) : NULL;
  FeeTableOutput table;
  notices_init (&notices);
  if (!fee_tool_begin_table (tool, fee_reminder_columns, FEE_N_REMINDER_COLUMNS, &table, error))
    return FALSE;
  Going going = { tool, table.writer, &notices, letters, FALSE };
  fee_output_hold (table.output);
  gboolean ok = fee_book_each_reminders (tool->book, reminding, go_on, &going, error) && fee_tool_settle_table (&table, error)
                && (!options.record || record (tool, &notices, reminding->day, error));
  if (ok && letters != NULL)
    fee_letters_end (letters);
  return fee_tool_end_table (&table, ok, error);
}

static gboolean
remind (FeeTool *tool, GError **error)
{
  FeeReminding reminding = { fee_tool_today (), options.approved_by != NULL && *options.approved_by != '\0' };
  FeeFormat letter_format = FEE_FORMAT_TEXT;
  if (!check_options (error) || !find_letter_format (&letter_format, error)
      || (options.as_of != NULL && !fee_tool_parse_date ("--as-of", options.as_of, &reminding.day, error)))
    return FALSE;
  return fee_tool_open_book (tool, options.record, error) && fee_tool_check_units (tool, options.units, error)
         && list (tool, &reminding, letter_format, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-remind", "", N_("List whom to remind of what is overdue, by which step, and whom not, and why."),
                                    entries, 0, 0, remind };
  return fee_tool_main (&info, argc, argv);
}
