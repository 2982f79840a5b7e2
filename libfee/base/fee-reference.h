/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The creditor reference of a bill number (ISO 11649): RF, two check digits, the number without its hyphen. Owned by the caller; free with g_free(). */
char *fee_reference_of_bill (const char *number);

typedef enum {
  FEE_REFERENCE_OTHER,       /* does not begin with RF */
  FEE_REFERENCE_GOOD,
  FEE_REFERENCE_MALFORMED,   /* not two check digits and the digits of a bill number after RF */
  FEE_REFERENCE_WRONG_CHECK, /* other check digits than fee_reference_of_bill() gives */
} FeeReferenceState;

/* Bytes of a bill number with its NUL. */
#define FEE_REFERENCE_NUMBER_SIZE 18

/* The bill number in a reference as banks and spreadsheets write it: blanks anywhere, any case, full-width forms. text: UTF-8, of any
 * content. number is set where the answer is GOOD, of FEE_REFERENCE_NUMBER_SIZE; whether there is such a bill is not asked. */
FeeReferenceState fee_reference_parse (const char *text, gsize length, char *number);

G_END_DECLS
