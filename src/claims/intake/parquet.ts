import type { Engine } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import { sha256Of } from './bytes.ts';
import { LIST_COLUMNS, placeColumns } from './columns.ts';
import { INTAKE_ERRORS, refuseFile } from './errors.ts';
import type { ListFile, ListSource } from './file.ts';
import { fileLiteral } from './normalised.ts';

/** Columns that may be a list of codes instead of text joined by `|`. */
const CODE_LISTS = ['diagnoses', 'procedures'];

/**
 * Opens a Parquet file. Columns keep their types; lists of text in `diagnoses` and `procedures` are joined by `|`.
 * Only the file's own description is read here; `refusal` names damage that reading the pages finds. Throws YibaoError.
 */
export async function openParquet(engine: Engine, file: ListFile): Promise<ListSource> {
  const { fileName, path, bytes } = file;
  const scan = (paths: readonly string[]) =>
    `read_parquet([${paths.map(fileLiteral).join(', ')}], binary_as_string = true)`;
  const table = scan([path]);
  const described = await readOrRefuse(file, () => engine.rows(`DESCRIBE SELECT * FROM ${table}`));
  const names = described.map((row) => String(row.column_name));
  const places = placeColumns(names, fileName);

  const selected: string[] = [];
  const nameOf = new Map<string, string>();
  for (const column of LIST_COLUMNS) {
    const place = places.get(column);
    if (place === undefined) {
      selected.push(`CAST(NULL AS VARCHAR) AS ${column}`);
      continue;
    }
    const name = `"${names[place]!.replaceAll('"', '""')}"`;
    const type = String(described[place]!.column_type);
    if (type === 'VARCHAR') nameOf.set(names[place]!, column);
    if (CODE_LISTS.includes(column) && type === 'VARCHAR[]') {
      selected.push(`array_to_string(${name}, '|') AS ${column}`);
    } else if (/[[(]/.test(type.replace(/^DECIMAL\(.*\)$/, '')) && !type.startsWith('ENUM(')) {
      refuseFile(INTAKE_ERRORS.columnType, fileName, { field: column, parameters: { type } });
    } else {
      selected.push(`${name} AS ${column}`);
    }
  }

  const select = (paths: readonly string[]) => `SELECT ${selected.join(', ')} FROM ${scan(paths)}`;
  const chunks = await readOrRefuse(file, () =>
    engine.rows(`
      SELECT path_in_schema AS name, bool_and(contains(encodings, 'DICTIONARY')) AS in_dictionary
        , CAST(sum(row_group_num_rows) AS BIGINT) AS rows
      FROM parquet_metadata(${fileLiteral(path)}) GROUP BY path_in_schema`),
  );
  const inDictionary = chunks.filter(({ in_dictionary }) => in_dictionary).map(({ name }) => String(name));
  const dictionaryColumns = new Set(inDictionary.flatMap((name) => nameOf.get(name) ?? []));
  return {
    fileName,
    path,
    bytes,
    sha256: () => sha256Of(path),
    rows: Number(chunks[0]?.rows ?? 0),
    select: select([path]),
    dictionaryColumns,
    together: {
      key: JSON.stringify([
        selected,
        described.map((row) => [row.column_name, row.column_type]),
        [...dictionaryColumns].sort(),
      ]),
      select,
    },
    malformed: [],
    refusal: (error) => damaged(file, error),
  };
}

async function readOrRefuse<T>(file: ListFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw damaged(file, error);
  }
}

function damaged(file: ListFile, error: unknown): YibaoError {
  const message = error instanceof Error ? error.message : String(error);
  // The path stays out of the message: the file is named already.
  const cause = message
    .split('\n')[0]!
    .replaceAll(file.path, file.fileName)
    .replace(/^[A-Za-z ]*Error: /, '');
  const problem = { definition: INTAKE_ERRORS.damagedParquet, file: file.fileName, parameters: { cause } };
  return new YibaoError(problem, { cause: error });
}
