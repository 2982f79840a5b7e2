/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../input/fee-policy-file.h"
#include "fee-load-private.h"

/* The records of a book are the files that were imported, read again in their order: the bytes are kept anyway, and reading them is faster
 * than a row a record (HACKING.md "The store"). */

gboolean
fee_batch_stands (const FeeBatch *batch, guint32 as_of)
{
  return batch->number <= as_of && batch->retracts == 0 && (batch->retracted_by == 0 || batch->retracted_by > as_of);
}

static gboolean
lists_batch (const char *amends, guint32 number)
{
  g_auto (GStrv) amended = g_strsplit (amends, ",", -1);
  gboolean found = FALSE;
  for (char **at = amended; *at != NULL && !found; at++)
    found = g_ascii_strtoull (*at, NULL, 10) == number;
  return found;
}

FeeDate
fee_batch_last_day (const GPtrArray *batches, const FeeBatch *batch)
{
  for (guint i = batch->retracts; batch->retracts != 0 && batch->kind != FEE_KIND_COSTS && i < batch->number; i++)
    if (lists_batch (((const FeeBatch *) g_ptr_array_index (batches, i))->amends, batch->retracts))
      return FEE_DATE_FOREVER;
  return batch->to;
}

/* Only these kinds grow by the month; of the others every row may matter. */
static gboolean
is_monthly (FeeKindId kind)
{
  return kind == FEE_KIND_COSTS || kind == FEE_KIND_QUANTITIES;
}

/* Batches that a batch amends, if it stands; "" for one that does not. */
static char **
amended_by (const FeeBatch *batch, FeeKindId kind, guint32 as_of)
{
  return g_strsplit (batch->kind == kind && fee_batch_stands (batch, as_of) ? batch->amends : "", ",", -1);
}

/* Those that meet the days or are new, all that amend them, and all that they amend, the retracted too: a version may have kept cells of what it
 * amended. */
guint8 *
fee_choose_batches (const GPtrArray *batches, const FeeLoad *load, FeeKindId kind)
{
  guint8 *chosen = g_new0 (guint8, batches->len + 1);
  for (guint i = 0; i < batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (batches, i);
    gboolean meets = !is_monthly (kind) || batch->number > load->since || (batch->from <= load->to && batch->to >= load->from);
    chosen[i] = batch->kind == kind && fee_batch_stands (batch, load->as_of) && meets;
  }
  for (gboolean more = TRUE; more;) {
    more = FALSE;
    for (guint i = 0; i < batches->len; i++) {
      g_auto (GStrv) amended = amended_by (g_ptr_array_index (batches, i), kind, load->as_of);
      for (char **number = amended; *number != NULL; number++) {
        guint other = (guint) g_ascii_strtoull (*number, NULL, 10) - 1;
        if (other >= i || ((const FeeBatch *) g_ptr_array_index (batches, other))->kind != kind || chosen[i] == chosen[other])
          continue;
        chosen[i] = chosen[other] = TRUE;
        more = TRUE;
      }
    }
  }
  return chosen;
}

static gboolean
feed_table (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  return fee_reread_feed (data, bytes, length, error);
}

/* An import takes no file without them. */
static gboolean
has_required (const FeeTable *table)
{
  const GByteArray *present = g_array_index (table->segments, FeeSegment, table->segments->len - 1).present;
  for (guint i = 0; i < table->kind->n_fields; i++)
    if (table->kind->fields[i].required && !present->data[i])
      return FALSE;
  return TRUE;
}

/* Rows are whole before others hear of them. FeeTableFunc */
static gboolean
pass_whole (FeeTable *table, gpointer data, GError **error)
{
  const FeeTableReading *how = data;
  return fee_bill_finder_give_kept_units (how->finder, table, 0, error) && how->func (table, how->data, error);
}

static gboolean
read_rows (FeeBook *book, const FeeBatch *batch, FeeReread *reread, const FeeTableReading *how, GError **error)
{
  guint32 first_row = how->table->n_rows;
  if (how->func != NULL)
    fee_reread_pass_on (reread, how->at_once, pass_whole, (gpointer) how);
  if (!fee_book_read_file (book, batch->number, feed_table, reread, error) || !fee_reread_finish (reread, error))
    return FALSE;
  return how->func != NULL || fee_bill_finder_give_kept_units (how->finder, how->table, first_row, error);
}

gboolean
fee_book_read_table (FeeBook *book, const FeeBatch *batch, const FeeTableReading *how, GError **error)
{
  g_autoptr (FeeReading) reading = NULL;
  if (!fee_reading_parse (batch->reading, &reading, error))
    return FALSE;
  fee_table_begin_segment (how->table, batch->number)->retracted_by = how->retracted_by;
  g_autoptr (FeeReread) reread = fee_reread_new (reading, how->table, how->decimals, how->only_known);
  if (!has_required (how->table)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("batch %u (%s): the kept reading of a file is damaged"), batch->number, batch->file);
    return FALSE;
  }
  if (!read_rows (book, batch, reread, how, error)) {
    g_prefix_error (error, _("batch %u (%s): "), batch->number, batch->file);
    return FALSE;
  }
  return TRUE;
}

#define BIT(field) (1u << (field))

/* What a run reads of a kind. */
static guint32
fields_of_run (FeeKindId kind)
{
  switch (kind) {
  case FEE_KIND_UNITS: /* and what the policies name */
    return BIT (FEE_UNITS_UNIT) | BIT (FEE_UNITS_FROM) | BIT (FEE_UNITS_TO);
  case FEE_KIND_PARTIES:
    return BIT (FEE_PARTIES_UNIT) | BIT (FEE_PARTIES_ROLE) | BIT (FEE_PARTIES_PARTY) | BIT (FEE_PARTIES_FROM) | BIT (FEE_PARTIES_TO);
  case FEE_KIND_COSTS:
    return ~(BIT (FEE_COSTS_SUPPLIER) | BIT (FEE_COSTS_MEMO));
  case FEE_KIND_ASSETS:
    return ~BIT (FEE_ASSETS_NAME);
  default:
    return ~0u;
  }
}

