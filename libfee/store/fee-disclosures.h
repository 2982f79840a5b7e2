/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book.h"

G_BEGIN_DECLS

/* What was published of a book: each document that was put up, byte for byte, as a record under the seal. Rows are only ever added. A book of
 * schema 1 has none. */
typedef struct {
  guint32 number;
  guint32 entry;               /* its place in the seal */
  char *period;                /* "2026-03", "2026-Q1" or "2026" */
  char *format;                /* "text", "csv", "html", ... */
  char *lang;                  /* "en" or "zh_CN" */
  FeeDate as_of;               /* of receipts and aging */
  FeeDate posted_from, posted_to; /* where all could read it; both days are in it */
  char *head;                  /* RUNS:DIGEST that is printed in it */
  guint64 size;
  char *sha256;                /* of its bytes */
  char *made_at, *made_by;
} FeeDisclosureHead;

/* What one document can have at most. */
#define FEE_DISCLOSURE_MAX (512 * 1024 * 1024)

FeeDisclosureHead *fee_disclosure_head_new (void);
void fee_disclosure_head_free (FeeDisclosureHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeDisclosureHead, fee_disclosure_head_free)

/* All of them, by number from 1. *out: of FeeDisclosureHead *. Owned by the caller; free with g_ptr_array_unref(). */
gboolean fee_book_disclosures (FeeBook *book, GPtrArray **out, GError **error);

/* Within a transaction of writing, in a book of this schema (fee_book_upgrade()). Sets number, entry, size and sha256; the others are the
 * caller's, none of them NULL. Checks, by reading it back, that the book holds it. Errors: FEE_ERROR_RECORDS for a head that is not of a run
 * that stands, days that end before they begin, or a document over FEE_DISCLOSURE_MAX. */
gboolean fee_book_add_disclosure (FeeBook *book, FeeDisclosureHead *head, GBytes *bytes, GError **error);

/* The document again, checked against its SHA-256. Errors: FEE_ERROR_RECORDS where there is none of that number. *out: Owned by the caller;
 * free with g_bytes_unref(). */
gboolean fee_book_read_disclosure (FeeBook *book, guint32 number, GBytes **out, GError **error);

G_END_DECLS
