/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/report/fee-letter.h"

static const char policy_text[] =
    "[book]\nname=Heyuan Court\nname[zh_CN]=和苑小区\nstart=2026-01\nunsold=developer\n[billing]\ndue_days=20\n"
    "[notice]\npay=Bank of Heyuan, 6222 0000\npay[zh_CN]=和苑银行 6222 0000\nask=Office, building 1\nask[zh_CN]=1号楼物业服务中心\n"
    "answer_days=7\nhelp=Come to the office.\nhelp[zh_CN]=请到物业服务中心办理。\naccounts=On the board\naccounts[zh_CN]=公示栏\n";
static const char bare_text[] = "[book]\nname=Heyuan Court\nname[zh_CN]=和苑小区\nstart=2026-01\n[billing]\ndue_days=20\n";

/* The default ladder */
enum { NOTICE, FRIENDLY, SECOND, VISIT, DEMAND, MEDIATION, LEGAL, HELP = -1 };

/* A bill partly paid, one not due, a charge, and a disputed bill. */
static const FeeName told = { (char *) "the lines", (char *) "明细" }, untold = { (char *) "not told", (char *) "不说" };
static FeeLetterItem items[] = {
  { "202602-0000001", FEE_ENTRY_BILL, 0, 40871, 30000, 0, FEE_DATE_NONE, &told },
  { "202603-0000001", FEE_ENTRY_BILL, 0, 12000, 12000, 0, FEE_DATE_NONE, NULL },
  { "ADJ-7", FEE_ENTRY_CHARGE, 0, 500, 500, 0, FEE_DATE_NONE, NULL },
  { "202601-0000001", FEE_ENTRY_BILL, 0, 9900, 9900, 0, FEE_DATE_NONE, &untold },
};

static void
explain (FeeDocument *document, gconstpointer bill, const char *lang)
{
  fee_document_paragraph (document, fee_name_text (bill, lang, ""));
  fee_document_gap (document);
}

static FeeLetter
letter_of (const FeePolicy *policy, gint step)
{
  static FeeLetterEarlier earlier[2];
  static const char *const due[] = { "2026-03-21", "2026-04-21", "2026-03-31", "2026-02-21" };
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    items[i].due = day (due[i]);
  items[0].period = month ("2026-02");
  items[1].period = month ("2026-03");
  items[3].period = month ("2026-01");
  items[3].disputed_since = day ("2026-04-15");
  earlier[0] = (FeeLetterEarlier) { FRIENDLY, day ("2026-03-28") };
  earlier[1] = (FeeLetterEarlier) { -1, day ("2026-04-02") };
  return (FeeLetter) { .policy = policy, .step = step, .number = "R20260420-0003", .unit = "101", .party = "P1", .name = "王芳",
                       .role = FEE_ROLE_OWNER, .day = day ("2026-04-20"), .through = day ("2026-04-18"), .items = items,
                       .n_items = G_N_ELEMENTS (items), .earlier = earlier, .n_earlier = 2, .explain = explain };
}

static gboolean
keep (const char *bytes, gsize length, gpointer out, GError **error)
{
  (void) error;
  g_string_append_len (out, bytes, (gssize) length);
  return TRUE;
}

static char *
made_of (const FeeLetterForms *forms, const FeeLetter *letter, const char *lang, FeeFormat format)
{
  GString *out = g_string_new (NULL);
  FeeDocumentOptions options = { .format = format, .decimals = 2, .lang = lang, .title = "" };
  g_autoptr (FeeDocument) document = fee_document_new (&options, keep, out);
  fee_letter_write (document, forms, letter, lang);
  assert_true (fee_document_finish (document, NULL));
  return g_string_free (out, FALSE);
}

static char *
text_of (const FeeLetterForms *forms, const FeeLetter *letter, const char *lang)
{
  return made_of (forms, letter, lang, FEE_FORMAT_TEXT);
}

static gboolean
add (FeeLetterForms *forms, const char *path, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return fee_letter_forms_add (forms, path, bytes, error);
}

/* What a form of the user's own gives, for the second step. */
static char *
filled (const char *policy_ini, const char *form, const char *lang)
{
  g_autoptr (FeePolicy) policy = test_policy (policy_ini);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strdup_printf ("second.%s.txt", lang);
  FeeLetter letter = letter_of (policy, SECOND);
  assert_ok (add (forms, file, form, &error), error);
  return text_of (forms, &letter, lang);
}

