/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "../base/fee-reference.h"
#include "fee-letter-private.h"

/* The language of a document is chosen by the call, not by the locale: both stand side by side here. */
static gboolean
is_chinese (const char *lang)
{
  return strcmp (lang, "zh_CN") == 0;
}

/* ---- What is open */

static const FeeOutputColumn columns[] = {
  { "item", "Item", "项目", FEE_COLUMN_TEXT },       { "period", "Period", "费用期间", FEE_COLUMN_TEXT },
  { "due", "Due", "应交", FEE_COLUMN_MONEY },        { "paid", "Paid", "已交", FEE_COLUMN_MONEY },
  { "open", "Open", "未交", FEE_COLUMN_MONEY },      { "due_day", "Due day", "应交日", FEE_COLUMN_TEXT },
  { "days", "Days overdue", "逾期天数", FEE_COLUMN_COUNT },
  { "reference", "Payment reference", "缴费参考号", FEE_COLUMN_TEXT },
};
/* Lines of text have no room for the reference. */
#define N_TEXT_COLUMNS 7


static const FeeOutputColumn disputed_columns[] = {
  { "item", "Item", "项目", FEE_COLUMN_TEXT },       { "period", "Period", "费用期间", FEE_COLUMN_TEXT },
  { "due", "Due", "应交", FEE_COLUMN_MONEY },        { "paid", "Paid", "已交", FEE_COLUMN_MONEY },
  { "open", "Open", "未交", FEE_COLUMN_MONEY },      { "since", "Disputed since", "提出异议", FEE_COLUMN_TEXT },
  { "answer", "Answer by", "最迟答复", FEE_COLUMN_TEXT },
};

static char *
item_words (const FeeLetterItem *item, const char *lang)
{
  static const struct {
    const char *en, *zh_CN;
  } kinds[] = {
    [FEE_ENTRY_BILL] = { "Bill", "账单" },          [FEE_ENTRY_OPENING] = { "Opening balance", "期初余额" },
    [FEE_ENTRY_CHARGE] = { "Other charge", "其他应收" }, [FEE_ENTRY_WAIVER] = { "Waiver", "减免" },
    [FEE_ENTRY_CORRECTION] = { "Correction", "更正" }, [FEE_ENTRY_TRANSFER] = { "Transfer", "转移" },
    [FEE_ENTRY_WRITE_OFF] = { "Write-off", "核销" },  [FEE_ENTRY_RECEIPT] = { "Refund", "退款" },
  };
  return g_strdup_printf ("%s %s", is_chinese (lang) ? kinds[item->kind].zh_CN : kinds[item->kind].en, item->number);
}

static void
write_reference (FeeWriter *writer, const FeeLetterItem *item)
{
  g_autofree char *reference = item->kind == FEE_ENTRY_BILL ? fee_reference_of_bill (item->number) : g_strdup ("");
  fee_writer_text (writer, reference);
}

static void
write_item (FeeWriter *writer, const FeeLetter *letter, const FeeLetterItem *item, const char *lang)
{
  g_autofree char *words = item_words (item, lang);
  gint answer_days = letter->policy->notice.answer_days;
  FeeMoney paid = 0;
  fee_money_subtract (item->amount, item->open, &paid); /* open is a part of it */
  fee_writer_text (writer, words);
  if (item->kind == FEE_ENTRY_BILL)
    fee_writer_period (writer, item->period);
  else
    fee_writer_empty (writer);
  fee_writer_money (writer, item->amount);
  fee_writer_money (writer, paid);
  fee_writer_money (writer, item->open);
  fee_writer_date (writer, item->disputed_since != FEE_DATE_NONE ? item->disputed_since : item->due);
  if (item->disputed_since != FEE_DATE_NONE)
    fee_writer_date (writer, answer_days > 0 ? item->disputed_since + answer_days : FEE_DATE_NONE);
  else
    fee_writer_count (writer, MAX (0, letter->day - item->due));
}

static gboolean
has_items (const FeeLetter *letter)
{
  for (guint i = 0; i < letter->n_items; i++)
    if (letter->items[i].disputed_since == FEE_DATE_NONE)
      return TRUE;
  return FALSE;
}

static gboolean
has_disputed (const FeeLetter *letter)
{
  for (guint i = 0; i < letter->n_items; i++)
    if (letter->items[i].disputed_since != FEE_DATE_NONE)
      return TRUE;
  return FALSE;
}

static void
write_items (FeeDocument *document, const FeeLetter *letter, const char *lang)
{
  gboolean referenced = !fee_document_is_text (document);
  FeeWriter *table = fee_document_begin_table (document, columns, referenced ? G_N_ELEMENTS (columns) : N_TEXT_COLUMNS,
                                               is_chinese (lang) ? "未交款项" : "What is open");
  for (guint i = 0; i < letter->n_items; i++) {
    if (letter->items[i].disputed_since != FEE_DATE_NONE)
      continue;
    write_item (table, letter, &letter->items[i], lang);
    if (referenced)
      write_reference (table, &letter->items[i]);
  }
  fee_document_end_table (document);
}

static void
write_disputed (FeeDocument *document, const FeeLetter *letter, const char *lang)
{
  FeeWriter *table = fee_document_begin_table (document, disputed_columns, G_N_ELEMENTS (disputed_columns),
                                               is_chinese (lang) ? "有异议的款项" : "What you dispute");
  for (guint i = 0; i < letter->n_items; i++)
    if (letter->items[i].disputed_since != FEE_DATE_NONE)
      write_item (table, letter, &letter->items[i], lang);
  fee_document_end_table (document);
}

/* ---- How it came about */

static gboolean
is_told (const FeeLetterItem *item)
{
  return item->bill != NULL && item->disputed_since == FEE_DATE_NONE;
}

static gboolean
has_explained (const FeeLetter *letter)
{
  for (guint i = 0; i < letter->n_items; i++)
    if (is_told (&letter->items[i]))
      return TRUE;
  return FALSE;
}

static void
write_explained (FeeDocument *document, const FeeLetter *letter, const char *lang)
{
  gboolean any = FALSE;
  for (guint i = 0; i < letter->n_items; i++) {
    const FeeLetterItem *item = &letter->items[i];
    if (!is_told (item))
      continue;
    g_autofree char *words = item_words (item, lang);
    char month[FEE_DATE_SIZE], amount[FEE_GROUPED_SIZE];
    fee_money_format_grouped (item->amount, letter->policy->decimals, amount);
    fee_period_format (item->period, month);
    g_autofree char *heading = g_strdup_printf (is_chinese (lang) ? "%s，%s，%s" : "%s, %s, %s", words, month, amount);
    if (any)
      fee_document_gap (document);
    fee_document_heading (document, 3, heading);
    letter->explain (document, item->bill, lang);
    any = TRUE;
  }
}

const FeeLetterBlock fee_letter_items = { has_items, write_items };
const FeeLetterBlock fee_letter_disputed = { has_disputed, write_disputed };
const FeeLetterBlock fee_letter_explained = { has_explained, write_explained };
