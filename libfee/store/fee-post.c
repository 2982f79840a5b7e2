/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-post.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../engine/fee-run-period.h"
#include "fee-packer.h"

const char *
fee_post_state_text (FeePostState state)
{
  static const char *const texts[] = { "posted", "already-posted", "dry-run" };
  return texts[state];
}

void
fee_posted_free (FeePosted *posted)
{
  if (posted == NULL)
    return;
  g_clear_pointer (&posted->pages, g_ptr_array_unref);
  fee_run_free (posted->run);
  fee_records_free (posted->records);
  fee_run_head_free (posted->head);
  g_array_unref (posted->differences);
  g_free (posted);
}

const FeeRunHead *
fee_runs_find (const GPtrArray *runs, FeePeriod period)
{
  for (guint i = 0; i < runs->len; i++)
    if (((const FeeRunHead *) g_ptr_array_index (runs, i))->period == period)
      return g_ptr_array_index (runs, i);
  return NULL;
}

/* The book while a month of it is posted. */
typedef struct {
  FeeBook *book;
  const FeePosting *posting;
  GPtrArray *batches, *runs;
  const FeeRunHead *last; /* NULL before the first run */
  FeeRecords *records;
  FeeHistory *history;
} Work;

static gboolean
work_init (Work *work, FeeBook *book, const FeePosting *posting, GError **error)
{
  FeeLoad load = { .as_of = G_MAXUINT32 };
  *work = (Work) { .book = book, .posting = posting, .history = fee_history_new () };
  if (!fee_book_batches (book, &work->batches, error) || !fee_book_runs (book, &work->runs, error)
      || !fee_book_load (book, work->batches, &load, &work->records, error))
    return FALSE;
  if (work->runs->len > 0)
    work->last = g_ptr_array_index (work->runs, work->runs->len - 1);
  return TRUE;
}

static void
work_clear (Work *work)
{
  g_clear_pointer (&work->batches, g_ptr_array_unref);
  g_clear_pointer (&work->runs, g_ptr_array_unref);
  fee_records_free (work->records);
  fee_history_free (work->history);
}

static FeePeriod
next_period (const Work *work)
{
  return work->last != NULL ? work->last->period + 1 : fee_records_start (work->records);
}

gboolean
fee_book_state (FeeBook *book, FeePeriod period, FeeBookState *out, GError **error)
{
  Work work;
  gboolean ok = work_init (&work, book, NULL, error);
  if (ok) {
    FeePeriod start = fee_records_start (work.records);
    *out = (FeeBookState) { start, next_period (&work), fee_records_policy (work.records, MAX (period, start))->issue_before };
  }
  work_clear (&work);
  return ok;
}

/* ---- Before the run */

static gboolean
check_turn (const Work *work, GError **error)
{
  char month[FEE_DATE_SIZE], next[FEE_DATE_SIZE];
  FeePeriod period = work->posting->period;
  fee_period_format (period, month);
  fee_period_format (next_period (work), next);
  if (period < fee_records_start (work->records)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s is before this book, which begins in %s"), month,
                 fee_period_format (fee_records_start (work->records), next));
    return FALSE;
  }
  if (period > next_period (work)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s can't be billed before %s is; --catch-up bills every month that is missing"), month,
                 next);
    return FALSE;
  }
  return TRUE;
}

/* What earlier runs left: the accruals of all of them, the odd-fen counts and the digest of the last. */
static gboolean
load_history (Work *work, GError **error)
{
  FeeHistory *history = work->history;
  for (guint i = 0; i < work->runs->len; i++) {
    g_autoptr (FeeRun) run = NULL;
    guint begin, end;
    if (!fee_book_read_run (work->book, g_ptr_array_index (work->runs, i), &run, error))
      return FALSE;
    fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
    for (guint n = begin; n < end; n++) {
      FeeStageRow row = *fee_run_row (run, n);
      row.source = fee_strings_intern_text (work->records->ids, fee_strings_get (run->strings, row.source));
      row.line = fee_strings_intern_text (work->records->ids, fee_strings_get (run->strings, row.line));
      row.target = fee_strings_intern_text (work->records->ids, fee_strings_get (run->strings, row.target));
      row.driver = FEE_TEXT_EMPTY;
      g_array_append_val (history->accruals, row);
    }
  }
  if (work->last == NULL)
    return TRUE;
  history->since = work->last->last_batch;
  g_strlcpy (history->digest, work->last->digest, sizeof history->digest);
  return fee_book_read_counts (work->book, work->last->number, work->records->ids, history->counts, error);
}

/* The first month that the run may speak of: what came since the last run may be late. */
static FeePeriod
earliest_origin (const Work *work)
{
  FeePeriod earliest = work->posting->period, start = fee_records_start (work->records);
  for (guint i = work->history->since; i < work->batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (work->batches, i);
    gboolean reaches_back = batch->kind == FEE_KIND_ASSETS || batch->kind == FEE_KIND_POLICY || batch->from == FEE_DATE_NONE;
    if (batch->retracts != 0)
      work->history->all = TRUE;
    if (reaches_back || batch->retracts != 0)
      earliest = start;
    else if (batch->kind == FEE_KIND_COSTS || batch->kind == FEE_KIND_QUANTITIES)
      earliest = MIN (earliest, fee_period_of (batch->from));
  }
  return MAX (earliest, start);
}

