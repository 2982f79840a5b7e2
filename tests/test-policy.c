/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../libfee/base/fee-error.h"
#include "../libfee/input/fee-policy-file.h"
#include "../libfee/model/fee-threat.h"

#define REQUIRED "[book]\nstart=2026-01\n[billing]\ndue_days=20\n"

static void
assert_number (gint64 got, gint64 wanted, const char *what)
{
  if (got != wanted)
    fail_msg ("%s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, what, got, wanted);
}
#define assert_is(got, wanted) assert_number (got, wanted, #got)

static char *
read_data (const char *name)
{
  const char *folder = g_getenv ("FEE_TEST_DATA");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "tests/data", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, &error))
    fail_msg ("%s", error->message);
  return text;
}

static FeePolicy *
read_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  FeePolicy *policy = NULL;
  if (!fee_policy_read ("p.ini", text, strlen (text), &policy, &error))
    fail_msg ("%s", error->message);
  assert_null (error);
  return policy;
}

/* "ok", or the messages. */
static char *
answer_to (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FeePolicy) policy = NULL;
  if (fee_policy_read ("p.ini", text, length, &policy, &error)) {
    assert_null (error);
    assert_non_null (policy);
    return g_strdup ("ok");
  }
  assert_null (policy);
  assert_true (g_error_matches (error, FEE_ERROR, FEE_ERROR_POLICY));
  return g_strdup (error->message);
}

static void
assert_answer (const char *title, const char *text, gsize length, const char *wanted)
{
  g_autofree char *answer = answer_to (text, length);
  if (strcmp (answer, wanted) != 0)
    fail_msg ("%s:\n%s\nnot:\n%s", title, answer, wanted);
}

/* One case of policies.txt: the lines after its title. */
static void
run_case (const char *title, char **lines)
{
  g_autoptr (GString) policy = g_string_new (NULL), wanted = g_string_new (NULL);
  for (; *lines != NULL; lines++) {
    if (g_str_has_prefix (*lines, "-> "))
      g_string_append_printf (wanted, "%s%s", wanted->len > 0 ? "\n" : "", *lines + 3);
    else if (wanted->len == 0)
      g_string_append_printf (policy, "%s\n", *lines);
    else
      assert_string_equal (*lines, "");
  }
  if (g_str_has_prefix (title, "+ "))
    g_string_append (policy, REQUIRED);
  assert_answer (title, policy->str, policy->len, wanted->str);
}

static void
each_refusal_has_its_message_and_line (void **state G_GNUC_UNUSED)
{
  g_autofree char *text = read_data ("policies.txt");
  g_auto (GStrv) cases = g_strsplit (text, "\n== ", -1);
  assert_true (g_strv_length (cases) > 40);
  for (char **one = cases + 1; *one != NULL; one++) {
    g_auto (GStrv) lines = g_strsplit (*one, "\n", -1);
    run_case (lines[0], lines + 1);
  }
}

static void
bytes_that_are_no_text_are_refused_with_their_line (void **state G_GNUC_UNUSED)
{
#define BYTES(text) text, sizeof text - 1
  assert_answer ("latin-1", BYTES ("[book]\nname=Caf\xe9\n"), "p.ini:2: not valid UTF-8 at byte 9 of the line");
  assert_answer ("surrogate", BYTES ("\xed\xa0\x80"), "p.ini:1: not valid UTF-8 at byte 1 of the line");
  assert_answer ("cut off", BYTES ("[book]\n\xe5\x92"), "p.ini:2: not valid UTF-8 at byte 1 of the line");
  assert_answer ("NUL", BYTES ("[book]\n\nna\0me=x\n"), "p.ini:3: a NUL byte");
  assert_answer ("escape", BYTES ("[book]\nname=\x1b[31mred\n"), "p.ini:2: a control character (U+001B)");
  assert_answer ("old Mac", BYTES ("[book]\rstart=2026-01\r"), "p.ini:1: a control character (U+000D)");
  assert_answer ("C1", BYTES ("# \xc2\x85\n" REQUIRED), "p.ini:1: a control character (U+0085)");
  assert_answer ("bidi in an id", BYTES ("[centre a\xe2\x80\xae" "b]\n" REQUIRED),
                 "p.ini:1: [centre a\\u202eb]: the id has a control character");
  assert_answer ("bidi in a key", BYTES ("[columns units]\na\xe2\x80\xae" "b=x\n" REQUIRED),
                 "p.ini:2: key \"a\\u202eb\" is not a name such as key or key[zh_CN]");
  assert_answer ("no bytes", NULL, 0,
                 "p.ini:1: the policy needs [book] with \"start\"\np.ini:1: the policy needs [billing] with \"due_days\"");
}

