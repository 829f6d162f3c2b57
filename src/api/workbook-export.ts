import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '#kernel/locale.ts';
import { writeWorkbook } from '#report/index.ts';
import type { Column } from './list.ts';

/** A list as a workbook with one sheet. */
export async function workbookBytes(
  columns: readonly (readonly [string, Column])[],
  rows: readonly Readonly<Record<string, unknown>>[],
  language: Language,
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-export-'));
  try {
    const file = join(folder, 'list.xlsx');
    const sheet = {
      name: { zh: '列表', en: 'List' },
      columns: columns.map(([, { title, kind = 'text' }]) => ({
        title,
        width: 18,
        kind,
        ...(kind === 'yuan' ? { unit: { zh: '元', en: 'yuan' } } : {}),
      })),
      rows: rows.map((row) =>
        columns.map(([name, { kind = 'text' }]) => {
          const value = row[name];
          if (value === null || value === undefined) return null;
          return kind === 'text' ? String(value) : BigInt(value as number | bigint | string);
        }),
      ),
    };
    await writeWorkbook(file, [sheet], language);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
