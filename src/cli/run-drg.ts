import type { DrgImportOptions, DrgListOptions } from '#cli/drg.ts';
import { cardOfScheme, importScheme, listSchemes } from '#grouping/drg/index.ts';
import { type Problem, renderProblem } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { displayWidth } from '#kernel/text-width.ts';

/** Warnings of one kind that are shown; the rest is counted. */
const SHOWN_MAX = 3;

/** Checks a scheme, keeps it, and prints what it holds and what is odd about it. */
export function runDrgImport(folder: string, options: DrgImportOptions, language: Language): void {
  const zh = language === 'zh';
  const { card, folder: target, outcome, warnings } = importScheme(folder, options.name, options.replace);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ ...card, folder: target, outcome, warnings: warnings.map(warningRecord) }, null, 2)}\n`,
    );
    return;
  }
  const done = {
    new: zh ? '已导入' : 'imported',
    same: zh ? '已有内容相同的方案' : 'already there with the same content',
    replaced: zh ? '已替换' : 'replaced',
  }[outcome];
  process.stdout.write(
    zh
      ? `${card.name} ${done}：MDC ${card.mdcs} 个，ADRG ${card.adrgs} 个，病组 ${card.groups} 个，步骤 ${card.steps} 条\n${target}\n`
      : `${card.name} ${done}: ${card.mdcs} MDCs, ${card.adrgs} ADRGs, ${card.groups} groups, ${card.steps} steps\n${target}\n`,
  );
  process.stdout.write(warningText(warnings, language));
}

/** By kind: how many, and the first few. */
export function warningText(warnings: readonly Problem[], language: Language): string {
  const zh = language === 'zh';
  const kinds = Map.groupBy(warnings, ({ definition }) => definition.code);
  const lines: string[] = [];
  for (const [code, problems] of kinds) {
    lines.push(zh ? `注意：${code} ${problems.length} 处` : `Note: ${code}, ${problems.length} times`);
    for (const problem of problems.slice(0, SHOWN_MAX)) lines.push(`  ${renderProblem(problem, language)}`);
    if (problems.length > SHOWN_MAX) {
      const more = problems.length - SHOWN_MAX;
      lines.push(
        zh ? `  ……另有 ${more} 处，用 --json 看全部` : `  … and ${more} more, all of them with --json`,
      );
    }
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

const warningRecord = (problem: Problem) => ({
  code: problem.definition.code,
  file: problem.file,
  row: problem.row,
  field: problem.field,
  value: problem.value,
  message: { zh: renderProblem(problem, 'zh'), en: renderProblem(problem, 'en') },
});

export function runDrgList(options: DrgListOptions, language: Language): void {
  const zh = language === 'zh';
  const schemes = listSchemes().map((scheme) => ({ ...scheme, ...cardOfScheme(scheme) }));
  if (options.json) {
    process.stdout.write(`${JSON.stringify(schemes, null, 2)}\n`);
    return;
  }
  const origin = {
    bundled: zh ? '自带' : 'bundled',
    imported: zh ? '已导入' : 'imported',
    folder: '',
  };
  const rows = schemes.map((scheme) => [
    scheme.name,
    origin[scheme.origin],
    ...[scheme.mdcs, scheme.adrgs, scheme.groups, scheme.steps].map(String),
    scheme.folder,
  ]);
  const header = zh
    ? ['名称', '来源', 'MDC', 'ADRG', '病组', '步骤', '文件夹']
    : ['name', 'origin', 'MDCs', 'ADRGs', 'groups', 'steps', 'folder'];
  process.stdout.write(table([header, ...rows]));
  if (!schemes.some((scheme) => scheme.origin === 'imported')) {
    process.stdout.write(
      zh
        ? '还没有导入方案：yibao drg import <方案文件夹> --name <名称>\n'
        : 'nothing is imported yet: yibao drg import <folder> --name <name>\n',
    );
  }
}

/** Columns side by side, two blanks between them. */
export function table(rows: readonly (readonly string[])[]): string {
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
