/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../base/fee-date.h"
#include "../base/fee-quantity.h"
#include "../base/fee-strings.h"
#include "fee-kind.h"

G_BEGIN_DECLS

/* The rows of one kind, by columns: the form in which imported files are held in memory. A million units take the memory of
 * their columns and texts, no more; columns that nobody wants are not held.
 * Rows of one batch stand together (a segment), in the order of the file. */

typedef struct {
  char *name; /* field or attribute */
  FeeCellType type;
  gboolean wanted;
  union {
    FeeText *text;  /* ID: in the book's ids; WORD: in words; TEXT: in the table's texts. Empty is FEE_TEXT_EMPTY */
    gint64 *number; /* MONEY, QUANTITY; empty is G_MININT64 */
    gint32 *small;  /* DATE, COUNT; empty is G_MININT32 */
    void *cells;
  };
  FeeStrings *words; /* of WORD columns */
} FeeColumn;

/* Bytes of a cell. */
static inline gsize
fee_cell_size (FeeCellType type)
{
  return type == FEE_CELL_MONEY || type == FEE_CELL_QUANTITY ? sizeof (gint64) : sizeof (gint32);
}

#define FEE_CELL_NO_NUMBER G_MININT64
#define FEE_CELL_NO_COUNT G_MININT32

typedef struct {
  guint32 batch;
  guint32 retracted_by; /* the batch that took it back, or 0: its rows do not stand, but later versions may have kept cells of them */
  guint32 first, n_rows;
  GByteArray *present; /* by column: the file has it */
} FeeSegment;

typedef struct {
  const FeeKind *kind;
  FeeStrings *ids; /* of the book; borrowed */
  FeeStrings *texts;
  GArray *columns; /* of FeeColumn: the kind's fields, then attributes */
  GHashTable *by_name; /* their places, by name without case */
  guint32 n_rows, room, cleared; /* cleared: rows whose cells are made empty already */
  guint32 *line;    /* of the file, by row */
  guint8 *dead;     /* by row: a later version of its key stands; NULL where no row is dead */
  GArray *segments; /* of FeeSegment */
  gboolean passing; /* its rows come and go: ids are its own, gone with the rows, and appended, so that equal ones have different places */
} FeeTable;

/* Owned by the caller; free with fee_table_free(). ids must outlive the table. */
FeeTable *fee_table_new (FeeKindId kind, FeeStrings *ids);
void fee_table_free (FeeTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeTable, fee_table_free)

static inline FeeColumn *
fee_table_column (const FeeTable *table, guint n)
{
  return &g_array_index (table->columns, FeeColumn, n);
}

/* Only these fields are held from now on (bit n: field n); attributes by fee_table_add_attribute(). */
void fee_table_want (FeeTable *table, guint32 fields);
/* The column of an attribute (or field), compared without case; -1 for none. */
gint fee_table_find_column (const FeeTable *table, const char *name);
/* Adds the attribute where it is not there yet; returns its column. Rows so far have it empty. */
guint fee_table_add_attribute (FeeTable *table, const char *name);

/* Begins the rows of a batch. */
FeeSegment *fee_table_begin_segment (FeeTable *table, guint32 batch);
/* Appends a row with every cell empty to the last segment; returns its number. FALSE beyond 2^31 rows. */
gboolean fee_table_add_row (FeeTable *table, guint32 line, guint32 *row);
void fee_table_set_text (FeeTable *table, guint column, guint32 row, const char *text, gsize length);

/* Rows of a table that has one segment are gone, and the texts that only they had; columns and words stay. */
void fee_table_empty (FeeTable *table);

/* The segment that a row belongs to. */
const FeeSegment *fee_table_segment_of (const FeeTable *table, guint32 row);
static inline gboolean
fee_table_alive (const FeeTable *table, guint32 row)
{
  return table->dead == NULL || !table->dead[row];
}

/* A text cell of any text type. Borrowed from the table; valid until its next row. */
const char *fee_table_text (const FeeTable *table, guint column, guint32 row);
gboolean fee_table_is_empty (const FeeTable *table, guint column, guint32 row);
/* Any cell as text, amounts with decimals. Owned by the caller; free with g_free(). */
char *fee_table_show (const FeeTable *table, guint column, guint32 row, gint decimals);
/* The key as people name it: "unit 101 from 2026-01-01". Owned by the caller; free with g_free(). */
char *fee_table_show_key (const FeeTable *table, guint32 row);

/* What became of a row when the keys of the table were merged. */
typedef enum { FEE_MERGE_NEW, FEE_MERGE_UNCHANGED, FEE_MERGE_CHANGED, FEE_MERGE_TWICE } FeeMerge;
/* before: the row of that key that stood until then. Cells that the newer file lacks are already taken from it. */
typedef void (*FeeMergeFunc) (const FeeTable *table, guint32 row, FeeMerge merge, guint32 before, gpointer data);

/* Rows with one key become one: the latest of a batch that is not retracted stands, with the cells of columns that its file lacked taken
 * from the version that stood when it came; where it changed nothing the one before stands on (interface.md section 3: `--amend`;
 * rules.md section 10). func, where not NULL, hears of each row of the segments from first_segment on. Again after more rows: all is
 * merged anew. */
void fee_table_merge (FeeTable *table, guint first_segment, FeeMergeFunc func, gpointer data);

/* The rows that stand, in the order of `compare` (total: it ends with the row). Owned by the caller; free with g_free(). */
typedef gint (*FeeRowCompare) (const FeeTable *table, guint32 a, guint32 b, gconstpointer data);
guint32 *fee_table_sorted (const FeeTable *table, FeeRowCompare compare, gconstpointer data, guint32 *n_rows);

G_END_DECLS
