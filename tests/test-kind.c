/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/model/fee-kind.h"

#define AT(position, name) { position, name }

typedef struct {
  gint position;
  const char *name;
} Field;

static void
assert_fields (FeeKindId id, const char *name, const Field *fields, guint n)
{
  const FeeKind *kind = fee_kind_get (id);
  assert_text (kind->name, name);
  assert_is (kind->id, id);
  assert_is (kind->n_fields, n);
  for (guint i = 0; i < n; i++) {
    assert_is (fields[i].position, i);
    if (fee_kind_field (kind, fields[i].name) != fields[i].position)
      fail_msg ("%s: %s is field %d, not %d", name, fields[i].name, fee_kind_field (kind, fields[i].name),
                fields[i].position);
  }
}
#define assert_positions(id, name, ...) \
  assert_fields (id, name, (const Field[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const Field[]){ __VA_ARGS__ })))

static void
positions_follow_the_tables (void **state)
{
  (void) state;
  assert_positions (FEE_KIND_UNITS, "units", AT (FEE_UNITS_UNIT, "unit"), AT (FEE_UNITS_BUILDING, "building"),
                    AT (FEE_UNITS_ENTRANCE, "entrance"), AT (FEE_UNITS_FLOOR, "floor"), AT (FEE_UNITS_KIND, "kind"),
                    AT (FEE_UNITS_AREA, "area"), AT (FEE_UNITS_FROM, "from"), AT (FEE_UNITS_TO, "to"));
  assert_positions (FEE_KIND_PARTIES, "parties", AT (FEE_PARTIES_UNIT, "unit"), AT (FEE_PARTIES_ROLE, "role"),
                    AT (FEE_PARTIES_PARTY, "party"), AT (FEE_PARTIES_NAME, "name"), AT (FEE_PARTIES_CONTACT, "contact"),
                    AT (FEE_PARTIES_FROM, "from"), AT (FEE_PARTIES_TO, "to"));
  assert_positions (FEE_KIND_COSTS, "costs", AT (FEE_COSTS_DOC, "doc"), AT (FEE_COSTS_LINE, "line"),
                    AT (FEE_COSTS_DATE, "date"), AT (FEE_COSTS_CATEGORY, "category"), AT (FEE_COSTS_AMOUNT, "amount"),
                    AT (FEE_COSTS_FROM, "from"), AT (FEE_COSTS_TO, "to"), AT (FEE_COSTS_CENTRE, "centre"),
                    AT (FEE_COSTS_SPREAD, "spread"), AT (FEE_COSTS_SUPPLIER, "supplier"), AT (FEE_COSTS_MEMO, "memo"));
  assert_positions (FEE_KIND_ASSETS, "assets", AT (FEE_ASSETS_ASSET, "asset"), AT (FEE_ASSETS_NAME, "name"),
                    AT (FEE_ASSETS_COST, "cost"), AT (FEE_ASSETS_RESIDUAL, "residual"), AT (FEE_ASSETS_LIFE, "life"),
                    AT (FEE_ASSETS_IN_SERVICE, "in_service"), AT (FEE_ASSETS_DISPOSED, "disposed"),
                    AT (FEE_ASSETS_METHOD, "method"), AT (FEE_ASSETS_CENTRE, "centre"), AT (FEE_ASSETS_OPENING, "opening"),
                    AT (FEE_ASSETS_UNITS, "units"));
  assert_positions (FEE_KIND_QUANTITIES, "quantities", AT (FEE_QUANTITIES_DRIVER, "driver"),
                    AT (FEE_QUANTITIES_TARGET, "target"), AT (FEE_QUANTITIES_QUANTITY, "quantity"),
                    AT (FEE_QUANTITIES_FROM, "from"), AT (FEE_QUANTITIES_TO, "to"));
  assert_positions (FEE_KIND_RECEIPTS, "receipts", AT (FEE_RECEIPTS_RECEIPT, "receipt"), AT (FEE_RECEIPTS_DATE, "date"),
                    AT (FEE_RECEIPTS_UNIT, "unit"), AT (FEE_RECEIPTS_AMOUNT, "amount"), AT (FEE_RECEIPTS_PARTY, "party"),
                    AT (FEE_RECEIPTS_BILL, "bill"), AT (FEE_RECEIPTS_REVERSES, "reverses"),
                    AT (FEE_RECEIPTS_METHOD, "method"), AT (FEE_RECEIPTS_MEMO, "memo"));
  assert_positions (
      FEE_KIND_ADJUSTMENTS, "adjustments", AT (FEE_ADJUSTMENTS_ADJUSTMENT, "adjustment"), AT (FEE_ADJUSTMENTS_DATE, "date"),
      AT (FEE_ADJUSTMENTS_UNIT, "unit"), AT (FEE_ADJUSTMENTS_PARTY, "party"), AT (FEE_ADJUSTMENTS_KIND, "kind"),
      AT (FEE_ADJUSTMENTS_AMOUNT, "amount"), AT (FEE_ADJUSTMENTS_DUE, "due"), AT (FEE_ADJUSTMENTS_BILL, "bill"),
      AT (FEE_ADJUSTMENTS_REASON, "reason"), AT (FEE_ADJUSTMENTS_APPROVED_BY, "approved_by"));
  assert_positions (FEE_KIND_HOLDS, "holds", AT (FEE_HOLDS_HOLD, "hold"), AT (FEE_HOLDS_UNIT, "unit"),
                    AT (FEE_HOLDS_PARTY, "party"), AT (FEE_HOLDS_KIND, "kind"), AT (FEE_HOLDS_FROM, "from"),
                    AT (FEE_HOLDS_TO, "to"), AT (FEE_HOLDS_BILL, "bill"), AT (FEE_HOLDS_PLAN, "plan"),
                    AT (FEE_HOLDS_REASON, "reason"));
  assert_positions (FEE_KIND_INSTALMENTS, "instalments", AT (FEE_INSTALMENTS_PLAN, "plan"),
                    AT (FEE_INSTALMENTS_UNIT, "unit"), AT (FEE_INSTALMENTS_PARTY, "party"), AT (FEE_INSTALMENTS_DUE, "due"),
                    AT (FEE_INSTALMENTS_AMOUNT, "amount"));
  assert_positions (FEE_KIND_NOTICES, "notices", AT (FEE_NOTICES_NOTICE, "notice"), AT (FEE_NOTICES_DATE, "date"),
                    AT (FEE_NOTICES_UNIT, "unit"), AT (FEE_NOTICES_PARTY, "party"), AT (FEE_NOTICES_STEP, "step"),
                    AT (FEE_NOTICES_CHANNEL, "channel"), AT (FEE_NOTICES_RESULT, "result"), AT (FEE_NOTICES_PROOF, "proof"),
                    AT (FEE_NOTICES_APPROVED_BY, "approved_by"), AT (FEE_NOTICES_MEMO, "memo"));
  assert_positions (FEE_KIND_BUDGETS, "budgets", AT (FEE_BUDGETS_PERIOD, "period"), AT (FEE_BUDGETS_CATEGORY, "category"),
                    AT (FEE_BUDGETS_CENTRE, "centre"), AT (FEE_BUDGETS_AMOUNT, "amount"));
  assert_positions (FEE_KIND_INCOME, "income", AT (FEE_INCOME_DOC, "doc"), AT (FEE_INCOME_DATE, "date"),
                    AT (FEE_INCOME_KIND, "kind"), AT (FEE_INCOME_AMOUNT, "amount"), AT (FEE_INCOME_FROM, "from"),
                    AT (FEE_INCOME_TO, "to"), AT (FEE_INCOME_COST, "cost"), AT (FEE_INCOME_MEMO, "memo"));
}

