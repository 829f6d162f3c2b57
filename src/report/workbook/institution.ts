import type { Engine } from '#engine/duckdb.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { type ClearingRow, groupName, type InstitutionSummary, type ReportData, select } from '../data.ts';
import { mean } from '../format.ts';
import { deviationName, joined, kindName, levelName, schemeName, UNIT } from '../words.ts';
import { PART_LINES, partMonthSheet, partSheet } from './parts.ts';
import { type CellKind, SHEET_ROWS_MAX, type Sheet, type SheetCell, type SheetColumn } from './xlsx.ts';

export type MonthlyRow = {
  month: string;
  insutype: string;
  fixmedins_code: string;
  name: string | null;
  cases: bigint;
  points4: bigint;
  cost_fen: bigint;
  fund_fen: bigint;
  non_fund_fen: bigint;
  base_fen: bigint;
  paid_fen: bigint;
};

type GroupRow = {
  group_code: string | null;
  kind: string;
  diagnosis_name: string | null;
  procedure_names: string | null;
  score4: bigint | null;
  cases: bigint;
  cost_fen: bigint;
  mean_cost_fen: bigint;
  area_mean_cost_fen: bigint;
  difference_fen: bigint;
  history_mean_cost_fen: bigint | null;
  points4: bigint;
};

type CaseRow = {
  setl_id: string;
  insutype: string;
  month: string;
  diagnosis: string;
  procedures: string | null;
  group_code: string | null;
  kind: string;
  deviation: string | null;
  cost_fen: bigint;
  fund_fen: bigint;
  points4: bigint;
  estimated_payment_fen: bigint | null;
};

/** Cases fetched at a time, so that a big institution does not fill the memory. */
const CASES_PER_FETCH = 20_000;

/** The sheets of one institution's workbook. Needs the tables `workbook_group` and `workbook_case`. */
export async function institutionSheets(
  engine: Engine,
  data: ReportData,
  institution: InstitutionSummary,
  language: Language,
): Promise<Sheet[]> {
  const code = institution.fixmedins_code;
  const monthly = await select<MonthlyRow>(engine, 'monthly', [code]);
  const groups = (await engine.rows(
    'SELECT * FROM workbook_group WHERE fixmedins_code = $1 ORDER BY cost_fen DESC, group_code NULLS LAST',
    [code],
  )) as unknown as GroupRow[];
  return [
    summarySheet(data, institution, language),
    {
      name: { zh: '月度', en: 'Monthly' },
      columns: [
        { title: { zh: '月份', en: 'Month' }, width: 10, kind: 'text' },
        { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
        { title: { zh: '险种', en: 'Scheme' }, width: 26, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 11, kind: 'count' },
        { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, width: 17, kind: 'scaled4' },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '非基金支付', en: 'Non-fund payments' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '月结算基数', en: 'Base' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '月预结算', en: 'Paid' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
      ],
      rows: monthly.map((row) => [
        row.month,
        row.insutype,
        joined(schemeName(row.insutype), language),
        row.cases,
        row.points4,
        row.cost_fen,
        row.fund_fen,
        row.non_fund_fen,
        row.base_fen,
        row.paid_fen,
      ]),
    },
    {
      name: { zh: '病种', en: 'Groups' },
      columns: [
        { title: { zh: '病种编码', en: 'Group code' }, width: 24, kind: 'text' },
        { title: { zh: '病种名称', en: 'Name' }, width: 44, kind: 'text' },
        { title: { zh: '类型', en: 'Kind' }, width: 18, kind: 'text' },
        { title: { zh: '病例', en: 'Cases' }, unit: UNIT.cases, width: 11, kind: 'count' },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '本机构次均', en: 'Mean cost here' }, unit: UNIT.yuan, width: 16, kind: 'yuan' },
        {
          title: { zh: '全地区次均', en: 'Mean cost of the area' },
          unit: UNIT.yuan,
          width: 16,
          kind: 'yuan',
        },
        { title: { zh: '差额', en: 'Difference' }, unit: UNIT.yuan, width: 16, kind: 'yuan' },
        { title: { zh: '历史均费', en: 'History mean cost' }, unit: UNIT.yuan, width: 16, kind: 'yuan' },
        { title: { zh: '病种分值', en: 'Score' }, unit: UNIT.points, width: 16, kind: 'scaled4' },
        { title: { zh: '本机构分值', en: 'Points here' }, unit: UNIT.points, width: 17, kind: 'scaled4' },
      ],
      rows: groups.map((row) => [
        row.group_code,
        groupName(row),
        joined(kindName(row.kind), language),
        row.cases,
        row.cost_fen,
        row.mean_cost_fen,
        row.area_mean_cost_fen,
        row.difference_fen,
        row.history_mean_cost_fen,
        row.score4,
        row.points4,
      ]),
    },
    ...partSheets(data, code, language),
    ...caseSheets(engine, institution, language),
  ];
}

