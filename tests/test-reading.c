/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

/* ---- Reading a file, and reading it again */

/* One file on its way: the table, and what was said about it. */
typedef struct {
  FeeStrings *ids;
  FeeTable *table;
  FeePolicy *policy;
  FeeReading *reading; /* NULL where it was refused */
  char *answer;        /* problems, or the error; "ok" */
  GPtrArray *warnings;
} Import;

static void
import_clear (Import *import)
{
  fee_reading_free (import->reading);
  fee_table_free (import->table);
  fee_strings_free (import->ids);
  fee_policy_unref (import->policy);
  g_free (import->answer);
  g_ptr_array_unref (import->warnings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

static Import
import_bytes (FeeKindId kind, const char *policy, const FeeReadOptions *wanted, const char *text, gsize length)
{
  Import import = { .ids = fee_strings_new (),
                    .policy = test_policy (policy),
                    .warnings = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autoptr (GError) error = NULL;
  FeeReadOptions options = *wanted;
  options.file = "f.csv";
  options.policy = import.policy;
  options.decimals = import.policy->decimals;
  if (options.format.decimal == '\0')
    options.format.decimal = '.';
  import.table = fee_table_new (kind, import.ids);
  fee_table_begin_segment (import.table, 2);
  gboolean ok = fee_read_file (bytes, &options, import.table, problems, import.warnings, &import.reading, &error);
  assert_true (ok == (import.reading != NULL) && ok == (error == NULL));
  if (ok)
    fee_problems_settle (problems, FEE_ERROR_RECORDS, &error);
  import.answer = g_strdup (error == NULL ? "ok" : error->message);
  return import;
}

static Import
import_text (FeeKindId kind, const FeeReadOptions *options, const char *text)
{
  return import_bytes (kind, TEST_REQUIRED, options, text, strlen (text));
}

static const FeeReadOptions plain = { 0 };

/* Every row with its line: "2:101,50". */
static char *
show_table (const FeeTable *table)
{
  GString *out = g_string_new (NULL);
  for (guint n = table->kind->n_fields; n < table->columns->len; n++)
    g_string_append_printf (out, "+%s ", fee_table_column (table, n)->name);
  for (guint32 row = 0; row < table->n_rows; row++) {
    g_string_append_printf (out, "%s%u:", row > 0 ? "; " : "", table->line[row]);
    for (guint n = 0; n < table->columns->len; n++) {
      g_autofree char *cell = fee_table_show (table, n, row, 2);
      g_string_append_printf (out, "%s%s", n > 0 ? "," : "", cell);
    }
  }
  return g_string_free (out, FALSE);
}

static void
assert_rows (const Import *import, const char *wanted)
{
  assert_text (import->answer, "ok");
  g_autofree char *got = show_table (import->table);
  assert_text (got, wanted);
}

/* By the reading as it is kept, in pieces of that size: the same rows, and the same columns present. */
static void
assert_reads_again (const Import *import, const char *text, gsize length, gsize piece)
{
  g_autofree char *kept = fee_reading_to_text (import->reading);
  g_autoptr (FeeReading) reading = NULL;
  g_autoptr (FeeStrings) ids = fee_strings_new ();
  g_autoptr (FeeTable) table = fee_table_new (import->table->kind->id, ids);
  g_autoptr (GError) error = NULL;
  assert_ok (fee_reading_parse (kept, &reading, &error), error);
  fee_table_begin_segment (table, 2);
  g_autoptr (FeeReread) reread = fee_reread_new (reading, table, import->policy->decimals, FALSE);
  for (gsize at = 0; at < length; at += piece)
    assert_ok (fee_reread_feed (reread, (const guint8 *) text + at, MIN (piece, length - at), &error), error);
  assert_ok (fee_reread_finish (reread, &error), error);
  g_autofree char *before = show_table (import->table);
  g_autofree char *after = show_table (table);
  assert_text (after, before);
  const GByteArray *a = g_array_index (import->table->segments, FeeSegment, 0).present,
                   *b = g_array_index (table->segments, FeeSegment, 0).present;
  assert_true (a->len == b->len && memcmp (a->data, b->data, a->len) == 0);
}

static void
assert_reads_again_in_any_pieces (const Import *import, const char *text, gsize length)
{
  static const gsize pieces[] = { 100000, 4096, 7, 3, 2, 1 };
  assert_text (import->answer, "ok");
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    assert_reads_again (import, text, length, pieces[i]);
}

/* ---- The kept reading */

static void
a_reading_is_one_line_of_text_and_comes_back (void **state)
{
  (void) state;
  g_autoptr (FeeReading) reading = fee_reading_new (), back = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const pairs[][2] = {
    { "unit", "房号" }, { "", "备注=x" }, { "area", "Area (m²)" }, { "lift", "a=b=c" }, { "", "" }
  };
  reading->encoding = g_strdup ("GB18030");
  reading->delimiter = '\t';
  reading->format = (FeeCellFormat) { ',', FEE_DATE_FORMAT_EXCEL };
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_ptr_array_add (reading->columns, g_strdup (pairs[i][0]));
    g_ptr_array_add (reading->headers, g_strdup (pairs[i][1]));
  }
  g_autofree char *text = fee_reading_to_text (reading);
  assert_null (strchr (text, '\n'));
  assert_ok (fee_reading_parse (text, &back, &error), error);
  g_autofree char *again = fee_reading_to_text (back);
  assert_text (again, text);
  assert_text (back->encoding, "GB18030");
  assert_is (back->delimiter, '\t');
  assert_is (back->format.decimal, ',');
  assert_is (back->format.date_format, FEE_DATE_FORMAT_EXCEL);
  assert_is (back->columns->len, G_N_ELEMENTS (pairs));
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    assert_text (g_ptr_array_index (back->columns, i), pairs[i][0]);
    assert_text (g_ptr_array_index (back->headers, i), pairs[i][1]);
  }
}

static void
a_damaged_reading_is_an_error_of_the_book (void **state)
{
  (void) state;
  static const char *const texts[] = { "",
                                       "UTF-8",
                                       "UTF-8\t44\t.\t0",
                                       "UTF-8\t0\t.\t0\ta=b",
                                       "UTF-8\t200\t.\t0\ta=b",
                                       "UTF-8\tx\t.\t0\ta=b",
                                       "UTF-8\t44\t..\t0\ta=b",
                                       "UTF-8\t44\t\t0\ta=b",
                                       "UTF-8\t44\t.\t4\ta=b",
                                       "UTF-8\t44\t.\t-1\ta=b",
                                       "UTF-8\t44\t.\t0\tab",
                                       "UTF-8\t44\t.\t0\ta=b\t" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    FeeReading *reading = NULL;
    g_autoptr (GError) error = NULL;
    gboolean ok = fee_reading_parse (texts[i], &reading, &error);
    if (ok)
      fail_msg ("\"%s\" is read", texts[i]);
    assert_null (reading);
    assert_fails (ok, error, FEE_ERROR_IO, "damaged");
  }
}

/* ---- Headers */

static void
headers_are_found_in_any_order_case_and_language (void **state)
{
  (void) state;
  g_auto (Import) import = import_text (FEE_KIND_COSTS, &plain,
                                        "金额,Doc,摘要, DATE ,费用类别,起\n12.50,D1,a memo,2026-01-05,other,2026-01-01\n");
  assert_rows (&import, "2:D1,,2026-01-05,other,12.50,2026-01-01,,,,,a memo");
}

static void
columns_are_mapped_by_the_call_then_by_the_policy (void **state)
{
  (void) state;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  FeeReadOptions options = { .column_names = names };
  g_ptr_array_add (names, (gpointer) "amount=实付(元)");
  g_ptr_array_add (names, (gpointer) "凭证号=单据=号"); /* a header with "=", a field by its other name */
  static const char policy[] = TEST_REQUIRED "[columns costs]\ncategory=类别;科目\namount=Betrag\ndate=日\n[columns "
                                             "units]\nlift=电梯系数;电梯权重\n";
  static const char text[] = "单据=号,日,科目,实付(元)\nD1,2026-01-05,other,12.50\n";
  g_auto (Import) import = import_bytes (FEE_KIND_COSTS, policy, &options, text, strlen (text));
  assert_rows (&import, "2:D1,,2026-01-05,other,12.50,,,,,,");
  assert_reads_again_in_any_pieces (&import, text, strlen (text));
  static const char units[] = "房号,电梯权重\n101,1.5\n";
  g_auto (Import) of_units = import_bytes (FEE_KIND_UNITS, policy, &plain, units, strlen (units));
  assert_rows (&of_units, "+lift 2:101,,,,,,,,1.5");
}

static void
a_mapping_of_the_call_wins_over_the_name_itself (void **state)
{
  (void) state;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  FeeReadOptions options = { .column_names = names };
  g_ptr_array_add (names, (gpointer) "memo=supplier");
  g_auto (Import) import =
      import_text (FEE_KIND_COSTS, &options, "doc,date,category,amount,supplier\nD1,2026-01-05,other,1.00,Acme\n");
  assert_rows (&import, "2:D1,,2026-01-05,other,1.00,,,,,,Acme");
}

static void
assert_refused (FeeKindId kind, const FeeReadOptions *options, const char *text, const char *wanted)
{
  g_auto (Import) import = import_text (kind, options, text);
  assert_text (import.answer, wanted);
}

static void
headers_that_are_wrong_are_refused_with_their_line (void **state)
{
  (void) state;
  assert_refused (FEE_KIND_COSTS, &plain, "\n\ndoc,date,memo\n",
                  "f.csv:3: the required column \"category\" is missing\nf.csv:3: the required column \"amount\" is "
                  "missing");
  assert_refused (FEE_KIND_UNITS, &plain, "unit,房号\n101,101\n", "f.csv:1: the column \"unit\" is there twice");
  assert_refused (FEE_KIND_UNITS, &plain, "unit,Lift,LIFT\n", "f.csv:1: the column \"LIFT\" is there twice");
  assert_refused (FEE_KIND_UNITS, &plain, "unit,\"a\tb\"\n",
                  "f.csv:1: the column name \"a\\x09b\" has a control character or \"=\"");
  assert_refused (FEE_KIND_UNITS, &plain, "unit,a=b\n", "f.csv:1: the column name \"a=b\" has a control character or \"=\"");
  assert_refused (FEE_KIND_UNITS, &plain, "", "f.csv: the file is empty");
  assert_refused (FEE_KIND_UNITS, &plain, "\n\n", "f.csv: the file is empty");
}

static void
column_names_of_the_call_that_can_not_be_are_refused (void **state)
{
  (void) state;
  static const struct {
    const char *pair, *answer;
  } cases[] = {
    { "amount", "--column amount: write FIELD=HEADER" },
    { "=x", "--column =x: write FIELD=HEADER" },
    { "amount=", "--column amount=: write FIELD=HEADER" },
    { "lift=x", "--column lift=x: costs have no column \"lift\"" },
    { "memo=nowhere", "f.csv:1: there is no column \"nowhere\"" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    FeeReadOptions options = { .column_names = names };
    g_ptr_array_add (names, (gpointer) cases[i].pair);
    assert_refused (FEE_KIND_COSTS, &options, "doc,date,category,amount\n", cases[i].answer);
  }
}

static void
an_unknown_column_is_named_and_left_out_but_in_units (void **state)
{
  (void) state;
  static const char text[] = "doc,date,category,amount,colour,\nD1,2026-01-05,other,1.00,red,x\n";
  g_auto (Import) import = import_text (FEE_KIND_COSTS, &plain, text);
  assert_rows (&import, "2:D1,,2026-01-05,other,1.00,,,,,,");
  assert_is (import.warnings->len, 2);
  assert_text (g_ptr_array_index (import.warnings, 0), "f.csv: the column \"colour\" is not known and is left out");
  assert_reads_again_in_any_pieces (&import, text, strlen (text));
  g_auto (Import) units = import_text (FEE_KIND_UNITS, &plain, "unit,colour\n101,red\n");
  assert_rows (&units, "+colour 2:101,,,,,,,,red");
  assert_is (units.warnings->len, 0);
}

/* ---- Cells */

static void
rows_that_are_wrong_are_refused_with_line_and_reason (void **state)
{
  (void) state;
  assert_refused (FEE_KIND_COSTS, &plain,
                  "doc,date,category,amount,spread\nD1,2026-01-05,other,\"12,5O\",\nD2,2026-01-05,other\n,2026-01-05,other,"
                  "1.00,\n"
                  "D4,2026-02-30,other,1.00,\nD5,2026-01-05,other,,\nD6,2026-01-05,other,1.00,weekly\n",
                  "f.csv:2: amount \"12,5O\" is not a number\nf.csv:3: 3 fields, but the header has 5\nf.csv:4: doc \"\" is "
                  "empty\n"
                  "f.csv:5: date \"2026-02-30\" is not a day of the calendar\nf.csv:6: amount \"\" is empty\n"
                  "f.csv:7: spread \"weekly\" is not one of the words for this column");
  assert_refused (FEE_KIND_UNITS, &plain, "unit\n101\n\"102\n103\n", "f.csv:3: a quote opens here and is never closed");
}

static void
choices_are_read_in_chinese_and_without_case (void **state)
{
  (void) state;
  static const char text[] = "unit,role,name\n101,业主,An\n102,使用人,Bai\n103,OWNER,Cao\n104,occupant,Du\n";
  g_auto (Import) import = import_text (FEE_KIND_PARTIES, &plain, text);
  assert_rows (&import, "2:101,owner,,An,,,; 3:102,occupant,,Bai,,,; 4:103,owner,,Cao,,,; 5:104,occupant,,Du,,,");
  assert_reads_again_in_any_pieces (&import, text, strlen (text));
  static const char adjustments[] = "adjustment,date,unit,party,kind,amount,reason\nA1,2026-01-05,101,P,核销,1.00,r\nA2,"
                                    "2026-01-05,101,P,Write-Off,1.00,r\nA3,2026-01-05,101,P,期初,1.00,r\n";
  g_auto (Import) kinds = import_text (FEE_KIND_ADJUSTMENTS, &plain, adjustments);
  assert_rows (&kinds, "2:A1,2026-01-05,101,P,write-off,1.00,,,r,; 3:A2,2026-01-05,101,P,write-off,1.00,,,r,; "
                       "4:A3,2026-01-05,101,P,opening,1.00,,,r,");
  assert_refused (FEE_KIND_PARTIES, &plain, "unit,role,name\n101,own,An\n102,owner2,An\n",
                  "f.csv:2: role \"own\" is not one of the words for this column\nf.csv:3: role \"owner2\" is not one of "
                  "the words for this column");
}

static void
excels_guard_is_taken_off_again (void **state)
{
  (void) state;
  static const char text[] = "doc,date,category,amount,memo\n'-1,2026-01-05,other,'-5.00,'=1+1\n'+2,2026-01-05,other,1.00,'@"
                             "home\n'3,2026-01-05,other,1.00,'\n";
  g_auto (Import) import = import_text (FEE_KIND_COSTS, &plain, text);
  assert_rows (&import, "2:-1,,2026-01-05,other,-5.00,,,,,,=1+1; 3:+2,,2026-01-05,other,1.00,,,,,,@home; "
                        "4:'3,,2026-01-05,other,1.00,,,,,,'");
  assert_reads_again_in_any_pieces (&import, text, strlen (text));
}

static void
attributes_of_a_file_with_decimal_comma_are_kept_as_plain_decimals (void **state)
{
  (void) state;
  FeeReadOptions options = { .format = { ',', FEE_DATE_FORMAT_PLAIN } };
  static const char text[] = "unit;area;lift;zone\n101;1.234,50;1,5;a\n102;89,5;2;1,2,3\n103;100;0,05;\n";
  g_auto (Import) import = import_text (FEE_KIND_UNITS, &options, text);
  assert_rows (&import, "+lift +zone 2:101,,,,,1234.5,,,1.5,a; 3:102,,,,,89.5,,,2,1,2,3; 4:103,,,,,100,,,0.05,");
  assert_reads_again_in_any_pieces (&import, text, strlen (text));
}

static void
the_area_is_a_number_and_other_attributes_may_be_any_text (void **state)
{
  (void) state;
  static const char text[] = "unit,area,lift\n101,\"1,234.50\",\"1,5\"\n102,８９．５,x\n103,,\n104,-1,007\n";
  g_auto (Import) import = import_text (FEE_KIND_UNITS, &plain, text);
  assert_rows (&import, "+lift 2:101,,,,,1234.5,,,1,5; 3:102,,,,,89.5,,,x; 4:103,,,,,,,,; 5:104,,,,,-1,,,007");
  assert_reads_again_in_any_pieces (&import, text, strlen (text));
  assert_refused (FEE_KIND_UNITS, &plain, "unit,area\n101,large\n", "f.csv:2: area \"large\" is not a number");
}

static void
a_column_estate_must_name_the_book (void **state)
{
  (void) state;
  static const char policy[] = "[book]\nstart=2026-01\ncode=HY\nname=Heyuan "
                               "Court\nname[zh_CN]=和苑小区\n[billing]\ndue_days=20\n";
  static const char good[] = "小区,unit\nHY,101\n和苑小区,102\nHeyuan Court,103\n", bad[] = "unit,estate\n101,HY\n102,"
                                                                                            "XX\n103,\n";
  g_auto (Import) ours = import_bytes (FEE_KIND_UNITS, policy, &plain, good, strlen (good));
  assert_rows (&ours, "2:101,,,,,,,; 3:102,,,,,,,; 4:103,,,,,,,");
  assert_reads_again_in_any_pieces (&ours, good, strlen (good));
  g_auto (Import) other = import_bytes (FEE_KIND_UNITS, policy, &plain, bad, strlen (bad));
  assert_text (other.answer, "f.csv:3: estate \"XX\" is not this book's estate\nf.csv:4: estate \"\" is not this book's "
                             "estate");
}

/* ---- Reading again */

static void
files_read_again_give_the_same_rows (void **state)
{
  (void) state;
  static const char *const texts[] = {
    "unit,area,building,lift,from,to\n101,89.5,1,1.0,,\n102,100,2,,2026-01-05,2026-12-31\n",
    "unit\tarea\r\n\r\n101\t50\r\n\r\n\"10\n2\"\t60", "unit;floor\n101;\"a \"\"b\"\"\"\n", "unit\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (Import) import = import_text (FEE_KIND_UNITS, &plain, texts[i]);
    assert_reads_again_in_any_pieces (&import, texts[i], strlen (texts[i]));
  }
}

static void
files_of_other_encodings_read_again_the_same (void **state)
{
  (void) state;
  static const char *const encodings[] = { "GB18030", "UTF-16LE", "UTF-16BE" };
  static const char text[] = "房号,楼栋\n1栋-101,一\n";
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++) {
    gsize length = 0;
    g_autofree char *with_bom = g_strconcat (i > 0 ? "\xEF\xBB\xBF" : "", text, NULL);
    g_autofree char *bytes = g_convert (with_bom, -1, encodings[i], "UTF-8", NULL, &length, NULL);
    assert_non_null (bytes);
    g_auto (Import) import = import_bytes (FEE_KIND_UNITS, TEST_REQUIRED, &plain, bytes, length);
    assert_rows (&import, "2:1栋-101,一,,,,,,");
    assert_reads_again_in_any_pieces (&import, bytes, length);
  }
}

/* The mark may be cut by the pieces; a quote right behind it opens the first field. */
static void
a_byte_order_mark_is_passed_over_in_any_pieces (void **state)
{
  (void) state;
  static const char bare[] = "\xEF\xBB\xBFunit,area\n101,50\n", quoted[] = "\xEF\xBB\xBF\"unit\",\"area\"\n\"101\",50\n";
  g_auto (Import) a = import_text (FEE_KIND_UNITS, &plain, bare);
  assert_rows (&a, "2:101,,,,,50,,");
  assert_reads_again_in_any_pieces (&a, bare, strlen (bare));
  g_auto (Import) b = import_text (FEE_KIND_UNITS, &plain, quoted);
  assert_rows (&b, "2:101,,,,,50,,");
  assert_reads_again_in_any_pieces (&b, quoted, strlen (quoted));
}

static void
only_known_attributes_are_read_again_where_asked (void **state)
{
  (void) state;
  static const char text[] = "unit,colour,lift\n101,red,1.5\n";
  g_auto (Import) import = import_text (FEE_KIND_UNITS, &plain, text);
  g_autoptr (FeeStrings) ids = fee_strings_new ();
  g_autoptr (FeeTable) table = fee_table_new (FEE_KIND_UNITS, ids);
  g_autoptr (GError) error = NULL;
  fee_table_add_attribute (table, "Lift");
  fee_table_begin_segment (table, 2);
  g_autoptr (FeeReread) reread = fee_reread_new (import.reading, table, 2, TRUE);
  assert_ok (fee_reread_feed (reread, (const guint8 *)text, strlen (text), &error) && fee_reread_finish (reread, &error),
             error);
  g_autofree char *got = show_table (table);
  assert_text (got, "+Lift 2:101,,,,,,,,1.5");
}

typedef struct {
  GString *rows;
  guint n, at_most; /* rows that come together */
  gint stop_at;     /* of the calls, the one that refuses; -1: none */
} Passing;

static gboolean
note_rows (FeeTable *table, gpointer data, GError **error)
{
  Passing *passing = data;
  g_autofree char *rows = show_table (table);
  assert_true (table->n_rows > 0 && table->n_rows <= passing->at_most);
  g_string_append_printf (passing->rows, "%s%s", passing->rows->len > 0 ? "; " : "", rows);
  passing->n++;
  if (passing->stop_at-- != 0)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, "enough");
  return FALSE;
}

