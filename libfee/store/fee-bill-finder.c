/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-import-private.h"
#include "fee-post.h"

/* Fewer bills of a month are each looked for in their page. */
#define OFTEN 32

typedef struct {
  FeeText unit, party;
} Bill;

typedef struct {
  FeePeriod period;
  guint asked;
  GArray *bills; /* of Bill, by number; NULL until it is asked for often */
} Month;

struct _FeeBillFinder {
  FeeBook *book;
  GArray *months;   /* of Month */
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
  g_array_unref (finder->months);
  fee_strings_free (finder->ids);
  g_free (finder);
}

static Month *
month_of (FeeBillFinder *finder, FeePeriod period)
{
  for (guint i = 0; i < finder->months->len; i++)
    if (g_array_index (finder->months, Month, i).period == period)
      return &g_array_index (finder->months, Month, i);
  Month month = { .period = period };
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
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GArray) bills = g_array_new (FALSE, TRUE, sizeof (Bill));
  Reading reading = { finder->ids, bills };
  if (!fee_book_runs (finder->book, &runs, error))
    return FALSE;
  const FeeRunHead *head = fee_runs_find (runs, month->period);
  if (head != NULL && !fee_book_read_bills (finder->book, head->number, NULL, FALSE, take_bill, &reading, error))
    return FALSE;
  month->bills = g_steal_pointer (&bills);
  return TRUE;
}

gboolean
fee_bill_finder_find (FeeBillFinder *finder, const char *number, gboolean *found, char **unit, char **party, GError **error)
{
  FeePeriod period;
  FeeDate issue;
  guint32 bill;
  *found = FALSE;
  if (!fee_bill_number_parse (number, &period, &bill))
    return TRUE;
  Month *month = month_of (finder, period);
  if (month->asked++ < OFTEN)
    return fee_book_find_bill (finder->book, number, found, unit, party, &issue, error);
  if (month->bills == NULL && !read_month (finder, month, error))
    return FALSE;
  if (bill > month->bills->len)
    return TRUE;
  const Bill *at = &g_array_index (month->bills, Bill, bill - 1);
  if (at->unit == FEE_TEXT_EMPTY)
    return TRUE;
  *found = TRUE;
  *unit = g_strdup (fee_strings_get (finder->ids, at->unit));
  *party = g_strdup (fee_strings_get (finder->ids, at->party));
  return TRUE;
}
