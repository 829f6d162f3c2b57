import { identityErrors } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { readStatement, statementPdf, statementSheets, workbookBytes } from '#report/index.ts';
import { findRun, periodsOf } from '#workflow/index.ts';
import { statementQuery } from '../contract/statement.ts';
import { institutionParams } from '../contract/year.ts';
import { apiErrors } from '../errors.ts';
import { route } from '../route.ts';

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
      if (institution !== undefined && !(await periodsOf(store, run)).includes(query.period)) {
        throw new YibaoError({ definition: apiErrors.notPublished, field: 'period', value: query.period });
      }
      const statement = await readStatement(engine, params.code, query.period);
      if (statement === undefined) {
        throw new YibaoError({ definition: apiErrors.notFound, field: 'period', value: query.period });
      }
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
