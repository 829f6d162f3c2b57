import { Card, Tooltip, Typography } from 'antd';
import { INDICATOR_UNITS } from '#api/contract/words.ts';
import type { IndicatorRow } from '#api/contract/year.ts';
import { scaled } from '../format.ts';
import { nameOf } from '../names.ts';
import { type Text, useText } from '../preferences.tsx';
import { useSession } from '../session.tsx';
import { DataTable } from './data-table.tsx';

const UNITS: Readonly<Record<string, Text>> = INDICATOR_UNITS;
const BETTER: Readonly<Record<string, Text>> = {
  higher: { zh: '越高越好', en: 'higher is better' },
  lower: { zh: '越低越好', en: 'lower is better' },
};

/** The indicators of an institution for the year, beside the institutions of its level. */
export function Indicators(props: { readonly runId: number; readonly code: string }) {
  const { runId, code } = props;
  const say = useText();
  const { institutionCode } = useSession();
  return (
    <Card
      size="small"
      title={say({ zh: '指标与同级对照', en: 'Indicators beside its level' })}
      extra={
        <Typography.Text type="secondary">
          {say({ zh: '指着名称看公式与出处', en: 'point at a name for formula and source' })}
        </Typography.Text>
      }
    >
      <DataTable<IndicatorRow>
        path={`/api/runs/${runId}/institutions/${encodeURIComponent(code)}/indicators`}
        rowKey={(row) => row.indicator}
        prefix="indicator-"
        pageSize={100}
        caption={say({ zh: '指标与同级对照', en: 'Indicators beside its level' })}
        empty={
          institutionCode === null
            ? say({ zh: '没有指标', en: 'No indicators' })
            : say({ zh: '年度清算公布后显示', en: 'Shown once the annual clearing is published' })
        }
        columns={[
          {
            key: 'family',
            title: say({ zh: '类别', en: 'Family' }),
            render: (row) => say({ zh: row.family_zh, en: row.family_en }),
          },
          {
            key: 'title_zh',
            title: say({ zh: '指标', en: 'Indicator' }),
            fixed: true,
            render: (row) => (
              <Tooltip
                title={
                  <>
                    <div>{say({ zh: row.formula_zh, en: row.formula_en })}</div>
                    <div>{row.source}</div>
                    <div>{row.rule}</div>
                  </>
                }
              >
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tip is reached by the keyboard, too */}
                <span tabIndex={0}>{say({ zh: row.title_zh, en: row.title_en })}</span>
              </Tooltip>
            ),
          },
          {
            key: 'unit',
            title: say({ zh: '单位', en: 'Unit' }),
            render: (row) => say(nameOf(UNITS, row.unit)),
          },
          number('value', say({ zh: '本年', en: 'Value' }), (row) =>
            row.status === 'given'
              ? figure(row.value)
              : row.status === 'zero-denominator'
                ? say({ zh: '分母为零', en: 'nothing to divide by' })
                : say({ zh: '缺数据', en: 'no data' }),
          ),
          number('last_year_value', say({ zh: '上年', en: 'Year before' }), (row) =>
            figure(row.last_year_value),
          ),
          number('p25', say({ zh: '同级下四分位', en: 'Level P25' }), (row) => figure(row.p25)),
          number('median', say({ zh: '同级中位数', en: 'Level median' }), (row) => figure(row.median)),
          number('p75', say({ zh: '同级上四分位', en: 'Level P75' }), (row) => figure(row.p75)),
          number('percentile4', say({ zh: '高于同级（%）', en: 'Above (% of level)' }), (row) =>
            row.percentile4 === null ? '–' : scaled(row.percentile4, 2, 1),
          ),
          {
            key: 'direction',
            title: say({ zh: '方向', en: 'Better' }),
            render: (row) => (BETTER[row.direction] ? say(BETTER[row.direction]!) : '–'),
          },
        ]}
      />
    </Card>
  );
}

const number = (key: string, title: string, render: (row: IndicatorRow) => string) => ({
  key,
  title,
  kind: 'count' as const,
  render,
});

/** Decimal text with separators, as every other number of the console. */
function figure(text: string | null): string {
  if (text === null) return '–';
  const [, sign, whole = '', rest = ''] = /^(-?)(\d+)(\..*)?$/.exec(text) ?? [];
  return `${sign ? '−' : ''}${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}${rest}`;
}
