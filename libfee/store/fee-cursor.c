/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-cursor-private.h"

struct _FeeBillCursor {
  FeeBook *book;
  FeeStatement *pages;
  GByteArray *heads;
  FeePageReader reader; /* of the open page, on the bill at hand */
  gboolean open, at_hand, over;
};

gboolean
fee_bill_cursor_new (FeeBook *book, guint32 run, FeeBillCursor **out, GError **error)
{
  FeeStatement *pages;
  if (!fee_book_prepare (book, "SELECT first_bill, n_bills, heads FROM page WHERE run = ? ORDER BY page", &pages, error))
    return FALSE;
  sqlite3_bind_int64 (pages, 1, run);
  *out = g_new0 (FeeBillCursor, 1);
  (*out)->book = book;
  (*out)->pages = pages;
  (*out)->heads = g_byte_array_new ();
  return TRUE;
}

static void
close_page (FeeBillCursor *cursor)
{
  if (cursor->open)
    fee_page_reader_clear (&cursor->reader);
  cursor->open = FALSE;
}

void
fee_bill_cursor_free (FeeBillCursor *cursor)
{
  if (cursor == NULL)
    return;
  close_page (cursor);
  g_byte_array_unref (cursor->heads);
  sqlite3_finalize (cursor->pages);
  g_free (cursor);
}

static gboolean
open_page (FeeBillCursor *cursor, GError **error)
{
  GError *problem = NULL;
  close_page (cursor);
  if (!fee_book_step (cursor->book, cursor->pages, &problem)) {
    cursor->over = TRUE;
    if (problem != NULL)
      g_propagate_error (error, problem);
    return problem == NULL;
  }
  FeeStatement *row = cursor->pages;
  if (!fee_decompress (sqlite3_column_blob (row, 2), (gsize) sqlite3_column_bytes (row, 2), cursor->heads, error))
    return FALSE;
  fee_page_reader_init (&cursor->reader, (guint32) sqlite3_column_int64 (row, 0), (guint32) sqlite3_column_int64 (row, 1),
                        cursor->heads->data, cursor->heads->len, NULL, 0);
  cursor->open = TRUE;
  return TRUE;
}

/* Takes the next bill at hand; none, where the run is over. */
static gboolean
advance (FeeBillCursor *cursor, GError **error)
{
  cursor->at_hand = FALSE;
  while (!cursor->over) {
    if (cursor->open && fee_page_reader_next (&cursor->reader)) {
      cursor->at_hand = TRUE;
      return TRUE;
    }
    if (cursor->open && fee_page_reader_damaged (&cursor->reader))
      return fee_book_damaged (cursor->book, _("the bills of a run"), error);
    if (!open_page (cursor, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
fee_bill_cursor_read (FeeBillCursor *cursor, const FeeStretch *stretch, FeeBillFunc func, gpointer data, GError **error)
{
  if (!cursor->at_hand && !advance (cursor, error))
    return FALSE;
  while (cursor->at_hand && (stretch->before == NULL || strcmp (cursor->reader.unit->str, stretch->before) < 0)) {
    /* a unit that comes too late would be two units */
    if (strcmp (cursor->reader.unit->str, stretch->from) < 0)
      return fee_book_damaged (cursor->book, _("the bills of a run"), error);
    if (!func (&cursor->reader, data, error) || !advance (cursor, error))
      return FALSE;
  }
  return TRUE;
}
