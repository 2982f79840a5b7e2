/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "../../libfee/ledger/fee-totals.h"
#include "../../libfee/report/fee-show.h"
#include "../../libfee/report/fee-trace.h"
#include "../../libfee/store/fee-audit.h"
#include "../../libfee/store/fee-book-private.h"
#include "../../libfee/store/fee-disclosures.h"
#include "../../libfee/store/fee-evidence.h"
#include "../../libfee/store/fee-now.h"
#include "../../libfee/store/fee-reminders.h"
#include "../../libfee/store/fee-rerun.h"

/* A book that somebody changed. The bytes are a book; or they change one of tests/data/books: bytes of the file, cells of its tables, and what
 * is kept compressed in them, which keeps its checksum. Whoever reads it then says what is wrong, or reads. Untouched books are sound. */

static const char *const bases[] = { "schema-1.db", "schema-1-later.db", "schema-2.db" };

/* ---- Changing */

typedef struct {
  FuzzInput in;
  const char *path;
  sqlite3 *db;
  GByteArray *file; /* NULL: not read yet */
  gboolean changed;
} Changing;

static const struct {
  const char *table, *column;
} packed[] = { { "piece", "bytes" }, { "run", "stages" }, { "run", "counts" }, { "page", "heads" }, { "page", "lines" }, { "disclosure", "bytes" } };

static sqlite3 *
database (Changing *changing)
{
  if (changing->db == NULL) {
    fuzz_require (sqlite3_open_v2 (changing->path, &changing->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    sqlite3_exec (changing->db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL, NULL);
  }
  return changing->db;
}

static sqlite3_stmt *
prepare (Changing *changing, char *sql)
{
  sqlite3_stmt *statement = NULL;
  sqlite3_prepare_v2 (database (changing), sql, -1, &statement, NULL);
  g_free (sql);
  return statement;
}

/* The value of a column by its place: what the tables refuse stays as it was. */
static void
change_cell (Changing *changing)
{
  static const char *const tables[] = { "batch", "piece", "run", "page", "withdrawal", "entry", "sqlite_master", "disclosure" };
  FuzzInput *in = &changing->in;
  const char *table = tables[fuzz_choice (in, G_N_ELEMENTS (tables))];
  guint row = fuzz_byte (in) % 32, column = fuzz_byte (in) % 20, type = fuzz_choice (in, 4);
  sqlite3_stmt *names = prepare (changing, g_strdup_printf ("SELECT name FROM pragma_table_info ('%s') WHERE cid = %u", table, column));
  if (names != NULL && sqlite3_step (names) == SQLITE_ROW) {
    sqlite3_stmt *update = prepare (changing, g_strdup_printf ("UPDATE %s SET %s = ?1 WHERE rowid = (SELECT rowid FROM %s LIMIT 1 OFFSET %u)", table,
                                                               (const char *) sqlite3_column_text (names, 0), table, row));
    g_autofree char *text = fuzz_text (in, type > 1 ? 120 : 0);
    if (type == 0)
      sqlite3_bind_int64 (update, 1, fuzz_number (in));
    else if (type == 1)
      sqlite3_bind_int64 (update, 1, (gint64) fuzz_byte (in));
    else if (type == 2)
      sqlite3_bind_text (update, 1, text, -1, SQLITE_TRANSIENT);
    else
      sqlite3_bind_blob (update, 1, text, (int) strlen (text), SQLITE_TRANSIENT);
    sqlite3_step (update);
    sqlite3_finalize (update);
  }
  sqlite3_finalize (names);
}

static void
delete_row (Changing *changing)
{
  static const char *const tables[] = { "batch", "piece", "run", "page", "withdrawal", "entry", "disclosure" };
  const char *table = tables[fuzz_choice (&changing->in, G_N_ELEMENTS (tables))];
  sqlite3_stmt *statement
    = prepare (changing, g_strdup_printf ("DELETE FROM %s WHERE rowid = (SELECT rowid FROM %s LIMIT 1 OFFSET %u)", table, table, fuzz_byte (&changing->in) % 32));
  sqlite3_step (statement);
  sqlite3_finalize (statement);
}

/* Some bytes replaced, put in or taken out. */
static void
edit (FuzzInput *in, GByteArray *bytes)
{
  for (guint n = 1 + fuzz_choice (in, 4); n > 0; n--) {
    guint how = fuzz_byte (in), at = (guint) (fuzz_bytes (in, 2) % (bytes->len + 1));
    guint8 byte = (guint8) fuzz_byte (in);
    if (how % 4 == 0 && at < bytes->len)
      g_byte_array_remove_index (bytes, at);
    else if (how % 4 == 1) {
      g_byte_array_append (bytes, &byte, 1);
      memmove (bytes->data + at + 1, bytes->data + at, bytes->len - 1 - at);
      bytes->data[at] = byte;
    } else if (at < bytes->len)
      bytes->data[at] = how % 4 == 2 ? byte : (guint8) (bytes->data[at] ^ byte);
  }
}

static void
change_packed (Changing *changing, gboolean replace)
{
  FuzzInput *in = &changing->in;
  guint n = fuzz_choice (in, G_N_ELEMENTS (packed)), row = fuzz_byte (in) % 32;
  sqlite3_stmt *statement = prepare (changing, g_strdup_printf ("SELECT rowid, %s FROM %s LIMIT 1 OFFSET %u", packed[n].column, packed[n].table, row));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GByteArray) again = g_byte_array_new ();
  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW
      && fee_decompress (sqlite3_column_blob (statement, 1), (gsize) sqlite3_column_bytes (statement, 1), bytes, NULL)) {
    if (replace) {
      g_autofree char *text = fuzz_text (in, 400);
      g_byte_array_set_size (bytes, 0);
      g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text));
    } else
      edit (in, bytes);
    fee_compress (bytes->data, bytes->len, again, NULL);
    sqlite3_stmt *update = prepare (changing, g_strdup_printf ("UPDATE %s SET %s = ?1 WHERE rowid = ?2", packed[n].table, packed[n].column));
    sqlite3_bind_blob (update, 1, again->data, (int) again->len, SQLITE_TRANSIENT);
    sqlite3_bind_int64 (update, 2, sqlite3_column_int64 (statement, 0));
    sqlite3_step (update);
    sqlite3_finalize (update);
  }
  sqlite3_finalize (statement);
}

