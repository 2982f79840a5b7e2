/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"
#include "../model/fee-kind.h"
#include "fee-policy-private.h"

static const char *const no_yes[] = { "no", "yes", NULL };
static const char *const languages[] = { "en", "zh_CN", NULL };
static const char *const supports[] = { "direct", "step", "reciprocal", NULL };
static const char *const starts[] = { "next-month", "same-month", NULL };
static const char *const modes[] = { "cost", NULL };
static const char *const issues[] = { "after", "before", NULL };
static const char *const driver_kinds[] = { "level", "flow", NULL };
static const char *const centre_kinds[] = { "primary", "support", NULL };
static const char *const payers[] = { "owner", "occupant", NULL };
static const char *const step_types[] = { "notice", "letter", "visit", "demand", "internal", NULL };

#define READ(name, how, type, member, ...) \
  { .key = name, .read = fee_policy_read_##how, .offset = G_STRUCT_OFFSET (type, member), __VA_ARGS__ }
#define WORD(key, type, member, choices) READ (key, word, type, member, .words = choices)
#define NUMBER(key, type, member, from, to) READ (key, number, type, member, .least = from, .most = to)
#define NAME(type) READ ("name", name, type, name, .translated = TRUE)
#define PROSE(key, type, member) READ (key, name, type, member, .translated = TRUE, .spoken = TRUE)
#define NO_NAME { .key = "name", .read = fee_policy_read_nothing, .translated = TRUE }
#define LATER(name) { .key = name }
#define END { .key = NULL }

#define DAYS_MAX 3650

static const FeePolicyField book_fields[] = {
  NAME (FeePolicy),
  READ ("code", text, FeePolicy, code),
  READ ("currency", currency, FeePolicy, currency),
  READ ("start", month, FeePolicy, start),
  READ ("from", month, FeePolicy, from),
  WORD ("support", FeePolicy, support, supports),
  READ ("unsold", text, FeePolicy, unsold),
  WORD ("depreciation_start", FeePolicy, same_month, starts),
  READ ("lang", word_text, FeePolicy, lang, .words = languages),
  END
};
static const FeePolicyField billing_fields[] = {
  NO_NAME,
  READ ("mode", word_text, FeePolicy, mode, .words = modes),
  WORD ("issue", FeePolicy, issue_before, issues),
  NUMBER ("due_days", FeePolicy, due_days, 0, DAYS_MAX),
  LATER ("expect"),
  END
};
static const FeePolicyField income_fields[] = {
  NO_NAME,
  READ ("cost", percent, FeePolicy, income_cost),
  READ ("fund", percent, FeePolicy, income_fund),
  END
};
static const FeePolicyField notice_fields[] = {
  NO_NAME,
  PROSE ("pay", FeePolicy, notice.pay),
  PROSE ("ask", FeePolicy, notice.ask),
  PROSE ("help", FeePolicy, notice.help),
  PROSE ("accounts", FeePolicy, notice.accounts),
  PROSE ("templates", FeePolicy, notice.templates),
  NUMBER ("answer_days", FeePolicy, notice.answer_days, 1, DAYS_MAX),
  END
};
static const FeePolicyField reminders_fields[] = {
  NO_NAME,
  LATER ("minimum"),
  NUMBER ("interval_days", FeePolicy, interval_days, 0, DAYS_MAX),
  NUMBER ("monthly_limit", FeePolicy, monthly_limit, 0, 30),
  NUMBER ("receipts_max_age", FeePolicy, receipts_max_age, 0, DAYS_MAX),
  END
};
static const FeePolicyField category_fields[] = {
  NAME (FeeCategory),
  READ ("group", word_text, FeeCategory, group, .words = fee_legal_categories),
  LATER ("driver"),
  LATER ("centre"),
  END
};
static const FeePolicyField driver_fields[] = {
  NAME (FeeDriver),
  WORD ("kind", FeeDriver, kind, driver_kinds),
  READ ("unit", text, FeeDriver, unit),
  READ ("total", total, FeeDriver, total),
  WORD ("complete", FeeDriver, complete, no_yes),
  END
};
static const FeePolicyField centre_fields[] = {
  NAME (FeeCentre),
  WORD ("kind", FeeCentre, kind, centre_kinds),
  WORD ("payer", FeeCentre, payer, payers),
  LATER ("driver"),
  LATER ("scope"),
  END
};
static const FeePolicyField attribute_fields[] = {
  NAME (FeeAttributeName),
  READ ("unit", name, FeeAttributeName, unit, .translated = TRUE),
  END
};
static const FeePolicyField step_fields[] = {
  PROSE ("name", FeeStep, name),
  WORD ("type", FeeStep, type, step_types),
  NUMBER ("after", FeeStep, after, -DAYS_MAX, DAYS_MAX),
  NUMBER ("wait", FeeStep, wait, 0, DAYS_MAX),
  WORD ("approval", FeeStep, approval, no_yes),
  END
};

/* Every group makes one element, also where something is wrong with it, so that what refers to it finds it. */
static void
remember (GHashTable *ids, FeePolicyGroup *group, GArray *array)
{
  group->index = (gint) array->len - 1;
  g_hash_table_insert (ids, group->id, GINT_TO_POINTER (group->index + 1));
}

static const char *const fund_works[] = { "major-repair", "大修", "中修", "更新改造", NULL };

static void
read_category (FeePolicyReader *reader, FeePolicyGroup *group)
{
  if (g_strv_contains (fund_works, group->id))
    fee_policy_problem (reader, group->line,
                        _("%s: large and medium repair and renewal are paid by the maintenance fund; the law does not let "
                          "them be booked as a cost of service"),
                        group->shown);
  FeeCategory category = { .id = g_strdup (group->id), .driver = -1, .centre = -1, .listed = TRUE };
  fee_policy_read_fields (reader, group, category_fields, &category);
  if (category.group == NULL)
    category.group = g_strdup (group->id);
  g_array_append_val (reader->policy->categories, category);
  remember (reader->categories, group, reader->policy->categories);
}

static void
read_driver (FeePolicyReader *reader, FeePolicyGroup *group)
{
  FeeDriver driver = { .id = g_strdup (group->id), .declared = TRUE, .total = FEE_QUANTITY_NONE };
  fee_policy_read_fields (reader, group, driver_fields, &driver);
  if (strcmp (group->id, FEE_DRIVER_UNITS_OF_OUTPUT) == 0 || strcmp (group->id, "one") == 0)
    fee_policy_problem (reader, group->line, _("%s: the driver \"%s\" is built in"), group->shown, group->id);
  else if (strchr (group->id, '*') != NULL)
    fee_policy_problem (reader, group->line, _("%s: only a product of two attributes has a * in its name"), group->shown);
  const FeePolicyEntry *total = fee_policy_entry (group, "total");
  if (total != NULL && driver.kind == FEE_DRIVER_FLOW)
    fee_policy_problem (reader, total->line, _("total is for a driver of kind level, %s is a flow"), group->shown);
  g_array_append_val (reader->policy->drivers, driver);
  remember (reader->drivers, group, reader->policy->drivers);
}

static void
read_centre (FeePolicyReader *reader, FeePolicyGroup *group)
{
  FeeCentre centre = { .id = g_strdup (group->id), .driver = -1, .scope = fee_scope_new (), .payer = FEE_ROLE_OWNER };
  fee_policy_read_fields (reader, group, centre_fields, &centre);
  g_array_append_val (reader->policy->centres, centre);
  remember (reader->centres, group, reader->policy->centres);
}

static void
read_attribute (FeePolicyReader *reader, FeePolicyGroup *group)
{
  g_autofree char *folded = g_utf8_casefold (group->id, -1);
  if (g_hash_table_contains (reader->attributes, folded))
    fee_policy_problem (reader, group->line, _("%s: the attribute is there already, with other capitals"), group->shown);
  FeeAttributeName attribute = { .id = g_strdup (group->id) };
  fee_policy_read_fields (reader, group, attribute_fields, &attribute);
  g_array_append_val (reader->policy->attributes, attribute);
  g_hash_table_add (reader->attributes, g_steal_pointer (&folded));
}

static void
read_reminder (FeePolicyReader *reader, FeePolicyGroup *group)
{
  FeeStep step = { .id = g_strdup (group->id) };
  fee_policy_prepare_step (&step);
  fee_policy_refuse_threat (reader, group->line, group->shown, group->id);
  fee_policy_read_fields (reader, group, step_fields, &step);
  fee_policy_name_step (&step);
  if (fee_policy_entry (group, "after") == NULL)
    fee_policy_problem (reader, group->line, _("%s needs \"%s\""), group->shown, "after");
  g_array_append_val (reader->policy->steps, step);
}

static void
read_column (FeePolicyReader *reader, const FeePolicyGroup *group, const FeeKind *kind, const FeePolicyEntry *entry)
{
  gboolean known = kind->attributes || fee_kind_match_header (kind, entry->key) >= 0;
  if (!known && strcmp (entry->key, "name") == 0)
    return;
  if (!known || entry->locale != NULL) {
    fee_policy_problem (reader, entry->line, _("%s: %s have no column \"%s\""), group->shown, kind->name, entry->full);
    return;
  }
  g_auto (GStrv) headers = fee_policy_list (reader, group, entry);
  if (headers == NULL)
    return;
  if (*headers == NULL) {
    fee_policy_problem (reader, entry->line, _("%s has no value"), entry->full);
    return;
  }
  FeeColumnNames names = { g_strdup (kind->name), g_strdup (entry->key), g_steal_pointer (&headers) };
  g_array_append_val (reader->policy->columns, names);
}

static void
read_columns (FeePolicyReader *reader, FeePolicyGroup *group)
{
  const FeeKind *kind = fee_kind_find (group->id);
  if (kind == NULL || kind->id == FEE_KIND_POLICY) {
    fee_policy_problem (reader, group->line, _("%s: there is no such kind of file"), group->shown);
    return;
  }
  for (guint i = 0; i < group->entries->len; i++)
    read_column (reader, group, kind, g_ptr_array_index (group->entries, i));
}

/* A group goes to a function that makes something of it, or straight into the policy by its fields. */
static const struct {
  const char *kind;
  void (*read) (FeePolicyReader *reader, FeePolicyGroup *group);
  const FeePolicyField *fields;
} group_kinds[] = {
  { "book", NULL, book_fields },
  { "billing", NULL, billing_fields },
  { "category", read_category, NULL },
  { "driver", read_driver, NULL },
  { "centre", read_centre, NULL },
  { "attribute", read_attribute, NULL },
  { "columns", read_columns, NULL },
  { "income", NULL, income_fields },
  { "notice", NULL, notice_fields },
  { "reminders", NULL, reminders_fields },
  { "reminder", read_reminder, NULL },
};

static gboolean
id_is_clean (const char *id)
{
  for (; *id != '\0'; id = g_utf8_next_char (id))
    if (fee_text_is_control (g_utf8_get_char (id)))
      return FALSE;
  return TRUE;
}

void
fee_policy_read_group (FeePolicyReader *reader, FeePolicyGroup *group)
{
  gsize i = 0;
  while (i < G_N_ELEMENTS (group_kinds) && strcmp (group_kinds[i].kind, group->kind) != 0)
    i++;
  if (i == G_N_ELEMENTS (group_kinds) || (group->id != NULL && group_kinds[i].read == NULL))
    fee_policy_problem (reader, group->line, _("there is no group %s in a policy"), group->shown);
  else if (group->id == NULL && group_kinds[i].read != NULL)
    fee_policy_problem (reader, group->line, _("%s needs an id, as in [%s x]"), group->shown, group->kind);
  else if (group->id != NULL && !id_is_clean (group->id))
    fee_policy_problem (reader, group->line, _("%s: the id has a control character"), group->shown);
  else if (group_kinds[i].read != NULL)
    group_kinds[i].read (reader, group);
  else
    fee_policy_read_fields (reader, group, group_kinds[i].fields, reader->policy);
}
