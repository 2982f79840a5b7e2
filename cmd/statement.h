/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/store/fee-accounts.h"
#include "tool.h"

G_BEGIN_DECLS

/* What the statements of a month need beside its lines: names, accounts, the month before. */

typedef struct {
  FeeTool *tool;
  FeeRunHead *head;  /* borrowed from runs */
  GPtrArray *runs;
  FeeRun *run;
  FeeDate as_of;
  FeeRecords *records;  /* units, parties, costs and assets with all fields; NULL where only lines are wanted */
  FeeAccounts *accounts;
  GHashTable *accounts_of; /* "unit\nparty" -> Account */
  GHashTable *names;       /* "unit\nparty" -> row of parties + 1 */
  GHashTable *before;      /* "unit\nparty" -> bill of the month before */
  FeeRun *run_before;
  GHashTable *late;        /* origin -> words */
} FeeStatements;

/* full: for text and --bills. as_of: FEE_DATE_NONE is the issue day. Owned by the caller; free with fee_statements_free(). */
gboolean fee_statements_load (FeeTool *tool, FeePeriod period, FeeDate as_of, gboolean full, gboolean units, FeeStatements **out, GError **error);
void fee_statements_free (FeeStatements *statements);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeStatements, fee_statements_free)

/* Each bill, of a unit or all; order: NULL, or columns of the units. */
gboolean fee_statements_each (FeeStatements *statements, const char *unit, const char *order, FeeBillFunc func, gpointer data, GError **error);

void fee_statements_write (FeeStatements *statements, const FeePageReader *bill, FeeDocument *out);

extern const FeeOutputColumn fee_summary_columns[];
#define FEE_N_SUMMARY_COLUMNS 13
void fee_statements_summary (FeeStatements *statements, const FeePageReader *bill, FeeWriter *writer);

/* Where each bill stands in PDF, for who prints and posts them: a CSV file beside FILE.pdf, or in the folder. */
typedef struct {
  const char *path; /* of the PDF */
  guint first, n_pages;
} FeeBillPlace;
/* Ended by fee_tool_end_table(). */
gboolean fee_statement_index_begin (FeeTool *tool, const char *path, FeeTableOutput *index, GError **error);
/* Nothing where index was not begun. */
void fee_statement_index_add (FeeTableOutput *index, const FeeStatements *statements, const FeePageReader *bill, const FeeBillPlace *place);

G_END_DECLS
