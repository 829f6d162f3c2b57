import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { TableContext } from '#policy/table.ts';

/** A resident's contribution of a year by who pays; the parts always add up. */
export type ResidentContribution = {
  readonly totalFen: number;
  readonly subsidyFen: number;
  /** of the personal part: paid by medical assistance, and by the person */
  readonly aidFen: number;
  readonly personFen: number;
};

/** @param residence registered here, or holder of a residence permit */
export function residentContribution(
  policy: BenefitPolicy,
  context: TableContext,
  residence: 'registered' | 'permit' = 'registered',
): ResidentContribution {
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const personal = number('contribution.resident_personal');
  const isSubsidised = cellOf(policy, 'contribution.subsidised', context).names.includes(residence);
  const subsidyFen = isSubsidised ? number('contribution.resident_subsidy') : 0;
  const aid =
    share(personal, number('contribution.aid_ratio'), 'half-up').pay + number('contribution.aid_fixed');
  const aidFen = Math.min(personal, aid);
  return { totalFen: personal + subsidyFen, subsidyFen, aidFen, personFen: personal - aidFen };
}

/** An employee's contribution of a month. */
export type EmployeeContribution = {
  readonly baseFen: number;
  readonly employerFen: number;
  readonly personFen: number;
  /** what of both goes to the personal account and to the pool */
  readonly accountFen: number;
  readonly poolFen: number;
};

/** The base is the wage between a floor and a ceiling of the average wage. */
export function employeeContribution(
  policy: BenefitPolicy,
  wageFen: number,
  context: TableContext,
): EmployeeContribution {
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const average = number('contribution.average_wage');
  const bound = (name: 'contribution.base_floor_ratio' | 'contribution.base_ceiling_ratio') =>
    share(average, number(name), 'half-up').pay;
  const baseFen =
    average === 0
      ? wageFen
      : Math.min(
          Math.max(wageFen, bound('contribution.base_floor_ratio')),
          bound('contribution.base_ceiling_ratio'),
        );
  const employerFen = share(baseFen, number('contribution.employer_ratio'), 'half-up').pay;
  const personFen = share(baseFen, number('contribution.personal_ratio'), 'half-up').pay;
  const wanted =
    share(baseFen, number('contribution.account_ratio'), 'half-up').pay +
    number('contribution.account_fixed');
  const accountFen = Math.min(wanted, employerFen + personFen);
  return { baseFen, employerFen, personFen, accountFen, poolFen: employerFen + personFen - accountFen };
}

/** Years still to be paid for lifetime benefits at retirement. */
export const missingYears = (policy: BenefitPolicy, countedYears: number, context: TableContext): number =>
  Math.max(0, cellOf(policy, 'contribution.years_needed', context).number - countedYears);
