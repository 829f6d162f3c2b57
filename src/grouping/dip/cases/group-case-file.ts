import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readHead } from '#claims/intake/bytes.ts';
import { openText } from '#claims/intake/text.ts';
import { type Engine, literal } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { systemReason } from '#kernel/system-errors.ts';
import { catalogueErrors } from '../catalogue/errors.ts';
import { placeColumns } from '../catalogue/table-file.ts';
import { words } from '../catalogue/words.ts';
import { answerSignatures, type SignatureCounts, type SignatureOptions } from './group-signatures.ts';

export type CaseFileResult = SignatureCounts & {
  readonly cases: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** rows with a wrong value, in file order, `PROBLEMS_MAX` at the most; they stand in the result as `invalid` */
  readonly invalid: readonly Problem[];
};

const PROBLEMS_MAX = 50;
const HEADER_BYTES_MAX = 64 * 1024;

/**
 * Groups a CSV of cases and writes `case_id,group_code,kind,status,reason[,explanation]` in the order of the input. A row
 * with a wrong value is `invalid`, with the name of the field as its reason; a file that cannot be split into rows and
 * columns is refused whole.
 */
export async function groupCaseFile(
  engine: Engine,
  options: SignatureOptions & { readonly cases: string; readonly out: string },
): Promise<CaseFileResult> {
  await runScript(engine, sourceFile('engine/macros/intake.sql'));
  await openCases(engine, options.cases);
  const counts = await answerSignatures(engine, options);
  for (const table of ['case_group', 'case_answer']) {
    await makeTable(engine, sourceFile(`grouping/dip/cases/${table}.sql`));
  }
  await writeAnswers(engine, options.out, options.explain !== undefined);
  const rows = await engine.rows(
    'SELECT status, count(*) AS cases FROM case_answer GROUP BY status ORDER BY status',
  );
  const statuses = Object.fromEntries(rows.map((row) => [String(row.status), Number(row.cases)]));
  return {
    ...counts,
    cases: Object.values(statuses).reduce((sum, cases) => sum + cases, 0),
    statuses,
    invalid: await wrongValues(engine, options.cases),
  };
}

/** Makes `case_input` and `grouping_input` from the file. */
async function openCases(engine: Engine, path: string): Promise<void> {
  let bytes: number;
  try {
    bytes = statSync(path).size;
    readHead(path, 1);
  } catch (error) {
    const reason = systemReason(error);
    if (!reason) throw error;
    const parameters = { reason: reason.zh, reasonEn: reason.en };
    throw new YibaoError({ definition: catalogueErrors.unreadable, file: path, parameters });
  }
  const file = { fileName: basename(path), path, bytes, key: 'cases', onShare: () => {} };
  const text = await openText(engine, file, { provenUtf8: false });
  const columns = headerPlaces(text.path, path);
  const header = Object.keys(words.cases).map((column) => {
    const place = columns.get(column);
    return `${place === undefined ? "''" : `coalesce(column${place}, '')`} AS ${column}`;
  });
  const names = Array.from({ length: columns.width }, (_, place) => `'column${place}': 'VARCHAR'`);
  const read =
    `read_csv(${literal(text.path)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', ` +
    `columns = {${names.join(', ')}}, strict_mode = true, null_padding = false, nullstr = ''`;
  try {
    await engine.run(
      `CREATE OR REPLACE TABLE case_row AS SELECT * FROM ${read}, ignore_errors = true, store_rejects = true)`,
    );
  } catch (error) {
    const parameters = { reason: '无法分列', reasonEn: 'its columns cannot be told apart' };
    throw new YibaoError({ definition: catalogueErrors.wrongText, file: path, parameters }, { cause: error });
  }
  await refuseRagged(engine, path, columns.width);
  await engine.run(
    `CREATE OR REPLACE VIEW case_source AS SELECT rowid AS case_no, ${header.join(', ')} FROM case_row`,
  );
  for (const table of ['case_input', 'grouping_input']) {
    await makeTable(engine, sourceFile(`grouping/dip/cases/${table}.sql`));
  }
}

/** The places of the columns we read, and the number of all. */
function headerPlaces(path: string, shownAs: string): Map<string, number> & { width: number } {
  const head = readHead(path, HEADER_BYTES_MAX)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const [cells = []] = parse(head, {
    to: 1,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
  }) as string[][];
  const places = placeColumns({ row: 1, cells }, shownAs, words.cases);
  return Object.assign(places, { width: cells.length });
}

async function refuseRagged(engine: Engine, file: string, expected: number): Promise<void> {
  const rows = await engine.rows(
    'SELECT DISTINCT line, error_type, csv_line FROM reject_errors ORDER BY line LIMIT 50',
  );
  if (rows.length === 0) return;
  throw new YibaoError(
    rows.map((row) => ({
      definition: catalogueErrors.otherColumns,
      file,
      row: Number(row.line),
      value: String(row.csv_line),
      parameters: { expected },
    })),
  );
}

async function wrongValues(engine: Engine, file: string): Promise<Problem[]> {
  const rows = await engine.rows(
    `SELECT c.case_no, c.wrong_field, CASE c.wrong_field ${Object.keys(words.cases)
      .map((column) => `WHEN '${column}' THEN s.${column}`)
      .join(' ')} END AS value
     FROM case_input AS c JOIN case_source AS s ON s.case_no = c.case_no
     WHERE c.wrong_field IS NOT NULL ORDER BY c.case_no LIMIT ${PROBLEMS_MAX}`,
  );
  return rows.map((row) => ({
    definition: catalogueErrors.wrongCase,
    file,
    row: Number(row.case_no) + 2,
    field: String(row.wrong_field),
    value: String(row.value),
  }));
}

/** Written beside, then renamed. */
async function writeAnswers(engine: Engine, out: string, withExplanation: boolean): Promise<void> {
  const target = resolve(out);
  const partial = join(dirname(target), `.${basename(target)}.partial`);
  const columns = [
    'case_id',
    'group_code',
    'kind',
    'status',
    'reason',
    ...(withExplanation ? ['explanation'] : []),
  ];
  try {
    mkdirSync(dirname(target), { recursive: true });
    await engine.run(
      `COPY (SELECT ${columns.join(', ')} FROM case_answer ORDER BY case_no) TO ${literal(partial)} (FORMAT csv, HEADER true)`,
    );
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
}
