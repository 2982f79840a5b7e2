/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-csv.h"

#include "../base/fee-error.h"

#include <csv.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* libcsv's buffer also holds the closing quote and the blanks after a field until it knows that the field has ended. */
#define BUFFER_MAX (FEE_FIELD_MAX + 64)

/* Fields shorter than that, which nearly all are, are copied without a call. Both buffers have room for it. */
#define SHORT 16

struct _FeeCsv {
  struct csv_parser parser;
  gint between_rows; /* the parser's state there */
  FeeRowFunc func;
  gpointer data;
  gboolean stopped; /* callbacks go on until libcsv returns: they do nothing */
  GError *error;
  guint line;                 /* of the next byte */
  guint row_line, field_line; /* where the open row and the open field began */
  char *block;                /* the texts of the open row, each with its NUL */
  gsize size, room;
  FeeField *fields;
  guint n_fields;
};

static void *
grow_buffer (void *buffer, size_t size)
{
  return size > BUFFER_MAX ? NULL : g_realloc (buffer, size);
}

FeeCsv *
fee_csv_new (char delimiter, FeeRowFunc func, gpointer data)
{
  FeeCsv *csv = g_new0 (FeeCsv, 1);
  csv_init (&csv->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
  csv_set_delim (&csv->parser, (unsigned char) delimiter);
  csv_set_realloc_func (&csv->parser, grow_buffer);
  csv_set_free_func (&csv->parser, g_free);
  csv_set_blk_size (&csv->parser, BUFFER_MAX);
  csv->between_rows = csv->parser.pstate;
  csv->func = func;
  csv->data = data;
  csv->line = csv->row_line = csv->field_line = 1;
  csv->room = 4096;
  csv->block = g_malloc (csv->room);
  csv->fields = g_new (FeeField, FEE_FIELDS_MAX);
  return csv;
}

void
fee_csv_free (FeeCsv *csv)
{
  if (csv == NULL)
    return;
  csv_free (&csv->parser);
  g_clear_error (&csv->error);
  g_free (csv->block);
  g_free (csv->fields);
  g_free (csv);
}

/* form: a translated sentence with %u for the line. */
static void G_GNUC_PRINTF (3, 4)
refuse (FeeCsv *csv, guint line, const char *form, ...)
{
  va_list arguments;
  va_start (arguments, form);
  g_autofree char *sentence = g_strdup_vprintf (form, arguments);
  va_end (arguments);
  g_set_error (&csv->error, FEE_ERROR, FEE_ERROR_RECORDS, "%u: %s", line, sentence);
  csv->stopped = TRUE;
}

/* Of a quoted field mostly because a quote before it was never closed. */
static void
refuse_size (FeeCsv *csv, gboolean quoted)
{
  if (quoted)
    refuse (csv, csv->field_line, _("a quoted field is over 64 KiB; is its quote closed?"));
  else
    refuse (csv, csv->field_line, _("a field is over 64 KiB"));
}

static G_GNUC_NO_INLINE void
grow_block (FeeCsv *csv, gsize need)
{
  while (csv->room < need)
    csv->room *= 2;
  csv->block = g_realloc (csv->block, csv->room);
  const char *text = csv->block;
  for (guint i = 0; i < csv->n_fields; i++) {
    csv->fields[i].text = text;
    text += csv->fields[i].length + 1;
  }
}

static void
take_field (void *text, size_t length, void *data)
{
  FeeCsv *csv = data;
  if (csv->stopped)
    return;
  if (G_UNLIKELY (length > FEE_FIELD_MAX)) {
    refuse_size (csv, FALSE);
    return;
  }
  if (G_UNLIKELY (csv->n_fields == FEE_FIELDS_MAX)) {
    refuse (csv, csv->row_line, _("a row of more than %d fields"), FEE_FIELDS_MAX);
    return;
  }
  if (G_UNLIKELY (csv->room - csv->size < length + SHORT))
    grow_block (csv, csv->size + length + SHORT);
  char *copy = csv->block + csv->size;
  if (G_LIKELY (length < SHORT))
    memcpy (copy, text, SHORT);
  else
    memcpy (copy, text, length + 1);
  csv->fields[csv->n_fields++] = (FeeField){ copy, length };
  csv->size += length + 1;
  csv->field_line = csv->line;
}

static void
take_row (int end G_GNUC_UNUSED, void *data)
{
  FeeCsv *csv = data;
  if (csv->stopped)
    return;
  csv->stopped = !csv->func (csv->row_line, csv->fields, csv->n_fields, csv->data, &csv->error);
  csv->row_line = csv->field_line = csv->line;
  csv->n_fields = 0;
  csv->size = 0;
}

/* Why libcsv took less than it was given. */
static void
refuse_rest (FeeCsv *csv)
{
  if (csv_error (&csv->parser) != CSV_EPARSE)
    refuse_size (csv, csv->parser.quoted != 0);
  else if (!csv->parser.quoted)
    refuse (csv, csv->line, _("a quote inside a field that does not begin with one"));
  else if (csv->field_line == csv->line)
    refuse (csv, csv->line, _("text after the closing quote of a field"));
  else
    refuse (csv, csv->field_line, _("a quote opens here, and text follows where it closes in line %u"), csv->line);
}

static gboolean
settle (FeeCsv *csv, GError **error)
{
  if (!csv->stopped)
    return TRUE;
  if (csv->error != NULL)
    g_propagate_error (error, g_steal_pointer (&csv->error));
  return FALSE;
}

/* Text of one line, or a part of it: so the callbacks know the line. */
static inline gboolean
feed_line (FeeCsv *csv, const char *text, gsize length, GError **error)
{
  if (csv->parser.pstate == csv->between_rows)
    csv->row_line = csv->field_line = csv->line;
  gsize taken = csv_parse (&csv->parser, text, length, take_field, take_row, csv);
  if (G_UNLIKELY (taken < length && !csv->stopped))
    refuse_rest (csv);
  return settle (csv, error);
}

static gboolean
feed_lines (FeeCsv *csv, const char *text, gsize length, GError **error)
{
  while (length > 0) {
    const char *newline = memchr (text, '\n', length);
    gsize piece = newline == NULL ? length : (gsize) (newline - text) + 1;
    if (!feed_line (csv, text, piece, error))
      return FALSE;
    csv->line += newline != NULL;
    text += piece;
    length -= piece;
  }
  return TRUE;
}

gboolean
fee_csv_feed (FeeCsv *csv, const char *text, gsize length, GError **error)
{
  const char *nul = length == 0 ? NULL : memchr (text, '\0', length);
  if (!feed_lines (csv, text, nul == NULL ? length : (gsize) (nul - text), error))
    return FALSE;
  if (nul != NULL)
    refuse (csv, csv->line, _("a NUL byte"));
  return settle (csv, error);
}

gboolean
fee_csv_finish (FeeCsv *csv, GError **error)
{
  if (csv_fini (&csv->parser, take_field, take_row, csv) != 0)
    refuse (csv, csv->field_line, _("a quote opens here and is never closed"));
  return settle (csv, error);
}

char
fee_csv_find_delimiter (const char *text, gsize length)
{
  gsize counts[] = { 0, 0, 0 };
  gboolean quoted = FALSE, blank = TRUE;
  for (gsize i = 0; i < length; i++) {
    char c = text[i];
    if (!quoted && (c == '\n' || c == '\r')) {
      if (!blank)
        break;
      memset (counts, 0, sizeof counts);
    }
    quoted ^= c == '"';
    blank &= g_ascii_isspace (c) != 0;
    if (!quoted) {
      counts[0] += c == ',';
      counts[1] += c == ';';
      counts[2] += c == '\t';
    }
  }
  if (counts[2] > counts[0] && counts[2] > counts[1])
    return '\t';
  return counts[1] > counts[0] ? ';' : ',';
}
