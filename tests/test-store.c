/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../libfee/base/fee-hash.h"
#include "../libfee/store/fee-book-private.h"
#include "../libfee/store/fee-import.h"
#include "../libfee/store/fee-post.h"

/* ---- A folder with a book in it */

typedef struct {
  char *folder, *path;
  FeeBook *book;
} Desk;

static void
empty_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir)) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
}

static void
desk_clear (Desk *desk)
{
  fee_book_free (desk->book);
  empty_folder (desk->folder);
  g_rmdir (desk->folder);
  g_free (desk->folder);
  g_free (desk->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static Desk
desk_empty (void)
{
  Desk desk = { g_dir_make_tmp ("fee-store-XXXXXX", NULL), NULL, NULL };
  assert_non_null (desk.folder);
  desk.path = g_build_filename (desk.folder, "book.db", NULL);
  return desk;
}

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
desk_open (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  fee_book_free (g_steal_pointer (&desk->book));
  assert_ok (fee_book_open (desk->path, 0, &desk->book, &error), error);
  /* hundreds of commits, and no power will fail: the disk need not be waited for */
  assert_ok (fee_book_execute (desk->book, "PRAGMA synchronous = OFF", &error), error);
}

#define POLICY TEST_REQUIRED "[driver water]\nkind=flow\n[centre own]\ndriver=area\n[centre wet]\ndriver=water\n"

static Desk
desk_make (void)
{
  Desk desk = desk_empty ();
  g_autoptr (GBytes) policy = bytes_of (POLICY);
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_create (desk.path, &desk.book, &error), error);
  assert_ok (fee_import_first_policy (desk.book, "p.ini", policy, "2026-01-01T00:00:00Z", "me", &error), error);
  assert_ok (fee_book_finish (desk.book, &error), error);
  desk_open (&desk);
  return desk;
}

/* A copy of a book that is made once: making waits for the disk. */
static Desk
desk_new (void)
{
  static char *made = NULL;
  static gsize length = 0;
  if (made == NULL) {
    g_auto (Desk) first = desk_make ();
    fee_book_free (g_steal_pointer (&first.book));
    assert_true (g_file_get_contents (first.path, &made, &length, NULL));
  }
  Desk desk = desk_empty ();
  assert_true (g_file_set_contents_full (desk.path, made, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  desk_open (&desk);
  return desk;
}

/* One file, committed; its batch. */
static guint32
take (Desk *desk, FeeKindId kind, const char *name, const char *text, gboolean amend)
{
  g_autoptr (GBytes) bytes = bytes_of (text);
  g_autoptr (FeeImported) imported = NULL;
  g_autoptr (GError) error = NULL;
  FeeImportOptions options = { .format = { '.', FEE_DATE_FORMAT_PLAIN }, .amend = amend, .through = FEE_DATE_NONE,
                               .made_at = "2026-01-02T00:00:00Z", .made_by = "me" };
  assert_ok (fee_book_begin (desk->book, TRUE, &error), error);
  assert_ok (fee_import_file (desk->book, kind, name, bytes, &options, &imported, &error), error);
  assert_ok (fee_book_commit (desk->book, &error), error);
  return imported->batch;
}

static guint32
take_back (Desk *desk, guint32 batch)
{
  g_autoptr (GError) error = NULL;
  guint32 number = 0;
  assert_ok (fee_book_begin (desk->book, TRUE, &error), error);
  assert_ok (fee_import_retract (desk->book, batch, "wrong file", "2026-01-03T00:00:00Z", "me", &number, &error), error);
  assert_ok (fee_book_commit (desk->book, &error), error);
  return number;
}

static FeePosted *
post (Desk *desk, const char *period)
{
  g_autoptr (GError) error = NULL;
  FeePosted *posted = NULL;
  FeePosting posting = {
    .period = month (period), .issue = FEE_DATE_NONE, .made_at = "2026-02-02T00:00:00Z", .made_by = "me"
  };
  assert_ok (fee_book_begin (desk->book, TRUE, &error), error);
  assert_ok (fee_book_post (desk->book, &posting, &posted, &error), error);
  assert_ok (fee_book_commit (desk->book, &error), error);
  return posted;
}

static char *
seal_of (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  char *seal = NULL;
  assert_ok (fee_book_seal (desk->book, &seal, &error), error);
  return seal;
}

static GPtrArray *
batches_of (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *batches = NULL;
  assert_ok (fee_book_batches (desk->book, &batches, &error), error);
  return batches;
}

/* ---- Making and opening */

static guint
files_in (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
a_book_is_there_whole_only_when_it_is_finished (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_empty ();
  g_autoptr (GBytes) policy = bytes_of (POLICY);
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_create (desk.path, &desk.book, &error), error);
  assert_false (g_file_test (desk.path, G_FILE_TEST_EXISTS));
  fee_book_free (g_steal_pointer (&desk.book));
  assert_is (files_in (desk.folder), 0);
  assert_ok (fee_book_create (desk.path, &desk.book, &error), error);
  assert_ok (fee_import_first_policy (desk.book, "p.ini", policy, "", "", &error), error);
  assert_ok (fee_book_finish (desk.book, &error), error);
  fee_book_free (g_steal_pointer (&desk.book));
  assert_true (g_file_test (desk.path, G_FILE_TEST_EXISTS));
  assert_is (files_in (desk.folder), 1);
  desk_open (&desk);
  g_autoptr (GPtrArray) batches = batches_of (&desk);
  assert_is (batches->len, 1);
}

static void
a_book_is_for_its_owner_only_whatever_the_umask (void **state)
{
  (void) state;
  GStatBuf info;
  mode_t before = umask (0);
  {
    g_auto (Desk) desk = desk_make ();
    assert_is (g_stat (desk.path, &info), 0);
    assert_is (info.st_mode & 07777, 0600);
  }
  umask (before);
}

static void
a_file_of_that_name_is_never_replaced (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_empty ();
  g_autoptr (FeeBook) second = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_create (desk.path, &desk.book, &error), error);
  assert_true (g_file_set_contents (desk.path, "something else", -1, NULL)); /* meanwhile */
  assert_fails (fee_book_finish (desk.book, &error), error, FEE_ERROR_RECORDS, "there is a file of that name");
  assert_fails (fee_book_create (desk.path, &second, &error), error, FEE_ERROR_RECORDS, "there is a file of that name");
  assert_null (second);
  g_autofree char *text = NULL;
  assert_true (g_file_get_contents (desk.path, &text, NULL, NULL));
  assert_text (text, "something else");
}

static void
what_is_no_book_is_not_opened (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_empty ();
  g_autoptr (FeeBook) book = NULL;
  g_autoptr (GError) error = NULL;
  assert_fails (fee_book_open (desk.path, 0, &book, &error), error, FEE_ERROR_IO, "there is no book here");
  assert_true (g_file_set_contents (desk.path, "", 0, NULL));
  assert_fails (fee_book_open (desk.path, 0, &book, &error), error, FEE_ERROR_IO, "is not a book");
  g_autofree char *text = g_strnfill (5000, 'x');
  assert_true (g_file_set_contents (desk.path, text, -1, NULL));
  assert_fails (fee_book_open (desk.path, 0, &book, &error), error, FEE_ERROR_IO, "is not a book");
  assert_null (book);
}

static void
change (Desk *desk, const char *sql)
{
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_execute (desk->book, sql, &error), error);
}

static void
a_book_of_another_program_or_a_newer_one_is_refused (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (FeeBook) book = NULL;
  g_autoptr (GError) error = NULL;
  change (&desk, "PRAGMA user_version = 99");
  assert_fails (fee_book_open (desk.path, 0, &book, &error), error, FEE_ERROR_POLICY, "newer program");
  change (&desk, "PRAGMA application_id = 1");
  assert_fails (fee_book_open (desk.path, 0, &book, &error), error, FEE_ERROR_IO, "is not a book");
}

static void
a_book_cut_in_half_is_damaged (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 20; i++) {
    g_autofree char *units = g_strdup_printf ("unit,note\n%u,a note\n", i);
    take (&desk, FEE_KIND_UNITS, "u.csv", units, FALSE);
  }
  fee_book_free (g_steal_pointer (&desk.book));
  GStatBuf info;
  assert_is (g_stat (desk.path, &info), 0);
  assert_is (truncate (desk.path, info.st_size / 2), 0);
  gboolean ok = fee_book_open (desk.path, 0, &desk.book, &error) && fee_book_batches (desk.book, &batches, &error);
  assert_fails (ok, error, FEE_ERROR_IO, "book.db");
}

