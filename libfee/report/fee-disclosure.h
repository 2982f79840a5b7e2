/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../ledger/fee-receivables.h"
#include "../model/fee-records.h"
#include "../model/fee-run.h"
#include "fee-buildings.h"
#include "fee-document.h"

G_BEGIN_DECLS

/* The public disclosure of a month, quarter or year: domain.md section 2, interface.md section 5. It holds no name, contact,
 * party or unit: none of its inputs but the payers of buildings, which are only counted, has one. */

typedef enum {
  FEE_DISCLOSE_INCOME,
  FEE_DISCLOSE_CATEGORY,
  FEE_DISCLOSE_CENTRE,
  FEE_DISCLOSE_SUPPORT,
  FEE_DISCLOSE_RESULT,
  FEE_DISCLOSE_COMMON,
  FEE_DISCLOSE_RECEIVABLES,
  FEE_DISCLOSE_RULES,
  FEE_DISCLOSE_LATE,
  FEE_DISCLOSE_HEAD,
  FEE_N_DISCLOSE_SECTIONS
} FeeDisclosureSection;
/* "income", ...; static. */
const char *fee_disclosure_section_text (FeeDisclosureSection section);

/* An amount, rate or price that is not there. */
#define FEE_DISCLOSE_NONE G_MININT64

typedef struct {
  FeeDisclosureSection section;
  FeeText item, name, note, driver;   /* in the texts of the disclosure */
  FeeMoney amount, budget, previous;
  FeeMoney received;                  /* income: of these bills */
  FeeMoney before;                    /* centre: of amount, for origins before the period; the price is without it */
  FeeMoney support;                   /* centre: of amount, what support centres gave */
  FeeMoney fund;                      /* common, total: what of the period's net goes to the maintenance fund */
  FeeQuantity driver_total;
  gint64 unit_cost;                   /* 1/10000 of the currency's unit, for a driver unit */
  gint64 rate;                        /* 1/100 of a percent */
} FeeDisclosureRow;

/* One row a legal item, its cost by month: for the chart. */
typedef struct {
  FeeText name;
  guint first; /* index into month_amounts, n_months of them */
} FeeDisclosureSeries;

typedef struct {
  char *lang;
  gint decimals;
  FeePeriod first, last; /* months asked for */
  FeePeriod from, to;    /* months disclosed */
  FeeDate as_of;
  FeeStrings *texts;
  GArray *rows;          /* of FeeDisclosureRow, by section */
  GArray *series;        /* of FeeDisclosureSeries */
  GArray *month_amounts; /* of FeeMoney */
  FeePeriod chart_from;  /* the month of the first amount of a series; the last is `to` */
  GArray *typical;       /* of FeeDisclosureTypical: empty where there are fewer than five payers */
  FeeText estate;        /* its name */
} FeeDisclosure;

/* Of a bill: a centre and how many of 100 fen go there. */
typedef struct {
  FeeText name;
  gint64 part;
} FeeDisclosureTypical;

/* Owned by the caller; free with fee_disclosure_free(). */
void fee_disclosure_free (FeeDisclosure *disclosure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeDisclosure, fee_disclosure_free)

/* ---- What it is made from */

typedef struct {
  const FeeRun *run;   /* without pages */
  guint32 last_batch;  /* that it saw */
} FeeDisclosureRun;

/* The bills of the period, by building. */
typedef struct {
  FeeMoney billed, open;
} FeeBuildingBills;

/* A centre and what a bill owes to it. */
typedef struct {
  const char *centre;
  FeeMoney amount;
} FeeTypicalLine;

typedef struct {
  const char *lang;
  FeePeriod first, last;      /* months asked for */
  FeePeriod from, to;         /* of them those that are posted: at least one */
  const GArray *runs;         /* of FeeDisclosureRun: those that stand, from the first of the book to that of `to` */
  /* Policies, budgets, income, and costs with every version of every row: retracted_by of a segment as ever, but no version
   * is left out for it. */
  const FeeRecords *records;
  FeeDate as_of, through;     /* through: receipts are complete up to it; FEE_DATE_NONE: there are none */
  FeeDate posted_from, posted_to; /* FEE_DATE_NONE: not said */
  const FeeBuildings *buildings;  /* merged */
  const GArray *bills;            /* of FeeBuildingBills, by building */
  const FeeReceivables *receivables;
  const GArray *typical;          /* of FeeTypicalLine: of the median bill of `to`; empty: there is none */
} FeeDisclosureInput;

/* Errors: FEE_ERROR_INTERNAL where a sum leaves 64 bits, where sections do not agree, or where a cost is not in the records.
 * */
gboolean fee_disclosure_new (const FeeDisclosureInput *input, FeeDisclosure **out, GError **error);

/* cost / units, in 1/10000 of the currency's unit, half away from zero: what one unit of a driver costs. weight: micro-
 * units, of a level in quantity-days of so many days (a flow: 1). FALSE where there is no weight or it leaves 64 bits. */
gboolean fee_disclosure_price (FeeMoney cost, gint decimals, FeeQuantity weight, gint days, gint64 *out);

/* ---- How it is shown */

extern const FeeOutputColumn fee_disclosure_columns[];
#define FEE_N_DISCLOSURE_COLUMNS 15
/* All rows, as CSV and JSON have them. */
void fee_disclosure_rows (FeeWriter *writer, const FeeDisclosure *disclosure);
/* "2026-03", "2026-Q1" or "2026"; returns buffer, of FEE_DATE_SIZE bytes. */
char *fee_disclosure_period (FeePeriod first, FeePeriod last, char *buffer);
/* Owned by the caller; free with g_free(). */
char *fee_disclosure_title (const FeeDisclosure *disclosure);
/* For the notice board. */
void fee_disclosure_show (FeeDocument *document, const FeeDisclosure *disclosure);

G_END_DECLS
