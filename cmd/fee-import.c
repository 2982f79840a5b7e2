/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/store/fee-import.h"
#include "tool.h"

static struct {
  gboolean dry_run, amend, whole, list;
  gint retract, extract;
  char *total, *reason, *through, *encoding, *delimiter, *decimal, *date_format;
  char **columns;
} options = { .retract = G_MININT, .extract = G_MININT };

static const GOptionEntry entries[] = {
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run, N_("check and count only"), NULL },
  { "amend", 0, 0, G_OPTION_ARG_NONE, &options.amend, N_("let known keys change"), NULL },
  { "total", 0, 0, G_OPTION_ARG_FILENAME, &options.total, N_("refuse another sum of amounts"), N_("AMOUNT") },
  { "whole", 0, 0, G_OPTION_ARG_NONE, &options.whole, N_("name known keys that a file lacks (exit status 1)"), NULL },
  { "through", 0, 0, G_OPTION_ARG_FILENAME, &options.through, N_("receipts: complete up to that day"), N_("DATE") },
  { "column", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.columns, N_("a header of the file for a column; repeatable"), N_("FIELD=HEADER") },
  { "encoding", 0, 0, G_OPTION_ARG_FILENAME, &options.encoding, N_("encoding of the files (else found out)"), N_("NAME") },
  { "delimiter", 0, 0, G_OPTION_ARG_FILENAME, &options.delimiter, N_("comma, semicolon, tab, or the character (else found out)"), N_("CHAR") },
  { "decimal", 0, 0, G_OPTION_ARG_FILENAME, &options.decimal, N_("decimal sign: . or ,"), N_("CHAR") },
  { "date-format", 0, 0, G_OPTION_ARG_FILENAME, &options.date_format, N_("dates are also dmy, mdy, or excel serial days"), N_("FORM") },
  { "list", 0, 0, G_OPTION_ARG_NONE, &options.list, N_("show the batches"), NULL },
  { "retract", 0, 0, G_OPTION_ARG_INT, &options.retract, N_("take a batch back; with --reason"), N_("BATCH") },
  { "reason", 0, 0, G_OPTION_ARG_FILENAME, &options.reason, N_("why a batch is taken back"), N_("TEXT") },
  { "extract", 0, 0, G_OPTION_ARG_INT, &options.extract, N_("give the file of a batch back, byte for byte"), N_("BATCH") },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

/* ---- --list */

static const FeeOutputColumn list_columns[] = {
  { "batch", "Batch", "批次", FEE_COLUMN_COUNT },        { "kind", "Kind", "种类", FEE_COLUMN_TEXT },
  { "file", "File", "文件", FEE_COLUMN_TEXT },           { "rows", "Rows", "行数", FEE_COLUMN_COUNT },
  { "new", "New", "新增", FEE_COLUMN_COUNT },            { "changed", "Changed", "更改", FEE_COLUMN_COUNT },
  { "sha256", "SHA-256", "SHA-256", FEE_COLUMN_TEXT },   { "made_at", "Made at", "时间", FEE_COLUMN_TEXT },
  { "made_by", "Made by", "经手", FEE_COLUMN_TEXT },     { "retracted_by", "Retracted by", "被撤销于", FEE_COLUMN_COUNT },
};

static void
write_batch (FeeWriter *writer, const FeeBatch *batch)
{
  g_autofree char *retraction = g_strdup_printf (_("retracts %u: %s"), batch->retracts, batch->reason);
  fee_writer_count (writer, batch->number);
  fee_writer_text (writer, fee_kind_get (batch->kind)->name);
  fee_writer_text (writer, batch->retracts != 0 ? retraction : batch->file);
  fee_writer_count (writer, (gint64) batch->n_rows);
  fee_writer_count (writer, (gint64) batch->n_new);
  fee_writer_count (writer, (gint64) batch->n_changed);
  fee_writer_text (writer, batch->sha256);
  fee_writer_text (writer, batch->made_at);
  fee_writer_text (writer, batch->made_by);
  if (batch->retracted_by != 0)
    fee_writer_count (writer, batch->retracted_by);
  else
    fee_writer_empty (writer);
}

