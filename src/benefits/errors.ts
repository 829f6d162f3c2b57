import type { ErrorDefinition } from '#kernel/errors.ts';

/** What can be wrong with visits and with what a policy says about them. */
export const NO_ROW: ErrorDefinition = {
  code: 'benefits.no-row',
  exit: 3,
  message: {
    zh: '参数 {field} 在 {date} 没有适合这次就诊的值（{context}）',
    en: 'parameter {field} has no value on {date} that fits this visit ({context})',
  },
  remedy: {
    zh: '在政策文件的 {field} 中写一行适合这些条件的值，或改正就诊文件的条件；已有：{rows}',
    en: 'write a row of {field} that fits, or mend the conditions of the visit; there is: {rows}',
  },
};

export const NO_VALUE: ErrorDefinition = {
  code: 'benefits.no-value',
  exit: 3,
  message: {
    zh: '参数 {field} 在 {date} 没有值',
    en: 'parameter {field} has no value on {date}',
  },
  remedy: {
    zh: '在政策文件写 {field}；已写的，看它的生效日（starts 或日期键）是否晚于 {date}',
    en: 'write {field} in the policy; if it is there, see whether it starts (starts, or the date it stands under) after {date}',
  },
};

export const MISPLACED_CONDITION: ErrorDefinition = {
  code: 'benefits.misplaced-condition',
  exit: 3,
  message: {
    zh: '{parameter} 不能依条件 {field}：这一行永远不会符合',
    en: '{parameter} cannot depend on {field}: this row would never hold',
  },
  remedy: {
    zh: 'list_class、item_kind、item 只用于 lines.prior_ratio，part 只用于补充层的 bands 与 points；某类项目另有报销比例的，在就诊明细或目录里写 prior_type 20 与它的比例',
    en: 'list_class, item_kind and item are for lines.prior_ratio, part for bands and points of layers; items paid at a ratio of their own have prior_type 20 and that ratio in the fee lines or the catalogue',
  },
};

export const LAYER_NOT_APPLIED: ErrorDefinition = {
  code: 'benefits.layer-not-applied',
  exit: 3,
  message: {
    zh: '写了 {layer} 的比例，却没有写 {layer}.applies',
    en: 'the ratios of {layer} are written, but not {layer}.applies',
  },
  remedy: {
    zh: '写 {layer}.applies: "yes"，或只对一部分人的行，如 [{ scheme: employee, value: "yes" }]',
    en: 'write {layer}.applies: "yes", or rows for some persons only, such as [{ scheme: employee, value: "yes" }]',
  },
};

export const NO_LINE_CLASS: ErrorDefinition = {
  code: 'benefits.no-line-class',
  exit: 3,
  message: {
    zh: '明细没有写目录类别 class，又没有可查的目录',
    en: 'the fee line has no class, and there is no catalogue that could say one',
  },
  remedy: {
    zh: '写 class: A、B 或 C（目录外写 C），或写 code 并用 --catalogue 给出目录',
    en: 'write class: A, B or C (C outside the lists), or write its code and give a catalogue with --catalogue',
  },
};

export const NO_DIRECT_RATIO: ErrorDefinition = {
  code: 'benefits.no-direct-ratio',
  exit: 3,
  message: {
    zh: 'prior_type 20 的明细没有写直接报销比例',
    en: 'the fee line has prior_type 20 and not the ratio it is paid at',
  },
  remedy: { zh: '写 prior_ratio，如 "0.5"', en: 'write prior_ratio, such as "0.5"' },
};

export const UNKNOWN_FUND: ErrorDefinition = {
  code: 'benefits.unknown-fund',
  exit: 3,
  message: { zh: '{field} 的 {value} 不是基金编码', en: '{value} of {field} is not the code of a fund' },
  remedy: {
    zh: '写基金支付类型（fund_pay_type）的编码，六位或八位数字，如 390100 居民基本医保基金',
    en: 'write a code of fund_pay_type, six or eight digits, such as 390100 for the resident pool',
  },
};

export const NEEDS: ErrorDefinition = {
  code: 'benefits.needs',
  exit: 3,
  message: { zh: '写了 {field} 而没有写 {needed}', en: '{field} is written without {needed}' },
  remedy: { zh: '补上 {needed}，或删去 {field}', en: 'add {needed}, or remove {field}' },
};

export const CONTRADICTS: ErrorDefinition = {
  code: 'benefits.contradicts',
  exit: 3,
  message: { zh: '与 {other} 矛盾', en: 'this contradicts {other}' },
  remedy: { zh: '改正其中一个', en: 'mend one of the two' },
};

export const REPEATED_VISIT: ErrorDefinition = {
  code: 'benefits.repeated-visit',
  exit: 3,
  message: { zh: '两次就诊的 id 相同', en: 'two visits have the same id' },
  remedy: { zh: '每次就诊写自己的 id，或都不写', en: 'give each visit its own id, or leave them out' },
};

export const NO_VISITS: ErrorDefinition = {
  code: 'benefits.no-visits',
  exit: 3,
  message: { zh: 'visits 里没有就诊', en: 'there is no visit in visits' },
  remedy: { zh: '至少写一次就诊', en: 'write at least one' },
};

export const UNKNOWN_ACCUMULATOR: ErrorDefinition = {
  code: 'benefits.unknown-accumulator',
  exit: 3,
  message: { zh: '没有这项累计', en: 'there is no such accumulator' },
  remedy: {
    zh: '照 --json 输出的 accumulators 原样写回',
    en: 'write the accumulators as --json printed them',
  },
};

