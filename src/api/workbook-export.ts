import type { Language } from '#kernel/locale.ts';
import { workbookBytes } from '#report/index.ts';
import type { Column } from './list.ts';

/** A list as a workbook with one sheet. */
export const listWorkbook = (
  columns: readonly (readonly [string, Column])[],
  rows: readonly Readonly<Record<string, unknown>>[],
  language: Language,
): Promise<Buffer> =>
  workbookBytes(
    [
      {
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
      },
    ],
    language,
  );
