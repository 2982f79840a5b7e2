/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "../base/fee-order.h"
#include "fee-accounts-private.h"
#include "fee-cursor-private.h"
#include "fee-load-private.h"
#include "fee-sorter-private.h"

#define KIND(kind) (1u << (kind))
#define BIT(field) (1u << (field))

typedef struct {
  FeeText unit;
  guint32 n; /* entries from it on to the next place */
} Place;

typedef struct {
  FeeBook *book;
  GPtrArray *batches, *runs;
  FeeAccounts *accounts;
  FeeStretchOptions options;
  FeeSorter *sorter;  /* receipts and adjustments */
  GPtrArray *cursors; /* by run */
  FeeStrings *names;
  GArray *places;     /* of Place: where a stretch may begin */
  GByteArray *packed; /* the entry at work */
  GError *problem;    /* of reading owners */
} Stretches;

static void
stretches_clear (Stretches *stretches)
{
  g_clear_pointer (&stretches->cursors, g_ptr_array_unref); /* before the book's transaction ends */
  g_clear_pointer (&stretches->batches, g_ptr_array_unref);
  g_clear_pointer (&stretches->runs, g_ptr_array_unref);
  fee_accounts_free (stretches->accounts);
  fee_sorter_free (stretches->sorter);
  fee_strings_free (stretches->names);
  g_array_unref (stretches->places);
  g_byte_array_unref (stretches->packed);
  g_clear_error (&stretches->problem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stretches, stretches_clear)

/* ---- Receipts and adjustments, packed */

enum { KIND_OF_ENTRY = 7, HAS_PARTY = 8, HAS_BILL = 16, HAS_REVERSES = 32, HAS_DUE = 64 };

static gboolean
pack_row (const FeeTable *table, guint32 row, gpointer data, GError **error)
{
  Stretches *stretches = data;
  FeeEntry entry = fee_entry_of_row (table, row);
  GByteArray *out = stretches->packed;
  g_byte_array_set_size (out, 0);
  fee_pack_unsigned (out, (guint64) entry.kind | (entry.party != FEE_TEXT_EMPTY ? HAS_PARTY : 0) | (entry.bill != FEE_TEXT_EMPTY ? HAS_BILL : 0)
                            | (entry.reverses != FEE_TEXT_EMPTY ? HAS_REVERSES : 0) | (entry.due != FEE_DATE_NONE ? HAS_DUE : 0));
  fee_pack_signed (out, entry.date);
  fee_pack_signed (out, entry.amount);
  fee_pack_text (out, fee_strings_get (table->ids, entry.number));
  if (entry.party != FEE_TEXT_EMPTY)
    fee_pack_text (out, fee_strings_get (table->ids, entry.party));
  if (entry.bill != FEE_TEXT_EMPTY)
    fee_pack_text (out, fee_strings_get (table->ids, entry.bill));
  if (entry.reverses != FEE_TEXT_EMPTY)
    fee_pack_text (out, fee_strings_get (table->ids, entry.reverses));
  if (entry.due != FEE_DATE_NONE)
    fee_pack_signed (out, entry.due);
  return fee_sorter_add (stretches->sorter, fee_strings_get (table->ids, entry.unit), out, error);
}

static FeeText
unpack_text (FeeUnpacker *in, FeeStrings *ids)
{
  gsize length;
  const guint8 *text = fee_unpack_bytes (in, &length);
  return fee_strings_intern (ids, (const char *) text, length);
}

static gboolean
unpack_entry (const char *unit, gsize unit_length, const guint8 *bytes, gsize length, gpointer data)
{
  Stretches *stretches = data;
  FeeStrings *ids = stretches->accounts->records->ids;
  FeeUnpacker in = fee_unpacker (bytes, length);
  guint64 flags = fee_unpack_unsigned (&in);
  FeeEntry entry = { .kind = (FeeEntryKind) (flags & KIND_OF_ENTRY), .unit = fee_strings_intern (ids, unit, unit_length) };
  entry.date = (FeeDate) fee_unpack_signed (&in);
  entry.amount = fee_unpack_signed (&in);
  entry.number = unpack_text (&in, ids);
  entry.party = flags & HAS_PARTY ? unpack_text (&in, ids) : FEE_TEXT_EMPTY;
  entry.bill = flags & HAS_BILL ? unpack_text (&in, ids) : FEE_TEXT_EMPTY;
  entry.reverses = flags & HAS_REVERSES ? unpack_text (&in, ids) : FEE_TEXT_EMPTY;
  entry.due = flags & HAS_DUE ? (FeeDate) fee_unpack_signed (&in) : FEE_DATE_NONE;
  g_array_append_val (stretches->accounts->entries, entry);
  return !in.damaged;
}

static gboolean
sort_rows (Stretches *stretches, GError **error)
{
  gint decimals = fee_records_decimals (stretches->accounts->records);
  FeeStandingRows rows[] = {
    { stretches->book, stretches->batches, FEE_KIND_ADJUSTMENTS, ~(BIT (FEE_ADJUSTMENTS_REASON) | BIT (FEE_ADJUSTMENTS_APPROVED_BY)), decimals },
    { stretches->book, stretches->batches, FEE_KIND_RECEIPTS, ~(BIT (FEE_RECEIPTS_METHOD) | BIT (FEE_RECEIPTS_MEMO)), decimals },
  };
  stretches->sorter = fee_sorter_new (stretches->options.sorted_bytes);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (!fee_book_each_standing (&rows[i], pack_row, stretches, error))
      return FALSE;
  return fee_sorter_finish (stretches->sorter, error);
}

/* ---- Where stretches begin */

static void
add_place (const char *first_unit, guint32 n, gpointer data)
{
  Stretches *stretches = data;
  Place place = { fee_strings_append (stretches->names, first_unit, strlen (first_unit)), n };
  g_array_append_val (stretches->places, place);
}

static gint
compare_places (gconstpointer a, gconstpointer b, gpointer data)
{
  const Place *x = a, *y = b;
  return strcmp (fee_strings_get (data, x->unit), fee_strings_get (data, y->unit));
}

static gboolean
find_places (Stretches *stretches, GError **error)
{
  g_autoptr (FeeStatement) pages = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (stretches->book, "SELECT first_unit, n_bills FROM page WHERE run NOT IN (SELECT run FROM withdrawal)", &pages, error))
    return FALSE;
  while (fee_book_step (stretches->book, pages, &problem)) {
    g_autofree char *unit = fee_statement_text (pages, 0);
    add_place (unit, (guint32) sqlite3_column_int64 (pages, 1), stretches);
  }
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  fee_sorter_stretches (stretches->sorter, add_place, stretches);
  g_array_sort_with_data (stretches->places, compare_places, stretches->names);
  return TRUE;
}

