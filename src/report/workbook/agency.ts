import type { Engine } from '#engine/duckdb.ts';
import { fraction, roundTo } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { LAYER_TITLES, UNIT_TITLES } from '#policy/index.ts';
import {
  casesOf,
  deviationsOf,
  groupName,
  kindsOf,
  type RefusedRow,
  type ReportData,
  type SchemeSummary,
  select,
  total,
} from '../data.ts';
import { mean } from '../format.ts';
import { cliffName, deviationName, joined, kindName, levelName, schemeName, UNIT } from '../words.ts';
import { caseRanges, type MonthlyRow } from './institution.ts';
import { PART_LINES, partMonthSheet, partSheet } from './parts.ts';
import { type CellKind, SHEET_ROWS_MAX, type Sheet, type SheetCell } from './xlsx.ts';

/** The sheets of the agency's workbook. */
export async function agencySheets(engine: Engine, data: ReportData, language: Language): Promise<Sheet[]> {
  const monthly = await select<MonthlyRow>(engine, 'monthly', [null]);
  const refused = await select<RefusedRow>(engine, 'refused');
  const scheme = (insutype: string) => joined(schemeName(insutype), language);
  return [
    readmeSheet(data, language),
    summarySheet(data, language),
    {
      name: { zh: '点值', en: 'Point values' },
      columns: [
        { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
        { title: { zh: '险种', en: 'Scheme' }, width: 26, kind: 'text' },
        { title: { zh: '预算', en: 'Budget' }, unit: UNIT.yuan, width: 20, kind: 'yuan' },
        { title: { zh: '非基金支付', en: 'Non-fund payments' }, unit: UNIT.yuan, width: 20, kind: 'yuan' },
        { title: { zh: '总分值', en: 'Points' }, unit: UNIT.points, width: 20, kind: 'scaled4' },
        { title: { zh: '年初点值', en: 'Start of year' }, unit: UNIT.pointValue, width: 20, kind: 'scaled8' },
        { title: { zh: '结算点值', en: 'Settlement' }, unit: UNIT.pointValue, width: 20, kind: 'scaled8' },
      ],
      rows: data.schemes.map((row) => [
        row.insutype,
        scheme(row.insutype),
        row.budget_fen,
        row.non_fund_fen,
        row.points4,
        row.start_point_value8,
        row.settlement_point_value8,
      ]),
    },
    {
      name: { zh: '月点值', en: 'Monthly point values' },
      columns: [
        { title: { zh: '月份', en: 'Month' }, width: 10, kind: 'text' },
        { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 12, kind: 'count' },
        { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, width: 18, kind: 'scaled4' },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
        { title: { zh: '非基金支付', en: 'Non-fund payments' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
        { title: { zh: '月预结算', en: 'Paid' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
        {
          title: { zh: '每分费用', en: 'Cost per point' },
          unit: UNIT.pointValue,
          width: 20,
          kind: 'scaled8',
        },
      ],
      rows: data.months.map((row) => [
        row.month,
        row.insutype,
        row.cases,
        row.points4,
        row.cost_fen,
        row.non_fund_fen,
        row.paid_fen,
        row.observed_point_value8,
      ]),
    },
    {
      name: { zh: '月度', en: 'Monthly' },
      columns: [
        { title: { zh: '月份', en: 'Month' }, width: 10, kind: 'text' },
        { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
        { title: { zh: '机构代码', en: 'Institution code' }, width: 18, kind: 'text' },
        { title: { zh: '机构名称', en: 'Institution' }, width: 30, kind: 'text' },
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
        row.fixmedins_code,
        row.name,
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
      name: { zh: '清算', en: 'Clearing' },
      columns: [
        { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
        { title: { zh: '机构代码', en: 'Institution code' }, width: 18, kind: 'text' },
        { title: { zh: '机构名称', en: 'Institution' }, width: 30, kind: 'text' },
        { title: { zh: '等级', en: 'Level' }, width: 16, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 11, kind: 'count' },
        { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, width: 17, kind: 'scaled4' },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '应付', en: 'Due' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '考核后', en: 'Assessed' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '审核扣减', en: 'Audit deduction' }, unit: UNIT.yuan, width: 15, kind: 'yuan' },
        { title: { zh: '清算结果', en: 'Result' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '盈亏', en: 'Gain' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '已付月预结算', en: 'Paid monthly' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '已付预付金', en: 'Paid in advance' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '清算现金', en: 'Clearing cash' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
      ],
      rows: data.clearing.map((row) => [
        row.insutype,
        row.fixmedins_code,
        row.name,
        row.level === null ? null : joined(levelName(row.level), language),
        row.cases,
        row.points4,
        row.cost_fen,
        row.fund_fen,
        row.due_fen,
        row.assessed_fen,
        row.audit_deduction_fen,
        row.result_fen,
        row.gain_fen,
        row.monthly_paid_fen,
        row.advance_paid_fen,
        row.clearing_cash_fen,
      ]),
    },
    {
      name: { zh: '机构', en: 'Institutions' },
      columns: [
        { title: { zh: '机构代码', en: 'Institution code' }, width: 18, kind: 'text' },
        { title: { zh: '机构名称', en: 'Institution' }, width: 30, kind: 'text' },
        { title: { zh: '等级', en: 'Level' }, width: 16, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 11, kind: 'count' },
        { title: { zh: '已入组', en: 'Grouped' }, unit: UNIT.cases, width: 11, kind: 'count' },
        { title: { zh: 'CMI', en: 'CMI' }, unit: UNIT.none, width: 16, kind: 'scaled4' },
        { title: { zh: '次均费用', en: 'Average cost' }, unit: UNIT.yuan, width: 15, kind: 'yuan' },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '清算结果', en: 'Result' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
        { title: { zh: '盈亏', en: 'Gain' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
      ],
      rows: data.institutions.map((row) => [
        row.fixmedins_code,
        row.name,
        joined(levelName(row.level), language),
        row.cases,
        row.grouped_cases,
        row.cmi4,
        mean(row.cost_fen, row.cases),
        row.cost_fen,
        row.fund_fen,
        row.result_fen,
        row.gain_fen,
      ]),
    },
    {
      name: { zh: '病种', en: 'Groups' },
      columns: [
        { title: { zh: '病种编码', en: 'Group code' }, width: 24, kind: 'text' },
        { title: { zh: '病种名称', en: 'Name' }, width: 44, kind: 'text' },
        { title: { zh: '类型', en: 'Kind' }, width: 18, kind: 'text' },
        { title: { zh: '历史例数', en: 'History lists' }, unit: UNIT.lists, width: 12, kind: 'count' },
        { title: { zh: '历史均费', en: 'History mean cost' }, unit: UNIT.yuan, width: 16, kind: 'yuan' },
        { title: { zh: '病种分值', en: 'Score' }, unit: UNIT.points, width: 16, kind: 'scaled4' },
        { title: { zh: '本年病例', en: 'Cases of the year' }, unit: UNIT.cases, width: 12, kind: 'count' },
        { title: { zh: '机构', en: 'Institutions' }, unit: UNIT.institutions, width: 14, kind: 'count' },
        { title: { zh: '本年总费用', en: 'Cost of the year' }, unit: UNIT.yuan, width: 18, kind: 'yuan' },
        {
          title: { zh: '本年次均费用', en: 'Mean cost of the year' },
          unit: UNIT.yuan,
          width: 16,
          kind: 'yuan',
        },
        {
          title: { zh: '本年分值', en: 'Points of the year' },
          unit: UNIT.points,
          width: 17,
          kind: 'scaled4',
        },
        { title: { zh: '低倍率', en: 'Low outliers' }, unit: UNIT.cases, width: 11, kind: 'count' },
        { title: { zh: '高倍率', en: 'High outliers' }, unit: UNIT.cases, width: 11, kind: 'count' },
      ],
      rows: data.groups.map((row) => [
        row.group_code,
        groupName(row),
        joined(kindName(row.kind), language),
        row.group_code === null ? null : row.history_cases,
        row.average_cost_fen,
        row.score4,
        row.cases,
        row.institutions,
        row.cost_fen,
        row.mean_cost_fen,
        row.points4,
        row.low_cases,
        row.high_cases,
      ]),
    },
    {
      name: { zh: '系数', en: 'Coefficients' },
      columns: [
        { title: { zh: '级别', en: 'Level' }, width: 10, kind: 'text' },
        { title: { zh: '名称', en: 'Name' }, width: 22, kind: 'text' },
        { title: { zh: '系数', en: 'Coefficient' }, unit: UNIT.none, width: 18, kind: 'scaled4' },
        { title: { zh: '机构', en: 'Institutions' }, unit: UNIT.institutions, width: 16, kind: 'count' },
      ],
      rows: data.coefficients.map((row) => [
        String(row.level),
        joined(levelName(row.level), language),
        row.coefficient4,
        row.institutions,
      ]),
    },
    ...partSheets(data, language),
    ...(await cliffSheets(engine, language, data.cliffs !== undefined)),
    {
      name: { zh: '拒收', en: 'Refused' },
      columns: [
        { title: { zh: '文件', en: 'File' }, width: 36, kind: 'text' },
        {
          title: { zh: '行号', en: 'Line' },
          unit: { zh: '第几行', en: 'line no.' },
          width: 12,
          kind: 'count',
        },
        { title: { zh: '结算ID', en: 'setl_id' }, width: 26, kind: 'text' },
        { title: { zh: '原因', en: 'Reason' }, width: 70, kind: 'text' },
      ],
      rows: refused.map((row) => [row.file, row.row_no, row.setl_id, row.reason]),
    },
    {
      name: { zh: '参数', en: 'Parameters' },
      columns: [
        { title: { zh: '参数', en: 'Parameter' }, width: 34, kind: 'text' },
        { title: { zh: '名称', en: 'Name' }, width: 28, kind: 'text' },
        { title: { zh: '值', en: 'Value' }, width: 14, kind: 'text' },
        { title: { zh: '单位', en: 'Unit' }, width: 12, kind: 'text' },
        { title: { zh: '层级', en: 'Layer' }, width: 12, kind: 'text' },
        { title: { zh: '地区', en: 'Area' }, width: 12, kind: 'text' },
        { title: { zh: '文件', en: 'Document' }, width: 44, kind: 'text' },
        { title: { zh: '条款', en: 'Article' }, width: 16, kind: 'text' },
        { title: { zh: '生效日期', en: 'In force from' }, width: 14, kind: 'text' },
      ],
      rows: data.parameters.map((row) => [
        row.parameter,
        language === 'zh' ? row.title_zh : row.title_en,
        row.value,
        UNIT_TITLES[row.unit][language],
        LAYER_TITLES[row.layer][language],
        row.area,
        language === 'zh' ? row.document_title_zh : row.document_title_en,
        row.article,
        row.effective_from,
      ]),
    },
  ];
}

/** Every part and its months; no sheet without parts, none of months where parts are paid once a year. */
function partSheets({ parts, partMonths }: ReportData, language: Language): Sheet[] {
  if (parts.length === 0) return [];
  const sheets: Sheet[] = [partSheet(parts, language)];
  if (partMonths.length > 0) sheets.push(partMonthSheet(partMonths, language));
  return sheets;
}

/** Cases fetched at a time. */
const CLIFFS_PER_FETCH = 20_000;

type CliffRow = {
  readonly setl_id: string;
  readonly fixmedins_code: string;
  readonly name: string | null;
  readonly insutype: string;
  readonly month: string;
  readonly group_code: string;
  readonly cliff: string;
  readonly cost_fen: bigint;
  readonly cliff_cost_fen: bigint;
  readonly ratio6: bigint;
  readonly points4: bigint;
  readonly points_before4: bigint;
};

/** The cases just above a cliff, one sheet or as many as Excel's limit of rows asks for. */
async function cliffSheets(engine: Engine, language: Language, looked: boolean): Promise<Sheet[]> {
  if (!looked) return [];
  const { cases } = await engine.row('SELECT count(*) AS cases FROM cliff_case_result');
  return caseRanges(Number(cases), SHEET_ROWS_MAX - 1).map(({ from, to }, index) => ({
    name:
      index === 0
        ? { zh: '断崖清单', en: 'Cliffs' }
        : { zh: `断崖清单 ${index + 1}`, en: `Cliffs ${index + 1}` },
    columns: [
      { title: { zh: '结算ID', en: 'setl_id' }, width: 24, kind: 'text' },
      { title: { zh: '机构代码', en: 'Institution code' }, width: 18, kind: 'text' },
      { title: { zh: '机构名称', en: 'Institution' }, width: 30, kind: 'text' },
      { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
      { title: { zh: '出院月份', en: 'Month of discharge' }, width: 12, kind: 'text' },
      { title: { zh: '病种编码', en: 'Group code' }, width: 24, kind: 'text' },
      { title: { zh: '断崖', en: 'Cliff' }, width: 20, kind: 'text' },
      { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 15, kind: 'yuan' },
      { title: { zh: '断崖前费用', en: 'Last cost before it' }, unit: UNIT.yuan, width: 17, kind: 'yuan' },
      { title: { zh: '费用倍率', en: 'Cost ratio' }, unit: UNIT.ratio, width: 14, kind: 'scaled4' },
      { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, width: 16, kind: 'scaled4' },
      { title: { zh: '断崖前分值', en: 'Points before it' }, unit: UNIT.points, width: 17, kind: 'scaled4' },
    ],
    rows: cliffRows(engine, from, to, language),
  }));
}

async function* cliffRows(
  engine: Engine,
  from: number,
  to: number,
  language: Language,
): AsyncIterable<readonly SheetCell[]> {
  for (let start = from; start <= to; start += CLIFFS_PER_FETCH) {
    const rows = (await engine.rows(
      `SELECT c.*, i.name FROM cliff_case_result AS c
       LEFT JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
       ORDER BY c.fixmedins_code, c.setl_id, c.cliff LIMIT ? OFFSET ?`,
      [Math.min(CLIFFS_PER_FETCH, to - start + 1), start - 1],
    )) as unknown as CliffRow[];
    for (const row of rows)
      yield [
        row.setl_id,
        row.fixmedins_code,
        row.name,
        row.insutype,
        row.month,
        row.group_code,
        joined(cliffName(row.cliff), language),
        row.cost_fen,
        row.cliff_cost_fen,
        roundTo(fraction(row.ratio6, 1_000_000n), 4),
        row.points4,
        row.points_before4,
      ];
  }
}

function readmeSheet({ area, method }: ReportData, language: Language): Sheet {
  const lines: readonly (readonly [Text, Text])[] = [
    [
      { zh: '内容', en: 'Content' },
      {
        zh: `${area.name}（${area.code}）${area.year} 年度${method === 'drg' ? '按疾病诊断相关分组付费（DRG）' : '按病种分值付费（DIP）'}结算，规则 ${area.profile}。`,
        en: `DIP settlement of ${area.name} (${area.code}), year ${area.year}, profile ${area.profile}.`,
      },
    ],
    [
      { zh: '金额', en: 'Money' },
      {
        zh: '单位为元，两位小数。计算时用整数分，写入单元格时才换成元；电子表格保留 15 位有效数字，10 万亿元以下精确到分。',
        en: 'Yuan with two decimals. Computed in whole fen and converted only for the cell; a spreadsheet keeps 15 digits, exact to the fen below 10 trillion yuan.',
      },
    ],
    [
      { zh: '分值', en: 'Points' },
      { zh: '单位为分（不是货币的分），四位小数。', en: 'Points with four decimals.' },
    ],
    [
      { zh: '点值', en: 'Point values' },
      { zh: '单位为元/分，八位小数。', en: 'Yuan per point with eight decimals.' },
    ],
    [
      { zh: '代码', en: 'Codes' },
      {
        zh: '险种、机构、病种、清单代码都是文本，不是数字；310 为职工医保，390 为居民医保。',
        en: 'All codes are text. 310 is the employee scheme, 390 the resident scheme.',
      },
    ],
    [
      { zh: '记账基金', en: 'Fund booked' },
      {
        zh: '出院结算时已记账的基金支付；非基金支付＝总费用－记账基金。',
        en: 'Fund payments booked at discharge; non-fund payments = cost − fund booked.',
      },
    ],
    [
      { zh: '盈亏', en: 'Gain' },
      { zh: '清算结果－记账基金。', en: 'Clearing result − fund booked.' },
    ],
    [
      { zh: '清算现金', en: 'Clearing cash' },
      {
        zh: '清算结果－已付月预结算－已付预付金；负数为机构应退回。',
        en: 'Result − paid monthly − paid in advance; negative money comes back.',
      },
    ],
    [
      { zh: '每分费用', en: 'Cost per point' },
      {
        zh: '当月（记账基金＋非基金支付）÷ 当月分值，观察值，不用于支付。',
        en: 'Cost of the month / points of the month; observed, not used for payment.',
      },
    ],
    [
      { zh: 'CMI', en: 'CMI' },
      {
        zh: 'Σ已入组病例的病种分值 ÷ 1000 ÷ 已入组病例数。',
        en: 'Σ scores of the grouped cases / 1000 / grouped cases.',
      },
    ],
    [
      { zh: '空单元格', en: 'Empty cells' },
      { zh: '没有这个数，不是 0。', en: 'There is no such number; it is not zero.' },
    ],
    [
      { zh: '合计', en: 'Totals' },
      {
        zh: '在“汇总”表；其他表不含合计行，便于筛选和透视。',
        en: 'On the summary sheet; the other sheets have none, so that they filter and pivot well.',
      },
    ],
    [
      { zh: '机构工作簿', en: "Institutions' workbooks" },
      {
        zh: 'institutions 文件夹，每家机构一个，含全部病例。',
        en: 'In the folder institutions, one each, with all cases.',
      },
    ],
  ];
  return {
    name: { zh: '说明', en: 'Readme' },
    columns: [
      { title: { zh: '项目', en: 'Item' }, width: 28, kind: 'heading' },
      { title: { zh: '说明', en: 'Explanation' }, width: 70, kind: 'note' },
      {
        title: language === 'zh' ? { zh: '英文', en: 'English' } : { zh: '中文', en: 'Chinese' },
        width: 70,
        kind: 'note',
      },
    ],
    rows: lines.map(([item, text]) => [
      joined(item, language),
      text[language],
      text[language === 'zh' ? 'en' : 'zh'],
    ]),
  };
}

/** The lines of the summary sheet. */
const SUMMARY_LINES: readonly {
  readonly title: Text;
  readonly unit: Text;
  readonly kind: CellKind;
  readonly value: (row: SchemeSummary) => bigint | null;
  /** Off where adding the schemes has no meaning. */
  readonly additive: boolean;
}[] = [
  {
    title: { zh: '结算清单', en: 'Lists' },
    unit: UNIT.lists,
    kind: 'count',
    value: (row) => row.cases,
    additive: true,
  },
  {
    title: { zh: '医疗总费用', en: 'Total cost' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.cost_fen,
    additive: true,
  },
  {
    title: { zh: '记账基金', en: 'Fund booked' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.fund_fen,
    additive: true,
  },
  {
    title: { zh: '非基金支付', en: 'Non-fund payments' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.non_fund_fen,
    additive: true,
  },
  {
    title: { zh: '次均费用', en: 'Average cost per case' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => mean(row.cost_fen, row.cases),
    additive: false,
  },
  {
    title: { zh: '预算', en: 'Budget' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.budget_fen,
    additive: true,
  },
  {
    title: { zh: '总分值', en: 'Points' },
    unit: UNIT.points,
    kind: 'scaled4',
    value: (row) => row.points4,
    additive: true,
  },
  {
    title: { zh: '年初点值', en: 'Start point value' },
    unit: UNIT.pointValue,
    kind: 'scaled8',
    value: (row) => row.start_point_value8,
    additive: false,
  },
  {
    title: { zh: '结算点值', en: 'Settlement point value' },
    unit: UNIT.pointValue,
    kind: 'scaled8',
    value: (row) => row.settlement_point_value8,
    additive: false,
  },
  {
    title: { zh: '应付', en: 'Due' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.due_fen,
    additive: true,
  },
  {
    title: { zh: '考核扣减', en: 'Withheld by assessment' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.due_fen - row.assessed_fen,
    additive: true,
  },
  {
    title: { zh: '审核扣减', en: 'Audit deductions' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.audit_deduction_fen,
    additive: true,
  },
  {
    title: { zh: '清算结果', en: 'Clearing result' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.result_fen,
    additive: true,
  },
  {
    title: { zh: '已付月预结算', en: 'Paid monthly' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.monthly_paid_fen,
    additive: true,
  },
  {
    title: { zh: '已付预付金', en: 'Paid in advance' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.advance_paid_fen,
    additive: true,
  },
  {
    title: { zh: '清算现金', en: 'Clearing cash' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.clearing_cash_fen,
    additive: true,
  },
  {
    title: { zh: '留存', en: 'Residual' },
    unit: UNIT.yuan,
    kind: 'yuan',
    value: (row) => row.residual_fen,
    additive: true,
  },
];

function summarySheet({ schemes, refused, kinds, parts }: ReportData, language: Language): Sheet {
  const rows: SheetCell[][] = SUMMARY_LINES.map((line) => [
    joined(line.title, language),
    joined(line.unit, language),
    ...schemes.map((row) => ({ kind: line.kind, value: line.value(row) })),
    line.additive ? { kind: line.kind, value: total(schemes, (row) => line.value(row) ?? 0n) } : null,
  ]);
  for (const line of parts.length === 0 ? [] : PART_LINES) {
    const value = (insutype: string) => line.value(parts.filter((row) => row.insutype === insutype));
    rows.push([
      joined(line.title, language),
      joined(UNIT.yuan, language),
      ...schemes.map((row) => ({
        kind: 'yuan' as const,
        value: value(row.insutype) + (line.withResult ? row.result_fen : 0n),
      })),
      {
        kind: 'yuan',
        value: line.value(parts) + (line.withResult ? total(schemes, (row) => row.result_fen) : 0n),
      },
    ]);
  }
  const counted = [
    ...kindsOf(kinds).map((kind) => ({ title: kindName(kind), where: { kind } })),
    ...deviationsOf(kinds).map((deviation) => ({ title: deviationName(deviation), where: { deviation } })),
  ];
  for (const { title, where } of counted) {
    rows.push([
      joined(title, language),
      joined(UNIT.cases, language),
      ...schemes.map(({ insutype }) => ({
        kind: 'count' as const,
        value: casesOf(kinds, { insutype, ...where }),
      })),
      { kind: 'count', value: casesOf(kinds, where) },
    ]);
  }
  rows.push([
    joined({ zh: '拒收清单', en: 'Refused lists' }, language),
    joined(UNIT.lists, language),
    ...schemes.map(() => null),
    { kind: 'count', value: total(refused, (row) => row.lists) },
  ]);
  return {
    name: { zh: '汇总', en: 'Summary' },
    columns: [
      { title: { zh: '项目', en: 'Item' }, width: 36, kind: 'text' },
      { title: { zh: '单位', en: 'Unit' }, width: 22, kind: 'text' },
      ...schemes.map((row) => ({
        title: { zh: `${schemeName(row.insutype).zh} ${row.insutype}`, en: schemeName(row.insutype).en },
        unit: { zh: '单位见 B 列', en: 'unit in B' },
        width: 24,
        kind: 'yuan' as const,
      })),
      {
        title: { zh: '合计', en: 'Total' },
        unit: { zh: '单位见 B 列', en: 'unit in B' },
        width: 24,
        kind: 'yuan',
      },
    ],
    rows,
  };
}
