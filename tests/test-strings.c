/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/base/fee-strings.h"

#define MANY 100000

static void
the_same_text_is_interned_once (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText a = fee_strings_intern_text (strings, "101"), b = fee_strings_intern_text (strings, "102");
  assert_true (a != FEE_TEXT_EMPTY && b != FEE_TEXT_EMPTY && a != b);
  assert_is (fee_strings_intern (strings, "101 and more", 3), a);
  assert_is (fee_strings_intern_text (strings, "101"), a);
  assert_string_equal (fee_strings_get (strings, a), "101");
  assert_string_equal (fee_strings_get (strings, b), "102");
}

static void
the_empty_text_has_place_0_without_being_kept (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText found = 7;
  gsize size = fee_strings_size (strings);
  assert_is (fee_strings_intern_text (strings, ""), FEE_TEXT_EMPTY);
  assert_is (fee_strings_append (strings, "x", 0), FEE_TEXT_EMPTY);
  assert_is (fee_strings_append (strings, NULL, 0), FEE_TEXT_EMPTY);
  assert_string_equal (fee_strings_get (strings, FEE_TEXT_EMPTY), "");
  assert_true (fee_strings_find (strings, "", &found));
  assert_is (found, FEE_TEXT_EMPTY);
  assert_true (fee_strings_size (strings) == size);
}

static void
beginnings_and_ends_of_a_text_are_other_texts (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText whole = fee_strings_intern_text (strings, "1-101"), begin = fee_strings_intern_text (strings, "1-10"),
          end = fee_strings_intern_text (strings, "101"), longer = fee_strings_intern_text (strings, "1-1011");
  assert_true (whole != begin && whole != end && whole != longer && end != begin);
  assert_string_equal (fee_strings_get (strings, begin), "1-10");
  assert_string_equal (fee_strings_get (strings, end), "101");
  assert_true (fee_strings_intern_text (strings, "007") != fee_strings_intern_text (strings, "7"));
}

static void
what_was_never_interned_is_not_found (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText found = 7;
  assert_false (fee_strings_find (strings, "101", &found)); /* before the first */
  FeeText place = fee_strings_intern_text (strings, "101");
  assert_false (fee_strings_find (strings, "10", &found));
  assert_false (fee_strings_find (strings, "1011", &found));
  assert_is (found, 7);
  assert_true (fee_strings_find (strings, "101", &found));
  assert_is (found, place);
}

static void
appended_texts_get_a_place_each (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText a = fee_strings_append (strings, "memo", 4), b = fee_strings_append (strings, "memo", 4);
  assert_true (a != b);
  assert_string_equal (fee_strings_get (strings, a), "memo");
  assert_string_equal (fee_strings_get (strings, b), "memo");
  FeeText cut = fee_strings_append (strings, "memory", 3);
  assert_string_equal (fee_strings_get (strings, cut), "mem");
  assert_true (cut < fee_strings_size (strings));
}

static void
text_of_number (guint i, char *text)
{
  g_snprintf (text, 64, "%u栋-%u-%u%s", i % 40, i / 40 % 6, i, i % 3 == 0 ? " with a longer text behind it" : "");
}

static void
a_hundred_thousand_texts_keep_their_places (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  g_autofree FeeText *places = g_new (FeeText, MANY);
  char text[64];
  for (guint i = 0; i < MANY; i++) {
    text_of_number (i, text);
    places[i] = fee_strings_intern_text (strings, text);
    assert_true (i == 0 || places[i] > places[i - 1]);
  }
  gsize size = fee_strings_size (strings);
  for (guint i = 0; i < MANY; i++) {
    FeeText found = FEE_TEXT_EMPTY;
    text_of_number (i, text);
    assert_string_equal (fee_strings_get (strings, places[i]), text);
    assert_true (fee_strings_find (strings, text, &found) && found == places[i]);
    assert_is (fee_strings_intern_text (strings, text), places[i]);
    assert_true (places[i] + strlen (text) < size);
  }
  assert_true (fee_strings_size (strings) == size);
}

/* Places run through the block from 1 on, text by text: what walks over all texts of a column relies on it. */
static void
texts_follow_each_other_in_the_block (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  char text[64];
  for (guint i = 0; i < 1000; i++) {
    text_of_number (i, text);
    fee_strings_intern_text (strings, text);
  }
  gsize place = 1;
  for (guint i = 0; i < 1000; i++) {
    text_of_number (i, text);
    assert_string_equal (fee_strings_get (strings, (FeeText) place), text);
    place += strlen (text) + 1;
  }
  assert_true (place == fee_strings_size (strings));
}

