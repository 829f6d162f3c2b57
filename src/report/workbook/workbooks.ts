import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import type { Progress } from '#kernel/progress.ts';
import { makeReportTable, readReportData } from '../data.ts';
import { termsOf } from '../terms.ts';
import { agencySheets } from './agency.ts';
import { institutionSheets } from './institution.ts';
import { writeWorkbook } from './xlsx.ts';

export type WorkbookOptions = {
  readonly engine: Engine;
  readonly folder: string;
  readonly language: Language;
  readonly progress: Progress;
};

/**
 * Writes `agency.xlsx` and `institutions/<fixmedins_code>.xlsx`, one for each institution of the area, also for those
 * without a list. Returns the number of workbooks. The same tables give the same bytes.
 */
export async function writeWorkbooks({
  engine,
  folder,
  language,
  progress,
}: WorkbookOptions): Promise<number> {
  const institutionFolder = join(folder, 'institutions');
  await mkdir(institutionFolder, { recursive: true });
  const data = await readReportData(engine);
  const terms = termsOf(data.method);
  await writeWorkbook(
    join(folder, 'agency.xlsx'),
    await agencySheets(engine, data, language),
    language,
    terms,
  );
  await makeReportTable(engine, 'workbook_group');
  await makeReportTable(engine, 'workbook_case');
  const names = fileNames(data.institutions.map((row) => row.fixmedins_code));
  for (const [index, institution] of data.institutions.entries()) {
    progress.update(index / data.institutions.length, institution.fixmedins_code);
    await writeWorkbook(
      join(institutionFolder, `${names[index]}.xlsx`),
      await institutionSheets(engine, data, institution, language),
      language,
      terms,
    );
  }
  return data.institutions.length + 1;
}

/**
 * File names from codes as they stand in the claims: letters, digits, dot, underscore and hyphen stay, anything else
 * becomes `_`; a name that is taken, in upper or lower case, gets a number.
 */
export function fileNames(codes: readonly string[]): string[] {
  const taken = new Set<string>();
  return codes.map((code) => {
    const base =
      code
        .replace(/[^\p{L}\p{N}._-]/gu, '_')
        .replace(/^\.+/, '_')
        .slice(0, 80) || '_';
    let name = base;
    for (let copy = 2; taken.has(name.toLowerCase()); copy += 1) name = `${base}-${copy}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
