/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "../libfee/base/fee-memory.h"
#include "../libfee/engine/fee-apportion.h"
#include "../libfee/store/fee-accounts.h"
#include "../libfee/store/fee-post.h"
#include "disclose.h"

/* ---- Records */

/* Costs with all their versions, also those of files that were taken back: a run may have seen them. Which were is written
 * into the segments when they are merged, so that rows of no file are left out. */
static gboolean
load_costs (FeeTool *tool, const GPtrArray *batches, FeeRecords *records, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  FeeLoad load = { .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER, .fields = FEE_FIELDS_RUN };
  if (!fee_book_batches (tool->book, &all, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    ((FeeBatch *) g_ptr_array_index (all, i))->retracted_by = 0;
  if (!fee_book_load_kind (tool->book, all, &load, FEE_KIND_COSTS, records, error))
    return FALSE;
  const GArray *segments = records->tables[FEE_KIND_COSTS]->segments;
  for (guint i = 0; i < segments->len; i++) {
    FeeSegment *segment = &g_array_index (segments, FeeSegment, i);
    segment->retracted_by = ((const FeeBatch *) g_ptr_array_index (batches, segment->batch - 1))->retracted_by;
  }
  return TRUE;
}

static gboolean
load_records (FeeTool *tool, FeeRecords **out, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (FeeRecords) records = NULL;
  FeeLoad load = { .kinds = 1u << FEE_KIND_BUDGETS | 1u << FEE_KIND_INCOME,
                   .as_of = G_MAXUINT32,
                   .from = FEE_DATE_NONE,
                   .to = FEE_DATE_FOREVER,
                   .fields = FEE_FIELDS_ALL };
  if (!fee_book_batches (tool->book, &batches, error) || !fee_book_load (tool->book, batches, &load, &records, error)
      || !load_costs (tool, batches, records, error))
    return FALSE;
  *out = g_steal_pointer (&records);
  return TRUE;
}

static void
clear_run (gpointer data)
{
  fee_run_free ((FeeRun *) ((FeeDisclosureRun *) data)->run);
}

/* From the first of the book to the last month disclosed: a restatement may reach back that far. */
static gboolean
load_runs (const FeeDisclosureRequest *request, GArray **out, GError **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (FeeDisclosureRun));
  g_array_set_clear_func (runs, clear_run);
  for (guint i = 0; i < request->runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (request->runs, i);
    FeeRun *run;
    if (head->period > request->to)
      break;
    if (!fee_book_read_run (request->tool->book, head, &run, error))
      return FALSE;
    FeeDisclosureRun one = { run, head->last_batch };
    g_array_append_val (runs, one);
  }
  *out = g_steal_pointer (&runs);
  return TRUE;
}

/* ---- Bills by building */

typedef struct {
  guint32 bill;
  FeeMoney total;
} Bill;

typedef struct {
  const FeeDisclosureRequest *request;
  FeeDate as_of;
  FeeRecords *units; /* their register; ids of its own */
  FeeBuildings *buildings;
  GArray *bills; /* of FeeBuildingBills */
  FeeReceivables receivables;
  GArray *last;              /* of Bill: above 0.00, of the last month */
  const FeeStrings *strings; /* of the stretch at hand */
  guint32 at;                /* the unit looked up last */
  gboolean fits;
} Collecting;

static gboolean
load_units (FeeTool *tool, FeeRecords **out, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  FeeLoad load = { .kinds = 1u << FEE_KIND_UNITS,
                   .as_of = G_MAXUINT32,
                   .from = FEE_DATE_NONE,
                   .to = FEE_DATE_FOREVER,
                   .fields = FEE_FIELDS_ALL };
  if (!fee_book_batches (tool->book, &batches, error) || !fee_book_load (tool->book, batches, &load, out, error))
    return FALSE;
  fee_records_index (*out, NULL, NULL);
  return TRUE;
}

/* The unit's row of that month, or the last before it, or its first. */
static const char *
building_text (const Collecting *collecting, guint32 unit, FeePeriod month)
{
  const FeeRegister *reg = collecting->units->reg;
  guint32 span = reg->first[unit];
  FeeDate last = fee_period_last_day (month);
  while (span + 1 < reg->first[unit + 1] && reg->spans.from[span + 1] <= last)
    span++;
  return fee_table_text (reg->table, FEE_UNITS_BUILDING, reg->spans.row[span]);
}

static guint
building_of (Collecting *collecting, FeeText unit, FeePeriod month)
{
  const char *id = fee_strings_get (collecting->strings, unit);
  FeeText own;
  guint32 at = fee_strings_find (collecting->units->ids, id, &own)
                 ? fee_register_find (collecting->units->reg, own, collecting->at)
                 : FEE_UNIT_NONE;
  guint number =
    fee_buildings_find (collecting->buildings, at == FEE_UNIT_NONE ? "" : building_text (collecting, at, month));
  if (number >= collecting->bills->len)
    g_array_set_size (collecting->bills, number + 1);
  collecting->at = at == FEE_UNIT_NONE ? 0 : at;
  return number;
}

static gboolean
is_disclosed (const Collecting *collecting, const FeeEntry *entry)
{
  return entry->kind == FEE_ENTRY_BILL && entry->period >= collecting->request->from
         && entry->period <= collecting->request->to;
}

static void
add_bill (Collecting *collecting, const FeeEntry *entry)
{
  guint building = building_of (collecting, entry->unit, entry->period);
  FeeBuildingBills *bills = &g_array_index (collecting->bills, FeeBuildingBills, building);
  collecting->fits = fee_money_add (bills->billed, entry->amount, &bills->billed) && collecting->fits;
  if (entry->amount != 0) /* who pays nothing hides nobody */
    fee_buildings_add_payer (collecting->buildings, (guint) (entry->period - collecting->request->from), building,
                             fee_strings_get (collecting->strings, entry->party));
  Bill bill = { 0, entry->amount };
  FeePeriod period;
  if (entry->period == collecting->request->to && entry->amount > 0
      && fee_bill_number_parse (fee_strings_get (collecting->strings, entry->number), &period, &bill.bill))
    g_array_append_val (collecting->last, bill);
  if (entry->date > collecting->as_of) /* not issued yet: the ledger of that day does not know it */
    collecting->fits = fee_money_add (bills->open, entry->amount, &bills->open) && collecting->fits;
}

static void
add_open (const FeeEntry *entry, FeeMoney open, gpointer data)
{
  Collecting *collecting = data;
  if (!is_disclosed (collecting, entry))
    return;
  FeeBuildingBills *bills =
    &g_array_index (collecting->bills, FeeBuildingBills, building_of (collecting, entry->unit, entry->period));
  collecting->fits = fee_money_add (bills->open, open, &bills->open) && collecting->fits;
}

static gboolean
add_accounts (const FeeAccounts *accounts, gpointer data, GError **error)
{
  Collecting *collecting = data;
  collecting->strings = accounts->input.strings;
  for (gsize i = 0; i < accounts->input.n_entries; i++)
    if (is_disclosed (collecting, &accounts->input.entries[i]))
      add_bill (collecting, &accounts->input.entries[i]);
  if (!fee_receivables_add (&collecting->receivables, &accounts->input, collecting->as_of, add_open, collecting, error))
    return FALSE;
  if (collecting->fits)
    return TRUE;
  g_set_error_literal (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the sums of the disclosure leave 64 bits"));
  return FALSE;
}

static void
collecting_clear (Collecting *collecting)
{
  g_clear_pointer (&collecting->units, fee_records_free);
  fee_buildings_free (collecting->buildings);
  g_array_unref (collecting->bills);
  g_array_unref (collecting->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Collecting, collecting_clear)

static gboolean
collect (const FeeDisclosureRequest *request, Collecting *collecting, GError **error)
{
  *collecting = (Collecting){ .request = request, .as_of = request->as_of, .fits = TRUE };
  collecting->buildings = fee_buildings_new ((guint) (request->to - request->from + 1));
  collecting->bills = g_array_new (FALSE, TRUE, sizeof (FeeBuildingBills));
  collecting->last = g_array_new (FALSE, FALSE, sizeof (Bill));
  if (!load_units (request->tool, &collecting->units, error)
      || !fee_book_each_accounts (request->tool->book, FEE_FIELDS_NONE, add_accounts, collecting, error))
    return FALSE;
  fee_buildings_merge (collecting->buildings);
  return TRUE;
}

/* ---- The median bill of the last month */

/* The lower one where there are two; of equal ones the first. */
static guint32
find_median (const GArray *bills)
{
  g_autofree gint64 *totals = fee_memory_array (gint64, bills->len);
  for (guint i = 0; i < bills->len; i++)
    totals[i] = g_array_index (bills, Bill, i).total;
  FeeMoney median = fee_select (totals, bills->len, (bills->len - 1) / 2);
  guint32 first = G_MAXUINT32;
  for (guint i = 0; i < bills->len; i++)
    if (g_array_index (bills, Bill, i).total == median)
      first = MIN (first, g_array_index (bills, Bill, i).bill);
  return first;
}

typedef struct {
  guint32 bill;
  const FeeRun *run;
  GArray *lines; /* of FeeTypicalLine, by centre */
} Typical;

static gboolean
take_lines (const FeePageReader *bill, gpointer data, GError **error)
{
  Typical *typical = data;
  guint begin, end;
  (void) error;
  if (bill->bill != typical->bill)
    return TRUE;
  fee_run_pools (typical->run, &begin, &end);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    FeeTypicalLine one = { NULL, line->amount };
    if (line->activity >= end - begin)
      continue; /* the store has checked it */
    one.centre = fee_strings_get (typical->run->strings, fee_run_row (typical->run, begin + line->activity)->source);
    guint k = 0;
    while (k < typical->lines->len && !g_str_equal (g_array_index (typical->lines, FeeTypicalLine, k).centre, one.centre))
      k++;
    if (k < typical->lines->len) /* parts of a total that fits */
      fee_money_add (g_array_index (typical->lines, FeeTypicalLine, k).amount, one.amount,
                     &g_array_index (typical->lines, FeeTypicalLine, k).amount);
    else
      g_array_append_val (typical->lines, one);
  }
  return TRUE;
}

/* Where fewer than five pay, a bill in the middle would be somebody's. */
static gboolean
find_typical (const FeeDisclosureRequest *request, const Collecting *collecting, const GArray *runs, GArray *lines,
              GError **error)
{
  const FeeRunHead *head = fee_runs_find (request->runs, request->to);
  Typical typical = { 0, g_array_index (runs, FeeDisclosureRun, runs->len - 1).run, lines };
  g_autofree char *unit = NULL, *party = NULL;
  char number[FEE_BILL_NUMBER_SIZE];
  gboolean found = FALSE;
  FeeDate issue;
  if (collecting->last->len < FEE_LEAST_PAYERS || fee_buildings_too_few (collecting->buildings))
    return TRUE;
  typical.bill = find_median (collecting->last);
  fee_bill_number_format (request->to, typical.bill, number);
  return fee_book_find_bill (request->tool->book, number, &found, &unit, &party, &issue, error)
         && (!found || fee_book_read_bills (request->tool->book, head->number, unit, typical.run, take_lines, &typical, error));
}

/* ---- The whole */

/* Receipts are complete up to that day; FEE_DATE_NONE: there are none. */
static gboolean
find_through (FeeTool *tool, FeeDate *through, GError **error)
{
  g_autoptr (GPtrArray) batches = NULL;
  *through = FEE_DATE_NONE;
  if (!fee_book_batches (tool->book, &batches, error))
    return FALSE;
  for (guint i = 0; i < batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (batches, i);
    if (batch->kind == FEE_KIND_RECEIPTS && batch->retracts == 0 && batch->retracted_by == 0)
      *through = MAX (*through, batch->through);
  }
  return TRUE;
}

static void
find_as_of (FeeDisclosureRequest *request, FeeDate through)
{
  const FeeRunHead *head = fee_runs_find (request->runs, request->to);
  char day[FEE_DATE_SIZE], complete[FEE_DATE_SIZE];
  if (request->as_of != FEE_DATE_NONE && through != FEE_DATE_NONE && request->as_of > through)
    fee_tool_say (request->tool, _("receipts are complete up to %s only: as of %s, what came since then counts as open"),
                                    fee_date_format (through, complete), fee_date_format (request->as_of, day));
  if (request->as_of != FEE_DATE_NONE)
    return;
  request->as_of = through;
  if (through != FEE_DATE_NONE)
    return;
  request->as_of = MAX (fee_period_last_day (request->last), head->issue);
  fee_tool_say (request->tool, _("there are no receipts: receivables are as of %s"), fee_date_format (request->as_of, day));
}

static gboolean
make (const FeeDisclosureRequest *request, FeeDate through, FeeDisclosure **out, GError **error)
{
  g_autoptr (FeeRecords) records = NULL;
  g_autoptr (GArray) runs = NULL;
  g_autoptr (GArray) typical = g_array_new (FALSE, FALSE, sizeof (FeeTypicalLine));
  g_auto (Collecting) collecting;
  if (!collect (request, &collecting, error) || !load_records (request->tool, &records, error)
      || !load_runs (request, &runs, error) || !find_typical (request, &collecting, runs, typical, error))
    return FALSE;
  FeeDisclosureInput input = {
    .lang = request->tool->lang,
    .first = request->first,
    .last = request->last,
    .from = request->from,
    .to = request->to,
    .runs = runs,
    .records = records,
    .as_of = request->as_of,
    .through = through,
    .posted_from = request->posted_from,
    .posted_to = request->posted_to,
    .buildings = collecting.buildings,
    .bills = collecting.bills,
    .receivables = &collecting.receivables,
    .typical = typical,
  };
  return fee_disclosure_new (&input, out, error);
}

gboolean
fee_disclose_load (FeeDisclosureRequest *request, FeeDisclosure **out, GError **error)
{
  FeeDate through;
  if (!find_through (request->tool, &through, error))
    return FALSE;
  find_as_of (request, through);
  return make (request, through, out, error);
}
