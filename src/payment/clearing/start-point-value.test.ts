import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Fraction, fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import { geometricMedian } from './geometric-median.ts';
import { type InstitutionHistory, startPointValue } from './start-point-value.ts';

const WEIGHTS = new Map([
  [2022, 1n],
  [2023, 2n],
  [2024, 7n],
]);
/** money in yuan, points whole */
const row = (
  institution: number,
  year: number,
  cost: bigint,
  points: bigint,
  operatingCost?: bigint,
): InstitutionHistory => ({
  institution,
  year,
  costFen: cost * 100n,
  points4: points * 10_000n,
  operatingCostFen: operatingCost === undefined ? undefined : operatingCost * 100n,
});
const value = (history: readonly InstitutionHistory[], zone: Parameters<typeof startPointValue>[2]) => {
  const found = startPointValue(history, WEIGHTS, zone);
  return found && [scaledText(found.value8, 8), found.institutions];
};

describe('the start-of-year point value', () => {
  const history = [
    row(1, 2022, 100n, 10n, 80n),
    row(1, 2024, 90n, 10n, 70n),
    row(2, 2024, 120n, 10n, 100n),
    row(3, 2024, 85n, 10n, 75n),
  ];

  test('of the region is weighted cost over weighted points', () => {
    // (100 + 7 · (90 + 120 + 85)) / (10 + 7 · 30)
    assert.deepEqual(value(history, 'region-mean'), ['9.84090909', [1, 2, 3]]);
  });

  test('of the value zone is that of the institutions below the mean', () => {
    // (100 + 7 · 90 + 7 · 85) / (10 + 70 + 70)
    assert.deepEqual(value(history, 'value-zone'), ['8.83333333', [1, 3]]);
  });

  test('is the mean where all institutions are alike', () => {
    const alike = [row(1, 2024, 90n, 10n), row(2, 2024, 180n, 20n)];
    assert.deepEqual(value(alike, 'value-zone'), ['9.00000000', [1, 2]]);
  });

  test('of the two-dimensional zone is between its institutions, and needs the cost of every year', () => {
    // 1: (100 + 630) / 80 = 9.125 and (80 + 490) / 80 = 7.125; 3: 8.5 and 7.5; the mean of costs is 8.6
    const [found, institutions] = value(history, 'value-zone-2d')!;
    assert.deepEqual(institutions, [1, 3]);
    assert.equal(found, '8.81250000');
    const unknown = history.map((each) =>
      each.institution === 1 && each.year === 2022 ? { ...each, operatingCostFen: undefined } : each,
    );
    assert.deepEqual(value(unknown, 'value-zone-2d'), ['8.50000000', [3]]);
    assert.equal(value([row(1, 2024, 90n, 10n)], 'value-zone-2d'), undefined);
  });

  test('needs points', () => {
    assert.equal(value([row(1, 2024, 90n, 0n)], 'region-mean'), undefined);
    assert.equal(value([row(1, 2019, 90n, 10n)], 'region-mean'), undefined);
  });
});

describe('the geometric median', () => {
  const point = (x: number, y: number) => ({ x: fraction(BigInt(x)), y: fraction(BigInt(y)) });
  const shown = ({ x, y }: { x: Fraction; y: Fraction }) =>
    [x, y].map((each) => scaledText(roundTo(each, 8), 8));

  test('of three points that see each other under 120 degrees or less is where the lines meet at 120', () => {
    // an equilateral triangle has it in the middle; here (0,0), (6,0), (3,5.196…) in whole numbers: a right triangle
    const found = geometricMedian([point(0, 0), point(1, 0), point(0, 1)]);
    // Fermat point of the right triangle with legs 1: x = y = (3 − √3) / 6
    assert.deepEqual(shown(found), ['0.21132487', '0.21132487']);
  });

  test('is the given point that holds the others', () => {
    assert.deepEqual(
      shown(geometricMedian([point(0, 0), point(10, 0), point(-10, 0), point(0, 10), point(0, -10)])),
      ['0.00000000', '0.00000000'],
    );
    assert.deepEqual(shown(geometricMedian([point(3, 4)])), ['3.00000000', '4.00000000']);
    assert.deepEqual(shown(geometricMedian([point(3, 4), point(3, 4), point(100, 100)])), [
      '3.00000000',
      '4.00000000',
    ]);
  });

  test('no neighbour is nearer to all, and the order of the points does not matter', () => {
    const coordinate = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 7 }), (pairs) => {
        const points = pairs.map(([x, y]) => point(x, y));
        const found = geometricMedian(points);
        const [x, y] = [Number(roundTo(found.x, 10)) / 1e10, Number(roundTo(found.y, 10)) / 1e10];
        const sum = (atX: number, atY: number) =>
          pairs.reduce((all, [px, py]) => all + Math.hypot(px - atX, py - atY), 0);
        const STEP = 0.05;
        for (const [dx, dy] of [
          [STEP, 0],
          [-STEP, 0],
          [0, STEP],
          [0, -STEP],
        ] as const) {
          assert.ok(sum(x, y) <= sum(x + dx, y + dy) + 1e-4, `${JSON.stringify(pairs)}: ${x}, ${y}`);
        }
        assert.deepEqual(geometricMedian(points.toReversed()), found);
      }),
      { numRuns: 60 },
    );
  });
});
