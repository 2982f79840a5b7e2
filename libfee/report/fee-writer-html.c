/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-html-private.h"

/* Tables with more columns become blocks on a phone, each figure with its heading beside. */
#define MOST_COLUMNS 3

/* Where a row begins in the buffer: only at its end it is known whether it is a sum. */
typedef struct {
  gsize row;
  gboolean wide;
} HtmlTable;

static gboolean
is_number (const FeeWriter *writer, guint column)
{
  return writer->columns[column].kind != FEE_COLUMN_TEXT;
}

static void
html_begin (FeeWriter *writer)
{
  HtmlTable *table = g_new0 (HtmlTable, 1);
  GString *out = writer->buffer;
  writer->state = table;
  table->wide = writer->n_columns > MOST_COLUMNS;
  fee_html_open_table (writer->data, writer->n_columns, table->wide);
  g_string_append (out, table->wide ? "<thead role=\"rowgroup\"><tr role=\"row\">" : "<thead><tr>");
  for (guint i = 0; i < writer->n_columns; i++) {
    g_string_append (out, table->wide ? "<th scope=\"col\" role=\"columnheader\"" : "<th scope=\"col\"");
    g_string_append (out, is_number (writer, i) ? " class=\"n\">" : ">");
    fee_html_append (out, fee_writer_heading (writer, i));
    g_string_append (out, "</th>");
  }
  g_string_append (out, table->wide ? "</tr></thead>\n<tbody role=\"rowgroup\">\n" : "</tr></thead>\n<tbody>\n");
  table->row = out->len;
}

/* The first text of a row says what the row is about. */
static void
append_cell (FeeWriter *writer, const char *text, const char *class)
{
  const HtmlTable *table = writer->state;
  GString *out = writer->buffer;
  if (writer->column == 0 && !is_number (writer, 0) && *text != '\0') {
    g_string_append (out, table->wide ? "<th scope=\"row\" role=\"rowheader\">" : "<th scope=\"row\">");
    fee_html_append (out, text);
    g_string_append (out, "</th>");
    return;
  }
  g_string_append (out, "<td");
  if (class != NULL)
    g_string_append_printf (out, " class=\"%s\"", class);
  if (table->wide) {
    g_string_append (out, " role=\"cell\" data-label=\"");
    fee_html_append (out, fee_writer_heading (writer, writer->column));
    g_string_append_c (out, '"');
  }
  g_string_append_c (out, '>');
  fee_html_append (out, text);
  g_string_append (out, "</td>");
}

static void
html_text (FeeWriter *writer, const char *text)
{
  append_cell (writer, text, is_number (writer, writer->column) ? "n" : NULL);
}

static void
html_number (FeeWriter *writer, const char *text, G_GNUC_UNUSED gsize length)
{
  append_cell (writer, text, is_number (writer, writer->column) ? "n" : "d");
}

static void
html_count (FeeWriter *writer, gint64 count)
{
  char buffer[FEE_NUMBER_SIZE];
  append_cell (writer, fee_money_format (count, 0, buffer), "n");
}

static void
html_empty (FeeWriter *writer)
{
  append_cell (writer, "", NULL);
}

static void
html_end_row (FeeWriter *writer)
{
  HtmlTable *table = writer->state;
  GString *out = writer->buffer;
  g_string_insert (out, (gssize) table->row, writer->sum ? " class=\"sum\">" : ">");
  g_string_insert (out, (gssize) table->row, table->wide ? "<tr role=\"row\"" : "<tr");
  g_string_append (out, "</tr>\n");
  fee_writer_flush (writer, FALSE);
  table->row = out->len;
}

static void
html_finish (FeeWriter *writer)
{
  g_string_append (writer->buffer, "</tbody></table>\n");
}

static void
html_clear (FeeWriter *writer)
{
  g_free (writer->state);
}

const FeeWriterForm fee_writer_form_html = {
  .grouped = TRUE,
  .begin = html_begin,
  .text = html_text,
  .number = html_number,
  .count = html_count,
  .empty = html_empty,
  .end_row = html_end_row,
  .finish = html_finish,
  .clear = html_clear,
};