static void
a_book_that_another_program_writes_is_busy (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (FeeBook) other = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_open (desk.path, 0, &other, &error), error);
  assert_ok (fee_book_begin (desk.book, TRUE, &error), error);
  assert_fails (fee_book_begin (other, TRUE, &error), error, FEE_ERROR_BUSY, "another program is using the book");
  assert_ok (fee_book_commit (desk.book, &error), error);
  assert_ok (fee_book_begin (other, TRUE, &error), error);
}

static void
what_is_not_committed_is_gone (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autofree char *before = seal_of (&desk);
  g_autoptr (FeeBatch) batch = fee_batch_new ();
  g_autoptr (GError) error = NULL;
  batch->kind = FEE_KIND_UNITS;
  assert_ok (fee_book_begin (desk.book, TRUE, &error), error);
  assert_ok (fee_book_add_batch (desk.book, batch, NULL, &error), error);
  desk_open (&desk);
  g_autofree char *after = seal_of (&desk);
  g_autoptr (GPtrArray) batches = batches_of (&desk);
  assert_text (after, before);
  assert_is (batches->len, 1);
}

/* ---- Batches */

static gboolean
append_bytes (const guint8 *bytes, gsize length, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

static void
every_member_of_a_batch_comes_back (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FeeBatch) batch = fee_batch_new (), back_taken = fee_batch_new ();
  *batch = (FeeBatch){ 0,
                       FEE_KIND_RECEIPTS,
                       0,
                       g_strdup ("收款.csv"),
                       g_strdup ("abc"),
                       G_GUINT64_CONSTANT (5000000000),
                       g_strdup ("UTF-8\t44\t.\t0\ta=b"),
                       day ("2026-01-31"),
                       11,
                       7,
                       3,
                       day ("2026-01-02"),
                       day ("2026-01-30"),
                       g_strdup ("3,7"),
                       g_strdup (""),
                       g_strdup ("2026-01-02T03:04:05Z"),
                       g_strdup ("王芳"),
                       0 };
  back_taken->kind = FEE_KIND_RECEIPTS;
  back_taken->retracts = 2;
  back_taken->reason = g_strdup ("wrong\nfile");
  assert_ok (fee_book_begin (desk.book, TRUE, &error), error);
  assert_ok (fee_book_add_batch (desk.book, batch, NULL, &error), error);
  assert_ok (fee_book_add_batch (desk.book, back_taken, NULL, &error), error);
  assert_ok (fee_book_commit (desk.book, &error), error);
  assert_is (batch->number, 2);
  g_autoptr (GPtrArray) batches = batches_of (&desk);
  assert_is (batches->len, 3);
  const FeeBatch *back = g_ptr_array_index (batches, 1), *last = g_ptr_array_index (batches, 2);
  g_autofree char *wanted = fee_batch_record (batch), *got = fee_batch_record (back);
  assert_text (got, wanted);
  assert_is (back->retracted_by, 3);
  assert_is (last->retracts, 2);
  assert_is (last->retracted_by, 0);
  assert_text (last->reason, "wrong\nfile");
  assert_is (last->from, FEE_DATE_NONE);
  assert_is (last->to, FEE_DATE_FOREVER);
  assert_is (last->through, FEE_DATE_NONE);
}

