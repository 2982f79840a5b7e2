/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-audit-private.h"

/* ---- The head */

static void
compare_periods (FeeAuditing *auditing, const char *place, FeePeriod is, FeePeriod expected)
{
  char shown[FEE_DATE_SIZE], wanted[FEE_DATE_SIZE];
  fee_audit_text (auditing, place, "period", fee_period_format (is, shown), fee_period_format (expected, wanted));
}

/* The batches that were there at the latest before that run: by the run before, standing or not, and its withdrawals. */
static guint32
batches_seen (const FeeAuditing *auditing, guint32 run)
{
  guint32 seen = run == 1 ? 1 : ((const FeeRunHead *) g_ptr_array_index (auditing->runs, run - 2))->last_batch;
  for (guint i = 0; i < auditing->withdrawals->len; i++) {
    const FeeWithdrawal *withdrawal = g_ptr_array_index (auditing->withdrawals, i);
    if (withdrawal->last_run < run)
      seen = MAX (seen, withdrawal->last_batch);
  }
  return seen;
}

static void
check_head (FeeAuditing *auditing, const FeeRunHead *head, const FeeRunHead *before, const char *place)
{
  const FeePolicy *first = auditing->policies->len == 0 ? NULL : g_ptr_array_index (auditing->policies, 0);
  guint32 seen = batches_seen (auditing, head->number);
  if (before != NULL)
    compare_periods (auditing, place, head->period, before->period + 1);
  else if (first != NULL)
    compare_periods (auditing, place, head->period, first->start);
  if (first != NULL)
    fee_audit_text (auditing, place, "currency", head->currency, first->currency);
  if (head->last_batch < seen || head->last_batch > auditing->batches->len)
    fee_audit_find (auditing, place, _("last_batch is %u; there were %u when it was made, and are %u now"), head->last_batch, seen,
                    auditing->batches->len);
}

/* ---- Stages and counts */

typedef struct {
  const char *column;
  void (*pack) (const FeeRun *run, GByteArray *out);
} Packed;

/* A number can be packed in more bytes than it needs: what unpacks must also pack to the same. */
static gboolean
packs_again (FeeAuditing *auditing, const FeeAuditRun *posted, const char *place, const Packed *packed)
{
  g_autoptr (GByteArray) kept = g_byte_array_new ();
  g_autoptr (GByteArray) again = g_byte_array_new ();
  GError *error = NULL;
  if (!fee_book_read_packed (auditing->book, packed->column, posted->head->number, kept, &error)) {
    fee_audit_fault (auditing, place, error);
    return FALSE;
  }
  packed->pack (posted->run, again);
  if (kept->len == again->len && (kept->len == 0 || memcmp (kept->data, again->data, kept->len) == 0))
    return TRUE;
  fee_audit_find (auditing, place, _("%s is not packed as the book packs it"), packed->column);
  return FALSE;
}

/* The numbers of pools among the rows, which stand stage by stage. */
static gboolean
find_pools (FeeAuditing *auditing, FeeAuditRun *posted, const char *place)
{
  guint end;
  for (guint i = 1; i < posted->run->rows->len; i++)
    if (fee_run_row (posted->run, i)->stage < fee_run_row (posted->run, i - 1)->stage) {
      fee_audit_find (auditing, place, _("row %u of its stages is out of order"), i + 1);
      return FALSE;
    }
  fee_run_stage (posted->run, FEE_STAGE_ACTIVITY, &posted->first, &end);
  posted->n_activities = end - posted->first;
  fee_run_pools (posted->run, &posted->first, &end);
  posted->n_pools = end - posted->first;
  posted->pools = g_new0 (FeeAuditShare, posted->n_pools + 1);
  for (guint i = 0; i < posted->n_pools; i++)
    posted->pools[i].shares = g_array_new (FALSE, FALSE, sizeof (guint32));
  return TRUE;
}

static gboolean
read_stages (FeeAuditing *auditing, FeeAuditRun *posted, const char *place)
{
  static const Packed stages = { "stages", fee_run_pack_stages }, counts = { "counts", fee_run_pack_counts };
  FeeRun *run;
  GError *error = NULL;
  if (!fee_book_read_run (auditing->book, posted->head, &run, &error)) {
    fee_audit_fault (auditing, place, error);
    return FALSE;
  }
  posted->run = run;
  if (!fee_book_read_counts (auditing->book, posted->head->number, run->strings, run->counts, &error)) {
    fee_audit_fault (auditing, place, error);
    return FALSE;
  }
  return packs_again (auditing, posted, place, &stages) && packs_again (auditing, posted, place, &counts)
         && find_pools (auditing, posted, place);
}

