/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "../libfee/store/fee-import.h"
#include "../libfee/store/fee-reminders.h"
#include "tool.h"

static struct {
  char *as_of, *channel, *proof, *approved_by;
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

static gboolean
check_units (FeeTool *tool, const FeeReminders *reminders, GError **error)
{
  const FeeRecords *records = reminders->accounts->records;
  for (char **unit = options.units; unit != NULL && *unit != NULL; unit++) {
    FeeText text;
    if (fee_strings_find (records->ids, *unit, &text) && fee_register_find (records->reg, text, 0) != FEE_UNIT_NONE)
      continue;
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: unit \"%s\" is not in the book"), tool->book_path, *unit);
    return FALSE;
  }
  return TRUE;
}

static const char *
cell_of_party (const FeeReminders *reminders, const FeeReminder *row, guint column)
{
  guint32 found = fee_reminders_party_row (reminders, row->unit, row->party);
  return found == G_MAXUINT32 ? "" : fee_table_text (reminders->accounts->records->tables[FEE_KIND_PARTIES], column, found);
}

static gboolean
show (FeeTool *tool, const FeeReminders *reminders, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, fee_reminder_columns, FEE_N_REMINDER_COLUMNS, &table, error))
    return FALSE;
  for (guint i = 0; i < reminders->rows->len; i++) {
    const FeeReminder *row = &g_array_index (reminders->rows, FeeReminder, i);
    if (is_wanted (reminders, row))
      fee_show_reminder (table.writer, &reminders->input, row, cell_of_party (reminders, row, FEE_PARTIES_NAME),
                         cell_of_party (reminders, row, FEE_PARTIES_CONTACT));
  }
  return fee_tool_end_table (&table, TRUE, error);
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

/* The file of the steps taken, and how many there are. */
static gboolean
write_notices (const FeeReminders *reminders, GByteArray *bytes, guint *n, GError **error)
{
  FeeWriterOptions form = { .format = FEE_FORMAT_CSV };
  g_autoptr (FeeWriter) writer = fee_writer_new (&form, notice_columns, G_N_ELEMENTS (notice_columns), keep_bytes, bytes);
  for (guint i = 0; i < reminders->rows->len; i++) {
    const FeeReminder *row = &g_array_index (reminders->rows, FeeReminder, i);
    if (row->action != FEE_ACTION_REMIND || !is_wanted (reminders, row))
      continue;
    write_notice (writer, reminders, row);
    ++*n;
  }
  return fee_writer_finish (writer, error);
}

static gboolean
record (FeeTool *tool, const FeeReminders *reminders, GError **error)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (FeeImported) imported = NULL;
  FeeImportOptions import = { .encoding = "UTF-8", .delimiter = ',', .format = { .decimal = '.' }, .through = FEE_DATE_NONE,
                              .made_at = tool->now, .made_by = fee_tool_by (tool) };
  char date[FEE_DATE_SIZE];
  guint n = 0;
  if (!write_notices (reminders, file, &n, error))
    return FALSE;
  if (n == 0) {
    fee_tool_say (tool, _("no step is due: nothing to record"));
    return TRUE;
  }
  g_autofree char *name = g_strdup_printf ("notices-%s.csv", fee_date_format (reminders->input.day, date));
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  if (!fee_import_file (tool->book, FEE_KIND_NOTICES, name, bytes, &import, &imported, error) || !fee_book_commit (tool->book, error))
    return FALSE;
  fee_tool_say (tool, ngettext ("%u step recorded as taken on %s (batch %u)", "%u steps recorded as taken on %s (batch %u)", n), n, date,
                imported->batch);
  return TRUE;
}

/* ---- The whole */

static void
warn_of_old_receipts (FeeTool *tool, const FeeReminders *reminders)
{
  const FeeRemindInput *input = &reminders->input;
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
check_options (GError **error)
{
  const char *texts[] = { options.channel, options.proof, options.approved_by };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && !g_utf8_validate (texts[i], -1, NULL))
      return fee_tool_usage (error, _("an option is not valid UTF-8"));
  for (char **unit = options.units; unit != NULL && *unit != NULL; unit++)
    if (!g_utf8_validate (*unit, -1, NULL))
      return fee_tool_usage (error, _("an option is not valid UTF-8"));
  if (!options.record && (options.channel != NULL || options.proof != NULL))
    return fee_tool_usage (error, _("--channel and --proof go with --record"));
  return TRUE;
}

static gboolean
remind (FeeTool *tool, GError **error)
{
  g_autoptr (FeeReminders) reminders = NULL;
  FeeDate day = fee_tool_today ();
  if (!check_options (error) || (options.as_of != NULL && !fee_tool_parse_date ("--as-of", options.as_of, &day, error)))
    return FALSE;
  gboolean approved = options.approved_by != NULL && *options.approved_by != '\0';
  if (!fee_tool_open_book (tool, options.record, error) || !fee_book_reminders (tool->book, day, approved, &reminders, error)
      || !check_units (tool, reminders, error))
    return FALSE;
  if (options.record && !record (tool, reminders, error))
    return FALSE;
  warn_of_old_receipts (tool, reminders);
  return show (tool, reminders, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-remind", "", N_("List whom to remind of what is overdue, by which step, and whom not, and why."),
                                    entries, 0, 0, remind };
  return fee_tool_main (&info, argc, argv);
}
