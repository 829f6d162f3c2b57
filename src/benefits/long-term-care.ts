import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { TableContext } from '#policy/table.ts';

export type LongTermCarePayment = {
  readonly fund: string;
  readonly method: 'none' | 'fee' | 'month' | 'day';
  readonly feeFen: number;
  readonly payFen: number;
  readonly personFen: number;
};

/**
 * What long-term-care insurance pays for some days or a month of care (§2.11): a share of the fee up to a limit for
 * each day; a share of a monthly standard by disability and form of care; or a fixed amount a day. Never more than the fee.
 */
export function payLongTermCare(
  policy: BenefitPolicy,
  facts: {
    readonly scheme: string;
    readonly disability: string;
    readonly careForm: string;
    readonly level?: string;
    readonly days: number;
    readonly feeFen: number;
  },
): LongTermCarePayment {
  const { scheme, disability, careForm, level, days, feeFen } = facts;
  const about: TableContext = {
    scheme,
    disability,
    care_form: careForm,
    ...(level === undefined ? {} : { level }),
  };
  const cell = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, about);
  const method = cell('long_term_care.method').text as LongTermCarePayment['method'];
  const wanted = (): number => {
    const ratio = cell('long_term_care.ratio').number;
    switch (method) {
      case 'none':
        return 0;
      case 'fee':
        return Math.min(share(feeFen, ratio, 'half-up').pay, cell('long_term_care.day_limit').number * days);
      case 'month': {
        const standard = share(
          cell('long_term_care.month_base').number,
          cell('long_term_care.disability_ratio').number,
          'half-up',
        ).pay;
        return share(standard, ratio, 'half-up').pay;
      }
      case 'day':
        return cell('long_term_care.day_amount').number * days;
    }
  };
  const payFen = Math.min(wanted(), feeFen);
  return { fund: cell('long_term_care.fund').text, method, feeFen, payFen, personFen: feeFen - payFen };
}
