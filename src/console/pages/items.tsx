import { Flex, Form, Input, Select, Tag } from 'antd';
import { Link } from 'react-router';
import type { ItemBody } from '#api/contract/item.ts';
import { withQuery, write } from '../client.ts';
import { OfInsuredArea } from '../components/area-choice.tsx';
import { DataTable } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { Page } from '../components/page.tsx';
import { SPAN_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Text, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

const { withdrawn: _, ...STATES } = SPAN_NAME;
const CLASSES: Readonly<Record<string, Text>> = {
  A: { zh: '甲类', en: 'A' },
  B: { zh: '乙类', en: 'B' },
  C: { zh: '丙类', en: 'C' },
};
const YES_NO: Readonly<Record<string, Text>> = { yes: { zh: '是', en: 'yes' }, no: { zh: '否', en: 'no' } };
const SCHEMES: Readonly<Record<string, Text>> = {
  employee: { zh: '职工', en: 'employees' },
  resident: { zh: '居民', en: 'residents' },
};

/** The dated list of items of an area: search it, and propose a change with its document. */
export function ItemsPage() {
  const say = useText();
  const may = useMay();
  return (
    <Page
      title={say({ zh: '待遇目录', en: 'List of items' })}
      lead={say({
        zh: '每一行有开始日期与出处；变更是加一行，经他人公布后生效，已拆分的明细不变。',
        en: 'Each row has its first day and source. A change is a further row, published by a second person; lines already split stay.',
      })}
    >
      <OfInsuredArea>
        {(area, choice) => (
          <DataTable<ItemBody>
            path={withQuery('/api/items', { area_code: area })}
            rowKey={(row) => [row.code, row.from, row.scheme, row.level, row.price_from].join(' ')}
            extra={
              <>
                {choice}
                {may('item.prepare') ? <NewItem area={area} /> : null}
                <Link to="/approvals?kind=items">{say({ zh: '待公布的变更', en: 'Changes waiting' })}</Link>
              </>
            }
            empty={say({
              zh: '这个地区没有目录：每个项目按甲类处理。可提出第一条变更。',
              en: 'The area has no list: every item counts as class A. Propose a first row.',
            })}
            filters={[
              { key: 'code', title: say({ zh: '编码开头', en: 'Code begins' }), search: true },
              { key: 'name', title: say({ zh: '名称包含', en: 'Name contains' }), search: true },
              { key: 'class', title: say({ zh: '类别', en: 'Class' }), options: options(CLASSES, say) },
              { key: 'state', title: say({ zh: '今天', en: 'Today' }), options: options(STATES, say) },
            ]}
            columns={[
              { key: 'code', title: say({ zh: '编码', en: 'Code' }), sortable: true },
              { key: 'name', title: say({ zh: '名称', en: 'Name' }), sortable: true },
              {
                key: 'class',
                title: say({ zh: '类别', en: 'Class' }),
                render: (row) => (row.class ? say(nameOf(CLASSES, row.class)) : '–'),
              },
              {
                key: 'restricted',
                title: say({ zh: '限定支付', en: 'Restricted' }),
                render: (row) => (row.restricted ? say(nameOf(YES_NO, row.restricted)) : '–'),
              },
              {
                key: 'ceiling',
                title: say({ zh: '限价（元）', en: 'Ceiling (yuan)' }),
                kind: 'count',
                render: (row) => row.ceiling || '–',
              },
              {
                key: 'prior_ratio',
                title: say({ zh: '先付比例', en: 'Prior ratio' }),
                kind: 'count',
                render: (row) => row.prior_ratio || '–',
              },
              {
                key: 'scheme',
                title: say({ zh: '制度', en: 'Scheme' }),
                render: (row) =>
                  row.scheme ? say(nameOf(SCHEMES, row.scheme)) : say({ zh: '全部', en: 'all' }),
              },
              { key: 'from', title: say({ zh: '开始', en: 'From' }), sortable: true },
              { key: 'to', title: say({ zh: '结束', en: 'To' }) },
              {
                key: 'state',
                title: say({ zh: '今天', en: 'Today' }),
                render: (row) => (
                  <Tag color={row.state === 'in-force' ? 'blue' : 'default'}>
                    {say(nameOf(SPAN_NAME, row.state))}
                  </Tag>
                ),
              },
              {
                key: 'document',
                title: say({ zh: '出处', en: 'Source' }),
                render: (row) => `${row.document} ${row.article}`.trim() || '–',
              },
            ]}
          />
        )}
      </OfInsuredArea>
    </Page>
  );
}

function NewItem({ area }: { readonly area: string }) {
  const say = useText();
  const field = (name: string, label: Text, isNeeded = false, type = 'text') => (
    <Form.Item name={name} label={say(label)} rules={[{ required: isNeeded }]} style={{ flex: '1 1 180px' }}>
      <Input type={type} />
    </Form.Item>
  );
  const choice = (name: string, label: Text, names: Readonly<Record<string, Text>>) => (
    <Form.Item name={name} label={say(label)} style={{ flex: '1 1 120px' }}>
      <Select allowClear options={options(names, say)} />
    </Form.Item>
  );
  return (
    <FormButton
      kind="primary"
      width={720}
      label={say({ zh: '提出变更', en: 'Propose a change' })}
      title={say({ zh: `目录变更 ${area}`, en: `Change of the list ${area}` })}
      okText={say({ zh: '提交', en: 'Submit' })}
      name="item"
      done={say({ zh: '已提交，待他人公布', en: 'Submitted; another person publishes it' })}
      send={({ document, article, ...row }) => {
        const said = Object.entries(row).filter(([, value]) => value !== undefined && value !== null);
        const rows = [Object.fromEntries(said)];
        return write('POST', '/api/approvals', { kind: 'items', area_code: area, document, article, rows });
      }}
    >
      <p style={{ color: 'var(--faint-ink)' }}>
        {say({
          zh: '只写要改的各栏；没有写的沿用以前的行。',
          en: 'Say only what changes; what is left empty stays as earlier rows say.',
        })}
      </p>
      <Flex gap={12} wrap>
        {field('code', { zh: '项目编码', en: 'Code' }, true)}
        {field('name', { zh: '名称', en: 'Name' })}
        {field('from', { zh: '开始', en: 'From' }, true, 'date')}
        {field('to', { zh: '结束（可空）', en: 'To (may be empty)' }, false, 'date')}
      </Flex>
      <Flex gap={12} wrap>
        {choice('class', { zh: '类别', en: 'Class' }, CLASSES)}
        {choice('restricted', { zh: '限定支付', en: 'Restricted' }, YES_NO)}
        {choice('scheme', { zh: '制度', en: 'Scheme' }, SCHEMES)}
        {field('ceiling', { zh: '限价（元）', en: 'Ceiling (yuan)' })}
        {choice('prior_type', { zh: '先付类型', en: 'Prior type' }, PRIOR)}
        {field('prior_ratio', { zh: '先付比例（0–1）', en: 'Prior ratio (0–1)' })}
      </Flex>
      <Flex gap={12} wrap>
        {field('document', { zh: '文件', en: 'Document' }, true)}
        {field('article', { zh: '条款', en: 'Article' }, true)}
      </Flex>
    </FormButton>
  );
}

const PRIOR: Readonly<Record<string, Text>> = {
  '10': { zh: '10 先行自付', en: '10 prior self-pay' },
  '20': { zh: '20 定比例支付', en: '20 direct ratio' },
  '30': { zh: '30 按单价范围', en: '30 by price range' },
};
