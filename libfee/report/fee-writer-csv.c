/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-writer-private.h"

#include <string.h>

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

static gboolean
needs_quotes (const char *text, gsize length)
{
  if (is_blank (text[0]) || is_blank (text[length - 1]))
    return TRUE;
  for (gsize i = 0; i < length; i++)
    /* all four are below '-', and most signs are above */
    if (text[i] <= ',' && (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r'))
      return TRUE;
  return FALSE;
}

static void
append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"')
      g_string_append_c (out, '"');
    g_string_append_c (out, *c);
  }
  g_string_append_c (out, '"');
}

static void
append_field (GString *out, const char *text, gsize length)
{
  if (needs_quotes (text, length))
    append_quoted (out, text);
  else
    g_string_append_len (out, text, (gssize) length);
}

static void
separate (FeeWriter *writer)
{
  if (writer->column > 0)
    g_string_append_c (writer->buffer, ',');
}

static void
csv_end_row (FeeWriter *writer)
{
  if (writer->options.excel)
    g_string_append_c (writer->buffer, '\r');
  g_string_append_c (writer->buffer, '\n');
}

static void
csv_begin (FeeWriter *writer)
{
  if (writer->options.excel)
    g_string_append (writer->buffer, "\xef\xbb\xbf");
  for (guint i = 0; i < writer->n_columns; i++) {
    const char *name = writer->options.excel ? fee_writer_heading (writer, i) : writer->columns[i].name;
    if (i > 0)
      g_string_append_c (writer->buffer, ',');
    append_field (writer->buffer, name, strlen (name));
  }
  csv_end_row (writer);
}

/* A spreadsheet would compute a cell that begins like this. interface.md section 1. */
static gboolean
needs_guard (const FeeWriter *writer, char first)
{
  return !writer->options.raw
         && (first == '=' || first == '+' || first == '-' || first == '@' || first == '\t' || first == '\r');
}

static void
append_guarded (GString *out, const char *text)
{
  g_autofree char *guarded = g_strconcat ("'", text, NULL);
  append_field (out, guarded, strlen (guarded));
}

static void
csv_text (FeeWriter *writer, const char *text)
{
  separate (writer);
  if (needs_guard (writer, text[0]))
    append_guarded (writer->buffer, text);
  else
    append_field (writer->buffer, text, strlen (text));
}

static void
csv_number (FeeWriter *writer, const char *text, gsize length)
{
  separate (writer);
  g_string_append_len (writer->buffer, text, (gssize) length);
}

static void
csv_count (FeeWriter *writer, gint64 count)
{
  char buffer[FEE_NUMBER_SIZE];
  fee_money_format (count, 0, buffer);
  csv_number (writer, buffer, strlen (buffer));
}

static void
csv_empty (FeeWriter *writer)
{
  separate (writer);
  /* a row of one empty cell would be a blank line, which is no row */
  if (writer->n_columns == 1)
    g_string_append (writer->buffer, "\"\"");
}

static void
csv_nothing (G_GNUC_UNUSED FeeWriter *writer)
{
}

const FeeWriterForm fee_writer_form_csv = {
  .begin = csv_begin,
  .text = csv_text,
  .number = csv_number,
  .count = csv_count,
  .empty = csv_empty,
  .end_row = csv_end_row,
  .finish = csv_nothing,
  .clear = csv_nothing,
};
