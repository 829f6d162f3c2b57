import { useQuery } from '@tanstack/react-query';
import { Button, Card, Flex, Table, Tag, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { read } from '../client.ts';
import { CaseActions } from '../components/apply.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Answer, Page } from '../components/page.tsx';
import { type ParameterSource, RuleButton, type RuleSource } from '../components/rule.tsx';
import {
  CLEARING_STEP_NAME,
  COEFFICIENT_NAME,
  DEVIATION_NAME,
  KIND_NAME,
  LEVEL_NAME,
  nameOf,
  SCHEME_NAME,
} from '../names.ts';
import { useText } from '../preferences.tsx';
import { OfSettledYear, type SettledYear } from '../year.tsx';

type YearMean = {
  readonly years: readonly { year: number; weight: string; cases: string; cost: string; mean: string }[];
  readonly mean: string;
};
type Candidate = {
  readonly group_code: string;
  readonly score?: string;
  readonly verdict: string;
  readonly missing?: readonly string[];
};

/** What `yibao explain --json` says; parts that a way of grouping or paying does not have are absent. */
type Explanation = {
  readonly list: {
    readonly setl_id: string;
    readonly fixmedins_code: string;
    readonly institution: string;
    readonly level: number;
    readonly insutype: string;
    readonly month: string;
    readonly principal_diagnosis: string;
    readonly procedures: string;
    readonly cost: string;
    readonly fund: string;
    readonly non_fund: string;
  };
  readonly keys?: { readonly fullKey?: string; readonly comprehensiveKey?: string };
  readonly assignment: {
    readonly step?: string;
    readonly kind: string;
    readonly groupCode?: string | null;
    readonly candidates?: readonly Candidate[];
  };
  readonly steps?: readonly {
    readonly title?: { zh: string; en: string };
    readonly text?: { zh: string; en: string };
  }[];
  readonly area_mean?: YearMean;
  readonly group?: {
    readonly group_code: string;
    readonly kind: string;
    readonly mean?: YearMean;
    readonly score?: string;
  };
  readonly coefficient?: { readonly value: string; readonly why: string };
  readonly ratio?: string | null;
  readonly deviation?: string | null;
  readonly points: string;
  readonly start_point_value?: string | null;
  readonly settlement_point_value?: string | null;
  readonly scheme?: { readonly budget: string; readonly non_fund: string; readonly points: string };
  readonly month: {
    readonly month: string;
    readonly points: string;
    readonly base: string;
    readonly paid: string;
    readonly case_points_share: string;
    readonly case_base: string;
  };
  readonly clearing: {
    readonly points: string;
    readonly due: string;
    readonly result: string;
    readonly case_points_share: string;
    readonly case_due: string;
    readonly steps?: readonly {
      step_no: number;
      step: string;
      factor?: string;
      change: string;
      amount: string;
    }[];
  };
  readonly rules: Readonly<Record<string, readonly RuleSource[]>>;
  readonly parameters?: Readonly<Record<string, ParameterSource>>;
};

/** How one list was grouped and paid, as a chain that reads from top to bottom. */
export function CasePage() {
  const { setlId = '' } = useParams();
  return <OfSettledYear>{(year) => <CaseOf year={year} setlId={setlId} />}</OfSettledYear>;
}

function CaseOf({ year, setlId }: { readonly year: SettledYear; readonly setlId: string }) {
  const say = useText();
  const answer = useQuery({
    queryKey: ['case', year.runId, setlId],
    queryFn: ({ signal }) =>
      read<{ explanation: Explanation; text: string }>(
        `/api/runs/${year.runId}/cases/${encodeURIComponent(setlId)}/explanation`,
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Page
      title={say({ zh: `病例 ${setlId}`, en: `Case ${setlId}` })}
      lead={say({
        zh: '这份清单怎样入组、得多少分、折多少钱，每一步都有条款、参数和算式。',
        en: 'How this list was grouped, what points it got and what they are worth, each step with rule, parameter and arithmetic.',
      })}
      actions={
        <>
          <CaseActions runId={year.runId} setlId={setlId} />
          <Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>
          <Link to="/cases">
            <Button>{say({ zh: '全部病例', en: 'All cases' })}</Button>
          </Link>
        </>
      }
    >
      <Answer query={answer}>{(data) => <Chain explanation={data.explanation} text={data.text} />}</Answer>
    </Page>
  );
}

function Chain({ explanation, text }: { readonly explanation: Explanation; readonly text: string }) {
  const say = useText();
  const { list, assignment, group, coefficient, month, clearing } = explanation;
  const yuanUnit = say({ zh: '元', en: 'yuan' });
  const parameters = Object.values(explanation.parameters ?? {});
  const of = (...prefixes: string[]) =>
    parameters.filter((one) => prefixes.some((prefix) => one.parameter.startsWith(prefix)));
  const paid = Number(clearing.case_due.replaceAll(',', '')) + Number(list.non_fund);
  return (
    <Flex vertical gap={12}>
      <Figures>
        <Figure title={say({ zh: '总费用', en: 'Cost' })} value={list.cost} unit={yuanUnit} />
        <Figure
          title={say({ zh: '病种', en: 'Group' })}
          value={assignment.groupCode ?? say({ zh: '未入组', en: 'ungrouped' })}
          {...(assignment.groupCode ? { to: `/groups/${encodeURIComponent(assignment.groupCode)}` } : {})}
          note={say(nameOf(KIND_NAME, assignment.kind))}
        />
        <Figure
          title={say({ zh: '分值', en: 'Points' })}
          value={explanation.points}
          note={explanation.deviation ? say(nameOf(DEVIATION_NAME, explanation.deviation)) : undefined}
        />
        <Figure
          title={say({ zh: '应得基金', en: 'Due from the fund' })}
          value={clearing.case_due}
          unit={yuanUnit}
          note={say({ zh: `个人等已付 ${list.non_fund}`, en: `others paid ${list.non_fund}` })}
        />
        <Figure
          title={say({ zh: '应得合计－费用', en: 'All money − cost' })}
          value={(paid - Number(list.cost)).toFixed(2)}
          unit={yuanUnit}
          tone={paid >= Number(list.cost) ? 'gain' : 'loss'}
        />
      </Figures>

      <StepCard number={1} title={say({ zh: '清单', en: 'The list' })}>
        <p>
          <Link to={`/institutions/${encodeURIComponent(list.fixmedins_code)}`}>{list.institution}</Link>（
          {say(nameOf(LEVEL_NAME as never, String(list.level)))}） · {say(nameOf(SCHEME_NAME, list.insutype))}{' '}
          · {say({ zh: '出院月份', en: 'discharged in' })} {list.month}
        </p>
        <p>
          {say({ zh: '主要诊断', en: 'Principal diagnosis' })} <code>{list.principal_diagnosis || '–'}</code>
          ；{say({ zh: '手术操作', en: 'procedures' })}{' '}
          <code>{list.procedures || say({ zh: '无', en: 'none' })}</code>
        </p>
        <Formula>
          {list.cost} = {list.fund}（{say({ zh: '基金', en: 'fund' })}）+ {list.non_fund}（
          {say({ zh: '个人及其他', en: 'person and others' })}）
        </Formula>
      </StepCard>

      <StepCard
        number={2}
        title={say({ zh: '入组', en: 'Grouping' })}
        sources={[...(explanation.rules.keys ?? []), ...(explanation.rules.group ?? [])]}
        parameters={of('grouping.', 'catalogue.', 'comprehensive.')}
      >
        {explanation.keys?.fullKey ? (
          <p>
            {say({ zh: '完整键', en: 'Full key' })} <code>{explanation.keys.fullKey}</code>
            {explanation.keys.comprehensiveKey ? (
              <>
                ；{say({ zh: '综合键', en: 'comprehensive key' })}{' '}
                <code>{explanation.keys.comprehensiveKey}</code>
              </>
            ) : null}
          </p>
        ) : null}
        {assignment.candidates && assignment.candidates.length > 0 ? (
          <Table
            size="small"
            pagination={false}
            rowKey="group_code"
            scroll={{ x: 'max-content' }}
            dataSource={[...assignment.candidates]}
            columns={[
              {
                title: say({ zh: '候选病种', en: 'Candidate' }),
                dataIndex: 'group_code',
                render: (code: string) => <code>{code}</code>,
              },
              {
                title: say({ zh: '分值', en: 'Score' }),
                dataIndex: 'score',
                align: 'right',
                className: 'number',
              },
              {
                title: say({ zh: '结论', en: 'Verdict' }),
                key: 'verdict',
                render: (_: unknown, one: Candidate) =>
                  one.verdict === 'chosen' ? (
                    <Tag color="blue">✔ {say({ zh: '入组', en: 'chosen' })}</Tag>
                  ) : (
                    <Typography.Text type="secondary">
                      {one.missing && one.missing.length > 0
                        ? say({
                            zh: `清单没有 ${one.missing.join('、')}`,
                            en: `the list lacks ${one.missing.join(', ')}`,
                          })
                        : one.verdict}
                    </Typography.Text>
                  ),
              },
            ]}
          />
        ) : null}
      </StepCard>

      {group?.mean ? (
        <StepCard
          number={3}
          title={say({ zh: '病种分值', en: 'Score of the group' })}
          sources={explanation.rules.score ?? []}
          parameters={of('score.')}
        >
          <MeanTable group={group.mean} area={explanation.area_mean} />
          <Formula>
            RW = 1000 × {group.mean.mean} ÷ {explanation.area_mean?.mean ?? '–'} = <b>{group.score}</b>
          </Formula>
        </StepCard>
      ) : null}

      <StepCard
        number={4}
        title={say({ zh: '系数、偏差与病例分值', en: 'Coefficient, deviation, points' })}
        sources={[...(explanation.rules.coefficient ?? []), ...(explanation.rules.points ?? [])]}
        parameters={of('coefficient.', 'deviation.', 'outlier.', 'ungrouped.')}
      >
        {coefficient ? (
          <p>
            {say({ zh: '机构系数', en: 'Coefficient' })} <b>{coefficient.value}</b>（
            {say(nameOf(COEFFICIENT_NAME, coefficient.why))}）
          </p>
        ) : null}
        {explanation.ratio ? (
          <p>
            {say({ zh: '费用 ÷ 付费标准', en: 'Cost ÷ payment standard' })} = <b>{explanation.ratio}</b> →{' '}
            {say(nameOf(DEVIATION_NAME, explanation.deviation))}
          </p>
        ) : null}
        <Formula>
          {say({ zh: '分值', en: 'points' })} = <b>{explanation.points}</b>
        </Formula>
      </StepCard>

      <StepCard
        number={5}
        title={say({ zh: '点值', en: 'Point value' })}
        sources={explanation.rules.year ?? []}
        parameters={of('point_value.', 'budget.')}
      >
        {explanation.scheme ? (
          <Formula>
            （{explanation.scheme.budget} + {explanation.scheme.non_fund}）÷ {explanation.scheme.points} ={' '}
            <b>{explanation.settlement_point_value ?? '–'}</b> {say({ zh: '元/分', en: 'yuan a point' })}
          </Formula>
        ) : null}
        <p>
          {say({ zh: '预算点值', en: 'Start point value' })} {explanation.start_point_value ?? '–'}
        </p>
      </StepCard>

      <StepCard
        number={6}
        title={say({ zh: `当月预结算（${month.month}）`, en: `The month (${month.month})` })}
        sources={explanation.rules.month ?? []}
        parameters={of('month.', 'monthly.')}
      >
        <p>
          {say({ zh: '机构当月分值', en: "The institution's points" })} {month.points} →{' '}
          {say({ zh: '预结算基数', en: 'base' })} {month.base} → {say({ zh: '拨付', en: 'paid' })}{' '}
          {month.paid}
        </p>
        <Formula>
          {say({ zh: '本例占', en: 'this case' })} {month.case_points_share} = <b>{month.case_base}</b>{' '}
          {yuanUnit}
        </Formula>
      </StepCard>

      <StepCard
        number={7}
        title={say({ zh: '年度清算', en: 'Annual clearing' })}
        sources={explanation.rules.year ?? []}
        parameters={of('clearing.', 'assessment.')}
      >
        <p>
          {say({ zh: '机构应付', en: 'Due to the institution' })} {clearing.due}
        </p>
        {clearing.steps && clearing.steps.length > 0 ? (
          <Table
            size="small"
            pagination={false}
            rowKey="step_no"
            dataSource={[...clearing.steps]}
            columns={[
              {
                title: say({ zh: '步骤', en: 'Step' }),
                dataIndex: 'step',
                render: (step: string) => say(nameOf(CLEARING_STEP_NAME, step)),
              },
              {
                title: say({ zh: '系数', en: 'Factor' }),
                dataIndex: 'factor',
                align: 'right',
                className: 'number',
              },
              {
                title: say({ zh: '变动（元）', en: 'Change (yuan)' }),
                dataIndex: 'change',
                align: 'right',
                className: 'number',
              },
              {
                title: say({ zh: '结果（元）', en: 'Result (yuan)' }),
                dataIndex: 'amount',
                align: 'right',
                className: 'number',
              },
            ]}
          />
        ) : null}
        <Formula>
          {say({ zh: '本例占', en: 'this case' })} {clearing.case_points_share} = <b>{clearing.case_due}</b>{' '}
          {yuanUnit}
        </Formula>
      </StepCard>

      <details>
        <summary>
          {say({ zh: '与命令行 yibao explain 相同的文字', en: 'The same text as yibao explain' })}
        </summary>
        <pre style={{ whiteSpace: 'pre-wrap' }}>{text}</pre>
      </details>
    </Flex>
  );
}

function StepCard(props: {
  readonly number: number;
  readonly title: string;
  readonly sources?: readonly RuleSource[];
  readonly parameters?: readonly ParameterSource[];
  readonly children: ReactNode;
}) {
  const { number, title, sources = [], parameters = [], children } = props;
  const unique = sources.filter(
    (one, index) =>
      sources.findIndex((other) => other.id === one.id && other.article === one.article) === index,
  );
  return (
    <Card
      size="small"
      title={`${number}　${title}`}
      extra={<RuleButton title={title} sources={unique} parameters={parameters} />}
    >
      {children}
    </Card>
  );
}

function Formula({ children }: { readonly children: ReactNode }) {
  return (
    <p
      style={{
        margin: '8px 0 0',
        padding: '6px 10px',
        background: 'var(--page)',
        borderRadius: 4,
        fontVariantNumeric: 'tabular-nums',
      }}
    >
      {children}
    </p>
  );
}

function MeanTable({ group, area }: { readonly group: YearMean; readonly area: YearMean | undefined }) {
  const say = useText();
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="year"
      scroll={{ x: 'max-content' }}
      dataSource={group.years.map((one) => ({
        ...one,
        areaMean: area?.years.find((each) => each.year === one.year)?.mean ?? '–',
      }))}
      columns={[
        { title: say({ zh: '年度', en: 'Year' }), dataIndex: 'year' },
        {
          title: say({ zh: '权重', en: 'Weight' }),
          dataIndex: 'weight',
          align: 'right',
          className: 'number',
        },
        {
          title: say({ zh: '病种例数', en: 'Cases' }),
          dataIndex: 'cases',
          align: 'right',
          className: 'number',
        },
        {
          title: say({ zh: '病种例均（元）', en: 'Mean of the group (yuan)' }),
          dataIndex: 'mean',
          align: 'right',
          className: 'number',
        },
        {
          title: say({ zh: '全地区例均（元）', en: 'Mean of the area (yuan)' }),
          dataIndex: 'areaMean',
          align: 'right',
          className: 'number',
        },
      ]}
    />
  );
}