static void
every_kind_is_found_by_its_name_and_nothing_else_is (void **state)
{
  (void) state;
  for (guint i = 0; i < FEE_N_KINDS; i++)
    assert_ptr_equal (fee_kind_find (fee_kind_get ((FeeKindId) i)->name), fee_kind_get ((FeeKindId) i));
  assert_text (fee_kind_get (FEE_KIND_POLICY)->name, "policy");
  assert_null (fee_kind_find ("unit"));
  assert_null (fee_kind_find ("Units"));
  assert_null (fee_kind_find (""));
}

/* interface.md section 3: the keys, and the fields that are required. */
static void
check_kind (char **cells, const char *place)
{
  const FeeKind *kind = fee_kind_find (cells[0]);
  g_autoptr (GString) keys = g_string_new (NULL), required = g_string_new (NULL);
  if (kind == NULL)
    fail_msg ("%s: no kind %s", place, cells[0]);
  for (guint i = 0; i < kind->n_keys; i++)
    g_string_append_printf (keys, "%s%s", i > 0 ? " " : "", kind->fields[kind->keys[i]].name);
  for (guint i = 0; i < kind->n_fields; i++) {
    gboolean among = FALSE;
    if (kind->fields[i].required)
      g_string_append_printf (required, "%s%s", required->len > 0 ? " " : "", kind->fields[i].name);
    for (guint k = 0; k < kind->n_keys; k++)
      among = among || kind->keys[k] == i;
    assert_is (kind->fields[i].key, among);
    /* keys are compared as 32 bits */
    assert_true (!among
                 || (kind->fields[i].type != FEE_CELL_MONEY && kind->fields[i].type != FEE_CELL_QUANTITY
                     && kind->fields[i].type != FEE_CELL_TEXT));
  }
  if (strcmp (keys->str, cells[1]) != 0 || strcmp (required->str, cells[2]) != 0)
    fail_msg ("%s: key %s, required %s", place, keys->str, required->str);
  assert_is (kind->attributes, kind->id == FEE_KIND_UNITS);
}

