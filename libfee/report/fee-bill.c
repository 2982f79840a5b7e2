/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-bill.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-error.h"
#include "fee-words.h"

/* The language of a document is chosen by the call, not by the locale: both stand side by side here. */
static gboolean
is_chinese (const FeeBillView *view)
{
  return strcmp (view->lang, "zh_CN") == 0;
}

static const char *word (const FeeBillView *view, const char *en, const char *zh_CN) __attribute__ ((format_arg (2), format_arg (3)));

static const char *
word (const FeeBillView *view, const char *en, const char *zh_CN)
{
  return is_chinese (view) ? zh_CN : en;
}

static const FeePolicy *
policy_of (const FeeBillView *view, FeePeriod origin)
{
  const FeePolicy *policy = fee_policies_for (view->policies, origin);
  return policy != NULL ? policy : g_ptr_array_index (view->policies, 0); /* a month before the book is damage, which the audit finds */
}

static const FeeStageRow *
activity_of (const FeeBillView *view, const FeeLine *line)
{
  guint begin, end;
  fee_run_pools (view->run, &begin, &end);
  return fee_run_row (view->run, begin + MIN (line->activity, end - begin - 1));
}

/* ---- Names */

static const char *
attribute_words (const FeePolicy *policy, const char *attribute, const char *lang)
{
  for (guint i = 0; i < policy->attributes->len; i++) {
    const FeeAttributeName *name = &g_array_index (policy->attributes, FeeAttributeName, i);
    if (g_ascii_strcasecmp (name->id, attribute) == 0)
      return fee_name_text (&name->name, lang, name->id);
  }
  return attribute;
}

char *
fee_driver_words (const FeePolicy *policy, const char *id, const char *lang)
{
  gboolean zh = strcmp (lang, "zh_CN") == 0;
  gint n = fee_policy_find_driver (policy, id);
  if (strcmp (id, "one") == 0)
    return g_strdup (zh ? "每户一份" : "equally");
  if (n < 0)
    return g_strdup (id);
  const FeeDriver *driver = fee_policy_driver (policy, n);
  if (driver->factors[0] == NULL)
    return g_strdup (fee_name_text (&driver->name, lang, id));
  const char *first = attribute_words (policy, driver->factors[0], lang);
  if (driver->factors[1] == NULL)
    return g_strdup (first);
  return g_strdup_printf ("%s × %s", first, attribute_words (policy, driver->factors[1], lang));
}

char *
fee_quantity_words (FeeQuantity quantity, char *buffer)
{
  char plain[FEE_NUMBER_SIZE];
  fee_quantity_format (quantity, plain);
  const char *point = strchr (plain, '.');
  gint decimals = point == NULL ? 0 : (gint) strlen (point + 1);
  gint shown = decimals == 0 ? 0 : MAX (decimals, 2);
  gint64 divisor = 1;
  for (gint i = shown; i < 6; i++)
    divisor *= 10;
  return fee_money_format_grouped (quantity / divisor, shown, buffer);
}

static const char *
centre_words (const FeeBillView *view, const FeeStageRow *activity)
{
  const FeePolicy *policy = policy_of (view, activity->origin);
  const char *id = fee_strings_get (view->run->strings, activity->source);
  gint n = fee_policy_find_centre (policy, id);
  return n < 0 ? id : fee_name_text (&fee_policy_centre (policy, n)->name, view->lang, id);
}

/* ---- The table of lines */

