import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

/** A file of cases to group, and how to take away what was made for it. */
export type CasesFile = { readonly path: string; readonly remove: () => void };

/**
 * The file of cases with the codes of its columns `diagnoses` and `procedures` mapped by the tables named, as a file of
 * the same name in a temporary folder; the file itself where no table is named. What came of it goes to stderr.
 * @throws YibaoError when a table, the file or a column cannot be used
 */
export async function mapCases(
  { cases, out, ...options }: CodeMappingOptions & { readonly cases: string; readonly out: string },
  language: Language,
): Promise<CasesFile> {
  const named = [
    { column: 'diagnoses', table: options.mapDiagnoses },
    { column: 'procedures', table: options.mapProcedures },
  ].filter(({ table }) => table !== undefined && table !== 'none');
  // a result over the cases is refused by the grouping itself, which must see where they are
  if (named.length === 0 || resolve(cases) === resolve(out)) return { path: cases, remove: () => {} };

  const { createMapper, mapFile, openMapping } = await import('#catalogue/codes/index.ts');
  const folder = mkdtempSync(join(tmpdir(), 'yibao-cases-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  let path = cases;
  try {
    for (const { column, table } of named) {
      const mapping = await openMapping(table!);
      mkdirSync(join(folder, column));
      const mapped = join(folder, column, basename(cases));
      const { codes, left } = await mapFile(createMapper(mapping.pairs), {
        file: path,
        column,
        out: mapped,
        replace: false,
        refuseUnmapped: false,
      });
      const kept = left.map(({ original }) => original).slice(0, CODES_SHOWN_MAX);
      const more = left.length > kept.length ? ' …' : '';
      process.stderr.write(
        language === 'zh'
          ? `${column} 按 ${mapping.name} 对照：对照 ${codes.mapped}，不变 ${codes.unchanged}，多个对应而无首选 ${codes.ambiguous}，表中没有 ${codes.unknown}；后两种原样保留${kept.length > 0 ? `：${kept.join('、')}${more}` : ''}\n`
          : `${column} mapped with ${mapping.name}: ${codes.mapped} mapped, ${codes.unchanged} unchanged, ${codes.ambiguous} ambiguous, ${codes.unknown} not in the table; the last two stay as they are${kept.length > 0 ? `: ${kept.join(', ')}${more}` : ''}\n`,
      );
      path = mapped;
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove };
}

/** Codes named in a note. */
const CODES_SHOWN_MAX = 5;
