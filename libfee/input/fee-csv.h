/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *text; /* NUL-terminated, UTF-8 as fed */
  gsize length;
} FeeField;

/* A row that begins in that line (from 1, counted in bytes LF; blank lines make no row). There is at least one field; their
 * texts stand one after another, each with its NUL, borrowed until the function returns. FALSE with error set stops the reading. */
typedef gboolean (*FeeRowFunc) (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error);

/* CSV in pieces, by libcsv: strict quotes, quoted line breaks, CRLF or LF, blank lines skipped, unquoted fields without
 * outer blanks. The only file of libfee that includes libcsv is fee-csv.c. */
typedef struct _FeeCsv FeeCsv;

#define FEE_FIELD_MAX (64 * 1024)
/* Excel's; a file of nothing but commas would else take 16 bytes of memory for each. */
#define FEE_FIELDS_MAX 16384

/* Owned by the caller; free with fee_csv_free(). */
FeeCsv *fee_csv_new (char delimiter, FeeRowFunc func, gpointer data);
void fee_csv_free (FeeCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeCsv, fee_csv_free)

/* Text may be cut anywhere. After an error the reader may only be freed.
 * Errors, FEE_ERROR_RECORDS with "N: ..." (the line): a quote that is not closed (N: where it opened) or stray, a field over
 * FEE_FIELD_MAX (N: where it began), a row over FEE_FIELDS_MAX, NUL; or what func set. The rows before it were delivered. */
gboolean fee_csv_feed (FeeCsv *csv, const char *text, gsize length, GError **error);
gboolean fee_csv_finish (FeeCsv *csv, GError **error);

/* Comma, semicolon or tab: the one that the first line that is not blank has most of, outside quotes; comma for none. */
char fee_csv_find_delimiter (const char *text, gsize length);

G_END_DECLS
