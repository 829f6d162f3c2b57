import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, COLOUR, FONT_PX, INK, labelStyle, renderChart } from '../chart.ts';
import { type InstitutionSummary, type ReportData, total } from '../data.ts';
import { count, drawn, mean, scaled, shortened, yuan } from '../format.ts';
import { figure, type Html, html, type Section, table } from '../html.ts';
import { joined, levelName, UNIT, withUnit } from '../words.ts';
import { nothing } from './money.ts';

const TITLE: Text = { zh: '病例组合指数（CMI）', en: 'Case-mix index (CMI)' };
const NAMES_DRAWN = 25;
const ROWS_SHOWN = 40;

const LEVEL_MARK: Readonly<Record<number, { symbol: string; color: string }>> = {
  1: { symbol: 'triangle', color: COLOUR.green },
  2: { symbol: 'rect', color: COLOUR.orange },
  3: { symbol: 'circle', color: COLOUR.blue },
};

/** How heavy the cases of each institution are, against what a case costs there. */
export function caseMixSection(data: ReportData, language: Language): Section {
  const rows = data.institutions
    .filter((row) => row.cmi4 !== null && row.cases > 0n)
    .toSorted((a, b) =>
      a.cmi4 === b.cmi4 ? (a.fixmedins_code < b.fixmedins_code ? -1 : 1) : a.cmi4! > b.cmi4! ? -1 : 1,
    );
  return {
    id: 'case-mix',
    title: TITLE,
    body: html`${rows.length === 0 ? nothing(TITLE, language) : chart(rows, language)}
${mixTable(rows, language)}`,
  };
}

function chart(rows: readonly InstitutionSummary[], language: Language): Html {
  const most = Math.max(...rows.map((row) => Number(row.cases)));
  const named = new Set(
    rows
      .toSorted((a, b) =>
        a.cases === b.cases ? (a.fixmedins_code < b.fixmedins_code ? -1 : 1) : a.cases > b.cases ? -1 : 1,
      )
      .slice(0, NAMES_DRAWN),
  );
  const average =
    mean(
      total(rows, (row) => row.cost_fen),
      total(rows, (row) => row.cases),
    ) ?? 0n;
  const levels = [...new Set(rows.map((row) => row.level))].toSorted((a, b) => b - a);
  return figure(
    {
      title: { zh: '病例轻重与次均费用', en: 'Case mix against average cost' },
      chart: renderChart({
        id: 'chart-case-mix',
        height: 460,
        label: `${TITLE.zh} ${TITLE.en}: ${rows.map((row) => `${row.name} CMI ${scaled(row.cmi4, 4)}, ${yuan(mean(row.cost_fen, row.cases))} 元/例`).join('; ')}`,
        option: {
          grid: { left: 92, right: 40, top: 64, bottom: 58 },
          legend: {
            top: 0,
            left: 'center',
            itemGap: 24,
            textStyle: { color: INK, fontSize: FONT_PX },
            data: levels.map((level) => joined(levelName(level), language)),
          },
          xAxis: {
            ...axisStyle,
            type: 'value',
            scale: true,
            name: withUnit({ zh: '病例组合指数', en: 'CMI' }, UNIT.none, language),
            nameLocation: 'middle',
            nameGap: 34,
            boundaryGap: ['6%', '10%'],
          },
          yAxis: {
            ...axisStyle,
            type: 'value',
            scale: true,
            boundaryGap: ['6%', '10%'],
            name: withUnit(
              { zh: '次均费用', en: 'Average cost' },
              { zh: '元/例', en: 'yuan per case' },
              language,
            ),
            nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 0, -60] },
          },
          series: levels.map((level, index) => {
            const members = rows.filter((row) => row.level === level);
            return {
              name: joined(levelName(level), language),
              type: 'scatter',
              symbol: LEVEL_MARK[level]?.symbol ?? 'diamond',
              color: LEVEL_MARK[level]?.color ?? COLOUR.purple,
              itemStyle: { opacity: 0.85, borderColor: INK, borderWidth: 0.6 },
              // Area in proportion to the number of cases.
              data: members.map((row) => ({
                value: [drawn(row.cmi4!, 4), drawn(mean(row.cost_fen, row.cases)!, 2)],
                symbolSize: 9 + 26 * Math.sqrt(Number(row.cases) / most),
              })),
              label: {
                ...labelStyle,
                show: true,
                position: 'right',
                formatter: ({ dataIndex }: { dataIndex: number }) =>
                  named.has(members[dataIndex]!) ? shortened(members[dataIndex]!.name, 24) : '',
              },
              labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
              ...(index === 0
                ? {
                    markLine: {
                      symbol: 'none',
                      silent: true,
                      lineStyle: { color: INK, type: [6, 4], width: 1 },
                      label: {
                        ...labelStyle,
                        position: 'insideStartTop',
                        formatter: `${joined({ zh: '全地区次均费用', en: 'area average' }, language)} ${yuan(average)}`,
                      },
                      data: [{ yAxis: drawn(average, 2) }],
                    },
                  }
                : {}),
            };
          }),
        },
      }),
      caption: {
        zh: 'CMI＝Σ（已入组病例所在病种的分值）÷ 平均分值（1000）÷ 已入组病例数；平均分值对应全地区历史平均费用，CMI 为 1 表示病例轻重与平均相同。标记面积与病例数成正比。越靠右病情越重，越靠上费用越高；在同样 CMI 下偏高的机构值得复核。',
        en: 'CMI = Σ scores of the groups of the grouped cases / score of an average case (1000) / grouped cases; 1 is an average case of the history. Area of the mark ∝ cases. High above others of the same CMI is worth a look.',
      },
    },
    language,
  );
}

function mixTable(rows: readonly InstitutionSummary[], language: Language): Html {
  const cut = rows.length > ROWS_SHOWN;
  return table(
    {
      caption: cut
        ? {
            zh: `病例组合指数（前 ${ROWS_SHOWN} 家，全部见工作簿）`,
            en: `CMI (top ${ROWS_SHOWN}; all in the workbook)`,
          }
        : { zh: '病例组合指数', en: 'CMI' },
      columns: [
        { title: { zh: '医疗机构', en: 'Institution' } },
        { title: { zh: '等级', en: 'Level' } },
        { title: { zh: '病例', en: 'Cases' }, unit: UNIT.cases },
        { title: { zh: '已入组', en: 'Grouped' }, unit: UNIT.cases },
        { title: { zh: 'CMI', en: 'CMI' }, unit: UNIT.none },
        { title: { zh: '次均费用', en: 'Average cost' }, unit: { zh: '元/例', en: 'yuan per case' } },
        { title: { zh: '每例分值', en: 'Points per case' }, unit: { zh: '分/例', en: 'points per case' } },
      ],
      rows: rows
        .slice(0, ROWS_SHOWN)
        .map((row) => [
          html`${row.name} <code>${row.fixmedins_code}</code>`,
          levelName(row.level)[language],
          count(row.cases),
          count(row.grouped_cases),
          scaled(row.cmi4, 4),
          yuan(mean(row.cost_fen, row.cases)),
          scaled(mean(row.points4, row.cases), 4),
        ]),
      empty: { zh: '没有已入组的病例，无法计算 CMI。', en: 'No grouped cases, so there is no CMI.' },
    },
    language,
  );
}
