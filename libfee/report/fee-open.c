/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-open.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../engine/fee-stages.h"

const char *
fee_open_kind_text (FeeOpenKind kind)
{
  static const char *const texts[] = { "prepaid", "accrued", "asset" };
  return texts[kind];
}

/* ---- What was recognised, by document and line, or asset */

typedef struct {
  FeeText source, line;
  gboolean asset;
  FeeMoney amount;
  gboolean seen; /* the records have it */
} Sum;

struct _FeeRecognised {
  GHashTable *sums; /* Sum -> itself */
};

static guint
sum_hash (gconstpointer key)
{
  const Sum *sum = key;
  return sum->source * 31u + sum->line * 2u + (sum->asset ? 1u : 0u);
}

static gboolean
sum_equal (gconstpointer a, gconstpointer b)
{
  const Sum *x = a, *y = b;
  return x->source == y->source && x->line == y->line && x->asset == y->asset;
}

FeeRecognised *
fee_recognised_new (void)
{
  FeeRecognised *recognised = g_new0 (FeeRecognised, 1);
  recognised->sums = g_hash_table_new_full (sum_hash, sum_equal, g_free, NULL);
  return recognised;
}

void
fee_recognised_free (FeeRecognised *recognised)
{
  if (recognised == NULL)
    return;
  g_hash_table_unref (recognised->sums);
  g_free (recognised);
}

gboolean
fee_recognised_add (FeeRecognised *recognised, const FeeRun *run, FeeStrings *ids)
{
  guint begin, end;
  gboolean fits = TRUE;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  for (guint i = begin; i < end; i++) {
    const FeeStageRow *row = fee_run_row (run, i);
    Sum key = { .source = fee_strings_intern_text (ids, fee_strings_get (run->strings, row->source)),
                .line = fee_strings_intern_text (ids, fee_strings_get (run->strings, row->line)),
                .asset = row->asset };
    Sum *sum = g_hash_table_lookup (recognised->sums, &key);
    if (sum == NULL) {
      sum = g_memdup2 (&key, sizeof key);
      g_hash_table_add (recognised->sums, sum);
    }
    fits = fee_money_add (sum->amount, row->amount, &sum->amount) && fits;
  }
  return fits;
}

static FeeMoney
recognised_of (const FeeRecognised *recognised, FeeText source, FeeText line, gboolean asset)
{
  Sum key = { .source = source, .line = line, .asset = asset };
  Sum *sum = g_hash_table_lookup (recognised->sums, &key);
  if (sum == NULL)
    return 0;
  sum->seen = TRUE;
  return sum->amount;
}

/* ---- Items */

typedef struct {
  const FeeRecords *records;
  const FeeRecognised *recognised;
  FeePeriod before, period;
  GArray *items;
  gboolean fits;
} Opening;

static void
add_item (Opening *opening, FeeOpenAmount *item)
{
  FeeMoney left = 0;
  gboolean fits =
    fee_money_subtract (item->amount, item->before, &left) && fee_money_subtract (left, item->recognised, &left);
  opening->fits = opening->fits && fits;
  item->open = item->kind == FEE_OPEN_ACCRUED ? item->recognised : left;
  if (item->open != 0 || item->kind == FEE_OPEN_ASSET)
    g_array_append_val (opening->items, *item);
}

static void
open_cost (Opening *opening, const FeeTable *costs, guint32 row)
{
  FeeOpenAmount item = { .source = fee_table_column (costs, FEE_COSTS_DOC)->text[row],
                       .line = fee_table_column (costs, FEE_COSTS_LINE)->text[row],
                       .amount = fee_table_column (costs, FEE_COSTS_AMOUNT)->number[row] };
  FeeServiceSpan span = fee_cost_span (costs, row);
  gboolean to_centre = !fee_table_is_empty (costs, FEE_COSTS_CENTRE, row);
  gboolean dated = fee_table_column (costs, FEE_COSTS_DATE)->small[row] <= fee_period_last_day (opening->period);
  item.kind = dated ? FEE_OPEN_PREPAID : FEE_OPEN_ACCRUED;
  item.target = fee_table_text (costs, to_centre ? FEE_COSTS_CENTRE : FEE_COSTS_CATEGORY, row);
  item.before = fee_served (item.amount, &span, opening->before);
  item.recognised = recognised_of (opening->recognised, item.source, item.line, FALSE);
  add_item (opening, &item);
}

static void
open_asset (Opening *opening, const FeeTable *assets, guint32 row)
{
  FeeOpenAmount item = { .kind = FEE_OPEN_ASSET,
                       .source = fee_table_column (assets, FEE_ASSETS_ASSET)->text[row],
                       .line = FEE_TEXT_EMPTY,
                       .amount = fee_table_column (assets, FEE_ASSETS_COST)->number[row] };
  FeeDate last = fee_period_last_day (opening->period),
          disposed = fee_table_column (assets, FEE_ASSETS_DISPOSED)->small[row];
  gboolean to_centre = !fee_table_is_empty (assets, FEE_ASSETS_CENTRE, row);
  item.target = to_centre ? fee_table_text (assets, FEE_ASSETS_CENTRE, row) : "depreciation";
  item.before = fee_asset_depreciation (opening->records, row, opening->before);
  item.recognised = recognised_of (opening->recognised, item.source, FEE_TEXT_EMPTY, TRUE);
  gboolean there =
    fee_table_column (assets, FEE_ASSETS_IN_SERVICE)->small[row] <= last && (disposed == FEE_DATE_NONE || disposed > last);
  if (there)
    add_item (opening, &item);
}

static gint
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  const FeeOpenAmount *x = a, *y = b;
  const FeeStrings *ids = data;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  gint order = strcmp (fee_strings_get (ids, x->source), fee_strings_get (ids, y->source));
  return order != 0 ? order : strcmp (fee_strings_get (ids, x->line), fee_strings_get (ids, y->line));
}

/* What the runs recognised of records that are not there any more comes to nothing: they caught it up. */
static gboolean
check_seen (const Opening *opening, GError **error)
{
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, opening->recognised->sums);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    const Sum *sum = key;
    if (sum->seen || sum->amount == 0)
      continue;
    g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL,
                 _("%s: the runs recognised something of it, but the records of the month do not have it"),
                 fee_strings_get (opening->records->ids, sum->source));
    return FALSE;
  }
  return TRUE;
}

gboolean
fee_open_amounts (const FeeRecords *records, const FeeRecognised *recognised, FeePeriod period, GArray **out, GError **error)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (FeeOpenAmount));
  Opening opening = { records, recognised, fee_records_start (records) - 1, period, items, TRUE };
  const FeeTable *costs = records->tables[FEE_KIND_COSTS], *assets = records->tables[FEE_KIND_ASSETS];
  for (guint32 row = 0; row < costs->n_rows; row++)
    if (fee_table_alive (costs, row))
      open_cost (&opening, costs, row);
  for (guint32 row = 0; row < assets->n_rows; row++)
    if (fee_table_alive (assets, row))
      open_asset (&opening, assets, row);
  if (!opening.fits) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("an open amount is too large"));
    return FALSE;
  }
  if (!check_seen (&opening, error))
    return FALSE;
  g_array_sort_with_data (items, compare_items, records->ids);
  *out = g_steal_pointer (&items);
  return TRUE;
}
