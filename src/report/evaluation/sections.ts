import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, COLOUR, FONT_PX, INK, labelStyle, renderChart } from '../chart.ts';
import { count, drawn, NONE, scaled, shortened, signed } from '../format.ts';
import { both, figure, type Html, html, type Section, type TableColumn, table } from '../html.ts';
import { joined, levelName, UNIT } from '../words.ts';
import {
  alertName,
  type DefinitionRow,
  type EvaluationData,
  evidenceName,
  GROUPS_SHOWN,
  SIGNAL_NAMES,
  scopeName,
  shown,
  titleOf,
  unitName,
  valueIndex,
} from './data.ts';

const INSTITUTION: Text = { zh: '医疗机构', en: 'Institution' };
/** Rows of a table of institutions on the page; the workbook has all. */
const INSTITUTIONS_SHOWN = 60;
const ALERTS_SHOWN = 60;
const LABELS_SHOWN = 12;

const CARDS = [
  'cases',
  'cmi',
  'average_cost',
  'average_stay',
  'readmission_31',
  'fund_share',
  'budget_accuracy',
  'surplus_coverage',
];
const MONTH_COLUMNS = [
  'cases',
  'cmi',
  'average_cost',
  'average_stay',
  'fund_share',
  'readmission_31',
  'low_standard_share',
];
const INSTITUTION_COLUMNS = [
  'cases',
  'cmi',
  'cost_index',
  'time_index',
  'average_cost',
  'average_stay',
  'readmission_31',
  'low_standard_share',
  'long_stay_share',
  'surplus_rate',
];
const GROUP_COLUMNS = [
  'cases',
  'average_cost',
  'average_stay',
  'cost_variation',
  'payment_gap',
  'low_outlier_share',
  'high_outlier_share',
  'readmission_31',
];
const SCOPE_COLUMNS = [
  'cases',
  'cmi',
  'cost_index',
  'time_index',
  'average_cost',
  'mean_cost_variation',
  'variance_explained',
  'readmission_31',
  'fund_share',
  'surplus_rate',
  'fund_share_of_area',
];

/** The sections of the page, in order. */
export function evaluationSections(data: EvaluationData, language: Language): Section[] {
  return [
    overview(data, language),
    indicators(data, language),
    months(data, language),
    scopes(data, language),
    institutions(data, language),
    groups(data, language),
    alerts(data, language),
    signals(data, language),
    definitions(data, language),
  ];
}

const definitionOf = (data: EvaluationData, indicator: string): DefinitionRow =>
  data.definitions.find((row) => row.indicator === indicator)!;
const column = (data: EvaluationData, indicator: string): TableColumn => {
  const definition = definitionOf(data, indicator);
  return { title: titleOf(definition), unit: unitName(definition.unit) };
};

function overview(data: EvaluationData, language: Language): Section {
  const find = valueIndex(data.values);
  const card = (title: Text, value: string, note: Text) =>
    html`<div class="card"><h4>${both(title, language)}</h4><p class="value"><span>${value}</span></p><p class="note">${both(note, language)}</p></div>`;
  const missing = data.definitions.filter(
    ({ indicator }) =>
      !data.values.some((row) => row.indicator === indicator && row.status !== 'not-applicable'),
  ).length;
  return {
    id: 'overview',
    title: { zh: '概况', en: 'Overview' },
    body: html`<div class="cards">${[
      ...CARDS.map((indicator) => {
        const definition = definitionOf(data, indicator);
        const found = find('area', '', indicator);
        const last = definition.compared ? shown(found?.last_year_value, definition) : undefined;
        const note =
          last === undefined || last === NONE
            ? { zh: definition.formula_zh, en: definition.formula_en }
            : {
                zh: `上年 ${last}。${definition.formula_zh}`,
                en: `Last year ${last}. ${definition.formula_en}`,
              };
        return card(titleOf(definition), shown(found?.value, definition), note);
      }),
      card({ zh: '提示', en: 'Alerts' }, count(BigInt(data.alerts.length)), {
        zh: '超过提示线的指标；只说明该看什么，不是结论。',
        en: 'Indicators beyond a threshold: what to look at, no findings.',
      }),
      card({ zh: '不适用的指标', en: 'Indicators without data' }, String(missing), {
        zh: '缺少所需的列或文件，见“指标定义”。',
        en: 'A column or file they need is missing: see the definitions.',
      }),
    ]}</div>`,
  };
}

