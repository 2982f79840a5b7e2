/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fee-now-private.h"

/* What moved the month, in the order in which it came: a batch, or a run that posted lines of it later. */
typedef struct {
  guint32 batch;  /* that it came with, or after */
  guint32 run;    /* 0: a batch */
  char *words;    /* "batch 7 (late cost V9)" */
  FeeMoney *part; /* by difference */
} Event;

typedef struct {
  FeeKnown *known;
  const FeePostedOrigin *posted;
  FeeRerun *rerun;
  GHashTable *places;  /* "unit\nparty\ncentre": difference + 1 */
  GHashTable *centres; /* with a difference */
  guint32 *base;       /* by difference: the batch that its last restatement, else the run of the month, saw */
  guint32 *base_run;
  FeeMoney *before, *now; /* by difference: the month as known at the batch before, and at this one */
  GArray *events;         /* of Event */
  GString *skipped;       /* batches after which the month could not be computed */
  GString *key;
} Explaining;

static void
event_clear (gpointer data)
{
  g_free (((Event *) data)->words);
  g_free (((Event *) data)->part);
}

static guint
n_kept (const Explaining *explaining)
{
  return explaining->rerun->differences->len;
}

static const FeeDifference *
nth (const Explaining *explaining, guint n)
{
  return g_ptr_array_index (explaining->rerun->differences, n);
}

static guint
place_of (Explaining *explaining, const char *unit, const char *party, const char *centre)
{
  g_string_printf (explaining->key, "%s\n%s\n%s", unit, party, centre);
  return GPOINTER_TO_UINT (g_hash_table_lookup (explaining->places, explaining->key->str));
}

/* ---- The month as known at a batch */

typedef struct {
  Explaining *explaining;
  const FeeStrings *ids;
  const char *centre;
} Taking;

static void
take_line (FeeText unit, FeeText party, const FeeLine *line, gpointer data)
{
  Taking *taking = data;
  guint place =
    place_of (taking->explaining, fee_strings_get (taking->ids, unit), fee_strings_get (taking->ids, party), taking->centre);
  if (place > 0)
    taking->explaining->now[place - 1] = line->amount;
}

/* The odd-fen counts before the run of the month, in the texts of other records. */
static GArray *
counts_for (const Explaining *explaining, const FeeRecords *records)
{
  GArray *counts = g_array_new (FALSE, FALSE, sizeof (FeeOddCount));
  for (guint i = 0; i < explaining->posted->counts->len; i++) {
    FeeOddCount count = g_array_index (explaining->posted->counts, FeeOddCount, i);
    count.unit = fee_strings_intern_text (records->ids, fee_strings_get (explaining->known->records->ids, count.unit));
    g_array_append_val (counts, count);
  }
  return counts;
}

