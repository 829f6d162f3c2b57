import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Descriptions, Flex, Input, Modal, Select, Table, Tag, Typography, Upload } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type {
  DepartmentFile,
  Departments,
  Landed,
  PersonReview,
  PersonReviewDetail,
} from '#api/contract/enrolment.ts';
import type { JobStarted } from '#api/contract/job.ts';
import { read, withQuery, write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import { moment, scaled } from '../format.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';
import { JobProgress } from './jobs.tsx';

const STATE: Readonly<Record<string, Text>> = {
  waiting: { zh: '待决定', en: 'waiting' },
  linked: { zh: '已归入档案', en: 'linked' },
  new: { zh: '已新建档案', en: 'new person' },
  rejected: { zh: '不采用', en: 'rejected' },
};
const REASON: Readonly<Record<string, Text>> = {
  similar: { zh: '与已有档案相似', en: 'like a known person' },
  'name-differs': { zh: '证件相同而姓名不同', en: 'the certificate is known under another name' },
  'same-name-and-birth': { zh: '姓名与出生日期相同', en: 'same name and birth date' },
  'number-taken': { zh: '人员编号已属他人', en: 'the number belongs to somebody' },
  'no-certificate': { zh: '没有可用的证件号码', en: 'no whole certificate' },
};
const LEVEL: Readonly<Record<string, Text>> = {
  same: { zh: '相同', en: 'same' },
  'one-character': { zh: '差一个字', en: 'one character differs' },
  part: { zh: '是另一个的一部分', en: 'a part of the other' },
  'one-digit': { zh: '差一位', en: 'one digit differs' },
  'two-digits': { zh: '差两位', en: 'two digits differ' },
  'day-and-month-swapped': { zh: '月日颠倒', en: 'day and month swapped' },
  year: { zh: '同年', en: 'same year' },
  'area-and-birth': { zh: '前十四位相同', en: 'same area and birth' },
  differs: { zh: '不同', en: 'differs' },
};
const FIELD: Readonly<Record<string, Text>> = {
  name: { zh: '姓名', en: 'Name' },
  certno: { zh: '证件号码', en: 'Certificate' },
  certno_given: { zh: '所写证件号码', en: 'Certificate as written' },
  old_certno: { zh: '旧证件号码', en: 'Old certificate' },
  gend: { zh: '性别', en: 'Sex' },
  brdy: { zh: '出生日期', en: 'Birth date' },
  tel: { zh: '电话', en: 'Phone' },
  addr: { zh: '住址', en: 'Address' },
  county: { zh: '区县', en: 'County' },
  insutype: { zh: '险种', en: 'Scheme' },
  psn_type: { zh: '人员类别', en: 'Class' },
  begndate: { zh: '开始', en: 'From' },
  enddate: { zh: '结束', en: 'To' },
  insuplc_admdvs: { zh: '参保地', en: 'Insured area' },
  emp_name: { zh: '单位', en: 'Employer' },
};

const SEX: Readonly<Record<string, Text>> = {
  '1': { zh: '男', en: 'male' },
  '2': { zh: '女', en: 'female' },
  '9': { zh: '未说明', en: 'not said' },
};
const shownOf = (field: string, value: string): Text =>
  field === 'gend' ? nameOf(SEX, value) : { zh: value || '–', en: value || '–' };

/** Rows that may be about a known person, and the files of departments they come from. */
export function ReviewQueuePage() {
  const say = useText();
  const may = useMay();
  const navigate = useNavigate();
  const { language } = usePreferences();
  const [landing, setLanding] = useState<number>();
  return (
    <Page
      title={say({ zh: '档案复核', en: 'Review queue' })}
      lead={say({
        zh: '部门文件与参保人文件中拿不准的行，由人决定归入哪份档案；系统不自动合并。',
        en: 'Rows of imported files that are in doubt: somebody decides whose they are; nothing is merged by itself.',
      })}
      actions={may('person.land') ? <LandFile onStarted={setLanding} /> : null}
    >
      {landing === undefined ? null : (
        <JobProgress id={landing}>{(result) => <LandedFiles {...(result as Landed)} />}</JobProgress>
      )}
      <DataTable<PersonReview>
        path="/api/person-reviews"
        rowKey={(row) => String(row.review_id)}
        onOpen={(row) => navigate(`/review-queue/${row.review_id}`)}
        empty={say({
          zh: '没有待复核的行。导入部门文件后，拿不准的行出现在这里。',
          en: 'Nothing to review. Rows in doubt appear here when a file of a department is landed.',
        })}
        filters={[
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(STATE, say) },
          { key: 'reason', title: say({ zh: '原因', en: 'Reason' }), options: options(REASON, say) },
          { key: 'source', title: say({ zh: '来源开头', en: 'Source begins' }), search: true },
        ]}
        columns={[
          { key: 'review_id', title: say({ zh: '编号', en: 'Number' }), sortable: true },
          { key: 'psn_name', title: say({ zh: '姓名', en: 'Name' }) },
          {
            key: 'reason',
            title: say({ zh: '原因', en: 'Reason' }),
            render: (row) => say(nameOf(REASON, row.reason)),
          },
          { key: 'candidates', title: say({ zh: '候选档案', en: 'Candidates' }), kind: 'count' },
          {
            key: 'best_weight100',
            title: say({ zh: '最高权重（比特）', en: 'Best weight (bits)' }),
            kind: 'count',
            sortable: true,
            render: (row) => (row.best_weight100 === null ? '–' : scaled(row.best_weight100, 2)),
          },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            sortable: true,
            render: (row) => <Tag>{say(nameOf(STATE, row.state))}</Tag>,
          },
          { key: 'source', title: say({ zh: '来源', en: 'Source' }) },
          { key: 'line', title: say({ zh: '行', en: 'Line' }), kind: 'count' },
          { key: 'decided_by', title: say({ zh: '决定人', en: 'Decided by' }) },
          {
            key: 'made_at',
            title: say({ zh: '进入队列', en: 'Since' }),
            sortable: true,
            render: (row) => moment(row.made_at, language),
          },
        ]}
      />
      <DataTable<DepartmentFile>
        path="/api/department-files"
        prefix="file-"
        caption={say({ zh: '部门文件', en: 'Files of departments' })}
        rowKey={(row) => String(row.file_id)}
        empty={say({ zh: '还没有导入部门文件。', en: 'No file of a department was landed yet.' })}
        columns={[
          { key: 'department', title: say({ zh: '部门', en: 'Department' }) },
          { key: 'file_name', title: say({ zh: '文件', en: 'File' }) },
          { key: 'rows', title: say({ zh: '行数', en: 'Rows' }), kind: 'count', sortable: true },
          { key: 'linked', title: say({ zh: '归入档案', en: 'Linked' }), kind: 'count' },
          { key: 'new_persons', title: say({ zh: '新建档案', en: 'New persons' }), kind: 'count' },
          { key: 'to_review', title: say({ zh: '待复核', en: 'To review' }), kind: 'count', sortable: true },
          { key: 'unusable', title: say({ zh: '不能用', en: 'Unusable' }), kind: 'count' },
          { key: 'with_problems', title: say({ zh: '有问题的行', en: 'With problems' }), kind: 'count' },
          { key: 'landed_by', title: say({ zh: '导入人', en: 'Landed by' }) },
          {
            key: 'landed_at',
            title: say({ zh: '导入时间', en: 'Landed at' }),
            sortable: true,
            render: (row) => moment(row.landed_at, language),
          },
        ]}
      />
    </Page>
  );
}

