import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, type FormInstance, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { RequestRefused, write } from '../client.ts';
import { useText } from '../preferences.tsx';
import { Refusal } from './page.tsx';

// biome-ignore lint/suspicious/noExplicitAny: what a form holds is checked by the contract of its route
type Values = any;

/** What a form would come to, shown before it is sent. */
export type Trial = { readonly shown: ReactNode; readonly mayBeSent: boolean };

export type FormGiven = {
  readonly title: string;
  readonly okText: string;
  /** tells the fields of one form from those of another on the page */
  readonly name: string;
  readonly initialValues?: object;
  /** pixels, where the fields need more room than a window has */
  readonly width?: number;
  /** the fields; some depend on what others hold */
  readonly children: ReactNode | ((form: FormInstance) => ReactNode);
  readonly onValuesChange?: (changed: Values, form: FormInstance) => void;
  /** a text it returns is shown as what was done */
  readonly send: (values: Values) => Promise<unknown>;
  /** where there is one, it is worked out and seen first, and sent afterwards */
  readonly trial?: (values: Values) => Promise<Trial>;
  /** said when it is done, where `send` does not say it itself */
  readonly done?: string;
  /** names of fields of the service that are called otherwise here */
  readonly fieldOf?: Readonly<Record<string, string>>;
};

/** A form in a window over the page: what is refused stands at its field, the rest above. */
export function FormModal(props: FormGiven & { readonly onClose: () => void }) {
  const {
    title,
    okText,
    name,
    initialValues,
    width,
    children,
    onValuesChange,
    send,
    trial,
    done,
    fieldOf,
    onClose,
  } = props;
  const say = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [tried, setTried] = useState<Trial>();
  const [form] = Form.useForm();
  const isTrial = trial !== undefined && tried?.mayBeSent !== true;
  const submit = async () => {
    const values = await form.validateFields();
    setError(undefined);
    setBusy(true);
    try {
      if (isTrial) {
        setTried(await trial(values));
        return;
      }
      const answer = await send(values);
      const told = typeof answer === 'string' ? answer : done;
      if (told !== undefined) message.success(told);
      onClose();
      await client.invalidateQueries();
    } catch (refused) {
      setTried(undefined);
      setError(atFields(form, refused, fieldOf));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      {...(width === undefined ? {} : { width })}
      okText={isTrial ? say({ zh: '试算', en: 'Work it out' }) : okText}
      confirmLoading={isBusy}
      onOk={() => void submit().catch(() => undefined)}
      onCancel={onClose}
    >
      {error ? <Refusal error={error} /> : null}
      <Form
        form={form}
        name={name}
        layout="vertical"
        {...(initialValues === undefined ? {} : { initialValues })}
        onValuesChange={(changed) => {
          setTried(undefined);
          setError(undefined);
          onValuesChange?.(changed, form);
        }}
      >
        {typeof children === 'function' ? children(form) : children}
      </Form>
      <div aria-live="polite">{tried?.shown}</div>
    </Modal>
  );
}

/** A button that opens a form. */
export function FormButton(
  props: FormGiven & {
    readonly label: string;
    readonly kind?: 'primary' | 'default';
    readonly size?: 'small' | 'middle';
  },
) {
  const { label, kind = 'default', size = 'middle', ...form } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button type={kind} size={size} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen ? <FormModal {...form} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Puts each problem at the field it is about. @returns what is left to be said above the form */
function atFields(
  form: FormInstance,
  error: unknown,
  fieldOf: Readonly<Record<string, string>> = {},
): unknown {
  if (!(error instanceof RequestRefused)) return error;
  const known = new Set(Object.keys(form.getFieldsValue() as object));
  const named = error.problems.map((problem) => {
    const said = problem.field?.replace(/^body\./, '') ?? '';
    return { problem, field: fieldOf[said] ?? said.split('.')[0]! };
  });
  for (const { problem, field } of named) {
    if (!known.has(field)) continue;
    form.setFields([
      { name: field, errors: [problem.message, problem.remedy].filter((text) => text !== undefined) },
    ]);
  }
  const first = named.find(({ field }) => known.has(field))?.field;
  if (first !== undefined) form.scrollToField(first);
  return named.length > 0 && named.every(({ field }) => known.has(field)) ? undefined : error;
}

/** Asks for the reason of a write that the audit log keeps with it. */
export function Reason(props: {
  readonly address: string;
  readonly body: object;
  /** the shortest reason the service takes */
  readonly minimum?: number;
  readonly okText?: string;
  readonly onClose: () => void;
  readonly onDone: (result: unknown) => void;
}) {
  const say = useText();
  const { address, body, minimum = 4, okText, onClose, onDone } = props;
  return (
    <FormModal
      title={say({ zh: '写明理由', en: 'Give the reason' })}
      okText={okText ?? say({ zh: '确定', en: 'Confirm' })}
      name="reason"
      onClose={onClose}
      send={async ({ reason }) => onDone(await write('POST', address, { ...body, reason }))}
    >
      <Form.Item
        name="reason"
        label={say({ zh: '理由（记入审计日志）', en: 'Reason (kept in the audit log)' })}
        rules={[{ required: true, whitespace: true, min: minimum }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormModal>
  );
}

/** A button that asks why somebody's data have to be seen, and shows them. */
export function RevealButton<Shown>(props: {
  readonly address: string;
  readonly label?: string;
  readonly isDisabled?: boolean;
  readonly onShown: (shown: Shown) => void;
}) {
  const say = useText();
  const [isOpen, setOpen] = useState(false);
  const { address, label, isDisabled = false, onShown } = props;
  return (
    <>
      <Button disabled={isDisabled} onClick={() => setOpen(true)}>
        {label ?? say({ zh: '显示个人信息', en: 'Show personal data' })}
      </Button>
      {isOpen ? (
        <Reason
          address={`${address}/reveal`}
          body={{}}
          okText={say({ zh: '显示', en: 'Show' })}
          onClose={() => setOpen(false)}
          onDone={(shown) => onShown(shown as Shown)}
        />
      ) : null}
    </>
  );
}
