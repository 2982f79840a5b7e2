/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The public face of libfee. The usual way through it: fee_book_open(), fee_import_file() of fee-import.h, fee_book_post(), then what
 * fee-book.h and fee-accounts.h read for reports. Programs include this header; rooms and tools the single ones. */

#include "base/fee-date.h"
#include "base/fee-error.h"
#include "base/fee-hash.h"
#include "base/fee-memory.h"
#include "base/fee-money.h"
#include "base/fee-order.h"
#include "base/fee-pack.h"
#include "base/fee-quantity.h"
#include "base/fee-strings.h"
#include "base/fee-text.h"

#include "model/fee-check.h"
#include "model/fee-kind.h"
#include "model/fee-policy.h"
#include "model/fee-records.h"
#include "model/fee-run.h"
#include "model/fee-spans.h"
#include "model/fee-table.h"
#include "model/fee-threat.h"

#include "input/fee-cell.h"
#include "input/fee-csv.h"
#include "input/fee-decode.h"
#include "input/fee-header.h"
#include "input/fee-policy-file.h"
#include "input/fee-reader.h"
#include "input/fee-rows.h"

#include "engine/fee-apportion.h"
#include "engine/fee-run-period.h"
#include "engine/fee-stages.h"
#include "engine/fee-weigh.h"

#include "ledger/fee-ledger.h"
#include "ledger/fee-remind.h"
#include "ledger/fee-totals.h"

#include "report/fee-bill-text.h"
#include "report/fee-change.h"
#include "report/fee-letter.h"
#include "report/fee-open.h"
#include "report/fee-reference.h"
#include "report/fee-show.h"
#include "report/fee-trace.h"
#include "report/fee-words.h"
#include "report/fee-writer.h"

#include "store/fee-accounts.h"
#include "store/fee-archive.h"
#include "store/fee-audit.h"
#include "store/fee-book.h"
#include "store/fee-evidence.h"
#include "store/fee-import.h"
#include "store/fee-now.h"
#include "store/fee-packer.h"
#include "store/fee-post.h"
#include "store/fee-reminders.h"
#include "store/fee-rerun.h"
