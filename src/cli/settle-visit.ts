import type { Command } from 'commander';
import { dateArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type SettleVisitOptions = {
  readonly policy?: readonly string[];
  readonly area?: string;
  readonly visit: string;
  readonly person?: string;
  readonly catalogue?: string;
  readonly knownAt?: string;
  readonly json: boolean;
};

export function addSettleVisitCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('settle-visit')
    .description(
      zh
        ? '待遇结算：一次就诊由谁支付多少，每一步的依据'
        : 'settle the benefits of a visit: who pays how much, and why, step by step',
    )
    .option(
      '--policy <file>',
      zh ? '政策文件，可写几个，后写的优先' : 'policy file; several may be given, the later ones nearer',
      (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
    )
    .option(
      '--area <area>',
      zh
        ? '用这个统筹地区的政策（六位代码或地区文件夹）'
        : 'use the policies of this area (six-digit code or area folder)',
    )
    .requiredOption(
      '--visit <file>',
      zh ? '就诊文件（YAML 或 JSON）' : 'file of the visit or visits (YAML or JSON)',
    )
    .option(
      '--person <file>',
      zh ? '参保人文件；也可写在就诊文件的 person 下' : 'file of the person; or `person` in the visit file',
    )
    .option(
      '--catalogue <file>',
      zh ? '目录 CSV：甲乙丙、限价、先行自付' : 'catalogue CSV: classes, ceilings, prior self-pay',
    )
    .option(
      '--known-at <date>',
      zh ? '只用该日（YYYY-MM-DD）以前登记的政策' : 'use the policies recorded by that day (YYYY-MM-DD)',
      dateArgument('--known-at'),
    )
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP)
    .action(async (options: SettleVisitOptions) => {
      const { runSettleVisit } = await import('#cli/run-settle-visit.ts');
      runSettleVisit(options, language);
    });
}

const CHINESE_HELP = `
就诊文件:
  date: 2025-03-02          结算日
  care: inpatient           医疗类别（outpatient、chronic、inpatient …）
  level: "3"                医疗机构等级
  amounts: { total: "20000", own: "500", prior: "300" }
                            或 lines: [{ amount, class, prior_ratio … }]
  person: { scheme: resident, identities: [subsistence] }
几次就诊写 visits: [ … ]，依次结算，累计自动接续。

政策文件怎样写、全部参数: docs/guides/write-a-benefit-policy.md
计算的次序与公式: docs/domain/benefits.md

例:
  yibao settle-visit --policy 我市.yaml --visit 就诊.yaml
  yibao settle-visit --area 990100 --visit 就诊.yaml --json`;

const ENGLISH_HELP = `
The visit file:
  date: 2025-03-02          day of the settlement
  care: inpatient           care type (outpatient, chronic, inpatient …)
  level: "3"                level of the institution
  amounts: { total: "20000", own: "500", prior: "300" }
                            or lines: [{ amount, class, prior_ratio … }]
  person: { scheme: resident, identities: [subsistence] }
Several visits are written visits: [ … ]; they are settled one after another.

How to write a policy, and every parameter: docs/guides/write-a-benefit-policy.md
Order of calculation and formulas: docs/domain/benefits.md

Examples:
  yibao settle-visit --policy my-city.yaml --visit visit.yaml
  yibao settle-visit --area 990100 --visit visit.yaml --json`;
