import type { Command } from 'commander';
import type { Language } from '#kernel/locale.ts';

export type PersonsImportOptions = { readonly data?: string };
export type LandOptions = PersonsImportOptions & { readonly department?: string };
export type ReviewOptions = PersonsImportOptions & {
  readonly decide?: string;
  readonly person?: string;
  readonly reason?: string;
  readonly login?: string;
};

export function addPersonsCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const persons = program.command('persons').description(zh ? '参保人' : 'insured persons');
  persons
    .command('import')
    .description(
      zh
        ? '导入参保人 CSV：证件相符的归入原档案，拿不准的进入复核队列，不自动合并；有错则一行也不导入'
        : 'import persons from a CSV: a certificate that is known links, what is doubtful goes to the review queue and is never merged by itself; with any error nothing is imported',
    )
    .argument('<file>', zh ? '参保人 CSV' : 'persons CSV')
    .option(
      '--data <folder>',
      zh
        ? '数据文件夹（默认 YIBAO_DATA 或 ./yibao-data）'
        : 'data folder (default: YIBAO_DATA or ./yibao-data)',
    )
    .addHelpText(
      'after',
      zh
        ? `
列（前六列必填）:
  name,certno,insutype,psn_type,begndate,insuplc_admdvs
  psn_no,psn_cert_type,gend,naty,brdy,enddate,psn_insu_stas,waiting_until,emp_name,cvlserv_flag,
  continuous_years,identities,account_balance,family_owner
  identities 如 2303:2025-01-01/2025-12-31;2308:2024-03-01；family_owner 是共济账户所有人的身份证号。
  一人参加两个险种写两行。使用 PGlite 时先停止服务。`
        : `
Columns (the first six are needed):
  name,certno,insutype,psn_type,begndate,insuplc_admdvs
  psn_no,psn_cert_type,gend,naty,brdy,enddate,psn_insu_stas,waiting_until,emp_name,cvlserv_flag,
  continuous_years,identities,account_balance,family_owner
  identities such as 2303:2025-01-01/2025-12-31;2308:2024-03-01; family_owner: identity number of whose account may pay.
  A person in two schemes has two rows. With PGlite, stop the service first.`,
    )
    .action(async (file: string, options: PersonsImportOptions) => {
      const { runPersonsImport } = await import('#cli/run-persons.ts');
      await runPersonsImport(file, options, language);
    });

  const dataOption = [
    '--data <folder>',
    zh
      ? '数据文件夹（默认 YIBAO_DATA 或 ./yibao-data）'
      : 'data folder (default: YIBAO_DATA or ./yibao-data)',
  ] as const;
  persons
    .command('land')
    .description(
      zh
        ? '导入部门文件：原样保存，逐行归入档案或进入复核队列；不写 --department 时列出部门及其列'
        : 'land a file of a department: kept as it is, each row linked or put into the review queue; without --department lists the departments and their columns',
    )
    .argument('[file]', zh ? 'CSV（UTF-8、GB18030）或 XLSX' : 'CSV (UTF-8, GB18030) or XLSX')
    .option('--department <name>', zh ? '部门' : 'the department')
    .option(...dataOption)
    .action(async (file: string | undefined, options: LandOptions) => {
      const { runPersonsLand } = await import('#cli/run-persons.ts');
      await runPersonsLand(file, options, language);
    });
  persons
    .command('review')
    .description(
      zh
        ? '复核队列：不写编号时列出待决定的行；写编号时逐字段说明候选档案的权重；写 --decide 时作出决定'
        : 'the review queue: without a number the rows that wait; with one its candidates, weights field by field; with --decide a decision',
    )
    .argument('[number]', zh ? '行的编号' : 'number of the row')
    .option(
      '--decide <decision>',
      zh ? 'link 归入档案、new 新建档案、reject 不采用' : 'link to a person, new person, or reject',
    )
    .option('--person <psn_no>', zh ? '归入的人员编号' : 'number of the person to link to')
    .option('--reason <text>', zh ? '理由' : 'the reason')
    .option('--login <name>', zh ? '决定人：有复核权限的用户' : 'who decides: a user who may')
    .option(...dataOption)
    .action(async (number: string | undefined, options: ReviewOptions) => {
      const { runPersonsReview } = await import('#cli/run-persons.ts');
      await runPersonsReview(number, options, language);
    });
}
