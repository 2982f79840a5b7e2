/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-apportion.h"
#include "fee-stages.h"

void
fee_charges_free (FeeCharges *charges)
{
  if (charges == NULL)
    return;
  g_clear_pointer (&charges->pages, g_ptr_array_unref);
  g_free (charges);
}

/* Pages are about this long, so that one unit's bill costs little to read and a million few rows in the store. */
#define PAGE_BYTES (128 * 1024)

/* A party that bears some days of a unit, in one role. */
typedef struct {
  FeeText party;
  FeeRole role;
  FeeDays days;
} Bearer;

/* A line with whom it goes to. */
typedef struct {
  FeeText party;
  FeeLine line;
} Share;

/* What the bearers of a pool depend on: most pools of a unit have the same. */
typedef struct {
  guint32 unit;
  FeePeriod origin;
  const FeePolicy *policy; /* NULL: of nothing yet */
  FeeRole payer;
  FeeDays days;
} Borne;

typedef struct {
  const FeeRecords *records;
  const FeeShares *shares;
  FeeCharges *charges;
  FeePageFunc func;        /* takes full pages */
  gpointer data;
  FeePage *page;           /* being filled; NULL before the first bill */
  gint64 unit_before;      /* (a FeeText) of the bill before in the page; -1 for its first */
  GArray *bearers;         /* of Bearer: by their first day */
  GArray *gathered;        /* of Share: of the unit at hand */
  GArray *lines;           /* of FeeLine: of the bill at hand */
  FeeMoney *posted;        /* by activity: what its lines add up to */
  FeeProblems *problems;
  guint *place;            /* by row that lines name: its place in a bill */
  guint restated;          /* the next line of the restatement */
  Borne borne;             /* what the bearers bear */
} Charging;

/* ---- Who bears: rules.md section 7 */

static void
add_bearer (GArray *bearers, FeeText party, FeeRole role, FeeDays days)
{
  for (guint i = 0; i < bearers->len; i++) {
    Bearer *bearer = &g_array_index (bearers, Bearer, i);
    if (bearer->party != party)
      continue;
    if ((days & -days) < (bearer->days & -bearer->days)) /* its role is that of its first day */
      bearer->role = role;
    bearer->days |= days;
    return;
  }
  Bearer bearer = { party, role, days };
  g_array_append_val (bearers, bearer);
}

/* Takes the days on which somebody holds the role; returns those that are left. */
static FeeDays
take_role (Charging *charging, guint32 unit, FeePeriod origin, FeeRole role, FeeDays days)
{
  const FeeTenures *tenures = charging->records->tenures;
  for (guint32 i = tenures->first[unit]; i < tenures->first[unit + 1] && days != 0; i++) {
    if (tenures->role[i] != role)
      continue;
    FeeDays held = fee_period_days_between (origin, tenures->spans.from[i], tenures->spans.to[i]) & days;
    if (held != 0)
      add_bearer (charging->bearers, tenures->party[i], role, held);
    days &= ~held;
  }
  return days;
}

static gint
compare_bearers (gconstpointer x, gconstpointer y)
{
  FeeDays a = ((const Bearer *) x)->days, b = ((const Bearer *) y)->days;
  FeeDays first_a = a & -a, first_b = b & -b;
  return first_a < first_b ? -1 : first_a > first_b;
}

static void
report_ownerless (Charging *charging, guint32 unit, FeePeriod origin, FeeDays days)
{
  FeeDate first = fee_period_first_day (origin);
  g_autoptr (GString) text = g_string_new (NULL);
  char date[FEE_DATE_SIZE];
  for (gint day = 0; day < 31; day++) {
    if ((days >> day & 1) == 0)
      continue;
    gint end = day;
    while (end < 30 && (days >> (end + 1) & 1) != 0)
      end++;
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", fee_date_format (first + day, date));
    if (end > day)
      g_string_append_printf (text, "..%s", fee_date_format (first + end, date));
    day = end;
  }
  fee_problems_add (charging->problems, _("unit %s has no owner on %s, and the policy names no unsold party"), fee_register_unit (charging->records->reg, unit), text->str);
}

