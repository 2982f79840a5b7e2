/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/input/fee-reader.h"
#include "../libfee/store/fee-archive.h"
#include "../libfee/store/fee-evidence.h"
#include "tool.h"

G_BEGIN_DECLS

/* A bundle: one month, all that it was made from, and what came of it, in one archive (fee-audit(1), "A bundle"). */

/* Where members go: an archive, or what compares them with one. */
typedef struct {
  FeeBytesFunc write;
  gboolean (*end) (const char *name, gpointer data, GError **error);
  gpointer data;
} FeeMembers;

/* A posted month. */
typedef struct {
  FeeBook *book;
  const FeeRunHead *head;
  const FeeEvidence *evidence;
  gint decimals;
} FeeBundle;

gboolean fee_bundle_write (FeeTool *tool, const FeeRunHead *head, const char *path, gboolean with_contacts, GError **error);
/* FALSE with error set for a damaged archive or an unreadable one; tool->look where the month does not come out the same. */
gboolean fee_bundle_verify (FeeTool *tool, const char *path, GError **error);

/* The form of a bundle, by which an older program refuses what it can't verify: a month by itself; with what was posted of others that it
 * restates. */
enum { FEE_BUNDLE_PLAIN = 1, FEE_BUNDLE_RESTATES = 2 };

/* Members of what was before the run, in the order of their names. */
gboolean fee_bundle_before (const FeeBundle *bundle, const FeeMembers *members, GError **error);
/* Members of results and explanations, in the order of their names: first those before files/, then those after. */
gboolean fee_bundle_explanations (const FeeBundle *bundle, const FeeMembers *members, GError **error);
gboolean fee_bundle_results (const FeeBundle *bundle, const FeeMembers *members, GError **error);
/* "files/00000007.csv". Owned by the caller; free with g_free(). */
char *fee_bundle_file_name (const FeeBatch *batch);

/* ---- Tables that are read again: every cell in quotes, so that a text comes back to the byte; what a spreadsheet would take
 * for a formula has a ' before it, which is taken off again. */
void fee_quoted_text (GString *row, const char *text);
void fee_quoted_number (GString *row, gint64 number);
void fee_quoted_date (GString *row, FeeDate date);
void fee_quoted_period (GString *row, FeePeriod period);
void fee_quoted_money (GString *row, FeeMoney amount, gint decimals);
/* Empty for FEE_QUANTITY_NONE. */
void fee_quoted_quantity (GString *row, FeeQuantity quantity);
void fee_quoted_end (GString *row);
/* Rows below the heading, each of n_columns. name: of the member, for messages. *rows: of GStrv. Owned by the caller; free with
 * g_ptr_array_unref(). Errors: FEE_ERROR_IO. */
gboolean fee_quoted_parse (const char *name, const GString *text, guint n_columns, GPtrArray **rows, GError **error);

/* The same row by row, borrowed until the function returns; FALSE with error set stops. */
typedef gboolean (*FeeQuotedFunc) (char **row, gpointer data, GError **error);
gboolean fee_quoted_each (const char *name, const GString *text, guint n_columns, FeeQuotedFunc func, gpointer data, GError **error);

/* ---- Files without what a run does not read */

/* The file of a batch as a bundle without contacts carries it: of parties no contact, and the name as bills show it; of units no
 * attribute that no policy names. Rows keep their lines. Clear with fee_extract_clear(). */
typedef struct {
  GString *text; /* NULL where the file may go as it is */
  FeeReading *reading;
} FeeExtract;
void fee_extract_clear (FeeExtract *extract);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FeeExtract, fee_extract_clear)
/* units: the table of the run. */
gboolean fee_bundle_extract (const FeeBatch *batch, GBytes *bytes, const FeeTable *units, FeeExtract *out, GError **error);

G_END_DECLS
