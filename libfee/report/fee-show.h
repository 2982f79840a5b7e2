/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../ledger/fee-remind.h"
#include "../ledger/fee-totals.h"
#include "../model/fee-run.h"
#include "fee-writer.h"

G_BEGIN_DECLS

/* What a run posted, as tables: interface.md section 5. */

extern const FeeOutputColumn fee_stage_columns[];
#define FEE_N_STAGE_COLUMNS 8
void fee_show_stages (FeeWriter *writer, const FeeRun *run);

/* The lines of a bill, of fee-statement and fee-explain --unit. */
extern const FeeOutputColumn fee_line_columns[];
#define FEE_N_LINE_COLUMNS 16
/* activities: rows of stage activity, in which line->activity counts. */
void fee_show_lines (FeeWriter *writer, const FeeRun *run, const FeePageReader *bill);
const char *fee_role_text (FeeRole role);

/* The rows of the ledger. */
extern const FeeOutputColumn fee_ledger_columns[];
#define FEE_N_LEDGER_COLUMNS 9
void fee_show_ledger_row (FeeWriter *writer, const FeeLedgerInput *input, const FeeStrings *memos, const FeeLedgerRow *row);
extern const FeeOutputColumn fee_balance_columns[];
#define FEE_N_BALANCE_COLUMNS 11
void fee_show_balance (FeeWriter *writer, const FeeStrings *strings, const FeeBalance *balance);

/* Months, then `other` and `credit`. */
extern const FeeOutputColumn fee_total_columns[];
#define FEE_N_TOTAL_COLUMNS 5
/* FEE_ERROR_INTERNAL where a difference leaves 64 bits. */
gboolean fee_show_totals (FeeWriter *writer, const FeeTotals *totals, GError **error);

extern const FeeOutputColumn fee_reminder_columns[];
#define FEE_N_REMINDER_COLUMNS 17
/* name, contact: "" where the register has none. */
void fee_show_reminder (FeeWriter *writer, const FeeRemindInput *input, const FeeReminder *row, const char *name, const char *contact);

/* "V2601-01" or "V2601-01#2": how a cost is shown. Appended to out. */
void fee_show_source (GString *out, const FeeStrings *strings, const FeeStageRow *row);

G_END_DECLS
