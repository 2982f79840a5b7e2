/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "late.h"

#include <string.h>

#define LATE_SHOWN 3

typedef struct {
  const FeeRecords *records;
  const FeeRun *run;
  const char *lang;
  GHashTable *rows; /* "doc\nline" -> row + 1 */
} Late;

static char *
key_of (const char *doc, const char *line)
{
  return g_strdup_printf ("%s\n%s", doc, line);
}

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

static GHashTable *
index_costs (const FeeTable *costs)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint32 row = 0; row < costs->n_rows; row++)
    if (fee_table_alive (costs, row))
      g_hash_table_insert (rows, key_of (fee_table_text (costs, FEE_COSTS_DOC, row), fee_table_text (costs, FEE_COSTS_LINE, row)),
                           GUINT_TO_POINTER (row + 1));
  return rows;
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
    g_autofree char *key = key_of (fee_strings_get (run->strings, accrual->source), fee_strings_get (run->strings, accrual->line));
    guint row = GPOINTER_TO_UINT (g_hash_table_lookup (late->rows, key));
    if (accrual->asset || row == 0 || n++ >= LATE_SHOWN)
      continue;
    if (words->len > 0)
      g_string_append (words, zh ? "、" : ", ");
    describe_cost (words, late, row - 1, origin);
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
  g_autoptr (GHashTable) rows = index_costs (records->tables[FEE_KIND_COSTS]);
  Late late = { records, run, lang, rows };
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