static gboolean
list (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  FeeTableOutput table;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_batches (tool->book, &batches, error)
      || !fee_tool_begin_table (tool, list_columns, G_N_ELEMENTS (list_columns), &table, error))
    return FALSE;
  for (guint i = 0; i < batches->len; i++)
    write_batch (table.writer, g_ptr_array_index (batches, i));
  return fee_tool_end_table (&table, TRUE, error);
}

/* ---- --extract, --retract */

static gboolean
write_piece (const guint8 *bytes, gsize length, gpointer output, GError **error)
{
  return fee_output_write ((const char *) bytes, length, output, error);
}

static gboolean
extract (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeOutput) output = NULL;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_batches (tool->book, &batches, error))
    return FALSE;
  guint n = (guint) options.extract;
  if (options.extract < 1 || n > batches->len || ((const FeeBatch *) g_ptr_array_index (batches, n - 1))->retracts != 0) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: there is no file of batch %d"), tool->book_path, options.extract);
    return FALSE;
  }
  return fee_output_open (tool->output, &output, error) && fee_book_read_file (tool->book, n, write_piece, output, error)
         && fee_tool_finish_output (tool, output, error);
}

/* The same retraction as before changes nothing: its batch, or 0. */
static gboolean
find_retraction (FeeTool *tool, guint32 *out, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  *out = 0;
  if (!fee_book_batches (tool->book, &batches, error))
    return FALSE;
  const FeeBatch *batch = options.retract < 1 || (guint) options.retract > batches->len ? NULL : g_ptr_array_index (batches, options.retract - 1);
  if (batch != NULL && batch->retracted_by != 0
      && strcmp (((const FeeBatch *) g_ptr_array_index (batches, batch->retracted_by - 1))->reason, options.reason) == 0)
    *out = batch->retracted_by;
  return TRUE;
}

static gboolean
retract (FeeTool *tool, GError **error)
{
  guint32 number;
  if (options.reason == NULL || *options.reason == '\0' || !g_utf8_validate (options.reason, -1, NULL))
    return fee_tool_usage (error, _("--retract needs --reason TEXT"));
  if (!fee_tool_open_book (tool, TRUE, error) || !find_retraction (tool, &number, error))
    return FALSE;
  if (number != 0) {
    fee_tool_say (tool, _("batch %d: already retracted (batch %u)"), options.retract, number);
    return TRUE;
  }
  if (options.retract < 1) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("batch %d is not in the book"), options.retract);
    return FALSE;
  }
  if (!fee_import_retract (tool->book, (guint32) options.retract, options.reason, tool->now, fee_tool_by (tool),
                           &number, error))
    return FALSE;
  if (!options.dry_run && !fee_book_commit (tool->book, error))
    return FALSE;
  fee_tool_say (tool, options.dry_run ? _("batch %d can be retracted (dry run)") : _("batch %d is retracted (batch %u)"), options.retract, number);
  return TRUE;
}

/* ---- Files */

static gboolean
parse_delimiter (FeeImportOptions *import, GError **error)
{
  const char *text = options.delimiter;
  if (text == NULL)
    return TRUE;
  if (strcmp (text, "comma") == 0 || strcmp (text, ",") == 0)
    import->delimiter = ',';
  else if (strcmp (text, "semicolon") == 0 || strcmp (text, ";") == 0)
    import->delimiter = ';';
  else if (strcmp (text, "tab") == 0 || strcmp (text, "\t") == 0 || strcmp (text, "\\t") == 0)
    import->delimiter = '\t';
  else if (strlen (text) == 1 && strchr ("\"\r\n", *text) == NULL && (guchar) *text < 128)
    import->delimiter = *text;
  else
    return fee_tool_usage (error, _("--delimiter: comma, semicolon, tab, or one ASCII character"));
  return TRUE;
}

