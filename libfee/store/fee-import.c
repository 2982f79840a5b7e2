/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-import-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"

void
fee_imported_free (FeeImported *imported)
{
  if (imported == NULL)
    return;
  g_free (imported->file);
  g_ptr_array_unref (imported->warnings);
  g_ptr_array_unref (imported->findings);
  g_ptr_array_unref (imported->lacking);
  g_free (imported);
}

static FeeImported *
imported_new (const char *name)
{
  FeeImported *imported = g_new0 (FeeImported, 1);
  imported->file = g_strdup (name);
  imported->warnings = g_ptr_array_new_with_free_func (g_free);
  imported->findings = g_ptr_array_new_with_free_func (g_free);
  imported->lacking = g_ptr_array_new_with_free_func (g_free);
  imported->first = imported->last = FEE_PERIOD_NONE;
  return imported;
}

#define KIND(kind) (1u << (kind))

guint32
fee_import_needs (FeeKindId kind)
{
  guint32 units = KIND (FEE_KIND_UNITS), parties = units | KIND (FEE_KIND_PARTIES);
  switch (kind) {
  case FEE_KIND_COSTS:
  case FEE_KIND_BUDGETS:
  case FEE_KIND_INCOME:
  case FEE_KIND_UNITS:
    return KIND (kind);
  case FEE_KIND_ASSETS:
    return KIND (kind) | KIND (FEE_KIND_QUANTITIES);
  case FEE_KIND_QUANTITIES:
    return KIND (kind) | units | KIND (FEE_KIND_ASSETS);
  case FEE_KIND_PARTIES:
    return parties;
  default:
    return KIND (kind) | parties;
  }
}

/* ---- The steps of an import */

