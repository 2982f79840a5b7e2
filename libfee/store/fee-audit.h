/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book.h"

G_BEGIN_DECLS

/* The check of a whole book: that it holds what was imported and posted, unchanged and without a gap. What a run should have come to is
 * for fee-rerun.h. */

/* A place of the book ("run 2 page 0") and what is wrong there. */
typedef struct {
  char *place, *what;
} FeeFinding;

/* All are counted, these are kept. */
#define FEE_FINDINGS_KEPT 1000

/* A link of a chain as it was printed: RUNS:DIGEST or ENTRIES:SEAL. */
typedef struct {
  guint32 number;
  char hex[65];
} FeeChainLink;
gboolean fee_chain_link_parse (const char *text, FeeChainLink *out);

typedef struct {
  GPtrArray *findings; /* of FeeFinding *: the first FEE_FINDINGS_KEPT */
  guint64 n_findings;
  guint n_batches, n_runs; /* runs that stand */
  guint n_disclosures;
  guint64 n_bills;
  char *head, *seal;   /* RUNS:DIGEST and ENTRIES:SEAL as the book says them; NULL where it can't be read so far */
  GError *stopped;     /* what kept the audit from going on; NULL where it came to its end */
} FeeAudit;
void fee_audit_free (FeeAudit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeAudit, fee_audit_free)

/* Within the transaction at hand. head, seal: printed earlier, must be part of the chains; NULL for none. It does not fail: what stops it
 * stands in the audit, beside what was found until then. Owned by the caller; free with fee_audit_free(). */
FeeAudit *fee_book_audit (FeeBook *book, const FeeChainLink *head, const FeeChainLink *seal);

/* A copy of the book as the transaction at hand sees it, at a path where nothing is yet, mode 0600. It is there, whole, only when it opens,
 * SQLite finds it sound, and its head and seal are those of the book. Errors: FEE_ERROR_RECORDS where the path is taken; FEE_ERROR_IO. */
gboolean fee_book_backup (FeeBook *book, const char *path, GError **error);

/* "RUNS:DIGEST", of no run 64 zeros. Owned by the caller; free with g_free(). */
char *fee_runs_head (const GPtrArray *runs);

G_END_DECLS
