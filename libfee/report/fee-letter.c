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

/* Lines up to a blank one. */
typedef struct {
  GString *text;
  guint places, filled;
} Paragraph;

static void
append_plain (GString *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    g_string_append_c (out, text[i]);
    if (text[i] == '{') /* it is doubled */
      i++;
  }
}

/* A line whose placeholders are all empty is left out. */
static void
add_line (Paragraph *paragraph, const char *line, const FeeLetter *letter, const char *lang)
{
  GString *out = paragraph->text;
  gsize start = out->len, length;
  guint places = 0, filled = 0;
  const char *begin;
  while (fee_letter_next_place (line, &begin, &length)) {
    append_plain (out, line, (gsize) (begin - line));
    gsize before = out->len;
    fee_letter_value (out, fee_letter_value_find (begin + 1, length), letter, lang);
    places++;
    filled += out->len > before;
    line = begin + length + 2;
  }
  append_plain (out, line, strlen (line));
  g_string_append_c (out, '\n');
  if (places > 0 && filled == 0)
    g_string_truncate (out, start);
  paragraph->places += places;
  paragraph->filled += filled;
}

/* So is a paragraph: what stands over an empty table goes with it. */
static void
end_paragraph (Paragraph *paragraph, GString *out)
{
  if (paragraph->text->len > 0 && (paragraph->places == 0 || paragraph->filled > 0)) {
    if (out->len > 0)
      g_string_append_c (out, '\n');
    g_string_append_len (out, paragraph->text->str, (gssize) paragraph->text->len);
  }
  g_string_truncate (paragraph->text, 0);
  paragraph->places = paragraph->filled = 0;
}

static gboolean
is_blank (const char *line)
{
  return line[strspn (line, " \t")] == '\0';
}

void
fee_letter_text (GString *out, const FeeLetterForms *forms, const FeeLetter *letter, const char *lang)
{
  g_auto (GStrv) lines = g_strsplit (fee_letter_form_find (forms, letter->step, lang), "\n", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) part = g_string_new (NULL);
  Paragraph paragraph = { part, 0, 0 };
  for (char **line = lines; *line != NULL; line++) {
    if (is_blank (*line))
      end_paragraph (&paragraph, text);
    else
      add_line (&paragraph, *line, letter, lang);
  }
  end_paragraph (&paragraph, text);
  g_string_append_len (out, text->str, (gssize) text->len);
}
