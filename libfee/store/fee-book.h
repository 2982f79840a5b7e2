/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-error.h"
#include "../model/fee-kind.h"
#include "../model/fee-records.h"
#include "../model/fee-run.h"

G_BEGIN_DECLS

/* The book on disk: one SQLite file (HACKING.md "The store"). This is the whole interface; nothing above it knows which database it is.
 * Errors: FEE_ERROR_IO for a disk or a damaged book, FEE_ERROR_BUSY where another program holds it longer than one waits, FEE_ERROR_POLICY for
 * a book newer than the program. */
typedef struct _FeeBook FeeBook;

/* A new book of mode 0600; it is there, whole, only after fee_book_finish(). Errors: FEE_ERROR_RECORDS where a file of that name is there. */
gboolean fee_book_create (const char *path, FeeBook **out, GError **error);
gboolean fee_book_finish (FeeBook *book, GError **error);

/* wait: seconds for another program to be done. Owned by the caller; free with fee_book_free(). */
gboolean fee_book_open (const char *path, gint wait, FeeBook **out, GError **error);
void fee_book_free (FeeBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeBook, fee_book_free)

/* It has the schema of this program. */
gboolean fee_book_is_current (FeeBook *book);
/* Whoever will write calls it after opening: a book of an older schema gets the tables of this one, in a transaction of its own. Before, it is
 * copied to PATH.schema-N, N the schema that it had; a copy that is there already, identical, stays. *kept: the copy; NULL where there was nothing
 * to do. Owned by the caller; free with g_free(). Errors: FEE_ERROR_IO also where another file has the name of the copy. After a failure the
 * book is as it was, and can only be freed. */
gboolean fee_book_upgrade (FeeBook *book, char **kept, GError **error);

/* One transaction: of reading (the book as it is now, whatever others do) or of writing. What is not committed is gone when the book is freed. */
gboolean fee_book_begin (FeeBook *book, gboolean write, GError **error);
gboolean fee_book_commit (FeeBook *book, GError **error);
/* Ends a transaction that only reads, so that others may write meanwhile; one that writes goes on. What is read after it is as it is then. */
void fee_book_let_go (FeeBook *book);

/* ---- Batches: rules.md section 10 */

typedef struct {
  guint32 number;
  FeeKindId kind;
  guint32 retracts; /* 0: a file */
  char *file;       /* its name, without folders */
  char *sha256;     /* of the file's bytes */
  guint64 size;
  char *reading;    /* fee_reading_to_text() */
  FeeDate through;  /* receipts: complete up to that day; else FEE_DATE_NONE */
  guint64 n_rows, n_new, n_changed;
  FeeDate from, to; /* least from and greatest to of its rows; FEE_DATE_NONE..FEE_DATE_FOREVER is all days */
  char *amends;     /* batches whose rows it changes: "3,7" */
  char *reason;     /* of a retraction */
  char *made_at, *made_by;
  guint32 retracted_by; /* 0: stands; filled in when read */
} FeeBatch;

FeeBatch *fee_batch_new (void);
void fee_batch_free (FeeBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeBatch, fee_batch_free)

/* All of them, in order. *out: of FeeBatch *. Owned by the caller; free with g_ptr_array_unref(). */
gboolean fee_book_batches (FeeBook *book, GPtrArray **out, GError **error);
/* batch->number is set to the next. packed: the file's bytes by fee_pack_file(); NULL for a retraction. */
gboolean fee_book_add_batch (FeeBook *book, FeeBatch *batch, GBytes *packed, GError **error);

/* The bytes of a file, compressed, and checked to come back the same. */
gboolean fee_pack_file (GBytes *bytes, GBytes **packed, GError **error);

typedef gboolean (*FeeBytesFunc) (const guint8 *bytes, gsize length, gpointer data, GError **error);
/* The file's bytes again, in pieces. */
gboolean fee_book_read_file (FeeBook *book, guint32 batch, FeeBytesFunc func, gpointer data, GError **error);

/* ---- Runs */

typedef struct {
  guint32 number;
  FeePeriod period;
  FeeDate issue, due;
  char *currency;
  char *arguments;
  guint32 last_batch; /* that it saw */
  gint rules;
  FeeMoney recognised, prior, total;
  guint64 n_bills, n_lines;
  char *digest;
  char *made_at, *made_by;
  guint32 withdrawn_after; /* the last run when it was taken back; 0: stands; filled in when read */
} FeeRunHead;

FeeRunHead *fee_run_head_new (void);
void fee_run_head_free (FeeRunHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeRunHead, fee_run_head_free)

