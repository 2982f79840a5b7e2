/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../ledger/fee-ledger.h"
#include "../model/fee-policy.h"
#include "fee-document.h"

G_BEGIN_DECLS

/* Letters to those whom a reminder list reminds, or offers help: domain.md section 2 "Reminder" and section 4; man/fee-letter.5.
 * Texts are borrowed from whoever fills these in; those of records may hold anything and are escaped here. */

typedef struct {
  const char *number;
  FeeEntryKind kind;      /* FEE_ENTRY_RECEIPT: a refund */
  FeePeriod period;       /* of a bill */
  FeeMoney amount, open;
  FeeDate due;
  FeeDate disputed_since; /* FEE_DATE_NONE: nobody disputes it */
  gconstpointer bill;     /* whose lines are told, for explain(); NULL where they are not */
} FeeLetterItem;

typedef struct {
  gint step; /* in the policy's ladder; -1: one that it does not have */
  FeeDate date;
} FeeLetterEarlier;

typedef struct {
  const FeePolicy *policy;
  gint step;               /* in the policy's ladder; -1: an offer of help */
  const char *number, *unit, *party;
  const char *name;        /* of the party; NULL where the register has none */
  gint role;               /* FeeRole; -1: not known */
  FeeDate day, through;    /* receipts are complete up to it; FEE_DATE_NONE: there are none */
  const char *approved_by; /* NULL: nobody did */
  const FeeLetterItem *items;
  guint n_items;
  const FeeLetterEarlier *earlier;
  guint n_earlier;
  /* Says the lines of an item's bill to a document, in that language. */
  void (*explain) (FeeDocument *document, gconstpointer bill, const char *lang);
} FeeLetter;

/* From the second step on the lines are explained: after the first step that is a letter, and in every visit and demand. */
gboolean fee_letter_is_explained (const FeePolicy *policy, gint step);
/* A step that its party hears of: not an internal one. */
gboolean fee_letter_is_sent (const FeePolicy *policy, gint step);

/* The forms of the letters, one for each step and language: the user's own for the step, else the user's own for its type, else the built-in one of its
 * type. Owned by the caller; free with fee_letter_forms_free(). policy: whose ladder it is; borrowed, and must outlive the forms. */
typedef struct _FeeLetterForms FeeLetterForms;
FeeLetterForms *fee_letter_forms_new (const FeePolicy *policy);
void fee_letter_forms_free (FeeLetterForms *forms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeLetterForms, fee_letter_forms_free)

/* Takes a form of the user's own; what it is for is said by the name of the file (STEP.LANG.txt, TYPE.LANG.txt, assist.LANG.txt). Errors, with file and
 * line: FEE_ERROR_POLICY for another name, what is not UTF-8, an unknown placeholder, a threat (fee_threat_find()), a demand without its period. */
gboolean fee_letter_forms_add (FeeLetterForms *forms, const char *path, GBytes *text, GError **error);

/* The letter in that language ("en" or "zh_CN"). The form's first line is the title of a sheet, where the document has sheets. */
void fee_letter_write (FeeDocument *document, const FeeLetterForms *forms, const FeeLetter *letter, const char *lang);

G_END_DECLS
