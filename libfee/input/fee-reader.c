/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-reader-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-reference.h"
#include "../base/fee-text.h"
#include "fee-csv.h"
#include "fee-decode.h"
#include "fee-header.h"
#include "fee-rows.h"

enum { LEFT_OUT = -1, ESTATE = -2 };

static void
report (FeeFileReader *reader, guint line, guint position, const FeeField *cell, const char *reason)
{
  g_autofree char *shown = fee_text_quote (cell->text, cell->length);
  fee_problems_add (reader->problems, "%s:%u: %s %s %s", reader->options->file, line,
                    (const char *) g_ptr_array_index (reader->reading->headers, position), shown, reason);
}

static gint
position_of (const FeeFileReader *reader, guint column)
{
  for (guint i = 0; i < reader->n_columns; i++)
    if (reader->columns[i] == (gint) column)
      return (gint) i;
  return LEFT_OUT;
}

/* A file with the column that may stand instead has every cell of the other: the book knows them. */
static void
bind_instead (FeeFileReader *reader)
{
  guint field, instead;
  GByteArray *present = g_array_index (reader->table->segments, FeeSegment, reader->table->segments->len - 1).present;
  reader->may_lack = reader->instead = LEFT_OUT;
  if (!fee_kind_find_instead (reader->table->kind, &field, &instead))
    return;
  reader->may_lack = position_of (reader, field);
  reader->instead = position_of (reader, instead);
  if (present->data[instead])
    present->data[field] = TRUE;
}

/* Finds the table's columns; a file's attributes become columns where they may. */
void
fee_file_reader_bind (FeeFileReader *reader, gboolean only_known)
{
  const FeeReading *reading = reader->reading;
  FeeSegment *segment = NULL;
  reader->n_columns = reading->columns->len;
  reader->columns = g_new (gint, MAX (reader->n_columns, 1));
  for (guint i = 0; i < reader->n_columns; i++) {
    const char *name = g_ptr_array_index (reading->columns, i);
    gint column = LEFT_OUT;
    if (strcmp (name, FEE_COLUMN_ESTATE) == 0)
      column = ESTATE;
    else if (*name != '\0')
      column = fee_table_find_column (reader->table, name);
    if (column == LEFT_OUT && *name != '\0' && !only_known)
      column = (gint) fee_table_add_attribute (reader->table, name);
    /* what nobody wants of a kept file costs nothing */
    reader->columns[i] = only_known && column >= 0 && !fee_table_column (reader->table, (guint) column)->wanted ? LEFT_OUT : column;
    segment = &g_array_index (reader->table->segments, FeeSegment, reader->table->segments->len - 1);
    if (column >= 0)
      segment->present->data[column] = TRUE;
  }
  bind_instead (reader);
}

/* Excel's guard before a cell that it would take for a formula. */
static void
unguard (FeeField *cell)
{
  if (cell->length > 1 && cell->text[0] == '\'' && strchr ("=+-@\t\r", cell->text[1]) != NULL) {
    cell->text++;
    cell->length--;
  }
}

/* "owner=业主|occupant=使用人": the plain word for either form; NULL for another. */
static const char *
find_choice (const char *choices, const FeeField *cell, gsize *length)
{
  for (const char *at = choices; at != NULL; at = strchr (at, '|') == NULL ? NULL : strchr (at, '|') + 1) {
    const char *equals = strchr (at, '=');
    gsize plain = (gsize) (equals - at);
    gsize other = strcspn (equals + 1, "|");
    if ((plain == cell->length && g_ascii_strncasecmp (at, cell->text, plain) == 0)
        || (other == cell->length && memcmp (equals + 1, cell->text, other) == 0)) {
      *length = plain;
      return at;
    }
  }
  return NULL;
}

/* Attributes that are numbers in another form than a plain decimal (1.234,50; １２) are kept as one: the area always, others where the
 * file has a decimal comma. */
static const char *
set_word (FeeFileReader *reader, guint column, guint32 row, const FeeField *cell)
{
  const FeeKind *kind = reader->table->kind;
  gboolean area = kind->id == FEE_KIND_UNITS && column == FEE_UNITS_AREA;
  gboolean attribute = column >= kind->n_fields && reader->reading->format.decimal == ',';
  char buffer[FEE_NUMBER_SIZE];
  FeeQuantity quantity;
  if ((area || attribute) && !fee_quantity_parse (cell->text, &quantity)) {
    const char *reason = fee_cell_read_quantity (cell->text, cell->length, &reader->reading->format, &quantity);
    if (reason == NULL) {
      fee_quantity_format (quantity, buffer);
      fee_table_set_text (reader->table, column, row, buffer, strlen (buffer));
      return NULL;
    }
    if (area)
      return reason;
  }
  fee_table_set_text (reader->table, column, row, cell->text, cell->length);
  return NULL;
}

