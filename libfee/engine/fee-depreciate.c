/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gmp.h>
#include <string.h>

#include "fee-stages.h"

/* An asset as its row says: rules.md section 4. */
typedef struct {
  FeeText text; /* its id */
  const char *method;
  FeeMoney cost, residual, base;
  gint life;
  FeePeriod first, last; /* months of the first and the last charge; last < first: never charged */
  FeeQuantity units;
} Asset;

static Asset
asset_of (const FeeRecords *records, guint32 row)
{
  const FeeTable *assets = records->tables[FEE_KIND_ASSETS];
  Asset asset = {
    .text = fee_table_column (assets, FEE_ASSETS_ASSET)->text[row],
    .method = fee_table_text (assets, FEE_ASSETS_METHOD, row),
    .cost = fee_table_column (assets, FEE_ASSETS_COST)->number[row],
    .residual = fee_table_column (assets, FEE_ASSETS_RESIDUAL)->number[row],
    .life = fee_table_column (assets, FEE_ASSETS_LIFE)->small[row],
    .units = fee_table_column (assets, FEE_ASSETS_UNITS)->number[row],
  };
  FeePeriod in_service = fee_period_of (fee_table_column (assets, FEE_ASSETS_IN_SERVICE)->small[row]);
  FeeDate disposed = fee_table_column (assets, FEE_ASSETS_DISPOSED)->small[row];
  /* the policy of the month in which it was put in service, so that a later one moves no charge */
  const FeePolicy *policy = fee_records_policy (records, MAX (in_service, fee_records_start (records)));
  asset.base = asset.cost - asset.residual; /* import has 0 <= residual <= cost */
  asset.first = policy->same_month ? in_service : in_service + 1;
  asset.last = disposed == FEE_DATE_NONE ? G_MAXINT32 : fee_period_of (disposed);
  return asset;
}

/* Months charged by the end of a month. */
static gint
months_charged (const Asset *asset, FeePeriod through)
{
  return CLAMP (MIN (through, asset->last) - asset->first + 1, 0, asset->life);
}

static FeeMoney
straight_line (const Asset *asset, gint n)
{
  FeeMoney taken = 0;
  fee_round_ratio (asset->base, n, asset->life, &taken);
  return taken;
}

static FeeMoney
sum_of_years (const Asset *asset, gint n)
{
  gint64 years = asset->life / 12, y = n / 12, months = n % 12;
  /* years of service y of Y take Y, Y - 1, ... parts of Y (Y + 1) / 2, each evenly by month */
  gint64 parts = 12 * (y * years - y * (y - 1) / 2) + months * (years - y);
  FeeMoney taken = 0;
  fee_round_quotient ((__int128) asset->base * parts, 6 * years * (years + 1), &taken);
  return taken;
}

/* round (value), half away from zero; value >= 0 and below 2^63. */
static FeeMoney
round_rational (mpq_t value)
{
  mpz_t doubled, unit;
  mpz_inits (doubled, unit, NULL);
  mpz_mul_2exp (doubled, mpq_numref (value), 1);
  mpz_add (doubled, doubled, mpq_denref (value));
  mpz_mul_2exp (unit, mpq_denref (value), 1);
  mpz_fdiv_q (doubled, doubled, unit);
  FeeMoney rounded = (FeeMoney) mpz_get_si (doubled);
  mpz_clears (doubled, unit, NULL);
  return rounded;
}

/* What year y (from 1) of Y takes of the book value: 双倍余额递减法, the last two years evenly. */
static void
year_takes (const Asset *asset, gint y, mpq_t book, mpq_t left_for_last, mpq_t takes)
{
  gint years = asset->life / 12;
  mpq_t residual;
  mpq_init (residual);
  mpq_set_si (residual, asset->residual, 1);
  if (y <= years - 2) {
    mpq_set_si (takes, 2, (unsigned long) years);
    mpq_canonicalize (takes);
    mpq_mul (takes, takes, book);
    mpq_sub (residual, book, residual);
    if (mpq_cmp (takes, residual) > 0)
      mpq_set (takes, residual);
  } else {
    if (y == MAX (years - 1, 1))
      mpq_sub (left_for_last, book, residual);
    mpq_set_si (takes, 1, years == 1 ? 1 : 2);
    mpq_mul (takes, takes, left_for_last);
  }
  mpq_clear (residual);
}

