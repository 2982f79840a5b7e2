/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-stages.h"

FeeMoney
fee_served (FeeMoney amount, const FeeServiceSpan *span, FeePeriod through)
{
  FeeDate day = fee_period_last_day (through);
  if (day < span->from)
    return 0;
  if (day >= span->to)
    return amount;
  gint64 served, all;
  if (span->by_days) {
    served = (gint64) day - span->from + 1;
    all = (gint64) span->to - span->from + 1;
  } else {
    served = through - fee_period_of (span->from) + 1;
    all = fee_period_of (span->to) - fee_period_of (span->from) + 1;
  }
  FeeMoney part = 0; /* less than the amount: it never overflows */
  fee_round_ratio (amount, served, all, &part);
  return part;
}

FeeHistory *
fee_history_new (void)
{
  FeeHistory *history = g_new0 (FeeHistory, 1);
  history->accruals = g_array_new (FALSE, FALSE, sizeof (FeeStageRow));
  history->restated = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_posted_origin_free);
  history->counts = g_array_new (FALSE, FALSE, sizeof (FeeOddCount));
  memset (history->digest, '0', 64);
  return history;
}

void
fee_history_free (FeeHistory *history)
{
  if (history == NULL)
    return;
  g_array_unref (history->accruals);
  g_array_unref (history->counts);
  g_ptr_array_unref (history->restated);
  g_free (history);
}

void
fee_accruals_free (FeeAccruals *accruals)
{
  if (accruals == NULL)
    return;
  g_array_unref (accruals->rows);
  g_free (accruals);
}

/* One recognition in the making. */
typedef struct {
  const FeeRecords *records;
  const FeeHistory *history;
  FeePeriod start, period;
  GHashTable *touched; /* costs that a batch since the last run brings; keys: doc and line */
  GArray *rows;        /* of FeeStageRow: portions, and what was recognised, negated */
} Recognition;

static void
add_row (Recognition *recognition, FeePeriod origin, gboolean asset, FeeText source, FeeText line, gboolean to_centre,
         const char *target, FeeMoney amount)
{
  FeeStageRow row = {
    .stage = FEE_STAGE_ACCRUE, .origin = origin, .asset = asset, .to_centre = to_centre, .source = source, .line = line,
    .target = fee_strings_intern_text (recognition->records->ids, target),
    .weight = FEE_QUANTITY_NONE, .total_weight = FEE_QUANTITY_NONE, .amount = amount,
  };
  if (amount != 0)
    g_array_append_val (recognition->rows, row);
}

/* The document below: GLib's hash of 64 bits takes the lower half. */
static gint64
document_key (FeeText doc, FeeText line)
{
  return (gint64) ((guint64) line << 32 | doc);
}

static gint64 *
touched_key (FeeText doc, FeeText line)
{
  gint64 *key = g_new (gint64, 1);
  *key = document_key (doc, line);
  return key;
}

static void
accrue_cost (Recognition *recognition, const FeeTable *costs, guint32 row)
{
  FeeText doc = fee_table_column (costs, FEE_COSTS_DOC)->text[row];
  FeeText line = fee_table_column (costs, FEE_COSTS_LINE)->text[row];
  FeeMoney amount = fee_table_column (costs, FEE_COSTS_AMOUNT)->number[row];
  FeeServiceSpan span = fee_cost_span (costs, row);
  gboolean to_centre = !fee_table_is_empty (costs, FEE_COSTS_CENTRE, row);
  const char *target = fee_table_text (costs, to_centre ? FEE_COSTS_CENTRE : FEE_COSTS_CATEGORY, row);
  gboolean touched = recognition->history->all || fee_table_segment_of (costs, row)->batch > recognition->history->since;
  FeePeriod first = recognition->period;
  if (touched) {
    /* what nobody has touched since the last run was recognised up to then: it needs only this month */
    first = MAX (recognition->start, fee_period_of (span.from));
    g_hash_table_add (recognition->touched, touched_key (doc, line));
  }
  FeePeriod last = MIN (recognition->period, fee_period_of (span.to));
  for (FeePeriod origin = first; origin <= last; origin++) {
    FeeMoney before = fee_served (amount, &span, origin - 1);
    FeeMoney portion = fee_served (amount, &span, origin) - before; /* both lie between 0 and the amount */
    add_row (recognition, origin, FALSE, doc, line, to_centre, target, portion);
  }
}

static void
accrue_asset (Recognition *recognition, const FeeTable *assets, guint32 row)
{
  FeeText asset = fee_table_column (assets, FEE_ASSETS_ASSET)->text[row];
  gboolean to_centre = !fee_table_is_empty (assets, FEE_ASSETS_CENTRE, row);
  const char *target = to_centre ? fee_table_text (assets, FEE_ASSETS_CENTRE, row) : "depreciation";
  FeeMoney before = fee_asset_depreciation (recognition->records, row, recognition->start - 1);
  for (FeePeriod origin = recognition->start; origin <= recognition->period; origin++) {
    FeeMoney now = fee_asset_depreciation (recognition->records, row, origin);
    add_row (recognition, origin, TRUE, asset, FEE_TEXT_EMPTY, to_centre, target, now - before);
    before = now;
  }
}

