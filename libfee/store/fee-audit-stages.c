/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-audit-private.h"

/* What has come to a category or centre in one origin, and what has gone from it. */
typedef struct {
  FeePeriod origin;
  FeeText id;
  __int128 in, support, shared; /* support: emptied onto other centres; shared: among units */
  gboolean served;              /* by reciprocal support, whose rows name no source */
} Pool;

typedef struct {
  FeeAuditing *auditing;
  const FeeAuditRun *posted;
  GHashTable *categories, *centres; /* of Pool, by origin and id */
  GHashTable *reciprocal;           /* of Pool, by origin: what rows of source `*` empty, as `support` */
  char place[32];
} Stages;

static guint
hash_pool (gconstpointer key)
{
  const Pool *pool = key;
  return (guint) pool->origin * 31 + pool->id * 2654435761u;
}

static gboolean
same_pool (gconstpointer a, gconstpointer b)
{
  const Pool *x = a, *y = b;
  return x->origin == y->origin && x->id == y->id;
}

static GHashTable *
pools_new (void)
{
  return g_hash_table_new_full (hash_pool, same_pool, g_free, NULL);
}

static Pool *
pool_of (GHashTable *pools, FeePeriod origin, FeeText id)
{
  Pool key = { .origin = origin, .id = id };
  Pool *pool = g_hash_table_lookup (pools, &key);
  if (pool != NULL)
    return pool;
  pool = g_new0 (Pool, 1);
  *pool = key;
  g_hash_table_add (pools, pool);
  return pool;
}

/* ---- Adding up */

static void
add_row (Stages *stages, const FeeStageRow *row)
{
  Pool *centre = row->stage >= FEE_STAGE_ACTIVITY || (row->stage == FEE_STAGE_ACCRUE && !row->to_centre)
                   ? NULL : pool_of (stages->centres, row->origin, row->target);
  gboolean all = row->stage == FEE_STAGE_SUPPORT && strcmp (fee_strings_get (stages->posted->run->strings, row->source), "*") == 0;
  if (centre != NULL)
    centre->in += row->amount;
  switch (row->stage) {
  case FEE_STAGE_ACCRUE:
    if (!row->to_centre)
      pool_of (stages->categories, row->origin, row->target)->in += row->amount;
    break;
  case FEE_STAGE_RESOURCE:
    pool_of (stages->categories, row->origin, row->source)->shared += row->amount;
    break;
  case FEE_STAGE_SUPPORT:
    if (centre != NULL)
      centre->served = centre->served || all;
    pool_of (all ? stages->reciprocal : stages->centres, row->origin, all ? FEE_TEXT_EMPTY : row->source)->support += row->amount;
    break;
  case FEE_STAGE_ACTIVITY:
    pool_of (stages->centres, row->origin, row->source)->shared += row->amount;
    break;
  case FEE_STAGE_RESTATE: /* what runs had shared, once more: nothing flows */
    break;
  }
}

/* ---- Comparing */

static void
report (const Stages *stages, const Pool *pool, const char *id, __int128 in, __int128 out)
{
  char month[FEE_DATE_SIZE], came[FEE_AMOUNT_SIZE], went[FEE_AMOUNT_SIZE];
  fee_audit_find (stages->auditing, stages->place, _("%s: pool %s: %s came to it, %s went from it"), fee_period_format (pool->origin, month), id,
                  fee_audit_amount (stages->auditing, in, came), fee_audit_amount (stages->auditing, out, went));
}

static gint
compare_pools (gconstpointer a, gconstpointer b, gpointer strings)
{
  const Pool *x = a, *y = b;
  if (x->origin != y->origin)
    return x->origin < y->origin ? -1 : 1;
  return strcmp (fee_strings_get (strings, x->id), fee_strings_get (strings, y->id));
}

/* Whether some policy empties the centre reciprocally. */
static gboolean
is_reciprocal (const FeeAuditing *auditing, const char *id)
{
  for (guint i = 0; i < auditing->policies->len; i++) {
    const FeePolicy *policy = g_ptr_array_index (auditing->policies, i);
    gint n = fee_policy_find_centre (policy, id);
    if (policy->support == FEE_SUPPORT_RECIPROCAL && n >= 0 && fee_policy_centre (policy, n)->kind == FEE_CENTRE_SUPPORT)
      return TRUE;
  }
  return FALSE;
}

/* The pools that a centre was emptied with; NULL for none. Support centres that cancel out reach nobody, and so have no row. */
static Pool *
emptied_with (const Stages *stages, const Pool *centre)
{
  Pool key = { .origin = centre->origin, .id = FEE_TEXT_EMPTY };
  if (centre->served || centre->shared != 0)
    return NULL;
  Pool *pools = g_hash_table_lookup (stages->reciprocal, &key);
  if (pools != NULL || centre->in == centre->support
      || !is_reciprocal (stages->auditing, fee_strings_get (stages->posted->run->strings, centre->id)))
    return pools;
  return pool_of (stages->reciprocal, centre->origin, FEE_TEXT_EMPTY);
}

/* Where rows name no source, a centre that is not served and shares nothing is one of those that they empty. */
static void
check_pools (Stages *stages, GHashTable *pools)
{
  const FeeStrings *strings = stages->posted->run->strings;
  g_autoptr (GList) list = g_list_sort_with_data (g_hash_table_get_keys (pools), compare_pools, (gpointer) strings);
  for (GList *at = list; at != NULL; at = at->next) {
    const Pool *pool = at->data;
    Pool *emptied = pools == stages->centres ? emptied_with (stages, pool) : NULL;
    if (emptied != NULL)
      emptied->in += pool->in - pool->support;
    else if (pool->in != pool->support + pool->shared)
      report (stages, pool, fee_strings_get (strings, pool->id), pool->in, pool->support + pool->shared);
  }
}

