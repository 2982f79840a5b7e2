/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/engine/fee-apportion.h"
#include "../../libfee/engine/fee-stages.h"
#include "../../libfee/report/fee-change.h"

/* The one division, and what is made like it: amounts and weights of any size. */

#define MOST 40

typedef struct {
  FeeMoney amount;
  gsize n;
  gint64 weights[MOST], total;
  gint32 counts[MOST];
  FeeMoney parts[MOST];
  guint8 odd[MOST];
} Share;

static gboolean
take_share (FuzzInput *in, Share *share)
{
  guint width = fuzz_choice (in, 9);
  share->amount = fuzz_number (in);
  share->n = 1 + fuzz_choice (in, MOST);
  for (gsize i = 0; i < share->n; i++) {
    share->weights[i] = (gint64) (fuzz_bytes (in, width) >> 1);
    share->counts[i] = (gint32) fuzz_choice (in, 5) - 2;
  }
  return fee_apportion_total (share->weights, share->n, &share->total) && share->total > 0;
}

/* Adds up; less than a fen off each; nothing for weight 0; who weighs more never gets less. */
static void
require_fair (const Share *share)
{
  __int128 sum = 0;
  for (gsize i = 0; i < share->n; i++) {
    __int128 off = (__int128) share->amount * share->weights[i] - (__int128) share->parts[i] * share->total;
    fuzz_require (off > -(__int128) share->total && off < share->total);
    fuzz_require (share->weights[i] > 0 || share->parts[i] == 0);
    sum += share->parts[i];
    for (gsize k = 0; k < i; k++) {
      guint64 mine = fee_money_magnitude (share->parts[i]), other = fee_money_magnitude (share->parts[k]);
      fuzz_require (share->weights[i] <= share->weights[k] || mine >= other);
      fuzz_require (share->weights[i] >= share->weights[k] || mine <= other);
      fuzz_require (share->weights[i] != share->weights[k] || (mine > other ? mine - other : other - mine) <= 1);
    }
  }
  fuzz_require (sum == share->amount);
}

/* Whether i comes before k by the letter of the rule: remainder, count, id. */
static gboolean
comes_before (const Share *share, gsize i, gsize k)
{
  guint64 left_i, left_k, size = fee_money_magnitude (share->amount);
  fee_apportion_floor (size, (guint64) share->weights[i], (guint64) share->total, &left_i);
  fee_apportion_floor (size, (guint64) share->weights[k], (guint64) share->total, &left_k);
  if (left_i != left_k)
    return left_i > left_k;
  if (share->counts[i] != share->counts[k])
    return (share->amount < 0) == (share->counts[i] > share->counts[k]);
  return (share->amount < 0) == (i > k);
}

static void
check_share (FuzzInput *in)
{
  Share share = { 0 };
  gint64 scratch[2 * MOST];
  if (!take_share (in, &share))
    return;
  gsize left = fee_apportion_odd (share.amount, share.weights, share.n, share.total, share.counts, scratch, share.odd);
  for (gsize i = 0; i < share.n; i++)
    share.parts[i] = fee_apportion_part (share.amount, share.weights[i], share.total, share.odd[i]);
  require_fair (&share);
  for (gsize i = 0; i < share.n; i++) {
    gsize before = 0;
    for (gsize k = 0; k < share.n; k++)
      before += k != i && comes_before (&share, k, i);
    fuzz_require (share.odd[i] == (before < left));
  }
  fee_apportion (share.amount, share.weights, share.n, share.total, share.parts);
  require_fair (&share);
}

static void
check_select (FuzzInput *in)
{
  gint64 values[MOST], copy[MOST];
  gsize n = 1 + fuzz_choice (in, MOST), k = fuzz_choice (in, (guint) n), less = 0, equal = 0;
  for (gsize i = 0; i < n; i++)
    values[i] = copy[i] = fuzz_number (in);
  gint64 found = fee_select (values, n, k);
  for (gsize i = 0; i < n; i++) {
    less += copy[i] < found;
    equal += copy[i] == found;
  }
  fuzz_require (less <= k && k < less + equal);
}

/* Nothing is lost between support and primary centres, whoever serves whom. */
static void
check_reciprocal (FuzzInput *in)
{
  enum { SUPPORT = 6, PRIMARY = 5 };
  guint n = 1 + fuzz_choice (in, SUPPORT), m = 1 + fuzz_choice (in, PRIMARY), width = fuzz_choice (in, 9);
  gint64 weights[SUPPORT * (SUPPORT + PRIMARY)];
  FeeMoney own[SUPPORT], out[PRIMARY] = { 0 };
  gboolean has_share[PRIMARY], stuck[SUPPORT], any = FALSE;
  guint order[PRIMARY];
  __int128 before = 0, after = 0;
  for (guint i = 0; i < n * (n + m); i++)
    weights[i] = fuzz_byte (in) % 3 == 0 ? 0 : (gint64) (fuzz_bytes (in, width) >> 6);
  for (guint i = 0; i < n; i++)
    before += own[i] = fuzz_number (in) / SUPPORT;
  for (guint i = 0; i < m; i++)
    order[i] = i;
  gboolean ok = fee_reciprocal (n, m, weights, own, order, out, has_share, stuck);
  for (guint i = 0; i < n; i++)
    any = any || stuck[i];
  for (guint i = 0; i < m; i++)
    after += out[i];
  if (ok)
    fuzz_require (!any && after == before);
}

/* The causes of a difference add up to it. */
static void
check_change (FuzzInput *in)
{
  FeeChangeSide sides[2];
  FeeMoney parts[FEE_N_CHANGES];
  __int128 sum = 0;
  for (guint i = 0; i < 2; i++) {
    FeeChangeSide *side = &sides[i];
    *side = (FeeChangeSide) { .pool = fuzz_number (in), .days = 1 + (gint) fuzz_choice (in, 31), .amount = fuzz_number (in) };
    side->total = fuzz_number (in) & G_MAXINT64;
    side->weight = side->total > 0 ? (fuzz_number (in) & G_MAXINT64) % side->total : 0;
  }
  if (!fee_change_split (&sides[0], &sides[1], parts))
    return;
  for (guint i = 0; i < FEE_N_CHANGES; i++)
    sum += parts[i];
  fuzz_require (sum == (__int128) sides[1].amount - sides[0].amount);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  static void (*const checks[]) (FuzzInput *in) = { check_share, check_select, check_reciprocal, check_change };
  FuzzInput in = { bytes, bytes + length };
  checks[fuzz_choice (&in, G_N_ELEMENTS (checks))](&in);
  return 0;
}
