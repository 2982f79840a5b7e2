/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-now-private.h"

#include <glib/gi18n-lib.h>

#include "fee-load-private.h"
#include "fee-post.h"
#include "fee-rerun-private.h"

gboolean
fee_now_load (FeeBook *book, const GPtrArray *batches, guint32 as_of, FeePeriod first, FeePeriod last, FeeRecords **out,
              GError **error)
{
  static const FeeKindId kinds[] = { FEE_KIND_UNITS, FEE_KIND_PARTIES, FEE_KIND_QUANTITIES, FEE_KIND_COSTS,
                                     FEE_KIND_ASSETS };
  FeeLoad load = { .as_of = as_of, .since = as_of, .from = fee_period_first_day (first), .to = fee_period_last_day (last) };
  g_autoptr (FeeRecords) records = NULL;
  if (!fee_book_load (book, batches, &load, &records, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (!fee_book_load_kind (book, batches, &load, kinds[i], records, error))
      return FALSE;
  fee_records_index (records, NULL, NULL);
  *out = g_steal_pointer (&records);
  return TRUE;
}

static gboolean
meets (const GPtrArray *batches, const FeeBatch *batch, FeePeriod origin)
{
  gboolean brings = batch->retracts != 0 || batch->n_new + batch->n_changed > 0;
  if (batch->kind > FEE_KIND_QUANTITIES || !brings)
    return FALSE;
  return batch->kind == FEE_KIND_ASSETS
         || (batch->from <= fee_period_last_day (origin) && fee_batch_last_day (batches, batch) >= fee_period_first_day (origin));
}

/* Also what changes or takes back such a batch: it may have moved a record out of the month. */
guint8 *
fee_now_touching (const GPtrArray *batches, FeePeriod origin)
{
  guint8 *touching = g_new0 (guint8, batches->len + 1);
  for (guint i = 0; i < batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (batches, i);
    g_auto (GStrv) amended = g_strsplit (batch->amends, ",", -1);
    touching[i] = meets (batches, batch, origin) || (batch->retracts != 0 && batch->retracts <= i && touching[batch->retracts - 1]);
    for (char **number = amended; *number != NULL; number++) {
      guint64 other = g_ascii_strtoull (*number, NULL, 10);
      touching[i] = touching[i] || (other > 0 && other <= i && touching[other - 1]);
    }
  }
  return touching;
}

/* ---- One month */

static void
add_differences (const FeeRecords *records, const FeePostedOrigin *posted, const FeeRestatement *restatement,
                 FeeRerun *rerun)
{
  for (guint i = 0; i < restatement->lines->len; i++) {
    const FeeRestatedLine *restated = &g_array_index (restatement->lines, FeeRestatedLine, i);
    const FeeLine *line = &restated->line;
    const FeeStageRow *row = &g_array_index (restatement->rows, FeeStageRow, line->activity);
    if (line->amount == 0)
      continue;
    FeeDifference *difference = fee_rerun_differ (rerun, fee_strings_get (records->ids, row->source), NULL);
    if (difference == NULL)
      continue;
    difference->unit = g_strdup (fee_strings_get (records->ids, restated->unit));
    difference->party = g_strdup (fee_strings_get (records->ids, restated->party));
    difference->origin = posted->origin;
    difference->has_posted = difference->has_recomputed = TRUE;
    difference->posted = line->posted;
    difference->recomputed = line->posted + line->amount; /* as it was before the two were subtracted */
  }
}

static gboolean
check_posted (const FeeKnown *known, FeePeriod origin, GError **error)
{
  char month[FEE_DATE_SIZE];
  if (fee_runs_find (known->runs, origin) != NULL)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s is not posted"), fee_period_format (origin, month));
  return FALSE;
}

gboolean
fee_book_compare_now (FeeBook *book, FeePeriod origin, FeeRerun **out, GError **error)
{
  g_autoptr (FeeRerun) rerun = fee_rerun_new ();
  g_autoptr (FeePostedOrigin) posted = NULL;
  g_autoptr (FeeRestatement) restatement = NULL;
  g_auto (FeeKnown) known = { 0 };
  GError *problem = NULL;
  if (!fee_known_init (&known, book, NULL, error) || !check_posted (&known, origin, error))
    return FALSE;
  g_clear_pointer (&known.records, fee_records_free);
  if (!fee_now_load (book, known.batches, known.as_of, origin, origin, &known.records, error)
      || !fee_known_postings (&known, origin, &posted, error))
    return FALSE;
  if (fee_compare_origin (known.records, posted, NULL, &restatement, &problem)) {
    add_differences (known.records, posted, restatement, rerun);
    if (!fee_now_explain (&known, posted, rerun, error))
      return FALSE;
  } else if (!fee_rerun_take_problem (rerun, problem, error)) {
    return FALSE;
  }
  *out = g_steal_pointer (&rerun);
  return TRUE;
}

/* ---- All months */

typedef struct {
  FeeMoney posted, recomputed, up, down;
  guint n;
} Sum;

static gboolean
add_line (Sum *sum, const FeeLine *line)
{
  sum->n += line->amount != 0;
  return fee_money_add (sum->posted, line->posted, &sum->posted)
         && fee_money_add (sum->recomputed, line->posted + line->amount, &sum->recomputed)
         && (line->amount < 0 ? fee_money_add (sum->down, line->amount, &sum->down)
                              : fee_money_add (sum->up, line->amount, &sum->up));
}

static gboolean
add_centre (const FeeRecords *records, const FeeRestatement *restatement, guint n, FeeRerun *rerun, GError **error)
{
  const FeeStageRow *row = &g_array_index (restatement->rows, FeeStageRow, n);
  char up[FEE_NUMBER_SIZE], down[FEE_NUMBER_SIZE];
  Sum sum = { 0 };
  gboolean fits = TRUE;
  for (guint i = 0; i < restatement->lines->len && fits; i++)
    if (g_array_index (restatement->lines, FeeRestatedLine, i).line.activity == n)
      fits = add_line (&sum, &g_array_index (restatement->lines, FeeRestatedLine, i).line);
  if (!fits) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
                 _("centre %s: the difference is too large"), fee_strings_get (records->ids, row->source));
    return FALSE;
  }
  if (sum.n == 0)
    return TRUE;
  gint decimals = fee_records_decimals (records);
  FeeDifference *difference = fee_rerun_differ (rerun, fee_strings_get (records->ids, row->source),
                                                g_strdup_printf ("lines that differ: %u; more: %s; less: %s", sum.n,
                                                                 fee_money_format (sum.up, decimals, up),
                                                                 fee_money_format (sum.down, decimals, down)));
  if (difference == NULL)
    return TRUE;
  difference->origin = row->origin;
  difference->has_posted = difference->has_recomputed = TRUE;
  difference->posted = sum.posted;
  difference->recomputed = sum.recomputed;
  return TRUE;
}