/* A payment reference becomes the number of its bill, which is looked for later. */
static const char *
set_bill (FeeFileReader *reader, guint n, guint32 row, const FeeField *cell)
{
  char number[FEE_REFERENCE_NUMBER_SIZE];
  switch (fee_reference_parse (cell->text, cell->length, number)) {
  case FEE_REFERENCE_GOOD:
    fee_table_set_text (reader->table, n, row, number, strlen (number));
    return NULL;
  case FEE_REFERENCE_MALFORMED:
    return N_("is not a payment reference: RF, two check digits, and a bill number without its hyphen");
  case FEE_REFERENCE_WRONG_CHECK:
    return N_("has check digits that do not fit: a digit is wrong, or two are in each other's place");
  default:
    fee_table_set_text (reader->table, n, row, cell->text, cell->length);
    return NULL;
  }
}

static const char *
set_text (FeeFileReader *reader, guint n, guint32 row, const FeeField *cell)
{
  const FeeKind *kind = reader->table->kind;
  const char *choices = n < kind->n_fields ? kind->fields[n].choices : NULL;
  if (choices != NULL) {
    gsize length;
    const char *word = find_choice (choices, cell, &length);
    if (word == NULL)
      return N_("is not one of the words for this column");
    fee_table_set_text (reader->table, n, row, word, length);
    return NULL;
  }
  if (n < kind->n_fields && kind->fields[n].reference)
    return set_bill (reader, n, row, cell);
  if (fee_table_column (reader->table, n)->type == FEE_CELL_WORD)
    return set_word (reader, n, row, cell);
  fee_table_set_text (reader->table, n, row, cell->text, cell->length);
  return NULL;
}

/* A cell that another cell may stand instead of is looked at with its row. */
static const char *
set_empty (const FeeFileReader *reader, guint n)
{
  const FeeKind *kind = reader->table->kind;
  return n < kind->n_fields && kind->fields[n].required && kind->fields[n].instead == NULL ? N_("is empty") : NULL;
}

/* NULL, or why the cell can't be. */
static const char *
set_cell (FeeFileReader *reader, guint n, guint32 row, const FeeField *cell)
{
  FeeColumn *column = fee_table_column (reader->table, n);
  const FeeCellFormat *format = &reader->reading->format;
  if (!column->wanted)
    return NULL;
  if (cell->length == 0)
    return set_empty (reader, n);
  switch (column->type) {
  case FEE_CELL_DATE:
    return fee_cell_read_date (cell->text, cell->length, format, &column->small[row]);
  case FEE_CELL_MONEY:
    return fee_cell_read_money (cell->text, cell->length, format, reader->decimals, &column->number[row]);
  case FEE_CELL_QUANTITY:
    return fee_cell_read_quantity (cell->text, cell->length, format, &column->number[row]);
  case FEE_CELL_COUNT:
    return fee_cell_read_count (cell->text, cell->length, &column->small[row]);
  default:
    return set_text (reader, n, row, cell);
  }
}

static gboolean
is_our_estate (const FeePolicy *policy, const char *text)
{
  const char *names[] = { policy->code, policy->name.en, policy->name.zh_CN };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL && *names[i] != '\0' && strcmp (names[i], text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
damaged (guint line, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("the kept bytes of a file no longer read as they did (line %u)"), line);
  return FALSE;
}

static gboolean
read_header (FeeFileReader *reader, guint line, const FeeField *cells, guint n_cells, GError **error)
{
  reader->header_done = TRUE;
  if (reader->options == NULL)
    return n_cells == reader->n_columns || damaged (line, error);
  GError *problem = NULL;
  if (!fee_header_resolve (cells, n_cells, line, reader->options, reader->table->kind, reader->found, reader->problems,
                           reader->warnings, &problem)) {
    if (problem != NULL)
      g_propagate_error (error, problem);
    else
      fee_problems_settle (reader->problems, FEE_ERROR_RECORDS, error);
    return FALSE;
  }
  fee_file_reader_bind (reader, FALSE);
  return TRUE;
}

static const char *
take_cell (FeeFileReader *reader, guint32 row, gint column, FeeField *cell)
{
  unguard (cell);
  if (column >= 0)
    return set_cell (reader, (guint) column, row, cell);
  return reader->options != NULL && !is_our_estate (reader->options->policy, cell->text) ? N_("is not this book's estate") : NULL;
}

/* Of a new file only: who reads a kept one again may not want both columns. */
static void
check_instead (FeeFileReader *reader, guint line, const FeeField *cells)
{
  gint at = reader->may_lack != LEFT_OUT ? reader->may_lack : reader->instead;
  if (at == LEFT_OUT || cells[at].length > 0 || (reader->instead != LEFT_OUT && cells[reader->instead].length > 0))
    return;
  report (reader, line, (guint) at, &cells[at], _("is empty; a receipt needs its unit or its bill"));
}

gboolean
fee_file_reader_take (guint line, const FeeField *cells, guint n_cells, gpointer data, GError **error)
{
  FeeFileReader *reader = data;
  if (!reader->header_done)
    return read_header (reader, line, cells, n_cells, error);
  if (n_cells != reader->n_columns) {
    if (reader->options == NULL)
      return damaged (line, error);
    fee_problems_add (reader->problems, _("%s:%u: %u fields, but the header has %u"), reader->options->file, line, n_cells,
                      reader->n_columns);
    return TRUE;
  }
  guint32 row;
  if (!fee_table_add_row (reader->table, line, &row)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%u: more rows than a book can hold"), line);
    return FALSE;
  }
  for (guint i = 0; i < n_cells; i++) {
    FeeField cell = cells[i];
    gint column = reader->columns[i];
    if (column == LEFT_OUT)
      continue;
    const char *reason = take_cell (reader, row, column, &cell);
    if (reason == NULL)
      continue;
    if (reader->options == NULL)
      return damaged (line, error);
    report (reader, line, i, &cell, _(reason));
  }
  if (reader->options != NULL)
    check_instead (reader, line, cells);
  return TRUE;
}

gboolean
fee_file_reader_end (FeeRows *rows, GError *problem, GError **error)
{
  g_autoptr (GError) of_text = problem;
  if (!fee_rows_finish (rows, error))
    return FALSE;
  if (of_text == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&of_text));
  return FALSE;
}

