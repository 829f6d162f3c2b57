import { Descriptions, Flex, Typography } from 'antd';
import { Link } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import type { TrialBody } from '#api/contract/reimbursement.ts';
import { fenOf, yuan } from '../format.ts';
import { INSUTYPE_NAME, MED_TYPE_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { TrialOf } from '../pages/reimbursements.tsx';
import { useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';

type Line = {
  readonly med_list_codg: string;
  readonly name: string;
  readonly cnt: string;
  readonly pric: string;
  readonly det_item_fee_sumamt: string;
};

/** An invoice as it was entered, and what it came to then. */
export function ReimbursementContent({ content }: { readonly content: ApprovalDetail['content'] }) {
  const say = useText();
  const may = useMay();
  const text = (name: string) => String(content[name] ?? '');
  const lines = (content.lines ?? []) as Line[];
  return (
    <Flex vertical gap={12}>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          {
            key: 'file',
            label: say({ zh: '参保人', en: 'Person' }),
            children: may('person.read') ? (
              <Link to={`/persons/${text('file')}`}>
                {text('file')} {text('psn_no')}
              </Link>
            ) : (
              text('file')
            ),
          },
          {
            key: 'kind',
            label: say({ zh: '险种与类别', en: 'Insurance, type' }),
            children: `${say(nameOf(INSUTYPE_NAME, text('insutype')))} ${say(nameOf(MED_TYPE_NAME, text('med_type')))} ${text('dise_codg')}`,
          },
          {
            key: 'place',
            label: say({ zh: '就医', en: 'Treated' }),
            children: `${text('fixmedins_name')} ${text('fixmedins_code')}（${text('area_code')}） ${text('begndate')} – ${text('enddate')}`,
          },
          {
            key: 'invoice',
            label: say({ zh: '发票', en: 'Invoice' }),
            children: `${text('invoice_code')} ${text('invoice_number')}`,
          },
        ]}
      />
      <table className="stretch">
        <thead>
          <tr>
            <th style={{ textAlign: 'start' }}>{say({ zh: '项目', en: 'Item' })}</th>
            <th className="number">{say({ zh: '数量', en: 'Count' })}</th>
            <th className="number">{say({ zh: '单价（元）', en: 'Price (yuan)' })}</th>
            <th className="number">{say({ zh: '金额（元）', en: 'Amount (yuan)' })}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.med_list_codg} ${line.name} ${line.det_item_fee_sumamt}`}>
              <td>
                {line.med_list_codg} {line.name}
              </td>
              <td className="number">{line.cnt}</td>
              <td className="number">{line.pric}</td>
              <td className="number">{yuan(fenOf(line.det_item_fee_sumamt))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {content.trial ? <TrialOf trial={content.trial as TrialBody} /> : null}
      <Typography.Text type="secondary">
        {say({
          zh: '试算是录入时的数；批准时按那时的年度累计重新结算。',
          en: 'Tried out when it was entered; approval settles after whatever was settled meanwhile.',
        })}
      </Typography.Text>
    </Flex>
  );
}

/** Rows to be added to a list of items. */
export function ItemsContent({ content }: { readonly content: ApprovalDetail['content'] }) {
  const say = useText();
  const rows = (content.rows ?? []) as Readonly<Record<string, string>>[];
  return (
    <Flex vertical gap={12}>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          { key: 'area', label: say({ zh: '参保地', en: 'Area' }), children: String(content.area_code) },
          {
            key: 'source',
            label: say({ zh: '出处', en: 'Source' }),
            children: `${String(content.document)} ${String(content.article)}`,
          },
        ]}
      />
      {rows.map((row) => (
        <Descriptions
          key={`${row.code} ${row.from}`}
          size="small"
          column={1}
          bordered
          title={`${row.code} ${row.name ?? ''}`}
          items={Object.entries(row)
            .filter(
              ([name, value]) => value !== '' && !['code', 'name', 'document', 'article'].includes(name),
            )
            .map(([name, value]) => ({
              key: name,
              label: say(ITEM_FIELD[name] ?? { zh: name, en: name }),
              children: value,
            }))}
        />
      ))}
    </Flex>
  );
}

const ITEM_FIELD: Readonly<Record<string, { zh: string; en: string }>> = {
  from: { zh: '开始', en: 'From' },
  to: { zh: '结束', en: 'To' },
  class: { zh: '类别', en: 'Class' },
  kind: { zh: '项目种类', en: 'Kind' },
  restricted: { zh: '限定支付', en: 'Restricted' },
  scheme: { zh: '制度', en: 'Scheme' },
  level: { zh: '机构等级', en: 'Level' },
  ceiling: { zh: '限价（元）', en: 'Ceiling (yuan)' },
  prior_type: { zh: '先付类型', en: 'Prior type' },
  prior_ratio: { zh: '先付比例', en: 'Prior ratio' },
  price_from: { zh: '单价起（元）', en: 'Price from (yuan)' },
};