/* What a file of the book says of itself agrees with its bytes again. */
static void
agree (Changing *changing)
{
  sqlite3_stmt *statement = prepare (changing, g_strdup ("UPDATE batch SET reading = ?1 WHERE rowid = ?2"));
  g_autofree char *text = fuzz_text (&changing->in, 300);
  sqlite3_bind_text (statement, 1, text, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (statement, 2, 1 + fuzz_byte (&changing->in) % 32);
  sqlite3_step (statement);
  sqlite3_finalize (statement);
}

static void
change_file (Changing *changing)
{
  gsize length;
  char *bytes;
  g_clear_pointer (&changing->db, sqlite3_close);
  fuzz_require (g_file_get_contents (changing->path, &bytes, &length, NULL));
  g_autoptr (GByteArray) file = g_byte_array_new_take ((guint8 *) bytes, length);
  for (guint n = 1 + fuzz_choice (&changing->in, 8); n > 0; n--) {
    guint at = (guint) (fuzz_bytes (&changing->in, 2) % file->len);
    file->data[at] = (guint8) fuzz_byte (&changing->in);
  }
  guint cut = fuzz_byte (&changing->in);
  if (cut > 250)
    g_byte_array_set_size (file, file->len / 256 * fuzz_byte (&changing->in) + 1);
  fuzz_require (g_file_set_contents_full (changing->path, (const char *) file->data, (gssize) file->len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
change (Changing *changing)
{
  for (guint n = 0; n < 8 && fuzz_left (&changing->in) > 0; n++) {
    switch (fuzz_choice (&changing->in, 8)) {
    case 0:
      change_file (changing);
      break;
    case 1:
    case 2:
      change_cell (changing);
      break;
    case 3:
      delete_row (changing);
      break;
    case 4:
      agree (changing);
      break;
    case 5:
      change_packed (changing, TRUE);
      break;
    default:
      change_packed (changing, FALSE);
    }
    changing->changed = TRUE;
  }
  g_clear_pointer (&changing->db, sqlite3_close);
}

/* ---- Reading it, as the tools do */

static gboolean
to_nowhere (const char *bytes, gsize length, gpointer data, GError **error)
{
  (void) data;
  (void) error;
  fuzz_require (g_utf8_validate (bytes, (gssize) length, NULL));
  return TRUE;
}

static gboolean
bytes_to_nowhere (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  *(guint64 *) data += length > 0 ? bytes[length - 1] : 0;
  return TRUE;
}

static FeeWriter *
table_of (const FeeOutputColumn *columns, guint n)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "zh_CN", .width = 100 };
  return fee_writer_new (&options, columns, n, to_nowhere, NULL);
}

static void
end_table (FeeWriter *table)
{
  GError *error = NULL;
  fuzz_require (fuzz_outcome (fee_writer_finish (table, &error), &error));
  fee_writer_free (table);
}

static void
audit (FeeBook *book, gboolean sound)
{
  FeeAudit *found = fee_book_audit (book, NULL, NULL);
  fuzz_require (found->stopped == NULL || found->stopped->domain == FEE_ERROR);
  for (guint i = 0; i < found->findings->len; i++) {
    const FeeFinding *finding = g_ptr_array_index (found->findings, i);
    fuzz_require (g_utf8_validate (finding->place, -1, NULL) && *finding->what != '\0' && (!sound || (fprintf (stderr, "%s: %s\n", finding->place, finding->what), FALSE)));
  }
  fuzz_require (!sound || (found->n_findings == 0 && found->stopped == NULL));
  fee_audit_free (found);
}

typedef struct {
  const FeeRun *run;
  FeeWriter *lines;
  FeeTrace *trace; /* NULL: not this time */
  GArray *parts;
  gboolean counted;
} Bills;

static gboolean
show_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Bills *bills = data;
  guint begin, end;
  fee_run_stage (bills->run, FEE_STAGE_ACTIVITY, &begin, &end);
  fee_show_lines (bills->lines, bills->run, bill);
  for (guint i = 0; i < bill->line->len && bills->trace != NULL; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    fuzz_require (line->activity < bills->run->rows->len - begin);
    if (line->activity >= end - begin)
      continue;
    if (bills->counted)
      fee_trace_line (bills->trace, line->activity, line->amount, bills->parts);
    else
      fee_trace_count (bills->trace, line->activity, line->amount);
  }
  return TRUE;
}

static void
read_bills (FeeBook *book, const FeeRunHead *head, const FeeRun *run)
{
  GError *error = NULL;
  Bills bills = { .run = run, .lines = table_of (fee_line_columns, FEE_N_LINE_COLUMNS), .parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart)) };
  if (!fee_trace_new (run, &bills.trace, &error))
    g_clear_error (&error); /* its stages do not add up */
  gboolean ok = fuzz_outcome (fee_book_read_bills (book, head->number, NULL, run, show_bill, &bills, &error), &error);
  bills.counted = TRUE;
  if (ok)
    fuzz_outcome (fee_book_read_bills (book, head->number, "101", run, show_bill, &bills, &error), &error);
  end_table (bills.lines);
  fee_trace_free (bills.trace);
  g_array_unref (bills.parts);
}

