/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fee-book-private.h"

gboolean
fee_book_prepare (FeeBook *book, const char *sql, FeeStatement **out, GError **error)
{
  return sqlite3_prepare_v2 (book->db, sql, -1, out, NULL) == SQLITE_OK || fee_book_fail (book, error);
}

gboolean
fee_book_step (FeeBook *book, FeeStatement *statement, GError **error)
{
  gint code = sqlite3_step (statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    fee_book_fail (book, error);
  return code == SQLITE_ROW;
}

gboolean
fee_book_run_once (FeeBook *book, FeeStatement *statement, GError **error)
{
  return sqlite3_step (statement) == SQLITE_DONE || fee_book_fail (book, error);
}

char *
fee_statement_text (FeeStatement *statement, gint column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);
  return text == NULL ? g_strdup ("") : g_utf8_make_valid (text, -1);
}

/* ---- Rows of a list, whose every column must fit */

static void
fault (FeeRowReader *row, gint column)
{
  if (row->fault == NULL)
    row->fault = sqlite3_column_name (row->statement, column);
}

gint64
fee_row_number (FeeRowReader *row, gint column, gint64 least, gint64 most)
{
  gint64 number = sqlite3_column_int64 (row->statement, column);
  if (sqlite3_column_type (row->statement, column) == SQLITE_INTEGER && number >= least && number <= most)
    return number;
  fault (row, column);
  return least;
}

char *
fee_row_text (FeeRowReader *row, gint column)
{
  const char *text = (const char *) sqlite3_column_text (row->statement, column);
  if (sqlite3_column_type (row->statement, column) != SQLITE_TEXT
      || !g_utf8_validate (text, sqlite3_column_bytes (row->statement, column), NULL))
    fault (row, column);
  return fee_statement_text (row->statement, column);
}
