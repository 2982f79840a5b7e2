/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"
#include "fee-policy-private.h"

/* Longer lines are refused, which bounds ids and values too. */
#define LINE_MAX_BYTES (64 * 1024)
#define KEY_MAX_BYTES 256

/* One pass over the lines: what GKeyFile would merge, or name without its line, is found here. What is accepted here is a
 * subset of what GKeyFile accepts. */
typedef struct {
  FeePolicyReader *reader;
  FeePolicyGroup *group; /* NULL before the first, and in one with a broken header */
  GHashTable *seen;      /* "header\nfull key" -> FeePolicyEntry * */
  guint line;
  gboolean lost;   /* in a group with a broken header: its keys are passed over */
  gboolean broken; /* no key file */
} Scan;

static gboolean
has_control (const char *text, const char *allowed)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (fee_text_is_control (g_utf8_get_char (at)) && strchr (allowed, *at) == NULL)
      return TRUE;
  return FALSE;
}

static void G_GNUC_PRINTF (2, 3)
break_off (Scan *scan, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fee_policy_problem (scan->reader, scan->line, "%s", reason);
  scan->broken = TRUE;
}

static void
free_entry (gpointer data)
{
  FeePolicyEntry *entry = data;
  g_free (entry->key);
  g_free (entry->locale);
  g_free (entry->full);
  g_free (entry->shown);
  g_free (entry);
}

static void
split_header (const char *header, char **kind, char **id)
{
  const char *blank = strpbrk (header, " \t");
  *kind = blank == NULL ? g_strdup (header) : g_strndup (header, (gsize) (blank - header));
  g_autofree char *rest = g_strstrip (g_strdup (blank != NULL ? blank : ""));
  *id = *rest == '\0' ? NULL : g_steal_pointer (&rest);
}

static FeePolicyGroup *
add_group (Scan *scan, const char *header)
{
  FeePolicyGroup *group = g_new0 (FeePolicyGroup, 1);
  group->header = g_strdup (header);
  split_header (header, &group->kind, &group->id);
  g_autofree char *quoted = fee_text_quote (header, strlen (header));
  quoted[strlen (quoted) - 1] = '\0';
  group->shown = g_strdup_printf ("[%s]", quoted + 1);
  group->line = scan->line;
  group->index = -1;
  group->entries = g_ptr_array_new_with_free_func (free_entry);
  g_ptr_array_add (scan->reader->groups, group);
  g_hash_table_insert (scan->reader->by_header, group->header, group);
  return group;
}

static void
scan_group (Scan *scan, char *line)
{
  gsize length = strlen (line);
  scan->group = NULL;
  scan->lost = TRUE;
  if (length < 3 || line[length - 1] != ']' || strcspn (line + 1, "[]") != length - 2) {
    break_off (scan, _("a group is written [group] or [group id]"));
    return;
  }
  line[length - 1] = '\0';
  const char *header = line + 1;
  g_autofree char *kind = NULL, *id = NULL;
  split_header (header, &kind, &id);
  g_autofree char *plain = id == NULL ? g_strdup (kind) : g_strdup_printf ("%s %s", kind, id);
  if (strcmp (plain, header) != 0) {
    break_off (scan, _("a group is written without blanks at its ends, and with one before its id"));
    return;
  }
  scan->lost = FALSE;
  scan->group = g_hash_table_lookup (scan->reader->by_header, header);
  if (scan->group != NULL)
    fee_policy_problem (scan->reader, scan->line, _("group %s is there twice (first in line %u)"), scan->group->shown,
                        scan->group->line);
  else
    scan->group = add_group (scan, header);
}

/* "name" or "name[zh_CN]" */
static gboolean
split_key (const char *full, char **key, char **locale)
{
  const char *bracket = strpbrk (full, "[]");
  if (bracket == NULL) {
    *key = g_strdup (full);
    *locale = NULL;
    return TRUE;
  }
  gsize length = strlen (bracket);
  if (bracket == full || bracket[-1] == ' ' || bracket[-1] == '\t' || *bracket != '[' || length < 3
      || bracket[length - 1] != ']')
    return FALSE;
  for (gsize i = 1; i < length - 1; i++)
    if (!g_ascii_isalnum (bracket[i]) && strchr ("-_.@", bracket[i]) == NULL)
      return FALSE;
  *key = g_strndup (full, (gsize) (bracket - full));
  *locale = g_strndup (bracket + 1, length - 2);
  return TRUE;
}

/* GKeyFile keeps the last of repeated keys, so the entry moves to that line. */
static void
add_entry (Scan *scan, const char *full, const char *value)
{
  g_autofree char *key = NULL, *locale = NULL;
  if (strlen (full) > KEY_MAX_BYTES || has_control (full, "") || !split_key (full, &key, &locale)
      || strcmp (full, "Encoding") == 0) {
    g_autofree char *shown = fee_text_quote (full, strlen (full));
    break_off (scan, _("key %s is not a name such as key or key[zh_CN]"), shown);
    return;
  }
  g_autofree char *place = g_strconcat (scan->group->header, "\n", full, NULL);
  FeePolicyEntry *entry = g_hash_table_lookup (scan->seen, place);
  if (entry == NULL) {
    entry = g_new0 (FeePolicyEntry, 1);
    entry->key = g_steal_pointer (&key);
    entry->locale = g_steal_pointer (&locale);
    entry->full = g_strdup (full);
    g_ptr_array_add (scan->group->entries, entry);
    g_hash_table_insert (scan->seen, g_steal_pointer (&place), entry);
  } else {
    g_autofree char *shown = fee_text_quote (full, strlen (full));
    fee_policy_problem (scan->reader, scan->line, _("key %s is there twice in %s (first in line %u)"), shown,
                        scan->group->shown, entry->line);
  }
  g_free (entry->shown);
  entry->shown = fee_text_quote (value, strlen (value));
  entry->empty = *value == '\0';
  entry->line = scan->line;
}

