/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-private.h"

#include <string.h>

#include "../engine/fee-stages.h"

/* Common-area income (公共收益): opening + income - agreed cost - spending = closing. Rows are spread over their from and to as
 * costs are; those of what was before the book's first month belong to its opening. */

enum { ADVERTISING, PARKING, RENT, OTHER, OPENING, SPENDING, N_KINDS };
static const char *const kinds[N_KINDS] = { "advertising", "parking", "rent", "other", "opening", "spending" };

typedef struct {
  guint kind;
  FeeMoney amount, cost;
  FeeServiceSpan span;
  FeeDate date;
} Income;

static gboolean
is_earned (const Income *income)
{
  return income->kind != OPENING && income->kind != SPENDING;
}

static FeeServiceSpan
income_span (const FeeTable *table, guint32 row)
{
  FeePeriod month = fee_period_of (fee_table_column (table, FEE_INCOME_DATE)->small[row]);
  FeeServiceSpan span = { fee_table_column (table, FEE_INCOME_FROM)->small[row],
                          fee_table_column (table, FEE_INCOME_TO)->small[row], FALSE };
  if (span.from == FEE_DATE_NONE)
    span.from = fee_period_first_day (month);
  if (span.to == FEE_DATE_NONE)
    span.to = fee_period_last_day (month);
  span.by_days = span.from != fee_period_first_day (fee_period_of (span.from))
                 || span.to != fee_period_last_day (fee_period_of (span.to));
  return span;
}

/* percent, in micro-units, of an amount. */
static FeeMoney
percent_of (FeeDisclosing *disclosing, FeeMoney amount, FeeQuantity percent)
{
  FeeMoney part = 0;
  if (percent != FEE_QUANTITY_NONE)
    disclosing->fits = fee_round_ratio (amount, percent, 100 * FEE_QUANTITY_ONE, &part) && disclosing->fits;
  return part;
}

static Income
income_of (const FeeTable *table, guint32 row)
{
  Income income = { .amount = fee_table_column (table, FEE_INCOME_AMOUNT)->number[row],
                    .span = income_span (table, row),
                    .date = fee_table_column (table, FEE_INCOME_DATE)->small[row] };
  const char *kind = fee_table_text (table, FEE_INCOME_KIND, row);
  income.kind = OTHER; /* import takes no other word than these */
  for (guint i = 0; i < N_KINDS; i++)
    if (strcmp (kinds[i], kind) == 0)
      income.kind = i;
  return income;
}

/* What of an amount falls into those months. */
static FeeMoney
portion (FeeDisclosing *disclosing, FeeMoney amount, const FeeServiceSpan *span, FeePeriod from, FeePeriod to)
{
  FeeMoney part = fee_served (amount, span, to);
  fee_disclosing_subtract (disclosing, &part, fee_served (amount, span, from - 1));
  return part;
}

typedef struct {
  FeeMoney opening, income[OPENING], cost, spending, net;
} Sums;

/* Of the months from..to of an account that begins with the book. */
static void
add_income (FeeDisclosing *disclosing, Sums *sums, const Income *income, FeePeriod from, FeePeriod to)
{
  FeePeriod start = fee_records_start (disclosing->input->records);
  FeeMoney now = portion (disclosing, income->amount, &income->span, from, to);
  FeeMoney earlier = from > start ? portion (disclosing, income->amount, &income->span, start, from - 1) : 0;
  FeeMoney cost = portion (disclosing, income->cost, &income->span, from, to);
  FeeMoney cost_earlier = from > start ? portion (disclosing, income->cost, &income->span, start, from - 1) : 0;
  if (income->kind == OPENING) {
    fee_disclosing_add (disclosing, &sums->opening, income->date <= fee_period_last_day (to) ? income->amount : 0);
    return;
  }
  if (income->kind == SPENDING) {
    fee_disclosing_subtract (disclosing, &sums->opening, earlier);
    fee_disclosing_subtract (disclosing, &sums->spending, now);
    return;
  }
  fee_disclosing_add (disclosing, &sums->opening, earlier);
  fee_disclosing_subtract (disclosing, &sums->opening, cost_earlier);
  fee_disclosing_add (disclosing, &sums->income[income->kind], now);
  fee_disclosing_subtract (disclosing, &sums->cost, cost);
  fee_disclosing_add (disclosing, &sums->net, now);
  fee_disclosing_subtract (disclosing, &sums->net, cost);
}

static Sums
sum_income (FeeDisclosing *disclosing, FeePeriod from, FeePeriod to)
{
  const FeeTable *table = disclosing->input->records->tables[FEE_KIND_INCOME];
  Sums sums = { 0 };
  for (guint32 row = 0; row < table->n_rows; row++) {
    if (!fee_table_alive (table, row))
      continue;
    Income income = income_of (table, row);
    FeeMoney cost = fee_table_column (table, FEE_INCOME_COST)->number[row];
    FeePeriod month = MAX (fee_period_of (income.span.from), fee_records_start (disclosing->input->records));
    if (is_earned (&income))
      income.cost =
        cost != FEE_CELL_NO_NUMBER
          ? cost
          : percent_of (disclosing, income.amount, fee_records_policy (disclosing->input->records, month)->income_cost);
    add_income (disclosing, &sums, &income, from, to);
  }
  return sums;
}

