/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-private.h"

#include <string.h>

#include "fee-bill.h"

/* The rules of allocation in words, made from the policy. */

/* ---- Whom a centre serves */

static const char *
attribute_name (const FeeDisclosing *disclosing, const FeePolicy *policy, const char *attribute)
{
  static const struct {
    const char *id, *en, *zh_CN;
  } names[] = {
    { "building", "building", "楼栋" }, { "entrance", "entrance", "单元" },   { "floor", "floor", "楼层" },
    { "kind", "kind", "物业类型" },     { "area", "floor area", "建筑面积" },
  };
  for (guint i = 0; i < policy->attributes->len; i++) {
    const FeeAttributeName *name = &g_array_index (policy->attributes, FeeAttributeName, i);
    if (g_ascii_strcasecmp (name->id, attribute) == 0)
      return fee_name_text (&name->name, disclosing->input->lang, name->id);
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].id, attribute) == 0)
      return fee_disclosing_word (disclosing, names[i].en, names[i].zh_CN);
  return attribute;
}

/* The kinds of units that estates have; others stay as the office calls them. */
static const char *
value_words (const FeeDisclosing *disclosing, const char *attribute, const char *value)
{
  static const struct {
    const char *value, *zh_CN;
  } words[] = { { "flat", "住宅" }, { "shop", "商铺" }, { "office", "办公" }, { "bay", "车位" }, { "store", "储藏室" } };
  for (guint i = 0; i < G_N_ELEMENTS (words) && disclosing->zh && g_ascii_strcasecmp (attribute, "kind") == 0; i++)
    if (strcmp (words[i].value, value) == 0)
      return words[i].zh_CN;
  return value;
}

/* Units that a scope names are counted: their ids are not published. */
static void
append_named_units (GString *out, const FeeDisclosing *disclosing, const FeeCondition *condition)
{
  guint n = condition->values == NULL ? 0 : g_strv_length (condition->values);
  gboolean but = condition->comparison != FEE_CONDITION_EQ;
  g_string_append_printf (out,
                          disclosing->zh ? (but ? "除指定的%u户外" : "指定的%u户")
                          : but          ? "all but %u named units"
                                         : "%u named units",
                          n);
}

static void
append_values (GString *out, const FeeDisclosing *disclosing, const FeeCondition *condition)
{
  for (guint i = 0; condition->values[i] != NULL; i++) {
    gboolean last = i > 0 && condition->values[i + 1] == NULL;
    g_string_append (out, i == 0 ? ""
                          : last ? fee_disclosing_word (disclosing, " or ", "或")
                                 : fee_disclosing_word (disclosing, ", ", "、"));
    g_string_append (out, value_words (disclosing, condition->attribute, condition->values[i]));
  }
}

static void
append_condition (GString *out, const FeeDisclosing *disclosing, const FeePolicy *policy, const FeeCondition *condition)
{
  static const char *const signs[][2] = {
    [FEE_CONDITION_EQ] = { " ", "为" },         [FEE_CONDITION_NE] = { " other than ", "不是" },
    [FEE_CONDITION_LT] = { " below ", "小于" }, [FEE_CONDITION_LE] = { " up to ", "不超过" },
    [FEE_CONDITION_GT] = { " above ", "大于" }, [FEE_CONDITION_GE] = { " from ", "不小于" },
  };
  char limit[FEE_NUMBER_SIZE];
  if (g_ascii_strcasecmp (condition->attribute, "unit") == 0) {
    append_named_units (out, disclosing, condition);
    return;
  }
  g_string_append (out, attribute_name (disclosing, policy, condition->attribute));
  g_string_append (out, signs[condition->comparison][disclosing->zh]);
  if (condition->comparison == FEE_CONDITION_EQ || condition->comparison == FEE_CONDITION_NE)
    append_values (out, disclosing, condition);
  else
    g_string_append (out, fee_quantity_format (condition->limit, limit));
  if (condition->comparison == FEE_CONDITION_GE && !disclosing->zh)
    g_string_append (out, " up");
}

static void
append_scope (GString *out, const FeeDisclosing *disclosing, const FeePolicy *policy, const GArray *scope)
{
  if (scope->len == 0)
    g_string_append (out, fee_disclosing_word (disclosing, "all units", "全体房屋"));
  for (guint i = 0; i < scope->len; i++) {
    g_string_append (out, i == 0 ? "" : fee_disclosing_word (disclosing, "; ", "；"));
    append_condition (out, disclosing, policy, &g_array_index (scope, FeeCondition, i));
  }
}

/* ---- A rule */

/* "by floor area", "equally" */
static char *
driver_words (const FeeDisclosing *disclosing, const FeePolicy *policy, gint driver)
{
  const char *id = fee_policy_driver (policy, driver)->id;
  g_autofree char *words = fee_driver_words (policy, id, disclosing->input->lang);
  return strcmp (id, "one") == 0 ? g_steal_pointer (&words)
                                 : g_strconcat (fee_disclosing_word (disclosing, "by ", "按"), words, NULL);
}

