/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-rerun-private.h"

#include <string.h>

#include "fee-known-private.h"
#include "fee-now-private.h"

static void
difference_free (gpointer data)
{
  FeeDifference *difference = data;
  g_free (difference->unit);
  g_free (difference->party);
  g_free (difference->item);
  g_free (difference->cause);
  g_free (difference);
}

void
fee_rerun_free (FeeRerun *rerun)
{
  if (rerun == NULL)
    return;
  g_ptr_array_unref (rerun->differences);
  g_free (rerun);
}

FeeRerun *
fee_rerun_new (void)
{
  FeeRerun *rerun = g_new0 (FeeRerun, 1);
  rerun->differences = g_ptr_array_new_with_free_func (difference_free);
  return rerun;
}

FeeDifference *
fee_rerun_differ (FeeRerun *rerun, const char *item, char *cause)
{
  rerun->n_differences++;
  if (rerun->differences->len == FEE_DIFFERENCES_KEPT) {
    g_free (cause);
    return NULL;
  }
  FeeDifference *difference = g_new0 (FeeDifference, 1);
  difference->item = g_strdup (item);
  difference->cause = cause;
  difference->origin = FEE_PERIOD_NONE;
  g_ptr_array_add (rerun->differences, difference);
  return difference;
}

static void
set_amounts (FeeDifference *difference, const FeeMoney *posted, const FeeMoney *recomputed)
{
  if (difference == NULL)
    return;
  difference->has_posted = posted != NULL;
  difference->has_recomputed = recomputed != NULL;
  difference->posted = posted != NULL ? *posted : 0;
  difference->recomputed = recomputed != NULL ? *recomputed : 0;
}

/* ---- The head */

static void
compare_text (const FeeRerunPair *pair, const char *what, const char *posted, const char *again)
{
  if (strcmp (posted, again) != 0)
    fee_rerun_differ (pair->rerun, "run", g_strdup_printf ("%s: posted %s, recomputed %s", what, posted, again));
}

static void
compare_day (const FeeRerunPair *pair, const char *what, FeeDate posted, FeeDate again)
{
  char a[FEE_DATE_SIZE], b[FEE_DATE_SIZE];
  if (posted != again)
    compare_text (pair, what, fee_date_format (posted, a), fee_date_format (again, b));
}

static void
compare_number (const FeeRerunPair *pair, const char *what, guint64 posted, guint64 again)
{
  if (posted != again)
    fee_rerun_differ (pair->rerun, "run", g_strdup_printf ("%s: posted %lu, recomputed %lu", what, (gulong) posted, (gulong) again));
}

static void
compare_sum (const FeeRerunPair *pair, const char *what, FeeMoney posted, FeeMoney again)
{
  if (posted != again)
    set_amounts (fee_rerun_differ (pair->rerun, "run", g_strdup (what)), &posted, &again);
}

static void
compare_heads (const FeeRerunPair *pair)
{
  const FeeRunHead *head = pair->head;
  const FeeRun *again = pair->again;
  compare_text (pair, "digest", head->digest, again->digest);
  compare_text (pair, "currency", head->currency, again->currency);
  compare_day (pair, "issue", head->issue, again->issue);
  compare_day (pair, "due", head->due, again->due);
  compare_sum (pair, "recognised", head->recognised, again->recognised);
  compare_sum (pair, "prior", head->prior, again->prior);
  compare_sum (pair, "total", head->total, again->total);
  compare_number (pair, "bills", head->n_bills, again->n_bills);
  compare_number (pair, "lines", head->n_lines, again->n_lines);
}

/* ---- Stages */

/* All that names a row. */
static char *
key_of (const FeeRun *run, const FeeStageRow *row)
{
  return g_strdup_printf ("%d\n%d\n%d\n%d\n%s\n%s\n%s", row->stage, row->origin, row->asset, row->to_centre,
                          fee_strings_get (run->strings, row->source), fee_strings_get (run->strings, row->line),
                          fee_strings_get (run->strings, row->target));
}

