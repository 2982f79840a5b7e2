/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-known-private.h"

#define ISSUE_DATE "--issue-date"
#define RESTATE "--restate"

static void
append_word (GString *text, const char *option, const char *value)
{
  g_string_append_printf (text, "%s%s %s", text->len > 0 ? " " : "", option, value);
}

char *
fee_arguments_to_text (const FeeRunArguments *arguments)
{
  GString *text = g_string_new (NULL);
  char day[FEE_DATE_SIZE];
  if (arguments->issue != FEE_DATE_NONE)
    append_word (text, ISSUE_DATE, fee_date_format (arguments->issue, day));
  for (guint i = 0; arguments->restate != NULL && i < arguments->restate->len; i++)
    append_word (text, RESTATE, fee_period_format (g_array_index (arguments->restate, FeePeriod, i), day));
  return g_string_free (text, FALSE);
}

static gboolean
take_word (FeeRunArguments *arguments, const char *option, const char *value)
{
  FeePeriod period;
  if (strcmp (option, ISSUE_DATE) == 0)
    return fee_date_parse (value, &arguments->issue);
  if (strcmp (option, RESTATE) != 0 || !fee_period_parse (value, &period))
    return FALSE;
  g_array_append_val (arguments->restate, period);
  return TRUE;
}

gboolean
fee_arguments_of_run (const FeeRunHead *head, FeeRunArguments *out, GError **error)
{
  g_auto (FeeRunArguments) arguments = { head->period, FEE_DATE_NONE, g_array_new (FALSE, FALSE, sizeof (FeePeriod)) };
  g_auto (GStrv) words = g_strsplit (head->arguments, " ", -1);
  gboolean known = TRUE;
  for (guint i = 0; known && words[i] != NULL; i += 2) /* an odd one ends it at the NULL */
    known = words[i + 1] != NULL && take_word (&arguments, words[i], words[i + 1]);
  g_autofree char *again = fee_arguments_to_text (&arguments);
  if (!known || strcmp (again, head->arguments) != 0) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, _("run %u was made with arguments that this program does not know: %s"), head->number,
                 head->arguments);
    return FALSE;
  }
  *out = arguments;
  arguments.restate = NULL;
  return TRUE;
}
