/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "../libfee/store/fee-accounts.h"
#include "tool.h"

static struct {
  char *as_of, *unit;
  gboolean balances, totals;
} options;

static const GOptionEntry entries[] = {
  { "as-of", 0, 0, G_OPTION_ARG_FILENAME, &options.as_of, N_("the ledger at the end of that day (balances, totals: today)"), N_("D") },
  { "unit", 0, 0, G_OPTION_ARG_FILENAME, &options.unit, N_("of this unit only"), N_("U") },
  { "balances", 0, 0, G_OPTION_ARG_NONE, &options.balances, N_("one row a unit and party, with aging"), NULL },
  { "totals", 0, 0, G_OPTION_ARG_NONE, &options.totals, N_("billed, received and outstanding by month, with the collection rate"), NULL },
  { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
};

/* The unit asked for; EMPTY for all. */
static gboolean
find_unit (FeeTool *tool, const FeeAccounts *accounts, FeeText *unit, GError **error)
{
  *unit = FEE_TEXT_EMPTY;
  if (options.unit == NULL)
    return TRUE;
  if (!g_utf8_validate (options.unit, -1, NULL))
    return fee_tool_usage (error, _("an option is not valid UTF-8"));
  gboolean suspense = strcmp (options.unit, "?") == 0;
  if (suspense)
    *unit = fee_strings_intern_text (accounts->records->ids, "?");
  if (suspense || (fee_strings_find (accounts->records->ids, options.unit, unit) && *unit != FEE_TEXT_EMPTY
      && fee_register_find (accounts->records->reg, *unit, 0) != FEE_UNIT_NONE))
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: unit \"%s\" is not in the book"), tool->book_path, options.unit);
  return FALSE;
}

static gboolean
show_rows (FeeTool *tool, const FeeAccounts *accounts, FeeDate as_of, FeeText unit, GError **error)
{
  g_autoptr (GArray) rows = NULL;
  FeeTableOutput table;
  if (!fee_ledger_rows (&accounts->input, as_of, &rows, error)
      || !fee_tool_begin_table (tool, fee_ledger_columns, FEE_N_LEDGER_COLUMNS, &table, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    const FeeLedgerRow *row = &g_array_index (rows, FeeLedgerRow, i);
    if (unit == FEE_TEXT_EMPTY || accounts->input.entries[row->entry].unit == unit)
      fee_show_ledger_row (table.writer, &accounts->input, accounts->memos, row);
  }
  return fee_tool_end_table (&table, TRUE, error);
}

static gboolean
show_balances (FeeTool *tool, const FeeAccounts *accounts, FeeDate as_of, FeeText unit, GError **error)
{
  g_autoptr (GArray) balances = NULL;
  FeeTableOutput table;
  if (!fee_ledger_balances (&accounts->input, as_of, &balances, error)
      || !fee_tool_begin_table (tool, fee_balance_columns, FEE_N_BALANCE_COLUMNS, &table, error))
    return FALSE;
  for (guint i = 0; i < balances->len; i++) {
    const FeeBalance *balance = &g_array_index (balances, FeeBalance, i);
    if (unit == FEE_TEXT_EMPTY || balance->unit == unit)
      fee_show_balance (table.writer, accounts->input.strings, balance);
  }
  return fee_tool_end_table (&table, TRUE, error);
}

static gboolean
show_totals (FeeTool *tool, const FeeAccounts *accounts, FeeDate as_of, GError **error)
{
  g_autoptr (FeeTotals) totals = fee_totals_new ();
  FeeTableOutput table;
  if (!fee_totals_add (totals, &accounts->input, as_of, error)
      || !fee_tool_begin_table (tool, fee_total_columns, FEE_N_TOTAL_COLUMNS, &table, error))
    return FALSE;
  gboolean ok = fee_show_totals (table.writer, totals, error);
  return fee_tool_end_table (&table, ok, error);
}

static gboolean
ledger (FeeTool *tool, GError **error)
{
  g_autoptr (FeeAccounts) accounts = NULL;
  FeeDate as_of = options.balances || options.totals ? fee_tool_today () : FEE_DATE_FOREVER;
  FeeText unit;
  if (options.totals && (options.balances || options.unit != NULL))
    return fee_tool_usage (error, _("--totals is of the whole book: it goes with neither --balances nor --unit"));
  if (options.as_of != NULL && !fee_tool_parse_date ("--as-of", options.as_of, &as_of, error))
    return FALSE;
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_accounts (tool->book, FEE_FIELDS_RUN, &accounts, error)
      || !find_unit (tool, accounts, &unit, error))
    return FALSE;
  if (options.totals)
    return show_totals (tool, accounts, as_of, error);
  return options.balances ? show_balances (tool, accounts, as_of, unit, error) : show_rows (tool, accounts, as_of, unit, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-ledger", "", N_("Print the fee ledger: bills, receipts, adjustments and balances."), entries, 0, 0,
                                    ledger };
  return fee_tool_main (&info, argc, argv);
}
