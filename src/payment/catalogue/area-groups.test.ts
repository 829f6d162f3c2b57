import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fraction, scaledText } from '#kernel/fraction.ts';
import { type AreaGroupOptions, areaGroups, type KeyHistory } from './area-groups.ts';

const OPTIONS: AreaGroupOptions = {
  threshold: { cases: 15n },
  relatedIncrease: fraction(1n, 10n),
  comprehensiveCases: 1n,
  weights: new Map([
    [2022, 1n],
    [2023, 2n],
    [2024, 7n],
  ]),
  meanScore: fraction(1000n),
  classOf: (principal) => (principal === undefined ? '1' : '4'),
  primaryCareGroups: new Set(),
};

/** `K35.9+47.0100+54.2100`: so many lists of one mean cost in 2024. */
const history = (key: string, cases: number, meanYuan: number): KeyHistory => {
  const [diagnosis = '', principal, ...related] = key.split('+');
  return {
    diagnosis,
    principal,
    related,
    years: [{ year: 2024, cases: BigInt(cases), costFen: BigInt(cases * meanYuan * 100) }],
  };
};

const codesOf = (histories: readonly KeyHistory[], options: Partial<AreaGroupOptions> = {}) =>
  areaGroups(histories, { ...OPTIONS, ...options })!.groups.map(
    ({ entry, cases }) => `${entry.groupCode} ${cases} ${scaledText(entry.meanFen!, 2)}`,
  );

describe('a catalogue from the history', () => {
  test('a key with fifteen lists is core, one with fourteen goes to the comprehensive group of its category', () => {
    assert.deepEqual(
      codesOf([history('K35.9', 15, 100), history('K35.8', 14, 200), history('K35.1+47.0100', 3, 300)]),
      ['K35-1 14 200.00', 'K35-4 3 300.00', 'K35.9 15 100.00'],
    );
  });

  test('a related operation that raises the mean by exactly ten per cent makes a group, by less joins the smaller one', () => {
    const base = history('I21.0+36.0700', 20, 1000);
    assert.deepEqual(codesOf([base, history('I21.0+36.0700+00.2401', 15, 1100)]), [
      'I21.0+36.0700 20 1000.00',
      'I21.0+36.0700+00.2401 15 1100.00',
    ]);
    assert.deepEqual(codesOf([base, history('I21.0+36.0700+88.5501', 20, 1099)]), [
      'I21.0+36.0700 40 1049.50',
    ]);
  });

  test('a dear set of related operations with too few lists has no say in the mean of the smaller group', () => {
    assert.deepEqual(
      codesOf([history('I21.0+36.0700', 20, 1000), history('I21.0+36.0700+00.2401', 14, 5000)]),
      ['I21.0+36.0700 20 1000.00'],
    );
  });

  test('two principal operations over the same codes are two groups', () => {
    assert.deepEqual(
      codesOf([
        history('K80.1+51.2300', 15, 100),
        history('K80.1+51.2300+51.4100', 15, 200),
        history('K80.1+51.4100', 15, 300),
        history('K80.1+51.4100+51.2300', 15, 400),
      ]),
      [
        'K80.1+51.2300 15 100.00',
        'K80.1+51.2300+51.4100 15 200.00',
        'K80.1+51.4100 15 300.00',
        'K80.1+51.4100+51.2300 15 400.00',
      ],
    );
  });

  test('means are weighted by year, and scores follow the mean of all lists', () => {
    const years = [2022, 2023, 2024].map((year, index) => ({
      year,
      cases: 10n,
      costFen: BigInt(1000 * (index + 1)),
    }));
    const built = areaGroups([{ diagnosis: 'J18.9', principal: undefined, related: [], years }], OPTIONS)!;
    // (1·1 + 2·2 + 7·3) / 10 yuan
    assert.equal(built.groups[0]!.entry.meanFen, 260n);
    assert.equal(built.groups[0]!.entry.score4, 10_000_000n);
  });

  test('by coverage the threshold is the highest that reaches it', () => {
    const histories = [
      history('A01.0', 50, 100),
      history('A02.0', 30, 100),
      history('A03.0', 15, 100),
      history('A04.0', 5, 100),
    ];
    const by = (numerator: bigint) =>
      areaGroups(histories, { ...OPTIONS, threshold: { coverage: fraction(numerator, 100n) } })!;
    assert.equal(by(95n).coreCases, 15n);
    assert.equal(by(96n).coreCases, 5n);
    assert.equal(by(80n).coreCases, 30n);
    assert.deepEqual(by(95n).coverage, fraction(95n, 100n));
  });

  test('comprehensive groups may need a number of lists, and there is no catalogue without lists', () => {
    assert.deepEqual(
      codesOf([history('A01.0', 4, 100), history('B01.0', 5, 100)], { comprehensiveCases: 5n }),
      ['B01-1 5 100.00'],
    );
    assert.equal(areaGroups([], OPTIONS), undefined);
  });

  test('no list is counted twice, and the order of the histories does not matter', () => {
    const key = fc.record({
      diagnosis: fc.constantFrom('K35.9', 'K35.8', 'I21.0'),
      codes: fc.uniqueArray(fc.constantFrom('1', '2', '3', '4'), { maxLength: 3 }),
      cases: fc.integer({ min: 1, max: 40 }),
      mean: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(key, {
          minLength: 1,
          selector: ({ diagnosis, codes }) => [diagnosis, codes[0], ...codes.slice(1).toSorted()].join('+'),
        }),
        (keys) => {
          const histories = keys.map(({ diagnosis, codes, cases, mean }) =>
            history([diagnosis, ...codes.slice(0, 1), ...codes.slice(1).toSorted()].join('+'), cases, mean),
          );
          const built = areaGroups(histories, OPTIONS)!;
          const total = keys.reduce((sum, { cases }) => sum + BigInt(cases), 0n);
          const counted = built.groups.reduce((sum, { cases }) => sum + cases, 0n);
          const spare = built.related.reduce(
            (sum, { verdict, cases }) => (verdict === 'too-few-cases' ? sum + cases : sum),
            0n,
          );
          assert.ok(counted <= total && counted + spare >= total, `${counted} of ${total}, spare ${spare}`);
          assert.deepEqual(areaGroups(histories.toReversed(), OPTIONS), built);
          assert.equal(new Set(built.groups.map(({ entry }) => entry.groupCode)).size, built.groups.length);
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});
