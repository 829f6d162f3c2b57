import { useQuery } from '@tanstack/react-query';
import { App, Button, Card, Descriptions, Flex, Form, Input, Table, Tag, Typography } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Booked } from '#api/contract/contribution.ts';
import type { DepartmentFile, PersonReview, PersonReviewDetail } from '#api/contract/enrolment.ts';
import { read, write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { FormButton, Reason, RevealButton } from '../components/form-button.tsx';
import { LandFile } from '../components/land-file.tsx';
import { Answer, Page } from '../components/page.tsx';
import { moment, scaled } from '../format.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

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
  return (
    <Page
      title={say({ zh: '档案复核', en: 'Review queue' })}
      lead={say({
        zh: '部门文件与参保人文件中拿不准的行，由人决定归入哪份档案；系统不自动合并。',
        en: 'Rows of imported files that are in doubt: somebody decides whose they are; nothing is merged by itself.',
      })}
      actions={may('person.land') ? <LandFile /> : null}
    >
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
          {
            key: 'book',
            title: say({ zh: '办理', en: 'Action' }),
            render: (row) =>
              row.holds === 'collection' && may('contribution.book') ? <BookFile file={row} /> : '–',
          },
        ]}
      />
    </Page>
  );
}

/** Books a file of collected contributions: what was paid is written into the files, and spans and waits follow. */
function BookFile({ file }: { readonly file: DepartmentFile }) {
  const say = useText();
  const { message } = App.useApp();
  return (
    <FormButton
      size="small"
      label={say({ zh: '入账', en: 'Book' })}
      title={say({ zh: `征收明细入账：${file.file_name}`, en: `Book ${file.file_name}` })}
      okText={say({ zh: '入账', en: 'Book' })}
      name={`book-${file.file_id}`}
      send={async ({ areaCode }) => {
        const { booked, leftOut, spans, spansRefused } = await write<Booked>(
          'POST',
          `/api/department-files/${file.file_id}/booking`,
          { areaCode },
        );
        message.success(
          say({
            zh: `入账 ${booked} 笔，已入过或不能归人的 ${leftOut} 笔；写参保期 ${spans} 段，与档案重叠未写 ${spansRefused} 段`,
            en: `${booked} booked, ${leftOut} left out; ${spans} spans written, ${spansRefused} overlap and were not`,
          }),
          BOOKED_SECONDS,
        );
      }}
    >
      <Typography.Paragraph type="secondary">
        {say({
          zh: '每行一笔缴费，补助与资助按政策和当日身份；再次入账不会重复。',
          en: 'A row is a contribution; subsidy and assistance follow the policy and the identities of the day. Booked again, nothing doubles.',
        })}
      </Typography.Paragraph>
      <Form.Item
        name="areaCode"
        label={say({ zh: '统筹区（6 位）', en: 'Area (6 digits)' })}
        rules={[{ required: true, pattern: /^\d{6}$/ }]}
      >
        <Input inputMode="numeric" maxLength={6} />
      </Form.Item>
    </FormButton>
  );
}

const BOOKED_SECONDS = 10;

/** One row with everybody it may be about, weighed field by field. */
export function ReviewPage() {
  const say = useText();
  const may = useMay();
  const { review = '' } = useParams();
  const { language } = usePreferences();
  const [asking, setAsking] = useState<{ readonly decision: string; readonly file?: number }>();
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
            <RevealButton<PersonReviewDetail>
              address={address}
              isDisabled={!answer.data || revealed !== undefined}
              onShown={setRevealed}
            />
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
              {may('person.merge') && shown.candidates.length > 1 ? (
                <div className="no-print">
                  <Link
                    to={`/person-merges/new?from=${shown.candidates[1]!.file}&into=${shown.candidates[0]!.file}`}
                  >
                    {say({
                      zh: '两份候选档案像是同一人：对照并提出合并',
                      en: 'Two candidates look like one person: compare them and propose a merge',
                    })}
                  </Link>
                </div>
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
          address={`${address}/decision`}
          body={asking}
          minimum={2}
          onClose={() => setAsking(undefined)}
          onDone={() => setRevealed(undefined)}
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