/* Bytes that can't be compressed: more than one piece of a MiB. */
static void
files_of_any_size_come_back_byte_for_byte (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  static const gsize lengths[] = { 0, 1, 1000, 1024 * 1024, 3 * 1024 * 1024 + 17 };
  g_autoptr (GRand) rand = test_rand (15);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    guint8 *random = g_malloc (lengths[i] + 8);
    for (gsize n = 0; n < lengths[i]; n += 4) {
      guint32 word = g_rand_int (rand);
      memcpy (random + n, &word, 4);
    }
    g_autoptr (GBytes) bytes = g_bytes_new_take (random, lengths[i]), packed = NULL;
    g_autoptr (FeeBatch) batch = fee_batch_new ();
    g_autoptr (GByteArray) back = g_byte_array_new ();
    batch->kind = FEE_KIND_COSTS;
    assert_ok (fee_pack_file (bytes, &packed, &error), error);
    assert_ok (fee_book_begin (desk.book, TRUE, &error), error);
    assert_ok (fee_book_add_batch (desk.book, batch, packed, &error), error);
    assert_ok (fee_book_commit (desk.book, &error), error);
    assert_ok (fee_book_read_file (desk.book, batch->number, append_bytes, back, &error), error);
    assert_is (back->len, lengths[i]);
    assert_true (back->len == 0 || memcmp (back->data, random, back->len) == 0);
  }
}

static gboolean
refuse (G_GNUC_UNUSED const guint8 *bytes, G_GNUC_UNUSED gsize length, G_GNUC_UNUSED gpointer data, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, "enough");
  return FALSE;
}

static void
a_reader_that_refuses_stops_the_reading (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  assert_fails (fee_book_read_file (desk.book, 1, refuse, NULL, &error), error, FEE_ERROR_USAGE, "enough");
}

/* Sizes around what one step of unpacking gives: there a whole file once passed for one cut off. */
static void
a_file_of_any_size_comes_back (void **state)
{
  (void) state;
  static const guint sizes[] = { 131071, 131072, 131073, 262144, 393216, 1048576 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_auto (Desk) desk = desk_new ();
    g_autoptr (GString) text = g_string_new ("unit,note\n");
    g_autoptr (GByteArray) back = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    for (guint n = 0; text->len < sizes[i] - 64; n++)
      g_string_append_printf (text, "U%06u,%u\n", n, n * 2654435761u);
    g_string_append (text, "last,");
    while (text->len < sizes[i] - 1)
      g_string_append_c (text, 'z');
    g_string_append_c (text, '\n');
    guint32 batch = take (&desk, FEE_KIND_UNITS, "u.csv", text->str, FALSE);
    assert_ok (fee_book_read_file (desk.book, batch, append_bytes, back, &error), error);
    assert_is (back->len, sizes[i]);
    assert_memory_equal (back->data, text->str, sizes[i]);
  }
}

/* ---- The seal */

static void
the_seal_changes_with_every_entry (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 1; i <= 5; i++) {
    char *seal = seal_of (&desk);
    g_autofree char *prefix = g_strdup_printf ("%u:", i);
    assert_true (g_str_has_prefix (seal, prefix) && strlen (seal) == strlen (prefix) + 64);
    assert_true (g_hash_table_add (seen, seal));
    if (i == 1)
      take (&desk, FEE_KIND_UNITS, "u.csv", "unit,area\n101,50\n", FALSE);
    else if (i == 2)
      take (&desk, FEE_KIND_COSTS, "c.csv", "doc,date,category,centre,amount\nD1,2026-01-05,other,own,5.00\n", FALSE);
    else if (i == 3)
      fee_posted_free (post (&desk, "2026-01"));
    else if (i == 4)
      take_back (&desk, 3);
  }
}

/* rules.md section 10: SHA-256 (previous seal, record); the record holds everything that a batch does. */
static void
the_seal_is_the_hash_of_the_one_before_and_the_record (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autofree char *zeros = g_strnfill (64, '0');
  char hex[FEE_HASH_HEX];
  g_autoptr (GPtrArray) batches = batches_of (&desk);
  g_autofree char *record = fee_batch_record (g_ptr_array_index (batches, 0));
  g_autoptr (FeeHash) hash = fee_hash_new ();
  fee_hash_text (hash, zeros);
  fee_hash_text (hash, record);
  g_autofree char *wanted = g_strdup_printf ("1:%s", fee_hash_finish (hash, hex));
  g_autofree char *seal = seal_of (&desk);
  assert_text (seal, wanted);
}

static void
every_member_of_a_batch_is_under_the_seal (void **state)
{
  (void) state;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < 17; i++) {
    FeeBatch batch = { 5,
                       FEE_KIND_COSTS,
                       0,
                       (char *)"f",
                       (char *)"h",
                       3,
                       (char *)"r",
                       4,
                       5,
                       6,
                       7,
                       8,
                       9,
                       (char *)"1",
                       (char *)"why",
                       (char *)"at",
                       (char *)"by",
                       0 };
    gpointer members[] = { &batch.file,   &batch.sha256,  &batch.reading, &batch.amends,
                           &batch.reason, &batch.made_at, &batch.made_by };
    if (i >= 1 && i <= 7)
      *(const char **) members[i - 1] = "other";
    batch.number += i == 8;
    batch.kind = i == 9 ? FEE_KIND_UNITS : batch.kind;
    batch.retracts += i == 10;
    batch.size += i == 11;
    batch.through += i == 12;
    batch.n_rows += i == 13;
    batch.n_new += i == 14;
    batch.n_changed += i == 15;
    batch.from += i == 16;
    assert_true (g_hash_table_add (seen, fee_batch_record (&batch)));
  }
}

/* ---- Runs */

