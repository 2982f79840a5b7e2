/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-table.h"

G_BEGIN_DECLS

/* Rows of one key that follow each other in time: units, parties, quantities. interface.md section 3: `from` empty is always, `to` empty
 * is until the key's next row, or without end; rows that overlap are refused. */

typedef struct {
  guint32 n;
  guint32 *row;       /* of the table, by key, then from */
  FeeDate *from, *to; /* both days included */
} FeeSpans;

/* Two rows of one key, the second beginning before the first is over. */
typedef void (*FeeOverlapFunc) (const FeeTable *table, guint32 row, guint32 other, gpointer data);

/* Takes rows, sorted so that rows of a key stand together by from. same: whether two rows have the same key but for from.
 * Clear with fee_spans_clear(). */
void fee_spans_init (FeeSpans *spans, const FeeTable *table, guint32 *rows, guint32 n, guint from_column, guint to_column,
                     gboolean (*same) (const FeeTable *table, guint32 a, guint32 b), FeeOverlapFunc overlap, gpointer data);
void fee_spans_clear (FeeSpans *spans);

/* The register: units by id (bytewise), each with its rows. */
typedef struct {
  const FeeTable *table;
  FeeSpans spans;
  guint32 n_units;
  FeeText *unit;  /* by unit */
  guint32 *first; /* by unit, and one more: its first span */
  guint32 *slots, mask;
} FeeRegister;

/* Owned by the caller; free with fee_register_free(). table must outlive it. overlap may be NULL. */
FeeRegister *fee_register_new (const FeeTable *units, FeeOverlapFunc overlap, gpointer data);
void fee_register_free (FeeRegister *reg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRegister, fee_register_free)

#define FEE_UNIT_NONE G_MAXUINT32
/* FEE_UNIT_NONE where it is not in the register. hint: a unit near which it may stand. */
guint32 fee_register_find (const FeeRegister *reg, FeeText unit, guint32 hint);
static inline const char *
fee_register_unit (const FeeRegister *reg, guint32 unit)
{
  return fee_strings_get (reg->table->ids, reg->unit[unit]);
}

/* Who holds which role in a unit when. */
typedef struct {
  const FeeTable *table;
  guint32 n;
  FeeSpans spans;
  guint32 *first;  /* by unit of the register, and one more */
  FeeText *party;  /* by span; the default `UNIT:ROLE:FROM` filled in */
  guint8 *role;    /* by span: FeeRole */
} FeeTenures;

/* Owned by the caller; free with fee_tenures_free(). Rows of units that the register lacks are left out. ids of the table grow by default parties. */
FeeTenures *fee_tenures_new (const FeeTable *parties, const FeeRegister *reg, FeeOverlapFunc overlap, gpointer data);
void fee_tenures_free (FeeTenures *tenures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeTenures, fee_tenures_free)
/* Whom a row names: its party, else `UNIT:ROLE:FROM`, by which the ids of the table may grow. */
FeeText fee_party_of_row (const FeeTable *parties, guint32 row);
/* The owner of a unit that day; FEE_TEXT_EMPTY where there is none. */
FeeText fee_tenures_owner (const FeeTenures *tenures, guint32 unit, FeeDate day);

/* Imported quantities, by driver and target. */
typedef struct {
  FeeText driver;     /* in the words of the driver column */
  guint32 begin, end; /* its spans */
} FeeDriverSpans;

typedef struct {
  const FeeTable *table;
  FeeSpans spans; /* by driver (bytewise), target (bytewise), from */
  GArray *drivers; /* of FeeDriverSpans */
} FeeMeasures;

/* Owned by the caller; free with fee_measures_free(). */
FeeMeasures *fee_measures_new (const FeeTable *quantities, FeeOverlapFunc overlap, gpointer data);
void fee_measures_free (FeeMeasures *measures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeMeasures, fee_measures_free)
/* The spans of a driver: an empty stretch where it has none. */
void fee_measures_of_driver (const FeeMeasures *measures, const char *driver, guint32 *begin, guint32 *end);
static inline FeeText
fee_measures_target (const FeeMeasures *measures, guint32 span)
{
  return fee_table_column (measures->table, FEE_QUANTITIES_TARGET)->text[measures->spans.row[span]];
}
static inline FeeQuantity
fee_measures_quantity (const FeeMeasures *measures, guint32 span)
{
  return fee_table_column (measures->table, FEE_QUANTITIES_QUANTITY)->number[measures->spans.row[span]];
}

G_END_DECLS
