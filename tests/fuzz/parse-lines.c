/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parse-lines: how the library reads cells, for differential.py. Standard input: a line a cell, `FORM HEX`, the cell's bytes in hexadecimal; FORM is m2. (money of so
 * many decimals, and the decimal sign), q. (quantity), p (plain quantity), d0 to d3 (a day; FeeDateFormat). Standard output: a line each, the number or the
 * day, or - where it is refused. */
#include <stdio.h>
#include <string.h>

#include "../../libfee/input/fee-cell.h"

#define LINE_SIZE 1024

static gsize
unhex (const char *hex, char *out)
{
  gsize n = 0;
  for (; g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]); hex += 2)
    out[n++] = (char) (g_ascii_xdigit_value (hex[0]) * 16 + g_ascii_xdigit_value (hex[1]));
  out[n] = '\0';
  return n;
}

static gboolean
read_cell (const char *form, const char *cell, gsize length, gint64 *number)
{
  FeeCellFormat format = { '.', FEE_DATE_FORMAT_PLAIN };
  switch (form[0]) {
  case 'm':
    format.decimal = form[2];
    return fee_cell_read_money (cell, length, &format, form[1] - '0', number) == NULL;
  case 'q':
    format.decimal = form[1];
    return fee_cell_read_quantity (cell, length, &format, number) == NULL;
  default:
    return fee_quantity_parse (cell, number);
  }
}

static void
answer (const char *form, const char *cell, gsize length)
{
  gint64 number;
  FeeDate date;
  char text[FEE_DATE_SIZE];
  FeeCellFormat format = { '.', form[0] == 'd' ? (FeeDateFormat) (form[1] - '0') : FEE_DATE_FORMAT_PLAIN };
  if (form[0] == 'd' ? fee_cell_read_date (cell, length, &format, &date) != NULL : !read_cell (form, cell, length, &number))
    puts ("-");
  else if (form[0] == 'd')
    puts (fee_date_format (date, text));
  else
    printf ("%" G_GINT64_FORMAT "\n", number);
}

int
main (void)
{
  char line[LINE_SIZE], cell[LINE_MAX];
  while (fgets (line, sizeof line, stdin) != NULL) {
    const char *blank = strchr (line, ' ');
    if (blank == NULL)
      return 1;
    answer (line, cell, unhex (blank + 1, cell));
  }
  return 0;
}
