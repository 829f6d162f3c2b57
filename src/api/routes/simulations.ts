import { YibaoError } from '#kernel/errors.ts';
import type { SimulationFile } from '#report/index.ts';
import { findRun } from '#workflow/index.ts';
import { runParams } from '../contract/run.ts';
import {
  type SimulationBody,
  simulationAnswer,
  simulationBody,
  simulationDetail,
  simulationFileQuery,
  simulationPage,
  simulationParams,
  simulationQuery,
} from '../contract/simulation.ts';
import { apiErrors } from '../errors.ts';
import { answerList, type ListSource } from '../list.ts';
import { emptyAnswer } from '../register.ts';
import { type Context, lastly, route } from '../route.ts';
import { inStore } from '../store-list.ts';

const SIMULATIONS: ListSource = {
  from: `(SELECT s.id, s.run_id AS "runId", s.title, CAST(s.scenarios AS text) AS scenarios, s.created_by AS "createdBy",
    s.created_at AS "createdAt", r.area_id AS "areaId", r.year FROM simulation AS s JOIN run AS r ON r.id = s.run_id) AS t`,
  key: 'id DESC',
  columns: {
    id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    runId: { title: { zh: '结算', en: 'Settlement' }, kind: 'count' },
    title: { title: { zh: '名称', en: 'Title' }, filter: 'contains' },
    scenarios: { title: { zh: '方案', en: 'Scenarios' } },
    createdBy: { title: { zh: '试算人', en: 'Simulated by' }, filter: 'equal' },
    createdAt: { title: { zh: '时间', en: 'Time' } },
  },
};

const TYPE_OF_ENDING = {
  csv: 'text/csv; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

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
      const { login, note } = context;
      const result = await simulate(context, params.id, body.scenarios);
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
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        note({ simulation: id });
        return { id, result };
      });
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/simulations/file',
    action: 'simulation.run',
    summary: {
      zh: '试算的一个文件：工作簿、报告或表',
      en: 'one file of a simulation: the workbook, the report or a table',
    },
    params: runParams,
    query: simulationFileQuery,
    handle: async ({ params, query: { scenarios, file } }, context) => {
      const { base64 } = await simulate(context, params.id, scenarios, file);
      context.reply.header('content-disposition', `attachment; filename="${file}"`);
      context.reply.type(TYPE_OF_ENDING[file.split('.').at(-1) as keyof typeof TYPE_OF_ENDING]);
      return context.reply.send(Buffer.from(String(base64), 'base64'));
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/simulations',
    action: 'simulation.read',
    summary: {
      zh: '本年度保存的试算（各次结算的都在内），新的在前',
      en: 'simulations of the year that were kept, whichever settlement they were made on, the newest first',
    },
    params: runParams,
    query: simulationQuery,
    answer: simulationPage,
    handle: async ({ params, query }, context) => {
      const { areaId, year } = await findRun(context.store, params.id);
      return answerList(SIMULATIONS, query, inStore(context.store), context, { areaId, year });
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/simulations/:simulation',
    action: 'simulation.read',
    summary: { zh: '一次保存的试算', en: 'one simulation that was kept' },
    params: simulationParams,
    answer: simulationDetail,
    handle: async ({ params }, { store }) => {
      const row = await findSimulation(store, params);
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
  route({
    method: 'DELETE',
    url: '/api/runs/:id/simulations/:simulation',
    action: 'simulation.run',
    summary: { zh: '删除自己保存的试算', en: "delete a simulation of one's own" },
    params: simulationParams,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params }, { store, login, note }) => {
      const row = await findSimulation(store, params);
      if (row.created_by !== login) {
        throw new YibaoError({
          definition: apiErrors.notYours,
          field: 'simulation',
          value: row.title,
          parameters: { by: row.created_by },
        });
      }
      note({ simulation: row.id, title: row.title });
      await store.deleteFrom('simulation').where('id', '=', row.id).execute();
      return {};
    },
  }),
];

/** Works the scenarios out; with a file named, only that file is made. */
async function simulate(
  { store, runTables, runAnswers, dataFolder, language }: Context,
  runId: number,
  scenarios: SimulationBody['scenarios'],
  file?: SimulationFile,
): Promise<Readonly<Record<string, unknown>>> {
  await runTables.of(runId);
  const { year } = await findRun(store, runId);
  const sets = scenarios.flatMap(({ name, set }) =>
    Object.entries(set).map(([parameter, value]) => `${name}:${parameter}=${value}`),
  );
  const question = { kind: 'simulate', runId, year, dataFolder, language, sets } as const;
  return runAnswers.ask(file === undefined ? question : { ...question, file });
}

async function findSimulation(
  store: Context['store'],
  { id, simulation }: { readonly id: number; readonly simulation: number },
) {
  const row = await store
    .selectFrom('simulation')
    .selectAll()
    .where('run_id', '=', id)
    .where('id', '=', simulation)
    .executeTakeFirst();
  if (row === undefined) {
    throw new YibaoError({
      definition: apiErrors.notFound,
      field: 'simulation',
      value: String(simulation),
    });
  }
  return row;
}
