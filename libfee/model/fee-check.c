/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fee-text.h"
#include "fee-check-private.h"

/* ---- Problems */

static const char *
file_of_row (FeeCheck *check, const FeeTable *table, guint32 row)
{
  return check->file_of (fee_table_segment_of (table, row)->batch, check->data);
}

void
fee_check_refuse_row (FeeCheck *check, const FeeTable *table, guint32 row, char *text)
{
  fee_problems_add (check->problems, "%s:%u: %s", file_of_row (check, table, row), table->line[row], text);
  g_free (text);
}

void
fee_check_refuse (FeeCheck *check, const FeeTable *table, guint32 row, guint column, const char *reason)
{
  g_autofree char *cell = fee_table_show (table, column, row, fee_records_decimals (check->records));
  g_autofree char *shown = fee_text_quote (cell, strlen (cell));
  fee_check_refuse_row (check, table, row, g_strdup_printf ("%s %s %s", fee_table_column (table, column)->name, shown, reason));
}

void
fee_check_overlap (const FeeTable *table, guint32 row, guint32 other, gpointer data)
{
  FeeCheck *check = data;
  g_autofree char *a = fee_table_show_key (table, row);
  g_autofree char *b = fee_table_show_key (table, other);
  fee_check_refuse_row (check, table, other,
                        g_strdup_printf (_("the days of %s overlap those of %s (%s:%u)"), b, a, file_of_row (check, table, row),
                                         table->line[row]));
}

/* ---- References */

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  FeeText x = *(const FeeText *) a, y = *(const FeeText *) b;
  return x < y ? -1 : x > y;
}

/* Parties of every row, an amended one too: what was billed to them stays theirs. */
static void
list_parties (FeeCheck *check)
{
  const FeeTenures *tenures = check->records->tenures;
  const GPtrArray *policies = check->records->policies;
  guint32 n_rows = tenures != NULL ? tenures->table->n_rows : 0;
  check->parties = g_new (FeeText, (gsize) n_rows * 2 + policies->len + 1);
  for (guint32 row = 0; row < n_rows; row++) /* tenures have those that stand, with their ids */
    check->parties[check->n_parties++] = fee_table_alive (tenures->table, row) ? fee_table_column (tenures->table, FEE_PARTIES_PARTY)->text[row]
                                                                               : fee_party_of_row (tenures->table, row);
  for (guint32 i = 0; tenures != NULL && i < tenures->n; i++)
    check->parties[check->n_parties++] = tenures->party[i];
  for (guint i = 0; i < policies->len; i++) {
    const char *unsold = ((const FeePolicy *) g_ptr_array_index (policies, i))->unsold;
    if (unsold != NULL)
      check->parties[check->n_parties++] = fee_strings_intern_text (check->records->ids, unsold);
  }
  qsort (check->parties, check->n_parties, sizeof (FeeText), compare_places);
}

void
fee_check_clear (FeeCheck *check)
{
  g_clear_pointer (&check->parties, g_free);
  g_clear_pointer (&check->numbers, g_hash_table_unref);
  g_clear_pointer (&check->reversed, g_hash_table_unref);
}

void
fee_check_unit (FeeCheck *check, const FeeTable *table, guint32 row, guint column, gboolean suspense)
{
  FeeText unit = fee_table_column (table, column)->text[row];
  if (suspense && strcmp (fee_table_text (table, column, row), "?") == 0)
    return;
  if (check->records->reg == NULL || fee_register_find (check->records->reg, unit, 0) == FEE_UNIT_NONE)
    fee_check_refuse (check, table, row, column, _("is not a unit of the book"));
}

gboolean
fee_check_party (FeeCheck *check, const FeeTable *table, guint32 row, guint column, GError **error)
{
  FeeText party = fee_table_column (table, column)->text[row];
  gboolean found;
  if (check->parties == NULL)
    list_parties (check);
  if (party == FEE_TEXT_EMPTY || bsearch (&party, check->parties, check->n_parties, sizeof party, compare_places) != NULL)
    return TRUE;
  if (!check->find_billed (fee_table_text (table, column, row), &found, check->data, error))
    return FALSE;
  if (!found)
    fee_check_refuse (check, table, row, column, _("is not a party of the book"));
  return TRUE;
}

/* Any version of the policy will do: which is in force depends on the month. */
static gboolean
any_policy (const FeeCheck *check, gint (*find) (const FeePolicy *policy, const char *id), const char *id)
{
  for (guint i = 0; i < check->records->policies->len; i++)
    if (find (g_ptr_array_index (check->records->policies, i), id) >= 0)
      return TRUE;
  return FALSE;
}

