/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "../libfee/base/fee-hash.h"
#include "../libfee/base/fee-text.h"
#include "../libfee/store/fee-disclosures.h"
#include "../libfee/store/fee-post.h"
#include "disclose.h"

/* ---- Recording */

static const char *
format_name (FeeFormat format)
{
  static const char *const names[] = { "text", "csv", "json", "html", "pdf" };
  return names[format];
}

static FeeDisclosureHead *
make_head (const FeeDisclosureRequest *request)
{
  const FeeRunHead *run = fee_runs_find (request->runs, request->to);
  FeeDisclosureHead *head = fee_disclosure_head_new ();
  char period[FEE_DATE_SIZE];
  head->period = g_strdup (fee_disclosure_period (request->first, request->last, period));
  head->format = g_strdup (format_name (request->tool->format));
  head->lang = g_strdup (request->tool->lang);
  head->as_of = request->as_of;
  head->posted_from = request->posted_from;
  head->posted_to = request->posted_to;
  head->head = g_strdup_printf ("%u:%s", fee_runs_place (request->runs, run), run->digest);
  head->made_at = g_strdup (request->tool->now);
  head->made_by = g_strdup (fee_tool_by (request->tool));
  return head;
}

/* The same bytes, posted on the same days; NULL where there is none. Borrowed. */
static const FeeDisclosureHead *
find_kept (const GPtrArray *kept, const FeeDisclosureRequest *request, const char *sha256)
{
  for (guint i = 0; i < kept->len; i++) {
    const FeeDisclosureHead *head = g_ptr_array_index (kept, i);
    if (strcmp (head->sha256, sha256) == 0 && head->posted_from == request->posted_from
        && head->posted_to == request->posted_to)
      return head;
  }
  return NULL;
}

gboolean
fee_disclose_record (const FeeDisclosureRequest *request, GBytes *bytes, GError **error)
{
  FeeTool *tool = request->tool;
  g_autoptr (GPtrArray) kept = NULL;
  char sha256[FEE_HASH_HEX];
  fee_hash_of (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), sha256);
  if (!fee_book_disclosures (tool->book, &kept, error))
    return FALSE;
  const FeeDisclosureHead *known = find_kept (kept, request, sha256);
  if (known != NULL) {
    fee_tool_say (tool, _("already recorded (disclosure %u)"), known->number);
    return TRUE;
  }
  g_autoptr (FeeDisclosureHead) head = make_head (request);
  if (!fee_book_add_disclosure (tool->book, head, bytes, error) || !fee_book_commit (tool->book, error))
    return FALSE;
  fee_tool_say (tool, _("recorded (disclosure %u)"), head->number);
  return TRUE;
}

/* ---- Showing what is kept */

static const FeeOutputColumn columns[] = {
  { "number", "Number", "编号", FEE_COLUMN_COUNT },        { "period", "Period", "期间", FEE_COLUMN_TEXT },
  { "format", "Format", "格式", FEE_COLUMN_TEXT },         { "lang", "Language", "语言", FEE_COLUMN_TEXT },
  { "as_of", "As of", "截至", FEE_COLUMN_TEXT },           { "posted_from", "Posted from", "公示起", FEE_COLUMN_TEXT },
  { "posted_to", "Posted to", "公示止", FEE_COLUMN_TEXT }, { "head", "Check code", "校验码", FEE_COLUMN_TEXT },
  { "sha256", "SHA-256", "SHA-256", FEE_COLUMN_TEXT },     { "made_at", "Made at", "时间", FEE_COLUMN_TEXT },
  { "made_by", "Made by", "经办人", FEE_COLUMN_TEXT },
};

gboolean
fee_disclose_list (FeeTool *tool, GError **error)
{
  g_autoptr (GPtrArray) kept = NULL;
  FeeTableOutput table;
  if (!fee_book_disclosures (tool->book, &kept, error)
      || !fee_tool_begin_table (tool, columns, G_N_ELEMENTS (columns), &table, error))
    return FALSE;
  for (guint i = 0; i < kept->len; i++) {
    const FeeDisclosureHead *head = g_ptr_array_index (kept, i);
    fee_writer_count (table.writer, head->number);
    fee_writer_text (table.writer, head->period);
    fee_writer_text (table.writer, head->format);
    fee_writer_text (table.writer, head->lang);
    fee_writer_date (table.writer, head->as_of);
    fee_writer_date (table.writer, head->posted_from);
    fee_writer_date (table.writer, head->posted_to);
    fee_writer_text (table.writer, head->head);
    fee_writer_text (table.writer, head->sha256);
    fee_writer_text (table.writer, head->made_at);
    fee_writer_text (table.writer, head->made_by);
  }
  return fee_tool_end_table (&table, TRUE, error);
}

gboolean
fee_disclose_extract (FeeTool *tool, const char *text, GError **error)
{
  guint64 number;
  g_autoptr (GBytes) bytes = NULL;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &number, NULL)) {
    g_autofree char *shown = fee_text_quote (text, strlen (text));
    return fee_tool_usage (error, _("--extract %s is not the number of a disclosure"), shown);
  }
  return fee_book_read_disclosure (tool->book, (guint32) number, &bytes, error) && fee_disclose_write (tool, bytes, error);
}
