/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-strings.h"

#include <string.h>

#include "fee-memory.h"

/* The hash beside the place: most other texts are passed over without a look at their bytes. */
typedef struct {
  FeeText place; /* FEE_TEXT_EMPTY: free */
  guint32 hash;
} Slot;

/* Open addressing, at most three quarters full; NULL until the first. */
typedef struct {
  Slot *slots;
  guint32 mask, used;
} Slots;

struct _FeeStrings {
  char *block;
  gsize size, room;
  Slots slots;     /* of texts since the last keep, and of kept ones met since */
  Slots kept;
  gsize kept_size; /* of the block */
};

FeeStrings *
fee_strings_new (void)
{
  FeeStrings *strings = g_new0 (FeeStrings, 1);
  strings->room = 64;
  strings->block = g_malloc0 (strings->room);
  strings->size = strings->kept_size = 1; /* place 0 is the empty text */
  return strings;
}

void
fee_strings_free (FeeStrings *strings)
{
  if (strings == NULL)
    return;
  g_free (strings->block);
  g_free (strings->slots.slots);
  g_free (strings->kept.slots);
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

/* length: 1 to 8. In pieces of a fixed size, which overlap: a copy of any length is a call. */
static guint64
load_bytes (const char *text, gsize length)
{
  guint64 all;
  guint32 first, last;
  if (length == 8) {
    memcpy (&all, text, 8);
    return all;
  }
  if (length < 4)
    return (guchar) text[0] | (guint64) (guchar) text[length / 2] << 8 | (guint64) (guchar) text[length - 1] << 16;
  memcpy (&first, text, 4);
  memcpy (&last, text + length - 4, 4);
  return (guint64) last << 32 | first;
}

static guint64
mix (guint64 hash, guint64 part)
{
  hash = (hash ^ part) * G_GUINT64_CONSTANT (0xD6E8FEB86659FD93);
  return hash ^ hash >> 32;
}

/* length: above 0. */
static guint32
hash_bytes (const char *text, gsize length)
{
  guint64 hash = length * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  gsize at = 0;
  for (; at + 8 < length; at += 8)
    hash = mix (hash, load_bytes (text + at, 8));
  return (guint32) (length > 8 ? mix (hash, load_bytes (text + length - 8, 8)) : mix (hash, load_bytes (text, length)));
}

static gboolean
text_is (const FeeStrings *strings, FeeText place, const char *text, gsize length)
{
  return place + length < strings->size && memcmp (strings->block + place, text, length) == 0
         && strings->block[place + length] == '\0';
}

/* The slot that holds the text, or the free slot where it belongs. */
static Slot *
find_slot (const FeeStrings *strings, const Slots *slots, const char *text, gsize length, guint32 hash)
{
  guint32 n = hash & slots->mask;
  while (slots->slots[n].place != FEE_TEXT_EMPTY
         && (slots->slots[n].hash != hash || !text_is (strings, slots->slots[n].place, text, length)))
    n = (n + 1) & slots->mask;
  return &slots->slots[n];
}

/* A text that is not there yet, where there is room. */
static void
put_slot (Slots *slots, Slot slot)
{
  guint32 at = slot.hash & slots->mask;
  while (slots->slots[at].place != FEE_TEXT_EMPTY)
    at = (at + 1) & slots->mask;
  slots->slots[at] = slot;
}

/* mask: one less than a power of two, more than there is. */
static void
grow_slots (Slots *slots, guint32 mask)
{
  g_autofree Slot *old = slots->slots;
  guint32 n = slots->slots == NULL ? 0 : slots->mask + 1;
  slots->mask = mask;
  slots->slots = fee_memory_array0 (Slot, (gsize) mask + 1);
  for (guint32 i = 0; i < n; i++)
    if (old[i].place != FEE_TEXT_EMPTY)
      put_slot (slots, old[i]);
}

static void
reserve_slots (Slots *slots, gsize texts)
{
  guint32 mask = slots->slots == NULL ? 63 : slots->mask;
  while (mask < G_MAXUINT32 / 4 && slots->used + texts > mask / 4 * 3)
    mask = mask * 2 + 1;
  if (slots->slots == NULL || mask > slots->mask)
    grow_slots (slots, mask);
}

void
fee_strings_reserve (FeeStrings *strings, gsize texts)
{
  reserve_slots (&strings->slots, texts);
}

FeeText
fee_strings_intern (FeeStrings *strings, const char *text, gsize length)
{
  if (length == 0)
    return FEE_TEXT_EMPTY;
  if (strings->slots.slots == NULL)
    grow_slots (&strings->slots, 63);
  else if (strings->slots.used > strings->slots.mask / 4 * 3)
    grow_slots (&strings->slots, strings->slots.mask * 2 + 1);
  guint32 hash = hash_bytes (text, length);
  Slot *slot = find_slot (strings, &strings->slots, text, length, hash);
  if (slot->place != FEE_TEXT_EMPTY)
    return slot->place;
  FeeText place = FEE_TEXT_EMPTY;
  if (strings->kept.slots != NULL)
    place = find_slot (strings, &strings->kept, text, length, hash)->place;
  *slot = (Slot) { place != FEE_TEXT_EMPTY ? place : fee_strings_append (strings, text, length), hash };
  strings->slots.used++;
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
  gsize length = strlen (text);
  guint32 hash = length == 0 ? 0 : hash_bytes (text, length);
  const Slots *tables[] = { &strings->slots, &strings->kept };
  for (guint i = 0; i < G_N_ELEMENTS (tables) && place == FEE_TEXT_EMPTY && length > 0; i++)
    if (tables[i]->slots != NULL)
      place = find_slot (strings, tables[i], text, length, hash)->place;
  if (place == FEE_TEXT_EMPTY && length > 0)
    return FALSE;
  *out = place;
  return TRUE;
}

void
fee_strings_keep (FeeStrings *strings)
{
  gboolean first = strings->kept.slots == NULL;
  guint32 n = first || strings->slots.slots == NULL ? 0 : strings->slots.mask + 1;
  if (first)
    strings->kept = strings->slots;
  else
    reserve_slots (&strings->kept, strings->slots.used);
  for (guint32 i = 0; i < n; i++) {
    if (strings->slots.slots[i].place < strings->kept_size)
      continue; /* free, or kept already */
    put_slot (&strings->kept, strings->slots.slots[i]);
    strings->kept.used++;
  }
  if (!first)
    g_free (strings->slots.slots);
  strings->slots = (Slots) { 0 };
  strings->kept_size = strings->size;
}

void
fee_strings_rewind (FeeStrings *strings)
{
  if (strings->slots.used > 0)
    memset (strings->slots.slots, 0, ((gsize) strings->slots.mask + 1) * sizeof (Slot));
  strings->slots.used = 0;
  strings->size = strings->kept_size;
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
