/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* measure FILE COMMAND...: runs the command, adds a line "wall cpu peak" (microseconds, microseconds, KiB) to FILE and ends
 * with the command's status. The peak is the command's own: until the exec it shares the memory of this small program. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long
now (void)
{
  struct timespec at;
  clock_gettime (CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static long
microseconds (struct timeval span)
{
  return span.tv_sec * 1000000 + span.tv_usec;
}

int
main (int argc, char **argv)
{
  if (argc < 3) {
    fputs ("usage: measure FILE COMMAND...\n", stderr);
    return 64;
  }
  long start = now ();
  int status = 0;
  struct rusage used;
  pid_t child = vfork ();
  if (child == 0) {
    execvp (argv[2], argv + 2);
    _exit (127);
  }
  if (child < 0 || wait4 (child, &status, 0, &used) < 0) {
    perror ("measure");
    return 74;
  }
  long wall = now () - start;
  long cpu = microseconds (used.ru_utime) + microseconds (used.ru_stime);
  FILE *file = fopen (argv[1], "a");
  if (file == NULL || fprintf (file, "%ld %ld %ld\n", wall, cpu, used.ru_maxrss) < 0 || fclose (file) != 0) {
    perror (argv[1]);
    return 74;
  }
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}