void
fee_check_category (FeeCheck *check, const FeeTable *table, guint32 row, guint column)
{
  const char *category = fee_table_text (table, column, row);
  if (strcmp (category, "major-repair") == 0)
    fee_check_refuse (check, table, row, column, _("belongs to the maintenance fund, not to the service cost"));
  else if (*category != '\0' && !any_policy (check, fee_policy_find_category, category))
    fee_check_refuse (check, table, row, column, _("is not a category of the policy"));
}

void
fee_check_centre (FeeCheck *check, const FeeTable *table, guint32 row, guint column)
{
  const char *centre = fee_table_text (table, column, row);
  if (*centre != '\0' && !any_policy (check, fee_policy_find_centre, centre))
    fee_check_refuse (check, table, row, column, _("is not a centre of the policy"));
}

void
fee_check_span (FeeCheck *check, const FeeTable *table, guint32 row, guint from, guint to)
{
  FeeDate last = fee_table_column (table, to)->small[row];
  if (last != FEE_DATE_NONE && fee_table_column (table, from)->small[row] > last)
    fee_check_refuse (check, table, row, to, _("is before the first day"));
}

guint32
fee_check_find_number (FeeCheck *check, const FeeTable *table, guint column, FeeText number)
{
  if (check->numbers == NULL) {
    check->numbers = g_hash_table_new (NULL, NULL);
    for (guint32 row = 0; row < table->n_rows; row++)
      if (fee_table_alive (table, row))
        g_hash_table_insert (check->numbers, GUINT_TO_POINTER (fee_table_column (table, column)->text[row]), GUINT_TO_POINTER (row + 1));
  }
  return GPOINTER_TO_UINT (g_hash_table_lookup (check->numbers, GUINT_TO_POINTER (number))) - 1;
}

/* interface.md section 3: a bill that the book does not have, or one of another unit or party, is refused. An adjustment's number will do too. */
gboolean
fee_check_bill (FeeCheck *check, const FeeTable *table, guint32 row, guint column, guint unit, guint party, GError **error)
{
  const char *number = fee_table_text (table, column, row);
  g_autofree char *of_unit = NULL, *of_party = NULL;
  gboolean found;
  if (*number == '\0')
    return TRUE;
  if (!check->find_bill (number, &found, &of_unit, &of_party, check->data, error))
    return FALSE;
  if (!found)
    fee_check_refuse (check, table, row, column, _("is not a bill of the book"));
  else if (strcmp (of_unit, fee_table_text (table, unit, row)) != 0)
    fee_check_refuse (check, table, row, column, _("is a bill of another unit"));
  else if (!fee_table_is_empty (table, party, row) && strcmp (of_party, fee_table_text (table, party, row)) != 0)
    fee_check_refuse (check, table, row, column, _("is a bill of another party"));
  return TRUE;
}

/* ---- By kind */

static void
check_cost (FeeCheck *check, const FeeTable *table, guint32 row)
{
  FeeServiceSpan span = fee_cost_span (table, row);
  fee_check_category (check, table, row, FEE_COSTS_CATEGORY);
  fee_check_centre (check, table, row, FEE_COSTS_CENTRE);
  if (span.from > span.to)
    fee_check_refuse (check, table, row, fee_table_is_empty (table, FEE_COSTS_TO, row) ? FEE_COSTS_FROM : FEE_COSTS_TO,
                      _("makes the service end before it begins"));
}

/* The driver of that name in the latest policy that has it; NULL for none. */
static const FeeDriver *
latest_driver (const FeeCheck *check, const char *id)
{
  for (guint i = check->records->policies->len; i > 0; i--) {
    const FeePolicy *policy = g_ptr_array_index (check->records->policies, i - 1);
    gint n = fee_policy_find_driver (policy, id);
    if (n >= 0)
      return fee_policy_driver (policy, n);
  }
  return NULL;
}

static void
check_target (FeeCheck *check, const FeeTable *table, guint32 row)
{
  FeeText target = fee_table_column (table, FEE_QUANTITIES_TARGET)->text[row];
  gboolean is_unit = check->records->reg != NULL && fee_register_find (check->records->reg, target, 0) != FEE_UNIT_NONE;
  if (!is_unit && !any_policy (check, fee_policy_find_centre, fee_table_text (table, FEE_QUANTITIES_TARGET, row)))
    fee_check_refuse (check, table, row, FEE_QUANTITIES_TARGET, _("is neither a centre nor a unit of the book"));
}

