/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-run.h"
#include "fee-document.h"

G_BEGIN_DECLS

/* A bill as owners read it: domain.md section 2, "Fee notice". No trade words; quantities as they are known at home. */

/* Why the total differs from the month before: an item, and by how much. */
typedef struct {
  const char *item; /* name of the centre, borrowed; NULL: late costs */
  FeeMoney amount;
} FeeBillCause;

typedef struct {
  const GPtrArray *policies; /* of FeePolicy */
  const char *lang;          /* "en" or "zh_CN" */
  const FeeRun *run;
  const FeePageReader *bill; /* standing on the bill, with lines */
  const char *name;          /* of the party; NULL where the register has none */
  const char *area;          /* of the unit; "" where it has none */
  const char *reference;     /* to be paid with: fee_reference_of_bill() */
  /* by origin: what the late costs are ("electricity (5/21-5/31, invoice of 6/24)"); key: GINT_TO_POINTER (period) */
  GHashTable *late;
  FeeMoney brought_forward, received, credit, payable;
  FeeMoney overdue;          /* of what is to be paid: past its due day */
  FeeDate oldest_due;        /* where anything is */
  FeeDate as_of;
  gboolean has_before;
  FeeMoney before;           /* total of the month before */
  const FeeBillCause *causes;
  guint n_causes;
} FeeBillView;

/* A sheet of the document. */
void fee_bill_write (FeeDocument *out, const FeeBillView *view);
/* Its lines and their sums only, by month; of the view, policies, lang, run, bill and late are used. */
void fee_bill_write_lines (FeeDocument *out, const FeeBillView *view);

/* What a driver is called at home: "Floor area x Floor weight". Owned by the caller; free with g_free(). */
char *fee_driver_words (const FeePolicy *policy, const char *driver, const char *lang);
/* With two decimals where it has any, grouped. buffer: FEE_GROUPED_SIZE bytes. */
char *fee_quantity_words (FeeQuantity quantity, char *buffer);

G_END_DECLS
