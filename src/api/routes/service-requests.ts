import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import {
  addServiceRequest,
  closeServiceRequest,
  enrolmentErrors,
  readServiceItems,
  type ServiceItem,
} from '#enrolment/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  anyRequestPage,
  closeRequestBody,
  newServiceRequest,
  requestMade,
  serviceItemPage,
  serviceItemQuery,
  serviceRequestParams,
  serviceRequestQuery,
} from '../contract/service-request.ts';
import { answerList, answerRows, type ListSource } from '../list.ts';
import { masked } from '../mask.ts';
import { PERSON_LISTS, SERVICE_REQUESTS } from '../person-lists.ts';
import { emptyAnswer } from '../register.ts';
import { type Context, route } from '../route.ts';
import { inStore } from '../store-list.ts';
import { personByFile, today } from './persons.ts';

const REQUESTS: ListSource = {
  from: `(SELECT r.request_id, r.item, p.file_number AS file, coalesce(p.name, '') AS psn_name, r.applicant, r.channel, r.note,
      r.received_on, r.due_on, r.state, r.overdue, r.closed_on, r.closed_by, r.outcome, r.rating, r.comment
    FROM ${SERVICE_REQUESTS} AS r LEFT JOIN person AS p ON p.psn_no = r.psn_no) AS t`,
  key: 'request_id DESC',
  columns: {
    request_id: PERSON_LISTS.requests.columns.request_id!,
    item: { title: { zh: '事项', en: 'Item' }, filter: 'equal' },
    file: { title: { zh: '档案号', en: 'File' }, kind: 'count' },
    psn_name: { title: { zh: '姓名', en: 'Name' } },
    applicant: { title: { zh: '单位或机构', en: 'Unit or institution' } },
    channel: { title: { zh: '渠道', en: 'Channel' }, filter: 'equal' },
    note: { title: { zh: '说明', en: 'Note' } },
    received_on: { title: { zh: '受理日期', en: 'Received' } },
    due_on: { title: { zh: '办结期限', en: 'Due' } },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    overdue: { title: { zh: '超期', en: 'Overdue' }, filter: 'equal' },
    closed_on: { title: { zh: '办结日期', en: 'Closed' } },
    closed_by: { title: { zh: '办结人', en: 'Closed by' } },
    outcome: { title: { zh: '结果', en: 'Outcome' } },
    rating: { title: { zh: '评价', en: 'Rating' }, kind: 'count' },
    comment: { title: { zh: '意见', en: 'Comment' } },
  },
};

const count = (zh: string, en: string) => ({ title: { zh, en }, kind: 'count' }) as const;
const ITEM_COLUMNS: ListSource['columns'] = {
  code: { title: { zh: '序号', en: 'Number' } },
  group_zh: { title: { zh: '类别', en: 'Group (Chinese)' } },
  group_en: { title: { zh: '类别（英文）', en: 'Group' } },
  zh: { title: { zh: '事项', en: 'Item (Chinese)' } },
  en: { title: { zh: '事项（英文）', en: 'Item' } },
  for: { title: { zh: '申请人', en: 'Applicant' }, filter: 'equal' },
  limit_working_days: count('办理时限（工作日）', 'Limit (working days)'),
  limit_basis: { title: { zh: '时限依据', en: 'Basis of the limit' } },
  received: count('受理', 'Received'),
  open: count('在办', 'Open'),
  overdue: count('超期在办', 'Overdue'),
  in_time: count('按时办结', 'Closed in time'),
  closed: count('办结', 'Closed'),
  rated: count('评价数', 'Ratings'),
  rating4: { title: { zh: '平均满意度（满分 5）', en: 'Mean rating (of 5)' }, kind: 'scaled4' },
};

