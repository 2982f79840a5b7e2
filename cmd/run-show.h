/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/store/fee-post.h"
#include "tool.h"

/* What fee-run prints: interface.md section 5. */

/* All runs and withdrawals, in the order in which they were made. Opens the book. */
gboolean fee_run_list (FeeTool *tool, GError **error);

/* One row a month; nothing where there is nothing to say and no form is asked for. done: of FeePosted *. */
gboolean fee_run_show (FeeTool *tool, const GPtrArray *done, GError **error);

/* The bills of a month beside those of a posted one. */
gboolean fee_run_show_against (FeeTool *tool, const FeePosted *posted, FeePeriod against, GError **error);