static void
check_reciprocal (Stages *stages)
{
  GHashTableIter iter;
  gpointer pool;
  g_hash_table_iter_init (&iter, stages->reciprocal);
  while (g_hash_table_iter_next (&iter, &pool, NULL))
    if (((Pool *) pool)->in != ((Pool *) pool)->support)
      report (stages, pool, "*", ((Pool *) pool)->in, ((Pool *) pool)->support);
}

/* ---- References */

static gboolean
any_policy (const FeeAuditing *auditing, gint (*find) (const FeePolicy *policy, const char *id), const char *id)
{
  for (guint i = 0; i < auditing->policies->len; i++)
    if (find (g_ptr_array_index (auditing->policies, i), id) >= 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_source (const FeeAuditing *auditing, const FeeStrings *strings, const FeeStageRow *row)
{
  const char *source = fee_strings_get (strings, row->source);
  FeeText found;
  if (row->stage == FEE_STAGE_RESOURCE)
    return any_policy (auditing, fee_policy_find_category, source);
  if (row->stage != FEE_STAGE_ACCRUE)
    return any_policy (auditing, fee_policy_find_centre, source) || (row->stage == FEE_STAGE_SUPPORT && strcmp (source, "*") == 0);
  g_autofree char *cost = g_strdup_printf ("%s\n%s", source, fee_strings_get (strings, row->line));
  return row->asset ? fee_strings_find (auditing->assets, source, &found) : fee_strings_find (auditing->costs, cost, &found);
}

static gboolean
has_target (const FeeAuditing *auditing, const FeeStrings *strings, const FeeStageRow *row)
{
  const char *target = fee_strings_get (strings, row->target);
  if (row->stage >= FEE_STAGE_ACTIVITY)
    return strcmp (target, "units") == 0;
  if (row->stage == FEE_STAGE_ACCRUE && !row->to_centre)
    return any_policy (auditing, fee_policy_find_category, target);
  return any_policy (auditing, fee_policy_find_centre, target);
}

static void
check_names (Stages *stages, const FeeStageRow *row)
{
  const FeeStrings *strings = stages->posted->run->strings;
  const char *driver = fee_strings_get (strings, row->driver);
  const char *stage = fee_stage_text (row->stage);
  if (!has_source (stages->auditing, strings, row))
    fee_audit_find (stages->auditing, stages->place, _("stage %s: the source \"%s\" is not in the book"), stage,
                    fee_strings_get (strings, row->source));
  if (!has_target (stages->auditing, strings, row))
    fee_audit_find (stages->auditing, stages->place, _("stage %s: the target \"%s\" is not in the book"), stage,
                    fee_strings_get (strings, row->target));
  if (*driver != '\0' && !any_policy (stages->auditing, fee_policy_find_driver, driver))
    fee_audit_find (stages->auditing, stages->place, _("stage %s: the driver \"%s\" is not in the book"), stage, driver);
}

static gboolean
is_restated (const FeeRun *run, FeePeriod origin)
{
  for (guint i = 0; i < run->restated->len; i++)
    if (g_array_index (run->restated, FeePeriod, i) == origin)
      return TRUE;
  return FALSE;
}

static void
check_row (Stages *stages, const FeeStageRow *row)
{
  char month[FEE_DATE_SIZE];
  const FeePolicy *first = stages->auditing->policies->len == 0 ? NULL : g_ptr_array_index (stages->auditing->policies, 0);
  gboolean weighed = row->weight != FEE_QUANTITY_NONE;
  if (row->origin > stages->posted->head->period || (first != NULL && row->origin < first->start))
    fee_audit_find (stages->auditing, stages->place, _("stage %s: the origin %s is outside of the book and its run"), fee_stage_text (row->stage),
                    fee_period_format (row->origin, month));
  if (weighed != (row->driver != FEE_TEXT_EMPTY) || (weighed && (row->weight <= 0 || row->weight > row->total_weight))
      || (row->stage == FEE_STAGE_ACTIVITY && !weighed)
      || (row->stage >= FEE_STAGE_ACTIVITY && row->weight != row->total_weight))
    fee_audit_find (stages->auditing, stages->place, _("stage %s: the weights of \"%s\" can't be"), fee_stage_text (row->stage),
                    fee_strings_get (stages->posted->run->strings, row->source));
  if (row->stage == FEE_STAGE_RESTATE && !is_restated (stages->posted->run, row->origin))
    fee_audit_find (stages->auditing, stages->place, _("stage %s: the run does not restate %s"), fee_stage_text (row->stage),
                    fee_period_format (row->origin, month));
  if (stages->auditing->readable)
    check_names (stages, row);
}

void
fee_audit_stages (FeeAuditing *auditing, const FeeAuditRun *posted)
{
  g_autoptr (GHashTable) categories = pools_new ();
  g_autoptr (GHashTable) centres = pools_new ();
  g_autoptr (GHashTable) reciprocal = pools_new ();
  Stages stages = { auditing, posted, categories, centres, reciprocal, "" };
  g_snprintf (stages.place, sizeof stages.place, "run %u", posted->head->number);
  for (guint i = 0; i < posted->run->rows->len; i++) {
    add_row (&stages, fee_run_row (posted->run, i));
    check_row (&stages, fee_run_row (posted->run, i));
  }
  check_pools (&stages, categories);
  check_pools (&stages, centres);
  check_reciprocal (&stages);
}
