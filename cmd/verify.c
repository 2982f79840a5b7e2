/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../libfee/base/fee-hash.h"
#include "../libfee/report/fee-show.h"
#include "../libfee/store/fee-post.h"
#include "bundle.h"

/* A bundle while it is verified: a book of its own, which is gone afterwards, is made from it, and the month is run in that. */
typedef struct {
  FeeTool *tool;
  const char *path;
  GHashTable *hashes; /* of all members, by name */
  GHashTable *texts;  /* of those that are read as a whole: name -> GString */
  GHashTable *facts;  /* run.csv */
  GPtrArray *batches; /* rows of batches.csv */
  char *folder;       /* of the book */
  FeeBook *book;
  FeeRunHead *head;   /* what run.csv says: period, arguments, number */
  GPtrArray *findings; /* of char *: place, what, place, what, ... */
} Verifying;

static void
verifying_clear (Verifying *verifying)
{
  fee_book_free (verifying->book);
  if (verifying->folder != NULL)
    g_rmdir (verifying->folder);
  g_free (verifying->folder);
  g_hash_table_unref (verifying->hashes);
  g_hash_table_unref (verifying->texts);
  g_clear_pointer (&verifying->facts, g_hash_table_unref);
  g_clear_pointer (&verifying->batches, g_ptr_array_unref);
  fee_run_head_free (verifying->head);
  g_ptr_array_unref (verifying->findings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Verifying, verifying_clear)

static void
string_free (gpointer data)
{
  g_string_free (data, TRUE);
}

static gboolean
damaged (const Verifying *verifying, const char *what, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: the archive is damaged: %s"), verifying->path, what);
  return FALSE;
}

static void
find (Verifying *verifying, const char *place, char *what)
{
  g_ptr_array_add (verifying->findings, g_strdup (place));
  g_ptr_array_add (verifying->findings, what);
}

/* ---- The archive, once through */

static const char *const whole_members[] = { "batches.csv", "before/accruals.csv", "before/counts.csv", "run.csv", FEE_ARCHIVE_SUMS };

static gboolean
is_whole (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (whole_members); i++)
    if (strcmp (whole_members[i], name) == 0)
      return TRUE;
  return FALSE;
}

typedef struct {
  FeeHash *hash;
  GString *text; /* NULL: hashed only */
} Member;

static gboolean
take_member (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  Member *member = data;
  fee_hash_bytes (member->hash, bytes, length);
  if (member->text != NULL)
    g_string_append_len (member->text, (const char *) bytes, (gssize) length);
  return TRUE;
}

/* sums: what sha256sums must say in the end. */
static gboolean
read_member (Verifying *verifying, FeeArchiveReader *reader, const char *name, GString *sums, GError **error)
{
  g_autoptr (FeeHash) hash = fee_hash_new ();
  char hex[FEE_HASH_HEX];
  Member member = { hash, is_whole (name) ? g_string_new (NULL) : NULL };
  if (g_hash_table_contains (verifying->hashes, name))
    return damaged (verifying, name, error);
  if (member.text != NULL)
    g_hash_table_insert (verifying->texts, g_strdup (name), member.text);
  if (!fee_archive_read (reader, take_member, &member, error))
    return FALSE;
  g_hash_table_insert (verifying->hashes, g_strdup (name), g_strdup (fee_hash_finish (hash, hex)));
  if (strcmp (name, FEE_ARCHIVE_SUMS) != 0)
    g_string_append_printf (sums, "%s  %s\n", hex, name);
  return TRUE;
}

/* The first line of sha256sums that does not hold. */
static gboolean
check_sums (const Verifying *verifying, const GString *sums, GError **error)
{
  const GString *said = g_hash_table_lookup (verifying->texts, FEE_ARCHIVE_SUMS);
  for (guint i = 0; i < G_N_ELEMENTS (whole_members); i++)
    if (!g_hash_table_contains (verifying->texts, whole_members[i]))
      return damaged (verifying, whole_members[i], error);
  if (g_string_equal (said, sums))
    return TRUE;
  g_auto (GStrv) is = g_strsplit (sums->str, "\n", -1), wanted = g_strsplit (said->str, "\n", -1);
  guint n = 0;
  while (is[n] != NULL && wanted[n] != NULL && strcmp (is[n], wanted[n]) == 0)
    n++;
  g_autofree char *shown = g_strescape (is[n] != NULL && strlen (is[n]) > 66 ? is[n] + 66 : FEE_ARCHIVE_SUMS, NULL);
  return damaged (verifying, shown, error);
}

