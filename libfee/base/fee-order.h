/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-strings.h"

G_BEGIN_DECLS

/* Many texts in the order of their bytes, eight of them at a time. */

/* Sorted by chunk, then by the bytes of text, then by index. */
typedef struct {
  guint64 chunk;
  FeeText text;
  guint32 index;
} FeeSortKey;

/* The first eight bytes as a number that compares as they do. */
guint64 fee_order_chunk (const char *text);
/* offset: how many bytes of the texts equal chunks have settled already. */
void fee_order_keys (const FeeStrings *strings, FeeSortKey *keys, gsize n, gsize offset);

G_END_DECLS
