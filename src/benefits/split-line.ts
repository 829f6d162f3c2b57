import { type Catalogue, type CatalogueFacts, factsOf } from '#benefits/catalogue.ts';
import { share } from '#benefits/exact.ts';
import type { Plan } from '#benefits/plan.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { FeeLine, LineSplit, Visit } from '#benefits/types.ts';

const COUNT_SCALE = 10_000;
const PRICE_SCALE = 1_000_000;
/** price × count has the scale 10^10 of yuan, so 10^8 of fen */
const PRODUCT_PER_FEN = 100_000_000;
const DIRECT_RATIO = 20;

/** Splits one fee line (§2.4 of the rules): own, above the ceiling, prior self-pay, in scope. A refund line is the negative. */
export function splitLine(
  line: FeeLine,
  visit: Visit,
  plan: Plan,
  policy: BenefitPolicy,
  catalogue?: Catalogue,
): LineSplit {
  if (line.amountFen < 0) {
    const split = splitLine({ ...line, amountFen: -line.amountFen }, visit, plan, policy, catalogue);
    const { amountFen, ownFen, overLimitFen, priorFen, inScopeFen } = split;
    return {
      ...split,
      amountFen: 0 - amountFen,
      ownFen: 0 - ownFen,
      overLimitFen: 0 - overLimitFen,
      priorFen: 0 - priorFen,
      inScopeFen: 0 - inScopeFen,
    };
  }
  const { amountFen, count4 = COUNT_SCALE } = line;
  const price6 = line.price6 ?? timesOver(amountFen, PRODUCT_PER_FEN, count4);
  const listed = catalogue && line.code !== undefined;
  const facts = listed
    ? factsOf(catalogue, line.code, {
        date: line.date ?? visit.date,
        scheme: String(plan.context.scheme),
        level: visit.level,
        price6,
      })
    : {};
  const reason = ownReason(line, facts);
  if (reason !== undefined && !plan.lifted) {
    return {
      amountFen,
      ownFen: amountFen,
      overLimitFen: 0,
      priorFen: 0,
      inScopeFen: 0,
      directRatio: undefined,
      reason,
    };
  }
  const ceiling6 = line.ceiling6 ?? facts?.ceiling6;
  const overLimitFen =
    plan.ceilings && ceiling6 !== undefined && price6 > ceiling6
      ? Math.min(amountFen, timesOver(price6 - ceiling6, count4, PRODUCT_PER_FEN))
      : 0;
  const base = amountFen - overLimitFen;
  const priorRatio = line.priorRatio ?? facts?.priorRatio ?? priorRatioOfPolicy(line, facts, plan, policy);
  const type = line.priorType ?? facts?.priorType;
  const direct = type === DIRECT_RATIO;
  const priorFen = direct ? 0 : share(base, priorRatio, plan.rounding).pay;
  return {
    amountFen,
    ownFen: 0,
    overLimitFen,
    priorFen,
    inScopeFen: base - priorFen,
    directRatio: direct ? priorRatio : undefined,
    reason: reason === undefined ? 'in-scope' : 'lifted',
  };
}

/**
 * Why a line is wholly self-paid. Approval: an item restricted in the list needs 1 (approved); one that is not is
 * payable unless 2 (refused).
 */
function ownReason(
  { listClass, restricted, approval = 0 }: FeeLine,
  facts: CatalogueFacts | undefined,
): 'class-c' | 'not-listed' | 'not-approved' | undefined {
  if (facts === undefined && listClass === undefined) return 'not-listed';
  if ((listClass ?? facts?.listClass) === 'C') return 'class-c';
  const needsApproval = restricted ?? facts?.restricted ?? false;
  if (approval === 2 || (needsApproval && approval !== 1)) return 'not-approved';
  return undefined;
}

function priorRatioOfPolicy(
  line: FeeLine,
  facts: CatalogueFacts | undefined,
  plan: Plan,
  policy: BenefitPolicy,
): number {
  const listClass = line.listClass ?? facts?.listClass ?? '';
  const itemKind = line.itemKind ?? facts?.itemKind ?? '';
  const code = line.code ?? '';
  const key = `${listClass}|${itemKind}|${code}`;
  const known = plan.priorRatios.get(key);
  if (known !== undefined) return known;
  const ratio = cellOf(policy, 'lines.prior_ratio', {
    ...plan.context,
    ...(listClass ? { list_class: listClass } : {}),
    ...(itemKind ? { item_kind: itemKind } : {}),
    ...(code ? { item: code } : {}),
  }).number;
  plan.priorRatios.set(key, ratio);
  return ratio;
}

/** a × b ÷ c, half up, exact also where the product leaves 2^53. */
export function timesOver(a: number, b: number, c: number): number {
  const product = a * b;
  if (product * 2 + c <= Number.MAX_SAFE_INTEGER) {
    const twice = product * 2 + c;
    return (twice - (twice % (2 * c))) / (2 * c);
  }
  const twice = BigInt(a) * BigInt(b) * 2n + BigInt(c);
  return Number(twice / (2n * BigInt(c)));
}

/** count × price in fen. */
export const fenOfPrice = (count4: number, price6: number): number =>
  timesOver(count4, price6, PRODUCT_PER_FEN);
export { COUNT_SCALE, PRICE_SCALE };
