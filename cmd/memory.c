/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool.h"

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* A tool lives for a moment, so its time is also that of its memory: on a virtual machine the first touch of a page takes over a
 * microsecond, and a small import touches two thousand (HACKING.md "Speed"). So what is freed is kept for the next that asks, by one
 * heap for all threads, and that heap may be made of huge pages. Addresses are set aside for it, not memory. */
#define HEAP (32 * 1024 * 1024)
#define HUGE_PAGE (2 * 1024 * 1024)
/* From here on a block grows by moving its pages, not their bytes. */
#define OWN_PAGES (4 * 1024 * 1024)

/* More than a heap has at its start. */
#define START (256 * 1024)

static uintptr_t
heap_end (void)
{
  return (uintptr_t) sbrk (0);
}

/* By ulimit -v or -d, to which addresses count that are only set aside. */
static gboolean
is_limited (void)
{
  struct rlimit all, data;
  return getrlimit (RLIMIT_AS, &all) != 0 || getrlimit (RLIMIT_DATA, &data) != 0 || all.rlim_cur != RLIM_INFINITY
         || data.rlim_cur != RLIM_INFINITY;
}

void
fee_tool_settle_memory (void)
{
  if (is_limited ())
    return;
  mallopt (M_ARENA_MAX, 1);
  mallopt (M_TRIM_THRESHOLD, 8 * HEAP);
  mallopt (M_MMAP_THRESHOLD, OWN_PAGES);
  mallopt (M_TOP_PAD, HEAP);
  uintptr_t end = heap_end (), from = (end + START + HUGE_PAGE - 1) & ~(uintptr_t) (HUGE_PAGE - 1);
  gpointer before = g_malloc (from - end); /* the heap grows for it, once; it stays, and is never touched */
  uintptr_t to = heap_end () & ~(uintptr_t) (HUGE_PAGE - 1);
  mallopt (M_TOP_PAD, HUGE_PAGE);
  if (from < to)
    madvise ((void *) from, to - from, MADV_HUGEPAGE);
  else /* memory comes from elsewhere, as under a sanitizer */
    g_free (before);
}
