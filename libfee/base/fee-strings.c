/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-strings.h"

#include <string.h>

#include "fee-memory.h"

/* The hash beside the place: most other texts are passed over without a look at their bytes. */
typedef struct {
  FeeText place; /* FEE_TEXT_EMPTY: free */
  guint32 hash;
} Slot;

struct _FeeStrings {
  char *block;
  gsize size, room;
  Slot *slots; /* open addressing, at most three quarters full; NULL until the first intern */
  guint32 mask, used;
};

FeeStrings *
fee_strings_new (void)
{
  FeeStrings *strings = g_new0 (FeeStrings, 1);
  strings->room = 64;
  strings->block = g_malloc0 (strings->room);
  strings->size = 1; /* place 0 is the empty text */
  return strings;
}

void
fee_strings_free (FeeStrings *strings)
{
  if (strings == NULL)
    return;
  g_free (strings->block);
  g_free (strings->slots);
  g_free (strings);
}

FeeText
fee_strings_append (FeeStrings *strings, const char *text, gsize length)
{
  if (length == 0)
    return FEE_TEXT_EMPTY;
  gsize need = strings->size + length + 1;
  if (need > G_MAXUINT32)
    g_error ("more than 4 GiB of text in one table");
  if (need > strings->room) {
    /* large blocks are moved by mremap, so that doubling costs address space only */
    while (strings->room < need)
      strings->room *= 2;
    strings->block = fee_memory_resize (strings->block, strings->room);
  }
  FeeText place = (FeeText) strings->size;
  memcpy (strings->block + place, text, length);
  strings->block[place + length] = '\0';
  strings->size = need;
  return place;
}

static guint32
hash_bytes (const char *text, gsize length)
{
  guint64 hash = length * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  while (length > 0) {
    guint64 part = 0;
    gsize n = MIN (length, 8);
    memcpy (&part, text, n);
    hash = (hash ^ part) * G_GUINT64_CONSTANT (0xD6E8FEB86659FD93);
    hash ^= hash >> 32;
    text += n;
    length -= n;
  }
  return (guint32) hash;
}

static gboolean
text_is (const FeeStrings *strings, FeeText place, const char *text, gsize length)
{
  return place + length < strings->size && memcmp (strings->block + place, text, length) == 0
         && strings->block[place + length] == '\0';
}

/* The slot that holds the text, or the free slot where it belongs. */
static Slot *
find_slot (const FeeStrings *strings, const char *text, gsize length, guint32 hash)
{
  guint32 n = hash & strings->mask;
  while (strings->slots[n].place != FEE_TEXT_EMPTY
         && (strings->slots[n].hash != hash || !text_is (strings, strings->slots[n].place, text, length)))
    n = (n + 1) & strings->mask;
  return &strings->slots[n];
}

/* mask: one less than a power of two, more than there is. */
static void
grow_slots (FeeStrings *strings, guint32 mask)
{
  g_autofree Slot *old = strings->slots;
  guint32 n = strings->slots == NULL ? 0 : strings->mask + 1;
  strings->mask = mask;
  strings->slots = fee_memory_array0 (Slot, (gsize) strings->mask + 1);
  for (guint32 i = 0; i < n; i++) {
    guint32 at = old[i].hash & strings->mask;
    if (old[i].place == FEE_TEXT_EMPTY)
      continue;
    while (strings->slots[at].place != FEE_TEXT_EMPTY)
      at = (at + 1) & strings->mask;
    strings->slots[at] = old[i];
  }
}

void
fee_strings_reserve (FeeStrings *strings, gsize texts)
{
  guint32 mask = strings->slots == NULL ? 63 : strings->mask;
  while (mask < G_MAXUINT32 / 4 && strings->used + texts > mask / 4 * 3)
    mask = mask * 2 + 1;
  if (strings->slots == NULL || mask > strings->mask)
    grow_slots (strings, mask);
}

FeeText
fee_strings_intern (FeeStrings *strings, const char *text, gsize length)
{
  if (length == 0)
    return FEE_TEXT_EMPTY;
  if (strings->slots == NULL)
    grow_slots (strings, 63);
  else if (strings->used > strings->mask / 4 * 3)
    grow_slots (strings, strings->mask * 2 + 1);
  guint32 hash = hash_bytes (text, length);
  Slot *slot = find_slot (strings, text, length, hash);
  if (slot->place == FEE_TEXT_EMPTY) {
    *slot = (Slot) { fee_strings_append (strings, text, length), hash };
    strings->used++;
  }
  return slot->place;
}

FeeText
fee_strings_intern_text (FeeStrings *strings, const char *text)
{
  return fee_strings_intern (strings, text, strlen (text));
}

gboolean
fee_strings_find (const FeeStrings *strings, const char *text, FeeText *out)
{
  FeeText place = FEE_TEXT_EMPTY;
  if (*text != '\0') {
    if (strings->slots == NULL)
      return FALSE;
    gsize length = strlen (text);
    place = find_slot (strings, text, length, hash_bytes (text, length))->place;
    if (place == FEE_TEXT_EMPTY)
      return FALSE;
  }
  *out = place;
  return TRUE;
}

const char *
fee_strings_get (const FeeStrings *strings, FeeText text)
{
  return strings->block + text;
}

gsize
fee_strings_size (const FeeStrings *strings)
{
  return strings->size;
}