static void
add_quantity (GString *text, const char *what, FeeQuantity posted, FeeQuantity again)
{
  char a[FEE_NUMBER_SIZE] = "none", b[FEE_NUMBER_SIZE] = "none";
  if (posted == again)
    return;
  if (posted != FEE_QUANTITY_NONE)
    fee_quantity_format (posted, a);
  if (again != FEE_QUANTITY_NONE)
    fee_quantity_format (again, b);
  g_string_append_printf (text, "; %s: posted %s, recomputed %s", what, a, b);
}

/* Either may be NULL, not both. */
static void
differ_in_row (const FeeRerunPair *pair, const FeeStageRow *posted, const FeeStageRow *again)
{
  const FeeRun *run = posted != NULL ? pair->posted : pair->again;
  const FeeStageRow *row = posted != NULL ? posted : again;
  const char *line = fee_strings_get (run->strings, row->line);
  g_autofree char *item = g_strdup_printf ("%s%s%s > %s", fee_strings_get (run->strings, row->source), *line != '\0' ? "#" : "", line,
                                           fee_strings_get (run->strings, row->target));
  g_autoptr (GString) cause = g_string_new (fee_stage_text (row->stage));
  if (posted == NULL || again == NULL) {
    g_string_append (cause, posted == NULL ? ": not posted" : ": not recomputed");
  } else {
    const char *driver = fee_strings_get (pair->posted->strings, posted->driver), *other = fee_strings_get (pair->again->strings, again->driver);
    if (strcmp (driver, other) != 0)
      g_string_append_printf (cause, "; driver: posted %s, recomputed %s", driver, other);
    add_quantity (cause, "weight", posted->weight, again->weight);
    add_quantity (cause, "total weight", posted->total_weight, again->total_weight);
  }
  FeeDifference *difference = fee_rerun_differ (pair->rerun, item, g_strdup (cause->str));
  set_amounts (difference, posted != NULL ? &posted->amount : NULL, again != NULL ? &again->amount : NULL);
  if (difference != NULL)
    difference->origin = row->origin;
}

static gboolean
same_row (const FeeRerunPair *pair, const FeeStageRow *posted, const FeeStageRow *again)
{
  return posted->amount == again->amount && posted->weight == again->weight && posted->total_weight == again->total_weight
         && strcmp (fee_strings_get (pair->posted->strings, posted->driver), fee_strings_get (pair->again->strings, again->driver)) == 0;
}

static GHashTable *
index_rows (const FeeRun *run)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < run->rows->len; i++)
    g_hash_table_insert (rows, key_of (run, fee_run_row (run, i)), GUINT_TO_POINTER (i + 1));
  return rows;
}

static void
compare_stages (const FeeRerunPair *pair)
{
  g_autoptr (GHashTable) again = index_rows (pair->again);
  gboolean same_order = pair->posted->rows->len == pair->again->rows->len;
  guint64 before = pair->rerun->n_differences;
  for (guint i = 0; i < pair->posted->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (pair->posted, i);
    g_autofree char *key = key_of (pair->posted, row);
    guint place = GPOINTER_TO_UINT (g_hash_table_lookup (again, key));
    const FeeStageRow *other = place == 0 ? NULL : fee_run_row (pair->again, place - 1);
    same_order = same_order && place == i + 1;
    if (other == NULL || !same_row (pair, row, other))
      differ_in_row (pair, row, other);
    g_hash_table_remove (again, key);
  }
  for (guint i = 0; i < pair->again->rows->len; i++) {
    g_autofree char *key = key_of (pair->again, fee_run_row (pair->again, i));
    if (g_hash_table_contains (again, key))
      differ_in_row (pair, NULL, fee_run_row (pair->again, i));
  }
  if (!same_order && pair->rerun->n_differences == before)
    fee_rerun_differ (pair->rerun, "run", g_strdup ("stages: their rows stand in another order"));
}

