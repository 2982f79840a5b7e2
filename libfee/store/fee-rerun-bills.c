/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fee-packer.h"
#include "fee-rerun-private.h"

/* The bills of the run made again, one by one, beside those that the book gives. */
typedef struct {
  const FeeRerunPair *pair;
  const GPtrArray *pages;
  guint page; /* the next to open */
  GByteArray *heads, *lines;
  FeePageReader reader;
  gboolean open, at_bill;
  guint posted_first, again_first; /* rows of stage activity */
  guint posted_pools, again_pools;
} Walk;

static gboolean
open_page (Walk *walk, GError **error)
{
  const FeePackedPage *page = g_ptr_array_index (walk->pages, walk->page++);
  gsize n_heads, n_lines;
  const guint8 *heads = g_bytes_get_data (page->heads, &n_heads), *lines = g_bytes_get_data (page->lines, &n_lines);
  if (!fee_decompress (heads, n_heads, walk->heads, error) || !fee_decompress (lines, n_lines, walk->lines, error))
    return FALSE;
  fee_page_reader_init (&walk->reader, page->first_bill, page->n_bills, walk->heads->data, walk->heads->len, walk->lines->data,
                        walk->lines->len);
  walk->open = TRUE;
  return TRUE;
}

/* To the next bill; walk->at_bill says whether there is one. */
static gboolean
step (Walk *walk, GError **error)
{
  walk->at_bill = FALSE;
  for (;;) {
    if (walk->open && fee_page_reader_next (&walk->reader)) {
      walk->at_bill = TRUE;
      return TRUE;
    }
    if (walk->open)
      fee_page_reader_clear (&walk->reader);
    walk->open = FALSE;
    if (walk->page == walk->pages->len)
      return TRUE;
    if (!open_page (walk, error))
      return FALSE;
  }
}

/* ---- Lines */

/* The centre and origin of a line; NULL for one of a pool that is not there. */
static const FeeStageRow *
pool_of (const Walk *walk, gboolean posted, const FeeLine *line)
{
  const FeeRun *run = posted ? walk->pair->posted : walk->pair->again;
  if (line->activity >= (posted ? walk->posted_pools : walk->again_pools))
    return NULL;
  return fee_run_row (run, (posted ? walk->posted_first : walk->again_first) + line->activity);
}

static const char *
centre_of (const Walk *walk, gboolean posted, const FeeStageRow *row)
{
  return row == NULL ? "" : fee_strings_get ((posted ? walk->pair->posted : walk->pair->again)->strings, row->source);
}

static void
differ (const Walk *walk, const FeePageReader *bill, gboolean of_posted, const FeeLine *posted, const FeeLine *again, char *cause)
{
  const FeeStageRow *row = pool_of (walk, of_posted, of_posted ? posted : again);
  FeeDifference *difference = fee_rerun_differ (walk->pair->rerun, centre_of (walk, of_posted, row), cause);
  if (difference == NULL)
    return;
  difference->unit = g_strdup (bill->unit->str);
  difference->party = g_strdup (bill->party->str);
  difference->origin = row == NULL ? FEE_PERIOD_NONE : row->origin;
  difference->has_posted = posted != NULL;
  difference->has_recomputed = again != NULL;
  difference->posted = posted != NULL ? posted->amount : 0;
  difference->recomputed = again != NULL ? again->amount : 0;
}

static void
add_number (GString *cause, const char *what, gint64 posted, gint64 again)
{
  if (posted != again)
    g_string_append_printf (cause, "%s%s: posted %" G_GINT64_FORMAT ", recomputed %" G_GINT64_FORMAT, cause->len > 0 ? "; " : "", what, posted,
                            again);
}

static void
compare_lines (const Walk *walk, const FeePageReader *bill, const FeeLine *posted, const FeeLine *again)
{
  static const char *const roles[] = { "owner", "occupant", "unsold" };
  g_autoptr (GString) cause = g_string_new (posted->amount == again->amount ? "" : "amount");
  char a[FEE_NUMBER_SIZE], b[FEE_NUMBER_SIZE];
  if (posted->role != again->role)
    g_string_append_printf (cause, "%srole: posted %s, recomputed %s", cause->len > 0 ? "; " : "", roles[posted->role], roles[again->role]);
  if (posted->weight != again->weight)
    g_string_append_printf (cause, "%sweight: posted %s, recomputed %s", cause->len > 0 ? "; " : "", fee_quantity_format (posted->weight, a),
                            fee_quantity_format (again->weight, b));
  add_number (cause, "days", posted->days, again->days);
  add_number (cause, "days of the unit", posted->unit_days, again->unit_days);
  if (posted->unit_amount != again->unit_amount)
    g_string_append_printf (cause, "%samount of the unit", cause->len > 0 ? "; " : "");
  if (posted->posted != again->posted)
    g_string_append_printf (cause, "%sposted before", cause->len > 0 ? "; " : "");
  if (cause->len > 0)
    differ (walk, bill, TRUE, posted, again, g_strdup (cause->str));
}

