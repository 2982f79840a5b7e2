/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-error.h"

void
fee_unit_add (FeeUnitLedger *unit, FeeMoney *to, FeeMoney amount)
{
  unit->overflow |= !fee_money_add (*to, amount, to);
}

void
fee_unit_take (FeeUnitLedger *unit, FeeMoney *from, FeeMoney amount)
{
  unit->overflow |= !fee_money_subtract (*from, amount, from);
}

static FeeShare *
share_of (GArray *shares, FeeText party)
{
  for (guint i = 0; i < shares->len; i++)
    if (g_array_index (shares, FeeShare, i).party == party)
      return &g_array_index (shares, FeeShare, i);
  FeeShare share = { party, 0 };
  g_array_append_val (shares, share);
  return &g_array_index (shares, FeeShare, shares->len - 1);
}

void
fee_unit_move (FeeUnitLedger *unit, FeeText party, FeeMoney amount)
{
  fee_unit_add (unit, &share_of (unit->moves, party)->amount, amount);
}

static gint
compare_shares (gconstpointer a, gconstpointer b, gpointer data)
{
  const FeeShare *x = a, *y = b;
  return strcmp (fee_strings_get (data, x->party), fee_strings_get (data, y->party));
}

static void
sort_shares (const FeeUnitLedger *unit, GArray *shares)
{
  if (shares->len > 1)
    g_array_sort_with_data (shares, compare_shares, (gpointer) unit->input->strings);
}

/* Ends an event: its moves become rows and balances. */
static void
post_moves (FeeUnitLedger *unit, const FeeEvent *event, FeeRowKind kind, FeeDate due)
{
  sort_shares (unit, unit->moves);
  for (guint i = 0; i < unit->moves->len; i++) {
    FeeShare *move = &g_array_index (unit->moves, FeeShare, i);
    FeeMoney *balance = &share_of (unit->parties, move->party)->amount;
    fee_unit_add (unit, balance, move->amount);
    FeeLedgerRow row = { kind, event->index, move->party, due, move->amount, *balance };
    if (unit->rows != NULL)
      g_array_append_val (unit->rows, row);
  }
  g_array_set_size (unit->moves, 0);
}

/* Of a receipt's rest, or a refund. rules.md section 9. */
static FeeText
party_of (const FeeUnitLedger *unit, const FeeEvent *event, gint32 last)
{
  const FeeLedgerInput *input = unit->input;
  if (unit->suspense || event->entry->party != FEE_TEXT_EMPTY)
    return unit->suspense ? FEE_TEXT_EMPTY : event->entry->party;
  if (event->named != FEE_NO_EVENT)
    return fee_unit_event (unit, (guint32) event->named)->entry->party;
  if (last != FEE_NO_EVENT)
    return fee_unit_event (unit, (guint32) last)->party;
  if (unit->last_bill != FEE_NO_EVENT)
    return fee_unit_event (unit, (guint32) unit->last_bill)->entry->party;
  return input->owner (unit->unit, event->entry->date, input->owner_data);
}

static void
note_bill (FeeUnitLedger *unit, guint32 event)
{
  const FeeStrings *strings = unit->input->strings;
  if (unit->last_bill == FEE_NO_EVENT
      || strcmp (fee_strings_get (strings, fee_unit_event (unit, event)->entry->number),
                 fee_strings_get (strings, fee_unit_event (unit, (guint32) unit->last_bill)->entry->number)) > 0)
    unit->last_bill = (gint32) event;
}

static void
run_charge (FeeUnitLedger *unit, guint32 event)
{
  const FeeEntry *entry = fee_unit_event (unit, event)->entry;
  FeeText party = unit->suspense ? FEE_TEXT_EMPTY : entry->party;
  FeeDate due = entry->due != FEE_DATE_NONE ? entry->due : entry->date;
  FeeMoney credit = 0;
  if (entry->amount > 0)
    fee_settle_item (unit, event, party, due, entry->amount);
  else
    fee_unit_take (unit, &credit, entry->amount);
  if (credit > 0)
    fee_settle_credit (unit, event, party, credit);
  fee_unit_move (unit, party, entry->amount);
  fee_settle_party (unit, party);
  if (entry->kind != FEE_ENTRY_BILL && entry->amount < 0)
    due = FEE_DATE_NONE;
  post_moves (unit, fee_unit_event (unit, event), (FeeRowKind) entry->kind, due);
}

static void
run_refund (FeeUnitLedger *unit, guint32 event)
{
  const FeeEvent *refund = fee_unit_event (unit, event);
  FeeText party = party_of (unit, refund, FEE_NO_EVENT);
  FeeMoney amount = 0;
  fee_unit_take (unit, &amount, refund->entry->amount);
  fee_settle_item (unit, event, party, refund->entry->date, amount);
  fee_unit_move (unit, party, amount);
  fee_settle_party (unit, party);
  post_moves (unit, refund, FEE_ROW_REFUND, refund->entry->date);
}

static void
run_receipt (FeeUnitLedger *unit, guint32 event)
{
  FeeEvent *receipt = fee_unit_event (unit, event);
  gint32 last = FEE_NO_EVENT;
  FeeMoney left = fee_settle_receipt (unit, event, &last), less = 0;
  if (left > 0 || receipt->entry->amount == 0) {
    receipt->party = party_of (unit, receipt, last);
    fee_unit_take (unit, &less, left);
    fee_unit_move (unit, receipt->party, less);
  }
  if (left > 0) {
    fee_settle_credit (unit, event, receipt->party, left);
    fee_settle_party (unit, receipt->party);
  }
  post_moves (unit, receipt, FEE_ROW_RECEIPT, FEE_DATE_NONE);
}

