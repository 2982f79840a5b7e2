/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../engine/fee-stages.h"
#include "fee-import-private.h"

/* ---- What the checks ask */

static const char *
file_of_batch (guint32 batch, gpointer data)
{
  const FeeImportNames *names = data;
  if (batch > names->batches->len)
    return names->new_file;
  return ((const FeeBatch *) g_ptr_array_index (names->batches, batch - 1))->file;
}

static gboolean
find_bill (const char *number, gboolean *found, char **unit, char **party, gpointer data, GError **error)
{
  FeeImportNames *names = data;
  if (names->finder == NULL)
    names->finder = fee_bill_finder_new (names->book);
  return fee_bill_finder_find (names->finder, number, found, unit, party, error);
}

void
fee_import_names_clear (FeeImportNames *names)
{
  g_clear_pointer (&names->billed, g_hash_table_unref);
  g_clear_pointer (&names->finder, fee_bill_finder_free);
}

static gboolean
add_billed (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  if (!g_hash_table_contains (data, bill->party->str))
    g_hash_table_add (data, g_strdup (bill->party->str));
  return TRUE;
}

static gboolean
find_billed (const char *party, gboolean *found, gpointer data, GError **error)
{
  FeeImportNames *names = data;
  if (names->billed == NULL) {
    g_autoptr (GPtrArray) runs = NULL;
    g_autoptr (GPtrArray) withdrawals = NULL;
    if (!fee_book_all_runs (names->book, &runs, &withdrawals, error))
      return FALSE;
    names->billed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < runs->len; i++)
      if (!fee_book_read_bills (names->book, ((const FeeRunHead *) g_ptr_array_index (runs, i))->number, NULL, NULL, add_billed,
                                names->billed, error))
        return FALSE;
  }
  *found = g_hash_table_contains (names->billed, party);
  return TRUE;
}

void
fee_import_init_check (FeeCheck *check, const FeeRecords *records, FeeImportNames *names, FeeProblems *problems)
{
  *check = (FeeCheck) { .records = records, .file_of = file_of_batch, .find_bill = find_bill, .find_billed = find_billed,
                        .own_depreciation = fee_asset_own_depreciation, .data = names, .problems = problems };
}
