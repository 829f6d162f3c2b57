import type { Engine, Row } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { byText } from '#kernel/text-order.ts';
import { bareDiagnosis, matchesDiagnosis } from '../catalogue/diagnosis-pattern.ts';
import { CatalogueIndex, CONDITION_FIELDS, type GroupCatalogue } from '../catalogue/group-catalogue.ts';
import { type Grouping, groupCase, inputsRead } from '../group-case.ts';
import type { DipCase } from '../steps/dip-case.ts';
import type { GroupingProfile } from '../steps/grouping-state.ts';

const FOLDER = 'grouping/dip/cases';

export type SignatureOptions = {
  readonly catalogue: GroupCatalogue;
  readonly profile: GroupingProfile;
  /** text of the column `explanation`; absent: empty */
  readonly explain?: (grouping: Grouping) => string;
  readonly onShare?: (share: number) => void;
};

export type SignatureCounts = {
  readonly signatures: number;
  /** operation codes that do not count because no list has them, in text order */
  readonly unknownOperations: readonly string[];
};

/**
 * Groups every case of the view `grouping_input`: the one-case rule runs once for each distinct input and leaves its answers
 * in `signature_answer`; SQL joins them back by `grouping_key` and `grouping_signature`.
 * `grouping_input`: case_no, diagnosis, diagnoses, procedures (text, not NULL), sex (text), age_years, age_days,
 * birth_weight_g, length_of_stay (integers), day_surgery (boolean), cost_fen (bigint).
 */
export async function answerSignatures(engine: Engine, options: SignatureOptions): Promise<SignatureCounts> {
  const { catalogue, profile, explain, onShare } = options;
  await runScript(engine, sourceFile(`${FOLDER}/grouping_tables.sql`));
  const reads = inputsRead(catalogue, profile);
  await engine.append(
    'grouping_read',
    reads.map((input) => [input]),
  );
  if (reads.includes('other_diagnoses')) await loadRelevantDiagnoses(engine, catalogue);
  for (const field of CONDITION_FIELDS.filter((each) => reads.includes(each))) {
    await loadBuckets(engine, catalogue, field);
  }
  for (const table of ['other_diagnosis_key', 'grouping_key', 'grouping_signature']) {
    await makeTable(engine, sourceFile(`${FOLDER}/${table}.sql`));
  }
  const index = new CatalogueIndex(catalogue);
  const rows = await engine.rows('SELECT * FROM grouping_signature ORDER BY signature_no');
  const unknown = new Set<string>();
  function* answers(): Generator<(string | number | null)[]> {
    for (const [place, row] of rows.entries()) {
      if (place % 4096 === 0) onShare?.(place / rows.length);
      const grouping = groupCase(caseOfSignature(row), index, profile);
      for (const { code, why } of grouping.ignored) if (why === 'unknown') unknown.add(code);
      yield [
        Number(row.signature_no),
        grouping.groupCode ?? null,
        grouping.kind,
        grouping.status,
        grouping.reason ?? null,
        explain?.(grouping) ?? null,
      ];
    }
  }
  await engine.append('signature_answer', answers());
  return { signatures: rows.length, unknownOperations: [...unknown].toSorted(byText) };
}

/** Of the codes that stand after the first, those that some group asks for. */
async function loadRelevantDiagnoses(engine: Engine, catalogue: GroupCatalogue): Promise<void> {
  const patterns = catalogue.entries.flatMap((entry) => entry.otherDiagnoses);
  const rows = await engine.rows(
    `SELECT DISTINCT trim(code) AS code FROM (
       SELECT unnest(string_split(diagnoses, '|')) AS code
       FROM (SELECT DISTINCT diagnoses FROM grouping_input WHERE strpos(diagnoses, '|') > 0)
     ) WHERE trim(code) <> '' ORDER BY code`,
  );
  const relevant = rows
    .map((row) => String(row.code))
    .filter((code) => patterns.some((pattern) => matchesDiagnosis(pattern, bareDiagnosis(code))));
  await engine.append(
    'relevant_diagnosis',
    relevant.map((code) => [code]),
  );
}

/** Numbers between the same bounds of the catalogue's conditions satisfy the same of them. */
async function loadBuckets(
  engine: Engine,
  catalogue: GroupCatalogue,
  field: (typeof CONDITION_FIELDS)[number],
): Promise<void> {
  const bounds = new Set([0]);
  for (const { numbers } of catalogue.entries) {
    const range = numbers[field];
    if (!range) continue;
    bounds.add(range.least);
    if (range.most !== Number.POSITIVE_INFINITY) bounds.add(range.most + 1);
  }
  const ascending = [...bounds].toSorted((a, b) => a - b);
  const rows = await engine.rows(
    `SELECT DISTINCT ${field} AS value FROM grouping_input WHERE ${field} IS NOT NULL ORDER BY value`,
  );
  await engine.append(
    'number_bucket',
    rows.map((row) => {
      const value = Number(row.value);
      return [field, value, ascending.findLast((bound) => bound <= value) ?? value];
    }),
  );
}

const codes = (text: unknown): string[] =>
  String(text)
    .split('|')
    .map((code) => code.trim())
    .filter((code) => code !== '');

/** A row of `grouping_signature` as a case. */
export function caseOfSignature(row: Row): DipCase {
  const number = (field: string) => (row[field] === '' ? undefined : Number(row[field]));
  return {
    principalDiagnosis: String(row.diagnosis),
    otherDiagnoses: codes(row.other_diagnoses),
    procedures: codes(row.procedures),
    sex: row.sex === '' ? undefined : String(row.sex),
    age_years: number('age_years'),
    age_days: number('age_days'),
    birth_weight_g: number('birth_weight_g'),
    length_of_stay: number('length_of_stay'),
    isDaySurgery: row.day_surgery === 'true',
    costFen: row.cost_fen === '' ? undefined : BigInt(String(row.cost_fen)),
  };
}
