import { sql } from 'kysely';
import { type BenefitPolicy, identityOf, residentContribution } from '#benefits/index.ts';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
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

/**
 * The list of what residents have to pay for a year: whoever was insured in the year before or is registered for this one in the area
 * and has not paid yet, with what person, finance and assistance bear by the policy of the year and the identities on the day. The rule
 * runs once for each distinct kind of person.
 */
export async function makePayables(
  store: Store,
  given: {
    readonly year: number;
    readonly areaCode: string;
    readonly asOf: string;
    readonly login: string;
    readonly policyOf: (areaCode: string, date: string) => BenefitPolicy;
  },
  now: Temporal.Instant,
): Promise<PayableList> {
  const { year, areaCode, asOf, login, policyOf } = given;
  return transaction(store, async (db) => {
    await sql`CREATE TEMPORARY TABLE payable_person ON COMMIT DROP AS
      SELECT t.*, dense_rank() OVER (ORDER BY residence, identities)::integer AS signature
      FROM (SELECT p.psn_no, p.name, c.psn_cert_type, c.certno, e.insuplc_admdvs AS county,
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
        WHERE p.merged_into IS NULL AND (p.death_date IS NULL OR p.death_date > ${asOf}::date)
          AND (e.insuplc_admdvs = ${areaCode} OR left(e.insuplc_admdvs, 4) || '00' = ${areaCode})
          AND NOT EXISTS (SELECT 1 FROM enrolment AS o WHERE o.psn_no = p.psn_no AND o.insutype = ${EMPLOYEES} AND o.psn_insu_stas = '1'
            AND o.begndate <= ${asOf}::date AND (o.enddate IS NULL OR o.enddate >= ${asOf}::date))
          AND NOT EXISTS (SELECT 1 FROM enrolment_elsewhere AS o WHERE o.psn_no = p.psn_no AND o.insutype IN ${BASIC_LIST}
            AND o.begndate <= ${asOf}::date AND (o.enddate IS NULL OR o.enddate >= ${asOf}::date))
          AND NOT EXISTS (SELECT 1 FROM contribution_kept AS k WHERE k.psn_no = p.psn_no AND k.insutype = ${INSUTYPE}
            AND k.kind IN ('paid', 'arrears') AND k.month_from >= ${`${year}01`} AND k.month_to <= ${`${year}12`})) AS t`.execute(
      db,
    );
    const { rows: signatures } = await sql<{
      signature: number;
      residence: 'registered' | 'permit';
      identities: string;
    }>`SELECT DISTINCT signature, residence, identities FROM payable_person ORDER BY signature`.execute(db);
    if (signatures.length === 0) {
      throw new YibaoError({
        definition: enrolmentErrors.nobodyPays,
        field: 'areaCode',
        value: areaCode,
        parameters: { year: String(year) },
      });
    }
    const policy = policyOf(areaCode, `${year}-01-01`);
    const due = signatures.map(({ signature, residence, identities }) => {
      const names = identities.split(' ').flatMap((type) => identityOf(type) ?? []);
      const context = {
        scheme: 'resident',
        person: 'adult',
        ...(names.length > 0 ? { identity: names } : {}),
      };
      return { signature, ...residentContribution(policy, context, residence) };
    });
    const { rows } = await sql<PayableList>`WITH due AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(due)}::jsonb) AS t (signature integer, "personFen" bigint,
          "subsidyFen" bigint, "aidFen" bigint)),
      list AS (
        INSERT INTO payable_list (insutype, year, area_code, as_of, persons, person_fen, subsidy_fen, assistance_fen, made_by, made_at)
        SELECT ${INSUTYPE}, ${year}, ${areaCode}, ${asOf}, count(*), sum("personFen"), sum("subsidyFen"), sum("aidFen"), ${login},
          ${now.toString()}::timestamptz
        FROM payable_person JOIN due USING (signature)
        RETURNING list_id AS "listId", persons, person_fen AS "personFen", subsidy_fen AS "subsidyFen",
          assistance_fen AS "assistanceFen")
      SELECT * FROM list`.execute(db);
    const list = rows[0]!;
    await sql`INSERT INTO payable (list_id, number, psn_no, name, psn_cert_type, certno, county, residence, identities, person_fen,
        subsidy_fen, assistance_fen)
      SELECT ${list.listId}::bigint, row_number() OVER (ORDER BY p.county, p.psn_no), p.psn_no, p.name, p.psn_cert_type, p.certno, p.county,
        p.residence, p.identities, d."personFen", d."subsidyFen", d."aidFen"
      FROM payable_person AS p JOIN jsonb_to_recordset(${JSON.stringify(due)}::jsonb) AS d (signature integer, "personFen" bigint,
        "subsidyFen" bigint, "aidFen" bigint) USING (signature)`.execute(db);
    await sql`DROP TABLE payable_person`.execute(db);
    return list;
  });
}

/** Marks a list as sent; again is no fault, the first time stays. @throws YibaoError enrolment.no-such-list */
export async function sendPayables(
  db: Store,
  listId: number,
  login: string,
  now: Temporal.Instant,
): Promise<void> {
  const { rows } = await sql`UPDATE payable_list SET sent_by = coalesce(sent_by, ${login}),
      sent_at = coalesce(sent_at, ${now.toString()}::timestamptz) WHERE list_id = ${listId} RETURNING list_id`.execute(
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
