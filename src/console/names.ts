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

export const SCHEME_NAME: Readonly<Record<string, Text>> = {
  '310': { zh: '职工医保', en: 'Employees' },
  '390': { zh: '居民医保', en: 'Residents' },
};

export const LEVEL_NAME: Readonly<Record<number, Text>> = {
  1: { zh: '一级', en: 'Level 1' },
  2: { zh: '二级', en: 'Level 2' },
  3: { zh: '三级', en: 'Level 3' },
};

export const KIND_NAME: Readonly<Record<string, Text>> = {
  core: { zh: '核心病种', en: 'Core' },
  comprehensive: { zh: '综合病种', en: 'Comprehensive' },
  ungrouped: { zh: '未入组', en: 'Ungrouped' },
  drg: { zh: 'DRG 组', en: 'DRG' },
  ambiguous: { zh: '歧义组', en: 'Ambiguous' },
  primary_care: { zh: '基层病种', en: 'Primary care' },
  tcm: { zh: '中医优势病种', en: 'TCM' },
  day_surgery: { zh: '日间手术', en: 'Day surgery' },
};

export const DEVIATION_NAME: Readonly<Record<string, Text>> = {
  low: { zh: '低倍率', en: 'Low' },
  normal: { zh: '正常', en: 'Normal' },
  high: { zh: '高倍率', en: 'High' },
  extreme: { zh: '极高', en: 'Extreme' },
};

export const COEFFICIENT_NAME: Readonly<Record<string, Text>> = {
  'primary-care': { zh: '基层病种，各级同分', en: 'primary-care group: the same at all levels' },
  level: { zh: '按机构级别', en: 'by level of the institution' },
  composite: { zh: '按机构综合系数', en: 'composite coefficient of the institution' },
  disease: { zh: '按病种与级别', en: 'by group and level' },
  'no-history': { zh: '没有历史，取基准', en: 'no history: the base' },
};

export const CLEARING_STEP_NAME: Readonly<Record<string, Text>> = {
  'point-value': { zh: '点值', en: 'point value' },
  'area-balance': { zh: '区域结余与超支分担', en: 'surplus or deficit of the area' },
  bands: { zh: '机构结余留用与合理超支分担', en: 'retained surplus and shared overspend' },
  assessment: { zh: '考核', en: 'assessment' },
  audit: { zh: '审核扣减', en: 'audit withholding' },
  deposit: { zh: '质量保证金返还', en: 'return of the quality deposit' },
  'adjustment-fund': { zh: '调剂金', en: 'adjustment fund' },
};

export const APPROVAL_NAME: Readonly<Record<string, Text>> = {
  month: { zh: '月度结算', en: 'Month' },
  clearing: { zh: '年度清算', en: 'Clearing' },
  policy: { zh: '政策', en: 'Policy' },
  special_case: { zh: '特病单议', en: 'Special case' },
  appeal: { zh: '申诉', en: 'Appeal' },
};

export const STATE_NAME: Readonly<Record<string, Text>> = {
  draft: { zh: '草稿', en: 'draft' },
  prepared: { zh: '已提交', en: 'prepared' },
  checked: { zh: '已复核', en: 'checked' },
  approved: { zh: '已批准', en: 'approved' },
  published: { zh: '已公布', en: 'published' },
  paid: { zh: '已拨付', en: 'paid' },
  returned: { zh: '已退回', en: 'sent back' },
  reversed: { zh: '已撤销', en: 'reversed' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  applied: { zh: '已申请', en: 'applied' },
  assigned: { zh: '已受理', en: 'assigned' },
  decided: { zh: '已决定', en: 'decided' },
  confirmed: { zh: '已确认', en: 'confirmed' },
  filed: { zh: '已申诉', en: 'filed' },
  answered: { zh: '已答复', en: 'answered' },
  closed: { zh: '已办结', en: 'closed' },
};

/** A name, or the code itself where there is none. */
export const nameOf = (names: Readonly<Record<string, Text>>, code: string | null | undefined): Text => {
  const text = code === null || code === undefined ? '–' : code;
  return names[text] ?? { zh: text, en: text };
};

/** The units of parameters, as the policy's registry names them. */
export const UNIT_NAME: Readonly<Record<string, Text>> = {
  cases: { zh: '例', en: 'cases' },
  points: { zh: '分', en: 'points' },
  coefficient: { zh: '系数', en: 'coefficient' },
  ratio: { zh: '比例', en: 'ratio' },
  days: { zh: '天', en: 'days' },
  months: { zh: '个月', en: 'months' },
  yuan: { zh: '元', en: 'yuan' },
  choice: { zh: '选项', en: 'choice' },
};

export const VOTE_NAME: Readonly<Record<string, Text>> = {
  pass: { zh: '同意', en: 'pass' },
  reject: { zh: '不同意', en: 'reject' },
  abstain: { zh: '弃权', en: 'abstain' },
};

/** How a special case is paid, or that it is not. */
export const DECISION_NAME: Readonly<Record<string, Text>> = {
  cost: { zh: '按项目付费', en: 'by its cost' },
  amount: { zh: '按金额', en: 'an amount' },
  points: { zh: '调整分值', en: 'adjusted points' },
  rejected: { zh: '不予通过', en: 'rejected' },
};
