import type { Rounding } from '#benefits/exact.ts';
import { share, toYuan } from '#benefits/exact.ts';
import { type IncentiveTerms, incentiveTerms } from '#benefits/incentive.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { FundColumn } from '#benefits/types.ts';
import { type Component, LAYERS, type LayerOfBenefits } from '#policy/registry/benefit-layers.ts';
import type { BenefitParameter } from '#policy/registry/benefits.ts';
import { type Cell, RATIO_SCALE, type RatioBand, type TableContext } from '#policy/table.ts';

export type Period = 'year' | 'quarter' | 'month' | 'day' | 'visit';

/** A layer above the pool as it holds for one kind of visit. Amounts in fen, Infinity: no limit; ratios × 10^6. */
export type LayerPlan = {
  readonly layer: LayerOfBenefits;
  readonly word: string;
  readonly column: FundColumn | 'hosp_part_amt';
  readonly fund: string;
  readonly components: ReadonlySet<Component>;
  readonly cumulative: boolean;
  readonly threshold: number;
  /** the part of the threshold that is a share of yearly income, × 10^6: only where the person’s own income counts */
  readonly incomeRatio: number;
  readonly incomeOfPerson: boolean;
  readonly thresholdFactor: number;
  readonly thresholdToYuan: boolean;
  /** usually one; several where the ratio depends on the part of the person’s share, which `setOf` says */
  readonly bandSets: readonly (readonly RatioBand[])[];
  readonly setOf: ReadonlyMap<Component, number>;
  readonly originZero: boolean;
  readonly cap: number;
  readonly capCode: string;
  readonly totalCap: number;
  /** undefined: none */
  readonly incentive: IncentiveTerms | undefined;
};

/** Everything the policy says about one kind of visit, worked out once for all visits of that kind. */
export type Plan = {
  readonly context: TableContext;
  readonly payable: boolean;
  readonly fund: string;
  readonly outOfAreaPrior: number;
  readonly deductible: number;
  readonly deductibleByYear: boolean;
  readonly deductibleAccount: string;
  readonly deductibleYearLimit: number;
  readonly deductibleCredit: boolean;
  readonly bands: readonly RatioBand[];
  readonly bandsByYear: boolean;
  readonly bandsFromZero: boolean;
  readonly bandAccount: string;
  readonly floorRatio: number;
  readonly floorBase: string;
  readonly quota: number;
  readonly quotaByDay: boolean;
  readonly quotaMode: 'limit' | 'fee' | 'fixed';
  readonly cap: number;
  readonly capOfPayment: boolean;
  readonly capCode: string;
  readonly careCap: number;
  readonly careCapOfPayment: boolean;
  readonly careCapPeriod: Period;
  readonly careCapCode: string;
  readonly accountFirst: boolean;
  readonly accountCountsAsDeductible: boolean;
  readonly accountPays: ReadonlySet<Component>;
  readonly familyAccount: boolean;
  readonly waitingShare: number;
  readonly incomePerHead: number;
  readonly rounding: Rounding;
  readonly carry: boolean;
  readonly ceilings: boolean;
  readonly lifted: boolean;
  readonly layers: readonly LayerPlan[];
  /** prior self-pay of lines by class, kind and item, worked out when first asked */
  readonly priorRatios: Map<string, number>;
};

const PLANS_MAX = 20_000;

/** The plan of a context, from memory where it has been asked before. Throws `benefits.no-row`. */
export function planOf(policy: BenefitPolicy, context: TableContext): Plan {
  let key = '';
  for (const dimension of policy.dimensions) key += `${context[dimension] ?? ''}|`;
  const known = policy.plans.get(key);
  if (known) return known;
  const plan = makePlan(policy, context);
  if (policy.plans.size >= PLANS_MAX) policy.plans.clear();
  policy.plans.set(key, plan);
  return plan;
}

function makePlan(policy: BenefitPolicy, context: TableContext): Plan {
  const cell = (name: BenefitParameter): Cell => cellOf(policy, name, context);
  const number = (name: BenefitParameter): number => cell(name).number;
  const text = (name: BenefitParameter): string => cell(name).text;
  const account = (name: BenefitParameter): string =>
    text(name).replaceAll('{disease}', String(context.disease ?? ''));
  const payable = text('basic.payable') === 'yes';
  const careCapAccount = account('basic.care_cap_account');
  const quota = number('basic.quota');
  // without a quota, `fixed` says nothing
  const quotaMode = Number.isFinite(quota) ? (text('basic.quota_mode') as Plan['quotaMode']) : 'limit';
  return {
    context,
    payable,
    fund: text('basic.fund'),
    outOfAreaPrior: number('out_of_area.prior_ratio'),
    deductible: deductibleOf(number, text),
    deductibleByYear: text('basic.deductible_scope') === 'year',
    deductibleAccount: account('basic.deductible_account'),
    deductibleYearLimit: number('basic.deductible_year_limit'),
    deductibleCredit: text('basic.deductible_credit') === 'transfer',
    // long-term care is no business of the pool, whose ratios such a policy need not say
    bands:
      payable && quotaMode !== 'fixed' && context.care !== 'long-term-care' ? basicBands(cell, context) : [],
    bandsByYear: text('basic.band_base') === 'year',
    bandsFromZero: text('basic.band_origin') === 'zero',
    bandAccount: account('basic.band_account'),
    floorRatio: number('basic.floor_ratio'),
    floorBase: text('basic.floor_base'),
    quota,
    quotaByDay: text('basic.quota_per') === 'day',
    quotaMode,
    cap: number('basic.cap'),
    capOfPayment: text('basic.cap_of') === 'payment',
    capCode: `cap:${account('basic.cap_account')}`,
    careCap: number('basic.care_cap'),
    careCapOfPayment: text('basic.care_cap_of') === 'payment',
    careCapPeriod: text('basic.care_cap_period') as Period,
    careCapCode: `care-cap:${careCapAccount}`,
    accountFirst: text('account.order') === 'first',
    accountCountsAsDeductible: text('account.first_counts_as_deductible') === 'yes',
    accountPays: new Set(cell('account.pays').names as Component[]),
    familyAccount: text('account.family') === 'yes',
    waitingShare: number('waiting.paid_share'),
    incomePerHead: number('income.per_head'),
    rounding: text('rounding.mode') as Rounding,
    carry: text('rounding.carry') === 'year',
    ceilings: text('lines.ceiling') === 'own-pay',
    lifted: text('lines.catalogue') === 'lifted',
    layers: cell('layers.order').names.flatMap((word) => layerPlan(word, policy, context) ?? []),
    priorRatios: new Map(),
  };
}

