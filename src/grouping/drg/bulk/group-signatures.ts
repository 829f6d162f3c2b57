import type { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { Grouper } from '../grouper.ts';
import { FACT_COUNT, type Program } from '../program.ts';
import { codeClasses } from './code-classes.ts';
import { factMacro, readFactNo } from './fact-macro.ts';

const FOLDER = 'grouping/drg/bulk';
/** Signatures fetched and grouped at a time. */
const BATCH = 100_000;

export type SignatureCounts = {
  readonly otherDiagnoses: number;
  readonly procedures: number;
  readonly signatures: number;
};

/**
 * Groups many lists: what the scheme does not tell apart is made equal in SQL, and the compiled scheme runs once per
 * distinct signature. docs/domain/drg.md#bulk.
 *
 * Reads the table or view `drg_list_source`: list_no, diagnoses and procedures (codes joined by `|`, not NULL; the
 * principal diagnosis stands first, a list without one does not belong here), sex, disposition, department,
 * inpatient_type (text or NULL), age_years, age_days, birth_weight_g, length_of_stay, icu_hours (numbers or NULL).
 *
 * Makes `drg_list_signature` (list_no, signature_no) and `drg_signature_group` (signature_no, mdc, adrg, drg, status),
 * beside the tables on the way to them. Equal sources give equal numbers.
 */
export async function groupSignatures(
  engine: Engine,
  program: Program,
  onProgress: (share: number) => void = () => {},
): Promise<SignatureCounts> {
  const table = (name: string) => makeTable(engine, sourceFile(`${FOLDER}/${name}.sql`));
  await runScript(engine, sourceFile(`${FOLDER}/drg_tables.sql`));
  await engine.run(factMacro(program));
  await engine.append('drg_code', codeRows(program));
  await engine.append(
    'drg_outcome',
    program.outcomes.map(({ mdc, adrg, drg, status }, number) => [number, mdc, adrg, drg, status]),
  );
  const steps = [
    'drg_other_diagnoses_read',
    'drg_other_diagnoses_class',
    'drg_other_diagnoses',
    'drg_procedures_read',
    'drg_procedures_class',
    'drg_procedures',
    'drg_list_key',
    'drg_signature',
  ];
  for (const [index, name] of steps.entries()) {
    await table(name);
    onProgress(((index + 1) / steps.length) * 0.7);
  }
  const counts = await groupEverySignature(engine, program, (share) => onProgress(0.7 + share * 0.2));
  await table('drg_signature_group');
  await table('drg_list_signature');
  for (const name of [
    'drg_list_key',
    'drg_other_diagnoses_read',
    'drg_procedures_read',
    'drg_signature_outcome',
  ]) {
    await engine.run(`DROP TABLE ${name}`);
  }
  onProgress(1);
  return counts;
}

function* codeRows(program: Program): Generator<(string | number)[]> {
  const { principalDiagnosis, otherDiagnosis, principalProcedure, otherProcedure } = codeClasses(program);
  for (const [index, code] of program.codes.entries()) {
    const number = index + 1;
    const places = [principalDiagnosis, otherDiagnosis, principalProcedure, otherProcedure];
    yield [code, ...places.map((place) => place[number]!)];
  }
}

async function groupEverySignature(
  engine: Engine,
  program: Program,
  onProgress: (share: number) => void,
): Promise<SignatureCounts> {
  const otherDiagnoses = await readClasses(engine, 'other_diagnoses');
  const procedures = await readClasses(engine, 'procedures');
  const { signatures } = await engine.row('SELECT count(*) AS signatures FROM drg_signature');
  const total = Number(signatures);
  const grouper = new Grouper(program);
  const facts = new Int32Array(FACT_COUNT);
  for (let done = 0; done < total; done += BATCH) {
    const rows = await engine.rows(
      'SELECT * FROM drg_signature WHERE signature_no > ? AND signature_no <= ? ORDER BY signature_no',
      [done, done + BATCH],
    );
    await engine.append(
      'drg_signature_outcome',
      rows.map((row): [number, number] => {
        const diagnosis = otherDiagnoses[Number(row.other_diagnoses_no)]!;
        diagnosis[0] = Number(row.principal_diagnosis);
        const procedure = procedures[Number(row.procedures_no)]!;
        // no procedure and one that is not looked at are the same to a scheme
        readFactNo(program, Number(row.fact_no), facts);
        const outcome = grouper.groupNumbers(diagnosis, diagnosis.length, procedure, procedure.length, facts);
        return [Number(row.signature_no), outcome];
      }),
    );
    onProgress(Math.min(1, (done + BATCH) / total));
  }
  return { otherDiagnoses: otherDiagnoses.length - 1, procedures: procedures.length - 1, signatures: total };
}

/** By number: code numbers, in place 0 the principal one (0 for other diagnoses). Number 0 is not used. */
async function readClasses(engine: Engine, kind: 'other_diagnoses' | 'procedures'): Promise<Int32Array[]> {
  const classes: Int32Array[] = [new Int32Array(0)];
  const rows = await engine.rows(`SELECT * FROM drg_${kind}_class ORDER BY ${kind}_no`);
  for (const { principal, others } of rows) {
    const rest = others === '' ? [] : String(others).split(',').map(Number);
    classes.push(Int32Array.of(Number(principal ?? 0), ...rest));
  }
  return classes;
}
