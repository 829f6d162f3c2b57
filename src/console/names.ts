import { UNIT_TITLES } from '#api/contract/words.ts';
import type { Text } from './preferences.tsx';

export { DEVIATION_NAME, KIND_NAME, LEVEL_NAME, SCHEME_NAME } from '#api/contract/words.ts';

/** The units of parameters. */
export const UNIT_NAME: Readonly<Record<string, Text>> = UNIT_TITLES;

/** The roles of the permissions table, as people call them. */
export const ROLE_NAME: Readonly<Record<string, Text>> = {
  clerk: { zh: '经办人员', en: 'Agency clerk' },
  reviewer: { zh: '经办复核', en: 'Agency reviewer' },
  head: { zh: '经办负责人', en: 'Agency head' },
  hospital: { zh: '医疗机构医保办', en: 'Hospital insurance office' },
  expert: { zh: '评审专家', en: 'Expert' },
  bureau: { zh: '医保局（只读）', en: 'Bureau (read only)' },
  administrator: { zh: '系统管理员', en: 'Administrator' },
  person: { zh: '参保人', en: 'Insured person' },
};

export const APPROVAL_NAME: Readonly<Record<string, Text>> = {
  month: { zh: '月度结算', en: 'Month' },
  clearing: { zh: '年度清算', en: 'Clearing' },
  policy: { zh: '政策', en: 'Policy' },
  special_case: { zh: '特病单议', en: 'Special case' },
  appeal: { zh: '申诉', en: 'Appeal' },
  reimbursement: { zh: '零星报销', en: 'Reimbursement' },
  items: { zh: '目录变更', en: 'List of items' },
  refund: { zh: '居民缴费退费', en: 'Refund' },
  deemed: { zh: '视同缴费年限', en: 'Deemed years' },
  retirement: { zh: '退休', en: 'Retirement' },
  closing_of_year: { zh: '年度结转', en: 'Closing of a year' },
  merge: { zh: '档案合并', en: 'Merge of files' },
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
  refused: { zh: '不予办理', en: 'refused' },
  applied: { zh: '已申请', en: 'applied' },
  assigned: { zh: '已受理', en: 'assigned' },
  decided: { zh: '已决定', en: 'decided' },
  confirmed: { zh: '已确认', en: 'confirmed' },
  filed: { zh: '已申诉', en: 'filed' },
  answered: { zh: '已答复', en: 'answered' },
  closed: { zh: '已办结', en: 'closed' },
  settled: { zh: '已结算', en: 'settled' },
  appealed: { zh: '有争议', en: 'appealed' },
  'appeal-assigned': { zh: '争议评审中', en: 'appeal with a panel' },
  'appeal-decided': { zh: '争议已决定', en: 'appeal decided' },
  'appeal-confirmed': { zh: '争议决定已确认', en: 'appeal confirmed' },
  'appeal-published': { zh: '争议结果已公布', en: 'appeal published' },
};

/** A name, or the code itself where there is none. */
export const nameOf = (names: Readonly<Record<string, Text>>, code: string | null | undefined): Text => {
  const text = code === null || code === undefined ? '–' : code;
  return names[text] ?? { zh: text, en: text };
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
