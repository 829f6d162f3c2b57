import type { Engine } from '#engine/duckdb.ts';
import { Grouper, type Program } from '#grouping/drg/index.ts';
import { FACT_FIELDS } from '#grouping/drg/program.ts';

/** Signatures read and written at a time. */
const BATCH = 200_000;

/**
 * Groups every row of `signature` once and makes `signature_drg` (signature_no, mdc, adrg, group_code, kind): the kind is
 * `drg` or `ambiguous`, NULL for an ungrouped case.
 */
export async function groupSignatures(engine: Engine, program: Program): Promise<void> {
  const grouper = new Grouper(program);
  await engine.run(
    'CREATE OR REPLACE TABLE drg_outcome (outcome_no INTEGER, mdc VARCHAR, adrg VARCHAR, group_code VARCHAR, kind VARCHAR)',
  );
  const kindOf = { grouped: 'drg', ambiguous: 'ambiguous', ungrouped: null } as const;
  await engine.append(
    'drg_outcome',
    grouper.outcomes.map(({ mdc, adrg, drg, status }, index) => [index, mdc, adrg, drg, kindOf[status]]),
  );
  await engine.run('CREATE OR REPLACE TABLE signature_outcome (signature_no INTEGER, outcome_no INTEGER)');
  const { count } = await engine.row('SELECT count(*) AS count FROM signature');
  const facts = new Int32Array(FACT_FIELDS.length);
  for (let from = 1; from <= Number(count); from += BATCH) {
    const rows = await engine.rows(
      'SELECT * FROM signature WHERE signature_no BETWEEN ? AND ? ORDER BY signature_no',
      [from, from + BATCH - 1],
    );
    await engine.append(
      'signature_outcome',
      rows.map((row) => {
        for (const [index, field] of FACT_FIELDS.entries()) {
          const value = row[field];
          if (field === 'disposition' || field === 'department') {
            facts[index] = grouper.classOfText(field, String(value ?? ''));
          } else if (field === 'sex') {
            facts[index] = grouper.classOfText('sex', value === 1 || value === 2 ? String(value) : '');
          } else {
            const number = typeof value === 'number' && value >= 0 ? value : Number.NaN;
            facts[index] = grouper.classOfNumber(field, number);
          }
        }
        const outcome = grouper.groupTexts(String(row.diagnoses), String(row.procedures), facts);
        return [row.signature_no as number, outcome];
      }),
    );
  }
  await engine.run(`CREATE OR REPLACE TABLE signature_drg AS
    SELECT s.signature_no, o.mdc, o.adrg, o.group_code, o.kind
    FROM signature_outcome AS s JOIN drg_outcome AS o ON o.outcome_no = s.outcome_no ORDER BY s.signature_no`);
  await engine.run('DROP TABLE signature_outcome');
}
