/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-hash.h"
#include "../input/fee-policy-file.h"
#include "fee-audit-private.h"
#include "fee-import-private.h"
#include "fee-load-private.h"

static char *
place_of (const FeeBatch *batch)
{
  return g_strdup_printf ("batch %u", batch->number);
}

/* ---- Bytes */

typedef struct {
  FeeHash *hash;
  GByteArray *bytes; /* of a policy; NULL for others, which may be large */
  guint64 size;
} Taken;

static gboolean
take_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  (void) error;
  Taken *taken = data;
  fee_hash_bytes (taken->hash, bytes, length);
  taken->size += length;
  if (taken->bytes != NULL)
    g_byte_array_append (taken->bytes, bytes, (guint) length);
  return TRUE;
}

/* Pieces are numbered from 0; a retraction has none. */
static void
check_pieces (FeeAuditing *auditing, const FeeBatch *batch, const char *place)
{
  g_autoptr (FeeStatement) statement = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n = 0;
  gboolean ok = fee_book_prepare (auditing->book, "SELECT piece FROM piece WHERE batch = ? ORDER BY piece", &statement, &error);
  if (ok)
    sqlite3_bind_int64 (statement, 1, batch->number);
  for (; ok && fee_book_step (auditing->book, statement, &error); n++)
    ok = fee_audit_number (auditing, place, "piece", sqlite3_column_int64 (statement, 0), n);
  if (ok && error == NULL && batch->retracts != 0)
    fee_audit_number (auditing, place, "pieces", n, 0);
  if (error != NULL)
    fee_audit_fault (auditing, place, g_steal_pointer (&error));
}

/* policy: NULL for another kind. FALSE where there are no bytes to go on with. */
static gboolean
check_bytes (FeeAuditing *auditing, const FeeBatch *batch, const char *place, GByteArray *policy)
{
  g_autoptr (FeeHash) hash = fee_hash_new ();
  Taken taken = { hash, policy, 0 };
  GError *error = NULL;
  char sha256[FEE_HASH_HEX];
  if (!fee_book_read_file (auditing->book, batch->number, take_bytes, &taken, &error)) {
    fee_audit_fault (auditing, place, error);
    return FALSE;
  }
  fee_audit_number (auditing, place, "size", (gint64) batch->size, (gint64) taken.size);
  fee_audit_text (auditing, place, "sha256", batch->sha256, fee_hash_finish (hash, sha256));
  return TRUE;
}

void
fee_audit_disclosures (FeeAuditing *auditing)
{
  for (guint i = 0; i < auditing->disclosures->len; i++) {
    const FeeDisclosureHead *head = g_ptr_array_index (auditing->disclosures, i);
    g_autofree char *place = g_strdup_printf ("disclosure %u", head->number);
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    GError *error = NULL;
    char sha256[FEE_HASH_HEX];
    if (!fee_book_read_document (auditing->book, head->number, bytes, &error)) {
      fee_audit_fault (auditing, place, error);
      continue;
    }
    fee_audit_number (auditing, place, "size", (gint64) head->size, bytes->len);
    fee_audit_text (auditing, place, "sha256", head->sha256, fee_hash_of (bytes->data, bytes->len, sha256));
  }
}

/* ---- What a batch says of its file */

static void
compare_days (FeeAuditing *auditing, const char *place, const char *column, FeeDate is, FeeDate expected)
{
  char shown[FEE_DATE_SIZE], wanted[FEE_DATE_SIZE];
  fee_date_format (is, shown);
  fee_date_format (expected, wanted);
  if (is != expected && strcmp (shown, wanted) != 0)
    fee_audit_text (auditing, place, column, shown, wanted);
  else
    fee_audit_number (auditing, place, column, is, expected);
}