export const NOT_LAST: ErrorDefinition = {
  code: 'benefits.not-last',
  exit: 4,
  message: {
    zh: '不能冲销 {value}：其后的结算已改变累计 {codes}',
    en: '{value} cannot be reversed: later settlements changed the accumulators {codes}',
  },
  remedy: {
    zh: '先按后进先出冲销其后的结算：{later}',
    en: 'first reverse the settlements after it, last in first out: {later}',
  },
};

export const WRONG_AMOUNT: ErrorDefinition = {
  code: 'benefits.wrong-amount',
  exit: 3,
  message: { zh: '金额写法不对', en: 'not an amount' },
  remedy: {
    zh: '写元，最多两位小数，如 "1234.50"',
    en: 'write yuan with at most two decimals, such as "1234.50"',
  },
};

export const WRONG_NUMBER: ErrorDefinition = {
  code: 'benefits.wrong-number',
  exit: 3,
  message: { zh: '数值写法不对', en: 'not a number as expected here' },
  remedy: { zh: '应为{expectedZh}', en: 'write {expectedEn}' },
};

export const UNKNOWN_WORD: ErrorDefinition = {
  code: 'benefits.unknown-word',
  exit: 3,
  message: { zh: '不认识的名称', en: 'unknown name' },
  remedy: {
    zh: '可用：{knownZh}{declareZh}',
    en: 'use one of: {known}{declareEn}',
  },
};

export const WRONG_DAY: ErrorDefinition = {
  code: 'benefits.wrong-day',
  exit: 3,
  message: { zh: '不是正确的日期', en: 'not a correct date' },
  remedy: { zh: '写成 YYYY-MM-DD，如 2025-03-01', en: 'write YYYY-MM-DD, such as 2025-03-01' },
};

export const NO_FEES: ErrorDefinition = {
  code: 'benefits.no-fees',
  exit: 3,
  message: {
    zh: '就诊没有费用，或同时写了 lines 与 amounts',
    en: 'the visit has no fees, or both lines and amounts',
  },
  remedy: {
    zh: '写 lines（至少一行费用明细）或 amounts（total、own、over_limit、prior、in_scope）之一',
    en: 'write one of lines (at least one fee line) or amounts (total, own, over_limit, prior, in_scope)',
  },
};

export const NEGATIVE_FEES: ErrorDefinition = {
  code: 'benefits.negative-fees',
  exit: 3,
  message: {
    zh: '就诊 {visit} 的退费超过收费：{field} 合计 {value} 元',
    en: 'the refunds of visit {visit} are more than its charges: {field} adds up to {value} yuan',
  },
  remedy: {
    zh: '退费明细须与被退的收费在同一次结算；已结算的先撤销那次结算',
    en: 'settle refund lines together with what they take back, or reverse the settlement that has it',
  },
};

export const NO_DAYS: ErrorDefinition = {
  code: 'benefits.no-days',
  exit: 3,
  message: {
    zh: '{field} 按天计算，而就诊 {visit} 没有写天数',
    en: '{field} is for each day, and visit {visit} does not say its days',
  },
  remedy: { zh: '在就诊文件写 days', en: 'write the days of the visit' },
};

export const NO_INCOME: ErrorDefinition = {
  code: 'benefits.no-income',
  exit: 3,
  message: {
    zh: '{field} 按收入的比例计算起付标准，而参保人的收入与 income.per_head 都没有',
    en: '{field} is a share of income, and neither the person’s income nor income.per_head is known',
  },
  remedy: {
    zh: '在参保人文件写 income，或在政策写 income.per_head',
    en: 'write the income of the person, or income.per_head of the policy',
  },
};

export const PARTS_DIFFER: ErrorDefinition = {
  code: 'benefits.parts-differ',
  exit: 3,
  message: {
    zh: '总额 {total} 不等于自费、超限价、先行自付与范围内费用之和 {sum}',
    en: 'the total {total} is not the sum {sum} of own, over-limit, prior and in-scope fees',
  },
  remedy: {
    zh: '改正其中一项，或省略 in_scope，由总额算出',
    en: 'mend one of them, or leave out in_scope: it follows from the total',
  },
};

export const AMOUNT_NOT_PRICE: ErrorDefinition = {
  code: 'benefits.amount-not-price',
  exit: 3,
  message: {
    zh: '金额 {value} 与数量×单价 {product} 相差超过 {tolerance}',
    en: 'the amount {value} and count × price {product} differ by more than {tolerance}',
  },
  remedy: { zh: '改正金额、数量或单价', en: 'mend amount, count or price' },
};

export const WRONG_CATALOGUE: ErrorDefinition = {
  code: 'benefits.wrong-catalogue',
  exit: 3,
  message: { zh: '目录文件的这一格写法不对', en: 'this cell of the catalogue is not as it should be' },
  remedy: { zh: '应为{expectedZh}', en: 'write {expectedEn}' },
};

export const NO_POLICY: ErrorDefinition = {
  code: 'benefits.no-policy',
  exit: 2,
  message: { zh: '没有给出政策', en: 'no policy is given' },
  remedy: {
    zh: '用 --policy 给出政策文件，或用 --area 给出地区代码或地区文件夹',
    en: 'give a policy file with --policy, or an area code or area folder with --area',
  },
};

export const NO_PERSON: ErrorDefinition = {
  code: 'benefits.no-person',
  exit: 3,
  message: { zh: '没有写参保人', en: 'no person is given' },
  remedy: {
    zh: '在就诊文件写 person: {scheme: employee 或 resident, …}，或用 --person 给出文件',
    en: 'write person: {scheme: employee or resident, …} in the visit file, or give a file with --person',
  },
};
