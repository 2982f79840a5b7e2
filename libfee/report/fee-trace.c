/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gmp.h>
#include <string.h>

#include "fee-show.h"

/* An exact amount at a centre on its way back to the accruals. */
typedef struct {
  FeeText centre;
  mpq_t share; /* of what came to the centre, this fraction is asked for */
} CentreShare;

typedef struct {
  const FeeRun *run;
  FeePeriod origin;
  mpq_t *share;    /* by accrual of the run: what it brought */
  guint n;         /* accruals */
  GArray *centres; /* of CentreShare */
} Trace;

static void
centre_share_clear (gpointer data)
{
  mpq_clear (((CentreShare *) data)->share);
}

static CentreShare *
share_of_centre (Trace *trace, FeeText centre)
{
  for (guint i = 0; i < trace->centres->len; i++)
    if (g_array_index (trace->centres, CentreShare, i).centre == centre)
      return &g_array_index (trace->centres, CentreShare, i);
  CentreShare new = { .centre = centre };
  mpq_init (new.share);
  g_array_append_val (trace->centres, new);
  return &g_array_index (trace->centres, CentreShare, trace->centres->len - 1);
}

static gboolean
is_of (const Trace *trace, const FeeStageRow *row, FeeStage stage)
{
  return row->stage == stage && row->origin == trace->origin;
}

static gboolean
is_reciprocal (const Trace *trace, const FeeStageRow *row)
{
  return strcmp (fee_strings_get (trace->run->strings, row->source), "*") == 0;
}

/* out += share x amount / whole; nothing where whole is 0. */
static void
add_part (mpq_t out, const mpq_t share, FeeMoney amount, FeeMoney whole)
{
  mpq_t part, divisor;
  if (whole == 0)
    return;
  mpq_inits (part, divisor, NULL);
  mpq_set_si (part, amount, 1);
  mpq_mul (part, part, share);
  mpq_set_si (divisor, whole, 1);
  mpq_div (part, part, divisor);
  mpq_add (out, out, part);
  mpq_clears (part, divisor, NULL);
}

/* What a support centre gave away by rows of its own. The run checked that it fits. */
static FeeMoney
given_away (const Trace *trace, FeeText source)
{
  FeeMoney given = 0;
  for (guint i = trace->n; i < trace->run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    if (is_of (trace, row, FEE_STAGE_SUPPORT) && row->source == source)
      given += row->amount;
  }
  return given;
}

/* What came to a centre before support. */
static FeeMoney
own_pool (const Trace *trace, FeeText centre)
{
  FeeMoney pool = 0;
  for (guint i = 0; i < trace->run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    gboolean comes = row->origin == trace->origin && row->target == centre
                     && (row->stage == FEE_STAGE_RESOURCE || (row->stage == FEE_STAGE_ACCRUE && row->to_centre));
    if (comes)
      pool += row->amount;
  }
  return pool;
}

/* Whether a centre keeps what comes to it. With reciprocal rows the others that have something are the support centres that were emptied. */
static gboolean
is_primary (const Trace *trace, FeeText centre)
{
  for (guint i = trace->n; i < trace->run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    if ((is_of (trace, row, FEE_STAGE_ACTIVITY) && row->source == centre) || (is_of (trace, row, FEE_STAGE_SUPPORT) && row->target == centre))
      return TRUE;
  }
  return own_pool (trace, centre) == 0; /* nothing to trace, whatever it is */
}

/* The support centres that a reciprocal row may have come from; by magnitude, so that pools which cancel out are not lost. */
static GArray *
emptied_centres (Trace *trace)
{
  GArray *emptied = g_array_new (FALSE, FALSE, sizeof (FeeText));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < trace->run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    gboolean comes = row->origin == trace->origin && (row->stage == FEE_STAGE_RESOURCE || (row->stage == FEE_STAGE_ACCRUE && row->to_centre));
    if (comes && g_hash_table_add (seen, GUINT_TO_POINTER (row->target)) && !is_primary (trace, row->target))
      g_array_append_val (emptied, row->target);
  }
  return emptied;
}

/* Reciprocal support mixes the pools of all support centres: a row `*` does not say which gave what. An amount is asked of each in proportion to
 * its own pool; where they come to nothing together, in proportion to their magnitudes. asked: in minor units. */
static void
ask_support (Trace *trace, const mpq_t asked)
{
  g_autoptr (GArray) emptied = emptied_centres (trace);
  FeeMoney total = 0, magnitudes = 0;
  for (guint i = 0; i < emptied->len; i++) {
    FeeMoney pool = own_pool (trace, g_array_index (emptied, FeeText, i));
    total += pool;
    magnitudes += ABS (pool);
  }
  for (guint i = 0; i < emptied->len; i++) {
    FeeText centre = g_array_index (emptied, FeeText, i);
    FeeMoney pool = own_pool (trace, centre);
    /* the fraction of its pool that is asked of a centre: asked / T, or of magnitudes asked x |pool| / M / pool */
    add_part (share_of_centre (trace, centre)->share, asked, total != 0 || pool > 0 ? 1 : -1, total != 0 ? total : magnitudes);
  }
}

