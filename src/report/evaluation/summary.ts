import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { count, pad, shortened, signed } from '../format.ts';
import { termsOf } from '../terms.ts';
import { alertName, readEvaluation, shown, titleOf, valueIndex } from './data.ts';

const AREA_SHOWN = [
  'cases',
  'cmi',
  'average_cost',
  'average_stay',
  'mean_cost_variation',
  'variance_explained',
  'readmission_31',
  'low_standard_share',
  'long_stay_share',
  'fund_share',
  'payment_gap',
  'surplus_coverage',
  'budget_accuracy',
];
const INSTITUTIONS_SHOWN = 10;
const NAME_WIDTH = 34;

/** The summary of the terminal: indicators of the area beside last year, the highest cost indices, alerts, missing data. */
export async function evaluationSummaryLines(engine: Engine, language: Language): Promise<string> {
  const data = await readEvaluation(engine);
  const { method } = await engine.row(
    `SELECT value AS method FROM policy_value WHERE parameter = 'grouping.method'`,
  );
  const zh = language === 'zh';
  const find = valueIndex(data.values);
  const definitionOf = (name: string) => data.definitions.find(({ indicator }) => indicator === name)!;
  const right = (text: string, width = 16) => pad(text, width, 'right');
  const lines = [
    `${data.area.name} ${data.area.year}`,
    pad(zh ? '全地区' : 'Area', NAME_WIDTH, 'left') +
      right(zh ? '今年' : 'this year') +
      right(zh ? '上年' : 'last year') +
      right(zh ? '变化' : 'change'),
    ...AREA_SHOWN.map((name) => {
      const definition = definitionOf(name);
      const found = find('area', '', name);
      return (
        pad(shortened(titleOf(definition)[language], NAME_WIDTH - 1), NAME_WIDTH, 'left') +
        right(shown(found?.value, definition)) +
        right(shown(found?.last_year_value, definition)) +
        right(signed(shown(found?.change, definition)))
      );
    }),
    '',
    pad(zh ? '费用消耗指数最高的机构' : 'Highest cost index', NAME_WIDTH, 'left') +
      [zh ? '费用指数' : 'cost index', zh ? '时间指数' : 'time index', 'CMI', zh ? '病例' : 'cases']
        .map((text) => right(text))
        .join(''),
    ...data.scopes
      .filter(({ scope, id }) => scope === 'institution' && find(scope, id, 'cost_index')?.value != null)
      .toSorted((a, b) => {
        const [x, y] = [
          find('institution', a.id, 'cost_index')!.value!,
          find('institution', b.id, 'cost_index')!.value!,
        ];
        return x === y ? (a.id < b.id ? -1 : 1) : x > y ? -1 : 1;
      })
      .slice(0, INSTITUTIONS_SHOWN)
      .map(
        ({ id, name }) =>
          pad(shortened(name || id, NAME_WIDTH - 1), NAME_WIDTH, 'left') +
          ['cost_index', 'time_index', 'cmi', 'cases']
            .map((each) => right(shown(find('institution', id, each)?.value, definitionOf(each))))
            .join(''),
      ),
    '',
    zh
      ? `提示 ${count(BigInt(data.alerts.length))} 条（只说明该看什么）`
      : `${count(BigInt(data.alerts.length))} alerts (what to look at)`,
    ...[...Map.groupBy(data.alerts, ({ alert }) => alert)].map(
      ([alert, rows]) =>
        `  ${pad(alertName(alert)[language], NAME_WIDTH + 10, 'left')}${right(count(BigInt(rows.length)), 8)}`,
    ),
  ];
  const missing = data.definitions.filter(
    ({ indicator }) => find('area', '', indicator)?.status === 'not-applicable',
  );
  if (missing.length > 0) {
    lines.push(
      '',
      zh
        ? `不适用的指标 ${missing.length} 个，缺少：`
        : `${missing.length} indicators are not applicable, for want of:`,
      ...[...new Set(missing.map((row) => (zh ? row.needs_zh : row.needs_en) ?? row.indicator))].map(
        (needs) => `  ${needs}`,
      ),
    );
  }
  return termsOf(String(method))(lines.join('\n'));
}
