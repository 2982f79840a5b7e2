/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-date.h"
#include "../base/fee-quantity.h"

G_BEGIN_DECLS

/* One version of a book's policy: interface.md section 4. Made by fee_policy_read() (input/), never changed afterwards.
 * Indexes point into the arrays of the same policy; -1 is none. Texts are NUL-terminated UTF-8. */

typedef enum { FEE_SUPPORT_DIRECT, FEE_SUPPORT_STEP, FEE_SUPPORT_RECIPROCAL } FeeSupport;
typedef enum { FEE_DRIVER_LEVEL, FEE_DRIVER_FLOW } FeeDriverKind;
typedef enum { FEE_CENTRE_PRIMARY, FEE_CENTRE_SUPPORT } FeeCentreKind;
typedef enum { FEE_ROLE_OWNER, FEE_ROLE_OCCUPANT, FEE_ROLE_UNSOLD } FeeRole;

/* A text in the two languages of documents; zh_CN is NULL where the policy gives none, en where it gives neither. */
typedef struct {
  char *en, *zh_CN;
} FeeName;

/* What people read: the name in that language, else in the other, else id. Borrowed. */
const char *fee_name_text (const FeeName *name, const char *lang, const char *id);

typedef enum {
  FEE_CONDITION_EQ,
  FEE_CONDITION_NE,
  FEE_CONDITION_LT,
  FEE_CONDITION_LE,
  FEE_CONDITION_GT,
  FEE_CONDITION_GE,
} FeeComparison;

/* One condition of a scope: attribute=a,b. rules.md section 6: = and != compare text, the others decimals. */
typedef struct {
  char *attribute; /* as written; compared without case */
  FeeComparison comparison;
  char **values;    /* NULL-terminated; = and != */
  FeeQuantity limit; /* the others */
} FeeCondition;

typedef struct {
  char *id;
  FeeName name;
  char *group;     /* the legal item of the nine under which it is disclosed */
  gint driver;     /* a driver, */
  gint centre;     /* or one centre, or neither */
  gboolean listed; /* the policy lists it; else it is one of the nine that it does not */
} FeeCategory;

typedef struct {
  char *id;
  FeeName name;
  FeeCentreKind kind;
  gint driver;
  GArray *scope; /* of FeeCondition; all must hold */
  FeeRole payer; /* owner or occupant */
} FeeCentre;

/* A driver that a [driver] group, a category or a centre names. For units an undeclared one is `one`, an attribute, or a
 * product of two attributes; for centres an imported level. */
typedef struct {
  char *id;
  FeeName name;
  FeeDriverKind kind;
  gboolean declared;
  char *unit;          /* "kWh", or NULL */
  FeeQuantity total;   /* FEE_QUANTITY_NONE where the policy sets none */
  gboolean complete;
  char *factors[2];    /* undeclared and not `one`: the attributes; [1] NULL for a single one. Else both NULL */
} FeeDriver;

typedef struct {
  char *id; /* attribute */
  FeeName name;
  FeeName unit;
} FeeAttributeName;

/* A step of the reminder ladder. */
typedef enum { FEE_STEP_NOTICE, FEE_STEP_LETTER, FEE_STEP_VISIT, FEE_STEP_DEMAND, FEE_STEP_INTERNAL } FeeStepType;
typedef struct {
  char *id;
  FeeName name;
  FeeStepType type;
  gint after, wait;
  gboolean approval;
} FeeStep;

/* [columns KIND]: field=header;header */
typedef struct {
  char *kind, *field;
  char **headers;
} FeeColumnNames;

/* [notice]: what bills and letters say. */
typedef struct {
  FeeName pay, ask, help, accounts, templates;
  gint answer_days; /* 0 where the policy sets none */
} FeeNoticeTexts;

typedef struct {
  FeeName name;
  char *code; /* "" where there is none */
  char *currency;
  gint decimals;
  FeePeriod start, from;
  FeeSupport support;
  char *unsold; /* NULL where there is none */
  gboolean same_month; /* depreciation_start */
  char *lang;          /* en or zh_CN */
  gboolean issue_before;
  gint due_days;
  char *mode;
  GArray *expect; /* of gint: categories without whose costs no month is run */

  GArray *categories; /* of FeeCategory: as listed, then the nine that are not */
  GArray *drivers;    /* of FeeDriver: declared as listed, then the others in the order of their first use */
  GArray *centres;    /* of FeeCentre: as listed */
  GArray *attributes; /* of FeeAttributeName */
  GArray *columns;    /* of FeeColumnNames */

  FeeQuantity income_cost, income_fund; /* percent; FEE_QUANTITY_NONE where not set */
  FeeNoticeTexts notice;
  FeeMoney minimum;
  gint interval_days, monthly_limit, receipts_max_age;
  GArray *steps; /* of FeeStep; the default ladder where the policy has none */
} FeePolicy;

/* Owned by the caller; free with fee_policy_unref(). All members empty, arrays made with their element clear functions. */
FeePolicy *fee_policy_new (void);
/* Held once more, in the same thread; give back with fee_policy_unref(). */
FeePolicy *fee_policy_ref (FeePolicy *policy);
void fee_policy_unref (FeePolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeePolicy, fee_policy_unref)

/* An empty scope, of FeeCondition. Owned by the caller; free with g_array_unref(). */
GArray *fee_scope_new (void);

/* -1 where there is none. */
gint fee_policy_find_category (const FeePolicy *policy, const char *id);
gint fee_policy_find_centre (const FeePolicy *policy, const char *id);
gint fee_policy_find_driver (const FeePolicy *policy, const char *id);

static inline const FeeCategory *
fee_policy_category (const FeePolicy *policy, gint n)
{
  return &g_array_index (policy->categories, FeeCategory, n);
}
static inline const FeeCentre *
fee_policy_centre (const FeePolicy *policy, gint n)
{
  return &g_array_index (policy->centres, FeeCentre, n);
}
static inline const FeeDriver *
fee_policy_driver (const FeePolicy *policy, gint n)
{
  return &g_array_index (policy->drivers, FeeDriver, n);
}

/* The nine categories of design.md, in its order; NULL-terminated. */
extern const char *const fee_legal_categories[];
/* The built-in flow driver whose targets are assets. */
#define FEE_DRIVER_UNITS_OF_OUTPUT "units-of-output"

/* Versions of a policy, in the order of their batches. rules.md section 10: origin O uses the version with the greatest
 * `from` <= O, of equal ones the later batch. versions: of FeePolicy *. NULL where O is before all. Borrowed. */
const FeePolicy *fee_policies_for (const GPtrArray *versions, FeePeriod origin);

G_END_DECLS
