/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-check.h"
#include "fee-bill-finder-private.h"
#include "fee-import.h"

G_BEGIN_DECLS

/* A file's SHA-256 and compressed form, made beside the reading of its rows. */
typedef struct {
  GBytes *bytes, *packed;
  char sha256[65];
  GError *error;
  GThread *thread;
} FeePacking;
void fee_packing_start (FeePacking *packing, GBytes *bytes);
/* Waits for it; again does nothing. */
void fee_packing_join (FeePacking *packing);
void fee_packing_clear (FeePacking *packing);

/* What a file brings, counted row by row while the table of its kind is merged: rows, days, and whose keys it repeats. */
typedef struct {
  FeeBatch *batch;
  GHashTable *amended; /* batches */
  GHashTable *linked;  /* batches: a row of one ends a row without an end of the other */
  gboolean ends;       /* it has a row that ends an earlier one without an end: it matters for all days to come */
  gboolean has_days;
  FeeDayColumns days;
} FeeCounting;
void fee_counting_init (FeeCounting *counting, FeeBatch *batch, const FeeKind *kind);
/* As a FeeMergeFunc tells it. */
void fee_counting_row (FeeCounting *counting, const FeeTable *table, guint32 row, FeeMerge merge, guint32 before);
/* A FeeReachFunc for the counting of that batch. */
void fee_counting_meet (FeeCounting *counting, guint32 earlier, gboolean ends);
/* Gives the batch what it amends and the days it is about. narrow: as programs did that knew nothing of rows that end others. */
void fee_counting_finish (FeeCounting *counting, gboolean narrow);
void fee_counting_clear (FeeCounting *counting);

/* Of two batches that meet: the later has a row that ends one of the earlier (ends), or one that ends by a row of the earlier. */
typedef void (*FeeReachFunc) (guint32 later, guint32 earlier, gboolean ends, gpointer data);
/* table: merged, of all that came so far. brings: by row, whether it was new or changed something. */
void fee_counting_reach (const FeeTable *table, const guint8 *brings, FeeReachFunc func, gpointer data);

/* One file on its way into the book. */
typedef struct {
  FeeBook *book;
  FeeKindId kind;
  const char *name;
  GBytes *bytes;
  const FeeImportOptions *options;
  GPtrArray *batches;  /* of the book */
  FeeRecords *records; /* with the file's rows as the last segment of its table */
  FeeProblems *problems;
  FeeImported *imported;
  FeeReading *reading;
  FeeBatch *batch;
  FeePacking packing;
  FeeBillFinder *finder; /* NULL until it is asked for */
  guint32 number;        /* the next */
} FeeImport;

FeeBatch *fee_import_new_batch (FeeKindId kind, const char *name, gsize size, const char *made_at, const char *made_by);
/* Adds the batch with its packed bytes. */
gboolean fee_import_store (FeeBook *book, FeeBatch *batch, FeePacking *packing, GError **error);
/* All kinds that rows of this kind refer to, itself included, as bits. */
guint32 fee_import_needs (FeeKindId kind);
/* A check whose data is a GPtrArray of batches and the name of the new file; see FeeImportNames. */
typedef struct {
  FeeBook *book;
  const GPtrArray *batches;
  const char *new_file;
  GHashTable *billed; /* parties of posted bills; filled when first asked for */
  FeeBillFinder *finder; /* NULL until it is asked for */
} FeeImportNames;
void fee_import_names_clear (FeeImportNames *names);
void fee_import_init_check (FeeCheck *check, const FeeRecords *records, FeeImportNames *names, FeeProblems *problems);

/* The same bytes, read the same way, are in the book already (rules.md section 10): then the outcome says so. Waits for the packing. */
gboolean fee_import_find_same (FeeImport *import);

/* Kind policy. */
gboolean fee_import_policy (FeeImport *import, GError **error);

/* Findings about costs: outside the book's time, or like another. */
gboolean fee_import_look_at_costs (FeeImport *import, guint32 first_row, GError **error);

G_END_DECLS
