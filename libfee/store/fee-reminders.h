/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../ledger/fee-remind.h"
#include "fee-accounts.h"

G_BEGIN_DECLS

/* The reminder list of a book on a day, with what it was made from. */
typedef struct {
  FeeAccounts *accounts;
  const FeePolicy *policy; /* in force in the month of the day; borrowed from the accounts */
  FeeRemindInput input;
  GArray *holds, *instalments, *notices;
  GArray *rows;            /* of FeeReminder */
} FeeReminders;

/* approved: the steps that need approval have it. Owned by the caller; free with fee_reminders_free(). Errors: those of the store and the ledger. */
gboolean fee_book_reminders (FeeBook *book, FeeDate day, gboolean approved, FeeReminders **out, GError **error);
void fee_reminders_free (FeeReminders *reminders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeReminders, fee_reminders_free)

/* The register's latest row of the party in the unit that began by that day, else its first: where name and contact stand. G_MAXUINT32 for none. */
guint32 fee_reminders_party_row (const FeeReminders *reminders, FeeText unit, FeeText party);

G_END_DECLS
