import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';

export type Reconciliation = {
  readonly reconciliationId: number;
  readonly receipts: number;
  readonly agreed: number;
  readonly taxFen: number;
  readonly treasuryFen: number;
  readonly agencyFen: number;
  /** receipts of which one of the three gave something back, and how much each did */
  readonly refunds: number;
  readonly taxRefundedFen: number;
  readonly treasuryRefundedFen: number;
  readonly agencyRefundedFen: number;
  readonly differences: number;
};

/** The rows of departments of one kind as amounts of receipts. */
export const told = (holds: 'collection' | 'treasury') => sql`
  SELECT r.facts ->> 'receipt' AS receipt, coalesce(r.facts ->> 'insutype', '') AS insutype,
    (r.facts ->> 'paid_on')::date AS paid_on, r.facts ->> 'month_from' AS month_from, r.facts ->> 'month_to' AS month_to,
    coalesce((r.facts ->> 'person_fen')::bigint, 0) + coalesce((r.facts ->> 'employer_fen')::bigint, 0) AS fen,
    coalesce((r.facts ->> 'subsidy_fen')::bigint, 0) + coalesce((r.facts ->> 'assistance_fen')::bigint, 0) AS granted_fen,
    coalesce(p.merged_into, p.psn_no) AS psn_no, r.certno_given, r.county
  FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id AND f.holds = ${holds}
  LEFT JOIN person AS p ON p.psn_no = r.psn_no
  WHERE r.facts ? 'receipt' AND coalesce((r.facts ->> 'refund_fen')::bigint, 0) = 0`;

/** What one of the departments gave back of each receipt. */
const givenBack = (holds: 'collection' | 'treasury') => sql`
  SELECT r.facts ->> 'receipt' AS receipt, coalesce(r.facts ->> 'insutype', '') AS insutype,
    min((r.facts ->> 'paid_on')::date) AS paid_on, sum((r.facts ->> 'refund_fen')::bigint)::bigint AS fen
  FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id AND f.holds = ${holds}
  WHERE r.facts ? 'receipt' AND (r.facts ->> 'refund_fen')::bigint > 0 GROUP BY 1, 2`;

const bySide = (side: ReturnType<typeof sql>) => sql`
  SELECT receipt, insutype, min(paid_on) AS paid_on, sum(fen)::bigint AS fen, min(psn_no) AS psn_no,
    count(DISTINCT psn_no) AS persons, bool_or(psn_no IS NULL) AS is_unknown, min(month_from) AS month_from,
    max(month_to) AS month_to, max(county) AS county,
    count(*) - count(DISTINCT (certno_given, month_from)) AS repeated
  FROM (${side}) AS t GROUP BY receipt, insutype`;

/**
 * Holds the receipts of tax bureau, treasury and agency against one another: every receipt that one of them has in the days given,
 * with what all of them know of it; and subsidies and assistance by scheme and year. All in SQL, however many receipts there are.
 */
