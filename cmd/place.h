/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/report/fee-sources.h"
#include "../libfee/report/fee-writer.h"

G_BEGIN_DECLS

/* Four cells: file, row, batch and SHA-256 of the row that an accrue row came of; empty where that was taken back before the run. batches: of FeeBatch. */
#define FEE_PLACE_COLUMNS \
  { "file", "File", "文件", FEE_COLUMN_TEXT }, { "row", "Row", "行", FEE_COLUMN_COUNT }, { "batch", "Batch", "批次", FEE_COLUMN_COUNT }, \
  { "sha256", "SHA-256", "SHA-256", FEE_COLUMN_TEXT }
void fee_place_write (FeeWriter *writer, const FeeSources *sources, const GPtrArray *batches, const FeeRun *run, const FeeStageRow *accrual);

G_END_DECLS