static void
scan_entry (Scan *scan, char *line)
{
  char *equals = strchr (line, '=');
  if (equals == NULL || equals == line) {
    g_autofree char *shown = fee_text_quote (line, strlen (line));
    break_off (scan, _("%s is neither a group nor key=value, and a comment begins with #"), shown);
  } else if (scan->group != NULL) {
    *equals = '\0';
    add_entry (scan, g_strchomp (line), g_strchug (equals + 1));
  } else if (!scan->lost) {
    break_off (scan, _("a key before the first group"));
    scan->lost = TRUE;
  }
}

static void
scan_line (Scan *scan, const char *start, gsize length)
{
  if (length > LINE_MAX_BYTES) {
    break_off (scan, _("the line is longer than %d bytes"), LINE_MAX_BYTES);
    return;
  }
  g_autofree char *copy = g_strndup (start, length);
  for (const char *at = copy; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)) && *at != '\t') {
      break_off (scan, _("a control character (U+%04X)"), g_utf8_get_char (at));
      return;
    }
  char *line = g_strstrip (copy);
  if (*line == '[')
    scan_group (scan, line);
  else if (*line != '\0' && *line != '#')
    scan_entry (scan, line);
}

static gboolean
is_text (FeePolicyReader *reader, const char *text, gsize length)
{
  const char *bad = NULL;
  if (g_utf8_validate_len (text, length, &bad))
    return TRUE;
  guint line = 1;
  const char *start = text;
  for (const char *at = text; at < bad; at++)
    if (*at == '\n') {
      line++;
      start = at + 1;
    }
  if (*bad == '\0')
    fee_policy_problem (reader, line, _("a NUL byte"));
  else
    fee_policy_problem (reader, line, _("not valid UTF-8 at byte %u of the line"), (guint) (bad - start) + 1);
  return FALSE;
}

static gboolean
scan_lines (FeePolicyReader *reader, const char *text, gsize length)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Scan scan = { .reader = reader, .seen = seen };
  const char *end = text + length;
  for (const char *at = text; at < end;) {
    const char *stop = memchr (at, '\n', (gsize) (end - at));
    const char *next = stop == NULL ? end : stop + 1;
    const char *last = stop == NULL ? end : stop;
    if (stop != NULL && last > at && last[-1] == '\r')
      last--;
    scan.line++;
    scan_line (&scan, at, (gsize) (last - at));
    at = next;
  }
  return !scan.broken;
}

#define BOM "\xEF\xBB\xBF"

gboolean
fee_policy_scan (FeePolicyReader *reader, const char *text, gsize length)
{
  if (length >= strlen (BOM) && memcmp (text, BOM, strlen (BOM)) == 0) {
    text += strlen (BOM);
    length -= strlen (BOM);
  }
  if (length == 0)
    return TRUE;
  if (!is_text (reader, text, length) || !scan_lines (reader, text, length))
    return FALSE;
  g_autoptr (GError) error = NULL;
  if (g_key_file_load_from_data (reader->keys, text, length, G_KEY_FILE_KEEP_TRANSLATIONS, &error))
    return TRUE;
  fee_policy_problem (reader, 1, "%s", error->message);
  return FALSE;
}

const FeePolicyGroup *
fee_policy_group (const FeePolicyReader *reader, const char *header)
{
  return g_hash_table_lookup (reader->by_header, header);
}

const FeePolicyEntry *
fee_policy_entry (const FeePolicyGroup *group, const char *key)
{
  for (guint i = 0; i < group->entries->len; i++) {
    const FeePolicyEntry *entry = g_ptr_array_index (group->entries, i);
    if (entry->locale == NULL && strcmp (entry->key, key) == 0)
      return entry;
  }
  return NULL;
}

static void
refuse_escape (FeePolicyReader *reader, const FeePolicyEntry *entry)
{
  fee_policy_problem (reader, entry->line, _("%s %s has a backslash that is not part of \\s, \\n, \\t, \\r or \\\\"),
                      entry->full, entry->shown);
}

char *
fee_policy_value (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry, const char *allowed)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = g_key_file_get_string (reader->keys, group->header, entry->full, &error);
  if (error != NULL) { /* there may be a value beside it */
    refuse_escape (reader, entry);
    return NULL;
  }
  g_strstrip (value);
  if (*value == '\0')
    fee_policy_problem (reader, entry->line, _("%s has no value"), entry->full);
  else if (has_control (value, allowed))
    fee_policy_problem (reader, entry->line, _("%s %s has a control character"), entry->full, entry->shown);
  else
    return g_steal_pointer (&value);
  return NULL;
}

char **
fee_policy_list (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) list = g_key_file_get_string_list (reader->keys, group->header, entry->full, NULL, &error);
  if (error != NULL) {
    refuse_escape (reader, entry);
    return NULL;
  }
  for (char **item = list; *item != NULL; item++) {
    g_strstrip (*item);
    if (**item == '\0' || has_control (*item, "")) {
      fee_policy_problem (reader, entry->line,
                          **item == '\0' ? _("%s %s has an empty value in its list") : _("%s %s has a control character"),
                          entry->full, entry->shown);
      return NULL;
    }
  }
  return g_steal_pointer (&list);
}
