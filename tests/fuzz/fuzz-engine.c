/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/engine/fee-run-period.h"
#include "../../libfee/input/fee-policy-file.h"
#include "../../libfee/input/fee-reader.h"
#include "../../libfee/report/fee-trace.h"

/* A small book made from the bytes is billed for some months: each month adds up from stage to stage and line to line, comes out the same
 * with its rows the other way round, and can be traced; in the end what was recognised of a document is its amount. */

#define MOST 6 /* of centres, and of units */
#define START (2024 * 12)

static const char *const categories[] = { "personnel", "cleaning", "other" };

static char *
id_of (const char *letter, guint n)
{
  return g_strdup_printf ("%s%u", letter, n);
}

/* ---- The book */

static void
make_centre (FuzzInput *in, GString *out, guint n)
{
  static const char *const drivers[] = { "one", "area", "area*lift", "water", "people", "lift" };
  static const char *const scopes[] = { "", "", "scope=building=1\n", "scope=area>50;building!=2\n", "scope=floor<=2\n" };
  guint how = fuzz_byte (in);
  gboolean support = n > 0 && how >> 6 == 0;
  g_string_append_printf (out, "[centre c%u]\ndriver=%s\n", n, support ? "people" : drivers[fuzz_choice (in, G_N_ELEMENTS (drivers))]);
  if (support)
    g_string_append (out, "kind=support\n");
  else
    g_string_append_printf (out, "%s%s", scopes[(how & 15) % G_N_ELEMENTS (scopes)], how & 16 ? "payer=occupant\n" : "");
}

static char *
make_policy (FuzzInput *in, guint n_centres)
{
  static const char *const methods[] = { "direct", "step", "reciprocal", "reciprocal" };
  GString *out = g_string_new (NULL);
  guint how = fuzz_byte (in);
  g_string_append_printf (out, "[book]\nstart=2024-01\nsupport=%s\n%s%s[billing]\ndue_days=20\n", methods[how & 3], how & 4 ? "" : "unsold=developer\n",
                          how & 8 ? "depreciation_start=same-month\n" : "");
  g_string_append (out, "[driver water]\nkind=flow\n[driver people]\n");
  for (guint i = 0; i < G_N_ELEMENTS (categories); i++) {
    guint to = fuzz_byte (in);
    if (to & 128)
      g_string_append_printf (out, "[category %s]\ncentre=c%u\n", categories[i], (to & 127) % n_centres);
    else
      g_string_append_printf (out, "[category %s]\ndriver=%s\n", categories[i], to & 1 ? "people" : "water");
  }
  for (guint i = 0; i < n_centres; i++)
    make_centre (in, out, i);
  return g_string_free (out, FALSE);
}

/* A day of the first half of 2024, or none. */
static char *
make_day (FuzzInput *in)
{
  guint n = fuzz_byte (in);
  return n < 60 ? g_strdup ("") : g_strdup_printf ("2024-%02u-%02u", 1 + n % 6, 1 + n % 28);
}

/* An amount with that many decimals, most often small. */
static char *
make_number (FuzzInput *in, gint decimals)
{
  char text[FEE_NUMBER_SIZE];
  guint how = fuzz_byte (in);
  gint64 value = how < 8 ? fuzz_number (in) / 64 : (gint64) fuzz_bytes (in, 1 + how % 3);
  return g_strdup (fee_money_format (how % 16 == 15 ? -value : value, decimals, text));
}

static void
add_row (GPtrArray *rows, char *row)
{
  g_ptr_array_add (rows, row);
}

static void
make_unit (FuzzInput *in, GPtrArray *units, GPtrArray *parties, guint n)
{
  g_autofree char *id = id_of ("u", n), *area = make_number (in, 1), *from = make_day (in), *moved = make_day (in);
  guint how = fuzz_byte (in);
  add_row (units, g_strdup_printf ("%s,%u,%u,%s,%u,%s,", id, 1 + how % 2, how % 4, area, how >> 5, how & 16 ? from : ""));
  if (how & 8)
    return;
  if (*moved == '\0') {
    add_row (parties, g_strdup_printf ("%s,owner,o%u,Owner,,", id, n));
  } else {
    add_row (parties, g_strdup_printf ("%s,owner,o%u,Owner,,%s", id, n, moved));
    add_row (parties, g_strdup_printf ("%s,%s,p%u,Next,%s,", id, how & 4 ? "owner" : "occupant", how % 3, moved));
  }
}

