import { sql } from 'kysely';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';

/** Persons of one transaction: others who use the store wait for no more than that. */
export const PERSONS_AT_ONCE = 2_000;

/** Persons one after another by their numbers; an end that is missing is the end of all. */
export type PersonSpan = { readonly after: string; readonly to: string | null };

/** Says how far the work is, and throws when it is to end. */
export type Step = (share: number) => Promise<void>;
export const UNWATCHED: Step = async () => {};

/** What was begun longer ago than this is not taken up again: it says too much of another day. */
export const TAKEN_UP_HOURS = 24;

/** All persons after a number, so many at a time, each time in a transaction of its own. */
export async function eachSpan(
  store: Store,
  after: string,
  step: Step,
  work: (db: StoreTransaction, span: PersonSpan) => Promise<void>,
): Promise<void> {
  const spans = await personSpans(store, after);
  for (const [index, span] of spans.entries()) {
    await step(index / spans.length);
    await transaction(store, async (db) => {
      await lookEachUp(db);
      await work(db, span);
    });
  }
}

async function personSpans(db: Store, after: string): Promise<readonly PersonSpan[]> {
  const { rows } = await sql<{ psn_no: string }>`SELECT psn_no
    FROM (SELECT psn_no, row_number() OVER (ORDER BY psn_no) AS place FROM person WHERE psn_no > ${after}) AS p
    WHERE place % ${PERSONS_AT_ONCE} = 0 ORDER BY psn_no`.execute(db);
  const ends = rows.map(({ psn_no }) => psn_no);
  return [...ends, null].map((to, index) => ({ after: ends[index - 1] ?? after, to }));
}

export const inSpan = ({ after, to }: PersonSpan) =>
  to === null ? sql`p.psn_no > ${after}` : sql`(p.psn_no > ${after} AND p.psn_no <= ${to})`;

/** Few of many: each is looked up, instead of all being read for a few, whatever the planner knows of the tables. */
export async function lookEachUp(db: StoreTransaction): Promise<void> {
  await sql`SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan', 'jit'])
    AS t (name)`.execute(db);
}

/** What is made in steps, at once: whole, or nothing of it is left. */
export async function atOnce<Made>(
  make: () => Promise<Made>,
  finish: (made: Made) => Promise<unknown>,
  giveUp: () => Promise<void>,
): Promise<Made> {
  try {
    const made = await make();
    await finish(made);
    return made;
  } catch (error) {
    await giveUp();
    throw error;
  }
}
