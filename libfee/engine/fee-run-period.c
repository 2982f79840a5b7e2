/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-run-period.h"

#include <glib/gi18n-lib.h>
#include <string.h>

FeeDate
fee_issue_day (const FeePolicy *policy, FeePeriod period)
{
  return fee_period_first_day (policy->issue_before ? period : period + 1);
}

static gboolean
set_days (FeeRun *run, const FeePolicy *policy, const FeeRunArguments *arguments, GError **error)
{
  FeeDate rule = fee_issue_day (policy, arguments->period);
  char date[FEE_DATE_SIZE];
  run->issue = arguments->issue != FEE_DATE_NONE ? arguments->issue : rule;
  run->due = run->issue + policy->due_days;
  if (run->issue >= rule)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("bills of this month are issued on %s at the earliest"),
               fee_date_format (rule, date));
  return FALSE;
}

/* The counts after the run: those of before, with what the run made of the units in the register. Both lists are by unit (bytewise), so
 * one walk merges them; a unit that is no longer in the register keeps its count. */
static void
take_counts (FeeRun *run, const FeeRecords *records, const FeeHistory *history, const FeeShares *shares)
{
  const FeeRegister *reg = records->reg;
  guint old = 0;
  for (guint32 unit = 0; unit <= reg->n_units; unit++) {
    const FeeOddCount *before = NULL;
    for (; old < history->counts->len; old++) {
      before = &g_array_index (history->counts, FeeOddCount, old);
      if (unit < reg->n_units
          && strcmp (fee_strings_get (records->ids, before->unit), fee_register_unit (reg, unit)) >= 0)
        break;
      g_array_append_val (run->counts, *before);
      before = NULL;
    }
    if (unit == reg->n_units || !shares->counted[unit])
      continue;
    gboolean known = before != NULL && before->unit == reg->unit[unit];
    FeeOddCount count = { reg->unit[unit], shares->counts[unit] };
    g_array_append_val (run->counts, count);
    if (!known || before->count != count.count)
      g_array_append_val (run->changed, count);
    old += known;
  }
}

static gboolean
sum_recognised (FeeRun *run, const FeeAccruals *accruals, GError **error)
{
  for (guint i = 0; i < accruals->rows->len; i++) {
    const FeeStageRow *row = &g_array_index (accruals->rows, FeeStageRow, i);
    if (!fee_money_add (run->recognised, row->amount, &run->recognised)
        || (row->origin < run->period && !fee_money_add (run->prior, row->amount, &run->prior))) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("the costs of the month are too large"));
      return FALSE;
    }
  }
  return TRUE;
}

static void
add_remarks (FeeRun *run, const FeeShares *shares)
{
  char month[FEE_DATE_SIZE], quantity[FEE_NUMBER_SIZE];
  for (guint i = 0; i < shares->activities->len; i++) {
    const FeeActivity *activity = &g_array_index (shares->activities, FeeActivity, i);
    const FeeCentre *centre = fee_policy_centre (activity->pool.policy, activity->pool.centre);
    if (activity->left_out == 0)
      continue;
    g_ptr_array_add (run->remarks,
                     g_strdup_printf (_("%s: centre %s: a quantity of %s of driver %s belongs to units outside its scope and was not used"),
                                      fee_period_format (activity->pool.origin, month), centre->id,
                                      fee_quantity_format (activity->left_out, quantity),
                                      fee_policy_driver (activity->pool.policy, centre->driver)->id));
  }
}

/* What the stages gave so far becomes the rows of the run. */
static gboolean
compose (const FeeRecords *records, const FeeHistory *history, const FeeAccruals *accruals, const FeeAllocation *allocation,
         const FeeShares *shares, FeeRun *run, GError **error)
{
  if (!sum_recognised (run, accruals, error))
    return FALSE;
  g_array_append_vals (run->rows, accruals->rows->data, accruals->rows->len);
  g_array_append_vals (run->rows, allocation->rows->data, allocation->rows->len);
  g_array_append_vals (run->rows, shares->rows->data, shares->rows->len);
  if (shares->restatement != NULL)
    g_array_append_vals (run->rows, shares->restatement->rows->data, shares->restatement->rows->len);
  take_counts (run, records, history, shares);
  add_remarks (run, shares);
  return TRUE;
}

/* The last stage: the bills, which add up to what was recognised. */
static gboolean
bill (const FeeRecords *records, const FeeShares *shares, const FeePageSink *sink, FeeRun *run, GError **error)
{
  g_autoptr (FeeCharges) charges = NULL;
  if (!sink->begin (run, sink->data, error) || !fee_charge_to (records, shares, sink->page, sink->data, &charges, error))
    return FALSE;
  run->n_bills = charges->n_bills;
  run->n_lines = charges->n_lines;
  run->total = charges->total;
  if (run->total == run->recognised)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the bills do not add up to what was recognised"));
  return FALSE;
}

static gboolean
run_stages (const FeeRecords *records, const FeeHistory *history, FeePeriod period, const FeePageSink *sink, FeeRun *run, GError **error)
{
  g_autoptr (FeeAccruals) accruals = NULL;
  g_autoptr (FeePools) pools = NULL;
  g_autoptr (FeeAllocation) allocation = NULL;
  g_autoptr (FeeShares) shares = NULL;
  return fee_accrue (records, history, period, &accruals, error)
         && fee_check_period (records, accruals, period, error)
         && fee_collect (records, accruals, &pools, error)
         && fee_allocate (records, pools, &allocation, error)
         && fee_share (records, history, allocation, &shares, error)
         && (history->restated->len == 0 || fee_restate (records, history, shares, error))
         && compose (records, history, accruals, allocation, shares, run, error)
         && bill (records, shares, sink, run, error);
}

gboolean
fee_run_period_to (const FeeRecords *records, const FeeHistory *history, const FeeRunArguments *arguments, const FeePageSink *sink,
                   FeeRun **out, GError **error)
{
  g_autoptr (FeeRun) run = fee_run_new ();
  const FeePolicy *policy = fee_records_policy (records, arguments->period);
  run->strings = records->ids;
  run->period = arguments->period;
  run->currency = g_strdup (policy->currency);
  if (arguments->restate != NULL)
    g_array_append_vals (run->restated, arguments->restate->data, arguments->restate->len);
  g_strlcpy (run->previous_digest, history->digest, sizeof run->previous_digest);
  if (!set_days (run, policy, arguments, error) || !run_stages (records, history, arguments->period, sink, run, error))
    return FALSE;
  *out = g_steal_pointer (&run);
  return TRUE;
}

/* ---- With the pages kept */

static gboolean
begin_pages (const FeeRun *run, gpointer data, GError **error)
{
  (void) run;
  (void) data;
  (void) error;
  return TRUE;
}

static gboolean
keep_page (FeePage *page, gpointer pages, GError **error)
{
  (void) error;
  g_ptr_array_add (pages, page);
  return TRUE;
}

gboolean
fee_run_period (const FeeRecords *records, const FeeHistory *history, const FeeRunArguments *arguments, FeeRun **out, GError **error)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_page_free);
  g_autoptr (FeeRun) run = NULL;
  FeePageSink sink = { begin_pages, keep_page, pages };
  if (!fee_run_period_to (records, history, arguments, &sink, &run, error))
    return FALSE;
  run->pages = g_steal_pointer (&pages);
  if (!fee_run_digest (run, run->digest)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the bills can't be read back from their packed form"));
    return FALSE;
  }
  *out = g_steal_pointer (&run);
  return TRUE;
}
