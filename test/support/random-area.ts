import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import type { OracleArea, OracleList } from './oracle.ts';

/** A small repeatable generator (mulberry32), so that a failing area can be made again from its seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a random area is made to contain; each is a case the settlement must bear. */
export type AreaTwist =
  | 'plain'
  | 'one-institution'
  | 'one-fen-budget'
  | 'negative-due'
  | 'scheme-without-lists'
  | 'level-without-history'
  | 'missing-history-year'
  | 'exact-thresholds'
  | 'huge-costs'
  | 'fen-costs';

export const AREA_TWISTS: readonly AreaTwist[] = [
  'plain',
  'one-institution',
  'one-fen-budget',
  'negative-due',
  'scheme-without-lists',
  'level-without-history',
  'missing-history-year',
  'exact-thresholds',
  'huge-costs',
  'fen-costs',
];

const YEAR = 2025;
const ATTRIBUTES: readonly ProcedureAttribute[] = [
  'surgery',
  'intervention',
  'therapeutic',
  'diagnostic',
  'minor',
];
const DIAGNOSES = [
  'K35.900',
  'K35.901',
  'K35.200',
  'J18.900',
  'I21.000',
  'I10',
  'C34.100x001',
  'Z51.102',
  'O80',
  'P07.300',
];

/** A random area of a few hundred lists, nasty on purpose: few codes, so that ties and subsets are common. */
export function randomArea(seed: number, twist: AreaTwist): OracleArea {
  const random = randomNumbers(seed);
  const integer = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

  const institutions = Array.from(
    { length: twist === 'one-institution' ? 1 : integer(2, 7) },
    (_, index) => ({
      fixmedins_code: `H${integer(10, 99)}${index}`,
      name: `机构${index}`,
      level: integer(1, 3),
    }),
  );
  const codes = Array.from(
    { length: integer(3, 7) },
    (_, index) => `${index}${integer(1, 9)}.${integer(10, 99)}00${random() < 0.3 ? 'x001' : ''}`,
  );
  const procedures = new Map(codes.map((code) => [code, pick(ATTRIBUTES)]));
  const primaryCareGroups = new Set(['J18.9', 'I10-1', 'K35.9', 'O80'].filter(() => random() < 0.4));

  const amount = (): bigint => {
    if (twist === 'huge-costs')
      return BigInt(integer(1, 9)) * 10n ** BigInt(integer(3, 13)) + BigInt(integer(0, 99));
    if (twist === 'fen-costs') return BigInt(integer(1, 9));
    // round amounts, so that some costs sit exactly on 0.5 or 2 times a mean
    if (twist === 'exact-thresholds')
      return BigInt(pick([50_000, 100_000, 100_000, 100_000, 200_000, 400_000]));
    return BigInt(Math.floor(10_000 + random() * random() * random() * 9_000_000));
  };
  const lists: OracleList[] = [];
  const total = integer(120, 420);
  for (let index = 0; index < total; index += 1) {
    const institution = pick(institutions);
    let year = integer(YEAR - 4, YEAR);
    if (twist === 'missing-history-year' && year === YEAR - 2) year = YEAR - 3;
    if (twist === 'level-without-history' && institution.level === institutions[0]!.level) year = YEAR;
    const month = String(integer(1, 12)).padStart(2, '0');
    const day = integer(1, 28);
    const date = (value: number) => `${year}-${month}-${String(value).padStart(2, '0')}`;
    const cost = amount();
    const fund = twist === 'negative-due' && random() < 0.7 ? 0n : (cost * BigInt(integer(0, 100))) / 100n;
    const insutype = twist === 'scheme-without-lists' ? '310' : pick(['310', '390', '390']);
    const written = Array.from({ length: integer(0, 4) }, () => (random() < 0.9 ? pick(codes) : '99.9999'));
    lists.push({
      setl_id: `S${String(index).padStart(6, '0')}`,
      fixmedins_code: institution.fixmedins_code,
      insutype,
      adm_time: date(Math.max(1, day - integer(0, 5))),
      dscg_time: date(day),
      medfee_sumamt: yuanText(cost),
      fund_pay_sumamt: yuanText(fund),
      diagnoses: [pick(DIAGNOSES), ...(random() < 0.5 ? [pick(DIAGNOSES)] : [])].join('|'),
      procedures: written.join('|'),
    });
  }
  // a core group and its history are certain, so that there always is something to settle
  for (let index = 0; index < 20; index += 1) {
    lists.push({
      ...lists[0]!,
      setl_id: `T${index}`,
      adm_time: '2024-03-01',
      dscg_time: '2024-03-02',
      diagnoses: 'K35.900',
      procedures: codes[0]!,
    });
  }
  lists.push({
    ...lists[0]!,
    setl_id: 'U1',
    adm_time: '2025-03-01',
    dscg_time: '2025-03-02',
    insutype: '310',
  });
  // a few lists that must be refused
  lists.push(
    { ...lists[1]!, setl_id: 'BAD1', fixmedins_code: 'H0' },
    { ...lists[1]!, setl_id: 'BAD2', diagnoses: '' },
  );
  lists.push({ ...lists[2]!, setl_id: 'DUP' }, { ...lists[3]!, setl_id: 'DUP' });

  const fundOf = (insutype: string) =>
    lists
      .filter((list) => list.insutype === insutype && list.dscg_time.startsWith(String(YEAR)))
      .reduce((sum, list) => sum + parseYuan(list.fund_pay_sumamt)!, 0n);
  const budget = (insutype: string) => {
    if (twist === 'one-fen-budget') return '0.01';
    if (twist === 'scheme-without-lists' && insutype === '390') return '12345.67';
    return yuanText((fundOf(insutype) * BigInt(integer(50, 130))) / 100n + BigInt(integer(0, 99)));
  };
  return {
    institutions,
    procedures,
    primaryCareGroups,
    lists,
    budgets: ['310', '390'].flatMap((insutype) => [
      { year: YEAR, insutype, budget: budget(insutype) },
      { year: YEAR - 1, insutype, budget: '1.00' },
    ]),
    institutionYears: institutions.flatMap((institution) =>
      ['310', '390']
        .filter(() => random() < 0.6)
        .map((insutype) => ({
          year: YEAR,
          fixmedins_code: institution.fixmedins_code,
          insutype,
          assessment_coefficient: pick(['1', '0.975', '0.98', '0.9', '0', '1.05', '0.123456']),
          audit_deduction: pick(['0', '12.30', '99999.99']),
          advance_paid: pick(['0', '5000', '0.01']),
        })),
    ),
  };
}
