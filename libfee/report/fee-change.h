/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-policy.h"
#include "../model/fee-run.h"

G_BEGIN_DECLS

/* Why a unit bears another amount of a centre than in another month: interface.md section 5, --change. */

/* One month of it. */
typedef struct {
  FeeMoney pool;             /* of the centre */
  FeeQuantity weight, total; /* of the unit, and of all units; total is 0 where the centre shared nothing */
  gint days;                 /* in which weight and total are counted: those of the month for a level driver, 1 for a flow */
  FeeMoney amount;           /* that the unit bears */
} FeeChangeSide;

typedef enum {
  FEE_CHANGE_COST,        /* of the pool */
  FEE_CHANGE_OWN,         /* of the unit's quantity */
  FEE_CHANGE_DENOMINATOR, /* of all units' quantity */
  FEE_CHANGE_POLICY,      /* another driver or scope: the rest is not told apart */
  FEE_CHANGE_CORRECTION,  /* of lines with an earlier origin */
  FEE_CHANGE_ROUNDING,    /* odd fen */
  FEE_N_CHANGES
} FeeChangeCause;
/* "cost", ...; static. */
const char *fee_change_cause_text (FeeChangeCause cause);

/* With p, w, W for pool, weight and total, weights by day: cost (pP - pQ) wQ / WQ, own pP (wP - wQ) / WQ, denominator pP
 * wP (1/WP - 1/WQ), each rounded once from the exact number; rounding is the rest of the difference of the amounts. Where
 * one month shared nothing all is cost. Other parts become 0. FALSE where a part leaves 64 bits. */
gboolean fee_change_split (const FeeChangeSide *before, const FeeChangeSide *now, FeeMoney parts[FEE_N_CHANGES]);

/* Whether a centre shares alike under two policies: the driver, what it measures, and the scope. */
gboolean fee_change_same_rule (const FeePolicy *before, const FeePolicy *now, const char *centre);

/* A quantity by day, rounded to micro-units. FALSE where it leaves 64 bits. */
gboolean fee_change_by_day (FeeQuantity weight, gint days, FeeQuantity *out);

G_END_DECLS
