/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-reader.h"
#include "fee-rows.h"

G_BEGIN_DECLS

/* One reading of rows into a table: of a new file (options and problems set) or of a kept one. */
typedef struct {
  FeeTable *table;
  const FeeReading *reading;
  gint decimals;
  gboolean header_done;
  gint *columns; /* by position: column of the table, -1 left out, -2 estate */
  guint n_columns;
  gint may_lack, instead; /* positions of the column that another may stand instead of, and of that other; -1 none */
  const FeeReadOptions *options;
  FeeProblems *problems;
  GPtrArray *warnings;
  FeeReading *found; /* the reading in the making */
} FeeFileReader;

/* Finds the columns of the table. only_known: see fee_reread_new(). */
void fee_file_reader_bind (FeeFileReader *reader, gboolean only_known);
/* FeeRowFunc; data: the reader. */
gboolean fee_file_reader_take (guint line, const FeeField *cells, guint n_cells, gpointer data, GError **error);
/* Waits for the rows so far. What is wrong with one of them comes before what is wrong with the text after it (problem, which
 * is taken; NULL where nothing is). */
gboolean fee_file_reader_end (FeeRows *rows, GError *problem, GError **error);

G_END_DECLS
