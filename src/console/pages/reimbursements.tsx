import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Flex, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import type { ReimbursementBody, ReimbursementRow, TrialBody } from '#api/contract/reimbursement.ts';
import { read, write } from '../client.ts';
import { ApprovalDrawer, StateTag } from '../components/approval.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import { fenOf, moment, yuan } from '../format.ts';
import { INSUTYPE_NAME, MED_TYPE_NAME } from '../insured.ts';
import { STATE_NAME } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

const STATES = ['prepared', 'checked', 'settled', 'returned', 'withdrawn', 'reversed'];

/** Invoices brought to the agency: entered, checked, approved and settled by the rules of every visit. */
export function ReimbursementsPage() {
  const say = useText();
  const may = useMay();
  const { language } = usePreferences();
  const [open, setOpen] = useState<string>();
  return (
    <Page
      title={say({ zh: '零星报销', en: 'Manual reimbursement' })}
      lead={say({
        zh: '录入、复核、批准由三人办理；批准时用同一规则结算入账，一张发票只付一次。',
        en: 'Three people enter, check and approve. Approval settles by the same rules and journal; an invoice is paid once.',
      })}
      actions={
        may('reimbursement.prepare') ? (
          <Link to="/reimbursements/new">
            <Button type="primary">{say({ zh: '录入发票', en: 'Enter an invoice' })}</Button>
          </Link>
        ) : null
      }
    >
      <DataTable<ReimbursementRow>
        path="/api/reimbursements"
        rowKey={(row) => row.id}
        empty={say({ zh: '还没有零星报销；点“录入发票”。', en: 'None yet: press “Enter an invoice”.' })}
        filters={[
          { key: 'invoice', title: say({ zh: '发票号码包含', en: 'Invoice contains' }), search: true },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            options: STATES.map((value) => ({ value, label: say(STATE_NAME[value] ?? value) })),
          },
        ]}
        columns={[
          { key: 'invoice', title: say({ zh: '发票', en: 'Invoice' }), sortable: true },
          {
            key: 'file',
            title: say({ zh: '参保人', en: 'Person' }),
            render: (row) =>
              row.file === null ? (
                '–'
              ) : (
                <Link to={`/persons/${row.file}`}>
                  {row.file} {row.psn_name}
                </Link>
              ),
          },
          { key: 'fixmedins_name', title: say({ zh: '就医机构', en: 'Institution' }) },
          { key: 'begndate', title: say({ zh: '就医日期', en: 'Treated on' }), sortable: true },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            render: (row) => <StateTag state={row.state} />,
          },
          { key: 'medfee_fen', title: say({ zh: '医疗费（元）', en: 'Fee (yuan)' }), kind: 'yuan' },
          { key: 'fund_fen', title: say({ zh: '基金支付（元）', en: 'Funds (yuan)' }), kind: 'yuan' },
          {
            key: 'setl_id',
            title: say({ zh: '结算', en: 'Settlement' }),
            render: (row) =>
              row.setl_id ? (
                <Link to={`/visit-settlements/${row.setl_id}`}>…{row.setl_id.slice(-6)}</Link>
              ) : (
                '–'
              ),
          },
          {
            key: 'updatedAt',
            title: say({ zh: '最近办理', en: 'Last step' }),
            render: (row) => moment(row.updatedAt, language),
          },
          {
            key: 'act',
            title: say({ zh: '办理', en: 'Action' }),
            render: (row) => (
              <Button size="small" onClick={() => setOpen(row.id)}>
                {say({ zh: '办理', en: 'Open' })}
              </Button>
            ),
          },
        ]}
      />
      <ApprovalDrawer id={open} onClose={() => setOpen(undefined)} />
    </Page>
  );
}

type Line = {
  readonly med_list_codg?: string;
  readonly name?: string;
  readonly cnt?: string;
  readonly pric?: string;
};
type Values = Omit<ReimbursementBody, 'lines'> & { readonly lines: readonly Line[] };