static void
long_lines_are_refused (void **state G_GNUC_UNUSED)
{
  g_autofree char *filling = g_strnfill (64 * 1024 - 5, 'x');
  g_autofree char *longest = g_strdup_printf ("%sunsold=d\n# %s%s\n", REQUIRED, "xxx", filling);
  assert_answer ("longest", longest, strlen (longest), "p.ini:5: [billing] has no key \"unsold\"");
  g_autofree char *longer = g_strdup_printf ("%s# %s%s\n", REQUIRED, "xxxx", filling);
  assert_answer ("longer", longer, strlen (longer), "p.ini:5: the line is longer than 65536 bytes");
}

static void
a_file_of_windows_reads_the_same (void **state G_GNUC_UNUSED)
{
  g_autofree char *text = read_data ("heyuan-policy.ini");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *joined = g_strjoinv ("\r\n", lines);
  g_autofree char *windows = g_strconcat ("\xEF\xBB\xBF", joined, NULL);
  g_autoptr (FeePolicy) policy = read_good (windows);
  assert_string_equal (policy->name.zh_CN, "和苑小区");
  assert_string_equal (policy->code, "HY");
}

static void
what_a_policy_leaves_out_has_its_default (void **state G_GNUC_UNUSED)
{
  g_autoptr (FeePolicy) policy = read_good (REQUIRED);
  assert_null (policy->name.en);
  assert_string_equal (policy->code, "");
  assert_string_equal (policy->currency, "CNY");
  assert_is (policy->decimals, 2);
  assert_is (policy->start, 2026 * 12);
  assert_is (policy->from, 2026 * 12);
  assert_is (policy->support, FEE_SUPPORT_DIRECT);
  assert_null (policy->unsold);
  assert_false (policy->same_month);
  assert_string_equal (policy->lang, "en");
  assert_string_equal (policy->mode, "cost");
  assert_false (policy->issue_before);
  assert_is (policy->due_days, 20);
  assert_is (policy->expect->len, 0);
  assert_is (policy->centres->len, 0);
  assert_is (policy->drivers->len, 0);
  assert_true (policy->income_cost == FEE_QUANTITY_NONE && policy->income_fund == FEE_QUANTITY_NONE);
  assert_is (policy->notice.answer_days, 0);
  assert_is (policy->minimum, 0);
  assert_is (policy->interval_days, 7);
  assert_is (policy->monthly_limit, 3);
  assert_is (policy->receipts_max_age, 10);
}

static void
the_nine_categories_are_there_unlisted (void **state G_GNUC_UNUSED)
{
  g_autoptr (FeePolicy) policy =
    read_good ("[category water]\ngroup=maintenance\n[category office]\n[category gym]\n" REQUIRED);
  const char *wanted[] = { "water",    "office",   "gym",          "personnel", "maintenance", "cleaning",
                           "greening", "security", "depreciation", "insurance", "other" };
  assert_is (policy->categories->len, G_N_ELEMENTS (wanted));
  for (gint i = 0; i < (gint) G_N_ELEMENTS (wanted); i++) {
    assert_string_equal (fee_policy_category (policy, i)->id, wanted[i]);
    assert_is (fee_policy_find_category (policy, wanted[i]), i);
    assert_is (fee_policy_category (policy, i)->listed, i < 3);
    assert_is (fee_policy_category (policy, i)->driver, -1);
    assert_is (fee_policy_category (policy, i)->centre, -1);
  }
  assert_string_equal (fee_policy_category (policy, 0)->group, "maintenance");
  assert_string_equal (fee_policy_category (policy, 2)->group, "gym");
  assert_string_equal (fee_policy_category (policy, 3)->group, "personnel");
  assert_is (fee_policy_find_category (policy, "major-repair"), -1);
}