static void
read_runs (FeeBook *book)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) withdrawals = NULL;
  GError *error = NULL;
  if (!fuzz_outcome (fee_book_all_runs (book, &runs, &withdrawals, &error), &error))
    return;
  for (guint i = 0; i < runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (runs, i);
    g_autoptr (FeeRun) run = NULL;
    g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (FeeOddCount));
    if (!fuzz_outcome (fee_book_read_run (book, head, &run, &error), &error))
      continue;
    FeeWriter *stages = table_of (fee_stage_columns, FEE_N_STAGE_COLUMNS);
    fee_show_stages (stages, run);
    end_table (stages);
    fuzz_outcome (fee_book_read_counts (book, head->number, run->strings, counts, &error), &error);
    read_bills (book, head, run);
  }
}

static void
read_files (FeeBook *book)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autofree char *seal = NULL;
  GError *error = NULL;
  guint64 sum = 0;
  fuzz_outcome (fee_book_seal (book, &seal, &error), &error);
  if (!fuzz_outcome (fee_book_batches (book, &batches, &error), &error))
    return;
  for (guint i = 0; i < batches->len; i++)
    fuzz_outcome (fee_book_read_file (book, i + 1, bytes_to_nowhere, &sum, &error), &error);
  FeeLoad load = { .kinds = (1u << FEE_N_KINDS) - 1 - (1u << FEE_KIND_POLICY), .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_ALL };
  g_autoptr (FeeRecords) records = NULL;
  if (!fuzz_outcome (fee_book_load (book, batches, &load, &records, &error), &error))
    return;
  fee_records_index (records, NULL, NULL);
  for (guint kind = 0; kind < FEE_N_KINDS; kind++)
    for (guint32 row = 0; records->tables[kind] != NULL && row < records->tables[kind]->n_rows; row++)
      for (guint column = 0; column < records->tables[kind]->columns->len; column++)
        g_free (fee_table_show (records->tables[kind], column, row, 2));
}

