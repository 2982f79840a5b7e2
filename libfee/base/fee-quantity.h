/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-money.h"

G_BEGIN_DECLS

/* Quantity: micro-units (six decimals), signed. rules.md section 1. */
typedef gint64 FeeQuantity;

#define FEE_QUANTITY_ONE G_GINT64_CONSTANT (1000000)
/* An empty cell: missing, which is not 0. No text reads as this value. */
#define FEE_QUANTITY_NONE G_MININT64

/* With as many decimals as it needs: "2774.5", "31"; returns buffer of FEE_NUMBER_SIZE bytes. */
char *fee_quantity_format (FeeQuantity quantity, char *buffer);

/* A plain decimal ("-12.5", at most six decimals): no blanks, grouping, exponent or sign "+". FALSE otherwise. */
gboolean fee_quantity_parse (const char *text, FeeQuantity *out);

/* The product of two, rounded to micro-units; FALSE on overflow. rules.md section 6. */
gboolean fee_quantity_multiply (FeeQuantity a, FeeQuantity b, FeeQuantity *out);

G_END_DECLS
