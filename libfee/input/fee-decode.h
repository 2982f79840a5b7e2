/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text of a file as UTF-8 without BOM. interface.md section 3: the encoding is the one named, else that of the BOM (UTF-8,
 * UTF-16LE/BE), else UTF-8 where the bytes are valid, else GB18030 where they are; never a byte dropped or replaced.
 * encoding: NULL, or an iconv name. *text: Owned by the caller; free with g_bytes_unref(); the same object as bytes where
 * nothing had to change. *found: the canonical name ("UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", or encoding as given). Owned
 * by the caller; free with g_free().
 * Errors: FEE_ERROR_RECORDS for what is not valid or holds NUL, with line and byte ("3: byte 17: ...", line and byte; both from 1, byte
 * counted in the line); FEE_ERROR_USAGE for an encoding that is not known. */
gboolean fee_decode (GBytes *bytes, const char *encoding, GBytes **text, char **found, GError **error);

G_END_DECLS
