/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "fee-stages.h"

static void
origin_pools_clear (gpointer data)
{
  FeeOriginPools *pools = data;
  g_free (pools->categories);
  g_free (pools->centres);
}

void
fee_pools_free (FeePools *pools)
{
  if (pools == NULL)
    return;
  g_array_unref (pools->origins);
  g_free (pools);
}

static FeeOriginPools *
pools_of_origin (FeePools *pools, const FeeRecords *records, FeePeriod origin)
{
  if (pools->origins->len > 0) {
    FeeOriginPools *last = &g_array_index (pools->origins, FeeOriginPools, pools->origins->len - 1);
    if (last->origin == origin)
      return last;
  }
  const FeePolicy *policy = fee_records_policy (records, origin);
  FeeOriginPools new = { origin, policy, g_new0 (FeeMoney, policy->categories->len), g_new0 (FeeMoney, policy->centres->len + 1) };
  g_array_append_val (pools->origins, new);
  return &g_array_index (pools->origins, FeeOriginPools, pools->origins->len - 1);
}

/* NULL where the policy of that month has no such category or centre. */
static FeeMoney *
pool_of_row (FeeOriginPools *pools, const FeeRecords *records, const FeeStageRow *row)
{
  const char *target = fee_strings_get (records->ids, row->target);
  gint n = row->to_centre ? fee_policy_find_centre (pools->policy, target) : fee_policy_find_category (pools->policy, target);
  if (n < 0)
    return NULL;
  return row->to_centre ? &pools->centres[n] : &pools->categories[n];
}

gboolean
fee_collect (const FeeRecords *records, const FeeAccruals *accruals, FeePools **out, GError **error)
{
  g_autoptr (FeePools) pools = g_new0 (FeePools, 1);
  g_autoptr (FeeProblems) missing = fee_problems_new ();
  char month[FEE_DATE_SIZE];
  pools->origins = g_array_new (FALSE, FALSE, sizeof (FeeOriginPools));
  g_array_set_clear_func (pools->origins, origin_pools_clear);
  for (guint i = 0; i < accruals->rows->len; i++) {
    const FeeStageRow *row = &g_array_index (accruals->rows, FeeStageRow, i);
    FeeOriginPools *of_origin = pools_of_origin (pools, records, row->origin);
    FeeMoney *pool = pool_of_row (of_origin, records, row);
    const char *source = fee_strings_get (records->ids, row->source);
    const char *target = fee_strings_get (records->ids, row->target);
    if (pool == NULL)
      fee_problems_add (missing, row->to_centre ? _("%s: %s goes to centre %s, which the policy of that month does not have")
                                                : _("%s: %s is of category %s, which the policy of that month does not have"),
                        fee_period_format (row->origin, month), source, target);
    else if (!fee_money_add (*pool, row->amount, pool)) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: with %s the pool %s is too large"),
                   fee_period_format (row->origin, month), source, target);
      return FALSE;
    }
  }
  if (!fee_problems_settle (missing, FEE_ERROR_POLICY, error))
    return FALSE;
  *out = g_steal_pointer (&pools);
  return TRUE;
}
