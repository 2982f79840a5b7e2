/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-error.h"
#include "../engine/fee-stages.h"

/* ---- Which category a cost is of: an accrue row that goes to a centre does not say it */

void
fee_disclosing_index_costs (FeeDisclosing *disclosing)
{
  const FeeTable *costs = disclosing->input->records->tables[FEE_KIND_COSTS];
  disclosing->categories = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  disclosing->costs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  disclosing->versions = g_new0 (guint32, costs->n_rows);
  for (guint32 row = 0; row < costs->n_rows; row++) { /* batch by batch */
    char *key =
      g_strdup_printf ("%s\n%s", fee_table_text (costs, FEE_COSTS_DOC, row), fee_table_text (costs, FEE_COSTS_LINE, row));
    disclosing->versions[row] = GPOINTER_TO_UINT (g_hash_table_lookup (disclosing->costs, key));
    g_hash_table_insert (disclosing->costs, key, GUINT_TO_POINTER (row + 1));
  }
}

/* The version that a run saw; for a record that was retracted by then, the last that there was. + 1; 0 for none. */
static guint32
version_seen (const FeeDisclosing *disclosing, guint32 latest, guint32 last_batch)
{
  const FeeTable *costs = disclosing->input->records->tables[FEE_KIND_COSTS];
  guint32 retracted = 0;
  for (guint32 version = latest; version != 0; version = disclosing->versions[version - 1]) {
    const FeeSegment *segment = fee_table_segment_of (costs, version - 1);
    if (segment->batch > last_batch)
      continue;
    if (segment->retracted_by == 0 || segment->retracted_by > last_batch)
      return version;
    retracted = retracted == 0 ? version : retracted;
  }
  return retracted;
}

static const char *
find_category (FeeDisclosing *disclosing, const FeeDisclosureRun *seen, const FeeStageRow *accrual)
{
  const FeeStrings *strings = seen->run->strings;
  const FeeTable *costs = disclosing->input->records->tables[FEE_KIND_COSTS];
  if (!accrual->to_centre)
    return fee_strings_get (strings, accrual->target);
  if (accrual->asset)
    return "depreciation";
  g_autofree char *key =
    g_strdup_printf ("%s\n%s", fee_strings_get (strings, accrual->source), fee_strings_get (strings, accrual->line));
  guint32 version =
    version_seen (disclosing, GPOINTER_TO_UINT (g_hash_table_lookup (disclosing->costs, key)), seen->last_batch);
  if (version != 0)
    return fee_table_text (costs, FEE_COSTS_CATEGORY, version - 1);
  if (disclosing->problem == NULL)
    disclosing->problem =
      g_error_new (FEE_ERROR, FEE_ERROR_INTERNAL,
                   _("%s: the runs recognised something of it, but the records of the month do not have it"),
                      fee_strings_get (strings, accrual->source));
  return NULL;
}

/* By accrue row of a run: found once, asked for by each section. */
static const char *const *
categories_of (FeeDisclosing *disclosing, const FeeDisclosureRun *seen)
{
  const char **categories = g_hash_table_lookup (disclosing->categories, seen);
  guint begin, end;
  if (categories != NULL)
    return categories;
  fee_run_stage (seen->run, FEE_STAGE_ACCRUE, &begin, &end);
  categories = g_new0 (const char *, end - begin + 1);
  for (guint i = begin; i < end; i++)
    categories[i - begin] = find_category (disclosing, seen, fee_run_row (seen->run, i));
  g_hash_table_insert (disclosing->categories, (gpointer) seen, categories);
  return categories;
}

const char *
fee_disclosing_group (const FeeDisclosing *disclosing, const char *category, FeePeriod origin)
{
  const FeePolicy *policy = fee_records_policy (disclosing->input->records, origin);
  gint n = fee_policy_find_category (policy, category);
  return n < 0 || fee_policy_category (policy, n)->group == NULL ? category : fee_policy_category (policy, n)->group;
}

