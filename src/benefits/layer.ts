import { INCENTIVE_USED } from '#benefits/accumulators.ts';
import { NO_INCOME } from '#benefits/errors.ts';
import { baseThatPays, share, toYuan } from '#benefits/exact.ts';
import { incentiveOf } from '#benefits/incentive.ts';
import type { LayerPlan } from '#benefits/plan.ts';
import { addTo, type DraftStep, heldOf, type Pot, type Run, sharedWith } from '#benefits/run.ts';
import { YibaoError } from '#kernel/errors.ts';
import { type Component, LAYERS } from '#policy/registry/benefit-layers.ts';
import { RATIO_SCALE } from '#policy/table.ts';

/**
 * One layer above the pool (steps 8 to 12): base = what the person still pays of the components the policy names,
 * cumulative over the year or of this visit; above the threshold it is paid in marginal bands, up to the limits. Cumulative, a
 * visit is paid the difference: what lies between the year’s base before and after it. What the layer takes in belongs to the step
 * of its band from then on, the paid part and the part left to the person.
 */
export function payLayer(run: Run, plan: LayerPlan, paidShare: number): void {
  const base = sharedWith(run, plan.components);
  if (base === 0) return;
  const baseCode = `base:${plan.word}`;
  const before = plan.cumulative ? heldOf(run, baseCode) : 0;
  addTo(run, baseCode, base);
  const threshold = thresholdOf(run, plan);
  const incentive = incentiveFor(run, plan);
  const limit = limitOf(run, plan, incentive);
  const bandSets = bandStates(run, plan, paidShare, incentive > 0);
  const { pots, counted, paid } = walk(run, plan, { before, threshold, limit, bandSets });

  if (counted > 0 && threshold > 0) addCounted(run, plan, counted);
  for (const { step, restCode, restBefore, rest } of bandSets.flat()) {
    if (step.baseFen > 0) run.steps.push(step);
    if (restCode !== undefined) addTo(run, restCode, rest - restBefore);
  }
  run.pots = pots;
  if (paid === 0) return;
  // what was paid beyond the cap without the incentive: closing the year asks for it
  const held = heldOf(run, plan.capCode);
  const beyond = (fen: number) => Math.max(0, fen - plan.cap);
  const used = incentive > 0 ? beyond(held + paid) - beyond(held) : 0;
  if (used > 0) addTo(run, INCENTIVE_USED, used);
  addTo(run, plan.capCode, paid);
  addTo(run, `layer-paid:${plan.word}`, paid);
  addTo(run, `paid:${plan.fund}`, paid);
  if (plan.column === 'hosp_part_amt') return;
  const limited = Number.isFinite(limit);
  run.funds.push({
    layer: plan.word,
    fund: plan.fund,
    column: plan.column,
    payFen: paid,
    limitBeforeFen: limited ? limit : undefined,
    limitAfterFen: limited ? limit - paid : undefined,
  });
}

const THRESHOLD_FIELDS = [
  'threshold',
  'threshold_factor',
  'threshold_income_ratio',
  'income_of',
  'threshold_rounding',
  'base',
  'base_of',
];
const BAND_FIELDS = ['bands', 'points', 'band_origin', 'cap', 'total_cap', 'base', 'base_of'];
const INCENTIVES = ['catastrophic.incentive_per_year', 'catastrophic.incentive_per_zero_claim_year'];

/** A band while it is paid. `rest`: what rounding has left, in millionths of a fen; `upTo` counts from the origin. */
type BandState = {
  readonly upTo: number;
  readonly ratio: number;
  readonly step: DraftStep;
  readonly restCode: string | undefined;
  readonly restBefore: number;
  rest: number;
};

function bandStates(run: Run, plan: LayerPlan, paidShare: number, hasIncentive: boolean): BandState[][] {
  const { layer, word, fund, bandSets, cumulative } = plan;
  const parameters = [
    ...BAND_FIELDS.map((field) => `${layer}.${field}`),
    ...(hasIncentive ? INCENTIVES : []),
  ];
  return bandSets.map((bands, set) =>
    bands.map(({ upTo, ratio: whole }, index) => {
      const code = `${LAYERS[layer].codes}${index + 1}`;
      const ratio = paidShare === RATIO_SCALE ? whole : share(whole, paidShare, 'half-up').pay;
      const ofSet = set === 0 ? '' : `:${set + 1}`;
      const restCode = run.plan.carry && cumulative ? `rest:${word}:${code}${ofSet}` : undefined;
      const restBefore = restCode === undefined ? 0 : heldOf(run, restCode);
      const step = { code, layer: word, baseFen: 0, ratio, fund, fundPayFen: 0, parts: [], parameters };
      return { upTo, ratio, step, restCode, restBefore, rest: restBefore };
    }),
  );
}

