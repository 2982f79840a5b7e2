/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-known-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-book-private.h"
#include "fee-packer.h"

gboolean
fee_known_init (FeeKnown *known, FeeBook *book, const FeeRunHead *head, GError **error)
{
  g_autoptr (GPtrArray) withdrawals = NULL;
  *known = (FeeKnown) { .book = book, .history = fee_history_new () };
  if (!fee_book_batches (book, &known->batches, error) || !fee_book_all_runs (book, &known->all, &withdrawals, error))
    return FALSE;
  known->as_of = head == NULL ? known->batches->len : head->last_batch;
  known->runs = fee_runs_standing (known->all, head == NULL ? known->all->len + 1 : head->number);
  if (known->as_of > known->batches->len)
    return fee_book_damaged (book, _("a run saw a batch that is not there"), error);
  if (known->runs->len > 0)
    known->last = g_ptr_array_index (known->runs, known->runs->len - 1);
  FeeLoad load = { .as_of = known->as_of };
  return fee_book_load (book, known->batches, &load, &known->records, error);
}

void
fee_known_clear (FeeKnown *known)
{
  g_clear_pointer (&known->batches, g_ptr_array_unref);
  g_clear_pointer (&known->runs, g_ptr_array_unref);
  g_clear_pointer (&known->all, g_ptr_array_unref);
  g_clear_pointer (&known->records, fee_records_free);
  g_clear_pointer (&known->history, fee_history_free);
}

/* ---- What a run reads */

/* What earlier runs left: the accruals of all of them, the odd-fen counts and the digest of the last. */
gboolean
fee_known_read_history (FeeKnown *known, GError **error)
{
  FeeHistory *history = known->history;
  for (guint i = 0; i < known->runs->len; i++) {
    g_autoptr (FeeRun) run = NULL;
    guint begin, end;
    if (!fee_book_read_run (known->book, g_ptr_array_index (known->runs, i), &run, error))
      return FALSE;
    fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
    for (guint n = begin; n < end; n++) {
      FeeStageRow row = *fee_run_row (run, n);
      if (row.origin < fee_records_start (known->records))
        return fee_book_damaged (known->book, _("the stages of a run"), error);
      row.source = fee_strings_intern_text (known->records->ids, fee_strings_get (run->strings, row.source));
      row.line = fee_strings_intern_text (known->records->ids, fee_strings_get (run->strings, row.line));
      row.target = fee_strings_intern_text (known->records->ids, fee_strings_get (run->strings, row.target));
      row.driver = FEE_TEXT_EMPTY;
      g_array_append_val (history->accruals, row);
    }
  }
  if (known->last == NULL)
    return TRUE;
  history->since = known->last->last_batch;
  g_strlcpy (history->digest, known->last->digest, sizeof history->digest);
  return fee_book_read_counts (known->book, known->last->number, known->records->ids, history->counts, error);
}

/* The first month that the run may speak of: what came since the last run may be late. */
static FeePeriod
earliest_origin (const FeeKnown *known, FeePeriod period)
{
  FeePeriod earliest = period, start = fee_records_start (known->records);
  if (known->history->restated->len > 0)
    earliest = ((const FeePostedOrigin *) g_ptr_array_index (known->history->restated, 0))->origin;
  for (guint i = known->history->since; i < known->as_of; i++) {
    const FeeBatch *batch = g_ptr_array_index (known->batches, i);
    gboolean reaches_back = batch->kind == FEE_KIND_ASSETS || batch->kind == FEE_KIND_POLICY || batch->from == FEE_DATE_NONE;
    if (batch->retracts != 0)
      known->history->all = TRUE;
    if (reaches_back || batch->retracts != 0)
      earliest = start;
    else if (batch->kind == FEE_KIND_COSTS || batch->kind == FEE_KIND_QUANTITIES)
      earliest = MIN (earliest, fee_period_of (batch->from));
  }
  return MAX (earliest, start);
}

