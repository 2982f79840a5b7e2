/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-run.h"

#include <string.h>

FeePage *
fee_page_new (guint32 first_bill, const char *first_unit)
{
  FeePage *page = g_new0 (FeePage, 1);
  page->first_bill = first_bill;
  page->first_unit = g_strdup (first_unit);
  page->heads = g_byte_array_new ();
  page->lines = g_byte_array_new ();
  return page;
}

void
fee_page_free (FeePage *page)
{
  if (page == NULL)
    return;
  g_free (page->first_unit);
  g_byte_array_unref (page->heads);
  g_byte_array_unref (page->lines);
  g_free (page);
}

/* Role in the two lowest bits; then whether one party bears all of the unit's days and amount; whether it restates. */
enum { LINE_ROLE = 3, LINE_WHOLE = 4, LINE_RESTATED = 8 };

enum { LINE_NUMBERS = 8 };

static guint8 *
pack_line (guint8 *at, const FeeLine *line, guint32 before)
{
  gboolean whole = !line->restated && line->unit_days == line->days && line->unit_amount == line->amount;
  at = fee_pack_put_unsigned (at, line->activity - before);
  at = fee_pack_put_unsigned (at, (guint64) line->role | (whole ? LINE_WHOLE : 0) | (line->restated ? LINE_RESTATED : 0));
  at = fee_pack_put_signed (at, line->weight);
  at = fee_pack_put_unsigned (at, (guint64) line->days);
  at = fee_pack_put_signed (at, line->amount);
  if (whole)
    return at;
  at = fee_pack_put_unsigned (at, (guint64) line->unit_days);
  at = fee_pack_put_signed (at, line->unit_amount);
  return line->restated ? fee_pack_put_signed (at, line->posted) : at;
}

void
fee_page_add_bill (FeePage *page, const char *before, const char *unit, const char *party, FeeMoney total, const FeeLine *lines,
                   guint n_lines)
{
  fee_pack_text_after (page->heads, before, unit);
  fee_pack_text (page->heads, party);
  fee_pack_signed (page->heads, total);
  fee_pack_unsigned (page->heads, n_lines);
  guint32 activity = 0;
  guint before_lines = page->lines->len;
  g_byte_array_set_size (page->lines, before_lines + n_lines * LINE_NUMBERS * FEE_PACKED_MAX);
  guint8 *at = page->lines->data + before_lines;
  for (guint i = 0; i < n_lines; i++) {
    at = pack_line (at, &lines[i], activity);
    activity = lines[i].activity;
  }
  g_byte_array_set_size (page->lines, (guint) (at - page->lines->data));
  page->n_bills++;
}

void
fee_page_reader_init (FeePageReader *reader, guint32 first_bill, guint32 n_bills, const guint8 *heads, gsize n_heads,
                      const guint8 *lines, gsize n_lines)
{
  *reader = (FeePageReader) { .left = n_bills, .bill = first_bill - 1, .with_lines = lines != NULL };
  reader->heads = fee_unpacker (heads, n_heads);
  if (lines != NULL)
    reader->lines = fee_unpacker (lines, n_lines);
  reader->unit = g_string_new (NULL);
  reader->party = g_string_new (NULL);
  reader->line = g_array_new (FALSE, FALSE, sizeof (FeeLine));
}

void
fee_page_reader_expect (FeePageReader *reader, const FeeRun *run)
{
  static const FeeStageRow none = { 0 };
  guint begin, end;
  fee_run_pools (run, &begin, &end);
  reader->pools = end > begin ? fee_run_row (run, begin) : &none;
  reader->n_pools = end - begin;
}

void
fee_page_reader_copy (FeePageReader *copy, const FeePageReader *reader)
{
  fee_page_reader_init (copy, reader->bill, 0, NULL, 0, NULL, 0);
  copy->bill = reader->bill;
  copy->total = reader->total;
  copy->n_lines = reader->n_lines;
  g_string_assign (copy->unit, reader->unit->str);
  g_string_assign (copy->party, reader->party->str);
  if (reader->line->len > 0)
    g_array_append_vals (copy->line, reader->line->data, reader->line->len);
}

void
fee_page_reader_clear (FeePageReader *reader)
{
  g_string_free (reader->unit, TRUE);
  g_string_free (reader->party, TRUE);
  g_array_unref (reader->line);
}

