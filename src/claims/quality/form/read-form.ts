import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import { LIST_COLUMNS } from '../../intake/columns.ts';
import { INTAKE_ERRORS } from '../../intake/errors.ts';
import type { ListFile } from '../../intake/file.ts';
import { type ListSource, openSettlementLists } from '../../intake/index.ts';
import { fileLiteral } from '../../intake/normalised.ts';
import { qualityErrors } from '../errors.ts';
import {
  fieldOf,
  fieldsOf,
  fieldsOfForm,
  fieldType,
  ITEM_NODES,
  NODES,
  parsedColumn,
  parsedExpression,
} from '../fields.ts';
import { openNodeCsv } from './node-csv.ts';
import { CODE_COLUMNS, openNodeJson } from './node-json.ts';
import { openNodeParquet } from './node-parquet.ts';
import type { FormFile, NodeSource, RefusedRecord } from './source.ts';

export type Form = {
  /** by file_no */
  readonly files: readonly FormFile[];
  readonly sources: readonly NodeSource[];
  readonly refused: readonly RefusedRecord[];
  readonly skipped: readonly Problem[];
  readonly lists: number;
  /** Whether `settled_list` holds what was settled, read apart from the lists that are checked. */
  readonly hasSettled: boolean;
};

export const NATIONAL_FOLDER = 'national_form';
const LIST_FOLDER = 'settlement_lists';
const ORPHANS_SHOWN_MAX = 20;

type Options = { readonly skipBadFiles: boolean; readonly progress: Progress };

/**
 * Reads the lists of an area folder node by node: `national_form/` when there is one (one CSV or Parquet file per node, or
 * JSON messages), with `settlement_lists/` beside it as the record of what was settled; otherwise `settlement_lists/`,
 * where JSON messages bring their nodes and any other file is a fifteen-column list, the least form.
 *
 * Makes the view `setlinfo` (list_no, file_no, row_no, every field as text, the parsed values beside it), a table for each
 * other node (list_no, file_no, row_no, the same), and `settled_list`. The originals must stay in place meanwhile.
 * @throws YibaoError with all problems of all files
 */
export async function readForm(engine: Engine, areaFolder: string, options: Options): Promise<Form> {
  const nationalFolder = join(areaFolder, NATIONAL_FOLDER);
  const national = existsSync(nationalFolder);
  const opened = national
    ? await openNational(engine, nationalFolder, options)
    : await openReduced(engine, join(areaFolder, LIST_FOLDER), options);
  const problems = [...opened.problems];
  if (!opened.sources.some(({ node }) => node === 'setlinfo')) {
    problems.push({ definition: qualityErrors.noSetlinfo, file: national ? NATIONAL_FOLDER : LIST_FOLDER });
    throw new YibaoError(problems);
  }
  if (problems.length > 0 && !options.skipBadFiles) throw new YibaoError(problems);
  const { lists, orphans } = await defineNodes(engine, opened.sources, opened.files);
  if (orphans.length > 0 && !options.skipBadFiles) throw new YibaoError(orphans);
  const settledFolder = join(areaFolder, LIST_FOLDER);
  const hasSettled = national && existsSync(settledFolder);
  await defineSettled(engine, hasSettled ? settledFolder : undefined, options);
  return {
    files: opened.files,
    sources: opened.sources,
    refused: opened.refused,
    skipped: [...problems, ...orphans],
    lists,
    hasSettled,
  };
}

type Opened = {
  readonly files: FormFile[];
  readonly sources: NodeSource[];
  readonly refused: RefusedRecord[];
  readonly problems: Problem[];
};

