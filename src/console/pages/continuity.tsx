import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Col, Form, InputNumber, Row, Tag, Typography } from 'antd';
import { useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type {
  ClosingDetail,
  ContinuityClosing,
  ContinuityClosingRow,
  PreparedClosing,
} from '#api/contract/continuity.ts';
import { YEAR_KINDS } from '#api/contract/words.ts';
import { useInAddress } from '../address.ts';
import { read } from '../client.ts';
import { ApprovalDrawer } from '../components/approval.tsx';
import { Chart, type ChartOption } from '../components/chart.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { JobButton } from '../components/job-progress.tsx';
import { Answer, Page } from '../components/page.tsx';
import { count, moment } from '../format.ts';
import { fundNames } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { COLOUR, GAIN, LOSS } from '../theme.ts';
import { options } from './cases.tsx';

const STATE: Readonly<Record<string, Text>> = {
  prepared: { zh: '待他人决定', en: 'waits for somebody else' },
  applied: { zh: '已启用', en: 'in force' },
  refused: { zh: '已退回', en: 'refused' },
  replaced: { zh: '已作废', en: 'replaced or taken back' },
};
const COLOUR_OF_STATE: Readonly<Record<string, string>> = { applied: 'blue', refused: 'orange' };
const CHANGE: Readonly<Record<string, Text & { readonly colour: string }>> = {
  gained: { zh: '零报销加一年', en: 'a year without a claim more', colour: GAIN },
  kept: { zh: '年数照旧累计', en: 'goes on as before', colour: COLOUR.grey },
  lost: { zh: '重计或清零', en: 'starts again or is cleared', colour: LOSS },
  unknown: { zh: '当时没有记下', en: 'was not kept then', colour: COLOUR.sky },
};

const TONE: Readonly<Record<string, 'gain' | 'loss'>> = { gained: 'gain', lost: 'loss' };

function StateOfClosing({ state }: { readonly state: string }) {
  const say = useText();
  const colour = COLOUR_OF_STATE[state];
  return <Tag {...(colour ? { color: colour } : {})}>{say(nameOf(STATE, state))}</Tag>;
}

/** Years of enrolment that were closed: what each leaves to the next one, prepared by one and decided by another. */
export function ContinuityPage() {
  const say = useText();
  const may = useMay();
  const navigate = useNavigate();
  const { language } = usePreferences();
  return (
    <Page
      title={say({ zh: '年度结转', en: 'Closing of years' })}
      lead={say({
        zh: '居民连续参保年数与零报销年数，决定大病封顶线的激励。结转先试出每人结果，另一人启用后才生效。',
        en: 'Residents’ years in a row and without a claim raise the cap of catastrophic insurance. Nothing holds before somebody else applies it.',
      })}
      actions={may('continuity.prepare') ? <Close /> : null}
    >
      <DataTable<ContinuityClosing>
        path="/api/continuity-closings"
        rowKey={(row) => String(row.closing_id)}
        onOpen={(row) => navigate(`/continuity/${row.closing_id}`)}
        empty={say({
          zh: '还没有结转。年度结束后，从开始计零报销的那一年起，按年依次结转；上线前的年数以“连续参保与零报销记录”导入。',
          en: 'No year was closed yet. Begin with the first year that counts and go on year by year; years before the service are landed as records.',
        })}
        filters={[{ key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(STATE, say) }]}
        columns={[
          {
            key: 'closing_id',
            title: say({ zh: '编号', en: 'Number' }),
            sortable: true,
            render: (row) => <Link to={`/continuity/${row.closing_id}`}>{row.closing_id}</Link>,
          },
          { key: 'year', title: say({ zh: '年度', en: 'Year' }), sortable: true },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            render: (row) => <StateOfClosing state={row.state} />,
          },
          { key: 'persons', title: say({ zh: '人数', en: 'Persons' }), kind: 'count', sortable: true },
          { key: 'zero_claim', title: say({ zh: '零报销加一年', en: 'Without a claim' }), kind: 'count' },
          { key: 'gaps', title: say({ zh: '断保', en: 'Gaps' }), kind: 'count' },
          { key: 'differs', title: say({ zh: '与现行不同', en: 'Differs' }), kind: 'count' },
          { key: 'prepared_by', title: say({ zh: '经办', en: 'Prepared by' }) },
          {
            key: 'prepared_at',
            title: say({ zh: '结转时间', en: 'Prepared at' }),
            sortable: true,
            render: (row) => moment(row.prepared_at, language),
          },
          { key: 'decided_by', title: say({ zh: '决定人', en: 'Decided by' }) },
          {
            key: 'decided_at',
            title: say({ zh: '决定时间', en: 'Decided at' }),
            render: (row) => moment(row.decided_at, language),
          },
          { key: 'reason', title: say({ zh: '说明', en: 'Reason' }) },
        ]}
      />
    </Page>
  );
}

