/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "statement.h"

#include <string.h>

static const FeeOutputColumn columns[] = {
  { "bill", "Bill", "账单号", FEE_COLUMN_TEXT },  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT }, { "file", "File", "文件", FEE_COLUMN_TEXT },
  { "page", "Page", "页码", FEE_COLUMN_COUNT },  { "pages", "Pages", "页数", FEE_COLUMN_COUNT },
};

gboolean
fee_statement_index_begin (FeeTool *tool, const char *path, FeeTableOutput *index, GError **error)
{
  *index = (FeeTableOutput) { tool, NULL, NULL };
  if (!fee_output_open (path, &index->output, error))
    return FALSE;
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = tool->decimals, .lang = tool->lang };
  index->writer = fee_writer_new (&options, columns, G_N_ELEMENTS (columns), fee_output_write, index->output);
  return TRUE;
}

void
fee_statement_index_add (FeeTableOutput *index, const FeeStatements *statements, const FeePageReader *bill, const FeeBillPlace *place)
{
  char number[FEE_BILL_NUMBER_SIZE];
  if (index->writer == NULL)
    return;
  g_autofree char *file = g_path_get_basename (place->path);
  fee_writer_text (index->writer, fee_bill_number_format (statements->run->period, bill->bill, number));
  fee_writer_text (index->writer, bill->unit->str);
  fee_writer_text (index->writer, bill->party->str);
  fee_writer_text (index->writer, file);
  fee_writer_count (index->writer, place->first);
  fee_writer_count (index->writer, place->n_pages);
}
