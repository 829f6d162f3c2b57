import { useQuery } from '@tanstack/react-query';
import {
  Alert,
  Col,
  Descriptions,
  Drawer,
  Flex,
  Form,
  Input,
  Row,
  Select,
  Table,
  Tag,
  Typography,
} from 'antd';
import { useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type {
  ContributionDifference,
  ContributionReconciliation,
  ContributionSide,
  DifferenceDetail,
  ReconciliationDetail,
} from '#api/contract/contribution.ts';
import { DIFFERENCES } from '#api/contract/words.ts';
import { useInAddress } from '../address.ts';
import { read, withQuery, write } from '../client.ts';
import { Chart, type ChartOption } from '../components/chart.tsx';
import { DataTable, type ListAnswer } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { FormButton } from '../components/form-button.tsx';
import { LandFile } from '../components/land-file.tsx';
import { Answer, Page } from '../components/page.tsx';
import { chartYuan, count, moment, percent, total, yuan } from '../format.ts';
import { CONTRIBUTION_KIND_NAME, INSUTYPE_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Say, type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { COLOUR } from '../theme.ts';
import { options } from './cases.tsx';

const SCHEMES: Readonly<Record<string, Text>> = {
  '310': INSUTYPE_NAME['310']!,
  '390': INSUTYPE_NAME['390']!,
};
const ALL_SCHEMES: Text = { zh: '全部险种', en: 'All schemes' };
const schemeName = (insutype: string): Text =>
  insutype === '' ? ALL_SCHEMES : nameOf(INSUTYPE_NAME, insutype);
const YEARS_BACK = 8;

/** The three sides, each with the fields of its receipts and amounts. */
const SIDES = [
  { key: 'tax', name: { zh: '税务', en: 'Tax bureau' }, colour: COLOUR.blue },
  { key: 'treasury', name: { zh: '国库', en: 'Treasury' }, colour: COLOUR.orange },
  { key: 'agency', name: { zh: '经办机构', en: 'Agency' }, colour: COLOUR.green },
] as const;

/** Contributions as tax bureau, treasury and agency know them: what each side has, and what came of holding them against one another. */
export function ReconciliationsPage() {
  const say = useText();
  const may = useMay();
  const navigate = useNavigate();
  const { language } = usePreferences();
  const [given, set] = useInAddress();
  const latest = useQuery({
    queryKey: ['/api/contribution-reconciliations', 'latest'],
    queryFn: ({ signal }) =>
      read<ListAnswer<ContributionReconciliation>>('/api/contribution-reconciliations?size=1', signal),
  });
  const insutype = given('insutype');
  const thisYear = new Date().getFullYear();
  return (
    <Page
      title={say({ zh: '缴费对账', en: 'Reconciliation of contributions' })}
      lead={say({
        zh: '税务征收、国库入账、经办入账逐张票据比较；先看三方各月到齐没有，再对账，逐条处理差异。',
        en: 'Tax bureau, treasury and agency receipt by receipt: see which side is here, reconcile, then settle each difference.',
      })}
      actions={
        <>
          {may('person.land') ? (
            <LandFile
              departments={['tax-collection', 'treasury']}
              label={say({ zh: '导入税务、国库文件', en: 'Land tax or treasury files' })}
            />
          ) : null}
          {may('contribution.reconcile') ? (
            <Reconcile
              key={`${given('year')} ${given('side-month')} ${insutype}`}
              month={given('side-month')}
              insutype={insutype}
            />
          ) : null}
        </>
      }
    >
      <Answer query={latest}>
        {({ rows }) => {
          const year = given('year') ?? rows[0]?.paid_to.slice(0, 4) ?? String(thisYear);
          const years = [
            ...new Set([year, ...Array.from({ length: YEARS_BACK }, (_, back) => String(thisYear - back))]),
          ].toSorted((a, b) => Number(b) - Number(a));
          return (
            <>
              <Flex gap={8} wrap className="no-print">
                <Select
                  aria-label={say({ zh: '入库年度', en: 'Year of payment' })}
                  value={year}
                  style={{ width: 120 }}
                  options={years.map((value) => ({ value, label: value }))}
                  onChange={(value: string) => set({ year: value, 'side-month': undefined })}
                />
                <Select
                  aria-label={say({ zh: '险种', en: 'Scheme' })}
                  value={insutype ?? ''}
                  style={{ width: 160 }}
                  options={[{ value: '', label: say(ALL_SCHEMES) }, ...options(SCHEMES, say)]}
                  onChange={(value: string) => set({ insutype: value })}
                />
              </Flex>
              <Sides year={year} insutype={insutype} onMonth={(month) => set({ 'side-month': month })} />
            </>
          );
        }}
      </Answer>
      <DataTable<ContributionReconciliation>
        path={withQuery('/api/contribution-reconciliations', { insutype })}
        caption={say({ zh: '对账记录', en: 'Reconciliations' })}
        rowKey={(row) => String(row.reconciliation_id)}
        onOpen={(row) => navigate(`/reconciliations/${row.reconciliation_id}`)}
        empty={say({
          zh: '还没有对账。导入税务与国库的文件、入账之后，选一段日期对账。',
          en: 'Nothing was reconciled yet: land the files, book them, then reconcile some days.',
        })}
        columns={[
          {
            key: 'reconciliation_id',
            title: say({ zh: '编号', en: 'Number' }),
            sortable: true,
            render: (row) => (
              <Link to={`/reconciliations/${row.reconciliation_id}`}>{row.reconciliation_id}</Link>
            ),
          },
          {
            key: 'paid_from',
            title: say({ zh: '入库日期', en: 'Paid on' }),
            sortable: true,
            render: (row) => `${row.paid_from} – ${row.paid_to}`,
          },
          {
            key: 'insutype',
            title: say({ zh: '险种', en: 'Scheme' }),
            render: (row) => say(schemeName(row.insutype)),
          },
          { key: 'receipts', title: say({ zh: '票据', en: 'Receipts' }), kind: 'count', sortable: true },
          { key: 'agreed', title: say({ zh: '三方一致', en: 'Agreed' }), kind: 'count' },
          {
            key: 'differences',
            title: say({ zh: '差异', en: 'Differences' }),
            kind: 'count',
            sortable: true,
          },
          { key: 'tax_fen', title: say({ zh: '税务（元）', en: 'Tax bureau (yuan)' }), kind: 'yuan' },
          { key: 'treasury_fen', title: say({ zh: '国库（元）', en: 'Treasury (yuan)' }), kind: 'yuan' },
          { key: 'agency_fen', title: say({ zh: '经办（元）', en: 'Agency (yuan)' }), kind: 'yuan' },
          { key: 'made_by', title: say({ zh: '办理人', en: 'Made by' }) },
          {
            key: 'made_at',
            title: say({ zh: '时间', en: 'Made at' }),
            sortable: true,
            render: (row) => moment(row.made_at, language),
          },
        ]}
      />
    </Page>
  );
}

const MONTHS_OF_SCHEMES_MAX = 500;

/** What each side has of a year by now, drawn and as a table. */
function Sides(props: {
  readonly year: string;
  readonly insutype: string | undefined;
  readonly onMonth: (month: string) => void;
}) {
  const { year, insutype, onMonth } = props;
  const say = useText();
  const path = withQuery('/api/contribution-sides', { year, insutype });
  const answer = useQuery({
    queryKey: [path, 'all'],
    queryFn: ({ signal }) =>
      read<ListAnswer<ContributionSide>>(withQuery(path, { size: MONTHS_OF_SCHEMES_MAX }), signal),
  });
  return (
    <>
      <Answer
        query={answer}
        empty={({ rows }) =>
          rows.length === 0
            ? say({
                zh: `${year} 年三方都还没有数据：导入税务征收明细与国库入账，再把征收明细入账。`,
                en: `No side has anything of ${year}: land the files of tax bureau and treasury, then book them.`,
              })
            : undefined
        }
      >
        {({ rows }) => <SidesChart rows={rows} year={year} onMonth={onMonth} />}
      </Answer>
      <DataTable<ContributionSide>
        path={path}
        prefix="side-"
        pageSize={50}
        caption={say({ zh: `${year} 年三方现有数据`, en: `What each side has of ${year}` })}
        rowKey={(row) => `${row.month} ${row.insutype}`}
        empty={say({ zh: '没有数据', en: 'Nothing yet' })}
        filters={[
          {
            key: 'month',
            title: say({ zh: '月份', en: 'Month' }),
            options: Array.from({ length: 12 }, (_, index) => {
              const month = `${year}-${String(index + 1).padStart(2, '0')}`;
              return { value: month, label: month };
            }),
          },
        ]}
        columns={[
          { key: 'month', title: say({ zh: '入库月份', en: 'Paid in' }), sortable: true },
          {
            key: 'insutype',
            title: say({ zh: '险种', en: 'Scheme' }),
            render: (row) => say(nameOf(INSUTYPE_NAME, row.insutype)),
          },
          ...SIDES.flatMap(({ key, name }) => [
            {
              key: `${key}_receipts`,
              title: say({ zh: `${name.zh}票据`, en: `${name.en}: receipts` }),
              kind: 'count' as const,
            },
            {
              key: `${key}_fen`,
              title: say({ zh: `${name.zh}（元）`, en: `${name.en} (yuan)` }),
              kind: 'yuan' as const,
              sortable: true,
            },
          ]),
          {
            key: 'state',
            title: say({ zh: '情况', en: 'State' }),
            render: (row) => <SideState row={row} />,
          },
        ]}
      />
    </>
  );
}

/** Which side is not here, or that the amounts differ: told before anything is compared receipt by receipt. */
function SideState({ row }: { readonly row: ContributionSide }) {
  const say = useText();
  const missing = SIDES.filter(({ key }) => row[`${key}_receipts`] === 0);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => say(name)).join(say({ zh: '、', en: ', ' }));
    return <Tag color="orange">{say({ zh: `${names}未到`, en: `nothing of: ${names}` })}</Tag>;
  }
  const differ = row.tax_fen !== row.treasury_fen || row.tax_fen !== row.agency_fen;
  return differ ? (
    <Tag color="orange">{say({ zh: '金额不同，待对账', en: 'amounts differ' })}</Tag>
  ) : (
    <Tag color="blue">{say({ zh: '合计相同', en: 'totals agree' })}</Tag>
  );
}

