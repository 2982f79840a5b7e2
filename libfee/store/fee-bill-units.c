/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-bill-finder-private.h"

typedef struct {
  FeeBillFinder *finder;
  FeeTable *table;
  guint unit, bill; /* columns */
  guint32 batch;
} Giving;

static gboolean
begin (Giving *giving, FeeBillFinder *finder, FeeTable *table)
{
  if (!fee_kind_find_instead (table->kind, &giving->unit, &giving->bill))
    return FALSE;
  giving->finder = finder;
  giving->table = table;
  giving->batch = g_array_index (table->segments, FeeSegment, table->segments->len - 1).batch;
  return fee_table_column (table, giving->unit)->wanted && fee_table_column (table, giving->bill)->wanted;
}

/* A row that has a unit keeps it. *given: it has one now. */
static gboolean
give (const Giving *giving, guint32 row, gboolean *given, GError **error)
{
  g_autofree char *unit = NULL;
  *given = TRUE;
  if (!fee_table_is_empty (giving->table, giving->unit, row))
    return TRUE;
  if (!fee_bill_finder_unit (giving->finder, fee_table_text (giving->table, giving->bill, row), giving->batch, &unit, error))
    return FALSE;
  *given = unit != NULL;
  if (*given)
    fee_table_set_text (giving->table, giving->unit, row, unit, strlen (unit));
  return TRUE;
}

gboolean
fee_bill_finder_give_units (FeeBillFinder *finder, FeeTable *table, guint32 first_row, GError **error)
{
  Giving giving;
  gboolean given;
  if (!begin (&giving, finder, table))
    return TRUE;
  for (guint32 row = first_row; row < table->n_rows; row++)
    if (!give (&giving, row, &given, error))
      return FALSE;
  return TRUE;
}

gboolean
fee_bill_finder_give_kept_units (FeeBillFinder *finder, FeeTable *table, guint32 first_row, GError **error)
{
  Giving giving;
  gboolean given;
  if (!begin (&giving, finder, table))
    return TRUE;
  for (guint32 row = first_row; row < table->n_rows; row++) {
    if (!give (&giving, row, &given, error))
      return FALSE;
    if (!given) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("line %u takes its unit from bill \"%s\", which is not in the book"),
                   table->line[row], fee_table_text (table, giving.bill, row));
      return FALSE;
    }
  }
  return TRUE;
}