static void
make_cost (FuzzInput *in, GPtrArray *costs, guint n, guint n_centres)
{
  g_autofree char *amount = make_number (in, 2), *from = make_day (in), *to = make_day (in);
  guint how = fuzz_byte (in);
  g_autofree char *centre = how & 64 ? id_of ("c", how % n_centres) : g_strdup ("");
  /* an import refuses what ends before it begins */
  const char *end = *from == '\0' ? "" : strcmp (from, to) > 0 ? "2024-06-28" : to;
  add_row (costs, g_strdup_printf ("D%u,2024-%02u-28,%s,%s,%s,%s,%s,%s", n, 1 + how % 6, categories[how % 3], amount, from, end,
                                   centre, how & 128 ? "days" : ""));
}

static void
make_asset (FuzzInput *in, GPtrArray *assets, guint n)
{
  static const char *const methods[] = { "straight-line", "sum-of-years", "double-declining", "" };
  g_autofree char *cost = make_number (in, 2), *disposed = make_day (in);
  guint how = fuzz_byte (in);
  add_row (assets, g_strdup_printf ("A%u,Pump,%s,0.00,%u,2023-%02u-15,%s,%s,c0", n, *cost == '-' ? cost + 1 : cost, 12 * (1 + how % 5), 1 + how % 12, disposed, methods[how >> 6]));
}

static void
make_quantity (FuzzInput *in, GPtrArray *quantities, guint n_centres)
{
  guint how = fuzz_byte (in);
  g_autofree char *quantity = make_number (in, 3), *target = how & 1 ? id_of ("c", (how >> 1) % n_centres) : id_of ("u", (how >> 1) % MOST);
  guint of = fuzz_byte (in);
  if (of & 1)
    add_row (quantities, g_strdup_printf ("people,%s,%s,,", target, quantity));
  else
    add_row (quantities, g_strdup_printf ("water,%s,%s,2024-%02u-%02u,2024-%02u-28", target, quantity, 1 + of % 5, 1 + of % 27, 1 + of % 5 + (of >> 7)));
}

typedef struct {
  char *policy;
  GPtrArray *rows[FEE_N_KINDS];
} Book;

static const struct {
  FeeKindId kind;
  const char *header;
} kinds[] = {
  { FEE_KIND_UNITS, "unit,building,floor,area,lift,from,to\n" },
  { FEE_KIND_PARTIES, "unit,role,party,name,from,to\n" },
  { FEE_KIND_COSTS, "doc,date,category,amount,from,to,centre,spread\n" },
  { FEE_KIND_ASSETS, "asset,name,cost,residual,life,in_service,disposed,method,centre\n" },
  { FEE_KIND_QUANTITIES, "driver,target,quantity,from,to\n" },
};

static void
book_init (Book *book, FuzzInput *in)
{
  guint n_centres = 1 + fuzz_choice (in, MOST), n_units = 1 + fuzz_choice (in, MOST), n_costs = fuzz_choice (in, 8), n_assets = fuzz_choice (in, 3);
  book->policy = make_policy (in, n_centres);
  for (guint i = 0; i < FEE_N_KINDS; i++)
    book->rows[i] = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_units; i++)
    make_unit (in, book->rows[FEE_KIND_UNITS], book->rows[FEE_KIND_PARTIES], i);
  for (guint i = 0; i < n_costs; i++)
    make_cost (in, book->rows[FEE_KIND_COSTS], i, n_centres);
  for (guint i = 0; i < n_assets; i++)
    make_asset (in, book->rows[FEE_KIND_ASSETS], i);
  for (guint i = 0; i < 40 && fuzz_left (in) > 0; i++)
    make_quantity (in, book->rows[FEE_KIND_QUANTITIES], n_centres);
}

static void
book_clear (Book *book)
{
  g_free (book->policy);
  for (guint i = 0; i < FEE_N_KINDS; i++)
    g_ptr_array_unref (book->rows[i]);
}

static void
drop_overlap (const FeeTable *table, guint32 row, guint32 other, gpointer overlaps)
{
  (void) table;
  (void) row;
  (void) other;
  *(gboolean *) overlaps = TRUE;
}

static gboolean
read_kind (FeeRecords *records, guint n, const GPtrArray *rows, gboolean backwards)
{
  g_autoptr (GString) text = g_string_new (kinds[n].header);
  g_autoptr (FeeProblems) problems = fee_problems_new ();
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FeeReading) reading = NULL;
  const FeePolicy *policy = g_ptr_array_index (records->policies, 0);
  FeeReadOptions options = { .file = "rows.csv", .format = { '.', FEE_DATE_FORMAT_PLAIN }, .policy = policy, .decimals = policy->decimals };
  GError *error = NULL;
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (rows, backwards ? rows->len - 1 - i : i));
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  FeeTable *table = records->tables[kinds[n].kind] = fee_table_new (kinds[n].kind, records->ids);
  fee_table_begin_segment (table, n + 2);
  if (!fuzz_outcome (fee_read_file (bytes, &options, table, problems, warnings, &reading, &error), &error) || fee_problems_count (problems) > 0)
    return FALSE;
  fee_table_merge (table, 0, NULL, NULL);
  return TRUE;
}

