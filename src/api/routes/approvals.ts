import type { Engine, Row } from '#engine/duckdb.ts';
import { identityErrors, readPermissions } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  type Actor,
  type ApprovalContent,
  type ApprovalRow,
  addAreaChange,
  advance,
  applyAreaChanges,
  approvalErrors,
  approvalSteps,
  CLEARING,
  findApproval,
  findRun,
  nextActions,
  openApproval,
  type PolicyDraft,
  publishedPeriods,
  type Run,
  TRANSITIONS,
  tellExitApplication,
} from '#workflow/index.ts';
import {
  policyContent,
  type SpecialCaseContent,
  settledContent,
  specialCaseFor,
  stepWork,
} from '../approval-content.ts';
import {
  approvalDetailSchema,
  approvalPage,
  approvalParams,
  approvalQuery,
  approvalStepBody,
  decisionPreviewBody,
  decisionPreviewSchema,
  newApprovalBody,
  openWorkSchema,
  settlementStepsSchema,
} from '../contract/approval.ts';
import { runParams } from '../contract/run.ts';
import {
  ENROLMENT_KINDS,
  enrolmentContent,
  enrolmentPreview,
  enrolmentSubject,
  isEnrolmentKind,
} from '../enrolment-decisions.ts';
import { apiErrors } from '../errors.ts';
import { answerList, jsonRow, type ListSource } from '../list.ts';
import { maskRow } from '../mask.ts';
import { itemsContent, reimbursementContent } from '../reimbursement-content.ts';
import { type Context, route } from '../route.ts';
import { inStore } from '../store-list.ts';

const permissions = readPermissions();

/** Kinds with data of a person, for those only who may see persons. */
const OF_PERSONS: ReadonlySet<string> = new Set(['reimbursement', ...ENROLMENT_KINDS]);
const maySeePersons = ({ session }: Pick<Context, 'session'>): boolean =>
  permissions.reach('person.read', session?.user.role ?? 'nobody') === 'all';