/* A batch since the run of the month touches it; else nothing can differ. */
static gboolean
may_differ (const FeeKnown *known, const FeeRunHead *head)
{
  g_autofree guint8 *touching = fee_now_touching (known->batches, head->period);
  for (guint i = head->last_batch; i < known->batches->len; i++)
    if (touching[i])
      return TRUE;
  return FALSE;
}

static gboolean
compare_month (FeeKnown *known, const FeeRunHead *head, const FeeShares *late, FeeRerun *rerun, GError **error)
{
  g_autoptr (FeePostedOrigin) posted = NULL;
  g_autoptr (FeeRestatement) restatement = NULL;
  GError *problem = NULL;
  if (!fee_known_postings (known, head->period, &posted, error))
    return FALSE;
  if (!fee_compare_origin (known->records, posted, late, &restatement, &problem))
    return fee_rerun_take_problem (rerun, problem, error);
  for (guint n = 0; n < restatement->rows->len; n++)
    if (!add_centre (known->records, restatement, n, rerun, error))
      return FALSE;
  return TRUE;
}

static gboolean
compare_months (FeeKnown *known, FeeRerun *rerun, GError **error)
{
  g_autoptr (FeeShares) late = NULL;
  GError *problem = NULL;
  if (known->last == NULL)
    return TRUE;
  g_clear_pointer (&known->records, fee_records_free);
  const FeeRunHead *first = g_ptr_array_index (known->runs, 0);
  if (!fee_now_load (known->book, known->batches, known->as_of, first->period, known->last->period, &known->records, error))
    return FALSE;
  if (!fee_known_late (known, &late, &problem))
    return fee_rerun_take_problem (rerun, problem, error);
  for (guint i = 0; i < known->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (known->runs, i);
    if (may_differ (known, head) && !compare_month (known, head, late, rerun, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
fee_book_pending (FeeBook *book, FeeRerun **out, GError **error)
{
  g_autoptr (FeeRerun) rerun = fee_rerun_new ();
  g_auto (FeeKnown) known = { 0 };
  if (!fee_known_init (&known, book, NULL, error) || !compare_months (&known, rerun, error))
    return FALSE;
  *out = g_steal_pointer (&rerun);
  return TRUE;
}
