/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "../base/fee-text.h"
#include "../model/fee-threat.h"
#include "fee-policy-private.h"

/* domain.md section 4. The names are of documents, so they do not follow the locale. */
static const struct {
  const char *id, *en, *zh_CN;
  FeeStepType type;
  gint after, wait;
  gboolean approval;
} ladder[] = {
  { "notice", "Payment notice", "缴费提醒", FEE_STEP_NOTICE, -15, 0, FALSE },
  { "friendly", "Friendly reminder", "温馨提示", FEE_STEP_LETTER, 7, 0, FALSE },
  { "second", "Second reminder with explanation", "第二次提醒及费用说明", FEE_STEP_LETTER, 20, 0, FALSE },
  { "visit", "Call or visit", "电话或上门沟通", FEE_STEP_VISIT, 35, 0, FALSE },
  { "demand", "Formal demand", "催告函", FEE_STEP_DEMAND, 60, 15, TRUE },
  { "mediation", "Invitation to mediation", "社区调解", FEE_STEP_INTERNAL, 75, 0, FALSE },
  { "legal", "Legal review", "法律复核", FEE_STEP_INTERNAL, 90, 0, FALSE },
};

void
fee_policy_refuse_threat (FeePolicyReader *reader, guint line, const char *where, const char *text)
{
  g_autofree char *threat = fee_threat_find (text);
  if (threat == NULL)
    return;
  g_autofree char *shown = fee_text_quote (threat, strlen (threat));
  fee_policy_problem (reader, line,
                      _("%s says %s: the law does not let anyone press for payment by threats, by cutting water, power, "
                        "heat or gas, by closing lifts, gates or parking, or by publishing names"),
                      where, shown);
}

void
fee_policy_prepare_step (FeeStep *step)
{
  step->type = FEE_STEP_LETTER;
  for (gsize i = 0; i < G_N_ELEMENTS (ladder); i++)
    if (strcmp (ladder[i].id, step->id) == 0)
      step->type = ladder[i].type;
}

void
fee_policy_name_step (FeeStep *step)
{
  if (step->name.en != NULL || step->name.zh_CN != NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (ladder); i++)
    if (strcmp (ladder[i].id, step->id) == 0)
      step->name = (FeeName) { g_strdup (ladder[i].en), g_strdup (ladder[i].zh_CN) };
}

void
fee_policy_add_default_ladder (FeePolicy *policy)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ladder); i++) {
    FeeStep step = { .id = g_strdup (ladder[i].id), .type = ladder[i].type, .after = ladder[i].after, .wait = ladder[i].wait,
                     .approval = ladder[i].approval };
    fee_policy_name_step (&step);
    g_array_append_val (policy->steps, step);
  }
}
