import { sql } from 'kysely';
import {
  type BenefitPolicy,
  continuityAfter,
  INCENTIVE_USED,
  schemeOf,
  type YearKind,
} from '#benefits/index.ts';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
import { BASIC_SCHEMES, RESIDENTS } from '../schemes.ts';

export type Closing = {
  readonly closingId: number;
  readonly persons: number;
  readonly zeroClaim: number;
  readonly gaps: number;
  /** rows that say something else than those that hold */
  readonly differs: number;
};

/** The incentives are those of residents. */
const INSUTYPE = RESIDENTS;
const OTHER_SCHEMES = BASIC_SCHEMES.filter((insutype) => insutype !== INSUTYPE);

type Signature = {
  readonly signature: number;
  readonly area: string;
  readonly kind: YearKind;
  readonly continuous_years: number;
  readonly zero_claim_years: number;
  readonly earned_before_gap_fen: number;
  readonly paid_funds: string;
  readonly used_incentive: boolean;
};

/**
 * Closes a year of the residents: how each of them went through it follows from spans, contributions, insurance elsewhere and what
 * the funds paid; what that leaves to the next year follows from the policy of its last day. The rule runs once for each distinct
 * way through the year, SQL does the rest. Nothing holds before somebody else applies it, and the same data give the same rows again.
 */