function indicators(data: EvaluationData, language: Language): Section {
  const find = valueIndex(data.values);
  const rows = data.families.flatMap((family) =>
    data.definitions
      .filter((definition) => definition.family === family.family)
      .flatMap((definition) => {
        const found = find('area', '', definition.indicator);
        if (found === undefined) return [];
        const value =
          found.status === 'not-applicable'
            ? html`<small>${language === 'zh' ? `不适用，需要 ${definition.needs_zh ?? ''}` : `not applicable, needs ${definition.needs_en ?? ''}`}</small>`
            : shown(found.value, definition);
        return [
          [
            language === 'zh' ? family.title_zh : family.title_en,
            html`${both(titleOf(definition), language)}`,
            value,
            definition.compared ? shown(found.last_year_value, definition) : NONE,
            definition.compared ? signed(shown(found.change, definition)) : NONE,
            unitName(definition.unit)[language],
          ],
        ];
      }),
  );
  return {
    id: 'indicators',
    title: { zh: '全地区指标', en: 'Indicators of the area' },
    body: table(
      {
        caption: { zh: '全地区全年，与上年比较', en: 'The area in the year, beside the year before' },
        className: 'text',
        columns: [
          { title: { zh: '类别', en: 'Family' } },
          { title: { zh: '指标', en: 'Indicator' } },
          { title: { zh: '今年', en: 'This year' } },
          { title: { zh: '上年', en: 'Last year' } },
          { title: { zh: '变化', en: 'Change' } },
          { title: { zh: '单位', en: 'Unit' } },
        ],
        rows,
        empty: { zh: '没有清单。', en: 'There are no lists.' },
      },
      language,
    ),
  };
}

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

function months(data: EvaluationData, language: Language): Section {
  const find = valueIndex(data.values);
  const monthName = (month: number) => `${data.area.year}-${String(month).padStart(2, '0')}`;
  const used = MONTHS.filter((month) => find('area', '', 'cases', month));
  const lines = (id: string, indicator: string, title: Text) => {
    const definition = definitionOf(data, indicator);
    const value = (month: number, pick: 'value' | 'last_year_value') => {
      const found = find('area', '', indicator, month)?.[pick];
      return found === undefined || found === null ? '-' : drawn(found, definition.decimals);
    };
    const series = (name: Text, pick: 'value' | 'last_year_value', color: string, dash: boolean) => ({
      name: joined(name, language),
      type: 'line',
      color,
      symbolSize: 6,
      lineStyle: { color, width: dash ? 1.5 : 2.5, ...(dash ? { type: [6, 4] } : {}) },
      data: used.map((month) => value(month, pick)),
    });
    return figure(
      {
        title,
        chart: renderChart({
          id,
          height: 300,
          label: used
            .map(
              (month) =>
                `${monthName(month)} ${shown(find('area', '', indicator, month)?.value, definition)}`,
            )
            .join('; '),
          option: {
            grid: { left: 80, right: 24, top: 60, bottom: 40 },
            legend: { top: 2, left: 80, itemGap: 24, textStyle: { color: INK, fontSize: FONT_PX } },
            xAxis: { ...axisStyle, type: 'category', data: used.map(monthName) },
            yAxis: {
              ...axisStyle,
              type: 'value',
              scale: true,
              name: joined(unitName(definition.unit), language),
            },
            series: [
              series({ zh: '今年', en: 'This year' }, 'value', COLOUR.blue, false),
              series({ zh: '上年', en: 'Last year' }, 'last_year_value', COLOUR.orange, true),
            ],
          },
        }),
        caption: {
          zh: `${definition.formula_zh}；按出院月份。`,
          en: `${definition.formula_en}; by month of discharge.`,
        },
      },
      language,
    );
  };
  return {
    id: 'months',
    title: { zh: '逐月', en: 'By month' },
    body:
      used.length === 0
        ? html`<p class="empty">${both({ zh: '没有清单。', en: 'There are no lists.' }, language)}</p>`
        : html`${lines('chart-cmi', 'cmi', { zh: '逐月 CMI', en: 'CMI by month' })}
${lines('chart-cost', 'average_cost', { zh: '逐月次均费用', en: 'Average cost by month' })}
${table(
  {
    caption: { zh: '全地区逐月指标', en: 'Indicators of the area by month' },
    columns: [{ title: { zh: '月份', en: 'Month' } }, ...MONTH_COLUMNS.map((name) => column(data, name))],
    rows: used.map((month) => [
      monthName(month),
      ...MONTH_COLUMNS.map((name) => shown(find('area', '', name, month)?.value, definitionOf(data, name))),
    ]),
    empty: { zh: '没有清单。', en: 'There are no lists.' },
  },
  language,
)}`,
  };
}

