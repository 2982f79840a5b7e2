/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-remind-private.h"

#include <string.h>

#include "fee-ledger-private.h"

typedef struct {
  const FeeRemindInput *input;
  GArray *holds;      /* of FeeHold: those on that day, by unit */
  GArray *notices;    /* of FeeNotice: those up to that day, by unit, then date */
  guint8 *seen;       /* by hold: its unit has rows */
  GArray *now, *then; /* of FeeOpenItem of the unit: at the end of the day, and of that of a notice */
  guint8 *counts;     /* by notice */
  GArray *parties;    /* of FeeText: of the unit, that have a row */
  FeeCase one;
  GArray *rows;
} Reminding;

static gint
compare_holds (gconstpointer a, gconstpointer b)
{
  const FeeHold *x = a, *y = b;
  return (x->unit > y->unit) - (x->unit < y->unit);
}

static gint
compare_notices (gconstpointer a, gconstpointer b)
{
  const FeeNotice *x = a, *y = b;
  if (x->unit != y->unit)
    return x->unit < y->unit ? -1 : 1;
  if (x->date != y->date)
    return x->date < y->date ? -1 : 1;
  return (x->step > y->step) - (x->step < y->step);
}

static void
init (Reminding *reminding, const FeeRemindInput *input)
{
  *reminding = (Reminding) { .input = input };
  reminding->holds = g_array_new (FALSE, FALSE, sizeof (FeeHold));
  reminding->notices = g_array_new (FALSE, FALSE, sizeof (FeeNotice));
  for (guint i = 0; i < input->holds->len; i++) {
    FeeHold hold = g_array_index (input->holds, FeeHold, i);
    if (hold.from <= input->day && hold.to >= input->day)
      g_array_append_val (reminding->holds, hold);
  }
  for (guint i = 0; i < input->notices->len; i++)
    if (g_array_index (input->notices, FeeNotice, i).date <= input->day)
      g_array_append_val (reminding->notices, g_array_index (input->notices, FeeNotice, i));
  g_array_sort (reminding->holds, compare_holds);
  g_array_sort (reminding->notices, compare_notices);
  reminding->seen = g_new0 (guint8, reminding->holds->len + 1);
  reminding->counts = g_new0 (guint8, reminding->notices->len + 1);
  reminding->now = g_array_new (FALSE, FALSE, sizeof (FeeOpenItem));
  reminding->then = g_array_new (FALSE, FALSE, sizeof (FeeOpenItem));
  reminding->parties = g_array_new (FALSE, FALSE, sizeof (FeeText));
  reminding->rows = g_array_new (FALSE, FALSE, sizeof (FeeReminder));
  reminding->one = (FeeCase) { .input = input, .items = g_array_new (FALSE, FALSE, sizeof (FeeOpenItem)),
                               .holds = g_array_new (FALSE, FALSE, sizeof (FeeHold)),
                               .notices = g_array_new (FALSE, FALSE, sizeof (FeeCaseNotice)) };
}

static void
clear (Reminding *reminding)
{
  g_array_unref (reminding->holds);
  g_array_unref (reminding->notices);
  g_free (reminding->seen);
  g_free (reminding->counts);
  g_array_unref (reminding->now);
  g_array_unref (reminding->then);
  g_array_unref (reminding->parties);
  g_clear_pointer (&reminding->rows, g_array_unref); /* NULL once given */
  g_array_unref (reminding->one.items);
  g_array_unref (reminding->one.holds);
  g_array_unref (reminding->one.notices);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reminding, clear)

