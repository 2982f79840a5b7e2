/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-letter-private.h"

#include <string.h>

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

/* ---- What went before */

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
  const FeeLetterBlock *block;
} values[] = {
  { "accounts", put_accounts },
  { "answer_days", put_answer_days },
  { "approved_by", put_approved_by },
  { "ask", put_ask },
  { "community", put_community },
  { "day", put_day },
  { "disputed", NULL, &fee_letter_disputed },
  { "earlier", put_earlier },
  { "explained", NULL, &fee_letter_explained },
  { "help", put_help },
  { "items", NULL, &fee_letter_items },
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
  return value >= 0 && values[value].block != NULL;
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
  return values[value].block->has (letter);
}

void
fee_letter_value_write (FeeDocument *document, gint value, const FeeLetter *letter, const char *lang)
{
  values[value].block->write (document, letter, lang);
}