static void
the_default_ladder_has_seven_steps (void **state G_GNUC_UNUSED)
{
  static const FeeStep wanted[] = {
    { (char *) "notice", { NULL, (char *) "缴费提醒" }, FEE_STEP_NOTICE, -15, 0, FALSE },
    { (char *) "friendly", { NULL, (char *) "温馨提示" }, FEE_STEP_LETTER, 7, 0, FALSE },
    { (char *) "second", { NULL, (char *) "第二次提醒及费用说明" }, FEE_STEP_LETTER, 20, 0, FALSE },
    { (char *) "visit", { NULL, (char *) "电话或上门沟通" }, FEE_STEP_VISIT, 35, 0, FALSE },
    { (char *) "demand", { NULL, (char *) "催告函" }, FEE_STEP_DEMAND, 60, 15, TRUE },
    { (char *) "mediation", { NULL, (char *) "社区调解" }, FEE_STEP_INTERNAL, 75, 0, FALSE },
    { (char *) "legal", { NULL, (char *) "法律复核" }, FEE_STEP_INTERNAL, 90, 0, FALSE },
  };
  g_autoptr (FeePolicy) policy = read_good (REQUIRED);
  assert_is (policy->steps->len, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    const FeeStep *step = &g_array_index (policy->steps, FeeStep, i);
    assert_string_equal (step->id, wanted[i].id);
    assert_string_equal (step->name.zh_CN, wanted[i].name.zh_CN);
    assert_is (step->type, wanted[i].type);
    assert_is (step->after, wanted[i].after);
    assert_is (step->wait, wanted[i].wait);
    assert_is (step->approval, wanted[i].approval);
  }
}

static void
a_ladder_of_the_policy_replaces_the_default (void **state G_GNUC_UNUSED)
{
  g_autoptr (FeePolicy) policy =
    read_good ("[reminder visit]\nafter=5\n[reminder demand]\nafter=9\nname=Letter before action\n[reminder own]\nafter=12\n"
               "[reminder talk]\nafter=14\ntype=internal\napproval=yes\n" REQUIRED);
  assert_is (policy->steps->len, 4);
  const FeeStep *steps = &g_array_index (policy->steps, FeeStep, 0);
  assert_is (steps[0].type, FEE_STEP_VISIT);
  assert_string_equal (steps[0].name.zh_CN, "电话或上门沟通");
  assert_is (steps[1].type, FEE_STEP_DEMAND);
  assert_is (steps[1].wait, 0);
  assert_is (steps[1].approval, FALSE);
  assert_string_equal (steps[1].name.en, "Letter before action");
  assert_null (steps[1].name.zh_CN);
  assert_is (steps[2].type, FEE_STEP_LETTER);
  assert_null (steps[2].name.en);
  assert_is (steps[3].type, FEE_STEP_INTERNAL);
  assert_is (steps[3].approval, TRUE);
}

static void
assert_driver (const FeePolicy *policy, gint index, const char *id, gboolean declared, const char *first, const char *second)
{
  const FeeDriver *driver = fee_policy_driver (policy, index);
  assert_string_equal (driver->id, id);
  assert_is (fee_policy_find_driver (policy, id), index);
  assert_is (driver->declared, declared);
  if (g_strcmp0 (driver->factors[0], first) != 0 || g_strcmp0 (driver->factors[1], second) != 0)
    fail_msg ("%s is %s * %s", id, driver->factors[0], driver->factors[1]);
}

