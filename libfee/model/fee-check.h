/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "fee-records.h"

G_BEGIN_DECLS

/* What must hold of records before they are taken: interface.md section 3 (values that can't be, references, overlaps). */

/* Finds a posted bill. FALSE with error set where the book can't be read. */
typedef gboolean (*FeeFindBill) (const char *number, gboolean *found, char **unit, char **party, gpointer data, GError **error);
/* Whether a posted bill is of that party, though no row names it any more. */
typedef gboolean (*FeeFindBilled) (const char *party, gboolean *found, gpointer data, GError **error);
/* Depreciation by the method alone through the month before the book (engine/): what `opening` is compared with. */
typedef FeeMoney (*FeeOwnDepreciation) (const FeeRecords *records, guint32 row, FeePeriod through);

typedef struct {
  const FeeRecords *records; /* indexed; with units and parties, and the kind's own table, merged */
  const char *(*file_of) (guint32 batch, gpointer data); /* for messages */
  FeeFindBill find_bill;
  FeeFindBilled find_billed;
  FeeOwnDepreciation own_depreciation;
  gpointer data;
  gboolean kept;         /* rows that the book took: not asked is what hangs on the policy of the day, which may have changed since */
  FeeProblems *problems; /* `file:line: column "text" reason` */
  /* private to the checks */
  FeeText *parties;
  guint32 n_parties;
  GHashTable *numbers, *reversed;
} FeeCheck;

void fee_check_clear (FeeCheck *check);

/* Checks the rows of a kind that stand, from first_row on, and those before it that rest on one of these: a reversed receipt may not
   change alone. FALSE with error set only where the book can't be read. */
gboolean fee_check_rows (FeeCheck *check, FeeKindId kind, guint32 first_row, GError **error);

/* A FeeOverlapFunc whose data is a FeeCheck. */
void fee_check_overlap (const FeeTable *table, guint32 row, guint32 other, gpointer check);

/* Where a kind says its days; -1 where it has no such field. */
typedef struct {
  gint from, to, date;
} FeeDayColumns;
/* Found once for all rows of an import. */
FeeDayColumns fee_day_columns (const FeeKind *kind);
/* The first day that a row speaks of and the last, for the batch's days. columns: those of its kind. */
void fee_row_days (const FeeTable *table, const FeeDayColumns *columns, guint32 row, FeeDate *from, FeeDate *to);

G_END_DECLS
