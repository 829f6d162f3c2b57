import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript } from '#engine/sql-file.ts';
import { compare, divide, fraction, multiply, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { appendRules } from '../build-catalogue.ts';
import { cliffsOf } from './cliff-cases.ts';
import {
  groupedRule,
  type PointsPolicy,
  type PointsRule,
  scoreGroupedCase,
  scoreUngroupedCase,
  ungroupedRule,
} from './score-case.ts';
import { diseaseScore4, levelCoefficient4, weightedMean, type YearCost } from './weighted-mean.ts';

const folder = import.meta.dirname;
const POLICY: PointsPolicy = {
  lowRatio: fraction(1n, 2n),
  highRatio: fraction(2n),
  lowBoundary: 'below',
  highBoundary: 'above',
  ratioBase: 'mean-and-coefficient',
  lowPoints: 'with-coefficient',
  highPoints: 'coefficient-times-excess',
  extremeRatio: undefined,
  extremePoints: 'normal',
  typeInBase: false,
  ungroupedRatio: fraction(7n, 10n),
};
/** The variants of cities that a case can name. */
const VARIANTS: Readonly<Record<string, Partial<PointsPolicy>>> = {
  hubei: {
    lowBoundary: 'at-or-below',
    highBoundary: 'at-or-above',
    ratioBase: 'mean',
    highPoints: 'coefficient-times-excess',
  },
  jining: {
    lowBoundary: 'at-or-below',
    ratioBase: 'mean',
    lowPoints: 'without-coefficient',
    highPoints: 'excess-plus-coefficient',
    extremeRatio: fraction(5n),
  },
  zhejiang: {
    lowRatio: fraction(2n, 5n),
    highRatio: fraction(3n),
    ratioBase: 'mean',
    highPoints: 'excess-plus-coefficient',
  },
  'draft-3.0': { highPoints: 'normal' },
};
const read = <T>(name: string): T => parse(readFileSync(join(folder, name), 'utf8')) as T;
const yuan = (text: string) => multiply(parseDecimal(text)!, fraction(100n));

type ScoreCase = {
  readonly name: string;
  readonly given: {
    readonly cost: string;
    readonly mean: string;
    readonly score?: string;
    readonly coefficient?: string;
    readonly variant?: string;
  };
  readonly expect: { readonly deviation: string; readonly points: string };
};
const cases = read<readonly ScoreCase[]>('score-case.cases.yaml');

/** A case as both the function and the table rule see it. */
function prepare({ given }: ScoreCase) {
  const mean = yuan(given.mean);
  const cost = parseYuan(given.cost)!;
  const policy = { ...POLICY, ...VARIANTS[given.variant ?? ''] };
  if (given.score === undefined) {
    const standard = { meanFen: mean, score: fraction(1000n) };
    return {
      cost,
      grouped: false,
      score: scoreUngroupedCase(cost, standard, policy),
      rule: ungroupedRule(standard, policy),
    };
  }
  const group = { meanFen: mean, score4: roundTo(parseDecimal(given.score)!, 4) };
  const coefficient4 = roundTo(parseDecimal(given.coefficient!)!, 4);
  return {
    cost,
    grouped: true,
    score: scoreGroupedCase(cost, group, coefficient4, policy),
    rule: groupedRule(group, coefficient4, policy),
  };
}

/** Runs scored_list.sql over lists that each have a rule of their own; gives deviation and points by position. */
async function scoreInSql(
  engine: Engine,
  lists: readonly { readonly cost: bigint; readonly grouped: boolean; readonly rule: PointsRule }[],
) {
  await runScript(engine, join(folder, '..', '..', 'engine', 'macros', 'exact.sql'));
  await runScript(engine, join(folder, '..', '..', 'catalogue', 'area_tables.sql'));
  await engine.run(`
    CREATE OR REPLACE TABLE accepted_list (
      setl_id VARCHAR, institution_no INTEGER, class_no SMALLINT, scheme SMALLINT, year SMALLINT,
      month TINYINT, cost_fen BIGINT, fund_fen BIGINT, signature_no INTEGER, list_no BIGINT);
    CREATE OR REPLACE TABLE signature_group (signature_no INTEGER, group_no INTEGER)`);
  // an ungrouped list has group 0; so that each can have its own mean, the level tells the ungrouped apart
  const groupOf = (index: number) => (lists[index]!.grouped ? index + 1 : 0);
  const levelOf = (index: number) => (lists[index]!.grouped ? 1 : index + 2);
  await engine.append(
    'accepted_list',
    lists.map(({ cost }, index) => [
      String(index).padStart(6, '0'),
      0,
      levelOf(index),
      310,
      2025,
      1,
      cost,
      0,
      index,
      null,
    ]),
  );
  await engine.append(
    'signature_group',
    lists.map((_, index) => [index, groupOf(index)]),
  );
  await appendRules(
    engine,
    lists.map(({ rule }, index) => ({
      ...rule,
      groupNo: groupOf(index),
      classNo: levelOf(index),
      typeNo: 0,
      coefficient4: 0n,
      score4: 0n,
    })),
  );
  await makeTable(engine, join(folder, 'scored_list.sql'));
  return engine.rows('SELECT deviation, points4 FROM scored_list ORDER BY setl_id');
}

describe('points of one case in TypeScript', () => {
  for (const one of cases) {
    test(one.name, () => {
      const { score } = prepare(one);
      assert.equal(score.kind === 'grouped' ? score.deviation : 'ungrouped', one.expect.deviation);
      assert.equal(scaledText(score.points4, 4), one.expect.points);
    });
  }
});

describe('points of a table in SQL', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.open();
  });
  after(() => engine.close());

  test('the same cases give the same points', async () => {
    const rows = await scoreInSql(engine, cases.map(prepare));
    for (const [index, { name, expect }] of cases.entries()) {
      assert.deepEqual(
        { deviation: rows[index]!.deviation, points: scaledText(rows[index]!.points4 as bigint, 4) },
        expect,
        name,
      );
    }
  });

  test('random cases give what the one-case rule gives, from one fen to ten billion yuan', async () => {
    const random = fc.record({
      // the mean is a fraction with a long denominator, as three years of thousands of cases make it
      meanFen: fc
        .tuple(fc.bigInt(1n, 10n ** 10n), fc.oneof(fc.bigInt(1n, 10n ** 10n), fc.bigInt(1n, 10n ** 14n)))
        .map(([fen, denominator]) => fraction(fen * denominator + 1n, denominator)),
      score4: fc.bigInt(0n, 10n ** 9n),
      coefficient4: fc.bigInt(0n, 50_000n),
      lowRatio4: fc.bigInt(0n, 10_000n),
      highRatio4: fc.bigInt(10_000n, 60_000n),
      cost: fc.oneof(fc.bigInt(1n, 10n ** 6n), fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 10n ** 12n)),
      typeCoefficient4: fc.option(fc.bigInt(1n, 40_000n), { nil: undefined }),
      byCost: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
      zeroMean: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
      nearThreshold: fc.constantFrom('no', 'low', 'low-inside', 'high', 'high-inside', 'extreme'),
      variant: fc.record({
        lowBoundary: fc.constantFrom('below', 'at-or-below'),
        highBoundary: fc.constantFrom('above', 'at-or-above'),
        ratioBase: fc.constantFrom('mean-and-coefficient', 'mean'),
        lowPoints: fc.constantFrom('with-coefficient', 'without-coefficient'),
        highPoints: fc.constantFrom(
          'coefficient-times-excess',
          'excess-plus-coefficient',
          'excess-without-coefficient',
          'normal',
        ),
        extremePoints: fc.constantFrom('normal', 'review'),
        typeInBase: fc.boolean(),
        extremeRatio: fc.option(fc.constantFrom(fraction(6n), fraction(15n, 2n)), { nil: undefined }),
      }),
    });
    const lists = fc.sample(random, { numRuns: 3_000, seed: 20_251 }).map((drawn) => {
      const policy = {
        ...POLICY,
        ...drawn.variant,
        lowRatio: fraction(drawn.lowRatio4, 10_000n),
        highRatio: fraction(drawn.highRatio4, 10_000n),
      };
      // the score belongs to the mean as in a real area: otherwise points would leave BIGINT
      const group = {
        meanFen: drawn.zeroMean ? fraction(0n) : drawn.meanFen,
        score4: drawn.score4,
        // with a type, a divisor has four digits more, and the longest ones leave no room for them
        typeCoefficient4: drawn.meanFen.denominator <= 10n ** 10n ? drawn.typeCoefficient4 : undefined,
        pointsPerFen: drawn.byCost ? fraction(drawn.score4 + 1n, 10n ** 9n) : undefined,
      };
      const rule = groupedRule(group, drawn.coefficient4, policy);
      const edge = {
        no: drawn.cost,
        low: rule.lowBelowFen,
        'low-inside': rule.lowBelowFen - 1n,
        high: rule.highAboveFen,
        'high-inside': rule.highAboveFen + 1n,
        extreme: rule.extremeAboveFen + 1n,
      }[drawn.nearThreshold];
      // a group without a limit has it beyond every cost
      const cost = edge > 10n ** 15n ? drawn.cost : edge > 0n ? edge : 1n;
      return { cost, grouped: true, rule, score: scoreGroupedCase(cost, group, drawn.coefficient4, policy) };
    });
    const usable = lists.filter(({ score }) => score.points4 < 2n ** 62n);
    const rows = await scoreInSql(engine, usable);
    assert.ok(usable.length > 2_500);
    for (const [index, { score, cost, rule }] of usable.entries()) {
      assert.deepEqual(
        { deviation: rows[index]!.deviation, points4: rows[index]!.points4 },
        { deviation: score.deviation, points4: score.points4 },
        `cost ${cost}, rule ${JSON.stringify(rule, (_, value) => String(value))}`,
      );
    }
  });
});

