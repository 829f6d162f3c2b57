import { NO_DAYS } from '#benefits/errors.ts';
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
import { YibaoError } from '#kernel/errors.ts';
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
  const room = openRoom(run, base.paidShare);
  const paid =
    plan.quotaMode === 'fixed'
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
  'basic.wage_base',
  'basic.deductible_rounding',
  'basic.deductible_factor',
  'basic.deductible_scope',
  'basic.deductible_year_limit',
  'basic.deductible_credit',
];
const BAND_PARAMETERS = [
  'basic.bands',
  'basic.points',
  'basic.points_per_year_of_age',
  'basic.age_counted_from',
  'basic.points_per_enrolled_year',
  'basic.enrolled_years_from',
  'basic.enrolled_points_limit',
  'basic.ratio_limit',
  'basic.person_factor',
  'basic.band_base',
  'basic.band_origin',
  'out_of_area.points_off',
  'out_of_area.ratio_factor',
];
const CAP_PARAMETERS = ['basic.cap', 'basic.cap_of'];
const QUOTA_PARAMETERS = ['basic.quota', 'basic.quota_mode', 'basic.quota_per'];
const CARE_CAP_PARAMETERS = [
  'basic.care_cap',
  'basic.care_cap_of',
  'basic.care_cap_period',
  'basic.quota',
  'basic.quota_mode',
  'basic.quota_per',
];

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
  const yearCode = `deductible-year:${plan.deductibleAccount}`;
  const limited = Number.isFinite(plan.deductibleYearLimit);
  const ofYear = limited ? Math.max(0, plan.deductibleYearLimit - heldOf(run, yearCode)) : plan.deductible;
  const rest = Math.min(Math.max(0, plan.deductible - before - credit), ofYear);
  const byAccount = Math.min(rest, counted);
  const paid = Math.min(rest - byAccount, ordinary);
  if (code !== undefined) addTo(run, code, paid + byAccount);
  if (limited) addTo(run, yearCode, paid + byAccount);
  addTo(run, 'deductible-paid', paid);
  return paid;
}

/**
 * What the pool may still pay, and how much fee may still enter: each by the yearly cap and by the limit of the care type with
 * the quota. Infinity: no limit. `overCap` and `excess` gather the base that finds no room.
 */
type Room = {
  capPay: number;
  carePay: number;
  capBase: number;
  careBase: number;
  readonly payBefore: number | undefined;
  readonly careCode: string | undefined;
  readonly quotaCode: string | undefined;
  /** base that the pool took in */
  entered: number;
  overCap: number;
  excess: number;
};

const NO_LIMIT = Number.POSITIVE_INFINITY;

function openRoom(run: Run, paidShare: number): Room {
  const { plan, visit } = run;
  const used = (code: string | undefined) => (code === undefined ? 0 : heldOf(run, code));
  const careCode = periodCode(plan.careCapCode, plan.careCapPeriod, visit);
  const quotaCode = plan.quotaByDay || visit.stay === undefined ? undefined : `stay:${visit.stay}:quota`;
  const cap = Math.max(0, plan.cap - used(plan.capCode));
  const care = Math.max(0, plan.careCap - used(careCode));
  const quota = Math.max(0, quotaOf(run, paidShare) - used(quotaCode));
  const capPay = plan.capOfPayment ? cap : NO_LIMIT;
  const carePay = Math.min(
    plan.careCapOfPayment ? care : NO_LIMIT,
    plan.quotaMode === 'fee' ? NO_LIMIT : quota,
  );
  const least = Math.min(capPay, plan.careCapOfPayment ? care : NO_LIMIT);
  return {
    capPay,
    carePay,
    capBase: plan.capOfPayment ? NO_LIMIT : cap,
    careBase: Math.min(plan.careCapOfPayment ? NO_LIMIT : care, plan.quotaMode === 'fee' ? quota : NO_LIMIT),
    payBefore: Number.isFinite(least) ? least : undefined,
    careCode,
    quotaCode,
    entered: 0,
    overCap: 0,
    excess: 0,
  };
}

