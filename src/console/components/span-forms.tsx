import { Flex, Form, Input, InputNumber, Select } from 'antd';
import { FAMILY_RELATIONS } from '#api/contract/words.ts';
import { write } from '../client.ts';
import { options } from '../pages/cases.tsx';
import { useText } from '../preferences.tsx';
import { FormButton } from './form-button.tsx';

/** Lets a member of the family use an account: the agency names a file, a person the member's name and certificate. */
export function NewSharing({ address, isOwn }: { readonly address: string; readonly isOwn: boolean }) {
  const say = useText();
  return (
    <FormButton
      label={say({ zh: '绑定家庭共济', en: 'Share with family' })}
      kind={isOwn ? 'primary' : 'default'}
      size={isOwn ? 'small' : 'middle'}
      title={
        isOwn
          ? say({ zh: '让家庭成员使用我的个人账户', en: 'Let family use my account' })
          : say({ zh: '绑定家庭共济', en: 'Share the account with family' })
      }
      okText={say({ zh: '绑定', en: 'Share' })}
      name="sharing"
      initialValues={{ relation: 'spouse' }}
      done={say({
        zh: '已绑定，从开始日的结算起可用',
        en: 'Done: settlements from the first day on may use it',
      })}
      send={({ enddate, ...values }) => write('POST', address, { ...values, enddate: enddate || null })}
    >
      {isOwn ? (
        <>
          <Form.Item
            name="name"
            label={say({ zh: '家庭成员姓名', en: 'Name of the member' })}
            rules={[{ required: true, whitespace: true }]}
          >
            <Input maxLength={50} />
          </Form.Item>
          <Form.Item
            name="certno"
            label={say({ zh: '家庭成员证件号码', en: 'Certificate of the member' })}
            rules={[{ required: true, whitespace: true }]}
          >
            <Input maxLength={50} />
          </Form.Item>
        </>
      ) : (
        <Form.Item
          name="userFile"
          label={say({ zh: '使用账户的家庭成员（档案号）', en: 'The member who may use it (file)' })}
          rules={[{ required: true }]}
        >
          <InputNumber min={1} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      )}
      <Form.Item
        name="relation"
        label={say({ zh: '此人是账户所有人的', en: 'This person is the owner’s' })}
        rules={[{ required: true }]}
      >
        <Select options={options(FAMILY_RELATIONS, say)} />
      </Form.Item>
      <SpanFields from={say({ zh: '开始（今天或以后）', en: 'From (today or later)' })} />
    </FormButton>
  );
}

/** From which day, and to which if it is known. */
export function SpanFields({ from }: { readonly from: string }) {
  const say = useText();
  return (
    <Flex gap={12} wrap>
      <Form.Item name="begndate" label={from} rules={[{ required: true }]} style={{ flex: '1 1 150px' }}>
        <Input type="date" />
      </Form.Item>
      <Form.Item
        name="enddate"
        label={say({ zh: '结束（可空）', en: 'To (may be empty)' })}
        style={{ flex: '1 1 150px' }}
      >
        <Input type="date" />
      </Form.Item>
    </Flex>
  );
}

/** Ends a filing or a sharing after a day, for a reason. */
export function EndSpan(props: {
  readonly address: string;
  readonly label: string;
  readonly title: string;
  readonly name: string;
}) {
  const say = useText();
  const { address, label, title, name } = props;
  return (
    <FormButton
      {...{ label, title, name }}
      size="small"
      okText={label}
      send={({ lastDay, reason }) => write('POST', address, { lastDay, reason })}
    >
      <Form.Item name="lastDay" label={say({ zh: '最后一天', en: 'Last day' })} rules={[{ required: true }]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="reason" label={say({ zh: '理由', en: 'Reason' })} rules={[{ required: true }]}>
        <Input maxLength={500} />
      </Form.Item>
    </FormButton>
  );
}

/** Ends a sharing that holds or is to come; `otherwise` is shown of one that has ended. */
export function EndSharing(props: {
  readonly row: Readonly<Record<string, unknown>>;
  readonly address: string;
  readonly otherwise: string | null;
}) {
  const say = useText();
  const { row, address, otherwise } = props;
  if (row.state !== 'in-force' && row.state !== 'to-come') return otherwise;
  return (
    <EndSpan
      {...{ address, name: `end-sharing-${row.sharing_id}` }}
      label={say({ zh: '解除', en: 'End' })}
      title={say({ zh: `解除与 ${row.psn_name} 的共济`, en: `End the sharing with ${row.psn_name}` })}
    />
  );
}