static void
fill_estate (Desk *desk)
{
  take (desk, FEE_KIND_UNITS, "u.csv", "unit,area\n101,50\n102,60\n103,70\n", FALSE);
  take (desk, FEE_KIND_PARTIES, "p.csv",
        "unit,role,party,name,from,to\n101,owner,A,An,,2026-01-10\n101,owner,B,Bai,2026-01-11,\n", FALSE);
  take (desk, FEE_KIND_COSTS, "c.csv",
        "doc,line,date,category,centre,amount,from,to\nD1,,2026-01-05,other,own,100.00,2026-01-01,2026-03-31\nD2,1,2026-02-"
        "05,other,own,0.05,,\n",
        FALSE);
}

static void
a_run_comes_back_with_its_stages_and_counts (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (FeeRun) back = NULL;
  fill_estate (&desk);
  g_autoptr (FeePosted) posted = post (&desk, "2026-01");
  desk_open (&desk);
  assert_ok (fee_book_runs (desk.book, &runs, &error), error);
  assert_is (runs->len, 1);
  g_autofree char *wanted = fee_run_head_record (posted->head), *got = fee_run_head_record (g_ptr_array_index (runs, 0));
  assert_text (got, wanted);
  assert_ok (fee_book_read_run (desk.book, g_ptr_array_index (runs, 0), &back, &error), error);
  assert_ok (fee_book_read_counts (desk.book, 1, back->strings, back->counts, &error), error);
  g_autoptr (GByteArray) a = g_byte_array_new (), b = g_byte_array_new ();
  fee_run_pack_stages (posted->run, a);
  fee_run_pack_counts (posted->run, a);
  fee_run_pack_stages (back, b);
  fee_run_pack_counts (back, b);
  assert_true (a->len == b->len && memcmp (a->data, b->data, a->len) == 0);
  assert_text (back->digest, posted->run->digest);
  assert_is (back->recognised, 3333);
  assert_is (back->counts->len, 3);
}

static void
the_second_run_goes_on_from_the_first (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  fill_estate (&desk);
  g_autoptr (FeePosted) january = post (&desk, "2026-01"), february = post (&desk, "2026-02"),
                        again = post (&desk, "2026-01");
  assert_text (february->run->previous_digest, january->run->digest);
  assert_is (february->run->recognised, 3334 + 5);
  assert_is (february->head->number, 2);
  assert_is (again->state, FEE_ALREADY_POSTED);
  assert_text (again->head->digest, january->run->digest);
}

static gboolean
collect_bill (const FeePageReader *bill, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_string_append_printf (data, "%s%u %s/%s %u", ((GString *)data)->len > 0 ? "; " : "", bill->bill, bill->unit->str,
                          bill->party->str, bill->line->len);
  return TRUE;
}

/* As far as who reads bills asks. */
static FeeRun *
run_with_pools (guint n)
{
  FeeRun *run = fee_run_new ();
  FeeStageRow pool = { .stage = FEE_STAGE_ACTIVITY, .amount = FEE_MONEY_MAX };
  for (guint i = 0; i < n; i++)
    g_array_append_val (run->rows, pool);
  return run;
}

static void
assert_bills (Desk *desk, guint32 run, const char *unit, gboolean lines, const char *wanted)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (FeeRun) whole = run_with_pools (1);
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_read_bills (desk->book, run, unit, lines ? whole : NULL, collect_bill, got, &error), error);
  assert_text (got->str, wanted);
}

static void
bills_are_read_by_run_and_by_unit (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  fill_estate (&desk);
  fee_posted_free (post (&desk, "2026-01"));
  assert_bills (&desk, 1, NULL, TRUE, "1 101/A 1; 2 101/B 1; 3 102/developer 1; 4 103/developer 1");
  assert_bills (&desk, 1, NULL, FALSE, "1 101/A 0; 2 101/B 0; 3 102/developer 0; 4 103/developer 0");
  assert_bills (&desk, 1, "101", TRUE, "1 101/A 1; 2 101/B 1");
  assert_bills (&desk, 1, "103", TRUE, "4 103/developer 1");
  assert_bills (&desk, 1, "100", TRUE, "");
  assert_bills (&desk, 1, "104", TRUE, "");
  assert_bills (&desk, 2, NULL, TRUE, "");
}

static void
a_line_that_names_no_pool_of_its_run_is_damage (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (FeeRun) without = run_with_pools (0);
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  fill_estate (&desk);
  fee_posted_free (post (&desk, "2026-01"));
  assert_fails (fee_book_read_bills (desk.book, 1, NULL, without, collect_bill, got, &error), error, FEE_ERROR_IO, "the bills of a run");
  assert_text (got->str, "");
}

/* Bills "unit/party unit/party ...", each with a line; "|" begins a page. */
static void
add_run_of (Desk *desk, FeePeriod period, const char *bills)
{
  g_autoptr (FeeRun) run = fee_run_new ();
  g_autoptr (FeeRunHead) head = fee_run_head_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = g_strsplit (bills, " ", -1);
  FeePage *page = NULL;
  g_autofree char *before = g_strdup ("");
  guint32 n = 0;
  run->strings = fee_strings_new ();
  run->own_strings = TRUE;
  run->currency = g_strdup ("CNY");
  run->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_page_free);
  for (char **word = words; *word != NULL; word++) {
    g_auto (GStrv) parts = g_strsplit (*word, "/", 2);
    FeeLine line = { .days = 31, .unit_days = 31, .amount = n, .unit_amount = n, .weight = 1 };
    if (strcmp (*word, "|") == 0) {
      page = NULL;
      continue;
    }
    if (page == NULL) {
      page = fee_page_new (n + 1, parts[0]);
      g_ptr_array_add (run->pages, page);
      g_free (before);
      before = g_strdup ("");
    }
    fee_page_add_bill (page, before, parts[0], parts[1], n, &line, 1);
    g_free (before);
    before = g_strdup (parts[0]);
    n++;
  }
  *head = (FeeRunHead){ .period = period,
                        .issue = 20500,
                        .due = 20520,
                        .currency = g_strdup ("CNY"),
                        .arguments = g_strdup (""),
                        .last_batch = 1,
                        .rules = 1,
                        .n_bills = n,
                        .n_lines = n,
                        .digest = g_strnfill (64, 'a'),
                        .made_at = g_strdup (""),
                        .made_by = g_strdup ("") };
  assert_ok (fee_book_begin (desk->book, TRUE, &error), error);
  assert_ok (fee_book_add_run (desk->book, run, head, &error), error);
  assert_ok (fee_book_commit (desk->book, &error), error);
}

