/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain.h"

#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "../libfee/report/fee-trace.h"

static const FeeOutputColumn doc_columns[] = {
  { "period", "Period", "期间", FEE_COLUMN_TEXT }, { "origin", "Origin", "所属期", FEE_COLUMN_TEXT },
  { "doc", "Document", "凭证号", FEE_COLUMN_TEXT }, { "centre", "Centre", "作业中心", FEE_COLUMN_TEXT },
  { "unit", "Unit", "房号", FEE_COLUMN_TEXT },      { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
};

/* What a line bears of an accrual. */
typedef struct {
  guint accrual, activity;
  FeeText unit, party;
  FeeMoney amount;
} Share;

typedef struct {
  const FeeExplain *explain;
  FeeTrace *trace;
  guint n_accruals, first, n; /* first, n: rows of stage activity */
  guint8 *asked;              /* by accrual: of the document */
  guint8 *reached;            /* by activity: something of it came there */
  GArray *parts;              /* of FeeTracePart: of the line at hand */
  FeeStrings *names;
  GArray *shares; /* of Share, in the order of the lines */
} View;

/* The document with all its lines, or one of them: `doc` or `doc#line`, an asset by its id. */
static gboolean
is_asked (const FeeExplain *explain, const FeeStageRow *row)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  fee_show_source (shown, explain->run->strings, row);
  return strcmp (explain->doc, shown->str) == 0
         || strcmp (explain->doc, fee_strings_get (explain->run->strings, row->source)) == 0;
}

static gboolean
find_document (View *view, GError **error)
{
  gboolean any = FALSE;
  char month[FEE_DATE_SIZE];
  for (guint i = 0; i < view->n_accruals; i++) {
    view->asked[i] = is_asked (view->explain, fee_run_row (view->explain->run, i));
    any = any || view->asked[i];
    for (guint n = 0; view->asked[i] && n < view->n; n++)
      view->reached[n] = view->reached[n] || fee_trace_reaches (view->trace, n, i);
  }
  if (!any)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
                 _("%s: nothing of document \"%s\" was recognised in %s"), view->explain->tool->book_path,
                 view->explain->doc, fee_period_format (view->explain->run->period, month));
  return any;
}

static gboolean
count_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  View *view = data;
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity < view->n && view->reached[line->activity])
      fee_trace_count (view->trace, line->activity, line->amount);
  }
  return TRUE;
}

static gboolean
take_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  View *view = data;
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity >= view->n || !view->reached[line->activity])
      continue;
    fee_trace_line (view->trace, line->activity, line->amount, view->parts);
    for (guint n = 0; n < view->parts->len; n++) {
      const FeeTracePart *part = &g_array_index (view->parts, FeeTracePart, n);
      if (!view->asked[part->accrual] || part->amount == 0)
        continue;
      Share share = { part->accrual, line->activity, fee_strings_intern_text (view->names, bill->unit->str),
                      fee_strings_intern_text (view->names, bill->party->str), part->amount };
      g_array_append_val (view->shares, share);
    }
  }
  return TRUE;
}

/* By accrual and activity, and within in the order of the lines: each goes to the next place of its two. */
static GArray *
sorted (const View *view)
{
  gsize n_places = (gsize) view->n_accruals * view->n;
  g_autofree guint *place = g_new0 (guint, n_places + 2);
  GArray *out = g_array_sized_new (FALSE, FALSE, sizeof (Share), view->shares->len);
  g_array_set_size (out, view->shares->len);
  for (guint i = 0; i < view->shares->len; i++) {
    const Share *share = &g_array_index (view->shares, Share, i);
    place[(gsize) share->accrual * view->n + share->activity + 1]++;
  }
  for (gsize i = 1; i <= n_places; i++)
    place[i] += place[i - 1];
  for (guint i = 0; i < view->shares->len; i++) {
    const Share *share = &g_array_index (view->shares, Share, i);
    g_array_index (out, Share, place[(gsize) share->accrual * view->n + share->activity]++) = *share;
  }
  return out;
}

