/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-book-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "../base/fee-hash.h"

#define APPLICATION_ID 0x46454562 /* "FEEb" */

/* What SQLite says may name what a damaged book holds. */
static void
set_other (FeeBook *book, GError **error)
{
  g_autofree char *said = g_utf8_make_valid (sqlite3_errmsg (book->db), -1);
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "%s: %s", book->path, said);
}

gboolean
fee_book_fail (FeeBook *book, GError **error)
{
  gint code = sqlite3_errcode (book->db) & 0xff;
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    g_set_error (error, FEE_ERROR, FEE_ERROR_BUSY, _("%s: another program is using the book"), book->path);
  else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: the file is not a book, or is damaged"), book->path);
  else
    set_other (book, error);
  return FALSE;
}

gboolean
fee_book_damaged (FeeBook *book, const char *what, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: the book is damaged: %s"), book->path, what);
  return FALSE;
}

gboolean
fee_book_execute (FeeBook *book, const char *sql, GError **error)
{
  return sqlite3_exec (book->db, sql, NULL, NULL, NULL) == SQLITE_OK || fee_book_fail (book, error);
}

static void
set_up (FeeBook *book, gint wait)
{
  sqlite3_busy_timeout (book->db, wait * 1000);
  /* a large transaction goes to the file as it grows, not to memory */
  sqlite3_exec (book->db, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF", NULL,
                NULL, NULL);
}

static FeeBook *
book_new (const char *path)
{
  FeeBook *book = g_new0 (FeeBook, 1);
  book->path = g_strdup (path);
  book->policies = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) fee_policy_unref);
  return book;
}

/* ---- Making */

static gboolean
io_failed (const char *path, GError **error)
{
  gint number = errno;
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "%s: %s", path, g_strerror (number));
  return FALSE;
}

gboolean
fee_book_make_file (const char *path, FeeBook **out, GError **error)
{
  g_autoptr (FeeBook) book = book_new (path);
  /* 0600 whatever the umask, beside its place, so that a name holds a whole book or none */
  char *making = g_strdup_printf ("%s.XXXXXX", path);
  gint fd = g_mkstemp_full (making, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    g_free (making);
    return io_failed (path, error);
  }
  close (fd);
  book->making = making;
  *out = g_steal_pointer (&book);
  return TRUE;
}

gboolean
fee_book_new_file (const char *path, FeeBook **out, GError **error)
{
  GStatBuf status;
  if (g_lstat (path, &status) != 0)
    return fee_book_make_file (path, out, error);
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: there is a file of that name already"), path);
  return FALSE;
}

gboolean
fee_book_create (const char *path, FeeBook **out, GError **error)
{
  g_autoptr (FeeBook) book = NULL;
  if (!fee_book_new_file (path, &book, error))
    return FALSE;
  if (sqlite3_open_v2 (book->making, &book->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    return fee_book_fail (book, error);
  set_up (book, 0);
  g_autofree char *header = g_strdup_printf ("PRAGMA page_size = 16384; PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                             APPLICATION_ID, FEE_SCHEMA_VERSION);
  if (!fee_book_execute (book, header, error) || !fee_book_begin (book, TRUE, error))
    return FALSE;
  for (guint i = 0; i < FEE_N_SCHEMA_TABLES; i++)
    if (!fee_book_execute (book, fee_schema[i].sql, error))
      return FALSE;
  *out = g_steal_pointer (&book);
  return TRUE;
}

static gboolean
sync_place (const char *path, gint flags, GError **error)
{
  gint fd = open (path, O_RDONLY | O_CLOEXEC | flags);
  if (fd < 0)
    return io_failed (path, error);
  gboolean ok = fsync (fd) == 0 || errno == EINVAL || io_failed (path, error);
  close (fd);
  return ok;
}

/* The name in its folder is on disk too. */
gboolean
fee_book_sync_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  return sync_place (folder, O_DIRECTORY, error);
}

gboolean
fee_book_put_in_place (FeeBook *book, GError **error)
{
  if (sqlite3_close (book->db) != SQLITE_OK)
    return fee_book_fail (book, error);
  book->db = NULL;
  if (!sync_place (book->making, 0, error))
    return FALSE;
  /* link, unlike rename, never replaces a book that another program made meanwhile */
  if (link (book->making, book->path) != 0) {
    if (errno != EEXIST)
      return io_failed (book->path, error);
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: there is a file of that name already"), book->path);
    return FALSE;
  }
  g_unlink (book->making);
  g_clear_pointer (&book->making, g_free);
  return fee_book_sync_folder (book->path, error);
}

gboolean
fee_book_finish (FeeBook *book, GError **error)
{
  return fee_book_commit (book, error) && fee_book_put_in_place (book, error);
}

/* ---- Opening */

gboolean
fee_book_number (FeeBook *book, const char *sql, gint64 *out, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_prepare (book, sql, &statement, error))
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fee_book_fail (book, error);
  *out = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

gboolean
fee_book_schema (FeeBook *book, gint64 *out, GError **error)
{
  return fee_book_number (book, "PRAGMA user_version", out, error);
}

static gboolean
check_version (FeeBook *book, GError **error)
{
  gint64 application = 0, version = 0;
  if (!fee_book_number (book, "PRAGMA application_id", &application, error) || !fee_book_schema (book, &version, error))
    return FALSE;
  if (application != APPLICATION_ID) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: the file is not a book, or is damaged"), book->path);
    return FALSE;
  }
  if (version > FEE_SCHEMA_VERSION) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, _("%s: the book was written by a newer program (schema %d, this one knows %d)"), book->path,
                 (gint) version, FEE_SCHEMA_VERSION);
    return FALSE;
  }
  return TRUE;
}

