/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosures.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-hash.h"
#include "fee-audit.h"
#include "fee-book-private.h"

FeeDisclosureHead *
fee_disclosure_head_new (void)
{
  FeeDisclosureHead *head = g_new0 (FeeDisclosureHead, 1);
  head->as_of = head->posted_from = head->posted_to = FEE_DATE_NONE;
  return head;
}

void
fee_disclosure_head_free (FeeDisclosureHead *head)
{
  if (head == NULL)
    return;
  g_free (head->period);
  g_free (head->format);
  g_free (head->lang);
  g_free (head->head);
  g_free (head->sha256);
  g_free (head->made_at);
  g_free (head->made_by);
  g_free (head);
}

char *
fee_disclosure_record (const FeeDisclosureHead *head)
{
  return g_strdup_printf ("disclosure\n%u\n%u\n%s\n%s\n%s\n%d\n%d\n%d\n%s\n%" G_GUINT64_FORMAT "\n%s\n%s\n%s", head->number, head->entry,
                          head->period, head->format, head->lang, head->as_of, head->posted_from, head->posted_to, head->head, head->size,
                          head->sha256, head->made_at, head->made_by);
}

/* ---- The list */

static void
fill_head (FeeDisclosureHead *head, FeeRowReader *row)
{
  head->period = fee_row_text (row, 2);
  head->format = fee_row_text (row, 3);
  head->lang = fee_row_text (row, 4);
  head->as_of = (FeeDate) fee_row_number (row, 5, FEE_DATE_NONE, FEE_DATE_FOREVER);
  head->posted_from = (FeeDate) fee_row_number (row, 6, FEE_DATE_NONE, FEE_DATE_FOREVER);
  head->posted_to = (FeeDate) fee_row_number (row, 7, head->posted_from, FEE_DATE_FOREVER);
  head->head = fee_row_text (row, 8);
  head->size = (guint64) fee_row_number (row, 9, 0, FEE_DISCLOSURE_MAX);
  head->sha256 = fee_row_text (row, 10);
  head->made_at = fee_row_text (row, 11);
  head->made_by = fee_row_text (row, 12);
}

static gboolean
read_head (FeeBook *book, FeeStatement *statement, GPtrArray *heads, GError **error)
{
  g_autoptr (FeeDisclosureHead) head = fee_disclosure_head_new ();
  FeeRowReader row = { statement, NULL };
  guint32 next = heads->len + 1;
  guint32 least = heads->len == 0 ? 1 : ((const FeeDisclosureHead *) g_ptr_array_index (heads, heads->len - 1))->entry + 1;
  head->number = (guint32) fee_row_number (&row, 0, next, next);
  head->entry = (guint32) fee_row_number (&row, 1, least, G_MAXUINT32);
  fill_head (head, &row);
  if (row.fault != NULL) {
    g_autofree char *what = g_strdup_printf (_("its list of disclosures: disclosure %u, column %s"), next, row.fault);
    return fee_book_damaged (book, what, error);
  }
  g_ptr_array_add (heads, g_steal_pointer (&head));
  return TRUE;
}

gboolean
fee_book_disclosures (FeeBook *book, GPtrArray **out, GError **error)
{
  g_autoptr (GPtrArray) heads = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_disclosure_head_free);
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  gint64 schema;
  if (!fee_book_schema (book, &schema, error))
    return FALSE;
  if (schema >= FEE_SCHEMA_DISCLOSURES
      && !fee_book_prepare (book, "SELECT disclosure, entry, period, format, lang, as_of, posted_from, posted_to, head, size, sha256, made_at,"
                                  " made_by FROM disclosure ORDER BY disclosure", &statement, error))
    return FALSE;
  while (statement != NULL && fee_book_step (book, statement, &problem))
    if (!read_head (book, statement, heads, error))
      return FALSE;
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  *out = g_steal_pointer (&heads);
  return TRUE;
}

/* ---- A document */