static void
compare_batch (FeeAuditing *auditing, const FeeBatch *batch, const FeeBatch *expected)
{
  g_autofree char *place = place_of (batch);
  fee_audit_number (auditing, place, "n_rows", (gint64) batch->n_rows, (gint64) expected->n_rows);
  fee_audit_number (auditing, place, "n_new", (gint64) batch->n_new, (gint64) expected->n_new);
  fee_audit_number (auditing, place, "n_changed", (gint64) batch->n_changed, (gint64) expected->n_changed);
  fee_audit_text (auditing, place, "amends", batch->amends, expected->amends != NULL ? expected->amends : "");
  compare_days (auditing, place, "first_day", batch->from, expected->from);
  compare_days (auditing, place, "last_day", batch->to, expected->to);
  /* for receipts the call may have said another day than the last of the file */
  if (batch->kind != FEE_KIND_RECEIPTS || batch->retracts != 0)
    compare_days (auditing, place, "through", batch->through, FEE_DATE_NONE);
}

static gboolean
check_policy (FeeAuditing *auditing, const FeeBatch *batch, const char *place, const GByteArray *bytes)
{
  g_autoptr (FeeBatch) expected = fee_batch_new ();
  FeePolicy *policy;
  GError *error = NULL;
  if (!fee_policy_read (batch->file, (const char *) bytes->data, bytes->len, &policy, &error)) {
    fee_audit_fault (auditing, place, error);
    return FALSE;
  }
  if (auditing->policies->len == 0)
    auditing->decimals = policy->decimals;
  g_ptr_array_add (auditing->policies, policy);
  expected->n_rows = expected->n_new = 1;
  expected->from = fee_period_first_day (policy->from);
  fee_audit_text (auditing, place, "reading", batch->reading, "");
  compare_batch (auditing, batch, expected);
  return TRUE;
}

/* retracted: by batch, which retraction took it back before. */
static void
check_retraction (FeeAuditing *auditing, const FeeBatch *batch, const char *place, guint32 *retracted)
{
  const FeeBatch *other = g_ptr_array_index (auditing->batches, batch->retracts - 1);
  g_autoptr (FeeBatch) expected = fee_batch_new ();
  expected->from = other->from;
  expected->to = other->to;
  fee_audit_text (auditing, place, "kind", fee_kind_get (batch->kind)->name, fee_kind_get (other->kind)->name);
  fee_audit_text (auditing, place, "file", batch->file, "");
  fee_audit_text (auditing, place, "sha256", batch->sha256, "");
  fee_audit_text (auditing, place, "reading", batch->reading, "");
  fee_audit_number (auditing, place, "size", (gint64) batch->size, 0);
  compare_batch (auditing, batch, expected);
  if (other->retracts != 0 || other->number == 1)
    fee_audit_find (auditing, place, _("retracts batch %u, which can't be retracted"), other->number);
  if (retracted[other->number] != 0)
    fee_audit_find (auditing, place, _("retracts batch %u, which batch %u retracted"), other->number, retracted[other->number]);
  retracted[other->number] = batch->number;
}

/* ---- Rows */

/* By batch, what its rows come to. */
typedef struct {
  FeeAuditing *auditing;
  FeeCounting *counting; /* by batch; of no other kind than the table's */
  guint8 *brings;        /* by row: it was new, or changed something */
} Recount;

static void
count_row (const FeeTable *table, guint32 row, FeeMerge merge, guint32 before, gpointer data)
{
  Recount *recount = data;
  guint32 batch = fee_table_segment_of (table, row)->batch;
  fee_counting_row (&recount->counting[batch - 1], table, row, merge, before);
  recount->brings[row] = merge == FEE_MERGE_NEW || merge == FEE_MERGE_CHANGED;
  if (merge != FEE_MERGE_TWICE)
    return;
  g_autofree char *place = g_strdup_printf ("batch %u", batch);
  g_autofree char *key = fee_table_show_key (table, row);
  fee_audit_find (recount->auditing, place, _("%s is in the file twice"), key);
}

/* FeeReachFunc */
static void
count_reach (guint32 later, guint32 earlier, gboolean ends, gpointer data)
{
  fee_counting_meet (&((Recount *) data)->counting[later - 1], earlier, ends);
}

/* A batch may be of a program that knew nothing of rows that end others. */
static void
compare_count (FeeAuditing *auditing, const FeeBatch *batch, FeeCounting *counting)
{
  fee_counting_finish (counting, TRUE);
  if (g_strcmp0 (batch->amends, counting->batch->amends) != 0 || batch->to != counting->batch->to)
    fee_counting_finish (counting, FALSE);
  compare_batch (auditing, batch, counting->batch);
  fee_batch_free (counting->batch);
  fee_counting_clear (counting);
}

