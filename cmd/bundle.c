/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bundle.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  FeeBundle bundle;
  FeeArchiveWriter *writer;
  gboolean with_contacts;
} Bundling;

char *
fee_bundle_file_name (const FeeBatch *batch)
{
  return g_strdup_printf ("files/%08u.%s", batch->number, batch->kind == FEE_KIND_POLICY ? "ini" : "csv");
}

static gboolean
add_member (Bundling *bundling, const char *name, const GString *text, GError **error)
{
  return fee_archive_write ((const guint8 *) text->str, text->len, bundling->writer, error)
         && fee_archive_end_member (bundling->writer, name, error);
}

/* ---- README: in both languages, whatever the call's */

static const char readme[] =
  "A bundle of the fee tools: one month, all that it was made from, and what came of it.\n"
  "\n"
  "  fee-audit --verify FILE    runs the month again from this file alone and compares\n"
  "\n"
  "run.csv                     the run: month, arguments, rules, head, sums\n"
  "batches.csv                 every imported file that the run knew of, and how this bundle carries it\n"
  "files/                      the files that the run read, by batch (.ini: policies)\n"
  "before/accruals.csv         what earlier runs recognised of each document, by the month that it belongs to\n"
  "before/counts.csv           how many odd fen each unit had borne before\n"
  "%s"
  "results/stages.csv          the month: documents to categories, centres and units\n"
  "results/lines.csv           each line of each bill, with the pool, the measure and the days that made it\n"
  "results/bills.csv           each bill\n"
  "explanations/documents.csv  each document of the stages: its file, row and batch\n"
  "sha256sums                  of all others: sha256sum -c sha256sums\n"
  "\n"
  "Files are as they were imported where batches.csv says \"whole\": then they have the SHA-256 that it gives. \"extract\": without\n"
  "contacts, with names shortened, and without columns that a run does not read.\n"
  "\n"
  "本文件是收费工具的证据包：某一月份、其全部依据与结果。\n"
  "\n"
  "  fee-audit --verify 文件    仅凭本文件重算该月并比较\n"
  "\n"
  "run.csv                     本次计费：月份、参数、规则、链首、合计\n"
  "batches.csv                 计费时已知的每个导入文件，以及本包如何收录\n"
  "files/                      计费读取的文件，按批次（.ini 为政策）\n"
  "before/accruals.csv         以前各次计费对每张凭证已确认的金额，按所属月份\n"
  "before/counts.csv           此前每套房屋承担过的零头次数\n"
  "%s"
  "results/stages.csv          本月：凭证到费用类别、作业中心、房屋\n"
  "results/lines.csv           每张账单的每条明细，及其成本库、动因与天数\n"
  "results/bills.csv           每张账单\n"
  "explanations/documents.csv  各步骤中的凭证：所在文件、行与批次\n"
  "sha256sums                  其余文件的校验值：sha256sum -c sha256sums\n"
  "\n"
  "batches.csv 中标为 whole 的文件与导入时相同，SHA-256 如其所列；标为 extract 的不含联系方式，姓名已缩略，也不含计费不读取的列。\n";

/* Of a run that restates other months. */
static const char readme_restated[] =
  "before/restated-counts.csv  of each month that is restated: the odd fen that each unit had borne before it\n"
  "before/restated-lines.csv   each line that earlier runs posted for it, in whichever run\n"
  "before/restated-pools.csv   the pools of these lines, in the order in which they were posted\n";
static const char readme_restated_zh[] =
  "before/restated-counts.csv  每个被更正的月份：该月之前每套房屋承担过的零头次数\n"
  "before/restated-lines.csv   以前各次计费为该月入账的每条明细，不论在哪一次\n"
  "before/restated-pools.csv   这些明细的成本库，按入账先后\n";

static gboolean
restates (const Bundling *bundling)
{
  return bundling->bundle.evidence->history->restated->len > 0;
}

