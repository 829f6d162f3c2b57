import type { Command } from 'commander';
import { dateArgument, yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type SimulateCommandOptions = CodeMappingOptions & {
  readonly year: number;
  readonly set: readonly string[];
  readonly scenario: readonly string[];
  readonly scenarios?: string;
  readonly out?: string;
  readonly base?: string;
  readonly knownAt?: string;
  readonly skipBadFiles: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
};

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export function addSimulateCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const command = program
    .command('simulate')
    .description(
      zh
        ? '试算：改变参数或预算重算一个年度，与现行结果比较谁多得、谁少得、哪些组变动'
        : 'settle a year under changed parameters or budgets and compare: who gains, who loses, which groups move',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '支付年度，如 2025' : 'payment year, such as 2025',
      yearArgument('--year'),
    )
    .option(
      '--set <change>',
      zh
        ? '一处改变，写成 参数=值 或 budget.险种=金额；可写多次，合为一个方案'
        : 'one change, parameter=value or budget.<scheme>=amount; all of them make one scenario',
      collect,
      [],
    )
    .option(
      '--scenario <name:change>',
      zh
        ? '某个方案的一处改变，写成 方案名:参数=值；同名的合为一个方案'
        : 'one change of a named scenario, name:parameter=value; repeat the name for more changes',
      collect,
      [],
    )
    .option('--scenarios <file>', zh ? '写有多个方案的 YAML 文件，见下' : 'YAML file of scenarios, see below')
    .option(
      '--out <folder>',
      zh
        ? '写 simulation.html、simulation.xlsx 与各张 CSV 的文件夹：新建，或替换上次的结果'
        : 'folder for simulation.html, simulation.xlsx and the CSV tables: new, or replaced if it holds an earlier result',
    )
    .option(
      '--base <file>',
      zh
        ? '底稿（结算好的现行年度）存放的文件（默认在程序数据文件夹）'
        : 'file that keeps the base, the year settled as it is (default: in the data folder of the program)',
    )
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
    .option('--json', zh ? '在标准输出写 JSON' : 'write JSON to standard output', false)
    .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false)
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP);
  addCodeMappingOptions(command, language).action(
    async (areaFolder: string, options: SimulateCommandOptions) => {
      const { runSimulate } = await import('#cli/run-simulate.ts');
      await runSimulate(areaFolder, options, language);
    },
  );
}

const CHINESE_HELP = `
可以改的:
  政策的任何参数    deviation.high_ratio=2.5，取值与单位同政策文件；名称见
                    yibao policy explain
  预算              budget.resident（居民）、budget.employee（职工）：
                    123456789.00 新的金额（元），+1000000、-500000 增减（元），
                    +3%、-2.5% 增减百分比；精确到分，百分比四舍五入一次

第一次运行结算这一年并保存为底稿；之后只重算与改变有关的部分，几秒内得到结果。
清单、地区文件、政策或程序变了，底稿自动重建并说明原因。底稿不会被试算改动。

方案文件:
  scenarios:
    tight:
      title: {zh: 收紧高倍率, en: Tighter high outliers}
      description: {zh: 高倍率界限提前, en: High outliers begin earlier}
      set:
        deviation.high_ratio: "2.5"
        budget.resident: +3%

例:
  yibao simulate yibao-demo/area --year 2025 --set deviation.high_ratio=2.5
  yibao simulate yibao-demo/area --year 2025 --scenario 甲:budget.resident=+3%
    --scenario 乙:budget.resident=-2% --out 试算

退出码: 0 完成，2 命令写法不对，3 输入有误，4 拒绝执行，5 环境问题`;

const ENGLISH_HELP = `
What can be changed:
  any parameter of the policy   deviation.high_ratio=2.5, with the values and
                                units of a policy file; yibao policy explain
                                lists the names
  budgets                       budget.resident, budget.employee:
                                123456789.00 is a new amount in yuan, +1000000
                                or -500000 so many yuan more or less, +3% or
                                -2.5% a part; to the fen, a part rounded once

The first run settles the year and keeps it as the base; later ones do again only
what depends on the changes and answer within seconds. When lists, files of the
area, policies or the program change, the base is made anew and the reason said.
No simulation changes the base.

File of scenarios:
  scenarios:
    tight:
      title: {zh: 收紧高倍率, en: Tighter high outliers}
      description: {zh: 高倍率界限提前, en: High outliers begin earlier}
      set:
        deviation.high_ratio: "2.5"
        budget.resident: +3%

Examples:
  yibao simulate yibao-demo/area --year 2025 --set deviation.high_ratio=2.5
  yibao simulate yibao-demo/area --year 2025 --scenario more:budget.resident=+3%
    --scenario less:budget.resident=-2% --out simulation

Exit codes: 0 done, 2 wrong usage, 3 wrong input, 4 refused, 5 environment`;
