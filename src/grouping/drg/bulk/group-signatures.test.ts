import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Engine } from '#engine/duckdb.ts';
import { temporaryFolder } from '../../../../test/support/run-cli.ts';
import { testWithSharedData } from '../../../../test/support/shared-data.ts';
import type { DrgCase } from '../case.ts';
import { splitCodes } from '../case-row.ts';
import { compileScheme } from '../compile.ts';
import { NUMBER_FIELDS, TEXT_FIELDS } from '../condition.ts';
import { Grouper } from '../grouper.ts';
import type { Program } from '../program.ts';
import { readScheme } from '../read-scheme.ts';
import { randomCase, randomScheme } from '../scheme.fixtures.ts';
import { writeScheme } from '../testing.ts';
import { groupSignatures } from './group-signatures.ts';

/** Groups the cases through SQL and signatures: the group of each, and how many signatures there were. */
async function throughSignatures(engine: Engine, program: Program, cases: readonly DrgCase[]) {
  await engine.run(`CREATE OR REPLACE TABLE drg_list_source (
    list_no BIGINT, diagnoses VARCHAR, procedures VARCHAR,
    ${NUMBER_FIELDS.map((field) => `${field} DOUBLE`).join(', ')}, ${TEXT_FIELDS.map((field) => `${field} VARCHAR`).join(', ')})`);
  await engine.append(
    'drg_list_source',
    cases.map((each, index) => [
      index,
      each.diagnoses.join('|'),
      each.procedures.join('|'),
      ...NUMBER_FIELDS.map((field) => (Number.isNaN(each.numbers[field]) ? null : each.numbers[field])),
      ...TEXT_FIELDS.map((field) => each.texts[field]),
    ]),
  );
  const { signatures } = await groupSignatures(engine, program);
  const rows = await engine.rows(`SELECT g.status, g.mdc, g.adrg, g.drg
    FROM drg_list_signature AS l JOIN drg_signature_group AS g ON g.signature_no = l.signature_no ORDER BY l.list_no`);
  return { outcomes: rows.map((row) => ({ ...row })), signatures };
}

test('lists grouped by distinct signatures get what each of them gets alone, on random schemes', async (t) => {
  const folder = temporaryFolder(t);
  const engine = await Engine.open();
  t.after(() => engine.close());
  await fc.assert(
    fc.asyncProperty(
      randomScheme,
      fc.array(randomCase, { minLength: 200, maxLength: 200 }),
      async (files, drawn) => {
        const { scheme } = readScheme(writeScheme(folder, files));
        const program = compileScheme(scheme);
        const grouper = new Grouper(program);
        // blanks and empty codes as they are written
        const cases = drawn.map((each, i) =>
          i % 3 === 0 ? { ...each, diagnoses: each.diagnoses.flatMap((code) => [` ${code} `, '']) } : each,
        );
        const { outcomes, signatures } = await throughSignatures(engine, program, cases);
        const alone = cases.map((each) =>
          grouper.groupCase({
            ...each,
            diagnoses: splitCodes(each.diagnoses.join('|')),
            procedures: splitCodes(each.procedures.join('|')),
          }),
        );
        assert.deepEqual(outcomes, alone);
        assert.ok(signatures <= cases.length);
      },
    ),
    { numRuns: 40, seed: 20250102 },
  );
});

testWithSharedData('the same on 3,000 random cases of the codes of CHS-DRG 1.1', async (data) => {
  const { scheme } = readScheme(join(data, 'drg', 'chs-drg-1.1'));
  const program = compileScheme(scheme);
  const grouper = new Grouper(program);
  const code = fc.constantFrom(...program.codes);
  const cases = fc.sample(
    fc.record({
      numbers: fc.record({
        age_years: fc.constantFrom(0, 40),
        age_days: fc.constantFrom(Number.NaN, 3, 28, 29),
        birth_weight_g: fc.constantFrom(Number.NaN, 900, 1500, 2000, 2500),
        length_of_stay: fc.constant(3),
        icu_hours: fc.constant(Number.NaN),
      }),
      texts: fc.record({
        sex: fc.constantFrom('1', '2'),
        disposition: fc.constant('1'),
        department: fc.constant(''),
        inpatient_type: fc.constant(''),
      }),
      diagnoses: fc.array(code, { minLength: 1, maxLength: 4 }),
      procedures: fc.array(code, { maxLength: 3 }),
    }),
    { numRuns: 3_000, seed: 3 },
  );
  const engine = await Engine.open();
  try {
    const { outcomes } = await throughSignatures(engine, program, cases);
    assert.deepEqual(
      outcomes,
      cases.map((each) => grouper.groupCase(each)),
    );
  } finally {
    engine.close();
  }
});
