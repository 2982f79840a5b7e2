/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Records of units, any number, to be read by unit. What is more than a few megabytes waits in a temporary file, which only this program can open and
 * which is gone with the sorter: what a book grows by with every month takes no memory. Errors: FEE_ERROR_IO. */
typedef struct _FeeSorter FeeSorter;

/* room: bytes that are sorted at once, in memory. Owned by the caller; free with fee_sorter_free(). */
FeeSorter *fee_sorter_new (gsize room);
void fee_sorter_free (FeeSorter *sorter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeSorter, fee_sorter_free)

/* A copy of the bytes. */
gboolean fee_sorter_add (FeeSorter *sorter, const char *unit, const GByteArray *bytes, GError **error);
/* No record is added afterwards. */
gboolean fee_sorter_finish (FeeSorter *sorter, GError **error);

/* Stretches of records, each of one unit and those after it: where one can tell units apart without reading them. n: of its records. */
typedef void (*FeeStretchFunc) (const char *first_unit, guint32 n, gpointer data);
void fee_sorter_stretches (const FeeSorter *sorter, FeeStretchFunc func, gpointer data);

/* FALSE: the bytes are no record. */
typedef gboolean (*FeeRecordFunc) (const char *unit, gsize unit_length, const guint8 *bytes, gsize length, gpointer data);
/* The records, not read yet, of units before that one (bytewise; NULL: all). Those of a unit come in any order. */
gboolean fee_sorter_read (FeeSorter *sorter, const char *before, FeeRecordFunc func, gpointer data, GError **error);

G_END_DECLS
