import { baseThatPays, share } from '#benefits/exact.ts';
import {
  addOwnStep,
  addStep,
  addTo,
  heldOf,
  periodCode,
  type Run,
  sharedWith,
  takeOff,
} from '#benefits/run.ts';
import type { Component } from '#policy/registry/benefit-layers.ts';
import { RATIO_SCALE } from '#policy/table.ts';

/** In-scope fees on their way into the pool: those of the bands, and items paid at a ratio of their own. */
export type PoolBase = {
  readonly ordinary: number;
  readonly direct: readonly { readonly base: number; readonly ratio: number }[];
  /** what the account has paid first: it counts towards the deductible where the policy says so */
  readonly accountFirst: number;
  /** total and in-scope fee, for a floor of the payment */
  readonly totalFee: number;
  readonly inScope: number;
  /** × 10^6 of the benefits: less than the whole while waiting */
  readonly paidShare: number;
};

const BASIC = 'basic';
/** Codes of the bands of a flat outpatient ratio and of C001 to C004; later ones are the project’s own. */
const OUTPATIENT_FLAT = 'C000';
const PAID_COMPONENTS: ReadonlySet<Component> = new Set<Component>(['copay', 'direct']);

/** Steps 5 to 7: deductible, bands, cap. Returns the deductible paid and what the pool pays. */
export function payFromPool(run: Run, base: PoolBase): { deductible: number; pay: number } {
  const { plan } = run;
  const deductible = takeDeductible(run, base);
  addOwnStep(run, 'S001', BASIC, 'deductible', deductible, DEDUCTIBLE_PARAMETERS);
  const room = openRoom(run);
  const paid = plan.quotaFixed
    ? payQuota(run, base.ordinary - deductible, room)
    : payBands(run, base, deductible, room);
  const direct = payDirect(run, base, room);
  const floor = payFloor(run, base, deductible, paid + direct, room);
  addOwnStep(run, 'E000', BASIC, 'excess', room.excess, CARE_CAP_PARAMETERS);
  addOwnStep(run, 'EC01', BASIC, 'over-cap', room.overCap, CAP_PARAMETERS);
  const pay = paid + direct + floor;
  closeRoom(run, room, pay);
  return { deductible, pay };
}

const DEDUCTIBLE_PARAMETERS = [
  'basic.deductible',
  'basic.deductible_wage_ratio',
  'basic.deductible_factor',
  'basic.deductible_scope',
];
const BAND_PARAMETERS = [
  'basic.bands',
  'basic.points',
  'basic.points_per_year_of_age',
  'basic.points_per_enrolled_year',
  'basic.person_factor',
  'out_of_area.points_off',
  'out_of_area.ratio_factor',
];
const CAP_PARAMETERS = ['basic.cap', 'basic.cap_of'];
const QUOTA_PARAMETERS = ['basic.quota', 'basic.quota_mode'];
const CARE_CAP_PARAMETERS = ['basic.care_cap', 'basic.care_cap_period', 'basic.quota'];

function takeDeductible(run: Run, { ordinary, accountFirst }: PoolBase): number {
  const { plan, visit } = run;
  const { stay } = visit;
  const code = plan.deductibleByYear
    ? `deductible:${plan.deductibleAccount}`
    : stay === undefined
      ? undefined
      : `stay:${stay}:deductible`;
  const before = code === undefined ? 0 : heldOf(run, code);
  const credit = plan.deductibleCredit && (visit.referral ?? 'none') !== 'none' ? (visit.creditFen ?? 0) : 0;
  const counted = plan.accountCountsAsDeductible ? accountFirst : 0;
  const rest = Math.max(0, plan.deductible - before - credit);
  const byAccount = Math.min(rest, counted);
  const paid = Math.min(rest - byAccount, ordinary);
  if (code !== undefined) addTo(run, code, paid + byAccount);
  addTo(run, 'deductible-paid', paid);
  return paid;
}

/** What the pool may still pay. `overCap` and `excess` gather the base that finds no room. */
type Room = {
  capRest: number;
  careRest: number;
  readonly capBefore: number | undefined;
  readonly careCode: string | undefined;
  /** base that the pool took in */
  entered: number;
  overCap: number;
  excess: number;
};

