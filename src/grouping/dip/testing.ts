import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GroupCatalogue } from './catalogue/group-catalogue.ts';
import { CATALOGUE_COLUMNS, readGroupCatalogue } from './catalogue/read-catalogue.ts';
import type { GroupingProfile } from './steps/grouping-state.ts';

/** One row of a catalogue by column; what is absent is empty. */
export type TestRow = Readonly<Record<string, string>>;

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const table = (columns: readonly string[], rows: readonly TestRow[]): string =>
  [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.map(cell).join(',')}\n`)
    .join('');

/** Writes files into a temporary folder, runs `body` and removes it. */
export async function withFiles<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-dip-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const catalogueFile = (rows: readonly TestRow[]): string => table(CATALOGUE_COLUMNS, rows);
export const operationsFile = (operations: Readonly<Record<string, string>>): string =>
  table(
    ['oprn_oprt_code', 'attribute', 'grade'],
    Object.entries(operations).map(([code, text]) => {
      const [attribute = '', grade = ''] = text.split(' ');
      return { oprn_oprt_code: code, attribute, grade };
    }),
  );

/** A catalogue from rows, read as a file is. Operations: code → attribute, and a grade after a blank. */
export const testCatalogue = (
  rows: readonly TestRow[],
  operations?: Readonly<Record<string, string>>,
): Promise<GroupCatalogue> =>
  withFiles(
    {
      'groups.csv': catalogueFile(rows),
      ...(operations ? { 'operations.csv': operationsFile(operations) } : {}),
    },
    (folder) =>
      readGroupCatalogue({
        name: 'test',
        groups: join(folder, 'groups.csv'),
        operations: operations && join(folder, 'operations.csv'),
      }),
  );

export const DRAFT_OPTIONS: GroupingProfile['options'] = {
  comprehensiveClass: { surgery: '4', intervention: '4', therapeutic: '3', diagnostic: '2', none: '1' },
  operationByStart: false,
  blankGroup: undefined,
};