function SidesChart(props: {
  readonly rows: readonly ContributionSide[];
  readonly year: string;
  readonly onMonth: (month: string) => void;
}) {
  const { rows, year, onMonth } = props;
  const say = useText();
  const months = useMemo(() => [...new Set(rows.map(({ month }) => month))].toSorted(), [rows]);
  const option = useMemo<ChartOption>(() => {
    const of = (month: string, key: (typeof SIDES)[number]['key']) =>
      total(rows.filter((row) => row.month === month).map((row) => row[`${key}_fen`]));
    return {
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value: number) => yuan(BigInt(Math.round(value * 100))),
      },
      xAxis: { type: 'category', data: months },
      yAxis: { type: 'value', name: say({ zh: '元', en: 'yuan' }) },
      series: SIDES.map(({ key, name, colour }) => ({
        type: 'bar',
        name: say(name),
        itemStyle: { color: colour },
        data: months.map((month) => chartYuan(of(month, key))),
      })),
    };
  }, [rows, months, say]);
  return (
    <Chart
      option={option}
      height={260}
      label={say({
        zh: `${year} 年各月税务征收、国库入账、经办入账的金额；表在下面`,
        en: `Amounts of tax bureau, treasury and agency by month of ${year}; the table stands below`,
      })}
      onSelect={({ dataIndex }) => {
        const month = months[dataIndex];
        if (month) onMonth(month);
      }}
    />
  );
}