static void
unpack_line (FeeUnpacker *in, FeeLine *line)
{
  line->activity += (guint32) fee_unpack_unsigned (in);
  guint64 flags = fee_unpack_unsigned (in);
  line->role = (FeeRole) (flags & LINE_ROLE);
  line->weight = fee_unpack_signed (in);
  line->days = (gint32) fee_unpack_unsigned (in);
  line->amount = fee_unpack_signed (in);
  line->unit_days = flags & LINE_WHOLE ? line->days : (gint32) fee_unpack_unsigned (in);
  line->unit_amount = flags & LINE_WHOLE ? line->amount : fee_unpack_signed (in);
  line->restated = (flags & LINE_RESTATED) != 0;
  line->posted = line->restated ? fee_unpack_signed (in) : 0;
  in->damaged = in->damaged || line->role > FEE_ROLE_UNSOLD;
}

/* Whoever reads lines takes this for granted; fee-audit looks closer. */
static gboolean
is_of_pools (const FeePageReader *reader, const FeeLine *line)
{
  if (line->activity >= reader->n_pools || line->weight < 0 || line->days < 0 || line->unit_days < 0 || line->days > 31 || line->unit_days > 31)
    return FALSE;
  guint64 pool = fee_money_magnitude (reader->pools[line->activity].amount);
  return line->restated || (fee_money_magnitude (line->amount) <= pool && fee_money_magnitude (line->unit_amount) <= pool);
}

static void
unpack_lines (FeePageReader *reader)
{
  FeeUnpacker *in = &reader->lines;
  FeeLine line = { 0 };
  /* a line takes bytes: a damaged number of lines does not take memory */
  in->damaged = in->damaged || reader->n_lines > (gsize) (in->end - in->at);
  g_array_set_size (reader->line, in->damaged ? 0 : reader->n_lines);
  for (guint i = 0; i < reader->line->len && !in->damaged; i++) {
    unpack_line (in, &line);
    in->damaged = in->damaged || (reader->pools != NULL && !is_of_pools (reader, &line));
    g_array_index (reader->line, FeeLine, i) = line;
  }
}

gboolean
fee_page_reader_next (FeePageReader *reader)
{
  if (reader->left == 0) {
    reader->heads.damaged = reader->heads.damaged || reader->heads.at != reader->heads.end;
    reader->lines.damaged = reader->lines.damaged || (reader->with_lines && reader->lines.at != reader->lines.end);
    return FALSE;
  }
  reader->left--;
  reader->bill++;
  fee_unpack_text_after (&reader->heads, reader->unit);
  fee_unpack_expect_utf8 (&reader->heads, reader->unit);
  fee_unpack_text (&reader->heads, reader->party);
  fee_unpack_expect_utf8 (&reader->heads, reader->party);
  reader->total = fee_unpack_signed (&reader->heads);
  reader->n_lines = (guint32) fee_unpack_unsigned (&reader->heads);
  if (reader->with_lines)
    unpack_lines (reader);
  return !fee_page_reader_damaged (reader);
}

/* The digits before `end`, at least so many; returns the first. */
static char *
put_digits (char *end, guint32 value, gint least)
{
  for (; value > 0 || least > 0; value /= 10, least--)
    *--end = (char) ('0' + value % 10);
  return end;
}

char *
fee_bill_number_format (FeePeriod period, guint32 bill, char *buffer)
{
  char text[FEE_BILL_NUMBER_SIZE], *end = text + sizeof text - 1, *at;
  *end = '\0';
  at = put_digits (end, bill, 7);
  *--at = '-';
  at = put_digits (at, (guint32) fee_period_month (period), 2);
  at = put_digits (at, (guint32) fee_period_year (period), 4);
  return memcpy (buffer, at, (gsize) (end - at) + 1);
}

gboolean
fee_bill_number_parse (const char *text, FeePeriod *period, guint32 *bill)
{
  if (strlen (text) < 14 || text[6] != '-')
    return FALSE;
  char month[] = { text[0], text[1], text[2], text[3], '-', text[4], text[5], '\0' };
  guint64 number;
  char again[FEE_BILL_NUMBER_SIZE];
  if (!fee_period_parse (month, period) || !g_ascii_string_to_unsigned (text + 7, 10, 1, G_MAXUINT32, &number, NULL))
    return FALSE;
  *bill = (guint32) number;
  return strcmp (text, fee_bill_number_format (*period, *bill, again)) == 0;
}
