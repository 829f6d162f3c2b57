import type { Text } from '#kernel/locale.ts';
import { COMPONENTS } from '#policy/registry/benefit-layers.ts';

/**
 * What a row of a benefit table may depend on.
 * - `names`: one of the names listed; a policy may declare more with the parameter `declaredBy`.
 * - `text`: any text, such as a disease code.
 * - `number`: a whole number; a row names one (`2`), a range (`0-6`) or an open one (`70+`).
 */
export type DimensionDefinition = { readonly title: Text } & (
  | {
      readonly kind: 'names';
      readonly names: Readonly<Record<string, Text>>;
      readonly declaredBy?: string;
    }
  | { readonly kind: 'text' }
  | { readonly kind: 'number' }
);

/** Every dimension of the benefit tables. The words are those of visit and person files; official codes: `benefits/codes.ts`. */
export const DIMENSIONS = {
  scheme: {
    kind: 'names',
    title: { zh: '险种', en: 'scheme' },
    names: { employee: { zh: '职工', en: 'employee' }, resident: { zh: '居民', en: 'resident' } },
  },
  care: {
    kind: 'names',
    title: { zh: '医疗类别', en: 'care type' },
    names: {
      outpatient: { zh: '普通门诊', en: 'outpatient' },
      emergency: { zh: '急诊', en: 'emergency' },
      chronic: { zh: '门诊慢特病', en: 'chronic or special disease' },
      'two-disease': { zh: '门诊两病', en: 'hypertension or diabetes' },
      'special-drug': { zh: '双通道（特药）', en: 'dual-channel drug' },
      pharmacy: { zh: '定点药店', en: 'pharmacy' },
      inpatient: { zh: '住院', en: 'inpatient' },
      'day-surgery': { zh: '日间手术', en: 'day surgery' },
      'home-bed': { zh: '家庭病床', en: 'home bed' },
      'maternity-outpatient': { zh: '生育门诊', en: 'maternity outpatient' },
      'maternity-inpatient': { zh: '生育住院', en: 'maternity inpatient' },
      'long-term-care': { zh: '长期护理', en: 'long-term care' },
    },
  },
  level: {
    kind: 'names',
    declaredBy: 'names.levels',
    title: { zh: '医疗机构等级', en: 'level of the institution' },
    names: {
      '1': { zh: '一级及以下', en: 'level 1 or below' },
      '2': { zh: '二级', en: 'level 2' },
      '3': { zh: '三级', en: 'level 3' },
    },
  },
  person: {
    kind: 'names',
    declaredBy: 'names.persons',
    title: { zh: '人员类别', en: 'class of person' },
    names: {
      'in-service': { zh: '在职', en: 'in service' },
      retired: { zh: '退休', en: 'retired' },
      adult: { zh: '成年居民', en: 'adult resident' },
      senior: { zh: '老年居民', en: 'senior resident' },
      student: { zh: '学生', en: 'student' },
      child: { zh: '儿童', en: 'child' },
      newborn: { zh: '新生儿', en: 'newborn' },
    },
  },
  identity: {
    kind: 'names',
    declaredBy: 'names.identities',
    title: { zh: '救助身份', en: 'identity' },
    names: {
      destitute: { zh: '特困', en: 'destitute' },
      orphan: { zh: '孤儿', en: 'orphan' },
      subsistence: { zh: '低保', en: 'subsistence allowance' },
      'relapsed-poor': { zh: '返贫致贫', en: 'relapsed into poverty' },
      marginal: { zh: '低保边缘', en: 'near the subsistence line' },
      monitored: { zh: '防止返贫监测', en: 'monitored against relapse' },
      'expenditure-poor': { zh: '刚性支出（支出型）困难', en: 'poor through expenses' },
      disabled: { zh: '残疾', en: 'disabled' },
      veteran: { zh: '优抚对象', en: 'veteran' },
    },
  },
  member: {
    kind: 'names',
    declaredBy: 'names.members',
    title: { zh: '另参加的保障', en: 'further coverage the person has' },
    names: {
      'civil-servant': { zh: '公务员医疗补助', en: 'civil-servant subsidy' },
      'large-expense': { zh: '职工大额补助', en: 'employee large-expense subsidy' },
      enterprise: { zh: '企业补充医疗保险', en: 'enterprise supplement' },
      'disabled-soldier': { zh: '伤残军人医疗补助', en: 'disabled-soldier fund' },
      commercial: { zh: '普惠型商业保险', en: 'commercial scheme' },
      'mutual-aid': { zh: '互助保障', en: 'mutual-aid scheme' },
    },
  },
  place: {
    kind: 'names',
    title: { zh: '就医地', en: 'place of care' },
    names: {
      local: { zh: '参保地', en: 'insured area' },
      'in-province': { zh: '省内异地', en: 'elsewhere in the province' },
      'cross-province': { zh: '跨省', en: 'another province' },
    },
  },
  filing: {
    kind: 'names',
    title: { zh: '异地备案', en: 'out-of-area filing' },
    names: {
      none: { zh: '未备案', en: 'not filed' },
      'long-term': { zh: '长期备案', en: 'long-term resident' },
      transfer: { zh: '转诊', en: 'transfer' },
      emergency: { zh: '急诊抢救（视同备案）', en: 'emergency, treated as filed' },
      temporary: { zh: '其他临时外出备案', en: 'other temporary stay, filed' },
    },
  },
  referral: {
    kind: 'names',
    title: { zh: '本次转诊', en: 'referral of this visit' },
    names: {
      none: { zh: '无', en: 'none' },
      up: { zh: '上转', en: 'upwards' },
      down: { zh: '下转', en: 'downwards' },
    },
  },
  designated: {
    kind: 'names',
    title: { zh: '是否定点', en: 'designated institution' },
    names: { yes: { zh: '定点', en: 'yes' }, no: { zh: '非定点', en: 'no' } },
  },
  delivery: {
    kind: 'names',
    declaredBy: 'names.deliveries',
    title: { zh: '生育类别', en: 'kind of delivery' },
    names: {
      normal: { zh: '顺产', en: 'normal' },
      assisted: { zh: '助产', en: 'assisted' },
      caesarean: { zh: '剖宫产', en: 'caesarean' },
      difficult: { zh: '难产', en: 'difficult' },
      'miscarriage-early': { zh: '不满四个月流产', en: 'miscarriage before four months' },
      'miscarriage-late': { zh: '满四个月流产、引产', en: 'miscarriage from four months' },
      prenatal: { zh: '产前检查', en: 'prenatal examination' },
      'birth-control': { zh: '计划生育手术', en: 'birth-control operation' },
    },
  },
  circumstance: {
    kind: 'names',
    declaredBy: 'names.circumstances',
    title: { zh: '本次就诊的特殊情形', en: 'special circumstance of this visit' },
    names: {
      readmission: { zh: '规定天数内再次住院', en: 'admitted again within the days set' },
      'single-disease': { zh: '按单病种管理', en: 'managed as a single disease' },
      tcm: { zh: '中医药服务', en: 'traditional Chinese medicine' },
    },
  },
  epidemic: {
    kind: 'names',
    title: { zh: '疫情患者分组', en: 'group of an epidemic' },
    names: {
      confirmed: { zh: '确诊', en: 'confirmed' },
      suspected: { zh: '疑似', en: 'suspected' },
      asymptomatic: { zh: '无症状感染', en: 'asymptomatic' },
      other: { zh: '其他突发公共事件', en: 'other public emergency' },
    },
  },
  sex: {
    kind: 'names',
    title: { zh: '性别', en: 'sex' },
    names: { male: { zh: '男', en: 'male' }, female: { zh: '女', en: 'female' } },
  },
  list_class: {
    kind: 'names',
    title: { zh: '目录类别（只用于费用明细）', en: 'class of the list, of fee lines only' },
    names: { A: { zh: '甲类', en: 'A' }, B: { zh: '乙类', en: 'B' }, C: { zh: '丙类', en: 'C' } },
  },
  item_kind: {
    kind: 'names',
    declaredBy: 'names.item_kinds',
    title: { zh: '项目种类（只用于费用明细）', en: 'kind of item, of fee lines only' },
    names: {
      drug: { zh: '药品', en: 'drug' },
      'negotiated-drug': { zh: '谈判药品', en: 'negotiated drug' },
      service: { zh: '诊疗项目', en: 'service item' },
      examination: { zh: '检查', en: 'examination' },
      consumable: { zh: '耗材', en: 'consumable' },
      bed: { zh: '床位', en: 'bed' },
    },
  },
  disability: {
    kind: 'names',
    title: { zh: '失能等级（只用于长期护理）', en: 'level of disability, of long-term care only' },
    names: {
      light: { zh: '轻度', en: 'light' },
      medium: { zh: '中度', en: 'medium' },
      'severe-1': { zh: '重度Ⅰ级', en: 'severe I' },
      'severe-2': { zh: '重度Ⅱ级', en: 'severe II' },
      'severe-3': { zh: '重度Ⅲ级', en: 'severe III' },
    },
  },
  care_form: {
    kind: 'names',
    declaredBy: 'names.care_forms',
    title: { zh: '护理形式（只用于长期护理）', en: 'form of care, of long-term care only' },
    names: {
      institution: { zh: '医疗机构护理', en: 'medical institution' },
      'care-home': { zh: '养老机构护理', en: 'care home' },
      'home-visit': { zh: '上门护理', en: 'home visit' },
      family: { zh: '家属护理', en: 'care by the family' },
      self: { zh: '居家自主护理', en: 'self-organised care' },
    },
  },
  part: {
    kind: 'names',
    title: {
      zh: '个人负担的部分（只用于补充层的比例）',
      en: 'part of the person’s share, of ratios of layers only',
    },
    names: COMPONENTS,
  },
  disease: { kind: 'text', title: { zh: '病种编码', en: 'code of the disease' } },
  item: {
    kind: 'text',
    title: { zh: '项目编码（只用于费用明细）', en: 'code of the item, of fee lines only' },
  },
  admission: { kind: 'number', title: { zh: '本年第几次住院', en: 'which admission of the year' } },
  age: { kind: 'number', title: { zh: '周岁', en: 'age in full years' } },
  enrolled_years: { kind: 'number', title: { zh: '连续参保年数', en: 'years of continuous enrolment' } },
} as const satisfies Readonly<Record<string, DimensionDefinition>>;

export type Dimension = keyof typeof DIMENSIONS;
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as readonly Dimension[];
export const isDimension = (name: string): name is Dimension => Object.hasOwn(DIMENSIONS, name);
