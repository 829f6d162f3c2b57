import type { ImportOptions } from '#cli/catalogue.ts';
import { usageErrors } from '#cli/errors.ts';
import {
  type CatalogueEntry,
  catalogueErrors,
  classOfEntry,
  directoryPlace,
  entryCells,
  type GroupCatalogue,
  importCatalogue,
  KIND_TITLES,
  type KindCodes,
  listCatalogues,
  openCatalogue,
  ROW_KINDS,
} from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { displayWidth } from '#kernel/text-width.ts';

export async function runCatalogueImport(
  file: string,
  options: ImportOptions,
  language: Language,
): Promise<void> {
  const { stored, catalogue } = await importCatalogue(
    {
      name: options.name,
      groups: file,
      operations: options.operations,
      ...(options.kinds === undefined ? {} : { kindCodes: kindCodes(options.kinds) }),
    },
    options.year ?? null,
  );
  const zh = language === 'zh';
  const kinds = kindsText(stored.kinds, language);
  process.stdout.write(
    zh
      ? `已导入目录 ${stored.name}：病种 ${stored.groups} 个（${kinds}）\n`
      : `Imported ${stored.name}: ${stored.groups} groups (${kinds})\n`,
  );
  const { operations } = catalogue;
  if (operations === undefined) {
    process.stderr.write(
      zh
        ? '注意：没有手术操作列表，综合病种的类别只对没有手术操作的病例可知；可用 --operations 再次导入\n'
        : 'Note: without a list of operations the class of comprehensive groups is known of cases without operations only; import it again with --operations\n',
    );
    return;
  }
  const unknown = new Set(
    catalogue.entries
      .flatMap((entry) => entry.operations.parts.flat())
      .filter((code) => !operations.has(code)),
  );
  if (unknown.size > 0) {
    const shown = [...unknown]
      .toSorted()
      .slice(0, 5)
      .join(zh ? '、' : ', ');
    process.stderr.write(
      zh
        ? `注意：目录中有 ${unknown.size} 个手术操作编码不在手术操作列表中，病例的这些编码不计入：${shown}${unknown.size > 5 ? ' 等' : ''}\n`
        : `Note: the list of operations lacks ${unknown.size} codes of the catalogue, which therefore do not count: ${shown}${unknown.size > 5 ? ' …' : ''}\n`,
    );
  }
}

const kindsText = (kinds: Readonly<Record<string, number>>, language: Language): string =>
  Object.entries(kinds)
    .map(([kind, groups]) => `${KIND_TITLES[kind as keyof typeof KIND_TITLES][language]} ${groups}`)
    .join(language === 'zh' ? '，' : ', ');

/** `1=core,0=comprehensive` */
function kindCodes(text: string): KindCodes {
  const codes = new Map<string, (typeof ROW_KINDS)[number]>();
  for (const pair of text.split(',')) {
    const [code, word] = pair.split('=').map((part) => part.trim());
    const kind = ROW_KINDS.find((each) => each === word);
    if (!code || kind === undefined) {
      const parameters = {
        name: '--kinds',
        value: text,
        expectedZh: `“编号=类型”，用逗号分隔；类型为 ${ROW_KINDS.join('、')}`,
        expectedEn: `code=kind joined by commas, the kind being one of ${ROW_KINDS.join(', ')}`,
      };
      throw new YibaoError({ definition: usageErrors.wrongValue, parameters });
    }
    codes.set(code, kind);
  }
  return codes;
}

export function runCatalogueList(json: boolean, language: Language): void {
  const zh = language === 'zh';
  const catalogues = listCatalogues();
  if (json) {
    process.stdout.write(`${JSON.stringify(catalogues, null, 2)}\n`);
    return;
  }
  if (catalogues.length === 0) {
    process.stdout.write(
      zh
        ? '还没有导入目录；用 yibao catalogue import <文件> --name <名称> 导入\n'
        : 'No catalogue has been imported; import one with yibao catalogue import <file> --name <name>\n',
    );
    return;
  }
  for (const { name, year, groups, kinds } of catalogues) {
    const ofYear = year === null ? '' : zh ? `，${year} 年` : `, ${year}`;
    process.stdout.write(
      zh
        ? `${name}${ofYear}：病种 ${groups} 个（${kindsText(kinds, language)}）\n`
        : `${name}${ofYear}: ${groups} groups (${kindsText(kinds, language)})\n`,
    );
  }
}

/** Columns of the table that `show` prints. */
const SHOWN = ['group_code', 'kind', 'diagnosis', 'operations', 'score', 'mean_cost', 'name'] as const;
const ROWS_SHOWN_MAX = 40;
/** Classes as in the DIP 3.0 draft, for the place in the directory. */
const CLASSES = { surgery: '4', intervention: '4', therapeutic: '3', diagnostic: '2', none: '1' } as const;

export async function runCatalogueShow(
  name: string,
  code: string | undefined,
  json: boolean,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const catalogue = await openCatalogue(name);
  const entries =
    code === undefined ? catalogue.entries : catalogue.entries.filter((entry) => isAsked(entry, code));
  if (entries.length === 0) {
    throw new YibaoError({
      definition: catalogueErrors.noSuchGroup,
      value: code ?? '',
      parameters: { name },
    });
  }
  const described = entries.map((entry) => ({ ...entryCells(entry), ...place(entry, catalogue) }));
  if (json) {
    process.stdout.write(`${JSON.stringify(described, null, 2)}\n`);
    return;
  }
  if (code !== undefined && entries.length === 1) {
    for (const [field, value] of Object.entries(described[0]!)) {
      if (value !== '') process.stdout.write(`${field.padEnd(16)} ${value}\n`);
    }
    return;
  }
  const rows = [
    [...SHOWN],
    ...entries.slice(0, ROWS_SHOWN_MAX).map((entry) => SHOWN.map((field) => entryCells(entry)[field]!)),
  ];
  process.stdout.write(tableText(rows));
  const more = entries.length - ROWS_SHOWN_MAX;
  if (more > 0) {
    process.stdout.write(
      zh
        ? `……另有 ${more} 行；写出病种编码或诊断的开头可缩小范围\n`
        : `… ${more} more rows; name a group or the start of a diagnosis\n`,
    );
  }
}

const isAsked = (entry: CatalogueEntry, code: string): boolean =>
  entry.groupCode === code ||
  entryCells(entry)
    .diagnosis!.split('|')
    .some((each) => each.startsWith(code));

function place(entry: CatalogueEntry, catalogue: GroupCatalogue): Record<string, string> {
  const { chapter, level1, level2 } = directoryPlace(entry, classOfEntry(entry, catalogue, CLASSES));
  return { chapter: String(chapter ?? ''), level_1: level1 ?? '', level_2: level2 ?? '' };
}

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column]!))));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell + ' '.repeat(widths[column]! - displayWidth(cell)))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
