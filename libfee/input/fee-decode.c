/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-decode.h"

#include "../base/fee-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  gsize line, byte; /* from 1 */
} Place;

/* Bytes of the smallest piece that a character is made of. */
static gsize
unit_width (const char *encoding)
{
  if (g_ascii_strncasecmp (encoding, "UTF-16", 6) == 0 || g_ascii_strncasecmp (encoding, "UCS-2", 5) == 0)
    return 2;
  if (g_ascii_strncasecmp (encoding, "UTF-32", 6) == 0 || g_ascii_strncasecmp (encoding, "UCS-4", 5) == 0)
    return 4;
  return 1;
}

/* c < 0x80 in either byte order: 0x0A00 and the like are no characters. */
static gboolean
unit_is (const char *unit, gsize width, char c)
{
  gsize zeros = 0;
  for (gsize i = 0; i < width; i++)
    zeros += unit[i] == '\0';
  return c == '\0' ? zeros == width : zeros == width - 1 && (unit[0] == c || unit[width - 1] == c);
}

static Place
place_of (const char *text, gsize offset, gsize width)
{
  Place place = { 1, offset + 1 };
  for (gsize i = 0; i + width <= offset; i += width)
    if (unit_is (text + i, width, '\n')) {
      place.line++;
      place.byte = offset - (i + width) + 1;
    }
  return place;
}

