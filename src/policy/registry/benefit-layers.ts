import type { Text } from '#kernel/locale.ts';

/** What the person still pays, by where it comes from: what a layer may take as its base and the account may pay. */
export const COMPONENTS = {
  own: { zh: '全自费', en: 'fully self-paid' },
  liability: { zh: '第三人责任', en: 'liability of a third party' },
  'over-limit': { zh: '超限价', en: 'above the price ceiling' },
  prior: { zh: '先行自付', en: 'prior self-pay' },
  'out-of-area': { zh: '转外自理', en: 'prior self-pay out of area' },
  'not-covered': { zh: '本次不享受待遇的范围内费用', en: 'in-scope fee without entitlement' },
  excess: { zh: '超出类别限额', en: 'above a limit of the care type' },
  deductible: { zh: '起付线', en: 'deductible' },
  direct: { zh: '定比例项目的自付', en: 'own part of items paid at a direct ratio' },
  copay: { zh: '统筹段内自付', en: 'own part within the bands' },
  'over-cap': { zh: '超封顶线', en: 'above the cap of the pool' },
} as const satisfies Readonly<Record<string, Text>>;
export type Component = keyof typeof COMPONENTS;

/**
 * The layers above the basic pool. `column` is the header field of 2207 and 2304 its payments go to, `codes` the start
 * of its policy item codes, `threshold` the code of its threshold, `income` whose income a share of it is measured on. Those not in the official list `polItemCode` are the project's own.
 */
export const LAYERS = {
  large_expense: {
    title: { zh: '职工大额补助', en: 'large-expense subsidy' },
    column: 'hifob_pay',
    codes: 'L00',
    threshold: 'LS01',
    fund: '330100',
    base: 'over-cap',
    income: 'person',
  },
  civil_servant: {
    title: { zh: '公务员医疗补助', en: 'civil-servant subsidy' },
    column: 'cvlserv_pay',
    codes: 'GB0',
    threshold: 'GBS1',
    fund: '320100',
    base: 'over-cap > copay > deductible',
    income: 'person',
  },
  enterprise: {
    title: { zh: '企业补充医疗保险', en: 'enterprise supplement' },
    column: 'hifes_pay',
    codes: 'QB0',
    threshold: 'QBS1',
    fund: '370100',
    base: 'over-cap > copay > deductible',
    income: 'person',
  },
  catastrophic: {
    title: { zh: '居民大病保险', en: 'catastrophic insurance' },
    column: 'hifmi_pay',
    codes: 'PL0',
    threshold: 'PS01',
    fund: '390200',
    base: 'over-cap > copay > direct > deductible',
    income: 'average',
  },
  disabled_soldier: {
    title: { zh: '伤残军人医疗补助', en: 'disabled-soldier fund' },
    column: 'hifdm_pay',
    codes: 'DS0',
    threshold: 'DSS1',
    fund: '350100',
    base: 'over-cap > copay > direct > deductible',
    income: 'person',
  },
  assistance: {
    title: { zh: '医疗救助', en: 'medical assistance' },
    column: 'maf_pay',
    codes: 'MA0',
    threshold: 'MAS1',
    fund: '610100',
    base: 'over-cap > copay > direct > deductible',
    income: 'person',
  },
  additional_assistance: {
    title: { zh: '倾斜救助', en: 'additional assistance' },
    column: 'maf_pay',
    codes: 'MB0',
    threshold: 'MBS1',
    fund: '610100',
    base: 'over-cap > copay > direct > deductible',
    income: 'person',
  },
  special_benefit: {
    title: { zh: '特惠保', en: 'special supplementary benefit' },
    column: 'oth_pay',
    codes: 'TH0',
    threshold: 'THS1',
    fund: '620100',
    base: 'over-cap > copay > direct > deductible',
    income: 'person',
  },
  mutual_aid: {
    title: { zh: '互助保障', en: 'mutual-aid scheme' },
    column: 'oth_pay',
    codes: 'HZ0',
    threshold: 'HZS1',
    fund: '370200',
    base: 'over-cap > copay > direct > deductible',
    income: 'person',
  },
  commercial: {
    title: { zh: '普惠型商业保险', en: 'commercial scheme' },
    column: 'oth_pay',
    codes: 'SB0',
    threshold: 'SBS1',
    fund: '999997',
    base: 'over-cap > copay > direct > deductible > prior',
    income: 'person',
  },
  fiscal_floor: {
    title: { zh: '财政兜底', en: 'fiscal floor payment' },
    column: 'oth_pay',
    codes: 'CZ0',
    threshold: 'CZS1',
    fund: '640100',
    base: 'over-cap > copay > direct > deductible',
    income: 'person',
  },
  hospital_reduction: {
    title: { zh: '医院减免', en: 'reduction by the hospital' },
    column: 'hosp_part_amt',
    codes: 'YJ0',
    threshold: 'YJS1',
    fund: '630100',
    base: 'over-cap > copay > direct > deductible',
    income: 'person',
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly title: Text;
      readonly column: string;
      readonly codes: string;
      readonly threshold: string;
      readonly fund: string;
      readonly base: string;
      readonly income: string;
    }
  >
>;
export type LayerOfBenefits = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as readonly LayerOfBenefits[];

/** `large_expense` as it is written in lists and files: `large-expense`. */
export const layerWord = (layer: LayerOfBenefits): string => layer.replaceAll('_', '-');
