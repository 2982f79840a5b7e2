/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-remind.h"

G_BEGIN_DECLS

/* A notice of the party, and whether an item that was open on its day is open still. */
typedef struct {
  FeeDate date;
  gint step;
  gboolean proven, counts;
} FeeCaseNotice;

/* All that decides about one unit and party; the arrays are used again for the next. */
typedef struct {
  const FeeRemindInput *input;
  FeeMoney balance;
  GArray *items;   /* of FeeOpenItem, oldest due first */
  GArray *holds;   /* of FeeHold, on that day */
  GArray *notices; /* of FeeCaseNotice, up to that day, by date */
} FeeCase;

/* What is not disputed of the items; n 0: oldest_due is that of all. */
typedef struct {
  guint n;
  FeeDate oldest_due;
  FeeMoney sum, overdue;
} FeePressed;

typedef struct {
  gboolean statutory_only; /* stop-contact: notice and demand */
  gboolean again;          /* a broken plan: from `friendly` on, and only what was recorded since it began */
  FeeDate since;
} FeeLadder;

static inline const FeeStep *
fee_step_of (const FeePolicy *policy, gint step)
{
  return &g_array_index (policy->steps, FeeStep, step);
}

static inline const FeeCaseNotice *
fee_case_notice (const FeeCase *one, guint n)
{
  return &g_array_index (one->notices, FeeCaseNotice, n);
}

static inline void
fee_reminder_set (FeeReminder *row, FeeRemindAction action, gint reason, FeeDate next_on)
{
  row->action = action;
  row->reason = reason;
  row->next_on = next_on;
}

/* The next step of the ladder, and whether it may be taken that day. fee-remind-ladder.c */
void fee_case_climb (const FeeCase *one, const FeePressed *pressed, const FeeLadder *ladder, FeeReminder *row);

/* Fills the row but for its unit and party. */
void fee_case_decide (const FeeCase *one, FeeReminder *out);

G_END_DECLS
