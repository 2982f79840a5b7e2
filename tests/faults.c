/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loaded before a tool by faults.py (LD_PRELOAD): one of its steps on disk fails, and the clock stands still.
 *   FEE_FAULT=WHAT:N   the N-th step: kill (before it), lost (killed, and the power goes: of every file is gone what was written and
 *                      not synced, while names stay as they are), torn (half a write, then killed), short (half a write is taken), dead
 *                      (this and all that follow fail with EIO), or ENOSPC, EIO, EACCES
 *   FEE_FAULT_MARK=F   what the step was, when it was there
 *   FEE_STEPS=F        how many steps there were, at the end
 *   FEE_CLOCK=S[:D]    seconds since 1970; D more at each look (negative: backwards) */
#undef _FILE_OFFSET_BITS /* both names of a function stand here */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { GO_ON, FAIL, HALF, HALF_AND_DIE };

static atomic_long steps, looks;

static void
put (const char *variable, const char *text)
{
  const char *path = getenv (variable);
  if (path == NULL)
    return;
  int fd = (int) syscall (SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  syscall (SYS_write, fd, text, strlen (text));
  syscall (SYS_close, fd);
}

/* ---- What is written and not synced */

typedef struct Written {
  struct Written *before;
  struct stat file; /* as it was before */
  int fd;           /* of its own */
  off_t at;
  ssize_t length; /* of what was there */
  char bytes[];
} Written;

static Written *unsynced;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
remember (int fd, off_t at, size_t length)
{
  const char *fault = getenv ("FEE_FAULT");
  struct stat file;
  char path[64];
  if (fault == NULL || strncmp (fault, "lost", 4) != 0 || fstat (fd, &file) != 0 || !S_ISREG (file.st_mode))
    return;
  Written *written = malloc (sizeof *written + length);
  snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  written->fd = (int) syscall (SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  written->file = file;
  written->at = at >= 0 ? at : lseek (fd, 0, SEEK_CUR);
  written->length = syscall (SYS_pread64, written->fd, written->bytes, length, written->at);
  pthread_mutex_lock (&lock);
  written->before = unsynced;
  unsynced = written;
  pthread_mutex_unlock (&lock);
}

static void
forget (int fd)
{
  struct stat file;
  fstat (fd, &file);
  pthread_mutex_lock (&lock);
  for (Written **at = &unsynced; *at != NULL;) {
    Written *written = *at;
    if (written->file.st_ino != file.st_ino || written->file.st_dev != file.st_dev) {
      at = &written->before;
      continue;
    }
    *at = written->before;
    syscall (SYS_close, written->fd);
    free (written);
  }
  pthread_mutex_unlock (&lock);
}

static void
lose (void)
{
  pthread_mutex_lock (&lock);
  for (Written *written = unsynced; written != NULL; written = written->before) {
    if (written->length > 0)
      syscall (SYS_pwrite64, written->fd, written->bytes, written->length, written->at);
    syscall (SYS_ftruncate, written->fd, written->file.st_size);
  }
}

static void
die (void)
{
  lose ();
  syscall (SYS_kill, getpid (), SIGKILL);
}

static int
step (const char *call, int is_write)
{
  long now = ++steps;
  const char *fault = getenv ("FEE_FAULT");
  const char *colon = fault == NULL ? NULL : strchr (fault, ':');
  if (colon == NULL)
    return GO_ON;
  long at = atol (colon + 1);
  int is_dead = strncmp (fault, "dead", 4) == 0;
  if (now < at || (now > at && !is_dead))
    return GO_ON;
  put ("FEE_FAULT_MARK", call);
  if (strncmp (fault, "kill", 4) == 0 || strncmp (fault, "lost", 4) == 0)
    die ();
  if (strncmp (fault, "short", 5) == 0)
    return is_write ? HALF : GO_ON;
  if (strncmp (fault, "torn", 4) == 0) {
    if (!is_write)
      die ();
    return HALF_AND_DIE;
  }
  errno = strncmp (fault, "ENOSPC", 6) == 0 ? ENOSPC : strncmp (fault, "EACCES", 6) == 0 ? EACCES : EIO;
  return FAIL;
}

__attribute__ ((destructor)) static void
say_steps (void)
{
  char text[32];
  const char *fault = getenv ("FEE_FAULT");
  if (fault != NULL && strncmp (fault, "lost", 4) == 0 && atol (fault + 5) == steps + 1) {
    put ("FEE_FAULT_MARK", "end");
    die (); /* all was done: it may not be lost */
  }
  snprintf (text, sizeof text, "%ld\n", (long) steps);
  put ("FEE_STEPS", text);
}

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))
#define STEP(name, ...) (step (#name, 0) == FAIL ? -1 : REAL (name) (__VA_ARGS__))

