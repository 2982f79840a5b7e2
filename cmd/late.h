/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/model/fee-records.h"
#include "../libfee/model/fee-run.h"

G_BEGIN_DECLS

/* What the late costs of a run are, in words: "electricity (5/21-5/31, invoice of 6/24)". records: with costs, all fields, as the run knew them; not needed
 * for a run without late costs. By origin, as FeeBillView wants it. Owned by the caller; free with g_hash_table_unref(). */
GHashTable *fee_late_words (const FeeRecords *records, const FeeRun *run, const char *lang);
/* The run has costs of earlier months. */
gboolean fee_late_has (const FeeRun *run);

G_END_DECLS