gboolean
fee_book_connect (FeeBook *book, const char *file, gint wait, GError **error)
{
  gint flags = g_access (file, W_OK) == 0 ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  /* of one file the bytes are read while another thread, which has its rows, may look for bills */
  if (sqlite3_open_v2 (file, &book->db, flags | SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK)
    return fee_book_fail (book, error);
  set_up (book, wait);
  return check_version (book, error);
}

gboolean
fee_book_open (const char *path, gint wait, FeeBook **out, GError **error)
{
  g_autoptr (FeeBook) book = book_new (path);
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: there is no book here; fee-init makes one"), path);
    return FALSE;
  }
  if (g_access (path, R_OK) != 0)
    return io_failed (path, error);
  if (!fee_book_connect (book, path, wait, error))
    return FALSE;
  *out = g_steal_pointer (&book);
  return TRUE;
}

void
fee_book_free (FeeBook *book)
{
  if (book == NULL)
    return;
  if (book->in_transaction)
    sqlite3_exec (book->db, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close_v2 (book->db);
  if (book->making != NULL)
    g_unlink (book->making);
  g_free (book->making);
  g_free (book->path);
  g_hash_table_unref (book->policies);
  g_free (book);
}

gboolean
fee_book_begin (FeeBook *book, gboolean write, GError **error)
{
  if (!fee_book_execute (book, write ? "BEGIN IMMEDIATE" : "BEGIN", error))
    return FALSE;
  book->in_transaction = TRUE;
  return TRUE;
}

gboolean
fee_book_commit (FeeBook *book, GError **error)
{
  if (!fee_book_execute (book, "COMMIT", error))
    return FALSE;
  book->in_transaction = FALSE;
  return TRUE;
}

void
fee_book_let_go (FeeBook *book)
{
  if (book->in_transaction && sqlite3_txn_state (book->db, NULL) == SQLITE_TXN_READ)
    fee_book_commit (book, NULL);
}

/* ---- The seal: rules.md section 10 */

static gboolean
last_entry (FeeBook *book, gint64 *entry, char **seal, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (book, "SELECT entry, seal FROM entry ORDER BY entry DESC LIMIT 1", &statement, error))
    return FALSE;
  *entry = 0;
  if (fee_book_step (book, statement, &problem)) {
    *entry = sqlite3_column_int64 (statement, 0);
    *seal = fee_statement_text (statement, 1);
  } else if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  } else {
    *seal = g_strnfill (64, '0');
  }
  return TRUE;
}

gboolean
fee_book_add_entry (FeeBook *book, const char *record, GError **error)
{
  g_autoptr (FeeHash) hash = fee_hash_new ();
  g_autoptr (FeeStatement) statement = NULL;
  g_autofree char *previous = NULL;
  gint64 entry;
  char seal[FEE_HASH_HEX];
  if (!last_entry (book, &entry, &previous, error))
    return FALSE;
  fee_hash_text (hash, previous);
  fee_hash_text (hash, record);
  fee_hash_finish (hash, seal);
  if (!fee_book_prepare (book, "INSERT INTO entry VALUES (?, ?)", &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, entry + 1);
  sqlite3_bind_text (statement, 2, seal, -1, SQLITE_STATIC);
  return fee_book_run_once (book, statement, error);
}

gboolean
fee_book_seal (FeeBook *book, char **out, GError **error)
{
  g_autofree char *seal = NULL;
  gint64 entry;
  if (!last_entry (book, &entry, &seal, error))
    return FALSE;
  *out = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", entry, seal);
  return TRUE;
}
