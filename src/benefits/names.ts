import type { Text } from '#kernel/locale.ts';
import { LAYER_NAMES, LAYERS, layerWord } from '#policy/registry/benefit-layers.ts';

/** Funds by fund_pay_type. */
export const FUND_NAMES: Readonly<Record<string, Text>> = {
  '310100': { zh: '职工基本医保统筹基金', en: 'employee pool' },
  '310102': { zh: '职工门诊统筹基金', en: 'employee outpatient pool' },
  '310200': { zh: '个人账户', en: 'personal account' },
  '310101': { zh: '职工基本医保统筹基金（预付金）', en: 'employee pool, prepaid' },
  '310300': { zh: '职工大病补助基金', en: 'employee serious-illness subsidy' },
  '320100': { zh: '公务员医疗补助基金', en: 'civil-servant subsidy' },
  '330100': { zh: '大额医疗费用补助基金', en: 'large-expense fund' },
  '310400': { zh: '军转干部医疗补助基金', en: 'subsidy for demobilised officers' },
  '310500': { zh: '代缴基金（破产改制）', en: 'fund paying for bankrupt employers' },
  '320200': { zh: '厅级干部补助基金', en: 'subsidy for senior officials' },
  '330200': { zh: '职工意外伤害基金', en: 'accident fund, employees' },
  '340100': { zh: '离休人员医疗保障基金', en: 'fund for retired cadres' },
  '340200': { zh: '离休老工人门慢保障基金', en: 'chronic-disease fund for retired old workers' },
  '350100': { zh: '一至六级残疾军人医疗补助基金', en: 'disabled-soldier fund' },
  '370100': { zh: '企业补充医疗保险基金', en: 'enterprise supplement' },
  '370200': { zh: '公益补充保险基金', en: 'mutual-aid supplement' },
  '390100': { zh: '居民基本医保基金', en: 'resident pool' },
  '390102': { zh: '居民门诊统筹基金', en: 'resident outpatient pool' },
  '390101': { zh: '居民基本医保基金（预付金）', en: 'resident pool, prepaid' },
  '390200': { zh: '居民大病保险基金', en: 'catastrophic insurance' },
  '390300': { zh: '居民大病补充保险基金', en: 'catastrophic supplement' },
  '390400': { zh: '居民意外伤害基金', en: 'accident fund, residents' },
  '390500': { zh: '居民家庭账户金', en: 'family account of residents' },
  '410100': { zh: '工伤保险基金', en: 'work-injury insurance' },
  '510100': { zh: '生育基金', en: 'maternity fund' },
  '610100': { zh: '医疗救助基金', en: 'medical assistance' },
  '610200': { zh: '优抚对象医疗补助基金', en: 'subsidy for veterans and their families' },
  '620100': { zh: '特惠保补偿金', en: 'special supplementary benefit' },
  '630100': { zh: '医院减免金', en: 'reduction by the hospital' },
  '640100': { zh: '财政兜底', en: 'fiscal floor payment' },
  '660101': { zh: '职工长期护理保险基金', en: 'long-term care, employees' },
  '660102': { zh: '居民长期护理保险基金', en: 'long-term care, residents' },
  '999109': { zh: '农村低收入人口医疗补充保险', en: 'supplement for rural low-income people' },
  '999900': { zh: '医院垫付', en: 'advanced by the hospital' },
  '999996': { zh: '医院垫付基金', en: 'hospital advance' },
  '999997': { zh: '其他基金', en: 'other fund' },
};