type Period = { readonly paidFrom: string; readonly paidTo: string; readonly insutype: string };

function Reconcile(props: { readonly month: string | undefined; readonly insutype: string | undefined }) {
  const say = useText();
  const navigate = useNavigate();
  const { month, insutype = '' } = props;
  const days =
    month === undefined
      ? {}
      : {
          paidFrom: `${month}-01`,
          paidTo: new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0))
            .toISOString()
            .slice(0, 10),
        };
  const submit = async ({ insutype: scheme, ...period }: Period) => {
    const made = await write<{ reconciliationId: number }>('POST', '/api/contribution-reconciliations', {
      ...period,
      ...(scheme === '' ? {} : { insutype: scheme }),
    });
    void navigate(`/reconciliations/${made.reconciliationId}`);
    return undefined;
  };
  return (
    <FormButton
      label={say({ zh: '对账', en: 'Reconcile' })}
      title={say({ zh: '三方对账', en: 'Reconcile the three sides' })}
      okText={say({ zh: '对账', en: 'Reconcile' })}
      name="reconcile"
      initialValues={{ insutype, ...days }}
      send={submit}
    >
      <Form.Item name="insutype" label={say({ zh: '险种', en: 'Scheme' })}>
        <Select options={[{ value: '', label: say(ALL_SCHEMES) }, ...options(SCHEMES, say)]} />
      </Form.Item>
      <Flex gap={12}>
        <Form.Item
          name="paidFrom"
          label={say({ zh: '入库日期起', en: 'Paid from' })}
          rules={[{ required: true }]}
          style={{ flex: 1 }}
        >
          <Input type="date" />
        </Form.Item>
        <Form.Item
          name="paidTo"
          label={say({ zh: '入库日期止', en: 'Paid to' })}
          rules={[{ required: true }]}
          style={{ flex: 1 }}
        >
          <Input type="date" />
        </Form.Item>
      </Flex>
      <Typography.Text type="secondary">
        {say({
          zh: '这段日期内任何一方有的票据都比较；结果不可修改，再对一次是另一份。',
          en: 'Every receipt that any side has in these days is compared; the result stays, another one stands beside it.',
        })}
      </Typography.Text>
    </FormButton>
  );
}

