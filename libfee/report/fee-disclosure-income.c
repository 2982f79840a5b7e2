/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-private.h"

#include <string.h>

/* What was billed and received, by building. */

static gint
compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  const guint *x = a, *y = b;
  return strcmp (fee_buildings_name (data, *x), fee_buildings_name (data, *y));
}

/* All of them by name, so that each group begins with the one that stands for it. */
static GArray *
order_buildings (const FeeBuildings *buildings)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < fee_buildings_count (buildings); i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_names, (gpointer) buildings);
  return order;
}

static void
finish_income (FeeDisclosureRow *row, FeeMoney billed, FeeMoney received)
{
  row->amount = billed;
  row->received = received;
  if (billed <= 0 || !fee_round_ratio (received, 10000, billed, &row->rate))
    row->rate = FEE_DISCLOSE_NONE;
}

/* Buildings that are shown as one. */
typedef struct {
  FeeMoney billed, received;
  guint n;
  GString *item, *names;
} Group;

static void
clear_group (gpointer data)
{
  Group *group = data;
  if (group->n == 0)
    return;
  g_string_free (group->item, TRUE);
  g_string_free (group->names, TRUE);
}

static void
add_building (FeeDisclosing *disclosing, Group *group, guint building)
{
  const FeeBuildingBills *bills = &g_array_index (disclosing->input->bills, FeeBuildingBills, building);
  const char *id = fee_buildings_name (disclosing->input->buildings, building);
  if (group->n == 0) {
    group->item = g_string_new (NULL);
    group->names = g_string_new (NULL);
  }
  g_string_append_printf (group->item, "%s%s", group->n == 0 ? "" : "+", id);
  g_string_append (group->names, group->n == 0 ? "" : fee_disclosing_word (disclosing, ", ", "、"));
  g_string_append (group->names, *id != '\0' ? id : fee_disclosing_word (disclosing, "without building", "未分楼栋"));
  fee_disclosing_add (disclosing, &group->billed, bills->billed);
  fee_disclosing_add (disclosing, &group->received, bills->billed);
  fee_disclosing_subtract (disclosing, &group->received, bills->open);
  group->n++;
}

static void
show_group (FeeDisclosing *disclosing, const Group *group)
{
  const char *one = fee_disclosing_word (disclosing, "Building", "楼栋"),
             *many = fee_disclosing_word (disclosing, "Buildings", "楼栋");
  g_autofree char *name = g_strdup_printf ("%s %s", group->n > 1 ? many : one, group->names->str);
  FeeDisclosureRow *row =
    fee_disclosing_row (disclosing, FEE_DISCLOSE_INCOME, group->item->str, group->item->len == 0 ? group->names->str : name);
  finish_income (row, group->billed, group->received);
  if (group->n == 1)
    return;
  g_autofree char *note = g_strdup_printf (disclosing->zh ? "楼栋%s合并公示：其中有缴费人不足五人"
                                                          : "buildings %s merged: one of them has fewer than five payers",
                                           group->names->str);
  row->note = fee_disclosing_keep (disclosing, note);
}

void
fee_disclose_income (FeeDisclosing *disclosing)
{
  const FeeBuildings *buildings = disclosing->input->buildings;
  g_autoptr (GArray) order = order_buildings (buildings);
  g_autoptr (GArray) groups = g_array_new (FALSE, TRUE, sizeof (Group));
  FeeMoney billed = 0, received = 0;
  g_array_set_clear_func (groups, clear_group);
  g_array_set_size (groups, order->len);
  for (guint i = 0; i < order->len; i++) {
    guint building = g_array_index (order, guint, i);
    add_building (disclosing, &g_array_index (groups, Group, fee_buildings_group (buildings, building)), building);
  }
  for (guint i = 0; i < order->len; i++) {
    const Group *group = &g_array_index (groups, Group, g_array_index (order, guint, i));
    if (group->n == 0)
      continue;
    show_group (disclosing, group);
    fee_disclosing_add (disclosing, &billed, group->billed);
    fee_disclosing_add (disclosing, &received, group->received);
  }
  FeeDisclosureRow *total = fee_disclosing_total (disclosing, FEE_DISCLOSE_INCOME, 0);
  finish_income (total, billed, received);
  total->previous = fee_disclosing_sum_before (disclosing, TRUE);
}
