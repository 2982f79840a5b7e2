/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-book-private.h"
#include "fee-known-private.h"
#include "fee-packer.h"

FeeRunHead *
fee_run_head_new (void)
{
  return g_new0 (FeeRunHead, 1);
}

void
fee_run_head_free (FeeRunHead *head)
{
  if (head == NULL)
    return;
  g_free (head->currency);
  g_free (head->arguments);
  g_free (head->digest);
  g_free (head->made_at);
  g_free (head->made_by);
  g_free (head);
}

char *
fee_run_head_record (const FeeRunHead *head)
{
  return g_strdup_printf ("run\n%u\n%d\n%d\n%d\n%s\n%s\n%u\n%d\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT
                          "\n%" G_GUINT64_FORMAT "\n%" G_GUINT64_FORMAT "\n%s\n%s\n%s",
                          head->number, head->period, head->issue, head->due, head->currency, head->arguments, head->last_batch,
                          head->rules, head->recognised, head->prior, head->total, head->n_bills, head->n_lines, head->digest,
                          head->made_at, head->made_by);
}

/* Months in which a book has days. */
#define PERIOD_FIRST (FEE_YEAR_FIRST * 12)
#define PERIOD_LAST (FEE_YEAR_LAST * 12 + 11)

static void
fill_head (FeeRunHead *head, FeeRowReader *row, guint32 next)
{
  head->number = (guint32) fee_row_number (row, 0, next, next);
  head->period = (FeePeriod) fee_row_number (row, 1, PERIOD_FIRST, PERIOD_LAST);
  head->issue = (FeeDate) fee_row_number (row, 2, FEE_DATE_NONE + 1, FEE_DATE_FOREVER - 1);
  head->due = (FeeDate) fee_row_number (row, 3, FEE_DATE_NONE + 1, FEE_DATE_FOREVER - 1);
  head->currency = fee_row_text (row, 4);
  head->arguments = fee_row_text (row, 5);
  head->last_batch = (guint32) fee_row_number (row, 6, 1, G_MAXUINT32);
  head->rules = (gint) fee_row_number (row, 7, 1, G_MAXINT);
  head->recognised = fee_row_number (row, 8, G_MININT64, G_MAXINT64);
  head->prior = fee_row_number (row, 9, G_MININT64, G_MAXINT64);
  head->total = fee_row_number (row, 10, G_MININT64, G_MAXINT64);
  head->n_bills = (guint64) fee_row_number (row, 11, 0, G_MAXINT64);
  head->n_lines = (guint64) fee_row_number (row, 12, 0, G_MAXINT64);
  head->digest = fee_row_text (row, 13);
  head->made_at = fee_row_text (row, 14);
  head->made_by = fee_row_text (row, 15);
}

static gboolean
read_head (FeeBook *book, FeeStatement *statement, GPtrArray *runs, GError **error)
{
  g_autoptr (FeeRunHead) head = fee_run_head_new ();
  FeeRowReader row = { statement, NULL };
  guint32 next = runs->len + 1;
  fill_head (head, &row, next);
  if (row.fault == NULL && strlen (head->digest) != 64)
    row.fault = "digest";
  if (row.fault != NULL) {
    g_autofree char *what = g_strdup_printf (_("its list of runs: run %u, column %s"), next, row.fault);
    return fee_book_damaged (book, what, error);
  }
  if (head->rules > FEE_RULES_VERSION) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, _("%s: run %u was made by rules %d, which this program does not know"), book->path,
                 head->number, head->rules);
    return FALSE;
  }
  g_ptr_array_add (runs, g_steal_pointer (&head));
  return TRUE;
}

static gboolean
read_heads (FeeBook *book, GPtrArray **out, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_run_head_free);
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (book,
                         "SELECT run, period, issue, due, currency, arguments, last_batch, rules, recognised, prior, total, n_bills,"
                         " n_lines, digest, made_at, made_by FROM run ORDER BY run",
                         &statement, error))
    return FALSE;
  while (fee_book_step (book, statement, &problem))
    if (!read_head (book, statement, runs, error))
      return FALSE;
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  *out = g_steal_pointer (&runs);
  return TRUE;
}

gboolean
fee_book_all_runs (FeeBook *book, GPtrArray **runs, GPtrArray **withdrawals, GError **error)
{
  g_autoptr (GPtrArray) heads = NULL;
  if (!read_heads (book, &heads, error) || !fee_book_read_withdrawals (book, heads, withdrawals, error))
    return FALSE;
  *runs = g_steal_pointer (&heads);
  return TRUE;
}

