import type { ErrorDefinition } from '#kernel/errors.ts';

export const apiErrors = {
  refusedByRules: {
    code: 'api.refused-by-rules',
    exit: 3,
    message: { zh: '{reasonZh}', en: '{reasonEn}' },
    remedy: { zh: '更正后重试；没有写入任何内容', en: 'correct it and try again: nothing was written' },
  },

  invalidRequest: {
    code: 'api.invalid-request',
    exit: 3,
    message: { zh: '请求的 {field} 不对：{reason}', en: '{field} of the request is wrong: {reason}' },
    remedy: { zh: '按 /docs 的说明更正', en: 'correct it as /docs says' },
  },
  unreadableRequest: {
    code: 'api.unreadable-request',
    exit: 3,
    message: { zh: '请求无法读取：{reason}', en: 'the request cannot be read: {reason}' },
    remedy: { zh: '按 /docs 的说明更正', en: 'correct it as /docs says' },
  },
  notFound: {
    code: 'api.not-found',
    exit: 3,
    message: { zh: '没有这个地址', en: 'there is nothing at this address' },
    remedy: { zh: '地址见 /docs', en: 'see /docs for the addresses' },
  },
  tooMany: {
    code: 'api.too-many-requests',
    exit: 4,
    message: { zh: '请求过于频繁', en: 'too many requests' },
    remedy: { zh: '稍候再试', en: 'wait a little and try again' },
  },
  keyReused: {
    code: 'api.idempotency-key-reused',
    exit: 3,
    message: { zh: 'Idempotency-Key 已用于另一请求', en: 'the Idempotency-Key was used for another request' },
    remedy: { zh: '每个新请求用新的键', en: 'use a new key for every new request' },
  },
  keyInUse: {
    code: 'api.idempotency-key-in-use',
    exit: 4,
    message: { zh: '同一请求正在处理', en: 'the same request is being worked on' },
    remedy: { zh: '稍候再试，届时得到同一答复', en: 'try again in a moment: the answer will be the same' },
  },
  unknownColumn: {
    code: 'api.unknown-column',
    exit: 3,
    message: { zh: '不能按“{value}”排序', en: 'the list cannot be sorted by "{value}"' },
    remedy: { zh: '可用：{columns}', en: 'it can be sorted by {columns}' },
  },
  notPublished: {
    code: 'api.not-published',
    exit: 4,
    message: { zh: '{value} 尚未公布', en: '{value} has not been published' },
    remedy: { zh: '公布后再下载', en: 'download it once it is published' },
  },
  notYours: {
    code: 'api.not-yours',
    exit: 4,
    message: { zh: '“{value}”由 {by} 保存', en: '"{value}" was kept by {by}' },
    remedy: { zh: '由本人删除', en: 'only who kept it can delete it' },
  },
  otherDraft: {
    code: 'api.other-draft',
    exit: 3,
    message: {
      zh: '草案 {subject} 的地区与年度不能改为“{value}”',
      en: 'the draft is about {subject}: it cannot be changed to "{value}"',
    },
    remedy: { zh: '撤回后另行起草', en: 'withdraw it and make a new draft' },
  },
  noIndicators: {
    code: 'api.no-indicators',
    exit: 4,
    message: {
      zh: '结算 {value} 没有保存指标',
      en: 'settlement {value} has kept no indicators',
    },
    remedy: { zh: '重新结算该年度', en: 'settle the year again' },
  },
  contentNotNow: {
    code: 'api.content-not-now',
    exit: 4,
    message: {
      zh: '“{value}”这一步不能改内容',
      en: 'the step "{value}" cannot change what is approved',
    },
    remedy: {
      zh: '退回后由提交人修改',
      en: 'send it back: whoever prepares it changes it',
    },
  },
  internal: {
    code: 'api.internal',
    exit: 5,
    message: { zh: '服务出错', en: 'the service failed' },
    remedy: {
      zh: '稍后重试；仍然出错时把请求编号告诉管理员',
      en: 'try again later; if it still fails give the id of the request to an administrator',
    },
  },
} satisfies Record<string, ErrorDefinition>;
