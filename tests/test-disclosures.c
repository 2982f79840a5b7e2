/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include <glib/gstdio.h>

#include "../libfee/store/fee-audit.h"
#include "../libfee/store/fee-book-private.h"

/* ---- The book of schema 1 in a folder of its own */

typedef struct {
  char *folder, *path, *kept;
  FeeBook *book;
} Desk;

static void
desk_clear (Desk *desk)
{
  fee_book_free (desk->book);
  g_unlink (desk->path);
  g_unlink (desk->kept);
  assert_is (g_rmdir (desk->folder), 0); /* nothing else was left in it */
  g_free (desk->folder);
  g_free (desk->path);
  g_free (desk->kept);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static void
desk_open (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  fee_book_free (g_steal_pointer (&desk->book));
  assert_ok (fee_book_open (desk->path, 0, &desk->book, &error), error);
}

static Desk
desk_new (void)
{
  g_autofree char *fixture = g_build_filename (g_getenv ("FEE_TEST_DATA"), "books", "schema-1.db", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  Desk desk = { .folder = g_dir_make_tmp ("fee-disclosures-XXXXXX", NULL) };
  desk.path = g_build_filename (desk.folder, "book.db", NULL);
  desk.kept = g_strconcat (desk.path, ".schema-1", NULL);
  assert_ok (g_file_get_contents (fixture, &bytes, &length, &error), error);
  assert_ok (g_file_set_contents (desk.path, bytes, (gssize) length, &error), error);
  desk_open (&desk);
  return desk;
}

/* A book of this schema, in a transaction. */
static Desk
desk_upgraded (void)
{
  Desk desk = desk_new ();
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_upgrade (desk.book, &kept, &error), error);
  assert_text (kept, desk.kept);
  assert_ok (fee_book_begin (desk.book, TRUE, &error), error);
  return desk;
}

static GPtrArray *
disclosures_of (Desk *desk)
{
  GPtrArray *heads = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_disclosures (desk->book, &heads, &error), error);
  return heads;
}

static char *
head_of (Desk *desk)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_runs (desk->book, &runs, &error), error);
  return fee_runs_head (runs);
}

static FeeDisclosureHead *
new_head (Desk *desk)
{
  FeeDisclosureHead *head = fee_disclosure_head_new ();
  head->period = g_strdup ("2024-Q1");
  head->format = g_strdup ("text");
  head->lang = g_strdup ("zh_CN");
  head->as_of = day ("2024-03-31");
  head->posted_from = day ("2024-04-05");
  head->posted_to = day ("2024-04-20");
  head->head = head_of (desk);
  head->made_at = g_strdup ("2024-04-05T01:02:03Z");
  head->made_by = g_strdup ("王芳");
  return head;
}

static void
assert_clean (Desk *desk, guint n_disclosures)
{
  g_autoptr (FeeAudit) audit = fee_book_audit (desk->book, NULL, NULL);
  if (audit->n_findings > 0)
    fail_msg ("%s", ((const FeeFinding *) g_ptr_array_index (audit->findings, 0))->what);
  assert_null (audit->stopped);
  assert_is (audit->n_disclosures, n_disclosures);
}

static void
change (Desk *desk, const char *sql)
{
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_execute (desk->book, sql, &error), error);
}

/* ---- Upgrading */

static void
a_book_of_schema_1_has_no_disclosures_and_is_upgraded_once (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GPtrArray) none = disclosures_of (&desk);
  g_autofree char *kept = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;
  assert_is (none->len, 0);
  assert_false (fee_book_is_current (desk.book));
  assert_ok (fee_book_upgrade (desk.book, &kept, &error), error);
  assert_text (kept, desk.kept);
  assert_is (g_stat (kept, &status), 0);
  assert_is (status.st_mode & 0777, 0600);
  assert_true (fee_book_is_current (desk.book));
  assert_ok (fee_book_upgrade (desk.book, &again, &error), error);
  assert_null (again);
  assert_clean (&desk, 0);
}

static void
a_copy_of_an_upgrade_that_was_cut_off_is_used_again (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf before, after;
  assert_ok (fee_book_keep (desk.book, desk.kept, &error), error);
  assert_is (g_stat (desk.kept, &before), 0);
  desk_open (&desk);
  assert_ok (fee_book_upgrade (desk.book, &kept, &error), error);
  assert_text (kept, desk.kept);
  assert_is (g_stat (desk.kept, &after), 0);
  assert_is (after.st_ino, before.st_ino);
}

static void
another_file_in_the_place_of_the_copy_stays_and_the_book_too (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autofree char *kept = NULL, *text = NULL;
  g_autoptr (GError) error = NULL;
  assert_true (g_file_set_contents (desk.kept, "mine", -1, NULL));
  assert_fails (fee_book_upgrade (desk.book, &kept, &error), error, FEE_ERROR_IO, "there is another file of that name; move it away");
  assert_true (g_file_get_contents (desk.kept, &text, NULL, NULL));
  assert_text (text, "mine");
  desk_open (&desk);
  assert_false (fee_book_is_current (desk.book));
  /* nor is the copy of another time one: the book has changed since */
  assert_is (g_unlink (desk.kept), 0);
  assert_ok (fee_book_keep (desk.book, desk.kept, &error), error);
  change (&desk, "UPDATE batch SET reason = 'x' WHERE batch = 1");
  assert_fails (fee_book_upgrade (desk.book, &kept, &error), error, FEE_ERROR_IO, "there is another file of that name; move it away");
  assert_null (kept);
}

