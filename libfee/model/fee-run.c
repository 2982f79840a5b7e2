/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-run.h"

#include <string.h>

#include "../base/fee-hash.h"

const char *
fee_stage_text (FeeStage stage)
{
  static const char *const texts[] = { "accrue", "resource", "support", "activity", "restate" };
  return texts[stage];
}

FeeRun *
fee_run_new (void)
{
  FeeRun *run = g_new0 (FeeRun, 1);
  run->restated = g_array_new (FALSE, FALSE, sizeof (FeePeriod));
  run->rows = g_array_new (FALSE, FALSE, sizeof (FeeStageRow));
  run->counts = g_array_new (FALSE, FALSE, sizeof (FeeOddCount));
  run->changed = g_array_new (FALSE, FALSE, sizeof (FeeOddCount));
  run->remarks = g_ptr_array_new_with_free_func (g_free);
  return run;
}

void
fee_run_free (FeeRun *run)
{
  if (run == NULL)
    return;
  if (run->own_strings)
    fee_strings_free (run->strings);
  g_free (run->currency);
  g_array_unref (run->restated);
  g_array_unref (run->rows);
  g_array_unref (run->counts);
  g_array_unref (run->changed);
  g_clear_pointer (&run->pages, g_ptr_array_unref);
  g_ptr_array_unref (run->remarks);
  g_free (run);
}

