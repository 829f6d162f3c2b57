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
  applicantOfItem: {
    code: 'enrolment.applicant-of-item',
    exit: 3,
    message: {
      zh: '事项 {value} 的申请人不对：个人事项属于一个参保人，单位与机构事项写名称',
      en: 'the applicant does not fit item {value}: items of persons belong to a person, others name a unit or institution',
    },
    remedy: {
      zh: '选择参保人，或填写单位、机构名称',
      en: 'choose the person, or name the unit or institution',
    },
  },
  requestNotOpen: {
    code: 'enrolment.request-not-open',
    exit: 4,
    message: { zh: '办件 {value} 不存在或已办结', en: 'request {value} does not exist or has ended' },
    remedy: { zh: '核对办件编号与状态', en: 'check its number and state' },
  },
  requestNotRated: {
    code: 'enrolment.request-not-rated',
    exit: 4,
    message: {
      zh: '办件 {value} 不能评价：不是您的、尚未办结，或已评价',
      en: 'request {value} cannot be rated: it is not yours, has not ended, or was rated',
    },
    remedy: { zh: '办结后评价一次', en: 'rate it once, after it has ended' },
  },
  noSuchItem: {
    code: 'enrolment.no-such-item',
    exit: 3,
    message: { zh: '没有服务事项 {value}', en: 'there is no service item {value}' },
    remedy: { zh: '从事项清单中选择', en: 'choose one of the list' },
  },
} satisfies Record<string, ErrorDefinition>;
