import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMapper, type MappingTable, mapText } from '#catalogue/codes/index.ts';
import { Engine } from '#engine/duckdb.ts';
import { mapListCodes } from './map-codes.ts';

const CODES = ['A00.000', 'B01.100', 'K35.900', 'J18.900', 'Z99.900', 'A00.0', 'A17.000+G01*', '47.0100'];
const code = fc.constantFrom(...CODES);
const text = fc
  .array(
    fc.oneof(
      code,
      code,
      code,
      fc.constantFrom('', ' ', ' A00.000 ', '\u3000K35.900', '\tA00.000', '\u00a0', '未知'),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((codes) => codes.join('|'));
const list = fc.record({
  diagnosis: code,
  diagnoses: fc.option(text),
  procedures: text,
  year: fc.constantFrom(2019, 2023, 2025),
  refusal: fc.constantFrom(0, 0, 0, 16),
});

/** Random pairs, none twice, at most one preferred target of each source: what a checked table holds. */
const table = fc
  .array(fc.record({ source: code, target: code, preferred: fc.boolean() }), { maxLength: 14 })
  .map((rows): MappingTable => {
    const seen = new Set<string>();
    const marked = new Set<string>();
    const pairs = rows.flatMap(({ source, target, preferred }) => {
      if (seen.has(`${source} ${target}`)) return [];
      seen.add(`${source} ${target}`);
      const marks = preferred && !marked.has(source);
      if (marks) marked.add(source);
      return [{ source, target, preferred: marks, sourceName: '', targetName: '', note: '' }];
    });
    return { name: 't', pairs, content_sha256: 'x' };
  });

test('the lists of a run are mapped as the one-code rule maps them, and what was written is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(list, { minLength: 1, maxLength: 25 }),
      fc.option(table, { nil: undefined }),
      fc.option(table, { nil: undefined }),
      async (lists, diagnoses, procedures) => {
        const engine = await Engine.open();
        try {
          await engine.run(`
            CREATE TABLE settlement_year (payment_year INTEGER, first_year INTEGER);
            INSERT INTO settlement_year VALUES (2025, 2022);
            CREATE TABLE list (setl_id VARCHAR, year INTEGER, refusal_bits INTEGER, diagnosis VARCHAR, diagnoses VARCHAR,
              procedures VARCHAR)`);
          await engine.append(
            'list',
            lists.map((each, index) => [
              ...[index, each.year, each.refusal, each.diagnosis, each.diagnoses, each.procedures],
            ]),
          );
          await mapListCodes(engine, {
            ...(diagnoses === undefined ? {} : { diagnoses }),
            ...(procedures === undefined ? {} : { procedures }),
          });
          const mapped = (side: MappingTable | undefined, written: string | null) =>
            side === undefined || written === null
              ? written
              : mapText(createMapper(side.pairs), written).text;
          const rows = await engine.rows('SELECT * FROM list ORDER BY CAST(setl_id AS INTEGER)');
          const kept = new Map(
            (await engine.rows('SELECT * FROM written_code')).map((row) => [Number(row.setl_id), row]),
          );
          for (const [index, each] of lists.entries()) {
            const row = rows[index]!;
            if (each.refusal !== 0 || each.year < 2022) continue;
            const expected = {
              diagnosis: mapped(diagnoses, each.diagnosis),
              diagnoses: mapped(diagnoses, each.diagnoses),
              procedures: mapped(procedures, each.procedures),
            };
            assert.deepEqual({ ...expected, ...row }, row);
            const changed =
              expected.diagnosis !== each.diagnosis ||
              expected.diagnoses !== each.diagnoses ||
              expected.procedures !== each.procedures;
            assert.equal(kept.has(index), changed && each.year === 2025);
            const { diagnosis: d, diagnoses: all, procedures: p } = kept.get(index) ?? {};
            if (kept.has(index)) {
              assert.deepEqual([d, all, p], [each.diagnosis, each.diagnoses, each.procedures]);
            }
          }
          const result = await engine.rows('SELECT * FROM code_mapping_result');
          const counted = lists.filter((each) => each.refusal === 0 && each.year >= 2022);
          const allKept = counted.some((each) => each.diagnoses !== null);
          for (const [side, of, texts] of [
            [
              'diagnoses',
              diagnoses,
              counted.map((each) => (allKept ? (each.diagnoses ?? '') : each.diagnosis)),
            ],
            ['procedures', procedures, counted.map((each) => each.procedures)],
          ] as const) {
            const expected =
              of === undefined
                ? []
                : texts.flatMap((written) => mapText(createMapper(of.pairs), written).codes);
            const found = result.filter((row) => row.side === side);
            assert.equal(
              found.reduce((sum, row) => sum + Number(row.occurrences), 0),
              expected.length,
            );
            for (const row of found) {
              const one = expected.find((each) => each.original === row.code)!;
              assert.deepEqual(
                [row.status, row.mapped_code, row.targets],
                [one.status, one.code, one.targets.join('|')],
              );
            }
          }
        } finally {
          engine.close();
        }
      },
    ),
    { numRuns: 25 },
  );
});
