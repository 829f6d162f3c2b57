import { sql } from 'kysely';
import {
  type BenefitPolicy,
  employeeSpans,
  identityOf,
  monthsOf,
  residentContribution,
  residentYear,
} from '#benefits/index.ts';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { EMPLOYEES, RESIDENTS } from '../schemes.ts';

export type Booking = {
  /** contributions written, and rows that were booked before or belong to nobody yet */
  readonly booked: number;
  readonly leftOut: number;
  /** spans made or changed, and those that would overlap another one of the person */
  readonly spans: number;
  readonly spansRefused: number;
};

export type BookingSource = {
  readonly fileId: number;
  /** the pooling area whose policy holds */
  readonly areaCode: string;
  readonly policyOf: (areaCode: string, date: string) => BenefitPolicy;
};

type Paid = {
  readonly line: number;
  readonly psn_no: string;
  readonly insutype: string;
  readonly month_from: string;
  readonly month_to: string;
  readonly paid_on: string;
  readonly residence: 'registered' | 'permit';
  readonly identities: readonly string[];
};

const ROWS_AT_ONCE = 2_000;

/** Whether person p holds a residence permit, as the department said that named the person last. */
export const RESIDENCE = sql`SELECT h.facts ->> 'residence' FROM department_row AS h
  WHERE h.psn_no = p.psn_no AND h.facts ? 'residence' ORDER BY h.file_id DESC, h.line DESC LIMIT 1`;

/**
 * Books a file of collected contributions: each row of a known person becomes a contribution with its parts (a resident's subsidy and
 * assistance by the policy and the person's identities on the day), and the spans of the persons follow from all they paid. The same
 * file again books nothing twice.
 */
