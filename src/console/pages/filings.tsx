import { Flex, Form, Input, InputNumber, Select } from 'antd';
import { Link } from 'react-router';
import { write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { Page } from '../components/page.tsx';
import { EndSpan, SpanFields } from '../components/span-forms.tsx';
import { moment } from '../format.ts';
import { BUSINESS_NAME, FILING_NAME, SPAN_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
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
        zh: '异地就医、门诊慢特病、定点与意外伤害（2501–2507）。终止只影响以后的结算。',
        en: 'Treatment elsewhere, chronic diseases, designations, accidents (2501–2507). An end changes later settlements only.',
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
          getFieldValue('kind') === 'chronic' ? (
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

const businessOf = (kind: string) =>
  Object.fromEntries(Object.entries(BUSINESS_NAME).filter(([code]) => (OF_KIND[kind] ?? []).includes(code)));

const OF_KIND: Readonly<Record<string, readonly string[]>> = {
  transfer: ['06'],
  chronic: ['01'],
  designated: ['03', '07', '08'],
  accident: ['02'],
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
