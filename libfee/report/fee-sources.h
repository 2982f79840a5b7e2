/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-records.h"
#include "../model/fee-run.h"

G_BEGIN_DECLS

/* The rows of costs and assets that stand, by what the stages of a run say of their source. */
typedef struct _FeeSources FeeSources;

/* records: with costs, and assets where their rows are asked for; borrowed. Owned by the caller; free with fee_sources_free(). */
FeeSources *fee_sources_new (const FeeRecords *records);
void fee_sources_free (FeeSources *sources);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeSources, fee_sources_free)

/* The row that an accrue row came of, and its table. FALSE where there is none: it was retracted before the records. */
gboolean fee_sources_find (const FeeSources *sources, const FeeRun *run, const FeeStageRow *accrual, const FeeTable **table, guint32 *row);

G_END_DECLS
