import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Engine } from '#engine/duckdb.ts';
import { evaluateYear } from '#evaluation/index.ts';
import { compare, divide, type Fraction, fraction, roundTo } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { settleYear } from '#payment/index.ts';
import type { OracleArea, OracleList } from './support/oracle.ts';
import { AREA_TWISTS, type AreaTwist, randomArea, randomNumbers } from './support/random-area.ts';
import { type ListFacts, writeArea } from './support/write-area.ts';

const AREAS_PER_TWIST = Number(process.env.YIBAO_RANDOM_AREAS ?? 1);
const YEAR = 2025;

type FactList = OracleList & ListFacts;

/** Persons who come back, some who are not known, and all dispositions; some stays are long and cross the turn of the year. */
function withFacts(area: OracleArea, seed: number): OracleArea & { readonly lists: readonly FactList[] } {
  const random = randomNumbers(seed + 1);
  const lists = area.lists.map((list): FactList => {
    const discharge = Temporal.PlainDate.from(list.dscg_time);
    const days = random() < 0.2 ? Math.floor(random() * 60) : Math.floor(random() * 8);
    return {
      ...list,
      adm_time: discharge.subtract({ days }).toString(),
      psn_no: random() < 0.05 ? '' : `P${Math.floor(random() * 40)}`,
      dscg_way: random() < 0.1 ? '' : ['1', '1', '1', '2', '3', '4', '5', '9'][Math.floor(random() * 8)]!,
    };
  });
  return { ...area, lists };
}

/** A list as a settlement has it, with what was written in it. */
type Case = {
  readonly id: string;
  readonly institution: string;
  readonly level: string;
  readonly scheme: string;
  readonly month: number;
  readonly group: string;
  readonly kind: string;
  readonly deviation: string;
  readonly score4: bigint;
  readonly points4: bigint;
  readonly cost: bigint;
  readonly fund: bigint;
  readonly days: number;
  readonly admission: Temporal.PlainDate;
  readonly discharge: Temporal.PlainDate;
  readonly person: string;
  readonly end: string;
  readonly diagnosis: string;
  readonly procedures: string;
};

const EXCEPTED = ['Z51.0', 'Z51.1', 'Z49', 'Z50', 'P'];
const SCORES_LOW: readonly (readonly [Fraction, bigint])[] = [
  [fraction(3n, 10n), 10_000n],
  [fraction(1n, 2n), 7_000n],
  [fraction(7n, 10n), 3_000n],
];
const SCORES_LONG: readonly (readonly [Fraction, bigint])[] = [
  [fraction(3n), 10_000n],
  [fraction(2n), 6_000n],
  [fraction(3n, 2n), 3_000n],
];

/** The last discharge of the person before this stay, as the rule says it, by looking at every stay. */
function daysSince(one: Case, all: readonly Case[], counts: (other: Case) => boolean): number | undefined {
  if (one.person === '' || EXCEPTED.some((start) => one.diagnosis.startsWith(start))) return undefined;
  const days = all
    .filter((other) => {
      if (other.id === one.id || other.person !== one.person || !counts(other)) return false;
      if (Temporal.PlainDate.compare(other.discharge, one.admission) > 0) return false;
      const oneDay = (stay: Case) => stay.admission.equals(stay.discharge);
      // both begin and end on this one day: the smaller id is the earlier
      const together = oneDay(one) && oneDay(other) && one.admission.equals(other.discharge);
      return !together || other.id < one.id;
    })
    .map((other) => other.discharge.until(one.admission).total('days'));
  return days.length === 0 ? undefined : Math.min(...days);
}

const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n);

