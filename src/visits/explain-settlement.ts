import { sql } from 'kysely';
import {
  alternativesOf,
  CALCULATION_STEPS,
  calculationStepOf,
  explainSteps,
  type LineSplit,
  type Person,
  settlementJson,
  type Visit,
} from '#benefits/index.ts';
import type { Store } from '#engine/postgres/store.ts';
import { type BenefitSource, policyHashOf } from './benefit-source.ts';
import type { StoredSettlement } from './reverse.ts';
import { isBalance } from './state.ts';

/**
 * A kept settlement in words: its recorded steps by the fourteen of the order of calculation, each with the parameters, rows and
 * articles it rests on, and what would have been otherwise, where the rules allow saying so.
 * @returns undefined where there is no such settlement
 */
export async function explainSettlement(
  store: Store,
  source: BenefitSource,
  setlId: string,
): Promise<Record<string, unknown> | undefined> {
  const { rows } = await sql<
    StoredSettlement & { insuplc: string | null }
  >`SELECT s.*, (SELECT e.insuplc_admdvs FROM enrolment AS e JOIN person AS p ON p.psn_no = s.psn_no
        WHERE e.psn_no = coalesce(p.merged_into, p.psn_no) AND e.insutype = s.insutype
        ORDER BY (e.begndate <= s.policy_date AND (e.enddate IS NULL OR e.enddate >= s.policy_date)) DESC, e.begndate DESC
        LIMIT 1) AS insuplc
    FROM settlement AS s WHERE s.setl_id = ${setlId}`.execute(store);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { settlement } = row.body;
  const person = row.body.person as Person;
  const visit = row.body.visit as Visit;
  // another hash: the policy files were changed since; what was recorded stands, its rows are no longer there to cite
  const policy = source.policyOf(row.insuplc ?? row.clr_optins, row.policy_date);
  const isPolicyUnchanged = policyHashOf(policy) === row.policy_hash;
  const before = { year: row.year, values: await valuesBefore(store, row) };
  const explained = explainSteps(settlement, { policy, person, visit, before });
  const alternatives =
    isPolicyUnchanged && row.sign === 1
      ? alternativesOf(
          {
            policy,
            person,
            accumulators: before,
            visit: { ...visit, splits: settlement.lines as readonly LineSplit[] },
          },
          settlement,
        )
      : [];
  const told = settlementJson(settlement, explained, alternatives);
  const steps = (told.steps as Record<string, unknown>[]).map((step) => ({
    ...step,
    number: calculationStepOf(String(step.code)),
    reasons: isPolicyUnchanged ? step.reasons : [],
  }));
  return {
    ...told,
    steps,
    order: CALCULATION_STEPS.map((title, index) => ({ number: index + 1, title })),
    policy_unchanged: isPolicyUnchanged,
  };
}

/** What the year had used up before a settlement: the sum of those before it (I11), and the balances it found. */
async function valuesBefore(store: Store, row: StoredSettlement): Promise<Record<string, number>> {
  const { rows } = await sql<{ code: string; value: number }>`SELECT c.code, sum(c.change)::bigint AS value
    FROM settlement_change AS c JOIN settlement AS s ON s.setl_id = c.setl_id
    WHERE s.psn_no = ${row.psn_no} AND s.scheme = ${row.scheme}
      AND ((s.year = ${row.year} AND s.sequence < ${row.sequence} AND c.code NOT LIKE 'balance:%')
        OR (s.year < ${row.year} AND c.code LIKE 'stay:%'))
    GROUP BY c.code HAVING sum(c.change) <> 0`.execute(store);
  const values: Record<string, number> = Object.fromEntries(rows.map(({ code, value }) => [code, value]));
  for (const { code, before } of row.body.settlement.changes) if (isBalance(code)) values[code] = before;
  return values;
}