/* ---- Odd fen */

static const FeeOddCount *
nth_count (const FeeRun *run, guint n)
{
  return n < run->counts->len ? &g_array_index (run->counts, FeeOddCount, n) : NULL;
}

static void
differ_in_count (const FeeRerunPair *pair, const char *unit, const FeeOddCount *posted, const FeeOddCount *again)
{
  g_autofree char *a = posted != NULL ? g_strdup_printf ("%d", posted->count) : g_strdup ("none");
  g_autofree char *b = again != NULL ? g_strdup_printf ("%d", again->count) : g_strdup ("none");
  FeeDifference *difference = fee_rerun_differ (pair->rerun, "odd fen", g_strdup_printf ("count: posted %s, recomputed %s", a, b));
  if (difference != NULL)
    difference->unit = g_strdup (unit);
}

static void
compare_counts (const FeeRerunPair *pair)
{
  for (guint i = 0, j = 0; i < pair->posted->counts->len || j < pair->again->counts->len;) {
    const FeeOddCount *a = nth_count (pair->posted, i), *b = nth_count (pair->again, j);
    const char *x = a != NULL ? fee_strings_get (pair->posted->strings, a->unit) : NULL;
    const char *y = b != NULL ? fee_strings_get (pair->again->strings, b->unit) : NULL;
    gint order = a == NULL ? 1 : b == NULL ? -1 : strcmp (x, y);
    if (order != 0 || a->count != b->count)
      differ_in_count (pair, order <= 0 ? x : y, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
    i += order <= 0;
    j += order >= 0;
  }
}

/* ---- The whole */

/* What the records of then do not allow any more is the one difference that there is. */
gboolean
fee_rerun_take_problem (FeeRerun *rerun, GError *problem, GError **error)
{
  if (problem->domain != FEE_ERROR || problem->code == FEE_ERROR_IO || problem->code == FEE_ERROR_BUSY) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  g_auto (GStrv) lines = g_strsplit (problem->message, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    fee_rerun_differ (rerun, "run", g_strdup_printf ("not recomputed: %s", *line));
  g_error_free (problem);
  return TRUE;
}

static gboolean
compare (FeeRerunPair *pair, FeeKnown *known, const FeeRunArguments *arguments, GError **error)
{
  g_autoptr (FeeRun) posted = NULL;
  g_autoptr (FeeRun) again = NULL;
  g_autoptr (GPtrArray) pages = NULL;
  GError *problem = NULL;
  if (!fee_book_read_run (pair->book, pair->head, &posted, error)
      || !fee_book_read_counts (pair->book, pair->head->number, posted->strings, posted->counts, error))
    return FALSE;
  if (!fee_known_run (known, arguments, &again, &pages, &problem))
    return fee_rerun_take_problem (pair->rerun, problem, error);
  pair->posted = posted;
  pair->again = again;
  g_strlcpy (pair->rerun->digest, again->digest, sizeof pair->rerun->digest);
  compare_heads (pair);
  compare_stages (pair);
  compare_counts (pair);
  return fee_rerun_compare_bills (pair, pages, error);
}

gboolean
fee_book_rerun (FeeBook *book, const FeeRunHead *head, FeeRerun **out, GError **error)
{
  g_autoptr (FeeRerun) rerun = fee_rerun_new ();
  g_auto (FeeKnown) known = { 0 };
  FeeRerunPair pair = { .book = book, .head = head, .rerun = rerun };
  g_auto (FeeRunArguments) arguments = { 0 };
  if (!fee_arguments_of_run (head, &arguments, error) || !fee_known_init (&known, book, head, error)
      || !compare (&pair, &known, &arguments, error))
    return FALSE;
  *out = g_steal_pointer (&rerun);
  return TRUE;
}
