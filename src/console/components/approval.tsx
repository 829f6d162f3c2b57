import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Flex, Input, Steps, Tag, Timeline, Tooltip, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import { read, write } from '../client.ts';
import { count, moment, scaled, subjectWords, yuan } from '../format.ts';
import { nameOf, SCHEME_NAME, STATE_NAME } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { useSession } from '../session.tsx';
import { ClosingContent } from './closing-content.tsx';
import { ENROLMENT_KINDS, EnrolmentContent, MergeContent } from './enrolment-content.tsx';
import { Answer, Refusal } from './page.tsx';
import { PolicyContent } from './policy-content.tsx';
import { ItemsContent, ReimbursementContent } from './reimbursement-content.tsx';
import { ASSIGNS, SpecialCaseContent } from './special-case-content.tsx';

/** The states of a settlement step in their order, for the row of steps above. */
const ORDER = ['prepared', 'checked', 'approved', 'published', 'paid'];

export function StateTag({ state }: { readonly state: string | null }) {
  const say = useText();
  const { institutionCode } = useSession();
  if (state === null) {
    return (
      <Tag>
        {institutionCode === null
          ? say({ zh: '未提交', en: 'not prepared' })
          : say({ zh: '尚未公布', en: 'not yet published' })}
      </Tag>
    );
  }
  const colour =
    state === 'paid' || state === 'published' || state === 'closed' || state === 'settled'
      ? 'blue'
      : state === 'returned' || state === 'reversed' || state === 'withdrawn' || state === 'refused'
        ? 'orange'
        : 'default';
  return <Tag color={colour}>{say(nameOf(STATE_NAME, state))}</Tag>;
}

/** One approval: what is approved, who did what, and what the reader may do next. */
export function ApprovalDrawer(props: { readonly id: string | undefined; readonly onClose: () => void }) {
  const { id, onClose } = props;
  const say = useText();
  const { language } = usePreferences();
  const answer = useQuery({
    queryKey: ['/api/approvals', id],
    queryFn: ({ signal }) => read<ApprovalDetail>(`/api/approvals/${id}`, signal),
    enabled: id !== undefined,
  });
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      size={answer.data?.approval.kind === 'merge' ? 920 : 620}
      title={
        answer.data ? (
          <Flex gap={8} align="center">
            {subjectWords(answer.data.approval.subject, language)}{' '}
            <StateTag state={answer.data.approval.state} />
          </Flex>
        ) : (
          say({ zh: '审批事项', en: 'Approval' })
        )
      }
    >
      {id === undefined ? null : <Answer query={answer}>{(data) => <ApprovalBody data={data} />}</Answer>}
    </Drawer>
  );
}

