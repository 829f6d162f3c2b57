import type { ErrorDefinition } from '#kernel/errors.ts';

/** What can be wrong with the files of the parts and with what they come to. */
export const partsErrors = {
  fileNeeded: {
    code: 'parts.file-needed',
    exit: 3,
    message: {
      zh: '参数 {parameter} = {chosen}，但没有 {year} 年的行',
      en: 'parameter {parameter} = {chosen} needs rows for {year}, and there is none',
    },
    remedy: {
      zh: '补上文件，列为 {columns}；或把 {parameter} 设为 none',
      en: 'add the file, with the columns {columns}, or set {parameter} to none',
    },
  },
  fileNotUsed: {
    code: 'parts.file-not-used',
    exit: 3,
    message: {
      zh: '本年政策不读这个文件：parts.reference 或 {parameter} 是 none',
      en: 'the policy of the year does not read this file: parts.reference or {parameter} is none',
    },
    remedy: {
      zh: '在 area.yaml 的 overrides 中启用（parts.reference 与 {parameter}），或移走文件',
      en: 'switch it on under overrides in area.yaml (parts.reference and {parameter}), or remove the file',
    },
  },
  noFirstDay: {
    code: 'parts.no-rate-from-day-one',
    exit: 3,
    message: {
      zh: '{levels} 级的床日标准没有从第 1 天起的一档',
      en: 'the rates of level {levels} have no tier that starts on day 1',
    },
    remedy: { zh: '补上 first_day = 1 的行', en: 'add a row with first_day = 1' },
  },
  unknownClass: {
    code: 'parts.unknown-class',
    exit: 3,
    message: {
      zh: '{other} 中没有该类别 {year} 年的标准',
      en: '{other} has no rate of this class for {year}',
    },
    remedy: { zh: '补上标准，或改正类别', en: 'add the rate, or correct the class' },
  },
  twoRates: {
    code: 'parts.two-rates',
    exit: 3,
    message: {
      zh: '与第 {earlier} 行重复：同一类别、级别、起始天数有两个标准',
      en: 'repeats line {earlier}: two rates for one class, level and first day',
    },
    remedy: { zh: '只保留一个', en: 'keep one of them' },
  },
  bedDayTwice: {
    code: 'parts.bed-day-twice',
    exit: 3,
    message: {
      zh: '床日有两种办法：bed_days.csv（adjustment.steps 的 bed-day，病例仍在住院点数里）与 bed_day_classes.csv（parts.bed_day）',
      en: 'bed-days are paid in two ways: bed_days.csv (the step bed-day, inside the inpatient points) and bed_day_classes.csv (parts.bed_day)',
    },
    remedy: {
      zh: '只用一种：移走 bed_days.csv，或把 parts.bed_day 设为 none',
      en: 'use one of them: remove bed_days.csv, or set parts.bed_day to none',
    },
  },
  twoCommunities: {
    code: 'parts.in-two-communities',
    exit: 3,
    message: {
      zh: '该机构在第 {earlier} 行已属于医共体“{other}”，同一险种同一年只能属于一个',
      en: 'the institution is in community "{other}" on line {earlier}; one is allowed for a scheme and year',
    },
    remedy: { zh: '删去一行', en: 'remove one of the rows' },
  },
  leads: {
    code: 'parts.wrong-number-of-leads',
    exit: 3,
    message: {
      zh: '该医共体（{year} 年，险种 {scheme}）有 {found} 个牵头机构，应为 1 个',
      en: 'this community ({year}, scheme {scheme}) has {found} leads; it needs one',
    },
    remedy: { zh: '恰有一行写 role = lead', en: 'give exactly one row role = lead' },
  },
  noMembers: {
    code: 'parts.community-without-members',
    exit: 3,
    message: {
      zh: 'medical_communities.csv 中没有该医共体（{year} 年，险种 {scheme}）',
      en: 'medical_communities.csv has no such community ({year}, scheme {scheme})',
    },
    remedy: { zh: '补上成员机构，或改正名称', en: 'add its institutions, or correct the name' },
  },
  noTotal: {
    code: 'parts.community-without-total',
    exit: 3,
    message: {
      zh: 'community_budgets.csv 中没有该医共体（{year} 年，险种 {scheme}）：其成员的清单将无处支付',
      en: 'community_budgets.csv has no such community ({year}, scheme {scheme}): nothing would pay its lists',
    },
    remedy: { zh: '补上一行', en: 'add a row for it' },
  },
  figureNeeded: {
    code: 'parts.figure-needed',
    exit: 3,
    message: {
      zh: 'parts.community_budget = {chosen} 需要此列',
      en: 'parts.community_budget = {chosen} needs this column',
    },
    remedy: { zh: '填上数值', en: 'fill it in' },
  },
  noScore: {
    code: 'parts.no-evaluation',
    exit: 3,
    message: {
      zh: 'community_scores.csv 中没有该医共体 {year} 年的考核得分',
      en: 'community_scores.csv has no score of this community for {year}',
    },
    remedy: { zh: '补上考核指标与得分', en: 'add its indicators and scores' },
  },
  negativeTotal: {
    code: 'parts.community-total-negative',
    exit: 3,
    message: {
      zh: '医共体“{value}”扣除风险金、大病和异地部分后的总额是 {amount} 元',
      en: 'the total of community "{value}" less reserve, major illness and out-of-area care is {amount} yuan',
    },
    remedy: { zh: '核对各项金额', en: 'check the amounts' },
  },
  noBudget: {
    code: 'parts.scheme-without-budget',
    exit: 3,
    message: { zh: '{year} 年险种 {value} 没有预算', en: 'scheme {value} has no budget for {year}' },
    remedy: {
      zh: '在 budget.csv 补上预算，或删去这些行',
      en: 'add its budget to budget.csv, or remove these rows',
    },
  },
  fundAboveTotal: {
    code: 'parts.fund-above-amount',
    exit: 3,
    message: { zh: '基金部分大于项目金额', en: 'the fund part is above the amount' },
    remedy: { zh: '改正其中一个金额', en: 'correct one of the two' },
  },
  noFundRatio: {
    code: 'parts.no-fund-ratio',
    exit: 3,
    message: {
      zh: '险种 {value} 没有可以算出基金支付比例的住院清单',
      en: 'scheme {value} has no inpatient lists with fund money to take the fund ratio from',
    },
    remedy: {
      zh: '把 parts.fund_ratio 设为 given 并写出 parts.fund_ratio_value',
      en: 'set parts.fund_ratio to given and say parts.fund_ratio_value',
    },
  },
  noReference: {
    code: 'parts.no-reference-value',
    exit: 3,
    message: {
      zh: '险种 {value} 的参考点值是 0，不能折算点数',
      en: 'the reference point value of scheme {value} is 0',
    },
    remedy: {
      zh: '把 parts.reference 设为 given 并写出 parts.reference_value',
      en: 'set parts.reference to given and say parts.reference_value',
    },
  },
  aboveBudget: {
    code: 'parts.fixed-above-budget',
    exit: 4,
    message: {
      zh: '险种 {value} 先行扣除 {amount} 元，超过预算 {budget} 元',
      en: 'what is taken first in scheme {value} comes to {amount} yuan, above the budget of {budget} yuan',
    },
    remedy: {
      zh: '提高预算，或把部分 parts.* 从 fixed 改为 float、capped',
      en: 'raise the budget, or change some parts.* from fixed to float or capped',
    },
  },
} satisfies Record<string, ErrorDefinition>;