/** The 28 service items, what is asked for, until when, and how it was found. */
export const serviceRequestRoutes = [
  route({
    method: 'GET',
    url: '/api/service-items',
    action: 'service-item.read',
    summary: {
      zh: '服务事项清单，含时限、按时办结与满意度',
      en: 'the service items with time limits, timeliness and satisfaction',
    },
    query: serviceItemQuery,
    answer: serviceItemPage,
    handle: async ({ query }, context) => {
      const { rows } = await sql<{ item: string; rating_sum: number } & Record<string, number>>`SELECT item,
          count(*) AS received, count(*) FILTER (WHERE state = 'received') AS open,
          count(*) FILTER (WHERE state = 'received' AND due_on < ${today()}::date) AS overdue,
          count(*) FILTER (WHERE state <> 'received' AND (due_on IS NULL OR closed_on <= due_on)) AS in_time,
          count(*) FILTER (WHERE state <> 'received') AS closed, count(rating) AS rated,
          coalesce(sum(rating), 0)::bigint AS rating_sum
        FROM service_request GROUP BY item`.execute(context.store);
      const known = new Map(rows.map((row) => [row.item, row]));
      const items = itemsOf(context).map((item) => {
        const { rating_sum = 0, item: _, ...sums } = known.get(item.code) ?? {};
        const rated = (sums as { rated?: number }).rated ?? 0;
        return {
          code: item.code,
          group_zh: item.group.zh,
          group_en: item.group.en,
          zh: item.title.zh,
          en: item.title.en,
          for: item.for,
          limit_working_days: item.limitWorkingDays ?? null,
          limit_basis: item.limitBasis,
          ...NOTHING,
          ...sums,
          // × 10⁴, half up
          rating4: rated === 0 ? null : Math.floor((rating_sum * 20_000 + rated) / (2 * rated)),
        };
      });
      return answerRows(ITEM_COLUMNS, items, query, context);
    },
  }),
  route({
    method: 'GET',
    url: '/api/service-requests',
    action: 'service-request.read',
    summary: { zh: '办件，最近受理的在前', en: 'requests, the last received first' },
    query: serviceRequestQuery,
    answer: anyRequestPage,
    handle: async ({ query }, context) =>
      answerList(REQUESTS, query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'POST',
    url: '/api/service-requests',
    action: 'service-request.write',
    summary: { zh: '受理一项服务', en: 'receive a request' },
    body: newServiceRequest,
    answer: requestMade,
    status: 201,
    inTransaction: true,
    handle: async ({ body }, context) => {
      const { file, ...rest } = body;
      const person = file === null ? undefined : await personByFile(context.store, file);
      return receiveRequest(context, { ...rest, psnNo: person?.psn_no, channel: 'counter' });
    },
  }),
  route({
    method: 'POST',
    url: '/api/service-requests/:id/close',
    action: 'service-request.write',
    summary: { zh: '办结或不予办理', en: 'finish a request, or refuse it' },
    params: serviceRequestParams,
    body: closeRequestBody,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const by = { login: context.login, day: today() };
      await closeServiceRequest(context.store, params.id, body, by);
      context.note({ id: params.id, state: body.state });
      return {};
    },
  }),
];

const NOTHING = { received: 0, open: 0, overdue: 0, in_time: 0, closed: 0, rated: 0 };

/** The items of the area, `benefits/service-items.csv` of the data folder, else those of the national list. */
function itemsOf({ dataFolder }: Pick<Context, 'dataFolder'>): ServiceItem[] {
  const own = join(dataFolder, 'benefits', 'service-items.csv');
  return existsSync(own) ? readServiceItems(own) : readServiceItems();
}

export async function receiveRequest(
  context: Context,
  given: {
    readonly item: string;
    readonly psnNo: string | undefined;
    readonly applicant: string;
    readonly channel: 'counter' | 'online';
    readonly note: string;
  },
): Promise<{ id: number }> {
  const item = itemsOf(context).find(({ code }) => code === given.item);
  if (item === undefined) {
    throw new YibaoError({ definition: enrolmentErrors.noSuchItem, field: 'item', value: given.item });
  }
  const by = { login: context.login, day: today() };
  const id = await addServiceRequest(context.store, { ...given, item }, by);
  context.note({ id, item: item.code });
  return { id };
}
