/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-money.h"

G_BEGIN_DECLS

/* A CNY amount in Chinese capital figures, as bills show it (domain.md section 2: 1,680.32 壹仟陆佰捌拾元零叁角贰分), with 负 before
 * a negative one; the whole range of FeeMoney. decimals: 2; for another currency the result is "". Owned by the caller;
 * free with g_free(). */
char *fee_words_money (FeeMoney amount, gint decimals);

/* Width of a text in terminal cells (Chinese is two, combining marks none). */
gint fee_words_width (const char *text);
/* A copy with control characters, line separators and bidi controls escaped (\n, \x1b, \u202e), and bytes that are no
 * UTF-8 (\xff), as interface.md section 1 asks for terminals and text. Owned by the caller; free with g_free(). */
char *fee_words_escape (const char *text);
/* 张三 -> 张*; one sign for each hidden sign is not shown, so that length gives nothing away. Owned by the caller; free
 * with g_free(). */
char *fee_words_mask (const char *name);

G_END_DECLS
