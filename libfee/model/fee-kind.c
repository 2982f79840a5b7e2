/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-kind.h"

#include <string.h>

#define ID(name, others) { name, others, FEE_CELL_ID, FALSE, FALSE, NULL }
#define ID_REQUIRED(name, others) { name, others, FEE_CELL_ID, TRUE, FALSE, NULL }
#define ID_KEY(name, others) { name, others, FEE_CELL_ID, TRUE, TRUE, NULL }
#define WORD(name, others) { name, others, FEE_CELL_WORD, FALSE, FALSE, NULL }
#define CHOICE(name, others, choices) { name, others, FEE_CELL_WORD, TRUE, FALSE, choices }
#define TEXT(name, others) { name, others, FEE_CELL_TEXT, FALSE, FALSE, NULL }
#define DATE(name, others) { name, others, FEE_CELL_DATE, FALSE, FALSE, NULL }
#define DATE_REQUIRED(name, others) { name, others, FEE_CELL_DATE, TRUE, FALSE, NULL }
#define DATE_KEY(name, others) { name, others, FEE_CELL_DATE, FALSE, TRUE, NULL }
#define MONEY(name, others) { name, others, FEE_CELL_MONEY, FALSE, FALSE, NULL }
#define MONEY_REQUIRED(name, others) { name, others, FEE_CELL_MONEY, TRUE, FALSE, NULL }

#define UNIT "房号|房屋编码"
#define FROM "起|开始日期|生效日|费用起"
#define TO "止|结束日期|失效日|费用止"

#define TABLE(...) .fields = { __VA_ARGS__ }, .n_fields = sizeof ((FeeKindField[]) { __VA_ARGS__ }) / sizeof (FeeKindField)

