/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tool.h"

/* A terminal that does not say its size has 80 cells. */
#define USUAL_WIDTH 80

static gboolean
is_shown (const char *path)
{
  return path == NULL && isatty (STDOUT_FILENO);
}

gint
fee_terminal_width (const char *path)
{
  struct winsize size;
  if (!is_shown (path))
    return 0;
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return USUAL_WIDTH;
}

/* no-color.org */
gboolean
fee_terminal_colour (const char *path)
{
  const char *no_color = getenv ("NO_COLOR"), *term = getenv ("TERM");
  return is_shown (path) && (no_color == NULL || *no_color == '\0') && term != NULL && strcmp (term, "dumb") != 0;
}
