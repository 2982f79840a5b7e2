/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-records.h"

#include <string.h>

FeeRecords *
fee_records_new (void)
{
  FeeRecords *records = g_new0 (FeeRecords, 1);
  records->ids = fee_strings_new ();
  records->policies = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_policy_unref);
  return records;
}

void
fee_records_free (FeeRecords *records)
{
  if (records == NULL)
    return;
  fee_measures_free (records->measures);
  fee_tenures_free (records->tenures);
  fee_register_free (records->reg);
  for (guint i = 0; i < FEE_N_KINDS; i++)
    fee_table_free (records->tables[i]);
  g_ptr_array_unref (records->policies);
  fee_strings_free (records->ids);
  g_free (records);
}

void
fee_records_index (FeeRecords *records, FeeOverlapFunc overlap, gpointer data)
{
  g_clear_pointer (&records->measures, fee_measures_free);
  g_clear_pointer (&records->tenures, fee_tenures_free);
  g_clear_pointer (&records->reg, fee_register_free);
  if (records->tables[FEE_KIND_UNITS] != NULL)
    records->reg = fee_register_new (records->tables[FEE_KIND_UNITS], overlap, data);
  if (records->tables[FEE_KIND_PARTIES] != NULL && records->reg != NULL)
    records->tenures = fee_tenures_new (records->tables[FEE_KIND_PARTIES], records->reg, overlap, data);
  if (records->tables[FEE_KIND_QUANTITIES] != NULL)
    records->measures = fee_measures_new (records->tables[FEE_KIND_QUANTITIES], overlap, data);
}

FeeServiceSpan
fee_cost_span (const FeeTable *costs, guint32 row)
{
  FeeServiceSpan span = { fee_table_column (costs, FEE_COSTS_FROM)->small[row], fee_table_column (costs, FEE_COSTS_TO)->small[row],
                          FALSE };
  FeePeriod month = fee_period_of (fee_table_column (costs, FEE_COSTS_DATE)->small[row]);
  if (span.from == FEE_DATE_NONE)
    span.from = fee_period_first_day (month);
  if (span.to == FEE_DATE_NONE)
    span.to = fee_period_last_day (month);
  const char *spread = fee_table_text (costs, FEE_COSTS_SPREAD, row);
  gboolean whole_months = span.from == fee_period_first_day (fee_period_of (span.from))
                          && span.to == fee_period_last_day (fee_period_of (span.to));
  span.by_days = *spread != '\0' ? strcmp (spread, "days") == 0 : !whole_months;
  return span;
}
