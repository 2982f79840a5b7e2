/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-check.h"
#include "fee-import.h"

G_BEGIN_DECLS

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
  guint32 number;      /* the next */
} FeeImport;

FeeBatch *fee_import_new_batch (FeeKindId kind, const char *name, GBytes *bytes, const char *made_at, const char *made_by);
/* Packs the bytes and adds the batch. */
gboolean fee_import_store (FeeBook *book, FeeBatch *batch, GBytes *bytes, GError **error);
/* All kinds that rows of this kind refer to, itself included, as bits. */
guint32 fee_import_needs (FeeKindId kind);
/* A check whose data is a GPtrArray of batches and the name of the new file; see FeeImportNames. */
typedef struct {
  FeeBook *book;
  const GPtrArray *batches;
  const char *new_file;
  GHashTable *billed; /* parties of posted bills; filled when first asked for */
} FeeImportNames;
void fee_import_names_clear (FeeImportNames *names);
void fee_import_init_check (FeeCheck *check, const FeeRecords *records, FeeImportNames *names, FeeProblems *problems);

/* Kind policy. */
gboolean fee_import_policy (FeeImport *import, GError **error);

/* Findings about costs: outside the book's time, or like another. */
gboolean fee_import_look_at_costs (FeeImport *import, guint32 first_row, GError **error);

G_END_DECLS
