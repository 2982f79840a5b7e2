/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book-private.h"
#include "fee-rerun.h"

G_BEGIN_DECLS

/* A posted run and what its records give again. */
typedef struct {
  FeeBook *book;
  const FeeRunHead *head;
  const FeeRun *posted, *again;
  FeeRerun *rerun;
} FeeRerunPair;

/* A difference to fill in; NULL beyond those that are kept. cause becomes its own. */
FeeDifference *fee_rerun_differ (FeeRerun *rerun, const char *item, char *cause);

/* Bill by bill, line by line. pages: of the run made again. */
gboolean fee_rerun_compare_bills (const FeeRerunPair *comparison, const GPtrArray *pages, GError **error);

G_END_DECLS
