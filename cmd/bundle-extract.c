/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "../libfee/input/fee-csv.h"
#include "../libfee/input/fee-decode.h"
#include "../libfee/report/fee-words.h"
#include "bundle.h"

typedef enum { KEEP, DROP, BLANK, MASK } Treatment;

typedef struct {
  const Treatment *treatments; /* by column of the file */
  guint n_columns, line;       /* line: that the next row would begin in */
  GString *out;
} Extracting;

static Treatment
treat (const FeeBatch *batch, const FeeTable *units, const char *column)
{
  const FeeKind *kind = fee_kind_get (batch->kind);
  gint field = fee_kind_field (kind, column);
  if (batch->kind == FEE_KIND_PARTIES)
    return field < 0 ? DROP : field == FEE_PARTIES_CONTACT ? BLANK : field == FEE_PARTIES_NAME ? MASK : KEEP;
  return *column != '\0' && (field >= 0 || fee_table_find_column (units, column) >= 0) ? KEEP : DROP;
}

static void
append_cell (Extracting *extracting, const char *text, gboolean first)
{
  g_string_append (extracting->out, first ? "\"" : ",\"");
  for (; *text != '\0'; text++) {
    extracting->line += *text == '\n';
    g_string_append_len (extracting->out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
  }
  g_string_append_c (extracting->out, '"');
}

static void
append_treated (Extracting *extracting, Treatment treatment, const char *text, gboolean first)
{
  g_autofree char *masked = treatment == MASK ? fee_words_mask (text) : NULL;
  append_cell (extracting, treatment == BLANK ? "" : masked != NULL ? masked : text, first);
}

/* Blank lines make no row: they keep it in its line, by which messages and traces name it. */
static gboolean
take_row (guint line, const FeeField *fields, guint n_fields, gpointer data, GError **error)
{
  (void) error;
  Extracting *extracting = data;
  gboolean first = TRUE, heading = extracting->out->len == 0;
  for (; extracting->line < line; extracting->line++)
    g_string_append_c (extracting->out, '\n');
  for (guint i = 0; i < MIN (n_fields, extracting->n_columns); i++) {
    if (extracting->treatments[i] == DROP)
      continue;
    append_treated (extracting, heading ? KEEP : extracting->treatments[i], fields[i].text, first);
    first = FALSE;
  }
  g_string_append_c (extracting->out, '\n');
  extracting->line++;
  return TRUE;
}

static FeeReading *
reading_of_extract (const FeeReading *reading, const Treatment *treatments)
{
  FeeReading *extract = fee_reading_new ();
  extract->encoding = g_strdup ("UTF-8");
  extract->delimiter = ',';
  extract->format = reading->format;
  for (guint i = 0; i < reading->columns->len; i++)
    if (treatments[i] != DROP) {
      g_ptr_array_add (extract->headers, g_strdup (g_ptr_array_index (reading->headers, i)));
      g_ptr_array_add (extract->columns, g_strdup (g_ptr_array_index (reading->columns, i)));
    }
  return extract;
}

static gboolean
write_extract (const FeeReading *reading, GBytes *bytes, Extracting *extracting, GError **error)
{
  g_autoptr (GBytes) text = NULL;
  g_autofree char *found = NULL;
  gsize length;
  if (!fee_decode (bytes, reading->encoding, &text, &found, error))
    return FALSE;
  const char *at = g_bytes_get_data (text, &length);
  g_autoptr (FeeCsv) csv = fee_csv_new (reading->delimiter, take_row, extracting);
  return fee_csv_feed (csv, at, length, error) && fee_csv_finish (csv, error);
}

void
fee_extract_clear (FeeExtract *extract)
{
  if (extract->text != NULL)
    g_string_free (extract->text, TRUE);
  g_clear_pointer (&extract->reading, fee_reading_free);
  extract->text = NULL;
}

gboolean
fee_bundle_extract (const FeeBatch *batch, GBytes *bytes, const FeeTable *units, FeeExtract *out, GError **error)
{
  g_autoptr (FeeReading) kept = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean changes = FALSE;
  *out = (FeeExtract) { NULL, NULL };
  if (batch->kind != FEE_KIND_PARTIES && batch->kind != FEE_KIND_UNITS)
    return TRUE;
  if (!fee_reading_parse (batch->reading, &kept, error))
    return FALSE;
  g_autofree Treatment *treatments = g_new0 (Treatment, kept->columns->len + 1);
  for (guint i = 0; i < kept->columns->len; i++) {
    treatments[i] = treat (batch, units, g_ptr_array_index (kept->columns, i));
    changes = changes || treatments[i] != KEEP;
  }
  Extracting extracting = { treatments, kept->columns->len, 1, text };
  if (!changes)
    return TRUE;
  if (!write_extract (kept, bytes, &extracting, error))
    return FALSE;
  out->text = g_steal_pointer (&text);
  out->reading = reading_of_extract (kept, treatments);
  return TRUE;
}
