import type { Text } from '#kernel/locale.ts';

/** Officially 提示、警告、错误 come in many names; these three are ours, the heaviest first. */
export const LEVELS = ['error', 'warning', 'notice'] as const;
export type Level = (typeof LEVELS)[number];

export const LEVEL_TITLES: Readonly<Record<Level, Text>> = {
  error: { zh: '错误', en: 'error' },
  warning: { zh: '警告', en: 'warning' },
  notice: { zh: '提示', en: 'notice' },
};

export const DIMENSIONS = {
  timeliness: { zh: '及时性', en: 'Timeliness' },
  completeness: { zh: '完整性', en: 'Completeness' },
  validity: { zh: '有效性', en: 'Validity' },
  dates: { zh: '逻辑性-日期', en: 'Logic: dates' },
  sex: { zh: '性别', en: 'Sex' },
  age: { zh: '年龄', en: 'Age' },
  diagnosis: { zh: '诊断', en: 'Diagnoses' },
  'diagnosis-procedure': { zh: '诊断-手术', en: 'Diagnosis and procedure' },
  procedure: { zh: '手术', en: 'Procedures' },
  fees: { zh: '费用', en: 'Fees' },
  'fees-diagnosis': { zh: '费用-诊断', en: 'Fees and diagnosis' },
  consistency: { zh: '一致性', en: 'Consistency' },
  grouping: { zh: '入组', en: 'Grouping' },
  upcoding: { zh: '编码高套', en: 'Upcoding' },
  repetition: { zh: '重复', en: 'Repetition' },
  'split-stay': { zh: '分解住院', en: 'Split stays' },
  'day-surgery': { zh: '日间', en: 'Day surgery' },
  'bed-day': { zh: '床日', en: 'Bed days' },
  tcm: { zh: '中医', en: 'Chinese medicine' },
  'tcm-groups': { zh: '中医优势', en: 'TCM-favoured groups' },
} as const satisfies Record<string, Text>;
export type Dimension = keyof typeof DIMENSIONS;

/** Where a rule comes from: read in a document, seen in practice, known from experience, derived, our own. */
export const EVIDENCE = ['confirmed', 'practice', 'memory', 'derived', 'design'] as const;
export type Evidence = (typeof EVIDENCE)[number];

export const EVIDENCE_TITLES: Readonly<Record<Evidence, Text>> = {
  confirmed: { zh: '文件载明', en: 'stated in the document' },
  practice: { zh: '各地做法', en: 'practice of cities' },
  memory: { zh: '经验，未见原文', en: 'known from practice, text not seen' },
  derived: { zh: '由规则推导', en: 'derived from a rule' },
  design: { zh: '本项目设计', en: 'design of this project' },
};

export type CheckBasis = {
  /** an id of policies/documents.yaml, or of the file that changes the check */
  readonly document: string;
  readonly documentTitle: Text;
  readonly article: string | null;
  readonly evidence: readonly Evidence[];
};

/** One place of a check's condition: a field, a code range, or both, in a role its type knows. */
export type Term = {
  readonly role: string;
  /** terms of one role that stand for one thing share a number */
  readonly number: number;
  readonly node: string | null;
  readonly field: string | null;
  /** only for files of this form */
  readonly form: '4101' | '4101A' | null;
  readonly op: Op | null;
  readonly texts: readonly string[];
  /** for at_least, at_most, below and ranges: × 100 as the parsed number is */
  readonly low2: bigint | null;
  readonly high2: bigint | null;
  readonly step2: bigint | null;
  readonly what: string | null;
  readonly list: string | null;
  readonly separator: string | null;
  readonly pattern: string | null;
  readonly codeFrom: string | null;
  readonly codeTo: string | null;
};

export const OPS = ['filled', 'absent', 'in', 'not_in', 'at_least', 'at_most', 'below', 'above'] as const;
export type Op = (typeof OPS)[number];

/** What holds for a check from a day on. */
export type CheckValues = {
  readonly from: Temporal.PlainDate;
  readonly level: Level;
  readonly returned: boolean;
  readonly enabled: boolean;
  readonly thresholds: Readonly<Record<string, bigint>>;
  readonly basis: CheckBasis;
  /** 'product', a policy file or the area folder */
  readonly layer: string;
};

export type CheckType = {
  readonly name: string;
  readonly title: Text;
  /** What the check does, in a sentence or two. */
  readonly explanation: Text;
  readonly reason: Text;
  readonly remedy: Text;
  readonly roles: readonly string[];
  readonly thresholds: readonly string[];
  /** `node.field` that the SQL reads beside the terms */
  readonly needs: readonly string[];
  /** whether one supplied field is enough, as for a list of required fields */
  readonly needsAny: boolean;
  /** a table of the area the SQL cannot do without */
  readonly reference: string | null;
  readonly parameters: readonly string[];
};

export type Check = {
  readonly id: string;
  /** the rule of the validation catalogue it is a part of */
  readonly rule: string;
  readonly type: CheckType;
  readonly title: Text;
  readonly reason: Text;
  readonly remedy: Text;
  readonly dimension: Dimension;
  readonly terms: readonly Term[];
  /** words of the check for its SQL, such as which catalogue */
  readonly parameters: Readonly<Record<string, string>>;
  readonly needs: readonly string[];
  readonly reference: string | null;
  /** from the first day on, ascending */
  readonly values: readonly CheckValues[];
  readonly file: string;
  readonly line: number;
};

/** A rule that cannot be computed from what an area folder holds, and why. */
export type NotComputable = {
  readonly rule: string;
  readonly title: Text;
  readonly dimension: Dimension;
  readonly level: Level;
  readonly reason: Text;
};
