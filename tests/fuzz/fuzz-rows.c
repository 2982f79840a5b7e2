/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/input/fee-reader.h"
#include "../../libfee/model/fee-check.h"

/* A file of any kind (the first byte says which, the second how it is read): what it gives is given again by its kept reading, in any
 * pieces, and can be merged, shown and checked. */

#define POLICY \
  "[book]\nname=Court\ncode=C1\nstart=2024-01\nunsold=developer\n[billing]\ndue_days=20\n[driver water]\nkind=flow\n[driver people]\n" \
  "[category personnel]\ndriver=people\n[centre lifts]\ndriver=area*lift\n[centre guard]\ndriver=one\npayer=occupant\n" \
  "[centre desk]\nkind=support\ndriver=people\n[columns units]\nlift=Elevator;电梯权重\n"
#define UNITS "unit,area,lift\n101,81,1\n102,60.5,0\n"
#define PARTIES "unit,role,party,name,from\n101,owner,O1,Wang,\n102,owner,O2,Li,2024-02-01\n"

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new_static (text, strlen (text));
}

static FeeReadOptions
options_of (guint how)
{
  static const char *const encodings[] = { NULL, NULL, NULL, "GB18030", "UTF-16LE", "UTF-16BE", "GBK", "ISO-8859-1" };
  static const char delimiters[] = { 0, 0, ';', '\t' };
  FeeReadOptions options = { .file = "rows.csv", .encoding = encodings[how >> 5], .delimiter = delimiters[how >> 3 & 3], .policy = fuzz_policy (POLICY), .decimals = 2 };
  options.format = (FeeCellFormat) { how & 4 ? ',' : '.', (FeeDateFormat) (how & 3) };
  return options;
}

static FeeReading *
read_rows (FeeTable *table, guint32 batch, GBytes *bytes, guint how)
{
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FeeReading) reading = NULL;
  GError *error = NULL;
  FeeReadOptions options = options_of (how);
  fee_table_begin_segment (table, batch);
  gboolean ok = fee_read_file (bytes, &options, table, problems, warnings, &reading, &error);
  fuzz_outcome (ok, &error);
  for (guint i = 0; i < warnings->len; i++)
    fuzz_require (g_utf8_validate (g_ptr_array_index (warnings, i), -1, NULL));
  if (fee_problems_count (problems) > 0)
    g_clear_pointer (&reading, fee_reading_free);
  fuzz_outcome (fee_problems_settle (problems, FEE_ERROR_RECORDS, &error), &error);
  return g_steal_pointer (&reading);
}

/* Each cell is the same, whatever block its texts are in. */
static void
require_same (const FeeTable *a, guint32 first, const FeeTable *b)
{
  fuzz_require (a->n_rows - first == b->n_rows);
  for (guint column = 0; column < b->columns->len; column++) {
    gint of_a = fee_table_find_column (a, fee_table_column (b, column)->name);
    fuzz_require (of_a >= 0);
    for (guint32 row = 0; row < b->n_rows; row++) {
      g_autofree char *one = fee_table_show (a, (guint) of_a, first + row, 2), *other = fee_table_show (b, column, row, 2);
      fuzz_require (strcmp (one, other) == 0 && g_utf8_validate (one, -1, NULL));
    }
  }
}

/* Like a book: the reading goes through its text, the bytes come in pieces. */
static void
read_again (const FeeTable *table, guint32 first, const FeeReading *reading, GBytes *bytes)
{
  g_autofree char *text = fee_reading_to_text (reading);
  g_autoptr (FeeReading) kept = NULL;
  g_autoptr (FeeStrings) ids = fee_strings_new ();
  g_autoptr (FeeTable) again = fee_table_new (table->kind->id, ids);
  GError *error = NULL;
  gsize length, piece = 1;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  fuzz_require (fuzz_outcome (fee_reading_parse (text, &kept, &error), &error));
  fee_table_begin_segment (again, 1);
  g_autoptr (FeeReread) reread = fee_reread_new (kept, again, 2, FALSE);
  for (gsize done = 0; done < length; done += piece, piece = piece * 2 % 61) {
    piece = MIN (piece, length - done);
    fuzz_require (fuzz_outcome (fee_reread_feed (reread, at + done, piece, &error), &error));
  }
  fuzz_require (fuzz_outcome (fee_reread_finish (reread, &error), &error));
  require_same (table, first, again);
}

