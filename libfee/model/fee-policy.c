/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-policy.h"

#include <string.h>

const char *const fee_legal_categories[] = { "personnel", "maintenance", "cleaning",     "greening",  "security",
                                             "office",    "depreciation", "insurance", "other", NULL };

const char *
fee_name_text (const FeeName *name, const char *lang, const char *id)
{
  gboolean chinese = g_strcmp0 (lang, "zh_CN") == 0;
  const char *first = chinese ? name->zh_CN : name->en;
  const char *second = chinese ? name->en : name->zh_CN;
  return first != NULL ? first : second != NULL ? second : id;
}

static void
clear_name (FeeName *name)
{
  g_free (name->en);
  g_free (name->zh_CN);
}

static void
clear_condition (gpointer data)
{
  FeeCondition *condition = data;
  g_free (condition->attribute);
  g_strfreev (condition->values);
}

static void
clear_category (gpointer data)
{
  FeeCategory *category = data;
  g_free (category->id);
  clear_name (&category->name);
  g_free (category->group);
}

static void
clear_centre (gpointer data)
{
  FeeCentre *centre = data;
  g_free (centre->id);
  clear_name (&centre->name);
  g_array_unref (centre->scope);
}

static void
clear_driver (gpointer data)
{
  FeeDriver *driver = data;
  g_free (driver->id);
  clear_name (&driver->name);
  g_free (driver->unit);
  g_free (driver->factors[0]);
  g_free (driver->factors[1]);
}

static void
clear_attribute (gpointer data)
{
  FeeAttributeName *attribute = data;
  g_free (attribute->id);
  clear_name (&attribute->name);
  clear_name (&attribute->unit);
}

static void
clear_columns (gpointer data)
{
  FeeColumnNames *columns = data;
  g_free (columns->kind);
  g_free (columns->field);
  g_strfreev (columns->headers);
}

static void
clear_step (gpointer data)
{
  FeeStep *step = data;
  g_free (step->id);
  clear_name (&step->name);
}

static GArray *
new_array (gsize size, GDestroyNotify clear)
{
  GArray *array = g_array_new (FALSE, FALSE, (guint) size);
  g_array_set_clear_func (array, clear);
  return array;
}

GArray *
fee_scope_new (void)
{
  return new_array (sizeof (FeeCondition), clear_condition);
}

FeePolicy *
fee_policy_new (void)
{
  FeePolicy *policy = g_rc_box_new0 (FeePolicy);
  policy->expect = g_array_new (FALSE, FALSE, sizeof (gint));
  policy->categories = new_array (sizeof (FeeCategory), clear_category);
  policy->drivers = new_array (sizeof (FeeDriver), clear_driver);
  policy->centres = new_array (sizeof (FeeCentre), clear_centre);
  policy->attributes = new_array (sizeof (FeeAttributeName), clear_attribute);
  policy->columns = new_array (sizeof (FeeColumnNames), clear_columns);
  policy->steps = new_array (sizeof (FeeStep), clear_step);
  return policy;
}

static void
clear_notice (FeeNoticeTexts *notice)
{
  clear_name (&notice->pay);
  clear_name (&notice->ask);
  clear_name (&notice->help);
  clear_name (&notice->accounts);
  clear_name (&notice->templates);
}

static void
clear_policy (gpointer data)
{
  FeePolicy *policy = data;
  clear_name (&policy->name);
  g_free (policy->code);
  g_free (policy->currency);
  g_free (policy->unsold);
  g_free (policy->lang);
  g_free (policy->mode);
  clear_notice (&policy->notice);
  g_array_unref (policy->expect);
  g_array_unref (policy->categories);
  g_array_unref (policy->drivers);
  g_array_unref (policy->centres);
  g_array_unref (policy->attributes);
  g_array_unref (policy->columns);
  g_array_unref (policy->steps);
}

FeePolicy *
fee_policy_ref (FeePolicy *policy)
{
  return g_rc_box_acquire (policy);
}

void
fee_policy_unref (FeePolicy *policy)
{
  if (policy != NULL)
    g_rc_box_release_full (policy, clear_policy);
}

gint
fee_policy_find_category (const FeePolicy *policy, const char *id)
{
  for (gint i = 0; i < (gint) policy->categories->len; i++)
    if (strcmp (fee_policy_category (policy, i)->id, id) == 0)
      return i;
  return -1;
}

gint
fee_policy_find_centre (const FeePolicy *policy, const char *id)
{
  for (gint i = 0; i < (gint) policy->centres->len; i++)
    if (strcmp (fee_policy_centre (policy, i)->id, id) == 0)
      return i;
  return -1;
}

gint
fee_policy_find_driver (const FeePolicy *policy, const char *id)
{
  for (gint i = 0; i < (gint) policy->drivers->len; i++)
    if (strcmp (fee_policy_driver (policy, i)->id, id) == 0)
      return i;
  return -1;
}

const FeePolicy *
fee_policies_for (const GPtrArray *versions, FeePeriod origin)
{
  const FeePolicy *best = NULL;
  for (guint i = 0; i < versions->len; i++) {
    const FeePolicy *policy = g_ptr_array_index (versions, i);
    if (policy->from <= origin && (best == NULL || policy->from >= best->from))
      best = policy;
  }
  return best;
}