const char *
fee_disclosing_item_name (const FeeDisclosing *disclosing, const char *group)
{
  static const struct {
    const char *id, *en, *zh_CN;
  } names[] = {
    { "personnel", "Staff", "人员费用" },
    { "maintenance", "Running and upkeep of shared parts and equipment", "共用部位、共用设施设备运行维护费" },
    { "cleaning", "Cleaning", "清洁卫生费" },
    { "greening", "Greening", "绿化养护费" },
    { "security", "Order keeping", "秩序维护费" },
    { "office", "Office", "办公费" },
    { "depreciation", "Depreciation", "固定资产折旧" },
    { "insurance", "Insurance", "共用部位、共用设施设备及公众责任保险费" },
    { "other", "Other", "其他费用" },
  };
  gint n = fee_policy_find_category (disclosing->policy, group);
  const FeeName *name = n < 0 ? NULL : &fee_policy_category (disclosing->policy, n)->name;
  if (name != NULL && (name->en != NULL || name->zh_CN != NULL))
    return fee_name_text (name, disclosing->input->lang, group);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].id, group) == 0)
      return fee_disclosing_word (disclosing, names[i].en, names[i].zh_CN);
  return group;
}

/* ---- Cost by legal item */

typedef void (*AccrualFunc) (FeeDisclosing *disclosing, const char *category, const FeeRun *run, const FeeStageRow *row,
                             gpointer data);

static void
each_accrual (FeeDisclosing *disclosing, FeePeriod from, FeePeriod to, AccrualFunc func, gpointer data)
{
  FeePeriod start = fee_records_start (disclosing->input->records);
  for (FeePeriod month = from; month <= to; month++) {
    const FeeDisclosureRun *seen = &g_array_index (disclosing->input->runs, FeeDisclosureRun, (guint) (month - start));
    const char *const *categories = categories_of (disclosing, seen);
    guint begin, end;
    fee_run_stage (seen->run, FEE_STAGE_ACCRUE, &begin, &end);
    for (guint i = begin; i < end; i++)
      if (categories[i - begin] != NULL)
        func (disclosing, categories[i - begin], seen->run, fee_run_row (seen->run, i), data);
  }
}

/* The nine in the law's order, then what a policy groups otherwise. */
static GArray *
legal_items (const FeeDisclosing *disclosing)
{
  GArray *sums = g_array_new (FALSE, TRUE, sizeof (FeeNamedSum));
  for (const char *const *id = fee_legal_categories; *id != NULL; id++)
    fee_named_sum (sums, *id);
  for (guint i = 0; i < disclosing->policy->categories->len; i++)
    fee_named_sum (sums, fee_disclosing_group (disclosing, fee_policy_category (disclosing->policy, (gint) i)->id,
                                               disclosing->input->to));
  return sums;
}

static void
add_now (FeeDisclosing *disclosing, const char *category, const FeeRun *run, const FeeStageRow *row, gpointer data)
{
  (void) run;
  fee_disclosing_add (disclosing, &fee_named_sum (data, fee_disclosing_group (disclosing, category, row->origin))->amount,
                      row->amount);
}

static void
add_before (FeeDisclosing *disclosing, const char *category, const FeeRun *run, const FeeStageRow *row, gpointer data)
{
  (void) run;
  fee_disclosing_add (disclosing, &fee_named_sum (data, fee_disclosing_group (disclosing, category, row->origin))->previous,
                      row->amount);
}

typedef struct {
  const char *group;
  GArray *parts;
} Composing;

static void
add_part (FeeDisclosing *disclosing, const char *category, const FeeRun *run, const FeeStageRow *row, gpointer data)
{
  (void) run;
  const Composing *composing = data;
  if (strcmp (fee_disclosing_group (disclosing, category, row->origin), composing->group) == 0)
    fee_disclosing_add (disclosing, &fee_named_sum (composing->parts, category)->amount, row->amount);
}

/* Categories in the policy's order, each with nothing so far. */
static GArray *
new_parts (const FeeDisclosing *disclosing)
{
  GArray *parts = g_array_new (FALSE, TRUE, sizeof (FeeNamedSum));
  for (guint i = 0; i < disclosing->policy->categories->len; i++)
    fee_named_sum (parts, fee_policy_category (disclosing->policy, (gint) i)->id);
  return parts;
}

