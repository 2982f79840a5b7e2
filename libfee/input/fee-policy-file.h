/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-policy.h"

G_BEGIN_DECLS

/* Reads a policy file (interface.md section 4), strictly: unknown groups, keys and values, repeated groups and keys,
 * references to what is not there are refused. text: UTF-8 or not, with or without BOM. file: its name, for messages. Errors:
 * FEE_ERROR_POLICY, one line a cause (`policy.ini:12: ...`), in the order of the lines. *out: Owned by the caller; free with
 * fee_policy_unref(). */
gboolean fee_policy_read (const char *file, const char *text, gsize length, FeePolicy **out, GError **error);

G_END_DECLS
