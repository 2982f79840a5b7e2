/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the programs of unit tests share: assertions that print decimals, data files, and records made from texts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "../libfee/base/fee-error.h"
#include "../libfee/input/fee-policy-file.h"
#include "../libfee/input/fee-reader.h"
#include "../libfee/model/fee-records.h"

static inline void
test_number (gint64 got, gint64 wanted, const char *what, const char *file, int line)
{
  if (got != wanted)
    fail_msg ("%s:%d: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, file, line, what, got, wanted);
}
#define assert_is(got, wanted) test_number ((gint64) (got), (gint64) (wanted), #got, __FILE__, __LINE__)

static inline void
test_text (const char *got, const char *wanted, const char *what, const char *file, int line)
{
  if (g_strcmp0 (got, wanted) != 0)
    fail_msg ("%s:%d: %s is\n%s\nnot\n%s", file, line, what, got != NULL ? got : "NULL", wanted != NULL ? wanted : "NULL");
}
#define assert_text(got, wanted) test_text (got, wanted, #got, __FILE__, __LINE__)

/* TRUE, or the test fails with the error. Frees it. */
static inline void
test_ok (gboolean ok, GError **error, const char *file, int line)
{
  if (!ok)
    fail_msg ("%s:%d: %s", file, line, *error != NULL ? (*error)->message : "failed, and no error is set");
  if (*error != NULL)
    fail_msg ("%s:%d: TRUE with an error set: %s", file, line, (*error)->message);
}
#define assert_ok(call, error) test_ok (call, &(error), __FILE__, __LINE__)

static inline void
test_fails (gboolean ok, GError **error, FeeError code, const char *part, const char *file, int line)
{
  if (ok || *error == NULL)
    fail_msg ("%s:%d: no error, but one with \"%s\" was expected", file, line, part);
  if (!g_error_matches (*error, FEE_ERROR, (gint) code) || strstr ((*error)->message, part) == NULL)
    fail_msg ("%s:%d: the error is %d \"%s\", not %d with \"%s\"", file, line, (*error)->code, (*error)->message, (gint) code, part);
  g_clear_error (error);
}
#define assert_fails(call, error, code, part) test_fails (call, &(error), code, part, __FILE__, __LINE__)

/* ---- Data files */

static inline char *
test_data (const char *name)
{
  const char *folder = g_getenv ("FEE_TEST_DATA");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "tests/data", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, &error))
    fail_msg ("%s", error->message);
  return text;
}

/* A file of data as it should be. With FEE_TEST_WRITE it is written to that folder, to look at what would change; the file in the sources is not touched. */
static inline void
test_golden (const char *name, const char *got)
{
  if (g_getenv ("FEE_TEST_WRITE") != NULL) {
    g_autofree char *path = g_build_filename (g_getenv ("FEE_TEST_WRITE"), name, NULL);
    assert_true (g_file_set_contents (path, got, -1, NULL));
  }
  g_autofree char *wanted = test_data (name);
  assert_text (got, wanted);
}

/* Calls func for each line that is not empty or a comment, its cells split at '|' and stripped; returns how many there were. */
static inline guint
test_each_line (const char *name, guint n_cells, void (*func) (char **cells, const char *place))
{
  g_autofree char *text = test_data (name);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;
  for (guint i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] == '#' || lines[i][0] == '\0')
      continue;
    g_auto (GStrv) cells = g_strsplit (lines[i], "|", -1);
    g_autofree char *place = g_strdup_printf ("%s:%u", name, i + 1);
    if (g_strv_length (cells) != n_cells)
      fail_msg ("%s: %u cells, not %u", place, g_strv_length (cells), n_cells);
    for (guint c = 0; c < n_cells; c++)
      g_strstrip (cells[c]);
    func (cells, place);
    n++;
  }
  return n;
}

/* ---- Numbers from texts */

static inline gint64
test_int (const char *text)
{
  gint64 value = 0;
  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL))
    fail_msg ("no number: %s", text);
  return value;
}

