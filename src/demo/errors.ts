import type { ErrorDefinition } from '#kernel/errors.ts';

export const DEMO_LISTS_OUT_OF_RANGE: ErrorDefinition = {
  code: 'demo.lists-out-of-range',
  exit: 2,
  message: {
    zh: '演示数据的清单数 {value} 不在 {least} 到 {most} 之间',
    en: 'the number of demo lists {value} is not between {least} and {most}',
  },
  remedy: { zh: '用 --lists 给出范围内的整数', en: 'give --lists a whole number in that range' },
};

export const DEMO_SEED_INVALID: ErrorDefinition = {
  code: 'demo.seed-invalid',
  exit: 2,
  message: {
    zh: '随机种子 {value} 不是 0 到 9007199254740991 之间的整数',
    en: 'the seed {value} is not a whole number from 0 to 9007199254740991',
  },
  remedy: { zh: '用 --seed 给出非负整数', en: 'give --seed a whole number that is not negative' },
};

export const DEMO_YEAR_INVALID: ErrorDefinition = {
  code: 'demo.year-invalid',
  exit: 2,
  message: {
    zh: '付费年度 {value} 不是 2004 到 2099 之间的整数',
    en: 'the payment year {value} is not a whole number from 2004 to 2099',
  },
  remedy: { zh: '用 --year 给出四位年份', en: 'give --year a year of four digits' },
};

export const DEMO_FOLDER_IN_USE: ErrorDefinition = {
  code: 'demo.folder-in-use',
  exit: 4,
  message: {
    zh: '文件夹 {file} 里有别的内容，演示数据不会覆盖它',
    en: 'the folder {file} holds something else, which the demo will not overwrite',
  },
  remedy: {
    zh: '换一个空文件夹，或者自己清空它',
    en: 'name an empty folder, or empty this one yourself',
  },
};