/* The share of the maintenance fund, month by month, so that those of months add up to a year's. */
static FeeMoney
fund_share (FeeDisclosing *disclosing)
{
  FeeMoney fund = FEE_DISCLOSE_NONE;
  for (FeePeriod month = disclosing->input->from; month <= disclosing->input->to; month++) {
    FeeQuantity percent = fee_records_policy (disclosing->input->records, month)->income_fund;
    if (percent != FEE_QUANTITY_NONE)
      fee_disclosing_gather (disclosing, &fund, percent_of (disclosing, sum_income (disclosing, month, month).net, percent));
  }
  return fund;
}

static void
show_amount (FeeDisclosing *disclosing, const char *item, const char *name, FeeMoney amount, FeeMoney previous)
{
  FeeDisclosureRow *row = fee_disclosing_row (disclosing, FEE_DISCLOSE_COMMON, item, name);
  row->amount = amount;
  row->previous = previous;
}

/* Each with its purpose, which is the company's own record. */
static void
show_spending (FeeDisclosing *disclosing)
{
  const FeeTable *table = disclosing->input->records->tables[FEE_KIND_INCOME];
  for (guint32 row = 0; row < table->n_rows; row++) {
    if (!fee_table_alive (table, row))
      continue;
    Income income = income_of (table, row);
    FeeMoney spent = portion (disclosing, income.amount, &income.span, disclosing->input->from, disclosing->input->to),
             negated = 0;
    const char *memo = fee_table_text (table, FEE_INCOME_MEMO, row);
    char date[FEE_DATE_SIZE];
    if (income.kind != SPENDING || spent == 0)
      continue;
    fee_disclosing_subtract (disclosing, &negated, spent);
    g_autofree char *item = g_strdup_printf ("spending %s", fee_table_text (table, FEE_INCOME_DOC, row));
    FeeText note = fee_disclosing_keep (disclosing, fee_date_format (income.date, date));
    show_amount (disclosing, item, *memo != '\0' ? memo : fee_disclosing_word (disclosing, "Spending", "支出"), negated,
                 FEE_DISCLOSE_NONE);
    g_array_index (disclosing->out->rows, FeeDisclosureRow, disclosing->out->rows->len - 1).note = note;
  }
}

static void
show_total (FeeDisclosing *disclosing, FeeMoney closing, FeeMoney net, FeeMoney previous)
{
  FeeMoney fund = fund_share (disclosing);
  FeeDisclosureRow *row = fee_disclosing_total (disclosing, FEE_DISCLOSE_COMMON, closing);
  row->name = fee_disclosing_keep (disclosing, fee_disclosing_word (disclosing, "Closing balance", "期末结余"));
  row->previous = previous;
  row->fund = fund;
  if (fund == FEE_DISCLOSE_NONE)
    return;
  char net_text[FEE_GROUPED_SIZE], fund_text[FEE_GROUPED_SIZE];
  fee_money_format_grouped (net, disclosing->out->decimals, net_text);
  fee_money_format_grouped (fund, disclosing->out->decimals, fund_text);
  g_autofree char *note = g_strdup_printf (disclosing->zh ? "本期净收益%s，其中归入专项维修资金%s。"
                                                          : "Net of the period %s, of it %s for the maintenance fund.",
                                           net_text, fund_text);
  row->note = fee_disclosing_keep (disclosing, note);
}

static FeeMoney
closing_of (FeeDisclosing *disclosing, const Sums *sums)
{
  FeeMoney closing = sums->opening;
  fee_disclosing_add (disclosing, &closing, sums->net);
  fee_disclosing_add (disclosing, &closing, sums->spending);
  return closing;
}

void
fee_disclose_common (FeeDisclosing *disclosing)
{
  static const char *const names[OPENING][2] = {
    { "Advertising", "广告收入" },
    { "Parking on common ground", "停车收入" },
    { "Rent of common places", "场地收入" },
    { "Other income", "其他收入" },
  };
  gboolean compared = fee_disclosing_has_before (disclosing);
  Sums sums = sum_income (disclosing, disclosing->input->from, disclosing->input->to), before = { 0 };
  if (compared)
    before = sum_income (disclosing, disclosing->before_from, disclosing->before_to);
  show_amount (disclosing, "opening", fee_disclosing_word (disclosing, "Opening balance", "期初结余"), sums.opening,
               compared ? before.opening : FEE_DISCLOSE_NONE);
  for (guint i = 0; i < OPENING; i++)
    if (sums.income[i] != 0 || before.income[i] != 0)
      show_amount (disclosing, kinds[i], fee_disclosing_word (disclosing, names[i][0], names[i][1]), sums.income[i],
                   compared ? before.income[i] : FEE_DISCLOSE_NONE);
  show_amount (disclosing, "cost", fee_disclosing_word (disclosing, "Agreed cost of earning it", "减：约定的经营成本"),
               sums.cost, compared ? before.cost : FEE_DISCLOSE_NONE);
  show_spending (disclosing);
  show_total (disclosing, closing_of (disclosing, &sums), sums.net,
              compared ? closing_of (disclosing, &before) : FEE_DISCLOSE_NONE);
}