static ssize_t
half (int what, ssize_t written)
{
  if (what == HALF_AND_DIE)
    die ();
  return written;
}

#define WRITE(name, fd, bytes, length, at, ...)                                                  \
  do {                                                                                           \
    int what = fd == STDERR_FILENO ? GO_ON : step (#name, length > 1);                           \
    if (what == FAIL)                                                                            \
      return -1;                                                                                 \
    remember (fd, at, length);                                                                   \
    return half (what, REAL (name) (fd, bytes, what == GO_ON ? length : length / 2 __VA_OPT__ (, ) __VA_ARGS__)); \
  } while (0)

ssize_t write (int fd, const void *bytes, size_t length) { WRITE (write, fd, bytes, length, -1); }
ssize_t pwrite (int fd, const void *bytes, size_t length, off_t at) { WRITE (pwrite, fd, bytes, length, at, at); }
ssize_t pwrite64 (int fd, const void *bytes, size_t length, off64_t at) { WRITE (pwrite64, fd, bytes, length, at, at); }
#define SYNC(name, fd)                  \
  do {                                  \
    if (step (#name, 0) == FAIL)        \
      return -1;                        \
    forget (fd);                        \
    return REAL (name) (fd);            \
  } while (0)

int fsync (int fd) { SYNC (fsync, fd); }
int fdatasync (int fd) { SYNC (fdatasync, fd); }

/* Only what is cut off may be lost. */
static void
remember_rest (int fd, off_t from)
{
  struct stat file;
  if (fstat (fd, &file) == 0 && file.st_size >= from)
    remember (fd, from, (size_t) (file.st_size - from));
}

int
ftruncate (int fd, off_t length)
{
  remember_rest (fd, length);
  return STEP (ftruncate, fd, length);
}

int
ftruncate64 (int fd, off64_t length)
{
  remember_rest (fd, length);
  return STEP (ftruncate64, fd, length);
}

int rename (const char *from, const char *to) { return STEP (rename, from, to); }
int unlink (const char *path) { return STEP (unlink, path); }
int link (const char *from, const char *to) { return STEP (link, from, to); }
int mkdir (const char *path, mode_t mode) { return STEP (mkdir, path, mode); }

/* Opening is a step where it makes a file. */
#define OPEN(name, at, ...)                               \
  do {                                                    \
    mode_t mode = 0;                                      \
    if ((flags & O_CREAT) != 0 || (flags & __O_TMPFILE) == __O_TMPFILE) {         \
      va_list arguments;                                  \
      va_start (arguments, flags);                        \
      mode = va_arg (arguments, mode_t);                  \
      va_end (arguments);                                 \
      if (step (#name, 0) == FAIL)                               \
        return -1;                                        \
    }                                                     \
    return (int) syscall (SYS_openat, at, path, flags, mode); \
  } while (0)

int open (const char *path, int flags, ...) { OPEN (open, AT_FDCWD); }
int open64 (const char *path, int flags, ...) { OPEN (open64, AT_FDCWD); }
int openat (int at, const char *path, int flags, ...) { OPEN (openat, at); }
int openat64 (int at, const char *path, int flags, ...) { OPEN (openat64, at); }

/* ---- The clock */

static int
look (time_t *seconds)
{
  const char *clock = getenv ("FEE_CLOCK");
  if (clock == NULL)
    return 0;
  const char *colon = strchr (clock, ':');
  *seconds = (time_t) (atoll (clock) + (colon == NULL ? 0 : looks++ * atoll (colon + 1)));
  return 1;
}

int
clock_gettime (clockid_t id, struct timespec *at)
{
  if (id == CLOCK_REALTIME && look (&at->tv_sec)) {
    at->tv_nsec = 0;
    return 0;
  }
  return (int) syscall (SYS_clock_gettime, id, at);
}

int
gettimeofday (struct timeval *restrict at, void *restrict zone)
{
  (void) zone;
  at->tv_usec = 0;
  return look (&at->tv_sec) ? 0 : (int) syscall (SYS_gettimeofday, at, NULL);
}

time_t
time (time_t *out)
{
  time_t now;
  if (!look (&now))
    now = (time_t) syscall (SYS_time, NULL);
  if (out != NULL)
    *out = now;
  return now;
}
