/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/model/fee-run.h"
#include "tool.h"

G_BEGIN_DECLS

/* The views of fee-explain, each a table. */
typedef struct {
  FeeTool *tool;
  const GPtrArray *runs;  /* of FeeRunHead */
  const FeeRunHead *head; /* of the month asked for */
  const FeeRun *run;
  const char *unit, *doc; /* NULL where none is asked for; valid UTF-8 */
} FeeExplain;

/* --trace: the lines of a unit back to the rows of files. */
gboolean fee_explain_trace (const FeeExplain *explain, GError **error);
/* --doc: who bore a document. */
gboolean fee_explain_doc (const FeeExplain *explain, GError **error);
/* --change: a unit beside another month; before: its run. */
gboolean fee_explain_change (const FeeExplain *explain, const FeeRunHead *before, GError **error);
/* --open: what is prepaid, accrued and not yet depreciated. */
gboolean fee_explain_open (const FeeExplain *explain, GError **error);

/* FEE_ERROR_RECORDS: the unit has no bill in the month. Returns FALSE. */
gboolean fee_explain_no_bill (const FeeExplain *explain, GError **error);

G_END_DECLS
