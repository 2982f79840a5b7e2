/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../engine/fee-stages.h"
#include "fee-book.h"

G_BEGIN_DECLS

/* A month of a book, from its records to its posted run: load, fee_run_period() (engine/), post. */

typedef struct {
  FeePeriod period;
  FeeDate issue;         /* FEE_DATE_NONE: by the rule */
  gboolean dry_run;      /* posts nothing */
  GArray *restate;       /* of FeePeriod, ascending: months whose differences are posted too; NULL: none */
  const GPtrArray *restated;   /* of FeePostedOrigin: what was posted of these months, where the runs of the book do not hold it; NULL: they do */
  const FeeStrings *strings;   /* of the texts of restated */
  const char *expect;    /* NULL, or the digest that alone is posted */
  const char *made_at, *made_by;
} FeePosting;

typedef enum { FEE_POSTED, FEE_ALREADY_POSTED, FEE_DRY_RUN, FEE_WITHDRAWN, FEE_ALREADY_WITHDRAWN } FeePostState;
/* "posted", "already-posted", "dry-run", "withdrawn", "already-withdrawn"; static. */
const char *fee_post_state_text (FeePostState state);

typedef struct {
  FeePostState state;
  FeeRunHead *head;   /* number 0 for a dry run */
  FeeRun *run;        /* without its pages; NULL where it was posted already */
  GPtrArray *pages;   /* its pages, packed */
  FeeRecords *records; /* whose strings the run borrows */
  guint n_runs;       /* of the book, this one included */
  GArray *differences; /* of FeePeriod: posted months that a batch since may have changed */
} FeePosted;
void fee_posted_free (FeePosted *posted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeePosted, fee_posted_free)

/* What a run would see of the book. */
typedef struct {
  FeePeriod start, next;  /* the month to bill next */
  gboolean issue_before;  /* of the policy in force in the month asked for */
} FeeBookState;
gboolean fee_book_state (FeeBook *book, FeePeriod period, FeeBookState *out, GError **error);

/* Within the transaction at hand; the caller commits. Errors: as fee_run_period(); FEE_ERROR_RECORDS for a month before the book or after a gap, or
 * another digest than expected. *out: Owned by the caller; free with fee_posted_free(). */
gboolean fee_book_post (FeeBook *book, const FeePosting *posting, FeePosted **out, GError **error);

typedef struct {
  FeePeriod period;
  const char *reason;
  const char *made_at, *made_by;
} FeeWithdrawing;

/* Takes the last run back (rules.md section 10), within the transaction at hand; the caller commits. *out has the head of the run that is taken back,
 * with the digest that stands now, and no run. The month that was withdrawn last and has not run again is FEE_ALREADY_WITHDRAWN, and nothing is
 * done. Errors: FEE_ERROR_RECORDS where the month is not posted or not the last, or where receipts, adjustments or holds name bills of it: a line
 * each. Owned by the caller; free with fee_posted_free(). */
gboolean fee_book_withdraw (FeeBook *book, const FeeWithdrawing *withdrawing, FeePosted **out, GError **error);

/* Its bills, heads only, whether it is posted or not. */
gboolean fee_posted_bills (FeeBook *book, const FeePosted *posted, FeeBillFunc func, gpointer data, GError **error);

/* A copy. Owned by the caller; free with fee_run_head_free(). */
FeeRunHead *fee_run_head_copy (const FeeRunHead *head);

/* The run of a month that was taken back last; NULL where there is none, or where the month has run again. Borrowed from all. */
const FeeRunHead *fee_runs_find_withdrawn (const GPtrArray *all, FeePeriod period);

/* The posted run of a month; NULL where there is none. Borrowed from runs. */
const FeeRunHead *fee_runs_find (const GPtrArray *runs, FeePeriod period);

G_END_DECLS
