/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-letter-private.h"

#include <string.h>

static const FeeStep *
step_of (const FeePolicy *policy, gint step)
{
  return &g_array_index (policy->steps, FeeStep, step);
}

gboolean
fee_letter_is_explained (const FeePolicy *policy, gint step)
{
  if (step < 0)
    return FALSE;
  FeeStepType type = step_of (policy, step)->type;
  for (gint i = 0; i < step && type == FEE_STEP_LETTER; i++)
    if (step_of (policy, i)->type == FEE_STEP_LETTER)
      return TRUE;
  return type == FEE_STEP_VISIT || type == FEE_STEP_DEMAND;
}

gboolean
fee_letter_is_sent (const FeePolicy *policy, gint step)
{
  return step < 0 || step_of (policy, step)->type != FEE_STEP_INTERNAL;
}

gboolean
fee_letter_next_place (const char *text, const char **begin, gsize *length)
{
  for (const char *at = strchr (text, '{'); at != NULL; at = strchr (at, '{')) {
    if (at[1] == '{') {
      at += 2;
      continue;
    }
    *begin = at;
    *length = strcspn (at + 1, "}{\n");
    return TRUE;
  }
  return FALSE;
}

/* ---- Filling in a form */

/* Lines, or a block between lines. */
typedef struct {
  GString *text; /* NULL for a block */
  gint value;
} Part;

/* Lines up to a blank one. */
typedef struct {
  GArray *parts;
  guint places, filled;
  gboolean begun; /* a paragraph before it was said */
} Paragraph;

typedef struct {
  FeeDocument *document;
  const FeeLetter *letter;
  const char *lang;
} Saying;

static void
clear_part (gpointer data)
{
  Part *part = data;
  if (part->text != NULL)
    g_string_free (part->text, TRUE);
}

/* The text that the paragraph ends with. */
static GString *
text_of (Paragraph *paragraph)
{
  guint n = paragraph->parts->len;
  if (n == 0 || g_array_index (paragraph->parts, Part, n - 1).text == NULL) {
    Part part = { g_string_new (NULL), -1 };
    g_array_append_val (paragraph->parts, part);
  }
  return g_array_index (paragraph->parts, Part, paragraph->parts->len - 1).text;
}

static void
append_plain (Paragraph *paragraph, const char *text, gsize length)
{
  GString *out = length > 0 ? text_of (paragraph) : NULL;
  for (gsize i = 0; i < length; i++) {
    g_string_append_c (out, text[i]);
    if (text[i] == '{') /* it is doubled */
      i++;
  }
}

/* TRUE where the letter has something to put there. */
static gboolean
append_value (Paragraph *paragraph, gint value, const Saying *saying)
{
  if (fee_letter_value_is_block (value)) {
    Part part = { NULL, value };
    g_array_append_val (paragraph->parts, part);
    return fee_letter_value_has (value, saying->letter);
  }
  GString *out = text_of (paragraph);
  gsize before = out->len;
  fee_letter_value (out, value, saying->letter, saying->lang);
  return out->len > before;
}

/* A line whose placeholders are all empty is left out. */
static void
add_line (Paragraph *paragraph, const char *line, const Saying *saying)
{
  guint places = 0, filled = 0, n = paragraph->parts->len;
  gsize length, had = n == 0 || g_array_index (paragraph->parts, Part, n - 1).text == NULL ? 0 : text_of (paragraph)->len;
  const char *begin;
  while (fee_letter_next_place (line, &begin, &length)) {
    append_plain (paragraph, line, (gsize) (begin - line));
    filled += append_value (paragraph, fee_letter_value_find (begin + 1, length), saying);
    places++;
    line = begin + length + 2;
  }
  append_plain (paragraph, line, strlen (line));
  if (places > 0 && filled == 0) {
    g_array_set_size (paragraph->parts, n);
    if (had > 0)
      g_string_truncate (text_of (paragraph), had);
  } else if (paragraph->parts->len > 0 && g_array_index (paragraph->parts, Part, paragraph->parts->len - 1).text != NULL) {
    g_string_append_c (text_of (paragraph), '\n');
  }
  paragraph->places += places;
  paragraph->filled += filled;
}

/* What stands over a sheet and its title: "Heyuan Court  Friendly reminder", or the first line whole. */
static void
begin_sheet (Paragraph *paragraph, const Saying *saying)
{
  Part *first = &g_array_index (paragraph->parts, Part, 0);
  const FeePolicy *policy = saying->letter->policy;
  if (first->text == NULL) { /* a form that begins with a table */
    fee_document_sheet (saying->document, fee_name_text (&policy->name, saying->lang, policy->code), saying->letter->number);
    return;
  }
  gsize length = strcspn (first->text->str, "\n");
  g_autofree char *line = g_strdelimit (g_strndup (first->text->str, length), "\t", ' ');
  char *title = strstr (line, "  ");
  g_string_erase (first->text, 0, (gssize) MIN (length + 1, first->text->len));
  if (title == NULL) {
    fee_document_sheet (saying->document, "", line);
    return;
  }
  *title = '\0';
  fee_document_sheet (saying->document, line, title + 1 + strspn (title + 1, " "));
}

static void
say_part (const Part *part, const Saying *saying)
{
  if (part->text == NULL) {
    if (fee_letter_value_has (part->value, saying->letter))
      fee_letter_value_write (saying->document, part->value, saying->letter, saying->lang);
    return;
  }
  if (part->text->len > 0 && part->text->str[part->text->len - 1] == '\n')
    g_string_truncate (part->text, part->text->len - 1);
  if (!fee_document_is_text (saying->document))
    g_strdelimit (part->text->str, "\t", ' ');
  fee_document_paragraph (saying->document, part->text->str);
}

/* So is a paragraph: what stands over an empty table goes with it. */
static void
end_paragraph (Paragraph *paragraph, const Saying *saying)
{
  gboolean said = paragraph->parts->len > 0 && (paragraph->places == 0 || paragraph->filled > 0);
  if (said && paragraph->begun)
    fee_document_gap (saying->document);
  if (said && !paragraph->begun && !fee_document_is_text (saying->document))
    begin_sheet (paragraph, saying);
  for (guint i = 0; said && i < paragraph->parts->len; i++) {
    const Part *part = &g_array_index (paragraph->parts, Part, i);
    if (part->text == NULL || part->text->len > 0)
      say_part (part, saying);
  }
  paragraph->begun = paragraph->begun || said;
  paragraph->places = paragraph->filled = 0;
  g_array_set_size (paragraph->parts, 0);
}

static gboolean
is_blank (const char *line)
{
  return line[strspn (line, " \t")] == '\0';
}

void
fee_letter_write (FeeDocument *document, const FeeLetterForms *forms, const FeeLetter *letter, const char *lang)
{
  g_auto (GStrv) lines = g_strsplit (fee_letter_form_find (forms, letter->step, lang), "\n", -1);
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  Paragraph paragraph = { parts, 0, 0, FALSE };
  const Saying saying = { document, letter, lang };
  g_array_set_clear_func (parts, clear_part);
  fee_document_set_lang (document, lang);
  for (char **line = lines; *line != NULL; line++) {
    if (is_blank (*line))
      end_paragraph (&paragraph, &saying);
    else
      add_line (&paragraph, *line, &saying);
  }
  end_paragraph (&paragraph, &saying);
}
