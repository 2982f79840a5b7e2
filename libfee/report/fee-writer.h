/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-date.h"
#include "../base/fee-quantity.h"

G_BEGIN_DECLS

/* Where the bytes of a document go; the library opens nothing by itself. FALSE with error set stops the document. */
typedef gboolean (*FeeWriteFunc) (const char *bytes, gsize length, gpointer data, GError **error);

/* HTML and PDF are forms of whole documents (fee-document.h), no tables by themselves. */
typedef enum { FEE_FORMAT_TEXT, FEE_FORMAT_CSV, FEE_FORMAT_JSON, FEE_FORMAT_HTML, FEE_FORMAT_PDF } FeeFormat;

typedef enum { FEE_COLUMN_TEXT, FEE_COLUMN_MONEY, FEE_COLUMN_NUMBER, FEE_COLUMN_COUNT } FeeColumnKind;

typedef struct {
  const char *name;    /* in CSV and JSON: interface.md section 5 */
  const char *en, *zh_CN; /* headings of text tables, and of CSV for Excel */
  FeeColumnKind kind;  /* numbers stand right in text; COUNT is an integer in JSON */
} FeeOutputColumn;

typedef struct {
  FeeFormat format;
  gint decimals;    /* of the currency */
  const char *lang; /* "en" or "zh_CN" */
  gboolean excel;   /* CSV with BOM, CRLF and headings in lang */
  gboolean raw;     /* CSV without the leading ' before = + - @ TAB CR */
  gint width;       /* of text tables in cells; 0: no limit */
  gboolean colour;  /* of text tables: bold headings and sums, what is negative in red, by escape sequences of terminals */
} FeeWriterOptions;

/* A table of rows, written as they come (CSV and JSON hold one row, text holds all to align its columns by cell width; where it is wider than its limit,
 * texts are cut, numbers never: a table that is still too wide is shown row by row, a cell a line).
 * Cells of a row are given in the order of the columns; a row ends by itself with its last column. Errors stick: the
 * first one is kept and given by fee_writer_finish(). */
typedef struct _FeeWriter FeeWriter;

/* Owned by the caller; free with fee_writer_free(). columns is borrowed and must outlive the writer. */
FeeWriter *fee_writer_new (const FeeWriterOptions *options, const FeeOutputColumn *columns, guint n_columns,
                           FeeWriteFunc func, gpointer data);
void fee_writer_free (FeeWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeWriter, fee_writer_free)

/* The row that begins, or has begun, is a sum: documents show it as such. */
void fee_writer_sum (FeeWriter *writer);
void fee_writer_text (FeeWriter *writer, const char *text);
void fee_writer_empty (FeeWriter *writer);
void fee_writer_money (FeeWriter *writer, FeeMoney amount);
/* FEE_QUANTITY_NONE is empty. */
void fee_writer_quantity (FeeWriter *writer, FeeQuantity quantity);
/* Percent, of hundredths: always two decimals. */
void fee_writer_percent (FeeWriter *writer, gint64 hundredths);
/* A number with always so many decimals, at most four, of that number of its last decimal. */
void fee_writer_decimal (FeeWriter *writer, gint64 number, gint decimals);
void fee_writer_count (FeeWriter *writer, gint64 count);
/* Empty for FEE_DATE_NONE and FEE_DATE_FOREVER. */
void fee_writer_date (FeeWriter *writer, FeeDate date);
void fee_writer_period (FeeWriter *writer, FeePeriod period);

/* Ends the document. FALSE with the first error. */
gboolean fee_writer_finish (FeeWriter *writer, GError **error);

G_END_DECLS
