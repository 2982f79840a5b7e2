/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../libfee/report/fee-bill.h"
#include "../libfee/store/fee-post.h"
#include "late.h"
#include "remind.h"

/* A posted month, as its run knew the costs and policies. */
typedef struct {
  const FeeRunHead *head;
  FeeRun *run;
  FeeRecords *records;
  GHashTable *late_en, *late_zh_CN;
} Month;

struct _FeeBillWords {
  FeeTool *tool;
  GPtrArray *runs, *batches;
  GHashTable *months; /* GINT_TO_POINTER (period) -> Month */
};

static void
month_free (gpointer data)
{
  Month *month = data;
  fee_run_free (month->run);
  fee_records_free (month->records);
  g_clear_pointer (&month->late_en, g_hash_table_unref);
  g_clear_pointer (&month->late_zh_CN, g_hash_table_unref);
  g_free (month);
}

void
fee_bill_words_free (FeeBillWords *words)
{
  if (words == NULL)
    return;
  g_hash_table_unref (words->months);
  g_clear_pointer (&words->runs, g_ptr_array_unref);
  g_clear_pointer (&words->batches, g_ptr_array_unref);
  g_free (words);
}

gboolean
fee_bill_words_new (FeeTool *tool, FeeBillWords **out, GError **error)
{
  g_autoptr (FeeBillWords) words = g_new0 (FeeBillWords, 1);
  words->tool = tool;
  words->months = g_hash_table_new_full (NULL, NULL, NULL, month_free);
  if (!fee_book_runs (tool->book, &words->runs, error) || !fee_book_batches (tool->book, &words->batches, error))
    return FALSE;
  *out = g_steal_pointer (&words);
  return TRUE;
}

static gboolean
find_month (FeeBillWords *words, const FeeRunHead *head, Month **out, GError **error)
{
  gpointer key = GINT_TO_POINTER (head->period);
  *out = g_hash_table_lookup (words->months, key);
  if (*out != NULL)
    return TRUE;
  Month *month = *out = g_new0 (Month, 1);
  g_hash_table_insert (words->months, key, month);
  month->head = head;
  if (!fee_book_read_run (words->tool->book, head, &month->run, error))
    return FALSE;
  FeeLoad load = { .kinds = fee_late_has (month->run) ? 1u << FEE_KIND_COSTS : 0, .as_of = head->last_batch, .from = FEE_DATE_NONE,
                   .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_ALL };
  if (!fee_book_load (words->tool->book, words->batches, &load, &month->records, error))
    return FALSE;
  month->late_en = fee_late_words (month->records, month->run, "en");
  month->late_zh_CN = fee_late_words (month->records, month->run, "zh_CN");
  return TRUE;
}

struct _FeeBillLines {
  const Month *month;
  FeePageReader bill;
};

void
fee_bill_lines_free (FeeBillLines *lines)
{
  if (lines == NULL)
    return;
  fee_page_reader_clear (&lines->bill);
  g_free (lines);
}

void
fee_bill_lines_explain (FeeDocument *document, gconstpointer bill, const char *lang)
{
  const FeeBillLines *lines = bill;
  const Month *month = lines->month;
  FeeBillView view = { .policies = month->records->policies, .lang = lang, .run = month->run, .bill = &lines->bill,
                       .late = g_strcmp0 (lang, "zh_CN") == 0 ? month->late_zh_CN : month->late_en };
  fee_bill_write_lines (document, &view);
}

typedef struct {
  const Month *month;
  guint32 bill;
  FeeBillLines **out;
} Wanted;

static gboolean
keep_wanted (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  const Wanted *wanted = data;
  if (bill->bill == wanted->bill && *wanted->out == NULL) {
    *wanted->out = g_new0 (FeeBillLines, 1);
    (*wanted->out)->month = wanted->month;
    fee_page_reader_copy (&(*wanted->out)->bill, bill);
  }
  return TRUE;
}

gboolean
fee_bill_words_find (FeeBillWords *words, const char *unit, const char *number, FeeBillLines **out, GError **error)
{
  FeePeriod period;
  Month *month;
  FeeBillLines *found = NULL;
  Wanted wanted = { .out = &found };
  const FeeRunHead *head = fee_bill_number_parse (number, &period, &wanted.bill) ? fee_runs_find (words->runs, period) : NULL;
  *out = NULL;
  if (head == NULL)
    return TRUE;
  if (!find_month (words, head, &month, error))
    return FALSE;
  wanted.month = month;
  if (!fee_book_read_bills (words->tool->book, head->number, unit, month->run, keep_wanted, &wanted, error)) {
    fee_bill_lines_free (found);
    return FALSE;
  }
  *out = found;
  return TRUE;
}
