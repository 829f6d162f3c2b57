import type { Command } from 'commander';
import { dateArgument, yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type PartsCommandOptions = CodeMappingOptions & {
  readonly year: number;
  readonly json: boolean;
  readonly skipBadFiles: boolean;
  readonly knownAt?: string;
};

export function addPartsCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const command = program
    .command('parts')
    .description(
      zh
        ? '多元付费：床日、按人头、按项目、医共体总额怎样折成点数，预算怎样在各部分与住院之间分'
        : 'bed-days, capitation, fee for service and medical communities: how they become points and how the budget is split',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '支付年度，如 2025' : 'payment year, such as 2025',
      yearArgument('--year'),
    )
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .option(
      '--skip-bad-files',
      zh
        ? '跳过无法读取的清单文件（不加此项：报错并停止）'
        : 'go on without list files that cannot be read (otherwise: report them and stop)',
      false,
    )
    .option(
      '--known-at <date>',
      zh ? '只用该日（YYYY-MM-DD）以前登记的政策' : 'use the policies recorded by that day (YYYY-MM-DD)',
      dateArgument('--known-at'),
    )
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP);
  addCodeMappingOptions(command, language).action(
    async (areaFolder: string, options: PartsCommandOptions) => {
      const { runParts } = await import('#cli/run-parts.ts');
      await runParts(areaFolder, options, language);
    },
  );
}

const CHINESE_HELP = `
政策（area.yaml 的 overrides 或政策文件）启用 parts.reference 和各部分后，地区文件夹里写:
  床日     bed_day_classes.csv    year,class,category,diagnosis,
                                  fixmedins_code,minimum_stay
           bed_day_rates.csv      year,class,category,levels,first_day,yuan_per_day
  按人头   capitation.csv         year,insutype,fixmedins_code,class,people
           capitation_rates.csv   year,insutype,class,per_capita,risk_factor
  按项目   fee_for_service.csv    year,insutype,fixmedins_code,item,amount,
                                  fund_amount
  医共体   medical_communities.csv  year,insutype,community,fixmedins_code,role
           community_budgets.csv  year,insutype,community,people,per_capita,
                                  last_year_fund,major_illness,out_of_area,
                                  in_county_spending,out_of_county_spending,
                                  reasonable_deficit
           community_scores.csv   year,community,indicator,weight,score
格式与公式见 docs/domain/parts.md

yibao settle 另写 parts.csv、part_budgets.csv、part_lists.csv

例: yibao parts 我的地区 --year 2025`;

const ENGLISH_HELP = `
Once the policy (overrides in area.yaml, or a policy file) turns on
parts.reference and the parts, the area folder holds:
  bed-day     bed_day_classes.csv    year,class,category,diagnosis,
                                     fixmedins_code,minimum_stay
              bed_day_rates.csv      year,class,category,levels,first_day,
                                     yuan_per_day
  capitation  capitation.csv         year,insutype,fixmedins_code,class,people
              capitation_rates.csv   year,insutype,class,per_capita,risk_factor
  fee for service  fee_for_service.csv  year,insutype,fixmedins_code,item,amount,
                                     fund_amount
  community   medical_communities.csv  year,insutype,community,fixmedins_code,role
              community_budgets.csv  year,insutype,community,people,per_capita,
                                     last_year_fund,major_illness,out_of_area,
                                     in_county_spending,out_of_county_spending,
                                     reasonable_deficit
              community_scores.csv   year,community,indicator,weight,score
Formats and formulas: docs/domain/parts.md

yibao settle also writes parts.csv, part_budgets.csv and part_lists.csv

Example: yibao parts my-area --year 2025`;