static FeeMoney
double_declining (const Asset *asset, gint n)
{
  mpq_t book, left, takes, part;
  mpq_inits (book, left, takes, part, NULL);
  mpq_set_si (book, asset->cost, 1);
  for (gint y = 1; (y - 1) * 12 < n; y++) {
    year_takes (asset, y, book, left, takes);
    mpq_set_si (part, MIN (n - (y - 1) * 12, 12), 12);
    mpq_canonicalize (part);
    mpq_mul (part, part, takes);
    mpq_sub (book, book, part); /* whole years first: only the last one is taken in part */
  }
  mpq_set_si (part, asset->cost, 1);
  mpq_sub (part, part, book);
  FeeMoney taken = round_rational (part);
  mpq_clears (book, left, takes, part, NULL);
  return taken;
}

/* Units made through the end of a month, by the flow driver whose target is the asset. */
static FeeQuantity
units_made (const FeeRecords *records, const Asset *asset, FeePeriod through)
{
  guint32 begin, end;
  gint64 made = 0;
  FeeDate day = fee_period_last_day (through);
  if (records->measures == NULL)
    return 0;
  fee_measures_of_driver (records->measures, FEE_DRIVER_UNITS_OF_OUTPUT, &begin, &end);
  for (guint32 i = begin; i < end; i++) {
    if (fee_measures_target (records->measures, i) != asset->text)
      continue;
    FeeQuantity part = fee_flow_through (fee_measures_quantity (records->measures, i), records->measures->spans.from[i],
                                         records->measures->spans.to[i], day);
    if (__builtin_add_overflow (made, part, &made))
      made = part < 0 ? G_MININT64 : G_MAXINT64;
  }
  return CLAMP (made, 0, asset->units);
}

static gboolean
is_method (const Asset *asset, const char *method)
{
  return strcmp (asset->method, method) == 0;
}

FeeMoney
fee_asset_own_depreciation (const FeeRecords *records, guint32 row, FeePeriod through)
{
  Asset asset = asset_of (records, row);
  gint n = months_charged (&asset, through);
  FeeMoney taken = 0;
  if (asset.last < asset.first || through < asset.first)
    return 0;
  if (is_method (&asset, "sum-of-years"))
    return sum_of_years (&asset, n);
  if (is_method (&asset, "double-declining"))
    return double_declining (&asset, n);
  if (!is_method (&asset, "units-of-output"))
    return straight_line (&asset, n);
  fee_round_ratio (asset.base, units_made (records, &asset, MIN (through, asset.last)), asset.units, &taken);
  return taken;
}

FeeMoney
fee_asset_depreciation (const FeeRecords *records, guint32 row, FeePeriod through)
{
  FeeMoney opening = fee_table_column (records->tables[FEE_KIND_ASSETS], FEE_ASSETS_OPENING)->number[row];
  FeePeriod before = fee_records_start (records) - 1;
  /* only straight-line goes on from another opening: import refuses it elsewhere */
  if (opening == FEE_CELL_NO_NUMBER || opening == fee_asset_own_depreciation (records, row, before))
    return fee_asset_own_depreciation (records, row, through);
  Asset asset = asset_of (records, row);
  gint n0 = months_charged (&asset, before), n = months_charged (&asset, through);
  FeeMoney rest = 0;
  if (n > n0)
    fee_round_ratio (asset.base - opening, n - n0, asset.life - n0, &rest);
  return opening + rest;
}
