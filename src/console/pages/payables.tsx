import { useQuery } from '@tanstack/react-query';
import { Alert, Form, Input, InputNumber, Select, Tag, Typography } from 'antd';
import { useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type {
  MadePayables,
  PayableListDetail,
  PayableListRow,
  PayableRow,
} from '#api/contract/enrolment-decision.ts';
import { useInAddress } from '../address.ts';
import { read } from '../client.ts';
import { Chart, type ChartOption } from '../components/chart.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { HandOver } from '../components/hand-over.tsx';
import { JobButton } from '../components/job-progress.tsx';
import { LandFile } from '../components/land-file.tsx';
import { Answer, Page } from '../components/page.tsx';
import { count, moment, percent, total, yuan } from '../format.ts';
import { IDENTITY_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { COLOUR } from '../theme.ts';
import { options } from './cases.tsx';

/** The states of a row in their order, with what is done about them. */
const STATE: Readonly<Record<string, Text & { readonly next: Text; readonly colour: string }>> = {
  made: {
    ...{ zh: '已生成，未送', en: 'made, not sent' },
    next: { zh: '送税务。', en: 'Send the list to the tax bureau.' },
    colour: COLOUR.grey,
  },
  sent: {
    ...{ zh: '已送，未回执', en: 'sent, no answer' },
    next: { zh: '等税务回执；到期没有回执的，请税务补发。', en: 'Wait for the answer, or ask for it.' },
    colour: COLOUR.sky,
  },
  accepted: {
    ...{ zh: '税务已接收，未缴', en: 'accepted, not paid' },
    next: {
      zh: '集中参保期内提醒缴费；期末仍未缴的列入“应保未保”。',
      en: 'Remind them while the collection window is open; who has not paid then is on the work list.',
    },
    colour: COLOUR.orange,
  },
  refused: {
    ...{ zh: '税务退回', en: 'refused by the tax bureau' },
    next: {
      zh: '按退回原因更正档案（证件、姓名），再生成一份清册；已缴的人不会再列入。',
      en: 'Correct the file as the answer says, then make another list: who has paid is not on it.',
    },
    colour: COLOUR.vermilion,
  },
  paid: {
    ...{ zh: '已缴', en: 'paid' },
    next: { zh: '不需办理。', en: 'Nothing to do.' },
    colour: COLOUR.blue,
  },
  'paid-otherwise': {
    ...{ zh: '已缴，金额不同', en: 'paid another amount' },
    next: {
      zh: '核对当日身份与资助：少缴的补缴差额，多缴的退费；清册生成后身份有变的以新身份为准。',
      en: 'Check identities on the day: what is short is paid up, what is over is refunded.',
    },
    colour: COLOUR.purple,
  },
};
const RESIDENCE: Readonly<Record<string, Text>> = {
  registered: { zh: '户籍', en: 'registered here' },
  permit: { zh: '居住证', en: 'residence permit' },
};

/** Lists of what residents have to pay for a year, for the tax bureau. */
export function PayablesPage() {
  const say = useText();
  const may = useMay();
  const navigate = useNavigate();
  const { language } = usePreferences();
  return (
    <Page
      title={say({ zh: '应缴清册', en: 'Payable lists' })}
      lead={say({
        zh: '某统筹区某年应缴而未缴的居民及其个人、补助、资助，送税务征收；清册生成后不可修改。',
        en: 'Residents who have to pay for a year and have not, with what person, finance and assistance bear. A list never changes.',
      })}
      actions={
        <>
          {may('person.land') ? <Answers /> : null}
          {may('payable.make') ? <MakeList /> : null}
        </>
      }
    >
      <DataTable<PayableListRow>
        path="/api/payable-lists"
        rowKey={(row) => String(row.list_id)}
        onOpen={(row) => navigate(`/payables/${row.list_id}`)}
        empty={say({
          zh: '还没有清册。集中参保期开始前，为每个统筹区生成一份。',
          en: 'No lists yet: make one for each area before the collection begins.',
        })}
        filters={[{ key: 'area_code', title: say({ zh: '统筹区开头', en: 'Area begins' }), search: true }]}
        columns={[
          {
            key: 'list_id',
            title: say({ zh: '清册', en: 'List' }),
            sortable: true,
            render: (row) => <Link to={`/payables/${row.list_id}`}>{row.list_id}</Link>,
          },
          { key: 'year', title: say({ zh: '年度', en: 'Year' }), sortable: true },
          { key: 'area_code', title: say({ zh: '统筹区', en: 'Area' }), sortable: true },
          { key: 'as_of', title: say({ zh: '身份截至', en: 'As of' }) },
          { key: 'persons', title: say({ zh: '人数', en: 'Persons' }), kind: 'count', sortable: true },
          { key: 'person_fen', title: say({ zh: '个人应缴（元）', en: 'Persons pay (yuan)' }), kind: 'yuan' },
          { key: 'subsidy_fen', title: say({ zh: '财政补助（元）', en: 'Subsidy (yuan)' }), kind: 'yuan' },
          {
            key: 'assistance_fen',
            title: say({ zh: '救助资助（元）', en: 'Assistance (yuan)' }),
            kind: 'yuan',
          },
          {
            key: 'sent_at',
            title: say({ zh: '状态', en: 'State' }),
            render: (row) =>
              row.sent_at === null ? (
                <Tag>{say({ zh: '未送', en: 'not sent' })}</Tag>
              ) : (
                <Tag color="blue">
                  {say({ zh: '已送', en: 'sent' })} {moment(row.sent_at, language)}
                </Tag>
              ),
          },
          { key: 'made_by', title: say({ zh: '生成人', en: 'Made by' }) },
          {
            key: 'made_at',
            title: say({ zh: '生成时间', en: 'Made at' }),
            sortable: true,
            render: (row) => moment(row.made_at, language),
          },
        ]}
      />
    </Page>
  );
}

function Answers() {
  const say = useText();
  return (
    <LandFile departments={['tax-answers']} label={say({ zh: '导入税务回执', en: 'Land the answer' })} />
  );
}

function MakeList() {
  const say = useText();
  const areas = useQuery({
    queryKey: ['/api/insured-areas'],
    queryFn: ({ signal }) => read<{ rows: { area_code: string }[] }>('/api/insured-areas', signal),
  });
  // a list is of a county or of the pooling area it belongs to
  const codes = [
    ...new Set((areas.data?.rows ?? []).flatMap(({ area_code: code }) => [`${code.slice(0, 4)}00`, code])),
  ].toSorted();
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  return (
    <JobButton
      label={say({ zh: '生成清册', en: 'Make a list' })}
      title={say({ zh: '生成应缴清册', en: 'Make a payable list' })}
      okText={say({ zh: '生成', en: 'Make' })}
      name="payables"
      initialValues={{ year: Number(today.slice(0, 4)) + 1, asOf: today }}
      url="/api/payable-lists"
      made={(result) => <MadeList {...(result as MadePayables)} />}
    >
      <Form.Item name="areaCode" label={say({ zh: '统筹区或区县', en: 'Area' })} rules={[{ required: true }]}>
        <Select showSearch options={codes.map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item name="year" label={say({ zh: '缴费年度', en: 'Year' })} rules={[{ required: true }]}>
        <InputNumber min={2000} max={2200} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item
        name="asOf"
        label={say({ zh: '身份与异地参保截至', en: 'Identities and insurance elsewhere as of' })}
        rules={[{ required: true }]}
      >
        <Input type="date" />
      </Form.Item>
      <Typography.Text type="secondary">
        {say({
          zh: '列入上年或当年在居民医保、还没有缴这一年的人；死亡、已参加职工医保或在异地参保的不列。',
          en: 'Who was insured in the year before or this one and has not paid; not the dead, employees, or those insured elsewhere.',
        })}
      </Typography.Text>
    </JobButton>
  );
}

function MadeList({ listId, persons, personFen }: MadePayables) {
  const say = useText();
  return (
    <Typography.Text>
      {say({
        zh: `已列入 ${count(persons)} 人，个人应缴 ${yuan(personFen)} 元：`,
        en: `${count(persons)} persons listed, who pay ${yuan(personFen)} yuan: `,
      })}
      <Link to={`/payables/${listId}`}>{say({ zh: `打开清册 ${listId}`, en: `open list ${listId}` })}</Link>
    </Typography.Text>
  );
}

/** One list: how far it is, by county, and its rows with what the tax bureau said and what was paid. */
export function PayableListPage() {
  const say = useText();
  const may = useMay();
  const { list = '' } = useParams();
  const { language } = usePreferences();
  const [given, set] = useInAddress();
  const path = `/api/payable-lists/${encodeURIComponent(list)}`;
  const answer = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => read<PayableListDetail>(path, signal),
  });
  const state = given('state');
  return (
    <Page
      title={say({ zh: `应缴清册 ${list}`, en: `Payable list ${list}` })}
      actions={
        <>
          {may('person.land') ? <Answers /> : null}
          {may('payable.make') ? (
            <HandOver
              button={say({ zh: '送税务', en: 'Send to the tax bureau' })}
              title={say({
                zh: `清册 ${list} 送税务（含个人信息）`,
                en: `List ${list} for the tax bureau (with personal data)`,
              })}
              path={`${path}/sending`}
              reason={say({
                zh: '送给谁、依据什么（记入审计日志）',
                en: 'To whom and why (kept in the audit log)',
              })}
            />
          ) : null}
          <Link to="/payables">{say({ zh: '回到清册', en: 'All lists' })}</Link>
        </>
      }
    >
      <Answer query={answer}>
        {({ list: head, states }) => {
          const of = (...names: readonly string[]) => states.filter((row) => names.includes(row.state));
          const persons = (...names: readonly string[]) =>
            of(...names).reduce((sum, row) => sum + row.persons, 0);
          const paid = persons('paid', 'paid-otherwise');
          return (
            <>
              <Typography.Text type="secondary">
                {head.area_code} · {head.year} · {say({ zh: '身份截至', en: 'as of' })} {head.as_of} ·{' '}
                {head.made_by} · {moment(head.made_at, language)} ·{' '}
                {head.sent_at === null
                  ? say({ zh: '未送税务', en: 'not sent' })
                  : `${say({ zh: '已送税务', en: 'sent' })} ${head.sent_by} · ${moment(head.sent_at, language)}`}
              </Typography.Text>
              <Figures>
                <Figure title={say({ zh: '人数', en: 'Persons' })} value={count(head.persons)} />
                <Figure
                  title={say({ zh: '个人应缴（元）', en: 'Persons pay (yuan)' })}
                  value={yuan(head.person_fen)}
                  note={say({
                    zh: `补助 ${yuan(head.subsidy_fen)}，资助 ${yuan(head.assistance_fen)}`,
                    en: `subsidy ${yuan(head.subsidy_fen)}, assistance ${yuan(head.assistance_fen)}`,
                  })}
                />
                <Figure
                  title={say({ zh: '已缴（元）', en: 'Paid (yuan)' })}
                  value={yuan(total(states.map((row) => row.paid_fen)))}
                  note={say({
                    zh: `${count(paid)} 人，${percent(head.persons === 0 ? null : paid / head.persons)}`,
                    en: `${count(paid)} persons, ${percent(head.persons === 0 ? null : paid / head.persons)}`,
                  })}
                />
                <Figure
                  title={say({ zh: '税务退回（人）', en: 'Refused (persons)' })}
                  value={count(persons('refused'))}
                  to="?state=refused"
                  tone={persons('refused') > 0 ? 'loss' : undefined}
                />
                <Figure
                  title={say({ zh: '金额不同（人）', en: 'Paid otherwise (persons)' })}
                  value={count(persons('paid-otherwise'))}
                  to="?state=paid-otherwise"
                />
              </Figures>
              <StatesChart
                states={states}
                onSelect={(county, one) => set({ county: `${county}$`, state: one, page: undefined })}
              />
            </>
          );
        }}
      </Answer>
      {state === undefined || STATE[state] === undefined ? null : (
        <Alert
          type="info"
          showIcon
          title={say({ zh: `${STATE[state].zh}：接下来`, en: `${STATE[state].en}: what to do` })}
          description={say(STATE[state].next)}
        />
      )}
      <DataTable<PayableRow>
        // a link to a state is another view of the table
        key={`${state} ${given('county')}`}
        path={`${path}/rows`}
        rowKey={(row) => String(row.number)}
        caption={say({ zh: '清册的行', en: 'Rows of the list' })}
        empty={say({ zh: '没有符合条件的人', en: 'Nobody matches' })}
        filters={[
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(STATE, say) },
          { key: 'county', title: say({ zh: '区县开头', en: 'County begins' }), search: true },
          { key: 'file', title: say({ zh: '档案号', en: 'File' }), search: true },
        ]}
        columns={[
          { key: 'number', title: say({ zh: '序号', en: 'Number' }), kind: 'count', sortable: true },
          {
            key: 'file',
            title: say({ zh: '档案', en: 'File' }),
            render: (row) => (
              <Link to={`/persons/${row.file}?tab=contributions`}>
                {row.file} {row.psn_name}
              </Link>
            ),
          },
          { key: 'certno', title: say({ zh: '证件号码', en: 'Certificate' }) },
          { key: 'county', title: say({ zh: '区县', en: 'County' }), sortable: true },
          {
            key: 'residence',
            title: say({ zh: '户籍或居住证', en: 'Residence' }),
            render: (row) => say(nameOf(RESIDENCE, row.residence)),
          },
          {
            key: 'identities',
            title: say({ zh: '救助身份', en: 'Identities' }),
            render: (row) =>
              row.identities === ''
                ? '–'
                : row.identities
                    .split(' ')
                    .map((code) => say(nameOf(IDENTITY_NAME, code)))
                    .join(say({ zh: '、', en: ', ' })),
          },
          {
            key: 'person_fen',
            title: say({ zh: '个人应缴（元）', en: 'Person pays (yuan)' }),
            kind: 'yuan',
            sortable: true,
          },
          { key: 'subsidy_fen', title: say({ zh: '补助（元）', en: 'Subsidy (yuan)' }), kind: 'yuan' },
          { key: 'assistance_fen', title: say({ zh: '资助（元）', en: 'Assistance (yuan)' }), kind: 'yuan' },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            sortable: true,
            render: (row) => <Tag>{say(nameOf(STATE, row.state))}</Tag>,
          },
          { key: 'reason', title: say({ zh: '税务说明', en: 'Tax bureau says' }) },
          { key: 'paid_fen', title: say({ zh: '已缴（元）', en: 'Paid (yuan)' }), kind: 'yuan' },
          {
            key: 'difference_fen',
            title: say({ zh: '多缴、少缴（元）', en: 'Over or short (yuan)' }),
            kind: 'yuan',
            sortable: true,
            render: (row) =>
              row.difference_fen === 0 ? (
                '–'
              ) : (
                <span className={row.difference_fen > 0 ? 'gain' : 'loss'}>
                  {row.difference_fen > 0 ? `+${yuan(row.difference_fen)}` : yuan(row.difference_fen)}
                </span>
              ),
          },
          { key: 'paid_on', title: say({ zh: '缴费日期', en: 'Paid on' }) },
          { key: 'receipts', title: say({ zh: '票据', en: 'Receipts' }) },
        ]}
      />
    </Page>
  );
}