/** @param only of tables, those of this node; the other files of the folder are left alone */
async function openNational(
  engine: Engine,
  folder: string,
  options: Options,
  only?: string,
): Promise<Opened> {
  const result: Opened = { files: [], sources: [], refused: [], problems: [] };
  const names = readdirSync(folder)
    .filter(
      (name) => !name.startsWith('.') && !name.startsWith('~$') && statSync(join(folder, name)).isFile(),
    )
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [index, name] of names.entries()) {
    options.progress.update((index / names.length) * 0.1, name);
    const path = join(folder, name);
    const fileName = `${NATIONAL_FOLDER}/${name}`;
    const file: ListFile = {
      fileName,
      path,
      bytes: statSync(path).size,
      key: `form-${index}`,
      onShare: () => {},
    };
    try {
      const kind = extname(name).toLowerCase();
      const fileNo = result.files.length;
      if (['.json', '.jsonl', '.ndjson'].includes(kind)) await openJsonFile(engine, file, result);
      else if (kind === '.csv' || kind === '.parquet') {
        const node = NODES.find((each) => new RegExp(`^${each}([-_.]|$)`).test(name.slice(0, -kind.length)));
        if (only !== undefined && node !== only) continue;
        if (node === undefined) {
          const parameters = { nodes: NODES.join('、') };
          throw new YibaoError({ definition: qualityErrors.unknownNode, file: fileName, parameters });
        }
        const read = await (kind === '.csv' ? openNodeCsv : openNodeParquet)(engine, file, node);
        const form = formOf(read.fields);
        result.files.push({ fileName, form, sha256: read.sha256 });
        result.sources.push({ node, fileNo, fileName, ...read, byOrdinal: false });
      } else if (only === undefined) {
        throw new YibaoError({ definition: INTAKE_ERRORS.unsupportedFile, file: fileName });
      }
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error;
      result.problems.push(...error.problems);
    }
  }
  return result;
}

/**
 * Gives the lists of the table `list` the time in intensive care that `national_form/` says of them and they do not say
 * themselves. @returns the sha256 of the files read, by name below the area folder
 * @throws YibaoError with all problems of these files
 */
export async function readIntensiveCare(
  engine: Engine,
  areaFolder: string,
): Promise<ReadonlyMap<string, string>> {
  const folder = join(areaFolder, NATIONAL_FOLDER);
  if (!existsSync(folder)) return new Map();
  const { sources, files, problems } = await openNational(
    engine,
    folder,
    { skipBadFiles: false, progress: SILENT },
    'icuinfo',
  );
  if (problems.length > 0) throw new YibaoError(problems);
  const own = sources.filter(({ node }) => node === 'icuinfo');
  if (own.length === 0) return new Map();
  const fields = ['setl_id', 'scs_cutd_inpool_time', 'scs_cutd_exit_time', 'scs_cutd_sum_dura'];
  const selects = own.map(({ select, columns }) => {
    const parts = fields.map(
      (field) => `${columns.has(field) ? field : 'CAST(NULL AS VARCHAR)'} AS ${field}`,
    );
    return `SELECT ${parts.join(', ')} FROM (${select}) AS s`;
  });
  await engine.run(`CREATE OR REPLACE TEMP VIEW icuinfo_source AS ${selects.join(' UNION ALL ')}`);
  await makeTable(engine, sourceFile('claims/list/icu_stay.sql'));
  await engine.run(
    `UPDATE list SET icu_minutes = s.minutes FROM icu_stay AS s
     WHERE s.setl_id = list.setl_id AND list.icu_minutes IS NULL`,
  );
  await engine.run('DROP TABLE icu_stay; DROP VIEW icuinfo_source');
  return new Map(own.map(({ fileNo }) => [files[fileNo]!.fileName, files[fileNo]!.sha256]));
}

async function openJsonFile(engine: Engine, file: ListFile, result: Opened): Promise<void> {
  const { nodes, national, sha256 } = await openNodeJson(engine, file);
  const fileNo = result.files.length;
  const form = national ? formOf(nodes.get('setlinfo')!.fields) : 'reduced';
  result.files.push({ fileName: file.fileName, form, sha256 });
  for (const [node, opened] of nodes) {
    if (opened.fields.size <= 1 && node !== 'setlinfo') continue;
    const source = { node, fileNo, fileName: file.fileName, ...opened, byOrdinal: true };
    // a message leaves out what it does not fill in: a field of its form counts as supplied, and as empty
    const fields =
      form === 'reduced' ? opened.fields : new Set([...opened.fields, ...fieldsOfForm(node, form)]);
    result.sources.push({ ...source, fields });
  }
}

/** 4101 names the patient and the institution; 4101A leaves both to the registration. */
const formOf = (fields: ReadonlySet<string>): '4101' | '4101A' =>
  fields.has('psn_name') || fields.has('certno') || fields.has('fixmedins_name') ? '4101' : '4101A';