/* The first of a unit in an array that is sorted by unit; both elements begin with it. */
static guint
first_of_unit (const GArray *sorted, FeeText unit)
{
  guint low = 0, high = sorted->len, size = g_array_get_element_size ((GArray *) sorted);
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (*(const FeeText *) (const void *) (sorted->data + (gsize) middle * size) < unit)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const FeeHold *
hold_of_unit (const Reminding *reminding, guint n, FeeText unit)
{
  const FeeHold *hold = n < reminding->holds->len ? &g_array_index (reminding->holds, FeeHold, n) : NULL;
  return hold != NULL && hold->unit == unit ? hold : NULL;
}

static const FeeNotice *
notice_of_unit (const Reminding *reminding, guint n, FeeText unit)
{
  const FeeNotice *notice = n < reminding->notices->len ? &g_array_index (reminding->notices, FeeNotice, n) : NULL;
  return notice != NULL && notice->unit == unit ? notice : NULL;
}

static gboolean
is_open_in (const GArray *items, const FeeOpenItem *wanted)
{
  for (guint i = 0; i < items->len; i++)
    if (g_array_index (items, FeeOpenItem, i).entry == wanted->entry)
      return TRUE;
  return FALSE;
}

/* interface.md section 4: a ladder starts anew when no item that was open at a recorded step is open any more. */
static gboolean
still_open (const Reminding *reminding, FeeText party)
{
  for (guint i = 0; i < reminding->now->len; i++) {
    const FeeOpenItem *item = &g_array_index (reminding->now, FeeOpenItem, i);
    if (item->party == party && is_open_in (reminding->then, item))
      return TRUE;
  }
  return FALSE;
}

static gboolean
open_on (FeeUnitLedger *unit, FeeDate day, GArray *items, GError **error)
{
  g_array_set_size (items, 0);
  unit->as_of = day;
  unit->items = items;
  return fee_unit_run (unit, error);
}

/* Which notices count; the ledger is run once for each of their days, which are few. Last for the day itself: what is left of it are the balances. */
static gboolean
look_back (Reminding *reminding, FeeUnitLedger *unit, GError **error)
{
  FeeDate day = FEE_DATE_NONE;
  if (!open_on (unit, reminding->input->day, reminding->now, error))
    return FALSE;
  guint first = first_of_unit (reminding->notices, unit->unit);
  const FeeNotice *notice;
  for (guint n = first; (notice = notice_of_unit (reminding, n, unit->unit)) != NULL; n++) {
    if (notice->date != day && !open_on (unit, notice->date, reminding->then, error))
      return FALSE;
    day = notice->date;
    reminding->counts[n] = still_open (reminding, notice->party);
  }
  return day == FEE_DATE_NONE || open_on (unit, reminding->input->day, reminding->now, error);
}

static void
add_party (Reminding *reminding, FeeText party)
{
  for (guint i = 0; i < reminding->parties->len; i++)
    if (g_array_index (reminding->parties, FeeText, i) == party)
      return;
  g_array_append_val (reminding->parties, party);
}

/* Who has something open, or a hold of their own; a hold without a party where nobody has is the owner's. */
static void
find_parties (Reminding *reminding, FeeText unit)
{
  const FeeHold *hold;
  gboolean of_all = FALSE;
  g_array_set_size (reminding->parties, 0);
  for (guint i = 0; i < reminding->now->len; i++)
    add_party (reminding, g_array_index (reminding->now, FeeOpenItem, i).party);
  gboolean open = reminding->parties->len > 0;
  for (guint n = first_of_unit (reminding->holds, unit); (hold = hold_of_unit (reminding, n, unit)) != NULL; n++) {
    reminding->seen[n] = TRUE;
    of_all = of_all || hold->party == FEE_TEXT_EMPTY;
    if (hold->party != FEE_TEXT_EMPTY)
      add_party (reminding, hold->party);
  }
  const FeeLedgerInput *ledger = reminding->input->ledger;
  if (of_all && !open)
    add_party (reminding, ledger->owner (unit, reminding->input->day, ledger->owner_data));
}

static void
fill_case (Reminding *reminding, FeeText unit, FeeText party)
{
  FeeCase *one = &reminding->one;
  const FeeHold *hold;
  const FeeNotice *notice;
  g_array_set_size (one->items, 0);
  g_array_set_size (one->holds, 0);
  g_array_set_size (one->notices, 0);
  for (guint i = 0; i < reminding->now->len; i++)
    if (g_array_index (reminding->now, FeeOpenItem, i).party == party)
      g_array_append_val (one->items, g_array_index (reminding->now, FeeOpenItem, i));
  for (guint n = first_of_unit (reminding->holds, unit); (hold = hold_of_unit (reminding, n, unit)) != NULL; n++)
    if (hold->party == FEE_TEXT_EMPTY || hold->party == party)
      g_array_append_val (one->holds, *hold);
  for (guint n = first_of_unit (reminding->notices, unit); (notice = notice_of_unit (reminding, n, unit)) != NULL; n++) {
    FeeCaseNotice mine = { notice->date, notice->step, notice->proven, reminding->counts[n] };
    if (notice->party == party)
      g_array_append_val (one->notices, mine);
  }
}

/* Rows of one unit, whose ledger was run if it has one. */
static void
decide_unit (Reminding *reminding, FeeText unit, const GArray *balances)
{
  find_parties (reminding, unit);
  for (guint i = 0; i < reminding->parties->len; i++) {
    FeeReminder row = { .unit = unit, .party = g_array_index (reminding->parties, FeeText, i) };
    fill_case (reminding, unit, row.party);
    reminding->one.balance = 0;
    for (guint n = 0; balances != NULL && n < balances->len; n++)
      if (g_array_index (balances, FeeShare, n).party == row.party)
        reminding->one.balance = g_array_index (balances, FeeShare, n).amount;
    fee_case_decide (&reminding->one, &row);
    g_array_append_val (reminding->rows, row);
  }
}

static gboolean
remind_unit (FeeUnitLedger *unit, gpointer data, GError **error)
{
  Reminding *reminding = data;
  if (unit->suspense)
    return TRUE;
  if (!look_back (reminding, unit, error))
    return FALSE;
  decide_unit (reminding, unit->unit, unit->parties);
  return TRUE;
}

/* Units that have holds and no entries. */
static void
add_other_holds (Reminding *reminding)
{
  g_array_set_size (reminding->now, 0);
  for (guint n = 0; n < reminding->holds->len; n++)
    if (!reminding->seen[n])
      decide_unit (reminding, g_array_index (reminding->holds, FeeHold, n).unit, NULL);
}

static gint
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const FeeReminder *x = a, *y = b;
  gint order = x->unit == y->unit ? 0 : strcmp (fee_strings_get (data, x->unit), fee_strings_get (data, y->unit));
  return order != 0 ? order : strcmp (fee_strings_get (data, x->party), fee_strings_get (data, y->party));
}

gboolean
fee_remind (const FeeRemindInput *input, GArray **out, GError **error)
{
  g_auto (Reminding) reminding;
  g_auto (FeeUnitLedger) unit;
  init (&reminding, input);
  fee_unit_init (&unit, input->ledger, input->day);
  if (!fee_unit_each (&unit, remind_unit, &reminding, error))
    return FALSE;
  add_other_holds (&reminding);
  g_array_sort_with_data (reminding.rows, compare_rows, (gpointer) input->ledger->strings);
  *out = g_steal_pointer (&reminding.rows);
  return TRUE;
}
