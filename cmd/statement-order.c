/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "statement.h"

/* Bills in another order than that of their numbers: all of them are held in memory for it. */

typedef struct {
  guint32 bill, n_lines;
  char *unit, *party;
  FeeMoney total;
  FeeLine *lines;
  guint32 row; /* of the units table + 1; 0: not in it */
  FeeStatementFacts facts;
} HeldBill;

static void
held_bill_clear (gpointer data)
{
  HeldBill *bill = data;
  g_free (bill->unit);
  g_free (bill->party);
  g_free (bill->lines);
}

typedef struct {
  const FeeStatements *statements;
  GArray *columns; /* of gint: columns of the units table */
  GArray *bills;
} Order;

static guint32
row_of_unit (const FeeStatements *statements, const char *id)
{
  const FeeRegister *reg = statements->records->reg;
  FeeText unit;
  if (!fee_strings_find (statements->records->ids, id, &unit))
    return 0;
  guint32 index = fee_register_find (reg, unit, 0);
  return index == FEE_UNIT_NONE ? 0 : reg->spans.row[reg->first[index + 1] - 1] + 1;
}

static gboolean
hold_bill (const FeePageReader *bill, gpointer data, GError **error)
{
  (void) error;
  Order *order = data;
  HeldBill held = {
    .bill = bill->bill, .n_lines = bill->line->len, .unit = g_strdup (bill->unit->str), .party = g_strdup (bill->party->str),
    .total = bill->total, .lines = g_memdup2 (bill->line->data, bill->line->len * sizeof (FeeLine)),
    .row = row_of_unit (order->statements, bill->unit->str),
  };
  if (order->statements->facts != NULL)
    held.facts = *order->statements->facts;
  g_array_append_val (order->bills, held);
  return TRUE;
}

/* Numbers by their size, before other texts, which are by bytes: floor 2 before floor 10. */
static gint
compare_cells (const char *a, const char *b)
{
  FeeQuantity x, y;
  gboolean number_a = fee_quantity_parse (a, &x), number_b = fee_quantity_parse (b, &y);
  if (number_a && number_b && x != y)
    return x < y ? -1 : 1;
  if (number_a != number_b)
    return number_a ? -1 : 1;
  return strcmp (a, b);
}

static gint
compare_bills (gconstpointer x, gconstpointer y, gpointer data)
{
  const HeldBill *a = x, *b = y;
  const Order *order = data;
  const FeeTable *units = order->statements->records->tables[FEE_KIND_UNITS];
  for (guint i = 0; i < order->columns->len; i++) {
    guint column = (guint) g_array_index (order->columns, gint, i);
    gint result = compare_cells (a->row == 0 ? "" : fee_table_text (units, column, a->row - 1),
                                 b->row == 0 ? "" : fee_table_text (units, column, b->row - 1));
    if (result != 0)
      return result;
  }
  return a->bill < b->bill ? -1 : a->bill > b->bill;
}

static gboolean
find_columns (const FeeStatements *statements, const char *text, GArray *columns, GError **error)
{
  const FeeTable *units = statements->records->tables[FEE_KIND_UNITS];
  g_auto (GStrv) names = g_strsplit (text, ",", -1);
  for (char **name = names; *name != NULL; name++) {
    gint column = fee_table_find_column (units, g_strstrip (*name));
    if (column < 0 || column == FEE_UNITS_FROM || column == FEE_UNITS_TO)
      return fee_tool_usage (error, _("--order: units have no column \"%s\""), *name);
    g_array_append_val (columns, column);
  }
  return TRUE;
}

/* The bill as if it were read from its page. */
static gboolean
give_bill (FeeStatements *statements, const HeldBill *held, FeeBillFunc func, gpointer data, GError **error)
{
  FeePageReader reader;
  statements->facts = statements->full ? &held->facts : NULL;
  fee_page_reader_init (&reader, held->bill, 0, NULL, 0, NULL, 0);
  reader.bill = held->bill;
  reader.total = held->total;
  reader.n_lines = held->n_lines;
  g_string_assign (reader.unit, held->unit);
  g_string_assign (reader.party, held->party);
  if (held->n_lines > 0)
    g_array_append_vals (reader.line, held->lines, held->n_lines);
  gboolean ok = func (&reader, data, error);
  fee_page_reader_clear (&reader);
  statements->facts = NULL;
  return ok;
}

gboolean
fee_statements_each_ordered (FeeStatements *statements, const char *unit, const char *columns, FeeBillFunc func, gpointer data,
                             GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autoptr (GArray) bills = g_array_new (FALSE, FALSE, sizeof (HeldBill));
  Order order = { statements, found, bills };
  g_array_set_clear_func (bills, held_bill_clear);
  if (!find_columns (statements, columns, found, error) || !fee_statements_each (statements, unit, hold_bill, &order, error))
    return FALSE;
  g_array_sort_with_data (bills, compare_bills, &order);
  for (guint i = 0; i < bills->len; i++)
    if (!give_bill (statements, &g_array_index (bills, HeldBill, i), func, data, error))
      return FALSE;
  return TRUE;
}