/* ---- The digest */

/* The counts that the run changed; both lists are by unit. */
static void
find_changed (const FeeRun *before, FeeRun *run)
{
  guint old = 0;
  for (guint i = 0; i < run->counts->len; i++) {
    const FeeOddCount *count = &g_array_index (run->counts, FeeOddCount, i), *same = NULL;
    const char *unit = fee_strings_get (run->strings, count->unit);
    for (gint order = -1; before != NULL && old < before->counts->len && order < 0; old += order <= 0) {
      const FeeOddCount *other = &g_array_index (before->counts, FeeOddCount, old);
      order = strcmp (fee_strings_get (before->strings, other->unit), unit);
      same = order == 0 ? other : NULL;
    }
    if (same == NULL || same->count != count->count)
      g_array_append_val (run->changed, *count);
  }
}

static void
check_digest (FeeAuditing *auditing, FeeAuditRun *posted, const char *place, FeeDigest *digest)
{
  char hex[65];
  find_changed (auditing->before, posted->run);
  fee_digest_finish (digest, hex);
  fee_audit_text (auditing, place, "digest", posted->head->digest, hex);
}

/* ---- A run */

static void
check_sums (FeeAuditing *auditing, const FeeAuditRun *posted, const char *place)
{
  const FeeRunHead *head = posted->head;
  __int128 recognised = 0, prior = 0;
  for (guint i = 0; i < posted->run->rows->len && fee_run_row (posted->run, i)->stage == FEE_STAGE_ACCRUE; i++) {
    const FeeStageRow *row = fee_run_row (posted->run, i);
    recognised += row->amount;
    prior += row->origin < head->period ? row->amount : 0;
  }
  fee_audit_money (auditing, place, "recognised", head->recognised, recognised);
  fee_audit_money (auditing, place, "prior", head->prior, prior);
  fee_audit_money (auditing, place, "total", head->total, posted->total);
  if (posted->total != recognised)
    fee_audit_money (auditing, place, "total", head->total, recognised);
  fee_audit_number (auditing, place, "n_bills", (gint64) head->n_bills, (gint64) posted->n_bills);
  fee_audit_number (auditing, place, "n_lines", (gint64) head->n_lines, (gint64) posted->n_lines);
}

static void
posted_clear (FeeAuditRun *posted)
{
  for (guint i = 0; posted->pools != NULL && i < posted->n_pools; i++)
    g_array_unref (posted->pools[i].shares);
  g_free (posted->pools);
  g_array_unref (posted->units);
  fee_run_free (posted->run);
}

/* before: the run that it was chained to; NULL for none. TRUE where its stages and counts read: the next run may be compared with them. */
static gboolean
check_run (FeeAuditing *auditing, FeeAuditRun *posted, const FeeRunHead *before)
{
  g_autofree char *place = g_strdup_printf ("run %u", posted->head->number);
  g_autofree char *zeros = g_strnfill (64, '0');
  check_head (auditing, posted->head, before, place);
  if (!read_stages (auditing, posted, place)) {
    auditing->posted = FALSE;
    return FALSE;
  }
  g_strlcpy (posted->run->previous_digest, before == NULL ? zeros : before->digest, sizeof posted->run->previous_digest);
  g_autoptr (FeeDigest) digest = fee_digest_new (posted->run);
  fee_audit_stages (auditing, posted);
  fee_audit_pages (auditing, posted, digest);
  check_sums (auditing, posted, place);
  gboolean chained = before == NULL || auditing->before != NULL;
  if (posted->whole && chained)
    fee_audit_counts (auditing, posted);
  if (posted->unpacked && chained)
    check_digest (auditing, posted, place, digest);
  return TRUE;
}

/* The run that a printed head was of, if it was taken back since; NULL for none. */
static const FeeRunHead *
find_withdrawn (const FeeAuditing *auditing, const FeeChainLink *head)
{
  for (guint i = 0; i < auditing->withdrawals->len; i++) {
    const FeeWithdrawal *withdrawal = g_ptr_array_index (auditing->withdrawals, i);
    const FeeRunHead *run = g_ptr_array_index (auditing->runs, withdrawal->run - 1);
    g_autoptr (GPtrArray) before = fee_runs_standing (auditing->runs, run->number);
    if (before->len + 1 == head->number && strcmp (run->digest, head->hex) == 0)
      return run;
  }
  return NULL;
}

