/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "../engine/fee-apportion.h"
#include "fee-trace-private.h"

/* What of an accrual came to a centre. */
typedef struct {
  guint accrual;
  FeeMoney amount; /* turned positive with the pool, like all here */
  FeeMoney left;   /* fen that the lines' parts, rounded down, leave for those still to come */
} Source;

/* A row of stage activity. */
typedef struct {
  FeeMoney pool;
  GArray *sources; /* of Source, by accrual */
} Centre;

struct _FeeTrace {
  const FeeRun *run;
  guint n_accruals, first_activity;
  GArray *centres;  /* of Centre, by activity */
  FeeMoney *offset; /* by accrual */
  GArray *parts;    /* of Part: of the line at hand */
  gint64 *scratch;  /* room for a number an accrual */
};

/* A line's part of a source, while it is rounded. */
typedef struct {
  guint source;
  gint64 whole, left;
  gint64 rest; /* of the division */
} Part;

static void
centre_clear (gpointer data)
{
  g_array_unref (((Centre *) data)->sources);
}

/* The accruals of an origin by the centres that their amounts came to, and a last row for what came to none. */
typedef struct {
  FeePeriod origin;
  guint first, n; /* accruals: they stand together */
  guint first_activity, n_activities;
  gint
    sign; /* -1 where they come to less than nothing: parts of a negative amount are those of its absolute value, negated */
} OriginRows;

static void
find_rows (const FeeTrace *trace, guint accrual, guint activity, OriginRows *rows)
{
  __int128 sum = 0;
  *rows = (OriginRows){
    .origin = fee_run_row (trace->run, accrual)->origin, .first = accrual, .first_activity = activity, .sign = 1
  };
  for (guint i = accrual; i < trace->n_accruals && fee_run_row (trace->run, i)->origin == rows->origin; i++, rows->n++)
    sum += fee_run_row (trace->run, i)->amount;
  for (guint i = activity;
       i < trace->centres->len && fee_run_row (trace->run, trace->first_activity + i)->origin == rows->origin; i++)
    rows->n_activities++;
  if (sum < 0)
    rows->sign = -1;
}

static FeeExactTable *
exact_table (const FeeTrace *trace, const OriginRows *rows)
{
  FeeExactTable *table = fee_exact_table_new (rows->n_activities + 1, rows->n);
  g_autoptr (FeeExactTable) all = fee_exact_table_new (1, trace->n_accruals);
  for (guint i = 0; i < rows->n; i++)
    mpq_set_si (fee_exact_table_row (table, rows->n_activities)[i], fee_run_row (trace->run, rows->first + i)->amount, 1);
  for (guint a = 0; a < rows->n_activities; a++) {
    for (guint i = 0; i < rows->n; i++)
      mpq_set_si (all->cells[rows->first + i], 0, 1);
    fee_trace_back (trace->run, rows->first_activity + a, all->cells);
    for (guint i = 0; i < rows->n; i++) {
      mpq_t *none = &fee_exact_table_row (table, rows->n_activities)[i];
      mpq_set (fee_exact_table_row (table, a)[i], all->cells[rows->first + i]);
      mpq_sub (*none, *none, all->cells[rows->first + i]);
    }
  }
  for (gsize i = 0; i < (gsize) table->n_rows * table->n_columns; i++)
    if (rows->sign < 0)
      mpq_neg (table->cells[i], table->cells[i]);
  return table;
}

/* What came to a centre; whole: its row of the table. FALSE where it is not the pool. */
static gboolean
add_sources (FeeTrace *trace, const OriginRows *rows, guint activity, const FeeMoney *whole)
{
  const FeeStageRow *row = fee_run_row (trace->run, trace->first_activity + activity);
  Centre *centre = &g_array_index (trace->centres, Centre, activity);
  gint turn = row->amount < 0 ? -rows->sign : rows->sign;
  __int128 sum = 0;
  centre->pool = row->amount;
  for (guint i = 0; i < rows->n; i++) {
    if (whole[i] == G_MININT64)
      return FALSE;
    Source source = { rows->first + i, turn * whole[i], turn * whole[i] };
    sum += source.amount;
    if (whole[i] != 0)
      g_array_append_val (centre->sources, source);
  }
  return sum == fee_money_magnitude (row->amount) && sum > 0;
}

