import type { Command } from 'commander';
import type { Language } from '#kernel/locale.ts';

export type AuditCommandOptions = { readonly data?: string };

export function addAuditCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('audit')
    .description(zh ? '服务的审计日志' : 'the audit log of the service')
    .command('verify')
    .description(
      zh
        ? '逐条核对审计日志的 SM3 链：缺失、改动的条目都会被发现；使用 PGlite 时先停止服务'
        : 'check the SM3 chain of the audit log, entry by entry: a missing or changed one is found; with PGlite, stop the service first',
    )
    .option(
      '--data <folder>',
      zh
        ? '数据文件夹（默认 YIBAO_DATA 或 ./yibao-data）'
        : 'data folder (default: YIBAO_DATA or ./yibao-data)',
    )
    .action(async (options: AuditCommandOptions) => {
      const { runAuditVerify } = await import('#cli/run-audit.ts');
      await runAuditVerify(options, language);
    });
}
