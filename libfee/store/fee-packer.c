/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-packer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fee-book-private.h"

/* Pages that wait for the thread at most: enough to keep it busy, few enough to keep memory small. Where one waits already, the run
 * compresses the next itself: the digest, which must be made in order, is then all that is left to the thread. After its last page it
 * helps on. */
#define WAITING_MAX 8

typedef struct {
  FeePage *page;
  FeePackedPage *packed; /* NULL: still to do */
  gboolean taken;        /* the run has it in hand, or had */
} Waiting;

struct _FeePacker {
  GThread *thread; /* NULL until begin */
  GMutex mutex;
  GCond changed;
  GQueue waiting; /* of Waiting */
  gboolean ended;
  gboolean busy;  /* the run has a page in hand */
  /* the thread's own until it ends */
  FeeDigest *digest;
  GPtrArray *pages;
  GError *error;
};

void
fee_packed_page_free (FeePackedPage *page)
{
  if (page == NULL)
    return;
  g_free (page->first_unit);
  g_clear_pointer (&page->heads, g_bytes_unref);
  g_clear_pointer (&page->lines, g_bytes_unref);
  g_free (page);
}

/* Compresses bytes and puts back in their place what comes out again. */
static gboolean
pack_bytes (GByteArray *bytes, GBytes **out, GError **error)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  if (!fee_compress (bytes->data, bytes->len, packed, error) || !fee_decompress (packed->data, packed->len, bytes, error))
    return FALSE;
  *out = g_bytes_new (packed->data, packed->len);
  return TRUE;
}

static void
waiting_free (Waiting *waiting)
{
  if (waiting == NULL)
    return;
  fee_page_free (waiting->page);
  fee_packed_page_free (waiting->packed);
  g_free (waiting);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiting, waiting_free)

static gboolean
pack_page (Waiting *waiting, GError **error)
{
  FeePage *page = waiting->page;
  FeePackedPage *packed = waiting->packed = g_new0 (FeePackedPage, 1);
  packed->first_bill = page->first_bill;
  packed->n_bills = page->n_bills;
  packed->first_unit = g_strdup (page->first_unit);
  return pack_bytes (page->heads, &packed->heads, error) && pack_bytes (page->lines, &packed->lines, error);
}

static gboolean
digest_page (FeePacker *packer, Waiting *waiting, GError **error)
{
  if (waiting->packed == NULL && !pack_page (waiting, error))
    return FALSE;
  g_ptr_array_add (packer->pages, g_steal_pointer (&waiting->packed));
  if (fee_digest_page (packer->digest, waiting->page))
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL, _("the bills can't be read back from their packed form"));
  return FALSE;
}

static gboolean
must_wait (FeePacker *packer)
{
  const Waiting *next = g_queue_peek_head (&packer->waiting);
  return next != NULL ? next->taken && packer->busy : !packer->ended;
}

/* The next page; NULL at the end. */
static Waiting *
next_page (FeePacker *packer)
{
  g_mutex_lock (&packer->mutex);
  while (must_wait (packer))
    g_cond_wait (&packer->changed, &packer->mutex);
  Waiting *waiting = g_queue_pop_head (&packer->waiting);
  g_cond_signal (&packer->changed);
  g_mutex_unlock (&packer->mutex);
  return waiting;
}

static gpointer
digest_pages (gpointer data)
{
  FeePacker *packer = data;
  for (;;) {
    g_autoptr (Waiting) waiting = next_page (packer);
    if (waiting == NULL)
      return NULL;
    /* after a failure pages are only taken, so that the run is not left waiting */
    if (packer->error == NULL)
      digest_page (packer, waiting, &packer->error);
  }
}

FeePacker *
fee_packer_new (void)
{
  FeePacker *packer = g_new0 (FeePacker, 1);
  g_mutex_init (&packer->mutex);
  g_cond_init (&packer->changed);
  g_queue_init (&packer->waiting);
  packer->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_packed_page_free);
  return packer;
}

