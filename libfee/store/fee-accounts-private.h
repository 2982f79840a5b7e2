/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-accounts.h"

G_BEGIN_DECLS

/* A row of receipts or adjustments, without its memo; its texts are in the ids of the table. */
FeeEntry fee_entry_of_row (const FeeTable *table, guint32 row);

typedef struct {
  FeeAccounts *accounts;
  const FeeRunHead *head;
  const char *withdrawn; /* why; NULL where it stands */
} FeeRunBills;
/* FeeBillFunc; data: FeeRunBills. Adds the bill to the entries. */
gboolean fee_accounts_add_bill (const FeePageReader *bill, gpointer data, GError **error);

void fee_accounts_find_through (FeeAccounts *accounts, const GPtrArray *batches);

/* The owner that day, else the unsold party of the policy of that month, else EMPTY. The records are indexed. */
FeeText fee_records_owner_on (const FeeRecords *records, FeeText unit, FeeDate day);

/* Entries of a stretch: few enough that what they need stays in the processor's cache. */
#define FEE_STRETCH_ENTRIES 65536
/* Of receipts and adjustments that are sorted at once. */
#define FEE_SORTED_BYTES (16 * 1024 * 1024)

typedef struct {
  FeeLoadFields fields; /* of parties */
  guint entries;        /* at which a stretch ends, about */
  gsize sorted_bytes;   /* of receipts and adjustments, at once in memory */
  guint kinds;          /* bit n: kind n is in the records too, whole; their texts outlast the stretches */
} FeeStretchOptions;
/* fee_book_each_accounts(), of any size. */
gboolean fee_book_each_stretch (FeeBook *book, const FeeStretchOptions *options, FeeAccountsFunc func, gpointer data, GError **error);

G_END_DECLS
