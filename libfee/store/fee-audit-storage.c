/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-audit-private.h"
#include "../base/fee-hash.h"

/* Where SQLite finds the file itself damaged, no row of it can be relied on. */
static gboolean
check_file (FeeAuditing *auditing, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  gboolean whole = TRUE;
  if (!fee_book_prepare (auditing->book, "PRAGMA integrity_check (20)", &statement, error))
    return FALSE;
  while (fee_book_step (auditing->book, statement, &problem)) {
    g_autofree char *said = fee_statement_text (statement, 0);
    if (strcmp (said, "ok") == 0)
      continue;
    fee_audit_find (auditing, "file", "%s", said);
    whole = FALSE;
  }
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  return whole || fee_book_damaged (auditing->book, _("SQLite finds its file damaged"), error);
}

static gboolean
check_references (FeeAuditing *auditing, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (auditing->book, "PRAGMA foreign_key_check", &statement, error))
    return FALSE;
  while (fee_book_step (auditing->book, statement, &problem)) {
    g_autofree char *table = fee_statement_text (statement, 0);
    g_autofree char *other = fee_statement_text (statement, 2);
    g_autofree char *place = g_strdup_printf ("table %s", table);
    fee_audit_find (auditing, place, _("row %ld names a %s that is not there"), (glong) sqlite3_column_int64 (statement, 1), other);
  }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

/* ---- The tables */

static gint
find_table (const char *name)
{
  for (gint i = 0; i < FEE_N_SCHEMA_TABLES; i++)
    if (strcmp (fee_schema[i].name, name) == 0)
      return i;
  return -1;
}

/* seen: by table, whether it is there as it should be. */
static void
check_object (FeeAuditing *auditing, FeeStatement *row, gboolean *seen)
{
  g_autofree char *type = fee_statement_text (row, 0);
  g_autofree char *name = fee_statement_text (row, 1);
  g_autofree char *sql = fee_statement_text (row, 3);
  g_autofree char *of_table = fee_statement_text (row, 2);
  g_autofree char *place = g_strdup_printf ("%s %s", type, name);
  gint n = strcmp (type, "table") == 0 ? find_table (name) : -1;
  /* SQLite's own for a primary key of two columns */
  gboolean automatic = strcmp (type, "index") == 0 && *sql == '\0' && find_table (of_table) >= 0;
  if (n < 0 && !automatic)
    fee_audit_find (auditing, place, _("is not of a book"));
  if (n < 0)
    return;
  seen[n] = strcmp (sql, fee_schema[n].sql) == 0;
  if (!seen[n])
    fee_audit_find (auditing, place, _("is made by \"%s\", not by \"%s\""), sql, fee_schema[n].sql);
}