static void
keys_and_required_columns_are_those_of_the_interface (void **state)
{
  (void) state;
  assert_is (test_each_line ("kinds.txt", 3, check_kind), FEE_N_KINDS - 1);
}

/* A receipt without a unit is of that of its bill. */
static void
only_the_unit_of_a_receipt_may_be_left_to_another_field (void **state)
{
  (void) state;
  guint field = 99, instead = 99;
  for (guint i = 0; i < FEE_N_KINDS; i++)
    assert_is (fee_kind_find_instead (fee_kind_get ((FeeKindId) i), &field, &instead), i == FEE_KIND_RECEIPTS);
  assert_is (field, FEE_RECEIPTS_UNIT);
  assert_is (instead, FEE_RECEIPTS_BILL);
}

static void
check_header (char **cells, const char *place)
{
  const FeeKind *kind = fee_kind_find (cells[0]);
  if (kind == NULL)
    fail_msg ("%s: no kind %s", place, cells[0]);
  gint field = fee_kind_match_header (kind, cells[1]);
  const char *got = field < 0 ? "-" : kind->fields[field].name;
  if (strcmp (got, cells[2]) != 0)
    fail_msg ("%s: %s of %s is %s, not %s", place, cells[1], cells[0], got, cells[2]);
}

static void
headers_match_their_fields_as_the_file_of_cases_says (void **state)
{
  (void) state;
  assert_true (test_each_line ("headers.txt", 3, check_header) >= 90);
}

/* A header may not mean two fields. */
static void
no_two_fields_of_a_kind_share_a_header (void **state)
{
  (void) state;
  for (guint k = 0; k < FEE_N_KINDS; k++) {
    const FeeKind *kind = fee_kind_get ((FeeKindId) k);
    for (guint i = 0; i < kind->n_fields; i++) {
      assert_is (fee_kind_match_header (kind, kind->fields[i].name), i);
      g_auto (GStrv) others = g_strsplit (kind->fields[i].others != NULL ? kind->fields[i].others : "", "|", -1);
      for (char **other = others; *other != NULL; other++)
        assert_is (fee_kind_match_header (kind, *other), i);
    }
  }
}

static void
choices_are_a_word_and_its_chinese_name_each (void **state)
{
  (void) state;
  for (guint k = 0; k < FEE_N_KINDS; k++) {
    const FeeKind *kind = fee_kind_get ((FeeKindId) k);
    for (guint i = 0; i < kind->n_fields; i++) {
      if (kind->fields[i].choices == NULL)
        continue;
      assert_is (kind->fields[i].type, FEE_CELL_WORD);
      g_auto (GStrv) choices = g_strsplit (kind->fields[i].choices, "|", -1);
      for (char **choice = choices; *choice != NULL; choice++) {
        g_auto (GStrv) parts = g_strsplit (*choice, "=", -1);
        assert_true (g_strv_length (parts) == 2 && *parts[0] != '\0' && *parts[1] != '\0');
      }
    }
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (positions_follow_the_tables),
    cmocka_unit_test (every_kind_is_found_by_its_name_and_nothing_else_is),
    cmocka_unit_test (keys_and_required_columns_are_those_of_the_interface),
    cmocka_unit_test (only_the_unit_of_a_receipt_may_be_left_to_another_field),
    cmocka_unit_test (headers_match_their_fields_as_the_file_of_cases_says),
    cmocka_unit_test (no_two_fields_of_a_kind_share_a_header),
    cmocka_unit_test (choices_are_a_word_and_its_chinese_name_each),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
