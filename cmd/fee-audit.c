/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/store/fee-audit.h"
#include "../libfee/store/fee-now.h"
#include "../libfee/store/fee-rerun.h"
#include "bundle.h"

static struct {
  char *period, *known, *head, *seal, *backup, *bundle, *verify;
  gboolean with_contacts, pending;
} options;

static const GOptionEntry entries[] = {
  { "period", 0, 0, G_OPTION_ARG_FILENAME, &options.period, N_("run that month again, as it was known then, and compare"), N_("P") },
  { "known", 0, 0, G_OPTION_ARG_FILENAME, &options.known, N_("compare with what is known now: all that was posted for that month"), N_("now") },
  { "pending", 0, 0, G_OPTION_ARG_NONE, &options.pending, N_("what waits to be restated, by month and centre"), NULL },
  { "head", 0, 0, G_OPTION_ARG_FILENAME, &options.head, N_("a head printed earlier must be part of the book"), N_("N:DIGEST") },
  { "seal", 0, 0, G_OPTION_ARG_FILENAME, &options.seal, N_("a seal printed earlier must be part of the book"), N_("ENTRIES:SEAL") },
  { "backup", 0, 0, G_OPTION_ARG_FILENAME, &options.backup, N_("copy the book to a new file, and check the copy"), N_("FILE") },
  { "bundle", 0, 0, G_OPTION_ARG_FILENAME, &options.bundle, N_("with --period: all that the month was made from, in one archive"), N_("FILE") },
  { "with-contacts", 0, 0, G_OPTION_ARG_NONE, &options.with_contacts, N_("with --bundle: names and contacts too, every file as it was imported"), NULL },
  { "verify", 0, 0, G_OPTION_ARG_FILENAME, &options.verify, N_("run the month of a bundle again, without a book"), N_("FILE") },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

/* ---- What is said when nothing is wrong */

/* With --quiet nothing, unless a file is asked for. */
static gboolean
say_nothing (const FeeTool *tool)
{
  return tool->quiet && tool->format_name == NULL && tool->output == NULL;
}

/* Lines of text to where --output says; text is freed. */
static gboolean
write_text (FeeTool *tool, char *text, GError **error)
{
  g_autofree char *lines = text;
  g_autoptr (FeeOutput) output = NULL;
  return fee_output_open (tool->output, &output, error) && fee_output_write (lines, strlen (lines), output, error)
         && fee_tool_finish_output (tool, output, error);
}

static gboolean
is_chinese (const FeeTool *tool)
{
  return g_strcmp0 (tool->lang, "zh_CN") == 0;
}

/* ---- The whole book */

static const FeeOutputColumn finding_columns[] = {
  { "place", "Place", "位置", FEE_COLUMN_TEXT },
  { "what", "What", "问题", FEE_COLUMN_TEXT },
};

static gboolean
show_findings (FeeTool *tool, const FeeAudit *audit, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, finding_columns, G_N_ELEMENTS (finding_columns), &table, error))
    return FALSE;
  for (guint i = 0; i < audit->findings->len; i++) {
    const FeeFinding *finding = g_ptr_array_index (audit->findings, i);
    fee_writer_text (table.writer, finding->place);
    fee_writer_text (table.writer, finding->what);
  }
  return fee_tool_end_table (&table, TRUE, error);
}

/* The last line is the same in every language: it may be signed. */
static gboolean
say_clean (FeeTool *tool, const FeeAudit *audit, GError **error)
{
  if (say_nothing (tool))
    return TRUE;
  if (tool->format != FEE_FORMAT_TEXT) {
    fee_tool_say (tool, _("no findings; head %s, seal %s"), audit->head, audit->seal);
    return show_findings (tool, audit, error);
  }
  g_autoptr (GString) checked = g_string_new (NULL);
  g_string_printf (checked, is_chinese (tool) ? "未发现问题：批次 %u，计费 %u，账单 %lu" : "No findings: batches %u, runs %u, bills %lu",
                   audit->n_batches, audit->n_runs, (gulong) audit->n_bills);
  if (audit->n_disclosures > 0)
    g_string_append_printf (checked, is_chinese (tool) ? "，公示 %u" : ", disclosures %u", audit->n_disclosures);
  return write_text (tool, g_strdup_printf ("%s\nhead %s, seal %s\n", checked->str, audit->head, audit->seal), error);
}

