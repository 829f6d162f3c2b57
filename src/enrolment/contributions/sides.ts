import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
import type { DifferenceKind } from '../titles.ts';

const PAID_KINDS = `('paid', 'arrears', 'pay-up')`;

/** The rows of a department's files, each as what it says of a receipt. */
const landed = (holds: 'collection' | 'treasury', year: number): string => `
  SELECT left(r.facts ->> 'paid_on', 7) AS month, coalesce(r.facts ->> 'insutype', '') AS insutype, r.facts ->> 'receipt' AS receipt,
    coalesce((r.facts ->> 'person_fen')::bigint, 0) + coalesce((r.facts ->> 'employer_fen')::bigint, 0) AS fen,
    coalesce((r.facts ->> 'subsidy_fen')::bigint, 0) + coalesce((r.facts ->> 'assistance_fen')::bigint, 0) AS granted_fen
  FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id AND f.holds = '${holds}'
  WHERE r.facts ? 'receipt' AND r.facts ->> 'paid_on' BETWEEN '${year}-01-01' AND '${year}-12-31'`;

/**
 * What tax bureau, treasury and agency have of a year by now, by the month it was paid in and by scheme: before anything is compared
 * it shows which side is not here yet.
 */
export const SIDES = (of: number): string => {
  const year = Math.trunc(of);
  return `
  SELECT month, insutype, count(DISTINCT receipt) FILTER (WHERE side = 'tax')::integer AS tax_receipts,
    coalesce(sum(fen) FILTER (WHERE side = 'tax'), 0)::bigint AS tax_fen,
    count(DISTINCT receipt) FILTER (WHERE side = 'treasury')::integer AS treasury_receipts,
    coalesce(sum(fen) FILTER (WHERE side = 'treasury'), 0)::bigint AS treasury_fen,
    count(DISTINCT receipt) FILTER (WHERE side = 'agency')::integer AS agency_receipts,
    coalesce(sum(fen) FILTER (WHERE side = 'agency'), 0)::bigint AS agency_fen,
    coalesce(sum(granted_fen) FILTER (WHERE side = 'treasury'), 0)::bigint AS treasury_granted_fen,
    coalesce(sum(granted_fen) FILTER (WHERE side = 'agency'), 0)::bigint AS agency_granted_fen
  FROM (SELECT 'tax' AS side, t.* FROM (${landed('collection', year)}) AS t
    UNION ALL SELECT 'treasury', t.* FROM (${landed('treasury', year)}) AS t
    UNION ALL SELECT 'agency', to_char(paid_on, 'YYYY-MM'), insutype, receipt, person_fen + employer_fen, subsidy_fen + assistance_fen
      FROM contribution WHERE receipt <> '' AND kind IN ${PAID_KINDS}
        AND paid_on BETWEEN '${year}-01-01' AND '${year}-12-31') AS told
  GROUP BY month, insutype`;
};

/** How many differences of each kind a reconciliation found, and the amounts of each side in them. */
export async function reconciliationKinds(db: Store, reconciliationId: number) {
  const { rows } = await sql<{
    kind: DifferenceKind;
    differences: number;
    tax_fen: number;
    treasury_fen: number;
    agency_fen: number;
  }>`SELECT kind, count(*)::integer AS differences, coalesce(sum(tax_fen), 0)::bigint AS tax_fen,
      coalesce(sum(treasury_fen), 0)::bigint AS treasury_fen, coalesce(sum(agency_fen), 0)::bigint AS agency_fen
    FROM contribution_difference WHERE reconciliation_id = ${reconciliationId} GROUP BY kind ORDER BY 2 DESC, kind`.execute(
    db,
  );
  return rows;
}

export type DifferenceEvidence = {
  readonly difference: Readonly<Record<string, unknown>> & { readonly kind: DifferenceKind };
  /** rows of departments' files by their side, contributions as booked; names are whole */
  readonly landed: readonly Readonly<Record<string, unknown>>[];
  readonly booked: readonly Readonly<Record<string, unknown>>[];
};

const SHOWN_MAX = 50;

/**
 * What the sides say now of a difference that was found: the rows of the files with their lines, and the contributions booked. Of a
 * difference of subsidies, the receipts whose grants differ.
 * @throws YibaoError enrolment.no-such-difference
 */
