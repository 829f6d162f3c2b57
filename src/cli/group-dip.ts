import type { Command } from 'commander';
import { yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type GroupDipCommandOptions = CodeMappingOptions & {
  readonly catalogue: string;
  readonly cases: string;
  readonly out: string;
  readonly profile: string;
  readonly year?: number;
  readonly operations?: string;
  readonly explain: boolean;
};

/** The options that say which catalogue and which profile, the same for every command that groups by them. */
export function addProfileOptions(command: Command, language: Language): Command {
  const zh = language === 'zh';
  return command
    .option(
      '--profile <profile>',
      zh
        ? '入组方案：方案名（dip-1.0、dip-2.0、dip-3.0-draft、dip-city-practice）、六位地区代码或地区文件夹'
        : 'grouping profile: a name (dip-1.0, dip-2.0, dip-3.0-draft, dip-city-practice), a six-digit area code or an area folder',
      'dip-3.0-draft',
    )
    .option(
      '--operations <file>',
      zh
        ? '手术操作列表：oprn_oprt_code,attribute[,grade]（代替目录自带的列表）'
        : 'list of operations: oprn_oprt_code,attribute[,grade], in place of that of the catalogue',
    );
}

export function addGroupDipCommand(group: Command, language: Language): void {
  const zh = language === 'zh';
  const command = addProfileOptions(
    group
      .command('dip')
      .description(
        zh
          ? '按病种目录为病例文件（CSV）逐例入组'
          : 'group a CSV of cases by a catalogue of DIP disease groups',
      )
      .requiredOption(
        '--catalogue <file|name>',
        zh
          ? '病种目录：CSV、XLSX 文件，或已导入的名称'
          : 'group catalogue: a CSV or XLSX file, or the name of an imported one',
      )
      .requiredOption('--cases <file>', zh ? '病例文件（CSV），列见下' : 'file of cases (CSV), columns below')
      .requiredOption('--out <file>', zh ? '结果文件（CSV）' : 'file for the result (CSV)'),
    language,
  )
    .option(
      '--year <year>',
      zh ? '按该年 1 月 1 日的政策（默认最新）' : 'policy of 1 January of that year (default: the latest)',
      yearArgument('--year'),
    )
    .option(
      '--explain',
      zh ? '另写一列，说明每例的入组过程' : 'add a column that says how each case was grouped',
      false,
    )
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP);
  addCodeMappingOptions(command, language).action(async (options: GroupDipCommandOptions) => {
    const { runGroupDip } = await import('#cli/run-group-dip.ts');
    await runGroupDip(options, language);
  });
}

const CHINESE_HELP = `
病例文件的列（也认常用的中文列名）:
  case_id,diagnoses,procedures         必需；编码用 | 分隔，主要的在前
  sex,age_years,age_days,birth_weight_g,length_of_stay,disposition,
  ipt_med_type,cost                    可省；目录或方案用到时才读
                                       ipt_med_type 为 2 的是日间手术

结果: case_id,group_code,kind,status,reason，行序与输入相同
  status  grouped 入组，blank 空白病种，ungrouped 未入组，invalid 该行的值不对
  reason  未入组的原因；invalid 时为有误的列

例: yibao group dip --catalogue 市目录.xlsx --cases 病例.csv --out 结果.csv \\
      --profile 420600`;

const ENGLISH_HELP = `
Columns of the file of cases (the usual Chinese names are known too):
  case_id,diagnoses,procedures         required; codes joined by |, the
                                       principal one first
  sex,age_years,age_days,birth_weight_g,length_of_stay,disposition,
  ipt_med_type,cost                    optional, read when catalogue or profile
                                       ask for them; ipt_med_type 2: day surgery

Result: case_id,group_code,kind,status,reason in the order of the input
  status  grouped, blank (blank group), ungrouped, invalid (a value is wrong)
  reason  why there is no group; of an invalid row the column that is wrong

Example: yibao group dip --catalogue city.xlsx --cases cases.csv \\
           --out result.csv --profile 420600`;
