import { sql } from 'kysely';
import {
  type BenefitPolicy,
  identityOf,
  type ResidentContribution,
  residentContribution,
} from '#benefits/index.ts';
import type { Store, StoreTransaction } from '#engine/postgres/store.ts';
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
import { BASIC_LIST, EMPLOYEES, RESIDENTS } from '../schemes.ts';
import { RESIDENCE } from './book.ts';

export type PayableList = {
  readonly listId: number;
  readonly persons: number;
  readonly personFen: number;
  readonly subsidyFen: number;
  readonly assistanceFen: number;
};

const INSUTYPE = RESIDENTS;

export type PayablesWanted = {
  readonly year: number;
  readonly areaCode: string;
  readonly asOf: string;
  readonly login: string;
  readonly policyOf: (areaCode: string, date: string) => BenefitPolicy;
};

/** The list of what residents have to pay, made at once. @throws YibaoError enrolment.nobody-pays */
export async function makePayables(
  store: Store,
  wanted: PayablesWanted,
  now: Temporal.Instant,
): Promise<PayableList> {
  return atOnce(
    () => gatherPayables(store, wanted, now),
    ({ listId }) => finishPayables(store, listId),
    () => giveUpPayables(store),
  );
}

/**
 * The list of what residents have to pay for a year: whoever was insured in the year before or is registered for this one in the area
 * and has not paid yet, with what person, finance and assistance bear by the policy of the year and the identities on the day. The rule
 * runs once for each distinct kind of person. Persons are looked at some thousand at a time, each as of that moment; ended meanwhile,
 * the same list goes on where it stopped, or is taken away by `giveUpPayables`. Nobody sees it before `finishPayables`.
 * @throws YibaoError enrolment.nobody-pays
 */
export async function gatherPayables(
  store: Store,
  wanted: PayablesWanted,
  now: Temporal.Instant,
  step: Step = UNWATCHED,
): Promise<PayableList> {
  const { year, areaCode } = wanted;
  const { listId, after } = await takeUp(store, wanted, now);
  const dueOf = dueByKind(wanted.policyOf(areaCode, `${year}-01-01`));
  await eachSpan(store, after, step, async (db, span) => {
    const persons = await personsOf(db, span, wanted);
    if (persons.length > 0) await addPersons(db, listId, persons, dueOf);
  });
  const { rows } = await sql<PayableList>`SELECT list_id AS "listId", persons, person_fen AS "personFen",
      subsidy_fen AS "subsidyFen", assistance_fen AS "assistanceFen" FROM payable_list WHERE list_id = ${listId}`.execute(
    store,
  );
  const list = rows[0]!;
  if (list.persons > 0) return list;
  throw new YibaoError({
    definition: enrolmentErrors.nobodyPays,
    field: 'areaCode',
    value: areaCode,
    parameters: { year: String(year) },
  });
}

/** From here on the list can be seen and sent, and does not change any more. */
export async function finishPayables(db: Store, listId: number): Promise<void> {
  await sql`UPDATE payable_list SET is_whole = true WHERE list_id = ${listId}`.execute(db);
}

/** Takes away what there is of a list that is not whole, the last rows first. */
export async function giveUpPayables(store: Store): Promise<void> {
  for (let rows = 1n; rows > 0n; ) {
    const { numAffectedRows } =
      await sql`DELETE FROM payable WHERE (list_id, number) IN (SELECT b.list_id, b.number
      FROM payable_list AS l JOIN payable AS b ON b.list_id = l.list_id WHERE NOT l.is_whole
      ORDER BY b.number DESC LIMIT ${PERSONS_AT_ONCE})`.execute(store);
    rows = numAffectedRows ?? 0n;
  }
  await sql`DELETE FROM payable_list WHERE NOT is_whole`.execute(store);
}