static void
a_book_with_no_number_of_a_schema_is_not_upgraded (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;
  change (&desk, "PRAGMA user_version = 0");
  assert_fails (fee_book_upgrade (desk.book, &kept, &error), error, FEE_ERROR_IO, "its number of the schema");
  assert_false (g_file_test (desk.kept, G_FILE_TEST_EXISTS));
}

/* ---- Disclosures */

static void
every_member_of_a_disclosure_comes_back (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_upgraded ();
  g_autoptr (FeeDisclosureHead) head = new_head (&desk);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("收入\n", 7), back = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_add_disclosure (desk.book, head, bytes, &error), error);
  assert_ok (fee_book_commit (desk.book, &error), error);
  desk_open (&desk);
  g_autoptr (GPtrArray) heads = disclosures_of (&desk);
  assert_is (heads->len, 1);
  g_autofree char *record = fee_disclosure_record (g_ptr_array_index (heads, 0));
  assert_text (record, "disclosure\n1\n25\n2024-Q1\ntext\nzh_CN\n19813\n19818\n19833\n"
                       "3:d199af65ea1c3fdf5a2cab97788e0d2ed0fa5be37b4955ca1f5cb987d9998c5e\n7\n"
                       "83642a977ca0babadcfb7065045090e6db9104a8d92d6ca4b260c08d92a56aad\n2024-04-05T01:02:03Z\n王芳");
  assert_ok (fee_book_read_disclosure (desk.book, 1, &back, &error), error);
  assert_true (g_bytes_equal (back, bytes));
  assert_clean (&desk, 1);
  g_autoptr (GBytes) none = NULL;
  assert_fails (fee_book_read_disclosure (desk.book, 2, &none, &error), error, FEE_ERROR_RECORDS, "there is no disclosure 2");
}

/* Bytes that can't be compressed. */
static void
documents_of_any_size_come_back_byte_for_byte (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_upgraded ();
  static const gsize lengths[] = { 0, 1, 3 * 1024 * 1024 + 20 };
  g_autoptr (GRand) rand = test_rand (16);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    guint8 *random = g_malloc (lengths[i] + 4);
    for (gsize n = 0; n < lengths[i]; n += 4) {
      guint32 word = g_rand_int (rand);
      memcpy (random + n, &word, 4);
    }
    g_autoptr (GBytes) bytes = g_bytes_new_take (random, lengths[i]), back = NULL;
    g_autoptr (FeeDisclosureHead) head = new_head (&desk);
    assert_ok (fee_book_add_disclosure (desk.book, head, bytes, &error), error);
    assert_is (head->number, i + 1);
    assert_is (head->entry, 25 + i);
    assert_ok (fee_book_read_disclosure (desk.book, head->number, &back, &error), error);
    assert_true (g_bytes_equal (back, bytes));
  }
  assert_clean (&desk, G_N_ELEMENTS (lengths));
}

static void
assert_refused (Desk *desk, FeeDisclosureHead *head, const char *words)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  assert_fails (fee_book_add_disclosure (desk->book, head, bytes, &error), error, FEE_ERROR_RECORDS, words);
  g_autoptr (GPtrArray) heads = disclosures_of (desk);
  assert_is (heads->len, 0);
}

static void
a_head_that_no_run_has_and_days_that_end_before_they_begin_are_refused (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_upgraded ();
  g_autoptr (FeeDisclosureHead) head = new_head (&desk);
  static const char *const wrong[] = { "", "3", "0:0000000000000000000000000000000000000000000000000000000000000000",
                                       "2:d199af65ea1c3fdf5a2cab97788e0d2ed0fa5be37b4955ca1f5cb987d9998c5e",
                                       "4:d199af65ea1c3fdf5a2cab97788e0d2ed0fa5be37b4955ca1f5cb987d9998c5e" };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_free (head->head);
    head->head = g_strdup (wrong[i]);
    assert_refused (&desk, head, "is not of a run that stands");
  }
  head->posted_to = day ("2024-04-04");
  assert_refused (&desk, head, "a disclosure can't be posted from 2024-04-05 to 2024-04-04");
}

static void
a_document_that_was_changed_is_not_given_out (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_upgraded ();
  g_autoptr (FeeDisclosureHead) first = new_head (&desk), second = new_head (&desk);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("one", 3), other = g_bytes_new_static ("two", 3), back = NULL;
  g_autoptr (GError) error = NULL;
  assert_ok (fee_book_add_disclosure (desk.book, first, bytes, &error), error);
  assert_ok (fee_book_add_disclosure (desk.book, second, other, &error), error);
  change (&desk, "UPDATE disclosure SET bytes = (SELECT bytes FROM disclosure WHERE disclosure = 1)");
  assert_fails (fee_book_read_disclosure (desk.book, 2, &back, &error), error, FEE_ERROR_IO, "the document of disclosure 2");
  assert_ok (fee_book_read_disclosure (desk.book, 1, &back, &error), error);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_book_of_schema_1_has_no_disclosures_and_is_upgraded_once),
    cmocka_unit_test (a_copy_of_an_upgrade_that_was_cut_off_is_used_again),
    cmocka_unit_test (another_file_in_the_place_of_the_copy_stays_and_the_book_too),
    cmocka_unit_test (a_book_with_no_number_of_a_schema_is_not_upgraded),
    cmocka_unit_test (every_member_of_a_disclosure_comes_back),
    cmocka_unit_test (documents_of_any_size_come_back_byte_for_byte),
    cmocka_unit_test (a_head_that_no_run_has_and_days_that_end_before_they_begin_are_refused),
    cmocka_unit_test (a_document_that_was_changed_is_not_given_out),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
