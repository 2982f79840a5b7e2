/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-bill-finder-private.h"
#include "fee-book-private.h"

/* Fewer bills of a month are each looked for in their page. */
#define OFTEN 32

typedef struct {
  FeeText unit, party;
} Bill;

typedef struct {
  guint32 run;
  guint asked;
  GArray *bills; /* of Bill, by number; NULL until it is asked for often */
} Month;

struct _FeeBillFinder {
  FeeBook *book;
  GPtrArray *runs, *withdrawals; /* all; NULL until they are asked for */
  GArray *months;   /* of Month: one for each run that was asked for */
  FeeStrings *ids;  /* of units and parties */
};

static void
clear_month (gpointer data)
{
  g_clear_pointer (&((Month *) data)->bills, g_array_unref);
}

FeeBillFinder *
fee_bill_finder_new (FeeBook *book)
{
  FeeBillFinder *finder = g_new0 (FeeBillFinder, 1);
  finder->book = book;
  finder->months = g_array_new (FALSE, FALSE, sizeof (Month));
  g_array_set_clear_func (finder->months, clear_month);
  finder->ids = fee_strings_new ();
  return finder;
}

void
fee_bill_finder_free (FeeBillFinder *finder)
{
  if (finder == NULL)
    return;
  g_clear_pointer (&finder->runs, g_ptr_array_unref);
  g_clear_pointer (&finder->withdrawals, g_ptr_array_unref);
  g_array_unref (finder->months);
  fee_strings_free (finder->ids);
  g_free (finder);
}

static Month *
month_of (FeeBillFinder *finder, guint32 run)
{
  for (guint i = 0; i < finder->months->len; i++)
    if (g_array_index (finder->months, Month, i).run == run)
      return &g_array_index (finder->months, Month, i);
  Month month = { .run = run };
  g_array_append_val (finder->months, month);
  return &g_array_index (finder->months, Month, finder->months->len - 1);
}

typedef struct {
  FeeStrings *ids;
  GArray *bills;
} Reading;

static gboolean
take_bill (const FeePageReader *reader, gpointer data, GError **error)
{
  (void) error;
  Reading *reading = data;
  Bill bill = { fee_strings_intern (reading->ids, reader->unit->str, reader->unit->len),
                fee_strings_intern (reading->ids, reader->party->str, reader->party->len) };
  g_array_set_size (reading->bills, MAX (reading->bills->len, reader->bill));
  g_array_index (reading->bills, Bill, reader->bill - 1) = bill;
  return TRUE;
}

static gboolean
read_month (FeeBillFinder *finder, Month *month, GError **error)
{
  g_autoptr (GArray) bills = g_array_new (FALSE, TRUE, sizeof (Bill));
  Reading reading = { finder->ids, bills };
  if (!fee_book_read_bills (finder->book, month->run, NULL, NULL, take_bill, &reading, error))
    return FALSE;
  month->bills = g_steal_pointer (&bills);
  return TRUE;
}

/* Whether a run was taken back before that batch came. */
static gboolean
was_withdrawn (const FeeBillFinder *finder, const FeeRunHead *head, guint32 batch)
{
  for (guint i = 0; head->withdrawn_after != 0 && i < finder->withdrawals->len; i++) {
    const FeeWithdrawal *withdrawal = g_ptr_array_index (finder->withdrawals, i);
    if (withdrawal->run == head->number)
      return withdrawal->last_batch < batch;
  }
  return FALSE;
}

/* The run of a month that stood when that batch came; 0 for none. */
static gboolean
find_run (FeeBillFinder *finder, FeePeriod period, guint32 batch, guint32 *run, GError **error)
{
  *run = 0;
  if (finder->runs == NULL && !fee_book_all_runs (finder->book, &finder->runs, &finder->withdrawals, error))
    return FALSE;
  for (guint i = finder->runs->len; i > 0 && *run == 0; i--) {
    const FeeRunHead *head = g_ptr_array_index (finder->runs, i - 1);
    if (head->period == period && head->last_batch < batch && !was_withdrawn (finder, head, batch))
      *run = head->number;
  }
  return TRUE;
}

static gboolean
find_in_month (FeeBillFinder *finder, Month *month, guint32 number, FeeFoundBill *out, GError **error)
{
  if (month->asked++ < OFTEN)
    return fee_book_find_bill_of_run (finder->book, month->run, number, out, error);
  if (month->bills == NULL && !read_month (finder, month, error))
    return FALSE;
  if (number > month->bills->len)
    return TRUE;
  const Bill *at = &g_array_index (month->bills, Bill, number - 1);
  if (at->unit == FEE_TEXT_EMPTY)
    return TRUE;
  *out = (FeeFoundBill) { TRUE, g_strdup (fee_strings_get (finder->ids, at->unit)),
                          g_strdup (fee_strings_get (finder->ids, at->party)) };
  return TRUE;
}

static gboolean
find (FeeBillFinder *finder, const char *text, guint32 batch, FeeFoundBill *out, GError **error)
{
  FeePeriod period;
  guint32 number, run;
  *out = (FeeFoundBill) { FALSE, NULL, NULL };
  if (!fee_bill_number_parse (text, &period, &number))
    return TRUE;
  if (!find_run (finder, period, batch, &run, error))
    return FALSE;
  return run == 0 || find_in_month (finder, month_of (finder, run), number, out, error);
}

gboolean
fee_bill_finder_find (FeeBillFinder *finder, const char *number, gboolean *found, char **unit, char **party, GError **error)
{
  FeeFoundBill bill;
  *found = FALSE;
  if (!find (finder, number, G_MAXUINT32, &bill, error))
    return FALSE;
  *found = bill.found;
  if (bill.found) {
    *unit = bill.unit;
    *party = bill.party;
  }
  return TRUE;
}

gboolean
fee_bill_finder_unit (FeeBillFinder *finder, const char *number, guint32 batch, char **unit, GError **error)
{
  FeeFoundBill bill;
  if (!find (finder, number, batch, &bill, error))
    return FALSE;
  *unit = bill.unit;
  g_free (bill.party);
  return TRUE;
}
