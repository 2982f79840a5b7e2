/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../model/fee-records.h"
#include "../model/fee-run.h"

G_BEGIN_DECLS

/* What is not yet, or already, recognised at the end of a month, so that the general ledger can be tied (fee-explain(1)
 * "Open amounts"). */

typedef enum {
  FEE_OPEN_PREPAID, /* a document dated by the end of the month, of which later months are still to have their part */
  FEE_OPEN_ACCRUED, /* a document dated later, of which the book has recognised something */
  FEE_OPEN_ASSET,   /* in service at the end of the month */
  FEE_N_OPEN_KINDS
} FeeOpenKind;
/* "prepaid", "accrued", "asset"; static. */
const char *fee_open_kind_text (FeeOpenKind kind);

typedef struct {
  FeeOpenKind kind;
  FeeText source, line;
  const char *target;  /* category or centre. Borrowed from the records */
  FeeMoney amount;     /* of the document; cost of the asset */
  FeeMoney before;     /* served, or depreciated, before the book's first month */
  FeeMoney recognised; /* by runs up to the month */
  FeeMoney open;       /* amount less both: prepaid, and book value. accrued: what was recognised */
} FeeOpenAmount;

/* What the runs up to a month recognised. Texts are in the ids of the records. */
typedef struct _FeeRecognised FeeRecognised;
/* Owned by the caller; free with fee_recognised_free(). */
FeeRecognised *fee_recognised_new (void);
void fee_recognised_free (FeeRecognised *recognised);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRecognised, fee_recognised_free)
/* Takes the accruals of a run. FALSE where a sum leaves 64 bits. */
gboolean fee_recognised_add (FeeRecognised *recognised, const FeeRun *run, FeeStrings *ids);

/* records: costs, assets and quantities, indexed, as the run of the month knew them. *out: of FeeOpenAmount, by kind, source
 * and line (bytewise), those with something open, and every asset in service. FEE_ERROR_INTERNAL where something was
 * recognised of what is not in the records. Owned by the caller; free with g_array_unref(). */
gboolean fee_open_amounts (const FeeRecords *records, const FeeRecognised *recognised, FeePeriod period, GArray **out,
                           GError **error);

G_END_DECLS
