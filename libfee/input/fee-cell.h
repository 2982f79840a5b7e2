/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-date.h"
#include "../base/fee-quantity.h"

G_BEGIN_DECLS

typedef enum {
  FEE_DATE_FORMAT_PLAIN, /* year first, as interface.md section 3 lists them */
  FEE_DATE_FORMAT_DMY,   /* also 31/12/2026, 31.12.2026, 31-12-2026 */
  FEE_DATE_FORMAT_MDY,   /* also 12/31/2026, 12.31.2026, 12-31-2026 */
  FEE_DATE_FORMAT_EXCEL, /* also Excel's serial days, 1900 system (46082 = 2026-03-01) */
} FeeDateFormat;

/* How the cells of one file are read. */
typedef struct {
  char decimal; /* '.' or ',' */
  FeeDateFormat date_format;
} FeeCellFormat;

/* The readings of a cell as offices write it (interface.md section 3: "Amounts", "Dates"). All take text of that length,
 * UTF-8, without outer blanks (ASCII, NBSP, U+3000 are taken off here too), not empty. They return NULL and set *out, or return the
 * reason, a sentence that goes on after the quoted cell (`is not a number`): a msgid, for gettext; static.
 * Nothing is guessed: what is not plainly one value is refused. */
const char *fee_cell_read_money (const char *text, gsize length, const FeeCellFormat *format, gint decimals, FeeMoney *out);
const char *fee_cell_read_quantity (const char *text, gsize length, const FeeCellFormat *format, FeeQuantity *out);
const char *fee_cell_read_date (const char *text, gsize length, const FeeCellFormat *format, FeeDate *out);
/* A whole number 0..1,000,000. */
const char *fee_cell_read_count (const char *text, gsize length, gint32 *out);

G_END_DECLS
