/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Buildings as they may be published (domain.md section 2 "Public disclosure"): one with fewer than five payers joins the
 * smallest other until there are five, month by month; over several months, buildings that join in one of them are one. So
 * no amount can be told to be a household's. */
#define FEE_LEAST_PAYERS 5

typedef struct _FeeBuildings FeeBuildings;

/* Owned by the caller; free with fee_buildings_free(). */
FeeBuildings *fee_buildings_new (guint n_months);
void fee_buildings_free (FeeBuildings *buildings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeBuildings, fee_buildings_free)

/* The number of a building, from 0; "" are the units that have none. */
guint fee_buildings_find (FeeBuildings *buildings, const char *building);
guint fee_buildings_count (const FeeBuildings *buildings);
/* Borrowed. */
const char *fee_buildings_name (const FeeBuildings *buildings, guint building);
/* Who pays in it that month; the same again changes nothing. month: from 0. */
void fee_buildings_add_payer (FeeBuildings *buildings, guint month, guint building, const char *party);

/* When all payers are there. Of equally small ones the first by name (bytewise). */
void fee_buildings_merge (FeeBuildings *buildings);
/* After it: the building that stands for the group, the first of it by name. */
guint fee_buildings_group (const FeeBuildings *buildings, guint building);
/* After it: the whole estate has fewer than five payers in some month in which it has any. */
gboolean fee_buildings_too_few (const FeeBuildings *buildings);

G_END_DECLS
