/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <unistd.h>

#include "tool.h"

gboolean
fee_tool_begin_document (FeeTool *tool, const char *path, const char *title, FeeDocumentOutput *out, GError **error)
{
  *out = (FeeDocumentOutput) { tool, NULL, NULL };
  if (path == NULL && tool->format == FEE_FORMAT_PDF && isatty (STDOUT_FILENO))
    return fee_tool_usage (error, _("a PDF is nothing for a terminal: --output FILE.pdf"));
  if (!fee_output_open (path, &out->output, error))
    return FALSE;
  FeeDocumentOptions options = { .format = tool->format, .decimals = tool->decimals, .lang = tool->lang != NULL ? tool->lang : "en", .title = title,
                                 .width = fee_terminal_width (path), .colour = fee_terminal_colour (path) };
  out->document = fee_document_new (&options, fee_output_write, out->output);
  return TRUE;
}

gboolean
fee_tool_end_document (FeeDocumentOutput *out, gboolean ok, GError **error)
{
  ok = ok && fee_document_finish (out->document, error) && fee_tool_finish_output (out->tool, out->output, error);
  g_clear_pointer (&out->document, fee_document_free);
  g_clear_pointer (&out->output, fee_output_free);
  return ok;
}
