/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../libfee/base/fee-error.h"
#include "../libfee/input/fee-decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "ENCODING: TEXT", or "! MESSAGE" ("!! MESSAGE" for wrong usage). */
static char *
decode (const char *bytes, gsize length, const char *encoding)
{
  g_autoptr (GBytes) file = g_bytes_new (bytes, length), text = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  if (!fee_decode (file, encoding, &text, &found, &error)) {
    assert_null (text);
    assert_null (found);
    assert_int_equal (error->domain, FEE_ERROR);
    return g_strdup_printf ("%s %s", error->code == FEE_ERROR_USAGE ? "!!" : "!", error->message);
  }
  gsize size;
  const char *data = g_bytes_get_data (text, &size);
  g_autofree char *shown = g_strndup (size == 0 ? "" : data, size);
  return g_strdup_printf ("%s: %s", found, shown);
}

static void
assert_decodes (const char *bytes, gsize length, const char *encoding, const char *expected)
{
  g_autofree char *got = decode (bytes, length, encoding);
  assert_string_equal (got, expected);
}

/* For literals, which may hold NUL. */
#define ASSERT_DECODES(bytes, encoding, expected) assert_decodes (bytes, sizeof (bytes) - 1, encoding, expected)

static void
utf8_is_taken_as_it_is (void **state)
{
  (void) state;
  static const char csv[] = "房号,金额\r\n101,12.50\n𬱖\n";
  g_autoptr (GBytes) file = g_bytes_new_static (csv, sizeof csv - 1), text = NULL;
  g_autofree char *found = NULL;
  assert_true (fee_decode (file, NULL, &text, &found, NULL));
  assert_ptr_equal (text, file);
  assert_string_equal (found, "UTF-8");
  ASSERT_DECODES ("", NULL, "UTF-8: ");
  ASSERT_DECODES ("a", "utf8", "utf8: a");
  ASSERT_DECODES ("房", "UTF-8", "UTF-8: 房");
}

static void
a_byte_order_mark_is_taken_off_once (void **state)
{
  (void) state;
  ASSERT_DECODES ("\xEF\xBB\xBF" "a,房", NULL, "UTF-8: a,房");
  ASSERT_DECODES ("\xEF\xBB\xBF" "a,房", "UTF-8", "UTF-8: a,房");
  ASSERT_DECODES ("\xEF\xBB\xBF\xEF\xBB\xBF" "a", NULL, "UTF-8: \xEF\xBB\xBF" "a");
  ASSERT_DECODES ("\xEF\xBB\xBF", NULL, "UTF-8: ");
  ASSERT_DECODES ("\xEF\xBB", "UTF-8", "! 1: byte 1: not valid UTF-8");
  ASSERT_DECODES ("\xFF\xFE" "a\0", "UTF-16LE", "UTF-16LE: a");
  ASSERT_DECODES ("\xFE\xFF\0a", "UTF-16BE", "UTF-16BE: a");
  ASSERT_DECODES ("\x84\x31\x95\x33" "a\xB7\xBF", NULL, "GB18030: a房");
  ASSERT_DECODES ("\x84\x31\x95\x33" "a", "gb18030", "gb18030: a");
}

static void
utf16_is_known_by_its_mark (void **state)
{
  (void) state;
  ASSERT_DECODES ("\xFF\xFE" "a\0\t\0\x3F\x62\r\0\n\0", NULL, "UTF-16LE: a\t房\r\n");
  ASSERT_DECODES ("\xFE\xFF" "\0a\0\t\x62\x3F\0\r\0\n", NULL, "UTF-16BE: a\t房\r\n");
  ASSERT_DECODES ("\xFF\xFE\x73\xD8\x56\xDC", NULL, "UTF-16LE: 𬱖");
  ASSERT_DECODES ("\xFF\xFE\x3F\x62", "utf-16", "utf-16: 房");
  ASSERT_DECODES ("\xFE\xFF\x62\x3F", "UTF-16", "UTF-16: 房");
  ASSERT_DECODES ("\xFF\xFE", NULL, "UTF-16LE: ");
  ASSERT_DECODES ("\x3F\x62", "UTF-16LE", "UTF-16LE: 房");
  ASSERT_DECODES ("\x3F\x62", "UTF-16",
                  "! 1: byte 1: UTF-16 without a byte order mark; name UTF-16LE or UTF-16BE instead");
  ASSERT_DECODES ("\xEF\xBB\xBF" "a", "UTF-16",
                  "! 1: byte 1: UTF-16 without a byte order mark; name UTF-16LE or UTF-16BE instead");
}

