/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/report/fee-disclosure.h"
#include "tool.h"

G_BEGIN_DECLS

/* What fee-disclose was asked for. */
typedef struct {
  FeeTool *tool;
  FeePeriod first, last;          /* months of the period */
  FeeDate as_of;                  /* FEE_DATE_NONE: to be found */
  FeeDate posted_from, posted_to; /* FEE_DATE_NONE: not said */
  /* found in the book */
  GPtrArray *runs;    /* of FeeRunHead: those that stand */
  FeePeriod from, to; /* months disclosed */
} FeeDisclosureRequest;

/* Reads all that the disclosure is made from and makes it; as_of is found where it was not said. Owned by the caller; free
 * with fee_disclosure_free(). disclose-load.c */
gboolean fee_disclose_load (FeeDisclosureRequest *request, FeeDisclosure **out, GError **error);

/* Its bytes in the form that --format says. Owned by the caller; free with g_bytes_unref(). */
gboolean fee_disclose_make (const FeeDisclosureRequest *request, const FeeDisclosure *disclosure, GBytes **out,
                            GError **error);

/* To where --output says. */
gboolean fee_disclose_write (FeeTool *tool, GBytes *bytes, GError **error);

/* ---- What was published: disclose-kept.c */

/* Keeps the bytes and commits; says so, also where the book has them already. */
gboolean fee_disclose_record (const FeeDisclosureRequest *request, GBytes *bytes, GError **error);
gboolean fee_disclose_list (FeeTool *tool, GError **error);
gboolean fee_disclose_extract (FeeTool *tool, const char *number, GError **error);

G_END_DECLS
