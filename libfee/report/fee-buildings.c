/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-buildings.h"

#include <string.h>

/* The payers of a building in a month: all of them while they are few. */
typedef struct {
  guint n;
  guint64 few[FEE_LEAST_PAYERS];
} Payers;

typedef struct {
  GHashTable *seen; /* building and payer, hashed */
  GArray *payers;   /* of Payers, by building */
} Month;

struct _FeeBuildings {
  GPtrArray *names;
  GHashTable *numbers; /* name -> number + 1 */
  GArray *months;      /* of Month */
  guint *group;        /* by building */
  gboolean too_few;
};

static void
clear_month (gpointer data)
{
  Month *month = data;
  g_hash_table_unref (month->seen);
  g_array_unref (month->payers);
}

FeeBuildings *
fee_buildings_new (guint n_months)
{
  FeeBuildings *buildings = g_new0 (FeeBuildings, 1);
  buildings->names = g_ptr_array_new_with_free_func (g_free);
  buildings->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  buildings->months = g_array_new (FALSE, FALSE, sizeof (Month));
  g_array_set_clear_func (buildings->months, clear_month);
  for (guint i = 0; i < n_months; i++) {
    Month month = { g_hash_table_new (NULL, NULL), g_array_new (FALSE, TRUE, sizeof (Payers)) };
    g_array_append_val (buildings->months, month);
  }
  return buildings;
}

void
fee_buildings_free (FeeBuildings *buildings)
{
  if (buildings == NULL)
    return;
  g_hash_table_unref (buildings->numbers);
  g_ptr_array_unref (buildings->names);
  g_array_unref (buildings->months);
  g_free (buildings->group);
  g_free (buildings);
}

guint
fee_buildings_find (FeeBuildings *buildings, const char *building)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (buildings->numbers, building));
  if (known > 0)
    return known - 1;
  char *name = g_strdup (building);
  g_ptr_array_add (buildings->names, name);
  g_hash_table_insert (buildings->numbers, name, GUINT_TO_POINTER (buildings->names->len));
  return buildings->names->len - 1;
}

guint
fee_buildings_count (const FeeBuildings *buildings)
{
  return buildings->names->len;
}

const char *
fee_buildings_name (const FeeBuildings *buildings, guint building)
{
  return g_ptr_array_index (buildings->names, building);
}

/* FNV-1a of 64 bits. Two payers with one hash would count as one, and be merged with more: never the other way. */
static guint64
hash_payer (guint building, const char *party)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325) ^ building * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  for (; *party != '\0'; party++)
    hash = (hash ^ (guint8) *party) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash ^ hash >> 29;
}

void
fee_buildings_add_payer (FeeBuildings *buildings, guint n, guint building, const char *party)
{
  Month *month = &g_array_index (buildings->months, Month, n);
  if (month->payers->len <= building)
    g_array_set_size (month->payers, building + 1);
  Payers *payers = &g_array_index (month->payers, Payers, building);
  if (!g_hash_table_add (month->seen, (gpointer) (guintptr) hash_payer (building, party)))
    return;
  if (payers->n < FEE_LEAST_PAYERS)
    payers->few[payers->n] = hash_payer (0, party); /* the same in every building */
  payers->n++;
}

/* ---- Merging */

typedef struct {
  Payers payers;
  guint building; /* of its members the first by name */
} Group;

static void
join_payers (Payers *to, const Payers *from)
{
  guint own = MIN (to->n, FEE_LEAST_PAYERS);
  if (to->n >= FEE_LEAST_PAYERS || from->n >= FEE_LEAST_PAYERS) {
    to->n = MAX (to->n, from->n); /* enough; nothing asks how many more */
    return;
  }
  for (guint i = 0; i < from->n; i++) {
    gboolean known = FALSE;
    for (guint k = 0; k < own; k++)
      known = known || to->few[k] == from->few[i];
    if (!known && to->n < FEE_LEAST_PAYERS)
      to->few[to->n] = from->few[i];
    to->n += !known;
  }
}

