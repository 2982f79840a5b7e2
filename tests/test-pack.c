/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/base/fee-pack.h"

/* In an allocation of its own and of just that size, so that a sanitizer sees a read beyond it. */
typedef struct {
  guint8 *bytes;
  FeeUnpacker in;
} Input;

static Input
input_of (const guint8 *bytes, gsize length)
{
  Input input = { g_memdup2 (length > 0 ? bytes : (const guint8 *) "", MAX (length, 1)), { NULL, NULL, FALSE } };
  if (length == 0) { /* nothing may be read: not even that byte */
    g_free (input.bytes);
    input.bytes = NULL;
  }
  input.in = (FeeUnpacker) { input.bytes, input.bytes + length, FALSE };
  return input;
}

static void
numbers_at_the_limits_come_back (void **state)
{
  (void) state;
  static const gint64 numbers[] = { 0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, -8193, G_MAXINT32, G_MININT32,
                                    (gint64) G_MAXINT32 + 1, G_MAXINT64, G_MININT64, G_MAXINT64 - 1, G_MININT64 + 1 };
  g_autoptr (GByteArray) out = g_byte_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    fee_pack_signed (out, numbers[i]);
    fee_pack_unsigned (out, (guint64) numbers[i]);
  }
  Input input = input_of (out->data, out->len);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    assert_is (fee_unpack_signed (&input.in), numbers[i]);
    assert_true (fee_unpack_unsigned (&input.in) == (guint64) numbers[i]);
  }
  assert_true (!input.in.damaged && input.in.at == input.in.end);
  g_free (input.bytes);
}

static void
small_numbers_take_one_byte (void **state)
{
  (void) state;
  for (gint64 n = -64; n < 64; n++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    fee_pack_signed (out, n);
    assert_is (out->len, 1);
  }
  g_autoptr (GByteArray) out = g_byte_array_new ();
  fee_pack_unsigned (out, 300);
  assert_is (out->len, 2);
  assert_is (out->data[0], 0xac);
  assert_is (out->data[1], 0x02);
}

/* A random sequence of numbers and texts, written and read by the same dice. */
static void
random_text (GRand *rand, const char *before, char *text)
{
  gsize keep = (gsize) g_rand_int_range (rand, 0, (gint32) strlen (before) + 1);
  gsize length = (gsize) g_rand_int_range (rand, 0, g_rand_int_range (rand, 1, 300));
  keep = MIN (keep, 400);
  memmove (text, before, keep);
  for (gsize i = keep; i < keep + length; i++)
    text[i] = (char) g_rand_int_range (rand, 1, 256);
  text[keep + length] = '\0';
}

static void
pack_random (GRand *rand, guint n, GByteArray *out)
{
  char text[1024] = "", next[1024];
  for (guint i = 0; i < n; i++) {
    gint64 number = test_rand_int64 (rand) >> g_rand_int_range (rand, 0, 64);
    random_text (rand, text, next);
    fee_pack_signed (out, number);
    fee_pack_unsigned (out, (guint64) number);
    fee_pack_text (out, next);
    fee_pack_text_after (out, text, next);
    strcpy (text, next);
  }
}

static void
random_numbers_and_texts_come_back (void **state)
{
  (void) state;
  for (guint seed = 0; seed < 50; seed++) {
    g_autoptr (GRand) rand = test_rand (seed), again = test_rand (seed);
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GString) whole = g_string_new (NULL);
    g_autoptr (GString) after = g_string_new (NULL);
    char text[1024] = "", next[1024];
    pack_random (rand, 100, out);
    Input input = input_of (out->data, out->len);
    for (guint i = 0; i < 100; i++) {
      gint64 number = test_rand_int64 (again) >> g_rand_int_range (again, 0, 64);
      random_text (again, text, next);
      assert_is (fee_unpack_signed (&input.in), number);
      assert_true (fee_unpack_unsigned (&input.in) == (guint64) number);
      fee_unpack_text (&input.in, whole);
      fee_unpack_text_after (&input.in, after);
      assert_string_equal (whole->str, next);
      assert_string_equal (after->str, next);
      strcpy (text, next);
    }
    assert_true (!input.in.damaged && input.in.at == input.in.end);
    g_free (input.bytes);
  }
}

