/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-check-private.h"

/* ---- Receipts and adjustments: rules.md section 9 */

static gint64
amount_of (const FeeTable *table, guint column, guint32 row)
{
  return fee_table_column (table, column)->number[row];
}

/* Whether no earlier row reverses that receipt. */
static gboolean
first_to_reverse (FeeCheck *check, const FeeTable *table, guint32 row, FeeText number)
{
  const FeeText *reverses = fee_table_column (table, FEE_RECEIPTS_REVERSES)->text;
  if (check->reversed == NULL) {
    check->reversed = g_hash_table_new (NULL, NULL);
    for (guint32 i = table->n_rows; i > 0; i--)
      if (fee_table_alive (table, i - 1) && reverses[i - 1] != FEE_TEXT_EMPTY)
        g_hash_table_insert (check->reversed, GUINT_TO_POINTER (reverses[i - 1]), GUINT_TO_POINTER (i - 1));
  }
  return GPOINTER_TO_UINT (g_hash_table_lookup (check->reversed, GUINT_TO_POINTER (number))) == row;
}

/* A receipt that reverses another has minus its whole amount, on or after its day; none is reversed twice. */
static void
check_reversal (FeeCheck *check, const FeeTable *table, guint32 row)
{
  FeeText number = fee_table_column (table, FEE_RECEIPTS_REVERSES)->text[row];
  FeeMoney negated;
  if (number == FEE_TEXT_EMPTY)
    return;
  guint32 other = fee_check_find_number (check, table, FEE_RECEIPTS_RECEIPT, number);
  if (other == G_MAXUINT32 || other == row) {
    fee_check_refuse (check, table, row, FEE_RECEIPTS_REVERSES, _("is not another receipt of the book"));
    return;
  }
  if (!fee_table_is_empty (table, FEE_RECEIPTS_REVERSES, other))
    fee_check_refuse (check, table, row, FEE_RECEIPTS_REVERSES, _("is itself a reversal"));
  if (!fee_money_negate (amount_of (table, FEE_RECEIPTS_AMOUNT, other), &negated) || amount_of (table, FEE_RECEIPTS_AMOUNT, row) != negated)
    fee_check_refuse (check, table, row, FEE_RECEIPTS_AMOUNT, _("is not minus the whole amount of the receipt that it reverses"));
  if (fee_table_column (table, FEE_RECEIPTS_DATE)->small[row] < fee_table_column (table, FEE_RECEIPTS_DATE)->small[other])
    fee_check_refuse (check, table, row, FEE_RECEIPTS_DATE, _("is before the day of the receipt that it reverses"));
  if (strcmp (fee_table_text (table, FEE_RECEIPTS_UNIT, row), fee_table_text (table, FEE_RECEIPTS_UNIT, other)) != 0)
    fee_check_refuse (check, table, row, FEE_RECEIPTS_UNIT, _("is not the unit of the receipt that it reverses"));
  if (!first_to_reverse (check, table, row, number))
    fee_check_refuse (check, table, row, FEE_RECEIPTS_REVERSES, _("is reversed already"));
}

/* A receipt without a unit has that of its bill by now, or there is no such bill. */
static gboolean
check_receipt (FeeCheck *check, const FeeTable *table, guint32 row, GError **error)
{
  if (!fee_table_is_empty (table, FEE_RECEIPTS_UNIT, row)) {
    fee_check_unit (check, table, row, FEE_RECEIPTS_UNIT, TRUE);
    check_reversal (check, table, row);
  }
  if (!fee_check_party (check, table, row, FEE_RECEIPTS_PARTY, error))
    return FALSE;
  if (strcmp (fee_table_text (table, FEE_RECEIPTS_UNIT, row), "?") == 0 && !fee_table_is_empty (table, FEE_RECEIPTS_BILL, row)) {
    fee_check_refuse (check, table, row, FEE_RECEIPTS_UNIT,
                      _("is for a receipt whose bill is not known either; leave the cell empty to take the unit of the bill"));
    return TRUE;
  }
  return fee_check_bill (check, table, row, FEE_RECEIPTS_BILL, FEE_RECEIPTS_UNIT, FEE_RECEIPTS_PARTY, error);
}

/* The bill of an adjustment may be an adjustment of the same unit and party. */
static gboolean
check_settled (FeeCheck *check, const FeeTable *table, guint32 row, GError **error)
{
  FeeText number = fee_table_column (table, FEE_ADJUSTMENTS_BILL)->text[row];
  guint32 other = number == FEE_TEXT_EMPTY ? G_MAXUINT32 : fee_check_find_number (check, table, FEE_ADJUSTMENTS_ADJUSTMENT, number);
  if (other == G_MAXUINT32)
    return fee_check_bill (check, table, row, FEE_ADJUSTMENTS_BILL, FEE_ADJUSTMENTS_UNIT, FEE_ADJUSTMENTS_PARTY, error);
  if (other == row)
    fee_check_refuse (check, table, row, FEE_ADJUSTMENTS_BILL, _("is the adjustment itself"));
  const FeeText *unit = fee_table_column (table, FEE_ADJUSTMENTS_UNIT)->text;
  const FeeText *party = fee_table_column (table, FEE_ADJUSTMENTS_PARTY)->text;
  if (unit[other] != unit[row] || party[other] != party[row])
    fee_check_refuse (check, table, row, FEE_ADJUSTMENTS_BILL, _("is an adjustment of another unit or party"));
  return TRUE;
}

