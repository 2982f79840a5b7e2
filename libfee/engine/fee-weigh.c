/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-weigh.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-memory.h"

FeeQuantity
fee_flow_through (FeeQuantity quantity, FeeDate from, FeeDate to, FeeDate day)
{
  if (day < from)
    return 0;
  if (day >= to)
    return quantity;
  gint64 part = 0; /* less than the quantity: it never overflows */
  fee_round_ratio (quantity, (gint64) day - from + 1, (gint64) to - from + 1, &part);
  return part;
}

FeeQuantity
fee_flow_part (FeeQuantity quantity, FeeDate from, FeeDate to, FeeDate first, FeeDate last)
{
  if (from >= first && to <= last)
    return quantity;
  return fee_flow_through (quantity, from, to, last) - fee_flow_through (quantity, from, to, first - 1);
}

/* Adds what a span of a quantity weighs in the month to *sum; FALSE on overflow. days: those on which the target counts. */
static gboolean
add_span (const FeeMeasures *measures, guint32 span, FeeDriverKind kind, FeePeriod origin, FeeDays days, gint64 *sum)
{
  FeeQuantity quantity = fee_measures_quantity (measures, span);
  FeeDate from = measures->spans.from[span], to = measures->spans.to[span];
  gint64 weight;
  if (kind == FEE_DRIVER_FLOW)
    weight = fee_flow_part (quantity, from, to, fee_period_first_day (origin), fee_period_last_day (origin));
  else if (__builtin_mul_overflow (quantity, fee_days_count (fee_period_days_between (origin, from, to) & days), &weight))
    return FALSE;
  return !__builtin_add_overflow (*sum, weight, sum);
}

/* ---- Centres */