/* An amount with two decimals. */
static inline FeeMoney
fen (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", -1);
  if (g_strv_length (parts) != 2 || strlen (parts[1]) != 2)
    fail_msg ("no amount: %s", text);
  g_autofree char *digits = g_strconcat (parts[0], parts[1], NULL);
  return test_int (digits);
}

static inline FeeDate
day (const char *text)
{
  FeeDate date = FEE_DATE_NONE;
  if (*text != '\0' && !fee_date_parse (text, &date))
    fail_msg ("no date: %s", text);
  return date;
}

static inline FeePeriod
month (const char *text)
{
  FeePeriod period = FEE_PERIOD_NONE;
  if (!fee_period_parse (text, &period))
    fail_msg ("no month: %s", text);
  return period;
}

/* Amounts with blanks between. */
static inline char *
test_show (const FeeMoney *amounts, gsize n)
{
  GString *out = g_string_new (NULL);
  char buffer[FEE_NUMBER_SIZE];
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? " " : "", fee_money_format (amounts[i], 2, buffer));
  return g_string_free (out, FALSE);
}

/* ---- Records */

#define TEST_REQUIRED "[book]\nstart=2026-01\nunsold=developer\n[billing]\ndue_days=20\n"

static inline FeePolicy *
test_policy (const char *text)
{
  g_autoptr (GError) error = NULL;
  FeePolicy *policy = NULL;
  if (!fee_policy_read ("p.ini", text, strlen (text), &policy, &error))
    fail_msg ("%s", error->message);
  return policy;
}

/* Reads text into the last segment of table; NULL where that failed (the problems are shown). Owned by the caller. */
static inline FeeReading *
test_read_rows (FeeTable *table, const FeePolicy *policy, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  FeeReadOptions options = { .file = "rows.csv", .format = { '.', FEE_DATE_FORMAT_PLAIN }, .policy = policy, .decimals = policy->decimals };
  FeeReading *reading = NULL;
  if (!fee_read_file (bytes, &options, table, problems, warnings, &reading, &error) || !fee_problems_settle (problems, FEE_ERROR_RECORDS, &error))
    fail_msg ("%s", error->message);
  return reading;
}

/* Records with that policy, and no rows of the kinds that a run needs. */
static inline FeeRecords *
test_records (const char *policy)
{
  static const FeeKindId kinds[] = { FEE_KIND_UNITS, FEE_KIND_PARTIES, FEE_KIND_COSTS, FEE_KIND_ASSETS, FEE_KIND_QUANTITIES };
  FeeRecords *records = fee_records_new ();
  g_ptr_array_add (records->policies, test_policy (policy));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    records->tables[kinds[i]] = fee_table_new (kinds[i], records->ids);
  return records;
}

/* The rows of a CSV text as that batch. */
static inline void
test_add (FeeRecords *records, FeeKindId kind, guint32 batch, const char *text)
{
  fee_table_begin_segment (records->tables[kind], batch);
  g_autoptr (FeeReading) reading = test_read_rows (records->tables[kind], g_ptr_array_index (records->policies, 0), text);
  assert_non_null (reading);
}

static inline void
test_retract (FeeRecords *records, FeeKindId kind, guint32 batch, guint32 by)
{
  GArray *segments = records->tables[kind]->segments;
  for (guint i = 0; i < segments->len; i++)
    if (g_array_index (segments, FeeSegment, i).batch == batch)
      g_array_index (segments, FeeSegment, i).retracted_by = by;
}

/* Merges and indexes. Call once, when all rows are there. */
static inline void
test_index (FeeRecords *records)
{
  for (guint i = 0; i < FEE_N_KINDS; i++)
    if (records->tables[i] != NULL)
      fee_table_merge (records->tables[i], 0, NULL, NULL);
  fee_records_index (records, NULL, NULL);
}

/* Always seeded, so that a failure can be repeated. */
static inline GRand *
test_rand (guint32 seed)
{
  return g_rand_new_with_seed (seed);
}

static inline gint64
test_rand_int64 (GRand *rand)
{
  return (gint64) ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand));
}
/* Of any length in bits: 0..62. */
static inline gint64
test_rand_size (GRand *rand)
{
  return (gint64) ((guint64) test_rand_int64 (rand) >> g_rand_int_range (rand, 2, 64));
}
