/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain.h"

#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-change.h"

static const FeeOutputColumn change_columns[] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT },  { "against", "Against", "对比期", FEE_COLUMN_TEXT },
  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },      { "item", "Item", "项目", FEE_COLUMN_TEXT },
  { "cause", "Cause", "原因", FEE_COLUMN_TEXT },    { "before", "Before", "上期", FEE_COLUMN_NUMBER },
  { "now", "Now", "本期", FEE_COLUMN_NUMBER },      { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
};

/* A centre in both months: [0] before, [1] now. */
typedef struct {
  char *centre;
  FeeChangeSide side[2];
  FeeMoney correction[2]; /* lines with an earlier origin */
} Item;

typedef struct {
  const FeeExplain *explain;
  const FeeRunHead *head[2];
  const FeeRun *run[2];
  const FeePolicy *policy[2]; /* in force for each month, as its run knew it */
  GArray *items;              /* of Item, in the order of the policy */
  FeeMoney total[2];
  guint n_bills;
  gint at; /* the month that is being read */
} View;

static void
item_clear (gpointer data)
{
  g_free (((Item *) data)->centre);
}

static Item *
item_of (View *view, const char *centre)
{
  for (guint i = 0; i < view->items->len; i++)
    if (strcmp (g_array_index (view->items, Item, i).centre, centre) == 0)
      return &g_array_index (view->items, Item, i);
  Item item = { .centre = g_strdup (centre) };
  item.side[0].days = item.side[1].days = 1;
  g_array_append_val (view->items, item);
  return &g_array_index (view->items, Item, view->items->len - 1);
}

/* Centres of the later policy, then those that only the earlier one has. */
static void
list_items (View *view)
{
  for (gint side = 1; side >= 0; side--)
    for (guint i = 0; i < view->policy[side]->centres->len; i++)
      item_of (view, fee_policy_centre (view->policy[side], (gint) i)->id);
}

/* The pools of a month's own origin. */
static void
take_pools (View *view, gint side)
{
  const FeeRun *run = view->run[side];
  guint begin, end;
  fee_run_stage (run, FEE_STAGE_ACTIVITY, &begin, &end);
  for (guint i = begin; i < end; i++) {
    const FeeStageRow *row = fee_run_row (run, i);
    if (row->origin != run->period)
      continue;
    FeeChangeSide *month = &item_of (view, fee_strings_get (run->strings, row->source))->side[side];
    gint driver = fee_policy_find_driver (view->policy[side], fee_strings_get (run->strings, row->driver));
    gboolean level = driver < 0 || fee_policy_driver (view->policy[side], driver)->kind == FEE_DRIVER_LEVEL;
    month->pool = row->amount;
    month->total = row->total_weight;
    month->days = level ? fee_period_days (run->period) : 1;
  }
}

static gboolean
too_large (const View *view, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("unit %s: the difference is too large"), view->explain->unit);
  return FALSE;
}

/* Parties that share a unit have lines of their own: the unit bears them all. */
static gboolean
take_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  View *view = data;
  const FeeRun *run = view->run[view->at];
  guint begin, end;
  fee_run_stage (run, FEE_STAGE_ACTIVITY, &begin, &end);
  gboolean fits = fee_money_add (view->total[view->at], bill->total, &view->total[view->at]);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (begin + line->activity >= run->rows->len)
      continue; /* the store has checked it */
    const FeeStageRow *row = fee_run_row (run, begin + line->activity);
    Item *item = item_of (view, fee_strings_get (run->strings, row->source));
    gboolean own = row->origin == run->period;
    FeeMoney *amount = own ? &item->side[view->at].amount : &item->correction[view->at];
    fits = fits && fee_money_add (*amount, line->amount, amount);
    if (own)
      item->side[view->at].weight = line->weight;
  }
  view->n_bills++;
  return fits || too_large (view, error);
}

/* ---- Rows */

static void
begin_row (FeeWriter *writer, const View *view, const char *item, const char *cause)
{
  fee_writer_period (writer, view->run[1]->period);
  fee_writer_period (writer, view->run[0]->period);
  fee_writer_text (writer, view->explain->unit);
  fee_writer_text (writer, item);
  fee_writer_text (writer, cause);
}

static void
write_money (FeeWriter *writer, FeeMoney before, FeeMoney now)
{
  fee_writer_money (writer, before);
  fee_writer_money (writer, now);
}

/* Quantities as they are known at home: 89.5 m², not 2,774.5 quantity-days. */
static void
write_quantities (FeeWriter *writer, const FeeChangeSide side[2], gboolean of_all)
{
  for (guint i = 0; i < 2; i++) {
    FeeQuantity quantity = FEE_QUANTITY_NONE;
    if (side[i].total != 0)
      fee_change_by_day (of_all ? side[i].total : side[i].weight, side[i].days, &quantity);
    fee_writer_quantity (writer, quantity);
  }
}