/* The first row of that stage or a later one. It is asked for each bill, and there may be as many rows as documents. */
static guint
first_of_stage (const FeeRun *run, guint stage)
{
  guint from = 0, to = run->rows->len;
  while (from < to) {
    guint middle = from + (to - from) / 2;
    if ((guint) fee_run_row (run, middle)->stage < stage)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

void
fee_run_stage (const FeeRun *run, FeeStage stage, guint *begin, guint *end)
{
  *begin = first_of_stage (run, stage);
  *end = first_of_stage (run, stage + 1);
}

void
fee_run_pools (const FeeRun *run, guint *begin, guint *end)
{
  fee_run_stage (run, FEE_STAGE_ACTIVITY, begin, end);
  *end = run->rows->len; /* restate is the last stage */
}

/* ---- Stages and counts as bytes */

enum { ROW_ASSET = 1, ROW_TO_CENTRE = 2, ROW_WEIGHED = 4 };

void
fee_run_pack_stages (const FeeRun *run, GByteArray *out)
{
  fee_pack_unsigned (out, run->rows->len);
  for (guint i = 0; i < run->rows->len; i++) {
    const FeeStageRow *row = fee_run_row (run, i);
    gboolean weighed = row->weight != FEE_QUANTITY_NONE;
    fee_pack_unsigned (out, row->stage);
    fee_pack_unsigned (out, (row->asset ? ROW_ASSET : 0) | (row->to_centre ? ROW_TO_CENTRE : 0) | (weighed ? ROW_WEIGHED : 0));
    fee_pack_signed (out, row->origin);
    fee_pack_text (out, fee_strings_get (run->strings, row->source));
    fee_pack_text (out, fee_strings_get (run->strings, row->line));
    fee_pack_text (out, fee_strings_get (run->strings, row->target));
    fee_pack_text (out, fee_strings_get (run->strings, row->driver));
    if (weighed) {
      fee_pack_signed (out, row->weight);
      fee_pack_signed (out, row->total_weight);
    }
    fee_pack_signed (out, row->amount);
  }
}

static FeeText
unpack_interned (FeeUnpacker *in, GString *scratch, FeeStrings *strings)
{
  fee_unpack_text (in, scratch);
  fee_unpack_expect_utf8 (in, scratch);
  return fee_strings_intern (strings, scratch->str, strlen (scratch->str));
}

gboolean
fee_run_unpack_stages (FeeRun *run, const guint8 *bytes, gsize length)
{
  FeeUnpacker in = fee_unpacker (bytes, length);
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 n = fee_unpack_unsigned (&in), before = 0;
  for (guint64 i = 0; i < n && !in.damaged; i++) {
    FeeStageRow row = { .weight = FEE_QUANTITY_NONE, .total_weight = FEE_QUANTITY_NONE };
    guint64 stage = fee_unpack_unsigned (&in);
    row.stage = (FeeStage) MIN (stage, FEE_STAGE_RESTATE);
    guint64 flags = fee_unpack_unsigned (&in);
    row.asset = (flags & ROW_ASSET) != 0;
    row.to_centre = (flags & ROW_TO_CENTRE) != 0;
    gint64 origin = fee_unpack_signed (&in);
    row.origin = (FeePeriod) origin;
    row.source = unpack_interned (&in, text, run->strings);
    row.line = unpack_interned (&in, text, run->strings);
    row.target = unpack_interned (&in, text, run->strings);
    row.driver = unpack_interned (&in, text, run->strings);
    if (flags & ROW_WEIGHED) {
      row.weight = fee_unpack_signed (&in);
      row.total_weight = fee_unpack_signed (&in);
    }
    row.amount = fee_unpack_signed (&in);
    in.damaged = in.damaged || stage < before || stage > FEE_STAGE_RESTATE || origin < FEE_YEAR_FIRST * 12 || origin > FEE_YEAR_LAST * 12 + 11;
    before = stage;
    g_array_append_val (run->rows, row);
  }
  return !in.damaged && in.at == in.end;
}

void
fee_run_pack_counts (const FeeRun *run, GByteArray *out)
{
  const char *before = "";
  fee_pack_unsigned (out, run->counts->len);
  for (guint i = 0; i < run->counts->len; i++) {
    const FeeOddCount *count = &g_array_index (run->counts, FeeOddCount, i);
    const char *unit = fee_strings_get (run->strings, count->unit);
    fee_pack_text_after (out, before, unit);
    fee_pack_signed (out, count->count);
    before = unit;
  }
}

gboolean
fee_counts_unpack (const guint8 *bytes, gsize length, FeeStrings *strings, GArray *counts)
{
  FeeUnpacker in = fee_unpacker (bytes, length);
  g_autoptr (GString) unit = g_string_new (NULL);
  guint64 n = fee_unpack_unsigned (&in);
  for (guint64 i = 0; i < n && !in.damaged; i++) {
    fee_unpack_text_after (&in, unit);
    fee_unpack_expect_utf8 (&in, unit);
    FeeOddCount count = { fee_strings_intern (strings, unit->str, unit->len), (gint32) fee_unpack_signed (&in) };
    g_array_append_val (counts, count);
  }
  return !in.damaged && in.at == in.end;
}

/* ---- The digest */

static void
hash_row (FeeHash *hash, const FeeRun *run, const FeeStageRow *row)
{
  fee_hash_number (hash, row->stage);
  fee_hash_number (hash, row->origin);
  fee_hash_number (hash, row->asset);
  fee_hash_text (hash, fee_strings_get (run->strings, row->source));
  fee_hash_text (hash, fee_strings_get (run->strings, row->line));
  fee_hash_number (hash, row->to_centre);
  fee_hash_text (hash, fee_strings_get (run->strings, row->target));
  fee_hash_text (hash, fee_strings_get (run->strings, row->driver));
  fee_hash_number (hash, row->weight == FEE_QUANTITY_NONE ? 0 : row->weight);
  fee_hash_number (hash, row->total_weight == FEE_QUANTITY_NONE ? 0 : row->total_weight);
  fee_hash_number (hash, row->amount);
}

struct _FeeDigest {
  const FeeRun *run;
  FeeHash *hash;
  FeePeriod period; /* of the run, which a thread that hashes pages does not touch */
  FeeDate issue, due;
  guint64 n_bills;
};

static void
hash_bill (const FeeDigest *digest, const FeePageReader *reader)
{
  FeeHash *hash = digest->hash;
  char number[FEE_BILL_NUMBER_SIZE];
  fee_hash_text (hash, fee_bill_number_format (digest->period, reader->bill, number));
  fee_hash_text (hash, reader->unit->str);
  fee_hash_text (hash, reader->party->str);
  fee_hash_number (hash, digest->issue);
  fee_hash_number (hash, digest->due);
  fee_hash_number (hash, reader->total);
  fee_hash_number (hash, reader->n_lines);
  for (guint i = 0; i < reader->line->len; i++) {
    const FeeLine *line = &g_array_index (reader->line, FeeLine, i);
    fee_hash_number (hash, line->role);
    fee_hash_number (hash, line->activity);
    fee_hash_number (hash, line->weight);
    fee_hash_number (hash, line->days);
    fee_hash_number (hash, line->amount);
    fee_hash_number (hash, line->restated);
  }
}

FeeDigest *
fee_digest_new (const FeeRun *run)
{
  FeeDigest *digest = g_new0 (FeeDigest, 1);
  digest->run = run;
  digest->period = run->period;
  digest->issue = run->issue;
  digest->due = run->due;
  digest->hash = fee_hash_new ();
  fee_hash_text (digest->hash, "fee-run 1");
  fee_hash_text (digest->hash, run->previous_digest);
  fee_hash_text (digest->hash, run->currency);
  fee_hash_number (digest->hash, run->period);
  fee_hash_number (digest->hash, run->issue);
  fee_hash_number (digest->hash, run->restated->len);
  for (guint i = 0; i < run->restated->len; i++)
    fee_hash_number (digest->hash, g_array_index (run->restated, FeePeriod, i));
  fee_hash_number (digest->hash, run->rows->len);
  for (guint i = 0; i < run->rows->len; i++)
    hash_row (digest->hash, run, fee_run_row (run, i));
  return digest;
}

void
fee_digest_free (FeeDigest *digest)
{
  if (digest == NULL)
    return;
  fee_hash_free (digest->hash);
  g_free (digest);
}

gboolean
fee_digest_page (FeeDigest *digest, const FeePage *page)
{
  FeePageReader reader;
  fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len, page->lines->data,
                        page->lines->len);
  while (fee_page_reader_next (&reader))
    hash_bill (digest, &reader);
  gboolean damaged = fee_page_reader_damaged (&reader);
  fee_page_reader_clear (&reader);
  digest->n_bills += page->n_bills;
  return !damaged;
}

void
fee_digest_finish (FeeDigest *digest, char hex[65])
{
  const FeeRun *run = digest->run;
  fee_hash_number (digest->hash, (gint64) digest->n_bills);
  fee_hash_number (digest->hash, run->changed->len);
  for (guint i = 0; i < run->changed->len; i++) {
    const FeeOddCount *count = &g_array_index (run->changed, FeeOddCount, i);
    fee_hash_text (digest->hash, fee_strings_get (run->strings, count->unit));
    fee_hash_number (digest->hash, count->count);
  }
  fee_hash_finish (digest->hash, hex);
}

gboolean
fee_run_digest (const FeeRun *run, char hex[65])
{
  g_autoptr (FeeDigest) digest = fee_digest_new (run);
  for (guint i = 0; i < run->pages->len; i++)
    if (!fee_digest_page (digest, g_ptr_array_index (run->pages, i)))
      return FALSE;
  fee_digest_finish (digest, hex);
  return TRUE;
}
