/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../model/fee-records.h"
#include "../model/fee-run.h"
#include "fee-weigh.h"

G_BEGIN_DECLS

/* The stages of a run, each with a type of its own: fee_accrue -> fee_collect -> fee_allocate -> fee_charge (design.md).
 * All are pure; amounts are in the book's minor units. Errors: FEE_ERROR_RECORDS for what the records do not allow, FEE_ERROR_POLICY for what
 * the policy lacks, each with the list of causes; FEE_ERROR_INTERNAL where a stage does not add up to the one before. */

/* A pool of one origin that a run posted, as its stage activity or restate. */
typedef struct {
  FeeText centre;
  gint64 total;      /* weight; 0 where there is none */
  FeeMoney amount;
  gboolean restates; /* it stands for all before it of that centre */
} FeePostedPool;

/* A line of such a pool. */
typedef struct {
  FeeText unit, party;
  guint32 pool;
  FeeRole role;
  gint32 days;
  gint64 weight;
  FeeMoney amount;
} FeePostedLine;

/* All that runs posted with one origin: rules.md section 10. Texts are in the ids of the records. */
typedef struct {
  FeePeriod origin;
  GArray *counts; /* of FeeOddCount, by unit: those before the run of the origin */
  GArray *pools;  /* of FeePostedPool, in the order of runs and their rows */
  GArray *lines;  /* of FeePostedLine, by pool */
} FeePostedOrigin;
FeePostedOrigin *fee_posted_origin_new (FeePeriod origin);
void fee_posted_origin_free (FeePostedOrigin *posted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeePostedOrigin, fee_posted_origin_free)

/* What posted runs leave to the next. Texts are in the ids of the records. */
typedef struct {
  GPtrArray *restated; /* of FeePostedOrigin: months to restate, ascending */
  GArray *accruals;   /* of FeeStageRow, stage accrue: of all posted runs */
  guint32 since;      /* the last batch that the last run saw; 0 for none */
  gboolean all;       /* a retraction since: every record is compared with what was recognised of it */
  GArray *counts;     /* of FeeOddCount, by unit (bytewise): odd fen borne so far */
  char digest[65];    /* of the last run, or 64 zeros */
} FeeHistory;

/* Owned by the caller; free with fee_history_free(). */
FeeHistory *fee_history_new (void);
void fee_history_free (FeeHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeHistory, fee_history_free)

/* Rows of stage accrue, in the order of rules.md section 5. */
typedef struct {
  GArray *rows; /* of FeeStageRow */
} FeeAccruals;
void fee_accruals_free (FeeAccruals *accruals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeAccruals, fee_accruals_free)
gboolean fee_accrue (const FeeRecords *records, const FeeHistory *history, FeePeriod period, FeeAccruals **out, GError **error);

/* What categories and centres have collected, by origin. */
typedef struct {
  FeePeriod origin;
  const FeePolicy *policy; /* in force for it; borrowed */
  FeeMoney *categories;    /* by category of the policy */
  FeeMoney *centres;       /* by centre of the policy: direct costs */
} FeeOriginPools;
typedef struct {
  GArray *origins; /* of FeeOriginPools, by date */
} FeePools;
void fee_pools_free (FeePools *pools);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeePools, fee_pools_free)
gboolean fee_collect (const FeeRecords *records, const FeeAccruals *accruals, FeePools **out, GError **error);

/* What the primary centres have to share, and how it came to them. */
typedef struct {
  FeePeriod origin;
  const FeePolicy *policy;
  gint centre;
  FeeMoney pool;
} FeeCentrePool;
typedef struct {
  GArray *rows;    /* of FeeStageRow: resource, then support */
  GArray *centres; /* of FeeCentrePool: primary, pool <> 0, by origin and centre */
} FeeAllocation;
void fee_allocation_free (FeeAllocation *allocation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeAllocation, fee_allocation_free)
gboolean fee_allocate (const FeeRecords *records, const FeePools *pools, FeeAllocation **out, GError **error);

/* A line of the stage restate. */
typedef struct {
  FeeText unit, party;
  FeeLine line; /* activity: from 0 on, among the rows of the stage */
} FeeRestatedLine;
typedef struct {
  GArray *rows;  /* of FeeStageRow, by origin, then centre */
  GArray *lines; /* of FeeRestatedLine, by unit and party (bytewise), then row */
} FeeRestatement;
void fee_restatement_free (FeeRestatement *restatement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRestatement, fee_restatement_free)

