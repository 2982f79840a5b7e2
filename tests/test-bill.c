/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/base/fee-reference.h"
#include "../libfee/engine/fee-run-period.h"
#include "../libfee/report/fee-bill.h"

static const char policy_text[] =
    "[book]\nname=Heyuan Court\nname[zh_CN]=和苑小区\ncode=HY\nstart=2026-01\nunsold=developer\n[billing]\ndue_days=20\n"
    "[attribute area]\nname=Floor area\nname[zh_CN]=建筑面积\nunit=m²\n[attribute lift]\nname=Floor "
    "weight\nname[zh_CN]=楼层系数\n"
    "[driver water]\nkind=flow\nname=Water used\nname[zh_CN]=用水量\nunit=m3\n"
    "[centre general]\nname=Management\nname[zh_CN]=综合管理\ndriver=one\n"
    "[centre lifts]\nname=Lifts\nname[zh_CN]=电梯运行\ndriver=area*lift\npayer=occupant\n"
    "[centre water]\nname=Shared water\nname[zh_CN]=公共用水\ndriver=water\npayer=occupant\n"
    "[centre grounds]\ndriver=area\n"
    "[notice]\npay=Bank of Heyuan, 6222 0000\npay[zh_CN]=和苑银行 6222 0000\nask=Office, building "
    "1\nask[zh_CN]=1号楼物业服务中心\nanswer_days=7\n"
    "help=Ask us for instalments.\nhelp[zh_CN]=可申请分期。\naccounts=On the board every "
    "month\naccounts[zh_CN]=每月公示栏\n";

typedef struct {
  FeeRecords *records;
  FeeHistory *history;
  FeeRun *run;
} Desk;

