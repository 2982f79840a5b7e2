/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-header.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"

gboolean
fee_header_is_estate (const char *header)
{
  return g_ascii_strcasecmp (header, FEE_COLUMN_ESTATE) == 0 || strcmp (header, "小区") == 0;
}

static gboolean
same_header (const char *a, const char *b)
{
  g_autofree char *x = g_utf8_casefold (a, -1);
  g_autofree char *y = g_utf8_casefold (b, -1);
  return strcmp (x, y) == 0;
}

/* The field or attribute that a name of a mapping means: field names in their plain form. */
static char *
plain_field (const FeeKind *kind, const char *name)
{
  gint field = fee_kind_match_header (kind, name);
  return g_strdup (field >= 0 ? kind->fields[field].name : name);
}

/* "field=header" of the call for this header. */
static char *
mapped_by_call (const FeeReadOptions *options, const FeeKind *kind, const char *header)
{
  for (guint i = 0; options->column_names != NULL && i < options->column_names->len; i++) {
    const char *pair = g_ptr_array_index (options->column_names, i);
    const char *equals = strchr (pair, '=');
    g_autofree char *field = g_strndup (pair, (gsize) (equals - pair));
    if (same_header (equals + 1, header))
      return plain_field (kind, field);
  }
  return NULL;
}

static char *
mapped_by_policy (const FeeReadOptions *options, const FeeKind *kind, const char *header)
{
  if (options->policy == NULL)
    return NULL;
  for (guint i = 0; i < options->policy->columns->len; i++) {
    const FeeColumnNames *names = &g_array_index (options->policy->columns, FeeColumnNames, i);
    if (strcmp (names->kind, kind->name) != 0)
      continue;
    for (char **other = names->headers; *other != NULL; other++)
      if (same_header (*other, header))
        return plain_field (kind, names->field);
  }
  return NULL;
}

/* Owned by the caller. "" where the column is left out. */
static char *
resolve_column (const FeeReadOptions *options, const FeeKind *kind, const char *header)
{
  char *mapped = mapped_by_call (options, kind, header);
  if (mapped == NULL)
    mapped = mapped_by_policy (options, kind, header);
  if (mapped != NULL)
    return mapped;
  gint field = fee_kind_match_header (kind, header);
  if (field >= 0)
    return g_strdup (kind->fields[field].name);
  if (fee_header_is_estate (header))
    return g_strdup (FEE_COLUMN_ESTATE);
  return g_strdup (kind->attributes ? header : "");
}

/* A mapping of the call must be one, for a field that the kind can have. */
static gboolean
check_mappings (const FeeReadOptions *options, const FeeKind *kind, GError **error)
{
  for (guint i = 0; options->column_names != NULL && i < options->column_names->len; i++) {
    const char *pair = g_ptr_array_index (options->column_names, i);
    const char *equals = strchr (pair, '=');
    if (equals == NULL || equals == pair || equals[1] == '\0') {
      g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, _("--column %s: write FIELD=HEADER"), pair);
      return FALSE;
    }
    g_autofree char *field = g_strndup (pair, (gsize) (equals - pair));
    if (!kind->attributes && fee_kind_match_header (kind, field) < 0) {
      g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, _("--column %s: %s have no column \"%s\""), pair, kind->name, field);
      return FALSE;
    }
  }
  return TRUE;
}

static void
check_mapped_headers (const FeeReadOptions *options, guint line, const FeeReading *reading, FeeProblems *problems)
{
  for (guint i = 0; options->column_names != NULL && i < options->column_names->len; i++) {
    const char *header = strchr (g_ptr_array_index (options->column_names, i), '=') + 1;
    gboolean found = FALSE;
    for (guint n = 0; n < reading->headers->len && !found; n++)
      found = same_header (g_ptr_array_index (reading->headers, n), header);
    g_autofree char *shown = fee_text_quote (header, strlen (header));
    if (!found)
      fee_problems_add (problems, _("%s:%u: there is no column %s"), options->file, line, shown);
  }
}

static gboolean
has_column (const FeeReading *reading, const char *name)
{
  for (guint n = 0; name != NULL && n < reading->columns->len; n++)
    if (strcmp (g_ptr_array_index (reading->columns, n), name) == 0)
      return TRUE;
  return FALSE;
}

static void
check_required (const FeeReadOptions *options, guint line, const FeeKind *kind, const FeeReading *reading, FeeProblems *problems)
{
  for (guint i = 0; i < kind->n_fields; i++) {
    const FeeKindField *field = &kind->fields[i];
    if (field->required && !has_column (reading, field->name) && !has_column (reading, field->instead))
      fee_problems_add (problems, _("%s:%u: the required column \"%s\" is missing"), options->file, line, field->name);
  }
}

static gboolean
has_control (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (fee_text_is_control (g_utf8_get_char (at)))
      return TRUE;
  return FALSE;
}

#define SHOWN_WARNINGS 20

/* The header at work. */
typedef struct {
  const FeeReadOptions *options;
  guint line;
  const FeeKind *kind;
  FeeReading *reading;
  FeeProblems *problems;
  GPtrArray *warnings;
  GHashTable *columns, *headers; /* those that came, without case */
  guint unknown;
} Header;

static void
leave_out (Header *header, const char *shown)
{
  if (header->unknown++ < SHOWN_WARNINGS)
    g_ptr_array_add (header->warnings, g_strdup_printf (_("%s: the column %s is not known and is left out"), header->options->file, shown));
}

static void
add_column (Header *header, char *name)
{
  const char *file = header->options->file;
  g_autofree char *column = *name == '\0' ? g_strdup ("") : resolve_column (header->options, header->kind, name);
  g_autofree char *shown = fee_text_quote (name, strlen (name));
  const char *said = *column != '\0' ? column : name;
  if (*name != '\0' && !g_hash_table_add (*column != '\0' ? header->columns : header->headers, g_utf8_casefold (said, -1)))
    fee_problems_add (header->problems, _("%s:%u: the column \"%s\" is there twice"), file, header->line, said);
  if (has_control (name) || strchr (column, '=') != NULL)
    fee_problems_add (header->problems, _("%s:%u: the column name %s has a control character or \"=\""), file, header->line, shown);
  if (*column == '\0')
    leave_out (header, shown);
  g_ptr_array_add (header->reading->headers, name);
  g_ptr_array_add (header->reading->columns, g_steal_pointer (&column));
}

static void
add_columns (Header *header, const FeeField *cells, guint n_cells)
{
  g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  header->columns = columns;
  header->headers = headers;
  for (guint i = 0; i < n_cells; i++)
    add_column (header, g_strstrip (g_strndup (cells[i].text, cells[i].length)));
  if (header->unknown > SHOWN_WARNINGS)
    g_ptr_array_add (header->warnings, g_strdup_printf (_("%s: columns that are not known and are left out, besides: %u"), header->options->file,
                                                        header->unknown - SHOWN_WARNINGS));
}

gboolean
fee_header_resolve (const FeeField *cells, guint n_cells, guint line, const FeeReadOptions *options, const FeeKind *kind,
                    FeeReading *reading, FeeProblems *problems, GPtrArray *warnings, GError **error)
{
  Header header = { .options = options, .line = line, .kind = kind, .reading = reading, .problems = problems, .warnings = warnings };
  if (!check_mappings (options, kind, error))
    return FALSE;
  guint before = fee_problems_count (problems);
  add_columns (&header, cells, n_cells);
  check_mapped_headers (options, line, reading, problems);
  check_required (options, line, kind, reading, problems);
  return fee_problems_count (problems) == before;
}