function Close() {
  const say = useText();
  return (
    <JobButton
      label={say({ zh: '结转一年', en: 'Close a year' })}
      title={say({ zh: '结转一年', en: 'Close a year' })}
      okText={say({ zh: '结转', en: 'Close' })}
      name="close-year"
      initialValues={{ year: new Date().getFullYear() - 1 }}
      url="/api/continuity-closings"
      made={(result) => <ClosedYear {...(result as PreparedClosing)} />}
    >
      <Form.Item name="year" label={say({ zh: '年度', en: 'Year' })} rules={[{ required: true }]}>
        <InputNumber min={2000} max={2200} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Typography.Text type="secondary">
        {say({
          zh: '从参保期、缴费、异地参保和基金支付推出。这一年已有待决定的结转时，由新的代替。',
          en: 'From spans, contributions, insurance elsewhere and what the funds paid. One of the year that still waits is replaced.',
        })}
      </Typography.Text>
    </JobButton>
  );
}

function ClosedYear({ closingId, persons, differs }: PreparedClosing) {
  const say = useText();
  return (
    <Typography.Text>
      {say({
        zh: `已结转 ${count(persons)} 人，与现行不同 ${count(differs)} 人，待另一人决定：`,
        en: `${count(persons)} persons, ${count(differs)} otherwise than before; somebody else has to decide: `,
      })}
      <Link to={`/continuity/${closingId}`}>
        {say({ zh: `打开结转 ${closingId}`, en: `open closing ${closingId}` })}
      </Link>
    </Typography.Text>
  );
}

/** One closing: who gains, keeps and loses, how the years are spread before and after, and each person with the grounds. */
export function ClosingPage() {
  const say = useText();
  const { closing = '' } = useParams();
  const { language } = usePreferences();
  const [given, set] = useInAddress();
  const path = `/api/continuity-closings/${encodeURIComponent(closing)}`;
  const answer = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => read<ClosingDetail>(path, signal),
  });
  return (
    <Page
      title={say({ zh: `年度结转 ${closing}`, en: `Closing ${closing}` })}
      actions={
        <>
          {answer.data?.closing.approval_id ? (
            <Button
              {...(answer.data.closing.state === 'prepared' ? { type: 'primary' as const } : {})}
              onClick={() => set({ open: answer.data?.closing.approval_id ?? undefined })}
            >
              {answer.data.closing.state === 'prepared'
                ? say({ zh: '审批', en: 'Decide' })
                : say({ zh: '审批经过', en: 'How it was decided' })}
            </Button>
          ) : null}
          <Link to="/continuity">{say({ zh: '回到结转', en: 'All closings' })}</Link>
        </>
      }
    >
      <Answer query={answer}>
        {(detail) => (
          <>
            <Typography.Text type="secondary">
              {detail.closing.year} <StateOfClosing state={detail.closing.state} />{' '}
              {detail.closing.prepared_by} · {moment(detail.closing.prepared_at, language)}
              {detail.closing.decided_by
                ? ` · ${detail.closing.decided_by} · ${moment(detail.closing.decided_at, language)}`
                : ''}
              {detail.closing.reason ? ` · ${detail.closing.reason}` : ''}
            </Typography.Text>
            {detail.closing.state === 'prepared' ? (
              <Alert
                type="info"
                showIcon
                title={say({
                  zh: `这是预览：另一人启用以前，${detail.closing.year + 1} 年的结算仍按现行的年数。`,
                  en: `A preview: until somebody else applies it, settlements of ${detail.closing.year + 1} go by what holds now.`,
                })}
              />
            ) : null}
            <ClosingPicture detail={detail} />
          </>
        )}
      </Answer>
      <DataTable<ContinuityClosingRow>
        // a link to a change or kind is another view of the table
        key={`${given('change')} ${given('kind')}`}
        path={`${path}/rows`}
        caption={say({ zh: '逐人结果与依据', en: 'Each person, with the grounds' })}
        rowKey={(row) => String(row.file)}
        empty={say({ zh: '没有符合条件的人', en: 'Nobody matches' })}
        filters={[
          { key: 'change', title: say({ zh: '增减', en: 'Change' }), options: options(CHANGE, say) },
          { key: 'kind', title: say({ zh: '这一年', en: 'The year' }), options: options(YEAR_KINDS, say) },
          { key: 'file', title: say({ zh: '档案号', en: 'File' }), search: true },
        ]}
        columns={[
          {
            key: 'file',
            title: say({ zh: '档案', en: 'File' }),
            sortable: true,
            render: (row) => (
              <Link to={`/persons/${row.file}?tab=continuity`}>
                {row.file} {row.psn_name}
              </Link>
            ),
          },
          {
            key: 'kind',
            title: say({ zh: '这一年', en: 'The year' }),
            render: (row) => say(nameOf(YEAR_KINDS, row.kind)),
          },
          {
            key: 'paid_funds',
            title: say({ zh: '支付过的基金', en: 'Funds that paid' }),
            render: (row) => fundNames(row.paid_funds, say),
          },
          {
            key: 'used_incentive',
            title: say({ zh: '用到奖励额度', en: 'Used the incentive' }),
            render: (row) => (row.used_incentive === 'yes' ? say({ zh: '是', en: 'yes' }) : '–'),
          },
          {
            key: 'change',
            title: say({ zh: '增减', en: 'Change' }),
            render: (row) => (
              <span className={row.change === 'gained' ? 'gain' : row.change === 'lost' ? 'loss' : ''}>
                {say(nameOf(CHANGE, row.change))}
              </span>
            ),
          },
          {
            key: 'continuous_years',
            title: say({ zh: '连续年数（当年 → 次年）', en: 'Years in a row (then → next)' }),
            kind: 'count',
            sortable: true,
            render: (row) => `${row.continuous_before ?? '–'} → ${row.continuous_years}`,
          },
          {
            key: 'zero_claim_years',
            title: say({ zh: '零报销年数（当年 → 次年）', en: 'Without a claim (then → next)' }),
            kind: 'count',
            sortable: true,
            render: (row) => `${row.zero_claim_before ?? '–'} → ${row.zero_claim_years}`,
          },
          {
            key: 'earned_before_gap_fen',
            title: say({ zh: '断保前已得（元）', en: 'Earned before a gap (yuan)' }),
            kind: 'yuan',
          },
        ]}
      />
      <ApprovalDrawer id={given('open')} onClose={() => set({ open: undefined })} />
    </Page>
  );
}