/* NULL after the last. */
static const char *
nth_place (const Stretches *stretches, guint n)
{
  return n < stretches->places->len ? fee_strings_get (stretches->names, g_array_index (stretches->places, Place, n).unit) : NULL;
}

/* The place at which the stretch ends that begins with that one; none: places->len. */
static guint
end_of_stretch (const Stretches *stretches, guint from)
{
  guint64 n = 0;
  guint at = from;
  while (at < stretches->places->len
         && (n < stretches->options.entries || strcmp (nth_place (stretches, at), nth_place (stretches, from)) == 0))
    n += g_array_index (stretches->places, Place, at++).n;
  return at;
}

/* ---- Units and parties */

static gboolean
load_register (Stretches *stretches, FeeLoadFields fields, GError **error)
{
  guint kinds = KIND (FEE_KIND_UNITS) | KIND (FEE_KIND_PARTIES) | stretches->options.kinds;
  FeeRecords *records = stretches->accounts->records;
  FeeLoad load = { .as_of = G_MAXUINT32, .from = FEE_DATE_NONE, .to = FEE_DATE_FOREVER };
  for (FeeKindId kind = 0; kind < FEE_N_KINDS; kind++) {
    load.fields = kind == FEE_KIND_UNITS ? FEE_FIELDS_REFERENCE : fields;
    if ((kinds & KIND (kind)) != 0 && !fee_book_load_kind (stretches->book, stretches->batches, &load, kind, records, error))
      return FALSE;
  }
  fee_records_index (records, NULL, NULL);
  fee_strings_keep (records->ids);
  return TRUE;
}

