/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-error.h"
#include "../engine/fee-apportion.h"

const char *
fee_disclosure_section_text (FeeDisclosureSection section)
{
  static const char *const texts[] = { "income", "category",    "centre", "support", "result",
                                       "common", "receivables", "rules",  "late",    "head" };
  return texts[section];
}

void
fee_disclosure_free (FeeDisclosure *disclosure)
{
  if (disclosure == NULL)
    return;
  g_free (disclosure->lang);
  fee_strings_free (disclosure->texts);
  g_array_unref (disclosure->rows);
  g_array_unref (disclosure->series);
  g_array_unref (disclosure->month_amounts);
  g_array_unref (disclosure->typical);
  g_free (disclosure);
}

/* ---- What sections share */

void
fee_disclosing_add (FeeDisclosing *disclosing, FeeMoney *to, FeeMoney amount)
{
  disclosing->fits = fee_money_add (*to, amount, to) && disclosing->fits;
}

void
fee_disclosing_subtract (FeeDisclosing *disclosing, FeeMoney *to, FeeMoney amount)
{
  disclosing->fits = fee_money_subtract (*to, amount, to) && disclosing->fits;
}

void
fee_disclosing_gather (FeeDisclosing *disclosing, FeeMoney *to, FeeMoney amount)
{
  if (amount == FEE_DISCLOSE_NONE)
    return;
  if (*to == FEE_DISCLOSE_NONE)
    *to = 0;
  fee_disclosing_add (disclosing, to, amount);
}

const char *
fee_disclosing_word (const FeeDisclosing *disclosing, const char *en, const char *zh_CN)
{
  return disclosing->zh ? zh_CN : en;
}

FeeText
fee_disclosing_keep (FeeDisclosing *disclosing, const char *text)
{
  return *text == '\0' ? FEE_TEXT_EMPTY : fee_strings_append (disclosing->out->texts, text, strlen (text));
}

FeeDisclosureRow *
fee_disclosing_row (FeeDisclosing *disclosing, FeeDisclosureSection section, const char *item, const char *name)
{
  FeeDisclosureRow row = {
    .section = section,
    .amount = FEE_DISCLOSE_NONE,
    .budget = FEE_DISCLOSE_NONE,
    .previous = FEE_DISCLOSE_NONE,
    .received = FEE_DISCLOSE_NONE,
    .before = FEE_DISCLOSE_NONE,
    .support = FEE_DISCLOSE_NONE,
    .fund = FEE_DISCLOSE_NONE,
    .driver_total = FEE_QUANTITY_NONE,
    .unit_cost = FEE_DISCLOSE_NONE,
    .rate = FEE_DISCLOSE_NONE,
  };
  row.item = fee_disclosing_keep (disclosing, item);
  row.name = fee_disclosing_keep (disclosing, name);
  g_array_append_val (disclosing->out->rows, row);
  return &g_array_index (disclosing->out->rows, FeeDisclosureRow, disclosing->out->rows->len - 1);
}

FeeDisclosureRow *
fee_disclosing_total (FeeDisclosing *disclosing, FeeDisclosureSection section, FeeMoney amount)
{
  FeeDisclosureRow *row =
    fee_disclosing_row (disclosing, section, "total", fee_disclosing_word (disclosing, "Total", "合计"));
  row->amount = amount;
  return row;
}

const FeeRun *
fee_disclosing_run (const FeeDisclosing *disclosing, FeePeriod month)
{
  guint n = (guint) (month - fee_records_start (disclosing->input->records));
  return g_array_index (disclosing->input->runs, FeeDisclosureRun, n).run;
}

FeeNamedSum *
fee_named_sum (GArray *sums, const char *id)
{
  for (guint i = 0; i < sums->len; i++)
    if (strcmp (g_array_index (sums, FeeNamedSum, i).id, id) == 0)
      return &g_array_index (sums, FeeNamedSum, i);
  FeeNamedSum sum = { .id = id };
  g_array_append_val (sums, sum);
  return &g_array_index (sums, FeeNamedSum, sums->len - 1);
}

