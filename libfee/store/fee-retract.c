/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "fee-import-private.h"

/* The batch to take back; NULL with error set where there is none that may be. */
static FeeBatch *
find_batch (const GPtrArray *batches, guint32 number, GError **error)
{
  FeeBatch *batch = number == 0 || number > batches->len ? NULL : g_ptr_array_index (batches, number - 1);
  if (batch == NULL)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("batch %u is not in the book"), number);
  else if (batch->retracts != 0)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("batch %u is itself a retraction"), number);
  else if (batch->retracted_by != 0)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("batch %u is retracted already"), number);
  else if (number == 1)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("batch %u is the policy that the book began with"), number);
  else
    return batch;
  return NULL;
}

/* What is left must hold together: every row is checked as if it came new. */
static gboolean
check_rest (FeeBook *book, const GPtrArray *batches, GError **error)
{
  g_autoptr (FeeRecords) records = NULL;
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  FeeLoad load = { .kinds = ~0u, .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_ALL };
  FeeImportNames names = { .book = book, .batches = batches, .new_file = "" };
  FeeCheck check;
  gboolean ok = TRUE;
  if (!fee_book_load (book, batches, &load, &records, error))
    return FALSE;
  fee_import_init_check (&check, records, &names, problems);
  fee_records_index (records, fee_check_overlap, &check);
  for (guint kind = FEE_KIND_UNITS; kind < FEE_N_KINDS && ok; kind++)
    ok = fee_check_rows (&check, (FeeKindId) kind, 0, error);
  fee_check_clear (&check);
  fee_import_names_clear (&names);
  return ok && fee_problems_settle (problems, FEE_ERROR_RECORDS, error);
}

gboolean
fee_import_retract (FeeBook *book, guint32 number, const char *reason, const char *made_at, const char *made_by, guint32 *out,
                    GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeBatch) retraction = fee_batch_new ();
  if (!fee_book_batches (book, &batches, error))
    return FALSE;
  FeeBatch *batch = find_batch (batches, number, error);
  if (batch == NULL)
    return FALSE;
  batch->retracted_by = batches->len + 1;
  if (!check_rest (book, batches, error)) {
    g_prefix_error (error, _("batch %u can't be retracted:\n"), number);
    return FALSE;
  }
  retraction->kind = batch->kind;
  retraction->retracts = number;
  retraction->reason = g_strdup (reason);
  retraction->made_at = g_strdup (made_at);
  retraction->made_by = g_strdup (made_by);
  retraction->from = batch->from;
  retraction->to = batch->to;
  if (!fee_book_add_batch (book, retraction, NULL, error))
    return FALSE;
  *out = retraction->number;
  return TRUE;
}
