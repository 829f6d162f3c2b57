import { useQuery } from '@tanstack/react-query';
import { Button, Descriptions, Flex, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import type { PersonBody, PersonFileBody } from '#api/contract/person.ts';
import { FAMILY_RELATIONS, WAIT_REASONS, YEAR_KINDS } from '#api/contract/words.ts';
import { read } from '../client.ts';
import { StateTag } from '../components/approval.tsx';
import { ContinuityOfPerson } from '../components/continuity-of-person.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { DecisionForms } from '../components/decision-forms.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { RevealButton } from '../components/form-button.tsx';
import { Answer, Page } from '../components/page.tsx';
import { SettlementInWords } from '../components/settlement-in-words.tsx';
import { EndSharing, NewSharing } from '../components/span-forms.tsx';
import { moment, subjectWords, yuan } from '../format.ts';
import {
  accumulatorName,
  BUSINESS_NAME,
  CERTIFICATE_NAME,
  CLASS_NAME,
  CONTRIBUTION_STATE_NAME,
  ENTITLEMENT_NAME,
  FILING_NAME,
  fundNames,
  IDENTITY_NAME,
  INSUTYPE_NAME,
  isAmount,
  MED_TYPE_NAME,
  MEMO_NAME,
  REQUEST_STATE_NAME,
  SETTLEMENT_KIND_NAME,
  SEX_NAME,
  SPAN_NAME,
  VISIT_KIND_NAME,
  VISIT_STATE_NAME,
} from '../insured.ts';
import { APPROVAL_NAME, nameOf } from '../names.ts';
import { type Language, type Say, type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { assessmentOf, NewFiling } from './filings.tsx';

/** Finds insured persons. What tells who somebody is stays masked. */
export function PersonsPage() {
  const say = useText();
  const navigate = useNavigate();
  return (
    <Page
      title={say({ zh: '参保人', en: 'Insured persons' })}
      lead={say({
        zh: '按人员编号、证件号码（须完整）或姓名查找；个人信息已遮盖，在档案中说明理由后可看。',
        en: 'Found by number or certificate (whole) or by name. Personal data are masked; in the file they are shown for a reason.',
      })}
    >
      <DataTable<PersonBody>
        path="/api/persons"
        rowKey={(row) => String(row.file)}
        onOpen={(row) => navigate(`/persons/${row.file}`)}
        empty={say({
          zh: '没有符合的参保人。先用 yibao persons import 导入。',
          en: 'Nobody matches. Persons come in with `yibao persons import`.',
        })}
        filters={[
          { key: 'psn_no', title: say({ zh: '人员编号', en: 'Personal number' }), search: true },
          { key: 'certno', title: say({ zh: '证件号码', en: 'Certificate' }), search: true },
          { key: 'psn_name', title: say({ zh: '姓名开头', en: 'Name begins' }), search: true },
        ]}
        columns={[
          {
            key: 'file',
            title: say({ zh: '档案号', en: 'File' }),
            sortable: true,
            render: (row) => <Link to={`/persons/${row.file}`}>{row.file}</Link>,
          },
          { key: 'psn_name', title: say({ zh: '姓名', en: 'Name' }) },
          {
            key: 'gend',
            title: say({ zh: '性别', en: 'Sex' }),
            render: (row) => say(nameOf(SEX_NAME, row.gend)),
          },
          { key: 'brdy', title: say({ zh: '出生', en: 'Born' }) },
          { key: 'certno', title: say({ zh: '证件号码', en: 'Certificate' }) },
          { key: 'psn_no', title: say({ zh: '人员编号', en: 'Personal number' }) },
          {
            key: 'insutypes',
            title: say({ zh: '险种', en: 'Insurance' }),
            render: (row) =>
              row.insutypes
                .split(' ')
                .map((code) => say(nameOf(INSUTYPE_NAME, code)))
                .join(say({ zh: '、', en: ', ' })),
          },
          { key: 'area_code', title: say({ zh: '参保地', en: 'Area' }), sortable: true },
        ]}
      />
    </Page>
  );
}

/** One person's file, part by part. */
export function PersonPage() {
  const say = useText();
  const may = useMay();
  const { file = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const [revealed, setRevealed] = useState<PersonFileBody>();
  const path = `/api/persons/${encodeURIComponent(file)}`;
  const answer = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => read<PersonFileBody>(path, signal),
  });
  return (
    <Page
      title={say({ zh: `参保人档案 ${file}`, en: `File ${file}` })}
      actions={
        <>
          {may('person.reveal') && revealed === undefined ? (
            <RevealButton<PersonFileBody> address={path} onShown={setRevealed} />
          ) : null}
          {may('person.merge') ? (
            <Link to={`/person-merges/new?from=${file}`}>
              <Button>{say({ zh: '与另一份档案对照', en: 'Compare with another file' })}</Button>
            </Link>
          ) : null}
          {may('filing.write') ? <NewFiling file={Number(file)} /> : null}
        </>
      }
    >
      <Answer query={answer}>
        {(masked) => {
          const person = revealed ?? masked;
          return (
            <>
              <PersonHead person={person} />
              <Tabs
                activeKey={search.get('tab') ?? 'settlements'}
                onChange={(tab) => setSearch({ tab }, { replace: true })}
                items={PARTS.map(({ key, title }) => ({ key, label: say(title) }))}
              />
              {search.get('tab') === 'continuity' ? <ContinuityOfPerson file={person.file} /> : null}
              <PartActions part={search.get('tab') ?? 'settlements'} file={Number(file)} path={path} />
              <PersonPart
                path={path}
                part={search.get('tab') ?? 'settlements'}
                settlementPage="/visit-settlements"
              />
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

/** What can be begun for a person beside one part of the file. */
function PartActions(props: { readonly part: string; readonly file: number; readonly path: string }) {
  const may = useMay();
  const { part, file, path } = props;
  if (part === 'decisions' && may('enrolment.prepare')) return <DecisionForms file={file} />;
  if (part === 'sharing' && may('account-sharing.write')) {
    return (
      <div className="no-print">
        <NewSharing address={`${path}/sharings`} isOwn={false} />
      </div>
    );
  }
  return null;
}

function PersonHead({ person }: { readonly person: PersonFileBody }) {
  const say = useText();
  return (
    <>
      <Descriptions
        size="small"
        bordered
        column={{ xs: 1, sm: 2, lg: 3 }}
        items={[
          {
            key: 'name',
            label: say({ zh: '姓名', en: 'Name' }),
            children: (
              <>
                {person.psn_name} {person.masked ? <Tag>{say({ zh: '已遮盖', en: 'masked' })}</Tag> : null}
              </>
            ),
          },
          { key: 'sex', label: say({ zh: '性别', en: 'Sex' }), children: say(nameOf(SEX_NAME, person.gend)) },
          { key: 'born', label: say({ zh: '出生', en: 'Born' }), children: person.brdy ?? '–' },
          { key: 'no', label: say({ zh: '人员编号', en: 'Personal number' }), children: person.psn_no },
          {
            key: 'cert',
            label: say({ zh: '证件', en: 'Certificate' }),
            children: person.certificates
              .map((one) => `${say(nameOf(CERTIFICATE_NAME, one.psn_cert_type))} ${one.certno}`)
              .join(say({ zh: '；', en: '; ' })),
          },
          {
            key: 'other',
            label: say({ zh: '合并的编号', en: 'Merged numbers' }),
            children: String(person.other_files),
          },
          ...person.entitlements.map((one) => ({
            key: one.insutype,
            label: say(nameOf(INSUTYPE_NAME, one.insutype)),
            children: say({
              zh: `${say(nameOf(ENTITLEMENT_NAME, one.state))}，${one.from} 起${one.to ? `至 ${one.to}` : ''}，参保地 ${one.area_code}`,
              en: `${say(nameOf(ENTITLEMENT_NAME, one.state))}, from ${one.from}${one.to ? ` to ${one.to}` : ''}, area ${one.area_code}`,
            }),
          })),
        ]}
      />
      <Figures>
        <Figure
          title={say({ zh: `${person.year} 年医疗费（元）`, en: `Fees of ${person.year} (yuan)` })}
          value={yuan(person.year_medfee_fen)}
          to="?tab=settlements"
        />
        <Figure
          title={say({ zh: '其中基金支付（元）', en: 'Paid by funds (yuan)' })}
          value={yuan(person.year_fund_fen)}
          to="?tab=accumulators"
        />
        <Figure
          title={say({ zh: '其中个人负担（元）', en: 'Borne by the person (yuan)' })}
          value={yuan(person.year_person_fen)}
          to="?tab=settlements"
        />
        <Figure
          title={say({ zh: '个人账户余额（元）', en: 'Account balance (yuan)' })}
          value={yuan(person.balance_fen)}
          to="?tab=movements"
        />
      </Figures>
    </>
  );
}

export const PARTS: readonly { readonly key: string; readonly title: Text }[] = [
  { key: 'settlements', title: { zh: '结算', en: 'Settlements' } },
  { key: 'visits', title: { zh: '就诊', en: 'Visits' } },
  { key: 'accumulators', title: { zh: '年度累计', en: 'Accumulators' } },
  { key: 'enrolments', title: { zh: '参保', en: 'Enrolment' } },
  { key: 'continuity', title: { zh: '连续参保', en: 'Continuity' } },
  { key: 'contributions', title: { zh: '缴费', en: 'Contributions' } },
  { key: 'identities', title: { zh: '身份', en: 'Identities' } },
  { key: 'filings', title: { zh: '备案', en: 'Filings' } },
  { key: 'movements', title: { zh: '个人账户', en: 'Account' } },
  { key: 'sharing', title: { zh: '家庭共济', en: 'Family' } },
  { key: 'requests', title: { zh: '办件', en: 'Requests' } },
  { key: 'certificates', title: { zh: '证件', en: 'Certificates' } },
  { key: 'decisions', title: { zh: '审批办理', en: 'Decisions' } },
];

type Row = Readonly<Record<string, string | number | null>>;

/** One part of a file as a table; `settlementPage` is where a settlement is told in words. */
export function PersonPart(props: {
  readonly path: string;
  readonly part: string;
  readonly settlementPage: string;
}) {
  const say = useText();
  const { language } = usePreferences();
  const { path, part, settlementPage } = props;
  const may = useMay();
  const columns = columnsOf(say, language, may, settlementPage)[part] ?? [];
  return (
    <DataTable<Row>
      key={part}
      prefix={`${part}.`}
      path={`${path}/${part}`}
      rowKey={(row) =>
        [
          'approval_id',
          'sharing_id',
          'contribution_id',
          'setl_id',
          'mdtrt_id',
          'trt_dcla_detl_sn',
          'request_id',
          'code',
          'certno',
          'psn_idet_type',
          'paid_on',
          'at',
          'insutype',
          'psn_name',
          'begndate',
          'year',
        ]
          .map((name) => row[name] ?? '')
          .join(' ')
      }
      columns={columns}
      empty={say(EMPTY[part] ?? { zh: '没有记录', en: 'Nothing yet' })}
    />
  );
}

const EMPTY: Readonly<Record<string, Text>> = {
  settlements: { zh: '还没有结算', en: 'Nothing was settled yet' },
  visits: { zh: '还没有就诊', en: 'No visits yet' },
  accumulators: { zh: '本年度还没有累计', en: 'Nothing used up yet' },
  continuity: {
    zh: '还没有结转或认定；年数按参保期数',
    en: 'Nothing closed or stated yet: years are counted from the spans',
  },
  filings: { zh: '没有备案；可在上方登记', en: 'Nothing filed; file it above' },
  movements: { zh: '账户没有收支', en: 'The account was not used' },
  sharing: { zh: '没有家庭共济', en: 'No family sharing' },
  requests: { zh: '没有办件', en: 'No requests' },
  decisions: {
    zh: '没有退费、视同年限、退休、报销或合并；可在上方提交',
    en: 'No refund, deemed months, retirement, reimbursement or merge; submit one above',
  },
};

function columnsOf(
  say: Say,
  language: Language,
  may: (action: string) => boolean,
  settlementPage: string,
): Readonly<Record<string, readonly Column<Row>[]>> {
  const when = (at: string | null) => moment(at, language);
  const plain = (key: string, zh: string, en: string): Column<Row> => ({ key, title: say({ zh, en }) });
  const amount = (key: string, zh: string, en: string): Column<Row> => ({
    key,
    title: say({ zh: `${zh}（元）`, en: `${en} (yuan)` }),
    kind: 'yuan',
    sortable: true,
  });
  const named = (
    key: string,
    zh: string,
    en: string,
    names: Readonly<Record<string, Text>>,
  ): Column<Row> => ({
    key,
    title: say({ zh, en }),
    render: (row) => say(nameOf(names, row[key] === null || row[key] === '' ? undefined : String(row[key]))),
  });
  const from = plain('begndate', '开始', 'From');
  const to = plain('enddate', '结束', 'To');
  const insutype = named('insutype', '险种', 'Insurance', INSUTYPE_NAME);
  return {
    settlements: [
      {
        key: 'setl_id',
        title: say({ zh: '结算', en: 'Settlement' }),
        render: (row) => (
          <Link to={`${settlementPage}/${row.setl_id}`}>
            {row.policy_date} …{String(row.setl_id).slice(-6)}
          </Link>
        ),
      },
      {
        key: 'kind',
        title: say({ zh: '种类', en: 'Kind' }),
        render: (row) => (
          <Flex gap={4}>
            <Tag color={row.kind === 'reversal' ? 'orange' : 'default'}>
              {say(nameOf(SETTLEMENT_KIND_NAME, String(row.kind)))}
            </Tag>
            {row.undone_by ? <Tag color="orange">{say({ zh: '已冲销', en: 'undone' })}</Tag> : null}
          </Flex>
        ),
      },
      plain('place', '就医机构', 'Institution'),
      named('med_type', '医疗类别', 'Medical type', MED_TYPE_NAME),
      amount('medfee_fen', '医疗费', 'Fee'),
      amount('fund_fen', '基金', 'Funds'),
      amount('person_fen', '个人', 'Person'),
      amount('account_fen', '账户', 'Accounts'),
      amount('cash_fen', '现金', 'Cash'),
    ],
    visits: [
      plain('begntime', '开始', 'From'),
      plain('endtime', '结束', 'To'),
      named('kind', '种类', 'Kind', VISIT_KIND_NAME),
      plain('place', '就医机构', 'Institution'),
      named('med_type', '医疗类别', 'Medical type', MED_TYPE_NAME),
      plain('dise_codg', '病种', 'Disease'),
      named('state', '状态', 'State', VISIT_STATE_NAME),
      { key: 'settlements', title: say({ zh: '有效结算', en: 'Settlements' }), kind: 'count' },
    ],
    accumulators: [
      plain('year', '年度', 'Year'),
      {
        key: 'code',
        title: say({ zh: '累计项', en: 'Accumulator' }),
        render: (row) => (
          <>
            {say(accumulatorName(String(row.code)))} <code>{row.code}</code>
          </>
        ),
      },
      {
        key: 'value',
        title: say({ zh: '累计（元，次数除外）', en: 'Used up (yuan, or a count)' }),
        kind: 'count',
        render: (row) => (isAmount(String(row.code)) ? yuan(row.value) : String(row.value)),
      },
    ],
    enrolments: [
      insutype,
      named('psn_type', '人员类别', 'Class', CLASS_NAME),
      named('psn_insu_stas', '状态', 'State', STATUS_NAME),
      from,
      to,
      plain('waiting_until', '等待期至', 'Waiting until'),
      named('waiting_reason', '等待依据', 'Waiting because', WAIT_REASONS),
      { key: 'gap_months', title: say({ zh: '中断（月）', en: 'Months between' }), kind: 'count' },
      plain('insuplc_admdvs', '参保地', 'Area'),
      plain('emp_name', '单位', 'Employer'),
      {
        key: 'continuous_years',
        title: say({ zh: '连续参保（年）', en: 'Continuous (years)' }),
        kind: 'count',
      },
    ],
    continuity: [
      plain('year', '适用年度', 'Holds in'),
      named('kind', '上一年', 'The year before', FACT_KINDS),
      {
        key: 'continuous_years',
        title: say({ zh: '连续参保（年）', en: 'In a row (years)' }),
        kind: 'count',
      },
      {
        key: 'zero_claim_years',
        title: say({ zh: '零报销（年）', en: 'Without a claim (years)' }),
        kind: 'count',
      },
      amount('earned_before_gap_fen', '断保前已得', 'Earned before a gap'),
      {
        key: 'paid_funds',
        title: say({ zh: '支付过的基金', en: 'Funds that paid' }),
        render: (row) => fundNames(String(row.paid_funds ?? ''), say),
      },
      plain('reason', '依据', 'Evidence'),
      { key: 'at', title: say({ zh: '自', en: 'Since' }), render: (row) => when(String(row.at)) },
    ],
    contributions: [
      insutype,
      plain('paid_on', '缴费日期', 'Paid on'),
      plain('month_from', '所属期起', 'From month'),
      plain('month_to', '所属期止', 'To month'),
      amount('person_fen', '个人', 'Person'),
      amount('employer_fen', '单位', 'Employer'),
      amount('subsidy_fen', '财政补助', 'Subsidy'),
      amount('assistance_fen', '救助资助', 'Assistance'),
      plain('receipt', '凭证', 'Receipt'),
      named('state', '状态', 'State', CONTRIBUTION_STATE_NAME),
      amount('total_fen', '合计', 'Total'),
    ],
    identities: [
      named('psn_idet_type', '身份', 'Identity', IDENTITY_NAME),
      plain('psn_type_lv', '等级', 'Level'),
      from,
      to,
      plain('memo', '备注', 'Note'),
    ],
    filings: [
      named('kind', '备案', 'Filing', FILING_NAME),
      named('biz_appy_type', '业务', 'Business', BUSINESS_NAME),
      plain('dise_codg', '病种', 'Disease'),
      {
        key: 'longterm_eval_lv',
        title: say({ zh: '失能评估', en: 'Disability' }),
        render: (row) => (row.longterm_eval_lv ? say(assessmentOf(row)) : '–'),
      },
      plain('fixmedins_code', '机构', 'Institution'),
      from,
      to,
      named('state', '状态', 'State', SPAN_NAME),
      plain('filed_by', '经办', 'Filed by'),
    ],
    movements: [
      { key: 'at', title: say({ zh: '时间', en: 'At' }), render: (row) => when(String(row.at)) },
      amount('change_fen', '收（＋）支（－）', 'Change'),
      {
        key: 'setl_id',
        title: say({ zh: '结算', en: 'Settlement' }),
        render: (row) =>
          row.setl_id ? (
            <Link to={`${settlementPage}/${row.setl_id}`}>…{String(row.setl_id).slice(-6)}</Link>
          ) : (
            '–'
          ),
      },
      named('memo', '备注', 'Note', MEMO_NAME),
    ],
    sharing: [
      named('direction', '方向', 'Direction', DIRECTION_NAME),
      {
        key: 'psn_name',
        title: say({ zh: '家庭成员', en: 'Family member' }),
        render: (row) => (
          <Link to={`/persons/${row.other_file}?tab=sharing`}>
            {row.other_file} {row.psn_name}
          </Link>
        ),
      },
      named('relation', '使用人是所有人的', 'The user is the owner’s', FAMILY_RELATIONS),
      from,
      to,
      named('state', '状态', 'State', SPAN_NAME),
      {
        key: 'end',
        title: say({ zh: '办理', en: 'Action' }),
        render: (row) =>
          may('account-sharing.write') ? (
            <EndSharing row={row} address={`/api/account-sharings/${row.sharing_id}/end`} otherwise="–" />
          ) : (
            '–'
          ),
      },
    ],
    decisions: [
      named('kind', '事项', 'Kind', APPROVAL_NAME),
      {
        key: 'subject',
        title: say({ zh: '对象', en: 'Subject' }),
        render: (row) => (
          <Link to={`/approvals?open=${row.approval_id}`}>{subjectWords(String(row.subject), language)}</Link>
        ),
      },
      {
        key: 'state',
        title: say({ zh: '状态', en: 'State' }),
        render: (row) => <StateTag state={String(row.state)} />,
      },
      {
        key: 'created_at',
        title: say({ zh: '提交', en: 'Submitted' }),
        render: (row) => when(String(row.created_at)),
      },
      {
        key: 'updated_at',
        title: say({ zh: '最近办理', en: 'Last step' }),
        render: (row) => when(String(row.updated_at)),
      },
    ],
    requests: [
      plain('request_id', '办件', 'Request'),
      plain('item', '事项', 'Item'),
      plain('received_on', '受理', 'Received'),
      plain('due_on', '期限', 'Due'),
      named('state', '状态', 'State', REQUEST_STATE_NAME),
      plain('outcome', '结果', 'Outcome'),
      { key: 'rating', title: say({ zh: '评价（满分 5）', en: 'Rating (of 5)' }), kind: 'count' },
    ],
    certificates: [
      named('psn_cert_type', '类型', 'Type', CERTIFICATE_NAME),
      plain('certno', '号码', 'Number'),
    ],
  };
}

/** How a year went that was closed; or that what holds was stated. */
const FACT_KINDS: Readonly<Record<string, Text>> = {
  ...YEAR_KINDS,
  stated: { zh: '另行认定', en: 'stated otherwise' },
};

const STATUS_NAME: Readonly<Record<string, Text>> = {
  '0': { zh: '未参保', en: 'none' },
  '1': { zh: '正常', en: 'normal' },
  '2': { zh: '暂停', en: 'paused' },
  '3': { zh: '失效', en: 'invalid' },
  '4': { zh: '终止', en: 'ended' },
};
const DIRECTION_NAME: Readonly<Record<string, Text>> = {
  'mine-for': { zh: '本人账户供其使用', en: 'may use this account' },
  'for-me': { zh: '其账户供本人使用', en: 'lends the account' },
};

/** One settlement for the agency: the fourteen steps, its fee lines, what it used up. */
export function VisitSettlementPage() {
  const say = useText();
  const { setlId = '' } = useParams();
  const path = `/api/visit-settlements/${encodeURIComponent(setlId)}`;
  return (
    <Page title={say({ zh: '一次结算', en: 'One settlement' })}>
      <SettlementInWords key={path} path={path} linkTo={(other) => `/visit-settlements/${other}`}>
        {(told) => (
          <>
            <Link to={`/persons/${(told.head as { file: number }).file}`}>
              {say({ zh: '参保人档案', en: 'The person’s file' })} {(told.head as { file: number }).file}{' '}
              {(told.head as { psn_name: string }).psn_name}
            </Link>
            <SettlementTables path={path} />
          </>
        )}
      </SettlementInWords>
    </Page>
  );
}

function SettlementTables({ path }: { readonly path: string }) {
  const say = useText();
  const amount = (key: string, zh: string, en: string): Column<Row> => ({
    key,
    title: say({ zh: `${zh}（元）`, en: `${en} (yuan)` }),
    kind: 'yuan',
  });
  return (
    <>
      <DataTable<Row>
        prefix="lines."
        path={`${path}/lines`}
        caption={say({ zh: '费用明细（上传时拆分）', en: 'Fee lines (split when uploaded)' })}
        rowKey={(row) => String(row.feedetl_sn)}
        empty={say({ zh: '明细已随就诊撤销', en: 'The lines went with the cancelled visit' })}
        columns={[
          { key: 'med_list_codg', title: say({ zh: '项目', en: 'Item' }) },
          { key: 'name', title: say({ zh: '名称', en: 'Name' }) },
          { key: 'list_class', title: say({ zh: '类别', en: 'Class' }) },
          { key: 'cnt4', title: say({ zh: '数量', en: 'Count' }), kind: 'scaled4' },
          amount('amount_fen', '金额', 'Amount'),
          amount('own_fen', '全自费', 'Self-paid'),
          amount('over_limit_fen', '超限价', 'Above ceiling'),
          amount('prior_fen', '先行自付', 'Prior'),
          amount('in_scope_fen', '范围内', 'In scope'),
        ]}
      />
      <DataTable<Row>
        prefix="steps."
        path={`${path}/steps`}
        caption={say({ zh: '步骤（可导出）', en: 'Steps (for export)' })}
        rowKey={(row) => String(row.position)}
        columns={[
          { key: 'step', title: say({ zh: '步', en: 'Step' }), kind: 'count' },
          { key: 'code', title: say({ zh: '编码', en: 'Code' }) },
          { key: 'title', title: say({ zh: '步骤', en: 'Title' }) },
          amount('base_fen', '进入', 'Base'),
          { key: 'ratio', title: say({ zh: '比例', en: 'Ratio' }) },
          amount('fund_pay_fen', '基金支付', 'Fund pays'),
          amount('self_pay_fen', '个人', 'Person'),
        ]}
      />
      <DataTable<Row>
        prefix="changes."
        path={`${path}/changes`}
        caption={say({ zh: '年度累计的变化', en: 'Changes of the year’s accumulators' })}
        rowKey={(row) => String(row.code)}
        columns={[
          {
            key: 'code',
            title: say({ zh: '累计项', en: 'Accumulator' }),
            render: (row) => (
              <>
                {say(accumulatorName(String(row.code)))} <code>{row.code}</code>
              </>
            ),
          },
          ...(['before', 'change', 'after'] as const).map(
            (key): Column<Row> => ({
              key,
              kind: 'count',
              title: say(CHANGE_TITLE[key]),
              render: (row) => (isAmount(String(row.code)) ? yuan(row[key]) : String(row[key])),
            }),
          ),
        ]}
      />
    </>
  );
}

const CHANGE_TITLE = {
  before: { zh: '之前（元）', en: 'Before (yuan)' },
  change: { zh: '改变（元）', en: 'Change (yuan)' },
  after: { zh: '之后（元）', en: 'After (yuan)' },
} as const;
