/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-apportion.h"
#include "fee-stages.h"

void
fee_allocation_free (FeeAllocation *allocation)
{
  if (allocation == NULL)
    return;
  g_array_unref (allocation->rows);
  g_array_unref (allocation->centres);
  g_free (allocation);
}

/* The centres of one origin while pools come to them. */
typedef struct {
  const FeeRecords *records;
  FeePeriod origin;
  const FeePolicy *policy;
  guint n;          /* centres */
  FeeMoney *pools;  /* by centre */
  guint *by_id;     /* centres by id (bytewise): tie order */
  GArray *rows;     /* where the stage's rows go */
  FeeProblems *problems, *policy_problems;
  char month[FEE_DATE_SIZE];
} Centres;

static FeeText
text_of (const Centres *centres, const char *text)
{
  return fee_strings_intern_text (centres->records->ids, text);
}

static void
add_row (const Centres *centres, FeeStage stage, const char *source, const char *target, const char *driver, gint64 weight,
         gint64 total, FeeMoney amount)
{
  FeeStageRow row = { .stage = stage, .origin = centres->origin, .source = text_of (centres, source),
                      .target = text_of (centres, target), .driver = text_of (centres, driver), .weight = weight,
                      .total_weight = total, .amount = amount };
  g_array_append_val (centres->rows, row);
}

static void
add_to_pool (const Centres *centres, guint centre, FeeMoney amount)
{
  if (!fee_money_add (centres->pools[centre], amount, &centres->pools[centre]))
    fee_problems_add (centres->problems, _("%s: the pool of centre %s is too large"), centres->month,
                      fee_policy_centre (centres->policy, (gint) centre)->id);
}

static void
report_no_weight (const Centres *centres, const char *pool, const char *driver)
{
  fee_problems_add (centres->problems, _("%s: pool %s cannot be shared: the quantities of driver %s add up to 0"), centres->month, pool,
                    driver);
}

/* Shares an amount among centres by weights (0: none), a row for each that has some. */
static void
share_among (const Centres *centres, FeeStage stage, const char *source, const char *driver, FeeMoney amount, const gint64 *weights)
{
  g_autofree gint64 *ordered = g_new (gint64, centres->n + 1);
  g_autofree FeeMoney *parts = g_new (FeeMoney, centres->n + 1);
  g_autofree FeeMoney *of_centre = g_new0 (FeeMoney, centres->n + 1);
  gint64 total;
  for (guint i = 0; i < centres->n; i++)
    ordered[i] = weights[centres->by_id[i]];
  if (!fee_apportion_total (ordered, centres->n, &total) || total == 0) {
    report_no_weight (centres, source, driver);
    return;
  }
  fee_apportion (amount, ordered, centres->n, total, parts);
  for (guint i = 0; i < centres->n; i++)
    of_centre[centres->by_id[i]] = parts[i];
  for (guint i = 0; i < centres->n; i++) {
    if (weights[i] == 0)
      continue;
    add_row (centres, stage, source, fee_policy_centre (centres->policy, (gint) i)->id, driver, weights[i], total, of_centre[i]);
    add_to_pool (centres, i, of_centre[i]);
  }
}

/* ---- Resource drivers: categories to centres */

static void
allocate_category (const Centres *centres, const FeeCategory *category, FeeMoney amount)
{
  if (category->centre >= 0) {
    add_row (centres, FEE_STAGE_RESOURCE, category->id, fee_policy_centre (centres->policy, category->centre)->id, "",
             FEE_QUANTITY_NONE, FEE_QUANTITY_NONE, amount);
    add_to_pool (centres, (guint) category->centre, amount);
    return;
  }
  if (category->driver < 0) {
    fee_problems_add (centres->policy_problems, _("%s: category %s has money, but the policy gives it neither a driver nor a centre"),
                      centres->month, category->id);
    return;
  }
  g_autofree gint64 *weights = g_new (gint64, centres->n + 1);
  fee_weigh_centres (centres->records, centres->policy, category->driver, centres->origin, weights, centres->problems);
  share_among (centres, FEE_STAGE_RESOURCE, category->id, fee_policy_driver (centres->policy, category->driver)->id, amount, weights);
}

/* ---- Support centres */

static gboolean
is_support (const Centres *centres, guint n)
{
  return fee_policy_centre (centres->policy, (gint) n)->kind == FEE_CENTRE_SUPPORT;
}

/* FALSE where the support centre has no driver: a problem. */
static gboolean
weigh_support (const Centres *centres, guint n, gint64 *weights)
{
  const FeeCentre *centre = fee_policy_centre (centres->policy, (gint) n);
  if (centre->driver < 0) {
    fee_problems_add (centres->policy_problems, _("%s: centre %s has money, but the policy gives it no driver"), centres->month,
                      centre->id);
    return FALSE;
  }
  fee_weigh_centres (centres->records, centres->policy, centre->driver, centres->origin, weights, centres->problems);
  weights[n] = 0; /* what it serves itself is ignored */
  return TRUE;
}

