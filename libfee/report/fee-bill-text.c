/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-bill-text.h"

#include <string.h>

#include "../base/fee-text.h"
#include "fee-writer.h"
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
  return fee_policies_for (view->policies, origin);
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

static gboolean
append_bytes (const char *bytes, gsize length, gpointer out, GError **error)
{
  (void) error;
  g_string_append_len (out, bytes, (gssize) length);
  return TRUE;
}

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

/* The lines of a block; returns their sum, and how many there are. */
static FeeMoney
sum_block (const FeeBillView *view, const Block *block, guint *n, gboolean *with_days)
{
  FeeMoney sum = 0;
  *n = 0;
  *with_days = FALSE;
  for (guint i = 0; i < view->bill->line->len; i++) {
    const FeeLine *line = &g_array_index (view->bill->line, FeeLine, i);
    if (!is_of_block (view, line, block))
      continue;
    sum += line->amount; /* the bill's total fits */
    *with_days = *with_days || line->days != fee_period_days (block->origin);
    (*n)++;
  }
  return sum;
}

static void
append_block (GString *out, const FeeBillView *view, const Block *block, gboolean with_days)
{
  const FeePolicy *policy = policy_of (view, view->run->period);
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = policy->decimals, .lang = view->lang };
  g_autoptr (FeeWriter) writer = fee_writer_new (&options, columns, G_N_ELEMENTS (columns) - (with_days ? 0 : 1), append_bytes, out);
  for (guint i = 0; i < view->bill->line->len; i++) {
    const FeeLine *line = &g_array_index (view->bill->line, FeeLine, i);
    if (is_of_block (view, line, block))
      write_line (writer, view, line, with_days);
  }
  fee_writer_finish (writer, NULL);
}

static void
append_money_line (GString *out, const FeeBillView *view, const char *label, FeeMoney amount)
{
  char text[FEE_GROUPED_SIZE];
  fee_money_format_grouped (amount, policy_of (view, view->run->period)->decimals, text);
  g_string_append_printf (out, "%s %s\n", label, text);
}

/* Owner's and occupant's lines apart, with who is liable. */
static void
append_role (GString *out, const FeeBillView *view, FeeRole role, gboolean both)
{
  if (!both)
    return;
  g_string_append (out, role == FEE_ROLE_OCCUPANT
                          ? word (view, "Borne by the occupant (the owner is liable with them by law and contract)", "使用人承担部分（业主依法依约负连带责任）")
                          : word (view, "Borne by the owner", "业主承担部分"));
  g_string_append_c (out, '\n');
}

static void
append_month (GString *out, const FeeBillView *view, FeePeriod origin, gboolean restated)
{
  const Block blocks[] = { { origin, restated, FEE_ROLE_OCCUPANT }, { origin, restated, FEE_ROLE_OWNER } };
  char month[FEE_DATE_SIZE];
  guint n[2];
  gboolean days[2];
  FeeMoney sums[2];
  for (guint i = 0; i < 2; i++)
    sums[i] = sum_block (view, &blocks[i], &n[i], &days[i]);
  if (n[0] + n[1] == 0)
    return;
  fee_period_format (origin, month);
  if (restated) {
    g_string_append_printf (out, word (view, "%s shared again by what is known now; amounts are what is added to or taken off what was billed",
                                       "更正%s：按现有资料重新分摊，金额为与原计费的差额"), month);
    g_string_append_c (out, '\n');
  } else if (origin != view->run->period) {
    const char *what = g_hash_table_lookup (view->late, GINT_TO_POINTER (origin));
    g_string_append_printf (out, word (view, "Late costs of %s: %s", "补收%s：%s"), month, what != NULL ? what : "");
    g_string_append_c (out, '\n');
  }
  for (guint i = 0; i < 2; i++) {
    if (n[i] == 0)
      continue;
    append_role (out, view, blocks[i].role, n[0] > 0 && n[1] > 0);
    append_block (out, view, &blocks[i], days[i]);
  }
  append_money_line (out, view, origin == view->run->period ? word (view, "Sum of the month", "本月小计")
                               : restated ? word (view, "Sum", "更正小计") : word (view, "Sum", "补收小计"),
                     sums[0] + sums[1]);
  g_string_append_c (out, '\n');
}