/* What runs billed, or recognised, from one month to another. */
static FeeMoney
sum_runs (FeeDisclosing *disclosing, FeePeriod from, FeePeriod to, gboolean billed)
{
  FeeMoney sum = 0;
  for (FeePeriod month = from; month <= to; month++) {
    const FeeRun *run = fee_disclosing_run (disclosing, month);
    fee_disclosing_add (disclosing, &sum, billed ? run->total : run->recognised);
  }
  return sum;
}

FeeMoney
fee_disclosing_sum_before (FeeDisclosing *disclosing, gboolean billed)
{
  if (!fee_disclosing_has_before (disclosing))
    return FEE_DISCLOSE_NONE;
  return sum_runs (disclosing, disclosing->before_from, disclosing->before_to, billed);
}

/* ---- Surplus or deficit */

static void
disclose_result (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  FeeMoney billed = sum_runs (disclosing, input->from, input->to, TRUE), costs = 0, result = 0;
  FeeMoney billed_before = fee_disclosing_sum_before (disclosing, TRUE),
           costs_before = fee_disclosing_sum_before (disclosing, FALSE);
  fee_disclosing_subtract (disclosing, &costs, sum_runs (disclosing, input->from, input->to, FALSE));
  fee_disclosing_add (disclosing, &result, billed);
  fee_disclosing_add (disclosing, &result, costs);
  FeeDisclosureRow *row = fee_disclosing_row (disclosing, FEE_DISCLOSE_RESULT, "billed",
                                              fee_disclosing_word (disclosing, "Fees billed", "应收物业费"));
  row->amount = billed;
  row->previous = billed_before;
  row = fee_disclosing_row (disclosing, FEE_DISCLOSE_RESULT, "costs",
                            fee_disclosing_word (disclosing, "Costs recognised", "确认的成本"));
  row->amount = costs;
  row = fee_disclosing_total (disclosing, FEE_DISCLOSE_RESULT, result);
  row->name =
    fee_disclosing_keep (disclosing, fee_disclosing_word (disclosing, "Surplus (deficit below 0)", "结余（负数为不足）"));
  row->note = fee_disclosing_keep (
    disclosing,
    fee_disclosing_word (disclosing,
                         "It is the owners': actual costs are shared; the company keeps no surplus and bears no deficit.",
                         "归全体业主：按实际成本分摊，物业公司不留结余、不担不足。"));
  if (!fee_disclosing_has_before (disclosing))
    return;
  FeeMoney difference = billed_before, negated = 0;
  fee_disclosing_subtract (disclosing, &difference, costs_before);
  fee_disclosing_subtract (disclosing, &negated, costs_before);
  row->previous = difference;
  g_array_index (disclosing->out->rows, FeeDisclosureRow, disclosing->out->rows->len - 2).previous = negated;
}

/* ---- Receivables */

static void
disclose_receivables (FeeDisclosing *disclosing)
{
  static const struct {
    const char *item, *en, *zh_CN;
  } buckets[FEE_BUCKETS] = {
    { "not_due", "Not due", "未到期" },           { "d1_30", "1-30 days", "逾期1-30天" },
    { "d31_60", "31-60 days", "逾期31-60天" },    { "d61_90", "61-90 days", "逾期61-90天" },
    { "d91_180", "91-180 days", "逾期91-180天" }, { "d181_365", "181-365 days", "逾期181-365天" },
    { "d366", "Over 365 days", "逾期365天以上" },
  };
  const FeeReceivables *sums = disclosing->input->receivables;
  FeeMoney credit = 0;
  for (guint i = 0; i < FEE_BUCKETS; i++)
    fee_disclosing_row (disclosing, FEE_DISCLOSE_RECEIVABLES, buckets[i].item,
                        fee_disclosing_word (disclosing, buckets[i].en, buckets[i].zh_CN))
      ->amount = sums->buckets[i];
  fee_disclosing_subtract (disclosing, &credit, sums->credit);
  fee_disclosing_row (disclosing, FEE_DISCLOSE_RECEIVABLES, "credit",
                      fee_disclosing_word (disclosing, "Less credit", "减：预存"))
    ->amount = credit;
  fee_disclosing_total (disclosing, FEE_DISCLOSE_RECEIVABLES, sums->balance);
}

/* ---- Head */

static void
head_note (FeeDisclosing *disclosing, const char *item, const char *name, const char *note)
{
  FeeDisclosureRow *row = fee_disclosing_row (disclosing, FEE_DISCLOSE_HEAD, item, name);
  row->note = fee_disclosing_keep (disclosing, note);
}

