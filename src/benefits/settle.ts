import { withChanges } from '#benefits/accumulators.ts';
import type { Catalogue } from '#benefits/catalogue.ts';
import { admissionOf, contextOf, identitiesOn } from '#benefits/context.ts';
import { NEGATIVE_FEES, NO_FEES } from '#benefits/errors.ts';
import { share } from '#benefits/exact.ts';
import { checkIdentities, noTotals } from '#benefits/identities.ts';
import { payLayer } from '#benefits/layer.ts';
import { type LongTermCarePayment, payLongTermCare } from '#benefits/long-term-care.ts';
import { type Plan, planOf } from '#benefits/plan.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import { payFromPool } from '#benefits/pool.ts';
import { addOwnStep, addStep, addTo, heldOf, periodCode, type Run, sharedWith } from '#benefits/run.ts';
import { splitLine, timesOver } from '#benefits/split-line.ts';
import type {
  Accumulators,
  Eligibility,
  LineSplit,
  Person,
  Settlement,
  Step,
  Visit,
} from '#benefits/types.ts';
import { YibaoError } from '#kernel/errors.ts';
import { yuanText } from '#kernel/money.ts';
import type { BenefitParameter } from '#policy/registry/benefits.ts';
import { RATIO_SCALE } from '#policy/table.ts';

export type SettleInput = {
  readonly policy: BenefitPolicy;
  readonly person: Person;
  readonly visit: Visit;
  /** those of the year of the visit: `accumulatorsOfYear` */
  readonly accumulators: Accumulators;
  readonly catalogue?: Catalogue | undefined;
};

export type SettleResult = { readonly settlement: Settlement; readonly accumulators: Accumulators };

/**
 * Settles one visit: policy of the day, person, accumulators and fees in; split, steps, payments and new accumulators
 * out. Pure: the same input gives the same answer. A person of several identities gets the one that pays most, not
 * their sum. Throws `benefits.no-row` where the policy says nothing about such a visit.
 */
export function settleVisit(input: SettleInput): SettleResult {
  const { person, visit, accumulators } = input;
  const year = Number(visit.date.slice(0, 4));
  if (accumulators.year !== year) {
    throw new TypeError(`visit ${visit.id} of ${year} with accumulators of ${accumulators.year}`);
  }
  const identities = identitiesOn(person, visit.date);
  let best = settleAs(input, identities[0]);
  for (const identity of identities.slice(1)) {
    const other = settleAs(input, identity);
    if (paidByOthers(other) > paidByOthers(best)) best = other;
  }
  checkIdentities(best);
  return { settlement: best, accumulators: withChanges(accumulators, best.changes) };
}

const paidByOthers = ({ totals }: Settlement): number => totals.fund_pay_sumamt + totals.hosp_part_amt;

type Fees = {
  readonly total: number;
  readonly own: number;
  readonly overLimit: number;
  readonly prior: number;
  readonly inScope: number;
  readonly direct: Map<number, number>;
  readonly lines: readonly LineSplit[];
};

