/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-writer-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-error.h"

#define FLUSH_SIZE (64 * 1024)

static const FeeWriterForm *const forms[] = {
  [FEE_FORMAT_TEXT] = &fee_writer_form_text,
  [FEE_FORMAT_CSV] = &fee_writer_form_csv,
  [FEE_FORMAT_JSON] = &fee_writer_form_json,
};

void
fee_writer_begin (FeeWriter *writer, const FeeWriterForm *form, const FeeOutputColumn *columns, guint n_columns)
{
  writer->columns = columns;
  writer->n_columns = n_columns;
  writer->form = form;
  writer->days = g_new0 (FeeWriterDay, n_columns);
  writer->buffer = g_string_new (NULL);
  writer->form->begin (writer);
}

FeeWriter *
fee_writer_new (const FeeWriterOptions *options, const FeeOutputColumn *columns, guint n_columns, FeeWriteFunc func,
                gpointer data)
{
  FeeWriter *writer = g_new0 (FeeWriter, 1);
  writer->options = *options;
  writer->func = func;
  writer->data = data;
  fee_writer_begin (writer, forms[options->format], columns, n_columns);
  return writer;
}

void
fee_writer_free (FeeWriter *writer)
{
  if (writer == NULL)
    return;
  writer->form->clear (writer);
  g_string_free (writer->buffer, TRUE);
  g_clear_error (&writer->error);
  g_free (writer->days);
  g_free (writer);
}

void
fee_writer_flush (FeeWriter *writer, gboolean all)
{
  gsize length = writer->buffer->len;
  if (writer->error != NULL || length == 0 || (length < FLUSH_SIZE && !all))
    return;
  writer->func (writer->buffer->str, length, writer->data, &writer->error);
  g_string_truncate (writer->buffer, 0);
}

const char *
fee_writer_heading (const FeeWriter *writer, guint column)
{
  const FeeOutputColumn *c = &writer->columns[column];
  return g_strcmp0 (writer->options.lang, "zh_CN") == 0 ? c->zh_CN : c->en;
}

static void
next_cell (FeeWriter *writer)
{
  if (++writer->column < writer->n_columns)
    return;
  writer->form->end_row (writer);
  writer->sum = FALSE;
  writer->column = 0;
  writer->any_row = TRUE;
  fee_writer_flush (writer, FALSE);
}

static void
number_cell (FeeWriter *writer, const char *text, gsize length)
{
  if (writer->error != NULL)
    return;
  writer->form->number (writer, text, length);
  next_cell (writer);
}

void
fee_writer_sum (FeeWriter *writer)
{
  writer->sum = TRUE;
}

void
fee_writer_empty (FeeWriter *writer)
{
  if (writer->error != NULL)
    return;
  writer->form->empty (writer);
  next_cell (writer);
}

void
fee_writer_text (FeeWriter *writer, const char *text)
{
  if (writer->error != NULL)
    return;
  if (*text == '\0')
    writer->form->empty (writer);
  else
    writer->form->text (writer, text);
  next_cell (writer);
}

void
fee_writer_money (FeeWriter *writer, FeeMoney amount)
{
  char buffer[FEE_GROUPED_SIZE];
  if (!writer->form->grouped)
    number_cell (writer, buffer, fee_money_put (amount, writer->options.decimals, buffer));
  else
    number_cell (writer, buffer, strlen (fee_money_format_grouped (amount, writer->options.decimals, buffer)));
}

void
fee_writer_quantity (FeeWriter *writer, FeeQuantity quantity)
{
  if (quantity == FEE_QUANTITY_NONE) {
    fee_writer_empty (writer);
    return;
  }
  char buffer[FEE_NUMBER_SIZE];
  fee_quantity_format (quantity, buffer);
  number_cell (writer, buffer, strlen (buffer));
}

void
fee_writer_decimal (FeeWriter *writer, gint64 number, gint decimals)
{
  char buffer[FEE_NUMBER_SIZE];
  fee_money_format (number, decimals, buffer);
  number_cell (writer, buffer, strlen (buffer));
}

void
fee_writer_percent (FeeWriter *writer, gint64 hundredths)
{
  fee_writer_decimal (writer, hundredths, 2);
}

void
fee_writer_count (FeeWriter *writer, gint64 count)
{
  if (writer->error != NULL)
    return;
  writer->form->count (writer, count);
  next_cell (writer);
}

static void
day_cell (FeeWriter *writer, gint32 value, char *(*format) (gint32 value, char *buffer))
{
  FeeWriterDay *day = &writer->days[writer->column];
  if (day->format != format || day->value != value) {
    format (value, day->text);
    day->format = format;
    day->value = value;
    day->length = (guint) strlen (day->text);
  }
  if (day->length == 0)
    fee_writer_empty (writer);
  else
    number_cell (writer, day->text, day->length);
}

void
fee_writer_date (FeeWriter *writer, FeeDate date)
{
  day_cell (writer, date, fee_date_format);
}

void
fee_writer_period (FeeWriter *writer, FeePeriod period)
{
  if (period == FEE_PERIOD_NONE)
    fee_writer_empty (writer);
  else
    day_cell (writer, period, fee_period_format);
}

gboolean
fee_writer_finish (FeeWriter *writer, GError **error)
{
  if (writer->error == NULL && writer->column != 0)
    g_set_error (&writer->error, FEE_ERROR, FEE_ERROR_INTERNAL, _("a row of a table ends before column \"%s\""),
                 writer->columns[writer->column].name);
  if (writer->error == NULL)
    writer->form->finish (writer);
  fee_writer_flush (writer, TRUE);
  if (writer->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (writer->error));
  return FALSE;
}
