import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { type Actor, advance, openApproval } from './approval/approval.ts';
import type { ApprovalRow } from './approval/tables.ts';
import { LAST_STATES } from './approval/transitions.ts';

/** An institution's computer, which applied through the interface: the roles of the service are not asked. */
export const interfaceActor = (operator: string): Actor => ({
  login: `interface ${operator}`,
  may: () => true,
});

type Application = {
  appy_chk_setl_list_id: string;
  setl_id: string;
  fixmedins_code: string;
  made_by: string;
  reason: string;
};

/**
 * Makes special cases for review of the applications that institutions sent by 3602, as soon as their lists took part in a
 * run; who has applied on screen for the same case already has one review for both.
 * @param setlId of one application; without it all that wait for this run
 */
export async function openExitApplications(
  db: Store,
  run: { readonly id: number; readonly areaId: string; readonly year: number },
  setlId?: string,
): Promise<void> {
  const { rows } =
    await sql<Application>`SELECT a.appy_chk_setl_list_id, a.setl_id, a.fixmedins_code, a.made_by
      , coalesce(a.body ->> 'exit_rea', '') AS reason
    FROM interface_exit_application AS a
    JOIN interface_list AS l ON l.area_id = a.area_id AND l.setl_id = a.setl_id
    JOIN interface_list_settled AS s ON s.setl_list_id = l.setl_list_id AND s.run_id = ${String(run.id)}
    WHERE a.area_id = ${run.areaId} AND a.is_valid AND a.review_state = 0 AND a.approval_id IS NULL
      AND (${setlId ?? null}::text IS NULL OR a.setl_id = ${setlId ?? null}::text)
    ORDER BY a.made_at, a.appy_chk_setl_list_id`.execute(db);
  const at = new Date();
  for (const one of rows) {
    const subject = `${run.areaId}/${run.year}/${one.setl_id}`;
    const known = await db
      .selectFrom('approval')
      .select('id')
      .where('kind', '=', 'special_case')
      .where('subject', '=', subject)
      .where('state', 'not in', LAST_STATES)
      .executeTakeFirst();
    const id = known?.id ?? (await applied(db, run.id, subject, one, at));
    await sql`UPDATE interface_exit_application SET approval_id = ${id}::uuid
      WHERE appy_chk_setl_list_id = ${one.appy_chk_setl_list_id}`.execute(db);
  }
}

async function applied(
  db: Store,
  runId: number,
  subject: string,
  { setl_id: setlId, fixmedins_code: institutionCode, made_by, reason }: Application,
  at: Date,
): Promise<string> {
  const actor = interfaceActor(made_by);
  const content = { runId, setlId, reason, evidence: [] };
  const { id } = await openApproval(
    db,
    { kind: 'special_case', subject, institutionCode, content },
    actor.login,
    at,
  );
  await advance(db, { id, action: 'apply', reason }, actor, at);
  return id;
}

/** What 3604 tells of a decision. */
const DECISIONS: Readonly<Record<string, string>> = {
  rejected: '不予通过，按原标准支付',
  cost: '通过，按项目付费',
  amount: '通过，按金额支付',
  points: '通过，调整分值',
};

/** Tells the institution through the interface what a step of the review means for its application, if it sent one. */
export async function tellExitApplication(
  db: Store,
  approval: ApprovalRow,
  action: string,
  reason: string | undefined,
): Promise<void> {
  const content = approval.content as {
    readonly decision?: { readonly decision: string };
    readonly appeal?: { readonly decision?: { readonly decision: string } };
  };
  const decision = action === 'publish-appeal' ? content.appeal?.decision : content.decision;
  const told =
    action === 'return'
      ? { opinion: reason ?? '', state: 0, isValid: true }
      : action === 'withdraw'
        ? { opinion: reason ?? '', state: 0, isValid: false }
        : (action === 'publish' || action === 'publish-appeal') && decision !== undefined
          ? {
              opinion: DECISIONS[decision.decision] ?? decision.decision,
              state: decision.decision === 'rejected' ? 2 : 1,
              isValid: true,
            }
          : undefined;
  if (told === undefined) return;
  const opinion = { opinion: told.opinion, at: approval.updated_at, by: '', exitType: '' };
  await sql`UPDATE interface_exit_application
    SET review_state = ${told.state}, is_valid = is_valid AND ${told.isValid}, changed_at = ${approval.updated_at}::timestamptz
      , opinions = opinions || ${JSON.stringify([opinion])}::jsonb
    WHERE approval_id = ${approval.id}::uuid`.execute(db);
}
