/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-reader.h"

#include <string.h>

FeeReading *
fee_reading_new (void)
{
  FeeReading *reading = g_new0 (FeeReading, 1);
  reading->headers = g_ptr_array_new_with_free_func (g_free);
  reading->columns = g_ptr_array_new_with_free_func (g_free);
  return reading;
}

void
fee_reading_free (FeeReading *reading)
{
  if (reading == NULL)
    return;
  g_free (reading->encoding);
  g_ptr_array_unref (reading->headers);
  g_ptr_array_unref (reading->columns);
  g_free (reading);
}

/* encoding|delimiter as a number|decimal|date format|column|column...; headers hold no control characters, so TAB separates. */
char *
fee_reading_to_text (const FeeReading *reading)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s\t%d\t%c\t%d", reading->encoding, reading->delimiter, reading->format.decimal,
                          (gint) reading->format.date_format);
  for (guint i = 0; i < reading->columns->len; i++)
    g_string_append_printf (text, "\t%s=%s", (const char *) g_ptr_array_index (reading->columns, i),
                            (const char *) g_ptr_array_index (reading->headers, i));
  return g_string_free (text, FALSE);
}

static gboolean
parse_parts (char **parts, FeeReading *reading)
{
  gint64 delimiter, dates;
  if (g_strv_length (parts) < 5 || strlen (parts[2]) != 1
      || !g_ascii_string_to_signed (parts[1], 10, 1, 127, &delimiter, NULL)
      || !g_ascii_string_to_signed (parts[3], 10, 0, FEE_DATE_FORMAT_EXCEL, &dates, NULL))
    return FALSE;
  reading->encoding = g_strdup (parts[0]);
  reading->delimiter = (char) delimiter;
  reading->format = (FeeCellFormat) { parts[2][0], (FeeDateFormat) dates };
  for (char **part = parts + 4; *part != NULL; part++) {
    const char *equals = strchr (*part, '=');
    if (equals == NULL)
      return FALSE;
    g_ptr_array_add (reading->columns, g_strndup (*part, (gsize) (equals - *part)));
    g_ptr_array_add (reading->headers, g_strdup (equals + 1));
  }
  return TRUE;
}

gboolean
fee_reading_parse (const char *text, FeeReading **out, GError **error)
{
  g_autoptr (FeeReading) reading = fee_reading_new ();
  g_auto (GStrv) parts = g_strsplit (text, "\t", -1);
  if (!parse_parts (parts, reading)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "the kept reading of a file is damaged");
    return FALSE;
  }
  *out = g_steal_pointer (&reading);
  return TRUE;
}
