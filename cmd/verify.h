/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bundle.h"

G_BEGIN_DECLS

/* A bundle while it is verified: a book of its own, which is gone afterwards, is made from it, and the month is run in that. */
typedef struct {
  FeeTool *tool;
  const char *path;
  GHashTable *hashes; /* of all members, by name */
  GHashTable *texts;  /* of those that are read as a whole: name -> GString */
  GHashTable *facts;  /* run.csv */
  GPtrArray *batches; /* rows of batches.csv */
  char *folder;       /* of the book */
  FeeBook *book;
  FeeRunHead *head;   /* what run.csv says: period, arguments, number */
  FeeRunArguments arguments; /* of the head */
  GPtrArray *restated; /* of FeePostedOrigin: what was posted of the months that the run restates */
  FeeStrings *strings; /* of their texts */
  GPtrArray *findings; /* of char *: place, what, place, what, ... */
} FeeVerifying;

/* Sets error; always FALSE. */
gboolean fee_verify_damaged (const FeeVerifying *verifying, const char *what, GError **error);
/* Adds a finding; what becomes its own. */
void fee_verify_find (FeeVerifying *verifying, const char *place, char *what);
/* A member that is a table: fee_quoted_parse(). */
gboolean fee_verify_parse (const FeeVerifying *verifying, const char *name, guint n_columns, GPtrArray **rows, GError **error);
/* Cells; *ok becomes FALSE for what is none. An empty period is FEE_PERIOD_NONE. */
gint64 fee_verify_number (const char *text, gint64 least, gint64 most, gboolean *ok);
FeePeriod fee_verify_period (const char *text, gboolean *ok);
/* A value of run.csv; "" where it has none. Borrowed from verifying. */
const char *fee_verify_fact (const FeeVerifying *verifying, const char *what);

/* The book with the files of the bundle, and what was before the run. */
gboolean fee_verify_make_book (FeeVerifying *verifying, GError **error);
gboolean fee_verify_add_history (FeeVerifying *verifying, GError **error);
/* What was posted of the months that the run restates, months, into verifying->restated. */
gboolean fee_verify_add_restated (FeeVerifying *verifying, const GArray *months, GError **error);

G_END_DECLS
