import type { Engine } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import { sha256Of } from '../../intake/bytes.ts';
import { INTAKE_ERRORS, refuseFile } from '../../intake/errors.ts';
import type { ListFile } from '../../intake/file.ts';
import { fileLiteral } from '../../intake/normalised.ts';
import { type OpenedNode, placeFields } from './node-csv.ts';

/** Numbers of at most two decimals stay as they are: their text and value follow from them at no cost. */
const isNative = (type: string): boolean =>
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|DECIMAL\((\d|1\d),[012]\))$/.test(type);

/** Opens a Parquet file of one node; it is read in place. Throws YibaoError. */
export async function openNodeParquet(engine: Engine, file: ListFile, node: string): Promise<OpenedNode> {
  const table = `read_parquet(${fileLiteral(file.path)}, binary_as_string = true, file_row_number = true)`;
  try {
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${table}`);
    const places = placeFields(
      described.map((row) => String(row.column_name)),
      file.fileName,
      node,
    );
    const types = new Map<string, string>();
    const columns = [...places].map(([field, place]) => {
      const { column_name: name, column_type: type } = described[place]!;
      if (/[[(]/.test(String(type).replace(/^DECIMAL\(.*\)$/, '')) && !String(type).startsWith('ENUM(')) {
        refuseFile(INTAKE_ERRORS.columnType, file.fileName, { field, parameters: { type: String(type) } });
      }
      const column = `"${String(name).replaceAll('"', '""')}"`;
      // an instant is shown on the clock of Beijing
      const value = type === 'TIMESTAMP WITH TIME ZONE' ? `timezone('Asia/Shanghai', ${column})` : column;
      if (isNative(String(type))) {
        types.set(field, String(type));
        return `${column} AS ${field}`;
      }
      return `CAST(${value} AS VARCHAR) AS ${field}`;
    });
    const { total } = await engine.row(`SELECT count(*) AS total FROM ${table}`);
    return {
      fields: new Set(places.keys()),
      columns: new Set(places.keys()),
      select: `SELECT file_row_number + 2 AS row_no, file_row_number AS position, ${columns.join(', ')} FROM ${table}`,
      types,
      rows: Number(total),
      sha256: await sha256Of(file.path),
    };
  } catch (error) {
    if (error instanceof YibaoError) throw error;
    const cause = (error as Error).message
      .split('\n')[0]!
      .replaceAll(file.path, file.fileName)
      .replace(/^[A-Za-z ]*Error: /, '');
    refuseFile(INTAKE_ERRORS.damagedParquet, file.fileName, { parameters: { cause } }, error);
  }
}
