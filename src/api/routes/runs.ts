import { findRun, startRun } from '#workflow/index.ts';
import { jobStarted } from '../contract/job.ts';
import { runPage, runParams, runQuery, runSchema, startRunBody } from '../contract/run.ts';
import { answerList, type ListSource } from '../list.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const RUNS: ListSource = {
  from: `(SELECT r.id, r.area_id AS "areaId", a.name AS "areaName", r.year, r.state, r.job_id AS "jobId",
    r.created_by AS "createdBy", r.created_at AS "createdAt", r.settled_at AS "settledAt"
    FROM run AS r JOIN area AS a ON a.id = r.area_id) AS t`,
  key: 'id DESC',
  columns: {
    id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    areaId: { title: { zh: '地区', en: 'Area' }, filter: 'equal' },
    areaName: { title: { zh: '名称', en: 'Name' } },
    year: { title: { zh: '年度', en: 'Year' }, kind: 'count', filter: 'equal' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    jobId: { title: { zh: '任务', en: 'Job' }, kind: 'count' },
    createdBy: { title: { zh: '经办人', en: 'Started by' } },
    createdAt: { title: { zh: '开始时间', en: 'Started at' } },
    settledAt: { title: { zh: '完成时间', en: 'Settled at' } },
  },
};

export const runRoutes = [
  route({
    method: 'GET',
    url: '/api/runs',
    action: 'run.read',
    summary: { zh: '结算列表，新的在前', en: 'settlements, the newest first' },
    query: runQuery,
    answer: runPage,
    handle: async ({ query }, context) => answerList(RUNS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/runs',
    action: 'run.start',
    summary: { zh: '结算一个年度', en: 'settle a year' },
    body: startRunBody,
    answer: jobStarted,
    status: 202,
    inTransaction: true,
    handle: async ({ body }, { store, jobs, login, language, note, afterwards }) => {
      const started = await startRun(store, { ...body, createdBy: login, language });
      note({ ...body, ...started });
      afterwards(() => jobs.wake());
      return started;
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id',
    action: 'run.read',
    summary: { zh: '一次结算', en: 'one settlement' },
    params: runParams,
    answer: runSchema,
    handle: async ({ params }, { store }) => findRun(store, params.id),
  }),
];
