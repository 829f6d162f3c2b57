import type { Language, Text } from '#kernel/locale.ts';
import type { ReportData } from '../data.ts';
import { both, html, type Section } from '../html.ts';

type Formula = { readonly section: string; readonly name: Text; readonly formula: Text; readonly note: Text };

/** Formulas of the reference profile, with the number of its section. */
const DIP_FORMULAS: readonly Formula[] = [
  {
    section: '§1–2',
    name: { zh: '入组', en: 'Grouping' },
    formula: {
      zh: 'dx5 + 手术操作 → 核心病种；dx3-n → 综合病种；否则未入组',
      en: 'dx5 + procedures → core; dx3-n → comprehensive; otherwise ungrouped',
    },
    note: {
      zh: '先按主要诊断前五位与手术操作找核心病种，找不到再按前三位与治疗方式找综合病种。',
      en: 'First a core group by five characters of the principal diagnosis and the procedures, then a comprehensive group by three characters and treatment.',
    },
  },
  {
    section: '§3',
    name: { zh: '病种分值', en: 'Score' },
    formula: { zh: 'RWᵢ = 1000 × mᵢ ÷ M', en: 'RWᵢ = 1000 × mᵢ ÷ M' },
    note: {
      zh: 'mᵢ 为病种历史加权均费，M 为全地区历史加权均费；年权重 1 : 2 : 7，四舍五入到 4 位。',
      en: 'mᵢ: weighted mean cost of the group, M: of the area; weights of the years 1 : 2 : 7; rounded to 4.',
    },
  },
  {
    section: '§4',
    name: { zh: '机构系数', en: 'Coefficient' },
    formula: { zh: 'coefₗ = mₗ ÷ M', en: 'coefₗ = mₗ ÷ M' },
    note: {
      zh: 'mₗ 为该等级机构的历史加权均费；基层病种一律为 1。',
      en: 'mₗ: weighted mean cost of institutions of the level; 1 in primary-care groups.',
    },
  },
  {
    section: '§5',
    name: { zh: '病例分值', en: 'Points of a case' },
    formula: {
      zh: 'r = 费用 ÷ (mᵢ × coef)；低：RW·coef·r；正常：RW·coef；高：RW·coef·(r − 上限 + 1)；未入组：0.7 × 1000 × 费用 ÷ M',
      en: 'r = cost ÷ (mᵢ × coef); low: RW·coef·r; inlier: RW·coef; high: RW·coef·(r − high + 1); ungrouped: 0.7 × 1000 × cost ÷ M',
    },
    note: {
      zh: 'r 与界限比较决定低、正常、高倍率。',
      en: 'r against the thresholds makes a low outlier, an inlier or a high outlier.',
    },
  },
];

/** Formulas of the DRG reference profile up to the points of a case. */
const DRG_FORMULAS: readonly Formula[] = [
  {
    section: '§1',
    name: { zh: '入组', en: 'Grouping' },
    formula: {
      zh: '主要诊断 → MDC → ADRG → DRG；QY 与未入组按政策处理',
      en: 'principal diagnosis → MDC → ADRG → DRG; QY and ungrouped cases as the policy says',
    },
    note: {
      zh: '分组方案的步骤依次判断，第一个成立的决定；每例的步骤见 yibao explain。',
      en: 'The steps of the scheme are tried in turn and the first that holds decides; yibao explain shows those of a case.',
    },
  },
  {
    section: '§2',
    name: { zh: '权重', en: 'Weight' },
    formula: { zh: 'RW = mᵢ ÷ M；点数 = 1000 × RW', en: 'RW = mᵢ ÷ M; points = 1000 × RW' },
    note: {
      zh: 'mᵢ 为病组历史加权均费，M 为全地区历史加权均费，权重四舍五入到 4 位；或采用地区公布的权重表。费率 = 1000 × 点值。',
      en: 'mᵢ: weighted mean cost of the group, M: of the area, weights rounded to 4; or the weights the area publishes. Rate = 1000 × point value.',
    },
  },
  {
    section: '§4',
    name: { zh: '病例点数', en: 'Points of a case' },
    formula: {
      zh: 'r = 费用 ÷ mᵢ；低：按费用；正常：点数·coef；高：点数·(r − 界限 + coef)',
      en: 'r = cost ÷ mᵢ; low: by cost; inlier: points·coef; high: points·(r − limit + coef)',
    },
    note: {
      zh: '之后依次进行点数的调整：不完整、床日、中医、再住院、特例单议、另加点数，逐例见 adjustments.csv。',
      en: 'Then the adjustments in turn: incomplete, bed-day, TCM, readmission, special cases, add-ons; each is in adjustments.csv.',
    },
  },
];

