/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-stages.h"

static FeeRestatement *
restatement_new (void)
{
  FeeRestatement *restatement = g_new0 (FeeRestatement, 1);
  restatement->rows = g_array_new (FALSE, FALSE, sizeof (FeeStageRow));
  restatement->lines = g_array_new (FALSE, FALSE, sizeof (FeeRestatedLine));
  return restatement;
}

/* ---- One centre: what is known now beside what was posted */

#define NOW (-1)

/* A line of a centre; source: NOW, or a pool of what was posted, or after these the pool of this run. */
typedef struct {
  FeeText unit, party;
  gint source;
  FeeLine line;
} Item;

typedef struct {
  const FeeRecords *records;
  const FeePostedOrigin *posted;
  const FeeShares *now, *own; /* own: of this run; may be NULL */
  FeeRestatement *out;
  FeeText centre;
  GArray *items;     /* of Item: of the centre, by unit, party (bytewise) and source */
  gint source;       /* of the lines that come */
  guint n_now;       /* lines known now */
  guint *matched;    /* by pool: lines that are as known now */
  gboolean *differs; /* by pool: some line is of a party that bears nothing now */
} Comparison;

static void
take_line (FeeText unit, FeeText party, const FeeLine *line, gpointer data)
{
  Comparison *comparison = data;
  Item item = { unit, party, comparison->source, *line };
  g_array_append_val (comparison->items, item);
}

static FeeText
centre_of (const FeeShares *shares, guint n)
{
  return g_array_index (shares->rows, FeeStageRow, n).source;
}

/* The activity of the centre in the month; -1 for none. */
static gint
find_activity (const Comparison *comparison, const FeeShares *shares)
{
  for (guint n = 0; shares != NULL && n < shares->activities->len; n++)
    if (centre_of (shares, n) == comparison->centre
        && g_array_index (shares->activities, FeeActivity, n).pool.origin == comparison->posted->origin)
      return (gint) n;
  return -1;
}

static gboolean
take_activity (Comparison *comparison, const FeeShares *shares, gint source, GError **error)
{
  gint n = find_activity (comparison, shares);
  comparison->source = source;
  return n < 0 || fee_charge_activity (comparison->records, shares, (guint) n, take_line, comparison, error);
}

static const FeePostedPool *
pool_of (const Comparison *comparison, guint n)
{
  return &g_array_index (comparison->posted->pools, FeePostedPool, n);
}

static void
take_posted (Comparison *comparison)
{
  for (guint i = 0; i < comparison->posted->lines->len; i++) {
    const FeePostedLine *posted = &g_array_index (comparison->posted->lines, FeePostedLine, i);
    if (pool_of (comparison, posted->pool)->centre != comparison->centre)
      continue;
    FeeLine line = { .role = posted->role, .weight = posted->weight, .days = posted->days, .amount = posted->amount };
    comparison->source = (gint) posted->pool;
    take_line (posted->unit, posted->party, &line, comparison);
  }
}

static gint
compare_items (gconstpointer x, gconstpointer y, gpointer data)
{
  const Item *a = x, *b = y;
  const FeeStrings *ids = data;
  if (a->unit != b->unit)
    return strcmp (fee_strings_get (ids, a->unit), fee_strings_get (ids, b->unit));
  if (a->party != b->party)
    return strcmp (fee_strings_get (ids, a->party), fee_strings_get (ids, b->party));
  return a->source < b->source ? -1 : a->source > b->source;
}

static gboolean
gather_items (Comparison *comparison, GError **error)
{
  g_array_set_size (comparison->items, 0);
  if (!take_activity (comparison, comparison->now, NOW, error))
    return FALSE;
  comparison->n_now = comparison->items->len;
  take_posted (comparison);
  if (!take_activity (comparison, comparison->own, (gint) comparison->posted->pools->len, error))
    return FALSE;
  g_array_sort_with_data (comparison->items, compare_items, comparison->records->ids);
  return TRUE;
}

static const Item *
nth_item (const Comparison *comparison, guint n)
{
  return &g_array_index (comparison->items, Item, n);
}

/* The items of a unit, from begin on, end where? *now: one of them that is known now; NULL for none. */
static guint
end_of_unit (const Comparison *comparison, guint begin, const Item **now)
{
  guint end = begin;
  *now = NULL;
  for (; end < comparison->items->len && nth_item (comparison, end)->unit == nth_item (comparison, begin)->unit; end++)
    if (nth_item (comparison, end)->source == NOW)
      *now = nth_item (comparison, end);
  return end;
}

static guint
end_of_party (const Comparison *comparison, guint begin)
{
  guint end = begin + 1;
  while (end < comparison->items->len && nth_item (comparison, end)->unit == nth_item (comparison, begin)->unit
         && nth_item (comparison, end)->party == nth_item (comparison, begin)->party)
    end++;
  return end;
}