static void
broken_utf16_is_refused_with_its_place (void **state)
{
  (void) state;
  ASSERT_DECODES ("\xFF\xFE" "a\0\n\0b\0c", NULL, "! 2: byte 3: the file ends within a character of UTF-16LE");
  ASSERT_DECODES ("\xFE\xFF\0a\0\n\0b\xD8\x73", NULL, "! 2: byte 3: the file ends within a character of UTF-16BE");
  ASSERT_DECODES ("\xFF\xFE" "a\0\n\0\n\0b\0\x56\xDC", NULL, "! 3: byte 3: not valid UTF-16LE");
  ASSERT_DECODES ("\xFF\xFE\x73\xD8" "a\0", NULL, "! 1: byte 3: not valid UTF-16LE");
  /* U+0A0A and U+0A3F hold the byte of a line feed, but are none */
  ASSERT_DECODES ("\xFF\xFE\x0A\x0A\x3F\x0A\x56\xDC", NULL, "! 1: byte 7: not valid UTF-16LE");
}

static void
what_is_not_utf8_is_read_as_gb18030 (void **state)
{
  (void) state;
  ASSERT_DECODES ("\xB7\xBF\xBA\xC5,1\n", NULL, "GB18030: 房号,1\n");
  ASSERT_DECODES ("\xFE\x9F,\x99\x33\xC3\x36\n", NULL, "GB18030: 䶮,𬱖\n"); /* the second has four bytes */
  ASSERT_DECODES ("\xA3\xA4" "1\xD4\xAA", NULL, "GB18030: ￥1元");
}

static void
a_named_encoding_is_used (void **state)
{
  (void) state;
  static const char *const names[] = { "GBK", "CP936", "GB2312", "gb18030", "EUC-CN" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *expected = g_strconcat (names[i], ": 房号", NULL);
    ASSERT_DECODES ("\xB7\xBF\xBA\xC5", names[i], expected);
  }
  ASSERT_DECODES ("\xE9", "ISO-8859-1", "ISO-8859-1: é");
  ASSERT_DECODES ("\xA9\xD0\xB8\xB9", "BIG5", "BIG5: 房號");
  ASSERT_DECODES ("\xA9\xD0\n\xB8", "BIG5", "! 2: byte 1: the file ends within a character of BIG5");
  /* iconv holds the last letter back, in case that an accent follows */
  ASSERT_DECODES ("xA", "CP1258", "CP1258: xA");
  /* valid UTF-8, but it was said to be GBK */
  ASSERT_DECODES ("\xE6\x88\xBF\xE5\x8F\xB7", "GBK", "GBK: 鎴垮彿");
  /* what GBK has and GB2312 has not */
  ASSERT_DECODES ("ab\n\x81\x40", "GB2312", "! 2: byte 1: not valid GB2312");
}

static void
an_encoding_that_is_not_known_is_wrong_usage (void **state)
{
  (void) state;
  ASSERT_DECODES ("a", "klingon", "!! the encoding \"klingon\" is not known");
  ASSERT_DECODES ("a", "", "!! the encoding \"\" is not known");
  ASSERT_DECODES ("\xB7", "GBK//IGNORE", "!! the encoding \"GBK//IGNORE\" is not known");
  ASSERT_DECODES ("a", "GBK/", "!! the encoding \"GBK/\" is not known");
  ASSERT_DECODES ("a", "\xFF", "!! the encoding \"\xEF\xBF\xBD\" is not known");
}

static void
text_that_is_not_valid_is_refused_with_its_place (void **state)
{
  (void) state;
  ASSERT_DECODES ("a,b\n1,\xFF\n", NULL,
                  "! 2: byte 3: not valid UTF-8, nor is the file GB18030 (2: byte 3: not valid GB18030)");
  ASSERT_DECODES ("\xE6\x88\xBF\n\xB7", NULL,
                  "! 2: byte 1: not valid UTF-8, nor is the file GB18030 (1: byte 3: not valid GB18030)");
  ASSERT_DECODES ("\xB7\xBF\n\xB7", NULL,
                  "! 1: byte 1: not valid UTF-8, nor is the file GB18030 (2: byte 1: the file ends within a "
                  "character of GB18030)");
  ASSERT_DECODES ("a\r\n\xB7\xBF\n", "UTF-8", "! 2: byte 1: not valid UTF-8");
  ASSERT_DECODES ("\xEF\xBB\xBF" "a\n\xB7\xBF\n", NULL, "! 2: byte 1: not valid UTF-8");
  ASSERT_DECODES ("\xED\xA0\x80", "UTF-8", "! 1: byte 1: not valid UTF-8");
  ASSERT_DECODES ("x\xC0\x80", "UTF-8", "! 1: byte 2: not valid UTF-8");
}

static void
nul_is_refused_with_its_place (void **state)
{
  (void) state;
#define NUL_BYTE ": a NUL byte; if the text is UTF-16, name it with --encoding UTF-16LE or UTF-16BE"
  ASSERT_DECODES ("a\nbc\0d", NULL, "! 2: byte 3" NUL_BYTE);
  ASSERT_DECODES ("\xEF\xBB\xBF" "a\0", NULL, "! 1: byte 5" NUL_BYTE);
  ASSERT_DECODES ("\xB7\xBF\0", NULL, "! 1: byte 3" NUL_BYTE);
  ASSERT_DECODES ("\xB7\xBF\n\n\0", "GBK", "! 3: byte 1" NUL_BYTE);
  ASSERT_DECODES ("a\0b\0", NULL, "! 1: byte 2" NUL_BYTE);
  ASSERT_DECODES ("\xFF\xFE" "a\0\n\0b\0\0\0", NULL, "! 2: byte 3: a NUL character");
  ASSERT_DECODES ("\xFE\xFF\0a\0\n\0\0", NULL, "! 2: byte 1: a NUL character");
}

