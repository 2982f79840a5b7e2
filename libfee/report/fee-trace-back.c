/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gmp.h>
#include <string.h>

#include "fee-trace-private.h"

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

/* Whether a centre keeps what comes to it. With reciprocal rows the others that have something are the support centres
 * that were emptied. */
static gboolean
is_primary (const Trace *trace, FeeText centre)
{
  for (guint i = trace->n; i < trace->run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    if ((is_of (trace, row, FEE_STAGE_ACTIVITY) && row->source == centre)
        || (is_of (trace, row, FEE_STAGE_SUPPORT) && row->target == centre))
      return TRUE;
  }
  return own_pool (trace, centre) == 0; /* nothing to trace, whatever it is */
}

/* The support centres that a reciprocal row may have come from: what comes to them is traced further. */
static GArray *
emptied_centres (Trace *trace)
{
  GArray *emptied = g_array_new (FALSE, FALSE, sizeof (FeeText));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < trace->run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    gboolean comes = row->origin == trace->origin
                     && (row->stage == FEE_STAGE_RESOURCE || (row->stage == FEE_STAGE_ACCRUE && row->to_centre));
    if (comes && g_hash_table_add (seen, GUINT_TO_POINTER (row->target)) && !is_primary (trace, row->target))
      g_array_append_val (emptied, row->target);
  }
  return emptied;
}

/* What the rows `*` of an origin moved. Pools of one sign are what they add up to. */
typedef struct {
  mpz_t total;      /* T: of the support centres together, and of the rows */
  mpz_t magnitudes; /* of what the centres had */
  mpz_t row_magnitudes;
} Mixture;

static void
add_magnitude (mpz_t sum, FeeMoney amount)
{
  mpz_t magnitude;
  mpz_init_set_si (magnitude, amount);
  mpz_abs (magnitude, magnitude);
  mpz_add (sum, sum, magnitude);
  mpz_clear (magnitude);
}

static void
add_signed (mpz_t sum, FeeMoney amount)
{
  mpz_t value;
  mpz_init_set_si (value, amount);
  mpz_add (sum, sum, value);
  mpz_clear (value);
}

static void
measure_mixture (const Trace *trace, const GArray *emptied, Mixture *mixture)
{
  mpz_inits (mixture->total, mixture->magnitudes, mixture->row_magnitudes, NULL);
  for (guint i = 0; i < emptied->len; i++)
    add_magnitude (mixture->magnitudes, own_pool (trace, g_array_index (emptied, FeeText, i)));
  for (guint i = trace->n; i < trace->run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (trace->run, i);
    if (!is_of (trace, row, FEE_STAGE_SUPPORT) || !is_reciprocal (trace, row))
      continue;
    add_signed (mixture->total, row->amount);
    add_magnitude (mixture->row_magnitudes, row->amount);
  }
}

static void
divide_by (mpq_t out, const mpz_t divisor)
{
  mpq_t value;
  mpq_init (value);
  mpq_set_z (value, divisor);
  mpq_div (out, out, value);
  mpq_clear (value);
}

/* Reciprocal support mixes the pools of all support centres: a row `*` does not say which gave what. With own s of a
 * centre, r of a row, T their sum, S and R the sums of magnitudes, the centre is taken to give s |r| / R + |s| (r - T |r|
 * / R) / S to the row: that is s r / T where all have one sign, adds up to s over the rows and to r over the centres, and
 * stays small where pools of two signs come to little or nothing. by_size, by_sign: the sums over the rows of what is
 * asked of each times |r|, and times r. */
static void
ask_support (Trace *trace, const mpq_t by_size, const mpq_t by_sign)
{
  g_autoptr (GArray) emptied = emptied_centres (trace);
  Mixture mixture;
  mpq_t size, sign, share;
  mpq_inits (size, sign, share, NULL);
  measure_mixture (trace, emptied, &mixture);
  if (mpz_sgn (mixture.row_magnitudes) != 0 && mpz_sgn (mixture.magnitudes) != 0) {
    mpq_set (size, by_size);
    divide_by (size, mixture.row_magnitudes);
    mpq_set_z (sign, mixture.total);
    mpq_mul (sign, sign, size);
    mpq_sub (sign, by_sign, sign);
    divide_by (sign, mixture.magnitudes);
  }
  for (guint i = 0; i < emptied->len; i++) {
    CentreShare *centre = share_of_centre (trace, g_array_index (emptied, FeeText, i));
    (own_pool (trace, centre->centre) < 0 ? mpq_sub : mpq_add) (share, size, sign);
    mpq_add (centre->share, centre->share, share);
  }
  mpq_clears (size, sign, share, NULL);
  mpz_clears (mixture.total, mixture.magnitudes, mixture.row_magnitudes, NULL);
}

/* Back through the support rows: sources come in the order in which they were emptied, so that the last is known first. */
static void
trace_support (Trace *trace)
{
  mpq_t by_size, by_sign;
  mpq_inits (by_size, by_sign, NULL);
  for (guint i = trace->run->rows->len; i > trace->n; i--) {
    const FeeStageRow *row = fee_run_row (trace->run, i - 1);
    if (!is_of (trace, row, FEE_STAGE_SUPPORT))
      continue;
    mpq_t share;
    mpq_init (share);
    mpq_set (share, share_of_centre (trace, row->target)->share);
    if (is_reciprocal (trace, row)) {
      add_part (by_sign, share, row->amount, 1);
      add_part (by_size, share, row->amount, row->amount < 0 ? -1 : 1);
    } else
      add_part (share_of_centre (trace, row->source)->share, share, row->amount, given_away (trace, row->source));
    mpq_clear (share);
  }
  if (mpq_sgn (by_size) != 0)
    ask_support (trace, by_size, by_sign);
  mpq_clears (by_size, by_sign, NULL);
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

void
fee_trace_back (const FeeRun *run, guint activity, mpq_t *shares)
{
  guint begin, end, first;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  Trace trace = { .run = run, .share = shares, .n = end, .centres = g_array_new (FALSE, FALSE, sizeof (CentreShare)) };
  g_array_set_clear_func (trace.centres, centre_share_clear);
  fee_run_stage (run, FEE_STAGE_ACTIVITY, &first, &end);
  const FeeStageRow *row = fee_run_row (run, first + activity);
  trace.origin = row->origin;
  mpq_set_si (share_of_centre (&trace, row->source)->share, 1, 1);
  trace_support (&trace);
  trace_centres (&trace);
  g_array_unref (trace.centres);
}