static void
drivers_are_those_that_something_names (void **state G_GNUC_UNUSED)
{
  g_autoptr (FeePolicy) policy =
    read_good ("[centre a]\ndriver=area * lift\n[centre b]\ndriver=one\n[category c]\ndriver=hours\n"
               "[centre d]\nkind=support\ndriver=heads\n[centre e]\ndriver=area*lift\n[centre f]\ndriver=area\n"
               "[centre g]\ndriver=water\n[driver power]\n[driver water]\nkind=flow\nunit=m3\ncomplete=yes\n"
               "[driver hours]\ntotal=100.5\n" REQUIRED);
  assert_is (policy->drivers->len, 7);
  assert_driver (policy, 0, "power", TRUE, NULL, NULL);
  assert_driver (policy, 1, "water", TRUE, NULL, NULL);
  assert_driver (policy, 2, "hours", TRUE, NULL, NULL);
  assert_driver (policy, 3, "area*lift", FALSE, "area", "lift");
  assert_driver (policy, 4, "one", FALSE, NULL, NULL);
  assert_driver (policy, 5, "heads", FALSE, "heads", NULL);
  assert_driver (policy, 6, "area", FALSE, "area", NULL);
  assert_is (fee_policy_centre (policy, 0)->driver, 3);
  assert_is (fee_policy_centre (policy, 3)->driver, 3);
  assert_is (fee_policy_centre (policy, 5)->driver, 1);
  assert_is (fee_policy_category (policy, 0)->driver, 2);
  assert_is (fee_policy_driver (policy, 1)->kind, FEE_DRIVER_FLOW);
  assert_is (fee_policy_driver (policy, 1)->complete, TRUE);
  assert_string_equal (fee_policy_driver (policy, 1)->unit, "m3");
  assert_true (fee_policy_driver (policy, 1)->total == FEE_QUANTITY_NONE);
  assert_is (fee_policy_driver (policy, 2)->total, 100500000);
  assert_is (fee_policy_driver (policy, 2)->kind, FEE_DRIVER_LEVEL);
  assert_true (fee_policy_driver (policy, 3)->total == FEE_QUANTITY_NONE);
}

static void
a_scope_is_conditions_that_must_all_hold (void **state G_GNUC_UNUSED)
{
  static const struct {
    const char *sign;
    FeeComparison comparison;
  } signs[] = {
    { "<", FEE_CONDITION_LT }, { "<=", FEE_CONDITION_LE }, { ">", FEE_CONDITION_GT }, { ">=", FEE_CONDITION_GE }
  };
  g_autoptr (FeePolicy) policy =
    read_good ("[centre a]\nscope= Kind = flat , small shop ; building!=3;\n[centre b]\nscope=\n" REQUIRED);
  const GArray *scope = fee_policy_centre (policy, 0)->scope;
  assert_is (scope->len, 2);
  const FeeCondition *conditions = &g_array_index (scope, FeeCondition, 0);
  assert_string_equal (conditions[0].attribute, "Kind");
  assert_is (conditions[0].comparison, FEE_CONDITION_EQ);
  assert_string_equal (conditions[0].values[0], "flat");
  assert_string_equal (conditions[0].values[1], "small shop");
  assert_null (conditions[0].values[2]);
  assert_is (conditions[1].comparison, FEE_CONDITION_NE);
  assert_string_equal (conditions[1].values[0], "3");
  assert_is (fee_policy_centre (policy, 1)->scope->len, 0);
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++) {
    g_autofree char *text = g_strdup_printf ("[centre a]\nscope=floor%s -2.5\n" REQUIRED, signs[i].sign);
    g_autoptr (FeePolicy) other = read_good (text);
    const FeeCondition *condition = &g_array_index (fee_policy_centre (other, 0)->scope, FeeCondition, 0);
    assert_is (condition->comparison, signs[i].comparison);
    assert_is (condition->limit, -2500000);
    assert_null (condition->values);
  }
}

static void
check_heyuan_centres (const FeePolicy *policy)
{
  assert_is (policy->centres->len, 12);
  const FeeCentre *general = fee_policy_centre (policy, fee_policy_find_centre (policy, "general"));
  assert_is (general->kind, FEE_CENTRE_SUPPORT);
  assert_string_equal (fee_policy_driver (policy, general->driver)->id, "general-support");
  const FeeCentre *lifts = fee_policy_centre (policy, fee_policy_find_centre (policy, "lifts"));
  assert_is (lifts->kind, FEE_CENTRE_PRIMARY);
  assert_is (lifts->payer, FEE_ROLE_OCCUPANT);
  assert_is (lifts->scope->len, 3);
  assert_is (g_array_index (lifts->scope, FeeCondition, 2).limit, 2 * FEE_QUANTITY_ONE);
  assert_string_equal (fee_policy_driver (policy, lifts->driver)->factors[1], "lift");
  assert_is (fee_policy_centre (policy, fee_policy_find_centre (policy, "upkeep"))->payer, FEE_ROLE_OWNER);
  assert_is (fee_policy_find_centre (policy, "roof"), -1);
}

