/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-csv.h"
#include "fee-reader.h"

G_BEGIN_DECLS

/* Finds the field or attribute of every column: reading->headers and columns. Problems and warnings as fee_read_file(). FALSE where the
 * file can't be read any further (problems has the causes), or with error where a column name of the call can't be. */
gboolean fee_header_resolve (const FeeField *cells, guint n_cells, guint line, const FeeReadOptions *options,
                             const FeeKind *kind, FeeReading *reading, FeeProblems *problems, GPtrArray *warnings,
                             GError **error);

/* The column that must name the book's estate. */
#define FEE_COLUMN_ESTATE "estate"
gboolean fee_header_is_estate (const char *header);

G_END_DECLS
