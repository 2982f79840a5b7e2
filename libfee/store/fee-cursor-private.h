/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book-private.h"

G_BEGIN_DECLS

/* Units from one on and before another (bytewise). */
typedef struct {
  const char *from;   /* "": the first */
  const char *before; /* NULL: to the last */
} FeeStretch;

/* The bills of a run, heads only, stretch by stretch: it holds one page. The book must outlive it. */
typedef struct _FeeBillCursor FeeBillCursor;
/* Owned by the caller; free with fee_bill_cursor_free(). */
gboolean fee_bill_cursor_new (FeeBook *book, guint32 run, FeeBillCursor **out, GError **error);
void fee_bill_cursor_free (FeeBillCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeBillCursor, fee_bill_cursor_free)
/* Those of the stretch, which follows the one before. */
gboolean fee_bill_cursor_read (FeeBillCursor *cursor, const FeeStretch *stretch, FeeBillFunc func, gpointer data, GError **error);

G_END_DECLS
