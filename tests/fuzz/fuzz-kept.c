/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/input/fee-reader.h"
#include "../../libfee/report/fee-bill.h"
#include "../../libfee/report/fee-open.h"
#include "../../libfee/report/fee-show.h"
#include "../../libfee/report/fee-trace.h"
#include "../../libfee/store/fee-book-private.h"

/* What a run keeps in bytes: stages, a page of bills, odd-fen counts, and how a file was read. Bytes that are taken for such can be shown and traced, and
 * pack again to what unpacks the same. The four parts follow each other, each behind its length. */

#define POLICY \
  "[book]\nname=Court\nstart=2024-01\nunsold=developer\n[billing]\ndue_days=20\n[driver power]\nkind=flow\n[category personnel]\ndriver=people\n" \
  "[centre lifts]\nname[zh_CN]=电梯\ndriver=area*lift\n[centre guard]\ndriver=one\npayer=occupant\n"

typedef struct {
  const guint8 *bytes;
  gsize length;
} Part;

static Part
take_part (FuzzInput *in)
{
  gsize wanted = fuzz_bytes (in, 2), length = MIN (wanted, fuzz_left (in));
  Part part = { g_memdup2 (in->at, length), length };
  in->at += length;
  return part;
}

static gboolean
to_nowhere (const char *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  fuzz_require (g_utf8_validate (bytes, (gssize) length, NULL));
  *(gsize *) data += length;
  return TRUE;
}

/* ---- Packing again */

static void
pack_stages_again (FeeRun *run)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  g_autoptr (GByteArray) again = g_byte_array_new ();
  g_autoptr (FeeRun) back = fee_run_new ();
  back->strings = fee_strings_new ();
  back->own_strings = TRUE;
  back->period = run->period;
  fee_run_pack_stages (run, packed);
  fuzz_require (fee_run_unpack_stages (back, packed->data, packed->len));
  fee_run_pack_stages (back, again);
  fuzz_require (again->len == packed->len && memcmp (again->data, packed->data, packed->len) == 0);
}

static void
pack_counts_again (FeeRun *run)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (FeeOddCount));
  fee_run_pack_counts (run, packed);
  fuzz_require (fee_counts_unpack (packed->data, packed->len, run->strings, counts) && counts->len == run->counts->len);
  for (guint i = 0; i < counts->len; i++) {
    const FeeOddCount *one = &g_array_index (counts, FeeOddCount, i), *other = &g_array_index (run->counts, FeeOddCount, i);
    fuzz_require (one->count == other->count && strcmp (fee_strings_get (run->strings, one->unit), fee_strings_get (run->strings, other->unit)) == 0);
  }
}

/* ---- Showing */

typedef struct {
  const FeeRun *run;
  GPtrArray *policies;
  GHashTable *late;
  FeeTrace *trace;
  GArray *parts;
  guint first, n_traced;
  FeeFormat format;
  const char *lang;
  gboolean tracing;
  gsize written;
} Showing;

static void
show_stages (Showing *showing)
{
  FeeWriterOptions options = { .format = showing->format == FEE_FORMAT_HTML ? FEE_FORMAT_CSV : FEE_FORMAT_TEXT, .decimals = 2, .lang = showing->lang };
  FeeWriter *writer = fee_writer_new (&options, fee_stage_columns, FEE_N_STAGE_COLUMNS, to_nowhere, &showing->written);
  fee_show_stages (writer, showing->run);
  fuzz_require (fee_writer_finish (writer, NULL));
  fee_writer_free (writer);
}

static void
show_bill (Showing *showing, const FeePageReader *bill)
{
  FeeDocumentOptions options = { .format = showing->format, .decimals = 2, .lang = showing->lang, .title = "Bill" };
  FeeDocument *document = fee_document_new (&options, to_nowhere, &showing->written);
  FeeBillView view = { .policies = showing->policies, .lang = showing->lang, .run = showing->run, .bill = bill, .name = bill->party->str, .area = "81",
                       .reference = "RF", .late = showing->late, .payable = bill->total, .overdue = bill->total / 2, .oldest_due = 19800, .as_of = 19900, .has_before = TRUE };
  GError *error = NULL;
  fee_bill_write (document, &view);
  fuzz_outcome (fee_document_finish (document, &error), &error);
  fee_document_free (document);
}

