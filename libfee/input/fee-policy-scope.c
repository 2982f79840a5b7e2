/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"
#include "fee-policy-private.h"

static const struct {
  const char *sign;
  FeeComparison comparison;
} signs[] = {
  { "!=", FEE_CONDITION_NE }, { "<=", FEE_CONDITION_LE }, { ">=", FEE_CONDITION_GE },
  { "=", FEE_CONDITION_EQ },  { "<", FEE_CONDITION_LT },  { ">", FEE_CONDITION_GT },
};

/* "a,b": NULL where a value is empty, or begins with a sign (a slip such as => or ==). */
static char **
split_values (const char *text)
{
  g_auto (GStrv) values = g_strsplit (text, ",", -1);
  if (*values == NULL)
    return NULL;
  for (char **value = values; *value != NULL; value++) {
    g_strstrip (*value);
    if (**value == '\0' || strchr ("=<>!", **value) != NULL)
      return NULL;
  }
  return g_steal_pointer (&values);
}

/* NULL, or the reason: a msgid. */
static const char *
parse_condition (const char *text, FeeCondition *out)
{
  const char *sign = strpbrk (text, "=<>!");
  gsize n = 0;
  while (sign != NULL && n < G_N_ELEMENTS (signs) && !g_str_has_prefix (sign, signs[n].sign))
    n++;
  if (sign == NULL || n == G_N_ELEMENTS (signs))
    return N_("needs one of = != < <= > >=");
  g_autofree char *attribute = g_strstrip (g_strndup (text, (gsize) (sign - text)));
  if (*attribute == '\0')
    return N_("names no attribute");
  g_auto (GStrv) values = split_values (sign + strlen (signs[n].sign));
  if (values == NULL)
    return N_("needs a value, or several with a comma between");
  FeeComparison comparison = signs[n].comparison;
  gboolean by_text = comparison == FEE_CONDITION_EQ || comparison == FEE_CONDITION_NE;
  FeeQuantity limit = 0;
  if (!by_text && (g_strv_length (values) != 1 || !fee_quantity_parse (values[0], &limit)))
    return N_("compares with one number, such as 2 or 0.5");
  *out = (FeeCondition) { g_steal_pointer (&attribute), comparison, by_text ? g_steal_pointer (&values) : NULL, limit };
  return NULL;
}

void
fee_policy_read_scope (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry, GArray *scope)
{
  g_auto (GStrv) conditions = fee_policy_list (reader, group, entry);
  if (conditions == NULL)
    return;
  for (char **text = conditions; *text != NULL; text++) {
    FeeCondition condition;
    const char *reason = parse_condition (*text, &condition);
    if (reason == NULL) {
      g_array_append_val (scope, condition);
      continue;
    }
    g_autofree char *shown = fee_text_quote (*text, strlen (*text));
    fee_policy_problem (reader, entry->line, _("%s: condition %s %s"), group->shown, shown, _(reason));
  }
}
