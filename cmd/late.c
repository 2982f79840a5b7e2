/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "late.h"

#include <string.h>

#include "../libfee/report/fee-sources.h"

#define LATE_SHOWN 3

typedef struct {
  const FeeRecords *records;
  const FeeRun *run;
  const char *lang;
  const FeeSources *sources;
} Late;

static void
append_day (GString *out, FeeDate date)
{
  gint year, month, day;
  fee_date_split (date, &year, &month, &day);
  g_string_append_printf (out, "%d/%d", month, day);
}

/* electricity (5/21-5/31, invoice of 6/24) */
static void
describe_cost (GString *out, const Late *late, guint32 row, FeePeriod origin)
{
  const FeeTable *costs = late->records->tables[FEE_KIND_COSTS];
  gboolean zh = strcmp (late->lang, "zh_CN") == 0;
  FeeServiceSpan span = fee_cost_span (costs, row);
  const FeePolicy *policy = fee_records_policy (late->records, origin);
  const char *category = fee_table_text (costs, FEE_COSTS_CATEGORY, row);
  gint n = fee_policy_find_category (policy, category);
  g_string_append (out, n < 0 ? category : fee_name_text (&fee_policy_category (policy, n)->name, late->lang, category));
  g_string_append (out, zh ? "（" : " (");
  append_day (out, MAX (span.from, fee_period_first_day (origin)));
  g_string_append_c (out, '-');
  append_day (out, MIN (span.to, fee_period_last_day (origin)));
  g_string_append (out, zh ? "，账单" : ", invoice of ");
  append_day (out, fee_table_column (costs, FEE_COSTS_DATE)->small[row]);
  g_string_append (out, zh ? "到）" : ")");
}

/* The accruals of one origin, which begin at row i and stand together; returns where they end. */
static guint
describe_origin (GString *words, const Late *late, guint i)
{
  const FeeRun *run = late->run;
  gboolean zh = strcmp (late->lang, "zh_CN") == 0;
  FeePeriod origin = fee_run_row (run, i)->origin;
  guint n = 0;
  for (; i < run->rows->len; i++) {
    const FeeStageRow *accrual = fee_run_row (run, i);
    if (accrual->stage != FEE_STAGE_ACCRUE || accrual->origin != origin)
      break;
    const FeeTable *table;
    guint32 row;
    if (accrual->asset || !fee_sources_find (late->sources, run, accrual, &table, &row) || n++ >= LATE_SHOWN)
      continue;
    if (words->len > 0)
      g_string_append (words, zh ? "、" : ", ");
    describe_cost (words, late, row, origin);
  }
  if (n > LATE_SHOWN)
    g_string_append_printf (words, zh ? "等%u笔" : " and others, %u documents", n);
  return i;
}

gboolean
fee_late_has (const FeeRun *run)
{
  guint begin, end;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  for (guint i = begin; i < end; i++)
    if (fee_run_row (run, i)->origin != run->period)
      return TRUE;
  return FALSE;
}

GHashTable *
fee_late_words (const FeeRecords *records, const FeeRun *run, const char *lang)
{
  GHashTable *out = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  guint begin, end;
  if (!fee_late_has (run))
    return out;
  g_autoptr (FeeSources) sources = fee_sources_new (records);
  Late late = { records, run, lang, sources };
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  for (guint i = begin; i < end;) {
    FeePeriod origin = fee_run_row (run, i)->origin;
    if (origin == run->period) {
      i++;
      continue;
    }
    g_autoptr (GString) words = g_string_new (NULL);
    i = describe_origin (words, &late, i);
    g_hash_table_insert (out, GINT_TO_POINTER (origin), g_string_free (g_steal_pointer (&words), FALSE));
  }
  return out;
}
