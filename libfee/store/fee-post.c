/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-post.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-known-private.h"
#include "fee-load-private.h"
#include "fee-packer.h"

const char *
fee_post_state_text (FeePostState state)
{
  static const char *const texts[] = { "posted", "already-posted", "dry-run", "withdrawn", "already-withdrawn" };
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

FeeRunHead *
fee_run_head_copy (const FeeRunHead *head)
{
  FeeRunHead *copy = fee_run_head_new ();
  *copy = *head;
  copy->currency = g_strdup (head->currency);
  copy->arguments = g_strdup (head->arguments);
  copy->digest = g_strdup (head->digest);
  copy->made_at = g_strdup (head->made_at);
  copy->made_by = g_strdup (head->made_by);
  return copy;
}

const FeeRunHead *
fee_runs_find_withdrawn (const GPtrArray *all, FeePeriod period)
{
  const FeeRunHead *found = NULL;
  for (guint i = 0; i < all->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (all, i);
    if (head->period == period)
      found = head;
  }
  return found != NULL && found->withdrawn_after != 0 ? found : NULL;
}

static FeePeriod
next_period (const FeeKnown *known)
{
  return known->last != NULL ? known->last->period + 1 : fee_records_start (known->records);
}

gboolean
fee_book_state (FeeBook *book, FeePeriod period, FeeBookState *out, GError **error)
{
  g_auto (FeeKnown) known = { 0 };
  if (!fee_known_init (&known, book, NULL, error))
    return FALSE;
  FeePeriod start = fee_records_start (known.records);
  *out = (FeeBookState) { start, next_period (&known), fee_records_policy (known.records, MAX (period, start))->issue_before };
  return TRUE;
}

/* ---- Before the run */

static gboolean
check_turn (const FeeKnown *known, FeePeriod period, GError **error)
{
  char month[FEE_DATE_SIZE], next[FEE_DATE_SIZE];
  fee_period_format (period, month);
  fee_period_format (next_period (known), next);
  if (period < fee_records_start (known->records)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s is before this book, which begins in %s"), month,
                 fee_period_format (fee_records_start (known->records), next));
    return FALSE;
  }
  if (period > next_period (known)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s can't be billed before %s is; --catch-up bills every month that is missing"), month,
                 next);
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

/* The last batch that counts for what is posted of a month: that of its last restatement, else of its run. */
static guint32
seen_by (const FeeKnown *known, const FeeRunHead *head)
{
  guint32 seen = head->last_batch;
  for (guint i = 0; i < known->runs->len; i++) {
    const FeeRunHead *later = g_ptr_array_index (known->runs, i);
    g_auto (FeeRunArguments) arguments = { 0 };
    if (*later->arguments == '\0' || !fee_arguments_of_run (later, &arguments, NULL))
      continue;
    for (guint n = 0; n < arguments.restate->len; n++)
      if (g_array_index (arguments.restate, FeePeriod, n) == head->period)
        seen = MAX (seen, later->last_batch);
  }
  return seen;
}

static gboolean
is_restated (const FeePosting *posting, FeePeriod period)
{
  for (guint i = 0; posting->restate != NULL && i < posting->restate->len; i++)
    if (g_array_index (posting->restate, FeePeriod, i) == period)
      return TRUE;
  return FALSE;
}

static void
find_differences (const FeeKnown *known, const FeePosting *posting, GArray *differences)
{
  for (guint i = 0; i < known->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (known->runs, i);
    FeeDate first = fee_period_first_day (head->period), last = fee_period_last_day (head->period);
    gboolean touched = FALSE;
    if (head->period >= posting->period || is_restated (posting, head->period))
      continue;
    for (guint n = seen_by (known, head); n < known->batches->len && !touched; n++) {
      const FeeBatch *batch = g_ptr_array_index (known->batches, n);
      gboolean brings = batch->retracts != 0 || batch->n_new + batch->n_changed > 0;
      touched = moves_shares (batch) && brings && batch->from <= last && fee_batch_last_day (known->batches, batch) >= first;
    }
    if (touched)
      g_array_append_val (differences, head->period);
  }
}

static FeeRunHead *
head_of (const FeeKnown *known, const FeePosting *posting, const FeeRun *run)
{
  FeeRunArguments arguments = { posting->period, posting->issue, posting->restate };
  FeeRunHead *head = fee_run_head_new ();
  head->period = run->period;
  head->issue = run->issue;
  head->due = run->due;
  head->currency = g_strdup (run->currency);
  head->arguments = fee_arguments_to_text (&arguments);
  head->last_batch = known->as_of;
  head->rules = FEE_RULES_VERSION;
  head->recognised = run->recognised;
  head->prior = run->prior;
  head->total = run->total;
  head->n_bills = run->n_bills;
  head->n_lines = run->n_lines;
  head->digest = g_strdup (run->digest);
  head->made_at = g_strdup (posting->made_at);
  head->made_by = g_strdup (posting->made_by);
  return head;
}

static gboolean
check_expected (const FeePosting *posting, const char *digest, GError **error)
{
  if (posting->expect == NULL || strcmp (posting->expect, digest) == 0)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("the digest is %s, not the one expected; nothing is posted"), digest);
  return FALSE;
}

