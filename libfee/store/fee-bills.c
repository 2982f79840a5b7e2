/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-book-private.h"
#include "fee-post.h"

/* ---- Reading pages */

typedef gboolean (*PageFunc) (guint n, guint32 first_bill, guint32 n_bills, const GByteArray *heads, const GByteArray *lines,
                              gpointer data, GError **error);

gboolean
fee_book_prepare_pages (FeeBook *book, guint32 run, const char *unit, FeeStatement **out, GError **error)
{
  const char *sql = unit == NULL
                      ? "SELECT page, first_bill, n_bills, heads, lines FROM page WHERE run = ?1 ORDER BY page"
                      : "SELECT page, first_bill, n_bills, heads, lines FROM page WHERE run = ?1 AND first_unit <= ?2"
                        " AND page >= coalesce ((SELECT max (page) FROM page WHERE run = ?1 AND first_unit < ?2), 0) ORDER BY page";
  if (!fee_book_prepare (book, sql, out, error))
    return FALSE;
  sqlite3_bind_int64 (*out, 1, run);
  if (unit != NULL)
    sqlite3_bind_text (*out, 2, unit, -1, SQLITE_TRANSIENT);
  return TRUE;
}

static gboolean
prepare_between (FeeBook *book, guint32 run, const char *from, const char *before, FeeStatement **out, GError **error)
{
  if (!fee_book_prepare (book,
                         "SELECT page, first_bill, n_bills, heads, lines FROM page WHERE run = ?1 AND (?3 IS NULL OR first_unit < ?3)"
                         " AND page >= coalesce ((SELECT max (page) FROM page WHERE run = ?1 AND first_unit < ?2), 0) ORDER BY page",
                         out, error))
    return FALSE;
  sqlite3_bind_int64 (*out, 1, run);
  sqlite3_bind_text (*out, 2, from, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (*out, 3, before, -1, SQLITE_TRANSIENT);
  return TRUE;
}

static gboolean
each_page (FeeBook *book, FeeStatement *statement, gboolean with_lines, PageFunc func, gpointer data, GError **error)
{
  g_autoptr (GByteArray) heads = g_byte_array_new ();
  g_autoptr (GByteArray) lines = g_byte_array_new ();
  GError *problem = NULL;
  while (fee_book_step (book, statement, &problem)) {
    if (!fee_decompress (sqlite3_column_blob (statement, 3), (gsize) sqlite3_column_bytes (statement, 3), heads, error))
      return FALSE;
    if (with_lines
        && !fee_decompress (sqlite3_column_blob (statement, 4), (gsize) sqlite3_column_bytes (statement, 4), lines, error))
      return FALSE;
    if (!func ((guint) sqlite3_column_int64 (statement, 0), (guint32) sqlite3_column_int64 (statement, 1),
               (guint32) sqlite3_column_int64 (statement, 2), heads, with_lines ? lines : NULL, data, error))
      return FALSE;
  }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

/* ---- Reading bills */

typedef struct {
  FeeBook *book;
  const char *unit;          /* NULL: all, or */
  const char *from, *before; /* those between; NULL: from the first, to the last */
  const FeeRun *whole;
  FeeBillFunc func;
  gpointer data;
} Bills;

static gboolean
is_wanted (const Bills *bills, const char *unit)
{
  return (bills->unit == NULL || strcmp (bills->unit, unit) == 0) && (bills->from == NULL || strcmp (bills->from, unit) <= 0)
         && (bills->before == NULL || strcmp (unit, bills->before) < 0);
}

static gboolean
read_page (guint n, guint32 first_bill, guint32 n_bills, const GByteArray *heads, const GByteArray *lines, gpointer data, GError **error)
{
  (void) n;
  Bills *bills = data;
  FeePageReader reader;
  gboolean ok = TRUE;
  static const guint8 none = 0; /* a page of bills without lines has no bytes of them */
  fee_page_reader_init (&reader, first_bill, n_bills, heads->data, heads->len,
                        lines == NULL ? NULL : lines->data != NULL ? lines->data : &none, lines == NULL ? 0 : lines->len);
  if (bills->whole != NULL)
    fee_page_reader_expect (&reader, bills->whole);
  while (ok && fee_page_reader_next (&reader))
    if (is_wanted (bills, reader.unit->str))
      ok = bills->func (&reader, bills->data, error);
  if (ok && fee_page_reader_damaged (&reader))
    ok = fee_book_damaged (bills->book, _("the bills of a run"), error);
  fee_page_reader_clear (&reader);
  return ok;
}

gboolean
fee_book_read_bills (FeeBook *book, guint32 run, const char *unit, const FeeRun *whole, FeeBillFunc func, gpointer data, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  Bills bills = { book, unit, NULL, NULL, whole, func, data };
  return fee_book_prepare_pages (book, run, unit, &statement, error) && each_page (book, statement, whole != NULL, read_page, &bills, error);
}

gboolean
fee_book_read_bills_between (FeeBook *book, guint32 run, const char *from, const char *before, const FeeRun *whole, FeeBillFunc func,
                             gpointer data, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  Bills bills = { book, NULL, from, before, whole, func, data };
  return prepare_between (book, run, from, before, &statement, error)
         && each_page (book, statement, whole != NULL, read_page, &bills, error);
}

typedef struct {
  guint32 bill;
  FeeFoundBill found;
} Wanted;

static gboolean
take_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Wanted *wanted = data;
  if (bill->bill == wanted->bill)
    wanted->found = (FeeFoundBill) { TRUE, g_strdup (bill->unit->str), g_strdup (bill->party->str) };
  return TRUE;
}

gboolean
fee_book_find_bill_of_run (FeeBook *book, guint32 run, guint32 number, FeeFoundBill *out, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  g_autoptr (GByteArray) heads = g_byte_array_new ();
  GError *problem = NULL;
  Wanted wanted = { number, { FALSE, NULL, NULL } };
  Bills bills = { .book = book, .func = take_bill, .data = &wanted };
  if (!fee_book_prepare (book, "SELECT first_bill, n_bills, heads FROM page WHERE run = ?1 AND first_bill <= ?2 ORDER BY page DESC LIMIT 1",
                         &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, run);
  sqlite3_bind_int64 (statement, 2, number);
  if (fee_book_step (book, statement, &problem)
      && (!fee_decompress (sqlite3_column_blob (statement, 2), (gsize) sqlite3_column_bytes (statement, 2), heads, error)
          || !read_page (0, (guint32) sqlite3_column_int64 (statement, 0), (guint32) sqlite3_column_int64 (statement, 1), heads, NULL, &bills,
                         error)))
    return FALSE;
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  *out = wanted.found;
  return TRUE;
}

/* The run of a month that stands; 0 for none. */
static gboolean
find_standing (FeeBook *book, FeePeriod period, guint32 *run, FeeDate *issue, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  *run = 0;
  if (!fee_book_prepare (book,
                         "SELECT run, issue FROM run WHERE period = ?1 AND run NOT IN (SELECT run FROM withdrawal) ORDER BY run DESC LIMIT 1",
                         &statement, error))
    return FALSE;
  sqlite3_bind_int (statement, 1, period);
  if (fee_book_step (book, statement, &problem)) {
    *run = (guint32) sqlite3_column_int64 (statement, 0);
    *issue = sqlite3_column_int (statement, 1);
  }
  if (problem != NULL)
    g_propagate_error (error, problem);
  return problem == NULL;
}

gboolean
fee_book_find_bill (FeeBook *book, const char *number, gboolean *found, char **unit, char **party, FeeDate *issue, GError **error)
{
  FeePeriod period;
  FeeFoundBill bill = { FALSE, NULL, NULL };
  guint32 n, run;
  *found = FALSE;
  if (!fee_bill_number_parse (number, &period, &n))
    return TRUE;
  if (!find_standing (book, period, &run, issue, error) || (run != 0 && !fee_book_find_bill_of_run (book, run, n, &bill, error)))
    return FALSE;
  if (!bill.found)
    return TRUE;
  *found = TRUE;
  *unit = bill.unit;
  *party = bill.party;
  return TRUE;
}
