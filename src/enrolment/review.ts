import { sql } from 'kysely';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { writePersons } from './departments/land.ts';
import type { DepartmentRow } from './departments/normalise.ts';
import { enrolmentErrors } from './errors.ts';
import { type PersonRow, writeDecidedRow } from './import-persons.ts';
import { compareRecords, type FieldWeight, type LinkRecord, sumOf } from './linkage/compare.ts';
import { candidatesSql } from './linkage/weight-sql.ts';
import { type LinkWeights, readWeights } from './linkage/weights.ts';
import { newNumber } from './numbers.ts';
import { lockPerson } from './person-file.ts';

export type ReviewState = 'waiting' | 'linked' | 'new' | 'rejected';
export type ReviewRow = {
  readonly review_id: number;
  readonly source: string;
  readonly line: number;
  readonly reason: string;
  readonly state: ReviewState;
  readonly file_id: number | null;
  readonly made_at: string;
  readonly psn_no: string | null;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly decision_reason: string | null;
  /** the row as it was understood: of a persons file or of a department */
  readonly row: Readonly<Record<string, unknown>>;
  readonly candidates: readonly string[];
};

/** A person a row may be about: how alike they are, field by field. */
export type Candidate = {
  readonly psnNo: string;
  readonly record: LinkRecord;
  readonly weights: readonly FieldWeight[];
  readonly sum100: number;
};
export type ReviewDetail = {
  readonly review: ReviewRow;
  readonly record: LinkRecord;
  readonly candidates: readonly Candidate[];
};

/** A row of the queue with everybody it may be about, the most alike first, as things stand now. */
export async function reviewDetail(
  db: Store,
  reviewId: number,
  weights: LinkWeights = readWeights(),
): Promise<ReviewDetail> {
  const { rows } =
    await sql<ReviewRow>`SELECT review_id, source, line, reason, state, file_id, made_at, psn_no,
      decided_by, decided_at, decision_reason, row, candidates
    FROM person_review WHERE review_id = ${reviewId}`.execute(db);
  const review = rows[0];
  if (review === undefined) {
    throw new YibaoError({
      definition: enrolmentErrors.noSuchReview,
      field: 'review',
      value: String(reviewId),
    });
  }
  const record = recordOfRow(review.row);
  const row = `(SELECT line, row ->> 'name' AS name, (row ->> 'brdy')::date AS brdy, row ->> 'gend' AS gend,
      coalesce(row ->> 'tel', '') AS tel, coalesce(row ->> 'addr', '') AS addr,
      coalesce(row ->> 'certno_given', row ->> 'certno', '') AS certno_given
    FROM person_review WHERE review_id = ${Math.trunc(reviewId)})`;
  const found = await sql<{
    psn_no: string;
  }>`SELECT psn_no FROM (${sql.raw(candidatesSql(row, weights))}) AS c
    UNION SELECT coalesce(p.merged_into, p.psn_no) FROM person AS p
    WHERE p.psn_no IN (SELECT jsonb_array_elements_text(candidates) FROM person_review WHERE review_id = ${reviewId})
    ORDER BY psn_no`.execute(db);
  const people = await recordsOf(
    db,
    found.rows.map(({ psn_no }) => psn_no),
  );
  const candidates = people.map(({ psnNo, record: person }) => {
    const compared = compareRecords(record, person, weights);
    return { psnNo, record: person, weights: compared, sum100: sumOf(compared) };
  });
  return { review, record, candidates: candidates.toSorted((a, b) => b.sum100 - a.sum100) };
}

function recordOfRow(row: Readonly<Record<string, unknown>>): LinkRecord {
  const said = (field: string) => (typeof row[field] === 'string' ? (row[field] as string) : '');
  const given = said('certno_given') || said('certno');
  const list = (text: string) => (text === '' ? [] : [text]);
  return {
    name: said('name'),
    brdy: said('brdy') || null,
    gend: said('gend'),
    tels: list(said('tel')),
    addrs: list(said('addr')),
    certnos: list(given),
  };
}

async function recordsOf(
  db: Store,
  numbers: readonly string[],
): Promise<{ readonly psnNo: string; readonly record: LinkRecord }[]> {
  const { rows } = await sql<LinkRecord & { psn_no: string }>`SELECT p.psn_no, p.name, p.brdy, p.gend,
      ARRAY(SELECT value FROM person_contact AS k WHERE k.psn_no = p.psn_no AND kind = 'tel' ORDER BY value) AS tels,
      ARRAY(SELECT value FROM person_contact AS k WHERE k.psn_no = p.psn_no AND kind = 'addr' ORDER BY value) AS addrs,
      ARRAY(SELECT certno FROM person_certificate AS k WHERE k.psn_no = p.psn_no ORDER BY is_main DESC, certno) AS certnos
    FROM person AS p WHERE p.psn_no = ANY(${[...numbers]}::text[]) AND p.merged_into IS NULL ORDER BY p.psn_no`.execute(
    db,
  );
  return rows.map(({ psn_no: psnNo, ...record }) => ({ psnNo, record }));
}

