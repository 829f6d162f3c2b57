import type { Command } from 'commander';
import { dateArgument, yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type SettleCommandOptions = CodeMappingOptions & {
  readonly year: number;
  readonly out: string;
  readonly skipBadFiles: boolean;
  readonly report: boolean;
  readonly workbooks: boolean;
  readonly cliffs: boolean;
  readonly knownAt?: string;
  readonly quiet: boolean;
};

export function addSettleCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const command = program
    .command('settle')
    .description(
      zh
        ? '结算一个地区的一个支付年度（DIP 或 DRG）：从结算清单到目录与分值或权重、点值、月预结算和年度清算'
        : 'settle one payment year of an area (DIP or DRG): from settlement lists to groups and scores or weights, point values, monthly settlement and annual clearing',
    )
    .argument(
      zh ? '<地区文件夹>' : '<area-folder>',
      zh
        ? '含 area.yaml、institutions.csv、settlement_lists/ 等，见下'
        : 'holds area.yaml, institutions.csv, settlement_lists/ and so on, see below',
    )
    .requiredOption(
      '--year <year>',
      zh ? '支付年度，如 2025' : 'payment year, such as 2025',
      yearArgument('--year'),
    )
    .requiredOption(
      '--out <folder>',
      zh
        ? '结果文件夹：新建，或替换上次的结果'
        : 'folder for the results: new, or replaced if it holds an earlier result',
    )
    .option(
      '--skip-bad-files',
      zh
        ? '跳过无法读取的清单文件（不加此项：报错并停止）'
        : 'go on without list files that cannot be read (otherwise: report them and stop)',
      false,
    )
    .option('--report', zh ? '另写 report.html（图表报告）' : 'also write report.html, with charts', false)
    .option(
      '--workbooks',
      zh
        ? '另写 workbooks/：经办机构一份、每家医疗机构一份 XLSX'
        : 'also write workbooks/: one XLSX for the agency and one per institution',
      false,
    )
    .option(
      '--cliffs',
      zh
        ? '另写 cliff_cases.csv：费用刚过低倍率、高倍率或极高倍率断崖的病例，供监管查看'
        : 'also write cliff_cases.csv: cases whose cost lies just above a jump of the points, for supervisors',
      false,
    )
    .option(
      '--known-at <date>',
      zh
        ? '只用该日（YYYY-MM-DD）以前登记的政策，重现过去的结果'
        : 'use the policies recorded by that day (YYYY-MM-DD), to reproduce an earlier result',
      dateArgument('--known-at'),
    )
    .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false)
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP);
  addCodeMappingOptions(command, language).action(
    async (areaFolder: string, options: SettleCommandOptions) => {
      const { runSettle } = await import('#cli/run-settle.ts');
      await runSettle(areaFolder, options, language);
    },
  );
}