static void
assert_filled (const char *policy_ini, const char *form, const char *lang, const char *wanted)
{
  g_autofree char *got = filled (policy_ini, form, lang);
  assert_text (got, wanted);
}

static void
assert_golden (const char *file, gint step, const char *lang)
{
  g_autoptr (FeePolicy) policy = test_policy (policy_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  FeeLetter letter = letter_of (policy, step);
  letter.approved_by = step == DEMAND ? "Manager Sun" : NULL;
  g_autofree char *got = text_of (forms, &letter, lang);
  test_golden (file, got);
}

/* ---- The built-in forms */

static void
letters_of_the_second_step_and_the_demand_read_as_they_should_in_both_languages (void **state)
{
  (void) state;
  assert_golden ("letter-second-zh_CN.txt", SECOND, "zh_CN");
  assert_golden ("letter-second-en.txt", SECOND, "en");
  assert_golden ("letter-demand-zh_CN.txt", DEMAND, "zh_CN");
  assert_golden ("letter-demand-en.txt", DEMAND, "en");
}

static void
an_offer_of_help_reads_as_it_should_and_names_no_step (void **state)
{
  (void) state;
  assert_golden ("letter-assist-zh_CN.txt", HELP, "zh_CN");
  assert_golden ("letter-assist-en.txt", HELP, "en");
}

static void
a_form_without_a_byte_says_nothing (void **state)
{
  (void) state;
  assert_filled (bare_text, "", "en", "");
}

/* A policy without [notice], a party without a name, nothing before, nothing disputed: no empty headings, no placeholders left. */
static void
built_in_letters_leave_out_what_there_is_not (void **state)
{
  (void) state;
  static const char *const headings[] = { "{", "}", "How to pay", "Questions and objections", "Where to see", "Earlier", "dispute", "answer",
                                          "came about", "Approved", "缴费方式", "咨询", "账目查询", "此前", "异议，答复", "得来", "批准" };
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  for (gint step = HELP; step <= DEMAND; step++) {
    FeeLetter letter = letter_of (policy, step);
    letter.name = NULL;
    letter.role = -1;
    letter.items = &items[1];
    letter.n_items = 1;
    letter.n_earlier = 0;
    g_autofree char *zh_CN = text_of (forms, &letter, "zh_CN"), *en = text_of (forms, &letter, "en");
    for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
      if (strstr (zh_CN, headings[i]) != NULL || strstr (en, headings[i]) != NULL)
        fail_msg ("step %d says %s:\n%s\n%s", step, headings[i], zh_CN, en);
    assert_non_null (strstr (zh_CN, "缴费人 P1\n"));
    assert_non_null (strstr (en, "Payer P1\n"));
    assert_null (strstr (en, "\n\n\n"));
    assert_non_null (strstr (en, "up to 6 months"));
    assert_non_null (strstr (zh_CN, "最长6个月"));
  }
}

static void
only_the_demand_says_that_it_is_one (void **state)
{
  (void) state;
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  for (gint step = HELP; step <= DEMAND; step++) {
    FeeLetter letter = letter_of (policy, step);
    g_autofree char *zh_CN = text_of (forms, &letter, "zh_CN"), *en = text_of (forms, &letter, "en");
    assert_is (strstr (en, "demand") != NULL || strstr (en, "Demand") != NULL, step == DEMAND);
    assert_is (strstr (zh_CN, "催告") != NULL, step == DEMAND);
    assert_is (strstr (zh_CN, "15日内") != NULL, step == DEMAND);
    assert_is (strstr (en, "within 15 days") != NULL, step == DEMAND);
  }
}

/* ---- In HTML */

static void
assert_has (const char *html, const char *part)
{
  if (strstr (html, part) == NULL)
    fail_msg ("no %s in\n%s", part, strstr (html, "<main>"));
}

static char *
html_of (const char *form, const char *name)
{
  g_autoptr (FeePolicy) policy = test_policy (policy_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  g_autoptr (GError) error = NULL;
  FeeLetter letter = letter_of (policy, SECOND);
  letter.name = name;
  if (form != NULL)
    assert_ok (add (forms, "second.en.txt", form, &error), error);
  return made_of (forms, &letter, "en", FEE_FORMAT_HTML);
}

static void
a_letter_in_html_has_its_title_tables_references_and_explained_lines (void **state)
{
  (void) state;
  static const char *const parts[] = {
    "<header><p class=\"over\">Heyuan Court</p><h1>Second reminder with explanation</h1></header>\n<p class=\"gap\">Number R20260420-0003   Date 2026-04-20<br>Unit 101   Payer",
    "<th scope=\"row\" role=\"rowheader\">Bill 202602-0000001</th>", "data-label=\"Payment reference\">RF542026020000001</td>",
    "data-label=\"Payment reference\"></td></tr>", /* of a charge */
    "<p class=\"gap\">These items you dispute; they are not pressed until you have an answer:</p>\n<table role=\"table\" class=\"wide\">",
    "<p class=\"gap\">How the amounts of these bills came about:</p>\n<h2 class=\"minor\">Bill 202602-0000001, 2026-02, 408.71</h2>\n<p>the lines</p>\n<p class=\"gap\">Earlier",
    "Earlier reminders:<br>2026-03-28  Friendly reminder<br>2026-04-02  Reminder</p>", "<p class=\"gap\">Where to see the accounts: On the board</p>\n</article>",
  };
  g_autofree char *html = html_of (NULL, "王芳");
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    assert_has (html, parts[i]);
}

static void
the_first_line_of_any_form_is_the_title_of_its_letter_in_html (void **state)
{
  (void) state;
  g_autofree char *whole = html_of ("{community}: {title}\tno\tlogo\nDear {payer}\n\n{items}\n", "<i>");
  g_autofree char *table = html_of ("{items}\nafter\n", "x");
  g_autofree char *within = html_of ("{community}  {title}\n\nOpen {items} is this.\n", "x");
  assert_has (whole, "<header><h1>Heyuan Court: Second reminder with explanation no logo</h1></header>\n<p>Dear &lt;* (owner)</p>\n<table");
  assert_has (table, "<header><p class=\"over\">Heyuan Court</p><h1>R20260420-0003</h1></header>\n<table");
  assert_has (within, "<p class=\"gap\">Open </p>\n<table");
  assert_has (within, "</table>\n<p> is this.</p>");
}

/* The files that a user copies are the forms of the program: taken as own, they change no letter. */
static void
the_examples_are_the_built_in_forms_and_are_taken_as_they_are (void **state)
{
  (void) state;
  static const char *const types[] = { "notice", "letter", "visit", "demand", "assist" };
  static const char *const langs[] = { "en", "zh_CN" };
  g_autoptr (FeePolicy) policy = test_policy (policy_text);
  g_autoptr (FeeLetterForms) built_in = fee_letter_forms_new (policy);
  g_autoptr (FeeLetterForms) own = fee_letter_forms_new (policy);
  const char *source = g_getenv ("FEE_SOURCE");
  for (guint i = 0; i < G_N_ELEMENTS (types) * G_N_ELEMENTS (langs); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *file = g_strdup_printf ("%s.%s.txt", types[i / 2], langs[i % 2]), *text = NULL;
    g_autofree char *path = g_build_filename (source != NULL ? source : ".", "examples", "letters", file, NULL);
    assert_true (g_file_get_contents (path, &text, NULL, NULL));
    assert_ok (add (own, path, text, &error), error);
  }
  for (gint step = HELP; step <= DEMAND; step++)
    for (guint i = 0; i < G_N_ELEMENTS (langs); i++) {
      FeeLetter letter = letter_of (policy, step);
      g_autofree char *ours = text_of (built_in, &letter, langs[i]), *theirs = text_of (own, &letter, langs[i]);
      assert_text (theirs, ours);
      assert_true (strlen (ours) > 300);
    }
}

/* ---- Which steps */

static void
lines_are_explained_from_the_second_step_on (void **state)
{
  (void) state;
  static const gboolean explained[] = { FALSE, FALSE, TRUE, TRUE, TRUE, FALSE, FALSE };
  static const gboolean sent[] = { TRUE, TRUE, TRUE, TRUE, TRUE, FALSE, FALSE };
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  for (gint step = NOTICE; step <= LEGAL; step++) {
    assert_is (fee_letter_is_explained (policy, step), explained[step]);
    assert_is (fee_letter_is_sent (policy, step), sent[step]);
  }
  assert_is (fee_letter_is_explained (policy, HELP), FALSE);
  assert_is (fee_letter_is_sent (policy, HELP), TRUE);
}

static void
a_demand_that_comes_first_is_explained_too (void **state)
{
  (void) state;
  g_autofree char *text = g_strconcat (bare_text, "[reminder last]\ntype=demand\nafter=30\n[reminder one]\nafter=40\n[reminder two]\nafter=50\n", NULL);
  g_autoptr (FeePolicy) policy = test_policy (text);
  assert_is (fee_letter_is_explained (policy, 0), TRUE);
  assert_is (fee_letter_is_explained (policy, 1), FALSE);
  assert_is (fee_letter_is_explained (policy, 2), TRUE);
}

static void
the_period_of_a_demand_is_its_wait_but_at_least_15_days (void **state)
{
  (void) state;
  static const struct {
    const char *wait, *days;
  } cases[] = { { "0", "15\n" }, { "14", "15\n" }, { "15", "15\n" }, { "16", "16\n" }, { "30", "30\n" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strdup_printf ("%s[reminder final]\ntype=demand\nafter=60\nwait=%s\n", bare_text, cases[i].wait);
    g_autoptr (FeePolicy) policy = test_policy (text);
    g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
    FeeLetter letter = letter_of (policy, 0);
    letter.n_earlier = 0;
    assert_ok (add (forms, "final.en.txt", "{period_days}\n", &error), error);
    g_autofree char *got = text_of (forms, &letter, "en");
    assert_text (got, cases[i].days);
  }
}

/* ---- Forms of the user's own */

static void
every_placeholder_has_its_value (void **state)
{
  (void) state;
  static const struct {
    const char *form, *lang, *wanted;
  } cases[] = {
    { "{community}|{title}|{number}|{day}|{through}", "en",
      "Heyuan Court|Second reminder with explanation|R20260420-0003|2026-04-20|2026-04-18\n" },
    { "{community}|{title}", "zh_CN", "和苑小区|第二次提醒及费用说明\n" },
    { "{unit} {payer}", "en", "101 王* (owner)\n" },
    { "{unit} {payer}", "zh_CN", "101 王*（业主）\n" },
    { "{total} {overdue}", "en", "425.00 305.00\n" },
    { "{total_words} {overdue_words}", "zh_CN", "肆佰贰拾伍元整 叁佰零伍元整\n" },
    { "x{total_words}\n\ny", "en", "y\n" },
    { "{pay}|{ask}|{help}|{accounts}|{answer_days}", "en", "Bank of Heyuan, 6222 0000|Office, building 1|Come to the office.|On the board|7\n" },
    { "{earlier}", "en", "2026-03-28  Friendly reminder\n2026-04-02  Reminder\n" },
    { "{earlier}", "zh_CN", "2026-03-28  温馨提示\n2026-04-02  提醒\n" },
    { "{explained}", "en", "Bill 202602-0000001, 2026-02, 408.71\nthe lines\n" },
    { "{explained}", "zh_CN", "账单 202602-0000001，2026-02，408.71\n明细\n" },
    { "{items}", "en",
      "Item                 Period      Due    Paid    Open  Due day     Days overdue\n"
      "Bill 202602-0000001  2026-02  408.71  108.71  300.00  2026-03-21            30\n"
      "Bill 202603-0000001  2026-03  120.00    0.00  120.00  2026-04-21             0\n"
      "Other charge ADJ-7              5.00    0.00    5.00  2026-03-31            20\n" },
    { "{disputed}", "en",
      "Item                 Period     Due  Paid   Open  Disputed since  Answer by\n"
      "Bill 202601-0000001  2026-01  99.00  0.00  99.00  2026-04-15      2026-04-22\n" },
    { "x{period_days}{approved_by}\n\ny", "en", "y\n" },
    { "{{unit}} {{{unit}} }{{", "en", "{unit}} {101} }{\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_filled (policy_text, cases[i].form, cases[i].lang, cases[i].wanted);
}

static void
a_line_or_paragraph_without_any_value_is_left_out (void **state)
{
  (void) state;
  assert_filled (bare_text, "A\n\nPay: {pay}\n\nB\n", "en", "A\n\nB\n");
  assert_filled (bare_text, "A\nPay: {pay}\nB {day}\n", "en", "A\nB 2026-04-20\n");
  assert_filled (bare_text, "Heading:\n{pay}\n{ask}\n\nB\n", "en", "B\n");
  assert_filled (bare_text, "Heading:\n{pay}\n{day}\n\n\n\nB\n", "en", "Heading:\n2026-04-20\n\nB\n");
  assert_filled (bare_text, "Pay {pay} by {day}\n", "en", "Pay  by 2026-04-20\n");
  assert_filled (bare_text, "Plain\nlines\n \t\nstay", "en", "Plain\nlines\n\nstay\n");
}

static void
the_form_of_a_step_goes_before_that_of_its_type_and_that_before_the_built_in_one (void **state)
{
  (void) state;
  g_autoptr (GError) error = NULL;
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  assert_ok (add (forms, "own/letter.en.txt", "type {number}\n", &error), error);
  assert_ok (add (forms, "own/second.en.txt", "step {number}\n", &error), error);
  FeeLetter friendly = letter_of (policy, FRIENDLY), second = letter_of (policy, SECOND), visit = letter_of (policy, VISIT);
  g_autofree char *by_type = text_of (forms, &friendly, "en"), *by_step = text_of (forms, &second, "en"), *other = text_of (forms, &visit, "en");
  g_autofree char *chinese = text_of (forms, &second, "zh_CN");
  assert_text (by_type, "type R20260420-0003\n");
  assert_text (by_step, "step R20260420-0003\n");
  assert_true (g_str_has_prefix (other, "Heyuan Court  Call or visit\n"));
  assert_true (g_str_has_prefix (chinese, "和苑小区  第二次提醒"));
}

static void
a_form_of_notepad_is_taken (void **state)
{
  (void) state;
  assert_filled (bare_text, "\xef\xbb\xbfUnit {unit}\r\n\r\nPay: {pay}\r\n\r\nEnd\r\n", "en", "Unit 101\n\nEnd\n");
}

static void
texts_of_records_are_escaped_and_never_read_as_placeholders (void **state)
{
  (void) state;
  g_autoptr (GError) error = NULL;
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  FeeLetter letter = letter_of (policy, SECOND);
  letter.unit = "../{day}\x1b[2J\n";
  letter.name = "\xe2\x80\xae{unit}";
  assert_ok (add (forms, "second.en.txt", "{unit} {payer}\n", &error), error);
  g_autofree char *got = text_of (forms, &letter, "en");
  assert_text (got, "../{day}\\x1b[2J\\x0a \\u202e* (owner)\n");
}

static void
a_bad_form_is_refused_with_its_place (void **state)
{
  (void) state;
#define NAMES "a form is called STEP.LANG.txt"
  static const struct {
    const char *file, *text, *message;
  } cases[] = {
    { "f/second.en.txt", "a\nb {unit} {uni}\n", "f/second.en.txt:2: unknown placeholder \"{uni}\"" },
    { "f/second.en.txt", "a\n\n{Unit}\n", "f/second.en.txt:3: unknown placeholder \"{Unit}\"" },
    { "f/second.en.txt", "{}", "f/second.en.txt:1: unknown placeholder \"{}\"" },
    { "f/second.en.txt", "a {unit\n}", "f/second.en.txt:1: unknown placeholder \"{unit\"" },
    { "f/second.en.txt", "a {unit", "f/second.en.txt:1: unknown placeholder \"{unit\"" },
    { "f/second.en.txt", "a {", "f/second.en.txt:1: unknown placeholder \"{\"" },
    { "f/second.en.txt", "ok\nok\n\xc4\xe3\n", "f/second.en.txt:3: the form is not valid UTF-8" },
    { "f/second.en.txt", "ok\n\x1b[1m\n", "f/second.en.txt:2: the form has a control character" },
    { "f/second.en.txt", "ok\rok", "f/second.en.txt:1: the form has a control character" },
    { "f/second.en.txt", "ok\n\xe2\x80\xaeok\n", "f/second.en.txt:2: the form has a control character" },
    { "f/second.en.txt", "Dear owner,\nwe will cut off the water.\n", "f/second.en.txt:2: the form says \"cut off the water\": the law does not let" },
    { "f/second.en.txt", "Pay, or we\ncut your\nwater.\n", "f/second.en.txt:3: the form says \"cut" },
    { "f/second.en.txt", "we cut {unit} water\n", "f/second.en.txt:1: the form says \"cut " },
    { "f/second.zh_CN.txt", "您好\n\n否则停电。\n", "f/second.zh_CN.txt:3: the form says \"停电\"" },
    { "f/second.zh_CN.txt", "否则停\n电。\n", "f/second.zh_CN.txt:2: the form says \"停电\"" },
    { "f/second.zh_CN.txt", "否则断{disputed}水\n", "f/second.zh_CN.txt:1: the form says \"断水\"" },
    { "f/second.zh_CN.txt", "否则曝\xe3\x80\x80光", "f/second.zh_CN.txt:1: the form says \"曝光\"" },
    { "f/demand.en.txt", "Pay at once.\n", "f/demand.en.txt: the form of a demand does not set its period: {period_days} is missing" },
    { "f/other.en.txt", "ok\n", "f/other.en.txt: " NAMES },
    { "f/second.fr.txt", "ok\n", "f/second.fr.txt: " NAMES },
    { "f/second.txt", "ok\n", "f/second.txt: " NAMES },
    { "f/second.en.txt~", "ok\n", "f/second.en.txt~: " NAMES },
    { "f/.en.txt", "ok\n", "f/.en.txt: " NAMES },
    { "f/legal.en.txt", "ok\n", "f/legal.en.txt: " NAMES },
    { "f/internal.en.txt", "ok\n", "f/internal.en.txt: " NAMES },
  };
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
    g_autoptr (GError) error = NULL;
    gboolean ok = add (forms, cases[i].file, cases[i].text, &error);
    if (!ok && !g_str_has_prefix (error->message, cases[i].message))
      fail_msg ("case %u: %s", i, error->message);
    assert_fails (ok, error, FEE_ERROR_POLICY, cases[i].message);
  }
}

static void
a_form_with_a_nul_or_over_64_kib_is_refused (void **state)
{
  (void) state;
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  g_autoptr (GError) error = NULL;
  g_autofree char *room = g_strnfill (64 * 1024 + 1, 'x');
  g_autoptr (GBytes) nul = g_bytes_new_static ("a\n\0b", 4);
  g_autoptr (GBytes) long_one = g_bytes_new_static (room, 64 * 1024 + 1);
  g_autoptr (GBytes) longest = g_bytes_new_static (room, 64 * 1024);
  assert_fails (fee_letter_forms_add (forms, "second.en.txt", nul, &error), error, FEE_ERROR_POLICY, "second.en.txt:2: the form is not valid UTF-8");
  assert_fails (fee_letter_forms_add (forms, "second.en.txt", long_one, &error), error, FEE_ERROR_POLICY, "the form is longer than 64 KiB");
  assert_ok (fee_letter_forms_add (forms, "second.en.txt", longest, &error), error);
}

/* Whatever is said around the words: no form is read for its meaning. */
static void
a_form_that_was_refused_is_not_used (void **state)
{
  (void) state;
  g_autoptr (FeePolicy) policy = test_policy (bare_text);
  g_autoptr (FeeLetterForms) forms = fee_letter_forms_new (policy);
  g_autoptr (GError) error = NULL;
  FeeLetter letter = letter_of (policy, SECOND);
  assert_fails (add (forms, "second.en.txt", "We never cut off water.\n", &error), error, FEE_ERROR_POLICY, "cut off water");
  g_autofree char *got = text_of (forms, &letter, "en");
  assert_true (g_str_has_prefix (got, "Heyuan Court  Second reminder"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (letters_of_the_second_step_and_the_demand_read_as_they_should_in_both_languages),
    cmocka_unit_test (an_offer_of_help_reads_as_it_should_and_names_no_step),
    cmocka_unit_test (a_form_without_a_byte_says_nothing),
    cmocka_unit_test (built_in_letters_leave_out_what_there_is_not),
    cmocka_unit_test (only_the_demand_says_that_it_is_one),
    cmocka_unit_test (the_examples_are_the_built_in_forms_and_are_taken_as_they_are),
    cmocka_unit_test (a_letter_in_html_has_its_title_tables_references_and_explained_lines),
    cmocka_unit_test (the_first_line_of_any_form_is_the_title_of_its_letter_in_html),
    cmocka_unit_test (lines_are_explained_from_the_second_step_on),
    cmocka_unit_test (a_demand_that_comes_first_is_explained_too),
    cmocka_unit_test (the_period_of_a_demand_is_its_wait_but_at_least_15_days),
    cmocka_unit_test (every_placeholder_has_its_value),
    cmocka_unit_test (a_line_or_paragraph_without_any_value_is_left_out),
    cmocka_unit_test (the_form_of_a_step_goes_before_that_of_its_type_and_that_before_the_built_in_one),
    cmocka_unit_test (a_form_of_notepad_is_taken),
    cmocka_unit_test (texts_of_records_are_escaped_and_never_read_as_placeholders),
    cmocka_unit_test (a_bad_form_is_refused_with_its_place),
    cmocka_unit_test (a_form_with_a_nul_or_over_64_kib_is_refused),
    cmocka_unit_test (a_form_that_was_refused_is_not_used),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
