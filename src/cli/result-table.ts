import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import type { CellKind } from '#report/index.ts';

/** An integer in the unit of its column's kind, or a text; null is empty. */
export type ResultCell = string | number | bigint | null;

export type ResultColumn = {
  /** name of the column in CSV and JSON */
  readonly name: string;
  readonly title: Text;
  readonly kind: Exclude<CellKind, 'heading'>;
};

/** A table that a command shows, writes as CSV, as a sheet of a workbook, and as JSON. */
export type ResultTable = {
  /** name of the CSV file without its ending */
  readonly name: string;
  readonly title: Text;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly ResultCell[])[];
};

const DECIMALS: Readonly<Partial<Record<CellKind, number>>> = { yuan: 2, scaled4: 4, scaled8: 8 };

/** The exact text of a cell, the same in CSV and JSON. */
const cellText = (kind: CellKind, value: ResultCell): string => {
  if (value === null) return '';
  const decimals = DECIMALS[kind];
  return decimals === undefined ? String(value) : scaledText(BigInt(value), decimals);
};

const csvCell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csvText = ({ columns, rows }: ResultTable): string =>
  `${[
    columns.map(({ name }) => name),
    ...rows.map((row) => columns.map(({ kind }, index) => cellText(kind, row[index] ?? null))),
  ]
    .map((cells) => cells.map(csvCell).join(','))
    .join('\n')}\n`;

/** One object for each row; counts are numbers, everything else is text, an empty cell null. */
export const jsonRows = ({ columns, rows }: ResultTable): object[] =>
  rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, kind }, index) => {
        const value = row[index] ?? null;
        return [name, value === null ? null : kind === 'count' ? Number(value) : cellText(kind, value)];
      }),
    ),
  );

/** Head and rows as text, for the terminal. */
export const shownRows = ({ columns, rows }: ResultTable, language: Language): string[][] => [
  columns.map(({ title }) => title[language]),
  ...rows.map((row) => columns.map(({ kind }, index) => cellText(kind, row[index] ?? null))),
];

/** Writes each table as a CSV file and all of them as sheets of one workbook; gives the rows of each file. */
export async function writeTables(
  folder: string,
  workbook: string,
  tables: readonly ResultTable[],
  language: Language,
): Promise<Record<string, number>> {
  const { writeWorkbook } = await import('#report/index.ts');
  for (const table of tables) writeFileSync(join(folder, `${table.name}.csv`), csvText(table));
  await writeWorkbook(
    join(folder, `${workbook}.xlsx`),
    tables.map(({ title, columns, rows }) => ({
      name: title,
      columns: columns.map(({ title, kind }) => ({ title, kind, width: kind === 'note' ? 40 : 18 })),
      rows,
    })),
    language,
  );
  return Object.fromEntries([
    ...tables.map(({ name, rows }) => [`${name}.csv`, rows.length]),
    [`${workbook}.xlsx`, tables.reduce((sum, { rows }) => sum + rows.length, 0)],
  ]);
}
