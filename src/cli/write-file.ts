import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Writes a text beside its place and renames it, so that nobody reads half of it. */
export function writeTextFile(path: string, text: string): void {
  const target = resolve(path);
  const partial = join(dirname(target), `.${basename(target)}.partial`);
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(partial, text);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Rows as CSV: cells with commas, quotes or line feeds are quoted. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  rows
    .map(
      (row) =>
        `${row.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`,
    )
    .join('');
