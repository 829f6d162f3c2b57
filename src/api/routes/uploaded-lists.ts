import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { decideList, LIST_STATES, loadMetadata, type Metadata, type Node } from '#interface/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  listDecision,
  listDecisionBody,
  uploadedListDetail,
  uploadedListPage,
  uploadedListParams,
  uploadedListQuery,
} from '../contract/uploaded-list.ts';
import { apiErrors } from '../errors.ts';
import { answerList, type ListSource } from '../list.ts';
import { maskText } from '../mask.ts';
import { shownOrRevealed } from '../reveal.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const ROWS = `SELECT l.setl_list_id, l.area_id, l.fixmedins_code, l.setl_id, l.setl_ym, l.version, l.state
    , CASE WHEN NOT r.is_void THEN r.quality ->> 'passed' END AS quality
    , coalesce(CASE WHEN NOT r.is_void THEN jsonb_array_length(r.quality -> 'details') END, 0) AS findings
    , CASE WHEN NOT r.is_void THEN r.grouping ->> 'code' END AS group_code
    , l.changed_at
  FROM interface_list AS l
  LEFT JOIN interface_list_result AS r ON r.setl_list_id = l.setl_list_id AND r.version = l.version`;

const LISTS: ListSource = {
  from: `(${ROWS}) AS t`,
  key: 'changed_at DESC, setl_list_id',
  columns: {
    setl_list_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    area_id: { title: { zh: '地区', en: 'Area' } },
    fixmedins_code: { title: { zh: '机构', en: 'Institution' }, filter: 'begins' },
    setl_id: { title: { zh: '结算ID', en: 'Settlement id' }, filter: 'begins' },
    setl_ym: { title: { zh: '月份', en: 'Month' }, filter: 'begins' },
    version: { title: { zh: '版本', en: 'Version' }, kind: 'count' },
    state: { title: { zh: '状态', en: 'State' }, kind: 'count', filter: 'equal' },
    quality: { title: { zh: '质控', en: 'Quality' }, filter: 'equal' },
    findings: { title: { zh: '质控意见数', en: 'Findings' }, kind: 'count' },
    group_code: { title: { zh: '病种', en: 'Group' } },
    changed_at: { title: { zh: '最近变动', en: 'Last change' } },
  },
};

/** Lists that institutions uploaded through their interface. */
export const uploadedListRoutes = [
  route({
    method: 'GET',
    url: '/api/uploaded-lists',
    action: 'uploaded-list.read',
    summary: { zh: '机构上传的清单', en: 'lists that institutions uploaded' },
    query: uploadedListQuery,
    answer: uploadedListPage,
    handle: async ({ query }, context) =>
      answerList(LISTS, query, inStore(context.store), context, { fixmedins_code: context.institution }),
  }),
  ...shownOrRevealed({
    url: '/api/uploaded-lists/:list',
    action: 'uploaded-list.read',
    revealAction: 'case.reveal',
    summary: { zh: '一份清单全文', en: 'one list in full' },
    params: uploadedListParams,
    answer: uploadedListDetail,
    read: ({ list }, { store, institution }, isRevealed) => detail(store, list, institution, isRevealed),
  }),
  route({
    method: 'POST',
    url: '/api/uploaded-lists/:list/decision',
    action: 'uploaded-list.decide',
    summary: {
      zh: '审核已提交的清单：通过（2，终态）或不通过（3，退机构更正）',
      en: 'decide a submitted list: approve (2, final) or reject (3, the institution corrects it)',
    },
    params: uploadedListParams,
    body: listDecisionBody,
    answer: listDecision,
    inTransaction: true,
    handle: async ({ params, body }, { store, login, note }) => {
      note({ list: params.list, decision: body.decision });
      const to = body.decision === 'approve' ? LIST_STATES.approved : LIST_STATES.rejected;
      const { state } = await decideList(store, params.list, to, {
        by: login,
        now: Temporal.Now.instant(),
        ...(body.decision === 'reject' ? { reason: body.reason } : {}),
      });
      return { state };
    },
  }),
];

async function detail(store: Store, id: number, institution: string | undefined, isRevealed: boolean) {
  const { rows } = await sql<Record<string, unknown>>`SELECT * FROM (${sql.raw(ROWS)}) AS t
    WHERE setl_list_id = ${id}`.execute(store);
  const list = rows[0];
  // another institution's list does not exist for a hospital
  if (list === undefined || (institution !== undefined && list.fixmedins_code !== institution)) {
    throw new YibaoError({ definition: apiErrors.notFound, field: 'list', value: String(id) });
  }
  const version = Number(list.version);
  const [sent] = (
    await sql<{ form: string; body: string; received_at: string }>`SELECT form, body, received_at
      FROM interface_list_version WHERE setl_list_id = ${id} AND version = ${version}`.execute(store)
  ).rows;
  const [result] = (
    await sql<{ quality: unknown; grouping: unknown }>`SELECT quality, grouping FROM interface_list_result
      WHERE setl_list_id = ${id} AND version = ${version} AND NOT is_void`.execute(store)
  ).rows;
  const changes = await sql`SELECT version, from_state, to_state, changed_by, reason, changed_at
    FROM interface_list_change WHERE setl_list_id = ${id} ORDER BY id`.execute(store);
  const metadata = loadMetadata();
  const form = metadata.forms.get(sent!.form)!.input;
  return {
    list,
    isRevealed,
    form: sent!.form,
    received_at: sent!.received_at,
    nodes: nodesOf(form, JSON.parse(sent!.body), metadata, isRevealed),
    quality: result?.quality ?? null,
    grouping: result?.grouping ?? null,
    changes: changes.rows,
  };
}

type Json = Readonly<Record<string, unknown>>;
type ShownNode = { key: string; name: string; rows: ReturnType<typeof fieldsOf>[] };

/** The nodes of a message in the order of the form, with the names and meanings its metadata give. */
function nodesOf(node: Node, data: Json, metadata: Metadata, isRevealed: boolean): ShownNode[] {
  const own = fieldsOf(node, data, metadata, isRevealed);
  return [
    ...(own.length > 0 ? [{ key: node.key, name: node.name, rows: [own] }] : []),
    ...node.nodes.flatMap((inner): ShownNode[] => {
      const value = data[inner.key];
      if (inner.isList) {
        const items = (Array.isArray(value) ? value : []) as Json[];
        const rows = items.map((item) => fieldsOf(inner, item, metadata, isRevealed));
        return rows.length === 0 ? [] : [{ key: inner.key, name: inner.name, rows }];
      }
      if (typeof value !== 'object' || value === null) return [];
      return nodesOf(inner, value as Json, metadata, isRevealed);
    }),
  ];
}

function fieldsOf(node: Node, data: Json, { dictionaries }: Metadata, isRevealed: boolean) {
  const nodes = new Set(node.nodes.map(({ key }) => key));
  const known = new Map(node.fields.map((field) => [field.code, field]));
  const names = [...known.keys(), ...Object.keys(data).filter((key) => !known.has(key) && !nodes.has(key))];
  return names.flatMap((key) => {
    const value = data[key];
    if (value === undefined || value === null || value === '' || typeof value === 'object') return [];
    const text = String(value);
    const field = known.get(key);
    const meaning = field?.dictionary ? dictionaries.get(field.dictionary)?.get(text) : undefined;
    return [
      {
        key,
        name: field?.name ?? key,
        value: isRevealed ? text : maskText(key, text),
        meaning: meaning ?? null,
      },
    ];
  });
}