static gboolean
read_archive (Verifying *verifying, GError **error)
{
  g_autoptr (FeeArchiveReader) reader = NULL;
  g_autoptr (GString) sums = g_string_new (NULL);
  const char *name;
  if (!fee_archive_open (verifying->path, &reader, error) || !fee_archive_next (reader, &name, error))
    return FALSE;
  while (name != NULL)
    if (!read_member (verifying, reader, name, sums, error) || !fee_archive_next (reader, &name, error))
      return FALSE;
  return check_sums (verifying, sums, error);
}

/* ---- Its tables */

static gboolean
parse_table (const Verifying *verifying, const char *name, guint n_columns, GPtrArray **rows, GError **error)
{
  return fee_quoted_parse (name, g_hash_table_lookup (verifying->texts, name), n_columns, rows, error);
}

static gint64
number_of (const char *text, gint64 least, gint64 most, gboolean *ok)
{
  gint64 number = least;
  *ok = g_ascii_string_to_signed (text, 10, least, most, &number, NULL) && *ok;
  return number;
}

static FeeDate
day_of (const char *text, FeeDate empty, gboolean *ok)
{
  FeeDate day = empty;
  *ok = (*text == '\0' || fee_date_parse (text, &day)) && *ok;
  return day;
}

static FeePeriod
period_of (const char *text, gboolean *ok)
{
  FeePeriod period = FEE_PERIOD_NONE;
  *ok = (*text == '\0' || fee_period_parse (text, &period)) && *ok;
  return period;
}

static const char *
fact (const Verifying *verifying, const char *what)
{
  const char *value = g_hash_table_lookup (verifying->facts, what);
  return value != NULL ? value : "";
}

static gboolean
read_run (Verifying *verifying, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  gboolean ok = TRUE;
  if (!parse_table (verifying, "run.csv", 2, &rows, error))
    return FALSE;
  verifying->facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < rows->len; i++) {
    char **row = g_ptr_array_index (rows, i);
    g_hash_table_insert (verifying->facts, g_strdup (row[0]), g_strdup (row[1]));
  }
  gint64 form = number_of (fact (verifying, "bundle"), 1, G_MAXINT32, &ok), rules = number_of (fact (verifying, "rules"), 1, G_MAXINT32, &ok);
  verifying->head = fee_run_head_new ();
  verifying->head->number = (guint32) number_of (fact (verifying, "run"), 1, G_MAXUINT32, &ok);
  verifying->head->period = period_of (fact (verifying, "period"), &ok);
  verifying->head->arguments = g_strdup (fact (verifying, "arguments"));
  if (!ok || verifying->head->period == FEE_PERIOD_NONE || strlen (fact (verifying, "digest")) != 64)
    return damaged (verifying, "run.csv", error);
  if (form == 1 && rules <= FEE_RULES_VERSION)
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, _("%s: the bundle was written by a newer program (form %ld, rules %ld)"), verifying->path,
               (glong) form, (glong) rules);
  return FALSE;
}

#define N_BATCH_COLUMNS 19

static gboolean
fill_batch (char **row, FeeBatch *batch)
{
  gboolean ok = TRUE;
  const FeeKind *kind = fee_kind_find (row[1]);
  gboolean extract = strcmp (row[17], "extract") == 0;
  batch->kind = kind == NULL ? FEE_KIND_POLICY : kind->id;
  batch->retracts = (guint32) number_of (row[2], 0, G_MAXUINT32, &ok);
  batch->file = g_strdup (row[3]);
  batch->sha256 = g_strdup (row[4]);
  batch->size = (guint64) number_of (row[5], 0, G_MAXINT64, &ok);
  batch->reading = g_strdup (extract ? row[18] : row[6]);
  batch->through = day_of (row[7], FEE_DATE_NONE, &ok);
  batch->n_rows = (guint64) number_of (row[8], 0, G_MAXINT64, &ok);
  batch->n_new = (guint64) number_of (row[9], 0, G_MAXINT64, &ok);
  batch->n_changed = (guint64) number_of (row[10], 0, G_MAXINT64, &ok);
  batch->from = day_of (row[11], FEE_DATE_NONE, &ok);
  batch->to = day_of (row[12], FEE_DATE_FOREVER, &ok);
  batch->amends = g_strdup (row[13]);
  batch->reason = g_strdup (row[14]);
  batch->made_at = g_strdup (row[15]);
  batch->made_by = g_strdup (row[16]);
  return ok && kind != NULL;
}

