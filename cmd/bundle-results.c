/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../libfee/report/fee-show.h"
#include "bundle.h"
#include "place.h"

/* ---- Tables as members */

static gboolean
write_chars (const char *bytes, gsize length, gpointer data, GError **error)
{
  const FeeMembers *members = data;
  return members->write ((const guint8 *) bytes, length, members->data, error);
}

static FeeWriter *
begin_table (const FeeBundle *bundle, const FeeMembers *members, const FeeOutputColumn *columns, guint n_columns)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_CSV, .decimals = bundle->decimals, .lang = "en" };
  return fee_writer_new (&options, columns, n_columns, write_chars, (gpointer) members);
}

static gboolean
end_table (const FeeMembers *members, FeeWriter *writer, const char *name, GError **error)
{
  gboolean ok = fee_writer_finish (writer, error);
  fee_writer_free (writer);
  return ok && members->end (name, members->data, error);
}

/* ---- Where each document came from */

static const FeeOutputColumn document_columns[] = {
  { "origin", "Origin", "所属期", FEE_COLUMN_TEXT }, { "doc", "Document", "凭证号", FEE_COLUMN_TEXT },
  { "target", "Target", "去向", FEE_COLUMN_TEXT },   { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
  FEE_PLACE_COLUMNS,
};

static void
write_documents (FeeWriter *writer, const FeeRun *run, const FeeEvidence *evidence)
{
  g_autoptr (FeeSources) sources = fee_sources_new (evidence->records);
  guint begin, end;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  for (guint i = begin; i < end; i++) {
    const FeeStageRow *row = fee_run_row (run, i);
    g_autoptr (GString) doc = g_string_new (NULL);
    fee_show_source (doc, run->strings, row);
    fee_writer_period (writer, row->origin);
    fee_writer_text (writer, doc->str);
    fee_writer_text (writer, fee_strings_get (run->strings, row->target));
    fee_writer_money (writer, row->amount);
    fee_place_write (writer, sources, evidence->batches, run, row);
  }
}

gboolean
fee_bundle_explanations (const FeeBundle *bundle, const FeeMembers *members, GError **error)
{
  g_autoptr (FeeRun) run = NULL;
  if (!fee_book_read_run (bundle->book, bundle->head, &run, error))
    return FALSE;
  FeeWriter *writer = begin_table (bundle, members, document_columns, G_N_ELEMENTS (document_columns));
  write_documents (writer, run, bundle->evidence);
  return end_table (members, writer, "explanations/documents.csv", error);
}

/* ---- Results */

static const FeeOutputColumn bill_columns[] = {
  { "bill", "Bill", "账单号", FEE_COLUMN_TEXT },        { "unit", "Unit", "房号", FEE_COLUMN_TEXT },
  { "party", "Party", "业主/使用人", FEE_COLUMN_TEXT }, { "issue", "Issued", "出账日", FEE_COLUMN_TEXT },
  { "due", "Due", "应交日", FEE_COLUMN_TEXT },          { "total", "Total", "合计", FEE_COLUMN_MONEY },
};

typedef struct {
  const FeeRun *run;
  FeeWriter *writer;
} Showing;

static gboolean
show_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Showing *showing = data;
  char number[FEE_BILL_NUMBER_SIZE];
  fee_writer_text (showing->writer, fee_bill_number_format (showing->run->period, bill->bill, number));
  fee_writer_text (showing->writer, bill->unit->str);
  fee_writer_text (showing->writer, bill->party->str);
  fee_writer_date (showing->writer, showing->run->issue);
  fee_writer_date (showing->writer, showing->run->due);
  fee_writer_money (showing->writer, bill->total);
  return TRUE;
}

static gboolean
show_lines (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Showing *showing = data;
  fee_show_lines (showing->writer, showing->run, bill);
  return TRUE;
}

static gboolean
add_bills (const FeeBundle *bundle, const FeeMembers *members, const FeeRun *run, gboolean lines, GError **error)
{
  Showing showing = { run, begin_table (bundle, members, lines ? fee_line_columns : bill_columns,
                                        lines ? FEE_N_LINE_COLUMNS : G_N_ELEMENTS (bill_columns)) };
  if (fee_book_read_bills (bundle->book, bundle->head->number, NULL, lines ? run : NULL, lines ? show_lines : show_bill, &showing, error))
    return end_table (members, showing.writer, lines ? "results/lines.csv" : "results/bills.csv", error);
  fee_writer_free (showing.writer);
  return FALSE;
}

gboolean
fee_bundle_results (const FeeBundle *bundle, const FeeMembers *members, GError **error)
{
  g_autoptr (FeeRun) run = NULL;
  if (!fee_book_read_run (bundle->book, bundle->head, &run, error) || !add_bills (bundle, members, run, FALSE, error)
      || !add_bills (bundle, members, run, TRUE, error))
    return FALSE;
  FeeWriter *writer = begin_table (bundle, members, fee_stage_columns, FEE_N_STAGE_COLUMNS);
  fee_show_stages (writer, run);
  return end_table (members, writer, "results/stages.csv", error);
}