static gboolean
compute (Explaining *explaining, const FeeRecords *records, GError **error)
{
  g_autoptr (GArray) counts = counts_for (explaining, records);
  g_autoptr (FeeShares) shares = NULL;
  if (!fee_share_origin (records, explaining->posted->origin, counts, &shares, error))
    return FALSE;
  memset (explaining->now, 0, n_kept (explaining) * sizeof (FeeMoney));
  for (guint n = 0; n < shares->activities->len; n++) {
    /* charging may intern, which moves the texts */
    g_autofree char *centre = g_strdup (fee_strings_get (records->ids, g_array_index (shares->rows, FeeStageRow, n).source));
    Taking taking = { explaining, records->ids, centre };
    if (g_hash_table_contains (explaining->centres, centre)
        && !fee_charge_activity (records, shares, n, take_line, &taking, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- Batches */

/* Parts of differences whose base came later are nobody's; those of 0 everywhere make no event. */
static void
add_batch (Explaining *explaining, const FeeBatch *batch, char *what)
{
  guint n = n_kept (explaining);
  Event event = { .batch = batch->number, .part = g_new0 (FeeMoney, n) };
  g_autofree char *records = what;
  gboolean any = FALSE;
  for (guint i = 0; i < n; i++) {
    if (batch->number > explaining->base[i])
      event.part[i] = explaining->now[i] - explaining->before[i];
    any = any || event.part[i] != 0;
  }
  memcpy (explaining->before, explaining->now, n * sizeof (FeeMoney));
  event.words = g_strdup_printf ("batch %s%u%s%s%s", explaining->skipped->str, batch->number, *records != '\0' ? " (" : "",
                                 records, *records != '\0' ? ")" : "");
  g_string_truncate (explaining->skipped, 0);
  if (any)
    g_array_append_val (explaining->events, event);
  else
    event_clear (&event);
}

/* Where the month could not be computed with what was known then, the next batch after which it can answers for both. */
static gboolean
skip (Explaining *explaining, const FeeBatch *batch, GError *problem, GError **error)
{
  if (problem->domain != FEE_ERROR || problem->code == FEE_ERROR_IO || problem->code == FEE_ERROR_BUSY) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  g_error_free (problem);
  g_string_append_printf (explaining->skipped, "%u, ", batch->number);
  return TRUE;
}

/* The next batch that touches the month; the number after the last for none. */
static guint32
next_touching (const Explaining *explaining, const guint8 *touching, guint32 after)
{
  guint32 next = after + 1;
  while (next <= explaining->known->as_of && !touching[next - 1])
    next++;
  return next;
}

static gboolean
walk_batches (Explaining *explaining, guint32 first, GError **error)
{
  FeeKnown *known = explaining->known;
  FeePeriod origin = explaining->posted->origin;
  g_autofree guint8 *touching = fee_now_touching (known->batches, origin);
  g_autoptr (FeeRecords) before = NULL;
  GError *problem = NULL;
  if (!fee_now_load (known->book, known->batches, first, origin, origin, &before, error))
    return FALSE;
  if (!compute (explaining, before, &problem))
    g_clear_error (&problem); /* it ran from these records once: only a book that was tampered with comes here */
  memcpy (explaining->before, explaining->now, n_kept (explaining) * sizeof (FeeMoney));
  guint32 at = next_touching (explaining, touching, first);
  while (at <= known->as_of) {
    const FeeBatch *batch = g_ptr_array_index (known->batches, at - 1);
    g_autoptr (FeeRecords) after = NULL;
    if (!fee_now_load (known->book, known->batches, at, origin, origin, &after, error))
      return FALSE;
    if (compute (explaining, after, &problem))
      add_batch (explaining, batch, fee_now_describe (batch, origin, before, after));
    else if (!skip (explaining, batch, g_steal_pointer (&problem), error))
      return FALSE;
    fee_records_free (before);
    before = g_steal_pointer (&after);
    at = next_touching (explaining, touching, at);
  }
  return TRUE;
}

/* ---- Later postings */

typedef struct {
  Explaining *explaining;
  const FeeRun *run;
  guint first, n;
  Event *event;
} Later;

static gboolean
take_later (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Later *later = data;
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    const FeeStageRow *row = line->activity < later->n ? fee_run_row (later->run, later->first + line->activity) : NULL;
    if (row == NULL || row->origin != later->explaining->posted->origin)
      continue;
    guint place =
      place_of (later->explaining, bill->unit->str, bill->party->str, fee_strings_get (later->run->strings, row->source));
    if (place > 0 && later->event->run > later->explaining->base_run[place - 1])
      later->event->part[place - 1] -= line->amount;
  }
  return TRUE;
}

/* What a run posted since is no cause of a difference any more: it counts against the batches before it. */
static gboolean
add_run (Explaining *explaining, const FeeRunHead *head, GError **error)
{
  g_autoptr (FeeRun) run = NULL;
  char month[FEE_DATE_SIZE];
  Event event = { head->last_batch, head->number,
                  g_strdup_printf ("run %s (posted)", fee_period_format (head->period, month)),
                  g_new0 (FeeMoney, n_kept (explaining)) };
  Later later = { .explaining = explaining, .event = &event };
  guint end;
  if (!fee_book_read_run (explaining->known->book, head, &run, error)) {
    event_clear (&event);
    return FALSE;
  }
  later.run = run;
  fee_run_pools (run, &later.first, &end);
  later.n = end - later.first;
  gboolean any = FALSE;
  for (guint i = later.first; i < end; i++)
    any = any || fee_run_row (run, i)->origin == explaining->posted->origin;
  if (!any || !fee_book_read_bills (explaining->known->book, head->number, NULL, run, take_later, &later, error)) {
    event_clear (&event);
    return !any;
  }
  g_array_append_val (explaining->events, event);
  return TRUE;
}

/* ---- Bases */

/* By centre: the last run that restated it, else the run of the month. */
static gboolean
find_bases (Explaining *explaining, guint32 *least, GError **error)
{
  FeeKnown *known = explaining->known;
  *least = known->as_of;
  for (guint i = 0; i < known->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (known->runs, i);
    g_autoptr (FeeRun) run = NULL;
    guint begin, end;
    if (head->period < explaining->posted->origin)
      continue;
    if (!fee_book_read_run (known->book, head, &run, error))
      return FALSE;
    fee_run_stage (run, FEE_STAGE_RESTATE, &begin, &end);
    for (guint d = 0; d < n_kept (explaining); d++) {
      gboolean is_base = head->period == explaining->posted->origin;
      for (guint row = begin; row < end && !is_base; row++)
        is_base = fee_run_row (run, row)->origin == explaining->posted->origin
                  && strcmp (fee_strings_get (run->strings, fee_run_row (run, row)->source), nth (explaining, d)->item) == 0;
      explaining->base[d] = is_base ? head->last_batch : explaining->base[d];
      explaining->base_run[d] = is_base ? head->number : explaining->base_run[d];
    }
  }
  for (guint d = 0; d < n_kept (explaining); d++)
    *least = MIN (*least, explaining->base[d]);
  return TRUE;
}

/* ---- Words */

static gint
compare_events (gconstpointer a, gconstpointer b)
{
  const Event *x = a, *y = b;
  if (x->batch != y->batch)
    return x->batch < y->batch ? -1 : 1;
  return x->run < y->run ? -1 : x->run > y->run;
}

static void
write_cause (const Explaining *explaining, guint n)
{
  FeeDifference *difference = g_ptr_array_index (explaining->rerun->differences, n);
  g_autoptr (GString) cause = g_string_new (NULL);
  gint decimals = fee_records_decimals (explaining->known->records);
  FeeMoney rounding = difference->recomputed - difference->posted;
  char amount[FEE_NUMBER_SIZE];
  for (guint i = 0; i < explaining->events->len; i++) {
    const Event *event = &g_array_index (explaining->events, Event, i);
    rounding -= event->part[n];
    if (event->part[n] != 0)
      g_string_append_printf (cause, "%s: %s; ", event->words, fee_money_format (event->part[n], decimals, amount));
  }
  g_string_append_printf (cause, "rounding: %s", fee_money_format (rounding, decimals, amount));
  difference->cause = g_string_free (g_steal_pointer (&cause), FALSE);
}

static gboolean
find_events (Explaining *explaining, GError **error)
{
  guint32 least;
  if (!find_bases (explaining, &least, error) || !walk_batches (explaining, least, error))
    return FALSE;
  for (guint i = 0; i < explaining->known->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (explaining->known->runs, i);
    if (head->period > explaining->posted->origin && !add_run (explaining, head, error))
      return FALSE;
  }
  g_array_sort (explaining->events, compare_events);
  return TRUE;
}

static void
index_differences (Explaining *explaining)
{
  for (guint i = 0; i < n_kept (explaining); i++) {
    const FeeDifference *difference = nth (explaining, i);
    g_hash_table_insert (explaining->places,
                         g_strdup_printf ("%s\n%s\n%s", difference->unit, difference->party, difference->item),
                         GUINT_TO_POINTER (i + 1));
    g_hash_table_add (explaining->centres, difference->item);
  }
}

gboolean
fee_now_explain (FeeKnown *known, const FeePostedOrigin *posted, FeeRerun *rerun, GError **error)
{
  guint n = rerun->differences->len;
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) centres = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (Event));
  g_autofree guint32 *base = g_new0 (guint32, n + 1), *base_run = g_new0 (guint32, n + 1);
  g_autofree FeeMoney *before = g_new0 (FeeMoney, n + 1), *now = g_new0 (FeeMoney, n + 1);
  g_autoptr (GString) skipped = g_string_new (NULL);
  g_autoptr (GString) key = g_string_new (NULL);
  Explaining explaining = { known, posted, rerun, places, centres, base, base_run, before, now, events, skipped, key };
  g_array_set_clear_func (events, event_clear);
  if (n == 0)
    return TRUE;
  index_differences (&explaining);
  if (!find_events (&explaining, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    write_cause (&explaining, i);
  return TRUE;
}