/* ---- Is all that differs rounding? */

static void
match_party (Comparison *comparison, guint begin, guint end, gint64 unit_weight)
{
  const Item *first = nth_item (comparison, begin);
  gboolean now = first->source == NOW;
  for (guint i = begin + now; i < end; i++) {
    const Item *item = nth_item (comparison, i);
    gboolean same = item->line.weight == unit_weight && item->line.days == (now ? first->line.days : 0);
    comparison->matched[item->source] += same && now;
    comparison->differs[item->source] |= !same;
  }
}

static void
match_lines (Comparison *comparison)
{
  gsize n = comparison->posted->pools->len + 1;
  memset (comparison->matched, 0, n * sizeof *comparison->matched);
  memset (comparison->differs, 0, n * sizeof *comparison->differs);
  for (guint i = 0; i < comparison->items->len;) {
    const Item *now;
    guint end = end_of_unit (comparison, i, &now);
    while (i < end) {
      guint next = end_of_party (comparison, i);
      match_party (comparison, i, next, now == NULL ? 0 : now->line.weight);
      i = next;
    }
  }
}

/* A posting has every line as it is known now, under the same total. */
static gboolean
is_as_now (const Comparison *comparison, guint pool, gint64 total, gint64 total_now)
{
  return total == total_now && !comparison->differs[pool] && comparison->matched[pool] == comparison->n_now;
}

/* Since the last restatement, which stands for all before it. */
static gboolean
is_rounding (const Comparison *comparison, gint64 total_now, FeeMoney pool_now)
{
  guint n = comparison->posted->pools->len;
  gint own = find_activity (comparison, comparison->own);
  __int128 sum = 0;
  gboolean same = TRUE;
  for (guint i = 0; i < n; i++) {
    const FeePostedPool *pool = pool_of (comparison, i);
    if (pool->centre != comparison->centre)
      continue;
    sum = pool->restates ? pool->amount : sum + pool->amount;
    same = (pool->restates || same) && is_as_now (comparison, i, pool->total, total_now);
  }
  if (own >= 0) {
    const FeeActivity *activity = &g_array_index (comparison->own->activities, FeeActivity, own);
    sum += activity->pool.pool;
    same = same && is_as_now (comparison, n, activity->total, total_now);
  }
  return same && sum == pool_now;
}

/* ---- Differences */

static gboolean
too_large (const Comparison *comparison, const Item *item, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
               _("unit %s: the difference is too large"), fee_strings_get (comparison->records->ids, item->unit));
  return FALSE;
}

/* now: a line of the unit that is known now; NULL where it has none. Nothing for a party that bears nothing, and of which nothing is posted. */
static gboolean
restate_party (Comparison *comparison, guint begin, guint end, const Item *now, GError **error)
{
  const Item *first = nth_item (comparison, begin), *last = nth_item (comparison, end - 1);
  gboolean bears = first->source == NOW;
  FeeRestatedLine restated = { first->unit, first->party, { 0 } };
  FeeLine *line = &restated.line;
  if (now != NULL)
    *line = now->line;
  line->activity = comparison->out->rows->len - 1;
  line->restated = TRUE;
  line->role = bears ? first->line.role : last->line.role;
  line->days = bears ? first->line.days : 0;
  line->posted = 0;
  for (guint i = begin + bears; i < end; i++)
    if (!fee_money_add (line->posted, nth_item (comparison, i)->line.amount, &line->posted))
      return too_large (comparison, first, error);
  if (!bears && line->posted == 0)
    return TRUE;
  if (!fee_money_subtract (bears ? first->line.amount : 0, line->posted, &line->amount))
    return too_large (comparison, first, error);
  g_array_append_val (comparison->out->lines, restated);
  return TRUE;
}

static gboolean
restate_lines (Comparison *comparison, GError **error)
{
  for (guint i = 0; i < comparison->items->len;) {
    const Item *now;
    guint end = end_of_unit (comparison, i, &now);
    while (i < end) {
      guint next = end_of_party (comparison, i);
      if (!restate_party (comparison, i, next, now, error))
        return FALSE;
      i = next;
    }
  }
  return TRUE;
}

