/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A copy with control characters and bidi controls escaped (\x1b, \u202e), as interface.md section 1 asks for terminals and text.
 * Owned by the caller; free with g_free(). */
char *fee_text_escape (const char *text);

/* A cell as messages show it: in quotes, escaped, cut after 40 characters. Any bytes. Owned by the caller; free with g_free(). */
char *fee_text_quote (const char *text, gsize length);

/* TRUE for a character that is escaped. */
gboolean fee_text_is_control (gunichar c);

G_END_DECLS