/* "bill unit/party lines; ..." of the units from one on, before another: those of all bills that are. */
static void
assert_between (Desk *desk, const char *all, const char *from, const char *before)
{
  g_autoptr (GString) got = g_string_new (NULL), wanted = g_string_new (NULL);
  g_autoptr (FeeRun) whole = run_with_pools (1);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) bills = g_strsplit (all, "; ", -1);
  for (char **bill = bills; *bill != NULL; bill++) {
    g_auto (GStrv) words = g_strsplit_set (*bill, " /", -1);
    if (strcmp (words[1], from) >= 0 && (before == NULL || strcmp (words[1], before) < 0))
      g_string_append_printf (wanted, "%s%s", wanted->len > 0 ? "; " : "", *bill);
  }
  assert_ok (fee_book_read_bills_between (desk->book, 1, from, before, whole, collect_bill, got, &error), error);
  assert_text (got->str, wanted->str);
}

static void
bills_are_read_by_stretches_of_units (void **state)
{
  (void) state;
  static const char all[] = "1 A/1 1; 2 B/1 1; 3 B/2 1; 4 B/3 1; 5 B/4 1; 6 C/1 1; 7 C/2 1; 8 D/1 1; 9 E/1 1";
  const char *const units[] = { "", "A", "AA", "B", "BB", "C", "CC", "D", "E", "F" };
  g_auto (Desk) desk = desk_new ();
  add_run_of (&desk, month ("2026-01"), "A/1 B/1 B/2 | B/3 | B/4 C/1 | C/2 D/1 | E/1");
  assert_bills (&desk, 1, NULL, TRUE, all);
  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    assert_between (&desk, all, units[i], NULL);
    for (guint n = 0; n < G_N_ELEMENTS (units); n++)
      assert_between (&desk, all, units[i], units[n]);
  }
}

static void
a_unit_whose_bills_stand_in_several_pages_is_read_whole (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  add_run_of (&desk, month ("2026-01"), "A/1 B/1 B/2 | B/3 | B/4 C/1 | C/2 D/1 | E/1");
  assert_bills (&desk, 1, "A", TRUE, "1 A/1 1");
  assert_bills (&desk, 1, "B", TRUE, "2 B/1 1; 3 B/2 1; 4 B/3 1; 5 B/4 1");
  assert_bills (&desk, 1, "C", TRUE, "6 C/1 1; 7 C/2 1");
  assert_bills (&desk, 1, "D", TRUE, "8 D/1 1");
  assert_bills (&desk, 1, "E", FALSE, "9 E/1 0");
  assert_bills (&desk, 1, "BB", TRUE, "");
  assert_bills (&desk, 1, NULL, TRUE, "1 A/1 1; 2 B/1 1; 3 B/2 1; 4 B/3 1; 5 B/4 1; 6 C/1 1; 7 C/2 1; 8 D/1 1; 9 E/1 1");
}

static void
assert_found (Desk *desk, const char *number, const char *wanted)
{
  gboolean found = TRUE;
  g_autofree char *unit = NULL, *party = NULL;
  FeeDate issue = 0;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_find_bill (desk->book, number, &found, &unit, &party, &issue, &error), error);
  g_autofree char *got = found ? g_strdup_printf ("%s/%s %d", unit, party, issue) : g_strdup ("none");
  assert_text (got, wanted);
}

static void
a_bill_is_found_by_its_number (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  assert_found (&desk, "202601-0000001", "none");
  add_run_of (&desk, month ("2026-01"), "A/1 B/1 B/2 | B/3 | C/1");
  add_run_of (&desk, month ("2026-02"), "");
  assert_found (&desk, "202601-0000001", "A/1 20500");
  assert_found (&desk, "202601-0000003", "B/2 20500");
  assert_found (&desk, "202601-0000004", "B/3 20500");
  assert_found (&desk, "202601-0000005", "C/1 20500");
  assert_found (&desk, "202601-0000006", "none");
  assert_found (&desk, "202602-0000001", "none");
  assert_found (&desk, "202603-0000001", "none");
  assert_found (&desk, "2026-01", "none");
  assert_found (&desk, "", "none");
}

/* ---- Damage */

/* Changes a byte of a blob, whose row is the first of its table. */
static void
damage_blob (Desk *desk, const char *table, const char *column, gsize at)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *select = g_strdup_printf ("SELECT %s FROM %s ORDER BY rowid LIMIT 1", column, table);
  g_autofree char *update =
      g_strdup_printf ("UPDATE %s SET %s = ? WHERE rowid = (SELECT min (rowid) FROM %s)", table, column, table);
  g_autoptr (FeeStatement) read = NULL, write = NULL;
  assert_ok (fee_book_prepare (desk->book, select, &read, &error), error);
  assert_true (fee_book_step (desk->book, read, &error));
  gsize length = (gsize) sqlite3_column_bytes (read, 0);
  g_autofree guint8 *bytes = g_memdup2 (sqlite3_column_blob (read, 0), length);
  g_clear_pointer (&read, fee_statement_free);
  assert_true (length > 0);
  bytes[at % length] ^= 0x15;
  assert_ok (fee_book_prepare (desk->book, update, &write, &error), error);
  sqlite3_bind_blob (write, 1, bytes, (gint) length, SQLITE_STATIC);
  assert_ok (fee_book_run_once (desk->book, write, &error), error);
}