/* ---- The book */

static gboolean
append_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  if (length > G_MAXINT32 - ((GByteArray *) data)->len) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("the archive is damaged: a file of more than 2 GiB"));
    return FALSE;
  }
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

/* The file of a batch: the next member but for those that are no files. */
static gboolean
read_file (const Verifying *verifying, FeeArchiveReader *reader, const FeeBatch *batch, GBytes **out, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *wanted = fee_bundle_file_name (batch);
  const char *name;
  do {
    if (!fee_archive_next (reader, &name, error))
      return FALSE;
    if (name == NULL)
      return damaged (verifying, wanted, error);
  } while (strcmp (name, wanted) < 0 && !g_str_has_prefix (name, "files/"));
  if (strcmp (name, wanted) != 0)
    return damaged (verifying, wanted, error);
  if (!fee_archive_read (reader, append_bytes, bytes, error))
    return FALSE;
  *out = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return TRUE;
}

static gboolean
add_file (Verifying *verifying, FeeArchiveReader *reader, FeeBatch *batch, gboolean whole, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) packed = NULL;
  gsize length;
  char hex[FEE_HASH_HEX];
  if (!read_file (verifying, reader, batch, &bytes, error))
    return FALSE;
  const guint8 *at = g_bytes_get_data (bytes, &length);
  if (whole && strcmp (fee_hash_of (at, length, hex), batch->sha256) != 0) {
    g_autofree char *name = fee_bundle_file_name (batch);
    find (verifying, name, g_strdup_printf (_("its SHA-256 is %s, that of batch %u is %s"), hex, batch->number, batch->sha256));
  }
  return fee_pack_file (bytes, &packed, error) && fee_book_add_batch (verifying->book, batch, packed, error);
}

static gboolean
add_batch (Verifying *verifying, FeeArchiveReader *reader, guint n, GError **error)
{
  char **row = g_ptr_array_index (verifying->batches, n);
  g_autoptr (FeeBatch) batch = fee_batch_new ();
  gboolean ok = TRUE;
  if (number_of (row[0], 0, G_MAXUINT32, &ok) != n + 1 || !ok || !fill_batch (row, batch) || batch->retracts > n)
    return damaged (verifying, "batches.csv", error);
  batch->number = n + 1;
  if (*row[17] == '\0')
    return fee_book_add_batch (verifying->book, batch, NULL, error);
  return add_file (verifying, reader, batch, strcmp (row[17], "whole") == 0, error);
}

static gboolean
make_book (Verifying *verifying, GError **error)
{
  g_autoptr (FeeArchiveReader) reader = NULL;
  verifying->folder = g_dir_make_tmp ("fee-verify-XXXXXX", error);
  if (verifying->folder == NULL)
    return FALSE;
  g_autofree char *path = g_build_filename (verifying->folder, "book", NULL);
  if (!parse_table (verifying, "batches.csv", N_BATCH_COLUMNS, &verifying->batches, error)
      || !fee_book_create (path, &verifying->book, error) || !fee_archive_open (verifying->path, &reader, error))
    return FALSE;
  for (guint i = 0; i < verifying->batches->len; i++)
    if (!add_batch (verifying, reader, i, error))
      return FALSE;
  return TRUE;
}

/* ---- What was before */

