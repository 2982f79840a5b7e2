/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-book-private.h"

/* Every table that came after that schema, and nothing else: what was there stays as it is. */
static gboolean
add_tables (FeeBook *book, gint64 schema, GError **error)
{
  for (guint i = 0; i < FEE_N_SCHEMA_TABLES; i++)
    if (fee_schema[i].since > schema && !fee_book_execute (book, fee_schema[i].sql, error))
      return FALSE;
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version = %d", FEE_SCHEMA_VERSION);
  return fee_book_execute (book, version, error);
}

/* What was written is read back before it is committed. */
static gboolean
verify_tables (FeeBook *book, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  gint64 schema;
  if (!fee_book_schema (book, &schema, error)
      || !fee_book_prepare (book, "SELECT count (*) FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql = ?", &statement, error))
    return FALSE;
  gboolean same = schema == FEE_SCHEMA_VERSION;
  for (guint i = 0; i < FEE_N_SCHEMA_TABLES && same; i++) {
    sqlite3_bind_text (statement, 1, fee_schema[i].name, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 2, fee_schema[i].sql, -1, SQLITE_STATIC);
    if (sqlite3_step (statement) != SQLITE_ROW)
      return fee_book_fail (book, error);
    same = sqlite3_column_int64 (statement, 0) == 1;
    sqlite3_reset (statement);
  }
  return same || fee_book_damaged (book, _("its tables are not those of a book"), error);
}

/* Within the transaction, which keeps others from writing between the copy and the change. */
static gboolean
upgrade (FeeBook *book, gint64 schema, char **kept, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.schema-%d", book->path, (gint) schema);
  if (!fee_book_keep (book, path, error) || !add_tables (book, schema, error) || !verify_tables (book, error))
    return FALSE;
  *kept = g_steal_pointer (&path);
  return TRUE;
}

gboolean
fee_book_is_current (FeeBook *book)
{
  gint64 schema;
  return fee_book_schema (book, &schema, NULL) && schema == FEE_SCHEMA_VERSION;
}

gboolean
fee_book_upgrade (FeeBook *book, char **kept, GError **error)
{
  g_autofree char *path = NULL;
  gint64 schema;
  if (!fee_book_schema (book, &schema, error))
    return FALSE;
  if (schema < FEE_SCHEMA_VERSION) {
    /* another program may have done it while this one waited for its turn */
    if (!fee_book_begin (book, TRUE, error) || !fee_book_schema (book, &schema, error))
      return FALSE;
    if (schema < 1)
      return fee_book_damaged (book, _("its number of the schema"), error);
    if ((schema < FEE_SCHEMA_VERSION && !upgrade (book, schema, &path, error)) || !fee_book_commit (book, error))
      return FALSE;
  }
  *kept = g_steal_pointer (&path);
  return TRUE;
}
