/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool.h"

gboolean
fee_tool_begin_table (FeeTool *tool, const FeeOutputColumn *columns, guint n_columns, FeeTableOutput *table, GError **error)
{
  *table = (FeeTableOutput) { tool, NULL, NULL };
  if (!fee_output_open (tool->output, &table->output, error))
    return FALSE;
  FeeWriterOptions options = { .format = tool->format, .decimals = tool->decimals, .lang = tool->lang != NULL ? tool->lang : "en",
                               .excel = tool->excel, .raw = tool->raw,
                               .width = fee_terminal_width (tool->output), .colour = fee_terminal_colour (tool->output) };
  table->writer = fee_writer_new (&options, columns, n_columns, fee_output_write, table->output);
  return TRUE;
}

static gboolean
finish_writer (FeeTableOutput *table, GError **error)
{
  gboolean ok = table->writer == NULL || fee_writer_finish (table->writer, error);
  g_clear_pointer (&table->writer, fee_writer_free);
  return ok;
}

gboolean
fee_tool_settle_table (FeeTableOutput *table, GError **error)
{
  return finish_writer (table, error) && fee_output_settle (table->output, error);
}

gboolean
fee_tool_end_table (FeeTableOutput *table, gboolean ok, GError **error)
{
  ok = ok && finish_writer (table, error) && fee_tool_finish_output (table->tool, table->output, error);
  g_clear_pointer (&table->writer, fee_writer_free);
  g_clear_pointer (&table->output, fee_output_free);
  return ok;
}