function settleAs(input: SettleInput, identity: string | undefined): Settlement {
  const { policy, person, visit, accumulators, catalogue } = input;
  const admission = admissionOf(visit, accumulators);
  const plan = planOf(policy, contextOf(person, visit, identity, admission));
  const run: Run = {
    plan,
    person,
    visit,
    values: accumulators.values,
    changes: new Map(),
    steps: [],
    pots: [],
    funds: [],
  };

  // 1 eligibility
  const eligibility = eligibilityOf(person, visit, plan);
  const paidShare =
    eligibility.state === 'entitled'
      ? RATIO_SCALE
      : eligibility.state === 'waiting'
        ? eligibility.paidShare
        : 0;

  // 2 line split
  const care = visit.care === LONG_TERM_CARE ? longTermCare(run, policy) : undefined;
  const fees = care?.withoutBill ?? splitFees(visit, plan, policy, catalogue);
  addOwnStep(run, '101', 'lines', 'own', fees.own, ['lines.catalogue']);
  addOwnStep(run, '103', 'lines', 'over-limit', fees.overLimit, ['lines.ceiling']);
  addOwnStep(run, '102', 'lines', 'prior', fees.prior, ['lines.prior_ratio']);
  let ordinary = fees.inScope - sumOf(fees.direct.values());
  let direct = [...fees.direct].map(([ratio, base]) => ({ base, ratio }));

  // 3 out of area, mode A; 4 what a third party bears
  const reduce = (ratio: number): number => {
    if (ratio === 0) return 0;
    let taken = share(ordinary, ratio, plan.rounding).pay;
    ordinary -= taken;
    direct = direct.map((item) => {
      const part = share(item.base, ratio, plan.rounding).pay;
      taken += part;
      return { ...item, base: item.base - part };
    });
    return taken;
  };
  const outOfArea = reduce(plan.outOfAreaPrior);
  addOwnStep(run, 'S000', 'lines', 'out-of-area', outOfArea, ['out_of_area.prior_ratio']);
  const liability = reduce(visit.thirdPartyShare ?? 0);
  addOwnStep(run, 'S003', 'lines', 'liability', liability, []);
  const inScope = ordinary + sumOf(direct.map(({ base }) => base));

  const balances = balancesOf(run);
  let deductible = 0;
  let pool = 0;
  let accountFirst = 0;
  if (care && paidShare > 0) {
    payCare(run, care.pay(inScope), care.limit, paidShare);
  } else if (paidShare === 0 || !plan.payable) {
    addOwnStep(run, 'N000', 'basic', 'not-covered', inScope, ['basic.payable', 'waiting.paid_share']);
  } else {
    if (plan.accountFirst) {
      accountFirst = Math.min(ordinary, sumOf(balances.map(({ rest }) => rest)));
      drawFrom(balances, accountFirst);
      addOwnStep(run, 'TA01', 'account', 'account', accountFirst, ['account.order']);
    }
    // 5 deductible, 6 bands, 7 cap
    const base = { accountFirst, totalFee: fees.total, inScope, paidShare };
    const paid = payFromPool(run, { ...base, ordinary: ordinary - accountFirst, direct });
    deductible = paid.deductible;
    pool = paid.pay;
  }
  // 8 to 12: large sum, civil servant, enterprise, catastrophic, assistance and further layers in the order of the policy
  if (paidShare > 0 && !care) for (const layer of plan.layers) payLayer(run, layer, paidShare);

  // 13 person, 14 accounts
  const hospital = hospitalPart(run);
  const fund = run.funds.reduce((sum, { payFen }) => sum + payFen, 0);
  const personShare = fees.total - fund - hospital;
  const payable = sharedWith(run, plan.accountPays);
  drawFrom(balances, Math.min(payable, sumOf(balances.map(({ rest }) => rest))));
  const accountPayments = balances
    .map(({ account, before, rest }) => ({ account, payFen: before - rest }))
    .filter(({ payFen }) => payFen > 0);
  const account = sumOf(accountPayments.map(({ payFen }) => payFen));
  const family = sumOf(
    accountPayments.filter(({ account: name }) => name !== OWN).map(({ payFen }) => payFen),
  );
  for (const { account: name, payFen } of accountPayments) addTo(run, `balance:${name}`, -payFen);
  addTo(run, 'account-paid', account);

  const totals = noTotals();
  totals.medfee_sumamt = fees.total;
  totals.fulamt_ownpay_amt = fees.own + liability;
  totals.overlmt_selfpay = fees.overLimit;
  totals.preselfpay_amt = fees.prior + outOfArea;
  totals.inscp_scp_amt = inScope;
  totals.act_pay_dedc = deductible;
  for (const { column, payFen } of run.funds) totals[column] += payFen;
  totals.fund_pay_sumamt = fund;
  totals.hosp_part_amt = hospital;
  totals.psn_part_amt = personShare;
  totals.acct_pay = account;
  totals.acct_mulaid_pay = family;
  totals.psn_cash_pay = personShare - account;
  countVisit(run, fees, { own: totals.fulamt_ownpay_amt, prior: totals.preselfpay_amt, inScope, admission });

  return {
    visitId: visit.id,
    kind: 'settlement',
    date: visit.date,
    eligibility,
    identity,
    totals,
    poolRatio: inScope > deductible ? timesOver(pool, RATIO_SCALE, inScope - deductible) : 0,
    lines: fees.lines,
    steps: finishedSteps(run),
    funds: run.funds,
    accountPayments,
    balanceFen: heldOf(run, `balance:${OWN}`),
    changes: changesOf(run),
  };
}

const LONG_TERM_CARE = 'long-term-care';

type LongTermCare = {
  /** care without a bill, as by the family: its standard is the fee */
  readonly withoutBill: Fees | undefined;
  readonly pay: (feeFen: number) => LongTermCarePayment;
  readonly limit: CareLimit;
};
/** What is left of the limit of a period, and the accumulator that holds what was used of it; undefined: of this visit alone. */
type CareLimit = { readonly roomFen: number; readonly code: string | undefined };