/* Back through the support rows: sources come in the order in which they were emptied, so that the last is known first. */
static void
trace_support (Trace *trace)
{
  mpq_t mixed;
  mpq_init (mixed);
  for (guint i = trace->run->rows->len; i > trace->n; i--) {
    const FeeStageRow *row = fee_run_row (trace->run, i - 1);
    if (!is_of (trace, row, FEE_STAGE_SUPPORT))
      continue;
    mpq_t share;
    mpq_init (share);
    mpq_set (share, share_of_centre (trace, row->target)->share);
    if (is_reciprocal (trace, row))
      add_part (mixed, share, row->amount, 1);
    else
      add_part (share_of_centre (trace, row->source)->share, share, row->amount, given_away (trace, row->source));
    mpq_clear (share);
  }
  if (mpq_sgn (mixed) != 0)
    ask_support (trace, mixed);
  mpq_clear (mixed);
}

/* What accruals bring to a category's pool. */
static FeeMoney
category_pool (const Trace *trace, FeeText category)
{
  FeeMoney pool = 0;
  for (guint i = 0; i < trace->n; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    if (row->origin == trace->origin && row->target == category && !row->to_centre)
      pool += row->amount;
  }
  return pool;
}

static void
trace_accruals (Trace *trace, FeeText target, gboolean to_centre, const mpq_t share)
{
  for (guint i = 0; i < trace->n; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    if (row->origin == trace->origin && row->target == target && row->to_centre == to_centre)
      add_part (trace->share[i], share, row->amount, 1);
  }
}

/* From centres to the documents that name them, and through the resource rows to those of categories. */
static void
trace_centres (Trace *trace)
{
  for (guint c = 0; c < trace->centres->len; c++) {
    const CentreShare *centre = &g_array_index (trace->centres, CentreShare, c);
    trace_accruals (trace, centre->centre, TRUE, centre->share);
    for (guint i = trace->n; i < trace->run->rows->len; i++) {
      const FeeStageRow *row = fee_run_row (trace->run, i);
      mpq_t share;
      if (!is_of (trace, row, FEE_STAGE_RESOURCE) || row->target != centre->centre)
        continue;
      mpq_init (share);
      add_part (share, centre->share, row->amount, category_pool (trace, row->source));
      trace_accruals (trace, row->source, FALSE, share);
      mpq_clear (share);
    }
  }
}

/* Rounds the exact parts: floor of each, the fen left to the largest fractions, ties to the earlier accrual; parts of a negative amount are
 * those of its absolute value, negated (rules.md section 2). */
static void
round_parts (Trace *trace, FeeMoney amount, GArray *parts)
{
  gint sign = amount < 0 ? -1 : 1;
  mpz_t floor;
  mpq_t whole;
  FeeMoney left = amount * sign;
  mpz_init (floor);
  mpq_init (whole);
  for (guint i = 0; i < trace->n; i++) {
    FeeTracePart part = { i, 0 };
    if (mpq_sgn (trace->share[i]) == 0)
      continue;
    if (sign < 0)
      mpq_neg (trace->share[i], trace->share[i]);
    mpz_fdiv_q (floor, mpq_numref (trace->share[i]), mpq_denref (trace->share[i]));
    part.amount = mpz_get_si (floor);
    mpq_set_z (whole, floor);
    mpq_sub (trace->share[i], trace->share[i], whole);
    left -= part.amount;
    g_array_append_val (parts, part);
  }
  for (; left > 0 && parts->len > 0; left--) {
    FeeTracePart *best = &g_array_index (parts, FeeTracePart, 0);
    for (guint i = 1; i < parts->len; i++)
      if (mpq_cmp (trace->share[g_array_index (parts, FeeTracePart, i).accrual], trace->share[best->accrual]) > 0)
        best = &g_array_index (parts, FeeTracePart, i);
    best->amount++;
    mpq_set_si (trace->share[best->accrual], -1, 1);
  }
  for (guint i = 0; i < parts->len; i++)
    g_array_index (parts, FeeTracePart, i).amount *= sign;
  mpq_clear (whole);
  mpz_clear (floor);
}

void
fee_trace (const FeeRun *run, guint activity, FeeMoney amount, GArray **parts)
{
  guint begin, end, first;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  Trace trace = { .run = run, .n = end, .centres = g_array_new (FALSE, FALSE, sizeof (CentreShare)) };
  fee_run_stage (run, FEE_STAGE_ACTIVITY, &first, &end);
  const FeeStageRow *row = fee_run_row (run, first + activity);
  g_array_set_clear_func (trace.centres, centre_share_clear);
  trace.origin = row->origin;
  trace.share = g_new (mpq_t, trace.n + 1);
  for (guint i = 0; i < trace.n; i++)
    mpq_init (trace.share[i]);
  CentreShare *whole = share_of_centre (&trace, row->source);
  mpq_set_si (whole->share, 1, 1);
  mpq_t asked;
  mpq_init (asked);
  add_part (asked, whole->share, amount, row->amount);
  mpq_set (whole->share, asked);
  mpq_clear (asked);
  trace_support (&trace);
  trace_centres (&trace);
  *parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart));
  round_parts (&trace, amount, *parts);
  for (guint i = 0; i < trace.n; i++)
    mpq_clear (trace.share[i]);
  g_free (trace.share);
  g_array_unref (trace.centres);
}