static gboolean
do_not_add_up (const OriginRows *rows, GError **error)
{
  char month[FEE_DATE_SIZE];
  g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("%s: the stages of the run do not add up"), fee_period_format (rows->origin, month));
  return FALSE;
}

static gboolean
trace_origin (FeeTrace *trace, const OriginRows *rows, GError **error)
{
  g_autoptr (FeeExactTable) table = exact_table (trace, rows);
  g_autofree FeeMoney *whole = NULL;
  if (!fee_exact_table_round (table, &whole))
    return do_not_add_up (rows, error);
  for (guint a = 0; a < rows->n_activities; a++)
    if (!add_sources (trace, rows, rows->first_activity + a, whole + (gsize) a * rows->n))
      return do_not_add_up (rows, error);
  for (guint i = 0; i < rows->n; i++)
    trace->offset[rows->first + i] = rows->sign * whole[(gsize) rows->n_activities * rows->n + i];
  return TRUE;
}

gboolean
fee_trace_new (const FeeRun *run, FeeTrace **out, GError **error)
{
  g_autoptr (FeeTrace) trace = g_new0 (FeeTrace, 1);
  guint begin, end, activity = 0;
  trace->run = run;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &trace->n_accruals);
  fee_run_stage (run, FEE_STAGE_ACTIVITY, &trace->first_activity, &end);
  trace->offset = g_new0 (FeeMoney, trace->n_accruals + 1);
  trace->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  trace->scratch = g_new (gint64, trace->n_accruals + 1);
  trace->centres = g_array_new (FALSE, TRUE, sizeof (Centre));
  g_array_set_size (trace->centres, end - trace->first_activity);
  for (guint i = 0; i < trace->centres->len; i++)
    g_array_index (trace->centres, Centre, i).sources = g_array_new (FALSE, FALSE, sizeof (Source));
  g_array_set_clear_func (trace->centres, centre_clear);
  for (guint accrual = 0; accrual < trace->n_accruals;) {
    OriginRows rows;
    find_rows (trace, accrual, activity, &rows);
    if (!trace_origin (trace, &rows, error))
      return FALSE;
    accrual += rows.n;
    activity += rows.n_activities;
  }
  *out = g_steal_pointer (&trace);
  return TRUE;
}

void
fee_trace_free (FeeTrace *trace)
{
  if (trace == NULL)
    return;
  g_array_unref (trace->centres);
  g_array_unref (trace->parts);
  g_free (trace->scratch);
  g_free (trace->offset);
  g_free (trace);
}

/* ---- Lines */

/* floor (line x source / pool), all turned positive with the pool; the source may be negative. */
static gint64
floor_part (FeeMoney line, FeeMoney source, FeeMoney pool, gint64 *rest)
{
  guint64 divisor = fee_money_magnitude (pool), left;
  gint64 part = (gint64) fee_apportion_floor (fee_money_magnitude (line), fee_money_magnitude (source), divisor, &left);
  gboolean negative = (line < 0) != (source < 0);
  *rest = negative && left > 0 ? (gint64) (divisor - left) : (gint64) left;
  return negative ? -part - (left > 0) : part;
}

static FeeMoney
turned (const Centre *centre, FeeMoney amount)
{
  return centre->pool < 0 ? -amount : amount;
}

void
fee_trace_count (FeeTrace *trace, guint activity, FeeMoney amount)
{
  Centre *centre = &g_array_index (trace->centres, Centre, activity);
  gint64 rest;
  for (guint i = 0; i < centre->sources->len; i++) {
    Source *source = &g_array_index (centre->sources, Source, i);
    source->left -= floor_part (turned (centre, amount), source->amount, centre->pool, &rest);
  }
}