static gboolean
is_asset (FeeCheck *check, FeeText id)
{
  const FeeTable *assets = check->records->tables[FEE_KIND_ASSETS];
  return assets != NULL && fee_check_find_number (check, assets, FEE_ASSETS_ASSET, id) != G_MAXUINT32;
}

static void
check_quantity (FeeCheck *check, const FeeTable *table, guint32 row)
{
  const char *id = fee_table_text (table, FEE_QUANTITIES_DRIVER, row);
  gboolean output = strcmp (id, FEE_DRIVER_UNITS_OF_OUTPUT) == 0;
  const FeeDriver *driver = output ? NULL : latest_driver (check, id);
  fee_check_span (check, table, row, FEE_QUANTITIES_FROM, FEE_QUANTITIES_TO);
  if (!output && driver == NULL) {
    fee_check_refuse (check, table, row, FEE_QUANTITIES_DRIVER, _("is not a driver of the policy"));
    return;
  }
  if (output && !is_asset (check, fee_table_column (table, FEE_QUANTITIES_TARGET)->text[row]))
    fee_check_refuse (check, table, row, FEE_QUANTITIES_TARGET, _("is not an asset of the book"));
  else if (!output)
    check_target (check, table, row);
  if (check->kept || (!output && driver->kind != FEE_DRIVER_FLOW))
    return;
  for (guint column = FEE_QUANTITIES_FROM; column <= FEE_QUANTITIES_TO; column++)
    if (fee_table_is_empty (table, column, row))
      fee_check_refuse (check, table, row, column, _("is empty; a flow needs both days"));
}

static void
check_hold (FeeCheck *check, const FeeTable *table, guint32 row)
{
  fee_check_unit (check, table, row, FEE_HOLDS_UNIT, FALSE);
  fee_check_span (check, table, row, FEE_HOLDS_FROM, FEE_HOLDS_TO);
  if (strcmp (fee_table_text (table, FEE_HOLDS_KIND, row), "instalments") == 0 && fee_table_is_empty (table, FEE_HOLDS_PLAN, row))
    fee_check_refuse (check, table, row, FEE_HOLDS_PLAN, _("is empty; a hold of kind instalments names its plan"));
}

static void
check_notice (FeeCheck *check, const FeeTable *table, guint32 row)
{
  fee_check_unit (check, table, row, FEE_NOTICES_UNIT, FALSE);
  const char *step = fee_table_text (table, FEE_NOTICES_STEP, row);
  for (guint i = 0; i < check->records->policies->len; i++) {
    const FeePolicy *policy = g_ptr_array_index (check->records->policies, i);
    for (guint n = 0; n < policy->steps->len; n++)
      if (strcmp (g_array_index (policy->steps, FeeStep, n).id, step) == 0)
        return;
  }
  fee_check_refuse (check, table, row, FEE_NOTICES_STEP, _("is not a reminder step of the policy"));
}

/* In the latest policy that has it. */
static gboolean
is_support (const FeeCheck *check, const char *centre)
{
  for (guint i = check->records->policies->len; i > 0; i--) {
    const FeePolicy *policy = g_ptr_array_index (check->records->policies, i - 1);
    gint n = fee_policy_find_centre (policy, centre);
    if (n >= 0)
      return fee_policy_centre (policy, n)->kind == FEE_CENTRE_SUPPORT;
  }
  return FALSE;
}

static void
check_budget (FeeCheck *check, const FeeTable *table, guint32 row)
{
  const char *period = fee_table_text (table, FEE_BUDGETS_PERIOD, row);
  g_autofree char *january = g_strdup_printf ("%s-01", period);
  FeePeriod month;
  if (!fee_period_parse (period, &month) && !fee_period_parse (january, &month))
    fee_check_refuse (check, table, row, FEE_BUDGETS_PERIOD, _("is neither a month (2026-01) nor a year (2026)"));
  if (fee_table_is_empty (table, FEE_BUDGETS_CATEGORY, row) == fee_table_is_empty (table, FEE_BUDGETS_CENTRE, row))
    fee_check_refuse_row (check, table, row, g_strdup (_("a budget names a category or a centre, one of the two")));
  fee_check_category (check, table, row, FEE_BUDGETS_CATEGORY);
  fee_check_centre (check, table, row, FEE_BUDGETS_CENTRE);
  if (!check->kept && !fee_table_is_empty (table, FEE_BUDGETS_CENTRE, row) && is_support (check, fee_table_text (table, FEE_BUDGETS_CENTRE, row)))
    fee_check_refuse (check, table, row, FEE_BUDGETS_CENTRE, _("is a support centre; a budget is for primary centres"));
}