static gboolean
add_accruals (const Verifying *verifying, gint decimals, FeeStrings *strings, FeeHistory *history, GError **error)
{
  static const FeeCellFormat plain = { '.', FEE_DATE_FORMAT_PLAIN };
  g_autoptr (GPtrArray) rows = NULL;
  if (!parse_table (verifying, "before/accruals.csv", 7, &rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    char **cells = g_ptr_array_index (rows, i);
    gboolean ok = TRUE;
    FeeStageRow row = { .stage = FEE_STAGE_ACCRUE, .origin = period_of (cells[0], &ok), .asset = strcmp (cells[1], "asset") == 0,
                        .to_centre = strcmp (cells[4], "centre") == 0, .driver = FEE_TEXT_EMPTY, .weight = FEE_QUANTITY_NONE,
                        .total_weight = FEE_QUANTITY_NONE };
    row.source = fee_strings_intern_text (strings, cells[2]);
    row.line = fee_strings_intern_text (strings, cells[3]);
    row.target = fee_strings_intern_text (strings, cells[5]);
    if (!ok || fee_cell_read_money (cells[6], strlen (cells[6]), &plain, decimals, &row.amount) != NULL)
      return damaged (verifying, "before/accruals.csv", error);
    g_array_append_val (history->accruals, row);
  }
  return TRUE;
}

static gboolean
add_counts (const Verifying *verifying, FeeStrings *strings, FeeHistory *history, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  if (!parse_table (verifying, "before/counts.csv", 2, &rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    char **cells = g_ptr_array_index (rows, i);
    gboolean ok = TRUE;
    FeeOddCount count = { fee_strings_intern_text (strings, cells[0]), (gint32) number_of (cells[1], G_MININT32, G_MAXINT32, &ok) };
    if (!ok || (i > 0 && strcmp (((char **) g_ptr_array_index (rows, i - 1))[0], cells[0]) >= 0))
      return damaged (verifying, "before/counts.csv", error);
    g_array_append_val (history->counts, count);
  }
  return TRUE;
}

static gboolean
add_history (Verifying *verifying, GError **error)
{
  g_autoptr (FeeHistory) history = fee_history_new ();
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  gboolean ok = TRUE;
  FeePeriod before = period_of (fact (verifying, "before"), &ok);
  history->since = (guint32) number_of (fact (verifying, "before_batches"), 0, G_MAXUINT32, &ok);
  g_strlcpy (history->digest, fact (verifying, "before_digest"), sizeof history->digest);
  if (!ok || strlen (history->digest) != 64 || history->since > verifying->batches->len)
    return damaged (verifying, "run.csv", error);
  return before == FEE_PERIOD_NONE
         || (add_accruals (verifying, verifying->tool->decimals, strings, history, error) && add_counts (verifying, strings, history, error)
             && fee_book_add_history (verifying->book, before, history, strings, error));
}

/* ---- The month again */

typedef struct {
  Verifying *verifying;
  FeeHash *hash;
} Comparing;

static gboolean
hash_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  fee_hash_bytes (((Comparing *) data)->hash, bytes, length);
  return TRUE;
}

static gboolean
compare_member (const char *name, gpointer data, GError **error)
{
  (void) error;
  Comparing *comparing = data;
  char hex[FEE_HASH_HEX];
  const char *said = g_hash_table_lookup (comparing->verifying->hashes, name);
  if (g_strcmp0 (said, fee_hash_finish (comparing->hash, hex)) != 0)
    find (comparing->verifying, name, g_strdup (said == NULL ? _("is missing") : _("is not what the month gives when run again")));
  fee_hash_free (comparing->hash);
  comparing->hash = fee_hash_new ();
  return TRUE;
}

static gboolean
compare_results (Verifying *verifying, const FeeRunHead *head, GError **error)
{
  g_autoptr (FeeEvidence) evidence = NULL;
  Comparing comparing = { verifying, fee_hash_new () };
  FeeMembers members = { hash_bytes, compare_member, &comparing };
  gboolean ok = fee_book_evidence (verifying->book, head, &evidence, error);
  FeeBundle bundle = { verifying->book, head, evidence, verifying->tool->decimals };
  ok = ok && fee_bundle_explanations (&bundle, &members, error) && fee_bundle_results (&bundle, &members, error);
  fee_hash_free (comparing.hash);
  return ok;
}

/* What the bundle does not allow to be run is a finding; what this program can't do is not. */
static gboolean
not_again (Verifying *verifying, GError *problem, GError **error)
{
  if (problem->domain != FEE_ERROR || problem->code == FEE_ERROR_IO || problem->code == FEE_ERROR_BUSY) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  g_auto (GStrv) lines = g_strsplit (problem->message, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    find (verifying, "run", g_strdup_printf (_("not run again: %s"), *line));
  g_error_free (problem);
  return TRUE;
}

static gboolean
run_again (Verifying *verifying, GError **error)
{
  g_autoptr (FeePosted) posted = NULL;
  FeeRunArguments arguments;
  GError *problem = NULL;
  if (!fee_run_arguments (verifying->head, &arguments, error))
    return FALSE;
  FeePosting posting = { .period = verifying->head->period, .issue = arguments.issue, .made_at = "", .made_by = "" };
  if (!fee_book_post (verifying->book, &posting, &posted, &problem))
    return not_again (verifying, problem, error);
  if (posted->state != FEE_POSTED)
    return damaged (verifying, "run.csv", error);
  if (strcmp (posted->head->digest, fact (verifying, "digest")) != 0)
    find (verifying, "run", g_strdup_printf (_("the digest is %s, not %s"), posted->head->digest, fact (verifying, "digest")));
  return compare_results (verifying, posted->head, error);
}

/* Which currency the book has decides how amounts read. */
static gboolean
read_policy (Verifying *verifying, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeRecords) records = NULL;
  FeeLoad load = { .as_of = G_MAXUINT32 };
  if (!fee_book_batches (verifying->book, &batches, error) || !fee_book_load (verifying->book, batches, &load, &records, error))
    return FALSE;
  const FeePolicy *policy = g_ptr_array_index (records->policies, records->policies->len - 1);
  verifying->tool->decimals = fee_records_decimals (records);
  if (verifying->tool->lang == NULL)
    verifying->tool->lang = g_strdup (verifying->tool->lang_option != NULL ? verifying->tool->lang_option : policy->lang);
  return TRUE;
}

/* ---- What comes of it */

static const FeeOutputColumn finding_columns[] = {
  { "place", "Place", "位置", FEE_COLUMN_TEXT },
  { "what", "What", "问题", FEE_COLUMN_TEXT },
};

static gboolean
show_findings (FeeTool *tool, const Verifying *verifying, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, finding_columns, G_N_ELEMENTS (finding_columns), &table, error))
    return FALSE;
  for (guint i = 0; i < verifying->findings->len; i++)
    fee_writer_text (table.writer, g_ptr_array_index (verifying->findings, i));
  return fee_tool_end_table (&table, TRUE, error);
}