function openRoom(run: Run): Room {
  const { plan, visit } = run;
  const used = (code: string | undefined) => (code === undefined ? 0 : heldOf(run, code));
  const careCode = periodCode(plan.careCapCode, plan.careCapPeriod, visit);
  const capRest = Math.max(0, plan.cap - used(plan.capCode));
  const careRest = Math.max(0, plan.careCap - used(careCode));
  const quotaCode = visit.stay === undefined ? undefined : `stay:${visit.stay}:quota`;
  const quotaRest = plan.quotaFixed ? Number.POSITIVE_INFINITY : Math.max(0, plan.quota - used(quotaCode));
  const byPayment = plan.capOfPayment ? capRest : Number.POSITIVE_INFINITY;
  const least = Math.min(byPayment, careRest);
  return {
    capRest,
    careRest: Math.min(careRest, quotaRest),
    capBefore: Number.isFinite(least) ? least : undefined,
    careCode,
    entered: 0,
    overCap: 0,
    excess: 0,
  };
}

/** How much of a wanted payment finds room; the smaller of the two limits says what the rest is. */
const payRoom = (run: Run, { capRest, careRest }: Room): number =>
  run.plan.capOfPayment ? Math.min(capRest, careRest) : careRest;

function takeRoom(run: Run, room: Room, pay: number): void {
  if (run.plan.capOfPayment) room.capRest -= pay;
  room.careRest -= pay;
}

function lose(run: Run, room: Room, base: number): void {
  if (base === 0) return;
  if (run.plan.capOfPayment && room.capRest <= room.careRest) room.overCap += base;
  else room.excess += base;
}

/** Pays one base at one ratio as far as there is room, as one step. */
function payStep(
  run: Run,
  room: Room,
  wanted: {
    readonly code: string;
    readonly component: Component;
    readonly base: number;
    readonly ratio: number;
  },
  parameters: readonly string[],
  restCode: string | undefined,
): number {
  const { plan } = run;
  let base = wanted.base;
  if (!plan.capOfPayment && base > room.capRest) {
    room.overCap += base - room.capRest;
    base = room.capRest;
  }
  room.entered += base;
  if (!plan.capOfPayment) room.capRest -= base;
  if (base === 0) return 0;
  const restBefore = restCode === undefined ? 0 : heldOf(run, restCode);
  const most = payRoom(run, room);
  let { pay, rest } = share(base, wanted.ratio, plan.rounding, restBefore);
  // also where the limit is met exactly: what lies beyond the least base that meets it has found no room
  if (pay >= most) {
    const used = most === 0 ? 0 : baseThatPays(most, base, wanted.ratio, plan.rounding, restBefore);
    lose(run, room, base - used);
    [base, pay, rest] = [used, most, 0];
  }
  if (restCode !== undefined) addTo(run, restCode, rest - restBefore);
  takeRoom(run, room, pay);
  if (base > 0) {
    const { code, component, ratio } = wanted;
    const paid = { ratio, fund: plan.fund, fundPayFen: pay, parameters };
    addStep(run, { code, layer: BASIC, baseFen: base, ...paid }, component, base - pay);
  }
  return pay;
}

function payBands(run: Run, { ordinary, paidShare }: PoolBase, deductible: number, room: Room): number {
  const { plan, visit } = run;
  const code = plan.bandsByYear
    ? `bands:${plan.bandAccount}`
    : visit.stay === undefined
      ? undefined
      : `stay:${visit.stay}:bands`;
  const before = code === undefined ? 0 : heldOf(run, code);
  const start = plan.bandsFromZero ? before + deductible : before;
  const end = plan.bandsFromZero ? before + ordinary : before + ordinary - deductible;
  if (code !== undefined) addTo(run, code, end - before);
  addTo(run, 'entered', end - before);
  let paid = 0;
  let lower = 0;
  for (const [index, { upTo, ratio }] of plan.bands.entries()) {
    const piece = Math.min(end, upTo) - Math.max(start, lower);
    lower = upTo;
    if (piece <= 0) continue;
    const flatOutpatient = plan.bands.length === 1 && !STAYS.has(visit.care);
    const step = flatOutpatient ? OUTPATIENT_FLAT : `C00${index + 1}`;
    const actual = scaled(ratio, paidShare);
    const wanted = { code: step, component: 'copay', base: piece, ratio: actual } as const;
    paid += payStep(run, room, wanted, BAND_PARAMETERS, restCodeOf(run, code, step));
  }
  return paid;
}

