import type { Command } from 'commander';
import { choiceArgument, integerArgument, yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type CheckCommandOptions = CodeMappingOptions & {
  readonly year?: number;
  readonly month?: number;
  readonly out?: string;
  readonly institution?: string;
  readonly settlement?: string;
  readonly json: boolean;
  readonly failOn?: 'error' | 'warning' | 'notice';
  readonly list: boolean;
  readonly explain?: string;
  readonly workbooks: boolean;
  readonly skipBadFiles: boolean;
  readonly quiet: boolean;
};

export function addCheckCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const command = program
    .command('check')
    .description(
      zh
        ? '检查结算清单的质量：逐条规则给出合格、不合格、不适用，机构得分、排名与逐月变化'
        : 'check the quality of settlement lists: passed, failed or not applicable for each check; scores, ranks and trends of institutions',
    )
    .argument(
      zh ? '[地区文件夹]' : '[area-folder]',
      zh
        ? '含 area.yaml，以及 national_form/（国家清单）或 settlement_lists/'
        : 'holds area.yaml, and national_form/ (the national form) or settlement_lists/',
    )
    .option(
      '--year <year>',
      zh ? '只查该年出院的清单' : 'only lists discharged in this year',
      yearArgument('--year'),
    )
    .option(
      '--month <n>',
      zh ? '只查该月（1 到 12，与 --year 同用）' : 'only this month, 1 to 12, with --year',
      integerArgument('--month', 1, 12),
    )
    .option('--institution <code>', zh ? '只查这家机构的清单' : 'only lists of this institution')
    .option(
      '--out <folder>',
      zh ? '写结果：CSV、report.html、workbooks/' : 'write results: CSV files, report.html, workbooks/',
    )
    .option(
      '--settlement <folder>',
      zh
        ? 'settle 的结果文件夹，用其中的分组结果（cases.csv）'
        : 'a result folder of settle, for its grouping results (cases.csv)',
    )
    .option('--json', zh ? '在标准输出写 JSON 摘要' : 'print the summary as JSON', false)
    .option(
      '--fail-on <level>',
      zh
        ? '有该级别以上的问题时退出码为 4：error、warning 或 notice'
        : 'exit with 4 when there are findings of this level or above: error, warning or notice',
      choiceArgument('--fail-on', ['error', 'warning', 'notice']),
    )
    .option('--list', zh ? '列出全部规则及依据' : 'list all checks with their sources', false)
    .option('--explain <id>', zh ? '说明一条规则，如 Q001' : 'explain one check, such as Q001')
    .option('--no-workbooks', zh ? '不写 XLSX 工作簿' : 'leave out the XLSX workbooks')
    .option(
      '--skip-bad-files',
      zh
        ? '跳过无法读取的文件（不加此项：报错并停止）'
        : 'go on without files that cannot be read (otherwise: report them and stop)',
      false,
    )
    .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false);
  addCodeMappingOptions(command, language)
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP)
    .action(async (areaFolder: string | undefined, options: CheckCommandOptions) => {
      const { runCheck } = await import('#cli/run-check.ts');
      await runCheck(areaFolder, options, language);
    });
}

const CHINESE_HELP = `
清单:
  national_form/           每个节点一个 CSV 或 Parquet：setlinfo（必需）、payinfo、
                           diseinfo、iteminfo、oprninfo、icuinfo、bldinfo、
                           opspdiseinfo，以 setl_id 相连；或 4101/4101A 的 JSON
  settlement_lists/        没有 national_form/ 时检查它；有时作为结算记录核对
  未提供的字段：相关规则为“不适用”，不算不合格

可省的表:
  diagnosis_codes.csv、procedure_codes.csv   编码库：code,name,valid_from,valid_to,
                           principal（0 不能作主要诊断）、day_surgery（1 日间）
  area.yaml 的 code_sets   或用已导入的编码集（yibao codes import），按日期
  code_lists.csv           本地代码表：list,code
  grouping.csv             分组结果：setl_id,kind
  quality.yaml             本地的级别、参数、启用，按日期，写明依据

结果文件（--out）:
  findings.csv 逐条问题（文件、行、字段、值、原因、处理），check_summary.csv 各规则的结论，
  check_institution.csv 按机构和月份，institution_score.csv 得分与名次，
  institution_trend.csv 逐月得分，refused.csv 读不出来的记录，report.html 图表，
  workbooks/ 每家机构一份 XLSX

例: yibao check 我的地区 --year 2025 --month 3 --out 质控
    yibao check --list
    yibao check --explain Q066

检查从不改动清单。发现问题不是错误：退出码 0 完成，2 命令写法不对，3 输入有误，
4 拒绝执行或达到 --fail-on，5 环境问题`;

const ENGLISH_HELP = `
Lists:
  national_form/           one CSV or Parquet per node: setlinfo (required), payinfo,
                           diseinfo, iteminfo, oprninfo, icuinfo, bldinfo,
                           opspdiseinfo, joined by setl_id; or JSON of 4101/4101A
  settlement_lists/        checked when there is no national_form/, else the record
                           of what was settled
  A field that is not supplied makes a check not applicable, never failed

Optional tables:
  diagnosis_codes.csv, procedure_codes.csv   catalogues: code,name,valid_from,
                           valid_to, principal (0: never one), day_surgery (1)
  code_sets of area.yaml   or imported code sets (yibao codes import), by date
  code_lists.csv           local code lists: list,code
  grouping.csv             grouping results: setl_id,kind
  quality.yaml             local levels, thresholds and switches, by date, sourced

Result files (--out):
  findings.csv (file, row, field, value, reason, remedy), check_summary.csv,
  check_institution.csv (by institution and month), institution_score.csv,
  institution_trend.csv, refused.csv (records that could not be read), report.html
  and workbooks/ with one XLSX per institution

Examples: yibao check my-area --year 2025 --month 3 --out quality
          yibao check --list
          yibao check --explain Q066

A check never changes a list. Findings are no error: exit code 0 done, 2 wrong
usage, 3 wrong input, 4 refused or --fail-on reached, 5 environment`;
