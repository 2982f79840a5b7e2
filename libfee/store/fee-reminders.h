/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../ledger/fee-remind.h"
#include "fee-accounts.h"

G_BEGIN_DECLS

/* The reminder list of a stretch of units on a day, with what it was made from. */
typedef struct {
  const FeeAccounts *accounts;
  const FeePolicy *policy; /* in force in the month of the day; borrowed from the accounts */
  FeeRemindInput input;
  GArray *rows;            /* of FeeReminder */
} FeeReminders;

typedef struct {
  FeeDate day;
  gboolean approved; /* the steps that need approval have it */
} FeeReminding;

/* Once for each stretch of units, in their order, at least once; all is gone after it. FALSE with error set stops. */
typedef gboolean (*FeeRemindersFunc) (const FeeReminders *reminders, gpointer data, GError **error);
/* Memory holds the register with its names, holds and notices, and the entries of one stretch: fee_book_each_accounts(). Errors: those of the store and
 * the ledger. */
gboolean fee_book_each_reminders (FeeBook *book, const FeeReminding *reminding, FeeRemindersFunc func, gpointer data, GError **error);

/* The register's latest row of the party in the unit that began by that day, else its first: where name and contact stand. G_MAXUINT32 for none. */
guint32 fee_reminders_party_row (const FeeReminders *reminders, FeeText unit, FeeText party);

G_END_DECLS