export async function reconcileContributions(
  store: Store,
  given: {
    readonly paidFrom: string;
    readonly paidTo: string;
    /** one scheme; undefined: all of them */
    readonly insutype?: string | undefined;
    readonly login: string;
  },
  now: Temporal.Instant,
): Promise<Reconciliation> {
  const { paidFrom, paidTo, insutype: scheme = '', login } = given;
  return transaction(store, async (db) => {
    await sql`CREATE TEMPORARY TABLE receipt_compared ON COMMIT DROP AS
      WITH tax AS (${bySide(told('collection'))}), treasury AS (${bySide(told('treasury'))}),
        agency AS (${bySide(sql`SELECT c.receipt, c.insutype, c.paid_on, c.month_from, c.month_to,
            c.person_fen + c.employer_fen AS fen, coalesce(p.merged_into, p.psn_no) AS psn_no, c.psn_no AS certno_given,
            '' AS county
          FROM contribution AS c JOIN person AS p ON p.psn_no = c.psn_no
          WHERE c.receipt <> '' AND c.kind IN ('paid', 'arrears', 'pay-up')`)})
      SELECT receipt, insutype, t.fen AS tax_fen, m.fen AS treasury_fen, a.fen AS agency_fen,
        coalesce(t.psn_no, a.psn_no) AS psn_no, coalesce(nullif(t.county, ''), m.county, '') AS county,
        t.is_unknown, t.persons = 1 AND a.persons = 1 AND t.psn_no <> a.psn_no AS is_another, a.psn_no AS agency_psn_no,
        (t.month_from, t.month_to) IS DISTINCT FROM (a.month_from, a.month_to) AND t.fen IS NOT NULL AND a.fen IS NOT NULL
          AS is_other_time,
        coalesce(t.month_from || '-' || t.month_to, '') || ' / ' || coalesce(a.month_from || '-' || a.month_to, '') AS months,
        coalesce(t.repeated, 0) AS tax_repeated, coalesce(m.repeated, 0) AS treasury_repeated,
        coalesce(a.repeated, 0) AS agency_repeated
      FROM tax AS t FULL JOIN treasury AS m USING (receipt, insutype) FULL JOIN agency AS a USING (receipt, insutype)
      WHERE (t.paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date OR m.paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date
        OR a.paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date) AND ${scheme} IN ('', insutype)`.execute(
      db,
    );
    await sql`CREATE TEMPORARY TABLE refund_compared ON COMMIT DROP AS
      WITH tax AS (${givenBack('collection')}), treasury AS (${givenBack('treasury')}),
        agency AS (SELECT c.receipt, c.insutype, min(g.decided_on) AS paid_on, sum(g.person_fen)::bigint AS fen,
            min(coalesce(p.merged_into, p.psn_no)) AS psn_no, string_agg(DISTINCT g.reason, ' ' ORDER BY g.reason) AS reason
          FROM contribution_refund AS g JOIN contribution AS c ON c.contribution_id = g.contribution_id
          JOIN person AS p ON p.psn_no = g.psn_no WHERE g.person_fen > 0 GROUP BY c.receipt, c.insutype)
      SELECT receipt, insutype, t.fen AS tax_fen, m.fen AS treasury_fen, a.fen AS agency_fen, a.psn_no, coalesce(a.reason, '') AS reason
      FROM tax AS t FULL JOIN treasury AS m USING (receipt, insutype) FULL JOIN agency AS a USING (receipt, insutype)
      WHERE (t.paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date OR m.paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date
        OR a.paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date) AND ${scheme} IN ('', insutype)`.execute(
      db,
    );
    await sql`CREATE TEMPORARY TABLE difference_found ON COMMIT DROP AS
      SELECT kind, receipt, insutype, psn_no, county, tax_fen, treasury_fen, agency_fen, detail FROM receipt_compared AS c
      CROSS JOIN LATERAL (VALUES
        ('missing-at-tax', tax_fen IS NULL, ''),
        ('missing-at-treasury', treasury_fen IS NULL, ''),
        ('missing-at-agency', agency_fen IS NULL, ''),
        ('amount-differs', tax_fen <> treasury_fen OR tax_fen <> agency_fen OR treasury_fen <> agency_fen, ''),
        ('person-unknown', is_unknown, ''),
        ('person-differs', is_another, ''),
        ('months-differ', is_other_time, months),
        ('twice', tax_repeated + treasury_repeated + agency_repeated > 0,
          concat_ws(' ', CASE WHEN tax_repeated > 0 THEN 'tax' END, CASE WHEN treasury_repeated > 0 THEN 'treasury' END,
            CASE WHEN agency_repeated > 0 THEN 'agency' END))) AS d (kind, holds, detail)
      WHERE holds
      UNION ALL
      SELECT 'without-receipt', '', c.insutype, coalesce(p.merged_into, p.psn_no), '', NULL, NULL, c.person_fen + c.employer_fen,
        c.month_from || '-' || c.month_to
      FROM contribution AS c JOIN person AS p ON p.psn_no = c.psn_no
      WHERE c.receipt = '' AND c.kind IN ('paid', 'arrears', 'pay-up') AND c.person_fen + c.employer_fen > 0
        AND c.paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date AND ${scheme} IN ('', c.insutype)
      UNION ALL
      SELECT 'refund-differs', receipt, insutype, psn_no, '', -tax_fen, -treasury_fen, -agency_fen, reason FROM refund_compared
      WHERE tax_fen IS DISTINCT FROM treasury_fen OR tax_fen IS DISTINCT FROM agency_fen
      UNION ALL
      SELECT 'subsidy-differs', '', insutype, NULL, '', NULL, m.fen, a.fen, year
      FROM (SELECT insutype, left(month_from, 4) AS year, sum(granted_fen)::bigint AS fen FROM (${told('treasury')}) AS t
          WHERE paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date GROUP BY insutype, left(month_from, 4)) AS m
      FULL JOIN (SELECT insutype, left(month_from, 4) AS year, sum(subsidy_fen + assistance_fen)::bigint AS fen FROM contribution
          WHERE paid_on BETWEEN ${paidFrom}::date AND ${paidTo}::date GROUP BY insutype, left(month_from, 4)) AS a
        USING (insutype, year)
      WHERE coalesce(m.fen, 0) <> coalesce(a.fen, 0) AND ${scheme} IN ('', insutype)`.execute(db);
    const { rows: made } = await sql<{
      id: number;
      receipts: number;
      agreed: number;
      tax: number;
      treasury: number;
      agency: number;
      refunds: number;
      tax_refunded: number;
      treasury_refunded: number;
      agency_refunded: number;
    }>`INSERT INTO contribution_reconciliation
        (paid_from, paid_to, insutype, receipts, agreed, tax_fen, treasury_fen, agency_fen, refunds, tax_refunded_fen,
        treasury_refunded_fen, agency_refunded_fen, made_by, made_at)
      SELECT ${paidFrom}::date, ${paidTo}::date, ${scheme}, count(*), count(*) FILTER (WHERE NOT EXISTS (
          SELECT 1 FROM difference_found AS d WHERE d.receipt = c.receipt AND d.insutype = c.insutype)),
        coalesce(sum(tax_fen), 0), coalesce(sum(treasury_fen), 0), coalesce(sum(agency_fen), 0),
        (SELECT count(*) FROM refund_compared), (SELECT coalesce(sum(tax_fen), 0) FROM refund_compared),
        (SELECT coalesce(sum(treasury_fen), 0) FROM refund_compared),
        (SELECT coalesce(sum(agency_fen), 0) FROM refund_compared), ${login}, ${now.toString()}
      FROM receipt_compared AS c
      RETURNING reconciliation_id AS id, receipts, agreed, tax_fen AS tax, treasury_fen AS treasury, agency_fen AS agency, refunds,
        tax_refunded_fen AS tax_refunded, treasury_refunded_fen AS treasury_refunded, agency_refunded_fen AS agency_refunded`.execute(
      db,
    );
    const { id, receipts, agreed, tax, treasury, agency, refunds, ...refunded } = made[0]!;
    const { rows: differences } = await sql`INSERT INTO contribution_difference
        (reconciliation_id, number, kind, receipt, insutype, psn_no, county, tax_fen, treasury_fen, agency_fen, detail)
      SELECT ${id}::bigint, row_number() OVER (ORDER BY kind, receipt, insutype, psn_no, detail), kind, receipt, insutype, psn_no,
        county, tax_fen, treasury_fen, agency_fen, detail
      FROM difference_found RETURNING number`.execute(db);
    await sql`DROP TABLE receipt_compared, refund_compared, difference_found`.execute(db);
    return {
      ...{ reconciliationId: id, receipts, agreed, taxFen: tax, treasuryFen: treasury, agencyFen: agency },
      ...{ refunds, taxRefundedFen: refunded.tax_refunded, treasuryRefundedFen: refunded.treasury_refunded },
      agencyRefundedFen: refunded.agency_refunded,
      differences: differences.length,
    };
  });
}