/** The same list where it stopped, or a new one; what is left of another goes. */
async function takeUp(
  store: Store,
  { year, areaCode, asOf, login }: PayablesWanted,
  now: Temporal.Instant,
): Promise<{ readonly listId: number; readonly after: string }> {
  const at = now.toString();
  const { rows: begun } = await sql<{
    listId: number;
    after: string;
  }>`SELECT list_id AS "listId", coalesce((SELECT b.psn_no
        FROM payable AS b WHERE b.list_id = l.list_id ORDER BY b.number DESC LIMIT 1), '') AS after
    FROM payable_list AS l WHERE NOT is_whole AND insutype = ${INSUTYPE} AND year = ${year} AND area_code = ${areaCode}
      AND as_of = ${asOf}::date AND made_by = ${login}
      AND made_at > ${at}::timestamptz - make_interval(hours => ${TAKEN_UP_HOURS})`.execute(store);
  if (begun[0] !== undefined) return begun[0];
  await giveUpPayables(store);
  const { rows } = await sql<{ listId: number }>`INSERT INTO payable_list
      (insutype, year, area_code, as_of, persons, person_fen, subsidy_fen, assistance_fen, made_by, made_at, is_whole)
    VALUES (${INSUTYPE}, ${year}, ${areaCode}, ${asOf}, 0, 0, 0, 0, ${login}, ${at}::timestamptz, false)
    RETURNING list_id AS "listId"`.execute(store);
  return { listId: rows[0]!.listId, after: '' };
}

type Payer = {
  readonly psn_no: string;
  readonly name: string;
  readonly psn_cert_type: string;
  readonly certno: string;
  readonly county: string;
  readonly residence: 'registered' | 'permit';
  /** codes, one after another */
  readonly identities: string;
};

/** Who of some persons has to pay. */
async function personsOf(
  db: StoreTransaction,
  span: PersonSpan,
  { year, areaCode, asOf }: PayablesWanted,
): Promise<readonly Payer[]> {
  const { rows } =
    await sql<Payer>`SELECT p.psn_no, p.name, c.psn_cert_type, c.certno, e.insuplc_admdvs AS county,
        CASE WHEN (${RESIDENCE}) = 'permit' THEN 'permit' ELSE 'registered' END AS residence,
        coalesce((SELECT string_agg(DISTINCT i.psn_idet_type, ' ' ORDER BY i.psn_idet_type) FROM person_identity AS i
          WHERE i.psn_no = p.psn_no AND i.begndate <= ${asOf}::date AND (i.enddate IS NULL OR i.enddate >= ${asOf}::date)), '')
          AS identities
      FROM person AS p
      JOIN LATERAL (SELECT insuplc_admdvs FROM enrolment AS e WHERE e.psn_no = p.psn_no AND e.insutype = ${INSUTYPE}
        AND e.psn_insu_stas IN ('1', '2') AND e.begndate <= ${`${year}-12-31`}::date
        AND (e.enddate IS NULL OR e.enddate >= ${`${year - 1}-01-01`}::date) ORDER BY e.begndate DESC LIMIT 1) AS e ON true
      JOIN LATERAL (SELECT psn_cert_type, certno FROM person_certificate AS c WHERE c.psn_no = p.psn_no
        ORDER BY is_main DESC, psn_cert_type, certno LIMIT 1) AS c ON true
      WHERE ${inSpan(span)} AND p.merged_into IS NULL AND (p.death_date IS NULL OR p.death_date > ${asOf}::date)
        AND (e.insuplc_admdvs = ${areaCode} OR left(e.insuplc_admdvs, 4) || '00' = ${areaCode})
        AND NOT EXISTS (SELECT 1 FROM enrolment AS o WHERE o.psn_no = p.psn_no AND o.insutype = ${EMPLOYEES} AND o.psn_insu_stas = '1'
          AND o.begndate <= ${asOf}::date AND (o.enddate IS NULL OR o.enddate >= ${asOf}::date))
        AND NOT EXISTS (SELECT 1 FROM enrolment_elsewhere AS o WHERE o.psn_no = p.psn_no AND o.insutype IN ${BASIC_LIST}
          AND o.begndate <= ${asOf}::date AND (o.enddate IS NULL OR o.enddate >= ${asOf}::date))
        AND NOT EXISTS (SELECT 1 FROM contribution_kept AS k WHERE k.psn_no = p.psn_no AND k.insutype = ${INSUTYPE}
          AND k.kind IN ('paid', 'arrears') AND k.month_from >= ${`${year}01`} AND k.month_to <= ${`${year}12`})
      ORDER BY p.psn_no`.execute(db);
  return rows;
}

