/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Large blocks, which a book of a million units reads at random: where the system offers huge pages they halve the time of every table
 * (HACKING.md "The store"). Free with g_free(). Abort where memory ends, as GLib does. */

/* As g_realloc(). */
gpointer fee_memory_resize (gpointer block, gsize size);
/* As g_malloc0(). */
gpointer fee_memory_new0 (gsize size);

#define fee_memory_array(type, n) ((type *) fee_memory_resize (NULL, MAX ((gsize) (n), 1) * sizeof (type)))
#define fee_memory_array0(type, n) ((type *) fee_memory_new0 (MAX ((gsize) (n), 1) * sizeof (type)))

G_END_DECLS