function longTermCare(run: Run, policy: BenefitPolicy): LongTermCare {
  const { visit, plan } = run;
  const pay = (feeFen: number | undefined) =>
    payLongTermCare(policy, { id: visit.id, days: visit.days, feeFen }, plan.context);
  const limit = careLimit(run, policy);
  if (visit.parts || visit.lines || visit.splits) return { withoutBill: undefined, pay, limit };
  const standard = pay(undefined);
  if (standard.method === 'fee') throw new YibaoError({ definition: NO_FEES, field: visit.id });
  const total = Math.min(standard.feeFen, limit.roomFen);
  const nothing = { own: 0, overLimit: 0, prior: 0, direct: new Map<number, number>(), lines: [] };
  return { withoutBill: { ...nothing, total, inScope: total }, pay, limit };
}

function careLimit(run: Run, policy: BenefitPolicy): CareLimit {
  const cell = (name: BenefitParameter) => cellOf(policy, name, run.plan.context);
  const limitFen = cell('long_term_care.limit').number;
  if (!Number.isFinite(limitFen)) return { roomFen: limitFen, code: undefined };
  const period = cell('long_term_care.limit_period').text as Plan['careCapPeriod'];
  const code = periodCode(`care-cap:${LONG_TERM_CARE}`, period, run.visit);
  return { roomFen: Math.max(0, limitFen - (code === undefined ? 0 : heldOf(run, code))), code };
}

/** Long-term-care insurance pays by itself: neither the pool nor the layers above it. */
function payCare(run: Run, paid: LongTermCarePayment, limit: CareLimit, paidShare: number): void {
  const { method, feeFen, fund } = paid;
  if (feeFen === 0) return;
  if (method === 'none') {
    addOwnStep(run, 'N000', 'basic', 'not-covered', feeFen, paid.parameters);
    return;
  }
  const whole = paidShare === RATIO_SCALE;
  const wanted = whole ? paid.payFen : share(paid.payFen, paidShare, run.plan.rounding).pay;
  const payFen = Math.min(wanted, limit.roomFen);
  const isLimited = Number.isFinite(limit.roomFen);
  const parameters = isLimited ? [...paid.parameters, ...LIMIT_OF_CARE] : paid.parameters;
  const step = { code: 'CH01', layer: LONG_TERM_CARE, baseFen: feeFen, ratio: whole ? paid.ratio : 0 };
  addStep(run, { ...step, fund, fundPayFen: payFen, parameters }, 'copay', feeFen - payFen);
  addTo(run, `paid:${fund}`, payFen);
  if (limit.code !== undefined) addTo(run, limit.code, payFen);
  if (payFen === 0) return;
  const limits = {
    limitBeforeFen: isLimited ? limit.roomFen : undefined,
    limitAfterFen: isLimited ? limit.roomFen - payFen : undefined,
  };
  run.funds.push({ layer: LONG_TERM_CARE, fund, column: 'oth_pay', payFen, ...limits });
}

const LIMIT_OF_CARE: readonly BenefitParameter[] = ['long_term_care.limit', 'long_term_care.limit_period'];

const sumOf = (numbers: Iterable<number>): number => {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
};

/** Each step with what in the end stays with the person of it. */
function finishedSteps({ steps, pots }: Run): Step[] {
  for (const { component, owner, fen } of pots) {
    if (fen === 0) continue;
    const same = owner.parts.find((part) => part.component === component);
    if (same) same.fen += fen;
    else owner.parts.push({ component, fen });
  }
  return steps.map(({ parts, ...step }) => ({
    ...step,
    selfParts: parts,
    selfPayFen: sumOf(parts.map(({ fen }) => fen)),
  }));
}

function eligibilityOf(person: Person, visit: Visit, plan: Plan): Eligibility {
  const { status = 'normal', entitledFrom, entitledTo, waitingUntil } = person;
  const refused = (reason: 'status' | 'not-yet' | 'ended' | 'care') =>
    ({ state: 'refused', reason }) as const;
  if (status !== 'normal') return refused('status');
  if (entitledFrom !== undefined && visit.date < entitledFrom) return refused('not-yet');
  if (entitledTo !== undefined && visit.date > entitledTo) return refused('ended');
  if (waitingUntil !== undefined && visit.date < waitingUntil) {
    return { state: 'waiting', until: waitingUntil, paidShare: plan.waitingShare };
  }
  return plan.payable ? { state: 'entitled' } : refused('care');
}