static void
desk_clear (Desk *desk)
{
  fee_run_free (desk->run);
  fee_history_free (desk->history);
  fee_records_free (desk->records);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

/* February: the owner of 101 lives there until the 14th, then a tenant; a late cost of January; money back for the grounds.
 */
static Desk
desk_new (void)
{
  Desk desk = { test_records (policy_text), fee_history_new (), NULL };
  g_autoptr (GError) error = NULL;
  FeeRunArguments arguments = { month ("2026-02"), FEE_DATE_NONE };
  test_add (desk.records, FEE_KIND_UNITS, 2, "unit,area,lift\n101,89.5,1\n102,120,1.5\n103,61.25,1.05\n");
  test_add (desk.records, FEE_KIND_PARTIES, 3,
            "unit,role,party,name,from,to\n101,owner,P1,Wang Fang,,\n101,occupant,P1,Wang "
            "Fang,2026-02-01,2026-02-14\n101,occupant,P9,Bai,2026-02-15,\n102,owner,P2,Li,,\n103,owner,P3,Zhao,,\n");
  test_add (desk.records, FEE_KIND_QUANTITIES, 4,
            "driver,target,quantity,from,to\nwater,101,8.5,2026-02-01,2026-02-28\nwater,102,12,2026-02-01,2026-02-28\n");
  test_add (desk.records, FEE_KIND_COSTS, 5,
            "doc,date,category,centre,amount\nD1,2026-02-28,other,general,12345.67\nD2,2026-02-28,other,lifts,2000.00\n"
            "D3,2026-02-28,other,water,61.50\nD4,2026-01-31,other,grounds,300.00\nD5,2026-02-28,other,grounds,-1234.50\n");
  test_index (desk.records);
  assert_ok (fee_run_period (desk.records, desk.history, &arguments, &desk.run, &error), error);
  return desk;
}

static gboolean
append_bytes (const char *bytes, gsize length, gpointer out, GError **error)
{
  (void) error;
  g_string_append_len (out, bytes, (gssize) length);
  return TRUE;
}

/* The first bill of unit 101. */
static char *
bill_in (const Desk *desk, FeeFormat format, const char *lang, gboolean everything)
{
  const FeePage *page = g_ptr_array_index (desk->run->pages, 0);
  g_autoptr (GHashTable) late = g_hash_table_new (NULL, NULL);
  GString *out = g_string_new (NULL);
  FeePageReader reader;
  const FeeBillCause causes[] = { { "Lifts", 2050 }, { NULL, -310 } };
  g_hash_table_insert (late, GINT_TO_POINTER (month ("2026-01")), (gpointer) "grounds (invoice of 1/31)");
  fee_page_reader_init (&reader, page->first_bill, page->n_bills, page->heads->data, page->heads->len, page->lines->data,
                        page->lines->len);
  assert_true (fee_page_reader_next (&reader));
  g_autofree char *reference = fee_reference_of_bill ("202602-0000001");
  FeeBillView view = { .policies = desk->records->policies,
                       .lang = lang,
                       .run = desk->run,
                       .bill = &reader,
                       .name = "王芳",
                       .area = "89.50",
                       .reference = reference,
                       .late = late,
                       .payable = reader.total,
                       .as_of = day ("2026-03-01") };
  if (everything) {
    view.brought_forward = 123456;
    view.received = 100000;
    view.payable += 23456;
    view.overdue = 20056;
    view.oldest_due = day ("2026-01-21");
    view.has_before = TRUE;
    view.before = 400000;
    view.causes = causes;
    view.n_causes = G_N_ELEMENTS (causes);
  } else {
    view.name = NULL;
    view.area = "";
    view.credit = 2000;
    view.payable -= 2000;
  }
  FeeDocumentOptions options = { .format = format, .decimals = 2, .lang = lang, .title = "" };
  g_autoptr (FeeDocument) document = fee_document_new (&options, append_bytes, out);
  fee_bill_write (document, &view);
  assert_true (fee_document_finish (document, NULL));
  fee_page_reader_clear (&reader);
  return g_string_free (out, FALSE);
}

static void
assert_golden (const char *file, const char *lang, gboolean everything)
{
  g_auto (Desk) desk = desk_new ();
  g_autofree char *got = bill_in (&desk, FEE_FORMAT_TEXT, lang, everything);
  test_golden (file, got);
}

static void
a_bill_reads_as_it_should_in_chinese (void **state)
{
  (void) state;
  assert_golden ("bill-zh_CN.txt", "zh_CN", TRUE);
}

static void
a_bill_reads_as_it_should_in_english (void **state)
{
  (void) state;
  assert_golden ("bill-en.txt", "en", TRUE);
}

/* Its sheet; the rest of the file is of all documents. */
static void
a_bill_reads_as_it_should_in_html (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  g_autofree char *html = bill_in (&desk, FEE_FORMAT_HTML, "zh_CN", TRUE);
  const char *sheet = strstr (html, "<article");
  assert_non_null (sheet);
  test_golden ("bill-zh_CN.html", sheet);
}

static void
a_bill_without_name_area_or_month_before_says_nothing_of_them (void **state)
{
  (void) state;
  assert_golden ("bill-plain-en.txt", "en", FALSE);
}

static void
quantities_for_people_have_two_decimals_or_none (void **state)
{
  (void) state;
  static const struct {
    const char *quantity, *words;
  } cases[] = {
    { "0", "0" },
    { "31", "31" },
    { "2774.5", "2,774.50" },
    { "89.25", "89.25" },
    { "1234567", "1,234,567" },
    { "0.5", "0.50" },
    { "-1234.5", "-1,234.50" },
    { "-31", "-31" },
    { "9223372036854", "9,223,372,036,854" },
    { "1000", "1,000" },
    { "999.1", "999.10" },
    { "0.01", "0.01" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FeeQuantity quantity = 0;
    char buffer[FEE_GROUPED_SIZE];
    assert_true (fee_quantity_parse (cases[i].quantity, &quantity));
    assert_text (fee_quantity_words (quantity, buffer), cases[i].words);
  }
}

static void
drivers_are_called_by_the_names_of_their_attributes (void **state)
{
  (void) state;
  static const struct {
    const char *driver, *en, *zh_CN;
  } cases[] = {
    { "one", "equally", "每户一份" },
    { "area", "Floor area", "建筑面积" },
    { "area*lift", "Floor area × Floor weight", "建筑面积 × 楼层系数" },
    { "water", "Water used", "用水量" },
    { "unheard-of", "unheard-of", "unheard-of" },
  };
  g_autoptr (FeePolicy) policy = test_policy (policy_text);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *en = fee_driver_words (policy, cases[i].driver, "en");
    g_autofree char *zh_CN = fee_driver_words (policy, cases[i].driver, "zh_CN");
    assert_text (en, cases[i].en);
    assert_text (zh_CN, cases[i].zh_CN);
  }
}

/* ---- ISO 11649 */

/* As a reader of the reference checks it: the first four signs last, letters as two digits, and 1 must be left of the
 * division by 97. */
static guint
left_of_97 (const char *reference)
{
  g_autofree char *turned = g_strconcat (reference + 4, "RF", NULL);
  g_autofree char *whole = g_strdup_printf ("%s%.2s", turned, reference + 2);
  guint64 left = 0;
  for (const char *at = whole; *at != '\0'; at++)
    left = g_ascii_isdigit (*at) ? (left * 10 + (guint) (*at - '0')) % 97 : (left * 100 + (guint) (*at - 'A' + 10)) % 97;
  return (guint) left;
}

static void
the_reference_of_a_bill_passes_the_check_of_iso_11649 (void **state)
{
  (void) state;
  for (guint32 bill = 1; bill < 9999999; bill = bill * 2 + 1)
    for (FeePeriod period = month ("2026-01"); period < month ("2027-06"); period++) {
      char number[FEE_BILL_NUMBER_SIZE];
      g_autofree char *reference = fee_reference_of_bill (fee_bill_number_format (period, bill, number));
      g_autofree char *digits = g_strdup_printf ("%.6s%s", number, number + 7);
      assert_true (g_str_has_prefix (reference, "RF") && strlen (reference) == 4 + strlen (digits));
      assert_text (reference + 4, digits);
      assert_is (left_of_97 (reference), 1);
    }
}

/* The example of the standard's users, and check digits that begin with 0. */
static void
known_references_have_their_check_digits (void **state)
{
  (void) state;
  g_autofree char *known = fee_reference_of_bill ("539007547034");
  assert_text (known, "RF18539007547034");
  assert_is (left_of_97 (known), 1);
  assert_true (left_of_97 ("RF19539007547034") != 1);
  gboolean small = FALSE;
  for (guint32 bill = 1; bill < 400; bill++) {
    char number[FEE_BILL_NUMBER_SIZE];
    g_autofree char *reference = fee_reference_of_bill (fee_bill_number_format (month ("2026-01"), bill, number));
    small = small || reference[2] == '0';
    assert_is (strlen (reference), 17);
  }
  assert_true (small);
}

/* Only a run that somebody changed has such lines: a bill's total fits, and a part of it does not. */
static void
a_part_of_a_bill_that_leaves_64_bits_ends_the_document (void **state)
{
  (void) state;
  g_auto (Desk) desk = desk_new ();
  FeePageReader reader;
  const FeeLine lines[] = { { .role = FEE_ROLE_OWNER, .days = 28, .amount = G_MAXINT64 }, { .role = FEE_ROLE_OWNER, .days = 28, .amount = 1 } };
  g_autoptr (GHashTable) late = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  fee_page_reader_init (&reader, 1, 0, NULL, 0, NULL, 0);
  g_string_assign (reader.unit, "101");
  g_array_append_vals (reader.line, lines, G_N_ELEMENTS (lines));
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) { /* of February */
    guint begin, end;
    fee_run_pools (desk.run, &begin, &end);
    while (fee_run_row (desk.run, begin + g_array_index (reader.line, FeeLine, i).activity)->origin != desk.run->period)
      g_array_index (reader.line, FeeLine, i).activity++;
  }
  FeeBillView view = { .policies = desk.records->policies, .lang = "en", .run = desk.run, .bill = &reader, .late = late };
  FeeDocumentOptions options = { .format = FEE_FORMAT_TEXT, .decimals = 2, .lang = "en", .title = "" };
  g_autoptr (FeeDocument) document = fee_document_new (&options, append_bytes, out);
  fee_bill_write_lines (document, &view);
  assert_fails (fee_document_finish (document, &error), error, FEE_ERROR_RECORDS, "unit 101: the bill is too large");
  fee_page_reader_clear (&reader);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_bill_reads_as_it_should_in_chinese),
    cmocka_unit_test (a_bill_reads_as_it_should_in_english),
    cmocka_unit_test (a_bill_reads_as_it_should_in_html),
    cmocka_unit_test (a_bill_without_name_area_or_month_before_says_nothing_of_them),
    cmocka_unit_test (quantities_for_people_have_two_decimals_or_none),
    cmocka_unit_test (drivers_are_called_by_the_names_of_their_attributes),
    cmocka_unit_test (the_reference_of_a_bill_passes_the_check_of_iso_11649),
    cmocka_unit_test (known_references_have_their_check_digits),
    cmocka_unit_test (a_part_of_a_bill_that_leaves_64_bits_ends_the_document),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