/* least: how many parts there must be to be told. */
static FeeText
parts_text (FeeDisclosing *disclosing, const GArray *parts, guint least)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;
  for (guint i = 0; i < parts->len; i++) {
    const FeeNamedSum *part = &g_array_index (parts, FeeNamedSum, i);
    char amount[FEE_GROUPED_SIZE];
    if (part->amount == 0)
      continue;
    g_string_append (text, text->len == 0 ? "" : fee_disclosing_word (disclosing, "; ", "；"));
    g_string_append_printf (text, "%s %s", fee_disclosing_item_name (disclosing, part->id),
                            fee_money_format_grouped (part->amount, disclosing->out->decimals, amount));
    n++;
  }
  return n < least ? FEE_TEXT_EMPTY : fee_disclosing_keep (disclosing, text->str);
}

/* What a legal item is made of, where it is more than one category. */
static FeeText
composition (FeeDisclosing *disclosing, const char *group)
{
  g_autoptr (GArray) parts = new_parts (disclosing);
  Composing composing = { group, parts };
  each_accrual (disclosing, disclosing->input->from, disclosing->input->to, add_part, &composing);
  return parts_text (disclosing, parts, 2);
}

/* The law's item by the months of a chart. */
static void
keep_series (FeeDisclosing *disclosing, const char *group)
{
  FeeDisclosure *out = disclosing->out;
  FeeDisclosureSeries series = { fee_disclosing_keep (disclosing, fee_disclosing_item_name (disclosing, group)),
                                 out->month_amounts->len };
  for (FeePeriod month = out->chart_from; month <= out->to; month++) {
    g_autoptr (GArray) sums = g_array_new (FALSE, TRUE, sizeof (FeeNamedSum));
    each_accrual (disclosing, month, month, add_now, sums);
    FeeMoney amount = fee_named_sum (sums, group)->amount;
    g_array_append_val (out->month_amounts, amount);
  }
  g_array_append_val (out->series, series);
}

/* The months of a year, else the six up to the last. */
static FeePeriod
find_chart_from (const FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  FeePeriod start = fee_records_start (input->records);
  return input->last - input->first == 11 ? input->from : MAX (start, input->to - 5);
}

void
fee_disclose_categories (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  gboolean compared = fee_disclosing_has_before (disclosing);
  g_autoptr (GArray) sums = legal_items (disclosing);
  FeeDisclosureRow total = { .budget = FEE_DISCLOSE_NONE, .previous = compared ? 0 : FEE_DISCLOSE_NONE };
  disclosing->out->chart_from = find_chart_from (disclosing);
  each_accrual (disclosing, input->from, input->to, add_now, sums);
  if (compared)
    each_accrual (disclosing, disclosing->before_from, disclosing->before_to, add_before, sums);
  for (guint i = 0; i < sums->len; i++) {
    const FeeNamedSum *sum = &g_array_index (sums, FeeNamedSum, i);
    FeeMoney budget = fee_disclosing_budget (disclosing, FALSE, sum->id, input->from, input->to);
    if (sum->amount == 0 && sum->previous == 0 && budget == FEE_DISCLOSE_NONE)
      continue;
    FeeText note = composition (disclosing, sum->id);
    FeeDisclosureRow *row =
      fee_disclosing_row (disclosing, FEE_DISCLOSE_CATEGORY, sum->id, fee_disclosing_item_name (disclosing, sum->id));
    row->amount = sum->amount;
    row->budget = budget;
    row->previous = compared ? sum->previous : FEE_DISCLOSE_NONE;
    row->note = note;
    fee_disclosing_add (disclosing, &total.amount, sum->amount);
    fee_disclosing_gather (disclosing, &total.budget, budget);
    fee_disclosing_gather (disclosing, &total.previous, row->previous);
    keep_series (disclosing, sum->id);
  }
  FeeDisclosureRow *row = fee_disclosing_total (disclosing, FEE_DISCLOSE_CATEGORY, total.amount);
  row->budget = total.budget;
  row->previous = total.previous;
}

/* ---- Budgets */

/* A month, or a year from its first month on. */
static gboolean
budget_span (const char *period, FeePeriod *first, FeePeriod *last)
{
  g_autofree char *january = g_strdup_printf ("%s-01", period);
  if (fee_period_parse (period, first)) {
    *last = *first;
    return TRUE;
  }
  *last = fee_period_parse (january, first) ? *first + 11 : FEE_PERIOD_NONE;
  return *last != FEE_PERIOD_NONE;
}

