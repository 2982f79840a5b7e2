/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/base/fee-hash.h"
#include "verify.h"

static FeeDate
day_of (const char *text, FeeDate empty, gboolean *ok)
{
  FeeDate day = empty;
  *ok = (*text == '\0' || fee_date_parse (text, &day)) && *ok;
  return day;
}

#define N_BATCH_COLUMNS 19

static gboolean
fill_batch (char **row, FeeBatch *batch)
{
  gboolean ok = TRUE;
  const FeeKind *kind = fee_kind_find (row[1]);
  gboolean extract = strcmp (row[17], "extract") == 0;
  batch->kind = kind == NULL ? FEE_KIND_POLICY : kind->id;
  batch->retracts = (guint32) fee_verify_number (row[2], 0, G_MAXUINT32, &ok);
  batch->file = g_strdup (row[3]);
  batch->sha256 = g_strdup (row[4]);
  batch->size = (guint64) fee_verify_number (row[5], 0, G_MAXINT64, &ok);
  batch->reading = g_strdup (extract ? row[18] : row[6]);
  batch->through = day_of (row[7], FEE_DATE_NONE, &ok);
  batch->n_rows = (guint64) fee_verify_number (row[8], 0, G_MAXINT64, &ok);
  batch->n_new = (guint64) fee_verify_number (row[9], 0, G_MAXINT64, &ok);
  batch->n_changed = (guint64) fee_verify_number (row[10], 0, G_MAXINT64, &ok);
  batch->from = day_of (row[11], FEE_DATE_NONE, &ok);
  batch->to = day_of (row[12], FEE_DATE_FOREVER, &ok);
  batch->amends = g_strdup (row[13]);
  batch->reason = g_strdup (row[14]);
  batch->made_at = g_strdup (row[15]);
  batch->made_by = g_strdup (row[16]);
  return ok && kind != NULL;
}

/* ---- The book */

static gboolean
append_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  if (length > G_MAXINT32 - ((GByteArray *) data)->len) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("the archive is damaged: a file of more than 2 GiB"));
    return FALSE;
  }
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

/* The file of a batch: the next member but for those that are no files. */
static gboolean
read_file (const FeeVerifying *verifying, FeeArchiveReader *reader, const FeeBatch *batch, GBytes **out, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *wanted = fee_bundle_file_name (batch);
  const char *name;
  do {
    if (!fee_archive_next (reader, &name, error))
      return FALSE;
    if (name == NULL)
      return fee_verify_damaged (verifying, wanted, error);
  } while (strcmp (name, wanted) < 0 && !g_str_has_prefix (name, "files/"));
  if (strcmp (name, wanted) != 0)
    return fee_verify_damaged (verifying, wanted, error);
  if (!fee_archive_read (reader, append_bytes, bytes, error))
    return FALSE;
  *out = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return TRUE;
}

static gboolean
add_file (FeeVerifying *verifying, FeeArchiveReader *reader, FeeBatch *batch, gboolean whole, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) packed = NULL;
  gsize length;
  char hex[FEE_HASH_HEX];
  if (!read_file (verifying, reader, batch, &bytes, error))
    return FALSE;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  if (whole && strcmp (fee_hash_of (at, length, hex), batch->sha256) != 0) {
    g_autofree char *name = fee_bundle_file_name (batch);
    fee_verify_find (verifying, name, g_strdup_printf (_("its SHA-256 is %s, that of batch %u is %s"), hex, batch->number, batch->sha256));
  }
  return fee_pack_file (bytes, &packed, error) && fee_book_add_batch (verifying->book, batch, packed, error);
}

static gboolean
add_batch (FeeVerifying *verifying, FeeArchiveReader *reader, guint n, GError **error)
{
  char **row = g_ptr_array_index (verifying->batches, n);
  g_autoptr (FeeBatch) batch = fee_batch_new ();
  gboolean ok = TRUE;
  if (fee_verify_number (row[0], 0, G_MAXUINT32, &ok) != n + 1 || !ok || !fill_batch (row, batch) || batch->retracts > n)
    return fee_verify_damaged (verifying, "batches.csv", error);
  batch->number = n + 1;
  if (*row[17] == '\0')
    return fee_book_add_batch (verifying->book, batch, NULL, error);
  return add_file (verifying, reader, batch, strcmp (row[17], "whole") == 0, error);
}