static gboolean
show_accounts (const FeeAccounts *accounts, gpointer data, GError **error)
{
  g_autoptr (GArray) balances = NULL;
  g_autoptr (FeeTotals) totals = fee_totals_new ();
  FeeDate *day = data;
  return fee_ledger_balances (&accounts->input, *day, &balances, error) && fee_totals_add (totals, &accounts->input, *day, error);
}

static void
read_accounts (FeeBook *book)
{
  g_autoptr (FeeAccounts) accounts = NULL;
  g_autoptr (GArray) rows = NULL;
  GError *error = NULL;
  FeeDate day = 19800;
  if (fuzz_outcome (fee_book_accounts (book, NULL, &accounts, &error) && fee_book_add_withdrawn (book, accounts, &error), &error)
      && fee_ledger_rows (&accounts->input, FEE_DATE_FOREVER, &rows, &error)) {
    FeeWriter *ledger = table_of (fee_ledger_columns, FEE_N_LEDGER_COLUMNS);
    for (guint i = 0; i < rows->len; i++)
      fee_show_ledger_row (ledger, &accounts->input, accounts->memos, &g_array_index (rows, FeeLedgerRow, i));
    end_table (ledger);
  }
  g_clear_error (&error); /* of the ledger: sums that leave 64 bits are its INTERNAL */
  fee_book_each_accounts (book, FEE_FIELDS_NONE, show_accounts, &day, &error);
  g_clear_error (&error);
}

static gboolean
show_reminders (const FeeReminders *reminders, gpointer data, GError **error)
{
  (void) error;
  for (guint i = 0; i < reminders->rows->len; i++) {
    const FeeReminder *row = &g_array_index (reminders->rows, FeeReminder, i);
    guint32 found = fee_reminders_party_row (reminders, row->unit, row->party);
    const FeeTable *parties = reminders->accounts->records->tables[FEE_KIND_PARTIES];
    fee_show_reminder (data, &reminders->input, row, found == G_MAXUINT32 ? "" : fee_table_text (parties, FEE_PARTIES_NAME, found), "");
  }
  return TRUE;
}

static void
read_reminders (FeeBook *book)
{
  FeeReminding reminding = { 19820, TRUE };
  FeeWriter *table = table_of (fee_reminder_columns, FEE_N_REMINDER_COLUMNS);
  g_autoptr (GError) error = NULL;
  fuzz_require (fee_book_each_reminders (book, &reminding, show_reminders, table, &error) || error->domain == FEE_ERROR);
  end_table (table);
}

