import type { Command } from 'commander';
import { choiceArgument, dateArgument, yearArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type ReviewOptions = {
  readonly year: number;
  readonly out?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly skipBadFiles: boolean;
  readonly knownAt?: string;
};
export type ReviewPanelOptions = ReviewOptions & {
  readonly date?: string;
  readonly seed?: string;
  readonly appeal: boolean;
  readonly verify: boolean;
};
export type ReviewPublishOptions = ReviewOptions & { readonly by: 'month' | 'quarter' | 'year' };

/** `yibao review …`: special cases, from the quota to the publication. */
export function addReviewCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const review = program
    .command('review')
    .description(
      zh
        ? '特例单议：上限、申请、专家组、表决与公布'
        : 'special-case review: quota, applications, panels, decisions, publication',
    )
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP);

  const add = (name: string, description: string, out: string, help: string): Command =>
    review
      .command(name)
      .description(description)
      .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
      .requiredOption(
        '--year <year>',
        zh ? '支付年度，如 2025' : 'payment year, such as 2025',
        yearArgument('--year'),
      )
      .option('--out <folder>', out)
      .option('--json', zh ? '输出 JSON' : 'print JSON', false)
      .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false)
      .option(
        '--skip-bad-files',
        zh ? '跳过无法读取的清单文件' : 'go on without list files that cannot be read',
        false,
      )
      .option(
        '--known-at <date>',
        zh ? '只用该日（YYYY-MM-DD）以前登记的政策' : 'use the policies recorded by that day (YYYY-MM-DD)',
        dateArgument('--known-at'),
      )
      .addHelpText('after', help);

  add(
    'quota',
    zh
      ? '本年度可通过多少例，special_cases.csv 已用多少例'
      : 'how many cases may pass in the year, and how many special_cases.csv uses',
    zh ? '写 quota.csv、quota.xlsx 的文件夹' : 'folder for quota.csv and quota.xlsx',
    zh
      ? '\n例: yibao review quota yibao-demo/area --year 2025'
      : '\nExample: yibao review quota yibao-demo/area --year 2025',
  ).action(async (area: string, options: ReviewOptions) => {
    const { runReviewQuota } = await import('#cli/run-review.ts');
    await runReviewQuota(area, options, language);
  });

  add(
    'check',
    zh
      ? '逐例核对申请：情形、倍数、期限、证据文件'
      : 'examine each application: ground, ratio, time limit, evidence files',
    zh
      ? '写 applications.csv、evidence.csv、check.xlsx 的文件夹'
      : 'folder for applications.csv, evidence.csv and check.xlsx',
    zh
      ? '\n例: yibao review check 我的地区 --year 2025 --out 核对'
      : '\nExample: yibao review check my-area --year 2025 --out checked',
  ).action(async (area: string, options: ReviewOptions) => {
    const { runReviewCheck } = await import('#cli/run-review.ts');
    await runReviewCheck(area, options, language);
  });

  add(
    'panel',
    zh
      ? '为符合条件、还没有专家组的申请抽取专家组；或重抽核对已有的'
      : 'draw a panel for each eligible application that has none, or draw those on file again and compare',
    zh
      ? '写 special_case_panels.csv、panels_refused.csv、panel.xlsx 的文件夹'
      : 'folder for special_case_panels.csv, panels_refused.csv and panel.xlsx',
    zh ? CHINESE_PANEL_HELP : ENGLISH_PANEL_HELP,
  )
    .option(
      '--date <date>',
      zh ? '抽取日期（YYYY-MM-DD）' : 'day of the drawing (YYYY-MM-DD)',
      dateArgument('--date'),
    )
    .option(
      '--seed <text>',
      zh ? '种子：任何事先公开的文字，如开奖号码' : 'any text made public before, such as lottery numbers',
    )
    .option(
      '--appeal',
      zh ? '为争议抽取第二个专家组，与第一个不重复' : 'second panels for appeals, disjoint from the first',
      false,
    )
    .option('--verify', zh ? '重抽已有的专家组并核对' : 'draw the panels on file again and compare', false)
    .action(async (area: string, options: ReviewPanelOptions) => {
      const { runReviewPanel } = await import('#cli/run-review.ts');
      await runReviewPanel(area, options, language);
    });

  add(
    'decide',
    zh
      ? '由投票得出各例的结果，写 special_cases.csv 供结算使用'
      : 'count the votes and write special_cases.csv for settle',
    zh
      ? '写 special_cases.csv、decisions.csv、decisions.xlsx 的文件夹'
      : 'folder for special_cases.csv, decisions.csv and decisions.xlsx',
    zh
      ? '\n例: yibao review decide 我的地区 --year 2025 --out 评审结果\n把其中的 special_cases.csv 放进地区文件夹，再运行 settle。'
      : '\nExample: yibao review decide my-area --year 2025 --out decided\nPut its special_cases.csv into the area folder and run settle.',
  ).action(async (area: string, options: ReviewOptions) => {
    const { runReviewDecide } = await import('#cli/run-review.ts');
    await runReviewDecide(area, options, language);
  });

  add(
    'publish',
    zh
      ? '按时期和机构汇总供公布的数字，认不出患者'
      : 'figures to publish by period and institution, in which nobody can be told',
    zh ? '写 publication.csv、publication.xlsx 的文件夹' : 'folder for publication.csv and publication.xlsx',
    zh
      ? '\n例: yibao review publish 我的地区 --year 2025 --by quarter --out 公布\n同一年度只公布一种时期，否则可由两份数字相减。'
      : '\nExample: yibao review publish my-area --year 2025 --by quarter --out public\nPublish a year by one kind of period only: two could be subtracted.',
  )
    .option(
      '--by <period>',
      zh ? '时期：month 月，quarter 季，year 年' : 'period: month, quarter or year',
      choiceArgument('--by', ['month', 'quarter', 'year']),
      'quarter',
    )
    .action(async (area: string, options: ReviewPublishOptions) => {
      const { runReviewPublish } = await import('#cli/run-review.ts');
      await runReviewPublish(area, options, language);
    });
}

