import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Form, Input, InputNumber, Select } from 'antd';
import type { DecisionPreview } from '#api/contract/approval.ts';
import { DEEMED_GROUNDS, REFUND_CASE_TITLES } from '#api/contract/words.ts';
import { read, write } from '../client.ts';
import { fenOf, yuan } from '../format.ts';
import { options } from '../pages/cases.tsx';
import { useText } from '../preferences.tsx';
import type { ListAnswer } from './data-table.tsx';
import { EnrolmentContent } from './enrolment-content.tsx';
import { FormButton, type Trial } from './form-button.tsx';

type Contribution = {
  readonly contribution_id: number;
  readonly insutype: string;
  readonly month_from: string;
  readonly month_to: string;
  readonly paid_on: string;
  readonly person_fen: number;
  readonly receipt: string;
  readonly state: string;
};
// biome-ignore lint/suspicious/noExplicitAny: what the forms hold is checked by the contract of the route
type Values = any;

/** Refund, deemed months and retirement of one person: worked out first, then submitted for approval. */
export function DecisionForms({ file }: { readonly file: number }) {
  return (
    <Flex gap={8} wrap className="no-print">
      <Refund file={file} />
      <Deemed file={file} />
      <Retirement file={file} />
    </Flex>
  );
}

/** What is common to the three: the calculation, the sending, what is said when it is done. */
function useDecision(kind: string, bodyOf: (values: Values) => object) {
  const say = useText();
  return {
    okText: say({ zh: '提交审批', en: 'Submit for approval' }),
    done: say({ zh: '已提交，由另一人批准', en: 'Submitted; another person approves it' }),
    send: (values: Values) => write('POST', '/api/approvals', { kind, ...bodyOf(values) }),
    trial: async (values: Values): Promise<Trial> => {
      const preview = { kind, ...bodyOf(values) };
      const { content, isComplete } = await write<DecisionPreview>(
        'POST',
        '/api/enrolment-decisions/preview',
        preview,
      );
      return {
        mayBeSent: isComplete,
        shown: (
          <Flex vertical gap={8}>
            <Alert
              type={isComplete ? 'info' : 'warning'}
              showIcon
              title={
                isComplete
                  ? say({
                      zh: '按档案与政策计算如下，核对后提交',
                      en: 'Worked out from the file and the policy: check, then submit',
                    })
                  : say({
                      zh: '年限不足：按下列应补缴金额补足并写明票据后再试算',
                      en: 'Years are missing: pay up the amount below, give the receipt, and work it out again',
                    })
              }
            />
            <EnrolmentContent content={content} />
          </Flex>
        ),
      };
    },
  };
}

function Refund({ file }: { readonly file: number }) {
  const say = useText();
  const path = `/api/persons/${file}/contributions?insutype=390&size=200`;
  const answer = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => read<ListAnswer<Contribution>>(path, signal),
  });
  const rows = (answer.data?.rows ?? []).filter(({ state }) => state === 'paid' || state === 'arrears');
  const decision = useDecision('refund', ({ contributionId, reason }) => ({ contributionId, reason }));
  const title = say({ zh: '居民缴费退费', en: 'Refund of a contribution' });
  return (
    <FormButton {...decision} label={say({ zh: '退费', en: 'Refund' })} title={title} name="refund">
      <Form.Item
        name="contributionId"
        label={say({ zh: '哪一笔居民缴费', en: 'Which contribution of a resident' })}
        rules={[{ required: true }]}
      >
        <Select
          loading={answer.isPending}
          notFoundContent={say({ zh: '没有可退的居民缴费', en: 'There is none to give back' })}
          options={rows.map((row) => ({
            value: row.contribution_id,
            label: `${row.month_from}–${row.month_to} · ${row.paid_on} · ${yuan(row.person_fen)} ${row.receipt}`,
          }))}
        />
      </Form.Item>
      <Form.Item name="reason" label={say({ zh: '情形', en: 'Case' })} rules={[{ required: true }]}>
        <Select options={options(REFUND_CASE_TITLES, say)} />
      </Form.Item>
    </FormButton>
  );
}

const MONTH = /^[12]\d{3}(0[1-9]|1[0-2])$/;