static FeeMoney
budget_of_row (const FeeTable *budgets, guint32 row, FeePeriod from, FeePeriod to)
{
  FeeMoney amount = fee_table_column (budgets, FEE_BUDGETS_AMOUNT)->number[row];
  FeePeriod first, last;
  if (!budget_span (fee_table_text (budgets, FEE_BUDGETS_PERIOD, row), &first, &last) || first > to || last < from)
    return FEE_DISCLOSE_NONE;
  FeeServiceSpan span = { fee_period_first_day (first), fee_period_last_day (last), FALSE };
  return fee_served (amount, &span, to) - fee_served (amount, &span, from - 1); /* both lie between 0 and the amount */
}

FeeMoney
fee_disclosing_budget (FeeDisclosing *disclosing, gboolean centre, const char *id, FeePeriod from, FeePeriod to)
{
  const FeeTable *budgets = disclosing->input->records->tables[FEE_KIND_BUDGETS];
  guint column = centre ? FEE_BUDGETS_CENTRE : FEE_BUDGETS_CATEGORY;
  FeeMoney sum = FEE_DISCLOSE_NONE;
  for (guint32 row = 0; row < budgets->n_rows; row++) {
    if (!fee_table_alive (budgets, row) || fee_table_is_empty (budgets, column, row))
      continue;
    const char *of = fee_table_text (budgets, column, row);
    if (strcmp (centre ? of : fee_disclosing_group (disclosing, of, to), id) == 0)
      fee_disclosing_gather (disclosing, &sum, budget_of_row (budgets, row, from, to));
  }
  return sum;
}

/* ---- Late costs */

typedef struct {
  GArray *origins; /* of FeePeriod, ascending */
  FeePeriod origin;
  GArray *parts; /* of one origin; NULL while origins are found */
} Late;

static void
add_late (FeeDisclosing *disclosing, const char *category, const FeeRun *run, const FeeStageRow *row, gpointer data)
{
  Late *late = data;
  if (row->origin >= run->period)
    return;
  if (late->parts != NULL) {
    if (row->origin == late->origin)
      fee_disclosing_add (disclosing, &fee_named_sum (late->parts, category)->amount, row->amount);
    return;
  }
  guint at = late->origins->len;
  while (at > 0 && g_array_index (late->origins, FeePeriod, at - 1) > row->origin)
    at--;
  if (at == 0 || g_array_index (late->origins, FeePeriod, at - 1) != row->origin)
    g_array_insert_val (late->origins, at, row->origin);
}

void
fee_disclose_late (FeeDisclosing *disclosing)
{
  const FeeDisclosureInput *input = disclosing->input;
  g_autoptr (GArray) origins = g_array_new (FALSE, FALSE, sizeof (FeePeriod));
  Late late = { .origins = origins };
  FeeMoney total = 0;
  each_accrual (disclosing, input->from, input->to, add_late, &late);
  for (guint i = 0; i < origins->len; i++) {
    g_autoptr (GArray) parts = new_parts (disclosing);
    char month[FEE_DATE_SIZE];
    FeeMoney sum = 0;
    late.origin = g_array_index (origins, FeePeriod, i);
    late.parts = parts;
    each_accrual (disclosing, input->from, input->to, add_late, &late);
    for (guint k = 0; k < parts->len; k++)
      fee_disclosing_add (disclosing, &sum, g_array_index (parts, FeeNamedSum, k).amount);
    fee_period_format (late.origin, month);
    g_autofree char *name = g_strdup_printf (disclosing->zh ? "补记%s的成本" : "Costs of %s that came later", month);
    FeeText note = parts_text (disclosing, parts, 1);
    FeeDisclosureRow *row = fee_disclosing_row (disclosing, FEE_DISCLOSE_LATE, month, name);
    row->amount = sum;
    row->note = note;
    fee_disclosing_add (disclosing, &total, sum);
  }
  fee_disclosing_total (disclosing, FEE_DISCLOSE_LATE, total);
}
