/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-order.h"
#include "fee-ledger.h"

G_BEGIN_DECLS

/* ---- order: fee-ledger-order.c */

/* The entries of one unit stand together in places: of guint64, unit * 2^32 + entry. Owned by the caller; free with
 * g_free(). */
guint64 *fee_order_by_unit (const FeeLedgerInput *input);
/* A key a unit, in order of unit; index is its first place. *n keys. Owned by the caller; free with g_free(). */
FeeSortKey *fee_order_units (const FeeLedgerInput *input, const guint64 *places, gsize *n);

/* ---- one unit */

typedef enum { FEE_CLASS_WITHDRAWN, FEE_CLASS_BILL, FEE_CLASS_ADJUSTMENT, FEE_CLASS_RECEIPT, FEE_CLASS_REVERSAL } FeeEventClass;

#define FEE_NO_EVENT (-1)

/* An entry in its place in the unit's order. A receipt above 0 is no item: party is then its credit's. */
typedef struct {
  const FeeEntry *entry;
  guint32 index;        /* of the entry */
  FeeEventClass class;  /* the order on one day */
  gint32 named;         /* the event that it pays first, or FEE_NO_EVENT */
  gint32 reversed;      /* the event that it reverses, or FEE_NO_EVENT */
  gboolean undone;      /* a later event reverses it, so that what it paid, or what paid it, is kept */
  FeeText party;        /* of an item */
  FeeDate due;
  FeeMoney open;
} FeeEvent;

typedef struct {
  guint32 event;
  FeeText party;
  FeeMoney left; /* above 0 */
} FeeCredit;

typedef struct {
  guint32 source, item; /* events */
  FeeMoney amount;
} FeePayment;

typedef struct {
  FeeText party;
  FeeMoney amount;
} FeeShare;

/* The work on one unit; the arrays are used again for the next.
 * After each event a party has open items or credits, never both. */
typedef struct {
  const FeeLedgerInput *input;
  FeeDate as_of;
  FeeText unit;
  gboolean suspense; /* unit "?": nobody's yet */
  gboolean overflow; /* sticks */
  gint32 last_bill;  /* the largest number so far */
  GArray *events;    /* of FeeEvent */
  GArray *open;      /* of guint32: events with something open, oldest due first */
  GArray *credits;   /* of FeeCredit, the oldest first */
  GArray *payments;  /* of FeePayment, of or to events that are undone later */
  GArray *moves;     /* of FeeShare: what the event at work does to balances */
  GArray *parties;   /* of FeeShare: their balances */
  GArray *rows, *balances, *items; /* results; NULL where not asked for */
} FeeUnitLedger;

static inline FeeEvent *
fee_unit_event (const FeeUnitLedger *unit, guint32 event)
{
  return &g_array_index (unit->events, FeeEvent, event);
}

void fee_unit_add (FeeUnitLedger *unit, FeeMoney *to, FeeMoney amount);
void fee_unit_take (FeeUnitLedger *unit, FeeMoney *from, FeeMoney amount);
/* amount more (or less, where negative) on the party's balance by the event at work. */
void fee_unit_move (FeeUnitLedger *unit, FeeText party, FeeMoney amount);

void fee_unit_init (FeeUnitLedger *unit, const FeeLedgerInput *input, FeeDate as_of);
void fee_unit_clear (FeeUnitLedger *unit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FeeUnitLedger, fee_unit_clear)

/* Unit by unit, in their order, linked: none knows of another. */
typedef gboolean (*FeeUnitFunc) (FeeUnitLedger *unit, gpointer data, GError **error);
gboolean fee_unit_each (FeeUnitLedger *unit, FeeUnitFunc func, gpointer data, GError **error);

/* Fills events from the places of one unit, in order, and links what they name and reverse up to as_of. fee-ledger-link.c */
gboolean fee_unit_link (FeeUnitLedger *unit, const guint64 *places, gsize n, GError **error);
/* Goes through the events up to as_of, which may be less than what they were linked up to; again begins anew. fee-ledger-unit.c */
gboolean fee_unit_run (FeeUnitLedger *unit, GError **error);
/* Which of the FEE_BUCKETS an item is in that day. */
guint fee_unit_bucket (FeeDate due, FeeDate as_of);

/* ---- which credit pays what: fee-settle.c */

/* The event becomes an item. */
void fee_settle_item (FeeUnitLedger *unit, guint32 event, FeeText party, FeeDate due, FeeMoney amount);
void fee_settle_credit (FeeUnitLedger *unit, guint32 event, FeeText party, FeeMoney amount);
/* Credits of the party pay its items. */
void fee_settle_party (FeeUnitLedger *unit, FeeText party);
/* A receipt pays what it names, then what is oldest; the rest is returned, *last is the item that it paid last or
 * untouched. */
FeeMoney fee_settle_receipt (FeeUnitLedger *unit, guint32 event, gint32 *last);
/* As if the receipt had paid nothing; the refund as if nothing had paid it and it weren't there. With the moves. */
void fee_settle_undo_receipt (FeeUnitLedger *unit, guint32 event);
void fee_settle_undo_refund (FeeUnitLedger *unit, guint32 event);

G_END_DECLS