export type Decision = {
  readonly reviewId: number;
  /** the row is about this person; about somebody new; is about nobody who can be told */
  readonly decision: 'link' | 'new' | 'reject';
  /** of `link` */
  readonly psnNo?: string | undefined;
  readonly reason: string;
  readonly login: string;
};

/** Decides a row of the queue and writes what follows from it. A decision stays. @returns the number the row went to */
export async function decideReview(
  store: Store,
  { reviewId, decision, psnNo, reason, login }: Decision,
  now: Temporal.Instant,
  weights: LinkWeights = readWeights(),
): Promise<{ readonly psnNo: string | null }> {
  return transaction(store, async (db) => {
    await sql`SELECT 1 FROM person_review WHERE review_id = ${reviewId} FOR UPDATE`.execute(db);
    const { review, candidates } = await reviewDetail(db, reviewId, weights);
    if (review.state !== 'waiting') {
      const { decided_by, decided_at, state } = review;
      throw new YibaoError({
        definition: enrolmentErrors.decidedAlready,
        value: String(reviewId),
        parameters: { by: decided_by ?? '', at: decided_at ?? '', state },
      });
    }
    const target = decision === 'reject' ? null : await targetOf(db, review, decision, psnNo, now);
    if (target !== null) await writeRow(db, review, target, decision === 'new', now);
    else if (review.file_id !== null) {
      await sql`UPDATE department_row SET state = 'refused', reason = 'refused-by-review'
        WHERE file_id = ${review.file_id} AND line = ${review.line}`.execute(db);
    }
    const seen = candidates.map((one) => ({ psn_no: one.psnNo, sum100: one.sum100, weights: one.weights }));
    await sql`UPDATE person_review SET state = ${STATE_OF[decision]}, psn_no = ${target}, decided_by = ${login},
        decided_at = ${now.toString()}, decision_reason = ${reason}, decided_on = ${JSON.stringify(seen)}::jsonb
      WHERE review_id = ${reviewId}`.execute(db);
    return { psnNo: target };
  });
}

const STATE_OF = { link: 'linked', new: 'new', reject: 'rejected' } as const;

/** The number the row goes to. @throws YibaoError where there is no such person, or the certificate is another's */
async function targetOf(
  db: StoreTransaction,
  { row }: ReviewRow,
  decision: 'link' | 'new',
  psnNo: string | undefined,
  now: Temporal.Instant,
): Promise<string> {
  const target = decision === 'new' ? newNumber(now) : await lockPerson(db, psnNo ?? '');
  if (target === undefined) {
    throw new YibaoError({ definition: enrolmentErrors.noSuchPerson, field: 'psnNo', value: psnNo ?? '' });
  }
  const { rows } = await sql<{ psn_no: string }>`SELECT psn_no FROM person_certificate
    WHERE psn_cert_type = ${String(row.psn_cert_type)} AND certno = ${String(row.certno)} AND certno <> ''`.execute(
    db,
  );
  const owner = rows[0]?.psn_no;
  if (owner !== undefined && owner !== target) {
    const certificate = String(row.certno);
    throw new YibaoError({
      definition: enrolmentErrors.certificateTaken,
      field: 'psnNo',
      value: `…${certificate.slice(-4)}`,
      parameters: { owner },
    });
  }
  return target;
}

async function writeRow(
  db: StoreTransaction,
  review: ReviewRow,
  target: string,
  isNew: boolean,
  now: Temporal.Instant,
): Promise<void> {
  if (review.file_id === null) {
    await writeDecidedRow(db, review.row as unknown as PersonRow, target, review.source, now);
    return;
  }
  if (isNew) {
    const { name, gend, brdy } = review.row as unknown as DepartmentRow;
    await sql`INSERT INTO person (psn_no, name, gend, brdy, made_at)
      VALUES (${target}, ${name}, ${gend}, ${brdy}, ${now.toString()})`.execute(db);
  }
  await sql`UPDATE department_row SET state = 'decided', psn_no = ${target}, reason = 'decided'
    WHERE file_id = ${review.file_id} AND line = ${review.line}`.execute(db);
  await writePersons(db, review.file_id, { from: review.line, to: review.line }, now);
}
