import { type BenefitPolicy, continuityIncentive, reasonsOf } from '#benefits/index.ts';
import { type PersonFile, personOn } from '#enrolment/index.ts';
import type { BenefitParameter } from '#policy/registry/benefits.ts';
import type { IncentiveOfPerson } from './contract/continuity.ts';

/** The incentives are those of residents. */
const INSUTYPE = '390';
const SCHEME = { scheme: 'resident' } as const;
const PARAMETERS: readonly BenefitParameter[] = [
  'catastrophic.cap',
  'catastrophic.incentive_after_years',
  'catastrophic.incentive_per_year',
  'catastrophic.incentive_per_zero_claim_year',
  'catastrophic.zero_claim_funds',
  'catastrophic.incentive_limit',
  'catastrophic.incentive_limit_ratio',
  'catastrophic.incentive_after_gap',
];

/** What settlements of each year are given of a person, from the first year on file to this one, and what that earns by the policy. */
export function incentiveOfPerson(
  file: PersonFile,
  policyOf: (areaCode: string, date: string) => BenefitPolicy,
  today: string,
): IncentiveOfPerson {
  const thisYear = Number(today.slice(0, 4));
  const held = [
    ...file.continuity.filter(({ insutype }) => insutype === INSUTYPE).map(({ year }) => year),
    ...file.enrolments
      .filter(({ insutype }) => insutype === INSUTYPE)
      .flatMap(({ begndate, enddate }) => yearsOf(begndate, enddate ?? today)),
  ];
  const years = [...new Set(held)].toSorted((a, b) => a - b);
  let reasons: IncentiveOfPerson['reasons'] = [];
  const rows = years.flatMap((year) => {
    const day = year === thisYear ? today : `${year}-12-31`;
    const on = personOn(file, day, INSUTYPE);
    if (on === undefined) return [];
    const { person, enrolment } = on;
    const facts = {
      continuousYears: person.enrolledYears ?? 0,
      zeroClaimYears: person.zeroClaimYears ?? 0,
      earnedBeforeGapFen: person.earnedBeforeGapFen ?? 0,
    };
    const policy = policyOf(enrolment.insuplc_admdvs, day);
    const earned = continuityIncentive(policy, facts, SCHEME);
    reasons = reasonsOf(policy, PARAMETERS, SCHEME);
    return [
      {
        year,
        area_code: enrolment.insuplc_admdvs,
        continuous_years: facts.continuousYears,
        zero_claim_years: facts.zeroClaimYears,
        earned_before_gap_fen: facts.earnedBeforeGapFen,
        by_years_fen: earned.byYearsFen,
        by_zero_claim_fen: earned.byZeroClaimFen,
        kept_fen: earned.keptFen,
        incentive_fen: earned.incentiveFen,
      },
    ];
  });
  return { years: rows, reasons };
}

const yearsOf = (from: string, to: string): number[] => {
  const first = Number(from.slice(0, 4));
  return Array.from({ length: Math.max(0, Number(to.slice(0, 4)) - first + 1) }, (_, index) => first + index);
};
