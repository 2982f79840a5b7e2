/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FEE_ERROR (fee_error_quark ())

/* One code for each thing that a caller does differently (interface.md section 1: the exit statuses).
 * The message is for the accountant: one line a cause, with its place. */
typedef enum {
  FEE_ERROR_USAGE,    /* the call is wrong */
  FEE_ERROR_RECORDS,  /* the records, or what was asked of them, do not allow it */
  FEE_ERROR_INTERNAL, /* a check of our own failed: nothing may be posted */
  FEE_ERROR_IO,       /* disk, pipe, file or damaged book */
  FEE_ERROR_BUSY,     /* another program holds the book */
  FEE_ERROR_POLICY,   /* the policy, or a book newer than the program */
} FeeError;

GQuark fee_error_quark (void);

/* Problems collected over a file or a run: the first FEE_PROBLEMS_SHOWN are kept as text, all are counted. */
#define FEE_PROBLEMS_SHOWN 20

typedef struct _FeeProblems FeeProblems;

/* Owned by the caller; free with fee_problems_free(). */
FeeProblems *fee_problems_new (void);
void fee_problems_free (FeeProblems *problems);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeProblems, fee_problems_free)

void fee_problems_add (FeeProblems *problems, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint fee_problems_count (const FeeProblems *problems);
/* Borrowed from the list; NULL beyond the problems shown. */
const char *fee_problems_nth (const FeeProblems *problems, guint n);

/* TRUE where there are none; else FALSE and error: a line a problem, at last "... and N more". */
gboolean fee_problems_settle (const FeeProblems *problems, FeeError code, GError **error);

G_END_DECLS
