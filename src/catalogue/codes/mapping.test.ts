import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { YibaoError } from '#kernel/errors.ts';
import {
  checkMapping,
  createMapper,
  type MappingPair,
  mapCode,
  mapText,
  reportMapping,
  splitCodes,
} from './mapping.ts';

type Row = { readonly source: string; readonly target: string; readonly preferred?: boolean };
type Case = {
  readonly name: string;
  readonly given: string;
  readonly expect: string;
  readonly statuses: readonly string[];
};
const { table, cases } = parse(readFileSync(join(import.meta.dirname, 'mapping.cases.yaml'), 'utf8')) as {
  readonly table: readonly Row[];
  readonly cases: readonly Case[];
};

const pairsOf = (rows: readonly Row[]): MappingPair[] =>
  rows.map(({ source, target, preferred = false }) => {
    return { source, target, preferred, sourceName: '', targetName: '', note: '' };
  });
const row = (line: number, source: string, target: string, preferred = '') => ({
  row: line,
  fields: {
    source_code: source,
    target_code: target,
    preferred,
    source_name: '',
    target_name: '',
    note: '',
  },
});
const problemsOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof YibaoError);
    return error.problems.map((each) =>
      [each.definition.code, each.file, each.row, each.field, each.value].join(' '),
    );
  }
  return [];
};

describe('what becomes of a code', () => {
  const mapper = createMapper(pairsOf(table));
  for (const each of cases) {
    test(each.name, () => {
      const result = mapText(mapper, each.given);
      assert.equal(result.text, each.expect);
      assert.deepEqual(
        result.codes.map(({ status }) => status),
        each.statuses,
      );
    });
  }

  test('an ambiguous code is reported with every target, in order', () => {
    assert.deepEqual(mapCode(createMapper(pairsOf(table.toReversed())), 'K35.900').targets.toSorted(), [
      'K35.8',
      'K35.9',
    ]);
  });
});

describe('checking a mapping table', () => {
  test('one-to-many and many-to-one are kept, and reported', () => {
    const { pairs } = checkMapping('m.csv', [
      row(2, 'K35.900', 'K35.9'),
      row(3, 'K35.900', 'K35.8'),
      row(4, 'J18.900', 'J18.9', '1'),
      row(5, 'J18.900', 'J18.8', '0'),
      row(6, 'B01.100', 'B01.9'),
      row(7, 'B01.200', 'B01.9'),
    ]);
    const report = reportMapping(pairs);
    assert.equal(pairs.length, 6);
    assert.deepEqual(report.one_to_many, [
      { code: 'J18.900', others: ['J18.8', 'J18.9'], preferred: 'J18.9' },
      { code: 'K35.900', others: ['K35.8', 'K35.9'], preferred: undefined },
    ]);
    assert.equal(report.ambiguous, 1);
    assert.deepEqual(report.many_to_one, [
      { code: 'B01.9', others: ['B01.100', 'B01.200'], preferred: undefined },
    ]);
  });

  test('codes that the named sets lack, and codes of the source set without a mapping, are reported', () => {
    const { pairs } = checkMapping('m.csv', [row(2, 'A00.000', 'A00.0'), row(3, 'A99.000', 'A99.0')]);
    const set = (...codes: string[]) => codes.map((code) => ({ code, name: code }));
    const report = reportMapping(pairs, { from: set('A00.000', 'B00.000'), to: set('A99.0') });
    assert.deepEqual(report.unknown_sources, ['A99.000']);
    assert.deepEqual(report.unknown_targets, ['A00.0']);
    assert.deepEqual(report.unmapped_codes, ['B00.000']);
  });

  test('the same pair twice counts once, and keeps its mark', () => {
    const { pairs, repeated } = checkMapping('m.csv', [
      row(2, 'A00.000', 'A00.0', '首选'),
      row(3, 'A00.000', 'A00.0'),
    ]);
    assert.equal(repeated, 1);
    assert.deepEqual(
      pairs.map(({ preferred }) => preferred),
      [true],
    );
  });

  test('every problem is named with its line, field and value', () => {
    assert.deepEqual(
      problemsOf(() =>
        checkMapping('m.csv', [
          row(2, '', 'A00.0'),
          row(3, 'A00.000', ''),
          row(4, 'Ａ00.000', 'A00.0'),
          row(5, 'A01.000', 'A01 0'),
          row(6, 'A02.000', 'A02.0', '也许'),
          row(7, 'A03.000', 'A03.0', '1'),
          row(8, 'A03.000', 'A03.1', '是'),
          row(9, '1.0200', '01.0200'),
        ]),
      ),
      [
        'codes.missing-value m.csv 2 source_code ',
        'codes.missing-value m.csv 3 target_code ',
        'codes.malformed-code m.csv 4 source_code Ａ00.000',
        'codes.malformed-code m.csv 5 target_code A01 0',
        'codes.bad-preferred m.csv 6 preferred 也许',
        'codes.two-preferred m.csv 8 preferred A03.1',
        'codes.malformed-code m.csv 9 source_code 1.0200',
      ],
    );
  });
});

test('mapping joined codes is mapping each of them, whatever the table and the text', () => {
  const code = fc.constantFrom('A00.000', 'B01.100', 'K35.900', 'J18.900', 'Z99.900', 'A00.0');
  const pair = fc.record({ source: code, target: code, preferred: fc.boolean() });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), fc.array(code, { maxLength: 8 }), (rows, codes) => {
      // at most one preferred target of each source, no pair twice: what checkMapping lets through
      const seen = new Set<string>();
      const marked = new Set<string>();
      const pairs = rows.flatMap((each) => {
        const key = `${each.source} ${each.target}`;
        if (seen.has(key)) return [];
        seen.add(key);
        const preferred = each.preferred && !marked.has(each.source);
        if (preferred) marked.add(each.source);
        return pairsOf([{ ...each, preferred }]);
      });
      const mapper = createMapper(pairs);
      const joined = mapText(mapper, codes.join('|'));
      assert.equal(joined.text, codes.map((each) => mapCode(mapper, each).code).join('|'));
      assert.deepEqual(
        splitCodes(joined.text),
        codes.map((each) => mapCode(mapper, each).code),
      );
      for (const result of joined.codes) {
        const targets = pairs.filter((each) => each.source === result.original);
        if (targets.length === 0) assert.equal(result.status, 'unknown');
        if (targets.length > 1 && !targets.some(({ preferred }) => preferred)) {
          assert.equal(result.status, 'ambiguous');
        }
        if (result.status === 'ambiguous' || result.status === 'unknown') {
          assert.equal(result.code, result.original);
        } else assert.ok(targets.some(({ target }) => target === result.code));
      }
    }),
  );
});