static gboolean
check_row (FeeCheck *check, FeeKindId kind, const FeeTable *table, guint32 row, GError **error)
{
  switch (kind) {
  case FEE_KIND_UNITS:
    fee_check_span (check, table, row, FEE_UNITS_FROM, FEE_UNITS_TO);
    if (strcmp (fee_table_text (table, FEE_UNITS_UNIT, row), "?") == 0)
      fee_check_refuse (check, table, row, FEE_UNITS_UNIT, _("stands for an unknown unit"));
    return TRUE;
  case FEE_KIND_PARTIES:
    fee_check_unit (check, table, row, FEE_PARTIES_UNIT, FALSE);
    fee_check_span (check, table, row, FEE_PARTIES_FROM, FEE_PARTIES_TO);
    return TRUE;
  case FEE_KIND_COSTS:
    check_cost (check, table, row);
    return TRUE;
  case FEE_KIND_ASSETS:
    fee_check_asset (check, table, row);
    return TRUE;
  case FEE_KIND_QUANTITIES:
    check_quantity (check, table, row);
    return TRUE;
  case FEE_KIND_HOLDS:
    check_hold (check, table, row);
    return fee_check_party (check, table, row, FEE_HOLDS_PARTY, error)
           && fee_check_bill (check, table, row, FEE_HOLDS_BILL, FEE_HOLDS_UNIT, FEE_HOLDS_PARTY, error);
  case FEE_KIND_INSTALMENTS:
    fee_check_unit (check, table, row, FEE_INSTALMENTS_UNIT, FALSE);
    return fee_check_party (check, table, row, FEE_INSTALMENTS_PARTY, error);
  case FEE_KIND_NOTICES:
    check_notice (check, table, row);
    return fee_check_party (check, table, row, FEE_NOTICES_PARTY, error);
  case FEE_KIND_BUDGETS:
    check_budget (check, table, row);
    return TRUE;
  case FEE_KIND_INCOME:
    fee_check_span (check, table, row, FEE_INCOME_FROM, FEE_INCOME_TO);
    return TRUE;
  default:
    return fee_check_money_row (check, table, row, error);
  }
}

gboolean
fee_check_rows (FeeCheck *check, FeeKindId kind, guint32 first_row, GError **error)
{
  const FeeTable *table = check->records->tables[kind];
  g_clear_pointer (&check->numbers, g_hash_table_unref);
  gboolean money = kind == FEE_KIND_RECEIPTS || kind == FEE_KIND_ADJUSTMENTS;
  for (guint32 row = money ? 0 : first_row; row < table->n_rows; row++)
    if (fee_table_alive (table, row) && (row >= first_row || fee_check_money_rests_on (check, table, row, first_row))
        && !check_row (check, kind, table, row, error))
      return FALSE;
  return TRUE;
}

FeeDayColumns
fee_day_columns (const FeeKind *kind)
{
  return (FeeDayColumns) { fee_kind_field (kind, "from"), fee_kind_field (kind, "to"), fee_kind_field (kind, "date") };
}

void
fee_row_days (const FeeTable *table, const FeeDayColumns *columns, guint32 row, FeeDate *from, FeeDate *to)
{
  *from = FEE_DATE_NONE;
  *to = FEE_DATE_FOREVER;
  if (table->kind->id == FEE_KIND_COSTS) {
    FeeServiceSpan span = fee_cost_span (table, row);
    *from = span.from;
    *to = span.to;
    return;
  }
  if (columns->from >= 0)
    *from = fee_table_column (table, (guint) columns->from)->small[row];
  else if (columns->date >= 0)
    *from = *to = fee_table_column (table, (guint) columns->date)->small[row];
  if (columns->to >= 0 && !fee_table_is_empty (table, (guint) columns->to, row))
    *to = fee_table_column (table, (guint) columns->to)->small[row];
  /* what an asset has made counts in every later month */
  if (table->kind->id == FEE_KIND_QUANTITIES
      && strcmp (fee_table_text (table, FEE_QUANTITIES_DRIVER, row), FEE_DRIVER_UNITS_OF_OUTPUT) == 0)
    *to = FEE_DATE_FOREVER;
}