/** Fifteen-column lists; a JSON file among them may hold whole messages. */
async function openReduced(engine: Engine, folder: string, options: Options): Promise<Opened> {
  const progress = {
    ...options.progress,
    update: (share: number, detail?: string) => options.progress.update(share * 0.1, detail),
  };
  const { sources, skipped } = await openSettlementLists(engine, folder, { ...options, progress });
  const result: Opened = { files: [], sources: [], refused: [], problems: [...skipped] };
  for (const [index, source] of sources.entries()) {
    const fileName = `${LIST_FOLDER}/${source.fileName}`;
    try {
      if (/\.(json|jsonl|ndjson)$/i.test(source.fileName)) {
        const { path, bytes } = source;
        await openJsonFile(
          engine,
          { fileName, path, bytes, key: `form-${index}`, onShare: () => {} },
          result,
        );
        continue;
      }
      const fileNo = result.files.length;
      const opened = await reducedNodes(engine, source, `form-${index}`, fileNo, fileName);
      result.files.push({ fileName, form: 'reduced', sha256: await source.sha256() });
      result.sources.push(...opened);
      result.refused.push(
        ...source.malformed.map(({ row, setlId, problem }) => ({ fileName, row, setlId, reason: problem })),
      );
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error;
      result.problems.push(...error.problems);
    }
  }
  return result;
}

/** Beyond the fifteen columns: a file without a value does not have them. */
const BEYOND_PROFILE = ['ipt_med_type', 'scs_cutd_sum_dura'];

/** A fifteen-column file as setlinfo, diseinfo and oprninfo. */
async function reducedNodes(
  engine: Engine,
  source: ListSource,
  key: string,
  fileNo: number,
  fileName: string,
): Promise<NodeSource[]> {
  const lists = join(engine.workFolder, `${key}.parquet`);
  try {
    const columns = LIST_COLUMNS.map((column) => `CAST(${column} AS VARCHAR) AS ${column}`).join(', ');
    await engine.run(
      `COPY (SELECT ${columns} FROM (${source.select}) AS source) TO ${literal(lists)} (FORMAT parquet)`,
    );
  } catch (error) {
    if (source.refusal) throw source.refusal(error);
    throw error;
  }
  const table = `read_parquet(${fileLiteral(lists)}, file_row_number = true)`;
  let place = 'file_row_number + 2';
  if (source.lineOf) {
    const lines = source.lineOf(Array.from({ length: source.rows }, (_, index) => index));
    await engine.run(`CREATE TABLE list_line_${fileNo} (ordinal BIGINT, line BIGINT)`);
    await engine.append(
      `list_line_${fileNo}`,
      lines.map((line, ordinal) => [ordinal, line]),
    );
    place = `(SELECT line FROM list_line_${fileNo} WHERE ordinal = file_row_number)`;
  }
  const given = await engine.row(
    `SELECT ${BEYOND_PROFILE.map((column) => `count(nullif(${column}, '')) AS ${column}`).join(', ')} FROM ${table}`,
  );
  const fields = LIST_COLUMNS.filter(
    (column) => fieldOf('setlinfo', column) !== undefined && given[column] !== 0n,
  );
  const base = { fileNo, fileName, rows: source.rows };
  return [
    {
      ...base,
      node: 'setlinfo',
      fields: new Set(fields),
      columns: new Set(fields),
      byOrdinal: false,
      select: `SELECT ${place} AS row_no, file_row_number AS position, ${fields.join(', ')} FROM ${table}`,
    },
    ...CODE_COLUMNS.map(({ node, column, code, mark }) => ({
      ...base,
      node,
      // what the place of a code says is not what the list says of it: only the code counts as supplied
      fields: new Set(['setl_id', code]),
      columns: new Set([code, mark]),
      byOrdinal: true,
      select: `SELECT ${place} AS row_no, file_row_number AS ordinal, setl_id, trim(code) AS ${code},
        CASE WHEN position = 1 THEN '1' ELSE '${node === 'diseinfo' ? '0' : '2'}' END AS ${mark}
      FROM (SELECT file_row_number, setl_id, unnest(string_split(${column}, '|')) AS code,
          unnest(range(1, 1 + len(string_split(${column}, '|')))) AS position
        FROM ${table}) AS split
      WHERE trim(code) <> ''`,
    })),
  ];
}

