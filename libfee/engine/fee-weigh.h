/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../model/fee-records.h"

G_BEGIN_DECLS

/* Weights of targets in a month: rules.md section 6. In micro-units, those of level drivers times days. */

/* Of every centre of the policy by one driver; weights: by centre. A negative one is a problem. */
void fee_weigh_centres (const FeeRecords *records, const FeePolicy *policy, gint driver, FeePeriod origin, gint64 *weights,
                        FeeProblems *problems);

/* The part of a flow that falls in a month, by days, cumulatively rounded. */
FeeQuantity fee_flow_part (FeeQuantity quantity, FeeDate from, FeeDate to, FeeDate first, FeeDate last);
/* What has flowed through the end of that day. */
FeeQuantity fee_flow_through (FeeQuantity quantity, FeeDate from, FeeDate to, FeeDate day);

/* What the weighers of one run share: values of attributes, quantities by unit. */
typedef struct _FeeScales FeeScales;
/* Owned by the caller; free with fee_scales_unref(). records must outlive it. */
FeeScales *fee_scales_new (const FeeRecords *records);
void fee_scales_unref (FeeScales *scales);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeScales, fee_scales_unref)

/* Weighs units for one centre and month. */
typedef struct _FeeWeigher FeeWeigher;
/* Owned by the caller; free with fee_weigher_free(). The centre has a driver. */
FeeWeigher *fee_weigher_new (FeeScales *scales, const FeePolicy *policy, gint centre, FeePeriod origin);
void fee_weigher_free (FeeWeigher *weigher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeWeigher, fee_weigher_free)

/* What is wrong with a weight; it is returned in place of one. */
#define FEE_WEIGHT_MISSING (-1)
#define FEE_WEIGHT_NEGATIVE (-2)
#define FEE_WEIGHT_TOO_LARGE (-3)

/* The weight of a unit of the register, or one of the above; *days: on which it counts (in the register and in the scope). */
gint64 fee_weigher_unit (const FeeWeigher *weigher, guint32 unit, FeeDays *days);

/* Imported quantities of units that the scope leaves out (rules.md section 6): their sum in the month. */
FeeQuantity fee_weigher_left_out (const FeeWeigher *weigher);

G_END_DECLS
