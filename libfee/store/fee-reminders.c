/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-reminders.h"

#include <string.h>

#include "fee-accounts-private.h"

#define KIND(kind) (1u << (kind))

/* What decides beside the entries: of the whole book, and of the stretch at hand. */
typedef struct {
  const FeeReminding *reminding;
  FeeRemindersFunc func;
  gpointer data;
  const FeePolicy *policy;              /* NULL before the first stretch */
  GArray *all_holds, *all_notices;      /* of FeeHold, FeeNotice, by unit (bytewise) */
  GArray *holds, *instalments, *notices;
} Listing;

static void
listing_clear (Listing *listing)
{
  g_array_unref (listing->all_holds);
  g_array_unref (listing->all_notices);
  g_array_unref (listing->holds);
  g_array_unref (listing->instalments);
  g_array_unref (listing->notices);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, listing_clear)

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
take_holds (Listing *listing, const FeeRecords *records)
{
  const FeeTable *table = records->tables[FEE_KIND_HOLDS];
  for (guint32 row = 0; row < table->n_rows; row++) {
    FeeHold hold = {
      .unit = id_of (table, FEE_HOLDS_UNIT, row), .party = id_of (table, FEE_HOLDS_PARTY, row), .bill = id_of (table, FEE_HOLDS_BILL, row),
      .plan = id_of (table, FEE_HOLDS_PLAN, row), .from = day_of (table, FEE_HOLDS_FROM, row), .to = day_of (table, FEE_HOLDS_TO, row),
    };
    if (hold.to == FEE_DATE_NONE)
      hold.to = FEE_DATE_FOREVER;
    if (fee_table_alive (table, row) && fee_hold_kind_parse (fee_table_text (table, FEE_HOLDS_KIND, row), &hold.kind))
      g_array_append_val (listing->all_holds, hold);
  }
}

static void
take_instalments (Listing *listing, const FeeRecords *records)
{
  const FeeTable *table = records->tables[FEE_KIND_INSTALMENTS];
  for (guint32 row = 0; row < table->n_rows; row++) {
    FeeInstalment instalment = { id_of (table, FEE_INSTALMENTS_PLAN, row), day_of (table, FEE_INSTALMENTS_DUE, row),
                                 fee_table_column (table, FEE_INSTALMENTS_AMOUNT)->number[row] };
    if (fee_table_alive (table, row))
      g_array_append_val (listing->instalments, instalment);
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
take_notices (Listing *listing, const FeeRecords *records)
{
  const FeeTable *table = records->tables[FEE_KIND_NOTICES];
  for (guint32 row = 0; row < table->n_rows; row++) {
    FeeNotice notice = {
      .unit = id_of (table, FEE_NOTICES_UNIT, row), .party = id_of (table, FEE_NOTICES_PARTY, row),
      .date = day_of (table, FEE_NOTICES_DATE, row), .step = find_step (listing->policy, fee_table_text (table, FEE_NOTICES_STEP, row)),
      .proven = !fee_table_is_empty (table, FEE_NOTICES_PROOF, row),
    };
    if (fee_table_alive (table, row) && strcmp (fee_table_text (table, FEE_NOTICES_RESULT, row), "failed") != 0)
      g_array_append_val (listing->all_notices, notice);
  }
}

/* Of holds and notices, which both begin with their unit. */
static gint
compare_units (gconstpointer a, gconstpointer b, gpointer strings)
{
  return strcmp (fee_strings_get (strings, *(const FeeText *) a), fee_strings_get (strings, *(const FeeText *) b));
}

/* Once the records are there. */
static void
take_records (Listing *listing, const FeeRecords *records)
{
  listing->policy = fee_records_policy (records, MAX (fee_period_of (listing->reminding->day), fee_records_start (records)));
  take_holds (listing, records);
  take_instalments (listing, records);
  take_notices (listing, records);
  g_array_sort_with_data (listing->all_holds, compare_units, records->ids);
  g_array_sort_with_data (listing->all_notices, compare_units, records->ids);
  fee_instalments_sort (listing->instalments);
}

/* The first of a unit at or after that one. */
static guint
first_from (const GArray *all, const FeeStrings *strings, const char *unit)
{
  guint low = 0, high = all->len, size = g_array_get_element_size ((GArray *) all);
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (strcmp (fee_strings_get (strings, *(const FeeText *) (const void *) (all->data + (gsize) middle * size)), unit) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
take_stretch (const GArray *all, const FeeAccounts *accounts, GArray *out)
{
  const FeeStrings *strings = accounts->records->ids;
  guint first = first_from (all, strings, accounts->from);
  guint end = accounts->before == NULL ? all->len : first_from (all, strings, accounts->before);
  g_array_set_size (out, 0);
  if (end > first)
    g_array_append_vals (out, all->data + (gsize) first * g_array_get_element_size ((GArray *) all), end - first);
}

static gboolean
list_stretch (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Listing *listing = data;
  if (listing->policy == NULL)
    take_records (listing, accounts->records);
  take_stretch (listing->all_holds, accounts, listing->holds);
  take_stretch (listing->all_notices, accounts, listing->notices);
  FeeReminders reminders = { .accounts = accounts, .policy = listing->policy };
  reminders.input = (FeeRemindInput) { &accounts->input, listing->policy, listing->reminding->day, accounts->through,
                                       listing->reminding->approved, listing->holds, listing->instalments, listing->notices };
  g_autoptr (GArray) rows = NULL;
  if (!fee_remind (&reminders.input, &rows, error))
    return FALSE;
  reminders.rows = rows;
  return listing->func (&reminders, listing->data, error);
}

gboolean
fee_book_each_reminders (FeeBook *book, const FeeReminding *reminding, FeeRemindersFunc func, gpointer data, GError **error)
{
  FeeStretchOptions options = { FEE_FIELDS_ALL, FEE_STRETCH_ENTRIES, FEE_SORTED_BYTES,
                                KIND (FEE_KIND_HOLDS) | KIND (FEE_KIND_INSTALMENTS) | KIND (FEE_KIND_NOTICES) };
  g_auto (Listing) listing = { .reminding = reminding, .func = func, .data = data };
  listing.all_holds = g_array_new (FALSE, FALSE, sizeof (FeeHold));
  listing.all_notices = g_array_new (FALSE, FALSE, sizeof (FeeNotice));
  listing.holds = g_array_new (FALSE, FALSE, sizeof (FeeHold));
  listing.instalments = g_array_new (FALSE, FALSE, sizeof (FeeInstalment));
  listing.notices = g_array_new (FALSE, FALSE, sizeof (FeeNotice));
  return fee_book_each_stretch (book, &options, list_stretch, &listing, error);
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