/* Whatever keeps other tools from a book is what an audit is for: only what is no book, or another one, is refused at once. */
static gboolean
open_to_audit (FeeTool *tool, GError **unreadable, GError **error)
{
  if (fee_tool_open_book (tool, FALSE, unreadable))
    return TRUE;
  gint code = (*unreadable)->code;
  if (tool->book != NULL && (*unreadable)->domain == FEE_ERROR && (code == FEE_ERROR_IO || code == FEE_ERROR_POLICY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (unreadable));
  return FALSE;
}

static gboolean
audit_book (FeeTool *tool, const FeeChainLink *head, const FeeChainLink *seal, GError **error)
{
  g_autoptr (GError) unreadable = NULL;
  if (!open_to_audit (tool, &unreadable, error))
    return FALSE;
  fee_tool_progress (tool, _("checking the book ..."));
  g_autoptr (FeeAudit) audit = fee_book_audit (tool->book, head, seal);
  gboolean clean = audit->n_findings == 0 && audit->stopped == NULL;
  if (clean && unreadable == NULL)
    return say_clean (tool, audit, error);
  if (audit->n_findings > 0 && !show_findings (tool, audit, error))
    return FALSE;
  if (audit->stopped != NULL || unreadable != NULL) {
    g_propagate_error (error, audit->stopped != NULL ? g_steal_pointer (&audit->stopped) : g_steal_pointer (&unreadable));
    return FALSE;
  }
  g_autofree char *text = g_strdup_printf (_("findings: %lu; head %s, seal %s"), (gulong) audit->n_findings, audit->head, audit->seal);
  fee_tool_warn (tool, text);
  return TRUE;
}

/* ---- One month again */

static const FeeOutputColumn difference_columns[] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },      { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT }, { "item", "Item", "项目", FEE_COLUMN_TEXT },
  { "origin", "Origin", "所属期", FEE_COLUMN_TEXT },    { "posted", "Posted", "已入账", FEE_COLUMN_MONEY },
  { "recomputed", "Recomputed", "重算", FEE_COLUMN_MONEY }, { "difference", "Difference", "差额", FEE_COLUMN_MONEY },
  { "cause", "Cause", "原因", FEE_COLUMN_TEXT },
};

static void
write_text_or_empty (FeeWriter *writer, const char *text)
{
  if (text != NULL)
    fee_writer_text (writer, text);
  else
    fee_writer_empty (writer);
}

static void
write_money_or_empty (FeeWriter *writer, gboolean there, FeeMoney amount)
{
  if (there)
    fee_writer_money (writer, amount);
  else
    fee_writer_empty (writer);
}

static void
write_difference (FeeWriter *writer, FeePeriod period, const FeeDifference *difference)
{
  FeeMoney change = 0;
  gboolean fits = fee_money_subtract (difference->recomputed, difference->posted, &change);
  if (period == FEE_PERIOD_NONE)
    period = difference->origin;
  if (period != FEE_PERIOD_NONE)
    fee_writer_period (writer, period);
  else
    fee_writer_empty (writer);
  write_text_or_empty (writer, difference->unit);
  write_text_or_empty (writer, difference->party);
  fee_writer_text (writer, difference->item);
  if (difference->origin != FEE_PERIOD_NONE)
    fee_writer_period (writer, difference->origin);
  else
    fee_writer_empty (writer);
  write_money_or_empty (writer, difference->has_posted, difference->posted);
  write_money_or_empty (writer, difference->has_recomputed, difference->recomputed);
  write_money_or_empty (writer, fits && (difference->has_posted || difference->has_recomputed), change);
  fee_writer_text (writer, difference->cause);
}