/* Errors of a run on changed records may be any, but for those of programs that are wrong. */
static void
run_again (FeeBook *book, gboolean sound)
{
  g_autoptr (GPtrArray) runs = NULL;
  GError *error = NULL;
  if (!fuzz_outcome (fee_book_runs (book, &runs, &error), &error))
    return;
  for (guint i = 0; i < runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (runs, i);
    FeeRerun *then = NULL, *now = NULL;
    FeeEvidence *evidence = NULL;
    if (fee_book_rerun (book, head, &then, &error))
      fuzz_require (!sound || (then->n_differences == 0 && strcmp (then->digest, head->digest) == 0));
    g_clear_error (&error);
    fee_book_compare_now (book, head->period, &now, &error);
    g_clear_error (&error);
    fee_book_evidence (book, head, &evidence, &error);
    g_clear_error (&error);
    fee_rerun_free (then);
    fee_rerun_free (now);
    fee_evidence_free (evidence);
  }
  FeeRerun *pending = NULL;
  fee_book_pending (book, &pending, &error);
  g_clear_error (&error);
  fee_rerun_free (pending);
}

static void
read_disclosures (FeeBook *book)
{
  g_autoptr (GPtrArray) heads = NULL;
  GError *error = NULL;
  if (!fuzz_outcome (fee_book_disclosures (book, &heads, &error), &error))
    return;
  for (guint i = 0; i < heads->len; i++) {
    GBytes *bytes = NULL;
    fuzz_outcome (fee_book_read_disclosure (book, i + 1, &bytes, &error), &error);
    g_clear_pointer (&bytes, g_bytes_unref);
  }
}

static void
read_book (const char *path, guint parts, gboolean sound)
{
  g_autoptr (FeeBook) book = NULL;
  GError *error = NULL;
  if (!fuzz_outcome (fee_book_open (path, 0, &book, &error) && fee_book_begin (book, FALSE, &error), &error)) {
    fuzz_require (!sound);
    return;
  }
  if (parts & 1)
    audit (book, sound);
  if (parts & 2)
    read_files (book);
  if (parts & 2)
    read_disclosures (book);
  if (parts & 4)
    read_runs (book);
  if (parts & 8)
    read_accounts (book);
  if (parts & 16)
    read_reminders (book);
  if (parts & 32)
    run_again (book, sound);
}

/* ---- The target */

static const char *
scratch_path (void)
{
  static char *path;
  if (path == NULL)
    path = g_strdup_printf ("%s/fee-fuzz-%d.db", g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir (), (int) getpid ());
  return path;
}

static void
put_file (const char *path, const char *bytes, gsize length)
{
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  g_unlink (journal);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  fuzz_require (fd >= 0 && write (fd, bytes, length) == (gssize) length);
  close (fd);
}

static const char *
base (guint n, gsize *length)
{
  static char *texts[G_N_ELEMENTS (bases)];
  static gsize lengths[G_N_ELEMENTS (bases)];
  if (texts[n] == NULL) {
    g_autofree char *path = g_build_filename (g_getenv ("FEE_TEST_DATA"), "books", bases[n], NULL);
    fuzz_require (g_file_get_contents (path, &texts[n], &lengths[n], NULL));
  }
  *length = lengths[n];
  return texts[n];
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  static const char magic[] = "SQLite format 3";
  const char *path = scratch_path ();
  Changing changing = { .in = { bytes, bytes + length }, .path = path };
  guint parts = 63;
  if (length >= sizeof magic && memcmp (bytes, magic, sizeof magic) == 0) {
    put_file (path, (const char *) bytes, length);
    changing.changed = TRUE;
  } else {
    gsize n;
    const char *book = base (fuzz_choice (&changing.in, G_N_ELEMENTS (bases)), &n);
    parts = 1u << fuzz_byte (&changing.in) % 6;
    put_file (path, book, n);
    change (&changing);
  }
  read_book (path, parts, !changing.changed);
  g_unlink (path);
  return 0;
}