gboolean
fee_book_read_document (FeeBook *book, guint32 disclosure, GByteArray *out, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  if (!fee_book_prepare (book, "SELECT bytes FROM disclosure WHERE disclosure = ?", &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, disclosure);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fee_book_fail (book, error);
  return fee_decompress (sqlite3_column_blob (statement, 0), (gsize) sqlite3_column_bytes (statement, 0), out, error);
}

static gboolean
read_bytes (FeeBook *book, const FeeDisclosureHead *head, GBytes **out, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  char hex[FEE_HASH_HEX];
  if (!fee_book_read_document (book, head->number, bytes, error))
    return FALSE;
  if (bytes->len != head->size || strcmp (fee_hash_of (bytes->data, bytes->len, hex), head->sha256) != 0) {
    g_autofree char *what = g_strdup_printf (_("the document of disclosure %u"), head->number);
    return fee_book_damaged (book, what, error);
  }
  *out = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return TRUE;
}

gboolean
fee_book_read_disclosure (FeeBook *book, guint32 number, GBytes **out, GError **error)
{
  g_autoptr (GPtrArray) heads = NULL;
  if (!fee_book_disclosures (book, &heads, error))
    return FALSE;
  if (number >= 1 && number <= heads->len)
    return read_bytes (book, g_ptr_array_index (heads, number - 1), out, error);
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: there is no disclosure %u"), book->path, number);
  return FALSE;
}

/* ---- Adding */

/* What it prints as the head is one of the runs that stand now. */
static gboolean
check_head (FeeBook *book, const FeeDisclosureHead *head, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  FeeChainLink link;
  if (!fee_book_runs (book, &runs, error))
    return FALSE;
  if (fee_chain_link_parse (head->head, &link) && link.number >= 1 && link.number <= runs->len
      && strcmp (((const FeeRunHead *) g_ptr_array_index (runs, link.number - 1))->digest, link.hex) == 0)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: head %s is not of a run that stands"), book->path, head->head);
  return FALSE;
}

static gboolean
check_new (FeeBook *book, const FeeDisclosureHead *head, GBytes *bytes, GError **error)
{
  char from[FEE_DATE_SIZE], to[FEE_DATE_SIZE];
  if (g_bytes_get_size (bytes) > FEE_DISCLOSURE_MAX) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("the document is larger than 512 MiB"));
    return FALSE;
  }
  if (head->posted_from > head->posted_to) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("a disclosure can't be posted from %s to %s"), fee_date_format (head->posted_from, from),
                 fee_date_format (head->posted_to, to));
    return FALSE;
  }
  return check_head (book, head, error);
}

static gboolean
number_new (FeeBook *book, FeeDisclosureHead *head, GBytes *bytes, GError **error)
{
  gint64 number, entry;
  gsize length;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  char hex[FEE_HASH_HEX];
  if (!fee_book_number (book, "SELECT coalesce (max (disclosure), 0) + 1 FROM disclosure", &number, error)
      || !fee_book_number (book, "SELECT coalesce (max (entry), 0) + 1 FROM entry", &entry, error))
    return FALSE;
  head->number = (guint32) number;
  head->entry = (guint32) entry;
  head->size = length;
  g_free (head->sha256);
  head->sha256 = g_strdup (fee_hash_of (at, length, hex));
  return TRUE;
}

static gboolean
insert (FeeBook *book, const FeeDisclosureHead *head, GBytes *packed, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  gsize length;
  const guint8 *at = g_bytes_get_data (packed, &length);
  if (!fee_book_prepare (book, "INSERT INTO disclosure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, head->number);
  sqlite3_bind_int64 (statement, 2, head->entry);
  sqlite3_bind_text (statement, 3, head->period, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, head->format, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, head->lang, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 6, head->as_of);
  sqlite3_bind_int (statement, 7, head->posted_from);
  sqlite3_bind_int (statement, 8, head->posted_to);
  sqlite3_bind_text (statement, 9, head->head, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 10, (gint64) head->size);
  sqlite3_bind_text (statement, 11, head->sha256, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 12, head->made_at, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 13, head->made_by, -1, SQLITE_STATIC);
  sqlite3_bind_blob64 (statement, 14, at, length, SQLITE_STATIC);
  return fee_book_run_once (book, statement, error);
}

/* What was written is read back before it is committed. */
static gboolean
verify (FeeBook *book, const FeeDisclosureHead *head, GBytes *bytes, GError **error)
{
  g_autoptr (GPtrArray) heads = NULL;
  g_autoptr (GBytes) back = NULL;
  if (!fee_book_disclosures (book, &heads, error) || !fee_book_read_disclosure (book, head->number, &back, error))
    return FALSE;
  g_autofree char *written = fee_disclosure_record (head);
  g_autofree char *read = fee_disclosure_record (g_ptr_array_index (heads, head->number - 1));
  return (g_bytes_equal (bytes, back) && strcmp (written, read) == 0)
         || fee_book_damaged (book, _("it does not hold what was just written"), error);
}

gboolean
fee_book_add_disclosure (FeeBook *book, FeeDisclosureHead *head, GBytes *bytes, GError **error)
{
  g_autoptr (GBytes) packed = NULL;
  if (!check_new (book, head, bytes, error) || !number_new (book, head, bytes, error) || !fee_pack_file (bytes, &packed, error))
    return FALSE;
  /* the entry first: the row names it */
  g_autofree char *record = fee_disclosure_record (head);
  return fee_book_add_entry (book, record, error) && insert (book, head, packed, error) && verify (book, head, bytes, error);
}
