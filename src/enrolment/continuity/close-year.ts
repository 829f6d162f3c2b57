import { sql } from 'kysely';
import {
  type BenefitPolicy,
  continuityAfter,
  INCENTIVE_USED,
  type IncentiveFacts,
  schemeOf,
  type YearKind,
} from '#benefits/index.ts';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
import {
  atOnce,
  eachSpan,
  inSpan,
  PERSONS_AT_ONCE,
  type PersonSpan,
  type Step,
  TAKEN_UP_HOURS,
  UNWATCHED,
} from '../person-spans.ts';
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

export type ClosingWanted = {
  readonly year: number;
  readonly login: string;
  readonly policyOf: (areaCode: string, date: string) => BenefitPolicy;
};

/** A year closed at once, for somebody else to decide. */
export async function prepareClosing(
  store: Store,
  wanted: ClosingWanted,
  now: Temporal.Instant,
): Promise<Closing> {
  return atOnce(
    () => gatherClosing(store, wanted, now),
    ({ closingId }) => transaction(store, (db) => finishClosing(db, closingId)),
    () => giveUpClosing(store),
  );
}

/**
 * Closes a year of the residents: how each of them went through it follows from spans, contributions, insurance elsewhere and what
 * the funds paid; what that leaves to the next year follows from the policy of its last day. The rule runs once for each distinct
 * way through the year. Persons are looked at some thousand at a time, each as of that moment; ended meanwhile, the same closing goes
 * on where it stopped, or is taken away by `giveUpClosing`. Nobody sees it before `finishClosing`, nothing holds before somebody else
 * applies it, and the same data give the same rows again.
 * @throws YibaoError enrolment.year-not-over, enrolment.year-before-open
 */
export async function gatherClosing(
  store: Store,
  wanted: ClosingWanted,
  now: Temporal.Instant,
  step: Step = UNWATCHED,
): Promise<Closing> {
  const { year } = wanted;
  await checkClosable(store, year, now);
  const { closingId, after } = await takeUp(store, wanted, now);
  const leaves = leavesByWay(wanted);
  await eachSpan(store, after, step, async (db, span) => {
    const persons = await personsOf(db, year, span);
    if (persons.length > 0) await addFacts(db, { closingId, year }, persons, leaves);
  });
  const { rows } =
    await sql<Closing>`SELECT closing_id AS "closingId", persons, zero_claim AS "zeroClaim", gaps, differs
    FROM continuity_closing WHERE closing_id = ${closingId}`.execute(store);
  return rows[0]!;
}

/** From here on the closing can be seen and decided; one of the same year that still waited is replaced. */
export async function finishClosing(db: StoreTransaction, closingId: number): Promise<void> {
  await sql`UPDATE continuity_closing AS c SET state = 'replaced' FROM continuity_closing AS n
    WHERE n.closing_id = ${closingId} AND c.insutype = n.insutype AND c.year = n.year AND c.state = 'prepared'`.execute(
    db,
  );
  await sql`UPDATE continuity_closing SET state = 'prepared' WHERE closing_id = ${closingId}`.execute(db);
}

/** Takes away what there is of a closing that is not whole, the last rows first. */
export async function giveUpClosing(store: Store): Promise<void> {
  for (let rows = 1n; rows > 0n; ) {
    const { numAffectedRows } = await sql`DELETE FROM continuity_fact WHERE fact_id IN (SELECT f.fact_id
      FROM continuity_closing AS c JOIN continuity_fact AS f ON f.closing_id = c.closing_id
      WHERE c.insutype = ${INSUTYPE} AND c.state = 'making' ORDER BY f.fact_id DESC LIMIT ${PERSONS_AT_ONCE})`.execute(
      store,
    );
    rows = numAffectedRows ?? 0n;
  }
  await sql`DELETE FROM continuity_closing WHERE insutype = ${INSUTYPE} AND state = 'making'`.execute(store);
}

/** The same closing where it stopped, or a new one; what is left of another goes. */
async function takeUp(
  store: Store,
  { year, login }: ClosingWanted,
  now: Temporal.Instant,
): Promise<{ readonly closingId: number; readonly after: string }> {
  const at = now.toString();
  const { rows: begun } = await sql<{ closingId: number; after: string }>`SELECT closing_id AS "closingId",
      coalesce((SELECT f.psn_no FROM continuity_fact AS f WHERE f.closing_id = c.closing_id ORDER BY f.fact_id DESC LIMIT 1), '')
        AS after
    FROM continuity_closing AS c WHERE state = 'making' AND insutype = ${INSUTYPE} AND year = ${year} AND prepared_by = ${login}
      AND prepared_at > ${at}::timestamptz - make_interval(hours => ${TAKEN_UP_HOURS})`.execute(store);
  if (begun[0] !== undefined) return begun[0];
  await giveUpClosing(store);
  const { rows } = await sql<{ closingId: number }>`INSERT INTO continuity_closing
      (insutype, year, state, persons, zero_claim, gaps, differs, prepared_by, prepared_at)
    VALUES (${INSUTYPE}, ${year}, 'making', 0, 0, 0, 0, ${login}, ${at}::timestamptz)
    RETURNING closing_id AS "closingId"`.execute(store);
  return { closingId: rows[0]!.closingId, after: '' };
}