/* Units, then what names them, so that ids of one list stand together. */
static gboolean
load_records (Work *work, GError **error)
{
  static const FeeKindId kinds[] = { FEE_KIND_UNITS, FEE_KIND_PARTIES, FEE_KIND_QUANTITIES, FEE_KIND_COSTS, FEE_KIND_ASSETS };
  FeePeriod earliest = earliest_origin (work);
  FeeLoad load = { .as_of = G_MAXUINT32, .since = work->history->since, .to = fee_period_last_day (work->posting->period) };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    /* quantities of the month before the first: the policy's check `complete` */
    load.from = fee_period_first_day (kinds[i] == FEE_KIND_COSTS ? work->posting->period : earliest - 1);
    if (work->history->all)
      load.from = FEE_DATE_NONE;
    if (!fee_book_load_kind (work->book, work->batches, &load, kinds[i], work->records, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- After it */

/* Costs and assets are caught up by themselves; these are not. */
static gboolean
moves_shares (const FeeBatch *batch)
{
  return batch->kind == FEE_KIND_UNITS || batch->kind == FEE_KIND_PARTIES || batch->kind == FEE_KIND_QUANTITIES
         || batch->kind == FEE_KIND_POLICY;
}

static void
find_differences (const Work *work, GArray *differences)
{
  for (guint i = 0; i < work->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (work->runs, i);
    FeeDate first = fee_period_first_day (head->period), last = fee_period_last_day (head->period);
    gboolean touched = FALSE;
    for (guint n = head->last_batch; n < work->batches->len && !touched && head->period < work->posting->period; n++) {
      const FeeBatch *batch = g_ptr_array_index (work->batches, n);
      gboolean brings = batch->retracts != 0 || batch->n_new + batch->n_changed > 0;
      touched = moves_shares (batch) && brings && batch->from <= last && batch->to >= first;
    }
    if (touched)
      g_array_append_val (differences, head->period);
  }
}

static FeeRunHead *
head_of (const Work *work, const FeeRun *run)
{
  FeeRunHead *head = fee_run_head_new ();
  head->period = run->period;
  head->issue = run->issue;
  head->due = run->due;
  head->currency = g_strdup (run->currency);
  head->arguments = g_strdup (work->posting->arguments);
  head->last_batch = work->batches->len;
  head->rules = FEE_RULES_VERSION;
  head->recognised = run->recognised;
  head->prior = run->prior;
  head->total = run->total;
  head->n_bills = run->n_bills;
  head->n_lines = run->n_lines;
  head->digest = g_strdup (run->digest);
  head->made_at = g_strdup (work->posting->made_at);
  head->made_by = g_strdup (work->posting->made_by);
  return head;
}

/* The stages, with the pages packed beside them. */
static gboolean
run_period (Work *work, FeePosted *posted, GError **error)
{
  g_autoptr (FeePacker) packer = fee_packer_new ();
  FeePageSink sink = { fee_packer_begin, fee_packer_take, packer };
  FeeRunArguments arguments = { work->posting->period, work->posting->issue };
  fee_records_index (work->records, NULL, NULL);
  return fee_run_period_to (work->records, work->history, &arguments, &sink, &posted->run, error)
         && fee_packer_finish (packer, &posted->pages, posted->run->digest, error);
}

static gboolean
check_expected (const FeePosting *posting, const char *digest, GError **error)
{
  if (posting->expect == NULL || strcmp (posting->expect, digest) == 0)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("the digest is %s, not the one expected; nothing is posted"), digest);
  return FALSE;
}

static gboolean
compute (Work *work, FeePosted *posted, GError **error)
{
  if (!check_turn (work, error) || !load_history (work, error) || !load_records (work, error) || !run_period (work, posted, error))
    return FALSE;
  posted->head = head_of (work, posted->run);
  posted->n_runs = work->runs->len + (work->posting->dry_run ? 0 : 1);
  posted->state = work->posting->dry_run ? FEE_DRY_RUN : FEE_POSTED;
  if (!check_expected (work->posting, posted->run->digest, error))
    return FALSE;
  return work->posting->dry_run || fee_book_add_packed_run (work->book, posted->run, posted->pages, posted->head, error);
}

gboolean
fee_posted_bills (FeeBook *book, const FeePosted *posted, FeeBillFunc func, gpointer data, GError **error)
{
  if (posted->pages != NULL)
    return fee_packed_bills (posted->pages, func, data, error);
  return fee_book_read_bills (book, posted->head->number, NULL, FALSE, func, data, error);
}

static gboolean
take_posted (const FeeRunHead *head, FeePosted *posted)
{
  posted->state = FEE_ALREADY_POSTED;
  posted->head = fee_run_head_new ();
  *posted->head = *head;
  posted->head->currency = g_strdup (head->currency);
  posted->head->arguments = g_strdup (head->arguments);
  posted->head->digest = g_strdup (head->digest);
  posted->head->made_at = g_strdup (head->made_at);
  posted->head->made_by = g_strdup (head->made_by);
  posted->n_runs = head->number;
  return TRUE;
}

gboolean
fee_book_post (FeeBook *book, const FeePosting *posting, FeePosted **out, GError **error)
{
  g_autoptr (FeePosted) posted = g_new0 (FeePosted, 1);
  Work work;
  posted->differences = g_array_new (FALSE, FALSE, sizeof (FeePeriod));
  gboolean ok = work_init (&work, book, posting, error);
  if (ok) {
    const FeeRunHead *head = fee_runs_find (work.runs, posting->period);
    ok = head != NULL ? take_posted (head, posted) && check_expected (posting, head->digest, error) : compute (&work, posted, error);
  }
  if (ok)
    find_differences (&work, posted->differences);
  posted->records = g_steal_pointer (&work.records);
  work_clear (&work);
  if (!ok)
    return FALSE;
  *out = g_steal_pointer (&posted);
  return TRUE;
}
