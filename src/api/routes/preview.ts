import { identityErrors } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { findRun } from '#workflow/index.ts';
import { codeQuery, codesAnswer, previewAnswer, previewBody, previewParams } from '../contract/preview.ts';
import { route } from '../route.ts';

/** What a case would be paid by in a settled area, as it is: nothing is suggested and nothing is kept. */
export const previewRoutes = [
  route({
    method: 'POST',
    url: '/api/runs/:id/preview',
    action: 'preview.run',
    summary: { zh: '预览一个病例的入组与支付', en: 'preview how a case is grouped and paid' },
    params: previewParams,
    body: previewBody,
    answer: previewAnswer,
    handle: async ({ params, body }, context) => {
      const { store, runTables, runAnswers, dataFolder, language, institution } = context;
      if (institution !== undefined && (body.fixmedinsCode ?? institution) !== institution) {
        throw new YibaoError({
          definition: identityErrors.otherInstitution,
          field: 'fixmedinsCode',
          value: body.fixmedinsCode ?? '',
        });
      }
      await runTables.of(params.id);
      const { year } = await findRun(store, params.id);
      return runAnswers.ask({
        kind: 'preview',
        runId: params.id,
        year,
        dataFolder,
        language,
        case: { ...body, fixmedinsCode: institution ?? body.fixmedinsCode ?? '' },
      });
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/codes',
    action: 'preview.run',
    summary: {
      zh: '按编码、名称或拼音找诊断与手术',
      en: 'look up diagnoses and procedures by code, name or pinyin',
    },
    params: previewParams,
    query: codeQuery,
    answer: codesAnswer,
    handle: async ({ params, query }, { store, runTables, runAnswers, dataFolder, language }) => {
      await runTables.of(params.id);
      const { year } = await findRun(store, params.id);
      return runAnswers.ask({
        kind: 'codes',
        runId: params.id,
        year,
        dataFolder,
        language,
        of: query.kind,
        text: query.text,
      });
    },
  }),
];