/* One pool shared among units: who gets an odd fen; weights are weighed again when needed, which is cheaper than to keep them. */
typedef struct {
  FeeCentrePool pool;
  FeeWeigher *weigher;
  gint64 total;
  guint8 *odd;           /* a bit a unit */
  FeeQuantity left_out;  /* quantities of units that the scope leaves out */
} FeeActivity;
typedef struct {
  GArray *activities; /* of FeeActivity */
  GArray *rows;       /* of FeeStageRow: activity */
  gint32 *counts;     /* odd fen by unit of the register, after the run */
  guint8 *counted;    /* by unit: it has a count */
  FeeRestatement *restatement; /* NULL: none */
} FeeShares;
void fee_shares_free (FeeShares *shares);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeShares, fee_shares_free)
gboolean fee_share (const FeeRecords *records, const FeeHistory *history, const FeeAllocation *allocation, FeeShares **out,
                    GError **error);

/* rules.md section 10: the differences between the months of history->restated as known now and what was posted with their origin, the late lines
 * of this run (shares) included. They become part of the shares. */
gboolean fee_restate (const FeeRecords *records, const FeeHistory *history, FeeShares *shares, GError **error);
/* The same of one month, beside no run or beside the shares of one. *out: Owned by the caller; free with fee_restatement_free(). */
gboolean fee_compare_origin (const FeeRecords *records, const FeePostedOrigin *posted, const FeeShares *shares, FeeRestatement **out,
                             GError **error);
/* The stages of one origin on all records, as if nothing had been recognised of it, from the odd-fen counts given (of FeeOddCount). */
gboolean fee_share_origin (const FeeRecords *records, FeePeriod origin, const GArray *counts, FeeShares **out, GError **error);

/* The lines of one pool, in the order of units; data: as given. */
typedef void (*FeeLineFunc) (FeeText unit, FeeText party, const FeeLine *line, gpointer data);
gboolean fee_charge_activity (const FeeRecords *records, const FeeShares *shares, guint activity, FeeLineFunc func, gpointer data,
                              GError **error);

/* Where full pages of bills go. A page is the function's from then on. FALSE with error set stops the stage. */
typedef gboolean (*FeePageFunc) (FeePage *page, gpointer data, GError **error);

/* Bills with their lines, packed in pages. */
typedef struct {
  GPtrArray *pages; /* of FeePage; NULL where they went elsewhere */
  guint64 n_bills, n_lines;
  FeeMoney total;
} FeeCharges;
void fee_charges_free (FeeCharges *charges);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeCharges, fee_charges_free)
gboolean fee_charge (const FeeRecords *records, const FeeShares *shares, FeeCharges **out, GError **error);
/* The same, with each page handed on as soon as it is full. */
gboolean fee_charge_to (const FeeRecords *records, const FeeShares *shares, FeePageFunc func, gpointer data, FeeCharges **out,
                        GError **error);

/* rules.md section 3. The part of an amount that was served through the last day of a month. */
FeeMoney fee_served (FeeMoney amount, const FeeServiceSpan *span, FeePeriod through);

/* rules.md section 4. Depreciation taken through the end of a month, by an asset's row. */
FeeMoney fee_asset_depreciation (const FeeRecords *records, guint32 row, FeePeriod through);
/* By the method alone, without `opening`: what an opening is compared with. */
FeeMoney fee_asset_own_depreciation (const FeeRecords *records, guint32 row, FeePeriod through);

/* rules.md section 5.3. M[i][t]: weight of support centre i for target t; targets: the support centres, then the primary ones.
 * own: what each support centre has; out: what reaches each primary centre, and whether anything does (r <> 0). order: rank of each primary
 * centre by id. FALSE where centres serve only each other: stuck[i] is TRUE for them;
 * or where a part leaves 64 bits: then it is for none. */
gboolean fee_reciprocal (guint n_support, guint n_primary, const gint64 *weights, const FeeMoney *own, const guint *order,
                         FeeMoney *out, gboolean *has_share, gboolean *stuck);

G_END_DECLS