const nextOf = (kind: string): Text | undefined =>
  (DIFFERENCES as Readonly<Record<string, { readonly next: Text }>>)[kind]?.next;

/** One reconciliation: what agrees, what differs by kind, each difference with the rows behind it. */
export function ReconciliationPage() {
  const say = useText();
  const { reconciliation = '' } = useParams();
  const { language } = usePreferences();
  const [given, set] = useInAddress();
  const path = `/api/contribution-reconciliations/${encodeURIComponent(reconciliation)}`;
  const answer = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => read<ReconciliationDetail>(path, signal),
  });
  const kind = given('kind');
  const next = kind === undefined ? undefined : nextOf(kind);
  return (
    <Page
      title={say({ zh: `缴费对账 ${reconciliation}`, en: `Reconciliation ${reconciliation}` })}
      actions={<Link to="/reconciliations">{say({ zh: '回到对账', en: 'All reconciliations' })}</Link>}
    >
      <Answer query={answer}>
        {({ reconciliation: made, kinds }) => (
          <>
            <Typography.Text type="secondary">
              {say(schemeName(made.insutype))} · {made.paid_from} – {made.paid_to} · {made.made_by} ·{' '}
              {moment(made.made_at, language)}
            </Typography.Text>
            <Figures>
              <Figure
                title={say({ zh: '票据', en: 'Receipts' })}
                value={count(made.receipts)}
                note={say({
                  zh: `三方一致 ${count(made.agreed)}（${percent(made.receipts === 0 ? null : made.agreed / made.receipts)}）`,
                  en: `${count(made.agreed)} agreed (${percent(made.receipts === 0 ? null : made.agreed / made.receipts)})`,
                })}
              />
              {SIDES.map(({ key, name }) => (
                <Figure
                  key={key}
                  title={say({ zh: `${name.zh}（元）`, en: `${name.en} (yuan)` })}
                  value={yuan(made[`${key}_fen`])}
                  {...(key === 'tax'
                    ? {}
                    : {
                        note: say({
                          zh: `比税务 ${signedYuan(made[`${key}_fen`] - made.tax_fen)} 元`,
                          en: `${signedYuan(made[`${key}_fen`] - made.tax_fen)} yuan against the tax bureau`,
                        }),
                      })}
                />
              ))}
              <Figure
                title={say({ zh: '差异', en: 'Differences' })}
                value={count(made.differences)}
                tone={made.differences > 0 ? 'loss' : undefined}
              />
            </Figures>
            {kinds.length === 0 ? (
              <Alert
                type="success"
                showIcon
                title={
                  made.receipts === 0
                    ? say({
                        zh: '这段日期三方都没有票据：核对日期与险种，或先导入文件。',
                        en: 'No side has a receipt in these days: check days and scheme, or land the files first.',
                      })
                    : say({ zh: '三方一致，没有差异。', en: 'All three agree; nothing differs.' })
                }
              />
            ) : (
              <KindsChart
                kinds={kinds}
                agreed={made.agreed}
                onKind={(one) => set({ kind: one, page: undefined })}
              />
            )}
          </>
        )}
      </Answer>
      {next === undefined ? null : (
        <Alert
          type="info"
          showIcon
          title={say({
            zh: `${say(nameOf(DIFFERENCES, kind))}：接下来`,
            en: `${say(nameOf(DIFFERENCES, kind))}: what to do`,
          })}
          description={say(next)}
        />
      )}
      <DataTable<ContributionDifference>
        path={`${path}/differences`}
        caption={say({ zh: '差异', en: 'Differences' })}
        rowKey={(row) => String(row.number)}
        onOpen={(row) => set({ difference: String(row.number) })}
        empty={say({ zh: '没有差异', en: 'Nothing differs' })}
        filters={[
          { key: 'kind', title: say({ zh: '差异', en: 'Difference' }), options: options(DIFFERENCES, say) },
          { key: 'insutype', title: say({ zh: '险种', en: 'Scheme' }), options: options(SCHEMES, say) },
          { key: 'receipt', title: say({ zh: '票据号开头', en: 'Receipt begins' }), search: true },
          { key: 'county', title: say({ zh: '区县开头', en: 'County begins' }), search: true },
        ]}
        columns={[
          { key: 'number', title: say({ zh: '序号', en: 'Number' }), kind: 'count' },
          {
            key: 'kind',
            title: say({ zh: '差异', en: 'Difference' }),
            sortable: true,
            render: (row) => say(nameOf(DIFFERENCES, row.kind)),
          },
          { key: 'receipt', title: say({ zh: '票据号', en: 'Receipt' }), sortable: true },
          {
            key: 'insutype',
            title: say({ zh: '险种', en: 'Scheme' }),
            render: (row) => say(nameOf(INSUTYPE_NAME, row.insutype)),
          },
          {
            key: 'file',
            title: say({ zh: '档案', en: 'File' }),
            render: (row) =>
              row.file === null ? '–' : <Link to={`/persons/${row.file}?tab=contributions`}>{row.file}</Link>,
          },
          { key: 'county', title: say({ zh: '区县', en: 'County' }) },
          { key: 'tax_fen', title: say({ zh: '税务（元）', en: 'Tax bureau (yuan)' }), kind: 'yuan' },
          { key: 'treasury_fen', title: say({ zh: '国库（元）', en: 'Treasury (yuan)' }), kind: 'yuan' },
          { key: 'agency_fen', title: say({ zh: '经办（元）', en: 'Agency (yuan)' }), kind: 'yuan' },
          {
            key: 'detail',
            title: say({ zh: '说明', en: 'Detail' }),
            render: (row) => detailWords(row, say),
          },
        ]}
      />
      <DifferenceDrawer
        path={path}
        number={given('difference')}
        onClose={() => set({ difference: undefined })}
      />
    </Page>
  );
}