static gboolean
compare_centre (Comparison *comparison, GError **error)
{
  gint n = find_activity (comparison, comparison->now);
  FeeStageRow row = { .stage = FEE_STAGE_RESTATE,
                      .origin = comparison->posted->origin,
                      .source = comparison->centre,
                      .target = fee_strings_intern_text (comparison->records->ids, "units"),
                      .weight = FEE_QUANTITY_NONE,
                      .total_weight = FEE_QUANTITY_NONE };
  if (n >= 0) {
    row = g_array_index (comparison->now->rows, FeeStageRow, n);
    row.stage = FEE_STAGE_RESTATE;
  }
  if (!gather_items (comparison, error))
    return FALSE;
  match_lines (comparison);
  if (is_rounding (comparison, n < 0 ? 0 : row.total_weight, row.amount))
    return TRUE;
  g_array_append_val (comparison->out->rows, row);
  return restate_lines (comparison, error);
}

/* ---- All centres of a month */

typedef struct {
  FeeText id;
  gint rank; /* in the policy of the month */
} Centre;

static void
add_centre (const Comparison *comparison, GArray *centres, FeeText id)
{
  const FeeStrings *ids = comparison->records->ids;
  for (guint i = 0; i < centres->len; i++)
    if (g_array_index (centres, Centre, i).id == id)
      return;
  gint rank =
    fee_policy_find_centre (fee_records_policy (comparison->records, comparison->posted->origin), fee_strings_get (ids, id));
  Centre centre = { id, rank < 0 ? G_MAXINT : rank };
  g_array_append_val (centres, centre);
}

static gint
compare_centres (gconstpointer x, gconstpointer y, gpointer ids)
{
  const Centre *a = x, *b = y;
  if (a->rank != b->rank)
    return a->rank < b->rank ? -1 : 1;
  return strcmp (fee_strings_get (ids, a->id), fee_strings_get (ids, b->id));
}

static GArray *
list_centres (const Comparison *comparison)
{
  GArray *centres = g_array_new (FALSE, FALSE, sizeof (Centre));
  const FeeShares *both[] = { comparison->now, comparison->own };
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (guint n = 0; both[i] != NULL && n < both[i]->activities->len; n++)
      if (g_array_index (both[i]->activities, FeeActivity, n).pool.origin == comparison->posted->origin)
        add_centre (comparison, centres, centre_of (both[i], n));
  for (guint i = 0; i < comparison->posted->pools->len; i++)
    add_centre (comparison, centres, pool_of (comparison, i)->centre);
  g_array_sort_with_data (centres, compare_centres, comparison->records->ids);
  return centres;
}

static gboolean
compare_origin (const FeeRecords *records, const FeePostedOrigin *posted, const FeeShares *own, FeeRestatement *out,
                GError **error)
{
  g_autoptr (FeeShares) now = NULL;
  if (!fee_share_origin (records, posted->origin, posted->counts, &now, error))
    return FALSE;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (Item));
  g_autofree guint *matched = g_new0 (guint, posted->pools->len + 1);
  g_autofree gboolean *differs = g_new0 (gboolean, posted->pools->len + 1);
  Comparison comparison = { .records = records,
                            .posted = posted,
                            .now = now,
                            .own = own,
                            .out = out,
                            .items = items,
                            .matched = matched,
                            .differs = differs };
  g_autoptr (GArray) centres = list_centres (&comparison);
  for (guint i = 0; i < centres->len; i++) {
    comparison.centre = g_array_index (centres, Centre, i).id;
    if (!compare_centre (&comparison, error))
      return FALSE;
  }
  return TRUE;
}

static gint
compare_lines (gconstpointer x, gconstpointer y, gpointer data)
{
  const FeeRestatedLine *a = x, *b = y;
  const FeeStrings *ids = data;
  if (a->unit != b->unit)
    return strcmp (fee_strings_get (ids, a->unit), fee_strings_get (ids, b->unit));
  if (a->party != b->party)
    return strcmp (fee_strings_get (ids, a->party), fee_strings_get (ids, b->party));
  return a->line.activity < b->line.activity ? -1 : a->line.activity > b->line.activity;
}

gboolean
fee_compare_origin (const FeeRecords *records, const FeePostedOrigin *posted, const FeeShares *shares, FeeRestatement **out,
                    GError **error)
{
  g_autoptr (FeeRestatement) restatement = restatement_new ();
  if (!compare_origin (records, posted, shares, restatement, error))
    return FALSE;
  g_array_sort_with_data (restatement->lines, compare_lines, records->ids);
  *out = g_steal_pointer (&restatement);
  return TRUE;
}

gboolean
fee_restate (const FeeRecords *records, const FeeHistory *history, FeeShares *shares, GError **error)
{
  g_autoptr (FeeRestatement) restatement = restatement_new ();
  for (guint i = 0; i < history->restated->len; i++)
    if (!compare_origin (records, g_ptr_array_index (history->restated, i), shares, restatement, error))
      return FALSE;
  g_array_sort_with_data (restatement->lines, compare_lines, records->ids);
  shares->restatement = g_steal_pointer (&restatement);
  return TRUE;
}
