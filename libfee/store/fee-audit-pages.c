/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../engine/fee-apportion.h"
#include "fee-audit-private.h"

/* A unit's share of a pool, while its bills are read: one for each party. */
typedef struct {
  gboolean seen;
  gint64 weight;
  gint32 days, unit_days;
  __int128 amount;
  FeeMoney unit_amount;
} Part;

typedef struct {
  FeeAuditing *auditing;
  FeeAuditRun *posted;
  FeeDigest *digest;
  Part *parts;     /* by pool: of the unit at hand */
  GArray *touched; /* of guint: pools of the unit at hand */
  GString *unit, *party; /* of the bill before; "" before the first */
  guint32 bill;    /* of the run, for places */
  guint page;
} Pages;

static char *
place_of_page (const Pages *pages)
{
  return g_strdup_printf ("run %u page %u", pages->posted->head->number, pages->page);
}

/* FALSE always: sums of what is wrong in itself are not compared. */
static gboolean
fault (Pages *pages, char *what)
{
  char number[FEE_BILL_NUMBER_SIZE];
  g_autofree char *text = what;
  g_autofree char *place = g_strdup_printf ("run %u page %u bill %s", pages->posted->head->number, pages->page,
                                            fee_bill_number_format (pages->posted->head->period, pages->bill, number));
  fee_audit_find (pages->auditing, place, "%s", text);
  pages->posted->whole = FALSE;
  return FALSE;
}

static const char *
name_of_pool (const Pages *pages, guint pool)
{
  const FeeRun *run = pages->posted->run;
  return fee_strings_get (run->strings, fee_run_row (run, pages->posted->first + pool)->source);
}

/* ---- Lines */

/* The numbers of a line; of one that restates, a party or unit that has nothing now may have 0. */
static gboolean
check_numbers (Pages *pages, const FeeLine *line)
{
  const FeeStageRow *row = fee_run_row (pages->posted->run, pages->posted->first + line->activity);
  gint64 total = MAX (row->total_weight, 0);
  gint least = line->restated ? 0 : 1;
  if (line->restated != (row->stage == FEE_STAGE_RESTATE))
    return fault (pages, g_strdup_printf (_("line %s: it restates, or its pool does, but not both"), name_of_pool (pages, line->activity)));
  if (line->weight < least || line->weight > total)
    return fault (pages, g_strdup_printf (_("line %s: its weight can't be"), name_of_pool (pages, line->activity)));
  if (line->days < least || line->days > line->unit_days || line->unit_days > 31)
    return fault (pages, g_strdup_printf (_("line %s: its days can't be"), name_of_pool (pages, line->activity)));
  return TRUE;
}

/* Of a line that restates, what was posted and the difference are what is known now. */
static gboolean
check_line (Pages *pages, const FeeLine *line)
{
  Part *part = &pages->parts[line->activity];
  if (!check_numbers (pages, line))
    return FALSE;
  if (!part->seen) {
    *part = (Part) { TRUE, line->weight, 0, line->unit_days, 0, line->unit_amount };
    g_array_append_val (pages->touched, line->activity);
  }
  part->days += line->days;
  part->amount += (__int128) line->posted + line->amount;
  if (part->weight != line->weight || part->unit_days != line->unit_days || part->unit_amount != line->unit_amount)
    return fault (pages, g_strdup_printf (_("line %s: the parties of the unit differ in what the unit has"), name_of_pool (pages, line->activity)));
  return TRUE;
}

/* By origin, those that restate it after the others, then by pool. */
static gboolean
stands_after (const Pages *pages, const FeeLine *line, const FeeLine *before)
{
  const FeeRun *run = pages->posted->run;
  const FeeStageRow *a = fee_run_row (run, pages->posted->first + before->activity), *b = fee_run_row (run, pages->posted->first + line->activity);
  if (a->origin != b->origin)
    return a->origin < b->origin;
  return a->stage != b->stage ? a->stage < b->stage : before->activity < line->activity;
}

static void
check_lines (Pages *pages, const FeePageReader *bill)
{
  const FeeLine *before = NULL;
  __int128 total = 0;
  char is[FEE_AMOUNT_SIZE], sum[FEE_AMOUNT_SIZE];
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    total += line->amount;
    if (line->activity >= pages->posted->n_pools || (before != NULL && !stands_after (pages, line, before))) {
      fault (pages, g_strdup_printf (_("line %u is of a pool that is not there, or out of order"), i + 1));
      return;
    }
    before = line;
    if (!check_line (pages, line))
      return;
  }
  if (bill->line->len == 0)
    fault (pages, g_strdup (_("has no lines")));
  if (total != bill->total)
    fault (pages, g_strdup_printf (_("its total is %s, its lines add up to %s"), fee_audit_amount (pages->auditing, bill->total, is),
                                   fee_audit_amount (pages->auditing, total, sum)));
}

/* ---- Units */