/* Everything that was posted, as text; or the error's code. */
static char *
read_everything (Desk *desk, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (FeeRun) run = NULL;
  g_autoptr (GByteArray) file = g_byte_array_new (), packed = g_byte_array_new ();
  g_autoptr (GString) bills = g_string_new (NULL);
  if (!fee_book_runs (desk->book, &runs, error) || !fee_book_read_run (desk->book, g_ptr_array_index (runs, 0), &run, error)
      || !fee_book_read_counts (desk->book, 1, run->strings, run->counts, error)
      || !fee_book_read_bills (desk->book, 1, NULL, run, collect_bill, bills, error)
      || !fee_book_read_file (desk->book, 2, append_bytes, file, error))
    return NULL;
  fee_run_pack_stages (run, packed);
  fee_run_pack_counts (run, packed);
  g_byte_array_append (packed, file->data, file->len);
  g_byte_array_append (packed, (const guint8 *) bills->str, (guint) bills->len);
  return g_base64_encode (packed->data, packed->len);
}

static void
damaged_bytes_are_an_error_or_change_nothing (void **state)
{
  (void) state;
  static const struct {
    const char *table, *column;
  } blobs[] = { { "run", "stages" }, { "run", "counts" }, { "page", "heads" }, { "page", "lines" }, { "piece", "bytes" } };
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;
  guint noticed = 0, tried = 0;
  fill_estate (&desk);
  fee_posted_free (post (&desk, "2026-01"));
  change (&desk, "DELETE FROM piece WHERE batch = 1"); /* so that the units' file is the first */
  g_autofree char *before = read_everything (&desk, &error);
  assert_non_null (before);
  for (guint i = 0; i < G_N_ELEMENTS (blobs); i++)
    for (gsize at = 0; at < 45; at += 3, tried++) {
      change (&desk, "SAVEPOINT damage");
      damage_blob (&desk, blobs[i].table, blobs[i].column, at);
      g_autofree char *after = read_everything (&desk, &error);
      if (after == NULL) {
        assert_fails (FALSE, error, FEE_ERROR_IO, "");
        noticed++;
      } else if (strcmp (after, before) != 0) {
        fail_msg ("%s.%s, byte %u: the damage is not noticed", blobs[i].table, blobs[i].column, (guint) at);
      }
      change (&desk, "ROLLBACK TO damage; RELEASE damage");
    }
  assert_true (noticed > tried * 9 / 10);
}

static void
a_file_without_its_last_piece_is_cut_off (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GByteArray) back = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  change (&desk, "UPDATE piece SET bytes = substr (bytes, 1, length (bytes) - 3)");
  assert_fails (fee_book_read_file (desk.book, 1, append_bytes, back, &error), error, FEE_ERROR_IO, "cut off");
  change (&desk, "DELETE FROM piece");
  assert_fails (fee_book_read_file (desk.book, 1, append_bytes, back, &error), error, FEE_ERROR_IO, "cut off");
}

/* Another frame, even one that holds nothing, makes no file. */
static void
bytes_after_a_file_are_damage (void **state)
{
  (void) state;
  static const char *const more[] = { "x'00'", "x'502a4d1800000000'", "x'28b52ffd0000010000'" };
  for (guint i = 0; i < G_N_ELEMENTS (more); i++) {
    g_auto (Desk) desk = desk_new ();
    g_autoptr (GByteArray) back = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *same = g_strdup_printf ("UPDATE piece SET bytes = CAST (bytes || %s AS BLOB)", more[i]);
    g_autofree char *own = g_strdup_printf ("INSERT INTO piece VALUES (1, 1, %s)", more[i]);
    change (&desk, "SAVEPOINT whole");
    change (&desk, same);
    assert_fails (fee_book_read_file (desk.book, 1, append_bytes, back, &error), error, FEE_ERROR_IO, "bytes after");
    change (&desk, "ROLLBACK TO whole");
    change (&desk, own);
    assert_fails (fee_book_read_file (desk.book, 1, append_bytes, back, &error), error, FEE_ERROR_IO, "bytes after");
  }
}

static void
assert_batches_damaged (const char *sql, const char *column)
{
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GError) error = NULL;
  take (&desk, FEE_KIND_UNITS, "u.csv", "unit\n101\n", FALSE);
  change (&desk, "PRAGMA foreign_keys = OFF");
  change (&desk, sql);
  g_autofree char *place = g_strdup_printf ("damaged: its list of batches: batch %s", column);
  assert_fails (fee_book_batches (desk.book, &batches, &error), error, FEE_ERROR_IO, place);
}

static void
a_list_of_batches_with_gaps_or_nonsense_is_damage (void **state)
{
  (void) state;
  assert_batches_damaged ("UPDATE batch SET kind = 'unit' WHERE batch = 2", "2, column kind");
  assert_batches_damaged ("UPDATE batch SET batch = 3 WHERE batch = 2", "2, column batch");
  assert_batches_damaged ("DELETE FROM batch WHERE batch = 1", "1, column batch");
  assert_batches_damaged ("UPDATE batch SET retracts = 2 WHERE batch = 2", "2, column retracts");
  assert_batches_damaged ("UPDATE batch SET retracts = 9 WHERE batch = 2", "2, column retracts");
  assert_batches_damaged ("UPDATE batch SET retracts = -1 WHERE batch = 2", "2, column retracts");
  /* what a cast would hide */
  assert_batches_damaged ("UPDATE batch SET last_day = last_day + 4294967296 WHERE batch = 2", "2, column last_day");
  assert_batches_damaged ("UPDATE batch SET file = file || char (0) || 'x' WHERE batch = 2", "2, column file");
  assert_batches_damaged ("UPDATE batch SET n_rows = -1 WHERE batch = 2", "2, column n_rows");
}