static void
head_digest (FeeDisclosing *disclosing, FeePeriod month, const char *item, const char *name)
{
  g_autofree char *head = g_strdup_printf ("%d:%s", month - fee_records_start (disclosing->input->records) + 1,
                                           fee_disclosing_run (disclosing, month)->digest);
  head_note (disclosing, item, name, head);
}

static void
head_span (FeeDisclosing *disclosing, const char *item, const char *name, const char *from, const char *to)
{
  g_autofree char *span = strcmp (from, to) == 0 ? g_strdup (from) : g_strdup_printf ("%s..%s", from, to);
  head_note (disclosing, item, name, span);
}

static void
head_days (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  char from[FEE_DATE_SIZE], to[FEE_DATE_SIZE];
  head_span (disclosing, "period", fee_disclosing_word (disclosing, "Months disclosed", "公示月份"),
             fee_period_format (input->from, from), fee_period_format (input->to, to));
  if (input->from > input->first)
    head_span (disclosing, "missing", fee_disclosing_word (disclosing, "Before the book", "建账前月份"),
               fee_period_format (input->first, from), fee_period_format (input->from - 1, to));
  if (input->to < input->last)
    head_span (disclosing, "missing", fee_disclosing_word (disclosing, "Not yet billed", "尚未计费月份"),
               fee_period_format (input->to + 1, from), fee_period_format (input->last, to));
  head_note (disclosing, "as_of", fee_disclosing_word (disclosing, "Receipts and receivables as of", "收款及应收款截至"),
             fee_date_format (input->as_of, from));
  if (input->posted_from != FEE_DATE_NONE)
    head_span (disclosing, "posted", fee_disclosing_word (disclosing, "Posted", "公示期"),
               fee_date_format (input->posted_from, from), fee_date_format (input->posted_to, to));
}

/* The code is the last line of the notice, as bills say. */
static void
disclose_head (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  const FeeNoticeTexts *notice = &disclosing->policy->notice;
  const char *code = fee_disclosing_word (disclosing, "Check code of the accounts", "账目校验码");
  head_days (disclosing);
  if (notice->ask.en != NULL || notice->ask.zh_CN != NULL)
    head_note (disclosing, "ask", fee_disclosing_word (disclosing, "Questions and objections", "咨询与异议"),
               fee_name_text (&notice->ask, input->lang, ""));
  if (notice->answer_days > 0) {
    g_autofree char *days = g_strdup_printf ("%d", notice->answer_days);
    head_note (disclosing, "answer_days", fee_disclosing_word (disclosing, "Answer within days", "答复期限（天）"), days);
  }
  if (notice->accounts.en != NULL || notice->accounts.zh_CN != NULL)
    head_note (disclosing, "accounts", fee_disclosing_word (disclosing, "Where to see the accounts", "账目查询"),
               fee_name_text (&notice->accounts, input->lang, ""));
  for (FeePeriod month = input->from; month <= input->to && input->from < input->to; month++) {
    char text[FEE_DATE_SIZE];
    fee_period_format (month, text);
    g_autofree char *name = g_strdup_printf ("%s %s", code, text);
    head_digest (disclosing, month, text, name);
  }
  head_digest (disclosing, input->to, "head", code);
}

/* ---- The median bill */

static void
disclose_typical (FeeDisclosing *disclosing)
{
  const GArray *lines = disclosing->input->typical;
  g_autofree gint64 *weights = g_new0 (gint64, lines->len), *parts = g_new0 (gint64, lines->len);
  gint64 total;
  for (guint i = 0; i < lines->len; i++)
    weights[i] = MAX (0, g_array_index (lines, FeeTypicalLine, i).amount);
  if (!fee_apportion_total (weights, lines->len, &total) || total == 0)
    return;
  fee_apportion (100, weights, lines->len, total, parts);
  for (guint i = 0; i < lines->len; i++) {
    const char *name = fee_disclosing_centre_name (disclosing, g_array_index (lines, FeeTypicalLine, i).centre);
    FeeDisclosureTypical typical = { fee_disclosing_keep (disclosing, name), parts[i] };
    if (parts[i] > 0)
      g_array_append_val (disclosing->out->typical, typical);
  }
}

/* ---- The whole */