/* Rows of the file's own kind whole, of others what a reference needs. */
static gboolean
load_records (FeeImport *import, GError **error)
{
  FeeLoad load = { .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER };
  guint32 needs = fee_import_needs (import->kind);
  if (!fee_book_load (import->book, import->batches, &load, &import->records, error))
    return FALSE;
  for (guint kind = FEE_KIND_UNITS; kind < FEE_N_KINDS; kind++) {
    load.fields = kind == import->kind ? FEE_FIELDS_ALL : FEE_FIELDS_REFERENCE;
    if ((needs >> kind & 1) != 0
        && !fee_book_load_kind (import->book, import->batches, &load, (FeeKindId) kind, import->records, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_rows (FeeImport *import, GError **error)
{
  FeeTable *table = import->records->tables[import->kind];
  const FeePolicy *latest = g_ptr_array_index (import->records->policies, import->records->policies->len - 1);
  FeeReadOptions options = {
    .file = import->name, .encoding = import->options->encoding, .delimiter = import->options->delimiter,
    .format = import->options->format, .column_names = import->options->column_names, .policy = latest,
    .decimals = latest->decimals,
  };
  fee_table_begin_segment (table, import->number);
  return fee_read_file (import->bytes, &options, table, import->problems, import->imported->warnings, &import->reading, error)
         && fee_problems_settle (import->problems, FEE_ERROR_RECORDS, error);
}

gboolean
fee_import_find_same (FeeImport *import)
{
  fee_packing_join (&import->packing);
  import->batch->sha256 = g_strdup (import->packing.sha256);
  for (guint i = 0; i < import->batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (import->batches, i);
    if (batch->kind != import->kind || batch->retracts != 0 || batch->retracted_by != 0
        || strcmp (batch->sha256, import->batch->sha256) != 0 || g_strcmp0 (batch->reading, import->batch->reading) != 0
        || batch->through != import->batch->through)
      continue;
    import->imported->already = TRUE;
    import->imported->batch = batch->number;
    return TRUE;
  }
  return FALSE;
}

/* Receipts are complete up to a day: the last one in the file unless the call says more. */
static void
find_through (FeeImport *import, guint32 first_row)
{
  const FeeTable *table = import->records->tables[import->kind];
  if (import->kind != FEE_KIND_RECEIPTS)
    return;
  import->batch->through = import->options->through;
  for (guint32 row = first_row; import->options->through == FEE_DATE_NONE && row < table->n_rows; row++)
    import->batch->through = MAX (import->batch->through, fee_table_column (table, FEE_RECEIPTS_DATE)->small[row]);
}

/* ---- Merging with what is known */

typedef struct {
  FeeImport *import;
  FeeCounting counting;
  guint8 *repeated;    /* by row: a row of the file has its key */
  guint8 *brings;      /* by row: of the file, new or changed */
} Merging;

static void
describe_change (const FeeTable *table, guint32 before, guint32 row, gint decimals, GString *out)
{
  for (guint n = 0; n < table->columns->len; n++) {
    g_autofree char *old = fee_table_show (table, n, before, decimals);
    g_autofree char *new = fee_table_show (table, n, row, decimals);
    g_autofree char *old_shown = fee_text_quote (old, strlen (old));
    g_autofree char *new_shown = fee_text_quote (new, strlen (new));
    if (strcmp (old, new) != 0)
      g_string_append_printf (out, "%s%s %s -> %s", out->len > 0 ? ", " : "", fee_table_column (table, n)->name, old_shown, new_shown);
  }
}

static void
refuse_change (FeeImport *import, const FeeTable *table, guint32 before, guint32 row)
{
  g_autofree char *key = fee_table_show_key (table, row);
  g_autoptr (GString) changes = g_string_new (NULL);
  describe_change (table, before, row, fee_records_decimals (import->records), changes);
  fee_problems_add (import->problems, _("%s:%u: %s is known with other content (%s); --amend lets it change"), import->name,
                    table->line[row], key, changes->str);
}

static void
take_row (const FeeTable *table, guint32 row, FeeMerge merge, guint32 before, gpointer data)
{
  Merging *merging = data;
  FeeImport *import = merging->import;
  fee_counting_row (&merging->counting, table, row, merge, before);
  merging->brings[row] = merge == FEE_MERGE_NEW || merge == FEE_MERGE_CHANGED;
  if (merge == FEE_MERGE_TWICE) {
    g_autofree char *key = fee_table_show_key (table, row);
    fee_problems_add (import->problems, _("%s:%u: %s is in the file twice (first in line %u)"), import->name, table->line[row], key,
                      table->line[before]);
    return;
  }
  if (merge != FEE_MERGE_NEW)
    merging->repeated[before] = TRUE;
  if (merge == FEE_MERGE_CHANGED && !import->options->amend)
    refuse_change (import, table, before, row);
}

/* Known keys that no row of the file repeats. */
static void
find_lacking (FeeImport *import, const guint8 *repeated, guint32 first_row)
{
  const FeeTable *table = import->records->tables[import->kind];
  for (guint32 row = 0; row < first_row; row++) {
    if (!fee_table_alive (table, row) || repeated[row])
      continue;
    g_autofree char *key = fee_table_show_key (table, row);
    g_ptr_array_add (import->imported->lacking, g_strdup_printf (_("%s: %s is known, but not in this file"), import->name, key));
  }
}

/* FeeReachFunc */
static void
take_reach (guint32 later, guint32 earlier, gboolean ends, gpointer data)
{
  Merging *merging = data;
  if (later == merging->import->number)
    fee_counting_meet (&merging->counting, earlier, ends);
}

static gboolean
merge_rows (FeeImport *import, guint32 first_row, GError **error)
{
  FeeTable *table = import->records->tables[import->kind];
  g_autofree guint8 *repeated = g_new0 (guint8, (gsize) first_row + 1);
  g_autofree guint8 *brings = g_new0 (guint8, (gsize) table->n_rows + 1);
  Merging merging = { .import = import, .repeated = repeated, .brings = brings };
  fee_counting_init (&merging.counting, import->batch, table->kind);
  fee_table_merge (table, table->segments->len - 1, take_row, &merging);
  fee_counting_reach (table, brings, take_reach, &merging);
  fee_counting_finish (&merging.counting, FALSE);
  fee_counting_clear (&merging.counting);
  if (import->options->whole)
    find_lacking (import, repeated, first_row);
  return fee_problems_settle (import->problems, FEE_ERROR_RECORDS, error);
}

/* ---- Sums and what the file lacks */

static gint
amount_column (FeeKindId kind)
{
  if (kind == FEE_KIND_ASSETS)
    return FEE_ASSETS_COST;
  if (kind == FEE_KIND_QUANTITIES)
    return FEE_QUANTITIES_QUANTITY;
  return fee_kind_field (fee_kind_get (kind), "amount");
}

static gboolean
sum_file (FeeImport *import, guint32 first_row, GError **error)
{
  const FeeTable *table = import->records->tables[import->kind];
  gint column = amount_column (import->kind);
  if (column < 0) {
    if (!import->options->has_total)
      return TRUE;
    g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, _("--total: %s have no amounts"), table->kind->name);
    return FALSE;
  }
  __int128 sum = 0;
  for (guint32 row = first_row; row < table->n_rows; row++)
    sum += fee_table_column (table, (guint) column)->number[row];
  if (sum > FEE_MONEY_MAX || sum < -FEE_MONEY_MAX) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: the sum of its amounts is too large"), import->name);
    return FALSE;
  }
  import->imported->has_sum = import->kind != FEE_KIND_QUANTITIES && import->kind != FEE_KIND_ASSETS;
  import->imported->sum = (FeeMoney) sum;
  gint decimals = fee_records_decimals (import->records);
  char is[FEE_NUMBER_SIZE], wanted[FEE_NUMBER_SIZE];
  if (!import->options->has_total || import->options->total == (FeeMoney) sum)
    return TRUE;
  gboolean quantities = import->kind == FEE_KIND_QUANTITIES;
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: its amounts add up to %s, not to %s"), import->name,
               quantities ? fee_quantity_format ((FeeQuantity) sum, is) : fee_money_format ((FeeMoney) sum, decimals, is),
               quantities ? fee_quantity_format (import->options->total, wanted) : fee_money_format (import->options->total, decimals, wanted));
  return FALSE;
}

static void
find_months (FeeImport *import, guint32 first_row)
{
  const FeeTable *table = import->records->tables[import->kind];
  FeeImported *imported = import->imported;
  for (guint32 row = first_row; import->kind == FEE_KIND_COSTS && row < table->n_rows; row++) {
    FeeServiceSpan span = fee_cost_span (table, row);
    FeePeriod first = fee_period_of (span.from), last = fee_period_of (span.to);
    imported->first = imported->first == FEE_PERIOD_NONE ? first : MIN (imported->first, first);
    imported->last = MAX (imported->last, last);
  }
}

/* ---- One file */

static gboolean
give_units (FeeImport *import, guint32 first_row, GError **error)
{
  import->finder = fee_bill_finder_new (import->book);
  return fee_bill_finder_give_units (import->finder, import->records->tables[import->kind], first_row, error);
}

static gboolean
check_rows (FeeImport *import, guint32 first_row, GError **error)
{
  FeeImportNames names = { .book = import->book, .batches = import->batches, .new_file = import->name,
                           .finder = g_steal_pointer (&import->finder) };
  FeeCheck check;
  fee_import_init_check (&check, import->records, &names, import->problems);
  fee_records_index (import->records, fee_check_overlap, &check);
  gboolean ok = fee_check_rows (&check, import->kind, first_row, error);
  fee_check_clear (&check);
  fee_import_names_clear (&names);
  return ok && fee_problems_settle (import->problems, FEE_ERROR_RECORDS, error);
}

static void
count_file (FeeImport *import)
{
  FeeImported *imported = import->imported;
  imported->n_rows = import->batch->n_rows;
  imported->n_new = import->batch->n_new;
  imported->n_changed = import->batch->n_changed;
  imported->n_unchanged = imported->n_rows - imported->n_new - imported->n_changed;
}

static gboolean
import_rows (FeeImport *import, GError **error)
{
  if (!load_records (import, error))
    return FALSE;
  guint32 first_row = import->records->tables[import->kind]->n_rows;
  if (!read_rows (import, error))
    return FALSE;
  import->batch->reading = fee_reading_to_text (import->reading);
  find_through (import, first_row);
  if (fee_import_find_same (import))
    return TRUE;
  if (!give_units (import, first_row, error) || !merge_rows (import, first_row, error) || !check_rows (import, first_row, error) || !sum_file (import, first_row, error))
    return FALSE;
  count_file (import);
  find_months (import, first_row);
  return (import->kind != FEE_KIND_COSTS || fee_import_look_at_costs (import, first_row, error))
         && fee_import_store (import->book, import->batch, &import->packing, error);
}

FeeBatch *
fee_import_new_batch (FeeKindId kind, const char *name, gsize size, const char *made_at, const char *made_by)
{
  FeeBatch *batch = fee_batch_new ();
  batch->kind = kind;
  batch->file = g_strdup (name);
  batch->size = size;
  batch->made_at = g_strdup (made_at);
  batch->made_by = g_strdup (made_by);
  return batch;
}

gboolean
fee_import_store (FeeBook *book, FeeBatch *batch, FeePacking *packing, GError **error)
{
  fee_packing_join (packing);
  if (packing->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&packing->error));
    return FALSE;
  }
  if (batch->sha256 == NULL)
    batch->sha256 = g_strdup (packing->sha256);
  return fee_book_add_batch (book, batch, packing->packed, error);
}