static const FeeOutputColumn columns[] = {
  { "item", "Service", "服务项目", FEE_COLUMN_TEXT },      { "pool", "Whole estate", "全小区（元）", FEE_COLUMN_MONEY },
  { "by", "Shared by", "按什么分", FEE_COLUMN_TEXT },      { "own", "Yours", "您家", FEE_COLUMN_NUMBER },
  { "total", "Of all", "合计", FEE_COLUMN_NUMBER },        { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
  { "days", "Days", "天数", FEE_COLUMN_NUMBER },
};

/* A level for the month, not its quantity-days: what is known at home. Whole weights come out exact; a level that changed within the month
 * shows its mean, rounded to two decimals. */
static FeeQuantity
at_home (gboolean flow, FeeQuantity weight, gint days)
{
  gint64 value = weight;
  if (flow || days == 0)
    return weight;
  if (weight % days == 0)
    return weight / days;
  fee_round_ratio (weight, 100, (gint64) days * FEE_QUANTITY_ONE, &value);
  return value * (FEE_QUANTITY_ONE / 100);
}

static gboolean
is_flow (const FeePolicy *policy, const char *driver)
{
  gint n = fee_policy_find_driver (policy, driver);
  return n >= 0 && fee_policy_driver (policy, n)->kind == FEE_DRIVER_FLOW;
}

static void
write_line (FeeWriter *writer, const FeeBillView *view, const FeeLine *line, gboolean with_days)
{
  const FeeStageRow *activity = activity_of (view, line);
  const FeePolicy *policy = policy_of (view, activity->origin);
  const char *driver = fee_strings_get (view->run->strings, activity->driver);
  gint month_days = fee_period_days (activity->origin);
  char own[FEE_GROUPED_SIZE], total[FEE_GROUPED_SIZE];
  g_autofree char *by = fee_driver_words (policy, driver, view->lang);
  gboolean flow = is_flow (policy, driver);
  gint64 all = activity->total_weight == FEE_QUANTITY_NONE ? 0 : activity->total_weight; /* a pool that is gone */
  fee_writer_text (writer, centre_words (view, activity));
  fee_writer_money (writer, activity->amount);
  fee_writer_text (writer, by);
  fee_writer_text (writer, fee_quantity_words (at_home (flow, line->weight, line->unit_days), own));
  fee_writer_text (writer, fee_quantity_words (at_home (flow, all, month_days), total));
  fee_writer_money (writer, line->amount);
  if (!with_days)
    return;
  g_autofree char *days = g_strdup_printf ("%d/%d", line->days, month_days);
  fee_writer_text (writer, line->days == month_days ? "" : days);
}

/* Lines that stand together: occupant's or others, of one origin; what restates it stands apart. */
typedef struct {
  FeePeriod origin;
  gboolean restated;
  FeeRole role;
} Block;

static gboolean
is_of_block (const FeeBillView *view, const FeeLine *line, const Block *block)
{
  gboolean occupant = line->role == FEE_ROLE_OCCUPANT;
  return activity_of (view, line)->origin == block->origin && line->restated == block->restated
         && occupant == (block->role == FEE_ROLE_OCCUPANT);
}

/* What a block has. fits: FALSE where its sum leaves 64 bits; a bill's own total does not, but amounts of both signs may on the way. */
typedef struct {
  FeeMoney amount;
  gboolean fits, with_days;
  guint n;
} Sum;

static Sum
sum_block (const FeeBillView *view, const Block *block)
{
  Sum sum = { .fits = TRUE };
  for (guint i = 0; i < view->bill->line->len; i++) {
    const FeeLine *line = &g_array_index (view->bill->line, FeeLine, i);
    if (!is_of_block (view, line, block))
      continue;
    sum.fits = sum.fits && fee_money_add (sum.amount, line->amount, &sum.amount);
    sum.with_days = sum.with_days || line->days != fee_period_days (block->origin);
    sum.n++;
  }
  return sum;
}

static void
write_block (FeeDocument *out, const FeeBillView *view, const Block *block, gboolean with_days)
{
  FeeWriter *table = fee_document_begin_table (out, columns, G_N_ELEMENTS (columns) - (with_days ? 0 : 1),
                                               word (view, "What it is made of", "费用明细"));
  for (guint i = 0; i < view->bill->line->len; i++) {
    const FeeLine *line = &g_array_index (view->bill->line, FeeLine, i);
    if (is_of_block (view, line, block))
      write_line (table, view, line, with_days);
  }
  fee_document_end_table (out);
}

/* Owner's and occupant's lines apart, with who is liable. */
static void
write_role (FeeDocument *out, const FeeBillView *view, FeeRole role)
{
  if (role == FEE_ROLE_OCCUPANT)
    fee_document_heading (out, 3, word (view, "Borne by the occupant (the owner is liable with them by law and contract)", "使用人承担部分（业主依法依约负连带责任）"));
  else
    fee_document_heading (out, 3, word (view, "Borne by the owner", "业主承担部分"));
}

/* What stands over the lines of another month than the bill's. */
static void
write_origin (FeeDocument *out, const FeeBillView *view, FeePeriod origin, gboolean restated)
{
  char month[FEE_DATE_SIZE];
  const char *what = g_hash_table_lookup (view->late, GINT_TO_POINTER (origin));
  g_autofree char *late = g_strdup_printf (word (view, "Late costs of %s: %s", "补收%s：%s"), fee_period_format (origin, month), what != NULL ? what : "");
  g_autofree char *again = g_strdup_printf (word (view, "%s shared again by what is known now; amounts are what is added to or taken off what was billed",
                                                  "更正%s：按现有资料重新分摊，金额为与原计费的差额"), month);
  if (restated)
    fee_document_heading (out, 3, again);
  else if (origin != view->run->period)
    fee_document_heading (out, 3, late);
}

static const char *
sum_words (const FeeBillView *view, FeePeriod origin, gboolean restated)
{
  if (restated)
    return word (view, "Sum", "更正小计");
  return origin == view->run->period ? word (view, "Sum of the month", "本月小计") : word (view, "Sum", "补收小计");
}

static void
write_month (FeeDocument *out, const FeeBillView *view, FeePeriod origin, gboolean restated)
{
  const Block blocks[] = { { origin, restated, FEE_ROLE_OCCUPANT }, { origin, restated, FEE_ROLE_OWNER } };
  const Sum sums[] = { sum_block (view, &blocks[0]), sum_block (view, &blocks[1]) };
  FeeMoney sum;
  if (sums[0].n + sums[1].n == 0)
    return;
  if (!sums[0].fits || !sums[1].fits || !fee_money_add (sums[0].amount, sums[1].amount, &sum)) {
    fee_document_fail (out, g_error_new (FEE_ERROR, FEE_ERROR_RECORDS, _("unit %s: the bill is too large"), view->bill->unit->str));
    return;
  }
  write_origin (out, view, origin, restated);
  for (guint i = 0; i < 2; i++) {
    if (sums[i].n == 0)
      continue;
    if (sums[0].n > 0 && sums[1].n > 0)
      write_role (out, view, blocks[i].role);
    write_block (out, view, &blocks[i], sums[i].with_days);
  }
  fee_document_amount (out, sum_words (view, origin, restated), sum, FALSE);
  fee_document_gap (out);
}

void
fee_bill_write_lines (FeeDocument *out, const FeeBillView *view)
{
  write_month (out, view, view->run->period, FALSE);
  const FeeLine *before = NULL;
  for (guint i = 0; i < view->bill->line->len; i++) { /* they are by origin, those that restate it at last */
    const FeeLine *line = &g_array_index (view->bill->line, FeeLine, i);
    FeePeriod origin = activity_of (view, line)->origin;
    gboolean begins = before == NULL || activity_of (view, before)->origin != origin || before->restated != line->restated;
    if (begins && origin != view->run->period)
      write_month (out, view, origin, line->restated);
    before = line;
  }
}

/* ---- The rest of the page */

static const char *
role_words (const FeeBillView *view)
{
  gboolean owner = FALSE, occupant = FALSE;
  for (guint i = 0; i < view->bill->line->len; i++) {
    FeeRole role = g_array_index (view->bill->line, FeeLine, i).role;
    owner = owner || role != FEE_ROLE_OCCUPANT;
    occupant = occupant || role == FEE_ROLE_OCCUPANT;
    if (role == FEE_ROLE_UNSOLD)
      return word (view, "not handed over", "未交付房屋");
  }
  if (owner && occupant)
    return word (view, "owner and occupant", "业主、使用人");
  return occupant ? word (view, "occupant", "使用人") : word (view, "owner", "业主");
}

/* What the policy calls an attribute, or its unit. */
static const char *
attribute_name (const FeePolicy *policy, const char *attribute, const FeeBillView *view, const char *otherwise, gboolean unit)
{
  for (guint i = 0; i < policy->attributes->len; i++) {
    const FeeAttributeName *name = &g_array_index (policy->attributes, FeeAttributeName, i);
    if (g_ascii_strcasecmp (name->id, attribute) == 0)
      return fee_name_text (unit ? &name->unit : &name->name, view->lang, otherwise);
  }
  return otherwise;
}

static void
write_sheet (FeeDocument *out, const FeeBillView *view)
{
  const FeePolicy *policy = policy_of (view, view->run->period);
  char number[FEE_BILL_NUMBER_SIZE], issue[FEE_DATE_SIZE], due[FEE_DATE_SIZE], month[FEE_DATE_SIZE];
  const FeeDocumentFact facts[] = {
    { word (view, "Number", "账单号"), fee_bill_number_format (view->run->period, view->bill->bill, number) },
    { word (view, "Month", "费用期间"), fee_period_format (view->run->period, month) },
    { word (view, "Issued", "出账日"), fee_date_format (view->run->issue, issue) },
    { word (view, "Due", "应交日"), fee_date_format (view->run->due, due) },
  };
  fee_document_sheet (out, fee_name_text (&policy->name, view->lang, policy->code), word (view, "Fee notice", "缴费通知单"));
  fee_document_facts (out, facts, G_N_ELEMENTS (facts));
}

static void
write_payer (FeeDocument *out, const FeeBillView *view)
{
  const FeePolicy *policy = policy_of (view, view->run->period);
  g_autofree char *masked = view->name != NULL ? fee_words_mask (view->name) : g_strdup (view->bill->party->str);
  g_autofree char *payer = g_strdup_printf (word (view, "%s (%s)", "%s（%s）"), masked, role_words (view));
  g_autofree char *area = g_strdup_printf ("%s %s", view->area, attribute_name (policy, "area", view, "m²", TRUE));
  FeeDocumentFact facts[3];
  guint n = 0;
  facts[n++] = (FeeDocumentFact) { word (view, "Unit", "房号"), view->bill->unit->str };
  if (*view->area != '\0')
    facts[n++] = (FeeDocumentFact) { attribute_name (policy, "area", view, word (view, "Floor area", "建筑面积"), FALSE), area };
  facts[n++] = (FeeDocumentFact) { word (view, "Payer", "缴费人"), payer };
  fee_document_facts (out, facts, n);
  fee_document_paragraph (out, word (view, "Actual costs are shared by who benefits.", "计费方式：实际成本按受益分摊"));
  fee_document_gap (out);
}

/* How much of it is late, and until when the rest is due. */
static void
write_overdue (FeeDocument *out, const FeeBillView *view)
{
  char overdue[FEE_GROUPED_SIZE], date[FEE_DATE_SIZE];
  if (view->overdue <= 0)
    return;
  g_autoptr (GString) text = g_string_new (NULL);
  fee_money_format_grouped (view->overdue, policy_of (view, view->run->period)->decimals, overdue);
  g_string_append_printf (text, word (view, "Of this %s is past its due day (since %s)", "其中%s已过应交日（自%s）"), overdue,
                          fee_date_format (view->oldest_due, date));
  if (view->payable > view->overdue)
    g_string_append_printf (text, word (view, "; the rest is due by %s", "，其余请于%s前交清"), fee_date_format (view->run->due, date));
  fee_document_paragraph (out, text->str);
}

static void
write_account (FeeDocument *out, const FeeBillView *view)
{
  char date[FEE_DATE_SIZE];
  if (view->brought_forward != 0)
    fee_document_amount (out, word (view, "Brought forward", "上期未交"), view->brought_forward, FALSE);
  if (view->received != 0)
    fee_document_amount (out, word (view, "Received since", "其间已收"), view->received, FALSE);
  if (view->credit != 0)
    fee_document_amount (out, word (view, "Less credit", "减预存"), view->credit, FALSE);
  fee_document_amount (out, word (view, "This bill", "本期账单"), view->bill->total, FALSE);
  fee_document_amount (out, word (view, "To pay", "应交合计"), view->payable, TRUE);
  g_autofree char *words = fee_words_money (view->payable, policy_of (view, view->run->period)->decimals);
  if (is_chinese (view) && *words != '\0')
    fee_document_printf (out, "大写：%s", words);
  write_overdue (out, view);
  fee_document_printf (out, word (view, "(receipts up to %s)", "（收款截至%s）"), fee_date_format (view->as_of, date));
  fee_document_gap (out);
}

static void
write_comparison (FeeDocument *out, const FeeBillView *view)
{
  gint decimals = policy_of (view, view->run->period)->decimals;
  char before[FEE_GROUPED_SIZE], now[FEE_GROUPED_SIZE], difference[FEE_GROUPED_SIZE];
  FeeMoney change;
  if (!view->has_before || !fee_money_subtract (view->bill->total, view->before, &change))
    return;
  g_autoptr (GString) text = g_string_new (NULL);
  fee_money_format_grouped (view->before, decimals, before);
  fee_money_format_grouped (view->bill->total, decimals, now);
  fee_money_format_grouped (change, decimals, difference);
  g_string_append_printf (text, word (view, "Last month %s, this month %s, difference %s", "上月 %s，本月 %s，相差 %s"), before, now, difference);
  for (guint i = 0; i < view->n_causes; i++) {
    const FeeBillCause *cause = &view->causes[i];
    fee_money_format_grouped (cause->amount, decimals, difference);
    g_string_append (text, i == 0 ? word (view, "; mostly: ", "；主要是：") : word (view, ", ", "，"));
    g_string_append_printf (text, "%s %s%s", cause->item != NULL ? cause->item : word (view, "late costs", "补收以前月份"),
                            cause->amount > 0 ? "+" : "", difference);
  }
  fee_document_paragraph (out, text->str);
}

static void
write_notice (FeeDocument *out, const FeeBillView *view, const FeeName *text, const char *en, const char *zh_CN)
{
  if (text->en != NULL || text->zh_CN != NULL)
    fee_document_printf (out, "%s%s", word (view, en, zh_CN), fee_name_text (text, view->lang, ""));
}

/* How to pay, whom to ask, where to see the accounts. */
static void
write_notices (FeeDocument *out, const FeeBillView *view)
{
  const FeeNoticeTexts *notice = &policy_of (view, view->run->period)->notice;
  write_notice (out, view, &notice->pay, "How to pay: ", "缴费方式：");
  fee_document_printf (out, word (view, "Payment reference (please give it with the payment): %s", "缴费参考号（请在付款时注明）：%s"), view->reference);
  write_notice (out, view, &notice->ask, "Questions and objections: ", "咨询与异议：");
  if (notice->answer_days > 0)
    fee_document_printf (out, word (view, "You get an answer within %d days; what you dispute is not pressed meanwhile.",
                                    "%d日内答复，有异议的部分在答复前不催缴。"), notice->answer_days);
  write_notice (out, view, &notice->help, "In hardship: ", "生活困难：");
  write_notice (out, view, &notice->accounts, "Where to see the accounts: ", "账目查询：");
}

void
fee_bill_write (FeeDocument *out, const FeeBillView *view)
{
  write_sheet (out, view);
  write_payer (out, view);
  fee_bill_write_lines (out, view);
  write_account (out, view);
  write_comparison (out, view);
  write_notices (out, view);
  fee_document_note (out, word (view, "Parts of a fen that can't be split go round among the units.", "不足1分的零头由各户轮流承担。"));
  g_autofree char *code = g_strdup_printf (word (view, "Check code of the accounts: %s\n(the same as in the last line of the public notice: nothing was changed)",
                                                 "账目校验码：%s\n（与公示表最后一行相同：未作改动）"), view->run->digest);
  fee_document_note (out, code);
}
