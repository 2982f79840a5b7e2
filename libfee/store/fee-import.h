/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../input/fee-reader.h"
#include "fee-book.h"

G_BEGIN_DECLS

/* Files into the book: files -> import -> book of design.md. */

typedef struct {
  const char *encoding;    /* as FeeReadOptions */
  char delimiter;
  FeeCellFormat format;
  GPtrArray *column_names; /* of "field=header" */
  gboolean amend;          /* known keys may change */
  gboolean whole;          /* name known keys that the file lacks */
  gboolean has_total;
  FeeMoney total;          /* the sum that the file must have */
  FeeDate through;         /* FEE_DATE_NONE: the last date in the file */
  const char *made_at, *made_by;
} FeeImportOptions;

/* What became of a file. */
typedef struct {
  char *file;
  guint32 batch;     /* its number; with `already` that of the batch which has it */
  gboolean already;
  guint64 n_rows, n_new, n_changed, n_unchanged;
  gboolean has_sum;
  FeeMoney sum;
  FeePeriod first, last;  /* costs: months that it serves; FEE_PERIOD_NONE for no rows */
  GPtrArray *warnings;    /* of char *: what is left out, or how it was read */
  GPtrArray *findings;    /* of char *: what a person must look at (exit status 1) */
  GPtrArray *lacking;     /* of char *: known keys that the file lacks; with `whole` */
} FeeImported;
void fee_imported_free (FeeImported *imported);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeImported, fee_imported_free)

/* Reads, checks and adds one file as a batch, within the transaction at hand; the caller commits after the last file. name: as messages and the book name it.
 * Errors: FEE_ERROR_RECORDS with the list of what is refused; FEE_ERROR_POLICY for kind policy; FEE_ERROR_USAGE. *out: Owned by the caller; free with fee_imported_free(). */
gboolean fee_import_file (FeeBook *book, FeeKindId kind, const char *name, GBytes *bytes, const FeeImportOptions *options,
                          FeeImported **out, GError **error);

/* Takes a batch back, within the transaction at hand: a batch of its own, whose number is given. Refused where what is left would overlap or refer to nothing. */
gboolean fee_import_retract (FeeBook *book, guint32 number, const char *reason, const char *made_at, const char *made_by, guint32 *out,
                             GError **error);

/* The first policy, of a new book. */
gboolean fee_import_first_policy (FeeBook *book, const char *name, GBytes *bytes, const char *made_at, const char *made_by, GError **error);

G_END_DECLS
