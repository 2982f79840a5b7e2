/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "../libfee/report/fee-show.h"
#include "verify.h"

/* What earlier runs posted of the months that the run restates, out of the bundle. */
typedef struct {
  FeeVerifying *verifying;
  const char *name; /* of the member */
  const char *unit; /* of the count before, in the strings; NULL at the beginning of a month */
  const FeePostedOrigin *month; /* of it */
} Reading;

static gboolean
damaged (const Reading *reading, GError **error)
{
  return fee_verify_damaged (reading->verifying, reading->name, error);
}

/* The month by which a row begins; NULL where the run does not restate it. */
static FeePostedOrigin *
find_month (const Reading *reading, const char *text)
{
  const GPtrArray *restated = reading->verifying->restated;
  FeePeriod origin;
  for (guint i = 0; fee_period_parse (text, &origin) && i < restated->len; i++) {
    FeePostedOrigin *posted = g_ptr_array_index (restated, i);
    if (posted->origin == origin)
      return posted;
  }
  return NULL;
}

static FeeText
intern (const Reading *reading, const char *text)
{
  return fee_strings_intern_text (reading->verifying->strings, text);
}

static gboolean
read_money (const Reading *reading, const char *text, FeeMoney *out)
{
  static const FeeCellFormat plain = { '.', FEE_DATE_FORMAT_PLAIN };
  return fee_cell_read_money (text, strlen (text), &plain, reading->verifying->tool->decimals, out) == NULL;
}

static gboolean
read_quantity (const char *text, FeeQuantity *out)
{
  *out = FEE_QUANTITY_NONE;
  return *text == '\0' || fee_quantity_parse (text, out);
}

/* ---- Rows. FeeQuotedFunc */

static gboolean
take_count (char **row, gpointer data, GError **error)
{
  Reading *reading = data;
  FeePostedOrigin *posted = find_month (reading, row[0]);
  gboolean ok = posted != NULL;
  if (!ok || (posted == reading->month && strcmp (reading->unit, row[1]) >= 0))
    return damaged (reading, error);
  FeeOddCount count = { intern (reading, row[1]), (gint32) fee_verify_number (row[2], G_MININT32, G_MAXINT32, &ok) };
  reading->month = posted;
  reading->unit = fee_strings_get (reading->verifying->strings, count.unit);
  g_array_append_val (posted->counts, count);
  return ok || damaged (reading, error);
}

static gboolean
take_pool (char **row, gpointer data, GError **error)
{
  Reading *reading = data;
  FeePostedOrigin *posted = find_month (reading, row[0]);
  FeePostedPool pool = { .centre = intern (reading, row[2]), .restates = strcmp (row[3], fee_stage_text (FEE_STAGE_RESTATE)) == 0 };
  gboolean ok = posted != NULL && (pool.restates || strcmp (row[3], fee_stage_text (FEE_STAGE_ACTIVITY)) == 0);
  if (!ok || fee_verify_number (row[1], 1, G_MAXINT32, &ok) != posted->pools->len + 1 || !ok || !read_quantity (row[4], &pool.total)
      || !read_money (reading, row[5], &pool.amount))
    return damaged (reading, error);
  g_array_append_val (posted->pools, pool);
  return TRUE;
}

static gboolean
read_role (const char *text, FeeRole *out)
{
  for (guint role = FEE_ROLE_OWNER; role <= FEE_ROLE_UNSOLD; role++)
    if (strcmp (fee_role_text ((FeeRole) role), text) == 0) {
      *out = (FeeRole) role;
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_line (char **row, gpointer data, GError **error)
{
  Reading *reading = data;
  FeePostedOrigin *posted = find_month (reading, row[0]);
  FeePostedLine line = { .unit = intern (reading, row[2]), .party = intern (reading, row[3]) };
  gboolean ok = posted != NULL && posted->pools->len > 0;
  if (ok)
    line.pool = (guint32) fee_verify_number (row[1], 1, posted->pools->len, &ok) - 1;
  line.days = (gint32) fee_verify_number (row[6], 0, 31, &ok);
  if (!ok || !read_role (row[4], &line.role) || !read_quantity (row[5], &line.weight) || !read_money (reading, row[7], &line.amount))
    return damaged (reading, error);
  g_array_append_val (posted->lines, line);
  return TRUE;
}

static gboolean
read_member (FeeVerifying *verifying, const char *name, guint n_columns, FeeQuotedFunc func, GError **error)
{
  Reading reading = { verifying, name, NULL, NULL };
  const GString *text = g_hash_table_lookup (verifying->texts, name);
  return text == NULL ? damaged (&reading, error) : fee_quoted_each (name, text, n_columns, func, &reading, error);
}

gboolean
fee_verify_add_restated (FeeVerifying *verifying, const GArray *months, GError **error)
{
  for (guint i = 0; i < months->len; i++)
    g_ptr_array_add (verifying->restated, fee_posted_origin_new (g_array_index (months, FeePeriod, i)));
  /* pools before the lines that name them */
  return months->len == 0
         || (read_member (verifying, "before/restated-counts.csv", 3, take_count, error)
             && read_member (verifying, "before/restated-pools.csv", 6, take_pool, error)
             && read_member (verifying, "before/restated-lines.csv", 8, take_line, error));
}
