import type { Command } from 'commander';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type GroupDrgOptions = CodeMappingOptions & {
  readonly scheme: string;
  readonly cases: string;
  readonly out: string;
  readonly explain: boolean;
  readonly quiet: boolean;
};

export function addGroupDrgCommand(group: Command, language: Language): void {
  const zh = language === 'zh';
  const command = group
    .command('drg')
    .description(zh ? '按 DRG 分组方案给病例分组' : 'group cases by a DRG scheme')
    .requiredOption(
      '--scheme <scheme>',
      zh
        ? '方案文件夹，或方案名称（yibao drg list 列出）'
        : 'folder of a scheme, or its name (yibao drg list shows them)',
    )
    .requiredOption('--cases <file>', zh ? '病例 CSV 文件，见下' : 'CSV file of the cases, see below')
    .requiredOption(
      '--out <file>',
      zh
        ? '结果文件，每例一行；以 .jsonl 结尾则写 JSON'
        : 'file for the results, one line per case; JSON lines if it ends with .jsonl',
    )
    .option(
      '--explain',
      zh
        ? '每例另写由哪些步骤、哪些编码决定（较慢）'
        : 'also write for each case the steps and codes that decided (slower)',
      false,
    )
    .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false)
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP);
  addCodeMappingOptions(command, language).action(async (options: GroupDrgOptions) => {
    const { runGroupDrg } = await import('#cli/run-group-drg.ts');
    await runGroupDrg(options, language);
  });
}

const CHINESE_HELP = `
病例文件（UTF-8 或 GB18030，首行为列名，顺序不限，其他列不读）:
  case_id          唯一编号
  sex              1 男，2 女；0、9 或空为未知
  age_years        年龄（岁）
  age_days         不足一岁的日龄
  birth_weight_g   出生体重（克）
  length_of_stay   住院天数
  disposition      离院方式，如 1、2、5
  diagnoses        诊断编码，| 分隔，主要诊断在前
  procedures       手术操作编码，| 分隔，主要手术在前
  icu_hours、department、inpatient_type
                          可省，方案用到时才读

结果: case_id,mdc,adrg,drg,status,reason，行的顺序不变
  status   grouped 入组，ambiguous 歧义，ungrouped 未入组（drg 为 0000），
           invalid 数据无法分组（reason 说明原因）

例: yibao group drg --scheme drg-teaching --cases 病例.csv --out 结果.csv --explain`;

const ENGLISH_HELP = `
File of cases (UTF-8 or GB18030, header line, any order, other columns not read):
  case_id          identifies the case
  sex              1 male, 2 female; 0, 9 or nothing: not known
  age_years        age in years
  age_days         age in days of a child below one year
  birth_weight_g   birth weight in grams
  length_of_stay   days in hospital
  disposition      how the patient left, such as 1, 2 or 5
  diagnoses        codes joined by |, principal first
  procedures       codes joined by |, principal first
  icu_hours, department, inpatient_type
                          optional, read where the scheme tests them

Result: case_id,mdc,adrg,drg,status,reason, lines in the same order
  status   grouped, ambiguous, ungrouped (drg is 0000), or invalid: the data
           cannot be grouped (reason says why)

Example: yibao group drg --scheme drg-teaching --cases cases.csv --out result.csv --explain`;