static gboolean
check_tables (FeeAuditing *auditing, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  gboolean seen[FEE_N_SCHEMA_TABLES] = { FALSE }, whole = TRUE;
  if (!fee_book_prepare (auditing->book, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid", &statement, error))
    return FALSE;
  while (fee_book_step (auditing->book, statement, &problem))
    check_object (auditing, statement, seen);
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  for (guint i = 0; i < FEE_N_SCHEMA_TABLES; i++) {
    g_autofree char *place = g_strdup_printf ("table %s", fee_schema[i].name);
    if (!seen[i])
      fee_audit_find (auditing, place, _("is not there as it was made"));
    whole = whole && seen[i];
  }
  return whole || fee_book_damaged (auditing->book, _("its tables are not those of a book"), error);
}

gboolean
fee_audit_storage (FeeAuditing *auditing, GError **error)
{
  gint64 version;
  if (!check_file (auditing, error) || !fee_book_number (auditing->book, "PRAGMA user_version", &version, error)
      || !check_tables (auditing, error) || !check_references (auditing, error))
    return FALSE;
  fee_audit_number (auditing, "file", "user_version", version, FEE_SCHEMA_VERSION);
  return TRUE;
}

/* ---- The seal */

static gboolean
read_seals (FeeAuditing *auditing, GPtrArray *seals, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (auditing->book, "SELECT entry, seal FROM entry ORDER BY entry", &statement, error))
    return FALSE;
  while (fee_book_step (auditing->book, statement, &problem)) {
    FeeRowReader row = { statement, NULL };
    guint next = seals->len + 1;
    fee_row_number (&row, 0, next, next);
    g_ptr_array_add (seals, fee_row_text (&row, 1));
    if (row.fault != NULL) {
      g_autofree char *what = g_strdup_printf (_("its list of seals: entry %u, column %s"), next, row.fault);
      return fee_book_damaged (auditing->book, what, error);
    }
  }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

typedef struct {
  FeeAuditing *auditing;
  const GPtrArray *seals;
  guint n, n_batches, n_withdrawals; /* records so far */
} Chain;

/* Each link is made from the one before as the book has it, so that a record that was changed is named, and not all after it. */
static void
check_link (Chain *chain, const char *place, char *record)
{
  g_autofree char *zeros = g_strnfill (64, '0');
  g_autofree char *text = record;
  guint n = chain->n++;
  char seal[FEE_HASH_HEX];
  if (n >= chain->seals->len) {
    fee_audit_find (chain->auditing, place, _("has no seal: the book has %u entries"), chain->seals->len);
    return;
  }
  g_autoptr (FeeHash) hash = fee_hash_new ();
  fee_hash_text (hash, n == 0 ? zeros : g_ptr_array_index (chain->seals, n - 1));
  fee_hash_text (hash, text);
  fee_hash_finish (hash, seal);
  if (strcmp (seal, g_ptr_array_index (chain->seals, n)) != 0)
    fee_audit_find (chain->auditing, place, _("is not as it was sealed: the seal of entry %u is %s, not %s"), n + 1,
                    (const char *) g_ptr_array_index (chain->seals, n), seal);
}

/* The batches up to that one which are not done yet. */
static void
link_batches (Chain *chain, guint32 until)
{
  const GPtrArray *batches = chain->auditing->batches;
  for (; chain->n_batches < MIN (until, batches->len); chain->n_batches++) {
    g_autofree char *place = g_strdup_printf ("batch %u", chain->n_batches + 1);
    check_link (chain, place, fee_batch_record (g_ptr_array_index (batches, chain->n_batches)));
  }
}

/* The withdrawals between that run and the next. */
static void
link_withdrawals (Chain *chain, guint32 run)
{
  const GPtrArray *withdrawals = chain->auditing->withdrawals;
  for (; chain->n_withdrawals < withdrawals->len; chain->n_withdrawals++) {
    const FeeWithdrawal *withdrawal = g_ptr_array_index (withdrawals, chain->n_withdrawals);
    if (withdrawal->last_run != run)
      return;
    g_autofree char *place = g_strdup_printf ("withdrawal %u", withdrawal->number);
    link_batches (chain, withdrawal->last_batch);
    check_link (chain, place, fee_withdrawal_record (withdrawal));
  }
}

/* In the order in which they came: a run or withdrawal comes after the last batch that was there, a withdrawal after the last run. */
static void
check_links (Chain *chain)
{
  const GPtrArray *runs = chain->auditing->runs;
  for (guint i = 0; i < runs->len; i++) {
    const FeeRunHead *head = g_ptr_array_index (runs, i);
    g_autofree char *place = g_strdup_printf ("run %u", i + 1);
    link_batches (chain, head->last_batch);
    check_link (chain, place, fee_run_head_record (head));
    link_withdrawals (chain, head->number);
  }
  link_batches (chain, G_MAXUINT32);
}

static void
check_printed_seal (FeeAuditing *auditing, const GPtrArray *seals, const FeeChainLink *seal)
{
  g_autofree char *zeros = g_strnfill (64, '0');
  g_autofree char *place = g_strdup_printf ("entry %u", seal->number);
  if (seal->number > seals->len)
    fee_audit_find (auditing, place, _("is missing: the book has %u entries, so its tail was cut off"), seals->len);
  else
    fee_audit_text (auditing, place, "seal", seal->number == 0 ? zeros : g_ptr_array_index (seals, seal->number - 1), seal->hex);
}

gboolean
fee_audit_seal (FeeAuditing *auditing, const FeeChainLink *seal, GError **error)
{
  g_autoptr (GPtrArray) seals = g_ptr_array_new_with_free_func (g_free);
  if (!read_seals (auditing, seals, error))
    return FALSE;
  Chain chain = { auditing, seals, 0, 0, 0 };
  check_links (&chain);
  for (guint n = chain.n; n < seals->len; n++) {
    g_autofree char *place = g_strdup_printf ("entry %u", n + 1);
    fee_audit_find (auditing, place, _("is of no batch, run or withdrawal"));
  }
  if (seal != NULL)
    check_printed_seal (auditing, seals, seal);
  return TRUE;
}