gboolean
fee_book_runs (FeeBook *book, GPtrArray **out, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) withdrawals = NULL;
  if (!fee_book_all_runs (book, &runs, &withdrawals, error))
    return FALSE;
  for (guint i = runs->len; i > 0 && withdrawals->len > 0; i--)
    if (((const FeeRunHead *) g_ptr_array_index (runs, i - 1))->withdrawn_after != 0)
      g_ptr_array_remove_index (runs, i - 1);
  *out = g_steal_pointer (&runs);
  return TRUE;
}

GPtrArray *
fee_runs_standing (const GPtrArray *all, guint32 before)
{
  GPtrArray *standing = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++) {
    FeeRunHead *head = g_ptr_array_index (all, i);
    if (head->number < before && (head->withdrawn_after == 0 || head->withdrawn_after >= before))
      g_ptr_array_add (standing, head);
  }
  return standing;
}

/* ---- Storing */

static gboolean
next_run (FeeBook *book, guint32 *out, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_prepare (book, "SELECT coalesce (max (run), 0) + 1 FROM run", &statement, error))
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fee_book_fail (book, error);
  *out = (guint32) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
insert_head (FeeBook *book, const FeeRunHead *head, const GByteArray *stages, const GByteArray *counts, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_prepare (book, "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, head->number);
  sqlite3_bind_int (statement, 2, head->period);
  sqlite3_bind_int (statement, 3, head->issue);
  sqlite3_bind_int (statement, 4, head->due);
  sqlite3_bind_text (statement, 5, head->currency, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, head->arguments, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 7, head->last_batch);
  sqlite3_bind_int (statement, 8, head->rules);
  sqlite3_bind_int64 (statement, 9, head->recognised);
  sqlite3_bind_int64 (statement, 10, head->prior);
  sqlite3_bind_int64 (statement, 11, head->total);
  sqlite3_bind_int64 (statement, 12, (gint64) head->n_bills);
  sqlite3_bind_int64 (statement, 13, (gint64) head->n_lines);
  sqlite3_bind_text (statement, 14, head->digest, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 15, head->made_at, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 16, head->made_by, -1, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 17, stages->data, (gint) stages->len, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 18, counts->data, (gint) counts->len, SQLITE_STATIC);
  return fee_book_run_once (book, statement, error);
}

static void
bind_bytes (FeeStatement *statement, gint n, GBytes *bytes)
{
  gsize length;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  sqlite3_bind_blob64 (statement, n, at, length, SQLITE_STATIC);
}

static gboolean
insert_pages (FeeBook *book, guint32 run, const GPtrArray *pages, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_prepare (book, "INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?)", &statement, error))
    return FALSE;
  for (guint i = 0; i < pages->len; i++) {
    const FeePackedPage *page = g_ptr_array_index (pages, i);
    sqlite3_bind_int64 (statement, 1, run);
    sqlite3_bind_int64 (statement, 2, i);
    sqlite3_bind_int64 (statement, 3, page->first_bill);
    sqlite3_bind_int64 (statement, 4, page->n_bills);
    sqlite3_bind_text (statement, 5, page->first_unit, -1, SQLITE_STATIC);
    bind_bytes (statement, 6, page->heads);
    bind_bytes (statement, 7, page->lines);
    if (!fee_book_run_once (book, statement, error))
      return FALSE;
    sqlite3_reset (statement);
  }
  return TRUE;
}

/* ---- Verifying */

static gboolean
same_bytes (const GByteArray *a, const GByteArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->data, b->data, a->len) == 0);
}

static gboolean
same_blob (FeeStatement *statement, gint column, GBytes *bytes)
{
  gsize length;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  return (gsize) sqlite3_column_bytes (statement, column) == length && memcmp (sqlite3_column_blob (statement, column), at, length) == 0;
}

static gboolean
not_as_written (FeeBook *book, GError **error)
{
  return fee_book_damaged (book, _("it does not hold what was just written"), error);
}

static gboolean
verify_pages (FeeBook *book, guint32 run, const GPtrArray *pages, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  guint seen = 0;
  if (!fee_book_prepare_pages (book, run, NULL, &statement, error))
    return FALSE;
  while (fee_book_step (book, statement, &problem)) {
    const FeePackedPage *page = seen < pages->len ? g_ptr_array_index (pages, seen) : NULL;
    if (page == NULL || sqlite3_column_int64 (statement, 0) != seen || sqlite3_column_int64 (statement, 1) != page->first_bill
        || sqlite3_column_int64 (statement, 2) != page->n_bills || !same_blob (statement, 3, page->heads)
        || !same_blob (statement, 4, page->lines))
      return not_as_written (book, error);
    seen++;
  }
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  return seen == pages->len || not_as_written (book, error);
}

/* What a run leaves beside its bills, packed. */
typedef struct {
  GByteArray *stages, *counts;
} Packed;

