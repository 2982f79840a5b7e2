/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-writer-private.h"

#include <glib/gi18n-lib.h>
#include <jansson.h>

#include "../base/fee-error.h"

static void
json_begin (FeeWriter *writer)
{
  g_string_append (writer->buffer, "[\n");
  writer->state = json_object ();
}

/* value is taken; NULL where jansson refused the text. */
static void
add_value (FeeWriter *writer, json_t *value)
{
  const char *name = writer->columns[writer->column].name;
  if (json_object_set_new (writer->state, name, value) != 0)
    g_set_error (&writer->error, FEE_ERROR, FEE_ERROR_INTERNAL, _("a text of column \"%s\" is not UTF-8"), name);
}

static void
json_text_cell (FeeWriter *writer, const char *text)
{
  add_value (writer, json_string (text));
}

static void
json_number_cell (FeeWriter *writer, const char *text, gsize length)
{
  add_value (writer, json_stringn (text, length));
}

static void
json_count_cell (FeeWriter *writer, gint64 count)
{
  add_value (writer, json_integer (count));
}

static void
json_empty_cell (FeeWriter *writer)
{
  add_value (writer, json_null ());
}

static int
append_bytes (const char *bytes, size_t length, void *data)
{
  g_string_append_len (data, bytes, (gssize) length);
  return 0;
}

static void
json_end_row (FeeWriter *writer)
{
  if (writer->any_row)
    g_string_append (writer->buffer, ",\n");
  json_dump_callback (writer->state, append_bytes, writer->buffer, JSON_COMPACT);
  json_object_clear (writer->state);
}

static void
json_finish (FeeWriter *writer)
{
  g_string_append (writer->buffer, writer->any_row ? "\n]\n" : "]\n");
}

static void
json_clear (FeeWriter *writer)
{
  json_decref (writer->state);
}

const FeeWriterForm fee_writer_form_json = {
  .begin = json_begin,
  .text = json_text_cell,
  .number = json_number_cell,
  .count = json_count_cell,
  .empty = json_empty_cell,
  .end_row = json_end_row,
  .finish = json_finish,
  .clear = json_clear,
};
