/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-receivables.h"

#include <glib/gi18n-lib.h>

#include "../base/fee-error.h"
#include "fee-ledger-private.h"

typedef struct {
  FeeReceivables *sums;
  FeeOpenFunc func;
  gpointer data;
  gboolean fits;
} Adding;

static gboolean
add_unit (FeeUnitLedger *unit, gpointer data, GError **error)
{
  Adding *adding = data;
  FeeReceivables *sums = adding->sums;
  if (!fee_unit_run (unit, error))
    return FALSE;
  for (guint i = 0; i < unit->open->len; i++) {
    const FeeEvent *item = fee_unit_event (unit, g_array_index (unit->open, guint32, i));
    FeeMoney *bucket = &sums->buckets[fee_unit_bucket (item->due, unit->as_of)];
    adding->fits = fee_money_add (*bucket, item->open, bucket) && adding->fits;
    if (adding->func != NULL)
      adding->func (item->entry, item->open, adding->data);
  }
  for (guint i = 0; i < unit->credits->len; i++)
    adding->fits =
      fee_money_add (sums->credit, g_array_index (unit->credits, FeeCredit, i).left, &sums->credit) && adding->fits;
  for (guint i = 0; i < unit->parties->len; i++)
    adding->fits =
      fee_money_add (sums->balance, g_array_index (unit->parties, FeeShare, i).amount, &sums->balance) && adding->fits;
  return TRUE;
}

/* rules.md section 9: the buckets less credits add up to the balance. */
static gboolean
adds_up (const FeeReceivables *sums)
{
  FeeMoney left = sums->balance;
  gboolean fits = fee_money_add (left, sums->credit, &left);
  for (guint i = 0; i < FEE_BUCKETS; i++)
    fits = fits && fee_money_subtract (left, sums->buckets[i], &left);
  return fits && left == 0;
}

gboolean
fee_receivables_add (FeeReceivables *receivables, const FeeLedgerInput *input, FeeDate as_of, FeeOpenFunc func,
                     gpointer data, GError **error)
{
  Adding adding = { receivables, func, data, TRUE };
  g_auto (FeeUnitLedger) unit;
  fee_unit_init (&unit, input, as_of);
  if (!fee_unit_each (&unit, add_unit, &adding, error))
    return FALSE;
  if (adding.fits && adds_up (receivables))
    return TRUE;
  g_set_error (error, FEE_ERROR, FEE_ERROR_INTERNAL,
               _("the receivables by age do not add up to the balance, or leave 64 bits"));
  return FALSE;
}
