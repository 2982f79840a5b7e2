/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/base/fee-hash.h"
#include "../libfee/store/fee-import.h"
#include "tool.h"

/* A book is there already: all is well if it began with this very policy. */
static gboolean
compare_policy (FeeTool *tool, GBytes *bytes, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  char hex[FEE_HASH_HEX];
  gsize length;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  if (!fee_tool_open_book (tool, FALSE, error) || !fee_book_batches (tool->book, &batches, error))
    return FALSE;
  const FeeBatch *first = g_ptr_array_index (batches, 0);
  if (strcmp (first->sha256, fee_hash_of (at, length, hex)) == 0) {
    fee_tool_say (tool, _("%s: the book is there already, with this policy"), tool->book_path);
    return TRUE;
  }
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: there is a book already, which began with another policy"), tool->book_path);
  return FALSE;
}

static gboolean
make (FeeTool *tool, const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (FeeBook) book = NULL;
  return fee_book_create (tool->book_path, &book, error)
         && fee_import_first_policy (book, name, bytes, tool->now, fee_tool_by (tool), error) && fee_book_finish (book, error);
}

static gboolean
init (FeeTool *tool, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *name = g_path_get_basename (tool->arguments[0]);
  if (!fee_tool_read_file (tool->arguments[0], &bytes, error))
    return FALSE;
  if (g_file_test (tool->book_path, G_FILE_TEST_EXISTS))
    return compare_policy (tool, bytes, error);
  if (!make (tool, name, bytes, &problem)) {
    gboolean there = g_error_matches (problem, FEE_ERROR, FEE_ERROR_RECORDS) && g_file_test (tool->book_path, G_FILE_TEST_EXISTS);
    if (!there)
      g_propagate_error (error, g_steal_pointer (&problem));
    return there && compare_policy (tool, bytes, error); /* another program made it meanwhile */
  }
  fee_tool_say (tool, _("%s: a new book with the policy %s"), tool->book_path, name);
  return TRUE;
}

int
main (int argc, char **argv)
{
  static const FeeToolInfo info = { "fee-init", "POLICY", N_("Create a book with a policy."), NULL, 1, 1, init };
  return fee_tool_main (&info, argc, argv);
}
