import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Form, Input, InputNumber, Typography } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { ApprovalDetail, PolicyDraftBody } from '#api/contract/approval.ts';
import { write } from '../client.ts';
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
import { OfSettledYear, type SettledYear } from '../year.tsx';

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
  return <OfSettledYear>{(year) => <NewDraft year={year} />}</OfSettledYear>;
}

type Authority = Pick<PolicyDraftBody, 'document' | 'article' | 'effectiveFrom' | 'year'>;

function NewDraft({ year }: { readonly year: SettledYear }) {
  const say = useText();
  const navigate = useNavigate();
  const [sets, setSets] = useState<Sets>({});
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
      const made = await write<ApprovalDetail>('POST', '/api/approvals', {
        kind: 'policy',
        areaId: year.areaId,
        ...authority,
        sets: Object.entries(sets).map(([parameter, value]) => ({ parameter, value })),
      });
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
      title={say({ zh: '起草政策', en: 'New policy draft' })}
      lead={say({
        zh: `以 ${year.areaName} ${year.year} 年度的结算为准试算影响。`,
        en: `The effect is simulated on ${year.areaName} ${year.year} as it was settled.`,
      })}
    >
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
          initialValues={{ year: year.year, effectiveFrom: `${year.year}-01-01` }}
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
              <InputNumber min={1990} max={2100} controls={false} />
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
