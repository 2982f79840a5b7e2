/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-letter-private.h"

#include <string.h>

#include "../base/fee-reference.h"
#include "../base/fee-text.h"
#include "fee-words.h"

/* domain.md section 2: the formal demand sets a period of at least 15 days. */
#define DEMAND_DAYS 15

/* The language of a document is chosen by the call, not by the locale: both stand side by side here. */
static gboolean
is_chinese (const char *lang)
{
  return strcmp (lang, "zh_CN") == 0;
}

static const FeeStep *
step_of (const FeePolicy *policy, gint step)
{
  return step < 0 ? NULL : &g_array_index (policy->steps, FeeStep, step);
}

static void
append_escaped (GString *out, const char *text)
{
  g_autofree char *escaped = fee_text_escape (text);
  g_string_append (out, escaped);
}

static void
append_date (GString *out, FeeDate date)
{
  char text[FEE_DATE_SIZE];
  g_string_append (out, fee_date_format (date, text));
}

/* ---- Who and when */

static void
put_community (GString *out, const FeeLetter *letter, const char *lang)
{
  append_escaped (out, fee_name_text (&letter->policy->name, lang, letter->policy->code));
}

static void
put_title (GString *out, const FeeLetter *letter, const char *lang)
{
  const FeeStep *step = step_of (letter->policy, letter->step);
  if (step != NULL)
    append_escaped (out, fee_name_text (&step->name, lang, step->id));
}

static void
put_number (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  append_escaped (out, letter->number);
}

static void
put_day (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  append_date (out, letter->day);
}

static void
put_through (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  append_date (out, MIN (letter->through, letter->day));
}

static void
put_unit (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  append_escaped (out, letter->unit);
}

/* 张*（业主） */
static void
put_payer (GString *out, const FeeLetter *letter, const char *lang)
{
  static const char *const en[] = { "owner", "occupant", "not handed over" };
  static const char *const zh_CN[] = { "业主", "使用人", "未交付房屋" };
  g_autofree char *masked = letter->name != NULL ? fee_words_mask (letter->name) : g_strdup (letter->party);
  append_escaped (out, masked);
  if (letter->role >= 0)
    g_string_append_printf (out, is_chinese (lang) ? "（%s）" : " (%s)", (is_chinese (lang) ? zh_CN : en)[letter->role]);
}

static void
put_approved_by (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  if (letter->approved_by != NULL)
    append_escaped (out, letter->approved_by);
}

static void
put_period_days (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  const FeeStep *step = step_of (letter->policy, letter->step);
  if (step != NULL && step->type == FEE_STEP_DEMAND)
    g_string_append_printf (out, "%d", MAX (DEMAND_DAYS, step->wait));
}

/* ---- What is open */

static const FeeOutputColumn columns[] = {
  { "item", "Item", "项目", FEE_COLUMN_TEXT },       { "period", "Period", "费用期间", FEE_COLUMN_TEXT },
  { "due", "Due", "应交", FEE_COLUMN_MONEY },        { "paid", "Paid", "已交", FEE_COLUMN_MONEY },
  { "open", "Open", "未交", FEE_COLUMN_MONEY },      { "due_day", "Due day", "应交日", FEE_COLUMN_TEXT },
  { "days", "Days overdue", "逾期天数", FEE_COLUMN_COUNT }, { "reference", "Payment reference", "缴费参考号", FEE_COLUMN_TEXT },
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

/* Of what is not disputed; with overdue_only of what is past its due day. A part of what the ledger has added up. */
static FeeMoney
sum_of (const FeeLetter *letter, gboolean overdue_only)
{
  FeeMoney sum = 0;
  for (guint i = 0; i < letter->n_items; i++) {
    const FeeLetterItem *item = &letter->items[i];
    if (item->disputed_since == FEE_DATE_NONE && (!overdue_only || item->due < letter->day))
      fee_money_add (sum, item->open, &sum);
  }
  return sum;
}

static void
append_sum (GString *out, const FeeLetter *letter, gboolean overdue_only)
{
  char text[FEE_GROUPED_SIZE];
  g_string_append (out, fee_money_format_grouped (sum_of (letter, overdue_only), letter->policy->decimals, text));
}

static void
append_sum_words (GString *out, const FeeLetter *letter, const char *lang, gboolean overdue_only)
{
  g_autofree char *words = fee_words_money (sum_of (letter, overdue_only), letter->policy->decimals);
  if (is_chinese (lang))
    g_string_append (out, words);
}

static void
put_total (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  append_sum (out, letter, FALSE);
}

static void
put_total_words (GString *out, const FeeLetter *letter, const char *lang)
{
  append_sum_words (out, letter, lang, FALSE);
}

static void
put_overdue (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  append_sum (out, letter, TRUE);
}

static void
put_overdue_words (GString *out, const FeeLetter *letter, const char *lang)
{
  append_sum_words (out, letter, lang, TRUE);
}

/* ---- How it came about, and what went before */

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
    g_autofree char *heading = g_strdup_printf (is_chinese (lang) ? "%s，%s，%s" : "%s, %s, %s", words, fee_period_format (item->period, month), amount);
    if (any)
      fee_document_gap (document);
    fee_document_heading (document, 3, heading);
    letter->explain (document, item->bill, lang);
    any = TRUE;
  }
}

