/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-audit-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
finding_free (gpointer data)
{
  FeeFinding *finding = data;
  g_free (finding->place);
  g_free (finding->what);
  g_free (finding);
}

void
fee_audit_free (FeeAudit *audit)
{
  if (audit == NULL)
    return;
  g_ptr_array_unref (audit->findings);
  g_free (audit->head);
  g_free (audit->seal);
  g_clear_error (&audit->stopped);
  g_free (audit);
}

/* ---- Findings */

static void
take_finding (FeeAudit *audit, const char *place, char *what)
{
  audit->n_findings++;
  if (audit->findings->len == FEE_FINDINGS_KEPT) {
    g_free (what);
    return;
  }
  FeeFinding *finding = g_new0 (FeeFinding, 1);
  finding->place = g_strdup (place);
  finding->what = what;
  g_ptr_array_add (audit->findings, finding);
}

void
fee_audit_find (FeeAuditing *auditing, const char *place, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  take_finding (auditing->audit, place, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

void
fee_audit_fault (FeeAuditing *auditing, const char *place, GError *error)
{
  g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    take_finding (auditing->audit, place, g_strdup (*line));
  g_error_free (error);
}

gboolean
fee_audit_text (FeeAuditing *auditing, const char *place, const char *column, const char *is, const char *expected)
{
  if (strcmp (is, expected) == 0)
    return TRUE;
  fee_audit_find (auditing, place, _("%s is \"%s\", not \"%s\""), column, is, expected);
  return FALSE;
}

gboolean
fee_audit_number (FeeAuditing *auditing, const char *place, const char *column, gint64 is, gint64 expected)
{
  if (is == expected)
    return TRUE;
  fee_audit_find (auditing, place, _("%s is %ld, not %ld"), column, (glong) is, (glong) expected);
  return FALSE;
}

char *
fee_audit_amount (const FeeAuditing *auditing, __int128 amount, char *buffer)
{
  char digits[FEE_AMOUNT_SIZE];
  guint n = sizeof digits - 1;
  if (amount >= G_MININT64 && amount <= G_MAXINT64)
    return fee_money_format ((FeeMoney) amount, auditing->decimals, buffer);
  unsigned __int128 left = amount < 0 ? -(unsigned __int128) amount : (unsigned __int128) amount;
  for (digits[n] = '\0'; left > 0; left /= 10)
    digits[--n] = (char) ('0' + left % 10);
  g_snprintf (buffer, FEE_AMOUNT_SIZE, "%s%s", amount < 0 ? "-" : "", digits + n);
  return buffer;
}

gboolean
fee_audit_money (FeeAuditing *auditing, const char *place, const char *column, FeeMoney is, __int128 expected)
{
  char shown[FEE_AMOUNT_SIZE], wanted[FEE_AMOUNT_SIZE];
  if (is == expected)
    return TRUE;
  fee_audit_find (auditing, place, _("%s is %s, not %s"), column, fee_audit_amount (auditing, is, shown),
                  fee_audit_amount (auditing, expected, wanted));
  return FALSE;
}

/* ---- Chains */

gboolean
fee_chain_link_parse (const char *text, FeeChainLink *out)
{
  const char *colon = strchr (text, ':');
  guint64 number;
  if (colon == NULL || strlen (colon + 1) != 64 || strspn (colon + 1, "0123456789abcdef") != 64)
    return FALSE;
  g_autofree char *digits = g_strndup (text, (gsize) (colon - text));
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT32, &number, NULL))
    return FALSE;
  out->number = (guint32) number;
  g_strlcpy (out->hex, colon + 1, sizeof out->hex);
  return TRUE;
}

char *
fee_runs_head (const GPtrArray *runs)
{
  g_autofree char *zeros = g_strnfill (64, '0');
  return g_strdup_printf ("%u:%s", runs->len,
                          runs->len == 0 ? zeros : ((const FeeRunHead *) g_ptr_array_index (runs, runs->len - 1))->digest);
}

/* ---- The whole */

static void
auditing_clear (FeeAuditing *auditing)
{
  FeeStrings *strings[] = { auditing->units, auditing->parties, auditing->costs, auditing->assets, auditing->billed };
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    fee_strings_free (strings[i]);
  g_clear_pointer (&auditing->batches, g_ptr_array_unref);
  g_clear_pointer (&auditing->runs, g_ptr_array_unref);
  g_clear_pointer (&auditing->withdrawals, g_ptr_array_unref);
  g_clear_pointer (&auditing->disclosures, g_ptr_array_unref);
  g_clear_pointer (&auditing->policies, g_ptr_array_unref);
  fee_bill_finder_free (auditing->finder);
  fee_run_free (auditing->before);
}

static void
auditing_init (FeeAuditing *auditing, FeeBook *book, FeeAudit *audit)
{
  *auditing = (FeeAuditing) {
    .book = book, .audit = audit, .decimals = 2, .readable = TRUE, .posted = TRUE, .units = fee_strings_new (),
    .parties = fee_strings_new (), .costs = fee_strings_new (), .assets = fee_strings_new (), .billed = fee_strings_new (),
  };
  auditing->policies = g_ptr_array_new_with_free_func ((GDestroyNotify) fee_policy_unref);
  auditing->finder = fee_bill_finder_new (book);
}

static gboolean
read_lists (FeeAuditing *auditing, GError **error)
{
  FeeAudit *audit = auditing->audit;
  if (!fee_book_batches (auditing->book, &auditing->batches, error)
      || !fee_book_all_runs (auditing->book, &auditing->runs, &auditing->withdrawals, error)
      || !fee_book_disclosures (auditing->book, &auditing->disclosures, error))
    return FALSE;
  g_autoptr (GPtrArray) standing = fee_runs_standing (auditing->runs, auditing->runs->len + 1);
  audit->n_batches = auditing->batches->len;
  audit->n_runs = standing->len;
  audit->n_disclosures = auditing->disclosures->len;
  audit->head = fee_runs_head (standing);
  return fee_book_seal (auditing->book, &audit->seal, error);
}

FeeAudit *
fee_book_audit (FeeBook *book, const FeeChainLink *head, const FeeChainLink *seal)
{
  FeeAudit *audit = g_new0 (FeeAudit, 1);
  FeeAuditing auditing;
  audit->findings = g_ptr_array_new_with_free_func (finding_free);
  auditing_init (&auditing, book, audit);
  if (fee_audit_storage (&auditing, &audit->stopped) && read_lists (&auditing, &audit->stopped)
      && fee_audit_seal (&auditing, seal, &audit->stopped)) {
    fee_audit_files (&auditing);
    fee_audit_disclosures (&auditing);
    fee_audit_runs (&auditing, head);
    fee_audit_records (&auditing);
    fee_audit_ledger (&auditing);
  }
  auditing_clear (&auditing);
  return audit;
}