/* period: FEE_PERIOD_NONE for the origin of each. */
static gboolean
show_differences (FeeTool *tool, FeePeriod period, const FeeRerun *rerun, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, difference_columns, G_N_ELEMENTS (difference_columns), &table, error))
    return FALSE;
  for (guint i = 0; i < rerun->differences->len; i++)
    write_difference (table.writer, period, g_ptr_array_index (rerun->differences, i));
  return fee_tool_end_table (&table, TRUE, error);
}

static gboolean
say_identical (FeeTool *tool, const FeeRunHead *head, guint n_runs, const FeeRerun *rerun, GError **error)
{
  char month[FEE_DATE_SIZE];
  fee_period_format (head->period, month);
  if (say_nothing (tool))
    return TRUE;
  if (tool->format != FEE_FORMAT_TEXT) {
    fee_tool_say (tool, _("%s is identical when run again: %u:%s"), month, n_runs, head->digest);
    return show_differences (tool, head->period, rerun, error);
  }
  return write_text (tool, is_chinese (tool) ? g_strdup_printf ("%s 重算结果一致\nhead %u:%s\n", month, n_runs, head->digest)
                                             : g_strdup_printf ("%s is identical when run again\nhead %u:%s\n", month, n_runs, head->digest),
                     error);
}

static gboolean
audit_period (FeeTool *tool, FeePeriod period, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (FeeRerun) rerun = NULL;
  const FeeRunHead *head;
  char month[FEE_DATE_SIZE];
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_runs (tool->book, &runs, error)
      || !fee_tool_find_run (tool, period, runs, &head, error))
    return FALSE;
  fee_tool_progress (tool, _("running %s again ..."), fee_period_format (period, month));
  if (!fee_book_rerun (tool->book, head, &rerun, error))
    return FALSE;
  if (rerun->n_differences == 0)
    return say_identical (tool, head, fee_runs_place (runs, head), rerun, error);
  if (!show_differences (tool, period, rerun, error))
    return FALSE;
  g_autofree char *text = g_strdup_printf (_("%s: differences: %lu"), month, (gulong) rerun->n_differences);
  fee_tool_warn (tool, text);
  return TRUE;
}

/* ---- As known now */

/* words: one line, where nothing differs. */
static gboolean
show_now (FeeTool *tool, FeePeriod period, const FeeRerun *rerun, const char *words, GError **error)
{
  if (rerun->n_differences == 0 && say_nothing (tool))
    return TRUE;
  if (rerun->n_differences == 0 && tool->format == FEE_FORMAT_TEXT)
    return write_text (tool, g_strdup_printf ("%s\n", words), error);
  if (!show_differences (tool, period, rerun, error))
    return FALSE;
  if (rerun->n_differences == 0) {
    fee_tool_say (tool, "%s", words);
    return TRUE;
  }
  g_autofree char *text = g_strdup_printf (_("differences: %lu"), (gulong) rerun->n_differences);
  fee_tool_warn (tool, text);
  return TRUE;
}

static gboolean
compare_now (FeeTool *tool, FeePeriod period, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (FeeRerun) rerun = NULL;
  const FeeRunHead *head;
  char month[FEE_DATE_SIZE];
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_runs (tool->book, &runs, error)
      || !fee_tool_find_run (tool, period, runs, &head, error))
    return FALSE;
  fee_tool_progress (tool, _("running %s again ..."), fee_period_format (period, month));
  if (!fee_book_compare_now (tool->book, period, &rerun, error))
    return FALSE;
  g_autofree char *words = g_strdup_printf (is_chinese (tool) ? "%s 的入账与现有资料一致" : "%s: what was posted for it is what is known now", month);
  return show_now (tool, period, rerun, words, error);
}

