/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "../../cmd/bundle.h"

/* A bundle that somebody changed, before fee-audit --verify. The bytes are an archive; or they change members of a bundle of tests/data/books, which is
 * put together again with sums that hold. Untouched it verifies. */

typedef struct {
  char *name;
  GByteArray *bytes;
} Member;

static char *
scratch_path (const char *what)
{
  return g_strdup_printf ("%s/fee-fuzz-%d.%s", g_get_tmp_dir (), (int) getpid (), what);
}

static void
member_clear (gpointer data)
{
  Member *member = data;
  g_free (member->name);
  g_byte_array_unref (member->bytes);
}

static gboolean
append (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

/* All members but the sums; FALSE where the archive is refused. */
static gboolean
read_members (const char *path, GArray *members, GError **error)
{
  g_autoptr (FeeArchiveReader) reader = NULL;
  const char *name;
  if (!fee_archive_open (path, &reader, error))
    return FALSE;
  for (;;) {
    if (!fee_archive_next (reader, &name, error))
      return FALSE;
    if (name == NULL)
      return TRUE;
    Member member = { g_strdup (name), g_byte_array_new () };
    gboolean ok = fee_archive_read (reader, append, member.bytes, error);
    if (ok && strcmp (name, FEE_ARCHIVE_SUMS) != 0)
      g_array_append_val (members, member);
    else
      member_clear (&member);
    if (!ok)
      return FALSE;
  }
}

static GArray *
members_new (void)
{
  GArray *members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_array_set_clear_func (members, member_clear);
  return members;
}

static FeeTool
tool_of (FeeBook *book)
{
  static const FeeToolInfo info = { .name = "fee-audit", .arguments = "", .summary = "" };
  return (FeeTool) { .info = &info, .quiet = TRUE, .book = book, .decimals = 2, .lang = (char *) "en", .now = (char *) "2024-06-01T00:00:00Z", .output = (char *) "/dev/null", .format = FEE_FORMAT_CSV };
}

/* The bundle of February of the kept book, which had a month before it. */
static GArray *
base_members (void)
{
  static GArray *members;
  if (members != NULL)
    return members;
  g_autofree char *kept = g_build_filename (g_getenv ("FEE_TEST_DATA"), "books", "schema-1.db", NULL), *book_path = scratch_path ("book"), *path = scratch_path ("tar"), *text = NULL;
  g_autoptr (FeeBook) book = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  gsize length;
  fuzz_require (g_file_get_contents (kept, &text, &length, NULL) && g_file_set_contents (book_path, text, (gssize) length, NULL));
  fuzz_require (fee_book_open (book_path, 0, &book, NULL) && fee_book_begin (book, FALSE, NULL) && fee_book_runs (book, &runs, NULL));
  FeeTool tool = tool_of (book);
  g_unlink (path);
  fuzz_require (fee_bundle_write (&tool, g_ptr_array_index (runs, 1), path, TRUE, NULL));
  members = members_new ();
  fuzz_require (read_members (path, members, NULL));
  g_unlink (book_path);
  g_unlink (path);
  return members;
}

static void
change_member (FuzzInput *in, GArray *members)
{
  if (members->len == 0)
    return;
  guint n = fuzz_choice (in, members->len), how = fuzz_choice (in, 8);
  GByteArray *bytes = g_array_index (members, Member, n).bytes;
  if (how == 0) {
    g_array_remove_index (members, n);
    return;
  }
  guint at = (guint) (fuzz_bytes (in, 2) % (bytes->len + 1)), gone = how == 1 ? bytes->len : fuzz_byte (in) % 16;
  g_autofree char *text = fuzz_text (in, 100);
  GByteArray *changed = g_byte_array_new ();
  at = how == 1 ? 0 : at;
  gone = MIN (gone, bytes->len - at);
  g_byte_array_append (changed, (const guint8 *) text, (guint) strlen (text));
  if (bytes->len > 0) {
    g_byte_array_prepend (changed, bytes->data, at);
    g_byte_array_append (changed, bytes->data + at + gone, bytes->len - at - gone);
  }
  g_array_index (members, Member, n).bytes = changed;
  g_byte_array_unref (bytes);
}

static void
write_archive (const char *path, const GArray *members)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (FeeArchiveWriter) writer = NULL;
  fuzz_require (fee_archive_writer_new (append, out, &writer, NULL));
  for (guint i = 0; i < members->len; i++) {
    const Member *member = &g_array_index (members, Member, i);
    fuzz_require (fee_archive_write (member->bytes->data, member->bytes->len, writer, NULL) && fee_archive_end_member (writer, member->name, NULL));
  }
  fuzz_require (fee_archive_finish (writer, NULL));
  fuzz_require (g_file_set_contents_full (path, (const char *) out->data, (gssize) out->len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
verify (const char *path, gboolean sound)
{
  FeeTool tool = tool_of (NULL);
  g_autoptr (GError) error = NULL;
  gboolean ok = fee_bundle_verify (&tool, path, &error);
  fuzz_require (ok == (error == NULL) && (ok || error->domain == FEE_ERROR || error->domain == G_FILE_ERROR));
  fuzz_require (!sound || (ok && !tool.look));
}

/* tool_of() gives static texts; what verifying sets is freed here. */
static void
check_changed (FuzzInput *in, const char *path)
{
  g_autoptr (GArray) members = members_new ();
  const GArray *base = base_members ();
  gboolean sound = fuzz_left (in) == 0;
  for (guint i = 0; i < base->len; i++) {
    const Member *member = &g_array_index (base, Member, i);
    Member copy = { g_strdup (member->name), g_byte_array_new () };
    g_byte_array_append (copy.bytes, member->bytes->data, member->bytes->len);
    g_array_append_val (members, copy);
  }
  for (guint i = 0; i < 6 && fuzz_left (in) > 0; i++)
    change_member (in, members);
  write_archive (path, members);
  verify (path, sound);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  g_autofree char *path = scratch_path ("bundle");
  g_autoptr (GArray) members = members_new ();
  GError *error = NULL;
  if (length >= 512) {
    fuzz_require (g_file_set_contents_full (path, (const char *) bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    fuzz_outcome (read_members (path, members, &error), &error);
    verify (path, FALSE);
  } else
    check_changed (&in, path);
  g_unlink (path);
  return 0;
}
