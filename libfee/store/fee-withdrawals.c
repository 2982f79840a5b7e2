/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "fee-book-private.h"

static void
withdrawal_free (gpointer data)
{
  FeeWithdrawal *withdrawal = data;
  g_free (withdrawal->reason);
  g_free (withdrawal->made_at);
  g_free (withdrawal->made_by);
  g_free (withdrawal);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeWithdrawal, withdrawal_free)

char *
fee_withdrawal_record (const FeeWithdrawal *withdrawal)
{
  return g_strdup_printf ("withdrawal\n%u\n%u\n%u\n%u\n%s\n%s\n%s", withdrawal->number, withdrawal->run, withdrawal->last_run,
                          withdrawal->last_batch, withdrawal->reason, withdrawal->made_at, withdrawal->made_by);
}

/* A run is taken back once, and the records come in the order of last_run. */
static gboolean
read_withdrawal (FeeBook *book, FeeStatement *statement, const GPtrArray *runs, GPtrArray *out, GError **error)
{
  g_autoptr (FeeWithdrawal) withdrawal = g_new0 (FeeWithdrawal, 1);
  FeeRowReader row = { statement, NULL };
  guint32 next = out->len + 1;
  guint32 least = out->len == 0 ? 1 : ((const FeeWithdrawal *) g_ptr_array_index (out, out->len - 1))->last_run;
  withdrawal->number = (guint32) fee_row_number (&row, 0, next, next);
  withdrawal->last_run = (guint32) fee_row_number (&row, 2, least, runs->len);
  withdrawal->run = (guint32) fee_row_number (&row, 1, 1, withdrawal->last_run);
  withdrawal->last_batch = (guint32) fee_row_number (&row, 3, 1, G_MAXUINT32);
  withdrawal->reason = fee_row_text (&row, 4);
  withdrawal->made_at = fee_row_text (&row, 5);
  withdrawal->made_by = fee_row_text (&row, 6);
  FeeRunHead *head = row.fault == NULL ? g_ptr_array_index (runs, withdrawal->run - 1) : NULL;
  if (head != NULL && head->withdrawn_after != 0)
    row.fault = "run";
  if (row.fault != NULL) {
    g_autofree char *what = g_strdup_printf (_("its list of withdrawals: withdrawal %u, column %s"), next, row.fault);
    return fee_book_damaged (book, what, error);
  }
  head->withdrawn_after = withdrawal->last_run;
  g_ptr_array_add (out, g_steal_pointer (&withdrawal));
  return TRUE;
}

gboolean
fee_book_read_withdrawals (FeeBook *book, const GPtrArray *runs, GPtrArray **out, GError **error)
{
  g_autoptr (GPtrArray) withdrawals = g_ptr_array_new_with_free_func (withdrawal_free);
  g_autoptr (FeeStatement) statement = NULL;
  GError *problem = NULL;
  if (!fee_book_prepare (book, "SELECT withdrawal, run, last_run, last_batch, reason, made_at, made_by FROM withdrawal ORDER BY withdrawal",
                         &statement, error))
    return FALSE;
  while (fee_book_step (book, statement, &problem))
    if (!read_withdrawal (book, statement, runs, withdrawals, error))
      return FALSE;
  if (problem != NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  *out = g_steal_pointer (&withdrawals);
  return TRUE;
}

gboolean
fee_book_add_withdrawal (FeeBook *book, FeeWithdrawal *withdrawal, GError **error)
{
  g_autoptr (FeeStatement) statement = NULL;
  gint64 next;
  if (!fee_book_number (book, "SELECT coalesce (max (withdrawal), 0) + 1 FROM withdrawal", &next, error)
      || !fee_book_prepare (book, "INSERT INTO withdrawal VALUES (?, ?, ?, ?, ?, ?, ?)", &statement, error))
    return FALSE;
  withdrawal->number = (guint32) next;
  sqlite3_bind_int64 (statement, 1, withdrawal->number);
  sqlite3_bind_int64 (statement, 2, withdrawal->run);
  sqlite3_bind_int64 (statement, 3, withdrawal->last_run);
  sqlite3_bind_int64 (statement, 4, withdrawal->last_batch);
  sqlite3_bind_text (statement, 5, withdrawal->reason, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, withdrawal->made_at, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, withdrawal->made_by, -1, SQLITE_STATIC);
  if (!fee_book_run_once (book, statement, error))
    return FALSE;
  g_autofree char *record = fee_withdrawal_record (withdrawal);
  return fee_book_add_entry (book, record, error);
}
