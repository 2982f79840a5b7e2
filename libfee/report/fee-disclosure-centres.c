/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-private.h"

#include <string.h>

#include "fee-bill.h"

const char *
fee_disclosing_centre_name (const FeeDisclosing *disclosing, const char *centre)
{
  gint n = fee_policy_find_centre (disclosing->policy, centre);
  return n < 0 ? centre : fee_name_text (&fee_policy_centre (disclosing->policy, n)->name, disclosing->input->lang, centre);
}

/* The centres of the last month's policy in its order, then those of the months before it. */
static GArray *
list_centres (const FeeDisclosing *disclosing, FeeCentreKind kind)
{
  GArray *sums = g_array_new (FALSE, TRUE, sizeof (FeeNamedSum));
  for (FeePeriod month = disclosing->input->to; month >= disclosing->input->from; month--) {
    const FeePolicy *policy = fee_records_policy (disclosing->input->records, month);
    for (guint i = 0; i < policy->centres->len; i++)
      if (fee_policy_centre (policy, (gint) i)->kind == kind)
        fee_named_sum (sums, fee_policy_centre (policy, (gint) i)->id);
  }
  return sums;
}

static gboolean
is_support (const FeeDisclosing *disclosing, const char *centre, FeePeriod origin)
{
  const FeePolicy *policy = fee_records_policy (disclosing->input->records, origin);
  gint n = fee_policy_find_centre (policy, centre);
  return n >= 0 && fee_policy_centre (policy, n)->kind == FEE_CENTRE_SUPPORT;
}

static const char *
text_of (const FeeRun *run, FeeText text)
{
  return fee_strings_get (run->strings, text);
}

/* ---- Pools of primary centres */

/* rules.md section 10: a restatement stands for all postings of its centre and origin before it; the run posts what it adds
 * to them. */
static FeeMoney
restated_difference (FeeDisclosing *disclosing, const FeeRun *run, const FeeStageRow *restated)
{
  FeeMoney posted = 0, difference = restated->amount;
  for (FeePeriod month = restated->origin; month <= run->period; month++) {
    const FeeRun *other = fee_disclosing_run (disclosing, month);
    guint begin, end;
    fee_run_pools (other, &begin, &end);
    for (guint i = begin; i < end; i++) {
      const FeeStageRow *row = fee_run_row (other, i);
      if (row->origin != restated->origin || strcmp (text_of (other, row->source), text_of (run, restated->source)) != 0)
        continue;
      if (row->stage == FEE_STAGE_ACTIVITY)
        fee_disclosing_add (disclosing, &posted, row->amount);
      else if (month < run->period)
        posted = row->amount;
    }
  }
  fee_disclosing_subtract (disclosing, &difference, posted);
  return difference;
}

typedef void (*PoolFunc) (FeeDisclosing *disclosing, const FeeRun *run, const FeeStageRow *row, FeeMoney amount,
                          gpointer data);

static void
each_pool (FeeDisclosing *disclosing, FeePeriod from, FeePeriod to, PoolFunc func, gpointer data)
{
  for (FeePeriod month = from; month <= to; month++) {
    const FeeRun *run = fee_disclosing_run (disclosing, month);
    guint begin, end;
    fee_run_pools (run, &begin, &end);
    for (guint i = begin; i < end; i++) {
      const FeeStageRow *row = fee_run_row (run, i);
      func (disclosing, run, row, row->stage == FEE_STAGE_RESTATE ? restated_difference (disclosing, run, row) : row->amount,
            data);
    }
  }
}

static void
add_now (FeeDisclosing *disclosing, const FeeRun *run, const FeeStageRow *row, FeeMoney amount, gpointer data)
{
  fee_disclosing_add (disclosing, &fee_named_sum (data, text_of (run, row->source))->amount, amount);
}

static void
add_previous (FeeDisclosing *disclosing, const FeeRun *run, const FeeStageRow *row, FeeMoney amount, gpointer data)
{
  fee_disclosing_add (disclosing, &fee_named_sum (data, text_of (run, row->source))->previous, amount);
}

/* ---- What a centre was shared by, over the months of the period */

#define MONTHS 12

typedef struct {
  const char *centre;
  FeePeriod from;
  FeeMoney before;       /* of earlier origins */
  gint64 totals[MONTHS]; /* weights; 0: it shared nothing */
  gboolean own[MONTHS];  /* known from the month's own run, or a restatement */
  const char *driver;
  gboolean mixed; /* another driver in another month */
} Measured;

static void
measure (FeeDisclosing *disclosing, const FeeRun *run, const FeeStageRow *row, FeeMoney amount, gpointer data)
{
  Measured *measured = data;
  if (strcmp (text_of (run, row->source), measured->centre) != 0)
    return;
  if (row->origin < measured->from) {
    fee_disclosing_add (disclosing, &measured->before, amount);
    return;
  }
  guint month = (guint) (row->origin - measured->from);
  gboolean stands = row->stage == FEE_STAGE_RESTATE || row->origin == run->period;
  if (month >= MONTHS || row->total_weight == FEE_QUANTITY_NONE || (measured->own[month] && !stands))
    return;
  measured->totals[month] = row->total_weight;
  measured->own[month] = measured->own[month] || stands;
  measured->mixed =
    measured->mixed || (measured->driver != NULL && strcmp (measured->driver, text_of (run, row->driver)) != 0);
  measured->driver = text_of (run, row->driver);
}

