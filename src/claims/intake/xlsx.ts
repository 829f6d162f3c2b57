import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import { type SheetRow, Workbook } from '#kernel/workbook.ts';
import { ZipFault, ZipFile } from '#kernel/zip.ts';
import { readHead, sha256Of } from './bytes.ts';
import { type ColumnPlaces, LIST_COLUMNS, placeColumns, recognisedColumns } from './columns.ts';
import { INTAKE_ERRORS, refuseFile } from './errors.ts';
import type { ListFile, ListSource } from './file.ts';
import { NormalisedFile } from './normalised.ts';

/** OLE compound file: an encrypted workbook, or the old .xls format. */
const OLE_SIGNATURE = 'd0cf11e0';
/** A further sheet with as many column names in its first row holds lists too. */
const SHEET_NAMES_MIN = 3;

/**
 * Opens the first sheet of an Excel workbook. Columns of codes must be text cells: Excel itself drops the leading zeros
 * of numbers. The place of a list is its sheet row; empty rows are skipped. Streams; throws YibaoError.
 */
export async function openXlsx(engine: Engine, file: ListFile): Promise<ListSource> {
  const { fileName, path, bytes } = file;
  if (readHead(path, 4).toString('hex') === OLE_SIGNATURE) refuseFile(INTAKE_ERRORS.protectedXlsx, fileName);
  const target = new NormalisedFile(join(engine.workFolder, `${file.key}-lists.csv`));
  try {
    const workbook = await Workbook.open(await ZipFile.open(path, bytes));
    await refuseFurtherLists(workbook, fileName);
    await readSheet(workbook, fileName, target);
  } catch (error) {
    target.abandon();
    if (!(error instanceof ZipFault)) throw error;
    refuseFile(INTAKE_ERRORS.damagedXlsx, fileName, { parameters: { cause: error.message } }, error);
  }
  return { fileName, path, bytes, sha256: () => sha256Of(path), malformed: [], ...target.finish() };
}

const isEmpty = ({ cells }: SheetRow): boolean => !cells.some((cell) => cell);

/** Copies the lists of the first sheet; its first row that is not empty is the header. */
async function readSheet(workbook: Workbook, fileName: string, target: NormalisedFile): Promise<void> {
  let places: ColumnPlaces | undefined;
  let order: (number | undefined)[] = [];
  const part = workbook.sheets[0]?.part;
  if (part !== undefined) {
    for await (const rows of workbook.rows(part)) {
      for (const row of rows) {
        if (isEmpty(row)) continue;
        if (places !== undefined) {
          target.write(
            order.map((place) => (place === undefined ? null : row.cells[place])),
            row.number,
          );
          continue;
        }
        places = placeColumns(headerCells(row), fileName, row.number);
        order = LIST_COLUMNS.map((column) => places!.get(column));
      }
    }
  }
  if (places === undefined) placeColumns([], fileName, 1);
}

const headerCells = (row: SheetRow): string[] => Array.from(row.cells, (cell) => cell ?? '');

/** Lists on a second sheet would be lost without a word. */
async function refuseFurtherLists(workbook: Workbook, fileName: string): Promise<void> {
  const names: string[] = [];
  for (const { name, part } of workbook.sheets.slice(1)) {
    for await (const rows of workbook.rows(part)) {
      const first = rows.find((row) => !isEmpty(row));
      if (first === undefined) continue;
      if (recognisedColumns(headerCells(first)) >= SHEET_NAMES_MIN) names.push(name);
      break;
    }
  }
  if (names.length > 0) {
    refuseFile(INTAKE_ERRORS.severalSheets, fileName, { parameters: { sheets: names.join('、') } });
  }
}