const approvalsOf = (context: Pick<Context, 'session'>): ListSource => ({
  from: `(SELECT id, kind, subject, state, institution_code AS "institutionCode", created_by AS "createdBy",
    created_at AS "createdAt", updated_at AS "updatedAt" FROM approval${maySeePersons(context) ? '' : ` WHERE kind NOT IN (${[...OF_PERSONS].map((kind) => `'${kind}'`).join(', ')})`}) AS t`,
  key: '"updatedAt" DESC, id',
  columns: {
    id: { title: { zh: '编号', en: 'Number' } },
    kind: { title: { zh: '事项', en: 'Kind' }, filter: 'equal' },
    subject: { title: { zh: '对象', en: 'Subject' }, filter: 'begins' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    institutionCode: { title: { zh: '机构', en: 'Institution' }, filter: 'begins' },
    createdBy: { title: { zh: '发起人', en: 'Opened by' } },
    createdAt: { title: { zh: '发起时间', en: 'Opened at' } },
    updatedAt: { title: { zh: '最近办理', en: 'Last step at' } },
  },
});

/** What goes through more than one pair of eyes. */
export const approvalRoutes = [
  route({
    method: 'GET',
    url: '/api/approvals',
    action: 'approval.read',
    summary: { zh: '审批事项，最近办理的在前', en: 'approvals, the last touched first' },
    query: approvalQuery,
    answer: approvalPage,
    handle: async ({ query }, context) =>
      answerList(approvalsOf(context), query, inStore(context.store), context, {
        institutionCode: context.institution,
      }),
  }),
  route({
    method: 'GET',
    url: '/api/approvals/:id',
    action: 'approval.read',
    summary: { zh: '一个审批事项及其经过', en: 'one approval and its steps' },
    params: approvalParams,
    answer: approvalDetailSchema,
    handle: async ({ params }, context) => detail(await visible(context, params.id), context),
  }),
  route({
    method: 'POST',
    url: '/api/approvals',
    action: 'approval.act',
    summary: {
      zh: '发起审批：月度、清算、政策、特病单议、申诉、报销、目录、退费、视同、退休、档案合并',
      en: 'open an approval: month, clearing, policy, special case, appeal, reimbursement, items, refund, deemed months, retirement, merge',
    },
    body: newApprovalBody,
    answer: approvalDetailSchema,
    status: 201,
    inTransaction: true,
    handle: async ({ body }, context) => {
      const first = TRANSITIONS.find((one) => one.kind === body.kind && one.from.includes('draft'))!;
      const actor = actorOf(context);
      if (!first.permissions.some(actor.may)) {
        throw new YibaoError({
          definition: identityErrors.notAllowed,
          parameters: { titleZh: first.title.zh, titleEn: first.title.en },
        });
      }
      if (body.kind === 'policy') return detail(await openDraft(context, body, actor), context);
      if (body.kind === 'reimbursement' || body.kind === 'items') {
        return detail(await openOwnSubject(context, body, actor), context);
      }
      if (isEnrolmentKind(body.kind)) return detail(await openEnrolment(context, body, actor), context);
      if (!('runId' in body)) throw new Error(`no content of ${body.kind}`);
      const run = await findRun(context.store, body.runId);
      const engine = await context.runTables.of(body.runId);
      const at = new Date();
      const place = `${run.areaId}/${run.year}`;
      let opened: ApprovalRow;
      if (body.kind === 'month' || body.kind === 'clearing') {
        const period = body.kind === 'month' ? body.month : 'clearing';
        const subject = `${place}/${period}`;
        const content = await settledContent(context, body.kind, subject, body.runId);
        opened = await openApproval(context.store, { kind: body.kind, subject, content }, actor.login, at);
      } else {
        const institution = await institutionOfCase(engine, body.setlId);
        opened = await openApproval(
          context.store,
          {
            kind: body.kind,
            subject: `${place}/${body.setlId}`,
            institutionCode: institution,
            content: {
              runId: body.runId,
              setlId: body.setlId,
              reason: body.reason,
              evidence: body.evidence,
            },
          },
          actor.login,
          at,
        );
      }
      const reason = 'reason' in body ? body.reason : undefined;
      const approval = await advance(
        context.store,
        { id: opened.id, action: first.action, reason },
        actor,
        at,
      );
      context.note({ id: approval.id, kind: approval.kind, subject: approval.subject });
      return detail(approval, context);
    },
  }),
  route({
    method: 'POST',
    url: '/api/enrolment-decisions/preview',
    action: 'enrolment.prepare',
    summary: {
      zh: '试算退费、视同年限或退休，不保存',
      en: 'what a refund, deemed months or a retirement comes to; nothing is kept',
    },
    body: decisionPreviewBody,
    answer: decisionPreviewSchema,
    handle: async ({ body: { kind, ...given } }, context) => {
      const { content, isComplete } = await enrolmentPreview(context, kind, given);
      return { content: maskRow(content), isComplete };
    },
  }),
  route({
    method: 'POST',
    url: '/api/approvals/:id/steps',
    action: 'approval.act',
    summary: { zh: '办理一步', en: 'take a step' },
    params: approvalParams,
    body: approvalStepBody,
    answer: approvalDetailSchema,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const before = await visible(context, params.id, 'locked');
      const { content, areaChange, onTaken } = await stepWork(
        context,
        before,
        body.action,
        body.content,
        body.reason,
      );
      const approval = await advance(
        context.store,
        { id: params.id, action: body.action, reason: body.reason, content },
        actorOf(context),
        new Date(),
        async (db, after) => {
          if (areaChange)
            await addAreaChange(db, context.dataFolder, context.benefits, {
              approvalId: after.id,
              ...areaChange,
            });
          await onTaken?.(after);
          if (after.kind === 'special_case') await tellExitApplication(db, after, body.action, body.reason);
        },
      );
      if (areaChange !== undefined) {
        context.afterwards((store) =>
          applyAreaChanges(store, context.dataFolder, context.benefits, areaChange),
        );
      }
      context.note({ id: approval.id, step: body.action, state: approval.state });
      return detail(approval, context);
    },
  }),
  route({
    method: 'GET',
    url: '/api/open-work',
    action: 'approval.read',
    summary: { zh: '等您办理的事项', en: 'what waits for the caller' },
    answer: openWorkSchema,
    handle: async (_parts, context) => {
      const actor = actorOf(context);
      const { institution } = context;
      const approvals = await context.store
        .selectFrom('approval')
        .select(['id', 'kind', 'state'])
        .where('state', 'in', [...new Set(TRANSITIONS.flatMap(({ from }) => from))])
        .$if(institution !== undefined, (query) => query.where('institution_code', '=', institution!))
        .orderBy('kind')
        .orderBy('state')
        .execute();
      const steps =
        approvals.length === 0
          ? []
          : await context.store
              .selectFrom('approval_step')
              .selectAll()
              .where(
                'approval_id',
                'in',
                approvals.map(({ id }) => id),
              )
              .orderBy('number')
              .execute();
      const counts = new Map<string, number>();
      for (const { id, kind, state } of approvals) {
        const own = steps.filter((step) => step.approval_id === id);
        const next = nextActions({ kind, state }, own, actor);
        // what only takes something back is no work that waits
        const waits = next.some(
          ({ transition, blockedBy }) => blockedBy === undefined && !TAKES_BACK.has(transition.action),
        );
        if (waits) counts.set(`${kind} ${state}`, (counts.get(`${kind} ${state}`) ?? 0) + 1);
      }
      const mayRetry = actor.may('job.control');
      const [failed] = mayRetry
        ? await context.store
            .selectFrom('job')
            .select(({ fn }) => fn.countAll<string>().as('count'))
            .where('state', 'in', ['failed', 'interrupted'])
            .execute()
        : [];
      return {
        approvals: [...counts].map(([key, count]) => {
          const [kind, state] = key.split(' ');
          return { kind, state, count };
        }),
        failedJobs: Number(failed?.count ?? 0),
      };
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/steps',
    action: 'run.read',
    summary: { zh: '各月与清算的办理状态', en: 'months and clearing with their state' },
    params: runParams,
    answer: settlementStepsSchema,
    handle: async ({ params }, context) => {
      const run = await findRun(context.store, params.id);
      return {
        rows: context.institution === undefined ? await stepsOf(run, context) : await ownSteps(run, context),
      };
    },
  }),
];

/** The figures of a run for the whole area, with what became of them. */
async function stepsOf(run: Run, { store, runTables }: Context) {
  const engine = await runTables.of(run.id);
  const place = `${run.areaId}/${run.year}`;
  const approvals = await store
    .selectFrom('approval')
    .selectAll()
    .where('kind', 'in', ['month', 'clearing'])
    .where('subject', 'like', `${place}/%`)
    .orderBy('created_at')
    .execute();
  const months = await engine.rows(MONTHS);
  const rows = [
    ...months.map((row, index) => ({
      kind: 'month',
      ...row,
      previous_paid_fen: months[index - 1]?.paid_fen ?? null,
    })),
    { kind: 'clearing', previous_paid_fen: null, ...(await engine.row(YEAR)) },
  ];
  return rows.map((row: Record<string, unknown>) => {
    const subject = `${place}/${row.period}`;
    // the last one: an earlier one of the same subject has been reversed or withdrawn
    const approval = approvals.findLast((one) => one.subject === subject);
    return {
      ...jsonRow(row),
      subject,
      approvalId: approval?.id ?? null,
      state: approval?.state ?? null,
      runId: approval ? Number((approval.content as { runId?: number }).runId ?? 0) : null,
    };
  });
}

/** Of an institution: what is published of its year, each period from the run it was published from. */
async function ownSteps(run: Run, { store, runTables }: Context) {
  const engine = await runTables.of(run.id);
  const published = await publishedPeriods(store, run);
  const figures = new Map<string, Row>();
  for (const runId of new Set(published.values())) {
    const tables = await runTables.of(runId);
    for (const row of [...(await tables.rows(MONTHS)), await tables.row(YEAR)]) {
      if (published.get(String(row.period)) === runId) figures.set(String(row.period), row);
    }
  }
  const known = (await engine.rows(OWN_MONTHS)).map((row) => String(row.period));
  const periods = [...new Set([...known, ...published.keys()])].filter((one) => one !== CLEARING).toSorted();
  return [...periods, CLEARING].map((period, index) => {
    const row = figures.get(period) ?? { period, ...NOT_PUBLISHED };
    const before = period === CLEARING ? undefined : figures.get(periods[index - 1] ?? '');
    return {
      kind: period === CLEARING ? 'clearing' : 'month',
      ...jsonRow({ ...row, previous_paid_fen: before?.paid_fen ?? null }),
      subject: `${run.areaId}/${run.year}/${period}`,
      approvalId: null,
      state: published.has(period) ? 'published' : null,
      runId: published.get(period) ?? null,
    };
  });
}

const NOT_PUBLISHED = { cases: null, points4: null, cost_fen: null, paid_fen: null };
const MONTHS = `SELECT month AS period, sum(cases) AS cases, sum(points4) AS points4, sum(cost_fen) AS cost_fen
    , sum(paid_fen) AS paid_fen
  FROM month_result GROUP BY month ORDER BY month`;
const YEAR = `SELECT '${CLEARING}' AS period, coalesce(sum(cases), 0) AS cases, coalesce(sum(points4), 0) AS points4
    , coalesce(sum(cost_fen), 0) AS cost_fen, coalesce(sum(clearing_cash_fen), 0) AS paid_fen
  FROM clearing_result`;
const OWN_MONTHS = 'SELECT DISTINCT month AS period FROM case_result ORDER BY period';

/** Opens a policy draft and submits it. Every draft is a subject of its own. */
async function openDraft(
  context: Context,
  { kind, ...draft }: { readonly kind: 'policy' } & PolicyDraft,
  actor: Actor,
): Promise<ApprovalRow> {
  const content = await policyContent(context, draft);
  const at = new Date();
  const subject = `${draft.areaId}/${draft.year}/${at.toISOString().slice(0, 23)}`;
  const opened = await openApproval(context.store, { kind, subject, content }, actor.login, at);
  const approval = await advance(context.store, { id: opened.id, action: 'prepare' }, actor, at);
  context.note({ id: approval.id, kind, subject, sets: draft.sets.length });
  return approval;
}

/** Opens a reimbursement, one for each invoice, or a change of a list of items, and submits it. */
async function openOwnSubject(
  context: Context,
  { kind, ...given }: { readonly kind: 'reimbursement' | 'items' } & Readonly<Record<string, unknown>>,
  actor: Actor,
): Promise<ApprovalRow> {
  const at = new Date();
  const content =
    kind === 'items' ? itemsContent(context, given) : await reimbursementContent(context, given);
  const subject =
    kind === 'items'
      ? `${given.area_code}/${at.toISOString().slice(0, 23)}`
      : [given.invoice_code, given.invoice_number].filter((part) => part !== '').join('/');
  const opened = await openApproval(context.store, { kind, subject, content }, actor.login, at);
  const approval = await advance(context.store, { id: opened.id, action: 'prepare' }, actor, at);
  context.note({ id: approval.id, kind, subject });
  return approval;
}

/** Opens a refund, deemed months or a retirement, one for each contribution or person, and submits it. */
async function openEnrolment(
  context: Context,
  { kind, ...given }: { readonly kind: string } & Readonly<Record<string, unknown>>,
  actor: Actor,
): Promise<ApprovalRow> {
  if (!isEnrolmentKind(kind)) throw new Error(`${kind} is no decision on enrolment`);
  const at = new Date();
  const content = await enrolmentContent(context, kind, given);
  const subject = enrolmentSubject(kind, content);
  const opened = await openApproval(context.store, { kind, subject, content }, actor.login, at);
  const approval = await advance(context.store, { id: opened.id, action: 'prepare' }, actor, at);
  context.note({ id: approval.id, kind, subject });
  return approval;
}

const TAKES_BACK: ReadonlySet<string> = new Set(['return', 'withdraw', 'reverse']);

/** @throws YibaoError api.not-found, also where an institution asks for a case of another */
async function institutionOfCase(engine: Engine, setlId: string): Promise<string> {
  const [row] = await engine.rows('SELECT fixmedins_code FROM case_result WHERE setl_id = $1', [setlId]);
  if (row === undefined)
    throw new YibaoError({ definition: apiErrors.notFound, field: 'setlId', value: setlId });
  return String(row.fixmedins_code);
}

/**
 * What the settlement says of the case, for those who judge it without seeing the settlement; an institution is told of its
 * own what it may see of the run by now.
 */
async function caseFacts({ runTables }: Context, content: ApprovalContent): Promise<ApprovalContent | null> {
  const { runId, setlId } = content as unknown as SpecialCaseContent;
  const [row] = await (await runTables.of(runId)).rows(
    `SELECT insutype, month, group_code, kind, deviation, cost_fen, points4 FROM case_result WHERE setl_id = $1`,
    [setlId],
  );
  return row === undefined ? null : jsonRow(row);
}

/** The content as the caller may see it. */
async function contentFor(approval: ApprovalRow, context: Context): Promise<ApprovalContent> {
  if (OF_PERSONS.has(approval.kind)) return maskRow(approval.content);
  if (approval.kind !== 'special_case' && approval.kind !== 'appeal') return approval.content;
  const facts = await caseFacts(context, approval.content);
  if (approval.kind === 'appeal') return { ...approval.content, facts };
  const { login, session, institution } = context;
  const reader = {
    login,
    isExpert: session?.user.role === 'expert',
    isInstitution: institution !== undefined,
  };
  return { ...specialCaseFor(approval, reader), facts };
}

/** The approval, when the caller may see it; one of another institution does not exist for a hospital. */
async function visible(context: Context, id: string, lock?: 'locked'): Promise<ApprovalRow> {
  const approval = await findApproval(context.store, id, lock);
  const isOther = context.institution !== undefined && approval.institution_code !== context.institution;
  if (isOther || (OF_PERSONS.has(approval.kind) && !maySeePersons(context))) {
    throw new YibaoError({ definition: approvalErrors.unknown, value: id });
  }
  return approval;
}

export const actorOf = ({ login, session }: Context): Actor => ({
  login,
  may: (permission) => permissions.reach(permission, session?.user.role ?? 'nobody') !== 'none',
});

async function detail(approval: ApprovalRow, context: Context) {
  const steps = await approvalSteps(context.store, approval.id);
  const title = (action: string) =>
    TRANSITIONS.find((one) => one.kind === approval.kind && one.action === action)?.title ?? {
      zh: action,
      en: action,
    };
  return {
    approval: {
      id: approval.id,
      kind: approval.kind,
      subject: approval.subject,
      state: approval.state,
      institutionCode: approval.institution_code,
      createdBy: approval.created_by,
      createdAt: approval.created_at,
      updatedAt: approval.updated_at,
    },
    content: await contentFor(approval, context),
    steps: steps.map((step) => ({
      number: step.number,
      action: step.action,
      title: title(step.action),
      fromState: step.from_state,
      toState: step.to_state,
      login: step.login,
      at: step.at,
      reason: step.reason,
    })),
    next: nextActions(approval, steps, actorOf(context)).map(({ transition, blockedBy }) => ({
      action: transition.action,
      title: transition.title,
      needsReason: transition.needsReason,
      blockedBy: blockedBy ? title(blockedBy.action)[context.language] : null,
    })),
  };
}
