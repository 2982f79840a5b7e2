/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-policy.h"
#include "fee-ledger.h"

G_BEGIN_DECLS

/* Whom to remind, by which step, and whom not, with the reason that decided: interface.md section 4 "[reminders]", domain.md section 4.
 * Pure, like the ledger that it stands on. Texts are those of the ledger's FeeStrings. */

/* In the order of precedence. */
typedef enum {
  FEE_HOLD_DECEASED, FEE_HOLD_LEGAL, FEE_HOLD_STOP_CONTACT, FEE_HOLD_INSTALMENTS, FEE_HOLD_HARDSHIP, FEE_HOLD_DISPUTE, FEE_N_HOLDS,
} FeeHoldKind;
/* "stop-contact", ...; static. FALSE for another word. */
const char *fee_hold_kind_text (FeeHoldKind kind);
gboolean fee_hold_kind_parse (const char *word, FeeHoldKind *out);

typedef struct {
  FeeText unit, party;   /* party: EMPTY for all of the unit */
  FeeText bill, plan;    /* EMPTY for none */
  FeeHoldKind kind;
  FeeDate from, to;      /* both days included; to: FEE_DATE_FOREVER without end */
} FeeHold;

typedef struct {
  FeeText plan;
  FeeDate due;
  FeeMoney amount;
} FeeInstalment;

/* A step taken that reached its party; what failed is left out. */
typedef struct {
  FeeText unit, party;
  FeeDate date;
  gint step;       /* in the policy's ladder; -1: one that it does not have */
  gboolean proven; /* with proof of delivery */
} FeeNotice;

typedef struct {
  const FeeLedgerInput *ledger;
  const FeePolicy *policy;  /* in force in the month of the day */
  FeeDate day;
  FeeDate through;          /* receipts are complete up to it; FEE_DATE_NONE: there are none */
  gboolean approved;        /* steps that need approval have it */
  const GArray *holds, *instalments, *notices; /* of FeeHold, FeeInstalment, FeeNotice; any order */
} FeeRemindInput;

typedef enum { FEE_ACTION_REMIND, FEE_ACTION_HOLD, FEE_ACTION_ASSIST, FEE_ACTION_SKIP } FeeRemindAction;
const char *fee_remind_action_text (FeeRemindAction action);

/* The first FEE_N_HOLDS are those of FeeHoldKind. */
typedef enum {
  FEE_REASON_DUE = FEE_N_HOLDS, FEE_REASON_PAID, FEE_REASON_MINIMUM, FEE_REASON_RECORDED, FEE_REASON_WAIT, FEE_REASON_INTERVAL,
  FEE_REASON_MONTHLY_LIMIT, FEE_REASON_RECEIPTS_OLD, FEE_REASON_APPROVAL, FEE_REASON_LIMITATION_180, FEE_REASON_LIMITATION_90,
  FEE_REASON_LIMITATION_30,
} FeeRemindReason;
const char *fee_remind_reason_text (FeeRemindReason reason);

typedef struct {
  FeeText unit, party;
  FeeRemindAction action;
  gint reason;               /* FeeHoldKind or FeeRemindReason */
  gint step;                 /* in the ladder, that is due or waited for; -1: none */
  FeeDate oldest_due;        /* of what is not disputed, if anything; FEE_DATE_NONE where nothing is open */
  FeeMoney overdue;          /* disputed items too */
  FeeMoney held;             /* not pressed because of a hold */
  FeeMoney balance;
  gint last_step;            /* of this ladder; -1: none */
  FeeDate last_date, next_on; /* FEE_DATE_NONE: none, not known */
  FeeDate limitation;        /* of the oldest open item; FEE_DATE_NONE where nothing is open */
} FeeReminder;

/* One row for each unit and party with an open item, or with a hold on that day; by unit, then party (bytewise). Unit "?" has none. *out: of FeeReminder.
 * Owned by the caller; free with g_array_unref(). Errors: those of the ledger. */
gboolean fee_remind (const FeeRemindInput *input, GArray **out, GError **error);

/* Receipts are too old to press anybody by them, or there are none. */
gboolean fee_receipts_are_old (const FeeRemindInput *input);

/* The day on which a claim due on that day lapses: three years on, 29 February on the 28th (Civil Code 188, as interface.md section 4 says it). */
FeeDate fee_limitation_day (FeeDate due);

/* The policy's step presses its party to pay: letter, visit or demand. */
gboolean fee_step_is_contact (const FeePolicy *policy, gint step);

G_END_DECLS
