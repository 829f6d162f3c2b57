import { resolve } from 'node:path';
import type { BackupCommandOptions, RestoreCommandOptions } from '#cli/backup.ts';
import { readVersion } from '#cli/version.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';
import { type BackupPlace, type BackupSummary, restoreBackup, writeBackup } from '#workflow/backup.ts';

const placeOf = (data: string | undefined, language: Language): BackupPlace => ({
  dataFolder: resolve(data ?? process.env.YIBAO_DATA ?? 'yibao-data'),
  databaseUrl: process.env.DATABASE_URL || undefined,
  progress: createProgress(),
  language,
});

const counts = ({ tables, rows, files }: BackupSummary, zh: boolean): string =>
  zh ? `${tables} 张表 ${rows} 行，${files} 个文件` : `${tables} tables with ${rows} rows, ${files} files`;

export async function runBackup(options: BackupCommandOptions, language: Language): Promise<void> {
  const place = placeOf(options.data, language);
  const file = resolve(options.out);
  try {
    const summary = await writeBackup(file, readVersion(), place);
    place.progress.done();
    const zh = language === 'zh';
    process.stdout.write(
      `${zh ? `已备份到 ${file}：${counts(summary, zh)}` : `backed up to ${file}: ${counts(summary, zh)}`}\n`,
    );
  } finally {
    place.progress.done();
  }
}

export async function runRestore(
  file: string,
  options: RestoreCommandOptions,
  language: Language,
): Promise<void> {
  const place = placeOf(options.data, language);
  try {
    const summary = await restoreBackup(resolve(file), place);
    place.progress.done();
    const zh = language === 'zh';
    process.stdout.write(
      zh
        ? `已恢复到 ${place.dataFolder}：${counts(summary, zh)}。用户须重新登录\n`
        : `restored to ${place.dataFolder}: ${counts(summary, zh)}. Users have to sign in again\n`,
    );
  } finally {
    place.progress.done();
  }
}
