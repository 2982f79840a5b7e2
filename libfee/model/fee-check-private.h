/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-check.h"

G_BEGIN_DECLS

/* A problem of one cell: reason goes on after the quoted cell. */
void fee_check_refuse (FeeCheck *check, const FeeTable *table, guint32 row, guint column, const char *reason);
/* A problem of the row. Takes text. */
void fee_check_refuse_row (FeeCheck *check, const FeeTable *table, guint32 row, char *text);

/* References; each refuses what is not there. EMPTY cells pass. FALSE with error set where the book can't be read. */
void fee_check_unit (FeeCheck *check, const FeeTable *table, guint32 row, guint column, gboolean suspense);
gboolean fee_check_party (FeeCheck *check, const FeeTable *table, guint32 row, guint column, GError **error);
void fee_check_category (FeeCheck *check, const FeeTable *table, guint32 row, guint column);
void fee_check_centre (FeeCheck *check, const FeeTable *table, guint32 row, guint column);
/* from after to. */
void fee_check_span (FeeCheck *check, const FeeTable *table, guint32 row, guint from, guint to);
gboolean fee_check_bill (FeeCheck *check, const FeeTable *table, guint32 row, guint column, guint unit, guint party, GError **error);

/* The row of a document number in the kind's own table; G_MAXUINT32 for none. */
guint32 fee_check_find_number (FeeCheck *check, const FeeTable *table, guint column, FeeText number);

/* By kind. */
gboolean fee_check_money_row (FeeCheck *check, const FeeTable *table, guint32 row, GError **error);
/* Whether the receipt that a row reverses, or the adjustment that it settles, is one from first_row on. */
gboolean fee_check_money_rests_on (FeeCheck *check, const FeeTable *table, guint32 row, guint32 first_row);
void fee_check_asset (FeeCheck *check, const FeeTable *table, guint32 row);

G_END_DECLS
