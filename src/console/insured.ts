import { FUND_NAMES } from '#api/contract/words.ts';
import { nameOf } from './names.ts';
import type { Say, Text } from './preferences.tsx';

/** insutype */
export const INSUTYPE_NAME: Readonly<Record<string, Text>> = {
  '310': { zh: '职工基本医保', en: 'Employee' },
  '320': { zh: '公务员补助', en: 'Civil servants' },
  '330': { zh: '大额补助', en: 'Large expense' },
  '370': { zh: '企业补充', en: 'Enterprise' },
  '380': { zh: '居民基本医保', en: 'Resident' },
  '390': { zh: '居民基本医保', en: 'Resident' },
  '391': { zh: '居民基本医保', en: 'Resident' },
};

/** med_type */
export const MED_TYPE_NAME: Readonly<Record<string, Text>> = {
  '11': { zh: '普通门诊', en: 'Outpatient' },
  '13': { zh: '急诊', en: 'Emergency' },
  '14': { zh: '门诊慢特病', en: 'Chronic disease' },
  '18': { zh: '特药', en: 'Special drug' },
  '21': { zh: '普通住院', en: 'Inpatient' },
  '28': { zh: '日间手术', en: 'Day surgery' },
  '41': { zh: '定点药店', en: 'Pharmacy' },
  '51': { zh: '生育门诊', en: 'Maternity, outpatient' },
  '52': { zh: '生育住院', en: 'Maternity, inpatient' },
  '9901': { zh: '两病门诊', en: 'Two diseases' },
};

export const FILING_NAME: Readonly<Record<string, Text>> = {
  transfer: { zh: '转诊与异地就医', en: 'Treatment elsewhere' },
  chronic: { zh: '门诊慢特病', en: 'Chronic disease' },
  designated: { zh: '定点与异地居住', en: 'Designation, living elsewhere' },
  accident: { zh: '意外伤害', en: 'Accident' },
  'long-term-care': { zh: '失能评估', en: 'Assessment of disability' },
};
export const BUSINESS_NAME: Readonly<Record<string, Text>> = {
  '01': { zh: '慢特病认定', en: 'recognition' },
  '02': { zh: '意外伤害', en: 'accident' },
  '03': { zh: '定点', en: 'designation' },
  '06': { zh: '转外就医', en: 'treatment elsewhere' },
  '07': { zh: '异地急诊', en: 'emergency elsewhere' },
  '08': { zh: '异地长期居住', en: 'living elsewhere' },
  '99': { zh: '其他', en: 'other' },
};
/** longterm_eval_lv that pay benefits */
export const DISABILITY_NAME: Readonly<Record<string, Text>> = {
  '02': { zh: '轻度失能', en: 'light' },
  '03': { zh: '中度失能', en: 'medium' },
  '04': { zh: '重度失能Ⅰ级', en: 'severe I' },
  '05': { zh: '重度失能Ⅱ级', en: 'severe II' },
  '06': { zh: '重度失能Ⅲ级', en: 'severe III' },
};
/** nurscare_way */
export const CARE_NAME: Readonly<Record<string, Text>> = {
  '01': { zh: '入住机构', en: 'in an institution' },
  '02': { zh: '机构上门', en: 'home visits' },
  '03': { zh: '居家', en: 'at home' },
};
export const SPAN_NAME: Readonly<Record<string, Text>> = {
  'in-force': { zh: '有效', en: 'in force' },
  'to-come': { zh: '尚未开始', en: 'to come' },
  past: { zh: '已结束', en: 'over' },
  withdrawn: { zh: '已撤销', en: 'withdrawn' },
};
export const ENTITLEMENT_NAME: Readonly<Record<string, Text>> = {
  entitled: { zh: '正常享受待遇', en: 'entitled' },
  waiting: { zh: '等待期内', en: 'waiting' },
  'not-yet': { zh: '尚未开始', en: 'not yet' },
  ended: { zh: '待遇已终止', en: 'ended' },
  paused: { zh: '暂停', en: 'paused' },
};
export const SEX_NAME: Readonly<Record<string, Text>> = {
  '1': { zh: '男', en: 'male' },
  '2': { zh: '女', en: 'female' },
  '9': { zh: '未说明', en: 'not said' },
};
export const CERTIFICATE_NAME: Readonly<Record<string, Text>> = {
  '01': { zh: '居民身份证', en: 'identity card' },
  '03': { zh: '社会保障卡', en: 'social-security card' },
  '04': { zh: '港澳居民来往内地通行证', en: 'travel permit (HK, Macao)' },
  '08': { zh: '外国护照', en: 'passport' },
};
export const IDENTITY_NAME: Readonly<Record<string, Text>> = {
  '2303': { zh: '低保对象', en: 'subsistence' },
  '2304': { zh: '特困人员', en: 'destitute' },
  '2306': { zh: '支出型困难', en: 'expenditure-poor' },
  subsistence: { zh: '低保', en: 'subsistence' },
  destitute: { zh: '特困', en: 'destitute' },
  'expenditure-poor': { zh: '支出型困难', en: 'expenditure-poor' },
  veteran: { zh: '优抚', en: 'veteran' },
  disabled: { zh: '残疾', en: 'disabled' },
};
export const CLASS_NAME: Readonly<Record<string, Text>> = {
  '11': { zh: '在职', en: 'in service' },
  '12': { zh: '退休', en: 'retired' },
  '1402': { zh: '儿童', en: 'child' },
  '1403': { zh: '学生', en: 'student' },
  '15': { zh: '成年居民', en: 'adult resident' },
};
export const SETTLEMENT_KIND_NAME: Readonly<Record<string, Text>> = {
  settlement: { zh: '结算', en: 'settlement' },
  manual: { zh: '零星报销', en: 'reimbursement' },
  reversal: { zh: '冲销（负）', en: 'reversal (negative)' },
};
export const VISIT_KIND_NAME: Readonly<Record<string, Text>> = {
  outpatient: { zh: '门诊', en: 'outpatient' },
  inpatient: { zh: '住院', en: 'stay' },
  pharmacy: { zh: '购药', en: 'pharmacy' },
};
export const VISIT_STATE_NAME: Readonly<Record<string, Text>> = {
  open: { zh: '进行中', en: 'open' },
  discharged: { zh: '已出院', en: 'discharged' },
  cancelled: { zh: '已撤销', en: 'cancelled' },
};
export const REQUEST_STATE_NAME: Readonly<Record<string, Text>> = {
  received: { zh: '在办', en: 'open' },
  done: { zh: '已办结', en: 'done' },
  refused: { zh: '不予办理', en: 'refused' },
};
export const CHANNEL_NAME: Readonly<Record<string, Text>> = {
  counter: { zh: '窗口', en: 'counter' },
  online: { zh: '网上', en: 'online' },
};
export const WAY_NAME: Readonly<Record<string, Text>> = {
  '1': { zh: '按项目', en: 'by item' },
  '40': { zh: 'DRG', en: 'DRG' },
  '50': { zh: 'DIP', en: 'DIP' },
};
export const CLEARING_NAME: Readonly<Record<string, Text>> = {
  '11': { zh: '门诊', en: 'outpatient' },
  '13': { zh: '急诊', en: 'emergency' },
  '14': { zh: '门诊慢特病', en: 'chronic disease' },
  '21': { zh: '住院', en: 'inpatient' },
  '28': { zh: '日间手术', en: 'day surgery' },
  '41': { zh: '药店购药', en: 'pharmacy' },
};

