/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"
#include "fee-policy-private.h"

static gint
find_id (GHashTable *ids, const char *id)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (ids, id)) - 1;
}

/* "a*b", with or without blanks around the sign; FALSE where it is not a product of two. */
static gboolean
split_product (const char *id, char *factors[2])
{
  g_auto (GStrv) parts = g_strsplit (id, "*", -1);
  if (g_strv_length (parts) != 2 || *g_strstrip (parts[0]) == '\0' || *g_strstrip (parts[1]) == '\0')
    return FALSE;
  factors[0] = g_strdup (parts[0]);
  factors[1] = g_strdup (parts[1]);
  return TRUE;
}

/* FALSE, with the problem added, where this can be no driver. What is not declared has its factors after this. */
static gboolean
make_driver (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry, const char *id,
             FeeDriver *driver)
{
  *driver = (FeeDriver) { .total = FEE_QUANTITY_NONE };
  if (strcmp (id, FEE_DRIVER_UNITS_OF_OUTPUT) == 0) {
    fee_policy_problem (reader, entry->line, _("%s: the driver \"%s\" is for assets only"), group->shown, id);
    return FALSE;
  }
  if (strchr (id, '*') == NULL) {
    driver->id = g_strdup (id);
    driver->factors[0] = strcmp (id, "one") == 0 ? NULL : g_strdup (id);
    return TRUE;
  }
  if (!split_product (id, driver->factors)) {
    fee_policy_problem (reader, entry->line, _("%s: driver %s is not a product of two attributes, such as area*lift"),
                        group->shown, entry->shown);
    return FALSE;
  }
  driver->id = g_strconcat (driver->factors[0], "*", driver->factors[1], NULL);
  return TRUE;
}

static gint
add_driver (FeePolicyReader *reader, FeeDriver *driver)
{
  gint known = find_id (reader->drivers, driver->id);
  if (known >= 0) {
    g_free (driver->id);
    g_free (driver->factors[0]);
    g_free (driver->factors[1]);
    return known;
  }
  g_array_append_val (reader->policy->drivers, *driver);
  gint index = (gint) reader->policy->drivers->len - 1;
  g_hash_table_insert (reader->drivers, driver->id, GINT_TO_POINTER (index + 1));
  return index;
}

/* The driver that the group names, -1 for none. for_units: else its targets are centres, and a product has no meaning. */
static gint
link_driver (FeePolicyReader *reader, const FeePolicyGroup *group, gboolean for_units)
{
  const FeePolicyEntry *entry = fee_policy_entry (group, "driver");
  g_autofree char *id = entry == NULL ? NULL : fee_policy_value (reader, group, entry, "");
  if (id == NULL)
    return -1;
  if (!for_units && strchr (id, '*') != NULL) {
    fee_policy_problem (reader, entry->line, _("%s: driver %s shares among centres, where a product has no meaning"),
                        group->shown, entry->shown);
    return -1;
  }
  FeeDriver driver;
  return make_driver (reader, group, entry, id, &driver) ? add_driver (reader, &driver) : -1;
}

static void
link_category (FeePolicyReader *reader, const FeePolicyGroup *group)
{
  FeeCategory *category = &g_array_index (reader->policy->categories, FeeCategory, group->index);
  const FeePolicyEntry *entry = fee_policy_entry (group, "centre");
  category->driver = link_driver (reader, group, FALSE);
  if (entry == NULL)
    return;
  if (fee_policy_entry (group, "driver") != NULL)
    fee_policy_problem (reader, entry->line, _("%s has a driver and a centre: only one of the two"), group->shown);
  g_autofree char *id = fee_policy_value (reader, group, entry, "");
  if (id == NULL)
    return;
  category->centre = find_id (reader->centres, id);
  if (category->centre < 0)
    fee_policy_problem (reader, entry->line, _("%s: there is no centre %s"), group->shown, entry->shown);
}

static void
link_centre (FeePolicyReader *reader, const FeePolicyGroup *group)
{
  FeeCentre *centre = &g_array_index (reader->policy->centres, FeeCentre, group->index);
  if (find_id (reader->categories, group->id) >= 0 || g_strv_contains (fee_legal_categories, group->id))
    fee_policy_problem (reader, group->line, _("%s: a category has this id"), group->shown);
  centre->driver = link_driver (reader, group, centre->kind == FEE_CENTRE_PRIMARY);
  const FeePolicyEntry *scope = fee_policy_entry (group, "scope");
  if (scope == NULL)
    return;
  if (centre->kind == FEE_CENTRE_SUPPORT)
    fee_policy_problem (reader, scope->line, _("%s is a support centre: it serves centres, and has no scope"), group->shown);
  else if (!scope->empty)
    fee_policy_read_scope (reader, group, scope, centre->scope);
}

static void
add_legal_categories (FeePolicyReader *reader)
{
  GArray *categories = reader->policy->categories;
  for (const char *const *id = fee_legal_categories; *id != NULL; id++) {
    if (find_id (reader->categories, *id) >= 0)
      continue;
    FeeCategory category = { .id = g_strdup (*id), .group = g_strdup (*id), .driver = -1, .centre = -1 };
    g_array_append_val (categories, category);
    g_hash_table_insert (reader->categories, (gpointer) *id, GINT_TO_POINTER (categories->len));
  }
}

static void
link_expect (FeePolicyReader *reader)
{
  const FeePolicyGroup *group = fee_policy_group (reader, "billing");
  const FeePolicyEntry *entry = group == NULL ? NULL : fee_policy_entry (group, "expect");
  g_auto (GStrv) ids = entry == NULL ? NULL : fee_policy_list (reader, group, entry);
  if (ids == NULL)
    return;
  if (*ids == NULL)
    fee_policy_problem (reader, entry->line, _("%s has no value"), entry->full);
  for (char **id = ids; *id != NULL; id++) {
    gint category = find_id (reader->categories, *id);
    g_autofree char *shown = fee_text_quote (*id, strlen (*id));
    if (category >= 0)
      g_array_append_val (reader->policy->expect, category);
    else
      fee_policy_problem (reader, entry->line, _("expect: there is no category %s"), shown);
  }
}

/* Waits for the currency. */
static void
link_minimum (FeePolicyReader *reader)
{
  FeePolicy *policy = reader->policy;
  const FeePolicyGroup *group = fee_policy_group (reader, "reminders");
  const FeePolicyEntry *entry = group == NULL ? NULL : fee_policy_entry (group, "minimum");
  g_autofree char *value = entry == NULL ? NULL : fee_policy_value (reader, group, entry, "");
  if (value == NULL)
    return;
  gint64 unit = FEE_QUANTITY_ONE; /* one minor unit, in micro-units */
  for (gint i = 0; i < policy->decimals; i++)
    unit /= 10;
  FeeQuantity minimum;
  if (fee_quantity_parse (value, &minimum) && minimum >= 0 && minimum % unit == 0)
    policy->minimum = minimum / unit;
  else
    fee_policy_problem (reader, entry->line, _("minimum %s is not an amount of %s with at most %d decimals"), entry->shown,
                        policy->currency, policy->decimals);
}

void
fee_policy_link (FeePolicyReader *reader)
{
  for (guint i = 0; i < reader->groups->len; i++) {
    const FeePolicyGroup *group = g_ptr_array_index (reader->groups, i);
    if (group->index < 0)
      continue;
    if (strcmp (group->kind, "category") == 0)
      link_category (reader, group);
    else if (strcmp (group->kind, "centre") == 0)
      link_centre (reader, group);
  }
  add_legal_categories (reader);
  link_expect (reader);
  link_minimum (reader);
}
