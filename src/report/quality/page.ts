import { writeFileSync } from 'node:fs';
import type { Engine } from '#engine/duckdb.ts';
import { fraction, roundTo } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, COLOUR, FONT_PX, INK, labelStyle, PATTERN, renderChart } from '../chart.ts';
import { total } from '../data.ts';
import { count, drawn, percent, scaled, shortened } from '../format.ts';
import { both, figure, type Html, html, type Section, table } from '../html.ts';
import { renderPage } from '../page.ts';
import { joined, UNIT, withUnit } from '../words.ts';
import { type CheckData, type CheckRow, nameOf, readCheckData, titleOf, worstChecks } from './data.ts';

const SCORE: Text = { zh: '得分', en: 'Score' };
const INSTITUTION: Text = { zh: '医疗机构', en: 'Institution' };
const LEVEL_COLOUR: Readonly<Record<string, string>> = {
  error: COLOUR.vermilion,
  warning: COLOUR.orange,
  notice: COLOUR.sky,
};
const LEVEL_PATTERN = { error: undefined, warning: PATTERN.stripes, notice: PATTERN.dots } as const;
/** With more than twice as many institutions, this many of the top and of the bottom are drawn. */
const SHOWN_AT_EACH_END = 20;
const LINES_SHOWN = 5;

/** Writes the page of a check as one HTML file that needs no network, script or other file. */
export async function writeCheckReport(engine: Engine, file: string, language: Language): Promise<void> {
  writeFileSync(file, renderCheckReport(await readCheckData(engine), language));
}

/** The page as HTML text: the same data gives the same bytes. */
export function renderCheckReport(data: CheckData, language: Language): string {
  const { area } = data;
  const subject = { zh: '结算清单质控报告', en: 'Quality of settlement lists' };
  const place = `${area.name} ${area.period}`.trim();
  return renderPage(
    {
      eyebrow: { zh: '医疗保障基金结算清单', en: 'Settlement lists' },
      place,
      heading: html`${place} ${both(subject, language)}`,
      subject,
      facts: [
        [{ zh: '统筹地区', en: 'Pooling area' }, area.code],
        [{ zh: '出院期间', en: 'Discharged in' }, area.period || joined({ zh: '全部', en: 'all' }, language)],
        [{ zh: '文件', en: 'Files' }, count(area.files)],
      ],
      sections: [
        overview(data, language),
        dimensions(data, language),
        ranking(data, language),
        trend(data, language),
        worst(data, language),
        allChecks(data, language),
        notComputable(data, language),
      ],
      chapters: new Set(['ranking', 'trend', 'checks']),
    },
    language,
  );
}

function overview(data: CheckData, language: Language): Section {
  const { lists } = data.area;
  const failing = total(data.scores, (row) => row.failing_lists);
  const returned = total(data.scores, (row) => row.returned_lists);
  const score2 =
    lists === 0n
      ? 0n
      : roundTo(
          fraction(
            total(data.scores, (row) => row.score2 * row.lists),
            lists,
          ),
          0,
        );
  const used = data.checks.filter((row) => row.passed + row.failed > 0n).length;
  const card = (title: Text, value: string, note: Text) =>
    html`<div class="card"><h4>${both(title, language)}</h4><p class="value"><span>${value}</span></p><p class="note">${both(note, language)}</p></div>`;
  return {
    id: 'overview',
    title: { zh: '概况', en: 'Overview' },
    body: html`<div class="cards">${[
      card({ zh: '清单', en: 'Lists' }, count(lists), {
        zh: `另有 ${count(data.area.refused)} 条记录读不出来，见 refused.csv。`,
        en: `${count(data.area.refused)} more records could not be read: refused.csv.`,
      }),
      card({ zh: '有问题的清单', en: 'Lists with findings' }, count(failing), {
        zh: `占 ${percent(failing, lists)}；至少一条规则不合格。`,
        en: `${percent(failing, lists)}; at least one check failed.`,
      }),
      card({ zh: '应退回的清单', en: 'Lists to be returned' }, count(returned), {
        zh: `占 ${percent(returned, lists)}；有带退回标志的问题。`,
        en: `${percent(returned, lists)}; with a finding that returns the list.`,
      }),
      card({ zh: '平均得分', en: 'Mean score' }, scaled(score2, 2), {
        zh: '每份清单从 100 分起，按级别扣分，最低 0 分。',
        en: 'Each list starts at 100 and loses points by level, not below 0.',
      }),
      card({ zh: '适用的规则', en: 'Checks that applied' }, `${used} / ${data.checks.length}`, {
        zh: '其余的没有适用的清单，或未提供所需字段、表。',
        en: 'The others had no list to apply to, or lacked a field or table.',
      }),
    ]}</div>`,
  };
}