/* Of sections that show one amount from two sides. */
static FeeMoney
total_of (const FeeDisclosure *disclosure, FeeDisclosureSection section)
{
  FeeMoney total = 0;
  for (guint i = 0; i < disclosure->rows->len; i++) {
    const FeeDisclosureRow *row = &g_array_index (disclosure->rows, FeeDisclosureRow, i);
    if (row->section == section && strcmp (fee_strings_get (disclosure->texts, row->item), "total") == 0)
      total = row->amount;
  }
  return total;
}

static gboolean
check (FeeDisclosing *disclosing, GError **error)
{
  if (disclosing->problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&disclosing->problem));
    return FALSE;
  }
  FeeMoney recognised = sum_runs (disclosing, disclosing->input->from, disclosing->input->to, FALSE);
  FeeMoney billed = sum_runs (disclosing, disclosing->input->from, disclosing->input->to, TRUE);
  gboolean agree = total_of (disclosing->out, FEE_DISCLOSE_CATEGORY) == recognised
                   && total_of (disclosing->out, FEE_DISCLOSE_CENTRE) == recognised
                   && total_of (disclosing->out, FEE_DISCLOSE_INCOME) == billed;
  if (disclosing->fits && agree)
    return TRUE;
  g_set_error_literal (error, FEE_ERROR, FEE_ERROR_INTERNAL,
                       disclosing->fits ? _("the sums of the disclosure do not agree with the runs")
                                        : _("the sums of the disclosure leave 64 bits"));
  return FALSE;
}

/* The same months of the period before, where all of them are posted. */
static void
find_before (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  gint length = input->last - input->first + 1;
  disclosing->before_from = input->from - length;
  disclosing->before_to = input->to - length;
  if (disclosing->before_from < fee_records_start (input->records))
    disclosing->before_to = disclosing->before_from - 1;
}

static void
begin (FeeDisclosing *disclosing, const FeeDisclosureInput *input)
{
  FeeDisclosure *out = g_new0 (FeeDisclosure, 1);
  out->lang = g_strdup (input->lang);
  out->decimals = fee_records_decimals (input->records);
  out->first = input->first;
  out->last = input->last;
  out->from = input->from;
  out->to = input->to;
  out->as_of = input->as_of;
  out->texts = fee_strings_new ();
  out->rows = g_array_new (FALSE, FALSE, sizeof (FeeDisclosureRow));
  out->series = g_array_new (FALSE, FALSE, sizeof (FeeDisclosureSeries));
  out->month_amounts = g_array_new (FALSE, FALSE, sizeof (FeeMoney));
  out->typical = g_array_new (FALSE, FALSE, sizeof (FeeDisclosureTypical));
  *disclosing = (FeeDisclosing){ .input = input,
                                 .out = out,
                                 .policy = fee_records_policy (input->records, input->to),
                                 .zh = strcmp (input->lang, "zh_CN") == 0,
                                 .fits = TRUE };
  out->estate =
    fee_disclosing_keep (disclosing, fee_name_text (&disclosing->policy->name, input->lang, disclosing->policy->code));
  find_before (disclosing);
  fee_disclosing_index_costs (disclosing);
}

static void
end (FeeDisclosing *disclosing)
{
  g_hash_table_unref (disclosing->costs);
  g_hash_table_unref (disclosing->categories);
  g_free (disclosing->versions);
  g_clear_error (&disclosing->problem);
}

gboolean
fee_disclosure_new (const FeeDisclosureInput *input, FeeDisclosure **out, GError **error)
{
  FeeDisclosing disclosing;
  begin (&disclosing, input);
  g_autoptr (FeeDisclosure) disclosure = disclosing.out;
  fee_disclose_income (&disclosing);
  fee_disclose_categories (&disclosing);
  fee_disclose_centres (&disclosing);
  fee_disclose_support (&disclosing);
  disclose_result (&disclosing);
  fee_disclose_common (&disclosing);
  disclose_receivables (&disclosing);
  fee_disclose_rules (&disclosing);
  fee_disclose_late (&disclosing);
  disclose_head (&disclosing);
  disclose_typical (&disclosing);
  gboolean ok = check (&disclosing, error);
  end (&disclosing);
  if (ok)
    *out = g_steal_pointer (&disclosure);
  return ok;
}