static void
write_row (FeeWriter *writer, const View *view, guint accrual, const Share *share)
{
  const FeeRun *run = view->explain->run;
  const FeeStageRow *row = fee_run_row (run, accrual);
  g_autoptr (GString) doc = g_string_new (NULL);
  fee_show_source (doc, run->strings, row);
  fee_writer_period (writer, run->period);
  fee_writer_period (writer, row->origin);
  fee_writer_text (writer, doc->str);
  fee_writer_text (
    writer, share == NULL ? "" : fee_strings_get (run->strings, fee_run_row (run, view->first + share->activity)->source));
  fee_writer_text (writer, share == NULL ? "" : fee_strings_get (view->names, share->unit));
  fee_writer_text (writer, share == NULL ? "" : fee_strings_get (view->names, share->party));
  fee_writer_money (writer, share == NULL ? fee_trace_offset (view->trace, accrual) : share->amount);
}

/* Adds up to what the run recognised, or the lines were not those of its pools. */
static gboolean
write_accrual (FeeWriter *writer, const View *view, guint accrual, const GArray *shares, guint *next)
{
  FeeMoney sum = fee_trace_offset (view->trace, accrual);
  gboolean fits = TRUE;
  for (; *next < shares->len && g_array_index (shares, Share, *next).accrual == accrual; (*next)++) {
    const Share *share = &g_array_index (shares, Share, *next);
    fits = fits && fee_money_add (sum, share->amount, &sum);
    write_row (writer, view, accrual, share);
  }
  if (fee_trace_offset (view->trace, accrual) != 0)
    write_row (writer, view, accrual, NULL);
  return fits && sum == fee_run_row (view->explain->run, accrual)->amount;
}

static gboolean
write_shares (FeeWriter *writer, const View *view, GError **error)
{
  g_autoptr (GArray) shares = sorted (view);
  guint next = 0;
  gboolean ok = TRUE;
  for (guint i = 0; i < view->n_accruals; i++)
    if (view->asked[i])
      ok = write_accrual (writer, view, i, shares, &next) && ok;
  if (!ok)
    g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL,
                 _("%s: what is borne of document \"%s\" does not add up to what was recognised of it"),
                 view->explain->tool->book_path, view->explain->doc);
  return ok;
}

static gboolean
show_document (View *view, GError **error)
{
  const FeeExplain *explain = view->explain;
  FeeTableOutput table;
  if (!fee_trace_new (explain->run, &view->trace, error) || !find_document (view, error)
      || !fee_book_read_bills (explain->tool->book, explain->head->number, NULL, explain->run, count_bill, view, error)
      || !fee_book_read_bills (explain->tool->book, explain->head->number, NULL, explain->run, take_bill, view, error)
      || !fee_tool_begin_table (explain->tool, doc_columns, G_N_ELEMENTS (doc_columns), &table, error))
    return FALSE;
  fee_output_hold (table.output);
  return fee_tool_end_table (&table, write_shares (table.writer, view, error), error);
}

gboolean
fee_explain_doc (const FeeExplain *explain, GError **error)
{
  View view = { .explain = explain,
                .names = fee_strings_new (),
                .parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart)),
                .shares = g_array_new (FALSE, FALSE, sizeof (Share)) };
  guint begin, end;
  fee_run_stage (explain->run, FEE_STAGE_ACCRUE, &begin, &view.n_accruals);
  fee_run_stage (explain->run, FEE_STAGE_ACTIVITY, &view.first, &end);
  view.n = end - view.first;
  view.asked = g_new0 (guint8, view.n_accruals + 1);
  view.reached = g_new0 (guint8, view.n + 1);
  gboolean ok = show_document (&view, error);
  fee_trace_free (view.trace);
  fee_strings_free (view.names);
  g_array_unref (view.parts);
  g_array_unref (view.shares);
  g_free (view.asked);
  g_free (view.reached);
  return ok;
}