static gboolean
parse_format (FeeImportOptions *import, GError **error)
{
  static const char *const forms[] = { "plain", "dmy", "mdy", "excel" };
  import->format = (FeeCellFormat) { '.', FEE_DATE_FORMAT_PLAIN };
  if (options.decimal != NULL) {
    if (strcmp (options.decimal, ".") != 0 && strcmp (options.decimal, ",") != 0)
      return fee_tool_usage (error, _("--decimal: . or ,"));
    import->format.decimal = *options.decimal;
  }
  gboolean known = options.date_format == NULL;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (options.date_format != NULL && g_ascii_strcasecmp (options.date_format, forms[i]) == 0) {
      import->format.date_format = (FeeDateFormat) i;
      known = TRUE;
    }
  return known || fee_tool_usage (error, _("--date-format: dmy, mdy or excel"));
}

static gboolean
parse_columns (FeeImportOptions *import, GError **error)
{
  import->column_names = g_ptr_array_new ();
  for (char **column = options.columns; column != NULL && *column != NULL; column++) {
    if (!g_utf8_validate (*column, -1, NULL))
      return fee_tool_usage (error, _("an option is not valid UTF-8"));
    g_ptr_array_add (import->column_names, *column);
  }
  return TRUE;
}

static gboolean
parse_total (FeeTool *tool, const FeeKind *kind, FeeImportOptions *import, GError **error)
{
  if (options.total == NULL)
    return TRUE;
  gsize length = strlen (options.total);
  import->has_total = TRUE;
  const char *reason = length == 0 ? N_("is empty")
                       : kind->id == FEE_KIND_QUANTITIES
                         ? fee_cell_read_quantity (options.total, length, &import->format, &import->total)
                         : fee_cell_read_money (options.total, length, &import->format, tool->decimals, &import->total);
  return reason == NULL || fee_tool_usage (error, "--total \"%s\" %s", options.total, _(reason));
}

static gboolean
parse_import (FeeTool *tool, const FeeKind *kind, FeeImportOptions *import, GError **error)
{
  import->encoding = options.encoding;
  import->amend = options.amend;
  import->whole = options.whole;
  import->made_at = tool->now;
  import->made_by = fee_tool_by (tool);
  import->through = FEE_DATE_NONE;
  if (options.through != NULL && kind->id != FEE_KIND_RECEIPTS)
    return fee_tool_usage (error, _("--through goes with receipts"));
  return (options.through == NULL || fee_tool_parse_date ("--through", options.through, &import->through, error))
         && parse_delimiter (import, error) && parse_format (import, error) && parse_columns (import, error)
         && parse_total (tool, kind, import, error);
}

/* HY units.csv: 208 rows: 208 new, 0 changed, 0 unchanged (batch 3) */
static void
say_imported (FeeTool *tool, const char *code, const FeeKind *kind, const FeeImported *imported)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *gap = *code != '\0' ? " " : "";
  char amount[FEE_GROUPED_SIZE], first[FEE_DATE_SIZE], last[FEE_DATE_SIZE];
  if (imported->already) {
    fee_tool_say (tool, _("%s%s%s: already imported (batch %u)"), code, gap, imported->file, imported->batch);
    return;
  }
  g_string_printf (text, _("%s%s%s: %lu rows: %lu new, %lu changed, %lu unchanged"), code, gap, imported->file, (gulong) imported->n_rows,
                   (gulong) imported->n_new, (gulong) imported->n_changed, (gulong) imported->n_unchanged);
  g_string_append_printf (text, options.dry_run ? _(" (dry run)") : _(" (batch %u)"), imported->batch);
  if (imported->has_sum)
    g_string_append_printf (text, _(", sum %s"), fee_money_format_grouped (imported->sum, tool->decimals, amount));
  if (kind->id == FEE_KIND_COSTS && imported->first != FEE_PERIOD_NONE)
    g_string_append_printf (text, _(", serving %s to %s"), fee_period_format (imported->first, first), fee_period_format (imported->last, last));
  fee_tool_say (tool, "%s", text->str);
}

