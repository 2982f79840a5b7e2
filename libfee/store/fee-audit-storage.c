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

/* The tables that a book of a schema has. seen: by table, whether it is there as it should be. */
typedef struct {
  gint64 schema;
  gboolean seen[FEE_N_SCHEMA_TABLES];
} Tables;

static gint
find_table (const Tables *tables, const char *name)
{
  for (gint i = 0; i < FEE_N_SCHEMA_TABLES; i++)
    if (fee_schema[i].since <= tables->schema && strcmp (fee_schema[i].name, name) == 0)
      return i;
  return -1;
}

static void
check_object (FeeAuditing *auditing, FeeStatement *row, Tables *tables)
{
  g_autofree char *type = fee_statement_text (row, 0);
  g_autofree char *name = fee_statement_text (row, 1);
  g_autofree char *sql = fee_statement_text (row, 3);
  g_autofree char *of_table = fee_statement_text (row, 2);
  g_autofree char *place = g_strdup_printf ("%s %s", type, name);
  gint n = strcmp (type, "table") == 0 ? find_table (tables, name) : -1;
  /* SQLite's own for a primary key of two columns, or a unique one */
  gboolean automatic = strcmp (type, "index") == 0 && *sql == '\0' && find_table (tables, of_table) >= 0;
  if (n < 0 && !automatic)
    fee_audit_find (auditing, place, _("is not of a book"));
  if (n < 0)
    return;
  tables->seen[n] = strcmp (sql, fee_schema[n].sql) == 0;
  if (!tables->seen[n])
    fee_audit_find (auditing, place, _("is made by \"%s\", not by \"%s\""), sql, fee_schema[n].sql);
}

static gboolean
check_tables (FeeAuditing *auditing, gint64 schema, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  Tables tables = { .schema = schema };
  gboolean whole = TRUE;
  if (!fee_book_prepare (auditing->book, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid", &statement, error))
    return FALSE;
  while (fee_book_step (auditing->book, statement, &problem))
    check_object (auditing, statement, &tables);
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  for (guint i = 0; i < FEE_N_SCHEMA_TABLES; i++) {
    g_autofree char *place = g_strdup_printf ("table %s", fee_schema[i].name);
    if (fee_schema[i].since > schema || tables.seen[i])
      continue;
    fee_audit_find (auditing, place, _("is not there as it was made"));
    whole = FALSE;
  }
  return whole || fee_book_damaged (auditing->book, _("its tables are not those of a book"), error);
}

gboolean
fee_audit_storage (FeeAuditing *auditing, GError **error)
{
  gint64 version;
  if (!check_file (auditing, error) || !fee_book_schema (auditing->book, &version, error))
    return FALSE;
  /* an older one is as good; a newer one is not opened */
  gint64 schema = CLAMP (version, 1, FEE_SCHEMA_VERSION);
  fee_audit_number (auditing, "file", "user_version", version, schema);
  return check_tables (auditing, schema, error) && check_references (auditing, error);
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
  guint n, n_batches, n_runs, n_withdrawals, n_disclosures; /* records so far */
} Chain;

/* Each link is made from the one before as the book has it, so that a record that was changed is named, and not all after it. */
static void
check_next (Chain *chain, const char *place, char *record)
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

/* Of the run that is printed in a disclosure, whether it stood then. */
static gboolean
stood_then (const Chain *chain, const FeeChainLink *link)
{
  const GPtrArray *runs = chain->auditing->runs;
  for (guint i = 0; i < chain->n_runs; i++) {
    const FeeRunHead *run = g_ptr_array_index (runs, i);
    gboolean taken = strcmp (run->digest, link->hex) != 0 || fee_runs_place (runs, run) != link->number;
    for (guint n = 0; n < chain->n_withdrawals && !taken; n++)
      taken = ((const FeeWithdrawal *) g_ptr_array_index (chain->auditing->withdrawals, n))->run == run->number;
    if (!taken)
      return TRUE;
  }
  return FALSE;
}

/* The disclosures whose turn it is: each says which entry it is. */
static void
link_disclosures (Chain *chain)
{
  const GPtrArray *disclosures = chain->auditing->disclosures;
  for (; chain->n_disclosures < disclosures->len; chain->n_disclosures++) {
    const FeeDisclosureHead *head = g_ptr_array_index (disclosures, chain->n_disclosures);
    g_autofree char *place = g_strdup_printf ("disclosure %u", head->number);
    FeeChainLink link;
    if (head->entry != chain->n + 1)
      return;
    check_next (chain, place, fee_disclosure_record (head));
    if (!fee_chain_link_parse (head->head, &link) || !stood_then (chain, &link))
      fee_audit_find (chain->auditing, place, _("head %s is not of a run that stood then"), head->head);
  }
}

static void
check_link (Chain *chain, const char *place, char *record)
{
  link_disclosures (chain);
  check_next (chain, place, record);
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
    chain->n_runs++;
    link_withdrawals (chain, head->number);
  }
  link_batches (chain, G_MAXUINT32);
  link_disclosures (chain);
  const GPtrArray *disclosures = chain->auditing->disclosures;
  for (guint i = chain->n_disclosures; i < disclosures->len; i++) {
    g_autofree char *place = g_strdup_printf ("disclosure %u", i + 1);
    fee_audit_find (chain->auditing, place, _("entry is %u; the book has other records there"),
                    ((const FeeDisclosureHead *) g_ptr_array_index (disclosures, i))->entry);
  }
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
  Chain chain = { .auditing = auditing, .seals = seals };
  check_links (&chain);
  for (guint n = chain.n; n < seals->len; n++) {
    g_autofree char *place = g_strdup_printf ("entry %u", n + 1);
    fee_audit_find (auditing, place, _("is of no batch, run, withdrawal or disclosure"));
  }
  if (seal != NULL)
    check_printed_seal (auditing, seals, seal);
  return TRUE;
}