static char *
category_rule (const FeeDisclosing *disclosing, const FeePolicy *policy, const FeeCategory *category)
{
  if (category->centre >= 0) {
    const FeeCentre *centre = fee_policy_centre (policy, category->centre);
    return g_strdup_printf (disclosing->zh ? "记入作业中心“%s”" : "goes to the centre %s",
                            fee_name_text (&centre->name, disclosing->input->lang, centre->id));
  }
  if (category->driver < 0)
    return g_strdup (fee_disclosing_word (disclosing, "each document names its centre", "每笔凭证指明作业中心"));
  g_autofree char *driver = driver_words (disclosing, policy, category->driver);
  return g_strdup_printf (disclosing->zh ? "%s分给各作业中心；凭证指明作业中心的，直接记入"
                                         : "shared among centres %s; a document that names its centre goes straight there",
                          driver);
}

static char *
centre_rule (const FeeDisclosing *disclosing, const FeePolicy *policy, const FeeCentre *centre)
{
  g_autofree char *driver = centre->driver < 0 ? g_strdup ("") : driver_words (disclosing, policy, centre->driver);
  if (centre->kind == FEE_CENTRE_SUPPORT)
    return g_strdup_printf (
      disclosing->zh ? "辅助作业中心：%s分给其他作业中心" : "support centre: shared among other centres %s", driver);
  g_autoptr (GString) scope = g_string_new (NULL);
  append_scope (scope, disclosing, policy, centre->scope);
  if (centre->payer == FEE_ROLE_OCCUPANT)
    return g_strdup_printf (disclosing->zh
                              ? "%s分摊；受益范围：%s；由使用人承担（空置期间由业主承担）"
                              : "shared %s; among: %s; borne by the occupant (by the owner on days without one)",
                            driver, scope->str);
  return g_strdup_printf (disclosing->zh ? "%s分摊；受益范围：%s；由业主承担" : "shared %s; among: %s; borne by the owner",
                          driver, scope->str);
}

/* The rule of a category or centre under a policy; NULL where it has none. */
static char *
rule_of (const FeeDisclosing *disclosing, const FeePolicy *policy, gboolean centre, const char *id)
{
  gint n = centre ? fee_policy_find_centre (policy, id) : fee_policy_find_category (policy, id);
  if (n < 0)
    return NULL;
  if (centre)
    return centre_rule (disclosing, policy, fee_policy_centre (policy, n));
  return fee_policy_category (policy, n)->listed ? category_rule (disclosing, policy, fee_policy_category (policy, n))
                                                 : NULL;
}

/* What held at the end, and from when on, where something else held within the period before. */
static void
show_rule (FeeDisclosing *disclosing, gboolean centre, const char *id, const char *name)
{
  const FeeRecords *records = disclosing->input->records;
  g_autoptr (GString) note = g_string_new (NULL);
  g_autofree char *before = NULL;
  for (FeePeriod month = disclosing->input->from; month <= disclosing->input->to; month++) {
    g_autofree char *rule = rule_of (disclosing, fee_records_policy (records, month), centre, id);
    char from[FEE_DATE_SIZE];
    if (g_strcmp0 (rule, before) == 0)
      continue;
    fee_period_format (month, from);
    if (month > disclosing->input->from)
      g_string_append_printf (note, disclosing->zh ? "%s自%s起：" : "%sfrom %s on: ",
                              note->len == 0   ? ""
                              : disclosing->zh ? "；"
                                               : ". ",
                              from);
    g_string_append (note, rule != NULL ? rule : fee_disclosing_word (disclosing, "not used", "不再使用"));
    g_free (before);
    before = g_steal_pointer (&rule);
  }
  if (note->len == 0)
    return;
  FeeDisclosureRow *row = fee_disclosing_row (disclosing, FEE_DISCLOSE_RULES, id, name);
  row->note = fee_disclosing_keep (disclosing, note->str);
}

/* Ids of all policies of the period, in the order of the last. */
static GPtrArray *
list_ids (const FeeDisclosing *disclosing, gboolean centres)
{
  GPtrArray *ids = g_ptr_array_new ();
  for (FeePeriod month = disclosing->input->to; month >= disclosing->input->from; month--) {
    const FeePolicy *policy = fee_records_policy (disclosing->input->records, month);
    guint n = centres ? policy->centres->len : policy->categories->len;
    for (guint i = 0; i < n; i++) {
      char *id = centres ? fee_policy_centre (policy, (gint) i)->id : fee_policy_category (policy, (gint) i)->id;
      if (!g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL))
        g_ptr_array_add (ids, id);
    }
  }
  return ids;
}

void
fee_disclose_rules (FeeDisclosing *disclosing)
{
  g_autoptr (GPtrArray) categories = list_ids (disclosing, FALSE);
  g_autoptr (GPtrArray) centres = list_ids (disclosing, TRUE);
  for (guint i = 0; i < categories->len; i++) {
    const char *id = g_ptr_array_index (categories, i);
    show_rule (disclosing, FALSE, id, fee_disclosing_item_name (disclosing, id));
  }
  for (guint i = 0; i < centres->len; i++) {
    const char *id = g_ptr_array_index (centres, i);
    show_rule (disclosing, TRUE, id, fee_disclosing_centre_name (disclosing, id));
  }
}
