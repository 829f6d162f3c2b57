import type { GroupDrgOptions } from '#cli/group-drg.ts';
import { mapCases } from '#cli/map-cases.ts';
import { groupFile, openProgram, openScheme } from '#grouping/drg/index.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';

/** Groups a file of cases and prints how many got which status. */
export async function runGroupDrg(options: GroupDrgOptions, language: Language): Promise<void> {
  const zh = language === 'zh';
  const progress = createProgress(options.quiet ? { write() {} } : process.stderr);
  const count = (value: number) => value.toLocaleString('en-US');
  const cases = await mapCases(options, language);
  try {
    progress.stage(zh ? '读取方案' : 'reading the scheme', 0);
    const program = openProgram(options.scheme);
    const explainBy = options.explain ? openScheme(options.scheme).scheme : undefined;
    progress.stage(zh ? '分组' : 'grouping', 0);
    const counts = await groupFile({
      program,
      cases: cases.path,
      out: options.out,
      explainBy,
      language,
      onProgress: (share, done) => progress.update(share, zh ? `${count(done)} 例` : `${count(done)} cases`),
    });
    progress.done();
    for (const column of counts.columnsMissing) {
      process.stderr.write(
        zh
          ? `注意：方案用到 ${column}，病例文件没有这一列，按缺失处理\n`
          : `Note: the scheme tests ${column}, which the file of cases lacks; it counts as missing\n`,
      );
    }
    if (options.quiet) return;
    const share = (value: number) => `${count(value)} (${((value / counts.cases) * 100).toFixed(1)}%)`;
    const { grouped, ambiguous, ungrouped, invalid } = counts;
    process.stdout.write(
      zh
        ? `病例 ${count(counts.cases)}：入组 ${share(grouped)}，歧义 ${share(ambiguous)}，未入组 ${share(ungrouped)}，无法分组 ${share(invalid)}\n结果已写入 ${options.out}\n`
        : `${count(counts.cases)} cases: grouped ${share(grouped)}, ambiguous ${share(ambiguous)}, ungrouped ${share(ungrouped)}, invalid ${share(invalid)}\nResults written to ${options.out}\n`,
    );
  } finally {
    cases.remove();
    progress.done();
  }
}