static gboolean
is_flow (const FeePolicy *policy, const char *driver)
{
  gint n = fee_policy_find_driver (policy, driver);
  return n >= 0 && fee_policy_driver (policy, n)->kind == FEE_DRIVER_FLOW;
}

/* As it is known at home: the mean of a level, in whole hundredths where it is not even, as on bills; the sum of a flow. */
static FeeQuantity
at_home (gint64 weight, gint days)
{
  gint64 hundredths;
  if (weight % days == 0)
    return weight / days;
  if (!fee_round_ratio (weight, 100, (gint64) days * FEE_QUANTITY_ONE, &hundredths))
    return FEE_QUANTITY_NONE;
  return hundredths * (FEE_QUANTITY_ONE / 100);
}

gboolean
fee_disclosure_price (FeeMoney cost, gint decimals, FeeQuantity weight, gint days, gint64 *out)
{
  gint64 scale = 10000 * FEE_QUANTITY_ONE;
  for (gint i = 0; i < decimals; i++)
    scale /= 10;
  return weight > 0 && fee_round_quotient ((__int128) cost * scale * days, weight, out);
}

/* Driver, total and price of a unit; empty where the policy changed the driver within the period. */
static void
show_measure (FeeDisclosing *disclosing, FeeDisclosureRow *row, const Measured *measured)
{
  gint64 weight = 0;
  gint days = 0;
  FeeMoney own = row->amount;
  if (measured->mixed || measured->driver == NULL)
    return;
  gboolean flow = is_flow (disclosing->policy, measured->driver);
  for (guint i = 0; i < MONTHS; i++) {
    disclosing->fits = !__builtin_add_overflow (weight, measured->totals[i], &weight) && disclosing->fits;
    days += measured->totals[i] > 0 ? fee_period_days (measured->from + (FeePeriod) i) : 0;
  }
  days = flow ? 1 : days;
  fee_disclosing_subtract (disclosing, &own, measured->before);
  if (weight == 0)
    return;
  row->driver_total = at_home (weight, days);
  if (!fee_disclosure_price (own, disclosing->out->decimals, weight, days, &row->unit_cost))
    row->unit_cost = FEE_DISCLOSE_NONE;
}

static FeeText
driver_text (FeeDisclosing *disclosing, const char *centre)
{
  gint n = fee_policy_find_centre (disclosing->policy, centre);
  gint driver = n < 0 ? -1 : fee_policy_centre (disclosing->policy, n)->driver;
  if (driver < 0)
    return FEE_TEXT_EMPTY;
  g_autofree char *words =
    fee_driver_words (disclosing->policy, fee_policy_driver (disclosing->policy, driver)->id, disclosing->input->lang);
  return fee_disclosing_keep (disclosing, words);
}

/* What support centres gave to each centre. */
static void
add_support (FeeDisclosing *disclosing, GArray *sums)
{
  for (FeePeriod month = disclosing->input->from; month <= disclosing->input->to; month++) {
    const FeeRun *run = fee_disclosing_run (disclosing, month);
    guint begin, end;
    fee_run_stage (run, FEE_STAGE_SUPPORT, &begin, &end);
    for (guint i = begin; i < end; i++)
      fee_disclosing_add (disclosing, &fee_named_sum (sums, text_of (run, fee_run_row (run, i)->target))->amount,
                          fee_run_row (run, i)->amount);
  }
}

/* Rows of a list are moved by what is added to it: sums are given by value. */
static void
show_centre (FeeDisclosing *disclosing, FeeNamedSum sum, FeeMoney support)
{
  const FeeDisclosureInput *input = disclosing->input;
  Measured measured = { .centre = sum.id, .from = input->from };
  each_pool (disclosing, input->from, input->to, measure, &measured);
  FeeText driver = driver_text (disclosing, sum.id);
  FeeMoney budget = fee_disclosing_budget (disclosing, TRUE, sum.id, input->from, input->to);
  FeeDisclosureRow *row =
    fee_disclosing_row (disclosing, FEE_DISCLOSE_CENTRE, sum.id, fee_disclosing_centre_name (disclosing, sum.id));
  row->amount = sum.amount;
  row->budget = budget;
  row->previous = fee_disclosing_has_before (disclosing) ? sum.previous : FEE_DISCLOSE_NONE;
  row->before = measured.before;
  row->support = support;
  row->driver = driver;
  show_measure (disclosing, row, &measured);
  if (measured.mixed)
    row->note = fee_disclosing_keep (
      disclosing, fee_disclosing_word (disclosing, "the driver changed within the period", "期间内动因有变更"));
}