/** Walks through the pots of the base in their order, from the year’s base before this visit on. */
function walk(
  run: Run,
  plan: LayerPlan,
  from: {
    readonly before: number;
    readonly threshold: number;
    readonly limit: number;
    readonly bandSets: readonly (readonly BandState[])[];
  },
): { readonly pots: Pot[]; readonly counted: number; readonly paid: number } {
  const { threshold, limit, bandSets } = from;
  const { rounding } = run.plan;
  const origin = plan.originZero ? 0 : threshold;
  const pots: Pot[] = [];
  let position = from.before;
  let counted = 0;
  let paid = 0;
  for (const pot of run.pots) {
    const { component, owner } = pot;
    let left = pot.fen;
    if (left === 0) continue;
    if (!plan.components.has(component as Component)) {
      pots.push(pot);
      continue;
    }
    if (position < threshold) {
      const below = Math.min(left, threshold - position);
      counted += below;
      position += below;
      left -= below;
      pots.push({ component, owner, fen: below });
    }
    const bands = bandSets[plan.setOf.get(component as Component)!]!;
    let current = 0;
    while (left > 0) {
      while (position - origin >= bands[current]!.upTo) current++;
      const band = bands[current]!;
      const piece = Math.min(left, band.upTo + origin - position);
      const room = limit - paid;
      let used = piece;
      let { pay, rest } = share(piece, band.ratio, rounding, band.rest);
      if (pay >= room) {
        used = room === 0 ? 0 : baseThatPays(room, piece, band.ratio, rounding, band.rest);
        [pay, rest] = [room, 0];
      }
      band.rest = rest;
      band.step.baseFen += used;
      band.step.fundPayFen += pay;
      paid += pay;
      if (used > pay) pots.push({ component, owner: band.step, fen: used - pay });
      if (piece > used) pots.push({ component, owner, fen: piece - used });
      position += piece;
      left -= piece;
    }
  }
  return { pots, counted, paid };
}

function thresholdOf(run: Run, plan: LayerPlan): number {
  const own = plan.incomeOfPerson ? run.person.incomeFen : undefined;
  const income = own ?? run.plan.incomePerHead;
  // an unknown income must not become a threshold of nothing
  if (plan.incomeRatio > 0 && own === undefined && income === 0) {
    throw new YibaoError({ definition: NO_INCOME, field: `${plan.layer}.threshold_income_ratio` });
  }
  const byIncome = plan.incomeRatio === 0 ? 0 : share(income, plan.incomeRatio, 'half-up').pay;
  const threshold = share(plan.threshold + byIncome, plan.thresholdFactor, 'half-up').pay;
  return plan.thresholdToYuan ? toYuan(threshold) : threshold;
}

/** What continuity adds to the cap: stated, or worked out of the person's years. */
function incentiveFor({ person }: Run, { layer, incentive }: LayerPlan): number {
  if (layer !== 'catastrophic') return 0;
  if (person.incentiveFen !== undefined) return person.incentiveFen;
  const { enrolledYears = 0, zeroClaimYears = 0, earnedBeforeGapFen = 0 } = person;
  const facts = { continuousYears: enrolledYears, zeroClaimYears, earnedBeforeGapFen };
  return incentiveOf(incentive, facts).incentiveFen;
}

function limitOf(run: Run, plan: LayerPlan, incentive: number): number {
  const cap = Math.max(0, plan.cap + incentive - heldOf(run, plan.capCode));
  const total = Math.max(0, plan.totalCap - heldOf(run, `layer-paid:${plan.word}`));
  return Math.min(cap, total);
}

/** What the threshold has counted of this visit: shown, and paid by nobody. */
function addCounted(run: Run, plan: LayerPlan, counted: number): void {
  const { layer, word } = plan;
  const parameters = [
    ...THRESHOLD_FIELDS.map((field) => `${layer}.${field}`),
    ...(plan.incomeRatio > 0 ? ['income.per_head'] : []),
  ];
  const nobody = { ratio: 0, fund: undefined, fundPayFen: 0, parts: [], parameters };
  run.steps.push({ code: LAYERS[layer].threshold, layer: word, baseFen: counted, ...nobody });
}