static void
check_printed_head (FeeAuditing *auditing, const FeeChainLink *head)
{
  g_autoptr (GPtrArray) standing = fee_runs_standing (auditing->runs, auditing->runs->len + 1);
  g_autofree char *zeros = g_strnfill (64, '0');
  g_autofree char *place = g_strdup_printf ("run %u", head->number);
  const FeeRunHead *withdrawn = find_withdrawn (auditing, head);
  if (withdrawn != NULL)
    fee_audit_find (auditing, place, _("is withdrawn: the head that was printed is that of run %u of the list"), withdrawn->number);
  else if (head->number > standing->len)
    fee_audit_find (auditing, place, _("is missing: the book has %u runs, so its tail was cut off"), standing->len);
  else
    fee_audit_text (auditing, place, "digest",
                    head->number == 0 ? zeros : ((const FeeRunHead *) g_ptr_array_index (standing, head->number - 1))->digest, head->hex);
}

/* ---- Withdrawals */

/* No withdrawal before took the run back. */
static gboolean
stood_at (const FeeAuditing *auditing, const FeeWithdrawal *withdrawal, const FeeRunHead *run)
{
  for (guint n = 0; n + 1 < withdrawal->number; n++)
    if (((const FeeWithdrawal *) g_ptr_array_index (auditing->withdrawals, n))->run == run->number)
      return FALSE;
  return TRUE;
}

/* Only the last run that stands is taken back. What is wrong with the order of the records is found as the list is read. */
static void
check_withdrawal (FeeAuditing *auditing, const FeeWithdrawal *withdrawal)
{
  g_autofree char *place = g_strdup_printf ("withdrawal %u", withdrawal->number);
  const FeeRunHead *last = g_ptr_array_index (auditing->runs, withdrawal->last_run - 1);
  guint32 seen = last->last_batch;
  for (guint32 run = withdrawal->run + 1; run <= withdrawal->last_run; run++) {
    const FeeRunHead *later = g_ptr_array_index (auditing->runs, run - 1);
    if (stood_at (auditing, withdrawal, later))
      fee_audit_find (auditing, place, _("takes back run %u, though run %u came after it and stood"), withdrawal->run, run);
  }
  for (guint32 n = 1; n < withdrawal->number; n++)
    seen = MAX (seen, ((const FeeWithdrawal *) g_ptr_array_index (auditing->withdrawals, n - 1))->last_batch);
  if (withdrawal->last_batch < seen || withdrawal->last_batch > auditing->batches->len)
    fee_audit_find (auditing, place, _("last_batch is %u; there were %u when it was made, and are %u now"), withdrawal->last_batch, seen,
                    auditing->batches->len);
}

/* The counts of the run before; what is wrong with them was found when it was checked itself. */
static void
take_before (FeeAuditing *auditing, const FeeRunHead *head)
{
  FeeRun *run;
  guint32 number = head == NULL ? 0 : head->number;
  if (number == auditing->before_number)
    return;
  fee_run_free (g_steal_pointer (&auditing->before));
  auditing->before_number = number;
  if (head == NULL || !fee_book_read_run (auditing->book, head, &run, NULL))
    return;
  if (fee_book_read_counts (auditing->book, head->number, run->strings, run->counts, NULL))
    auditing->before = run;
  else
    fee_run_free (run);
}

void
fee_audit_runs (FeeAuditing *auditing, const FeeChainLink *head)
{
  for (guint i = 0; i < auditing->runs->len; i++) {
    FeeAuditRun posted = { .head = g_ptr_array_index (auditing->runs, i), .units = g_array_new (FALSE, FALSE, sizeof (FeeText)) };
    g_autoptr (GPtrArray) before = fee_runs_standing (auditing->runs, posted.head->number);
    const FeeRunHead *last = before->len == 0 ? NULL : g_ptr_array_index (before, before->len - 1);
    take_before (auditing, last);
    gboolean read = check_run (auditing, &posted, last);
    fee_run_free (g_steal_pointer (&auditing->before));
    auditing->before_number = posted.head->number;
    if (read)
      auditing->before = g_steal_pointer (&posted.run);
    posted_clear (&posted);
  }
  for (guint i = 0; i < auditing->withdrawals->len; i++)
    check_withdrawal (auditing, g_ptr_array_index (auditing->withdrawals, i));
  if (head != NULL)
    check_printed_head (auditing, head);
}