test('points never fall when the cost rises, but for the two cliffs of the rule', () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 10n ** 8n),
      fc.bigInt(1n, 10n ** 8n),
      fc.bigInt(1n, 10n ** 7n),
      fc.bigInt(1n, 30_000n),
      (costA, costB, mean, coefficient4) => {
        const [less, more] = costA < costB ? [costA, costB] : [costB, costA];
        const group = { meanFen: fraction(mean), score4: 10_000_000n };
        const a = scoreGroupedCase(less, group, coefficient4, POLICY);
        const b = scoreGroupedCase(more, group, coefficient4, POLICY);
        // 低 → 正常 jumps up at 0.5; nothing ever jumps down in this profile
        assert.ok(compare(b.exact, a.exact) >= 0);
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});

test('a cliff is told at each limit where one fen more moves the points by a jump, and nowhere else', () => {
  const group = { meanFen: fraction(1_000_000n), score4: 10_000_000n };
  const width = fraction(1n, 20n);
  const kinds = (policy: typeof POLICY) => cliffsOf(group, 5_000n, policy, width).map(({ kind }) => kind);
  assert.deepEqual(kinds(POLICY), ['low']);
  const jumping = { ...POLICY, highPoints: 'excess-without-coefficient' as const };
  assert.deepEqual(kinds(jumping), ['low', 'high']);
  const high = cliffsOf(group, 5_000n, jumping, width).find(({ kind }) => kind === 'high')!;
  // just above twice the standard of 5,000 yuan the coefficient of 0.5 no longer counts
  assert.deepEqual([high.fromFen, high.before4, high.after4], [1_000_001n, 5_000_000n, 10_000_020n]);
});