const nothing = (language: Language): Html =>
  html`<p class="empty">${both({ zh: '没有问题。', en: 'Nothing was found.' }, language)}</p>`;

function dimensions(data: CheckData, language: Language): Section {
  const title = { zh: '按维度的问题', en: 'Findings by dimension' };
  const used = [...data.dimensionTitles].filter(([code]) =>
    data.dimensions.some((row) => row.dimension === code),
  );
  const failed = (dimension: string, level: string) =>
    data.dimensions.find((row) => row.dimension === dimension && row.level === level)?.failed ?? 0n;
  const names = used.map(([, text]) => text[language]);
  return {
    id: 'dimensions',
    title,
    body:
      used.length === 0
        ? nothing(language)
        : figure(
            {
              title: { zh: '各维度不合格的次数', en: 'Failed checks by dimension' },
              chart: renderChart({
                id: 'chart-dimensions',
                height: 110 + used.length * 28,
                label: names.join('; '),
                option: {
                  grid: { left: 180, right: 60, top: 40, bottom: 50 },
                  legend: { top: 2, left: 180, itemGap: 24, textStyle: { color: INK, fontSize: FONT_PX } },
                  xAxis: {
                    ...axisStyle,
                    type: 'value',
                    minInterval: 1,
                    name: withUnit({ zh: '清单', en: 'Lists' }, UNIT.lists, language),
                    nameLocation: 'middle',
                    nameGap: 30,
                  },
                  yAxis: {
                    ...axisStyle,
                    type: 'category',
                    inverse: true,
                    data: names,
                    axisTick: { show: false },
                  },
                  series: [...data.levels].map(([level, text]) => ({
                    name: joined(text, language),
                    type: 'bar',
                    stack: 'failed',
                    barWidth: 16,
                    color: LEVEL_COLOUR[level],
                    itemStyle: {
                      color: LEVEL_COLOUR[level],
                      ...(LEVEL_PATTERN[level as keyof typeof LEVEL_PATTERN]
                        ? { decal: LEVEL_PATTERN[level as keyof typeof LEVEL_PATTERN] }
                        : {}),
                    },
                    data: used.map(([dimension]) => drawn(failed(dimension, level), 0)),
                  })),
                },
              }),
              caption: {
                zh: '一份清单违反一条规则计一次；同一清单违反几条规则计几次。',
                en: 'A list that fails a check counts once for it, and once more for every other check it fails.',
              },
            },
            language,
          ),
  };
}