/* direct: onto primary centres only; step: also onto the support centres after it. */
static void
empty_one_by_one (const Centres *centres, gboolean step)
{
  g_autofree gint64 *weights = g_new (gint64, centres->n + 1);
  for (guint i = 0; i < centres->n; i++) {
    FeeMoney amount = centres->pools[i];
    if (!is_support (centres, i) || amount == 0 || !weigh_support (centres, i, weights))
      continue;
    for (guint j = 0; j < centres->n; j++)
      if (is_support (centres, j) && (!step || j < i))
        weights[j] = 0;
    const FeeCentre *centre = fee_policy_centre (centres->policy, (gint) i);
    centres->pools[i] = 0;
    share_among (centres, FEE_STAGE_SUPPORT, centre->id, fee_policy_driver (centres->policy, centre->driver)->id, amount, weights);
  }
}

/* Support and primary centres apart, as fee_reciprocal() takes them. */
typedef struct {
  guint n_support, n_primary;
  guint *support, *primary; /* centres of the policy */
  gint64 *weights;
  FeeMoney *own, *out;
  guint *order;
  gboolean *has_share, *stuck;
} Reciprocal;

static void
reciprocal_clear (Reciprocal *r)
{
  g_free (r->support);
  g_free (r->primary);
  g_free (r->weights);
  g_free (r->own);
  g_free (r->out);
  g_free (r->order);
  g_free (r->has_share);
  g_free (r->stuck);
}

static void
reciprocal_init (Reciprocal *r, const Centres *centres)
{
  gsize n = (gsize) centres->n + 1;
  *r = (Reciprocal) { .support = g_new (guint, n), .primary = g_new (guint, n), .own = g_new (FeeMoney, n),
                      .out = g_new0 (FeeMoney, n), .order = g_new (guint, n), .has_share = g_new0 (gboolean, n),
                      .stuck = g_new0 (gboolean, n) };
  for (guint i = 0; i < centres->n; i++) {
    if (is_support (centres, i)) {
      r->own[r->n_support] = centres->pools[i];
      r->support[r->n_support++] = i;
    } else {
      r->primary[r->n_primary++] = i;
    }
  }
  for (guint p = 0; p < r->n_primary; p++)
    for (guint rank = 0; rank < centres->n; rank++)
      if (centres->by_id[rank] == r->primary[p])
        r->order[p] = rank;
  r->weights = g_new0 (gint64, (gsize) MAX (r->n_support, 1) * n);
}

/* A centre without money, own or coming, needs no driver: it is weighed as serving nobody. */
static void
reciprocal_weigh (Reciprocal *r, const Centres *centres)
{
  g_autofree gint64 *weights = g_new (gint64, centres->n + 1);
  g_autofree gboolean *weighed = g_new0 (gboolean, r->n_support + 1);
  g_autofree gboolean *wanted = g_new0 (gboolean, r->n_support + 1);
  guint n_targets = r->n_support + r->n_primary;
  for (guint i = 0; i < r->n_support; i++)
    wanted[i] = r->own[i] != 0;
  for (gboolean more = TRUE; more;) {
    more = FALSE;
    for (guint i = 0; i < r->n_support; i++) {
      if (!wanted[i] || weighed[i])
        continue;
      more = weighed[i] = TRUE;
      if (!weigh_support (centres, r->support[i], weights))
        continue;
      for (guint j = 0; j < r->n_support; j++) {
        r->weights[(gsize) i * n_targets + j] = weights[r->support[j]];
        wanted[j] = wanted[j] || weights[r->support[j]] > 0;
      }
      for (guint p = 0; p < r->n_primary; p++)
        r->weights[(gsize) i * n_targets + r->n_support + p] = weights[r->primary[p]];
    }
  }
}

static gboolean
serves_nobody (const Reciprocal *r, guint i)
{
  guint n_targets = r->n_support + r->n_primary;
  for (guint j = 0; j < n_targets; j++)
    if (r->weights[(gsize) i * n_targets + j] > 0)
      return FALSE;
  return TRUE;
}

static void
report_unsolved (const Reciprocal *r, const Centres *centres)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gboolean any = FALSE;
  for (guint i = 0; i < r->n_support; i++) {
    const FeeCentre *centre = fee_policy_centre (centres->policy, (gint) r->support[i]);
    if (!r->stuck[i])
      continue;
    any = TRUE;
    if (!serves_nobody (r, i))
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", centre->id);
    else if (centre->driver >= 0)
      report_no_weight (centres, centre->id, fee_policy_driver (centres->policy, centre->driver)->id);
  }
  if (!any)
    fee_problems_add (centres->problems, _("%s: the pools of the support centres are too large"), centres->month);
  if (names->len > 0)
    fee_problems_add (centres->problems, _("%s: these support centres serve only each other: %s"), centres->month, names->str);
}