/* data: the buildings. */
static gint
compare_groups (gconstpointer x, gconstpointer y, gpointer data)
{
  const Group *a = x, *b = y;
  if (a->payers.n != b->payers.n)
    return a->payers.n < b->payers.n ? -1 : 1;
  return strcmp (fee_buildings_name (data, a->building), fee_buildings_name (data, b->building));
}

/* What stands for a building so far. */
static guint
find_group (FeeBuildings *buildings, guint building)
{
  while (buildings->group[building] != building) {
    buildings->group[building] = buildings->group[buildings->group[building]];
    building = buildings->group[building];
  }
  return building;
}

/* Buildings of both groups are one from now on, whatever month joined them. Returns the first by name. */
static guint
join_buildings (FeeBuildings *buildings, guint a, guint b)
{
  guint first = find_group (buildings, a), second = find_group (buildings, b);
  if (strcmp (fee_buildings_name (buildings, first), fee_buildings_name (buildings, second)) > 0) {
    guint swap = first;
    first = second;
    second = swap;
  }
  buildings->group[second] = first;
  return first;
}

/* The groups of a month, the smallest first. Owned by the caller; free with g_sequence_free(). */
static GSequence *
queue_groups (FeeBuildings *buildings, const Month *month)
{
  GSequence *queue = g_sequence_new (g_free);
  for (guint i = 0; i < month->payers->len; i++) {
    Group group = { g_array_index (month->payers, Payers, i), i };
    if (group.payers.n > 0)
      g_sequence_insert_sorted (queue, g_memdup2 (&group, sizeof group), compare_groups, buildings);
  }
  return queue;
}

/* The name of a group is that of its first building of this month, also where another month joins it with earlier ones. */
static guint
first_by_name (const FeeBuildings *buildings, guint a, guint b)
{
  return strcmp (fee_buildings_name (buildings, a), fee_buildings_name (buildings, b)) < 0 ? a : b;
}

static void
merge_month (FeeBuildings *buildings, const Month *month)
{
  g_autoptr (GSequence) queue = queue_groups (buildings, month);
  while (g_sequence_get_length (queue) > 1) {
    GSequenceIter *first = g_sequence_get_begin_iter (queue), *second = g_sequence_iter_next (first);
    const Group *small = g_sequence_get (first), *other = g_sequence_get (second);
    if (small->payers.n >= FEE_LEAST_PAYERS)
      return;
    Group joined = { other->payers, first_by_name (buildings, small->building, other->building) };
    join_payers (&joined.payers, &small->payers);
    join_buildings (buildings, small->building, other->building);
    g_sequence_remove (first);
    g_sequence_remove (second);
    g_sequence_insert_sorted (queue, g_memdup2 (&joined, sizeof joined), compare_groups, buildings);
  }
  /* then one row is all that may be shown */
  if (!g_sequence_is_empty (queue)
      && ((const Group *) g_sequence_get (g_sequence_get_begin_iter (queue)))->payers.n < FEE_LEAST_PAYERS)
    buildings->too_few = TRUE;
}

void
fee_buildings_merge (FeeBuildings *buildings)
{
  g_free (buildings->group);
  buildings->group = g_new (guint, buildings->names->len);
  buildings->too_few = FALSE;
  for (guint i = 0; i < buildings->names->len; i++)
    buildings->group[i] = i;
  for (guint i = 0; i < buildings->months->len; i++)
    merge_month (buildings, &g_array_index (buildings->months, Month, i));
  for (guint i = 1; buildings->too_few && i < buildings->names->len; i++)
    join_buildings (buildings, 0, i);
  for (guint i = 0; i < buildings->names->len; i++)
    buildings->group[i] = find_group (buildings, i);
}

guint
fee_buildings_group (const FeeBuildings *buildings, guint building)
{
  return buildings->group[building];
}

gboolean
fee_buildings_too_few (const FeeBuildings *buildings)
{
  return buildings->too_few;
}
