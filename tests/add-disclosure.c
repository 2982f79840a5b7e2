/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* add-disclosure BOOK PERIOD FORMAT LANG AS_OF FROM TO DOCUMENT: a published document as a record of the book, for make-book.sh. The head
 * is that of the book. */
#include <stdio.h>

#include "../libfee/store/fee-audit.h"
#include "../libfee/store/fee-disclosures.h"

static FeeDate
day (const char *text)
{
  FeeDate date = FEE_DATE_NONE;
  fee_date_parse (text, &date);
  return date;
}

static gboolean
record (FeeBook *book, char **argv, GError **error)
{
  g_autoptr (FeeDisclosureHead) head = fee_disclosure_head_new ();
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  char *document;
  gsize length;
  if (!fee_book_runs (book, &runs, error) || !g_file_get_contents (argv[8], &document, &length, error))
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new_take (document, length);
  head->period = g_strdup (argv[2]);
  head->format = g_strdup (argv[3]);
  head->lang = g_strdup (argv[4]);
  head->as_of = day (argv[5]);
  head->posted_from = day (argv[6]);
  head->posted_to = day (argv[7]);
  head->head = fee_runs_head (runs);
  head->made_at = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  head->made_by = g_strdup (g_getenv ("FEE_USER"));
  return fee_book_add_disclosure (book, head, bytes, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (FeeBook) book = NULL;
  g_autoptr (GError) error = NULL;
  if (argc == 9 && fee_book_open (argv[1], 0, &book, &error) && fee_book_begin (book, TRUE, &error) && record (book, argv, &error)
      && fee_book_commit (book, &error))
    return 0;
  fprintf (stderr, "add-disclosure: %s\n", error != NULL ? error->message : "BOOK PERIOD FORMAT LANG AS_OF FROM TO DOCUMENT");
  return 1;
}
