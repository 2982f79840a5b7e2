/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-disclosure.h"

const FeeOutputColumn fee_disclosure_columns[FEE_N_DISCLOSURE_COLUMNS] = {
  { "section", "Section", "部分", FEE_COLUMN_TEXT },
  { "item", "Item", "编号", FEE_COLUMN_TEXT },
  { "name", "Name", "项目", FEE_COLUMN_TEXT },
  { "amount", "Amount", "金额", FEE_COLUMN_MONEY },
  { "budget", "Budget", "预算", FEE_COLUMN_MONEY },
  { "previous", "Period before", "上期", FEE_COLUMN_MONEY },
  { "note", "Note", "说明", FEE_COLUMN_TEXT },
  { "driver", "Driver", "动因", FEE_COLUMN_TEXT },
  { "driver_total", "Driver total", "动因合计", FEE_COLUMN_NUMBER },
  { "unit_cost", "Unit cost", "单价", FEE_COLUMN_NUMBER },
  { "rate", "Rate %", "收缴率%", FEE_COLUMN_NUMBER },
  { "received", "Received", "已收", FEE_COLUMN_MONEY },
  { "before", "Of earlier periods", "其中以前期间", FEE_COLUMN_MONEY },
  { "support", "From support centres", "其中辅助作业中心转入", FEE_COLUMN_MONEY },
  { "fund", "Maintenance fund", "归入维修资金", FEE_COLUMN_MONEY },
};

static void
money (FeeWriter *writer, FeeMoney amount)
{
  if (amount == FEE_DISCLOSE_NONE)
    fee_writer_empty (writer);
  else
    fee_writer_money (writer, amount);
}

void
fee_disclosure_rows (FeeWriter *writer, const FeeDisclosure *disclosure)
{
  for (guint i = 0; i < disclosure->rows->len; i++) {
    const FeeDisclosureRow *row = &g_array_index (disclosure->rows, FeeDisclosureRow, i);
    fee_writer_text (writer, fee_disclosure_section_text (row->section));
    fee_writer_text (writer, fee_strings_get (disclosure->texts, row->item));
    fee_writer_text (writer, fee_strings_get (disclosure->texts, row->name));
    money (writer, row->amount);
    money (writer, row->budget);
    money (writer, row->previous);
    fee_writer_text (writer, fee_strings_get (disclosure->texts, row->note));
    fee_writer_text (writer, fee_strings_get (disclosure->texts, row->driver));
    fee_writer_quantity (writer, row->driver_total);
    if (row->unit_cost == FEE_DISCLOSE_NONE)
      fee_writer_empty (writer);
    else
      fee_writer_decimal (writer, row->unit_cost, 4);
    if (row->rate == FEE_DISCLOSE_NONE)
      fee_writer_empty (writer);
    else
      fee_writer_percent (writer, row->rate);
    money (writer, row->received);
    money (writer, row->before);
    money (writer, row->support);
    money (writer, row->fund);
  }
}
