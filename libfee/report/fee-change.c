/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-change.h"

#include <gmp.h>
#include <string.h>

const char *
fee_change_cause_text (FeeChangeCause cause)
{
  static const char *const texts[] = { "cost", "own", "denominator", "policy", "correction", "rounding" };
  return texts[cause];
}

/* round (value), half away from zero. FALSE where it leaves 64 bits. */
static gboolean
round_exact (const mpq_t value, FeeMoney *out)
{
  mpz_t doubled, divisor;
  mpz_inits (doubled, divisor, NULL);
  mpz_abs (doubled, mpq_numref (value));
  mpz_mul_2exp (doubled, doubled, 1);
  mpz_add (doubled, doubled, mpq_denref (value));
  mpz_mul_2exp (divisor, mpq_denref (value), 1);
  mpz_fdiv_q (doubled, doubled, divisor);
  if (mpq_sgn (value) < 0)
    mpz_neg (doubled, doubled);
  gboolean fits = mpz_fits_slong_p (doubled);
  if (fits)
    *out = mpz_get_si (doubled);
  mpz_clears (doubled, divisor, NULL);
  return fits;
}

/* A month as exact numbers: its pool, and weights by day. */
typedef struct {
  mpq_t pool, weight, total;
} Exact;

static void
set_ratio (mpq_t out, gint64 value, gint divisor)
{
  mpq_set_si (out, value, (unsigned long) divisor);
  mpq_canonicalize (out);
}

static void
exact_init (Exact *exact, const FeeChangeSide *side)
{
  mpq_inits (exact->pool, exact->weight, exact->total, NULL);
  mpq_set_si (exact->pool, side->total == 0 ? 0 : side->pool, 1);
  set_ratio (exact->weight, side->weight, side->days);
  set_ratio (exact->total, side->total, side->days);
}

static void
exact_clear (Exact *exact)
{
  mpq_clears (exact->pool, exact->weight, exact->total, NULL);
}

/* One month shared nothing: as if its quantities had been those of the other. */
static void
borrow_quantities (Exact *exact, const Exact *other)
{
  if (mpq_sgn (exact->total) != 0)
    return;
  mpq_set (exact->weight, other->weight);
  mpq_set (exact->total, other->total);
}

/* out = (a - b) x factor / divisor, rounded. */
static gboolean
part_of (const mpq_t a, const mpq_t b, const mpq_t factor, const mpq_t divisor, FeeMoney *out)
{
  mpq_t value;
  mpq_init (value);
  mpq_sub (value, a, b);
  mpq_mul (value, value, factor);
  mpq_div (value, value, divisor);
  gboolean fits = round_exact (value, out);
  mpq_clear (value);
  return fits;
}

static gboolean
split_exactly (const Exact *before, const Exact *now, FeeMoney parts[FEE_N_CHANGES])
{
  mpq_t factor, divisor;
  mpq_inits (factor, divisor, NULL);
  gboolean fits = part_of (now->pool, before->pool, before->weight, before->total, &parts[FEE_CHANGE_COST])
                  && part_of (now->weight, before->weight, now->pool, before->total, &parts[FEE_CHANGE_OWN]);
  /* 1/WP - 1/WQ = (WQ - WP) / (WP WQ) */
  mpq_mul (factor, now->pool, now->weight);
  mpq_mul (divisor, now->total, before->total);
  fits = fits && part_of (before->total, now->total, factor, divisor, &parts[FEE_CHANGE_DENOMINATOR]);
  mpq_clears (factor, divisor, NULL);
  return fits;
}

gboolean
fee_change_split (const FeeChangeSide *before, const FeeChangeSide *now, FeeMoney parts[FEE_N_CHANGES])
{
  Exact from, to;
  gboolean fits = TRUE;
  memset (parts, 0, FEE_N_CHANGES * sizeof *parts);
  exact_init (&from, before);
  exact_init (&to, now);
  borrow_quantities (&from, &to);
  borrow_quantities (&to, &from);
  if (mpq_sgn (from.total) != 0)
    fits = split_exactly (&from, &to, parts);
  exact_clear (&from);
  exact_clear (&to);
  fits = fits && fee_money_subtract (now->amount, before->amount, &parts[FEE_CHANGE_ROUNDING]);
  for (guint i = FEE_CHANGE_COST; i <= FEE_CHANGE_DENOMINATOR; i++)
    fits = fits && fee_money_subtract (parts[FEE_CHANGE_ROUNDING], parts[i], &parts[FEE_CHANGE_ROUNDING]);
  return fits;
}

gboolean
fee_change_by_day (FeeQuantity weight, gint days, FeeQuantity *out)
{
  return fee_round_quotient (weight, days, out);
}

/* ---- Policies */

static gboolean
same_text (const char *a, const char *b)
{
  return g_strcmp0 (a, b) == 0;
}

static gboolean
same_driver (const FeePolicy *a, gint x, const FeePolicy *b, gint y)
{
  if (x < 0 || y < 0)
    return x < 0 && y < 0;
  const FeeDriver *before = fee_policy_driver (a, x), *now = fee_policy_driver (b, y);
  return same_text (before->id, now->id) && before->kind == now->kind && before->declared == now->declared;
}

static gboolean
same_condition (const FeeCondition *a, const FeeCondition *b)
{
  if (g_ascii_strcasecmp (a->attribute, b->attribute) != 0 || a->comparison != b->comparison)
    return FALSE;
  if (a->comparison != FEE_CONDITION_EQ && a->comparison != FEE_CONDITION_NE)
    return a->limit == b->limit;
  return g_strv_equal ((const char *const *) a->values, (const char *const *) b->values);
}

static gboolean
same_scope (const GArray *a, const GArray *b)
{
  gboolean same = a->len == b->len;
  for (guint i = 0; same && i < a->len; i++)
    same = same_condition (&g_array_index (a, FeeCondition, i), &g_array_index (b, FeeCondition, i));
  return same;
}

gboolean
fee_change_same_rule (const FeePolicy *before, const FeePolicy *now, const char *centre)
{
  gint x = fee_policy_find_centre (before, centre), y = fee_policy_find_centre (now, centre);
  if (x < 0 || y < 0)
    return FALSE;
  const FeeCentre *a = fee_policy_centre (before, x), *b = fee_policy_centre (now, y);
  return a->kind == b->kind && same_driver (before, a->driver, now, b->driver) && same_scope (a->scope, b->scope);
}