/** How months came to be counted. */
export const CONTRIBUTION_KIND_NAME: Readonly<Record<string, Text>> = {
  paid: { zh: '按期缴费', en: 'paid in time' },
  arrears: { zh: '补缴', en: 'arrears' },
  'pay-up': { zh: '退休补足', en: 'paid up at retirement' },
  deemed: { zh: '视同缴费', en: 'deemed' },
  transferred: { zh: '转入', en: 'transferred' },
};

/** Why an account changed without a settlement. */
export const MEMO_NAME: Readonly<Record<string, Text>> = {
  opening: { zh: '期初余额', en: 'opening balance' },
  merge: { zh: '档案合并', en: 'merge of files' },
};

/** Funds by their codes, which stand with commas between them. */
export const fundNames = (codes: string | null, say: Say): string =>
  codes
    ? codes
        .split(',')
        .map((code) => say(nameOf(FUND_NAMES, code)))
        .join(say({ zh: '、', en: ', ' }))
    : '–';

/** An accumulator code in words, as far as it has some. */
const ACCUMULATOR_NAME: readonly (readonly [RegExp, Text])[] = [
  [/^admissions$/, { zh: '住院次数', en: 'admissions' }],
  [/^total-fee$/, { zh: '医疗费', en: 'fees' }],
  [/^own$/, { zh: '全自费', en: 'fully self-paid' }],
  [/^over-limit$/, { zh: '超限价', en: 'above ceilings' }],
  [/^prior$/, { zh: '先行自付', en: 'prior self-pay' }],
  [/^in-scope$/, { zh: '政策范围内', en: 'in scope' }],
  [/^entered$/, { zh: '进入分段的费用', en: 'entered the bands' }],
  [/^deductible-paid$/, { zh: '已付起付线', en: 'deductible paid' }],
  [/^deductible:/, { zh: '年度起付线', en: 'yearly deductible' }],
  [/^bands:/, { zh: '分段累计', en: 'in the bands' }],
  [/^paid:/, { zh: '基金支付', en: 'paid by fund' }],
  [/^cap:/, { zh: '封顶线累计', en: 'against the cap' }],
  [/^care-cap:/, { zh: '类别限额累计', en: 'against the limit of a care type' }],
  [/^base:/, { zh: '补充层基数', en: 'base of a layer' }],
  [/^layer-paid:/, { zh: '补充层支付', en: 'paid by a layer' }],
  [/^layer-cap:/, { zh: '补充层限额累计', en: 'against the limit of a layer' }],
  [/^rest:/, { zh: '不足一分的余数', en: 'rest below a fen' }],
  [/^account-paid$/, { zh: '账户支付', en: 'paid from accounts' }],
  [/^stay:/, { zh: '未结束的住院', en: 'stay that goes on' }],
];
export const accumulatorName = (code: string): Text =>
  ACCUMULATOR_NAME.find(([pattern]) => pattern.test(code))?.[1] ?? { zh: code, en: code };
/** Whether its value is an amount in fen. */
export const isAmount = (code: string): boolean => !/^(admissions$|rest:|stay:.*admission)/.test(code);

/** What became of a contribution. */
export const CONTRIBUTION_STATE_NAME: Readonly<Record<string, Text>> = {
  paid: { zh: '已缴', en: 'paid' },
  arrears: { zh: '补缴', en: 'arrears' },
  deemed: { zh: '视同缴费', en: 'deemed' },
  transferred: { zh: '转入', en: 'transferred in' },
  'pay-up': { zh: '一次性补足', en: 'paid up' },
  refunded: { zh: '已退费', en: 'given back' },
};
