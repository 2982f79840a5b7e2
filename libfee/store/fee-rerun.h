/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book.h"

G_BEGIN_DECLS

/* A posted month once more, from the records and the policy as its run knew them and with its arguments: rules.md section 10. */

/* What the two have differently: interface.md section 5. */
typedef struct {
  char *unit, *party; /* NULL for what is no line of a bill */
  char *item;         /* a centre; else what of the run */
  FeePeriod origin;   /* FEE_PERIOD_NONE for none */
  gboolean has_posted, has_recomputed;
  FeeMoney posted, recomputed;
  char *cause;        /* English, in every language */
} FeeDifference;

/* All are counted, these are kept. */
#define FEE_DIFFERENCES_KEPT 100000

typedef struct {
  GPtrArray *differences; /* of FeeDifference *; none: the two are identical */
  guint64 n_differences;
  char digest[65];        /* recomputed; "" where the month could not be computed again */
} FeeRerun;
void fee_rerun_free (FeeRerun *rerun);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRerun, fee_rerun_free)

/* Within the transaction at hand; posts nothing. A month that the records of then do not allow is a difference. Errors: FEE_ERROR_IO for what
 * can't be read; FEE_ERROR_POLICY for arguments that this program does not know. *out: Owned by the caller; free with fee_rerun_free(). */
gboolean fee_book_rerun (FeeBook *book, const FeeRunHead *head, FeeRerun **out, GError **error);

G_END_DECLS
