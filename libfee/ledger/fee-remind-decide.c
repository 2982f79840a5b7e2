/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-remind-private.h"

#include <string.h>

/* interface.md section 4: a plan is kept while what is overdue is at most its instalments due after D - 10. */
#define GRACE_DAYS 10
#define LIMITATION_MONTHS 36

/* ---- Words */

static const char *const reasons[] = {
  "deceased", "legal", "stop-contact", "instalments", "hardship", "dispute", "due", "paid", "minimum", "recorded", "wait", "interval",
  "monthly-limit", "receipts-old", "approval", "limitation-180", "limitation-90", "limitation-30",
};

const char *
fee_hold_kind_text (FeeHoldKind kind)
{
  return reasons[kind];
}

gboolean
fee_hold_kind_parse (const char *word, FeeHoldKind *out)
{
  for (guint i = 0; i < FEE_N_HOLDS; i++)
    if (strcmp (reasons[i], word) == 0) {
      *out = (FeeHoldKind) i;
      return TRUE;
    }
  return FALSE;
}

const char *
fee_remind_action_text (FeeRemindAction action)
{
  static const char *const actions[] = { "remind", "hold", "assist", "skip" };
  return actions[action];
}

const char *
fee_remind_reason_text (FeeRemindReason reason)
{
  return reasons[reason];
}

FeeDate
fee_limitation_day (FeeDate due)
{
  return fee_date_add_months (due, LIMITATION_MONTHS);
}

gboolean
fee_step_is_contact (const FeePolicy *policy, gint step)
{
  FeeStepType type = fee_step_of (policy, step)->type;
  return type == FEE_STEP_LETTER || type == FEE_STEP_VISIT || type == FEE_STEP_DEMAND;
}

/* ---- What is open */

/* The parts of a balance: each is at most the sum of the items, which the ledger has added up. */
static const FeeOpenItem *
nth_item (const FeeCase *one, guint n)
{
  return &g_array_index (one->items, FeeOpenItem, n);
}

static const FeeHold *
nth_hold (const FeeCase *one, guint n)
{
  return &g_array_index (one->holds, FeeHold, n);
}

static gboolean
is_disputed (const FeeCase *one, const FeeOpenItem *item)
{
  const FeeEntry *entry = &one->input->ledger->entries[item->entry];
  for (guint i = 0; i < one->holds->len; i++) {
    const FeeHold *hold = nth_hold (one, i);
    if (hold->kind != FEE_HOLD_DISPUTE)
      continue;
    if (hold->bill != FEE_TEXT_EMPTY ? hold->bill == entry->number : entry->date <= hold->from)
      return TRUE;
  }
  return FALSE;
}

static FeeMoney
overdue_on (const FeeCase *one, FeeDate day)
{
  FeeMoney sum = 0;
  for (guint i = 0; i < one->items->len; i++)
    if (nth_item (one, i)->due < day)
      fee_money_add (sum, nth_item (one, i)->open, &sum);
  return sum;
}

static FeePressed
find_pressed (const FeeCase *one, FeeMoney *disputed)
{
  FeePressed pressed = { .oldest_due = FEE_DATE_FOREVER };
  *disputed = 0;
  for (guint i = 0; i < one->items->len; i++) {
    const FeeOpenItem *item = nth_item (one, i);
    if (is_disputed (one, item)) {
      fee_money_add (*disputed, item->open, disputed);
      continue;
    }
    pressed.n++;
    pressed.oldest_due = MIN (pressed.oldest_due, item->due);
    fee_money_add (pressed.sum, item->open, &pressed.sum);
    if (item->due < one->input->day)
      fee_money_add (pressed.overdue, item->open, &pressed.overdue);
  }
  if (pressed.n == 0)
    pressed.oldest_due = one->items->len > 0 ? nth_item (one, 0)->due : FEE_DATE_NONE;
  return pressed;
}

/* ---- Holds */

static gboolean
is_held (const FeeCase *one, FeeHoldKind kind)
{
  for (guint i = 0; i < one->holds->len; i++)
    if (nth_hold (one, i)->kind == kind)
      return TRUE;
  return FALSE;
}

/* The day after the last of that kind; NONE without end. */
static FeeDate
after_hold (const FeeCase *one, FeeHoldKind kind)
{
  FeeDate to = FEE_DATE_NONE;
  for (guint i = 0; i < one->holds->len; i++)
    if (nth_hold (one, i)->kind == kind)
      to = MAX (to, nth_hold (one, i)->to);
  return to == FEE_DATE_FOREVER || to == FEE_DATE_NONE ? FEE_DATE_NONE : to + 1;
}

static FeeMoney
still_to_pay (const FeeCase *one, FeeText plan, FeeDate day)
{
  FeeMoney sum = 0;
  for (guint i = 0; i < one->input->instalments->len; i++) {
    const FeeInstalment *instalment = &g_array_index (one->input->instalments, FeeInstalment, i);
    if (instalment->plan == plan && instalment->due > day - GRACE_DAYS && !fee_money_add (sum, instalment->amount, &sum))
      return G_MAXINT64;
  }
  return sum;
}

