/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-policy.h"
#include "fee-spans.h"
#include "fee-table.h"

G_BEGIN_DECLS

/* The records of a book as known at a batch, merged by key. Tables that a work does not need are NULL. */
typedef struct {
  FeeStrings *ids;
  GPtrArray *policies; /* of FeePolicy, in the order of their batches; never empty in a book */
  FeeTable *tables[FEE_N_KINDS];
  FeeRegister *reg;       /* of units; NULL until indexed */
  FeeTenures *tenures;    /* of parties */
  FeeMeasures *measures;  /* of quantities */
} FeeRecords;

/* Owned by the caller; free with fee_records_free(). */
FeeRecords *fee_records_new (void);
void fee_records_free (FeeRecords *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRecords, fee_records_free)

/* Makes reg, tenures and measures from the tables that are there. overlap may be NULL. */
void fee_records_index (FeeRecords *records, FeeOverlapFunc overlap, gpointer data);

/* What stays the same in all policies of a book. */
static inline FeePeriod
fee_records_start (const FeeRecords *records)
{
  return ((const FeePolicy *) g_ptr_array_index (records->policies, 0))->start;
}
static inline gint
fee_records_decimals (const FeeRecords *records)
{
  return ((const FeePolicy *) g_ptr_array_index (records->policies, 0))->decimals;
}
/* Never NULL: only damaged records speak of a month before the book, which has the first policy. */
static inline const FeePolicy *
fee_records_policy (const FeeRecords *records, FeePeriod origin)
{
  const FeePolicy *policy = fee_policies_for (records->policies, origin);
  return policy != NULL ? policy : (const FeePolicy *) g_ptr_array_index (records->policies, 0);
}

/* A cost's service span, blanks filled in by its date, and how it is spread: rules.md section 3. */
typedef struct {
  FeeDate from, to;
  gboolean by_days;
} FeeServiceSpan;
FeeServiceSpan fee_cost_span (const FeeTable *costs, guint32 row);

G_END_DECLS