/** Where a receipt stands twice the detail names the sides, else months or a year. */
const detailWords = ({ kind, detail }: ContributionDifference, say: Say): string =>
  kind === 'twice'
    ? detail
        .split(' ')
        .map((side) => say(nameOf(SIDE_NAME, side)))
        .join(say({ zh: '、', en: ', ' }))
    : detail || '–';

const signedYuan = (fen: number): string => (fen > 0 ? `+${yuan(fen)}` : yuan(fen));

function KindsChart(props: {
  readonly kinds: ReconciliationDetail['kinds'];
  readonly agreed: number;
  readonly onKind: (kind: string) => void;
}) {
  const { kinds, agreed, onKind } = props;
  const say = useText();
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
      tooltip: { trigger: 'item' },
      xAxis: { type: 'value', minInterval: 1 },
      yAxis: {
        type: 'category',
        inverse: true,
        data: kinds.map(({ kind }) => say(nameOf(DIFFERENCES, kind))),
      },
      series: [
        {
          type: 'bar',
          itemStyle: { color: COLOUR.vermilion },
          label: { show: true, position: 'right' },
          data: kinds.map(({ differences }) => differences),
        },
      ],
    }),
    [kinds, say],
  );
  const share = useMemo<ChartOption>(
    () => ({
      grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
      tooltip: { trigger: 'item' },
      xAxis: { type: 'value', minInterval: 1 },
      yAxis: {
        type: 'category',
        inverse: true,
        data: [
          say({ zh: '三方一致的票据', en: 'receipts that agree' }),
          say({ zh: '差异', en: 'differences' }),
        ],
      },
      series: [
        {
          type: 'bar',
          label: { show: true, position: 'right' },
          data: [
            { value: agreed, itemStyle: { color: COLOUR.blue } },
            {
              value: kinds.reduce((sum, { differences }) => sum + differences, 0),
              itemStyle: { color: COLOUR.vermilion },
            },
          ],
        },
      ],
    }),
    [kinds, agreed, say],
  );
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} xl={12}>
        <Chart
          option={share}
          height={Math.max(110, kinds.length * 30 + 24)}
          label={say({ zh: '三方一致的票据数与差异数', en: 'Receipts that agree, and differences' })}
        />
      </Col>
      <Col xs={24} xl={12}>
        <Chart
          option={option}
          height={Math.max(110, kinds.length * 30 + 24)}
          label={say({
            zh: '各种差异的数目；点一条只看这一种，表在下面',
            en: 'Differences by kind; a bar shows only these in the table below',
          })}
          onSelect={({ dataIndex }) => {
            const one = kinds[dataIndex];
            if (one) onKind(one.kind);
          }}
        />
      </Col>
    </Row>
  );
}

