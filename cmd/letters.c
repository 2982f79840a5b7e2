/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/report/fee-letter.h"
#include "remind.h"

struct _FeeLetters {
  FeeLetterOptions options;
  FeeLetterForms *forms;  /* NULL before the first stretch */
  FeeBillWords *bills;
  guint listed, written;  /* rows before this stretch; letters */
  /* of a stretch */
  const FeeReminders *reminders;
  GArray *items;          /* of FeeOpenItem, by unit */
  GArray *notices;        /* of FeeNotice up to the day, by unit, then date */
  GHashTable *items_of, *notices_of; /* FeeText of the unit -> place of its first + 1 */
  /* of one letter */
  GArray *shown;          /* of FeeLetterItem */
  GArray *earlier;        /* of FeeLetterEarlier */
};

static void
clear_shown (gpointer data)
{
  FeeLetterItem *item = data;
  fee_bill_lines_free ((FeeBillLines *) item->bill);
}

FeeLetters *
fee_letters_new (const FeeLetterOptions *options)
{
  FeeLetters *letters = g_new0 (FeeLetters, 1);
  letters->options = *options;
  letters->notices = g_array_new (FALSE, FALSE, sizeof (FeeNotice));
  letters->items_of = g_hash_table_new (NULL, NULL);
  letters->notices_of = g_hash_table_new (NULL, NULL);
  letters->shown = g_array_new (FALSE, TRUE, sizeof (FeeLetterItem));
  g_array_set_clear_func (letters->shown, clear_shown);
  letters->earlier = g_array_new (FALSE, FALSE, sizeof (FeeLetterEarlier));
  return letters;
}

void
fee_letters_free (FeeLetters *letters)
{
  if (letters == NULL)
    return;
  fee_letter_forms_free (letters->forms);
  fee_bill_words_free (letters->bills);
  g_clear_pointer (&letters->items, g_array_unref);
  g_array_unref (letters->notices);
  g_hash_table_unref (letters->items_of);
  g_hash_table_unref (letters->notices_of);
  g_array_unref (letters->shown);
  g_array_unref (letters->earlier);
  g_free (letters);
}

/* ---- The user's forms */

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Names in a folder, in order; not those that it hides. */
static gboolean
list_folder (const char *path, GPtrArray *names, GError **error)
{
  DIR *folder = opendir (path);
  const struct dirent *entry;
  if (folder == NULL) {
    gint number = errno;
    g_set_error (error, FEE_ERROR, FEE_ERROR_IO, "%s: %s", path, g_strerror (number));
    return FALSE;
  }
  while ((entry = readdir (folder)) != NULL)
    if (entry->d_name[0] != '.')
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (folder);
  g_ptr_array_sort (names, compare_names);
  return TRUE;
}

