/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Texts in one block, known by their place (FeeText). A book of a million units holds its texts here in two or three
 * allocations; rows carry 32-bit places and need no destructor. */
typedef guint32 FeeText;
#define FEE_TEXT_EMPTY 0

typedef struct _FeeStrings FeeStrings;

/* Owned by the caller; free with fee_strings_free(). */
FeeStrings *fee_strings_new (void);
void fee_strings_free (FeeStrings *strings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeStrings, fee_strings_free)

/* Appends a copy; the same text twice gets two places. Aborts beyond 4 GiB, as GLib does where memory ends. */
FeeText fee_strings_append (FeeStrings *strings, const char *text, gsize length);
/* The same text always gets the same place. Do not mix with append in one block. */
FeeText fee_strings_intern (FeeStrings *strings, const char *text, gsize length);
FeeText fee_strings_intern_text (FeeStrings *strings, const char *text);
/* Makes room for so many more different texts: growing on the way costs twice as much as the texts themselves. */
void fee_strings_reserve (FeeStrings *strings, gsize texts);
/* The place of an interned text; FALSE where it was never interned. */
gboolean fee_strings_find (const FeeStrings *strings, const char *text, FeeText *out);

/* Texts for a while: what was appended or interned since the last keep (since the beginning, where there was none) is gone with a rewind, and its
 * places are used again. */
void fee_strings_keep (FeeStrings *strings);
void fee_strings_rewind (FeeStrings *strings);

/* Borrowed from the block; valid until the next append, intern or rewind. Never NULL. */
const char *fee_strings_get (const FeeStrings *strings, FeeText text);
/* Bytes in use: an upper bound on every place. */
gsize fee_strings_size (const FeeStrings *strings);

G_END_DECLS
