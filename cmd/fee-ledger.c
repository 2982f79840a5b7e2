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

/* "?" is the unit of receipts that wait for theirs. */
static gboolean
check_unit (FeeTool *tool, GError **error)
{
  char *units[] = { options.unit, NULL };
  return g_strcmp0 (options.unit, "?") == 0 || fee_tool_check_units (tool, units, error);
}

static gboolean
show_rows (FeeTool *tool, FeeDate as_of, GError **error)
{
  g_autoptr (FeeAccounts) accounts = NULL;
  g_autoptr (GArray) rows = NULL;
  FeeTableOutput table;
  if (!fee_book_accounts (tool->book, options.unit, &accounts, error) || !fee_book_add_withdrawn (tool->book, accounts, error)
      || !fee_ledger_rows (&accounts->input, as_of, &rows, error)
      || !fee_tool_begin_table (tool, fee_ledger_columns, FEE_N_LEDGER_COLUMNS, &table, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    fee_show_ledger_row (table.writer, &accounts->input, accounts->memos, &g_array_index (rows, FeeLedgerRow, i));
  return fee_tool_end_table (&table, TRUE, error);
}

/* ---- What goes through the book by stretches of units */

typedef struct {
  FeeDate as_of;
  FeeWriter *writer; /* of balances */
  FeeTotals *totals;
} Going;

/* FALSE where none of the entries is of the unit asked for; *unit is EMPTY for all. */
static gboolean
find_unit (const FeeAccounts *accounts, FeeText *unit)
{
  *unit = FEE_TEXT_EMPTY;
  return options.unit == NULL || fee_strings_find (accounts->input.strings, options.unit, unit);
}

static gboolean
add_balances (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Going *going = data;
  g_autoptr (GArray) balances = NULL;
  FeeText unit;
  if (!find_unit (accounts, &unit))
    return TRUE;
  if (!fee_ledger_balances (&accounts->input, going->as_of, &balances, error))
    return FALSE;
  for (guint i = 0; i < balances->len; i++) {
    const FeeBalance *balance = &g_array_index (balances, FeeBalance, i);
    if (unit == FEE_TEXT_EMPTY || balance->unit == unit)
      fee_show_balance (going->writer, accounts->input.strings, balance);
  }
  return TRUE;
}

static gboolean
show_balances (FeeTool *tool, FeeDate as_of, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, fee_balance_columns, FEE_N_BALANCE_COLUMNS, &table, error))
    return FALSE;
  Going going = { .as_of = as_of, .writer = table.writer };
  fee_output_hold (table.output);
  return fee_tool_end_table (&table, fee_book_each_accounts (tool->book, FEE_FIELDS_NONE, add_balances, &going, error), error);
}

static gboolean
add_totals (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Going *going = data;
  return fee_totals_add (going->totals, &accounts->input, going->as_of, error);
}

static gboolean
show_totals (FeeTool *tool, FeeDate as_of, GError **error)
{
  g_autoptr (FeeTotals) totals = fee_totals_new ();
  Going going = { .as_of = as_of, .totals = totals };
  FeeTableOutput table;
  if (!fee_book_each_accounts (tool->book, FEE_FIELDS_NONE, add_totals, &going, error)
      || !fee_tool_begin_table (tool, fee_total_columns, FEE_N_TOTAL_COLUMNS, &table, error))
    return FALSE;
  gboolean ok = fee_show_totals (table.writer, totals, error);
  return fee_tool_end_table (&table, ok, error);
}

static gboolean
ledger (FeeTool *tool, GError **error)
{
  FeeDate as_of = options.balances || options.totals ? fee_tool_today () : FEE_DATE_FOREVER;
  if (options.totals && (options.balances || options.unit != NULL))
    return fee_tool_usage (error, _("--totals is of the whole book: it goes with neither --balances nor --unit"));
  if (options.as_of != NULL && !fee_tool_parse_date ("--as-of", options.as_of, &as_of, error))
    return FALSE;
  if (options.unit != NULL && !g_utf8_validate (options.unit, -1, NULL))
    return fee_tool_usage (error, _("an option is not valid UTF-8"));
  if (!fee_tool_open_book (tool, FALSE, error) || !check_unit (tool, error))
    return FALSE;
  if (options.totals)
    return show_totals (tool, as_of, error);
  return options.balances ? show_balances (tool, as_of, error) : show_rows (tool, as_of, error);
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-ledger", "", N_("Print the fee ledger: bills, receipts, adjustments and balances."), entries, 0, 0,
                                    ledger };
  return fee_tool_main (&info, argc, argv);
}
