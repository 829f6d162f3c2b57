import { Flex, Form, Input, InputNumber, Select } from 'antd';
import { Link } from 'react-router';
import { write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { Page } from '../components/page.tsx';
import { EndSpan, SpanFields } from '../components/span-forms.tsx';
import { moment } from '../format.ts';
import { BUSINESS_NAME, CARE_NAME, DISABILITY_NAME, FILING_NAME, SPAN_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

type Filing = {
  readonly file: number;
  readonly psn_name: string;
  readonly trt_dcla_detl_sn: string;
  readonly kind: string;
  readonly biz_appy_type: string;
  readonly dise_codg: string;
  readonly fixmedins_code: string;
  readonly longterm_eval_lv: string;
  readonly nurscare_way: string;
  readonly rels_nurscare_flag: string;
  readonly begndate: string;
  readonly enddate: string | null;
  readonly state: string;
  readonly filed_by: string;
  readonly filed_at: string;
};

/** What is filed for persons: treatment elsewhere, chronic diseases, designations, accidents (2501 to 2507). */
export function FilingsPage() {
  const say = useText();
  const may = useMay();
  const { language } = usePreferences();
  return (
    <Page
      title={say({ zh: '备案', en: 'Filings' })}
      lead={say({
        zh: '异地就医、门诊慢特病、定点与意外伤害（2501–2507），以及失能评估。终止只影响以后的结算。',
        en: 'Treatment elsewhere, chronic diseases, designations, accidents (2501–2507), assessments of disability. An end changes later settlements only.',
      })}
      actions={may('filing.write') ? <NewFiling /> : null}
    >
      <DataTable<Filing>
        path="/api/filings"
        rowKey={(row) => row.trt_dcla_detl_sn}
        empty={say({
          zh: '没有备案；机构以 2501–2507 上报，或在此登记。',
          en: 'Nothing filed: institutions send 2501–2507, or file it here.',
        })}
        filters={[
          { key: 'kind', title: say({ zh: '备案', en: 'Filing' }), options: options(FILING_NAME, say) },
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(SPAN_NAME, say) },
          { key: 'filed_by', title: say({ zh: '经办开头', en: 'Filed by, begins' }), search: true },
        ]}
        columns={[
          {
            key: 'file',
            title: say({ zh: '档案', en: 'File' }),
            render: (row) => (
              <Link to={`/persons/${row.file}?tab=filings`}>
                {row.file} {row.psn_name}
              </Link>
            ),
          },
          {
            key: 'kind',
            title: say({ zh: '备案', en: 'Filing' }),
            render: (row) => say(nameOf(FILING_NAME, row.kind)),
          },
          {
            key: 'biz_appy_type',
            title: say({ zh: '业务', en: 'Business' }),
            render: (row) => say(nameOf(BUSINESS_NAME, row.biz_appy_type)),
          },
          { key: 'dise_codg', title: say({ zh: '病种', en: 'Disease' }) },
          {
            key: 'longterm_eval_lv',
            title: say({ zh: '失能评估', en: 'Disability' }),
            render: (row) => (row.longterm_eval_lv === '' ? '–' : say(assessmentOf(row))),
          },
          { key: 'fixmedins_code', title: say({ zh: '机构', en: 'Institution' }) },
          { key: 'begndate', title: say({ zh: '开始', en: 'From' }), sortable: true },
          { key: 'enddate', title: say({ zh: '结束', en: 'To' }), sortable: true },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            render: (row) => say(nameOf(SPAN_NAME, row.state)),
          },
          { key: 'filed_by', title: say({ zh: '经办', en: 'Filed by' }) },
          {
            key: 'filed_at',
            title: say({ zh: '备案时间', en: 'Filed at' }),
            render: (row) => moment(row.filed_at, language),
          },
          {
            key: 'end',
            title: say({ zh: '办理', en: 'Action' }),
            render: (row) =>
              may('filing.write') && (row.state === 'in-force' || row.state === 'to-come') ? (
                <EndFiling
                  number={row.trt_dcla_detl_sn}
                  address={`/api/filings/${row.trt_dcla_detl_sn}/end`}
                />
              ) : (
                '–'
              ),
          },
        ]}
      />
    </Page>
  );
}

/** What was assessed, in words: level, form of care and, at home, who cares. */
export function assessmentOf(row: Readonly<Record<string, unknown>>): Text {
  const level = nameOf(DISABILITY_NAME, String(row.longterm_eval_lv));
  const care = nameOf(CARE_NAME, String(row.nurscare_way));
  const carer = row.nurscare_way === '03' ? nameOf(CARER_NAME, String(row.rels_nurscare_flag || '0')) : null;
  return {
    zh: `${level.zh} · ${care.zh}${carer === null ? '' : ` · ${carer.zh}`}`,
    en: `${level.en} · ${care.en}${carer === null ? '' : ` · ${carer.en}`}`,
  };
}

