import type { ErrorDefinition } from '#kernel/errors.ts';

export const enrolmentErrors = {
  wrongCell: {
    code: 'enrolment.wrong-cell',
    exit: 3,
    message: { zh: '应为{expectedZh}', en: 'must be {expectedEn}' },
    remedy: {
      zh: '改正后重新导入；这个文件一行也没有导入',
      en: 'correct it and import again: nothing of this file was imported',
    },
  },
  noSuchPerson: {
    code: 'enrolment.no-such-person',
    exit: 3,
    message: { zh: '没有人员编号 {value}', en: 'nobody has the number {value}' },
    remedy: { zh: '核对人员编号', en: 'check the number' },
  },
} satisfies Record<string, ErrorDefinition>;