/** Values of every indicator of some lists, in units of 10^-decimals; undefined where there is nothing to divide by. */
function recompute(
  own: readonly Case[],
  area: readonly Case[],
  everything: readonly Case[],
): Record<string, bigint | undefined> {
  const groupOf = Map.groupBy(area, ({ group }) => group);
  const grouped = own.filter(({ group }) => group !== '');
  const n = BigInt(own.length);
  const meanOf = (one: Case, amount: (each: Case) => bigint): Fraction => {
    const all = groupOf.get(one.group)!;
    return fraction(sum(all.map(amount)), BigInt(all.length));
  };
  const ratio = (one: Case, amount: (each: Case) => bigint) =>
    divide(fraction(amount(one)), meanOf(one, amount));
  const cost = (one: Case) => one.cost;
  const days = (one: Case) => BigInt(one.days);
  const quotient = (top: bigint, bottom: bigint, decimals: number) =>
    bottom === 0n ? undefined : roundTo(fraction(top, bottom), decimals);
  const share = (list: readonly Case[], of: readonly Case[]) =>
    quotient(BigInt(list.length), BigInt(of.length), 6);
  const index = (amount: (each: Case) => bigint) =>
    grouped.length === 0
      ? undefined
      : roundTo(
          divide(
            fraction(sum(grouped.map((one) => roundTo(ratio(one, amount), 12))), 10n ** 12n),
            fraction(BigInt(grouped.length)),
          ),
          6,
        );
  const persons = own.filter(({ person }) => person !== '');
  const ends = own.filter(({ end }) => end !== '');
  const same = new Map(
    own.map((one) => [
      one.id,
      daysSince(one, everything, (other) => other.diagnosis.slice(0, 3) === one.diagnosis.slice(0, 3)),
    ]),
  );
  const within = (limit: number) =>
    own.filter((one) => (same.get(one.id) ?? Number.POSITIVE_INFINITY) <= limit);
  const mortality = (one: Case): Fraction | undefined => {
    const known = groupOf.get(one.group)!.filter(({ end }) => end !== '');
    return known.length === 0
      ? undefined
      : fraction(BigInt(known.filter(({ end }) => end === '5').length), BigInt(known.length));
  };
  const died = grouped.filter(({ end }) => end === '5');
  const lowRisk = died.filter((one) => compare(mortality(one)!, fraction(1n, 20n)) < 0);
  const short = own.filter((one) => one.days < 3);
  const meanScore = (scores: readonly bigint[], of: readonly Case[]) =>
    of.length === 0 ? undefined : roundTo(fraction(sum(scores), BigInt(of.length) * 10_000n), 6);
  const returned = own.map((one) => {
    if ((same.get(one.id) ?? Number.POSITIVE_INFINITY) <= 31) return 10_000n;
    return (daysSince(one, everything, () => true) ?? Number.POSITIVE_INFINITY) <= 31 ? 5_000n : 0n;
  });
  return {
    cases: n,
    groups: BigInt(new Set(grouped.map(({ group }) => group)).size),
    cmi: quotient(sum(grouped.map(({ score4 }) => score4)), BigInt(grouped.length), 0),
    points_per_case: quotient(sum(own.map(({ points4 }) => points4)), n, 0),
    core_share: share(
      own.filter(({ kind }) => kind === 'core'),
      own,
    ),
    comprehensive_share: share(
      own.filter(({ kind }) => kind === 'comprehensive'),
      own,
    ),
    ungrouped_share: share(
      own.filter(({ group }) => group === ''),
      own,
    ),
    low_outlier_share: share(
      own.filter(({ deviation }) => deviation === 'low'),
      own,
    ),
    high_outlier_share: share(
      own.filter(({ deviation }) => deviation === 'high'),
      own,
    ),
    cost: sum(own.map(cost)),
    average_cost: quotient(sum(own.map(cost)), n, 0),
    average_stay: quotient(sum(own.map(days)), n, 4),
    cost_per_day: quotient(sum(own.map(cost)), sum(own.map(days)), 0),
    cost_index: index(cost),
    time_index: index(days),
    fund_share: quotient(sum(own.map(({ fund }) => fund)), sum(own.map(cost)), 6),
    readmission_14: share(within(14), persons),
    readmission_15: share(within(15), persons),
    readmission_30: share(within(30), persons),
    readmission_31: share(within(31), persons),
    short_stay_share: share(short, own),
    short_stay_without_procedure_share: share(
      short.filter(({ procedures }) => procedures === ''),
      own,
    ),
    low_standard_share: share(
      grouped.filter((one) => compare(ratio(one, cost), fraction(1n, 2n)) < 0),
      grouped,
    ),
    long_stay_share: share(
      grouped.filter((one) => compare(ratio(one, days), fraction(2n)) > 0),
      grouped,
    ),
    insufficient_stay_share: share(
      grouped.filter((one) => compare(ratio(one, days), fraction(1n, 2n)) < 0),
      grouped,
    ),
    overlap_share: share(
      own.filter((one) =>
        everything.some(
          (other) =>
            one.person !== '' &&
            other.person === one.person &&
            other.id !== one.id &&
            isBefore(other, one) &&
            Temporal.PlainDate.compare(other.discharge, one.admission) > 0,
        ),
      ),
      persons,
    ),
    transfer_share: share(
      ends.filter(({ end }) => end === '2' || end === '3'),
      ends,
    ),
    mortality: share(
      ends.filter(({ end }) => end === '5'),
      ends,
    ),
    low_risk_mortality: share(lowRisk, ends),
    readmission_score: meanScore(returned, persons),
    low_standard_score: meanScore(
      grouped.map((one) => SCORES_LOW.find(([limit]) => compare(ratio(one, cost), limit) < 0)?.[1] ?? 0n),
      grouped,
    ),
    long_stay_score: meanScore(
      grouped.map((one) => SCORES_LONG.find(([limit]) => compare(ratio(one, days), limit) > 0)?.[1] ?? 0n),
      grouped,
    ),
    death_risk_score: meanScore(
      died.map((one) => (lowRisk.includes(one) ? 10_000n : 5_000n)),
      grouped,
    ),
  };
}