static gboolean
plans_are_kept (const FeeCase *one, FeeDate day)
{
  for (guint i = 0; i < one->holds->len; i++) {
    const FeeHold *hold = nth_hold (one, i);
    if (hold->kind == FEE_HOLD_INSTALMENTS && overdue_on (one, day) > still_to_pay (one, hold->plan, day))
      return FALSE;
  }
  return TRUE;
}

/* Where nothing is paid and nothing more is billed, a plan breaks on a day after an item fell due or when an instalment's grace is over. */
static FeeDate
first_broken_day (const FeeCase *one)
{
  FeeDate first = FEE_DATE_FOREVER, day = one->input->day;
  for (guint i = 0; i < one->items->len; i++) {
    FeeDate late = nth_item (one, i)->due + 1;
    if (late > day && late < first && !plans_are_kept (one, late))
      first = late;
  }
  for (guint i = 0; i < one->input->instalments->len; i++) {
    FeeDate over = g_array_index (one->input->instalments, FeeInstalment, i).due + GRACE_DAYS;
    if (over > day && over < first && !plans_are_kept (one, over))
      first = over;
  }
  return first == FEE_DATE_FOREVER ? FEE_DATE_NONE : first;
}

static FeeDate
broken_plan_from (const FeeCase *one)
{
  FeeDate from = FEE_DATE_NONE;
  for (guint i = 0; i < one->holds->len; i++)
    if (nth_hold (one, i)->kind == FEE_HOLD_INSTALMENTS)
      from = MAX (from, nth_hold (one, i)->from);
  return from;
}

/* ---- The decision */

static void
hold (FeeReminder *row, FeeRemindAction action, FeeHoldKind kind, FeeDate next_on)
{
  row->step = -1;
  row->held = MAX (row->balance, 0);
  fee_reminder_set (row, action, (gint) kind, next_on);
}

static void
decide (const FeeCase *one, const FeePressed *pressed, FeeReminder *row)
{
  FeeDate day = one->input->day;
  gboolean kept = plans_are_kept (one, day), plan = is_held (one, FEE_HOLD_INSTALMENTS), hardship = is_held (one, FEE_HOLD_HARDSHIP);
  FeeLadder ladder = { is_held (one, FEE_HOLD_STOP_CONTACT), plan && !kept, broken_plan_from (one) };
  if (is_held (one, FEE_HOLD_DECEASED)) {
    hold (row, FEE_ACTION_HOLD, FEE_HOLD_DECEASED, after_hold (one, FEE_HOLD_DECEASED));
  } else if (is_held (one, FEE_HOLD_LEGAL)) {
    hold (row, FEE_ACTION_HOLD, FEE_HOLD_LEGAL, after_hold (one, FEE_HOLD_LEGAL));
  } else if (ladder.statutory_only) {
    if (pressed->n > 0 && !hardship && !(plan && kept))
      fee_case_climb (one, pressed, &ladder, row);
    if (row->action != FEE_ACTION_REMIND)
      hold (row, FEE_ACTION_HOLD, FEE_HOLD_STOP_CONTACT, after_hold (one, FEE_HOLD_STOP_CONTACT));
  } else if (plan && kept) {
    hold (row, FEE_ACTION_HOLD, FEE_HOLD_INSTALMENTS, first_broken_day (one));
  } else if (hardship) {
    hold (row, FEE_ACTION_ASSIST, FEE_HOLD_HARDSHIP, after_hold (one, FEE_HOLD_HARDSHIP));
  } else if (pressed->n == 0) {
    hold (row, FEE_ACTION_HOLD, FEE_HOLD_DISPUTE, after_hold (one, FEE_HOLD_DISPUTE));
  } else {
    fee_case_climb (one, pressed, &ladder, row);
  }
}

/* The step taken last, and the last proven demand. */
static FeeDate
read_notices (const FeeCase *one, FeeReminder *row)
{
  FeeDate demand = FEE_DATE_NONE;
  for (guint i = 0; i < one->notices->len; i++) {
    const FeeCaseNotice *notice = fee_case_notice (one, i);
    if (notice->step < 0)
      continue;
    if (notice->proven && fee_step_of (one->input->policy, notice->step)->type == FEE_STEP_DEMAND)
      demand = notice->date;
    if (notice->counts && (notice->date > row->last_date || notice->step > row->last_step)) {
      row->last_step = notice->step;
      row->last_date = notice->date;
    }
  }
  return demand;
}

void
fee_case_decide (const FeeCase *one, FeeReminder *row)
{
  row->balance = one->balance;
  row->overdue = overdue_on (one, one->input->day);
  row->step = row->last_step = -1;
  row->oldest_due = row->last_date = row->limitation = FEE_DATE_NONE;
  fee_reminder_set (row, FEE_ACTION_SKIP, FEE_REASON_PAID, FEE_DATE_NONE);
  FeeDate demand = read_notices (one, row);
  if (one->items->len == 0)
    return;
  FeePressed pressed = find_pressed (one, &row->held);
  row->oldest_due = pressed.oldest_due;
  row->limitation = fee_limitation_day (MAX (nth_item (one, 0)->due, demand));
  decide (one, &pressed, row);
}
