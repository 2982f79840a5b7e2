/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/engine/fee-weigh.h"
#include "../../libfee/input/fee-policy-file.h"
#include "../../libfee/input/fee-reader.h"

/* A policy file; one that is taken holds nothing that is not there, and its scopes and drivers can be weighed by units of all sorts. */

#define UNITS \
  "unit,building,entrance,floor,kind,area,from,to,lift,odd\n101,1,A,1,flat,81,,,1,-3\n102,1,A,2,flat,60.5,2024-02-01,2024-02-20,,9223372036854.775807\n" \
  "102,1,A,2,shop,30,2024-02-21,,0.000001,x\n201,二,,-1,parking,,,2024-02-10,3,\n地下-7,,,,,12.345678,,,2,5\n"
#define QUANTITIES \
  "driver,target,quantity,from,to\nwater,101,31,2024-02-01,2024-02-29\nwater,102,-3,2024-01-15,2024-02-14\npeople,lifts,2,,\npeople,101,9223372036854.775807,,2024-02-10\n" \
  "people,guard,1,2024-02-03,\n"

static void
read_rows (FeeRecords *records, FeeKindId kind, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FeeReading) reading = NULL;
  const FeePolicy *policy = g_ptr_array_index (records->policies, 0);
  FeeReadOptions options = { .file = "rows.csv", .format = { '.', FEE_DATE_FORMAT_PLAIN }, .policy = policy, .decimals = policy->decimals };
  GError *error = NULL;
  records->tables[kind] = fee_table_new (kind, records->ids);
  fee_table_begin_segment (records->tables[kind], 2);
  fuzz_outcome (fee_read_file (bytes, &options, records->tables[kind], problems, warnings, &reading, &error), &error);
  fee_table_merge (records->tables[kind], 0, NULL, NULL);
}

static void
weigh (const FeeRecords *records, const FeePolicy *policy)
{
  FeePeriod february = 2024 * 12 + 1;
  g_autoptr (FeeScales) scales = fee_scales_new (records);
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autofree gint64 *weights = g_new0 (gint64, policy->centres->len + 1);
  for (guint i = 0; i < policy->drivers->len; i++) {
    fee_weigh_centres (records, policy, (gint) i, february, weights, problems);
    for (guint n = 0; n < policy->centres->len; n++)
      fuzz_require (weights[n] >= 0);
  }
  for (guint i = 0; i < policy->centres->len; i++) {
    if (fee_policy_centre (policy, (gint) i)->driver < 0)
      continue;
    g_autoptr (FeeWeigher) weigher = fee_weigher_new (scales, policy, (gint) i, february);
    for (guint32 unit = 0; unit < records->reg->n_units; unit++) {
      FeeDays days;
      gint64 weight = fee_weigher_unit (weigher, unit, &days);
      fuzz_require (weight >= FEE_WEIGHT_TOO_LARGE && (days >> 29) == 0 && (weight <= 0 || days != 0));
    }
    fuzz_require (fee_weigher_left_out (weigher) >= 0);
  }
}

/* -1, or one of n. */
static gboolean
is_index (gint i, guint n)
{
  return i == -1 || (i >= 0 && (guint) i < n);
}

static void
require_whole (const FeePolicy *policy)
{
  fuzz_require (policy->currency != NULL && policy->decimals >= 0 && policy->decimals == fee_currency_decimals (policy->currency));
  fuzz_require (policy->due_days >= 0 && policy->start >= FEE_YEAR_FIRST * 12 && policy->from >= policy->start && policy->categories->len >= 9);
  for (guint i = 0; i < policy->categories->len; i++) {
    const FeeCategory *category = &g_array_index (policy->categories, FeeCategory, i);
    fuzz_require (is_index (category->driver, policy->drivers->len) && is_index (category->centre, policy->centres->len));
    fuzz_require (category->driver < 0 || category->centre < 0);
    fuzz_require (fee_policy_find_category (policy, category->id) == (gint) i);
  }
  for (guint i = 0; i < policy->centres->len; i++) {
    const FeeCentre *centre = fee_policy_centre (policy, (gint) i);
    fuzz_require (is_index (centre->driver, policy->drivers->len) && fee_policy_find_centre (policy, centre->id) == (gint) i);
    fuzz_require (g_utf8_validate (fee_name_text (&centre->name, "zh_CN", centre->id), -1, NULL));
  }
  for (guint i = 0; i < policy->expect->len; i++)
    fuzz_require (is_index (g_array_index (policy->expect, gint, i), policy->categories->len));
  fuzz_require (policy->steps->len > 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FeePolicy *policy = NULL;
  GError *error = NULL;
  g_autofree char *text = g_memdup2 (bytes, length);
  gboolean ok = fee_policy_read ("p.ini", text, length, &policy, &error);
  fuzz_require (ok || (policy == NULL && error->code == FEE_ERROR_POLICY));
  if (!fuzz_outcome (ok, &error))
    return 0;
  g_autoptr (FeeRecords) records = fee_records_new ();
  g_ptr_array_add (records->policies, policy);
  require_whole (policy);
  read_rows (records, FEE_KIND_UNITS, UNITS);
  read_rows (records, FEE_KIND_QUANTITIES, QUANTITIES);
  fee_records_index (records, NULL, NULL);
  weigh (records, policy);
  return 0;
}