static gboolean
same_pool (const Walk *walk, const FeeLine *posted, const FeeLine *again)
{
  const FeeStageRow *a = pool_of (walk, TRUE, posted), *b = pool_of (walk, FALSE, again);
  return a != NULL && b != NULL && a->stage == b->stage && a->origin == b->origin && strcmp (centre_of (walk, TRUE, a), centre_of (walk, FALSE, b)) == 0;
}

/* likely: where it stands if nothing differs. */
static const FeeLine *
find_line (const Walk *walk, const FeePageReader *bill, gboolean bill_posted, const FeeLine *line, guint likely)
{
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *other = &g_array_index (bill->line, FeeLine, (i + likely) % bill->line->len);
    if (same_pool (walk, bill_posted ? other : line, bill_posted ? line : other))
      return other;
  }
  return NULL;
}

static void
compare_bills (const Walk *walk, const FeePageReader *posted, const FeePageReader *again)
{
  guint64 before = walk->pair->rerun->n_differences;
  char number[FEE_BILL_NUMBER_SIZE];
  for (guint i = 0; i < posted->line->len; i++) {
    const FeeLine *line = &g_array_index (posted->line, FeeLine, i);
    const FeeLine *other = find_line (walk, again, FALSE, line, i);
    if (other == NULL)
      differ (walk, posted, TRUE, line, NULL, g_strdup ("not recomputed"));
    else
      compare_lines (walk, posted, line, other);
  }
  for (guint i = 0; i < again->line->len; i++) {
    const FeeLine *line = &g_array_index (again->line, FeeLine, i);
    if (find_line (walk, posted, TRUE, line, i) == NULL)
      differ (walk, again, FALSE, NULL, line, g_strdup ("not posted"));
  }
  if (posted->total == again->total || walk->pair->rerun->n_differences > before)
    return;
  FeeDifference *difference
    = fee_rerun_differ (walk->pair->rerun, fee_bill_number_format (walk->pair->head->period, posted->bill, number), g_strdup ("total of the bill"));
  if (difference != NULL) {
    difference->has_posted = difference->has_recomputed = TRUE;
    difference->posted = posted->total;
    difference->recomputed = again->total;
  }
}

/* ---- Bills */

static void
differ_whole (const Walk *walk, const FeePageReader *bill, gboolean posted)
{
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    differ (walk, bill, posted, posted ? line : NULL, posted ? NULL : line, g_strdup (posted ? "not recomputed" : "not posted"));
  }
}

/* A bill of the book meets those made again; both come by unit, then party. */
static gboolean
take_posted (const FeePageReader *bill, gpointer data, GError **error)
{
  Walk *walk = data;
  gint order = 1;
  while (walk->at_bill) {
    order = strcmp (walk->reader.unit->str, bill->unit->str);
    if (order == 0)
      order = strcmp (walk->reader.party->str, bill->party->str);
    if (order >= 0)
      break;
    differ_whole (walk, &walk->reader, FALSE);
    if (!step (walk, error))
      return FALSE;
  }
  if (!walk->at_bill || order > 0) {
    differ_whole (walk, bill, TRUE);
    return TRUE;
  }
  compare_bills (walk, bill, &walk->reader);
  return step (walk, error);
}

static gboolean
walk_bills (Walk *walk, GError **error)
{
  if (!step (walk, error) || !fee_book_read_bills (walk->pair->book, walk->pair->head->number, NULL, walk->pair->posted, take_posted, walk, error))
    return FALSE;
  while (walk->at_bill) {
    differ_whole (walk, &walk->reader, FALSE);
    if (!step (walk, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
fee_rerun_compare_bills (const FeeRerunPair *pair, const GPtrArray *pages, GError **error)
{
  g_autoptr (GByteArray) heads = g_byte_array_new ();
  g_autoptr (GByteArray) lines = g_byte_array_new ();
  Walk walk = { .pair = pair, .pages = pages, .heads = heads, .lines = lines };
  guint end;
  fee_run_pools (pair->posted, &walk.posted_first, &end);
  walk.posted_pools = end - walk.posted_first;
  fee_run_pools (pair->again, &walk.again_first, &end);
  walk.again_pools = end - walk.again_first;
  gboolean ok = walk_bills (&walk, error);
  if (walk.open)
    fee_page_reader_clear (&walk.reader);
  return ok;
}