static void
a_list_of_runs_with_gaps_or_nonsense_is_damage (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;
  add_run_of (&desk, month ("2026-01"), "A/1");
  change (&desk, "UPDATE run SET digest = 'abc'");
  assert_fails (fee_book_runs (desk.book, &runs, &error), error, FEE_ERROR_IO, "damaged: its list of runs: run 1, column digest");
  change (&desk, "UPDATE run SET digest = hex (zeroblob (32)), period = period + 4294967296");
  assert_fails (fee_book_runs (desk.book, &runs, &error), error, FEE_ERROR_IO, "damaged: its list of runs: run 1, column period");
  change (&desk, "UPDATE run SET period = period - 4294967296, rules = 2");
  assert_fails (fee_book_runs (desk.book, &runs, &error), error, FEE_ERROR_POLICY, "rules 2");
  change (&desk, "PRAGMA foreign_keys = OFF; UPDATE run SET rules = 1, run = 2");
  assert_fails (fee_book_runs (desk.book, &runs, &error), error, FEE_ERROR_IO, "damaged: its list of runs: run 1, column run");
}

/* ---- Loading */

/* The standing rows of a kind, "batch:doc amount". */
static char *
load (Desk *desk, FeeKindId kind, const FeeLoad *wanted, guint column)
{
  g_autoptr (GPtrArray) batches = batches_of (desk);
  g_autoptr (FeeRecords) records = NULL;
  g_autoptr (GError) error = NULL;
  FeeLoad options = *wanted;
  options.kinds = 1u << kind;
  GString *out = g_string_new (NULL);
  assert_ok (fee_book_load (desk->book, batches, &options, &records, &error), error);
  const FeeTable *table = records->tables[kind];
  for (guint32 row = 0; row < table->n_rows; row++) {
    if (!fee_table_alive (table, row))
      continue;
    g_autofree char *cell = fee_table_show (table, column, row, 2);
    g_autofree char *id = fee_table_show (table, 0, row, 2);
    g_string_append_printf (out, "%s%u:%s %s", out->len > 0 ? "; " : "", fee_table_segment_of (table, row)->batch, id, cell);
  }
  return g_string_free (out, FALSE);
}

static void
assert_loaded (Desk *desk, FeeKindId kind, FeeLoad options, guint column, const char *wanted)
{
  g_autofree char *got = load (desk, kind, &options, column);
  assert_text (got, wanted);
}

static void
records_are_loaded_as_known_at_a_batch (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  take (&desk, FEE_KIND_UNITS, "u2.csv", "unit,area\n101,50\n102,60\n", FALSE);
  take (&desk, FEE_KIND_UNITS, "u3.csv", "unit,area\n101,55\n103,70\n", TRUE);
  assert_is (take_back (&desk, 3), 4);
  take (&desk, FEE_KIND_UNITS, "u5.csv", "unit,area\n102,65\n", TRUE);
  static const char *const known[] = {
    "", "", "2:101 50; 2:102 60", "2:102 60; 3:101 55; 3:103 70", "2:101 50; 2:102 60", "2:101 50; 5:102 65"
  };
  for (guint32 as_of = 1; as_of <= 5; as_of++)
    assert_loaded (&desk, FEE_KIND_UNITS, (FeeLoad){ .as_of = as_of, .to = FEE_DATE_FOREVER }, FEE_UNITS_AREA, known[as_of]);
  assert_loaded (&desk, FEE_KIND_UNITS, (FeeLoad){ .as_of = G_MAXUINT32, .to = FEE_DATE_FOREVER }, FEE_UNITS_AREA, known[5]);
}

#define COSTS "doc,date,category,amount,from,to\n"

static void
only_batches_that_meet_the_days_are_loaded_and_all_that_they_amend (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  take (&desk, FEE_KIND_COSTS, "c2.csv", COSTS "D1,2026-01-05,other,1.00,,\n", FALSE);
  take (&desk, FEE_KIND_COSTS, "c3.csv", COSTS "D2,2026-02-05,other,2.00,,\n", FALSE);
  take (&desk, FEE_KIND_COSTS, "c4.csv", COSTS "D3,2026-02-05,other,3.00,2026-02-01,2026-06-30\n", FALSE);
  take (&desk, FEE_KIND_COSTS, "c5.csv", COSTS "D4,2026-04-05,other,4.00,,\n", FALSE);
  /* moves D1 of January to April: January alone must show it no longer */
  take (&desk, FEE_KIND_COSTS, "c6.csv", COSTS "D1,2026-04-05,other,1.50,2026-04-01,2026-04-30\n", TRUE);
  FeeLoad january = { .as_of = G_MAXUINT32, .since = 6, .from = day ("2026-01-01"), .to = day ("2026-01-31") };
  FeeLoad february = { .as_of = G_MAXUINT32, .since = 6, .from = day ("2026-02-01"), .to = day ("2026-02-28") };
  FeeLoad may = { .as_of = G_MAXUINT32, .since = 6, .from = day ("2026-05-01"), .to = day ("2026-05-31") };
  FeeLoad may_and_new = { .as_of = G_MAXUINT32, .since = 4, .from = day ("2026-05-01"), .to = day ("2026-05-31") };
  FeeLoad january_then = { .as_of = 5, .since = 5, .from = day ("2026-01-01"), .to = day ("2026-01-31") };
  FeeLoad all = { .as_of = G_MAXUINT32, .since = 6, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER };
  assert_loaded (&desk, FEE_KIND_COSTS, january, FEE_COSTS_AMOUNT, "6:D1 1.50");
  /* its days reach from those that it takes back to those that it brings */
  assert_loaded (&desk, FEE_KIND_COSTS, february, FEE_COSTS_AMOUNT, "3:D2 2.00; 4:D3 3.00; 6:D1 1.50");
  assert_loaded (&desk, FEE_KIND_COSTS, may, FEE_COSTS_AMOUNT, "4:D3 3.00");
  assert_loaded (&desk, FEE_KIND_COSTS, may_and_new, FEE_COSTS_AMOUNT, "4:D3 3.00; 5:D4 4.00; 6:D1 1.50");
  assert_loaded (&desk, FEE_KIND_COSTS, january_then, FEE_COSTS_AMOUNT, "2:D1 1.00");
  assert_loaded (&desk, FEE_KIND_COSTS, all, FEE_COSTS_AMOUNT, "3:D2 2.00; 4:D3 3.00; 5:D4 4.00; 6:D1 1.50");
}

