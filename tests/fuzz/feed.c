/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* feed TARGET FOLDER...: a fuzz target without a fuzzer: hands it every file of the folders, so that each build checks what was once
 * found, and the corpus. TAP. */
#include "fuzz.h"

static void
add_files (GPtrArray *paths, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* An allocation of just its size, as libFuzzer has it. */
static gboolean
feed (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;
  if (!g_file_get_contents (path, &bytes, &length, NULL))
    return FALSE;
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  static const guint8 nothing = 0;
  LLVMFuzzerTestOneInput (copy != NULL ? copy : &nothing, length);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  for (int i = 1; i < argc; i++)
    add_files (paths, argv[i]);
  g_ptr_array_sort (paths, by_name);
  printf ("1..%u\n", paths->len);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    g_autofree char *name = g_path_get_basename (path);
    fflush (stdout);
    fprintf (stderr, "%s\n", path);
    printf ("%s %u - %s\n", feed (path) ? "ok" : "not ok", i + 1, name);
  }
  return 0;
}
