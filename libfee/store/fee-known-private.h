/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../engine/fee-run-period.h"
#include "fee-book.h"

G_BEGIN_DECLS

/* A book as a run sees it: the records known at a batch, and what the runs before left. Posting sees all that there is; re-running a posted
 * month sees what its run saw (rules.md section 10). */
typedef struct {
  FeeBook *book;
  GPtrArray *batches, *all;  /* all of the book; all: runs, also withdrawn ones */
  GPtrArray *runs;           /* those before that stood; borrowed from all */
  guint32 as_of;             /* the last batch known */
  const FeeRunHead *last;    /* of runs; NULL before the first */
  FeeRecords *records;       /* policies; fee_known_run() adds what a run reads */
  FeeHistory *history;       /* filled by fee_known_run() */
  const GPtrArray *restated; /* as FeePosting has them; NULL: what the runs hold */
  const FeeStrings *strings;
} FeeKnown;

/* head: NULL for all that there is, else as the run of that head saw it. Clear with fee_known_clear(), also after a failure. */
gboolean fee_known_init (FeeKnown *known, FeeBook *book, const FeeRunHead *head, GError **error);
void fee_known_clear (FeeKnown *known);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FeeKnown, fee_known_clear)

/* What a call asked for beside its month, as the book keeps it: "--issue-date 2026-02-05 --restate 2026-01", or "". Owned by the caller; free with
 * g_free(). */
char *fee_arguments_to_text (const FeeRunArguments *arguments);
/* Errors: FEE_ERROR_POLICY for what this program does not know. Clear with fee_run_arguments_clear(). */
gboolean fee_arguments_of_run (const FeeRunHead *head, FeeRunArguments *out, GError **error);

/* The late lines of the next run, from records of all months up to the last that is posted, which the caller has loaded. Owned by the caller; free with
 * fee_shares_free(). */
gboolean fee_known_late (FeeKnown *known, FeeShares **out, GError **error);

/* All that the runs before posted with an origin, which one of them is of. Owned by the caller; free with fee_posted_origin_free(). */
gboolean fee_known_postings (FeeKnown *known, FeePeriod origin, FeePostedOrigin **out, GError **error);

/* The steps of fee_known_run(), for who wants to see what a run reads: first the history, then what was posted of the months that it restates,
 * then the records, which are not indexed. */
gboolean fee_known_read_history (FeeKnown *known, GError **error);
gboolean fee_known_read_restated (FeeKnown *known, const FeeRunArguments *arguments, GError **error);
gboolean fee_known_read_records (FeeKnown *known, FeePeriod period, GError **error);
/* The kinds that a run reads beside policies, and what it loads of each; known->history is read. */
#define FEE_N_KNOWN_KINDS 5
extern const FeeKindId fee_known_kinds[FEE_N_KNOWN_KINDS];
FeeLoad fee_known_load (FeeKnown *known, FeePeriod period, FeeKindId kind);

/* The month from there, with its pages packed beside the stages; once only. *run borrows the strings of the records. *pages: of FeePackedPage.
 * Owned by the caller; free with fee_run_free() and g_ptr_array_unref(). */
gboolean fee_known_run (FeeKnown *known, const FeeRunArguments *arguments, FeeRun **run, GPtrArray **pages, GError **error);

G_END_DECLS