/* Records as an import takes them; NULL where it would not. */
static FeeRecords *
records_of (const Book *book, gboolean backwards)
{
  g_autoptr (FeeRecords) records = fee_records_new ();
  FeePolicy *policy = NULL;
  gboolean overlaps = FALSE;
  if (!fee_policy_read ("p.ini", book->policy, strlen (book->policy), &policy, NULL))
    return NULL;
  g_ptr_array_add (records->policies, policy);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (!read_kind (records, i, book->rows[kinds[i].kind], backwards))
      return NULL;
  fee_records_index (records, drop_overlap, &overlaps);
  return overlaps ? NULL : g_steal_pointer (&records);
}

/* ---- What holds of a run */

typedef struct {
  const FeeRun *run;
  guint begin, end;            /* pools */
  __int128 *sums, *weights;    /* by pool: amounts of its lines, weights of its units */
  __int128 total;
  GString *unit;               /* of the lines at hand */
  __int128 *unit_sums;         /* by pool: its lines' amounts; */
  FeeMoney *unit_amounts;      /* what they say of the unit; */
  gint32 *unit_days;           /* and days that are left */
  FeeTrace *trace;
} Sums;

/* A unit's lines of a pool are its share: within a fen, and its days. */
static void
end_unit (Sums *sums)
{
  for (guint i = sums->begin; i < sums->end; i++) {
    guint n = i - sums->begin;
    fuzz_require (sums->unit_sums[n] == sums->unit_amounts[n] && sums->unit_days[n] == 0);
    sums->unit_sums[n] = sums->unit_amounts[n] = 0;
  }
}

static void
add_line (Sums *sums, const FeeLine *line)
{
  guint n = line->activity;
  fuzz_require (n < sums->end - sums->begin && !line->restated);
  const FeeStageRow *pool = fee_run_row (sums->run, sums->begin + n);
  __int128 off = (__int128) line->unit_amount * pool->total_weight - (__int128) pool->amount * line->weight;
  fuzz_require (off > -(__int128) pool->total_weight && off < pool->total_weight && line->weight > 0);
  fuzz_require (line->days > 0 && line->days <= line->unit_days && line->unit_days <= 31);
  if (sums->unit_days[n] == 0) {
    sums->weights[n] += line->weight;
    sums->unit_days[n] = line->unit_days;
    sums->unit_amounts[n] = line->unit_amount;
  }
  fuzz_require (sums->unit_amounts[n] == line->unit_amount);
  sums->unit_days[n] -= line->days;
  sums->unit_sums[n] += line->amount;
  sums->sums[n] += line->amount;
  fee_trace_count (sums->trace, n, line->amount);
}

static void
add_bill (Sums *sums, const FeePageReader *bill)
{
  __int128 total = 0;
  if (strcmp (sums->unit->str, bill->unit->str) != 0)
    end_unit (sums);
  fuzz_require (strcmp (sums->unit->str, bill->unit->str) <= 0);
  g_string_assign (sums->unit, bill->unit->str);
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    add_line (sums, line);
    total += line->amount;
  }
  fuzz_require (total == bill->total && bill->n_lines == bill->line->len && bill->n_lines > 0);
  sums->total += total;
}

typedef void (*BillFunc) (Sums *sums, const FeePageReader *bill);

static guint64
each_bill (Sums *sums, BillFunc func)
{
  guint64 n = 0;
  for (guint i = 0; i < sums->run->pages->len; i++) {
    const FeePage *page = g_ptr_array_index (sums->run->pages, i);
    FeePageReader reader;
    fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len, page->lines->data, page->lines->len);
    for (; fee_page_reader_next (&reader); n++)
      func (sums, &reader);
    fuzz_require (!fee_page_reader_damaged (&reader));
    fee_page_reader_clear (&reader);
  }
  return n;
}

/* The parts of a line add up to it. */
static void
trace_bill (Sums *sums, const FeePageReader *bill)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (FeeTracePart));
  for (guint i = 0; i < bill->line->len; i++) {
    const FeeLine *line = &g_array_index (bill->line, FeeLine, i);
    __int128 sum = 0;
    fee_trace_line (sums->trace, line->activity, line->amount, parts);
    for (guint n = 0; n < parts->len; n++)
      sum += g_array_index (parts, FeeTracePart, n).amount;
    fuzz_require (sum == line->amount);
  }
}

