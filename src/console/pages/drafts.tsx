import { PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Flex, Form, Input, InputNumber, Typography } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { ApprovalDetail, PolicyDraftBody } from '#api/contract/approval.ts';
import { read, write } from '../client.ts';
import { ApprovalList } from '../components/approval-list.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import {
  ScenarioEditor,
  type Sets,
  SimulationOutcome,
  useRunParameters,
  useSimulation,
} from '../components/scenario.tsx';
import { useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { OfSettledYear, type SettledYear, useYear } from '../year.tsx';

/** Policy drafts of all years, from submission to publication. */
export function DraftsPage() {
  const say = useText();
  const may = useMay();
  const navigate = useNavigate();
  return (
    <Page
      title={say({ zh: '政策草案', en: 'Policy drafts' })}
      lead={say({
        zh: '草案先试算，再由三人提交、复核、公布。公布后写入本地区政策，下一次结算采用；已公布的年度不变。',
        en: 'A draft is simulated, then submitted, checked and published by three people. The next settlement uses it; a published year stays as it is.',
      })}
      actions={
        may('policy.draft') ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => navigate('/policy/drafts/new')}>
            {say({ zh: '起草', en: 'New draft' })}
          </Button>
        ) : null
      }
    >
      <ApprovalList
        kind="policy"
        subject={say({ zh: '地区 · 年度 · 起草时间', en: 'Area · year · drafted at' })}
        openedBy={say({ zh: '起草人', en: 'Drafted by' })}
        empty={say({ zh: '还没有政策草案，点“起草”开始', en: 'No draft yet: begin with “New draft”' })}
      />
    </Page>
  );
}

/** Changes parameters on screen, sees the effect, and submits them with document and article. */
export function NewDraftPage() {
  return <OfSettledYear>{(year) => <DraftForm year={year} />}</OfSettledYear>;
}