static GString *
readme_text (const Bundling *bundling)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, readme, restates (bundling) ? readme_restated : "", restates (bundling) ? readme_restated_zh : "");
  return text;
}

/* ---- The run */

static void
add_fact (GString *text, const char *what, const char *value)
{
  fee_quoted_text (text, what);
  fee_quoted_text (text, value);
  fee_quoted_end (text);
}

static void
add_amount (GString *text, const Bundling *bundling, const char *what, FeeMoney amount)
{
  fee_quoted_text (text, what);
  fee_quoted_money (text, amount, bundling->bundle.decimals);
  fee_quoted_end (text);
}

static void
add_count (GString *text, const char *what, gint64 count)
{
  fee_quoted_text (text, what);
  fee_quoted_number (text, count);
  fee_quoted_end (text);
}

static GString *
run_text (const Bundling *bundling)
{
  const FeeRunHead *head = bundling->bundle.head;
  const FeeEvidence *evidence = bundling->bundle.evidence;
  GString *text = g_string_new (NULL);
  char month[FEE_DATE_SIZE] = "", day[FEE_DATE_SIZE];
  add_fact (text, "what", "value");
  add_count (text, "bundle", restates (bundling) ? FEE_BUNDLE_RESTATES : FEE_BUNDLE_PLAIN);
  add_count (text, "run", head->period - fee_records_start (evidence->records) + 1); /* its place in the chain */
  add_fact (text, "period", fee_period_format (head->period, month));
  add_fact (text, "arguments", head->arguments);
  add_count (text, "rules", head->rules);
  add_fact (text, "before", evidence->before == FEE_PERIOD_NONE ? "" : fee_period_format (evidence->before, month));
  add_count (text, "before_batches", evidence->history->since);
  add_fact (text, "before_digest", evidence->history->digest);
  add_fact (text, "digest", head->digest);
  add_fact (text, "contacts", bundling->with_contacts ? "yes" : "no");
  add_fact (text, "currency", head->currency);
  add_fact (text, "issue", fee_date_format (head->issue, day));
  add_fact (text, "due", fee_date_format (head->due, day));
  add_amount (text, bundling, "recognised", head->recognised);
  add_amount (text, bundling, "prior", head->prior);
  add_amount (text, bundling, "total", head->total);
  add_count (text, "bills", (gint64) head->n_bills);
  add_count (text, "lines", (gint64) head->n_lines);
  add_fact (text, "made_at", head->made_at);
  add_fact (text, "made_by", head->made_by);
  return text;
}

/* ---- Files */

static gboolean
append_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

static gboolean
extract (const Bundling *bundling, const FeeBatch *batch, FeeExtract *out, GError **error)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  if (bundling->with_contacts || (batch->kind != FEE_KIND_PARTIES && batch->kind != FEE_KIND_UNITS))
    return TRUE;
  if (!fee_book_read_file (bundling->bundle.book, batch->number, append_bytes, file, error))
    return FALSE;
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  return fee_bundle_extract (batch, bytes, bundling->bundle.evidence->records->tables[FEE_KIND_UNITS], out, error);
}

static void
add_batch (GString *out, const FeeBatch *batch, const char *carried, const char *reading)
{
  fee_quoted_number (out, batch->number);
  fee_quoted_text (out, fee_kind_get (batch->kind)->name);
  fee_quoted_number (out, batch->retracts);
  fee_quoted_text (out, batch->file);
  fee_quoted_text (out, batch->sha256);
  fee_quoted_number (out, (gint64) batch->size);
  fee_quoted_text (out, batch->reading);
  fee_quoted_date (out, batch->through);
  fee_quoted_number (out, (gint64) batch->n_rows);
  fee_quoted_number (out, (gint64) batch->n_new);
  fee_quoted_number (out, (gint64) batch->n_changed);
  fee_quoted_date (out, batch->from);
  fee_quoted_date (out, batch->to);
  fee_quoted_text (out, batch->amends);
  fee_quoted_text (out, batch->reason);
  fee_quoted_text (out, batch->made_at);
  fee_quoted_text (out, batch->made_by);
  fee_quoted_text (out, carried);
  fee_quoted_text (out, reading);
  fee_quoted_end (out);
}

