import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { AutoComplete, Button, Card, Flex, Input, InputNumber, Slider, Table, Tag, Typography } from 'antd';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { SimulationResult } from '#api/contract/simulation.ts';
import type { ParameterRow } from '#api/contract/year.ts';
import { read, withQuery, write } from '../client.ts';
import { compareWhole, count, scaled, yuan } from '../format.ts';
import { DEVIATION_NAME, nameOf, SCHEME_NAME, UNIT_NAME } from '../names.ts';
import { type Say, usePreferences, useText } from '../preferences.tsx';
import { COLOUR, DEVIATION_COLOUR } from '../theme.ts';
import { Chart, type ChartOption } from './chart.tsx';
import { ExportButton, type ListAnswer } from './data-table.tsx';
import { GainChart } from './gain-chart.tsx';

/** What a scenario assumes: parameter, or budget of a scheme, and the text of its value. */
export type Sets = Readonly<Record<string, string>>;
export type NamedScenario = { readonly name: string; readonly set: Sets };

type Simulated = { readonly id: number | null; readonly result: SimulationResult };
type Whole = number | string;
type SchemeLine = {
  readonly insutype: string;
  readonly budget_fen: Whole;
  readonly start_point_value8: Whole | null;
  readonly settlement_point_value8: Whole | null;
  readonly result_fen: Whole;
  readonly residual_fen: Whole;
};
type InstitutionLine = {
  readonly fixmedins_code: string;
  readonly name: string | null;
  readonly level: number | null;
  readonly result_fen?: Whole;
};
type GroupLine = { readonly missing?: true } & Readonly<Record<`${string}_cases`, Whole | undefined>>;

