/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-test.h"

#include "../libfee/base/fee-hash.h"

static void
assert_hash (const char *text, gsize length, const char *wanted)
{
  char hex[FEE_HASH_HEX];
  assert_ptr_equal (fee_hash_of (text, length, hex), hex);
  assert_text (hex, wanted);
}

/* FIPS 180-4 and the NIST examples. */
static void
known_texts_have_their_sha_256 (void **state)
{
  (void) state;
  assert_hash ("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert_hash ("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_hash ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  assert_hash ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopq"
               "rstu",
               112, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  g_autofree char *million = g_strnfill (1000000, 'a');
  assert_hash (million, 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  assert_hash ("\0\0\0", 3, "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c");
}

/* Whatever the pieces: GLib's own SHA-256 says what it must be. */
static void
random_pieces_hash_as_the_whole (void **state)
{
  (void) state;
  g_autoptr (GRand) rand = test_rand (5);
  for (guint i = 0; i < 300; i++) {
    gsize length = (gsize) g_rand_int_range (rand, 0, 30000), at = 0;
    g_autofree guint8 *bytes = g_malloc (length + 1);
    for (gsize n = 0; n < length; n++)
      bytes[n] = (guint8) g_rand_int (rand);
    g_autoptr (FeeHash) hash = fee_hash_new ();
    while (at < length) {
      gsize piece = (gsize) g_rand_int_range (rand, 0, g_rand_boolean (rand) ? 40 : 9000);
      piece = MIN (piece, length - at);
      fee_hash_bytes (hash, bytes + at, piece);
      at += piece;
    }
    char hex[FEE_HASH_HEX];
    g_autofree char *wanted = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, length);
    assert_text (fee_hash_finish (hash, hex), wanted);
    assert_hash ((const char *) bytes, length, wanted);
  }
}

/* The buffer holds 4096 bytes: pieces that just fill it, and just do not. */
static void
pieces_around_the_size_of_the_buffer_hash_as_the_whole (void **state)
{
  (void) state;
  g_autofree char *text = g_strnfill (20000, 'x');
  for (gsize first = 4080; first <= 4112; first++)
    for (gsize second = 4090; second <= 4100; second++) {
      g_autoptr (FeeHash) hash = fee_hash_new ();
      char hex[FEE_HASH_HEX];
      fee_hash_bytes (hash, text, first);
      fee_hash_bytes (hash, text, second);
      g_autofree char *wanted = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) text, first + second);
      assert_text (fee_hash_finish (hash, hex), wanted);
    }
}

/* rules.md section 10: numbers as 64-bit big-endian, texts as byte length and bytes. */
static void
numbers_are_hashed_big_endian_and_texts_with_their_length (void **state)
{
  (void) state;
  static const guint8 bytes[] = { 0, 0, 0, 0, 0, 0,    1,    2,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0,
                                  0, 0, 0, 0, 6, 0xe5, 0x92, 0x8c, 0xe8, 0x8b, 0x91, 0,    0,    0,    0,    0,    0, 0, 0 };
  g_autoptr (FeeHash) hash = fee_hash_new ();
  char hex[FEE_HASH_HEX];
  fee_hash_number (hash, 0x102);
  fee_hash_number (hash, -1);
  fee_hash_text (hash, "和苑");
  fee_hash_text (hash, "");
  g_autofree char *wanted = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, sizeof bytes);
  assert_text (fee_hash_finish (hash, hex), wanted);
}

static void
many_numbers_fill_the_buffer_again_and_again (void **state)
{
  (void) state;
  g_autoptr (FeeHash) hash = fee_hash_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  char hex[FEE_HASH_HEX];
  for (gint64 i = 0; i < 3000; i++) {
    guint64 big = GUINT64_TO_BE ((guint64) (i * 1234567891011));
    fee_hash_bytes (hash, "abc", (gsize) (i % 4));
    fee_hash_number (hash, i * 1234567891011);
    g_byte_array_append (bytes, (const guint8 *) "abc", (guint) (i % 4));
    g_byte_array_append (bytes, (const guint8 *) &big, sizeof big);
  }
  g_autofree char *wanted = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  assert_text (fee_hash_finish (hash, hex), wanted);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (known_texts_have_their_sha_256),
    cmocka_unit_test (random_pieces_hash_as_the_whole),
    cmocka_unit_test (pieces_around_the_size_of_the_buffer_hash_as_the_whole),
    cmocka_unit_test (numbers_are_hashed_big_endian_and_texts_with_their_length),
    cmocka_unit_test (many_numbers_fill_the_buffer_again_and_again),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
