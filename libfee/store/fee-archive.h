/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-book.h"

G_BEGIN_DECLS

/* One file of many, the same bytes for the same members whoever writes it where and when: ustar, mode 0600, of nobody in
 * particular, time 0, members in the order of their names, the last of them "sha256sums" over the others, as sha256sum(1) reads
 * it. The only file of libfee that includes libarchive is fee-archive.c. Errors: FEE_ERROR_IO. */

#define FEE_ARCHIVE_SUMS "sha256sums"

/* The archive goes to func. Members wait in a temporary file until they are whole. Owned by the caller; free with
 * fee_archive_writer_free(). */
typedef struct _FeeArchiveWriter FeeArchiveWriter;
gboolean fee_archive_writer_new (FeeBytesFunc func, gpointer data, FeeArchiveWriter **out, GError **error);
void fee_archive_writer_free (FeeArchiveWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeArchiveWriter, fee_archive_writer_free)
/* A FeeBytesFunc whose data is the writer: adds to the member at hand. */
gboolean fee_archive_write (const guint8 *bytes, gsize length, gpointer writer, GError **error);
/* Ends the member, under that name: greater (bytewise) than the one before, and less than FEE_ARCHIVE_SUMS. */
gboolean fee_archive_end_member (FeeArchiveWriter *writer, const char *name, GError **error);
gboolean fee_archive_finish (FeeArchiveWriter *writer, GError **error);

/* Owned by the caller; free with fee_archive_reader_free(). */
typedef struct _FeeArchiveReader FeeArchiveReader;
gboolean fee_archive_open (const char *path, FeeArchiveReader **out, GError **error);
void fee_archive_reader_free (FeeArchiveReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeArchiveReader, fee_archive_reader_free)
/* The next member; *name NULL after the last. Borrowed from the reader; valid until the next call. */
gboolean fee_archive_next (FeeArchiveReader *reader, const char **name, GError **error);
/* Its bytes. */
gboolean fee_archive_read (FeeArchiveReader *reader, FeeBytesFunc func, gpointer data, GError **error);

G_END_DECLS
