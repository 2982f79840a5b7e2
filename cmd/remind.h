/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/store/fee-reminders.h"
#include "tool.h"

G_BEGIN_DECLS

/* The letters of a reminder list: one file a row to remind or to assist. Borrows what the options point to. */
typedef struct {
  FeeTool *tool;
  FeeFormat format; /* FEE_FORMAT_TEXT, _HTML or _PDF */
  gboolean (*is_wanted) (const FeeReminders *reminders, const FeeReminder *row);
  const char *folder;
  const char *forms; /* of the user's own forms; NULL: where the policy says, else the built-in ones */
  const char *approved_by;
} FeeLetterOptions;

typedef struct _FeeLetters FeeLetters;
/* Owned by the caller; free with fee_letters_free(). */
FeeLetters *fee_letters_new (const FeeLetterOptions *options);
void fee_letters_free (FeeLetters *letters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeLetters, fee_letters_free)
/* The letters of a stretch of units. All forms are read and checked before the first one is written. */
gboolean fee_letters_go_on (FeeLetters *letters, const FeeReminders *reminders, GError **error);
/* Says how many there are. */
void fee_letters_end (FeeLetters *letters);

/* How the amounts of posted bills came about, in words; a month is read once. */
typedef struct _FeeBillWords FeeBillWords;
/* Owned by the caller; free with fee_bill_words_free(). */
gboolean fee_bill_words_new (FeeTool *tool, FeeBillWords **out, GError **error);
void fee_bill_words_free (FeeBillWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeBillWords, fee_bill_words_free)
/* A posted bill with what its lines came of. */
typedef struct _FeeBillLines FeeBillLines;
/* *out: NULL where its month is not posted; borrows from words. Owned by the caller; free with fee_bill_lines_free(). */
gboolean fee_bill_words_find (FeeBillWords *words, const char *unit, const char *number, FeeBillLines **out, GError **error);
void fee_bill_lines_free (FeeBillLines *lines);
/* FeeLetter's explain(): bill is a FeeBillLines. */
void fee_bill_lines_explain (FeeDocument *document, gconstpointer bill, const char *lang);

G_END_DECLS
