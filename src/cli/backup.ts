import type { Command } from 'commander';
import type { Language } from '#kernel/locale.ts';

export type BackupCommandOptions = { readonly data?: string; readonly out: string };
export type RestoreCommandOptions = { readonly data?: string };

export function addBackupCommands(program: Command, language: Language): void {
  const zh = language === 'zh';
  const environment = zh
    ? `
环境变量:
  DATABASE_URL   服务用 PostgreSQL 时，同一地址；不设则为数据文件夹里的 PGlite`
    : `
Environment:
  DATABASE_URL   the address the service uses, where it uses PostgreSQL; without it PGlite in the data folder`;
  const dataOption = zh
    ? '数据文件夹（默认 YIBAO_DATA 或 ./yibao-data）'
    : 'data folder (default: YIBAO_DATA or ./yibao-data)';
  program
    .command('backup')
    .description(
      zh
        ? '备份服务：数据库与数据文件夹一起写入一个文件（先停止服务）'
        : 'back up the service: database and data folder together in one file (stop the service first)',
    )
    .option('--data <folder>', dataOption)
    .requiredOption('--out <file>', zh ? '备份文件，如 yibao.tar.gz' : 'file to write, such as yibao.tar.gz')
    .addHelpText('after', environment)
    .action(async (options: BackupCommandOptions) => {
      const { runBackup } = await import('#cli/run-backup.ts');
      await runBackup(options, language);
    });
  program
    .command('restore')
    .description(
      zh
        ? '从备份恢复服务：恢复到新的数据文件夹（与空的数据库）'
        : 'restore the service from a backup into a new data folder (and an empty database)',
    )
    .argument('<file>', zh ? '备份文件' : 'the backup')
    .option('--data <folder>', dataOption)
    .addHelpText('after', environment)
    .action(async (file: string, options: RestoreCommandOptions) => {
      const { runRestore } = await import('#cli/run-backup.ts');
      await runRestore(file, options, language);
    });
}
