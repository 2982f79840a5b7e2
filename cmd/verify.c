/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../libfee/base/fee-hash.h"
#include "../libfee/report/fee-show.h"
#include "../libfee/store/fee-post.h"
#include "verify.h"

static void
verifying_clear (FeeVerifying *verifying)
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
  fee_run_arguments_clear (&verifying->arguments);
  g_ptr_array_unref (verifying->restated);
  fee_strings_free (verifying->strings);
  g_ptr_array_unref (verifying->findings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FeeVerifying, verifying_clear)

static void
string_free (gpointer data)
{
  g_string_free (data, TRUE);
}

gboolean
fee_verify_damaged (const FeeVerifying *verifying, const char *what, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: the archive is damaged: %s"), verifying->path, what);
  return FALSE;
}

void
fee_verify_find (FeeVerifying *verifying, const char *place, char *what)
{
  g_ptr_array_add (verifying->findings, g_strdup (place));
  g_ptr_array_add (verifying->findings, what);
}

/* ---- The archive, once through */

/* Every bundle has the first of them; one of a run that restates others has all. */
#define N_ALWAYS 5
static const char *const whole_members[] = { "batches.csv",
                                             "before/accruals.csv",
                                             "before/counts.csv",
                                             "run.csv",
                                             FEE_ARCHIVE_SUMS,
                                             "before/restated-counts.csv",
                                             "before/restated-lines.csv",
                                             "before/restated-pools.csv" };

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
read_member (FeeVerifying *verifying, FeeArchiveReader *reader, const char *name, GString *sums, GError **error)
{
  g_autoptr (FeeHash) hash = fee_hash_new ();
  char hex[FEE_HASH_HEX];
  Member member = { hash, is_whole (name) ? g_string_new (NULL) : NULL };
  if (g_hash_table_contains (verifying->hashes, name))
    return fee_verify_damaged (verifying, name, error);
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
check_sums (const FeeVerifying *verifying, const GString *sums, GError **error)
{
  const GString *said = g_hash_table_lookup (verifying->texts, FEE_ARCHIVE_SUMS);
  for (guint i = 0; i < N_ALWAYS; i++)
    if (!g_hash_table_contains (verifying->texts, whole_members[i]))
      return fee_verify_damaged (verifying, whole_members[i], error);
  if (g_string_equal (said, sums))
    return TRUE;
  g_auto (GStrv) is = g_strsplit (sums->str, "\n", -1), wanted = g_strsplit (said->str, "\n", -1);
  guint n = 0;
  while (is[n] != NULL && wanted[n] != NULL && strcmp (is[n], wanted[n]) == 0)
    n++;
  g_autofree char *shown = g_strescape (is[n] != NULL && strlen (is[n]) > 66 ? is[n] + 66 : FEE_ARCHIVE_SUMS, NULL);
  return fee_verify_damaged (verifying, shown, error);
}

static gboolean
read_archive (FeeVerifying *verifying, GError **error)
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

gboolean
fee_verify_parse (const FeeVerifying *verifying, const char *name, guint n_columns, GPtrArray **rows, GError **error)
{
  return fee_quoted_parse (name, g_hash_table_lookup (verifying->texts, name), n_columns, rows, error);
}

gint64
fee_verify_number (const char *text, gint64 least, gint64 most, gboolean *ok)
{
  gint64 number = least;
  *ok = g_ascii_string_to_signed (text, 10, least, most, &number, NULL) && *ok;
  return number;
}

FeePeriod
fee_verify_period (const char *text, gboolean *ok)
{
  FeePeriod period = FEE_PERIOD_NONE;
  *ok = (*text == '\0' || fee_period_parse (text, &period)) && *ok;
  return period;
}

const char *
fee_verify_fact (const FeeVerifying *verifying, const char *what)
{
  const char *value = g_hash_table_lookup (verifying->facts, what);
  return value != NULL ? value : "";
}

static gboolean
read_run (FeeVerifying *verifying, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  gboolean ok = TRUE;
  if (!fee_verify_parse (verifying, "run.csv", 2, &rows, error))
    return FALSE;
  verifying->facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < rows->len; i++) {
    char **row = g_ptr_array_index (rows, i);
    g_hash_table_insert (verifying->facts, g_strdup (row[0]), g_strdup (row[1]));
  }
  gint64 form = fee_verify_number (fee_verify_fact (verifying, "bundle"), 1, G_MAXINT32, &ok);
  gint64 rules = fee_verify_number (fee_verify_fact (verifying, "rules"), 1, G_MAXINT32, &ok);
  verifying->head = fee_run_head_new ();
  verifying->head->number = (guint32) fee_verify_number (fee_verify_fact (verifying, "run"), 1, G_MAXUINT32, &ok);
  verifying->head->period = fee_verify_period (fee_verify_fact (verifying, "period"), &ok);
  verifying->head->arguments = g_strdup (fee_verify_fact (verifying, "arguments"));
  if (!ok || verifying->head->period == FEE_PERIOD_NONE || strlen (fee_verify_fact (verifying, "digest")) != 64)
    return fee_verify_damaged (verifying, "run.csv", error);
  if (form <= FEE_BUNDLE_RESTATES && rules <= FEE_RULES_VERSION)
    return fee_run_arguments (verifying->head, &verifying->arguments, error)
           && ((form == FEE_BUNDLE_RESTATES) == (verifying->arguments.restate->len > 0) || fee_verify_damaged (verifying, "run.csv", error));
  g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, _("%s: the bundle was written by a newer program (form %ld, rules %ld)"), verifying->path,
               (glong) form, (glong) rules);
  return FALSE;
}

