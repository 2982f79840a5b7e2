/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-ledger-private.h"

#include <string.h>

static guint32
nth_open (const FeeUnitLedger *unit, guint n)
{
  return g_array_index (unit->open, guint32, n);
}

static FeeCredit *
nth_credit (const FeeUnitLedger *unit, guint n)
{
  return &g_array_index (unit->credits, FeeCredit, n);
}

/* The oldest due item; ties: the smaller number. */
static gboolean
is_due_before (const FeeUnitLedger *unit, guint32 a, guint32 b)
{
  const FeeEvent *x = fee_unit_event (unit, a), *y = fee_unit_event (unit, b);
  if (x->due != y->due)
    return x->due < y->due;
  gint order = strcmp (fee_strings_get (unit->input->strings, x->entry->number),
                       fee_strings_get (unit->input->strings, y->entry->number));
  return order != 0 ? order < 0 : a < b;
}

static void
insert_open (FeeUnitLedger *unit, guint32 event)
{
  guint at = unit->open->len;
  while (at > 0 && is_due_before (unit, event, nth_open (unit, at - 1)))
    at--;
  g_array_insert_val (unit->open, at, event);
}

/* Removes paid items. */
static void
sweep_open (FeeUnitLedger *unit)
{
  guint kept = 0;
  for (guint i = 0; i < unit->open->len; i++)
    if (fee_unit_event (unit, nth_open (unit, i))->open > 0)
      g_array_index (unit->open, guint32, kept++) = nth_open (unit, i);
  g_array_set_size (unit->open, kept);
}

static void
sweep_credits (FeeUnitLedger *unit)
{
  guint kept = 0;
  for (guint i = 0; i < unit->credits->len; i++)
    if (nth_credit (unit, i)->left > 0)
      *nth_credit (unit, kept++) = *nth_credit (unit, i);
  g_array_set_size (unit->credits, kept);
}

void
fee_settle_item (FeeUnitLedger *unit, guint32 event, FeeText party, FeeDate due, FeeMoney amount)
{
  FeeEvent *item = fee_unit_event (unit, event);
  item->party = party;
  item->due = due;
  item->open = amount;
  insert_open (unit, event);
}

void
fee_settle_credit (FeeUnitLedger *unit, guint32 event, FeeText party, FeeMoney amount)
{
  guint at = unit->credits->len;
  while (at > 0 && nth_credit (unit, at - 1)->event > event)
    at--;
  FeeCredit credit = { event, party, amount };
  g_array_insert_val (unit->credits, at, credit);
}

/* As much of left as the item takes; returns that. */
static FeeMoney
pay_item (FeeUnitLedger *unit, guint32 source, guint32 event, FeeMoney *left)
{
  FeeEvent *item = fee_unit_event (unit, event);
  FeePayment payment = { source, event, MIN (*left, item->open) };
  if (payment.amount == 0)
    return 0;
  fee_unit_take (unit, left, payment.amount);
  fee_unit_take (unit, &item->open, payment.amount);
  if (item->undone || fee_unit_event (unit, source)->undone)
    g_array_append_val (unit->payments, payment);
  return payment.amount;
}

/* Adjustments settle first what they name, and receipts a bill that came after them; what is left of a receipt for a bill that was there
 * is a credit like any other. */
static gboolean
settles_first (const FeeUnitLedger *unit, const FeeCredit *credit)
{
  const FeeEvent *event = fee_unit_event (unit, credit->event);
  return event->named != FEE_NO_EVENT && (event->entry->kind != FEE_ENTRY_RECEIPT || event->named > (gint32) credit->event);
}

static void
settle_named (FeeUnitLedger *unit, FeeText party)
{
  for (guint i = 0; i < unit->credits->len; i++) {
    FeeCredit *credit = nth_credit (unit, i);
    gint32 named = fee_unit_event (unit, credit->event)->named;
    if (credit->party == party && settles_first (unit, credit) && fee_unit_event (unit, (guint32) named)->party == party)
      pay_item (unit, credit->event, (guint32) named, &credit->left);
  }
}

