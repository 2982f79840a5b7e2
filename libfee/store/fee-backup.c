/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "fee-audit.h"
#include "fee-book-private.h"

/* "HEAD SEAL" of a book. Reading it begins the transaction's hold on the file. */
static gboolean
read_state (FeeBook *book, char **out, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autofree char *seal = NULL;
  if (!fee_book_runs (book, &runs, error) || !fee_book_seal (book, &seal, error))
    return FALSE;
  g_autofree char *head = fee_runs_head (runs);
  *out = g_strconcat (head, " ", seal, NULL);
  return TRUE;
}

/* By a connection of its own: VACUUM does not go within a transaction, and that at hand keeps others from writing meanwhile. */
static gboolean
copy_into (FeeBook *book, const char *file, GError **error)
{
  g_autoptr (FeeBook) source = NULL;
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_open (book->path, 30, &source, error) || !fee_book_prepare (source, "VACUUM INTO ?", &statement, error))
    return FALSE;
  sqlite3_bind_text (statement, 1, file, -1, SQLITE_STATIC);
  return fee_book_run_once (source, statement, error);
}

static gboolean
check_copy (FeeBook *copy, const char *state, GError **error)
{
  g_autofree char *again = NULL, *said = NULL;
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_connect (copy, copy->making, 0, error) || !fee_book_prepare (copy, "PRAGMA integrity_check (1)", &statement, error))
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fee_book_fail (copy, error);
  said = fee_statement_text (statement, 0);
  if (!read_state (copy, &again, error))
    return FALSE;
  if (strcmp (said, "ok") == 0 && strcmp (again, state) == 0)
    return TRUE;
  return fee_book_damaged (copy, _("the copy is not what the book is"), error);
}

static gboolean
fill_copy (FeeBook *book, FeeBook *copy, GError **error)
{
  g_autofree char *state = NULL;
  return read_state (book, &state, error) && copy_into (book, copy->making, error) && check_copy (copy, state, error);
}

gboolean
fee_book_backup (FeeBook *book, const char *path, GError **error)
{
  g_autoptr (FeeBook) copy = NULL;
  return fee_book_new_file (path, &copy, error) && fill_copy (book, copy, error) && fee_book_put_in_place (copy, error);
}

/* ---- A book before its upgrade */

/* Of the first 100 bytes of a file of SQLite: what it counts of changes, and which SQLite made the last. */
static gboolean
is_counter (gsize at)
{
  return (at >= 24 && at < 28) || (at >= 40 && at < 44) || (at >= 92 && at < 100);
}

/* The same content by the same SQLite is the same file, byte for byte. */
static gboolean
same_file (const char *a, const char *b)
{
  g_autoptr (GMappedFile) x = g_mapped_file_new (a, FALSE, NULL);
  g_autoptr (GMappedFile) y = g_mapped_file_new (b, FALSE, NULL);
  if (x == NULL || y == NULL)
    return FALSE;
  gsize length = g_mapped_file_get_length (x);
  const char *at_x = g_mapped_file_get_contents (x), *at_y = g_mapped_file_get_contents (y);
  if (length <= 100 || g_mapped_file_get_length (y) != length || memcmp (at_x + 100, at_y + 100, length - 100) != 0)
    return FALSE;
  for (gsize i = 0; i < 100; i++)
    if (at_x[i] != at_y[i] && !is_counter (i))
      return FALSE;
  return TRUE;
}

static gboolean
compare_kept (FeeBook *book, const char *path, GError **error)
{
  g_autoptr (FeeBook) copy = NULL;
  if (!fee_book_make_file (path, &copy, error) || !fill_copy (book, copy, error))
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && same_file (path, copy->making))
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO,
               _("%s: the book as it is can't be kept here before its upgrade: there is another file of that name; move it away"), path);
  return FALSE;
}

gboolean
fee_book_keep (FeeBook *book, const char *path, GError **error)
{
  GStatBuf status;
  return g_lstat (path, &status) == 0 ? compare_kept (book, path, error) : fee_book_backup (book, path, error);
}