function scopes(data: EvaluationData, language: Language): Section {
  const find = valueIndex(data.values);
  const rows = data.scopes.filter(({ scope }) => scope === 'scheme' || scope === 'level');
  const ordered = [
    ...rows.filter(({ scope }) => scope === 'scheme'),
    ...rows.filter(({ scope }) => scope === 'level'),
  ];
  return {
    id: 'scopes',
    title: { zh: '险种与级别', en: 'Schemes and levels' },
    body: table(
      {
        caption: { zh: '各险种、各级机构全年', en: 'Schemes and levels in the year' },
        columns: [{ title: { zh: '范围', en: 'Scope' } }, ...SCOPE_COLUMNS.map((name) => column(data, name))],
        rows: ordered.map(({ scope, id }) => [
          joined(scopeName(data, scope, id), language),
          ...SCOPE_COLUMNS.map((name) => shown(find(scope, id, name)?.value, definitionOf(data, name))),
        ]),
        empty: { zh: '没有。', en: 'None.' },
      },
      language,
    ),
  };
}

const LEVEL_MARK: Readonly<Record<number, { readonly symbol: string; readonly color: string }>> = {
  1: { symbol: 'triangle', color: COLOUR.green },
  2: { symbol: 'rect', color: COLOUR.orange },
  3: { symbol: 'circle', color: COLOUR.blue },
};

function institutions(data: EvaluationData, language: Language): Section {
  const find = valueIndex(data.values);
  const rows = data.scopes
    .filter(
      ({ scope, id }) => scope === 'institution' && (find('institution', id, 'cases')?.value ?? 0n) > 0n,
    )
    .toSorted((a, b) => {
      const [x, y] = [find('institution', a.id, 'cases')!.value!, find('institution', b.id, 'cases')!.value!];
      return x === y ? (a.id < b.id ? -1 : 1) : x > y ? -1 : 1;
    });
  const drawnRows = rows.filter(({ id }) => find('institution', id, 'cost_index')?.value != null);
  const labelled = new Set(drawnRows.slice(0, LABELS_SHOWN).map(({ id }) => id));
  const levels = [...new Set(drawnRows.map(({ level }) => level ?? 0))].toSorted();
  const most = Math.max(1, ...drawnRows.map(({ id }) => Number(find('institution', id, 'cases')!.value!)));
  const chart = () =>
    figure(
      {
        title: { zh: '费用与时间消耗指数', en: 'Cost and time consumption index' },
        chart: renderChart({
          id: 'chart-indices',
          height: 520,
          label: drawnRows
            .map(
              ({ id, name }) =>
                `${name} ${shown(find('institution', id, 'cost_index')?.value, definitionOf(data, 'cost_index'))}`,
            )
            .join('; '),
          option: {
            grid: { left: 70, right: 40, top: 60, bottom: 60 },
            legend: { top: 2, left: 'center', itemGap: 24, textStyle: { color: INK, fontSize: FONT_PX } },
            xAxis: {
              ...axisStyle,
              type: 'value',
              scale: true,
              boundaryGap: ['6%', '10%'],
              nameLocation: 'middle',
              nameGap: 34,
              name: joined({ zh: '时间消耗指数', en: 'Time consumption index' }, language),
            },
            yAxis: {
              ...axisStyle,
              type: 'value',
              scale: true,
              boundaryGap: ['6%', '10%'],
              name: joined({ zh: '费用消耗指数', en: 'Cost consumption index' }, language),
              nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 0, -60] },
            },
            series: levels.map((level, index) => {
              const members = drawnRows.filter((row) => (row.level ?? 0) === level);
              return {
                name: joined(levelName(level), language),
                type: 'scatter',
                symbol: LEVEL_MARK[level]?.symbol ?? 'diamond',
                color: LEVEL_MARK[level]?.color ?? COLOUR.purple,
                itemStyle: { opacity: 0.85, borderColor: INK, borderWidth: 0.6 },
                data: members.map(({ id }) => ({
                  value: [
                    drawn(find('institution', id, 'time_index')!.value!, 6),
                    drawn(find('institution', id, 'cost_index')!.value!, 6),
                  ],
                  symbolSize: 9 + 26 * Math.sqrt(Number(find('institution', id, 'cases')!.value!) / most),
                })),
                label: {
                  ...labelStyle,
                  show: true,
                  position: 'right',
                  formatter: ({ dataIndex }: { dataIndex: number }) => {
                    const row = members[dataIndex]!;
                    return labelled.has(row.id) ? shortened(row.name || row.id, 24) : '';
                  },
                },
                labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
                ...(index === 0
                  ? {
                      markLine: {
                        symbol: 'none',
                        silent: true,
                        lineStyle: { color: INK, type: [6, 4], width: 1 },
                        label: { show: false },
                        data: [{ xAxis: 1 }, { yAxis: 1 }],
                      },
                    }
                  : {}),
              };
            }),
          },
        }),
        caption: {
          zh: '1 表示与全地区同病种的平均相同；标记面积与病例数成正比。指数只比较消耗，不说明诊疗是否恰当。',
          en: '1 is the mean of the same groups in the area; area of the mark ∝ cases. The indices compare consumption and say nothing of whether care was right.',
        },
      },
      language,
    );
  const shownRows = rows.slice(0, INSTITUTIONS_SHOWN);
  const cut: Text =
    rows.length > shownRows.length
      ? {
          zh: `（病例最多的 ${shownRows.length} 家，共 ${rows.length} 家）`,
          en: ` (the ${shownRows.length} with most cases of ${rows.length})`,
        }
      : { zh: '', en: '' };
  return {
    id: 'institutions',
    title: { zh: '医疗机构', en: 'Institutions' },
    body: html`${drawnRows.length > 0 ? chart() : undefined}
${table(
  {
    caption: { zh: `机构指标${cut.zh}`, en: `Indicators of institutions${cut.en}` },
    columns: [
      { title: INSTITUTION },
      { title: { zh: '级别', en: 'Level' } },
      ...INSTITUTION_COLUMNS.map((name) => column(data, name)),
    ],
    rows: shownRows.map(({ id, name, level }) => [
      html`${name} <code>${id}</code>`,
      String(level ?? ''),
      ...INSTITUTION_COLUMNS.map((indicator) =>
        shown(find('institution', id, indicator)?.value, definitionOf(data, indicator)),
      ),
    ]),
    empty: { zh: '没有有病例的机构。', en: 'No institution has a case.' },
  },
  language,
)}`,
  };
}

