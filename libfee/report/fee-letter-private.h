/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-letter.h"

G_BEGIN_DECLS

/* A file of examples/letters, put into the program when it is built. */
typedef struct {
  const char *file, *text;
} FeeLetterForm;
extern const FeeLetterForm fee_letter_built_in[];
extern const guint fee_n_letter_built_in;

/* What stands as a block of its own (a table), not within a line. */
typedef struct {
  gboolean (*has) (const FeeLetter *letter);
  void (*write) (FeeDocument *document, const FeeLetter *letter, const char *lang);
} FeeLetterBlock;
extern const FeeLetterBlock fee_letter_items, fee_letter_disputed, fee_letter_explained;

/* What stands in the place of {name}. -1: there is no such placeholder. */
gint fee_letter_value_find (const char *name, gsize length);
gboolean fee_letter_value_is_block (gint value);
/* Of one within a line: appended to out; nothing where the letter has none. */
void fee_letter_value (GString *out, gint value, const FeeLetter *letter, const char *lang);
/* Of a block: whether the letter has one, and the block. */
gboolean fee_letter_value_has (gint value, const FeeLetter *letter);
void fee_letter_value_write (FeeDocument *document, gint value, const FeeLetter *letter, const char *lang);

/* The next placeholder at or after text, on its line or not: *begin at its brace, *length of its name without braces; {{ is no placeholder. FALSE: none. */
gboolean fee_letter_next_place (const char *text, const char **begin, gsize *length);

/* The form of a step (-1: help) in that language. Borrowed from the forms. */
const char *fee_letter_form_find (const FeeLetterForms *forms, gint step, const char *lang);

G_END_DECLS
