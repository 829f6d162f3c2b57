import { sql } from 'kysely';
import { type BenefitPolicy, cellOf, type Visit } from '#benefits/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import type { VisitRow } from './visits.ts';

/**
 * Days of a stay up to a day, as institutions are told them (ipt_days): that of the discharge is none, a stay of one day is one.
 */
export const stayDays = (begntime: string, until: string): number =>
  Math.max(
    1,
    Temporal.PlainDate.from(begntime.slice(0, 10)).until(until.slice(0, 10), { largestUnit: 'days' }).days,
  );

/**
 * What earlier stays and settlements say of a stay that is settled up to a day: its days, without those that settlements in its middle
 * counted and that stand; and whether it is a readmission, where the policy says within how many days.
 */
export async function stayFacts(
  db: StoreTransaction,
  row: VisitRow,
  policy: BenefitPolicy,
  until: string,
): Promise<Pick<Visit, 'days'> & { readonly isReadmission: boolean }> {
  const within = cellOf(policy, 'circumstance.readmission_days', {}).number;
  const { rows } = await sql<{ counted: number; readmission: boolean }>`SELECT
      (SELECT coalesce(sum((s.body -> 'visit' ->> 'days')::integer), 0)::integer FROM settlement AS s
        WHERE s.mdtrt_id = ${row.mdtrt_id} AND s.sign = 1
          AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)) AS counted,
      ${within} > 0 AND EXISTS (SELECT 1 FROM visit AS v WHERE v.psn_no = ${row.psn_no} AND v.kind = 'inpatient'
        AND v.state = 'discharged' AND v.mdtrt_id <> ${row.mdtrt_id}
        AND v.endtime::date BETWEEN ${row.begntime.slice(0, 10)}::date - ${within}::integer AND ${row.begntime.slice(0, 10)}::date
        AND v.begntime < ${row.begntime}) AS readmission`.execute(db);
  const { counted, readmission } = rows[0]!;
  return { days: Math.max(0, stayDays(row.begntime, until) - counted), isReadmission: readmission };
}