/* What the unit has of a pool is its part by weight, or one fen more: rules.md section 2. */
static void
end_part (Pages *pages, guint pool)
{
  const FeeAuditRun *posted = pages->posted;
  const FeeStageRow *row = fee_run_row (posted->run, posted->first + pool);
  const Part *part = &pages->parts[pool];
  FeeMoney floor = part->weight == 0 ? 0 : fee_apportion_part (row->amount, part->weight, row->total_weight, FALSE);
  __int128 odd = row->amount < 0 ? (__int128) floor - part->unit_amount : (__int128) part->unit_amount - floor;
  char is[FEE_AMOUNT_SIZE], sum[FEE_AMOUNT_SIZE];
  if (part->amount != part->unit_amount || part->days != part->unit_days)
    fault (pages, g_strdup_printf (_("line %s: the unit has %s for %d days, its parties %s for %d"), name_of_pool (pages, pool),
                                   fee_audit_amount (pages->auditing, part->unit_amount, is), part->unit_days,
                                   fee_audit_amount (pages->auditing, part->amount, sum), part->days));
  else if (odd != 0 && (odd != 1 || part->weight == 0))
    fault (pages, g_strdup_printf (_("line %s: the unit has %s, its weight gives %s or a fen more"), name_of_pool (pages, pool),
                                   fee_audit_amount (pages->auditing, part->unit_amount, is),
                                   fee_audit_amount (pages->auditing, floor, sum)));
  FeeAuditShare *share = &posted->pools[pool];
  guint32 place = (posted->units->len - 1) << 1 | (odd == 1);
  share->amount += part->unit_amount;
  share->weight += part->weight;
  g_array_append_val (share->shares, place);
}

static void
end_unit (Pages *pages)
{
  for (guint i = 0; i < pages->touched->len; i++) {
    guint pool = g_array_index (pages->touched, guint, i);
    if (pages->posted->whole)
      end_part (pages, pool);
    pages->parts[pool].seen = FALSE;
  }
  g_array_set_size (pages->touched, 0);
}

static void
begin_unit (Pages *pages, const FeePageReader *bill)
{
  FeeText unit = fee_strings_intern (pages->posted->run->strings, bill->unit->str, bill->unit->len), found;
  end_unit (pages);
  g_array_append_val (pages->posted->units, unit);
  if (pages->auditing->readable && !fee_strings_find (pages->auditing->units, bill->unit->str, &found))
    fault (pages, g_strdup_printf (_("unit \"%s\" is not in the book"), bill->unit->str));
}

static gboolean
is_party (const FeeAuditing *auditing, const char *party)
{
  FeeText found;
  if (!auditing->readable || fee_strings_find (auditing->parties, party, &found))
    return TRUE;
  for (guint i = 0; i < auditing->policies->len; i++)
    if (g_strcmp0 (((const FeePolicy *) g_ptr_array_index (auditing->policies, i))->unsold, party) == 0)
      return TRUE;
  return FALSE;
}

/* ---- Bills */

static void
check_bill (Pages *pages, const FeePageReader *bill)
{
  FeeAuditing *auditing = pages->auditing;
  gint order = pages->posted->n_bills == 0 ? -1 : strcmp (pages->unit->str, bill->unit->str);
  pages->bill = bill->bill;
  if (order != 0)
    begin_unit (pages, bill);
  if (order > 0 || (order == 0 && strcmp (pages->party->str, bill->party->str) >= 0))
    fault (pages, g_strdup_printf (_("stands after that of unit \"%s\" and party \"%s\", out of order"), pages->unit->str, pages->party->str));
  if (!is_party (auditing, bill->party->str))
    fault (pages, g_strdup_printf (_("party \"%s\" is not in the book"), bill->party->str));
  check_lines (pages, bill);
  g_string_assign (pages->unit, bill->unit->str);
  g_string_assign (pages->party, bill->party->str);
  fee_strings_intern (auditing->billed, bill->party->str, bill->party->len);
  pages->posted->n_bills++;
  pages->posted->n_lines += bill->n_lines;
  pages->posted->total += bill->total;
}

/* The bills packed again: a number can be packed in more bytes than it needs, a unit after less of the one before. */
static void
repack (FeePage *again, const FeePageReader *bill, GString *before)
{
  fee_page_add_bill (again, before->str, bill->unit->str, bill->party->str, bill->total, (const FeeLine *) (void *) bill->line->data,
                     bill->line->len);
  g_string_assign (before, bill->unit->str);
}

static gboolean
same_bytes (const GByteArray *a, const GByteArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->data, b->data, a->len) == 0);
}

