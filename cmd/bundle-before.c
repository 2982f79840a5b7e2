/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../libfee/report/fee-show.h"
#include "bundle.h"

static void
add_headings (GString *text, const char *const *columns, guint n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    fee_quoted_text (text, columns[i]);
  fee_quoted_end (text);
}

/* What there is so far goes to the member: lines of a large book would fill the memory. */
static gboolean
write_text (const FeeMembers *members, GString *text, GError **error)
{
  gboolean ok = members->write ((const guint8 *) text->str, text->len, members->data, error);
  g_string_truncate (text, 0);
  return ok;
}

static gboolean
add_member (const FeeMembers *members, const char *name, GString *text, GError **error)
{
  g_autoptr (GString) all = text;
  return write_text (members, all, error) && members->end (name, members->data, error);
}

/* ---- What earlier runs left */

static GString *
accruals_text (const FeeBundle *bundle)
{
  static const char *const columns[] = { "origin", "kind", "doc", "line", "to", "target", "amount" };
  const GArray *rows = bundle->evidence->history->accruals;
  const FeeStrings *ids = bundle->evidence->records->ids;
  GString *text = g_string_new (NULL);
  add_headings (text, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < rows->len; i++) {
    const FeeStageRow *row = &g_array_index (rows, FeeStageRow, i);
    fee_quoted_period (text, row->origin);
    fee_quoted_text (text, row->asset ? "asset" : "cost");
    fee_quoted_text (text, fee_strings_get (ids, row->source));
    fee_quoted_text (text, fee_strings_get (ids, row->line));
    fee_quoted_text (text, row->to_centre ? "centre" : "category");
    fee_quoted_text (text, fee_strings_get (ids, row->target));
    fee_quoted_money (text, row->amount, bundle->decimals);
    fee_quoted_end (text);
  }
  return text;
}

static GString *
counts_text (const FeeBundle *bundle)
{
  static const char *const columns[] = { "unit", "count" };
  const GArray *counts = bundle->evidence->history->counts;
  GString *text = g_string_new (NULL);
  add_headings (text, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < counts->len; i++) {
    const FeeOddCount *count = &g_array_index (counts, FeeOddCount, i);
    fee_quoted_text (text, fee_strings_get (bundle->evidence->records->ids, count->unit));
    fee_quoted_number (text, count->count);
    fee_quoted_end (text);
  }
  return text;
}

/* ---- What they posted of the months that the run restates: a row begins with the month */

static const FeePostedOrigin *
nth_restated (const FeeBundle *bundle, guint n)
{
  return g_ptr_array_index (bundle->evidence->history->restated, n);
}

static const char *
text_of (const FeeBundle *bundle, FeeText text)
{
  return fee_strings_get (bundle->evidence->records->ids, text);
}

static GString *
restated_counts (const FeeBundle *bundle)
{
  static const char *const columns[] = { "origin", "unit", "count" };
  GString *text = g_string_new (NULL);
  add_headings (text, columns, G_N_ELEMENTS (columns));
  for (guint n = 0; n < bundle->evidence->history->restated->len; n++) {
    const FeePostedOrigin *posted = nth_restated (bundle, n);
    for (guint i = 0; i < posted->counts->len; i++) {
      const FeeOddCount *count = &g_array_index (posted->counts, FeeOddCount, i);
      fee_quoted_period (text, posted->origin);
      fee_quoted_text (text, text_of (bundle, count->unit));
      fee_quoted_number (text, count->count);
      fee_quoted_end (text);
    }
  }
  return text;
}

static GString *
restated_pools (const FeeBundle *bundle)
{
  static const char *const columns[] = { "origin", "pool", "centre", "stage", "total_weight", "amount" };
  GString *text = g_string_new (NULL);
  add_headings (text, columns, G_N_ELEMENTS (columns));
  for (guint n = 0; n < bundle->evidence->history->restated->len; n++) {
    const FeePostedOrigin *posted = nth_restated (bundle, n);
    for (guint i = 0; i < posted->pools->len; i++) {
      const FeePostedPool *pool = &g_array_index (posted->pools, FeePostedPool, i);
      fee_quoted_period (text, posted->origin);
      fee_quoted_number (text, i + 1);
      fee_quoted_text (text, text_of (bundle, pool->centre));
      fee_quoted_text (text, fee_stage_text (pool->restates ? FEE_STAGE_RESTATE : FEE_STAGE_ACTIVITY));
      fee_quoted_quantity (text, pool->total);
      fee_quoted_money (text, pool->amount, bundle->decimals);
      fee_quoted_end (text);
    }
  }
  return text;
}

static void
add_line (GString *text, const FeeBundle *bundle, const FeePostedOrigin *posted, const FeePostedLine *line)
{
  fee_quoted_period (text, posted->origin);
  fee_quoted_number (text, line->pool + 1);
  fee_quoted_text (text, text_of (bundle, line->unit));
  fee_quoted_text (text, text_of (bundle, line->party));
  fee_quoted_text (text, fee_role_text (line->role));
  fee_quoted_quantity (text, line->weight);
  fee_quoted_number (text, line->days);
  fee_quoted_money (text, line->amount, bundle->decimals);
  fee_quoted_end (text);
}

#define TEXT_BYTES (64 * 1024)

static gboolean
restated_lines (const FeeBundle *bundle, const FeeMembers *members, GError **error)
{
  static const char *const columns[] = { "origin", "pool", "unit", "party", "role", "weight", "days", "amount" };
  g_autoptr (GString) text = g_string_new (NULL);
  add_headings (text, columns, G_N_ELEMENTS (columns));
  for (guint n = 0; n < bundle->evidence->history->restated->len; n++) {
    const FeePostedOrigin *posted = nth_restated (bundle, n);
    for (guint i = 0; i < posted->lines->len; i++) {
      add_line (text, bundle, posted, &g_array_index (posted->lines, FeePostedLine, i));
      if (text->len >= TEXT_BYTES && !write_text (members, text, error))
        return FALSE;
    }
  }
  return write_text (members, text, error) && members->end ("before/restated-lines.csv", members->data, error);
}

gboolean
fee_bundle_before (const FeeBundle *bundle, const FeeMembers *members, GError **error)
{
  if (!add_member (members, "before/accruals.csv", accruals_text (bundle), error)
      || !add_member (members, "before/counts.csv", counts_text (bundle), error))
    return FALSE;
  return bundle->evidence->history->restated->len == 0
         || (add_member (members, "before/restated-counts.csv", restated_counts (bundle), error) && restated_lines (bundle, members, error)
             && add_member (members, "before/restated-pools.csv", restated_pools (bundle), error));
}