function ClosingPicture({ detail: { closing, kinds, years } }: { readonly detail: ClosingDetail }) {
  const say = useText();
  const persons = (change: string) =>
    kinds.filter((row) => row.change === change).reduce((sum, row) => sum + row.persons, 0);
  return (
    <>
      <Figures>
        <Figure title={say({ zh: '人数', en: 'Persons' })} value={count(closing.persons)} />
        {Object.entries(CHANGE)
          .filter(([change]) => change !== 'unknown' || persons(change) > 0)
          .map(([change, name]) => (
            <Figure
              key={change}
              title={say({ zh: `${name.zh}（人）`, en: `${name.en} (persons)` })}
              value={count(persons(change))}
              to={`?change=${change}`}
              tone={persons(change) === 0 ? undefined : TONE[change]}
            />
          ))}
        <Figure
          title={say({ zh: '与现行不同（人）', en: 'Other than what holds (persons)' })}
          value={count(closing.differs)}
        />
      </Figures>
      <Row gutter={[16, 16]}>
        {(['continuous', 'zero-claim'] as const).map((measure) => (
          <Col key={measure} xs={24} xl={12}>
            <YearsChart measure={measure} years={years} year={closing.year} />
          </Col>
        ))}
      </Row>
    </>
  );
}

/** How many persons have how many years, in the closed year and in the next one. */
function YearsChart(props: {
  readonly measure: 'continuous' | 'zero-claim';
  readonly years: ClosingDetail['years'];
  readonly year: number;
}) {
  const { measure, years, year } = props;
  const say = useText();
  const title =
    measure === 'continuous'
      ? say({ zh: '连续参保年数', en: 'Years in a row' })
      : say({ zh: '零报销年数', en: 'Years without a claim' });
  const option = useMemo<ChartOption>(() => {
    const own = years.filter((row) => row.measure === measure);
    const last = Math.max(0, ...own.map((row) => row.years));
    const all = Array.from({ length: last + 1 }, (_, index) => index);
    const of = (at: 'before' | 'after') =>
      all.map((number) => own.find((row) => row.years === number)?.[at] ?? 0);
    return {
      grid: { left: 8, right: 16, top: 40, bottom: 32, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: all, name: title, nameLocation: 'middle', nameGap: 28 },
      yAxis: { type: 'value', minInterval: 1, name: say({ zh: '人', en: 'persons' }) },
      series: [
        { type: 'bar', name: String(year), itemStyle: { color: COLOUR.grey }, data: of('before') },
        { type: 'bar', name: String(year + 1), itemStyle: { color: COLOUR.blue }, data: of('after') },
      ],
    };
  }, [years, measure, year, title, say]);
  return (
    <Chart
      option={option}
      height={260}
      label={say({
        zh: `${title}的分布：${year} 年与结转后的 ${year + 1} 年各有多少人`,
        en: `${title}: how many persons have how many in ${year}, and in ${year + 1} after the closing`,
      })}
    />
  );
}