/**
 * A year is closed after its end, and no year between two closed ones is left out.
 * @throws YibaoError enrolment.year-not-over, enrolment.year-before-open
 */
export async function checkClosable(db: Store, year: number, now: Temporal.Instant): Promise<void> {
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

/** How a person went through the year, and what held in it and, by an earlier closing, holds in the next one. */
type Passed = {
  readonly psn_no: string;
  readonly area: string;
  readonly kind: YearKind;
  readonly continuous_years: number;
  readonly zero_claim_years: number;
  readonly earned_before_gap_fen: number;
  readonly paid_funds: string;
  readonly used_incentive: boolean;
  /** the three numbers of the next year, an empty text where nothing holds */
  readonly holds: string;
};

/** How each of some persons of the scheme went through the year. */
async function personsOf(db: StoreTransaction, year: number, span: PersonSpan): Promise<readonly Passed[]> {
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  const schemes = [INSUTYPE, ...OTHER_SCHEMES];
  const { rows } = await sql<Passed>`SELECT p.psn_no, s.area,
      CASE WHEN s.is_held AND s.is_waiting THEN 'waiting' WHEN s.is_held THEN 'insured'
        WHEN EXISTS (SELECT 1 FROM enrolment AS o WHERE o.psn_no = p.psn_no AND o.insutype = ANY(${OTHER_SCHEMES}::text[])
            AND o.psn_insu_stas = '1' AND o.begndate <= ${last}::date AND (o.enddate IS NULL OR o.enddate >= ${last}::date))
          OR EXISTS (SELECT 1 FROM enrolment_elsewhere AS o WHERE o.psn_no = p.psn_no AND o.insutype = ANY(${schemes}::text[])
            AND o.begndate <= ${last}::date AND (o.enddate IS NULL OR o.enddate >= ${last}::date)) THEN 'elsewhere'
        WHEN EXISTS (SELECT 1 FROM contribution AS c WHERE c.psn_no = p.psn_no AND c.insutype = ${INSUTYPE}
          AND c.kind = 'arrears' AND c.month_from <= ${`${year}12`} AND c.month_to >= ${`${year}01`}) THEN 'repaired'
        ELSE 'gap' END AS kind,
      -- where nobody counted: years with a span of one scheme or the other, one after another up to this one
      coalesce(h.stated, greatest(h.continuous_years, s.continuous_years), (SELECT count(*)::integer
        FROM (SELECT covered, row_number() OVER (ORDER BY covered DESC) AS place
          FROM (SELECT DISTINCT covered FROM enrolment AS e
            CROSS JOIN LATERAL generate_series(extract(year FROM e.begndate)::integer,
              least(extract(year FROM coalesce(e.enddate, ${last}::date))::integer, ${year})) AS y (covered)
            WHERE e.psn_no = p.psn_no AND e.insutype = ANY(${schemes}::text[])) AS d) AS c
        WHERE covered = ${year} + 1 - place)) AS continuous_years,
      coalesce(h.zero_claim_years, 0) AS zero_claim_years, coalesce(h.earned_before_gap_fen, 0) AS earned_before_gap_fen,
      coalesce(a.funds, '') AS paid_funds, coalesce(a.used, false) AS used_incentive, coalesce(n.holds, '') AS holds
    FROM person AS p
    JOIN LATERAL (SELECT e.insuplc_admdvs AS area,
        CASE WHEN e.enddate IS NULL OR e.enddate >= ${first}::date THEN e.continuous_years END AS continuous_years,
        e.enddate IS NULL OR e.enddate >= ${first}::date AS is_in_year,
        e.psn_insu_stas = '1' AND (e.enddate IS NULL OR e.enddate >= ${last}::date) AS is_held,
        e.waiting_until IS NOT NULL AND e.waiting_until > ${last}::date AS is_waiting
      FROM enrolment AS e WHERE e.psn_no = p.psn_no AND e.insutype = ${INSUTYPE} AND e.begndate <= ${last}::date
      ORDER BY e.begndate DESC LIMIT 1) AS s ON true
    CROSS JOIN LATERAL (SELECT count(*) > 0 AS is_there,
        (array_agg(continuous_years ORDER BY fact_id DESC) FILTER (WHERE is_stated = 1 AND continuous_years IS NOT NULL))[1] AS stated,
        (array_agg(continuous_years ORDER BY fact_id DESC) FILTER (WHERE is_stated = 0))[1] AS continuous_years,
        (array_agg(zero_claim_years ORDER BY is_stated DESC, fact_id DESC) FILTER (WHERE zero_claim_years IS NOT NULL))[1]
          AS zero_claim_years,
        (array_agg(earned_before_gap_fen ORDER BY is_stated DESC, fact_id DESC) FILTER (WHERE earned_before_gap_fen IS NOT NULL))[1]
          AS earned_before_gap_fen
      FROM continuity_in_force AS f WHERE f.psn_no = p.psn_no AND f.insutype = ${INSUTYPE} AND f.year = ${year}) AS h
    LEFT JOIN LATERAL (SELECT concat_ws(' ', continuous_years, zero_claim_years, earned_before_gap_fen) AS holds
      FROM continuity_in_force AS f WHERE f.psn_no = p.psn_no AND f.insutype = ${INSUTYPE} AND f.year = ${year + 1} AND f.is_stated = 0
      ORDER BY fact_id DESC LIMIT 1) AS n ON true
    CROSS JOIN LATERAL (SELECT string_agg(substr(code, 6), ',' ORDER BY code) FILTER (WHERE code LIKE 'paid:%') AS funds,
        bool_or(code = ${INCENTIVE_USED}) AS used
      FROM accumulator AS m WHERE m.psn_no = p.psn_no AND m.scheme = ${schemeOf(INSUTYPE)!} AND m.year = ${year}) AS a
    WHERE ${inSpan(span)} AND p.merged_into IS NULL AND (p.death_date IS NULL OR p.death_date > ${last}::date)
      AND (s.is_in_year OR h.is_there)
    ORDER BY p.psn_no`.execute(db);
  return rows;
}

/** What a way through the year leaves to the next one. */
function leavesByWay({ year, policyOf }: ClosingWanted): (passed: Passed) => IncentiveFacts {
  const known = new Map<string, IncentiveFacts>();
  return ({ psn_no: _, holds: __, ...way }) => {
    const key = JSON.stringify(way);
    const after =
      known.get(key) ??
      continuityAfter(
        policyOf(way.area, `${year}-12-31`),
        {
          continuousYears: way.continuous_years,
          zeroClaimYears: way.zero_claim_years,
          earnedBeforeGapFen: way.earned_before_gap_fen,
        },
        { kind: way.kind, paidFunds: way.paid_funds.split(','), usedIncentive: way.used_incentive },
        { scheme: schemeOf(INSUTYPE)! },
      );
    known.set(key, after);
    return after;
  };
}

/** Adds what the year leaves to some persons, and counts them. */
async function addFacts(
  db: StoreTransaction,
  { closingId, year }: { readonly closingId: number; readonly year: number },
  persons: readonly Passed[],
  leaves: (passed: Passed) => IncentiveFacts,
): Promise<void> {
  const rows = persons.map((passed) => ({ ...passed, ...leaves(passed) }));
  const countOf = (is: (row: (typeof rows)[number]) => boolean) => rows.filter(is).length;
  const zeroClaim = countOf((row) => row.zeroClaimYears > row.zero_claim_years);
  const gaps = countOf((row) => row.kind === 'gap');
  const differs = countOf(
    (row) => row.holds !== `${row.continuousYears} ${row.zeroClaimYears} ${row.earnedBeforeGapFen}`,
  );
  await sql`INSERT INTO continuity_fact (psn_no, insutype, year, continuous_years, zero_claim_years, earned_before_gap_fen,
      closing_id, kind, paid_funds, used_incentive, continuous_before, zero_claim_before)
    SELECT psn_no, ${INSUTYPE}, ${year + 1}, "continuousYears", "zeroClaimYears", "earnedBeforeGapFen",
      ${closingId}::bigint, kind, paid_funds, used_incentive, continuous_years, zero_claim_years
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS t (psn_no text, "continuousYears" integer, "zeroClaimYears" integer,
      "earnedBeforeGapFen" bigint, kind text, paid_funds text, used_incentive boolean, continuous_years integer,
      zero_claim_years integer)
    ORDER BY psn_no`.execute(db);
  await sql`UPDATE continuity_closing SET persons = persons + ${rows.length}, zero_claim = zero_claim + ${zeroClaim},
      gaps = gaps + ${gaps}, differs = differs + ${differs} WHERE closing_id = ${closingId}`.execute(db);
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
