import { Form, Input, Select } from 'antd';
import type { HandedOver } from '#api/contract/fund.ts';
import { write } from '../client.ts';
import { useText } from '../preferences.tsx';
import { FormButton } from './form-button.tsx';

/** Exports a list with names and certificates, for a reason that the audit log keeps. */
export function HandOver(props: {
  readonly button: string;
  readonly title: string;
  readonly path: string;
  /** what the request says besides reason and format */
  readonly body?: object;
  /** what the reason is to say */
  readonly reason: string;
}) {
  const say = useText();
  const submit = async (values: { readonly reason: string; readonly format: string }) => {
    save(await write<HandedOver>('POST', props.path, { ...values, ...props.body }));
    return say({ zh: '已导出，理由已记入审计日志', en: 'Exported; the reason is in the audit log' });
  };
  return (
    <FormButton
      kind="primary"
      label={props.button}
      title={props.title}
      okText={say({ zh: '导出', en: 'Export' })}
      name="hand-over"
      initialValues={{ format: 'xlsx' }}
      send={submit}
    >
      <Form.Item name="reason" label={props.reason} rules={[{ required: true, min: 4 }]}>
        <Input.TextArea rows={2} />
      </Form.Item>
      <Form.Item name="format" label={say({ zh: '格式', en: 'Format' })}>
        <Select
          options={[
            { value: 'xlsx', label: 'Excel (.xlsx)' },
            { value: 'csv', label: 'CSV' },
          ]}
        />
      </Form.Item>
    </FormButton>
  );
}

/** Gives a file of the service to the browser to keep. */
function save({ filename, type, content }: HandedOver): void {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(address);
}