function splitFees(visit: Visit, plan: Plan, policy: BenefitPolicy, catalogue: Catalogue | undefined): Fees {
  if (visit.parts) {
    const { ownFen: own, overLimitFen: overLimit, priorFen: prior, inScopeFen: inScope } = visit.parts;
    return {
      total: own + overLimit + prior + inScope,
      own,
      overLimit,
      prior,
      inScope,
      direct: new Map(),
      lines: [],
    };
  }
  const lines =
    visit.splits ?? (visit.lines ?? []).map((line) => splitLine(line, visit, plan, policy, catalogue));
  const direct = new Map<number, number>();
  let [total, own, overLimit, prior, inScope] = [0, 0, 0, 0, 0];
  for (const line of lines) {
    total += line.amountFen;
    own += line.ownFen;
    overLimit += line.overLimitFen;
    prior += line.priorFen;
    inScope += line.inScopeFen;
    if (line.directRatio !== undefined) {
      direct.set(line.directRatio, (direct.get(line.directRatio) ?? 0) + line.inScopeFen);
    }
  }
  checkRefunds(visit, { own, over_limit: overLimit, prior, in_scope: inScope - sumOf(direct.values()) });
  for (const fen of direct.values()) checkRefunds(visit, { direct: fen });
  return { total, own, overLimit, prior, inScope, direct, lines };
}

/** Refund lines take back what was charged in the same settlement, in no part more. Throws `benefits.negative-fees`. */
function checkRefunds(visit: Visit, parts: Readonly<Record<string, number>>): void {
  for (const [field, fen] of Object.entries(parts)) {
    if (fen >= 0) continue;
    throw new YibaoError({
      definition: NEGATIVE_FEES,
      field,
      value: yuanText(BigInt(fen)),
      parameters: { visit: visit.id },
    });
  }
}

const OWN = 'own';
type Balance = { readonly account: string; readonly before: number; rest: number };

/** The balances the visit may draw on: the own account first, then those of the family in the order of their names. */
function balancesOf({ plan, visit, values }: Run): Balance[] {
  if (visit.account === undefined || visit.account === 'none') return [];
  const balance = (account: string): Balance => {
    const fen = values[`balance:${account}`] ?? 0;
    return { account, before: fen, rest: fen };
  };
  const family =
    visit.account === 'family' && plan.familyAccount
      ? Object.keys(values)
          .filter((code) => code.startsWith('balance:family:'))
          .toSorted()
          .map((code) => balance(code.slice('balance:'.length)))
      : [];
  return [balance(OWN), ...family];
}

function drawFrom(balances: readonly Balance[], fen: number): void {
  let left = fen;
  for (const balance of balances) {
    const part = Math.min(left, balance.rest);
    balance.rest -= part;
    left -= part;
  }
}

const hospitalPart = ({ steps }: Run): number =>
  steps.reduce((sum, { layer, fundPayFen }) => sum + (layer === 'hospital-reduction' ? fundPayFen : 0), 0);

/** Counts of the year, and the open stay: kept while it goes on, gone with its last settlement. */
function countVisit(
  run: Run,
  { total, overLimit }: Fees,
  sums: {
    readonly own: number;
    readonly prior: number;
    readonly inScope: number;
    readonly admission: number | undefined;
  },
): void {
  addTo(run, 'total-fee', total);
  addTo(run, 'own', sums.own);
  addTo(run, 'over-limit', overLimit);
  addTo(run, 'prior', sums.prior);
  addTo(run, 'in-scope', sums.inScope);
  const { stay, midStay = false } = run.visit;
  const admissionCode = `stay:${stay}:admission`;
  const continues = stay !== undefined && (run.values[admissionCode] ?? 0) > 0;
  if (sums.admission !== undefined && !continues) addTo(run, 'admissions', 1);
  if (stay === undefined) return;
  if (midStay) {
    // a stay that began as an emergency is counted when it becomes an admission
    if (!continues && sums.admission !== undefined) addTo(run, admissionCode, sums.admission);
    return;
  }
  const open = `stay:${stay}:`;
  for (const code of [...Object.keys(run.values), ...run.changes.keys()]) {
    if (code.startsWith(open)) run.changes.set(code, -(run.values[code] ?? 0));
  }
}

function changesOf({ values, changes }: Run): Settlement['changes'] {
  const all: Settlement['changes'][number][] = [];
  for (const [code, change] of changes) {
    if (change === 0) continue;
    const before = values[code] ?? 0;
    all.push({ code, before, change, after: before + change });
  }
  return all.sort((a, b) => (a.code < b.code ? -1 : 1));
}