/* FeeOwnerFunc. Reading may fail, which it cannot say itself: the stretch ends with the problem. */
static FeeText
owner_on (FeeText unit, FeeDate day, gconstpointer data)
{
  Stretches *stretches = (Stretches *) data;
  FeeRecords *records = stretches->accounts->records;
  if (records->tenures == NULL && (stretches->problem != NULL || !load_register (stretches, FEE_FIELDS_REFERENCE, &stretches->problem)))
    return FEE_TEXT_EMPTY;
  return fee_records_owner_on (records, unit, day);
}

/* ---- The whole */

static gboolean
begin (Stretches *stretches, FeeBook *book, const FeeStretchOptions *options, GError **error)
{
  FeeLoad load = { .as_of = G_MAXUINT32 };
  *stretches = (Stretches) { .book = book, .accounts = g_new0 (FeeAccounts, 1), .options = *options, .names = fee_strings_new () };
  stretches->places = g_array_new (FALSE, FALSE, sizeof (Place));
  stretches->packed = g_byte_array_new ();
  stretches->cursors = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_bill_cursor_free);
  stretches->accounts->entries = g_array_new (FALSE, FALSE, sizeof (FeeEntry));
  stretches->accounts->memos = fee_strings_new ();
  if (!fee_book_batches (book, &stretches->batches, error) || !fee_book_runs (book, &stretches->runs, error)
      || !fee_book_load (book, stretches->batches, &load, &stretches->accounts->records, error))
    return FALSE;
  fee_accounts_find_through (stretches->accounts, stretches->batches);
  if (options->fields != FEE_FIELDS_NONE && !load_register (stretches, options->fields, error))
    return FALSE;
  for (guint i = 0; i < stretches->runs->len; i++) {
    FeeBillCursor *cursor;
    if (!fee_bill_cursor_new (book, ((const FeeRunHead *) g_ptr_array_index (stretches->runs, i))->number, &cursor, error))
      return FALSE;
    g_ptr_array_add (stretches->cursors, cursor);
  }
  return sort_rows (stretches, error) && find_places (stretches, error);
}

static gboolean
fill (Stretches *stretches, const FeeStretch *stretch, GError **error)
{
  FeeAccounts *accounts = stretches->accounts;
  fee_strings_rewind (accounts->records->ids);
  g_array_set_size (accounts->entries, 0);
  for (guint i = 0; i < stretches->cursors->len; i++) {
    FeeRunBills bills = { accounts, g_ptr_array_index (stretches->runs, i), NULL };
    if (!fee_bill_cursor_read (g_ptr_array_index (stretches->cursors, i), stretch, fee_accounts_add_bill, &bills, error))
      return FALSE;
  }
  return fee_sorter_read (stretches->sorter, stretch->before, unpack_entry, stretches, error);
}

static gboolean
show (Stretches *stretches, FeeAccountsFunc func, gpointer data, GError **error)
{
  FeeAccounts *accounts = stretches->accounts;
  accounts->input = (FeeLedgerInput) { accounts->records->ids, (const FeeEntry *) (void *) accounts->entries->data, accounts->entries->len,
                                       owner_on, stretches };
  if (!func (accounts, data, error))
    return FALSE;
  if (stretches->problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&stretches->problem));
  return FALSE;
}

gboolean
fee_book_each_stretch (FeeBook *book, const FeeStretchOptions *options, FeeAccountsFunc func, gpointer data, GError **error)
{
  g_auto (Stretches) stretches;
  if (!begin (&stretches, book, options, error))
    return FALSE;
  FeeStretch stretch = { .before = "" };
  for (guint end = 0; stretch.before != NULL;) {
    end = end_of_stretch (&stretches, end);
    stretches.accounts->from = stretch.from = stretch.before;
    stretches.accounts->before = stretch.before = nth_place (&stretches, end);
    if (!fill (&stretches, &stretch, error) || !show (&stretches, func, data, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
fee_book_each_accounts (FeeBook *book, FeeLoadFields fields, FeeAccountsFunc func, gpointer data, GError **error)
{
  FeeStretchOptions options = { fields, FEE_STRETCH_ENTRIES, FEE_SORTED_BYTES, 0 };
  return fee_book_each_stretch (book, &options, func, data, error);
}
