import {
  AutoComplete,
  Button,
  Card,
  Checkbox,
  Empty,
  Flex,
  Form,
  InputNumber,
  Select,
  Table,
  Tag,
} from 'antd';
import { useRef, useState } from 'react';
import type { PreviewAnswer, PreviewBody } from '#api/contract/preview.ts';
import { read, withQuery, write } from '../client.ts';
import { Page, Refusal } from '../components/page.tsx';
import { fenOf } from '../format.ts';
import { DEVIATION_NAME, KIND_NAME, nameOf, SCHEME_NAME } from '../names.ts';
import { type Text, useText } from '../preferences.tsx';
import { useSession } from '../session.tsx';
import { OfSettledYear, type SettledYear } from '../year.tsx';

const STATE: Readonly<Record<string, Text>> = {
  chosen: { zh: '入组', en: 'chosen' },
  satisfied: { zh: '也符合', en: 'also satisfied' },
  'not-satisfied': { zh: '不符合', en: 'not satisfied' },
};
type Candidate = PreviewAnswer['candidates'][number];

/** How a case as it is would be grouped and paid: nothing is suggested, nothing is kept. */
export function PreviewPage() {
  return <OfSettledYear>{(year) => <PreviewOf year={year} />}</OfSettledYear>;
}

type Values = Omit<PreviewBody, 'costFen' | 'fixmedinsCode'> & {
  /** as it was typed */
  readonly costYuan?: string | null;
  readonly fixmedinsCode?: string;
};

function PreviewOf({ year }: { readonly year: SettledYear }) {
  const say = useText();
  const { institutionCode } = useSession();
  const [answer, setAnswer] = useState<PreviewAnswer>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Values>();
  const submit = async ({ costYuan, ...values }: Values) => {
    setBusy(true);
    setError(undefined);
    try {
      setAnswer(
        await write<PreviewAnswer>('POST', `/api/runs/${year.runId}/preview`, {
          ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== '')),
          procedures: values.procedures ?? [],
          ...(costYuan ? { costFen: Number(fenOf(costYuan)) } : {}),
        }),
      );
    } catch (refused) {
      setAnswer(undefined);
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const needed = [
    { required: true, message: say({ zh: '请填写主要诊断', en: 'Give the principal diagnosis' }) },
  ];
  return (
    <Page
      title={say({ zh: '支付预览', en: 'Case preview' })}
      lead={say({
        zh: '按病例现有的诊断和操作预览入组与支付。只按实际情况填写；这里不提示“再加什么”，也不保存。',
        en: 'Previews the group and payment of a case as it is. Enter what was done: nothing to add is ever suggested, nothing is kept.',
      })}
    >
      <Card size="small">
        <Form<Values>
          form={form}
          name="preview"
          layout="vertical"
          initialValues={{ isDaySurgery: false, procedures: [] }}
          onFinish={(values) => void submit(values)}
        >
          <Flex gap={12} wrap>
            <Form.Item
              style={{ flex: '1 1 320px' }}
              name="diagnoses"
              rules={needed}
              label={say({ zh: '诊断（主要诊断在前）', en: 'Diagnoses (the principal one first)' })}
            >
              <Codes runId={year.runId} kind="diagnosis" />
            </Form.Item>
            <Form.Item
              style={{ flex: '1 1 320px' }}
              name="procedures"
              label={say({ zh: '手术与操作（主要的在前）', en: 'Procedures (the principal one first)' })}
            >
              <Codes runId={year.runId} kind="procedure" />
            </Form.Item>
          </Flex>
          <Flex gap={12} wrap align="end">
            {institutionCode === null ? (
              <Form.Item name="fixmedinsCode" label={say({ zh: '机构代码', en: 'Institution' })}>
                <AutoComplete style={{ width: 180 }} />
              </Form.Item>
            ) : null}
            <Form.Item name="insutype" label={say({ zh: '险种', en: 'Scheme' })}>
              <Select
                allowClear
                style={{ width: 140 }}
                options={Object.keys(SCHEME_NAME).map((value) => ({
                  value,
                  label: say(nameOf(SCHEME_NAME, value)),
                }))}
              />
            </Form.Item>
            <Form.Item name="sex" label={say({ zh: '性别', en: 'Sex' })}>
              <Select
                allowClear
                style={{ width: 100 }}
                options={[
                  { value: '1', label: say({ zh: '男', en: 'male' }) },
                  { value: '2', label: say({ zh: '女', en: 'female' }) },
                ]}
              />
            </Form.Item>
            <Form.Item name="ageYears" label={say({ zh: '年龄（岁）', en: 'Age (years)' })}>
              <InputNumber min={0} max={150} />
            </Form.Item>
            <Form.Item name="lengthOfStay" label={say({ zh: '住院（天）', en: 'Stay (days)' })}>
              <InputNumber min={0} max={3650} />
            </Form.Item>
            <Form.Item name="costYuan" label={say({ zh: '总费用（元）', en: 'Cost (yuan)' })}>
              <InputNumber<string> stringMode min="0" max="1000000000" precision={2} style={{ width: 140 }} />
            </Form.Item>
            <Form.Item name="isDaySurgery" valuePropName="checked">
              <Checkbox>{say({ zh: '日间手术', en: 'Day surgery' })}</Checkbox>
            </Form.Item>
            <Form.Item>
              <Button type="primary" htmlType="submit" loading={busy}>
                {say({ zh: '预览', en: 'Preview' })}
              </Button>
            </Form.Item>
          </Flex>
        </Form>
      </Card>
      {error ? <Refusal error={error} /> : null}
      {answer ? (
        <Candidates answer={answer} />
      ) : error ? null : (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={say({ zh: '填写病例后点“预览”', en: 'Fill in the case and press “Preview”' })}
        />
      )}
    </Page>
  );
}

