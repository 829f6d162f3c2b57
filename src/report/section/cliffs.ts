import type { Language, Text } from '#kernel/locale.ts';
import { type CliffSummary, type ReportData, total } from '../data.ts';
import { count, percent, scaled } from '../format.ts';
import { both, html, type Section, table } from '../html.ts';
import { joined, UNIT } from '../words.ts';

const TITLE: Text = { zh: '断崖附近的病例', en: 'Cases just above a cliff' };
const INSTITUTIONS_SHOWN = 15;

/** Where the cost of many lists lies just above a jump of the points; for supervisors. Undefined where it was not looked for. */
export function cliffSection({ cliffs, schemes }: ReportData, language: Language): Section | undefined {
  if (cliffs === undefined) return undefined;
  const shown = cliffs.slice(0, INSTITUTIONS_SHOWN);
  const lists = total(schemes, (row) => row.cases);
  const sum = (value: (row: CliffSummary) => bigint) => total(cliffs, value);
  return {
    id: 'cliffs',
    title: TITLE,
    body: html`<p>${both(
      {
        zh: '费用刚过低倍率、高倍率或极高倍率界限、多一分钱分值就跳变的病例。这里只列事实，是否异常由监管人员判断；逐例见 agency.xlsx 的“断崖清单”。',
        en: 'Cases whose cost lies just above the limit of a low, a high or an extreme outlier, where one fen more moves the points by a jump. Facts only: whether anything is wrong is for supervisors to judge. Case by case: the sheet Cliffs of agency.xlsx.',
      },
      language,
    )}</p>
${table(
  {
    className: 'wide',
    caption: {
      zh: `占本机构清单比例最高的 ${shown.length} 家`,
      en: `The ${shown.length} institutions with the highest share of their lists`,
    },
    columns: [
      { title: { zh: '医疗机构', en: 'Institution' } },
      { title: { zh: '断崖附近', en: 'Above a cliff' }, unit: UNIT.cases },
      { title: { zh: '低倍率界限', en: 'Low limit' }, unit: UNIT.cases },
      { title: { zh: '高倍率界限', en: 'High limit' }, unit: UNIT.cases },
      { title: { zh: '极高倍率界限', en: 'Extreme limit' }, unit: UNIT.cases },
      { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
      { title: { zh: '占比', en: 'Share' }, unit: UNIT.percent },
      { title: { zh: '跳变的分值', en: 'Points of the jumps' }, unit: UNIT.points },
    ],
    rows: shown.map((row) => [
      html`${row.name ?? ''} <code>${row.fixmedins_code}</code>`,
      count(row.cases),
      count(row.low_cases),
      count(row.high_cases),
      count(row.extreme_cases),
      count(row.lists),
      percent(row.cases, row.lists),
      scaled(row.step4, 4),
    ]),
    total: [
      joined({ zh: `全部 ${cliffs.length} 家`, en: `All ${cliffs.length}` }, language),
      count(sum((row) => row.cases)),
      count(sum((row) => row.low_cases)),
      count(sum((row) => row.high_cases)),
      count(sum((row) => row.extreme_cases)),
      count(lists),
      percent(
        sum((row) => row.cases),
        lists,
      ),
      scaled(
        sum((row) => row.step4),
        4,
      ),
    ],
    empty: {
      zh: '没有病例的费用刚过断崖。',
      en: 'No case has a cost just above a cliff.',
    },
  },
  language,
)}`,
  };
}