static void
heyuan_reads_as_it_is_written (void **state G_GNUC_UNUSED)
{
  g_autofree char *text = read_data ("heyuan-policy.ini");
  g_autoptr (FeePolicy) policy = read_good (text);
  assert_string_equal (policy->name.en, "Heyuan Court");
  assert_is (policy->support, FEE_SUPPORT_RECIPROCAL);
  assert_string_equal (policy->unsold, "developer");
  assert_is (policy->categories->len, 13);
  const FeeCategory *guards = fee_policy_category (policy, 1);
  assert_string_equal (guards->id, "guards");
  assert_string_equal (guards->group, "personnel");
  assert_string_equal (fee_policy_driver (policy, guards->driver)->name.zh_CN, "秩序维护员工时比例");
  const FeeCategory *greening = fee_policy_category (policy, fee_policy_find_category (policy, "greening"));
  assert_string_equal (fee_policy_centre (policy, greening->centre)->id, "grounds");
  assert_is (greening->driver, -1);
  check_heyuan_centres (policy);
  assert_is (policy->drivers->len, 17);
  assert_is (fee_policy_driver (policy, 0)->total, 100 * FEE_QUANTITY_ONE);
  assert_is (policy->attributes->len, 7);
  assert_string_equal (g_array_index (policy->attributes, FeeAttributeName, 0).unit.en, "m²");
  assert_is (policy->income_cost, 20 * FEE_QUANTITY_ONE);
  assert_is (policy->income_fund, 60 * FEE_QUANTITY_ONE);
  assert_is (policy->minimum, 2000);
  assert_is (policy->steps->len, 7);
  const FeeStep *demand = &g_array_index (policy->steps, FeeStep, 4);
  assert_is (demand->type, FEE_STEP_DEMAND);
  assert_is (demand->wait, 15);
  assert_is (demand->approval, TRUE);
  assert_string_equal (demand->name.en, "Formal demand");
}

static void
the_example_of_the_man_page_reads (void **state G_GNUC_UNUSED)
{
  g_autofree char *page = read_data ("../../man/fee-policy.5");
  char *example = strstr (page, ".Bd -literal\n");
  assert_non_null (example);
  example += strlen (".Bd -literal\n");
  char *end = strstr (example, ".Ed");
  assert_non_null (end);
  *end = '\0';
  g_autoptr (FeePolicy) policy = read_good (example);
  assert_is (policy->centres->len, 3);
  assert_is (policy->drivers->len, 4);
}

static void
every_other_member_is_read (void **state G_GNUC_UNUSED)
{
  g_autoptr (FeePolicy) policy =
    read_good ("[book]\nstart=2026-01\nfrom=2026-07\ncurrency=KWD\nlang=zh_CN\ndepreciation_start=same-month\nsupport=step\n"
               "[billing]\ndue_days=0\nissue=before\nmode=cost\nexpect=other;gas;\n[category gas]\n"
               "[reminders]\nminimum=1.5\ninterval_days=8\nmonthly_limit=2\nreceipts_max_age=9\n"
               "[notice]\npay=a\\nb\npay[zh_CN]=付\nask=c\nhelp=d\naccounts=e\ntemplates=f\nanswer_days=7\n"
               "[columns units]\nlift=电梯系数; 电梯权重\n[columns costs]\n摘要=说明\n");
  assert_is (policy->from, 2026 * 12 + 6);
  assert_is (policy->decimals, 3);
  assert_is (policy->minimum, 1500);
  assert_string_equal (policy->lang, "zh_CN");
  assert_true (policy->same_month && policy->issue_before);
  assert_is (policy->support, FEE_SUPPORT_STEP);
  assert_is (policy->expect->len, 2);
  assert_is (g_array_index (policy->expect, gint, 0), fee_policy_find_category (policy, "other"));
  assert_is (g_array_index (policy->expect, gint, 1), 0);
  assert_is (policy->interval_days, 8);
  assert_is (policy->monthly_limit, 2);
  assert_is (policy->receipts_max_age, 9);
  assert_string_equal (policy->notice.pay.en, "a\nb");
  assert_string_equal (policy->notice.pay.zh_CN, "付");
  assert_string_equal (policy->notice.ask.en, "c");
  assert_string_equal (policy->notice.help.en, "d");
  assert_string_equal (policy->notice.accounts.en, "e");
  assert_string_equal (policy->notice.templates.en, "f");
  assert_is (policy->notice.answer_days, 7);
  const FeeColumnNames *columns = &g_array_index (policy->columns, FeeColumnNames, 0);
  assert_is (policy->columns->len, 2);
  assert_string_equal (columns[0].kind, "units");
  assert_string_equal (columns[0].headers[1], "电梯权重");
  assert_null (columns[0].headers[2]);
  assert_string_equal (columns[1].field, "摘要");
}

