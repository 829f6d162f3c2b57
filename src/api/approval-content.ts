import { createHash } from 'node:crypto';
import type { Engine } from '#engine/duckdb.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  type ApprovalRow,
  approvalErrors,
  checkDraft,
  checkPanelOf,
  decisionOf,
  findRun,
  type Opinion,
  type PolicyDraft,
  publishDecision,
  publishDraft,
  quotaOf,
  reviewRulesOf,
  type SpecialCaseDecision,
} from '#workflow/index.ts';
import { policyDraftBody, settledRunBody } from './contract/approval.ts';
import { apiErrors } from './errors.ts';
import { jsonRow } from './list.ts';
import { itemsStep, reimbursementStep } from './reimbursement-content.ts';
import type { Context } from './route.ts';

type Content = ApprovalRow['content'];

/** What a step writes beside its own record. */
export type StepWork = {
  readonly content?: Content | undefined;
  /** done in the transaction of the step, last */
  readonly onTaken?: ((approval: ApprovalRow) => Promise<void>) | undefined;
};

/** The content of a special case under review. */
export type SpecialCaseContent = {
  readonly runId: number;
  readonly setlId: string;
  readonly reason: string;
  readonly evidence: readonly string[];
  /** logins of the panel */
  readonly experts?: readonly string[];
  readonly opinions?: readonly Opinion[];
  readonly decision?: SpecialCaseDecision;
};

/** What a step of an approval changes of its content, and what it writes when it is taken. */
export async function stepWork(
  context: Context,
  approval: ApprovalRow,
  action: string,
  given: Content | undefined,
): Promise<StepWork> {
  switch (approval.kind) {
    case 'policy':
      return policyStep(context, approval, action, given);
    case 'special_case':
      return specialCaseStep(context, approval, action, given);
    case 'month':
    case 'clearing': {
      if (given === undefined) return {};
      if (action !== 'prepare') throw contentNotNow(action);
      const { runId } = settledRunBody.parse(given);
      return { content: await settledContent(context, approval.kind, approval.subject, runId) };
    }
    case 'reimbursement':
      if (given !== undefined && action !== 'prepare') throw contentNotNow(action);
      return reimbursementStep(context, action, given);
    case 'items':
      if (given !== undefined && action !== 'prepare') throw contentNotNow(action);
      return itemsStep(context, action, given);
    default:
      if (given !== undefined) throw contentNotNow(action);
      return {};
  }
}

/**
 * The figures of a run that are approved as a month or clearing.
 * @param subject area/year/period, as the approval has it
 * @throws YibaoError when the run is of another area or year, lacks the period, or was published and reversed before
 */
export async function settledContent(
  { store, runTables }: Context,
  kind: string,
  subject: string,
  runId: number,
): Promise<Content> {
  const { areaId, year } = await findRun(store, runId);
  const period = subject.slice(subject.lastIndexOf('/') + 1);
  if (subject !== `${areaId}/${year}/${period}`) {
    throw new YibaoError({ definition: apiErrors.notFound, field: 'runId', value: String(runId) });
  }
  const reversed = await store
    .selectFrom('approval')
    .select('content')
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('state', '=', 'reversed')
    .execute();
  if (reversed.some(({ content }) => Number((content as { runId?: number }).runId) === runId)) {
    throw new YibaoError({
      definition: approvalErrors.newRunNeeded,
      field: 'runId',
      value: String(runId),
      parameters: { subject },
    });
  }
  return settledFigures(await runTables.of(runId), runId, period);
}

/** The figures that are approved, with a digest of every institution's line, so that what was approved can be proved. */
async function settledFigures(engine: Engine, runId: number, period: string): Promise<Content> {
  const isClearing = period === 'clearing';
  const lines = isClearing
    ? await engine.rows('SELECT * FROM clearing_result ORDER BY insutype, fixmedins_code')
    : await engine.rows('SELECT * FROM month_result WHERE month = $1 ORDER BY insutype, fixmedins_code', [
        period,
      ]);
  if (lines.length === 0)
    throw new YibaoError({ definition: apiErrors.notFound, field: 'month', value: period });
  const amount = isClearing ? 'clearing_cash_fen' : 'paid_fen';
  const schemes = new Map<string, { cases: bigint; points4: bigint; cost_fen: bigint; amount_fen: bigint }>();
  for (const line of lines) {
    const scheme = String(line.insutype);
    const sum = schemes.get(scheme) ?? { cases: 0n, points4: 0n, cost_fen: 0n, amount_fen: 0n };
    schemes.set(scheme, {
      cases: sum.cases + BigInt(line.cases as bigint),
      points4: sum.points4 + BigInt(line.points4 as bigint),
      cost_fen: sum.cost_fen + BigInt(line.cost_fen as bigint),
      amount_fen: sum.amount_fen + BigInt(line[amount] as bigint),
    });
  }
  const text = lines.map((line) => Object.values(line).join(',')).join('\n');
  return {
    runId,
    period,
    institutions: new Set(lines.map((line) => line.fixmedins_code)).size,
    schemes: [...schemes].map(([insutype, sums]) => ({ insutype, ...jsonRow(sums) })),
    sm3: createHash('sm3').update(text).digest('hex'),
  };
}