export async function differenceEvidence(
  db: Store,
  reconciliationId: number,
  number: number,
): Promise<DifferenceEvidence> {
  const { rows } = await sql<{
    kind: DifferenceKind;
    receipt: string;
    insutype: string;
    psn_no: string | null;
    detail: string;
    paid_from: string;
    paid_to: string;
  }>`SELECT d.number, d.kind, d.receipt, d.insutype, d.psn_no, d.county, d.tax_fen, d.treasury_fen, d.agency_fen, d.detail,
      p.file_number AS file, r.paid_from, r.paid_to
    FROM contribution_difference AS d JOIN contribution_reconciliation AS r ON r.reconciliation_id = d.reconciliation_id
    LEFT JOIN person AS p ON p.psn_no = d.psn_no
    WHERE d.reconciliation_id = ${reconciliationId} AND d.number = ${number}`.execute(db);
  const found = rows[0];
  if (found === undefined) {
    throw new YibaoError({
      definition: enrolmentErrors.noSuchDifference,
      field: 'number',
      value: `${reconciliationId}-${number}`,
    });
  }
  const { psn_no, paid_from, paid_to, ...difference } = found;
  const { receipt, insutype, detail } = difference;
  // of a difference of subsidies, the receipts whose grants differ
  const receipts =
    difference.kind === 'subsidy-differs'
      ? sql`(SELECT receipt FROM (SELECT r.facts ->> 'receipt' AS receipt, sum(coalesce((r.facts ->> 'subsidy_fen')::bigint, 0)
            + coalesce((r.facts ->> 'assistance_fen')::bigint, 0))::bigint AS fen
          FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id AND f.holds = 'treasury'
          WHERE r.facts ? 'receipt' AND coalesce(r.facts ->> 'insutype', '') = ${insutype}
            AND left(r.facts ->> 'month_from', 4) = ${detail}
            AND r.facts ->> 'paid_on' BETWEEN ${paid_from}::text AND ${paid_to}::text GROUP BY 1) AS m
        FULL JOIN (SELECT receipt, sum(subsidy_fen + assistance_fen)::bigint AS fen FROM contribution
          WHERE insutype = ${insutype} AND left(month_from, 4) = ${detail}
            AND paid_on BETWEEN ${paid_from}::date AND ${paid_to}::date GROUP BY 1) AS a USING (receipt)
        WHERE coalesce(m.fen, 0) <> coalesce(a.fen, 0) AND receipt <> '' ORDER BY receipt LIMIT ${SHOWN_MAX})`
      : sql`(${receipt})`;
  const { rows: landed } = await sql<
    Record<string, unknown>
  >`SELECT CASE f.holds WHEN 'collection' THEN 'tax' ELSE 'treasury' END AS side, r.file_id, f.file_name, r.line, r.name AS psn_name,
      p.file_number AS file, r.facts ->> 'receipt' AS receipt, r.facts ->> 'paid_on' AS paid_on,
      r.facts ->> 'month_from' AS month_from, r.facts ->> 'month_to' AS month_to,
      coalesce((r.facts ->> 'person_fen')::bigint, 0) + coalesce((r.facts ->> 'employer_fen')::bigint, 0) AS fen,
      coalesce((r.facts ->> 'subsidy_fen')::bigint, 0) + coalesce((r.facts ->> 'assistance_fen')::bigint, 0) AS granted_fen
    FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id AND f.holds IN ('collection', 'treasury')
    LEFT JOIN person AS q ON q.psn_no = r.psn_no LEFT JOIN person AS p ON p.psn_no = coalesce(q.merged_into, q.psn_no)
    WHERE r.facts ? 'receipt' AND r.facts ->> 'receipt' IN ${receipts} AND coalesce(r.facts ->> 'insutype', '') = ${insutype}
    ORDER BY 7, 1, 2, 4 LIMIT ${SHOWN_MAX * 2}`.execute(db);
  const isWithout = difference.kind === 'without-receipt';
  const [from, to] = detail.split('-');
  const { rows: booked } = await sql<
    Record<string, unknown>
  >`SELECT c.contribution_id, p.file_number AS file, p.name AS psn_name, c.receipt, c.kind, c.paid_on, c.month_from, c.month_to,
      c.person_fen + c.employer_fen AS fen, c.subsidy_fen + c.assistance_fen AS granted_fen,
      (SELECT f.file_name FROM department_file AS f WHERE f.file_id = c.booked_from) AS booked_from
    FROM contribution AS c JOIN person AS q ON q.psn_no = c.psn_no JOIN person AS p ON p.psn_no = coalesce(q.merged_into, q.psn_no)
    WHERE c.insutype = ${insutype} AND c.kind IN ('paid', 'arrears', 'pay-up') AND ${
      isWithout
        ? sql`c.receipt = '' AND p.psn_no = ${psn_no} AND c.month_from = ${from ?? ''} AND c.month_to = ${to ?? ''}
          AND c.paid_on BETWEEN ${paid_from}::date AND ${paid_to}::date`
        : sql`c.receipt <> '' AND c.receipt IN ${receipts}`
    } ORDER BY c.receipt, c.contribution_id LIMIT ${SHOWN_MAX * 2}`.execute(db);
  return { difference, landed, booked };
}
