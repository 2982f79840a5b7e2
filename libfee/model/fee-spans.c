/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-spans.h"

#include <string.h>

#include "../base/fee-memory.h"

#include "fee-policy.h"

void
fee_spans_init (FeeSpans *spans, const FeeTable *table, guint32 *rows, guint32 n, guint from_column, guint to_column,
                gboolean (*same) (const FeeTable *table, guint32 a, guint32 b), FeeOverlapFunc overlap, gpointer data)
{
  const FeeDate *from = fee_table_column (table, from_column)->small;
  const FeeDate *to = fee_table_column (table, to_column)->small;
  *spans = (FeeSpans) { n, rows, fee_memory_array (FeeDate, n), fee_memory_array (FeeDate, n) };
  for (guint32 i = 0; i < n; i++) {
    spans->from[i] = from[rows[i]];
    spans->to[i] = to[rows[i]] == FEE_DATE_NONE ? FEE_DATE_FOREVER : to[rows[i]];
    if (i + 1 == n || !same (table, rows[i], rows[i + 1]))
      continue;
    FeeDate next = from[rows[i + 1]];
    if (to[rows[i]] == FEE_DATE_NONE && next != FEE_DATE_NONE)
      spans->to[i] = next - 1;
    else if (overlap != NULL && spans->to[i] >= next)
      overlap (table, rows[i], rows[i + 1], data);
  }
}

void
fee_spans_clear (FeeSpans *spans)
{
  g_free (spans->row);
  g_free (spans->from);
  g_free (spans->to);
}

/* ids are interned: equal places first, bytes only for different ones */
static gint
compare_ids (const FeeTable *table, guint column, guint32 a, guint32 b)
{
  const FeeText *text = fee_table_column (table, column)->text;
  if (text[a] == text[b])
    return 0;
  return strcmp (fee_table_text (table, column, a), fee_table_text (table, column, b));
}

static gint
compare_dates (const FeeTable *table, guint column, guint32 a, guint32 b)
{
  const gint32 *date = fee_table_column (table, column)->small;
  return date[a] < date[b] ? -1 : date[a] > date[b];
}

/* ---- Units */

static gint
compare_units (const FeeTable *table, guint32 a, guint32 b, gconstpointer data)
{
  (void) data;
  gint order = compare_ids (table, FEE_UNITS_UNIT, a, b);
  return order != 0 ? order : compare_dates (table, FEE_UNITS_FROM, a, b);
}

static gboolean
same_unit (const FeeTable *table, guint32 a, guint32 b)
{
  const FeeText *unit = fee_table_column (table, FEE_UNITS_UNIT)->text;
  return unit[a] == unit[b];
}

static guint32
hash_place (FeeText place)
{
  return (guint32) ((place * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15)) >> 32);
}

static void
index_units (FeeRegister *reg)
{
  reg->mask = 63;
  while (reg->mask < reg->n_units + reg->n_units / 2)
    reg->mask = reg->mask * 2 + 1;
  reg->slots = fee_memory_array0 (guint32, (gsize) reg->mask + 1);
  for (guint32 i = 0; i < reg->n_units; i++) {
    guint32 slot = hash_place (reg->unit[i]) & reg->mask;
    while (reg->slots[slot] != 0)
      slot = (slot + 1) & reg->mask;
    reg->slots[slot] = i + 1;
  }
}

FeeRegister *
fee_register_new (const FeeTable *units, FeeOverlapFunc overlap, gpointer data)
{
  FeeRegister *reg = g_new0 (FeeRegister, 1);
  reg->table = units;
  guint32 n;
  guint32 *rows = fee_table_sorted (units, compare_units, NULL, &n);
  fee_spans_init (&reg->spans, units, rows, n, FEE_UNITS_FROM, FEE_UNITS_TO, same_unit, overlap, data);
  reg->unit = fee_memory_array (FeeText, n);
  reg->first = fee_memory_array (guint32, (gsize) n + 1);
  const FeeText *unit = fee_table_column (units, FEE_UNITS_UNIT)->text;
  for (guint32 i = 0; i < n; i++) {
    if (i > 0 && unit[rows[i]] == unit[rows[i - 1]])
      continue;
    reg->unit[reg->n_units] = unit[rows[i]];
    reg->first[reg->n_units++] = i;
  }
  reg->first[reg->n_units] = n;
  index_units (reg);
  return reg;
}