/** From the points to the money: the same for every way of grouping. */
const COMMON_FORMULAS: readonly Formula[] = [
  {
    section: '§6',
    name: { zh: '结算点值', en: 'Settlement point value' },
    formula: { zh: 'PV = (B + N) ÷ P', en: 'PV = (B + N) ÷ P' },
    note: {
      zh: 'B 预算，N 非基金支付（总费用－记账基金），P 总分值；按险种分别计算。',
      en: 'B budget, N non-fund payments (cost − fund booked), P points; each scheme alone.',
    },
  },
  {
    section: '§6',
    name: { zh: '应付', en: 'Due' },
    formula: { zh: 'dueₕ = 分值ₕ × PV − Nₕ，Σ dueₕ = B', en: 'dueₕ = pointsₕ × PV − Nₕ, Σ dueₕ = B' },
    note: {
      zh: '用未舍入的点值计算，按最大余数法分到分，合计与预算一分不差。',
      en: 'With the unrounded point value, split to the fen by largest remainder; the sum is the budget exactly.',
    },
  },
  {
    section: '§7',
    name: { zh: '月预结算', en: 'Months' },
    formula: { zh: 'paid = max(0, 0.95 × (分值 × PV₀ − N))', en: 'paid = max(0, 0.95 × (points × PV₀ − N))' },
    note: {
      zh: 'PV₀ 为年初点值；比例以参数表为准。',
      en: 'PV₀: point value at the start of the year; the share is in the parameters.',
    },
  },
  {
    section: '§8',
    name: { zh: '年度清算', en: 'Clearing' },
    formula: {
      zh: 'result = due × 考核系数 − 审核扣减；clearing cash = result − Σ paid − 预付金；Σ result + residual = B',
      en: 'result = due × assessment coefficient − audit deduction; clearing cash = result − Σ paid − advance; Σ result + residual = B',
    },
    note: {
      zh: '考核与审核扣下的钱进入留存。',
      en: 'What assessment and audit withhold goes to the residual.',
    },
  },
];

export function readingSection({ method }: ReportData, language: Language): Section {
  const formulas =
    method === 'drg' ? [...DRG_FORMULAS, ...COMMON_FORMULAS] : [...DIP_FORMULAS, ...COMMON_FORMULAS];
  return {
    id: 'reading',
    title: { zh: '怎样读这份报告', en: 'How to read this report' },
    body: html`<p>${both(
      {
        zh: '金额以整数分计算，本报告只在显示时换算；1 万元＝10,000 元。“—”表示没有这个数。条号（§）指参考支付规则的章节；公式中的数字是参考规则的缺省值，本地区实际使用的以“参数与依据”为准。',
        en: 'Money is computed in whole fen and only converted for display; 1 万元 = 10,000 yuan. “—”: there is no such number. § are sections of the reference payment profile; numbers in the formulas are its defaults, those in force here are under Parameters.',
      },
      language,
    )}</p>
<dl class="formulas">${formulas.map(
      (one) =>
        html`<div><dt>${both(one.name, language)} <span class="unit">${one.section}</span></dt><dd><code>${one.formula[language]}</code><br>${both(one.note, language)}</dd></div>`,
    )}</dl>`,
  };
}
