/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-disclosure.h"

G_BEGIN_DECLS

/* Columns of its tables. */
#define TEXT(name, en, zh) { name, en, zh, FEE_COLUMN_TEXT }
#define MONEY(name, en, zh) { name, en, zh, FEE_COLUMN_MONEY }
#define NUMBER(name, en, zh) { name, en, zh, FEE_COLUMN_NUMBER }

/* A disclosure on its way into a document. */
typedef struct {
  FeeDocument *document;
  const FeeDisclosure *disclosure;
  gboolean zh;
} FeeShowing;

/* In the language of the document. */
static inline const char *word (const FeeShowing *showing, const char *en, const char *zh_CN)
  __attribute__ ((format_arg (2), format_arg (3)));
static inline const char *
word (const FeeShowing *showing, const char *en, const char *zh_CN)
{
  return showing->zh ? zh_CN : en;
}

static inline const char *
text_of (const FeeShowing *showing, FeeText text)
{
  return fee_strings_get (showing->disclosure->texts, text);
}

static inline const FeeDisclosureRow *
row_at (const FeeShowing *showing, guint n)
{
  return &g_array_index (showing->disclosure->rows, FeeDisclosureRow, n);
}

/* ---- Charts: fee-disclosure-charts.c. begin, end: rows of income */

void fee_disclosure_show_rates (const FeeShowing *showing, guint begin, guint end);
/* With a table of what the bars are made of. */
void fee_disclosure_show_months (const FeeShowing *showing);
void fee_disclosure_show_typical (const FeeShowing *showing);

G_END_DECLS
