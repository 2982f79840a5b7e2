/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-show-private.h"

/* "0.28": of each yuan. */
void
fee_disclosure_show_typical (const FeeShowing *showing)
{
  const GArray *parts = showing->disclosure->typical;
  g_autofree const char **labels = g_new0 (const char *, parts->len + 1);
  g_autofree gint64 *values = g_new0 (gint64, parts->len + 1);
  g_auto (GStrv) texts = g_new0 (char *, parts->len + 1);
  char month[FEE_DATE_SIZE];
  if (parts->len == 0)
    return;
  for (guint i = 0; i < parts->len; i++) {
    const FeeDisclosureTypical *part = &g_array_index (parts, FeeDisclosureTypical, i);
    char text[FEE_NUMBER_SIZE];
    labels[i] = text_of (showing, part->name);
    values[i] = part->part;
    texts[i] = g_strdup (fee_money_format (part->part, 2, text));
  }
  fee_period_format (showing->disclosure->to, month);
  g_autofree char *title = g_strdup_printf (
    word (showing, "Where each 1.00 of a middling bill of %s goes", "%s中等水平的账单，每1元用到哪里"), month);
  FeeDocumentChart chart = { .title = title,
                             .n_series = 1,
                             .labels = labels,
                             .texts = (const char *const *) texts,
                             .n_bars = parts->len,
                             .values = values };
  fee_document_chart (showing->document, &chart);
  fee_document_gap (showing->document);
}

/* Items down, at most six months across: a table that fits a sheet. */
#define MONTHS_ACROSS 6

static void
show_months_table (const FeeShowing *showing, FeePeriod from, FeePeriod to)
{
  const FeeDisclosure *disclosure = showing->disclosure;
  guint n = (guint) (to - from + 1), skipped = (guint) (from - disclosure->chart_from);
  FeeOutputColumn columns[MONTHS_ACROSS + 1] = { TEXT ("name", "Item", "项目") };
  char months[MONTHS_ACROSS][FEE_DATE_SIZE];
  for (guint m = 0; m < n; m++) {
    fee_period_format (from + (FeePeriod) m, months[m]);
    columns[m + 1] = (FeeOutputColumn){ months[m], months[m], months[m], FEE_COLUMN_MONEY };
  }
  FeeWriter *table =
    fee_document_begin_table (showing->document, columns, n + 1, word (showing, "Costs by month", "各月成本"));
  for (guint s = 0; s < disclosure->series->len; s++) {
    const FeeDisclosureSeries *one = &g_array_index (disclosure->series, FeeDisclosureSeries, s);
    fee_writer_text (table, text_of (showing, one->name));
    for (guint m = 0; m < n; m++)
      fee_writer_money (table, g_array_index (disclosure->month_amounts, FeeMoney, one->first + skipped + m));
  }
  fee_document_end_table (showing->document);
}

/* What stands in bars: by month the legal items. */
typedef struct {
  const char **series;
  gint64 *values;
  char **labels, **texts;
  guint n, n_series;
} Bars;

static void
bars_clear (Bars *bars)
{
  g_free (bars->series);
  g_free (bars->values);
  g_strfreev (bars->labels);
  g_strfreev (bars->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bars, bars_clear)

/* What a month took back is no part of its bar. */
static void
fill_month (const FeeShowing *showing, Bars *bars, guint month)
{
  const FeeDisclosure *disclosure = showing->disclosure;
  char text[FEE_GROUPED_SIZE], name[FEE_DATE_SIZE];
  FeeMoney sum = 0;
  for (guint s = 0; s < bars->n_series; s++) {
    const FeeDisclosureSeries *one = &g_array_index (disclosure->series, FeeDisclosureSeries, s);
    FeeMoney amount = g_array_index (disclosure->month_amounts, FeeMoney, one->first + month);
    bars->series[s] = text_of (showing, one->name);
    bars->values[month * bars->n_series + s] = MAX (0, amount);
    fee_money_add (sum, amount, &sum); /* what a run recognised fits */
  }
  bars->labels[month] = g_strdup (fee_period_format (disclosure->chart_from + (FeePeriod) month, name));
  bars->texts[month] = g_strdup (fee_money_format_grouped (sum, disclosure->decimals, text));
}

void
fee_disclosure_show_months (const FeeShowing *showing)
{
  const FeeDisclosure *disclosure = showing->disclosure;
  guint n = (guint) (disclosure->to - disclosure->chart_from + 1), n_series = disclosure->series->len;
  g_auto (Bars) bars = { g_new0 (const char *, n_series + 1),
                         g_new0 (gint64, (gsize) n * n_series + 1),
                         g_new0 (char *, n + 1),
                         g_new0 (char *, n + 1),
                         n,
                         n_series };
  if (n_series == 0)
    return;
  for (guint m = 0; m < n; m++)
    fill_month (showing, &bars, m);
  FeeDocumentChart chart = { .title = word (showing, "Costs by month", "各月成本"),
                             .series = bars.series,
                             .n_series = n_series,
                             .labels = (const char *const *) bars.labels,
                             .texts = (const char *const *) bars.texts,
                             .n_bars = n,
                             .values = bars.values };
  fee_document_chart (showing->document, &chart);
  fee_document_gap (showing->document);
  for (FeePeriod from = disclosure->chart_from; from <= disclosure->to; from += MONTHS_ACROSS) {
    show_months_table (showing, from, MIN (disclosure->to, from + MONTHS_ACROSS - 1));
    fee_document_gap (showing->document);
  }
}

void
fee_disclosure_show_rates (const FeeShowing *showing, guint begin, guint end)
{
  g_autofree const char **labels = g_new0 (const char *, end - begin + 1);
  g_autofree gint64 *values = g_new0 (gint64, end - begin + 1);
  g_auto (GStrv) texts = g_new0 (char *, end - begin + 1);
  guint n = 0;
  for (guint i = begin; i < end; i++) {
    const FeeDisclosureRow *row = row_at (showing, i);
    char rate[FEE_NUMBER_SIZE];
    if (row->rate == FEE_DISCLOSE_NONE)
      continue;
    labels[n] = text_of (showing, row->name);
    values[n] = MAX (0, row->rate);
    texts[n++] = g_strdup_printf ("%s %%", fee_money_format (row->rate, 2, rate));
  }
  if (n == 0)
    return;
  FeeDocumentChart chart = { .title = word (showing, "Collection rate", "收缴率"),
                             .n_series = 1,
                             .labels = labels,
                             .texts = (const char *const *) texts,
                             .n_bars = n,
                             .values = values,
                             .full = 10000 };
  fee_document_chart (showing->document, &chart);
  fee_document_gap (showing->document);
}