static gboolean
pass_rows (const Import *import, const char *text, Passing *passing, GError **error)
{
  g_autoptr (FeeStrings) ids = fee_strings_new ();
  g_autoptr (FeeTable) table = fee_table_new (FEE_KIND_PARTIES, ids);
  table->passing = TRUE;
  fee_table_begin_segment (table, 2);
  g_autoptr (FeeReread) reread = fee_reread_new (import->reading, table, 2, TRUE);
  fee_reread_pass_on (reread, passing->at_most, note_rows, passing);
  gboolean ok = fee_reread_feed (reread, (const guint8 *) text, strlen (text), error) && fee_reread_finish (reread, error);
  assert_true (!ok || (table->n_rows == 0 && fee_strings_size (ids) == 1 && fee_strings_size (table->texts) == 1));
  return ok;
}

static void
rows_that_pass_are_the_same_however_many_come_together (void **state)
{
  (void) state;
  g_autoptr (GString) text = g_string_new ("unit,role,name,contact,from\n");
  for (guint i = 0; i < 3000; i++) /* some cells empty, so that nothing of a row before shows through */
    g_string_append_printf (text, "%u,owner,N%u,%s,%s\n", i % 7, i, i % 3 == 0 ? "" : "c", i % 2 == 0 ? "" : "2026-01-01");
  g_auto (Import) import = import_text (FEE_KIND_PARTIES, &plain, text->str);
  assert_text (import.answer, "ok");
  g_autofree char *wanted = show_table (import.table);
  static const guint at_most[] = { 1, 2, 999, 1000, 1001, 3000, 5000 };
  for (guint i = 0; i < G_N_ELEMENTS (at_most); i++) {
    g_autoptr (GString) rows = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    Passing passing = { rows, 0, at_most[i], -1 };
    assert_ok (pass_rows (&import, text->str, &passing, &error), error);
    assert_is (passing.n, (3000 + at_most[i] - 1) / at_most[i]);
    assert_text (rows->str, wanted);
  }
}