function Candidates({ answer }: { readonly answer: PreviewAnswer }) {
  const say = useText();
  const number = (key: 'score' | 'coefficient' | 'points' | 'amount', title: Text) => ({
    title: say(title),
    align: 'right' as const,
    className: 'number',
    render: (_: unknown, row: Candidate) => row[key] ?? '–',
  });
  return (
    <Card
      size="small"
      title={say({ zh: '符合的病种与各自的支付', en: 'Groups that fit, and what each would pay' })}
      extra={
        answer.point_value
          ? say({ zh: `点值 ${answer.point_value}`, en: `point value ${answer.point_value}` })
          : null
      }
    >
      <Table<Candidate>
        size="small"
        rowKey="group_code"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={answer.candidates}
        locale={{
          emptyText: say({ zh: '没有相符的病种：按未入组处理', en: 'No group fits: the case is ungrouped' }),
        }}
        columns={[
          {
            title: say({ zh: '结果', en: 'Result' }),
            render: (_, row) => (
              <Tag color={row.state === 'chosen' ? 'blue' : 'default'}>{say(nameOf(STATE, row.state))}</Tag>
            ),
          },
          {
            title: say({ zh: '病种', en: 'Group' }),
            render: (_, row) => `${row.group_code} ${row.name === row.group_code ? '' : row.name}`,
          },
          {
            title: say({ zh: '类型', en: 'Kind' }),
            render: (_, row) => say(nameOf(KIND_NAME, row.kind)),
          },
          number('score', { zh: '病种分值', en: 'Score' }),
          number('coefficient', { zh: '机构系数', en: 'Coefficient' }),
          {
            title: say({ zh: '偏差', en: 'Deviation' }),
            render: (_, row) => (row.deviation ? say(nameOf(DEVIATION_NAME, row.deviation)) : '–'),
          },
          number('points', { zh: '病例分值', en: 'Points' }),
          number('amount', { zh: '按年初点值（元）', en: 'At the start-of-year value (yuan)' }),
        ]}
      />
      <details>
        <summary>{say({ zh: '文字说明', en: 'In words' })}</summary>
        <pre style={{ whiteSpace: 'pre-wrap' }}>{answer.text}</pre>
      </details>
    </Card>
  );
}

type Found = { readonly code: string; readonly name: string };

/** Codes chosen in order, found by code, name or pinyin. */
function Codes(props: {
  readonly runId: number;
  readonly kind: 'diagnosis' | 'procedure';
  readonly value?: string[];
  readonly onChange?: (codes: string[]) => void;
  readonly id?: string;
}) {
  const { runId, kind, value, onChange, id } = props;
  const say = useText();
  const [found, setFound] = useState<readonly Found[]>([]);
  const [typed, setTyped] = useState('');
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const asked = useRef('');
  const search = async (text: string) => {
    asked.current = text;
    setTyped(text.trim());
    if (text.trim() === '') return setFound([]);
    try {
      const { rows } = await read<{ rows: Found[] }>(
        withQuery(`/api/runs/${runId}/codes`, { kind, text: text.trim() }),
      );
      // an answer that was overtaken is not shown
      if (asked.current !== text) return;
      setFound(rows);
      setNames((before) => new Map([...before, ...rows.map(({ code, name }) => [code, name] as const)]));
    } catch {
      setFound([]);
    }
  };
  const codes = [
    ...found.map(({ code }) => code),
    // a code the area does not know is taken as it is written
    ...(CODE.test(typed) && found.every(({ code }) => code !== typed) ? [typed.toUpperCase()] : []),
    ...(value ?? []),
  ];
  return (
    <Select
      mode="multiple"
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      {...(onChange ? { onChange } : {})}
      placeholder={say({ zh: '编码、名称或拼音首字母', en: 'code, name or pinyin' })}
      filterOption={false}
      onSearch={(text) => void search(text)}
      notFoundContent={
        typed === '' ? say({ zh: '输入编码、名称或拼音', en: 'Type a code, a name or pinyin' }) : undefined
      }
      options={[...new Set(codes)].map((code) => ({
        value: code,
        label: [code, names.get(code)].filter((part) => part).join(' '),
      }))}
    />
  );
}

/** ICD-10 begins with a letter and digits, ICD-9-CM-3 with digits. */
const CODE = /^[A-Za-z]?\d{2}[\w.+*-]*$/;
