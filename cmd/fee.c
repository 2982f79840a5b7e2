/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"

/* `fee TOOL ...` runs `fee-TOOL ...`; `fee each BOOK... -- TOOL ...` runs a tool on several books. */

static const struct {
  const char *name, *summary;
} tools[] = {
  { "init", N_("create a book with a policy") },
  { "import", N_("read files of one kind into the book") },
  { "run", N_("bill a month") },
  { "explain", N_("explain how the amounts of a month came about") },
  { "statement", N_("print the bills of a month") },
  { "ledger", N_("print the fee ledger and balances") },
  { "remind", N_("list whom to remind of what is overdue, and whom not") },
  { "disclose", N_("print the public disclosure of a month, quarter or year") },
  { "audit", N_("check a book, run a month again, bundle a month, copy the book") },
};

enum { STATUS_USAGE = 64, STATUS_IO = 74 };

static int
list_tools (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tools); i++)
    printf ("%-10s %s\n", tools[i].name, _(tools[i].summary));
  printf ("%-10s %s\n", "each", _("run a tool on several books: fee each BOOK... -- TOOL ..."));
  return fflush (stdout) == 0 ? 0 : STATUS_IO;
}

/* A tool's program: beside this one where it stands there, else on the PATH. NULL where there is no such tool. */
static char *
find_tool (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tools); i++) {
    if (strcmp (tools[i].name, name) != 0)
      continue;
    g_autofree char *program = g_strdup_printf ("fee-%s", name);
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
    g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
    g_autofree char *beside = g_build_filename (folder, program, NULL);
    return g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&beside) : g_steal_pointer (&program);
  }
  return NULL;
}

static int
unknown_tool (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  fprintf (stderr, _("fee: there is no tool \"%s\"; fee alone lists them\n"), valid);
  return STATUS_USAGE;
}

static int
run_tool (char **argv)
{
  g_autofree char *program = find_tool (argv[0]);
  if (program == NULL)
    return unknown_tool (argv[0]);
  argv[0] = program;
  execvp (program, argv);
  fprintf (stderr, "fee: %s: %s\n", program, g_strerror (errno));
  return STATUS_IO;
}

/* The tool on one book; its words go through, after a line that names the book. */
static int
run_on_book (const char *program, const char *book, char **rest)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  gint status = 0;
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (argv, (gpointer) program);
  g_ptr_array_add (argv, (gpointer) "--book");
  g_ptr_array_add (argv, (gpointer) book);
  for (; *rest != NULL; rest++)
    g_ptr_array_add (argv, *rest);
  g_ptr_array_add (argv, NULL);
  fflush (stdout);
  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status,
                     &error)) {
    fprintf (stderr, "fee: %s\n", error->message);
    return STATUS_IO;
  }
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static int
each_book (int argc, char **argv)
{
  int dashes = 0, worst = 0;
  while (dashes < argc && strcmp (argv[dashes], "--") != 0)
    dashes++;
  if (dashes == 0 || dashes + 1 >= argc) {
    fputs (_("fee: write fee each BOOK... -- TOOL ...\n"), stderr);
    return STATUS_USAGE;
  }
  g_autofree char *program = find_tool (argv[dashes + 1]);
  if (program == NULL)
    return unknown_tool (argv[dashes + 1]);
  for (int i = 0; i < dashes; i++) {
    int status = run_on_book (program, argv[i], argv + dashes + 2);
    fprintf (stderr, _("%s: exit status %d\n"), argv[i], status);
    worst = MAX (worst, status);
  }
  return worst;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc < 2 || strcmp (argv[1], "--help") == 0)
    return list_tools ();
  if (strcmp (argv[1], "--version") == 0) {
    printf ("fee %s\n", FEE_VERSION);
    return fflush (stdout) == 0 ? 0 : STATUS_IO;
  }
  return strcmp (argv[1], "each") == 0 ? each_book (argc - 2, argv + 2) : run_tool (argv + 1);
}