static gboolean
check_adjustment (FeeCheck *check, const FeeTable *table, guint32 row, GError **error)
{
  const char *kind = fee_table_text (table, FEE_ADJUSTMENTS_KIND, row);
  fee_check_unit (check, table, row, FEE_ADJUSTMENTS_UNIT, FALSE);
  if (strcmp (kind, "opening") != 0 && strcmp (kind, "charge") != 0 && fee_table_is_empty (table, FEE_ADJUSTMENTS_APPROVED_BY, row))
    fee_check_refuse (check, table, row, FEE_ADJUSTMENTS_APPROVED_BY, _("is empty; this kind of adjustment needs an approver"));
  return fee_check_party (check, table, row, FEE_ADJUSTMENTS_PARTY, error) && check_settled (check, table, row, error);
}

gboolean
fee_check_money_row (FeeCheck *check, const FeeTable *table, guint32 row, GError **error)
{
  return table->kind->id == FEE_KIND_RECEIPTS ? check_receipt (check, table, row, error) : check_adjustment (check, table, row, error);
}

gboolean
fee_check_money_rests_on (FeeCheck *check, const FeeTable *table, guint32 row, guint32 first_row)
{
  gboolean receipts = table->kind->id == FEE_KIND_RECEIPTS;
  FeeText number = fee_table_column (table, receipts ? FEE_RECEIPTS_REVERSES : FEE_ADJUSTMENTS_BILL)->text[row];
  if (number == FEE_TEXT_EMPTY)
    return FALSE;
  guint32 other = fee_check_find_number (check, table, receipts ? FEE_RECEIPTS_RECEIPT : FEE_ADJUSTMENTS_ADJUSTMENT, number);
  return other != G_MAXUINT32 && other >= first_row;
}

/* ---- Assets: rules.md section 4 */

/* A century: longer lives are slips of the pen, and would make exact double-declining slow. */
#define LIFE_MAX 1200

static gboolean
check_life (FeeCheck *check, const FeeTable *table, guint32 row)
{
  const char *method = fee_table_text (table, FEE_ASSETS_METHOD, row);
  gint life = fee_table_column (table, FEE_ASSETS_LIFE)->small[row];
  gint64 units = fee_table_column (table, FEE_ASSETS_UNITS)->number[row];
  gboolean by_year = strcmp (method, "sum-of-years") == 0 || strcmp (method, "double-declining") == 0;
  guint before = fee_problems_count (check->problems);
  if (strcmp (method, "units-of-output") == 0) {
    if (units == FEE_CELL_NO_NUMBER || units <= 0)
      fee_check_refuse (check, table, row, FEE_ASSETS_UNITS, _("is not a total of units that the asset will make"));
  } else if (life == FEE_CELL_NO_COUNT) {
    fee_check_refuse (check, table, row, FEE_ASSETS_LIFE, _("is empty; this method needs a life in months"));
  } else if (life < 1 || life > LIFE_MAX) {
    fee_check_refuse (check, table, row, FEE_ASSETS_LIFE, _("is not between 1 and 1200 months"));
  } else if (by_year && life % 12 != 0) {
    fee_check_refuse (check, table, row, FEE_ASSETS_LIFE, _("is not a multiple of 12, which this method needs"));
  }
  return fee_problems_count (check->problems) == before;
}

/* Another opening than the method's own sum is for straight-line, and for what was in service before the book. */
static void
check_opening (FeeCheck *check, const FeeTable *table, guint32 row)
{
  FeeMoney opening = amount_of (table, FEE_ASSETS_OPENING, row);
  FeePeriod start = fee_records_start (check->records);
  char sum[FEE_NUMBER_SIZE];
  if (opening == FEE_CELL_NO_NUMBER)
    return;
  FeeMoney own = check->own_depreciation (check->records, row, start - 1);
  if (opening == own)
    return;
  const char *method = fee_table_text (table, FEE_ASSETS_METHOD, row);
  FeeMoney base = amount_of (table, FEE_ASSETS_COST, row) - amount_of (table, FEE_ASSETS_RESIDUAL, row);
  gboolean of_old = fee_table_column (table, FEE_ASSETS_IN_SERVICE)->small[row] < fee_period_first_day (start);
  gboolean straight = *method == '\0' || strcmp (method, "straight-line") == 0;
  if (straight && of_old && opening >= 0 && opening <= base)
    return;
  fee_money_format (own, fee_records_decimals (check->records), sum);
  g_autofree char *reason = g_strdup_printf (_("is not what the method gives by then: %s"), sum);
  fee_check_refuse (check, table, row, FEE_ASSETS_OPENING, reason);
}

void
fee_check_asset (FeeCheck *check, const FeeTable *table, guint32 row)
{
  FeeMoney cost = amount_of (table, FEE_ASSETS_COST, row), residual = amount_of (table, FEE_ASSETS_RESIDUAL, row);
  FeeDate disposed = fee_table_column (table, FEE_ASSETS_DISPOSED)->small[row];
  guint before = fee_problems_count (check->problems);
  fee_check_centre (check, table, row, FEE_ASSETS_CENTRE);
  if (cost < 0)
    fee_check_refuse (check, table, row, FEE_ASSETS_COST, _("is negative"));
  if (residual < 0 || residual > cost)
    fee_check_refuse (check, table, row, FEE_ASSETS_RESIDUAL, _("is not between 0 and the cost"));
  if (disposed != FEE_DATE_NONE && disposed < fee_table_column (table, FEE_ASSETS_IN_SERVICE)->small[row])
    fee_check_refuse (check, table, row, FEE_ASSETS_DISPOSED, _("is before the day it was put in service"));
  if (check_life (check, table, row) && !check->kept && fee_problems_count (check->problems) == before)
    check_opening (check, table, row);
}