/** count × price in fen, as the invoice prints it; undefined while something is missing. */
function lineFen({ cnt, pric }: Line): bigint | undefined {
  if (!cnt || !pric) return undefined;
  const scaled = (text: string, places: number): bigint => {
    const [whole = '0', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0').slice(0, places));
  };
  // × 10⁴ × 10⁶, half up to the fen
  return (scaled(cnt, 4) * scaled(pric, 6) + 50_000_000n) / 100_000_000n;
}

/** Enters an invoice: tried out as often as wanted, then submitted. */
export const NewReimbursementPage = () => <InvoiceForm />;

/** An invoice that was sent back: entered anew from what it said; what it said before stays with its steps. */
export function CorrectReimbursementPage() {
  const { id = '' } = useParams();
  const approval = useQuery({
    queryKey: ['/api/approvals', id],
    queryFn: ({ signal }) => read<ApprovalDetail>(`/api/approvals/${encodeURIComponent(id)}`, signal),
  });
  return (
    <Answer query={approval}>
      {({ content }) => {
        const { trial: _, ...values } = content as unknown as Values & { trial: unknown };
        return <InvoiceForm approvalId={id} values={values} />;
      }}
    </Answer>
  );
}

function InvoiceForm(props: { readonly approvalId?: string; readonly values?: Values }) {
  const { approvalId, values: before } = props;
  const say = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [error, setError] = useState<unknown>();
  const [trial, setTrial] = useState<TrialBody>();
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Values>();
  const lines = Form.useWatch('lines', form) as readonly Line[] | undefined;
  const total = (lines ?? []).reduce((sum, line) => sum + ((line && lineFen(line)) ?? 0n), 0n);
  const send = async (isTrial: boolean) => {
    const values = await form.validateFields();
    const body = {
      ...Object.fromEntries(
        Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
      ),
      medfee_sumamt: String(values.medfee_sumamt),
      lines: values.lines.map((line) => ({
        ...line,
        cnt: String(line.cnt),
        pric: String(line.pric),
        det_item_fee_sumamt: yuanPlain(lineFen(line) ?? 0n),
      })),
    };
    setBusy(true);
    setError(undefined);
    try {
      if (isTrial) return setTrial(await write<TrialBody>('POST', '/api/reimbursements/trial', body));
      if (approvalId === undefined) {
        await write<ApprovalDetail>('POST', '/api/approvals', { kind: 'reimbursement', ...body });
      } else {
        await write<ApprovalDetail>('POST', `/api/approvals/${approvalId}/steps`, {
          action: 'prepare',
          content: body,
        });
      }
      message.success(say({ zh: '已提交，待他人复核', en: 'Submitted; another person checks it' }));
      await client.invalidateQueries();
      navigate('/reimbursements');
    } catch (refused) {
      setTrial(undefined);
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const item = (name: keyof ReimbursementBody, label: Text, isNeeded = true, type = 'text') => (
    <Form.Item name={name} label={say(label)} rules={[{ required: isNeeded }]} style={{ flex: '1 1 180px' }}>
      <Input type={type} />
    </Form.Item>
  );
  return (
    <Page
      title={
        approvalId === undefined
          ? say({ zh: '录入发票', en: 'Enter an invoice' })
          : say({ zh: '更正发票', en: 'Correct an invoice' })
      }
      lead={say({
        zh: '参保人先付、带发票来报销：明细金额按数量×单价，合计须等于发票总额。',
        en: 'The person has paid and brings the invoice. Lines are count × price and add up to its total.',
      })}
    >
      <Form<Values>
        form={form}
        name="reimbursement"
        layout="vertical"
        initialValues={before ?? { insutype: '310', med_type: '11', hosp_lv: '3', lines: [{}] }}
        onValuesChange={() => setTrial(undefined)}
      >
        <Card size="small" title={say({ zh: '谁、在哪里就医', en: 'Who, and where' })}>
          <Flex gap={12} wrap>
            <Form.Item
              name="file"
              label={say({ zh: '档案号', en: 'File number' })}
              rules={[{ required: true }]}
              style={{ flex: '1 1 140px' }}
            >
              <InputNumber min={1} precision={0} style={{ width: '100%' }} />
            </Form.Item>
            <Form.Item
              name="insutype"
              label={say({ zh: '险种', en: 'Insurance' })}
              style={{ flex: '1 1 140px' }}
            >
              <Select
                options={options({ '310': INSUTYPE_NAME['310']!, '390': INSUTYPE_NAME['390']! }, say)}
              />
            </Form.Item>
            <Form.Item
              name="med_type"
              label={say({ zh: '医疗类别', en: 'Medical type' })}
              style={{ flex: '1 1 140px' }}
            >
              <Select options={options(MED_TYPE_NAME, say)} />
            </Form.Item>
            {item('dise_codg', { zh: '病种编码（慢特病必填）', en: 'Disease (of chronic care)' }, false)}
          </Flex>
          <Flex gap={12} wrap>
            {item('fixmedins_code', { zh: '机构代码', en: 'Institution code' })}
            {item('fixmedins_name', { zh: '机构名称', en: 'Institution name' }, false)}
            {item('area_code', { zh: '就医地区划（6 位）', en: 'Area of treatment (6 digits)' })}
            <Form.Item
              name="hosp_lv"
              label={say({ zh: '医院等级', en: 'Level' })}
              style={{ flex: '1 1 120px' }}
            >
              <Select options={options(LEVELS, say)} />
            </Form.Item>
          </Flex>
          <Flex gap={12} wrap>
            {item('begndate', { zh: '就医开始', en: 'Treated from' }, true, 'date')}
            {item('enddate', { zh: '就医结束', en: 'Treated to' }, true, 'date')}
          </Flex>
        </Card>
        <Card size="small" title={say({ zh: '发票', en: 'Invoice' })} style={{ marginTop: 12 }}>
          <Flex gap={12} wrap>
            {item('invoice_code', { zh: '发票代码', en: 'Invoice code' }, false)}
            {item('invoice_number', { zh: '发票号码', en: 'Invoice number' })}
            <Form.Item
              name="medfee_sumamt"
              label={say({ zh: '发票总额（元）', en: 'Total (yuan)' })}
              rules={[{ required: true }]}
              style={{ flex: '1 1 140px' }}
            >
              <InputNumber<string> stringMode min="0" precision={2} style={{ width: '100%' }} />
            </Form.Item>
          </Flex>
          <Form.List name="lines">
            {(fields, { add, remove }) => (
              <Flex vertical gap={4}>
                {fields.map(({ key, name }, index) => (
                  <Flex key={key} gap={8} align="end" wrap>
                    <Form.Item
                      name={[name, 'med_list_codg']}
                      label={say({ zh: '项目编码', en: 'Item' })}
                      rules={[{ required: true }]}
                      style={{ flex: '1 1 140px', marginBottom: 8 }}
                    >
                      <Input />
                    </Form.Item>
                    <Form.Item
                      name={[name, 'name']}
                      label={say({ zh: '名称', en: 'Name' })}
                      style={{ flex: '2 1 180px', marginBottom: 8 }}
                    >
                      <Input />
                    </Form.Item>
                    <Form.Item
                      name={[name, 'cnt']}
                      label={say({ zh: '数量', en: 'Count' })}
                      rules={[{ required: true }]}
                      style={{ flex: '1 1 90px', marginBottom: 8 }}
                    >
                      <InputNumber<string> stringMode min="0" style={{ width: '100%' }} />
                    </Form.Item>
                    <Form.Item
                      name={[name, 'pric']}
                      label={say({ zh: '单价（元）', en: 'Price (yuan)' })}
                      rules={[{ required: true }]}
                      style={{ flex: '1 1 110px', marginBottom: 8 }}
                    >
                      <InputNumber<string> stringMode min="0" style={{ width: '100%' }} />
                    </Form.Item>
                    <span className="number" style={{ flex: '0 0 110px', paddingBottom: 12 }}>
                      {yuan(lineFen(lines?.[index] ?? {}) ?? null)}
                    </span>
                    <Button
                      type="text"
                      icon={<MinusCircleOutlined />}
                      aria-label={say({ zh: `删除第 ${index + 1} 行`, en: `Remove line ${index + 1}` })}
                      onClick={() => remove(name)}
                      style={{ marginBottom: 8 }}
                    />
                  </Flex>
                ))}
                <Flex gap={16} align="center">
                  <Button icon={<PlusOutlined />} onClick={() => add({})}>
                    {say({ zh: '加一行', en: 'Add a line' })}
                  </Button>
                  <b>
                    {say({ zh: '明细合计（元）', en: 'Lines (yuan)' })} {yuan(total)}
                  </b>
                </Flex>
              </Flex>
            )}
          </Form.List>
        </Card>
      </Form>
      {error ? <Refusal error={error} /> : null}
      {trial ? <TrialOf trial={trial} /> : null}
      <Flex gap={8} className="no-print">
        <Button loading={busy} onClick={() => void send(true).catch(() => undefined)}>
          {say({ zh: '试算', en: 'Try out' })}
        </Button>
        <Button type="primary" loading={busy} onClick={() => void send(false).catch(() => undefined)}>
          {say({ zh: '提交复核', en: 'Submit' })}
        </Button>
      </Flex>
    </Page>
  );
}

const yuanPlain = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;

/** What a settlement came to when it was tried out. */
export function TrialOf({ trial }: { readonly trial: TrialBody }) {
  const say = useText();
  const shown = (text: string) => yuan(fenOf(text));
  return (
    <Alert
      type="info"
      showIcon
      title={say({
        zh: `试算：医疗费 ${shown(trial.medfee_sumamt)} 元，基金支付 ${shown(trial.fund_pay_sumamt)} 元，个人 ${shown(trial.psn_part_amt)} 元`,
        en: `Tried out: fee ${shown(trial.medfee_sumamt)} yuan, funds ${shown(trial.fund_pay_sumamt)}, person ${shown(trial.psn_part_amt)}`,
      })}
      description={trial.funds
        .map((one) => `${one.name} ${shown(one.fund_payamt)}`)
        .join(say({ zh: '；', en: '; ' }))}
    />
  );
}

const LEVELS: Readonly<Record<string, Text>> = {
  '3': { zh: '三级', en: 'level 3' },
  '6': { zh: '二级', en: 'level 2' },
  '9': { zh: '一级', en: 'level 1' },
};
