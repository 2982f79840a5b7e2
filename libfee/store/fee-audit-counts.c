/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-audit-private.h"

/* The odd-fen counts of the units with a bill, by number, as the run goes through its pools: rules.md section 2. */
typedef struct {
  gint32 *count;
  guint8 *counted;
} Counts;

static const char *
unit_text (const FeeRun *run, const GArray *counts, guint n)
{
  return fee_strings_get (run->strings, g_array_index (counts, FeeOddCount, n).unit);
}

static gboolean
are_by_unit (const FeeRun *run)
{
  for (guint i = 1; i < run->counts->len; i++)
    if (strcmp (unit_text (run, run->counts, i - 1), unit_text (run, run->counts, i)) >= 0)
      return FALSE;
  return TRUE;
}

/* What the run before left to the units of this one. */
static void
take_counts (const FeeRun *before, const FeeAuditRun *posted, Counts *counts)
{
  guint old = 0;
  for (guint unit = 0; before != NULL && unit < posted->units->len; unit++) {
    const char *id = fee_strings_get (posted->run->strings, g_array_index (posted->units, FeeText, unit));
    while (old < before->counts->len && strcmp (unit_text (before, before->counts, old), id) < 0)
      old++;
    if (old == before->counts->len || strcmp (unit_text (before, before->counts, old), id) != 0)
      continue;
    counts->count[unit] = g_array_index (before->counts, FeeOddCount, old).count;
    counts->counted[unit] = TRUE;
  }
}

/* A unit's count starts at the lowest among those in the pool that have one. */
static void
share_pool (const FeeAuditShare *pool, gboolean negative, Counts *counts)
{
  gint32 lowest = G_MAXINT32;
  for (guint i = 0; i < pool->shares->len; i++) {
    guint32 unit = g_array_index (pool->shares, guint32, i) >> 1;
    if (counts->counted[unit])
      lowest = MIN (lowest, counts->count[unit]);
  }
  for (guint i = 0; i < pool->shares->len; i++) {
    guint32 share = g_array_index (pool->shares, guint32, i), unit = share >> 1;
    if (!counts->counted[unit]) {
      counts->counted[unit] = TRUE;
      counts->count[unit] = lowest == G_MAXINT32 ? 0 : lowest;
    }
    if ((share & 1) != 0)
      counts->count[unit] += negative ? -1 : 1;
  }
}

typedef struct {
  FeeAuditing *auditing;
  const FeeAuditRun *posted;
  char place[32];
  guint next; /* of the stored counts */
} Comparing;

/* The next count must be that of this unit. */
static void
expect_count (Comparing *comparing, const char *unit, gint32 expected)
{
  const FeeRun *run = comparing->posted->run;
  const char *is = comparing->next < run->counts->len ? unit_text (run, run->counts, comparing->next) : NULL;
  for (; is != NULL && strcmp (is, unit) < 0; is = comparing->next < run->counts->len ? unit_text (run, run->counts, comparing->next) : NULL) {
    fee_audit_find (comparing->auditing, comparing->place, _("there is an odd-fen count of unit \"%s\", which had none and has no line"), is);
    comparing->next++;
  }
  if (is == NULL || strcmp (is, unit) != 0) {
    fee_audit_find (comparing->auditing, comparing->place, _("the odd-fen count of unit \"%s\" is missing; it is %d"), unit, expected);
    return;
  }
  gint32 count = g_array_index (run->counts, FeeOddCount, comparing->next++).count;
  if (count != expected)
    fee_audit_find (comparing->auditing, comparing->place, _("the odd-fen count of unit \"%s\" is %d; its lines make it %d"), unit, count,
                    expected);
}

/* The counts of before, with those of the units that have a bill in their places. */
static void
compare_counts (Comparing *comparing, const Counts *counts)
{
  const FeeAuditRun *posted = comparing->posted;
  const FeeRun *before = comparing->auditing->before;
  guint n_old = before == NULL ? 0 : before->counts->len;
  for (guint old = 0, unit = 0; old < n_old || unit < posted->units->len;) {
    const char *a = old < n_old ? unit_text (before, before->counts, old) : NULL;
    const char *b = unit < posted->units->len ? fee_strings_get (posted->run->strings, g_array_index (posted->units, FeeText, unit)) : NULL;
    gint order = a == NULL ? 1 : b == NULL ? -1 : strcmp (a, b);
    /* a unit with nothing but lines that restate has no count by them */
    if (order < 0 || counts->counted[unit])
      expect_count (comparing, order < 0 ? a : b,
                    order < 0 ? g_array_index (before->counts, FeeOddCount, old).count : counts->count[unit]);
    old += order <= 0;
    unit += order >= 0;
  }
  for (; comparing->next < posted->run->counts->len; comparing->next++)
    fee_audit_find (comparing->auditing, comparing->place, _("there is an odd-fen count of unit \"%s\", which had none and has no line"),
                    unit_text (posted->run, posted->run->counts, comparing->next));
}

void
fee_audit_counts (FeeAuditing *auditing, const FeeAuditRun *posted)
{
  gsize n = MAX (posted->units->len, 1);
  g_autofree gint32 *count = g_new0 (gint32, n);
  g_autofree guint8 *counted = g_new0 (guint8, n);
  Counts counts = { count, counted };
  Comparing comparing = { auditing, posted, "", 0 };
  g_snprintf (comparing.place, sizeof comparing.place, "run %u", posted->head->number);
  if (!are_by_unit (posted->run)) {
    fee_audit_find (auditing, comparing.place, _("its odd-fen counts are not in the order of units"));
    return;
  }
  if (auditing->before != NULL && !are_by_unit (auditing->before))
    return;
  take_counts (auditing->before, posted, &counts);
  for (guint i = 0; i < posted->n_activities; i++)
    share_pool (&posted->pools[i], fee_run_row (posted->run, posted->first + i)->amount < 0, &counts);
  compare_counts (&comparing, &counts);
}
