import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import { timesOver } from '#benefits/split-line.ts';
import type { TableContext } from '#policy/table.ts';

export type RefundFacts = {
  readonly reason: 'both-schemes' | 'twice' | 'elsewhere' | 'dead';
  /** the year the contribution is for, and the first day of its benefits */
  readonly year: number;
  readonly from: string;
  /** the day the other insurance began, or of the death */
  readonly happenedOn: string;
  /** a fund of the scheme paid in the year */
  readonly hasClaim: boolean;
  readonly personFen: number;
  readonly subsidyFen: number;
  readonly assistanceFen: number;
};

export type Refund = {
  /** or why not: the policy does not refund this case, it comes too late, benefits were used */
  readonly answer: 'due' | 'case' | 'late' | 'claimed';
  /** to the person, and back to those who granted the rest */
  readonly personFen: number;
  readonly subsidyFen: number;
  readonly assistanceFen: number;
  /** of `months` of benefits the contribution was for, those not used */
  readonly months: number;
  readonly unusedMonths: number;
};

/**
 * What is given back of a resident's contribution (§5.2): by the region's rule on the case, on how late it may come, on benefits used,
 * and whole or by the months not begun. A second payment for the same year never gave benefits: it is not late.
 */
export function refundOf(policy: BenefitPolicy, facts: RefundFacts, context: TableContext = {}): Refund {
  const text = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).text;
  const { reason, year, from, happenedOn } = facts;
  const isSecond = reason === 'twice';
  const firstMonth = Number(from.slice(0, 4)) < year ? 1 : Number(from.slice(5, 7));
  const months = 13 - firstMonth;
  const isUnused = isSecond || happenedOn <= from;
  const begun = Number(happenedOn.slice(0, 4)) > year ? 12 : Number(happenedOn.slice(5, 7));
  const unusedMonths = isUnused ? months : 12 - begun;
  const until = text('contribution.refund_until');
  const isInTime =
    until === 'year' ? isUnused || happenedOn <= `${year}-12-31` : until === 'start' && isUnused;
  const answer = !cellOf(policy, 'contribution.refund_cases', context).names.includes(reason)
    ? 'case'
    : !isInTime
      ? 'late'
      : facts.hasClaim && !isSecond && text('contribution.refund_after_claim') === 'no'
        ? 'claimed'
        : 'due';
  const isByMonth = text('contribution.refund_of') === 'months';
  const part = (fen: number) =>
    answer !== 'due' ? 0 : isByMonth ? timesOver(fen, unusedMonths, months) : fen;
  return {
    answer,
    personFen: part(facts.personFen),
    subsidyFen: part(facts.subsidyFen),
    assistanceFen: part(facts.assistanceFen),
    months,
    unusedMonths,
  };
}