static void
the_common_beginning_of_two_texts_is_not_repeated (void **state)
{
  (void) state;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  fee_pack_text_after (out, "building-1-unit-101", "building-1-unit-102");
  assert_is (out->len, 3); /* 18, 1, "2" */
  g_byte_array_set_size (out, 0);
  fee_pack_text_after (out, "101", "101");
  assert_is (out->len, 2);
  g_byte_array_set_size (out, 0);
  fee_pack_text_after (out, "101", "");
  assert_is (out->len, 2);
}

/* Reads until the end or the damage, as much as there can be. */
static void
read_everything (FeeUnpacker *in, GRand *rand)
{
  g_autoptr (GString) text = g_string_new ("before");
  for (guint i = 0; i < 5000 && !in->damaged && in->at < in->end; i++) {
    switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      fee_unpack_signed (in);
      break;
    case 1:
      fee_unpack_unsigned (in);
      break;
    case 2:
      fee_unpack_text (in, text);
      break;
    default:
      fee_unpack_text_after (in, text);
    }
    assert_true (in->at <= in->end && text->len < 100000);
  }
}

static void
damaged_bytes_are_never_read_past_their_end (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (4);
  for (guint i = 0; i < 3000; i++) {
    gsize length = (gsize) g_rand_int_range (rand, 0, 200);
    g_autofree guint8 *bytes = g_malloc (length + 1);
    for (gsize n = 0; n < length; n++) /* many large lengths, and numbers that do not end */
      bytes[n] = (guint8) (g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 256) : g_rand_int_range (rand, 0x7f, 0x81));
    Input input = input_of (bytes, length);
    read_everything (&input.in, rand);
    g_free (input.bytes);
  }
}

static void
bytes_cut_off_anywhere_are_damaged (void **state)
{
  (void) state;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  fee_pack_signed (out, 1234567890123);
  fee_pack_text (out, "a text of some length");
  fee_pack_text_after (out, "a text", "a text that goes on");
  for (gsize length = 0; length < out->len; length++) {
    Input input = input_of (out->data, length);
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GString) after = g_string_new ("a text");
    fee_unpack_signed (&input.in);
    fee_unpack_text (&input.in, text);
    fee_unpack_text_after (&input.in, after);
    if (!input.in.damaged)
      fail_msg ("cut off after %u bytes nothing is noticed", (guint) length);
    g_free (input.bytes);
  }
}

static void
after_damage_everything_is_0_or_empty (void **state)
{
  (void) state;
  static const guint8 bytes[] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                  0x80, 0x01, 0x05, 'a',  'b',  'c',  'd',  'e' };
  Input input = input_of (bytes, sizeof bytes);
  g_autoptr (GString) text = g_string_new ("before");
  assert_true (fee_unpack_unsigned (&input.in) == 0);
  assert_true (input.in.damaged);
  assert_true (fee_unpack_unsigned (&input.in) == 0);
  assert_is (fee_unpack_signed (&input.in), 0);
  fee_unpack_text (&input.in, text);
  assert_string_equal (text->str, "");
  g_string_assign (text, "before");
  fee_unpack_text_after (&input.in, text);
  assert_string_equal (text->str, "");
  assert_true (input.in.damaged);
  g_free (input.bytes);
}

static void
a_text_that_keeps_more_than_there_was_is_damaged (void **state)
{
  (void) state;
  static const guint8 bytes[] = { 7, 1, 'x' };
  Input input = input_of (bytes, sizeof bytes);
  g_autoptr (GString) text = g_string_new ("before");
  fee_unpack_text_after (&input.in, text);
  assert_true (input.in.damaged);
  assert_string_equal (text->str, "");
  g_free (input.bytes);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (numbers_at_the_limits_come_back),
    cmocka_unit_test (small_numbers_take_one_byte),
    cmocka_unit_test (random_numbers_and_texts_come_back),
    cmocka_unit_test (the_common_beginning_of_two_texts_is_not_repeated),
    cmocka_unit_test (damaged_bytes_are_never_read_past_their_end),
    cmocka_unit_test (bytes_cut_off_anywhere_are_damaged),
    cmocka_unit_test (after_damage_everything_is_0_or_empty),
    cmocka_unit_test (a_text_that_keeps_more_than_there_was_is_damaged),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
