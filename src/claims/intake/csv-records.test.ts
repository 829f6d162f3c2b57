import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvFault, CsvRecords } from './csv-records.ts';

function split(text: string, pieceLength: number): { records: [number, ...string[]][]; fault?: CsvFault } {
  const records: [number, ...string[]][] = [];
  const reader = new CsvRecords(',', (fields, line) => records.push([line, ...fields]));
  try {
    for (let at = 0; at < text.length; at += pieceLength) reader.push(text.slice(at, at + pieceLength));
    reader.finish();
    return { records };
  } catch (error) {
    if (error instanceof CsvFault) return { records, fault: error };
    throw error;
  }
}

test('records know the line they start on, across quoted line ends and blank lines', () => {
  const text = 'a,b\r\n\n"x\ny","p""q"\n\n\r\n1,2';
  for (const piece of [1, 2, 3, 7, 1000]) {
    assert.deepEqual(split(text, piece).records, [
      [1, 'a', 'b'],
      [3, 'x\ny', 'p"q'],
      [7, '1', '2'],
    ]);
  }
});

test('a fault names the line on which its record starts', () => {
  for (const [text, kind, line] of [
    ['a,b\n1,"2\n3,4\n', 'unclosed-quote', 2],
    ['a,b\n"x\ny",1\n2"3,4\n', 'bad-quote', 4],
    ['a,b\n"x\ny"z,1\n', 'bad-quote', 2],
  ] as const) {
    const { fault } = split(text, 1000);
    assert.deepEqual([fault?.kind, fault?.line], [kind, line]);
  }
});

test('an open quote over a large file is found without holding the file', () => {
  const reader = new CsvRecords(',', () => {});
  const piece = `${'1,2\n'.repeat(200_000)}`;
  assert.throws(
    () => {
      reader.push('1,"2\n');
      for (let i = 0; i < 10; i++) reader.push(piece);
    },
    (error) => error instanceof CsvFault && error.kind === 'unclosed-quote' && error.line === 1,
  );
});

test('any text is split as csv-parse splits it, however it is cut into pieces', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', ',', '"', '""', '\n', '\r\n', '",', ',"', '"\n', ' ', '中'), {
      maxLength: 40,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (input, piece) => {
      const { records, fault } = split(input, piece);
      let expected: string[][] | undefined;
      try {
        expected = parse(input, {
          relax_column_count: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n'],
        });
      } catch {}
      assert.equal(fault === undefined, expected !== undefined);
      if (expected !== undefined) {
        assert.deepEqual(
          records.map(([, ...fields]) => fields),
          expected,
        );
      }
    }),
    { numRuns: 2_000, seed: 1 },
  );
});