static const char *
file_of (guint32 batch, gpointer data)
{
  (void) data;
  return batch == 1 ? "kept.csv" : "rows.csv";
}

static gboolean
find_bill (const char *number, gboolean *found, char **unit, char **party, gpointer data, GError **error)
{
  (void) data;
  (void) error;
  *found = strcmp (number, "202401-0000001") == 0;
  *unit = *found ? g_strdup ("101") : NULL;
  *party = *found ? g_strdup ("O1") : NULL;
  return TRUE;
}

static gboolean
find_billed (const char *party, gboolean *found, gpointer data, GError **error)
{
  (void) data;
  (void) error;
  *found = strcmp (party, "O0") == 0;
  return TRUE;
}

static FeeMoney
own_depreciation (const FeeRecords *records, guint32 row, FeePeriod through)
{
  (void) records;
  (void) row;
  (void) through;
  return 100;
}

static void
check_rows (FeeRecords *records, FeeKindId kind, guint32 first)
{
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  GError *error = NULL;
  FeeCheck check = { .records = records, .file_of = file_of, .find_bill = find_bill, .find_billed = find_billed, .own_depreciation = own_depreciation, .problems = problems };
  for (guint i = 0; i < FEE_N_KINDS; i++)
    if (records->tables[i] != NULL)
      fee_table_merge (records->tables[i], i == kind ? 1 : 0, NULL, NULL);
  fee_records_index (records, fee_check_overlap, &check);
  fuzz_require (fuzz_outcome (fee_check_rows (&check, kind, first, &error), &error));
  fee_check_clear (&check);
  fuzz_outcome (fee_problems_settle (problems, FEE_ERROR_RECORDS, &error), &error);
}

static void
show_keys (const FeeTable *table, guint32 first)
{
  FeeDayColumns days = fee_day_columns (table->kind);
  for (guint32 row = first; row < table->n_rows; row++) {
    FeeDate from, to;
    g_autofree char *key = fee_table_show_key (table, row);
    fuzz_require (g_utf8_validate (key, -1, NULL));
    fee_row_days (table, &days, row, &from, &to);
  }
}

/* With units and parties, and in the kind itself a batch before. */
static FeeRecords *
records_with (FeeKindId kind)
{
  static const FeeKindId others[] = { FEE_KIND_UNITS, FEE_KIND_PARTIES, FEE_KIND_QUANTITIES };
  FeeRecords *records = fee_records_new ();
  g_autoptr (GBytes) units = bytes_of (UNITS), parties = bytes_of (PARTIES);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    records->tables[others[i]] = fee_table_new (others[i], records->ids);
  if (records->tables[kind] == NULL)
    records->tables[kind] = fee_table_new (kind, records->ids);
  fee_reading_free (read_rows (records->tables[FEE_KIND_UNITS], 1, units, 0));
  fee_reading_free (read_rows (records->tables[FEE_KIND_PARTIES], 1, parties, 0));
  if (kind != FEE_KIND_UNITS && kind != FEE_KIND_PARTIES)
    fee_table_begin_segment (records->tables[kind], 1);
  return records;
}

/* Policies are the records' own, and this one is everybody's. */
static void
let_go (FeeRecords *records)
{
  g_ptr_array_set_free_func (records->policies, NULL);
  fee_records_free (records);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  FeeKindId kind = (FeeKindId) (FEE_KIND_UNITS + fuzz_choice (&in, FEE_N_KINDS - FEE_KIND_UNITS));
  guint how = fuzz_byte (&in);
  FeeRecords *records = records_with (kind);
  g_ptr_array_add (records->policies, fuzz_policy (POLICY));
  FeeTable *table = records->tables[kind];
  guint32 first = table->n_rows;
  g_autoptr (GBytes) file = g_bytes_new (in.at, fuzz_left (&in));
  g_autoptr (FeeReading) reading = read_rows (table, 2, file, how);
  if (reading != NULL) {
    read_again (table, first, reading, file);
    show_keys (table, first);
    check_rows (records, kind, first);
  }
  let_go (records);
  return 0;
}
