import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import { timesOver } from '#benefits/split-line.ts';
import type { TableContext } from '#policy/table.ts';

export type MaternityAllowance = {
  readonly days: number;
  /** monthly wage after its bounds */
  readonly wageFen: number;
  readonly allowanceFen: number;
};

/** Maternity allowance: average monthly wage of the unit in the last year ÷ 30 × days of leave, rounded once (§2.10). */
export function maternityAllowance(
  policy: BenefitPolicy,
  facts: {
    readonly unitWageFen: number;
    readonly delivery: string;
    readonly babies: number;
    /** a difficult birth, also where the delivery is named otherwise, as a caesarean */
    readonly difficult: boolean;
  },
  context: TableContext = {},
): MaternityAllowance {
  const about = { ...context, delivery: facts.delivery };
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, about).number;
  const days =
    number('maternity.days') +
    (facts.difficult ? number('maternity.days_difficult') : 0) +
    Math.max(0, facts.babies - 1) * number('maternity.days_per_extra_baby') +
    number('maternity.days_extension');
  const average = number('contribution.average_wage');
  const bound = (name: 'maternity.wage_floor_ratio' | 'maternity.wage_ceiling_ratio', none: number) => {
    const ratio = number(name);
    return ratio === 0 || average === 0 ? none : share(average, ratio, 'half-up').pay;
  };
  const floor = bound('maternity.wage_floor_ratio', 0);
  const ceiling = bound('maternity.wage_ceiling_ratio', Number.POSITIVE_INFINITY);
  const wageFen = Math.min(Math.max(facts.unitWageFen, floor), ceiling);
  return { days, wageFen, allowanceFen: timesOver(wageFen, days, number('maternity.month_days')) };
}