/** The parts of this institution, and their months; no sheet where it has none. */
function partSheets({ parts, partMonths }: ReportData, code: string, language: Language): Sheet[] {
  const own = parts.filter((row) => row.fixmedins_code === code);
  const months = partMonths.filter((row) => row.fixmedins_code === code);
  return [
    ...(own.length > 0 ? [partSheet(own, language)] : []),
    ...(months.length > 0 ? [partMonthSheet(months, language)] : []),
  ];
}

/** One sheet of cases, or as many as Excel's limit of rows asks for. */
function caseSheets(engine: Engine, institution: InstitutionSummary, language: Language): Sheet[] {
  const columns: SheetColumn[] = [
    { title: { zh: '结算ID', en: 'setl_id' }, width: 24, kind: 'text' },
    { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
    { title: { zh: '出院月份', en: 'Month of discharge' }, width: 12, kind: 'text' },
    { title: { zh: '主要诊断', en: 'Principal diagnosis' }, width: 14, kind: 'text' },
    { title: { zh: '手术及操作', en: 'Procedures' }, width: 26, kind: 'text' },
    { title: { zh: '病种编码', en: 'Group code' }, width: 24, kind: 'text' },
    { title: { zh: '类型', en: 'Kind' }, width: 14, kind: 'text' },
    { title: { zh: '费用偏差', en: 'Deviation' }, width: 12, kind: 'text' },
    { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 15, kind: 'yuan' },
    { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.yuan, width: 15, kind: 'yuan' },
    { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, width: 16, kind: 'scaled4' },
    { title: { zh: '估算支付', en: 'Estimated payment' }, unit: UNIT.yuan, width: 16, kind: 'yuan' },
  ];
  return caseRanges(Number(institution.cases), SHEET_ROWS_MAX - 1).map(({ from, to }, index) => ({
    name: index === 0 ? { zh: '病例', en: 'Cases' } : { zh: `病例 ${index + 1}`, en: `Cases ${index + 1}` },
    columns,
    rows: caseRows(engine, institution.fixmedins_code, from, to, language),
  }));
}

/** The numbers of the first and last case of each sheet; one empty sheet without cases. */
export function caseRanges(cases: number, perSheet: number): { from: number; to: number }[] {
  const sheets = Math.max(1, Math.ceil(cases / perSheet));
  return Array.from({ length: sheets }, (_, index) => ({
    from: index * perSheet + 1,
    to: Math.min(cases, (index + 1) * perSheet),
  }));
}

async function* caseRows(
  engine: Engine,
  code: string,
  from: number,
  to: number,
  language: Language,
): AsyncIterable<readonly SheetCell[]> {
  for (let start = from; start <= to; start += CASES_PER_FETCH) {
    const end = Math.min(to, start + CASES_PER_FETCH - 1);
    const rows = (await engine.rows(
      'SELECT * FROM workbook_case WHERE fixmedins_code = $1 AND case_no BETWEEN $2 AND $3 ORDER BY case_no',
      [code, start, end],
    )) as unknown as CaseRow[];
    for (const row of rows)
      yield [
        row.setl_id,
        row.insutype,
        row.month,
        row.diagnosis,
        row.procedures,
        row.group_code,
        kindName(row.kind)[language],
        row.deviation === null ? null : deviationName(row.deviation)[language],
        row.cost_fen,
        row.fund_fen,
        row.points4,
        row.estimated_payment_fen,
      ];
    if (rows.length < end - start + 1) return;
  }
}

type ClearingLine = {
  readonly title: Text;
  readonly unit: Text;
  readonly kind: CellKind;
  readonly value: (row: ClearingRow) => bigint | null;
  readonly total: (row: InstitutionSummary) => bigint | null;
  readonly note?: Text;
};

const LINES: readonly ClearingLine[] = [
  {
    title: { zh: '清单', en: 'Lists' },
    unit: UNIT.lists,
    kind: 'count',
    value: (row) => row.cases,
    total: (row) => row.cases,
  },
  {
    title: { zh: '分值', en: 'Points' },
    unit: UNIT.points,
    kind: 'scaled4',
    value: (row) => row.points4,
    total: (row) => row.points4,
  },
  {
    title: { zh: '总费用', en: 'Total cost' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.cost_fen,
    total: (row) => row.cost_fen,
  },
  {
    title: { zh: '次均费用', en: 'Average cost per case' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => mean(row.cost_fen, row.cases),
    total: (row) => mean(row.cost_fen, row.cases),
    note: { zh: '总费用 ÷ 清单', en: 'cost / lists' },
  },
  {
    title: { zh: '记账基金', en: 'Fund booked' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.fund_fen,
    total: (row) => row.fund_fen,
    note: { zh: '出院结算时已记账的基金支付', en: 'fund payments booked at discharge' },
  },
  {
    title: { zh: '非基金支付', en: 'Non-fund payments' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.non_fund_fen,
    total: (row) => row.non_fund_fen,
    note: { zh: '总费用－记账基金', en: 'cost − fund booked' },
  },
  {
    title: { zh: '应付', en: 'Due' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.due_fen,
    total: (row) => row.due_fen,
    note: {
      zh: '分值×结算点值（未舍入）－非基金支付',
      en: 'points × settlement point value (unrounded) − non-fund payments',
    },
  },
  {
    title: { zh: '考核后', en: 'Assessed' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.assessed_fen,
    total: (row) => row.assessed_fen,
    note: { zh: '应付×考核系数', en: 'due × assessment coefficient' },
  },
  {
    title: { zh: '审核扣减', en: 'Audit deduction' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.audit_deduction_fen,
    total: (row) => row.audit_deduction_fen,
  },
  {
    title: { zh: '清算结果', en: 'Clearing result' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.result_fen,
    total: (row) => row.result_fen,
    note: { zh: '考核后－审核扣减', en: 'assessed − audit deduction' },
  },
  {
    title: { zh: '盈亏', en: 'Gain' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.gain_fen,
    total: (row) => row.gain_fen,
    note: { zh: '清算结果－记账基金', en: 'result − fund booked' },
  },
  {
    title: { zh: '已付月预结算', en: 'Paid monthly' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.monthly_paid_fen,
    total: (row) => row.monthly_paid_fen,
  },
  {
    title: { zh: '已付预付金', en: 'Paid in advance' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.advance_paid_fen,
    total: (row) => row.advance_paid_fen,
  },
  {
    title: { zh: '清算现金', en: 'Clearing cash' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.clearing_cash_fen,
    total: (row) => row.clearing_cash_fen,
    note: {
      zh: '清算结果－已付月预结算－已付预付金；负数为应退回',
      en: 'result − paid; negative money goes back',
    },
  },
];

function summarySheet(data: ReportData, institution: InstitutionSummary, language: Language): Sheet {
  const clearing = new Map(
    data.clearing
      .filter((row) => row.fixmedins_code === institution.fixmedins_code)
      .map((row) => [row.insutype, row]),
  );
  const { schemes, area } = data;
  const blank = schemes.map(() => null);
  const text = (title: Text, value: string): SheetCell[] => [
    joined(title, language),
    null,
    ...blank,
    { kind: 'text', value },
    null,
  ];
  const coefficient = data.coefficients.find((row) => row.level === institution.level);
  const rows: SheetCell[][] = [
    text({ zh: '统筹地区', en: 'Pooling area' }, `${area.name} ${area.code}`),
    text({ zh: '清算年度', en: 'Payment year' }, String(area.year)),
    text({ zh: '机构代码', en: 'Institution code' }, institution.fixmedins_code),
    text({ zh: '机构名称', en: 'Institution' }, institution.name),
    text({ zh: '等级', en: 'Level' }, joined(levelName(institution.level), language)),
    [
      joined({ zh: '机构系数', en: 'Coefficient' }, language),
      joined(UNIT.none, language),
      ...blank,
      coefficient ? { kind: 'scaled4', value: coefficient.coefficient4 } : null,
      joined({ zh: '基层病种一律为 1', en: '1 in primary-care groups' }, language),
    ],
    [
      joined({ zh: '病例组合指数', en: 'CMI' }, language),
      joined(UNIT.none, language),
      ...blank,
      { kind: 'scaled4', value: institution.cmi4 },
      joined({ zh: 'Σ病种分值 ÷ 1000 ÷ 已入组病例', en: 'Σ scores / 1000 / grouped cases' }, language),
    ],
    [
      joined({ zh: '结算点值', en: 'Settlement point value' }, language),
      joined(UNIT.pointValue, language),
      ...schemes.map((row) => ({ kind: 'scaled8' as const, value: row.settlement_point_value8 })),
      null,
      joined(
        {
          zh: '“病例”表的估算支付＝分值×此点值－非基金支付，按例舍入，合计与应付略有出入',
          en: 'estimated payment of a case = points × this value − non-fund payments, rounded by case; its sum differs slightly from due',
        },
        language,
      ),
    ],
    ...LINES.map((line) => [
      joined(line.title, language),
      joined(line.unit, language),
      ...schemes.map((scheme) => {
        const row = clearing.get(scheme.insutype);
        return row ? { kind: line.kind, value: line.value(row) } : null;
      }),
      { kind: line.kind, value: line.total(institution) },
      line.note ? joined(line.note, language) : null,
    ]),
  ];
  const parts = data.parts.filter((row) => row.fixmedins_code === institution.fixmedins_code);
  for (const line of parts.length === 0 ? [] : PART_LINES) {
    const value = (insutype: string): bigint =>
      line.value(parts.filter((row) => row.insutype === insutype)) +
      (line.withResult ? (clearing.get(insutype)?.result_fen ?? 0n) : 0n);
    rows.push([
      joined(line.title, language),
      joined(UNIT.yuan, language),
      ...schemes.map(({ insutype }) => ({ kind: 'yuan' as const, value: value(insutype) })),
      { kind: 'yuan', value: line.value(parts) + (line.withResult ? institution.result_fen : 0n) },
      joined(line.note, language),
    ]);
  }
  if (institution.cases === 0n)
    rows.push(
      text(
        { zh: '说明', en: 'Note' },
        joined({ zh: '本年度没有接收的清单。', en: 'No accepted lists this year.' }, language),
      ),
    );
  const unit = { zh: '单位见 B 列', en: 'unit in B' };
  return {
    name: { zh: '汇总', en: 'Summary' },
    columns: [
      { title: { zh: '项目', en: 'Item' }, width: 34, kind: 'text' },
      { title: { zh: '单位', en: 'Unit' }, width: 22, kind: 'text' },
      ...schemes.map((row) => ({
        title: { zh: `${schemeName(row.insutype).zh} ${row.insutype}`, en: schemeName(row.insutype).en },
        unit,
        width: 24,
        kind: 'yuan' as const,
      })),
      { title: { zh: '合计', en: 'Total' }, unit, width: 30, kind: 'yuan' },
      { title: { zh: '说明', en: 'Note' }, width: 60, kind: 'note' },
    ],
    rows,
  };
}
