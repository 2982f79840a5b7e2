/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-memory.h"

#include <stdint.h>
#include <sys/mman.h>

#define HUGE_PAGE (2 * 1024 * 1024)
#define LARGE (2 * HUGE_PAGE)

/* Asks for huge pages where whole ones fit; it is advice, and may do nothing. */
static gpointer
advise (gpointer block, gsize size)
{
  uintptr_t from = ((uintptr_t) block + HUGE_PAGE - 1) & ~(uintptr_t) (HUGE_PAGE - 1);
  uintptr_t to = ((uintptr_t) block + size) & ~(uintptr_t) (HUGE_PAGE - 1);
  if (size >= LARGE && from < to)
    madvise ((void *) from, to - from, MADV_HUGEPAGE);
  return block;
}

gpointer
fee_memory_resize (gpointer block, gsize size)
{
  return advise (g_realloc (block, size), size);
}

gpointer
fee_memory_new0 (gsize size)
{
  return advise (g_malloc0 (size), size);
}
