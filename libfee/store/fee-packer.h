/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book.h"

G_BEGIN_DECLS

/* A page as the store holds it. */
typedef struct {
  guint32 first_bill, n_bills;
  char *first_unit;
  GBytes *heads, *lines; /* compressed */
} FeePackedPage;
void fee_packed_page_free (FeePackedPage *page);

/* Compresses the pages of a run and makes its digest, mostly in a thread of its own, while the run goes on. What the digest is taken of is what
 * comes out of the compressed bytes again. */
typedef struct _FeePacker FeePacker;
/* Owned by the caller; free with fee_packer_free(), before the run. */
FeePacker *fee_packer_new (void);
void fee_packer_free (FeePacker *packer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeePacker, fee_packer_free)
/* For a FeePageSink whose data is the packer. The page becomes the packer's. */
gboolean fee_packer_begin (const FeeRun *run, gpointer packer, GError **error);
gboolean fee_packer_take (FeePage *page, gpointer packer, GError **error);
/* Waits for the thread. *pages: of FeePackedPage. Owned by the caller; free with g_ptr_array_unref(). */
gboolean fee_packer_finish (FeePacker *packer, GPtrArray **pages, char digest[65], GError **error);

/* Stores a run with its packed pages, and checks, by reading it back, that the book holds it. head->number is set to the next. */
gboolean fee_book_add_packed_run (FeeBook *book, const FeeRun *run, const GPtrArray *pages, FeeRunHead *head, GError **error);
/* The bills of packed pages, heads only. */
gboolean fee_packed_bills (const GPtrArray *pages, FeeBillFunc func, gpointer data, GError **error);

G_END_DECLS
