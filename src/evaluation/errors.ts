import type { ErrorDefinition } from '#kernel/errors.ts';

export const evaluationErrors = {
  notAResult: {
    code: 'evaluation.not-a-result',
    exit: 3,
    message: {
      zh: '{folder} 不是 {command} 的结果文件夹：没有 {needed}',
      en: '{folder} is no result folder of {command}: {needed} is missing',
    },
    remedy: {
      zh: '先运行 {command}，再把它的 --out 文件夹写在这里',
      en: 'run {command} first and name its --out folder here',
    },
  },
  wrongYear: {
    code: 'evaluation.wrong-year',
    exit: 3,
    message: {
      zh: '这是 {found} 的结果，需要 {expected} 的结果',
      en: 'these are results of {found}, those of {expected} are needed',
    },
    remedy: { zh: '换成对应地区和年度的结果文件夹', en: 'name the result folder of that area and year' },
  },
  factsNotKept: {
    code: 'evaluation.facts-not-kept',
    exit: 5,
    message: {
      zh: '这次结算没有留下病例的住院天数与人员编号，不能评价',
      en: 'this settlement has not kept the stays and persons of its cases and cannot be evaluated',
    },
    remedy: { zh: '结算时设 keepFacts', en: 'settle with keepFacts' },
  },
} satisfies Record<string, ErrorDefinition>;