static gboolean
parse_rows (FeeFileReader *reader, GBytes *text, GError **error)
{
  gsize length;
  const char *at = g_bytes_get_data (text, &length);
  g_autoptr (FeeRows) rows = fee_rows_new (fee_file_reader_take, reader);
  g_autoptr (FeeCsv) csv = fee_csv_new (reader->found->delimiter, fee_rows_take, rows);
  GError *problem = NULL;
  if (fee_csv_feed (csv, at, length, &problem))
    fee_csv_finish (csv, &problem);
  if (!fee_file_reader_end (rows, problem, error))
    return FALSE;
  if (!reader->header_done) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("the file is empty"));
    return FALSE;
  }
  return TRUE;
}

/* Faults that stop a reading begin with their line (`41: ...`); those of the header have the file's name already. */
static void
name_file (const char *file, GError **error)
{
  if (error == NULL || *error == NULL || (*error)->code != FEE_ERROR_RECORDS || g_str_has_prefix ((*error)->message, file))
    return;
  g_prefix_error (error, g_ascii_isdigit ((*error)->message[0]) ? "%s:" : "%s: ", file);
}

/* About how many rows, and so ids, a file may bring: as its beginning goes on. */
static gsize
estimate_lines (const char *text, gsize length)
{
  gsize sample = MIN (length, 64 * 1024), lines = 1;
  if (sample == 0) /* then there may be no text */
    return 0;
  const char *end = text + sample;
  for (const char *at = text; at < end && (at = memchr (at, '\n', (gsize) (end - at))) != NULL; at++)
    lines++;
  return length / sample * lines;
}

static gboolean
read_text (GBytes *bytes, FeeFileReader *reader, GError **error)
{
  const FeeReadOptions *options = reader->options;
  g_autoptr (GBytes) text = NULL;
  if (!fee_decode (bytes, options->encoding, &text, &reader->found->encoding, error))
    return FALSE;
  if (options->encoding == NULL && strcmp (reader->found->encoding, "UTF-8") != 0)
    g_ptr_array_add (reader->warnings, g_strdup_printf (_("%s: read as %s"), options->file, reader->found->encoding));
  gsize length;
  const char *at = g_bytes_get_data (text, &length);
  reader->found->delimiter = options->delimiter != 0 ? options->delimiter : fee_csv_find_delimiter (at, length);
  reader->found->format = options->format;
  fee_strings_reserve (reader->table->ids, estimate_lines (at, length));
  return parse_rows (reader, text, error);
}

gboolean
fee_read_file (GBytes *bytes, const FeeReadOptions *options, FeeTable *table, FeeProblems *problems, GPtrArray *warnings,
               FeeReading **out, GError **error)
{
  g_autoptr (FeeReading) reading = fee_reading_new ();
  FeeFileReader reader = { .table = table, .reading = reading, .decimals = options->decimals, .options = options,
                       .problems = problems, .warnings = warnings, .found = reading };
  gboolean ok = read_text (bytes, &reader, error);
  g_free (reader.columns);
  if (!ok) {
    name_file (options->file, error);
    return FALSE;
  }
  *out = g_steal_pointer (&reading);
  return TRUE;
}
