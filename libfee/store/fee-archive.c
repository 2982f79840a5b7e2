/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "../base/fee-hash.h"

#define ROOM_BYTES (256 * 1024)

/* ---- Writing */

struct _FeeArchiveWriter {
  struct archive *archive;
  FeeBytesFunc func;
  gpointer data;
  GError *problem; /* of func: kept from libarchive, which leaks where its last block can't be written */
  int spool;       /* a file without a name: the member at hand */
  gint64 size;
  FeeHash *hash;
  GString *sums, *last; /* last: the name before */
  guint8 *room;
};

void
fee_archive_writer_free (FeeArchiveWriter *writer)
{
  if (writer == NULL)
    return;
  archive_write_free (writer->archive); /* may still write: what func needs is there */
  if (writer->spool >= 0)
    close (writer->spool);
  g_clear_error (&writer->problem);
  fee_hash_free (writer->hash);
  g_string_free (writer->sums, TRUE);
  g_string_free (writer->last, TRUE);
  g_free (writer->room);
  g_free (writer);
}

static la_ssize_t
pass_on (struct archive *archive, void *data, const void *bytes, size_t length)
{
  (void) archive;
  FeeArchiveWriter *writer = data;
  if (writer->problem == NULL)
    writer->func (bytes, length, writer->data, &writer->problem);
  return (la_ssize_t) length;
}

/* After a call of libarchive: its outcome, and that of what it passed on. */
static gboolean
settle (FeeArchiveWriter *writer, gboolean ok, GError **error)
{
  if (writer->problem != NULL)
    g_propagate_error (error, g_error_copy (writer->problem)); /* it stays: nothing more is passed on */
  else if (!ok)
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("the archive: %s"), archive_error_string (writer->archive));
  return ok && writer->problem == NULL;
}

static gboolean
spool_failed (GError **error)
{
  gint number = errno;
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("a temporary file: %s"), g_strerror (number));
  return FALSE;
}

static gboolean
open_spool (FeeArchiveWriter *writer, GError **error)
{
  g_autofree char *path = NULL;
  writer->spool = g_file_open_tmp ("fee-XXXXXX", &path, error);
  if (writer->spool < 0)
    return FALSE;
  g_unlink (path);
  return TRUE;
}

gboolean
fee_archive_writer_new (FeeBytesFunc func, gpointer data, FeeArchiveWriter **out, GError **error)
{
  g_autoptr (FeeArchiveWriter) writer = g_new0 (FeeArchiveWriter, 1);
  writer->archive = archive_write_new ();
  writer->func = func;
  writer->data = data;
  writer->spool = -1;
  writer->hash = fee_hash_new ();
  writer->sums = g_string_new (NULL);
  writer->last = g_string_new (NULL);
  writer->room = g_malloc (ROOM_BYTES);
  gboolean ok = archive_write_set_format_ustar (writer->archive) == ARCHIVE_OK
                && archive_write_add_filter_none (writer->archive) == ARCHIVE_OK
                && archive_write_open (writer->archive, writer, NULL, pass_on, NULL) == ARCHIVE_OK;
  if (!settle (writer, ok, error) || !open_spool (writer, error))
    return FALSE;
  *out = g_steal_pointer (&writer);
  return TRUE;
}

