/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure-show-private.h"

#include <string.h>

#include "fee-bill.h"

/* What goes to the notice board. Both languages stand side by side: a document does not follow the locale. */

/* The rows of a section stand together. */
static void
find_section (const FeeShowing *showing, FeeDisclosureSection section, guint *begin, guint *end)
{
  const GArray *rows = showing->disclosure->rows;
  *begin = 0;
  while (*begin < rows->len && row_at (showing, *begin)->section < section)
    (*begin)++;
  *end = *begin;
  while (*end < rows->len && row_at (showing, *end)->section == section)
    (*end)++;
}

static void
money (FeeWriter *table, FeeMoney amount)
{
  if (amount == FEE_DISCLOSE_NONE)
    fee_writer_empty (table);
  else
    fee_writer_money (table, amount);
}

/* As bills have it. */
static void
show_quantity (FeeWriter *table, FeeQuantity quantity)
{
  char text[FEE_GROUPED_SIZE];
  fee_writer_text (table, quantity == FEE_QUANTITY_NONE ? "" : fee_quantity_words (quantity, text));
}

static void
difference (FeeWriter *table, FeeMoney amount, FeeMoney budget)
{
  FeeMoney rest;
  if (budget != FEE_DISCLOSE_NONE && fee_money_subtract (amount, budget, &rest))
    fee_writer_money (table, rest);
  else
    fee_writer_empty (table);
}

/* ---- Tables */

typedef void (*RowFunc) (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row);

typedef struct {
  FeeDisclosureSection section;
  const char *en, *zh_CN; /* heading */
  const FeeOutputColumn *columns;
  guint n_columns;
  RowFunc row;
} Section;

static void
income_cells (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row)
{
  fee_writer_text (table, text_of (showing, row->name));
  money (table, row->amount);
  money (table, row->received);
  if (row->rate == FEE_DISCLOSE_NONE)
    fee_writer_empty (table);
  else
    fee_writer_percent (table, row->rate);
}

static void
category_cells (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row)
{
  fee_writer_text (table, text_of (showing, row->name));
  money (table, row->budget);
  money (table, row->amount);
  difference (table, row->amount, row->budget);
  money (table, row->previous);
}

static void
centre_cells (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row)
{
  fee_writer_text (table, text_of (showing, row->name));
  money (table, row->amount);
  money (table, row->before);
  fee_writer_text (table, text_of (showing, row->driver));
  show_quantity (table, row->driver_total);
  if (row->unit_cost == FEE_DISCLOSE_NONE)
    fee_writer_empty (table);
  else
    fee_writer_decimal (table, row->unit_cost, 4);
  money (table, row->budget);
  money (table, row->previous);
}

static void
support_cells (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row)
{
  fee_writer_text (table, text_of (showing, row->name));
  money (table, row->amount);
  money (table, row->previous);
  fee_writer_text (table, text_of (showing, row->driver));
}

static void
amount_cells (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row)
{
  fee_writer_text (table, text_of (showing, row->name));
  money (table, row->amount);
}

static void
compared_cells (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row)
{
  amount_cells (table, showing, row);
  money (table, row->previous);
}

static void
late_cells (FeeWriter *table, const FeeShowing *showing, const FeeDisclosureRow *row)
{
  amount_cells (table, showing, row);
  fee_writer_text (table, text_of (showing, row->note));
}

