/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"
#include "../model/fee-threat.h"
#include "fee-letter-private.h"

#define FORM_BYTES (64 * 1024)
#define PERIOD_DAYS "period_days"
#define HELP "assist"

struct _FeeLetterForms {
  const FeePolicy *policy;
  GHashTable *own; /* "second.zh_CN.txt" -> text */
};

static const char *const types[] = { "notice", "letter", "visit", "demand" }; /* FeeStepType; an internal step has no letter */

FeeLetterForms *
fee_letter_forms_new (const FeePolicy *policy)
{
  FeeLetterForms *forms = g_new0 (FeeLetterForms, 1);
  forms->policy = policy;
  forms->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return forms;
}

void
fee_letter_forms_free (FeeLetterForms *forms)
{
  if (forms == NULL)
    return;
  g_hash_table_unref (forms->own);
  g_free (forms);
}

/* ---- Finding one */

static const char *
built_in (const char *file)
{
  for (guint i = 0; i < fee_n_letter_built_in; i++)
    if (strcmp (fee_letter_built_in[i].file, file) == 0)
      return fee_letter_built_in[i].text;
  return "";
}

const char *
fee_letter_form_find (const FeeLetterForms *forms, gint n, const char *lang)
{
  const FeeStep *step = n < 0 ? NULL : &g_array_index (forms->policy->steps, FeeStep, n);
  const char *type = step == NULL ? HELP : types[MIN (step->type, FEE_STEP_DEMAND)];
  g_autofree char *by_step = g_strdup_printf ("%s.%s.txt", step == NULL ? HELP : step->id, lang);
  g_autofree char *by_type = g_strdup_printf ("%s.%s.txt", type, lang);
  const char *text = g_hash_table_lookup (forms->own, by_step);
  if (text == NULL)
    text = g_hash_table_lookup (forms->own, by_type);
  return text != NULL ? text : built_in (by_type);
}

/* ---- Taking one */

static gboolean
refuse (GError **error, const char *path, guint line, const char *what)
{
  if (line > 0)
    g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, "%s:%u: %s", path, line, what);
  else
    g_set_error (error, FEE_ERROR, FEE_ERROR_POLICY, "%s: %s", path, what);
  return FALSE;
}

/* What the name says that the form is for; FALSE where it says nothing that has letters. */
static gboolean
read_name (const FeeLetterForms *forms, const char *file, gboolean *demand)
{
  g_autofree char *word = NULL;
  if (g_str_has_suffix (file, ".en.txt"))
    word = g_strndup (file, strlen (file) - strlen (".en.txt"));
  else if (g_str_has_suffix (file, ".zh_CN.txt"))
    word = g_strndup (file, strlen (file) - strlen (".zh_CN.txt"));
  else
    return FALSE;
  gboolean known = strcmp (word, HELP) == 0;
  *demand = strcmp (word, types[FEE_STEP_DEMAND]) == 0;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    known = known || strcmp (word, types[i]) == 0;
  for (guint i = 0; i < forms->policy->steps->len; i++) {
    const FeeStep *step = &g_array_index (forms->policy->steps, FeeStep, i);
    if (strcmp (step->id, word) != 0 || !fee_letter_is_sent (forms->policy, (gint) i))
      continue;
    known = TRUE;
    *demand = *demand || step->type == FEE_STEP_DEMAND;
  }
  return known;
}

static guint
line_at (const char *text, const char *place)
{
  guint line = 1;
  for (const char *at = text; at < place; at++)
    line += *at == '\n';
  return line;
}

