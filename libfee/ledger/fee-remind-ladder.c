/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-remind-private.h"

#include <string.h>

/* The step with which a ladder starts again. */
static gint
first_again (const FeePolicy *policy)
{
  for (guint i = 0; i < policy->steps->len; i++)
    if (strcmp (fee_step_of (policy, (gint) i)->id, "friendly") == 0)
      return (gint) i;
  for (guint i = 0; i < policy->steps->len; i++)
    if (fee_step_is_contact (policy, (gint) i))
      return (gint) i;
  return 0;
}

static gboolean
is_of_ladder (const FeePolicy *policy, const FeeLadder *ladder, gint step)
{
  FeeStepType type = fee_step_of (policy, step)->type;
  return !ladder->statutory_only || type == FEE_STEP_NOTICE || type == FEE_STEP_DEMAND;
}

/* The furthest step recorded; NULL for none. */
static const FeeCaseNotice *
furthest_notice (const FeeCase *one, const FeeLadder *ladder)
{
  const FeeCaseNotice *furthest = NULL;
  for (guint i = 0; i < one->notices->len; i++) {
    const FeeCaseNotice *notice = fee_case_notice (one, i);
    if (notice->counts && notice->step >= 0 && (!ladder->again || notice->date >= ladder->since)
        && (furthest == NULL || notice->step >= furthest->step))
      furthest = notice;
  }
  return furthest;
}

/* -1 at the end of the ladder. */
static gint
next_step (const FeeCase *one, const FeeLadder *ladder, const FeeCaseNotice *furthest)
{
  const FeePolicy *policy = one->input->policy;
  gint step = ladder->again ? first_again (policy) : 0;
  if (furthest != NULL)
    step = MAX (step, furthest->step + 1);
  while (step < (gint) policy->steps->len && !is_of_ladder (policy, ladder, step))
    step++;
  return step < (gint) policy->steps->len ? step : -1;
}

static gboolean
is_contact (const FeeCase *one, const FeeCaseNotice *notice)
{
  return notice->step < 0 || fee_step_is_contact (one->input->policy, notice->step);
}

/* Contacts in the 30 days up to that one. */
static gint
contacts_before (const FeeCase *one, FeeDate day)
{
  gint n = 0;
  for (guint i = 0; i < one->notices->len; i++)
    n += is_contact (one, fee_case_notice (one, i)) && fee_case_notice (one, i)->date > day - 30;
  return n;
}

/* The first days on which each rule lets the step be taken. */
typedef struct {
  FeeDate wait, interval, monthly;
} Earliest;

static Earliest
find_earliest (const FeeCase *one, gint step, FeeDate oldest_due, const FeeCaseNotice *furthest, FeeDate from)
{
  const FeePolicy *policy = one->input->policy;
  Earliest earliest = { oldest_due + fee_step_of (policy, step)->after, FEE_DATE_NONE, FEE_DATE_NONE };
  if (furthest != NULL)
    earliest.wait = MAX (earliest.wait, furthest->date + fee_step_of (policy, furthest->step)->wait);
  if (!fee_step_is_contact (policy, step))
    return earliest;
  for (guint i = 0; i < one->notices->len; i++)
    if (is_contact (one, fee_case_notice (one, i)))
      earliest.interval = fee_case_notice (one, i)->date + policy->interval_days;
  earliest.monthly = MAX (from, MAX (earliest.wait, earliest.interval));
  if (policy->monthly_limit == 0)
    earliest.monthly = FEE_DATE_FOREVER;
  while (policy->monthly_limit > 0 && contacts_before (one, earliest.monthly) >= policy->monthly_limit)
    earliest.monthly++;
  return earliest;
}

gboolean
fee_receipts_are_old (const FeeRemindInput *input)
{
  return input->through == FEE_DATE_NONE || input->day - input->through > input->policy->receipts_max_age;
}

static FeeRemindReason
reason_of_remind (const FeeReminder *row, FeeDate day)
{
  gint left = row->limitation - day;
  return left <= 30 ? FEE_REASON_LIMITATION_30 : left <= 90 ? FEE_REASON_LIMITATION_90 : left <= 180 ? FEE_REASON_LIMITATION_180 : FEE_REASON_DUE;
}

static gboolean
recorded_today (const FeeCase *one)
{
  return one->notices->len > 0 && fee_case_notice (one, one->notices->len - 1)->date == one->input->day;
}

/* What bars a step whose day may have come. */
static void
decide_step (const FeeCase *one, const FeeCaseNotice *furthest, FeeReminder *row)
{
  const FeeRemindInput *input = one->input;
  gboolean recorded = recorded_today (one);
  Earliest earliest = find_earliest (one, row->step, row->oldest_due, furthest, input->day + recorded);
  FeeDate next = MAX (MAX (input->day + recorded, earliest.wait), MAX (earliest.interval, earliest.monthly));
  if (next == FEE_DATE_FOREVER)
    next = FEE_DATE_NONE;
  if (recorded)
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_RECORDED, next);
  else if (earliest.wait > input->day)
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_WAIT, next);
  else if (earliest.interval > input->day)
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_INTERVAL, next);
  else if (earliest.monthly > input->day)
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_MONTHLY_LIMIT, next);
  else if (fee_receipts_are_old (input))
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_RECEIPTS_OLD, FEE_DATE_NONE);
  else if (fee_step_of (input->policy, row->step)->approval && !input->approved)
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_APPROVAL, input->day);
  else
    fee_reminder_set (row, FEE_ACTION_REMIND, (gint) reason_of_remind (row, input->day), input->day);
}

void
fee_case_climb (const FeeCase *one, const FeePressed *pressed, const FeeLadder *ladder, FeeReminder *row)
{
  const FeeCaseNotice *furthest = furthest_notice (one, ladder);
  FeeMoney amount = pressed->overdue > 0 ? pressed->overdue : pressed->sum;
  row->step = next_step (one, ladder, furthest);
  if (amount < one->input->policy->minimum)
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_MINIMUM, FEE_DATE_NONE);
  else if (row->step < 0)
    fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_RECORDED, FEE_DATE_NONE);
  else
    decide_step (one, furthest, row);
}