static void
trace_bill (Showing *showing, const FeePageReader *bill)
{
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    if (line->activity >= showing->n_traced)
      continue;
    if (showing->tracing)
      fee_trace_line (showing->trace, line->activity, line->amount, showing->parts);
    else
      fee_trace_count (showing->trace, line->activity, line->amount);
  }
}

/* As the store reads them; FALSE where it would say that they are damaged. */
static gboolean
each_bill (Showing *showing, const Part *heads, const Part *lines, guint32 n_bills, void (*func) (Showing *showing, const FeePageReader *bill))
{
  static const guint8 none = 0;
  FeePageReader reader;
  gboolean ok = TRUE;
  fee_page_reader_init (&reader, 1, n_bills, heads->bytes, heads->length, lines->bytes != NULL ? lines->bytes : &none, lines->length);
  fee_page_reader_expect (&reader, showing->run);
  while (fee_page_reader_next (&reader))
    if (func != NULL)
      func (showing, &reader);
  ok = !fee_page_reader_damaged (&reader);
  fee_page_reader_clear (&reader);
  return ok;
}

static void
show_lines (Showing *showing, const FeePageReader *bill)
{
  FeeWriterOptions options = { .format = FEE_FORMAT_JSON, .decimals = 2, .lang = "en" };
  FeeWriter *writer = fee_writer_new (&options, fee_line_columns, FEE_N_LINE_COLUMNS, to_nowhere, &showing->written);
  fee_show_lines (writer, showing->run, bill);
  fuzz_require (fee_writer_finish (writer, NULL));
  fee_writer_free (writer);
}

static void
show_run (Showing *showing, const Part *heads, const Part *lines, guint32 n_bills)
{
  GError *error = NULL;
  guint end;
  show_stages (showing);
  each_bill (showing, heads, lines, n_bills, show_lines);
  each_bill (showing, heads, lines, n_bills, show_bill);
  if (!fee_trace_new (showing->run, &showing->trace, &error)) {
    g_clear_error (&error); /* its stages do not add up */
    return;
  }
  fee_run_stage (showing->run, FEE_STAGE_ACTIVITY, &showing->first, &end);
  showing->n_traced = end - showing->first;
  showing->parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart));
  if (each_bill (showing, heads, lines, n_bills, trace_bill)) {
    showing->tracing = TRUE;
    each_bill (showing, heads, lines, n_bills, trace_bill);
  }
  g_array_unref (showing->parts);
  fee_trace_free (showing->trace);
}

static void
read_reading (const Part *part)
{
  g_autofree char *text = g_strndup ((const char *) part->bytes, part->length), *shown = NULL, *again = NULL;
  g_autoptr (FeeReading) reading = NULL;
  g_autoptr (FeeReading) back = NULL;
  GError *error = NULL;
  if (!fuzz_outcome (fee_reading_parse (text, &reading, &error), &error))
    return;
  shown = fee_reading_to_text (reading);
  fuzz_require (fuzz_outcome (fee_reading_parse (shown, &back, &error), &error));
  again = fee_reading_to_text (back);
  fuzz_require (strcmp (shown, again) == 0);
}

static void
unpack_file (const Part *part)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  GError *error = NULL;
  fuzz_outcome (fee_decompress (part->bytes, part->length, out, &error), &error);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  guint how = fuzz_byte (&in);
  guint32 n_bills = fuzz_byte (&in);
  Part parts[5];
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    parts[i] = take_part (&in);
  g_autoptr (FeeRun) run = fee_run_new ();
  run->strings = fee_strings_new ();
  run->own_strings = TRUE;
  run->period = 2024 * 12 + (gint) (how & 3);
  if (fee_run_unpack_stages (run, parts[0].bytes, parts[0].length)) {
    Showing showing = { .run = run, .policies = g_ptr_array_new (), .late = g_hash_table_new (NULL, NULL), .format = how & 4 ? FEE_FORMAT_HTML : FEE_FORMAT_TEXT,
                        .lang = how & 8 ? "zh_CN" : "en" };
    g_ptr_array_add (showing.policies, fuzz_policy (POLICY));
    pack_stages_again (run);
    show_run (&showing, &parts[1], &parts[2], n_bills);
    g_ptr_array_unref (showing.policies);
    g_hash_table_unref (showing.late);
  }
  if (fee_counts_unpack (parts[3].bytes, parts[3].length, run->strings, run->counts))
    pack_counts_again (run);
  read_reading (&parts[4]);
  unpack_file (&parts[4]);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_free ((guint8 *) parts[i].bytes);
  return 0;
}
