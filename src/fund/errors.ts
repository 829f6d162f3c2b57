import type { ErrorDefinition } from '#kernel/errors.ts';

export const fundErrors = {
  notWhole: {
    code: 'fund.not-whole',
    exit: 4,
    message: { zh: '{zh}', en: '{en}' },
    remedy: {
      zh: '与备份对照，查明谁改动了数据库',
      en: 'compare with a backup and find out who changed the store',
    },
  },
} satisfies Record<string, ErrorDefinition>;