function deductibleOf(
  number: (name: BenefitParameter) => number,
  text: (name: BenefitParameter) => string,
): number {
  const byWage = share(number('basic.wage_base'), number('basic.deductible_wage_ratio'), 'half-up').pay;
  const standard = share(
    number('basic.deductible') + byWage,
    number('basic.deductible_factor'),
    'half-up',
  ).pay;
  return text('basic.deductible_rounding') === 'yuan' ? toYuan(standard) : standard;
}

/**
 * The ratios of the pool as they hold in the end: band + points, years of age and of enrolment, out-of-area factor and
 * points, between 0 and the limit; the person’s part of that times the person factor.
 */
function basicBands(cell: (name: BenefitParameter) => Cell, context: TableContext): RatioBand[] {
  const number = (name: BenefitParameter): number => cell(name).number;
  const years = (value: unknown, from: number) => Math.max(0, (typeof value === 'number' ? value : 0) - from);
  const age = years(context.age, number('basic.age_counted_from')) * number('basic.points_per_year_of_age');
  const enrolled = Math.min(
    years(context.enrolled_years, number('basic.enrolled_years_from')) *
      number('basic.points_per_enrolled_year'),
    number('basic.enrolled_points_limit'),
  );
  const points = number('basic.points') + age + enrolled - number('out_of_area.points_off');
  const factor = number('out_of_area.ratio_factor');
  const limit = number('basic.ratio_limit');
  const personFactor = number('basic.person_factor');
  return cell('basic.bands').bands.map(({ upTo, ratio }) => {
    const ofFund = clamp(share(ratio, factor, 'half-up').pay + points, limit);
    const ofPerson = share(RATIO_SCALE - ofFund, personFactor, 'half-up').pay;
    return { upTo, ratio: clamp(RATIO_SCALE - ofPerson, RATIO_SCALE) };
  });
}

const clamp = (ratio: number, most: number): number => Math.min(most, Math.max(0, ratio));

function layerPlan(word: string, policy: BenefitPolicy, context: TableContext): LayerPlan | undefined {
  const layer = word.replaceAll('-', '_') as LayerOfBenefits;
  const cell = (name: BenefitParameter): Cell => cellOf(policy, name, context);
  if (cell(`${layer}.applies`).text !== 'yes') return undefined;
  const toYuanFirst = cell(`${layer}.threshold_rounding`).text === 'yuan';
  const components = new Set(cell(`${layer}.base`).names as Component[]);
  return {
    layer,
    word,
    column: LAYERS[layer].column,
    fund: cell(`${layer}.fund`).text,
    components,
    cumulative: cell(`${layer}.base_of`).text === 'year',
    threshold: cell(`${layer}.threshold`).number,
    incomeRatio: cell(`${layer}.threshold_income_ratio`).number,
    incomeOfPerson: cell(`${layer}.income_of`).text === 'person',
    thresholdFactor: cell(`${layer}.threshold_factor`).number,
    thresholdToYuan: toYuanFirst,
    ...bandSets(layer, components, policy, context),
    originZero: cell(`${layer}.band_origin`).text === 'zero',
    cap: cell(`${layer}.cap`).number,
    capCode: `layer-cap:${cell(`${layer}.cap_account`).text}`,
    totalCap: cell(`${layer}.total_cap`).number,
    incentive: layer === 'catastrophic' ? incentiveTerms(cell) : undefined,
  };
}

/** The ratios of a layer with its points: one set where all parts of the person’s share are paid alike. */
function bandSets(
  layer: LayerOfBenefits,
  components: ReadonlySet<Component>,
  policy: BenefitPolicy,
  context: TableContext,
): Pick<LayerPlan, 'bandSets' | 'setOf'> {
  const texts: string[] = [];
  const sets: RatioBand[][] = [];
  const setOf = new Map<Component, number>();
  for (const part of components) {
    const about = { ...context, part };
    const bands = cellOf(policy, `${layer}.bands`, about);
    const points = cellOf(policy, `${layer}.points`, about).number;
    const text = `${bands.text} + ${points}`;
    if (!texts.includes(text)) {
      texts.push(text);
      sets.push(bands.bands.map(({ upTo, ratio }) => ({ upTo, ratio: clamp(ratio + points, RATIO_SCALE) })));
    }
    setOf.set(part, texts.indexOf(text));
  }
  return { bandSets: sets, setOf };
}