/** Makes the view `setlinfo` and the tables of the other nodes. */
async function defineNodes(
  engine: Engine,
  sources: readonly NodeSource[],
  files: readonly FormFile[],
): Promise<{ readonly lists: number; readonly orphans: readonly Problem[] }> {
  const firstOf = new Map<number, number>();
  const parts: string[] = [];
  let lists = 0;
  const setlinfos = sources.filter(({ node }) => node === 'setlinfo');
  const nativeList = nativeFields('setlinfo', setlinfos);
  for (const source of setlinfos) {
    firstOf.set(source.fileNo, lists);
    parts.push(
      `SELECT CAST(${lists} + position AS INTEGER) AS list_no, CAST(${source.fileNo} AS SMALLINT) AS file_no,
        CAST(row_no AS BIGINT) AS row_no, ${fieldColumns('setlinfo', source, nativeList)} FROM (${source.select}) AS s`,
    );
    lists += source.rows;
  }
  await engine.run(
    `CREATE OR REPLACE VIEW setlinfo AS
     SELECT list_no, file_no, row_no${viewColumns('setlinfo', nativeList, false)}
     FROM (${parts.join(' UNION ALL ')}) AS s`,
  );
  const linked = sources.filter(({ node, byOrdinal }) => node !== 'setlinfo' && !byOrdinal);
  const tabular = sources.filter(({ node, byOrdinal }) => node === 'setlinfo' && !byOrdinal);
  if (linked.length > 0) {
    await engine.run(
      `CREATE OR REPLACE TABLE list_of_id AS SELECT setl_id, min(list_no) AS list_no FROM setlinfo
       WHERE file_no IN (${tabular.map(({ fileNo }) => fileNo).join(', ') || '-1'}) GROUP BY setl_id`,
    );
  }
  const orphans: Problem[] = [];
  for (const node of ITEM_NODES) {
    const own = sources.filter((source) => source.node === node);
    const native = nativeFields(node, own);
    await engine.run(`CREATE OR REPLACE TABLE ${node}_item AS ${itemSelect(node, own, firstOf, native)}`);
    await engine.run(
      `CREATE OR REPLACE VIEW ${node} AS
       SELECT list_no, rowid AS item_no, file_no, row_no${viewColumns(node, native, true)} FROM ${node}_item`,
    );
    const { items } = await engine.row(`SELECT count(*) AS items FROM ${node}_item`);
    if (Number(items) === own.reduce((sum, { rows }) => sum + rows, 0)) continue;
    for (const source of own.filter(({ byOrdinal }) => !byOrdinal)) {
      const rows = await engine.rows(
        `SELECT row_no, setl_id FROM (${source.select}) AS s
         WHERE NOT EXISTS (SELECT 1 FROM list_of_id AS l WHERE l.setl_id = trimmed(s.setl_id))
         ORDER BY row_no LIMIT ${ORPHANS_SHOWN_MAX}`,
      );
      orphans.push(
        ...rows.map((row) => ({
          definition: qualityErrors.orphan,
          file: files[source.fileNo]!.fileName,
          row: Number(row.row_no),
          field: 'setl_id',
          value: String(row.setl_id ?? ''),
        })),
      );
    }
  }
  return { lists, orphans };
}

/**
 * A few fields of the lists as text, straight from their files: a query over fifty fields would take seconds to plan over
 * the view `setlinfo`, and a table of them all a gigabyte for a million lists.
 */
export function listFields(sources: readonly NodeSource[], fields: readonly string[]): string {
  let first = 0;
  const parts: string[] = [];
  for (const source of sources.filter(({ node }) => node === 'setlinfo')) {
    const columns = fields.map((field) =>
      source.columns.has(field)
        ? `filled_text(CAST(s.${field} AS VARCHAR)) AS ${field}`
        : `CAST(NULL AS VARCHAR) AS ${field}`,
    );
    parts.push(
      `SELECT CAST(${first} + position AS INTEGER) AS list_no, CAST(${source.fileNo} AS SMALLINT) AS file_no, ${columns.join(', ')}
       FROM (${source.select}) AS s`,
    );
    first += source.rows;
  }
  return parts.join(' UNION ALL ');
}

