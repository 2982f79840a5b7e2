/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-load-private.h"

/* Rows that are passed on together: their texts stay in the processor's cache. */
#define AT_ONCE 4096

typedef struct {
  const FeeStandingRows *rows;
  FeeStrings *ids;      /* of the rows at hand */
  FeeStrings *repeated; /* keys that more than one batch may have */
  FeeTable *versions;   /* their rows */
  FeeStrings *version_ids;
  const FeeBatch *batch;
  FeeBillFinder *finder;
  FeeStandingFunc func;
  gpointer data;
} Standing;

static guint
key_of (const FeeTable *table)
{
  return table->kind->keys[0];
}

static gboolean
read_batch (Standing *standing, guint32 fields, FeeTableFunc func, GError **error)
{
  const FeeStandingRows *rows = standing->rows;
  g_autoptr (FeeTable) table = fee_table_new (rows->kind, standing->ids);
  FeeTableReading reading = { .table = table, .decimals = rows->decimals, .only_known = TRUE, .at_once = AT_ONCE, .func = func,
                              .data = standing, .finder = standing->finder };
  fee_table_want (table, fields);
  table->passing = TRUE;
  return fee_book_read_table (rows->book, standing->batch, &reading, error);
}

static gboolean
take_keys (FeeTable *table, gpointer data, GError **error)
{
  (void) error;
  Standing *standing = data;
  for (guint32 row = 0; row < table->n_rows; row++)
    fee_strings_intern_text (standing->repeated, fee_table_text (table, key_of (table), row));
  return TRUE;
}

static gboolean
copy_row (const FeeTable *from, guint32 row, FeeTable *to, GError **error)
{
  guint32 copy;
  if (!fee_table_add_row (to, from->line[row], &copy)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%u: more rows than a book can hold"), from->line[row]);
    return FALSE;
  }
  for (guint n = 0; n < from->columns->len; n++) {
    const FeeColumn *column = fee_table_column (from, n);
    if (!column->wanted)
      continue;
    if (fee_cell_size (column->type) == sizeof (gint64))
      fee_table_column (to, n)->number[copy] = column->number[row];
    else if (column->type == FEE_CELL_DATE || column->type == FEE_CELL_COUNT)
      fee_table_column (to, n)->small[copy] = column->small[row];
    else
      fee_table_set_text (to, n, copy, fee_table_text (from, n, row), strlen (fee_table_text (from, n, row)));
  }
  return TRUE;
}

/* Rows of keys that come again wait; the others are all that there is of their key. */
static gboolean
take_rows (FeeTable *table, gpointer data, GError **error)
{
  Standing *standing = data;
  gboolean stands = fee_batch_stands (standing->batch, G_MAXUINT32);
  if (standing->versions != NULL) {
    const GByteArray *present = g_array_index (table->segments, FeeSegment, 0).present;
    GByteArray *copy = g_array_index (standing->versions->segments, FeeSegment, standing->versions->segments->len - 1).present;
    memcpy (copy->data, present->data, MIN (copy->len, present->len));
  }
  for (guint32 row = 0; row < table->n_rows; row++) {
    FeeText found;
    gboolean again = standing->versions != NULL && fee_strings_find (standing->repeated, fee_table_text (table, key_of (table), row), &found);
    if (again ? !copy_row (table, row, standing->versions, error) : stands && !standing->func (table, row, standing->data, error))
      return FALSE;
  }
  return TRUE;
}

/* The keys of files that say again what others said. */
static gboolean
find_repeated (Standing *standing, const guint8 *chosen, GError **error)
{
  const FeeStandingRows *rows = standing->rows;
  for (guint i = 0; i < rows->batches->len; i++) {
    standing->batch = g_ptr_array_index (rows->batches, i);
    if (!chosen[i] || *standing->batch->amends == '\0')
      continue;
    if (!read_batch (standing, 1u << fee_kind_get (rows->kind)->keys[0], take_keys, error))
      return FALSE;
    if (standing->versions != NULL)
      continue;
    standing->version_ids = fee_strings_new ();
    standing->versions = fee_table_new (rows->kind, standing->version_ids);
    fee_table_want (standing->versions, rows->fields);
  }
  return TRUE;
}

static gboolean
merge_versions (Standing *standing, GError **error)
{
  FeeTable *table = standing->versions;
  if (table == NULL)
    return TRUE;
  fee_table_merge (table, table->segments->len, NULL, NULL);
  for (guint32 row = 0; row < table->n_rows; row++)
    if (fee_table_alive (table, row) && !standing->func (table, row, standing->data, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_all (Standing *standing, const guint8 *chosen, GError **error)
{
  const GPtrArray *batches = standing->rows->batches;
  if (!find_repeated (standing, chosen, error))
    return FALSE;
  for (guint i = 0; i < batches->len; i++) {
    standing->batch = g_ptr_array_index (batches, i);
    if (!chosen[i])
      continue;
    if (standing->versions != NULL)
      fee_table_begin_segment (standing->versions, standing->batch->number)->retracted_by = standing->batch->retracted_by;
    if (!read_batch (standing, standing->rows->fields, take_rows, error))
      return FALSE;
  }
  return merge_versions (standing, error);
}

gboolean
fee_book_each_standing (const FeeStandingRows *rows, FeeStandingFunc func, gpointer data, GError **error)
{
  FeeLoad load = { .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER };
  g_autofree guint8 *chosen = fee_choose_batches (rows->batches, &load, rows->kind);
  Standing standing = { .rows = rows, .ids = fee_strings_new (), .repeated = fee_strings_new (),
                        .finder = fee_bill_finder_new (rows->book), .func = func, .data = data };
  gboolean ok = read_all (&standing, chosen, error);
  fee_bill_finder_free (standing.finder);
  fee_table_free (standing.versions);
  fee_strings_free (standing.version_ids);
  fee_strings_free (standing.repeated);
  fee_strings_free (standing.ids);
  return ok;
}
