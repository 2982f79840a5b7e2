/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-disclosure.h"

G_BEGIN_DECLS

/* A disclosure in the making. */
typedef struct {
  const FeeDisclosureInput *input;
  FeeDisclosure *out;
  const FeePolicy *policy; /* of the last month */
  gboolean zh;
  gboolean fits;                    /* sticks */
  GHashTable *costs;                /* "doc\nline" -> row + 1 of its latest version */
  guint32 *versions;                /* by row of costs: the version before it + 1 */
  GHashTable *categories;           /* FeeDisclosureRun -> by accrue row: its category */
  GError *problem;                  /* the first */
  FeePeriod before_from, before_to; /* the same months of the period before; before_from > before_to: not all are posted */
} FeeDisclosing;

void fee_disclosing_add (FeeDisclosing *disclosing, FeeMoney *to, FeeMoney amount);
void fee_disclosing_subtract (FeeDisclosing *disclosing, FeeMoney *to, FeeMoney amount);
/* In the language of the document. */
const char *fee_disclosing_word (const FeeDisclosing *disclosing, const char *en, const char *zh_CN) G_GNUC_PURE;
FeeText fee_disclosing_keep (FeeDisclosing *disclosing, const char *text);
/* A row with nothing but its item and its name; its cells that hold no text are FEE_DISCLOSE_NONE. Valid until the next. */
FeeDisclosureRow *fee_disclosing_row (FeeDisclosing *disclosing, FeeDisclosureSection section, const char *item,
                                      const char *name);
/* The item `total`. */
FeeDisclosureRow *fee_disclosing_total (FeeDisclosing *disclosing, FeeDisclosureSection section, FeeMoney amount);
const FeeRun *fee_disclosing_run (const FeeDisclosing *disclosing, FeePeriod month);
/* Adds a sum that may not be there yet. */
void fee_disclosing_gather (FeeDisclosing *disclosing, FeeMoney *to, FeeMoney amount);
/* What runs billed, or recognised, in the same months of the period before; FEE_DISCLOSE_NONE where they are not all posted.
 * */
FeeMoney fee_disclosing_sum_before (FeeDisclosing *disclosing, gboolean billed);
static inline gboolean
fee_disclosing_has_before (const FeeDisclosing *disclosing)
{
  return disclosing->before_from <= disclosing->before_to;
}

/* ---- Costs: fee-disclosure-costs.c */

void fee_disclosing_index_costs (FeeDisclosing *disclosing);
/* The legal item under which a category is disclosed. */
const char *fee_disclosing_group (const FeeDisclosing *disclosing, const char *category, FeePeriod origin);

/* ---- Sections, in their order */

void fee_disclose_income (FeeDisclosing *disclosing);
void fee_disclose_categories (FeeDisclosing *disclosing);
void fee_disclose_late (FeeDisclosing *disclosing);
void fee_disclose_centres (FeeDisclosing *disclosing);
void fee_disclose_support (FeeDisclosing *disclosing);
void fee_disclose_common (FeeDisclosing *disclosing);
void fee_disclose_rules (FeeDisclosing *disclosing);

/* What the budgets say of a category or centre in a month, those of years spread by months; FEE_DISCLOSE_NONE where they say
 * nothing. */
FeeMoney fee_disclosing_budget (FeeDisclosing *disclosing, gboolean centre, const char *id, FeePeriod from, FeePeriod to);

/* Category and centre names, and those of the nine legal items. Borrowed. */
const char *fee_disclosing_item_name (const FeeDisclosing *disclosing, const char *group);
const char *fee_disclosing_centre_name (const FeeDisclosing *disclosing, const char *centre);

/* Amounts under ids, in the order in which they were first asked for. */
typedef struct {
  const char *id;
  FeeMoney amount, previous;
} FeeNamedSum;
FeeNamedSum *fee_named_sum (GArray *sums, const char *id);

G_END_DECLS