/** In the order of admission, discharge, id: the earlier of two stays that overlap. */
const isBefore = (a: Case, b: Case): boolean => {
  const order =
    Temporal.PlainDate.compare(a.admission, b.admission) ||
    Temporal.PlainDate.compare(a.discharge, b.discharge);
  return order === 0 ? a.id < b.id : order < 0;
};

async function casesOf(
  engine: Engine,
  area: OracleArea & { readonly lists: readonly FactList[] },
  year: number,
): Promise<Case[]> {
  const written = new Map(area.lists.map((list) => [list.setl_id, list]));
  const levels = new Map(area.institutions.map(({ fixmedins_code, level }) => [fixmedins_code, level]));
  const rows =
    year === YEAR
      ? await engine.rows(
          `SELECT c.setl_id, coalesce(c.group_code, '') AS group_code, c.kind, coalesce(c.deviation, '') AS deviation, c.points4,
             coalesce(g.score4, 0) AS score4
           FROM case_result AS c LEFT JOIN group_score AS g ON g.group_code = c.group_code ORDER BY c.setl_id`,
        )
      : area.lists
          .filter(
            (list) =>
              list.dscg_time.startsWith(`${year}-`) &&
              !list.setl_id.startsWith('BAD') &&
              list.setl_id !== 'DUP',
          )
          .map((list) => ({
            setl_id: list.setl_id,
            group_code: '',
            kind: '',
            deviation: '',
            points4: 0n,
            score4: 0n,
          }));
  return rows.map((row): Case => {
    const list: FactList = written.get(String(row.setl_id))!;
    const [admission, discharge] = [
      Temporal.PlainDate.from(list.adm_time),
      Temporal.PlainDate.from(list.dscg_time),
    ];
    return {
      id: list.setl_id,
      institution: list.fixmedins_code,
      level: String(levels.get(list.fixmedins_code)),
      scheme: list.insutype,
      month: discharge.month,
      group: String(row.group_code),
      kind: String(row.kind),
      deviation: String(row.deviation),
      score4: row.score4 as bigint,
      points4: row.points4 as bigint,
      cost: parseYuan(list.medfee_sumamt)!,
      fund: parseYuan(list.fund_pay_sumamt)!,
      days: Math.max(1, admission.until(discharge).total('days')),
      admission,
      discharge,
      person: list.psn_no ?? '',
      end: list.dscg_way ?? '',
      diagnosis: list.diagnoses.split('|')[0]!.trim(),
      procedures: list.procedures,
    };
  });
}

