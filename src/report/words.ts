import type { Language, Text } from '#kernel/locale.ts';

/** Units as they stand in table heads, on axes and beside figures. */
export const UNIT = {
  yuan: { zh: '元', en: 'yuan' },
  tenThousandYuan: { zh: '万元', en: '10k yuan' },
  cases: { zh: '例', en: 'cases' },
  lists: { zh: '份', en: 'lists' },
  points: { zh: '分', en: 'points' },
  weight: { zh: '权重', en: 'weight' },
  rate: { zh: '元/权重', en: 'yuan per weight' },
  pointValue: { zh: '元/分', en: 'yuan per point' },
  percent: { zh: '%', en: '%' },
  ratio: { zh: '倍', en: 'ratio' },
  institutions: { zh: '家', en: 'institutions' },
  none: { zh: '无量纲', en: 'no unit' },
} as const satisfies Record<string, Text>;

export const SCHEME_NAME: Readonly<Record<string, Text>> = {
  310: { zh: '职工医保', en: 'Employee scheme' },
  390: { zh: '居民医保', en: 'Resident scheme' },
};
export const schemeName = (insutype: string): Text => SCHEME_NAME[insutype] ?? { zh: insutype, en: insutype };

export const LEVEL_NAME: Readonly<Record<string, Text>> = {
  1: { zh: '一级机构', en: 'Level 1' },
  2: { zh: '二级机构', en: 'Level 2' },
  3: { zh: '三级机构', en: 'Level 3' },
};
export const levelName = (level: number): Text =>
  LEVEL_NAME[level] ?? { zh: `${level} 级机构`, en: `Level ${level}` };

export const KIND_NAME: Readonly<Record<string, Text>> = {
  core: { zh: '核心病种', en: 'Core' },
  'pre-group': { zh: '先期分组', en: 'Pre-group' },
  merged: { zh: '并项', en: 'Merged' },
  'diagnosis-assisted': { zh: '诊断辅助细分', en: 'Diagnosis-assisted' },
  'primary-care': { zh: '基层病种', en: 'Primary care' },
  tcm: { zh: '中医优势病种', en: 'TCM-favoured' },
  'day-surgery': { zh: '日间手术病种', en: 'Day surgery' },
  comprehensive: { zh: '综合病种', en: 'Comprehensive' },
  drg: { zh: 'DRG 病组', en: 'DRG' },
  ambiguous: { zh: '诊断操作不符（QY）', en: 'Ambiguous (QY)' },
  ungrouped: { zh: '未入组', en: 'Ungrouped' },
};
export const kindName = (kind: string): Text => KIND_NAME[kind] ?? { zh: kind, en: kind };

const PART: Readonly<Record<string, Text>> = {
  'bed-day': { zh: '床日', en: 'Bed-days' },
  capitation: { zh: '按人头', en: 'Capitation' },
  'fee-for-service': { zh: '按项目', en: 'Fee for service' },
  community: { zh: '医共体总额', en: 'Medical community' },
};
export const partName = (part: string): Text => PART[part] ?? { zh: part, en: part };

const CLIFF: Readonly<Record<string, Text>> = {
  low: { zh: '低倍率界限', en: 'Low limit' },
  high: { zh: '高倍率界限', en: 'High limit' },
  extreme: { zh: '极高倍率界限', en: 'Extreme limit' },
};
export const cliffName = (cliff: string): Text => CLIFF[cliff] ?? { zh: cliff, en: cliff };

export const DEVIATION_NAME: Readonly<Record<string, Text>> = {
  low: { zh: '低倍率', en: 'Low outlier' },
  normal: { zh: '正常', en: 'Inlier' },
  high: { zh: '高倍率', en: 'High outlier' },
  extreme: { zh: '极高倍率', en: 'Extreme outlier' },
  'by-cost': { zh: '按费用计分', en: 'Scored by cost' },
};
export const deviationName = (deviation: string | null): Text =>
  deviation === null ? KIND_NAME.ungrouped! : (DEVIATION_NAME[deviation] ?? { zh: deviation, en: deviation });

/** Both languages on one line, the reader's first: for places that hold plain text only. */
export const joined = (text: Text, language: Language): string =>
  text.zh === text.en ? text.zh : language === 'zh' ? `${text.zh} ${text.en}` : `${text.en} ${text.zh}`;

/** A title and its unit on one line: "总费用 Total cost（万元 10k yuan）". */
export const withUnit = (title: Text, unit: Text, language: Language): string =>
  language === 'zh'
    ? `${joined(title, language)}（${joined(unit, language)}）`
    : `${joined(title, language)} (${joined(unit, language)})`;
