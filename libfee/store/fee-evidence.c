/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-evidence.h"

#include "fee-book-private.h"
#include "fee-known-private.h"
#include "fee-load-private.h"
#include "fee-packer.h"

void
fee_evidence_free (FeeEvidence *evidence)
{
  if (evidence == NULL)
    return;
  g_clear_pointer (&evidence->batches, g_ptr_array_unref);
  g_clear_pointer (&evidence->records, fee_records_free);
  g_clear_pointer (&evidence->history, fee_history_free);
  g_free (evidence->read);
  g_free (evidence);
}

/* As fee_book_load_kind() chooses them, and policies as fee_book_load() does. */
static guint8 *
find_read (FeeKnown *known, FeePeriod period)
{
  guint8 *read = g_new0 (guint8, known->batches->len + 1);
  for (guint i = 0; i < known->as_of; i++) {
    const FeeBatch *batch = g_ptr_array_index (known->batches, i);
    read[i] = batch->kind == FEE_KIND_POLICY && fee_batch_stands (batch, known->as_of);
  }
  for (guint k = 0; k < FEE_N_KNOWN_KINDS; k++) {
    FeeLoad load = fee_known_load (known, period, fee_known_kinds[k]);
    g_autofree guint8 *chosen = fee_choose_batches (known->batches, &load, fee_known_kinds[k]);
    for (guint i = 0; i < known->as_of; i++)
      read[i] = read[i] || chosen[i];
  }
  return read;
}

gboolean
fee_book_evidence (FeeBook *book, const FeeRunHead *head, FeeEvidence **out, GError **error)
{
  g_autoptr (FeeEvidence) evidence = g_new0 (FeeEvidence, 1);
  g_auto (FeeKnown) known = { 0 };
  g_auto (FeeRunArguments) arguments = { 0 };
  if (!fee_arguments_of_run (head, &arguments, error) || !fee_known_init (&known, book, head, error)
      || !fee_known_read_history (&known, error) || !fee_known_read_restated (&known, &arguments, error))
    return FALSE;
  evidence->read = find_read (&known, head->period);
  if (!fee_known_read_records (&known, head->period, error))
    return FALSE;
  evidence->n_batches = known.as_of;
  evidence->before = known.last == NULL ? FEE_PERIOD_NONE : known.last->period;
  evidence->batches = g_steal_pointer (&known.batches);
  evidence->records = g_steal_pointer (&known.records);
  evidence->history = g_steal_pointer (&known.history);
  *out = g_steal_pointer (&evidence);
  return TRUE;
}

gboolean
fee_book_add_history (FeeBook *book, FeePeriod period, const FeeHistory *history, FeeStrings *strings, GError **error)
{
  g_autoptr (FeeRun) run = fee_run_new ();
  g_autoptr (FeeRunHead) head = fee_run_head_new ();
  g_autoptr (GPtrArray) pages = g_ptr_array_new ();
  run->strings = strings;
  g_array_append_vals (run->rows, history->accruals->data, history->accruals->len);
  g_array_append_vals (run->counts, history->counts->data, history->counts->len);
  head->period = period;
  head->issue = head->due = fee_period_last_day (period);
  head->currency = g_strdup ("");
  head->arguments = g_strdup ("");
  head->last_batch = history->since;
  head->rules = FEE_RULES_VERSION;
  head->digest = g_strdup (history->digest);
  head->made_at = g_strdup ("");
  head->made_by = g_strdup ("");
  return fee_book_add_packed_run (book, run, pages, head, error);
}

gboolean
fee_run_arguments (const FeeRunHead *head, FeeRunArguments *out, GError **error)
{
  return fee_arguments_of_run (head, out, error);
}
