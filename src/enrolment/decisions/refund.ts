import { sql } from 'kysely';
import { type BenefitPolicy, type Refund, refundOf, schemeOf } from '#benefits/index.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
import { lockPerson } from '../person-file.ts';
import { BASIC_LIST, EMPLOYEES, RESIDENTS } from '../schemes.ts';

export type RefundWanted = {
  readonly contributionId: number;
  readonly reason: 'both-schemes' | 'twice' | 'elsewhere' | 'dead';
};

/** A refund as it is approved: what was found, and what that gives. */
export type RefundFound = RefundWanted &
  Omit<Refund, 'answer'> & {
    readonly psnNo: string;
    readonly year: number;
    readonly happenedOn: string;
    /** the evidence: the span, file or payment that is in the way */
    readonly because: string;
  };

type Row = {
  readonly psn_no: string;
  readonly insutype: string;
  readonly year: number;
  readonly person_fen: number;
  readonly subsidy_fen: number;
  readonly assistance_fen: number;
  readonly begndate: string | null;
  readonly insuplc_admdvs: string | null;
  readonly has_claim: boolean;
  readonly is_refunded: boolean;
  readonly happened_on: string | null;
  readonly because: string | null;
};

/** What gives reason for a refund, each as the first day of it and what it is; p, c and y (the year) are in reach. */
const EVENTS = {
  'both-schemes': sql`SELECT greatest(e.begndate, y.first) AS happened_on, 'enrolment ' || e.insutype || ' ' || e.begndate AS because
    FROM enrolment AS e WHERE e.psn_no = p.psn_no AND e.insutype = ${EMPLOYEES} AND e.psn_insu_stas = '1' AND e.begndate <= y.last
      AND (e.enddate IS NULL OR e.enddate >= y.first)`,
  elsewhere: sql`SELECT greatest(e.begndate, y.first), 'elsewhere ' || e.insuplc_admdvs || ' ' || e.insutype || ' ' || e.begndate
    FROM enrolment_elsewhere AS e WHERE e.psn_no = p.psn_no AND e.insutype IN ${BASIC_LIST} AND e.begndate <= y.last
      AND (e.enddate IS NULL OR e.enddate >= y.first)`,
  twice: sql`SELECT c.paid_on, 'receipt ' || o.receipt FROM contribution_kept AS o WHERE o.psn_no = c.psn_no
    AND o.insutype = c.insutype AND left(o.month_from, 4) = left(c.month_from, 4) AND o.kind IN ('paid', 'arrears')
    AND (o.paid_on, o.contribution_id) < (c.paid_on, c.contribution_id)`,
  dead: sql`SELECT p.death_date, 'death' WHERE p.death_date IS NOT NULL AND p.death_date <= y.last`,
} as const;

/**
 * What a refund of a resident's contribution comes to, by what the store knows and the policy of the first day of its year.
 * @throws YibaoError enrolment.no-refund with the reason why not
 */