function ranking(data: CheckData, language: Language): Section {
  const cut = data.scores.length > SHOWN_AT_EACH_END * 2;
  const shown = cut
    ? [...data.scores.slice(0, SHOWN_AT_EACH_END), ...data.scores.slice(-SHOWN_AT_EACH_END)]
    : data.scores;
  const ends = cut
    ? {
        zh: `（首尾各 ${SHOWN_AT_EACH_END} 家，共 ${data.scores.length} 家）`,
        en: ` (${SHOWN_AT_EACH_END} at each end of ${data.scores.length})`,
      }
    : { zh: '', en: '' };
  return {
    id: 'ranking',
    title: { zh: '机构得分', en: 'Scores of institutions' },
    body: html`${figure(
      {
        title: { zh: `机构得分排名${ends.zh}`, en: `Institutions by score${ends.en}` },
        chart: renderChart({
          id: 'chart-ranking',
          height: 90 + shown.length * 24,
          label: shown.map((row) => `${nameOf(row)} ${scaled(row.score2, 2)}`).join('; '),
          option: {
            grid: { left: 230, right: 70, top: 16, bottom: 50 },
            xAxis: {
              ...axisStyle,
              type: 'value',
              min: 0,
              max: 100,
              name: joined(SCORE, language),
              nameLocation: 'middle',
              nameGap: 30,
            },
            yAxis: {
              ...axisStyle,
              type: 'category',
              inverse: true,
              data: shown.map((row) => `${row.rank}. ${shortened(nameOf(row), 26)}`),
              axisTick: { show: false },
              axisLabel: { ...axisStyle.axisLabel, interval: 0 },
            },
            series: [
              {
                type: 'bar',
                barWidth: 14,
                color: COLOUR.blue,
                data: shown.map((row) => drawn(row.score2, 2)),
                label: {
                  ...labelStyle,
                  show: true,
                  position: 'right',
                  formatter: ({ dataIndex }: { dataIndex: number }) => scaled(shown[dataIndex]!.score2, 2),
                },
              },
            ],
          },
        }),
        caption: {
          zh: '机构得分是其全部清单得分的平均，两位小数；得分相同名次相同。',
          en: 'The mean of the scores of its lists, two decimals; equal scores share a rank.',
        },
      },
      language,
    )}
${table(
  {
    caption: { zh: `机构得分与问题${ends.zh}`, en: `Scores and findings${ends.en}` },
    columns: [
      { title: INSTITUTION },
      { title: { zh: '名次', en: 'Rank' }, unit: UNIT.none },
      { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
      { title: { zh: '有问题', en: 'With findings' }, unit: UNIT.percent },
      { title: { zh: '应退回', en: 'Returned' }, unit: UNIT.lists },
      { title: { zh: '错误', en: 'Errors' }, unit: UNIT.none },
      { title: { zh: '警告', en: 'Warnings' }, unit: UNIT.none },
      { title: SCORE, unit: UNIT.points },
    ],
    rows: shown.map((row) => [
      html`${row.name} <code>${row.fixmedins_code}</code>`,
      count(row.rank),
      count(row.lists),
      percent(row.failing_lists, row.lists),
      count(row.returned_lists),
      count(row.errors),
      count(row.warnings),
      scaled(row.score2, 2),
    ]),
    empty: { zh: '没有机构。', en: 'There are no institutions.' },
  },
  language,
)}`,
  };
}

function trend(data: CheckData, language: Language): Section {
  const months = [...new Set(data.trend.map(({ month }) => month))]
    .filter((month) => month !== '')
    .toSorted();
  const lowest = data.scores.slice(-LINES_SHOWN).map((row) => row.fixmedins_code);
  const of = (code: string, month: string) =>
    data.trend.find((row) => row.fixmedins_code === code && row.month === month);
  const areaScore = (month: string): bigint => {
    const rows = data.trend.filter((row) => row.month === month);
    return roundTo(
      fraction(
        total(rows, (row) => row.score2 * row.lists),
        total(rows, (row) => row.lists),
      ),
      0,
    );
  };
  const line = (name: string, color: string, width: number, values: (number | string)[]) => ({
    name,
    type: 'line',
    color,
    symbolSize: 6,
    lineStyle: { color, width },
    data: values,
  });
  const colours = [COLOUR.vermilion, COLOUR.orange, COLOUR.green, COLOUR.purple, COLOUR.sky];
  const chart = () =>
    figure(
      {
        title: {
          zh: '逐月得分：全地区与得分最低的机构',
          en: 'Score by month: the area and the lowest institutions',
        },
        chart: renderChart({
          id: 'chart-trend',
          height: 380,
          label: months.map((month) => `${month} ${scaled(areaScore(month), 2)}`).join('; '),
          option: {
            grid: { left: 60, right: 24, top: 70, bottom: 50 },
            legend: {
              top: 2,
              left: 60,
              right: 24,
              itemGap: 18,
              textStyle: { color: INK, fontSize: FONT_PX },
            },
            xAxis: { ...axisStyle, type: 'category', data: months, boundaryGap: false },
            yAxis: { ...axisStyle, type: 'value', min: 0, max: 100, name: joined(SCORE, language) },
            series: [
              line(
                joined({ zh: '全地区', en: 'Area' }, language),
                COLOUR.blue,
                3,
                months.map((month) => drawn(areaScore(month), 2)),
              ),
              ...lowest.map((code, index) => {
                const row = data.scores.find(({ fixmedins_code }) => fixmedins_code === code)!;
                return line(
                  shortened(nameOf(row), 20),
                  colours[index % colours.length]!,
                  1.5,
                  months.map((month) => {
                    const found = of(code, month);
                    return found ? drawn(found.score2, 2) : '-';
                  }),
                );
              }),
            ],
          },
        }),
        caption: {
          zh: '月份为出院月份；没有清单的月份不画。全地区为全部清单得分的平均。',
          en: 'By month of discharge; months without lists are left out. The area is the mean of all lists.',
        },
      },
      language,
    );
  return {
    id: 'trend',
    title: { zh: '逐月变化', en: 'Trend' },
    body:
      months.length === 0
        ? html`<p class="empty">${both({ zh: '没有出院月份。', en: 'No month of discharge is known.' }, language)}</p>`
        : chart(),
  };
}