/* Reads, or every line of the answer has its place. The answer. */
static char *
read_sanely (const char *text, gsize length)
{
  g_autofree char *answer = answer_to (text, length);
  g_auto (GStrv) lines = g_strsplit (answer, "\n", -1);
  for (char **line = lines; strcmp (answer, "ok") != 0 && *line != NULL; line++) {
    gboolean placed = g_regex_match_simple ("^(p\\.ini:[1-9][0-9]*: .|\\.\\.\\. and [0-9]+ more$)", *line, 0, 0);
    gboolean from_glib = strstr (*line, "ey file") != NULL; /* our own scan lets through nothing that GKeyFile refuses */
    if (!placed || from_glib)
      fail_msg ("%s\nfor\n%.*s", *line, (int) length, text);
  }
  return g_steal_pointer (&answer);
}

static void
a_line_missing_or_twice_is_read_or_refused (void **state G_GNUC_UNUSED)
{
  g_autofree char *text = read_data ("heyuan-policy.ini");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint refused = 0, n = g_strv_length (lines);
  for (guint changed = 0; changed < n; changed++)
    for (guint times = 0; times <= 2; times += 2) {
      g_autoptr (GString) mutant = g_string_new (NULL);
      for (guint i = 0; i < n; i++)
        for (guint k = 0; k < (i == changed ? times : 1); k++)
          g_string_append_printf (mutant, "%s\n", lines[i]);
      g_autofree char *answer = read_sanely (mutant->str, mutant->len);
      gboolean comment = lines[changed][0] == '#' || lines[changed][0] == '\0';
      gboolean ok = strcmp (answer, "ok") == 0;
      if (!ok && comment)
        fail_msg ("comment %u: %s", changed + 1, answer);
      if (ok && !comment && times == 2)
        fail_msg ("line %u twice is taken", changed + 1);
      refused += !ok;
    }
  assert_true (refused > n / 2);
}

static void
changed_bytes_are_read_or_refused (void **state G_GNUC_UNUSED)
{
  static const char bytes[] = "[]=;#\\*,<>! \t\r\n\0a1-\xe5\xff";
  g_autofree char *text = read_data ("heyuan-policy.ini");
  gsize length = strlen (text);
  guint32 seed = 1;
  for (guint i = 0; i < 2000; i++) {
    g_autofree char *mutant = g_memdup2 (text, length);
    for (guint k = 0; k <= i % 4; k++) {
      seed = seed * 1664525u + 1013904223u;
      gsize at = (seed >> 8) % length;
      seed = seed * 1664525u + 1013904223u;
      mutant[at] = bytes[(seed >> 8) % (sizeof bytes - 1)];
    }
    g_autofree char *answer = read_sanely (mutant, i % 5 == 0 ? seed % length : length);
    assert_non_null (answer);
  }
}