/* The spans of a target among those of a driver: they are sorted by target. */
static guint32
find_target (const FeeMeasures *measures, const char *target, guint32 begin, guint32 end)
{
  while (begin < end) {
    guint32 middle = begin + (end - begin) / 2;
    if (strcmp (fee_strings_get (measures->table->ids, fee_measures_target (measures, middle)), target) < 0)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

static gint64
weigh_centre (const FeeMeasures *measures, const FeeDriver *driver, const char *centre, guint32 begin, guint32 end, FeePeriod origin)
{
  gint64 weight = 0;
  for (guint32 i = find_target (measures, centre, begin, end); i < end; i++) {
    if (strcmp (fee_strings_get (measures->table->ids, fee_measures_target (measures, i)), centre) != 0)
      break;
    if (!add_span (measures, i, driver->kind, origin, ~(FeeDays) 0, &weight))
      return FEE_WEIGHT_TOO_LARGE;
  }
  return weight < 0 ? FEE_WEIGHT_NEGATIVE : weight;
}

void
fee_weigh_centres (const FeeRecords *records, const FeePolicy *policy, gint n, FeePeriod origin, gint64 *weights, FeeProblems *problems)
{
  const FeeDriver *driver = fee_policy_driver (policy, n);
  guint32 begin, end;
  char month[FEE_DATE_SIZE];
  fee_measures_of_driver (records->measures, driver->id, &begin, &end);
  for (guint i = 0; i < policy->centres->len; i++) {
    const char *centre = fee_policy_centre (policy, (gint) i)->id;
    weights[i] = weigh_centre (records->measures, driver, centre, begin, end, origin);
    if (weights[i] == FEE_WEIGHT_NEGATIVE)
      fee_problems_add (problems, _("%s: the quantity of driver %s for centre %s is negative"), fee_period_format (origin, month),
                        driver->id, centre);
    else if (weights[i] == FEE_WEIGHT_TOO_LARGE)
      fee_problems_add (problems, _("%s: the quantity of driver %s for centre %s is too large"), fee_period_format (origin, month),
                        driver->id, centre);
    weights[i] = MAX (weights[i], 0);
  }
}

/* ---- What weighers share */

#define VALUE_MISSING G_MININT64

struct _FeeScales {
  gint references;
  const FeeRecords *records;
  GHashTable *values;  /* column + 1 -> gint64 *: the number of each word, by its place */
  GHashTable *by_row;  /* column + 1 -> gint64 *: the number of each row, where the words are many */
  GHashTable *by_unit; /* driver id -> guint32 *: first span of each unit, and one more */
};

FeeScales *
fee_scales_new (const FeeRecords *records)
{
  FeeScales *scales = g_new0 (FeeScales, 1);
  scales->references = 1;
  scales->records = records;
  scales->values = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  scales->by_row = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  scales->by_unit = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return scales;
}

void
fee_scales_unref (FeeScales *scales)
{
  if (scales == NULL || --scales->references > 0)
    return;
  g_hash_table_unref (scales->values);
  g_hash_table_unref (scales->by_row);
  g_hash_table_unref (scales->by_unit);
  g_free (scales);
}

static const gint64 *
values_of_column (FeeScales *scales, guint n)
{
  gint64 *values = g_hash_table_lookup (scales->values, GUINT_TO_POINTER (n + 1));
  if (values != NULL)
    return values;
  const FeeStrings *words = fee_table_column (scales->records->tables[FEE_KIND_UNITS], n)->words;
  gsize size = fee_strings_size (words);
  values = g_new (gint64, size);
  values[FEE_TEXT_EMPTY] = VALUE_MISSING;
  for (gsize place = 1; place < size;) {
    const char *word = fee_strings_get (words, (FeeText) place);
    if (!fee_quantity_parse (word, &values[place]))
      values[place] = VALUE_MISSING;
    place += strlen (word) + 1;
  }
  g_hash_table_insert (scales->values, GUINT_TO_POINTER (n + 1), values);
  return values;
}

/* A table of many words does not stay in the processor's cache: then a number a row, read in order, is faster. NULL for few words. */
#define MANY_WORDS (128 * 1024)

static const gint64 *
values_of_rows (FeeScales *scales, guint n)
{
  const FeeTable *units = scales->records->tables[FEE_KIND_UNITS];
  const FeeColumn *column = fee_table_column (units, n);
  gint64 *values = g_hash_table_lookup (scales->by_row, GUINT_TO_POINTER (n + 1));
  if (values != NULL || fee_strings_size (column->words) < MANY_WORDS)
    return values;
  const gint64 *of_words = values_of_column (scales, n);
  values = fee_memory_array (gint64, units->n_rows);
  for (guint32 row = 0; row < units->n_rows; row++)
    values[row] = of_words[column->text[row]];
  g_hash_table_insert (scales->by_row, GUINT_TO_POINTER (n + 1), values);
  return values;
}

/* Spans of a driver are sorted by target, units by id: one walk finds the spans of every unit. */
static const guint32 *
spans_by_unit (FeeScales *scales, const char *driver)
{
  guint32 *first = g_hash_table_lookup (scales->by_unit, driver);
  if (first != NULL)
    return first;
  const FeeRecords *records = scales->records;
  guint32 begin, end, n_units = records->reg->n_units;
  fee_measures_of_driver (records->measures, driver, &begin, &end);
  first = fee_memory_array (guint32, 2 * (gsize) n_units + 1); /* first and end: targets that are no units stand between */
  for (guint32 i = begin, unit = 0; unit < n_units; unit++) {
    const char *id = fee_register_unit (records->reg, unit);
    while (i < end && fee_measures_target (records->measures, i) != records->reg->unit[unit]
           && strcmp (fee_strings_get (records->ids, fee_measures_target (records->measures, i)), id) < 0)
      i++;
    first[2 * unit] = i;
    while (i < end && fee_measures_target (records->measures, i) == records->reg->unit[unit])
      i++;
    first[2 * unit + 1] = i;
  }
  g_hash_table_insert (scales->by_unit, g_strdup (driver), first);
  return first;
}

/* ---- Units */

typedef struct {
  const FeeText *cells; /* NULL: every unit has it empty */
  const gint64 *values; /* of a factor: by the place of the word, */
  const gint64 *by_row; /* or by row */
  guint8 *holds;        /* of a condition: by the place of the word */
} Attribute;

struct _FeeWeigher {
  FeeScales *scales;
  const FeeRegister *reg;
  const FeeMeasures *measures;
  FeePeriod origin;
  FeeDate first, last;
  FeeDays all_days;
  guint n_factors; /* 0: `one` */
  Attribute factors[2];
  guint n_conditions;
  Attribute *conditions;
  const guint32 *by_unit; /* of an imported driver */
  FeeDriverKind kind;
};

static gboolean
word_holds (const FeeCondition *condition, const char *word)
{
  gboolean among = condition->values != NULL && g_strv_contains ((const char *const *) condition->values, word);
  if (condition->comparison == FEE_CONDITION_EQ)
    return among;
  if (condition->comparison == FEE_CONDITION_NE)
    return !among;
  FeeQuantity value;
  if (!fee_quantity_parse (word, &value))
    return FALSE;
  switch (condition->comparison) {
  case FEE_CONDITION_LT:
    return value < condition->limit;
  case FEE_CONDITION_LE:
    return value <= condition->limit;
  case FEE_CONDITION_GT:
    return value > condition->limit;
  default:
    return value >= condition->limit;
  }
}

/* Whether the condition holds, for every word of the column. */
static Attribute
bind_condition (const FeeRecords *records, const FeeCondition *condition)
{
  const FeeTable *units = records->tables[FEE_KIND_UNITS];
  gint n = fee_table_find_column (units, condition->attribute);
  Attribute attribute = { 0 };
  const FeeStrings *words = NULL;
  if (n >= 0 && fee_table_column (units, (guint) n)->type == FEE_CELL_WORD)
    words = fee_table_column (units, (guint) n)->words;
  else if (n == FEE_UNITS_UNIT)
    words = units->ids;
  gsize size = words != NULL ? fee_strings_size (words) : 1;
  attribute.holds = g_new (guint8, size);
  attribute.holds[FEE_TEXT_EMPTY] = word_holds (condition, "");
  if (words == NULL)
    return attribute;
  attribute.cells = fee_table_column (units, (guint) n)->text;
  for (gsize place = 1; place < size;) {
    const char *word = fee_strings_get (words, (FeeText) place);
    attribute.holds[place] = word_holds (condition, word);
    place += strlen (word) + 1;
  }
  return attribute;
}

static Attribute
bind_factor (FeeScales *scales, const char *name)
{
  const FeeTable *units = scales->records->tables[FEE_KIND_UNITS];
  gint n = fee_table_find_column (units, name);
  Attribute attribute = { 0 };
  if (n < 0 || fee_table_column (units, (guint) n)->type != FEE_CELL_WORD)
    return attribute;
  attribute.cells = fee_table_column (units, (guint) n)->text;
  attribute.values = values_of_column (scales, (guint) n);
  attribute.by_row = values_of_rows (scales, (guint) n);
  return attribute;
}

FeeWeigher *
fee_weigher_new (FeeScales *scales, const FeePolicy *policy, gint n, FeePeriod origin)
{
  const FeeCentre *centre = fee_policy_centre (policy, n);
  const FeeDriver *driver = fee_policy_driver (policy, centre->driver);
  FeeWeigher *weigher = g_new0 (FeeWeigher, 1);
  weigher->scales = scales;
  scales->references++;
  weigher->reg = scales->records->reg;
  weigher->measures = scales->records->measures;
  weigher->origin = origin;
  weigher->first = fee_period_first_day (origin);
  weigher->last = fee_period_last_day (origin);
  weigher->all_days = fee_period_days_between (origin, weigher->first, weigher->last);
  weigher->kind = driver->kind;
  if (driver->declared)
    weigher->by_unit = spans_by_unit (scales, driver->id);
  for (guint i = 0; i < 2 && driver->factors[i] != NULL; i++)
    weigher->factors[weigher->n_factors++] = bind_factor (scales, driver->factors[i]);
  weigher->conditions = g_new0 (Attribute, centre->scope->len + 1);
  for (guint i = 0; i < centre->scope->len; i++)
    weigher->conditions[weigher->n_conditions++]
      = bind_condition (scales->records, &g_array_index (centre->scope, FeeCondition, i));
  return weigher;
}

void
fee_weigher_free (FeeWeigher *weigher)
{
  if (weigher == NULL)
    return;
  for (guint i = 0; i < weigher->n_conditions; i++)
    g_free (weigher->conditions[i].holds);
  g_free (weigher->conditions);
  fee_scales_unref (weigher->scales);
  g_free (weigher);
}

static inline gboolean
in_scope (const FeeWeigher *weigher, guint32 row)
{
  for (guint i = 0; i < weigher->n_conditions; i++) {
    const Attribute *condition = &weigher->conditions[i];
    if (!condition->holds[condition->cells != NULL ? condition->cells[row] : FEE_TEXT_EMPTY])
      return FALSE;
  }
  return TRUE;
}

static inline FeeDays
days_of_span (const FeeWeigher *weigher, guint32 span)
{
  FeeDate from = weigher->reg->spans.from[span], to = weigher->reg->spans.to[span];
  if (from <= weigher->first && to >= weigher->last)
    return weigher->all_days;
  return fee_period_days_between (weigher->origin, from, to);
}

/* The value of the driver on each day of a row of a unit, or what is wrong with it. */
static inline gint64
value_of_row (const FeeWeigher *weigher, guint32 row)
{
  if (weigher->n_factors == 0)
    return FEE_QUANTITY_ONE;
  gint64 values[2];
  for (guint i = 0; i < weigher->n_factors; i++) {
    const Attribute *factor = &weigher->factors[i];
    values[i] = factor->by_row != NULL  ? factor->by_row[row]
                : factor->cells != NULL ? factor->values[factor->cells[row]]
                                        : VALUE_MISSING;
    if (values[i] < 0)
      return values[i] == VALUE_MISSING ? FEE_WEIGHT_MISSING : FEE_WEIGHT_NEGATIVE;
  }
  if (weigher->n_factors == 1)
    return values[0];
  gint64 product;
  return fee_quantity_multiply (values[0], values[1], &product) ? product : FEE_WEIGHT_TOO_LARGE;
}

static gint64
weigh_imported (const FeeWeigher *weigher, guint32 unit, FeeDays days)
{
  gint64 weight = 0;
  for (guint32 i = weigher->by_unit[2 * unit]; i < weigher->by_unit[2 * unit + 1]; i++)
    if (!add_span (weigher->measures, i, weigher->kind, weigher->origin, days, &weight))
      return FEE_WEIGHT_TOO_LARGE;
  return weight < 0 ? FEE_WEIGHT_NEGATIVE : weight;
}

gint64
fee_weigher_unit (const FeeWeigher *weigher, guint32 unit, FeeDays *days)
{
  const FeeRegister *reg = weigher->reg;
  gint64 weight = 0;
  *days = 0;
  for (guint32 span = reg->first[unit]; span < reg->first[unit + 1]; span++) {
    guint32 row = reg->spans.row[span];
    FeeDays counted = days_of_span (weigher, span);
    if (counted == 0 || !in_scope (weigher, row))
      continue;
    *days |= counted;
    if (weigher->by_unit != NULL)
      continue;
    gint64 value = value_of_row (weigher, row);
    if (value < 0)
      return value;
    if (__builtin_mul_overflow (value, fee_days_count (counted), &value) || __builtin_add_overflow (weight, value, &weight))
      return FEE_WEIGHT_TOO_LARGE;
  }
  return weigher->by_unit != NULL && *days != 0 ? weigh_imported (weigher, unit, *days) : weight;
}

FeeQuantity
fee_weigher_left_out (const FeeWeigher *weigher)
{
  FeeQuantity sum = 0;
  if (weigher->by_unit == NULL)
    return 0;
  for (guint32 unit = 0; unit < weigher->reg->n_units; unit++) {
    FeeDays days;
    if (weigher->by_unit[2 * unit] == weigher->by_unit[2 * unit + 1])
      continue;
    fee_weigher_unit (weigher, unit, &days);
    gint64 weight = days == 0 ? weigh_imported (weigher, unit, weigher->all_days) : 0;
    if (weight > 0 && __builtin_add_overflow (sum, weight, &sum))
      return G_MAXINT64;
  }
  return sum;
}
