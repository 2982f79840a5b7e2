/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-policy-private.h"

static void
refuse (const FeePolicyCell *cell, const char *reason)
{
  fee_policy_problem (cell->reader, cell->entry->line, "%s %s %s", cell->entry->full, cell->entry->shown, reason);
}

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

void
fee_policy_read_text (const FeePolicyCell *cell, gpointer member)
{
  set_text (member, cell->value);
}

void
fee_policy_read_name (const FeePolicyCell *cell, gpointer member)
{
  FeeName *name = member;
  set_text (cell->entry->locale == NULL ? &name->en : &name->zh_CN, cell->value);
}

void
fee_policy_read_nothing (const FeePolicyCell *cell G_GNUC_UNUSED, gpointer member G_GNUC_UNUSED)
{
}

static gint
find_word (const FeePolicyCell *cell)
{
  const char *const *words = cell->field->words;
  for (gint i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], cell->value) == 0)
      return i;
  g_autofree char *joined = g_strjoinv (", ", (char **) words);
  g_autofree char *reason = g_strdup_printf (_("is not one of: %s"), joined);
  refuse (cell, reason);
  return -1;
}

void
fee_policy_read_word (const FeePolicyCell *cell, gpointer member)
{
  gint place = find_word (cell);
  if (place >= 0)
    memcpy (member, &place, sizeof place);
}

void
fee_policy_read_word_text (const FeePolicyCell *cell, gpointer member)
{
  if (find_word (cell) >= 0)
    set_text (member, cell->value);
}

void
fee_policy_read_number (const FeePolicyCell *cell, gpointer member)
{
  const FeePolicyField *field = cell->field;
  gint64 number;
  if (*cell->value != '+' && g_ascii_string_to_signed (cell->value, 10, field->least, field->most, &number, NULL)) {
    *(gint *) member = (gint) number;
    return;
  }
  g_autofree char *reason = g_strdup_printf (_("is not a whole number from %d to %d"), field->least, field->most);
  refuse (cell, reason);
}

void
fee_policy_read_month (const FeePolicyCell *cell, gpointer member)
{
  if (!fee_period_parse (cell->value, member))
    refuse (cell, _("is not a month such as 2026-01"));
}

void
fee_policy_read_percent (const FeePolicyCell *cell, gpointer member)
{
  FeeQuantity percent;
  if (fee_quantity_parse (cell->value, &percent) && percent >= 0 && percent <= 100 * FEE_QUANTITY_ONE)
    *(FeeQuantity *) member = percent;
  else
    refuse (cell, _("is not a percentage from 0 to 100"));
}

void
fee_policy_read_total (const FeePolicyCell *cell, gpointer member)
{
  FeeQuantity total;
  if (fee_quantity_parse (cell->value, &total) && total > 0)
    *(FeeQuantity *) member = total;
  else
    refuse (cell, _("is not a number above 0"));
}

void
fee_policy_read_currency (const FeePolicyCell *cell, gpointer member)
{
  if (fee_currency_decimals (cell->value) >= 0)
    set_text (member, cell->value);
  else
    refuse (cell, _("is not a currency such as CNY"));
}

static const FeePolicyField *
find_field (const FeePolicyField *fields, const FeePolicyEntry *entry)
{
  for (; fields->key != NULL; fields++)
    if (strcmp (fields->key, entry->key) == 0 && (entry->locale == NULL || fields->translated))
      return fields;
  return NULL;
}

static void
read_entry (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry, const FeePolicyField *field,
            gpointer target)
{
  gboolean other_language = entry->locale != NULL && strcmp (entry->locale, "zh_CN") != 0;
  if (field->read == NULL || other_language)
    return;
  /* letters have lines, names have none */
  gboolean prose = field->spoken && strcmp (field->key, "name") != 0;
  g_autofree char *value = fee_policy_value (reader, group, entry, prose ? "\n\t" : "");
  if (value == NULL)
    return;
  if (field->spoken)
    fee_policy_refuse_threat (reader, entry->line, entry->full, value);
  FeePolicyCell cell = { reader, entry, field, value };
  field->read (&cell, (char *) target + field->offset);
}

void
fee_policy_read_fields (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyField *fields, gpointer target)
{
  for (guint i = 0; i < group->entries->len; i++) {
    const FeePolicyEntry *entry = g_ptr_array_index (group->entries, i);
    const FeePolicyField *field = find_field (fields, entry);
    if (field != NULL)
      read_entry (reader, group, entry, field, target);
    else
      fee_policy_problem (reader, entry->line, _("%s has no key \"%s\""), group->shown, entry->full);
  }
}