/* rules.md section 10: the last run taken back. What it posted stays as it is, and counts for nothing. */
typedef struct {
  guint32 number;
  guint32 run;        /* that is taken back */
  guint32 last_run;   /* the greatest number of a run by then, withdrawn or not: it comes before the next run */
  guint32 last_batch; /* that was there */
  char *reason, *made_at, *made_by;
} FeeWithdrawal;

/* Those that stand, in order: one a month, from the first of the book on. *out: of FeeRunHead *. Owned by the caller; free with
 * g_ptr_array_unref(). */
gboolean fee_book_runs (FeeBook *book, GPtrArray **out, GError **error);
/* The place of a run among those that stand, from 1: that of its head. One run a month stands, from the first of the book on. */
static inline guint
fee_runs_place (const GPtrArray *standing, const FeeRunHead *head)
{
  return (guint) (head->period - ((const FeeRunHead *) g_ptr_array_index (standing, 0))->period) + 1;
}
/* All of them, the withdrawn too, by number from 1, and the withdrawals, by number from 1. *runs: of FeeRunHead *; *withdrawals: of FeeWithdrawal *.
 * Both owned by the caller; free with g_ptr_array_unref(). */
gboolean fee_book_all_runs (FeeBook *book, GPtrArray **runs, GPtrArray **withdrawals, GError **error);
/* The runs that stood when the run of that number was made, out of all of them. Borrows the heads. Owned by the caller; free with
 * g_ptr_array_unref(). */
GPtrArray *fee_runs_standing (const GPtrArray *all, guint32 before);
/* withdrawal->number is set to the next. */
gboolean fee_book_add_withdrawal (FeeBook *book, FeeWithdrawal *withdrawal, GError **error);
/* Stores the run and checks, by reading it back, that the book holds it. head->number is set to the next. */
gboolean fee_book_add_run (FeeBook *book, const FeeRun *run, FeeRunHead *head, GError **error);
/* Its stages, with strings of their own. Owned by the caller; free with fee_run_free(). */
gboolean fee_book_read_run (FeeBook *book, const FeeRunHead *head, FeeRun **out, GError **error);
/* Its odd-fen counts, appended to counts (of FeeOddCount). */
gboolean fee_book_read_counts (FeeBook *book, guint32 run, FeeStrings *strings, GArray *counts, GError **error);

/* Bills of a run. The reader stands on each; FALSE with error set stops. */
typedef gboolean (*FeeBillFunc) (const FeePageReader *bill, gpointer data, GError **error);
/* unit: NULL for all. whole: the run as it was read back, for bills with their lines, each of which names a pool of it; NULL: heads only. */
gboolean fee_book_read_bills (FeeBook *book, guint32 run, const char *unit, const FeeRun *whole, FeeBillFunc func, gpointer data,
                              GError **error);
/* The same of the units from one on ("": the first), before another (bytewise; NULL: to the last). */
gboolean fee_book_read_bills_between (FeeBook *book, guint32 run, const char *from, const char *before, const FeeRun *whole, FeeBillFunc func,
                                      gpointer data, GError **error);
/* One bill by its number. *found is FALSE where there is none. */
gboolean fee_book_find_bill (FeeBook *book, const char *number, gboolean *found, char **unit, char **party, FeeDate *issue,
                             GError **error);

/* ---- The seal */

/* "ENTRIES:SEAL". Owned by the caller; free with g_free(). */
gboolean fee_book_seal (FeeBook *book, char **out, GError **error);

/* ---- Records */

/* Which cells of a kind to hold: a run's, those by which others refer to it, or all. NONE: for fee_book_each_accounts() only. */
typedef enum { FEE_FIELDS_RUN, FEE_FIELDS_REFERENCE, FEE_FIELDS_ALL, FEE_FIELDS_NONE } FeeLoadFields;

/* What of a book to load. */
typedef struct {
  guint32 kinds;      /* bit n: kind n */
  guint32 as_of;      /* the last batch known; G_MAXUINT32: all */
  guint32 since;      /* batches after it are read in any case */
  FeeDate from, to;   /* of costs and quantities, batches that meet these days */
  FeeLoadFields fields;
} FeeLoad;

/* Policies are always loaded. The records are merged, not indexed. *out: Owned by the caller; free with fee_records_free(). */
gboolean fee_book_load (FeeBook *book, const GPtrArray *batches, const FeeLoad *load, FeeRecords **out, GError **error);

/* Adds a kind, which the records do not hold yet. */
gboolean fee_book_load_kind (FeeBook *book, const GPtrArray *batches, const FeeLoad *load, FeeKindId kind, FeeRecords *records,
                             GError **error);

G_END_DECLS