static void
say_all (FeeTool *tool, const GPtrArray *texts)
{
  for (guint i = 0; i < texts->len; i++)
    fee_tool_say (tool, "%s", (const char *) g_ptr_array_index (texts, i));
}

static void
warn_all (FeeTool *tool, const GPtrArray *texts)
{
  for (guint i = 0; i < texts->len; i++)
    fee_tool_warn (tool, g_ptr_array_index (texts, i));
}

static gboolean
import_one (FeeTool *tool, const FeeKind *kind, const char *path, const FeeImportOptions *import, GPtrArray *done, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = g_path_get_basename (path);
  FeeImported *imported;
  fee_tool_progress (tool, _("reading %s ..."), name);
  if (!fee_tool_read_file (path, &bytes, error) || !fee_import_file (tool->book, kind->id, name, bytes, import, &imported, error))
    return FALSE;
  g_ptr_array_add (done, imported);
  return TRUE;
}

static gboolean
book_code (FeeTool *tool, char **out, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeRecords) records = NULL;
  FeeLoad load = { .as_of = G_MAXUINT32 };
  if (!fee_book_batches (tool->book, &batches, error) || !fee_book_load (tool->book, batches, &load, &records, error))
    return FALSE;
  *out = g_strdup (((const FeePolicy *) g_ptr_array_index (records->policies, records->policies->len - 1))->code);
  return TRUE;
}

/* All files of a call or none. */
static gboolean
import_files (FeeTool *tool, const FeeKind *kind, const FeeImportOptions *import, GError **error)
{
  g_autoptr (GPtrArray) done = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_imported_free);
  g_autofree char *code = NULL;
  for (gint i = 1; i < tool->n_arguments; i++)
    if (!import_one (tool, kind, tool->arguments[i], import, done, error))
      return FALSE;
  if (!book_code (tool, &code, error) || (!options.dry_run && !fee_book_commit (tool->book, error)))
    return FALSE;
  for (guint i = 0; i < done->len; i++) {
    const FeeImported *imported = g_ptr_array_index (done, i);
    say_all (tool, imported->warnings);
    say_imported (tool, code, kind, imported);
    warn_all (tool, imported->findings);
    warn_all (tool, imported->lacking);
  }
  return TRUE;
}

static gboolean
import_kind (FeeTool *tool, GError **error)
{
  FeeImportOptions import = { 0 };
  if (tool->n_arguments < 2)
    return fee_tool_usage (error, _("too few arguments: %s %s; --help says more"), tool->info->name, tool->info->arguments);
  const FeeKind *kind = fee_kind_find (tool->arguments[0]);
  if (kind == NULL)
    return fee_tool_usage (error, _("there is no kind of file \"%s\": policy, units, parties, costs, assets, quantities, receipts, adjustments, "
                                    "holds, instalments, notices, budgets, income"), tool->arguments[0]);
  if (!fee_tool_open_book (tool, TRUE, error))
    return FALSE;
  gboolean ok = parse_import (tool, kind, &import, error) && import_files (tool, kind, &import, error);
  g_clear_pointer (&import.column_names, g_ptr_array_unref);
  return ok;
}

static gboolean
work (FeeTool *tool, GError **error)
{
  tool->trial = options.dry_run;
  if ((options.list || options.extract != G_MININT || options.retract != G_MININT) && tool->n_arguments > 0)
    return fee_tool_usage (error, _("--list, --extract and --retract take no files"));
  if (options.list)
    return list (tool, error);
  if (options.extract != G_MININT)
    return extract (tool, error);
  if (options.reason != NULL && options.retract == G_MININT)
    return fee_tool_usage (error, _("--reason goes with --retract"));
  if (options.retract != G_MININT)
    return retract (tool, error);
  return import_kind (tool, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-import", "KIND FILE...", N_("Read files of one kind into the book, each as a batch, all or none."),
                                    entries, 0, -1, work };
  return fee_tool_main (&info, argc, argv);
}