static gboolean
is_borne (const Borne *a, const Borne *b)
{
  return a->unit == b->unit && a->origin == b->origin && a->policy == b->policy && a->payer == b->payer && a->days == b->days;
}

/* Fills charging->bearers. FALSE where days have nobody: a problem. */
static gboolean
find_bearers (Charging *charging, guint32 unit, const FeeCentrePool *pool, FeeDays days)
{
  FeeDays left = days;
  const Borne borne = { unit, pool->origin, pool->policy, fee_policy_centre (pool->policy, pool->centre)->payer, days };
  if (is_borne (&borne, &charging->borne))
    return TRUE;
  charging->borne = (Borne) { .policy = NULL };
  g_array_set_size (charging->bearers, 0);
  if (borne.payer == FEE_ROLE_OCCUPANT)
    left = take_role (charging, unit, pool->origin, FEE_ROLE_OCCUPANT, left);
  left = take_role (charging, unit, pool->origin, FEE_ROLE_OWNER, left);
  if (left != 0 && pool->policy->unsold == NULL) {
    report_ownerless (charging, unit, pool->origin, left);
    return FALSE;
  }
  if (left != 0)
    add_bearer (charging->bearers, fee_strings_intern_text (charging->records->ids, pool->policy->unsold), FEE_ROLE_UNSOLD, left);
  if (charging->bearers->len > 1)
    g_array_sort (charging->bearers, compare_bearers);
  charging->borne = borne;
  return TRUE;
}

/* ---- Lines */

static void
gather (Charging *charging, const Bearer *bearer, const FeeLine *line)
{
  guint n = charging->gathered->len;
  g_array_set_size (charging->gathered, n + 1);
  Share *share = &g_array_index (charging->gathered, Share, n);
  *share = (Share) { bearer->party, *line };
  share->line.role = bearer->role;
  share->line.days = fee_days_count (bearer->days);
}

/* The unit's part of one pool, over the days that each party bears. */
static void
split_part (Charging *charging, FeeLine *line)
{
  GArray *bearers = charging->bearers;
  line->amount = line->unit_amount;
  if (bearers->len == 1) {
    gather (charging, &g_array_index (bearers, Bearer, 0), line);
    return;
  }
  gint64 days[32];
  FeeMoney parts[32];
  for (guint i = 0; i < bearers->len; i++)
    days[i] = fee_days_count (g_array_index (bearers, Bearer, i).days);
  fee_apportion (line->unit_amount, days, bearers->len, line->unit_days, parts);
  for (guint i = 0; i < bearers->len; i++) {
    line->amount = parts[i];
    gather (charging, &g_array_index (bearers, Bearer, i), line);
  }
}

static gboolean
charge_activity (Charging *charging, guint32 unit, guint n)
{
  const FeeActivity *activity = &g_array_index (charging->shares->activities, FeeActivity, n);
  FeeDays days;
  gint64 weight = fee_weigher_unit (activity->weigher, unit, &days);
  if (weight == 0)
    return TRUE;
  if (!find_bearers (charging, unit, &activity->pool, days))
    return FALSE;
  gboolean odd = (activity->odd[unit / 8] >> unit % 8 & 1) != 0;
  FeeLine line = { .activity = n, .weight = weight, .unit_days = fee_days_count (days),
                   .unit_amount = fee_apportion_part (activity->pool.pool, weight, activity->total, odd) };
  charging->posted[n] += line.unit_amount; /* parts of one sign that add up to the pool: no overflow */
  split_part (charging, &line);
  return TRUE;
}

/* ---- Bills */

static gint
compare_shares (gconstpointer x, gconstpointer y, gpointer data)
{
  const Share *a = x, *b = y;
  const Charging *charging = data;
  if (a->party != b->party)
    return strcmp (fee_strings_get (charging->records->ids, a->party), fee_strings_get (charging->records->ids, b->party));
  guint place_a = charging->place[a->line.activity], place_b = charging->place[b->line.activity];
  return place_a < place_b ? -1 : place_a > place_b;
}

