import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Descriptions, Flex, Form, type FormInstance, Input, Select, Tag } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ApprovalDetail, OpinionBody } from '#api/contract/approval.ts';
import { read, write } from '../client.ts';
import { moment, scaled, yuan } from '../format.ts';
import { DECISION_NAME, DEVIATION_NAME, nameOf, SCHEME_NAME, VOTE_NAME } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { useMay, useSession } from '../session.tsx';
import { FormButton } from './form-button.tsx';
import { Refusal } from './page.tsx';

type Opinion = OpinionBody & { readonly login: string; readonly at: string };
type Decision = {
  readonly decision: string;
  readonly amount: string;
  readonly points: string;
  readonly votesFor: number;
  readonly votesAgainst: number;
  readonly abstained: number;
};
type Panel = {
  readonly experts?: readonly string[];
  readonly opinions?: readonly Opinion[];
  readonly decision?: Decision;
};
type Content = Panel & {
  readonly runId: number;
  readonly setlId: string;
  readonly reason: string;
  readonly evidence: readonly string[];
  readonly facts?: {
    readonly insutype: string;
    readonly month: string;
    readonly group_code: string | null;
    readonly deviation: string | null;
    readonly cost_fen: number;
    readonly points4: number | null;
  } | null;
  /** the second panel, once the decision was appealed against */
  readonly appeal?: Panel;
};

/** A special case: the case, why it is applied for, who judges it, what they say, and what is decided. */
export function SpecialCaseContent({ data }: { readonly data: ApprovalDetail }) {
  const say = useText();
  const may = useMay();
  const { login } = useSession();
  const content = data.content as Content;
  const { facts, decision, appeal } = content;
  const { state } = data.approval;
  const assign = data.next.find(({ action }) => ASSIGNS.includes(action));
  // the panel the case is with
  const asked = state === 'assigned' ? content : state === 'appeal-assigned' ? appeal : undefined;
  return (
    <Flex vertical gap={12}>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          {
            key: 'case',
            label: say({ zh: '病例', en: 'Case' }),
            children: may('case.read') ? (
              <Link to={`/cases/${encodeURIComponent(content.setlId)}`}>{content.setlId}</Link>
            ) : (
              content.setlId
            ),
          },
          ...(facts
            ? [
                {
                  key: 'group',
                  label: say({ zh: '病种', en: 'Group' }),
                  children: `${facts.group_code ?? say({ zh: '未入组', en: 'ungrouped' })} · ${say(nameOf(SCHEME_NAME, facts.insutype))} · ${say(nameOf(DEVIATION_NAME, facts.deviation))}`,
                },
                {
                  key: 'cost',
                  label: say({ zh: '费用（元） / 分值', en: 'Cost (yuan) / points' }),
                  children: `${yuan(facts.cost_fen)} / ${scaled(facts.points4, 4)}`,
                },
              ]
            : []),
          { key: 'reason', label: say({ zh: '理由', en: 'Reason' }), children: content.reason },
          {
            key: 'evidence',
            label: say({ zh: '佐证材料', en: 'Evidence' }),
            children: content.evidence.length === 0 ? '–' : content.evidence.join('；'),
          },
          ...(decision
            ? [
                {
                  key: 'decision',
                  label: say({ zh: '决定', en: 'Decision' }),
                  children: <DecisionText decision={decision} />,
                },
              ]
            : []),
          ...(appeal?.decision
            ? [
                {
                  key: 'appeal',
                  label: say({ zh: '争议的决定', en: 'Decision of the appeal' }),
                  children: <DecisionText decision={appeal.decision} />,
                },
              ]
            : []),
        ]}
      />
      {assign ? <Assign data={data} action={assign.action} firstPanel={content.experts ?? []} /> : null}
      <PanelCard title={say({ zh: '专家意见', en: 'Opinions' })} panel={content} />
      {appeal ? (
        <PanelCard title={say({ zh: '争议的专家意见', en: 'Opinions on the appeal' })} panel={appeal} />
      ) : null}
      {asked?.experts?.includes(login) ? <OpinionForm id={data.approval.id} /> : null}
    </Flex>
  );
}

/** Steps that need a panel, which is chosen with them. */
export const ASSIGNS: readonly string[] = ['assign', 'assign-appeal'];

function DecisionText({ decision }: { readonly decision: Decision }) {
  const say = useText();
  return (
    <>
      <b>{say(nameOf(DECISION_NAME, decision.decision))}</b> {decision.amount}
      {decision.points}{' '}
      {say({
        zh: `（同意 ${decision.votesFor}、不同意 ${decision.votesAgainst}、弃权 ${decision.abstained}）`,
        en: `(${decision.votesFor} for, ${decision.votesAgainst} against, ${decision.abstained} abstained)`,
      })}
    </>
  );
}