/* GB18030 moved 24 characters of its own from here to their places in Unicode; nothing is written here any more. */
static gboolean
is_assigned (gunichar c)
{
  return (c < 0xD800 || c > 0xDFFF) && (c < 0xE78D || c > 0xE864);
}

/* Every character but NUL, in files of 4,096 of them. */
static void
every_character_survives (const char *encoding)
{
  for (gunichar from = 0; from < 0x110000; from += 4096) {
    g_autoptr (GString) text = g_string_new (from == 0 ? "" : "\n");
    for (gunichar c = MAX (from, 1); c < from + 4096; c++)
      if (is_assigned (c))
        g_string_append_unichar (text, c);
    gsize length;
    g_autofree char *bytes = g_convert (text->str, (gssize) text->len, encoding, "UTF-8", NULL, &length, NULL);
    assert_non_null (bytes);
    g_autofree char *expected = g_strconcat (encoding, ": ", text->str, NULL);
    assert_decodes (bytes, length, encoding, expected);
  }
}

static void
every_character_of_gb18030_survives (void **state)
{
  (void) state;
  every_character_survives ("GB18030");
}

static void
every_character_of_utf16_survives (void **state)
{
  (void) state;
  every_character_survives ("UTF-16LE");
  every_character_survives ("UTF-16BE");
}

/* The output outgrows the room of one and a half times the input. */
static void
text_that_doubles_and_triples_is_complete (void **state)
{
  (void) state;
  g_autofree char *bytes = g_strnfill (300000, '\xA1');
  g_autoptr (GString) latin = g_string_new ("ISO-8859-1: "), thai = g_string_new ("TIS-620: ");
  for (gint i = 0; i < 300000; i++) {
    g_string_append (latin, "¡");
    g_string_append (thai, "ก");
  }
  assert_decodes (bytes, 300000, "ISO-8859-1", latin->str);
  assert_decodes (bytes, 300000, "TIS-620", thai->str);
}

static char *
random_utf8 (GRand *random, gsize *length)
{
  static const char *const bits[] = { "a", "12.50,", "\n", "é", "费", "𬱖", "        " };
  g_autoptr (GString) text = g_string_new (NULL);
  for (gint n = g_rand_int_range (random, 0, 80); n > 0; n--)
    g_string_append (text, bits[g_rand_int_range (random, 0, G_N_ELEMENTS (bits))]);
  if (text->len > 0 && g_rand_boolean (random))
    text->str[g_rand_int_range (random, 0, (gint32) text->len)] = (char) g_rand_int_range (random, 1, 256);
  if (g_rand_int_range (random, 0, 4) == 0)
    g_string_truncate (text, (gsize) g_rand_int_range (random, 0, (gint32) text->len + 1));
  *length = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* GLib's slower check says what is valid, and where it ends. */
static void
invalid_utf8_is_found_where_glib_finds_it (void **state)
{
  (void) state;
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  guint refused = 0, taken = 0;
  for (guint i = 0; i < 100000; i++) {
    gsize length;
    g_autofree char *bytes = random_utf8 (random, &length), *expected = NULL;
    const char *end;
    if (g_utf8_validate_len (bytes, length, &end)) {
      taken++;
      expected = g_strconcat ("UTF-8: ", bytes, NULL);
    } else {
      refused++;
      guint line = 1;
      const char *start = bytes;
      for (const char *at = bytes; at < end; at++)
        if (*at == '\n') {
          line++;
          start = at + 1;
        }
      expected = g_strdup_printf ("! %u: byte %d: not valid UTF-8", line, (gint) (end - start) + 1);
    }
    assert_decodes (bytes, length, "UTF-8", expected);
  }
  assert_true (refused > 20000 && taken > 20000);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (utf8_is_taken_as_it_is),
    cmocka_unit_test (a_byte_order_mark_is_taken_off_once),
    cmocka_unit_test (utf16_is_known_by_its_mark),
    cmocka_unit_test (broken_utf16_is_refused_with_its_place),
    cmocka_unit_test (what_is_not_utf8_is_read_as_gb18030),
    cmocka_unit_test (a_named_encoding_is_used),
    cmocka_unit_test (an_encoding_that_is_not_known_is_wrong_usage),
    cmocka_unit_test (text_that_is_not_valid_is_refused_with_its_place),
    cmocka_unit_test (nul_is_refused_with_its_place),
    cmocka_unit_test (every_character_of_gb18030_survives),
    cmocka_unit_test (every_character_of_utf16_survives),
    cmocka_unit_test (text_that_doubles_and_triples_is_complete),
    cmocka_unit_test (invalid_utf8_is_found_where_glib_finds_it),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