/** Care types whose bands are named C001 … even when there is one only. */
const STAYS: ReadonlySet<string> = new Set(['inpatient', 'day-surgery', 'home-bed', 'maternity-inpatient']);

const scaled = (ratio: number, paidShare: number): number =>
  paidShare === RATIO_SCALE ? ratio : share(ratio, paidShare, 'half-up').pay;

/** Rests below a fen are kept where the base is cumulative: over the year, or over the settlements of one stay. */
function restCodeOf(run: Run, baseCode: string | undefined, step: string): string | undefined {
  if (!run.plan.carry || baseCode === undefined) return undefined;
  return baseCode.startsWith('stay:')
    ? `stay:${run.visit.stay}:rest:${step}`
    : `rest:${baseCode.slice('bands:'.length)}:${step}`;
}

function payQuota(run: Run, ordinary: number, room: Room): number {
  const { plan } = run;
  if (ordinary === 0) return 0;
  const pay = Math.min(plan.quota, ordinary, payRoom(run, room));
  takeRoom(run, room, pay);
  const paid = { ratio: 0, fund: plan.fund, fundPayFen: pay, parameters: QUOTA_PARAMETERS };
  addStep(run, { code: 'C000', layer: BASIC, baseFen: ordinary, ...paid }, 'copay', ordinary - pay);
  return pay;
}

function payDirect(run: Run, { direct, paidShare }: PoolBase, room: Room): number {
  let paid = 0;
  for (const { base, ratio } of direct) {
    const wanted = { code: 'D001', component: 'direct', base, ratio: scaled(ratio, paidShare) } as const;
    paid += payStep(run, room, wanted, ['lines.prior_ratio'], undefined);
  }
  return paid;
}

function payFloor(run: Run, base: PoolBase, deductible: number, paid: number, room: Room): number {
  const { plan } = run;
  if (plan.floorRatio === 0) return 0;
  const floorBase = {
    'total-fee': base.totalFee,
    'total-fee-less-deductible': base.totalFee - deductible,
    'in-scope': base.inScope,
    'in-scope-less-deductible': base.inScope - deductible,
  }[plan.floorBase as 'total-fee'];
  const floor = share(Math.max(0, floorBase), scaled(plan.floorRatio, base.paidShare), plan.rounding).pay;
  const ownPart = sharedWith(run, PAID_COMPONENTS);
  const more = Math.min(floor - paid, ownPart, payRoom(run, room));
  if (more <= 0) return 0;
  takeRoom(run, room, more);
  takeOff(run, PAID_COMPONENTS, more);
  const parameters = ['basic.floor_ratio', 'basic.floor_base'];
  const raised = { ratio: plan.floorRatio, fund: plan.fund, fundPayFen: more, parameters };
  addStep(run, { code: 'BD01', layer: BASIC, baseFen: floorBase, ...raised }, 'copay', 0);
  return more;
}

function closeRoom(run: Run, room: Room, pay: number): void {
  const { plan, visit } = run;
  addTo(run, plan.capCode, plan.capOfPayment ? pay : room.entered);
  if (room.careCode !== undefined && Number.isFinite(plan.careCap)) addTo(run, room.careCode, pay);
  if (visit.stay !== undefined && Number.isFinite(plan.quota)) addTo(run, `stay:${visit.stay}:quota`, pay);
  addTo(run, `paid:${plan.fund}`, pay);
  if (pay === 0) return;
  run.funds.push({
    layer: BASIC,
    fund: plan.fund,
    column: 'hifp_pay',
    payFen: pay,
    limitBeforeFen: room.capBefore,
    limitAfterFen: room.capBefore === undefined ? undefined : room.capBefore - pay,
  });
}