/** What a person has to pay by residence and identities. */
function dueByKind(policy: BenefitPolicy): (payer: Payer) => ResidentContribution {
  const known = new Map<string, ResidentContribution>();
  return ({ residence, identities }) => {
    const kind = `${residence} ${identities}`;
    const due = known.get(kind) ?? dueOfKind(policy, residence, identities);
    known.set(kind, due);
    return due;
  };
}

function dueOfKind(
  policy: BenefitPolicy,
  residence: Payer['residence'],
  identities: string,
): ResidentContribution {
  const names = identities.split(' ').flatMap((type) => identityOf(type) ?? []);
  const context = { scheme: 'resident', person: 'adult', ...(names.length > 0 ? { identity: names } : {}) };
  return residentContribution(policy, context, residence);
}

/** Adds persons to the end of a list. */
async function addPersons(
  db: StoreTransaction,
  listId: number,
  persons: readonly Payer[],
  dueOf: (payer: Payer) => ResidentContribution,
): Promise<void> {
  const rows = persons.map((payer, index) => {
    const { personFen, subsidyFen, aidFen } = dueOf(payer);
    return {
      ...payer,
      place: index + 1,
      person_fen: personFen,
      subsidy_fen: subsidyFen,
      assistance_fen: aidFen,
    };
  });
  const total = (of: 'person_fen' | 'subsidy_fen' | 'assistance_fen') =>
    rows.reduce((sum, row) => sum + row[of], 0);
  await sql`INSERT INTO payable (list_id, number, psn_no, name, psn_cert_type, certno, county, residence, identities, person_fen,
      subsidy_fen, assistance_fen)
    SELECT l.list_id, l.persons + place, psn_no, name, psn_cert_type, certno, county, residence, identities, t.person_fen, t.subsidy_fen,
      t.assistance_fen
    FROM payable_list AS l CROSS JOIN jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS t (place integer, psn_no text, name text,
      psn_cert_type text, certno text, county text, residence text, identities text, person_fen bigint, subsidy_fen bigint,
      assistance_fen bigint)
    WHERE l.list_id = ${listId}`.execute(db);
  await sql`UPDATE payable_list SET persons = persons + ${rows.length}, person_fen = person_fen + ${total('person_fen')},
      subsidy_fen = subsidy_fen + ${total('subsidy_fen')}, assistance_fen = assistance_fen + ${total('assistance_fen')}
    WHERE list_id = ${listId}`.execute(db);
}

/** Marks a list as sent; again is no fault, the first time stays. @throws YibaoError enrolment.no-such-list */
export async function sendPayables(
  db: Store,
  listId: number,
  login: string,
  now: Temporal.Instant,
): Promise<void> {
  const { rows } = await sql`UPDATE payable_list SET sent_by = coalesce(sent_by, ${login}),
      sent_at = coalesce(sent_at, ${now.toString()}::timestamptz) WHERE list_id = ${listId} AND is_whole RETURNING list_id`.execute(
    db,
  );
  if (rows.length === 0) {
    throw new YibaoError({ definition: enrolmentErrors.noSuchList, field: 'list', value: String(listId) });
  }
}

/** How many rows of a list are in each state, what is due on them and what was paid, by county. */
export async function payableStates(db: Store, listId: number) {
  const { rows } = await sql<{
    county: string;
    state: string;
    persons: number;
    person_fen: number;
    paid_fen: number;
  }>`SELECT county, state, count(*)::integer AS persons, sum(person_fen)::bigint AS person_fen, sum(paid_fen)::bigint AS paid_fen
    FROM payable_state WHERE list_id = ${listId} GROUP BY county, state ORDER BY county, state`.execute(db);
  return rows;
}
