/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the fuzz targets share. A target is one function over bytes, called by libFuzzer or, with the files of its corpus, by feed.c. */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../libfee/base/fee-error.h"
#include "../../libfee/input/fee-policy-file.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* What holds whatever the input; else the input is a finding. */
#define fuzz_require(what) \
  do { \
    if (!(what)) \
      fuzz_fail (#what, __FILE__, __LINE__); \
  } while (0)

G_NORETURN static inline void
fuzz_fail (const char *what, const char *file, int line)
{
  fprintf (stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort ();
}

/* A call that may refuse: it says so by its answer and an error together, and no check of the program's own has failed. Frees the error. */
static inline gboolean
fuzz_outcome (gboolean ok, GError **error)
{
  fuzz_require (ok == (*error == NULL));
  if (*error != NULL && ((*error)->domain != FEE_ERROR || (*error)->code == FEE_ERROR_INTERNAL || *(*error)->message == '\0')) {
    fprintf (stderr, "error %d: %s\n", (*error)->code, (*error)->message);
    abort ();
  }
  fuzz_require (ok || g_utf8_validate ((*error)->message, -1, NULL));
  g_clear_error (error);
  return ok;
}

/* ---- Bytes taken one after another; after the last all are 0 */

typedef struct {
  const guint8 *at, *end;
} FuzzInput;

static inline gsize
fuzz_left (const FuzzInput *in)
{
  return (gsize) (in->end - in->at);
}

static inline guint
fuzz_byte (FuzzInput *in)
{
  return in->at < in->end ? *in->at++ : 0;
}

/* 0..n - 1 */
static inline guint
fuzz_choice (FuzzInput *in, guint n)
{
  return fuzz_byte (in) % n;
}

/* A number of up to so many bytes. */
static inline guint64
fuzz_bytes (FuzzInput *in, guint n)
{
  guint64 value = 0;
  for (guint i = 0; i < n; i++)
    value = value << 8 | fuzz_byte (in);
  return value;
}

/* Of any size, the edges of 64 bits included: a byte says how many follow. */
static inline gint64
fuzz_number (FuzzInput *in)
{
  guint form = fuzz_byte (in);
  gint64 value = (gint64) fuzz_bytes (in, form & 7);
  switch (form >> 6) {
  case 0:
    return value;
  case 1:
    return -value;
  case 2:
    return (gint64) ((guint64) G_MAXINT64 - (guint64) value);
  default:
    return (gint64) ((guint64) G_MAXINT64 + 1 + (guint64) value);
  }
}

/* Up to a NUL or the end, most bytes at most, in an allocation of its own: who reads past it is caught. Owned by the caller. */
static inline char *
fuzz_text (FuzzInput *in, gsize most)
{
  gsize n = 0;
  while (n < most && in->at + n < in->end && in->at[n] != 0)
    n++;
  char *text = g_strndup ((const char *) in->at, n);
  in->at += n;
  if (in->at < in->end && *in->at == 0)
    in->at++;
  return text;
}

/* The same made valid UTF-8, as every text of a record is. */
static inline char *
fuzz_utf8 (FuzzInput *in, gsize most)
{
  g_autofree char *text = fuzz_text (in, most);
  return g_utf8_make_valid (text, -1);
}

/* ---- What targets ask for, and where they let it write */

/* The one policy of a target, read once. */
static inline FeePolicy *
fuzz_policy (const char *text)
{
  static FeePolicy *once;
  if (once == NULL)
    fuzz_require (fee_policy_read ("p.ini", text, strlen (text), &once, NULL));
  return once;
}

/* A FeeWriteFunc whose data is a GString. */
static inline gboolean
fuzz_keep (const char *bytes, gsize length, gpointer string, GError **error)
{
  (void) error;
  g_string_append_len (string, bytes, (gssize) length);
  return TRUE;
}