gboolean
fee_archive_write (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  FeeArchiveWriter *writer = data;
  fee_hash_bytes (writer->hash, bytes, length);
  writer->size += (gint64) length;
  while (length > 0) {
    ssize_t n = write (writer->spool, bytes, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return spool_failed (error);
    bytes += n;
    length -= (gsize) n;
  }
  return TRUE;
}

static gboolean
write_header (FeeArchiveWriter *writer, const char *name, GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_mtime (entry, 0, 0);
  archive_entry_set_size (entry, writer->size);
  gboolean ok = archive_write_header (writer->archive, entry) == ARCHIVE_OK;
  archive_entry_free (entry);
  return settle (writer, ok, error);
}

/* From the temporary file, which is empty after it. */
static gboolean
write_member (FeeArchiveWriter *writer, const char *name, GError **error)
{
  if (!write_header (writer, name, error))
    return FALSE;
  if (lseek (writer->spool, 0, SEEK_SET) != 0)
    return spool_failed (error);
  for (gint64 left = writer->size; left > 0;) {
    ssize_t n = read (writer->spool, writer->room, ROOM_BYTES);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return spool_failed (error);
    if (!settle (writer, archive_write_data (writer->archive, writer->room, (size_t) n) == n, error))
      return FALSE;
    left -= n;
  }
  if (ftruncate (writer->spool, 0) != 0 || lseek (writer->spool, 0, SEEK_SET) != 0)
    return spool_failed (error);
  writer->size = 0;
  return TRUE;
}

gboolean
fee_archive_end_member (FeeArchiveWriter *writer, const char *name, GError **error)
{
  char hex[FEE_HASH_HEX];
  g_return_val_if_fail (strcmp (writer->last->str, name) < 0 && strcmp (name, FEE_ARCHIVE_SUMS) <= 0, FALSE);
  g_string_assign (writer->last, name);
  g_string_append_printf (writer->sums, "%s  %s\n", fee_hash_finish (writer->hash, hex), name);
  fee_hash_free (writer->hash);
  writer->hash = fee_hash_new ();
  return write_member (writer, name, error);
}

gboolean
fee_archive_finish (FeeArchiveWriter *writer, GError **error)
{
  g_autofree char *sums = g_strdup (writer->sums->str);
  return fee_archive_write ((const guint8 *) sums, strlen (sums), writer, error)
         && fee_archive_end_member (writer, FEE_ARCHIVE_SUMS, error)
         && settle (writer, archive_write_close (writer->archive) == ARCHIVE_OK, error);
}

/* ---- Reading */

struct _FeeArchiveReader {
  struct archive *archive;
  char *path, *name;
};

void
fee_archive_reader_free (FeeArchiveReader *reader)
{
  if (reader == NULL)
    return;
  archive_read_free (reader->archive);
  g_free (reader->path);
  g_free (reader->name);
  g_free (reader);
}

static gboolean
read_failed (FeeArchiveReader *reader, GError **error)
{
  gint number = archive_errno (reader->archive);
  if (number == ENOENT || number == EACCES || number == EISDIR)
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "%s: %s", reader->path, g_strerror (number));
  else
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: the archive is damaged: %s"), reader->path, archive_error_string (reader->archive));
  return FALSE;
}

gboolean
fee_archive_open (const char *path, FeeArchiveReader **out, GError **error)
{
  g_autoptr (FeeArchiveReader) reader = g_new0 (FeeArchiveReader, 1);
  reader->archive = archive_read_new ();
  reader->path = g_strdup (path);
  archive_read_support_format_tar (reader->archive);
  archive_read_support_filter_none (reader->archive);
  if (archive_read_open_filename (reader->archive, path, ROOM_BYTES) != ARCHIVE_OK)
    return read_failed (reader, error);
  *out = g_steal_pointer (&reader);
  return TRUE;
}

/* Nothing else was ever written; a sparse one could say to be of any size. */
static gboolean
is_plain (struct archive_entry *entry)
{
  return archive_entry_filetype (entry) == AE_IFREG && archive_entry_hardlink (entry) == NULL && archive_entry_sparse_count (entry) == 0;
}

gboolean
fee_archive_next (FeeArchiveReader *reader, const char **name, GError **error)
{
  struct archive_entry *entry;
  g_clear_pointer (&reader->name, g_free);
  *name = NULL;
  int got = archive_read_next_header (reader->archive, &entry);
  if (got == ARCHIVE_EOF)
    return TRUE;
  const char *path = got == ARCHIVE_OK ? archive_entry_pathname (entry) : NULL;
  if (got == ARCHIVE_OK && (path == NULL || !is_plain (entry))) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: the archive is damaged: it holds what is no file"), reader->path);
    return FALSE;
  }
  if (got != ARCHIVE_OK)
    return read_failed (reader, error);
  *name = reader->name = g_strdup (path);
  return TRUE;
}

gboolean
fee_archive_read (FeeArchiveReader *reader, FeeBytesFunc func, gpointer data, GError **error)
{
  g_autofree guint8 *room = g_malloc (ROOM_BYTES);
  for (;;) {
    la_ssize_t n = archive_read_data (reader->archive, room, ROOM_BYTES);
    if (n < 0)
      return read_failed (reader, error);
    if (n == 0)
      return TRUE;
    if (!func (room, (gsize) n, data, error))
      return FALSE;
  }
}
