import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import {
  COMPARED_FIELDS,
  compareFiles,
  decideReview,
  FUNNEL,
  findWork,
  HOLDS,
  mappingOf,
  nextWorkSteps,
  readMappings,
  readWeights,
  reviewDetail,
  stepsOf,
  takeWorkStep,
} from '#enrolment/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { addJob, workflowErrors } from '#workflow/index.ts';
import {
  comparisonParams,
  comparisonSchema,
  decidedSchema,
  decideReviewBody,
  departmentFilePage,
  departmentFileParams,
  departmentFileQuery,
  departmentRowPage,
  departmentRowQuery,
  departmentsSchema,
  findBody,
  foundSchema,
  funnelPage,
  funnelQuery,
  landFileQuery,
  mergePage,
  mergeQuery,
  reviewDetailSchema,
  reviewPage,
  reviewParams,
  reviewQuery,
  workItemDetail,
  workItemPage,
  workItemParams,
  workItemQuery,
  workStepBody,
} from '../contract/enrolment.ts';
import { jobStarted } from '../contract/job.ts';
import { apiErrors } from '../errors.ts';
import { answerList, type ListSource } from '../list.ts';
import { masked, maskRow, maskText } from '../mask.ts';
import { shownOrRevealed } from '../reveal.ts';
import { type Context, lastly, route } from '../route.ts';
import { inStore } from '../store-list.ts';
import { filesOf } from '../uploaded-files.ts';

const FILE = { zh: '档案号', en: 'File number' };
const NAME = { zh: '姓名', en: 'Name' };

const FILES: ListSource = {
  from: `(SELECT f.file_id, f.department, f.holds, f.file_name, f.sha256, f.rows, f.landed_by, f.landed_at,
      count(r.line) FILTER (WHERE r.state IN ('linked', 'decided'))::integer AS linked,
      count(DISTINCT r.psn_no) FILTER (WHERE r.state = 'new')::integer AS new_persons,
      count(r.line) FILTER (WHERE r.state = 'review')::integer AS to_review,
      count(r.line) FILTER (WHERE r.state IN ('unusable', 'refused'))::integer AS unusable,
      count(r.line) FILTER (WHERE r.problems <> '[]')::integer AS with_problems
    FROM department_file AS f LEFT JOIN department_row AS r ON r.file_id = f.file_id
    WHERE NOT EXISTS (SELECT 1 FROM landing AS l WHERE l.file_id = f.file_id) GROUP BY f.file_id) AS t`,
  key: 'file_id DESC',
  columns: {
    file_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    department: { title: { zh: '部门', en: 'Department' }, filter: 'begins' },
    holds: { title: { zh: '内容', en: 'Holds' }, filter: 'equal' },
    file_name: { title: { zh: '文件', en: 'File' }, filter: 'contains' },
    sha256: { title: { zh: 'SHA-256', en: 'SHA-256' } },
    rows: { title: { zh: '行数', en: 'Rows' }, kind: 'count' },
    linked: { title: { zh: '归入档案', en: 'Linked' }, kind: 'count' },
    new_persons: { title: { zh: '新建档案', en: 'New persons' }, kind: 'count' },
    to_review: { title: { zh: '待复核', en: 'To review' }, kind: 'count' },
    unusable: { title: { zh: '不能用', en: 'Unusable' }, kind: 'count' },
    with_problems: { title: { zh: '有问题的行', en: 'With problems' }, kind: 'count' },
    landed_by: { title: { zh: '导入人', en: 'Landed by' } },
    landed_at: { title: { zh: '导入时间', en: 'Landed at' } },
  },
};

