import type { Text } from '#kernel/locale.ts';
import type { DocumentStatus } from '#policy/documents.ts';
import type { Basis, LayerName } from '#policy/layer.ts';

/** The units of parameters. */
export const UNIT_TITLES = {
  cases: { zh: '例', en: 'cases' },
  points: { zh: '分', en: 'points' },
  weights: { zh: '权重', en: 'weights' },
  coefficient: { zh: '系数', en: 'coefficient' },
  ratio: { zh: '比例', en: 'ratio' },
  characters: { zh: '字符', en: 'characters' },
  class: { zh: '类别号', en: 'class number' },
  days: { zh: '天', en: 'days' },
  month: { zh: '月份', en: 'month' },
  months: { zh: '个月', en: 'months' },
  score: { zh: '考核得分', en: 'assessment score' },
  persons: { zh: '人', en: 'persons' },
  files: { zh: '份', en: 'files' },
  yuan: { zh: '元', en: 'yuan' },
  years: { zh: '岁', en: 'years of age' },
  choice: { zh: '选项', en: 'choice' },
  steps: { zh: '步骤', en: 'steps' },
  name: { zh: '名称', en: 'name' },
  codes: { zh: '编码', en: 'codes' },
  count: { zh: '次数、年数', en: 'number' },
} as const satisfies Readonly<Record<string, Text>>;

export type Unit = keyof typeof UNIT_TITLES;

/** What the layers are called. */
export const LAYER_TITLES: Readonly<Record<LayerName, Text>> = {
  national: { zh: '国家', en: 'national' },
  province: { zh: '省', en: 'province' },
  city: { zh: '市', en: 'city' },
  area: { zh: '统筹地区', en: 'area folder' },
  scenario: { zh: '假设', en: 'hypothetical' },
};

/** What a document is. */
export const STATUS_TITLES: Readonly<Record<DocumentStatus, Text>> = {
  official: { zh: '正式', en: 'official' },
  abolished: { zh: '已废止', en: 'abolished' },
  draft: { zh: '征求意见稿', en: 'draft for comment' },
  profile: { zh: '本项目方案', en: 'project profile' },
  local: { zh: '地方文件', en: 'local document' },
  invented: { zh: '虚构', en: 'invented' },
};

/** How well a value is founded. */
export const BASIS_TITLES: Readonly<Record<Basis, Text>> = {
  confirmed: { zh: '文件载明', en: 'stands in the document' },
  practice: { zh: '各地实践', en: 'practice of cities' },
  profile: { zh: '本方案的选择', en: 'choice of this profile' },
};

/** In which cases a resident's contribution may be given back. */
export const REFUND_CASE_TITLES = {
  'both-schemes': { zh: '职工与居民重复参保', en: 'insured in both schemes' },
  twice: { zh: '同一年度重复缴费', en: 'paid twice for a year' },
  elsewhere: { zh: '异地重复参保', en: 'insured in another area too' },
  dead: { zh: '死亡', en: 'death' },
} as const satisfies Readonly<Record<string, Text>>;

/** With whom of the family an account may be shared: what the one who uses it is to its owner. */
export const FAMILY_RELATIONS = {
  spouse: { zh: '配偶', en: 'spouse' },
  parent: { zh: '父母', en: 'parent' },
  child: { zh: '子女', en: 'child' },
  sibling: { zh: '兄弟姐妹', en: 'brother or sister' },
  grandparent: { zh: '祖父母、外祖父母', en: 'grandparent' },
  grandchild: { zh: '孙子女、外孙子女', en: 'grandchild' },
} as const satisfies Readonly<Record<string, Text>>;

/** Where somebody has to be insured to use the account of one in the family, seen from the owner. */
export const FAMILY_AREAS = {
  anywhere: { zh: '不限', en: 'anywhere' },
  'same-province': { zh: '同省', en: 'in the same province' },
  'same-area': { zh: '同一地市', en: 'in the same city' },
} as const satisfies Readonly<Record<string, Text>>;
