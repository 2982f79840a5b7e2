/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-csv.h"

G_BEGIN_DECLS

/* Rows on their way from the parser to what makes cells of them. Once there are more than a block of them, a thread of its own hears
 * the rows, while the parser goes on: each half of the reading takes a processor. The rows come whole, one at a time and in their order. */
typedef struct _FeeRows FeeRows;

/* func is called by fee_rows_finish() or by that thread; until then its data is not the caller's to touch.
 * Owned by the caller; free with fee_rows_free(). */
FeeRows *fee_rows_new (FeeRowFunc func, gpointer data);
void fee_rows_free (FeeRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRows, fee_rows_free)

/* A FeeRowFunc whose data is the FeeRows. FALSE without an error where func has failed: fee_rows_finish() says why. */
gboolean fee_rows_take (guint line, const FeeField *fields, guint n_fields, gpointer rows, GError **error);
/* Waits until func has heard all rows. Errors: the first that func set. Again does nothing. */
gboolean fee_rows_finish (FeeRows *rows, GError **error);

G_END_DECLS
