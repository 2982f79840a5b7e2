/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-load-private.h"
#include "fee-post.h"

/* ---- What names its bills */

typedef struct {
  const FeeRunHead *head;
  guint number, bill; /* columns */
  FeeProblems *problems;
} Naming;

static gboolean
look_at_row (const FeeTable *table, guint32 row, gpointer data, GError **error)
{
  (void) error;
  const Naming *naming = data;
  const char *named = fee_table_text (table, naming->bill, row);
  FeePeriod period;
  guint32 bill;
  if (*named == '\0' || !fee_bill_number_parse (named, &period, &bill) || period != naming->head->period
      || bill > naming->head->n_bills)
    return TRUE;
  switch (table->kind->id) {
  case FEE_KIND_RECEIPTS:
    fee_problems_add (naming->problems, _("receipt %s names bill %s"), fee_table_text (table, naming->number, row), named);
    break;
  case FEE_KIND_ADJUSTMENTS:
    fee_problems_add (naming->problems, _("adjustment %s names bill %s"), fee_table_text (table, naming->number, row),
                                           named);
    break;
  default:
    fee_problems_add (naming->problems, _("hold %s names bill %s"), fee_table_text (table, naming->number, row), named);
    break;
  }
  return TRUE;
}

static gboolean
check_unnamed (FeeBook *book, const FeeRunHead *head, GError **error)
{
  static const struct {
    FeeKindId kind;
    guint number, bill;
  } kinds[] = {
    { FEE_KIND_RECEIPTS, FEE_RECEIPTS_RECEIPT, FEE_RECEIPTS_BILL },
    { FEE_KIND_ADJUSTMENTS, FEE_ADJUSTMENTS_ADJUSTMENT, FEE_ADJUSTMENTS_BILL },
    { FEE_KIND_HOLDS, FEE_HOLDS_HOLD, FEE_HOLDS_BILL },
  };
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeRecords) records = NULL;
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  FeeLoad load = { .as_of = G_MAXUINT32 };
  char month[FEE_DATE_SIZE];
  if (!fee_book_batches (book, &batches, error) || !fee_book_load (book, batches, &load, &records, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    Naming naming = { .head = head, .number = kinds[i].number, .bill = kinds[i].bill, .problems = problems };
    FeeStandingRows rows = { book, batches, kinds[i].kind, 1u << naming.number | 1u << naming.bill,
                             fee_records_decimals (records) };
    if (!fee_book_each_standing (&rows, look_at_row, &naming, error))
      return FALSE;
  }
  if (fee_problems_settle (problems, FEE_ERROR_RECORDS, error))
    return TRUE;
  g_prefix_error (error, _("%s can't be withdrawn:\n"), fee_period_format (head->period, month));
  return FALSE;
}

/* ---- Taking back */

/* The run of the month where it is the last; NULL with error set. */
static const FeeRunHead *
find_last (const GPtrArray *standing, FeePeriod period, GError **error)
{
  char month[FEE_DATE_SIZE], last[FEE_DATE_SIZE];
  const FeeRunHead *head = fee_runs_find (standing, period);
  fee_period_format (period, month);
  if (head == NULL) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s is not posted"), month);
    return NULL;
  }
  const FeeRunHead *end = g_ptr_array_index (standing, standing->len - 1);
  if (head == end)
    return head;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
               _("%s can't be withdrawn: the last run is that of %s"), month, fee_period_format (end->period, last));
  return NULL;
}

static gboolean
take_back (FeeBook *book, const FeeWithdrawing *withdrawing, const FeeRunHead *head, guint32 last_run, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  if (!check_unnamed (book, head, error) || !fee_book_batches (book, &batches, error))
    return FALSE;
  FeeWithdrawal withdrawal = { .run = head->number,
                               .last_run = last_run,
                               .last_batch = batches->len,
                               .reason = (char *) withdrawing->reason,
                               .made_at = (char *) withdrawing->made_at,
                               .made_by = (char *) withdrawing->made_by };
  return fee_book_add_withdrawal (book, &withdrawal, error);
}

/* The head that is left: so many runs, and the digest of the last. */
static void
set_head (FeePosted *posted, const GPtrArray *standing, guint n_runs)
{
  g_free (posted->head->digest);
  posted->head->digest =
    n_runs == 0 ? g_strnfill (64, '0') : g_strdup (((const FeeRunHead *) g_ptr_array_index (standing, n_runs - 1))->digest);
  posted->n_runs = n_runs;
}

gboolean
fee_book_withdraw (FeeBook *book, const FeeWithdrawing *withdrawing, FeePosted **out, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) withdrawals = NULL;
  g_autoptr (FeePosted) posted = g_new0 (FeePosted, 1);
  posted->differences = g_array_new (FALSE, FALSE, sizeof (FeePeriod));
  if (!fee_book_all_runs (book, &all, &withdrawals, error))
    return FALSE;
  g_autoptr (GPtrArray) standing = fee_runs_standing (all, all->len + 1);
  const FeeRunHead *head = fee_runs_find_withdrawn (all, withdrawing->period);
  if (head != NULL) {
    posted->state = FEE_ALREADY_WITHDRAWN;
    posted->head = fee_run_head_copy (head);
    set_head (posted, standing, standing->len);
    *out = g_steal_pointer (&posted);
    return TRUE;
  }
  head = find_last (standing, withdrawing->period, error);
  if (head == NULL || !take_back (book, withdrawing, head, all->len, error))
    return FALSE;
  posted->state = FEE_WITHDRAWN;
  posted->head = fee_run_head_copy (head);
  set_head (posted, standing, standing->len - 1);
  *out = g_steal_pointer (&posted);
  return TRUE;
}