/* Rounded down; returns the fen left. */
static gint64
take_floors (FeeTrace *trace, const Centre *centre, FeeMoney line)
{
  gint64 left = line;
  g_array_set_size (trace->parts, centre->sources->len); /* all lines times all documents: no call for each */
  for (guint i = 0; i < centre->sources->len; i++) {
    const Source *source = &g_array_index (centre->sources, Source, i);
    Part *part = &g_array_index (trace->parts, Part, i);
    *part = (Part) { .source = i, .left = source->left };
    part->whole = floor_part (line, source->amount, centre->pool, &part->rest);
    left -= part->whole;
  }
  return left;
}

static void
take_fen (Centre *centre, Part *part)
{
  part->whole++;
  g_array_index (centre->sources, Source, part->source).left--;
}

/* Of the parts whose source has that much left, n go up: the largest fractions, then the earlier ones. */
static void
raise_among (FeeTrace *trace, Centre *centre, gint64 level, guint n)
{
  GArray *parts = trace->parts;
  guint alike = 0, above = 0;
  for (guint i = 0; i < parts->len; i++)
    if (g_array_index (parts, Part, i).left == level)
      trace->scratch[alike++] = g_array_index (parts, Part, i).rest;
  gint64 rest = fee_select (trace->scratch, alike, alike - n);
  for (guint i = 0; i < alike; i++)
    above += trace->scratch[i] > rest;
  guint equal = n - above;
  for (guint i = 0; i < parts->len; i++) {
    Part *part = &g_array_index (parts, Part, i);
    if (part->left != level || part->rest < rest || (part->rest == rest && equal == 0))
      continue;
    equal -= part->rest == rest;
    take_fen (centre, part);
  }
}

/* The n fen left go to the sources that have most left. */
static void
raise_parts (FeeTrace *trace, Centre *centre, guint n)
{
  GArray *parts = trace->parts;
  guint above = 0;
  for (guint i = 0; i < parts->len; i++)
    trace->scratch[i] = g_array_index (parts, Part, i).left;
  gint64 level = fee_select (trace->scratch, parts->len, parts->len - n);
  for (guint i = 0; i < parts->len; i++) {
    Part *part = &g_array_index (parts, Part, i);
    if (part->left <= level)
      continue;
    take_fen (centre, part);
    above++;
  }
  raise_among (trace, centre, level, n - above);
}

void
fee_trace_line (FeeTrace *trace, guint activity, FeeMoney amount, GArray *parts)
{
  Centre *centre = &g_array_index (trace->centres, Centre, activity);
  g_array_set_size (parts, 0);
  if (amount == 0)
    return;
  gint64 left = take_floors (trace, centre, turned (centre, amount));
  if (left > 0 && trace->parts->len > 0)
    raise_parts (trace, centre, (guint) MIN (left, (gint64) trace->parts->len));
  g_array_set_size (parts, trace->parts->len);
  for (guint i = 0; i < trace->parts->len; i++) {
    const Part *part = &g_array_index (trace->parts, Part, i);
    g_array_index (parts, FeeTracePart, i)
      = (FeeTracePart) { g_array_index (centre->sources, Source, part->source).accrual, turned (centre, part->whole) };
  }
}

gboolean
fee_trace_reaches (const FeeTrace *trace, guint activity, guint accrual)
{
  const GArray *sources = g_array_index (trace->centres, Centre, activity).sources;
  for (guint i = 0; i < sources->len; i++)
    if (g_array_index (sources, Source, i).accrual == accrual)
      return TRUE;
  return FALSE;
}

FeeMoney
fee_trace_offset (const FeeTrace *trace, guint accrual)
{
  return trace->offset[accrual];
}