/** One difference: what each side says of the receipt now, and what to do next. */
function DifferenceDrawer(props: {
  readonly path: string;
  readonly number: string | undefined;
  readonly onClose: () => void;
}) {
  const { path, number, onClose } = props;
  const say = useText();
  const address = `${path}/differences/${number}`;
  const answer = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => read<DifferenceDetail>(address, signal),
    enabled: number !== undefined,
  });
  return (
    <Drawer
      open={number !== undefined}
      onClose={onClose}
      size={760}
      title={
        answer.data
          ? `${say(nameOf(DIFFERENCES, answer.data.difference.kind))} ${answer.data.difference.receipt}`
          : say({ zh: '差异', en: 'Difference' })
      }
    >
      {number === undefined ? null : (
        <Answer query={answer}>
          {({ difference, landed, booked }) => (
            <Flex vertical gap={16}>
              <Alert
                type="info"
                showIcon
                title={say({ zh: '接下来', en: 'What to do' })}
                description={say(nextOf(difference.kind) ?? { zh: '核对', en: 'check' })}
              />
              <Descriptions
                size="small"
                bordered
                column={1}
                items={[
                  ...SIDES.map(({ key, name }) => ({
                    key,
                    label: say({ zh: `${name.zh}（元）`, en: `${name.en} (yuan)` }),
                    children:
                      difference[`${key}_fen`] === null
                        ? say({ zh: '没有', en: 'does not have it' })
                        : yuan(difference[`${key}_fen`]),
                  })),
                  ...(difference.file === null
                    ? []
                    : [
                        {
                          key: 'file',
                          label: say({ zh: '档案', en: 'File' }),
                          children: (
                            <Link to={`/persons/${difference.file}?tab=contributions`}>
                              {difference.file}
                            </Link>
                          ),
                        },
                      ]),
                  ...(difference.detail === ''
                    ? []
                    : [
                        {
                          key: 'detail',
                          label: say({ zh: '说明', en: 'Detail' }),
                          children: detailWords(difference, say),
                        },
                      ]),
                ]}
              />
              <ToldTable
                title={say({ zh: '税务、国库文件中的行', en: 'Rows of the files' })}
                empty={say({ zh: '文件中没有这张票据', en: 'No file has this receipt' })}
                rows={landed.map((row) => ({
                  ...row,
                  key: `${row.side} ${row.file_id} ${row.line}`,
                  who: say(nameOf(SIDE_NAME, row.side)),
                  where: `${row.file_name} · ${row.line}`,
                }))}
              />
              <ToldTable
                title={say({ zh: '经办入账的缴费', en: 'Contributions booked' })}
                empty={say({ zh: '没有入账', en: 'Not booked' })}
                rows={booked.map((row) => ({
                  ...row,
                  key: String(row.contribution_id),
                  who: say(nameOf(CONTRIBUTION_KIND_NAME, row.kind)),
                  where: row.booked_from ?? say({ zh: '不是由文件入账', en: 'not from a file' }),
                }))}
              />
            </Flex>
          )}
        </Answer>
      )}
    </Drawer>
  );
}

