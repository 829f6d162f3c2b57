import type { ErrorDefinition } from '#kernel/errors.ts';

/** What can be wrong with the definition of auxiliary types and the data they need. */
export const typingErrors = {
  unknownDefinition: {
    code: 'typing.unknown-definition',
    exit: 3,
    message: {
      zh: '找不到分型定义“{value}”',
      en: 'there is no definition of types "{value}"',
    },
    remedy: {
      zh: '在 typing.types 写 {known} 之一，或地区文件夹中一个 YAML 文件的名称',
      en: 'name one of {known} in typing.types, or a YAML file of the area folder',
    },
  },
  notYaml: {
    code: 'typing.not-yaml',
    exit: 3,
    message: { zh: 'YAML 写法有误：{reason}', en: 'not YAML: {reason}' },
    remedy: {
      zh: '改正该行；格式见 docs/domain/dip.md#typing',
      en: 'correct the line; the format is in docs/domain/dip.md#typing',
    },
  },
  badDefinition: {
    code: 'typing.bad-definition',
    exit: 3,
    message: { zh: '这里应为{expected}', en: 'here must be {expectedEn}' },
    remedy: {
      zh: '改正后重新运行；格式见 docs/domain/dip.md#typing',
      en: 'correct it and run again; the format is in docs/domain/dip.md#typing',
    },
  },
  listMissing: {
    code: 'typing.list-missing',
    exit: 3,
    message: {
      zh: '分型用到诊断名单“{value}”，但哪里都没有写',
      en: 'the types use the list of diagnoses "{value}", which is written nowhere',
    },
    remedy: {
      zh: '在地区文件夹的 diagnosis_lists.csv 写这个名单（list,code,weight,unless_principal），或写在分型定义的 lists 里',
      en: 'write the list in diagnosis_lists.csv of the area folder (list,code,weight,unless_principal), or under lists in the definition',
    },
  },
} satisfies Record<string, ErrorDefinition>;