static void
threats_are_found_and_plain_words_are_not (void **state G_GNUC_UNUSED)
{
  static const char *const threats[] = {
    "断水", "我们将断电。", "停水停电", "停气", "停热", "限水", "限电", "停卡", "锁卡", "门禁拉黑", "禁止车辆进出", "停梯", "曝光欠费业主", "公示姓名",
    "威胁", "cut off water", "Cutting the water", "cut-water", "cut_off_power", "WATER CUT", "shut off your gas",
    "stop electricity", "cutting off the hot water",
    "disconnection of heat", "suspend your lift access", "restrict the use of lifts", "block gate access",
    "gate access denied",
    "deny entry", "your power will be turned off", "turn your heat off", "turn off the gas", "disable access cards",
    "publish names", "posting the names of debtors", "names will be published", "publish a list of debtors",
    "name and shame", "blacklist", "a last threat",
  };
  static const char *const plain[] = {
    "", "缴费提醒", "催告函", "停车费", "水电费说明", "第二次提醒（附分项说明）", "Payment notice", "Formal demand", "Legal review",
    "Second reminder with explanation", "Please pay at the gate office", "Water and power are billed by the suppliers",
    "Call or visit", "Your name and unit", "Post office", "Invitation to mediation", "limitation", "Water bill, cut here",
    "stop by at our gate", "Reply by post, name and unit on the letter", "Ask for the power of attorney; no access needed",
  };
  for (guint i = 0; i < G_N_ELEMENTS (threats); i++) {
    g_autofree char *found = fee_threat_find (threats[i]);
    if (found == NULL)
      fail_msg ("\"%s\" is taken", threats[i]);
    assert_non_null (strstr (threats[i], found));
  }
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++) {
    g_autofree char *found = fee_threat_find (plain[i]);
    if (found != NULL)
      fail_msg ("\"%s\" is refused for \"%s\"", plain[i], found);
  }
}

static void
a_name_falls_back_to_the_other_language_then_the_id (void **state G_GNUC_UNUSED)
{
  char lifts[] = "Lifts", chinese[] = "电梯";
  FeeName both = { lifts, chinese }, en = { lifts, NULL }, zh = { NULL, chinese }, none = { NULL, NULL };
  assert_string_equal (fee_name_text (&both, "en", "x"), "Lifts");
  assert_string_equal (fee_name_text (&both, "zh_CN", "x"), "电梯");
  assert_string_equal (fee_name_text (&en, "zh_CN", "x"), "Lifts");
  assert_string_equal (fee_name_text (&zh, "en", "x"), "电梯");
  assert_string_equal (fee_name_text (&none, "zh_CN", "x"), "x");
}

static void
an_origin_uses_the_version_in_force (void **state G_GNUC_UNUSED)
{
  static const FeePeriod froms[] = { 100, 106, 103, 106 };
  static const struct {
    FeePeriod origin;
    gint version;
  } wanted[] = { { 99, -1 }, { 100, 0 }, { 102, 0 }, { 103, 2 }, { 105, 2 }, { 106, 3 }, { 200, 3 } };
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_policy_unref);
  assert_null (fee_policies_for (versions, 100));
  for (guint i = 0; i < G_N_ELEMENTS (froms); i++) {
    g_ptr_array_add (versions, fee_policy_new ());
    ((FeePolicy *) g_ptr_array_index (versions, i))->from = froms[i];
  }
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    const FeePolicy *policy = fee_policies_for (versions, wanted[i].origin);
    assert_ptr_equal (policy, wanted[i].version < 0 ? NULL : g_ptr_array_index (versions, wanted[i].version));
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (each_refusal_has_its_message_and_line),
    cmocka_unit_test (bytes_that_are_no_text_are_refused_with_their_line),
    cmocka_unit_test (long_lines_are_refused),
    cmocka_unit_test (a_file_of_windows_reads_the_same),
    cmocka_unit_test (what_a_policy_leaves_out_has_its_default),
    cmocka_unit_test (the_nine_categories_are_there_unlisted),
    cmocka_unit_test (the_default_ladder_has_seven_steps),
    cmocka_unit_test (a_ladder_of_the_policy_replaces_the_default),
    cmocka_unit_test (drivers_are_those_that_something_names),
    cmocka_unit_test (a_scope_is_conditions_that_must_all_hold),
    cmocka_unit_test (heyuan_reads_as_it_is_written),
    cmocka_unit_test (the_example_of_the_man_page_reads),
    cmocka_unit_test (every_other_member_is_read),
    cmocka_unit_test (a_line_missing_or_twice_is_read_or_refused),
    cmocka_unit_test (changed_bytes_are_read_or_refused),
    cmocka_unit_test (threats_are_found_and_plain_words_are_not),
    cmocka_unit_test (a_name_falls_back_to_the_other_language_then_the_id),
    cmocka_unit_test (an_origin_uses_the_version_in_force),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
