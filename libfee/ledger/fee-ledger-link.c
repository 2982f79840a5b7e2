/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fee-error.h"

/* Where an event with that number is. */
typedef struct {
  FeeText number;
  guint32 event;
} FeePlace;

static FeeEventClass
class_of (const FeeEntry *entry)
{
  if (entry->kind == FEE_ENTRY_BILL || entry->kind == FEE_ENTRY_WITHDRAWN)
    return entry->kind == FEE_ENTRY_BILL ? FEE_CLASS_BILL : FEE_CLASS_WITHDRAWN;
  if (entry->kind != FEE_ENTRY_RECEIPT)
    return FEE_CLASS_ADJUSTMENT;
  return entry->reverses == FEE_TEXT_EMPTY ? FEE_CLASS_RECEIPT : FEE_CLASS_REVERSAL;
}

static const char *
text (const FeeUnitLedger *unit, FeeText place)
{
  return fee_strings_get (unit->input->strings, place);
}

/* rules.md section 9: bills, adjustments, receipts, reversals; each by number (bytewise). */
static gint
compare_events (gconstpointer a, gconstpointer b, gpointer data)
{
  const FeeEvent *x = a, *y = b;
  if (x->entry->date != y->entry->date)
    return x->entry->date < y->entry->date ? -1 : 1;
  if (x->class != y->class)
    return x->class < y->class ? -1 : 1;
  gint order = strcmp (text (data, x->entry->number), text (data, y->entry->number));
  return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

static void
fill_events (FeeUnitLedger *unit, const guint64 *places, gsize n)
{
  g_array_set_size (unit->events, (guint) n);
  gboolean sorted = TRUE;
  for (guint i = 0; i < n; i++) {
    guint32 index = (guint32) places[i];
    const FeeEntry *entry = &unit->input->entries[index];
    *fee_unit_event (unit, i) = (FeeEvent) { .entry = entry, .index = index, .class = class_of (entry),
                                             .named = FEE_NO_EVENT, .reversed = FEE_NO_EVENT };
    sorted = sorted && (i == 0 || compare_events (fee_unit_event (unit, i - 1), fee_unit_event (unit, i), unit) < 0);
  }
  if (!sorted)
    g_array_sort_with_data (unit->events, compare_events, unit);
}

static int
compare_found (const void *a, const void *b)
{
  const FeePlace *x = a, *y = b;
  if (x->number != y->number)
    return x->number < y->number ? -1 : 1;
  return (x->event > y->event) - (x->event < y->event);
}

static GArray *
index_numbers (const FeeUnitLedger *unit)
{
  GArray *places = g_array_sized_new (FALSE, FALSE, sizeof (FeePlace), unit->events->len);
  for (guint i = 0; i < unit->events->len; i++) {
    FeePlace place = { fee_unit_event (unit, i)->entry->number, i };
    g_array_append_val (places, place);
  }
  qsort (places->data, places->len, sizeof (FeePlace), compare_found);
  return places;
}

static gint32
find_number (const FeeUnitLedger *unit, const GArray *places, FeeText number, FeeEventClass class)
{
  guint low = 0, high = places->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (places, FeePlace, middle).number < number)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < places->len && g_array_index (places, FeePlace, low).number == number; low++) {
    guint32 event = g_array_index (places, FeePlace, low).event;
    if (fee_unit_event (unit, event)->class == class)
      return (gint32) event;
  }
  return FEE_NO_EVENT;
}

static gboolean
link_named (FeeUnitLedger *unit, const GArray *places, FeeEvent *event, GError **error)
{
  const FeeEntry *entry = event->entry;
  event->named = find_number (unit, places, entry->bill, FEE_CLASS_BILL);
  if (event->named == FEE_NO_EVENT && event->class == FEE_CLASS_ADJUSTMENT)
    event->named = find_number (unit, places, entry->bill, FEE_CLASS_ADJUSTMENT);
  if (event->named == FEE_NO_EVENT) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s names %s, which unit %s does not have"),
                 text (unit, entry->number), text (unit, entry->bill), text (unit, entry->unit));
    return FALSE;
  }
  FeeText owner = fee_unit_event (unit, (guint32) event->named)->entry->party;
  if (entry->party == FEE_TEXT_EMPTY || entry->party == owner)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s of party %s names %s, which is of party %s"),
               text (unit, entry->number), text (unit, entry->party), text (unit, entry->bill), text (unit, owner));
  return FALSE;
}

/* Why one receipt does not reverse the other, or NULL. */
static const char *
why_not_reversed (const FeeEvent *event, const FeeEvent *target)
{
  FeeMoney opposite;
  if (target->entry->date > event->entry->date)
    return N_("that is of a later day");
  if (!fee_money_negate (target->entry->amount, &opposite) || opposite != event->entry->amount)
    return N_("the amount is not minus that one's");
  if (target->undone)
    return N_("that is reversed already");
  return NULL;
}

static gboolean
link_reversed (FeeUnitLedger *unit, const GArray *places, FeeEvent *event, GError **error)
{
  const FeeEntry *entry = event->entry;
  event->reversed = find_number (unit, places, entry->reverses, FEE_CLASS_RECEIPT);
  const char *why;
  if (event->reversed != FEE_NO_EVENT)
    why = why_not_reversed (event, fee_unit_event (unit, (guint32) event->reversed));
  else if (find_number (unit, places, entry->reverses, FEE_CLASS_REVERSAL) != FEE_NO_EVENT)
    why = N_("that is a reversal itself");
  else
    why = N_("the unit has no such receipt");
  if (why != NULL) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s of unit %s does not reverse %s: %s"),
                 text (unit, entry->number), text (unit, entry->unit), text (unit, entry->reverses), _(why));
    return FALSE;
  }
  fee_unit_event (unit, (guint32) event->reversed)->undone = TRUE;
  return TRUE;
}

gboolean
fee_unit_link (FeeUnitLedger *unit, const guint64 *places, gsize n, GError **error)
{
  fill_events (unit, places, n);
  g_autoptr (GArray) numbers = NULL;
  for (guint i = 0; i < unit->events->len; i++) {
    FeeEvent *event = fee_unit_event (unit, i);
    if (event->entry->date > unit->as_of)
      break;
    if (event->entry->bill == FEE_TEXT_EMPTY && event->entry->reverses == FEE_TEXT_EMPTY)
      continue;
    if (numbers == NULL)
      numbers = index_numbers (unit);
    if (event->entry->bill != FEE_TEXT_EMPTY && !link_named (unit, numbers, event, error))
      return FALSE;
    if (event->class == FEE_CLASS_REVERSAL && !link_reversed (unit, numbers, event, error))
      return FALSE;
  }
  return TRUE;
}