gboolean
fee_verify_make_book (FeeVerifying *verifying, GError **error)
{
  g_autoptr (FeeArchiveReader) reader = NULL;
  verifying->folder = g_dir_make_tmp ("fee-verify-XXXXXX", error);
  if (verifying->folder == NULL)
    return FALSE;
  g_autofree char *path = g_build_filename (verifying->folder, "book", NULL);
  if (!fee_verify_parse (verifying, "batches.csv", N_BATCH_COLUMNS, &verifying->batches, error)
      || !fee_book_create (path, &verifying->book, error) || !fee_archive_open (verifying->path, &reader, error))
    return FALSE;
  for (guint i = 0; i < verifying->batches->len; i++)
    if (!add_batch (verifying, reader, i, error))
      return FALSE;
  return TRUE;
}

/* ---- What was before */

static gboolean
add_accruals (const FeeVerifying *verifying, gint decimals, FeeStrings *strings, FeeHistory *history, GError **error)
{
  static const FeeCellFormat plain = { '.', FEE_DATE_FORMAT_PLAIN };
  g_autoptr (GPtrArray) rows = NULL;
  if (!fee_verify_parse (verifying, "before/accruals.csv", 7, &rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    char **cells = g_ptr_array_index (rows, i);
    gboolean ok = TRUE;
    FeeStageRow row = { .stage = FEE_STAGE_ACCRUE, .origin = fee_verify_period (cells[0], &ok), .asset = strcmp (cells[1], "asset") == 0,
                        .to_centre = strcmp (cells[4], "centre") == 0, .driver = FEE_TEXT_EMPTY, .weight = FEE_QUANTITY_NONE,
                        .total_weight = FEE_QUANTITY_NONE };
    row.source = fee_strings_intern_text (strings, cells[2]);
    row.line = fee_strings_intern_text (strings, cells[3]);
    row.target = fee_strings_intern_text (strings, cells[5]);
    if (!ok || fee_cell_read_money (cells[6], strlen (cells[6]), &plain, decimals, &row.amount) != NULL)
      return fee_verify_damaged (verifying, "before/accruals.csv", error);
    g_array_append_val (history->accruals, row);
  }
  return TRUE;
}

static gboolean
add_counts (const FeeVerifying *verifying, FeeStrings *strings, FeeHistory *history, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  if (!fee_verify_parse (verifying, "before/counts.csv", 2, &rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    char **cells = g_ptr_array_index (rows, i);
    gboolean ok = TRUE;
    FeeOddCount count = { fee_strings_intern_text (strings, cells[0]), (gint32) fee_verify_number (cells[1], G_MININT32, G_MAXINT32, &ok) };
    if (!ok || (i > 0 && strcmp (((char **) g_ptr_array_index (rows, i - 1))[0], cells[0]) >= 0))
      return fee_verify_damaged (verifying, "before/counts.csv", error);
    g_array_append_val (history->counts, count);
  }
  return TRUE;
}

gboolean
fee_verify_add_history (FeeVerifying *verifying, GError **error)
{
  g_autoptr (FeeHistory) history = fee_history_new ();
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  gboolean ok = TRUE;
  FeePeriod before = fee_verify_period (fee_verify_fact (verifying, "before"), &ok);
  history->since = (guint32) fee_verify_number (fee_verify_fact (verifying, "before_batches"), 0, G_MAXUINT32, &ok);
  g_strlcpy (history->digest, fee_verify_fact (verifying, "before_digest"), sizeof history->digest);
  if (!ok || strlen (history->digest) != 64 || history->since > verifying->batches->len)
    return fee_verify_damaged (verifying, "run.csv", error);
  return before == FEE_PERIOD_NONE
         || (add_accruals (verifying, verifying->tool->decimals, strings, history, error) && add_counts (verifying, strings, history, error)
             && fee_book_add_history (verifying->book, before, history, strings, error));
}