/* The last page that nobody has in hand; NULL where there is none. */
static Waiting *
take_last (FeePacker *packer)
{
  Waiting *last = NULL;
  g_mutex_lock (&packer->mutex);
  for (GList *at = packer->waiting.tail; at != NULL && last == NULL; at = at->prev)
    if (((Waiting *) at->data)->packed == NULL)
      last = at->data;
  if (last != NULL)
    last->taken = packer->busy = TRUE;
  g_mutex_unlock (&packer->mutex);
  return last;
}

/* What the run does while the thread still has pages to do. */
static gboolean
help (FeePacker *packer, GError **error)
{
  gboolean ok = TRUE;
  for (Waiting *waiting; ok && (waiting = take_last (packer)) != NULL;) {
    ok = pack_page (waiting, error);
    g_mutex_lock (&packer->mutex);
    packer->busy = FALSE;
    g_cond_signal (&packer->changed);
    g_mutex_unlock (&packer->mutex);
  }
  return ok;
}

static void
end_thread (FeePacker *packer)
{
  if (packer->thread == NULL)
    return;
  g_mutex_lock (&packer->mutex);
  packer->ended = TRUE;
  g_cond_signal (&packer->changed);
  g_mutex_unlock (&packer->mutex);
  g_thread_join (g_steal_pointer (&packer->thread));
}

void
fee_packer_free (FeePacker *packer)
{
  if (packer == NULL)
    return;
  end_thread (packer);
  g_queue_clear_full (&packer->waiting, (GDestroyNotify) waiting_free);
  fee_digest_free (packer->digest);
  g_clear_pointer (&packer->pages, g_ptr_array_unref);
  g_clear_error (&packer->error);
  g_mutex_clear (&packer->mutex);
  g_cond_clear (&packer->changed);
  g_free (packer);
}

gboolean
fee_packer_begin (const FeeRun *run, gpointer data, GError **error)
{
  (void) error;
  FeePacker *packer = data;
  packer->digest = fee_digest_new (run);
  packer->thread = g_thread_new ("packer", digest_pages, packer);
  return TRUE;
}

gboolean
fee_packer_take (FeePage *page, gpointer data, GError **error)
{
  FeePacker *packer = data;
  g_autoptr (Waiting) waiting = g_new0 (Waiting, 1);
  waiting->page = page;
  g_mutex_lock (&packer->mutex);
  gboolean behind = !g_queue_is_empty (&packer->waiting);
  g_mutex_unlock (&packer->mutex);
  if (behind && !pack_page (waiting, error))
    return FALSE;
  g_mutex_lock (&packer->mutex);
  while (g_queue_get_length (&packer->waiting) >= WAITING_MAX)
    g_cond_wait (&packer->changed, &packer->mutex);
  g_queue_push_tail (&packer->waiting, g_steal_pointer (&waiting));
  g_cond_signal (&packer->changed);
  g_mutex_unlock (&packer->mutex);
  return TRUE;
}

gboolean
fee_packer_finish (FeePacker *packer, GPtrArray **pages, char digest[65], GError **error)
{
  gboolean ok = help (packer, error);
  end_thread (packer);
  if (!ok)
    return FALSE;
  if (packer->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&packer->error));
    return FALSE;
  }
  fee_digest_finish (packer->digest, digest);
  *pages = g_steal_pointer (&packer->pages);
  return TRUE;
}

gboolean
fee_packed_bills (const GPtrArray *pages, FeeBillFunc func, gpointer data, GError **error)
{
  g_autoptr (GByteArray) heads = g_byte_array_new ();
  gboolean ok = TRUE;
  for (guint i = 0; i < pages->len && ok; i++) {
    const FeePackedPage *page = g_ptr_array_index (pages, i);
    FeePageReader reader;
    gsize length;
    const guint8 *at = g_bytes_get_data (page->heads, &length);
    if (!fee_decompress (at, length, heads, error))
      return FALSE;
    fee_page_reader_init (&reader, page->first_bill, page->n_bills, heads->data, heads->len, NULL, 0);
    while (ok && fee_page_reader_next (&reader))
      ok = func (&reader, data, error);
    fee_page_reader_clear (&reader);
  }
  return ok;
}