type MeanCase = {
  readonly name: string;
  readonly given: {
    readonly years?: Readonly<Record<string, string>>;
    readonly area_mean?: string;
    /** cases and mean cost of each group of one year */
    readonly groups?: readonly (readonly [number, string])[];
  };
  readonly expect: {
    readonly mean: string;
    readonly score?: string;
    readonly coefficient?: string;
    readonly scores?: readonly string[];
  };
};

const sumOf = (groups: readonly YearCost[]): YearCost => ({
  year: groups[0]!.year,
  cases: groups.reduce((sum, { cases }) => sum + cases, 0n),
  costFen: groups.reduce((sum, { costFen }) => sum + costFen, 0n),
});

describe('scores and coefficients from yearly means', () => {
  const weights = new Map([
    [2022, 1n],
    [2023, 2n],
    [2024, 7n],
  ]);
  for (const { name, given, expect } of read<readonly MeanCase[]>('weighted-mean.cases.yaml')) {
    test(name, () => {
      const groups = (given.groups ?? []).map(([cases, mean]) => ({
        year: 2024,
        cases: BigInt(cases),
        costFen: BigInt(cases) * parseYuan(mean)!,
      }));
      const years = Object.entries(given.years ?? {}).map(([year, mean]) => ({
        year: Number(year),
        cases: 1n,
        costFen: parseYuan(mean)!,
      }));
      const all = groups.length === 0 ? years : [sumOf(groups)];
      const mean = weightedMean(all, weights)!;
      const scores = groups.map((group) =>
        diseaseScore4(weightedMean([group], weights)!, mean, fraction(1000n)),
      );
      if (expect.scores)
        assert.deepEqual(
          scores.map((score4) => scaledText(score4, 4)),
          expect.scores,
        );
      assert.equal(scaledText(roundTo(divide(mean, fraction(100n)), 2), 2), expect.mean);
      if (!given.area_mean) return;
      const area = yuan(given.area_mean);
      if (expect.score) assert.equal(scaledText(diseaseScore4(mean, area, fraction(1000n)), 4), expect.score);
      if (expect.coefficient) assert.equal(scaledText(levelCoefficient4(mean, area), 4), expect.coefficient);
    });
  }
});
