/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/input/fee-cell.h"
#include "../../libfee/report/fee-words.h"

/* Cells with amounts and quantities: what reads, reads back from every form in which it is shown. And roundings, against their definition. */

static void
show_money (FeeMoney amount, gint decimals)
{
  static const FeeCellFormat plain = { '.', FEE_DATE_FORMAT_PLAIN };
  g_autofree char *text = g_malloc (FEE_NUMBER_SIZE), *grouped = g_malloc (FEE_GROUPED_SIZE), *words = fee_words_money (amount, decimals);
  FeeMoney again = 1;
  fee_money_format (amount, decimals, text);
  fuzz_require (fee_cell_read_money (text, strlen (text), &plain, decimals, &again) == NULL && again == amount);
  fee_money_format_grouped (amount, decimals, grouped);
  again = 1;
  fuzz_require (fee_cell_read_money (grouped, strlen (grouped), &plain, decimals, &again) == NULL && again == amount);
  fuzz_require (g_utf8_validate (words, -1, NULL) && (*words != '\0') == (decimals == 2));
}

static void
show_quantity (FeeQuantity quantity)
{
  g_autofree char *text = g_malloc (FEE_NUMBER_SIZE);
  FeeQuantity again = 1;
  fee_quantity_format (quantity, text);
  fuzz_require (fee_quantity_parse (text, &again) && again == quantity);
}

static void
read_cell (const char *text, gsize length, const FeeCellFormat *format, gint decimals)
{
  FeeMoney amount = 7;
  FeeQuantity quantity = 7, plain = 7;
  gint32 count = 7;
  if (fee_cell_read_money (text, length, format, decimals, &amount) == NULL)
    show_money (amount, decimals);
  else
    fuzz_require (amount == 7);
  gboolean read = fee_cell_read_quantity (text, length, format, &quantity) == NULL;
  if (read)
    show_quantity (quantity);
  else
    fuzz_require (quantity == 7);
  /* a cell of more signs is no number, be they all zeros */
  if (format->decimal == '.' && length <= 60 && fee_quantity_parse (text, &plain))
    fuzz_require (read && plain == quantity);
  if (fee_cell_read_count (text, length, &count) == NULL)
    fuzz_require (count >= 0 && count <= 1000000);
}

/* |n - r d| is at most half of |d|, and where it is just half, r is the one farther from 0. */
static gboolean
is_rounded (__int128 n, __int128 d, gint64 r)
{
  __int128 rest = n - r * d, size = d < 0 ? -d : d;
  rest = rest < 0 ? -rest : rest;
  if (rest < size - rest)
    return TRUE;
  return rest == size - rest && ((n < 0) == (d < 0) ? (__int128) r * size >= (n < 0 ? -n : n) : (__int128) r * size <= -(n < 0 ? -n : n));
}

static void
check_rounding (FuzzInput *in)
{
  gint64 a = fuzz_number (in), n = fuzz_number (in), d = fuzz_number (in), ratio = 7, product = 7;
  if (d != 0 && fee_round_ratio (a, n, d, &ratio))
    fuzz_require (is_rounded ((__int128) a * n, d, ratio));
  if (fee_quantity_multiply (a, n, &product))
    fuzz_require (is_rounded ((__int128) a * n, FEE_QUANTITY_ONE, product));
  show_money (a, (gint) fuzz_choice (in, 5));
  if (a != FEE_QUANTITY_NONE)
    show_quantity (a);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  guint how = fuzz_byte (&in);
  FeeCellFormat format = { how & 1 ? ',' : '.', FEE_DATE_FORMAT_PLAIN };
  if (how >> 7) {
    check_rounding (&in);
    return 0;
  }
  g_autofree char *text = fuzz_text (&in, G_MAXSIZE);
  read_cell (text, strlen (text), &format, (gint) (how >> 1) % 5);
  return 0;
}
