/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../ledger/fee-ledger.h"
#include "fee-book.h"

G_BEGIN_DECLS

/* All bills, receipts and adjustments of a book, as the ledger takes them. */
typedef struct {
  FeeRecords *records; /* units, parties, receipts, adjustments; its ids are the strings of the entries */
  FeeStrings *memos;   /* of entry->memo */
  GArray *entries;     /* of FeeEntry */
  FeeLedgerInput input;
  FeeDate through;     /* receipts are complete up to that day; FEE_DATE_NONE where there are none */
} FeeAccounts;

/* fields: FEE_FIELDS_RUN, or FEE_FIELDS_ALL for names and contacts too. Owned by the caller; free with fee_accounts_free(). */
gboolean fee_book_accounts (FeeBook *book, FeeLoadFields fields, FeeAccounts **out, GError **error);
void fee_accounts_free (FeeAccounts *accounts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeAccounts, fee_accounts_free)

G_END_DECLS
