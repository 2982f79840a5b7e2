/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-date.h"
#include "../base/fee-money.h"
#include "../base/fee-strings.h"

G_BEGIN_DECLS

/* The fee ledger: rules.md section 9. Pure: entries in, rows and balances out.
 * All texts are interned in one FeeStrings, so that equal texts have equal places; "smaller number" is by bytes. */

typedef enum {
  FEE_ENTRY_BILL,
  FEE_ENTRY_OPENING, /* adjustments */
  FEE_ENTRY_CHARGE,
  FEE_ENTRY_WAIVER,
  FEE_ENTRY_CORRECTION,
  FEE_ENTRY_TRANSFER,
  FEE_ENTRY_WRITE_OFF,
  FEE_ENTRY_RECEIPT, /* refund and reversal too: which it is, the ledger finds out */
  FEE_ENTRY_WITHDRAWN, /* a bill of a run that was taken back: shown, and counted on no day */
} FeeEntryKind;

/* One document as posted or imported. */
typedef struct {
  FeeEntryKind kind;
  FeeText number; /* of bill, adjustment, receipt */
  FeeText unit;
  FeeText party;    /* EMPTY where a receipt names none */
  FeeText bill;     /* what it names to pay or settle, or EMPTY */
  FeeText reverses; /* a receipt's number, or EMPTY */
  FeeText memo;     /* of a withdrawn bill: why it was taken back */
  FeePeriod period;  /* of a bill: what fee_totals_add() counts it for */
  FeeDate date, due; /* due: FEE_DATE_NONE where it has none of its own */
  FeeMoney amount;   /* bills and adjustments: positive raises the balance; receipts: as received */
} FeeEntry;

/* Who owns a unit that day, else the unsold party, else EMPTY. */
typedef FeeText (*FeeOwnerFunc) (FeeText unit, FeeDate day, gconstpointer data);

typedef struct {
  const FeeStrings *strings;
  const FeeEntry *entries; /* any order */
  gsize n_entries;
  FeeOwnerFunc owner;
  gconstpointer owner_data;
} FeeLedgerInput;

typedef enum {
  FEE_ROW_BILL, FEE_ROW_OPENING, FEE_ROW_CHARGE, FEE_ROW_WAIVER, FEE_ROW_CORRECTION, FEE_ROW_TRANSFER, FEE_ROW_WRITE_OFF,
  FEE_ROW_RECEIPT, FEE_ROW_REFUND, FEE_ROW_REVERSAL, FEE_ROW_WITHDRAWAL,
} FeeRowKind;
/* "bill", "write-off", ...; static. */
const char *fee_row_kind_text (FeeRowKind kind);

/* One party whose balance an entry moves. */
typedef struct {
  FeeRowKind kind;
  guint32 entry; /* index into the input */
  FeeText party;
  FeeDate due;              /* of bills and items; else FEE_DATE_NONE */
  FeeMoney amount, balance; /* balance of the unit and party after it */
} FeeLedgerRow;

#define FEE_BUCKETS 7 /* not due, 1-30, 31-60, 61-90, 91-180, 181-365, over 365 days */

typedef struct {
  FeeText unit, party;
  FeeMoney balance, buckets[FEE_BUCKETS], credit;
} FeeBalance;

/* What is still to be paid. */
typedef struct {
  guint32 entry; /* index into the input: a bill, a positive adjustment or a refund */
  FeeText party;
  FeeDate due;
  FeeMoney open; /* above 0 */
} FeeOpenItem;

/* Rows in the order of rules.md section 9 (date; bills, adjustments, receipts, reversals; number), for entries dated on
 * or before as_of. A withdrawn bill has two, that take each other away, before the bills of its day. *rows: of FeeLedgerRow. Owned by the caller; free with g_array_unref(). Errors: FEE_ERROR_RECORDS
 * for what the rules refuse (each is refused at import already), FEE_ERROR_INTERNAL where a sum leaves 64 bits, naming
 * the entry. */
gboolean fee_ledger_rows (const FeeLedgerInput *input, FeeDate as_of, GArray **rows, GError **error);

/* One row for each unit and party with any entry, by unit, then party (bytewise). *balances: of FeeBalance. Owned by
 * the caller; free with g_array_unref(). */
gboolean fee_ledger_balances (const FeeLedgerInput *input, FeeDate as_of, GArray **balances, GError **error);

/* The items that are open at the end of that day, by unit (bytewise), oldest due first; what a bill lacks here is paid.
 * *items: of FeeOpenItem. Owned by the caller; free with g_array_unref(). */
gboolean fee_ledger_open_items (const FeeLedgerInput *input, FeeDate as_of, GArray **items, GError **error);

G_END_DECLS