/* A month that is posted can't restate more. */
static gboolean
check_restated (const FeePosting *posting, const FeeRunHead *head, GError **error)
{
  g_auto (FeeRunArguments) arguments = { 0 };
  char month[FEE_DATE_SIZE], origin[FEE_DATE_SIZE];
  if (!fee_arguments_of_run (head, &arguments, error))
    return FALSE;
  for (guint i = 0; posting->restate != NULL && i < posting->restate->len; i++) {
    gboolean found = FALSE;
    for (guint n = 0; n < arguments.restate->len; n++)
      found = found || g_array_index (arguments.restate, FeePeriod, n) == g_array_index (posting->restate, FeePeriod, i);
    if (found)
      continue;
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s is posted, and does not restate %s"), fee_period_format (head->period, month),
                 fee_period_format (g_array_index (posting->restate, FeePeriod, i), origin));
    return FALSE;
  }
  return TRUE;
}

static gboolean
compute (FeeKnown *known, const FeePosting *posting, FeePosted *posted, GError **error)
{
  FeeRunArguments arguments = { posting->period, posting->issue, posting->restate };
  if (!check_turn (known, posting->period, error) || !fee_known_run (known, &arguments, &posted->run, &posted->pages, error))
    return FALSE;
  posted->head = head_of (known, posting, posted->run);
  posted->n_runs = known->runs->len + (posting->dry_run ? 0 : 1);
  posted->state = posting->dry_run ? FEE_DRY_RUN : FEE_POSTED;
  if (!check_expected (posting, posted->run->digest, error))
    return FALSE;
  return posting->dry_run || fee_book_add_packed_run (known->book, posted->run, posted->pages, posted->head, error);
}

gboolean
fee_posted_bills (FeeBook *book, const FeePosted *posted, FeeBillFunc func, gpointer data, GError **error)
{
  if (posted->pages != NULL)
    return fee_packed_bills (posted->pages, func, data, error);
  return fee_book_read_bills (book, posted->head->number, NULL, NULL, func, data, error);
}

static gboolean
take_posted (const FeeKnown *known, const FeeRunHead *head, FeePosted *posted)
{
  posted->state = FEE_ALREADY_POSTED;
  posted->head = fee_run_head_copy (head);
  posted->n_runs = (guint) (head->period - fee_records_start (known->records)) + 1;
  return TRUE;
}

gboolean
fee_book_post (FeeBook *book, const FeePosting *posting, FeePosted **out, GError **error)
{
  g_autoptr (FeePosted) posted = g_new0 (FeePosted, 1);
  g_auto (FeeKnown) known = { 0 };
  posted->differences = g_array_new (FALSE, FALSE, sizeof (FeePeriod));
  gboolean ok = fee_known_init (&known, book, NULL, error);
  known.restated = posting->restated;
  known.strings = posting->strings;
  if (ok) {
    const FeeRunHead *head = fee_runs_find (known.runs, posting->period);
    ok = head != NULL ? take_posted (&known, head, posted) && check_restated (posting, head, error)
                        && check_expected (posting, head->digest, error) : compute (&known, posting, posted, error);
  }
  if (ok)
    find_differences (&known, posting, posted->differences);
  posted->records = g_steal_pointer (&known.records);
  if (!ok)
    return FALSE;
  *out = g_steal_pointer (&posted);
  return TRUE;
}
