/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-audit.h"
#include "fee-book-private.h"
#include "fee-import-private.h"

G_BEGIN_DECLS

/* A book while it is audited. */
typedef struct {
  FeeBook *book;
  FeeAudit *audit;
  GPtrArray *batches, *runs, *withdrawals, *disclosures; /* runs: the withdrawn too */
  GPtrArray *policies;  /* of FeePolicy: every version that was imported, the retracted too */
  gint decimals;
  gboolean readable;    /* every file reads again: records and ledger can be checked */
  gboolean posted;      /* every bill reads */
  /* names that some row had, of batches retracted meanwhile too: what is posted refers to them */
  FeeStrings *units, *parties, *costs, *assets; /* costs: "doc\nline" */
  FeeRun *before;       /* the run before that stood, with its counts; NULL where it can't be read */
  guint32 before_number;
  FeeStrings *billed;   /* parties with a bill */
  FeeBillFinder *finder;
  FeeKindId kind;       /* whose rows are checked at the moment */
} FeeAuditing;

/* ---- Findings */

void fee_audit_find (FeeAuditing *auditing, const char *place, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* What went wrong in reading a place is a finding; error is freed. */
void fee_audit_fault (FeeAuditing *auditing, const char *place, GError *error);
/* column: of the table, not translated. FALSE with a finding where the two differ. */
gboolean fee_audit_number (FeeAuditing *auditing, const char *place, const char *column, gint64 is, gint64 expected);
gboolean fee_audit_text (FeeAuditing *auditing, const char *place, const char *column, const char *is, const char *expected);
/* Sums in 128 bits: wrong amounts add up to anything. */
gboolean fee_audit_money (FeeAuditing *auditing, const char *place, const char *column, FeeMoney is, __int128 expected);
/* An amount, or its fen where it has more than 64 bits. buffer: FEE_AMOUNT_SIZE bytes; returns it. */
#define FEE_AMOUNT_SIZE 48
char *fee_audit_amount (const FeeAuditing *auditing, __int128 amount, char *buffer);

/* ---- The parts of an audit. Those that return FALSE have set error: nothing more can be checked */

/* SQLite's own check, references between tables, and the tables themselves. */
gboolean fee_audit_storage (FeeAuditing *auditing, GError **error);
/* The chain over all records. */
gboolean fee_audit_seal (FeeAuditing *auditing, const FeeChainLink *seal, GError **error);
/* Every file: bytes, rows, and what its batch says of them. */
void fee_audit_files (FeeAuditing *auditing);
/* Every document that was published. */
void fee_audit_disclosures (FeeAuditing *auditing);
/* What every run posted. */
void fee_audit_runs (FeeAuditing *auditing, const FeeChainLink *head);
/* The references between records, and the ledger. */
void fee_audit_records (FeeAuditing *auditing);
void fee_audit_ledger (FeeAuditing *auditing);

/* ---- One run */

/* A pool that the run shared among units, added up from its lines. */
typedef struct {
  __int128 amount, weight;
  GArray *shares; /* of guint32: unit << 1 | it got an odd fen; by unit */
} FeeAuditShare;

/* What the pages of a run say. */
typedef struct {
  const FeeRunHead *head;
  FeeRun *run;          /* stages and counts */
  guint first, n_pools; /* rows of the stages activity and restate */
  guint n_activities;   /* of them: odd fen go round in these only */
  FeeAuditShare *pools;
  GArray *units;        /* of FeeText in the strings of the run: units with a bill, by number */
  __int128 total;
  guint64 n_bills, n_lines;
  gboolean unpacked;    /* all pages: the digest can be made */
  gboolean whole;       /* nothing is wrong with a bill in itself: sums may be compared */
} FeeAuditRun;

/* Sums from stage to stage, and what the rows refer to. */
void fee_audit_stages (FeeAuditing *auditing, const FeeAuditRun *posted);
/* Every page, bill and line; feeds the digest. */
void fee_audit_pages (FeeAuditing *auditing, FeeAuditRun *posted, FeeDigest *digest);
/* The odd-fen counts against the odd fen that the lines imply. Needs the run before. */
void fee_audit_counts (FeeAuditing *auditing, const FeeAuditRun *posted);

G_END_DECLS
