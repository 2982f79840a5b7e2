/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-memory.h"
#include "fee-apportion.h"
#include "fee-stages.h"

static void
activity_clear (gpointer data)
{
  FeeActivity *activity = data;
  fee_weigher_free (activity->weigher);
  g_free (activity->odd);
}

void
fee_shares_free (FeeShares *shares)
{
  if (shares == NULL)
    return;
  g_clear_pointer (&shares->activities, g_array_unref);
  g_clear_pointer (&shares->rows, g_array_unref);
  g_free (shares->counts);
  g_free (shares->counted);
  fee_restatement_free (shares->restatement);
  g_free (shares);
}

/* Room that the pools of a run use one after the other. */
typedef struct {
  gint64 *weights, *scratch; /* n and 2 n numbers */
  guint8 *odd;
  FeeProblems *problems, *policy_problems;
  FeeScales *scales;
} Room;

static void
room_init (Room *room, const FeeRecords *records)
{
  gsize n = MAX (records->reg->n_units, 1);
  *room = (Room) { fee_memory_array (gint64, n), fee_memory_array (gint64, 2 * n), fee_memory_array (guint8, n), fee_problems_new (), fee_problems_new (),
                   fee_scales_new (records) };
}

static void
room_clear (Room *room)
{
  g_free (room->weights);
  g_free (room->scratch);
  g_free (room->odd);
  fee_problems_free (room->problems);
  fee_problems_free (room->policy_problems);
  fee_scales_unref (room->scales);
}

static void
report_weight (const FeeRecords *records, const FeeCentrePool *pool, guint32 unit, gint64 weight, FeeProblems *problems)
{
  const FeeCentre *centre = fee_policy_centre (pool->policy, pool->centre);
  const char *reason = weight == FEE_WEIGHT_MISSING    ? _("has no number")
                       : weight == FEE_WEIGHT_NEGATIVE ? _("has a negative quantity")
                                                       : _("has too large a quantity");
  char month[FEE_DATE_SIZE];
  fee_problems_add (problems, _("%s: centre %s: unit %s %s for driver %s"), fee_period_format (pool->origin, month), centre->id,
                    fee_register_unit (records->reg, unit), reason, fee_policy_driver (pool->policy, centre->driver)->id);
}

/* The weights of all units and their sum; FALSE with a problem. */
static gboolean
weigh_units (const FeeRecords *records, FeeActivity *activity, Room *room)
{
  guint before = fee_problems_count (room->problems);
  guint32 n = records->reg->n_units;
  char month[FEE_DATE_SIZE];
  for (guint32 unit = 0; unit < n; unit++) {
    FeeDays days;
    gint64 weight = fee_weigher_unit (activity->weigher, unit, &days);
    if (weight < 0)
      report_weight (records, &activity->pool, unit, weight, room->problems);
    room->weights[unit] = MAX (weight, 0);
  }
  if (fee_problems_count (room->problems) > before)
    return FALSE;
  const FeeCentre *centre = fee_policy_centre (activity->pool.policy, activity->pool.centre);
  const char *driver = fee_policy_driver (activity->pool.policy, centre->driver)->id;
  fee_period_format (activity->pool.origin, month);
  if (!fee_apportion_total (room->weights, n, &activity->total))
    fee_problems_add (room->problems, _("%s: centre %s: the quantities of driver %s are too large"), month, centre->id, driver);
  else if (activity->total == 0)
    fee_problems_add (room->problems, _("%s: pool %s cannot be shared: the quantities of driver %s add up to 0"), month, centre->id,
                      driver);
  return fee_problems_count (room->problems) == before;
}

/* rules.md section 2: a unit's count starts at the lowest among those in the pool that have one. */
static void
start_counts (FeeShares *shares, const gint64 *weights, guint32 n)
{
  gint32 lowest = G_MAXINT32;
  gboolean all = TRUE;
  for (guint32 unit = 0; unit < n; unit++) {
    if (weights[unit] == 0)
      continue;
    if (shares->counted[unit])
      lowest = MIN (lowest, shares->counts[unit]);
    else
      all = FALSE;
  }
  for (guint32 unit = 0; unit < n && !all; unit++) {
    if (weights[unit] == 0 || shares->counted[unit])
      continue;
    shares->counted[unit] = TRUE;
    shares->counts[unit] = lowest == G_MAXINT32 ? 0 : lowest;
  }
}

