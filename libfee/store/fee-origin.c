/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "fee-book-private.h"
#include "fee-known-private.h"

/* The lines of one run with the origin, while its bills are read. */
typedef struct {
  FeeKnown *known;
  FeePostedOrigin *posted;
  gint *pool; /* by row that lines name: of the origin, its place in posted->pools; else -1 */
  guint n;    /* rows that lines name */
} Reading;

static gboolean
take_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Reading *reading = data;
  FeeStrings *ids = reading->known->records->ids;
  FeeText unit = FEE_TEXT_EMPTY, party = FEE_TEXT_EMPTY;
  gboolean named = FALSE;
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity >= reading->n || reading->pool[line->activity] < 0)
      continue;
    if (!named) {
      unit = fee_strings_intern (ids, bill->unit->str, bill->unit->len);
      party = fee_strings_intern (ids, bill->party->str, bill->party->len);
      named = TRUE;
    }
    FeePostedLine posted = { unit, party, (guint32) reading->pool[line->activity], line->role, line->days, line->weight, line->amount };
    g_array_append_val (reading->posted->lines, posted);
  }
  return TRUE;
}

/* TRUE where the run has such pools. */
static gboolean
take_pools (Reading *reading, const FeeRun *run, guint first)
{
  gboolean any = FALSE;
  for (guint i = 0; i < reading->n; i++) {
    const FeeStageRow *row = fee_run_row (run, first + i);
    reading->pool[i] = -1;
    if (row->origin != reading->posted->origin)
      continue;
    FeePostedPool pool = { fee_strings_intern_text (reading->known->records->ids, fee_strings_get (run->strings, row->source)),
                           row->total_weight == FEE_QUANTITY_NONE ? 0 : row->total_weight, row->amount, row->stage == FEE_STAGE_RESTATE };
    reading->pool[i] = (gint) reading->posted->pools->len;
    g_array_append_val (reading->posted->pools, pool);
    any = TRUE;
  }
  return any;
}

static gboolean
read_run (FeeKnown *known, const FeeRunHead *head, FeePostedOrigin *posted, GError **error)
{
  g_autoptr (FeeRun) run = NULL;
  guint first, end;
  if (!fee_book_read_run (known->book, head, &run, error))
    return FALSE;
  fee_run_pools (run, &first, &end);
  g_autofree gint *pool = g_new (gint, end - first + 1);
  Reading reading = { known, posted, pool, end - first };
  return !take_pools (&reading, run, first) || fee_book_read_bills (known->book, head->number, NULL, run, take_bill, &reading, error);
}

/* ---- Postings that the caller has */

static FeeText
own_text (FeeKnown *known, FeeText text)
{
  return fee_strings_intern_text (known->records->ids, fee_strings_get (known->strings, text));
}

static FeePostedOrigin *
copy_posted (FeeKnown *known, const FeePostedOrigin *given)
{
  FeePostedOrigin *posted = fee_posted_origin_new (given->origin);
  for (guint i = 0; i < given->counts->len; i++) {
    FeeOddCount count = g_array_index (given->counts, FeeOddCount, i);
    count.unit = own_text (known, count.unit);
    g_array_append_val (posted->counts, count);
  }
  for (guint i = 0; i < given->pools->len; i++) {
    FeePostedPool pool = g_array_index (given->pools, FeePostedPool, i);
    pool.centre = own_text (known, pool.centre);
    g_array_append_val (posted->pools, pool);
  }
  for (guint i = 0; i < given->lines->len; i++) {
    FeePostedLine line = g_array_index (given->lines, FeePostedLine, i);
    line.unit = own_text (known, line.unit);
    line.party = own_text (known, line.party);
    g_array_append_val (posted->lines, line);
  }
  return posted;
}

static gboolean
find_given (FeeKnown *known, FeePeriod origin, FeePostedOrigin **out, GError **error)
{
  char month[FEE_DATE_SIZE];
  for (guint i = 0; i < known->restated->len; i++) {
    const FeePostedOrigin *given = g_ptr_array_index (known->restated, i);
    if (given->origin != origin)
      continue;
    *out = copy_posted (known, given);
    return TRUE;
  }
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("what was posted of %s is not there"), fee_period_format (origin, month));
  return FALSE;
}

gboolean
fee_known_postings (FeeKnown *known, FeePeriod origin, FeePostedOrigin **out, GError **error)
{
  if (known->restated != NULL)
    return find_given (known, origin, out, error);
  g_autoptr (FeePostedOrigin) posted = fee_posted_origin_new (origin);
  for (guint i = 0; i < known->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (known->runs, i);
    if (head->period == origin - 1
        && !fee_book_read_counts (known->book, head->number, known->records->ids, posted->counts, error))
      return FALSE;
    if (head->period >= origin && !read_run (known, head, posted, error))
      return FALSE;
  }
  *out = g_steal_pointer (&posted);
  return TRUE;
}
