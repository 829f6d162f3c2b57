import { useQuery } from '@tanstack/react-query';
import { Flex, Form, Input, InputNumber, Table, Typography } from 'antd';
import { useMemo } from 'react';
import type { IncentiveOfPerson } from '#api/contract/continuity.ts';
import { read, write } from '../client.ts';
import { chartYuan, fenOf, yuan } from '../format.ts';
import { useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { COLOUR } from '../theme.ts';
import { Chart, type ChartOption } from './chart.tsx';
import { FormButton } from './form-button.tsx';
import { Answer } from './page.tsx';
import { asParameter, RuleButton } from './rule.tsx';

type Year = IncentiveOfPerson['years'][number];

/** What a resident's years earn: year by year, by which article, and the way to state them otherwise. */
export function ContinuityOfPerson({ file }: { readonly file: number }) {
  const say = useText();
  const may = useMay();
  const path = `/api/persons/${file}/incentive`;
  const answer = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => read<IncentiveOfPerson>(path, signal),
  });
  return (
    <Answer
      query={answer}
      empty={({ years }) =>
        years.length === 0
          ? say({
              zh: '没有参加过居民医保：连续参保激励只属于居民大病保险。',
              en: 'Never a resident: the incentives belong to residents’ catastrophic insurance.',
            })
          : undefined
      }
    >
      {({ years, reasons }) => (
        <Flex vertical gap={12}>
          <Flex justify="space-between" align="center" gap={8} wrap>
            <Typography.Text strong>
              {say({ zh: '大病封顶线因此提高', en: 'By how much the cap of catastrophic insurance rises' })}
              <RuleButton
                title={say({ zh: '连续参保激励', en: 'Incentives of continuous enrolment' })}
                documents={[]}
                parameters={reasons.map(asParameter)}
              />
            </Typography.Text>
            {may('continuity.state') ? <StateOtherwise file={file} years={years} /> : null}
          </Flex>
          {years.every((row) => row.incentive_fen === 0) ? (
            <Typography.Text type="secondary">
              {say({
                zh: '还没有得到：年数不足，或参保地的政策没有激励（见条款）。',
                en: 'Nothing is earned yet: too few years, or the policy of the area has no incentive (see the rule).',
              })}
            </Typography.Text>
          ) : (
            <IncentiveChart years={years} />
          )}
          <Table<Year>
            size="small"
            rowKey="year"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={years.toReversed()}
            columns={[
              { title: say({ zh: '年度', en: 'Year' }), dataIndex: 'year' },
              number(say({ zh: '连续参保（年，含当年）', en: 'In a row (years, this one too)' }), (row) =>
                String(row.continuous_years),
              ),
              number(say({ zh: '零报销（年）', en: 'Without a claim (years)' }), (row) =>
                String(row.zero_claim_years),
              ),
              number(say({ zh: '连续参保所得（元）', en: 'By years in a row (yuan)' }), (row) =>
                yuan(row.by_years_fen),
              ),
              number(say({ zh: '零报销所得（元）', en: 'By years without a claim (yuan)' }), (row) =>
                yuan(row.by_zero_claim_fen),
              ),
              number(say({ zh: '断保前已得（元）', en: 'Kept from before a gap (yuan)' }), (row) =>
                yuan(row.kept_fen),
              ),
              number(say({ zh: '封顶线提高（元）', en: 'The cap rises by (yuan)' }), (row) =>
                yuan(row.incentive_fen),
              ),
            ]}
          />
        </Flex>
      )}
    </Answer>
  );
}

const number = (title: string, shown: (row: Year) => string) => ({
  title,
  align: 'right' as const,
  className: 'number',
  render: (_: unknown, row: Year) => shown(row),
});

function IncentiveChart({ years }: { readonly years: readonly Year[] }) {
  const say = useText();
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: years.map(({ year }) => year) },
      yAxis: { type: 'value', name: say({ zh: '元', en: 'yuan' }) },
      series: (
        [
          ['by_years_fen', { zh: '连续参保', en: 'years in a row' }, COLOUR.blue],
          ['by_zero_claim_fen', { zh: '零报销', en: 'years without a claim' }, COLOUR.green],
          ['kept_fen', { zh: '断保前已得', en: 'kept from before a gap' }, COLOUR.grey],
        ] as const
      ).map(([field, name, colour]) => ({
        type: 'bar',
        stack: 'earned',
        barMaxWidth: 40,
        name: say(name),
        itemStyle: { color: colour },
        data: years.map((row) => chartYuan(row[field])),
      })),
    }),
    [years, say],
  );
  return (
    <Chart
      option={option}
      height={220}
      label={say({
        zh: '各年因连续参保、零报销、断保前已得而得的金额（上限以前）；表在下面',
        en: 'What years in a row, years without a claim and what was kept earn each year, before the limits; the table stands below',
      })}
    />
  );
}

type Stated = {
  readonly year: number;
  readonly continuousYears?: number | null;
  readonly zeroClaimYears?: number | null;
  readonly earnedBeforeGapFen?: string | null;
  readonly reason: string;
};

function StateOtherwise(props: { readonly file: number; readonly years: readonly Year[] }) {
  const { file, years } = props;
  const say = useText();
  const submit = async ({ continuousYears, zeroClaimYears, earnedBeforeGapFen, ...rest }: Stated) => {
    await write('POST', '/api/continuity-statements', {
      ...rest,
      file,
      ...(continuousYears === null || continuousYears === undefined ? {} : { continuousYears }),
      ...(zeroClaimYears === null || zeroClaimYears === undefined ? {} : { zeroClaimYears }),
      ...(earnedBeforeGapFen ? { earnedBeforeGapFen: Number(fenOf(earnedBeforeGapFen)) } : {}),
    });
    return say({ zh: '已认定', en: 'Stated' });
  };
  const whole = (name: string, zh: string, en: string) => (
    <Form.Item name={name} label={say({ zh, en })} style={{ flex: 1 }}>
      <InputNumber min={0} max={100} precision={0} style={{ width: '100%' }} />
    </Form.Item>
  );
  return (
    <FormButton
      label={say({ zh: '另行认定', en: 'State otherwise' })}
      title={say({ zh: '另行认定一年的数', en: 'State the figures of a year' })}
      okText={say({ zh: '认定', en: 'State' })}
      name="state-continuity"
      initialValues={{ year: years.at(-1)!.year }}
      send={submit}
    >
      <Form.Item name="year" label={say({ zh: '适用年度', en: 'Holds in' })} rules={[{ required: true }]}>
        <InputNumber min={2000} max={2200} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Flex gap={12}>
        {whole('continuousYears', '连续参保（年，含当年）', 'In a row (years)')}
        {whole('zeroClaimYears', '零报销（年）', 'Without a claim (years)')}
      </Flex>
      <Form.Item
        name="earnedBeforeGapFen"
        label={say({ zh: '断保前已得（元）', en: 'Earned before a gap (yuan)' })}
      >
        <InputNumber<string> stringMode min="0" precision={2} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="reason" label={say({ zh: '依据', en: 'Evidence' })} rules={[{ required: true }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
      <Typography.Text type="secondary">
        {say({
          zh: '没有写的数仍用结转的；已做的结算不变。',
          en: 'What is left out stays as closed; settlements made before do not change.',
        })}
      </Typography.Text>
    </FormButton>
  );
}