static void
empty_reciprocally (const Centres *centres)
{
  Reciprocal r;
  reciprocal_init (&r, centres);
  reciprocal_weigh (&r, centres);
  if (!fee_reciprocal (r.n_support, r.n_primary, r.weights, r.own, r.order, r.out, r.has_share, r.stuck)) {
    report_unsolved (&r, centres);
  } else {
    for (guint i = 0; i < r.n_support; i++)
      centres->pools[r.support[i]] = 0;
    for (guint p = 0; p < r.n_primary; p++) {
      if (!r.has_share[p])
        continue;
      add_row (centres, FEE_STAGE_SUPPORT, "*", fee_policy_centre (centres->policy, (gint) r.primary[p])->id, "", FEE_QUANTITY_NONE,
               FEE_QUANTITY_NONE, r.out[p]);
      add_to_pool (centres, r.primary[p], r.out[p]);
    }
  }
  reciprocal_clear (&r);
}

/* ---- One origin */

static gint
compare_centres (gconstpointer a, gconstpointer b, gpointer data)
{
  const FeePolicy *policy = data;
  return strcmp (fee_policy_centre (policy, *(const gint *) a)->id, fee_policy_centre (policy, *(const gint *) b)->id);
}

static void
centres_init (Centres *centres, const FeeRecords *records, const FeeOriginPools *pools)
{
  *centres = (Centres) { .records = records, .origin = pools->origin, .policy = pools->policy, .n = pools->policy->centres->len };
  centres->pools = g_memdup2 (pools->centres, (centres->n + 1) * sizeof (FeeMoney));
  centres->by_id = g_new (guint, centres->n + 1);
  for (guint i = 0; i < centres->n; i++)
    centres->by_id[i] = i;
  g_qsort_with_data (centres->by_id, (gint) centres->n, sizeof (guint), compare_centres, (gpointer) pools->policy);
  fee_period_format (pools->origin, centres->month);
}

static __int128
sum_of (const FeeMoney *amounts, guint n)
{
  __int128 sum = 0;
  for (guint i = 0; i < n; i++)
    sum += amounts[i];
  return sum;
}

/* What comes to primary centres is what categories and centres had: conservation, checked in every run. */
static gboolean
take_centre_pools (const Centres *centres, const FeeOriginPools *pools, FeeAllocation *allocation)
{
  __int128 before = sum_of (pools->categories, pools->policy->categories->len) + sum_of (pools->centres, centres->n);
  for (guint i = 0; i < centres->n; i++) {
    FeeCentrePool pool = { centres->origin, centres->policy, (gint) i, centres->pools[i] };
    before -= pool.pool;
    if (pool.pool != 0)
      g_array_append_val (allocation->centres, pool);
  }
  return before == 0;
}

/* TRUE where everything adds up. */
static gboolean
allocate_origin (Centres *centres, const FeeOriginPools *pools, FeeAllocation *allocation, GArray *support_rows)
{
  centres->rows = allocation->rows;
  for (guint i = 0; i < pools->policy->categories->len; i++)
    if (pools->categories[i] != 0)
      allocate_category (centres, fee_policy_category (pools->policy, (gint) i), pools->categories[i]);
  centres->rows = support_rows;
  if (pools->policy->support == FEE_SUPPORT_RECIPROCAL)
    empty_reciprocally (centres);
  else
    empty_one_by_one (centres, pools->policy->support == FEE_SUPPORT_STEP);
  return take_centre_pools (centres, pools, allocation);
}

gboolean
fee_allocate (const FeeRecords *records, const FeePools *pools, FeeAllocation **out, GError **error)
{
  g_autoptr (FeeAllocation) allocation = g_new0 (FeeAllocation, 1);
  g_autoptr (GArray) support_rows = g_array_new (FALSE, FALSE, sizeof (FeeStageRow));
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autoptr (FeeProblems) policy_problems = fee_problems_new ();
  gboolean balanced = TRUE;
  allocation->rows = g_array_new (FALSE, FALSE, sizeof (FeeStageRow));
  allocation->centres = g_array_new (FALSE, FALSE, sizeof (FeeCentrePool));
  for (guint i = 0; i < pools->origins->len; i++) {
    const FeeOriginPools *of_origin = &g_array_index (pools->origins, FeeOriginPools, i);
    Centres centres;
    centres_init (&centres, records, of_origin);
    centres.problems = problems;
    centres.policy_problems = policy_problems;
    balanced = allocate_origin (&centres, of_origin, allocation, support_rows) && balanced;
    g_free (centres.pools);
    g_free (centres.by_id);
  }
  if (!fee_problems_settle (policy_problems, FEE_ERROR_POLICY, error) || !fee_problems_settle (problems, FEE_ERROR_RECORDS, error))
    return FALSE;
  if (!balanced) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the pools of the centres do not add up to those of the categories"));
    return FALSE;
  }
  g_array_append_vals (allocation->rows, support_rows->data, support_rows->len);
  *out = g_steal_pointer (&allocation);
  return TRUE;
}