function Deemed({ file }: { readonly file: number }) {
  const say = useText();
  const decision = useDecision('deemed', (values) => ({ file, ...values }));
  const month = (name: string, label: string) => (
    <Form.Item
      name={name}
      label={label}
      style={{ flex: 1 }}
      dependencies={['monthFrom']}
      rules={[
        { required: true, pattern: MONTH, message: say({ zh: '写作 199601', en: 'Write 199601' }) },
        ({ getFieldValue }) => ({
          validator: async (_, value) => {
            if (MONTH.test(String(value)) && String(value) < String(getFieldValue('monthFrom'))) {
              throw new Error(say({ zh: '止月不早于起月', en: 'No earlier than the first month' }));
            }
          },
        }),
      ]}
    >
      <Input inputMode="numeric" maxLength={6} placeholder="199601" />
    </Form.Item>
  );
  return (
    <FormButton
      {...decision}
      label={say({ zh: '视同年限', en: 'Deemed months' })}
      title={say({ zh: '视同缴费年限认定', en: 'Months that count as paid' })}
      name="deemed"
      initialValues={{ ground: 'before-scheme' }}
    >
      <Flex gap={12}>
        {month('monthFrom', say({ zh: '起月（年月）', en: 'From month (yyyymm)' }))}
        {month('monthTo', say({ zh: '止月（年月）', en: 'To month (yyyymm)' }))}
      </Flex>
      <Form.Item name="ground" label={say({ zh: '认定依据', en: 'Ground' })}>
        <Select options={options(DEEMED_GROUNDS, say)} />
      </Form.Item>
      <Document />
    </FormButton>
  );
}

function Retirement({ file }: { readonly file: number }) {
  const say = useText();
  const decision = useDecision('retirement', ({ retiresOn, wage, document, receipt, paidOn, paid }) => ({
    ...{ file, retiresOn, wageFen: Number(fenOf(String(wage))), document },
    ...(paid ? { payUp: { receipt, paidOn, fen: Number(fenOf(String(paid))) } } : {}),
  }));
  const amount = <InputNumber<string> stringMode min="0" precision={2} style={{ width: '100%' }} />;
  return (
    <FormButton
      {...decision}
      label={say({ zh: '退休', en: 'Retirement' })}
      title={say({ zh: '退休：核定缴费年限', en: 'Retirement: the years are counted' })}
      name="retirement"
      fieldOf={{
        wageFen: 'wage',
        payUp: 'paid',
        'payUp.fen': 'paid',
        'payUp.receipt': 'receipt',
        'payUp.paidOn': 'paidOn',
      }}
    >
      {(form) => (
        <>
          <Flex gap={12}>
            <Form.Item
              name="retiresOn"
              label={say({ zh: '退休日期', en: 'Retires on' })}
              rules={[{ required: true }]}
              style={{ flex: 1 }}
            >
              <Input type="date" />
            </Form.Item>
            <Form.Item
              name="wage"
              label={say({ zh: '补缴工资基数（元/月）', en: 'Wage to pay up on (yuan a month)' })}
              rules={[{ required: true }]}
              style={{ flex: 1 }}
            >
              {amount}
            </Form.Item>
          </Flex>
          <Document />
          <Flex gap={12} wrap>
            <Form.Item
              name="paid"
              label={say({ zh: '已补缴（元，没有则空）', en: 'Paid up (yuan, empty if not)' })}
              style={{ flex: '1 1 140px' }}
            >
              {amount}
            </Form.Item>
            {(['receipt', 'paidOn'] as const).map((name) => (
              <Form.Item
                key={name}
                name={name}
                label={
                  name === 'receipt'
                    ? say({ zh: '补缴票据', en: 'Receipt' })
                    : say({ zh: '补缴日期', en: 'Paid on' })
                }
                dependencies={['paid']}
                rules={[
                  {
                    validator: async (_, value) => {
                      if (form.getFieldValue('paid') && !value) {
                        throw new Error(say({ zh: '补缴须写明', en: 'Needed with a payment' }));
                      }
                    },
                  },
                ]}
                style={{ flex: '1 1 140px' }}
              >
                <Input {...(name === 'paidOn' ? { type: 'date' } : {})} maxLength={60} />
              </Form.Item>
            ))}
          </Flex>
        </>
      )}
    </FormButton>
  );
}

function Document() {
  const say = useText();
  return (
    <Form.Item
      name="document"
      label={say({ zh: '证明材料', en: 'Evidence' })}
      rules={[{ required: true, whitespace: true }]}
    >
      <Input maxLength={500} />
    </Form.Item>
  );
}
