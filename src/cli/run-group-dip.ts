import type { GroupDipCommandOptions } from '#cli/group-dip.ts';
import { mapCases } from '#cli/map-cases.ts';
import { policyOfProfile } from '#cli/profile-policy.ts';
import { Engine } from '#engine/duckdb.ts';
import {
  explanationLine,
  groupCaseFile,
  groupingProfile,
  openCatalogue,
  readsTheBill,
} from '#grouping/dip/index.ts';
import { renderProblem } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';

/** Codes named in a note. */
const CODES_SHOWN_MAX = 5;

/** Groups a file of cases; a summary goes to stdout, notes to stderr. */
export async function runGroupDip(options: GroupDipCommandOptions, language: Language): Promise<void> {
  const zh = language === 'zh';
  const profile = groupingProfile(policyOfProfile(options.profile, options.year));
  const catalogue = await openCatalogue(options.catalogue, options.operations);
  const progress = createProgress();
  const cases = await mapCases(options, language);
  const engine = await Engine.open();
  try {
    progress.stage(zh ? '分组' : 'grouping', 0.1);
    const result = await groupCaseFile(engine, {
      catalogue,
      profile,
      cases: cases.path,
      out: options.out,
      ...(options.explain ? { explain: (grouping) => explanationLine(grouping, language) } : {}),
      onShare: (share) => progress.update(0.1 + share * 0.8),
    });
    progress.done();
    const count = (status: string) => result.statuses[status] ?? 0;
    process.stdout.write(
      zh
        ? `病例 ${result.cases} 例（不同的输入 ${result.signatures} 种）：入组 ${count('grouped')}，空白病种 ${count('blank')}，未入组 ${count('ungrouped')}，有误 ${count('invalid')}。结果已写入 ${options.out}\n`
        : `${result.cases} cases (${result.signatures} distinct inputs): ${count('grouped')} grouped, ${count('blank')} blank group, ${count('ungrouped')} ungrouped, ${count('invalid')} invalid. Result written to ${options.out}\n`,
    );
    const note = (text: string) => process.stderr.write(`${zh ? '注意：' : 'Note: '}${text}\n`);
    for (const problem of result.invalid) note(renderProblem(problem, language));
    const more = count('invalid') - result.invalid.length;
    if (more > 0) note(zh ? `另有 ${more} 例有误` : `${more} more invalid cases`);
    const unknown = result.unknownOperations;
    if (unknown.length > 0) {
      const shown = unknown.slice(0, CODES_SHOWN_MAX).join(zh ? '、' : ', ');
      note(
        zh
          ? `手术操作列表中没有、因此不计入的编码 ${unknown.length} 个：${shown}${unknown.length > CODES_SHOWN_MAX ? ' 等' : ''}`
          : `operation codes not counted because the list of operations lacks them (${unknown.length}): ${shown}${unknown.length > CODES_SHOWN_MAX ? ' …' : ''}`,
      );
    }
    if (catalogue.operations === undefined) {
      note(
        zh
          ? '没有手术操作列表：每个编码都计入，综合病种的类别（1–4）只对没有手术操作的病例可知；用 --operations 给出'
          : 'there is no list of operations: every code counts, and the class of comprehensive groups is known of cases without operations only; give one with --operations',
      );
    }
    if (readsTheBill(profile)) {
      note(
        zh
          ? '方案含 nearest-cost：多个病种时由账单决定入组，有被利用的风险'
          : 'the profile has nearest-cost: between several groups the bill decides, which invites gaming',
      );
    }
  } finally {
    cases.remove();
    progress.done();
    engine.close();
  }
}