/** Who sits on a panel, and what each says as far as the reader may see it. */
function PanelCard({ title, panel }: { readonly title: string; readonly panel: Panel }) {
  const say = useText();
  const { language } = usePreferences();
  const { experts, opinions = [] } = panel;
  return (
    <>
      {experts && experts.length > 0 ? (
        <Card
          size="small"
          title={say({
            zh: `${title}（${opinions.length} / ${experts.length}）`,
            en: `${title} (${opinions.length} of ${experts.length})`,
          })}
        >
          {experts.map((expert) => {
            const one = opinions.find((opinion) => opinion.login === expert);
            return (
              <div key={expert} style={{ paddingBlock: 3 }}>
                <Tag>{expert}</Tag>
                {one ? (
                  <>
                    <b>{say(nameOf(VOTE_NAME, one.vote))}</b>{' '}
                    {one.grant ? say(nameOf(DECISION_NAME, one.grant)) : ''} {one.amount ?? ''}
                    {one.points ?? ''} · {moment(one.at, language)}
                    <div>{one.reason}</div>
                  </>
                ) : (
                  say({ zh: '还没有意见', en: 'no opinion to be seen yet' })
                )}
              </div>
            );
          })}
        </Card>
      ) : null}
    </>
  );
}

/** Assigns the panel; experts of the institution that applies, and for an appeal those who judged before, cannot be chosen. */
function Assign(props: {
  readonly data: ApprovalDetail;
  readonly action: string;
  readonly firstPanel: readonly string[];
}) {
  const { data, action } = props;
  const isAppeal = action === 'assign-appeal';
  const say = useText();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string[]>([]);
  const [error, setError] = useState<unknown>();
  const experts = useQuery({
    queryKey: ['experts'],
    queryFn: ({ signal }) =>
      read<{ rows: { login: string; displayName: string; institutionCode: string | null }[] }>(
        '/api/experts',
        signal,
      ),
  });
  const submit = async () => {
    setError(undefined);
    try {
      await write('POST', `/api/approvals/${data.approval.id}/steps`, {
        action,
        content: { experts: chosen },
      });
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Flex vertical gap={8}>
      <Select
        mode="multiple"
        aria-label={say({ zh: '评审专家（单数）', en: 'Experts (an odd number)' })}
        placeholder={say({ zh: '评审专家（单数）', en: 'Experts (an odd number)' })}
        value={chosen}
        onChange={setChosen}
        options={(experts.data?.rows ?? []).map((one) => {
          const isOwn = one.institutionCode !== null && one.institutionCode === data.approval.institutionCode;
          const hasJudged = isAppeal && props.firstPanel.includes(one.login);
          const why = isOwn
            ? say({ zh: '（申请机构，回避）', en: ' (own institution)' })
            : hasJudged
              ? say({ zh: '（第一个专家组，回避）', en: ' (first panel)' })
              : '';
          return { value: one.login, label: `${one.displayName}${why}`, disabled: why !== '' };
        })}
      />
      {error || experts.error ? <Refusal error={error ?? experts.error} /> : null}
      <div>
        <Button type="primary" disabled={chosen.length % 2 === 0} onClick={() => void submit()}>
          {isAppeal
            ? say({ zh: '另组专家组', en: 'Assign another panel' })
            : say({ zh: '受理并指派', en: 'Accept and assign' })}
        </Button>
      </div>
    </Flex>
  );
}

function OpinionForm({ id }: { readonly id: string }) {
  const say = useText();
  return (
    <div>
      <FormButton
        kind="primary"
        label={say({ zh: '写我的意见', en: 'Give my opinion' })}
        title={say({ zh: '我的意见', en: 'My opinion' })}
        okText={say({ zh: '提交意见', en: 'Send the opinion' })}
        name="opinion"
        send={(values: OpinionBody) => write('POST', `/api/approvals/${id}/opinion`, values)}
        done={say({ zh: '已提交', en: 'Sent' })}
      >
        {(form) => <OpinionFields form={form} />}
      </FormButton>
    </div>
  );
}

function OpinionFields({ form }: { readonly form: FormInstance<OpinionBody> }) {
  const say = useText();
  const vote = Form.useWatch('vote', form);
  const grant = Form.useWatch('grant', form);
  const needed = [{ required: true, message: say({ zh: '请填写', en: 'Needed' }) }];
  const choose = (names: typeof VOTE_NAME, keys: readonly string[]) =>
    keys.map((value) => ({ value, label: say(nameOf(names, value)) }));
  return (
    <>
      <Form.Item name="vote" label={say({ zh: '表决', en: 'Vote' })} rules={needed}>
        <Select options={choose(VOTE_NAME, ['pass', 'reject', 'abstain'])} />
      </Form.Item>
      {vote === 'pass' ? (
        <Form.Item name="grant" label={say({ zh: '支付方式', en: 'How it is paid' })} rules={needed}>
          <Select options={choose(DECISION_NAME, ['cost', 'amount', 'points'])} />
        </Form.Item>
      ) : null}
      {vote === 'pass' && grant === 'amount' ? (
        <Form.Item name="amount" label={say({ zh: '金额（元）', en: 'Amount (yuan)' })} rules={needed}>
          <Input inputMode="decimal" />
        </Form.Item>
      ) : null}
      {vote === 'pass' && grant === 'points' ? (
        <Form.Item name="points" label={say({ zh: '分值', en: 'Points' })} rules={needed}>
          <Input inputMode="decimal" />
        </Form.Item>
      ) : null}
      <Form.Item name="reason" label={say({ zh: '理由', en: 'Reason' })} rules={needed}>
        <Input.TextArea rows={3} maxLength={4000} />
      </Form.Item>
    </>
  );
}