static gboolean
show_pending (FeeTool *tool, GError **error)
{
  g_autoptr (FeeRerun) rerun = NULL;
  if (!fee_tool_open_book (tool, FALSE, error))
    return FALSE;
  fee_tool_progress (tool, _("comparing the posted months with what is known now ..."));
  return fee_book_pending (tool->book, &rerun, error)
         && show_now (tool, FEE_PERIOD_NONE, rerun, is_chinese (tool) ? "没有待更正的月份" : "Nothing waits to be restated", error);
}

/* ---- A copy */

static gboolean
back_up (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autofree char *seal = NULL;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_backup (tool->book, options.backup, error)
      || !fee_book_runs (tool->book, &runs, error) || !fee_book_seal (tool->book, &seal, error))
    return FALSE;
  g_autofree char *head = fee_runs_head (runs);
  return say_nothing (tool) || write_text (tool, g_strdup_printf ("head %s, seal %s\n", head, seal), error);
}

/* ---- A bundle */

static gboolean
bundle_period (FeeTool *tool, FeePeriod period, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  const FeeRunHead *head;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_runs (tool->book, &runs, error)
      || !fee_tool_find_run (tool, period, runs, &head, error))
    return FALSE;
  fee_tool_progress (tool, _("writing %s ..."), options.bundle);
  return fee_bundle_write (tool, head, options.bundle, options.with_contacts, error)
         && (say_nothing (tool) || write_text (tool, g_strdup_printf ("head %u:%s\n", fee_runs_place (runs, head), head->digest), error));
}

/* ---- The call */

static gboolean
parse_link (const char *option, const char *text, FeeChainLink *link, GError **error)
{
  return text == NULL || fee_chain_link_parse (text, link)
         || fee_tool_usage (error, _("%s %s: a number, a colon and 64 hexadecimal digits, as printed"), option, text);
}

static gboolean
check_options (const FeeTool *tool, GError **error)
{
  gboolean whole = options.head != NULL || options.seal != NULL;
  if (whole + (options.period != NULL) + (options.backup != NULL) + (options.verify != NULL) + options.pending > 1)
    return fee_tool_usage (error, _("--period, --pending, --backup, --verify, and --head or --seal are for calls of their own"));
  if (options.known != NULL && (options.period == NULL || (strcmp (options.known, "now") != 0 && strcmp (options.known, "then") != 0)))
    return fee_tool_usage (error, _("--known now, or then, goes with --period"));
  if (options.bundle != NULL && (options.period == NULL || g_strcmp0 (options.known, "now") == 0))
    return fee_tool_usage (error, _("--bundle goes with --period, as known then"));
  if (options.with_contacts && options.bundle == NULL)
    return fee_tool_usage (error, _("--with-contacts goes with --bundle"));
  if (options.verify != NULL && tool->expect_book != NULL)
    return fee_tool_usage (error, _("--verify needs no book: --expect-book does not go with it"));
  return TRUE;
}

static gboolean
audit (FeeTool *tool, GError **error)
{
  FeeChainLink head, seal;
  FeePeriod period;
  if (!check_options (tool, error) || !parse_link ("--head", options.head, &head, error) || !parse_link ("--seal", options.seal, &seal, error))
    return FALSE;
  if (options.period != NULL && !fee_tool_parse_period ("--period", options.period, &period, error))
    return FALSE;
  if (options.backup != NULL)
    return back_up (tool, error);
  if (options.pending)
    return show_pending (tool, error);
  if (options.verify != NULL)
    return fee_bundle_verify (tool, options.verify, error);
  if (options.bundle != NULL)
    return bundle_period (tool, period, error);
  if (options.period != NULL)
    return g_strcmp0 (options.known, "now") == 0 ? compare_now (tool, period, error) : audit_period (tool, period, error);
  return audit_book (tool, options.head != NULL ? &head : NULL, options.seal != NULL ? &seal : NULL, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-audit", "", N_("Check a whole book, run a posted month again as it was known then, or bundle it."), entries, 0, 0,
                                    audit };
  return fee_tool_main (&info, argc, argv);
}
