/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-reader-private.h"

#include <string.h>

#include "fee-csv.h"
#include "fee-decode.h"

struct _FeeReread {
  FeeFileReader reader;
  FeeRows *rows;
  FeeCsv *csv;
  GByteArray *whole; /* of files that are not UTF-8 */
  guint mark;        /* bytes of a byte order mark passed over; all, where there is none */
  guint32 at_once;   /* rows that are passed on together */
  FeeTableFunc func; /* NULL: all rows stay in the table */
  gpointer data;
};

static gboolean
pass_on (FeeReread *reread, GError **error)
{
  FeeTable *table = reread->reader.table;
  if (reread->func == NULL || table->n_rows == 0)
    return TRUE;
  if (!reread->func (table, reread->data, error))
    return FALSE;
  fee_table_empty (table);
  return TRUE;
}

static gboolean
take_row (guint line, const FeeField *cells, guint n_cells, gpointer data, GError **error)
{
  FeeReread *reread = data;
  return fee_file_reader_take (line, cells, n_cells, &reread->reader, error)
         && (reread->reader.table->n_rows < reread->at_once || pass_on (reread, error));
}

FeeReread *
fee_reread_new (const FeeReading *reading, FeeTable *table, gint decimals, gboolean only_known)
{
  FeeReread *reread = g_new0 (FeeReread, 1);
  reread->at_once = G_MAXUINT32;
  reread->reader = (FeeFileReader) { .table = table, .reading = reading, .decimals = decimals };
  fee_file_reader_bind (&reread->reader, only_known);
  reread->rows = fee_rows_new (take_row, reread);
  reread->csv = fee_csv_new (reading->delimiter, fee_rows_take, reread->rows);
  if (strcmp (reading->encoding, "UTF-8") != 0)
    reread->whole = g_byte_array_new ();
  return reread;
}

void
fee_reread_free (FeeReread *reread)
{
  if (reread == NULL)
    return;
  fee_csv_free (reread->csv);
  fee_rows_free (reread->rows);
  g_free (reread->reader.columns);
  g_clear_pointer (&reread->whole, g_byte_array_unref);
  g_free (reread);
}

void
fee_reread_pass_on (FeeReread *reread, guint32 at_once, FeeTableFunc func, gpointer data)
{
  reread->at_once = at_once;
  reread->func = func;
  reread->data = data;
}

/* What was read once reads again: a fault now is one of the book. */
static gboolean
of_the_book (gboolean ok, GError **error)
{
  if (!ok && error != NULL && *error != NULL && (*error)->code == FEE_ERROR_RECORDS)
    (*error)->code = FEE_ERROR_IO;
  return ok;
}

static gboolean
feed_text (FeeReread *reread, const char *text, gsize length, GError **error)
{
  GError *problem = NULL;
  return fee_csv_feed (reread->csv, text, length, &problem)
         || of_the_book (fee_file_reader_end (reread->rows, problem, error), error);
}

gboolean
fee_reread_feed (FeeReread *reread, const guint8 *bytes, gsize length, GError **error)
{
  static const guint8 mark[] = { 0xEF, 0xBB, 0xBF };
  if (reread->whole != NULL) {
    g_byte_array_append (reread->whole, bytes, (guint) length);
    return TRUE;
  }
  /* a text that begins with a part of the mark only is no UTF-8, and was not read at first either */
  while (reread->mark < G_N_ELEMENTS (mark) && length > 0 && *bytes == mark[reread->mark]) {
    reread->mark++;
    bytes++;
    length--;
  }
  if (length > 0)
    reread->mark = G_N_ELEMENTS (mark);
  return feed_text (reread, (const char *) bytes, length, error);
}

gboolean
fee_reread_finish (FeeReread *reread, GError **error)
{
  if (reread->whole != NULL) {
    g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&reread->whole));
    g_autoptr (GBytes) text = NULL;
    g_autofree char *found = NULL;
    if (!of_the_book (fee_decode (bytes, reread->reader.reading->encoding, &text, &found, error), error))
      return FALSE;
    gsize length;
    const char *at = g_bytes_get_data (text, &length);
    if (!feed_text (reread, at, length, error))
      return FALSE;
  }
  GError *problem = NULL;
  fee_csv_finish (reread->csv, &problem);
  return of_the_book (fee_file_reader_end (reread->rows, problem, error), error) && pass_on (reread, error);
}