/** The scenarios worked out by the service; those without any change are left out. Nothing is kept. */
export function useSimulation(runId: number, scenarios: readonly NamedScenario[]) {
  const asked = withChanges(scenarios);
  return useQuery({
    queryKey: ['simulation', runId, asked],
    queryFn: () => write<Simulated>('POST', `/api/runs/${runId}/simulations`, { scenarios: asked }),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const withChanges = (scenarios: readonly NamedScenario[]): NamedScenario[] =>
  scenarios.filter(({ set }) => Object.keys(set).length > 0);

/** The parameters a settlement was settled under, one row each, by name. */
export function useRunParameters(runId: number) {
  return useQuery({
    queryKey: ['run-parameters', runId],
    queryFn: async ({ signal }) => {
      const { rows } = await read<ListAnswer<ParameterRow>>(
        `/api/runs/${runId}/parameters?size=500&sort=parameter`,
        signal,
      );
      return [...new Map(rows.map((row) => [row.parameter, row])).values()];
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const budgetTitle = (scheme: string | undefined, say: Say): string =>
  `${say(nameOf(SCHEME_NAME, scheme))}${say({ zh: '预算', en: ' budget' })}`;

type Dial = { readonly name: string; readonly from: number; readonly to: number; readonly step: number };

/** What is changed most; each is shown when the policy of the year reads it. */
const DIALS: readonly Dial[] = [
  { name: 'deviation.high_ratio', from: 1, to: 5, step: 0.1 },
  { name: 'deviation.extreme_ratio', from: 2, to: 20, step: 0.5 },
  { name: 'point_value.trim_share_minimum', from: 0, to: 1, step: 0.01 },
  { name: 'prepayment.months', from: 0, to: 6, step: 1 },
  { name: 'deposit.ratio', from: 0, to: 0.2, step: 0.01 },
  { name: 'clearing.surplus_low_ratio', from: 0.5, to: 1, step: 0.01 },
  { name: 'clearing.surplus_share', from: 0, to: 1, step: 0.01 },
  { name: 'clearing.area_surplus_share', from: 0, to: 1, step: 0.01 },
  { name: 'clearing.area_deficit_share', from: 0, to: 1, step: 0.01 },
];
const BUDGET_PERCENT = 20;
const IS_DECIMAL = /^-?\d+(\.\d+)?$/;

/** The dials of one scenario: budgets in per cent, the common parameters as sliders, any other by search. */
export function ScenarioEditor(props: {
  readonly parameters: readonly ParameterRow[];
  readonly schemes: readonly string[];
  readonly sets: Sets;
  readonly onChange: (sets: Sets) => void;
  /** budgets belong to a year, not to a policy */
  readonly withoutBudgets?: boolean;
}) {
  const { parameters, schemes, sets, onChange, withoutBudgets = false } = props;
  const say = useText();
  const { language } = usePreferences();
  const titleOf = (row: ParameterRow) => (language === 'zh' ? row.title_zh : row.title_en);
  const change = (name: string, value: string | undefined) => {
    const next = { ...sets };
    if (value === undefined) delete next[name];
    else next[name] = value;
    onChange(next);
  };
  const dials = DIALS.flatMap((dial) => {
    const row = parameters.find(({ parameter }) => parameter === dial.name);
    return row?.value && IS_DECIMAL.test(row.value) ? [{ dial, row, value: row.value }] : [];
  });
  const known = new Set([...dials.map(({ dial }) => dial.name), ...schemes.map((code) => `budget.${code}`)]);
  const others = Object.keys(sets).filter((name) => !known.has(name));
  return (
    <Flex vertical gap={4}>
      {withoutBudgets
        ? null
        : schemes.map((code) => {
            const name = `budget.${code}`;
            const text = sets[name];
            const percent = text?.endsWith('%') ? Number(text.slice(0, -1)) : 0;
            return (
              <DialRow
                key={name}
                title={budgetTitle(code, say)}
                unit="%"
                was="0"
                value={percent}
                from={-BUDGET_PERCENT}
                to={BUDGET_PERCENT}
                step={0.5}
                isChanged={text !== undefined}
                onChange={(value) =>
                  change(name, value === 0 ? undefined : `${value > 0 ? '+' : ''}${value}%`)
                }
                onReset={() => change(name, undefined)}
              />
            );
          })}
      {dials.map(({ dial, row, value }) => (
        <DialRow
          key={dial.name}
          title={titleOf(row)}
          unit={say(nameOf(UNIT_NAME, row.unit))}
          was={value}
          value={Number(sets[dial.name] ?? value)}
          from={Math.min(dial.from, Number(value))}
          to={Math.max(dial.to, Number(value))}
          step={dial.step}
          isChanged={sets[dial.name] !== undefined}
          onChange={(next) => change(dial.name, next === Number(value) ? undefined : String(next))}
          onReset={() => change(dial.name, undefined)}
        />
      ))}
      {others.map((name) => {
        const row = parameters.find(({ parameter }) => parameter === name);
        const title = row ? titleOf(row) : name;
        return (
          <Flex key={name} gap={8} align="center" wrap>
            <span style={{ flex: '1 1 200px' }}>
              {title} <Typography.Text type="secondary">{name}</Typography.Text>
            </span>
            <Input
              aria-label={title}
              style={{ width: 220 }}
              defaultValue={sets[name] ?? ''}
              onBlur={(event) => change(name, event.target.value.trim() || undefined)}
              onPressEnter={(event) => event.currentTarget.blur()}
            />
            <Button size="small" onClick={() => change(name, undefined)}>
              {say({ zh: '撤销', en: 'Undo' })}
            </Button>
          </Flex>
        );
      })}
      <OtherParameter
        parameters={parameters.filter(
          ({ parameter }) => !known.has(parameter) && sets[parameter] === undefined,
        )}
        onAdd={(row) => change(row.parameter, row.value ?? '')}
      />
    </Flex>
  );
}

function DialRow(props: {
  readonly title: string;
  readonly unit: string;
  readonly was: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly isChanged: boolean;
  readonly onChange: (value: number) => void;
  readonly onReset: () => void;
}) {
  const say = useText();
  const { title, unit, was, value, from, to, step, isChanged, onChange, onReset } = props;
  const [moving, setMoving] = useState<number>();
  return (
    <Flex gap={12} align="center" wrap>
      <span style={{ flex: '1 1 180px' }}>
        {title}
        {isChanged ? (
          <Typography.Text type="secondary"> {say({ zh: `原 ${was}`, en: `was ${was}` })}</Typography.Text>
        ) : null}
      </span>
      <Slider
        style={{ flex: '2 1 160px', minWidth: 120 }}
        min={from}
        max={to}
        step={step}
        value={moving ?? value}
        onChange={setMoving}
        onChangeComplete={(next) => {
          setMoving(undefined);
          onChange(next);
        }}
        ariaLabelForHandle={title}
      />
      <InputNumber
        aria-label={title}
        style={{ width: 96 }}
        step={step}
        value={moving ?? value}
        onChange={(next) => {
          if (next !== null) onChange(next);
        }}
      />
      <span style={{ width: 72 }}>{unit}</span>
      <Button size="small" disabled={!isChanged} onClick={onReset}>
        {say({ zh: '撤销', en: 'Undo' })}
      </Button>
    </Flex>
  );
}

function OtherParameter(props: {
  readonly parameters: readonly ParameterRow[];
  readonly onAdd: (row: ParameterRow) => void;
}) {
  const say = useText();
  const { language } = usePreferences();
  const [text, setText] = useState('');
  const label = (row: ParameterRow) =>
    `${language === 'zh' ? row.title_zh : row.title_en} · ${row.parameter} · ${row.value ?? '–'}`;
  const options = props.parameters
    .filter((row) => label(row).toLowerCase().includes(text.toLowerCase()))
    .map((row) => ({ value: row.parameter, label: label(row) }));
  return (
    <AutoComplete
      style={{ width: '100%', maxWidth: 560, marginTop: 8 }}
      options={options}
      value={text}
      onChange={setText}
      onSelect={(name: string) => {
        const row = props.parameters.find(({ parameter }) => parameter === name);
        if (row) props.onAdd(row);
        setText('');
      }}
    >
      <Input
        aria-label={say({ zh: '其他参数', en: 'Any other parameter' })}
        placeholder={say({ zh: '其他参数：按名称查找', en: 'Any other parameter: search by name' })}
      />
    </AutoComplete>
  );
}

const big = (value: Whole | null | undefined): bigint => BigInt(value ?? 0);

/** The difference in yuan, with its sign: a gain blue, a loss vermilion. */
function Difference({ fen }: { readonly fen: bigint }) {
  if (fen === 0n) return <>0.00</>;
  return (
    <span className={fen > 0n ? 'gain' : 'loss'}>
      {fen > 0n ? '+' : ''}
      {yuan(fen)}
    </span>
  );
}

type SummaryLine = { readonly title: string; readonly cells: readonly string[] };

/** What scenarios do beside the year as it is: money, cases that move, gain and loss by institution. */
export function SimulationOutcome(props: {
  readonly runId: number;
  readonly scenarios: readonly NamedScenario[];
  readonly result: SimulationResult;
}) {
  const { runId, scenarios, result } = props;
  const say = useText();
  const navigate = useNavigate();
  const onInstitution = (code: string) => navigate(`/institutions/${encodeURIComponent(code)}`);
  const file = (name: string) =>
    withQuery(`/api/runs/${runId}/simulations/file`, {
      file: name,
      scenarios: JSON.stringify(withChanges(scenarios)),
    });
  const sides = result.scenarios;
  const names = sides.map(({ title }, side) =>
    side === 0 ? say({ zh: '现行', en: 'As it is' }) : say(title),
  );
  const summary = useMemo(() => summaryLines(result, say), [result, say]);
  const institutions = useMemo(() => institutionLines(result), [result]);
  const [shown, setShown] = useState<number>();
  const side = Math.min(shown ?? 1, sides.length - 1);
  const gains = useMemo(
    () => institutions.map(({ code, name, differences }) => ({ code, name, fen: differences[side]! })),
    [institutions, side],
  );
  return (
    <Flex vertical gap={16}>
      <Card
        size="small"
        title={say({ zh: '各方案对照', en: 'Scenarios side by side' })}
        extra={
          <ExportButton
            files={[
              {
                href: file('simulation.xlsx'),
                label: say({ zh: '工作簿 Excel (.xlsx)', en: 'Workbook (.xlsx)' }),
              },
              { href: file('simulation.html'), label: say({ zh: '报告 (.html)', en: 'Report (.html)' }) },
              { href: file('institutions.csv'), label: say({ zh: '机构 CSV', en: 'Institutions CSV' }) },
              { href: file('groups.csv'), label: say({ zh: '病种 CSV', en: 'Groups CSV' }) },
            ]}
          />
        }
      >
        {sides.slice(1).map((one) => (
          <div key={one.scenario} style={{ marginBottom: 4 }}>
            <Tag color="blue" style={{ marginInlineEnd: 8 }}>
              {say(one.title)}
            </Tag>
            {(one.changes as Stated[]).map((change) => (
              <span key={change.name} style={{ marginInlineEnd: 12 }}>
                {say(change.title)}：{change.before || '–'} → <b>{change.after}</b>{' '}
                <Typography.Text type="secondary">
                  {say({ zh: '原值来源 ', en: 'old value from ' })}
                  {say(change.source)}
                </Typography.Text>
              </span>
            ))}
          </div>
        ))}
        <Table<SummaryLine>
          size="small"
          rowKey="title"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={summary}
          columns={[
            { title: '', dataIndex: 'title' },
            ...names.map((name, index) => ({
              title: name,
              key: String(index),
              align: 'right' as const,
              className: 'number',
              render: (_: unknown, row: SummaryLine) => row.cells[index],
            })),
          ]}
        />
      </Card>
      <Card
        size="small"
        title={say({ zh: '各机构清算结果比现行', en: 'Result of institutions against the year as it is' })}
        extra={
          <Flex gap={4} className="no-print">
            {sides.slice(1).map((one, index) => (
              <Button
                key={one.scenario}
                size="small"
                type={side === index + 1 ? 'primary' : 'default'}
                aria-pressed={side === index + 1}
                onClick={() => setShown(index + 1)}
              >
                {say(one.title)}
              </Button>
            ))}
          </Flex>
        }
      >
        <GainChart
          rows={gains}
          label={say({
            zh: `${names[side]}：机构比现行多得与少得，数字见下表`,
            en: `${names[side]}: what institutions gain and lose, figures in the table below`,
          })}
        />
        <Table<InstitutionDifference>
          size="small"
          rowKey="code"
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
          dataSource={institutions}
          onRow={(row) => ({
            onClick: () => onInstitution(row.code),
            onKeyDown: (event) => {
              if (event.key === 'Enter') onInstitution(row.code);
            },
            tabIndex: 0,
            style: { cursor: 'pointer' },
          })}
          columns={[
            { title: say({ zh: '机构', en: 'Institution' }), dataIndex: 'name' },
            {
              title: say({ zh: '现行结果（元）', en: 'Result as it is (yuan)' }),
              align: 'right',
              className: 'number',
              render: (_, row) => yuan(row.results[0]),
            },
            ...sides.slice(1).map((one, index) => ({
              title: `${say(one.title)} ${say({ zh: '增减（元）', en: 'more or less (yuan)' })}`,
              key: one.scenario,
              align: 'right' as const,
              className: 'number',
              sorter: (a: InstitutionDifference, b: InstitutionDifference) =>
                compareWhole(a.differences[index + 1]!, b.differences[index + 1]!),
              render: (_: unknown, row: InstitutionDifference) => (
                <Difference fen={row.differences[index + 1]!} />
              ),
            })),
          ]}
        />
      </Card>
      <CasesMoved result={result} names={names} />
    </Flex>
  );
}

type Stated = {
  readonly name: string;
  readonly title: { zh: string; en: string };
  readonly before: string;
  readonly after: string;
  readonly source: { zh: string; en: string };
};

const DEVIATIONS = Object.keys(DEVIATION_NAME);
/** How many cases are low, normal and high outliers under each scenario. */
function CasesMoved(props: { readonly result: SimulationResult; readonly names: readonly string[] }) {
  const say = useText();
  const { result, names } = props;
  const counts = useMemo(
    () =>
      DEVIATIONS.map((deviation) => ({ deviation, cells: casesOf(result, deviation) })).filter(({ cells }) =>
        cells.some((cell) => cell > 0n),
      ),
    [result],
  );
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'value' },
      yAxis: { type: 'category', data: [...names], inverse: true },
      series: counts.map(({ deviation, cells }) => ({
        type: 'bar',
        stack: 'cases',
        name: say(nameOf(DEVIATION_NAME, deviation)),
        data: cells.map(Number),
        itemStyle: { color: DEVIATION_COLOUR[deviation] ?? COLOUR.purple },
      })),
    }),
    [counts, names, say],
  );
  return (
    <Card
      size="small"
      title={say({ zh: '低、正常、高倍率之间的病例', en: 'Cases between low, normal and high' })}
    >
      <Chart
        option={option}
        height={80 + names.length * 36}
        label={say({
          zh: '各方案下低、正常、高倍率的病例数，数字见上表',
          en: 'Low, normal and high cases under each scenario; figures in the table above',
        })}
      />
    </Card>
  );
}

const casesOf = (result: SimulationResult, deviation: string): bigint[] =>
  result.scenarios.map(({ groups }) =>
    (groups as GroupLine[]).reduce((all, row) => all + big(row[`${deviation}_cases`]), 0n),
  );

function summaryLines(result: SimulationResult, say: Say): SummaryLine[] {
  const sides = result.scenarios;
  const schemes = sides.map((side) => side.schemes as SchemeLine[]);
  const cells = (code: string, value: (row: SchemeLine) => string) =>
    schemes.map((rows) => {
      const row = rows.find(({ insutype }) => insutype === code);
      return row ? value(row) : '–';
    });
  const moneyLines = schemes[0]!.flatMap(({ insutype }): SummaryLine[] => {
    const scheme = say(nameOf(SCHEME_NAME, insutype));
    return [
      {
        title: say({ zh: '预算（元）', en: 'budget (yuan)' }),
        cells: cells(insutype, (r) => yuan(r.budget_fen)),
      },
      {
        title: say({ zh: '结算点值', en: 'settlement point value' }),
        cells: cells(insutype, (row) => scaled(row.settlement_point_value8, 8)),
      },
      {
        title: say({ zh: '清算结果（元）', en: 'result of the clearing (yuan)' }),
        cells: cells(insutype, (row) => yuan(row.result_fen)),
      },
      {
        title: say({ zh: '留存（元）', en: 'residual (yuan)' }),
        cells: cells(insutype, (row) => yuan(row.residual_fen)),
      },
    ].map(({ title, cells: values }) => ({ title: `${scheme} ${title}`, cells: values }));
  });
  const caseLines = DEVIATIONS.map((deviation) => ({
    title: `${say(nameOf(DEVIATION_NAME, deviation))}${say({ zh: '病例', en: ' cases' })}`,
    cells: casesOf(result, deviation).map((value) => count(value)),
  })).filter(({ cells: values }) => values.some((value) => value !== '0'));
  const institutions = institutionLines(result);
  const number = (test: (fen: bigint) => boolean) =>
    sides.map((_, side) =>
      side === 0 ? '–' : String(institutions.filter(({ differences }) => test(differences[side]!)).length),
    );
  return [
    ...moneyLines,
    ...caseLines,
    {
      title: say({ zh: '多得的机构（家）', en: 'Institutions that gain' }),
      cells: number((fen) => fen > 0n),
    },
    {
      title: say({ zh: '少得的机构（家）', en: 'Institutions that lose' }),
      cells: number((fen) => fen < 0n),
    },
  ];
}

type InstitutionDifference = {
  readonly code: string;
  readonly name: string;
  readonly results: readonly bigint[];
  /** against the year as it is, in fen */
  readonly differences: readonly bigint[];
};

function institutionLines(result: SimulationResult): InstitutionDifference[] {
  const sides = result.scenarios.map(({ institutions }) => institutions as InstitutionLine[]);
  return sides[0]!.map((row, index) => {
    const results = sides.map((lines) => big(lines[index]?.result_fen));
    return {
      code: row.fixmedins_code,
      name: row.name ?? row.fixmedins_code,
      results,
      differences: results.map((fen) => fen - results[0]!),
    };
  });
}
