/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The creditor reference of a bill number (ISO 11649): RF, two check digits, the number without its hyphen. Owned by the caller; free with g_free(). */
char *fee_reference_of_bill (const char *number);

G_END_DECLS
