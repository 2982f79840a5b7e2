/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "../../libfee/base/fee-text.h"
#include "../../libfee/report/fee-letter.h"

/* A letter form of somebody's own, for whatever its name says, filled in for a letter whose texts are hostile too: with forms that are taken and with those
 * built in. */

#define POLICY \
  "[book]\nname=Court <b>\nstart=2024-01\n[billing]\ndue_days=20\n[notice]\npay=Bank & {name}\nask=Office\nhelp=Come\nanswer_days=7\n" \
  "[reminder notice]\nafter=-5\n[reminder second]\nafter=20\n[reminder third]\nafter=30\n[reminder demand]\nafter=60\napproval=yes\n[reminder legal]\nafter=90\n"

static const char *const files[] = { "second.en.txt", "second.zh_CN.txt", "third.en.txt", "letter.zh_CN.txt", "demand.en.txt", "demand.zh_CN.txt", "notice.en.txt",
                                     "assist.en.txt", "assist.zh_CN.txt", "legal.en.txt", "../second.en.txt", "second.fr.txt" };

static void
explain (FeeDocument *document, gconstpointer bill, const char *lang)
{
  fee_document_heading (document, 3, lang);
  fee_document_paragraph (document, bill);
  fee_document_gap (document);
}

static void
require_quiet (const GString *out, gboolean html)
{
  fuzz_require (g_utf8_validate_len (out->str, out->len, NULL));
  for (const char *at = out->str; *at != '\0'; at = g_utf8_next_char (at))
    fuzz_require (*at == '\n' || *at == '\t' || *at == '\f' || !fee_text_is_control (g_utf8_get_char (at)));
  fuzz_require (!html || (strstr (out->str, "<b>") == NULL && strstr (out->str, "<script") == NULL));
}

static void
write_letter (const FeeLetterForms *forms, const FeeLetter *letter, const char *lang, FeeFormat format)
{
  g_autoptr (GString) out = g_string_new (NULL);
  FeeDocumentOptions options = { .format = format, .decimals = 2, .lang = lang, .title = letter->name };
  g_autoptr (FeeDocument) document = fee_document_new (&options, fuzz_keep, out);
  GError *error = NULL;
  fee_letter_write (document, forms, letter, lang);
  fuzz_require (fuzz_outcome (fee_document_finish (document, &error), &error));
  require_quiet (out, format == FEE_FORMAT_HTML);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  FuzzInput in = { bytes, bytes + length };
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (fuzz_policy (POLICY));
  const char *file = files[fuzz_choice (&in, G_N_ELEMENTS (files))];
  guint how = fuzz_byte (&in);
  g_autofree char *unit = fuzz_utf8 (&in, 40), *party = fuzz_utf8 (&in, 40), *name = fuzz_utf8 (&in, 40), *told = fuzz_utf8 (&in, 80);
  FeeLetterItem items[] = {
    { "202402-0000001", FEE_ENTRY_BILL, 2024 * 12 + 1, fuzz_number (&in), fuzz_number (&in) & G_MAXINT64, 19800, FEE_DATE_NONE, how & 1 ? told : NULL },
    { party, FEE_ENTRY_CHARGE, 0, 500, 500, 19810, how & 2 ? 19815 : FEE_DATE_NONE, NULL },
  };
  FeeLetterEarlier earlier[] = { { 1, 19805 }, { -1, 19806 } };
  FeeLetter letter = { .policy = fuzz_policy (POLICY), .number = "R1", .unit = unit, .party = party, .name = how & 4 ? name : NULL, .role = (gint) (how >> 6) - 1, .day = 19820,
                       .through = how & 8 ? 19818 : FEE_DATE_NONE, .approved_by = how & 16 ? name : NULL, .items = items, .n_items = how & 3, .earlier = earlier,
                       .n_earlier = how >> 4 & 2, .explain = explain };
  letter.n_items = MIN (letter.n_items, G_N_ELEMENTS (items));
  g_autoptr (GBytes) text = g_bytes_new (in.at, fuzz_left (&in));
  GError *error = NULL;
  gboolean taken = fuzz_outcome (fee_letter_forms_add (forms, file, text, &error), &error);
  for (letter.step = taken ? -1 : 1; letter.step <= (taken ? 3 : 1); letter.step++) {
    write_letter (forms, &letter, "en", how & 32 ? FEE_FORMAT_HTML : FEE_FORMAT_TEXT);
    write_letter (forms, &letter, "zh_CN", how & 32 ? FEE_FORMAT_TEXT : FEE_FORMAT_HTML);
  }
  return 0;
}