/** The quota of this visit: of its days where it is one for each day. A fixed amount is paid in part while waiting. */
function quotaOf({ plan, visit }: Run, paidShare: number): number {
  if (!Number.isFinite(plan.quota)) return NO_LIMIT;
  if (plan.quotaByDay && visit.days === undefined) {
    throw new YibaoError({ definition: NO_DAYS, field: 'basic.quota_per', parameters: { visit: visit.id } });
  }
  const quota = plan.quotaByDay ? plan.quota * visit.days! : plan.quota;
  return plan.quotaMode === 'fixed' ? scaled(quota, paidShare) : quota;
}

/** How much of a wanted payment finds room; the smaller of the two limits says what the rest is. */
const payRoom = ({ capPay, carePay }: Room): number => Math.min(capPay, carePay);

function takeRoom(room: Room, pay: number): void {
  room.capPay -= pay;
  room.carePay -= pay;
}

/** As much of a base as may enter; the rest goes to the limit that is met first. */
function enter(room: Room, base: number): number {
  const most = Math.min(room.capBase, room.careBase);
  const entering = Math.min(base, most);
  if (room.capBase <= room.careBase) room.overCap += base - entering;
  else room.excess += base - entering;
  room.capBase -= entering;
  room.careBase -= entering;
  room.entered += entering;
  return entering;
}

function lose(room: Room, base: number): void {
  if (room.capPay <= room.carePay) room.overCap += base;
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
  let base = enter(room, wanted.base);
  if (base === 0) return 0;
  const restBefore = restCode === undefined ? 0 : heldOf(run, restCode);
  const most = payRoom(room);
  let { pay, rest } = share(base, wanted.ratio, plan.rounding, restBefore);
  // also where the limit is met exactly: what lies beyond the least base that meets it has found no room
  if (pay >= most) {
    const used = most === 0 ? 0 : baseThatPays(most, base, wanted.ratio, plan.rounding, restBefore);
    lose(room, base - used);
    [base, pay, rest] = [used, most, 0];
  }
  if (restCode !== undefined) addTo(run, restCode, rest - restBefore);
  takeRoom(room, pay);
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
  const base = enter(room, ordinary);
  if (base === 0) return 0;
  const pay = Math.min(base, payRoom(room));
  takeRoom(room, pay);
  const paid = { ratio: 0, fund: plan.fund, fundPayFen: pay, parameters: QUOTA_PARAMETERS };
  const code = STAYS.has(run.visit.care) ? 'C001' : OUTPATIENT_FLAT;
  addStep(run, { code, layer: BASIC, baseFen: base, ...paid }, 'copay', base - pay);
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
  const ratio = scaled(plan.floorRatio, base.paidShare);
  const floor = share(Math.max(0, floorBase), ratio, plan.rounding).pay;
  const ownPart = sharedWith(run, PAID_COMPONENTS);
  const more = Math.min(floor - paid, ownPart, payRoom(room));
  if (more <= 0) return 0;
  takeRoom(room, more);
  takeOff(run, PAID_COMPONENTS, more);
  const parameters = ['basic.floor_ratio', 'basic.floor_base'];
  const raised = { ratio, fund: plan.fund, fundPayFen: more, parameters };
  addStep(run, { code: 'BD01', layer: BASIC, baseFen: floorBase, ...raised }, 'copay', 0);
  return more;
}

function closeRoom(run: Run, room: Room, pay: number): void {
  const { plan } = run;
  addTo(run, plan.capCode, plan.capOfPayment ? pay : room.entered);
  if (room.careCode !== undefined && Number.isFinite(plan.careCap)) {
    addTo(run, room.careCode, plan.careCapOfPayment ? pay : room.entered);
  }
  if (room.quotaCode !== undefined && Number.isFinite(plan.quota)) {
    addTo(run, room.quotaCode, plan.quotaMode === 'fee' ? room.entered : pay);
  }
  addTo(run, `paid:${plan.fund}`, pay);
  if (pay === 0) return;
  run.funds.push({
    layer: BASIC,
    fund: plan.fund,
    column: 'hifp_pay',
    payFen: pay,
    limitBeforeFen: room.payBefore,
    limitAfterFen: room.payBefore === undefined ? undefined : room.payBefore - pay,
  });
}
