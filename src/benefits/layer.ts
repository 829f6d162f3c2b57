import { baseThatPays, share, toYuan } from '#benefits/exact.ts';
import type { LayerPlan } from '#benefits/plan.ts';
import { addTo, heldOf, type Run, sharedWith, takeOver } from '#benefits/run.ts';
import { LAYERS } from '#policy/registry/benefit-layers.ts';
import { RATIO_SCALE } from '#policy/table.ts';

/**
 * One layer above the pool (steps 8 to 12): base = what the person still pays of the components the policy names,
 * cumulative over the year or of this visit; above the threshold it is paid in marginal bands, up to the limits. Cumulative, a visit
 * is paid the difference: what lies between the year’s base before and after it.
 */
export function payLayer(run: Run, plan: LayerPlan, paidShare: number): void {
  const { steps } = run;
  const until = steps.length;
  const base = sharedWith(steps, plan.components);
  if (base === 0) return;
  const baseCode = `base:${plan.word}`;
  const before = plan.cumulative ? heldOf(run, baseCode) : 0;
  const after = before + base;
  addTo(run, baseCode, base);

  const threshold = thresholdOf(run, plan);
  const start = Math.max(before, threshold);
  const end = Math.max(after, threshold);
  const counted = base - (end - start);
  if (counted > 0 && threshold > 0) addCounted(run, plan, counted);

  const origin = plan.originZero ? 0 : threshold;
  const limit = limitOf(run, plan);
  let room = limit;
  let paid = 0;
  let lower = 0;
  for (const [index, { upTo, ratio }] of plan.bands.entries()) {
    const piece = Math.min(end - origin, upTo) - Math.max(start - origin, lower);
    lower = upTo;
    if (piece <= 0) continue;
    const code = `${LAYERS[plan.layer].codes}${index + 1}`;
    const actual = paidShare === RATIO_SCALE ? ratio : share(ratio, paidShare, 'half-up').pay;
    const restCode = run.plan.carry && plan.cumulative ? `rest:${plan.word}:${code}` : undefined;
    const restBefore = restCode === undefined ? 0 : heldOf(run, restCode);
    let used = piece;
    let { pay, rest } = share(piece, actual, run.plan.rounding, restBefore);
    if (pay > room) {
      used = room === 0 ? 0 : baseThatPays(room, piece, actual, run.plan.rounding, restBefore);
      [pay, rest] = [room, 0];
    }
    if (restCode !== undefined) addTo(run, restCode, rest - restBefore);
    room -= pay;
    paid += pay;
    if (pay > 0) addPaid(run, plan, until, { code, ratio: actual, base: used, pay });
  }
  if (paid === 0) return;
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

function thresholdOf(run: Run, plan: LayerPlan): number {
  const income = run.person.incomeFen ?? run.plan.incomePerHead;
  const byIncome = plan.incomeRatio === 0 ? 0 : share(income, plan.incomeRatio, 'half-up').pay;
  const threshold = share(plan.threshold + byIncome, plan.thresholdFactor, 'half-up').pay;
  return plan.thresholdToYuan ? toYuan(threshold) : threshold;
}

function limitOf(run: Run, plan: LayerPlan): number {
  const incentive = plan.layer === 'catastrophic' ? (run.person.incentiveFen ?? 0) : 0;
  const cap = Math.max(0, plan.cap + incentive - heldOf(run, plan.capCode));
  const total = Math.max(0, plan.totalCap - heldOf(run, `layer-paid:${plan.word}`));
  return Math.min(cap, total);
}

/** What the threshold has counted of this visit: shown, and paid by nobody. */
function addCounted(run: Run, plan: LayerPlan, counted: number): void {
  run.steps.push({
    code: LAYERS[plan.layer].threshold,
    layer: plan.word,
    baseFen: counted,
    ratio: 0,
    fund: undefined,
    fundPayFen: 0,
    parts: [],
    parameters: [
      `${plan.layer}.threshold`,
      `${plan.layer}.threshold_factor`,
      `${plan.layer}.threshold_income_ratio`,
      `${plan.layer}.base`,
    ],
  });
}

/** The base of a band moves from the earlier steps to this one; what is not paid stays what it was: copay, deductible … */
function addPaid(
  run: Run,
  plan: LayerPlan,
  until: number,
  band: { readonly code: string; readonly ratio: number; readonly base: number; readonly pay: number },
): void {
  const parts = takeOver(run.steps, until, plan.components, band.base);
  let left = band.pay;
  for (const part of parts) {
    const pay = Math.min(left, part.fen);
    part.fen -= pay;
    left -= pay;
  }
  run.steps.push({
    code: band.code,
    layer: plan.word,
    baseFen: band.base,
    ratio: band.ratio,
    fund: plan.fund,
    fundPayFen: band.pay,
    parts,
    parameters: [`${plan.layer}.bands`, `${plan.layer}.points`, `${plan.layer}.cap`, `${plan.layer}.base`],
  });
}