static gboolean
add_folder (FeeLetters *letters, const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  if (!list_folder (path, names, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *file = g_build_filename (path, g_ptr_array_index (names, i), NULL);
    g_autoptr (GBytes) bytes = NULL;
    if (!fee_tool_read_file (file, &bytes, error) || !fee_letter_forms_add (letters->forms, file, bytes, error))
      return FALSE;
  }
  return TRUE;
}

/* --forms, else the folders that the policy names, seen from the book's. */
static gboolean
add_forms (FeeLetters *letters, GError **error)
{
  const FeeLetterOptions *options = &letters->options;
  const FeeName *templates = &letters->reminders->policy->notice.templates;
  const char *folders[] = { templates->en, templates->zh_CN };
  letters->forms = fee_letter_forms_new (letters->reminders->policy); /* which is that of all stretches */
  if (options->forms != NULL)
    return add_folder (letters, options->forms, error);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    if (folders[i] == NULL)
      continue;
    g_autofree char *book = g_path_get_dirname (options->tool->book_path);
    g_autofree char *path = g_path_is_absolute (folders[i]) || strcmp (book, ".") == 0 ? g_strdup (folders[i])
                                                                                       : g_build_filename (book, folders[i], NULL);
    if (!add_folder (letters, path, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- What is open, and what was sent */

static gint
compare_notices (gconstpointer a, gconstpointer b)
{
  const FeeNotice *x = a, *y = b;
  if (x->unit != y->unit)
    return x->unit < y->unit ? -1 : 1;
  if (x->date != y->date)
    return x->date < y->date ? -1 : 1;
  return (x->step > y->step) - (x->step < y->step);
}

static void
note_first (GHashTable *first, FeeText unit, guint place)
{
  if (!g_hash_table_contains (first, GUINT_TO_POINTER (unit)))
    g_hash_table_insert (first, GUINT_TO_POINTER (unit), GUINT_TO_POINTER (place + 1));
}

static guint
first_of (GHashTable *first, FeeText unit)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (first, GUINT_TO_POINTER (unit)));
  return place == 0 ? G_MAXUINT : place - 1;
}

static gboolean
prepare (FeeLetters *letters, GError **error)
{
  const FeeRemindInput *input = &letters->reminders->input;
  g_clear_pointer (&letters->items, g_array_unref);
  g_array_set_size (letters->notices, 0);
  g_hash_table_remove_all (letters->items_of);
  g_hash_table_remove_all (letters->notices_of);
  if (!fee_ledger_open_items (input->ledger, input->day, &letters->items, error))
    return FALSE;
  for (guint i = 0; i < letters->items->len; i++)
    note_first (letters->items_of, input->ledger->entries[g_array_index (letters->items, FeeOpenItem, i).entry].unit, i);
  for (guint i = 0; i < input->notices->len; i++)
    if (g_array_index (input->notices, FeeNotice, i).date <= input->day)
      g_array_append_val (letters->notices, g_array_index (input->notices, FeeNotice, i));
  g_array_sort (letters->notices, compare_notices);
  for (guint i = 0; i < letters->notices->len; i++)
    note_first (letters->notices_of, g_array_index (letters->notices, FeeNotice, i).unit, i);
  return TRUE;
}

static gboolean
add_item (FeeLetters *letters, const FeeReminder *row, const FeeOpenItem *open, GError **error)
{
  const FeeReminders *reminders = letters->reminders;
  const FeeStrings *strings = reminders->input.ledger->strings;
  const FeeEntry *entry = &reminders->input.ledger->entries[open->entry];
  const FeeHold *dispute = fee_remind_dispute (&reminders->input, open);
  FeeLetterItem item = { fee_strings_get (strings, entry->number), entry->kind, entry->period, entry->amount, open->open, open->due,
                         dispute != NULL ? dispute->from : FEE_DATE_NONE, NULL };
  if (entry->kind == FEE_ENTRY_RECEIPT)
    fee_money_negate (entry->amount, &item.amount);
  FeeBillLines *bill = NULL;
  if (entry->kind == FEE_ENTRY_BILL && dispute == NULL && fee_letter_is_explained (reminders->policy, row->step)
      && !fee_bill_words_find (letters->bills, fee_strings_get (strings, row->unit), item.number, &bill, error))
    return FALSE;
  item.bill = bill;
  g_array_append_val (letters->shown, item);
  return TRUE;
}

/* The open items of the row; the day of the oldest document among them. */
static gboolean
find_items (FeeLetters *letters, const FeeReminder *row, FeeDate *oldest, GError **error)
{
  const FeeEntry *entries = letters->reminders->input.ledger->entries;
  g_array_set_size (letters->shown, 0);
  *oldest = FEE_DATE_FOREVER;
  for (guint i = first_of (letters->items_of, row->unit); i < letters->items->len; i++) {
    const FeeOpenItem *open = &g_array_index (letters->items, FeeOpenItem, i);
    if (entries[open->entry].unit != row->unit)
      break;
    if (open->party != row->party)
      continue;
    *oldest = MIN (*oldest, entries[open->entry].date);
    if (!add_item (letters, row, open, error))
      return FALSE;
  }
  return TRUE;
}

/* Notices since what is open came: those about what was paid long ago are no matter of this letter. */
static void
find_earlier (FeeLetters *letters, const FeeReminder *row, FeeDate since)
{
  g_array_set_size (letters->earlier, 0);
  for (guint i = first_of (letters->notices_of, row->unit); i < letters->notices->len; i++) {
    const FeeNotice *notice = &g_array_index (letters->notices, FeeNotice, i);
    if (notice->unit != row->unit)
      break;
    FeeLetterEarlier earlier = { notice->step, notice->date };
    if (notice->date >= since && (notice->party == row->party || notice->party == FEE_TEXT_EMPTY))
      g_array_append_val (letters->earlier, earlier);
  }
}

/* ---- One letter */

static void
fill_party (const FeeReminders *reminders, const FeeReminder *row, FeeLetter *letter)
{
  const FeeTable *parties = reminders->accounts->records->tables[FEE_KIND_PARTIES];
  guint32 found = fee_reminders_party_row (reminders, row->unit, row->party);
  letter->role = -1;
  if (found != G_MAXUINT32) {
    letter->name = fee_table_text (parties, FEE_PARTIES_NAME, found);
    letter->role = strcmp (fee_table_text (parties, FEE_PARTIES_ROLE, found), "occupant") == 0 ? FEE_ROLE_OCCUPANT : FEE_ROLE_OWNER;
  } else if (g_strcmp0 (reminders->policy->unsold, letter->party) == 0) {
    letter->role = FEE_ROLE_UNSOLD;
  }
}

#define RULE "----------------------------------------"

/* Chinese first, then English, in one file; with --lang that language only. */
static void
say_letter (FeeDocument *document, const FeeLetters *letters, const FeeLetter *letter)
{
  const FeeTool *tool = letters->options.tool;
  if (tool->lang_option != NULL) {
    fee_letter_write (document, letters->forms, letter, tool->lang);
    return;
  }
  fee_letter_write (document, letters->forms, letter, "zh_CN");
  if (fee_document_is_text (document)) {
    fee_document_gap (document);
    fee_document_paragraph (document, RULE);
    fee_document_gap (document);
  }
  fee_letter_write (document, letters->forms, letter, "en");
}

static gboolean
write_file (const FeeLetters *letters, const FeeLetter *letter, const char *path, GError **error)
{
  const FeeTool *tool = letters->options.tool;
  const char *lang = tool->lang_option != NULL ? tool->lang : "zh_CN";
  const char *community = fee_name_text (&letter->policy->name, lang, letter->policy->code);
  g_autofree char *title = g_strdup_printf ("%s %s", community, letter->number);
  FeeDocumentOptions options = { .format = letters->options.format, .decimals = tool->decimals, .lang = lang, .title = title };
  FeeDocumentOutput out = { .tool = letters->options.tool };
  if (!fee_output_open (path, &out.output, error))
    return FALSE;
  out.document = fee_document_new (&options, fee_output_write, out.output);
  say_letter (out.document, letters, letter);
  return fee_tool_end_document (&out, TRUE, error);
}

/* The number of the letter, and of its file, is of the list's day and row: an id never becomes a path. */
static char *
number_of (const FeeReminders *reminders, guint n)
{
  gint year, month, day;
  fee_date_split (reminders->input.day, &year, &month, &day);
  return g_strdup_printf ("R%04d%02d%02d-%04u", year, month, day, n + 1);
}

static const char *
ending_of (FeeFormat format)
{
  return format == FEE_FORMAT_HTML ? ".html" : format == FEE_FORMAT_PDF ? ".pdf" : ".txt";
}

static gboolean
write_letter (FeeLetters *letters, const FeeReminder *row, guint n, GError **error)
{
  const FeeReminders *reminders = letters->reminders;
  const FeeStrings *strings = reminders->input.ledger->strings;
  g_autofree char *number = number_of (reminders, n);
  g_autofree char *file = g_strconcat (number, ending_of (letters->options.format), NULL);
  g_autofree char *path = g_build_filename (letters->options.folder, file, NULL);
  FeeDate since;
  if (!find_items (letters, row, &since, error))
    return FALSE;
  find_earlier (letters, row, since);
  gboolean approval = row->step >= 0 && g_array_index (reminders->policy->steps, FeeStep, row->step).approval;
  FeeLetter letter = {
    .policy = reminders->policy, .step = row->step, .number = number, .unit = fee_strings_get (strings, row->unit),
    .party = fee_strings_get (strings, row->party), .day = reminders->input.day, .through = reminders->input.through,
    .approved_by = approval ? letters->options.approved_by : NULL,
    .items = (const FeeLetterItem *) (void *) letters->shown->data, .n_items = letters->shown->len,
    .earlier = (const FeeLetterEarlier *) (void *) letters->earlier->data, .n_earlier = letters->earlier->len,
    .explain = fee_bill_lines_explain,
  };
  fill_party (reminders, row, &letter);
  return write_file (letters, &letter, path, error);
}

/* ---- The whole */

static gboolean
has_letter (const FeeLetters *letters, const FeeReminder *row)
{
  const FeeReminders *reminders = letters->reminders;
  if (!letters->options.is_wanted (reminders, row))
    return FALSE;
  return row->action == FEE_ACTION_ASSIST || (row->action == FEE_ACTION_REMIND && fee_letter_is_sent (reminders->policy, row->step));
}

static gboolean
begin (FeeLetters *letters, GError **error)
{
  return add_forms (letters, error) && fee_bill_words_new (letters->options.tool, &letters->bills, error)
         && fee_output_make_folder (letters->options.folder, error);
}

gboolean
fee_letters_go_on (FeeLetters *letters, const FeeReminders *reminders, GError **error)
{
  const GArray *list = reminders->rows;
  letters->reminders = reminders;
  if ((letters->forms == NULL && !begin (letters, error)) || !prepare (letters, error))
    return FALSE;
  for (guint i = 0; i < list->len; i++) {
    const FeeReminder *row = &g_array_index (list, FeeReminder, i);
    if (!has_letter (letters, row))
      continue;
    if (letters->written % 100 == 0)
      fee_tool_progress (letters->options.tool, _("letter %u ..."), letters->written + 1);
    if (!write_letter (letters, row, letters->listed + i, error))
      return FALSE;
    letters->written++;
  }
  letters->listed += list->len;
  return TRUE;
}

void
fee_letters_end (FeeLetters *letters)
{
  fee_tool_say (letters->options.tool, ngettext ("%u letter in %s", "%u letters in %s", letters->written), letters->written,
                letters->options.folder);
}
