import type { Text } from './preferences.tsx';

/** The roles of the permissions table, as people call them. */
export const ROLE_NAME: Readonly<Record<string, Text>> = {
  clerk: { zh: '经办人员', en: 'Agency clerk' },
  reviewer: { zh: '经办复核', en: 'Agency reviewer' },
  head: { zh: '经办负责人', en: 'Agency head' },
  hospital: { zh: '医疗机构医保办', en: 'Hospital insurance office' },
  expert: { zh: '评审专家', en: 'Expert' },
  bureau: { zh: '医保局（只读）', en: 'Bureau (read only)' },
  administrator: { zh: '系统管理员', en: 'Administrator' },
};