static const FeeOutputColumn income_columns[] = {
  TEXT ("name", "Building", "楼栋"),
  MONEY ("amount", "Billed", "应收"),
  MONEY ("received", "Received", "已收"),
  NUMBER ("rate", "Rate %", "收缴率%"),
};
static const FeeOutputColumn category_columns[] = {
  TEXT ("name", "Item", "项目"),
  MONEY ("budget", "Budget", "预算"),
  MONEY ("amount", "Actual", "实际"),
  MONEY ("difference", "Difference", "差异"),
  MONEY ("previous", "Period before", "上期"),
};
static const FeeOutputColumn centre_columns[] = {
  TEXT ("name", "Service", "服务项目"),
  MONEY ("amount", "Cost", "成本"),
  MONEY ("before", "Of it earlier", "其中以前期间"),
  TEXT ("driver", "Shared by", "按什么分"),
  NUMBER ("driver_total", "Of all", "合计"),
  NUMBER ("unit_cost", "For one", "单价"),
  MONEY ("budget", "Budget", "预算"),
  MONEY ("previous", "Period before", "上期"),
};
static const FeeOutputColumn support_columns[] = {
  TEXT ("name", "Support centre", "辅助作业中心"),
  MONEY ("amount", "Cost", "成本"),
  MONEY ("previous", "Period before", "上期"),
  TEXT ("driver", "Shared by", "按什么分"),
};
static const FeeOutputColumn compared_columns[] = {
  TEXT ("name", "Item", "项目"),
  MONEY ("amount", "Amount", "金额"),
  MONEY ("previous", "Period before", "上期"),
};
static const FeeOutputColumn receivables_columns[] = { TEXT ("name", "Age", "账龄"), MONEY ("amount", "Amount", "金额") };
static const FeeOutputColumn late_columns[] = {
  TEXT ("name", "Month", "所属月份"),
  MONEY ("amount", "Amount", "金额"),
  TEXT ("note", "What it is", "内容"),
};

static const Section sections[] = {
  { FEE_DISCLOSE_INCOME, "A. Fees billed and received", "一、物业费应收与实收", income_columns,
    G_N_ELEMENTS (income_columns), income_cells },
  { FEE_DISCLOSE_CATEGORY, "B. Costs by legal item", "二、成本支出（按法定构成）", category_columns,
    G_N_ELEMENTS (category_columns), category_cells },
  { FEE_DISCLOSE_CENTRE, "C. What services cost, and how they are shared", "三、各服务项目的成本与分摊", centre_columns,
    G_N_ELEMENTS (centre_columns), centre_cells },
  { FEE_DISCLOSE_SUPPORT, "How the support centres were emptied", "辅助作业中心的分配", support_columns,
    G_N_ELEMENTS (support_columns), support_cells },
  { FEE_DISCLOSE_LATE, "Costs of earlier months that came later", "补记的以前月份成本", late_columns,
    G_N_ELEMENTS (late_columns), late_cells },
  { FEE_DISCLOSE_RESULT, "D. Surplus or deficit", "四、结余或不足", compared_columns, G_N_ELEMENTS (compared_columns),
    compared_cells },
  { FEE_DISCLOSE_COMMON, "E. Common-area income and its use", "五、公共收益及其使用", compared_columns,
    G_N_ELEMENTS (compared_columns), compared_cells },
  { FEE_DISCLOSE_RECEIVABLES, "F. Receivables by age", "六、应收款账龄", receivables_columns,
    G_N_ELEMENTS (receivables_columns), amount_cells },
  { FEE_DISCLOSE_RULES, "G. The rules of allocation", "七、分摊规则", NULL, 0, NULL },
  { FEE_DISCLOSE_HEAD, "H. Where to ask, and the check code", "八、咨询与校验", NULL, 0, NULL },
};

static gboolean
is_total (const FeeShowing *showing, const FeeDisclosureRow *row)
{
  return strcmp (text_of (showing, row->item), "total") == 0;
}

static void
show_table (const FeeShowing *showing, const Section *section, guint begin, guint end)
{
  FeeWriter *table = fee_document_begin_table (showing->document, section->columns, section->n_columns,
                                               word (showing, section->en, section->zh_CN));
  for (guint i = begin; i < end; i++) {
    if (is_total (showing, row_at (showing, i)))
      fee_writer_sum (table);
    section->row (table, showing, row_at (showing, i));
  }
  fee_document_end_table (showing->document);
}

/* One note for all, as where all support centres are emptied alike. */
static gboolean
notes_are_one (const FeeShowing *showing, guint begin, guint end)
{
  for (guint i = begin + 1; i + 1 < end; i++)
    if (strcmp (text_of (showing, row_at (showing, i)->note), text_of (showing, row_at (showing, begin)->note)) != 0)
      return FALSE;
  return TRUE;
}

/* What tables have no column for. */
static void
show_notes (const FeeShowing *showing, const Section *section, guint begin, guint end)
{
  gboolean one = section->section == FEE_DISCLOSE_SUPPORT && notes_are_one (showing, begin, end);
  for (guint i = begin; i < end && section->section != FEE_DISCLOSE_LATE; i++) {
    const FeeDisclosureRow *row = row_at (showing, i);
    if (row->note == FEE_TEXT_EMPTY || (one && i > begin))
      continue;
    g_autofree char *note =
      one || is_total (showing, row)
        ? g_strdup (text_of (showing, row->note))
        : g_strdup_printf (word (showing, "%s: %s", "%s：%s"), text_of (showing, row->name), text_of (showing, row->note));
    fee_document_note (showing->document, note);
  }
}