static gboolean
list_batches (Bundling *bundling, GString *out, GError **error)
{
  static const char *const columns[] = {
    "batch", "kind", "retracts", "file",   "sha256", "size",    "reading", "through", "rows",            "new", "changed",
    "from",  "to",   "amends",   "reason", "made_at", "made_by", "carried", "carried_reading",
  };
  const FeeEvidence *evidence = bundling->bundle.evidence;
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    fee_quoted_text (out, columns[i]);
  fee_quoted_end (out);
  for (guint i = 0; i < evidence->n_batches; i++) {
    const FeeBatch *batch = g_ptr_array_index (evidence->batches, i);
    g_auto (FeeExtract) carried = { NULL, NULL };
    if (evidence->read[i] && !extract (bundling, batch, &carried, error))
      return FALSE;
    g_autofree char *reading = carried.reading == NULL ? g_strdup ("") : fee_reading_to_text (carried.reading);
    add_batch (out, batch, !evidence->read[i] ? "" : carried.text != NULL ? "extract" : "whole", reading);
  }
  return TRUE;
}

static gboolean
add_file (Bundling *bundling, const FeeBatch *batch, GError **error)
{
  g_auto (FeeExtract) carried = { NULL, NULL };
  g_autofree char *name = fee_bundle_file_name (batch);
  if (!extract (bundling, batch, &carried, error))
    return FALSE;
  if (carried.text != NULL)
    return add_member (bundling, name, carried.text, error);
  return fee_book_read_file (bundling->bundle.book, batch->number, fee_archive_write, bundling->writer, error)
         && fee_archive_end_member (bundling->writer, name, error);
}

static gboolean
add_files (Bundling *bundling, GError **error)
{
  const FeeEvidence *evidence = bundling->bundle.evidence;
  for (guint i = 0; i < evidence->n_batches; i++)
    if (evidence->read[i] && !add_file (bundling, g_ptr_array_index (evidence->batches, i), error))
      return FALSE;
  return TRUE;
}

/* ---- The whole */

static gboolean
end_member (const char *name, gpointer data, GError **error)
{
  return fee_archive_end_member (data, name, error);
}

static gboolean
add_members (Bundling *bundling, GError **error)
{
  const FeeBundle *bundle = &bundling->bundle;
  FeeMembers members = { fee_archive_write, end_member, bundling->writer };
  g_autoptr (GString) about = readme_text (bundling);
  g_autoptr (GString) batches = g_string_new (NULL);
  g_autoptr (GString) run = run_text (bundling);
  return list_batches (bundling, batches, error) && add_member (bundling, "README", about, error)
         && add_member (bundling, "batches.csv", batches, error)
         && fee_bundle_before (bundle, &members, error) && fee_bundle_explanations (bundle, &members, error)
         && add_files (bundling, error) && fee_bundle_results (bundle, &members, error)
         && add_member (bundling, "run.csv", run, error)
         && fee_archive_finish (bundling->writer, error);
}

static gboolean
write_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  return fee_output_write ((const char *) bytes, length, data, error);
}

gboolean
fee_bundle_write (FeeTool *tool, const FeeRunHead *head, const char *path, gboolean with_contacts, GError **error)
{
  g_autoptr (FeeEvidence) evidence = NULL;
  g_autoptr (FeeOutput) output = NULL; /* outlives the writer, which may still write when it is freed */
  g_autoptr (FeeArchiveWriter) writer = NULL;
  if (!fee_book_evidence (tool->book, head, &evidence, error) || !fee_output_open (path, &output, error)
      || !fee_archive_writer_new (write_bytes, output, &writer, error))
    return FALSE;
  Bundling bundling = { { tool->book, head, evidence, tool->decimals }, writer, with_contacts };
  return add_members (&bundling, error) && fee_output_finish (output, error);
}
