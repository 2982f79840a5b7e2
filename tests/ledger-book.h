/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Entries of a ledger from words: what tests of the ledger and of the reminder list share. */

#include "../libfee/ledger/fee-ledger.h"
#include "fee-test.h"

typedef struct {
  FeeStrings *strings;
  GArray *entries;
  FeeText owner;
} Book;

static inline void
book_clear (Book *book)
{
  fee_strings_free (book->strings);
  g_array_unref (book->entries);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Book, book_clear)

static inline Book
book_new (void)
{
  Book book = { fee_strings_new (), g_array_new (FALSE, TRUE, sizeof (FeeEntry)), FEE_TEXT_EMPTY };
  book.owner = fee_strings_intern_text (book.strings, "O");
  return book;
}

static inline FeeText
owner_of (G_GNUC_UNUSED FeeText unit, G_GNUC_UNUSED FeeDate day, gconstpointer data)
{
  return ((const Book *) data)->owner;
}

static inline FeeLedgerInput
input_of (const Book *book)
{
  return (FeeLedgerInput) { book->strings, (const FeeEntry *) (gconstpointer) book->entries->data, book->entries->len,
                            owner_of, book };
}

static inline const char *
text_of (const Book *book, FeeText text)
{
  return text == FEE_TEXT_EMPTY ? "-" : fee_strings_get (book->strings, text);
}

static inline FeeText
intern (Book *book, const char *text)
{
  return strcmp (text, "-") == 0 ? FEE_TEXT_EMPTY : fee_strings_intern_text (book->strings, text);
}

static inline FeeEntryKind
parse_kind (const char *text)
{
  static const char *const kinds[] = { "bill", "opening", "charge", "waiver", "correction", "transfer", "write-off",
                                       "receipt" };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i], text) == 0)
      return (FeeEntryKind) i;
  fail_msg ("no kind: %s", text);
  return FEE_ENTRY_BILL;
}

static inline void
parse_option (Book *book, FeeEntry *entry, const char *word)
{
  if (g_str_has_prefix (word, "due="))
    entry->due = day (word + 4);
  else if (g_str_has_prefix (word, "bill="))
    entry->bill = intern (book, word + 5);
  else if (g_str_has_prefix (word, "reverses="))
    entry->reverses = intern (book, word + 9);
  else
    fail_msg ("no option: %s", word);
}

static inline void
book_take (Book *book, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  for (guint i = 0; parts[i] != NULL && *g_strstrip (parts[i]) != '\0'; i++) {
    g_auto (GStrv) words = g_strsplit (parts[i], " ", -1);
    assert_true (g_strv_length (words) >= 6);
    FeeEntry entry = { .kind = parse_kind (words[0]), .number = intern (book, words[1]), .unit = intern (book, words[2]),
                       .party = intern (book, words[3]), .date = day (words[4]), .due = FEE_DATE_NONE,
                       .amount = fen (words[5]) };
    for (guint n = 6; words[n] != NULL; n++)
      parse_option (book, &entry, words[n]);
    g_array_append_val (book->entries, entry);
  }
}

static inline void
reverse_entries (Book *book)
{
  FeeEntry *entries = (FeeEntry *) (gpointer) book->entries->data;
  for (guint i = 0, n = book->entries->len; i < n / 2; i++) {
    FeeEntry swap = entries[i];
    entries[i] = entries[n - 1 - i];
    entries[n - 1 - i] = swap;
  }
}
