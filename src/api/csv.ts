import { scaledText } from '#kernel/fraction.ts';
import type { Column } from './list.ts';

const DECIMALS = { text: undefined, count: 0, yuan: 2, scaled4: 4, scaled8: 8 } as const;

/** A list as CSV with a head of column names: amounts in yuan with two decimals, points with four. */
export function csvText(
  columns: readonly (readonly [string, Column])[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const lines = [columns.map(([name]) => name.replace(/(_fen|[48])$/, '')).join(',')];
  for (const row of rows) lines.push(columns.map(([name, column]) => cell(row[name], column)).join(','));
  return `${lines.join('\n')}\n`;
}

function cell(value: unknown, { kind = 'text' }: Column): string {
  if (value === null || value === undefined) return '';
  const decimals = DECIMALS[kind];
  if (decimals !== undefined) return scaledText(BigInt(value as number | bigint | string), decimals);
  // what a spreadsheet would take for a formula stays a text
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