/* The amendment lacks the span: it keeps that of the row before, and so meets its days. */
static void
an_amendment_that_keeps_the_days_is_loaded_with_them (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  take (&desk, FEE_KIND_COSTS, "c2.csv", COSTS "D1,2026-01-05,other,6.00,2026-01-01,2026-06-30\n", FALSE);
  take (&desk, FEE_KIND_COSTS, "c3.csv", "doc,date,category,amount\nD1,2026-01-05,other,9.00\n", TRUE);
  FeeLoad may = { .as_of = G_MAXUINT32, .since = 3, .from = day ("2026-05-01"), .to = day ("2026-05-31") };
  assert_loaded (&desk, FEE_KIND_COSTS, may, FEE_COSTS_AMOUNT, "3:D1 9.00");
  assert_loaded (&desk, FEE_KIND_COSTS, may, FEE_COSTS_TO, "3:D1 2026-06-30");
}

/* A later version may keep cells of what was retracted since. */
static void
a_retracted_batch_is_loaded_for_what_later_ones_kept_of_it (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  take (&desk, FEE_KIND_UNITS, "u2.csv", "unit,area,floor\n101,50,3\n102,60,4\n", FALSE);
  take (&desk, FEE_KIND_UNITS, "u3.csv", "unit,area\n101,55\n", TRUE);
  take_back (&desk, 2);
  assert_loaded (&desk, FEE_KIND_UNITS, (FeeLoad){ .as_of = G_MAXUINT32, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_ALL },
                 FEE_UNITS_FLOOR, "3:101 3");
}

static void
the_days_of_a_batch_are_those_of_its_rows (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  take (&desk, FEE_KIND_COSTS, "c.csv", COSTS "D1,2026-02-05,other,1.00,,\nD2,2026-01-05,other,1.00,2026-01-10,2026-05-09\n",
        FALSE);
  take (&desk, FEE_KIND_UNITS, "u.csv", "unit,from\n101,2026-01-01\n102,\n", FALSE);
  g_autoptr (GPtrArray) batches = batches_of (&desk);
  const FeeBatch *costs = g_ptr_array_index (batches, 1), *units = g_ptr_array_index (batches, 2);
  assert_is (costs->from, day ("2026-01-10"));
  assert_is (costs->to, day ("2026-05-09"));
  assert_is (units->from, FEE_DATE_NONE);
  assert_is (units->to, FEE_DATE_FOREVER);
  assert_is (costs->n_rows, 2);
  assert_is (costs->n_new, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_book_is_there_whole_only_when_it_is_finished),
    cmocka_unit_test (a_book_is_for_its_owner_only_whatever_the_umask),
    cmocka_unit_test (a_file_of_that_name_is_never_replaced),
    cmocka_unit_test (what_is_no_book_is_not_opened),
    cmocka_unit_test (a_book_of_another_program_or_a_newer_one_is_refused),
    cmocka_unit_test (a_book_cut_in_half_is_damaged),
    cmocka_unit_test (a_book_that_another_program_writes_is_busy),
    cmocka_unit_test (what_is_not_committed_is_gone),
    cmocka_unit_test (every_member_of_a_batch_comes_back),
    cmocka_unit_test (files_of_any_size_come_back_byte_for_byte),
    cmocka_unit_test (a_reader_that_refuses_stops_the_reading),
    cmocka_unit_test (the_seal_changes_with_every_entry),
    cmocka_unit_test (the_seal_is_the_hash_of_the_one_before_and_the_record),
    cmocka_unit_test (every_member_of_a_batch_is_under_the_seal),
    cmocka_unit_test (a_run_comes_back_with_its_stages_and_counts),
    cmocka_unit_test (the_second_run_goes_on_from_the_first),
    cmocka_unit_test (bills_are_read_by_run_and_by_unit),
    cmocka_unit_test (a_line_that_names_no_pool_of_its_run_is_damage),
    cmocka_unit_test (bills_are_read_by_stretches_of_units),
    cmocka_unit_test (a_unit_whose_bills_stand_in_several_pages_is_read_whole),
    cmocka_unit_test (a_bill_is_found_by_its_number),
    cmocka_unit_test (damaged_bytes_are_an_error_or_change_nothing),
    cmocka_unit_test (a_file_without_its_last_piece_is_cut_off),
    cmocka_unit_test (a_file_of_any_size_comes_back),
    cmocka_unit_test (bytes_after_a_file_are_damage),
    cmocka_unit_test (a_list_of_batches_with_gaps_or_nonsense_is_damage),
    cmocka_unit_test (a_list_of_runs_with_gaps_or_nonsense_is_damage),
    cmocka_unit_test (records_are_loaded_as_known_at_a_batch),
    cmocka_unit_test (only_batches_that_meet_the_days_are_loaded_and_all_that_they_amend),
    cmocka_unit_test (an_amendment_that_keeps_the_days_is_loaded_with_them),
    cmocka_unit_test (a_retracted_batch_is_loaded_for_what_later_ones_kept_of_it),
    cmocka_unit_test (the_days_of_a_batch_are_those_of_its_rows),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