static void
who_refuses_rows_hears_of_no_more (void **state)
{
  (void) state;
  static const char text[] = "unit,role,name\n1,owner,A\n2,owner,B\n3,owner,C\n";
  g_auto (Import) import = import_text (FEE_KIND_PARTIES, &plain, text);
  for (gint stop_at = 0; stop_at < 3; stop_at++) {
    g_autoptr (GString) rows = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    Passing passing = { rows, 0, 1, stop_at };
    assert_fails (pass_rows (&import, text, &passing, &error), error, FEE_ERROR_USAGE, "enough");
    assert_is (passing.n, stop_at + 1);
  }
}

/* The bytes were read once: whatever is wrong with them now is damage, not the user's fault. */
static void
kept_bytes_that_no_longer_read_are_an_error_of_the_book (void **state)
{
  (void) state;
  static const char *const texts[] = { "unit,area,x\n101,50,1\n",  "unit,area\n101\n",      "unit,area\n101,large\n",
                                       "unit,area\n,5\n",          "unit,area\n101,\"50\n", "unit,area\n101,5\"0\"\n",
                                       "unit,area\n101,\xff\xfe\n" };
  g_auto (Import) import = import_text (FEE_KIND_UNITS, &plain, "unit,area\n101,50\n");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (FeeStrings) ids = fee_strings_new ();
    g_autoptr (FeeTable) table = fee_table_new (FEE_KIND_UNITS, ids);
    g_autoptr (GError) error = NULL;
    fee_table_begin_segment (table, 2);
    g_autoptr (FeeReread) reread = fee_reread_new (import.reading, table, 2, FALSE);
    gboolean ok =
        fee_reread_feed (reread, (const guint8 *)texts[i], strlen (texts[i]), &error) && fee_reread_finish (reread, &error);
    if (ok)
      fail_msg ("\"%s\" is read", texts[i]);
    assert_fails (ok, error, FEE_ERROR_IO, "");
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_reading_is_one_line_of_text_and_comes_back),
    cmocka_unit_test (a_damaged_reading_is_an_error_of_the_book),
    cmocka_unit_test (headers_are_found_in_any_order_case_and_language),
    cmocka_unit_test (columns_are_mapped_by_the_call_then_by_the_policy),
    cmocka_unit_test (a_mapping_of_the_call_wins_over_the_name_itself),
    cmocka_unit_test (headers_that_are_wrong_are_refused_with_their_line),
    cmocka_unit_test (column_names_of_the_call_that_can_not_be_are_refused),
    cmocka_unit_test (an_unknown_column_is_named_and_left_out_but_in_units),
    cmocka_unit_test (rows_that_are_wrong_are_refused_with_line_and_reason),
    cmocka_unit_test (choices_are_read_in_chinese_and_without_case),
    cmocka_unit_test (excels_guard_is_taken_off_again),
    cmocka_unit_test (attributes_of_a_file_with_decimal_comma_are_kept_as_plain_decimals),
    cmocka_unit_test (the_area_is_a_number_and_other_attributes_may_be_any_text),
    cmocka_unit_test (a_column_estate_must_name_the_book),
    cmocka_unit_test (files_read_again_give_the_same_rows),
    cmocka_unit_test (files_of_other_encodings_read_again_the_same),
    cmocka_unit_test (a_byte_order_mark_is_passed_over_in_any_pieces),
    cmocka_unit_test (only_known_attributes_are_read_again_where_asked),
    cmocka_unit_test (kept_bytes_that_no_longer_read_are_an_error_of_the_book),
    cmocka_unit_test (rows_that_pass_are_the_same_however_many_come_together),
    cmocka_unit_test (who_refuses_rows_hears_of_no_more),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
