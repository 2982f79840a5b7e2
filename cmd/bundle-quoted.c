/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/input/fee-csv.h"
#include "bundle.h"

#define FORMULA "=+-@\t\r"

/* Quotes before what begins a formula, counted from the start of the text. */
static gboolean
is_guarded (const char *text)
{
  const char *at = text + strspn (text, "'");
  return *at != '\0' && strchr (FORMULA, *at) != NULL;
}

static void
append_cell (GString *row, const char *text, gboolean guard)
{
  if (row->len > 0 && row->str[row->len - 1] != '\n')
    g_string_append_c (row, ',');
  g_string_append (row, guard && is_guarded (text) ? "\"'" : "\"");
  for (; *text != '\0'; text++) {
    if (*text == '"')
      g_string_append_c (row, '"');
    g_string_append_c (row, *text);
  }
  g_string_append_c (row, '"');
}

void
fee_quoted_text (GString *row, const char *text)
{
  append_cell (row, text, TRUE);
}

void
fee_quoted_number (GString *row, gint64 number)
{
  char digits[32];
  g_snprintf (digits, sizeof digits, "%" G_GINT64_FORMAT, number);
  append_cell (row, digits, FALSE);
}

void
fee_quoted_date (GString *row, FeeDate date)
{
  char day[FEE_DATE_SIZE] = "";
  if (date != FEE_DATE_NONE && date != FEE_DATE_FOREVER)
    fee_date_format (date, day);
  fee_quoted_text (row, day);
}

void
fee_quoted_period (GString *row, FeePeriod period)
{
  char month[FEE_DATE_SIZE] = "";
  if (period != FEE_PERIOD_NONE)
    fee_period_format (period, month);
  fee_quoted_text (row, month);
}

void
fee_quoted_money (GString *row, FeeMoney amount, gint decimals)
{
  char text[FEE_NUMBER_SIZE];
  append_cell (row, fee_money_format (amount, decimals, text), FALSE);
}

void
fee_quoted_quantity (GString *row, FeeQuantity quantity)
{
  char text[FEE_NUMBER_SIZE] = "";
  if (quantity != FEE_QUANTITY_NONE)
    fee_quantity_format (quantity, text);
  append_cell (row, text, FALSE);
}

void
fee_quoted_end (GString *row)
{
  g_string_append_c (row, '\n');
}

/* ---- And back */

/* More than any table has. */
#define MAX_COLUMNS 32

typedef struct {
  const char *name;
  guint n_columns;
  gboolean heading;
  FeeQuotedFunc func;
  gpointer data;
} Parsing;

static gboolean
damaged (const char *name, guint line, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("the archive is damaged: %s, line %u"), name, line);
  return FALSE;
}

static gboolean
take_row (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  Parsing *parsing = data;
  if (n_fields != parsing->n_columns)
    return damaged (parsing->name, line, error);
  if (parsing->heading) {
    parsing->heading = FALSE;
    return TRUE;
  }
  char *row[MAX_COLUMNS + 1] = { NULL };
  for (guint i = 0; i < n_fields; i++)
    row[i] = (char *) fields[i].text + (is_guarded (fields[i].text) && fields[i].text[0] == '\'');
  return parsing->func (row, parsing->data, error);
}

gboolean
fee_quoted_each (const char *name, const GString *text, guint n_columns, FeeQuotedFunc func, gpointer data, GError **error)
{
  g_return_val_if_fail (n_columns <= MAX_COLUMNS, FALSE);
  Parsing parsing = { name, n_columns, TRUE, func, data };
  g_autoptr (FeeCsv) csv = fee_csv_new (',', take_row, &parsing);
  GError *problem = NULL;
  if (fee_csv_feed (csv, text->str, text->len, &problem) && fee_csv_finish (csv, &problem))
    return TRUE;
  if (problem->code == FEE_ERROR_IO)
    g_propagate_error (error, problem);
  else
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("the archive is damaged: %s: %s"), name, problem->message);
  if (problem->code != FEE_ERROR_IO)
    g_error_free (problem);
  return FALSE;
}

static gboolean
keep_row (char **row, gpointer data, GError **error)
{
  (void) error;
  g_ptr_array_add (data, g_strdupv (row));
  return TRUE;
}

gboolean
fee_quoted_parse (const char *name, const GString *text, guint n_columns, GPtrArray **rows, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  if (!fee_quoted_each (name, text, n_columns, keep_row, found, error))
    return FALSE;
  *rows = g_steal_pointer (&found);
  return TRUE;
}