static void
put_earlier (GString *out, const FeeLetter *letter, const char *lang)
{
  for (guint i = 0; i < letter->n_earlier; i++) {
    const FeeStep *step = step_of (letter->policy, letter->earlier[i].step);
    g_string_append (out, i > 0 ? "\n" : "");
    append_date (out, letter->earlier[i].date);
    g_string_append (out, "  ");
    if (step != NULL)
      append_escaped (out, fee_name_text (&step->name, lang, step->id));
    else
      g_string_append (out, is_chinese (lang) ? "提醒" : "Reminder");
  }
}

/* ---- What the policy says */

static void
append_notice (GString *out, const FeeName *text, const char *lang)
{
  g_string_append (out, fee_name_text (text, lang, ""));
}

static void
put_pay (GString *out, const FeeLetter *letter, const char *lang)
{
  append_notice (out, &letter->policy->notice.pay, lang);
}

static void
put_ask (GString *out, const FeeLetter *letter, const char *lang)
{
  append_notice (out, &letter->policy->notice.ask, lang);
}

static void
put_help (GString *out, const FeeLetter *letter, const char *lang)
{
  append_notice (out, &letter->policy->notice.help, lang);
}

static void
put_accounts (GString *out, const FeeLetter *letter, const char *lang)
{
  append_notice (out, &letter->policy->notice.accounts, lang);
}

static void
put_answer_days (GString *out, const FeeLetter *letter, G_GNUC_UNUSED const char *lang)
{
  if (letter->policy->notice.answer_days > 0)
    g_string_append_printf (out, "%d", letter->policy->notice.answer_days);
}

static const struct {
  const char *name;
  void (*put) (GString *out, const FeeLetter *letter, const char *lang);
  /* of a block */
  gboolean (*has) (const FeeLetter *letter);
  void (*write) (FeeDocument *document, const FeeLetter *letter, const char *lang);
} values[] = {
  { "accounts", put_accounts },
  { "answer_days", put_answer_days },
  { "approved_by", put_approved_by },
  { "ask", put_ask },
  { "community", put_community },
  { "day", put_day },
  { "disputed", NULL, has_disputed, write_disputed },
  { "earlier", put_earlier },
  { "explained", NULL, has_explained, write_explained },
  { "help", put_help },
  { "items", NULL, has_items, write_items },
  { "number", put_number },
  { "overdue", put_overdue },
  { "overdue_words", put_overdue_words },
  { "pay", put_pay },
  { "payer", put_payer },
  { "period_days", put_period_days },
  { "through", put_through },
  { "title", put_title },
  { "total", put_total },
  { "total_words", put_total_words },
  { "unit", put_unit },
};

gint
fee_letter_value_find (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (strlen (values[i].name) == length && strncmp (values[i].name, name, length) == 0)
      return (gint) i;
  return -1;
}

gboolean
fee_letter_value_is_block (gint value)
{
  return value >= 0 && values[value].write != NULL;
}

void
fee_letter_value (GString *out, gint value, const FeeLetter *letter, const char *lang)
{
  if (value >= 0)
    values[value].put (out, letter, lang);
}

gboolean
fee_letter_value_has (gint value, const FeeLetter *letter)
{
  return values[value].has (letter);
}

void
fee_letter_value_write (FeeDocument *document, gint value, const FeeLetter *letter, const char *lang)
{
  values[value].write (document, letter, lang);
}
