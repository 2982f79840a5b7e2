/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-error.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (fee-error-quark, fee_error)

struct _FeeProblems {
  GPtrArray *shown;
  guint count;
};

FeeProblems *
fee_problems_new (void)
{
  FeeProblems *problems = g_new0 (FeeProblems, 1);
  problems->shown = g_ptr_array_new_with_free_func (g_free);
  return problems;
}

void
fee_problems_free (FeeProblems *problems)
{
  if (problems == NULL)
    return;
  g_ptr_array_unref (problems->shown);
  g_free (problems);
}

void
fee_problems_add (FeeProblems *problems, const char *format, ...)
{
  problems->count++;
  if (problems->shown->len == FEE_PROBLEMS_SHOWN)
    return;
  va_list arguments;
  va_start (arguments, format);
  g_ptr_array_add (problems->shown, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

guint
fee_problems_count (const FeeProblems *problems)
{
  return problems->count;
}

const char *
fee_problems_nth (const FeeProblems *problems, guint n)
{
  return n < problems->shown->len ? g_ptr_array_index (problems->shown, n) : NULL;
}

gboolean
fee_problems_settle (const FeeProblems *problems, FeeError code, GError **error)
{
  if (problems->count == 0)
    return TRUE;
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < problems->shown->len; i++) {
    if (i > 0)
      g_string_append_c (text, '\n');
    g_string_append (text, g_ptr_array_index (problems->shown, i));
  }
  guint more = problems->count - problems->shown->len;
  if (more > 0)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "\n... and %u more", "\n... and %u more", more), more);
  g_set_error_literal (error, FEE_ERROR, code, text->str);
  return FALSE;
}
