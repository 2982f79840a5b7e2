/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/report/fee-bill.h"
#include "../libfee/store/fee-accounts.h"
#include "tool.h"

G_BEGIN_DECLS

/* What a bill says beside its lines: the account of its unit and party, and how it differs from the month before. */
typedef struct {
  FeeMoney brought_forward, received, credit, payable;
  FeeMoney overdue;
  FeeDate oldest_due; /* of what is overdue */
  gboolean has_before;
  FeeMoney before; /* the bill of the month before */
  FeeBillCause causes[2]; /* the largest differences, by item */
  guint n_causes;
} FeeStatementFacts;

/* Lines of a run's own month go by the same centre in the run before, if it has it; by pool, G_MAXUINT32 for none. */
typedef struct {
  FeeRun *run;        /* NULL: there was no month before */
  guint32 number;
  GArray *now;        /* of guint32: by pool of it, the pool of this month */
  GPtrArray *names;   /* by pool of it: its centre in the words of this month, NULL where it is late; borrowed */
} FeeMonthBefore;

/* What the statements of a month need beside its bills. */
typedef struct {
  FeeTool *tool;
  FeeRunHead *head;  /* borrowed from runs */
  GPtrArray *runs;
  FeeRun *run;
  FeeDate as_of;
  FeeRecords *records; /* units, parties where bills are full, costs where it has late ones; NULL where only lines are wanted */
  GHashTable *late;    /* origin -> words */
  GPtrArray *names;    /* by pool: its centre, NULL where it is late; borrowed */
  FeeMonthBefore before;
  gboolean full;
  const FeeStatementFacts *facts; /* of the bill that fee_statements_each() is at; NULL where bills are not full */
} FeeStatements;

/* full: with facts, for text and --bills. units: for an order. as_of: FEE_DATE_NONE is the issue day. Owned by the caller; free with
 * fee_statements_free(). */
gboolean fee_statements_load (FeeTool *tool, FeePeriod period, FeeDate as_of, gboolean full, gboolean units, FeeStatements **out, GError **error);
void fee_statements_free (FeeStatements *statements);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeStatements, fee_statements_free)

/* Each bill, of a unit or all (NULL), by its number; some ten thousands of accounts are held at a time. */
gboolean fee_statements_each (FeeStatements *statements, const char *unit, FeeBillFunc func, gpointer data, GError **error);
/* The same by columns of the units; all bills are held. */
gboolean fee_statements_each_ordered (FeeStatements *statements, const char *unit, const char *columns, FeeBillFunc func, gpointer data,
                                      GError **error);

/* The bill that fee_statements_each() is at. */
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