const CHINESE_HELP = `
顺序: quota → check → panel → 投票 → decide → settle → publish

地区文件夹中的文件（都可省，格式见 docs/domain/review.md）:
  special_case_applications.csv  申请
  special_case_evidence/         申请所附的证据文件
  experts.csv                    专家名册
  expert_conflicts.csv           申报的利害关系
  special_case_panels.csv        抽出的专家组
  special_case_votes.csv         投票
  special_case_appeals.csv       争议
  special_cases.csv              结果，供 settle 使用`;

const ENGLISH_HELP = `
In this order: quota → check → panel → votes → decide → settle → publish

Files of the area folder, each optional (format: docs/domain/review.md):
  special_case_applications.csv  applications
  special_case_evidence/         the evidence files they name
  experts.csv                    register of experts
  expert_conflicts.csv           conflicts of interest they declared
  special_case_panels.csv        panels that were drawn
  special_case_votes.csv         votes
  special_case_appeals.csv       appeals
  special_cases.csv              what was decided, for settle`;

const CHINESE_PANEL_HELP = `
抽取由种子、日期、结算ID和专家编号的哈希排序决定，任何人都能重算。
把写出的 special_case_panels.csv 放进地区文件夹，它包含以前抽出的各行。
有申请抽不出合法的专家组，或核对不一致时，退出码为 4。

例:
  yibao review panel 我的地区 --year 2025 --date 2025-04-10 --seed 12 --out 抽
  yibao review panel 我的地区 --year 2025 --verify`;

const ENGLISH_PANEL_HELP = `
The draw is the order of hashes of seed, date, setl_id and expert code: anyone
can work it out again. Put the special_case_panels.csv it writes into the area
folder; it holds the earlier rows too. Exit code 4 when an application has no
lawful panel, or when a panel on file is not as drawn.

Examples:
  yibao review panel area --year 2025 --date 2025-04-10 --seed 1234 --out drawn
  yibao review panel area --year 2025 --verify`;
