/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../ledger/fee-ledger.h"
#include "fee-book.h"

G_BEGIN_DECLS

/* Bills, receipts and adjustments of a book, as the ledger takes them. */
typedef struct {
  FeeRecords *records; /* units, parties, receipts, adjustments; its ids are the strings of the entries */
  FeeStrings *memos;   /* of entry->memo */
  GArray *entries;     /* of FeeEntry */
  FeeLedgerInput input;
  char *unit;          /* whose they are; NULL: of all */
  FeeDate through;     /* receipts are complete up to that day; FEE_DATE_NONE where there are none */
  /* Of a stretch: its units are those from that one on, before this one (bytewise; NULL: without end); borrowed. */
  const char *from, *before;
} FeeAccounts;

/* All entries; unit: NULL, or of that unit only. Owned by the caller; free with fee_accounts_free(). */
gboolean fee_book_accounts (FeeBook *book, const char *unit, FeeAccounts **out, GError **error);
/* Adds the bills that were taken back: only the ledger shows them. */
gboolean fee_book_add_withdrawn (FeeBook *book, FeeAccounts *accounts, GError **error);
void fee_accounts_free (FeeAccounts *accounts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeAccounts, fee_accounts_free)

/* The accounts of a stretch of units, which may have none: all entries of its units and of no others, without memos. Its records hold units and parties (see below), but
 * neither receipts nor adjustments; what func interns in their ids, and the texts of the entries, are gone after it. FALSE with error set stops. */
typedef gboolean (*FeeAccountsFunc) (const FeeAccounts *accounts, gpointer data, GError **error);

/* The same, some ten thousands of units at a time, in the order of units (bytewise; "?" is one of them): each unit is of one stretch, and memory holds the entries of one stretch, whatever
 * the number of months; only receipts and adjustments that are in more than one file are held. Receipts wait in a temporary file where they are many.
 * fields: FEE_FIELDS_RUN, FEE_FIELDS_ALL for names and contacts too, or FEE_FIELDS_NONE: units and parties are read where the ledger asks for an owner, which it mostly does not, and the records have
 * none. */
gboolean fee_book_each_accounts (FeeBook *book, FeeLoadFields fields, FeeAccountsFunc func, gpointer data, GError **error);

G_END_DECLS
