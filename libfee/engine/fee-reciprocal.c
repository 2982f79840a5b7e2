/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gmp.h>
#include <string.h>

#include "fee-stages.h"

/* The equations of the support centres that money reaches, on integers: W[i] y[i] - sum over j of w[j][i] y[j] = own[i], where
 * x = W y is what a centre has in the end. Solved by fraction-free elimination (Bareiss): every division is exact. */
typedef struct {
  guint n;        /* equations */
  guint *centre;  /* by equation: support centre */
  mpz_t *m;       /* n rows of n + 1 */
} Equations;

static mpz_t *
cell (const Equations *equations, guint row, guint column)
{
  return &equations->m[(gsize) row * (equations->n + 1) + column];
}

/* Marks the support centres to which money comes from those that have some. */
static void
spread_reached (guint n, guint n_targets, const gint64 *weights, gboolean *reached)
{
  for (gboolean more = TRUE; more;) {
    more = FALSE;
    for (guint i = 0; i < n; i++)
      for (guint j = 0; j < n && reached[i]; j++)
        if (i != j && weights[(gsize) i * n_targets + j] > 0 && !reached[j])
          more = reached[j] = TRUE;
  }
}

/* Marks those of them from which no money ever comes to a primary centre. */
static gboolean
find_stuck (guint n, guint n_targets, const gint64 *weights, const gboolean *reached, gboolean *stuck)
{
  gboolean any = FALSE;
  memcpy (stuck, reached, n * sizeof *stuck);
  for (gboolean more = TRUE; more;) {
    more = FALSE;
    for (guint i = 0; i < n; i++)
      for (guint j = 0; j < n_targets && stuck[i]; j++)
        if (i != j && weights[(gsize) i * n_targets + j] > 0 && (j >= n || (reached[j] && !stuck[j]))) {
          stuck[i] = FALSE;
          more = TRUE;
        }
  }
  for (guint i = 0; i < n; i++)
    any = any || stuck[i];
  return any;
}

static void
set_int64 (mpz_t out, gint64 value)
{
  mpz_set_si (out, value); /* long is 64 bits wherever this is built: meson.build checks it */
}

static void
fill_equations (Equations *equations, guint n_targets, const gint64 *weights, const FeeMoney *own)
{
  mpz_t weight;
  mpz_init (weight);
  for (guint r = 0; r < equations->n; r++) {
    guint i = equations->centre[r];
    for (guint t = 0; t < n_targets; t++) {
      set_int64 (weight, t == i ? 0 : weights[(gsize) i * n_targets + t]);
      mpz_add (*cell (equations, r, r), *cell (equations, r, r), weight);
    }
    for (guint c = 0; c < equations->n; c++) {
      guint j = equations->centre[c];
      if (c != r)
        mpz_set_si (*cell (equations, r, c), -weights[(gsize) j * n_targets + i]);
    }
    set_int64 (*cell (equations, r, equations->n), own[i]);
  }
  mpz_clear (weight);
}

/* Jordan's form of the elimination: afterwards row r reads det * y[r] = last cell. det is never 0: every centre leads to a primary one, so
 * the matrix is weakly chained diagonally dominant; by the same reason no pivot is 0. */
static void
eliminate (Equations *equations, mpz_t det)
{
  guint n = equations->n;
  mpz_t product;
  mpz_init (product);
  mpz_set_si (det, 1);
  for (guint k = 0; k < n; k++) {
    for (guint r = 0; r < n; r++) {
      if (r == k)
        continue;
      for (guint c = 0; c <= n; c++) {
        if (c == k)
          continue;
        mpz_mul (product, *cell (equations, r, k), *cell (equations, k, c));
        mpz_mul (*cell (equations, r, c), *cell (equations, r, c), *cell (equations, k, k));
        mpz_sub (*cell (equations, r, c), *cell (equations, r, c), product);
        mpz_divexact (*cell (equations, r, c), *cell (equations, r, c), det);
      }
      mpz_set_si (*cell (equations, r, k), 0);
    }
    mpz_set (det, *cell (equations, k, k));
  }
  mpz_clear (product);
}