/** Files something; without `file` the number of the person's file is asked for. */
export function NewFiling({ file }: { readonly file?: number }) {
  const say = useText();
  const label = say({ zh: '登记备案', en: 'File' });
  return (
    <FormButton
      kind="primary"
      label={label}
      title={label}
      okText={say({ zh: '登记', en: 'File' })}
      name="filing"
      done={say({ zh: '已备案', en: 'Filed' })}
      initialValues={{ kind: 'transfer', biz_appy_type: '06' }}
      onValuesChange={(changed, form) => {
        if (changed.kind) form.setFieldValue('biz_appy_type', OF_KIND[changed.kind as string]?.[0]);
      }}
      send={({ file: typed, enddate, ...values }) =>
        write('POST', `/api/persons/${file ?? typed}/filings`, { ...values, enddate: enddate || null })
      }
    >
      {file === undefined ? (
        <Form.Item name="file" label={say({ zh: '档案号', en: 'File number' })} rules={[{ required: true }]}>
          <InputNumber min={1} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      ) : null}
      <Flex gap={12}>
        <Form.Item name="kind" label={say({ zh: '备案', en: 'Filing' })} style={{ flex: 1 }}>
          <Select options={options(FILING_NAME, say)} />
        </Form.Item>
        <Form.Item noStyle dependencies={['kind']}>
          {({ getFieldValue }) => (
            <Form.Item name="biz_appy_type" label={say({ zh: '业务', en: 'Business' })} style={{ flex: 1 }}>
              <Select options={options(businessOf(getFieldValue('kind') as string), say)} />
            </Form.Item>
          )}
        </Form.Item>
      </Flex>
      <Form.Item noStyle dependencies={['kind']}>
        {({ getFieldValue }) =>
          getFieldValue('kind') === 'long-term-care' ? (
            <Assessment />
          ) : getFieldValue('kind') === 'chronic' ? (
            <Form.Item
              name="dise_codg"
              label={say({ zh: '病种编码', en: 'Disease code' })}
              rules={[{ required: true }]}
            >
              <Input />
            </Form.Item>
          ) : (
            <Form.Item
              name="fixmedins_code"
              label={say({ zh: '机构代码（可空）', en: 'Institution (may be empty)' })}
            >
              <Input />
            </Form.Item>
          )
        }
      </Form.Item>
      <SpanFields from={say({ zh: '开始', en: 'From' })} />
      <Form.Item name="note" label={say({ zh: '说明', en: 'Note' })}>
        <Input.TextArea rows={2} />
      </Form.Item>
    </FormButton>
  );
}

/** What an assessment of disability found; care at home is by relatives or self-organised. */
function Assessment() {
  const say = useText();
  const choice = (name: string, label: Text, names: Readonly<Record<string, Text>>) => (
    <Form.Item name={name} label={say(label)} rules={[{ required: true }]} style={{ flex: 1 }}>
      <Select options={options(names, say)} />
    </Form.Item>
  );
  return (
    <>
      <Flex gap={12}>
        {choice('longterm_eval_lv', { zh: '评估等级', en: 'Level assessed' }, DISABILITY_NAME)}
        {choice('nurscare_way', { zh: '护理方式', en: 'Form of care' }, CARE_NAME)}
      </Flex>
      <Form.Item noStyle dependencies={['nurscare_way']}>
        {({ getFieldValue }) =>
          getFieldValue('nurscare_way') === '03'
            ? choice('rels_nurscare_flag', { zh: '谁来护理', en: 'Who cares' }, CARER_NAME)
            : null
        }
      </Form.Item>
    </>
  );
}

/** rels_nurscare_flag */
const CARER_NAME: Readonly<Record<string, Text>> = {
  '1': { zh: '家属护理', en: 'relatives' },
  '0': { zh: '自主护理', en: 'self-organised' },
};

const businessOf = (kind: string) =>
  Object.fromEntries(Object.entries(BUSINESS_NAME).filter(([code]) => (OF_KIND[kind] ?? []).includes(code)));

const OF_KIND: Readonly<Record<string, readonly string[]>> = {
  transfer: ['06'],
  chronic: ['01'],
  designated: ['03', '07', '08'],
  accident: ['02'],
  'long-term-care': ['99'],
};

export function EndFiling({ number, address }: { readonly number: string; readonly address: string }) {
  const say = useText();
  return (
    <EndSpan
      {...{ address, name: `end-${number}` }}
      label={say({ zh: '终止', en: 'End' })}
      title={say({ zh: `终止备案 …${number.slice(-6)}`, en: `End filing …${number.slice(-6)}` })}
    />
  );
}
