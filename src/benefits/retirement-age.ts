import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { TableContext } from '#policy/table.ts';

/** On what ground somebody retires: at the statutory age or as early as one may choose, after hard work, or unable to work. */
export const RETIREMENT_GROUNDS = ['age', 'special-work', 'illness'] as const;
export type RetirementGround = (typeof RETIREMENT_GROUNDS)[number];

/** Ages in full months. */
export type RetirementAge = {
  readonly ageMonths: number;
  /** the statutory age with the months it was raised by */
  readonly statutoryMonths: number;
  /** the age at which this ground allows it; undefined: the policy does not know the ground */
  readonly neededMonths: number | undefined;
  /** the policy sets no age: nothing is checked */
  readonly isUnchecked: boolean;
};

/**
 * The age somebody has on a day and needs to retire. The statutory age is raised by one month for every few months by which
 * the age before was reached after the start (retirement.raise_*); who has the years may go some months before it
 * (retirement.early_months), never below the age before. Special work and illness have ages of their own and need evidence.
 */
export function retirementAge(
  policy: BenefitPolicy,
  facts: { readonly birthDate: string; readonly retiresOn: string; readonly ground: RetirementGround },
  context: TableContext,
): RetirementAge {
  const number = (
    name:
      | 'retirement.age_months'
      | 'retirement.raise_every_months'
      | 'retirement.raise_limit_months'
      | 'retirement.early_months'
      | 'retirement.special_work_age_months'
      | 'retirement.illness_age_months',
  ): number => cellOf(policy, name, context).number;
  const birth = Temporal.PlainDate.from(facts.birthDate);
  const ageMonths = birth.until(facts.retiresOn, { largestUnit: 'months' }).months;
  const before = number('retirement.age_months');
  const from = cellOf(policy, 'retirement.raise_from', context).text;
  const late = from === 'none' ? -1 : monthsFrom(from, birth.toPlainYearMonth().add({ months: before }));
  const raisedBy =
    late < 0
      ? 0
      : Math.min(
          number('retirement.raise_limit_months'),
          Math.floor(late / number('retirement.raise_every_months')) + 1,
        );
  const statutoryMonths = before + raisedBy;
  const special =
    facts.ground === 'special-work' ? 'retirement.special_work_age_months' : 'retirement.illness_age_months';
  const ofGround =
    facts.ground === 'age'
      ? Math.max(before, statutoryMonths - number('retirement.early_months'))
      : number(special);
  return {
    ageMonths,
    statutoryMonths,
    neededMonths: facts.ground !== 'age' && ofGround === 0 ? undefined : ofGround,
    isUnchecked: before === 0,
  };
}

const monthsFrom = (from: string, to: Temporal.PlainYearMonth): number =>
  Temporal.PlainYearMonth.from(from).until(to, { largestUnit: 'months' }).months;
