/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../input/fee-reader.h"
#include "fee-bill-finder-private.h"
#include "fee-book-private.h"

G_BEGIN_DECLS

/* A file that was known at that batch, and not taken back by then. */
gboolean fee_batch_stands (const FeeBatch *batch, guint32 as_of);
/* The last day that a batch may matter for. A retraction may open what the batch had ended: then all days to come. */
FeeDate fee_batch_last_day (const GPtrArray *batches, const FeeBatch *batch);
/* By batch: whether it is to be read for what stands of a kind. Owned by the caller; free with g_free(). */
guint8 *fee_choose_batches (const GPtrArray *batches, const FeeLoad *load, FeeKindId kind);

/* How the file of a batch is read again. */
typedef struct {
  FeeTable *table;
  guint32 retracted_by;
  gint decimals;
  gboolean only_known;
  guint32 at_once;   /* see fee_reread_pass_on() */
  FeeTableFunc func; /* NULL: the rows stay in the table */
  gpointer data;
  FeeBillFinder *finder; /* for rows that take their unit from their bill; one serves many files */
} FeeTableReading;
/* Its rows become a segment of the table. Errors name the batch. */
gboolean fee_book_read_table (FeeBook *book, const FeeBatch *batch, const FeeTableReading *how, GError **error);

/* The rows that stand of a kind whose key is one id, in no order, and without holding them: only those that more than one file brings are. */
typedef struct {
  FeeBook *book;
  const GPtrArray *batches;
  FeeKindId kind;
  guint32 fields; /* bit n: field n is wanted */
  gint decimals;
} FeeStandingRows;
/* FALSE with error set stops. May be called from another thread, but never beside itself. */
typedef gboolean (*FeeStandingFunc) (const FeeTable *table, guint32 row, gpointer data, GError **error);
gboolean fee_book_each_standing (const FeeStandingRows *rows, FeeStandingFunc func, gpointer data, GError **error);

G_END_DECLS