static const FeeKind kinds[FEE_N_KINDS] = {
  { FEE_KIND_POLICY, "policy", .n_fields = 0 },
  { FEE_KIND_UNITS, "units",
    TABLE (ID_KEY ("unit", UNIT), WORD ("building", "楼栋"), WORD ("entrance", "单元"), WORD ("floor", "楼层"),
           WORD ("kind", "物业类型"), WORD ("area", "建筑面积"), DATE_KEY ("from", FROM), DATE ("to", TO)),
    { FEE_UNITS_UNIT, FEE_UNITS_FROM }, 2, .attributes = TRUE },
  { FEE_KIND_PARTIES, "parties",
    TABLE (ID_KEY ("unit", UNIT), { "role", "角色", FEE_CELL_WORD, TRUE, TRUE, "owner=业主|occupant=使用人" },
           ID ("party", "编号"), { "name", "姓名", FEE_CELL_TEXT, TRUE, FALSE, NULL }, TEXT ("contact", "联系方式"),
           DATE_KEY ("from", FROM), DATE ("to", TO)),
    { FEE_PARTIES_UNIT, FEE_PARTIES_ROLE, FEE_PARTIES_FROM }, 3 },
  { FEE_KIND_COSTS, "costs",
    TABLE (ID_KEY ("doc", "凭证号"), { "line", "分录号", FEE_CELL_ID, FALSE, TRUE, NULL }, DATE_REQUIRED ("date", "日期"),
           { "category", "费用类别", FEE_CELL_WORD, TRUE, FALSE, NULL }, MONEY_REQUIRED ("amount", "金额"),
           DATE ("from", FROM), DATE ("to", TO), WORD ("centre", "作业中心"),
           { "spread", NULL, FEE_CELL_WORD, FALSE, FALSE, "months=按月|days=按日" }, TEXT ("supplier", "供应商"),
           TEXT ("memo", "摘要")),
    { FEE_COSTS_DOC, FEE_COSTS_LINE }, 2 },
  { FEE_KIND_ASSETS, "assets",
    TABLE (ID_KEY ("asset", "资产编号"), { "name", "名称", FEE_CELL_TEXT, TRUE, FALSE, NULL },
           MONEY_REQUIRED ("cost", "原值"), MONEY_REQUIRED ("residual", "残值"),
           { "life", "使用月数", FEE_CELL_COUNT, FALSE, FALSE, NULL }, DATE_REQUIRED ("in_service", "启用日期"),
           DATE ("disposed", "处置日期"),
           { "method", NULL, FEE_CELL_WORD, FALSE, FALSE,
             "straight-line=直线法|sum-of-years=年数总和法|double-declining=双倍余额递减法|units-of-output=工作量法" },
           WORD ("centre", "作业中心"), MONEY ("opening", "已提折旧"),
           { "units", "总工作量", FEE_CELL_QUANTITY, FALSE, FALSE, NULL }),
    { FEE_ASSETS_ASSET }, 1 },
  { FEE_KIND_QUANTITIES, "quantities",
    TABLE ({ "driver", "动因", FEE_CELL_WORD, TRUE, TRUE, NULL }, ID_KEY ("target", "对象"),
           { "quantity", "数量", FEE_CELL_QUANTITY, TRUE, FALSE, NULL }, DATE_KEY ("from", FROM), DATE ("to", TO)),
    { FEE_QUANTITIES_DRIVER, FEE_QUANTITIES_TARGET, FEE_QUANTITIES_FROM }, 3 },
  { FEE_KIND_RECEIPTS, "receipts",
    TABLE (ID_KEY ("receipt", "收据号"), DATE_REQUIRED ("date", "收款日期"),
           { "unit", UNIT, FEE_CELL_ID, TRUE, FALSE, NULL, .instead = "bill" }, MONEY_REQUIRED ("amount", "实收金额"),
           ID ("party", "编号"), { "bill", "账单号", FEE_CELL_ID, FALSE, FALSE, NULL, .reference = TRUE }, ID ("reverses", "冲销"),
           TEXT ("method", "收款方式"), TEXT ("memo", "备注")),
    { FEE_RECEIPTS_RECEIPT }, 1 },
  { FEE_KIND_ADJUSTMENTS, "adjustments",
    TABLE (ID_KEY ("adjustment", "编号"), DATE_REQUIRED ("date", "日期"), ID_REQUIRED ("unit", UNIT),
           ID_REQUIRED ("party", NULL),
           CHOICE ("kind", NULL, "opening=期初|charge=其他应收|waiver=减免|correction=更正|transfer=转移|write-off=核销"),
           MONEY_REQUIRED ("amount", "金额"), DATE ("due", "到期日"), ID ("bill", NULL),
           { "reason", "原因", FEE_CELL_TEXT, TRUE, FALSE, NULL }, TEXT ("approved_by", "批准人")),
    { FEE_ADJUSTMENTS_ADJUSTMENT }, 1 },
  { FEE_KIND_HOLDS, "holds",
    TABLE (ID_KEY ("hold", "编号"), ID_REQUIRED ("unit", UNIT), ID ("party", NULL),
           CHOICE ("kind", NULL, "hardship=困难|dispute=争议|instalments=分期|legal=诉讼|deceased=身故|stop-contact=停止联系"),
           DATE_REQUIRED ("from", FROM), DATE ("to", TO), ID ("bill", NULL), ID ("plan", NULL),
           { "reason", NULL, FEE_CELL_TEXT, TRUE, FALSE, NULL }),
    { FEE_HOLDS_HOLD }, 1 },
  { FEE_KIND_INSTALMENTS, "instalments",
    TABLE (ID_KEY ("plan", NULL), ID_REQUIRED ("unit", UNIT), ID_REQUIRED ("party", NULL),
           { "due", NULL, FEE_CELL_DATE, TRUE, TRUE, NULL }, MONEY_REQUIRED ("amount", "金额")),
    { FEE_INSTALMENTS_PLAN, FEE_INSTALMENTS_DUE }, 2 },
  { FEE_KIND_NOTICES, "notices",
    TABLE (ID_KEY ("notice", NULL), DATE_REQUIRED ("date", "日期"), ID_REQUIRED ("unit", UNIT),
           ID_REQUIRED ("party", NULL), { "step", NULL, FEE_CELL_WORD, TRUE, FALSE, NULL }, TEXT ("channel", NULL),
           { "result", NULL, FEE_CELL_WORD, FALSE, FALSE, "delivered=送达|failed=未送达" }, TEXT ("proof", NULL),
           TEXT ("approved_by", "批准人"), TEXT ("memo", "备注")),
    { FEE_NOTICES_NOTICE }, 1 },
  { FEE_KIND_BUDGETS, "budgets",
    TABLE ({ "period", NULL, FEE_CELL_WORD, TRUE, TRUE, NULL }, { "category", "费用类别", FEE_CELL_WORD, FALSE, TRUE, NULL },
           { "centre", "作业中心", FEE_CELL_WORD, FALSE, TRUE, NULL }, MONEY_REQUIRED ("amount", "金额")),
    { FEE_BUDGETS_PERIOD, FEE_BUDGETS_CATEGORY, FEE_BUDGETS_CENTRE }, 3 },
  { FEE_KIND_INCOME, "income",
    TABLE (ID_KEY ("doc", "凭证号"), DATE_REQUIRED ("date", "日期"),
           CHOICE ("kind", NULL, "advertising=广告|parking=停车|rent=场地|other=其他|opening=期初|spending=支出"),
           MONEY_REQUIRED ("amount", "金额"), DATE ("from", FROM), DATE ("to", TO), MONEY ("cost", NULL),
           TEXT ("memo", "备注")),
    { FEE_INCOME_DOC }, 1 },
};

const FeeKind *
fee_kind_get (FeeKindId id)
{
  return &kinds[id];
}

const FeeKind *
fee_kind_find (const char *name)
{
  for (guint i = 0; i < FEE_N_KINDS; i++)
    if (strcmp (kinds[i].name, name) == 0)
      return &kinds[i];
  return NULL;
}

gint
fee_kind_field (const FeeKind *kind, const char *name)
{
  for (guint i = 0; i < kind->n_fields; i++)
    if (strcmp (kind->fields[i].name, name) == 0)
      return (gint) i;
  return -1;
}

gboolean
fee_kind_find_instead (const FeeKind *kind, guint *field, guint *instead)
{
  for (guint i = 0; i < kind->n_fields; i++)
    if (kind->fields[i].instead != NULL) {
      *field = i;
      *instead = (guint) fee_kind_field (kind, kind->fields[i].instead);
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_other_name (const FeeKindField *field, const char *header)
{
  if (field->others == NULL)
    return FALSE;
  g_auto (GStrv) others = g_strsplit (field->others, "|", -1);
  return g_strv_contains ((const char *const *) others, header);
}

gint
fee_kind_match_header (const FeeKind *kind, const char *header)
{
  for (guint i = 0; i < kind->n_fields; i++)
    if (g_ascii_strcasecmp (kind->fields[i].name, header) == 0 || is_other_name (&kind->fields[i], header))
      return (gint) i;
  return -1;
}