void
fee_bill_lines_text (GString *out, const FeeBillView *view)
{
  append_month (out, view, view->run->period, FALSE);
  const FeeLine *before = NULL;
  for (guint i = 0; i < view->bill->line->len; i++) { /* they are by origin, those that restate it at last */
    const FeeLine *line = &g_array_index (view->bill->line, FeeLine, i);
    FeePeriod origin = activity_of (view, line)->origin;
    gboolean begins = before == NULL || activity_of (view, before)->origin != origin || before->restated != line->restated;
    if (begins && origin != view->run->period)
      append_month (out, view, origin, line->restated);
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
append_head (GString *out, const FeeBillView *view)
{
  const FeePolicy *policy = policy_of (view, view->run->period);
  char number[FEE_BILL_NUMBER_SIZE], issue[FEE_DATE_SIZE], due[FEE_DATE_SIZE], month[FEE_DATE_SIZE];
  g_autofree char *masked = view->name != NULL ? fee_words_mask (view->name) : g_strdup (view->bill->party->str);
  g_autofree char *payer = fee_text_escape (masked);
  g_autofree char *unit = fee_text_escape (view->bill->unit->str);
  fee_bill_number_format (view->run->period, view->bill->bill, number);
  fee_date_format (view->run->issue, issue);
  fee_date_format (view->run->due, due);
  fee_period_format (view->run->period, month);
  g_string_append_printf (out, "%s  %s\n\n", fee_name_text (&policy->name, view->lang, policy->code), word (view, "Fee notice", "缴费通知单"));
  g_string_append_printf (out, word (view, "Number %s   Month %s   Issued %s   Due %s\n", "账单号 %s   费用期间 %s   出账日 %s   应交日 %s\n"),
                          number, month, issue, due);
  g_string_append_printf (out, word (view, "Unit %s", "房号 %s"), unit);
  if (*view->area != '\0')
    g_string_append_printf (out, "   %s %s %s", attribute_name (policy, "area", view, word (view, "Floor area", "建筑面积"), FALSE), view->area,
                            attribute_name (policy, "area", view, "m²", TRUE));
  g_string_append_printf (out, word (view, "   Payer %s (%s)\n", "   缴费人 %s（%s）\n"), payer, role_words (view));
  g_string_append_printf (out, "%s\n\n", word (view, "Actual costs are shared by who benefits.", "计费方式：实际成本按受益分摊"));
}

/* How much of it is late, and until when the rest is due. */
static void
append_overdue (GString *out, const FeeBillView *view)
{
  char overdue[FEE_GROUPED_SIZE], oldest[FEE_DATE_SIZE], due[FEE_DATE_SIZE];
  if (view->overdue <= 0)
    return;
  fee_money_format_grouped (view->overdue, policy_of (view, view->run->period)->decimals, overdue);
  g_string_append_printf (out, word (view, "Of this %s is past its due day (since %s)", "其中%s已过应交日（自%s）"), overdue,
                          fee_date_format (view->oldest_due, oldest));
  if (view->payable > view->overdue)
    g_string_append_printf (out, word (view, "; the rest is due by %s", "，其余请于%s前交清"), fee_date_format (view->run->due, due));
  g_string_append_c (out, '\n');
}

static void
append_account (GString *out, const FeeBillView *view)
{
  gint decimals = policy_of (view, view->run->period)->decimals;
  char date[FEE_DATE_SIZE];
  if (view->brought_forward != 0)
    append_money_line (out, view, word (view, "Brought forward", "上期未交"), view->brought_forward);
  if (view->received != 0)
    append_money_line (out, view, word (view, "Received since", "其间已收"), view->received);
  if (view->credit != 0)
    append_money_line (out, view, word (view, "Less credit", "减预存"), view->credit);
  append_money_line (out, view, word (view, "This bill", "本期账单"), view->bill->total);
  append_money_line (out, view, word (view, "To pay", "应交合计"), view->payable);
  if (is_chinese (view)) {
    g_autofree char *words = fee_words_money (view->payable, decimals);
    if (*words != '\0')
      g_string_append_printf (out, "大写：%s\n", words);
  }
  append_overdue (out, view);
  g_string_append_printf (out, word (view, "(receipts up to %s)\n\n", "（收款截至%s）\n\n"), fee_date_format (view->as_of, date));
}

static void
append_comparison (GString *out, const FeeBillView *view)
{
  gint decimals = policy_of (view, view->run->period)->decimals;
  char before[FEE_GROUPED_SIZE], now[FEE_GROUPED_SIZE], difference[FEE_GROUPED_SIZE];
  FeeMoney change;
  if (!view->has_before || !fee_money_subtract (view->bill->total, view->before, &change))
    return;
  fee_money_format_grouped (view->before, decimals, before);
  fee_money_format_grouped (view->bill->total, decimals, now);
  fee_money_format_grouped (change, decimals, difference);
  g_string_append_printf (out, word (view, "Last month %s, this month %s, difference %s", "上月 %s，本月 %s，相差 %s"), before, now, difference);
  for (guint i = 0; i < view->n_causes; i++) {
    const FeeBillCause *cause = &view->causes[i];
    fee_money_format_grouped (cause->amount, decimals, difference);
    g_string_append (out, i == 0 ? word (view, "; mostly: ", "；主要是：") : word (view, ", ", "，"));
    g_string_append_printf (out, "%s %s%s", cause->item != NULL ? cause->item : word (view, "late costs", "补收以前月份"),
                            cause->amount > 0 ? "+" : "", difference);
  }
  g_string_append (out, "\n");
}

static void
append_notice (GString *out, const FeeBillView *view, const FeeName *text, const char *en, const char *zh_CN)
{
  if (text->en != NULL || text->zh_CN != NULL)
    g_string_append_printf (out, "%s%s\n", word (view, en, zh_CN), fee_name_text (text, view->lang, ""));
}

void
fee_bill_text (GString *out, const FeeBillView *view)
{
  const FeePolicy *policy = policy_of (view, view->run->period);
  append_head (out, view);
  fee_bill_lines_text (out, view);
  append_account (out, view);
  append_comparison (out, view);
  append_notice (out, view, &policy->notice.pay, "How to pay: ", "缴费方式：");
  append_notice (out, view, &policy->notice.ask, "Questions and objections: ", "咨询与异议：");
  if (policy->notice.answer_days > 0)
    g_string_append_printf (out, word (view, "You get an answer within %d days; what you dispute is not pressed meanwhile.\n",
                                       "%d日内答复，有异议的部分在答复前不催缴。\n"), policy->notice.answer_days);
  append_notice (out, view, &policy->notice.help, "In hardship: ", "生活困难：");
  append_notice (out, view, &policy->notice.accounts, "Where to see the accounts: ", "账目查询：");
  g_string_append_printf (out, "%s\n", word (view, "Parts of a fen that can't be split go round among the units.", "不足1分的零头由各户轮流承担。"));
  g_string_append_printf (out, word (view, "Check code of the accounts: %s\n(the same as in the last line of the public notice: nothing was changed)\n",
                                     "账目校验码：%s\n（与公示表最后一行相同：未作改动）\n"), view->run->digest);
}