/* Lines of a bill stand by origin, those that restate it after the others: rules.md section 10. Both lists are by origin. */
static guint *
place_rows (const FeeShares *shares)
{
  guint n = shares->activities->len, n_restated = shares->restatement == NULL ? 0 : shares->restatement->rows->len;
  guint *place = g_new (guint, n + n_restated + 1);
  for (guint i = 0, j = 0; i + j < n + n_restated;) {
    gboolean other = j == n_restated
                     || (i < n && g_array_index (shares->activities, FeeActivity, i).pool.origin
                                    <= g_array_index (shares->restatement->rows, FeeStageRow, j).origin);
    guint at = i + j, row = other ? i++ : n + j++;
    place[row] = at;
  }
  return place;
}

static gboolean
has_one_party (const GArray *gathered)
{
  for (guint i = 1; i < gathered->len; i++)
    if (g_array_index (gathered, Share, i).party != g_array_index (gathered, Share, 0).party)
      return FALSE;
  return TRUE;
}

static gboolean
hand_on (Charging *charging, GError **error)
{
  return charging->func (g_steal_pointer (&charging->page), charging->data, error);
}

static gboolean
add_bill (Charging *charging, FeeText unit, FeeText party, GError **error)
{
  FeeCharges *charges = charging->charges;
  const char *id = fee_strings_get (charging->records->ids, unit);
  FeeMoney total = 0;
  gboolean fits = TRUE;
  for (guint i = 0; i < charging->lines->len; i++)
    fits = fits && fee_money_add (total, g_array_index (charging->lines, FeeLine, i).amount, &total);
  if (!fits || !fee_money_add (charges->total, total, &charges->total)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("unit %s: the bill is too large"), id);
    return FALSE;
  }
  if (charges->n_bills == G_MAXUINT32 - 1) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("more bills than a run can hold"));
    return FALSE;
  }
  if (charging->page != NULL && charging->page->lines->len >= PAGE_BYTES && !hand_on (charging, error))
    return FALSE;
  if (charging->page == NULL) {
    charging->page = fee_page_new ((guint32) charges->n_bills + 1, id);
    charging->unit_before = -1;
  }
  const char *before = charging->unit_before < 0 ? "" : fee_strings_get (charging->records->ids, (FeeText) charging->unit_before);
  fee_page_add_bill (charging->page, before, id, fee_strings_get (charging->records->ids, party), total,
                     (const FeeLine *) (void *) charging->lines->data, charging->lines->len);
  charging->unit_before = unit;
  charges->n_bills++;
  charges->n_lines += charging->lines->len;
  return TRUE;
}

/* The gathered shares of a unit become a bill a party. */
static gboolean
bill_unit (Charging *charging, FeeText unit, GError **error)
{
  GArray *gathered = charging->gathered;
  if (charging->shares->restatement != NULL || !has_one_party (gathered))
    g_array_sort_with_data (gathered, compare_shares, charging);
  for (guint i = 0; i < gathered->len;) {
    FeeText party = g_array_index (gathered, Share, i).party;
    guint n = 0;
    g_array_set_size (charging->lines, gathered->len - i);
    for (; i < gathered->len && g_array_index (gathered, Share, i).party == party; i++)
      g_array_index (charging->lines, FeeLine, n++) = g_array_index (gathered, Share, i).line;
    g_array_set_size (charging->lines, n);
    if (!add_bill (charging, unit, party, error))
      return FALSE;
  }
  return TRUE;
}

/* The next line of the restatement, if there is one. */
static const FeeRestatedLine *
next_restated (const Charging *charging)
{
  const FeeRestatement *restatement = charging->shares->restatement;
  return restatement == NULL || charging->restated == restatement->lines->len
           ? NULL : &g_array_index (restatement->lines, FeeRestatedLine, charging->restated);
}

/* The lines that restate something of a unit, which come by unit. */
static void
gather_restated (Charging *charging, FeeText unit)
{
  guint first = charging->shares->activities->len;
  for (const FeeRestatedLine *restated; (restated = next_restated (charging)) != NULL && restated->unit == unit; charging->restated++) {
    Share share = { restated->party, restated->line };
    share.line.activity += first;
    g_array_append_val (charging->gathered, share);
  }
}