static void
check_bills (Pages *pages, const FeePage *page)
{
  g_autoptr (FeePage) again = fee_page_new (page->first_bill, page->first_unit);
  g_autoptr (GString) before = g_string_new (NULL);
  g_autofree char *place = place_of_page (pages);
  static const guint8 none = 0;
  FeePageReader reader;
  fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len,
                        page->lines->data != NULL ? page->lines->data : &none, page->lines->len);
  for (guint n = 0; fee_page_reader_next (&reader); n++) {
    if (n == 0)
      fee_audit_text (pages->auditing, place, "first_unit", page->first_unit, reader.unit->str);
    check_bill (pages, &reader);
    repack (again, &reader, before);
  }
  if (fee_page_reader_damaged (&reader)) {
    fee_audit_find (pages->auditing, place, _("its bills can't be unpacked after bill %u"), again->n_bills);
    pages->posted->whole = pages->posted->unpacked = FALSE;
  } else if (!same_bytes (page->heads, again->heads) || !same_bytes (page->lines, again->lines)) {
    fee_audit_find (pages->auditing, place, _("its bills are not packed as the book packs them"));
  }
  fee_page_reader_clear (&reader);
}

/* ---- Pages */

/* A row of table page; NULL with error set where it can't be read. */
static FeePage *
read_page (Pages *pages, FeeStatement *statement, GError **error)
{
  FeeRowReader row = { statement, NULL };
  guint first = (guint) pages->posted->n_bills + 1;
  gint64 number = fee_row_number (&row, 0, 0, G_MAXUINT32), first_bill = fee_row_number (&row, 1, 0, G_MAXUINT32);
  gint64 n_bills = fee_row_number (&row, 2, 1, G_MAXUINT32);
  g_autofree char *unit = fee_row_text (&row, 3), *place = place_of_page (pages);
  g_autoptr (FeePage) page = fee_page_new (first, unit);
  page->n_bills = (guint32) n_bills;
  if (row.fault != NULL) {
    fee_book_damaged (pages->auditing->book, row.fault, error);
    return NULL;
  }
  fee_audit_number (pages->auditing, place, "page", number, pages->page);
  fee_audit_number (pages->auditing, place, "first_bill", first_bill, first);
  if (!fee_decompress (sqlite3_column_blob (statement, 4), (gsize) sqlite3_column_bytes (statement, 4), page->heads, error)
      || !fee_decompress (sqlite3_column_blob (statement, 5), (gsize) sqlite3_column_bytes (statement, 5), page->lines, error))
    return NULL;
  return g_steal_pointer (&page);
}

static gboolean
check_page (Pages *pages, FeeStatement *statement, GError **error)
{
  g_autoptr (FeePage) page = read_page (pages, statement, error);
  if (page == NULL)
    return FALSE;
  check_bills (pages, page);
  if (pages->posted->unpacked)
    fee_digest_page (pages->digest, page);
  pages->page++;
  return TRUE;
}

static gboolean
check_pages (Pages *pages, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (pages->auditing->book,
                         "SELECT page, first_bill, n_bills, first_unit, heads, lines FROM page WHERE run = ? ORDER BY page", &statement,
                         error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, pages->posted->head->number);
  while (fee_book_step (pages->auditing->book, statement, &problem))
    if (!check_page (pages, statement, error))
      return FALSE;
  if (problem != NULL)
    g_propagate_error (error, problem);
  return problem == NULL;
}

/* The lines of every pool add up to it, and their weights to its own. */
static void
check_sums (Pages *pages)
{
  g_autofree char *place = g_strdup_printf ("run %u", pages->posted->head->number);
  char month[FEE_DATE_SIZE], is[FEE_AMOUNT_SIZE], sum[FEE_AMOUNT_SIZE];
  for (guint i = 0; i < pages->posted->n_pools; i++) {
    const FeeStageRow *row = fee_run_row (pages->posted->run, pages->posted->first + i);
    const FeeAuditShare *share = &pages->posted->pools[i];
    fee_period_format (row->origin, month);
    if (share->amount != row->amount)
      fee_audit_find (pages->auditing, place, _("%s: pool %s is %s, its lines add up to %s"), month, name_of_pool (pages, i),
                      fee_audit_amount (pages->auditing, row->amount, is), fee_audit_amount (pages->auditing, share->amount, sum));
    if (share->weight != MAX (row->total_weight, 0))
      fee_audit_find (pages->auditing, place, _("%s: pool %s: the weights of its lines do not add up to its own"), month,
                      name_of_pool (pages, i));
  }
}

void
fee_audit_pages (FeeAuditing *auditing, FeeAuditRun *posted, FeeDigest *digest)
{
  g_autofree Part *parts = g_new0 (Part, posted->n_pools + 1);
  g_autoptr (GArray) touched = g_array_new (FALSE, FALSE, sizeof (guint));
  Pages pages = { auditing, posted, digest, parts, touched, g_string_new (NULL), g_string_new (NULL), 0, 0 };
  GError *error = NULL;
  posted->whole = posted->unpacked = TRUE;
  if (!check_pages (&pages, &error)) {
    g_autofree char *place = place_of_page (&pages);
    fee_audit_fault (auditing, place, error);
    posted->whole = posted->unpacked = FALSE;
  }
  auditing->posted = auditing->posted && posted->unpacked;
  end_unit (&pages);
  if (posted->whole)
    check_sums (&pages);
  if (posted->head->withdrawn_after == 0)
    auditing->audit->n_bills += posted->n_bills;
  g_string_free (pages.unit, TRUE);
  g_string_free (pages.party, TRUE);
}
