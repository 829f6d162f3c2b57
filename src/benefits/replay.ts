import { accumulatorsOfYear, noAccumulators } from '#benefits/accumulators.ts';
import type { Catalogue } from '#benefits/catalogue.ts';
import type { BenefitPolicy } from '#benefits/policy.ts';
import { settleVisit } from '#benefits/settle.ts';
import type { Accumulators, Person, Settlement, Visit } from '#benefits/types.ts';

export type ReplayInput = {
  /** the policy of a day */
  readonly policyOf: (date: string) => BenefitPolicy;
  readonly person: Person;
  readonly visits: readonly Visit[];
  readonly start?: Accumulators | undefined;
  readonly catalogue?: Catalogue | undefined;
};

/** Settles visits one after another in the order given; a new year starts with new accumulators. */
export function settleInOrder({ policyOf, person, visits, start, catalogue }: ReplayInput): {
  readonly settlements: readonly Settlement[];
  readonly accumulators: Accumulators;
} {
  const yearOf = ({ date }: Visit): number => Number(date.slice(0, 4));
  let accumulators = start ?? noAccumulators(visits[0] ? yearOf(visits[0]) : 0);
  const settlements: Settlement[] = [];
  for (const visit of visits) {
    accumulators = accumulatorsOfYear(accumulators, yearOf(visit));
    const result = settleVisit({ policy: policyOf(visit.date), person, visit, accumulators, catalogue });
    settlements.push(result.settlement);
    accumulators = result.accumulators;
  }
  return { settlements, accumulators };
}
