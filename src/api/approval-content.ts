import { createHash } from 'node:crypto';
import type { Engine } from '#engine/duckdb.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  type ApprovalRow,
  type AreaChange,
  approvalErrors,
  approvalSteps,
  type ChangedArea,
  checkAppealDay,
  checkDraft,
  checkPanelOf,
  decisionOf,
  findRun,
  type Opinion,
  type PolicyDraft,
  quotaOf,
  reviewRulesOf,
  type SpecialCaseDecision,
} from '#workflow/index.ts';
import { closingStep } from './closing-of-year.ts';
import { policyDraftBody, settledRunBody } from './contract/approval.ts';
import { enrolmentStep } from './enrolment-decisions.ts';
import { apiErrors } from './errors.ts';
import { jsonRow } from './list.ts';
import { itemsStep, reimbursementStep } from './reimbursement-content.ts';
import type { Context } from './route.ts';

type Content = ApprovalRow['content'];

/** What a step writes beside its own record. */
export type StepWork = {
  readonly content?: Content | undefined;
  /** what it changes in the files of an area: written down with the step, carried out after it */
  readonly areaChange?: (ChangedArea & AreaChange) | undefined;
  /** done in the transaction of the step, after it is written */
  readonly onTaken?: ((approval: Pick<ApprovalRow, 'id' | 'content'>) => Promise<void>) | undefined;
};

/** What a panel was asked and said, and what follows from it. */
export type PanelContent = {
  /** logins of the panel */
  readonly experts?: readonly string[];
  readonly opinions?: readonly Opinion[];
  readonly decision?: SpecialCaseDecision;
};
/** The content of a special case under review. */
export type SpecialCaseContent = PanelContent & {
  readonly runId: number;
  readonly setlId: string;
  readonly reason: string;
  readonly evidence: readonly string[];
  /** once the decision was appealed against: the second panel */
  readonly appeal?: PanelContent;
};

/** States of a special case whose first decision is public; it is in force until that of an appeal is, too. */
const DECISION_IS_PUBLIC: readonly string[] = [
  'published',
  'appealed',
  'appeal-assigned',
  'appeal-decided',
  'appeal-confirmed',
  'appeal-published',
];

/** The panel a special case is with, and how its opinions are put back into the content; undefined: with none. */
export function panelOf(
  approval: Pick<ApprovalRow, 'kind' | 'state' | 'content'>,
): { readonly panel: PanelContent; readonly put: (panel: PanelContent) => Content } | undefined {
  if (approval.kind !== 'special_case') return undefined;
  const content = approval.content as SpecialCaseContent;
  if (approval.state === 'assigned') return { panel: content, put: (panel) => ({ ...content, ...panel }) };
  if (approval.state !== 'appeal-assigned') return undefined;
  return {
    panel: content.appeal ?? {},
    put: (panel) => ({ ...content, appeal: { ...content.appeal, ...panel } }),
  };
}

/**
 * The content as the caller may see it: an expert sees the own opinion until the case is decided, an institution each
 * decision once it is published, and never who judged.
 */
export function specialCaseFor(
  { state, content }: Pick<ApprovalRow, 'state' | 'content'>,
  reader: { readonly login: string; readonly isExpert: boolean; readonly isInstitution: boolean },
): Content {
  const { experts, opinions, decision, appeal, ...open } = content as SpecialCaseContent;
  if (reader.isInstitution) {
    return {
      ...open,
      ...(DECISION_IS_PUBLIC.includes(state) ? { decision } : {}),
      ...(state === 'appeal-published' ? { appeal: { decision: appeal?.decision } } : {}),
    };
  }
  const isOpen = reader.isExpert && (state === 'assigned' || state === 'appeal-assigned');
  const shown = ({ opinions: said = [], ...panel }: PanelContent): PanelContent => ({
    ...panel,
    opinions: isOpen ? said.filter(({ login }) => login === reader.login) : said,
  });
  return {
    ...open,
    ...(experts ? shown({ experts, opinions: opinions ?? [], ...(decision ? { decision } : {}) }) : {}),
    ...(appeal ? { appeal: shown(appeal) } : {}),
  };
}