void
fee_register_free (FeeRegister *reg)
{
  if (reg == NULL)
    return;
  fee_spans_clear (&reg->spans);
  g_free (reg->unit);
  g_free (reg->first);
  g_free (reg->slots);
  g_free (reg);
}

guint32
fee_register_find (const FeeRegister *reg, FeeText unit, guint32 hint)
{
  for (guint32 i = hint; i < reg->n_units && i - hint < 2; i++)
    if (reg->unit[i] == unit)
      return i;
  guint32 slot = hash_place (unit) & reg->mask;
  while (reg->slots[slot] != 0 && reg->unit[reg->slots[slot] - 1] != unit)
    slot = (slot + 1) & reg->mask;
  return reg->slots[slot] - 1; /* 0 - 1 is FEE_UNIT_NONE */
}

/* ---- Parties */

static FeeRole
role_of (const FeeTable *parties, guint32 row)
{
  return strcmp (fee_table_text (parties, FEE_PARTIES_ROLE, row), "owner") == 0 ? FEE_ROLE_OWNER : FEE_ROLE_OCCUPANT;
}

static gint
compare_parties (const FeeTable *table, guint32 a, guint32 b, gconstpointer data)
{
  (void) data;
  gint order = compare_ids (table, FEE_PARTIES_UNIT, a, b);
  if (order == 0)
    order = (gint) role_of (table, a) - (gint) role_of (table, b);
  return order != 0 ? order : compare_dates (table, FEE_PARTIES_FROM, a, b);
}

static gboolean
same_unit_and_role (const FeeTable *table, guint32 a, guint32 b)
{
  const FeeText *unit = fee_table_column (table, FEE_PARTIES_UNIT)->text;
  const FeeText *role = fee_table_column (table, FEE_PARTIES_ROLE)->text;
  return unit[a] == unit[b] && role[a] == role[b];
}

/* interface.md section 3: a party without a number is `UNIT:ROLE:FROM`. */
static FeeText
default_party (const FeeTable *parties, guint32 row)
{
  char from[FEE_DATE_SIZE];
  fee_date_format (fee_table_column (parties, FEE_PARTIES_FROM)->small[row], from);
  g_autofree char *party = g_strdup_printf ("%s:%s:%s", fee_table_text (parties, FEE_PARTIES_UNIT, row),
                                            fee_table_text (parties, FEE_PARTIES_ROLE, row), from);
  return fee_strings_intern_text (parties->ids, party);
}

FeeText
fee_party_of_row (const FeeTable *parties, guint32 row)
{
  FeeText party = fee_table_column (parties, FEE_PARTIES_PARTY)->text[row];
  return party != FEE_TEXT_EMPTY ? party : default_party (parties, row);
}

/* Rows of units that the register lacks are left out: import refuses them, but a wrong book must not bill a neighbour. */
static guint32
keep_known (const FeeTable *parties, const FeeRegister *reg, guint32 *rows, guint32 n)
{
  const FeeText *unit = fee_table_column (parties, FEE_PARTIES_UNIT)->text;
  guint32 kept = 0, near = 0;
  for (guint32 i = 0; i < n; i++) {
    guint32 index = fee_register_find (reg, unit[rows[i]], near);
    if (index == FEE_UNIT_NONE)
      continue;
    near = index;
    rows[kept++] = rows[i];
  }
  return kept;
}

