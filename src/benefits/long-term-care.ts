import { NO_DAYS } from '#benefits/errors.ts';
import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { BenefitParameter } from '#policy/registry/benefits.ts';
import type { TableContext } from '#policy/table.ts';

export type LongTermCarePayment = {
  readonly fund: string;
  readonly method: 'none' | 'fee' | 'month' | 'day';
  readonly feeFen: number;
  readonly payFen: number;
  readonly personFen: number;
  /** × 10^6 of the fee or the monthly standard; 0 where the amount is fixed */
  readonly ratio: number;
  /** names of the parameters that made it */
  readonly parameters: readonly BenefitParameter[];
};

/**
 * What long-term-care insurance pays for some days or a month of care (§2.11): a share of the fee up to a limit for
 * each day; a share of a monthly standard by disability and form of care; or a fixed amount a day. Never more than the fee;
 * care without a bill, as by the family, is paid its standard. Throws `benefits.no-row` and `benefits.no-days`.
 */
export function payLongTermCare(
  policy: BenefitPolicy,
  facts: {
    readonly id: string;
    readonly days: number | undefined;
    /** undefined: there is no bill */
    readonly feeFen: number | undefined;
  },
  context: TableContext,
): LongTermCarePayment {
  const cell = (name: BenefitParameter) => cellOf(policy, name, context);
  const number = (name: BenefitParameter) => cell(name).number;
  const days = (field: BenefitParameter): number => {
    if (facts.days !== undefined) return facts.days;
    throw new YibaoError({ definition: NO_DAYS, field, parameters: { visit: facts.id } });
  };
  const method = cell('long_term_care.method').text as LongTermCarePayment['method'];
  const wanted = (): { pay: number; ratio: number; parameters: readonly BenefitParameter[] } => {
    switch (method) {
      case 'none':
        return { pay: 0, ratio: 0, parameters: ['long_term_care.method'] };
      case 'fee': {
        const ratio = number('long_term_care.ratio');
        const ofDay = number('long_term_care.day_limit');
        const most = Number.isFinite(ofDay) ? ofDay * days('long_term_care.day_limit') : ofDay;
        const pay = Math.min(share(facts.feeFen ?? 0, ratio, 'half-up').pay, most);
        return { pay, ratio, parameters: ['long_term_care.ratio', 'long_term_care.day_limit'] };
      }
      case 'month': {
        const ratio = number('long_term_care.ratio');
        const ofDisability = number('long_term_care.disability_ratio');
        const standard = share(number('long_term_care.month_base'), ofDisability, 'half-up').pay;
        return { pay: share(standard, ratio, 'half-up').pay, ratio: 0, parameters: MONTH };
      }
      case 'day': {
        const pay = number('long_term_care.day_amount') * days('long_term_care.day_amount');
        return { pay, ratio: 0, parameters: ['long_term_care.day_amount'] };
      }
    }
  };
  const { pay, ratio, parameters } = wanted();
  const feeFen = facts.feeFen ?? pay;
  const payFen = Math.min(pay, feeFen);
  const fund = cell('long_term_care.fund').text;
  return { fund, method, feeFen, payFen, personFen: feeFen - payFen, ratio, parameters };
}

const MONTH: readonly BenefitParameter[] = [
  'long_term_care.month_base',
  'long_term_care.disability_ratio',
  'long_term_care.ratio',
];