static void
require_stages (const FeeRun *run)
{
  __int128 accrued = 0, prior = 0;
  guint begin, end;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  for (guint i = begin; i < end; i++) {
    const FeeStageRow *row = fee_run_row (run, i);
    accrued += row->amount;
    prior += row->origin != run->period ? row->amount : 0;
  }
  fuzz_require (accrued == run->recognised && prior == run->prior && run->total == run->recognised);
}

static void
require_run (const FeeRun *run)
{
  Sums sums = { .run = run, .unit = g_string_new (NULL) };
  GError *error = NULL;
  require_stages (run);
  fee_run_stage (run, FEE_STAGE_ACTIVITY, &sums.begin, &sums.end);
  guint n = sums.end - sums.begin + 1;
  sums.sums = g_new0 (__int128, n);
  sums.weights = g_new0 (__int128, n);
  sums.unit_sums = g_new0 (__int128, n);
  sums.unit_amounts = g_new0 (FeeMoney, n);
  sums.unit_days = g_new0 (gint32, n);
  fuzz_require (fuzz_outcome (fee_trace_new (run, &sums.trace, &error), &error));
  fuzz_require (each_bill (&sums, add_bill) == run->n_bills);
  end_unit (&sums);
  fuzz_require (sums.total == run->total);
  for (guint i = sums.begin; i < sums.end; i++) {
    const FeeStageRow *pool = fee_run_row (run, i);
    fuzz_require (sums.sums[i - sums.begin] == pool->amount && sums.weights[i - sums.begin] == pool->total_weight && pool->weight == pool->total_weight);
  }
  each_bill (&sums, trace_bill);
  fee_trace_free (sums.trace);
  g_string_free (sums.unit, TRUE);
  g_free (sums.sums);
  g_free (sums.weights);
  g_free (sums.unit_sums);
  g_free (sums.unit_amounts);
  g_free (sums.unit_days);
}

/* ---- Month after month */

static void
go_on (FeeHistory *history, const FeeRun *run)
{
  guint begin, end;
  fee_run_stage (run, FEE_STAGE_ACCRUE, &begin, &end);
  if (end > begin)
    g_array_append_vals (history->accruals, fee_run_row (run, begin), end - begin);
  g_array_set_size (history->counts, 0);
  if (run->counts->len > 0)
    g_array_append_vals (history->counts, run->counts->data, run->counts->len);
  g_strlcpy (history->digest, run->digest, sizeof history->digest);
  history->since = FEE_N_KINDS;
}

/* The digest of the last month, or "" where a month could not be billed. Owned by the caller. */
static char *
bill_months (const FeeRecords *records, gint n_months)
{
  g_autoptr (FeeHistory) history = fee_history_new ();
  history->all = TRUE;
  for (gint i = 0; i < n_months; i++) {
    g_autoptr (FeeRun) run = NULL;
    GError *error = NULL;
    FeeRunArguments arguments = { START + i, FEE_DATE_NONE, NULL };
    if (!fuzz_outcome (fee_run_period (records, history, &arguments, &run, &error), &error))
      return g_strdup ("");
    require_run (run);
    go_on (history, run);
  }
  /* every cost lies in these months */
  const FeeTable *costs = records->tables[FEE_KIND_COSTS];
  for (guint32 row = 0; row < costs->n_rows && n_months >= 6; row++) {
    FeeText doc = fee_table_column (costs, FEE_COSTS_DOC)->text[row];
    __int128 sum = 0;
    for (guint i = 0; i < history->accruals->len; i++) {
      const FeeStageRow *accrual = &g_array_index (history->accruals, FeeStageRow, i);
      sum += !accrual->asset && accrual->source == doc ? accrual->amount : 0;
    }
    fuzz_require (sum == fee_table_column (costs, FEE_COSTS_AMOUNT)->number[row]);
  }
  return g_strdup (history->digest);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  Book book;
  gint n_months = fuzz_byte (&in) & 1 ? 6 : 2;
  book_init (&book, &in);
  g_autoptr (FeeRecords) records = records_of (&book, FALSE);
  if (records != NULL) {
    g_autoptr (FeeRecords) reversed = records_of (&book, TRUE);
    g_autofree char *digest = bill_months (records, n_months), *again = bill_months (reversed, n_months);
    fuzz_require (strcmp (digest, again) == 0);
  }
  book_clear (&book);
  return 0;
}
