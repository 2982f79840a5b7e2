/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../engine/fee-run-period.h"
#include "fee-book.h"

G_BEGIN_DECLS

/* All that a posted run was made from: with it the month can be run again without the book. */
typedef struct {
  GPtrArray *batches;   /* of FeeBatch: of the book */
  guint32 n_batches;    /* those that the run saw: the first so many */
  guint8 *read;         /* by batch: its file was read, or is a policy in force */
  FeeRecords *records;  /* as the run read them */
  FeeHistory *history;  /* what the runs before left, and what they posted of the months that the run restates; its texts are in the ids of the
                         * records */
  FeePeriod before;     /* the month of the last of them; FEE_PERIOD_NONE for none */
} FeeEvidence;
void fee_evidence_free (FeeEvidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeEvidence, fee_evidence_free)

/* Within the transaction at hand. *out: Owned by the caller; free with fee_evidence_free(). */
gboolean fee_book_evidence (FeeBook *book, const FeeRunHead *head, FeeEvidence **out, GError **error);

/* Into a book that has the batches and no run: one run of that month stands for all that were before, with what they recognised
 * and the counts and digest that they left. Strings are those of the texts. */
gboolean fee_book_add_history (FeeBook *book, FeePeriod period, const FeeHistory *history, FeeStrings *strings,
                               GError **error);

/* What the call of a run asked for, from its head; FEE_ERROR_POLICY for what this program does not know. */
gboolean fee_run_arguments (const FeeRunHead *head, FeeRunArguments *out, GError **error);

G_END_DECLS
