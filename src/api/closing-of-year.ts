import { decideClosing, withdrawClosing } from '#enrolment/index.ts';
import type { ApprovalRow } from '#workflow/index.ts';
import type { StepWork } from './approval-content.ts';
import type { Context } from './route.ts';

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
