/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "place.h"

#include "../libfee/store/fee-book.h"

void
fee_place_write (FeeWriter *writer, const FeeSources *sources, const GPtrArray *batches, const FeeRun *run, const FeeStageRow *accrual)
{
  const FeeTable *table;
  guint32 row;
  if (!fee_sources_find (sources, run, accrual, &table, &row)) {
    for (guint i = 0; i < 4; i++)
      fee_writer_empty (writer);
    return;
  }
  guint32 batch = fee_table_segment_of (table, row)->batch;
  const FeeBatch *found = g_ptr_array_index (batches, batch - 1);
  fee_writer_text (writer, found->file);
  fee_writer_count (writer, table->line[row]);
  fee_writer_count (writer, batch);
  fee_writer_text (writer, found->sha256);
}
