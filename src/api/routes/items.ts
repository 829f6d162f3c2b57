import { sql } from 'kysely';
import type { ItemBody } from '../contract/item.ts';
import { insuredAreas, itemPage, itemQuery } from '../contract/item.ts';
import { answerRows, type ListSource } from '../list.ts';
import { route } from '../route.ts';
import { today } from './persons.ts';

const text = (zh: string, en: string) => ({ title: { zh, en } });
const COLUMNS: ListSource['columns'] = {
  code: { ...text('项目编码', 'Item'), filter: 'begins' },
  name: { ...text('名称', 'Name'), filter: 'contains' },
  class: { ...text('目录类别', 'Class'), filter: 'equal' },
  kind: text('项目种类', 'Kind'),
  restricted: text('限定支付', 'Restricted'),
  scheme: text('制度', 'Scheme'),
  level: text('机构等级', 'Level'),
  from: text('开始', 'From'),
  to: text('结束', 'To'),
  ceiling: text('限价（元）', 'Ceiling (yuan)'),
  prior_type: text('先付类型', 'Prior type'),
  prior_ratio: text('先付比例', 'Prior ratio'),
  price_from: text('单价起（元）', 'Price from (yuan)'),
  document: text('文件', 'Document'),
  article: text('条款', 'Article'),
  state: { ...text('状态', 'State'), filter: 'equal' },
};

/** The lists of items of insured areas. They are changed by approvals of the kind `items`. */
export const itemRoutes = [
  route({
    method: 'GET',
    url: '/api/insured-areas',
    action: 'item.read',
    summary: { zh: '有参保人的地区', en: 'areas with insured persons' },
    answer: insuredAreas,
    handle: async (_parts, { store }) => {
      const { rows } = await sql`SELECT insuplc_admdvs AS area_code, count(DISTINCT psn_no) AS persons
        FROM enrolment GROUP BY 1 ORDER BY 2 DESC, 1`.execute(store);
      return { rows };
    },
  }),
  route({
    method: 'GET',
    url: '/api/items',
    action: 'item.read',
    summary: {
      zh: '一个地区的待遇目录，每行有开始与结束日期',
      en: 'the list of items of an area, each row with its dates',
    },
    query: itemQuery,
    answer: itemPage,
    handle: async ({ query }, context) => {
      const date = query.date ?? today();
      const rows = context.benefits.itemsOf(query.area_code).map((row): ItemBody => {
        const state = row.from > date ? 'to-come' : row.to !== '' && row.to < date ? 'past' : 'in-force';
        return { ...row, state };
      });
      return answerRows(COLUMNS, rows, query, context);
    },
  }),
];
