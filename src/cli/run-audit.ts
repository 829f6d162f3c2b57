import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AuditCommandOptions } from '#cli/audit.ts';
import { lockData } from '#engine/postgres/lock.ts';
import { openStore } from '#engine/postgres/store.ts';
import { verifyAudit } from '#identity/index.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';

export const auditErrors = {
  noStore: {
    code: 'audit.no-store',
    exit: 3,
    message: { zh: '这里没有服务的数据', en: 'there is no data of the service here' },
    remedy: {
      zh: '用 --data 指定 yibao serve 的数据文件夹',
      en: 'name the data folder of yibao serve with --data',
    },
  },
  broken: {
    code: 'audit.broken',
    exit: 4,
    message: { zh: '审计日志第 {number} 条{reasonZh}', en: 'entry {number} of the audit log {reasonEn}' },
    remedy: {
      zh: '与备份对照，查明谁改动了数据库',
      en: 'compare with a backup and find out who changed the store',
    },
  },
} satisfies Record<string, ErrorDefinition>;

const REASONS = {
  missing: { zh: '缺失', en: 'is missing' },
  changed: { zh: '被改动', en: 'was changed' },
  unchained: { zh: '与前一条不相连', en: 'does not follow the one before it' },
} as const;

/** Prints the number of entries and the last hash; throws audit.broken for a log that is not whole. */
export async function runAuditVerify(options: AuditCommandOptions, language: Language): Promise<void> {
  const url = process.env.DATABASE_URL;
  const dataFolder = resolve(options.data ?? process.env.YIBAO_DATA ?? 'yibao-data');
  const folder = join(dataFolder, 'postgres');
  if (!url && !existsSync(folder)) throw new YibaoError({ definition: auditErrors.noStore, file: folder });
  // a server lets many read; PGlite belongs to one process
  const lock = url ? undefined : await lockData(dataFolder, undefined);
  const store = await openStore(url ? { url } : { folder });
  try {
    const verdict = await verifyAudit(store);
    if (!verdict.isWhole) {
      const reason = REASONS[verdict.reason];
      throw new YibaoError({
        definition: auditErrors.broken,
        parameters: { number: verdict.number, reasonZh: reason.zh, reasonEn: reason.en },
      });
    }
    process.stdout.write(
      language === 'zh'
        ? `审计日志完整：${verdict.entries} 条，末条链值 ${verdict.hash}\n`
        : `the audit log is whole: ${verdict.entries} entries, last hash ${verdict.hash}\n`,
    );
  } finally {
    await store.destroy();
    await lock?.release();
  }
}