static gboolean
say_identical (FeeTool *tool, const Verifying *verifying, GError **error)
{
  g_autoptr (FeeOutput) output = NULL;
  char month[FEE_DATE_SIZE];
  fee_period_format (verifying->head->period, month);
  if (tool->quiet && tool->format_name == NULL && tool->output == NULL)
    return TRUE;
  if (tool->format != FEE_FORMAT_TEXT) {
    fee_tool_say (tool, _("%s is identical when run again: %u:%s"), month, verifying->head->number, fact (verifying, "digest"));
    return show_findings (tool, verifying, error);
  }
  g_autofree char *text
    = g_strdup_printf (g_strcmp0 (tool->lang, "zh_CN") == 0 ? "%s 重算结果一致\nhead %u:%s\n" : "%s is identical when run again\nhead %u:%s\n",
                       month, verifying->head->number, fact (verifying, "digest"));
  return fee_output_open (tool->output, &output, error) && fee_output_write (text, strlen (text), output, error)
         && fee_output_finish (output, error);
}

gboolean
fee_bundle_verify (FeeTool *tool, const char *path, GError **error)
{
  g_auto (Verifying) verifying = { .tool = tool, .path = path };
  verifying.hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  verifying.texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, string_free);
  verifying.findings = g_ptr_array_new_with_free_func (g_free);
  fee_tool_progress (tool, _("running %s again ..."), path);
  if (!read_archive (&verifying, error) || !read_run (&verifying, error) || !make_book (&verifying, error) || !read_policy (&verifying, error)
      || !add_history (&verifying, error) || !run_again (&verifying, error))
    return FALSE;
  if (verifying.findings->len == 0)
    return say_identical (tool, &verifying, error);
  if (!show_findings (tool, &verifying, error))
    return FALSE;
  g_autofree char *text = g_strdup_printf (_("%s: findings: %u"), path, verifying.findings->len / 2);
  fee_tool_warn (tool, text);
  return TRUE;
}