export async function prepareClosing(
  store: Store,
  given: {
    readonly year: number;
    readonly login: string;
    readonly policyOf: (areaCode: string, date: string) => BenefitPolicy;
  },
  now: Temporal.Instant,
): Promise<Closing> {
  const { year, login, policyOf } = given;
  return transaction(store, async (db) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${`continuity ${INSUTYPE}`}))`.execute(db);
    await checkYear(db, year, now);
    await gather(db, year);
    const { rows: signatures } =
      await sql<Signature>`SELECT DISTINCT signature, area, kind, continuous_years, zero_claim_years,
        earned_before_gap_fen, paid_funds, used_incentive FROM year_passed ORDER BY signature`.execute(db);
    const lastDay = `${year}-12-31`;
    const left = signatures.map((each) => {
      const during = {
        continuousYears: each.continuous_years,
        zeroClaimYears: each.zero_claim_years,
        earnedBeforeGapFen: each.earned_before_gap_fen,
      };
      const passed = {
        kind: each.kind,
        paidFunds: each.paid_funds.split(','),
        usedIncentive: each.used_incentive,
      };
      const after = continuityAfter(policyOf(each.area, lastDay), during, passed, {
        scheme: schemeOf(INSUTYPE)!,
      });
      return { signature: each.signature, ...after };
    });
    await sql`UPDATE continuity_closing SET state = 'replaced' WHERE insutype = ${INSUTYPE} AND year = ${year}
      AND state = 'prepared'`.execute(db);
    const { rows: made } = await sql<{ closing_id: number }>`INSERT INTO continuity_closing
        (insutype, year, persons, zero_claim, gaps, differs, prepared_by, prepared_at)
      WITH left_over AS (SELECT y.psn_no, y.kind, y.zero_claim_years AS before, t.* FROM year_passed AS y
        JOIN jsonb_to_recordset(${JSON.stringify(left)}::jsonb) AS t (signature integer, "continuousYears" integer,
          "zeroClaimYears" integer, "earnedBeforeGapFen" bigint) USING (signature)),
      holds AS (SELECT DISTINCT ON (psn_no) psn_no, continuous_years, zero_claim_years, earned_before_gap_fen
        FROM continuity_in_force WHERE insutype = ${INSUTYPE} AND year = ${year + 1} AND is_stated = 0 ORDER BY psn_no, fact_id DESC)
      SELECT ${INSUTYPE}, ${year}, count(*), count(*) FILTER (WHERE "zeroClaimYears" > before), count(*) FILTER (WHERE kind = 'gap'),
        count(*) FILTER (WHERE (h.continuous_years, h.zero_claim_years, h.earned_before_gap_fen)
          IS DISTINCT FROM ("continuousYears", "zeroClaimYears", "earnedBeforeGapFen")), ${login}, ${now.toString()}::timestamptz
      FROM left_over LEFT JOIN holds AS h USING (psn_no) RETURNING closing_id`.execute(db);
    const closingId = made[0]!.closing_id;
    await sql`INSERT INTO continuity_fact (psn_no, insutype, year, continuous_years, zero_claim_years, earned_before_gap_fen,
        closing_id, kind, paid_funds, used_incentive, continuous_before, zero_claim_before)
      SELECT y.psn_no, ${INSUTYPE}, ${year + 1}, t."continuousYears", t."zeroClaimYears", t."earnedBeforeGapFen",
        ${closingId}::bigint, y.kind, y.paid_funds, y.used_incentive, y.continuous_years, y.zero_claim_years
      FROM year_passed AS y JOIN jsonb_to_recordset(${JSON.stringify(left)}::jsonb) AS t (signature integer,
        "continuousYears" integer, "zeroClaimYears" integer, "earnedBeforeGapFen" bigint) USING (signature)
      ORDER BY y.psn_no`.execute(db);
    await sql`DROP TABLE year_passed`.execute(db);
    const { rows } =
      await sql<Closing>`SELECT closing_id AS "closingId", persons, zero_claim AS "zeroClaim", gaps, differs
      FROM continuity_closing WHERE closing_id = ${closingId}`.execute(db);
    return rows[0]!;
  });
}

/** A year is closed after its end, and no year between two closed ones is left out. */
async function checkYear(db: StoreTransaction, year: number, now: Temporal.Instant): Promise<void> {
  const today = now.toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
  if (year >= today.year) {
    throw new YibaoError({ definition: enrolmentErrors.yearNotOver, field: 'year', value: String(year) });
  }
  const { rows } = await sql<{ last: number | null }>`SELECT max(year) AS last FROM continuity_closing
    WHERE insutype = ${INSUTYPE} AND state = 'applied' AND year < ${year}`.execute(db);
  const last = rows[0]!.last;
  if (last === null || last === year - 1) return;
  throw new YibaoError({
    definition: enrolmentErrors.yearBeforeOpen,
    field: 'year',
    value: String(year),
    parameters: { year: String(last + 1) },
  });
}

/** The temporary table year_passed: how each person of the scheme went through the year, and a number for each distinct way. */
async function gather(db: StoreTransaction, year: number): Promise<void> {
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  await sql`CREATE TEMPORARY TABLE year_passed ON COMMIT DROP AS
    WITH span AS (
      SELECT DISTINCT ON (e.psn_no) e.psn_no, e.insuplc_admdvs AS area,
        CASE WHEN e.enddate IS NULL OR e.enddate >= ${first}::date THEN e.continuous_years END AS continuous_years,
        e.enddate IS NULL OR e.enddate >= ${first}::date AS is_in_year,
        e.psn_insu_stas = '1' AND (e.enddate IS NULL OR e.enddate >= ${last}::date) AS is_held,
        e.waiting_until IS NOT NULL AND e.waiting_until > ${last}::date AS is_waiting
      FROM enrolment AS e JOIN person AS p ON p.psn_no = e.psn_no AND p.merged_into IS NULL
        AND (p.death_date IS NULL OR p.death_date > ${last}::date)
      WHERE e.insutype = ${INSUTYPE} AND e.begndate <= ${last}::date ORDER BY e.psn_no, e.begndate DESC),
    held AS (
      SELECT psn_no,
        (array_agg(continuous_years ORDER BY fact_id DESC) FILTER (WHERE is_stated = 1 AND continuous_years IS NOT NULL))[1] AS stated,
        (array_agg(continuous_years ORDER BY fact_id DESC) FILTER (WHERE is_stated = 0))[1] AS continuous_years,
        (array_agg(zero_claim_years ORDER BY is_stated DESC, fact_id DESC) FILTER (WHERE zero_claim_years IS NOT NULL))[1]
          AS zero_claim_years,
        (array_agg(earned_before_gap_fen ORDER BY is_stated DESC, fact_id DESC) FILTER (WHERE earned_before_gap_fen IS NOT NULL))[1]
          AS earned_before_gap_fen
      FROM continuity_in_force WHERE insutype = ${INSUTYPE} AND year = ${year} GROUP BY psn_no),
    elsewhere AS (
      SELECT psn_no FROM enrolment WHERE insutype = ANY(${OTHER_SCHEMES}::text[]) AND psn_insu_stas = '1'
        AND begndate <= ${last}::date AND (enddate IS NULL OR enddate >= ${last}::date)
      UNION
      SELECT psn_no FROM enrolment_elsewhere WHERE insutype = ANY(${[INSUTYPE, ...OTHER_SCHEMES]}::text[])
        AND begndate <= ${last}::date AND (enddate IS NULL OR enddate >= ${last}::date)),
    -- years with a span of one scheme or the other, for those nobody counted
    covered AS (
      SELECT DISTINCT s.psn_no, y.year FROM span AS s LEFT JOIN held AS h ON h.psn_no = s.psn_no
      JOIN enrolment AS e ON e.psn_no = s.psn_no AND e.insutype = ANY(${[INSUTYPE, ...OTHER_SCHEMES]}::text[])
      CROSS JOIN LATERAL generate_series(extract(year FROM e.begndate)::integer,
        least(extract(year FROM coalesce(e.enddate, ${last}::date))::integer, ${year})) AS y (year)
      WHERE s.continuous_years IS NULL AND h.stated IS NULL AND h.continuous_years IS NULL),
    counted AS (
      SELECT psn_no, count(*)::integer AS years
      FROM (SELECT psn_no, year, row_number() OVER (PARTITION BY psn_no ORDER BY year DESC) AS place FROM covered) AS c
      WHERE year = ${year} + 1 - place GROUP BY psn_no),
    paid AS (
      SELECT psn_no, string_agg(substr(code, 6), ',' ORDER BY code) FILTER (WHERE code LIKE 'paid:%') AS funds,
        bool_or(code = ${INCENTIVE_USED}) AS used
      FROM accumulator WHERE scheme = ${schemeOf(INSUTYPE)!} AND year = ${year} GROUP BY psn_no)
    SELECT y.*, dense_rank() OVER (ORDER BY area, kind, continuous_years, zero_claim_years, earned_before_gap_fen, paid_funds,
        used_incentive)::integer AS signature
    FROM (SELECT s.psn_no, s.area,
        CASE WHEN s.is_held AND s.is_waiting THEN 'waiting' WHEN s.is_held THEN 'insured'
          WHEN EXISTS (SELECT 1 FROM elsewhere AS o WHERE o.psn_no = s.psn_no) THEN 'elsewhere'
          WHEN EXISTS (SELECT 1 FROM contribution AS c WHERE c.psn_no = s.psn_no AND c.insutype = ${INSUTYPE}
            AND c.kind = 'arrears' AND c.month_from <= ${`${year}12`} AND c.month_to >= ${`${year}01`}) THEN 'repaired'
          ELSE 'gap' END AS kind,
        coalesce(h.stated, greatest(h.continuous_years, s.continuous_years), k.years, 0) AS continuous_years,
        coalesce(h.zero_claim_years, 0) AS zero_claim_years, coalesce(h.earned_before_gap_fen, 0) AS earned_before_gap_fen,
        coalesce(a.funds, '') AS paid_funds, coalesce(a.used, false) AS used_incentive
      FROM span AS s LEFT JOIN held AS h ON h.psn_no = s.psn_no LEFT JOIN counted AS k ON k.psn_no = s.psn_no
      LEFT JOIN paid AS a ON a.psn_no = s.psn_no WHERE s.is_in_year OR h.psn_no IS NOT NULL) AS y`.execute(
    db,
  );
}

/** Somebody else than who prepared it decides; from then on it holds for settlements, those made before keep what they were given. */
export async function decideClosing(
  store: Store,
  given: {
    readonly closingId: number;
    readonly isApplied: boolean;
    readonly login: string;
    readonly reason: string;
  },
  now: Temporal.Instant,
): Promise<void> {
  const { closingId, isApplied, login, reason } = given;
  await transaction(store, async (db) => {
    const { rows } = await sql<{
      state: string;
      prepared_by: string;
    }>`SELECT state, prepared_by FROM continuity_closing
      WHERE closing_id = ${closingId} FOR UPDATE`.execute(db);
    const closing = rows[0];
    const about = { field: 'closing', value: String(closingId) };
    if (closing === undefined) throw new YibaoError({ ...about, definition: enrolmentErrors.noSuchClosing });
    if (closing.state !== 'prepared') {
      throw new YibaoError({
        ...about,
        definition: enrolmentErrors.closingDecided,
        parameters: { state: closing.state },
      });
    }
    if (closing.prepared_by === login) {
      throw new YibaoError({ ...about, definition: enrolmentErrors.ownWork, parameters: { login } });
    }
    await sql`UPDATE continuity_closing SET state = ${isApplied ? 'applied' : 'refused'}, decided_by = ${login},
      decided_at = ${now.toString()}, reason = ${reason} WHERE closing_id = ${closingId}`.execute(db);
  });
}

/** What is stated for one person and year goes before what closings say; years that are not stated stay theirs. */
export async function stateContinuity(
  store: Store,
  given: {
    readonly psnNo: string;
    readonly year: number;
    readonly continuousYears?: number | undefined;
    readonly zeroClaimYears?: number | undefined;
    readonly earnedBeforeGapFen?: number | undefined;
    readonly reason: string;
    readonly login: string;
  },
  now: Temporal.Instant,
): Promise<void> {
  const { psnNo, year, continuousYears = null, zeroClaimYears = null, earnedBeforeGapFen = null } = given;
  await sql`INSERT INTO continuity_fact (psn_no, insutype, year, continuous_years, zero_claim_years, earned_before_gap_fen, reason,
      stated_by, stated_at)
    VALUES (${psnNo}, ${INSUTYPE}, ${year}, ${continuousYears}, ${zeroClaimYears}, ${earnedBeforeGapFen}, ${given.reason},
      ${given.login}, ${now.toString()})`.execute(store);
}

/** A prepared closing that is not decided any more: it was replaced or taken back. */
export async function withdrawClosing(db: Store, closingId: number): Promise<void> {
  await sql`UPDATE continuity_closing SET state = 'replaced' WHERE closing_id = ${closingId} AND state = 'prepared'`.execute(
    db,
  );
}

/** How a person's standing changed: SQL over a fact of a closing `f`. */
export const STANDING_CHANGE = `CASE
    WHEN f.continuous_before IS NULL THEN 'unknown'
    WHEN f.kind = 'gap' OR f.zero_claim_years < f.zero_claim_before THEN 'lost'
    WHEN f.zero_claim_years > f.zero_claim_before THEN 'gained' ELSE 'kept' END`;

/** What a closing comes to: how the year went, who gained, kept or lost, and how many persons have how many years before and after it. */
export async function closingPicture(db: Store, closingId: number) {
  const { rows: kinds } = await sql<{ kind: string; change: string; persons: number }>`SELECT f.kind,
      ${sql.raw(STANDING_CHANGE)} AS change, count(*)::integer AS persons
    FROM continuity_fact AS f WHERE f.closing_id = ${closingId} GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  const { rows: years } = await sql<{
    measure: 'continuous' | 'zero-claim';
    years: number;
    before: number;
    after: number;
  }>`SELECT measure, years, (count(*) FILTER (WHERE at = 'before'))::integer AS before,
      (count(*) FILTER (WHERE at = 'after'))::integer AS after
    FROM continuity_fact AS f CROSS JOIN LATERAL (VALUES ('continuous', 'before', f.continuous_before),
      ('continuous', 'after', f.continuous_years), ('zero-claim', 'before', f.zero_claim_before),
      ('zero-claim', 'after', f.zero_claim_years)) AS t (measure, at, years)
    WHERE f.closing_id = ${closingId} AND years IS NOT NULL GROUP BY measure, years ORDER BY measure, years`.execute(
    db,
  );
  return { kinds, years };
}
