import type { ErrorDefinition } from '#kernel/errors.ts';

export const approvalErrors = {
  unknown: {
    code: 'approval.unknown',
    exit: 3,
    message: { zh: '没有这个审批事项', en: 'there is no such approval' },
    remedy: { zh: '从列表中打开', en: 'open it from its list' },
  },
  openAlready: {
    code: 'approval.open-already',
    exit: 4,
    message: { zh: '该事项已在办理', en: 'this subject already has an open approval' },
    remedy: { zh: '在已有的事项上继续办理', en: 'go on with the open one' },
  },
  noSuchAction: {
    code: 'approval.no-such-action',
    exit: 3,
    message: { zh: '没有这个操作', en: 'there is no such action' },
    remedy: { zh: '用事项页面上列出的操作', en: 'use an action that the page of the approval lists' },
  },
  notAllowed: {
    code: 'approval.not-allowed',
    exit: 4,
    message: { zh: '您的角色不能“{titleZh}”', en: 'your role may not: {titleEn}' },
    remedy: { zh: '请有权限的同事办理', en: 'ask a colleague whose role may' },
  },
  notNow: {
    code: 'approval.not-now',
    exit: 4,
    message: {
      zh: '现在的状态是 {state}，“{titleZh}”只能在 {from} 之后进行',
      en: 'the state is {state}; "{titleEn}" follows {from}',
    },
    remedy: { zh: '刷新页面，看别人是否已经办理', en: 'reload the page: somebody may have gone ahead' },
  },
  sameEyes: {
    code: 'approval.same-eyes',
    exit: 4,
    message: {
      zh: '您本人做了上一步（{earlier}），“{titleZh}”须由他人办理',
      en: 'you took an earlier step ({earlier}) yourself: "{titleEn}" needs another person',
    },
    remedy: { zh: '请另一位同事办理', en: 'ask a colleague' },
  },
  newRunNeeded: {
    code: 'approval.new-run-needed',
    exit: 4,
    message: {
      zh: '{subject} 已撤销，结算 {value} 不能再次公布',
      en: '{subject} was reversed: settlement {value} cannot be published again',
    },
    remedy: {
      zh: '重新结算该年度，用新的结算提交',
      en: 'settle the year again and prepare the new settlement',
    },
  },
  reasonMissing: {
    code: 'approval.reason-missing',
    exit: 3,
    message: { zh: '“{titleZh}”必须写明理由', en: '"{titleEn}" needs a reason' },
    remedy: { zh: '填写理由', en: 'write the reason' },
  },
} satisfies Record<string, ErrorDefinition>;