/** What became of the rows of the files a job landed. */
function LandedFiles({ files }: Landed) {
  const say = useText();
  return (
    <ul style={{ margin: 0 }}>
      {files.map((one) => (
        <li key={one.fileId}>
          {one.wasKnown
            ? say({
                zh: `${one.name}：以前导入过，没有变化`,
                en: `${one.name}: landed before, nothing changed`,
              })
            : say({
                zh: `${one.name}：${one.rows} 行，归入 ${one.linked}，新建档案 ${one.newPersons}，待复核 ${one.toReview}，不能用 ${one.unusable}`,
                en: `${one.name}: ${one.rows} rows, ${one.linked} linked, ${one.newPersons} new persons, ${one.toReview} to review, ${one.unusable} unusable`,
              })}
        </li>
      ))}
    </ul>
  );
}

function LandFile({ onStarted }: { readonly onStarted: (jobId: number) => void }) {
  const say = useText();
  const [open, setOpen] = useState(false);
  const [department, setDepartment] = useState<string>();
  const [chosen, setChosen] = useState<File>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const departments = useQuery({
    queryKey: ['/api/departments'],
    queryFn: ({ signal }) => read<Departments>('/api/departments', signal),
    enabled: open,
  });
  const known = departments.data?.rows.find((one) => one.department === department);
  const send = async () => {
    setError(undefined);
    setBusy(true);
    try {
      const form = new FormData();
      form.append('file', chosen!);
      const started = await write<JobStarted>(
        'POST',
        withQuery('/api/department-files', { department }),
        form,
      );
      onStarted(started.jobId);
      setOpen(false);
      setChosen(undefined);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {say({ zh: '导入部门文件', en: 'Land a file' })}
      </Button>
      <Modal
        open={open}
        title={say({ zh: '导入部门文件', en: 'Land a file of a department' })}
        okText={say({ zh: '导入', en: 'Land' })}
        okButtonProps={{ disabled: department === undefined || chosen === undefined, loading: isBusy }}
        onOk={() => void send()}
        onCancel={() => setOpen(false)}
      >
        <Flex vertical gap={8}>
          <Select
            aria-label={say({ zh: '部门', en: 'Department' })}
            placeholder={say({ zh: '部门', en: 'Department' })}
            {...(department === undefined ? {} : { value: department })}
            options={(departments.data?.rows ?? []).map((one) => ({
              value: one.department,
              label: say(one.title),
            }))}
            onChange={setDepartment}
          />
          {known ? (
            <Typography.Text type="secondary">
              {say({ zh: '须有的列：', en: 'Needed columns: ' })}
              {known.columns
                .filter(({ isNeeded }) => isNeeded)
                .map(({ from }) => from[0])
                .join('、')}
            </Typography.Text>
          ) : null}
          <Upload
            maxCount={1}
            accept=".csv,.xlsx,.txt"
            fileList={chosen ? [{ uid: '1', name: chosen.name }] : []}
            beforeUpload={(one) => {
              setChosen(one);
              return false;
            }}
            onRemove={() => setChosen(undefined)}
          >
            <Button>{say({ zh: '选择文件（CSV、XLSX）', en: 'Choose a file (CSV, XLSX)' })}</Button>
          </Upload>
          {error ? <Refusal error={error} /> : null}
        </Flex>
      </Modal>
    </>
  );
}

/** One row with everybody it may be about, weighed field by field. */
export function ReviewPage() {
  const say = useText();
  const may = useMay();
  const { review = '' } = useParams();
  const { language } = usePreferences();
  const [asking, setAsking] = useState<'reveal' | { readonly decision: string; readonly file?: number }>();
  const [revealed, setRevealed] = useState<PersonReviewDetail>();
  const address = `/api/person-reviews/${encodeURIComponent(review)}`;
  const answer = useQuery({
    queryKey: ['/api/person-reviews', review],
    queryFn: ({ signal }) => read<PersonReviewDetail>(address, signal),
  });
  return (
    <Page
      title={say({ zh: `待复核的行 ${review}`, en: `Row ${review} to review` })}
      lead={say({
        zh: '权重为正说明像同一人，为负说明不像；单位是比特，每多一比特可能性加倍。',
        en: 'A positive weight speaks for one person, a negative against; in bits: each one doubles the odds.',
      })}
      actions={
        <>
          {may('person.reveal') ? (
            <Button onClick={() => setAsking('reveal')} disabled={!answer.data || revealed !== undefined}>
              {say({ zh: '显示个人信息', en: 'Show personal data' })}
            </Button>
          ) : null}
          <Link to="/review-queue">{say({ zh: '回到队列', en: 'Back to the queue' })}</Link>
        </>
      }
    >
      <Answer query={answer}>
        {(data) => {
          const shown = revealed ?? data;
          const mayDecide = may('person.decide') && data.review.state === 'waiting';
          return (
            <>
              <Descriptions
                size="small"
                bordered
                column={{ xs: 1, md: 3 }}
                items={[
                  {
                    key: 'reason',
                    label: say({ zh: '原因', en: 'Reason' }),
                    children: say(nameOf(REASON, data.review.reason)),
                  },
                  {
                    key: 'state',
                    label: say({ zh: '状态', en: 'State' }),
                    children: say(nameOf(STATE, data.review.state)),
                  },
                  {
                    key: 'source',
                    label: say({ zh: '来源', en: 'Source' }),
                    children: `${data.review.source} · ${data.review.line}`,
                  },
                  ...(data.review.decided_by
                    ? [
                        {
                          key: 'decided',
                          label: say({ zh: '决定', en: 'Decided' }),
                          children: `${data.review.decided_by} · ${moment(data.review.decided_at, language)} · ${data.decision_reason ?? ''}`,
                        },
                      ]
                    : []),
                  ...shown.row.map(({ field, value }) => ({
                    key: `row-${field}`,
                    label: say(nameOf(FIELD, field)),
                    children: say(shownOf(field, value)),
                  })),
                ]}
              />
              {shown.candidates.map((one) => (
                <Candidate
                  key={one.file}
                  candidate={one}
                  onLink={mayDecide ? () => setAsking({ decision: 'link', file: one.file }) : undefined}
                />
              ))}
              {shown.candidates.length === 0 ? (
                <Typography.Text type="secondary">
                  {say({
                    zh: `没有权重达到 ${scaled(data.reviewFrom100, 2)} 比特的档案。`,
                    en: `Nobody reaches ${scaled(data.reviewFrom100, 2)} bits.`,
                  })}
                </Typography.Text>
              ) : null}
              {mayDecide ? (
                <Flex gap={8} className="no-print">
                  <Button onClick={() => setAsking({ decision: 'new' })}>
                    {say({ zh: '是另一个人：新建档案', en: 'Somebody new' })}
                  </Button>
                  <Button onClick={() => setAsking({ decision: 'reject' })}>
                    {say({ zh: '不采用这一行', en: 'Reject the row' })}
                  </Button>
                </Flex>
              ) : null}
            </>
          );
        }}
      </Answer>
      {asking === undefined ? null : (
        <Reason
          address={asking === 'reveal' ? `${address}/reveal` : `${address}/decision`}
          body={asking === 'reveal' ? {} : asking}
          onClose={() => setAsking(undefined)}
          onDone={(result) => {
            if (asking === 'reveal') setRevealed(result as PersonReviewDetail);
            else setRevealed(undefined);
          }}
        />
      )}
    </Page>
  );
}

function Candidate(props: {
  readonly candidate: PersonReviewDetail['candidates'][number];
  readonly onLink: (() => void) | undefined;
}) {
  const say = useText();
  const { candidate, onLink } = props;
  return (
    <Card
      size="small"
      title={
        <Flex gap={8} align="center" wrap>
          <Link to={`/persons/${candidate.file}`}>
            {candidate.file} {candidate.psn_name}
          </Link>
          <Tag>
            {say({ zh: '合计', en: 'sum' })} {scaled(candidate.sum100, 2)}
          </Tag>
        </Flex>
      }
      extra={
        onLink ? (
          <Button type="primary" size="small" onClick={onLink}>
            {say({ zh: '归入此档案', en: 'Link to this person' })}
          </Button>
        ) : null
      }
    >
      <Table
        size="small"
        rowKey="field"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...candidate.fields]}
        columns={[
          { title: say({ zh: '字段', en: 'Field' }), render: (_, row) => say(row.title) },
          {
            title: say({ zh: '这一行', en: 'The row' }),
            render: (_, row) => say(shownOf(row.field, row.ofRow)),
          },
          {
            title: say({ zh: '档案', en: 'The person' }),
            render: (_, row) => say(shownOf(row.field, row.ofPerson)),
          },
          {
            title: say({ zh: '比较', en: 'Comparison' }),
            render: (_, row) =>
              row.level === null
                ? say({ zh: '有一方没有', en: 'one of them does not say' })
                : say(nameOf(LEVEL, row.level)),
          },
          {
            title: say({ zh: '权重（比特）', en: 'Weight (bits)' }),
            align: 'right' as const,
            className: 'number',
            render: (_, row) =>
              row.weight100 > 0 ? `+${scaled(row.weight100, 2)}` : scaled(row.weight100, 2),
          },
        ]}
      />
    </Card>
  );
}

/** Asks for the reason of a write that is logged with it. */
export function Reason(props: {
  readonly address: string;
  readonly body: object;
  readonly onClose: () => void;
  readonly onDone: (result: unknown) => void;
}) {
  const say = useText();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>();
  const send = async () => {
    setError(undefined);
    try {
      const result = await write('POST', props.address, { ...props.body, reason });
      props.onDone(result);
      props.onClose();
      await client.invalidateQueries();
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Modal
      open
      title={say({ zh: '写明理由', en: 'Give the reason' })}
      okText={say({ zh: '确定', en: 'Confirm' })}
      okButtonProps={{ disabled: reason.trim().length < 2 }}
      onOk={() => void send()}
      onCancel={props.onClose}
    >
      <Flex vertical gap={8}>
        {say({ zh: '理由记入审计日志。', en: 'The reason goes into the audit log.' })}
        <Input
          aria-label={say({ zh: '理由', en: 'Reason' })}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
        {error ? <Refusal error={error} /> : null}
      </Flex>
    </Modal>
  );
}