export async function bookCollection(store: Store, source: BookingSource): Promise<Booking> {
  const { fileId } = source;
  return transaction(store, async (db) => {
    const { rows } =
      await sql<Paid>`SELECT r.line, coalesce(p.merged_into, p.psn_no) AS psn_no, r.facts ->> 'insutype' AS insutype,
        r.facts ->> 'month_from' AS month_from, r.facts ->> 'month_to' AS month_to,
        coalesce((r.facts ->> 'paid_on')::date, (f.landed_at AT TIME ZONE 'UTC')::date) AS paid_on,
        ARRAY(SELECT i.psn_idet_type FROM person_identity AS i WHERE i.psn_no = coalesce(p.merged_into, p.psn_no)
          AND i.begndate <= coalesce((r.facts ->> 'paid_on')::date, (f.landed_at AT TIME ZONE 'UTC')::date)
          AND (i.enddate IS NULL OR i.enddate >= coalesce((r.facts ->> 'paid_on')::date, (f.landed_at AT TIME ZONE 'UTC')::date))
          ORDER BY i.psn_idet_type) AS identities,
        CASE WHEN coalesce(r.facts ->> 'residence', (${RESIDENCE})) = 'permit' THEN 'permit' ELSE 'registered' END AS residence
      FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id AND f.holds = 'collection'
      JOIN person AS p ON p.psn_no = r.psn_no
      WHERE r.file_id = ${fileId} AND r.problems = '[]' AND coalesce((r.facts ->> 'refund_fen')::bigint, 0) = 0 AND r.facts ->> 'month_from' <= r.facts ->> 'month_to'
        AND NOT EXISTS (SELECT 1 FROM contribution AS c JOIN person AS q ON q.psn_no = c.psn_no
          WHERE c.receipt = r.facts ->> 'receipt' AND c.insutype = r.facts ->> 'insutype'
            AND c.month_from = r.facts ->> 'month_from'
            AND coalesce(q.merged_into, q.psn_no) = coalesce(p.merged_into, p.psn_no))
      ORDER BY r.line`.execute(db);
    const parts = partsOf(source);
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const some = rows.slice(start, start + ROWS_AT_ONCE).map((row) => ({ ...row, ...parts(row) }));
      await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen, employer_fen, subsidy_fen,
          assistance_fen, receipt, kind, booked_from)
        SELECT t.psn_no, t.insutype, t.paid_on, t.month_from, t.month_to, (r.facts ->> 'person_fen')::bigint,
          coalesce((r.facts ->> 'employer_fen')::bigint, 0), t.subsidy_fen, t.assistance_fen, r.facts ->> 'receipt',
          CASE WHEN t.paid_on > (to_date(t.month_to, 'YYYYMM') + interval '1 month')::date - 1 THEN 'arrears' ELSE 'paid' END,
          ${fileId}::bigint
        FROM jsonb_to_recordset(${JSON.stringify(some)}::jsonb) AS t (line integer, psn_no text, insutype text, paid_on date,
          month_from text, month_to text, subsidy_fen bigint, assistance_fen bigint)
        JOIN department_row AS r ON r.file_id = ${fileId} AND r.line = t.line ORDER BY t.line
        ON CONFLICT DO NOTHING`.execute(db);
    }
    const { rows: counts } = await sql<{ rows: number; booked: number }>`SELECT
        (SELECT count(*) FROM department_row WHERE file_id = ${fileId}) AS rows,
        (SELECT count(*) FROM contribution WHERE booked_from = ${fileId}) AS booked`.execute(db);
    const booked = rows.length;
    const spans = await writeSpans(db, source, [...new Set(rows.map(({ psn_no }) => psn_no))]);
    return { booked, leftOut: counts[0]!.rows - booked, ...spans };
  });
}

/** Subsidy and assistance of a resident's year; each combination of day and identities once. */
function partsOf({ areaCode, policyOf }: BookingSource) {
  const known = new Map<string, { readonly subsidy_fen: number; readonly assistance_fen: number }>();
  return ({ insutype, month_from, identities, residence }: Paid) => {
    if (insutype !== RESIDENTS) return { subsidy_fen: 0, assistance_fen: 0 };
    const year = month_from.slice(0, 4);
    const names = identities.flatMap((type) => identityOf(type) ?? []);
    const key = [year, residence, ...names].join(' ');
    const before = known.get(key);
    if (before !== undefined) return before;
    const policy = policyOf(areaCode, `${year}-01-01`);
    const context = { scheme: 'resident', person: 'adult', ...(names.length > 0 ? { identity: names } : {}) };
    const due = residentContribution(policy, context, residence);
    const parts = { subsidy_fen: due.subsidyFen, assistance_fen: due.aidFen };
    known.set(key, parts);
    return parts;
  };
}

type History = {
  readonly psn_no: string;
  readonly brdy: string | null;
  readonly county: string | null;
  readonly psn_type: string | null;
  readonly paid: readonly {
    readonly insutype: string;
    readonly month_from: string;
    readonly month_to: string;
    readonly paid_on: string;
    /** brought by a transfer from another area */
    readonly is_elsewhere: boolean;
  }[];
};

async function writeSpans(
  db: StoreTransaction,
  source: BookingSource,
  persons: readonly string[],
): Promise<{ readonly spans: number; readonly spansRefused: number }> {
  let [spans, spansRefused] = [0, 0];
  for (let start = 0; start < persons.length; start += ROWS_AT_ONCE) {
    const some = persons.slice(start, start + ROWS_AT_ONCE);
    const { rows } = await sql<History>`SELECT p.psn_no, p.brdy,
        (SELECT r.county FROM department_row AS r WHERE r.psn_no = p.psn_no AND r.county <> '' ORDER BY r.file_id DESC, r.line
          LIMIT 1) AS county,
        (SELECT e.psn_type FROM enrolment AS e WHERE e.psn_no = p.psn_no AND e.insutype = ${RESIDENTS} ORDER BY e.begndate DESC
          LIMIT 1) AS psn_type,
        (SELECT jsonb_agg(jsonb_build_object('insutype', c.insutype, 'month_from', c.month_from, 'month_to', c.month_to,
            'paid_on', c.paid_on, 'is_elsewhere', c.kind = 'transferred') ORDER BY c.month_from, c.paid_on)
          FROM contribution_kept AS c WHERE c.psn_no = p.psn_no AND c.kind <> 'deemed') AS paid
      FROM person AS p WHERE p.psn_no = ANY(${some}::text[]) ORDER BY p.psn_no`.execute(db);
    const wanted = JSON.stringify(rows.flatMap((history) => spansOf(history, source)));
    const { rows: written } = await sql`WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(${wanted}::jsonb) AS t (psn_no text, insutype text, psn_type text, begndate date,
          enddate date, waiting_until date, waiting_reason text, gap_months integer, insuplc_admdvs text,
          continuous_years integer)),
      changed AS (
        UPDATE enrolment AS e SET begndate = w.begndate, enddate = w.enddate, waiting_until = w.waiting_until,
          waiting_reason = w.waiting_reason, gap_months = w.gap_months, psn_insu_stas = '1',
          continuous_years = coalesce(w.continuous_years, e.continuous_years)
        -- the span itself, or the one within it that begins later: arrears or a transfer trace it back
        FROM wanted AS w WHERE e.psn_no = w.psn_no AND e.insutype = w.insutype AND (e.begndate = w.begndate
            OR e.begndate > w.begndate AND e.begndate <= w.enddate AND e.enddate <= w.enddate AND e.psn_insu_stas = '1')
          AND NOT EXISTS (SELECT 1 FROM enrolment AS o WHERE o.psn_no = w.psn_no AND o.insutype = w.insutype
            AND o.enrolment_id <> e.enrolment_id AND daterange(o.begndate, o.enddate, '[]') && daterange(w.begndate, w.enddate, '[]'))
        RETURNING e.enrolment_id),
      added AS (
        INSERT INTO enrolment (psn_no, insutype, psn_type, begndate, enddate, waiting_until, waiting_reason, gap_months,
          insuplc_admdvs, continuous_years)
        SELECT psn_no, insutype, psn_type, begndate, enddate, waiting_until, waiting_reason, gap_months, insuplc_admdvs,
          continuous_years FROM wanted AS w
        WHERE NOT EXISTS (SELECT 1 FROM enrolment AS o WHERE o.psn_no = w.psn_no AND o.insutype = w.insutype
          AND daterange(o.begndate, o.enddate, '[]') && daterange(w.begndate, w.enddate, '[]'))
        RETURNING enrolment_id)
      SELECT enrolment_id FROM changed UNION ALL SELECT enrolment_id FROM added`.execute(db);
    const count = (JSON.parse(wanted) as unknown[]).length;
    spans += written.length;
    spansRefused += count - written.length;
  }
  return { spans, spansRefused };
}

/** The spans that follow from everything a person paid: each year of a resident, each stretch of an employee. */
function spansOf({ psn_no, brdy, county, psn_type, paid }: History, { areaCode, policyOf }: BookingSource) {
  const insuplc_admdvs = county ?? areaCode;
  const paidMonths = paid.flatMap(({ insutype, month_from, month_to, paid_on, is_elsewhere }) =>
    monthsOf(month_from, month_to).map((month) => {
      return { insutype, month, paidOn: paid_on, isElsewhere: is_elsewhere };
    }),
  );
  const employed = paidMonths.filter(({ insutype }) => insutype === EMPLOYEES);
  const elsewhere = paidMonths.filter((one) => one.insutype === RESIDENTS && one.isElsewhere);
  const years = paid
    .filter(({ insutype, is_elsewhere }) => insutype === RESIDENTS && !is_elsewhere)
    .map((one) => ({ year: Number(one.month_from.slice(0, 4)), paidOn: one.paid_on }));
  const otherYears = paid
    .filter(({ insutype, is_elsewhere }) => insutype === EMPLOYEES || is_elsewhere)
    .flatMap((one) => yearsOf(Number(one.month_from.slice(0, 4)), Number(one.month_to.slice(0, 4))));
  const residents = [...new Set(years.map(({ year }) => year))]
    // arrears of a year that is over repair the gap and give no benefits
    .filter((year) => years.some((one) => one.year === year && one.paidOn <= `${year}-12-31`))
    .map((year) => {
      const policy = policyOf(areaCode, `${year}-01-01`);
      const months = { elsewhere: elsewhere.map(monthIn), employed: employed.map(monthIn) };
      const facts = { year, paid: years, otherYears, ...months, birthDate: brdy ?? undefined };
      const found = residentYear(policy, facts, { scheme: 'resident' });
      const { from, to, wait, continuousYears } = found;
      return {
        ...{
          psn_no,
          insutype: RESIDENTS,
          psn_type: psn_type ?? classOf(brdy, from),
          begndate: from,
          enddate: to,
        },
        waiting_until: wait.months > 0 ? wait.entitledFrom : null,
        waiting_reason: wait.reason === 'none' || wait.reason === 'newborn' ? '' : wait.reason,
        gap_months: found.gapMonths ?? (wait.reason === 'gap' ? found.gapYears * 12 : null),
        ...{ insuplc_admdvs, continuous_years: continuousYears },
      };
    });
  const lastMonth = employed.map(monthIn).toSorted().at(-1);
  const day = lastMonth === undefined ? '' : `${lastMonth.slice(0, 4)}-${lastMonth.slice(4)}-01`;
  const employees =
    lastMonth === undefined
      ? []
      : employeeSpans(policyOf(areaCode, day), employed, { scheme: 'employee' }).map((span) => ({
          ...{ psn_no, insutype: EMPLOYEES, psn_type: '11', begndate: span.from, enddate: span.to },
          ...{ waiting_until: span.waitingUntil ?? null, waiting_reason: span.follows ?? '' },
          ...{ gap_months: span.gapMonths ?? null, insuplc_admdvs, continuous_years: null },
        }));
  return [...residents, ...employees];
}

const yearsOf = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

const monthIn = ({ month }: { readonly month: string }): string => month;

/** psn_type of a resident by age in whole years, the first that fits: newborn, preschool, pupil, adult, old. */
const CLASSES = [
  [1, '1401'],
  [6, '1402'],
  [18, '1403'],
  [60, '15'],
  [Number.POSITIVE_INFINITY, '16'],
] as const;
function classOf(brdy: string | null, day: string): string {
  if (brdy === null) return '15';
  const age = Temporal.PlainDate.from(brdy).until(Temporal.PlainDate.from(day), {
    largestUnit: 'years',
  }).years;
  return CLASSES.find(([below]) => age < below)![1];
}
