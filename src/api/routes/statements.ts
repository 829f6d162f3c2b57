import { identityErrors } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { readStatement, statementPdf, statementSheets, workbookBytes } from '#report/index.ts';
import { findRun } from '#workflow/index.ts';
import { statementQuery } from '../contract/statement.ts';
import { institutionParams } from '../contract/year.ts';
import { apiErrors } from '../errors.ts';
import { type Context, route } from '../route.ts';

/** What an institution is paid for a month or in the clearing, on paper or as a workbook. */
export const statementRoutes = [
  route({
    method: 'GET',
    url: '/api/runs/:id/institutions/:code/statement',
    action: 'statement.read',
    summary: {
      zh: '一家机构一个月或清算的结算单（PDF、XLSX）；机构在公布后才能看',
      en: 'the statement of an institution for a month or the clearing (PDF, XLSX); for institutions once published',
    },
    params: institutionParams,
    query: statementQuery,
    handle: async ({ params, query }, context) => {
      const { institution, reply, runTables, store } = context;
      if (institution !== undefined && institution !== params.code) {
        throw new YibaoError({
          definition: identityErrors.otherInstitution,
          field: 'code',
          value: params.code,
        });
      }
      const language = query.language ?? context.language;
      const run = await findRun(store, params.id);
      const engine = await runTables.of(params.id);
      const statement = await readStatement(engine, params.code, query.period);
      if (statement === undefined) {
        throw new YibaoError({ definition: apiErrors.notFound, field: 'period', value: query.period });
      }
      if (institution !== undefined)
        await checkPublished(context, `${run.areaId}/${run.year}/${query.period}`, params.id);
      const name = `${params.code}-${query.period === 'clearing' ? `${run.year}-clearing` : query.period}`;
      reply.header('content-disposition', `attachment; filename="${name}.${query.format}"`);
      if (query.format === 'pdf') {
        const made = run.settledAt ?? run.createdAt;
        reply.type('application/pdf');
        return reply.send(await statementPdf(statement, { language, made }));
      }
      reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
      return reply.send(await workbookBytes(await statementSheets(engine, statement, language), language));
    },
  }),
];

/** @throws YibaoError api.not-published unless this very run's period has been published */
async function checkPublished({ store }: Context, subject: string, runId: number): Promise<void> {
  const rows = await store
    .selectFrom('approval')
    .select('content')
    .where('kind', 'in', ['month', 'clearing'])
    .where('subject', '=', subject)
    .where('state', 'in', ['published', 'paid'])
    .execute();
  if (rows.some(({ content }) => Number((content as { runId?: number }).runId) === runId)) return;
  throw new YibaoError({ definition: apiErrors.notPublished, field: 'period', value: subject });
}