/* What posted runs recognised of the records at hand counts against them: already (o) of rules.md section 3. */
static gboolean
subtract_recognised (Recognition *recognition, GError **error)
{
  const GArray *accruals = recognition->history->accruals;
  for (guint i = 0; i < accruals->len; i++) {
    FeeStageRow row = g_array_index (accruals, FeeStageRow, i);
    gint64 key = document_key (row.source, row.line);
    if (!row.asset && !recognition->history->all && !g_hash_table_contains (recognition->touched, &key))
      continue;
    if (!fee_money_negate (row.amount, &row.amount)) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: the amount is too large"),
                   fee_strings_get (recognition->records->ids, row.source));
      return FALSE;
    }
    g_array_append_val (recognition->rows, row);
  }
  return TRUE;
}

/* The place of a target in the policy: categories, then centres; what the policy lacks comes last. */
static gint
target_rank (const FeeRecords *records, const FeeStageRow *row)
{
  const FeePolicy *policy = fee_records_policy (records, row->origin);
  const char *target = fee_strings_get (records->ids, row->target);
  gint rank = row->to_centre ? fee_policy_find_centre (policy, target) : fee_policy_find_category (policy, target);
  if (rank < 0)
    return G_MAXINT;
  return row->to_centre ? (gint) policy->categories->len + rank : rank;
}

static gint
compare_texts (const FeeRecords *records, FeeText a, FeeText b)
{
  return a == b ? 0 : strcmp (fee_strings_get (records->ids, a), fee_strings_get (records->ids, b));
}

/* Origin; costs by document, then assets; target in the policy's order: rules.md section 5. */
static gint
compare_rows (gconstpointer x, gconstpointer y, gpointer data)
{
  const FeeStageRow *a = x, *b = y;
  const FeeRecords *records = data;
  if (a->origin != b->origin)
    return a->origin < b->origin ? -1 : 1;
  if (a->asset != b->asset)
    return a->asset ? 1 : -1;
  gint order = compare_texts (records, a->source, b->source);
  if (order == 0)
    order = compare_texts (records, a->line, b->line);
  if (order == 0 && (a->target != b->target || a->to_centre != b->to_centre)) {
    order = target_rank (records, a) - target_rank (records, b);
    if (order == 0)
      order = compare_texts (records, a->target, b->target);
    if (order == 0)
      order = (gint) a->to_centre - (gint) b->to_centre;
  }
  return order;
}

/* Rows that differ in the amount only become one; those that come to nothing go. */
static gboolean
sum_rows (Recognition *recognition, GError **error)
{
  GArray *rows = recognition->rows;
  g_array_sort_with_data (rows, compare_rows, (gpointer) recognition->records);
  guint kept = 0;
  for (guint i = 0; i < rows->len;) {
    FeeStageRow sum = g_array_index (rows, FeeStageRow, i++);
    for (; i < rows->len && compare_rows (&sum, &g_array_index (rows, FeeStageRow, i), (gpointer) recognition->records) == 0; i++)
      if (!fee_money_add (sum.amount, g_array_index (rows, FeeStageRow, i).amount, &sum.amount)) {
        g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: the amount is too large"),
                     fee_strings_get (recognition->records->ids, sum.source));
        return FALSE;
      }
    if (sum.amount != 0)
      g_array_index (rows, FeeStageRow, kept++) = sum;
  }
  g_array_set_size (rows, kept);
  return TRUE;
}

static gboolean
recognise (Recognition *recognition, GError **error)
{
  const FeeTable *costs = recognition->records->tables[FEE_KIND_COSTS];
  for (guint32 row = 0; row < costs->n_rows; row++)
    if (fee_table_alive (costs, row))
      accrue_cost (recognition, costs, row);
  const FeeTable *assets = recognition->records->tables[FEE_KIND_ASSETS];
  for (guint32 row = 0; row < assets->n_rows; row++)
    if (fee_table_alive (assets, row))
      accrue_asset (recognition, assets, row);
  return subtract_recognised (recognition, error) && sum_rows (recognition, error);
}

gboolean
fee_accrue (const FeeRecords *records, const FeeHistory *history, FeePeriod period, FeeAccruals **out, GError **error)
{
  g_autoptr (GHashTable) touched = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (FeeStageRow));
  Recognition recognition = { records, history, fee_records_start (records), period, touched, rows };
  if (!recognise (&recognition, error))
    return FALSE;
  FeeAccruals *accruals = g_new0 (FeeAccruals, 1);
  accruals->rows = g_steal_pointer (&rows);
  *out = accruals;
  return TRUE;
}
