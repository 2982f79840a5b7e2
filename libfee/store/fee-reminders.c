/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-reminders.h"

#include <string.h>

void
fee_reminders_free (FeeReminders *reminders)
{
  if (reminders == NULL)
    return;
  g_clear_pointer (&reminders->rows, g_array_unref);
  g_array_unref (reminders->holds);
  g_array_unref (reminders->instalments);
  g_array_unref (reminders->notices);
  fee_accounts_free (reminders->accounts);
  g_free (reminders);
}

static FeeText
id_of (const FeeTable *table, guint column, guint32 row)
{
  return fee_table_column (table, column)->text[row];
}

static FeeDate
day_of (const FeeTable *table, guint column, guint32 row)
{
  return fee_table_column (table, column)->small[row];
}

static void
take_holds (FeeReminders *reminders)
{
  const FeeTable *table = reminders->accounts->records->tables[FEE_KIND_HOLDS];
  for (guint32 row = 0; row < table->n_rows; row++) {
    FeeHold hold = {
      .unit = id_of (table, FEE_HOLDS_UNIT, row), .party = id_of (table, FEE_HOLDS_PARTY, row), .bill = id_of (table, FEE_HOLDS_BILL, row),
      .plan = id_of (table, FEE_HOLDS_PLAN, row), .from = day_of (table, FEE_HOLDS_FROM, row), .to = day_of (table, FEE_HOLDS_TO, row),
    };
    if (hold.to == FEE_DATE_NONE)
      hold.to = FEE_DATE_FOREVER;
    if (fee_table_alive (table, row) && fee_hold_kind_parse (fee_table_text (table, FEE_HOLDS_KIND, row), &hold.kind))
      g_array_append_val (reminders->holds, hold);
  }
}

static void
take_instalments (FeeReminders *reminders)
{
  const FeeTable *table = reminders->accounts->records->tables[FEE_KIND_INSTALMENTS];
  for (guint32 row = 0; row < table->n_rows; row++) {
    FeeInstalment instalment = { id_of (table, FEE_INSTALMENTS_PLAN, row), day_of (table, FEE_INSTALMENTS_DUE, row),
                                 fee_table_column (table, FEE_INSTALMENTS_AMOUNT)->number[row] };
    if (fee_table_alive (table, row))
      g_array_append_val (reminders->instalments, instalment);
  }
}

static gint
find_step (const FeePolicy *policy, const char *id)
{
  for (guint i = 0; i < policy->steps->len; i++)
    if (strcmp (g_array_index (policy->steps, FeeStep, i).id, id) == 0)
      return (gint) i;
  return -1;
}

static void
take_notices (FeeReminders *reminders)
{
  const FeeTable *table = reminders->accounts->records->tables[FEE_KIND_NOTICES];
  for (guint32 row = 0; row < table->n_rows; row++) {
    FeeNotice notice = {
      .unit = id_of (table, FEE_NOTICES_UNIT, row), .party = id_of (table, FEE_NOTICES_PARTY, row),
      .date = day_of (table, FEE_NOTICES_DATE, row), .step = find_step (reminders->policy, fee_table_text (table, FEE_NOTICES_STEP, row)),
      .proven = !fee_table_is_empty (table, FEE_NOTICES_PROOF, row),
    };
    if (fee_table_alive (table, row) && strcmp (fee_table_text (table, FEE_NOTICES_RESULT, row), "failed") != 0)
      g_array_append_val (reminders->notices, notice);
  }
}

static gboolean
load (FeeBook *book, FeeReminders *reminders, GError **error)
{
  static const FeeKindId kinds[] = { FEE_KIND_HOLDS, FEE_KIND_INSTALMENTS, FEE_KIND_NOTICES };
  g_autoptr (GPtrArray) batches = NULL;
  FeeLoad all = { .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_ALL };
  if (!fee_book_accounts (book, FEE_FIELDS_ALL, &reminders->accounts, error) || !fee_book_batches (book, &batches, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (!fee_book_load_kind (book, batches, &all, kinds[i], reminders->accounts->records, error))
      return FALSE;
  return TRUE;
}

gboolean
fee_book_reminders (FeeBook *book, FeeDate day, gboolean approved, FeeReminders **out, GError **error)
{
  g_autoptr (FeeReminders) reminders = g_new0 (FeeReminders, 1);
  reminders->holds = g_array_new (FALSE, FALSE, sizeof (FeeHold));
  reminders->instalments = g_array_new (FALSE, FALSE, sizeof (FeeInstalment));
  reminders->notices = g_array_new (FALSE, FALSE, sizeof (FeeNotice));
  if (!load (book, reminders, error))
    return FALSE;
  const FeeRecords *records = reminders->accounts->records;
  reminders->policy = fee_records_policy (records, MAX (fee_period_of (day), fee_records_start (records)));
  take_holds (reminders);
  take_instalments (reminders);
  take_notices (reminders);
  reminders->input = (FeeRemindInput) { &reminders->accounts->input, reminders->policy, day, reminders->accounts->through, approved,
                                        reminders->holds, reminders->instalments, reminders->notices };
  if (!fee_remind (&reminders->input, &reminders->rows, error))
    return FALSE;
  *out = g_steal_pointer (&reminders);
  return TRUE;
}

guint32
fee_reminders_party_row (const FeeReminders *reminders, FeeText unit, FeeText party)
{
  const FeeRecords *records = reminders->accounts->records;
  const FeeTenures *tenures = records->tenures;
  guint32 index = fee_register_find (records->reg, unit, 0), found = G_MAXUINT32;
  if (index == FEE_UNIT_NONE)
    return found;
  FeeDate best = FEE_DATE_NONE, day = reminders->input.day;
  for (guint32 i = tenures->first[index]; i < tenures->first[index + 1]; i++) {
    FeeDate from = tenures->spans.from[i];
    if (tenures->party[i] != party || (found != G_MAXUINT32 && (best > day ? from >= best : from > day || from < best)))
      continue;
    best = from;
    found = tenures->spans.row[i];
  }
  return found;
}