/** Policy items: those of the official list polItemCode, then the project’s own where the list has none. */
const OFFICIAL: Readonly<Record<string, Text>> = {
  TA01: { zh: '优先使用账户', en: 'account used first' },
  E000: { zh: '超标费用', en: 'above the limit of the care type' },
  S000: { zh: '转外自理', en: 'prior self-pay out of area' },
  S001: { zh: '本次应付起付标准', en: 'deductible of this visit' },
  S003: { zh: '自理（意外责任划分）', en: 'liability of a third party' },
  C000: { zh: '门诊（无分段）', en: 'outpatient, without bands' },
  C001: { zh: '统筹一段', en: 'pool, band 1' },
  C002: { zh: '统筹二段', en: 'pool, band 2' },
  C003: { zh: '统筹三段', en: 'pool, band 3' },
  C004: { zh: '统筹四段', en: 'pool, band 4' },
  L001: { zh: '大额一段', en: 'large expense, band 1' },
  L002: { zh: '大额二段', en: 'large expense, band 2' },
  L003: { zh: '大额三段', en: 'large expense, band 3' },
  L004: { zh: '大额四段', en: 'large expense, band 4' },
  EC01: { zh: '基本医疗超封顶段', en: 'above the cap of the pool' },
  PS01: { zh: '补充大病起付标准', en: 'threshold of catastrophic insurance' },
  PL01: { zh: '补充大病第一段', en: 'catastrophic, band 1' },
  PL02: { zh: '补充大病第二段', en: 'catastrophic, band 2' },
  PL03: { zh: '补充大病第三段', en: 'catastrophic, band 3' },
  PL04: { zh: '补充大病第四段', en: 'catastrophic, band 4' },
  PL05: { zh: '补充大病第五段', en: 'catastrophic, band 5' },
  PL06: { zh: '补充大病第六段', en: 'catastrophic, band 6' },
  PL07: { zh: '补充大病第七段', en: 'catastrophic, band 7' },
  GBS1: { zh: '公务员补充起付标准', en: 'threshold of the civil-servant subsidy' },
  GB01: { zh: '公务员补充第一段', en: 'civil servant, band 1' },
  GB02: { zh: '公务员补充第二段', en: 'civil servant, band 2' },
  GB03: { zh: '公务员补充第三段', en: 'civil servant, band 3' },
  GB04: { zh: '公务员补充第四段', en: 'civil servant, band 4' },
  '101': { zh: '全自费总金额', en: 'fully self-paid' },
  '102': { zh: '先支付总金额', en: 'prior self-pay' },
  '103': { zh: '超限价总金额', en: 'above price ceilings' },
};

const OWN: Readonly<Record<string, Text>> = {
  N000: { zh: '不享受待遇的范围内费用', en: 'in scope, but without entitlement' },
  D001: { zh: '定比例支付的项目', en: 'items paid at a ratio of their own' },
  BD01: { zh: '保底支付', en: 'payment up to the floor' },
  CH01: { zh: '长期护理保险', en: 'long-term-care insurance' },
};

/** Why a fee line is wholly self-paid. */
export const OWN_REASONS: Readonly<Record<'class-c' | 'not-listed' | 'not-approved', Text>> = {
  'class-c': { zh: '丙类', en: 'class C' },
  'not-listed': { zh: '不在医保目录', en: 'not in the list' },
  'not-approved': { zh: '限定支付未获审批', en: 'restricted and not approved' },
};

const OTHER_FUND = '999997';

/** The fund in words; where its code says no more than "other", the layer that pays from it. */
export function fundNameOf(fund: string, layer?: string): Text {
  const paying = LAYER_NAMES.find((name) => layerWord(name) === layer);
  if (fund === OTHER_FUND && paying) return LAYERS[paying].title;
  return FUND_NAMES[fund] ?? { zh: `基金 ${fund}`, en: `fund ${fund}` };
}

export const isOfficialItem = (code: string): boolean => Object.hasOwn(OFFICIAL, code);

/** Bands of the pool beyond those of the official list. */
const POOL_BANDS = 'C00';
const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七'];

export function stepTitle(code: string): Text {
  const known = OFFICIAL[code] ?? OWN[code];
  if (known) return known;
  for (const layer of LAYER_NAMES) {
    const { title, codes, threshold } = LAYERS[layer];
    if (code === threshold) return { zh: `${title.zh}起付标准`, en: `threshold of ${title.en}` };
    if (code.startsWith(codes)) {
      const band = code.slice(codes.length);
      return {
        zh: `${title.zh}第${NUMERALS[Number(band)] ?? ` ${band} `}段`,
        en: `${title.en}, band ${band}`,
      };
    }
  }
  const band = Number(code.slice(POOL_BANDS.length));
  return { zh: `统筹${NUMERALS[band] ?? ` ${code} `}段`, en: `pool, band ${band}` };
}