static void
compare_counts (FeeAuditing *auditing, const FeeTable *table)
{
  g_autofree FeeCounting *counting = g_new0 (FeeCounting, auditing->batches->len);
  g_autofree guint8 *brings = g_new0 (guint8, (gsize) table->n_rows + 1);
  Recount recount = { auditing, counting, brings };
  for (guint i = 0; i < table->segments->len; i++) {
    guint32 batch = g_array_index (table->segments, FeeSegment, i).batch;
    fee_counting_init (&counting[batch - 1], fee_batch_new (), table->kind);
  }
  fee_table_merge ((FeeTable *) table, 0, count_row, &recount);
  fee_counting_reach (table, brings, count_reach, &recount);
  for (guint i = 0; i < auditing->batches->len; i++)
    if (counting[i].batch != NULL)
      compare_count (auditing, g_ptr_array_index (auditing->batches, i), &counting[i]);
}

static void
keep_name (FeeAuditing *auditing, const FeeTable *table, guint32 row)
{
  g_autofree char *cost = NULL;
  switch (table->kind->id) {
  case FEE_KIND_UNITS:
    fee_strings_intern_text (auditing->units, fee_table_text (table, FEE_UNITS_UNIT, row));
    break;
  case FEE_KIND_PARTIES:
    fee_strings_intern_text (auditing->parties, fee_strings_get (table->ids, fee_party_of_row (table, row)));
    break;
  case FEE_KIND_ASSETS:
    fee_strings_intern_text (auditing->assets, fee_table_text (table, FEE_ASSETS_ASSET, row));
    break;
  case FEE_KIND_COSTS:
    cost = g_strdup_printf ("%s\n%s", fee_table_text (table, FEE_COSTS_DOC, row), fee_table_text (table, FEE_COSTS_LINE, row));
    fee_strings_intern_text (auditing->costs, cost);
    break;
  default:
    break;
  }
}

/* All files of a kind, the retracted too, as one table: each row then meets what was there when it came. */
static void
check_kind (FeeAuditing *auditing, FeeKindId kind)
{
  g_autoptr (FeeStrings) ids = fee_strings_new ();
  g_autoptr (FeeTable) table = fee_table_new (kind, ids);
  for (guint i = 0; i < auditing->batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (auditing->batches, i);
    g_autofree char *place = place_of (batch);
    GError *error = NULL;
    if (batch->kind != kind || batch->retracts != 0)
      continue;
    FeeTableReading reading = { .table = table, .retracted_by = batch->retracted_by, .decimals = auditing->decimals,
                                .finder = auditing->finder };
    if (!fee_book_read_table (auditing->book, batch, &reading, &error)) {
      auditing->readable = FALSE;
      fee_audit_fault (auditing, place, error);
    }
  }
  if (auditing->readable)
    compare_counts (auditing, table);
  for (guint32 row = 0; row < table->n_rows; row++) /* whatever became of it */
    keep_name (auditing, table, row);
}

static gboolean
check_file (FeeAuditing *auditing, const FeeBatch *batch, const char *place)
{
  if (batch->kind != FEE_KIND_POLICY)
    return check_bytes (auditing, batch, place, NULL);
  g_autoptr (GByteArray) policy = g_byte_array_new ();
  return check_bytes (auditing, batch, place, policy) && check_policy (auditing, batch, place, policy);
}

void
fee_audit_files (FeeAuditing *auditing)
{
  g_autofree guint32 *retracted = g_new0 (guint32, auditing->batches->len + 1);
  for (guint i = 0; i < auditing->batches->len; i++) {
    const FeeBatch *batch = g_ptr_array_index (auditing->batches, i);
    g_autofree char *place = place_of (batch);
    check_pieces (auditing, batch, place);
    if (batch->retracts != 0)
      check_retraction (auditing, batch, place, retracted);
    else if (!check_file (auditing, batch, place))
      auditing->readable = FALSE;
  }
  for (guint kind = FEE_KIND_UNITS; kind < FEE_N_KINDS && auditing->readable; kind++)
    check_kind (auditing, (FeeKindId) kind);
}
