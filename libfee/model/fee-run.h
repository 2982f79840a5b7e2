/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-date.h"
#include "../base/fee-money.h"
#include "../base/fee-pack.h"
#include "../base/fee-quantity.h"
#include "../base/fee-strings.h"
#include "fee-policy.h"

G_BEGIN_DECLS

/* What a run posts: its stages, its bills with their lines, the odd-fen counts it leaves. Nothing of it changes afterwards. */

#define FEE_RULES_VERSION 1

typedef enum { FEE_STAGE_ACCRUE, FEE_STAGE_RESOURCE, FEE_STAGE_SUPPORT, FEE_STAGE_ACTIVITY, FEE_STAGE_RESTATE } FeeStage;
/* "accrue", ...; static. */
const char *fee_stage_text (FeeStage stage);

/* A row of a stage, as fee-explain prints it (interface.md section 5). */
typedef struct {
  FeeStage stage;
  FeePeriod origin;
  gboolean asset;     /* accrue: of an asset, not of a cost */
  gboolean to_centre; /* accrue: the target is a centre, not a category */
  FeeText source;     /* document, asset, category or centre; `*` for reciprocal support */
  FeeText line;       /* accrue: the document's line, or EMPTY */
  FeeText target;     /* `units` for activity and restate */
  FeeText driver;     /* EMPTY where there is none */
  FeeQuantity weight, total_weight; /* FEE_QUANTITY_NONE where there is none */
  FeeMoney amount;    /* restate: the pool as known now, which all lines of centre and origin come to, in whichever run */
} FeeStageRow;

typedef struct {
  FeeText unit;
  gint32 count;
} FeeOddCount;

/* A line: one centre's share borne by one party for one unit. */
typedef struct {
  guint32 activity; /* row of the stages activity and restate, which stand together: centre, origin, driver, pool, total weight */
  FeeRole role;
  FeeQuantity weight; /* of the unit */
  gint32 days;        /* that the party bears */
  FeeMoney amount;
  gint32 unit_days;   /* that the unit counts */
  FeeMoney unit_amount;
  gboolean restated;  /* amount is a difference: days, unit_days and unit_amount are what is known now */
  FeeMoney posted;    /* restated: what runs had posted for it, which with amount is what is known now */
} FeeLine;

/* Bills that stand together in the store, about 256 KiB of them: by unit, then party. */
typedef struct {
  guint32 first_bill, n_bills; /* numbers within the run, from 1 */
  char *first_unit;            /* and party of its first bill */
  GByteArray *heads;           /* unit, party, total, number of lines of each bill */
  GByteArray *lines;
} FeePage;
FeePage *fee_page_new (guint32 first_bill, const char *first_unit);
void fee_page_free (FeePage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeePage, fee_page_free)

/* Appends a bill; unit and party as text. before: unit of the bill before it in the page ("" for the first). */
void fee_page_add_bill (FeePage *page, const char *before, const char *unit, const char *party, FeeMoney total, const FeeLine *lines,
                        guint n_lines);

/* Reading the bills of a page one by one. Owned members live until the next bill; clear with fee_page_reader_clear(). */
typedef struct {
  FeeUnpacker heads, lines;
  const FeeStageRow *pools; /* NULL: not asked */
  guint n_pools;
  guint32 left, bill; /* bill: number within the run */
  GString *unit, *party;
  FeeMoney total;
  guint32 n_lines;
  GArray *line; /* of FeeLine; not filled where the reader has no lines */
  gboolean with_lines;
} FeePageReader;
/* lines may be NULL: heads only. */
void fee_page_reader_init (FeePageReader *reader, guint32 first_bill, guint32 n_bills, const guint8 *heads, gsize n_heads,
                           const guint8 *lines, gsize n_lines);
/* Stands on the same bill, whatever becomes of the page, and goes no further; clear it too. */
void fee_page_reader_copy (FeePageReader *copy, const FeePageReader *reader);
void fee_page_reader_clear (FeePageReader *reader);
/* FALSE at the end, or where the bytes are damaged (heads.damaged or lines.damaged). */
gboolean fee_page_reader_next (FeePageReader *reader);
static inline gboolean
fee_page_reader_damaged (const FeePageReader *reader)
{
  return reader->heads.damaged || reader->lines.damaged;
}

/* "202601-0000001". buffer: FEE_BILL_NUMBER_SIZE bytes. */
#define FEE_BILL_NUMBER_SIZE 32
char *fee_bill_number_format (FeePeriod period, guint32 bill, char *buffer);
gboolean fee_bill_number_parse (const char *text, FeePeriod *period, guint32 *bill);

typedef struct {
  FeeStrings *strings; /* of the rows; borrowed from the records for a new run, own for one read back */
  gboolean own_strings;
  FeePeriod period;
  FeeDate issue, due;
  char *currency;
  char previous_digest[65], digest[65];
  GArray *restated; /* of FeePeriod: months whose differences the run posts, ascending */
  GArray *rows;     /* of FeeStageRow: accrue, resource, support, activity, restate */
  GPtrArray *pages; /* of FeePage; NULL for a run read back without them */
  GArray *counts;   /* of FeeOddCount: all that the run leaves, by unit */
  GArray *changed;  /* of FeeOddCount: those that it changed */
  FeeMoney recognised, prior, total; /* prior: of it with an earlier origin */
  guint64 n_bills, n_lines;
  GPtrArray *remarks; /* of char *: what people should know of a run that is right */
} FeeRun;
FeeRun *fee_run_new (void);
void fee_run_free (FeeRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRun, fee_run_free)

/* What comes of a store is hostile until checked: from now on a line that names no pool of the run, or has more of one than there is, is damage. */
void fee_page_reader_expect (FeePageReader *reader, const FeeRun *run);

/* The rows of a stage: a stretch of run->rows. */
void fee_run_stage (const FeeRun *run, FeeStage stage, guint *begin, guint *end);
/* Those that lines name: activity and restate. */
void fee_run_pools (const FeeRun *run, guint *begin, guint *end);
static inline const FeeStageRow *
fee_run_row (const FeeRun *run, guint n)
{
  return &g_array_index (run->rows, FeeStageRow, n);
}

/* Stages and counts as bytes, and back into run->rows (strings: run->strings) or counts. FALSE for damaged bytes. */
void fee_run_pack_stages (const FeeRun *run, GByteArray *out);
gboolean fee_run_unpack_stages (FeeRun *run, const guint8 *bytes, gsize length);
void fee_run_pack_counts (const FeeRun *run, GByteArray *out);
gboolean fee_counts_unpack (const guint8 *bytes, gsize length, FeeStrings *strings, GArray *counts);

/* rules.md section 10: the digest of a run, made while its pages come. The run has its rows when it begins, its counts when it ends. */
typedef struct _FeeDigest FeeDigest;
/* Owned by the caller; free with fee_digest_free(). run must outlive it. */
FeeDigest *fee_digest_new (const FeeRun *run);
void fee_digest_free (FeeDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeDigest, fee_digest_free)
/* FALSE for a damaged page. */
gboolean fee_digest_page (FeeDigest *digest, const FeePage *page);
void fee_digest_finish (FeeDigest *digest, char hex[65]);

/* The digest of a run with all its pages. FALSE for damaged ones. */
gboolean fee_run_digest (const FeeRun *run, char hex[65]);

G_END_DECLS