static void
share_pool (FeeShares *shares, FeeActivity *activity, guint32 n, Room *room)
{
  start_counts (shares, room->weights, n);
  gsize left = fee_apportion_odd (activity->pool.pool, room->weights, n, activity->total, shares->counts, room->scratch, room->odd);
  activity->odd = g_new0 (guint8, n / 8 + 1);
  if (left == 0)
    return;
  for (guint32 unit = 0; unit < n; unit++) {
    if (!room->odd[unit])
      continue;
    activity->odd[unit / 8] |= (guint8) (1 << unit % 8);
    shares->counts[unit] += activity->pool.pool < 0 ? -1 : 1;
  }
}

static void
add_row (FeeShares *shares, const FeeRecords *records, const FeeActivity *activity)
{
  const FeePolicy *policy = activity->pool.policy;
  const FeeCentre *centre = fee_policy_centre (policy, activity->pool.centre);
  FeeStageRow row = {
    .stage = FEE_STAGE_ACTIVITY, .origin = activity->pool.origin,
    .source = fee_strings_intern_text (records->ids, centre->id), .target = fee_strings_intern_text (records->ids, "units"),
    .driver = fee_strings_intern_text (records->ids, fee_policy_driver (policy, centre->driver)->id),
    .weight = activity->total, .total_weight = activity->total, .amount = activity->pool.pool,
  };
  g_array_append_val (shares->rows, row);
}

static void
share_centre (FeeShares *shares, const FeeRecords *records, const FeeCentrePool *pool, Room *room)
{
  const FeeCentre *centre = fee_policy_centre (pool->policy, pool->centre);
  char month[FEE_DATE_SIZE];
  if (centre->driver < 0) {
    fee_problems_add (room->policy_problems, _("%s: centre %s has money, but the policy gives it no driver"),
                      fee_period_format (pool->origin, month), centre->id);
    return;
  }
  FeeActivity activity = { .pool = *pool, .weigher = fee_weigher_new (room->scales, pool->policy, pool->centre, pool->origin) };
  if (!weigh_units (records, &activity, room)) {
    activity_clear (&activity);
    return;
  }
  share_pool (shares, &activity, records->reg->n_units, room);
  activity.left_out = fee_weigher_left_out (activity.weigher);
  add_row (shares, records, &activity);
  g_array_append_val (shares->activities, activity);
}

/* What posted runs left: units that have gone keep their count. */
static void
take_counts (FeeShares *shares, const FeeRecords *records, const FeeHistory *history)
{
  guint32 n = MAX (records->reg->n_units, 1), near = 0;
  shares->counts = g_new0 (gint32, n);
  shares->counted = g_new0 (guint8, n);
  for (guint i = 0; i < history->counts->len; i++) {
    const FeeOddCount *count = &g_array_index (history->counts, FeeOddCount, i);
    guint32 unit = fee_register_find (records->reg, count->unit, near);
    if (unit == FEE_UNIT_NONE)
      continue;
    shares->counts[unit] = count->count;
    shares->counted[unit] = TRUE;
    near = unit;
  }
}

gboolean
fee_share (const FeeRecords *records, const FeeHistory *history, const FeeAllocation *allocation, FeeShares **out, GError **error)
{
  g_autoptr (FeeShares) shares = g_new0 (FeeShares, 1);
  Room room;
  shares->activities = g_array_new (FALSE, FALSE, sizeof (FeeActivity));
  g_array_set_clear_func (shares->activities, activity_clear);
  shares->rows = g_array_new (FALSE, FALSE, sizeof (FeeStageRow));
  take_counts (shares, records, history);
  room_init (&room, records);
  for (guint i = 0; i < allocation->centres->len; i++)
    share_centre (shares, records, &g_array_index (allocation->centres, FeeCentrePool, i), &room);
  gboolean ok = fee_problems_settle (room.policy_problems, FEE_ERROR_POLICY, error)
                && fee_problems_settle (room.problems, FEE_ERROR_RECORDS, error);
  room_clear (&room);
  if (!ok)
    return FALSE;
  *out = g_steal_pointer (&shares);
  return TRUE;
}