FeeTenures *
fee_tenures_new (const FeeTable *parties, const FeeRegister *reg, FeeOverlapFunc overlap, gpointer data)
{
  FeeTenures *tenures = g_new0 (FeeTenures, 1);
  tenures->table = parties;
  guint32 *rows = fee_table_sorted (parties, compare_parties, NULL, &tenures->n);
  tenures->n = keep_known (parties, reg, rows, tenures->n);
  fee_spans_init (&tenures->spans, parties, rows, tenures->n, FEE_PARTIES_FROM, FEE_PARTIES_TO, same_unit_and_role, overlap, data);
  tenures->party = fee_memory_array (FeeText, tenures->n);
  tenures->role = fee_memory_array (guint8, tenures->n);
  tenures->first = fee_memory_array0 (guint32, (gsize) reg->n_units + 1);
  const FeeText *unit = fee_table_column (parties, FEE_PARTIES_UNIT)->text;
  guint32 next = 0; /* units are in the same order: `first` is filled on the way */
  for (guint32 i = 0; i < tenures->n; i++) {
    guint32 row = rows[i];
    tenures->party[i] = fee_party_of_row (parties, row);
    tenures->role[i] = (guint8) role_of (parties, row);
    while (next == 0 || reg->unit[next - 1] != unit[row])
      tenures->first[next++] = i;
  }
  while (next <= reg->n_units)
    tenures->first[next++] = tenures->n;
  return tenures;
}

void
fee_tenures_free (FeeTenures *tenures)
{
  if (tenures == NULL)
    return;
  fee_spans_clear (&tenures->spans);
  g_free (tenures->first);
  g_free (tenures->party);
  g_free (tenures->role);
  g_free (tenures);
}

FeeText
fee_tenures_owner (const FeeTenures *tenures, guint32 unit, FeeDate day)
{
  for (guint32 i = tenures->first[unit]; i < tenures->first[unit + 1]; i++)
    if (tenures->role[i] == FEE_ROLE_OWNER && tenures->spans.from[i] <= day && day <= tenures->spans.to[i])
      return tenures->party[i];
  return FEE_TEXT_EMPTY;
}

/* ---- Quantities */

static gint
compare_quantities (const FeeTable *table, guint32 a, guint32 b, gconstpointer data)
{
  (void) data;
  gint order = compare_ids (table, FEE_QUANTITIES_DRIVER, a, b);
  if (order == 0)
    order = compare_ids (table, FEE_QUANTITIES_TARGET, a, b);
  return order != 0 ? order : compare_dates (table, FEE_QUANTITIES_FROM, a, b);
}

static gboolean
same_driver_and_target (const FeeTable *table, guint32 a, guint32 b)
{
  const FeeText *driver = fee_table_column (table, FEE_QUANTITIES_DRIVER)->text;
  const FeeText *target = fee_table_column (table, FEE_QUANTITIES_TARGET)->text;
  return driver[a] == driver[b] && target[a] == target[b];
}

FeeMeasures *
fee_measures_new (const FeeTable *quantities, FeeOverlapFunc overlap, gpointer data)
{
  FeeMeasures *measures = g_new0 (FeeMeasures, 1);
  measures->table = quantities;
  measures->drivers = g_array_new (FALSE, FALSE, sizeof (FeeDriverSpans));
  guint32 n;
  guint32 *rows = fee_table_sorted (quantities, compare_quantities, NULL, &n);
  fee_spans_init (&measures->spans, quantities, rows, n, FEE_QUANTITIES_FROM, FEE_QUANTITIES_TO, same_driver_and_target, overlap,
                  data);
  const FeeText *driver = fee_table_column (quantities, FEE_QUANTITIES_DRIVER)->text;
  for (guint32 i = 0; i < n; i++) {
    if (i == 0 || driver[rows[i]] != driver[rows[i - 1]]) {
      FeeDriverSpans stretch = { driver[rows[i]], i, i };
      g_array_append_val (measures->drivers, stretch);
    }
    g_array_index (measures->drivers, FeeDriverSpans, measures->drivers->len - 1).end = i + 1;
  }
  return measures;
}

void
fee_measures_free (FeeMeasures *measures)
{
  if (measures == NULL)
    return;
  fee_spans_clear (&measures->spans);
  g_array_unref (measures->drivers);
  g_free (measures);
}

void
fee_measures_of_driver (const FeeMeasures *measures, const char *driver, guint32 *begin, guint32 *end)
{
  *begin = *end = 0;
  const FeeStrings *words = fee_table_column (measures->table, FEE_QUANTITIES_DRIVER)->words;
  for (guint i = 0; i < measures->drivers->len; i++) {
    const FeeDriverSpans *stretch = &g_array_index (measures->drivers, FeeDriverSpans, i);
    if (strcmp (fee_strings_get (words, stretch->driver), driver) == 0) {
      *begin = stretch->begin;
      *end = stretch->end;
    }
  }
}
