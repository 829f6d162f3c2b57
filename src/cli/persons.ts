import type { Command } from 'commander';
import type { Language } from '#kernel/locale.ts';

export type PersonsImportOptions = { readonly data?: string };

export function addPersonsCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('persons')
    .description(zh ? '参保人' : 'insured persons')
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
}
