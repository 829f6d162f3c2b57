import type { Language } from '#kernel/locale.ts';
import { cancelJob, findJob, type Job, retryJob } from '#workflow/index.ts';
import { type JobBody, jobPage, jobParams, jobQuery, jobSchema } from '../contract/job.ts';
import { answerList, type ListSource } from '../list.ts';
import { type Context, route } from '../route.ts';
import { inStore } from '../store-list.ts';

const ENDED = ['done', 'failed', 'cancelled', 'interrupted'];

const JOBS: ListSource = {
  from: `(SELECT id, kind, state, attempt, stage, share_permille AS "sharePermille", created_by AS "createdBy",
    created_at AS "createdAt", started_at AS "startedAt", ended_at AS "endedAt" FROM job) AS t`,
  key: 'id DESC',
  columns: {
    id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    kind: { title: { zh: '种类', en: 'Kind' }, filter: 'equal' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    attempt: { title: { zh: '次数', en: 'Attempt' }, kind: 'count' },
    stage: { title: { zh: '进行到', en: 'Stage' } },
    sharePermille: { title: { zh: '千分比', en: 'Thousandths done' }, kind: 'count' },
    createdBy: { title: { zh: '发起人', en: 'Started by' } },
    createdAt: { title: { zh: '发起时间', en: 'Asked for at' } },
    startedAt: { title: { zh: '开始时间', en: 'Started at' } },
    endedAt: { title: { zh: '结束时间', en: 'Ended at' } },
  },
};

export const jobRoutes = [
  route({
    method: 'GET',
    url: '/api/jobs',
    action: 'job.read',
    summary: { zh: '任务列表，新的在前', en: 'jobs, the newest first' },
    query: jobQuery,
    answer: jobPage,
    handle: async ({ query }, context) => answerList(JOBS, query, inStore(context.store), context),
  }),
  route({
    method: 'GET',
    url: '/api/jobs/:id',
    action: 'job.read',
    summary: { zh: '一个任务', en: 'one job' },
    params: jobParams,
    answer: jobSchema,
    handle: async ({ params }, { store, language }) => bodyOf(await findJob(store, params.id), language),
  }),
  route({
    method: 'GET',
    url: '/api/jobs/:id/events',
    action: 'job.read',
    summary: { zh: '任务进度（服务器推送）', en: 'progress of a job, by server-sent events' },
    params: jobParams,
    handle: async ({ params }, context) => sendEvents(params.id, context),
  }),
  route({
    method: 'POST',
    url: '/api/jobs/:id/cancel',
    action: 'job.control',
    summary: { zh: '取消任务', en: 'cancel a job' },
    params: jobParams,
    answer: jobSchema,
    inTransaction: true,
    handle: async ({ params }, { store, jobs, language, afterwards }) => {
      const before = await cancelJob(store, params.id);
      afterwards(() => jobs.drop(params.id, before));
      return bodyOf(await findJob(store, params.id), language);
    },
  }),
  route({
    method: 'POST',
    url: '/api/jobs/:id/retry',
    action: 'job.control',
    summary: { zh: '重试任务', en: 'retry a job' },
    params: jobParams,
    answer: jobSchema,
    inTransaction: true,
    handle: async ({ params }, { store, jobs, language, afterwards }) => {
      await retryJob(store, params.id);
      afterwards(() => jobs.takeUp(params.id));
      return bodyOf(await findJob(store, params.id), language);
    },
  }),
];

const bodyOf = ({ problems, language: _, ...job }: Job, language: Language): JobBody => ({
  ...job,
  problems: (problems ?? []).map((problem) => ({ code: problem.code, text: problem[language] })),
});

/** An event `job` at once and after every change, until the job ends or the reader goes. */
async function sendEvents(id: number, { store, jobs, language, request, reply }: Context): Promise<unknown> {
  await findJob(store, id);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  let sending = Promise.resolve();
  const send = (changed: number) => {
    if (changed !== id) return;
    sending = sending
      .then(async () => {
        const job = bodyOf(await findJob(store, id), language);
        if (raw.writableEnded) return;
        raw.write(`event: job\ndata: ${JSON.stringify(job)}\n\n`);
        if (ENDED.includes(job.state)) raw.end();
      })
      // the reader asks again
      .catch(() => void raw.end());
  };
  jobs.changes.on('change', send);
  const end = () => void raw.end();
  jobs.closing.addEventListener('abort', end);
  request.raw.on('close', () => {
    jobs.changes.off('change', send);
    jobs.closing.removeEventListener('abort', end);
  });
  send(id);
  return reply;
}
