/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

struct _FeeOutput {
  int fd;
  char *path;   /* NULL: standard output */
  char *making; /* the file's name until it is whole; NULL for what is no plain file (/dev/null, a pipe) */
  GByteArray *held; /* what waits in memory; NULL: nothing waits */
  int spool;        /* the temporary file that has what was held before, or -1 */
};

#define HELD_BYTES (1024 * 1024)

static gboolean
failed (const FeeOutput *output, GError **error)
{
  gint number = errno;
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "%s: %s", output->path != NULL ? output->path : _("standard output"), g_strerror (number));
  return FALSE;
}

void
fee_output_free (FeeOutput *output)
{
  if (output == NULL)
    return;
  if (output->path != NULL && output->fd >= 0)
    close (output->fd);
  if (output->making != NULL)
    g_unlink (output->making);
  g_clear_pointer (&output->held, g_byte_array_unref);
  if (output->spool >= 0)
    close (output->spool);
  g_free (output->making);
  g_free (output->path);
  g_free (output);
}

/* What is no plain file is written as it is. /dev/stdout and the like are links, perhaps to a plain file, and must never be replaced; /dev/shm is a
 * folder as others. */
static gboolean
is_device (const char *path)
{
  struct stat status;
  return (g_str_has_prefix (path, "/dev/") && !g_str_has_prefix (path, "/dev/shm/")) || g_str_has_prefix (path, "/proc/")
         || (stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode));
}

/* A reader that does not read, such as a pager left open, may let it wait for ever. */
static gboolean
may_wait (int fd)
{
  struct stat status;
  return isatty (fd) || (fstat (fd, &status) == 0 && (S_ISFIFO (status.st_mode) || S_ISSOCK (status.st_mode)));
}

/* Other links are replaced, not followed: what is written may be personal data. */
gboolean
fee_output_open (const char *path, FeeOutput **out, GError **error)
{
  g_autoptr (FeeOutput) output = g_new0 (FeeOutput, 1);
  output->fd = STDOUT_FILENO;
  output->spool = -1;
  if (path != NULL) {
    output->path = g_strdup (path);
    if (is_device (path)) {
      output->fd = open (path, O_WRONLY | O_CLOEXEC);
    } else {
      output->making = g_strdup_printf ("%s.XXXXXX", path);
      output->fd = g_mkstemp_full (output->making, O_WRONLY | O_CLOEXEC, 0600);
      if (output->fd < 0)
        g_clear_pointer (&output->making, g_free);
    }
    if (output->fd < 0)
      return failed (output, error);
  }
  if (may_wait (output->fd))
    fee_output_hold (output);
  *out = g_steal_pointer (&output);
  return TRUE;
}

void
fee_output_hold (FeeOutput *output)
{
  if (output->making == NULL && output->held == NULL)
    output->held = g_byte_array_new ();
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize length)
{
  while (length > 0) {
    ssize_t n = write (fd, bytes, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    bytes += n;
    length -= (gsize) n;
  }
  return TRUE;
}

/* What is held goes to a file without a name. */
static gboolean
spool_held (FeeOutput *output, GError **error)
{
  g_autofree char *path = NULL;
  if (output->spool < 0) {
    output->spool = g_file_open_tmp ("fee-XXXXXX", &path, error);
    if (output->spool < 0)
      return FALSE;
    g_unlink (path);
  }
  if (!write_all (output->spool, output->held->data, output->held->len)) {
    gint number = errno;
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("a temporary file: %s"), g_strerror (number));
    return FALSE;
  }
  g_byte_array_set_size (output->held, 0);
  return TRUE;
}

gboolean
fee_output_write (const char *bytes, gsize length, gpointer data, GError **error)
{
  FeeOutput *output = data;
  if (output->held == NULL)
    return write_all (output->fd, (const guint8 *) bytes, length) || failed (output, error);
  g_byte_array_append (output->held, (const guint8 *) bytes, (guint) length);
  return output->held->len < HELD_BYTES || spool_held (output, error);
}

/* From its begin; once: it is gone then. */
static gboolean
write_spool (FeeOutput *output, GError **error)
{
  g_autofree guint8 *room = g_malloc (HELD_BYTES);
  ssize_t n = 1;
  if (lseek (output->spool, 0, SEEK_SET) != 0)
    return failed (output, error);
  while (n > 0) {
    n = read (output->spool, room, HELD_BYTES);
    if (n < 0 || !write_all (output->fd, room, (gsize) n))
      return failed (output, error);
  }
  close (output->spool);
  output->spool = -1;
  return TRUE;
}

/* What waited, in its order. */
static gboolean
let_go (FeeOutput *output, GError **error)
{
  g_autoptr (GByteArray) held = g_steal_pointer (&output->held);
  if (output->spool >= 0 && !write_spool (output, error))
    return FALSE;
  return held == NULL || write_all (output->fd, held->data, held->len) || failed (output, error);
}

static gboolean
write_held (FeeOutput *output, GError **error)
{
  return let_go (output, error) && (output->making == NULL || fsync (output->fd) == 0 || failed (output, error));
}

gboolean
fee_output_settle (FeeOutput *output, GError **error)
{
  return may_wait (output->fd) || write_held (output, error);
}

gboolean
fee_output_finish (FeeOutput *output, GError **error)
{
  if (!write_held (output, error))
    return FALSE;
  if (output->path == NULL)
    return TRUE;
  gint fd = output->fd;
  output->fd = -1;
  if (close (fd) != 0)
    return failed (output, error);
  if (output->making == NULL)
    return TRUE;
  if (g_rename (output->making, output->path) != 0)
    return failed (output, error);
  g_clear_pointer (&output->making, g_free);
  return TRUE;
}

gboolean
fee_tool_finish_output (FeeTool *tool, FeeOutput *output, GError **error)
{
  if (tool->book != NULL && output->held != NULL)
    fee_book_let_go (tool->book);
  return fee_output_finish (output, error);
}

gboolean
fee_output_make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  gint number = errno;
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "%s: %s", path, g_strerror (number));
  return FALSE;
}