export async function findRefund(
  store: Store,
  { contributionId, reason }: RefundWanted,
  policyOf: (areaCode: string, date: string) => BenefitPolicy,
): Promise<RefundFound> {
  const { rows } =
    await sql<Row>`SELECT p.psn_no, c.insutype, left(c.month_from, 4)::integer AS year, c.person_fen, c.subsidy_fen,
      c.assistance_fen, e.begndate, coalesce(e.insuplc_admdvs, (SELECT a.insuplc_admdvs FROM enrolment AS a
        WHERE a.psn_no = p.psn_no ORDER BY a.begndate DESC LIMIT 1)) AS insuplc_admdvs,
      EXISTS (SELECT 1 FROM accumulator AS u WHERE u.psn_no = p.psn_no AND u.scheme = ${schemeOf(RESIDENTS)!}
        AND u.year = left(c.month_from, 4)::integer AND u.code LIKE 'paid:%') AS has_claim,
      EXISTS (SELECT 1 FROM contribution_refund AS f WHERE f.contribution_id = c.contribution_id) AS is_refunded,
      v.happened_on, v.because
    FROM contribution AS c JOIN person AS q ON q.psn_no = c.psn_no JOIN person AS p ON p.psn_no = coalesce(q.merged_into, q.psn_no)
    CROSS JOIN LATERAL (SELECT (left(c.month_from, 4) || '-01-01')::date AS first, (left(c.month_from, 4) || '-12-31')::date AS last)
      AS y
    LEFT JOIN LATERAL (SELECT begndate, insuplc_admdvs FROM enrolment AS s WHERE s.psn_no = p.psn_no AND s.insutype = c.insutype
      AND s.begndate <= y.last AND (s.enddate IS NULL OR s.enddate >= y.first) ORDER BY s.begndate LIMIT 1) AS e ON true
    LEFT JOIN LATERAL (SELECT * FROM (${EVENTS[reason]}) AS t (happened_on, because) ORDER BY happened_on, because LIMIT 1) AS v ON true
    WHERE c.contribution_id = ${contributionId} AND c.kind IN ('paid', 'arrears')`.execute(store);
  const row = rows[0];
  const refuse = (zh: string, en: string) =>
    new YibaoError({
      definition: enrolmentErrors.noRefund,
      field: 'contributionId',
      value: String(contributionId),
      parameters: { zh, en },
    });
  if (row === undefined || row.insutype !== RESIDENTS)
    throw refuse('没有这笔居民缴费', 'there is no such contribution of a resident');
  if (row.is_refunded) throw refuse('已经退过', 'it was given back before');
  const { psn_no: psnNo, year, happened_on: happenedOn, because } = row;
  if (happenedOn === null || because === null) {
    throw refuse('档案中没有这种情形', 'the file does not show this case');
  }
  const from = row.begndate ?? `${year}-01-01`;
  const facts = {
    ...{ reason, year, from, happenedOn, hasClaim: row.has_claim },
    ...{ personFen: row.person_fen, subsidyFen: row.subsidy_fen, assistanceFen: row.assistance_fen },
  };
  const policy = policyOf(row.insuplc_admdvs ?? '', `${year}-01-01`);
  const { answer, ...refund } = refundOf(policy, facts, { scheme: 'resident' });
  if (answer === 'case') throw refuse('本地不退这种情形', 'the policy does not refund this case');
  if (answer === 'late') throw refuse(`${happenedOn} 已过可退的时间`, `${happenedOn} is too late`);
  if (answer === 'claimed') throw refuse('当年已享受待遇', 'funds paid in the year');
  return { contributionId, reason, psnNo, year, happenedOn, because, ...refund };
}

/**
 * Gives a contribution back as it was approved: it counts no longer, and the residents' span of its year ends before the other
 * insurance or the death. A second payment leaves the span alone.
 * @throws YibaoError enrolment.facts-changed where it would come to something else by now
 */
export async function giveBack(
  db: Store,
  found: RefundFound,
  policyOf: (areaCode: string, date: string) => BenefitPolicy,
  by: { readonly approvalId: string; readonly on: string },
): Promise<void> {
  await lockPerson(db, found.psnNo);
  const now = await findRefund(db, found, policyOf);
  const { contributionId, reason, year, happenedOn } = now;
  const isSame = (Object.keys(now) as (keyof RefundFound)[]).every((field) => now[field] === found[field]);
  if (!isSame) {
    throw new YibaoError({
      definition: enrolmentErrors.factsChanged,
      field: 'contributionId',
      value: String(contributionId),
    });
  }
  await sql`INSERT INTO contribution_refund (contribution_id, psn_no, reason, happened_on, person_fen, subsidy_fen, assistance_fen,
      approval_id, decided_on)
    VALUES (${contributionId}, ${now.psnNo}, ${reason}, ${happenedOn}, ${now.personFen}, ${now.subsidyFen}, ${now.assistanceFen},
      ${by.approvalId}, ${by.on})`.execute(db);
  if (reason === 'twice') return;
  // a span that never began is invalid; another ends the day before
  await sql`UPDATE enrolment SET psn_insu_stas = CASE WHEN begndate >= ${happenedOn}::date THEN '3' ELSE psn_insu_stas END,
      enddate = CASE WHEN begndate >= ${happenedOn}::date THEN enddate ELSE ${happenedOn}::date - 1 END
    WHERE psn_no = ${now.psnNo} AND insutype = ${RESIDENTS} AND begndate BETWEEN ${`${year}-01-01`}::date AND ${`${year}-12-31`}::date
      AND (enddate IS NULL OR enddate >= ${happenedOn}::date)`.execute(db);
}