static void
run_reversal (FeeUnitLedger *unit, guint32 event)
{
  const FeeEvent *reversal = fee_unit_event (unit, event);
  guint32 other = (guint32) reversal->reversed;
  if (reversal->entry->amount > 0)
    fee_settle_undo_refund (unit, other);
  else
    fee_settle_undo_receipt (unit, other);
  if (reversal->entry->amount == 0)
    fee_unit_move (unit, fee_unit_event (unit, other)->party, 0);
  for (guint i = 0; i < unit->moves->len; i++)
    fee_settle_party (unit, g_array_index (unit->moves, FeeShare, i).party);
  post_moves (unit, reversal, FEE_ROW_REVERSAL, FEE_DATE_NONE);
}

/* Both rows for people to see; no balance, item or party comes of them. */
static void
run_withdrawn (FeeUnitLedger *unit, guint32 event)
{
  const FeeEvent *bill = fee_unit_event (unit, event);
  FeeMoney before = 0, after = 0, back = 0;
  for (guint i = 0; i < unit->parties->len; i++)
    if (g_array_index (unit->parties, FeeShare, i).party == bill->entry->party)
      before = g_array_index (unit->parties, FeeShare, i).amount;
  after = before;
  fee_unit_add (unit, &after, bill->entry->amount);
  fee_unit_take (unit, &back, bill->entry->amount);
  FeeLedgerRow billed = { FEE_ROW_BILL, bill->index, bill->entry->party, bill->entry->due, bill->entry->amount, after };
  FeeLedgerRow taken = { FEE_ROW_WITHDRAWAL, bill->index, bill->entry->party, FEE_DATE_NONE, back, before };
  if (unit->rows == NULL)
    return;
  g_array_append_val (unit->rows, billed);
  g_array_append_val (unit->rows, taken);
}

static void
run_event (FeeUnitLedger *unit, guint32 event)
{
  switch (fee_unit_event (unit, event)->class) {
  case FEE_CLASS_WITHDRAWN:
    run_withdrawn (unit, event);
    break;
  case FEE_CLASS_BILL:
    note_bill (unit, event);
    run_charge (unit, event);
    break;
  case FEE_CLASS_ADJUSTMENT:
    run_charge (unit, event);
    break;
  case FEE_CLASS_RECEIPT:
    if (fee_unit_event (unit, event)->entry->amount < 0)
      run_refund (unit, event);
    else
      run_receipt (unit, event);
    break;
  case FEE_CLASS_REVERSAL:
    run_reversal (unit, event);
    break;
  }
}

guint
fee_unit_bucket (FeeDate due, FeeDate as_of)
{
  static const gint last_days[] = { 0, 30, 60, 90, 180, 365 };
  gint64 late = (gint64) as_of - due;
  guint bucket = 0;
  while (bucket < G_N_ELEMENTS (last_days) && late > last_days[bucket])
    bucket++;
  return bucket;
}

static FeeBalance *
balance_of (FeeBalance *balances, FeeText party)
{
  while (balances->party != party)
    balances++;
  return balances;
}

static void
give_balances (FeeUnitLedger *unit)
{
  guint first = unit->balances->len;
  if (unit->parties->len == 0)
    return;
  sort_shares (unit, unit->parties);
  for (guint i = 0; i < unit->parties->len; i++) {
    const FeeShare *share = &g_array_index (unit->parties, FeeShare, i);
    FeeBalance balance = { .unit = unit->unit, .party = share->party, .balance = share->amount };
    g_array_append_val (unit->balances, balance);
  }
  FeeBalance *balances = &g_array_index (unit->balances, FeeBalance, first);
  for (guint i = 0; i < unit->open->len; i++) {
    const FeeEvent *item = fee_unit_event (unit, g_array_index (unit->open, guint32, i));
    fee_unit_add (unit, &balance_of (balances, item->party)->buckets[fee_unit_bucket (item->due, unit->as_of)], item->open);
  }
  for (guint i = 0; i < unit->credits->len; i++) {
    const FeeCredit *credit = &g_array_index (unit->credits, FeeCredit, i);
    fee_unit_add (unit, &balance_of (balances, credit->party)->credit, credit->left);
  }
}

static void
give_items (FeeUnitLedger *unit)
{
  for (guint i = 0; i < unit->open->len; i++) {
    const FeeEvent *event = fee_unit_event (unit, g_array_index (unit->open, guint32, i));
    FeeOpenItem item = { event->index, event->party, event->due, event->open };
    g_array_append_val (unit->items, item);
  }
}

static void
begin_unit (FeeUnitLedger *unit)
{
  unit->last_bill = FEE_NO_EVENT;
  g_array_set_size (unit->open, 0);
  g_array_set_size (unit->credits, 0);
  g_array_set_size (unit->payments, 0);
  g_array_set_size (unit->parties, 0);
  for (guint i = 0; i < unit->events->len; i++)
    fee_unit_event (unit, i)->open = 0; /* of an earlier run: a credit pays what it names as soon as that is open */
}

gboolean
fee_unit_run (FeeUnitLedger *unit, GError **error)
{
  begin_unit (unit);
  for (guint i = 0; i < unit->events->len && fee_unit_event (unit, i)->entry->date <= unit->as_of; i++) {
    run_event (unit, i);
    if (unit->overflow) {
      const FeeEntry *entry = fee_unit_event (unit, i)->entry;
      g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the balance of unit %s leaves 64 bits with %s"),
                   fee_strings_get (unit->input->strings, entry->unit),
                   fee_strings_get (unit->input->strings, entry->number));
      return FALSE;
    }
  }
  if (unit->balances != NULL)
    give_balances (unit);
  if (unit->items != NULL)
    give_items (unit);
  return TRUE;
}