FeeLoad
fee_known_load (FeeKnown *known, FeePeriod period, FeeKindId kind)
{
  FeePeriod earliest = earliest_origin (known, period);
  FeeLoad load = { .as_of = known->as_of, .since = known->history->since, .to = fee_period_last_day (period) };
  FeePeriod costs_from = known->history->restated->len > 0 ? earliest : period;
  /* quantities of the month before the first: the policy's check `complete` */
  load.from = fee_period_first_day (kind == FEE_KIND_COSTS ? costs_from : earliest - 1);
  if (known->history->all)
    load.from = FEE_DATE_NONE;
  return load;
}

/* Units, then what names them, so that ids of one list stand together. */
const FeeKindId fee_known_kinds[FEE_N_KNOWN_KINDS]
  = { FEE_KIND_UNITS, FEE_KIND_PARTIES, FEE_KIND_QUANTITIES, FEE_KIND_COSTS, FEE_KIND_ASSETS };

gboolean
fee_known_read_records (FeeKnown *known, FeePeriod period, GError **error)
{
  for (guint i = 0; i < FEE_N_KNOWN_KINDS; i++) {
    FeeLoad load = fee_known_load (known, period, fee_known_kinds[i]);
    if (!fee_book_load_kind (known->book, known->batches, &load, fee_known_kinds[i], known->records, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
fee_known_read_restated (FeeKnown *known, const FeeRunArguments *arguments, GError **error)
{
  char month[FEE_DATE_SIZE], of_run[FEE_DATE_SIZE];
  for (guint i = 0; arguments->restate != NULL && i < arguments->restate->len; i++) {
    FeePeriod origin = g_array_index (arguments->restate, FeePeriod, i);
    FeePostedOrigin *posted;
    if (origin < fee_records_start (known->records) || origin >= arguments->period) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s can't be restated in %s: it is not a posted month before it"),
                   fee_period_format (origin, month), fee_period_format (arguments->period, of_run));
      return FALSE;
    }
    if (!fee_known_postings (known, origin, &posted, error))
      return FALSE;
    g_ptr_array_add (known->history->restated, posted);
  }
  return TRUE;
}

gboolean
fee_known_run (FeeKnown *known, const FeeRunArguments *arguments, FeeRun **run, GPtrArray **pages, GError **error)
{
  g_autoptr (FeeRun) made = NULL;
  g_autoptr (FeePacker) packer = fee_packer_new ();
  FeePageSink sink = { fee_packer_begin, fee_packer_take, packer };
  if (!fee_known_read_history (known, error) || !fee_known_read_restated (known, arguments, error)
      || !fee_known_read_records (known, arguments->period, error))
    return FALSE;
  fee_records_index (known->records, NULL, NULL);
  if (!fee_run_period_to (known->records, known->history, arguments, &sink, &made, error)
      || !fee_packer_finish (packer, pages, made->digest, error))
    return FALSE;
  *run = g_steal_pointer (&made);
  return TRUE;
}

/* As the next month would begin, without that month itself. */
static void
drop_month (GArray *rows, FeePeriod period)
{
  guint kept = 0;
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, FeeStageRow, i).origin < period)
      g_array_index (rows, FeeStageRow, kept++) = g_array_index (rows, FeeStageRow, i);
  g_array_set_size (rows, kept);
}

gboolean
fee_known_late (FeeKnown *known, FeeShares **out, GError **error)
{
  g_autoptr (FeeAccruals) accruals = NULL;
  g_autoptr (FeePools) pools = NULL;
  g_autoptr (FeeAllocation) allocation = NULL;
  if (!fee_known_read_history (known, error))
    return FALSE;
  FeePeriod next = known->last->period + 1;
  earliest_origin (known, next); /* finds out whether a retraction since makes every record late */
  if (!fee_accrue (known->records, known->history, next, &accruals, error))
    return FALSE;
  drop_month (accruals->rows, next);
  return fee_collect (known->records, accruals, &pools, error) && fee_allocate (known->records, pools, &allocation, error)
         && fee_share (known->records, known->history, allocation, out, error);
}