function ApprovalBody({ data }: { readonly data: ApprovalDetail }) {
  const say = useText();
  const { language } = usePreferences();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<string>();
  const { login } = useSession();
  const { approval, next, steps, content } = data;
  const take = async (action: string) => {
    setBusy(action);
    setError(undefined);
    try {
      await write('POST', `/api/approvals/${approval.id}/steps`, {
        action,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      });
      setReason('');
      message.success(say({ zh: '已办理', en: 'Done' }));
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(undefined);
    }
  };
  // experts are chosen above, with the step that assigns them
  const shown = next.filter(({ action }) => !ASSIGNS.includes(action));
  // an expert of the panel says something without taking a step
  const panel =
    approval.state === 'appeal-assigned' ? (content.appeal as typeof content | undefined) : content;
  const isPanelist =
    approval.state.endsWith('assigned') && ((panel?.experts ?? []) as readonly string[]).includes(login);
  const isSettlement = approval.kind === 'month' || approval.kind === 'clearing';
  return (
    <Flex vertical gap={16}>
      {isSettlement ? (
        <Steps
          size="small"
          current={ORDER.indexOf(approval.state) + 1}
          items={ORDER.map((state) => ({ title: say(nameOf(STATE_NAME, state)) }))}
        />
      ) : null}
      {approval.kind === 'policy' ? (
        <PolicyContent content={content} />
      ) : approval.kind === 'special_case' ? (
        <SpecialCaseContent data={data} />
      ) : approval.kind === 'reimbursement' ? (
        <ReimbursementContent content={content} />
      ) : approval.kind === 'items' ? (
        <ItemsContent content={content} />
      ) : approval.kind === 'closing_of_year' ? (
        <ClosingContent content={content} />
      ) : approval.kind === 'merge' ? (
        <MergeContent approval={approval} content={content} />
      ) : ENROLMENT_KINDS.includes(approval.kind) ? (
        <EnrolmentContent content={content} />
      ) : (
        <ContentOf content={content} />
      )}
      {approval.kind === 'policy' && next.some(({ action }) => action === 'prepare') ? (
        <Link to={`/policy/drafts/${approval.id}/correct`}>
          {say({ zh: '更正草案后再提交', en: 'Correct the draft and submit it again' })}
        </Link>
      ) : null}
      {approval.kind === 'reimbursement' && next.some(({ action }) => action === 'prepare') ? (
        <Link to={`/reimbursements/${approval.id}/correct`}>
          {say({ zh: '更正发票后再提交', en: 'Correct the invoice and submit it again' })}
        </Link>
      ) : null}
      {error ? <Refusal error={error} /> : null}
      {shown.length > 0 ? (
        <Flex vertical gap={8} className="no-print">
          <Input.TextArea
            rows={2}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            aria-label={say({ zh: '意见或理由', en: 'Remark or reason' })}
            placeholder={say({
              zh: '意见或理由（退回、撤销时必填）',
              en: 'Remark or reason (needed to send back or reverse)',
            })}
          />
          <Flex gap={8} wrap>
            {shown.map((one) => (
              <Tooltip
                key={one.action}
                title={
                  one.blockedBy === null
                    ? undefined
                    : say({
                        zh: `您本人办理过“${one.blockedBy}”，须由他人办理`,
                        en: `You took “${one.blockedBy}” yourself: another person has to`,
                      })
                }
              >
                <Button
                  type={one.needsReason ? 'default' : 'primary'}
                  disabled={one.blockedBy !== null || (one.needsReason && reason.trim() === '')}
                  loading={busy === one.action}
                  onClick={() => void take(one.action)}
                >
                  {say(one.title)}
                </Button>
              </Tooltip>
            ))}
          </Flex>
        </Flex>
      ) : next.length > 0 || isPanelist ? null : (
        <Alert
          type="info"
          showIcon
          title={say({ zh: '您现在没有可办理的步骤。', en: 'There is no step for you to take now.' })}
        />
      )}
      <Timeline
        items={steps.map((step) => ({
          key: String(step.number),
          content: (
            <>
              <b>{say(step.title)}</b> · {step.login} · {moment(step.at, language)}
              {step.reason ? <div>{step.reason}</div> : null}
            </>
          ),
        }))}
      />
    </Flex>
  );
}

type Scheme = { insutype: string; cases: number; points4: number; cost_fen: number; amount_fen: number };

function ContentOf({ content }: { readonly content: ApprovalDetail['content'] }) {
  const say = useText();
  const schemes = content.schemes as Scheme[] | undefined;
  if (schemes === undefined) {
    return (
      <div>
        {Object.entries(content).map(([name, value]) => (
          <div key={name}>
            <Typography.Text type="secondary">{name}</Typography.Text>{' '}
            {typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)}
          </div>
        ))}
      </div>
    );
  }
  return (
    <div>
      <table className="stretch">
        <thead>
          <tr>
            <th style={{ textAlign: 'start' }}>{say({ zh: '险种', en: 'Scheme' })}</th>
            <th className="number">{say({ zh: '病例', en: 'Cases' })}</th>
            <th className="number">{say({ zh: '分值', en: 'Points' })}</th>
            <th className="number">{say({ zh: '费用（元）', en: 'Cost (yuan)' })}</th>
            <th className="number">{say({ zh: '拨付（元）', en: 'Paid (yuan)' })}</th>
          </tr>
        </thead>
        <tbody>
          {schemes.map((one) => (
            <tr key={one.insutype}>
              <td>{say(nameOf(SCHEME_NAME, one.insutype))}</td>
              <td className="number">{count(one.cases)}</td>
              <td className="number">{scaled(one.points4, 4)}</td>
              <td className="number">{yuan(one.cost_fen)}</td>
              <td className="number">{yuan(one.amount_fen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Typography.Text type="secondary" style={{ fontSize: 12, wordBreak: 'break-all' }}>
        {say({ zh: '结算', en: 'Settlement' })} #{String(content.runId)} · {String(content.institutions)}{' '}
        {say({ zh: '家机构', en: 'institutions' })} · SM3 {String(content.sm3)}
      </Typography.Text>
    </div>
  );
}