/* ---- The month again */

typedef struct {
  FeeVerifying *verifying;
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
    fee_verify_find (comparing->verifying, name,
                     g_strdup (said == NULL ? _("is missing") : _("is not what the month gives when run again")));
  fee_hash_free (comparing->hash);
  comparing->hash = fee_hash_new ();
  return TRUE;
}

static gboolean
compare_results (FeeVerifying *verifying, const FeeRunHead *head, GError **error)
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
not_again (FeeVerifying *verifying, GError *problem, GError **error)
{
  if (problem->domain != FEE_ERROR || problem->code == FEE_ERROR_IO || problem->code == FEE_ERROR_BUSY) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  g_auto (GStrv) lines = g_strsplit (problem->message, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    fee_verify_find (verifying, "run", g_strdup_printf (_("not run again: %s"), *line));
  g_error_free (problem);
  return TRUE;
}

static gboolean
run_again (FeeVerifying *verifying, GError **error)
{
  g_autoptr (FeePosted) posted = NULL;
  GError *problem = NULL;
  FeePosting posting = { .period = verifying->head->period, .issue = verifying->arguments.issue, .restate = verifying->arguments.restate,
                         .restated = verifying->restated, .strings = verifying->strings, .made_at = "", .made_by = "" };
  if (!fee_book_post (verifying->book, &posting, &posted, &problem))
    return not_again (verifying, problem, error);
  if (posted->state != FEE_POSTED)
    return fee_verify_damaged (verifying, "run.csv", error);
  if (strcmp (posted->head->digest, fee_verify_fact (verifying, "digest")) != 0)
    fee_verify_find (verifying, "run",
                     g_strdup_printf (_("the digest is %s, not %s"), posted->head->digest, fee_verify_fact (verifying, "digest")));
  return compare_results (verifying, posted->head, error);
}

/* Which currency the book has decides how amounts read. */
static gboolean
read_policy (FeeVerifying *verifying, GError **error)
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
show_findings (FeeTool *tool, const FeeVerifying *verifying, GError **error)
{
  FeeTableOutput table;
  if (!fee_tool_begin_table (tool, finding_columns, G_N_ELEMENTS (finding_columns), &table, error))
    return FALSE;
  for (guint i = 0; i < verifying->findings->len; i++)
    fee_writer_text (table.writer, g_ptr_array_index (verifying->findings, i));
  return fee_tool_end_table (&table, TRUE, error);
}

static gboolean
say_identical (FeeTool *tool, const FeeVerifying *verifying, GError **error)
{
  g_autoptr (FeeOutput) output = NULL;
  char month[FEE_DATE_SIZE];
  fee_period_format (verifying->head->period, month);
  if (tool->quiet && tool->format_name == NULL && tool->output == NULL)
    return TRUE;
  if (tool->format != FEE_FORMAT_TEXT) {
    fee_tool_say (tool, _("%s is identical when run again: %u:%s"), month, verifying->head->number, fee_verify_fact (verifying, "digest"));
    return show_findings (tool, verifying, error);
  }
  g_autofree char *text
    = g_strdup_printf (g_strcmp0 (tool->lang, "zh_CN") == 0 ? "%s 重算结果一致\nhead %u:%s\n"
                                                            : "%s is identical when run again\nhead %u:%s\n",
                       month, verifying->head->number, fee_verify_fact (verifying, "digest"));
  return fee_output_open (tool->output, &output, error) && fee_output_write (text, strlen (text), output, error)
         && fee_tool_finish_output (tool, output, error);
}

gboolean
fee_bundle_verify (FeeTool *tool, const char *path, GError **error)
{
  g_auto (FeeVerifying) verifying = { .tool = tool, .path = path };
  verifying.hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  verifying.texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, string_free);
  verifying.findings = g_ptr_array_new_with_free_func (g_free);
  verifying.restated = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_posted_origin_free);
  verifying.strings = fee_strings_new ();
  fee_tool_progress (tool, _("running %s again ..."), path);
  if (!read_archive (&verifying, error) || !read_run (&verifying, error) || !fee_verify_make_book (&verifying, error)
      || !read_policy (&verifying, error)
      || !fee_verify_add_history (&verifying, error) || !fee_verify_add_restated (&verifying, verifying.arguments.restate, error)
      || !run_again (&verifying, error))
    return FALSE;
  if (verifying.findings->len == 0)
    return say_identical (tool, &verifying, error);
  if (!show_findings (tool, &verifying, error))
    return FALSE;
  g_autofree char *text = g_strdup_printf (_("%s: findings: %u"), path, verifying.findings->len / 2);
  fee_tool_warn (tool, text);
  return TRUE;
}