/* Items and credits of the party in their order, each used up before the next. */
static void
settle_oldest (FeeUnitLedger *unit, FeeText party)
{
  guint c = 0, i = 0;
  while (c < unit->credits->len && i < unit->open->len) {
    FeeCredit *credit = nth_credit (unit, c);
    FeeEvent *item = fee_unit_event (unit, nth_open (unit, i));
    if (credit->party != party || credit->left == 0)
      c++;
    else if (item->party != party || item->open == 0)
      i++;
    else
      pay_item (unit, credit->event, nth_open (unit, i), &credit->left);
  }
}

void
fee_settle_party (FeeUnitLedger *unit, FeeText party)
{
  if (unit->credits->len == 0 || unit->open->len == 0)
    return;
  settle_named (unit, party);
  settle_oldest (unit, party);
  sweep_open (unit);
  sweep_credits (unit);
}

static void
pay_directly (FeeUnitLedger *unit, guint32 receipt, guint32 item, FeeMoney *left, gint32 *last)
{
  FeeMoney amount = pay_item (unit, receipt, item, left), less = 0;
  if (amount == 0)
    return;
  fee_unit_take (unit, &less, amount);
  fee_unit_move (unit, fee_unit_event (unit, item)->party, less);
  *last = (gint32) item;
}

FeeMoney
fee_settle_receipt (FeeUnitLedger *unit, guint32 event, gint32 *last)
{
  const FeeEvent *receipt = fee_unit_event (unit, event);
  FeeMoney left = receipt->entry->amount;
  /* a bill that is not there yet: a credit until then, even where other items are open */
  if (receipt->named > (gint32) event)
    return left;
  FeeText wanted = unit->suspense ? FEE_TEXT_EMPTY : receipt->entry->party;
  if (receipt->named != FEE_NO_EVENT)
    pay_directly (unit, event, (guint32) receipt->named, &left, last);
  for (guint i = 0; i < unit->open->len && left > 0; i++)
    if (wanted == FEE_TEXT_EMPTY || fee_unit_event (unit, nth_open (unit, i))->party == wanted)
      pay_directly (unit, event, nth_open (unit, i), &left, last);
  sweep_open (unit);
  return left;
}

static void
open_again (FeeUnitLedger *unit, const FeePayment *payment)
{
  FeeEvent *item = fee_unit_event (unit, payment->item);
  if (item->open == 0)
    insert_open (unit, payment->item);
  fee_unit_add (unit, &item->open, payment->amount);
  fee_unit_move (unit, item->party, payment->amount);
}

void
fee_settle_undo_receipt (FeeUnitLedger *unit, guint32 event)
{
  guint kept = 0;
  for (guint i = 0; i < unit->payments->len; i++) {
    FeePayment payment = g_array_index (unit->payments, FeePayment, i);
    if (payment.source == event)
      open_again (unit, &payment);
    else
      g_array_index (unit->payments, FeePayment, kept++) = payment;
  }
  g_array_set_size (unit->payments, kept);
  for (guint i = 0; i < unit->credits->len; i++) {
    FeeCredit *credit = nth_credit (unit, i);
    if (credit->event != event)
      continue;
    fee_unit_move (unit, credit->party, credit->left);
    credit->left = 0;
  }
  sweep_credits (unit);
}

void
fee_settle_undo_refund (FeeUnitLedger *unit, guint32 event)
{
  FeeEvent *refund = fee_unit_event (unit, event);
  guint kept = 0;
  for (guint i = 0; i < unit->payments->len; i++) {
    FeePayment payment = g_array_index (unit->payments, FeePayment, i);
    if (payment.item == event)
      fee_settle_credit (unit, payment.source, refund->party, payment.amount);
    else
      g_array_index (unit->payments, FeePayment, kept++) = payment;
  }
  g_array_set_size (unit->payments, kept);
  refund->open = 0;
  sweep_open (unit);
  fee_unit_move (unit, refund->party, refund->entry->amount);
}
