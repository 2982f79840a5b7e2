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

typedef struct {
  const Month *month;
  gint decimals;
  guint32 bill;
  FeeName *out;
} Wanted;

static gboolean
append_bytes (const char *bytes, gsize length, gpointer out, GError **error)
{
  (void) error;
  g_string_append_len (out, bytes, (gssize) length);
  return TRUE;
}

static char *
lines_of (const Month *month, const FeePageReader *bill, const char *lang, GHashTable *late, gint decimals)
{
  GString *text = g_string_new (NULL);
  FeeDocumentOptions options = { .format = FEE_FORMAT_TEXT, .decimals = decimals, .lang = lang };
  g_autoptr (FeeDocument) document = fee_document_new (&options, append_bytes, text);
  FeeBillView view = { .policies = month->records->policies, .lang = lang, .run = month->run, .bill = bill, .late = late };
  fee_bill_write_lines (document, &view);
  fee_document_finish (document, NULL);
  return g_string_free (text, FALSE);
}

static gboolean
explain (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  const Wanted *wanted = data;
  if (bill->bill == wanted->bill) {
    wanted->out->en = lines_of (wanted->month, bill, "en", wanted->month->late_en, wanted->decimals);
    wanted->out->zh_CN = lines_of (wanted->month, bill, "zh_CN", wanted->month->late_zh_CN, wanted->decimals);
  }
  return TRUE;
}

gboolean
fee_bill_words_explain (FeeBillWords *words, const char *unit, const char *number, FeeName *out, GError **error)
{
  FeePeriod period;
  Month *month;
  Wanted wanted = { .decimals = words->tool->decimals, .out = out };
  const FeeRunHead *head = fee_bill_number_parse (number, &period, &wanted.bill) ? fee_runs_find (words->runs, period) : NULL;
  if (head == NULL)
    return TRUE;
  if (!find_month (words, head, &month, error))
    return FALSE;
  wanted.month = month;
  return fee_book_read_bills (words->tool->book, head->number, unit, TRUE, explain, &wanted, error);
}