/* What reaches each primary centre, as numerators over det; negated where T < 0. */
static void
numerators (const Equations *equations, guint n_support, guint n_primary, const gint64 *weights, gint sign, mpz_t *out)
{
  mpz_t product;
  mpz_init (product);
  for (guint p = 0; p < n_primary; p++) {
    for (guint r = 0; r < equations->n; r++) {
      guint i = equations->centre[r];
      set_int64 (product, weights[(gsize) i * (n_support + n_primary) + n_support + p]);
      mpz_mul (product, product, *cell (equations, r, equations->n));
      mpz_add (out[p], out[p], product);
    }
    if (sign < 0)
      mpz_neg (out[p], out[p]);
  }
  mpz_clear (product);
}

/* Rounds once: floor of each, the fen left to the largest fractions, ties to the smaller id (rules.md section 5.3). FALSE where a part
 * leaves 64 bits. */
static gboolean
round_parts (guint n, const mpz_t *numerator, const mpz_t det, __int128 total, const guint *order, FeeMoney *out)
{
  g_autofree mpz_t *fraction = g_new (mpz_t, n);
  g_autofree gboolean *taken = g_new0 (gboolean, n);
  mpz_t whole;
  mpz_init (whole);
  __int128 left = total;
  gboolean fits = TRUE;
  for (guint p = 0; p < n; p++) {
    mpz_init (fraction[p]);
    mpz_fdiv_qr (whole, fraction[p], numerator[p], det);
    fits = fits && mpz_cmp_si (whole, FEE_MONEY_MAX) < 0 && mpz_cmp_si (whole, -FEE_MONEY_MAX) > 0;
    out[p] = mpz_get_si (whole);
    left -= out[p];
  }
  for (; fits && left > 0; left--) {
    guint best = n;
    for (guint p = 0; p < n; p++) {
      if (taken[p])
        continue;
      gint larger = best == n ? 1 : mpz_cmp (fraction[p], fraction[best]);
      if (larger > 0 || (larger == 0 && order[p] < order[best]))
        best = p;
    }
    taken[best] = TRUE;
    out[best]++;
  }
  for (guint p = 0; p < n; p++)
    mpz_clear (fraction[p]);
  mpz_clear (whole);
  return fits;
}

static gboolean
solve (Equations *equations, guint n_support, guint n_primary, const gint64 *weights, const FeeMoney *own, const guint *order,
       FeeMoney *out, gboolean *has_share)
{
  gsize cells = (gsize) equations->n * (equations->n + 1);
  g_autofree mpz_t *numerator = g_new (mpz_t, n_primary);
  __int128 total = 0;
  mpz_t det;
  mpz_init (det);
  equations->m = g_new (mpz_t, MAX (cells, 1));
  for (gsize i = 0; i < cells; i++)
    mpz_init (equations->m[i]);
  for (guint p = 0; p < n_primary; p++)
    mpz_init (numerator[p]);
  for (guint i = 0; i < n_support; i++)
    total += own[i];
  fill_equations (equations, n_support + n_primary, weights, own);
  eliminate (equations, det);
  gint sign = total < 0 ? -1 : 1;
  numerators (equations, n_support, n_primary, weights, sign, numerator);
  gboolean fits = round_parts (n_primary, numerator, det, total * sign, order, out);
  for (guint p = 0; p < n_primary; p++) {
    out[p] = fits ? out[p] * sign : 0;
    has_share[p] = mpz_sgn (numerator[p]) != 0;
    mpz_clear (numerator[p]);
  }
  for (gsize i = 0; i < cells; i++)
    mpz_clear (equations->m[i]);
  g_free (equations->m);
  mpz_clear (det);
  return fits;
}

gboolean
fee_reciprocal (guint n_support, guint n_primary, const gint64 *weights, const FeeMoney *own, const guint *order, FeeMoney *out,
                gboolean *has_share, gboolean *stuck)
{
  g_autofree gboolean *reached = g_new0 (gboolean, n_support + 1);
  g_autofree guint *centre = g_new (guint, n_support + 1);
  Equations equations = { 0, centre, NULL };
  for (guint i = 0; i < n_support; i++)
    reached[i] = own[i] != 0;
  spread_reached (n_support, n_support + n_primary, weights, reached);
  if (find_stuck (n_support, n_support + n_primary, weights, reached, stuck))
    return FALSE;
  for (guint i = 0; i < n_support; i++)
    if (reached[i])
      centre[equations.n++] = i;
  memset (out, 0, n_primary * sizeof *out);
  memset (has_share, 0, n_primary * sizeof *has_share);
  return equations.n == 0 || solve (&equations, n_support, n_primary, weights, own, order, out, has_share);
}
