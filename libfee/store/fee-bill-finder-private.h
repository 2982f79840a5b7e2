/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book.h"

G_BEGIN_DECLS

/* Bills by their numbers, for whoever asks for many: a month that is asked for often is read once. The runs are those of when it is
 * first asked. */
typedef struct _FeeBillFinder FeeBillFinder;
/* Owned by the caller; free with fee_bill_finder_free(). book must outlive it. */
FeeBillFinder *fee_bill_finder_new (FeeBook *book);
void fee_bill_finder_free (FeeBillFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeBillFinder, fee_bill_finder_free)
/* As fee_book_find_bill(), which does the same for one. */
gboolean fee_bill_finder_find (FeeBillFinder *finder, const char *number, gboolean *found, char **unit, char **party,
                               GError **error);
/* The unit of a bill as it was known when that batch came: of the run that stood then, whatever became of it since. *unit is NULL
 * where there was none. Owned by the caller; free with g_free(). */
gboolean fee_bill_finder_unit (FeeBillFinder *finder, const char *number, guint32 batch, char **unit, GError **error);

/* Gives the rows of the last segment, from first_row on, that have a bill but no unit the unit of their bill, as it was known when the
 * batch of the segment came, so that reading its file again gives the same. A row whose bill is not there stays without. Does nothing
 * for kinds that have no such field (FeeKindField.instead), and where not both columns are wanted. */
gboolean fee_bill_finder_give_units (FeeBillFinder *finder, FeeTable *table, guint32 first_row, GError **error);
/* The same of a kept file: a bill that is not there is FEE_ERROR_IO, as it was there once. */
gboolean fee_bill_finder_give_kept_units (FeeBillFinder *finder, FeeTable *table, guint32 first_row, GError **error);

G_END_DECLS
