/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-stages.h"

G_BEGIN_DECLS

typedef struct {
  FeePeriod period;
  FeeDate issue; /* FEE_DATE_NONE: by the rule (rules.md section 8) */
  GArray *restate; /* of FeePeriod, ascending: the months of history->restated; NULL: none */
} FeeRunArguments;
static inline void
fee_run_arguments_clear (FeeRunArguments *arguments)
{
  g_clear_pointer (&arguments->restate, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FeeRunArguments, fee_run_arguments_clear)

/* The run of a period: a pure function of records, history and arguments. The records are indexed and hold units, parties, costs,
 * assets and quantities. Stages as in fee-stages.h; nothing is posted. *out: Owned by the caller; free with fee_run_free(); its strings are borrowed
 * from the records. Errors: as the stages; FEE_ERROR_RECORDS also for the policy's checks (expect, total, complete). */
gboolean fee_run_period (const FeeRecords *records, const FeeHistory *history, const FeeRunArguments *arguments, FeeRun **out,
                         GError **error);

/* Where the pages of a run go, and what it needs to know before: for a caller that packs and stores them while the run goes on. */
typedef struct {
  /* The run has its rows; pages follow. */
  gboolean (*begin) (const FeeRun *run, gpointer data, GError **error);
  FeePageFunc page;
  gpointer data;
} FeePageSink;

/* The same with the pages handed on; run->pages is NULL and the digest is the caller's to make (fee_digest_new()). */
gboolean fee_run_period_to (const FeeRecords *records, const FeeHistory *history, const FeeRunArguments *arguments,
                            const FeePageSink *sink, FeeRun **out, GError **error);

/* The checks that a policy asks for before a month is billed: interface.md section 4 (expect, total, complete). */
gboolean fee_check_period (const FeeRecords *records, const FeeAccruals *accruals, FeePeriod period, GError **error);

/* Issue day by the rule. */
FeeDate fee_issue_day (const FeePolicy *policy, FeePeriod period);

G_END_DECLS
