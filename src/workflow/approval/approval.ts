import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { approvalErrors } from './errors.ts';
import type { ApprovalContent, ApprovalRow, ApprovalStepRow } from './tables.ts';
import { FIRST_STATE, TRANSITIONS, type Transition } from './transitions.ts';

/** Who takes a step: the login and what the role may do. */
export type Actor = { readonly login: string; readonly may: (permission: string) => boolean };

export type NewApproval = {
  readonly kind: string;
  /** what it is about, such as `H43/2025/03` for a month: one open approval for each */
  readonly subject: string;
  readonly content: ApprovalContent;
  readonly institutionCode?: string | undefined;
};

/**
 * Opens an approval in its first state. Nothing is decided yet; its first action is taken by `advance`.
 * @throws YibaoError approval.open-already when one of this kind is open for the subject
 */
export async function openApproval(
  store: Store,
  given: NewApproval,
  login: string,
  at: Date,
): Promise<ApprovalRow> {
  if (!TRANSITIONS.some((one) => one.kind === given.kind)) throw new Error(`no transitions of ${given.kind}`);
  const row = await store
    .insertInto('approval')
    .values({
      id: randomUUID(),
      kind: given.kind,
      subject: given.subject,
      state: FIRST_STATE,
      institution_code: given.institutionCode ?? null,
      content: JSON.stringify(given.content),
      created_by: login,
      created_at: at.toISOString(),
      updated_at: at.toISOString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw refusal(approvalErrors.openAlready, given.subject);
  return row;
}

export type Step = {
  readonly id: string;
  readonly action: string;
  readonly reason?: string | undefined;
  /** replaces the content, as a corrected application does */
  readonly content?: ApprovalContent | undefined;
  /** what the corrected application is about, where that may have changed */
  readonly subject?: string | undefined;
};

/**
 * Takes one step, in one transaction with whatever `onTaken` does: both are kept or neither.
 * @throws YibaoError approval.open-already when the corrected subject is that of another open one; approval.* when there is no such approval, the step does not follow from its state, the role may not
 * take it, the person took part in a step that it controls, or a reason is missing
 */
export async function advance(
  store: Store,
  step: Step,
  actor: Actor,
  at: Date,
  onTaken?: (db: Store, approval: ApprovalRow) => Promise<void>,
): Promise<ApprovalRow> {
  return transaction(store, async (db) => {
    const approval = await findApproval(db, step.id, 'locked');
    const steps = await approvalSteps(db, step.id);
    const transition = transitionFor(approval, steps, step, actor);
    const content = step.content ?? approval.content;
    const subject = step.subject ?? approval.subject;
    if (subject !== approval.subject) await refuseOpen(db, approval, subject);
    await db
      .insertInto('approval_step')
      .values({
        approval_id: approval.id,
        number: steps.length + 1,
        action: step.action,
        from_state: approval.state,
        to_state: transition.to,
        login: actor.login,
        at: at.toISOString(),
        reason: step.reason?.trim() ?? '',
        content: JSON.stringify(content),
      })
      .execute();
    const after = await db
      .updateTable('approval')
      .set({ state: transition.to, subject, content: JSON.stringify(content), updated_at: at.toISOString() })
      .where('id', '=', approval.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await onTaken?.(db, after);
    return after;
  });
}

/** One open approval of a kind for each subject; the index of the store says the same to two that come at once. */
async function refuseOpen(db: Store, { id, kind }: ApprovalRow, subject: string): Promise<void> {
  const { rows } =
    await sql`SELECT id FROM approval WHERE kind = ${kind} AND subject = ${subject} AND id <> ${id}
    AND state NOT IN ('withdrawn', 'reversed', 'closed')`.execute(db);
  if (rows.length > 0) throw refusal(approvalErrors.openAlready, subject);
}

/**
 * @param lock `locked` in a transaction that goes on to change it: nobody else does meanwhile
 * @throws YibaoError approval.unknown
 */
export async function findApproval(store: Store, id: string, lock?: 'locked'): Promise<ApprovalRow> {
  const row = await store
    .selectFrom('approval')
    .selectAll()
    .where('id', '=', id)
    .$if(lock !== undefined, (query) => query.forUpdate())
    .executeTakeFirst();
  if (row === undefined) throw refusal(approvalErrors.unknown, id);
  return row;
}

export async function approvalSteps(store: Store, id: string): Promise<ApprovalStepRow[]> {
  return store
    .selectFrom('approval_step')
    .selectAll()
    .where('approval_id', '=', id)
    .orderBy('number')
    .execute();
}

/** What a person may do next, each with the reason why not where only the four eyes forbid it. */
export function nextActions(
  approval: Pick<ApprovalRow, 'kind' | 'state'>,
  steps: readonly ApprovalStepRow[],
  actor: Actor,
): { readonly transition: Transition; readonly blockedBy: ApprovalStepRow | undefined }[] {
  return TRANSITIONS.filter(
    (one) =>
      one.kind === approval.kind &&
      one.from.includes(approval.state) &&
      one.permissions.some((permission) => actor.may(permission)),
  ).map((transition) => ({ transition, blockedBy: ownEarlierStep(transition, steps, actor.login) }));
}

function transitionFor(
  approval: ApprovalRow,
  steps: readonly ApprovalStepRow[],
  step: Step,
  actor: Actor,
): Transition {
  const transition = TRANSITIONS.find((one) => one.kind === approval.kind && one.action === step.action);
  if (transition === undefined) throw refusal(approvalErrors.noSuchAction, step.action);
  if (!transition.permissions.some((permission) => actor.may(permission))) {
    throw refusal(approvalErrors.notAllowed, step.action, {
      titleZh: transition.title.zh,
      titleEn: transition.title.en,
    });
  }
  if (!transition.from.includes(approval.state)) {
    throw refusal(approvalErrors.notNow, step.action, {
      state: approval.state,
      from: transition.from.join(' / '),
      titleZh: transition.title.zh,
      titleEn: transition.title.en,
    });
  }
  const own = ownEarlierStep(transition, steps, actor.login);
  if (own) {
    throw refusal(approvalErrors.sameEyes, step.action, {
      titleZh: transition.title.zh,
      titleEn: transition.title.en,
      earlier: own.action,
    });
  }
  if (transition.needsReason && (step.reason ?? '').trim() === '') {
    throw refusal(approvalErrors.reasonMissing, step.action, {
      titleZh: transition.title.zh,
      titleEn: transition.title.en,
    });
  }
  return transition;
}

/** The step of this round by the same person that the transition has to be independent of. */
function ownEarlierStep(
  transition: Transition,
  steps: readonly ApprovalStepRow[],
  login: string,
): ApprovalStepRow | undefined {
  return roundOf(steps).findLast(
    (step) => step.login === login && transition.otherThan.includes(step.action),
  );
}

/** A round begins anew after the last return or reversal: what is prepared again is controlled again. */
function roundOf(steps: readonly ApprovalStepRow[]): readonly ApprovalStepRow[] {
  const last = steps.findLastIndex((step) => step.to_state === 'returned' || step.to_state === 'reversed');
  return steps.slice(last + 1);
}

function refusal(
  definition: (typeof approvalErrors)[keyof typeof approvalErrors],
  value: string,
  parameters: Readonly<Record<string, string>> = {},
): YibaoError {
  return new YibaoError({ definition, value, parameters });
}