static void
import_clear (FeeImport *import)
{
  g_clear_pointer (&import->batches, g_ptr_array_unref);
  fee_records_free (import->records);
  fee_problems_free (import->problems);
  fee_reading_free (import->reading);
  fee_batch_free (import->batch);
  fee_bill_finder_free (import->finder);
  fee_packing_clear (&import->packing);
}

gboolean
fee_import_file (FeeBook *book, FeeKindId kind, const char *name, GBytes *bytes, const FeeImportOptions *options, FeeImported **out,
                 GError **error)
{
  g_autoptr (FeeImported) imported = imported_new (name);
  FeeImport import = { .book = book, .kind = kind, .name = name, .bytes = bytes, .options = options, .imported = imported,
                       .problems = fee_problems_new () };
  gboolean ok = fee_book_batches (book, &import.batches, error);
  if (ok) {
    import.number = import.batches->len + 1;
    import.batch = fee_import_new_batch (kind, name, g_bytes_get_size (bytes), options->made_at, options->made_by);
    fee_packing_start (&import.packing, bytes);
    ok = kind == FEE_KIND_POLICY ? fee_import_policy (&import, error) : import_rows (&import, error);
  }
  if (ok && !imported->already)
    imported->batch = import.batch->number;
  import_clear (&import);
  if (!ok)
    return FALSE;
  *out = g_steal_pointer (&imported);
  return TRUE;
}
