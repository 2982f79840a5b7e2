/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
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

gboolean
fee_book_backup (FeeBook *book, const char *path, GError **error)
{
  g_autoptr (FeeBook) copy = NULL;
  g_autofree char *state = NULL;
  return fee_book_new_file (path, &copy, error) && read_state (book, &state, error) && copy_into (book, copy->making, error)
         && check_copy (copy, state, error) && fee_book_put_in_place (copy, error);
}