/** The items of a node with their list, and the parsed values of what is text. */
function itemSelect(
  node: string,
  sources: readonly NodeSource[],
  firstOf: ReadonlyMap<number, number>,
  native: ReadonlySet<string>,
): string {
  const parts = sources.map((source) => {
    const columns = `CAST(${source.fileNo} AS SMALLINT) AS file_no, CAST(s.row_no AS INTEGER) AS row_no, ${fieldColumns(node, source, native)}`;
    return source.byOrdinal
      ? `SELECT CAST(${firstOf.get(source.fileNo) ?? 0} + s.ordinal AS INTEGER) AS list_no, ${columns} FROM (${source.select}) AS s`
      : `SELECT l.list_no, ${columns} FROM (${source.select}) AS s JOIN list_of_id AS l ON l.setl_id = trimmed(s.setl_id)`;
  });
  const empty = `SELECT CAST(NULL AS INTEGER) AS list_no, CAST(NULL AS SMALLINT) AS file_no, CAST(NULL AS INTEGER) AS row_no, ${fieldsOf(
    node,
  )
    .map((field) => `${native.has(field) ? 'NULL' : 'CAST(NULL AS VARCHAR)'} AS ${field}`)
    .join(', ')} WHERE false`;
  const parsed = fieldsOf(node).flatMap((field) => {
    const column = parsedColumn(node, field);
    return column === undefined || native.has(field)
      ? []
      : `, ${parsedExpression(node, field, field)} AS ${column}`;
  });
  return `SELECT *${parsed.join('')} FROM (${[empty, ...parts].join(' UNION ALL ')}) AS s`;
}

/** The numeric fields that every file of a node holds as numbers: nothing of them needs to be read from text. */
function nativeFields(node: string, sources: readonly NodeSource[]): ReadonlySet<string> {
  return new Set(
    fieldsOf(node).filter(
      (field) =>
        ['number', 'amount'].includes(fieldType(node, field)) &&
        sources.some(({ types }) => types?.has(field)) &&
        sources.every(({ types, columns }) => types?.has(field) || !columns.has(field)),
    ),
  );
}

/** Every field of the node as it is in the file, NULL for those the file lacks or leaves blank. */
const fieldColumns = (node: string, source: NodeSource, native: ReadonlySet<string>): string =>
  fieldsOf(node)
    .map((field) => {
      if (!source.columns.has(field)) {
        return `${native.has(field) ? 'NULL' : 'CAST(NULL AS VARCHAR)'} AS ${field}`;
      }
      if (native.has(field)) return `s.${field}`;
      const text = source.types?.has(field) ? `CAST(s.${field} AS VARCHAR)` : `s.${field}`;
      return `filled_text(${text}) AS ${field}`;
    })
    .join(', ');

/** The fields as text, and their parsed values: those of numbers follow from them, those of text are stored or read now. */
const viewColumns = (node: string, native: ReadonlySet<string>, stored: boolean): string =>
  fieldsOf(node)
    .map((field) => {
      const column = parsedColumn(node, field);
      const text = native.has(field) ? `CAST(${field} AS VARCHAR) AS ${field}` : field;
      if (column === undefined) return `, ${text}`;
      if (native.has(field)) return `, ${text}, CAST(${field} * 100 AS BIGINT) AS ${column}`;
      return `, ${text}, ${stored ? column : `${parsedExpression(node, field, field)} AS ${column}`}`;
    })
    .join('');

/** What was settled: the fifteen-column lists beside the national form. */
async function defineSettled(engine: Engine, folder: string | undefined, options: Options): Promise<void> {
  await engine.run(
    'CREATE OR REPLACE TABLE settled_list (setl_id VARCHAR, psn_no VARCHAR, fixmedins_code VARCHAR, total_fen BIGINT)',
  );
  if (folder === undefined) return;
  const { sources } = await openSettlementLists(engine, folder, { ...options, skipBadFiles: true });
  for (const { select } of sources) {
    await engine.run(
      `INSERT INTO settled_list SELECT trimmed(CAST(setl_id AS VARCHAR)), trimmed(CAST(psn_no AS VARCHAR)),
         trimmed(CAST(fixmedins_code AS VARCHAR)), yuan_text_to_fen(CAST(medfee_sumamt AS VARCHAR))
       FROM (${select}) AS s`,
    );
  }
}
