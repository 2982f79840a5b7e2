/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first words of a text that press for payment by what the law forbids (domain.md sections 1 and 4: cutting water,
 * power, heat or gas, lift, gate or vehicle access, publishing names, threats); NULL where there are none. They are refused in
 * a policy and in letters, whatever is said around them. text: valid UTF-8. Owned by the caller; free with g_free(). */
char *fee_threat_find (const char *text);

G_END_DECLS