const SIDE_NAME: Readonly<Record<string, Text>> = Object.fromEntries(
  SIDES.map(({ key, name }) => [key, name]),
);

type ToldRow = Pick<
  DifferenceDetail['landed'][number],
  'file' | 'psn_name' | 'receipt' | 'paid_on' | 'month_from' | 'month_to' | 'fen' | 'granted_fen'
> & { readonly key: string; readonly who: string; readonly where: string };

function ToldTable(props: {
  readonly title: string;
  readonly empty: string;
  readonly rows: readonly ToldRow[];
}) {
  const say = useText();
  return (
    <Table<ToldRow>
      size="small"
      rowKey="key"
      pagination={false}
      scroll={{ x: 'max-content' }}
      title={() => <Typography.Text strong>{props.title}</Typography.Text>}
      locale={{ emptyText: <span style={{ color: 'var(--faint-ink)' }}>{props.empty}</span> }}
      dataSource={[...props.rows]}
      columns={[
        { title: say({ zh: '哪一方', en: 'Side' }), dataIndex: 'who' },
        { title: say({ zh: '票据号', en: 'Receipt' }), dataIndex: 'receipt' },
        {
          title: say({ zh: '档案', en: 'File' }),
          render: (_, row) =>
            row.file === null ? (
              row.psn_name || '–'
            ) : (
              <Link to={`/persons/${row.file}?tab=contributions`}>
                {row.file} {row.psn_name}
              </Link>
            ),
        },
        { title: say({ zh: '入库日', en: 'Paid on' }), render: (_, row) => row.paid_on ?? '–' },
        {
          title: say({ zh: '所属期', en: 'Months' }),
          render: (_, row) => `${row.month_from ?? '–'} – ${row.month_to ?? '–'}`,
        },
        {
          title: say({ zh: '个人与单位（元）', en: 'Person, employer (yuan)' }),
          align: 'right' as const,
          className: 'number',
          render: (_, row) => yuan(row.fen),
        },
        {
          title: say({ zh: '补助与资助（元）', en: 'Granted (yuan)' }),
          align: 'right' as const,
          className: 'number',
          render: (_, row) => yuan(row.granted_fen),
        },
        { title: say({ zh: '文件与行', en: 'File and line' }), dataIndex: 'where' },
      ]}
    />
  );
}