const CHINESE_HELP = `
地区文件夹:
  area.yaml                统筹地区代码、名称、支付方案，可另写参数
  institutions.csv         fixmedins_code,name,level（级别 1、2、3）
  procedures.csv           oprn_oprt_code,attribute（surgery、intervention、
                           therapeutic、diagnostic、minor 之一）
  budget.csv               year,insutype,budget（元）
  settlement_lists/        结算清单，含支付年度及前三年：CSV、Parquet、XLSX 或
                           4101A JSON
  primary_care_groups.csv  可省：基层病种，列 group_code
  institution_year.csv     可省：year,fixmedins_code,insutype,
                           assessment_coefficient,audit_deduction,advance_paid
  code_names.csv           可省：诊断与手术操作的名称，列 code,name
  score_adjustments.csv    可省：专家调整的分值，列 group_code,score,factor,
                           reason（score、factor 填一个）
  institution_coefficients.csv
                           可省：系数的各部分，列 fixmedins_code,component,
                           value,source
  diagnosis_lists.csv      可省：辅助分型的诊断名单，列 list,code,weight,
                           unless_principal
  case_details.csv         可省：setl_id,icu_days,treatment_fee,drug_fee
  weights.csv              可省：公布的权重或分值，group_code,weight[,level]
  另有 special_cases.csv、add_ons.csv、excluded_items.csv、bed_days.csv、
  tcm_groups.csv 等，各列见 docs/domain/drg-payment.md
  预算、月结算与清算的文件 可省：budget_plan.yaml、negotiation.yaml、
                           month_deductions.csv、month_locks.csv 等，见
                           docs/domain/clearing.md
  床日、按人头、按项目、医共体总额的文件  可省：见 yibao parts --help
  编码是另一个版本时，在 area.yaml 写 code_mapping，或用 --map-diagnoses、
  --map-procedures 指明映射表（yibao codes import），另写 code_mapping.csv

结果文件:
  groups.csv 病种目录、coefficients.csv 级别系数、cases.csv 每份清单的分值、
  point_values.csv 点值、monthly.csv 月预结算、clearing.csv 年度清算、
  residual.csv 留存、refused.csv 拒收的清单、manifest.json 运行清单；
  所选做法另有的：institution_coefficients.csv、disease_coefficients.csv、
  adjusted_scores.csv、type_coefficients.csv、case_types.csv
  有病例调整时 adjustments.csv，有除外项目时 paid_apart.csv

例: yibao settle 我的地区 --year 2025 --out 结果 --report --workbooks

退出码: 0 完成，2 命令写法不对，3 输入有误，4 拒绝执行，5 环境问题`;

const ENGLISH_HELP = `
Area folder:
  area.yaml                code and name of the area, profile, own parameters
  institutions.csv         fixmedins_code,name,level (level 1, 2 or 3)
  procedures.csv           oprn_oprt_code,attribute (surgery, intervention,
                           therapeutic, diagnostic or minor)
  budget.csv               year,insutype,budget (yuan)
  settlement_lists/        lists of the payment year and the three before it:
                           CSV, Parquet, XLSX or 4101A JSON
  primary_care_groups.csv  optional: primary-care groups, column group_code
  institution_year.csv     optional: year,fixmedins_code,insutype,
                           assessment_coefficient,audit_deduction,advance_paid
  code_names.csv           optional: code,name of diagnoses and procedures
  score_adjustments.csv    optional: scores that experts decided,
                           group_code,score,factor,reason (one of score, factor)
  institution_coefficients.csv
                           optional: parts of coefficients,
                           fixmedins_code,component,value,source
  diagnosis_lists.csv      optional: lists of diagnoses for auxiliary types,
                           list,code,weight,unless_principal
  case_details.csv         optional: setl_id,icu_days,treatment_fee,drug_fee
  weights.csv              optional: published weights or scores,
                           group_code,weight[,level]
  and special_cases.csv, add_ons.csv, excluded_items.csv, bed_days.csv,
  tcm_groups.csv and so on: docs/domain/drg-payment.md has their columns
  files of the clearing    optional: budget_plan.yaml, negotiation.yaml,
                           month_deductions.csv, month_locks.csv and others, see
                           docs/domain/clearing.md
  files of bed-days, capitation, fee for service and medical communities,
  optional: see yibao parts --help
  Codes of another version: name mapping tables (yibao codes import) under
  code_mapping in area.yaml or with --map-diagnoses and --map-procedures;
  code_mapping.csv then says what became of each code

Result files:
  groups.csv (catalogue), coefficients.csv, cases.csv (points of each list),
  point_values.csv, monthly.csv, clearing.csv, residual.csv, refused.csv (lists
  refused) and manifest.json (what was settled with what); where the policy has
  the step, institution_coefficients.csv, disease_coefficients.csv,
  adjusted_scores.csv, type_coefficients.csv and case_types.csv; adjustments.csv
  where single cases are adjusted, paid_apart.csv where items are excluded

Example: yibao settle my-area --year 2025 --out result --report --workbooks

Exit codes: 0 done, 2 wrong usage, 3 wrong input, 4 refused, 5 environment`;
