import type { Language, Text } from '#kernel/locale.ts';
import { type PartMonthRow, type PartRow, total } from '../data.ts';
import { joined, partName, UNIT } from '../words.ts';
import type { Sheet } from './xlsx.ts';

/** Lines of the summary sheets: what the parts add to the inpatient clearing, up to all that is paid. */
export const PART_LINES: readonly {
  readonly title: Text;
  readonly note: Text;
  readonly value: (rows: readonly PartRow[]) => bigint;
  /** with the inpatient result added */
  readonly withResult: boolean;
}[] = [
  {
    title: { zh: '各部分应付', en: 'Parts due' },
    note: { zh: '床日、按人头、按项目、医共体', en: 'bed-days, capitation, fee for service, communities' },
    value: (rows) => total(rows, (row) => row.due_fen),
    withResult: false,
  },
  {
    title: { zh: '各部分已按月付', en: 'Parts paid monthly' },
    note: { zh: '见“各部分月度”表', en: 'see the sheet of their months' },
    value: (rows) => total(rows, (row) => row.monthly_paid_fen),
    withResult: false,
  },
  {
    title: { zh: '各部分清算现金', en: 'Cash of the parts' },
    note: { zh: '应付－已按月付；负数为应退回', en: 'due − paid monthly; negative money goes back' },
    value: (rows) => total(rows, (row) => row.due_fen - row.monthly_paid_fen),
    withResult: false,
  },
  {
    title: { zh: '合计支付', en: 'Paid in all' },
    note: { zh: '住院清算结果＋各部分应付', en: 'inpatient result + parts due' },
    value: (rows) => total(rows, (row) => row.due_fen),
    withResult: true,
  },
];

const LOCKS: Readonly<Record<string, Text>> = {
  fixed: { zh: '固定', en: 'fixed' },
  float: { zh: '浮动', en: 'floating' },
  capped: { zh: '封顶', en: 'capped' },
  inside: { zh: '已含于医共体', en: 'in the community' },
};

/** One row for each line of a part. */
export const partSheet = (rows: readonly PartRow[], language: Language): Sheet => ({
  name: { zh: '各部分', en: 'Parts' },
  columns: [
    { title: { zh: '部分', en: 'Part' }, width: 26, kind: 'text' },
    { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
    { title: { zh: '机构代码', en: 'Institution code' }, width: 18, kind: 'text' },
    { title: { zh: '机构名称', en: 'Institution' }, width: 30, kind: 'text' },
    { title: { zh: '项目', en: 'Item' }, width: 22, kind: 'text' },
    {
      title: { zh: '数量', en: 'Quantity' },
      unit: { zh: '天或人', en: 'days or people' },
      width: 14,
      kind: 'count',
    },
    { title: { zh: '金额', en: 'Amount' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
    { title: { zh: '基金部分', en: 'Fund part' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
    { title: { zh: '点数', en: 'Points' }, unit: UNIT.points, width: 17, kind: 'scaled4' },
    { title: { zh: '方式', en: 'Lock' }, width: 22, kind: 'text' },
    { title: { zh: '应付', en: 'Due' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
    { title: { zh: '已按月付', en: 'Paid monthly' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
    { title: { zh: '清算现金', en: 'Cash' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
  ],
  rows: rows.map((row) => [
    joined(partName(row.part), language),
    row.insutype,
    row.fixmedins_code,
    row.name,
    row.item,
    row.quantity,
    row.amount_fen,
    row.fund_fen,
    row.points4,
    joined(LOCKS[row.lock] ?? { zh: row.lock, en: row.lock }, language),
    row.due_fen,
    row.monthly_paid_fen,
    row.due_fen - row.monthly_paid_fen,
  ]),
});

/** One row for each line of a part and month. */
export const partMonthSheet = (rows: readonly PartMonthRow[], language: Language): Sheet => ({
  name: { zh: '各部分月度', en: 'Months of the parts' },
  columns: [
    { title: { zh: '月份', en: 'Month' }, width: 10, kind: 'text' },
    { title: { zh: '部分', en: 'Part' }, width: 26, kind: 'text' },
    { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
    { title: { zh: '机构代码', en: 'Institution code' }, width: 18, kind: 'text' },
    { title: { zh: '机构名称', en: 'Institution' }, width: 30, kind: 'text' },
    { title: { zh: '项目', en: 'Item' }, width: 22, kind: 'text' },
    { title: { zh: '月基数', en: 'Base' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
    { title: { zh: '月付款', en: 'Paid' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
  ],
  rows: rows.map((row) => [
    row.month,
    joined(partName(row.part), language),
    row.insutype,
    row.fixmedins_code,
    row.name,
    row.item,
    row.base_fen,
    row.paid_fen,
  ]),
});