function groups(data: EvaluationData, language: Language): Section {
  const find = valueIndex(data.values);
  const ids = [...new Set(data.values.filter(({ scope }) => scope === 'group').map(({ id }) => id))].toSorted(
    (a, b) => {
      const [x, y] = [find('group', a, 'cost')!.value!, find('group', b, 'cost')!.value!];
      return x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1;
    },
  );
  return {
    id: 'groups',
    title: { zh: '病种', en: 'Groups' },
    body: table(
      {
        caption: {
          zh: `费用最多的 ${Math.min(GROUPS_SHOWN, ids.length)} 个病种，共 ${data.groups} 个；全部见 group_indicators.csv`,
          en: `The ${Math.min(GROUPS_SHOWN, ids.length)} groups of the highest cost of ${data.groups}; all in group_indicators.csv`,
        },
        columns: [{ title: { zh: '病种', en: 'Group' } }, ...GROUP_COLUMNS.map((name) => column(data, name))],
        rows: ids.map((id) => [
          html`<code>${id}</code>`,
          ...GROUP_COLUMNS.map((name) => shown(find('group', id, name)?.value, definitionOf(data, name))),
        ]),
        empty: { zh: '没有入组的病例。', en: 'No case is grouped.' },
      },
      language,
    ),
  };
}

