import type { Engine, Row } from '#engine/duckdb.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { readArea } from '../data.ts';
import { deviationName, joined, kindName, schemeName, UNIT } from '../words.ts';
import type { Sheet } from '../workbook/xlsx.ts';

/** What an institution is paid for a month, or in the clearing, line by line; the same for workbook and paper. */
export type Statement = {
  readonly title: Text;
  readonly area: string;
  readonly institution: { readonly code: string; readonly name: string };
  /** `YYYY-MM` or `clearing` */
  readonly period: string;
  /** of each scheme with cases or money, and of all together */
  readonly columns: readonly Text[];
  readonly lines: readonly {
    readonly title: Text;
    readonly kind: 'count' | 'scaled4' | 'yuan';
    readonly cells: readonly bigint[];
  }[];
};

type Line = readonly [column: string, kind: 'count' | 'scaled4' | 'yuan', zh: string, en: string];

const MONTH_LINES: readonly Line[] = [
  ['cases', 'count', '病例（例）', 'Cases'],
  ['points4', 'scaled4', '分值', 'Points'],
  ['cost_fen', 'yuan', '总费用', 'Cost'],
  ['non_fund_fen', 'yuan', '非基金支付', 'Not paid by the fund'],
  ['base_fen', 'yuan', '月结算基数', 'Base of the month'],
  ['deduction_fen', 'yuan', '扣减', 'Deductions'],
  ['deposit_fen', 'yuan', '质量保证金', 'Quality deposit'],
  ['retained_fen', 'yuan', '预留', 'Retained'],
  ['paid_fen', 'yuan', '本月拨付', 'Paid for the month'],
];
const CLEARING_LINES: readonly Line[] = [
  ['cases', 'count', '病例（例）', 'Cases'],
  ['points4', 'scaled4', '分值', 'Points'],
  ['cost_fen', 'yuan', '总费用', 'Cost'],
  ['non_fund_fen', 'yuan', '非基金支付', 'Not paid by the fund'],
  ['due_fen', 'yuan', '应付', 'Due'],
  ['assessment_change_fen', 'yuan', '考核增减', 'Assessment'],
  ['other_steps_fen', 'yuan', '其他步骤增减', 'Other steps'],
  ['audit_deduction_fen', 'yuan', '审核扣减', 'Audit deductions'],
  ['result_fen', 'yuan', '清算结果', 'Result of the clearing'],
  ['monthly_paid_fen', 'yuan', '月度已拨付', 'Paid by months'],
  ['advance_paid_fen', 'yuan', '已预付', 'Paid in advance'],
  ['quarter_paid_fen', 'yuan', '季度已拨付', 'Paid by quarters'],
  ['clearing_cash_fen', 'yuan', '清算应拨（负数为应退）', 'Cash of the clearing (negative: to be returned)'],
];

/** The statement of an institution for a period, or undefined when it has none. */
export async function readStatement(
  engine: Engine,
  code: string,
  period: string,
): Promise<Statement | undefined> {
  const isClearing = period === 'clearing';
  const rows: Row[] = isClearing
    ? await engine.rows('SELECT * FROM clearing_result WHERE fixmedins_code = $1 ORDER BY insutype', [code])
    : await engine.rows(
        'SELECT * FROM month_result WHERE fixmedins_code = $1 AND month = $2 ORDER BY insutype',
        [code, period],
      );
  if (rows.length === 0) return undefined;
  const [institution] = await engine.rows('SELECT name FROM institution WHERE fixmedins_code = $1', [code]);
  const area = await readArea(engine);
  const lines = isClearing ? CLEARING_LINES : MONTH_LINES;
  return {
    title: isClearing
      ? { zh: `${area.year} 年度清算单`, en: `Clearing statement ${area.year}` }
      : { zh: `${period} 月结算单`, en: `Monthly statement ${period}` },
    area: `${area.name} ${area.code}`,
    institution: { code, name: String(institution?.name ?? code) },
    period,
    columns: [...rows.map((row) => schemeName(String(row.insutype))), { zh: '合计', en: 'All' }],
    lines: lines.map(([column, kind, zh, en]) => {
      const cells = rows.map((row) => BigInt(row[column] as bigint));
      return { title: { zh, en }, kind, cells: [...cells, cells.reduce((all, one) => all + one, 0n)] };
    }),
  };
}

/** A figure of a statement as text: amounts in yuan with thousands separators. */
export function cellText(value: bigint, kind: Statement['lines'][number]['kind']): string {
  const text = kind === 'count' ? String(value) : scaledText(value, kind === 'yuan' ? 2 : 4);
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
  return `${sign}${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}${rest}`;
}

/** The sheets of a statement: its lines, and the cases they stand for. */
export async function statementSheets(
  engine: Engine,
  statement: Statement,
  language: Language,
): Promise<Sheet[]> {
  const { title, area, institution, period, columns, lines } = statement;
  const cases = await engine.rows(
    `SELECT setl_id, insutype, month, diagnosis, group_code, kind, deviation, cost_fen, points4 FROM case_result
     WHERE fixmedins_code = $1 AND ($2 = 'clearing' OR month = $2) ORDER BY month, setl_id`,
    [institution.code, period],
  );
  return [
    {
      name: title,
      columns: [
        { title: { zh: '项目（金额为元）', en: 'Line (amounts in yuan)' }, width: 40, kind: 'text' },
        ...columns.map((column) => ({ title: column, width: 20, kind: 'yuan' as const })),
      ],
      rows: [
        [`${area} · ${institution.name} ${institution.code}`, ...columns.map(() => null)],
        ...lines.map((line) => [
          line.title[language],
          ...line.cells.map((value) => ({ kind: line.kind, value })),
        ]),
      ],
    },
    {
      name: { zh: '病例', en: 'Cases' },
      columns: [
        { title: { zh: '结算ID', en: 'setl_id' }, width: 24, kind: 'text' },
        { title: { zh: '险种', en: 'Scheme' }, width: 22, kind: 'text' },
        { title: { zh: '月份', en: 'Month' }, width: 10, kind: 'text' },
        { title: { zh: '主要诊断', en: 'Principal diagnosis' }, width: 14, kind: 'text' },
        { title: { zh: '病种', en: 'Group' }, width: 24, kind: 'text' },
        { title: { zh: '类型', en: 'Kind' }, width: 14, kind: 'text' },
        { title: { zh: '偏差', en: 'Deviation' }, width: 12, kind: 'text' },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.yuan, width: 15, kind: 'yuan' },
        { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, width: 16, kind: 'scaled4' },
      ],
      rows: cases.map((row) => [
        String(row.setl_id),
        joined(schemeName(String(row.insutype)), language),
        String(row.month),
        row.diagnosis === null ? null : String(row.diagnosis),
        row.group_code === null ? null : String(row.group_code),
        row.kind === null ? null : joined(kindName(String(row.kind)), language),
        row.deviation === null ? null : joined(deviationName(String(row.deviation)), language),
        row.cost_fen as bigint,
        row.points4 as bigint,
      ]),
    },
  ];
}