async function evaluateRandom(seed: number, twist: AreaTwist): Promise<void> {
  const area = withFacts(randomArea(seed, twist), seed);
  const folder = writeArea(area, 1 + (seed % 3));
  const engine = await Engine.open();
  try {
    await settleYear(engine, { areaFolder: folder, year: YEAR, keepFacts: true });
    await evaluateYear(engine);
    const cases = await casesOf(engine, area, YEAR);
    const everything = [...cases, ...(await casesOf(engine, area, YEAR - 1))];
    const scopes: [string, (one: Case) => string][] = [
      ['area', () => ''],
      ['scheme', ({ scheme }) => scheme],
      ['level', ({ level }) => level],
      ['institution', ({ institution }) => institution],
      ['group', ({ group }) => group],
    ];
    const found = new Map(
      (
        await engine.rows(
          `SELECT scope, id, month, indicator, value FROM indicator_result WHERE status = 'given'`,
        )
      ).map((row) => [`${row.scope} ${row.id} ${row.month} ${row.indicator}`, row.value as bigint]),
    );
    let compared = 0;
    for (const [scope, idOf] of scopes) {
      for (const [id, own] of Map.groupBy(cases, idOf)) {
        if (scope === 'group' && id === '') continue;
        for (const month of [0, ...new Set(own.map((one) => one.month))]) {
          const expected = recompute(
            month === 0 ? own : own.filter((one) => one.month === month),
            cases,
            everything,
          );
          for (const [indicator, value] of Object.entries(expected)) {
            const key = `${scope} ${id} ${month} ${indicator}`;
            if (scope === 'group' && !found.has(`group ${id} 0 ${indicator}`)) continue;
            assert.equal(found.get(key), value, `${key} of area ${twist} ${seed}`);
            compared += 1;
          }
        }
      }
    }
    assert.ok(compared > 300, String(compared));
    await checkSums(engine);
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What must hold whatever the lists: parts add up, the area is its own mean, shares stay within 0 and 1. */
async function checkSums(engine: Engine): Promise<void> {
  const apart = await engine.rows(`
    SELECT whole.indicator, whole.month, parts.scope, whole.numerator, parts.numerator AS of_parts
    FROM indicator_result AS whole
    JOIN (
      SELECT scope, month, indicator, sum(numerator) AS numerator FROM indicator_result
      WHERE scope IN ('scheme', 'level', 'institution') AND indicator IN ('cases', 'average_cost', 'fund_share', 'average_stay', 'cost_index', 'payment_gap')
      GROUP BY scope, month, indicator
    ) AS parts ON parts.month = whole.month AND parts.indicator = whole.indicator
    WHERE whole.scope = 'area' AND whole.numerator <> parts.numerator`);
  assert.deepEqual(apart, []);
  const { value } = await engine.row(
    `SELECT value FROM indicator_result WHERE scope = 'area' AND month = 0 AND indicator = 'cost_index'`,
  );
  assert.equal(value, 1_000_000n);
  const outside = await engine.rows(`
    SELECT r.* FROM indicator_result AS r JOIN indicator_definition AS d ON d.indicator = r.indicator
    WHERE d.unit = 'share' AND d.family IN ('case-mix', 'stays') AND (r.value < 0 OR r.value > 1000000)`);
  assert.deepEqual(outside, []);
  const missing = await engine.rows(`
    SELECT r.indicator FROM indicator_result AS r JOIN indicator_definition AS d ON d.indicator = r.indicator
    WHERE r.status = 'not-applicable' AND (r.value IS NOT NULL OR d.needs_zh IS NULL OR d.needs_en IS NULL)`);
  assert.deepEqual(missing, [], 'what is not applicable has no value and says what it needs');
}

describe('the indicators of SQL are those recomputed list by list', () => {
  for (const twist of AREA_TWISTS) {
    test(`random areas: ${twist}`, async () => {
      for (let round = 0; round < AREAS_PER_TWIST; round += 1)
        await evaluateRandom(round * 7919 + twist.length, twist);
    });
  }
});

test('neither the order nor the split of the lists matters, and the settlement is the same as without an evaluation', async () => {
  const area = withFacts(randomArea(4711, 'plain'), 4711);
  const shuffled = {
    ...area,
    lists: area.lists.toSorted((a, b) => (a.medfee_sumamt < b.medfee_sumamt ? -1 : 1)),
  };
  const results: unknown[] = [];
  const settled: unknown[] = [];
  for (const [variant, files, keepFacts] of [
    [area, 1, true],
    [shuffled, 4, true],
    [area, 1, false],
  ] as const) {
    const folder = writeArea(variant, files);
    const engine = await Engine.open();
    try {
      await settleYear(engine, { areaFolder: folder, year: YEAR, keepFacts });
      settled.push([
        await engine.rows('SELECT * FROM case_result ORDER BY setl_id'),
        await engine.rows('SELECT * FROM clearing_result'),
      ]);
      if (!keepFacts) continue;
      await evaluateYear(engine);
      results.push([
        await engine.rows('SELECT * FROM indicator_result'),
        await engine.rows('SELECT * FROM peer_result'),
        await engine.rows('SELECT * FROM alert_result'),
        await engine.rows('SELECT * FROM signal_result'),
      ]);
    } finally {
      engine.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  assert.deepEqual(results[1], results[0]);
  assert.deepEqual(settled[1], settled[0]);
  assert.deepEqual(settled[2], settled[0]);
});
