/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../model/fee-policy.h"
#include "../model/fee-table.h"
#include "fee-cell.h"

G_BEGIN_DECLS

/* How a file was read: kept with the batch, so that reading it again gives the same rows whatever the policy says by then
 * (rules.md section 10). */
typedef struct {
  char *encoding;
  char delimiter;
  FeeCellFormat format;
  GPtrArray *headers; /* of the file, by position */
  GPtrArray *columns; /* by position: the field or attribute; "" where it is left out */
} FeeReading;

/* Owned by the caller; free with fee_reading_free(). */
FeeReading *fee_reading_new (void);
void fee_reading_free (FeeReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeReading, fee_reading_free)

/* One line of text, and back. Owned by the caller; free with g_free(). Errors of parsing: FEE_ERROR_IO. */
char *fee_reading_to_text (const FeeReading *reading);
gboolean fee_reading_parse (const char *text, FeeReading **out, GError **error);

/* What an import says about a file. */
typedef struct {
  const char *file;             /* as messages name it */
  const char *encoding;         /* NULL: found out */
  char delimiter;               /* 0: found out */
  FeeCellFormat format;
  GPtrArray *column_names;      /* of "field=header", from the call */
  const FeePolicy *policy;      /* [columns KIND], and the estate's code and names */
  gint decimals;                /* of the currency */
} FeeReadOptions;

/* Reads a file for import: appends its rows to the last segment of table. What is wrong with a row or the header is added to problems
 * (`file:line: column "text" reason`), what is left out or found out to warnings (of char *). Errors: FEE_ERROR_RECORDS for what stops the
 * reading, FEE_ERROR_USAGE for column names that can't be. *reading: Owned by the caller; free with fee_reading_free(). */
gboolean fee_read_file (GBytes *bytes, const FeeReadOptions *options, FeeTable *table, FeeProblems *problems,
                        GPtrArray *warnings, FeeReading **reading, GError **error);

/* Reading kept bytes again, in pieces, by a kept reading. */
typedef struct _FeeReread FeeReread;
/* Owned by the caller; free with fee_reread_free(). All is borrowed. only_known: attributes that the table does not have are left out. */
FeeReread *fee_reread_new (const FeeReading *reading, FeeTable *table, gint decimals, gboolean only_known);
void fee_reread_free (FeeReread *reread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeReread, fee_reread_free)
/* The rows go to func, at_once of them and what is left in the end, and out of the table (fee_table_empty()), so that a file of any length takes the
 * memory of a few rows. Call it before the first bytes. func may be called from another thread, but never beside itself, nor after finish. */
typedef gboolean (*FeeTableFunc) (FeeTable *table, gpointer data, GError **error);
void fee_reread_pass_on (FeeReread *reread, guint32 at_once, FeeTableFunc func, gpointer data);
/* Errors: FEE_ERROR_IO, as the bytes were read once. */
gboolean fee_reread_feed (FeeReread *reread, const guint8 *bytes, gsize length, GError **error);
gboolean fee_reread_finish (FeeReread *reread, GError **error);

G_END_DECLS
