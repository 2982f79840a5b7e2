/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sqlite3.h>

#include "../model/fee-policy.h"
#include "fee-book.h"
#include "fee-disclosures.h"

G_BEGIN_DECLS

/* Changes with every change of the tables below; a book of a newer one is refused, one of an older one is read as it is, and upgraded by who
 * writes (fee_book_upgrade()). */
#define FEE_SCHEMA_VERSION 2
/* The one that brought the table of disclosures. */
#define FEE_SCHEMA_DISCLOSURES 2

/* The tables of a book, as they are made. */
typedef struct {
  gint since; /* the schema that brought it */
  const char *name, *sql;
} FeeSchemaTable;
#define FEE_N_SCHEMA_TABLES 7
extern const FeeSchemaTable fee_schema[FEE_N_SCHEMA_TABLES];

struct _FeeBook {
  sqlite3 *db;
  char *path;
  char *making; /* the file's name until fee_book_finish() */
  gboolean in_transaction;
  GHashTable *policies; /* number of its batch -> FeePolicy, once read: a batch never changes */
};

/* A book that has only the name under which it is made, an empty file of mode 0600; FEE_ERROR_RECORDS where path is taken. */
gboolean fee_book_new_file (const char *path, FeeBook **out, GError **error);
/* The same without the look at path: a file that is never put in place. */
gboolean fee_book_make_file (const char *path, FeeBook **out, GError **error);
/* Opens the book in a file and checks its version. */
gboolean fee_book_connect (FeeBook *book, const char *file, gint wait, GError **error);
/* Its schema, in the transaction at hand. */
gboolean fee_book_schema (FeeBook *book, gint64 *out, GError **error);
/* The names in the folder of path are on disk too. */
gboolean fee_book_sync_folder (const char *path, GError **error);
/* Closes it and gives it its own name. */
gboolean fee_book_put_in_place (FeeBook *book, GError **error);

/* Sets error from the database's state; always FALSE. */
gboolean fee_book_fail (FeeBook *book, GError **error);
/* The book holds what it cannot hold; always FALSE. */
gboolean fee_book_damaged (FeeBook *book, const char *what, GError **error);
gboolean fee_book_execute (FeeBook *book, const char *sql, GError **error);

/* A statement; finalized by g_autoptr. */
typedef sqlite3_stmt FeeStatement;
static inline void
fee_statement_free (FeeStatement *statement)
{
  sqlite3_finalize (statement);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeStatement, fee_statement_free)
gboolean fee_book_prepare (FeeBook *book, const char *sql, FeeStatement **out, GError **error);
/* TRUE for a row; FALSE at the end, or with error set. */
gboolean fee_book_step (FeeBook *book, FeeStatement *statement, GError **error);
/* A statement that gives no row. */
gboolean fee_book_run_once (FeeBook *book, FeeStatement *statement, GError **error);
/* Valid UTF-8, whatever is there; "" for NULL. Owned by the caller; free with g_free(). */
char *fee_statement_text (FeeStatement *statement, gint column);

/* As fee_book_backup(), of a book before its upgrade: a file at path that is the same copy stays, any other is FEE_ERROR_IO. */
gboolean fee_book_keep (FeeBook *book, const char *path, GError **error);

/* The first cell of a query that gives one row. */
gboolean fee_book_number (FeeBook *book, const char *sql, gint64 *out, GError **error);

/* A row of which nothing is cut: a number out of its range or a text with a NUL does not fit, and the first such column is kept. */
typedef struct {
  FeeStatement *statement;
  const char *fault; /* a column; borrowed from the statement; NULL where all fits */
} FeeRowReader;
gint64 fee_row_number (FeeRowReader *row, gint column, gint64 least, gint64 most);
/* Owned by the caller; free with g_free(). */
char *fee_row_text (FeeRowReader *row, gint column);

/* Adds the next entry of the seal over the text of a record. */
gboolean fee_book_add_entry (FeeBook *book, const char *record, GError **error);
/* The text of a record under the seal. Owned by the caller; free with g_free(). */
char *fee_batch_record (const FeeBatch *batch);
char *fee_run_head_record (const FeeRunHead *head);
char *fee_withdrawal_record (const FeeWithdrawal *withdrawal);
char *fee_disclosure_record (const FeeDisclosureHead *head);

/* Marks those of all runs that are taken back. *out: of FeeWithdrawal *. Owned by the caller; free with g_ptr_array_unref(). */
gboolean fee_book_read_withdrawals (FeeBook *book, const GPtrArray *runs, GPtrArray **out, GError **error);

/* "stages" or "counts" of a run, unpacked by zstd only. */
gboolean fee_book_read_packed (FeeBook *book, const char *column, guint32 run, GByteArray *out, GError **error);

/* The document of a disclosure, unpacked by zstd only. */
gboolean fee_book_read_document (FeeBook *book, guint32 disclosure, GByteArray *out, GError **error);

/* The pages of a run, or those that may hold the unit's bills (from the last that begins before it to the last that begins with it): page, first_bill,
 * n_bills, heads, lines. */
gboolean fee_book_prepare_pages (FeeBook *book, guint32 run, const char *unit, FeeStatement **out, GError **error);

typedef struct {
  gboolean found;
  char *unit, *party; /* owned by whoever asked; free with g_free(); NULL where it is not found */
} FeeFoundBill;
/* A bill of one run, withdrawn or not, by its number in it. */
gboolean fee_book_find_bill_of_run (FeeBook *book, guint32 run, guint32 number, FeeFoundBill *out, GError **error);

/* zstd, level 1, with a checksum. */
gboolean fee_compress (const guint8 *bytes, gsize length, GByteArray *out, GError **error);
gboolean fee_decompress (const guint8 *bytes, gsize length, GByteArray *out, GError **error);

G_END_DECLS
