import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isStoredName } from '#kernel/data-folder.ts';
import { YibaoError } from '#kernel/errors.ts';
import { addJob, receiveArea, workflowErrors } from '#workflow/index.ts';
import { areaPage, areaQuery, demoAreaBody, importAreaBody, uploadAreaQuery } from '../contract/area.ts';
import { jobStarted } from '../contract/job.ts';
import { answerList, type ListSource } from '../list.ts';
import { type Context, lastly, route } from '../route.ts';
import { inStore } from '../store-list.ts';
import { filesOf } from '../uploaded-files.ts';

const AREAS: ListSource = {
  from: `(SELECT id, code, name, imported_by AS "importedBy", imported_at AS "importedAt" FROM area) AS t`,
  key: 'id',
  columns: {
    id: { title: { zh: '地区', en: 'Area' } },
    code: { title: { zh: '代码', en: 'Code' }, filter: 'begins' },
    name: { title: { zh: '名称', en: 'Name' }, filter: 'begins' },
    importedBy: { title: { zh: '导入人', en: 'Imported by' } },
    importedAt: { title: { zh: '导入时间', en: 'Imported at' } },
  },
};

export const areaRoutes = [
  route({
    method: 'GET',
    url: '/api/areas',
    action: 'area.read',
    summary: { zh: '统筹地区列表', en: 'the areas' },
    query: areaQuery,
    answer: areaPage,
    handle: async ({ query }, context) => answerList(AREAS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/areas/import',
    action: 'area.import',
    summary: { zh: '导入 inbox/ 里的地区文件夹', en: 'import an area folder of inbox/' },
    body: importAreaBody,
    answer: jobStarted,
    status: 202,
    inTransaction: true,
    handle: async ({ body }, context) =>
      start(context, 'import-area', { ...body, areaId: checkedName(body.areaId) }),
  }),
  route({
    method: 'POST',
    url: '/api/areas/upload',
    action: 'area.import',
    summary: {
      zh: '上传地区文件夹：逐个文件（文件名带路径），或一个 zip',
      en: 'upload an area folder: its files, named with their paths, or a zip of it',
    },
    query: uploadAreaQuery,
    answer: jobStarted,
    status: 202,
    takesFiles: true,
    handle: async ({ query }, context) => {
      const areaId = checkedName(query.areaId);
      const folder = `upload-${randomUUID()}`;
      const target = join(context.dataFolder, 'inbox', folder);
      const files = await receiveArea(filesOf(context.request), target);
      context.note({ files });
      return lastly((db) =>
        start({ ...context, store: db }, 'import-area', { ...query, areaId, folder, isUploaded: true }),
      );
    },
  }),
  route({
    method: 'POST',
    url: '/api/areas/demo',
    action: 'area.import',
    summary: { zh: '生成演示地区', en: 'invent the demo area' },
    body: demoAreaBody,
    answer: jobStarted,
    status: 202,
    inTransaction: true,
    handle: async ({ body }, context) =>
      start(context, 'demo-area', { ...body, areaId: checkedName(body.areaId) }),
  }),
];

async function start(
  { store, jobs, login, language, note, afterwards }: Context,
  kind: string,
  input: Readonly<Record<string, unknown>>,
): Promise<{ jobId: number }> {
  const jobId = await addJob(store, { kind, input, createdBy: login, language });
  note({ jobId, ...input });
  afterwards(() => jobs.wake());
  return { jobId };
}

function checkedName(areaId: string): string {
  if (isStoredName(areaId)) return areaId;
  throw new YibaoError({ definition: workflowErrors.areaName, field: 'areaId', value: areaId });
}
