import type { Command } from 'commander';
import { yearArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type EvaluateCommandOptions = {
  readonly year: number;
  readonly out?: string;
  readonly quality?: string;
  readonly lastYear?: string;
  readonly profile?: string;
  readonly skipBadFiles: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
};

export function addEvaluateCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('evaluate')
    .description(
      zh
        ? '评价一年：CMI、消耗指数、变异系数、再住院、负担、结余等指标，按机构、病种、月份，与上年和同级机构比较'
        : 'evaluate a year: CMI, consumption indices, CV, readmission, burden, surplus …, by institution, group and month, beside last year and the peers',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '支付年度，如 2025' : 'payment year, such as 2025',
      yearArgument('--year'),
    )
    .option(
      '--out <folder>',
      zh
        ? '写结果：CSV、evaluation.html、evaluation.xlsx'
        : 'write results: CSV files, evaluation.html, evaluation.xlsx',
    )
    .option(
      '--quality <folder>',
      zh
        ? 'yibao check 的结果文件夹：质控合格率、得分'
        : 'a result folder of yibao check: clean lists and scores',
    )
    .option(
      '--last-year <folder>',
      zh
        ? '上一年 settle 的结果文件夹：点值年度变化'
        : 'the result folder of settle for the year before: its point values',
    )
    .option('--profile <name>', zh ? '换用的支付方案' : 'settle under this profile instead')
    .option(
      '--skip-bad-files',
      zh
        ? '跳过无法读取的文件（不加此项：报错并停止）'
        : 'go on without files that cannot be read (otherwise: report them and stop)',
      false,
    )
    .option('--json', zh ? '在标准输出写 JSON' : 'print area, institutions and alerts as JSON', false)
    .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false)
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP)
    .action(async (areaFolder: string, options: EvaluateCommandOptions) => {
      const { runEvaluate } = await import('#cli/run-evaluate.ts');
      await runEvaluate(areaFolder, options, language);
    });
}

const CHINESE_HELP = `
结算这一年，再算指标；结算结果不变。指标、公式、依据与可靠程度见 definitions.csv。

可省的文件（地区文件夹中）:
  case_charges.csv      setl_id 和下列任意几列，元，空格为未知：own_pay 个人自费、
                        self_pay 个人自付、outside_insurance 医保目录外费用、
                        medical_service 医疗服务收入、drug 药品费、consumable 耗材费、
                        surgery_grade 最高手术等级（0 没有手术，1 至 4）
  insured_persons.csv   year,insutype,persons 参保人数
缺少的列：有关指标为“不适用”，写明需要哪一列，从不写 0。

结果文件（--out）:
  indicators.csv 全地区、险种、级别、机构，group_indicators.csv 病种，逐月与全年；
  peers.csv 机构在同级中的位置，alerts.csv 超过提示线的指标，signals.csv 值得查看的
  病例，definitions.csv 指标定义，evaluation.html 图表，evaluation.xlsx

门槛都是参数（evaluation.*），没有一个是全国规定：
  yibao policy explain evaluation.low_standard_ratio --area 880100 --date 2025-01-01

例: yibao evaluate 我的地区 --year 2025 --out 评价

信号和提示只说明该看什么，不是违规结论。`;

const ENGLISH_HELP = `
Settles the year and makes indicators of it; the settlement itself does not change. Formulas,
sources and how sure they are: definitions.csv.

Optional files (in the area folder):
  case_charges.csv      setl_id and any of these columns, in yuan, an empty cell is
                        unknown: own_pay (fully self-paid), self_pay (within the
                        scope), outside_insurance, medical_service, drug,
                        consumable; surgery_grade (0 none, 1 to 4 the highest)
  insured_persons.csv   year,insutype,persons
Without a column the indicators that need it are "not applicable" and say which; never 0.

Result files (--out):
  indicators.csv (area, schemes, levels, institutions) and group_indicators.csv, by
  month and year; peers.csv (place among the institutions of a level), alerts.csv,
  signals.csv (cases to look at), definitions.csv, evaluation.html, evaluation.xlsx

Every threshold is a parameter (evaluation.*); none is a national rule:
  yibao policy explain evaluation.low_standard_ratio --area 880100 --date 2025-01-01

Example: yibao evaluate my-area --year 2025 --out evaluation

Signals and alerts say what to look at; they are no findings.`;