const ROWS_OF_FILE = (fileId: number): ListSource => ({
  from: `(SELECT r.line, r.name AS psn_name, r.certno_given AS certno, r.brdy, r.county, r.state, r.reason,
      p.file_number AS file,
      coalesce((SELECT string_agg(problem ->> 'field', ' ' ORDER BY place)
        FROM jsonb_array_elements(r.problems) WITH ORDINALITY AS t (problem, place)), '') AS problems
    FROM department_row AS r LEFT JOIN person AS p ON p.psn_no = r.psn_no WHERE r.file_id = ${Math.trunc(fileId)}) AS t`,
  key: 'line',
  columns: {
    line: { title: { zh: '行', en: 'Line' }, kind: 'count' },
    psn_name: { title: NAME },
    certno: { title: { zh: '证件号码', en: 'Certificate' } },
    brdy: { title: { zh: '出生日期', en: 'Birth date' } },
    county: { title: { zh: '区县', en: 'County' }, filter: 'begins' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    reason: { title: { zh: '依据', en: 'Reason' }, filter: 'equal' },
    file: { title: FILE, kind: 'count' },
    problems: { title: { zh: '读不了的字段', en: 'Unreadable fields' } },
  },
});

const REVIEWS: ListSource = {
  from: `(SELECT v.review_id, v.source, v.line, v.reason, v.state, v.row ->> 'name' AS psn_name,
      coalesce(nullif(v.row ->> 'county', ''), v.row ->> 'insuplc_admdvs') AS county,
      jsonb_array_length(v.candidates) AS candidates, v.best_weight100, p.file_number AS file, v.decided_by, v.decided_at,
      v.made_at
    FROM person_review AS v LEFT JOIN person AS p ON p.psn_no = v.psn_no) AS t`,
  key: 'review_id',
  columns: {
    review_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    source: { title: { zh: '来源', en: 'Source' }, filter: 'begins' },
    line: { title: { zh: '行', en: 'Line' }, kind: 'count' },
    reason: { title: { zh: '原因', en: 'Reason' }, filter: 'equal' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    psn_name: { title: NAME },
    county: { title: { zh: '区县', en: 'County' } },
    candidates: { title: { zh: '候选档案数', en: 'Candidates' }, kind: 'count' },
    best_weight100: {
      title: { zh: '最高权重（百分之一比特）', en: 'Best weight (1/100 bit)' },
      kind: 'count',
    },
    file: { title: FILE, kind: 'count' },
    decided_by: { title: { zh: '决定人', en: 'Decided by' } },
    decided_at: { title: { zh: '决定时间', en: 'Decided at' } },
    made_at: { title: { zh: '进入队列', en: 'Since' } },
  },
};

const MERGES: ListSource = {
  from: `(SELECT m.merge_id, a.file_number AS from_file, b.file_number AS into_file, a.name AS psn_name,
      (SELECT string_agg(key || ' ' || value || coalesce(' - ' || nullif(m.moved -> 'stayed' ->> key, '0'), ''), ', ' ORDER BY key)
        FROM jsonb_each_text(m.moved -> 'before') WHERE value <> '0') AS moved, m.reason, m.merged_by, m.merged_at,
      nullif(m.approval_id, '') AS approval_id, (SELECT created_by FROM approval AS v WHERE v.id::text = m.approval_id) AS proposed_by
    FROM person_merge AS m JOIN person AS a ON a.psn_no = m.from_psn_no JOIN person AS b ON b.psn_no = m.into_psn_no) AS t`,
  key: 'merge_id DESC',
  columns: {
    merge_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    from_file: { title: { zh: '并入前的档案号', en: 'From file' }, kind: 'count', filter: 'equal' },
    into_file: { title: { zh: '并入的档案号', en: 'Into file' }, kind: 'count', filter: 'equal' },
    psn_name: { title: NAME },
    moved: { title: { zh: '转移的行（减去留下的）', en: 'Rows moved (less what stayed)' } },
    reason: { title: { zh: '理由', en: 'Reason' } },
    proposed_by: { title: { zh: '提出人', en: 'Proposed by' } },
    merged_by: { title: { zh: '批准人', en: 'Approved by' } },
    merged_at: { title: { zh: '时间', en: 'Merged at' } },
    approval_id: { title: { zh: '审批事项', en: 'Approval' } },
  },
};

const ITEMS: ListSource = {
  from: `(SELECT w.item_id, w.kind, p.file_number AS file, p.name AS psn_name, w.county, w.organisation, w.reason,
      CASE w.kind WHEN 'two-files' THEN '' ELSE w.detail END AS detail,
      CASE w.kind WHEN 'two-files' THEN (SELECT q.file_number FROM person AS q WHERE q.psn_no = w.detail) END AS other_file, w.state, w.found_on, w.changed_at FROM work_item AS w JOIN person AS p ON p.psn_no = w.psn_no) AS t`,
  key: 'county, item_id',
  columns: {
    item_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    kind: { title: { zh: '清单', en: 'List' }, filter: 'equal' },
    file: { title: FILE, kind: 'count' },
    psn_name: { title: NAME },
    county: { title: { zh: '区县', en: 'County' }, filter: 'begins' },
    organisation: { title: { zh: '单位、学校或街道', en: 'Organisation' }, filter: 'begins' },
    reason: { title: { zh: '原因', en: 'Reason' }, filter: 'equal' },
    detail: { title: { zh: '依据', en: 'Detail' } },
    other_file: { title: { zh: '另一份档案', en: 'Other file' }, kind: 'count' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    found_on: { title: { zh: '发现日', en: 'Found on' } },
    changed_at: { title: { zh: '最近办理', en: 'Last step' } },
  },
};

const FUNNELS: ListSource = {
  from: `(${FUNNEL}) AS t`,
  key: 'kind, county',
  columns: {
    kind: { title: { zh: '清单', en: 'List' }, filter: 'equal' },
    county: { title: { zh: '区县', en: 'County' }, filter: 'begins' },
    found: { title: { zh: '发现', en: 'Found' }, kind: 'count' },
    contacted: { title: { zh: '已联系', en: 'Contacted' }, kind: 'count' },
    open: { title: { zh: '未办结', en: 'Open' }, kind: 'count' },
    enrolled: { title: { zh: '已参保', en: 'Enrolled' }, kind: 'count' },
    resolved: { title: { zh: '已处理', en: 'Resolved' }, kind: 'count' },
    refused: { title: { zh: '不愿办理', en: 'Refused' }, kind: 'count' },
    wrong_data: { title: { zh: '数据有误', en: 'Wrong data' }, kind: 'count' },
  },
};

/** Files of departments, the review queue, merges, and the lists of people to call on. */
export const enrolmentRoutes = [
  route({
    method: 'GET',
    url: '/api/departments',
    action: 'person.read',
    summary: { zh: '可以导入的部门及其列名', en: 'departments whose files can be read, and their columns' },
    answer: departmentsSchema,
    handle: async (_parts, { dataFolder }) => ({
      rows: [...readMappings(dataFolder).values()].map(({ department, title, holds, expects, columns }) => ({
        ...{ department, title, holds, expects },
        columns: [...columns].map(([field, { from }]) => ({
          field,
          from,
          isNeeded: (HOLDS[holds] as readonly string[]).includes(field),
        })),
      })),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/department-files',
    action: 'person.read',
    summary: { zh: '部门文件，最近的在前', en: 'files of departments, the latest first' },
    query: departmentFileQuery,
    answer: departmentFilePage,
    handle: async ({ query }, context) => answerList(FILES, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/department-files',
    action: 'person.land',
    summary: {
      zh: '导入部门文件（任务）：原样保存，逐行归入档案或进入复核队列；结果 `files` 写明每个文件各有多少行',
      en: 'land files of a department, as a job: kept as they are, each row linked or put into the review queue; its result `files` says how many',
    },
    query: landFileQuery,
    answer: jobStarted,
    status: 202,
    takesFiles: true,
    handle: async ({ query }, context) => {
      const input = await receiveFiles(query.department, context);
      const { jobs, login, language, note, afterwards } = context;
      return lastly(async (db) => {
        const jobId = await addJob(db, { kind: 'department-file', input, createdBy: login, language });
        note({ jobId, department: input.department, files: input.names });
        afterwards(() => jobs.wake());
        return { jobId };
      });
    },
  }),
  route({
    method: 'GET',
    url: '/api/department-files/:file/rows',
    action: 'person.read',
    summary: { zh: '部门文件的各行归入了谁，个人信息遮蔽', en: 'to whom the rows of a file belong, masked' },
    params: departmentFileParams,
    query: departmentRowQuery,
    answer: departmentRowPage,
    handle: async ({ params, query }, context) =>
      answerList(ROWS_OF_FILE(params.file), query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'GET',
    url: '/api/person-reviews',
    action: 'person.read',
    summary: { zh: '待复核的行', en: 'rows that wait for a decision' },
    query: reviewQuery,
    answer: reviewPage,
    handle: async ({ query }, context) => answerList(REVIEWS, query, masked(inStore(context.store)), context),
  }),
  ...shownOrRevealed({
    url: '/api/person-reviews/:review',
    action: 'person.read',
    revealAction: 'person.reveal',
    summary: {
      zh: '一行及其候选档案，逐字段说明权重',
      en: 'a row with its candidates, weights field by field',
    },
    params: reviewParams,
    answer: reviewDetailSchema,
    read: ({ review }, { store }, isRevealed) => reviewBody(store, review, isRevealed),
  }),
  route({
    method: 'POST',
    url: '/api/person-reviews/:review/decision',
    action: 'person.decide',
    summary: { zh: '决定：归入档案、新建档案或不采用', en: 'decide: link, new person or reject' },
    params: reviewParams,
    body: decideReviewBody,
    answer: decidedSchema,
    inTransaction: true,
    handle: async ({ params, body }, { store, login, note }) => {
      const { decision, reason, file } = body;
      const psnNo = file === undefined ? undefined : await numberOf(store, file);
      const given = { reviewId: params.review, decision, psnNo, reason, login };
      const decided = await decideReview(store, given, Temporal.Now.instant());
      const target = decided.psnNo === null ? null : await fileOf(store, decided.psnNo);
      note({ review: params.review, decision, reason, file: target });
      return { file: target };
    },
  }),
  route({
    method: 'GET',
    url: '/api/person-merges',
    action: 'person.read',
    summary: { zh: '合并过的档案', en: 'files that were put together' },
    query: mergeQuery,
    answer: mergePage,
    handle: async ({ query }, context) => answerList(MERGES, query, masked(inStore(context.store)), context),
  }),
  ...shownOrRevealed({
    url: '/api/person-comparisons/:from/:into',
    action: 'person.read',
    revealAction: 'person.reveal',
    summary: {
      zh: '两份档案并排：异同，以及合并时转移什么',
      en: 'two files side by side: what differs, and what a merge would carry over',
    },
    params: comparisonParams,
    answer: comparisonSchema,
    read: ({ from, into }, { store }, isRevealed) => comparisonBody(store, from, into, isRevealed),
  }),
  route({
    method: 'GET',
    url: '/api/work-items',
    action: 'work-list.read',
    summary: { zh: '参保工作清单', en: 'the lists of people to call on' },
    query: workItemQuery,
    answer: workItemPage,
    handle: async ({ query }, context) => answerList(ITEMS, query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'GET',
    url: '/api/work-funnel',
    action: 'work-list.read',
    summary: { zh: '漏斗：发现、联系、参保，按清单与区县', en: 'the funnel by list and county' },
    query: funnelQuery,
    answer: funnelPage,
    handle: async ({ query }, context) => answerList(FUNNELS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/work-items/find',
    action: 'work-list.find',
    summary: { zh: '按某日重新生成工作清单', en: 'make the lists anew for a day' },
    body: findBody,
    answer: foundSchema,
    inTransaction: true,
    handle: async ({ body }, { store, login, note }) => {
      const rows = await findWork(store, { asOf: body.asOf, login }, Temporal.Now.instant());
      note({ asOf: body.asOf, found: rows.reduce((sum, { found }) => sum + found, 0) });
      return { rows };
    },
  }),
  ...shownOrRevealed({
    url: '/api/work-items/:item',
    action: 'work-list.read',
    revealAction: 'person.reveal',
    summary: { zh: '一个人的办理经过与联系方式', en: 'what happened with one person, and the contacts' },
    params: workItemParams,
    answer: workItemDetail,
    read: ({ item }, { store }, isRevealed) => itemBody(store, item, isRevealed),
  }),
  route({
    method: 'POST',
    url: '/api/work-items/:item/steps',
    action: 'work-list.act',
    summary: { zh: '登记联系结果', en: 'write down what came of a call' },
    params: workItemParams,
    body: workStepBody,
    answer: workItemDetail,
    inTransaction: true,
    handle: async ({ params, body }, { store, login, note }) => {
      const given = { itemId: params.item, ...body, login };
      const { state } = await takeWorkStep(store, given, Temporal.Now.instant());
      note({ item: params.item, action: body.action, state });
      return itemBody(store, params.item, false);
    },
  }),
];

const notFound = (field: string, value: number) =>
  new YibaoError({ definition: apiErrors.notFound, field, value: String(value) });

/** The number of the person whose file it is. @throws YibaoError api.not-found */
export async function numberOf(store: Store, file: number, field = 'file'): Promise<string> {
  const { rows } = await sql<{
    psn_no: string;
  }>`SELECT psn_no FROM person WHERE file_number = ${file}`.execute(store);
  if (rows[0] === undefined) throw notFound(field, file);
  return rows[0].psn_no;
}

async function fileOf(store: Store, psnNo: string): Promise<number> {
  const { rows } = await sql<{
    file: number;
  }>`SELECT file_number AS file FROM person WHERE psn_no = ${psnNo}`.execute(store);
  return rows[0]!.file;
}

/** Writes what is uploaded to disk for a job that lands it and takes it away again. */
async function receiveFiles(department: string, { request, dataFolder }: Context) {
  mappingOf(department, dataFolder);
  const folder = `department-${randomUUID()}`;
  const path = join(dataFolder, 'inbox', folder);
  await mkdir(path, { recursive: true });
  const names: string[] = [];
  try {
    for await (const { name, content } of filesOf(request)) {
      await pipeline(content, createWriteStream(join(path, String(names.length))));
      names.push(name.slice(-200));
    }
    if (names.length === 0) throw new YibaoError({ definition: workflowErrors.uploadEmpty, field: 'file' });
    return { department, folder, names };
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/** The field of `mask.ts` that a compared field is. */
const MASKED_AS: Readonly<Record<string, string>> = {
  name: 'psn_name',
  certno_given: 'certno',
  old_certno: 'certno',
};
const shownAs = (isRevealed: boolean) => (field: string, value: string) =>
  isRevealed ? value : maskText(MASKED_AS[field] ?? field, value);

const ROW_FIELDS = [
  ...[
    'name',
    'certno_given',
    'certno',
    'old_certno',
    'gend',
    'brdy',
    'tel',
    'addr',
    'county',
    'insutype',
    'psn_type',
  ],
  ...['begndate', 'enddate', 'insuplc_admdvs', 'emp_name'],
];

async function reviewBody(store: Store, id: number, isRevealed: boolean) {
  const weights = readWeights();
  const { review, record, candidates } = await reviewDetail(store, id, weights);
  const shown = shownAs(isRevealed);
  const files = await sql<{ psn_no: string; file: number }>`SELECT psn_no, file_number AS file FROM person
    WHERE psn_no = ANY(${candidates.map(({ psnNo }) => psnNo)}::text[])`.execute(store);
  const fileOfNumber = new Map(files.rows.map(({ psn_no, file }) => [psn_no, file]));
  const textOf = (from: typeof record, field: string): string =>
    ({
      name: shown('name', from.name),
      brdy: shown('brdy', from.brdy ?? ''),
      gend: from.gend,
      addr: from.addrs.map((addr) => shown('addr', addr)).join(' · '),
      tel: from.tels.map((tel) => shown('tel', tel)).join(' · '),
      certno: from.certnos.map((certno) => shown('certno', certno)).join(' · '),
    })[field] ?? '';
  const [listed] = await inStore(store)(`SELECT * FROM ${REVIEWS.from} WHERE review_id = $1`, [id]);
  return {
    review: isRevealed ? listed : maskRow(listed!),
    isRevealed,
    decision_reason: review.decision_reason,
    row: ROW_FIELDS.flatMap((field) => {
      const value = review.row[field];
      if (value === null || value === undefined || value === '') return [];
      return [{ field, value: shown(field, String(value)) }];
    }),
    candidates: candidates.map((one) => ({
      file: fileOfNumber.get(one.psnNo)!,
      psn_name: shown('name', one.record.name),
      sum100: one.sum100,
      fields: one.weights.map(({ field, level, weight100 }) => ({
        field,
        title: weights.fields[field].title,
        ofRow: textOf(record, field),
        ofPerson: textOf(one.record, field),
        level: level ?? null,
        weight100,
      })),
    })),
    reviewFrom100: weights.reviewFrom100,
  };
}

/** Two files as they stand; amounts and days are no personal data, but who it is. */
async function comparisonBody(store: Store, fromFile: number, intoFile: number, isRevealed: boolean) {
  const from = await numberOf(store, fromFile, 'from');
  const { fields, ...compared } = await compareFiles(store, from, await numberOf(store, intoFile, 'into'));
  const shown = shownAs(isRevealed);
  return {
    ...compared,
    ...{ fromFile, intoFile, isRevealed },
    fields: fields.map(({ field, from: one, into: other, difference }) => ({
      ...{ field, title: COMPARED_FIELDS[field], difference },
      from: one.map((value) => shown(field, value)),
      into: other.map((value) => shown(field, value)),
    })),
  };
}

async function itemBody(store: Store, id: number, isRevealed: boolean) {
  const [item] = await inStore(store)(`SELECT * FROM ${ITEMS.from} WHERE item_id = $1`, [id]);
  if (item === undefined) throw notFound('item', id);
  const shown = shownAs(isRevealed);
  type Told = { kind: string; value: string };
  const { rows } = await sql<{
    certificates: { psn_cert_type: string; certno: string }[];
    contacts: Told[];
  }>`SELECT
      coalesce((SELECT jsonb_agg(jsonb_build_object('psn_cert_type', psn_cert_type, 'certno', certno) ORDER BY certno)
        FROM person_certificate AS c WHERE c.psn_no = w.psn_no), '[]') AS certificates,
      coalesce((SELECT jsonb_agg(jsonb_build_object('kind', kind, 'value', value) ORDER BY kind DESC, value)
        FROM person_contact AS c WHERE c.psn_no = w.psn_no), '[]') AS contacts
    FROM work_item AS w WHERE w.item_id = ${id}`.execute(store);
  const steps = await sql<{ action: string }>`SELECT number, action, from_state, to_state, login, note, at
    FROM work_item_step WHERE item_id = ${id} ORDER BY number`.execute(store);
  const { kind, state } = item as { kind: string; state: string };
  const titles = new Map(stepsOf(kind).map(({ action, title }) => [action, title]));
  const { certificates, contacts } = rows[0]!;
  return {
    item: isRevealed ? item : maskRow(item),
    isRevealed,
    person: {
      psn_name: shown('name', String(item.psn_name)),
      certificates: certificates.map((one) => ({ ...one, certno: shown('certno', one.certno) })),
      contacts: contacts.map((one) => ({ kind: one.kind, value: shown(one.kind, one.value) })),
    },
    steps: steps.rows.map((step) => ({ ...step, title: titles.get(step.action)! })),
    actions: nextWorkSteps(kind, state).map(({ action, title, to, needsNote }) => ({
      action,
      title,
      to,
      needsNote,
    })),
  };
}
