import { sql } from 'kysely';
import { type Closing, decideClosing, prepareClosing, withdrawClosing } from '#enrolment/index.ts';
import { type Actor, type ApprovalRow, advance, openApproval } from '#workflow/index.ts';
import type { StepWork } from './approval-content.ts';
import type { Context } from './route.ts';

/** The kind of approval by which a closed year comes into force. */
export const CLOSING_OF_YEAR = 'closing_of_year';
export const closingSubject = (year: number, closingId: number): string => `${year}/closing/${closingId}`;

/**
 * Closes a year and submits it to somebody else. One of the same year that still waited is withdrawn: its rows say less than these.
 * @returns the closing and the approval where it is decided
 */
export async function submitClosing(
  { store, benefits }: Pick<Context, 'store' | 'benefits'>,
  year: number,
  actor: Actor,
  now: Temporal.Instant,
): Promise<Closing & { readonly approvalId: string }> {
  const closing = await prepareClosing(store, { year, login: actor.login, policyOf: benefits.policyOf }, now);
  const at = new Date(now.epochMilliseconds);
  const { rows: waiting } = await sql<{ id: string }>`SELECT id FROM approval WHERE kind = ${CLOSING_OF_YEAR}
    AND state = 'prepared' AND starts_with(subject, ${`${year}/`})`.execute(store);
  for (const { id } of waiting) {
    const reason = `→ ${closing.closingId}`;
    await advance(store, { id, action: 'withdraw', reason }, actor, at);
  }
  const subject = closingSubject(year, closing.closingId);
  const opened = await openApproval(
    store,
    { kind: CLOSING_OF_YEAR, subject, content: { year, ...closing } },
    actor.login,
    at,
  );
  await advance(store, { id: opened.id, action: 'prepare' }, actor, at);
  return { ...closing, approvalId: opened.id };
}

/** What a decision on a closed year writes with its step. */
export async function closingStep(
  { store, login }: Context,
  { content }: Pick<ApprovalRow, 'content'>,
  action: string,
  reason: string,
): Promise<StepWork> {
  const closingId = Number((content as { closingId?: number }).closingId);
  if (action === 'withdraw') return { onTaken: () => withdrawClosing(store, closingId) };
  if (action !== 'approve' && action !== 'return') return {};
  const decision = { closingId, isApplied: action === 'approve', login, reason };
  return { onTaken: () => decideClosing(store, decision, Temporal.Now.instant()) };
}
