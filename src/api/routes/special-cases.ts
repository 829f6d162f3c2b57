import { z } from 'zod';
import { YibaoError } from '#kernel/errors.ts';
import { roundTo, scaledText } from '#kernel/fraction.ts';
import {
  findApproval,
  findRun,
  type Opinion,
  quotaOf,
  reviewRulesOf,
  specialCaseErrors,
  voteOf,
} from '#workflow/index.ts';
import { expertsOf, panelOf } from '../approval-content.ts';
import { approvalParams, expertsSchema, opinionBody, quotaSchema } from '../contract/approval.ts';
import { runParams } from '../contract/run.ts';
import { jsonRow } from '../list.ts';
import { route } from '../route.ts';

/** Special cases: who may judge them, what each expert says, and how many may pass. */
export const specialCaseRoutes = [
  route({
    method: 'GET',
    url: '/api/experts',
    action: 'special-case.assign',
    summary: { zh: '可指派的评审专家', en: 'experts who can be assigned' },
    answer: expertsSchema,
    handle: async (_parts, { store }) => ({ rows: await expertsOf(store) }),
  }),
  route({
    method: 'POST',
    url: '/api/approvals/:id/opinion',
    action: 'special-case.review',
    summary: { zh: '专家对特病单议提出意见', en: "an expert's opinion of a special case" },
    params: approvalParams,
    body: opinionBody,
    answer: z.object({ opinions: z.int() }),
    inTransaction: true,
    handle: async ({ params, body }, { store, login, note }) => {
      voteOf({ ...body, login });
      const approval = await findApproval(store, params.id, 'locked');
      const asked = panelOf(approval);
      if (!asked?.panel.experts?.includes(login)) {
        throw new YibaoError({ definition: specialCaseErrors.notAssigned, value: params.id });
      }
      const opinion: Opinion = { ...body, login, at: new Date().toISOString() };
      const opinions = [...(asked.panel.opinions ?? []).filter((one) => one.login !== login), opinion];
      await store
        .updateTable('approval')
        .set({ content: JSON.stringify(asked.put({ opinions })), updated_at: opinion.at })
        .where('id', '=', params.id)
        .execute();
      note({ id: params.id, vote: body.vote });
      return { opinions: opinions.length };
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/special-case-quota',
    action: 'special-case.read',
    summary: { zh: '特病单议的数量上限与已用', en: 'the quota of special cases and what is used of it' },
    params: runParams,
    answer: quotaSchema,
    handle: async ({ params }, { store, runTables, dataFolder }) => {
      const { year } = await findRun(store, params.id);
      const engine = await runTables.of(params.id);
      const lines = await quotaOf(engine, reviewRulesOf(dataFolder, params.id, year));
      return {
        rows: lines.map((line) => ({
          ...jsonRow({ discharges: line.discharges, quota: line.quota, passed: line.passed }),
          fixmedins_code: line.fixmedinsCode ?? null,
          share: scaledText(roundTo(line.share, 4), 4),
        })),
      };
    },
  }),
];