static gboolean
find_nul (const char *text, gsize length, gsize width, gsize *offset)
{
  if (width == 1) {
    const char *nul = length == 0 ? NULL : memchr (text, '\0', length);
    *offset = nul == NULL ? length : (gsize) (nul - text);
    return nul != NULL;
  }
  for (gsize i = 0; i + width <= length; i += width)
    if (unit_is (text + i, width, '\0')) {
      *offset = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
refuse_nul (const char *text, gsize length, gsize width, GError **error)
{
  gsize offset;
  if (!find_nul (text, length, width, &offset))
    return TRUE;
  Place place = place_of (text, offset, width);
  if (width == 1)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
                 _("%zu: byte %zu: a NUL byte; if the text is UTF-16, name it with --encoding UTF-16LE or UTF-16BE"),
                 place.line, place.byte);
  else
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%zu: byte %zu: a NUL character"), place.line, place.byte);
  return FALSE;
}

static void
set_invalid (GError **error, const char *encoding, Place place)
{
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%zu: byte %zu: not valid %s"), place.line, place.byte, encoding);
}

/* One leading U+FEFF is the mark of the byte order, in whatever encoding it came. */
static GBytes *
without_bom (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  gsize bom = length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  return g_bytes_new_from_bytes (bytes, bom, length - bom);
}

/* GLib's own check goes byte by byte; files of digits and commas pass eight at a time. */
static gboolean
is_utf8 (const char *text, gsize length, gsize *valid)
{
  gsize at = 0;
  while (at < length) {
    guint64 eight;
    for (; at + 8 <= length; at += 8) {
      memcpy (&eight, text + at, 8);
      if ((eight & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        break;
    }
    gsize piece = MIN (length - at, 64);
    const char *end;
    /* a character may be cut at the end of the piece: then the piece ends before it */
    if (!g_utf8_validate_len (text + at, piece, &end)) {
      gsize passed = (gsize) (end - text) - at;
      if (piece - passed >= 4 || at + piece == length) {
        *valid = at + passed;
        return FALSE;
      }
      piece = passed;
    }
    at += piece;
  }
  return TRUE;
}

static gboolean
decode_utf8 (GBytes *bytes, GBytes **text, GError **error)
{
  gsize length, valid;
  const char *data = g_bytes_get_data (bytes, &length);
  if (!refuse_nul (data, length, 1, error))
    return FALSE;
  if (!is_utf8 (data, length, &valid)) {
    set_invalid (error, "UTF-8", place_of (data, valid, 1));
    return FALSE;
  }
  *text = without_bom (bytes);
  return TRUE;
}

/* Text that grows while it is converted. */
typedef struct {
  char *start, *at;
  gsize left;
} Output;

static void
output_grow (Output *output)
{
  gsize used = (gsize) (output->at - output->start), room = used + output->left;
  output->start = g_realloc (output->start, room + room / 2 + 64);
  output->at = output->start + used;
  output->left += room / 2 + 64;
}

/* 0, or what iconv says of the place where *at then stands; at NULL flushes what the converter still holds. */
static gint
convert_piece (GIConv converter, char **at, gsize *left, Output *output)
{
  while (g_iconv (converter, at, left, &output->at, &output->left) == (gsize) -1) {
    if (errno != E2BIG)
      return errno;
    output_grow (output);
  }
  return 0;
}

/* *stopped: the offset where the input stops to be valid; *trouble: 0, or the errno of iconv there. The room of 1.5 times
 * the input holds whatever GB18030 and UTF-16 can give, so that the whole needs 2.5 times the file. */
static GBytes *
convert (GIConv converter, GBytes *bytes, gsize *stopped, gint *trouble)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  Output output = { NULL, NULL, length + length / 2 + 64 };
  output.at = output.start = g_malloc (output.left);
  char *at = (char *) data; /* iconv's prototype; it does not write there */
  gsize left = length;
  *trouble = convert_piece (converter, &at, &left, &output);
  *stopped = length - left;
  if (*trouble == 0)
    *trouble = convert_piece (converter, NULL, NULL, &output);
  gsize size = (gsize) (output.at - output.start);
  return g_bytes_new_take (g_realloc (output.start, size + 1), size);
}

static void
set_conversion_error (GError **error, const char *encoding, gint trouble, Place place)
{
  if (trouble == EINVAL)
    g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%zu: byte %zu: the file ends within a character of %s"),
                 place.line, place.byte, encoding);
  else
    set_invalid (error, encoding, place);
}

/* A name that iconv could take for the locale's encoding (""), or that carries its options ("//IGNORE"), is no name. */
static gboolean
is_encoding_name (const char *encoding)
{
  gsize length = strspn (encoding, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.:+()");
  return length > 0 && encoding[length] == '\0';
}

static gboolean
decode_iconv (GBytes *bytes, const char *encoding, GBytes **text, GError **error)
{
  GIConv converter = is_encoding_name (encoding) ? g_iconv_open ("UTF-8", encoding) : (GIConv) -1;
  if (converter == (GIConv) -1) {
    g_autofree char *shown = g_utf8_make_valid (encoding, -1);
    g_set_error (error, FEE_ERROR, FEE_ERROR_USAGE, _("the encoding \"%s\" is not known"), shown);
    return FALSE;
  }
  gsize length, stopped, width = unit_width (encoding);
  const char *data = g_bytes_get_data (bytes, &length);
  gint trouble;
  g_autoptr (GBytes) converted = convert (converter, bytes, &stopped, &trouble);
  g_iconv_close (converter);
  if (!refuse_nul (data, length, width, error))
    return FALSE;
  if (trouble != 0) {
    set_conversion_error (error, encoding, trouble, place_of (data, stopped, width));
    return FALSE;
  }
  if (!refuse_nul (g_bytes_get_data (converted, NULL), g_bytes_get_size (converted), 1, error))
    return FALSE;
  *text = without_bom (converted);
  return TRUE;
}

/* The encoding that the first bytes mark, or NULL. */
static const char *
marked_encoding (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  if (length >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    return "UTF-8";
  if (length >= 2 && memcmp (data, "\xFF\xFE", 2) == 0)
    return "UTF-16LE";
  if (length >= 2 && memcmp (data, "\xFE\xFF", 2) == 0)
    return "UTF-16BE";
  return NULL;
}

static gboolean
decode_named (GBytes *bytes, const char *encoding, GBytes **text, GError **error)
{
  if (g_ascii_strcasecmp (encoding, "UTF-8") == 0 || g_ascii_strcasecmp (encoding, "UTF8") == 0)
    return decode_utf8 (bytes, text, error);
  if (g_ascii_strcasecmp (encoding, "UTF-16") != 0 && g_ascii_strcasecmp (encoding, "UTF16") != 0)
    return decode_iconv (bytes, encoding, text, error);
  /* iconv would take the machine's byte order where there is no mark */
  const char *marked = marked_encoding (bytes);
  if (marked != NULL && g_str_has_prefix (marked, "UTF-16"))
    return decode_iconv (bytes, marked, text, error);
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS,
               _("1: byte 1: UTF-16 without a byte order mark; name UTF-16LE or UTF-16BE instead"));
  return FALSE;
}

/* Neither name nor mark: UTF-8, else GB18030. */
static gboolean
decode_found (GBytes *bytes, GBytes **text, const char **found, GError **error)
{
  gsize length, valid;
  const char *data = g_bytes_get_data (bytes, &length);
  if (!refuse_nul (data, length, 1, error))
    return FALSE;
  if (is_utf8 (data, length, &valid)) {
    *text = g_bytes_ref (bytes);
    *found = "UTF-8";
    return TRUE;
  }
  g_autoptr (GError) trouble = NULL;
  if (decode_iconv (bytes, "GB18030", text, &trouble)) {
    *found = "GB18030";
    return TRUE;
  }
  Place place = place_of (data, valid, 1);
  g_set_error (error, FEE_ERROR, FEE_ERROR_RECORDS, _("%zu: byte %zu: not valid UTF-8, nor is the file GB18030 (%s)"),
               place.line, place.byte, trouble->message);
  return FALSE;
}

gboolean
fee_decode (GBytes *bytes, const char *encoding, GBytes **text, char **found, GError **error)
{
  const char *name = encoding != NULL ? encoding : marked_encoding (bytes);
  gboolean done = name != NULL ? decode_named (bytes, name, text, error) : decode_found (bytes, text, &name, error);
  if (done)
    *found = g_strdup (name);
  return done;
}
