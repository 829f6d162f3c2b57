import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { RequestRefused } from '../client.ts';
import { useText } from '../preferences.tsx';
import { Refusal } from './page.tsx';

/**
 * A button that opens a form. What the service refuses stands beside the field it is about, where the form has that field by the name
 * the service uses, else above the form; nothing that was typed is lost.
 */
export function FormModal<Values extends object>(props: {
  readonly button: string;
  readonly isPrimary?: boolean;
  readonly isSmall?: boolean;
  readonly title: string;
  readonly okText: string;
  /** of the form: fields of two forms on one page are told apart by it */
  readonly name: string;
  readonly initialValues?: Partial<Values>;
  /** sends it; what it returns is shown as done */
  readonly submit: (values: Values) => Promise<string | undefined>;
  readonly children: ReactNode;
}) {
  const say = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [form] = Form.useForm<Values>();
  const close = () => {
    setOpen(false);
    setError(undefined);
    form.resetFields();
  };
  const send = async () => {
    const values = await form.validateFields().catch(() => undefined);
    if (values === undefined) return;
    setError(undefined);
    setBusy(true);
    try {
      const done = await props.submit(values);
      if (done) message.success(done);
      close();
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    } catch (refused) {
      const problems = refused instanceof RequestRefused ? refused.problems : [];
      const ofField = problems.flatMap(({ field, message: text, remedy }) => {
        const name = field?.replace(/^body\./, '');
        return name !== undefined && Object.hasOwn(values, name)
          ? [{ name, errors: [remedy ? `${text} ${remedy}` : text] }]
          : [];
      });
      form.setFields(ofField as unknown as Parameters<typeof form.setFields>[0]);
      setError(ofField.length > 0 && ofField.length === problems.length ? undefined : refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        {...(props.isPrimary ? { type: 'primary' as const } : {})}
        {...(props.isSmall ? { size: 'small' as const } : {})}
        onClick={() => setOpen(true)}
      >
        {props.button}
      </Button>
      <Modal
        open={open}
        title={props.title}
        okText={props.okText}
        cancelText={say({ zh: '取消', en: 'Cancel' })}
        confirmLoading={isBusy}
        onOk={() => void send()}
        onCancel={close}
      >
        {error ? <Refusal error={error} /> : null}
        <Form
          form={form}
          name={props.name}
          layout="vertical"
          {...(props.initialValues ? { initialValues: props.initialValues as object } : {})}
        >
          {props.children}
        </Form>
      </Modal>
    </>
  );
}