const WORST_SHOWN = 20;

function worst(data: CheckData, language: Language): Section {
  return {
    id: 'worst',
    title: { zh: '问题最多的规则', en: 'Checks failed most' },
    body: checkTable(worstChecks(data, WORST_SHOWN), data, language, {
      zh: `不合格清单最多的 ${WORST_SHOWN} 条规则`,
      en: `The ${WORST_SHOWN} checks that most lists failed`,
    }),
  };
}

function allChecks(data: CheckData, language: Language): Section {
  return {
    id: 'checks',
    title: { zh: '全部规则', en: 'All checks' },
    body: html`<p>${both(
      {
        zh: '合格＋不合格＋不适用＝清单。不适用：条件不满足、没有可比的值，或未提供字段、表（写明）。',
        en: 'Passed + failed + not applicable = lists. Not applicable: the condition is not met, there is nothing to compare, or a field or table was not supplied (as stated).',
      },
      language,
    )}</p>${checkTable(data.checks, data, language, { zh: '逐条规则的结论', en: 'Verdicts of every check' })}`,
  };
}

function checkTable(rows: readonly CheckRow[], data: CheckData, language: Language, caption: Text): Html {
  return table(
    {
      caption,
      className: 'text',
      columns: [
        { title: { zh: '规则', en: 'Check' } },
        { title: { zh: '维度', en: 'Dimension' } },
        { title: { zh: '级别', en: 'Level' } },
        { title: { zh: '合格', en: 'Passed' }, unit: UNIT.lists },
        { title: { zh: '不合格', en: 'Failed' }, unit: UNIT.lists },
        { title: { zh: '不合格率', en: 'Rate' }, unit: UNIT.percent },
        { title: { zh: '不适用', en: 'Not applicable' }, unit: UNIT.lists },
      ],
      rows: rows.map((row) => [
        html`<code>${row.check_id}</code> ${titleOf(row)[language]}${row.reason_not_supplied ? html`<br><small>${row.reason_not_supplied}</small>` : undefined}`,
        data.dimensionTitles.get(row.dimension)?.[language] ?? row.dimension,
        data.levels.get(row.level)?.[language] ?? row.level,
        count(row.passed),
        count(row.failed),
        percent(row.failed, row.passed + row.failed),
        count(row.not_applicable),
      ]),
      empty: { zh: '没有问题。', en: 'Nothing was found.' },
    },
    language,
  );
}

function notComputable(data: CheckData, language: Language): Section {
  return {
    id: 'not-computable',
    title: { zh: '不能从清单计算的规则', en: 'Rules that lists cannot tell' },
    body: table(
      {
        caption: { zh: '校验目录中的其余规则', en: 'The other rules of the validation catalogue' },
        className: 'text',
        columns: [{ title: { zh: '规则', en: 'Rule' } }, { title: { zh: '原因', en: 'Why' } }],
        rows: data.notComputable.map((row) => [
          html`<code>${row.rule}</code> ${titleOf(row)[language]}`,
          language === 'zh' ? row.reason_zh : row.reason_en,
        ]),
        empty: { zh: '没有。', en: 'None.' },
      },
      language,
    ),
  };
}
