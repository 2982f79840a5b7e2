/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What each kind of file holds: interface.md section 3. One table drives import, reading back and checks. */

typedef enum {
  FEE_KIND_POLICY,
  FEE_KIND_UNITS,
  FEE_KIND_PARTIES,
  FEE_KIND_COSTS,
  FEE_KIND_ASSETS,
  FEE_KIND_QUANTITIES,
  FEE_KIND_RECEIPTS,
  FEE_KIND_ADJUSTMENTS,
  FEE_KIND_HOLDS,
  FEE_KIND_INSTALMENTS,
  FEE_KIND_NOTICES,
  FEE_KIND_BUDGETS,
  FEE_KIND_INCOME,
  FEE_N_KINDS,
} FeeKindId;

typedef enum {
  FEE_CELL_ID,       /* a text that rows of several kinds share: interned in the book's ids */
  FEE_CELL_WORD,     /* a text of few different values: interned in the column's own words */
  FEE_CELL_TEXT,     /* any other text */
  FEE_CELL_DATE,
  FEE_CELL_MONEY,
  FEE_CELL_QUANTITY,
  FEE_CELL_COUNT,    /* a whole number */
} FeeCellType;

typedef struct {
  const char *name;
  const char *others; /* other header names, separated by '|'; NULL for none */
  FeeCellType type;
  gboolean required; /* the column and every cell of it; but see instead */
  gboolean key;
  const char *choices; /* the words allowed, each with its Chinese name: "owner=业主|occupant=使用人"; NULL: any */
  const char *instead; /* of a required field: a row that has a cell of this one may do without; then the book says what it is. NULL: none */
  gboolean reference;  /* a bill number, or the payment reference of one, which is turned to it */
} FeeKindField;

#define FEE_KIND_FIELDS_MAX 12
#define FEE_KEYS_MAX 3

typedef struct {
  FeeKindId id;
  const char *name;
  FeeKindField fields[FEE_KIND_FIELDS_MAX];
  guint n_fields;
  guint keys[FEE_KEYS_MAX]; /* fields of the key */
  guint n_keys;
  gboolean attributes; /* unknown columns are attributes */
} FeeKind;

const FeeKind *fee_kind_get (FeeKindId id);
/* NULL where there is none of that name. */
const FeeKind *fee_kind_find (const char *name);
/* -1 where the kind has no such field. name: the plain field name. */
gint fee_kind_field (const FeeKind *kind, const char *name);
/* By a header cell: field names and their other names, without case; -1 for none. */
gint fee_kind_match_header (const FeeKind *kind, const char *header);

/* The field that another may stand instead of, and that other. FALSE where the kind has none. */
gboolean fee_kind_find_instead (const FeeKind *kind, guint *field, guint *instead);

/* Positions of fields, for code that reads rows of a kind. They follow the tables in fee-kind.c (checked by a test). */
enum { FEE_UNITS_UNIT, FEE_UNITS_BUILDING, FEE_UNITS_ENTRANCE, FEE_UNITS_FLOOR, FEE_UNITS_KIND, FEE_UNITS_AREA, FEE_UNITS_FROM, FEE_UNITS_TO };
enum { FEE_PARTIES_UNIT, FEE_PARTIES_ROLE, FEE_PARTIES_PARTY, FEE_PARTIES_NAME, FEE_PARTIES_CONTACT, FEE_PARTIES_FROM, FEE_PARTIES_TO };
enum {
  FEE_COSTS_DOC, FEE_COSTS_LINE, FEE_COSTS_DATE, FEE_COSTS_CATEGORY, FEE_COSTS_AMOUNT, FEE_COSTS_FROM, FEE_COSTS_TO,
  FEE_COSTS_CENTRE, FEE_COSTS_SPREAD, FEE_COSTS_SUPPLIER, FEE_COSTS_MEMO,
};
enum {
  FEE_ASSETS_ASSET, FEE_ASSETS_NAME, FEE_ASSETS_COST, FEE_ASSETS_RESIDUAL, FEE_ASSETS_LIFE, FEE_ASSETS_IN_SERVICE,
  FEE_ASSETS_DISPOSED, FEE_ASSETS_METHOD, FEE_ASSETS_CENTRE, FEE_ASSETS_OPENING, FEE_ASSETS_UNITS,
};
enum { FEE_QUANTITIES_DRIVER, FEE_QUANTITIES_TARGET, FEE_QUANTITIES_QUANTITY, FEE_QUANTITIES_FROM, FEE_QUANTITIES_TO };
enum {
  FEE_RECEIPTS_RECEIPT, FEE_RECEIPTS_DATE, FEE_RECEIPTS_UNIT, FEE_RECEIPTS_AMOUNT, FEE_RECEIPTS_PARTY, FEE_RECEIPTS_BILL,
  FEE_RECEIPTS_REVERSES, FEE_RECEIPTS_METHOD, FEE_RECEIPTS_MEMO,
};
enum {
  FEE_ADJUSTMENTS_ADJUSTMENT, FEE_ADJUSTMENTS_DATE, FEE_ADJUSTMENTS_UNIT, FEE_ADJUSTMENTS_PARTY, FEE_ADJUSTMENTS_KIND,
  FEE_ADJUSTMENTS_AMOUNT, FEE_ADJUSTMENTS_DUE, FEE_ADJUSTMENTS_BILL, FEE_ADJUSTMENTS_REASON, FEE_ADJUSTMENTS_APPROVED_BY,
};
enum { FEE_HOLDS_HOLD, FEE_HOLDS_UNIT, FEE_HOLDS_PARTY, FEE_HOLDS_KIND, FEE_HOLDS_FROM, FEE_HOLDS_TO, FEE_HOLDS_BILL, FEE_HOLDS_PLAN, FEE_HOLDS_REASON };
enum { FEE_INSTALMENTS_PLAN, FEE_INSTALMENTS_UNIT, FEE_INSTALMENTS_PARTY, FEE_INSTALMENTS_DUE, FEE_INSTALMENTS_AMOUNT };
enum {
  FEE_NOTICES_NOTICE, FEE_NOTICES_DATE, FEE_NOTICES_UNIT, FEE_NOTICES_PARTY, FEE_NOTICES_STEP, FEE_NOTICES_CHANNEL,
  FEE_NOTICES_RESULT, FEE_NOTICES_PROOF, FEE_NOTICES_APPROVED_BY, FEE_NOTICES_MEMO,
};
enum { FEE_BUDGETS_PERIOD, FEE_BUDGETS_CATEGORY, FEE_BUDGETS_CENTRE, FEE_BUDGETS_AMOUNT };
enum { FEE_INCOME_DOC, FEE_INCOME_DATE, FEE_INCOME_KIND, FEE_INCOME_AMOUNT, FEE_INCOME_FROM, FEE_INCOME_TO, FEE_INCOME_COST, FEE_INCOME_MEMO };

G_END_DECLS