/* Units that are not in the register any more, before that one; NULL: all that are left. */
static gboolean
bill_gone (Charging *charging, const char *before, GError **error)
{
  for (const FeeRestatedLine *restated; (restated = next_restated (charging)) != NULL;) {
    FeeText unit = restated->unit;
    if (before != NULL && strcmp (fee_strings_get (charging->records->ids, unit), before) >= 0)
      return TRUE;
    g_array_set_size (charging->gathered, 0);
    gather_restated (charging, unit);
    if (!bill_unit (charging, unit, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
charge_units (Charging *charging, GError **error)
{
  guint n_activities = charging->shares->activities->len;
  for (guint32 unit = 0; unit < charging->records->reg->n_units; unit++) {
    gboolean borne = TRUE;
    FeeText id = charging->records->reg->unit[unit];
    if (charging->shares->restatement != NULL && !bill_gone (charging, fee_strings_get (charging->records->ids, id), error))
      return FALSE;
    g_array_set_size (charging->gathered, 0);
    for (guint n = 0; n < n_activities && borne; n++)
      borne = charge_activity (charging, unit, n);
    gather_restated (charging, id);
    if (borne && !bill_unit (charging, id, error))
      return FALSE;
  }
  if (!bill_gone (charging, NULL, error))
    return FALSE;
  if (!fee_problems_settle (charging->problems, FEE_ERROR_RECORDS, error))
    return FALSE;
  if (charging->page != NULL && !hand_on (charging, error))
    return FALSE;
  for (guint n = 0; n < n_activities; n++) {
    const FeeCentrePool *pool = &g_array_index (charging->shares->activities, FeeActivity, n).pool;
    if (charging->posted[n] != pool->pool) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the lines of centre %s do not add up to its pool"),
                   fee_policy_centre (pool->policy, pool->centre)->id);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fee_charge_to (const FeeRecords *records, const FeeShares *shares, FeePageFunc func, gpointer data, FeeCharges **out, GError **error)
{
  g_autoptr (FeeCharges) charges = g_new0 (FeeCharges, 1);
  g_autoptr (GArray) bearers = g_array_new (FALSE, FALSE, sizeof (Bearer));
  g_autoptr (GArray) gathered = g_array_new (FALSE, FALSE, sizeof (Share));
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (FeeLine));
  g_autofree FeeMoney *posted = g_new0 (FeeMoney, shares->activities->len + 1);
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autofree guint *place = place_rows (shares);
  Charging charging = { records, shares, charges, func, data, NULL, -1, bearers, gathered, lines, posted, problems, place, 0 };
  gboolean ok = charge_units (&charging, error);
  fee_page_free (charging.page);
  if (!ok)
    return FALSE;
  *out = g_steal_pointer (&charges);
  return TRUE;
}

gboolean
fee_charge_activity (const FeeRecords *records, const FeeShares *shares, guint activity, FeeLineFunc func, gpointer data, GError **error)
{
  g_autoptr (GArray) bearers = g_array_new (FALSE, FALSE, sizeof (Bearer));
  g_autoptr (GArray) gathered = g_array_new (FALSE, FALSE, sizeof (Share));
  g_autofree FeeMoney *posted = g_new0 (FeeMoney, shares->activities->len + 1);
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  Charging charging = { .records = records, .shares = shares, .bearers = bearers, .gathered = gathered, .posted = posted, .problems = problems };
  for (guint32 unit = 0; unit < records->reg->n_units; unit++) {
    g_array_set_size (gathered, 0);
    charge_activity (&charging, unit, activity);
    for (guint i = 0; i < gathered->len; i++) {
      const Share *share = &g_array_index (gathered, Share, i);
      func (records->reg->unit[unit], share->party, &share->line, data);
    }
  }
  return fee_problems_settle (problems, FEE_ERROR_RECORDS, error);
}

static gboolean
keep_page (FeePage *page, gpointer pages, GError **error)
{
  (void) error;
  g_ptr_array_add (pages, page);
  return TRUE;
}

gboolean
fee_charge (const FeeRecords *records, const FeeShares *shares, FeeCharges **out, GError **error)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_page_free);
  FeeCharges *charges;
  if (!fee_charge_to (records, shares, keep_page, pages, &charges, error))
    return FALSE;
  charges->pages = g_steal_pointer (&pages);
  *out = charges;
  return TRUE;
}