function alerts(data: EvaluationData, language: Language): Section {
  const shownAlerts = data.alerts.slice(0, ALERTS_SHOWN);
  const kinds = [...Map.groupBy(data.alerts, ({ alert }) => alert)].map(([alert, rows]) => [
    joined(alertName(alert), language),
    count(BigInt(rows.length)),
  ]);
  const empty = { zh: '没有超过提示线的指标。', en: 'No indicator is beyond its threshold.' };
  return {
    id: 'alerts',
    title: { zh: '提示', en: 'Alerts' },
    body: html`<p>${both(
      {
        zh: '提示线是参数（evaluation.*），没有一个是全国规定。提示只说明该看什么：先核对数据，再听机构说明。',
        en: 'Thresholds are parameters (evaluation.*), none of them national. An alert says what to look at: check the data first, then hear the institution.',
      },
      language,
    )}</p>
${table(
  {
    caption: { zh: '各种提示的数目', en: 'Alerts by kind' },
    columns: [
      { title: { zh: '提示', en: 'Alert' } },
      { title: { zh: '数目', en: 'Number' }, unit: UNIT.none },
    ],
    rows: kinds,
    empty,
  },
  language,
)}
${table(
  {
    caption: {
      zh: `提示（显示 ${shownAlerts.length} 条，共 ${data.alerts.length} 条；全部见 alerts.csv）`,
      en: `Alerts (${shownAlerts.length} of ${data.alerts.length}; all in alerts.csv)`,
    },
    className: 'text',
    columns: [
      { title: { zh: '提示', en: 'Alert' } },
      { title: { zh: '范围', en: 'Scope' } },
      { title: { zh: '期间', en: 'Period' } },
      { title: { zh: '值', en: 'Value' }, unit: UNIT.none },
      { title: { zh: '提示线', en: 'Threshold' }, unit: UNIT.none },
    ],
    rows: shownAlerts.map((row) => [
      joined(alertName(row.alert), language),
      row.scope === 'group'
        ? html`<code>${row.id}</code>`
        : joined(scopeName(data, row.scope, row.id), language),
      row.month === 0 ? String(data.area.year) : `${data.area.year}-${String(row.month).padStart(2, '0')}`,
      scaled(row.value6, 6),
      scaled(row.limit6, 6),
    ]),
    empty,
  },
  language,
)}`,
  };
}

function signals(data: EvaluationData, language: Language): Section {
  const counted = new Map(data.signals.map((row) => [`${row.fixmedins_code} ${row.signal}`, row.cases]));
  const totals = new Map<string, bigint>();
  for (const row of data.signals)
    totals.set(row.fixmedins_code, (totals.get(row.fixmedins_code) ?? 0n) + row.cases);
  const codes = [...totals]
    .toSorted(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1))
    .slice(0, INSTITUTIONS_SHOWN);
  return {
    id: 'signals',
    title: { zh: '值得查看的病例', en: 'Cases to look at' },
    body: table(
      {
        caption: {
          zh: '各机构各种信号的病例数；逐例见 signals.csv。信号不是违规结论',
          en: 'Cases with a sign, by institution; each case in signals.csv. A sign is no finding',
        },
        columns: [{ title: INSTITUTION }, ...SIGNAL_NAMES.map(([, title]) => ({ title, unit: UNIT.cases }))],
        rows: codes.map(([code]) => [
          html`${scopeName(data, 'institution', code).zh} <code>${code}</code>`,
          ...SIGNAL_NAMES.map(([signal]) => count(counted.get(`${code} ${signal}`) ?? 0n)),
        ]),
        empty: { zh: '没有。', en: 'None.' },
      },
      language,
    ),
  };
}

function definitions(data: EvaluationData, language: Language): Section {
  const part = (row: DefinitionRow, key: 'formula' | 'needs'): string =>
    (language === 'zh' ? row[`${key}_zh`] : row[`${key}_en`]) ?? '';
  const cells = (row: DefinitionRow): (string | Html)[] => [
    html`${both(titleOf(row), language)}<br><code>${row.indicator}</code>`,
    part(row, 'formula'),
    part(row, 'needs') || NONE,
    joined(evidenceName(row.evidence), language),
    row.source,
  ];
  return {
    id: 'definitions',
    title: { zh: '指标定义', en: 'Definitions' },
    body: table(
      {
        caption: { zh: '公式、所需数据、依据的可靠程度', en: 'Formulas, data they need, how sure they are' },
        className: 'text',
        columns: [
          { title: { zh: '指标', en: 'Indicator' } },
          { title: { zh: '公式', en: 'Formula' } },
          { title: { zh: '需要', en: 'Needs' } },
          { title: { zh: '依据性质', en: 'Evidence' } },
          { title: { zh: '来源', en: 'Source' } },
        ],
        rows: data.definitions.map(cells),
        empty: { zh: '没有。', en: 'None.' },
      },
      language,
    ),
  };
}
