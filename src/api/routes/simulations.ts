import { YibaoError } from '#kernel/errors.ts';
import { findRun } from '#workflow/index.ts';
import { runParams } from '../contract/run.ts';
import {
  simulationAnswer,
  simulationBody,
  simulationDetail,
  simulationPage,
  simulationParams,
  simulationQuery,
} from '../contract/simulation.ts';
import { apiErrors } from '../errors.ts';
import { answerList, type ListSource } from '../list.ts';
import { lastly, route } from '../route.ts';
import { inStore } from '../store-list.ts';

const SIMULATIONS: ListSource = {
  from: `(SELECT id, run_id AS "runId", title, created_by AS "createdBy", created_at AS "createdAt" FROM simulation) AS t`,
  key: 'id DESC',
  columns: {
    id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    runId: { title: { zh: '结算', en: 'Settlement' }, kind: 'count' },
    title: { title: { zh: '名称', en: 'Title' } },
    createdBy: { title: { zh: '试算人', en: 'Simulated by' } },
    createdAt: { title: { zh: '时间', en: 'Time' } },
  },
};

/** What a settled year would be under other parameters or budgets. */
export const simulationRoutes = [
  route({
    method: 'POST',
    url: '/api/runs/:id/simulations',
    action: 'simulation.run',
    summary: { zh: '试算：各方案与现行对照', en: 'simulate: scenarios beside the year as it is' },
    params: runParams,
    body: simulationBody,
    answer: simulationAnswer,
    handle: async ({ params, body }, context) => {
      const { store, runTables, runAnswers, dataFolder, language, login, note } = context;
      await runTables.of(params.id);
      const { year } = await findRun(store, params.id);
      const sets = body.scenarios.flatMap(({ name, set }) =>
        Object.entries(set).map(([parameter, value]) => `${name}:${parameter}=${value}`),
      );
      const result = await runAnswers.ask({
        kind: 'simulate',
        runId: params.id,
        year,
        dataFolder,
        language,
        sets,
      });
      const { keepAs } = body;
      if (keepAs === undefined) return { id: null, result };
      return lastly(async (db) => {
        const { id } = await db
          .insertInto('simulation')
          .values({
            run_id: params.id,
            title: keepAs,
            scenarios: JSON.stringify(body.scenarios),
            result: JSON.stringify(result),
            created_by: login,
          } as never)
          .returning('id')
          .executeTakeFirstOrThrow();
        note({ simulation: id });
        return { id, result };
      });
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/simulations',
    action: 'simulation.read',
    summary: { zh: '保存的试算，新的在前', en: 'simulations that were kept, the newest first' },
    params: runParams,
    query: simulationQuery,
    answer: simulationPage,
    handle: async ({ params, query }, context) =>
      answerList(SIMULATIONS, query, inStore(context.store), context, { runId: params.id }),
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/simulations/:simulation',
    action: 'simulation.read',
    summary: { zh: '一次保存的试算', en: 'one simulation that was kept' },
    params: simulationParams,
    answer: simulationDetail,
    handle: async ({ params }, { store }) => {
      const row = await store
        .selectFrom('simulation')
        .selectAll()
        .where('run_id', '=', params.id)
        .where('id', '=', params.simulation)
        .executeTakeFirst();
      if (row === undefined) {
        throw new YibaoError({
          definition: apiErrors.notFound,
          field: 'simulation',
          value: String(params.simulation),
        });
      }
      return {
        id: row.id,
        runId: row.run_id,
        title: row.title,
        createdBy: row.created_by,
        createdAt: row.created_at,
        scenarios: row.scenarios,
        result: JSON.parse(row.result),
      };
    },
  }),
];
