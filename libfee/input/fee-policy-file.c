/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-policy-file.h"

#include <glib/gi18n-lib.h>

#include "../base/fee-error.h"
#include "fee-policy-private.h"

typedef struct {
  guint line, nth;
  char *text;
} Problem;

static void
clear_problem (gpointer data)
{
  g_free (((Problem *) data)->text);
}

/* By line, then as they were found. */
static gint
compare_problems (gconstpointer a, gconstpointer b)
{
  const Problem *x = a, *y = b;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  return x->nth < y->nth ? -1 : 1;
}

void
fee_policy_problem (FeePolicyReader *reader, guint line, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  Problem problem = { line, reader->problems->len, g_strdup_vprintf (format, arguments) };
  va_end (arguments);
  g_array_append_val (reader->problems, problem);
}

/* The passes find problems in the order of what they read; people go through the file from its top. */
static gboolean
settle_problems (FeePolicyReader *reader, GError **error)
{
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_array_sort (reader->problems, compare_problems);
  for (guint i = 0; i < reader->problems->len; i++) {
    const Problem *problem = &g_array_index (reader->problems, Problem, i);
    fee_problems_add (problems, "%s:%u: %s", reader->file, problem->line, problem->text);
  }
  return fee_problems_settle (problems, FEE_ERROR_POLICY, error);
}

static void
free_group (gpointer data)
{
  FeePolicyGroup *group = data;
  g_free (group->header);
  g_free (group->kind);
  g_free (group->id);
  g_free (group->shown);
  g_ptr_array_unref (group->entries);
  g_free (group);
}

static FeePolicy *
new_policy_with_defaults (void)
{
  FeePolicy *policy = fee_policy_new ();
  policy->code = g_strdup ("");
  policy->currency = g_strdup ("CNY");
  policy->lang = g_strdup ("en");
  policy->mode = g_strdup ("cost");
  policy->start = FEE_PERIOD_NONE;
  policy->from = FEE_PERIOD_NONE;
  policy->income_cost = FEE_QUANTITY_NONE;
  policy->income_fund = FEE_QUANTITY_NONE;
  policy->interval_days = 7;
  policy->monthly_limit = 3;
  policy->receipts_max_age = 10;
  return policy;
}

static FeePolicyReader *
new_reader (const char *file)
{
  FeePolicyReader *reader = g_new0 (FeePolicyReader, 1);
  reader->file = file;
  reader->keys = g_key_file_new ();
  reader->problems = g_array_new (FALSE, FALSE, sizeof (Problem));
  g_array_set_clear_func (reader->problems, clear_problem);
  reader->groups = g_ptr_array_new_with_free_func (free_group);
  reader->by_header = g_hash_table_new (g_str_hash, g_str_equal);
  reader->policy = new_policy_with_defaults ();
  reader->categories = g_hash_table_new (g_str_hash, g_str_equal);
  reader->centres = g_hash_table_new (g_str_hash, g_str_equal);
  reader->drivers = g_hash_table_new (g_str_hash, g_str_equal);
  reader->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return reader;
}

static void
free_reader (FeePolicyReader *reader)
{
  g_key_file_unref (reader->keys);
  g_array_unref (reader->problems);
  g_hash_table_unref (reader->by_header);
  g_hash_table_unref (reader->categories);
  g_hash_table_unref (reader->centres);
  g_hash_table_unref (reader->drivers);
  g_hash_table_unref (reader->attributes);
  g_ptr_array_unref (reader->groups);
  fee_policy_unref (reader->policy);
  g_free (reader);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeePolicyReader, free_reader)

static void
require (FeePolicyReader *reader, const char *header, const char *key)
{
  const FeePolicyGroup *group = fee_policy_group (reader, header);
  if (group == NULL)
    fee_policy_problem (reader, 1, _("the policy needs [%s] with \"%s\""), header, key);
  else if (fee_policy_entry (group, key) == NULL)
    fee_policy_problem (reader, group->line, _("%s needs \"%s\""), group->shown, key);
}

static void
settle_months (FeePolicyReader *reader)
{
  FeePolicy *policy = reader->policy;
  if (policy->from == FEE_PERIOD_NONE)
    policy->from = policy->start;
  else if (policy->from < policy->start)
    fee_policy_problem (reader, fee_policy_entry (fee_policy_group (reader, "book"), "from")->line,
                        _("from is before the start of the book"));
}

static void
read_groups (FeePolicyReader *reader)
{
  for (guint i = 0; i < reader->groups->len; i++)
    fee_policy_read_group (reader, g_ptr_array_index (reader->groups, i));
  require (reader, "book", "start");
  require (reader, "billing", "due_days");
  settle_months (reader);
  reader->policy->decimals = fee_currency_decimals (reader->policy->currency);
  fee_policy_link (reader);
  if (reader->policy->steps->len == 0)
    fee_policy_add_default_ladder (reader->policy);
}

gboolean
fee_policy_read (const char *file, const char *text, gsize length, FeePolicy **out, GError **error)
{
  g_autoptr (FeePolicyReader) reader = new_reader (file);
  if (fee_policy_scan (reader, text, length))
    read_groups (reader);
  if (!settle_problems (reader, error))
    return FALSE;
  *out = g_steal_pointer (&reader->policy);
  return TRUE;
}
