import { sql } from 'kysely';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
import { BASIC_LIST } from '../schemes.ts';
import { WORK_LIST_KINDS, WORK_LIST_NAMES, type WorkListName } from './kinds.ts';
import { FIRST_WORK_STATE, stepsOf, type WorkStep } from './states.ts';

export type Finding = {
  readonly kind: WorkListName;
  /** taken into the list now, for the first time or again */
  readonly found: number;
  /** stood in it and need not any more: enrolled, or otherwise settled */
  readonly settled: number;
};

const WORK_LIST_LOCK = 7_140_021;

/**
 * Makes every list anew for a day: who is found comes in, who is no longer found is settled by the data themselves. Nothing that a
 * person wrote changes, and the same day again changes nothing.
 */
export async function findWork(
  store: Store,
  { asOf, login }: { readonly asOf: string; readonly login: string },
  now: Temporal.Instant,
): Promise<Finding[]> {
  return transaction(store, async (db) => {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(WORK_LIST_LOCK)})`.execute(db);
    const day = Temporal.PlainDate.from(asOf).toString();
    const findings: Finding[] = [];
    for (const kind of WORK_LIST_NAMES) {
      const query = WORK_LIST_KINDS[kind].query.replaceAll('$day', `'${day}'`);
      await sql`CREATE TEMPORARY TABLE work_found ON COMMIT DROP AS SELECT * FROM (${sql.raw(query)}) AS t`.execute(
        db,
      );
      const { rows: added } = await sql`INSERT INTO work_item
          (kind, psn_no, key, county, organisation, reason, detail, state, found_on, found_by, changed_at)
        SELECT ${kind}, psn_no, key, county, organisation, reason, detail, ${FIRST_WORK_STATE}, ${day}::date, ${login},
          ${now.toString()}::timestamptz
        FROM work_found ORDER BY psn_no, key ON CONFLICT (kind, psn_no, key) DO NOTHING RETURNING item_id`.execute(
        db,
      );
      const isFound = sql`EXISTS (SELECT 1 FROM work_found AS f WHERE f.psn_no = w.psn_no AND f.key = w.key)`;
      const again = await stepAll(db, kind, 'found-again', isFound, { login, day }, now);
      const isGone = sql`NOT ${isFound}`;
      const isEnrolled = sql`${isGone} AND EXISTS (SELECT 1 FROM enrolment AS e JOIN person AS p ON p.psn_no = e.psn_no
        WHERE coalesce(p.merged_into, p.psn_no) = w.psn_no AND e.psn_insu_stas = '1' AND e.insutype IN ${BASIC_LIST}
          AND e.begndate <= ${day}::date AND (e.enddate IS NULL OR e.enddate >= ${day}::date))`;
      const enrolled = await stepAll(db, kind, 'enrolled', isEnrolled, { login, day }, now);
      const resolved = await stepAll(db, kind, 'resolved', isGone, { login, day }, now);
      await sql`DROP TABLE work_found`.execute(db);
      findings.push({ kind, found: added.length + again, settled: enrolled + resolved });
    }
    return findings;
  });
}

/** A step that the data take, for all items of a kind in the states it follows. @returns how many */
async function stepAll(
  db: StoreTransaction,
  kind: WorkListName,
  action: string,
  condition: ReturnType<typeof sql>,
  { login, day }: { readonly login: string; readonly day: string },
  now: Temporal.Instant,
): Promise<number> {
  const step = stepsOf(kind).find((one) => one.action === action && one.by === 'data');
  if (step === undefined) return 0;
  const { rows } = await sql`WITH moved AS (
      SELECT w.item_id, w.state, (SELECT count(*) FROM work_item_step AS s WHERE s.item_id = w.item_id) + 1 AS number
      FROM work_item AS w WHERE w.kind = ${kind} AND w.state = ANY(${[...step.from]}::text[]) AND ${condition} FOR UPDATE),
    stepped AS (
      INSERT INTO work_item_step (item_id, number, action, from_state, to_state, login, note, at)
      SELECT item_id, number, ${action}, state, ${step.to}, ${login}, ${day}, ${now.toString()}::timestamptz FROM moved)
    UPDATE work_item AS w SET state = ${step.to}, changed_at = ${now.toString()}::timestamptz FROM moved
    WHERE w.item_id = moved.item_id RETURNING w.item_id`.execute(db);
  return rows.length;
}

/** What a person may do next with an item. */
export const nextWorkSteps = (kind: string, state: string): readonly WorkStep[] =>
  stepsOf(kind).filter((step) => step.by === 'person' && step.from.includes(state));

/** Takes a step of a person. @throws YibaoError for an item or action there is not, or a note that is missing */
export async function takeWorkStep(
  store: Store,
  given: { readonly itemId: number; readonly action: string; readonly note: string; readonly login: string },
  now: Temporal.Instant,
): Promise<{ readonly state: string }> {
  const { itemId, action, note, login } = given;
  return transaction(store, async (db) => {
    const { rows } = await sql<{ kind: string; state: string }>`SELECT kind, state FROM work_item
      WHERE item_id = ${itemId} FOR UPDATE`.execute(db);
    const item = rows[0];
    if (item === undefined) {
      throw new YibaoError({
        definition: enrolmentErrors.noSuchWorkItem,
        field: 'item',
        value: String(itemId),
      });
    }
    const possible = nextWorkSteps(item.kind, item.state);
    const step = possible.find((one) => one.action === action);
    if (step === undefined) {
      throw new YibaoError({
        definition: enrolmentErrors.notNow,
        field: 'action',
        value: action,
        parameters: { state: item.state, known: possible.map((one) => one.action).join(', ') || '—' },
      });
    }
    if (step.needsNote && note.trim() === '') {
      throw new YibaoError({ definition: enrolmentErrors.noteMissing, field: 'note', value: '' });
    }
    const at = now.toString();
    await sql`INSERT INTO work_item_step (item_id, number, action, from_state, to_state, login, note, at)
      SELECT ${itemId}, count(*) + 1, ${action}, ${item.state}, ${step.to}, ${login}, ${note.trim()}, ${at}::timestamptz
      FROM work_item_step WHERE item_id = ${itemId}`.execute(db);
    await sql`UPDATE work_item SET state = ${step.to}, changed_at = ${at} WHERE item_id = ${itemId}`.execute(
      db,
    );
    return { state: step.to };
  });
}

/** Found → contacted → enrolled, refused or wrong data, by kind and county: a query for lists. */
export const FUNNEL = `SELECT w.kind, w.county, count(*) AS found,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM work_item_step AS s
      WHERE s.item_id = w.item_id AND s.action = 'contact')) AS contacted,
    count(*) FILTER (WHERE w.state IN ('found', 'contacted')) AS open,
    count(*) FILTER (WHERE w.state = 'enrolled') AS enrolled,
    count(*) FILTER (WHERE w.state = 'resolved') AS resolved,
    count(*) FILTER (WHERE w.state = 'refused') AS refused,
    count(*) FILTER (WHERE w.state = 'wrong-data') AS wrong_data
  FROM work_item AS w GROUP BY w.kind, w.county`;