/* Without the mark of its encoding, with lines as everywhere; Notepad writes both. */
static gboolean
read_text (const char *path, GBytes *bytes, char **out, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length), *end;
  if (data == NULL) /* no bytes at all */
    data = "";
  if (length > FORM_BYTES)
    return refuse (error, path, 0, _("the form is longer than 64 KiB"));
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0) {
    data += 3;
    length -= 3;
  }
  if (!g_utf8_validate_len (data, length, &end))
    return refuse (error, path, line_at (data, end), _("the form is not valid UTF-8"));
  g_autofree char *text = g_strndup (data, length);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autofree char *joined = g_strjoinv ("\n", lines);
  for (const char *at = joined; *at != '\0'; at = g_utf8_next_char (at))
    if (*at != '\n' && *at != '\t' && fee_text_is_control (g_utf8_get_char (at)))
      return refuse (error, path, line_at (joined, at), _("the form has a control character"));
  *out = g_steal_pointer (&joined);
  return TRUE;
}

static gboolean
check_places (const char *path, const char *text, gboolean demand, GError **error)
{
  const char *begin;
  gsize length;
  gboolean period = FALSE;
  for (const char *at = text; fee_letter_next_place (at, &begin, &length); at = begin + length + 2) {
    if (begin[length + 1] != '}' || fee_letter_value_find (begin + 1, length) < 0) {
      g_autofree char *shown = fee_text_quote (begin, length + (begin[length + 1] == '}' ? 2 : 1));
      g_autofree char *what = g_strdup_printf (_("unknown placeholder %s"), shown);
      return refuse (error, path, line_at (text, begin), what);
    }
    period = period || strncmp (begin + 1, PERIOD_DAYS, length) == 0;
  }
  if (demand && !period)
    return refuse (error, path, 0, _("the form of a demand does not set its period: {period_days} is missing"));
  return TRUE;
}

/* Blanks for placeholders, which a threat could be hidden around. */
static char *
without_places (const char *text, gsize length)
{
  char *copy = g_strndup (text, length);
  for (char *at = strchr (copy, '{'); at != NULL; at = strchr (at + 1, '{')) {
    gsize inside = strcspn (at, "}\n");
    if (at[inside] == '}')
      memset (at, ' ', inside + 1);
  }
  return copy;
}

/* Chinese words go on after a line's end. */
static char *
without_blanks (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isspace (g_utf8_get_char (at)))
      g_string_append_unichar (out, g_utf8_get_char (at));
  return g_string_free (out, FALSE);
}

static char *
find_threat (const char *text, gsize length)
{
  g_autofree char *plain = without_places (text, length), *joined = without_blanks (plain);
  char *threat = fee_threat_find (plain);
  return threat != NULL ? threat : fee_threat_find (joined);
}

/* The line on which a threat is complete. */
static gboolean
check_threat (const char *path, const char *text, GError **error)
{
  guint line = 1;
  g_autofree char *threat = find_threat (text, strlen (text));
  if (threat == NULL)
    return TRUE;
  for (const char *end = strchr (text, '\n'); end != NULL; end = strchr (end + 1, '\n'), line++) {
    g_autofree char *here = find_threat (text, (gsize) (end - text));
    if (here != NULL)
      break;
  }
  g_autofree char *shown = fee_text_quote (threat, strlen (threat));
  g_autofree char *what = g_strdup_printf (_("%s says %s: the law does not let anyone press for payment by threats, by cutting water, power, "
                                             "heat or gas, by closing lifts, gates or parking, or by publishing names"),
                                           _("the form"), shown);
  return refuse (error, path, line, what);
}

gboolean
fee_letter_forms_add (FeeLetterForms *forms, const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *file = g_path_get_basename (path), *text = NULL;
  gboolean demand;
  if (!read_name (forms, file, &demand))
    return refuse (error, path, 0, _("a form is called STEP.LANG.txt, TYPE.LANG.txt or assist.LANG.txt: STEP as in the policy, but not an internal one, "
                                     "TYPE notice, letter, visit or demand, LANG en or zh_CN"));
  if (!read_text (path, bytes, &text, error) || !check_places (path, text, demand, error) || !check_threat (path, text, error))
    return FALSE;
  g_hash_table_insert (forms->own, g_steal_pointer (&file), g_steal_pointer (&text));
  return TRUE;
}