void
fee_disclose_centres (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  g_autoptr (GArray) sums = list_centres (disclosing, FEE_CENTRE_PRIMARY);
  g_autoptr (GArray) support = g_array_new (FALSE, TRUE, sizeof (FeeNamedSum));
  FeeDisclosureRow total = { .budget = FEE_DISCLOSE_NONE, .previous = FEE_DISCLOSE_NONE };
  each_pool (disclosing, input->from, input->to, add_now, sums);
  if (fee_disclosing_has_before (disclosing))
    each_pool (disclosing, disclosing->before_from, disclosing->before_to, add_previous, sums);
  add_support (disclosing, support);
  for (guint i = 0; i < sums->len; i++) {
    FeeNamedSum sum = g_array_index (sums, FeeNamedSum, i);
    show_centre (disclosing, sum, fee_named_sum (support, sum.id)->amount);
    const FeeDisclosureRow *row = &g_array_index (disclosing->out->rows, FeeDisclosureRow, disclosing->out->rows->len - 1);
    fee_disclosing_add (disclosing, &total.amount, row->amount);
    fee_disclosing_add (disclosing, &total.before, row->before);
    fee_disclosing_add (disclosing, &total.support, row->support);
    fee_disclosing_gather (disclosing, &total.budget, row->budget);
    fee_disclosing_gather (disclosing, &total.previous, row->previous);
  }
  FeeDisclosureRow *row = fee_disclosing_total (disclosing, FEE_DISCLOSE_CENTRE, total.amount);
  row->budget = total.budget;
  row->previous = total.previous;
  row->before = total.before;
  row->support = total.support;
}

/* ---- Support centres: what each collected itself, which the primary centres got */

static void
add_collected (FeeDisclosing *disclosing, FeePeriod from, FeePeriod to, GArray *sums, gboolean previous)
{
  for (FeePeriod month = from; month <= to; month++) {
    const FeeRun *run = fee_disclosing_run (disclosing, month);
    for (guint i = 0; i < run->rows->len; i++) {
      const FeeStageRow *row = fee_run_row (run, i);
      gboolean collects = (row->stage == FEE_STAGE_ACCRUE && row->to_centre) || row->stage == FEE_STAGE_RESOURCE;
      if (!collects || !is_support (disclosing, text_of (run, row->target), row->origin))
        continue;
      FeeNamedSum *sum = fee_named_sum (sums, text_of (run, row->target));
      fee_disclosing_add (disclosing, previous ? &sum->previous : &sum->amount, row->amount);
    }
  }
}

static FeeText
support_note (FeeDisclosing *disclosing, guint place, guint n)
{
  g_autofree char *note = NULL;
  switch (disclosing->policy->support) {
  case FEE_SUPPORT_DIRECT:
    note =
      g_strdup (fee_disclosing_word (disclosing, "direct: onto primary centres only", "直接分配法：只分给基本作业中心"));
    break;
  case FEE_SUPPORT_STEP:
    note = g_strdup_printf (disclosing->zh ? "顺序分配法：第%u个（共%u个），分给基本作业中心和排在其后的辅助作业中心"
                                           : "step: number %u of %u, onto primary centres and the support centres after it",
                            place, n);
    break;
  default:
    note = g_strdup (fee_disclosing_word (
      disclosing, "reciprocal: all support centres at once, by exact equations, also for what they do for each other",
      "代数分配法：各辅助作业中心联立方程一次求解，包括相互提供的服务"));
  }
  return fee_disclosing_keep (disclosing, note);
}

void
fee_disclose_support (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  g_autoptr (GArray) sums = list_centres (disclosing, FEE_CENTRE_SUPPORT);
  gboolean compared = fee_disclosing_has_before (disclosing);
  FeeMoney total = 0, previous = compared ? 0 : FEE_DISCLOSE_NONE;
  add_collected (disclosing, input->from, input->to, sums, FALSE);
  if (compared)
    add_collected (disclosing, disclosing->before_from, disclosing->before_to, sums, TRUE);
  for (guint i = 0; i < sums->len; i++) {
    const FeeNamedSum *sum = &g_array_index (sums, FeeNamedSum, i);
    FeeText driver = driver_text (disclosing, sum->id), note = support_note (disclosing, i + 1, sums->len);
    FeeDisclosureRow *row =
      fee_disclosing_row (disclosing, FEE_DISCLOSE_SUPPORT, sum->id, fee_disclosing_centre_name (disclosing, sum->id));
    row->amount = sum->amount;
    row->previous = compared ? sum->previous : FEE_DISCLOSE_NONE;
    row->driver = driver;
    row->note = note;
    fee_disclosing_add (disclosing, &total, sum->amount);
    fee_disclosing_gather (disclosing, &previous, row->previous);
  }
  fee_disclosing_total (disclosing, FEE_DISCLOSE_SUPPORT, total)->previous = previous;
}
