/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../libfee/base/fee-memory.h"
#include "tool.h"

#define FIRST_ROOM (256 * 1024)
#define LINE_MAX_BYTES (64 * 1024 * 1024)
#define QUOTED_MAX_BYTES (16 * 1024 * 1024)

/* What is read is looked over on the way: what no reader takes is not held in memory to its end. That is a line over 64 MiB, and
 * what is quoted over 16 MiB (a quote that is not closed). */
typedef struct {
  gsize seen;       /* bytes looked over */
  gsize since;      /* where the line, or what is quoted, begins */
  gboolean quoting; /* quotes mean something: not in UTF-16, where half a character may look like one */
  gboolean quoted;
} Watch;

static const char *
last_end (const char *text, gsize length)
{
  const char *end = memrchr (text, '\n', length);
  return end != NULL ? end : memrchr (text, '\r', length);
}

/* TRUE: as far as it goes, some line may be one. */
static gboolean
look_over (Watch *watch, const char *text, gsize length)
{
  if (watch->seen == 0)
    watch->quoting = memchr (text, '\0', MIN (length, 256)) == NULL;
  while (watch->seen < length) {
    const char *from = text + watch->seen;
    const char *quote = watch->quoting ? memchr (from, '"', length - watch->seen) : NULL;
    const char *to = quote != NULL ? quote : text + length;
    const char *end = watch->quoted ? NULL : last_end (from, (gsize) (to - from));
    if (end != NULL)
      watch->since = (gsize) (end - text);
    if ((gsize) (to - text) - watch->since > (watch->quoted ? QUOTED_MAX_BYTES : LINE_MAX_BYTES))
      return FALSE;
    watch->seen = (gsize) (to - text);
    if (quote == NULL)
      break;
    watch->quoted = !watch->quoted;
    if (watch->quoted)
      watch->since = watch->seen;
    watch->seen++;
  }
  return TRUE;
}

static gboolean
refuse (const char *path, const Watch *watch, const char *text, GError **error)
{
  gsize line = 1;
  for (gsize i = 0; i < watch->since; i++)
    line += text[i] == '\n';
  if (watch->quoted)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s:%lu: what is quoted is over 16 MiB; is its quote closed?"), path, (gulong) line);
  else
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s:%lu: a line is over 64 MiB"), path, (gulong) line + (watch->since > 0));
  return FALSE;
}

static gboolean
failed (const char *path, gint number, GError **error)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "%s: %s", path, g_strerror (number));
  return FALSE;
}

/* To the end, which a pipe does not say before. */
static gboolean
read_all (const char *path, gint fd, GBytes **out, GError **error)
{
  gsize room = FIRST_ROOM, length = 0;
  Watch watch = { 0 };
  g_autofree char *text = fee_memory_resize (NULL, room);
  for (;;) {
    ssize_t n = read (fd, text + length, room - length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failed (path, errno, error);
    if (n == 0)
      break;
    length += (gsize) n;
    if (length > G_MAXINT32)
      return failed (path, EFBIG, error);
    if (!look_over (&watch, text, length))
      return refuse (path, &watch, text, error);
    if (length == room) {
      room += room / 2;
      text = fee_memory_resize (text, room);
    }
  }
  *out = g_bytes_new_take (g_steal_pointer (&text), length);
  return TRUE;
}

gboolean
fee_tool_read_file (const char *path, GBytes **out, GError **error)
{
  struct stat status;
  if (stat (path, &status) == 0 && S_ISDIR (status.st_mode)) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, _("%s: is a folder"), path);
    return FALSE;
  }
  if (stat (path, &status) == 0 && status.st_size > G_MAXINT32) {
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%s: the file is larger than 2 GiB"), path);
    return FALSE;
  }
  gint fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return failed (path, errno, error);
  gboolean ok = read_all (path, fd, out, error);
  close (fd);
  return ok;
}
