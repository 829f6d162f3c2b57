import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DiffOptions } from '#cli/catalogue.ts';
import { usageErrors } from '#cli/errors.ts';
import { policyOfProfile } from '#cli/profile-policy.ts';
import { csvText, writeTextFile } from '#cli/write-file.ts';
import { diffCatalogues, type GroupChange, openCatalogue } from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';
import { type CatalogueEffect, compareCatalogues } from '#payment/index.ts';

const ROWS_SHOWN_MAX = 20;
const TITLES: Readonly<Record<GroupChange['change'], Text>> = {
  came: { zh: '新增', en: 'came' },
  went: { zh: '取消', en: 'went' },
  moved: { zh: '换码', en: 'other code' },
  changed: { zh: '变动', en: 'changed' },
};

export async function runCatalogueDiff(
  before: string,
  after: string,
  options: DiffOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  if ((options.area === undefined) !== (options.year === undefined)) {
    const name = options.area === undefined ? '--area' : '--year';
    const parameters = { name, command: 'yibao catalogue diff' };
    throw new YibaoError({ definition: usageErrors.missingOption, parameters });
  }
  const changes = diffCatalogues(
    await openCatalogue(before, options.operations),
    await openCatalogue(after, options.operations),
  );
  const effect =
    options.area === undefined
      ? undefined
      : await effectOn(options.area, options.year!, before, after, options.profile, language);
  if (options.out !== undefined) writeTextFile(options.out, changesText(changes));
  if (options.json) {
    const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
    const listed = changes.map(({ entry, ...change }) => ({ ...change, name: entry.name, kind: entry.kind }));
    process.stdout.write(`${JSON.stringify({ changes: listed, effect }, plain, 2)}\n`);
    return;
  }
  const count = (change: GroupChange['change']) => changes.filter((each) => each.change === change).length;
  const kinds = (['came', 'went', 'moved', 'changed'] as const).map(
    (change) => `${TITLES[change][language]} ${count(change)}`,
  );
  process.stdout.write(`${zh ? '病种' : 'Groups'}: ${kinds.join(zh ? '，' : ', ')}\n`);
  for (const change of changes.slice(0, ROWS_SHOWN_MAX))
    process.stdout.write(`  ${changeLine(change, language)}\n`);
  const more = changes.length - ROWS_SHOWN_MAX;
  if (more > 0) {
    process.stdout.write(
      zh ? `  ……另有 ${more} 个，用 --out 写出全部\n` : `  … ${more} more; --out writes them all\n`,
    );
  }
  if (effect) process.stdout.write(effectText(effect, language));
}

async function effectOn(
  areaFolder: string,
  year: number,
  before: string,
  after: string,
  profile: string,
  language: Language,
): Promise<CatalogueEffect> {
  const progress = createProgress();
  const place = (name: string) => (existsSync(name) ? resolve(name) : name);
  try {
    return await compareCatalogues({
      areaFolder,
      year,
      before: place(before),
      after: place(after),
      policy: policyOfProfile(profile, year),
      language,
      progress,
    });
  } finally {
    progress.done();
  }
}

function changeLine(change: GroupChange, language: Language): string {
  const title = TITLES[change.change][language];
  const name = change.entry.name === '' ? '' : ` ${change.entry.name}`;
  const from = change.change === 'moved' ? `${change.from} → ` : '';
  const cells =
    'cells' in change
      ? change.cells
          .map(({ field, before, after }) => `${field} ${before || '-'} → ${after || '-'}`)
          .join('; ')
      : '';
  return `${title}  ${from}${change.groupCode}${name}${cells ? `  ${cells}` : ''}`;
}

/** One row for each cell that changed; of groups that came or went one row. */
const changesText = (changes: readonly GroupChange[]): string =>
  csvText([
    ['change', 'group_code', 'from', 'field', 'before', 'after'],
    ...changes.flatMap((change) => {
      const from = change.change === 'moved' ? change.from : '';
      const cells = 'cells' in change && change.cells.length > 0 ? change.cells : [undefined];
      return cells.map((cell) => [
        change.change,
        change.groupCode,
        from,
        cell?.field ?? '',
        cell?.before ?? '',
        cell?.after ?? '',
      ]);
    }),
  ]);

function effectText(effect: CatalogueEffect, language: Language): string {
  const zh = language === 'zh';
  const points = (value: bigint) => scaledText(value, 4);
  const moved = effect.moves.reduce((sum, { cases }) => sum + cases, 0n);
  const group = (code: string) => code || (zh ? '未入组' : 'ungrouped');
  const lines = [
    zh
      ? `病例 ${effect.cases} 例，换病种 ${moved} 例；未入组 ${effect.ungroupedBefore} → ${effect.ungroupedAfter}；总分值 ${points(effect.pointsBefore4)} → ${points(effect.pointsAfter4)}`
      : `${effect.cases} cases, ${moved} in another group; ungrouped ${effect.ungroupedBefore} → ${effect.ungroupedAfter}; points ${points(effect.pointsBefore4)} → ${points(effect.pointsAfter4)}`,
    ...effect.moves
      .slice(0, ROWS_SHOWN_MAX)
      .map(({ before, after, cases, pointsBefore4, pointsAfter4 }) =>
        zh
          ? `  ${group(before)} → ${group(after)}：${cases} 例，分值 ${points(pointsBefore4)} → ${points(pointsAfter4)}`
          : `  ${group(before)} → ${group(after)}: ${cases} cases, points ${points(pointsBefore4)} → ${points(pointsAfter4)}`,
      ),
  ];
  const more = effect.moves.length - ROWS_SHOWN_MAX;
  if (more > 0) lines.push(zh ? `  ……另有 ${more} 种` : `  … ${more} more`);
  return `${lines.join('\n')}\n`;
}