/* A field that a policy names is wanted too; other names become attributes. */
static void
want_attribute (FeeTable *units, const char *name, guint32 *fields)
{
  guint column = fee_table_add_attribute (units, name);
  if (column < units->kind->n_fields)
    *fields |= BIT (column);
}

/* The columns of units that some policy names in a driver or a scope. */
static guint32
want_named (const GPtrArray *policies, FeeTable *units)
{
  guint32 fields = fields_of_run (FEE_KIND_UNITS);
  for (guint i = 0; i < policies->len; i++) {
    const FeePolicy *policy = g_ptr_array_index (policies, i);
    for (guint n = 0; n < policy->drivers->len; n++)
      for (guint f = 0; f < 2; f++)
        if (fee_policy_driver (policy, (gint) n)->factors[f] != NULL)
          want_attribute (units, fee_policy_driver (policy, (gint) n)->factors[f], &fields);
    for (guint n = 0; n < policy->centres->len; n++) {
      const GArray *scope = fee_policy_centre (policy, (gint) n)->scope;
      for (guint c = 0; c < scope->len; c++)
        want_attribute (units, g_array_index (scope, FeeCondition, c).attribute, &fields);
    }
  }
  return fields;
}

/* Room ahead for so many rows, no more than a file of that size can have: what a damaged book says may be anything. */
#define ROOM_ROWS (8 * 1024 * 1024)

static guint64
count_rows (const GPtrArray *batches, const guint8 *chosen)
{
  guint64 n = 0;
  for (guint i = 0; i < batches->len && n < ROOM_ROWS; i++) {
    const FeeBatch *batch = g_ptr_array_index (batches, i);
    n += chosen[i] ? MIN (batch->n_new, batch->size / 2) : 0;
  }
  return MIN (n, ROOM_ROWS);
}

gboolean
fee_book_load_kind (FeeBook *book, const GPtrArray *batches, const FeeLoad *load, FeeKindId kind, FeeRecords *records, GError **error)
{
  g_autoptr (FeeTable) table = fee_table_new (kind, records->ids);
  g_autofree guint8 *chosen = fee_choose_batches (batches, load, kind);
  g_autoptr (FeeBillFinder) finder = fee_bill_finder_new (book);
  FeeTableReading reading = { .table = table, .decimals = fee_records_decimals (records), .only_known = load->fields != FEE_FIELDS_ALL,
                              .finder = finder };
  gboolean merge = FALSE;
  if (load->fields == FEE_FIELDS_RUN && kind == FEE_KIND_UNITS)
    fee_table_want (table, want_named (records->policies, table));
  else if (load->fields != FEE_FIELDS_ALL)
    fee_table_want (table, fields_of_run (kind));
  if (kind == FEE_KIND_UNITS || kind == FEE_KIND_PARTIES) /* each row brings an id */
    fee_strings_reserve (records->ids, count_rows (batches, chosen));
  for (guint i = 0; i < batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (batches, i);
    if (!chosen[i])
      continue;
    reading.retracted_by = fee_batch_stands (batch, load->as_of) ? 0 : batch->retracted_by;
    if (!fee_book_read_table (book, batch, &reading, error))
      return FALSE;
    merge = merge || reading.retracted_by != 0 || batch->n_new < batch->n_rows;
  }
  if (merge) /* no batch brings a known key: nothing to merge */
    fee_table_merge (table, table->segments->len, NULL, NULL);
  records->tables[kind] = g_steal_pointer (&table);
  return TRUE;
}

/* ---- Policies */

static gboolean
append_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

static gboolean
read_policy (FeeBook *book, const FeeBatch *batch, FeePolicy **out, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  if (!fee_book_read_file (book, batch->number, append_bytes, bytes, error)) {
    g_prefix_error (error, _("batch %u (%s): "), batch->number, batch->file);
    return FALSE;
  }
  return fee_policy_read (batch->file, (const char *) bytes->data, bytes->len, out, error);
}

/* Read once for a book that is open: its checks would be a third of all that a small import does. */
static gboolean
load_policies (FeeBook *book, const GPtrArray *batches, guint32 as_of, FeeRecords *records, GError **error)
{
  for (guint i = 0; i < batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (batches, i);
    if (batch->kind != FEE_KIND_POLICY || !fee_batch_stands (batch, as_of))
      continue;
    FeePolicy *policy = g_hash_table_lookup (book->policies, GUINT_TO_POINTER (batch->number));
    if (policy == NULL) {
      if (!read_policy (book, batch, &policy, error))
        return FALSE;
      g_hash_table_insert (book->policies, GUINT_TO_POINTER (batch->number), policy);
    }
    g_ptr_array_add (records->policies, fee_policy_ref (policy));
  }
  return records->policies->len > 0 || fee_book_damaged (book, _("it has no policy"), error);
}

gboolean
fee_book_load (FeeBook *book, const GPtrArray *batches, const FeeLoad *load, FeeRecords **out, GError **error)
{
  g_autoptr (FeeRecords) records = fee_records_new ();
  if (!load_policies (book, batches, load->as_of, records, error))
    return FALSE;
  for (guint kind = FEE_KIND_UNITS; kind < FEE_N_KINDS; kind++)
    if ((load->kinds >> kind & 1) != 0 && !fee_book_load_kind (book, batches, load, (FeeKindId) kind, records, error))
      return FALSE;
  *out = g_steal_pointer (&records);
  return TRUE;
}