/** The content of a policy draft, checked, with the values before. @throws YibaoError with all that is wrong with it */
export async function policyContent({ store, dataFolder }: Context, draft: PolicyDraft): Promise<Content> {
  const area = await store.selectFrom('area').select('id').where('id', '=', draft.areaId).executeTakeFirst();
  if (area === undefined) {
    throw new YibaoError({ definition: apiErrors.notFound, field: 'areaId', value: draft.areaId });
  }
  return { ...draft, changes: checkDraft(dataFolder, draft) };
}

async function policyStep(
  context: Context,
  approval: ApprovalRow,
  action: string,
  given: Content | undefined,
): Promise<StepWork> {
  if (given !== undefined) {
    if (action !== 'prepare') throw contentNotNow(action);
    return { content: await policyContent(context, policyDraftBody.parse(given)) };
  }
  const draft = approval.content as PolicyDraft;
  // the area may have changed since the draft was made
  if (action === 'prepare' || action === 'check') checkDraft(context.dataFolder, draft);
  if (action !== 'publish') return {};
  return {
    onTaken: async () =>
      publishDraft(
        context.dataFolder,
        draft,
        `published-${approval.id.slice(0, 8)}`,
        Temporal.Now.plainDateISO().toString(),
      ),
  };
}

async function specialCaseStep(
  context: Context,
  approval: ApprovalRow,
  action: string,
  given: Content | undefined,
): Promise<StepWork> {
  const { store, dataFolder, runTables } = context;
  const content = approval.content as SpecialCaseContent;
  const institution = approval.institution_code;
  if (action === 'assign') {
    const { year } = await findRun(store, content.runId);
    const panel = Array.isArray(given?.experts) ? given.experts.map(String) : [];
    const experts = new Map((await expertsOf(store)).map((one) => [one.login, one.institutionCode]));
    checkPanelOf(panel, experts, institution, reviewRulesOf(dataFolder, content.runId, year));
    return { content: { ...content, experts: panel, opinions: [] } };
  }
  if (given !== undefined && action !== 'apply') throw contentNotNow(action);
  if (action === 'apply') {
    if (given === undefined) return {};
    const { reason, evidence } = given as Partial<SpecialCaseContent>;
    return {
      content: {
        ...content,
        reason: typeof reason === 'string' ? reason : content.reason,
        evidence: Array.isArray(evidence) ? evidence.map(String) : content.evidence,
      },
    };
  }
  if (action === 'decide') {
    const { areaId, year } = await findRun(store, content.runId);
    // decisions of an area follow one another: two at once would both take the last place of the quota
    await store.selectFrom('area').select('id').where('id', '=', areaId).forUpdate().execute();
    const rules = reviewRulesOf(dataFolder, content.runId, year);
    const lines = await quotaOf(await runTables.of(content.runId), rules);
    const granted = await grantedSince(store, `${areaId}/${year}/`, content.runId, institution);
    const decision = decisionOf(
      content.experts ?? [],
      content.opinions ?? [],
      institution,
      rules,
      lines.map((line) => ({
        ...line,
        passed: line.passed + BigInt(line.fixmedinsCode === undefined ? granted.all : granted.own),
      })),
    );
    return { content: { ...content, decision } };
  }
  if (action !== 'publish') return {};
  const { areaId } = await findRun(store, content.runId);
  return {
    onTaken: async () =>
      publishDecision(dataFolder, areaId, {
        setlId: content.setlId,
        reason: content.reason,
        ...content.decision!,
      }),
  };
}

/** Cases that were granted here and that the run did not yet know of. */
async function grantedSince(store: Store, place: string, runId: number, institution: string | null) {
  const rows = await store
    .selectFrom('approval')
    .select(['content', 'institution_code'])
    .where('kind', '=', 'special_case')
    .where('state', 'in', ['decided', 'confirmed', 'published'])
    .where('subject', 'like', `${place}%`)
    .execute();
  const granted = rows.filter(({ content }) => {
    const { runId: of, decision } = content as SpecialCaseContent;
    return of >= runId && decision !== undefined && decision.decision !== 'rejected';
  });
  return {
    all: granted.length,
    own: granted.filter(({ institution_code }) => institution_code === institution).length,
  };
}

/** The experts who may sit on a panel. */
export async function expertsOf(
  store: Store,
): Promise<{ login: string; displayName: string; institutionCode: string | null }[]> {
  const rows = await store
    .selectFrom('user_account')
    .select(['login', 'display_name', 'institution_code'])
    .where('role', '=', 'expert')
    .where('is_disabled', '=', false)
    .orderBy('login')
    .execute();
  return rows.map((row) => ({
    login: row.login,
    displayName: row.display_name,
    institutionCode: row.institution_code,
  }));
}

const contentNotNow = (action: string): YibaoError =>
  new YibaoError({ definition: apiErrors.contentNotNow, field: 'content', value: action });
