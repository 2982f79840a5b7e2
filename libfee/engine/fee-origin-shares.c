/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-stages.h"

FeePostedOrigin *
fee_posted_origin_new (FeePeriod origin)
{
  FeePostedOrigin *posted = g_new0 (FeePostedOrigin, 1);
  posted->origin = origin;
  posted->counts = g_array_new (FALSE, FALSE, sizeof (FeeOddCount));
  posted->pools = g_array_new (FALSE, FALSE, sizeof (FeePostedPool));
  posted->lines = g_array_new (FALSE, FALSE, sizeof (FeePostedLine));
  return posted;
}

void
fee_posted_origin_free (FeePostedOrigin *posted)
{
  if (posted == NULL)
    return;
  g_array_unref (posted->counts);
  g_array_unref (posted->pools);
  g_array_unref (posted->lines);
  g_free (posted);
}

void
fee_restatement_free (FeeRestatement *restatement)
{
  if (restatement == NULL)
    return;
  g_array_unref (restatement->rows);
  g_array_unref (restatement->lines);
  g_free (restatement);
}

/* ---- The month as known now */

/* Assets are accrued from the first month on. */
static void
keep_origin (GArray *rows, FeePeriod origin)
{
  guint kept = 0;
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, FeeStageRow, i).origin == origin)
      g_array_index (rows, FeeStageRow, kept++) = g_array_index (rows, FeeStageRow, i);
  g_array_set_size (rows, kept);
}

gboolean
fee_share_origin (const FeeRecords *records, FeePeriod origin, const GArray *counts, FeeShares **out, GError **error)
{
  g_autoptr (FeeHistory) history = fee_history_new ();
  g_autoptr (FeeAccruals) accruals = NULL;
  g_autoptr (FeePools) pools = NULL;
  g_autoptr (FeeAllocation) allocation = NULL;
  history->since = G_MAXUINT32; /* every record needs only this month */
  g_array_append_vals (history->counts, counts->data, counts->len);
  if (!fee_accrue (records, history, origin, &accruals, error))
    return FALSE;
  keep_origin (accruals->rows, origin);
  return fee_collect (records, accruals, &pools, error) && fee_allocate (records, pools, &allocation, error)
         && fee_share (records, history, allocation, out, error);
}