/* What the cause went from and to. */
static void
write_sides (FeeWriter *writer, const Item *item, FeeChangeCause cause)
{
  switch (cause) {
  case FEE_CHANGE_COST:
    write_money (writer, item->side[0].pool, item->side[1].pool);
    break;
  case FEE_CHANGE_OWN:
  case FEE_CHANGE_DENOMINATOR:
    write_quantities (writer, item->side, cause == FEE_CHANGE_DENOMINATOR);
    break;
  case FEE_CHANGE_POLICY:
    write_money (writer, item->side[0].amount, item->side[1].amount);
    break;
  case FEE_CHANGE_CORRECTION:
    write_money (writer, item->correction[0], item->correction[1]);
    break;
  default:
    fee_writer_empty (writer);
    fee_writer_empty (writer);
  }
}

static gboolean
split_item (const View *view, const Item *item, FeeMoney parts[FEE_N_CHANGES])
{
  if (fee_change_same_rule (view->policy[0], view->policy[1], item->centre)) {
    if (!fee_change_split (&item->side[0], &item->side[1], parts))
      return FALSE;
  } else {
    memset (parts, 0, FEE_N_CHANGES * sizeof *parts);
    if (!fee_money_subtract (item->side[1].amount, item->side[0].amount, &parts[FEE_CHANGE_POLICY]))
      return FALSE;
  }
  return fee_money_subtract (item->correction[1], item->correction[0], &parts[FEE_CHANGE_CORRECTION]);
}

/* Adds its parts to sum. */
static gboolean
write_item (FeeWriter *writer, const View *view, const Item *item, FeeMoney *sum)
{
  FeeMoney parts[FEE_N_CHANGES];
  if (!split_item (view, item, parts))
    return FALSE;
  for (guint cause = 0; cause < FEE_N_CHANGES; cause++) {
    if (parts[cause] == 0)
      continue;
    begin_row (writer, view, item->centre, fee_change_cause_text (cause));
    write_sides (writer, item, cause);
    fee_writer_money (writer, parts[cause]);
    if (!fee_money_add (*sum, parts[cause], sum))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_changes (FeeWriter *writer, const View *view, GError **error)
{
  FeeMoney sum = 0, difference;
  for (guint i = 0; i < view->items->len; i++)
    if (!write_item (writer, view, &g_array_index (view->items, Item, i), &sum))
      return too_large (view, error);
  if (!fee_money_subtract (view->total[1], view->total[0], &difference))
    return too_large (view, error);
  begin_row (writer, view, "total", "");
  write_money (writer, view->total[0], view->total[1]);
  fee_writer_money (writer, difference);
  if (sum == difference)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL,
               _("unit %s: the causes do not add up to the difference"), view->explain->unit);
  return FALSE;
}

/* ---- Both months */

static gboolean
take_month (View *view, gint side, const GPtrArray *batches, FeeRecords **records, GError **error)
{
  FeeBook *book = view->explain->tool->book;
  FeeLoad load = { .as_of = view->head[side]->last_batch };
  if (!fee_book_load (book, batches, &load, records, error))
    return FALSE;
  view->policy[side] = fee_records_policy (*records, view->run[side]->period);
  return TRUE;
}

static gboolean
show_change (View *view, GError **error)
{
  const FeeExplain *explain = view->explain;
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeRecords) before = NULL;
  g_autoptr (FeeRecords) now = NULL;
  FeeTableOutput table;
  if (!fee_book_batches (explain->tool->book, &batches, error) || !take_month (view, 0, batches, &before, error)
      || !take_month (view, 1, batches, &now, error))
    return FALSE;
  list_items (view);
  for (view->at = 0; view->at < 2; view->at++) {
    take_pools (view, view->at);
    if (!fee_book_read_bills (explain->tool->book, view->head[view->at]->number, explain->unit, view->run[view->at], take_bill, view,
                              error))
      return FALSE;
  }
  if (view->n_bills == 0)
    return fee_explain_no_bill (explain, error);
  if (!fee_tool_begin_table (explain->tool, change_columns, G_N_ELEMENTS (change_columns), &table, error))
    return FALSE;
  fee_output_hold (table.output);
  return fee_tool_end_table (&table, write_changes (table.writer, view, error), error);
}

gboolean
fee_explain_change (const FeeExplain *explain, const FeeRunHead *before, GError **error)
{
  g_autoptr (FeeRun) run = NULL;
  if (!fee_book_read_run (explain->tool->book, before, &run, error))
    return FALSE;
  View view = { .explain = explain,
                .head = { before, explain->head },
                .run = { run, explain->run },
                .items = g_array_new (FALSE, FALSE, sizeof (Item)) };
  g_array_set_clear_func (view.items, item_clear);
  gboolean ok = show_change (&view, error);
  g_array_unref (view.items);
  return ok;
}