static void
room_made_beforehand_changes_no_place (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new (), reserved = fee_strings_new ();
  char text[64];
  fee_strings_reserve (reserved, 0);
  fee_strings_reserve (reserved, 20000);
  for (guint i = 0; i < 30000; i++) {
    text_of_number (i % 20000, text);
    if (i == 10000)
      fee_strings_reserve (reserved, 15000); /* among texts that are there */
    assert_is (fee_strings_intern_text (reserved, text), fee_strings_intern_text (strings, text));
  }
  assert_true (fee_strings_size (reserved) == fee_strings_size (strings));
}

static void
texts_after_a_keep_are_gone_with_a_rewind (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText found, kept = fee_strings_intern_text (strings, "101");
  fee_strings_keep (strings);
  for (guint round = 0; round < 3; round++) {
    gsize size = fee_strings_size (strings);
    assert_is (fee_strings_intern_text (strings, "101"), kept);
    FeeText passing = fee_strings_intern_text (strings, round == 1 ? "another" : "202601-0000001");
    assert_is (passing, size); /* the same place each time */
    for (guint i = 0; i < 1000; i++) {
      g_autofree char *text = g_strdup_printf ("%u", i);
      fee_strings_intern_text (strings, text);
    }
    assert_is (fee_strings_intern_text (strings, "101"), kept);
    assert_true (fee_strings_find (strings, "999", &found));
    fee_strings_rewind (strings);
    assert_is (fee_strings_size (strings), size);
    assert_false (fee_strings_find (strings, "999", &found));
    assert_false (fee_strings_find (strings, "another", &found));
    assert_true (fee_strings_find (strings, "101", &found) && found == kept);
  }
}

static void
what_is_kept_grows_with_every_keep (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText found, places[300];
  for (guint i = 0; i < 300; i++) {
    g_autofree char *text = g_strdup_printf ("text %u", i), *before = g_strdup_printf ("text %u", i / 2);
    places[i] = fee_strings_intern_text (strings, text);
    assert_is (fee_strings_intern_text (strings, before), places[i / 2]);
    fee_strings_keep (strings);
    fee_strings_intern_text (strings, "for a while");
    fee_strings_rewind (strings);
  }
  for (guint i = 0; i < 300; i++) {
    g_autofree char *text = g_strdup_printf ("text %u", i);
    assert_true (fee_strings_find (strings, text, &found));
    assert_is (found, places[i]);
    assert_is (fee_strings_intern_text (strings, text), places[i]);
  }
  assert_false (fee_strings_find (strings, "for a while", &found));
}

static void
without_a_keep_a_rewind_empties_all (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText found;
  fee_strings_rewind (strings); /* nothing yet */
  FeeText first = fee_strings_append (strings, "as it is", 8);
  fee_strings_rewind (strings);
  assert_is (fee_strings_intern_text (strings, "101"), first);
  fee_strings_rewind (strings);
  assert_false (fee_strings_find (strings, "101", &found));
  assert_is (fee_strings_size (strings), 1);
}

/* Beginnings, middles and ends of each length are hashed in pieces of their own. */
static void
texts_of_every_length_are_told_apart (void **state)
{
  (void) state;
  g_autoptr (FeeStrings) strings = fee_strings_new ();
  FeeText found;
  char text[41];
  for (guint length = 1; length <= 40; length++)
    for (guint at = 0; at < length; at++) {
      memset (text, 'a', length);
      text[length] = '\0';
      text[at] = 'b';
      assert_false (fee_strings_find (strings, text, &found));
      FeeText place = fee_strings_intern (strings, text, length);
      assert_text (fee_strings_get (strings, place), text);
      assert_true (fee_strings_find (strings, text, &found) && found == place);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_same_text_is_interned_once),
    cmocka_unit_test (the_empty_text_has_place_0_without_being_kept),
    cmocka_unit_test (beginnings_and_ends_of_a_text_are_other_texts),
    cmocka_unit_test (what_was_never_interned_is_not_found),
    cmocka_unit_test (appended_texts_get_a_place_each),
    cmocka_unit_test (a_hundred_thousand_texts_keep_their_places),
    cmocka_unit_test (texts_follow_each_other_in_the_block),
    cmocka_unit_test (room_made_beforehand_changes_no_place),
    cmocka_unit_test (texts_after_a_keep_are_gone_with_a_rewind),
    cmocka_unit_test (what_is_kept_grows_with_every_keep),
    cmocka_unit_test (without_a_keep_a_rewind_empties_all),
    cmocka_unit_test (texts_of_every_length_are_told_apart),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
