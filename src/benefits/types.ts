import type { Component } from '#policy/registry/benefit-layers.ts';

// Money is whole fen in plain numbers (see exact.ts); dates are YYYY-MM-DD, compared as texts. The words of scheme, level, care and so
// on are the dimensions of the policy (policy/registry/benefit-dimensions.ts); official codes become words in codes.ts.

/** A label of a person with the days on which it holds. */
export type Identity = {
  readonly name: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** What is known of a person on the day of a visit; the money of the year is in `Accumulators`. */
export type Person = {
  readonly scheme: string;
  /** class: in-service, retired, adult, student … */
  readonly person?: string | undefined;
  readonly sex?: string | undefined;
  readonly birthDate?: string | undefined;
  /** instead of the birth date, where only the age is known */
  readonly age?: number | undefined;
  readonly identities?: readonly Identity[] | undefined;
  /** further coverage: civil-servant, large-expense, enterprise, commercial … */
  readonly members?: readonly string[] | undefined;
  /** enrolment state: only `normal` has benefits; absent counts as normal */
  readonly status?: 'normal' | 'paused' | 'ended' | undefined;
  /** first and last day of entitlement */
  readonly entitledFrom?: string | undefined;
  readonly entitledTo?: string | undefined;
  /** first day after a waiting period */
  readonly waitingUntil?: string | undefined;
  /** years of enrolment one after another, that of the visit included */
  readonly enrolledYears?: number | undefined;
  /** years without a claim that count for the incentive, and what was earned before the last gap */
  readonly zeroClaimYears?: number | undefined;
  readonly earnedBeforeGapFen?: number | undefined;
  /** what continuity adds to the cap of catastrophic insurance, where it is stated and not worked out of the years: `incentive.ts` */
  readonly incentiveFen?: number | undefined;
  /** yearly income the threshold of assistance is measured on, where not the average */
  readonly incomeFen?: number | undefined;
};

/** One fee line; what it does not say comes from the catalogue, then from the policy. */
export type FeeLine = {
  readonly code?: string | undefined;
  readonly name?: string | undefined;
  readonly date?: string | undefined;
  readonly amountFen: number;
  /** × 10^4 and × 10^6, as the interface writes them; needed for ceilings and price ranges */
  readonly count4?: number | undefined;
  readonly price6?: number | undefined;
  readonly listClass?: 'A' | 'B' | 'C' | undefined;
  readonly itemKind?: string | undefined;
  readonly restricted?: boolean | undefined;
  /** 0 not needed, 1 approved, 2 refused */
  readonly approval?: 0 | 1 | 2 | undefined;
  readonly ceiling6?: number | undefined;
  /** 10 prior self-pay, 20 direct ratio the fund pays, 30 prior self-pay by price range */
  readonly priorType?: 10 | 20 | 30 | undefined;
  /** × 10^6 */
  readonly priorRatio?: number | undefined;
};

/** The four parts of a fee, where lines are not known one by one. */
export type FeeParts = {
  readonly ownFen: number;
  readonly overLimitFen: number;
  readonly priorFen: number;
  readonly inScopeFen: number;
};

/** What the maternity allowance rests on, beside the kind of delivery: `maternity.ts`. */
export type AllowanceFacts = {
  readonly unitWageFen: number;
  readonly babies: number;
  /** a difficult birth, also where the delivery is named otherwise, as a caesarean */
  readonly difficult: boolean;
};

export type Visit = {
  readonly id: string;
  readonly care: string;
  readonly level?: string | undefined;
  /** day of the settlement: its policy, year and month hold */
  readonly date: string;
  readonly place?: string | undefined;
  readonly filing?: string | undefined;
  readonly referral?: string | undefined;
  readonly designated?: boolean | undefined;
  readonly disease?: string | undefined;
  readonly delivery?: string | undefined;
  /** what makes the visit special: admitted again within some days, a single disease … */
  readonly circumstances?: readonly string[] | undefined;
  /** of the stay, or of long-term care */
  readonly days?: number | undefined;
  readonly disability?: string | undefined;
  readonly careForm?: string | undefined;
  readonly allowance?: AllowanceFacts | undefined;
  readonly epidemic?: string | undefined;
  /** which admission of the year; absent: counted */
  readonly admission?: number | undefined;
  /** the stay goes on: its next settlement continues deductible and bands; both carry the same `stay` */
  readonly midStay?: boolean | undefined;
  readonly stay?: string | undefined;
  /** deductible paid where the person was transferred from */
  readonly creditFen?: number | undefined;
  /** × 10^6: what a third party has to bear */
  readonly thirdPartyShare?: number | undefined;
  /** which accounts may pay: none, the own one, the own and the family's */
  readonly account?: 'none' | 'own' | 'family' | undefined;
  readonly lines?: readonly FeeLine[] | undefined;
  /** the lines as they were split when they were uploaded: instead of `lines` */
  readonly splits?: readonly LineSplit[] | undefined;
  readonly parts?: FeeParts | undefined;
};

/**
 * What a person's benefit year has used up: one set for each person, scheme and year; each entry is one row (code, value).
 * A code that is not there is zero. Codes: `accumulators.ts`.
 */
export type Accumulators = {
  readonly year: number;
  readonly values: Readonly<Record<string, number>>;
};

export type AccumulatorChange = {
  readonly code: string;
  readonly before: number;
  readonly change: number;
  readonly after: number;
};

/** Where a fee line went: amount = own + over + prior + in scope. `directFen` of the in-scope part is paid at `directRatio`. */
export type LineSplit = {
  readonly amountFen: number;
  readonly ownFen: number;
  readonly overLimitFen: number;
  readonly priorFen: number;
  readonly inScopeFen: number;
  readonly directRatio: number | undefined;
  readonly reason: 'in-scope' | 'class-c' | 'not-listed' | 'not-approved' | 'lifted';
};

export type SelfPart = { readonly component: Component | 'account'; readonly fen: number };

/** One step of a settlement, in the order of calculation. */
export type Step = {
  /** polItemCode, or one of the project's own */
  readonly code: string;
  readonly layer: string;
  /** what the person's part is, by component; `account`: paid from the account first */
  readonly selfParts: readonly SelfPart[];
  /** what entered the step */
  readonly baseFen: number;
  /** × 10^6 */
  readonly ratio: number;
  readonly fund: string | undefined;
  readonly fundPayFen: number;
  /** what in the end stays with the person of this step, after later steps took over: Σ of all steps is the person's share */
  readonly selfPayFen: number;
  /** names of the parameters that made it */
  readonly parameters: readonly string[];
};

export type FundPayment = {
  readonly layer: string;
  readonly fund: string;
  readonly column: FundColumn;
  readonly payFen: number;
  /** crt_payb_lmt_amt before and after; undefined: no limit */
  readonly limitBeforeFen: number | undefined;
  readonly limitAfterFen: number | undefined;
};

export type FundColumn =
  | 'hifp_pay'
  | 'cvlserv_pay'
  | 'hifes_pay'
  | 'hifmi_pay'
  | 'hifob_pay'
  | 'hifdm_pay'
  | 'maf_pay'
  | 'oth_pay';

/** The header of 2207 and 2304 in whole fen, negative in a reversal. */
export type SettlementTotals = Readonly<Record<TotalField, number>>;
export const TOTAL_FIELDS = [
  'medfee_sumamt',
  'fulamt_ownpay_amt',
  'overlmt_selfpay',
  'preselfpay_amt',
  'inscp_scp_amt',
  'act_pay_dedc',
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'hifdm_pay',
  'maf_pay',
  'oth_pay',
  'fund_pay_sumamt',
  'hosp_part_amt',
  'psn_part_amt',
  'acct_pay',
  'acct_mulaid_pay',
  'psn_cash_pay',
] as const;
export type TotalField = (typeof TOTAL_FIELDS)[number];

export type Eligibility =
  | { readonly state: 'entitled' }
  | { readonly state: 'waiting'; readonly until: string; readonly paidShare: number }
  | { readonly state: 'refused'; readonly reason: 'status' | 'not-yet' | 'ended' | 'care' };

export type Settlement = {
  readonly visitId: string;
  readonly kind: 'settlement' | 'reversal';
  readonly date: string;
  readonly eligibility: Eligibility;
  /** the identity that gave the most, of those the person has */
  readonly identity: string | undefined;
  readonly totals: SettlementTotals;
  /** × 10^6: hifp_pay ÷ what the pool's bands were applied to (pool_prop_selfpay) */
  readonly poolRatio: number;
  readonly lines: readonly LineSplit[];
  readonly steps: readonly Step[];
  readonly funds: readonly FundPayment[];
  /** own account, then each family account */
  readonly accountPayments: readonly { readonly account: string; readonly payFen: number }[];
  readonly balanceFen: number;
  readonly changes: readonly AccumulatorChange[];
};
