import { Button, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import { write } from '../client.ts';
import { type Text, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { FormModal } from './form-button.tsx';

type Kind = 'appeal' | 'special_case';

const TEXTS: Readonly<Record<Kind, { button: Text; lead: Text; permission: string }>> = {
  appeal: {
    button: { zh: '申诉', en: 'Appeal' },
    lead: {
      zh: '写明哪一步的结果有误、依据是什么。经办机构答复并由另一人确认，全程留痕。',
      en: 'Say which step is wrong and why. The agency answers, a second person confirms; every step is on the record.',
    },
    permission: 'appeal.file',
  },
  special_case: {
    button: { zh: '申请特病单议', en: 'Apply for special-case review' },
    lead: {
      zh: '写明申请理由（住院时间过长、费用过高、使用新药耗新技术、复杂危重或多学科联合诊疗等）和佐证材料。',
      en: 'Give the reason (a long stay, high cost, new drugs or technology, a complex or critical case, joint treatment) and the evidence.',
    },
    permission: 'special-case.apply',
  },
};

/** The ways a hospital can ask for another look at one of its cases. */
export function CaseActions(props: { readonly runId: number; readonly setlId: string }) {
  const may = useMay();
  const [kind, setKind] = useState<Kind>();
  const say = useText();
  return (
    <>
      {(Object.keys(TEXTS) as Kind[])
        .filter((each) => may(TEXTS[each].permission))
        .map((each) => (
          <Button key={each} onClick={() => setKind(each)}>
            {say(TEXTS[each].button)}
          </Button>
        ))}
      {kind ? <ApplyForm {...props} kind={kind} onClose={() => setKind(undefined)} /> : null}
    </>
  );
}

function ApplyForm(props: {
  readonly runId: number;
  readonly setlId: string;
  readonly kind: Kind;
  readonly onClose: () => void;
}) {
  const { runId, setlId, kind, onClose } = props;
  const say = useText();
  const navigate = useNavigate();
  const send = async ({ reason, evidence = '' }: { reason: string; evidence?: string }) => {
    const made = await write<ApprovalDetail>('POST', '/api/approvals', {
      ...{ kind, runId, setlId, reason },
      evidence: evidence.split('\n').filter((line) => line.trim() !== ''),
    });
    void navigate(`/approvals?open=${made.approval.id}`);
  };
  return (
    <FormModal
      title={`${say(TEXTS[kind].button)} · ${setlId}`}
      okText={say({ zh: '提交', en: 'Send' })}
      name="apply"
      onClose={onClose}
      send={send}
      done={say({ zh: '已提交', en: 'Sent' })}
    >
      <Typography.Paragraph type="secondary">{say(TEXTS[kind].lead)}</Typography.Paragraph>
      <Form.Item
        name="reason"
        label={say({ zh: '理由', en: 'Reason' })}
        rules={[{ required: true, message: say({ zh: '请写明理由', en: 'Give the reason' }) }]}
      >
        <Input.TextArea rows={4} maxLength={4000} showCount />
      </Form.Item>
      <Form.Item
        name="evidence"
        label={say({
          zh: '佐证材料（每行一项，如病程记录页码）',
          en: 'Evidence, one a line (such as pages of the record)',
        })}
      >
        <Input.TextArea rows={3} />
      </Form.Item>
    </FormModal>
  );
}