const COUNTIES_SHOWN_MAX = 20;

/** How many persons of each county are in which state; the largest counties where there are many. */
function StatesChart(props: {
  readonly states: PayableListDetail['states'];
  readonly onSelect: (county: string, state: string) => void;
}) {
  const { states, onSelect } = props;
  const say = useText();
  const counties = useMemo(() => {
    const persons = new Map<string, number>();
    for (const row of states) persons.set(row.county, (persons.get(row.county) ?? 0) + row.persons);
    return [...persons]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, COUNTIES_SHOWN_MAX)
      .map(([county]) => county);
  }, [states]);
  const shown = useMemo(
    () => Object.keys(STATE).filter((state) => states.some((row) => row.state === state)),
    [states],
  );
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 8, right: 24, top: 36, bottom: 32, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: 'item' },
      xAxis: {
        type: 'value',
        minInterval: 1,
        name: say({ zh: '人', en: 'persons' }),
        nameLocation: 'middle',
        nameGap: 24,
      },
      yAxis: { type: 'category', inverse: true, data: counties },
      series: shown.map((state) => ({
        type: 'bar',
        stack: 'persons',
        barMaxWidth: 32,
        name: say(nameOf(STATE, state)),
        itemStyle: { color: STATE[state]!.colour },
        data: counties.map((county) => ({
          value: states.find((row) => row.county === county && row.state === state)?.persons ?? 0,
          county,
          state,
        })),
      })),
    }),
    [states, counties, shown, say],
  );
  return (
    <Chart
      option={option}
      height={Math.max(140, counties.length * 36 + 90)}
      label={say({
        zh: '各区县清册各状态的人数；点一段只看这些人，表在下面',
        en: 'Persons of the list by county and state; a part shows only these in the table below',
      })}
      onSelect={({ data }) => {
        const { county, state } = data as { county?: string; state?: string };
        if (county !== undefined && state !== undefined) onSelect(county, state);
      }}
    />
  );
}