/* What was written is read back before it is committed; the digest was made from the same bytes. */
static gboolean
verify_run (FeeBook *book, const Packed *packed, const GPtrArray *pages, const FeeRunHead *head, GError **error)
{
  g_autoptr (FeeRun) back = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  if (!verify_pages (book, head->number, pages, error) || !fee_book_read_run (book, head, &back, error)
      || !fee_book_read_packed (book, "counts", head->number, bytes, error))
    return FALSE;
  gboolean same = same_bytes (packed->counts, bytes);
  g_byte_array_set_size (bytes, 0);
  fee_run_pack_stages (back, bytes);
  return (same && same_bytes (packed->stages, bytes)) || not_as_written (book, error);
}

static gboolean
insert_run (FeeBook *book, const Packed *packed, const FeeRunHead *head, GError **error)
{
  g_autoptr (GByteArray) stages = g_byte_array_new ();
  g_autoptr (GByteArray) counts = g_byte_array_new ();
  return fee_compress (packed->stages->data, packed->stages->len, stages, error)
         && fee_compress (packed->counts->data, packed->counts->len, counts, error)
         && insert_head (book, head, stages, counts, error);
}

gboolean
fee_book_add_packed_run (FeeBook *book, const FeeRun *run, const GPtrArray *pages, FeeRunHead *head, GError **error)
{
  g_autoptr (GByteArray) stages = g_byte_array_new ();
  g_autoptr (GByteArray) counts = g_byte_array_new ();
  Packed packed = { stages, counts };
  fee_run_pack_stages (run, stages);
  fee_run_pack_counts (run, counts);
  if (!next_run (book, &head->number, error) || !insert_run (book, &packed, head, error)
      || !insert_pages (book, head->number, pages, error) || !verify_run (book, &packed, pages, head, error))
    return FALSE;
  g_autofree char *record = fee_run_head_record (head);
  return fee_book_add_entry (book, record, error);
}

gboolean
fee_book_add_run (FeeBook *book, const FeeRun *run, FeeRunHead *head, GError **error)
{
  g_autoptr (FeePacker) packer = fee_packer_new ();
  g_autoptr (GPtrArray) pages = NULL;
  char digest[65];
  if (!fee_packer_begin (run, packer, error))
    return FALSE;
  for (guint i = 0; i < run->pages->len; i++) {
    const FeePage *page = g_ptr_array_index (run->pages, i);
    FeePage *copy = fee_page_new (page->first_bill, page->first_unit);
    copy->n_bills = page->n_bills;
    g_byte_array_append (copy->heads, page->heads->data, page->heads->len);
    g_byte_array_append (copy->lines, page->lines->data, page->lines->len);
    if (!fee_packer_take (copy, packer, error))
      return FALSE;
  }
  return fee_packer_finish (packer, &pages, digest, error) && fee_book_add_packed_run (book, run, pages, head, error);
}

/* ---- Reading back */

gboolean
fee_book_read_packed (FeeBook *book, const char *column, guint32 run, GByteArray *out, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM run WHERE run = ?", column);
  if (!fee_book_prepare (book, sql, &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, run);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fee_book_fail (book, error);
  return fee_decompress (sqlite3_column_blob (statement, 0), (gsize) sqlite3_column_bytes (statement, 0), out, error);
}

gboolean
fee_book_read_run (FeeBook *book, const FeeRunHead *head, FeeRun **out, GError **error)
{
  g_autoptr (FeeRun) run = fee_run_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (FeeRunArguments) arguments = { 0 };
  run->strings = fee_strings_new ();
  run->own_strings = TRUE;
  run->period = head->period;
  run->issue = head->issue;
  run->due = head->due;
  run->currency = g_strdup (head->currency);
  g_strlcpy (run->digest, head->digest, sizeof run->digest);
  run->recognised = head->recognised;
  run->prior = head->prior;
  run->total = head->total;
  run->n_bills = head->n_bills;
  run->n_lines = head->n_lines;
  if (!fee_arguments_of_run (head, &arguments, error))
    return FALSE;
  g_array_append_vals (run->restated, arguments.restate->data, arguments.restate->len);
  if (!fee_book_read_packed (book, "stages", head->number, bytes, error))
    return FALSE;
  if (!fee_run_unpack_stages (run, bytes->data, bytes->len))
    return fee_book_damaged (book, _("the stages of a run"), error);
  *out = g_steal_pointer (&run);
  return TRUE;
}

gboolean
fee_book_read_counts (FeeBook *book, guint32 run, FeeStrings *strings, GArray *counts, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  if (!fee_book_read_packed (book, "counts", run, bytes, error))
    return FALSE;
  return fee_counts_unpack (bytes->data, bytes->len, strings, counts)
         || fee_book_damaged (book, _("the odd-fen counts of a run"), error);
}
