/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../input/fee-policy-file.h"
#include "fee-import-private.h"

static gboolean
read_policy (const char *name, GBytes *bytes, FeePolicy **out, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  return fee_policy_read (name, text, length, out, error);
}

gboolean
fee_import_first_policy (FeeBook *book, const char *name, GBytes *bytes, const char *made_at, const char *made_by, GError **error)
{
  g_autoptr (FeePolicy) policy = NULL;
  if (!read_policy (name, bytes, &policy, error))
    return FALSE;
  if (policy->from != policy->start) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, _("%s: the first policy of a book holds from its start on"), name);
    return FALSE;
  }
  g_autoptr (FeeBatch) batch = fee_import_new_batch (FEE_KIND_POLICY, name, g_bytes_get_size (bytes), made_at, made_by);
  batch->n_rows = batch->n_new = 1;
  batch->from = fee_period_first_day (policy->from);
  FeePacking packing;
  fee_packing_start (&packing, bytes);
  gboolean ok = fee_import_store (book, batch, &packing, error);
  fee_packing_clear (&packing);
  return ok;
}

/* rules.md section 10: what posted runs used stays. Stage rows of a run name categories and centres by their ids. */
static void
check_used (const FeeRun *run, const FeePolicy *policy, const char *name, FeeProblems *problems, GHashTable *named)
{
  for (guint i = 0; i < run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (run, i);
    if (row->origin < policy->from)
      continue;
    gboolean source_is_category = row->stage == FEE_STAGE_RESOURCE;
    gboolean target_is_centre = row->stage == FEE_STAGE_RESOURCE || row->stage == FEE_STAGE_SUPPORT || row->to_centre;
    const char *ids[2] = { NULL, NULL };
    if (source_is_category || (row->stage == FEE_STAGE_ACCRUE && !row->to_centre))
      ids[0] = fee_strings_get (run->strings, source_is_category ? row->source : row->target);
    if (target_is_centre || row->stage >= FEE_STAGE_ACTIVITY)
      ids[1] = fee_strings_get (run->strings, target_is_centre ? row->target : row->source);
    for (guint n = 0; n < 2; n++) {
      gboolean there = ids[n] == NULL
                       || (n == 0 ? fee_policy_find_category (policy, ids[n]) : fee_policy_find_centre (policy, ids[n])) >= 0;
      if (!there && g_hash_table_add (named, g_strdup (ids[n])))
        fee_problems_add (problems, n == 0 ? _("%s: it drops category %s, which posted runs used")
                                           : _("%s: it drops centre %s, which posted runs used"), name, ids[n]);
    }
  }
}

static gboolean
check_against_runs (FeeImport *import, const FeePolicy *policy, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GHashTable) named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!fee_book_runs (import->book, &runs, error))
    return FALSE;
  for (guint i = 0; i < runs->len; i++) {
    g_autoptr (FeeRun) run = NULL;
    if (!fee_book_read_run (import->book, g_ptr_array_index (runs, i), &run, error))
      return FALSE;
    check_used (run, policy, import->name, import->problems, named);
  }
  return fee_problems_settle (import->problems, FEE_ERROR_POLICY, error);
}

static gboolean
check_against_first (FeeImport *import, const FeePolicy *policy, GError **error)
{
  const FeePolicy *first = g_ptr_array_index (import->records->policies, 0);
  char start[FEE_DATE_SIZE];
  if (policy->start != first->start)
    fee_problems_add (import->problems, _("%s: the book starts in %s; that never changes"), import->name,
                      fee_period_format (first->start, start));
  if (strcmp (policy->currency, first->currency) != 0)
    fee_problems_add (import->problems, _("%s: the book is kept in %s; that never changes"), import->name, first->currency);
  return fee_problems_settle (import->problems, FEE_ERROR_POLICY, error);
}

gboolean
fee_import_policy (FeeImport *import, GError **error)
{
  g_autoptr (FeePolicy) policy = NULL;
  FeeLoad load = { .as_of = G_MAXUINT32 };
  if (import->options->has_total) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, _("--total: a policy has no amounts"));
    return FALSE;
  }
  if (!fee_book_load (import->book, import->batches, &load, &import->records, error)
      || !read_policy (import->name, import->bytes, &policy, error) || !check_against_first (import, policy, error))
    return FALSE;
  import->batch->reading = g_strdup (""); /* a policy is read one way only */
  if (fee_import_find_same (import))
    return TRUE;
  if (!check_against_runs (import, policy, error))
    return FALSE;
  import->batch->n_rows = import->batch->n_new = import->imported->n_rows = import->imported->n_new = 1;
  import->batch->from = fee_period_first_day (policy->from);
  return fee_import_store (import->book, import->batch, &import->packing, error);
}
