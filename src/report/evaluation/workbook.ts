import type { Language, Text } from '#kernel/locale.ts';
import { joined } from '../words.ts';
import type { Sheet, SheetCell } from '../workbook/xlsx.ts';
import {
  alertName,
  cellKind,
  type DefinitionRow,
  type EvaluationData,
  evidenceName,
  type PeerRow,
  scopeName,
  titleOf,
  unitName,
  valueIndex,
} from './data.ts';

const text = (zh: string, en: string, width: number, kind: 'text' | 'note' = 'text') => ({
  title: { zh, en },
  width,
  kind,
});
/** Shares stay fractions of 1 in the workbook, so that they can be calculated with. */
const valueColumn = (definition: DefinitionRow) => ({
  title: titleOf(definition),
  unit: definition.unit === 'share' ? { zh: '比例', en: 'share' } : unitName(definition.unit),
  width: 16,
  kind: cellKind(definition),
});

/** The sheets of evaluation.xlsx: the area, schemes and levels, institutions, months, peers, alerts, definitions. */
export function evaluationSheets(
  data: EvaluationData,
  peers: readonly PeerRow[],
  language: Language,
): Sheet[] {
  const find = valueIndex(data.values);
  const definitionOf = new Map(data.definitions.map((row) => [row.indicator, row]));
  const hasScope = (scope: string) => {
    const used = new Set(data.values.filter((row) => row.scope === scope).map(({ indicator }) => indicator));
    return data.definitions.filter(({ indicator }) => used.has(indicator));
  };
  const wide = (name: Text, scope: string, month: number, shown: readonly DefinitionRow[]): Sheet => ({
    name,
    columns: [
      text('编号', 'Id', 18),
      text('名称', 'Name', 30),
      text('级别', 'Level', 10),
      ...shown.map(valueColumn),
    ],
    rows: data.scopes
      .filter((row) => row.scope === scope)
      .map(({ id, level }): SheetCell[] => [
        id,
        joined(scopeName(data, scope, id), language),
        level === null ? '' : String(level),
        ...shown.map(({ indicator }) => find(scope, id, indicator, month)?.value ?? null),
      ]),
  });
  const area = hasScope('area');
  const cell = (definition: DefinitionRow, value: bigint | null | undefined): SheetCell =>
    value === null || value === undefined ? null : { kind: cellKind(definition), value };
  const monthly = (scope: 'area' | 'institution') =>
    [
      ...new Set(data.values.filter((row) => row.scope === scope && row.month > 0).map(({ month }) => month)),
    ].toSorted((a, b) => a - b);
  const monthIndicators = data.definitions.filter(({ indicator }) =>
    data.values.some((row) => row.scope === 'area' && row.month > 0 && row.indicator === indicator),
  );
  return [
    {
      name: { zh: '全地区', en: 'Area' },
      columns: [
        text('指标', 'Indicator', 34),
        text('今年', 'This year', 18),
        text('上年', 'Last year', 18),
        text('变化', 'Change', 18),
        text('单位', 'Unit', 14),
        text('需要', 'Needs', 44, 'note'),
        text('公式', 'Formula', 60, 'note'),
      ],
      rows: area.map((definition): SheetCell[] => {
        const found = find('area', '', definition.indicator);
        const needed = language === 'zh' ? definition.needs_zh : definition.needs_en;
        return [
          joined(titleOf(definition), language),
          cell(definition, found?.value),
          cell(definition, found?.last_year_value),
          cell(definition, found?.change),
          joined(
            definition.unit === 'share' ? { zh: '比例', en: 'share' } : unitName(definition.unit),
            language,
          ),
          found?.status === 'not-applicable' ? (needed ?? '') : '',
          language === 'zh' ? definition.formula_zh : definition.formula_en,
        ];
      }),
    },
    wide({ zh: '险种', en: 'Schemes' }, 'scheme', 0, hasScope('scheme')),
    wide({ zh: '级别', en: 'Levels' }, 'level', 0, hasScope('level')),
    wide({ zh: '机构', en: 'Institutions' }, 'institution', 0, hasScope('institution')),
    {
      name: { zh: '逐月', en: 'Months' },
      columns: [
        text('范围', 'Scope', 30),
        text('编号', 'Id', 18),
        text('月份', 'Month', 10),
        ...monthIndicators.map(valueColumn),
      ],
      rows: (['area', 'institution'] as const).flatMap((scope) =>
        data.scopes
          .filter((row) => row.scope === scope)
          .flatMap(({ id }) =>
            monthly(scope)
              .filter((month) => find(scope, id, 'cases', month))
              .map((month): SheetCell[] => [
                joined(scopeName(data, scope, id), language),
                id,
                `${data.area.year}-${String(month).padStart(2, '0')}`,
                ...monthIndicators.map(({ indicator }) => find(scope, id, indicator, month)?.value ?? null),
              ]),
          ),
      ),
    },
    {
      name: { zh: '同级比较', en: 'Peers' },
      columns: [
        text('机构代码', 'Code', 18),
        text('机构名称', 'Name', 30),
        text('级别', 'Level', 8),
        text('指标', 'Indicator', 32),
        text('值', 'Value', 16),
        text('同级机构数', 'Peers', 12),
        { ...text('低于本机构的比例', 'Share below', 14), kind: 'scaled4' },
        text('P25', 'P25', 16),
        text('中位数', 'Median', 16),
        text('P75', 'P75', 16),
      ],
      rows: peers.map((row): SheetCell[] => {
        const definition = definitionOf.get(row.indicator)!;
        return [
          row.fixmedins_code,
          scopeName(data, 'institution', row.fixmedins_code)[language],
          String(row.level),
          joined(titleOf(definition), language),
          cell(definition, row.value),
          { kind: 'count', value: row.peers },
          row.percentile4,
          cell(definition, row.p25),
          cell(definition, row.median),
          cell(definition, row.p75),
        ];
      }),
    },
    {
      name: { zh: '提示', en: 'Alerts' },
      columns: [
        text('提示', 'Alert', 34),
        text('范围', 'Scope', 30),
        text('编号', 'Id', 20),
        text('期间', 'Period', 10),
        { ...text('值', 'Value', 14), kind: 'scaled6' },
        { ...text('提示线', 'Threshold', 14), kind: 'scaled6' },
      ],
      rows: data.alerts.map((row): SheetCell[] => [
        joined(alertName(row.alert), language),
        joined(scopeName(data, row.scope, row.id), language),
        row.id,
        row.month === 0 ? String(data.area.year) : `${data.area.year}-${String(row.month).padStart(2, '0')}`,
        row.value6,
        row.limit6,
      ]),
    },
    {
      name: { zh: '指标定义', en: 'Definitions' },
      columns: [
        text('指标', 'Indicator', 34),
        text('代码', 'Code', 28),
        text('公式', 'Formula', 60, 'note'),
        text('需要', 'Needs', 44, 'note'),
        text('依据性质', 'Evidence', 22),
        text('来源', 'Source', 40, 'note'),
      ],
      rows: data.definitions.map((row): SheetCell[] => [
        joined(titleOf(row), language),
        row.indicator,
        (language === 'zh' ? row.formula_zh : row.formula_en) ?? '',
        (language === 'zh' ? row.needs_zh : row.needs_en) ?? '',
        joined(evidenceName(row.evidence), language),
        row.source,
      ]),
    },
  ];
}