static void
show_words (const FeeShowing *showing, guint begin, guint end)
{
  for (guint i = begin; i < end; i++)
    fee_document_printf (showing->document, word (showing, "%s: %s", "%s：%s"), text_of (showing, row_at (showing, i)->name),
                         text_of (showing, row_at (showing, i)->note));
}

/* ---- The sheet */

static void
show_section (const FeeShowing *showing, const Section *section)
{
  guint begin, end;
  find_section (showing, section->section, &begin, &end);
  gboolean alone = end == begin + 1 && section->section != FEE_DISCLOSE_INCOME
                   && section->section != FEE_DISCLOSE_HEAD; /* a total of nothing */
  if (begin == end || (alone && (section->section == FEE_DISCLOSE_LATE || section->section == FEE_DISCLOSE_SUPPORT)))
    return;
  gboolean within =
    section->section == FEE_DISCLOSE_SUPPORT || section->section == FEE_DISCLOSE_LATE; /* of what services cost */
  fee_document_heading (showing->document, within ? 3 : 2, word (showing, section->en, section->zh_CN));
  if (section->row == NULL)
    show_words (showing, begin, end);
  else {
    show_table (showing, section, begin, end);
    show_notes (showing, section, begin, end);
  }
  if (section->section == FEE_DISCLOSE_CENTRE)
    fee_document_note (
      showing->document,
      word (showing,
            "For one: multiply it by your own quantity, as it stands on your bill. It is without costs of earlier periods.",
            "单价乘以您家账单上的数量，就是您家的分摊额；单价不含以前期间的成本。"));
  if (section->section != FEE_DISCLOSE_HEAD)
    fee_document_gap (showing->document);
  if (section->section == FEE_DISCLOSE_INCOME)
    fee_disclosure_show_rates (showing, begin, end);
  if (section->section == FEE_DISCLOSE_CATEGORY)
    fee_disclosure_show_months (showing);
  if (section->section == FEE_DISCLOSE_CENTRE)
    fee_disclosure_show_typical (showing);
}

char *
fee_disclosure_title (const FeeDisclosure *disclosure)
{
  char period[FEE_DATE_SIZE];
  gboolean zh = strcmp (disclosure->lang, "zh_CN") == 0;
  return g_strdup_printf (zh ? "物业服务收支公示 %s" : "Disclosure of property fees %s",
                          fee_disclosure_period (disclosure->first, disclosure->last, period));
}

char *
fee_disclosure_period (FeePeriod first, FeePeriod last, char *buffer)
{
  if (last - first == 11)
    g_snprintf (buffer, FEE_DATE_SIZE, "%04d", fee_period_year (first));
  else if (last - first == 2)
    g_snprintf (buffer, FEE_DATE_SIZE, "%04d-Q%d", fee_period_year (first), (fee_period_month (first) + 2) / 3);
  else
    fee_period_format (first, buffer);
  return buffer;
}

void
fee_disclosure_show (FeeDocument *document, const FeeDisclosure *disclosure)
{
  FeeShowing showing = { document, disclosure, strcmp (disclosure->lang, "zh_CN") == 0 };
  char from[FEE_DATE_SIZE], to[FEE_DATE_SIZE], as_of[FEE_DATE_SIZE];
  g_autofree char *title = fee_disclosure_title (disclosure);
  g_autofree char *months =
    g_strdup_printf (disclosure->from == disclosure->to ? "%s" : "%s..%s", fee_period_format (disclosure->from, from),
                     fee_period_format (disclosure->to, to));
  FeeDocumentFact facts[] = {
    { word (&showing, "Months", "月份"), months },
    { word (&showing, "Receipts and receivables as of", "收款及应收款截至"), fee_date_format (disclosure->as_of, as_of) },
  };
  fee_document_sheet (document, text_of (&showing, disclosure->estate), title);
  fee_document_facts (document, facts, G_N_ELEMENTS (facts));
  fee_document_gap (document);
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    show_section (&showing, &sections[i]);
}
