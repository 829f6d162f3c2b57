import type { AuditCommandOptions } from '#cli/audit.ts';
import { withDataStore } from '#cli/open-store.ts';
import { verifyAudit } from '#identity/index.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';

export const auditErrors = {
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
  await withDataStore(options.data, async (store) => {
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
  });
}