/** The draft as it was sent back, to be changed and submitted again. */
export function CorrectDraftPage() {
  const say = useText();
  const { id = '' } = useParams();
  const { years, current } = useYear();
  const answer = useQuery({
    queryKey: ['/api/approvals', id],
    queryFn: ({ signal }) => read<ApprovalDetail>(`/api/approvals/${id}`, signal),
    // what is being written is not to be replaced by what was there before
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <OfSettledYear>
      {() => (
        <Answer query={answer}>
          {(data) => {
            const { areaId } = data.content as PolicyDraftBody;
            const base = [current, ...years].find((one) => one?.areaId === areaId && one.runId !== null);
            if (base === undefined || base.runId === null || data.approval.state !== 'returned') {
              return (
                <Page title={say({ zh: '更正草案', en: 'Correct a draft' })}>
                  <Alert
                    type="info"
                    showIcon
                    title={say({
                      zh: '只有退回的草案可以更正。',
                      en: 'Only a draft that was sent back can be corrected.',
                    })}
                  />
                </Page>
              );
            }
            return <DraftForm year={{ ...base, runId: base.runId }} returned={data} />;
          }}
        </Answer>
      )}
    </OfSettledYear>
  );
}

type Authority = Pick<PolicyDraftBody, 'document' | 'article' | 'effectiveFrom' | 'year'>;

function DraftForm(props: { readonly year: SettledYear; readonly returned?: ApprovalDetail }) {
  const { year, returned } = props;
  const say = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const before = returned?.content as PolicyDraftBody | undefined;
  const [sets, setSets] = useState<Sets>(
    Object.fromEntries((before?.sets ?? []).map(({ parameter, value }) => [parameter, value])),
  );
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Authority>();
  const parameters = useRunParameters(year.runId);
  const isEmpty = Object.keys(sets).length === 0;
  const scenarios = [{ name: say({ zh: '草案', en: 'draft' }), set: sets }];
  const simulation = useSimulation(year.runId, scenarios);
  const submit = async (authority: Authority) => {
    setBusy(true);
    setError(undefined);
    try {
      const draft: PolicyDraftBody = {
        areaId: year.areaId,
        ...authority,
        sets: Object.entries(sets).map(([parameter, value]) => ({ parameter, value })),
      };
      const made = returned
        ? await write<ApprovalDetail>('POST', `/api/approvals/${returned.approval.id}/steps`, {
            action: 'prepare',
            content: draft,
          })
        : await write<ApprovalDetail>('POST', '/api/approvals', { kind: 'policy', ...draft });
      await client.invalidateQueries({ queryKey: ['/api/approvals'] });
      navigate(`/policy/drafts?open=${made.approval.id}`);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const needed = [{ required: true, message: say({ zh: '请填写', en: 'Needed' }) }];
  return (
    <Page
      title={
        returned
          ? say({ zh: '更正政策草案', en: 'Correct the policy draft' })
          : say({ zh: '起草政策', en: 'New policy draft' })
      }
      lead={say({
        zh: `以 ${year.areaName} ${year.year} 年度的结算为准试算影响。`,
        en: `The effect is simulated on ${year.areaName} ${year.year} as it was settled.`,
      })}
    >
      {returned ? <SentBack returned={returned} /> : null}
      <Card size="small" title={say({ zh: '改什么', en: 'What changes' })}>
        <Answer query={parameters}>
          {(rows) => (
            <ScenarioEditor parameters={rows} schemes={[]} sets={sets} onChange={setSets} withoutBudgets />
          )}
        </Answer>
      </Card>
      <Card size="small" title={say({ zh: '依据与生效', en: 'Authority and date' })}>
        <Form<Authority>
          form={form}
          name="draft"
          layout="vertical"
          initialValues={before ?? { year: year.year, effectiveFrom: `${year.year}-01-01` }}
          onFinish={(authority) => void submit(authority)}
        >
          <Flex gap={12} wrap>
            <Form.Item
              style={{ flex: '2 1 280px' }}
              name="document"
              label={say({ zh: '文件名称', en: 'Title of the document' })}
              rules={needed}
            >
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item
              style={{ flex: '1 1 120px' }}
              name="article"
              label={say({ zh: '条款', en: 'Article' })}
              rules={needed}
            >
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item
              name="effectiveFrom"
              label={say({ zh: '生效日期', en: 'In force from' })}
              rules={[...needed, { pattern: /^\d{4}-\d{2}-\d{2}$/ }]}
            >
              <Input type="date" />
            </Form.Item>
            <Form.Item name="year" label={say({ zh: '付费年度', en: 'Payment year' })} rules={needed}>
              {/* the year is part of what the draft is about */}
              <InputNumber min={1990} max={2100} controls={false} disabled={returned !== undefined} />
            </Form.Item>
          </Flex>
          {error ? <Refusal error={error} /> : null}
          <Flex gap={12} align="center">
            <Button type="primary" htmlType="submit" disabled={isEmpty} loading={busy}>
              {say({ zh: '提交审核', en: 'Submit for review' })}
            </Button>
            {isEmpty ? (
              <Typography.Text type="secondary">
                {say({ zh: '先改一个参数', en: 'Change a parameter first' })}
              </Typography.Text>
            ) : null}
          </Flex>
        </Form>
      </Card>
      {isEmpty ? null : simulation.error ? (
        <Refusal error={simulation.error} retry={simulation.refetch} />
      ) : (
        <Answer query={simulation}>
          {({ result }) => <SimulationOutcome runId={year.runId} scenarios={scenarios} result={result} />}
        </Answer>
      )}
    </Page>
  );
}

/** Why the draft was sent back, and by whom. */
function SentBack({ returned }: { readonly returned: ApprovalDetail }) {
  const say = useText();
  const step = returned.steps.findLast(({ action }) => action === 'return');
  if (step === undefined) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={say({
        zh: `${step.login} 退回：${step.reason}`,
        en: `Sent back by ${step.login}: ${step.reason}`,
      })}
    />
  );
}