/** What a step of an approval changes of its content, and what it writes when it is taken. */
export async function stepWork(
  context: Context,
  approval: ApprovalRow,
  action: string,
  given: Content | undefined,
  reason = '',
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
      return itemsStep(context, approval, action, given);
    case 'refund':
    case 'deemed':
    case 'retirement':
    case 'merge':
      if (given !== undefined && action !== 'prepare') throw contentNotNow(action);
      return enrolmentStep(context, approval.kind, action, given);
    case 'closing_of_year':
      if (given !== undefined) throw contentNotNow(action);
      return closingStep(context, approval, action, reason);
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
    const corrected = policyDraftBody.parse(given);
    for (const field of ['areaId', 'year'] as const) {
      if (corrected[field] === (approval.content as PolicyDraft)[field]) continue;
      throw new YibaoError({
        definition: apiErrors.otherDraft,
        field,
        value: String(corrected[field]),
        parameters: { subject: approval.subject },
      });
    }
    return { content: await policyContent(context, corrected) };
  }
  const draft = approval.content as PolicyDraft;
  // the area may have changed since the draft was made
  if (action === 'prepare' || action === 'check') checkDraft(context.dataFolder, draft);
  if (action !== 'publish') return {};
  const { changes: _, ...values } = draft as PolicyDraft & { readonly changes: unknown };
  return {
    areaChange: {
      areaId: draft.areaId,
      kind: 'policy',
      change: {
        draft: values,
        documentId: `published-${approval.id.slice(0, 8)}`,
        recorded: Temporal.Now.plainDateISO().toString(),
      },
    },
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
  if (action === 'assign' || action === 'assign-appeal') {
    const { year } = await findRun(store, content.runId);
    const panel = Array.isArray(given?.experts) ? given.experts.map(String) : [];
    const experts = new Map((await expertsOf(store)).map((one) => [one.login, one.institutionCode]));
    const isAppeal = action === 'assign-appeal';
    // one that came through the interface may have been refused in the settlement
    const cases = await (await runTables.of(content.runId)).rows(
      'SELECT setl_id FROM case_result WHERE setl_id = $1',
      [content.setlId],
    );
    if (cases.length === 0) {
      throw new YibaoError({ definition: apiErrors.notFound, field: 'setlId', value: content.setlId });
    }
    const rules = reviewRulesOf(dataFolder, content.runId, year);
    checkPanelOf(panel, experts, institution, rules, isAppeal ? content.experts : []);
    const assigned = { experts: panel, opinions: [] };
    return { content: isAppeal ? { ...content, appeal: assigned } : { ...content, ...assigned } };
  }
  if (action === 'appeal') {
    if (given !== undefined) throw contentNotNow(action);
    const { year } = await findRun(store, content.runId);
    const published = (await approvalSteps(store, approval.id)).findLast((step) => step.action === 'publish');
    // that there is one, the state says; what does not follow from the state is refused with the step
    if (published === undefined) return {};
    const day = Temporal.Instant.from(published.at).toZonedDateTimeISO(Temporal.Now.timeZoneId());
    const rules = reviewRulesOf(dataFolder, content.runId, year);
    checkAppealDay(day.toPlainDate(), Temporal.Now.plainDateISO(), rules);
    return {};
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
  if (action === 'decide' || action === 'decide-appeal') {
    const panel = panelOf(approval);
    // not with a panel: the step is refused for it
    if (panel === undefined) return {};
    const { areaId, year } = await findRun(store, content.runId);
    // decisions of an area follow one another: two at once would both take the last place of the quota
    await store.selectFrom('area').select('id').where('id', '=', areaId).forUpdate().execute();
    const rules = reviewRulesOf(dataFolder, content.runId, year);
    const lines = await quotaOf(await runTables.of(content.runId), rules);
    const granted = await grantedSince(store, `${areaId}/${year}/`, content.runId, approval);
    const decision = decisionOf(
      panel.panel.experts ?? [],
      panel.panel.opinions ?? [],
      institution,
      rules,
      lines.map((line) => ({
        ...line,
        passed: line.passed + BigInt(line.fixmedinsCode === undefined ? granted.all : granted.own),
      })),
    );
    return { content: panel.put({ decision }) };
  }
  if (action !== 'publish' && action !== 'publish-appeal') return {};
  const decided = action === 'publish' ? content : content.appeal;
  if (decided?.decision === undefined) return {};
  const { areaId } = await findRun(store, content.runId);
  const { decision, amount, points } = decided.decision;
  const { setlId, reason } = content;
  return {
    areaChange: { areaId, kind: 'special_case', change: { setlId, reason, decision, amount, points } },
  };
}

/** Other cases that were granted here and that the run did not yet know of; an appeal may not have taken back the first grant. */
async function grantedSince(
  store: Store,
  place: string,
  runId: number,
  { id, institution_code: institution }: ApprovalRow,
) {
  const rows = await store
    .selectFrom('approval')
    .select(['state', 'content', 'institution_code'])
    .where('kind', '=', 'special_case')
    .where('state', 'in', ['decided', 'confirmed', ...DECISION_IS_PUBLIC])
    .where('subject', 'like', `${place}%`)
    .where('id', '!=', id)
    .execute();
  const isGrant = (decision: SpecialCaseDecision | undefined) =>
    decision !== undefined && decision.decision !== 'rejected';
  const granted = rows.filter(({ state, content }) => {
    const { runId: of, decision, appeal } = content as SpecialCaseContent;
    const isFirstInForce = state !== 'appeal-published' && isGrant(decision);
    return of >= runId && (isFirstInForce || isGrant(appeal?.decision));
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
